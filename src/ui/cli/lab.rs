//! `ungpho lab`: the practice range. And the hidden commands of its processes.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;

use crate::lab::{self, Lab, LabError, ServiceState, Status};
use crate::message::{Explain as _, Message, format, message};
use crate::model::{Id, Lang, Name};
use crate::ui::{Context, Exit, Failure};

/// Bring the practice range up, break it, take it down
///
/// The lab runs small real services with made-up data on this machine. Faults in it touch nothing else.
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho lab up")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// Start the lab's services
    #[command(after_help = "Example: ungpho lab up --fresh")]
    Up {
        /// Only these systems and what they ask; all of them where none is named
        #[arg(value_name = "SYSTEM")]
        systems: Vec<String>,
        /// Make the data and the nightly copies anew
        #[arg(long)]
        fresh: bool,
        /// Choose other ports
        #[arg(long)]
        new_ports: bool,
    },
    /// Show what runs and what citizens see
    #[command(after_help = "Example: ungpho lab status --json")]
    Status {
        /// Print one JSON document
        #[arg(long)]
        json: bool,
    },
    /// Make a fault on purpose; docs/lab.md lists them
    #[command(after_help = "Example: ungpho lab break one-stop cut-link to=population")]
    Break {
        /// The system
        #[arg(value_name = "SYSTEM")]
        system: String,
        /// The fault
        #[arg(value_name = "FAULT")]
        fault: String,
        /// Its settings
        #[arg(value_name = "NAME=VALUE")]
        with: Vec<String>,
    },
    /// End the lab's services
    #[command(after_help = "Example: ungpho lab down")]
    Down,
}

/// Keep the lab (used by the program itself)
#[derive(clap::Args)]
pub struct KeeperArgs {
    #[arg(long)]
    detach: bool,
    #[arg(long)]
    new_ports: bool,
    folder: PathBuf,
    program: PathBuf,
}

/// Serve one practice system (used by the program itself)
#[derive(clap::Args)]
pub struct ServiceArgs {
    folder: PathBuf,
    system: Name,
    public: u16,
    inner: u16,
    third: Option<u16>,
}

/// Operate one practice system (used by the lab's own entries)
#[derive(clap::Args)]
pub struct OperateArgs {
    folder: PathBuf,
    system: Name,
    operation: String,
}

/// Runs `ungpho lab …`.
///
/// # Errors
///
/// No workspace, or what the lab says.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let folder = context.workspace.as_ref().unwrap_or(&context.folder).join("lab");
    let program = std::env::current_exe().map_err(|error| {
        Failure::new(Exit::Machine, "lab-start", message!("lab-start", program = "ungpho")).caused_by(&error)
    })?;
    match &args.action {
        Action::Up { systems, fresh, new_ports } => {
            let systems: Vec<Name> =
                systems.iter().map(|system| named(system, unknown_system)).collect::<Result<_, _>>()?;
            let lab = Lab::up_with(&folder, &program, *new_ports).map_err(|error| failed(&error))?;
            lab.raise((!systems.is_empty()).then_some(&systems)).map_err(|error| failed(&error))?;
            if *fresh {
                lab.fresh().map_err(|error| failed(&error))?;
            }
            show(&lab.status().map_err(|error| failed(&error))?, context);
            context.note(&message!("cli-lab-next"));
            Ok(Exit::Passed)
        }
        Action::Status { json } => {
            let status = Lab::find(&folder, &program).and_then(|lab| lab.status()).map_err(|error| failed(&error))?;
            if *json {
                let document = serde_json::json!({
                    "version": 1,
                    "folder": status.folder,
                    "systems": status.systems,
                });
                context.out(&format!("{document}\n"));
            } else {
                show(&status, context);
            }
            let well = status.systems.iter().all(|system| system.healthy || system.state == ServiceState::Idle);
            Ok(if well { Exit::Passed } else { Exit::NotPassed })
        }
        Action::Break { system, fault, with } => {
            let system = named(system, unknown_system)?;
            let fault = named(fault, |fault| LabError::UnknownFault { fault })?;
            let with = settings(&fault, with)?;
            let lab = Lab::find(&folder, &program).map_err(|error| failed(&error))?;
            let detail = lab.fault(&system, &fault, &with).map_err(|error| failed(&error))?;
            context.out(&format!("{system} {fault} {detail}\n"));
            Ok(Exit::Passed)
        }
        Action::Down => {
            let was = if folder.exists() { lab::down(&folder).map_err(|error| failed(&error))? } else { false };
            context.note(&if was { message!("cli-lab-down") } else { message!("cli-lab-was-down") });
            Ok(Exit::Passed)
        }
    }
}

fn named(text: &str, unknown: fn(String) -> LabError) -> Result<Name, Failure> {
    text.parse::<Name>().map_err(|_| failed(&unknown(text.to_owned())))
}

fn unknown_system(system: String) -> LabError {
    LabError::UnknownSystem { system }
}

/// The settings of a fault, as they are typed: numbers as numbers, everything else as words.
fn settings(fault: &Name, with: &[String]) -> Result<BTreeMap<Id, Value>, Failure> {
    let mut settings = BTreeMap::new();
    for given in with {
        let pair = given.split_once('=').and_then(|(name, value)| Some((name.parse::<Id>().ok()?, value)));
        let Some((name, value)) = pair else {
            return Err(failed(&LabError::UnknownSetting { fault: fault.clone(), setting: given.clone() }));
        };
        settings.insert(name, value.parse::<u32>().map_or_else(|_| Value::from(value), Value::from));
    }
    Ok(settings)
}

fn show(status: &Status, context: &Context) {
    let lang = context.lang;
    for system in &status.systems {
        let state = match system.state {
            ServiceState::Idle => {
                context.out(&format!("{}  {}\n", system.id, message!("cli-lab-idle").render(lang)));
                continue;
            }
            ServiceState::Running if system.isolated => message!("cli-lab-isolated"),
            ServiceState::Running => message!("cli-lab-running"),
            ServiceState::Stopped => message!("cli-lab-stopped"),
            ServiceState::Hung => message!("cli-lab-hung"),
            ServiceState::Died => {
                message!("cli-lab-died", detail = system.detail.as_deref().unwrap_or_default())
            }
        };
        let health = if system.healthy { message!("cli-lab-healthy") } else { message!("cli-lab-ill") };
        let line = |text: Message| text.render(lang);
        context.out(&format!("{}  {}  {}  {}\n", system.id, line(state), line(health), system.home));
        let number = |value: u64, lang: Lang| format::number(value, lang);
        let seen = message!(
            "cli-lab-citizens",
            served = number(system.citizens.served, lang),
            refused = number(system.citizens.refused, lang),
            wrong = number(system.citizens.wrong, lang),
            missing = number(system.citizens.missing, lang),
        );
        context.out(&format!("  {}\n", seen.render(lang)));
        if !system.cut.is_empty() {
            context.out(&format!("  {}\n", message!("cli-lab-cut", links = system.cut.join(", ")).render(lang)));
        }
        if !system.faults.is_empty() {
            let names: Vec<&str> = system.faults.iter().map(Name::as_str).collect();
            context.out(&format!("  {}\n", message!("cli-lab-faults", faults = names.join(", ")).render(lang)));
        }
        if !system.in_force.is_empty() {
            let names: Vec<&str> = system.in_force.iter().map(Name::as_str).collect();
            context.out(&format!("  {}\n", message!("cli-lab-in-force", faults = names.join(", ")).render(lang)));
        }
    }
}

/// Keeps the lab.
///
/// # Errors
///
/// It cannot be started.
pub fn keeper(args: &KeeperArgs) -> Result<Exit, Failure> {
    if args.detach {
        lab::detach(&args.folder, &args.program, args.new_ports).map_err(|error| failed(&error))?;
    } else {
        lab::keep(&args.folder, &args.program, args.new_ports).map_err(|error| failed(&error))?;
    }
    Ok(Exit::Passed)
}

/// Serves one practice system.
///
/// # Errors
///
/// It cannot be started.
pub fn service(args: &ServiceArgs) -> Result<Exit, Failure> {
    lab::serve(&args.folder, &args.system, args.public, args.inner, args.third).map_err(|error| failed(&error))?;
    Ok(Exit::Passed)
}

/// Operates one practice system.
///
/// # Errors
///
/// No such operation, or it cannot be done.
pub fn operate(args: &OperateArgs, context: &Context) -> Result<Exit, Failure> {
    // In a trial restore the check looks at what was restored, and at nothing else.
    let restored = std::env::var_os(crate::backup::RESTORED).map(PathBuf::from);
    let line = lab::operate(&args.folder, &args.system, &args.operation, restored.as_deref())
        .map_err(|error| failed(&error))?;
    context.out(&format!("{line}\n"));
    Ok(Exit::Passed)
}

fn failed(error: &LabError) -> Failure {
    let exit = match error.code() {
        "lab-unknown-system"
        | "lab-unknown-fault"
        | "lab-unfit-fault"
        | "lab-unknown-setting"
        | "lab-unknown-link"
        | "lab-unknown-operation"
        | "lab-not-marked" => Exit::Invalid,
        "lab-unsound" => Exit::NotPassed,
        _ => Exit::Machine,
    };
    Failure::of(exit, error)
}
