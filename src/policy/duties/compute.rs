//! From the facts of one incident to where each duty stands. Pure: the same facts give the same rows on every machine.
//!
//! Limits are calendar time from an instant: nights, weekends and holidays change nothing. The last instant is in time: what
//! is sent exactly at the limit is in time, a microsecond later is late. "At once" has no number and is never late; it is
//! due at its start and shows the time elapsed. A late classification moves no limit.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;

use super::{
    Applies, Awaited, Because, Book, Cited, Clock, Duties, Duty, Facts, Flag, LeftOut, Limit, OutOfForce, Recipient,
    Row, Sent, Serious, Start, State, Timing,
};
use crate::model::{Id, RunKind, Stamp, Text};
use crate::policy::recipients::Recipients;
use crate::policy::{day_in_vietnam, in_vietnam};

/// Where every duty of `book` stands for `facts`; recipients are called by `names`.
///
/// A duty is in force by the day of detection in Vietnam, one that starts with a personal-data breach by the day of that;
/// where that is not known, by the day of `now`.
#[must_use]
pub fn duties(book: &Book, facts: &Facts, names: &Recipients, serious_definition: Option<&Text>) -> Duties {
    let mut rows = Vec::new();
    let mut left_out = Vec::new();
    for duty in &book.duties {
        let day = day_in_vietnam(&day_of(duty, facts));
        match out_of_force(book, duty, day) {
            None => rows.push(row(book, duty, facts, names, day)),
            Some(why) => {
                left_out.push(LeftOut { id: duty.id.clone(), set: duty.set.clone(), title: duty.title.clone(), why });
            }
        }
    }
    Duties {
        simulated: facts.kind == RunKind::Drill,
        now: in_vietnam(&facts.now),
        serious: facts.serious_at(&facts.now).map_or(Serious::Undecided, |one| one.serious),
        serious_definition: serious_definition.cloned(),
        rows,
        left_out,
    }
}

/// The moment, unless it is still to come.
fn happened(moment: Option<Stamp>, now: &Stamp) -> Option<Stamp> {
    moment.filter(|moment| moment.instant <= now.instant)
}

/// The moment whose day says which version of a duty is in force.
fn day_of(duty: &Duty, facts: &Facts) -> Stamp {
    let moment = match duty.starts {
        Start::Breach => happened(facts.breach, &facts.now),
        Start::Detected | Start::Ended => None,
    };
    moment.or_else(|| happened(facts.detected, &facts.now)).unwrap_or(facts.now)
}

fn out_of_force(book: &Book, duty: &Duty, day: Date) -> Option<OutOfForce> {
    if let Some(from) = duty.from.filter(|from| day < *from) {
        return Some(OutOfForce::NotYet(from));
    }
    if let Some(until) = duty.until.filter(|until| *until < day) {
        return Some(OutOfForce::NoLonger(until));
    }
    (!book.on(duty)).then_some(OutOfForce::Off)
}

fn row(book: &Book, duty: &Duty, facts: &Facts, names: &Recipients, day: Date) -> Row {
    let start = match duty.starts {
        Start::Detected => facts.detected,
        Start::Breach => facts.breach,
        Start::Ended => facts.ended,
    };
    let start = happened(start, &facts.now).map(|stamp| in_vietnam(&stamp));
    let due = start.and_then(|start| due(&start, duty.limit));
    let sent: Vec<&Sent> = facts.sent.iter().filter(|sent| fulfils(sent, duty, &facts.now)).collect();
    let reached = |sent: &Sent, role: &Id| sent.to.contains(role) || (sent.to.is_empty() && duty.to.len() == 1);
    let first = |role: Option<&Id>| {
        let there = sent.iter().filter(|sent| role.is_none_or(|role| reached(sent, role)));
        there.map(|sent| sent.at).min_by_key(|at| at.instant).map(|at| in_vietnam(&at))
    };
    let to: Vec<Recipient> = duty
        .to
        .iter()
        .map(|role| {
            let own = names.name(role);
            let general = || book.recipients.get(role).cloned().unwrap_or_else(|| Text::from(role.as_str()));
            Recipient {
                role: role.clone(),
                named: own.is_some(),
                name: own.cloned().unwrap_or_else(general),
                sent: first(Some(role)),
            }
        })
        .collect();
    let done = if to.is_empty() {
        first(None)
    } else {
        let all: Option<Vec<Stamp>> = to.iter().map(|recipient| recipient.sent).collect();
        all.and_then(|all| all.into_iter().max_by_key(|at| at.instant))
    };
    let state = match done {
        Some(at) => State::Done { at, timing: timing(&at, start.as_ref(), due.as_ref(), duty.limit) },
        None => open(book, duty, facts, start.as_ref(), due.as_ref()),
    };
    let doubtful = duty.doubtful.iter().filter(|doubtful| doubtful.from <= day).map(|doubtful| &doubtful.because);
    Row {
        id: duty.id.clone(),
        set: duty.set.clone(),
        title: duty.title.clone(),
        condition: duty.condition.clone(),
        applies: duty.applies,
        starts: duty.starts,
        start,
        limit: duty.limit,
        limit_words: duty.limit_words.clone(),
        due,
        state,
        simulated: facts.kind == RunKind::Drill,
        to,
        notice: duty.notice.clone(),
        contents: duty.contents.clone(),
        cites: cites(book, duty),
        notes: duty.notes.clone(),
        unsure: duty.unsure.iter().chain(doubtful).cloned().collect(),
    }
}

fn cites(book: &Book, duty: &Duty) -> Vec<Cited> {
    let cited = duty.cites.iter().map(|cite| {
        let document = book.documents.get(&cite.document);
        let id = || Text::from(cite.document.as_str());
        Cited {
            document: document.map_or_else(id, |document| document.short.clone()),
            full: document.map_or_else(id, |document| document.full.clone()),
            article: cite.article.clone(),
            read: cite.read,
            confidence: cite.confidence,
        }
    });
    cited.collect()
}

/// The last instant that is in time.
fn due(start: &Stamp, limit: Limit) -> Option<Stamp> {
    let after = match limit {
        Limit::AtOnce => Duration::ZERO,
        Limit::Within(span) => span.duration(),
        Limit::Open => return None,
    };
    Some(Stamp::new(start.instant.checked_add(after).unwrap_or(Timestamp::MAX), start.offset))
}

/// Whether `sent` counts for `duty`.
fn fulfils(sent: &Sent, duty: &Duty, now: &Stamp) -> bool {
    sent.at.instant <= now.instant
        && if sent.duties.is_empty() {
            duty.id == sent.notice || duty.notice.as_ref() == Some(&sent.notice)
        } else {
            sent.duties.contains(&duty.id)
        }
}

/// From `earlier` to `later`; nothing where they stand the other way round.
fn between(earlier: &Stamp, later: &Stamp) -> Duration {
    Duration::from_micros(u64::try_from(later.microseconds_since(earlier)).unwrap_or(0))
}

fn timing(at: &Stamp, start: Option<&Stamp>, due: Option<&Stamp>, limit: Limit) -> Timing {
    match (limit, start, due) {
        (Limit::Within(_), _, Some(due)) if at.instant <= due.instant => Timing::InTime(between(at, due)),
        (Limit::Within(_), _, Some(due)) => Timing::Late(between(due, at)),
        (_, Some(start), _) => Timing::After(between(start, at)),
        _ => Timing::Unknown,
    }
}

/// Whether a duty applies, as people had said by a moment.
enum Applying {
    Yes,
    No(Because),
    Open(Awaited),
}

fn applying(book: &Book, duty: &Duty, facts: &Facts, moment: &Stamp) -> Applying {
    match duty.applies {
        Applies::Always => Applying::Yes,
        Applies::Serious => match facts.serious_at(moment).map(|one| one.serious) {
            Some(Serious::Yes) => Applying::Yes,
            Some(Serious::No) => Applying::No(Because::NotSerious),
            Some(Serious::Undecided) | None => Applying::Open(Awaited::Classification),
        },
        Applies::PersonalData if happened(facts.breach, moment).is_none() => Applying::No(Because::NoBreach),
        Applies::PersonalData if duty.flags.is_empty() => Applying::Yes,
        Applies::Flagged | Applies::PersonalData => flagged(book, duty, facts, moment),
    }
}

fn flagged(book: &Book, duty: &Duty, facts: &Facts, moment: &Stamp) -> Applying {
    let answers: Vec<(&Id, Option<bool>)> =
        duty.flags.iter().map(|flag| (flag, facts.answer_at(flag, moment).map(|answer| answer.yes))).collect();
    if answers.iter().any(|(_, answer)| *answer == Some(true)) {
        return Applying::Yes;
    }
    let unanswered: Vec<Flag> = answers
        .iter()
        .filter(|(_, answer)| answer.is_none())
        .map(|(id, _)| Flag {
            id: (*id).clone(),
            title: book.flags.get(*id).cloned().unwrap_or_else(|| Text::from(id.as_str())),
        })
        .collect();
    if unanswered.is_empty() { Applying::No(Because::FlagsNo) } else { Applying::Open(Awaited::Flags(unanswered)) }
}

/// Where a duty stands that was not done.
fn open(book: &Book, duty: &Duty, facts: &Facts, start: Option<&Stamp>, due: Option<&Stamp>) -> State {
    let applying = applying(book, duty, facts, &facts.now);
    let Some(start) = start else {
        return match applying {
            Applying::No(because) => State::NotApplying { because, lapsed: false },
            Applying::Yes | Applying::Open(_) => State::NotStarted,
        };
    };
    let clock = clock(duty.limit, start, due, &facts.now);
    match applying {
        Applying::No(because) => {
            let over = due.filter(|_| matches!(clock, Clock::Over(_)));
            let lapsed = over.is_some_and(|due| matches!(self::applying(book, duty, facts, due), Applying::Yes));
            State::NotApplying { because, lapsed }
        }
        Applying::Open(on) => State::Waiting { on, clock },
        Applying::Yes => match clock {
            Clock::Over(by) => State::Late { by },
            clock => State::Due { clock },
        },
    }
}

fn clock(limit: Limit, start: &Stamp, due: Option<&Stamp>, now: &Stamp) -> Clock {
    match (limit, due) {
        (Limit::AtOnce, _) => Clock::AtOnce(between(start, now)),
        (Limit::Within(_), Some(due)) if now.instant <= due.instant => Clock::Left(between(now, due)),
        (Limit::Within(_), Some(due)) => Clock::Over(between(due, now)),
        (Limit::Open | Limit::Within(_), _) => Clock::Open(between(start, now)),
    }
}
