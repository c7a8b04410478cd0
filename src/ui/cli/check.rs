//! `ungpho check`: finds what is wrong in a workspace's files before a run does.

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::Serialize;

use crate::inventory::days_to_come;
use crate::message::message;
use crate::model::Lang;
use crate::policy::levels::{Book, decided_before_rules};
use crate::policy::{cadences, day_in_vietnam};
use crate::source::{self, Finding, any_error};
use crate::ui::files::{self, Kind, Loaded};
use crate::ui::workspace::Workspace;
use crate::ui::{Context, Exit, Failure};

/// Check playbooks and inventory files, every mistake at its word
///
/// Without files the whole workspace is checked: its unit, people, inventory, plans of tasks, playbooks and exercises.
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho check playbooks/ransomware-one-stop.yaml")]
pub struct Args {
    /// The files; the whole workspace where none is named
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Output<'a> {
    version: u32,
    findings: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    code: &'a str,
    severity: &'a str,
    file: &'a str,
    line: usize,
    column: usize,
    message: String,
    help: Option<String>,
}

/// Checks the files.
///
/// # Errors
///
/// Where no file is named and there is no workspace.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let workspace = Workspace::find(context);
    let (checked, around, complete) = if args.files.is_empty() {
        (files::workspace(&workspace?.root), Vec::new(), true)
    } else {
        let named: Vec<Loaded> = args
            .files
            .par_iter()
            .map(|path| files::load(&context.folder.join(path), &path.display().to_string(), None))
            .collect();
        let around = workspace.as_ref().map(|workspace| besides(&workspace.root, &args.files, context)).ok();
        let complete = around.is_some();
        (named, around.unwrap_or_default(), complete)
    };
    let mut findings = files::read(&checked, &around, complete).findings;
    let today = day_in_vietnam(&context.clock.now().at);
    let (book, _) = Book::read(&[]);
    for file in checked.iter().filter(|file| file.kind == Kind::System) {
        findings.extend(days_to_come(&file.document, today));
        findings.extend(decided_before_rules(&file.document, &book));
    }
    let told_early = checked.iter().filter(|file| file.kind == Kind::Cadences && !file.unread);
    findings.extend(told_early.flat_map(|file| cadences::to_come(&file.document, today)));
    source::sort(&mut findings);
    Ok(told(&checked, &findings, args.json, context))
}

/// Tells what was found in `checked`, and what the command comes to.
pub(super) fn told(checked: &[Loaded], findings: &[Finding], as_json: bool, context: &Context) -> Exit {
    if as_json {
        context.out(&json(findings, context.lang));
    } else {
        context.err(&source::render(findings, &files::texts(checked, findings), context.lang, context.color));
        let errors = findings.iter().filter(|finding| finding.severity == source::Severity::Error).count();
        context.note(&message!(
            "cli-check-done",
            files = checked.len(),
            errors = errors,
            warnings = findings.len() - errors
        ));
    }
    if any_error(findings) { Exit::Invalid } else { Exit::Passed }
}

/// The files of the workspace that are not among `named`.
fn besides(root: &Path, named: &[PathBuf], context: &Context) -> Vec<Loaded> {
    let named: Vec<PathBuf> =
        named.iter().filter_map(|path| std::fs::canonicalize(context.folder.join(path)).ok()).collect();
    let mut all = files::workspace(root);
    all.retain(|file| std::fs::canonicalize(root.join(&file.document.file)).is_ok_and(|path| !named.contains(&path)));
    all
}

fn json(findings: &[Finding], lang: Lang) -> String {
    let rows = findings
        .iter()
        .map(|finding| Row {
            code: finding.code,
            severity: finding.severity.word(),
            file: &finding.file,
            line: finding.line,
            column: finding.column,
            message: finding.message.render(lang),
            help: finding.help.as_ref().map(|help| help.render(lang)),
        })
        .collect();
    serde_json::to_string(&Output { version: 1, findings: rows }).unwrap_or_default() + "\n"
}
