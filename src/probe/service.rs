//! A systemd service that must be active on this host.

use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::spec::Service;
use super::{Seen, TIMEOUT};
use crate::message::{cause, message};

pub(super) fn look(service: &Service) -> Seen {
    match state(&service.name) {
        Ok(state) => {
            let active = state == "active";
            let detail = message!("probe-service-state", name = service.name.as_str(), state = state);
            Seen::new(active == service.active.unwrap_or(true), detail)
        }
        Err(error) => {
            Seen::bad(message!("probe-service-unknown", name = service.name.as_str(), cause = cause::io(&error)))
        }
    }
}

/// systemd's own word: `active`, `inactive`, `failed`, `activating` and so on.
fn state(name: &str) -> std::io::Result<String> {
    let said = ask("systemctl", &["is-active", "--", name], 1024)?;
    match said.trim() {
        // It says nothing where there is no systemd to ask.
        "" => Err(std::io::Error::other("systemctl gave no answer")),
        word => Ok(word.to_owned()),
    }
}

/// The services that run, in the order of their names; nothing where systemd does not answer.
pub(super) fn running() -> Option<Vec<String>> {
    let arguments =
        ["list-units", "--type=service", "--state=running", "--no-legend", "--no-pager", "--plain", "--full"];
    let said = ask("systemctl", &arguments, 1024 * 1024).ok()?;
    let mut names: Vec<String> = said
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| Path::new(name).extension().is_some_and(|it| it == "service"))
        .map(str::to_owned)
        .collect();
    names.sort();
    // A machine with systemd runs one service at least: its journal.
    (!names.is_empty()).then_some(names)
}

/// Whether systemd says that the clock is held by a time server; nothing where it does not answer.
pub(super) fn time_synchronised() -> Option<bool> {
    match ask("timedatectl", &["show", "--property=NTPSynchronized", "--value"], 1024).ok()?.trim() {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

/// What a program says on its standard output, up to `most` bytes.
fn ask(program: &str, arguments: &[&str], most: u64) -> std::io::Result<String> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    // It is read while it runs: a full pipe would keep it from ending.
    let stdout = child.stdout.take();
    let reading = std::thread::spawn(move || {
        let mut said = String::new();
        stdout.map(|stdout| stdout.take(most).read_to_string(&mut said)).transpose().map(|_| said)
    });
    let deadline = Instant::now() + TIMEOUT;
    while child.try_wait()?.is_none() {
        if Instant::now() >= deadline {
            child.kill()?;
            child.wait()?;
            return Err(std::io::ErrorKind::TimedOut.into());
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    reading.join().map_err(|_| std::io::Error::other("the answer could not be read"))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_that_nobody_installed_is_not_active() {
        let name = "ungpho-nobody-installed-this.service".to_owned();
        assert!(!look(&Service { name, active: None }).ok);
    }
}
