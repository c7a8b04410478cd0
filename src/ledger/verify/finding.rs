//! What a verification found.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ledger::layout::{SEGMENT, segment_name};
use crate::ledger::tree::Hash;
use crate::message::{Message, message};

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something does not hold.
    Error,
    /// Something is not covered, or was left half done by an accident.
    Warning,
    /// Something that a reader should know.
    Note,
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// How much it weighs.
    pub severity: Severity,
    /// What kind it is of: a heading in `docs/diagnostics.md`.
    pub code: &'static str,
    /// The record it is about, if any.
    pub seq: Option<u64>,
    /// The file it is about, if any: a path below the folder of the ledger, which comes first.
    pub file: Option<String>,
    /// The line in that file, from 1, where it has lines.
    pub line: Option<u64>,
    /// What was found.
    pub message: Message,
    /// What else is known.
    pub note: Option<Message>,
    /// What helps.
    pub help: Option<Message>,
}

impl Finding {
    /// A finding about record `seq`, at its line, of somebody who knows more than the ledger.
    #[must_use]
    pub fn of_record(severity: Severity, code: &'static str, seq: u64, message: Message) -> Self {
        Self::about(severity, code, seq, message)
    }

    /// A finding about record `seq`, at its line.
    pub(super) fn about(severity: Severity, code: &'static str, seq: u64, message: Message) -> Self {
        let file = Some(format!("log/{}", segment_name(seq / SEGMENT)));
        let line = Some(seq % SEGMENT + 1);
        Self { severity, code, seq: Some(seq), file, line, message, note: None, help: None }
    }

    /// A finding about a file.
    pub(super) fn in_file(severity: Severity, code: &'static str, file: &str, message: Message) -> Self {
        let file = Some(file.to_owned());
        Self { severity, code, seq: None, file, line: None, message, note: None, help: None }
    }
}

/// What came of a verification.
#[derive(Clone, Debug, PartialEq)]
pub struct Verification {
    /// Whether no finding is an error.
    pub ok: bool,
    /// The ledger's name, from record 0.
    pub origin: String,
    /// The number of records.
    pub size: u64,
    /// The root of the tree over the log as it is.
    pub root: Hash,
    /// How many records, from the start, a good checkpoint covers.
    pub signed: u64,
    /// How many records, from the start, hold.
    pub held: u64,
    /// Everything that was found, errors first, then in the order of the log.
    pub findings: Vec<Finding>,
}

/// So many findings of one code are listed; the rest is counted.
const LISTED: u64 = 100;

/// Findings, as many of a code as are listed, and how many more there were.
#[derive(Default)]
pub(super) struct Findings {
    list: Vec<Finding>,
    counts: BTreeMap<&'static str, (Severity, u64)>,
}

impl Findings {
    pub(super) fn push(&mut self, finding: Finding) {
        let (_, count) = self.counts.entry(finding.code).or_insert((finding.severity, 0));
        *count += 1;
        if *count <= LISTED {
            self.list.push(finding);
        }
    }

    /// Takes out what `drop` says.
    pub(super) fn remove(&mut self, drop: impl Fn(&Finding) -> bool) {
        let counts = &mut self.counts;
        self.list.retain(|finding| {
            let dropped = drop(finding);
            if dropped && let Some((_, count)) = counts.get_mut(finding.code) {
                *count = count.saturating_sub(1);
            }
            !dropped
        });
    }

    pub(super) fn finish(mut self) -> Vec<Finding> {
        self.list.sort_by_key(|finding| (finding.severity, finding.seq.unwrap_or(u64::MAX)));
        for (code, (severity, count)) in self.counts {
            if count > LISTED {
                let message = message!("ledger-and-more", count = count - LISTED);
                let more =
                    Finding { severity, code, seq: None, file: None, line: None, message, note: None, help: None };
                let at = self.list.iter().rposition(|finding| finding.code == code).map_or(0, |at| at + 1);
                self.list.insert(at, more);
            }
        }
        self.list
    }
}
