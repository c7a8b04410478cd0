//! Taking in a record: total and deterministic.

use std::sync::Arc;

use super::parts::{Answer, Block, Edge, Instance, Pause, Question, Said, WatchLog};
use super::tree::{Kind, Place};
use super::{State, number_of};
use crate::model::record::{
    Asked, Body, Marked, RunContinued, StepEnded, StepStarted, StopHow, WatchChanged, WatchState,
};
use crate::model::{Outcome, QuestionId, Record, StepPath};

impl State {
    /// Takes in a record of the ledger. Records of other runs, and what has no place in the plan, are passed over.
    pub fn apply(&mut self, record: &Record) {
        let Some(run) = &record.draft.run else { return };
        match (&self.run, &record.draft.body) {
            (None, Body::RunStarted(started)) => {
                self.run = Some(run.clone());
                self.began = Some(record.written.clone());
                self.test_clock = started.test_clock;
            }
            (Some(mine), _) if mine == run => {}
            _ => return,
        }
        self.lifecycle.apply(record.seq, &record.draft);
        match &record.draft.body {
            Body::RunPaused(_) => self.pauses.push(Pause { from: Edge::at(&record.written), to: None }),
            Body::RunContinued(continued) => self.continued(continued, record),
            Body::RunStopping(stopping) => {
                self.incident |= stopping.incident;
                if stopping.how == StopHow::Now {
                    self.forced_after.get_or_insert(self.starts);
                }
                self.end_pause(record);
            }
            Body::RunEnded(_) => {
                self.ended = Some(record.written.clone());
                self.end_pause(record);
            }
            Body::Joined(joined) => {
                self.joined.insert(record.draft.actor.clone(), joined.role.clone());
            }
            Body::StepStarted(started) => self.started(started, record),
            Body::ProcessStarted(process) => {
                if let Some(instance) = self.instances.get_mut(&process.step) {
                    let boot = record.written.boot.clone();
                    Arc::make_mut(instance).process = Some((process.clone(), boot));
                }
            }
            Body::StepEnded(ended) => self.step_ended(ended, record),
            Body::StepUndone(undone) => {
                if let Some(instance) = self.instances.get_mut(&undone.step) {
                    Arc::make_mut(instance).undo = Some(undone.outcome);
                }
            }
            Body::Asked(asked) => self.ask(asked, record),
            Body::Answered(answer) => {
                let said = Said::Outcome { outcome: answer.outcome, answers: answer.answers.clone() };
                self.answer(&answer.question, said, answer.because, record);
            }
            Body::Decided(answer) => {
                self.answer(&answer.question, Said::Choice(answer.choice.clone()), answer.because, record);
            }
            Body::Consented(answer) => {
                self.answer(&answer.question, Said::Consent(answer.given), answer.because, record);
            }
            Body::Noted(noted) => self.evidence(noted.step.as_ref()),
            Body::Attached(attached) => self.evidence(attached.step.as_ref()),
            Body::Marked(marked) => self.marked(marked, record),
            Body::WatchChanged(changed) => self.watch(changed, record),
            Body::ClockStarted(clock) => self.clocks.entry(clock.clock.clone()).or_default().started = true,
            Body::ClockStopped(clock) => self.clocks.entry(clock.clock.clone()).or_default().stopped = true,
            Body::ObjectiveMeasured(objective) => {
                self.objectives.insert(objective.objective.clone(), objective.met);
            }
            _ => {}
        }
    }

    fn continued(&mut self, continued: &RunContinued, record: &Record) {
        self.end_pause(record);
        if continued.gap.is_some() {
            for instance in self.instances.values_mut().filter(|instance| instance.open()) {
                Arc::make_mut(instance).orphaned = true;
            }
        }
    }

    fn end_pause(&mut self, record: &Record) {
        if let Some(pause) = self.pauses.last_mut()
            && pause.to.is_none()
        {
            pause.to = Some(Edge::at(&record.written));
        }
    }

    fn started(&mut self, started: &StepStarted, record: &Record) {
        let Some(place) = self.tree.locate(started.step.as_str()) else { return };
        let (Place::Step(node) | Place::Round(node, _) | Place::Undo(node)) = place;
        let entry = self.instances.entry(started.step.clone()).or_insert_with(|| Arc::new(Instance::new(node)));
        let instance = Arc::make_mut(entry);
        if instance.order == 0 {
            self.starts += 1;
            instance.order = self.starts;
        }
        // A time limit counts through attempts that a crash cut in pieces.
        let cut = instance.why == Some(crate::model::record::Why::Orphan) && instance.again;
        if !cut || instance.limit_from.is_none() {
            instance.limit_from = Some(record.written.clone());
        }
        instance.attempt = started.attempt;
        instance.outcome = None;
        instance.again = false;
        instance.why = None;
        instance.ended = None;
        instance.ended_edge = None;
        instance.orphaned = false;
        instance.process = None;
        instance.first_began.get_or_insert_with(|| record.written.clone());
        instance.began = Some(record.written.clone());
        instance.rounds = started.rounds.or(instance.rounds);
    }

    fn step_ended(&mut self, ended: &StepEnded, record: &Record) {
        let Some(place) = self.tree.locate(ended.step.as_str()) else { return };
        let (Place::Step(node) | Place::Round(node, _) | Place::Undo(node)) = place;
        let entry = self.instances.entry(ended.step.clone()).or_insert_with(|| Arc::new(Instance::new(node)));
        if entry.settled() {
            return;
        }
        let instance = Arc::make_mut(entry);
        instance.attempt = ended.attempt;
        instance.outcome = Some(ended.outcome);
        instance.again = ended.again;
        instance.why.clone_from(&ended.why);
        instance.tolerated = ended.tolerated;
        instance.ended = Some(record.written.clone());
        instance.ended_edge = Some(Edge::of(record, None));
        instance.last = ended.last;
        instance.captures.clone_from(&ended.captures);
        instance.exit = ended.exit;
        instance.confirmed = ended.confirmed;
        instance.output = ended.output;
        instance.detail = ended.detail;
        if ended.outcome == Outcome::Failed {
            instance.tries += 1;
        }
        if ended.again {
            return;
        }
        match place {
            Place::Step(node) => self.settle(node, ended),
            Place::Round(node, _) => {
                if let Some(container) = container_of(&ended.step)
                    && let Some(instance) = self.instances.get_mut(&container)
                    && self.tree.nodes[node].kind == Kind::Repeat
                {
                    Arc::make_mut(instance).rounds_done += 1;
                }
            }
            Place::Undo(_) => {}
        }
    }

    /// A step has its outcome in force: the list that it is in moves on.
    fn settle(&mut self, node: usize, ended: &StepEnded) {
        let tree = Arc::clone(&self.tree);
        let node = &tree.nodes[node];
        let list = ended.step.as_str().rsplit_once('/').and_then(|(list, _)| list.parse::<StepPath>().ok());
        let siblings = match node.parent {
            None => &tree.roots,
            Some(parent) => &tree.nodes[parent].blocks[node.block],
        };
        let mut block = self.blocks.remove(&list).unwrap_or_default();
        block.ended += 1;
        let failed = matches!(ended.outcome, Outcome::Failed | Outcome::Unknown | Outcome::Abandoned);
        block.failed |= failed && !ended.tolerated;
        block.abandoned |= ended.outcome == Outcome::Abandoned;
        if let Some(target) = &ended.goto
            && let Some(place) = siblings.iter().position(|sibling| tree.nodes[*sibling].step.id == *target)
            && place > node.index
        {
            block.goto = Some((node.step.id.clone(), place));
        }
        self.move_cursor(&mut block, siblings, list.as_ref());
        let over = block.ended == siblings.len() && !block.failed;
        self.blocks.insert(list.clone(), block);
        // A round of an `each` has no records of its own: it is over with its last step.
        if over
            && let Some(parent) = node.parent
            && tree.nodes[parent].kind == Kind::Each
            && let Some(container) = list.as_ref().and_then(container_of)
            && let Some(instance) = self.instances.get_mut(&container)
        {
            Arc::make_mut(instance).rounds_done += 1;
        }
    }

    fn move_cursor(&self, block: &mut Block, siblings: &[usize], list: Option<&StepPath>) {
        while let Some(next) = siblings.get(block.cursor) {
            let id = &self.tree.nodes[*next].step.id;
            let path = list.map_or_else(|| StepPath::root(id), |list| list.child(id));
            if !self.instances.get(&path).is_some_and(|instance| instance.settled()) {
                break;
            }
            block.cursor += 1;
        }
    }

    fn ask(&mut self, asked: &Asked, record: &Record) {
        let Some(number) = number_of(&asked.question) else { return };
        self.asked.insert(asked.step.clone(), number);
        let question = Question {
            id: asked.question.clone(),
            step: asked.step.clone(),
            attempt: asked.attempt,
            what: asked.what,
            text: asked.text,
            plan: asked.plan,
            asked: record.written.clone(),
            answer: None,
        };
        self.questions.insert(number, Arc::new(question));
    }

    fn answer(&mut self, id: &QuestionId, said: Said, because: Option<crate::model::ObjectRef>, record: &Record) {
        let Some(question) = number_of(id).and_then(|number| self.questions.get_mut(&number)) else { return };
        if question.answer.is_some() {
            return;
        }
        Arc::make_mut(question).answer = Some(Answer {
            actor: record.draft.actor.clone(),
            seq: record.seq,
            written: record.written.clone(),
            occurred: record.draft.occurred,
            basis: record.draft.basis,
            said,
            because,
        });
    }

    fn evidence(&mut self, step: Option<&StepPath>) {
        if let Some(instance) = step.and_then(|step| self.instances.get_mut(step)) {
            Arc::make_mut(instance).evidence += 1;
        }
    }

    fn marked(&mut self, marked: &Marked, record: &Record) {
        let edge = Edge::of(record, None);
        match self.marks.get(&marked.mark) {
            Some(known) if !edge.before(known) => {}
            _ => {
                self.marks.insert(marked.mark, edge);
            }
        }
    }

    fn watch(&mut self, changed: &WatchChanged, record: &Record) {
        let edge = Edge::of(record, changed.occurred_mono_us);
        let log =
            self.watches.entry(changed.watch.clone()).or_insert_with(|| Arc::new(WatchLog { changes: Vec::new() }));
        Arc::make_mut(log).changes.push((edge.clone(), changed.state));
        match changed.state {
            WatchState::Down if self.outage.0.is_none() => self.outage.0 = Some(edge),
            WatchState::Up if self.outage.0.is_some() && self.outage.1.is_none() => {
                // The outage is over when nothing that was down is down still.
                let last_known = |log: &WatchLog| {
                    log.changes.iter().rev().map(|(_, state)| *state).find(|state| *state != WatchState::Unobserved)
                };
                if !self.watches.values().any(|log| last_known(log) == Some(WatchState::Down)) {
                    self.outage.1 = Some(edge);
                }
            }
            _ => {}
        }
    }
}

/// The container of a round: `restore_all` of `restore_all[2]`.
fn container_of(round: &StepPath) -> Option<StepPath> {
    let text = round.as_str();
    text.ends_with(']').then(|| text.rsplit_once('['))?.and_then(|(path, _)| path.parse().ok())
}
