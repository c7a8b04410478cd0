//! Steps as they were carried out.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Gatherer, both};
use crate::engine::plan::{self, command_of};
use crate::engine::view::StepView;
use crate::message::{Message, message};
use crate::model::record::{What, Why};
use crate::model::{Actor, Body, ObjectRef, Outcome, StepPath, UndoOutcome};
use crate::playbook::expression::Scope;
use crate::report::{EvidenceRow, StepRow, Summary};

/// The most of an output that stands on the page, in characters and in lines.
const EXCERPT: (usize, usize) = (1600, 16);

impl Gatherer<'_> {
    pub(super) fn steps(&self) -> Vec<StepRow> {
        let scope = self.scope();
        let records = self.records_by_step();
        let mut rows = Vec::with_capacity(self.view.steps.len());
        for view in &self.view.steps {
            rows.push(self.step(view, &scope, &records));
            let undo = view.path.undo();
            if self.state.instance(&undo).is_some() {
                rows.push(self.undo(view, undo, &records));
            }
        }
        rows
    }

    fn step(&self, view: &StepView, scope: &Scope, records: &BTreeMap<StepPath, Vec<u64>>) -> StepRow {
        let role = view.role.as_ref().map(|role| self.role_title(role));
        // A value of another round would be a false statement: there the command stays as the plan has it.
        let command = match self.planned(&view.path) {
            Some(step) if !view.path.as_str().contains('[') => command_of(self.plan, &step.action, scope),
            _ => view.command.clone(),
        };
        let row = StepRow {
            path: view.path.clone(),
            number: view.number,
            depth: view.depth,
            title: view.title.clone(),
            action: view.action,
            role,
            phase: view.phase,
            effect: view.effect,
            who: self.who(&view.path, view.began.is_some()),
            second: self.second(&view.path),
            command,
            attempts: view.attempt,
            outcome: view.outcome,
            confirmed: view.confirmed,
            why: None,
            foreseen: false,
            detail: None,
            undo: view.undo,
            exit: None,
            began: view.began,
            ended: view.ended,
            millis: view.took.map(|took| u64::try_from(took.as_millis()).unwrap_or(u64::MAX)),
            output: None,
            output_cut: false,
            evidence: Vec::new(),
            records: records.get(&view.path).cloned().unwrap_or_default(),
        };
        self.ended(row)
    }

    /// The undo of a step, a row of its own.
    fn undo(&self, view: &StepView, path: StepPath, records: &BTreeMap<StepPath, Vec<u64>>) -> StepRow {
        let instance = self.state.instance(&path);
        let began = instance.and_then(|instance| instance.first_began.clone());
        let ended = instance.and_then(|instance| instance.ended.clone());
        let took = began.as_ref().zip(ended.as_ref()).map(|(began, ended)| ended.since(began).0);
        let action = self.planned(&view.path).and_then(|step| step.undo.as_deref());
        let scope = self.scope();
        let row = StepRow {
            number: None,
            depth: view.depth + 1,
            title: view.title.clone(),
            action: "undo",
            role: None,
            phase: None,
            effect: action.and_then(plan::Action::effect),
            who: self.who(&path, began.is_some()),
            second: None,
            command: action.and_then(|action| command_of(self.plan, action, &scope)),
            attempts: instance.map_or(0, |instance| instance.attempt),
            outcome: instance.and_then(|instance| instance.outcome),
            confirmed: None,
            why: None,
            foreseen: false,
            detail: None,
            undo: UndoOutcome::None,
            exit: None,
            began: began.map(|began| began.at),
            ended: ended.map(|ended| ended.at),
            millis: took.map(|took| u64::try_from(took.as_millis()).unwrap_or(u64::MAX)),
            output: None,
            output_cut: false,
            evidence: Vec::new(),
            records: records.get(&path).cloned().unwrap_or_default(),
            path,
        };
        self.ended(row)
    }

    /// Fills in what the end of the step says: why, output, evidence.
    fn ended(&self, mut row: StepRow) -> StepRow {
        let Some(instance) = self.state.instance(&row.path) else { return row };
        row.exit = instance.exit;
        row.why = instance.why.as_ref().filter(|_| instance.settled()).map(|why| both(&words(why)));
        row.foreseen = matches!(
            (row.outcome, &instance.why),
            (Some(Outcome::Skipped), Some(Why::When | Why::Goto(_) | Why::DrillOnly))
                | (Some(Outcome::Skipped | Outcome::Abandoned), Some(Why::Switched))
        );
        row.detail = instance.detail.as_ref().and_then(|detail| self.text(detail));
        if row.detail.is_none() {
            row.detail = self.reason(&row.path);
        }
        let mut add = |kind, name: Option<&str>, object: &ObjectRef| {
            let name = name.map(str::to_owned);
            row.evidence.push(EvidenceRow { kind, name, digest: object.object, size: object.size });
        };
        if let Some(output) = &instance.output {
            add("output", None, output);
        }
        for (name, object) in instance.captures.iter().filter(|(name, _)| telling(name)) {
            add("capture", Some(name), object);
        }
        if let Some(detail) = &instance.detail {
            add("detail", None, detail);
        }
        for record in self.own() {
            match &record.draft.body {
                Body::Attached(body) if body.step.as_ref() == Some(&row.path) => {
                    let name = self.text(&body.name);
                    add("attachment", name.as_deref(), &body.file);
                }
                Body::Noted(body) if body.step.as_ref() == Some(&row.path) => add("note", None, &body.text),
                _ => {}
            }
        }
        let dropped = self.own().any(|record| {
            matches!(&record.draft.body, Body::StepEnded(ended) if ended.step == row.path && ended.dropped.is_some())
        });
        if let Some(output) = instance.output.as_ref().and_then(|output| self.text(output)) {
            let (excerpt, cut) = excerpt(&output);
            row.output = Some(excerpt).filter(|text| !text.is_empty());
            row.output_cut = cut || dropped;
        }
        row
    }

    /// Who did a step: the people who answered for it, else the machine.
    fn who(&self, path: &StepPath, began: bool) -> Vec<Actor> {
        let mut who: Vec<Actor> = self
            .state
            .questions()
            .filter(|question| question.step.as_ref() == Some(path) && question.what != What::Second)
            .filter_map(|question| Some(question.answer.as_ref()?.actor.clone()))
            .collect();
        who.dedup();
        if who.is_empty() && began {
            who.push(Actor::engine());
        }
        who
    }

    /// Why a person answered as they did.
    fn reason(&self, path: &StepPath) -> Option<String> {
        let questions = self.state.questions().filter(|question| question.step.as_ref() == Some(path));
        let because = questions.filter_map(|question| question.answer.as_ref()?.because).last()?;
        self.text(&because)
    }

    fn records_by_step(&self) -> BTreeMap<StepPath, Vec<u64>> {
        let mut by_step: BTreeMap<StepPath, Vec<u64>> = BTreeMap::new();
        for record in self.own() {
            let step = match &record.draft.body {
                Body::StepStarted(body) => &body.step,
                Body::StepEnded(body) => &body.step,
                Body::StepUndone(body) => &body.step,
                _ => continue,
            };
            by_step.entry(step.clone()).or_default().push(record.seq);
        }
        by_step
    }

    /// What expressions of the plan see, as far as the objects are still there.
    fn scope(&self) -> Scope {
        let mut steps = Map::new();
        for (path, instance) in self.state.instances().filter(|(path, _)| path.undone().is_none()) {
            let id = path.as_str().rsplit('/').next().unwrap_or_default();
            let mut values = Map::new();
            for (name, object) in &instance.captures {
                let text = self.facts.objects.get_text(object).ok().flatten();
                if let Some(value) = text.and_then(|text| serde_json::from_str(&text).ok()) {
                    values.insert(name.clone(), value);
                }
            }
            values.insert("outcome".to_owned(), instance.outcome.map_or(Value::Null, |o| Value::from(o.word())));
            steps.insert(id.to_owned(), Value::Object(values));
        }
        Scope::new(json!({ "inputs": self.plan.inputs, "steps": steps }))
    }

    /// The step of the plan that an instance is of.
    pub(super) fn planned(&self, path: &StepPath) -> Option<&plan::Step> {
        let path = path.undone().unwrap_or_else(|| path.clone());
        let mut list: &[plan::Step] = &self.plan.steps;
        let mut found = None;
        for part in path.as_str().split('/') {
            let (id, round) = match part.split_once('[') {
                Some((id, rest)) => (id, rest.trim_end_matches(']').parse().unwrap_or(1)),
                None => (part, 1_usize),
            };
            let step = list.iter().find(|step| step.id == *id)?;
            let blocks = step.action.blocks();
            list = blocks.get(round - 1).or(blocks.first()).copied().unwrap_or_default();
            found = Some(step);
        }
        found
    }

    /// The figures over the steps of all plans that led the run. What a restore brought back is measured by the plan that leads.
    pub(super) fn summary<'s>(&self, parts: impl Iterator<Item = &'s [StepRow]>) -> Summary {
        let parts: Vec<&[StepRow]> = parts.collect();
        let mut summary = Summary::default();
        for step in parts.iter().copied().flatten().filter(|step| step.number.is_some()) {
            match step.outcome {
                Some(Outcome::Done) => summary.done += 1,
                Some(Outcome::Failed) => summary.failed += 1,
                Some(Outcome::Skipped) => summary.skipped += 1,
                Some(Outcome::Unknown) => summary.unknown += 1,
                Some(Outcome::Abandoned) => summary.abandoned += 1,
                None if step.began.is_some() => summary.open += 1,
                None => summary.not_reached += 1,
            }
        }
        self.recovered(parts.last().copied().unwrap_or_default(), &mut summary);
        summary
    }
}

/// Whether a value says anything about the service: what every look yields does not.
pub(super) fn telling(name: &str) -> bool {
    !matches!(name, "millis" | "looks" | "exit")
}

/// The beginning of a text, and whether there is more.
fn excerpt(text: &str) -> (String, bool) {
    let (characters, lines) = EXCERPT;
    let text = text.trim_end();
    let kept: Vec<&str> = text.lines().take(lines).collect();
    let kept = kept.join("\n");
    let short: String = kept.chars().take(characters).collect();
    let cut = short.len() < text.len();
    (short, cut)
}

fn words(why: &Why) -> Message {
    match why {
        Why::When => message!("report-why-when"),
        Why::Goto(step) => message!("report-why-goto", step = step.as_str()),
        Why::DrillOnly => message!("report-why-drill-only"),
        Why::Person => message!("report-why-person"),
        Why::Stopping => message!("report-why-stopping"),
        Why::AfterFailure => message!("report-why-after-failure"),
        Why::Timeout => message!("report-why-timeout"),
        Why::Orphan => message!("report-why-orphan"),
        Why::Connection => message!("report-why-connection"),
        Why::Capture => message!("report-why-capture"),
        Why::Inside => message!("report-why-inside"),
        Why::Unattended => message!("report-why-unattended"),
        Why::NotBegun => message!("report-why-not-begun"),
        Why::Expression => message!("report-why-expression"),
        Why::Switched => message!("report-why-switched"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_says_whether_there_is_more() {
        assert_eq!(excerpt("một\nhai\n"), ("một\nhai".to_owned(), false));
        let long = "dòng\n".repeat(40);
        let (short, cut) = excerpt(&long);
        assert_eq!(short.lines().count(), EXCERPT.1);
        assert!(cut);
        assert!(excerpt(&"x".repeat(5000)).1);
    }
}
