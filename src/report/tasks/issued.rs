//! Documents that were issued, as the ledger has them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Serialize;

use crate::model::record::correctable::amended;
use crate::model::record::{ActivityKind, DocumentKind};
use crate::model::{Body, Digest, Name, ObjectRef, Objects, Record, RunId, Text};
use crate::policy::day_in_vietnam;
use crate::source;

/// A document that was issued.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IssuedRow {
    /// The record that says so.
    pub seq: u64,
    /// Which document.
    pub document: DocumentKind,
    /// Of which run.
    pub run: Option<RunId>,
    /// The set of the yearly report that it is.
    pub set: Option<Name>,
    /// Of which exercise or playbook; which yearly report it is.
    pub subject: Option<Name>,
    /// The playbook's version.
    pub version: Option<u32>,
    /// The playbook's family.
    pub family: Option<String>,
    /// The playbook's title, as its file had it then.
    pub title: Option<Text>,
    /// The day on it.
    pub date: Date,
    /// The day on which it was entered.
    pub entered: Date,
    /// Its number; null where it was redacted.
    pub number: Option<String>,
    /// Who signed it; null where it was redacted.
    pub signer: Option<String>,
    /// The signed copy.
    pub file: Digest,
}

/// The documents among `records`, corrections carried out, in the order in which they were entered. What was withdrawn is as if
/// it had never been entered. Each issue of a document stands: which one counts hangs on the day that is asked for. An entry of
/// the day of an earlier one corrects that one; a paper that was entered again replaces the entry before.
#[must_use]
pub fn issued(records: &[Record], objects: &dyn Objects) -> Vec<IssuedRow> {
    let text = |object: &ObjectRef| objects.get_text(object).ok().flatten();
    let withdrawn: BTreeSet<u64> = records.iter().filter_map(|record| withdraws(&record.draft.body)).collect();
    let mut rows: Vec<IssuedRow> = Vec::new();
    for record in amended(records) {
        let Body::DocumentIssued(body) = &record.draft.body else { continue };
        if withdrawn.contains(&record.seq) {
            continue;
        }
        let title = body.sources.first().and_then(|source| {
            let bytes = objects.get(&source.file).ok()??;
            title(&source.path, &String::from_utf8_lossy(&bytes))
        });
        let row = IssuedRow {
            seq: record.seq,
            document: body.document,
            run: record.draft.run.clone(),
            set: body.set.clone(),
            subject: body.subject.clone(),
            version: body.version,
            family: body.family.clone(),
            title,
            date: body.date,
            entered: day_in_vietnam(&record.written.at),
            number: text(&body.number),
            signer: text(&body.signer),
            file: body.file.object,
        };
        // Reports for several periods stand beside each other, and so do the notices of a run.
        let single = (row.run.is_some() || row.subject.is_some()) && !row.document.yearly();
        if single && row.document != DocumentKind::Notice {
            let whole = |it: &IssuedRow| (it.document, it.run.clone(), it.subject.clone(), it.date);
            rows.retain(|old| whole(old) != whole(&row));
        } else {
            rows.retain(|old| !again(old, &row));
        }
        rows.push(row);
    }
    rows
}

/// The document of this kind that is in force by the end of `by` for each playbook: the newest by its day, and of several of
/// one day the one that was entered last.
#[must_use]
pub fn in_force(rows: &[IssuedRow], document: DocumentKind, by: Date) -> Vec<&IssuedRow> {
    let mut newest: BTreeMap<Option<&Name>, &IssuedRow> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.document == document && row.date <= by) {
        let known = newest.entry(row.subject.as_ref()).or_insert(row);
        if (known.date, known.seq) < (row.date, row.seq) {
            *known = row;
        }
    }
    let mut rows: Vec<&IssuedRow> = newest.into_values().collect();
    rows.sort_by_key(|row| row.seq);
    rows
}

/// The minutes of a run by the end of `by`: those that were entered last.
#[must_use]
pub fn minutes_of<'r>(rows: &'r [IssuedRow], run: &RunId, by: Date) -> Option<&'r IssuedRow> {
    let of_it = |row: &&IssuedRow| row.document == DocumentKind::Minutes && row.run.as_ref() == Some(run);
    rows.iter().filter(of_it).rfind(|row| row.date <= by)
}

/// Whether `row` is the same paper as `old`, entered again: perhaps now with the report that it is.
fn again(old: &IssuedRow, row: &IssuedRow) -> bool {
    let of = old.subject.is_none() || (&old.set, &old.subject) == (&row.set, &row.subject);
    let paper = old.number.is_some() && old.number == row.number && old.date.year() == row.date.year();
    of && paper && (old.document, &old.run) == (row.document, &row.run)
}

/// The record that this one withdraws.
fn withdraws(body: &Body) -> Option<u64> {
    match body {
        Body::Activity(it) if it.kind == ActivityKind::Withdrawn => it.replaces,
        _ => None,
    }
}

/// The title in the text of a playbook.
fn title(file: &str, text: &str) -> Option<Text> {
    let document = source::parse(file, text);
    let node = document.root.as_ref()?.get("title")?;
    source::Reader::new(&document).words(node)
}
