//! `ungpho report trace`: the records behind a figure of a document that was made.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::ledger::{self, HeadText, Ledger};
use crate::message::{format, message};
use crate::model::Digest;
use crate::policy::in_vietnam;
use crate::report::trace::{ReadFigure, ReadIndex};
use crate::source::suggest;
use crate::ui::annexes::index_of;
use crate::ui::cli::evidence;
use crate::ui::desk::ledger_failure;
use crate::ui::{Context, Exit, Failure, Workspace};

/// Show the records that a figure of a document rests on; every figure where none is named
#[derive(clap::Args)]
#[command(
    after_help = "Example: ungpho report trace reports/tasks-kh02-2025_2026-01-01_2026-06-30.xlsx 9.drills.count"
)]
pub(super) struct Args {
    /// The document; the index of its figures lies beside it
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The figure, as the sheet of grounds names it
    #[arg(value_name = "FIGURE")]
    figure: Option<String>,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

/// Shows what a figure rests on, from a ledger that verifies and still has the head that the document names.
///
/// # Errors
///
/// Where there is no index, the document or the index was changed since, the figure is not in it, or the ledger does not verify or is another.
pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let path = context.folder.join(&args.file);
    let index = index(&path, &args.file)?;
    let ledger = same_ledger(&index, context)?;
    let Some(wanted) = &args.figure else {
        if args.json {
            context
                .out(&format!("{}\n", json!({ "version": 1, "document": index.document, "figures": index.figures })));
        } else {
            for figure in &index.figures {
                context.out(&format!("{}\t{}\t{}\n", figure.id, figure.value.replace('\n', " "), numbers(figure)));
            }
        }
        return Ok(Exit::Passed);
    };
    let figure = index.find(wanted).ok_or_else(|| {
        let failure = Failure::new(
            Exit::Invalid,
            "unknown-figure",
            message!("task-trace-unknown", figure = wanted.as_str(), file = args.file.display().to_string()),
        );
        match suggest::did_you_mean(wanted, index.figures.iter().map(|figure| figure.id.as_str())) {
            Some(help) => failure.help(help),
            None => failure.help(message!("task-trace-unknown-help")),
        }
    })?;
    if let Some(profile) = &index.left_out {
        return without_words(figure, profile, &ledger, args.json, context);
    }
    if args.json {
        let mut records = Vec::new();
        for seq in &figure.records {
            records.extend(ledger.records(*seq, seq + 1).map_err(|error| ledger_failure(&error))?);
        }
        context.out(&format!("{}\n", json!({ "version": 1, "figure": figure, "records": records })));
        return Ok(Exit::Passed);
    }
    context.out(&format!("{} = {}\n", figure.id, figure.value));
    for seq in &figure.records {
        evidence::show_record(&ledger, *seq, context)?;
    }
    for file in &figure.files {
        let line = message!(
            "task-trace-file",
            path = file.path.as_str(),
            record = file.record.to_string(),
            digest = file.digest.to_string()
        );
        context.out(&format!("{}\n", line.render(context.lang)));
    }
    Ok(Exit::Passed)
}

/// Shows of each record only what a document that leaves things out may tell: its number, type and time.
fn without_words(
    figure: &ReadFigure,
    profile: &str,
    ledger: &Ledger,
    as_json: bool,
    context: &Context,
) -> Result<Exit, Failure> {
    let mut records = Vec::new();
    for seq in &figure.records {
        records.extend(ledger.records(*seq, seq + 1).map_err(|error| ledger_failure(&error))?);
    }
    if as_json {
        let told = records
            .iter()
            .map(|record| json!({ "seq": record.seq, "type": record.draft.body.kind(), "at": record.written.at }));
        let told: Vec<_> = told.collect();
        let whole = json!({ "version": 1, "figure": figure, "left_out": profile, "records": told });
        context.out(&format!("{whole}\n"));
        return Ok(Exit::Passed);
    }
    context.out(&format!("{} = {}\n", figure.id, figure.value));
    for record in &records {
        let at = format::time(&in_vietnam(&record.written.at), context.lang);
        let kind = record.draft.body.kind();
        let line = message!("task-trace-record", seq = record.seq.to_string(), kind = kind, at = at);
        context.out(&format!("{}\n", line.render(context.lang)));
    }
    context.note(&message!("task-trace-left-out", profile = profile));
    Ok(Exit::Passed)
}

fn numbers(figure: &ReadFigure) -> String {
    figure.records.iter().map(|seq| format!("#{seq}")).collect::<Vec<_>>().join(", ")
}

/// The index of the document, which has to be about the file as it is.
fn index(path: &Path, shown: &Path) -> Result<ReadIndex, Failure> {
    let shown = shown.display().to_string();
    let unreadable = |error: std::io::Error| {
        let message = message!("cli-file-unreadable", path = shown.as_str());
        Failure::new(Exit::Invalid, "file-unreadable", message).caused_by(&error)
    };
    let bytes = std::fs::read(path).map_err(unreadable)?;
    let none = || {
        Failure::new(Exit::Invalid, "no-figures", message!("task-trace-none", file = shown.as_str()))
            .help(message!("task-trace-none-help"))
    };
    let text = std::fs::read_to_string(index_of(path)).map_err(|error| none().caused_by(&error))?;
    let index = ReadIndex::read(&text).map_err(|error| none().caused_by(&error))?;
    if index.file != Digest::of(&bytes) {
        return Err(Failure::new(Exit::NotPassed, "document-changed", message!("task-trace-changed", file = shown))
            .help(message!("task-trace-changed-help")));
    }
    if !index.is_of(&bytes) {
        let message = message!("task-trace-figures", file = shown);
        return Err(Failure::new(Exit::NotPassed, "figures-changed", message).help(message!("task-trace-figures-help")));
    }
    Ok(index)
}

/// The workspace's ledger, which verifies and has grown out of the state that the document rests on.
fn same_ledger(index: &ReadIndex, context: &Context) -> Result<Ledger, Failure> {
    let workspace = Workspace::find(context)?;
    let dir = workspace.ledger();
    let (size, root) = (index.ledger.size.to_string(), index.ledger.root.as_str());
    let against = format!("{size} {root}").parse::<HeadText>().ok();
    let options = ledger::Options { against, ..ledger::Options::default() };
    let verification = ledger::verify(&dir, &options).map_err(|error| ledger_failure(&error))?;
    if verification.origin != index.ledger.origin {
        let (wanted, here) = (index.ledger.origin.as_str(), verification.origin.as_str());
        let message = message!("task-trace-other", wanted = wanted, here = here);
        return Err(Failure::new(Exit::LedgerBroken, "ledger-other", message).help(message!("task-trace-other-help")));
    }
    if !verification.ok || options.against.is_none() {
        // It may hold by itself and lack what the document rests on: an older copy was put in its place, or it was written anew.
        let holds = ledger::verify(&dir, &ledger::Options::default()).map_err(|error| ledger_failure(&error))?.ok;
        if holds {
            let message = message!("task-trace-behind", size = size, root = root);
            let failure = Failure::new(Exit::LedgerBroken, "ledger-behind", message);
            return Err(failure.help(message!("task-trace-behind-help")));
        }
        return Err(Failure::new(Exit::LedgerBroken, "ledger-unverified", message!("task-trace-unverified"))
            .help(message!("task-unverified-help")));
    }
    Ledger::read_only(&dir).map_err(|error| ledger_failure(&error))
}
