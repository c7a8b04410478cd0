//! The level of a system as a page for people, and as JSON.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::level::{Described, Rules};
use super::level_words as words;
use crate::inventory::System;
use crate::inventory::dossier::RulesId;
use crate::message::{Lang, Message, message};
use crate::model::Text;
use crate::policy::levels::{Book, Check, Fact, Kind, Match, Outcome, Question, Standing, day, in_force};

/// What was seen of one system.
pub(super) struct Seen<'a> {
    pub(super) one: &'a Described,
    pub(super) rules: &'a Rules,
    pub(super) outcomes: Vec<(RulesId, Outcome<'a, 'a>)>,
    pub(super) checks: Vec<Check>,
}

/// What is true of all pages, after the last.
pub(super) fn foot(rules: &Rules, lang: Lang) -> String {
    let mut text = String::new();
    let mut line = |message: Message| {
        let _ = writeln!(text, "{}", message.render(lang));
    };
    line(message!("level-on", day = day(rules.on)));
    if rules.force.preview {
        line(message!("level-preview", rules = Book::title(rules.force.rules)));
    }
    for changed in rules.book.overridden.iter().filter(|changed| rules.wanted.contains(&changed.rules)) {
        let (rule, by) = (changed.id.as_str(), changed.by.as_str());
        line(message!("level-overridden", rule = rule, by = by, text = changed.text.clone()));
    }
    line(message!("level-suggests"));
    text
}

/// The page of one system.
pub(super) fn text(seen: &Seen<'_>, lang: Lang) -> String {
    let system = &seen.one.system;
    let mut text = format!("{} · {}\n", system.id, system.name.pick(lang));
    let force = in_force(&seen.rules.book, system, seen.rules.on);
    let _ = writeln!(text, "  {}", message!("level-force", level = force.words()).render(lang));
    for (id, outcome) in &seen.outcomes {
        set(&mut text, seen, *id, outcome, lang);
    }
    if !seen.checks.is_empty() {
        let _ = writeln!(text, "  {}", message!("level-dossier").render(lang));
    }
    for check in &seen.checks {
        let sign = standing(check.standing).render(lang);
        let words = marked(check.text.clone(), check.assumed).render(lang);
        let _ = writeln!(text, "    [{sign}] {words}");
        if let Some(citation) = &check.citation {
            let _ = writeln!(text, "      {}", citation.pick(lang));
        }
    }
    text
}

fn set(text: &mut String, seen: &Seen<'_>, id: RulesId, outcome: &Outcome<'_, '_>, lang: Lang) {
    let rules = seen.rules;
    let title = Book::title(id);
    let head = match (rules.force.rules == id, rules.force.preview) {
        (true, false) => message!("level-set-in-force", rules = title),
        (true, true) => message!("level-set-preview", rules = title),
        (false, _) => message!("level-set-other", rules = title),
    };
    let _ = writeln!(text, "  {}", head.render(lang));
    let mut line = |depth: usize, message: &Message| {
        let _ = writeln!(text, "{:depth$}{}", "", message.render(lang));
    };
    line(
        4,
        &match (outcome.proved, outcome.possible) {
            (Some(proved), Some(possible)) if proved == possible => message!("level-proved", level = proved),
            (Some(proved), Some(possible)) => message!("level-proved-possible", level = proved, possible = possible),
            (None, Some(possible)) => message!("level-possible", possible = possible),
            _ => message!("level-no-match"),
        },
    );
    for found in &outcome.matched {
        let level = found.rule.level().unwrap_or_default();
        line(
            4,
            &place(
                found,
                message!("level-rule", rule = found.rule.id.as_str(), level = level, text = found.rule.text.clone()),
            ),
        );
        line(6, &message!("level-citation", article = found.rule.citation.clone()));
        let grounds = grounds(found, &seen.one.system).render(lang);
        line(6, &message!("level-grounds", facts = grounds));
        if let Some(note) = &found.rule.note {
            line(6, &message!("level-note", text = note.clone()));
        }
    }
    if outcome.matched.len() > 1
        && let Some(cite) = rules.book.set(id).and_then(|set| set.article("highest"))
    {
        line(4, &message!("level-highest", article = cite.clone()));
    }
    for found in &outcome.open {
        if let Some(open) = &found.rule.open {
            let level = found.rule.level().unwrap_or_default();
            let rule = found.rule.id.as_str();
            line(4, &place(found, message!("level-open", rule = rule, level = level, text = open.text.clone())));
            line(6, &message!("level-citation", article = found.rule.citation.clone()));
        }
    }
    for mark in &outcome.marks {
        let (rule, text) = (mark.rule.id.as_str(), mark.rule.text.clone());
        let message = if mark.sure {
            message!("level-mark", rule = rule, text = text)
        } else {
            message!("level-mark-possible", rule = rule, text = text)
        };
        line(4, &message);
        line(6, &message!("level-citation", article = mark.rule.citation.clone()));
        if let Some(note) = &mark.rule.note {
            line(6, &message!("level-note", text = note.clone()));
        }
    }
    if !outcome.questions.is_empty() {
        line(4, &message!("level-questions"));
    }
    let now = (outcome.proved.unwrap_or_default(), outcome.possible.unwrap_or_default());
    for question in &outcome.questions {
        let what = words::fact(question.fact);
        line(6, &message!("level-question", fact = question.name(), what = what, level = question.up_to));
        let mut answers = answers(question, now)
            .into_iter()
            .map(|(answer, low, high)| message!("level-answer", answer = answer, level = span(low, high)));
        if let Some(first) = answers.next() {
            line(8, &answers.fold(first, |all, next| message!("level-or", first = all, second = next)));
        }
    }
}

/// What each answer that changes something would give: answers with the same outcome together, numbers from the first of them on.
fn answers(question: &Question<'_>, now: (u8, u8)) -> Vec<(String, u8, u8)> {
    let kind = question.fact.kind();
    let mut all: Vec<(String, u8, u8)> = Vec::new();
    let mut before = None;
    for (answer, low, high) in &question.answers {
        let again = before.replace((*low, *high)) == Some((*low, *high));
        // All words at once stand for no answer that people give.
        let whole = matches!(kind, Kind::Several(_)) && answer.count_ones() > 1;
        if whole || (*low, *high) == now || (again && kind == Kind::Count) {
            continue;
        }
        let shown = question.fact.shown(*answer);
        let shown = match kind {
            Kind::Count => format!("≥ {shown}"),
            _ => shown.trim_matches(['[', ']']).to_owned(),
        };
        match all.iter_mut().find(|(_, least, most)| (*least, *most) == (*low, *high)) {
            Some((words, ..)) => {
                words.push_str(" / ");
                words.push_str(&shown);
            }
            None => all.push((shown, *low, *high)),
        }
    }
    all
}

/// A level, or the levels between two; none is said to be undetermined.
fn span(low: u8, high: u8) -> Message {
    match (low, high) {
        (0, 0) => message!("level-span-none"),
        (0, high) => message!("level-span-open", high = high),
        (low, high) if low == high => message!("level-span-one", level = low),
        (low, high) => message!("level-span", low = low, high = high),
    }
}

fn place(found: &Match<'_, '_>, text: Message) -> Message {
    match found.component {
        Some(component) => message!("level-component", component = component.as_str(), text = text),
        None => text,
    }
}

/// The facts by which a rule holds; what no person has confirmed is marked.
fn grounds(found: &Match<'_, '_>, system: &System) -> Message {
    let assumed = found.assumed(system);
    let mut facts = Fact::of_set(found.grounds)
        .map(|fact| marked(message!("level-word", word = fact.word()), assumed & fact.bit() != 0));
    let first = facts.next().unwrap_or_else(|| message!("level-word", word = "-"));
    facts.fold(first, |all, next| message!("level-and", first = all, second = next))
}

fn marked(text: Message, assumed: bool) -> Message {
    if assumed { message!("level-assumed", text = text) } else { text }
}

fn standing(standing: Standing) -> Message {
    match standing {
        Standing::Met => message!("level-standing-met"),
        Standing::NotMet => message!("level-standing-not-met"),
        Standing::Look => message!("level-standing-look"),
        Standing::Unknown => message!("level-standing-unknown"),
        Standing::Told => message!("level-standing-told"),
    }
}

/// One system as one JSON value.
pub(super) fn json(seen: &Seen<'_>, lang: Lang) -> String {
    let system = &seen.one.system;
    let matched = |found: &Match<'_, '_>, text: &Text| {
        let of = |set: u32| Fact::of_set(set).map(Fact::word).collect::<Vec<_>>();
        json!({
            "rule": found.rule.id, "level": found.rule.level(), "citation": found.rule.citation.pick(lang),
            "component": found.component, "text": text.pick(lang), "facts": of(found.grounds), "assumed": of(found.assumed(system)),
            "note": found.rule.note.as_ref().map(|note| note.pick(lang)),
        })
    };
    let mut sets = Map::new();
    for (id, outcome) in &seen.outcomes {
        let open = outcome.open.iter().filter_map(|found| Some(matched(found, &found.rule.open.as_ref()?.text)));
        let marks = outcome.marks.iter().map(|mark| {
            json!({
                "rule": mark.rule.id, "sure": mark.sure, "citation": mark.rule.citation.pick(lang),
                "text": mark.rule.text.pick(lang),
            })
        });
        let value = json!({
            "proved": outcome.proved,
            "possible": outcome.possible,
            "matched": outcome.matched.iter().map(|found| matched(found, &found.rule.text)).collect::<Vec<_>>(),
            "questions": outcome.questions.iter().map(Question::name).collect::<Vec<_>>(),
            "deciding": outcome.questions.iter().map(deciding).collect::<Vec<_>>(),
            "open": open.collect::<Vec<_>>(),
            "marks": marks.collect::<Vec<_>>(),
        });
        sets.insert(id.word().to_owned(), value);
    }
    let checks: Vec<Value> = seen
        .checks
        .iter()
        .map(|check| {
            json!({
                "id": check.id, "standing": check.standing, "text": check.text.render(lang),
                "citation": check.citation.as_ref().map(|cite| cite.pick(lang)), "due": check.due,
                "assumed": check.assumed,
            })
        })
        .collect();
    json!({
        "id": system.id, "name": system.name.pick(lang), "file": seen.one.file,
        "in_force": in_force(&seen.rules.book, system, seen.rules.on), "rules": sets, "checks": checks,
    })
    .to_string()
}

/// A question with what each answer would give; numbers stand for all from there to the next.
fn deciding(question: &Question<'_>) -> Value {
    let level = |level: u8| (level > 0).then_some(level);
    let answers: Vec<Value> = question
        .answers
        .iter()
        .map(|(answer, low, high)| {
            json!({ "answer": question.fact.shown(*answer), "proved": level(*low), "possible": level(*high) })
        })
        .collect();
    json!({ "fact": question.name(), "up_to": question.up_to, "answers": answers })
}

/// The document's beginning, before the first system.
pub(super) fn json_head(rules: &Rules) -> String {
    let force = json!({ "rules": rules.force.rules, "preview": rules.force.preview });
    format!("{{\"version\":1,\"on\":\"{}\",\"in_force\":{force},\"systems\":[", rules.on)
}

/// The document's end, after the last system.
pub(super) fn json_foot(rules: &Rules, lang: Lang) -> String {
    let changed = rules.book.overridden.iter().map(|changed| {
        json!({
            "rules": changed.rules, "rule": changed.id, "text": changed.text.pick(lang),
            "instead_of": changed.instead_of, "by": changed.by,
        })
    });
    format!("],\"overridden\":{}}}\n", Value::from(changed.collect::<Vec<_>>()))
}
