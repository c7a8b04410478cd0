//! What the names in a measure stood for when it was measured.

use serde_json::Value;

use super::Gatherer;
use crate::engine::plan::Action;
use crate::model::record::ObjectiveMeasured;
use crate::model::{Body, Id, Mark, StepPath, Text};
use crate::playbook::ClockEdge;
use crate::report::Stretch;
use crate::report::measure::{Ground, InWords, StepName, in_words};

impl Gatherer<'_> {
    /// An objective's measure in words, with the values of the time of measuring.
    pub(super) fn in_words(&self, objective: &Id, measure: &crate::model::Expression) -> Option<InWords> {
        let of = |body: &'_ Body| match body {
            Body::ObjectiveMeasured(measured) if measured.objective == *objective => Some(measured.clone()),
            _ => None,
        };
        let measured = self.own().filter_map(|record| of(&record.draft.body)).last();
        in_words(measure, &Measuring { gatherer: self, measured: measured.as_ref() })
    }

    /// Which stretch of a response a clock measures: by its edges, not by its name.
    pub(super) fn stretch(&self, clock: &Id) -> Option<Stretch> {
        let rule = self.plan.clocks.get(clock)?;
        let fault = |id: &Id| {
            let step = self.step_called(id.as_str());
            step.and_then(|step| self.planned(&step.path)).is_some_and(|step| matches!(step.action, Action::Fault(_)))
        };
        match (&rule.from, &rule.to) {
            (ClockEdge::Begin(id) | ClockEdge::End(id), ClockEdge::Mark(Mark::Detected)) if fault(id) => {
                Some(Stretch::Detect)
            }
            (ClockEdge::Outage, ClockEdge::Mark(Mark::Detected)) => Some(Stretch::Detect),
            (ClockEdge::Mark(Mark::Detected), ClockEdge::Mark(Mark::Contained)) => Some(Stretch::Contain),
            (ClockEdge::Outage | ClockEdge::Mark(Mark::Detected), ClockEdge::Mark(Mark::Restored)) => {
                Some(Stretch::Restore)
            }
            _ => None,
        }
    }

    /// The step of the run's own list, or of what holds it, that has this id.
    fn step_called(&self, id: &str) -> Option<&crate::engine::view::StepView> {
        let called = |path: &StepPath| path.as_str().rsplit('/').next() == Some(id);
        self.view.steps.iter().filter(|step| called(&step.path)).min_by_key(|step| step.depth)
    }
}

struct Measuring<'a> {
    gatherer: &'a Gatherer<'a>,
    measured: Option<&'a ObjectiveMeasured>,
}

impl Ground for Measuring<'_> {
    fn clock(&self, id: &str) -> Option<Text> {
        let clock = self.gatherer.plan.clocks.iter().find(|(clock, _)| clock.as_str() == id)?.1;
        Some(clock.title.clone().unwrap_or_else(|| Text::from(id)))
    }

    fn input(&self, _: &str) -> Option<Text> {
        // A plan has the inputs' values, which are what was set.
        None
    }

    fn step(&self, id: &str) -> Option<StepName> {
        let step = self.gatherer.step_called(id)?;
        Some(StepName { number: step.number, title: step.title.clone() })
    }

    fn asked(&self, step: &str, name: &str) -> Option<Text> {
        let step = self.gatherer.planned(&self.gatherer.step_called(step)?.path)?;
        let Action::Manual(manual) = &step.action else { return None };
        manual.ask.iter().find(|ask| ask.id.as_str() == name).map(|ask| ask.title.clone())
    }

    fn value(&self, path: &str) -> Option<Value> {
        if let Some(value) = self.measured.and_then(|measured| measured.values.get(path)) {
            return Some(value.clone());
        }
        let gatherer = self.gatherer;
        match path.split('.').collect::<Vec<_>>().as_slice() {
            ["inputs", input, rest @ ..] => {
                let input = gatherer.plan.inputs.iter().find(|(id, _)| id.as_str() == *input)?.1;
                rest.iter().try_fold(input, |value, key| value.get(key)).cloned()
            }
            ["clocks", id, "seconds"] => {
                let clock = gatherer.view.clocks.iter().find(|clock| clock.id.as_str() == *id)?;
                clock.to?;
                Some(Value::from(clock.elapsed?.as_secs()))
            }
            ["steps", id, "outcome"] => {
                let step = gatherer.step_called(id)?;
                step.outcome.map(|outcome| Value::from(outcome.word()))
            }
            ["steps", id, name] => {
                let step = gatherer.step_called(id)?;
                let object = gatherer.state.instance(&step.path)?.captures.get(*name)?;
                serde_json::from_str(&gatherer.text(object)?).ok()
            }
            _ => None,
        }
    }
}
