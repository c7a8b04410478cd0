//! What shows that plans for faults and attacks are ready: playbooks in force, drills, copies.

use std::collections::BTreeSet;

use super::Ground;
use super::figures::{Builder, count};
use super::issued::in_force;
use super::words::no_figure;
use crate::inventory::table::day;
use crate::message::{Message, message};
use crate::model::record::DocumentKind;
use crate::model::{Body, Lang};
use crate::policy::redaction::Class;
use crate::policy::{Task, day_in_vietnam};

/// The family of tests that are made again and again: they count, and are no drills.
pub(super) const STANDING: &str = "standing";

/// Playbooks that a document put into force by the last day.
pub(super) fn playbooks(row: &mut Builder<'_>, ground: &Ground<'_>, task: &Task) {
    let lang = row.lang();
    let issued = in_force(ground.issued, DocumentKind::Playbook, ground.until());
    if issued.is_empty() {
        row.say(&message!("task-playbooks-none"));
        return;
    }
    let of = |families: &[String]| -> Vec<u64> {
        let fits = |family: &Option<String>| family.as_ref().is_some_and(|family| families.contains(family));
        issued.iter().filter(|it| fits(&it.family)).map(|it| it.seq).collect()
    };
    let every: Vec<u64> = issued.iter().map(|it| it.seq).collect();
    // That there is none rests on all of them.
    let or_all = |some: &[u64]| if some.is_empty() { every.clone() } else { some.to_vec() };
    let all = row.counted("playbooks.count", issued.len(), every.clone());
    let (fault, attack) = (of(&task.fault), of(&task.attack));
    let fault = row.counted("playbooks.fault", fault.len(), or_all(&fault));
    let attack = row.counted("playbooks.attack", attack.len(), or_all(&attack));
    let mut parts =
        vec![message!("task-playbooks-fault", count = fault), message!("task-playbooks-attack", count = attack)];
    let families = others(issued.iter().filter_map(|it| it.family.as_deref()), task);
    for family in families {
        let these = of(&[family.to_owned()]);
        let number = row.counted(&format!("playbooks.family.{family}"), these.len(), these);
        parts.push(message!("task-playbooks-family", count = number, family = family_word(family)));
    }
    let on = day(ground.until(), lang);
    row.say(&message!("task-playbooks", on = on, count = all, parts = listed(&parts, lang)));
    for it in issued {
        let name = it.subject.as_ref().map(ToString::to_string).unwrap_or_default();
        let title = it.title.as_ref().map_or_else(|| name.clone(), |title| title.pick(lang).to_owned());
        let number = row.figure(&format!("playbooks.{name}.number"), known(it.number.as_ref(), lang), vec![it.seq]);
        let on = row.figure(&format!("playbooks.{name}.day"), day(it.date, lang), vec![it.seq]);
        row.below(&message!("task-playbook", title = title, number = number, day = on));
    }
}

/// The families among `all` that are neither of faults nor of attacks, each once.
pub(super) fn others<'f>(all: impl Iterator<Item = &'f str>, task: &Task) -> BTreeSet<&'f str> {
    let named = |family: &&str| task.fault.iter().chain(&task.attack).any(|it| it == family);
    all.filter(|family| !named(family)).collect()
}

/// What people call a family of playbooks.
pub(super) fn family_word(family: &str) -> Message {
    match family {
        "A" => message!("cli-playbook-family-a"),
        "B" => message!("cli-playbook-family-b"),
        "C" => message!("cli-playbook-family-c"),
        "D" => message!("cli-playbook-family-d"),
        STANDING => message!("cli-playbook-family-standing"),
        _ => message!("cli-playbook-family", family = family),
    }
}

/// Several messages in one sentence, after each other.
pub(super) fn listed(parts: &[Message], lang: Lang) -> String {
    parts.iter().map(|part| part.render(lang)).collect::<Vec<_>>().join(", ")
}

/// Comparisons and trial restores of copies in the period, outside of drills.
pub(super) fn backups(row: &mut Builder<'_>, ground: &Ground<'_>) {
    let lang = row.lang();
    let (mut compared, mut whole, mut differs) = (Vec::new(), Vec::new(), Vec::new());
    let (mut tried, mut proved, mut failed) = (Vec::new(), Vec::new(), Vec::new());
    let (mut read, mut unread) = (0, 0);
    for record in ground.copies.iter().filter(|record| ground.within(day_in_vietnam(&record.occurred()))) {
        match &record.draft.body {
            Body::BackupVerified(body) => {
                compared.push(record.seq);
                if body.whole {
                    whole.push(record.seq);
                } else {
                    differs.push(record.seq);
                }
                read += body.checked;
                unread += body.unchecked;
            }
            Body::BackupProved(body) => {
                tried.push(record.seq);
                if body.proved() {
                    proved.push(record.seq);
                } else {
                    failed.push(record.seq);
                }
            }
            _ => {}
        }
    }
    if compared.is_empty() && tried.is_empty() {
        row.say(&message!("task-backups-none"));
        return;
    }
    if compared.is_empty() {
        row.say(&message!("task-backups-not-compared"));
    } else {
        let times = row.counted("backups.compared", compared.len(), compared.clone());
        let files = row.figure("backups.files", count(read, lang), compared.clone());
        let left = row.figure("backups.unchecked", count(unread, lang), compared.clone());
        // That there is none rests on all of them.
        let good = row.counted("backups.whole", whole.len(), if whole.is_empty() { compared } else { whole });
        row.say(&message!("task-backups-compared", times = times, files = files, unchecked = left, whole = good));
    }
    if tried.is_empty() {
        row.say(&message!("task-backups-not-tried"));
    } else {
        let times = row.counted("backups.tried", tried.len(), tried.clone());
        let good = row.counted("backups.proved", proved.len(), if proved.is_empty() { tried } else { proved });
        row.say(&message!("task-backups-tried", times = times, proved = good));
    }
    if !failed.is_empty() && row.may_say(Class::Weaknesses) {
        let number = row.counted("backups.not-proved", failed.len(), failed);
        row.say(&message!("task-backups-not-proved", count = number));
    }
    if !differs.is_empty() && row.may_say(Class::Weaknesses) {
        let number = row.counted("backups.differ", differs.len(), differs);
        row.say(&message!("task-backups-differ", count = number));
    }
}

/// A text of the record, or that there is none.
pub(super) fn known(text: Option<&String>, lang: Lang) -> String {
    text.filter(|text| !text.is_empty()).map_or_else(|| no_figure().render(lang), Clone::clone)
}

/// Several messages in one.
pub(super) fn joined(parts: &[Message], lang: Lang) -> String {
    parts.iter().map(|part| part.render(lang)).collect::<Vec<_>>().join("; ")
}
