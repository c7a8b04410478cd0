//! Keys that are given on the command line, and what backup work says when it fails.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use std::sync::Arc;

use tokio::signal::unix::{SignalKind, signal};

use crate::backup::{BackupError, Cancel};
use crate::ledger::note::PublicKey;
use crate::ledger::{KeyPlace, Keyring, Ledger, person, slug};
use crate::message::message;
use crate::model::{Appended, Body, Draft, Durability, Journal as _, JournalError};
use crate::ui::desk::{Desk, ledger_failure};
use crate::ui::workspace::Workspace;
use crate::ui::{Context, Exit, Failure, begin};

/// The workspace and its ledger, which is made where it is not there yet.
pub(in crate::ui::cli) fn desk(context: &Context) -> Result<Desk, Failure> {
    let workspace = Workspace::find(context)?;
    let unit = begin::unit(&workspace, context, &mut Vec::new())?;
    let (name, keys) = (slug(unit.unit.pick(context.lang)), KeyPlace::folder(&context.keys));
    begin::unnamed(&workspace, &unit, &name, context);
    let ledger = Ledger::create_or_open(&workspace.ledger(), &name, context.clock.clone(), keys);
    Ok(Desk { workspace, ledger: Arc::new(ledger.map_err(|error| ledger_failure(&error))?) })
}

/// Makes the workspace's ledger where there is none yet.
pub(in crate::ui::cli) fn begun(context: &Context) -> Result<(), Failure> {
    if Workspace::find(context)?.ledger().join("log").is_dir() { Ok(()) } else { desk(context).map(drop) }
}

/// Keeps what the machine saw of a copy, on the order of whoever gave the command; it belongs to no run.
pub(super) fn keep(context: &Context, desk: &Desk, body: Body) -> Result<Appended, JournalError> {
    let draft = Draft { actor: context.actor.clone(), ..Draft::ledger(body) };
    desk.ledger.append(&[draft], Durability::Synced)
}

/// Is set by Ctrl-C and by SIGTERM: the work ends between two reads, and leaves nothing half done. Both are heard from when this
/// returns.
pub(super) fn ended_by_signals() -> Cancel {
    let cancel = Cancel::default();
    let heard = cancel.clone();
    // Where no signal can be heard the system's own way of ending a program is left.
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_io().build() else { return cancel };
    let signals = {
        let _entered = runtime.enter();
        signal(SignalKind::interrupt()).and_then(|interrupt| Ok((interrupt, signal(SignalKind::terminate())?)))
    };
    let Ok((mut interrupt, mut terminate)) = signals else { return cancel };
    std::thread::spawn(move || {
        runtime.block_on(async {
            tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
            heard.cancel();
            // A second time ends the program at once.
            tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
            std::process::exit(Exit::Machine as i32);
        });
    });
    cancel
}

/// The private key in a file that only its owner may read.
pub(super) fn private(path: &Path) -> Result<Keyring, Failure> {
    let key = person::read_key(path).map_err(|error| Failure::of(Exit::Invalid, &error))?;
    let mode = std::fs::metadata(path).map_or(0, |metadata| metadata.permissions().mode());
    if mode & 0o077 != 0 {
        let shown = path.display().to_string();
        return Err(Failure::new(Exit::Invalid, "key-open", message!("amend-key-open", path = shown.as_str()))
            .help(message!("cli-secrets-open-help", path = shown)));
    }
    Ok(Keyring::signing(key))
}

/// The public key that is given as text, or in a file.
pub(super) fn public(text: &str, context: &Context) -> Result<Keyring, Failure> {
    let path = context.folder.join(text);
    let kept = if path.is_file() { std::fs::read_to_string(&path).ok() } else { None };
    let key = PublicKey::parse(kept.as_deref().unwrap_or(text).trim()).map_err(|error| {
        Failure::new(Exit::Invalid, "invalid-key", message!("cli-backup-key", text = text))
            .caused_by(&error)
            .help(message!("cli-backup-key-help"))
    })?;
    Ok(Keyring::trusting(vec![key]))
}

/// The failure of work on a copy: what was asked for is not there or not fit, or the machine is in the way.
pub(super) fn failed(error: &BackupError) -> Failure {
    let exit = match error {
        BackupError::NotAFolder { .. }
        | BackupError::NoSeal { .. }
        | BackupError::AlreadySealed { .. }
        | BackupError::SealInside { .. }
        | BackupError::NoKey { .. } => Exit::Invalid,
        BackupError::BadSeal { .. } => Exit::LedgerBroken,
        _ => Exit::Machine,
    };
    Failure::of(exit, error)
}
