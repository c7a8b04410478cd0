//! Section II: times against what was set, objectives with what was measured and each evaluator's score, situations.

use super::document::{Why, Writer};
use super::{Objective, words};
use crate::message::{Message, message};
use crate::report::document::{Align, Block, Cell, Column, Inline, Table};
use crate::report::format::labels;
use crate::report::letterhead::{cell, resting, table};
use crate::report::targets;

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
            head.heading(2, &message!("after-measured")),
            self.times(),
        ];
        if !self.report.pauses.is_empty() {
            blocks.push(Block::Paragraph(vec![Inline::italic(head.say(&message!("after-pauses")))]));
        }
        blocks.extend(targets::of_run(self.report, self.lang).into_iter().map(Block::text));
        blocks.push(head.heading(2, &message!("after-objectives")));
        blocks.extend(self.objectives());
        blocks.extend(self.injects());
        if !self.after.caveats.is_empty() {
            blocks.push(head.heading(2, &message!("after-caveats")));
            blocks.push(self.points(&self.after.caveats, Why::Reason));
        }
        blocks
    }

    /// Times and losses, and the playbook's clocks that measure something else.
    fn times(&self) -> Block {
        let (head, lang) = (self.head, self.lang);
        let measures = self.after.measures.iter().map(|measure| {
            let name = resting(&head.say(&words::name(measure)), &measure.records);
            vec![name, words::set(measure, lang), words::time(measure, lang), head.say(&words::judged(measure))]
        });
        let clocks = self.after.clocks.iter().map(|clock| {
            let time = |seconds: Option<u64>, nothing: &Message| {
                seconds.map_or_else(|| head.say(nothing), |seconds| labels::seconds(seconds, lang))
            };
            vec![
                resting(clock.title.pick(lang), &clock.records),
                time(clock.limit, &message!("after-nothing-set")),
                time(clock.seconds, &message!("report-no-figure")),
                head.say(&labels::clock(clock.state)),
            ]
        });
        let columns = [
            (message!("after-column-what"), 9, Align::Left),
            (message!("after-column-set"), 4, Align::Left),
            (message!("after-column-measured"), 4, Align::Left),
            (message!("after-column-judged"), 4, Align::Left),
        ];
        table(&columns, measures.chain(clocks).collect(), lang)
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
                |at| labels::moment(self.report, at, lang),
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
        let evaluators = self.after.evaluators.iter();
        columns.extend(evaluators.map(|one| Column { title: one.said(self.lang), share: 3, align: Align::Centre }));
        let rows = (1..).zip(&self.after.objectives).map(|(number, one)| self.objective(number, one)).collect();
        let mut blocks = vec![Block::Table(Table { caption: None, numbered: false, columns, rows })];
        if self.after.evaluators.is_empty() {
            blocks.push(Block::text(head.say(&message!("after-no-evaluators"))));
        } else {
            blocks.push(Block::Paragraph(vec![Inline::italic(head.say(&message!("report-scores-note")))]));
        }
        blocks
    }

    fn objective(&self, number: usize, one: &Objective) -> Vec<Cell> {
        let (head, lang) = (self.head, self.lang);
        let (set, measured, result) = match (&one.measure, &one.set) {
            (None, _) => (cell(head.say(&message!("after-by-people"))), "–".to_owned(), "–".to_owned()),
            (Some(measure), set) => {
                let met = head.say(&labels::met(one.met));
                let met = if one.unconfirmed { head.say(&message!("after-unconfirmed", result = met)) } else { met };
                let set = match set {
                    Some(set) => cell(set.pick(lang)),
                    // What has no words stands as the playbook writes it.
                    None => vec![vec![Inline::code(measure.as_str())]],
                };
                let measured = one.measured.as_ref().map_or_else(|| "–".to_owned(), |it| it.pick(lang).to_owned());
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
