//! The playbooks that ship, in every mode, with everybody doing their best.

use std::path::{Path, PathBuf};

use super::build::*;
use super::sim::Sim;
use crate::engine::plan::Request;
use crate::inventory::{self, Environment};
use crate::model::record::People;
use crate::model::{Mode, RunResult, Stage};
use crate::playbook::{self, Family, Known, Playbook};

fn files(folder: &str) -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = std::fs::read_dir(folder).expect("it ships").map(|entry| entry.expect("readable").path());
    let yaml = entries.filter(|path| path.extension().is_some_and(|ext| ext == "yaml"));
    yaml.map(|path| (path.clone(), std::fs::read_to_string(&path).expect("a text"))).collect()
}

fn request(mode: Mode, lab: bool, people: People) -> Request {
    let mut request = Request::new(mode, lab, people);
    for (path, text) in files("policies/samples/quang-ngai/inventory") {
        let mut system = inventory::read(&path.to_string_lossy(), &text).expect("it holds");
        if lab {
            system.environment = Environment::Lab;
        }
        request.systems.insert(system.id.clone(), system);
    }
    request
}

/// Every scenario; the request knows what they call.
fn shipped(request: &mut Request) -> Vec<Playbook> {
    let outlines = playbook::shipped::all()
        .filter_map(|(name, text)| playbook::outline(&crate::source::parse(name, text)))
        .collect();
    let known = Known { systems: request.systems.clone(), playbooks: outlines, complete: true, ..Known::default() };
    request.playbooks = playbook::shipped::all()
        .map(|(name, text)| {
            let playbook = playbook::read(&format!("{name}.yaml"), text, &known).expect("it holds");
            (playbook.name.clone(), playbook)
        })
        .collect();
    request.playbooks.values().filter(|playbook| !playbook::catalogue::is_part(playbook)).cloned().collect()
}

#[test]
fn every_shipped_playbook_comes_to_its_end_in_every_mode() {
    for (mode, lab, people) in [
        (Mode::Tabletop, false, People::Scripted),
        (Mode::Technical, true, People::Scripted),
        (Mode::Technical, true, People::Unattended),
        (Mode::Live, false, People::Scripted),
        (Mode::Respond, false, People::Scripted),
    ] {
        let mut request = request(mode, lab, people);
        for playbook in shipped(&mut request) {
            let mut sim = Sim::new(planned(&playbook, &request));
            sim.finish();
            let result = match sim.state.stage() {
                Stage::Ended(result) => result,
                other => panic!("{other:?}"),
            };
            // Without a machine nothing is captured, so what needs a value fails; around a table people state it all.
            if mode == Mode::Tabletop {
                assert_eq!(result, RunResult::Passed, "{} {mode:?}\n{}", playbook.name, sim.log());
            }
            let view = sim.state.view_with(&sim.now(), Some(sim.objects.as_ref()));
            assert!(view.steps.iter().all(|step| step.depth > 0 || step.outcome.is_some()), "{}", sim.log());
            // What fits every incident runs nothing by itself.
            assert!(!sim.plan.commands().is_empty() || playbook.family == Family::Standing, "{}", playbook.name);
        }
    }
}

#[test]
fn a_shipped_playbook_is_never_planned_as_a_technical_drill_on_systems_in_operation() {
    let mut request = request(Mode::Technical, false, People::Console);
    for playbook in shipped(&mut request) {
        // Who only telephones touches no system.
        if playbook::reach::reach(&playbook, &request.playbooks).systems.is_empty() {
            continue;
        }
        let problems = refused(&playbook, &request);
        assert!(problems.iter().any(|problem| problem.starts_with("target-production inputs.")), "{problems:?}");
    }
}
