//! What the clocks show, from the moments of the records.

use std::time::Duration;

use super::State;
use super::parts::Edge;
use crate::model::{Id, Moment, Outcome, RunKind, StepPath};
use crate::playbook::ClockEdge;

/// A clock as the records have it.
#[derive(Clone, Debug, PartialEq)]
pub struct ClockReading {
    /// When it began.
    pub from: Edge,
    /// When it stopped; nothing while it runs.
    pub to: Option<Edge>,
    /// What it shows at its stop, or at the moment asked about, without the pauses of a drill.
    pub elapsed: Duration,
    /// Whether that was measured by the boot clock alone.
    pub by_boot_clock: bool,
}

impl State {
    /// What clock `id` shows at `now`; nothing where it has not begun.
    #[must_use]
    pub fn clock(&self, id: &Id, now: &Moment) -> Option<ClockReading> {
        let rule = self.tree.plan.clocks.get(id)?;
        let from = self.edge(&rule.from, false)?;
        let to = self.edge(&rule.to, true).filter(|to| !to.before(&from));
        let end = match (&to, &self.ended) {
            (Some(to), _) => to.clone(),
            (None, Some(ended)) => Edge::at(ended),
            (None, None) => Edge::at(now),
        };
        let (whole, by_boot_clock) = end.since(&from);
        let elapsed = whole.saturating_sub(self.paused_between(&from, &end));
        Some(ClockReading { from, to, elapsed, by_boot_clock })
    }

    fn edge(&self, edge: &ClockEdge, to: bool) -> Option<Edge> {
        match edge {
            ClockEdge::Outage => if to { &self.outage.1 } else { &self.outage.0 }.clone(),
            ClockEdge::Mark(mark) => self.marks.first(*mark).map(|marking| marking.edge.clone()),
            ClockEdge::Begin(id) => self.named(id)?.began_edge.clone(),
            // A wait that ran into its time limit does not bring the service back: only what is done ends a clock.
            ClockEdge::End(id) => {
                let instance = self.named(id)?;
                if instance.outcome == Some(Outcome::Done) { instance.ended_edge.clone() } else { None }
            }
        }
    }

    fn named(&self, id: &Id) -> Option<&super::Instance> {
        let path: StepPath = self.tree.names.get(id)?.parse().ok()?;
        self.instance(&path)
    }

    /// How long a drill stood still between two moments. An incident never does.
    pub(crate) fn paused_between(&self, from: &Edge, to: &Edge) -> Duration {
        if self.tree.plan.kind == RunKind::Incident {
            return Duration::ZERO;
        }
        let mut total = Duration::ZERO;
        for pause in &self.pauses {
            let begin = if pause.from.before(from) { from } else { &pause.from };
            let end = match &pause.to {
                Some(end) if end.before(to) => end,
                _ => to,
            };
            if begin.before(end) {
                total += end.since(begin).0;
            }
        }
        total
    }
}
