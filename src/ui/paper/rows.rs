//! From cells to rows that can be entered, or everything that is wrong.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::Value;

use super::consents::{self, About, Consent};
use super::{PaperFinding, fail, times};
use crate::engine::plan::{Action, Step};
use crate::engine::{PaperEntry, State, Stated};
use crate::inventory::People;
use crate::message::{Lang, message};
use crate::model::{Actor, Id, JournalError, ObjectRef, Objects, Outcome, RunId, Stamp, StepPath};
use crate::report::card::{Cell, Column, Entered, HeadLine, OUTCOMES, Sheet, SheetRow, outcome_of, outcome_title};
use crate::ui::Context;
use crate::ui::console::reply;

/// A row that says all that it has to.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// The step.
    pub(crate) step: StepPath,
    /// Who did it.
    pub(crate) actor: Actor,
    /// When it was begun.
    pub(crate) began: Stamp,
    /// When it was over.
    pub(crate) ended: Stamp,
    /// What is said of it.
    pub(crate) said: Said,
    /// What was remarked.
    pub(crate) remark: Option<String>,
    /// How a second person consented before.
    pub(crate) second: Option<Consent>,
    /// Where it stands.
    pub(crate) cells: Cells,
}

/// What a sheet says.
#[derive(Clone, Debug)]
pub(crate) struct Log {
    /// Consent to the plan.
    pub(crate) consent: Option<Consent>,
    /// Rows of steps.
    pub(crate) rows: Vec<Row>,
}

/// Cells that findings point at.
#[derive(Clone, Debug)]
pub(crate) struct Cells {
    pub(crate) step: String,
    pub(crate) ended: String,
    pub(crate) answer: String,
    pub(crate) remark: String,
}

/// What a row says of its step.
#[derive(Clone, Debug)]
pub(crate) enum Said {
    /// What became of it, its checks, and the values that were found.
    Outcome(Outcome, Vec<bool>, BTreeMap<Id, Value>),
    /// Which option was chosen, and what that is called.
    Choice(Id, String),
    /// Whether a condition held, and what that is called.
    Truth(bool, String),
}

impl Row {
    /// The row for the engine; words and values become objects.
    pub(crate) fn entry(
        &self,
        typist: &Actor,
        because: ObjectRef,
        scan: Option<(ObjectRef, ObjectRef)>,
        objects: &dyn Objects,
    ) -> Result<PaperEntry, JournalError> {
        let said = match &self.said {
            Said::Choice(choice, _) => Stated::Choice(choice.clone()),
            Said::Truth(holds, _) => Stated::Truth(*holds),
            Said::Outcome(outcome, checks, values) => {
                let mut answers = BTreeMap::new();
                for (id, value) in values {
                    answers.insert(id.clone(), objects.put_text(&value.to_string())?);
                }
                Stated::Outcome { outcome: *outcome, checks: checks.clone(), answers }
            }
        };
        Ok(PaperEntry {
            step: self.step.clone(),
            actor: self.actor.clone(),
            by: (self.actor != *typist).then(|| typist.clone()),
            began: self.began,
            ended: self.ended,
            said,
            because,
            remark: self.remark.as_deref().map(|text| objects.put_text(text)).transpose()?,
            scan,
            second: self.second.as_ref().map(|second| second.entry(typist, because, objects)).transpose()?,
        })
    }
}

/// What the rows are read against.
pub(super) struct Reading<'a> {
    pub(super) state: &'a State,
    run: &'a RunId,
    pub(super) people: Option<&'a People>,
    pub(super) context: &'a Context,
    now: Stamp,
    /// When the run, or what it tells of, began.
    begin: Stamp,
    day: Option<Date>,
    day_unread: bool,
    pub(super) findings: Vec<PaperFinding>,
}

/// Every row of `sheet` that has something in it; else everything that is wrong, from the top. `digests` are those of the
/// plan and of the playbook's file: consent on paper says to which it was given.
pub(crate) fn read(
    sheet: &Sheet,
    (run, state): (&RunId, &State),
    people: Option<&People>,
    digests: &[String],
    context: &Context,
) -> Result<Log, Vec<PaperFinding>> {
    let now = context.clock.now();
    let began = state.view(&now).began;
    let first = state.marks().firsts().map(|marking| marking.edge.stamp).chain([began]).min_by_key(|it| it.instant);
    let earliest = first.unwrap_or(began);
    let mut reading = Reading {
        state,
        run,
        people,
        context,
        now: now.at,
        begin: earliest,
        day: None,
        day_unread: false,
        findings: Vec::new(),
    };
    reading.head(sheet);
    let mut values: BTreeMap<&str, Vec<(&str, &Cell)>> = BTreeMap::new();
    for row in &sheet.rows {
        if let (Some((step, id)), Some(answer)) = (asks(row), row.cell(Column::Answer)) {
            values.entry(step).or_default().push((id, answer));
        }
    }
    let mut rows = Vec::new();
    let mut consent = None;
    let mut seconds: BTreeMap<&str, &SheetRow> = BTreeMap::new();
    let filled: Vec<&SheetRow> = sheet.rows.iter().filter(|row| row.filled() && asks(row).is_none()).collect();
    for row in &filled {
        match consents::about(row) {
            Some(About::Plan) if consent.is_some() => reading.findings.push(consents::twice(row)),
            Some(About::Plan) => consent = reading.plan_consent(row, digests),
            Some(About::Step(step)) => {
                let before = seconds.insert(step, row);
                reading.findings.extend(before.map(|_| consents::twice(row)));
            }
            None => {}
        }
    }
    for row in filled.iter().filter(|row| consents::about(row).is_none()) {
        let step = row.cell(Column::Step).map(text);
        let of_step = step.and_then(|step| values.remove(step)).unwrap_or_default();
        let second = step.and_then(|step| seconds.remove(step));
        let read = reading.row(row, &of_step);
        let began = read.as_ref().map(|row| row.began);
        let second = second.and_then(|row| reading.second(row, began));
        rows.extend(read.map(|row| Row { second, ..row }));
    }
    reading.findings.extend(seconds.into_iter().map(|(step, row)| Reading::alone(step, row)));
    for (step, cells) in values {
        for (_, cell) in cells {
            let message = message!("paper-value-alone", step = step);
            reading.findings.push(fail("sheet-answer", cell.place.clone(), message, None));
        }
    }
    if reading.findings.is_empty() {
        return Ok(Log { consent, rows });
    }
    // As the sheet is read: row by row, from the left.
    reading.findings.sort_by_key(|finding| place(&finding.cell));
    Err(reading.findings)
}

/// The row of a cell, and its column: `AA` comes after `Z`.
fn place(cell: &str) -> (u32, usize, String) {
    let column: String = cell.chars().take_while(char::is_ascii_alphabetic).collect();
    (cell[column.len()..].parse().unwrap_or(0), column.len(), column)
}

/// The step and the id of a row that is there for a value.
fn asks(row: &SheetRow) -> Option<(&str, &str)> {
    text(row.cell(Column::Step)?).split_once('?')
}

pub(super) fn text(cell: &Cell) -> &str {
    match &cell.entered {
        Entered::Text(text) => text,
        _ => "",
    }
}

/// A cell's content as words, whatever the spreadsheet made of it.
pub(super) fn words(cell: &Cell) -> String {
    match &cell.entered {
        Entered::Text(text) => text.clone(),
        Entered::Day(day) => day.to_string(),
        Entered::Time(time) => time.to_string(),
        Entered::Moment(moment) => moment.to_string(),
    }
}

impl Reading<'_> {
    fn head(&mut self, sheet: &Sheet) {
        let mut of = |line: HeadLine, wanted: &str| {
            if let Some(cell) = sheet.head(line).filter(|cell| words(cell) != wanted) {
                let message = message!("paper-other-run", sheet = words(cell), run = wanted);
                let help = Some(message!("paper-other-run-help"));
                self.findings.push(fail("sheet-other-run", cell.place.clone(), message, help));
            }
        };
        of(HeadLine::Run, self.run.as_str());
        of(HeadLine::Playbook, self.state.plan().playbook.as_str());
        match sheet.head(HeadLine::Day).map(times::day) {
            Some(Ok(day)) => self.day = Some(day),
            Some(Err(finding)) => {
                // Said once: every row below would say again that it has no day.
                self.day_unread = true;
                self.findings.push(finding);
            }
            None => {}
        }
    }

    fn row(&mut self, row: &SheetRow, values: &[(&str, &Cell)]) -> Option<Row> {
        let Some(cell) = row.cell(Column::Step) else {
            let help = Some(message!("paper-no-step-help"));
            self.findings.push(fail("sheet-step", row.place(Column::Step), message!("paper-no-step"), help));
            return None;
        };
        let path = text(cell).parse::<StepPath>().ok();
        let planned = path.and_then(|path| {
            let step = self.state.planned(&path).or_else(|| self.state.told_at(&path))?;
            Some((step.clone(), path))
        });
        let Some((step, path)) = planned else {
            let message = message!("paper-step-unknown", step = text(cell));
            let help = Some(message!("paper-no-step-help"));
            self.findings.push(fail("sheet-step", cell.place.clone(), message, help));
            return None;
        };
        let before = self.findings.len();
        let told = self.told(row, &path);
        let one_moment = told.is_some();
        let said = match told {
            Some(told) => told.map_err(|finding| self.findings.push(finding)).ok(),
            None => self.said(row, &path, &step, values),
        };
        let skipped = matches!(said, Some(Said::Outcome(Outcome::Skipped, ..)));
        let actor = self.actor(row);
        let span = self.times(row, skipped || one_moment);
        let remark = row.cell(Column::Remark).map(words);
        if skipped && remark.is_none() {
            let help = Some(message!("paper-no-reason-help"));
            self.findings.push(fail("sheet-reason", row.place(Column::Remark), message!("paper-no-reason"), help));
        }
        if self.findings.len() > before {
            return None;
        }
        let (began, ended) = span?;
        let cells = Cells {
            step: cell.place.clone(),
            ended: row.place(Column::Ended),
            answer: row.place(Column::Answer),
            remark: row.place(Column::Remark),
        };
        Some(Row { step: path, actor: actor?, began, ended, said: said?, remark, second: None, cells })
    }

    pub(super) fn actor(&mut self, row: &SheetRow) -> Option<Actor> {
        let place = row.place(Column::Who);
        let help = Some(message!("paper-no-person-help"));
        let Some(name) = row.cell(Column::Who).map(words) else {
            self.findings.push(fail("sheet-person", place, message!("paper-no-person"), help));
            return None;
        };
        let unknown = || {
            fail("sheet-person", place.clone(), message!("paper-unknown-person", text = name.as_str()), help.clone())
        };
        let Some(people) = self.people else {
            let actor = name.parse().ok();
            if actor.is_none() {
                self.findings.push(unknown());
            }
            return actor;
        };
        if let Some(person) = people.find(&name) {
            return Some(person.id.clone());
        }
        let named = |lang: Lang, person: &crate::inventory::Person| person.name.pick(lang) == name;
        let found = people.people.iter().filter(|person| named(Lang::Vi, person) || named(Lang::En, person));
        let found: Vec<&Actor> = found.map(|person| &person.id).collect();
        match found.as_slice() {
            [only] => Some((*only).clone()),
            [] => {
                self.findings.push(unknown());
                None
            }
            several => {
                let ids: Vec<&str> = several.iter().map(|id| id.as_str()).collect();
                let help = Some(message!("paper-two-persons-help", ids = ids.join(", ")));
                self.findings.push(fail(
                    "sheet-person",
                    place,
                    message!("paper-two-persons", text = name.as_str()),
                    help,
                ));
                None
            }
        }
    }

    /// When it was begun and when it was over. What was skipped has one moment.
    pub(super) fn times(&mut self, row: &SheetRow, skipped: bool) -> Option<(Stamp, Stamp)> {
        let day = match row.cell(Column::Day).map(times::day) {
            Some(Ok(day)) => Some(day),
            Some(Err(finding)) => {
                self.findings.push(finding);
                return None;
            }
            None => self.day,
        };
        let now = self.now;
        let mut read = |column: Column, missing| {
            let help = Some(message!("paper-time-help"));
            let missing = fail("sheet-time", row.place(column), missing, help);
            let found = row.cell(column).ok_or(missing).and_then(|cell| times::moment(cell, day, &now));
            match found {
                Ok(stamp) => Some(stamp),
                Err(finding) => {
                    let said = day.is_none() && self.day_unread && finding.message.id == "paper-no-day";
                    self.findings.extend((!said).then_some(finding));
                    None
                }
            }
        };
        let ended = read(Column::Ended, message!("paper-no-ended"));
        let began = if skipped && row.cell(Column::Began).is_none() {
            ended
        } else {
            read(Column::Began, message!("paper-no-began"))
        };
        let (began, ended) = (began?, ended?);
        let shown = |stamp: &Stamp| times::shown(stamp, self.context);
        let mut wrong = Vec::new();
        if ended.instant < began.instant {
            let message = message!("paper-ends-before", ended = shown(&ended), began = shown(&began));
            wrong.push((Column::Ended, message, message!("paper-ends-before-help")));
        }
        for (column, stamp) in [(Column::Began, &began), (Column::Ended, &ended)] {
            if stamp.instant > self.now.instant {
                let help = message!("paper-to-come-help", now = shown(&self.now));
                wrong.push((column, message!("paper-to-come", when = shown(stamp)), help));
            } else if stamp.instant < times::minute(&self.begin).instant {
                let first = shown(&self.begin);
                let message =
                    message!("paper-before-the-run", when = shown(stamp), run = self.run.as_str(), began = first);
                wrong.push((column, message, message!("paper-before-the-run-help")));
            }
        }
        let fine = wrong.is_empty();
        for (column, message, help) in wrong {
            self.findings.push(fail("sheet-time", row.place(column), message, Some(help)));
        }
        fine.then_some((began, ended))
    }

    fn said(&mut self, row: &SheetRow, path: &StepPath, step: &Step, values: &[(&str, &Cell)]) -> Option<Said> {
        let answer = row.cell(Column::Answer).map(words);
        let at_answer = row.place(Column::Answer);
        if let Action::Decide(decide) = &step.action {
            let lang = self.context.lang;
            let offered: Vec<String> = decide.options.iter().map(|option| option.id.to_string()).collect();
            let help = Some(message!("paper-choice-help", words = offered.join(", ")));
            let Some(answer) = answer else {
                self.findings.push(fail("sheet-answer", at_answer, message!("paper-no-choice"), help));
                return None;
            };
            let wanted = answer.trim();
            let by_number = wanted.parse::<usize>().ok().and_then(|number| decide.options.get(number.checked_sub(1)?));
            let chosen = by_number.or_else(|| {
                let titled = |text: &str| wanted == text;
                decide.options.iter().find(|option| {
                    titled(option.id.as_str())
                        || titled(option.title.pick(Lang::Vi))
                        || titled(option.title.pick(Lang::En))
                })
            });
            let Some(option) = chosen else {
                let message = message!("paper-not-a-choice", step = path.as_str(), text = wanted);
                self.findings.push(fail("sheet-answer", at_answer, message, help));
                return None;
            };
            return Some(Said::Choice(option.id.clone(), option.title.pick(lang).to_owned()));
        }
        let offered = || {
            let titles: Vec<String> = OUTCOMES.iter().map(|it| outcome_title(*it).render(self.context.lang)).collect();
            Some(message!("paper-outcome-help", words = titles.join(", ")))
        };
        let at_outcome = row.place(Column::Outcome);
        let Some(word) = row.cell(Column::Outcome).map(words) else {
            self.findings.push(fail("sheet-outcome", at_outcome, message!("paper-no-outcome"), offered()));
            return None;
        };
        let Some(outcome) = outcome_of(&word) else {
            let message = message!("paper-not-an-outcome", text = word.as_str());
            self.findings.push(fail("sheet-outcome", at_outcome, message, offered()));
            return None;
        };
        let manual = match &step.action {
            Action::Manual(manual) => Some(manual),
            _ => None,
        };
        let total = manual.map_or(0, |manual| manual.checks.len());
        let checks = match answer {
            Some(_) if total == 0 => {
                let message = message!("paper-answer-unasked", step = path.as_str());
                let help = Some(message!("paper-answer-unasked-help"));
                self.findings.push(fail("sheet-answer", at_answer, message, help));
                return None;
            }
            None if total > 0 && outcome == Outcome::Done => {
                let help = Some(message!("paper-checks-help", total = total));
                self.findings.push(fail("sheet-answer", at_answer, message!("paper-no-checks"), help));
                return None;
            }
            None => Vec::new(),
            Some(answer) => {
                if let Some(checks) = checks(&answer, total) {
                    checks
                } else {
                    let message = message!("paper-not-checks", text = answer.as_str());
                    let help = Some(message!("paper-checks-help", total = total));
                    self.findings.push(fail("sheet-answer", at_answer, message, help));
                    return None;
                }
            }
        };
        let mut stated = BTreeMap::new();
        for (id, cell) in values {
            let ask = manual.and_then(|manual| manual.ask.iter().find(|ask| ask.id == **id));
            let found = match ask.map(|ask| (ask, reply::value(&ask.kind, &words(cell)))) {
                Some((ask, Ok(value))) => {
                    stated.insert(ask.id.clone(), value);
                    continue;
                }
                Some((_, Err(form))) => {
                    let help = Some(message!("paper-value-form-help", form = form));
                    fail("sheet-answer", cell.place.clone(), message!("paper-value-form", id = *id), help)
                }
                None => {
                    let message = message!("paper-not-a-value", step = path.as_str(), id = *id);
                    fail("sheet-answer", cell.place.clone(), message, None)
                }
            };
            self.findings.push(found);
        }
        Some(Said::Outcome(outcome, checks, stated))
    }
}

/// Which checks are done: `all`, `none`, or their numbers from 1.
fn checks(text: &str, total: usize) -> Option<Vec<bool>> {
    match text.trim().to_lowercase().as_str() {
        "all" | "tất cả" | "tat ca" => return Some(vec![true; total]),
        "none" | "không" | "khong" => return Some(vec![false; total]),
        _ => {}
    }
    let mut checks = vec![false; total];
    for number in text.split([',', ';', ' ']).filter(|part| !part.trim().is_empty()) {
        let index = number.trim().parse::<usize>().ok()?.checked_sub(1)?;
        *checks.get_mut(index)? = true;
    }
    checks.contains(&true).then_some(checks)
}
