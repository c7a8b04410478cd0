//! Rounds of an `each` and steps of a called playbook, resolved one by one.

use std::collections::BTreeMap;

use serde_json::Value;

use super::PlanProblem;
use super::names::{expressions, names};
use super::resolve::{Env, Item, MOST_STEPS, Resolver};
use super::types::{self, Round, Rounds};
use crate::model::{Name, Template};
use crate::playbook::expression;
use crate::step::{self, Call, Each, Items};

impl Resolver<'_> {
    pub(super) fn each(&mut self, env: &mut Env, each: &Each) -> types::Each {
        let known = match &each.of {
            Items::List(items) => Some(items.clone()),
            Items::Expression(of) => {
                let before_the_run = expressions(&of.0)
                    .flat_map(names)
                    .all(|name| !["steps", "clocks", "run"].iter().any(|root| name.starts_with(root)));
                match expression::value(of, &env.scope()) {
                    Ok(Some(Value::Array(items))) if before_the_run => Some(items),
                    Err(fault) if before_the_run => {
                        self.fault(env, &of.0, fault);
                        Some(Vec::new())
                    }
                    _ => None,
                }
            }
        };
        let last = env.parts.pop().unwrap_or_default();
        let outer = env.each.remove(&each.name);
        let rounds = match (known, &each.of) {
            (None, Items::Expression(of)) => {
                env.each.insert(each.name.clone(), Item::Open);
                env.parts.push(last.clone());
                let steps = self.steps(env, &each.steps);
                env.parts.pop();
                Rounds::Open { of: of.clone(), steps }
            }
            (known, _) => {
                let mut rounds = Vec::new();
                for (index, item) in known.unwrap_or_default().into_iter().enumerate() {
                    env.each.insert(each.name.clone(), Item::Known(item.clone()));
                    env.parts.push(format!("{last}[{}]", index + 1));
                    let steps = self.steps(env, &each.steps);
                    env.parts.pop();
                    rounds.push(Round { item, steps });
                    if self.count > MOST_STEPS {
                        break;
                    }
                }
                Rounds::Known(rounds)
            }
        };
        env.each.remove(&each.name);
        if let Some(outer) = outer {
            env.each.insert(each.name.clone(), outer);
        }
        env.parts.push(last);
        types::Each { name: each.name.clone(), rounds }
    }

    pub(super) fn call(&mut self, env: &mut Env, call: &Call) -> Option<types::Call> {
        let Some(playbook) = self.request.playbooks.get(&call.playbook) else {
            self.problems.push(PlanProblem::UnknownPlaybook { step: env.path(), playbook: call.playbook.clone() });
            return None;
        };
        if env.playbooks.contains(&call.playbook) {
            let chain: Vec<&str> =
                env.playbooks.iter().chain(std::iter::once(&call.playbook)).map(Name::as_str).collect();
            let problem =
                PlanProblem::CallCycle { step: env.path(), playbook: call.playbook.clone(), chain: chain.join(" -> ") };
            self.problems.push(problem);
            return None;
        }
        let scope = env.scope();
        let mut given = BTreeMap::new();
        let mut open = BTreeMap::new();
        for (id, value) in &call.with {
            let text = value.as_str().filter(|text| text.contains("{{"));
            let Some(text) = text else {
                given.insert(id.clone(), value.clone());
                continue;
            };
            let of_open_each = expressions(text).flat_map(names).any(|name| {
                name.strip_prefix("each.")
                    .and_then(|rest| rest.split('.').next())
                    .is_some_and(|item| env.each.iter().any(|(id, known)| *id == item && matches!(known, Item::Open)))
            });
            if of_open_each {
                let kind = playbook.inputs.get(id).map(|input| &input.kind);
                if kind == Some(&step::ValueKind::System) {
                    self.problems.push(PlanProblem::TargetUnknown { step: env.path(), name: text.to_owned() });
                }
                open.insert(id.clone(), value.clone());
                continue;
            }
            let before = self.problems.len();
            self.template(env, text);
            match expression::value(&Template(text.to_owned()), &scope) {
                Ok(Some(value)) => {
                    given.insert(id.clone(), value);
                }
                // Never the called playbook's default instead: that may be another target.
                Ok(None) if self.problems.len() == before => {
                    self.problems.push(PlanProblem::TargetUnknown { step: env.path(), name: text.to_owned() });
                }
                Ok(None) => {}
                Err(fault) => self.fault(env, text, fault),
            }
        }
        // What is only known in its round is there, without a value to look at yet.
        let mut filled = given.clone();
        for (id, input) in &playbook.inputs {
            if open.contains_key(id) && input.kind != step::ValueKind::System {
                filled.insert(id.clone(), placeholder(&input.kind));
            }
        }
        let path = env.path();
        let mut inputs = self.inputs(playbook, &filled, &path);
        inputs.extend(open);
        let outer_inputs = std::mem::replace(&mut env.inputs, inputs);
        let outer_each = std::mem::take(&mut env.each);
        env.playbooks.push(call.playbook.clone());
        let steps = self.steps(env, &playbook.steps);
        env.playbooks.pop();
        env.each = outer_each;
        let inputs = std::mem::replace(&mut env.inputs, outer_inputs);
        Some(types::Call {
            playbook: call.playbook.clone(),
            version: playbook.version,
            title: playbook.title.clone(),
            inputs,
            steps,
        })
    }
}

/// A value that fits its kind, for an input that is filled in during the run.
fn placeholder(kind: &step::ValueKind) -> Value {
    match kind {
        step::ValueKind::System | step::ValueKind::Path | step::ValueKind::String => Value::from(""),
        step::ValueKind::Integer | step::ValueKind::Duration => Value::from(0),
        step::ValueKind::Boolean => Value::Bool(false),
        step::ValueKind::Choice(words) => words.first().map_or(Value::Null, |word| Value::from(word.as_str())),
    }
}
