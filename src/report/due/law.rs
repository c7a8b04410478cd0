//! What the law says by a day: fixed days of the year, times of the law on levels, and the days that the dossiers name.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::cadence::{named, of_level};
use super::{Basis, Facts, Item, Past, item};
use crate::inventory::System;
use crate::inventory::dossier::{Measures, RulesId, Status};
use crate::message::{Message, message};
use crate::model::record::DocumentKind;
use crate::model::{Name, Text};
use crate::policy::cadences::{Cadences, Fixed, MonthDay, of_year};
use crate::policy::levels::{Check, Standing as Checked, assess, check, in_force};
use crate::report::annual;
use crate::report::tasks::IssuedRow;

/// So long after its last day what was not done is told, and what is handed in without saying for which year counts for that
/// day; so long before it that counts too, but not in the year before. This is the program's reading, no rule of law: a year
/// that is named goes before it.
const AROUND_MONTHS: i64 = 6;

/// What Form 08 is made for, and how it is asked for.
const MADE: [(&str, &str); 2] = [("nd331-2026/annual-operator", ""), ("nd331-2026/annual-owner", " --for owner")];

pub(super) fn items(facts: &Facts<'_>, known: &[(&System, u8)]) -> Vec<Item> {
    let mut items: Vec<Item> = facts.cadences.fixed().iter().flat_map(|fixed| yearly(facts, fixed, known)).collect();
    for system in &facts.systems {
        // What its file says of later days had not happened yet.
        let (then, _) = system.as_of(facts.on);
        items.extend(levels(facts, &then));
        items.extend(dossier(facts, &then));
    }
    items
}

/// The last day that has passed and nothing was done for, and the next one.
fn yearly(facts: &Facts<'_>, fixed: &Fixed, known: &[(&System, u8)]) -> Vec<Item> {
    // A report is about systems; without one there is nothing to report.
    let concerned = if fixed.levels.is_empty() {
        !facts.systems.is_empty()
    } else {
        known.iter().any(|(_, level)| fixed.levels.contains(level))
    };
    if !concerned {
        return Vec::new();
    }
    let handed = handed_in(facts, fixed);
    let cut_off = cut_off(facts.cadences, fixed);
    let done = |last: Date| handed.iter().any(|one| one.is_for(last, cut_off));
    let before = handed.iter().map(|one| &one.past).max_by_key(|past| (past.on, past.seq)).cloned();
    // What falls due later is held to what will be decided then.
    let basis = |fixed: &Fixed, last: Date| match (fixed.law, facts.cadences.decided_date(fixed, last)) {
        (true, _) => Basis::Law,
        (false, Some(_)) => Basis::Adopted,
        (false, None) => Basis::Recommended,
    };
    let year = facts.on.year();
    let mut open = Vec::new();
    let days = (year - 1..=year + 2).filter_map(|year| facts.cadences.in_year(fixed, year));
    for (fixed, last) in days.filter(|(_, last)| !done(*last)) {
        if last >= facts.on {
            open.push((fixed, last));
            break;
        }
        let recent = last.checked_add(AROUND_MONTHS.months()).is_ok_and(|until| facts.on <= until);
        // Of what binds nobody only the next day is told.
        let binds = !fixed.marks && basis(fixed, last) != Basis::Recommended;
        if recent && binds && facts.began.is_none_or(|began| began <= last) {
            open.push((fixed, last));
        }
    }
    let of_day = |(fixed, last): (&Fixed, Date)| {
        let basis = basis(fixed, last);
        let key = format!("{}/{}", fixed.set, fixed.id);
        let mut one = item(key.clone(), message!("due-title", title = fixed.title.clone()), basis);
        one.due = Some(last);
        one.last.clone_from(&before);
        one.before = fixed.before;
        one.marks = fixed.marks;
        one.citation = fixed.citation.as_deref().map(Text::from);
        one.notes.extend(fixed.note.iter().map(|note| message!("due-note", text = note.clone())));
        if !fixed.levels.is_empty() {
            let of_it =
                known.iter().filter(|(_, level)| fixed.levels.contains(level)).map(|(system, _)| system.name.clone());
            let systems = of_it
                .map(|name| message!("due-title", title = name))
                .reduce(|first, second| message!("due-and", first = first, second = second));
            one.notes.extend(systems.map(|systems| message!("due-of-systems", systems = systems)));
        }
        one.notes.extend(not_yet(fixed.from, facts.on));
        // How it is closed, where it is the unit's to do and hands something in; late, it names its year.
        if !fixed.marks && basis != Basis::Recommended {
            let document = match fixed.document {
                kind if last < facts.on => {
                    let word = kind.unwrap_or(DocumentKind::Periodic).word();
                    format!("{word} {key}-{}", last.year())
                }
                // Of periodic reports each is named.
                Some(kind) if kind != DocumentKind::Periodic && first_of(facts.cadences, fixed, last) => {
                    kind.word().to_owned()
                }
                kind => format!("{} {key}", kind.unwrap_or(DocumentKind::Periodic).word()),
            };
            let side = MADE.iter().find(|(made, _)| *made == key).map(|(_, side)| side);
            if let Some(side) = side.filter(|_| annual::days(last.year()).0 <= facts.on) {
                one.hints.push(message!("due-made", year = last.year().to_string(), side = *side));
            }
            one.hints.push(message!("due-issue", document = document));
        }
        one.notes.extend(fixed.second_hand.iter().map(|words| message!("due-note", text = words.clone())));
        one
    };
    open.into_iter().map(of_day).collect()
}

/// Something yearly that was handed in.
struct HandedIn {
    past: Past,
    /// The year for which it is, where it says so.
    year: Option<i16>,
}

impl HandedIn {
    /// Whether it is what falls due on `last`. What names its year is of that year. Else what rests on data that end on
    /// `cut_off`, a day of every year, is of the year whose data had ended last.
    fn is_for(&self, last: Date, cut_off: Option<MonthDay>) -> bool {
        if let Some(year) = self.year {
            return year == last.year();
        }
        let ended = |year: i16| cut_off.and_then(|day| day.of(year));
        let year = last.year();
        if let Some(data) = ended(year).filter(|day| *day <= last).or_else(|| ended(year - 1)) {
            return data <= self.past.on && ended(data.year() + 1).is_none_or(|next| self.past.on < next);
        }
        let early = last.checked_sub(AROUND_MONTHS.months()).unwrap_or(Date::MIN).max(last.first_of_year());
        let late = last.checked_add(AROUND_MONTHS.months()).unwrap_or(Date::MAX);
        early <= self.past.on && self.past.on <= late
    }
}

/// Whenever `fixed` was done by the day: as the unit's file says, or by documents that were issued.
fn handed_in(facts: &Facts<'_>, fixed: &Fixed) -> Vec<HandedIn> {
    let told = facts.cadences.told(fixed.set.as_str(), fixed.id.as_str(), facts.on).map(|done| HandedIn {
        past: Past { document: Some(done.document.clone()), ..Past::on(done.on) },
        year: done.year,
    });
    // What was entered without its set may be of any that has the id.
    let of_set = |row: &&IssuedRow| row.set.as_ref().is_none_or(|set| *set == fixed.set);
    let issued = facts.issued.iter().filter(|row| row.date <= facts.on).filter(of_set).filter_map(|row| {
        let year = match &row.subject {
            Some(_) if !row.document.yearly() => return None,
            Some(subject) if *subject == fixed.id => None,
            Some(subject) => Some(of_year(subject.as_str())).filter(|(id, _)| fixed.id == **id)?.1,
            None if fixed.document == Some(row.document) && first_of(facts.cadences, fixed, row.date) => None,
            None => return None,
        };
        let past = Past { seq: Some(row.seq), document: row.number.clone(), ..Past::on(row.date) };
        Some(HandedIn { past, year })
    });
    told.chain(issued).collect()
}

/// The day on which the data of the annual report end, by the set that asks for it.
fn cut_off(cadences: &Cadences, fixed: &Fixed) -> Option<MonthDay> {
    let annual = fixed.document == Some(DocumentKind::Annual) && !fixed.marks;
    let marks = || cadences.fixed().iter().find(|it| it.set == fixed.set && it.marks);
    annual.then(marks).flatten().map(|it| it.day)
}

/// That something is not in force yet.
pub(super) fn not_yet(from: Option<Date>, on: Date) -> Option<Message> {
    let from = from.filter(|from| on < *from)?;
    Some(message!("due-not-yet", from = super::words::day(from)))
}

/// Systems that are being built and of which nothing says when that began: whether a time runs for them is for a person to say.
pub(super) fn begun_unsaid(facts: &Facts<'_>) -> Vec<Name> {
    let unsaid = |system: &&&System| {
        let told = facts.cadences.done("level", "building", Some(&system.id), facts.on).is_some();
        let aside = facts.cadences.aside("level", "building", Some(&system.id)).is_some();
        let is_it = |check: &Check| check.id == "building" && check.standing == Checked::Unknown;
        !told && !aside && checks(facts, &system.as_of(facts.on).0).iter().any(is_it)
    };
    facts.systems.iter().filter(unsaid).map(|system| system.id.clone()).collect()
}

/// Systems whose dossier is appraised or approved, and whose file does not say on which day: nothing is awaited for them.
pub(super) fn undated(facts: &Facts<'_>) -> Vec<Name> {
    let is_it = |check: &Check| matches!(check.id, "appraisal" | "approval") && check.standing == Checked::Unknown;
    let of = |system: &&&System| checks(facts, &system.as_of(facts.on).0).iter().any(is_it);
    facts.systems.iter().filter(of).map(|system| system.id.clone()).collect()
}

/// Whether `fixed` is the first that is done by its document, holds on `day` and is the unit's to do: one document is not the
/// operator's report and the owner's, nor that of two sets.
fn first_of(cadences: &Cadences, fixed: &Fixed, day: Date) -> bool {
    let first = fixed.document.and_then(|document| first(cadences, document, day));
    first.is_some_and(|it| it.set == fixed.set && it.id == fixed.id)
}

/// The first that is done by this document, holds on `day` and is the unit's to do.
fn first(cadences: &Cadences, document: DocumentKind, day: Date) -> Option<&Fixed> {
    let ours = |it: &&Fixed| cadences.aside(it.set.as_str(), it.id.as_str(), None).is_none();
    let by_it = |it: &&Fixed| cadences.on_day(it, day).is_some_and(|then| then.document == Some(document));
    cadences.fixed().iter().filter(by_it).find(ours)
}

/// For which yearly report, and of which year, a document of `day` counts that does not say its year: by the data that had ended
/// last. `named` is its set and id, where it says those. Nothing where no data end.
#[must_use]
pub fn counts_for<'c>(
    cadences: &'c Cadences,
    document: DocumentKind,
    named: Option<(&Name, &Name)>,
    day: Date,
) -> Option<(&'c Fixed, i16)> {
    let fixed = match named {
        Some((set, id)) => cadences.fixed().iter().find(|it| it.set == *set && it.id == *id),
        None => first(cadences, document, day),
    }?;
    let ended = cut_off(cadences, fixed)?.of(day.year())?;
    Some((fixed, if ended <= day { day.year() } else { day.year() - 1 }))
}

/// Times of the law on levels that run for `system`, as it was on the day.
fn levels(facts: &Facts<'_>, system: &System) -> Vec<Item> {
    checks(facts, system).iter().filter_map(|check| of_check(facts, system, check)).collect()
}

fn checks(facts: &Facts<'_>, system: &System) -> Vec<Check> {
    let Some(set) = facts.book.set(facts.book.in_force(facts.on).rules) else { return Vec::new() };
    check(facts.book, facts.holidays, system, &assess(set, system), facts.on)
}

fn of_check(facts: &Facts<'_>, system: &System, check: &Check) -> Option<Item> {
    let dossier = system.dossier.as_ref();
    let decided = dossier.and_then(|dossier| dossier.decision.as_ref()?.date);
    let appraised = dossier.and_then(|dossier| dossier.appraised).or(decided);
    let submitted = dossier.and_then(|dossier| dossier.submitted);
    // Done on a day that nobody wrote down: `undated`.
    if matches!(check.id, "appraisal" | "approval") && check.standing == Checked::Unknown {
        return None;
    }
    let (id, title, basis) = match check.id {
        "giu_cap_do_cu" => ("kept", message!("due-level-kept"), Basis::Law),
        // Where nothing says when building began it is a question: `begun_unsaid`.
        "building" if check.standing != Checked::Unknown => ("building", message!("due-level-building"), Basis::Law),
        "appraisal" if appraised.is_none() => ("appraisal", message!("due-level-appraisal"), Basis::Awaited),
        "approval" if decided.is_none() => ("approval", message!("due-level-approval"), Basis::Awaited),
        // Whether it was answered stands in no file: after its day nothing is said.
        "reply" if check.due.is_some_and(|due| due >= facts.on) => {
            ("reply", message!("due-level-reply"), Basis::Awaited)
        }
        "assessment" if check.due.is_some() || check.standing == Checked::Unknown => {
            ("assessment", message!("due-assessment"), Basis::Law)
        }
        _ => return None,
    };
    let told = facts.cadences.done("level", id, Some(&system.id), facts.on);
    // What another body did for an earlier submission is no answer to this one.
    let answered = told.filter(|done| submitted.is_none_or(|submitted| submitted <= done.on));
    if (told.is_some() && matches!(id, "kept" | "building")) || (answered.is_some() && basis == Basis::Awaited) {
        return None;
    }
    let mut one = item(of_level(id), title, basis);
    one.system = Some(named(system));
    one.due = check.due;
    one.citation.clone_from(&check.citation);
    one.notes.push(message!("due-check", text = check.text.clone()));
    // By the older decree is what the dossier says of its own day; a level that was approved is kept by the law.
    let older = dossier.and_then(|dossier| dossier.rules) == Some(RulesId::Nd85);
    let newer = match id {
        "kept" => false,
        "building" | "assessment" => true,
        _ => !older,
    };
    one.notes.extend(
        not_yet(facts.book.set(RulesId::Nd331).and_then(|set| set.from), facts.on)
            .filter(|_| newer && facts.book.in_force(facts.on).preview),
    );
    one.assumed = check.assumed;
    if id == "assessment" {
        let set = facts.book.set(facts.book.in_force(facts.on).rules)?;
        let level = in_force(facts.book, system, facts.on).level()?;
        one.months = set.rhythm.iter().find(|(levels, _)| levels.contains(&level)).map(|(_, months)| *months);
        one.level = Some(level);
        let known = system.assessments.iter().map(|one| one.date).max();
        if let Some(done) = told.filter(|done| known.is_none_or(|known| known < done.on)) {
            one.due = one.months.and_then(|months| done.on.checked_add(months.months()).ok());
            one.last = Some(Past::told(done));
            // What the check says of the last one is of an earlier one.
            one.notes.clear();
        }
    }
    Some(one)
}

/// The days that the dossier itself expects.
fn dossier(facts: &Facts<'_>, system: &System) -> Vec<Item> {
    let Some(dossier) = &system.dossier else { return Vec::new() };
    let approval = dossier.expected_approval.filter(|_| dossier.status != Some(Status::Approved));
    let measures = dossier.expected_measures.filter(|_| dossier.measures != Some(Measures::Full));
    let of_day = |(id, field, day, title): (&str, &str, Option<Date>, Message)| {
        let done = facts.cadences.done("level", id, Some(&system.id), facts.on);
        let day = day.filter(|_| done.is_none())?;
        let mut one = item(of_level(id), title, Basis::Own);
        one.system = Some(named(system));
        one.due = Some(day);
        one.assumed = system.assumes(field);
        Some(one)
    };
    let days = [
        ("expected-approval", "dossier.expected_approval", approval, message!("due-expected-approval")),
        ("expected-measures", "dossier.expected_measures", measures, message!("due-expected-measures")),
    ];
    days.into_iter().filter_map(of_day).collect()
}
