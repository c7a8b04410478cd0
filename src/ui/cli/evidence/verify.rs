//! `ungpho evidence verify`: how far the ledger holds.

use std::path::Path;

use serde::Serialize;

use super::safe;
use crate::ledger::note::base64;
use crate::ledger::{Finding, HeadText, Options, Severity, Verification, verify};
use crate::message::{format, message};
use crate::model::Lang;
use crate::ui::desk::ledger_failure;
use crate::ui::signers;
use crate::ui::{Context, Exit, Failure};

/// The document that `--json` prints.
#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    ok: bool,
    origin: &'a str,
    size: u64,
    root: String,
    signed: u64,
    held: u64,
    findings: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    severity: Severity,
    code: &'static str,
    seq: Option<u64>,
    file: Option<String>,
    message: String,
}

pub(super) fn run(folder: &Path, against: Option<HeadText>, json: bool, context: &Context) -> Result<Exit, Failure> {
    let options = Options { against, ..Options::default() };
    let mut verification = verify(folder, &options).map_err(|error| ledger_failure(&error))?;
    // A ledger that cannot be read further has said so already.
    verification.findings.extend(signers::findings(folder).unwrap_or_default());
    verification.findings.sort_by_key(|finding| finding.severity);
    if json {
        context.out(&document(&verification, folder, context.lang));
    } else {
        let mut text = String::new();
        for finding in &verification.findings {
            text.push_str(&rendered(finding, folder, context));
        }
        context.err(&text);
        context.out(&summary(&verification, context));
    }
    Ok(if verification.ok { Exit::Passed } else { Exit::LedgerBroken })
}

fn document(verification: &Verification, folder: &Path, lang: Lang) -> String {
    let entries = verification.findings.iter().map(|finding| Entry {
        severity: finding.severity,
        code: finding.code,
        seq: finding.seq,
        file: finding.file.as_deref().map(|file| shown(folder, file)),
        message: finding.message.render(lang),
    });
    let document = Document {
        version: 1,
        ok: verification.ok,
        origin: &verification.origin,
        size: verification.size,
        root: base64(&verification.root),
        signed: verification.signed,
        held: verification.held,
        findings: entries.collect(),
    };
    serde_json::to_string(&document).unwrap_or_default() + "\n"
}

/// A file of the ledger as people find it: `ledger/log/000001.jsonl`.
fn shown(folder: &Path, file: &str) -> String {
    let name = folder.file_name().map_or_else(|| "ledger".to_owned(), |name| name.to_string_lossy().into_owned());
    format!("{name}/{file}")
}

fn rendered(finding: &Finding, folder: &Path, context: &Context) -> String {
    let lang = context.lang;
    let (label, painted): (_, fn(&Context, &str) -> String) = match finding.severity {
        Severity::Error => (message!("cli-error"), Context::red),
        Severity::Warning => (message!("cli-evidence-warning"), Context::yellow),
        Severity::Note => (message!("cli-evidence-note"), Context::bold),
    };
    let label = painted(context, &format!("{}[{}]", label.render(lang), finding.code));
    let mut text = format!("{label}: {}\n", finding.message.render(lang));
    if let Some(file) = &finding.file {
        let line = finding.line.map_or_else(String::new, |line| format!(":{line}"));
        text.push_str(&format!(" --> {}{line}\n", safe(&shown(folder, file))));
    }
    if let Some(note) = &finding.note {
        text.push_str(&format!("  = {}: {}\n", message!("cli-evidence-note").render(lang), note.render(lang)));
    }
    if let Some(help) = &finding.help {
        text.push_str(&format!("  = {}: {}\n", message!("cli-help").render(lang), help.render(lang)));
    }
    text.push('\n');
    text
}

fn summary(verification: &Verification, context: &Context) -> String {
    let lang = context.lang;
    let size = format::number(verification.size, lang);
    let signed = format::number(verification.signed, lang);
    // Without record 0 a ledger has no name.
    let named = if verification.origin.is_empty() { "ledger" } else { &verification.origin };
    let origin = safe(named);
    let verdict = if verification.ok {
        message!("cli-evidence-verifies", origin = origin, size = size, signed = signed)
    } else if verification.held == verification.size && verification.size > 0 {
        message!("cli-evidence-fails-beside", origin = origin, size = size)
    } else {
        let held = format::number(verification.held, lang);
        message!("cli-evidence-fails", origin = origin, size = size, held = held)
    };
    let head = HeadText { size: verification.size, root: verification.root };
    let head = message!("cli-evidence-head-is", head = head.to_string());
    format!("{}\n{}\n", verdict.render(lang), head.render(lang))
}
