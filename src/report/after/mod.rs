//! The after-action report of a drill or an incident: what was measured against what was set, what evaluators scored, what
//! people found, and what is to be put right. The program gives no score of its own.

mod document;
mod people;
mod results;
mod words;

use serde::Serialize;

use super::{ActionRow, ClockRow, Evaluator, Recorded, Records, Report, Score, Stretch};
use crate::model::record::{Finding, Rating};
use crate::model::{Id, Lang, Mark, RunKind, Stamp, Text};

pub use document::document;
pub(in crate::report) use words::{about_pauses, as_set, taken, time_rows};

/// An after-action report as a value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AfterAction {
    /// Times and losses against what was set.
    pub measures: Vec<Measure>,
    /// The playbook's clocks that measure something else.
    pub clocks: Vec<ClockRow>,
    /// Objectives with their measured grounds and every evaluator's score.
    pub objectives: Vec<Objective>,
    /// Who evaluated: the order of the scores.
    pub evaluators: Vec<Evaluator>,
    /// What went well.
    pub strengths: Vec<Point>,
    /// What fell short.
    pub gaps: Vec<Point>,
    /// What people learnt from it or ask for.
    pub lessons: Vec<Point>,
    /// What to know of the figures before believing them.
    pub caveats: Vec<Point>,
    /// What is to be put right.
    pub actions: Vec<ActionRow>,
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// From the fault, or the first failed sample, to its detection.
    Detect,
    /// From detection to containment.
    Contain,
    /// From the beginning of the outage to restoration: against the RTO.
    Restore,
    /// From detection to restoration, where no watch saw an outage: against the RTO.
    RestoreFromDetection,
    /// How long the service was down: as the watch `citizens` saw it, else the first watch that saw an outage.
    Outage,
    /// How long before the fault the last data record is that was kept: against the RPO.
    Loss,
}

impl What {
    /// Whether a clock over this stretch measures it.
    fn is_of(self, stretch: Option<Stretch>) -> bool {
        match stretch {
            Some(Stretch::Detect) => self == Self::Detect,
            Some(Stretch::Contain) => self == Self::Contain,
            Some(Stretch::Restore) => matches!(self, Self::Restore | Self::RestoreFromDetection),
            None => false,
        }
    }
}

/// A time, against what was set.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measure {
    /// What.
    pub what: What,
    /// Whole seconds, without those of `paused`; null where there is no figure.
    pub seconds: Option<u64>,
    /// Whole seconds in between in which the drill stood still; null where it did not, and of what goes on meanwhile: outages,
    /// data.
    pub paused: Option<u64>,
    /// What was set, in whole seconds; of several systems the strictest.
    pub set: Option<u64>,
    /// Whether no person has confirmed what was set.
    pub assumed: bool,
    /// Whether it hangs on a moment that no person confirmed: then it is no measure of what people do.
    pub unconfirmed: bool,
    /// Whether it went on when the record ended.
    pub open: bool,
    /// The watch that saw it; null where none did, or it is no outage.
    pub watch: Option<Id>,
    /// Whether it is within what was set; null where one of the two is missing.
    pub within: Option<bool>,
    /// The records it rests on.
    pub records: Records,
}

/// An objective.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Objective {
    /// Its id.
    pub id: Id,
    /// What was to be reached.
    pub title: Text,
    /// How it is measured, as the playbook writes it; null where only people can say.
    pub measure: Option<String>,
    /// What was set, in words; null where the measure has none.
    pub set: Option<Text>,
    /// What was measured, in words; null where the measure has none.
    pub measured: Option<Text>,
    /// Whether it was reached, as measured, after corrections; null: not measured.
    pub met: Option<bool>,
    /// What was recorded at the end of the run, where corrections since have moved it.
    pub recorded: Option<Recorded>,
    /// Whether it hangs on a moment that no person confirmed.
    pub unconfirmed: bool,
    /// One for each evaluator, in their order.
    pub scores: Vec<Option<Score>>,
    /// The records that say so.
    pub records: Records,
}

/// Something that went well or fell short.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Point {
    /// In words.
    pub text: Text,
    /// Who said it; null where the record shows it by itself.
    pub by: Option<String>,
    /// Why: of what fell short its cause, of anything else the reason that a person gave.
    pub because: Option<String>,
    /// The score, where it is one.
    pub score: Option<Rating>,
    /// The records it rests on.
    pub records: Records,
}

/// Makes the after-action report of a run.
#[must_use]
pub fn after_action(report: &Report, actions: Vec<ActionRow>) -> AfterAction {
    let actions = actions.into_iter().filter(|action| action.run == report.run.id).collect();
    let (evaluators, objectives) = objectives(report);
    let mut measures = measures(report);
    let clocks = report.clocks.iter().filter(|clock| !absorbed(clock, report, &mut measures)).cloned().collect();
    let mut after = AfterAction {
        measures,
        clocks,
        objectives,
        evaluators,
        strengths: Vec::new(),
        gaps: Vec::new(),
        lessons: said(report, Finding::Lesson),
        caveats: words::caveats(report),
        actions,
    };
    after.strengths = said(report, Finding::Strength);
    after.strengths.extend(words::reached(&after));
    after.gaps = said(report, Finding::Gap);
    after.gaps.extend(words::missed(&after, report));
    after
}

fn objectives(report: &Report) -> (Vec<Evaluator>, Vec<Objective>) {
    let part = report.exercise.as_ref();
    let scores = |id: &Id| {
        let row = part.and_then(|part| part.scores.iter().find(|row| row.objective == *id));
        row.map(|row| row.scores.clone()).unwrap_or_default()
    };
    let rows = report.objectives.iter().map(|row| Objective {
        id: row.id.clone(),
        title: row.title.clone(),
        measure: row.measure.clone(),
        set: row.set.clone(),
        measured: row.measured.clone(),
        met: row.met,
        recorded: row.recorded.clone(),
        unconfirmed: row.unconfirmed,
        scores: scores(&row.id),
        records: row.records.clone(),
    });
    (part.map(|part| part.evaluators.clone()).unwrap_or_default(), rows.collect())
}

/// A moment with the records that say so.
struct Edge {
    at: Stamp,
    records: Records,
}

fn mark(report: &Report, mark: Mark) -> Option<Edge> {
    let row = report.marks.iter().find(|row| row.mark == mark)?;
    Some(Edge { at: row.at, records: row.records.clone() })
}

/// Whole seconds in which a drill stood still from one moment to another. An incident never does.
fn paused(report: &Report, from: &Stamp, to: &Stamp) -> u64 {
    let pauses = report.pauses.iter().filter(|_| report.run.kind == RunKind::Drill);
    let of = |pause: &super::PauseRow| {
        let begin = pause.from.instant.max(from.instant);
        let end = pause.to.as_ref().unwrap_or(&report.made).instant.min(to.instant);
        u64::try_from(end.duration_since(begin).as_millis()).unwrap_or(0)
    };
    pauses.map(of).sum::<u64>() / 1000
}

/// Whole seconds from one moment to another; nothing where it ends before it begins.
fn between(from: Option<&Edge>, to: Option<&Edge>) -> (Option<u64>, Records) {
    let (Some(from), Some(to)) = (from, to) else { return (None, Vec::new()) };
    let seconds = to.at.instant.duration_since(from.at.instant).as_secs();
    match u64::try_from(seconds) {
        Ok(seconds) => (Some(seconds), from.records.iter().chain(&to.records).copied().collect()),
        Err(_) => (None, Vec::new()),
    }
}

fn measures(report: &Report) -> Vec<Measure> {
    let fault = report.log.iter().find(|row| row.kind == "faulted");
    let fault = fault.map(|row| Edge { at: row.occurred.unwrap_or(row.at), records: vec![row.seq] });
    let down = report.outage.as_ref().map(|outage| {
        let records = outage.records.first().copied().into_iter().collect();
        Edge { at: outage.from, records }
    });
    let [detected, contained, restored] =
        [Mark::Detected, Mark::Contained, Mark::Restored].map(|which| mark(report, which));
    let strictest = |of: fn(&super::SystemRow) -> Option<u64>| report.run.systems.iter().filter_map(of).min();
    let assumed = report.run.systems.iter().any(|system| system.assumed);
    let measure = |what, (seconds, records): (Option<u64>, Records), set: Option<u64>, open: bool| Measure {
        what,
        seconds,
        paused: None,
        set,
        assumed: assumed && set.is_some(),
        unconfirmed: false,
        open,
        watch: None,
        within: within(seconds, set, open),
        records,
    };
    let loss = report.summary.data_lost_seconds;
    let loss_records = report.figures.iter().filter(|figure| figure.name == "gap_seconds");
    let loss_records = loss_records.flat_map(|figure| figure.records.iter().copied()).collect();
    let stretch = |what, from: Option<&Edge>, to: Option<&Edge>, set| {
        let (whole, records) = between(from, to);
        let still = from.zip(to).map_or(0, |(from, to)| paused(report, &from.at, &to.at));
        let measured = measure(what, (whole.map(|whole| whole.saturating_sub(still)), records), set, false);
        Measure { paused: Some(still).filter(|still| *still > 0 && whole.is_some()), ..measured }
    };
    vec![
        stretch(What::Detect, fault.as_ref().or(down.as_ref()), detected.as_ref(), None),
        stretch(What::Contain, detected.as_ref(), contained.as_ref(), None),
        stretch(
            if down.is_some() { What::Restore } else { What::RestoreFromDetection },
            down.as_ref().or(detected.as_ref()),
            restored.as_ref(),
            strictest(|system| system.rto),
        ),
        outage(report, measure(What::Outage, (None, Vec::new()), None, false)),
        measure(What::Loss, (loss, loss_records), strictest(|system| system.rpo), false),
    ]
}

/// Whether a time is within what was set; nothing where one is missing, and while it may yet go past it.
fn within(seconds: Option<u64>, set: Option<u64>, open: bool) -> Option<bool> {
    seconds.zip(set).and_then(|(seconds, set)| match seconds <= set {
        true if open => None,
        within => Some(within),
    })
}

/// Whether a clock of the playbook is the same as one of `measures`, which then has its limit and its records: one thing is
/// one row.
fn absorbed(clock: &ClockRow, report: &Report, measures: &mut [Measure]) -> bool {
    let Some(measure) = measures.iter_mut().find(|measure| measure.what.is_of(clock.stretch)) else { return false };
    // Of one clock to the second, of two a second apart: their edges are rounded on their own. A clock that began with the
    // fault, before the record of it, tells of detection as the playbook means it.
    let near = clock.seconds.zip(measure.seconds).is_none_or(|(one, other)| one.abs_diff(other) <= 1);
    let fault = report.log.iter().find(|row| row.kind == "faulted").map(|row| row.occurred.unwrap_or(row.at));
    let begun = clock.from.zip(fault).is_some_and(|(from, fault)| from.instant <= fault.instant);
    let same = near || (measure.what == What::Detect && begun);
    let agreed = clock.limit.zip(measure.set).is_none_or(|(one, other)| one == other);
    if !same || !agreed {
        return false;
    }
    if let (Some(seconds), Some(from), Some(to)) = (clock.seconds, &clock.from, &clock.to) {
        measure.seconds = Some(seconds);
        measure.paused = Some(paused(report, from, to)).filter(|still| *still > 0);
    }
    measure.set = measure.set.or(clock.limit);
    measure.open |= clock.from.is_some() && clock.to.is_none();
    measure.unconfirmed |= clock.unconfirmed;
    measure.records.extend(&clock.records);
    measure.records.sort_unstable();
    measure.records.dedup();
    measure.within = within(measure.seconds, measure.set, measure.open);
    true
}

/// The outage: as citizens saw it, else as the first watch that saw one.
fn outage(report: &Report, nothing: Measure) -> Measure {
    let Some(outage) = report.citizens_outage().or_else(|| report.outage.clone()) else { return nothing };
    let (seconds, open) = (Some(outage.seconds), outage.to.is_none());
    Measure { seconds, open, watch: Some(outage.watch), records: outage.records, ..nothing }
}

/// What people noted as a strength or a gap, in the order in which they did.
fn said(report: &Report, finding: Finding) -> Vec<Point> {
    let notes = report.notes.iter().filter(|note| note.finding == Some(finding));
    notes
        .map(|note| Point {
            text: note.text.as_deref().map_or_else(words::redacted, Text::from),
            by: Some(report.named(&note.by, Lang::Vi)),
            because: note.because.clone(),
            score: None,
            records: note.records.clone(),
        })
        .collect()
}

/// Whether a rating says that something fell short: done with major difficulties, or not done.
fn short(rating: Rating) -> bool {
    matches!(rating, Rating::M | Rating::U)
}
