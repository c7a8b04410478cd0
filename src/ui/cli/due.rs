//! `ungpho due`: what falls due in the workspace, what the law asks for in an incident, and what is late.

use std::fmt::Write as _;

use jiff::civil::Date;
use jiff::tz::Offset;
use serde_json::{Value, json};

use super::due_page;
use crate::engine::State;
use crate::ledger::Verification;
use crate::message::{Lang, format, message};
use crate::model::{RunId, RunKind, RunState, Stamp};
use crate::policy::day_in_vietnam;
use crate::policy::duties::{self as words, Duties, Row, State as Standing};
use crate::report::Rules;
use crate::report::due::{Due, Item};
use crate::ui::desk::{Desk, ledger_failure};
use crate::ui::duties::{self, Policies};
use crate::ui::entered;
use crate::ui::workspace::Workspace;
use crate::ui::{Context, Exit, Failure, due};

/// Show what falls due: duties of incidents, drills, trial restores, reports, levels; and what is overdue
///
/// What the law or the unit asks for and was not done in time gives exit code 1. What is only recommended does not. A ledger
/// that does not verify gives 4.
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho due --on 2026-12-19")]
pub struct Args {
    /// Only the duties of this run; the whole workspace where it is left out
    #[arg(value_name = "RUN")]
    run: Option<RunId>,
    /// As of the end of this day, such as 2026-12-19 or 19/12/2026; today where it is left out
    #[arg(long, value_name = "DATE", value_parser = entered::argument)]
    on: Option<Date>,
    /// Say of what is only recommended all there is to say, and not only how it stands
    #[arg(long)]
    recommended: bool,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

/// One run with its duties.
struct Shown {
    run: RunId,
    state: State,
    rules: Rules,
    duties: Duties,
    /// Whether rows on which nothing is to be done are shown too.
    whole: bool,
}

/// Prints what falls due in the workspace, or the duties of one run. The exit code says whether something is late.
///
/// # Errors
///
/// Where the run is not there, a file does not hold, or the ledger cannot be read.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    if args.run.is_some() && args.on.is_some() {
        return Err(Failure::new(Exit::Invalid, "on-with-run", message!("due-on-with-run"))
            .help(message!("due-on-with-run-help")));
    }
    let now = context.clock.now().at;
    let today = day_in_vietnam(&now);
    let on = args.on.unwrap_or(today);
    // Of another day its last second is meant.
    let now = if on == today { now } else { end_of(on).unwrap_or(now) };
    let shown = duties_of(args, context, &now)?;
    let workspace = Workspace::find(context)?;
    let (due, verified) = if args.run.is_some() {
        (None, due::verified(context, &workspace)?)
    } else {
        let looked = due::looked(context, &workspace, on)?;
        (Some(looked.due), looked.verified)
    };
    print(args, &Seen { shown: &shown, due: due.as_ref(), verified: verified.as_ref() }, (on, &now), context);
    if verified.is_some_and(|verified| !verified.ok) {
        return Ok(Exit::LedgerBroken);
    }
    let late = shown.iter().filter(|one| one.state.incident().voided.is_none());
    let late = late.flat_map(|one| &one.duties.rows).any(|row| matches!(row.state, Standing::Late { .. }));
    let overdue = due.iter().flat_map(|due| &due.items).any(Item::late);
    Ok(if late || overdue { Exit::NotPassed } else { Exit::Passed })
}

fn end_of(on: Date) -> Option<Stamp> {
    let offset = Offset::from_hours(7).ok()?;
    offset.to_timestamp(on.at(23, 59, 59, 0)).ok().map(|instant| Stamp::new(instant, offset))
}

/// The run that is named, else every run that has duties left at `now`.
fn duties_of(args: &Args, context: &Context, now: &Stamp) -> Result<Vec<Shown>, Failure> {
    // Whoever names a run has to be told that it is not there.
    let desk = if args.run.is_some() { Some(Desk::to_look(context)?) } else { Desk::if_begun(context)? };
    let Some(desk) = desk else { return Ok(Vec::new()) };
    let named = args.run.is_some();
    let runs: Vec<(RunId, RunState)> = if named {
        vec![desk.run(args.run.as_ref())?]
    } else {
        let all = desk.ledger.runs().map_err(|e| ledger_failure(&e))?;
        all.into_iter().filter(|(run, state)| !state.ended() || run.kind() == RunKind::Incident).collect()
    };
    let policies = Policies::here(context, &desk.workspace);
    let mut shown = Vec::new();
    for (run, life) in runs {
        let state = desk.folded(&run, &life)?;
        let begun = state.began_at().is_none_or(|began| began.instant <= now.instant);
        if !named && (state.incident().voided.is_some() || !begun) {
            continue;
        }
        let rules = policies.rules(state.plan());
        let duties = rules.duties(&state, now);
        if named || !life.ended() || duties.rows.iter().any(duties::open) {
            shown.push(Shown { run, state, rules, duties, whole: named || !life.ended() });
        }
    }
    Ok(shown)
}

/// What is printed.
struct Seen<'a> {
    shown: &'a [Shown],
    due: Option<&'a Due>,
    verified: Option<&'a Verification>,
}

fn print(args: &Args, seen: &Seen<'_>, (on, now): (Date, &Stamp), context: &Context) {
    let Seen { shown, due, verified } = *seen;
    if args.json {
        let runs: Vec<Value> = shown.iter().map(|one| document(one, context.lang)).collect();
        let ok = verified.map(|verified| verified.ok);
        let mut all = json!({ "version": 1, "now": now, "verified": ok, "runs": runs });
        if let Some(due) = due {
            due_page::document(&mut all, due, on, context.lang);
        }
        context.out(&format!("{all}\n"));
        return;
    }
    let mut text = String::new();
    for one in shown {
        page(&mut text, one, context.lang);
    }
    if let Some(due) = due {
        text.push_str(&due_page::text(due, on, args.recommended, context));
    }
    if text.is_empty() {
        context.note(&message!("due-nothing"));
    }
    // Before everything else: whoever reads on has to know.
    if let Some(broken) = verified.filter(|verified| !verified.ok) {
        let stamp = message!("coverage-fails", held = broken.held.to_string()).render(context.lang);
        text.insert_str(0, &format!("{}\n\n", context.red(&stamp)));
    }
    context.out(&text);
}

fn page(text: &mut String, one: &Shown, lang: Lang) {
    let plan = one.state.plan();
    if one.duties.simulated {
        let _ = writeln!(text, "{}", words::banner().render(lang));
    }
    let _ = writeln!(text, "{} · {}", one.run, plan.title.pick(lang));
    if let Some(seq) = one.state.incident().voided {
        let _ = writeln!(text, "{}", message!("amend-voided-before", run = one.run.as_str(), seq = seq).render(lang));
    }
    let classified = duties::classification(&one.duties);
    let _ = writeln!(text, "{}", message!("duty-classified", as = classified).render(lang));
    if let Some(definition) = &one.duties.serious_definition {
        let _ = writeln!(text, "{}", message!("duty-definition", text = definition.clone()).render(lang));
    }
    for row in one.duties.by_urgency() {
        if one.whole || duties::open(row) {
            text.push('\n');
            text.push_str(&entry(row, lang));
        }
    }
    for changed in &one.rules.book.overridden {
        let line = message!(
            "duty-overridden",
            duty = changed.id.as_str(),
            by = changed.by.as_str(),
            title = changed.title.clone()
        );
        let _ = writeln!(text, "\n{}", line.render(lang));
    }
    for file in &one.rules.unread {
        let _ = writeln!(text, "{}", message!("duty-unread", file = file.as_str()).render(lang));
    }
    if one.duties.simulated {
        let _ = writeln!(text, "{}", words::banner().render(lang));
    }
    text.push('\n');
}

/// One duty: what, where it stands, to whom, by when, on what it rests.
fn entry(row: &Row, lang: Lang) -> String {
    let mut text = String::new();
    let sign = if duties::late(row) { "!" } else { " " };
    let _ = writeln!(text, "{sign} {} [{}]", row.title.pick(lang), row.id);
    let _ = writeln!(text, "    {}", words::standing(row).render(lang));
    if matches!(row.state, Standing::NotApplying { lapsed: false, .. }) {
        return text;
    }
    if let Some(due) = row.due.as_ref().filter(|_| !matches!(row.state, Standing::Done { .. })) {
        let _ = writeln!(text, "    {}", message!("duty-due", at = format::time(due, lang)).render(lang));
    }
    let limit = words::limit(row);
    let _ = writeln!(text, "    {}", message!("duty-limit", limit = limit).render(lang));
    for to in &row.to {
        let line = match &to.sent {
            Some(at) => message!("duty-to-sent", name = to.name.clone(), at = format::time(at, lang)),
            None => message!("duty-to", name = to.name.clone(), role = to.role.as_str()),
        };
        let _ = writeln!(text, "    {}", line.render(lang));
    }
    let cites: Vec<String> = row.cites.iter().map(|cited| words::citation(cited).render(lang)).collect();
    if !cites.is_empty() {
        let _ = writeln!(text, "    {}", message!("duty-cites", cites = cites.join("; ")).render(lang));
    }
    for line in words::unsure(row) {
        let _ = writeln!(text, "    {}", line.render(lang));
    }
    text
}

/// A run with its duties as one JSON value: durations are whole seconds, times RFC 3339.
fn document(one: &Shown, lang: Lang) -> Value {
    let plan = one.state.plan();
    let ended: Option<Stamp> = one.state.ended_at();
    json!({
        "run": one.run, "kind": plan.kind, "title": plan.title.pick(lang), "ended": ended,
        "voided": one.state.incident().voided, "duties": one.duties, "overridden": one.rules.book.overridden,
        "unread": one.rules.unread,
    })
}
