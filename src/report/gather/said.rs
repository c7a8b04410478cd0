//! What people said: answers, notes, files; and the notices that were prepared.

use super::{Gatherer, both};
use crate::engine::plan::Action;
use crate::engine::state::{Question, Said};
use crate::message::message;
use crate::model::record::What;
use crate::model::{Body, ObjectRef, Outcome, Text};
use crate::report::duties;
use crate::report::{AttachmentRow, ClassifiedRow, DutyPart, NoteRow, NoticeRow, QuestionRow, SentRow};

impl Gatherer<'_> {
    pub(super) fn questions(&self) -> Vec<QuestionRow> {
        self.state.questions().map(|question| self.question(question)).collect()
    }

    fn question(&self, question: &Question) -> QuestionRow {
        let answer = question.answer.as_ref();
        let step = question.step.as_ref().and_then(|step| self.planned(step));
        let values = self.values_of(question);
        let mut row = QuestionRow {
            id: question.id.clone(),
            step: question.step.clone(),
            title: step.map(crate::engine::plan::Step::name),
            what: question.what,
            asked: question.asked.at,
            by: answer.map(|answer| answer.actor.clone()),
            answered: answer.map(|answer| answer.occurred.unwrap_or(answer.written.at)),
            basis: answer.map(|answer| answer.basis),
            answer: answer.map(|answer| answer_text(step, question.what, &answer.said)),
            values,
            checks: Vec::new(),
            because: answer.and_then(|answer| answer.because.as_ref()).and_then(|because| self.text(because)),
            second: self.second_to(question),
            follow_up: None,
            records: Vec::new(),
        };
        let confirmed = self.state.incident().alone.iter().find(|alone| alone.question == question.id);
        let confirmed = confirmed.and_then(|alone| alone.confirmed.as_ref()).map(|(_, seq)| *seq);
        for record in self.own() {
            match &record.draft.body {
                Body::Asked(body) if body.question == question.id => row.records.push(record.seq),
                Body::Answered(body) if body.question == question.id => {
                    row.records.push(record.seq);
                    if let Some(Action::Manual(manual)) = step.map(|step| &step.action) {
                        row.checks = manual.checks.iter().cloned().zip(body.checks.iter().copied()).collect();
                    }
                }
                Body::Decided(body) if body.question == question.id => {
                    row.records.push(record.seq);
                    row.follow_up = body.follow_up.as_ref().and_then(|text| self.text(text));
                }
                Body::Confirmed(_) if confirmed == Some(record.seq) => row.records.push(record.seq),
                Body::Consented(body) if body.question == question.id => row.records.push(record.seq),
                _ => {}
            }
        }
        row
    }

    /// What was answered to what a step asks for, each with its title; null where it was redacted.
    pub(super) fn values_of(&self, question: &Question) -> Vec<(String, Option<String>)> {
        let answer = question.answer.as_ref().map(|answer| &answer.said);
        let Some(Said::Outcome { answers, .. }) = answer else { return Vec::new() };
        let step = question.step.as_ref().and_then(|step| self.planned(step));
        let values = answers.iter().map(|(id, object)| {
            let text = self.text(object).map(|text| match serde_json::from_str(&text) {
                Ok(serde_json::Value::String(text)) => text,
                _ => text,
            });
            (self.asked_title(step, id.as_str()), text)
        });
        values.collect()
    }

    /// What the author calls a value that was asked for.
    pub(super) fn asked_title(&self, step: Option<&crate::engine::plan::Step>, id: &str) -> String {
        let Some(Action::Manual(manual)) = step.map(|step| &step.action) else { return id.to_owned() };
        let asked = manual.ask.iter().find(|ask| ask.id == *id);
        asked.map_or_else(|| id.to_owned(), |ask| ask.title.pick(self.plan.language).to_owned())
    }

    pub(super) fn notes(&self) -> Vec<NoteRow> {
        let rows = self.records().iter().filter_map(|record| match &record.draft.body {
            Body::Noted(body) => Some(NoteRow {
                at: record.occurred(),
                by: record.draft.actor.clone(),
                step: body.step.clone(),
                text: self.text(&body.text),
                finding: body.finding,
                because: body.because.as_ref().and_then(|because| self.text(because)),
                basis: record.draft.basis,
                records: vec![record.seq],
            }),
            _ => None,
        });
        rows.collect()
    }

    pub(super) fn attachments(&self) -> Vec<AttachmentRow> {
        let rows = self.records().iter().filter_map(|record| match &record.draft.body {
            Body::Attached(body) => Some(AttachmentRow {
                at: record.occurred(),
                by: record.draft.actor.clone(),
                step: body.step.clone(),
                name: self.text(&body.name),
                digest: body.file.object,
                size: body.file.size,
                records: vec![record.seq],
            }),
            _ => None,
        });
        rows.collect()
    }

    /// What persons say was sent, in the order in which it was.
    pub(super) fn sent(&self) -> Vec<SentRow> {
        let text = |object: &Option<ObjectRef>| object.as_ref().and_then(|object| self.text(object));
        let rows = self.state.incident().sent.iter().map(|sent| SentRow {
            notice: sent.notice.clone(),
            title: self.notice_title(&sent.notice),
            at: sent.edge.stamp,
            by: sent.actor.clone(),
            basis: sent.basis,
            to: text(&sent.to),
            roles: sent.roles.clone(),
            number: text(&sent.number),
            receipt: sent.receipt.map(|receipt| receipt.object),
            records: vec![sent.seq],
        });
        let mut rows: Vec<SentRow> = rows.collect();
        rows.sort_by_key(|row| row.at.instant);
        rows
    }

    /// The duties, with what was sent and how it was classified.
    pub(super) fn duties(&self) -> Option<DutyPart> {
        let text = |object: &Option<ObjectRef>| object.as_ref().and_then(|object| self.text(object));
        let classified = self.records().iter().filter_map(|record| match &record.draft.body {
            Body::Classified(body) => Some(ClassifiedRow {
                at: record.occurred(),
                by: record.draft.actor.clone(),
                text: self.told(&record.draft.body)?.0,
                serious: body.serious,
                definition: text(&body.definition),
                because: text(&body.because),
                records: vec![record.seq],
            }),
            _ => None,
        });
        let mut classified: Vec<ClassifiedRow> = classified.collect();
        classified.sort_by_key(|row| row.at.instant);
        duties::part(self.facts.rules, &self.state, &self.facts.now.at, &self.sent(), classified)
    }

    pub(super) fn notices(&self) -> Vec<NoticeRow> {
        let rows = self.records().iter().filter_map(|record| match &record.draft.body {
            Body::NoticePrepared(body) => Some(NoticeRow {
                at: record.occurred(),
                notice: body.notice.clone(),
                step: body.step.clone(),
                by: body.step.is_none().then(|| record.draft.actor.clone()),
                text: self.text(&body.text),
                digest: body.text.object,
                records: vec![record.seq],
            }),
            _ => None,
        });
        rows.collect()
    }
}

pub(super) fn answer_text(step: Option<&crate::engine::plan::Step>, what: What, said: &Said) -> Text {
    match said {
        Said::Outcome { outcome, .. } => both(&match outcome {
            Outcome::Done => message!("report-outcome-done"),
            Outcome::Failed => message!("report-outcome-failed"),
            Outcome::Skipped => message!("report-outcome-skipped"),
            Outcome::Unknown => message!("report-outcome-unknown"),
            Outcome::Abandoned => message!("report-outcome-abandoned"),
        }),
        Said::Taken => both(&message!("report-outcome-taken")),
        Said::Choice(choice) if what == What::Truth => {
            both(&if *choice == *"yes" { message!("report-yes") } else { message!("report-no") })
        }
        Said::Choice(choice) => {
            let title = match step.map(|step| &step.action) {
                Some(Action::Decide(decide)) => decide.options.iter().find(|option| option.id == *choice),
                _ => None,
            };
            title.map_or_else(|| Text::Same(choice.to_string()), |option| option.title.clone())
        }
        Said::Consent(true) => both(&message!("report-consent-given")),
        Said::Consent(false) => both(&message!("report-consent-refused")),
    }
}
