//! `ungpho lab`: the practice range. And the hidden commands of its processes.

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
    /// Make a fault on purpose
    ///
    /// Faults: kill, hang, encrypt, corrupt, delete-backups, deface, break-configuration, fill-disk, flood, overload,
    /// power-off, delete-records, bad-update, intruder, spread.
    #[command(after_help = "Example: ungpho lab break one-stop flood a_second=150")]
    Break {
        /// The system
        #[arg(value_name = "SYSTEM")]
        system: String,
        /// The fault
        #[arg(value_name = "FAULT")]
        fault: String,
        /// Settings of the fault
        #[arg(value_name = "SETTING=VALUE", value_parser = setting)]
        with: Vec<(Id, Value)>,
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
        Action::Up { fresh, new_ports } => {
            let lab = Lab::up_with(&folder, &program, *new_ports).map_err(|error| failed(&error))?;
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
            let well = status.systems.iter().all(|system| system.healthy);
            Ok(if well { Exit::Passed } else { Exit::NotPassed })
        }
        Action::Break { system, fault, with } => {
            let name = |text: &str, unknown: fn(String) -> LabError| {
                text.parse::<Name>().map_err(|_| failed(&unknown(text.to_owned())))
            };
            let system = name(system, |system| LabError::UnknownSystem { system })?;
            let fault = name(fault, |fault| LabError::UnknownFault { fault })?;
            let lab = Lab::find(&folder, &program).map_err(|error| failed(&error))?;
            let detail = lab.fault(&system, &fault, &with.iter().cloned().collect()).map_err(|error| failed(&error))?;
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

/// Reads `keep=1`: a setting with its value, a whole number where it is one.
fn setting(text: &str) -> Result<(Id, Value), String> {
    let (name, value) = text.split_once('=').ok_or_else(|| "SETTING=VALUE".to_owned())?;
    let name = name.parse::<Id>().map_err(|error| error.to_string())?;
    let value = value.parse::<u64>().map_or_else(|_| Value::from(value), Value::from);
    Ok((name, value))
}

fn show(status: &Status, context: &Context) {
    let lang = context.lang;
    for system in &status.systems {
        let state = match system.state {
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
    lab::serve(&args.folder, &args.system, args.public, args.inner).map_err(|error| failed(&error))?;
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
        "lab-unknown-system" | "lab-unknown-fault" | "lab-unfit-fault" | "lab-unknown-operation" | "lab-not-marked" => {
            Exit::Invalid
        }
        "lab-unsound" => Exit::NotPassed,
        _ => Exit::Machine,
    };
    Failure::of(exit, error)
}
