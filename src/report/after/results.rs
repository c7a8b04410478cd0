//! Section II: times against what was set, objectives with what was measured and each evaluator's score, situations.

use super::document::{Why, Writer};
use super::{Objective, words};
use crate::message::{Message, message};
use crate::report::document::{Align, Block, Cell, Column, Inline, Table};
use crate::report::format::labels;
use crate::report::letterhead::{cell, resting, table};
use crate::report::{late, obligations, targets};

/// Up to how many evaluators stand side by side in the table of objectives.
const SIDE_BY_SIDE: usize = 2;

impl Writer<'_> {
    /// II: what came of it.
    pub(super) fn results(&self) -> Vec<Block> {
        let head = self.head;
        let technical =
            self.report.run.result.map_or_else(|| head.nothing(), |result| head.say(&labels::result(result)));
        let mut blocks = vec![
            head.heading(1, &message!("after-results")),
            head.fact(&message!("after-technical"), technical),
            head.fact(&message!("after-conclusion"), self.conclusion()),
            head.heading(2, &message!("report-duties")),
        ];
        blocks.extend(obligations::section(self.report, self.lang, &|who| self.name(who)));
        blocks.push(head.heading(2, &message!("after-measured")));
        blocks.push(self.times());
        if let Some(pauses) = words::about_pauses(self.report) {
            blocks.push(Block::Paragraph(vec![Inline::italic(head.say(&pauses))]));
        }
        blocks.extend(targets::of_run(self.report, self.lang).into_iter().map(Block::text));
        blocks.push(head.heading(2, &message!("after-objectives")));
        blocks.extend(self.objectives());
        blocks.extend(self.injects());
        let late = late::table(self.report, self.lang, &|who| self.name(who));
        if !self.after.caveats.is_empty() || late.is_some() {
            blocks.push(head.heading(2, &message!("after-caveats")));
        }
        if !self.after.caveats.is_empty() {
            blocks.push(self.points(&self.after.caveats, Why::Reason));
        }
        blocks.extend(late.map(Block::Table));
        blocks
    }

    /// Times and losses, and the playbook's clocks that measure something else.
    fn times(&self) -> Block {
        let columns = [
            (message!("after-column-what"), 9, Align::Left),
            (message!("after-column-set"), 4, Align::Left),
            (message!("after-column-measured"), 4, Align::Left),
            (message!("after-column-judged"), 4, Align::Left),
        ];
        table(&columns, words::time_rows(self.after, self.lang).into_iter().map(Vec::from).collect(), self.lang)
    }

    fn injects(&self) -> Vec<Block> {
        let (head, lang) = (self.head, self.lang);
        let Some(part) = self.report.exercise.as_ref().filter(|part| !part.injects.is_empty()) else {
            return Vec::new();
        };
        let rows = part.injects.iter().map(|inject| {
            let text = resting(&head.words(inject.text.as_ref()), &inject.records);
            let delivered = inject.delivered.as_ref().map_or_else(
                || head.say(&message!("report-not-delivered")),
                |at| labels::moment_in_words(self.report, &crate::policy::in_vietnam(at), lang),
            );
            let mut expect = head.words(inject.expect.as_ref());
            if let Some(criterion) = &inject.criterion {
                let criterion = message!("after-criterion", criterion = criterion.clone());
                expect = format!("{}. {}", expect.trim_end_matches('.'), head.say(&criterion));
            }
            vec![inject.number.to_string(), delivered, text, expect]
        });
        let columns = [
            (message!("planned-column-number"), 2, Align::Centre),
            (message!("report-column-delivered"), 4, Align::Left),
            (message!("planned-column-inject"), 8, Align::Left),
            (message!("planned-column-expected"), 8, Align::Left),
        ];
        vec![head.heading(2, &message!("after-injects")), table(&columns, rows.collect(), lang)]
    }

    fn conclusion(&self) -> String {
        use crate::model::record::Verdict;
        let Some(conclusion) = &self.report.conclusion else { return self.head.say(&message!("after-no-conclusion")) };
        let verdict = match conclusion.verdict {
            Verdict::Passed => message!("report-result-passed"),
            Verdict::Failed => message!("report-result-failed"),
        };
        let verdict = self.head.say(&verdict);
        let words = conclusion.because.as_ref().map_or(verdict.clone(), |because| format!("{verdict}: {because}"));
        resting(&words, &conclusion.records)
    }

    /// Objectives: what was set, what was measured, the result, and each evaluator's letter side by side.
    fn objectives(&self) -> Vec<Block> {
        let head = self.head;
        if self.after.objectives.is_empty() {
            return vec![Block::text(head.nothing())];
        }
        let column = |title: &Message, share, align| Column { title: head.say(title), share, align };
        let mut columns = vec![
            column(&message!("planned-column-number"), 2, Align::Centre),
            column(&message!("after-column-objective"), 7, Align::Left),
            column(&message!("after-column-set"), 7, Align::Left),
            column(&message!("after-column-measured"), 5, Align::Left),
            column(&message!("after-column-result"), 4, Align::Left),
        ];
        let apart = self.after.evaluators.len() > SIDE_BY_SIDE;
        let evaluators = self.after.evaluators.iter().filter(|_| !apart);
        columns.extend(evaluators.map(|one| Column { title: one.said(self.lang), share: 3, align: Align::Centre }));
        let room = columns.len();
        let cells = |(number, one)| {
            let mut cells = self.objective(number, one);
            cells.truncate(room);
            cells
        };
        let rows = (1..).zip(&self.after.objectives).map(cells).collect();
        let mut blocks = vec![Block::Table(Table { caption: None, numbered: false, columns, rows })];
        if self.after.evaluators.is_empty() {
            blocks.push(Block::text(head.say(&message!("after-no-evaluators"))));
        } else {
            if apart {
                blocks.push(self.scores());
            }
            blocks.push(Block::Paragraph(vec![Inline::italic(head.say(&message!("report-scores-note")))]));
        }
        blocks
    }

    /// The scores in a table of its own, a row for each that was given: so many names have no room side by side.
    fn scores(&self) -> Block {
        let head = self.head;
        let mut rows = Vec::new();
        for (number, one) in (1..).zip(&self.after.objectives) {
            let title = format!("{}. {}", usize::to_string(&number), one.title.pick(self.lang));
            let given =
                self.after.evaluators.iter().zip(&one.scores).filter_map(|(who, score)| Some((who, score.as_ref()?)));
            let before = rows.len();
            for (evaluator, score) in given {
                let because = score.because.clone().unwrap_or_else(|| "–".to_owned());
                let rating = resting(score.rating.word(), &score.records);
                rows.push(vec![title.clone(), evaluator.said(self.lang), rating, because]);
            }
            if rows.len() == before {
                rows.push(vec![title, "–".to_owned(), head.say(&message!("report-not-scored")), "–".to_owned()]);
            }
        }
        let columns = [
            (message!("after-column-objective"), 8, Align::Left),
            (message!("after-column-evaluator"), 6, Align::Left),
            (message!("after-column-rating"), 3, Align::Centre),
            (message!("after-column-reason"), 8, Align::Left),
        ];
        table(&columns, rows, self.lang)
    }

    fn objective(&self, number: usize, one: &Objective) -> Vec<Cell> {
        let (head, lang) = (self.head, self.lang);
        let (set, measured, result) = match (&one.measure, &one.set) {
            (None, _) => (cell(head.say(&message!("after-by-people"))), "–".to_owned(), "–".to_owned()),
            (Some(measure), set) => {
                let met = labels::met_now(one.met, one.recorded.as_ref(), lang);
                let met = if one.unconfirmed { head.say(&message!("after-unconfirmed", result = met)) } else { met };
                let set = match set {
                    Some(set) => cell(labels::padded(set.pick(lang), lang)),
                    // What has no words stands as the playbook writes it.
                    None => vec![vec![Inline::code(measure.as_str())]],
                };
                let measured = labels::measured_now(one.measured.as_ref(), one.recorded.as_ref(), lang);
                let measured = measured.unwrap_or_else(|| "–".to_owned());
                (set, measured, resting(&met, &one.records))
            }
        };
        let mut cells = vec![cell(number.to_string()), cell(one.title.pick(lang)), set, cell(measured), cell(result)];
        cells.extend(one.scores.iter().map(|score| {
            cell(score.as_ref().map_or_else(
                || head.say(&message!("report-not-scored")),
                |score| resting(score.rating.word(), &score.records),
            ))
        }));
        cells.resize(5 + self.after.evaluators.len(), cell(head.say(&message!("report-not-scored"))));
        cells
    }
}
