//! The five subjects of the province's sentence on protection: levels, malware, access of administrators, copies, loss of data.

use super::figures::{Builder, FileGround, count, percent};
use super::words::no_figure;
use super::{Ground, SystemGround};
use crate::inventory::dossier::ControlState;
use crate::inventory::table::day;
use crate::inventory::words::Said as _;
use crate::message::{Message, message};
use crate::model::Lang;
use crate::policy::redaction::Class;
use crate::report::inventory::gaps::{Subject, SubjectKind};

/// What the inventory and the records of copies show of each subject.
pub(super) fn measures(row: &mut Builder<'_>, ground: &Ground<'_>) {
    if ground.operating().next().is_none() {
        row.say(&message!("task-measures-none"));
        return;
    }
    levels(row, ground);
    for (kind, id) in [
        (SubjectKind::Antimalware, "antimalware"),
        (SubjectKind::AdminAccess, "admin-access"),
        (SubjectKind::Backup, "backup"),
        (SubjectKind::DataLoss, "data-loss"),
    ] {
        controls(row, ground, kind, id);
    }
    later(row, ground);
    let missing: usize = ground.operating().map(|system| system.gaps.totals.missing_compulsory).sum();
    if missing > 0 && row.may_say(Class::Weaknesses) {
        let (records, files) = grounds(ground.operating().filter(|it| it.gaps.totals.missing_compulsory > 0));
        let number = row.grounded("measures.missing", count(missing as u64, row.lang()), records, files);
        row.say(&message!("task-measures-missing", count = number));
    }
}

/// The records that kept the files of these systems, and the files.
fn grounds<'s>(systems: impl Iterator<Item = &'s SystemGround>) -> (Vec<u64>, Vec<FileGround>) {
    let files: Vec<FileGround> = systems.filter_map(|system| system.file.clone()).collect();
    (files.iter().map(|file| file.record).collect(), files)
}

/// `05/07 hệ thống, đạt 71,43%`.
fn share(row: &mut Builder<'_>, id: &str, these: &[&SystemGround], ground: &Ground<'_>) -> (String, String) {
    let lang = row.lang();
    let (part, whole) = (these.len() as u64, ground.operating().count() as u64);
    // How many there are in all rests on the file of each.
    let (records, files) = grounds(ground.operating());
    let value = format!("{}/{}", count(part, lang), count(whole, lang));
    let shown = percent(part, whole, lang).unwrap_or_else(|| no_figure().render(lang));
    let value = row.grounded(&format!("measures.{id}.systems"), value, records.clone(), files.clone());
    (value, row.grounded(&format!("measures.{id}.share"), shown, records, files))
}

fn levels(row: &mut Builder<'_>, ground: &Ground<'_>) {
    let lang = row.lang();
    let approved = |system: &&SystemGround| subject(system, SubjectKind::Classification).approved.is_some();
    let these: Vec<&SystemGround> = ground.operating().filter(approved).collect();
    let (systems, shown) = share(row, "levels", &these, ground);
    if these.is_empty() {
        row.say(&message!("task-levels-none", systems = systems));
        return;
    }
    row.say(&message!("task-levels", systems = systems, share = shown));
    for system in these {
        let Some(decision) = &subject(system, SubjectKind::Classification).approved else { continue };
        let (records, files) = grounds(std::iter::once(system));
        let id = format!("measures.levels.{}", system.gaps.id);
        let level = row.grounded(&id, decision.level.to_string(), records.clone(), files.clone());
        let mut part = |name: &str, value: Option<String>| {
            let value = value.unwrap_or_else(|| no_figure().render(lang));
            row.grounded(&format!("{id}.{name}"), value, records.clone(), files.clone())
        };
        let number = part("number", decision.number.clone());
        let on = part("day", decision.date.map(|on| day(on, lang)));
        let body = part("body", decision.body.as_ref().map(|body| body.pick(lang).to_owned()));
        let unknown = || no_figure().render(lang);
        let line = message!(
            "task-level",
            system = system.gaps.name.clone(),
            level = level,
            number = number,
            day = on,
            body = body,
            rules = decision.rules.map_or_else(unknown, |rules| rules.said().render(lang))
        );
        row.below(&if decision.assumed { message!("systems-marked", text = line) } else { line });
    }
}

fn subject(system: &SystemGround, kind: SubjectKind) -> &Subject {
    static NONE: Subject =
        Subject { subject: SubjectKind::Classification, approved: None, controls: Vec::new(), copies: Vec::new() };
    system.gaps.subjects.iter().find(|subject| subject.subject == kind).unwrap_or(&NONE)
}

/// In how many systems a control of the subject is in place, and when somebody looked last.
fn controls(row: &mut Builder<'_>, ground: &Ground<'_>, kind: SubjectKind, id: &str) {
    let lang = row.lang();
    let in_place = |system: &&SystemGround| {
        subject(system, kind).controls.iter().any(|control| control.state == ControlState::InPlace)
    };
    let these: Vec<&SystemGround> = ground.operating().filter(in_place).collect();
    let title = title(kind);
    if these.is_empty() {
        row.say(&message!("task-measure-none", subject = title));
        return;
    }
    let (systems, shown) = share(row, id, &these, ground);
    let checked = these.iter().flat_map(|system| &subject(system, kind).controls).filter_map(|it| it.checked).max();
    let checked = match checked {
        Some(on) => {
            let (records, files) = grounds(these.iter().copied());
            row.grounded(&format!("measures.{id}.checked"), day(on, lang), records, files)
        }
        None => no_figure().render(lang),
    };
    let assumed = these.iter().any(|system| subject(system, kind).controls.iter().any(|control| control.assumed));
    let line = message!("task-measure", subject = title, systems = systems, share = shown, checked = checked);
    row.say(&if assumed { message!("systems-marked", text = line) } else { line });
    for system in &these {
        one(row, system, kind, lang);
    }
}

/// What shows it for one system.
fn one(row: &mut Builder<'_>, system: &SystemGround, kind: SubjectKind, lang: Lang) {
    let evidence: Vec<&str> =
        subject(system, kind).controls.iter().filter_map(|control| control.evidence.as_deref()).collect();
    if evidence.is_empty() || !row.may_say(Class::Measures) {
        return;
    }
    let (records, files) = grounds(std::iter::once(system));
    let id = format!("measures.evidence.{}.{}", word(kind), system.gaps.id);
    let shown = row.grounded(&id, evidence.join("; "), records, files);
    row.below(&message!("task-measure-evidence", system = system.gaps.name.pick(lang), evidence = shown));
}

/// What the files of systems have of days after the last one with figures: it is named, and does not count.
fn later(row: &mut Builder<'_>, ground: &Ground<'_>) {
    let lang = row.lang();
    let these: Vec<&SystemGround> =
        ground.operating().filter(|it| it.later.decision.is_some() || !it.later.controls.is_empty()).collect();
    if these.is_empty() {
        return;
    }
    let (records, files) = grounds(these.iter().copied());
    let number = row.grounded("measures.later", count(these.len() as u64, lang), records, files);
    row.say(&message!("task-measures-later", count = number, on = day(ground.until(), lang)));
    for system in these {
        let (records, files) = grounds(std::iter::once(system));
        let mut parts = Vec::new();
        if let Some(decision) = &system.later.decision {
            let number = decision.number.clone().unwrap_or_else(|| no_figure().render(lang));
            let on = decision.date.map_or_else(|| no_figure().render(lang), |on| day(on, lang));
            parts.push(message!("task-later-decision", number = number, day = on));
        }
        if let Some(last) = system.later.controls.iter().filter_map(|control| control.checked).max() {
            let number = count(system.later.controls.len() as u64, lang);
            parts.push(message!("task-later-controls", count = number, day = day(last, lang)));
        }
        let said = parts.iter().map(|part| part.render(lang)).collect::<Vec<_>>().join("; ");
        let said = row.grounded(&format!("measures.later.{}", system.gaps.id), said, records, files);
        row.below(&message!("task-measure-evidence", system = system.gaps.name.pick(lang), evidence = said));
    }
}

fn word(kind: SubjectKind) -> &'static str {
    match kind {
        SubjectKind::Classification => "levels",
        SubjectKind::Antimalware => "antimalware",
        SubjectKind::AdminAccess => "admin-access",
        SubjectKind::Backup => "backup",
        SubjectKind::DataLoss => "data-loss",
    }
}

/// The words of the province's sentence.
fn title(kind: SubjectKind) -> Message {
    match kind {
        SubjectKind::Classification => message!("systems-subject-classification"),
        SubjectKind::Antimalware => message!("task-subject-antimalware"),
        SubjectKind::AdminAccess => message!("task-subject-admin-access"),
        SubjectKind::Backup => message!("task-subject-backup"),
        SubjectKind::DataLoss => message!("task-subject-data-loss"),
    }
}
