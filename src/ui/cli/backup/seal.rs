//! `ungpho backup seal`: the lists of a copy, signed and recorded.

use std::path::PathBuf;

use super::{keys, progress};
use crate::backup::{self, SealOptions, Sealed};
use crate::message::{format, message};
use crate::model::record::BackupSealed;
use crate::model::{Notes, Objects as _};
use crate::ui::desk::{Desk, journal_failure};
use crate::ui::{Context, Exit, Failure};

/// Digest every file of a copy, and sign the list
///
/// Nothing is written into the copy. The seal is a folder beside it: SHA256SUMS (which `sha256sum -c` reads), manifest.jsonl
/// and manifest.note, the signature. In a workspace it is recorded in the ledger.
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho backup seal /srv/backup/one-stop-2026-11-24")]
pub struct Args {
    /// The copy, a folder
    #[arg(value_name = "DIR")]
    copy: PathBuf,
    /// Where the seal goes, if not beside the copy: a new folder
    #[arg(long, value_name = "SEAL")]
    out: Option<PathBuf>,
    /// Sign with the private key in this file, and record nothing
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// Leave out folders on other file systems
    #[arg(long)]
    one_file_system: bool,
}

/// Seals a copy.
///
/// # Errors
///
/// Where there is no key to sign with, anything of the copy cannot be read or changes meanwhile, or the ledger cannot be
/// written.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let copy = context.folder.join(&args.copy);
    let out = args.out.as_ref().map(|out| context.folder.join(out));
    let now = context.clock.now().at;
    let ring = args.key.as_ref().map(|key| keys::private(&context.folder.join(key))).transpose()?;
    let desk = match ring {
        Some(_) => None,
        None => Some(keys::desk(context).map_err(|failure| failure.help(message!("cli-backup-seal-where")))?),
    };
    let notes: Option<&dyn Notes> = match (&ring, &desk) {
        (Some(ring), _) => Some(ring),
        (None, desk) => desk.as_ref().map(|desk| desk.ledger.as_ref() as &dyn Notes),
    };
    let cancel = keys::ended_by_signals();
    let shown = progress::Bar::begin(context, None);
    let options = SealOptions {
        out: out.as_deref(),
        notes,
        one_file_system: args.one_file_system,
        progress: Some(shown.progress()),
    };
    let sealed = backup::seal_with(&copy, options, now, &cancel);
    shown.end();
    let sealed = sealed.map_err(|error| keys::failed(&error))?;
    if let Some(desk) = &desk {
        record(context, desk, &copy, &sealed)?;
    }
    for folder in &sealed.elsewhere {
        let folder = folder.to_string();
        context.note(&if args.one_file_system {
            message!("cli-backup-elsewhere-left", folder = folder)
        } else {
            message!("cli-backup-elsewhere", folder = folder)
        });
    }
    let lang = context.lang;
    context.note(&message!(
        "cli-backup-sealed",
        files = format::number(sealed.counts.files, lang),
        bytes = format::bytes(sealed.counts.bytes, lang),
    ));
    context.out(&format!("{}\n", sealed.seal.display()));
    Ok(Exit::Passed)
}

fn record(context: &Context, desk: &Desk, copy: &std::path::Path, sealed: &Sealed) -> Result<(), Failure> {
    let kept = || {
        let body = BackupSealed {
            path: desk.ledger.put_text(&copy.display().to_string())?,
            manifest: desk.ledger.put_file(&sealed.manifest)?,
            files: sealed.counts.files,
            bytes: sealed.counts.bytes,
            step: None,
        };
        keys::keep(context, desk, body.into())
    };
    kept().map_err(|error| {
        journal_failure(&error).help(message!("cli-backup-not-recorded", seal = sealed.seal.display().to_string()))
    })?;
    desk.checkpoint()
}
