//! Answers from a file (`--answers FILE`): what people would say, for drills that are checked without them.
//!
//! ```yaml
//! format: 1
//! consent: { answer: yes, by: hung }
//! answers:
//!   confirm: { answer: done, by: lan, checks: [true], values: { count: 3 }, note: "Seen at the desk", because: "..." }
//!   reopen: open                 # a word is the answer alone
//!   retry_me: [failed, done]     # the first time, the second and every later time
//!   "each_site[2]/visit": { answer: skipped, because: "closed", after: 5s }
//! ```
//!
//! Keys are paths of steps; of a round, for its `until`. An answer is `done`, `failed`, `skipped` or `unknown`, the id of an
//! option, or `yes` and `no`.

mod check;

use std::collections::BTreeMap;

use serde_json::Value;

pub(super) use check::asked;

use super::view::QuestionView;
use crate::message::message;
use crate::model::record::What;
use crate::model::{Actor, Id, Outcome, Span, StepPath};
use crate::source::{self, Data, Finding, Node, Place, Reader};

/// Every answer of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers {
    /// What is said where consent to the plan is asked for.
    pub consent: Vec<Scripted>,
    /// What is said about a step, each time it is asked about; the last one also from then on.
    pub steps: BTreeMap<StepPath, Vec<Scripted>>,
    /// Where each step stands in the file.
    places: BTreeMap<StepPath, Place>,
}

/// One answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Scripted {
    /// `done`, `failed`, `skipped`, an option, `yes` or `no`.
    pub answer: Id,
    /// Who would say it.
    pub by: Option<Actor>,
    /// One for each check; all ticked where nothing is said and the answer is `done`.
    pub checks: Option<Vec<bool>>,
    /// What was asked for.
    pub values: BTreeMap<Id, Value>,
    /// Why, in words.
    pub because: Option<String>,
    /// A note to the step, put before the answer.
    pub note: Option<String>,
    /// How long after the question it is given.
    pub after: Span,
    /// Where it stands in the file.
    place: Place,
}

impl Scripted {
    /// The outcome that it says, where it is one.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        match self.answer.as_str() {
            "done" | "yes" => Some(Outcome::Done),
            "failed" | "no" => Some(Outcome::Failed),
            "skipped" => Some(Outcome::Skipped),
            "unknown" => Some(Outcome::Unknown),
            _ => None,
        }
    }

    fn yes_or_no(&self) -> bool {
        matches!(self.answer.as_str(), "yes" | "no")
    }
}

impl Answers {
    /// Reads a file of answers.
    ///
    /// # Errors
    ///
    /// Everything that is wrong in it, in file order.
    pub fn read(file: &str, text: &str) -> Result<Self, Vec<Finding>> {
        let document = source::parse(file, text);
        let reader = Reader::new(&document);
        let answers = document.root.as_ref().and_then(|root| whole(&reader, root));
        let failed = reader.failed();
        match answers {
            Some(answers) if !failed => Ok(answers),
            _ => Err(reader.into_findings()),
        }
    }

    /// What the file says to `question`: the first time that its step is asked about the first answer, then the second, and
    /// the last one from then on. Nothing where it says nothing, or something else than what is asked for.
    #[must_use]
    pub fn to(&self, question: &QuestionView) -> Option<&Scripted> {
        let said = match &question.step {
            None => &self.consent,
            Some(step) => self.steps.get(step)?,
        };
        let said = said.get(question.before).or(said.last())?;
        let fits = match question.what {
            What::Decide => question.options.iter().any(|option| option.id == said.answer),
            What::Truth | What::Consent => said.yes_or_no(),
            What::Manual | What::State | What::Orphan | What::Undo | What::Deliver => said.outcome().is_some(),
            // A file is no second person, and takes over from nobody.
            What::Second | What::Handover => false,
        };
        fits.then_some(said)
    }
}

fn whole<'a>(reader: &Reader<'a>, root: &'a Node) -> Option<Answers> {
    let fields = reader.fields("answers", root, Place::START)?;
    fields.format();
    let consent = fields.optional("consent").map(|node| several(reader, node)).unwrap_or_default();
    let (mut steps, mut places) = (BTreeMap::new(), BTreeMap::new());
    for (key, node) in fields.optional("answers").and_then(|node| reader.members(node)).unwrap_or_default() {
        let said = several(reader, node);
        if let Ok(path) = key.text.parse::<StepPath>() {
            places.insert(path.clone(), key.place);
            steps.insert(path, said);
        } else {
            let message = message!("engine-loop-not-a-path", text = key.text.as_str());
            reader.error("not-a-step-path", key.place, message, message!("engine-loop-not-a-path-help"));
        }
    }
    fields.finish();
    Some(Answers { consent, steps, places })
}

fn several<'a>(reader: &Reader<'a>, node: &'a Node) -> Vec<Scripted> {
    match &node.data {
        Data::List(items) => items.iter().filter_map(|item| one(reader, item)).collect(),
        _ => one(reader, node).into_iter().collect(),
    }
}

fn one<'a>(reader: &Reader<'a>, node: &'a Node) -> Option<Scripted> {
    let plain = |answer| Scripted {
        answer,
        by: None,
        checks: None,
        values: BTreeMap::new(),
        because: None,
        note: None,
        after: Span::from_seconds(0),
        place: node.place,
    };
    if node.scalar().is_some() {
        return reader.id(node).map(plain);
    }
    let fields = reader.fields("answer", node, node.place)?;
    let word = fields.required("answer");
    let answer = word.and_then(|node| reader.id(node));
    let by = fields.optional("by").and_then(|node| person(reader, node));
    let checks = fields.optional("checks").and_then(|node| reader.list(node, |item| reader.boolean(item)));
    let mut values = BTreeMap::new();
    for (key, node) in fields.optional("values").and_then(|node| reader.members(node)).unwrap_or_default() {
        if let (Some(id), Some(value)) = (reader.id_key(key), node.to_value()) {
            values.insert(id, value);
        }
    }
    let because = fields.optional("because").and_then(|node| reader.text(node));
    let noted = fields.optional("note").and_then(|node| reader.text(node));
    let after = fields.optional("after").and_then(|node| reader.span(node));
    fields.finish();
    Some(Scripted {
        by,
        checks,
        values,
        because,
        note: noted,
        after: after.unwrap_or(Span::from_seconds(0)),
        place: word.map_or(node.place, |word| word.place),
        ..plain(answer?)
    })
}

fn person(reader: &Reader<'_>, node: &Node) -> Option<Actor> {
    let text = reader.letters(node)?;
    let person = text.parse().ok();
    if person.is_none() {
        let help = message!("source-pattern-help", pattern = Actor::PATTERN);
        reader.error("invalid-name", node.place, message!("source-invalid-name", text = text.as_str()), help);
    }
    person
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_answers_is_read_in_its_long_and_short_forms() {
        let text = "format: 1\n\
                    consent: { answer: yes, by: hung }\n\
                    answers:\n\
                    \x20 confirm: { answer: done, by: lan, checks: [true, false], values: { count: 3 }, note: Seen, after: 5s }\n\
                    \x20 reopen: open\n\
                    \x20 \"each_site[2]/visit\": [failed, { answer: skipped, because: closed }]\n";
        let answers = Answers::read("answers.yaml", text).expect("it is valid");
        assert_eq!(answers.consent[0].answer, "yes");
        let said = |path: &str| &answers.steps[&path.parse::<StepPath>().expect("a path")];
        assert_eq!(said("reopen")[0].answer, "open");
        let confirm = &said("confirm")[0];
        assert_eq!(confirm.by.as_ref().map(Actor::as_str), Some("lan"));
        assert_eq!(confirm.checks, Some(vec![true, false]));
        assert_eq!(confirm.values.values().next(), Some(&Value::from(3)));
        assert_eq!(confirm.after.seconds(), 5);
        let visits: Vec<&str> = said("each_site[2]/visit").iter().map(|said| said.answer.as_str()).collect();
        assert_eq!(visits, ["failed", "skipped"]);
    }

    #[test]
    fn every_mistake_in_a_file_of_answers_is_found_at_its_word() {
        let text =
            "format: 1\nanswers:\n  Confirm: done\n  other: { anser: done }\n  third: { answer: done, by: \"a b\" }\n";
        let findings = Answers::read("answers.yaml", text).expect_err("it is wrong");
        let found: Vec<(&str, usize, usize)> =
            findings.iter().map(|finding| (finding.code, finding.line, finding.column)).collect();
        assert_eq!(found, [("not-a-step-path", 3, 3), ("unknown-key", 4, 12), ("invalid-name", 5, 30)]);
    }
}
