//! Citizens: a steady, bounded stream of requests against each service, and a count of what came back.

mod ask;
mod sessions;

use std::collections::VecDeque;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::entry::{Pace, Serves};
use super::ward::Ward;
use super::{Seen, http, moment};
use sessions::Sessions;

const PATIENCE: Duration = Duration::from_secs(2);
const SUMMARY: Duration = Duration::from_secs(5);
const MAX_JOURNAL_BYTES: u64 = 1 << 20;
/// After so many new dossiers citizens only look: a lab that is left running must not fill the disk.
const MAX_SUBMITTED: u64 = 20_000;

/// The file that the counts go to: a line each five seconds a system; the last mebibyte and the one before are kept.
pub(super) struct Journal {
    path: Mutex<PathBuf>,
}

impl Journal {
    pub(super) fn open(path: PathBuf) -> Self {
        Self { path: Mutex::new(path) }
    }

    fn write(&self, line: &str) {
        let path = self.path.lock().unwrap_or_else(PoisonError::into_inner);
        if path.metadata().is_ok_and(|metadata| metadata.len() > MAX_JOURNAL_BYTES) {
            let _ = fs::rename(&*path, path.with_extension("jsonl.1"));
        }
        // A disk that is full must not end the lab: a gap in this file is all that is lost.
        let file = OpenOptions::new().create(true).append(true).open(&*path);
        let _ = file.and_then(|mut file| file.write_all(format!("{line}\n").as_bytes()));
    }
}

/// Starts the citizens of one service. They end with the keeper.
pub(super) fn begin(ward: &Arc<Ward>, journal: &Arc<Journal>) {
    let Some(pace) = ward.entry.citizens else { return };
    let (ward, journal) = (Arc::clone(ward), Arc::clone(journal));
    let a_minute = u64::from(pace.a_minute.clamp(1, 6000));
    let wait = Duration::from_millis(60_000 / a_minute);
    // A whole lab has one for each system: each needs little.
    let spawned = std::thread::Builder::new().stack_size(256 * 1024).spawn(move || {
        let mut crowd =
            Crowd { pace, turn: 0, accepted: VecDeque::new(), submitted: 0, made: 0, sessions: Sessions::default() };
        let (mut told, mut last) = (Instant::now(), Seen::default());
        while !ward.ended() {
            let begun = Instant::now();
            let outcome = crowd.ask(&ward);
            let now = {
                let mut seen = ward.seen.lock().unwrap_or_else(PoisonError::into_inner);
                match outcome {
                    Outcome::Served => seen.served += 1,
                    Outcome::Accepted => {
                        seen.served += 1;
                        seen.accepted += 1;
                    }
                    Outcome::Refused => seen.refused += 1,
                    Outcome::Wrong => seen.wrong += 1,
                    Outcome::Missing => seen.missing += 1,
                }
                *seen
            };
            if told.elapsed() >= SUMMARY {
                let line = serde_json::json!({
                    "at": moment::stamp(moment::now()),
                    "system": ward.entry.id,
                    "served": now.served - last.served,
                    "refused": now.refused - last.refused,
                    "wrong": now.wrong - last.wrong,
                    "missing": now.missing - last.missing,
                    "accepted": now.accepted - last.accepted,
                });
                journal.write(&line.to_string());
                (told, last) = (Instant::now(), now);
            }
            // Never more than one request under way: a service that hangs is not flooded.
            std::thread::sleep(wait.saturating_sub(begun.elapsed()));
        }
    });
    if let Err(error) = spawned {
        tracing::warn!(%error, "nobody asks a service of the lab");
    }
}

enum Outcome {
    Served,
    Accepted,
    Refused,
    Wrong,
    Missing,
}

/// Those who ask one service.
struct Crowd {
    pace: Pace,
    turn: u64,
    /// The newest that was accepted: its code, and what must be found under it.
    accepted: VecDeque<(String, String)>,
    submitted: u64,
    sessions: Sessions,
    /// Which time it was made anew when they were accepted.
    made: u64,
}

impl Crowd {
    fn ask(&mut self, ward: &Ward) -> Outcome {
        self.turn += 1;
        // What was handed in before the data were made anew was never handed in here.
        let made = ward.made.load(Ordering::Relaxed);
        if made != self.made {
            self.made = made;
            self.accepted.clear();
        }
        let entry = &ward.entry;
        // A walk over the seeded records that is the same everywhere and leaves none out for long.
        let walk = u32::try_from(self.turn * 7919 % u64::from(entry.at_night(0).max(1))).unwrap_or(0) + 1;
        match entry.serves {
            Serves::Mail => self.mail(ward, walk),
            Serves::Exchange => self.exchange(ward, walk),
            Serves::Documents => self.documents(ward, walk),
            Serves::Dossiers => self.dossiers(ward, walk),
            Serves::Pages => self.pages(ward, walk),
            Serves::Figures => self.figures(ward, walk),
            Serves::Conference => self.conference(ward, walk),
            Serves::Standin => look(ward, "/ban-ghi/1", ""),
        }
    }

    /// Whether it is the turn of somebody who hands something in.
    fn submits(&self) -> bool {
        let every = u64::from(self.pace.submit_every);
        every > 0 && self.turn.is_multiple_of(every) && self.submitted < MAX_SUBMITTED
    }

    /// One that was accepted before, now and then.
    fn earlier(&self, every: u64) -> Option<(String, String)> {
        if self.accepted.is_empty() || !self.turn.is_multiple_of(every) {
            return None;
        }
        let index = usize::try_from(self.turn).unwrap_or(0) % self.accepted.len();
        self.accepted.get(index).cloned()
    }

    /// Hands `form` in at `path`; what is accepted is looked for later by `mark`.
    fn hand_in(&mut self, ward: &Ward, path: &str, form: &[(&str, &str)], mark: String) -> Outcome {
        self.submitted += 1;
        let Ok(answer) = http::post(ward.ports.public, path, form, PATIENCE) else { return Outcome::Refused };
        if !matches!(answer.status, 201 | 202) {
            return Outcome::Refused;
        }
        let code = answer.body.split("<b class=\"code\">").nth(1).and_then(|rest| rest.split('<').next());
        let Some(code) = code else { return Outcome::Wrong };
        self.accepted.push_back((code.to_owned(), mark));
        if self.accepted.len() > 64 {
            self.accepted.pop_front();
        }
        Outcome::Accepted
    }
}

fn look(ward: &Ward, path: &str, expected: &str) -> Outcome {
    judge(http::get(ward.ports.public, path, PATIENCE), expected)
}

fn judge(answer: std::io::Result<http::Answer>, expected: &str) -> Outcome {
    match answer {
        Ok(answer) if answer.status == 404 => Outcome::Missing,
        Ok(answer) if answer.status == 200 && answer.body.contains(expected) => Outcome::Served,
        Ok(answer) if answer.status == 200 => Outcome::Wrong,
        _ => Outcome::Refused,
    }
}
