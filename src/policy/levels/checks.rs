//! What the dossier of a level has to show: who appraises and approves, in what order and time, and what has changed since.

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::Serialize;

use super::times::{self, Due, noted, without_holidays};
use super::{Appraiser, Approver, Book, Cite, Kept, Outcome, RuleSet, Step, Time, in_force};
use crate::inventory::System;
use crate::inventory::dossier::{Decision, Dossier, RulesId, State, Status};
use crate::message::{Lang, Message, message};
use crate::model::Text;
use crate::policy::holidays::Holidays;

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// What was looked at, a stable word.
    pub id: &'static str,
    /// How it stands.
    pub standing: Standing,
    /// What there is to say.
    pub text: Message,
    /// The article.
    pub citation: Option<Cite>,
    /// By when, where there is a day.
    pub due: Option<Date>,
    /// Whether what it rests on has not been confirmed by a person.
    pub assumed: bool,
}

/// How a thing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// As it has to be.
    Met,
    /// Not as it has to be.
    NotMet,
    /// A person has to look.
    Look,
    /// The file does not say.
    Unknown,
    /// Good to know.
    Told,
}

/// Looks at the dossier of `system` on the day `on`. `outcome` is what the criteria in force on that day say of it.
#[must_use]
pub fn check(book: &Book, holidays: &Holidays, system: &System, outcome: &Outcome<'_, '_>, on: Date) -> Vec<Check> {
    let empty = Dossier::default();
    let dossier = system.dossier.as_ref().unwrap_or(&empty);
    let Some(now) = book.set(book.in_force(on).rules) else { return Vec::new() };
    let decided = dossier.decision.as_ref().and_then(|decision| decision.date);
    // The rules of the dossier's own day are those it is held to.
    let day = decided.or(dossier.appraised).or(dossier.submitted).unwrap_or(on);
    let then = dossier.rules.or_else(|| system.dossier.is_some().then(|| book.in_force(day).rules));
    let then = then.and_then(|id| book.set(id)).unwrap_or(now);
    let level = dossier.approved.or(dossier.proposed).or(outcome.proved);
    // What a level asks for again and again it asks from the day on which it holds.
    let held = in_force(book, system, on).level();
    let all =
        Looking { book, holidays, system, dossier, outcome, on, decided, now, then, level, held, checks: Vec::new() };
    all.look()
}

/// A system while it is looked at.
struct Looking<'a> {
    book: &'a Book,
    holidays: &'a Holidays,
    system: &'a System,
    dossier: &'a Dossier,
    outcome: &'a Outcome<'a, 'a>,
    on: Date,
    /// The day of the decision.
    decided: Option<Date>,
    /// The rules in force.
    now: &'a RuleSet,
    /// The rules of the dossier.
    then: &'a RuleSet,
    /// The level of the dossier.
    level: Option<u8>,
    /// The level in force.
    held: Option<u8>,
    checks: Vec<Check>,
}

impl Looking<'_> {
    fn look(mut self) -> Vec<Check> {
        self.level_fits();
        self.risk();
        self.change_of_decree();
        if let Some(step) = self.level.and_then(|level| self.then.step(level)).cloned() {
            self.authority(&step);
            self.operator();
            self.regulation();
            self.reply();
            self.times(&step);
        }
        self.changes();
        self.assessments();
        self.assessor();
        self.checks
    }

    fn found(&mut self, id: &'static str, standing: Standing, text: Message, citation: Option<Cite>) -> &mut Check {
        let check = Check { id, standing, text, citation, due: None, assumed: false };
        self.checks.push(check);
        let last = self.checks.len() - 1;
        &mut self.checks[last]
    }

    fn assumes(&self, paths: &[&str]) -> bool {
        paths.iter().any(|path| self.system.assumes(path))
    }

    /// The level that was approved or proposed, against what the facts say.
    fn level_fits(&mut self) {
        let (proved, possible) = (self.outcome.proved, self.outcome.possible);
        let (given, path) = match (self.dossier.approved, self.dossier.proposed) {
            (Some(level), _) => (level, "dossier.approved"),
            (None, Some(level)) => (level, "dossier.proposed"),
            (None, None) => return,
        };
        let approved = path == "dossier.approved";
        let kind = if approved { message!("policy-level-approved") } else { message!("policy-level-proposed") };
        let citation = self.now.article(if approved { "redetermine" } else { "highest" }).cloned();
        let (standing, text) = match (proved, possible) {
            (Some(proved), _) if proved > given => {
                (Standing::NotMet, message!("policy-level-below", kind = kind, level = given, proved = proved))
            }
            (Some(proved), _) if proved == given => {
                (Standing::Met, message!("policy-level-fits", kind = kind, level = given))
            }
            (_, Some(possible)) if possible >= given => {
                (Standing::Look, message!("policy-level-not-proved", kind = kind, level = given))
            }
            _ => (Standing::Look, message!("policy-level-above", kind = kind, level = given)),
        };
        let assumed = self.assumes(&[path]);
        self.found("level", standing, text, citation).assumed = assumed;
    }

    /// Risk that asks for a higher level.
    fn risk(&mut self) {
        let Some(result) = self.system.risk.as_ref().and_then(|risk| risk.result_level) else { return };
        let Some(citation) = self.now.article("risk").cloned() else { return };
        let Some(level) = self.dossier.approved.or(self.outcome.proved) else { return };
        let assumed = self.assumes(&["risk", "risk.result_level"]);
        let (standing, text) = if result > level {
            (Standing::NotMet, message!("policy-risk-higher", risk = result, level = level))
        } else {
            (Standing::Met, message!("policy-risk-not-higher", risk = result, level = level))
        };
        self.found("risk", standing, text, Some(citation)).assumed = assumed;
    }

    /// What the change from one decree to the next means for this system, and by when.
    fn change_of_decree(&mut self) {
        let (on, rules, decided, newest) = (self.on, self.dossier.rules, self.decided, self.book.sets.last());
        let older = |kept: &Kept| match rules {
            Some(rules) => rules != RulesId::Nd331,
            None => decided.is_some_and(|date| date < kept.before),
        };
        let in_time = move |kept: &&Kept| on >= kept.before;
        let kept = newest.and_then(|set| set.kept.as_ref()).filter(in_time);
        if let Some(kept) = kept.filter(|kept| self.dossier.approved.is_some() && older(kept)).cloned() {
            let level = self.dossier.approved.unwrap_or_default();
            let due = kept.due;
            let late = on > due;
            let text = if late {
                message!("policy-kept-late", level = level, due = day(due))
            } else {
                message!("policy-kept", level = level, due = day(due))
            };
            let assumed = self.assumes(&["dossier.approved", "dossier.rules"]);
            let standing = if late { Standing::Look } else { Standing::Told };
            let check = self.found("giu_cap_do_cu", standing, noted(text, kept.note.as_ref()), Some(kept.citation));
            check.due = Some(due);
            check.assumed = assumed;
        }
        let building = newest.and_then(|set| set.building.as_ref()).filter(in_time);
        let built = self.system.state == Some(State::Building) && self.dossier.approved.is_none();
        let Some(rule) = building.filter(|_| built).cloned() else { return };
        // Only what was being built before that day is appraised by the older decree.
        let handed = [self.dossier.submitted, self.dossier.appraised, decided].into_iter().flatten().min();
        let before = match (rules, handed) {
            (Some(rules), _) => Some(rules != RulesId::Nd331),
            (None, Some(day)) => Some(day < rule.before),
            (None, None) => None,
        };
        if before == Some(true) {
            let first = rule.appraised.unwrap_or(rule.due);
            let appraised = matches!(self.dossier.status, Some(Status::Appraised | Status::Approved));
            let late = on > if appraised { rule.due } else { first };
            let (first_day, second_day) = (day(first), day(rule.due));
            let text = if late {
                message!("policy-building-late", appraised = first_day, due = second_day)
            } else {
                message!("policy-building", appraised = first_day, due = second_day)
            };
            let assumed = self.assumes(&["state"]);
            let standing = if late { Standing::Look } else { Standing::Told };
            let check = self.found("building", standing, noted(text, rule.note.as_ref()), Some(rule.citation));
            check.due = Some(if appraised { rule.due } else { first });
            check.assumed = assumed;
        } else if before.is_none() {
            let text = message!("policy-building-unsure", before = day(rule.before));
            self.found("building", Standing::Unknown, text, Some(rule.citation));
        }
    }

    /// Who appraises and who approves.
    fn authority(&mut self, step: &Step) {
        let level = self.level.unwrap_or_default();
        let text = match (step.appraiser, step.approver) {
            (Appraiser::Ministry, _) if self.then.id == RulesId::Nd85 => message!("policy-authority-tt", level = level),
            (Appraiser::Ministry, _) if level == 5 => message!("policy-authority-bca-5", level = level),
            (Appraiser::Ministry, _) => message!("policy-authority-bca", level = level),
            (_, Approver::Owner) => message!("policy-authority-owner", level = level),
            (_, Approver::SecurityUnit) => message!("policy-authority-unit", level = level),
        };
        self.found("authority", Standing::Told, text, Some(step.citation.clone()));
        let (security, owner) = (self.system.security_unit.as_ref(), self.system.owner.as_ref());
        if let Some(appraiser) = &self.dossier.appraiser {
            let own = [security, owner, self.system.operator.as_ref()];
            let name = appraiser.unit.clone();
            let seen = match step.appraiser {
                Appraiser::Ministry if own.into_iter().flatten().any(|own| same(own, &name)) => {
                    Some((Standing::NotMet, message!("policy-appraiser-not-ministry", unit = name, level = level)))
                }
                Appraiser::Ministry => None,
                Appraiser::SecurityUnit if appraiser.council => None,
                Appraiser::SecurityUnit => security.map(|expected| {
                    if same(expected, &name) {
                        (Standing::Met, message!("policy-appraiser-fits", unit = name))
                    } else {
                        (Standing::Look, message!("policy-appraiser-other", unit = name, expected = expected.clone()))
                    }
                }),
            };
            if let Some((standing, text)) = seen {
                let assumed = self.assumes(&["dossier.appraiser", "security_unit"]);
                self.found("appraiser", standing, text, Some(step.citation.clone())).assumed = assumed;
            }
        }
        if self.dossier.approved.is_none() {
            return;
        }
        let expected = if step.approver == Approver::Owner { owner } else { security };
        let decision = self.dossier.decision.as_ref();
        let (standing, text) = match (decision.and_then(|decision| decision.body.as_ref()), expected) {
            (None, _) => (Standing::Unknown, message!("policy-decision-missing")),
            (Some(body), None) => (Standing::Unknown, message!("policy-approver-unknown", body = body.clone())),
            (Some(body), Some(expected)) if same(body, expected) => {
                (Standing::Met, message!("policy-approver-fits", body = body.clone()))
            }
            (Some(body), Some(expected)) => {
                (Standing::Look, message!("policy-approver-other", body = body.clone(), expected = expected.clone()))
            }
        };
        let number = decision.and_then(|decision: &Decision| decision.number.as_ref());
        let text = match (number, standing) {
            (None, Standing::Met) => message!("policy-noted", text = text, note = message!("policy-no-number")),
            _ => text,
        };
        let assumed = self.assumes(&["dossier.decision", "dossier.decision.body", "owner", "security_unit"]);
        self.found("approver", standing, text, Some(step.citation.clone())).assumed = assumed;
    }

    /// Nobody appraises what he operates.
    fn operator(&mut self) {
        let Some(citation) = self.then.article("operator").cloned() else { return };
        let operator = self.system.operator.as_ref();
        let seen = match (&self.dossier.appraiser, operator) {
            (Some(appraiser), _) if appraiser.council => {
                Some((Standing::Met, message!("policy-operator-council", unit = appraiser.unit.clone())))
            }
            (Some(appraiser), Some(operator)) if same(&appraiser.unit, operator) => {
                Some((Standing::NotMet, message!("policy-operator-appraises", unit = operator.clone())))
            }
            (Some(appraiser), Some(_)) => {
                Some((Standing::Met, message!("policy-operator-apart", unit = appraiser.unit.clone())))
            }
            (Some(_), None) => Some((Standing::Unknown, message!("policy-operator-unknown"))),
            (None, Some(operator)) => self
                .system
                .security_unit
                .as_ref()
                .filter(|unit| same(unit, operator))
                .map(|unit| (Standing::Look, message!("policy-operator-is-unit", unit = unit.clone()))),
            (None, None) => None,
        };
        if let Some((standing, text)) = seen {
            let assumed = self.assumes(&["dossier.appraiser", "operator", "security_unit"]);
            self.found("operator", standing, text, Some(citation)).assumed = assumed;
        }
    }

    /// The unit's regulation is issued before the level is approved.
    fn regulation(&mut self) {
        let Some(citation) = self.then.article("regulation").cloned() else { return };
        if self.dossier.approved.is_none() {
            return;
        }
        let issued = self.dossier.regulation.as_ref().and_then(|regulation| regulation.date);
        let (standing, text) = match (issued, self.decided) {
            (Some(issued), Some(decided)) if issued < decided => {
                (Standing::Met, message!("policy-regulation-before", issued = day(issued)))
            }
            (Some(issued), Some(decided)) => {
                (Standing::NotMet, message!("policy-regulation-after", issued = day(issued), decided = day(decided)))
            }
            _ => (Standing::Unknown, message!("policy-regulation-unknown")),
        };
        let assumed = self.assumes(&["dossier.regulation", "dossier.regulation.date", "dossier.decision"]);
        self.found("regulation", standing, text, Some(citation)).assumed = assumed;
    }

    /// By when whoever handed in a dossier that is not complete is told so. While it is handled only; what became of it later is
    /// in no file.
    fn reply(&mut self) {
        let pending = self.dossier.appraised.is_none() && self.decided.is_none() && !self.appraised();
        let (Some(time), Some(start)) = (self.then.reply.as_ref(), self.dossier.submitted.filter(|_| pending)) else {
            return;
        };
        let Some(Due { on: due, without }) = times::due(start, time, self.holidays) else { return };
        let text = message!("policy-reply", days = time.days, due = day(due));
        let text = without_holidays(text, &without);
        let citation = time.citation.clone();
        let assumed = self.assumes(&["dossier.submitted"]);
        let check = self.found("reply", Standing::Told, text, Some(citation));
        check.due = Some(due);
        check.assumed = assumed;
    }

    /// Whether the dossier is through its appraisal, as far as its file says; no day may be known.
    fn appraised(&self) -> bool {
        self.approved() || self.dossier.status == Some(Status::Appraised)
    }

    fn approved(&self) -> bool {
        self.dossier.approved.is_some() || self.dossier.status == Some(Status::Approved)
    }

    fn times(&mut self, step: &Step) {
        let (submitted, appraised) = (self.dossier.submitted, self.dossier.appraised);
        if let (Some(time), Some(start)) = (&step.appraisal, submitted) {
            let ended = (appraised.or(self.decided), self.appraised());
            self.time("appraisal", time, start, ended, &message!("policy-time-appraisal"));
        }
        if let (Some(time), Some(start)) =
            (&step.approval, appraised.or(submitted.filter(|_| step.appraisal.is_none())))
        {
            let approval = message!("policy-time-approval");
            self.time("approval", time, start, (self.decided, self.approved()), &approval);
        }
    }

    /// What is due in `time` from `start` on; `ended` is the day on which it was done, and whether it was.
    fn time(
        &mut self,
        id: &'static str,
        time: &Time,
        start: Date,
        (ended, done): (Option<Date>, bool),
        what: &Message,
    ) {
        if done && ended.is_none() {
            let text = message!("policy-time-undated", what = what.clone());
            self.found(id, Standing::Unknown, text, Some(time.citation.clone()));
            return;
        }
        let Some(Due { on: due, without }) = times::due(start, time, self.holidays) else { return };
        let days = if time.working {
            message!("policy-time-working", days = time.days)
        } else {
            message!("policy-time-days", days = time.days)
        };
        let until = day(due);
        let (what, late) = (what.clone(), ended.unwrap_or(self.on) > due);
        let text = match (ended, late) {
            (Some(ended), false) => {
                message!("policy-time-kept", what = what, days = days, due = until, at = day(ended))
            }
            (Some(ended), true) => {
                message!("policy-time-late", what = what, days = days, due = until, at = day(ended))
            }
            (None, false) => message!("policy-time-runs", what = what, days = days, due = until),
            (None, true) => message!("policy-time-over", what = what, days = days, due = until),
        };
        let standing = match (ended, late) {
            // Holidays that are not known can only make the day later.
            (_, true) if without.is_empty() => Standing::NotMet,
            (_, true) => Standing::Look,
            (Some(_), false) => Standing::Met,
            (None, false) => Standing::Told,
        };
        let text = without_holidays(text, &without);
        let assumed = self.assumes(&["dossier.submitted", "dossier.appraised", "dossier.decision"]);
        let check = self.found(id, standing, text, Some(time.citation.clone()));
        check.due = Some(due);
        check.assumed = assumed;
    }

    /// What has changed since the level was determined.
    fn changes(&mut self) {
        let redetermine = self.now.article("redetermine").cloned();
        let again = self.now.article("risk_again").cloned();
        let assessed = self.system.risk.as_ref().and_then(|risk| risk.date);
        for change in &self.system.changes {
            let (on, what) = (day(change.date), change.what.clone());
            if change.determined.is_none() && self.decided.is_none_or(|decided| decided <= change.date) {
                let text = message!("policy-change-open", at = on.clone(), what = what.clone());
                self.found("change", Standing::Look, text, redetermine.clone());
            }
            if again.is_some() && assessed.is_none_or(|assessed| assessed < change.date) {
                let text = message!("policy-change-risk", at = on, what = what);
                self.found("change-risk", Standing::Look, text, again.clone());
            }
        }
    }

    /// How often security is assessed.
    fn assessments(&mut self) {
        let (Some(level), Some(citation)) = (self.held, self.now.article("assessment").cloned()) else { return };
        if self.system.dossier.is_none() && self.system.assessments.is_empty() || !self.system.in_use() {
            return;
        }
        let last = self.system.assessments.iter().map(|one| one.date).filter(|date| *date <= self.on).max();
        let months = self.now.rhythm.iter().find(|(levels, _)| levels.contains(&level)).map(|(_, months)| *months);
        let due = months.and_then(|months| last?.checked_add(months.months()).ok());
        let seen = last.map_or_else(
            || message!("policy-assessment-none"),
            |last| message!("policy-assessment-last", at = day(last)),
        );
        let (standing, text) = match (months, due) {
            (None, _) => (Standing::Told, message!("policy-assessment-no-number", seen = seen)),
            (Some(months), None) => {
                (Standing::Unknown, message!("policy-assessment-due", months = months, seen = seen))
            }
            (Some(months), Some(due)) if due < self.on => {
                (Standing::NotMet, message!("policy-assessment-late", months = months, seen = seen))
            }
            (Some(months), Some(_)) => (Standing::Met, message!("policy-assessment-due", months = months, seen = seen)),
        };
        let assumed = self.assumes(&["assessments"]);
        let check = self.found("assessment", standing, text, Some(citation));
        check.due = due;
        check.assumed = assumed;
    }

    /// Who made the last assessment. Whether a body is licensed, has that function or was designated is for a person to say.
    fn assessor(&mut self) {
        let Some(level) = self.held else { return };
        let Some(last) = self.system.assessments.iter().max_by_key(|one| one.date) else { return };
        let professional = self.now.professional.as_ref().filter(|(levels, _)| levels.contains(&level));
        let own = last.by.as_ref().zip(self.system.operator.as_ref()).is_some_and(|(by, operator)| same(by, operator));
        let (standing, text, citation) = match (professional, &last.by, self.now.article("independent")) {
            (Some((_, citation)), None, _) => {
                (Standing::Unknown, message!("policy-assessor-unknown", at = day(last.date), level = level), citation)
            }
            (Some((_, citation)), Some(by), _) if own => {
                (Standing::Look, message!("policy-assessor-operator", by = by.clone(), level = level), citation)
            }
            (Some((_, citation)), Some(by), _) => {
                (Standing::Look, message!("policy-assessor", by = by.clone(), level = level), citation)
            }
            (None, Some(by), Some(citation)) if own => {
                (Standing::Look, message!("policy-assessor-independent", by = by.clone()), citation)
            }
            _ => return,
        };
        let citation = citation.clone();
        let assumed = self.assumes(&["assessments", "operator"]);
        self.found("assessor", standing, text, Some(citation)).assumed = assumed;
    }
}

/// A day as each language writes it.
#[must_use]
pub fn day(day: Date) -> Text {
    let (date, month, year) = (day.day(), day.month(), day.year());
    let month = if month < 3 { format!("{month:02}") } else { month.to_string() };
    Text::Each { vi: Some(format!("{date:02}/{month}/{year:04}")), en: Some(day.to_string()) }
}

/// Whether two names are the same, but for case and space.
fn same(one: &Text, other: &Text) -> bool {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let name = |text: &Text| plain(text.pick(Lang::Vi));
    name(one) == name(other) || plain(one.pick(Lang::En)) == plain(other.pick(Lang::En))
}
