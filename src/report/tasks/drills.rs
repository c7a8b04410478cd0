//! Drills with minutes, each with what was measured; tests that are made again and again stand apart.

use super::apart::Counted;
use super::figures::{Builder, count};
use super::row9::{STANDING, family_word, known, listed, others};
use super::words::{held, no_figure, time_taken, way};
use super::{Ground, RunGround};
use crate::inventory::table::day;
use crate::message::{Message, message};
use crate::model::record::{ActivityKind, DrillManner, Verdict};
use crate::model::{Body, Mode, Outcome, RunResult};
use crate::policy::{Task, day_in_vietnam};
use crate::report::ClockState;
use crate::report::format::labels;

/// Drills with minutes, each with what was measured; after them standing tests, and the drills that papers tell of.
pub(super) fn drills(row: &mut Builder<'_>, ground: &Ground<'_>, task: &Task, counted: &[Counted<'_>]) {
    let named = |family: &String| task.fault.contains(family) || task.attack.contains(family);
    let standing = |it: &&Counted<'_>| it.run.family == STANDING && !named(&it.run.family);
    let (tests, drills): (Vec<&Counted<'_>>, Vec<&Counted<'_>>) = counted.iter().partition(standing);
    if drills.is_empty() {
        row.say(&message!("task-drills-none"));
    } else {
        sums(row, task, &drills);
        for it in &drills {
            one(row, it, ground);
        }
        stopped(row, &drills);
    }
    if !tests.is_empty() {
        let all = row.counted("standing.count", tests.len(), grounds(&tests));
        let people = took_part(row, "standing.people", &tests);
        row.say(&message!("task-standing", count = all, people = people));
        for it in tests {
            one(row, it, ground);
        }
    }
    let told = |it: &&super::ActivityRow| it.kind == ActivityKind::Drill && ground.ended_within(it);
    let from_papers: Vec<_> = ground.activities.iter().filter(told).collect();
    if from_papers.is_empty() {
        return;
    }
    let number = row.counted("drills.papers", from_papers.len(), from_papers.iter().map(|it| it.seq).collect());
    let mut ways: Vec<Message> = Vec::new();
    for manner in DrillManner::ALL.iter().rev() {
        let these: Vec<u64> = from_papers.iter().filter(|it| it.manner == Some(*manner)).map(|it| it.seq).collect();
        if !these.is_empty() {
            let number = row.counted(&format!("drills.papers.{}", manner.word()), these.len(), these);
            ways.push(message!("task-drills-way", count = number, way = held(*manner)));
        }
    }
    row.say(&if ways.is_empty() {
        message!("task-drills-papers", count = number)
    } else {
        message!("task-drills-papers-ways", count = number, ways = listed(&ways, row.lang()))
    });
    for it in from_papers {
        super::row8::one(row, it, ground);
    }
}

/// The records with which these began, and their minutes.
fn grounds(these: &[&Counted<'_>]) -> Vec<u64> {
    these.iter().flat_map(|it| began(it.run).into_iter().chain([it.minutes.seq])).collect()
}

/// How many people took part, counted once a drill.
fn took_part(row: &mut Builder<'_>, id: &str, these: &[&Counted<'_>]) -> String {
    let seen: Vec<_> = these.iter().map(|it| it.run.report.attendance()).collect();
    let records = seen.iter().flat_map(crate::report::Attendance::records).collect();
    row.counted(id, seen.iter().map(crate::report::Attendance::count).sum(), records)
}

fn sums(row: &mut Builder<'_>, task: &Task, drills: &[&Counted<'_>]) {
    let lang = row.lang();
    let records = |fits: &dyn Fn(&RunGround) -> bool| -> (usize, Vec<u64>) {
        let these: Vec<&Counted<'_>> = drills.iter().copied().filter(|it| fits(it.run)).collect();
        // That there is none rests on all of them.
        (these.len(), grounds(if these.is_empty() { drills } else { &these }))
    };
    let all = row.counted("drills.count", drills.len(), grounds(drills));
    let mut ways: Vec<Message> = Vec::new();
    for (id, mode, lab) in [
        ("live", Mode::Live, false),
        ("technical", Mode::Technical, false),
        ("lab", Mode::Technical, true),
        ("tabletop", Mode::Tabletop, false),
    ] {
        let (number, grounds) = records(&|run| run.report.run.mode == mode && run.report.run.lab == lab);
        if number > 0 {
            let number = row.counted(&format!("drills.{id}"), number, grounds);
            ways.push(message!("task-drills-way", count = number, way = way(mode, lab)));
        }
    }
    let (fault, rests) = records(&|run| task.fault.contains(&run.family));
    let fault = row.counted("drills.fault", fault, rests);
    let (attack, rests) = records(&|run| task.attack.contains(&run.family));
    let attack = row.counted("drills.attack", attack, rests);
    let mut parts = vec![message!("task-drills-fault", count = fault), message!("task-drills-attack", count = attack)];
    for family in others(drills.iter().map(|it| it.run.family.as_str()), task) {
        let (number, rests) = records(&|run| run.family == family);
        let number = row.counted(&format!("drills.family.{family}"), number, rests);
        parts.push(message!("task-drills-family", count = number, family = family_word(family)));
    }
    let people = took_part(row, "drills.people", drills);
    let (ways, parts) = (listed(&ways, lang), listed(&parts, lang));
    row.say(&message!("task-drills", count = all, ways = ways, parts = parts, people = people));
}

/// How many of them were stopped before their end.
fn stopped(row: &mut Builder<'_>, drills: &[&Counted<'_>]) {
    let stopped = |it: &&&Counted<'_>| it.run.report.run.result == Some(RunResult::Stopped);
    let these: Vec<&Counted<'_>> = drills.iter().filter(stopped).copied().collect();
    if !these.is_empty() {
        let number = row.counted("drills.stopped", these.len(), grounds(&these));
        row.say(&message!("task-drills-stopped", count = number));
    }
}

/// The record with which a run began.
pub(super) fn began(run: &RunGround) -> Option<u64> {
    run.records.iter().find(|record| matches!(record.draft.body, Body::RunStarted(_))).map(|record| record.seq)
}

/// One drill: when, in which way, by which playbook, on what, what was measured and what came of it.
fn one(row: &mut Builder<'_>, it: &Counted<'_>, ground: &Ground<'_>) {
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
    let ended = it.run.records.iter().find(|record| matches!(record.draft.body, Body::RunEnded(_)));
    if let (Some(result), Some(ended)) = (run.result, ended) {
        let word = row.figure(&id("result"), labels::result(result).render(lang), vec![ended.seq]);
        parts.push(message!("task-drill-result", result = word).render(lang));
    }
    parts.push(match report.conclusion.as_ref().filter(|it| day_in_vietnam(&it.at) <= ground.on) {
        Some(conclusion) => {
            let word = match conclusion.verdict {
                Verdict::Passed => message!("task-verdict-passed"),
                Verdict::Failed => message!("task-verdict-failed"),
            };
            let word = row.figure(&id("conclusion"), word.render(lang), conclusion.records.clone());
            let at = day(day_in_vietnam(&conclusion.at), lang);
            let at = row.figure(&id("conclusion-day"), at, conclusion.records.clone());
            message!("task-drill-concluded", verdict = word, day = at).render(lang)
        }
        None => message!("task-drill-conclusion", verdict = no_figure()).render(lang),
    });
    let number = row.figure(&id("minutes"), known(minutes.number.as_ref(), lang), vec![minutes.seq]);
    let at = row.figure(&id("minutes-day"), day(minutes.date, lang), vec![minutes.seq]);
    parts.push(message!("task-drill-minutes", number = number, day = at).render(lang));
    let title = run.title.pick(lang);
    let (way, parts) = (way(run.mode, run.lab), parts.join("; "));
    row.below(&match (it.run.family == STANDING, systems.is_empty()) {
        (true, true) => message!("task-test", day = on, way = way, title = title, parts = parts),
        (true, false) => {
            message!("task-test-of", day = on, way = way, title = title, systems = systems.join(", "), parts = parts)
        }
        (false, true) => message!("task-drill", day = on, way = way, title = title, parts = parts),
        (false, false) => {
            message!("task-drill-of", day = on, way = way, title = title, systems = systems.join(", "), parts = parts)
        }
    });
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

/// The outage, which is the citizens' where their watch saw one, and the clocks against what was set.
fn times(row: &mut Builder<'_>, run: &RunGround, id: &dyn Fn(&str) -> String) -> Vec<String> {
    let lang = row.lang();
    let mut parts = Vec::new();
    let seen = run.report.citizens_outage();
    if let Some(outage) = seen.as_ref().or(run.report.outage.as_ref()) {
        let time = row.figure(&id("outage"), time_taken(outage.seconds, lang), outage.records.clone());
        let of_citizens = message!("task-drill-outage", time = time.as_str());
        let part = if seen.is_some() { of_citizens } else { message!("task-drill-outage-service", time = time) };
        parts.push(part.render(lang));
    }
    for clock in &run.report.clocks {
        let stopped = matches!(clock.state, ClockState::Within | ClockState::Over | ClockState::Measured);
        let Some(seconds) = clock.seconds.filter(|_| stopped) else { continue };
        // What the clock shows follows the marks at its ends, and what people corrected of them.
        let ends = [clock.from, clock.to].map(|at| at.map(|at| at.instant));
        let marks = run.records.iter().filter(|record| {
            matches!(record.draft.body, Body::Marked(_)) && ends.contains(&Some(record.occurred().instant))
        });
        let records: Vec<u64> = clock.records.iter().copied().chain(marks.map(|record| record.seq)).collect();
        let time = row.figure(&id(&format!("clock.{}", clock.id)), time_taken(seconds, lang), records);
        let title = within_a_sentence(clock.title.pick(lang));
        parts.push(
            match clock.limit {
                Some(limit) => {
                    let limit = time_taken(limit, lang);
                    let limit = row.figure(&id(&format!("clock.{}.limit", clock.id)), limit, clock.records.clone());
                    message!("task-drill-clock-limit", title = title, time = time, limit = limit)
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

/// A title as it stands within a sentence: without its capital, unless it begins with a word in capitals.
fn within_a_sentence(title: &str) -> String {
    let mut letters = title.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().chain([second]).chain(letters).collect()
        }
        _ => title.to_owned(),
    }
}
