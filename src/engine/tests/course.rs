//! What holds of any run that has ended, whatever its plan and whoever interfered.

use std::collections::{BTreeMap, BTreeSet};

use super::sim::Sim;
use crate::engine::state::Kind;
use crate::model::record::Body;
use crate::model::{Mode, Outcome, StepPath};

/// Every step of every list that was begun has one outcome in force, and no other after it.
pub(super) fn check_outcomes(sim: &Sim) {
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
pub(super) fn check_repeats(sim: &Sim) {
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

/// What holds of the course of any run, whatever is in its plan.
pub(super) fn check_course(sim: &Sim) {
    let bodies = || sim.records.iter().map(|record| &record.draft.body);
    let count = |is: fn(&Body) -> bool| bodies().filter(|body| is(body)).count();
    assert_eq!(count(|body| matches!(body, Body::RunEnded(_))), 1, "one result:\n{}", sim.log());
    let mut begun: Vec<_> = sim.begun.clone();
    begun.sort();
    begun.dedup();
    assert_eq!(begun.len(), sim.begun.len(), "an attempt is begun twice:\n{}", sim.log());
    if sim.plan.mode == Mode::Tabletop {
        assert!(sim.begun.is_empty(), "something runs in a tabletop:\n{}", sim.log());
    }
    if !sim.plan.attended() {
        assert_eq!(count(|body| matches!(body, Body::Asked(_))), 0, "nobody is there:\n{}", sim.log());
    }
    if matches!(sim.plan.mode, Mode::Live | Mode::Respond) {
        let consent = bodies().position(|body| matches!(body, Body::Consented(consented) if consented.given));
        let started = bodies().position(|body| matches!(body, Body::StepStarted(_)));
        assert!(started.is_none_or(|started| consent.is_some_and(|at| at < started)), "no consent:\n{}", sim.log());
    }
    // What was begun last is undone first, and only once.
    let undone: Vec<u32> = bodies()
        .filter_map(|body| match body {
            Body::StepUndone(undone) => Some(sim.state.instance(&undone.step).expect("it was begun").order),
            _ => None,
        })
        .collect();
    assert!(undone.windows(2).all(|pair| pair[0] > pair[1]), "undone in another order:\n{}", sim.log());
    let automatic = sim.plan.mode == Mode::Technical;
    assert!(automatic || undone.is_empty() || sim.plan.attended(), "undone by nobody:\n{}", sim.log());
}
