//! What the run was, what happened in it, what was decided.

use super::{Writer, cell};
use crate::message::message;
use crate::model::record::What;
use crate::model::{Name, RunKind, Text};
use crate::report::course::{self, capital, small};
use crate::report::document::{Align, Block, Column, Inline, Marker, Spans, Table};
use crate::report::format::{day_of_file, labels};
use crate::report::tasks::ranges;

impl Writer<'_> {
    /// Scenario, form, systems, plan.
    pub(super) fn general(&self) -> Vec<Block> {
        let (lang, run) = (self.facts.lang, &self.report().run);
        let mut items: Vec<(String, String)> = Vec::new();
        let mut add = |label, value: String| items.push((self.say(&label), value));
        add(message!("minutes-run"), run.id.to_string());
        let scenario = |title: &Text, _: &Name, version: u32| {
            self.say(&message!("report-scenario-version", name = title.pick(lang), version = version))
        };
        add(message!("report-scenario"), course::scenarios(self.report(), lang, &scenario).join("; "));
        add(message!("report-mode"), self.say(&labels::mode(self.report())));
        add(message!("report-people-how"), self.say(&labels::people(run.people)));
        let systems: Vec<String> =
            run.systems.iter().map(|system| system.with_level(system.name.pick(lang).to_owned(), lang)).collect();
        add(message!("report-systems"), if systems.is_empty() { self.nothing() } else { systems.join("; ") });
        if run.kind == RunKind::Drill {
            let plan = self.facts.exercise.and_then(|exercise| exercise.plan.as_ref());
            let plan = plan.map_or_else(
                || self.nothing(),
                |(number, date)| {
                    self.say(&message!("minutes-plan-of", number = number.as_str(), date = day_of_file(date, lang)))
                },
            );
            add(message!("minutes-plan"), plan);
            if let Some(approver) = self.facts.exercise.and_then(|exercise| exercise.approver.as_ref()) {
                add(message!("minutes-approver"), approver.pick(lang).to_owned());
            }
        }
        add(message!("paper-keep-running"), run.keep_running.pick(lang).trim_end_matches('.').to_owned());
        let items = items.into_iter().map(|(label, value)| vec![Inline::from(format!("{label}: {value}."))]);
        vec![Block::Heading(1, self.say(&message!("minutes-general"))), Block::List(Marker::Dash, items.collect())]
    }

    /// What happened, in the order of time.
    pub(super) fn course(&self) -> Vec<Block> {
        let mut blocks = vec![Block::Heading(1, self.say(&message!("report-events")))];
        let lines = course::lines(self.report(), self.facts.lang, &|who| self.name(who), labels::moment_in_words);
        let rows: Vec<Vec<Vec<Spans>>> = lines
            .into_iter()
            .map(|line| vec![cell(line.at), cell(line.who), cell(line.what), cell(ranges(&line.records))])
            .collect();
        if rows.is_empty() {
            blocks.push(Block::text(self.nothing()));
            return blocks;
        }
        let column = |title, share, align| Column { title: self.say(&title), share, align };
        blocks.push(Block::Table(Table {
            caption: None,
            numbered: false,
            columns: vec![
                column(message!("minutes-column-time"), 24, Align::Left),
                column(message!("minutes-column-who"), 20, Align::Left),
                column(message!("minutes-column-event"), 46, Align::Left),
                column(message!("report-column-record"), 10, Align::Centre),
            ],
            rows,
        }));
        blocks
    }

    /// What people decided and consented to.
    pub(super) fn decisions(&self) -> Vec<Block> {
        let lang = self.facts.lang;
        let decided = self
            .report()
            .questions
            .iter()
            .filter(|row| matches!(row.what, What::Decide | What::Consent | What::Second) && row.answer.is_some());
        let items: Vec<Spans> = decided
            .map(|row| {
                let title = row.title.as_ref().map_or_else(
                    || capital(&self.say(&labels::what(row.what))),
                    |title| match row.what {
                        What::Decide => title.pick(lang).to_owned(),
                        what => format!("{} ({})", title.pick(lang), self.say(&labels::what(what))),
                    },
                );
                let because = row.because.as_ref().map(|because| format!(" ({because})")).unwrap_or_default();
                let at = row.answered.as_ref().map_or_else(|| self.nothing(), |at| self.time(at));
                let records = labels::records(&row.records);
                // Who consented and how: nobody did where one person went on alone.
                let text = self.say(&if let Some(how) = &row.second {
                    let title = row.title.as_ref().map_or(title, |title| title.pick(lang).to_owned());
                    let how = format!("{}{because}", small(how.pick(lang)));
                    message!("minutes-decided-second", title = title, how = how, at = at, records = records)
                } else {
                    let answer = row.answer.as_ref().map(|answer| answer.pick(lang)).unwrap_or_default();
                    let who = row.by.as_ref().map_or_else(|| self.nothing(), |by| self.name(by));
                    let answer = format!("{answer}{because}");
                    message!("minutes-decided", title = title, answer = answer, who = who, at = at, records = records)
                });
                let next = row.follow_up.as_ref().map(|text| text.trim_end_matches('.'));
                let next = next.map(|text| format!(" {}", self.say(&message!("minutes-follow-up", text = text))));
                vec![Inline::from(text + &next.unwrap_or_default())]
            })
            .collect();
        let heading = Block::Heading(1, self.say(&message!("minutes-decisions")));
        let body = if items.is_empty() {
            Block::text(self.say(&message!("minutes-no-decisions")))
        } else {
            Block::List(Marker::Dash, items)
        };
        vec![heading, body]
    }

    /// What the law asks to be written of a breach of personal data.
    pub(super) fn breach(&self) -> Vec<Block> {
        let line = |line: &String| format!("{}.", line.trim_start_matches("- ").trim_end_matches('.'));
        let items = self.facts.breach.iter().map(|it| vec![Inline::from(line(it))]);
        let items: Vec<Spans> = items.collect();
        let body = if items.is_empty() { Block::text(self.nothing()) } else { Block::List(Marker::Dash, items) };
        vec![Block::Heading(1, self.say(&message!("minutes-breach"))), body]
    }
}
