//! Programs that commands need, here and on the machines that are reached by ssh, and what `sudo` allows.

use std::collections::{BTreeMap, BTreeSet};

use super::{Ground, Look, Ran, found, ran};
use crate::engine::plan::{Action, Place, Plan, Run, Step, quote};
use crate::message::message;
use crate::model::{Command, Program};

/// What one machine has to have.
#[derive(Debug, Default)]
struct Needs {
    programs: BTreeSet<String>,
    /// Each as `sudo -n -l` is asked for it.
    sudo: BTreeSet<Vec<String>>,
    /// Whether a program's name is known only in the run.
    open: bool,
}

/// The programs of every command of the plan are there, and `sudo` would run what it has to.
pub(super) fn programs(ground: &Ground<'_>, looks: &mut Vec<Look>) {
    let mut machines: BTreeMap<Option<String>, Needs> = BTreeMap::new();
    collect(ground.plan, &ground.plan.steps, &mut machines);
    if machines.keys().any(Option::is_some) {
        machines.entry(None).or_default().programs.insert("ssh".to_owned());
    }
    for (host, needs) in &machines {
        match host {
            None => here(ground, needs, looks),
            Some(host) => there(host, needs, looks),
        }
    }
}

fn collect(plan: &Plan, steps: &[Step], machines: &mut BTreeMap<Option<String>, Needs>) {
    for step in steps {
        for action in std::iter::once(&step.action).chain(step.undo.as_deref()) {
            match action {
                Action::Run(Run { command, ssh, .. }) => need(command, ssh.clone(), machines),
                Action::Restore(restore) => {
                    let Place::System(name) = &restore.to else { continue };
                    let Some(system) = plan.systems.get(name) else { continue };
                    let Some(check) = system.restore.as_ref().and_then(|place| place.check.as_ref()) else { continue };
                    let ssh = system.hosts.iter().find(|host| check.host.as_deref() == Some(host.id.as_str()));
                    need(check, ssh.map(|host| host.ssh.clone()), machines);
                }
                _ => {}
            }
        }
        for block in step.action.blocks() {
            collect(plan, block, machines);
        }
    }
}

fn need(command: &Command, host: Option<String>, machines: &mut BTreeMap<Option<String>, Needs>) {
    let needs = machines.entry(host).or_default();
    let Program::Argv(argv) = &command.program else {
        needs.programs.insert("sh".to_owned());
        return;
    };
    let Some(program) = argv.first() else { return };
    if !program.is_literal() {
        needs.open = true;
        return;
    }
    needs.programs.insert(program.0.clone());
    if program.0 == "sudo" {
        // Only up to the first argument that is known only in the run.
        let known: Vec<String> = argv.iter().skip(1).take_while(|it| it.is_literal()).map(|it| it.0.clone()).collect();
        needs.sudo.extend(listing(&known));
    }
}

/// `sudo -n -l …` for the arguments of a `sudo`: its own options stay, `-l` comes before the command.
fn listing(arguments: &[String]) -> Option<Vec<String>> {
    const WITH_VALUE: [&str; 6] = ["-u", "-g", "-h", "-p", "-C", "-D"];
    let mut options = vec!["sudo".to_owned(), "-n".to_owned()];
    let mut rest = arguments.iter();
    let mut command: Vec<String> = Vec::new();
    while let Some(argument) = rest.next() {
        if argument == "--" {
            command.extend(rest.cloned());
            break;
        }
        if !argument.starts_with('-') {
            command.push(argument.clone());
            command.extend(rest.cloned());
            break;
        }
        if argument == "-n" {
            continue;
        }
        options.push(argument.clone());
        if WITH_VALUE.contains(&argument.as_str()) {
            options.extend(rest.next().cloned());
        }
    }
    if command.is_empty() {
        return None;
    }
    options.push("-l".to_owned());
    options.extend(command);
    Some(options)
}

fn here(ground: &Ground<'_>, needs: &Needs, looks: &mut Vec<Look>) {
    for name in &needs.programs {
        let what = message!("ready-program", program = name.as_str());
        looks.push(match found(name, &ground.workspace.root) {
            Some(path) => Look::yes("program", what, message!("ready-program-at", path = path.display().to_string())),
            None => Look::no("program", what, message!("ready-program-missing"), message!("ready-program-remedy")),
        });
    }
    for listing in &needs.sudo {
        let argv: Vec<&str> = listing.iter().map(String::as_str).collect();
        let answer = match ran(&argv) {
            Ran::Ended(code, _) => Some(code == 0),
            Ran::NotBegun => Some(false),
            Ran::NoAnswer => None,
        };
        looks.push(sudo(listing, None, answer));
    }
    open(needs, None, looks);
}

fn sudo(listing: &[String], host: Option<&str>, answer: Option<bool>) -> Look {
    let command = listing.iter().map(|word| quote(word)).collect::<Vec<_>>().join(" ");
    let what = match host {
        Some(host) => message!("ready-sudo-there", command = command.as_str(), host = host),
        None => message!("ready-sudo", command = command.as_str()),
    };
    let remedy = message!("ready-sudo-remedy");
    match answer {
        Some(true) => Look::yes("sudo", what, message!("ready-sudo-yes")),
        Some(false) => Look::no("sudo", what, message!("ready-sudo-no"), remedy),
        None => Look::unknown("sudo", what, message!("ready-no-answer"), remedy),
    }
}

fn open(needs: &Needs, host: Option<&str>, looks: &mut Vec<Look>) {
    if needs.open {
        let what = host.map_or_else(|| message!("ready-open"), |host| message!("ready-open-there", host = host));
        looks.push(Look::unknown("program", what, message!("ready-open-seen"), message!("ready-open-remedy")));
    }
}

/// One connection a machine: whether it is reached, and what it has.
fn there(host: &str, needs: &Needs, looks: &mut Vec<Look>) {
    let mut asked: Vec<String> = Vec::new();
    for name in &needs.programs {
        asked.push(format!("command -v {}", quote(name)));
    }
    for listing in &needs.sudo {
        asked.push(listing.iter().map(|word| quote(word)).collect::<Vec<_>>().join(" "));
    }
    let mut script = "echo ungpho".to_owned();
    for line in &asked {
        script.push_str(&format!("; ({line}) </dev/null >/dev/null 2>&1; echo $?"));
    }
    let line = format!("sh -c {}", quote(&script));
    let answer = ran(&["ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", host, "--", &line]);
    let what = message!("ready-host", host = host);
    let text = match answer {
        Ran::Ended(0, text) if text.contains("ungpho\n") => text,
        Ran::NoAnswer | Ran::NotBegun | Ran::Ended(..) => {
            let remedy = message!("ready-host-remedy", host = host);
            looks.push(Look::no("host", what, message!("ready-host-unreached"), remedy));
            return;
        }
    };
    looks.push(Look::yes("host", what, message!("ready-host-reached")));
    // What the machine greets with comes before.
    let after = text.split_once("ungpho\n").map_or("", |(_, after)| after);
    let mut codes = after.lines().map(|line| line.trim().parse::<i32>().ok().map(|code| code == 0));
    for name in &needs.programs {
        let what = message!("ready-program-there", program = name.as_str(), host = host);
        looks.push(match codes.next().flatten() {
            Some(true) => Look::yes("program", what, message!("ready-program-found")),
            Some(false) => {
                Look::no("program", what, message!("ready-program-missing"), message!("ready-program-remedy"))
            }
            None => Look::unknown("program", what, message!("ready-no-answer"), message!("ready-program-remedy")),
        });
    }
    for listing in &needs.sudo {
        looks.push(sudo(listing, Some(host), codes.next().flatten()));
    }
    open(needs, Some(host), looks);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sudo_is_asked_about_the_command_with_its_own_options_before() {
        let listed = |text: &str| {
            let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
            listing(&words).map(|words| words.join(" "))
        };
        assert_eq!(listed("-n systemctl stop x").as_deref(), Some("sudo -n -l systemctl stop x"));
        assert_eq!(listed("-n -u pg psql -n").as_deref(), Some("sudo -n -u pg -l psql -n"));
        assert_eq!(listed("-n -- rm -r x").as_deref(), Some("sudo -n -l rm -r x"));
        assert_eq!(listed("-n"), None);
    }
}
