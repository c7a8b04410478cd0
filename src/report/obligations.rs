//! The duties to notify and report as documents tell of them (docs/regulations.md, 4.5): when the incident was detected, how it
//! was classified and by whose definition, each duty with its deadline and what was sent for it. Nothing here changes with the
//! day on which the document is made.

use super::document::{Align, Block, Column, Inline, Marker, Spans, Table};
use super::format::labels;
use super::letterhead::{cell, resting, spans};
use super::{ClassifiedRow, DutyPart, DutyRow, Report, SentRow};
use crate::message::{Message, message};
use crate::model::{Actor, Lang, Mark, RunKind};
use crate::policy::duties::{self, Awaited, State, Timing};

/// What stands under the heading. `name` gives what people call somebody.
pub(in crate::report) fn section(report: &Report, lang: Lang, name: &dyn Fn(&Actor) -> String) -> Vec<Block> {
    let writer = Writer { report, lang, name };
    let mut blocks = Vec::new();
    if report.run.kind == RunKind::Drill {
        blocks.push(Block::Paragraph(vec![Inline::italic(writer.say(&message!("document-duty-simulated")))]));
    }
    let mut items = vec![writer.detected()];
    let Some(part) = &report.duties else {
        items.push(writer.say(&message!("document-duty-unclassified")));
        blocks.push(list(items));
        blocks.push(Block::text(writer.say(&message!("document-duty-none"))));
        return blocks;
    };
    if part.classified.is_empty() {
        items.push(writer.say(&message!("document-duty-unclassified")));
    }
    items.extend(part.classified.iter().map(|row| writer.classified(row)));
    for changed in &part.overridden {
        let (id, by, title) = (changed.id.as_str(), changed.by.as_str(), changed.title.clone());
        items.push(writer.say(&message!("report-duty-overridden", duty = id, title = title, by = by)) + ".");
    }
    items.extend(part.unread.iter().map(|file| {
        let unread = message!("report-duty-unread", file = file.as_str());
        writer.say(&unread) + "."
    }));
    blocks.push(list(items));
    blocks.extend(writer.rows(part));
    blocks
}

fn list(items: Vec<String>) -> Block {
    Block::List(Marker::Dash, items.into_iter().map(spans).collect())
}

struct Writer<'a> {
    report: &'a Report,
    lang: Lang,
    name: &'a dyn Fn(&Actor) -> String,
}

impl Writer<'_> {
    fn say(&self, message: &Message) -> String {
        message.render(self.lang)
    }

    /// T0, to the minute.
    fn detected(&self) -> String {
        let mark = self.report.marks.iter().find(|row| row.mark == Mark::Detected);
        let at = mark.map_or_else(
            || self.say(&message!("report-no-figure")),
            |mark| resting(&labels::dated(&mark.at, self.lang), &mark.records),
        );
        self.say(&message!("document-duty-detected", at = at))
    }

    /// As what, by whom, when, by whose definition.
    fn classified(&self, row: &ClassifiedRow) -> String {
        let text = row.text.pick(self.lang);
        let text =
            row.because.as_ref().map_or(text.to_owned(), |why| format!("{text} ({})", why.trim_end_matches('.')));
        let definition = match (&row.definition, row.serious) {
            (Some(words), _) => self.say(&message!("document-duty-definition", text = words.trim_end_matches('.'))),
            (None, Some(_)) => self.say(&message!("document-duty-no-definition")),
            (None, None) => String::new(),
        };
        let said = message!(
            "document-duty-classified",
            text = text,
            who = (self.name)(&row.by),
            at = labels::dated(&row.at, self.lang),
            records = labels::records(&row.records),
            definition = definition
        );
        super::course::capital(self.say(&said).trim_end())
    }

    /// A table of what applies or may yet; a sentence on what does not.
    fn rows(&self, part: &DutyPart) -> Vec<Block> {
        let mut blocks = Vec::new();
        let (mut rows, mut idle, mut apart) = (Vec::new(), Vec::new(), Vec::new());
        for row in &part.rows {
            let title = row.row.title.pick(self.lang);
            match &row.row.state {
                State::NotStarted if row.sent.is_empty() => idle.push(title),
                State::NotApplying { lapsed: false, .. } if row.sent.is_empty() => apart.push(title),
                _ => rows.push(self.row(row)),
            }
        }
        if rows.is_empty() {
            blocks.push(Block::text(self.say(&message!("document-duty-none"))));
        } else {
            let column = |title: Message, share| Column { title: self.say(&title), share, align: Align::Left };
            let columns = vec![
                column(message!("report-column-duty"), 32),
                column(message!("report-column-to-whom"), 20),
                column(message!("report-column-due"), 22),
                column(message!("document-duty-column-done"), 26),
            ];
            blocks.push(Block::Table(Table { caption: None, numbered: false, columns, rows }));
        }
        if !apart.is_empty() {
            blocks.push(Block::text(self.say(&message!("document-duty-apart", duties = apart.join("; ")))));
        }
        if !idle.is_empty() {
            blocks.push(Block::text(self.say(&message!("document-duty-idle", duties = idle.join("; ")))));
        }
        for sent in &part.sent_besides {
            let title = sent.title.as_ref().map_or(sent.notice.as_str(), |title| title.pick(self.lang));
            let line = resting(&format!("{title}: {}", self.sent(sent)), &sent.records);
            blocks.push(Block::text(line + "."));
        }
        blocks
    }

    fn row(&self, row: &DutyRow) -> Vec<Vec<Spans>> {
        let cites = row.row.cites.iter().map(|cited| self.say(&duties::citation(cited)));
        let cites = cites.collect::<Vec<_>>().join("; ");
        let mut duty = cell(row.row.title.pick(self.lang));
        if !cites.is_empty() {
            duty.push(vec![Inline::italic(format!("({cites})"))]);
        }
        let to = row.row.to.iter().map(|to| to.name.pick(self.lang)).collect::<Vec<_>>().join("; ");
        let mut due = Vec::new();
        if let Some(at) = &row.row.due {
            due.push(spans(labels::dated(at, self.lang)));
        }
        due.push(spans(format!("({})", labels::padded(&self.say(&duties::limit(&row.row)), self.lang))));
        let mut done = cell(self.standing(row));
        done.extend(row.sent.iter().map(|sent| spans(resting(&self.sent(sent), &sent.records))));
        vec![duty, cell(if to.is_empty() { "–".to_owned() } else { to }), due, done]
    }

    /// Whether it was done, and in time. What was not sent is late where its deadline had passed at the moment that the report
    /// tells of.
    fn standing(&self, row: &DutyRow) -> String {
        let length = |time: std::time::Duration| labels::lasting(time.as_secs(), self.lang);
        let state = match &row.row.state {
            State::Done { timing, .. } => match timing {
                Timing::InTime(_) => message!("document-duty-in-time"),
                Timing::Late(by) => message!("document-duty-late", time = length(*by)),
                Timing::After(after) => message!("document-duty-after", time = length(*after)),
                Timing::Unknown => message!("document-duty-done"),
            },
            State::Waiting { on: Awaited::Classification, .. } => message!("document-duty-if-serious"),
            State::Waiting { on: Awaited::Flags(flags), .. } => {
                let flags = flags.iter().map(|flag| flag.title.pick(self.lang)).collect::<Vec<_>>().join("; ");
                message!("document-duty-if-flags", flags = flags)
            }
            State::NotApplying { .. } => message!("policy-state-not-applying"),
            State::NotStarted => message!("policy-state-not-started"),
            State::Due { .. } | State::Late { .. } => {
                let at = labels::dated(&self.report.made, self.lang);
                match row.row.due.as_ref().map(|due| due.instant < self.report.made.instant) {
                    Some(true) => message!("document-duty-not-sent-late", at = at),
                    Some(false) => message!("document-duty-not-sent", at = at),
                    None => return self.without_limit(row),
                }
            }
        };
        super::course::capital(&self.say(&if row.row.simulated {
            message!("policy-simulated", state = state)
        } else {
            state
        }))
    }

    /// What has no limit is neither late nor in time. A record that goes to nobody is there when it is prepared.
    fn without_limit(&self, row: &DutyRow) -> String {
        let prepared = self.report.notices.iter().rfind(|it| Some(&it.notice) == row.row.notice.as_ref());
        let text = match prepared.filter(|_| row.row.to.is_empty()) {
            Some(notice) => {
                let at = labels::dated(&notice.at, self.lang);
                resting(&self.say(&message!("document-duty-prepared", at = at)), &notice.records)
            }
            None => self.say(&message!("document-duty-no-limit")),
        };
        let text = if row.row.simulated { self.say(&message!("policy-simulated", state = text)) } else { text };
        super::course::capital(&text)
    }

    /// Who sent it when, under which number, to whom.
    fn sent(&self, sent: &SentRow) -> String {
        let at = labels::dated(&sent.at, self.lang);
        let mut text = self.say(&message!("report-duty-sent", by = (self.name)(&sent.by), at = at));
        let number = sent.number.as_ref().map(|number| message!("report-duty-number", number = number.as_str()));
        let to = sent.to.as_ref().map(|to| message!("report-duty-sent-to", to = to.as_str()));
        for more in [number, to].into_iter().flatten() {
            text = format!("{text}; {}", self.say(&more));
        }
        text
    }
}
