//! `ungpho sign`: a person signs the ledger as it stood, with a key of their own.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use crate::ledger::note::PrivateKey;
use crate::ledger::person;
use crate::message::{format, message};
use crate::model::record::Signed;
use crate::model::{Basis, Draft, Durability, Journal as _, Objects as _, RunId};
use crate::ui::desk::{Desk, journal_failure, ledger_failure};
use crate::ui::entry::{self, EntryArgs};
use crate::ui::held::Held;
use crate::ui::{Context, Exit, Failure, Workspace};

/// Sign a run, or the first records of the ledger, with a key of your own
///
/// A signature is made now and by the owner of the key, so `--at`, `--by` and `--basis` are refused.
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho sign DT-2026-004 --key ~/.config/ungpho/lan.key")]
pub struct Args {
    /// The run; all records up to its newest are signed
    #[arg(value_name = "RUN", required_unless_present = "size", conflicts_with = "size")]
    run: Option<RunId>,
    /// Sign so many records from the start of the ledger
    #[arg(long, value_name = "N")]
    size: Option<u64>,
    /// The file of the private key (`ungpho evidence keys new` makes one)
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    #[command(flatten)]
    entry: EntryArgs,
}

/// Signs and keeps the signature.
///
/// # Errors
///
/// Where the ledger does not hold, the key is not the acting person's in `people.yaml`, others may read it, the ledger has not so many records, or it
/// cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let desk = Desk::open(context)?;
    let told = args.entry.now(context, &desk.workspace, &message!("entry-now-sign"))?;
    if args.entry.by.is_some() || args.entry.basis.is_some() {
        return Err(Failure::new(Exit::Invalid, "not-for-another", message!("amend-sign-for-another"))
            .help(message!("amend-key-of-another-help")));
    }
    let run = args.run.as_ref().map(|run| desk.run(Some(run))).transpose()?;
    let key = key(context, &desk.workspace, &args.key)?;
    owned(context, &desk.workspace, &key)?;
    let size = match (&run, args.size) {
        (Some((run, state)), _) => {
            let records = desk.ledger.records_of(run, state.began).map_err(|e| journal_failure(&e))?;
            records.last().map_or(0, |record| record.seq + 1)
        }
        (None, size) => size.unwrap_or(0),
    };
    let checkpoint = if size == 0 { None } else { desk.ledger.checkpoint_at(size).map_err(|e| ledger_failure(&e))? };
    let Some(checkpoint) = checkpoint else {
        let records = desk.ledger.size().map_err(|e| journal_failure(&e))?;
        let message = message!("amend-no-such-size", size = size, records = records);
        return Err(Failure::new(Exit::Invalid, "no-such-size", message));
    };
    sound(context, &desk)?;
    let note = desk.ledger.put(key.note(&checkpoint.to_text()).as_bytes()).map_err(|e| journal_failure(&e))?;
    let signed = Signed { size, vkey: key.public().vkey(), note, because: desk.because(&told)? };
    let draft = Draft {
        mode: run.as_ref().and_then(|(_, state)| state.mode),
        run: run.map(|(run, _)| run),
        actor: context.actor.clone(),
        by: None,
        occurred: None,
        basis: Basis::Console,
        body: signed.into(),
    };
    desk.ledger.append(&[draft], Durability::Synced).map_err(|e| journal_failure(&e))?;
    desk.checkpoint()?;
    let size = format::number(size, context.lang);
    context.note(&message!("amend-signed", who = context.actor.as_str(), size = size));
    Ok(Exit::Passed)
}

/// Nobody signs what does not hold; what nobody signed before is told, for the ledger's own signature covers it too.
fn sound(context: &Context, desk: &Desk) -> Result<(), Failure> {
    let held = Held::whole(desk.ledger.dir())?;
    if held.fails() {
        return Err(Failure::new(Exit::LedgerBroken, "ledger-unverified", message!("amend-sign-unverified"))
            .help(message!("task-unverified-help")));
    }
    held.tail(context);
    Ok(())
}

/// Reads the private key: outside the workspace, readable for its owner only.
pub(super) fn key(context: &Context, workspace: &Workspace, file: &Path) -> Result<PrivateKey, Failure> {
    let path = context.folder.join(file);
    outside(workspace, &path)?;
    let key = person::read_key(&path).map_err(|error| Failure::of(Exit::Invalid, &error))?;
    let mode = std::fs::metadata(&path).map_or(0, |metadata| metadata.permissions().mode());
    if mode & 0o077 != 0 {
        let shown = path.display().to_string();
        return Err(Failure::new(Exit::Invalid, "key-open", message!("amend-key-open", path = shown.as_str()))
            .help(message!("cli-secrets-open-help", path = shown)));
    }
    Ok(key)
}

/// Refuses a place for a private key in the workspace: what is there is copied, archived and sent.
pub(super) fn outside(workspace: &Workspace, path: &Path) -> Result<(), Failure> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let real = std::fs::canonicalize(path).or_else(|_| std::fs::canonicalize(folder));
    if real.unwrap_or_else(|_| path.to_owned()).starts_with(&workspace.root) {
        let message = message!("amend-key-inside", path = path.display().to_string());
        return Err(Failure::new(Exit::Invalid, "key-inside", message).help(message!("amend-key-inside-help")));
    }
    Ok(())
}

/// Holds the key to the one that `people.yaml` has of the acting person.
pub(super) fn owned(context: &Context, workspace: &Workspace, key: &PrivateKey) -> Result<(), Failure> {
    let public = key.public();
    let who = context.actor.as_str();
    let refused = |message| Failure::new(Exit::Invalid, "key-not-theirs", message);
    if public.name != person::key_name(&context.actor) {
        return Err(refused(message!("amend-key-of-another", key = public.name.as_str(), who = who))
            .help(message!("amend-key-of-another-help")));
    }
    let help = message!("amend-key-unlisted-help", who = who, vkey = public.vkey());
    let people = entry::people(context, workspace)?;
    match people.as_ref().and_then(|people| people.find(who)) {
        None => Err(refused(message!("amend-key-nobody", who = who)).help(help)),
        Some(person) => match person.key.as_deref().map(str::trim) {
            Some(listed) if listed == public.vkey() => Ok(()),
            Some(_) => Err(refused(message!("amend-key-differs", who = who)).help(help)),
            None => Err(refused(message!("amend-key-unlisted", who = who)).help(help)),
        },
    }
}
