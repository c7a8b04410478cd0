//! `ungpho report plan` and `script`: what an exercise's file says, laid out for everybody and for the organisers.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::after_action::parts;
use crate::inventory::table::day;
use crate::inventory::{System, Targets};
use crate::message::message;
use crate::model::{Id, Lang, Name, Span, Text};
use crate::playbook::exercise::Exercise;
use crate::playbook::reach::reach;
use crate::playbook::{Playbook, show};
use crate::policy::levels::in_force;
use crate::policy::tasks;
use crate::report::document::{Document, letters_of};
use crate::report::format::day_of_file;
use crate::report::letterhead::Letterhead;
use crate::report::planned::{Planned, PlannedSystem, plan, script};
use crate::report::targets::Set;
use crate::source::{self, Data, Node};
use crate::ui::cli::playbook::shipped_besides;
use crate::ui::documents::{LANGUAGE, PaperArgs, SignerArgs, deliver, layout};
use crate::ui::files::{self, Kind, Loaded};
use crate::ui::workspace::Workspace;
use crate::ui::{Context, Exit, Failure, entry, exercise, levels};

#[derive(clap::Args)]
pub(super) struct PlannedArgs {
    /// The exercise
    #[arg(value_name = "EXERCISE")]
    exercise: Name,
    #[command(flatten)]
    document: PaperArgs,
}

/// The plan is signed; the script is not.
#[derive(clap::Args)]
pub(super) struct PlanArgs {
    #[command(flatten)]
    planned: PlannedArgs,
    #[command(flatten)]
    signer: SignerArgs,
}

/// Makes the plan.
///
/// # Errors
///
/// As [`run`].
pub(super) fn run_plan(args: &PlanArgs, context: &Context) -> Result<Exit, Failure> {
    run(&args.planned, &args.signer, Which::Plan, context)
}

/// Makes the script.
///
/// # Errors
///
/// As [`run`].
pub(super) fn run_script(args: &PlannedArgs, context: &Context) -> Result<Exit, Failure> {
    run(args, &SignerArgs::default(), Which::Script, context)
}

/// Which of the two is made.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    /// For everybody.
    Plan,
    /// For the organisers.
    Script,
}

/// Makes one of the two.
///
/// # Errors
///
/// Where there is no such exercise, playbook or signer, the script is not for whoever asks, or the file cannot be written.
fn run(args: &PlannedArgs, signer: &SignerArgs, which: Which, context: &Context) -> Result<Exit, Failure> {
    let workspace = Workspace::find(context)?;
    let (_, _, planned) = exercise::read(&args.exercise, context, &workspace)?;
    if which == Which::Script {
        for_organisers(&args.exercise, &planned, context)?;
    }
    let (mut own, around): (Vec<Loaded>, Vec<Loaded>) =
        files::workspace(&workspace.root).into_iter().partition(|file| file.kind == Kind::Playbook);
    let shipped = shipped_besides(&own);
    own.extend(shipped);
    let read = files::read(&own, &around, false);
    let Some(playbook) = read.playbooks.get(&planned.playbook) else {
        let message = message!("playbook-unknown-playbook", playbook = planned.playbook.as_str());
        return Err(
            Failure::new(Exit::Invalid, "unknown-playbook", message).help(message!("playbook-unknown-playbook-help"))
        );
    };
    let reached = reach(playbook, &read.playbooks);
    let steps = show::show(playbook, &BTreeMap::<Id, serde_json::Value>::new(), &read.known.systems, &read.playbooks);
    let date: Option<Date> = planned.date.parse().ok();
    let people = entry::people(context, &workspace)?;
    let unit = workspace.unit();
    let tasks = tasks_of(playbook, &workspace);
    let (number, dated) = match &planned.plan {
        Some((number, date)) => (Some(number.clone()), date.parse::<Date>().ok()),
        None => (None, None),
    };
    told_of_number(args, number.as_deref(), context);
    if let Some((given, planned)) = args.document.date.zip(dated).filter(|(given, planned)| given != planned) {
        let (given, planned) = (day(given, context.lang), day(planned, context.lang));
        let exercise = args.exercise.as_str();
        context.note(&message!("planned-date-other", given = given, planned = planned, exercise = exercise));
    }
    let dated = args.document.date.or(dated);
    // The level is what it was by the rules of the document's day.
    let systems = systems(&reached.systems, &read.known.systems, dated.or(date), &workspace, context);
    let chosen = layout(&workspace, unit.as_ref(), &args.document, dated.or(date).unwrap_or_default(), context)?;
    let letterhead = Letterhead {
        layout: &chosen,
        lang: LANGUAGE,
        unit: unit.as_ref(),
        // The script is not signed.
        signer: if which == Which::Plan { signer.of(unit.as_ref(), context)? } else { None },
        number: args.document.number.as_deref().or(number.as_deref()),
        day: dated.map(parts),
    };
    let ground = Planned {
        name: &args.exercise,
        exercise: &planned,
        playbook,
        reach: &reached,
        steps: &steps,
        systems: &systems,
        people: people.as_ref(),
        day: dated.or(date),
        tasks: &tasks,
    };
    let (made, name): (Document, &str) = match which {
        Which::Plan => (plan(&ground, &letterhead), "plan"),
        Which::Script => (script(&ground, &letterhead), "script"),
    };
    deliver(&workspace, &made, &format!("{}-{name}", args.exercise), &args.document, context)?;
    Ok(Exit::Passed)
}

/// Says where the number that was given is not a plan's, or not that of the plan in the exercise's file.
fn told_of_number(args: &PlannedArgs, planned: Option<&str>, context: &Context) {
    let Some(number) = args.document.number.as_deref() else { return };
    if let Some(letters) = letters_of(number).filter(|letters| *letters != "KH") {
        context.note(&message!("planned-number-kind", number = number, letters = letters));
    }
    // `5` is short for whatever number begins so.
    let count = |number: &str| number.split('/').next().unwrap_or_default().trim_start_matches('0').to_owned();
    let symbol = |number: &str| number.split_once('/').map(|(_, symbol)| symbol.to_owned());
    let same = |planned: &&str| {
        let symbols = symbol(number).zip(symbol(planned));
        count(number) == count(planned) && symbols.is_none_or(|(one, other)| one == other)
    };
    if let Some(planned) = planned.filter(|planned| !same(planned)) {
        let exercise = args.exercise.as_str();
        context.note(&message!("planned-number-other", number = number, planned = planned, exercise = exercise));
    }
}

/// Holds that the script is here, and that whoever asks for it does not play. There is no password: the one at the keyboard says
/// with `--as` who they are.
fn for_organisers(name: &Name, planned: &Exercise, context: &Context) -> Result<(), Failure> {
    if planned.script.is_some() {
        let message = message!("script-elsewhere", exercise = name.as_str());
        return Err(Failure::new(Exit::Invalid, "script-elsewhere", message).help(message!("script-elsewhere-help")));
    }
    let plays = planned.part_of(&context.actor) == Some(crate::playbook::exercise::Part::Player);
    if plays {
        let message = message!("script-not-for-players", who = context.actor.as_str());
        return Err(Failure::new(Exit::Invalid, "not-your-part", message).help(message!("script-not-for-players-help")));
    }
    Ok(())
}

/// The systems that are drilled, as the inventory has them.
fn systems(
    reached: &[Name],
    known: &BTreeMap<Name, System>,
    date: Option<Date>,
    workspace: &Workspace,
    context: &Context,
) -> Vec<PlannedSystem> {
    let book = levels::here(context, workspace);
    let of = |id: &Name| match known.get(id) {
        Some(system) => PlannedSystem {
            id: id.clone(),
            name: system.name.clone(),
            level: date.map(|date| in_force(&book, system, date)),
            owner: set(&system.objectives),
            lab: crate::lab::targets(id).as_ref().map(set),
        },
        None => PlannedSystem {
            id: id.clone(),
            name: Text::from(id.as_str()),
            level: None,
            owner: Set::default(),
            lab: crate::lab::targets(id).as_ref().map(set),
        },
    };
    reached.iter().map(of).collect()
}

/// Targets in seconds.
fn set(targets: &Targets) -> Set {
    Set { rto: targets.rto.map(Span::seconds), rpo: targets.rpo.map(Span::seconds) }
}

/// The numbered tasks that the playbook serves, with the document that sets them; those whose plan is not here are left out.
fn tasks_of(playbook: &Playbook, workspace: &Workspace) -> Vec<Text> {
    let own = workspace.texts("policies/tasks").unwrap_or_default();
    let text = |plan: &str| {
        let path = format!("policies/tasks/{plan}.yaml");
        let own = own.iter().find(|file| file.path == path).map(|file| file.text.clone());
        own.or_else(|| tasks::SHIPPED.iter().find(|(name, _)| *name == plan).map(|(_, text)| (*text).to_owned()))
    };
    // One line for a document, however many of its tasks are served.
    let mut served: Vec<(&str, Vec<&str>)> = Vec::new();
    for task in &playbook.tasks {
        let Some((plan, row)) = task.split_once('/') else { continue };
        match served.iter_mut().find(|(known, _)| *known == plan) {
            Some((_, rows)) => rows.push(row),
            None => served.push((plan, vec![row])),
        }
    }
    let mut lines = Vec::new();
    for (plan, rows) in served {
        let Some(text) = text(plan) else { continue };
        let document = source::parse(plan, &text);
        let root = document.root.as_ref();
        let of = |key: &str| root?.get("document")?.get(key);
        let word = |key: &str| Some(of(key)?.scalar()?.0.to_owned());
        let (Some(number), Some(date)) = (word("number"), word("date")) else { continue };
        let rows: Vec<&str> = rows.into_iter().filter(|row| root.is_some_and(|root| has_row(root, row))).collect();
        if rows.is_empty() {
            continue;
        }
        let line = |lang| {
            let key = if lang == Lang::Vi { "vi" } else { "en" };
            let body =
                of("body").and_then(|node| node.get(key).unwrap_or(node).scalar()).map(|(text, _)| text.to_owned());
            let (date, rows) = (day_of_file(&date, lang), rows.join(", "));
            let number = number.as_str();
            Some(match body {
                Some(body) => message!("planned-basis-plan-of", number = number, date = date, body = body, rows = rows),
                None => message!("planned-basis-plan", number = number, date = date, rows = rows),
            })
            .map(|message| message.render(lang))
        };
        lines.push(Text::Each { vi: line(Lang::Vi), en: line(Lang::En) });
    }
    lines
}

fn has_row(root: &Node, row: &str) -> bool {
    let Some(Data::List(rows)) = root.get("rows").map(|node| &node.data) else { return false };
    rows.iter().any(|item| item.get("id").and_then(Node::scalar).is_some_and(|(id, _)| id == row))
}
