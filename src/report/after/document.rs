//! The after-action report as a document: the usual sections of a report of results (docs/regulations.md, 5.1).

use super::{AfterAction, Point, words};
use crate::message::{format, message};
use crate::model::record::People;
use crate::model::{Actor, Lang, RunKind};
use crate::report::course;
use crate::report::document::{Align, Annex, Block, Document, Inline, Marker, Spans};
use crate::report::format::labels;
use crate::report::letter::end;
use crate::report::letterhead::{Letterhead, resting, spans, table};
use crate::report::minutes::stamps;
use crate::report::tasks::ranges;
use crate::report::{ActionState, Report};

/// The report as a document. Total: what nothing is known of is said.
#[must_use]
pub fn document(after: &AfterAction, report: &Report, letterhead: &Letterhead<'_>) -> Document {
    let writer = Writer { after, report, head: letterhead, lang: letterhead.lang };
    let subject = writer.subject();
    let drill = report.run.kind == RunKind::Drill;
    let recipients = vec![letterhead.say(&message!("planned-as-participants"))];
    let mut blocks = writer.organised();
    blocks.extend(writer.results());
    blocks.extend(writer.assessed());
    blocks.push(letterhead.heading(1, &message!("after-lessons")));
    blocks.push(Block::text(letterhead.nothing()));
    blocks.extend(writer.actions());
    blocks.push(Block::text(letterhead.say(&message!("after-end"))));
    end(&mut blocks, &letterhead.layout.words.end);
    blocks.push(letterhead.closing(if drill { recipients } else { Vec::new() }));
    Document {
        lang: letterhead.lang,
        layout: letterhead.layout.clone(),
        title: format!("{} – {subject}", report.run.id),
        stamps: writer.stamps(),
        head: Some(letterhead.head(&message!("after-kind"), "BC", subject)),
        blocks,
        annexes: writer.annexes(),
    }
}

struct Writer<'a> {
    after: &'a AfterAction,
    report: &'a Report,
    head: &'a Letterhead<'a>,
    lang: Lang,
}

impl Writer<'_> {
    fn subject(&self) -> String {
        let title = self.report.run.title.clone();
        let nobody = self.report.run.people == People::Unattended;
        self.head.say(&match self.report.run.kind {
            RunKind::Drill if nobody => message!("after-subject-check", title = title),
            RunKind::Drill => message!("after-subject-drill", title = title),
            RunKind::Incident => message!("after-subject-incident", title = title),
        })
    }

    fn stamps(&self) -> Vec<String> {
        let mut stamps = stamps(self.report, self.lang);
        if self.report.run.stage != "ended" {
            stamps.push(self.head.say(&message!("after-stamp-open")));
        }
        stamps
    }

    /// I: how it was organised.
    fn organised(&self) -> Vec<Block> {
        let (head, run, lang) = (self.head, &self.report.run, self.lang);
        let part = self.report.exercise.as_ref();
        let systems: Vec<String> =
            run.systems.iter().map(|system| system.with_level(system.name.pick(lang).to_owned(), lang)).collect();
        let plan = part.and_then(|part| part.plan.as_ref()).map_or_else(
            || head.nothing(),
            |plan| {
                let (number, date) = (plan.number.as_str(), format::day(&plan.date, lang));
                head.say(&message!("report-exercise-plan-document", number = number, date = date))
            },
        );
        let playbook =
            message!("after-playbook", title = run.title.clone(), id = run.playbook.as_str(), version = run.version);
        let mut blocks = vec![
            head.heading(1, &message!("after-organised")),
            head.fact(&message!("after-run"), resting(run.id.as_str(), &run.records)),
            head.fact(&message!("after-mode"), head.say(&labels::mode(self.report))),
            head.fact(&message!("after-scenario"), head.say(&playbook)),
            head.fact(&message!("after-systems"), if systems.is_empty() { head.nothing() } else { systems.join("; ") }),
            head.fact(&message!("after-time"), head.say(&words::when(self.report, lang))),
        ];
        if run.kind == RunKind::Drill {
            blocks.push(head.fact(&message!("report-exercise-document"), plan));
            blocks.push(
                head.fact(
                    &message!("report-exercise-approver"),
                    head.words(part.and_then(|part| part.approver.as_ref())),
                ),
            );
            blocks.push(
                head.fact(&message!("report-exercise-place"), head.words(part.and_then(|part| part.place.as_ref()))),
            );
        }
        let count = self.people().len();
        blocks
            .push(head.fact(&message!("after-people"), head.say(&message!("after-people-count", count = two(count)))));
        if run.people == People::Unattended {
            blocks.push(Block::Paragraph(vec![Inline::bold(head.say(&message!("after-unattended")))]));
        }
        blocks
    }

    /// II: what came of it.
    fn results(&self) -> Vec<Block> {
        let (head, lang) = (self.head, self.lang);
        let technical =
            self.report.run.result.map_or_else(|| head.nothing(), |result| head.say(&labels::result(result)));
        let mut blocks = vec![
            head.heading(1, &message!("after-results")),
            head.fact(&message!("after-technical"), technical),
            head.fact(&message!("after-conclusion"), self.conclusion()),
            head.heading(2, &message!("after-measured")),
        ];
        let measures = self.after.measures.iter().map(|measure| {
            let name = resting(&head.say(&words::name(measure)), &measure.records);
            vec![name, words::set(measure, lang), words::time(measure, lang), head.say(&words::judged(measure))]
        });
        // Clocks are the playbook's own: what it measures, from where to where, against its limit.
        let clocks = self.report.clocks.iter().map(|clock| {
            let title = head.say(&message!("after-clock", title = clock.title.clone()));
            let time = |seconds: Option<u64>, nothing: &crate::message::Message| {
                seconds.map_or_else(|| head.say(nothing), |seconds| labels::seconds(seconds, lang))
            };
            vec![
                resting(&title, &clock.records),
                time(clock.limit, &message!("after-nothing-set")),
                time(clock.seconds, &message!("report-no-figure")),
                head.say(&labels::clock(clock.state)),
            ]
        });
        let rows = measures.chain(clocks);
        let columns = [
            (message!("after-column-what"), 9, Align::Left),
            (message!("after-column-set"), 4, Align::Left),
            (message!("after-column-measured"), 4, Align::Left),
            (message!("after-column-judged"), 4, Align::Left),
        ];
        blocks.push(table(&columns, rows.collect(), lang));
        if !self.report.pauses.is_empty() {
            blocks.push(Block::Paragraph(vec![Inline::italic(head.say(&message!("after-pauses")))]));
        }
        blocks.push(head.heading(2, &message!("after-objectives")));
        blocks.extend(self.objectives());
        if let Some(part) = self.report.exercise.as_ref().filter(|part| !part.injects.is_empty()) {
            blocks.push(head.heading(2, &message!("after-injects")));
            let rows = part.injects.iter().map(|inject| {
                let text = resting(&head.words(inject.text.as_ref()), &inject.records);
                let delivered = inject.delivered.as_ref().map_or_else(
                    || head.say(&message!("report-not-delivered")),
                    |at| labels::moment(self.report, at, lang),
                );
                let expect = head.words(inject.expect.as_ref());
                vec![inject.number.to_string(), delivered, text, expect]
            });
            let columns = [
                (message!("planned-column-number"), 2, Align::Centre),
                (message!("report-column-delivered"), 4, Align::Left),
                (message!("planned-column-inject"), 8, Align::Left),
                (message!("planned-column-expected"), 8, Align::Left),
            ];
            blocks.push(table(&columns, rows.collect(), lang));
        }
        blocks
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

    /// Objectives with what was measured and each evaluator's letter, side by side; the reasons under it.
    fn objectives(&self) -> Vec<Block> {
        let (head, lang) = (self.head, self.lang);
        if self.after.objectives.is_empty() {
            return vec![Block::text(head.nothing())];
        }
        let mut columns = vec![
            (message!("planned-column-number"), 2, Align::Centre),
            (message!("after-column-objective"), 9, Align::Left),
            (message!("after-column-grounds"), 6, Align::Left),
        ];
        let named = |name: &str| message!("after-column-evaluator", name = name);
        columns.extend(self.after.evaluators.iter().map(|one| (named(&one.name), 3, Align::Centre)));
        let rows = (1..).zip(&self.after.objectives).map(|(number, one): (usize, _)| {
            let met = head.say(&labels::met(one.met));
            let met = if one.unconfirmed { head.say(&message!("after-unconfirmed", result = met)) } else { met };
            let grounds = match &one.measure {
                Some(measure) => resting(&format!("{met}; {measure}"), &one.records),
                None => head.say(&message!("after-by-people")),
            };
            let mut cells = vec![number.to_string(), one.title.pick(lang).to_owned(), grounds];
            cells.extend(one.scores.iter().map(|score| {
                score.as_ref().map_or_else(
                    || head.say(&message!("report-not-scored")),
                    |score| resting(score.rating.word(), &score.records),
                )
            }));
            cells.resize(columns.len(), head.nothing());
            cells
        });
        let rows: Vec<Vec<String>> = rows.collect();
        let mut blocks = vec![table(&columns, rows, lang)];
        if self.after.evaluators.is_empty() {
            blocks.push(Block::text(head.say(&message!("after-no-evaluators"))));
        } else {
            blocks.push(Block::Paragraph(vec![Inline::italic(head.say(&message!("report-scores-note")))]));
        }
        blocks
    }

    /// III: what went well, what fell short, why.
    fn assessed(&self) -> Vec<Block> {
        let head = self.head;
        let mut blocks = vec![head.heading(1, &message!("after-assessed"))];
        blocks.push(head.heading(2, &message!("after-strengths")));
        blocks.push(self.points(&self.after.strengths));
        blocks.push(head.heading(2, &message!("after-gaps")));
        blocks.push(self.points(&self.after.gaps));
        blocks
    }

    fn points(&self, points: &[Point]) -> Block {
        if points.is_empty() {
            return Block::text(self.head.nothing());
        }
        Block::List(Marker::Dash, points.iter().map(|point| self.point(point)).collect())
    }

    fn point(&self, point: &Point) -> Spans {
        let text = point.text.pick(self.lang).trim_end_matches('.');
        let mut line = text.to_owned();
        if let Some(because) = &point.because {
            line = self.head.say(&if point.said_why() {
                message!("after-cause", text = line, because = because.as_str())
            } else {
                message!("after-because", text = line, because = because.as_str())
            });
        }
        if let Some(by) = &point.by {
            line = self.head.say(&message!("after-said-by", text = line, who = by.as_str()));
        }
        spans(resting(&line, &point.records) + ".")
    }

    /// V: what is to be put right.
    fn actions(&self) -> Vec<Block> {
        let (head, lang) = (self.head, self.lang);
        let mut blocks = vec![head.heading(1, &message!("after-actions"))];
        if self.after.actions.is_empty() {
            blocks.push(Block::text(head.say(&message!("after-no-actions"))));
            return blocks;
        }
        let rows = (1..).zip(&self.after.actions).map(|(number, action): (usize, _)| {
            let what = action.what.clone().unwrap_or_else(|| head.say(&message!("report-redacted")));
            let owner = action.owner_name.clone().or(action.owner.as_ref().map(ToString::to_string));
            let state = match (&action.retested, &action.done) {
                (Some(it), _) => {
                    let run = it.run.as_ref().map_or("–", |run| run.as_str());
                    message!("action-retested", run = run)
                }
                (None, Some(done)) => message!("action-done", date = format::date(&done.at, lang)),
                (None, None) if action.state == ActionState::Overdue => {
                    message!("action-overdue", days = action.days_over.unwrap_or_default())
                }
                (None, None) => message!("action-open"),
            };
            vec![
                number.to_string(),
                resting(&what, &action.records),
                owner.unwrap_or_else(|| head.nothing()),
                format::day(&action.due, lang),
                head.say(&state),
            ]
        });
        let columns = [
            (message!("planned-column-number"), 2, Align::Centre),
            (message!("after-column-action"), 9, Align::Left),
            (message!("after-column-owner"), 5, Align::Left),
            (message!("after-column-due"), 4, Align::Left),
            (message!("after-column-state"), 5, Align::Left),
        ];
        blocks.push(table(&columns, rows.collect(), lang));
        blocks
    }

    /// Who took part: as planned, and whoever else is in the record.
    fn people(&self) -> Vec<Vec<String>> {
        let head = self.head;
        let mut rows: Vec<Vec<String>> = Vec::new();
        let planned = self.report.exercise.as_ref().map(|part| part.participants.as_slice()).unwrap_or_default();
        let recorded = |id: &crate::model::Actor| self.report.people.iter().find(|person| person.id == *id);
        for one in planned {
            let person = one.person.as_ref().and_then(recorded);
            let name = one.name.as_ref().map(|name| name.pick(self.lang).to_owned());
            let name = name.or_else(|| one.person.as_ref().map(ToString::to_string)).unwrap_or_default();
            let records = person.map(|person| person.records.clone()).unwrap_or_default();
            let unit = one.unit.as_ref().map_or_else(|| "–".to_owned(), |unit| unit.pick(self.lang).to_owned());
            rows.push(vec![resting(&name, &records), unit, head.say(&crate::report::planned::part_word(one.part))]);
        }
        for person in &self.report.people {
            if planned.iter().any(|one| one.person.as_ref() == Some(&person.id)) {
                continue;
            }
            let name = person.name.clone().unwrap_or_else(|| person.id.to_string());
            let role =
                person.role_title.as_ref().map_or_else(|| "–".to_owned(), |title| title.pick(self.lang).to_owned());
            rows.push(vec![resting(&name, &person.records), "–".to_owned(), role]);
        }
        rows
    }

    /// What people call somebody; the id where no name is known.
    fn called(&self, who: &Actor) -> String {
        let known = self.report.people.iter().find(|person| person.id == *who).and_then(|person| person.name.clone());
        known.filter(|name| !name.starts_with('(')).unwrap_or_else(|| labels::actor(who, self.lang))
    }

    fn annexes(&self) -> Vec<Annex> {
        let (head, lang) = (self.head, self.lang);
        let course = course::lines(self.report, lang, &|who| self.called(who));
        let course = course.into_iter().map(|line| vec![line.at, line.what, line.who, ranges(&line.records)]);
        let columns = [
            (message!("report-column-at"), 4, Align::Left),
            (message!("after-column-event"), 12, Align::Left),
            (message!("report-column-who"), 4, Align::Left),
            (message!("after-column-record"), 3, Align::Left),
        ];
        let people_columns = [
            (message!("report-column-full-name"), 8, Align::Left),
            (message!("report-column-unit"), 8, Align::Left),
            (message!("report-column-part"), 6, Align::Left),
        ];
        let annex = |title, blocks| Annex { title: head.say(&title), attached_to: None, landscape: false, blocks };
        let people = self.people();
        let people = if people.is_empty() { Block::text(head.nothing()) } else { table(&people_columns, people, lang) };
        vec![
            annex(message!("after-annex-course"), vec![table(&columns, course.collect(), lang)]),
            annex(message!("after-annex-people"), vec![people]),
            annex(message!("after-annex-digests"), self.digests()),
        ]
    }

    /// What to compare: the head of the ledger, the plan, the files.
    fn digests(&self) -> Vec<Block> {
        let (head, ledger) = (self.head, &self.report.ledger);
        let holds = match ledger.ok {
            Some(true) => message!("after-ledger-holds", size = ledger.size.to_string()),
            _ => message!("coverage-fails", held = ledger.held.to_string()),
        };
        let mut blocks = vec![
            Block::text(head.say(&holds)),
            head.fact(&message!("after-ledger-name"), ledger.origin.as_str()),
            head.fact(&message!("after-ledger-head"), format!("{} {}", ledger.size, ledger.root)),
            head.fact(&message!("after-plan-digest"), self.report.run.plan.to_string()),
        ];
        for file in &self.report.attachments {
            let name = file.name.clone().unwrap_or_else(|| head.say(&message!("report-redacted")));
            blocks.push(Block::labelled(&resting(&name, &file.records), file.digest.to_string()));
        }
        blocks
    }
}

/// A count as documents write it: two digits at least.
fn two(count: usize) -> String {
    format!("{count:02}")
}
