//! Inputs: from texts and values to what expressions see.

use std::collections::BTreeMap;

use serde_json::Value;

use super::PlanProblem;
use super::resolve::Resolver;
use crate::model::{Id, Name, Span};
use crate::playbook::Playbook;
use crate::step::ValueKind;

impl Resolver<'_> {
    /// The run's own inputs.
    pub(super) fn root_inputs(&mut self, playbook: &Playbook) -> BTreeMap<Id, Value> {
        self.inputs(playbook, &self.request.inputs, "")
    }

    /// `given` and defaults as the values of the inputs of `playbook`; `step` is the path of the call.
    pub(super) fn inputs(
        &mut self,
        playbook: &Playbook,
        given: &BTreeMap<Id, Value>,
        step: &str,
    ) -> BTreeMap<Id, Value> {
        for input in given.keys().filter(|input| !playbook.inputs.contains_key(*input)) {
            self.problems.push(PlanProblem::InputUnknown { step: step.to_owned(), input: input.clone() });
        }
        let mut values = BTreeMap::new();
        for (id, input) in &playbook.inputs {
            let Some(value) = given.get(id).or(input.default.as_ref()) else {
                self.problems.push(PlanProblem::InputMissing { input: id.clone() });
                continue;
            };
            if let Some(value) = self.input(id, &input.kind, value, step) {
                values.insert(id.clone(), value);
            }
        }
        values
    }

    fn input(&mut self, id: &Id, kind: &ValueKind, value: &Value, step: &str) -> Option<Value> {
        if *kind == ValueKind::System {
            let name = value.as_str().or_else(|| value.get("id").and_then(Value::as_str));
            let name = name.and_then(|name| name.parse::<Name>().ok());
            let Some(name) = name else { return self.invalid(id, value, step) };
            let Some(system) = self.request.systems.get(&name) else {
                let step = if step.is_empty() { format!("inputs.{id}") } else { step.to_owned() };
                self.problems.push(PlanProblem::UnknownSystem { step, system: name.to_string() });
                return None;
            };
            self.touch(system);
            if step.is_empty() {
                self.check_input_target(id, system);
            }
            return Some(system.value());
        }
        match value_of(kind, value) {
            Some(value) => Some(value),
            None => self.invalid(id, value, step),
        }
    }

    fn invalid(&mut self, id: &Id, value: &Value, step: &str) -> Option<Value> {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        self.problems.push(PlanProblem::InputInvalid { step: step.to_owned(), input: id.clone(), value });
        None
    }
}

/// The value of `kind` that `value` is, or says as a text. Durations become whole seconds.
pub(crate) fn value_of(kind: &ValueKind, value: &Value) -> Option<Value> {
    match kind {
        ValueKind::System | ValueKind::Path | ValueKind::String => value.as_str().map(Value::from),
        ValueKind::Integer => match value {
            Value::Number(number) if number.is_i64() || number.is_u64() => Some(value.clone()),
            Value::String(text) => text.trim().parse::<i64>().ok().map(Value::from),
            _ => None,
        },
        ValueKind::Duration => match value {
            Value::Number(number) => number.as_u64().map(Value::from),
            Value::String(text) => text.trim().parse::<Span>().ok().map(|span| Value::from(span.seconds())),
            _ => None,
        },
        ValueKind::Boolean => match value {
            Value::Bool(_) => Some(value.clone()),
            Value::String(text) => match text.trim() {
                "true" | "yes" => Some(Value::Bool(true)),
                "false" | "no" => Some(Value::Bool(false)),
                _ => None,
            },
            _ => None,
        },
        ValueKind::Choice(words) => {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            words.contains(&text).then_some(Value::String(text))
        }
    }
}
