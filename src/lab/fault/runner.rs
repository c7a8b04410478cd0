//! A fault that runs on: a thread of the keeper's, which ends with its remedy, with a fresh lab, or with the keeper.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::super::moment;

/// No fault runs longer than this, whatever happens.
pub(super) const LIFETIME: Duration = Duration::from_hours(2);
/// What was not seen for so long is not there any more, in microseconds.
const SEEN: i64 = 3 * moment::SECOND;
/// A remedy that held for so long has ended the fault.
pub(super) const HELD: i64 = 10 * moment::SECOND;

/// What the thread and its keeper share.
#[derive(Debug)]
pub(in super::super) struct Telling {
    stop: AtomicBool,
    ended: AtomicBool,
    /// When the fault last had an effect.
    effect: AtomicI64,
    begun: Instant,
}

impl Telling {
    /// Whether to go on.
    pub(super) fn goes_on(&self) -> bool {
        !self.stop.load(Ordering::Relaxed) && self.begun.elapsed() < LIFETIME
    }

    /// The fault has its effect now.
    pub(super) fn effective(&self) {
        self.effect.store(moment::now(), Ordering::Relaxed);
    }

    /// For how long it has had no effect, in microseconds.
    pub(super) fn idle(&self) -> i64 {
        moment::now() - self.effect.load(Ordering::Relaxed)
    }
}

/// The faults that run on in one system's name.
#[derive(Debug, Default)]
pub(in super::super) struct Runners(Mutex<BTreeMap<&'static str, Arc<Telling>>>);

impl Runners {
    /// Starts `name` with `work`, in place of one that runs already.
    pub(super) fn start(&self, name: &'static str, work: impl FnOnce(&Telling) + Send + 'static) {
        let telling = Arc::new(Telling {
            stop: AtomicBool::new(false),
            ended: AtomicBool::new(false),
            effect: AtomicI64::new(moment::now()),
            begun: Instant::now(),
        });
        self.end(name);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name, Arc::clone(&telling));
        std::thread::spawn(move || {
            work(&telling);
            telling.ended.store(true, Ordering::Relaxed);
        });
    }

    /// Ends `name`, and waits for its thread, which looks often whether to go on.
    pub(in super::super) fn end(&self, name: &str) {
        let Some(telling) = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(name) else { return };
        finish(&[telling]);
    }

    /// Ends `name` where its remedy has taken its effect away.
    pub(in super::super) fn end_without_effect(&self, name: &str) {
        if !self.in_force(name) {
            self.end(name);
        }
    }

    /// Ends every one.
    pub(in super::super) fn end_all(&self) {
        let all = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        finish(&all.into_values().collect::<Vec<_>>());
    }

    /// Whether `name` runs and has its effect now.
    pub(in super::super) fn in_force(&self, name: &str) -> bool {
        let runners = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        runners.get(name).is_some_and(|telling| !telling.ended.load(Ordering::Relaxed) && telling.idle() < SEEN)
    }
}

fn finish(all: &[Arc<Telling>]) {
    for telling in all {
        telling.stop.store(true, Ordering::Relaxed);
    }
    let deadline = Instant::now() + Duration::from_secs(5);
    while all.iter().any(|telling| !telling.ended.load(Ordering::Relaxed)) && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(2));
    }
}
