//! One question put to a person, from the first key to a whole answer. Pure: lines in, turns out.

use std::collections::BTreeMap;

use super::reply::{Answer, Open, Reply, Second, classifies, option, value};
use super::second::{self, Others};
use crate::engine::view::QuestionView;
use crate::message::{Message, message};
use crate::model::record::{Manner, What};
use crate::model::{Actor, Id, Outcome};

/// How many characters of the plan's digest are typed to consent to it.
pub(crate) const CONSENT_DIGITS: usize = 8;

/// What follows a line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Turn {
    /// Say this (if anything) and put the prompt again.
    Stay(Vec<Message>),
    /// Show the question again from the start.
    Again,
    /// Put the next of several open questions.
    Next,
    /// Show what every key does.
    Help,
    /// Leave the console; the run goes on.
    Leave,
    /// Keep a note, then put the prompt again.
    Note(String),
    /// Attach the file of this path, then put the prompt again.
    File(String),
    /// The answer is whole.
    Reply(Reply),
}

#[derive(Clone, Debug, PartialEq)]
enum Stage {
    /// The first key.
    Key,
    /// The check with this number, from 0.
    Check(usize),
    /// Some check is not done: is the step done all the same?
    Despite,
    /// The value with this number, from 0.
    Value(usize),
    /// A note or a file is compulsory and not there yet.
    Evidence,
    /// Why, in words.
    Reason,
    /// Who the second person is.
    Who,
    /// What is to be done later.
    FollowUp,
}

/// Words that are typed aside from the question.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Aside {
    Note,
    File,
}

/// One question and what has been answered of it so far.
#[derive(Clone, Debug)]
pub(crate) struct Dialogue {
    question: QuestionView,
    stage: Stage,
    aside: Option<Aside>,
    outcome: Outcome,
    checks: Vec<bool>,
    values: BTreeMap<Id, serde_json::Value>,
    choice: Option<Id>,
    because: Option<String>,
    refused: bool,
    others: Others,
    manner: Option<Manner>,
    who: Option<Actor>,
}

impl Dialogue {
    /// Begins with the first key; `others` are those who can be the second person.
    pub(crate) fn new(question: QuestionView, others: Others) -> Self {
        Self {
            question,
            others,
            manner: None,
            who: None,
            stage: Stage::Key,
            aside: None,
            outcome: Outcome::Done,
            checks: Vec::new(),
            values: BTreeMap::new(),
            choice: None,
            because: None,
            refused: false,
        }
    }

    /// The question.
    pub(crate) fn question(&self) -> &QuestionView {
        &self.question
    }

    /// Whether words are asked for, which may be several lines: a note, a reason, what is to be done later.
    pub(crate) fn takes_words(&self) -> bool {
        match self.aside {
            Some(aside) => aside == Aside::Note,
            None => matches!(self.stage, Stage::Reason | Stage::FollowUp),
        }
    }

    /// Takes in that a note or a file has come; the answer goes on where it had waited for one.
    pub(crate) fn evidence_came(&mut self) -> Option<Turn> {
        self.question.evidence_missing = false;
        match self.stage {
            Stage::Evidence if self.question.what == What::Decide => {
                self.stage = Stage::Reason;
                None
            }
            Stage::Evidence => Some(self.finish()),
            _ => None,
        }
    }

    /// What is asked for now, in one line.
    pub(crate) fn prompt(&self) -> Message {
        match self.aside {
            Some(Aside::Note) => return message!("console-prompt-note"),
            Some(Aside::File) => return message!("console-prompt-file"),
            None => {}
        }
        match self.stage {
            Stage::Key => keys(&self.question),
            Stage::Check(index) => message!(
                "console-prompt-check",
                number = index + 1,
                total = self.question.checks.len(),
                check = self.question.checks.get(index).cloned().unwrap_or_else(|| "".into())
            ),
            Stage::Despite => message!("console-prompt-despite"),
            Stage::Value(index) => match self.question.ask.get(index) {
                Some(ask) => {
                    let form = form(&ask.kind);
                    message!("console-prompt-value", title = ask.title.clone(), form = form)
                }
                None => keys(&self.question),
            },
            Stage::Evidence => message!("console-prompt-evidence"),
            Stage::Who => self.others.prompt(),
            Stage::Reason if self.manner == Some(Manner::Phone) && !self.refused => message!("console-prompt-said"),
            Stage::Reason => message!("console-prompt-reason"),
            Stage::FollowUp => message!("console-prompt-follow-up"),
        }
    }

    /// Takes a typed line in.
    pub(crate) fn line(&mut self, line: &str) -> Turn {
        let line = line.trim();
        if let Some(aside) = self.aside {
            return self.aside_line(aside, line);
        }
        match self.stage.clone() {
            Stage::Key => self.key(line),
            Stage::Check(index) => self.check(index, line),
            Stage::Despite => match line.to_lowercase().as_str() {
                "c" => self.values_or_finish(0),
                "k" | "0" => self.back(),
                _ => self.side_key(line),
            },
            Stage::Value(index) => self.value(index, line),
            Stage::Evidence => match line {
                "0" => self.back(),
                _ => self.side_key(line),
            },
            Stage::Who => match line {
                "0" => self.back(),
                "" => Turn::Stay(vec![message!("console-words-needed")]),
                _ => match self.others.pick(line) {
                    Ok(who) => {
                        self.who = Some(who);
                        if self.manner == Some(Manner::Phone) { self.go(Stage::Reason) } else { self.reply(None) }
                    }
                    Err(problem) => Turn::Stay(vec![problem]),
                },
            },
            Stage::Reason => match line {
                "0" => self.back(),
                "" => Turn::Stay(vec![message!("console-reason-needed")]),
                _ => {
                    self.because = Some(line.to_owned());
                    if self.question.what == What::Decide {
                        self.stage = Stage::FollowUp;
                        Turn::Stay(Vec::new())
                    } else {
                        self.finish()
                    }
                }
            },
            Stage::FollowUp => match line {
                "0" => self.back(),
                _ => self.reply((!line.is_empty()).then(|| line.to_owned())),
            },
        }
    }

    fn back(&mut self) -> Turn {
        *self = Self::new(self.question.clone(), self.others.clone());
        Turn::Again
    }

    fn go(&mut self, stage: Stage) -> Turn {
        self.stage = stage;
        Turn::Stay(Vec::new())
    }

    fn aside_line(&mut self, aside: Aside, line: &str) -> Turn {
        match line {
            "0" => {
                self.aside = None;
                Turn::Stay(vec![message!("console-nothing-kept")])
            }
            "" => Turn::Stay(vec![message!("console-words-needed")]),
            _ => {
                self.aside = None;
                match aside {
                    Aside::Note => Turn::Note(line.to_owned()),
                    Aside::File => Turn::File(line.to_owned()),
                }
            }
        }
    }

    /// Keys that are there whatever is asked; any other changes nothing, and it is said.
    fn side_key(&mut self, line: &str) -> Turn {
        match line.to_lowercase().as_str() {
            "g" => {
                self.aside = Some(Aside::Note);
                Turn::Stay(Vec::new())
            }
            "t" => {
                self.aside = Some(Aside::File);
                Turn::Stay(Vec::new())
            }
            "l" => Turn::Again,
            "s" => Turn::Next,
            "d" => Turn::Leave,
            "h" => Turn::Help,
            "" => Turn::Stay(vec![message!("console-enter-alone")]),
            _ => Turn::Stay(vec![message!("console-wrong-key", key = shortened(line))]),
        }
    }

    fn key(&mut self, line: &str) -> Turn {
        let key = line.to_lowercase();
        match self.question.what {
            What::Decide => match option(&self.question, line) {
                Some(choice) => {
                    self.choice = Some(choice);
                    self.go(if self.question.evidence_missing { Stage::Evidence } else { Stage::Reason })
                }
                None => self.side_key(line),
            },
            What::Truth => match key.as_str() {
                "c" => self.truth("yes"),
                "k" => self.truth("no"),
                "?" => Turn::Stay(vec![message!("console-truth-unsure")]),
                _ => self.side_key(line),
            },
            What::Consent => self.consent(&key),
            What::Handover => match key.as_str() {
                "c" => self.reply(None),
                "k" => self.ends(Outcome::Skipped),
                _ => self.side_key(line),
            },
            What::Undo => match key.as_str() {
                "c" => self.done(),
                "k" => self.ends(Outcome::Skipped),
                _ => self.side_key(line),
            },
            What::Orphan => match key.as_str() {
                "1" | "c" => self.done(),
                "2" | "k" => self.ends(Outcome::Failed),
                "3" | "?" => self.ends(Outcome::Unknown),
                _ => self.side_key(line),
            },
            What::Second => match key.as_str() {
                "k" => {
                    self.refused = true;
                    self.go(Stage::Reason)
                }
                _ => match second::way(&key) {
                    Some(manner) if self.question.ways.contains(&manner) => {
                        self.manner = Some(manner);
                        self.go(if manner == Manner::Alone { Stage::Reason } else { Stage::Who })
                    }
                    Some(_) => Turn::Stay(vec![message!(
                        "console-way-not-allowed",
                        ways = super::typed::ways(&self.question.ways)
                    )]),
                    None => self.side_key(line),
                },
            },
            What::Manual | What::State | What::Deliver => match key.as_str() {
                "c" => self.done(),
                "k" => self.ends(Outcome::Failed),
                "?" => self.ends(Outcome::Unknown),
                "b" => self.ends(Outcome::Skipped),
                _ => self.side_key(line),
            },
        }
    }

    fn truth(&mut self, word: &str) -> Turn {
        self.choice = word.parse().ok();
        self.reply(None)
    }

    fn consent(&mut self, key: &str) -> Turn {
        if key == "k" {
            self.refused = true;
            return self.go(Stage::Reason);
        }
        let digest = self.question.plan.map(|plan| plan.hex()).unwrap_or_default();
        if key.len() >= CONSENT_DIGITS && digest.starts_with(key) {
            return self.reply(None);
        }
        if key.len() >= CONSENT_DIGITS || key == "c" {
            return Turn::Stay(vec![message!("console-consent-digest", digits = CONSENT_DIGITS)]);
        }
        self.side_key(key)
    }

    /// Everything but `done` needs a reason.
    fn ends(&mut self, outcome: Outcome) -> Turn {
        self.outcome = outcome;
        self.go(Stage::Reason)
    }

    fn done(&mut self) -> Turn {
        self.outcome = Outcome::Done;
        if self.question.checks.is_empty() { self.values_or_finish(0) } else { self.go(Stage::Check(0)) }
    }

    fn check(&mut self, index: usize, line: &str) -> Turn {
        match line.to_lowercase().as_str() {
            "c" => self.checks.push(true),
            "k" | "?" => self.checks.push(false),
            "0" => return self.back(),
            _ => return self.side_key(line),
        }
        if index + 1 < self.question.checks.len() {
            return self.go(Stage::Check(index + 1));
        }
        if self.checks.contains(&false) { self.go(Stage::Despite) } else { self.values_or_finish(0) }
    }

    fn values_or_finish(&mut self, index: usize) -> Turn {
        if index < self.question.ask.len() { self.go(Stage::Value(index)) } else { self.finish() }
    }

    fn value(&mut self, index: usize, line: &str) -> Turn {
        let Some(ask) = self.question.ask.get(index).cloned() else { return self.finish() };
        match line {
            "0" if value(&ask.kind, "0").is_err() => return self.back(),
            // Left out: it prints as not known. In a tabletop many values are nobody's to state.
            "?" => return self.values_or_finish(index + 1),
            _ => {}
        }
        match value(&ask.kind, line) {
            Ok(value) => {
                self.values.insert(ask.id, value);
                self.values_or_finish(index + 1)
            }
            Err(problem) => Turn::Stay(vec![problem]),
        }
    }

    fn finish(&mut self) -> Turn {
        if self.question.evidence_missing && self.outcome == Outcome::Done {
            return self.go(Stage::Evidence);
        }
        self.reply(None)
    }

    fn reply(&mut self, follow_up: Option<String>) -> Turn {
        let answer = match self.question.what {
            What::Decide | What::Truth => match self.choice.clone() {
                Some(choice) => {
                    let classifies = classifies(&self.question, &choice);
                    Answer::Choice { choice, follow_up, classifies }
                }
                None => return self.back(),
            },
            What::Consent => Answer::Consent { given: !self.refused, plan: self.question.plan, second: None },
            What::Second => {
                let second = self.manner.filter(|_| !self.refused);
                let second = second.map(|manner| Second { manner, who: self.who.clone(), signed: None });
                Answer::Consent { given: !self.refused, plan: None, second }
            }
            What::Handover if self.outcome == Outcome::Done => match self.question.role.clone() {
                Some(role) => Answer::Taken { role, from: self.question.by.clone(), open: Open::default() },
                None => return self.back(),
            },
            _ => Answer::Outcome {
                outcome: self.outcome,
                checks: std::mem::take(&mut self.checks),
                values: std::mem::take(&mut self.values),
            },
        };
        Turn::Reply(Reply { question: self.question.id.clone(), answer, because: self.because.clone() })
    }
}

/// What the keys of a question are.
fn keys(question: &QuestionView) -> Message {
    match question.what {
        What::Manual => message!("console-keys-manual"),
        What::State => message!("console-keys-state"),
        What::Deliver => message!("console-keys-deliver"),
        What::Decide => message!("console-keys-decide", total = question.options.len()),
        What::Truth => message!("console-keys-truth"),
        What::Consent => message!("console-keys-consent", digits = CONSENT_DIGITS),
        What::Orphan => message!("console-keys-orphan"),
        What::Undo => message!("console-keys-undo"),
        What::Second => message!("console-keys-second", ways = second::keys(&question.ways)),
        What::Handover => message!("console-keys-handover"),
    }
}

/// What form a value has to have.
fn form(kind: &crate::step::ValueKind) -> Message {
    use crate::step::ValueKind;
    match kind {
        ValueKind::System => message!("console-value-system"),
        ValueKind::Path => message!("console-value-path"),
        ValueKind::String => message!("console-value-string"),
        ValueKind::Integer => message!("console-value-integer"),
        ValueKind::Duration => message!("console-value-duration"),
        ValueKind::Boolean => message!("console-value-boolean"),
        ValueKind::Choice(words) => message!("console-value-choice", words = super::reply::numbered(words)),
    }
}

fn shortened(line: &str) -> String {
    if line.chars().count() <= 20 { line.to_owned() } else { line.chars().take(20).chain(['…']).collect() }
}

#[cfg(test)]
#[path = "dialogue_tests.rs"]
mod tests;
