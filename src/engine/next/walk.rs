//! The walk through lists of steps: what is the turn of which.

use super::{Closing, Walk, paper};
use crate::engine::state::{Instance, Kind, NodeId, inside};
use crate::model::record::{StepStarted, StopHow, What, Why};
use crate::model::{JournalError, Outcome, StepPath};

/// Whether a list of steps is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    /// Something in it is still to come.
    Open,
    /// All in it have an outcome in force.
    Over,
}

impl Walk<'_> {
    pub(super) fn run(&mut self) -> Result<(), JournalError> {
        if !self.consented() {
            return Ok(());
        }
        self.injects()?;
        let closing = self.state.stopping().map(|how| Closing { why: Why::Stopping, force: how == StopHow::Now });
        let state = self.state;
        if self.list(None, &state.tree.roots, None, closing.as_ref())? == Status::Over
            && self.effects.is_empty()
            && !self.paused
            && self.paper.is_none()
        {
            self.finish()?;
        }
        Ok(())
    }

    pub(super) fn path(list: Option<&StepPath>, step: &crate::engine::plan::Step) -> StepPath {
        list.map_or_else(|| StepPath::root(&step.id), |list| list.child(&step.id))
    }

    /// A list of steps: one after the other, or at the same time inside a `parallel`.
    pub(super) fn list(
        &mut self,
        list: Option<&StepPath>,
        nodes: &[NodeId],
        container: Option<NodeId>,
        closing: Option<&Closing>,
    ) -> Result<Status, JournalError> {
        let block = self.state.block(list);
        if block.ended == nodes.len() {
            return Ok(Status::Over);
        }
        let parallel = container.is_some_and(|container| self.state.node(container).kind == Kind::Parallel);
        if closing.is_none() && !parallel {
            if block.failed {
                self.pass_over(list, &nodes[block.cursor..], &Why::AfterFailure);
                return Ok(Status::Open);
            }
            if let Some((origin, target)) = &block.goto
                && block.cursor < *target
            {
                self.pass_over(list, &nodes[block.cursor..*target], &Why::Goto(origin.clone()));
                return Ok(Status::Open);
            }
            self.visit(list, nodes[block.cursor], None)?;
            return Ok(Status::Open);
        }
        // All at the same time, or all to be closed. What failed and would be tried again is over then.
        let ending = closing.is_some() || block.failed;
        let mut status = Status::Over;
        let mut passed = Vec::new();
        for node in nodes {
            let path = Self::path(list, self.step(*node));
            match self.state.instance(&path) {
                None if ending => {
                    status = Status::Open;
                    passed.push(*node);
                }
                None => {
                    status = Status::Open;
                    if self.needs_met(list, *node) {
                        self.visit(list, *node, None)?;
                    }
                }
                Some(instance) if instance.open() || (instance.again && !ending) => {
                    status = Status::Open;
                    self.visit(list, *node, closing)?;
                }
                Some(_) => {}
            }
        }
        let why = closing.map_or(Why::AfterFailure, |closing| closing.why.clone());
        self.pass_over(list, &passed, &why);
        Ok(status)
    }

    /// Steps that never begin.
    fn pass_over(&mut self, list: Option<&StepPath>, nodes: &[NodeId], why: &Why) {
        let mut drafts = Vec::new();
        for node in nodes {
            let path = Self::path(list, self.step(*node));
            if self.state.instance(&path).is_none() {
                drafts.push(self.passed(&path, why.clone()));
            }
        }
        self.record(drafts);
    }

    fn needs_met(&self, list: Option<&StepPath>, node: NodeId) -> bool {
        self.step(node).needs.iter().all(|needed| {
            let path = list.map_or_else(|| StepPath::root(needed), |list| list.child(needed));
            // A need that names nothing here holds nobody up.
            self.state.tree.locate(path.as_str()).is_none() || self.state.instance(&path).is_some_and(Instance::settled)
        })
    }

    /// A step whose turn it is.
    fn visit(&mut self, list: Option<&StepPath>, node: NodeId, closing: Option<&Closing>) -> Result<(), JournalError> {
        let state = self.state;
        let path = Self::path(list, &state.node(node).step);
        if let Some(rows) = self.paper.as_mut().filter(|rows| rows.wanted.contains(&path)) {
            rows.turns.push(paper::Turn { node, path, list: list.cloned() });
            return Ok(());
        }
        match state.instance(&path) {
            None => {
                if closing.is_none() && !self.paused {
                    self.start(node, &path, list)?;
                }
            }
            Some(instance) if instance.open() => {
                if state.node(node).kind == Kind::Leaf {
                    self.open_leaf(node, &path, list, instance, closing)?;
                } else {
                    self.open_container(node, &path, instance, closing)?;
                }
            }
            Some(instance) if instance.again => {
                if closing.is_none() && !self.paused {
                    self.again(node, &path, list, instance)?;
                }
            }
            Some(_) => {}
        }
        Ok(())
    }

    /// Another attempt, when its time has come.
    fn again(
        &mut self,
        node: NodeId,
        path: &StepPath,
        list: Option<&StepPath>,
        instance: &Instance,
    ) -> Result<(), JournalError> {
        if !matches!(instance.why, Some(Why::Orphan | Why::Connection))
            && let (Some(retry), Some(ended)) = (self.step(node).retry, &instance.ended)
        {
            let factor = retry.backoff.max(1).saturating_pow(instance.tries.saturating_sub(1).min(30));
            let delay = retry.delay.duration().saturating_mul(factor);
            if let Some(left) = self.left(ended, delay) {
                self.wake_in(left);
                return Ok(());
            }
        }
        if instance.why == Some(Why::Connection) {
            return self.said_after_cut(node, path, list, instance.attempt + 1);
        }
        self.attempt(node, path, list, instance.attempt + 1)
    }

    /// An attempt in which nothing runs: a person says what became of the one whose connection was cut.
    fn said_after_cut(
        &mut self,
        node: NodeId,
        path: &StepPath,
        list: Option<&StepPath>,
        attempt: u32,
    ) -> Result<(), JournalError> {
        let action = &self.state.node(node).step.action;
        let started = self.draft(StepStarted { step: path.clone(), attempt, rounds: None, because: None });
        let question = self.question(path, list, action, attempt, What::Orphan)?;
        self.record(vec![started, question]);
        Ok(())
    }

    fn open_container(
        &mut self,
        node: NodeId,
        path: &StepPath,
        instance: &Instance,
        closing: Option<&Closing>,
    ) -> Result<(), JournalError> {
        let own = self.expired(node, instance);
        let closing = closing.or(own.as_ref());
        let state = self.state;
        match state.node(node).kind {
            Kind::Each => self.each(node, path, instance, closing),
            Kind::Repeat => self.repeat(node, path, instance, closing),
            Kind::Leaf | Kind::Parallel | Kind::Call => {
                let nodes = state.tree.steps_of(Some(node), 1);
                if self.list(Some(path), nodes, Some(node), closing)? == Status::Over {
                    self.end_container(node, path, instance, Some(path), closing);
                }
                Ok(())
            }
        }
    }

    /// A container's own time limit.
    fn expired(&mut self, node: NodeId, instance: &Instance) -> Option<Closing> {
        let limit = self.step(node).timeout?;
        // What was done on paper was done then, and not now.
        if self.paused || self.paper.is_some() {
            return None;
        }
        match self.left(instance.began.as_ref()?, limit.duration()) {
            Some(left) => {
                self.wake_in(left);
                None
            }
            None => Some(Closing { why: Why::Timeout, force: true }),
        }
    }

    /// All inside a container is over, or nothing more of it is to begin; `list` is what it was at.
    pub(super) fn end_container(
        &mut self,
        node: NodeId,
        path: &StepPath,
        instance: &Instance,
        list: Option<&StepPath>,
        closing: Option<&Closing>,
    ) {
        let (outcome, why) = self.come_to(node, list, closing);
        let mut end = self.ending(node, path, instance.attempt, outcome);
        end.why = why;
        let drafts = self.end(node, path, end, None);
        self.record(drafts);
    }

    /// What a list of steps comes to.
    pub(super) fn come_to(
        &self,
        node: NodeId,
        list: Option<&StepPath>,
        closing: Option<&Closing>,
    ) -> (Outcome, Option<Why>) {
        let block = self.state.block(list);
        let round = list.and_then(round_of).unwrap_or(1);
        let nodes = self.state.tree.steps_of(Some(node), round);
        // What is to be tried again and never will be failed for good.
        let given_up = nodes.iter().any(|child| {
            let path = Self::path(list, self.step(*child));
            self.state.instance(&path).is_some_and(|instance| instance.again)
        });
        let cut = closing.is_some()
            && nodes.iter().any(|child| {
                let path = Self::path(list, self.step(*child));
                self.state.instance(&path).is_none_or(|instance| {
                    instance.outcome == Some(Outcome::Abandoned)
                        || matches!(instance.why, Some(Why::Stopping | Why::Timeout))
                        || instance.again
                })
            });
        match closing {
            Some(Closing { why: Why::Timeout, .. }) if cut => (Outcome::Failed, Some(Why::Timeout)),
            Some(closing) if cut => (Outcome::Abandoned, Some(closing.why.clone())),
            _ if block.failed || given_up => (Outcome::Failed, Some(Why::Inside)),
            _ => (Outcome::Done, None),
        }
    }

    /// Begins a container.
    pub(super) fn begin_container(&mut self, path: &StepPath, attempt: u32, rounds: Option<u32>) {
        let body = StepStarted { step: path.clone(), attempt, rounds, because: None };
        let drafts = vec![self.draft(body)];
        self.record(drafts);
    }

    pub(super) fn inside(&self, node: NodeId, path: &StepPath, round: u32) -> StepPath {
        inside(self.state.node(node), path, round)
    }
}

fn round_of(path: &StepPath) -> Option<u32> {
    path.as_str().strip_suffix(']')?.rsplit_once('[')?.1.parse().ok()
}
