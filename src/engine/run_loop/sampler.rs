//! One watch: looks again and again, keeps every sample, tells when what it sees has changed.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::model::record::WatchState;
use crate::model::{Id, Moment, Stamp};

/// One look of a watch, a line of its object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Sample {
    /// When the look began.
    pub(super) at: Stamp,
    /// Microseconds since boot.
    pub(super) mono_us: u64,
    /// Which boot.
    pub(super) boot: String,
    /// Whether it was well.
    pub(super) ok: bool,
    /// How long the look took.
    pub(super) millis: u64,
    /// What was seen, in words.
    pub(super) detail: String,
}

impl Sample {
    pub(super) fn moment(&self) -> Moment {
        Moment { at: self.at, mono_us: self.mono_us, boot: self.boot.clone() }
    }
}

/// What a watch has come to see, and from which moment on.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Change {
    pub(super) state: WatchState,
    pub(super) since: Moment,
}

/// Finds changes in a course of samples.
///
/// A change needs `confirm` samples in a row and is dated back to the first of them. Where nobody looked for longer than
/// `gap`, what there was in between is unobserved from the last sample on, and is never counted as up.
#[derive(Clone, Debug)]
pub(super) struct Judge {
    confirm: u32,
    gap: Duration,
    state: Option<WatchState>,
    streak: Option<(WatchState, u32, Moment)>,
    last: Option<Moment>,
}

impl Judge {
    /// `last` is the last sample before, and `state` what was seen then: a resumed watch goes on from there.
    pub(super) fn new(confirm: u32, gap: Duration, before: Option<(WatchState, Moment)>) -> Self {
        let (state, last) = before.map_or((None, None), |(state, last)| (Some(state), Some(last)));
        Self { confirm: confirm.max(1), gap, state, streak: None, last }
    }

    /// Whether what was seen last contradicts the state, and is not yet confirmed.
    pub(super) fn wavers(&self) -> bool {
        self.streak.as_ref().is_some_and(|(state, ..)| Some(*state) != self.state)
    }

    pub(super) fn see(&mut self, ok: bool, now: &Moment) -> Vec<Change> {
        let mut changes = Vec::new();
        if let Some(last) = &self.last
            && (last.boot != now.boot || now.since(last).0 > self.gap)
        {
            if self.state.is_some_and(|state| state != WatchState::Unobserved) {
                changes.push(Change { state: WatchState::Unobserved, since: last.clone() });
            }
            self.state = Some(WatchState::Unobserved);
            self.streak = None;
        }
        self.last = Some(now.clone());
        let seen = if ok { WatchState::Up } else { WatchState::Down };
        let (count, first) = match self.streak.take() {
            Some((state, count, first)) if state == seen => (count.saturating_add(1), first),
            _ => (1, now.clone()),
        };
        if count >= self.confirm && self.state != Some(seen) {
            self.state = Some(seen);
            changes.push(Change { state: seen, since: first.clone() });
        }
        self.streak = Some((seen, count, first));
        changes
    }
}

/// The longest time between two samples that still counts as looking all the time. A look may take `patience`.
pub(super) fn gap(every: Duration, patience: Duration) -> Duration {
    every * 2 + patience
}

/// Samples that are not yet an object: a file of JSON lines, and how long each state lasted.
#[derive(Debug)]
pub(super) struct Chunk {
    path: PathBuf,
    file: Option<File>,
    gap: Duration,
    first: Option<Moment>,
    last: Option<(Moment, bool)>,
    up: Duration,
    down: Duration,
    unobserved: Duration,
}

/// A chunk that is closed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Closed {
    pub(super) path: PathBuf,
    pub(super) from: Stamp,
    pub(super) to: Stamp,
    pub(super) up: u64,
    pub(super) down: u64,
    pub(super) unobserved: u64,
}

impl Chunk {
    /// The chunk of `watch` in the run's folder, with what an earlier loop left in it.
    pub(super) fn open(folder: &Path, watch: &Id, gap: Duration) -> io::Result<Self> {
        let mut chunk = Self {
            path: folder.join(format!("{watch}.watch.jsonl")),
            file: None,
            gap,
            first: None,
            last: None,
            up: Duration::ZERO,
            down: Duration::ZERO,
            unobserved: Duration::ZERO,
        };
        let text = match std::fs::read_to_string(&chunk.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(chunk),
            Err(error) => return Err(error),
        };
        // A loop that was killed may have left half a line.
        for sample in text.lines().filter_map(|line| serde_json::from_str::<Sample>(line).ok()) {
            chunk.count(&sample);
        }
        Ok(chunk)
    }

    /// The last sample and whether it was well.
    pub(super) fn last(&self) -> Option<&(Moment, bool)> {
        self.last.as_ref()
    }

    fn count(&mut self, sample: &Sample) {
        let now = sample.moment();
        self.first.get_or_insert_with(|| now.clone());
        self.pass_to(&now);
        self.last = Some((now, sample.ok));
    }

    /// What was seen last lasts until `now`, unless nobody looked for too long.
    fn pass_to(&mut self, now: &Moment) {
        let Some((last, ok)) = &self.last else { return };
        let (time, _) = now.since(last);
        let slot = match (time <= self.gap && last.boot == now.boot, ok) {
            (false, _) => &mut self.unobserved,
            (true, true) => &mut self.up,
            (true, false) => &mut self.down,
        };
        *slot += time;
    }

    /// Keeps a sample in the spool.
    pub(super) fn add(&mut self, sample: &Sample) -> io::Result<()> {
        self.count(sample);
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(OpenOptions::new().create(true).append(true).open(&self.path)?),
        };
        let mut line = serde_json::to_vec(sample)?;
        line.push(b'\n');
        file.write_all(&line)
    }

    /// Closes the chunk at `now` under another name and begins the next; nothing where it has no sample.
    pub(super) fn close(&mut self, now: &Moment) -> io::Result<Option<Closed>> {
        let Some(first) = self.first.clone() else { return Ok(None) };
        self.pass_to(now);
        let closed = self.path.with_extension(format!("{}.closed", now.mono_us));
        self.file = None;
        std::fs::rename(&self.path, &closed)?;
        let seconds = |time: &mut Duration| {
            let whole = time.as_secs();
            // What is below a second is counted with the next chunk.
            *time = time.saturating_sub(Duration::from_secs(whole));
            whole
        };
        let (up, down, unobserved) = (seconds(&mut self.up), seconds(&mut self.down), seconds(&mut self.unobserved));
        // The next chunk goes on where this one ends, with what was seen last.
        self.first = None;
        if let Some((last, _)) = &mut self.last {
            *last = now.clone();
        }
        Ok(Some(Closed { path: closed, from: first.at, to: now.at, up, down, unobserved }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: u64) -> Moment {
        let at = format!("2026-11-23T08:{:02}:{:02}+07:00", second / 60, second % 60);
        Moment { at: at.parse().expect("a time"), mono_us: 1_000_000 * (second + 1000), boot: "b".to_owned() }
    }

    /// Samples a second apart, `+` well and `-` not; the changes as `second state`.
    #[track_caller]
    fn check(samples: &str, confirm: u32, expected: &str) {
        let mut judge = Judge::new(confirm, Duration::from_secs(7), None);
        let mut seen = Vec::new();
        for (second, sample) in (0..).zip(samples.chars()) {
            if sample != ' ' {
                seen.extend(judge.see(sample == '+', &at(second)));
            }
        }
        let seen: Vec<String> = seen
            .iter()
            .map(|change| format!("{} {:?}", change.since.mono_us / 1_000_000 - 1000, change.state))
            .collect();
        assert_eq!(seen.join(", "), expected);
    }

    #[test]
    fn an_outage_runs_from_the_first_failed_sample_to_the_first_of_enough_good_ones() {
        check("+++++-----++++", 3, "0 Up, 5 Down, 10 Up");
        check("++-++--+++", 2, "0 Up, 5 Down, 7 Up");
        check("+-+-+-+-+", 3, "");
    }

    #[test]
    fn a_gap_is_unobserved_from_the_last_sample_on() {
        check(&format!("+++{}+++", " ".repeat(30)), 3, "0 Up, 2 Unobserved, 33 Up");
        check("+++   +++", 3, "0 Up");
    }

    #[test]
    fn a_watch_wavers_while_a_change_is_not_confirmed() {
        let mut judge = Judge::new(2, Duration::from_secs(7), None);
        for (second, ok) in [(0, false), (1, false)] {
            judge.see(ok, &at(second));
        }
        assert!(!judge.wavers());
        judge.see(true, &at(2));
        assert!(judge.wavers());
        judge.see(true, &at(3));
        assert!(!judge.wavers());
    }

    #[test]
    fn seconds_are_counted_by_what_was_seen_and_outlive_the_loop() {
        let folder = tempfile::tempdir().expect("a folder");
        let watch: Id = "citizens".parse().expect("an id");
        let sample = |second, ok| {
            let Moment { at, mono_us, boot } = at(second);
            Sample { at, mono_us, boot, ok, millis: 1, detail: "seen".to_owned() }
        };
        let mut chunk = Chunk::open(folder.path(), &watch, Duration::from_secs(7)).expect("a chunk");
        for (second, ok) in [(0, true), (1, true), (2, false), (3, false)] {
            chunk.add(&sample(second, ok)).expect("kept");
        }
        drop(chunk);
        let mut chunk = Chunk::open(folder.path(), &watch, Duration::from_secs(7)).expect("the chunk is there");
        assert_eq!(chunk.last().map(|(moment, ok)| (moment.mono_us, *ok)), Some((1_003_000_000, false)));
        let closed = chunk.close(&at(100)).expect("closed").expect("it has samples");
        assert_eq!((closed.up, closed.down, closed.unobserved), (2, 1, 97));
        assert_eq!(std::fs::read_to_string(&closed.path).expect("a file").lines().count(), 4);
        assert_eq!(chunk.close(&at(101)).expect("closed"), None);
    }
}
