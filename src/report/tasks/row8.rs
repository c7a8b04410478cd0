//! What was done together with others: checks, letters, training, making people aware.

use super::Ground;
use super::activity::ActivityRow;
use super::figures::Builder;
use super::row9::{joined, known};
use super::words::activity as word;
use crate::inventory::table::day;
use crate::message::message;
use crate::model::record::ActivityKind;
use crate::policy::redaction::Class;

/// The kinds of the row, in the order in which the province's text has them.
const KINDS: [ActivityKind; 7] = [
    ActivityKind::Check,
    ActivityKind::Scan,
    ActivityKind::Hunt,
    ActivityKind::Awareness,
    ActivityKind::Training,
    ActivityKind::Letter,
    ActivityKind::Other,
];

/// Activities of the period, by kind.
pub(super) fn coordination(row: &mut Builder<'_>, ground: &Ground<'_>) {
    let mut any = false;
    for kind in KINDS {
        let of = |it: &&ActivityRow| it.kind == kind && touches(ground, it);
        let these: Vec<&ActivityRow> = ground.activities.iter().filter(of).collect();
        if these.is_empty() {
            continue;
        }
        any = true;
        let number =
            row.counted(&format!("{}.count", kind.word()), these.len(), these.iter().map(|it| it.seq).collect());
        let people: Vec<&ActivityRow> = these.iter().copied().filter(|it| it.people.is_some()).collect();
        let head = match kind {
            ActivityKind::Check => message!("task-done-check", count = number),
            ActivityKind::Scan => message!("task-done-scan", count = number),
            ActivityKind::Hunt => message!("task-done-hunt", count = number),
            ActivityKind::Awareness => message!("task-done-awareness", count = number),
            ActivityKind::Training => {
                let sum: usize = people.iter().filter_map(|it| it.people).map(|count| count as usize).sum();
                if people.is_empty() {
                    message!("task-done-training", count = number)
                } else {
                    let sum = row.counted("training.people", sum, people.iter().map(|it| it.seq).collect());
                    message!("task-done-training-people", count = number, people = sum)
                }
            }
            ActivityKind::Letter => message!("task-done-letter", count = number),
            _ => message!("task-done-other", count = number),
        };
        row.say(&head);
        for it in these {
            one(row, it, ground);
        }
    }
    if !any {
        row.say(&message!("task-coordination-none"));
    }
}

fn touches(ground: &Ground<'_>, it: &ActivityRow) -> bool {
    it.date <= ground.period.1 && it.until.unwrap_or(it.date) >= ground.period.0
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
