//! Questions to people: what is asked, and what an answer makes of a step.

use std::collections::BTreeMap;

use super::{Closing, Walk};
use crate::engine::plan::{Action, command_of, in_words};
use crate::engine::state::{Answer, Instance, NodeId, Question, Said};
use crate::model::record::{Asked, Faulted, Injected, People, StepEnded, What, Why};
use crate::model::{Draft, Expression, JournalError, Lang, Mode, ObjectRef, Outcome, StepPath, Template, Text};
use crate::playbook::expression::Scope;

impl<'a> Walk<'a> {
    /// In live drills and incidents nothing begins before people have consented to the plan. True where it may go on.
    pub(super) fn consented(&mut self) -> bool {
        if !matches!(self.state.tree.plan.mode, Mode::Live | Mode::Respond) || self.state.stopping().is_some() {
            return true;
        }
        let state = self.state;
        match state.question_about(None, 0, What::Consent) {
            None => {
                if !self.paused {
                    let plan = Some(state.tree.digest);
                    let asked = Asked { plan, ..Asked::about(self.new_question(), None, 0, What::Consent) };
                    let drafts = vec![self.draft(asked)];
                    self.record(drafts);
                }
                false
            }
            Some(question) => match question.answer.as_ref().map(|answer| &answer.said) {
                None => false,
                Some(Said::Consent(true)) => true,
                Some(_) => {
                    let stopping = crate::model::record::RunStopping {
                        how: crate::model::record::StopHow::AfterRunning,
                        because: None,
                        incident: false,
                    };
                    let drafts = vec![self.draft(stopping)];
                    self.record(drafts);
                    false
                }
            },
        }
    }

    /// The question that a step puts.
    pub(super) fn question(
        &mut self,
        path: &StepPath,
        list: Option<&StepPath>,
        action: &Action,
        attempt: u32,
        what: What,
    ) -> Result<Draft, JournalError> {
        let text = self.question_text(list, action, what)?;
        let question = self.new_question();
        Ok(self.draft(Asked { text, ..Asked::about(question, Some(path.clone()), attempt, what) }))
    }

    /// What the question says where that is more than the plan says: JSON of a `Text`.
    fn question_text(
        &self,
        list: Option<&StepPath>,
        action: &Action,
        what: What,
    ) -> Result<Option<ObjectRef>, JournalError> {
        let text = match (what, action) {
            (What::Manual, Action::Manual(manual)) => Some(&manual.instruction),
            (What::Decide, Action::Decide(decide)) => Some(&decide.ask),
            (What::Deliver, Action::Inject(inject)) => Some(&inject.text),
            _ => None,
        };
        let rendered = match text {
            Some(text) if text.strings().any(|text| text.contains("{{")) => {
                let strings: Vec<&str> = text.strings().collect();
                let scope = self.scope(list, &strings)?;
                Some(each_language(text, |text, lang| in_words(&Template(text.to_owned()), &scope, lang)))
            }
            Some(_) => None,
            None => self.command_text(list, action)?,
        };
        match rendered {
            Some(text) => {
                let json = serde_json::to_string(&text).unwrap_or_default();
                self.context.objects.put_text(&json).map(Some)
            }
            None => Ok(None),
        }
    }

    /// What would run, where values of the run make more of it than the plan shows.
    fn command_text(&self, list: Option<&StepPath>, action: &Action) -> Result<Option<Text>, JournalError> {
        let texts = super::work::texts(&self.state.tree.plan, action);
        if texts.is_empty() {
            return Ok(None);
        }
        let scope = self.scope_for(list, &texts)?;
        Ok(command_of(&self.state.tree.plan, action, &scope).map(Text::Same))
    }

    /// Whether a condition holds that cannot be computed: asked of people. Nothing while nobody has answered.
    pub(super) fn truth_asked(
        &mut self,
        path: &StepPath,
        attempt: u32,
        expression: &Expression,
    ) -> Result<Option<bool>, JournalError> {
        let state = self.state;
        let asked = state.question_about(Some(path), attempt, What::Truth);
        if asked.is_none_or(|question| question.answer.is_none())
            && let Some(rows) = self.paper.as_mut().filter(|rows| rows.truths.contains(path))
        {
            rows.asks.push((path.clone(), attempt));
            return Ok(None);
        }
        if let Some(question) = asked {
            return Ok(match question.answer.as_ref().map(|answer| &answer.said) {
                Some(Said::Choice(choice)) => Some(*choice == "yes"),
                _ => None,
            });
        }
        if !self.paused && state.stopping().is_none() {
            let text = serde_json::to_string(&Text::Same(expression.0.clone())).unwrap_or_default();
            let text = Some(self.context.objects.put_text(&text)?);
            let question = self.new_question();
            let asked = Asked { text, ..Asked::about(question, Some(path.clone()), attempt, What::Truth) };
            let drafts = vec![self.draft(asked)];
            self.record(drafts);
        }
        Ok(None)
    }

    /// A step that people carry out and have begun.
    pub(super) fn asked_leaf(
        &mut self,
        node: NodeId,
        path: &StepPath,
        list: Option<&StepPath>,
        instance: &Instance,
        what: What,
        closing: Option<&Closing>,
    ) -> Result<(), JournalError> {
        let state = self.state;
        let action = self.action(node, path);
        let asked = state.question_about(Some(path), instance.attempt, what);
        match asked {
            Some(question) if question.answer.is_some() => {
                self.answered(node, path, list, instance, question)?;
            }
            _ if closing.is_some() => {
                let mut end = self.ending(node, path, instance.attempt, Outcome::Abandoned);
                end.why = closing.map(|closing| closing.why.clone());
                let drafts = self.end(node, path, end, None);
                self.record(drafts);
            }
            None => {
                if !self.paused {
                    let question = self.question(path, list, action, instance.attempt, what)?;
                    self.record(vec![question]);
                }
            }
            Some(_) => {
                if self.paused {
                    return Ok(());
                }
                // The limit of a step that only asks is people's; that of a command was never meant for them.
                if !matches!(what, What::Manual | What::Decide) {
                    return Ok(());
                }
                let Some(limit) = self.step(node).timeout else { return Ok(()) };
                let Some(from) = &instance.limit_from else { return Ok(()) };
                if let Some(left) = self.left(from, limit.duration()) {
                    self.wake_in(left);
                    return Ok(());
                }
                let mut end = self.ending(node, path, instance.attempt, Outcome::Failed);
                end.why = Some(Why::Timeout);
                self.retry(node, path, instance, &mut end);
                let drafts = self.end(node, path, end, None);
                self.record(drafts);
            }
        }
        Ok(())
    }

    pub(super) fn answered(
        &mut self,
        node: NodeId,
        path: &StepPath,
        list: Option<&StepPath>,
        instance: &Instance,
        question: &Question,
    ) -> Result<(), JournalError> {
        let Some(answer) = &question.answer else { return Ok(()) };
        let action = self.action(node, path);
        match &answer.said {
            Said::Outcome { outcome, answers } => {
                let mut drafts = Vec::new();
                if *outcome == Outcome::Done {
                    if question.what != What::Orphan && self.evidence_missing(node, instance) {
                        return self.ask_again(path, list, action, instance, question.what);
                    }
                    drafts.extend(self.delivered(path, action, question.what, true));
                }
                let mut end = self.ending(node, path, instance.attempt, *outcome);
                end.captures = answers.iter().map(|(id, object)| (id.to_string(), *object)).collect();
                end.why = match (question.what, outcome) {
                    (What::Orphan, _) => Some(Why::Orphan),
                    (_, Outcome::Skipped) => Some(Why::Person),
                    _ => None,
                };
                if question.what == What::Manual && *outcome == Outcome::Done {
                    end.confirmed = Some(true);
                }
                if question.what != What::Orphan {
                    self.retry(node, path, instance, &mut end);
                }
                drafts.extend(self.end(node, path, end, Some(answer)));
                self.record(drafts);
            }
            Said::Choice(_) if self.evidence_missing(node, instance) => {
                return self.ask_again(path, list, action, instance, question.what);
            }
            Said::Choice(choice) => {
                let drafts = self.decided(node, path, action, instance.attempt, choice, Some(answer))?;
                self.record(drafts);
            }
            Said::Consent(_) | Said::Taken => {}
        }
        Ok(())
    }

    /// Whether a note or a file has to be there first. A script cannot hand one in: only people at consoles are held to it.
    pub(super) fn evidence_missing(&self, node: NodeId, instance: &Instance) -> bool {
        self.step(node).evidence_required
            && instance.evidence == 0
            && self.state.tree.plan.people == People::Console
            && self.state.stopping().is_none()
    }

    fn ask_again(
        &mut self,
        path: &StepPath,
        list: Option<&StepPath>,
        action: &Action,
        instance: &Instance,
        what: What,
    ) -> Result<(), JournalError> {
        if !self.paused {
            let again = self.question(path, list, action, instance.attempt, what)?;
            self.record(vec![again]);
        }
        Ok(())
    }

    /// The records that a decision makes.
    pub(super) fn decided(
        &self,
        node: NodeId,
        path: &StepPath,
        action: &Action,
        attempt: u32,
        choice: &crate::model::Id,
        answer: Option<&Answer>,
    ) -> Result<Vec<Draft>, JournalError> {
        let json = serde_json::to_string(choice.as_str()).unwrap_or_default();
        let object = self.context.objects.put_text(&json)?;
        let mut end = self.ending(node, path, attempt, Outcome::Done);
        end.captures = BTreeMap::from([("choice".to_owned(), object)]);
        if let Action::Decide(decide) = action {
            let option = decide.options.iter().find(|option| option.id == *choice);
            end.goto = option.and_then(|option| option.goto.clone());
        }
        if answer.is_none() {
            end.why = Some(Why::Unattended);
        }
        Ok(self.end(node, path, end, answer))
    }

    /// What is kept of an inject or a fault beside the end of its step.
    pub(super) fn delivered(&self, path: &StepPath, action: &Action, what: What, told: bool) -> Option<Draft> {
        match (what, action) {
            (What::Deliver, Action::Inject(inject)) => {
                let to = inject.to.clone();
                Some(self.draft(Injected { step: Some(path.clone()), inject: None, to, text: None, because: None }))
            }
            (What::Deliver, Action::Fault(fault)) => Some(self.draft(Faulted {
                step: path.clone(),
                system: fault.on.clone(),
                kind: fault.kind.clone(),
                told,
            })),
            _ => None,
        }
    }

    /// Whether another attempt follows a failure.
    pub(super) fn retry(&self, node: NodeId, path: &StepPath, instance: &Instance, end: &mut StepEnded) {
        // A paper log is told afterwards: another attempt follows where it has one.
        let more = match &self.paper {
            Some(rows) => rows.more,
            None => self.step(node).retry.is_some_and(|retry| instance.tries < retry.times),
        };
        if end.outcome == Outcome::Failed
            && more
            && end.attempt > 0
            && path.undone().is_none()
            && !self.closed_around(path)
        {
            end.again = true;
            end.tolerated = false;
            end.goto = None;
        }
    }

    /// The connection to the machine was cut: what became of the step there a person has to say, in an attempt that only asks.
    pub(super) fn to_be_said(&self, path: &StepPath, end: &mut StepEnded) {
        if self.state.tree.plan.attended() && path.undone().is_none() && !self.closed_around(path) {
            end.again = true;
            end.tolerated = false;
            end.goto = None;
        }
    }

    /// Whether nothing new starts around the step: the run stops, a sibling in a `parallel` failed, or the time of a
    /// container is over.
    fn closed_around(&self, path: &StepPath) -> bool {
        if self.state.stopping().is_some() {
            return true;
        }
        let text = path.as_str();
        text.match_indices('/').filter_map(|(at, _)| text[..at].parse::<StepPath>().ok()).any(|list| {
            let over = |instance: &Instance| {
                let limit = self.step(instance.node).timeout;
                let began = instance.began.as_ref();
                limit.zip(began).is_some_and(|(limit, began)| self.left(began, limit.duration()).is_none())
            };
            let container = list.as_str().strip_suffix(']').and_then(|rest| rest.rsplit_once('['));
            let container = container.map_or(list.as_str(), |(container, _)| container);
            self.state.block(Some(&list)).failed
                || self.state.instances.get(container).is_some_and(|container| over(container))
        })
    }

    /// What the step at `path` does: the action, or the undo of it.
    pub(super) fn action(&self, node: NodeId, path: &StepPath) -> &'a Action {
        let step = self.step(node);
        match path.undone() {
            Some(_) => step.undo.as_deref().unwrap_or(&step.action),
            None => &step.action,
        }
    }

    /// The scope of what is known now, for texts that people read.
    pub(super) fn display_scope(&self, list: Option<&StepPath>, text: &Text) -> Result<Scope, JournalError> {
        let strings: Vec<&str> = text.strings().collect();
        self.scope(list, &strings)
    }
}

/// A text with each of its languages passed through `render`.
///
/// A text that is the same in both becomes one for each: what is filled in may be written in different ways.
pub(super) fn each_language(text: &Text, render: impl Fn(&str, Lang) -> String) -> Text {
    let (vi, en) = match text {
        Text::Same(text) => (Some(text), Some(text)),
        Text::Each { vi, en } => (vi.as_ref(), en.as_ref()),
    };
    Text::Each { vi: vi.map(|vi| render(vi, Lang::Vi)), en: en.map(|en| render(en, Lang::En)) }
}
