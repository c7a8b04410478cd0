//! `ungpho notice`: prepares the text of a notice from what the record holds. The program never sends.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::json;

use crate::inventory::System;
use crate::message::message;
use crate::model::record::NoticePrepared;
use crate::model::{Id, Journal as _, Name, RunKind};
use crate::policy::notice::{Filled, Template};
use crate::source::suggest;
use crate::ui::desk::{Desk, journal_failure, plan_unreadable};
use crate::ui::duties::Policies;
use crate::ui::entry::EntryArgs;
use crate::ui::notice::{Case, parts};
use crate::ui::{Context, Exit, Failure, reporting};

/// Prepare the text of a notice from what the record holds, whatever the playbook does
///
/// The text is kept as evidence; sending it is a person's part, and `sent` keeps that. It is filled with what is recorded when
/// it is prepared, so `--at` is refused.
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho notice anm-24 --value effects=\"Dừng tiếp nhận hồ sơ\" --out thong-bao.txt")]
pub struct Args {
    /// The duty or the template; beside it the run, where several are open or it has ended
    #[arg(value_name = "NOTICE RUN", required = true, num_args = 1..=2)]
    words: Vec<String>,
    /// What only people know, for a blank that the template asks for
    #[arg(long = "value", value_name = "ID=WORDS")]
    values: Vec<String>,
    /// Write the text to this file instead of printing it
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    out: Option<PathBuf>,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    entry: EntryArgs,
}

/// Prepares the text, keeps it, prints it.
///
/// # Errors
///
/// Where there is no such template, it does not ask for a value that is given, or the ledger or the file cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let (run, word) = super::run_and_word(&args.words)?;
    let desk = Desk::open(context)?;
    let (run, state) = desk.run(run.as_ref())?;
    let entry = args.entry.now(context, &desk.workspace, &message!("entry-now-notice"))?;
    let policies = Policies::for_notices(context, &desk.workspace);
    let template = template(&policies, word)?;
    let told = told(template, &args.values)?;
    let records = desk.ledger.records_of(&run, state.began).map_err(|e| journal_failure(&e))?;
    let parts = parts(&records, desk.ledger.as_ref());
    if parts.is_empty() {
        return Err(plan_unreadable(&run));
    }
    let now = context.clock.now().at;
    // An incident waits for no file: what cannot be read is told of elsewhere.
    let inventory: BTreeMap<Name, System> =
        desk.workspace.systems(context).map(|(systems, _)| systems.into_iter().collect()).unwrap_or_default();
    let case = Case { parts: parts.iter().collect(), objects: desk.ledger.as_ref(), now, told, inventory };
    // In the unit's language, whoever types.
    let filled = case.fill(template, &policies, policies.language());
    let text = filled.text();
    // Before it is kept: a file that cannot be written is no reason to prepare the notice a second time.
    let path = args.out.as_ref().filter(|out| out.as_os_str() != "-").map(|out| context.folder.join(out));
    if let Some(path) = &path {
        reporting::write(path, &format!("{text}\n"))?;
    }
    let because = desk.because(&entry)?;
    let prepared = NoticePrepared { notice: template.name.clone(), step: None, text: desk.words(&text)?, because };
    let digest = prepared.text.object;
    let record = desk.record(context, &entry, (&run, &state), prepared.into())?;
    if args.json {
        let document = json!({
            "version": 1, "run": run, "notice": template.name, "title": template.title.pick(context.lang),
            "record": record.seq, "object": digest, "at": record.occurred(), "drill": run.kind() == RunKind::Drill,
            "pages": filled.pages,
            "missing": filled.missing.iter().map(|blank| json!({
                "blank": blank.blank, "title": blank.title.pick(context.lang), "asked": blank.asked,
            })).collect::<Vec<_>>(),
        });
        context.out(&format!("{document}\n"));
    } else if let Some(path) = &path {
        context.note(&message!("notice-written", path = path.display().to_string()));
    } else {
        context.out(&format!("{text}\n"));
    }
    let seq = record.seq.to_string();
    context.note(&message!("notice-prepared", notice = template.name.as_str(), run = run.as_str(), seq = seq));
    tell_missing(context, &filled, &case);
    context.note(&message!("notice-sent-next", run = run.as_str(), notice = template.name.as_str()));
    Ok(Exit::Passed)
}

/// Says what the text lacks, and how to give what only people know.
fn tell_missing(context: &Context, filled: &Filled, case: &Case<'_>) {
    if filled.missing.is_empty() {
        return;
    }
    let blanks: Vec<&str> = filled.missing.iter().map(|blank| blank.title.pick(context.lang)).collect();
    context.note(&message!("notice-missing", blanks = blanks.join("; ")));
    for (file, key) in places(filled, case) {
        context.note(&message!("notice-missing-place", key = key, file = file));
    }
    if let Some(asked) = filled.missing.iter().find(|blank| blank.asked) {
        context.note(&message!("notice-missing-help", blank = asked.blank.as_str()));
    }
}

/// Where the unit writes what the text lacks and a file can have: the file and the key, each once.
fn places(filled: &Filled, case: &Case<'_>) -> Vec<(String, &'static str)> {
    let mut places = Vec::new();
    for missing in &filled.missing {
        let of_systems = |key| case.declared().map(move |id| (format!("inventory/{id}.yaml"), key));
        match missing.blank.as_str() {
            "operator" => places.extend(of_systems("operator")),
            "owner" => places.extend(of_systems("owner")),
            "level" => places.extend(of_systems("dossier")),
            "to" => places.push(("ungpho.yaml".to_owned(), "recipients")),
            "place" => places.push(("ungpho.yaml".to_owned(), "place")),
            "parent" => places.push(("ungpho.yaml".to_owned(), "parent")),
            "serious_definition" => places.push(("ungpho.yaml".to_owned(), "serious_definition")),
            "contact" => places.push(("people.yaml".to_owned(), "roles")),
            _ => {}
        }
    }
    places
}

/// The template that `word` names: its own name, or the duty whose text it is.
fn template<'a>(policies: &'a Policies, word: &str) -> Result<&'a Template, Failure> {
    if let Some(found) = policies.notices.find(word) {
        return Ok(found);
    }
    if let Some(duty) = policies.book.duties.iter().find(|duty| duty.id == *word) {
        let named = duty.notice.as_ref().and_then(|notice| policies.notices.find(notice.as_str()));
        return named.ok_or_else(|| Failure::new(Exit::Invalid, "no-text", message!("notice-no-text", duty = word)));
    }
    let names: Vec<&str> = policies.notices.templates.keys().map(Name::as_str).collect();
    let duties = policies.book.duties.iter().map(|duty| duty.id.as_str());
    let failure = Failure::new(Exit::Invalid, "unknown-notice", message!("notice-unknown", notice = word));
    Err(match suggest::did_you_mean(word, names.iter().copied().chain(duties)) {
        Some(help) => failure.help(help),
        None => failure.help(message!("notice-unknown-help", notices = names.join(", "))),
    })
}

/// What is given for the blanks of `template` that only people can fill.
fn told(template: &Template, given: &[String]) -> Result<BTreeMap<Id, String>, Failure> {
    let mut told = BTreeMap::new();
    for pair in given {
        let Some((word, words)) = pair.split_once('=') else {
            return Err(Failure::new(Exit::Invalid, "not-a-pair", message!("cli-not-a-pair", given = pair.as_str())));
        };
        let Some(id) = template.ask.keys().find(|id| id.as_str() == word.trim()) else {
            let message = message!("notice-unknown-value", notice = template.name.as_str(), id = word.trim());
            let ids: Vec<&str> = template.ask.keys().map(Id::as_str).collect();
            let help = if ids.is_empty() {
                message!("notice-asks-nothing")
            } else {
                message!("notice-unknown-value-help", ids = ids.join(", "))
            };
            return Err(Failure::new(Exit::Invalid, "unknown-value", message).help(help));
        };
        told.insert(id.clone(), words.trim().to_owned());
    }
    Ok(told)
}
