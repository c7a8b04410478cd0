//! What was done together with others: checks, letters, training, making people aware.

use super::Ground;
use super::activity::ActivityRow;
use super::figures::Builder;
use super::row9::{joined, known};
use super::words::{activity as word, held};
use crate::inventory::table::day;
use crate::message::{Message, message};
use crate::model::record::ActivityKind;
use crate::policy::Phrase;
use crate::policy::redaction::Class;

/// The kinds of activities, in the order in which the province's text has them, and the phrase of each.
const KINDS: [(ActivityKind, Phrase); 7] = [
    (ActivityKind::Check, Phrase::Checks),
    (ActivityKind::Scan, Phrase::Scans),
    (ActivityKind::Hunt, Phrase::Hunts),
    (ActivityKind::Awareness, Phrase::Awareness),
    (ActivityKind::Training, Phrase::Training),
    (ActivityKind::Letter, Phrase::Letters),
    (ActivityKind::Other, Phrase::Coordination),
];

/// Activities of the period whose phrases are printed `here`, by kind; checks that the unit made alone in a sentence of their own.
pub(super) fn activities(row: &mut Builder<'_>, ground: &Ground<'_>, here: &dyn Fn(Phrase) -> bool) {
    let mut any = false;
    for (kind, _) in KINDS.into_iter().filter(|(_, phrase)| here(*phrase)) {
        let of = |it: &&ActivityRow| it.kind == kind && ground.ended_within(it);
        let these: Vec<&ActivityRow> = ground.activities.iter().filter(of).collect();
        let alone = |it: &&ActivityRow| kind == ActivityKind::Check && it.with.is_none();
        let (alone, these): (Vec<&ActivityRow>, Vec<&ActivityRow>) = these.into_iter().partition(alone);
        any |= !alone.is_empty() || !these.is_empty();
        if !these.is_empty() {
            let number = row.counted(&format!("{}.count", kind.word()), these.len(), seqs(&these));
            let head = said(row, kind, &number, &these);
            row.say(&head);
            for it in these {
                one(row, it, ground);
            }
        }
        if !alone.is_empty() {
            let number = row.counted("check.alone", alone.len(), seqs(&alone));
            row.say(&message!("task-done-check-alone", count = number));
            for it in alone {
                one(row, it, ground);
            }
        }
    }
    if any {
        return;
    }
    if here(Phrase::Coordination) {
        row.say(&message!("task-coordination-none"));
        return;
    }
    for (kind, _) in KINDS.into_iter().filter(|(_, phrase)| here(*phrase)) {
        row.say(&message!("task-kind-none", kind = word(kind)));
    }
}

fn seqs(these: &[&ActivityRow]) -> Vec<u64> {
    these.iter().map(|it| it.seq).collect()
}

/// How many there were of a kind, and for how many people as far as anybody said.
fn said(row: &mut Builder<'_>, kind: ActivityKind, number: &str, these: &[&ActivityRow]) -> Message {
    match kind {
        ActivityKind::Check => message!("task-done-check", count = number),
        ActivityKind::Scan => message!("task-done-scan", count = number),
        ActivityKind::Hunt => message!("task-done-hunt", count = number),
        ActivityKind::Awareness => message!("task-done-awareness", count = number),
        ActivityKind::Letter => message!("task-done-letter", count = number),
        ActivityKind::Training => {
            let known: Vec<&ActivityRow> = these.iter().copied().filter(|it| it.people.is_some()).collect();
            if known.is_empty() {
                return message!("task-done-training", count = number);
            }
            let sum: usize = known.iter().filter_map(|it| it.people).map(|count| count as usize).sum();
            let sum = row.counted("training.people", sum, seqs(&known));
            if known.len() == these.len() {
                return message!("task-done-training-people", count = number, people = sum);
            }
            let unknown: Vec<&ActivityRow> = these.iter().copied().filter(|it| it.people.is_none()).collect();
            let unknown = row.counted("training.uncounted", unknown.len(), seqs(&unknown));
            message!("task-done-training-some", count = number, people = sum, unknown = unknown)
        }
        _ => message!("task-done-other", count = number),
    }
}

/// One activity: when, what, with whom, on which systems, what it came to, by which document.
pub(super) fn one(row: &mut Builder<'_>, it: &ActivityRow, ground: &Ground<'_>) {
    let lang = row.lang();
    let id = |name: &str| format!("{}.{}.{name}", it.kind.word(), it.seq);
    let on = match it.until {
        Some(until) if until != it.date => {
            message!("task-days", from = day(it.date, lang), to = day(until, lang)).render(lang)
        }
        _ => message!("task-day", day = day(it.date, lang)).render(lang),
    };
    let on = row.figure(&id("day"), on, vec![it.seq]);
    let what = if it.what.is_empty() { word(it.kind).render(lang) } else { it.what.clone() };
    let mut parts = Vec::new();
    if let Some(manner) = it.manner {
        let manner = row.figure(&id("manner"), held(manner).render(lang), vec![it.seq]);
        parts.push(message!("task-drill-manner", manner = manner));
    }
    if let Some(with) = &it.with {
        parts.push(message!("task-with", who = with.as_str()));
    }
    if !it.systems.is_empty() {
        let name = |id: &crate::model::Name| {
            let system = ground.systems.iter().find(|system| system.gaps.id == *id);
            system.map_or_else(|| id.to_string(), |system| system.gaps.name.pick(lang).to_owned())
        };
        let names: Vec<String> = it.systems.iter().map(name).collect();
        parts.push(message!("task-on", systems = names.join(", ")));
    }
    if let Some(people) = it.people {
        let people = row.counted(&id("people"), people as usize, vec![it.seq]);
        parts.push(message!("task-people", count = people));
    }
    // What a check came to is where weaknesses stand.
    if let Some(result) = it.result.as_ref().filter(|_| row.may_say(Class::Weaknesses)) {
        parts.push(message!("task-came-to", result = result.as_str()));
    }
    let number = row.figure(&id("number"), known(it.number.as_ref(), lang), vec![it.seq]);
    parts.push(message!("task-paper", number = number));
    row.below(&message!("task-activity-line", day = on, what = what, parts = joined(&parts, lang)));
}
