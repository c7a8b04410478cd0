//! From a run's records to its report.

mod changes;
mod course;
mod data;
mod exceptions;
mod exercise;
mod later;
mod measured;
mod people;
mod said;
mod steps;
mod watches;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

pub use changes::{basis, changes};
pub(in crate::report) use changes::{late_entry, shown};
pub use people::kept_people;

use crate::engine::state::Edge;
use crate::engine::view::RunView;
use crate::engine::{Plan, State, fold};
use crate::message::{Message, message};
use crate::model::record::correctable::amended;
use crate::model::record::{PauseCause, WatchState, Why};
use crate::model::{
    Actor, Body, Id, Lang, Moment, Name, ObjectRef, Objects, Outcome, Record, RunKind, RunResult, Span, Stage,
    StepPath, Text,
};
use crate::playbook::ClockEdge;
use crate::policy::in_vietnam;
use crate::policy::levels::in_force;
use crate::report::{
    ClockRow, ClockState, EarlierPart, LogRow, MarkRow, Outage, PauseRow, Report, Rules, Run, Standing, StepRow,
    SystemRow,
};

/// What a report is made from.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// The plans that led the run, in their order; the last one leads.
    pub parts: &'a [Part],
    /// The run's records, in the order of the log.
    pub records: &'a [Record],
    /// The ledger's objects.
    pub objects: &'a dyn Objects,
    /// What verifying the ledger came to.
    pub standing: &'a Standing,
    /// When the report is made.
    pub now: &'a Moment,
    /// When the newest record of the ledger was written, of whatever run.
    pub newest: Option<&'a Moment>,
    /// The unit's name.
    pub unit: Option<&'a str>,
    /// The rules on duties.
    pub rules: &'a Rules,
    /// Names of people, by id.
    pub names: &'a BTreeMap<Actor, String>,
    /// Every `signed` record of the ledger, of whatever run.
    pub signed: &'a [Record],
    /// Public keys of people: as they were kept with the run, else as they are listed today.
    pub keys: &'a BTreeMap<Actor, String>,
}

/// A plan that led a run, or a part of it.
#[derive(Clone, Debug)]
pub struct Part {
    /// The plan.
    pub plan: Arc<Plan>,
    /// The record that switched to it; 0 where the run began with it.
    pub from: u64,
}

/// Makes the report of one run; nothing where no plan led it. Total: what is missing or was redacted is said and passed over.
#[must_use]
pub fn run(facts: &Facts<'_>) -> Option<Report> {
    let facts = &Facts { now: as_of(facts), ..*facts };
    // Corrections are in force everywhere but in the list of records.
    let amended = amended(facts.records);
    let missing = Cell::new(0);
    let ends = facts.parts.iter().skip(1).map(|next| next.from).chain([u64::MAX]);
    let mut gatherers: Vec<Gatherer<'_>> = facts
        .parts
        .iter()
        .zip(ends)
        .map(|(part, end)| {
            let state = fold(Arc::clone(&part.plan), part.from, &amended);
            let view = state.view_with(facts.now, Some(facts.objects));
            let span = part.from..end;
            Gatherer { facts: *facts, plan: &part.plan, span, amended: &amended, state, view, missing: &missing }
        })
        .collect();
    let leading = gatherers.pop()?;
    Some(leading.report(&gatherers))
}

/// The moment that the report tells of. What has ended changes by records alone, so that the same ledger gives the same report:
/// of a drill its own newest record is that moment; of an incident, whose duties go on after it, the ledger's newest, the last
/// moment of which the ledger knows what was not recorded. An open run goes on by itself.
fn as_of<'a>(facts: &Facts<'a>) -> &'a Moment {
    let holds = |what: fn(&Body) -> bool| facts.records.iter().any(|record| what(&record.draft.body));
    if !holds(|body| matches!(body, Body::RunEnded(_))) {
        return facts.now;
    }
    let own = facts.records.last().map(|record| &record.written);
    let drill = holds(|body| matches!(body, Body::RunStarted(it) if it.kind == RunKind::Drill));
    let newest = if drill { None } else { facts.newest };
    newest.or(own).unwrap_or(facts.now)
}

/// What is gathered with one of the plans that led the run.
struct Gatherer<'a> {
    facts: Facts<'a>,
    plan: &'a Plan,
    /// The records in which it led. Two playbooks may have steps of one name.
    span: Range<u64>,
    /// The records with every correction carried out.
    amended: &'a [Record],
    state: State,
    view: RunView,
    /// Values that were named and are not there.
    missing: &'a Cell<u64>,
}

impl Gatherer<'_> {
    /// The whole report, with what the plans `before` this one led.
    fn report(&self, before: &[Self]) -> Report {
        let roles = self.roles();
        let steps = self.steps();
        let earlier: Vec<EarlierPart> = before.iter().map(Self::earlier).collect();
        let parts = || before.iter().chain([self]);
        let figures = earlier.iter().map(|part| &part.steps).chain([&steps]);
        let figures = parts().zip(figures).flat_map(|(part, steps)| part.figures(steps)).collect();
        let mut report = Report {
            version: 1,
            made: self.facts.now.at,
            unit: self.facts.unit.map(str::to_owned),
            ledger: self.facts.standing.clone(),
            run: self.run(),
            voided: self.voided(),
            conclusion: self.concluded(),
            signatures: self.signatures(),
            exceptions: Vec::new(),
            summary: self.summary(earlier.iter().map(|part| part.steps.as_slice()).chain([steps.as_slice()])),
            people: self.people(&roles),
            roles,
            handovers: self.handovers(),
            marks: self.marks(),
            outage: self.outage(),
            clocks: self.clocks(),
            objectives: self.objectives(),
            exercise: self.exercise(),
            watches: self.watches(),
            backups: parts().flat_map(Self::backups).collect(),
            questions: parts().flat_map(Self::questions).collect(),
            notes: self.notes(),
            attachments: self.attachments(),
            duties: self.duties(),
            notices: self.notices(),
            course: course::course(parts()),
            changes: self.changes(),
            pauses: self.pauses(),
            log: parts().flat_map(Self::log).collect(),
            figures,
            earlier,
            steps,
            names: self.facts.names.clone(),
        };
        report.exceptions = self.exceptions(&report);
        report
    }

    /// The run's records as they are in force.
    fn records(&self) -> &[Record] {
        self.amended
    }

    /// Those in which this plan led.
    fn own(&self) -> impl Iterator<Item = &Record> {
        self.amended.iter().filter(|record| self.span.contains(&record.seq))
    }

    /// What this plan led, before another took its place.
    fn earlier(&self) -> EarlierPart {
        let (mut from, mut to) = (self.view.began, None);
        let mut records = Vec::new();
        for record in self.records() {
            let switch = matches!(record.draft.body, Body::PlaybookSwitched(_));
            if record.seq == self.span.start && switch {
                from = record.occurred();
                records.push(record.seq);
            } else if record.seq == self.span.end && switch {
                to = Some(record.occurred());
                records.push(record.seq);
            }
        }
        let steps = self.steps();
        let switched = |step: &&StepRow| {
            let why = self.state.instance(&step.path).and_then(|instance| instance.why.as_ref());
            step.number.is_some() && step.outcome == Some(Outcome::Skipped) && why == Some(&Why::Switched)
        };
        EarlierPart {
            left: steps.iter().filter(switched).count(),
            playbook: self.view.playbook.clone(),
            version: self.plan.version,
            title: self.view.title.clone(),
            plan: self.view.plan,
            from,
            to: to.unwrap_or_else(|| self.end().stamp),
            until: self.span.end,
            steps,
            records,
        }
    }

    /// The text of an object; one that is gone is counted.
    fn text(&self, object: &ObjectRef) -> Option<String> {
        let text = self.facts.objects.get_text(object).ok().flatten();
        if text.is_none() {
            self.missing.set(self.missing.get() + 1);
        }
        text
    }

    /// The numbers of the records in which this plan led whose bodies fit.
    fn own_seqs(&self, fits: impl Fn(&Body) -> bool) -> Vec<u64> {
        self.own().filter(|record| fits(&record.draft.body)).map(|record| record.seq).collect()
    }

    /// The numbers of the records whose bodies fit.
    fn seqs(&self, fits: impl Fn(&Body) -> bool) -> Vec<u64> {
        self.records().iter().filter(|record| fits(&record.draft.body)).map(|record| record.seq).collect()
    }

    fn run(&self) -> Run {
        let (plan, view) = (self.plan, &self.view);
        let owner = |id: &Name| plan.owners.get(id);
        let (stage, result) = match &view.stage {
            Stage::Running => ("running", None),
            Stage::Paused => ("paused", None),
            Stage::Stopping(_) => ("stopping", None),
            Stage::Ended(result) => ("ended", Some(*result)),
        };
        let began = in_vietnam(&view.began);
        let day = began.offset.to_datetime(began.instant).date();
        Run {
            id: view.run.clone(),
            kind: view.kind,
            mode: view.mode,
            lab: view.lab,
            people: view.people,
            test_clock: self.state.test_clock(),
            playbook: view.playbook.clone(),
            version: plan.version,
            title: view.title.clone(),
            exercise: plan.exercise.clone(),
            systems: plan
                .systems
                .values()
                .map(|system| SystemRow {
                    id: system.id.clone(),
                    name: system.name.clone(),
                    rto: system.objectives.rto.as_ref().map(|rto| rto.seconds()),
                    rpo: system.objectives.rpo.as_ref().map(|rpo| rpo.seconds()),
                    assumed: system.assumes("objectives.rto") || system.assumes("objectives.rpo"),
                    owner_rto: owner(&system.id).and_then(|set| set.rto).map(Span::seconds),
                    owner_rpo: owner(&system.id).and_then(|set| set.rpo).map(Span::seconds),
                    level: (!view.lab).then(|| in_force(&self.facts.rules.levels, system, day)),
                })
                .collect(),
            keep_running: plan.keep_running.clone(),
            plan: view.plan,
            stage,
            result,
            stopped_for_incident: view.stopped_for_incident,
            began: view.began,
            ended: view.ended,
            seconds: view.elapsed.as_secs(),
            records: self.seqs(|body| matches!(body, Body::RunStarted(_) | Body::RunEnded(_) | Body::RunStopping(_))),
        }
    }

    fn marks(&self) -> Vec<MarkRow> {
        let mut rows: Vec<MarkRow> = self
            .view
            .marks
            .iter()
            .map(|(mark, at)| MarkRow {
                mark: *mark,
                at: *at,
                basis: self.basis_at(at),
                records: self.seqs(|body| matches!(body, Body::Marked(marked) if marked.mark == *mark)),
            })
            .collect();
        rows.sort_by_key(|row| row.at.instant);
        rows
    }

    fn outage(&self) -> Option<Outage> {
        let (from, to) = self.state.outage();
        let from = from?;
        let end = to.cloned().unwrap_or_else(|| self.end());
        let mut watch = None;
        let mut records = Vec::new();
        for record in self.records() {
            let Body::WatchChanged(changed) = &record.draft.body else { continue };
            let at = record.occurred();
            if changed.state == WatchState::Down && at == from.stamp && watch.is_none() {
                watch = Some(changed.watch.clone());
                records.push(record.seq);
            } else if changed.state == WatchState::Up && to.is_some_and(|to| to.stamp == at) {
                records.push(record.seq);
            }
        }
        let seconds = end.since(from).0.as_secs();
        Some(Outage { from: from.stamp, to: to.map(|to| to.stamp), seconds, watch: watch?, records })
    }

    /// The last moment that the records know of.
    fn end(&self) -> Edge {
        // What was added after the end tells nothing of how long the run lasted.
        let ended = self.records().iter().rev().find(|record| matches!(record.draft.body, Body::RunEnded(_)));
        let last = ended.or(self.records().last());
        last.map_or_else(|| Edge::at(self.facts.now), |record| Edge::at(&record.written))
    }

    fn clocks(&self) -> Vec<ClockRow> {
        let rows = self.view.clocks.iter().map(|clock| {
            let seconds = clock.elapsed.map(|elapsed| elapsed.as_secs());
            let limit = clock.limit.map(|limit| limit.as_secs());
            let over = seconds.zip(limit).is_some_and(|(seconds, limit)| seconds > limit);
            let state = match (clock.from, clock.to) {
                (None, _) => ClockState::NotBegun,
                _ if over => ClockState::Over,
                (Some(_), None) => ClockState::Running,
                (Some(_), Some(_)) if limit.is_some() => ClockState::Within,
                (Some(_), Some(_)) => ClockState::Measured,
            };
            ClockRow {
                id: clock.id.clone(),
                title: clock.title.clone(),
                from: clock.from,
                to: clock.to,
                seconds,
                limit,
                stretch: self.stretch(&clock.id),
                state,
                by_boot_clock: clock.by_boot_clock,
                unconfirmed: self.unconfirmed(&clock.id),
                from_basis: clock.from.as_ref().and_then(|at| self.basis_at(at)),
                to_basis: clock.to.as_ref().and_then(|at| self.basis_at(at)),
                records: self.seqs(|body| match body {
                    Body::ClockStarted(started) => started.clock == clock.id,
                    Body::ClockStopped(stopped) => stopped.clock == clock.id,
                    _ => false,
                }),
            }
        });
        rows.collect()
    }

    /// Whether a clock's begin or end is that of a step that nobody confirmed.
    fn unconfirmed(&self, id: &Id) -> bool {
        let Some(rule) = self.plan.clocks.get(id) else { return false };
        let nobody = |path: &StepPath| self.view.steps.iter().any(|s| s.path == *path && s.confirmed == Some(false));
        [&rule.from, &rule.to].into_iter().any(|edge| match edge {
            ClockEdge::Outage => false,
            ClockEdge::Begin(step) | ClockEdge::End(step) => self
                .view
                .steps
                .iter()
                .any(|s| s.path.as_str().rsplit('/').next() == Some(step.as_str()) && s.confirmed == Some(false)),
            ClockEdge::Mark(mark) => self.records().iter().any(|record| match &record.draft.body {
                Body::Marked(marked) => marked.mark == *mark && marked.step.as_ref().is_some_and(nobody),
                _ => false,
            }),
        })
    }

    fn pauses(&self) -> Vec<PauseRow> {
        let mut rows: Vec<PauseRow> = Vec::new();
        for record in self.records() {
            match &record.draft.body {
                Body::RunPaused(paused) => {
                    let cause = match paused.cause {
                        PauseCause::Asked => message!("report-pause-asked"),
                        PauseCause::DiskFull => message!("report-pause-disk-full"),
                        PauseCause::LedgerFailed => message!("report-pause-ledger-failed"),
                        PauseCause::Signal => message!("report-pause-signal"),
                    };
                    let because = paused.because.as_ref().and_then(|because| self.text(because));
                    let cause = both(&cause);
                    let cause = because.map_or(cause.clone(), |words| joined(&cause, &words));
                    rows.push(PauseRow { from: record.written.at, to: None, cause, records: vec![record.seq] });
                }
                Body::RunContinued(continued) => {
                    if let Some(pause) = rows.last_mut().filter(|pause| pause.to.is_none()) {
                        pause.to = Some(record.written.at);
                        pause.records.push(record.seq);
                    }
                    if let Some(gap) = continued.gap {
                        let cause = in_seconds(gap, |time| message!("report-pause-gap", time = time));
                        let from = watches::before(&record.written.at, gap);
                        let to = Some(record.written.at);
                        rows.push(PauseRow { from, to, cause, records: vec![record.seq] });
                    }
                }
                _ => {}
            }
        }
        rows
    }

    fn log(&self) -> Vec<LogRow> {
        let own = self.facts.records.iter().filter(|record| self.span.contains(&record.seq));
        let rows = own.map(|record| LogRow {
            seq: record.seq,
            at: record.written.at,
            occurred: record.draft.occurred,
            actor: record.draft.actor.clone(),
            by: record.draft.by.clone(),
            basis: record.draft.basis,
            kind: record.draft.body.kind().to_owned(),
            step: self.step_of(&record.draft.body),
        });
        rows.collect()
    }

    fn step_of(&self, body: &Body) -> Option<StepPath> {
        let of_question = |id| self.state.question(id).and_then(|question| question.step.clone());
        match body {
            Body::StepStarted(body) => Some(body.step.clone()),
            Body::ProcessStarted(body) => Some(body.step.clone()),
            Body::StepEnded(body) => Some(body.step.clone()),
            Body::StepUndone(body) => Some(body.step.clone()),
            Body::NoticePrepared(body) => body.step.clone(),
            Body::Injected(body) => body.step.clone(),
            Body::Faulted(body) => Some(body.step.clone()),
            Body::Asked(body) => body.step.clone(),
            Body::Noted(body) => body.step.clone(),
            Body::Attached(body) => body.step.clone(),
            Body::Marked(body) => body.step.clone(),
            Body::BackupSealed(body) => body.step.clone(),
            Body::BackupVerified(body) => body.step.clone(),
            Body::BackupProved(body) => body.step.clone(),
            Body::Answered(body) => of_question(&body.question),
            Body::Decided(body) => of_question(&body.question),
            Body::Consented(body) => of_question(&body.question),
            Body::HandedOver(body) => of_question(&body.question),
            _ => None,
        }
    }

    fn result(&self) -> Option<RunResult> {
        match self.view.stage {
            Stage::Ended(result) => Some(result),
            _ => None,
        }
    }
}

/// A message in both languages.
fn both(message: &Message) -> Text {
    Text::Each { vi: Some(message.render(Lang::Vi)), en: Some(message.render(Lang::En)) }
}

/// A message about a time, which each language writes in its own way.
fn in_seconds(seconds: u64, make: impl Fn(String) -> Message) -> Text {
    let time = |lang| crate::message::format::duration(std::time::Duration::from_secs(seconds), lang);
    Text::Each { vi: Some(make(time(Lang::Vi)).render(Lang::Vi)), en: Some(make(time(Lang::En)).render(Lang::En)) }
}

/// A text of ours with somebody's words after it.
fn joined(text: &Text, words: &str) -> Text {
    let add = |lang| Some(format!("{}: {words}", text.pick(lang)));
    Text::Each { vi: add(Lang::Vi), en: add(Lang::En) }
}
