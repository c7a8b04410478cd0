//! The course of events as documents tell it: one line for a step, with who did it, what it came to, the marks that it reached
//! and every record that it rests on.

use super::format::{changes, labels};
use super::{EventRow, Report, StepRow, tasks};
use crate::message::message;
use crate::model::{Actor, Lang, Name, Outcome, Stamp, Text};

/// From how many seconds on a line says until when it lasted.
const LASTED: i64 = 60;

/// A line of the course.
pub(in crate::report) struct Line {
    /// When, with where that is known from; of what lasted, from when until when.
    pub(in crate::report) at: String,
    /// Who, with who entered it.
    pub(in crate::report) who: String,
    /// What happened.
    pub(in crate::report) what: String,
    /// The records, in their order.
    pub(in crate::report) records: Vec<u64>,
}

/// What belongs to one line while it is gathered.
struct Group<'a> {
    rows: Vec<&'a EventRow>,
    step: Option<&'a StepRow>,
    /// Further steps that a stop left undone.
    left: Vec<&'a StepRow>,
}

/// The course in the order of time. `name` gives what people call somebody, `when` how a moment is written.
///
/// What was added after the end and happened after it is no part of it: documents tell of that apart. What follows one another
/// of one step and one person is one line; so is what the program concludes from a person's answer. A container of steps that
/// was done tells nothing that its steps do not.
pub(in crate::report) fn lines(
    report: &Report,
    lang: Lang,
    name: &dyn Fn(&Actor) -> String,
    when: fn(&Report, &Stamp, Lang) -> String,
) -> Vec<Line> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    // Of an incident that was declared over later, what led there is part of it.
    let closed = report.closed().map(|mark| mark.at.instant);
    let end = report.run.ended.map(|end| closed.map_or(end.instant, |closed| end.instant.max(closed)));
    let after = |row: &EventRow| end.is_some_and(|end| row.at.instant > end);
    for row in report.course.iter().filter(|row| !after(row)) {
        let seq = row.records.first().copied().unwrap_or(u64::MAX);
        let step = row.step.as_ref().and_then(|path| report.step_at(path, seq));
        let container = step.is_some_and(StepRow::is_container) && row.outcome == Some(Outcome::Done);
        // A real incident has no situations to be told and no faults to be made.
        let staged = step.is_some_and(|step| matches!(step.action, "inject" | "fault") && step.foreseen);
        if container || (staged && row.outcome == Some(Outcome::Skipped)) {
            continue;
        }
        match groups.last_mut() {
            Some(group) if group.takes(row, step) => group.rows.push(row),
            Some(group) if group.was_left() && step.is_some_and(|step| left_by_a_stop(row, step)) => {
                group.rows.push(row);
                group.left.extend(step);
            }
            _ => groups.push(Group { rows: vec![row], step, left: Vec::new() }),
        }
    }
    groups.iter().map(|group| group.line(report, lang, name, when)).collect()
}

/// The playbook, as `scenario` writes one by its title, id and version; of several each with when it led.
pub(in crate::report) fn scenarios(
    report: &Report,
    lang: Lang,
    scenario: &dyn Fn(&Text, &Name, u32) -> String,
) -> Vec<String> {
    let led = report.earlier.iter().map(|part| {
        let (from, to) = (labels::dated(&part.from, lang), labels::dated(&part.to, lang));
        let (scenario, records) = (scenario(&part.title, &part.playbook, part.version), labels::records(&part.records));
        message!("minutes-led", scenario = scenario, from = from, to = to, records = records).render(lang)
    });
    let last = scenario(&report.run.title, &report.run.playbook, report.run.version);
    let leads = report.earlier.last().map_or(last.clone(), |part| {
        let (from, records) = (labels::dated(&part.to, lang), labels::records(&[part.until]));
        message!("minutes-leads", scenario = last, from = from, records = records).render(lang)
    });
    led.chain([leads]).collect()
}

/// With a capital letter.
pub(in crate::report) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// With a small letter, as it stands after a colon.
pub(in crate::report) fn small(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// Whether a row says no more than that the step was left undone because the run was being stopped.
fn left_by_a_stop(row: &EventRow, step: &StepRow) -> bool {
    let stopping = message!("report-why-stopping").render(Lang::Vi);
    let why = step.why.as_ref().is_some_and(|why| why.pick(Lang::Vi) == stopping);
    row.kind == "step-ended" && row.outcome == Some(Outcome::Skipped) && row.words.is_none() && why
}

impl Group<'_> {
    /// Whether it is of steps that a stop left undone.
    fn was_left(&self) -> bool {
        self.step.is_some_and(|step| self.rows.iter().all(|row| left_by_a_stop(row, step) || !self.left.is_empty()))
    }

    /// Whether `row`, which is about `step`, is more of the same.
    fn takes(&self, row: &EventRow, step: Option<&StepRow>) -> bool {
        let Some(first) = self.rows.first() else { return false };
        // Of how a person classifies in a step, the answer is the ground: both say the same at the same moment.
        if row.kind == "classified" {
            let ground = |it: &EventRow| it.kind == "decided" && it.actor == row.actor && it.words == row.words;
            return self.rows.iter().any(|it| ground(it));
        }
        if row.step.is_none() || first.step != row.step || self.step.map(|it| &it.path) != step.map(|it| &it.path) {
            return false;
        }
        let known = first.basis == row.basis || row.actor == Actor::engine();
        let one = first.actor == row.actor && first.by == row.by;
        // The program carries out what a person only agreed to: that is the program's line.
        let answered = self.rows.iter().any(|row| matches!(row.kind.as_str(), "answered" | "decided"));
        let follows = row.actor == Actor::engine() && answered;
        known && (one || follows)
    }

    fn line(
        &self,
        report: &Report,
        lang: Lang,
        name: &dyn Fn(&Actor) -> String,
        when: fn(&Report, &Stamp, Lang) -> String,
    ) -> Line {
        let first = self.rows.first();
        let named = |step: &StepRow| match step.number {
            Some(number) => format!("{number}. {}: ", step.title.pick(lang)),
            None => format!("{}: ", step.title.pick(lang)),
        };
        let what = match (self.step, self.left.last()) {
            (Some(first), Some(last)) => {
                let titled = |step: &StepRow| named(step).trim_end_matches([':', ' ']).to_owned();
                let count = tasks::count(self.left.len() as u64 + 1, lang);
                let message = message!("course-left", first = titled(first), last = titled(last), count = count);
                message.render(lang)
            }
            _ => format!("{}{}", self.step.map(named).unwrap_or_default(), self.told(lang).join("; ")),
        };
        let who = first.map_or_else(String::new, |row| {
            let by = row.by.as_ref().filter(|by| **by != row.actor);
            let by = by.map(|by| message!("report-entered-by", by = name(by)).render(lang));
            format!("{}{}", name(&row.actor), by.unwrap_or_default())
        });
        let mut records: Vec<u64> = self.rows.iter().flat_map(|row| row.records.iter().copied()).collect();
        records.sort_unstable();
        Line { at: self.at(report, lang, when), who, what: capital(&what), records }
    }

    fn at(&self, report: &Report, lang: Lang, when: fn(&Report, &Stamp, Lang) -> String) -> String {
        let moment = |at: &Stamp| when(report, &crate::policy::in_vietnam(at), lang);
        let Some(first) = self.rows.first() else { return String::new() };
        let ground = changes::known_from(first.basis, lang);
        let last = self.rows.last().unwrap_or(first);
        let lasted = last.at.instant.duration_since(first.at.instant).as_secs() >= LASTED;
        let until = if lasted { format!(" – {}", moment(&last.at)) } else { String::new() };
        format!("{}{ground}{until}", moment(&first.at))
    }

    /// What happened, piece by piece. That a step is done is said once, and not of one in which somebody decided: there the
    /// decision is what it came to.
    fn told(&self, lang: Lang) -> Vec<String> {
        let end = self.rows.iter().rev().find(|row| row.kind == "step-ended").and_then(|row| row.outcome);
        let tells = |row: &EventRow| match row.kind.as_str() {
            "decided" | "notice-prepared" => true,
            "noted" => row.actor == Actor::engine(),
            _ => false,
        };
        let decided = self.rows.iter().any(|row| tells(row));
        let mut pieces = Vec::new();
        for row in &self.rows {
            let answered = matches!(row.kind.as_str(), "answered" | "decided");
            let text = match (row.kind.as_str(), end) {
                // The same is said again by the step's end, in the same words.
                ("answered", Some(end)) if row.outcome == Some(end) => labels::say(&labels::outcome(end), lang),
                ("step-ended", Some(Outcome::Done)) if decided => continue,
                ("step-ended", _) if self.answered(row.outcome) => continue,
                // What was passed over is told with its reason.
                ("step-ended", Some(Outcome::Skipped)) if row.words.is_none() => {
                    let why = self.step.and_then(|step| step.why.as_ref());
                    why.map_or_else(
                        || row.text.pick(lang).to_owned(),
                        |why| format!("{} ({})", row.text.pick(lang), why.pick(lang).trim_end_matches('.')),
                    )
                }
                _ => row.text.pick(lang).to_owned(),
            };
            // The reason of a classification is that of the decision before it.
            let words = row.words.as_ref().filter(|_| row.kind != "classified" || self.rows.len() == 1);
            // Words end with a stop of their own only where the line does.
            let words = words.map(|words| words.trim_end_matches(['.', ' ']));
            match words {
                Some(words) if answered => pieces.push(format!("{text} ({words})")),
                Some(words) => pieces.push(format!("{text}: {words}")),
                None => pieces.push(text),
            }
        }
        pieces
    }

    /// Whether a person's answer says already that it came to `outcome`.
    fn answered(&self, outcome: Option<Outcome>) -> bool {
        self.rows.iter().any(|row| row.kind == "answered" && row.outcome.is_some() && row.outcome == outcome)
    }
}
