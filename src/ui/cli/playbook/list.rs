//! `ungpho playbook list`: every playbook with what it reaches, how it can be carried out and when it was last drilled.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{family_word, shipped_besides, stem, workspace_files};
use crate::lab;
use crate::ledger::Ledger;
use crate::message::{Arg, Message, format, message};
use crate::model::record::{Body, People};
use crate::model::{Mode, Name, RunId, RunKind, RunResult, Stamp};
use crate::playbook::reach::{Reach, Way, reach};
use crate::playbook::{Family, Playbook, catalogue};
use crate::source::Severity;
use crate::ui::console::wrap;
use crate::ui::desk::{journal_failure, ledger_failure};
use crate::ui::files::{self, Kind, Loaded};
use crate::ui::table::table;
use crate::ui::{Context, Exit, Failure, Workspace};

/// How the list is printed.
#[derive(clap::Args)]
pub(super) struct Args {
    /// A table of systems by families instead
    #[arg(long)]
    by_system: bool,
    /// A page of documentation instead, in both languages
    #[arg(long, conflicts_with_all = ["by_system", "json"])]
    markdown: bool,
    /// Print one JSON document
    #[arg(long, conflicts_with = "by_system")]
    json: bool,
}

/// A drill of a playbook that has ended.
struct Drilled {
    run: RunId,
    at: Stamp,
    mode: Mode,
    lab: bool,
    people: People,
    result: RunResult,
}

/// One playbook that is here.
struct Row<'a> {
    name: &'a str,
    own: bool,
    findings: usize,
    held: Option<(&'a Playbook, Reach, Vec<Way>)>,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let (own, around): (Vec<Loaded>, Vec<Loaded>) =
        workspace_files(context).into_iter().partition(|file| file.kind == Kind::Playbook);
    let shipped = shipped_besides(&own);
    let (of_own, of_shipped) = (files::read(&own, &around, false), files::read(&shipped, &[], false));
    let lab: BTreeSet<Name> = lab::ids().map_err(|error| Failure::of(Exit::Machine, &error))?;
    // What a unit calls by a shipped name is its own where it has one.
    let mut all = of_shipped.playbooks.clone();
    all.extend(of_own.playbooks.clone());
    if args.markdown {
        context.out(&catalogue::markdown(&all, &lab));
        return Ok(Exit::Passed);
    }
    let mut rows = Vec::new();
    for (file, is_own, read) in
        own.iter().map(|file| (file, true, &of_own)).chain(shipped.iter().map(|file| (file, false, &of_shipped)))
    {
        let of_it = read.findings.iter().filter(|finding| finding.file == file.document.file);
        let findings = of_it.filter(|finding| finding.severity == Severity::Error).count();
        let playbook = stem(file).parse::<Name>().ok().and_then(|name| read.playbooks.get(&name));
        let held = playbook.map(|playbook| {
            let reach = reach(playbook, &all);
            let ways = reach.ways(&lab);
            (playbook, reach, ways)
        });
        rows.push(Row { name: stem(file), own: is_own, findings, held });
    }
    rows.sort_by_key(|row| (row.held.as_ref().map(|(playbook, ..)| catalogue::place(playbook)), row.name));
    let drilled = drilled(context)?;
    if args.json {
        let rows: Vec<Value> = rows.iter().map(|row| document(row, drilled.get(row.name), context)).collect();
        context.out(&(json!({ "version": 1, "playbooks": rows }).to_string() + "\n"));
    } else if args.by_system {
        context.out(&by_system(&rows, &lab, context));
    } else {
        context.out(&wrap::wrap(&text(&rows, &drilled, context), wrap::width()));
    }
    Ok(Exit::Passed)
}

/// The last drill of each playbook that has ended and was not declared void.
fn drilled(context: &Context) -> Result<BTreeMap<String, Drilled>, Failure> {
    let Ok(workspace) = Workspace::find(context) else { return Ok(BTreeMap::new()) };
    if !workspace.ledger().is_dir() {
        return Ok(BTreeMap::new());
    }
    let ledger = Ledger::read_only(&workspace.ledger()).map_err(|error| ledger_failure(&error))?;
    let records = ledger.records_of_type("run-").map_err(|error| journal_failure(&error.into()))?;
    let mut open = BTreeMap::new();
    let mut ended: Vec<(String, Drilled)> = Vec::new();
    for record in records {
        let (at, draft) = (record.written.at, record.draft);
        let Some(run) = draft.run else { continue };
        match draft.body {
            Body::RunStarted(started) if started.kind == RunKind::Drill => {
                open.insert(run, (draft.mode, started));
            }
            Body::RunEnded(body) => {
                let Some((Some(mode), started)) = open.remove(&run) else { continue };
                let (lab, people, result) = (started.lab, started.people, body.result);
                ended.push((started.playbook.to_string(), Drilled { run, at, mode, lab, people, result }));
            }
            Body::RunVoided(_) => ended.retain(|(_, drilled)| drilled.run != run),
            _ => {}
        }
    }
    Ok(ended.into_iter().collect())
}

fn document(row: &Row, drilled: Option<&Drilled>, context: &Context) -> Value {
    let playbook = row.held.as_ref().map(|(playbook, ..)| playbook);
    let reach = row.held.as_ref().map(|(_, reach, _)| reach);
    json!({
        "name": row.name,
        "from": if row.own { "workspace" } else { "shipped" },
        "version": playbook.map(|playbook| playbook.version),
        "title": playbook.map(|playbook| playbook.title.pick(context.lang)),
        "family": playbook.map(|playbook| playbook.family),
        "kind": playbook.map(|playbook| playbook.kind.as_str()),
        "part": playbook.map(|playbook| catalogue::is_part(playbook)),
        "levels": playbook.map(|playbook| &playbook.levels),
        "systems": reach.map(|reach| &reach.systems),
        "faults": reach.map(|reach| &reach.faults),
        "modes": row.held.as_ref().map(|(_, _, ways)| ways.iter().map(|way| way.word()).collect::<Vec<_>>()),
        "steps": reach.map(|reach| reach.steps),
        "steps_by_people": reach.map(|reach| reach.by_people),
        "last_drilled": drilled.map(|drilled| json!({
            "run": drilled.run,
            "at": drilled.at.to_string(),
            "mode": drilled.mode,
            "lab": drilled.lab,
            "people": drilled.people,
            "result": drilled.result,
        })),
        "findings": row.findings,
    })
}

fn text(rows: &[Row], drilled: &BTreeMap<String, Drilled>, context: &Context) -> String {
    let lang = context.lang;
    let say = |message: Message| message.render(lang);
    let width = rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    let mut heading = None;
    for row in rows {
        let (title, about) = match &row.held {
            None => {
                let broken = say(message!("cli-playbook-broken", count = row.findings));
                (broken, None)
            }
            Some((playbook, reach, ways)) => {
                let place = catalogue::place(playbook);
                if heading != Some(place) {
                    let head = if catalogue::is_part(playbook) {
                        message!("cli-playbook-parts")
                    } else {
                        message!("cli-playbook-family", family = family_word(playbook.family))
                    };
                    let gap = if heading.is_some() { "\n" } else { "" };
                    let _ = writeln!(text, "{gap}{}", context.bold(&say(head)));
                    heading = Some(place);
                }
                let about = about(playbook, reach, ways, drilled.get(row.name), context);
                (playbook.title.pick(lang).to_owned(), Some(about))
            }
        };
        let own = if row.own { format!(" ({})", say(message!("cli-playbook-own"))) } else { String::new() };
        let _ = writeln!(text, "  {:width$}  {title}{own}", row.name);
        if let Some(about) = about {
            let _ = writeln!(text, "  {:width$}  {about}", "");
        }
    }
    text
}

/// One line: systems, levels, how it can be carried out, how long it is, when it was last drilled.
fn about(playbook: &Playbook, reach: &Reach, ways: &[Way], drilled: Option<&Drilled>, context: &Context) -> String {
    let lang = context.lang;
    let mut said: Vec<String> = Vec::new();
    if !catalogue::is_part(playbook) {
        if !reach.systems.is_empty() {
            said.push(reach.systems.iter().map(Name::as_str).collect::<Vec<_>>().join(", "));
        }
        if !playbook.levels.is_empty() {
            said.push(message!("cli-playbook-levels", levels = catalogue::levels(&playbook.levels)).render(lang));
        }
        let ways: Vec<String> = ways
            .iter()
            .map(|way| Message::new("cli-playbook-way").with("way", Arg::from(way.word().to_owned())).render(lang))
            .collect();
        said.push(ways.join(", "));
    }
    said.push(message!("cli-playbook-length", steps = reach.steps, people = reach.by_people).render(lang));
    if !catalogue::is_part(playbook) {
        said.push(match drilled {
            Some(drilled) => last(drilled, context),
            None => message!("cli-playbook-never").render(lang),
        });
    }
    said.join(" · ")
}

fn last(drilled: &Drilled, context: &Context) -> String {
    let lang = context.lang;
    let word = |kind: &str, word: &str| {
        Message::new("cli-evidence-word").with("word", Arg::from(format!("{kind}-{word}"))).render(lang)
    };
    let how = if drilled.people == People::Unattended {
        message!("cli-playbook-unattended").render(lang)
    } else if drilled.lab {
        message!("cli-playbook-in-lab").render(lang)
    } else {
        word("mode", drilled.mode.word())
    };
    let (date, result) = (format::date(&drilled.at, lang), word("result", drilled.result.word()));
    message!("cli-playbook-last", date = date, how = how, result = result, run = drilled.run.as_str()).render(lang)
}

/// Which scenarios there are for each system, by family.
fn by_system(rows: &[Row], lab: &BTreeSet<Name>, context: &Context) -> String {
    let read = rows.iter().filter_map(|row| row.held.as_ref());
    let scenarios: Vec<(&Playbook, &Reach)> = read
        .filter(|(playbook, ..)| !catalogue::is_part(playbook))
        .map(|(playbook, reach, _)| (*playbook, reach))
        .collect();
    let families = [Family::A, Family::B, Family::C, Family::D, Family::Standing];
    let mut head = vec![message!("cli-playbook-system")];
    head.extend(families.map(|family| message!("cli-playbook-family", family = family_word(family))));
    let systems: BTreeSet<&Name> = scenarios.iter().flat_map(|(_, reach)| &reach.systems).chain(lab).collect();
    let rows: Vec<Vec<String>> = systems
        .into_iter()
        .map(|system| {
            let cell = |family| {
                let of = scenarios
                    .iter()
                    .filter(|(playbook, reach)| playbook.family == family && reach.systems.contains(system));
                let names: Vec<&str> = of.map(|(playbook, _)| playbook.name.as_str()).collect();
                if names.is_empty() { "-".to_owned() } else { names.join(", ") }
            };
            std::iter::once(system.to_string()).chain(families.map(cell)).collect()
        })
        .collect();
    table(&head, &rows, context.lang)
}
