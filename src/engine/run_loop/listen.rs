//! What happens outside the loop: the ledger grows, watches see something, a signal comes.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use crate::engine::executor::Waker;
use crate::model::{Hold, Journal};

/// How long the ledger's watcher lets the loop's own records settle before it looks whose they are.
const SETTLE: Duration = Duration::from_millis(20);
/// How often the watcher looks whether the loop still lives.
const LIVENESS: Duration = Duration::from_secs(1);

/// Something that the loop has to see to.
#[derive(Debug)]
pub(super) enum Event {
    /// Somebody else may have appended.
    LedgerGrew,
    /// A watch has something to tell.
    Watch,
    /// A signal asks to pause, or to stop where it comes again.
    Signal,
    /// The lock is no lock any more: the ledger was moved or removed under the loop.
    Unlocked,
}

/// Sends events and wakes the loop.
#[derive(Clone)]
pub(super) struct Bell {
    events: mpsc::Sender<Event>,
    waker: Waker,
}

impl Bell {
    pub(super) fn new(waker: Waker) -> (Self, mpsc::Receiver<Event>) {
        let (events, heard) = mpsc::channel();
        (Self { events, waker }, heard)
    }

    /// False once nobody listens.
    pub(super) fn ring(&self, event: Event) -> bool {
        let heard = self.events.send(event).is_ok();
        self.waker.wake();
        heard
    }
}

/// Watches the ledger on a thread of its own. `seen` is the number of lines that the loop knows.
pub(super) fn ledger(
    journal: Arc<dyn Journal>,
    lock: Arc<dyn Hold>,
    seen: Arc<AtomicU64>,
    bell: Bell,
) -> std::io::Result<()> {
    std::thread::Builder::new().name("ledger".to_owned()).spawn(move || {
        let mut told = 0;
        // The loop holds the only other handle of `seen`.
        while Arc::strong_count(&seen) > 1 {
            let known = seen.load(Ordering::Acquire).max(told);
            match journal.wait_past(known, LIVENESS) {
                Ok(false) if lock.holds() => {}
                Ok(false) => {
                    bell.ring(Event::Unlocked);
                    return;
                }
                Ok(true) => {
                    // Most growth is the loop's own: it knows of it by now.
                    std::thread::sleep(SETTLE);
                    let size = journal.size().unwrap_or(known + 1);
                    if size > seen.load(Ordering::Acquire) {
                        told = size;
                        if !bell.ring(Event::LedgerGrew) {
                            return;
                        }
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "the ledger cannot be watched");
                    std::thread::sleep(LIVENESS);
                    if !lock.holds() {
                        bell.ring(Event::Unlocked);
                        return;
                    }
                    bell.ring(Event::LedgerGrew);
                }
            }
        }
    })?;
    Ok(())
}

/// Listens to SIGINT, SIGTERM and SIGHUP on a thread of its own. SIGHUP counts where it `hangs_up`; else it is passed over.
pub(super) fn signals(bell: Bell, hangs_up: bool) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    let inside = runtime.enter();
    // Registered before the thread begins: a signal from here on is heard.
    let mut interrupt = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt())?;
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    let mut hangup = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup())?;
    drop(inside);
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        runtime.block_on(async {
            loop {
                let heard = tokio::select! {
                    heard = interrupt.recv() => heard,
                    heard = terminate.recv() => heard,
                    heard = hangup.recv() => match heard {
                        Some(()) if !hangs_up => continue,
                        heard => heard,
                    },
                };
                if heard.is_none() || !bell.ring(Event::Signal) {
                    return;
                }
            }
        });
    })?;
    Ok(())
}
