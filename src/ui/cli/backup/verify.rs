//! `ungpho backup verify`: what differs between a copy and its seal, and what was not looked at.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{keys, named, progress, verdict};
use crate::backup::{self, Against, SealState, Share, Unfinished, Verified, VerifyOptions};
use crate::ledger::{Keyring, Ledger};
use crate::message::message;
use crate::model::record::{BackupVerified, ShareRead};
use crate::model::{Body, Digest, Notes, Objects as _, Span};
use crate::ui::desk::{Desk, journal_failure, ledger_failure};
use crate::ui::{Context, Exit, Failure};

/// Compare a copy with its seal: what differs, and what was not checked
///
/// A seal counts only under the key of the workspace's ledger, or one that --key gives. With --sums a plain list of
/// `sha256sum` is enough, and proves less.
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho backup verify /srv/backup/one-stop-2026-11-24 --json")]
pub struct Args {
    /// The copy, the manifest.jsonl of its seal, or SYSTEM/BACKUP for the newest copy of a backup of the inventory
    #[arg(value_name = "DIR|MANIFEST|SYSTEM/BACKUP")]
    copy: PathBuf,
    /// The seal, if not beside the copy
    #[arg(long, value_name = "SEAL", conflicts_with = "sums")]
    seal: Option<PathBuf>,
    /// Trust this public key, or the one in this file, and no other
    #[arg(long, value_name = "VKEY", conflicts_with = "sums")]
    key: Option<String>,
    /// Compare with this list of `sha256sum` or BSD `sha256` instead of a seal
    #[arg(long, value_name = "FILE")]
    sums: Option<PathBuf>,
    /// Read about so many percent of the files, chosen anew each time
    #[arg(long, value_name = "N%", value_parser = percent, conflicts_with_all = ["cycle", "resume"])]
    sample: Option<u8>,
    /// Read a share that goes on where the last one ended, so that all is read once in this time (30d)
    #[arg(long, value_name = "TIME", conflicts_with = "sums")]
    cycle: Option<Span>,
    /// Go on where a comparison was ended before it was done
    #[arg(long, conflicts_with = "sums")]
    resume: bool,
    /// Read at most so many bytes a second (50M)
    #[arg(long, value_name = "RATE", value_parser = rate)]
    limit_rate: Option<u64>,
    /// Leave out folders on other file systems
    #[arg(long)]
    one_file_system: bool,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

/// What is set aside of a comparison that was ended. Not evidence.
#[derive(Serialize, Deserialize)]
struct Kept {
    version: u32,
    manifest: Digest,
    share: Option<Share>,
    so_far: Unfinished,
}

/// Where the last comparison of a cycle ended, and when.
struct Turn {
    share: Share,
    seconds_ago: u64,
}

/// Compares a copy.
///
/// # Errors
///
/// Where there is no copy or no seal, or it cannot be recorded. That it differs is in the exit code.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let (copy, seal) = places(args, context)?;
    let desk = match keys::desk(context) {
        Ok(desk) => Some(desk),
        // A workspace that is named has to be one.
        Err(failure) if context.workspace.is_some() => return Err(failure),
        Err(_) => None,
    };
    let given = args.key.as_deref().map(|text| keys::public(text, context)).transpose()?;
    let nobody = Keyring::default();
    let notes: &dyn Notes = match (&given, &desk) {
        (Some(given), _) => given,
        (None, Some(desk)) => desk.ledger.as_ref(),
        (None, None) => &nobody,
    };
    let list = args.sums.as_ref().map(|list| context.folder.join(list));
    let manifest = if list.is_none() { backup::manifest_digest(&seal).ok() } else { None };
    let aside = manifest.map(|manifest| aside_of(desk.as_ref(), &seal, &manifest));
    let before = if args.resume { aside.as_deref().and_then(|path| kept(path, manifest)) } else { None };
    if args.resume && before.is_none() {
        context.note(&message!("cli-backup-nothing-to-resume"));
    }
    let share = match (&before, args.sample, args.cycle) {
        (Some(before), ..) => before.share,
        (None, Some(percent), _) => Some(Share::percent(percent, random())),
        (None, None, Some(cycle)) => Some(turn(context, desk.as_ref(), manifest, cycle)?),
        (None, None, None) => None,
    };

    let cancel = keys::ended_by_signals();
    let shown = progress::Bar::begin(context, total(&seal, list.as_deref(), share));
    let set_aside = |so_far: &Unfinished| {
        if let (Some(path), Some(manifest)) = (&aside, manifest) {
            keep(path, &Kept { version: 1, manifest, share, so_far: so_far.clone() });
        }
    };
    let against = list.as_deref().map_or(Against::Seal(Some(&seal)), Against::List);
    let options = VerifyOptions {
        against,
        share,
        limit_rate: args.limit_rate,
        one_file_system: args.one_file_system,
        progress: Some(shown.progress()),
        before: before.as_ref().map(|before| &before.so_far),
        set_aside: aside.is_some().then_some(&set_aside as &(dyn Fn(&Unfinished) + Sync)),
        ..VerifyOptions::new(notes)
    };
    let verified = backup::verify_with(&copy, &options, &cancel);
    shown.end();
    let verified = verified.map_err(|error| keys::failed(&error))?;
    if verified.left.is_none()
        && let Some(path) = &aside
    {
        // Where it cannot be taken away, it does not fit the next seal.
        let _ = fs::remove_file(path);
    }
    let signs = backup::signs(&copy, &verified.verification.findings, verified.files);
    if let Some(desk) = &desk {
        record(context, desk, &copy, &verified, share.filter(|_| verified.left.is_none()), args.cycle.is_some())?;
    }
    let seen = verdict::Seen { copy: &copy, list: list.as_deref(), verified: &verified, signs: &signs, share };
    if args.json {
        context.out(&format!("{}\n", verdict::json(&seen)));
    } else {
        verdict::print(&seen, context);
    }
    Ok(exit(&verified, list.is_some()))
}

fn exit(verified: &Verified, list: bool) -> Exit {
    match (verified.verification.seal, verified.left, verified.verification.whole) {
        (SealState::Bad | SealState::Unsigned | SealState::UnknownKey, ..) if !list => Exit::LedgerBroken,
        (_, Some(_), _) => Exit::Machine,
        (_, None, true) => Exit::Passed,
        (_, None, false) => Exit::NotPassed,
    }
}

/// The copy and its seal: whichever of them is named, the other stands beside it.
fn places(args: &Args, context: &Context) -> Result<(PathBuf, PathBuf), Failure> {
    let newest = named::newest(&args.copy, context)?;
    let named = newest.unwrap_or_else(|| context.folder.join(&args.copy));
    let seal = args.seal.as_ref().map(|seal| context.folder.join(seal));
    let folder = if named.is_file() && named.file_name().is_some_and(|name| name == "manifest.jsonl") {
        named.parent().map(Path::to_owned)
    } else if named.join("manifest.jsonl").is_file() && named.extension().is_some_and(|ending| ending == "seal") {
        Some(named.clone())
    } else {
        None
    };
    if let Some(folder) = folder {
        return Ok((folder.with_extension(""), seal.unwrap_or(folder)));
    }
    let beside = backup::seal_of(&named);
    Ok((named, seal.unwrap_or(beside)))
}

/// How many bytes will be read, as far as the seal says.
fn total(seal: &Path, list: Option<&Path>, share: Option<Share>) -> Option<u64> {
    if list.is_some() {
        return None;
    }
    let bytes = backup::header(seal)?.counts.bytes;
    Some(share.map_or(bytes, |share| share.of(bytes)))
}

fn random() -> u64 {
    use std::hash::{BuildHasher as _, RandomState};
    RandomState::new().hash_one(())
}

/// The share whose turn it is: as much of the whole as time has passed of the cycle, a day's worth at first.
fn turn(context: &Context, desk: Option<&Desk>, manifest: Option<Digest>, cycle: Span) -> Result<Share, Failure> {
    let (Some(desk), Some(manifest)) = (desk, manifest) else {
        return Err(Failure::new(Exit::Invalid, "no-cycle", message!("cli-backup-no-cycle"))
            .help(message!("cli-backup-no-cycle-help")));
    };
    let last = last_turn(context, &desk.ledger, &manifest).map_err(|error| ledger_failure(&error))?;
    let seconds = last.as_ref().map_or(24 * 60 * 60, |last| last.seconds_ago);
    let whole = u128::from(u64::MAX);
    let length = whole * u128::from(seconds) / u128::from(cycle.seconds().max(1));
    // Whatever is left by rounding up is read twice, never not at all.
    let length = u64::try_from(length.saturating_add(1).min(whole)).unwrap_or(u64::MAX);
    Ok(last.map_or(Share { from: 0, length, seed: 0 }, |last| last.share.next(length)))
}

fn last_turn(
    context: &Context,
    ledger: &Ledger,
    manifest: &Digest,
) -> Result<Option<Turn>, crate::ledger::LedgerError> {
    const PIECE: u64 = 4096;
    let now = context.clock.now().at;
    let size = ledger.head()?.size;
    let mut to = size;
    while to > 0 {
        let from = to.saturating_sub(PIECE);
        for record in ledger.records(from, to)?.into_iter().rev() {
            let at = record.occurred();
            let Body::BackupVerified(BackupVerified { manifest: Some(of), share: Some(share), .. }) = record.draft.body
            else {
                continue;
            };
            let number = |text: &str| u64::from_str_radix(text, 16).ok();
            if of == *manifest
                && share.cycle
                && let (Some(from), Some(length)) = (number(&share.from), number(&share.length))
            {
                let ago = u64::try_from(now.microseconds_since(&at) / 1_000_000).unwrap_or(0);
                return Ok(Some(Turn { share: Share { from, length, seed: 0 }, seconds_ago: ago }));
            }
        }
        to = from;
    }
    Ok(None)
}

/// Where an unfinished comparison is set aside: in the spool, else beside the seal.
fn aside_of(desk: Option<&Desk>, seal: &Path, manifest: &Digest) -> PathBuf {
    if let Some(desk) = desk {
        return desk.ledger.spool().join(format!("verify-{}.json", &manifest.hex()[..16]));
    }
    let mut name = seal.components().collect::<PathBuf>().into_os_string();
    name.push(".unfinished");
    name.into()
}

fn kept(path: &Path, manifest: Option<Digest>) -> Option<Kept> {
    let kept: Kept = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
    (kept.version == 1 && Some(kept.manifest) == manifest).then_some(kept)
}

/// Sets an unfinished comparison aside. Where that fails there is nothing to go on from, which the next one says.
fn keep(path: &Path, kept: &Kept) {
    let beside = path.with_extension("new");
    let written = serde_json::to_vec(kept)
        .map_err(std::io::Error::from)
        .and_then(|text| fs::write(&beside, text))
        .and_then(|()| fs::rename(&beside, path));
    if let Err(error) = written {
        tracing::warn!(path = %path.display(), %error, "an unfinished comparison was not set aside");
    }
}

fn record(
    context: &Context,
    desk: &Desk,
    copy: &Path,
    verified: &Verified,
    share: Option<Share>,
    cycle: bool,
) -> Result<(), Failure> {
    let seen = &verified.verification;
    let append = || {
        let findings: Vec<_> = seen.findings.iter().map(backup::Finding::json).collect();
        let findings = if findings.is_empty() {
            None
        } else {
            Some(desk.ledger.put_text(&serde_json::Value::from(findings).to_string())?)
        };
        let body = BackupVerified {
            path: desk.ledger.put_text(&copy.display().to_string())?,
            whole: seen.whole,
            checked: seen.checked,
            unchecked: seen.unchecked,
            bytes: seen.bytes,
            findings,
            seal: Some(seen.seal.word().to_owned()),
            manifest: verified.manifest,
            share: share.map(|share| ShareRead {
                from: format!("{:016x}", share.from),
                length: format!("{:016x}", share.length),
                seed: format!("{:016x}", share.seed),
                cycle,
            }),
            step: None,
        };
        keys::keep(context, desk, body.into())
    };
    append().map_err(|error| journal_failure(&error))?;
    desk.checkpoint()
}

/// Reads `5%` or `5`.
fn percent(text: &str) -> Result<u8, String> {
    let number = text.strip_suffix('%').unwrap_or(text).parse::<u8>().ok();
    number.filter(|percent| (1..=100).contains(percent)).ok_or_else(|| text.to_owned())
}

/// Reads bytes a second: `50M` is 50,000,000.
fn rate(text: &str) -> Result<u64, String> {
    let (digits, unit) = match text.char_indices().next_back() {
        Some((at, 'k' | 'K')) => (&text[..at], 1_000),
        Some((at, 'm' | 'M')) => (&text[..at], 1_000_000),
        Some((at, 'g' | 'G')) => (&text[..at], 1_000_000_000),
        _ => (text, 1),
    };
    let number = digits.parse::<u64>().ok().and_then(|number| number.checked_mul(unit));
    number.filter(|rate| *rate > 0).ok_or_else(|| text.to_owned())
}

/// How long a person looks at a bar before it moves.
pub(super) const TICK: Duration = Duration::from_millis(200);
