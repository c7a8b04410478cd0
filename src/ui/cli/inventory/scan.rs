//! `ungpho inventory scan`: what can be seen of this machine, as a proposal. It never says anything of a level.

use std::io::BufRead as _;

use serde_json::{Value, json};

use super::shelf::Shelf;
use super::{show, stage};
use crate::inventory::host::{HostDisk, HostFacts, HostPort, Protocol};
use crate::message::message;
use crate::model::Name;
use crate::probe::scan::{self, Machine};
use crate::source::edit::{self, Step};
use crate::ui::{Context, Exit, Failure, reporting};

/// Show what can be seen of this machine, and take it into a component line by line
///
/// Nothing is written unless a person accepts it. No level is ever guessed from it.
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho inventory scan --into one-stop/app")]
pub struct Args {
    /// Print one JSON document
    #[arg(long, conflicts_with = "into")]
    json: bool,
    /// Ask of each line whether it goes into this component
    #[arg(long, value_name = "SYSTEM/COMPONENT")]
    into: Option<String>,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let host = facts(scan::machine(), context);
    if args.json {
        context.out(&format!("{}\n", json!({ "version": 1, "host": host })));
        return Ok(Exit::Passed);
    }
    let Some(into) = &args.into else {
        let lines: String = show::seen(&host, context.lang).into_iter().map(|line| line + "\n").collect();
        context.out(&lines);
        context.note(&message!("systems-scan-proposal"));
        return Ok(Exit::Passed);
    };
    let invalid =
        || Failure::new(Exit::Invalid, "invalid-component", message!("systems-scan-into", text = into.as_str()));
    let (system, component) = into.split_once('/').ok_or_else(invalid)?;
    let component: Name = component.parse().map_err(|_| invalid())?;
    let shelf = Shelf::read(context)?;
    let system = shelf.system(system)?;
    if !context.interactive() {
        return Err(Failure::new(Exit::Invalid, "no-terminal", message!("systems-scan-no-terminal"))
            .help(message!("systems-scan-no-terminal-help")));
    }
    let before = system.components.iter().find(|known| known.id == component).and_then(|known| known.host.clone());
    let Some(accepted) = ask(&host, before.unwrap_or_default(), context) else {
        context.note(&message!("systems-scan-nothing"));
        return Ok(Exit::Passed);
    };
    let Some(file) = shelf.files.get(&system.id) else { return Err(invalid()) };
    let value = serde_json::to_value(&accepted).unwrap_or_default();
    let path = [Step::Key("components"), Step::Item(component.as_str()), Step::Key("host")];
    let text = edit::set(&file.text, &path, Some(&value), true).map_err(|_| {
        let message = message!("systems-not-editable", path = "components");
        Failure::new(Exit::Invalid, "not-editable", message)
    })?;
    if let Err(findings) = crate::inventory::read(&file.path, &text) {
        return Err(crate::ui::workspace::report(context, &findings, std::slice::from_ref(file)));
    }
    let place = shelf.workspace.root.join(&file.path);
    stage::unchanged(&place, Some(&file.text), &format!("{}.yaml", system.id))?;
    reporting::exchange(&place, text.as_bytes())?;
    context.note(&message!("systems-scan-done", file = file.path.as_str(), component = component.as_str()));
    Ok(Exit::Passed)
}

/// What was seen, as an inventory file has it.
fn facts(machine: Machine, context: &Context) -> HostFacts {
    let now = context.clock.now().at;
    let port = |seen: scan::Listening| HostPort {
        protocol: if seen.tcp { Protocol::Tcp } else { Protocol::Udp },
        address: seen.address,
        port: seen.port,
        process: seen.process,
    };
    HostFacts {
        seen: Some(now.offset.to_datetime(now.instant).date()),
        name: machine.name,
        os: machine.os,
        kernel: machine.kernel,
        architecture: machine.architecture,
        processors: machine.processors,
        memory: machine.memory,
        up_days: machine.up_seconds.map(|seconds| seconds / 86_400),
        disks: machine.disks.into_iter().map(|(mount, size, free)| HostDisk { mount, size, free }).collect(),
        ports: machine.ports.into_iter().map(port).collect(),
        services: machine.services.unwrap_or_default(),
        time_synchronised: machine.time_synchronised,
        antimalware: machine.antimalware,
        restart_pending: machine.restart_pending,
    }
}

/// Asks of each fact whether it is taken; what is not keeps what stood there before. Nothing where none was, or it was
/// broken off.
fn ask(seen: &HostFacts, before: HostFacts, context: &Context) -> Option<HostFacts> {
    let seen = serde_json::to_value(seen).ok()?;
    let mut after = serde_json::to_value(before).ok()?;
    let mut taken = 0;
    for (name, value) in seen.as_object()?.iter().filter(|(name, _)| *name != "seen") {
        let alone: HostFacts = serde_json::from_value(json!({ name.as_str(): value })).ok()?;
        let lines = show::seen(&alone, context.lang);
        if lines.is_empty() {
            continue;
        }
        context.err(&format!("{}\n{}\n> ", lines.join("\n"), message!("systems-scan-ask").render(context.lang)));
        if yes(context)? {
            after.as_object_mut()?.insert(name.clone(), value.clone());
            taken += 1;
        }
    }
    if taken == 0 {
        return None;
    }
    after.as_object_mut()?.insert("seen".to_owned(), seen.get("seen").cloned().unwrap_or(Value::Null));
    serde_json::from_value(after).ok()
}

/// `c` or `y` is yes, `k` or `n` is no; Enter alone says nothing, and the question is put again. Nothing at the end.
fn yes(context: &Context) -> Option<bool> {
    loop {
        let mut line = String::new();
        if std::io::stdin().lock().read_line(&mut line).unwrap_or(0) == 0 {
            return None;
        }
        match line.trim().to_lowercase().as_str() {
            "c" | "có" | "co" | "y" | "yes" => return Some(true),
            "k" | "không" | "khong" | "n" | "no" => return Some(false),
            _ => context.err(&format!("{}\n> ", message!("systems-scan-ask").render(context.lang))),
        }
    }
}
