//! The report of one run as a value. Formats print what is here and compute nothing.

use std::collections::BTreeMap;

use serde::Serialize;

use super::amend::{ChangeRow, Conclusion, EventRow, SignatureRow, Voided};
use super::duties::DutyPart;
use super::exercise::ExercisePart;
use super::rows::{
    AttachmentRow, BackupRow, HandoverRow, LogRow, NoteRow, NoticeRow, PauseRow, QuestionRow, StepRow, TenureRow,
};
use crate::message::{Lang, message};
use crate::model::record::{People, WatchState};
use crate::model::{Actor, Basis, Digest, Id, Mark, Mode, Name, RunId, RunKind, RunResult, Stamp, StepPath, Text};
use crate::policy::levels::InForce;

/// Numbers of records in the log: what a figure rests on.
pub type Records = Vec<u64>;

/// All that happened in one run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// 1.
    pub version: u32,
    /// The moment that it tells of: when it was made, or the newest record of a drill that has ended.
    pub made: Stamp,
    /// Whose it is, as `ungpho.yaml` says.
    pub unit: Option<String>,
    /// Whether the ledger holds: said before anything else.
    pub ledger: Standing,
    /// Which run.
    pub run: Run,
    /// That the run counts for nothing; said first.
    pub voided: Option<Voided>,
    /// What the chair concluded.
    pub conclusion: Option<Conclusion>,
    /// What persons signed.
    pub signatures: Vec<SignatureRow>,
    /// What a reader has to know before believing the rest, the gravest first.
    pub exceptions: Vec<Exception>,
    /// What the run came to, in a few figures.
    pub summary: Summary,
    /// Who took part.
    pub people: Vec<Person>,
    /// Who had which role, from when to when.
    pub roles: Vec<TenureRow>,
    /// Roles that were offered to another.
    pub handovers: Vec<HandoverRow>,
    /// The moments that clocks and duties hang on.
    pub marks: Vec<MarkRow>,
    /// The first outage that a watch saw.
    pub outage: Option<Outage>,
    /// Clocks against their limits.
    pub clocks: Vec<ClockRow>,
    /// What was to be reached.
    pub objectives: Vec<ObjectiveRow>,
    /// The drill as an exercise; null for an incident, and for a drill that nobody planned or scored.
    pub exercise: Option<ExercisePart>,
    /// What the watches saw.
    pub watches: Vec<WatchRow>,
    /// Values that were picked out of what steps gave.
    pub figures: Vec<Figure>,
    /// Copies that were chosen, rejected, restored, compared.
    pub backups: Vec<BackupRow>,
    /// Playbooks that led the run before the one that leads it, the first one first.
    pub earlier: Vec<EarlierPart>,
    /// Every step of the playbook that leads, in the order of the plan.
    pub steps: Vec<StepRow>,
    /// Questions to people and their answers.
    pub questions: Vec<QuestionRow>,
    /// What people noted.
    pub notes: Vec<NoteRow>,
    /// Files that people attached.
    pub attachments: Vec<AttachmentRow>,
    /// The duties to notify and report; null for a drill in which none has begun.
    pub duties: Option<DutyPart>,
    /// Notices that were prepared.
    pub notices: Vec<NoticeRow>,
    /// What happened, in the order in which it happened.
    pub course: Vec<EventRow>,
    /// What was entered late, for another, corrected, taken out, or added after the end or a signature.
    pub changes: Vec<ChangeRow>,
    /// When nothing new was started.
    pub pauses: Vec<PauseRow>,
    /// Every record of the run, in the order of the log.
    pub log: Vec<LogRow>,
    /// Names of people of the workspace, by id: also of those who took no part.
    #[serde(skip)]
    pub names: BTreeMap<Actor, String>,
}

/// What a playbook led until another took its place. Its clocks and objectives ended with it; marks, duties and people are the
/// whole run's.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EarlierPart {
    /// The playbook.
    pub playbook: Name,
    /// Its version.
    pub version: u32,
    /// Its title.
    pub title: Text,
    /// The plan's digest.
    pub plan: Digest,
    /// When it began to lead.
    pub from: Stamp,
    /// When another took its place.
    pub to: Stamp,
    /// The record in which another took its place.
    pub until: u64,
    /// How many steps it had left.
    pub left: usize,
    /// Its steps, in the order of its plan.
    pub steps: Vec<StepRow>,
    /// The records that say so.
    pub records: Records,
}

impl Report {
    /// Every step of every playbook that led the run.
    pub fn all_steps(&self) -> impl Iterator<Item = &StepRow> {
        self.earlier.iter().flat_map(|part| &part.steps).chain(&self.steps)
    }

    /// Since when it is told: a drill since it began; an incident since it was detected, where that was before the run was opened.
    #[must_use]
    pub fn since(&self) -> Stamp {
        let detected = self.marks.iter().find(|row| row.mark == Mark::Detected && self.run.kind == RunKind::Incident);
        detected
            .map_or(self.run.began, |row| if row.at.instant < self.run.began.instant { row.at } else { self.run.began })
    }

    /// When an incident was declared over: the mark `closed`. A drill ends with its steps.
    #[must_use]
    pub fn closed(&self) -> Option<&MarkRow> {
        self.marks.iter().find(|row| row.mark == Mark::Closed && self.run.kind == RunKind::Incident)
    }

    /// Whether the ledger holds, and has records of this run that its key has not signed: whoever can write to the folder can
    /// have put them there.
    #[must_use]
    pub fn unsigned(&self) -> bool {
        let newest = self.log.iter().map(|row| row.seq).max().unwrap_or(0);
        self.ledger.ok == Some(true) && newest >= self.ledger.signed
    }

    /// The step that `path` named when record `seq` was written: two playbooks may have steps of one name.
    #[must_use]
    pub fn step_at(&self, path: &StepPath, seq: u64) -> Option<&StepRow> {
        let part = self.earlier.iter().find(|part| seq < part.until);
        part.map_or(&self.steps, |part| &part.steps).iter().find(|step| step.path == *path)
    }
}

/// What verifying the ledger came to.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Standing {
    /// Whether it holds; null where nobody looked.
    pub ok: Option<bool>,
    /// The ledger's name.
    pub origin: String,
    /// How many records it has.
    pub size: u64,
    /// Its root in base64: with the size, the head that minutes print.
    pub root: String,
    /// Records covered by a good signature.
    pub signed: u64,
    /// Records from the start that hold.
    pub held: u64,
    /// The record that says last how the files of the inventory stood.
    pub inventory_noted: Option<u64>,
    /// What was found.
    pub findings: Vec<StandingFinding>,
}

/// One finding of the verification.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StandingFinding {
    /// `error`, `warning` or `note`.
    pub severity: String,
    /// Its code.
    pub code: String,
    /// The record, where it is about one.
    pub seq: Option<u64>,
    /// What it says.
    pub message: Text,
}

/// Which run, and how it was carried out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// Drill or incident.
    pub kind: RunKind,
    /// How it was carried out.
    pub mode: Mode,
    /// Whether on the lab.
    pub lab: bool,
    /// How people took part.
    pub people: People,
    /// Whether times are those of a test clock.
    pub test_clock: bool,
    /// The scenario.
    pub playbook: Name,
    /// Its version.
    pub version: u32,
    /// Its title.
    pub title: Text,
    /// The planned exercise.
    pub exercise: Option<Name>,
    /// The systems it was about.
    pub systems: Vec<SystemRow>,
    /// How citizens were to be served meanwhile.
    pub keep_running: Text,
    /// The plan's digest.
    pub plan: Digest,
    /// `running`, `paused`, `stopping` or `ended`.
    pub stage: &'static str,
    /// The technical result; null until it has ended.
    pub result: Option<RunResult>,
    /// Whether it was stopped for a real incident.
    pub stopped_for_incident: bool,
    /// When it began.
    pub began: Stamp,
    /// When it ended.
    pub ended: Option<Stamp>,
    /// Whole seconds from its begin to its end, or to the report.
    pub seconds: u64,
    /// The records that say so.
    pub records: Records,
}

/// A system of the run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SystemRow {
    /// Its id.
    pub id: Name,
    /// Its name.
    pub name: Text,
    /// The level in force on the day the run began; nothing on the lab, whose systems have none.
    pub level: Option<InForce>,
    /// The longest time to restore that its owner set, in seconds.
    pub rto: Option<u64>,
    /// The longest time whose data may be lost that its owner set, in seconds.
    pub rpo: Option<u64>,
    /// Whether no person has confirmed these two.
    pub assumed: bool,
    /// On the lab: the longest time to restore that the owner set for the system that this one stands for, in seconds. Nothing
    /// was measured against it.
    pub owner_rto: Option<u64>,
    /// On the lab: the longest time whose data may be lost that the owner set for the system that this one stands for, in
    /// seconds. Nothing was measured against it.
    pub owner_rpo: Option<u64>,
}

impl SystemRow {
    /// Its level in words, after `name`.
    #[must_use]
    pub fn with_level(&self, name: String, lang: Lang) -> String {
        match &self.level {
            Some(level) => message!("report-system-level", system = name, level = level.words()).render(lang),
            None => name,
        }
    }
}

/// What a reader has to know before believing the rest.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Exception {
    /// Its kind, a word of ours.
    pub code: &'static str,
    /// Whether the result is in doubt because of it.
    pub grave: bool,
    /// In words.
    pub text: Text,
    /// The records it rests on.
    pub records: Records,
}

/// The run in a few figures.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Summary {
    /// Steps done.
    pub done: usize,
    /// Steps that failed.
    pub failed: usize,
    /// Steps that were passed over.
    pub skipped: usize,
    /// Steps nobody can say the end of.
    pub unknown: usize,
    /// Steps ended by force.
    pub abandoned: usize,
    /// Steps that are open.
    pub open: usize,
    /// Steps that were not reached.
    pub not_reached: usize,
    /// Data records after the restore, where a capture `records` counted them.
    pub records_restored: Option<i64>,
    /// Data records that were there before and are not after it.
    pub records_lost: Option<i64>,
    /// Seconds of data that are lost: from the newest data record after the restore to the newest before the fault.
    pub data_lost_seconds: Option<u64>,
}

/// Somebody who took part.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Person {
    /// Their id.
    pub id: Actor,
    /// Their name, where `people.yaml` has it.
    pub name: Option<String>,
    /// Their position, as `people.yaml` had it when the run began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<Text>,
    /// The last role that they had.
    pub role: Option<Id>,
    /// What the role is called.
    pub role_title: Option<Text>,
    /// How their part in it ended, in words; null where it did not.
    pub part: Option<Text>,
    /// How many records they gave.
    pub count: usize,
    /// The records in which they joined, took a role over, were put in another's place, or left.
    pub records: Records,
}

/// A mark.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MarkRow {
    /// Which.
    pub mark: Mark,
    /// When it happened.
    pub at: Stamp,
    /// Where the moment is known from, where the machine did not see it come.
    pub basis: Option<Basis>,
    /// The records that say so.
    pub records: Records,
}

/// An outage.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outage {
    /// The first failed sample.
    pub from: Stamp,
    /// The first of enough good ones.
    pub to: Option<Stamp>,
    /// Whole seconds; to the end of what was seen, where it did not end.
    pub seconds: u64,
    /// Which watch saw it first.
    pub watch: Id,
    /// The records that say so.
    pub records: Records,
}

/// A clock against its limit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClockRow {
    /// Its id.
    pub id: Id,
    /// What it measures.
    pub title: Text,
    /// When it began.
    pub from: Option<Stamp>,
    /// When it stopped.
    pub to: Option<Stamp>,
    /// Whole seconds.
    pub seconds: Option<u64>,
    /// Its limit in whole seconds.
    pub limit: Option<u64>,
    /// Which stretch of a response it measures, where its edges are those of one.
    pub stretch: Option<Stretch>,
    /// What became of it.
    pub state: ClockState,
    /// Whether it was measured by the boot clock alone, or from wall time.
    pub by_boot_clock: bool,
    /// Whether it hangs on a moment that no person confirmed: then it is no measure of what people do.
    pub unconfirmed: bool,
    /// Where its beginning is known from, where the machine did not see it come.
    pub from_basis: Option<Basis>,
    /// Where its stop is known from, where the machine did not see it come.
    pub to_basis: Option<Basis>,
    /// The records of its marks as known then.
    pub records: Records,
}

/// A stretch of a response, by its edges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stretch {
    /// From a fault or an outage to its detection.
    Detect,
    /// From detection to containment.
    Contain,
    /// From an outage or its detection to restoration.
    Restore,
}

/// What became of a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockState {
    /// It stopped within its limit.
    Within,
    /// It went past its limit.
    Over,
    /// It stopped; no limit is known.
    Measured,
    /// It never stopped, and has not passed a limit.
    Running,
    /// It never began.
    NotBegun,
}

/// An objective.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ObjectiveRow {
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
    /// Whether it was reached, after corrections; null: not measured.
    pub met: Option<bool>,
    /// What was recorded at the end of the run, where corrections since have moved it.
    pub recorded: Option<Recorded>,
    /// Whether it rests on a clock that hangs on a moment that no person confirmed.
    pub unconfirmed: bool,
    /// The records that say so.
    pub records: Records,
}

/// What an objective came to as it was known at the end of the run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Recorded {
    /// Whether it was reached; null: not measured.
    pub met: Option<bool>,
    /// What was measured, in words; null where the measure has none.
    pub measured: Option<Text>,
}

/// What a watch saw.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WatchRow {
    /// Its id.
    pub id: Id,
    /// What people call what it looked at.
    pub title: Text,
    /// What it looked at.
    pub look: String,
    /// How often, in seconds.
    pub every: u64,
    /// What it saw, without gaps between one and the next.
    pub spans: Vec<WatchSpan>,
    /// Whole seconds up.
    pub up: u64,
    /// Whole seconds down.
    pub down: u64,
    /// Whole seconds in which nobody looked: never counted as up.
    pub unobserved: u64,
    /// The records it rests on.
    pub records: Records,
}

/// A time in which a watch saw one thing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WatchSpan {
    /// Since when.
    pub from: Stamp,
    /// Until when.
    pub to: Stamp,
    /// What.
    pub state: WatchState,
}

/// A captured value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// The step it came from.
    pub step: StepPath,
    /// What people call the step.
    pub title: Text,
    /// Its name.
    pub name: String,
    /// Its value; null where it was redacted.
    pub value: Option<String>,
    /// The records it rests on.
    pub records: Records,
}
