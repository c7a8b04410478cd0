//! `ungpho ready`: tries the ground for a playbook, and changes nothing.

use serde_json::json;

use crate::lab::Lab;
use crate::message::message;
use crate::model::{Mode, Name};
use crate::ui::begin::{self, Wish};
use crate::ui::ready::{self, Ground, Holds, Look};
use crate::ui::{Context, Exit, Failure, Workspace, entry};

/// Look whether everything is there that a playbook needs
///
/// Nothing is changed: programs, ssh, sudo, copies, room, key, clock, people and addresses are only looked at.
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho ready ransomware-one-stop --system one-stop")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[command(group = clap::ArgGroup::new("mode"))]
pub struct Args {
    /// The playbook
    #[arg(value_name = "PLAYBOOK")]
    playbook: Name,
    /// The information system, where the playbook leaves it open
    #[arg(long, value_name = "SYSTEM")]
    system: Option<String>,
    /// For a drill around a table
    #[arg(long, group = "mode")]
    tabletop: bool,
    /// For a drill on the lab
    #[arg(long, group = "mode")]
    lab: bool,
    /// For a drill on systems that are declared drill targets
    #[arg(long, group = "mode")]
    technical: bool,
    /// For a drill on real systems; for an incident where nothing is said
    #[arg(long, group = "mode")]
    live: bool,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

/// Looks, and says what does not hold.
///
/// # Errors
///
/// Where a file is not valid, or the playbook cannot be planned like this.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let workspace = Workspace::find(context)?;
    let (mode, lab) = match (args.tabletop, args.lab, args.technical, args.live) {
        (true, ..) => (Mode::Tabletop, false),
        (_, true, ..) => (Mode::Technical, true),
        (_, _, true, _) => (Mode::Technical, false),
        (_, _, _, true) => (Mode::Live, false),
        _ => (Mode::Respond, false),
    };
    if lab {
        lab_is_up(&workspace)?;
    }
    let wish = Wish { system: args.system.clone(), ..Wish::new(&args.playbook, mode, lab) };
    let mut sources = Vec::new();
    let unit = begin::unit(&workspace, context, &mut sources)?;
    let plan = begin::planned(&wish, context, &workspace, &unit, &mut sources)?;
    let people = entry::people(context, &workspace)?;
    let looks = ready::look(&Ground { context, workspace: &workspace, plan: &plan, people: people.as_ref() });
    let count = |holds: Holds| looks.iter().filter(|look| look.holds == holds).count();
    let (wrong, unknown) = (count(Holds::No), count(Holds::Unknown));
    if args.json {
        let rows: Vec<_> = looks.iter().map(|look| look.json(context.lang)).collect();
        let document =
            json!({ "version": 1, "playbook": args.playbook, "mode": mode, "ready": wrong == 0, "looks": rows });
        context.out(&format!("{document}\n"));
    } else {
        context.out(&text(&looks, context));
        let summary = message!("ready-summary", good = count(Holds::Yes), wrong = wrong, unknown = unknown);
        context.note(&summary);
    }
    Ok(if wrong == 0 { Exit::Passed } else { Exit::NotPassed })
}

/// Looking brings nothing up.
fn lab_is_up(workspace: &Workspace) -> Result<(), Failure> {
    let program = std::env::current_exe()
        .map_err(|error| Failure::new(Exit::Machine, "no-program", message!("cli-no-program")).caused_by(&error))?;
    Lab::find(&workspace.lab(), &program).map(drop).map_err(|error| {
        Failure::new(Exit::NotPassed, "lab-not-up", message!("ready-lab-down"))
            .caused_by(&error)
            .help(message!("ready-lab-remedy"))
    })
}

fn text(looks: &[Look], context: &Context) -> String {
    let lang = context.lang;
    let mut text = String::new();
    for look in looks {
        let (word, seen) = (ready::word(look.holds).render(lang), look.seen.render(lang));
        text.push_str(&format!("{word:<9} {}: {seen}\n", look.what.render(lang)));
        if let Some(remedy) = &look.remedy {
            text.push_str(&format!("{:<9} → {}\n", "", remedy.render(lang)));
        }
    }
    text
}
