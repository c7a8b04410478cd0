//! What the unit did outside any run, as the ledger has it.

use jiff::civil::Date;
use serde::Serialize;

use crate::model::record::correctable::amended;
use crate::model::record::{ActivityKind, DrillManner};
use crate::model::{Actor, Body, Digest, Name, ObjectRef, Objects, Record};
use crate::policy::day_in_vietnam;

/// An activity.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ActivityRow {
    /// The record that says so.
    pub seq: u64,
    /// Which kind.
    pub kind: ActivityKind,
    /// The day, or the first of them.
    pub date: Date,
    /// The last day, where there were several.
    pub until: Option<Date>,
    /// What was done. A text that was redacted is empty.
    pub what: String,
    /// With whom.
    pub with: Option<String>,
    /// Number and symbol of the document that says so.
    pub number: Option<String>,
    /// What it came to.
    pub result: Option<String>,
    /// The systems that it was about.
    pub systems: Vec<Name>,
    /// How a drill was carried out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manner: Option<DrillManner>,
    /// How many people took part.
    pub people: Option<u32>,
    /// The document.
    pub file: Option<Digest>,
    /// Who entered it.
    pub by: Actor,
    /// The day on which it was entered.
    pub entered: Date,
}

/// The activities among `records` that count, corrections carried out, by day. What a later record replaces or withdraws
/// counts no longer.
#[must_use]
pub fn activities(records: &[Record], objects: &dyn Objects) -> Vec<ActivityRow> {
    let text = |object: &Option<ObjectRef>| objects.get_text(object.as_ref()?).ok().flatten();
    let mut rows: Vec<ActivityRow> = Vec::new();
    for record in amended(records) {
        let Body::Activity(body) = &record.draft.body else { continue };
        if let Some(old) = body.replaces {
            rows.retain(|row| row.seq != old);
        }
        if body.kind == ActivityKind::Withdrawn {
            continue;
        }
        rows.push(ActivityRow {
            seq: record.seq,
            kind: body.kind,
            date: body.date,
            until: body.until,
            what: text(&body.what).unwrap_or_default(),
            with: text(&body.with),
            number: text(&body.number),
            result: text(&body.result),
            systems: body.systems.clone(),
            manner: body.manner,
            people: body.people,
            file: body.file.map(|file| file.object),
            by: record.draft.actor.clone(),
            entered: day_in_vietnam(&record.written.at),
        });
    }
    rows.sort_by_key(|row| (row.date, row.seq));
    rows
}
