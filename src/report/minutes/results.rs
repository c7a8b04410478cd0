//! What was measured, what to know, what the chair concluded.

use super::{MinutesKind, Writer, cell, refs};
use crate::message::message;
use crate::model::Text;
use crate::model::record::Verdict;
use crate::report::BackupRow;
use crate::report::after::{about_pauses, after_action, time_rows};
use crate::report::document::{Block, Inline, Marker, Spans};
use crate::report::format::{changes, labels};
use crate::report::letterhead::sentence;
use crate::report::{late, targets};

/// The last `parts` of a path.
fn ending(path: &str, parts: usize) -> String {
    let all: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    all[all.len().saturating_sub(parts)..].join("/")
}

impl Writer<'_> {
    /// Clocks and objectives against what was set, copies, data restored and lost.
    pub(super) fn results(&self) -> Vec<Block> {
        let mut blocks = vec![Block::Heading(1, self.say(&message!("minutes-results")))];
        blocks.push(self.in_figures());
        blocks.push(self.measured());
        if let Some(pauses) = about_pauses(self.report()) {
            blocks.push(Block::Paragraph(vec![Inline::italic(self.say(&pauses))]));
        }
        // Every document of a drill on the lab says which targets it was measured against, and which it was not.
        blocks.extend(targets::of_run(self.report(), self.facts.lang).into_iter().map(Block::text));
        blocks.extend(self.objectives());
        // Minutes of a trial restore begin with the copies.
        if !self.report().backups.is_empty() && self.facts.kind != MinutesKind::RestoreTest {
            blocks.push(self.copies());
        }
        blocks
    }

    fn in_figures(&self) -> Block {
        let (lang, report) = (self.facts.lang, self.report());
        let summary = &report.summary;
        let mut items = Vec::new();
        let mut add = |text: String| items.push(vec![Inline::from(text)]);
        let result = report.run.result.map_or_else(|| self.nothing(), |result| self.say(&labels::result(result)));
        add(self.say(&message!("minutes-result", result = result)));
        let not_done = summary.failed + summary.unknown + summary.abandoned;
        let count = |count: usize| self.count(count);
        add(self.say(&message!(
            "minutes-steps",
            done = count(summary.done),
            failed = count(not_done),
            skipped = count(summary.skipped + summary.not_reached)
        )));
        match &report.outage {
            Some(outage) => {
                let time = self.seconds(outage.seconds);
                let records = labels::records(&outage.records);
                let watch = report.watches.iter().find(|row| row.id == outage.watch);
                let watch = watch.map_or_else(|| outage.watch.to_string(), |row| row.title.pick(lang).to_owned());
                add(self.say(&match outage.to {
                    Some(_) => message!("minutes-outage", time = time, watch = watch, records = records),
                    None => message!("minutes-outage-open", time = time, watch = watch, records = records),
                }));
            }
            None => add(self.say(&message!("minutes-outage-none", nothing = self.nothing()))),
        }
        let records = |value: Option<i64>| value.map_or_else(|| self.nothing(), |it| labels::signed(it, lang));
        add(self.say(&message!(
            "minutes-data",
            restored = records(summary.records_restored),
            lost = records(summary.records_lost)
        )));
        Block::List(Marker::Dash, items)
    }

    /// As the after-action report has it: what was set, what was measured.
    fn measured(&self) -> Block {
        let after = after_action(self.report(), Vec::new());
        let rows = time_rows(&after, self.facts.lang).into_iter().map(|row| row.map(cell).into());
        let rows: Vec<Vec<Vec<Spans>>> = rows.collect();
        Block::Table(self.against_limits(message!("minutes-column-what"), rows))
    }

    /// What was to be reached, and whether it was.
    fn objectives(&self) -> Option<Block> {
        let rows = self.report().objectives.iter().map(|objective| {
            let mut met = labels::met_now(objective.met, objective.recorded.as_ref(), self.facts.lang);
            if objective.unconfirmed {
                met = format!("{met}; {}", self.say(&message!("minutes-unconfirmed")));
            }
            let lang = self.facts.lang;
            let words = |text: &Option<Text>| {
                text.as_ref().map_or("–".to_owned(), |text| labels::padded(text.pick(lang), lang))
            };
            let measured = labels::measured_now(objective.measured.as_ref(), objective.recorded.as_ref(), lang);
            let measured = measured.unwrap_or_else(|| "–".to_owned());
            let verdict = format!("{met}{}", refs(&objective.records));
            let title = objective.title.pick(self.facts.lang);
            vec![cell(title), cell(words(&objective.set)), cell(measured), cell(verdict)]
        });
        let rows: Vec<_> = rows.collect();
        if rows.is_empty() {
            return None;
        }
        Some(Block::Table(self.against_limits(message!("after-column-objective"), rows)))
    }

    /// Whether a copy is whole and whether it can be restored are two results, never one.
    pub(super) fn copies(&self) -> Block {
        let report = self.report();
        if report.backups.is_empty() {
            return Block::text(self.say(&message!("minutes-no-copies", nothing = self.nothing())));
        }
        let rows = report.backups.iter().map(|row| {
            let path = self.path(row);
            // The seal of a copy is read once.
            let mut others = report.backups.iter().filter(|other| other.path == row.path && row.path.is_some());
            let sealed = row.sealed_at.clone().or_else(|| others.find_map(|other| other.sealed_at.clone()));
            let sealed = sealed.unwrap_or_else(|| self.nothing());
            let sealed = sealed.parse().map_or(sealed.clone(), |at| labels::dated(&at, self.facts.lang));
            let mut fate = self.say(&labels::fate(row.fate));
            if let Some(why) = &row.why {
                fate = format!("{fate}: {}", self.say(&labels::rejected(why)));
            }
            let checked = row.checked.map_or_else(|| self.nothing(), |it| self.count(usize::try_from(it).unwrap_or(0)));
            vec![cell(path), cell(sealed), cell(checked), cell(format!("{fate}{}", refs(&row.records)))]
        });
        let columns = [
            (message!("report-column-copy"), 36),
            (message!("report-column-sealed"), 20),
            (message!("minutes-column-files"), 14),
            (message!("report-column-fate"), 30),
        ];
        Block::Table(self.table(columns, rows.collect()))
    }

    /// A copy by its own name, with as many of the folders around it as tell it from the others: never by a path of the machine,
    /// which is another one wherever the ledger is carried.
    pub(super) fn path(&self, row: &BackupRow) -> String {
        let Some(path) = &row.path else { return self.say(&message!("report-redacted")) };
        let paths = self.report().backups.iter().filter_map(|other| other.path.as_deref());
        let others: Vec<&str> = paths.filter(|other| other != path).collect();
        let count = path.split('/').filter(|part| !part.is_empty()).count();
        let alone = (1..=count).map(|parts| ending(path, parts)).find(|name| {
            let parts = name.split('/').count();
            !others.iter().any(|other| ending(other, parts) == *name)
        });
        alone.unwrap_or_else(|| path.clone())
    }

    /// What to know before believing the rest.
    pub(super) fn exceptions(&self) -> Vec<Block> {
        let lang = self.facts.lang;
        let late = late::table(self.report(), lang, &|who| self.name(who));
        let told = self.report().exceptions.iter().filter(|row| row.code != "late");
        let items: Vec<Spans> = told
            .map(|row| {
                let text = labels::exception(self.report(), row, lang);
                let text = format!("{}{}.", text.trim_end_matches('.'), refs(&row.records));
                vec![Inline::Words { text, bold: row.grave, italic: false }]
            })
            .collect();
        let mut blocks = vec![Block::Heading(1, self.say(&message!("minutes-exceptions")))];
        if items.is_empty() && late.is_none() {
            blocks.push(Block::text(self.say(&message!("report-no-exceptions"))));
        } else if !items.is_empty() {
            blocks.push(Block::List(Marker::Dash, items));
        }
        blocks.extend(late.map(Block::Table));
        blocks
    }

    pub(super) fn conclusion(&self) -> Vec<Block> {
        let text = match &self.report().conclusion {
            None => self.say(&message!("minutes-no-conclusion")),
            Some(said) => {
                let verdict = self.say(&match said.verdict {
                    Verdict::Passed => message!("report-result-passed"),
                    Verdict::Failed => message!("report-result-failed"),
                });
                let at = format!("{}{}", self.time(&said.at), changes::known_from(said.basis, self.facts.lang));
                let text = self.say(&message!(
                    "minutes-concluded",
                    verdict = verdict,
                    who = self.name(&said.by),
                    at = at,
                    records = labels::records(&said.records)
                ));
                said.because.as_ref().map_or(text.clone(), |because| format!("{text} {}", sentence(because)))
            }
        };
        vec![Block::Heading(1, self.say(&message!("minutes-conclusion"))), Block::text(text)]
    }

    /// A count as documents write it: below 10 with a leading zero in Vietnamese.
    fn count(&self, count: usize) -> String {
        labels::counted(u64::try_from(count).unwrap_or(u64::MAX), self.facts.lang)
    }

    /// `01 giờ 42 phút`.
    pub(super) fn seconds(&self, seconds: u64) -> String {
        labels::lasting(seconds, self.facts.lang)
    }
}
