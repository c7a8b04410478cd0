//! From a playbook, an inventory and inputs to a plan that is frozen for one run, or every reason why there is none.

mod inline;
mod inputs;
mod problem;
mod resolve;
mod show;
mod targets;
mod types;

use std::collections::BTreeMap;

use serde_json::Value;

pub(crate) use inputs::value_of;
pub use problem::PlanProblem;
pub use show::{PlannedCommand, command_of};
pub use types::*;

use crate::inventory::{System, Targets};
use crate::model::record::{Manner, People};
use crate::model::{Id, Lang, Mode, Name, RunKind};
use crate::playbook::Playbook;
use crate::playbook::exercise::Exercise;
pub(crate) use crate::playbook::names;
pub(crate) use crate::playbook::shown::quote;
pub use crate::playbook::shown::{display, in_words};

/// What a run is asked to be.
#[derive(Clone, Debug)]
pub struct Request {
    /// How it is carried out.
    pub mode: Mode,
    /// Whether its targets are the lab's.
    pub lab: bool,
    /// How people take part.
    pub people: People,
    /// The systems that can be named: the lab's entries with `lab`, else the inventory's.
    pub systems: BTreeMap<Name, System>,
    /// With `lab`: what the owners of the systems that the lab's stand for have set, as the inventory says.
    pub owners: BTreeMap<Name, Targets>,
    /// The playbooks that can be called.
    pub playbooks: BTreeMap<Name, Playbook>,
    /// Its inputs: values of their kind, or texts that say them.
    pub inputs: BTreeMap<Id, Value>,
    /// The planned exercise, if any.
    pub exercise: Option<Name>,
    /// What it plans.
    pub planned: Option<Exercise>,
    /// The language of what the engine writes into the record.
    pub language: Lang,
    /// In which ways a second person may consent to what is destructive on real systems; none where nobody has to.
    pub second_person: Vec<Manner>,
}

impl Request {
    /// Nothing is known but how it is carried out.
    #[must_use]
    pub fn new(mode: Mode, lab: bool, people: People) -> Self {
        Self {
            mode,
            lab,
            people,
            systems: BTreeMap::new(),
            owners: BTreeMap::new(),
            playbooks: BTreeMap::new(),
            inputs: BTreeMap::new(),
            exercise: None,
            planned: None,
            language: Lang::Vi,
            second_person: Vec::new(),
        }
    }
}

/// Resolves `playbook` for the run that `request` asks for.
///
/// # Errors
///
/// Every reason why it cannot be carried out like this, in the order of the steps.
pub fn plan(playbook: &Playbook, request: &Request) -> Result<Plan, Vec<PlanProblem>> {
    let mut resolver = resolve::Resolver::new(request);
    let inputs = resolver.root_inputs(playbook);
    if request.lab && request.mode != Mode::Technical {
        resolver.problems.push(PlanProblem::LabMode);
    }
    let on_real_systems = matches!(request.mode, Mode::Live | Mode::Respond);
    let unattended = request.people == People::Unattended;
    if unattended && on_real_systems {
        resolver.problems.push(PlanProblem::NobodyConsents { mode: request.mode });
    }
    resolver.roles.clone_from(&playbook.roles);
    let mut env = resolve::Env::new(playbook, inputs);
    let steps = resolver.steps(&mut env, &playbook.steps);
    let watches = resolver.watches(&env, &playbook.watches);
    let clocks = resolve::Resolver::clocks(&env, playbook);
    if !resolver.problems.is_empty() {
        return Err(resolver.problems);
    }
    Ok(Plan {
        plan_format: 1,
        playbook: playbook.name.clone(),
        version: playbook.version,
        title: playbook.title.clone(),
        family: playbook.family,
        scenario: playbook.kind.clone(),
        attack: playbook.attack.clone(),
        tasks: playbook.tasks.clone(),
        keep_running: playbook.keep_running.clone(),
        kind: if request.mode == Mode::Respond { RunKind::Incident } else { RunKind::Drill },
        mode: request.mode,
        lab: request.lab,
        people: request.people,
        exercise: request.exercise.clone(),
        planned: request.planned.clone().map(Box::new),
        language: request.language,
        inputs: env.inputs,
        owners: owners(request, &resolver.touched),
        systems: resolver.touched,
        roles: resolver.roles,
        objectives: playbook.objectives.clone(),
        watches,
        clocks,
        second_person: if on_real_systems { request.second_person.clone() } else { Vec::new() },
        steps,
    })
}

/// What owners have set for the systems that the lab's stand for.
fn owners(request: &Request, touched: &BTreeMap<Name, System>) -> BTreeMap<Name, Targets> {
    let set = request
        .owners
        .iter()
        .filter(|(name, set)| request.lab && touched.contains_key(*name) && (set.rto.is_some() || set.rpo.is_some()));
    set.map(|(name, set)| (name.clone(), *set)).collect()
}
