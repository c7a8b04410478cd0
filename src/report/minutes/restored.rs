//! What a trial restore came to, before all else: which copy, whether it is whole, whether it could be restored, whether the
//! system worked with it; RTO and RPO as set and as measured.

use super::{Writer, cell, refs};
use crate::message::{Message, message};
use crate::model::Outcome;
use crate::report::after::{Measure, What, after_action, as_set, taken};
use crate::report::document::{Block, Inline, Marker};
use crate::report::format::labels;
use crate::report::{BackupFate, BackupRow, Report, StepRow};

/// A result with the records it rests on; nothing where nobody looked.
type Found = Option<(bool, Vec<u64>)>;

/// Whether anything was restored in a run, in its place or for trial: minutes of a trial restore are of nothing else.
#[must_use]
pub fn restored(report: &Report) -> bool {
    let step = |step: &StepRow| step.action == "restore" && step.outcome.is_some_and(|it| it != Outcome::Skipped);
    let proved = |row: &BackupRow| matches!(row.fate, BackupFate::Proved | BackupFate::NotProved);
    report.all_steps().any(step) || report.backups.iter().any(proved)
}

impl Writer<'_> {
    pub(super) fn restored(&self) -> Vec<Block> {
        let mut blocks = vec![Block::Heading(1, self.say(&message!("minutes-restored")))];
        blocks.push(self.copies());
        let results = [
            (message!("minutes-integrity"), self.whole()),
            (message!("minutes-restorable"), self.restorable()),
            (message!("minutes-system-check"), self.works()),
        ];
        let items = results.into_iter().map(|(what, found)| {
            let result = match &found {
                None => self.nothing(),
                Some((true, _)) => self.say(&message!("report-result-passed")),
                Some((false, _)) => self.say(&message!("report-result-failed")),
            };
            let records = found.map(|(_, records)| refs(&records)).unwrap_or_default();
            vec![Inline::from(format!("{}: {result}{records}.", self.say(&what)))]
        });
        blocks.push(Block::List(Marker::Dash, items.collect()));
        blocks.push(self.against());
        blocks
    }

    /// The copy that was restored: the one that was proved last, else the one that was chosen last.
    fn copy(&self) -> Option<&str> {
        let last = |fates: &[BackupFate]| {
            let row = self.report().backups.iter().rfind(|row| fates.contains(&row.fate));
            row.and_then(|row| row.path.as_deref())
        };
        last(&[BackupFate::Proved, BackupFate::NotProved]).or_else(|| last(&[BackupFate::Chosen, BackupFate::Whole]))
    }

    /// Whether the copy is what its seal says.
    fn whole(&self) -> Found {
        let copy = self.copy();
        let of = |row: &&BackupRow| copy.is_none() || row.path.as_deref() == copy;
        let row = self.report().backups.iter().filter(of).rfind(|row| {
            matches!(row.fate, BackupFate::Chosen | BackupFate::Whole | BackupFate::Differs | BackupFate::Rejected)
        })?;
        Some((matches!(row.fate, BackupFate::Chosen | BackupFate::Whole), row.records.clone()))
    }

    /// Whether it could be restored: to a place of its own, else where the playbook restored it to.
    fn restorable(&self) -> Found {
        let proved = |row: &&BackupRow| matches!(row.fate, BackupFate::Proved | BackupFate::NotProved);
        if let Some(row) = self.report().backups.iter().rfind(proved) {
            return Some((row.fate == BackupFate::Proved, row.records.clone()));
        }
        together(&self.report().all_steps().filter(|step| step.action == "restore").collect::<Vec<_>>())
    }

    /// Whether the system worked with it: every look at it after the last restore.
    fn works(&self) -> Found {
        let steps: Vec<&StepRow> = self.report().all_steps().collect();
        let restore = steps.iter().rposition(|step| step.action == "restore" && step.outcome.is_some())?;
        let looks = steps.iter().skip(restore + 1).filter(|step| matches!(step.action, "probe" | "wait"));
        together(&looks.copied().collect::<Vec<_>>())
    }

    /// RTO and RPO against what was measured.
    fn against(&self) -> Block {
        let against = after_action(self.report(), Vec::new()).measures;
        let rows = against.iter().filter_map(|measure| {
            let name = match measure.what {
                What::Restore | What::RestoreFromDetection => message!("minutes-rto"),
                What::Loss => message!("minutes-rpo"),
                _ => return None,
            };
            let (set, measured) = (as_set(measure, self.facts.lang), taken(measure, self.facts.lang));
            let judged = self.say(&judged(measure));
            let judged = format!("{judged}{}", refs(&measure.records));
            Some(vec![cell(self.say(&name)), cell(set), cell(measured), cell(judged)])
        });
        Block::Table(self.against_limits(message!("minutes-column-what"), rows.collect()))
    }
}

fn judged(measure: &Measure) -> Message {
    match measure.within {
        Some(true) => labels::clock(crate::report::ClockState::Within),
        Some(false) => labels::clock(crate::report::ClockState::Over),
        None if measure.set.is_none() => message!("after-nothing-set"),
        None => message!("report-no-figure"),
    }
}

/// Whether all of the steps that ended were done; nothing where none ended.
fn together(steps: &[&StepRow]) -> Found {
    let ended = steps.iter().filter(|step| step.outcome.is_some_and(|it| it != Outcome::Skipped));
    let ended: Vec<&&StepRow> = ended.collect();
    if ended.is_empty() {
        return None;
    }
    let records = ended.iter().filter_map(|step| step.records.last().copied()).collect();
    Some((ended.iter().all(|step| step.outcome == Some(Outcome::Done)), records))
}
