//! Consents on paper: to the plan, and a second person's to a dangerous step; and whether a condition held.

use super::rows::{Reading, Said, text, words};
use super::{PaperFinding, fail, times};
use crate::engine::PaperConsent;
use crate::engine::plan::Action;
use crate::message::{Message, message};
use crate::model::record::Manner;
use crate::model::{Actor, JournalError, Objects, Stamp, StepPath};
use crate::report::card::{Column, PLAN, SECOND, SheetRow};
use crate::ui::console::dialogue::CONSENT_DIGITS;
use crate::ui::console::show;

/// A consent that a sheet says.
#[derive(Clone, Debug)]
pub(crate) struct Consent {
    /// Who.
    pub(crate) actor: Actor,
    /// When.
    pub(crate) at: Stamp,
    /// Whether it was given.
    pub(crate) given: bool,
    /// How a second person gave it.
    pub(crate) manner: Option<Manner>,
    /// What was said.
    pub(crate) words: Option<String>,
    /// The cell that names it.
    pub(crate) cell: String,
}

impl Consent {
    /// The consent for the engine; words become an object.
    pub(crate) fn entry(
        &self,
        typist: &Actor,
        because: crate::model::ObjectRef,
        objects: &dyn Objects,
    ) -> Result<PaperConsent, JournalError> {
        let said = self.words.as_deref().map(|words| objects.put_text(words)).transpose()?;
        Ok(PaperConsent {
            actor: self.actor.clone(),
            by: (self.actor != *typist).then(|| typist.clone()),
            at: self.at,
            given: self.given,
            manner: self.manner,
            because: said.unwrap_or(because),
        })
    }

    /// What it comes to, for the table that is shown before anything is entered.
    pub(crate) fn shown(&self) -> Message {
        match (self.given, self.manner) {
            (false, _) => message!("paper-consent-refused"),
            (true, Some(manner)) => message!("paper-consent-second", manner = show::manner(manner)),
            (true, None) => message!("paper-consent-plan"),
        }
    }
}

/// What a row for a consent is about.
#[derive(Clone, Copy)]
pub(super) enum About<'a> {
    /// The plan.
    Plan,
    /// The step with this path.
    Step(&'a str),
}

/// What a row for a consent is about; nothing where it is for something else.
pub(super) fn about(row: &SheetRow) -> Option<About<'_>> {
    let step = text(row.cell(Column::Step)?);
    if step == PLAN {
        return Some(About::Plan);
    }
    step.strip_suffix(SECOND).map(About::Step)
}

/// There is a row for the same consent above.
pub(super) fn twice(row: &SheetRow) -> PaperFinding {
    let help = Some(message!("paper-consent-twice-help"));
    fail("sheet-consent", row.place(Column::Step), message!("paper-consent-twice"), help)
}

/// How a second person answered.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    /// They consented like this.
    By(Manner),
    /// They did not.
    Refused,
}

impl Reading<'_> {
    /// Consent to the plan, by the digits of what was read on paper.
    pub(super) fn plan_consent(&mut self, row: &SheetRow, digests: &[String]) -> Option<Consent> {
        let before = self.findings.len();
        let consent = self.consent(row, None);
        let typed = row.cell(Column::Answer).map(words).unwrap_or_default().to_lowercase();
        let typed = typed.trim().trim_start_matches("sha256:").trim();
        let fits = typed.len() >= CONSENT_DIGITS && digests.iter().any(|digest| digest.starts_with(typed));
        if !fits {
            let message = message!("paper-consent-digits", text = typed, digits = CONSENT_DIGITS);
            let known: Vec<&str> = digests.iter().filter_map(|digest| digest.get(..CONSENT_DIGITS)).collect();
            let help = message!("paper-consent-digits-help", known = known.join(", "));
            self.findings.push(fail("sheet-consent", row.place(Column::Answer), message, Some(help)));
        }
        if self.findings.len() > before { None } else { consent }
    }

    /// A second person's consent to a step that was begun at `began`.
    pub(super) fn second(&mut self, row: &SheetRow, began: Option<Stamp>) -> Option<Consent> {
        let before = self.findings.len();
        let help = Some(message!("paper-second-help"));
        let at_answer = row.place(Column::Answer);
        let answer = row.cell(Column::Answer).map(words).unwrap_or_default();
        let way = way(&answer);
        if way.is_none() {
            let message = message!("paper-not-a-way", text = answer.as_str());
            self.findings.push(fail("sheet-second", at_answer, message, help));
        }
        let manner = match way {
            Some(Way::By(manner)) => Some(manner),
            _ => None,
        };
        let consent = self.consent(row, manner);
        let mut wrong = |column: Column, message: Message, help: Message| {
            self.findings.push(fail("sheet-second", row.place(column), message, Some(help)));
        };
        if let Some(consent) = &consent {
            if way.is_some() && manner != Some(Manner::Present) && consent.words.is_none() {
                wrong(Column::Remark, message!("paper-second-words"), message!("paper-second-words-help"));
            }
            if let Some(began) = began.filter(|began| consent.given && consent.at.instant > began.instant) {
                let (at, began) = (times::shown(&consent.at, self.context), times::shown(&began, self.context));
                let message = message!("paper-second-late", at = at, began = began);
                wrong(Column::Ended, message, message!("paper-second-late-help"));
            }
            let another = matches!(manner, Some(Manner::Present | Manner::Phone));
            if another && consent.actor == self.context.actor {
                let message = message!("paper-second-typist", who = consent.actor.as_str());
                wrong(Column::Who, message, message!("paper-second-typist-help"));
            }
        }
        if self.findings.len() > before { None } else { consent }
    }

    /// Who and when: whose part was over on that day consents to nothing.
    fn consent(&mut self, row: &SheetRow, manner: Option<Manner>) -> Option<Consent> {
        let actor = self.actor(row);
        let span = self.times(row, true);
        let (actor, (_, at)) = (actor?, span?);
        let day = at.offset.to_datetime(at.instant).date();
        if let Some(people) = self.people.filter(|people| manner != Some(Manner::Alone) && people.over(&actor, day)) {
            let until = people.find(actor.as_str()).and_then(|person| person.until.clone()).unwrap_or_default();
            let message = message!("people-part-over", who = actor.as_str(), until = until);
            let help = Some(message!("people-part-over-help"));
            self.findings.push(fail("sheet-person", row.place(Column::Who), message, help));
            return None;
        }
        let words = row.cell(Column::Remark).map(words);
        let cell = row.place(Column::Step);
        let refused = row.cell(Column::Answer).is_some_and(|cell| way(&self::words(cell)) == Some(Way::Refused));
        Some(Consent { actor, at, given: !refused, manner, words, cell })
    }

    /// Whether a condition held, of a row that tells of one; nothing where it tells of none.
    pub(super) fn told(&self, row: &SheetRow, path: &StepPath) -> Option<Result<Said, PaperFinding>> {
        let step = self.state.told_at(path)?;
        let round = matches!(step.action, Action::Repeat(_)) && path.as_str().ends_with(']');
        let answer = row.cell(Column::Answer).map(words);
        if answer.is_none() && !round {
            return None;
        }
        let answer = answer.unwrap_or_default();
        let Some(holds) = holds(&answer) else {
            let message = message!("paper-not-a-truth", step = path.as_str(), text = answer.as_str());
            let help = if round { message!("paper-round-help") } else { message!("paper-truth-help") };
            return Some(Err(fail("sheet-answer", row.place(Column::Answer), message, Some(help))));
        };
        let shown = match (round, holds) {
            (true, true) => message!("paper-round-over"),
            (true, false) => message!("paper-round-again"),
            (false, true) => message!("paper-truth-yes"),
            (false, false) => message!("paper-truth-no"),
        };
        Some(Ok(Said::Truth(holds, shown.render(self.context.lang))))
    }

    /// Rows for consents whose step has no row with anything in it.
    pub(super) fn alone(step: &str, row: &SheetRow) -> PaperFinding {
        let help = Some(message!("paper-second-alone-help"));
        fail("sheet-second", row.place(Column::Step), message!("paper-second-alone", step = step), help)
    }
}

/// The way that a cell names, by its number or a word.
fn way(typed: &str) -> Option<Way> {
    Some(match plain(typed).as_str() {
        "1" | "có mặt" | "co mat" | "present" => Way::By(Manner::Present),
        "2" | "điện thoại" | "dien thoai" | "qua điện thoại" | "phone" => Way::By(Manner::Phone),
        "3" | "một mình" | "mot minh" | "alone" => Way::By(Manner::Alone),
        "k" | "không" | "khong" | "không đồng ý" | "no" => Way::Refused,
        _ => return None,
    })
}

fn holds(typed: &str) -> Option<bool> {
    match plain(typed).as_str() {
        "1" | "c" | "có" | "co" | "xong" | "yes" | "over" => Some(true),
        "2" | "k" | "không" | "khong" | "vòng nữa" | "vong nua" | "no" | "again" => Some(false),
        _ => None,
    }
}

fn plain(typed: &str) -> String {
    typed.trim().to_lowercase()
}
