//! What was entered late, for another, corrected, taken out, or added after the end or a signature.

use std::collections::BTreeMap;

use super::{Gatherer, both};
use crate::message::{Message, format, message};
use crate::model::record::Value;
use crate::model::{Actor, Basis, Body, Lang, Mark, ObjectRef, Objects, Record, RunId, Stamp, Text};
use crate::report::format::labels;
use crate::report::{
    ChangeKind, ChangeRow, Conclusion, Correction, Exception, Report, SignatureRow, SignatureStanding, Voided,
};

/// Types that are expected after the end of a run.
const AFTER_THE_END: &[&str] = &["concluded", "run-voided", "signed"];

/// Types that are kept with a run and are no part of what happened in it.
pub(super) const BESIDE: &[&str] = &["document-issued", "activity", "action-opened", "action-closed"];

/// Every record among `records` that was entered late, for another, corrects, takes out, or was added later, in the order of
/// the log. What the engine itself wrote from a late entry is not listed again.
#[must_use]
pub fn changes(records: &[Record], objects: &dyn Objects) -> Vec<ChangeRow> {
    let mut ended: BTreeMap<&RunId, u64> = BTreeMap::new();
    let mut began: BTreeMap<&RunId, u64> = BTreeMap::new();
    let mut signed: Vec<(Option<&RunId>, u64)> = Vec::new();
    let mut rows = Vec::new();
    for record in records {
        let (seq, draft) = (record.seq, &record.draft);
        let run = draft.run.as_ref();
        match (&draft.body, run) {
            (Body::RunStarted(_), Some(run)) => {
                began.insert(run, seq);
            }
            (Body::RunEnded(_), Some(run)) => {
                ended.insert(run, seq);
            }
            _ => {}
        }
        let by_person = draft.actor != Actor::engine();
        let retold = matches!(draft.basis, Basis::Told | Basis::Paper | Basis::Memory);
        let redacted = taken_out(&draft.body);
        let kind = draft.body.kind();
        let after: Vec<u64> = signed
            .iter()
            .filter(|(of, size)| {
                // A signature over the ledger is about the runs that were there.
                let about = match (of, run) {
                    (Some(of), run) => Some(*of) == run,
                    (None, Some(run)) => began.get(run).is_some_and(|began| began < size),
                    (None, None) => true,
                };
                about && seq >= *size && by_person && kind != "signed"
            })
            .map(|(_, size)| *size)
            .collect();
        let late_addition = run.is_some_and(|run| ended.contains_key(run)) && by_person;
        let kinds: Vec<ChangeKind> = [
            (by_person && draft.occurred.is_some() && draft.basis != Basis::Machine, ChangeKind::Late),
            (by_person && draft.occurred.is_none() && retold, ChangeKind::Retold),
            (by_person && draft.by.is_some(), ChangeKind::ForAnother),
            (matches!(draft.body, Body::Corrected(_)), ChangeKind::Corrected),
            (redacted.is_some(), ChangeKind::Redacted),
            (late_addition && !AFTER_THE_END.contains(&kind), ChangeKind::AfterEnd),
            (!after.is_empty(), ChangeKind::AfterSignature),
        ]
        .into_iter()
        .filter_map(|(is, kind)| is.then_some(kind))
        .collect();
        if let Body::Signed(it) = &draft.body {
            signed.push((run, it.size));
        }
        if kinds.is_empty() {
            continue;
        }
        let text = |object: &ObjectRef| objects.get_text(object).ok().flatten();
        let (because, redacted) = match redacted {
            Some((count, because)) => (because, Some(count)),
            None => (draft.body.because().copied(), None),
        };
        rows.push(ChangeRow {
            seq,
            run: run.cloned(),
            kinds,
            kind: kind.to_owned(),
            written: record.written.at,
            occurred: draft.occurred,
            actor: draft.actor.clone(),
            by: draft.by.clone(),
            basis: draft.basis,
            because: because.as_ref().and_then(text),
            told: None,
            correction: match &draft.body {
                Body::Corrected(it) => {
                    let shown = |value: &Value| match value {
                        Value::Nothing => None,
                        Value::Word(word) => Some(word.clone()),
                        Value::Words(object) => text(object).map(|text| plain(&it.field, text)),
                    };
                    Some(Correction { seq: it.seq, field: it.field.clone(), was: shown(&it.was), is: shown(&it.is) })
                }
                _ => None,
            },
            redacted,
            after,
        });
    }
    rows
}

/// How many objects a record takes out, and its reason. This version does not write such records yet, and reads them.
fn taken_out(body: &Body) -> Option<(usize, Option<ObjectRef>)> {
    #[derive(serde::Deserialize)]
    struct Redacted {
        objects: Vec<ObjectRef>,
        #[serde(default)]
        because: Option<ObjectRef>,
    }
    let Body::Unknown { kind, body } = body else { return None };
    let redacted: Redacted = if kind == "redacted" { serde_json::from_str(body).ok()? } else { return None };
    Some((redacted.objects.len(), redacted.because))
}

/// An answer is kept as JSON; people see the text in it.
pub(super) fn plain(field: &str, text: String) -> String {
    if !field.starts_with("answers.") {
        return text;
    }
    match serde_json::from_str(&text) {
        Ok(serde_json::Value::String(text)) => text,
        _ => text,
    }
}

impl Gatherer<'_> {
    /// Where the moment of a record is known from, where the machine did not see it come.
    pub(super) fn known_from(record: &Record) -> Option<Basis> {
        let basis = record.draft.basis;
        let retold = matches!(basis, Basis::Told | Basis::Paper | Basis::Memory);
        (retold || (record.draft.occurred.is_some() && basis != Basis::Machine)).then_some(basis)
    }

    /// Where a moment that a clock or a mark hangs on is known from, where the machine did not see it come.
    pub(super) fn basis_at(&self, at: &Stamp) -> Option<Basis> {
        let mut told =
            self.records().iter().filter(|record| record.draft.occurred.is_some_and(|it| it.instant == at.instant));
        told.find_map(Self::known_from)
    }

    pub(super) fn concluded(&self) -> Option<Conclusion> {
        let said = self.state.incident().concluded.as_ref()?;
        let record = self.records().iter().find(|record| record.seq == said.seq)?;
        let (secretary, place) = match &record.draft.body {
            Body::Concluded(it) => (it.secretary.clone(), it.place.as_ref().and_then(|place| self.text(place))),
            _ => (None, None),
        };
        Some(Conclusion {
            secretary,
            place,
            verdict: said.verdict,
            by: record.draft.actor.clone(),
            at: record.occurred(),
            basis: Self::known_from(record),
            because: record.draft.body.because().and_then(|because| self.text(because)),
            records: vec![record.seq],
        })
    }

    pub(super) fn voided(&self) -> Option<Voided> {
        let seq = self.state.incident().voided?;
        let record = self.records().iter().find(|record| record.seq == seq)?;
        Some(Voided {
            by: record.draft.actor.clone(),
            at: record.occurred(),
            because: record.draft.body.because().and_then(|because| self.text(because)),
            records: vec![seq],
        })
    }

    pub(super) fn signatures(&self) -> Vec<SignatureRow> {
        let run = self.records().first().and_then(|record| record.draft.run.as_ref());
        let began = self.records().first().map_or(0, |record| record.seq);
        let rows = self.facts.signed.iter().filter_map(|record| match &record.draft.body {
            Body::Signed(it) if record.draft.run.as_ref() == run || it.size > began => Some(SignatureRow {
                by: record.draft.actor.clone(),
                at: record.written.at,
                size: it.size,
                key: it.vkey.clone(),
                standing: self.compared(record.seq, &record.draft.actor, &it.vkey),
                run: record.draft.run.clone(),
                records: vec![record.seq],
            }),
            _ => None,
        });
        rows.collect()
    }

    /// What comparing the signature in record `seq` came to: the ledger's own judgement, then whose key it is.
    fn compared(&self, seq: u64, who: &Actor, vkey: &str) -> SignatureStanding {
        let standing = self.facts.standing;
        let about = |code: &str| standing.findings.iter().any(|it| it.seq == Some(seq) && it.code == code);
        let broken = ["person-signature-bad", "person-signature-root", "person-signature-size", "object-altered"];
        if broken.into_iter().any(about) {
            return SignatureStanding::Broken;
        }
        if ["person-signature-gone", "object-missing", "object-unreadable"].into_iter().any(about) {
            return SignatureStanding::Gone;
        }
        if standing.ok.is_none() || seq >= standing.held {
            return SignatureStanding::NotLooked;
        }
        match self.facts.keys.get(who) {
            Some(key) if key == vkey => SignatureStanding::Good,
            Some(_) => SignatureStanding::OtherKey,
            None => SignatureStanding::NoKey,
        }
    }

    /// What people call a field of record `seq`: of an answer, what was asked for.
    pub(super) fn field_called(&self, seq: u64, field: &str) -> Message {
        let record = self.facts.records.iter().find(|record| record.seq == seq);
        let (Some(id), Some(Body::Answered(it))) = (field.strip_prefix("answers."), record.map(|it| &it.draft.body))
        else {
            return labels::field(field);
        };
        let step = self.state.question(&it.question).and_then(|question| self.planned(question.step.as_ref()?));
        message!("report-field-answer-to", title = self.asked_title(step, id))
    }

    /// A value of a field as people say it: names, days and words of ours; what else stands there as it is.
    pub(super) fn value_called(&self, field: &str, value: Option<&str>, lang: Lang) -> String {
        let known = value.and_then(|value| match field {
            "actor" | "owner" | "secretary" => Some(self.called(&value.parse().ok()?)),
            "due" | "date" | "until" => Some(format::day(value, lang)),
            "basis" => Some(basis(Basis::from_word(value)?).render(lang)),
            "mark" => Some(labels::mark(Mark::from_word(value)?).render(lang)),
            _ => None,
        });
        known.unwrap_or_else(|| shown(value, lang))
    }

    /// Voided runs, corrections with both values, late entries with both moments.
    pub(super) fn of_changes(&self, report: &Report, found: &mut Vec<Exception>) {
        if let Some(voided) = &report.voided {
            let text = with_words(
                &message!("report-exception-voided", who = self.called(&voided.by)),
                voided.because.as_ref(),
            );
            found.push(Exception { code: "voided", grave: true, text, records: voided.records.clone() });
        }
        for row in &report.changes {
            let mut add = |code, text| found.push(Exception { code, grave: false, text, records: vec![row.seq] });
            if let Some(it) = &row.correction {
                let field = self.field_called(it.seq, &it.field);
                let make = |lang| {
                    let value = |value: Option<&str>| self.value_called(&it.field, value, lang);
                    let (was, is) = (value(it.was.as_deref()), value(it.is.as_deref()));
                    let (of, field) = (it.seq.to_string(), field.clone());
                    message!("report-exception-corrected", of = of, field = field, was = was, is = is)
                };
                add("corrected", in_each(make, row.because.as_ref()));
            }
            if let Some(occurred) = row.occurred.filter(|_| row.is(ChangeKind::Late)) {
                let make = |lang| late_entry(report, row, &occurred, lang, format::time);
                add("late", in_each(make, row.because.as_ref()));
            }
        }
        // Papers and actions that come of a run tell nothing of it.
        let of_the_run = |row: &&ChangeRow| !BESIDE.contains(&row.kind.as_str());
        let retold: Vec<u64> = report
            .changes
            .iter()
            .filter(|row| row.is(ChangeKind::Retold))
            .filter(of_the_run)
            .map(|row| row.seq)
            .collect();
        if !retold.is_empty() {
            let text = both(&message!("report-exception-late", count = retold.len()));
            found.push(Exception { code: "retold", grave: false, text, records: retold });
        }
    }
}

/// A late entry with both moments, who tells it and what it says; `time` writes a moment.
pub(in crate::report) fn late_entry(
    report: &Report,
    row: &ChangeRow,
    occurred: &Stamp,
    lang: Lang,
    time: fn(&Stamp, Lang) -> String,
) -> Message {
    let said =
        row.told.as_ref().map_or_else(|| labels::record(&row.kind).render(lang), |told| told.pick(lang).to_owned());
    message!(
        "report-exception-late-entry",
        written = time(&row.written, lang),
        occurred = time(occurred, lang),
        who = called(report, &row.actor),
        basis = basis(row.basis),
        said = said
    )
}

/// Somebody by name; the account only where nobody knows one.
fn called(report: &Report, who: &Actor) -> String {
    report.name_of(who).map_or_else(|| who.to_string(), str::to_owned)
}

/// A corrected value: a moment as the language has it, nothing as a dash.
pub(in crate::report) fn shown(value: Option<&str>, lang: Lang) -> String {
    match value {
        None => "–".to_owned(),
        Some(text) => text.parse::<Stamp>().map_or_else(|_| text.to_owned(), |stamp| format::time(&stamp, lang)),
    }
}

/// Where a fact is known from, in words.
#[must_use]
pub fn basis(basis: Basis) -> Message {
    match basis {
        Basis::Machine => message!("report-basis-machine"),
        Basis::Console => message!("report-basis-console"),
        Basis::Told => message!("report-basis-told"),
        Basis::Paper => message!("report-basis-paper"),
        Basis::Memory => message!("report-basis-memory"),
    }
}

fn in_each(make: impl Fn(Lang) -> Message, because: Option<&String>) -> Text {
    let text = Text::Each { vi: Some(make(Lang::Vi).render(Lang::Vi)), en: Some(make(Lang::En).render(Lang::En)) };
    because.map_or(text.clone(), |words| super::joined(&text, words))
}

fn with_words(message: &Message, because: Option<&String>) -> Text {
    in_each(|_| message.clone(), because)
}
