//! Whether the ground is ready for a playbook: every look is read-only, and each says what to do where it does not hold.

mod machine;
mod outside;
mod people;
mod programs;

use std::io::Read as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Context, Workspace};
use crate::engine::Plan;
use crate::inventory::People;
use crate::message::{Lang, Message, message};

/// How long a program that looks may take.
const LOOK_LIMIT: Duration = Duration::from_secs(20);
/// The most that is read of what it prints, in bytes.
const LOOK_BYTES: u64 = 64 * 1024;

/// What a look came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    /// It holds.
    Yes,
    /// It does not.
    No,
    /// Nobody can tell from here.
    Unknown,
}

/// One look.
#[derive(Clone, Debug)]
pub(crate) struct Look {
    /// Its kind, a word of ours for `--json`.
    pub(crate) kind: &'static str,
    /// What was looked at.
    pub(crate) what: Message,
    /// What it came to.
    pub(crate) holds: Holds,
    /// What was seen.
    pub(crate) seen: Message,
    /// What to do; nothing where it holds.
    pub(crate) remedy: Option<Message>,
}

impl Look {
    fn yes(kind: &'static str, what: Message, seen: Message) -> Self {
        Self { kind, what, holds: Holds::Yes, seen, remedy: None }
    }

    fn no(kind: &'static str, what: Message, seen: Message, remedy: Message) -> Self {
        Self { kind, what, holds: Holds::No, seen, remedy: Some(remedy) }
    }

    fn unknown(kind: &'static str, what: Message, seen: Message, remedy: Message) -> Self {
        Self { kind, what, holds: Holds::Unknown, seen, remedy: Some(remedy) }
    }

    /// The look as `--json` has it.
    pub(crate) fn json(&self, lang: Lang) -> Value {
        json!({
            "kind": self.kind,
            "what": self.what.render(lang),
            "holds": match self.holds {
                Holds::Yes => "yes",
                Holds::No => "no",
                Holds::Unknown => "unknown",
            },
            "seen": self.seen.render(lang),
            "remedy": self.remedy.as_ref().map(|remedy| remedy.render(lang)),
        })
    }
}

/// What is looked at.
pub(crate) struct Ground<'a> {
    pub(crate) context: &'a Context,
    pub(crate) workspace: &'a Workspace,
    pub(crate) plan: &'a Plan,
    pub(crate) people: Option<&'a People>,
}

/// Every look, in the order in which people would go through them.
pub(crate) fn look(ground: &Ground<'_>) -> Vec<Look> {
    let mut looks = Vec::new();
    people::roles(ground, &mut looks);
    programs::programs(ground, &mut looks);
    outside::endpoints(ground, &mut looks);
    machine::backups(ground, &mut looks);
    machine::disk(ground, &mut looks);
    machine::key(ground, &mut looks);
    machine::clock(ground, &mut looks);
    machine::open_runs(ground, &mut looks);
    looks
}

/// What became of a program that looks.
enum Ran {
    /// Its exit code and standard output.
    Ended(i32, String),
    /// It could not be begun.
    NotBegun,
    /// It took too long, or was ended by a signal.
    NoAnswer,
}

/// Runs a program that only looks, and ends it where it takes too long.
fn ran(argv: &[&str]) -> Ran {
    let Some((program, arguments)) = argv.split_first() else { return Ran::NotBegun };
    let began =
        Command::new(program).args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let Ok(mut child) = began else { return Ran::NotBegun };
    let stdout = child.stdout.take();
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut text = String::new();
        if let Some(stdout) = stdout {
            let _ = stdout.take(LOOK_BYTES).read_to_string(&mut text);
        }
        let _ = sender.send(text);
    });
    let deadline = Instant::now() + LOOK_LIMIT;
    let text = receiver.recv_timeout(LOOK_LIMIT).ok();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => {
                return match (status.code(), text) {
                    (Some(code), Some(text)) => Ran::Ended(code, text),
                    _ => Ran::NoAnswer,
                };
            }
            Ok(None) if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(5)),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return Ran::NoAnswer;
            }
        }
    }
}

/// Where a program is that people name without a path.
fn found(name: &str, workspace: &std::path::Path) -> Option<PathBuf> {
    let runs = |path: &PathBuf| path.is_file() && rustix::fs::access(path, rustix::fs::Access::EXEC_OK).is_ok();
    if name.contains('/') {
        return Some(workspace.join(name)).filter(runs);
    }
    let path = super::start::surroundings().path;
    path.split(':').filter(|folder| !folder.is_empty()).map(|folder| workspace.join(folder).join(name)).find(runs)
}

/// The word for what a look came to.
pub(crate) fn word(holds: Holds) -> Message {
    match holds {
        Holds::Yes => message!("ready-yes"),
        Holds::No => message!("ready-no"),
        Holds::Unknown => message!("ready-unknown"),
    }
}
