//! `ungpho playbook`: the playbooks that are here, one in full, as a graph, a new one, the schema.

mod list;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::inventory::System;
use crate::message::{Message, message};
use crate::model::{Effect, Id, Name};
use crate::playbook::show::Shown;
use crate::playbook::{Family, Playbook, graph, schema, shipped, show, template};
use crate::source::{self, suggest};
use crate::ui::files::{self, Kind, Loaded};
use crate::ui::workspace::Workspace;
use crate::ui::{Context, Exit, Failure};
use serde_json::{Value, json};

/// Show playbooks, and make new ones
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho playbook show ransomware-one-stop")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// List the workspace's playbooks and those that ship
    #[command(after_help = "Example: ungpho playbook list")]
    List(list::Args),
    /// Show every step with every command in full
    #[command(after_help = "Example: ungpho playbook show ransomware-one-stop --system one-stop")]
    Show {
        /// A playbook's name, or a file
        #[arg(value_name = "PLAYBOOK")]
        playbook: String,
        /// Show it for this system
        #[arg(long, value_name = "SYSTEM")]
        system: Option<Name>,
        /// Print one JSON document
        #[arg(long)]
        json: bool,
    },
    /// Print the order of the steps as a Mermaid graph
    #[command(after_help = "Example: ungpho playbook graph portal-outage > portal-outage.mmd")]
    Graph {
        /// A playbook's name, or a file
        #[arg(value_name = "PLAYBOOK")]
        playbook: String,
    },
    /// Write a new playbook into the workspace
    #[command(after_help = "Example: ungpho playbook new mail-outage --system official-mail")]
    New {
        /// The new playbook's name
        #[arg(value_name = "NAME")]
        name: Name,
        /// The system it is for
        #[arg(long, value_name = "SYSTEM")]
        system: Option<Name>,
    },
    /// Print a playbook in the CACAO v2.0 format, for other tools
    #[command(after_help = "Example: ungpho playbook export ransomware-one-stop --to ransomware.cacao.json")]
    Export {
        /// A playbook's name, or a file
        #[arg(value_name = "PLAYBOOK")]
        playbook: String,
        /// Write it into this file instead of printing it
        #[arg(long, value_name = "FILE")]
        to: Option<PathBuf>,
    },
    /// Make a playbook of the workspace from a CACAO v2.0 file
    #[command(after_help = "Example: ungpho playbook import ransomware.cacao.json --name ransomware-mail")]
    Import {
        /// The CACAO file
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The new playbook's name
        #[arg(long, value_name = "NAME")]
        name: Option<Name>,
    },
    /// Print the JSON Schema of playbooks, for editors
    #[command(after_help = "Example: ungpho playbook schema > playbook.schema.json")]
    Schema,
}

/// Carries out the command.
///
/// # Errors
///
/// Where the playbook is not there or does not hold, or a file cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    match &args.action {
        Action::List(args) => list::run(args, context),
        Action::Show { playbook, system, json } => {
            let found = Found::of(playbook, context)?;
            let steps = found.steps(system.as_ref())?;
            if *json {
                context.out(&(found.json(&steps, context).to_string() + "\n"));
            } else {
                context.out(&found.text(&steps, context));
            }
            Ok(Exit::Passed)
        }
        Action::Graph { playbook } => {
            let found = Found::of(playbook, context)?;
            context.out(&graph::mermaid(&found.playbook, context.lang));
            Ok(Exit::Passed)
        }
        Action::Export { playbook, to } => {
            let found = Found::of(playbook, context)?;
            super::cacao::export(&found.playbook, to.as_deref(), !found.shipped, context)
        }
        Action::Import { file, name } => super::cacao::import(file, name.as_ref(), context),
        Action::New { name, system } => new(context, name, system.as_ref()),
        Action::Schema => {
            let text = serde_json::to_string_pretty(&schema::schema()).unwrap_or_default();
            context.out(&(text + "\n"));
            Ok(Exit::Passed)
        }
    }
}

/// The shipped playbooks that the workspace has no file of the same name for.
fn shipped_besides(own: &[Loaded]) -> Vec<Loaded> {
    shipped::all()
        .filter(|(name, _)| !own.iter().any(|file| stem(file) == *name))
        .map(|(name, text)| Loaded {
            kind: Kind::Playbook,
            document: source::parse(&format!("{name}.yaml"), text),
            unread: false,
        })
        .collect()
}

fn stem(file: &Loaded) -> &str {
    Path::new(&file.document.file).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default()
}

/// The files of the workspace, if there is one.
fn workspace_files(context: &Context) -> Vec<Loaded> {
    Workspace::find(context).map(|workspace| files::workspace(&workspace.root)).unwrap_or_default()
}

/// A family of scenarios in words.
fn family_word(family: Family) -> Message {
    match family {
        Family::A => message!("cli-playbook-family-a"),
        Family::B => message!("cli-playbook-family-b"),
        Family::C => message!("cli-playbook-family-c"),
        Family::D => message!("cli-playbook-family-d"),
        Family::Standing => message!("cli-playbook-family-standing"),
    }
}

/// A playbook that was asked for, with what it can name.
struct Found {
    playbook: Playbook,
    systems: BTreeMap<Name, System>,
    playbooks: BTreeMap<Name, Playbook>,
    /// Whether it ships with the program, and is not the workspace's own.
    shipped: bool,
}

impl Found {
    /// The playbook called `wanted`, the workspace's before the shipped one, or the one in that file.
    fn of(wanted: &str, context: &Context) -> Result<Self, Failure> {
        let is_file =
            wanted.contains('/') || Path::new(wanted).extension().is_some_and(|extension| extension == "yaml");
        let all = workspace_files(context);
        let (mut own, around): (Vec<Loaded>, Vec<Loaded>) =
            all.into_iter().partition(|file| file.kind == Kind::Playbook);
        let shipped = shipped_besides(&own);
        let from_us = !is_file && shipped.iter().any(|file| stem(file) == wanted);
        own.extend(shipped);
        let file = if is_file {
            let path = context.folder.join(wanted);
            if !path.exists() {
                return Err(unreadable(wanted));
            }
            files::load(&path, wanted, Some(Kind::Playbook))
        } else {
            let at = own.iter().position(|file| stem(file) == wanted).ok_or_else(|| unknown(wanted, &own))?;
            own.swap_remove(at)
        };
        let asked = [file];
        let read = files::read(&asked, &around, false);
        let others = files::read(&own, &around, false);
        let [file] = asked;
        let Some(playbook) = read.playbooks.into_values().next() else {
            let texts = BTreeMap::from([(file.document.file.clone(), file.document.text.clone())]);
            context.err(&source::render(&read.findings, &texts, context.lang, context.color));
            return Err(Failure::reported(Exit::Invalid));
        };
        Ok(Self { playbook, systems: read.known.systems, playbooks: others.playbooks, shipped: from_us })
    }

    /// Its steps, for `system` where one is named.
    fn steps(&self, system: Option<&Name>) -> Result<Vec<Shown>, Failure> {
        let mut given: BTreeMap<Id, Value> = BTreeMap::new();
        if let Some(name) = system {
            if !self.systems.contains_key(name) {
                return Err(unknown_system(name, &self.systems));
            }
            let inputs = self.playbook.inputs.iter();
            let of_kind = inputs.filter(|(_, input)| input.kind == crate::step::ValueKind::System);
            given.extend(of_kind.take(1).map(|(id, _)| (id.clone(), Value::from(name.as_str()))));
        }
        Ok(show::show(&self.playbook, &given, &self.systems, &self.playbooks))
    }

    fn json(&self, steps: &[Shown], context: &Context) -> Value {
        let rows: Vec<Value> = steps
            .iter()
            .map(|step| {
                json!({
                    "path": step.path,
                    "title": step.title.pick(context.lang),
                    "action": step.action,
                    "role": step.role.as_ref().map(|role| role.pick(context.lang)),
                    "effect": step.effect,
                    "command": step.command,
                    "lines": step.lines.iter().map(|line| line.render(context.lang)).collect::<Vec<_>>(),
                })
            })
            .collect();
        json!({
            "version": 1,
            "playbook": self.playbook.name,
            "playbook_version": self.playbook.version,
            "title": self.playbook.title.pick(context.lang),
            "steps": rows,
        })
    }

    fn text(&self, steps: &[Shown], context: &Context) -> String {
        let lang = context.lang;
        let say = |message: Message| message.render(lang);
        let playbook = &self.playbook;
        let mut text = format!("{}\n", playbook.title.pick(lang));
        let family = family_word(playbook.family);
        let name = playbook.name.as_str();
        text.push_str(&say(message!("cli-playbook-head", name = name, version = playbook.version, family = family)));
        text.push('\n');
        for sign in &playbook.signs {
            text.push_str(&say(message!("cli-playbook-sign", text = sign.clone())));
            text.push('\n');
        }
        text.push_str(&say(message!("cli-playbook-keep-running", text = playbook.keep_running.clone())));
        text.push_str("\n\n");
        let mut numbers: Vec<usize> = Vec::new();
        for step in steps {
            numbers.truncate(step.depth + 1);
            numbers.resize(step.depth + 1, 0);
            if let Some(number) = numbers.last_mut() {
                *number += 1;
            }
            let number = numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(".");
            let margin = "  ".repeat(step.depth);
            let role = step.role.as_ref().map(|role| format!(" · {}", role.pick(lang))).unwrap_or_default();
            let effect = step.effect.map(|effect| format!(" · {}", say(effect_word(effect)))).unwrap_or_default();
            let (title, action) = (step.title.pick(lang), step.action);
            text.push_str(&format!("{margin}{number}. {title} [{action}]{role}{effect}\n"));
            if let Some(command) = &step.command {
                text.push_str(&format!("{margin}     $ {command}\n"));
            }
            for line in &step.lines {
                text.push_str(&format!("{margin}     {}\n", say(line.clone())));
            }
        }
        text
    }
}

/// What an effect is called.
fn effect_word(effect: Effect) -> Message {
    match effect {
        Effect::Observe => message!("cli-playbook-observe"),
        Effect::Change => message!("cli-playbook-change"),
        Effect::Destructive => message!("cli-playbook-destructive"),
    }
}

fn unknown_system(name: &Name, systems: &BTreeMap<Name, System>) -> Failure {
    let message = message!("cli-playbook-unknown-system", system = name.as_str());
    let failure = Failure::new(Exit::Invalid, "unknown-system", message);
    match suggest::one_of_these(name.as_str(), systems.keys().map(Name::as_str)) {
        Some(help) => failure.help(help),
        None => failure,
    }
}

fn unreadable(file: &str) -> Failure {
    Failure::new(Exit::Invalid, "file-unreadable", message!("cli-playbook-unreadable", file = file))
        .caused_by(&std::io::Error::from_raw_os_error(2))
        .help(message!("playbook-unknown-playbook-help"))
}

fn unknown(name: &str, files: &[Loaded]) -> Failure {
    let failure =
        Failure::new(Exit::Invalid, "unknown-playbook", message!("playbook-unknown-playbook", playbook = name));
    match suggest::did_you_mean(name, files.iter().map(stem)) {
        Some(help) => failure.help(help),
        None => failure.help(message!("playbook-unknown-playbook-help")),
    }
}

fn new(context: &Context, name: &Name, system: Option<&Name>) -> Result<Exit, Failure> {
    let workspace = Workspace::find(context)?;
    let path: PathBuf = workspace.root.join("playbooks").join(format!("{name}.yaml"));
    let shown = format!("playbooks/{name}.yaml");
    let systems = files::read(&files::workspace(&workspace.root), &[], false).known.systems;
    let system = if let Some(wanted) = system {
        Some(systems.get(wanted).ok_or_else(|| unknown_system(wanted, &systems))?)
    } else {
        // The first that can be watched and started, else any.
        let whole = |s: &&System| s.endpoints.contains_key("health") && s.operations.contains_key("start");
        systems.values().find(whole).or_else(|| systems.values().next())
    };
    let text = template::template(name, system);
    let failed = |error: &std::io::Error| {
        let message = message!("cli-cannot-write", path = shown.as_str());
        let exit = if error.kind() == std::io::ErrorKind::AlreadyExists { Exit::Invalid } else { Exit::Machine };
        Failure::new(exit, "cannot-write", message).caused_by(error)
    };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| failed(&error))?;
    }
    let mut file = std::fs::File::options().write(true).create_new(true).open(&path).map_err(|error| failed(&error))?;
    std::io::Write::write_all(&mut file, text.as_bytes()).map_err(|error| failed(&error))?;
    context.note(&message!("cli-playbook-new", file = shown.as_str()));
    Ok(Exit::Passed)
}
