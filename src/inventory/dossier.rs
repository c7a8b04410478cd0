//! The dossier of a system's level, and what is done and checked to secure it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::facts::words;
use crate::message::message;
use crate::model::{Name, Text};
use crate::source::{Fields, Node, Place, Reader};

words! {
    /// Whether a system is built or in use.
    State {
        /// Being built.
        Building = "building",
        /// In operation.
        Operating = "operating",
    }
}

words! {
    /// How far a dossier has come (Decree 331/2026, form 08, column 6).
    Status {
        /// Being drafted.
        Draft = "draft",
        /// Sent for appraisal.
        Submitted = "submitted",
        /// Appraised.
        Appraised = "appraised",
        /// Approved.
        Approved = "approved",
    }
}

words! {
    /// How far the plan of protection is in place (Decree 331/2026, form 08, column 10).
    Measures {
        /// Not at all.
        None = "none",
        /// Some items.
        Partial = "partial",
        /// All of it.
        Full = "full",
    }
}

words! {
    /// What an assessment was for (Decree 331/2026, form 08, column 12).
    AssessmentKind {
        /// Before use.
        BeforeUse = "before_use",
        /// Periodic.
        Periodic = "periodic",
    }
}

words! {
    /// The rules a level was decided by.
    RulesId {
        /// Decree 85/2016/NĐ-CP.
        Nd85 = "nd85-2016",
        /// Decree 331/2026/NĐ-CP.
        Nd331 = "nd331-2026",
    }
}

words! {
    /// How far a control is in place.
    ControlState {
        /// In place.
        InPlace = "in_place",
        /// In part.
        Partial = "partial",
        /// Planned.
        Planned = "planned",
        /// Absent.
        Absent = "absent",
    }
}

/// The dossier of a level (Decree 85/2016, articles 12 to 18; Decree 331/2026, articles 18 to 25).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Dossier {
    /// How far it has come.
    pub status: Option<Status>,
    /// The level that the operator proposes.
    pub proposed: Option<u8>,
    /// The level that was approved.
    pub approved: Option<u8>,
    /// By which rules.
    pub rules: Option<RulesId>,
    /// When the full dossier was handed in.
    pub submitted: Option<Date>,
    /// When the appraisal was given.
    pub appraised: Option<Date>,
    /// Who appraised it.
    pub appraiser: Option<Appraiser>,
    /// The decision that approves the level.
    pub decision: Option<Decision>,
    /// The unit's regulation on security (Quy chế), which has to be issued before the approval.
    pub regulation: Option<Regulation>,
    /// When the approval is expected.
    pub expected_approval: Option<Date>,
    /// How far the plan of protection is in place.
    pub measures: Option<Measures>,
    /// When it will be in place whole.
    pub expected_measures: Option<Date>,
}

/// Who appraises a dossier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appraiser {
    /// The unit.
    pub unit: Text,
    /// Whether it is an independent council.
    pub council: bool,
}

/// A decision with its number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Its number and symbol.
    pub number: Option<String>,
    /// Its date.
    pub date: Option<Date>,
    /// Who made it.
    pub body: Option<Text>,
    /// A file with it.
    pub file: Option<String>,
}

/// The unit's regulation on security.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Regulation {
    /// Its number and symbol.
    pub number: Option<String>,
    /// Its date.
    pub date: Option<Date>,
}

/// An assessment of a system's security.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// What for.
    pub kind: AssessmentKind,
    /// When.
    pub date: Date,
    /// By whom.
    pub by: Option<Text>,
    /// A file with the result.
    pub file: Option<String>,
}

/// The newest assessment of risk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Risk {
    /// The level that the risk asks for (Decree 331/2026, article 10.5).
    pub result_level: Option<u8>,
    /// When.
    pub date: Option<Date>,
    /// A file with it.
    pub file: Option<String>,
}

/// A change that asks for the level to be determined again (Decree 331/2026, articles 10.2 and 25).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// When.
    pub date: Date,
    /// What.
    pub what: Text,
    /// When the level was determined again for it.
    pub determined: Option<Date>,
}

/// A control that secures the system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Control {
    /// Its id, one of those that requirements name.
    pub id: Name,
    /// How far it is in place.
    pub state: ControlState,
    /// What shows it.
    pub evidence: Option<String>,
    /// When somebody last looked.
    pub checked: Option<Date>,
}

pub(super) fn dossier<'a>(reader: &Reader<'a>, node: &'a Node, home: Place) -> Option<Dossier> {
    let fields = reader.fields("dossier", node, home)?;
    let level = |name| fields.optional(name).and_then(|node| reader.integer(node, 1, 5));
    let dossier = Dossier {
        status: fields.optional("status").and_then(|node| reader.word(node, Status::WORDS)),
        proposed: level("proposed"),
        approved: level("approved"),
        rules: fields.optional("rules").and_then(|node| reader.word(node, RulesId::WORDS)),
        submitted: date(reader, &fields, "submitted"),
        appraised: date(reader, &fields, "appraised"),
        appraiser: fields.given("appraiser").and_then(|(key, node)| appraiser(reader, node, key.place)),
        decision: fields.given("decision").and_then(|(key, node)| decision(reader, node, key.place)),
        regulation: fields.given("regulation").and_then(|(key, node)| regulation(reader, node, key.place)),
        expected_approval: date(reader, &fields, "expected_approval"),
        measures: fields.optional("measures").and_then(|node| reader.word(node, Measures::WORDS)),
        expected_measures: date(reader, &fields, "expected_measures"),
    };
    contradictions(reader, node, &dossier);
    fields.finish();
    Some(dossier)
}

/// Finds days that cannot follow one another: appraised before it was handed in, decided before it was appraised.
fn contradictions(reader: &Reader<'_>, node: &Node, dossier: &Dossier) {
    let decided = dossier.decision.as_ref().and_then(|decision| decision.date);
    let steps = [
        ("submitted", dossier.submitted, "appraised", dossier.appraised),
        ("submitted", dossier.submitted, "decision", decided),
        ("appraised", dossier.appraised, "decision", decided),
    ];
    for (first, from, second, to) in steps {
        if from.zip(to).is_some_and(|(from, to)| to < from) {
            let place = node.get(second).map_or(node.place, |node| node.place);
            let text = message!("inventory-dates-contradict", first = first, second = second);
            reader.error("dates-contradict", place, text, message!("inventory-dates-contradict-help"));
            return;
        }
    }
}

fn appraiser<'a>(reader: &Reader<'a>, node: &'a Node, home: Place) -> Option<Appraiser> {
    let fields = reader.fields("appraiser", node, home)?;
    let unit = fields.required("unit").and_then(|node| reader.words(node));
    let council = fields.optional("council").and_then(|node| reader.boolean(node)).unwrap_or_default();
    fields.finish();
    Some(Appraiser { unit: unit?, council })
}

fn decision<'a>(reader: &Reader<'a>, node: &'a Node, home: Place) -> Option<Decision> {
    let fields = reader.fields("decision", node, home)?;
    let decision = Decision {
        number: text(reader, &fields, "number"),
        date: date(reader, &fields, "date"),
        body: fields.optional("body").and_then(|node| reader.words(node)),
        file: text(reader, &fields, "file"),
    };
    fields.finish();
    Some(decision)
}

fn regulation<'a>(reader: &Reader<'a>, node: &'a Node, home: Place) -> Option<Regulation> {
    let fields = reader.fields("regulation", node, home)?;
    let regulation = Regulation { number: text(reader, &fields, "number"), date: date(reader, &fields, "date") };
    fields.finish();
    Some(regulation)
}

pub(super) fn assessment<'a>(reader: &Reader<'a>, node: &'a Node) -> Option<Assessment> {
    let fields = reader.fields("assessment", node, node.place)?;
    let kind = fields.required("kind").and_then(|node| reader.word(node, AssessmentKind::WORDS));
    let date = fields.required("date").and_then(|node| day(reader, node));
    let by = fields.optional("by").and_then(|node| reader.words(node));
    let file = text(reader, &fields, "file");
    fields.finish();
    Some(Assessment { kind: kind?, date: date?, by, file })
}

pub(super) fn risk<'a>(reader: &Reader<'a>, node: &'a Node, home: Place) -> Option<Risk> {
    let fields = reader.fields("risk", node, home)?;
    let risk = Risk {
        result_level: fields.optional("result_level").and_then(|node| reader.integer(node, 1, 5)),
        date: date(reader, &fields, "date"),
        file: text(reader, &fields, "file"),
    };
    fields.finish();
    Some(risk)
}

pub(super) fn change<'a>(reader: &Reader<'a>, node: &'a Node) -> Option<Change> {
    let fields = reader.fields("change", node, node.place)?;
    let on = fields.required("date").and_then(|node| day(reader, node));
    let what = fields.required("what").and_then(|node| reader.words(node));
    let determined = date(reader, &fields, "determined");
    fields.finish();
    Some(Change { date: on?, what: what?, determined })
}

pub(super) fn control<'a>(reader: &Reader<'a>, node: &'a Node) -> Option<Control> {
    let fields = reader.fields("control", node, node.place)?;
    let id = fields.required("id").and_then(|node| reader.name(node));
    let state = fields.required("state").and_then(|node| reader.word(node, ControlState::WORDS));
    let evidence = text(reader, &fields, "evidence");
    let checked = date(reader, &fields, "checked");
    fields.finish();
    Some(Control { id: id?, state: state?, evidence, checked })
}

fn text<'a>(reader: &Reader<'a>, fields: &Fields<'_, 'a>, name: &'static str) -> Option<String> {
    fields.optional(name).and_then(|node| reader.filled_text(node))
}

fn date<'a>(reader: &Reader<'a>, fields: &Fields<'_, 'a>, name: &'static str) -> Option<Date> {
    fields.optional(name).and_then(|node| day(reader, node))
}

pub(super) fn day(reader: &Reader<'_>, node: &Node) -> Option<Date> {
    reader.date(node)?.parse().ok()
}
