//! What a record says, in a sentence of its own: for what came after the end of a run, or after a signature.

use super::{Gatherer, both, joined};
use crate::message::{format, message};
use crate::model::record::{ActionOpened, Corrected, DocumentIssued, Value};
use crate::model::{Body, Id, Lang, Record, Text};
use crate::report::{ChangeRow, changes, tasks};

impl Gatherer<'_> {
    /// What was entered late, for another, corrected, taken out or added, each with what it says.
    pub(super) fn changes(&self) -> Vec<ChangeRow> {
        // Who signed the ledger as such signed this run too.
        let whole = self.facts.signed.iter().filter(|record| record.draft.run.is_none());
        let mut records: Vec<Record> = self.facts.records.iter().chain(whole).cloned().collect();
        records.sort_by_key(|record| record.seq);
        let mut rows = changes(&records, self.facts.objects);
        rows.retain(|row| row.run.is_some());
        for row in &mut rows {
            let record = self.records().iter().find(|record| record.seq == row.seq);
            row.told = record.and_then(|record| self.said_in(&record.draft.body));
        }
        rows
    }

    /// What a record says; nothing where its type's word says it all. Its reason stands apart.
    fn said_in(&self, body: &Body) -> Option<Text> {
        Some(match body {
            Body::DocumentIssued(it) => self.issued(it),
            Body::Scored(it) => {
                let (objective, rating) = (self.objective(&it.objective), it.rating.word());
                both(&message!("report-told-scored", objective = objective, rating = rating))
            }
            Body::ActionOpened(it) => self.action_opened(it),
            Body::ActionClosed(it) => {
                let opened = self.records().iter().find(|record| record.seq == it.action);
                let what = match opened.map(|record| &record.draft.body) {
                    Some(Body::ActionOpened(opened)) => self.text(&opened.what),
                    _ => None,
                };
                let what = what.unwrap_or_else(|| format!("#{}", it.action));
                both(&match &it.retest {
                    Some(run) => message!("report-told-retested", what = what, run = run.as_str()),
                    None => message!("report-told-done", what = what),
                })
            }
            Body::Activity(it) => {
                let kind = both(&tasks::activity_word(it.kind));
                let what = it.what.as_ref().and_then(|what| self.text(what));
                // What is withdrawn is told as it was.
                let earlier = self.records().iter().find(|record| Some(record.seq) == it.replaces);
                match (what, earlier.map(|record| &record.draft.body)) {
                    (Some(what), _) => joined(&kind, &what),
                    (None, Some(Body::DocumentIssued(document))) => {
                        let document = self.issued(document);
                        let say = |lang| Some(format!("{}: {}", kind.pick(lang), document.pick(lang)));
                        Text::Each { vi: say(Lang::Vi), en: say(Lang::En) }
                    }
                    (None, _) => kind,
                }
            }
            Body::Corrected(it) => self.corrected(it),
            Body::Noted(_) | Body::Attached(_) => {
                let (text, words) = self.told(body)?;
                words.map_or(text.clone(), |words| joined(&text, &words))
            }
            body => self.told(body)?.0,
        })
    }

    fn issued(&self, it: &DocumentIssued) -> Text {
        let number = self.text(&it.number);
        let say = |lang| {
            let date = format::day(&it.date.to_string(), lang);
            let number = number.clone().unwrap_or_else(|| message!("report-redacted").render(lang));
            let kind = tasks::document_word(it.document);
            Some(message!("report-told-issued", kind = kind, number = number, date = date).render(lang))
        };
        Text::Each { vi: say(Lang::Vi), en: say(Lang::En) }
    }

    pub(super) fn action_opened(&self, it: &ActionOpened) -> Text {
        let what = self.text(&it.what);
        let owner = it.owner.as_ref().map(|owner| self.called(owner));
        let owner = owner.or_else(|| it.owner_name.as_ref().and_then(|name| self.text(name)));
        let say = |lang| {
            let what = what.clone().unwrap_or_else(|| message!("report-redacted").render(lang));
            let due = format::day(&it.due, lang);
            let owner = owner.clone().unwrap_or_else(|| message!("report-no-figure").render(lang));
            Some(message!("report-told-action", what = what, owner = owner, due = due).render(lang))
        };
        Text::Each { vi: say(Lang::Vi), en: say(Lang::En) }
    }

    fn corrected(&self, it: &Corrected) -> Text {
        let words = |value: &Value| match value {
            Value::Nothing => None,
            Value::Word(word) => Some(word.clone()),
            Value::Words(object) => self.text(object).map(|text| super::changes::plain(&it.field, text)),
        };
        let (was, is) = (words(&it.was), words(&it.is));
        let field = self.field_called(it.seq, &it.field);
        let say = |lang| {
            let value = |value: Option<&str>| self.value_called(&it.field, value, lang);
            let (was, is) = (value(was.as_deref()), value(is.as_deref()));
            let (of, field) = (it.seq.to_string(), field.clone());
            Some(message!("report-told-corrected", of = of, field = field, was = was, is = is).render(lang))
        };
        Text::Each { vi: say(Lang::Vi), en: say(Lang::En) }
    }

    fn objective(&self, id: &Id) -> Text {
        let known = self.plan.objectives.iter().find(|objective| objective.id == *id);
        known.map_or_else(|| Text::Same(id.to_string()), |objective| objective.title.clone())
    }
}
