//! A paper log: what people did while no loop was there, as the records that consoles and the loop would have written.
//!
//! The walk that says what a loop does next says here whose turn it was: a row is entered where the playbook has come to
//! its step, and what lies between (a container that begins, a step that a choice passed over) follows as it would have.

mod consent;
mod entry;
mod follow;

use std::collections::BTreeSet;

use super::start::{Way, needs_second, way};
use super::{Context, Walk};
use crate::engine::effect::Effect;
use crate::engine::plan::{Action, Step};
use crate::engine::state::{Instance, NodeId, Place, State};
use crate::model::record::{Answered, Asked, Attached, Body, Decided, Noted, StepStarted, What, Why};
use crate::model::{Basis, Draft, JournalError, Mode, ObjectRef, Outcome, QuestionId, Record, Stamp, StepPath};
pub use entry::{PaperConsent, PaperEntry, PaperProblem, PaperRecords, Stated};

/// What the walk is told of a paper log, and what it finds.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// Steps that have rows which are not entered yet.
    pub(super) wanted: BTreeSet<StepPath>,
    /// Containers and rounds for which rows say whether a condition holds.
    pub(super) truths: BTreeSet<StepPath>,
    /// Those of them at which somebody has to say so now, with the attempt.
    pub(super) asks: Vec<(StepPath, u32)>,
    /// Those whose turn it is.
    pub(super) turns: Vec<Turn>,
    /// Whether the step that ends now has another row: another attempt.
    pub(super) more: bool,
}

/// A step whose turn it is.
#[derive(Clone, Debug)]
pub(super) struct Turn {
    pub(super) node: NodeId,
    pub(super) path: StepPath,
    pub(super) list: Option<StepPath>,
}

impl PaperEntry {
    /// Whether it tells of a condition, and not of a step.
    fn tells(&self) -> bool {
        matches!(self.said, Stated::Truth(_))
    }
}

impl State {
    /// The records that enter `consent` to the plan and `rows`, all for one append; else every row that cannot be entered, by its
    /// place in `rows`. `driven` says whether a loop drives the run now: what it carries out itself is left to it.
    ///
    /// # Errors
    ///
    /// Where a value cannot be read, or a text that belongs to a record not be kept.
    pub fn enter(
        &self,
        consent: Option<&PaperConsent>,
        rows: &[PaperEntry],
        driven: bool,
        context: &Context,
    ) -> Result<PaperRecords, JournalError> {
        let mut log = Log { state: self.clone(), drafts: Vec::new(), entered: Vec::new(), context };
        if let Some(consent) = consent
            && let Err(problem) = log.consent_to_the_plan(consent)
        {
            return Ok(Err(vec![(None, problem)]));
        }
        let problems: Vec<_> =
            (0..rows.len()).filter_map(|place| Some((Some(place), log.state.refuses(&rows[place], driven)?))).collect();
        if !problems.is_empty() {
            return Ok(Err(problems));
        }
        let mut pending: Vec<usize> = (0..rows.len()).collect();
        pending.sort_by_key(|place| (rows[*place].ended.instant, *place));
        while !pending.is_empty() {
            let (truths, wanted): (Vec<usize>, Vec<usize>) =
                pending.iter().partition(|place| matches!(rows[**place].said, Stated::Truth(_)));
            let paths = |places: Vec<usize>| places.into_iter().map(|place| rows[place].step.clone()).collect();
            let look = Rows { wanted: paths(wanted), truths: paths(truths), ..Rows::default() };
            let Look { turns, asks, effects } = log.look(look)?;
            let said = pending.iter().find_map(|place| match rows[*place].said {
                Stated::Truth(holds) => {
                    let (path, attempt) = asks.iter().find(|(path, _)| *path == rows[*place].step)?;
                    Some((*place, path.clone(), *attempt, holds))
                }
                _ => None,
            });
            if let Some((place, path, attempt, holds)) = said {
                pending.retain(|other| *other != place);
                if let Err(problem) = log.truth(&rows[place], &path, attempt, holds)? {
                    return Ok(Err(vec![(Some(place), problem)]));
                }
                continue;
            }
            let next = pending.iter().find_map(|place| {
                let turn = turns.iter().find(|turn| turn.path == rows[*place].step && !rows[*place].tells())?;
                Some((*place, turn.clone()))
            });
            if let Some((place, turn)) = next {
                pending.retain(|other| *other != place);
                let more = pending.iter().any(|other| rows[*other].step == turn.path);
                if let Err(problem) = log.enter(&rows[place], &turn, more)? {
                    return Ok(Err(vec![(Some(place), problem)]));
                }
                continue;
            }
            let earliest =
                |inside: &StepPath| pending.iter().map(|place| &rows[*place]).find(|row| holds(inside, &row.step));
            if !log.pass(effects, earliest) {
                return Ok(Err(pending.iter().map(|place| (Some(*place), log.waits(&rows[*place]))).collect()));
            }
        }
        // What ends with the last rows ended when they did, and not when a loop looks again.
        loop {
            let Look { effects, .. } = log.look(Rows::default())?;
            if !log.close(effects) {
                return Ok(Ok(log.drafts));
            }
        }
    }

    /// The step whose condition a row of `path` can tell: the `repeat` of a round, or a container that has a `when`.
    #[must_use]
    pub fn told_at(&self, path: &StepPath) -> Option<&Step> {
        let (Place::Step(node) | Place::Round(node, _)) = self.tree.locate(path.as_str())? else { return None };
        let step = &self.node(node).step;
        let round = path.as_str().ends_with(']');
        let told = match (&step.action, round) {
            (Action::Repeat(_), true) => true,
            (action, false) => action.is_container() && step.when.is_some(),
            _ => false,
        };
        told.then_some(step)
    }

    /// Whether somebody still has to consent to the plan.
    #[must_use]
    pub fn wants_consent(&self) -> bool {
        matches!(self.mode(), Mode::Live | Mode::Respond)
            && self.question_about(None, 0, What::Consent).is_none_or(|question| question.answer.is_none())
    }

    /// Whether a second person still has to consent before the step at `path` is begun.
    #[must_use]
    pub fn wants_second(&self, path: &StepPath) -> bool {
        let Some(Place::Step(node)) = self.tree.locate(path.as_str()) else { return false };
        let asked = self.question_about(Some(path), 0, What::Second);
        needs_second(self, node) && asked.is_none_or(|question| question.answer.is_none())
    }

    /// Why a row that tells whether a condition holds can never be entered.
    fn refuses_truth(&self, row: &PaperEntry) -> Option<PaperProblem> {
        if self.told_at(&row.step).is_none() {
            return Some(PaperProblem::NoStep);
        }
        let settled = self.instance(&row.step).filter(|instance| instance.settled());
        settled.and_then(|instance| instance.outcome).map(PaperProblem::Over)
    }

    /// Why a row can never be entered, whatever the others say.
    fn refuses(&self, row: &PaperEntry, driven: bool) -> Option<PaperProblem> {
        if self.ended() || self.stopping().is_some() {
            return Some(PaperProblem::Stopping);
        }
        if self.wants_consent() {
            return Some(PaperProblem::NoConsent);
        }
        if row.tells() {
            return self.refuses_truth(row);
        }
        let Some(Place::Step(node)) = self.tree.locate(row.step.as_str()) else { return Some(PaperProblem::NoStep) };
        let action = &self.node(node).step.action;
        if action.is_container() {
            return Some(PaperProblem::Container);
        }
        let way = way(&self.tree.plan, action);
        if matches!(way, Way::Skip(Why::DrillOnly)) {
            return Some(PaperProblem::DrillOnly);
        }
        if let Some(instance) = self.instance(&row.step) {
            match instance.outcome {
                Some(outcome) if instance.settled() => return Some(PaperProblem::Over(outcome)),
                _ => {}
            }
            let asked = self.question_about(Some(&row.step), instance.attempt, What::Orphan).is_some();
            if instance.open() && way == Way::Work && driven && !instance.orphaned && !asked {
                return Some(PaperProblem::Running);
            }
            // A command that the loop began cannot have ended before; a person may have been at it before they were asked.
            if let Some(began) = instance.began_edge.as_ref().filter(|_| instance.open() && way == Way::Work)
                && row.ended.instant.as_second() / 60 < began.stamp.instant.as_second() / 60
            {
                return Some(PaperProblem::EndsBefore(began.stamp));
            }
        }
        match (&row.said, action) {
            (Stated::Choice(choice), Action::Decide(decide)) => {
                let known = decide.options.iter().any(|option| option.id == *choice);
                (!known).then(|| PaperProblem::NoOption(choice.clone()))
            }
            (Stated::Outcome { .. }, Action::Decide(_)) | (Stated::Choice(_), _) => Some(PaperProblem::WrongKind),
            _ => None,
        }
    }
}

/// Whether `step` is at `path`, or lies inside the container, or the round, that is there.
fn holds(path: &StepPath, step: &StepPath) -> bool {
    step.as_str().strip_prefix(path.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '[']))
}

/// What the walk finds.
#[derive(Default)]
struct Look {
    turns: Vec<Turn>,
    asks: Vec<(StepPath, u32)>,
    effects: Vec<Effect>,
}

/// The records so far, and the run as it is after them.
struct Log<'a> {
    state: State,
    drafts: Vec<Draft>,
    /// Steps that were entered, when they ended, and why that is told late.
    entered: Vec<(StepPath, Stamp, ObjectRef)>,
    context: &'a Context<'a>,
}

impl Log<'_> {
    fn walk(&self, rows: Rows) -> Option<Walk<'_>> {
        Some(Walk {
            state: &self.state,
            context: self.context,
            run: self.state.run()?.clone(),
            effects: Vec::new(),
            asked: self.state.lifecycle().map_or(0, |run| run.asked),
            wake: None,
            // Nothing is begun by entering what people have done.
            paused: false,
            paper: Some(rows),
        })
    }

    /// Whose turn it is, and what else would follow.
    fn look(&self, rows: Rows) -> Result<Look, JournalError> {
        let Some(mut walk) = self.walk(rows) else { return Ok(Look::default()) };
        walk.run()?;
        let Rows { turns, asks, .. } = walk.paper.unwrap_or_default();
        Ok(Look { turns, asks, effects: walk.effects })
    }

    fn keep(&mut self, draft: Draft) -> Result<(), PaperProblem> {
        self.state.admit(&draft).map_err(PaperProblem::Refused)?;
        let record = Record { seq: self.state.next_seq(), written: self.context.now.clone(), draft: draft.clone() };
        self.state.apply(&record);
        self.drafts.push(draft);
        Ok(())
    }

    /// What a person wrote on paper, as a record.
    fn said(&self, row: &PaperEntry, occurred: Stamp, body: impl Into<Body>) -> Option<Draft> {
        Some(Draft {
            by: row.by.clone(),
            occurred: Some(occurred),
            basis: Basis::Paper,
            ..Draft::console(self.state.run()?, self.state.mode(), row.actor.clone(), body.into())
        })
    }

    /// Enters a row whose turn it is.
    fn enter(&mut self, row: &PaperEntry, turn: &Turn, more: bool) -> Result<Result<(), PaperProblem>, JournalError> {
        let Turn { node, path, list } = turn;
        let action = self.state.node(*node).step.action.clone();
        let because = Some(row.because);
        let open = self.state.instance(path).is_some_and(Instance::open);
        let before = self.state.instance(path).map_or(0, |instance| instance.attempt);
        let attempt = if open { before } else { before + 1 };
        if let Err(problem) = self.second(row, turn)? {
            return Ok(Err(problem));
        }
        let mut first: Vec<Option<Draft>> = Vec::new();
        if !open {
            let started = StepStarted { step: path.clone(), attempt, rounds: None, because };
            first.push(self.said(row, row.began, started));
        }
        if let Some(text) = row.remark {
            first.push(self.said(row, row.ended, Noted { because, ..Noted::remark(text, Some(path.clone())) }));
        } else if let Some((file, name)) = row.scan.filter(|_| self.state.node(*node).step.evidence_required) {
            first.push(self.said(row, row.ended, Attached { file, name, step: Some(path.clone()), because }));
        }
        for draft in first.into_iter().flatten() {
            if let Err(problem) = self.keep(draft) {
                return Ok(Err(problem));
            }
        }
        let what = match way(&self.state.tree.plan, &action) {
            Way::Ask(what) => what,
            Way::Work if open => What::Orphan,
            Way::Work | Way::Instant | Way::Skip(_) => What::State,
        };
        let question = match self.asked(row, turn, &action, (attempt, what))? {
            Ok(question) => question,
            Err(problem) => return Ok(Err(problem)),
        };
        let said: Body = match &row.said {
            Stated::Outcome { outcome, checks, answers } => {
                let (checks, answers) = (checks.clone(), answers.clone());
                Answered { question: question.clone(), outcome: *outcome, checks, answers, because }.into()
            }
            Stated::Choice(choice) => {
                Decided { question: question.clone(), choice: choice.clone(), because, follow_up: None }.into()
            }
            Stated::Truth(_) => return Ok(Err(PaperProblem::WrongKind)),
        };
        let classified = match (&row.said, &action) {
            (Stated::Choice(choice), Action::Decide(decide)) => {
                let chosen = decide.options.iter().find(|option| option.id == *choice);
                chosen.and_then(|option| option.classifies).map(|classifies| classifies.record(because).into())
            }
            _ => None,
        };
        for body in std::iter::once(said).chain(classified) {
            if let Some(draft) = self.said(row, row.ended, body)
                && let Err(problem) = self.keep(draft)
            {
                return Ok(Err(problem));
            }
        }
        let effects = {
            let Some(mut walk) = self.walk(Rows { more, ..Rows::default() }) else { return Ok(Ok(())) };
            let (Some(instance), Some(question)) = (self.state.instance(path), self.state.question(&question)) else {
                return Ok(Err(PaperProblem::NoStep));
            };
            let done = !matches!(&row.said, Stated::Outcome { outcome, .. } if *outcome != Outcome::Done);
            if done && what != What::Orphan && walk.evidence_missing(*node, instance) {
                return Ok(Err(PaperProblem::NoEvidence));
            }
            walk.answered(*node, path, list.as_ref(), instance, question)?;
            walk.effects
        };
        for effect in effects {
            let Effect::Record(drafts) = effect else { continue };
            for draft in drafts {
                if let Err(problem) = self.keep(draft) {
                    return Ok(Err(problem));
                }
            }
        }
        self.entered.push((path.clone(), row.ended, row.because));
        Ok(Ok(()))
    }

    /// The question that the row answers: the one that is open, or one that the sheet put.
    fn asked(
        &mut self,
        row: &PaperEntry,
        turn: &Turn,
        action: &Action,
        (attempt, what): (u32, What),
    ) -> Result<Result<QuestionId, PaperProblem>, JournalError> {
        let open = self.state.question_about(Some(&turn.path), attempt, what);
        if let Some(question) = open.filter(|question| question.answer.is_none()) {
            return Ok(Ok(question.id.clone()));
        }
        let draft = {
            let Some(mut walk) = self.walk(Rows::default()) else { return Ok(Err(PaperProblem::NoStep)) };
            walk.question(&turn.path, turn.list.as_ref(), action, attempt, what)?
        };
        let Body::Asked(asked) = draft.body else { return Ok(Err(PaperProblem::NoStep)) };
        let id = asked.question.clone();
        let asked = Asked { because: Some(row.because), ..asked };
        Ok(match self.said(row, row.began, asked) {
            Some(draft) => self.keep(draft).map(|()| id),
            None => Err(PaperProblem::NoStep),
        })
    }
}
