//! `ungpho status`: how the runs stand.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::engine::view::RunView;
use crate::message::{format, message};
use crate::model::record::What;
use crate::model::{RunId, RunState, Stage};
use crate::policy::duties::Duties;
use crate::ui::console::{people, progress, show};
use crate::ui::desk::{Desk, ledger_failure};
use crate::ui::duties::{self, Policies};
use crate::ui::held::Held;
use crate::ui::{Context, Exit, Failure, exercise};

/// Show how a run stands
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho status --json")]
pub struct Args {
    /// The run; every open one where it is left out
    #[arg(value_name = "RUN")]
    run: Option<RunId>,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

/// How many duties are shown; `due` has them all.
const MOST: usize = 5;

/// Prints how the run, or every open run, stands.
///
/// # Errors
///
/// Where the run is not there or the ledger cannot be read.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    // Whoever names a run has to be told that it is not there.
    let desk = if args.run.is_some() { Some(Desk::to_look(context)?) } else { Desk::if_begun(context)? };
    let Some(desk) = desk else {
        print(args, &[], &Held::default(), context);
        return Ok(Exit::Passed);
    };
    let held = Held::at_a_glance(desk.ledger.dir());
    let runs: Vec<(RunId, RunState)> = if args.run.is_some() {
        vec![desk.run(args.run.as_ref())?]
    } else {
        let all = desk.ledger.runs().map_err(|e| ledger_failure(&e))?;
        all.into_iter().filter(|(_, state)| !state.ended()).collect()
    };
    let mut documents = Vec::new();
    let mut text = held.line(context);
    let mut left_out = None;
    let policies = Policies::here(context, &desk.workspace);
    for (run, state) in &runs {
        let scene = match desk.scene(context, run, state) {
            Ok(scene) => scene,
            // One run that cannot be told keeps nobody from seeing the others.
            Err(failure) if args.run.is_none() && failure.exit == Exit::LedgerBroken => {
                failure.print(context);
                left_out = Some(failure.exit);
                continue;
            }
            Err(failure) => return Err(failure),
        };
        let view = scene.view();
        let duties = policies.rules(scene.state().plan()).duties(scene.state(), &context.clock.now().at);
        let lives = desk.loop_lives(run);
        if args.json {
            documents.push(document(&view, &duties, lives, context));
        } else {
            let next = exercise::next_line(scene.state(), view.elapsed, context);
            one(&mut text, &view, &next, &duties, lives, context);
        }
    }
    if args.json || runs.is_empty() {
        print(args, &documents, &held, context);
    } else {
        context.out(&text);
    }
    Ok(left_out.unwrap_or(held.exit(Exit::Passed)))
}

/// The document of these runs; in words, that none is open.
fn print(args: &Args, runs: &[Value], held: &Held, context: &Context) {
    if args.json {
        context.out(&format!("{}\n", json!({ "version": 1, "ledger": held, "runs": runs })));
    } else {
        context.out(&held.line(context));
        context.note(&message!("cli-status-none"));
    }
}

fn one(text: &mut String, view: &RunView, next: &str, duties: &Duties, lives: bool, context: &Context) {
    let lang = context.lang;
    // Standard output has its own colours: none here, so that a pipe and a screen read the same.
    let plain = Context { color: false, ..context.clone() };
    text.push_str(&show::header(view, &(next.to_owned() + &duties::lines(duties, MOST, lang)), &plain));
    let stage = show::stage(&view.stage).render(lang);
    let _ = writeln!(text, "{}", message!("cli-status-stage", stage = stage).render(lang));
    if !lives && !matches!(view.stage, Stage::Ended(_)) {
        let _ = writeln!(text, "{}", message!("console-no-loop", run = view.run.as_str()).render(lang));
    }
    text.push_str(&show::steps(view, &plain));
    for question in &view.questions {
        let name = show::step_name(view, question.number, &question.title, lang);
        let line = message!(
            "cli-status-question",
            question = question.id.as_str(),
            what = progress::what(question.what),
            step = name,
            time = format::clock(&question.asked)
        );
        let _ = writeln!(text, "{}", line.render(lang));
        if question.what == What::Second {
            for line in people::target(view, question, lang) {
                let _ = writeln!(text, "  {line}");
            }
        }
    }
    text.push('\n');
}

/// The run as one JSON value. Times are RFC 3339, durations whole seconds.
fn document(view: &RunView, duties: &Duties, lives: bool, context: &Context) -> Value {
    let lang = context.lang;
    let (stage, result) = match &view.stage {
        Stage::Running => ("running", None),
        Stage::Paused => ("paused", None),
        Stage::Stopping(_) => ("stopping", None),
        Stage::Ended(result) => ("ended", Some(result.word())),
    };
    let steps: Vec<Value> = view
        .steps
        .iter()
        .map(|step| {
            json!({
                "path": step.path, "number": step.number, "title": step.title.pick(lang), "action": step.action,
                "role": step.role, "attempt": step.attempt, "open": step.open,
                "outcome": step.outcome.map(crate::model::Outcome::word), "confirmed": step.confirmed,
                "undo": step.undo.word(), "began": step.began, "ended": step.ended,
                "seconds": step.took.map(|took| took.as_secs()),
            })
        })
        .collect();
    let questions: Vec<Value> = view
        .questions
        .iter()
        .map(|question| {
            json!({
                "question": question.id, "what": question.what, "step": question.step,
                "title": question.title.pick(lang), "text": question.text.as_ref().map(|text| text.pick(lang)),
                "role": question.role, "command": question.command,
                "checks": question.checks.iter().map(|check| check.pick(lang)).collect::<Vec<_>>(),
                "ask": question.ask.iter().map(|ask| ask.id.as_str()).collect::<Vec<_>>(),
                "options": question.options.iter().map(|option| option.id.as_str()).collect::<Vec<_>>(),
                "evidence_missing": question.evidence_missing, "plan": question.plan, "asked": question.asked, "to": question.to,
                "by": question.by, "target": question.target, "ways": question.ways,
            })
        })
        .collect();
    let clocks: Vec<Value> = view
        .clocks
        .iter()
        .map(|clock| {
            json!({
                "clock": clock.id, "title": clock.title.pick(lang), "from": clock.from, "to": clock.to,
                "seconds": clock.elapsed.map(|it| it.as_secs()), "limit": clock.limit.map(|it| it.as_secs()),
                "boot_clock": clock.by_boot_clock,
            })
        })
        .collect();
    let watches: Vec<Value> = view
        .watches
        .iter()
        .map(|watch| json!({ "watch": watch.id, "title": watch.title.pick(lang), "state": watch.state, "since": watch.since }))
        .collect();
    json!({
        "run": view.run, "kind": view.kind, "mode": view.mode.word(), "lab": view.lab, "people": view.people,
        "playbook": view.playbook, "title": view.title.pick(lang), "plan": view.plan, "stage": stage, "result": result,
        "stopped_for_incident": view.stopped_for_incident, "began": view.began, "ended": view.ended,
        "seconds": view.elapsed.as_secs(), "loop": lives, "steps": steps, "questions": questions, "clocks": clocks,
        "watches": watches, "duties": duties,
        "stop_word": view.stop_word.as_ref().map(|(who, at)| json!({ "who": who, "at": at })),
        "injects": view.injects.iter().map(|inject| json!({
            "number": inject.number, "at": inject.at, "to": inject.to, "text": inject.text,
        })).collect::<Vec<_>>(),
        "roles": view.held.iter().map(|held| json!({
            "role": held.role, "title": show::role_title(view, &held.role, lang), "holder": held.holder,
            "from_people_yaml": held.listed,
        })).collect::<Vec<_>>(),
        "unconfirmed": view.alone.iter().map(|alone| json!({
            "record": alone.seq, "who": alone.who, "step": alone.step,
        })).collect::<Vec<_>>(),
    })
}
