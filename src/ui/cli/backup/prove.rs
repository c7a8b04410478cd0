//! `ungpho backup prove`: restores a copy to a scratch place and says whether it can be relied on.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::builder::{PossibleValuesParser, TypedValueParser as _};

use super::prove_show::{self, Newest};
use super::{keys, named};
use crate::backup::{self, BackupError, Check, Kind, Listed, NotHere, Request, Secret, ToolEnvironment, Which};
use crate::inventory::{SecretPlace, System};
use crate::ledger::Keyring;
use crate::message::message;
use crate::model::{Body, Command, Effect, Notes, Program, Template};
use crate::ui::desk::{Desk, journal_failure};
use crate::ui::workspace::Workspace;
use crate::ui::{Context, Exit, Failure, secrets, start};

/// Restore a copy to a scratch place, compare it, run the system's check on it
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho backup prove one-stop/nightly --copy random")]
pub struct Args {
    /// A backup of the inventory
    #[arg(value_name = "SYSTEM/BACKUP", required_unless_present = "path", conflicts_with = "path")]
    backup: Option<String>,
    /// Prove this folder, file or repository
    #[arg(long, value_name = "PATH")]
    path: Option<PathBuf>,
    /// Which kind of copy `--path` is; told by its first bytes where nothing is said
    #[arg(long, value_name = "KIND", requires = "path", value_parser = kinds())]
    kind: Option<Kind>,
    /// Which copy: newest, random, or its name
    #[arg(long, value_name = "newest|random|NAME", default_value = "newest")]
    copy: String,
    /// Compare with this seal, not with the one beside the copy
    #[arg(long, value_name = "SEAL")]
    seal: Option<PathBuf>,
    /// Trust this public key alone, or the one in this file
    #[arg(long, value_name = "VKEY|FILE")]
    key: Option<String>,
    /// Restore to a folder of its own in DIR
    #[arg(long, value_name = "DIR")]
    scratch: Option<PathBuf>,
    /// The password of the repository `--path` is in this variable of the environment
    #[arg(long, value_name = "NAME", requires = "path", conflicts_with = "secret_file")]
    secret_env: Option<String>,
    /// The password of the repository `--path` is in this file, which only its owner may read
    #[arg(long, value_name = "FILE", requires = "path")]
    secret_file: Option<PathBuf>,
    /// Give up where more than SIZE would be restored, for example 20G
    #[arg(long, value_name = "SIZE", value_parser = size)]
    max_size: Option<u64>,
    /// Read an archive to its end and restore nothing
    #[arg(long)]
    no_disk: bool,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

/// What is to be proved.
struct Wanted {
    copy: PathBuf,
    kind: Option<Kind>,
    check: Option<Check>,
    newest: Option<Newest>,
    rows: BTreeMap<String, u64>,
    secret: Option<Secret>,
    pattern: String,
}

/// Proves a copy, prints what came of it, and keeps it in the ledger where there is one.
///
/// # Errors
///
/// Where there is no such copy, or nothing can be said of it.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let workspace = Workspace::find(context);
    let wanted = match &args.backup {
        Some(reference) => of_inventory(args, reference, workspace.as_ref().map_err(again)?, context)?,
        None => Wanted {
            copy: context.folder.join(args.path.as_deref().unwrap_or(Path::new("."))),
            kind: args.kind,
            check: None,
            newest: None,
            rows: BTreeMap::new(),
            secret: match (&args.secret_env, &args.secret_file) {
                (Some(name), _) => Some(variable(name)?),
                (None, Some(file)) => Some(Secret::File(context.folder.join(file))),
                (None, None) => None,
            },
            pattern: "*".to_owned(),
        },
    };
    // Without a ledger a proof is printed and nothing is kept.
    let desk = match &workspace {
        Ok(workspace) if workspace.ledger().is_dir() => Some(Desk::open(context)?),
        _ => None,
    };
    let scratch = match (&args.scratch, &desk) {
        (Some(scratch), _) => context.folder.join(scratch),
        (None, Some(desk)) => desk.ledger.spool().join("restores"),
        (None, None) => std::env::temp_dir(),
    };
    let notes: Arc<dyn Notes> = match (&args.key, &desk) {
        (Some(key), _) => Arc::new(keys::public(key, context)?),
        (None, Some(desk)) => desk.ledger.clone(),
        (None, None) => Arc::new(Keyring::default()),
    };
    let mut request = Request::new(wanted.copy, scratch, notes, context.clock.now().at);
    request.kind = wanted.kind;
    request.seal = args.seal.as_ref().map(|seal| context.folder.join(seal));
    request.scratch_named = args.scratch.is_some();
    request.short_scratch = std::env::temp_dir();
    request.rows = wanted.rows;
    request.secret = wanted.secret;
    request.pattern = wanted.pattern;
    request.which = match args.copy.as_str() {
        "newest" => Which::Newest,
        "random" => Which::Random,
        name => Which::Named(name.to_owned()),
    };
    request.max_size = args.max_size;
    request.no_disk = args.no_disk;
    request.check = wanted.check;
    let around = start::surroundings();
    request.tools = ToolEnvironment { path: around.path, home: around.home, lang: around.lang };
    let cancel = keys::ended_by_signals();
    let proof = backup::prove(&request, &cancel).map_err(|error| failure(&error))?;
    if let Some(desk) = &desk {
        let kept = |text: &str| desk.words(text);
        let findings = proof.all_findings();
        let findings =
            if findings.is_empty() { None } else { Some(kept(&serde_json::Value::from(findings).to_string())?) };
        let record = proof.record(kept(&proof.copy.display().to_string())?, findings, None);
        keys::keep(context, desk, Body::BackupProved(record)).map_err(|error| journal_failure(&error))?;
        desk.checkpoint()?;
    }
    let newest = wanted.newest.or_else(|| Newest::of(&proof));
    prove_show::print(&proof, newest.as_ref(), args.json, desk.is_some(), context);
    Ok(if proof.seal_broken() {
        Exit::LedgerBroken
    } else if proof.proved() {
        Exit::Passed
    } else {
        Exit::NotPassed
    })
}

/// A password from the environment.
fn variable(name: &str) -> Result<Secret, Failure> {
    let value = std::env::var(name).ok().filter(|value| !value.is_empty());
    value.map(Secret::Value).ok_or_else(|| {
        Failure::new(Exit::Invalid, "no-variable", message!("backup-no-variable", name = name))
            .help(message!("backup-no-variable-help", name = name))
    })
}

/// Why nothing can be said of a copy.
fn failure(error: &BackupError) -> Failure {
    let exit = match error {
        BackupError::UnknownKind { .. }
        | BackupError::NotOne { .. }
        | BackupError::NoStream { .. }
        | BackupError::NoSeal { .. }
        | BackupError::SealOfAnother { .. }
        | BackupError::NotAFolder { .. }
        | BackupError::BadRows { .. }
        | BackupError::SecretOpen { .. }
        | BackupError::WrongSecret { .. }
        | BackupError::NoSnapshot { .. }
        | BackupError::ScratchUnfit { .. }
        | BackupError::Nested { .. } => Exit::Invalid,
        _ => Exit::Machine,
    };
    Failure::of(exit, error)
}

/// The failure of finding no workspace, for whoever needs one.
fn again(failure: &Failure) -> Failure {
    Failure::new(failure.exit, "no-workspace", message!("backup-needs-workspace"))
        .help(message!("cli-no-workspace-help"))
}

/// The copy of a backup of the inventory that `--copy` names.
fn of_inventory(args: &Args, reference: &str, workspace: &Workspace, context: &Context) -> Result<Wanted, Failure> {
    let (systems, _) = workspace.systems(context)?;
    let (system, plan) = named::plan(reference, &systems)?;
    let place = named::place(reference, plan, workspace)?;
    let (kind, folder) = (place.kind, place.folder.clone());
    let check = check_of(system, workspace, context)?;
    let secret = match &plan.secret {
        None => None,
        Some(SecretPlace::Env(name)) => Some(variable(name)?),
        Some(SecretPlace::File(path)) => Some(Secret::File(workspace.root.join(path))),
    };
    if kind.repository() {
        return Ok(Wanted {
            copy: folder,
            kind: Some(kind),
            check,
            newest: None,
            rows: BTreeMap::new(),
            secret,
            pattern: plan.copies.clone(),
        });
    }
    let listed = backup::copies(&place).map_err(|error| failure(&error))?;
    let newest = listed.first().ok_or_else(|| named::no_copy(reference, &folder))?;
    let chosen = match args.copy.as_str() {
        "newest" => newest,
        "random" => &listed[backup::random_below(listed.len()).map_err(|error| failure(&error))?],
        name => listed.iter().find(|copy| copy.path.file_name().is_some_and(|it| it == name)).ok_or_else(|| {
            let known: Vec<String> = listed.iter().map(named).collect();
            Failure::new(Exit::Invalid, "no-such-copy", message!("backup-no-such-copy", name = name))
                .help(message!("backup-no-such-copy-help", copies = known.join(", ")))
        })?,
    };
    Ok(Wanted {
        copy: chosen.path.clone(),
        kind: Some(kind),
        check,
        newest: Newest::listed(newest, context.clock.now().at),
        rows: plan.rows.clone(),
        secret,
        pattern: "*".to_owned(),
    })
}

fn named(copy: &Listed) -> String {
    copy.path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// The check of the inventory as a trial restore may run it.
fn check_of(system: &System, workspace: &Workspace, context: &Context) -> Result<Option<Check>, Failure> {
    let Some(command) = system.restore.as_ref().and_then(|place| place.check.as_ref()) else { return Ok(None) };
    let values = if secrets_named(command) { secrets::read(context)? } else { BTreeMap::new() };
    let fill = |template: &Template| filled(&template.0, &values);
    let argv = match &command.program {
        Program::Argv(argv) => argv.iter().map(|word| word.0.clone()).collect(),
        Program::Shell(script) => vec!["/bin/sh".to_owned(), "-c".to_owned(), script.clone()],
    };
    let env: Result<BTreeMap<_, _>, Failure> =
        command.env.iter().map(|(name, value)| Ok((name.clone(), fill(value)?))).collect();
    let not_here = match (&command.host, command.effect) {
        (Some(_), _) => Some(NotHere::Elsewhere),
        (None, Effect::Observe) => None,
        (None, _) => Some(NotHere::Changes),
    };
    Ok(Some(Check {
        argv,
        env: env?,
        stdin: command.stdin.as_ref().map(fill).transpose()?,
        cwd: command.cwd.as_ref().map(|cwd| workspace.root.join(&cwd.0)),
        secrets: values.into_values().collect(),
        not_here,
    }))
}

fn secrets_named(command: &Command) -> bool {
    command.env.values().chain(&command.stdin).any(|template| !template.is_literal())
}

/// A text of the inventory with its secrets filled in; there are no other expressions in it.
fn filled(text: &str, secrets: &BTreeMap<String, String>) -> Result<String, Failure> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let (inner, behind) = after.split_once("}}").unwrap_or((after, ""));
        let name = inner.trim().strip_prefix("secret.").unwrap_or_default();
        let value = secrets.get(name).ok_or_else(|| {
            Failure::new(Exit::Invalid, "secret-missing", message!("cli-secret-missing", names = name))
        })?;
        filled.push_str(before);
        filled.push_str(value);
        rest = behind;
    }
    filled.push_str(rest);
    Ok(filled)
}

fn kinds() -> impl clap::builder::TypedValueParser<Value = Kind> {
    PossibleValuesParser::new(Kind::WORDS.iter().map(|(word, _)| *word))
        .map(|word| Kind::of_word(&word).unwrap_or(Kind::Files))
}

/// A number of bytes: `500M`, `20G`; powers of 1,024 as `df` and `du` have them.
fn size(text: &str) -> Result<u64, String> {
    let (digits, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let shift = match unit.to_ascii_uppercase().as_str() {
        "" => 0,
        "K" => 10,
        "M" => 20,
        "G" => 30,
        "T" => 40,
        _ => return Err(message!("cli-invalid-size").render(crate::model::Lang::En)),
    };
    let number: Option<u64> = digits.parse().ok();
    number
        .and_then(|number| number.checked_mul(1 << shift))
        .ok_or_else(|| message!("cli-invalid-size").render(crate::model::Lang::En))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::BackupPlan;

    #[test]
    fn sizes_are_read_as_df_writes_them() {
        for (text, expected) in [("1", Some(1)), ("2K", Some(2048)), ("3g", Some(3 << 30)), ("", None), ("5X", None)] {
            assert_eq!(size(text).ok(), expected, "{text}");
        }
    }

    #[test]
    fn every_kind_of_the_inventory_is_one_that_can_be_proved_or_says_that_it_is_not() {
        for (word, _) in BackupPlan::KINDS {
            assert!(Kind::of_word(word).is_some() || *word == "other", "{word}");
        }
        assert_eq!(BackupPlan::KINDS.len(), Kind::WORDS.len() + 1);
    }

    #[test]
    fn secrets_are_filled_in_where_they_are_named() {
        let secrets = BTreeMap::from([("api".to_owned(), "12345678".to_owned())]);
        assert_eq!(filled("a {{ secret.api }} b", &secrets).ok().as_deref(), Some("a 12345678 b"));
        assert!(filled("{{ secret.none }}", &secrets).is_err());
    }
}
