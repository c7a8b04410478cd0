//! What expressions of a step can name: inputs, steps of its scope, items of the rounds around it, clocks, secrets.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::Walk;
use crate::engine::plan::names::{expressions, names};
use crate::engine::plan::{Action, Rounds};
use crate::engine::state::{Instance, Kind, NodeId, Place};
use crate::model::{JournalError, StepPath, Template};
use crate::playbook::expression::{self, Scope};

/// A scope around a list of steps: the run's own, that of a round, or that of a called playbook.
struct Level {
    /// The container that makes it; nothing for the run itself.
    container: Option<NodeId>,
    /// Its path with the round; nothing for the run itself.
    list: Option<StepPath>,
    /// The round, from 1.
    round: u32,
}

impl Walk<'_> {
    /// The scope of the steps in `list`, with the values that `texts` (expressions or templates) name.
    pub(super) fn scope(&self, list: Option<&StepPath>, texts: &[&str]) -> Result<Scope, JournalError> {
        self.scope_at(&self.levels(list), texts)
    }

    /// The scope of nothing but what a literal needs, without reading a value.
    pub(super) fn scope_for(&self, list: Option<&StepPath>, texts: &[String]) -> Result<Scope, JournalError> {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        self.scope(list, &texts)
    }

    fn scope_at(&self, levels: &[Level], texts: &[&str]) -> Result<Scope, JournalError> {
        let mut wanted = BTreeSet::new();
        let mut roots = BTreeSet::new();
        for text in texts {
            let inner: Vec<&str> = if text.contains("{{") { expressions(text).collect() } else { vec![text] };
            for name in inner.into_iter().flat_map(names) {
                let mut parts = name.split('.');
                let root = parts.next().unwrap_or_default();
                roots.insert(root);
                if root == "steps" {
                    wanted.extend(parts.next());
                }
            }
        }
        let mut scope = Map::new();
        // The innermost called playbook hides what is around it.
        let call = levels
            .iter()
            .rposition(|level| level.container.is_some_and(|node| self.state.node(node).kind == Kind::Call));
        let visible = &levels[call.unwrap_or(0)..];
        if roots.contains("inputs") {
            scope.insert("inputs".to_owned(), self.inputs(levels, call)?);
        }
        if roots.contains("steps") {
            let mut steps = Map::new();
            for id in wanted {
                if let Some(instance) = self.find(visible, id) {
                    steps.insert(id.to_owned(), self.yields(instance)?);
                }
            }
            scope.insert("steps".to_owned(), Value::Object(steps));
        }
        if roots.contains("each") {
            scope.insert("each".to_owned(), self.items(levels, call.map_or(0, |call| call + 1))?);
        }
        if roots.contains("clocks") {
            scope.insert("clocks".to_owned(), self.clock_values());
        }
        if roots.contains("run") {
            scope.insert("run".to_owned(), self.state.tree.plan.of_run());
        }
        if roots.contains("secret") {
            scope.insert("secret".to_owned(), json!(self.context.secrets));
        }
        Ok(Scope::new(Value::Object(scope)))
    }

    fn levels(&self, list: Option<&StepPath>) -> Vec<Level> {
        let mut levels = vec![Level { container: None, list: None, round: 1 }];
        let Some(list) = list else { return levels };
        let text = list.as_str();
        let ends = text.match_indices('/').map(|(at, _)| at).chain(std::iter::once(text.len()));
        for end in ends {
            let prefix = &text[..end];
            let Ok(path) = prefix.parse::<StepPath>() else { continue };
            let (node, round) = match self.state.tree.locate(prefix) {
                Some(Place::Step(node)) if self.state.node(node).kind == Kind::Call => (node, 1),
                Some(Place::Round(node, round)) => (node, round),
                _ => continue,
            };
            levels.push(Level { container: Some(node), list: Some(path), round });
        }
        levels
    }

    fn find(&self, levels: &[Level], id: &str) -> Option<&Instance> {
        levels.iter().rev().find_map(|level| {
            let names = match level.container {
                None => &self.state.tree.names,
                Some(node) => {
                    let node = self.state.node(node);
                    node.names.get(node.block_of_round(level.round)?)?
                }
            };
            let rest = names.get(id)?;
            let path = match &level.list {
                None => rest.clone(),
                Some(list) => format!("{list}/{rest}"),
            };
            self.state.instances.get(path.as_str()).map(std::convert::AsRef::as_ref)
        })
    }

    /// What an instance yields.
    fn yields(&self, instance: &Instance) -> Result<Value, JournalError> {
        let mut values = Map::new();
        if instance.settled()
            && let Some(outcome) = instance.outcome
        {
            values.insert("outcome".to_owned(), Value::from(outcome.word()));
        }
        if let Some(exit) = instance.exit {
            values.insert("exit".to_owned(), Value::from(exit));
        }
        for (name, object) in &instance.captures {
            // A value that was redacted is not known any more.
            if let Some(text) = self.context.objects.get_text(object)?
                && let Ok(value) = serde_json::from_str(&text)
            {
                values.insert(name.clone(), value);
            }
        }
        Ok(Value::Object(values))
    }

    fn inputs(&self, levels: &[Level], call: Option<usize>) -> Result<Value, JournalError> {
        let Some(call) = call else { return Ok(json!(self.state.tree.plan.inputs)) };
        let Some(node) = levels[call].container else { return Ok(Value::Null) };
        let Action::Call(action) = &self.state.node(node).step.action else { return Ok(Value::Null) };
        let mut inputs = Map::new();
        for (id, value) in &action.inputs {
            let value = match value.as_str().filter(|text| text.contains("{{")) {
                Some(text) => {
                    let outside = self.scope_at(&levels[..call], &[text])?;
                    expression::value(&Template(text.to_owned()), &outside).ok().flatten()
                }
                None => Some(value.clone()),
            };
            inputs.extend(value.map(|value| (id.to_string(), value)));
        }
        Ok(Value::Object(inputs))
    }

    fn items(&self, levels: &[Level], from: usize) -> Result<Value, JournalError> {
        let mut items = Map::new();
        for (index, level) in levels.iter().enumerate().skip(from) {
            let Some(node) = level.container else { continue };
            let Action::Each(each) = &self.state.node(node).step.action else { continue };
            let place = usize::try_from(level.round).unwrap_or(1).saturating_sub(1);
            let item = match &each.rounds {
                Rounds::Known(rounds) => rounds.get(place).map(|round| round.item.clone()),
                Rounds::Open { of, .. } => {
                    let outside = self.scope_at(&levels[..index], &[&of.0])?;
                    match expression::value(of, &outside) {
                        Ok(Some(Value::Array(list))) => list.into_iter().nth(place),
                        _ => None,
                    }
                }
            };
            items.extend(item.map(|item| (each.name.to_string(), item)));
        }
        Ok(Value::Object(items))
    }

    /// A clock's `seconds` are known when it has stopped.
    fn clock_values(&self) -> Value {
        let mut clocks = Map::new();
        for (id, clock) in &self.state.tree.plan.clocks {
            let stopped = self.state.clock(id, self.context.now).filter(|reading| reading.to.is_some());
            let seconds = stopped.map(|reading| reading.elapsed.as_secs());
            clocks.insert(id.to_string(), json!({ "seconds": seconds, "limit": clock.limit_s }));
        }
        Value::Object(clocks)
    }
}
