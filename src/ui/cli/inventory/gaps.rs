//! `ungpho inventory gaps`: what the level of each system requires, and what is missing.

use std::fmt::Write as _;

use serde_json::json;

use super::shelf::Shelf;
use crate::inventory::System;
use crate::inventory::table::day;
use crate::inventory::words::Said;
use crate::message::{Message, format, message};
use crate::model::Lang;
use crate::policy::day_in_vietnam;
use crate::policy::requirements::Requirements;
use crate::report::backups::{Last, last_done};
use crate::report::inventory::gaps::{Basis, CopyEvidence, Evidence, Gaps, Row, Subject, SubjectKind, Totals};
use crate::ui::table::table;
use crate::ui::workspace::{SourceText, report};
use crate::ui::{Context, Exit, Failure, copies};

/// Show what each system's level requires, what is there for it, and what is missing
///
/// Without systems every system is summed up; with one or more every requirement of theirs is listed.
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho inventory gaps one-stop")]
pub struct Args {
    /// The systems; all where none is named
    #[arg(value_name = "SYSTEM")]
    systems: Vec<String>,
    /// Hold systems without an approved or proposed level against this one
    #[arg(long, value_name = "1..5", value_parser = clap::value_parser!(u8).range(1..=5))]
    level: Option<u8>,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let shelf = Shelf::read(context)?;
    let requirements = requirements(&shelf, context)?;
    let today = day_in_vietnam(&context.clock.now().at);
    let deeds = copies::deeds(&shelf.workspace)?;
    let named: Vec<_> = args.systems.iter().map(|id| shelf.system(id)).collect::<Result<_, _>>()?;
    let chosen = if named.is_empty() { shelf.systems.values().collect() } else { named };
    let of = |system: &System| {
        let done = system.backups.iter().filter(|_| !deeds.is_empty()).filter_map(|plan| {
            let folder = copies::absolute(&shelf.workspace, &plan.path);
            CopyEvidence::of(plan.id.clone(), last_done(plan, &folder, &deeds), today)
        });
        let done: Vec<CopyEvidence> = done.collect();
        Gaps::of(system, &requirements, args.level, &done, today)
    };
    let gaps: Vec<Gaps> = chosen.into_iter().map(of).collect();
    let totals = gaps.iter().map(|gaps| gaps.totals).fold(Totals::default(), Totals::plus);
    let open = |gaps: &Gaps| gaps.level.is_none() || gaps.totals.in_place < gaps.totals.required;
    let exit = if gaps.iter().any(open) { Exit::NotPassed } else { Exit::Passed };
    if args.json {
        let document = json!({
            "version": 1, "day": today, "systems": gaps, "totals": totals, "sets": requirements.sets,
            "overridden": requirements.overridden,
        });
        context.out(&format!("{document}\n"));
        return Ok(exit);
    }
    let lang = context.lang;
    let whole = !args.systems.is_empty();
    let mut text = String::new();
    for gaps in &gaps {
        page(&mut text, gaps, whole, lang);
    }
    if gaps.len() > 1 {
        let _ = writeln!(text, "{}", message!("systems-gaps-all", count = gaps.len()).render(lang));
        let _ = writeln!(text, "  {}\n", sums(totals, lang));
    }
    for head in &requirements.sets {
        for note in head.second_hand.iter().chain(&head.note) {
            let line = message!("systems-gaps-note", set = head.title.clone(), note = note.clone());
            let _ = writeln!(text, "{}", line.render(lang));
        }
    }
    for changed in &requirements.overridden {
        let line = message!(
            "systems-gaps-overridden",
            by = changed.by.as_str(),
            set = changed.set.as_str(),
            id = changed.id.as_str()
        );
        let _ = writeln!(text, "{}", line.render(lang));
    }
    context.out(&text);
    if !whole {
        context.note(&message!("systems-gaps-hint"));
    }
    Ok(exit)
}

/// What levels require here: what ships and what the unit has in its workspace.
fn requirements(shelf: &Shelf, context: &Context) -> Result<Requirements, Failure> {
    let files: Vec<SourceText> = shelf.workspace.texts("policies/requirements")?;
    let texts: Vec<(String, String)> = files.iter().map(|file| (file.path.clone(), file.text.clone())).collect();
    let (requirements, findings) = Requirements::read(&texts);
    if crate::source::any_error(&findings) { Err(report(context, &findings, &files)) } else { Ok(requirements) }
}

fn page(text: &mut String, gaps: &Gaps, whole: bool, lang: Lang) {
    let _ = writeln!(text, "{} [{}]", gaps.name.pick(lang), gaps.id);
    let level = gaps.level.unwrap_or_default();
    let said = match gaps.basis {
        Basis::Approved => message!("systems-level-approved", level = level),
        Basis::Proposed => message!("systems-level-proposed", level = level),
        Basis::Given => message!("systems-level-given", level = level),
        Basis::Unknown => message!("systems-gaps-no-level", system = gaps.id.as_str()),
    };
    let _ = writeln!(text, "  {}", message!("systems-gaps-level", level = said).render(lang));
    if gaps.level.is_some() {
        let _ = writeln!(text, "  {}", sums(gaps.totals, lang));
        let rows: Vec<&Row> = gaps.rows.iter().filter(|row| whole || row.missing).collect();
        if !rows.is_empty() {
            let head = [
                message!("systems-gaps-state"),
                message!("systems-gaps-required"),
                message!("systems-gaps-citation"),
                message!("systems-gaps-evidence"),
            ];
            let rows: Vec<Vec<String>> = rows.into_iter().map(|row| line(row, lang)).collect();
            for line in table(&head, &rows, lang).lines() {
                let _ = writeln!(text, "  {line}");
            }
        }
    }
    let _ = writeln!(text, "  {}", message!("systems-subjects").render(lang));
    for subject in &gaps.subjects {
        let _ = writeln!(text, "    {}: {}", subject_title(subject.subject).render(lang), shown(subject, lang));
    }
    text.push('\n');
}

fn line(row: &Row, lang: Lang) -> Vec<String> {
    let state = row.state.map_or_else(|| message!("systems-unknown"), Said::said);
    let state = if row.missing { message!("systems-gaps-missing", state = state) } else { state };
    let evidence = if row.controls.is_empty() {
        let wanted: Vec<&str> = row.wanted.iter().map(crate::model::Name::as_str).collect();
        message!("systems-gaps-wanted", controls = wanted.join(", ")).render(lang)
    } else {
        row.controls.iter().map(|control| one(control, lang)).collect::<Vec<_>>().join("; ")
    };
    let citation = if row.second_hand {
        message!("systems-second-hand", citation = row.citation.as_str()).render(lang)
    } else {
        row.citation.clone()
    };
    vec![state.render(lang), row.title.pick(lang).to_owned(), citation, evidence]
}

/// A control: what shows it, and how old that is.
fn one(control: &Evidence, lang: Lang) -> String {
    let evidence = match &control.evidence {
        Some(evidence) => evidence.clone(),
        None => message!("systems-no-evidence").render(lang),
    };
    let age = match (control.checked, control.age_days) {
        (Some(on), Some(days @ 0..)) => message!("systems-checked-days", day = day(on, lang), days = days),
        (Some(on), _) => message!("systems-checked", day = day(on, lang)),
        (None, _) => message!("systems-not-checked"),
    };
    let text = format!("{}: {evidence}, {}", control.control, age.render(lang));
    if control.assumed { message!("systems-marked", text = text).render(lang) } else { text }
}

fn sums(totals: Totals, lang: Lang) -> String {
    let number = |count: usize| format::number(count as u64, lang);
    let text = message!(
        "systems-gaps-totals",
        required = number(totals.required),
        in_place = number(totals.in_place),
        partial = number(totals.partial),
        planned = number(totals.planned),
        absent = number(totals.absent),
        unknown = number(totals.unknown),
        missing = number(totals.missing_compulsory)
    );
    text.render(lang)
}

fn subject_title(subject: SubjectKind) -> Message {
    match subject {
        SubjectKind::Classification => message!("systems-subject-classification"),
        SubjectKind::Antimalware => message!("systems-subject-antimalware"),
        SubjectKind::AdminAccess => message!("systems-subject-admin-access"),
        SubjectKind::Backup => message!("systems-subject-backup"),
        SubjectKind::DataLoss => message!("systems-subject-data-loss"),
    }
}

fn shown(subject: &Subject, lang: Lang) -> String {
    if subject.is_empty() {
        return message!("systems-no-figure").render(lang);
    }
    let mut parts = Vec::new();
    if let Some(approved) = &subject.approved {
        let unknown = || message!("systems-no-figure").render(lang);
        let said = message!(
            "systems-subject-decision",
            level = approved.level,
            number = approved.number.clone().unwrap_or_else(unknown),
            day = approved.date.map_or_else(unknown, |on| day(on, lang)),
            body = approved.body.as_ref().map_or_else(unknown, |body| body.pick(lang).to_owned())
        );
        let said = if approved.assumed { message!("systems-marked", text = said) } else { said };
        parts.push(said.render(lang));
    }
    let control = |it: &Evidence| format!("{} ({})", one(it, lang), it.state.said().render(lang));
    parts.extend(subject.controls.iter().map(control));
    parts.extend(subject.copies.iter().map(|it| copy(it, lang)));
    parts.join("; ")
}

/// A backup: when its copies were last compared and last restored on trial, with the records that say so.
fn copy(evidence: &CopyEvidence, lang: Lang) -> String {
    let done = &evidence.done;
    let verified = done.verified.as_ref().map_or_else(
        || message!("systems-copies-never-compared"),
        |last| {
            let how = match (last.well, done.verified_all) {
                (true, Some(false)) => message!("copies-whole-sample"),
                (true, _) => message!("copies-whole"),
                (false, _) => message!("copies-differs"),
            };
            last_time("systems-copies-compared", last, evidence.verified_days, how, lang)
        },
    );
    let proved = done.proved.as_ref().map_or_else(
        || message!("systems-copies-never-tried"),
        |last| {
            let how = if last.well { message!("copies-proved-well") } else { message!("copies-proved-not") };
            last_time("systems-copies-tried", last, evidence.proved_days, how, lang)
        },
    );
    message!("systems-copies", backup = evidence.backup.as_str(), compared = verified, tried = proved).render(lang)
}

fn last_time(id: &'static str, last: &Last, days: Option<i64>, how: Message, lang: Lang) -> Message {
    let text = Message::new(id).with("at", format::time(&last.at, lang)).with("days", days.unwrap_or_default());
    text.with("how", how).with("seq", last.seq.to_string())
}
