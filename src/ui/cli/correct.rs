//! `ungpho correct`: a field of an earlier record was wrong. Nothing is deleted: both values stay, the later is in force.
//!
//! It changes the evidence only, and by adding to it, as `note` does: so nothing is asked, and both values are shown.

use jiff::civil::Date;

use crate::message::{Message, format, message};
use crate::model::record::correctable::{self, FieldKind, Fixed};
use crate::model::record::{Body, Corrected, Value};
use crate::model::{Durability, Id, Journal as _, Objects as _, Record, RunId, RunState, Stamp};
use crate::policy::in_vietnam;
use crate::ui::console::reply;
use crate::ui::desk::{Desk, journal_failure, ledger_failure};
use crate::ui::entry::{self, Entry, EntryArgs};
use crate::ui::{Context, Exit, Failure, papers};

/// Correct what an earlier record says
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho correct 14 answers.host --to app-02 --because \"Gõ nhầm tên máy\"")]
pub struct Args {
    /// The record's number and the field: occurred, actor, basis, mark, text, because, answers.ID, to, number, name, date, until,
    /// signer, what, owner, due, with, result, `follow_up`, secretary, place; before them the run, where the record is of one
    /// that has ended
    #[arg(value_name = "RUN SEQ FIELD", required = true, num_args = 1..=3)]
    words: Vec<String>,
    /// What it should say
    #[arg(long, value_name = "VALUE")]
    to: String,
    #[command(flatten)]
    entry: EntryArgs,
}

/// Keeps the correction, with what was in force before.
///
/// # Errors
///
/// Where there is no such record or field, it may not be corrected, the value has not the right form or is the same, or the
/// ledger cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let (run, words) = super::run_and_rest(&args.words);
    let desk = Desk::open(context)?;
    let (seq, field) = match words {
        [seq, field] => (seq, field),
        [field] => return Err(which(&desk, field, run.as_ref())),
        _ => return Err(super::too_many(words.len())),
    };
    let (record, of) = found(&desk, seq, field, run.as_ref())?;
    let kind = correctable::kind_of(&record, field).map_err(|fixed| refused(&record, field, &fixed))?;
    let entry = args.entry.reasoned(context, &desk.workspace)?;
    let records = match &of {
        Some((run, _)) => desk.ledger.records_of(run, record.seq).map_err(|e| journal_failure(&e))?,
        None => desk.ledger.records_of_type("corrected").map_err(|e| ledger_failure(&e))?,
    };
    let was = correctable::in_force(&record, field, &records);
    let case = Case { context, desk: &desk, record: &record, field, records: &records, of: of.as_ref() };
    let (is, shown) = case.read(&kind, args.to.trim())?;
    let before = case.shown(&kind, &was);
    if before == shown {
        let message = message!("amend-same-value", seq = record.seq.to_string(), field = field.as_str(), value = shown);
        return Err(Failure::new(Exit::Invalid, "same-value", message));
    }
    let seq = record.seq.to_string();
    context.note(&message!("amend-correcting", seq = seq.as_str(), field = field.as_str(), was = before, is = shown));
    let because = desk.because(&entry)?;
    let is = match is {
        Read::Word(word) => Value::Word(word),
        Read::Words(text) => Value::Words(desk.words(&text)?),
    };
    let corrected = Corrected { seq: record.seq, field: field.clone(), was, is, because };
    let kept = match &of {
        Some((run, state)) => desk.record(context, &entry, (run, state), corrected.into())?,
        None => of_no_run(&desk, &entry, corrected.into())?,
    };
    context.note(&message!("amend-corrected", seq = seq, kept = kept.seq.to_string()));
    Ok(Exit::Passed)
}

/// Keeps a correction of what belongs to no run, and signs the log as it stands.
fn of_no_run(desk: &Desk, entry: &Entry, body: Body) -> Result<Record, Failure> {
    let draft = entry.draft(None, None, body);
    let appended = desk.ledger.append(&[draft], Durability::Synced).map_err(|e| journal_failure(&e))?;
    desk.checkpoint()?;
    appended.records.into_iter().next().ok_or_else(|| Failure::reported(Exit::Machine))
}

/// That no record was named, with those of the run that have such a field.
fn which(desk: &Desk, field: &str, run: Option<&RunId>) -> Failure {
    let failure = Failure::new(Exit::Invalid, "nothing-to-correct", message!("amend-which-record", field = field));
    let records = run.and_then(|run| desk.ledger.records_of(run, 0).ok()).unwrap_or_default();
    let fits = records.iter().filter(|record| correctable::kind_of(record, field).is_ok());
    let fits: Vec<String> = fits.map(|record| format!("#{}", record.seq)).collect();
    match run.filter(|_| !fits.is_empty()) {
        Some(run) => {
            let records = fits.join(", ");
            failure.help(message!("amend-which-record-help", run = run.as_str(), field = field, records = records))
        }
        None => failure.help(message!("amend-which-record-where", field = field)),
    }
}

/// A run, and how it stands.
type Run = (RunId, RunState);

/// The record, and its run; a document that was issued and an activity may belong to none.
fn found(desk: &Desk, seq: &str, field: &str, given: Option<&RunId>) -> Result<(Record, Option<Run>), Failure> {
    let nothing = || Failure::new(Exit::Invalid, "nothing-to-correct", message!("cli-nothing-to-correct", seq = seq));
    let number: u64 = seq.strip_prefix('#').unwrap_or(seq).parse().map_err(|_| nothing())?;
    let mut records = desk.ledger.records(number, number.saturating_add(1)).map_err(|e| ledger_failure(&e))?;
    let record = records.pop().ok_or_else(nothing)?;
    let Some(run) = record.draft.run.clone() else {
        if let Some(given) = given {
            let message = message!("amend-of-no-run", seq = seq, given = given.as_str());
            return Err(Failure::new(Exit::Invalid, "of-another-run", message));
        }
        return match (&record.draft.body, correctable::kind_of(&record, field)) {
            (Body::DocumentIssued(_) | Body::Activity(_), _) => Ok((record, None)),
            (_, Err(fixed @ (Fixed::Measured | Fixed::Correction { .. }))) => Err(refused(&record, field, &fixed)),
            _ => Err(refused(&record, field, &Fixed::NoField { fields: Vec::new() })),
        };
    };
    if let Some(given) = given.filter(|given| **given != run) {
        let message = message!("amend-of-another-run", seq = seq, run = run.as_str(), given = given.as_str());
        return Err(Failure::new(Exit::Invalid, "of-another-run", message));
    }
    let (run, state) = desk.run(Some(&run))?;
    if state.ended() && given.is_none() {
        let failure = Failure::new(Exit::Invalid, "run-needed", message!("amend-run-needed", run = run.as_str()));
        return Err(failure.help(message!("amend-run-needed-help", run = run.as_str(), seq = seq)));
    }
    Ok((record, Some((run, state))))
}

/// Why it may not be corrected, and what to do instead.
fn refused(record: &Record, field: &str, fixed: &Fixed) -> Failure {
    let seq = record.seq.to_string();
    let kind = record.draft.body.kind();
    let not = |message: Message| Failure::new(Exit::Invalid, "not-correctable", message);
    match fixed {
        Fixed::Correction { seq: of, field } => {
            let message = message!("amend-is-correction", seq = seq, field = field.as_str(), of = of.to_string());
            Failure::new(Exit::Invalid, "correction-of-correction", message).help(message!(
                "amend-is-correction-help",
                field = field.as_str(),
                of = of.to_string()
            ))
        }
        Fixed::Measured => not(message!("amend-measured", seq = seq)).help(message!("amend-note-instead")),
        Fixed::Course => not(message!("amend-course", seq = seq, field = field)).help(message!("amend-note-instead")),
        Fixed::SaidAnew => {
            let command = match kind {
                "classified" => "ungpho classify",
                "concluded" => "ungpho conclude",
                "notice-sent" => "ungpho sent",
                "document-issued" => "ungpho report issued",
                "activity" => "ungpho activity add",
                _ => "ungpho attach-file",
            };
            not(message!("amend-said-anew", seq = seq, field = field))
                .help(message!("amend-said-anew-help", command = command))
        }
        Fixed::NoField { fields } => {
            let message = message!("amend-no-field", seq = seq, kind = kind, field = field);
            let failure = Failure::new(Exit::Invalid, "no-such-field", message);
            match crate::source::suggest::one_of_these(field, fields.iter().map(String::as_str)) {
                Some(help) => failure.help(help),
                None => failure.help(message!("amend-note-instead")),
            }
        }
    }
}

/// What was read: what stands in the line, or words that become an object.
enum Read {
    Word(String),
    Words(String),
}

struct Case<'a> {
    context: &'a Context,
    desk: &'a Desk,
    record: &'a Record,
    field: &'a str,
    /// The corrections so far, among others.
    records: &'a [Record],
    of: Option<&'a Run>,
}

impl Case<'_> {
    /// Reads a typed value, and gives it as people see it too.
    fn read(&self, kind: &FieldKind, text: &str) -> Result<(Read, String), Failure> {
        let word = |word: &str| Ok((Read::Word(word.to_owned()), self.shown(kind, &Value::Word(word.to_owned()))));
        match kind {
            FieldKind::Time => {
                let stamp = entry::moment(self.context, text, &self.context.clock.now().at)?;
                if let Some((run, state)) = self.of {
                    self.desk.not_before_the_run(self.context, Some(stamp), (run, state))?;
                }
                let written = self.record.written.at;
                if stamp.instant > written.instant {
                    let when = format::time(&in_vietnam(&written), self.context.lang);
                    let message = message!("amend-after-written", seq = self.record.seq.to_string(), when = when);
                    return Err(Failure::new(Exit::Invalid, "after-it-was-written", message));
                }
                word(&stamp.to_string())
            }
            FieldKind::Person => word(entry::person(self.context, &self.desk.workspace, text)?.as_str()),
            FieldKind::Basis => word(entry::basis(text)?.word()),
            FieldKind::Day => word(&self.day(text)?.to_string()),
            FieldKind::Mark => word(super::mark::read(text)?.word()),
            FieldKind::Words | FieldKind::Answer(_) if text.is_empty() => {
                Err(Failure::new(Exit::Invalid, "empty-value", message!("amend-empty-value")))
            }
            FieldKind::Words => Ok((Read::Words(text.to_owned()), text.to_owned())),
            FieldKind::Answer(id) => {
                let value = self.answer(id, text)?;
                Ok((Read::Words(value.to_string()), plain(&value.to_string())))
            }
        }
    }

    /// A day, which of a paper has come and is not before what the paper is about.
    fn day(&self, text: &str) -> Result<Date, Failure> {
        let day = super::action::day(text)?;
        let other = |field| match correctable::in_force(self.record, field, self.records) {
            Value::Word(word) => word.parse::<Date>().ok(),
            _ => None,
        };
        match &self.record.draft.body {
            Body::DocumentIssued(_) => {
                let began = self.of.map(|(_, state)| papers::began(self.desk, state, self.context)).transpose()?;
                papers::possible(day, began.flatten(), self.context)?;
            }
            Body::Activity(_) => {
                papers::possible(day, None, self.context)?;
                let backwards = match self.field {
                    "until" => other("date").is_some_and(|first| day < first),
                    _ => other("until").is_some_and(|last| last < day),
                };
                if backwards {
                    return Err(Failure::new(Exit::Invalid, "day-not-possible", message!("task-activity-backwards")));
                }
            }
            _ => {}
        }
        Ok(day)
    }

    /// A value that was asked for, read as the question asked for it.
    fn answer(&self, id: &Id, text: &str) -> Result<serde_json::Value, Failure> {
        let Body::Answered(body) = &self.record.draft.body else { return Ok(text.into()) };
        let Some((run, state)) = self.of else { return Ok(text.into()) };
        let scene = self.desk.scene(self.context, run, state)?;
        let kind = scene.asked_for(&body.question, id);
        // What a tabletop states of a step that does not run has no declared kind but text.
        kind.map_or_else(|| Ok(text.into()), |kind| reply::value(&kind, text)).map_err(|form| {
            let message = message!("cli-answer-value-form", id = id.as_str(), form = form);
            Failure::new(Exit::Invalid, "wrong-value", message)
        })
    }

    /// A value as people see it.
    fn shown(&self, kind: &FieldKind, value: &Value) -> String {
        let lang = self.context.lang;
        match (kind, value) {
            (_, Value::Nothing) => "–".to_owned(),
            (FieldKind::Time, Value::Word(word)) => {
                word.parse::<Stamp>().map_or_else(|_| word.clone(), |stamp| format::time(&stamp, lang))
            }
            (FieldKind::Day, Value::Word(word)) => format::day(word, lang),
            (_, Value::Word(word)) => word.clone(),
            (kind, Value::Words(object)) => match self.desk.ledger.get_text(object).ok().flatten() {
                Some(text) if matches!(kind, FieldKind::Answer(_)) => plain(&text),
                Some(text) => text,
                None => message!("report-redacted").render(lang),
            },
        }
    }
}

/// A JSON text as people type it.
fn plain(json: &str) -> String {
    match serde_json::from_str(json) {
        Ok(serde_json::Value::String(text)) => text,
        _ => json.to_owned(),
    }
}
