//! The system's own check, run on what was restored, and on nothing to see whether it looks.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::program::{Program, ToolEnvironment};
use super::verdict::Proof;
use super::workbench::Workbench;
use crate::backup::{BackupError, Cancel};
use crate::model::record::CheckOutcome;

/// The variable that names to a check what was restored.
pub const RESTORED: &str = "UNGPHO_RESTORED";

/// A command of the inventory that says whether what was restored is well.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Check {
    /// The program and its arguments.
    pub argv: Vec<String>,
    /// Environment besides PATH, HOME and LANG.
    pub env: BTreeMap<String, String>,
    /// What it reads.
    pub stdin: Option<String>,
    /// Its folder; what was restored where nothing is said.
    pub cwd: Option<PathBuf>,
    /// Values to mask in what it prints.
    pub secrets: Vec<String>,
    /// Why it is not run in a trial, as a word of ours: it changes something, or runs on another machine.
    pub not_here: Option<NotHere>,
}

/// Why a check is not run in a trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotHere {
    /// Its effect is more than to observe.
    Changes,
    /// It runs on another machine, which does not see what was restored here.
    Elsewhere,
}

impl NotHere {
    /// Its word in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Changes => "changes",
            Self::Elsewhere => "elsewhere",
        }
    }
}

/// What a check is shown.
pub(super) struct Shown {
    /// What [`RESTORED`] says.
    pub(super) restored: OsString,
    /// Where it is run, where the check itself says nothing.
    pub(super) folder: PathBuf,
    /// More of the environment.
    pub(super) env: BTreeMap<String, OsString>,
}

impl Shown {
    /// A folder.
    pub(super) fn folder(path: &Path) -> Self {
        Self { restored: path.as_os_str().to_owned(), folder: path.to_owned(), env: BTreeMap::new() }
    }
}

/// Runs `check` on what was restored, and before on `nothing`: a check that passes there looks elsewhere.
///
/// # Errors
///
/// `cancel` ended it, or the scratch place is full.
pub(super) fn run(
    check: &Check,
    (nothing, restored): (&Shown, &Shown),
    proof: &mut Proof,
    bench: &Workbench,
    tools: &ToolEnvironment,
    cancel: &Cancel,
) -> Result<(), BackupError> {
    if let Some(why) = check.not_here {
        proof.check = CheckOutcome::NotRun;
        proof.check_detail = Some(why.word().to_owned());
        return Ok(());
    }
    let (passed, detail) = once(check, restored, bench, tools, cancel)?;
    if !passed {
        proof.check = CheckOutcome::Failed;
        proof.check_detail = Some(detail);
        return Ok(());
    }
    let (blind, _) = once(check, nothing, bench, tools, cancel)?;
    proof.check = if blind { CheckOutcome::Blind } else { CheckOutcome::Passed };
    Ok(())
}

/// Whether it passed, and what it said last.
fn once(
    check: &Check,
    shown: &Shown,
    bench: &Workbench,
    tools: &ToolEnvironment,
    cancel: &Cancel,
) -> Result<(bool, String), BackupError> {
    let Some((name, arguments)) = check.argv.split_first() else { return Ok((false, String::new())) };
    let cwd = check.cwd.as_ref().unwrap_or(&shown.folder);
    let found = if name.contains('/') { Some(cwd.join(name)) } else { tools.find(name, &[]) };
    let Some(path) = found.filter(|path| path.is_file()) else {
        return Ok((false, format!("{name}: no such program")));
    };
    let mut program = Program::new(path, cwd, tools).with(arguments);
    program.env = check.env.iter().map(|(name, value)| (name.clone(), OsString::from(value))).collect();
    program.env.extend(shown.env.clone());
    program.env.insert(RESTORED.to_owned(), shown.restored.clone());
    program.secrets.clone_from(&check.secrets);
    let text = check.stdin.clone();
    let feed = text.map(|text| -> super::program::Feed<'_> { Box::new(move |to| to.write_all(text.as_bytes())) });
    match program.run(feed, Some(bench), cancel) {
        Ok(ran) => {
            let words = super::program::mask(&ran.last_words(), &check.secrets);
            Ok((ran.status.success(), if words.is_empty() { ran.status.to_string() } else { words }))
        }
        Err(BackupError::Program { source, .. }) => Ok((false, format!("{name}: {source}"))),
        Err(error) => Err(error),
    }
}
