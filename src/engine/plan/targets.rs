//! What may be touched: the rules of formats section 2 on targets.

use super::PlanProblem;
use super::resolve::{Env, Item, Resolver};
use crate::inventory::{Environment, System};
use crate::model::{Effect, Id, Mode, Name};
use crate::step::SystemRef;

impl<'a> Resolver<'a> {
    /// Whether this is a drill that really runs, but not on systems in operation.
    fn guarded(&self) -> bool {
        self.request.mode == Mode::Technical
    }

    /// Whether a drill may change the system.
    fn allowed(&self, system: &System) -> bool {
        match system.environment {
            Environment::Production => false,
            Environment::DrillTarget => !self.request.lab,
            Environment::Lab => true,
        }
    }

    /// In a technical drill, `inputs.system` is the lab's or a declared drill target.
    pub(super) fn check_input_target(&mut self, input: &Id, system: &System) {
        if self.guarded() && *input == "system" && !self.allowed(system) {
            let problem = PlanProblem::Production { step: format!("inputs.{input}"), system: system.id.to_string() };
            if !self.problems.contains(&problem) {
                self.problems.push(problem);
            }
        }
    }

    /// An operation on, or a restore to, `system`.
    pub(super) fn check_target(&mut self, env: &Env, system: &System) {
        if self.guarded() && !self.allowed(system) {
            self.problems.push(PlanProblem::Production { step: env.path(), system: system.id.to_string() });
        }
    }

    /// A literal command.
    pub(super) fn check_literal(&mut self, env: &Env, effect: Effect) {
        if self.guarded() && effect != Effect::Observe {
            self.problems.push(PlanProblem::LiteralCommand { step: env.path() });
        }
    }

    /// A restore to a folder.
    pub(super) fn check_path(&mut self, env: &Env) {
        if self.guarded() {
            self.problems.push(PlanProblem::RestoreToPath { step: env.path() });
        }
    }

    /// The system that `reference` means here. `acting`: an operation or a restore, for which a system that is not known is
    /// one in operation.
    pub(super) fn system(&mut self, env: &Env, reference: &SystemRef, acting: bool) -> Option<&'a System> {
        let name = match reference {
            SystemRef::Id(name) => name.to_string(),
            SystemRef::Input(id) => {
                let Some(name) = env.inputs.get(id).and_then(|value| value.get("id")?.as_str()) else {
                    self.unknown_target(env, &format!("inputs.{id}"));
                    return None;
                };
                name.to_owned()
            }
            SystemRef::Each(id) => {
                let Some(Item::Known(value)) = env.each.get(id) else {
                    self.unknown_target(env, &format!("each.{id}"));
                    return None;
                };
                let name = value.as_str().or_else(|| value.get("id")?.as_str());
                name.map_or_else(|| value.to_string(), str::to_owned)
            }
        };
        let system = name.parse::<Name>().ok().and_then(|name| self.request.systems.get(&name));
        match system {
            Some(system) => {
                self.touch(system);
                Some(system)
            }
            None if acting && self.request.lab => {
                self.problems.push(PlanProblem::Production { step: env.path(), system: name });
                None
            }
            None => {
                self.problems.push(PlanProblem::UnknownSystem { step: env.path(), system: name });
                None
            }
        }
    }

    /// An input that is missing or no system is said once, where the inputs are.
    fn unknown_target(&mut self, env: &Env, name: &str) {
        if self.problems.is_empty() || name.starts_with("each") {
            self.problems.push(PlanProblem::TargetUnknown { step: env.path(), name: name.to_owned() });
        }
    }
}
