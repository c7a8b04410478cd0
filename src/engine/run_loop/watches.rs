//! All watches of a run: a thread each, and what they have to tell.

use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::listen::{Bell, Event};
use super::sampler::{Change, Chunk, Closed, Judge, Sample, gap};
use crate::engine::executor::mask_text;
use crate::message::Message;
use crate::model::record::{WatchChanged, WatchSampled, WatchState};
use crate::model::{Body, Clock, Draft, Id, JournalError, Lang, Mode, Moment, Objects, RunId};
use crate::playbook::Watch;
use crate::probe::{self, Spec};

/// How often samples become an object.
pub(super) const SAMPLED_EVERY: Duration = Duration::from_mins(10);

/// All watches of a run.
pub(super) struct Watches {
    run: RunId,
    mode: Mode,
    each: Vec<Arc<Shared>>,
    next_close: Instant,
    /// Chunks that are closed and not yet an object.
    closed: Vec<(Id, Closed)>,
}

/// What a watch's thread and the loop share.
struct Shared {
    id: Id,
    every: Duration,
    state: Mutex<State>,
    stopped: Condvar,
}

struct State {
    judge: Judge,
    chunk: Chunk,
    changes: Vec<Change>,
    stop: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a watch has to be given.
pub(super) struct Surround {
    pub(super) run: RunId,
    pub(super) mode: Mode,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) lang: Lang,
    pub(super) bell: Bell,
    /// What is masked in what a look gives back.
    pub(super) secrets: Arc<[String]>,
}

impl Watches {
    /// Begins to look. `watches` are filled in, secrets too; `before` says what the ledger last heard of a watch.
    pub(super) fn begin(
        watches: &[Watch],
        folder: &Path,
        before: impl Fn(&Id) -> Option<(WatchState, Moment)>,
        surround: &Surround,
    ) -> std::io::Result<Self> {
        let mut all = Vec::with_capacity(watches.len());
        let mut closed = Vec::new();
        let now = surround.clock.now();
        for watch in watches {
            let every = watch.every.duration().max(Duration::from_millis(100));
            let gap = gap(every, patience(&watch.probe));
            let mut chunk = Chunk::open(folder, &watch.id, gap)?;
            // The last sample says better than the last record until when somebody looked.
            let before = before(&watch.id).map(|(state, moment)| {
                let last = chunk.last().map(|(last, _)| last.clone());
                (state, last.filter(|last| last.since(&moment).0 > Duration::ZERO).unwrap_or(moment))
            });
            closed.extend(chunk.close(&now)?.map(|chunk| (watch.id.clone(), chunk)));
            let judge = Judge::new(watch.confirm, gap, before);
            let state = State { judge, chunk, changes: Vec::new(), stop: false };
            let shared =
                Arc::new(Shared { id: watch.id.clone(), every, state: Mutex::new(state), stopped: Condvar::new() });
            all.push(Arc::clone(&shared));
            let (spec, clock, bell) = (watch.probe.clone(), Arc::clone(&surround.clock), surround.bell.clone());
            let (lang, secrets) = (surround.lang, Arc::clone(&surround.secrets));
            std::thread::Builder::new()
                .name(format!("watch {}", watch.id))
                .spawn(move || look_on(&shared, &spec, &*clock, (lang, &secrets), &bell))?;
        }
        if !closed.is_empty() {
            surround.bell.ring(Event::Watch);
        }
        let next_close = Instant::now() + SAMPLED_EVERY;
        Ok(Self { run: surround.run.clone(), mode: surround.mode, each: all, next_close, closed })
    }

    /// When samples become an object again; nothing where nothing is watched.
    pub(super) fn next_event(&self) -> Option<Instant> {
        (!self.each.is_empty()).then_some(self.next_close)
    }

    /// Whether a watch has seen something that is not yet confirmed, and how long that may take.
    pub(super) fn wavering(&self) -> Option<Duration> {
        self.each.iter().filter(|watch| watch.lock().judge.wavers()).map(|watch| watch.every).max()
    }

    /// The records of what has changed since the last time.
    pub(super) fn changes(&mut self) -> Vec<Draft> {
        let mut drafts = Vec::new();
        for watch in &self.each {
            for change in std::mem::take(&mut watch.lock().changes) {
                let body = WatchChanged {
                    watch: watch.id.clone(),
                    state: change.state,
                    occurred_mono_us: Some(change.since.mono_us),
                };
                let mut draft = Draft::machine(&self.run, self.mode, body.into());
                draft.occurred = Some(change.since.at);
                drafts.push(draft);
            }
        }
        drafts
    }

    /// Makes objects of the samples so far where it is time, or `all` at the end; and their records.
    ///
    /// # Errors
    ///
    /// Where an object cannot be kept: its samples stay in the spool, for the next time.
    pub(super) fn samples(
        &mut self,
        all: bool,
        now: &Moment,
        objects: &dyn Objects,
    ) -> Result<Vec<Draft>, JournalError> {
        if all || Instant::now() >= self.next_close {
            self.next_close = Instant::now() + SAMPLED_EVERY;
            for watch in &self.each {
                match watch.lock().chunk.close(now) {
                    Ok(closed) => self.closed.extend(closed.map(|chunk| (watch.id.clone(), chunk))),
                    Err(error) => tracing::warn!(watch = %watch.id, %error, "samples cannot be set aside"),
                }
            }
        }
        let mut drafts = Vec::new();
        while let Some((watch, chunk)) = self.closed.first() {
            let object = match objects.put_text_file(&chunk.path) {
                Ok(object) => object,
                Err(error) if drafts.is_empty() => return Err(error),
                // What could be kept gets its record; the rest has another time.
                Err(_) => break,
            };
            let body = Body::WatchSampled(WatchSampled {
                watch: watch.clone(),
                from: chunk.from,
                to: chunk.to,
                up: chunk.up,
                down: chunk.down,
                unobserved: chunk.unobserved,
                object,
            });
            drafts.push(Draft::machine(&self.run, self.mode, body));
            let _ = std::fs::remove_file(&chunk.path);
            self.closed.remove(0);
        }
        Ok(drafts)
    }
}

impl Drop for Watches {
    fn drop(&mut self) {
        for watch in &self.each {
            watch.lock().stop = true;
            watch.stopped.notify_all();
        }
    }
}

fn look_on(watch: &Shared, spec: &Spec, clock: &dyn Clock, (lang, secrets): (Lang, &[String]), bell: &Bell) {
    let mut next = Instant::now();
    loop {
        let Moment { at, mono_us, boot } = clock.now();
        let look = probe::look(spec);
        let detail = mask_text(Message::render(&look.detail, lang), secrets);
        let sample = Sample { at, mono_us, boot, ok: look.ok, millis: look.millis, detail };
        let mut state = watch.lock();
        if state.stop {
            return;
        }
        if let Err(error) = state.chunk.add(&sample) {
            tracing::warn!(watch = %watch.id, %error, "a sample cannot be kept");
        }
        let changes = state.judge.see(sample.ok, &sample.moment());
        if !changes.is_empty() {
            state.changes.extend(changes);
            if !bell.ring(Event::Watch) {
                return;
            }
        }
        // In step with the clock, not with how long looks take; but never two at once to catch up.
        next = (next + watch.every).max(Instant::now());
        let left = next.saturating_duration_since(Instant::now());
        let waited = watch.stopped.wait_timeout_while(state, left, |state| !state.stop);
        if waited.unwrap_or_else(PoisonError::into_inner).0.stop {
            return;
        }
    }
}

/// How long one look of this kind may take, and a moment.
fn patience(spec: &Spec) -> Duration {
    let timeout = match spec {
        Spec::Http(http) => http.timeout,
        Spec::Tcp(tcp) => tcp.timeout,
        Spec::Dns(dns) => dns.timeout,
        Spec::Tls(tls) => tls.timeout,
        _ => None,
    };
    timeout.map_or(probe::TIMEOUT, crate::model::Span::duration) + Duration::from_secs(1)
}
