//! Taking in a record: total and deterministic.

use std::sync::Arc;

use super::marks::Marking;
use super::parts::{Answer, Block, Delivered, Edge, Instance, Pause, Question, Said, WatchLog};
use super::tree::{Kind, Place};
use super::{State, number_of};
use crate::model::record::{
    Asked, Body, Marked, RunContinued, StepEnded, StepStarted, StopHow, WatchChanged, WatchState, What,
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
        self.incident.apply(record);
        if let Body::PlaybookSwitched(_) = &record.draft.body
            && record.seq > self.part
        {
            self.superseded = true;
        }
        if (self.superseded || record.seq < self.part) && of_a_plan(&record.draft.body) {
            return;
        }
        match &record.draft.body {
            Body::RunPaused(_) => self.pauses.push(Pause { from: Edge::at(&record.written), to: None }),
            Body::RunContinued(continued) => self.continued(continued, record),
            Body::RunStopping(stopping) => {
                self.stopped_for_incident |= stopping.incident;
                if stopping.how == StopHow::Now {
                    self.forced_after.get_or_insert(self.starts);
                }
                self.end_pause(record);
            }
            Body::RunEnded(_) => {
                self.ended = Some(record.written.clone());
                self.end_pause(record);
            }
            Body::StopWord(_) => {
                let said = (record.draft.actor.clone(), record.occurred());
                self.stop_word.get_or_insert(said);
            }
            Body::Injected(injected) => {
                if let Some(number) = injected.inject {
                    let (at, actor, text) = (record.occurred(), record.draft.actor.clone(), injected.text);
                    let delivered = Delivered { at, actor, to: injected.to.clone(), text, seq: record.seq };
                    self.delivered.entry(number).or_insert(delivered);
                }
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
                // Consent to a plan is to this one, by its digest, or it is none.
                let to = self.question(&answer.question).and_then(|question| question.plan);
                let given = answer.given && (to.is_none() || (to == answer.plan && to == Some(self.tree.digest)));
                self.answer(&answer.question, Said::Consent(given), answer.because, record);
            }
            Body::HandedOver(taken) => self.answer(&taken.question, Said::Taken, taken.because, record),
            Body::Corrected(corrected) => self.corrected(corrected),
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
        instance.began_edge.get_or_insert_with(|| Edge::of(record, None));
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
        self.asked.insert((asked.step.clone(), asked.what), number);
        let question = Question {
            id: asked.question.clone(),
            step: asked.step.clone(),
            attempt: asked.attempt,
            what: asked.what,
            text: asked.text,
            plan: asked.plan,
            role: asked.role.clone(),
            to: asked.to.clone(),
            by: record.draft.actor.clone(),
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
            by: record.draft.by.clone(),
            manner: match &record.draft.body {
                Body::Consented(consent) => consent.manner,
                _ => None,
            },
        });
    }

    fn evidence(&mut self, step: Option<&StepPath>) {
        if let Some(instance) = step.and_then(|step| self.instances.get_mut(step)) {
            Arc::make_mut(instance).evidence += 1;
        }
    }

    fn marked(&mut self, marked: &Marked, record: &Record) {
        self.marks.set(Marking {
            seq: record.seq,
            mark: marked.mark,
            edge: Edge::of(record, None),
            step: marked.step.clone(),
            actor: record.draft.actor.clone(),
            basis: record.draft.basis,
        });
    }

    fn watch(&mut self, changed: &WatchChanged, record: &Record) {
        let edge = Edge::of(record, changed.occurred_mono_us);
        let log =
            self.watches.entry(changed.watch.clone()).or_insert_with(|| Arc::new(WatchLog { changes: Vec::new() }));
        Arc::make_mut(log).changes.push((edge.clone(), changed.state));
        self.outage = outage(self.watches.values().map(|log| log.changes.as_slice()));
    }
}

/// The first outage in the course of events: from the first look of any watch that failed to the moment from which nothing
/// that was down is down still. Watches confirm at their own pace, so what is told later may have happened before.
fn outage<'a>(watches: impl Iterator<Item = &'a [(Edge, WatchState)]>) -> (Option<Edge>, Option<Edge>) {
    let mut changes: Vec<(usize, &Edge, WatchState)> = Vec::new();
    for (watch, log) in watches.enumerate() {
        // A gap says nothing: what was down before it is down until it is seen up.
        let seen = log.iter().filter(|(_, state)| *state != WatchState::Unobserved);
        changes.extend(seen.map(|(edge, state)| (watch, edge, *state)));
    }
    // What one watch told stays in its order, however the clock was set in between.
    let mut course: Vec<(usize, &Edge, WatchState)> = Vec::with_capacity(changes.len());
    for change in changes {
        let after = course.iter().rposition(|(watch, edge, _)| *watch == change.0 || !change.1.before(edge));
        course.insert(after.map_or(0, |place| place + 1), change);
    }
    let mut began = None;
    let mut down = std::collections::BTreeSet::new();
    for (watch, edge, state) in course {
        match state {
            WatchState::Down => {
                began.get_or_insert(edge);
                down.insert(watch);
            }
            _ => {
                if down.remove(&watch) && down.is_empty() {
                    return (began.cloned(), Some(edge.clone()));
                }
            }
        }
    }
    (began.cloned(), None)
}

/// Whether a record is about a step or a question: those belong to one plan. The offer of a role does not, nor its answer;
/// an answer to a question that is not known changes nothing.
fn of_a_plan(body: &Body) -> bool {
    if let Body::Asked(asked) = body {
        return asked.what != What::Handover;
    }
    matches!(
        body,
        Body::StepStarted(_)
            | Body::ProcessStarted(_)
            | Body::StepEnded(_)
            | Body::StepUndone(_)
            | Body::Decided(_)
            | Body::Consented(_)
            | Body::Noted(_)
            | Body::Attached(_)
    )
}

/// The container of a round: `restore_all` of `restore_all[2]`.
fn container_of(round: &StepPath) -> Option<StepPath> {
    let text = round.as_str();
    text.ends_with(']').then(|| text.rsplit_once('['))?.and_then(|(path, _)| path.parse().ok())
}
