//! `ungpho due`: what the law asks for in an incident, by when, and what is late.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::engine::State;
use crate::message::{Lang, format, message};
use crate::model::{RunId, RunKind, RunState, Stamp};
use crate::policy::duties::{self as words, Duties, Row, State as Standing};
use crate::report::Rules;
use crate::ui::desk::{Desk, ledger_failure};
use crate::ui::duties::{self, Policies};
use crate::ui::{Context, Exit, Failure};

/// Show the duties of incidents and drills: what is due to whom, in how long, and what is late
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho due SC-2026-001 --json")]
pub struct Args {
    /// The run; every open one, and incidents that have ended with duties left, where it is left out
    #[arg(value_name = "RUN")]
    run: Option<RunId>,
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

/// Prints the duties of the run, or of every run that has some left. The exit code says whether something is late.
///
/// # Errors
///
/// Where the run is not there or the ledger cannot be read.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let now = context.clock.now().at;
    // Whoever names a run has to be told that it is not there.
    let desk = if args.run.is_some() { Some(Desk::open(context)?) } else { Desk::if_begun(context)? };
    let Some(desk) = desk else {
        print(args, &[], &now, context);
        return Ok(Exit::Passed);
    };
    let runs: Vec<(RunId, RunState)> = if args.run.is_some() {
        vec![desk.run(args.run.as_ref())?]
    } else {
        let all = desk.ledger.runs().map_err(|e| ledger_failure(&e))?;
        all.into_iter().filter(|(run, state)| !state.ended() || run.kind() == RunKind::Incident).collect()
    };
    let policies = Policies::here(context, &desk.workspace);
    let mut shown = Vec::new();
    for (run, life) in runs {
        let state = desk.folded(&run, &life)?;
        let named = args.run.is_some();
        if !named && state.incident().voided.is_some() {
            continue;
        }
        let rules = policies.rules(state.plan());
        let duties = rules.duties(&state, &now);
        if named || !life.ended() || duties.rows.iter().any(duties::open) {
            shown.push(Shown { run, state, rules, duties, whole: named || !life.ended() });
        }
    }
    print(args, &shown, &now, context);
    let late = shown.iter().filter(|one| one.state.incident().voided.is_none());
    let late = late.flat_map(|one| &one.duties.rows).any(|row| matches!(row.state, Standing::Late { .. }));
    Ok(if late { Exit::NotPassed } else { Exit::Passed })
}

fn print(args: &Args, shown: &[Shown], now: &Stamp, context: &Context) {
    if args.json {
        let runs: Vec<Value> = shown.iter().map(|one| document(one, context.lang)).collect();
        context.out(&format!("{}\n", json!({ "version": 1, "now": now, "runs": runs })));
    } else if shown.is_empty() {
        context.note(&message!("duty-none"));
    } else {
        let mut text = String::new();
        for one in shown {
            page(&mut text, one, context.lang);
        }
        context.out(&text);
    }
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
