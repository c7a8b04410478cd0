//! Which drills of the period count, and why the others do not.

use serde::Serialize;

use super::issued::{IssuedRow, minutes_of};
use super::{Ground, RunGround};
use crate::message::{Message, message};
use crate::model::record::People;
use crate::model::{Lang, RunId, RunKind, Stamp};
use crate::policy::day_in_vietnam;

/// Why a drill does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Apart {
    /// It counts for nothing.
    Voided,
    /// It goes on.
    Open,
    /// Nobody took part: a technical check.
    Unattended,
    /// The answers came from a file: a trial.
    Trial,
    /// Its times are those of a test clock.
    TestClock,
    /// Its minutes were not issued.
    NoMinutes,
}

impl Apart {
    /// Why a drill is no exercise of people: nobody took part, its answers came from a file, or its clock was set; nothing where it
    /// is one.
    #[must_use]
    pub fn no_exercise(people: People, test_clock: bool) -> Option<Self> {
        match people {
            People::Unattended => Some(Self::Unattended),
            People::Scripted => Some(Self::Trial),
            People::Console => test_clock.then_some(Self::TestClock),
        }
    }

    /// In words.
    #[must_use]
    pub fn said(self) -> Message {
        match self {
            Self::Voided => message!("task-apart-voided"),
            Self::Open => message!("task-apart-open"),
            Self::Unattended => message!("task-apart-unattended"),
            Self::Trial => message!("task-apart-trial"),
            Self::TestClock => message!("task-apart-test-clock"),
            Self::NoMinutes => message!("task-apart-no-minutes"),
        }
    }
}

/// A drill that does not count.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ApartRow {
    /// Which.
    pub run: RunId,
    /// What it was about.
    pub title: String,
    /// When it began.
    pub began: Stamp,
    /// Why it does not count.
    pub why: Apart,
    /// Why, in words.
    pub because: String,
    /// The records that say so.
    pub records: Vec<u64>,
}

/// A drill that counts, with its minutes.
pub(super) struct Counted<'a> {
    pub(super) run: &'a RunGround,
    pub(super) minutes: &'a IssuedRow,
}

/// The drills that began in the period: those that count, and the others.
pub(super) fn split<'a>(ground: &'a Ground<'_>, lang: Lang) -> (Vec<Counted<'a>>, Vec<ApartRow>) {
    let (mut counted, mut apart) = (Vec::new(), Vec::new());
    for run in ground.runs {
        let it = &run.report.run;
        if it.kind != RunKind::Drill || !ground.within(day_in_vietnam(&it.began)) {
            continue;
        }
        let minutes = minutes_of(ground.issued, &it.id, ground.on);
        let why = match (minutes, Apart::no_exercise(it.people, it.test_clock)) {
            _ if run.report.voided.is_some() => Apart::Voided,
            _ if it.ended.is_none_or(|at| day_in_vietnam(&at) > ground.on) => Apart::Open,
            (_, Some(why)) => why,
            (None, None) => Apart::NoMinutes,
            (Some(minutes), None) => {
                counted.push(Counted { run, minutes });
                continue;
            }
        };
        let mut records = it.records.clone();
        records.extend(run.report.voided.iter().flat_map(|voided| voided.records.iter().copied()));
        apart.push(ApartRow {
            run: it.id.clone(),
            title: it.title.pick(lang).to_owned(),
            began: it.began,
            why,
            because: why.said().render(lang),
            records,
        });
    }
    (counted, apart)
}
