//! What objectives came to, and what the names in a measure stood for.

use serde_json::Value;

use super::{Gatherer, both};
use crate::engine::plan::Action;
use crate::engine::plan::names::names;
use crate::message::message;
use crate::model::record::ObjectiveMeasured;
use crate::model::{Body, Expression, Id, Mark, Record, StepPath, Text};
use crate::playbook::ClockEdge;
use crate::report::measure::{Ground, InWords, StepName, in_words};
use crate::report::{ObjectiveRow, Recorded, Stretch};

impl Gatherer<'_> {
    /// What was to be reached, and whether it was: by what the records say now. Where what was recorded at the end of the run says
    /// something else, that stands beside it.
    pub(super) fn objectives(&self) -> Vec<ObjectiveRow> {
        let now =
            if self.state.ended() { self.state.measure(self.facts.objects, self.facts.now) } else { Ok(Vec::new()) };
        let now = now.unwrap_or_default();
        let rows = self.plan.objectives.iter().map(|objective| {
            let recorded = self.recorded(&objective.id);
            let then = recorded.as_ref().map(|(_, measured)| measured);
            let again = now.iter().find(|measured| measured.objective == objective.id);
            let again = again.zip(then).and_then(|(again, then)| Some((again, self.moved(then, again)?)));
            let words = |measured| {
                let words = objective.measure.as_ref().and_then(|measure| self.in_words(measured, measure));
                words.map(|words| (words.set, words.measured)).unzip()
            };
            let (again, moves) = again.unzip();
            let (set, measured) = words(again.or(then));
            let mut records: Vec<u64> = recorded.iter().map(|(seq, _)| *seq).collect();
            if let Some(moves) = moves {
                records.extend(self.seqs(|body| matches!(body, Body::Corrected(it) if moves(&it.field))));
            }
            ObjectiveRow {
                id: objective.id.clone(),
                title: objective.title.clone(),
                measure: objective.measure.as_ref().map(|measure| measure.0.clone()),
                set,
                measured,
                met: again.or(then).and_then(|measured| measured.met),
                recorded: again.and(then).map(|then| Recorded { met: then.met, measured: words(Some(then)).1 }),
                unconfirmed: objective.measure.as_ref().is_some_and(|measure| self.rests_on_nobody(&measure.0)),
                records,
            }
        });
        rows.collect()
    }

    /// What was recorded of an objective last, with its record.
    fn recorded(&self, objective: &Id) -> Option<(u64, ObjectiveMeasured)> {
        let of = |record: &Record| match &record.draft.body {
            Body::ObjectiveMeasured(measured) if measured.objective == *objective => {
                Some((record.seq, measured.clone()))
            }
            _ => None,
        };
        self.own().filter_map(of).last()
    }

    /// Which fields' corrections can have moved what an objective came to; nothing where nothing has. A value that was taken out
    /// of the ledger moves nothing: it was known when it was measured.
    fn moved(&self, then: &ObjectiveMeasured, now: &ObjectiveMeasured) -> Option<fn(&str) -> bool> {
        let clocks = |measured: &ObjectiveMeasured| {
            let read = measured.values.iter().filter(|(name, _)| name.starts_with("clocks."));
            read.map(|(name, value)| (name.clone(), value.clone())).collect::<Vec<_>>()
        };
        let answers: fn(&str) -> bool = |field| field.starts_with("answers.");
        let answered = || {
            let of = |body: &Body| matches!(body, Body::Corrected(it) if answers(&it.field));
            self.records().iter().any(|record| of(&record.draft.body))
        };
        if clocks(then) != clocks(now) {
            Some(|field| matches!(field, "occurred" | "mark"))
        } else if then.met != now.met && now.met.is_some() && answered() {
            Some(answers)
        } else {
            None
        }
    }

    /// Whether an expression names a clock of which [`Gatherer::unconfirmed`] is true.
    fn rests_on_nobody(&self, measure: &str) -> bool {
        let clock = |name: &str| name.strip_prefix("clocks.")?.split('.').next()?.parse::<Id>().ok();
        names(measure).into_iter().filter_map(clock).any(|clock| self.unconfirmed(&clock))
    }

    /// An objective's measure in words, with the values of the time of measuring.
    fn in_words(&self, measured: Option<&ObjectiveMeasured>, measure: &Expression) -> Option<InWords> {
        in_words(measure, &Measuring { gatherer: self, measured })
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
        Some(clock.title.clone().unwrap_or_else(|| both(&message!("measure-clock", id = id))))
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
