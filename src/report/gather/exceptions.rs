//! What a reader has to know before believing the rest.

use super::{Gatherer, both, in_seconds};
use crate::message::{Message, message};
use crate::model::record::{People, WatchState, What};
use crate::model::{Body, Lang, Outcome, RunResult, Text, UndoOutcome};
use crate::report::{ClockRow, ClockState, DutyPart, DutyRow, Exception, Report, StepRow, WatchRow};

/// A wall clock that moves by more than this against the boot clock has stepped.
const STEP_SECONDS: u64 = 2;

impl Gatherer<'_> {
    pub(super) fn exceptions(&self, report: &Report) -> Vec<Exception> {
        let mut found = Vec::new();
        self.of_the_whole(report, &mut found);
        of_steps(report, &mut found);
        of_measures(report, &mut found);
        self.of_people(report, &mut found);
        self.of_the_record(report, &mut found);
        // The gravest first; among equals the order above.
        found.sort_by_key(|exception| !exception.grave);
        found
    }

    fn of_the_whole(&self, report: &Report, found: &mut Vec<Exception>) {
        let started = self.seqs(|body| matches!(body, Body::RunStarted(_)));
        let mut add = |grave, code, text: &Message, records: Vec<u64>| {
            found.push(Exception { code, grave, text: both(text), records });
        };
        match report.ledger.ok {
            Some(true) => {}
            Some(false) => add(true, "ledger", &message!("report-exception-ledger"), Vec::new()),
            None => add(false, "ledger-unseen", &message!("report-exception-ledger-unseen"), Vec::new()),
        }
        match report.run.people {
            People::Console => {}
            People::Unattended => {
                add(false, "unattended", &message!("report-exception-unattended"), started.clone());
            }
            People::Scripted => add(false, "scripted", &message!("report-exception-scripted"), started.clone()),
        }
        if report.run.test_clock {
            add(true, "test-clock", &message!("report-exception-test-clock"), started);
        }
        let stopping = self.seqs(|body| matches!(body, Body::RunStopping(_)));
        let said = self.seqs(|body| matches!(body, Body::StopWord(_)));
        if !said.is_empty() {
            add(true, "stop-word", &message!("report-exception-stop-word"), said);
        }
        if report.run.stopped_for_incident {
            add(true, "incident", &message!("report-exception-incident"), stopping);
        } else if self.result() == Some(RunResult::Stopped) {
            add(true, "stopped", &message!("report-exception-stopped"), stopping);
        }
        if report.run.result.is_none() {
            add(false, "not-ended", &message!("report-exception-not-ended"), Vec::new());
        }
        // Whatever a drill's duties come to is simulated.
        let late: Vec<&DutyRow> =
            report.duties.iter().filter(|part| !part.simulated).flat_map(DutyPart::late).collect();
        if !late.is_empty() {
            let titles = Text::Each { vi: Some(titles(&late, Lang::Vi)), en: Some(titles(&late, Lang::En)) };
            let records = late.iter().flat_map(|row| &row.sent).flat_map(|sent| &sent.records).copied().collect();
            add(false, "duties-late", &message!("report-exception-duties", duties = titles), records);
        }
    }

    fn of_the_record(&self, report: &Report, found: &mut Vec<Exception>) {
        for record in self.records() {
            if let Body::RunContinued(body) = &record.draft.body
                && let Some(gap) = body.gap.filter(|gap| *gap > 0)
            {
                let text = in_seconds(gap, |time| message!("report-exception-gap", time = time));
                found.push(Exception { code: "gap", grave: false, text, records: vec![record.seq] });
            }
        }
        // What a clock does after the end is none of the run's.
        let end = self.records().iter().position(|record| matches!(record.draft.body, Body::RunEnded(_)));
        let during = end.and_then(|end| self.records().get(..=end)).unwrap_or(self.records());
        for pair in during.windows(2) {
            let (one, other) = (&pair[0].written, &pair[1].written);
            if one.boot == other.boot {
                let wall = other.at.microseconds_since(&one.at);
                let boot = i64::try_from(other.mono_us.saturating_sub(one.mono_us)).unwrap_or(0);
                let seconds = (wall - boot).unsigned_abs() / 1_000_000;
                if seconds >= STEP_SECONDS {
                    let text = in_seconds(seconds, |time| message!("report-exception-clock-stepped", time = time));
                    let records = vec![pair[0].seq, pair[1].seq];
                    found.push(Exception { code: "clock-stepped", grave: false, text, records });
                }
            }
        }
        self.of_changes(report, found);
        if self.missing.get() > 0 {
            let text = both(&message!("report-exception-redacted", count = self.missing.get()));
            found.push(Exception { code: "redacted", grave: false, text, records: Vec::new() });
        }
        let unknown = self.seqs(|body| matches!(body, Body::Unknown { .. }));
        if !unknown.is_empty() {
            let text = both(&message!("report-exception-unknown-type", count = unknown.len()));
            found.push(Exception { code: "unknown-type", grave: false, text, records: unknown });
        }
        // A consent that was refused is an answer like any other; that one is still open is not.
        let open = report.questions.iter().filter(|question| question.by.is_none() && question.what == What::Orphan);
        for question in open {
            let step = question.title.clone().unwrap_or_else(|| Text::Same(question.id.to_string()));
            let text = both(&message!("report-exception-unknown", step = step));
            found.push(Exception { code: "orphan", grave: true, text, records: question.records.clone() });
        }
    }
}

fn of_steps(report: &Report, found: &mut Vec<Exception>) {
    for part in &report.earlier {
        if part.left > 0 {
            let text = both(&message!("report-exception-switched", playbook = part.title.clone(), count = part.left));
            found.push(Exception { code: "switched", grave: false, text, records: vec![part.until] });
        }
    }
    let leaves = || report.all_steps().filter(|step| step.number.is_some() || step.action == "undo");
    for step in leaves() {
        let title = named(step);
        let (code, grave, text) = match step.outcome {
            Some(Outcome::Failed) => ("failed", true, message!("report-exception-failed", step = title.clone())),
            Some(Outcome::Unknown) => ("unknown", true, message!("report-exception-unknown", step = title.clone())),
            Some(Outcome::Abandoned) => {
                ("abandoned", !step.foreseen, message!("report-exception-abandoned", step = title.clone()))
            }
            Some(Outcome::Skipped) if step.foreseen => continue,
            Some(Outcome::Skipped) => {
                let why = step.why.clone().unwrap_or_else(|| Text::Same("?".to_owned()));
                ("skipped", false, message!("report-exception-skipped", step = title.clone(), why = why))
            }
            Some(Outcome::Done) | None => {
                if step.undo == UndoOutcome::Failed {
                    ("undo", true, message!("report-exception-undo", step = title))
                } else {
                    continue;
                }
            }
        };
        found.push(Exception { code, grave, text: both(&text), records: step.records.clone() });
    }
    let unconfirmed: Vec<&StepRow> = leaves().filter(|step| step.confirmed == Some(false)).collect();
    if !unconfirmed.is_empty() {
        let text = both(&message!("report-exception-unconfirmed", count = unconfirmed.len()));
        let records = unconfirmed.iter().filter_map(|step| step.records.last().copied()).collect();
        found.push(Exception { code: "unconfirmed", grave: false, text, records });
    }
    // Somebody said that it was done, with something left open on its list.
    for question in report.questions.iter().filter(|question| question.checks.iter().any(|(_, ticked)| !ticked)) {
        let done =
            leaves().find(|step| question.step.as_ref() == Some(&step.path) && step.outcome == Some(Outcome::Done));
        if let Some(step) = done {
            let open = question.checks.iter().filter(|(_, ticked)| !ticked).count();
            let text = both(&message!("report-exception-unticked", step = named(step), count = open));
            found.push(Exception { code: "unticked", grave: false, text, records: question.records.clone() });
        }
    }
    let defaults: Vec<u64> = leaves()
        .filter(|step| step.action == "decide" && step.outcome == Some(Outcome::Done))
        .filter(|step| !report.questions.iter().any(|q| q.step.as_ref() == Some(&step.path) && q.by.is_some()))
        .filter_map(|step| step.records.last().copied())
        .collect();
    if !defaults.is_empty() {
        let text = both(&message!("report-exception-default", count = defaults.len()));
        found.push(Exception { code: "default", grave: false, text, records: defaults });
    }
}

fn of_measures(report: &Report, found: &mut Vec<Exception>) {
    for objective in report.objectives.iter().filter(|objective| objective.met == Some(false)) {
        let text = both(&message!("report-exception-objective", objective = objective.title.clone()));
        found.push(Exception { code: "objective", grave: true, text, records: objective.records.clone() });
    }
    let unconfirmed: Vec<&ClockRow> = report.clocks.iter().filter(|clock| clock.unconfirmed).collect();
    if !unconfirmed.is_empty() {
        let names = |lang| unconfirmed.iter().map(|clock| clock.title.pick(lang)).collect::<Vec<_>>().join("; ");
        let say = |lang| Some(message!("report-exception-clock-unconfirmed", clocks = names(lang)).render(lang));
        let text = Text::Each { vi: say(Lang::Vi), en: say(Lang::En) };
        let records = unconfirmed.iter().flat_map(|clock| clock.records.clone()).collect();
        found.push(Exception { code: "clock-unconfirmed", grave: false, text, records });
    }
    for clock in report.clocks.iter().filter(|clock| clock.state == ClockState::Over) {
        let text = both(&message!("report-exception-clock", clock = clock.title.clone()));
        found.push(Exception { code: "clock", grave: true, text, records: clock.records.clone() });
    }
    if let Some(outage) = report.outage.as_ref().filter(|outage| outage.to.is_none()) {
        let text = if report.run.result.is_some() {
            both(&message!("report-exception-outage-open", watch = watching(report)))
        } else {
            both(&message!("report-exception-outage-now", watch = watching(report)))
        };
        found.push(Exception { code: "outage-open", grave: true, text, records: outage.records.clone() });
    }
    // Before its first look a watch has seen nothing: that is no exception.
    for watch in report.watches.iter().filter(|watch| watch.unobserved > watch.every.max(1) * 2) {
        let text = in_seconds(watch.unobserved, |time| {
            message!("report-exception-unobserved", watch = watch.title.clone(), time = time)
        });
        found.push(Exception { code: "unobserved", grave: false, text, records: watch.records.clone() });
    }
}

/// The watches that saw the service down last.
fn watching(report: &Report) -> Text {
    let down = |watch: &&WatchRow| {
        let seen = watch.spans.iter().rfind(|span| span.state != WatchState::Unobserved);
        seen.is_some_and(|span| span.state == WatchState::Down)
    };
    let join = |lang| {
        let titles: Vec<&str> = report.watches.iter().filter(down).map(|watch| watch.title.pick(lang)).collect();
        Some(titles.join("; "))
    };
    Text::Each { vi: join(Lang::Vi), en: join(Lang::En) }
}

/// A step's number and title.
pub(super) fn named(step: &StepRow) -> Text {
    let Some(number) = step.number else { return step.title.clone() };
    let add = |lang| Some(format!("{number}. {}", step.title.pick(lang)));
    Text::Each { vi: add(Lang::Vi), en: add(Lang::En) }
}

fn titles(rows: &[&DutyRow], lang: Lang) -> String {
    rows.iter().map(|row| row.row.title.pick(lang)).collect::<Vec<_>>().join("; ")
}
