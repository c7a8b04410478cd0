//! A systemd service that must be active on this host.

use std::io::Read as _;
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
    let mut child = Command::new("systemctl")
        .args(["is-active", "--", name])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let deadline = Instant::now() + TIMEOUT;
    while child.try_wait()?.is_none() {
        if Instant::now() >= deadline {
            child.kill()?;
            child.wait()?;
            return Err(std::io::ErrorKind::TimedOut.into());
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let mut said = String::new();
    if let Some(stdout) = child.stdout.take() {
        stdout.take(1024).read_to_string(&mut said)?;
    }
    match said.trim() {
        // It says nothing where there is no systemd to ask.
        "" => Err(std::io::Error::other("systemctl gave no answer")),
        word => Ok(word.to_owned()),
    }
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
