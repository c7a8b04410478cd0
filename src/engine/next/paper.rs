//! A paper log: what people did while no loop was there, as the records that consoles and the loop would have written.
//!
//! The walk that says what a loop does next says here whose turn it was: a row is entered where the playbook has come to
//! its step, and what lies between (a container that begins, a step that a choice passed over) follows as it would have.

use std::collections::{BTreeMap, BTreeSet};

use super::start::{Way, way};
use super::{Context, Walk};
use crate::engine::effect::Effect;
use crate::engine::plan::Action;
use crate::engine::state::{Instance, NodeId, Place, State};
use crate::model::record::{Answered, Asked, Attached, Body, Decided, Noted, StepStarted, What, Why};
use crate::model::{
    Actor, Basis, Draft, Id, JournalError, Mode, ObjectRef, Outcome, QuestionId, Record, Refusal, Stamp, StepPath,
};

/// A row of a paper log.
#[derive(Clone, Debug, PartialEq)]
pub struct PaperEntry {
    /// The step.
    pub step: StepPath,
    /// Who did it.
    pub actor: Actor,
    /// Who enters it, if another.
    pub by: Option<Actor>,
    /// When it was begun.
    pub began: Stamp,
    /// When it was over.
    pub ended: Stamp,
    /// What is said of it.
    pub said: Stated,
    /// Why it is entered late, in words.
    pub because: ObjectRef,
    /// What was remarked, in words.
    pub remark: Option<ObjectRef>,
    /// The scan of the sheet and its name: what stands for evidence where a step has to have some.
    pub scan: Option<(ObjectRef, ObjectRef)>,
}

/// What a row says of its step.
#[derive(Clone, Debug, PartialEq)]
pub enum Stated {
    /// What became of it.
    Outcome {
        /// What.
        outcome: Outcome,
        /// One for each check.
        checks: Vec<bool>,
        /// Values that were asked for, each a JSON text.
        answers: BTreeMap<Id, ObjectRef>,
    },
    /// The option that was chosen.
    Choice(Id),
}

/// Why a row cannot be entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaperProblem {
    /// The plan has no such step.
    NoStep,
    /// It holds other steps, which have rows of their own.
    Container,
    /// It has an outcome already.
    Over(Outcome),
    /// The loop is carrying it out now.
    Running,
    /// It acts only in a drill.
    DrillOnly,
    /// Steps before it have neither an outcome nor a row; the first of them, where one can be named.
    NotYet(Option<StepPath>),
    /// A step before it failed, and the playbook goes no further there.
    AfterFailure,
    /// A choice or failure at this step passed it over.
    PassedOver(Id),
    /// Nobody has consented to the plan.
    NoConsent,
    /// The run is being stopped, or is over.
    Stopping,
    /// A decision needs an option, everything else an outcome.
    WrongKind,
    /// The decision has no such option.
    NoOption(Id),
    /// A remark or a scan has to be there.
    NoEvidence,
    /// It was begun later than it is said to have ended.
    EndsBefore(Stamp),
    /// A rule of the log stands in the way.
    Refused(Refusal),
}

/// The records that enter a paper log; else what is wrong, each with the place of its row.
pub type PaperRecords = Result<Vec<Draft>, Vec<(usize, PaperProblem)>>;

/// What the walk is told of a paper log, and what it finds.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// Steps that have rows which are not entered yet.
    pub(super) wanted: BTreeSet<StepPath>,
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

impl State {
    /// The records that enter `rows`, all for one append; else every row that cannot be entered, by its place in `rows`.
    /// `driven` says whether a loop drives the run now: what it carries out itself is left to it.
    ///
    /// # Errors
    ///
    /// Where a value cannot be read, or a text that belongs to a record not be kept.
    pub fn enter(&self, rows: &[PaperEntry], driven: bool, context: &Context) -> Result<PaperRecords, JournalError> {
        let problems: Vec<_> =
            (0..rows.len()).filter_map(|place| Some((place, self.refuses(&rows[place], driven)?))).collect();
        if !problems.is_empty() {
            return Ok(Err(problems));
        }
        let mut log = Log { state: self.clone(), drafts: Vec::new(), entered: Vec::new(), context };
        let mut pending: Vec<usize> = (0..rows.len()).collect();
        pending.sort_by_key(|place| (rows[*place].ended.instant, *place));
        while !pending.is_empty() {
            let wanted: BTreeSet<StepPath> = pending.iter().map(|place| rows[*place].step.clone()).collect();
            let (turns, effects) = log.look(&wanted)?;
            let next = pending.iter().find_map(|place| {
                let turn = turns.iter().find(|turn| turn.path == rows[*place].step)?;
                Some((*place, turn.clone()))
            });
            if let Some((place, turn)) = next {
                pending.retain(|other| *other != place);
                let more = pending.iter().any(|other| rows[*other].step == turn.path);
                if let Err(problem) = log.enter(&rows[place], &turn, more)? {
                    return Ok(Err(vec![(place, problem)]));
                }
                continue;
            }
            let earliest =
                |inside: &StepPath| pending.iter().map(|place| &rows[*place]).find(|row| holds(inside, &row.step));
            if !log.pass(effects, earliest) {
                return Ok(Err(pending.iter().map(|place| (*place, log.waits(&rows[*place]))).collect()));
            }
        }
        Ok(Ok(log.drafts))
    }

    /// Why a row can never be entered, whatever the others say.
    fn refuses(&self, row: &PaperEntry, driven: bool) -> Option<PaperProblem> {
        if self.ended() || self.stopping().is_some() {
            return Some(PaperProblem::Stopping);
        }
        let Some(Place::Step(node)) = self.tree.locate(row.step.as_str()) else { return Some(PaperProblem::NoStep) };
        let action = &self.node(node).step.action;
        if action.is_container() {
            return Some(PaperProblem::Container);
        }
        let real = matches!(self.mode(), Mode::Live | Mode::Respond);
        if real && self.question_about(None, 0, What::Consent).is_none_or(|question| question.answer.is_none()) {
            return Some(PaperProblem::NoConsent);
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
    fn look(&self, wanted: &BTreeSet<StepPath>) -> Result<(Vec<Turn>, Vec<Effect>), JournalError> {
        let rows = Rows { wanted: wanted.clone(), ..Rows::default() };
        let Some(mut walk) = self.walk(rows) else { return Ok((Vec::new(), Vec::new())) };
        walk.run()?;
        Ok((walk.paper.map(|rows| rows.turns).unwrap_or_default(), walk.effects))
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
        };
        if let Some(draft) = self.said(row, row.ended, said)
            && let Err(problem) = self.keep(draft)
        {
            return Ok(Err(problem));
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

    /// Keeps the first of `effects` that leads on to the rows that are left: true where there was one. `earliest` is the
    /// first of those inside a container.
    fn pass<'r>(&mut self, effects: Vec<Effect>, earliest: impl Fn(&StepPath) -> Option<&'r PaperEntry>) -> bool {
        for effect in effects {
            let Effect::Record(mut drafts) = effect else { continue };
            if !drafts.iter().all(|draft| self.leads_on(draft, &drafts, &earliest)) {
                continue;
            }
            for draft in &mut drafts {
                self.date(draft, &earliest);
            }
            return drafts.into_iter().all(|draft| self.keep(draft).is_ok());
        }
        false
    }

    /// Whether a record of the loop's may be written with the rows: nothing that asks, that ends what somebody is at, or
    /// that passes over what has a row.
    fn leads_on<'r>(
        &self,
        draft: &Draft,
        batch: &[Draft],
        earliest: &impl Fn(&StepPath) -> Option<&'r PaperEntry>,
    ) -> bool {
        match &draft.body {
            Body::StepStarted(started) => {
                let ends = |draft: &Draft| matches!(&draft.body, Body::StepEnded(end) if end.step == started.step);
                batch.iter().any(ends) || earliest(&started.step).is_some()
            }
            Body::StepEnded(ended) => {
                let open = self.state.instance(&ended.step).filter(|instance| instance.open());
                let container = |instance: &Instance| self.state.node(instance.node).step.action.is_container();
                open.is_none_or(container) && earliest(&ended.step).is_none()
            }
            Body::Noted(_) | Body::NoticePrepared(_) | Body::Marked(_) => true,
            _ => false,
        }
    }

    /// Gives a container's record the time of the rows inside it.
    fn date<'r>(&self, draft: &mut Draft, earliest: &impl Fn(&StepPath) -> Option<&'r PaperEntry>) {
        let last = |path: &StepPath| {
            let inside = self.entered.iter().filter(|(step, ..)| holds(path, step));
            inside.max_by_key(|(_, ended, _)| ended.instant).map(|(_, ended, because)| (*ended, *because))
        };
        let dated = match &mut draft.body {
            Body::StepStarted(started) => earliest(&started.step).map(|row| {
                started.because = Some(row.because);
                row.began
            }),
            Body::StepEnded(ended) => last(&ended.step).map(|(when, because)| {
                ended.because = Some(because);
                when
            }),
            Body::Marked(marked) => marked.step.as_ref().and_then(last).map(|(when, because)| {
                marked.because = Some(because);
                when
            }),
            _ => None,
        };
        if dated.is_some() {
            draft.occurred = dated;
            draft.basis = Basis::Paper;
        }
    }

    /// What a row that cannot be entered yet waits for.
    fn waits(&self, row: &PaperEntry) -> PaperProblem {
        // The list that is not come to the row's step, from the outside in.
        let text = row.step.as_str();
        let mut ends: Vec<usize> = text.match_indices('/').map(|(at, _)| at).collect();
        ends.push(text.len());
        for end in ends {
            let Ok(path) = text[..end].parse::<StepPath>() else { continue };
            let list = path.as_str().rsplit_once('/').and_then(|(list, _)| list.parse::<StepPath>().ok());
            let block = self.state.block(list.as_ref());
            let Some(Place::Step(node) | Place::Round(node, _)) = self.state.tree.locate(path.as_str()) else {
                continue;
            };
            let place = self.state.node(node).index;
            if self.state.instance(&path).is_some_and(Instance::open) {
                continue;
            }
            if block.failed {
                return PaperProblem::AfterFailure;
            }
            if let Some((origin, target)) = &block.goto
                && place < *target
                && block.cursor <= place
            {
                return PaperProblem::PassedOver(origin.clone());
            }
            let siblings = match self.state.node(node).parent {
                None => &self.state.tree.roots,
                Some(parent) => &self.state.tree.nodes[parent].blocks[self.state.node(node).block],
            };
            let before = siblings.get(block.cursor).filter(|_| block.cursor < place);
            return PaperProblem::NotYet(before.map(|before| {
                let id = &self.state.node(*before).step.id;
                list.as_ref().map_or_else(|| StepPath::root(id), |list| list.child(id))
            }));
        }
        PaperProblem::NotYet(None)
    }
}
