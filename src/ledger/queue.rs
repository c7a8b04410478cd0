//! Threads of one process that append at the same time share one lock and one sync.
//!
//! One of them leads: it takes along what the others have put in the queue. Where the last groups had several, it waits a
//! moment for as many, about as long as the last group took; a thread that appends alone never waits.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::model::{Appended, Draft, Durability, JournalError};

/// The shortest and the longest time for which a group waits for more, where the last ones had several.
const WAIT: (Duration, Duration) = (Duration::from_micros(500), Duration::from_millis(2));

/// A batch that waits to be appended, and what came of it.
#[derive(Debug)]
pub(super) struct Ticket {
    pub(super) drafts: Vec<Draft>,
    pub(super) durability: Durability,
    result: Mutex<Option<Result<Appended, JournalError>>>,
}

impl Ticket {
    pub(super) fn new(drafts: Vec<Draft>, durability: Durability) -> Self {
        Self { drafts, durability, result: Mutex::new(None) }
    }

    pub(super) fn take(&self) -> Option<Result<Appended, JournalError>> {
        self.result.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub(super) fn set(&self, result: Result<Appended, JournalError>) {
        *self.result.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
    }
}

/// Batches that wait, and who leads.
#[derive(Debug, Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    waiting: Vec<Arc<Ticket>>,
    leading: bool,
    /// How many the last group had; falls by half at most, so that one straggler does not end the sharing.
    last_group: usize,
    last_took: Duration,
}

impl Queue {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a batch in the queue and gives its result, which `commit` sets: of this thread, or of another that leads.
    pub(super) fn through(
        &self,
        ticket: &Arc<Ticket>,
        commit: impl Fn(&[Arc<Ticket>]),
    ) -> Option<Result<Appended, JournalError>> {
        let mut state = self.state();
        state.waiting.push(ticket.clone());
        self.changed.notify_all();
        while state.leading {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            if let Some(result) = ticket.take() {
                return Some(result);
            }
        }
        if let Some(result) = ticket.take() {
            return Some(result);
        }
        state.leading = true;
        let _leads = Leads(self);
        let end = Instant::now() + state.last_took.clamp(WAIT.0, WAIT.1);
        while state.last_group > 1 && state.waiting.len() < state.last_group {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            (state, _) = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner);
        }
        let group = std::mem::take(&mut state.waiting);
        drop(state);
        let start = Instant::now();
        commit(&group);
        let mut state = self.state();
        state.last_group = group.len().max(state.last_group / 2);
        state.last_took = start.elapsed();
        drop(state);
        ticket.take()
    }
}

/// Lets another lead when dropped, whatever happened.
struct Leads<'a>(&'a Queue);

impl Drop for Leads<'_> {
    fn drop(&mut self) {
        self.0.state().leading = false;
        self.0.changed.notify_all();
    }
}
