//! `ungpho evidence`: what the ledger keeps, and whether it holds.

mod changes;
mod keys;
mod show;
mod verify;

pub(in crate::ui::cli) use show::show_record;

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::ledger::note::base64;
use crate::ledger::{HeadText, Ledger};
use crate::message::{Arg, Message, format, message};
use crate::model::{Lang, RunId, RunState, Stage, misleads};
use crate::ui::desk::ledger_failure;
use crate::ui::held::Held;
use crate::ui::workspace::Workspace;
use crate::ui::{Context, Exit, Failure};

/// Show the evidence and verify it
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho evidence verify")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// List the runs that the ledger keeps
    #[command(after_help = "Example: ungpho evidence list")]
    List {
        #[command(flatten)]
        place: Place,
        /// Print one JSON document
        #[arg(long)]
        json: bool,
    },
    /// Show the records of a run, or one record, with the words they name
    #[command(after_help = "Example: ungpho evidence show DT-2026-001")]
    Show {
        /// A run or the number of a record
        #[arg(value_name = "RUN|SEQ")]
        what: String,
        #[command(flatten)]
        place: Place,
        /// Print one JSON document
        #[arg(long)]
        json: bool,
    },
    /// Verify every record, root, signature and object
    #[command(after_help = "Example: ungpho evidence verify --against \"12 aBc…=\"")]
    Verify {
        /// Compare with this head, as the minutes print it, or with the one in this file
        #[arg(long, value_name = "HEAD")]
        against: Option<String>,
        #[command(flatten)]
        place: Place,
        /// Print one JSON document
        #[arg(long)]
        json: bool,
    },
    /// List what was entered late, for another, corrected, redacted, or added after the end or a signature
    #[command(after_help = "Example: ungpho evidence changes SC-2026-003")]
    Changes {
        /// A run; the whole ledger where it is left out
        #[arg(value_name = "RUN")]
        run: Option<RunId>,
        #[command(flatten)]
        place: Place,
        /// Print one JSON document
        #[arg(long)]
        json: bool,
    },
    Keys(keys::Args),
    /// Print the head: the number of records and the root of their tree
    #[command(after_help = "Example: ungpho evidence head > head.txt")]
    Head {
        #[command(flatten)]
        place: Place,
        /// Print one JSON document
        #[arg(long)]
        json: bool,
    },
}

/// Which ledger.
#[derive(clap::Args)]
struct Place {
    /// Look at the ledger in this folder, not at the workspace's
    #[arg(long, value_name = "DIR")]
    ledger: Option<PathBuf>,
}

impl Place {
    fn folder(&self, context: &Context) -> Result<PathBuf, Failure> {
        match &self.ledger {
            Some(folder) => Ok(context.folder.join(folder)),
            None => Workspace::find(context).map(|workspace| workspace.ledger()),
        }
    }

    /// Opens it to read, and looks whether it holds.
    fn looked(&self, context: &Context) -> Result<(Ledger, Held), Failure> {
        let folder = self.folder(context)?;
        let ledger = Ledger::read_only(&folder).map_err(|error| ledger_failure(&error))?;
        Ok((ledger, Held::whole(&folder)?))
    }
}

/// Runs `ungpho evidence …`.
///
/// # Errors
///
/// No workspace, no ledger, or one that cannot be read.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    match &args.action {
        Action::List { place, json } => list(&place.looked(context)?, *json, context),
        Action::Show { what, place, json } => show::run(&place.looked(context)?, what, *json, context),
        Action::Verify { against, place, json } => {
            let against = against.as_deref().map(|text| head_of(text, context)).transpose()?;
            verify::run(&place.folder(context)?, against, *json, context)
        }
        Action::Changes { run, place, json } => changes::run(&place.looked(context)?, run.as_ref(), *json, context),
        Action::Keys(args) => keys::run(args, context),
        Action::Head { place, json } => {
            let (ledger, looked) = place.looked(context)?;
            let head = ledger.head().map_err(|error| ledger_failure(&error))?;
            // Standard output is the head and nothing else.
            looked.warn(context);
            context.out(&if *json {
                let root = base64(&head.root);
                let document = json!({
                    "version": 1, "origin": head.origin, "size": head.size, "root": root, "signed": head.signed,
                    "ledger": looked,
                });
                format!("{document}\n")
            } else {
                format!("{}\n", HeadText { size: head.size, root: head.root })
            });
            Ok(looked.exit(Exit::Passed))
        }
    }
}

/// A word from a ledger as it can be shown: it may not move the cursor or colour the reader's terminal.
fn safe(text: &str) -> String {
    let bad = |c: char| c.is_control() || misleads(c);
    text.chars().map(|c| if bad(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// A head given as text, or in a file.
fn head_of(text: &str, context: &Context) -> Result<HeadText, Failure> {
    let path = context.folder.join(text);
    let kept = if Path::new(&path).is_file() { std::fs::read_to_string(&path).ok() } else { None };
    kept.as_deref().unwrap_or(text).trim().parse().map_err(|_| {
        Failure::new(Exit::Invalid, "invalid-head", message!("cli-evidence-head", text = text))
            .help(message!("cli-evidence-head-help"))
    })
}

fn list((ledger, held): &(Ledger, Held), json: bool, context: &Context) -> Result<Exit, Failure> {
    let runs = ledger.runs().map_err(|error| ledger_failure(&error))?;
    let mut rows = Vec::new();
    for (run, state) in &runs {
        let began = ledger.beginning_of(run).map_err(|error| ledger_failure(&error))?;
        rows.push((run, state, began.map(|record| record.occurred())));
    }
    if json {
        let runs: Vec<_> = rows
            .iter()
            .map(|(run, state, began)| {
                json!({
                    "run": run, "kind": run.kind(), "mode": state.mode, "stage": state.stage, "seq": state.began,
                    "began": began,
                })
            })
            .collect();
        context.out(&format!("{}\n", json!({"version": 1, "ledger": held, "runs": runs})));
        return Ok(held.exit(Exit::Passed));
    }
    context.out(&held.line(context));
    let lang = context.lang;
    if rows.is_empty() {
        context.err(&format!("{}\n", message!("cli-evidence-no-runs").render(lang)));
    }
    for (run, state, began) in rows {
        let began = began.map_or_else(String::new, |began| format::time(&began, lang));
        let mode = state.mode.map_or_else(String::new, |mode| words("mode", mode.word(), lang));
        context.out(&format!("{run}  {began}  {mode}  {}\n", stage(state, lang)));
    }
    Ok(held.exit(Exit::Passed))
}

fn stage(state: &RunState, lang: Lang) -> String {
    match &state.stage {
        Stage::Running => words("stage", "running", lang),
        Stage::Paused => words("stage", "paused", lang),
        Stage::Stopping(_) => words("stage", "stopping", lang),
        Stage::Ended(result) => words("result", result.word(), lang),
    }
}

/// The words for one of our own words.
fn words(kind: &'static str, word: &str, lang: Lang) -> String {
    let id = Arg::from(format!("{kind}-{word}"));
    Message::new("cli-evidence-word").with("word", id).render(lang)
}
