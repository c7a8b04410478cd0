//! Citizens: a steady, bounded stream of requests against each service, and a count of what came back.

use std::collections::VecDeque;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::entry::Serves;
use super::ward::Ward;
use super::{Seen, data, http, moment};

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
    let (ward, journal) = (Arc::clone(ward), Arc::clone(journal));
    let a_minute = u64::from(ward.entry.citizens.a_minute.clamp(1, 6000));
    let pace = Duration::from_millis(60_000 / a_minute);
    std::thread::spawn(move || {
        let mut crowd = Crowd { turn: 0, accepted: VecDeque::new(), submitted: 0, made: 0 };
        let (mut told, mut last) = (Instant::now(), Seen::default());
        loop {
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
            std::thread::sleep(pace.saturating_sub(begun.elapsed()));
        }
    });
}

enum Outcome {
    Served,
    Accepted,
    Refused,
    Wrong,
    Missing,
}

struct Crowd {
    turn: u64,
    /// The newest dossiers that were accepted: code and applicant.
    accepted: VecDeque<(String, String)>,
    submitted: u64,
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
        let submit = u64::from(entry.citizens.submit_every);
        match entry.serves {
            Serves::Dossiers if submit > 0 && self.turn.is_multiple_of(submit) && self.submitted < MAX_SUBMITTED => {
                self.submit(ward)
            }
            Serves::Dossiers if self.turn.is_multiple_of(7) && !self.accepted.is_empty() => {
                let index = usize::try_from(self.turn).unwrap_or(0) % self.accepted.len();
                let Some((code, applicant)) = self.accepted.get(index) else { return Outcome::Refused };
                look(ward, &format!("/ho-so/{code}"), applicant)
            }
            Serves::Dossiers if self.turn.is_multiple_of(11) => look(ward, "/", "Tra cứu hồ sơ"),
            Serves::Dossiers => {
                let applicant = format!("{} {walk:06}", data::APPLICANT);
                look(ward, &format!("/ho-so/{}", entry.code_of(walk)), &applicant)
            }
            Serves::Pages if self.turn.is_multiple_of(5) => look(ward, "/tim-kiem?q=lich", "Lịch tiếp công dân"),
            Serves::Pages if self.turn.is_multiple_of(3) => {
                look(ward, "/", &data::first_words(&entry.code_of(entry.records)))
            }
            Serves::Pages => {
                let code = entry.code_of(walk);
                look(ward, &format!("/tin/{code}"), &data::first_words(&code))
            }
        }
    }

    fn submit(&mut self, ward: &Ward) -> Outcome {
        self.submitted += 1;
        let applicant = format!("{} nộp trực tuyến {}", data::APPLICANT, moment::now());
        let procedure = data::PROCEDURES[usize::try_from(self.turn).unwrap_or(0) % data::PROCEDURES.len()];
        let form = [("procedure", procedure), ("applicant", applicant.as_str())];
        let Ok(answer) = http::post(ward.ports.public, "/ho-so", &form, PATIENCE) else { return Outcome::Refused };
        if answer.status != 201 {
            return Outcome::Refused;
        }
        let code = answer.body.split("<b class=\"code\">").nth(1).and_then(|rest| rest.split('<').next());
        let Some(code) = code else { return Outcome::Wrong };
        self.accepted.push_back((code.to_owned(), applicant));
        if self.accepted.len() > 64 {
            self.accepted.pop_front();
        }
        Outcome::Accepted
    }
}

fn look(ward: &Ward, path: &str, expected: &str) -> Outcome {
    match http::get(ward.ports.public, path, PATIENCE) {
        Ok(answer) if answer.status == 404 => Outcome::Missing,
        Ok(answer) if answer.status == 200 && answer.body.contains(expected) => Outcome::Served,
        Ok(answer) if answer.status == 200 => Outcome::Wrong,
        _ => Outcome::Refused,
    }
}
