//! Measures in words before the day: what is set is known, what will be measured is not.

use serde_json::Value;

use super::{Planned, PlannedSystem};
use crate::message::message;
use crate::model::{Expression, Text};
use crate::playbook::Objective;
use crate::playbook::exercise::ExerciseMode;
use crate::playbook::names::names;
use crate::playbook::show::Shown;
use crate::report::document::{Block, Inline, Marker, Spans};
use crate::report::letterhead::Letterhead;
use crate::report::measure::{Ground, StepName, in_words};
use crate::report::targets::{Set, on_the_lab};
use crate::step::ValueKind;

impl Planned<'_> {
    /// The targets that the drill is measured against: on the lab those of the lab.
    pub(super) fn targets(&self, system: &PlannedSystem) -> Set {
        match (self.exercise.mode, system.lab) {
            (ExerciseMode::Lab, Some(lab)) => lab,
            _ => system.owner,
        }
    }

    /// On the lab: which targets the drill is measured against, which it is not, and why.
    pub(super) fn on_the_lab(&self, head: &Letterhead<'_>) -> Vec<String> {
        let lab = self.systems.iter().filter(|_| self.exercise.mode == ExerciseMode::Lab);
        lab.filter_map(|system| Some(on_the_lab(&system.name, system.lab?, system.owner, head.lang))).collect()
    }

    /// An objective with how it is measured: in words, else as the playbook writes it.
    fn objective(&self, one: &Objective, head: &Letterhead<'_>) -> Spans {
        let title = one.title.pick(head.lang);
        let Some(measure) = &one.measure else {
            return vec![Inline::from(format!("{title} ({})", head.say(&message!("script-scored-only"))))];
        };
        if let Some(words) = in_words(measure, self) {
            let how = head.say(&message!("script-measured", measure = words.set_inside()));
            return vec![Inline::from(format!("{title} ({how})"))];
        }
        let how = head.say(&message!("script-measured", measure = ""));
        vec![Inline::from(format!("{title} ({how}")), Inline::code(measure.0.as_str()), Inline::from(")")]
    }

    /// The objectives as a list; each ends as the decree ends items. What names a step is told to the organisers only.
    pub(super) fn objectives(&self, for_everybody: bool, head: &Letterhead<'_>) -> Block {
        let all = &self.playbook.objectives;
        if all.is_empty() {
            return Block::text(head.nothing());
        }
        let item = |(number, one): (usize, &Objective)| {
            let told = |measure: &Expression| !names(&measure.0).iter().any(|name| name.starts_with("steps."));
            let mut item = match &one.measure {
                Some(measure) if for_everybody && !told(measure) => vec![Inline::from(one.title.pick(head.lang))],
                _ => self.objective(one, head),
            };
            item.push(Inline::from(if number == all.len() { "." } else { ";" }));
            item
        };
        Block::List(Marker::Dash, (1..).zip(all).map(item).collect())
    }

    /// The step of that id that stands highest.
    fn step_called(&self, id: &str) -> Option<&Shown> {
        let called = self.steps.iter().filter(|step| step.path.rsplit('/').next() == Some(id));
        called.min_by_key(|step| step.depth)
    }
}

impl Ground for Planned<'_> {
    fn clock(&self, id: &str) -> Option<Text> {
        let clock = self.playbook.clocks.iter().find(|(clock, _)| clock.as_str() == id)?.1;
        Some(clock.title.clone().unwrap_or_else(|| Text::from(id)))
    }

    fn input(&self, id: &str) -> Option<Text> {
        let input = self.playbook.inputs.iter().find(|(input, _)| input.as_str() == id)?.1;
        input.title.clone()
    }

    fn step(&self, id: &str) -> Option<StepName> {
        self.step_called(id).map(|step| StepName { number: None, title: step.title.clone() })
    }

    fn asked(&self, step: &str, name: &str) -> Option<Text> {
        let asks = &self.step_called(step)?.asks;
        asks.iter().find(|(ask, _)| ask.as_str() == name).map(|(_, title)| title.clone())
    }

    fn value(&self, path: &str) -> Option<Value> {
        let (input, rest) =
            path.strip_prefix("inputs.")?.split_once('.').unwrap_or((path.strip_prefix("inputs.")?, ""));
        let input = self.playbook.inputs.iter().find(|(id, _)| id.as_str() == input)?.1;
        let default = input.default.as_ref()?;
        if input.kind != ValueKind::System {
            return rest.is_empty().then(|| default.clone());
        }
        let system = self.systems.iter().find(|system| Some(system.id.as_str()) == default.as_str())?;
        let set = self.targets(system);
        match rest {
            "objectives.rto" => set.rto.map(Value::from),
            "objectives.rpo" => set.rpo.map(Value::from),
            _ => None,
        }
    }
}
