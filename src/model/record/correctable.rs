//! Which fields of which records may be corrected, and what is in force.
//!
//! What people said of a fact may be corrected: when it happened, who did it, where it is known from, which mark it was, the
//! words. What the machine measured stays, and so does what decided the course of the run: there a note says what was meant.

use std::collections::BTreeMap;

use super::{ActivityKind, Body, Corrected, Record, Value};
use crate::model::{Actor, Basis, Id, Mark, ObjectRef};

/// What kind of value stands in a field that may be corrected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// A moment, RFC 3339.
    Time,
    /// A person's id.
    Person,
    /// Where a fact is known from.
    Basis,
    /// Which mark.
    Mark,
    /// A day, as 2026-12-31.
    Day,
    /// Words, an object.
    Words,
    /// The value that was asked for under this id, a JSON text in an object.
    Answer(Id),
}

/// Why a field may not be corrected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fixed {
    /// The record is itself a correction: the field of this record is meant.
    Correction {
        /// The record that it corrects.
        seq: u64,
        /// The field.
        field: String,
    },
    /// The machine measured it, or it followed by itself from what a person said.
    Measured,
    /// It decided the course of the run.
    Course,
    /// It is said anew, not corrected: the last word counts.
    SaidAnew,
    /// The record has no such field; it has these.
    NoField {
        /// Those that may be corrected.
        fields: Vec<String>,
    },
}

/// Types in which people tell of a fact: its moment and its ground may be corrected.
const TOLD: &[&str] = &[
    "answered",
    "decided",
    "consented",
    "noted",
    "attached",
    "marked",
    "classified",
    "notice-sent",
    "joined",
    "left",
    "replaced",
    "handed-over",
    "step-started",
    "step-ended",
];

/// Those of them in which the actor is also who has a role from then on.
const ROLES: &[&str] = &["joined", "left", "replaced", "handed-over"];

/// Fields that may be corrected in some type or other, in the order in which they are named.
const FIELDS: &[&str] = &[
    "occurred",
    "actor",
    "basis",
    "mark",
    "text",
    "name",
    "to",
    "number",
    "signer",
    "what",
    "date",
    "until",
    "owner",
    "secretary",
    "place",
    "due",
    "with",
    "result",
    "follow_up",
    "because",
];

/// Fields on which the course of the run hung.
const COURSE: &[&str] = &[
    "outcome",
    "choice",
    "given",
    "checks",
    "question",
    "plan",
    "manner",
    "step",
    "attempt",
    "how",
    "result",
    "role",
    "from",
    "steps",
    "questions",
    "duties",
];

/// Fields of which the last word counts, by the record's type.
const SAID_ANEW: &[(&str, &[&str])] = &[
    ("classified", &["serious", "grave", "personal_data", "flags", "definition"]),
    ("concluded", &["verdict"]),
    ("notice-sent", &["notice", "roles", "receipt"]),
    ("attached", &["file"]),
    ("document-issued", &["file", "document", "set", "subject"]),
    ("activity", &["until", "kind", "systems", "people", "manner", "file"]),
];

/// Words in a body.
enum Slot<'a> {
    Whole(&'a mut ObjectRef),
    Perhaps(&'a mut Option<ObjectRef>),
}

fn slot<'a>(body: &'a mut Body, field: &str) -> Option<Slot<'a>> {
    if field == "because" {
        return body.because_mut().map(Slot::Perhaps);
    }
    match (body, field) {
        (Body::Noted(it), "text") => Some(Slot::Whole(&mut it.text)),
        (Body::ActionOpened(it), "what") => Some(Slot::Whole(&mut it.what)),
        (Body::Attached(it), "name") => Some(Slot::Whole(&mut it.name)),
        (Body::NoticeSent(it), "to") => Some(Slot::Perhaps(&mut it.to)),
        (Body::NoticeSent(it), "number") => Some(Slot::Perhaps(&mut it.number)),
        (Body::DocumentIssued(it), "number") => Some(Slot::Whole(&mut it.number)),
        (Body::DocumentIssued(it), "signer") => Some(Slot::Whole(&mut it.signer)),
        (Body::Activity(it), "what") => Some(Slot::Perhaps(&mut it.what)),
        (Body::Activity(it), "with") => Some(Slot::Perhaps(&mut it.with)),
        (Body::Activity(it), "number") => Some(Slot::Perhaps(&mut it.number)),
        (Body::Activity(it), "result") => Some(Slot::Perhaps(&mut it.result)),
        (Body::Concluded(it), "place") => Some(Slot::Perhaps(&mut it.place)),
        (Body::Decided(it), "follow_up") => Some(Slot::Perhaps(&mut it.follow_up)),
        (Body::Answered(it), field) => it.answers.get_mut(field.strip_prefix("answers.")?).map(Slot::Whole),
        _ => None,
    }
}

/// The fields of `record` that may be corrected, as they are named.
#[must_use]
pub fn fields(record: &Record) -> Vec<String> {
    let mut names: Vec<String> = FIELDS.iter().map(|field| (*field).to_owned()).collect();
    if let Body::Answered(it) = &record.draft.body {
        names.extend(it.answers.keys().map(|id| format!("answers.{id}")));
    }
    names.retain(|field| of(record, field).is_some());
    names
}

fn of(record: &Record, field: &str) -> Option<FieldKind> {
    let (draft, kind) = (&record.draft, record.draft.body.kind());
    if draft.basis == Basis::Machine || draft.actor == Actor::engine() || matches!(draft.body, Body::Corrected(_)) {
        return None;
    }
    match field {
        "occurred" | "basis" if !TOLD.contains(&kind) => None,
        "actor" if !TOLD.contains(&kind) || ROLES.contains(&kind) => None,
        "occurred" => Some(FieldKind::Time),
        "basis" => Some(FieldKind::Basis),
        "actor" => Some(FieldKind::Person),
        "mark" => matches!(draft.body, Body::Marked(_)).then_some(FieldKind::Mark),
        "owner" => matches!(&draft.body, Body::ActionOpened(it) if it.owner.is_some()).then_some(FieldKind::Person),
        "secretary" => matches!(draft.body, Body::Concluded(_)).then_some(FieldKind::Person),
        "due" => matches!(draft.body, Body::ActionOpened(_)).then_some(FieldKind::Day),
        "date" => {
            let told = match &draft.body {
                Body::DocumentIssued(_) => true,
                Body::Activity(it) => it.kind != ActivityKind::Withdrawn,
                _ => false,
            };
            told.then_some(FieldKind::Day)
        }
        "until" => matches!(&draft.body, Body::Activity(it) if it.until.is_some()).then_some(FieldKind::Day),
        _ => {
            slot(&mut draft.body.clone(), field)?;
            match field.strip_prefix("answers.") {
                Some(id) => id.parse().ok().map(FieldKind::Answer),
                None => Some(FieldKind::Words),
            }
        }
    }
}

/// What kind of value stands in `field` of `record`, where that may be corrected.
///
/// # Errors
///
/// Why it may not.
pub fn kind_of(record: &Record, field: &str) -> Result<FieldKind, Fixed> {
    if let Some(kind) = of(record, field) {
        return Ok(kind);
    }
    let draft = &record.draft;
    if let Body::Corrected(it) = &draft.body {
        return Err(Fixed::Correction { seq: it.seq, field: it.field.clone() });
    }
    if draft.basis == Basis::Machine || draft.actor == Actor::engine() {
        return Err(Fixed::Measured);
    }
    let kind = draft.body.kind();
    if SAID_ANEW.iter().any(|(of, fields)| *of == kind && fields.contains(&field)) {
        return Err(Fixed::SaidAnew);
    }
    if COURSE.contains(&field) || (field == "actor" && ROLES.contains(&kind)) {
        return Err(Fixed::Course);
    }
    Err(Fixed::NoField { fields: fields(record) })
}

/// What `field` says as the record was written; a moment that was not given is when it was written.
#[must_use]
pub fn written(record: &Record, field: &str) -> Value {
    let draft = &record.draft;
    match (field, &draft.body) {
        ("occurred", _) => Value::Word(record.occurred().to_string()),
        ("actor", _) => Value::Word(draft.actor.to_string()),
        ("basis", _) => Value::Word(draft.basis.word().to_owned()),
        ("owner", Body::ActionOpened(it)) => {
            it.owner.as_ref().map_or(Value::Nothing, |owner| Value::Word(owner.to_string()))
        }
        ("secretary", Body::Concluded(it)) => {
            it.secretary.as_ref().map_or(Value::Nothing, |who| Value::Word(who.to_string()))
        }
        ("due", Body::ActionOpened(it)) => Value::Word(it.due.clone()),
        ("date", Body::DocumentIssued(it)) => Value::Word(it.date.to_string()),
        ("date", Body::Activity(it)) => Value::Word(it.date.to_string()),
        ("until", Body::Activity(it)) => it.until.map_or(Value::Nothing, |until| Value::Word(until.to_string())),
        ("mark", Body::Marked(it)) => Value::Word(it.mark.word().to_owned()),
        (field, body) => match slot(&mut body.clone(), field) {
            Some(Slot::Whole(object)) => Value::Words(*object),
            Some(Slot::Perhaps(object)) => object.map_or(Value::Nothing, Value::Words),
            None => Value::Nothing,
        },
    }
}

/// What `field` of `record` says after the corrections among `records`.
#[must_use]
pub fn in_force<'a>(record: &Record, field: &str, records: impl IntoIterator<Item = &'a Record>) -> Value {
    let corrections = records.into_iter().filter_map(|other| match &other.draft.body {
        Body::Corrected(it) if it.seq == record.seq && it.field == field => Some(it.is.clone()),
        _ => None,
    });
    corrections.last().unwrap_or_else(|| written(record, field))
}

/// The records with every correction among them carried out; each keeps its number and when it was written.
///
/// A correction that may not be, or whose value has not the right form, changes nothing.
#[must_use]
pub fn amended(records: &[Record]) -> Vec<Record> {
    carried_out(records).0
}

/// The corrections among `records` that are carried out, by the record that each of them corrects, in their order: what a record
/// says now rests on them as well.
#[must_use]
pub fn corrections(records: &[Record]) -> BTreeMap<u64, Vec<u64>> {
    carried_out(records).1
}

fn carried_out(records: &[Record]) -> (Vec<Record>, BTreeMap<u64, Vec<u64>>) {
    let (mut amended, mut corrections) = (records.to_vec(), BTreeMap::<u64, Vec<u64>>::new());
    for record in records {
        let Body::Corrected(corrected) = &record.draft.body else { continue };
        let Ok(at) = amended.binary_search_by_key(&corrected.seq, |record| record.seq) else { continue };
        let before = amended[at].clone();
        amend(&mut amended[at], corrected);
        if amended[at] != before {
            corrections.entry(corrected.seq).or_default().push(record.seq);
        }
    }
    (amended, corrections)
}

fn amend(record: &mut Record, corrected: &Corrected) {
    let Ok(kind) = kind_of(record, &corrected.field) else { return };
    let draft = &mut record.draft;
    match (kind, &corrected.is) {
        (FieldKind::Time, Value::Word(text)) => draft.occurred = text.parse().ok().or(draft.occurred),
        (FieldKind::Person, Value::Word(text)) => match (&mut draft.body, text.parse()) {
            (Body::ActionOpened(it), Ok(owner)) => it.owner = Some(owner),
            (Body::Concluded(it), Ok(secretary)) => it.secretary = Some(secretary),
            (_, Ok(actor)) => draft.actor = actor,
            _ => {}
        },
        (FieldKind::Day, Value::Word(text)) => match (&mut draft.body, text.parse()) {
            (Body::ActionOpened(it), _) => it.due.clone_from(text),
            (Body::DocumentIssued(it), Ok(day)) => it.date = day,
            (Body::Activity(it), Ok(day)) if corrected.field == "until" => it.until = Some(day),
            (Body::Activity(it), Ok(day)) => it.date = day,
            _ => {}
        },
        (FieldKind::Basis, Value::Word(word)) => draft.basis = Basis::from_word(word).unwrap_or(draft.basis),
        (FieldKind::Mark, Value::Word(word)) => {
            if let (Body::Marked(it), Some(mark)) = (&mut draft.body, Mark::from_word(word)) {
                it.mark = mark;
            }
        }
        (FieldKind::Words | FieldKind::Answer(_), Value::Words(object)) => {
            match slot(&mut draft.body, &corrected.field) {
                Some(Slot::Whole(place)) => *place = *object,
                Some(Slot::Perhaps(place)) => *place = Some(*object),
                None => {}
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OBJECT: &str =
        r#"{"object":"sha256:0000000000000000000000000000000000000000000000000000000000000001","size":50}"#;
    const OTHER: &str =
        r#"{"object":"sha256:0000000000000000000000000000000000000000000000000000000000000002","size":51}"#;

    fn record(seq: u64, actor: &str, basis: &str, kind: &str, body: &str) -> Record {
        let line = format!(
            r#"{{"v":1,"seq":{seq},"at":"2026-11-25T03:10:00.000000+07:00","mono_us":1,"boot":"b","run":"SC-2026-001","mode":"respond","actor":"{actor}","by":null,"occurred":null,"basis":"{basis}","type":"{kind}","body":{body}}}"#
        );
        Record::from_line(line.as_bytes()).expect("a record")
    }

    fn correction(seq: u64, of: u64, field: &str, is: &str) -> Record {
        let body = format!(r#"{{"seq":{of},"field":"{field}","was":null,"is":{is},"because":{OBJECT}}}"#);
        record(seq, "lan", "console", "corrected", &body)
    }

    #[track_caller]
    fn check(record: &Record, expected: &[(&str, &str)]) {
        for (field, expected) in expected {
            let seen = match kind_of(record, field) {
                Ok(FieldKind::Answer(id)) => format!("answer {id}"),
                Ok(kind) => format!("{kind:?}").to_lowercase(),
                Err(Fixed::NoField { fields }) => fields.join(" "),
                Err(Fixed::Correction { seq, field }) => format!("correct {field} of {seq}"),
                Err(fixed) => format!("{fixed:?}"),
            };
            assert_eq!(seen, *expected, "{field} of {}", record.draft.body.kind());
        }
    }

    #[test]
    fn what_people_told_may_be_corrected_and_what_decided_may_not() {
        let body = format!(r#"{{"question":"q1","outcome":"done","answers":{{"host":{OBJECT}}},"because":null}}"#);
        let answered = record(7, "lan", "console", "answered", &body);
        check(
            &answered,
            &[
                ("occurred", "time"),
                ("actor", "person"),
                ("basis", "basis"),
                ("because", "words"),
                ("answers.host", "answer host"),
                ("answers.other", "occurred actor basis because answers.host"),
                ("outcome", "Course"),
                ("checks", "Course"),
                ("text", "occurred actor basis because answers.host"),
            ],
        );
        let marked = record(8, "lan", "memory", "marked", r#"{"mark":"detected","because":null}"#);
        check(&marked, &[("mark", "mark"), ("occurred", "time"), ("step", "Course")]);
        let said = record(9, "lan", "console", "classified", r#"{"serious":"yes"}"#);
        check(&said, &[("serious", "SaidAnew"), ("personal_data", "SaidAnew"), ("occurred", "time")]);
        let joined = record(10, "lan", "console", "joined", r#"{"role":"operator"}"#);
        check(&joined, &[("actor", "Course"), ("occurred", "time")]);
        let concluded = record(11, "lan", "console", "concluded", r#"{"verdict":"passed"}"#);
        check(
            &concluded,
            &[
                ("verdict", "SaidAnew"),
                ("secretary", "person"),
                ("place", "words"),
                ("actor", "secretary place because"),
            ],
        );
    }

    #[test]
    fn what_the_machine_measured_and_what_is_a_correction_may_not_be_corrected() {
        let measured = record(3, "engine", "machine", "marked", r#"{"mark":"restored"}"#);
        check(&measured, &[("occurred", "Measured"), ("mark", "Measured")]);
        let followed = record(4, "engine", "told", "marked", r#"{"mark":"detected"}"#);
        check(&followed, &[("occurred", "Measured")]);
        check(&correction(5, 2, "text", OTHER), &[("is", "correct text of 2"), ("because", "correct text of 2")]);
    }

    #[test]
    fn the_last_correction_is_in_force_and_a_wrong_one_changes_nothing() {
        let noted = record(2, "lan", "console", "noted", &format!(r#"{{"text":{OBJECT}}}"#));
        let records = [
            noted.clone(),
            correction(3, 2, "occurred", r#""2026-11-25T01:40:00.000000+07:00""#),
            correction(4, 2, "occurred", r#""2026-11-25T01:30:00.000000+07:00""#),
            correction(5, 2, "text", OTHER),
            correction(6, 2, "actor", r#""not a person""#),
            correction(7, 99, "text", OTHER),
        ];
        assert_eq!(in_force(&noted, "text", &records[..3]), written(&noted, "text"));
        assert_eq!(in_force(&noted, "occurred", &records), Value::Word("2026-11-25T01:30:00.000000+07:00".to_owned()));
        let seen = &amended(&records)[0];
        assert_eq!(seen.occurred().to_string(), "2026-11-25T01:30:00.000000+07:00");
        assert_eq!(seen.draft.actor.as_str(), "lan");
        assert_eq!(corrections(&records), BTreeMap::from([(2, vec![3, 4, 5])]), "what changed nothing is no ground");
        let Body::Noted(body) = &seen.draft.body else { panic!("a note") };
        assert_eq!(serde_json::to_string(&body.text).expect("JSON"), OTHER);
        assert_eq!(written(&noted, "occurred"), Value::Word("2026-11-25T03:10:00.000000+07:00".to_owned()));
    }
}
