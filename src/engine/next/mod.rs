//! What may happen now, from a run's state and the values that its records name.

mod ask;
mod conclude;
mod draft;
mod finish;
mod inject;
mod instant;
mod leaf;
mod notice;
mod paper;
mod rounds;
mod scope;
mod start;
mod switch;
mod walk;
mod work;

pub(in crate::engine) use start::left_out;

use std::collections::BTreeMap;
use std::time::Duration;

pub use paper::{PaperConsent, PaperEntry, PaperProblem, PaperRecords, Stated};

use super::effect::Effect;
use super::state::{Edge, NodeId, State};
use crate::model::record::{ClockStarted, ClockStopped, Why};
use crate::model::{Body, Draft, JournalError, Moment, Name, Objects, QuestionId, RunId, Stage, StepPath};

/// What `next` and `conclude` may look at besides the state.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Values of captures and answers; also where new ones are kept.
    pub objects: &'a dyn Objects,
    /// The time now.
    pub now: &'a Moment,
    /// Secrets by name.
    pub secrets: &'a BTreeMap<String, String>,
    /// Steps whose work a loop before this one began and that still runs: it is waited for, and what does not depend on it
    /// goes on.
    pub living: &'a [StepPath],
    /// Writes the texts of notices; where there is none, or it does not know a notice, that has the facts alone.
    pub notices: Option<&'a NoticeWriter>,
}

/// The text of a notice for a run as it stands at a moment; nothing where no such notice is known. It asks for nothing but
/// what it is given: the same run gives the same text.
pub type NoticeWriter = dyn Fn(&Name, &State, &Moment) -> Option<String> + Send + Sync;

impl State {
    /// What may happen now. Ask again after each record; until then the same effects come again, but for a `Begin` whose
    /// `step-started` was kept.
    ///
    /// One call looks one record ahead: what follows from the records it gives comes when they are applied, to this state
    /// or to a copy, so that a caller gathers all that is ready into one append.
    ///
    /// After a crash, append `run-continued` with its gap before asking: steps whose work was lost are then taken up again,
    /// asked about, or given up as unknown.
    ///
    /// # Errors
    ///
    /// Where a value cannot be read, or a text that belongs to a record not be kept.
    pub fn next(&self, context: &Context) -> Result<Vec<Effect>, JournalError> {
        let Some(run) = &self.run else { return Ok(Vec::new()) };
        if self.ended() {
            return Ok(Vec::new());
        }
        let mut walk = Walk::new(self, context, run.clone());
        walk.clocks();
        walk.run()?;
        if let Some(wake) = walk.wake {
            walk.effects.push(Effect::Wake(wake));
        }
        Ok(walk.effects)
    }
}

/// Why nothing new starts in a list of steps, and what is open comes to its end.
#[derive(Clone, Debug)]
struct Closing {
    /// The word for what is passed over.
    why: Why,
    /// Whether what runs is ended by force.
    force: bool,
}

/// One look at the state.
struct Walk<'a> {
    state: &'a State,
    context: &'a Context<'a>,
    run: RunId,
    effects: Vec<Effect>,
    /// How many questions there are, with those of this look.
    asked: u32,
    wake: Option<Duration>,
    paused: bool,
    /// The rows that are entered, where it is a paper log that is looked at and not what a loop does next.
    paper: Option<paper::Rows>,
}

impl<'a> Walk<'a> {
    fn new(state: &'a State, context: &'a Context<'a>, run: RunId) -> Self {
        Self {
            state,
            context,
            run,
            effects: Vec::new(),
            asked: state.lifecycle().map_or(0, |run| run.asked),
            wake: None,
            paused: state.stage() == Stage::Paused,
            paper: None,
        }
    }

    fn draft(&self, body: impl Into<Body>) -> Draft {
        Draft::machine(&self.run, self.state.tree.plan.mode, body.into())
    }

    fn record(&mut self, drafts: Vec<Draft>) {
        if !drafts.is_empty() {
            self.effects.push(Effect::Record(drafts));
        }
    }

    fn wake_in(&mut self, after: Duration) {
        self.wake = Some(self.wake.map_or(after, |before| before.min(after)));
    }

    fn new_question(&mut self) -> QuestionId {
        self.asked += 1;
        QuestionId::new(self.asked)
    }

    /// What is left of `limit` since `from`, a drill's pauses left out; nothing where it is over.
    fn left(&self, from: &Moment, limit: Duration) -> Option<Duration> {
        let now = Edge::at(self.context.now);
        let from = Edge::at(from);
        let gone = now.since(&from).0.saturating_sub(self.state.paused_between(&from, &now));
        limit.checked_sub(gone).filter(|left| !left.is_zero())
    }

    fn step(&self, node: NodeId) -> &'a crate::engine::plan::Step {
        &self.state.node(node).step
    }

    /// Clocks that the records let run or stop, where no record says so yet.
    fn clocks(&mut self) {
        for (id, clock) in &self.state.tree.plan.clocks {
            let noted = self.state.clocks.get(id).copied().unwrap_or_default();
            if noted.stopped {
                continue;
            }
            let Some(reading) = self.state.clock(id, self.context.now) else { continue };
            let mut drafts = Vec::new();
            if !noted.started {
                let body = ClockStarted {
                    clock: id.clone(),
                    limit_s: clock.limit_s,
                    occurred_mono_us: self.mono(&reading.from),
                };
                drafts.push(Draft { occurred: Some(reading.from.stamp), ..self.draft(body) });
            }
            if let Some(to) = &reading.to {
                let body = ClockStopped {
                    clock: id.clone(),
                    seconds: Some(reading.elapsed.as_secs()),
                    occurred_mono_us: self.mono(to),
                };
                drafts.push(Draft { occurred: Some(to.stamp), ..self.draft(body) });
            }
            self.record(drafts);
        }
    }

    /// The boot clock of an edge of this boot.
    fn mono(&self, edge: &Edge) -> Option<u64> {
        edge.mono.as_ref().filter(|(_, boot)| *boot == self.context.now.boot).map(|(mono, _)| *mono)
    }
}
