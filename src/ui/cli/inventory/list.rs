//! `ungpho inventory list`: every system on one line.

use serde_json::{Value, json};

use super::shelf::Shelf;
use crate::inventory::System;
use crate::inventory::words::Said as _;
use crate::message::{Message, format, message};
use crate::model::Lang;
use crate::ui::noted::Noted;
use crate::ui::table::table;
use crate::ui::{Context, Exit, Failure};

/// List the systems: who owns and operates them, their levels, what is only assumed
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho inventory list")]
pub struct Args {
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let shelf = Shelf::read(context)?;
    let noted = Noted::read(&shelf.workspace)?;
    let edited = |system: &System| {
        let file = shelf.files.get(&system.id)?;
        let bytes = std::fs::read(shelf.workspace.root.join(&file.path)).ok()?;
        noted.same(&file.path, &bytes)
    };
    let lang = context.lang;
    if args.json {
        let rows: Vec<Value> = shelf.systems.values().map(|system| document(system, edited(system), lang)).collect();
        context.out(&format!("{}\n", json!({ "version": 1, "systems": rows })));
        return Ok(Exit::Passed);
    }
    if shelf.systems.is_empty() {
        context.note(&message!("systems-none"));
        return Ok(Exit::Passed);
    }
    let head = [
        message!("systems-column-id"),
        message!("systems-column-name-vi"),
        message!("systems-column-owner"),
        message!("systems-column-operator"),
        message!("systems-column-state"),
        message!("systems-column-environment"),
        message!("systems-level"),
        message!("systems-assumed-count"),
        message!("systems-noted-title"),
    ];
    let row = |system: &System| {
        let mut row = line(system, lang);
        let noted = match edited(system) {
            Some((seq, true)) => message!("systems-noted-same", seq = seq.to_string()),
            Some((seq, false)) => message!("systems-noted-edited", seq = seq.to_string()),
            None => message!("systems-noted-never"),
        };
        row.push(noted.render(lang));
        row
    };
    let rows: Vec<Vec<String>> = shelf.systems.values().map(row).collect();
    context.out(&table(&head, &rows, lang));
    context.note(&message!("systems-count", count = format::number(shelf.systems.len() as u64, lang)));
    Ok(Exit::Passed)
}

fn line(system: &System, lang: Lang) -> Vec<String> {
    let unknown = || message!("systems-unknown");
    let marked = |path: &str, text: Option<String>| match text {
        Some(text) if system.assumes(path) => format!("{text} {}", message!("systems-assumed").render(lang)),
        Some(text) => text,
        None => unknown().render(lang),
    };
    vec![
        system.id.to_string(),
        marked("name", Some(system.name.pick(lang).to_owned())),
        marked("owner", system.owner.as_ref().map(|owner| owner.pick(lang).to_owned())),
        marked("operator", system.operator.as_ref().map(|operator| operator.pick(lang).to_owned())),
        marked("state", system.state.map(|state| state.said().render(lang))),
        system.environment.said().render(lang),
        level(system).render(lang),
        system.assumed.len().to_string(),
    ]
}

/// The approved level, else the proposed one, said to be that.
pub(super) fn level(system: &System) -> Message {
    let dossier = system.dossier.as_ref();
    let approved = dossier.and_then(|dossier| dossier.approved).map(|level| ("dossier.approved", level));
    let proposed = dossier.and_then(|dossier| dossier.proposed).map(|level| ("dossier.proposed", level));
    let Some((path, level)) = approved.or(proposed) else { return message!("systems-level-unknown") };
    let said = if path == "dossier.approved" {
        message!("systems-level-approved", level = level)
    } else {
        message!("systems-level-proposed", level = level)
    };
    if system.assumes(path) { message!("systems-marked", text = said) } else { said }
}

fn document(system: &System, noted: Option<(u64, bool)>, lang: Lang) -> Value {
    let dossier = system.dossier.as_ref();
    json!({
        "id": system.id,
        "name": system.name.pick(lang),
        "owner": system.owner.as_ref().map(|owner| owner.pick(lang)),
        "operator": system.operator.as_ref().map(|operator| operator.pick(lang)),
        "state": system.state,
        "environment": system.environment,
        "proposed": dossier.and_then(|dossier| dossier.proposed),
        "approved": dossier.and_then(|dossier| dossier.approved),
        "assumed": system.assumed,
        "noted": noted.map(|(seq, same)| json!({ "seq": seq, "edited_since": !same })),
    })
}
