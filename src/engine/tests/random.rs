//! Random playbooks, orders, answers and crashes: what holds always.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::prelude::*;

use super::build::*;
use super::sim::Sim;
use crate::engine::effect::{Completion, Verdict};
use crate::engine::plan::Plan;
use crate::engine::state::{Kind, State, fold};
use crate::model::record::{Body, People, StopHow, What};
use crate::model::{Mark, Mode, Outcome, StepPath};
use crate::step::{Action, OnFailure, Retry, Step};

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
        made.repeatable = choices.one_in(5);
        made.marks = choices.one_in(5).then_some(Mark::Detected);
        if in_parallel && index > 0 && choices.one_in(2) {
            made.needs = vec![id(&ids[choices.below(u32::try_from(index).unwrap_or(1)) as usize])];
        }
        all.push(made);
    }
    all
}

fn action(choices: &mut Choices, step_id: &str, depth: u32, later: &[String]) -> Action {
    let inner = |choices: &mut Choices, parallel| steps(choices, &format!("{step_id}x"), depth + 1, parallel);
    match choices.below(if depth < 2 { 17 } else { 12 }) {
        0 | 1 => manual(),
        2 => look(&["ls", "{{ inputs.system.id }}"]),
        3 => wait(),
        4 => newest_good(),
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
        12 | 13 => Action::Parallel(inner(choices, true)),
        14 => {
            let items = ["a", "b", "c"];
            let count = choices.below(4) as usize;
            each(&items[..count.min(3)], "item", inner(choices, false))
        }
        15 => {
            let inner = inner(choices, false);
            let first = inner[0].id.clone();
            let until = ["true", "false", "steps.nobody.value == 1"][choices.below(3) as usize];
            let until = if choices.one_in(2) { format!("steps.{first}.outcome == 'done'") } else { until.to_owned() };
            repeat(&until, 1 + choices.below(3), inner)
        }
        _ => call("inner", &[("system", "portal")]),
    }
}

fn random_plan(choices: &mut Choices) -> Arc<Plan> {
    let people = if choices.one_in(2) { People::Console } else { People::Unattended };
    let mut request = match choices.below(4) {
        0 if people == People::Console => real(Mode::Live, people),
        1 if people == People::Console => real(Mode::Respond, people),
        2 => real(Mode::Tabletop, people),
        _ => lab(people),
    };
    if !request.lab {
        request.systems.insert(name("portal"), system("portal", crate::inventory::Environment::Production));
    }
    let called = steps(choices, "c", 1, false);
    let called: Vec<Step> = called.into_iter().filter(|step| !matches!(step.action, Action::Call(_))).collect();
    let called = if called.is_empty() { vec![step("c0", manual())] } else { without_calls(called) };
    request.playbooks.insert(name("inner"), named("inner", called));
    planned(&playbook(steps(choices, "s", 0, false)), &request)
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
    let what = choices.below(if quiet { 10 } else { 16 });
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
        _ if what.is_multiple_of(2) && !sim.running.is_empty() => {
            let place = choices.below(u32::try_from(sim.running.len()).unwrap_or(1)) as usize;
            let step = sim.running[place].step.to_string();
            let verdict = match choices.below(5) {
                0 => Verdict::Failed(None),
                1 if choices.one_in(3) => Verdict::Unknown(crate::model::record::Why::Orphan),
                _ => Verdict::Done,
            };
            sim.complete(&step, Completion { verdict, ..Completion::default() });
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
    let Some(question) = open.get(choices.below(u32::try_from(open.len()).unwrap_or(1)) as usize) else {
        let wake = sim.wake.unwrap_or(std::time::Duration::from_secs(1));
        sim.mono_us += u64::try_from(wake.as_micros()).expect("short");
        sim.turn(Vec::new());
        return;
    };
    let word = match question.what {
        What::Consent => if choices.one_in(8) { "no" } else { "yes" }.to_owned(),
        What::Truth => if choices.one_in(2) { "no" } else { "yes" }.to_owned(),
        What::Decide if choices.one_in(2) => "far".to_owned(),
        What::Decide => "near".to_owned(),
        _ => ["done", "done", "done", "failed", "skipped", "unknown"][choices.below(6) as usize].to_owned(),
    };
    let draft = sim.answer_to(question, &word);
    sim.append(vec![draft]);
    sim.turn(Vec::new());
}

/// Every step of every list that was begun has one outcome in force, and no other after it.
fn check_outcomes(sim: &Sim) {
    let mut ends: BTreeMap<&StepPath, Vec<(Outcome, bool)>> = BTreeMap::new();
    for record in &sim.records {
        if let Body::StepEnded(ended) = &record.draft.body {
            ends.entry(&ended.step).or_default().push((ended.outcome, ended.again));
        }
    }
    for (step, ends) in &ends {
        let last = ends.len() - 1;
        assert!(ends[..last].iter().all(|(_, again)| *again), "{step} has two outcomes in force:\n{}", sim.log());
    }
    let state = &sim.state;
    let check_list = |list: Option<&StepPath>, nodes: &[usize]| {
        for node in nodes {
            let id = &state.node(*node).step.id;
            let path = list.map_or_else(|| StepPath::root(id), |list| list.child(id));
            assert!(state.outcome(&path).is_some(), "{path} has no outcome:\n{}", sim.log());
        }
    };
    check_list(None, &state.tree.roots);
    for (path, instance) in state.instances() {
        let node = state.node(instance.node);
        if instance.attempt == 0 || path.undone().is_some() {
            continue;
        }
        match node.kind {
            Kind::Parallel | Kind::Call => check_list(Some(path), state.tree.steps_of(Some(instance.node), 1)),
            Kind::Repeat if path.as_str().ends_with(']') => {
                check_list(Some(path), state.tree.steps_of(Some(instance.node), 1));
            }
            Kind::Each => {
                for round in 1..=instance.rounds_done {
                    let nodes = state.tree.steps_of(Some(instance.node), round);
                    check_list(Some(&path.round(round)), nodes);
                }
            }
            Kind::Repeat | Kind::Leaf => {}
        }
    }
}

/// No work that may have acted is begun twice, but where a failure is known and `retry` says so, or `repeatable` does.
fn check_repeats(sim: &Sim) {
    let mut again: BTreeSet<(StepPath, u32)> = BTreeSet::new();
    for record in &sim.records {
        if let Body::StepEnded(ended) = &record.draft.body
            && ended.again
        {
            let node = sim.state.instance(&ended.step).map(|instance| instance.node).expect("it has an instance");
            let step = &sim.state.node(node).step;
            let looks = !matches!(
                step.action,
                crate::engine::plan::Action::Run(_)
                    | crate::engine::plan::Action::Restore(_)
                    | crate::engine::plan::Action::Fault(_)
                    | crate::engine::plan::Action::Backup(
                        crate::engine::plan::Backup::Seal(_) | crate::engine::plan::Backup::Prove(_)
                    )
            );
            let known = ended.outcome == Outcome::Failed && step.retry.is_some();
            assert!(known || looks || step.repeatable, "{} is repeated:\n{}", ended.step, sim.log());
            again.insert((ended.step.clone(), ended.attempt + 1));
        }
    }
    for record in &sim.records {
        if let Body::StepStarted(started) = &record.draft.body
            && started.attempt > 1
        {
            let known = again.contains(&(started.step.clone(), started.attempt));
            assert!(known, "{} begins again:\n{}", started.step, sim.log());
        }
    }
}

fn run_one(numbers: Vec<u32>) {
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
    // Folding any prefix gives the state that the live run had: here step by step, against one fold from the start.
    let mut live = State::new(Arc::clone(&plan));
    for (count, record) in sim.records.iter().enumerate() {
        if count % 5 == 0 {
            assert_eq!(live, fold(Arc::clone(&plan), 0, &sim.records[..count]));
        }
        live.apply(record);
    }
    assert_eq!(live, sim.state, "the fold is not the live state:\n{}", sim.log());
    let read_back = Arc::new(Plan::from_json(&plan.to_json()).expect("its own bytes"));
    assert_eq!(fold(read_back, 0, &sim.records), sim.state);
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: if option_env!("UNGPHO_LONG") == Some("1") { 20_000 } else { 300 },
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_run_ends_folds_to_its_live_state_and_repeats_nothing(numbers in prop::collection::vec(any::<u32>(), 40..400)) {
        run_one(numbers);
    }
}
