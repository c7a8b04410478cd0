//! `ungpho exercise`: planned drills: a new one, what is wrong in one, what is in it, the players' copy.

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use serde_json::json;

use super::check;
use crate::ledger::salted;
use crate::message::message;
use crate::model::{Actor, Digest, Name};
use crate::playbook::exercise::{Exercise, ExerciseMode, Live, blank, players, schema};
use crate::playbook::shipped;
use crate::source::{self, suggest};
use crate::ui::files::{self, Kind, Loaded};
use crate::ui::workspace::Workspace;
use crate::ui::{Context, Exit, Failure, entered, entry, exercise};

/// Plan drills: participants, situations by time, scores
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho exercise new quy-4 --playbook portal-outage --mode tabletop")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// Write a new exercise into the workspace
    #[command(after_help = "Example: ungpho exercise new quy-4 --playbook portal-outage --mode tabletop")]
    New {
        /// The new exercise's name
        #[arg(value_name = "NAME")]
        name: Name,
        /// What is drilled
        #[arg(long, value_name = "PLAYBOOK")]
        playbook: Name,
        /// How: tabletop, lab, technical or live
        #[arg(long, value_name = "MODE")]
        mode: String,
        /// The day, such as 2026-12-01 or 01/12/2026; today where it is left out
        #[arg(long, value_name = "DATE", value_parser = entered::argument)]
        date: Option<Date>,
    },
    /// Check exercises, every mistake at its word
    #[command(after_help = "Example: ungpho exercise check quy-4")]
    Check {
        /// The exercises; all of them where none is named
        #[arg(value_name = "EXERCISE")]
        names: Vec<Name>,
        /// Print one JSON document
        #[arg(long)]
        json: bool,
    },
    /// Show an exercise: plan, participants, situations
    #[command(after_help = "Example: ungpho exercise show quy-4 --for players")]
    Show {
        /// The exercise
        #[arg(value_name = "EXERCISE")]
        name: Name,
        /// Leave out what only the organisers may see
        #[arg(long = "for", value_name = "READER", value_parser = ["players", "organisers"], default_value = "organisers")]
        reader: String,
        /// Print one JSON document
        #[arg(long)]
        json: bool,
    },
    /// Write the players' copy, and the script that opens at the end
    ///
    /// The copy has the script's salted digest where the injects stand. It goes into the players' workspace; the script stays
    /// with the organisers until `ungpho reveal`.
    #[command(after_help = "Example: ungpho exercise seal tc-2026 --out ../phong-thu/exercises/tc-2026.yaml")]
    Seal {
        /// The exercise
        #[arg(value_name = "EXERCISE")]
        name: Name,
        /// Where the players' copy is written
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Where the script is written; exercises/EXERCISE.script where it is left out
        #[arg(long, value_name = "FILE")]
        script: Option<PathBuf>,
    },
    /// Print the JSON Schema of exercises, for editors
    #[command(after_help = "Example: ungpho exercise schema > exercise.schema.json")]
    Schema,
}

/// Carries out the command.
///
/// # Errors
///
/// Where the exercise is not there or does not hold, or a file cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    match &args.action {
        Action::New { name, playbook, mode, date } => new(context, name, playbook, mode, *date),
        Action::Check { names, json } => check(context, names, *json),
        Action::Show { name, reader, json } => show(context, name, reader == "players", *json),
        Action::Seal { name, out, script } => seal(context, name, out, script.as_deref()),
        Action::Schema => {
            let text = serde_json::to_string_pretty(&schema::schema()).unwrap_or_default();
            context.out(&(text + "\n"));
            Ok(Exit::Passed)
        }
    }
}

/// The exercises of these names, or all, and the rest of the workspace.
fn picked(context: &Context, names: &[Name]) -> Result<(Vec<Loaded>, Vec<Loaded>), Failure> {
    let workspace = Workspace::find(context)?;
    for name in names {
        exercise::document(name, &workspace)?;
    }
    let wanted = |file: &Loaded| {
        let stem = Path::new(&file.document.file).file_stem().and_then(|stem| stem.to_str());
        file.kind == Kind::Exercise && (names.is_empty() || names.iter().any(|name| stem == Some(name.as_str())))
    };
    Ok(files::workspace(&workspace.root).into_iter().partition(wanted))
}

fn check(context: &Context, names: &[Name], as_json: bool) -> Result<Exit, Failure> {
    let (checked, around) = picked(context, names)?;
    let mut findings = files::read(&checked, &around, true).findings;
    let workspace = Workspace::find(context)?;
    for file in &checked {
        if let Ok(one) = Exercise::read_document(&file.document, &crate::playbook::Known::default()).0 {
            findings.extend(exercise::no_commitment(&file.document, &one, &workspace));
        }
    }
    source::sort(&mut findings);
    Ok(check::told(&checked, &findings, as_json, context))
}

fn new(context: &Context, name: &Name, playbook: &Name, mode: &str, date: Option<Date>) -> Result<Exit, Failure> {
    let workspace = Workspace::find(context)?;
    let words = ExerciseMode::WORDS;
    let Some((_, mode)) = words.iter().find(|(word, _)| *word == mode) else {
        let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let failure = Failure::new(Exit::Invalid, "unknown-word", message!("exercise-unknown-mode", mode = mode));
        return Err(failure.help(message!("exercise-unknown-mode-help", words = suggest::quoted(&words))));
    };
    let now = context.clock.now().at;
    let date = date.unwrap_or_else(|| now.offset.to_datetime(now.instant).date()).to_string();
    let read = files::read(&files::workspace(&workspace.root), &[], false);
    let shipped = shipped_playbook(playbook);
    let Some(book) = read.playbooks.get(playbook).or(shipped.as_ref()) else {
        let message = message!("playbook-unknown-playbook", playbook = playbook.as_str());
        let failure = Failure::new(Exit::Invalid, "unknown-playbook", message);
        let known = read.known.playbooks.keys().map(Name::as_str);
        return Err(match suggest::did_you_mean(playbook.as_str(), known) {
            Some(help) => failure.help(help),
            None => failure.help(message!("playbook-unknown-playbook-help")),
        });
    };
    // Whoever has a role in the playbook plays; who else takes part, the organisers write.
    let people = entry::people(context, &workspace)?.unwrap_or_default();
    let mut holders: Vec<Actor> = Vec::new();
    for role in book.roles.keys() {
        if let Some(holder) = people.roles.get(role).map(|holders| &holders.holder)
            && !holders.contains(holder)
        {
            holders.push(holder.clone());
        }
    }
    let shown = format!("exercises/{name}.yaml");
    let text = blank(playbook, *mode, &date, &holders, book.roles.keys().next());
    write_new(&workspace.root.join(&shown), &shown, text.as_bytes())?;
    context.note(&message!("exercise-written", file = shown.as_str()));
    if *mode == ExerciseMode::Live {
        context.note(&message!("exercise-written-live", keys = suggest::quoted(&Live::KEYS)));
    }
    Ok(Exit::Passed)
}

/// The playbook that ships under this name.
fn shipped_playbook(name: &Name) -> Option<crate::playbook::Playbook> {
    let (file, text) = shipped::all().find(|(shipped, _)| *shipped == name.as_str())?;
    crate::playbook::read(file, text, &crate::playbook::Known::default()).ok()
}

/// Writes a file that is not there yet.
fn write_new(path: &Path, shown: &str, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |error: &std::io::Error| {
        let message = message!("cli-cannot-write", path = shown);
        let exit = if error.kind() == std::io::ErrorKind::AlreadyExists { Exit::Invalid } else { Exit::Machine };
        Failure::new(exit, "cannot-write", message).caused_by(error)
    };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| failed(&error))?;
    }
    let mut file = std::fs::File::options().write(true).create_new(true).open(path).map_err(|error| failed(&error))?;
    std::io::Write::write_all(&mut file, bytes).and_then(|()| file.sync_all()).map_err(|error| failed(&error))
}

fn show(context: &Context, name: &Name, players: bool, as_json: bool) -> Result<Exit, Failure> {
    let workspace = Workspace::find(context)?;
    let (_, _, mut exercise) = exercise::read(name, context, &workspace)?;
    let people = entry::people(context, &workspace)?;
    if !as_json {
        context.out(&exercise::shown(name, &exercise, people.as_ref(), players, context.lang));
        return Ok(Exit::Passed);
    }
    if players {
        exercise.injects.clear();
    }
    let plan = exercise.plan.as_ref().map(|(number, date)| json!({ "number": number, "date": date }));
    let injects: Vec<_> = (1..)
        .zip(&exercise.injects)
        .map(|(number, inject): (u32, _)| {
            json!({
                "number": number, "at_seconds": inject.at.seconds(), "to": inject.to, "text": inject.text,
                "expect": inject.expect, "with": inject.with, "criterion": inject.criterion, "by": inject.by,
            })
        })
        .collect();
    let participants: Vec<_> = (1..)
        .zip(&exercise.participants)
        .map(|(number, one): (u32, _)| {
            let (person, known) = match &one.who {
                crate::playbook::exercise::Who::Person(id) => {
                    let found = people.as_ref().and_then(|people| people.find(id.as_str()));
                    (Some(id), found.map(|person| &person.name))
                }
                crate::playbook::exercise::Who::Name(name) => (None, Some(name)),
            };
            json!({ "number": number, "person": person, "name": known, "unit": one.unit, "part": one.part })
        })
        .collect();
    let document = json!({
        "version": 1, "exercise": name, "playbook": exercise.playbook, "mode": exercise.mode, "date": exercise.date,
        "plan": plan, "approver": exercise.approver, "place": exercise.place, "budget": exercise.budget,
        "participants": participants,
        "injects": if players { None } else { Some(injects) }, "script": exercise.script, "live": exercise.live,
    });
    context.out(&format!("{document}\n"));
    Ok(Exit::Passed)
}

fn seal(context: &Context, name: &Name, out: &Path, script: Option<&Path>) -> Result<Exit, Failure> {
    let workspace = Workspace::find(context)?;
    let (_, _, whole): (_, _, Exercise) = exercise::read(name, context, &workspace)?;
    if whole.injects.is_empty() {
        let message = message!("exercise-nothing-to-seal", exercise = name.as_str());
        return Err(Failure::new(Exit::Invalid, "nothing-to-seal", message));
    }
    let text = whole.script_text();
    let bytes = salted(&text).map_err(|error| crate::ui::desk::ledger_failure(&error))?;
    let digest = Digest::of(&bytes);
    let opening = match script {
        Some(path) => context.folder.join(path),
        None => workspace.root.join(format!("exercises/{name}.script")),
    };
    let copy = context.folder.join(out);
    // The copy first: a script without one commits nobody to anything.
    write_new(&copy, &out.display().to_string(), players(&whole, &digest).as_bytes())?;
    write_new(&opening, &opening.display().to_string(), &bytes)?;
    let (copy, opening) = (out.display().to_string(), opening.display().to_string());
    context.note(&message!("exercise-sealed", copy = copy, script = opening, digest = digest.to_string()));
    Ok(Exit::Passed)
}
