//! What shows that plans for faults and attacks are ready: playbooks in force, drills, copies.

use std::collections::{BTreeMap, BTreeSet};

use super::apart::Counted;
use super::figures::{Builder, count};
use super::words::{no_figure, time_taken, way};
use super::{Ground, RunGround};
use crate::inventory::table::day;
use crate::message::{Message, message};
use crate::model::record::{ActivityKind, DocumentKind, Verdict};
use crate::model::{Actor, Basis, Body, Lang, Mode, Outcome};
use crate::policy::redaction::Class;
use crate::policy::{Task, day_in_vietnam};
use crate::report::ClockState;

/// Playbooks that a document put into force by the last day.
pub(super) fn playbooks(row: &mut Builder<'_>, ground: &Ground<'_>, task: &Task) {
    let lang = row.lang();
    let issued: Vec<_> =
        ground.issued.iter().filter(|it| it.document == DocumentKind::Playbook && it.date <= ground.period.1).collect();
    if issued.is_empty() {
        row.say(&message!("task-playbooks-none"));
        return;
    }
    let of = |families: &[String]| -> Vec<u64> {
        let fits = |family: &Option<String>| family.as_ref().is_some_and(|family| families.contains(family));
        issued.iter().filter(|it| fits(&it.family)).map(|it| it.seq).collect()
    };
    let (fault, attack) = (of(&task.fault), of(&task.attack));
    let every: Vec<u64> = issued.iter().map(|it| it.seq).collect();
    // That there is none rests on all of them.
    let or_all = |some: Vec<u64>| if some.is_empty() { every.clone() } else { some };
    let all = row.counted("playbooks.count", issued.len(), every.clone());
    let fault = row.counted("playbooks.fault", fault.len(), or_all(fault));
    let attack = row.counted("playbooks.attack", attack.len(), or_all(attack));
    let on = day(ground.period.1, lang);
    row.say(&message!("task-playbooks", on = on, count = all, fault = fault, attack = attack));
    for it in issued {
        let name = it.subject.as_ref().map(ToString::to_string).unwrap_or_default();
        let title = it.title.as_ref().map_or_else(|| name.clone(), |title| title.pick(lang).to_owned());
        let number = row.figure(&format!("playbooks.{name}.number"), known(it.number.as_ref(), lang), vec![it.seq]);
        row.below(&message!("task-playbook", title = title, number = number, day = day(it.date, lang)));
    }
}

/// Drills with minutes, each with what was measured; after them those that papers tell of.
pub(super) fn drills(row: &mut Builder<'_>, ground: &Ground<'_>, task: &Task, counted: &[Counted<'_>]) {
    if counted.is_empty() {
        row.say(&message!("task-drills-none"));
    } else {
        sums(row, task, counted);
        for it in counted {
            one(row, it);
        }
    }
    let told = |it: &&super::ActivityRow| it.kind == ActivityKind::Drill && ground.within(it.date);
    let from_papers: Vec<_> = ground.activities.iter().filter(told).collect();
    if from_papers.is_empty() {
        return;
    }
    let records = from_papers.iter().map(|it| it.seq).collect();
    let number = row.counted("drills.papers", from_papers.len(), records);
    row.say(&message!("task-drills-papers", count = number));
    for it in from_papers {
        super::row8::one(row, it, ground);
    }
}

fn sums(row: &mut Builder<'_>, task: &Task, counted: &[Counted<'_>]) {
    let lang = row.lang();
    let records = |fits: &dyn Fn(&RunGround) -> bool| -> (usize, Vec<u64>) {
        let these: Vec<&Counted<'_>> = counted.iter().filter(|it| fits(it.run)).collect();
        // That there is none rests on all of them.
        let grounds: Vec<&Counted<'_>> = if these.is_empty() { counted.iter().collect() } else { these.clone() };
        let seqs = grounds.iter().flat_map(|it| began(it.run).into_iter().chain([it.minutes.seq])).collect();
        (these.len(), seqs)
    };
    let (all, grounds) = records(&|_| true);
    let all = row.counted("drills.count", all, grounds);
    let mut ways: BTreeMap<String, String> = BTreeMap::new();
    for (id, mode, lab) in [
        ("tabletop", Mode::Tabletop, false),
        ("lab", Mode::Technical, true),
        ("technical", Mode::Technical, false),
        ("live", Mode::Live, false),
    ] {
        let (number, grounds) = records(&|run| run.report.run.mode == mode && run.report.run.lab == lab);
        if number > 0 {
            let number = row.counted(&format!("drills.{id}"), number, grounds);
            ways.insert(id.to_owned(), message!("task-drills-way", count = number, way = way(mode, lab)).render(lang));
        }
    }
    let ways: Vec<String> = ["live", "technical", "lab", "tabletop"].iter().filter_map(|id| ways.remove(*id)).collect();
    let (fault, grounds) = records(&|run| task.fault.contains(&run.family));
    let fault = row.counted("drills.fault", fault, grounds);
    let (attack, grounds) = records(&|run| task.attack.contains(&run.family));
    let attack = row.counted("drills.attack", attack, grounds);
    let mut joined = Vec::new();
    let mut people = 0;
    for it in counted {
        let (who, records) = took_part(it.run);
        people += who;
        joined.extend(records);
    }
    let people = row.counted("drills.people", people, joined);
    let ways = ways.join(", ");
    row.say(&message!("task-drills", count = all, ways = ways, fault = fault, attack = attack, people = people));
}

/// The record with which a run began.
fn began(run: &RunGround) -> Option<u64> {
    run.records.iter().find(|record| matches!(record.draft.body, Body::RunStarted(_))).map(|record| record.seq)
}

/// How many people did something in a run, and the first record of each. Whoever is named in a record, not who only typed it.
fn took_part(run: &RunGround) -> (usize, Vec<u64>) {
    let mut seen: BTreeSet<&Actor> = BTreeSet::new();
    let mut records = Vec::new();
    for record in &run.records {
        let draft = &record.draft;
        // Who issues the minutes, corrects them or puts things right afterwards took no part by that.
        let after = matches!(
            draft.body,
            Body::DocumentIssued(_)
                | Body::Activity(_)
                | Body::Corrected(_)
                | Body::Signed(_)
                | Body::ActionOpened(_)
                | Body::ActionClosed(_)
        );
        if draft.basis != Basis::Machine && draft.actor != Actor::engine() && !after && seen.insert(&draft.actor) {
            records.push(record.seq);
        }
    }
    (seen.len(), records)
}

/// One drill: when, in which way, by which playbook, on what, and what was measured.
fn one(row: &mut Builder<'_>, it: &Counted<'_>) {
    let lang = row.lang();
    let (report, minutes) = (&it.run.report, it.minutes);
    let run = &report.run;
    let id = |name: &str| format!("drills.{}.{name}", run.id);
    let systems: Vec<&str> = run.systems.iter().map(|system| system.name.pick(lang)).collect();
    let on = day(day_in_vietnam(&run.began), lang);
    let on = row.figure(&id("day"), on, began(it.run).into_iter().collect());
    let mut parts = vec![steps(row, it.run, &id("steps"))];
    if run.mode == Mode::Tabletop {
        parts.push(message!("task-drill-no-times").render(lang));
    } else {
        parts.extend(times(row, it.run, &id));
    }
    parts.push(match &report.conclusion {
        Some(conclusion) => {
            let word = match conclusion.verdict {
                Verdict::Passed => message!("task-verdict-passed"),
                Verdict::Failed => message!("task-verdict-failed"),
            };
            let word = row.figure(&id("conclusion"), word.render(lang), conclusion.records.clone());
            message!("task-drill-conclusion", verdict = word).render(lang)
        }
        None => message!("task-drill-conclusion", verdict = no_figure()).render(lang),
    });
    let number = row.figure(&id("minutes"), known(minutes.number.as_ref(), lang), vec![minutes.seq]);
    parts.push(message!("task-drill-minutes", number = number, day = day(minutes.date, lang)).render(lang));
    let head = if systems.is_empty() {
        message!(
            "task-drill",
            day = on,
            way = way(run.mode, run.lab),
            title = run.title.pick(lang),
            parts = parts.join("; ")
        )
    } else {
        message!(
            "task-drill-of",
            day = on,
            way = way(run.mode, run.lab),
            title = run.title.pick(lang),
            systems = systems.join(", "),
            parts = parts.join("; ")
        )
    };
    row.below(&head);
}

/// How many of the steps that were reached were done.
fn steps(row: &mut Builder<'_>, run: &RunGround, id: &str) -> String {
    let lang = row.lang();
    let report = &run.report;
    let reached: Vec<_> =
        report.all_steps().filter(|step| !step.is_container() && step.attempts > 0 && step.outcome.is_some()).collect();
    let done = reached.iter().filter(|step| step.outcome == Some(Outcome::Done)).count();
    // The record that ends a step says what became of it.
    let ended = |records: &[u64]| {
        let ends = |seq: &&u64| {
            let record = run.records.iter().find(|record| record.seq == **seq);
            record.is_some_and(|record| matches!(record.draft.body, Body::StepEnded(_)))
        };
        records.iter().rfind(ends).copied()
    };
    let records = reached.iter().filter_map(|step| ended(&step.records)).collect();
    let value = format!("{}/{}", count(done as u64, lang), count(reached.len() as u64, lang));
    let value = row.figure(id, value, records);
    message!("task-drill-steps", steps = value).render(lang)
}

/// The outage that citizens saw, and the clocks against what was set.
fn times(row: &mut Builder<'_>, run: &RunGround, id: &dyn Fn(&str) -> String) -> Vec<String> {
    let lang = row.lang();
    let mut parts = Vec::new();
    if let Some(outage) = &run.report.outage {
        let time = row.figure(&id("outage"), time_taken(outage.seconds, lang), outage.records.clone());
        parts.push(message!("task-drill-outage", time = time).render(lang));
    }
    for clock in &run.report.clocks {
        let stopped = matches!(clock.state, ClockState::Within | ClockState::Over | ClockState::Measured);
        let Some(seconds) = clock.seconds.filter(|_| stopped) else { continue };
        let time = time_taken(seconds, lang);
        let time = row.figure(&id(&format!("clock.{}", clock.id)), time, clock.records.clone());
        let title = clock.title.pick(lang);
        parts.push(
            match clock.limit {
                Some(limit) => {
                    message!("task-drill-clock-limit", title = title, time = time, limit = time_taken(limit, lang))
                }
                None => message!("task-drill-clock", title = title, time = time),
            }
            .render(lang),
        );
    }
    if parts.is_empty() {
        parts.push(message!("task-drill-times-none").render(lang));
    }
    parts
}

/// Comparisons and trial restores of copies in the period, outside of drills.
pub(super) fn backups(row: &mut Builder<'_>, ground: &Ground<'_>) {
    let lang = row.lang();
    let (mut compared, mut whole, mut differs) = (Vec::new(), Vec::new(), Vec::new());
    let (mut tried, mut proved) = (Vec::new(), Vec::new());
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
        let left = row.figure("backups.unchecked", count(unread, lang), compared);
        let good = row.counted("backups.whole", whole.len(), whole);
        row.say(&message!("task-backups-compared", times = times, files = files, unchecked = left, whole = good));
    }
    if tried.is_empty() {
        row.say(&message!("task-backups-not-tried"));
    } else {
        let times = row.counted("backups.tried", tried.len(), tried);
        let good = row.counted("backups.proved", proved.len(), proved);
        row.say(&message!("task-backups-tried", times = times, proved = good));
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
