//! The after-action report as a document: the usual sections of a report of results (docs/regulations.md, 5.1).

use super::{AfterAction, Point, words};
use crate::inventory;
use crate::message::{format, message};
use crate::model::record::People;
use crate::model::{Lang, Name, RunKind, Text};
use crate::report::course;
use crate::report::document::{Align, Annex, Block, Document, Inline, Marker, Spans};
use crate::report::format::{day_of_file, labels};
use crate::report::letter::end;
use crate::report::letterhead::{Letterhead, resting, spans, table};
use crate::report::minutes::stamps;
use crate::report::tasks::ranges;
use crate::report::{ActionRow, ActionState, Report};

/// The report as a document. Total: what nothing is known of is said.
#[must_use]
pub fn document(
    after: &AfterAction,
    report: &Report,
    people: Option<&inventory::People>,
    letterhead: &Letterhead<'_>,
) -> Document {
    let writer = Writer { after, report, people, head: letterhead, lang: letterhead.lang };
    let subject = writer.subject();
    let drill = report.run.kind == RunKind::Drill;
    let recipients = vec![letterhead.say(&message!("planned-as-participants"))];
    let mut blocks = writer.organised();
    blocks.extend(writer.results());
    blocks.extend(writer.assessed());
    blocks.push(letterhead.heading(1, &message!("after-lessons")));
    blocks.push(writer.points(&after.lessons, Why::Reason));
    blocks.extend(writer.actions());
    blocks.push(Block::text(letterhead.say(&message!("after-end"))));
    end(&mut blocks, &letterhead.layout.words.end);
    blocks.push(letterhead.closing(if drill { recipients } else { Vec::new() }, drill));
    Document {
        lang: letterhead.lang,
        layout: letterhead.layout.clone(),
        title: format!("{} – {subject}", report.run.id),
        identity: None,
        stamps: writer.stamps(),
        head: Some(letterhead.head(&message!("after-kind"), "BC", subject)),
        blocks,
        annexes: writer.annexes(),
    }
}

/// What the words after a point are.
#[derive(Clone, Copy)]
pub(super) enum Why {
    /// Why it came to be.
    Cause,
    /// Why somebody says so.
    Reason,
}

/// Writes the parts of the report.
pub(super) struct Writer<'a> {
    pub(super) after: &'a AfterAction,
    pub(super) report: &'a Report,
    /// The unit's people, as they were kept with the run.
    pub(super) people: Option<&'a inventory::People>,
    pub(super) head: &'a Letterhead<'a>,
    pub(super) lang: Lang,
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
                let date = day_of_file(&plan.date, lang);
                head.say(&message!("minutes-plan-of", number = plan.number.as_str(), date = date))
            },
        );
        let playbook = |title: &Text, id: &Name, version: u32| {
            head.say(&message!("after-playbook", title = title.clone(), id = id.as_str(), version = version))
        };
        let playbook = course::scenarios(self.report, lang, &playbook).join("; ");
        let mut blocks = vec![
            head.heading(1, &message!("after-organised")),
            head.fact(&message!("after-run"), resting(run.id.as_str(), &run.records)),
            head.fact(&message!("after-mode"), head.say(&labels::mode(self.report))),
            head.fact(&message!("after-scenario"), playbook),
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
        let count = self.count();
        blocks
            .push(head.fact(&message!("after-people"), head.say(&message!("after-people-count", count = two(count)))));
        if run.people == People::Unattended {
            blocks.push(Block::Paragraph(vec![Inline::bold(head.say(&message!("after-unattended")))]));
        }
        blocks
    }

    /// III: what went well, what fell short, why.
    fn assessed(&self) -> Vec<Block> {
        let head = self.head;
        let mut blocks = vec![head.heading(1, &message!("after-assessed"))];
        blocks.push(head.heading(2, &message!("after-strengths")));
        blocks.push(self.points(&self.after.strengths, Why::Reason));
        blocks.push(head.heading(2, &message!("after-gaps")));
        blocks.push(self.points(&self.after.gaps, Why::Cause));
        blocks
    }

    pub(super) fn points(&self, points: &[Point], why: Why) -> Block {
        if points.is_empty() {
            return Block::text(self.head.nothing());
        }
        Block::List(Marker::Dash, points.iter().map(|point| self.point(point, why)).collect())
    }

    fn point(&self, point: &Point, why: Why) -> Spans {
        let text = point.text.pick(self.lang).trim_end_matches('.');
        let mut line = text.to_owned();
        if let Some(because) = point.because.as_deref().map(|because| because.trim_end_matches('.')) {
            // Of a score its reason, whatever it is a score of.
            line = self.head.say(&match (why, point.score) {
                (Why::Cause, None) => message!("after-cause", text = line, because = because),
                _ => message!("after-because", text = line, because = because),
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
            blocks.extend(self.follow_ups());
            return blocks;
        }
        let rows = (1..).zip(&self.after.actions).map(|(number, action): (usize, _)| {
            let what = action.what.clone().unwrap_or_else(|| head.say(&message!("report-redacted")));
            let owner = action.owner_name.clone().or(action.owner.as_ref().map(|owner| self.name(owner)));
            let state = match (&action.retested, &action.done) {
                (Some(it), _) => {
                    let run = it.run.as_ref().map_or("–", |run| run.as_str());
                    message!("action-retested", run = run)
                }
                (None, Some(done)) => {
                    let day = crate::policy::day_in_vietnam(&done.at).to_string();
                    let day = day_of_file(&day, lang);
                    let date = day.strip_prefix("ngày ").unwrap_or(&day);
                    match action.days_over {
                        Some(days) => message!("action-done-late", date = date, days = days),
                        None => message!("action-done", date = date),
                    }
                }
                (None, None) if action.state == ActionState::Overdue => {
                    message!("action-overdue", days = action.days_over.unwrap_or_default())
                }
                (None, None) => message!("action-open"),
            };
            let state = if action.voided { message!("after-action-voided", state = state) } else { state };
            vec![
                number.to_string(),
                resting(&what, &action.records),
                owner.unwrap_or_else(|| head.nothing()),
                // A column of a table has room for no more.
                format::day(&action.due, lang),
                self.retested(action, labels::padded(&head.say(&state), lang)),
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
        blocks.extend(self.follow_ups());
        blocks
    }

    /// What somebody who decided said is to be done next.
    fn follow_ups(&self) -> Vec<Block> {
        let rows = self.report.questions.iter().filter_map(|row| Some((row, row.follow_up.as_deref()?)));
        let items = rows.map(|(row, text)| {
            let who = row.by.as_ref().map_or_else(|| self.head.nothing(), |by| self.name(by));
            let said = message!("after-said-by", text = text.trim_end_matches('.'), who = who);
            spans(resting(&self.head.say(&said), &row.records) + ".")
        });
        let items: Vec<Spans> = items.collect();
        if items.is_empty() {
            return Vec::new();
        }
        let title = format!("{}:", self.head.say(&message!("after-follow-ups")));
        vec![Block::text(title), Block::List(Marker::Dash, items)]
    }

    /// How far an action has come, and that the newest drill that could show it measured its objective as missed.
    fn retested(&self, action: &ActionRow, state: String) -> String {
        let newest = action.measured.last().filter(|it| it.met == Some(false) && action.retested.is_none());
        let Some(newest) = newest else { return state };
        let missed = message!("after-missed-again", run = newest.run.as_str());
        resting(&format!("{state}; {}", self.head.say(&missed)), &[newest.record])
    }

    fn annexes(&self) -> Vec<Annex> {
        let (head, lang) = (self.head, self.lang);
        let course = course::lines(self.report, lang, &|who| self.name(who), labels::moment_in_words);
        let course = course.into_iter().map(|line| vec![line.at, line.what, line.who, ranges(&line.records)]);
        let columns = [
            (message!("report-column-at"), 5, Align::Left),
            (message!("after-column-event"), 11, Align::Left),
            (message!("report-column-who"), 4, Align::Left),
            (message!("after-column-record"), 3, Align::Left),
        ];
        let drill = self.report.run.kind == RunKind::Drill;
        let part = if drill { message!("report-column-part") } else { message!("report-column-role") };
        let people_columns = [
            (message!("report-column-full-name"), 8, Align::Left),
            (message!("planned-column-position"), 8, Align::Left),
            (part, 6, Align::Left),
        ];
        let attached_to = Some(head.attached(&message!("after-kind"), "BC"));
        let annex = |title, blocks| Annex {
            title: head.say(&title),
            attached_to: attached_to.clone(),
            landscape: false,
            blocks,
        };
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
            Self::compared(&head.say(&message!("after-ledger-name")), &ledger.origin),
        ];
        if ledger.ok == Some(true) {
            let text = format!("{} {}", ledger.size, ledger.root);
            blocks.push(Block::text(head.say(&labels::signed_part(ledger.size, ledger.signed, self.lang))));
            blocks.push(Self::compared(&head.say(&message!("after-ledger-head")), &text));
        }
        let plan = self.report.run.plan.to_string();
        blocks.push(Self::compared(&head.say(&message!("after-plan-digest")), &plan));
        for file in &self.report.attachments {
            let name = file.name.clone().unwrap_or_else(|| head.say(&message!("report-redacted")));
            blocks.push(Self::compared(&resting(&name, &file.records), &file.digest.to_string()));
        }
        blocks
    }

    /// What is compared letter by letter.
    fn compared(label: &str, value: &str) -> Block {
        Block::Paragraph(vec![Inline::bold(format!("{label}: ")), Inline::code(value)])
    }
}

/// A count as documents write it: two digits at least.
fn two(count: usize) -> String {
    format!("{count:02}")
}
