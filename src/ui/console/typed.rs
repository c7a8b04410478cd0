//! An answer given in one go, by `ungpho answer` or a file of answers, read as the question asks for it.

use std::collections::BTreeMap;

use super::dialogue::CONSENT_DIGITS;
use super::reply::{Answer, Open, Reply, Second, classifies, option, value};
use crate::engine::view::QuestionView;
use crate::message::{Message, message};
use crate::model::Outcome;
use crate::model::record::{Manner, What};

/// What somebody gave.
#[derive(Clone, Debug, Default)]
pub(crate) struct Typed {
    /// `done`, `failed`, `unknown`, `skip`; `yes`, `no`; an option's id or number.
    pub(crate) word: String,
    /// The checks that are done: `all`, `none`, or their numbers from 1.
    pub(crate) checks: Option<String>,
    /// Values that are asked for, by id.
    pub(crate) values: Vec<(String, String)>,
    /// Why.
    pub(crate) because: Option<String>,
    /// What is to be done next.
    pub(crate) follow_up: Option<String>,
    /// The digest of the plan, or its beginning.
    pub(crate) plan: Option<String>,
    /// How a second person consents.
    pub(crate) second: Option<Second>,
}

/// Reads the answer as `question` asks for it.
///
/// # Errors
///
/// What would have been right.
pub(crate) fn read(typed: &Typed, question: &QuestionView) -> Result<Reply, Message> {
    let because = typed.because.clone().filter(|text| !text.trim().is_empty());
    let word = typed.word.as_str();
    let answer = match question.what {
        What::Consent => consent(typed, question)?,
        What::Second => second(typed, question, because.is_some())?,
        What::Handover => taken(typed, question, because.is_some())?,
        What::Truth => {
            let truth = if yes(word)? { "yes" } else { "no" };
            let choice = truth.parse().map_err(|_| message!("cli-answer-truth"))?;
            Answer::Choice { choice, follow_up: typed.follow_up.clone(), classifies: None }
        }
        What::Decide => {
            let Some(choice) = option(question, word) else {
                let ids: Vec<&str> = question.options.iter().map(|option| option.id.as_str()).collect();
                return Err(message!("cli-answer-options", options = ids.join(", ")));
            };
            if because.is_none() {
                return Err(message!("cli-answer-because"));
            }
            if question.evidence_missing {
                return Err(message!("cli-answer-evidence"));
            }
            let classifies = classifies(question, &choice);
            Answer::Choice { choice, follow_up: typed.follow_up.clone(), classifies }
        }
        _ => outcome(typed, question, because.is_some())?,
    };
    Ok(Reply { question: question.id.clone(), answer, because })
}

fn yes(word: &str) -> Result<bool, Message> {
    match word {
        "yes" | "c" | "true" => Ok(true),
        "no" | "k" | "false" => Ok(false),
        _ => Err(message!("cli-answer-truth")),
    }
}

fn consent(typed: &Typed, question: &QuestionView) -> Result<Answer, Message> {
    let given = yes(&typed.word)?;
    if given {
        let digest = question.plan.map(|plan| plan.hex()).unwrap_or_default();
        let start = typed.plan.as_deref().unwrap_or_default();
        let start = start.strip_prefix("sha256:").unwrap_or(start);
        if start.len() < CONSENT_DIGITS || !digest.starts_with(start) {
            return Err(message!("cli-answer-plan", digits = CONSENT_DIGITS));
        }
    }
    Ok(Answer::Consent { given, plan: question.plan, second: None })
}

fn second(typed: &Typed, question: &QuestionView, reason: bool) -> Result<Answer, Message> {
    if !yes(&typed.word)? {
        if !reason {
            return Err(message!("cli-answer-because"));
        }
        return Ok(Answer::Consent { given: false, plan: None, second: None });
    }
    let Some(second) = &typed.second else { return Err(message!("cli-answer-second")) };
    if !question.ways.contains(&second.manner) {
        return Err(message!("cli-answer-way", ways = ways(&question.ways)));
    }
    if !reason && matches!(second.manner, Manner::Phone | Manner::Alone) {
        return Err(message!("cli-answer-because"));
    }
    // What was signed is about this plan: it is kept with it.
    let plan = typed.plan.as_deref().and_then(|plan| plan.parse().ok()).filter(|_| second.signed.is_some());
    Ok(Answer::Consent { given: true, plan, second: Some(second.clone()) })
}

/// The ways, as `--second` and `--key` name them.
pub(super) fn ways(ways: &[Manner]) -> String {
    let word = |way: &Manner| match way {
        Manner::Key => "--key",
        Manner::Present => "--second present",
        Manner::Phone => "--second phone",
        Manner::Alone => "--second alone",
    };
    ways.iter().map(word).collect::<Vec<_>>().join(", ")
}

fn taken(typed: &Typed, question: &QuestionView, reason: bool) -> Result<Answer, Message> {
    match (yes(&typed.word)?, question.role.clone()) {
        (true, Some(role)) => Ok(Answer::Taken { role, from: question.by.clone(), open: Open::default() }),
        _ if !reason => Err(message!("cli-answer-because")),
        _ => Ok(Answer::Outcome { outcome: Outcome::Skipped, checks: Vec::new(), values: BTreeMap::new() }),
    }
}

fn outcome(typed: &Typed, question: &QuestionView, reason: bool) -> Result<Answer, Message> {
    let outcome = match typed.word.as_str() {
        "done" | "c" => Outcome::Done,
        "failed" | "k" => Outcome::Failed,
        "unknown" | "?" => Outcome::Unknown,
        "skip" | "skipped" | "b" => Outcome::Skipped,
        _ => return Err(message!("cli-answer-outcome")),
    };
    if outcome != Outcome::Done {
        if !reason {
            return Err(message!("cli-answer-because"));
        }
        return Ok(Answer::Outcome { outcome, checks: Vec::new(), values: BTreeMap::new() });
    }
    if question.evidence_missing {
        return Err(message!("cli-answer-evidence"));
    }
    let checks = checks(typed, question.checks.len())?;
    let mut values = BTreeMap::new();
    for (id, text) in &typed.values {
        let Some(ask) = question.ask.iter().find(|ask| ask.id == *id.as_str()) else {
            let ids: Vec<&str> = question.ask.iter().map(|ask| ask.id.as_str()).collect();
            return Err(message!("cli-answer-value", given = id.as_str(), ids = ids.join(", ")));
        };
        let value = value(&ask.kind, text)
            .map_err(|form| message!("cli-answer-value-form", id = ask.id.as_str(), form = form))?;
        values.insert(ask.id.clone(), value);
    }
    Ok(Answer::Outcome { outcome, checks, values })
}

fn checks(typed: &Typed, total: usize) -> Result<Vec<bool>, Message> {
    let wrong = || message!("cli-answer-checks", total = total);
    match typed.checks.as_deref() {
        None if total > 0 => Err(wrong()),
        None | Some("none") => Ok(vec![false; total]),
        Some("all") => Ok(vec![true; total]),
        Some(list) => {
            let mut checks = vec![false; total];
            for number in list.split(',') {
                let index = number.trim().parse::<usize>().ok().and_then(|number| number.checked_sub(1));
                *index.and_then(|index| checks.get_mut(index)).ok_or_else(wrong)? = true;
            }
            Ok(checks)
        }
    }
}
