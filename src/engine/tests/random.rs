//! Random playbooks, orders, answers and crashes: what holds always.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;

use super::build::*;
use super::course::{check_course, check_outcomes, check_repeats};
use super::sim::Sim;
use crate::engine::effect::{Completion, Verdict};
use crate::engine::plan::Plan;
use crate::engine::plan::Request;
use crate::engine::state::{State, fold};
use crate::inventory::Environment;
use crate::model::record::{Body, Marked, Noted, People, StopHow, WatchChanged, WatchState, What};
use crate::model::{Basis, Draft, Expression, Mark, Mode, Objects as _, StepPath, Template, Text};
use crate::playbook::{ClockEdge, ClockRule, Objective};
use crate::step::{
    Action, Ask, Backup, BackupRef, Capture, CaptureFrom, Manual, OnFailure, Repeat, RestoreTo, Retry, Step, ValueKind,
};

/// A stream of choices, from the numbers that proptest shrinks.
struct Choices {
    numbers: Vec<u32>,
    at: usize,
}

impl Choices {
    fn below(&mut self, most: u32) -> u32 {
        let number = self.numbers.get(self.at % self.numbers.len().max(1)).copied().unwrap_or(0);
        self.at += 1;
        // The stream repeats; what comes later differs all the same.
        let turn = u32::try_from(self.at / self.numbers.len().max(1)).unwrap_or(0);
        number.wrapping_add(turn.wrapping_mul(7)) % most.max(1)
    }

    fn one_in(&mut self, most: u32) -> bool {
        self.below(most) == most - 1
    }
}

fn steps(choices: &mut Choices, prefix: &str, depth: u32, in_parallel: bool) -> Vec<Step> {
    let count = 1 + choices.below(4);
    let ids: Vec<String> = (0..count).map(|index| format!("{prefix}{index}")).collect();
    let mut all = Vec::new();
    for (index, step_id) in ids.iter().enumerate() {
        let action = action(choices, step_id, depth, ids.get(index + 1..).unwrap_or_default());
        let container = matches!(action, Action::Parallel(_) | Action::Each(_) | Action::Repeat(_) | Action::Call(_));
        let mut made = step(step_id, action);
        if choices.one_in(5) && index > 0 {
            let words = ["done", "failed", "skipped"];
            let word = words[choices.below(3) as usize];
            made = when(made, &format!("steps.{}.outcome == '{word}'", ids[index - 1]));
        }
        if choices.one_in(8) {
            made = when(made, "steps.nobody.value == 1");
        }
        made.on_failure = match choices.below(4) {
            0 => OnFailure::Continue,
            1 if !in_parallel && index + 1 < ids.len() => OnFailure::Goto(id(&ids[ids.len() - 1])),
            _ => OnFailure::Stop,
        };
        if !container && choices.one_in(3) {
            made.retry = Some(Retry { times: 1 + choices.below(2), delay: span("3s"), backoff: 2 });
        }
        if choices.one_in(4) {
            made.timeout = Some(span("40s"));
        }
        if choices.one_in(3) {
            made = undo(made, if choices.one_in(3) { manual() } else { operation("inputs.system", "start") });
        }
        if !container && choices.one_in(6) {
            made.capture = vec![Capture { name: id("found"), from: CaptureFrom::Stdout, regex: "x=(.)".to_owned() }];
        }
        made.repeatable = choices.one_in(5);
        made.evidence_required = choices.one_in(8);
        made.marks = [None, None, None, Some(Mark::Detected), Some(Mark::Restored)][choices.below(5) as usize];
        if in_parallel && index > 0 && choices.one_in(2) {
            made.needs = vec![id(&ids[choices.below(u32::try_from(index).unwrap_or(1)) as usize])];
        }
        all.push(made);
    }
    all
}

fn instruction() -> Manual {
    Manual { instruction: Text::from("do {{ steps.nobody.value }}"), checks: vec![Text::from("seen")], ask: Vec::new() }
}

fn number(name: &str) -> Ask {
    Ask { id: id(name), title: Text::from(name), kind: ValueKind::Integer, tells: None }
}

fn nightly() -> BackupRef {
    BackupRef::Backup { system: target("inputs.system"), backup: name("nightly") }
}

fn repeated(until: &str, max: u32, steps: Vec<Step>) -> Repeat {
    Repeat { steps, until: Expression(until.to_owned()), max, every: None }
}

fn action(choices: &mut Choices, step_id: &str, depth: u32, later: &[String]) -> Action {
    let inner = |choices: &mut Choices, parallel| steps(choices, &format!("{step_id}x"), depth + 1, parallel);
    match choices.below(if depth < 2 { 22 } else { 15 }) {
        0 => manual(),
        1 => Action::Manual(Manual { ask: vec![number("n")], ..instruction() }),
        2 => look(&["ls", "{{ inputs.system.id }}"]),
        3 => wait(),
        4 => match choices.below(5) {
            0 => newest_good(),
            1 => Action::Backup(Backup::Seal(BackupRef::Path(Template("/srv/copy".to_owned())))),
            2 => Action::Backup(Backup::Prove(BackupRef::Path(Template("/srv/copy".to_owned())))),
            3 => Action::Backup(Backup::Verify { of: nightly(), sample: Some(10) }),
            _ => Action::Backup(Backup::Seal(nightly())),
        },
        5 => {
            let goto = later.last().map(String::as_str);
            decide(&[("near", None), ("far", goto)], Some("near"))
        }
        6 => notify(),
        7 => inject(),
        8 => fault(),
        9 => Action::Note(crate::model::Text::from("noted {{ steps.nobody.value }}")),
        10 => look(&["ls", "{{ steps.nobody.value }}"]),
        11 => operation("inputs.system", "stop"),
        12 => Action::Probe(http()),
        13 => restore("/srv/copy", RestoreTo::System(target("inputs.system"))),
        14 => operation("inputs.system", "far"),
        15 | 16 => Action::Parallel(inner(choices, true)),
        17 => each_of("{{ steps.nobody.sites }}", "open", inner(choices, false)),
        18 => each_of("{{ [inputs.system.id, 'x'] }}", "known", inner(choices, false)),
        19 => {
            let items = ["a", "b", "c"];
            let count = choices.below(4) as usize;
            each(&items[..count.min(3)], "item", inner(choices, false))
        }
        20 => {
            let inner = inner(choices, false);
            let first = inner[0].id.clone();
            let until = ["true", "false", "steps.nobody.value == 1"][choices.below(3) as usize];
            let until = if choices.one_in(2) { format!("steps.{first}.outcome == 'done'") } else { until.to_owned() };
            let mut again = Repeat { every: None, ..repeated(&until, 1 + choices.below(3), inner) };
            again.every = choices.one_in(2).then(|| span("2s"));
            Action::Repeat(again)
        }
        _ => call("inner", &[("system", "portal")]),
    }
}

fn random_plan(choices: &mut Choices) -> Arc<Plan> {
    let people = [People::Console, People::Console, People::Scripted, People::Unattended][choices.below(4) as usize];
    let attended = people != People::Unattended;
    let mut request = match choices.below(5) {
        0 if attended => real(Mode::Live, people),
        1 if attended => real(Mode::Respond, people),
        2 => real(Mode::Tabletop, people),
        3 => targets(people),
        _ => lab(people),
    };
    if choices.one_in(2) {
        request.second_person = crate::model::record::Manner::ALL.to_vec();
    }
    if !request.lab {
        request.systems.insert(name("portal"), system("portal", Environment::DrillTarget));
    }
    let called = steps(choices, "c", 1, false);
    let called: Vec<Step> = called.into_iter().filter(|step| !matches!(step.action, Action::Call(_))).collect();
    let called = if called.is_empty() { vec![step("c0", manual())] } else { without_calls(called) };
    request.playbooks.insert(name("inner"), named("inner", called));
    let mut book = playbook(steps(choices, "s", 0, false));
    let first = book.steps[0].id.clone();
    let edges = [
        (ClockEdge::Outage, ClockEdge::Outage),
        (ClockEdge::Mark(Mark::Detected), ClockEdge::Mark(Mark::Restored)),
        (ClockEdge::Begin(first.clone()), ClockEdge::End(first)),
    ];
    for (number, (from, to)) in edges.into_iter().enumerate() {
        let limit = Some(Template("{{ inputs.system.objectives.rto }}".to_owned()));
        book.clocks.insert(id(&format!("c{number}")), ClockRule { title: None, from, to, limit });
        let measure = Some(Expression(format!("clocks.c{number}.seconds < 100")));
        book.objectives.push(Objective { id: id(&format!("o{number}")), title: Text::from("in time"), measure });
    }
    planned(&book, &request)
}

/// A technical drill on declared drill targets. Their faults are told, and nothing literal in it changes anything.
fn targets(people: People) -> Request {
    let mut request = real(Mode::Technical, people);
    request.systems.insert(name("one-stop"), system("one-stop", Environment::DrillTarget));
    request
}

fn without_calls(steps: Vec<Step>) -> Vec<Step> {
    let keep = |steps: Vec<Step>| {
        let kept = without_calls(steps);
        if kept.is_empty() { vec![step("only", manual())] } else { kept }
    };
    let mut all: Vec<Step> = Vec::new();
    for mut one in steps {
        one.action = match one.action {
            Action::Call(_) => manual(),
            Action::Parallel(inner) => Action::Parallel(keep(inner)),
            Action::Each(mut inner) => {
                inner.steps = keep(inner.steps);
                Action::Each(inner)
            }
            Action::Repeat(mut inner) => {
                inner.steps = keep(inner.steps);
                Action::Repeat(inner)
            }
            other => other,
        };
        all.push(one);
    }
    all
}

/// One thing happens: work comes back, somebody answers, time passes, somebody pauses, goes on or stops, the loop dies.
fn happen(sim: &mut Sim, choices: &mut Choices, quiet: bool) {
    let what = choices.below(if quiet { 10 } else { 19 });
    match what {
        10 => match sim.state.stage() {
            crate::model::Stage::Running => sim.pause(),
            crate::model::Stage::Paused => sim.go_on(),
            _ => {}
        },
        11 if choices.one_in(6) => match sim.state.stopping() {
            None => sim.stop(if choices.one_in(2) { StopHow::Now } else { StopHow::AfterRunning }),
            Some(StopHow::AfterRunning) => sim.stop(StopHow::Now),
            Some(StopHow::Now) => {}
        },
        12 | 13 => {
            let lost = choices.below(4) as usize;
            let keep = sim.records.len().saturating_sub(lost);
            // What people wrote is never lost by a crash of the loop; what was not synced yet may be.
            let engine = sim.records[keep..].iter().all(|record| record.draft.actor.as_str() == "engine");
            sim.crash(if engine { keep } else { sim.records.len() }, choices.one_in(2));
        }
        14 | 15 => sim.pass(u64::from(choices.below(60))),
        16 => {
            let state = [WatchState::Up, WatchState::Down, WatchState::Unobserved][choices.below(3) as usize];
            let watch = id(["fast", "slow"][choices.below(2) as usize]);
            let since = sim.mono_us - u64::from(choices.below(900_000));
            let draft = sim.draft(WatchChanged { watch, state, occurred_mono_us: Some(since) });
            let occurred = Some(sim.now().at);
            sim.turn(vec![Draft { occurred, ..draft }]);
        }
        17 => {
            // Somebody tells late of what happened before.
            let mark = [Mark::Detected, Mark::Contained, Mark::Restored][choices.below(3) as usize];
            let because = Some(sim.objects.put_text("from the paper log").expect("memory"));
            let draft = sim.draft(Marked { mark, step: None, because });
            let occurred = Some(sim.earlier(u64::from(choices.below(3600))));
            sim.turn(vec![Draft { occurred, basis: Basis::Paper, ..draft }]);
        }
        18 => note_one(sim, choices),
        _ if what.is_multiple_of(2) && !sim.running.is_empty() => {
            let place = choices.below(u32::try_from(sim.running.len()).unwrap_or(1)) as usize;
            let step = sim.running[place].step.to_string();
            let verdict = match choices.below(5) {
                0 => Verdict::Failed(None),
                1 if choices.one_in(3) => Verdict::Unknown(crate::model::record::Why::Orphan),
                _ => Verdict::Done,
            };
            let values = [("value".to_owned(), serde_json::Value::from(choices.below(3)))].into();
            sim.complete(&step, Completion { verdict, values, ..Completion::default() });
        }
        _ => answer_one(sim, choices),
    }
    for step in sim.ends.clone() {
        if sim.running.iter().any(|begun| begun.step == step) {
            sim.complete(step.as_str(), Completion { verdict: Verdict::Abandoned, ..Completion::default() });
        }
    }
}

fn answer_one(sim: &mut Sim, choices: &mut Choices) {
    let open = sim.open_questions();
    if choices.one_in(2) {
        note_one(sim, choices);
    }
    let Some(question) = open.get(choices.below(u32::try_from(open.len()).unwrap_or(1)) as usize) else {
        let wake = sim.wake.unwrap_or(std::time::Duration::from_secs(1));
        sim.mono_us += u64::try_from(wake.as_micros()).expect("short");
        sim.turn(Vec::new());
        return;
    };
    let word = match question.what {
        What::Consent | What::Second => if choices.one_in(8) { "no" } else { "yes" }.to_owned(),
        What::Truth => if choices.one_in(2) { "no" } else { "yes" }.to_owned(),
        What::Decide if choices.one_in(2) => "far".to_owned(),
        What::Decide => "near".to_owned(),
        _ => ["done", "done", "done", "failed", "skipped", "unknown"][choices.below(6) as usize].to_owned(),
    };
    let mut draft = sim.answer_to(question, &word);
    if choices.one_in(5) {
        // Entered later than it was given.
        draft.occurred = Some(sim.earlier(u64::from(choices.below(600))));
        draft.basis = Basis::Told;
        let why = Some(sim.objects.put_text("told by telephone").expect("memory"));
        match &mut draft.body {
            Body::Answered(body) => body.because = why,
            Body::Decided(body) => body.because = why,
            Body::Consented(body) => body.because = why,
            other => panic!("{other:?} is no answer"),
        }
    }
    if let Body::Answered(answered) = &mut draft.body
        && choices.one_in(2)
    {
        let kept = sim.objects.put_text("3").expect("memory");
        answered.answers.insert(id("n"), kept);
    }
    sim.append(vec![draft]);
    sim.turn(Vec::new());
}

/// A note to some step that is open: what asks for evidence has it then.
fn note_one(sim: &mut Sim, choices: &mut Choices) {
    let open: Vec<StepPath> = sim.state.open_steps().map(|(path, _)| path.clone()).collect();
    let step = open.get(choices.below(u32::try_from(open.len()).unwrap_or(1)) as usize).cloned();
    let text = sim.objects.put_text("seen").expect("memory");
    let draft = sim.draft(Noted::remark(text, step));
    sim.append(vec![draft]);
    sim.turn(Vec::new());
}

fn run_one(numbers: Vec<u32>) -> Sim {
    let mut choices = Choices { numbers, at: 0 };
    let plan = random_plan(&mut choices);
    let mut sim = Sim::new(Arc::clone(&plan));
    sim.turn(Vec::new());
    for round in 0..4000 {
        if sim.state.ended() {
            break;
        }
        // After a while nobody interferes any more: then it has to end.
        happen(&mut sim, &mut choices, round > 60);
        if round > 60 && sim.state.stage() == crate::model::Stage::Paused {
            sim.go_on();
        }
    }
    assert!(sim.state.ended(), "the run never ends:\n{}\nopen: {:?}", sim.log(), sim.open_questions());
    check_outcomes(&sim);
    check_repeats(&sim);
    check_course(&sim);
    // Folding any prefix gives the state that the live run had: here step by step, against one fold from the start.
    let mut live = State::new(Arc::clone(&plan));
    for (count, record) in sim.records.iter().enumerate() {
        if count % 5 == 0 {
            assert_eq!(live, fold(Arc::clone(&plan), 0, &sim.records[..count]));
            let view = live.view_with(&sim.now(), Some(sim.objects.as_ref()));
            assert!(view.steps.len() >= plan.steps.len());
        }
        live.apply(record);
    }
    assert_eq!(live, sim.state, "the fold is not the live state:\n{}", sim.log());
    let read_back = Arc::new(Plan::from_json(&plan.to_json()).expect("its own bytes"));
    assert_eq!(fold(read_back, 0, &sim.records), sim.state);
    sim
}

/// A generator that reaches half of what a run can be holds nothing of the other half.
#[test]
fn random_runs_reach_all_that_a_run_can_be() {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut state: u64 = 2026;
    for _ in 0..400 {
        let numbers = (0..200).map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            u32::try_from(state >> 33).expect("31 bits")
        });
        let sim = run_one(numbers.collect());
        seen.insert(format!("{} {:?}", sim.plan.mode.word(), sim.plan.people));
        seen.extend(sim.state.tree.nodes.iter().map(|node| format!("action {}", node.step.action.word())));
        for record in &sim.records {
            seen.insert(record.draft.body.kind().to_owned());
            match &record.draft.body {
                Body::StepEnded(ended) => {
                    let again = if ended.again { " again" } else { "" };
                    seen.insert(format!("{}{again}", ended.outcome.word()));
                    let why = serde_json::to_value(&ended.why).expect("a word");
                    seen.extend(why.as_str().map(|why| format!("why {why}")));
                    seen.extend(why.get("goto").map(|_| "why goto".to_owned()));
                }
                Body::Asked(asked) => {
                    seen.insert(format!("asked {:?}", asked.what));
                }
                Body::StepUndone(undone) => {
                    seen.insert(format!("undone {}", undone.outcome.word()));
                }
                Body::RunEnded(ended) => {
                    seen.insert(format!("run {}", ended.result.word()));
                }
                _ => {}
            }
        }
    }
    let expected = "\
        tabletop Console, tabletop Scripted, tabletop Unattended, technical Console, technical Scripted, \
        technical Unattended, live Console, live Scripted, respond Console, respond Scripted, action manual, action run, \
        action probe, action wait, action backup, action restore, action decide, action parallel, action each, \
        action repeat, action call, action notify, action inject, action fault, action note, run-paused, run-continued, \
        run-stopping, step-undone, answered, decided, consented, noted, marked, notice-prepared, clock-started, \
        clock-stopped, watch-changed, injected, faulted, objective-measured, done, failed, failed again, skipped, unknown, \
        unknown again, abandoned, why stopping, why timeout, why after-failure, why goto, why when, why inside, \
        why expression, why unattended, why drill-only, why capture, why orphan, why person, asked Manual, asked Decide, \
        asked State, asked Truth, asked Consent, asked Orphan, asked Undo, asked Deliver, asked Second, undone done, undone failed, \
        undone none, run passed, run failed, run stopped";
    let missing: Vec<&str> = expected.split(", ").filter(|wanted| !seen.contains(*wanted)).collect();
    assert!(missing.is_empty(), "never reached: {missing:?}\nreached: {seen:?}");
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: if option_env!("UNGPHO_LONG") == Some("1") { 20_000 } else { 300 },
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_run_ends_folds_to_its_live_state_and_repeats_nothing(numbers in prop::collection::vec(any::<u32>(), 40..400)) {
        let _ = run_one(numbers);
    }
}
