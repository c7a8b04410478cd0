//! A trial restore in words.

use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};

use crate::backup::{Basis, Expected, FindingKind, Listed, Made, Proof, ProveProblem, Rows, SealState};
use crate::message::{Arg, Message, format, message};
use crate::model::record::{CheckOutcome, Integrity, Restorability};
use crate::model::{Lang, Stamp};
use crate::ui::Context;

/// Findings that are printed of each sort; the rest is counted.
const PRINTED: usize = 20;

/// The newest copy of a backup.
pub(super) struct Newest {
    path: PathBuf,
    /// When it was made.
    at: Stamp,
    /// How that is known.
    made: Made,
}

impl Newest {
    /// Of what was listed: by its seal, else by the time of its file.
    pub(super) fn listed(copy: &Listed, now: Stamp) -> Option<Self> {
        if let Some(at) = copy.sealed_at {
            return Some(Self { path: copy.path.clone(), at, made: Made::Sealed });
        }
        let micros = std::fs::metadata(&copy.path).ok()?.mtime().checked_mul(1_000_000)?;
        let at = Stamp::from_microseconds(micros, now.offset.seconds());
        Some(Self { path: copy.path.clone(), at, made: Made::FileTime })
    }

    /// The copy that was proved, where it is the only one that is known.
    pub(super) fn of(proof: &Proof) -> Option<Self> {
        proof.made.map(|(at, made)| Self { path: proof.copy.clone(), at, made })
    }

    fn age(&self, now: Stamp) -> Duration {
        Duration::from_micros(u64::try_from(now.microseconds_since(&self.at)).unwrap_or(0))
    }
}

/// Prints it: the document, or in words.
pub(super) fn print(proof: &Proof, newest: Option<&Newest>, json: bool, kept: bool, context: &Context) {
    let now = context.clock.now().at;
    if json {
        let mut document = proof.json();
        if let Value::Object(object) = &mut document {
            let newest = newest.map(|newest| {
                json!({
                    "path": newest.path.to_string_lossy(),
                    "at": newest.at,
                    "by": newest.made.word(),
                    "age_seconds": newest.age(now).as_secs(),
                })
            });
            object.insert("newest".to_owned(), newest.unwrap_or(Value::Null));
        }
        context.out(&format!("{document}\n"));
        return;
    }
    let lang = context.lang;
    let mut lines = vec![verdict(proof), integrity(proof, lang)];
    lines.extend(restorability(proof, lang));
    lines.extend(check(proof));
    lines.extend(proof.rows.iter().map(|rows| row(rows, lang)));
    if let Some(newest) = newest {
        let (at, age) = (format::time(&newest.at, lang), format::duration(newest.age(now), lang));
        let path = newest.path.display().to_string();
        lines.push(match newest.made {
            Made::FileTime => message!("backup-prove-newest-file", path = path, at = at, age = age),
            Made::Sealed | Made::Repository => message!("backup-prove-newest", path = path, at = at, age = age),
        });
    }
    let mut text = String::new();
    for line in &lines {
        text.push_str(&line.render(lang));
        text.push('\n');
    }
    context.out(&text);
    findings(proof, context);
    notes(proof, context);
    if !kept {
        context.note(&message!("backup-prove-not-kept"));
    }
}

fn verdict(proof: &Proof) -> Message {
    let copy = match &proof.snapshot {
        Some(snapshot) => format!("{} {snapshot}", proof.copy.display()),
        None => proof.copy.display().to_string(),
    };
    let kind = proof.kind.word();
    if proof.proved() {
        message!("backup-prove-proved", copy = copy, kind = kind)
    } else {
        message!("backup-prove-not-proved", copy = copy, kind = kind)
    }
}

fn integrity(proof: &Proof, lang: Lang) -> Message {
    if proof.seal_broken() {
        return match proof.seal {
            Some(SealState::Unsigned) => message!("backup-prove-seal-unsigned"),
            Some(SealState::UnknownKey) => message!("backup-prove-seal-unknown"),
            _ => message!("backup-prove-seal-broken"),
        };
    }
    let by: Vec<String> = proof.basis.iter().map(|basis| words(*basis).render(lang)).collect();
    match proof.integrity {
        Integrity::Holds => message!("backup-prove-integrity-holds", by = by.join("; ")),
        Integrity::Fails => message!("backup-prove-integrity-fails"),
        Integrity::Unknown if by.is_empty() => message!("backup-prove-integrity-unknown"),
        Integrity::Unknown => message!("backup-prove-integrity-partly", by = by.join("; ")),
    }
}

fn words(basis: Basis) -> Message {
    match basis {
        Basis::Seal => message!("backup-basis-seal"),
        Basis::Checksums => message!("backup-basis-checksums"),
        Basis::Repository => message!("backup-basis-repository"),
        Basis::Structure => message!("backup-basis-structure"),
    }
}

fn restorability(proof: &Proof, lang: Lang) -> Vec<Message> {
    let (files, bytes) = (format::number(proof.restored, lang), format::bytes(proof.bytes, lang));
    let took = Arg::from(took(proof.took, lang));
    let mut lines = vec![match proof.restorable {
        Restorability::Yes => message!("backup-prove-restorable-yes"),
        Restorability::No => message!("backup-prove-restorable-no"),
        Restorability::NotTried => message!("backup-prove-restorable-not-tried"),
    }];
    if proof.seal_broken() {
        return lines;
    }
    lines.push(match proof.restorable {
        Restorability::NotTried => message!("backup-prove-read", files = files, bytes = bytes, took = took),
        _ if proof.kind.tables() => message!("backup-prove-took-tables", files = files, bytes = bytes, took = took),
        _ => message!("backup-prove-took", files = files, bytes = bytes, took = took),
    });
    lines
}

/// Tenths of a second below a minute: a small copy takes no whole one.
fn took(took: Duration, lang: Lang) -> String {
    if took.as_secs() >= 60 {
        return format::duration(took, lang);
    }
    let tenths = took.as_millis() / 100;
    match lang {
        Lang::Vi => format!("{},{} giây", tenths / 10, tenths % 10),
        Lang::En => format!("{}.{} s", tenths / 10, tenths % 10),
    }
}

fn check(proof: &Proof) -> Option<Message> {
    let detail = proof.check_detail.clone().unwrap_or_default();
    Some(match proof.check {
        CheckOutcome::None => return None,
        CheckOutcome::Passed => message!("backup-prove-check-passed"),
        CheckOutcome::Failed => message!("backup-prove-check-failed", detail = detail),
        CheckOutcome::Blind => message!("backup-prove-check-blind"),
        CheckOutcome::NotRun => match detail.as_str() {
            "changes" => message!("backup-prove-check-changes"),
            "elsewhere" => message!("backup-prove-check-elsewhere"),
            _ => message!("backup-prove-check-not-run"),
        },
    })
}

fn row(rows: &Rows, lang: Lang) -> Message {
    let table = rows.table.as_str();
    let expected = match rows.expected {
        Expected::Exactly(count) => message!("backup-prove-exactly", count = format::number(count, lang)),
        Expected::AtLeast(count) => message!("backup-prove-at-least", count = format::number(count, lang)),
    };
    match rows.found {
        None => message!("backup-prove-no-table", table = table, expected = expected),
        Some(found) => {
            let found = format::number(found, lang);
            if rows.hold() {
                message!("backup-prove-rows", table = table, found = found, expected = expected)
            } else {
                message!("backup-prove-rows-short", table = table, found = found, expected = expected)
            }
        }
    }
}

/// What keeps it from being proved, to standard error.
fn findings(proof: &Proof, context: &Context) {
    let lang = context.lang;
    let mut text = String::new();
    for finding in proof.findings.iter().take(PRINTED) {
        let kind = difference(finding.kind).render(lang);
        let to = finding.to.as_ref().map_or_else(String::new, |to| format!(" -> {}", safe(&to.to_string())));
        text.push_str(&format!("  {kind}: {}{to}\n", safe(&finding.path.to_string())));
    }
    if proof.findings.len() > PRINTED {
        let more = format::number((proof.findings.len() - PRINTED) as u64, lang);
        text.push_str(&format!("  {}\n", message!("backup-prove-more", count = more).render(lang)));
    }
    for problem in proof.problems.iter().take(PRINTED) {
        text.push_str(&format!("  {}\n", problem_line(problem, lang)));
    }
    let printed = proof.problems.len().min(PRINTED) as u64;
    if proof.problem_count > printed {
        let more = format::number(proof.problem_count - printed, lang);
        text.push_str(&format!("  {}\n", message!("backup-prove-more", count = more).render(lang)));
    }
    context.err(&text);
}

fn difference(kind: FindingKind) -> Message {
    match kind {
        FindingKind::Changed => message!("report-difference-changed"),
        FindingKind::Truncated => message!("report-difference-truncated"),
        FindingKind::Grown => message!("report-difference-grown"),
        FindingKind::Missing => message!("report-difference-missing"),
        FindingKind::New => message!("report-difference-new"),
        FindingKind::Renamed => message!("report-difference-renamed"),
        FindingKind::Type => message!("report-difference-type"),
        FindingKind::Unreadable => message!("report-difference-unreadable"),
        FindingKind::Metadata => message!("report-difference-metadata"),
    }
}

fn problem_line(problem: &ProveProblem, lang: Lang) -> String {
    let mut line = problem.why.message().render(lang);
    for part in [&problem.name, &problem.detail].into_iter().flatten() {
        line = format!("{line}: {}", safe(part));
    }
    line
}

/// What was not proved, whatever the verdict.
fn notes(proof: &Proof, context: &Context) {
    if proof.left_out > 0 {
        context.note(&message!("backup-prove-left-out", count = format::number(proof.left_out, context.lang)));
    }
    if proof.leads_out > 0 {
        context.note(&message!("backup-prove-leads-out", count = format::number(proof.leads_out, context.lang)));
    }
    if proof.seal.is_none() {
        context.note(&message!("backup-prove-no-seal"));
    }
}

/// A name from a copy as it can be shown: it may not move the cursor.
fn safe(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}
