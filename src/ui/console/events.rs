//! What wakes a console: a typed line, Ctrl-C, a longer ledger. Threads fill one mailbox; the console empties it.

use std::collections::VecDeque;
use std::io::BufRead as _;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::model::Journal;

/// Lines that wait before the reader of standard input waits too.
const MOST_LINES: usize = 64;

/// The longest line that is taken from standard input, in bytes.
const LONGEST: u64 = 64 * 1024;

/// Lines that arrive closer together than this were pasted: nobody types so fast.
const PASTED: Duration = Duration::from_millis(30);

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// A line was typed; several with line ends between them where they were pasted into a terminal.
    Line(String),
    /// Standard input has ended.
    End,
    /// Ctrl-C.
    Interrupt,
    /// The ledger has grown.
    Grown,
    /// Nothing, for as long as was asked.
    Quiet,
}

#[derive(Default)]
struct Letters {
    /// With the moment at which each arrived.
    lines: VecDeque<(Instant, String)>,
    ended: bool,
    interrupts: u32,
    grown: bool,
    closed: bool,
}

/// The mailbox.
#[derive(Clone, Default)]
pub(crate) struct Mailbox {
    inner: Arc<(Mutex<Letters>, Condvar)>,
}

impl Mailbox {
    /// A mailbox that nothing fills yet.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    fn lock(&self) -> MutexGuard<'_, Letters> {
        // A thread that panicked while it held the lock leaves plain values behind: nothing in it can be half done.
        self.inner.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Letters)) {
        change(&mut self.lock());
        self.inner.1.notify_all();
    }

    /// Reads lines of standard input until its end. The thread lives as long as the process: a read cannot be taken back.
    pub(crate) fn read_lines(&self) {
        let mailbox = self.clone();
        thread::spawn(move || {
            let mut input = std::io::stdin().lock();
            loop {
                let mut bytes = Vec::new();
                let read = std::io::Read::take(&mut input, LONGEST).read_until(b'\n', &mut bytes);
                if !matches!(read, Ok(1..)) {
                    mailbox.change(|inner| inner.ended = true);
                    return;
                }
                let line = String::from_utf8_lossy(&bytes).trim_end_matches(['\n', '\r']).to_owned();
                let mut inner = mailbox.lock();
                while inner.lines.len() >= MOST_LINES && !inner.closed {
                    inner = mailbox.inner.1.wait(inner).unwrap_or_else(PoisonError::into_inner);
                }
                if inner.closed {
                    return;
                }
                inner.lines.push_back((Instant::now(), line));
                drop(inner);
                mailbox.inner.1.notify_all();
            }
        });
    }

    /// Listens for Ctrl-C from now on; without this it ends the process.
    pub(crate) fn hear_interrupts(&self) {
        let mailbox = self.clone();
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_io().build() else { return };
        // Registered before anything is asked: a key that is pressed at once is heard.
        let inside = runtime.enter();
        let heard = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt());
        drop(inside);
        let Ok(mut heard) = heard else { return };
        thread::spawn(move || {
            runtime.block_on(async {
                while heard.recv().await.is_some() {
                    mailbox.change(|inner| inner.interrupts += 1);
                }
            });
        });
    }

    /// Watches the ledger's length.
    pub(crate) fn watch(&self, journal: Arc<dyn Journal>, from: u64) {
        let mailbox = self.clone();
        thread::spawn(move || {
            let mut size = from;
            while !mailbox.lock().closed {
                match journal.wait_past(size, Duration::from_secs(1)) {
                    Ok(true) => {
                        size = journal.size().unwrap_or(size);
                        mailbox.change(|inner| inner.grown = true);
                    }
                    Ok(false) => {}
                    // The console reads anew all the same, once a second, and says what is wrong.
                    Err(_) => {
                        mailbox.change(|inner| inner.grown = true);
                        thread::sleep(Duration::from_secs(1));
                    }
                }
            }
        });
    }

    /// The next event. Lines, and the end of input, are only given where `lines` asks for them; on a `terminal` what was
    /// pasted is one event, so that its second line does not answer a question.
    pub(crate) fn next(&self, lines: bool, terminal: bool, patience: Duration) -> Event {
        let deadline = Instant::now() + patience;
        let mut inner = self.lock();
        loop {
            if inner.interrupts > 0 {
                inner.interrupts -= 1;
                return Event::Interrupt;
            }
            if inner.grown {
                inner.grown = false;
                return Event::Grown;
            }
            if lines {
                if let Some((at, mut line)) = inner.lines.pop_front() {
                    if terminal {
                        inner = self.pasted(inner, at, &mut line);
                    }
                    drop(inner);
                    self.inner.1.notify_all();
                    return Event::Line(line);
                }
                if inner.ended {
                    return Event::End;
                }
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Event::Quiet;
            }
            inner = self.inner.1.wait_timeout(inner, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Adds to `line`, which arrived `at`, those that came with it.
    fn pasted<'a>(
        &'a self,
        mut inner: MutexGuard<'a, Letters>,
        at: Instant,
        line: &mut String,
    ) -> MutexGuard<'a, Letters> {
        let mut last = at;
        loop {
            match inner.lines.front() {
                Some((at, _)) if at.saturating_duration_since(last) >= PASTED => return inner,
                Some(_) => {
                    if let Some((at, more)) = inner.lines.pop_front() {
                        line.push('\n');
                        line.push_str(&more);
                        last = at;
                    }
                }
                None => {
                    let left = PASTED.saturating_sub(last.elapsed());
                    if left.is_zero() || inner.ended || inner.interrupts > 0 {
                        return inner;
                    }
                    inner = self.inner.1.wait_timeout(inner, left).unwrap_or_else(PoisonError::into_inner).0;
                }
            }
        }
    }

    /// Lines that were typed before this moment are thrown away: on a terminal nobody answers what was not shown yet.
    pub(crate) fn forget_lines(&self) {
        self.change(|inner| inner.lines.clear());
    }
}

impl Drop for Closing {
    fn drop(&mut self) {
        self.0.change(|inner| inner.closed = true);
    }
}

/// Ends the threads of a mailbox when it is dropped.
pub(crate) struct Closing(pub(crate) Mailbox);
