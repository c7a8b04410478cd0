//! The head of a playbook: what stands above its steps.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::step::Block;
use super::{Book, Later, When, probe, step};
use crate::message::message;
use crate::model::{Expression, Id, Mark, Name, Span, Template};
use crate::playbook::lint::Wanted;
use crate::playbook::types::{ClockEdge, ClockRule, Family, Input, Objective, Playbook, Role, Watch};
use crate::source::{Data, Meaning, Node, Place};
use crate::step::ValueKind;

const FAMILIES: &[(&str, Family)] =
    &[("A", Family::A), ("B", Family::B), ("C", Family::C), ("D", Family::D), ("standing", Family::Standing)];

const KINDS: &[(&str, Option<ValueKind>)] = &[
    ("system", Some(ValueKind::System)),
    ("path", Some(ValueKind::Path)),
    ("string", Some(ValueKind::String)),
    ("integer", Some(ValueKind::Integer)),
    ("duration", Some(ValueKind::Duration)),
    ("boolean", Some(ValueKind::Boolean)),
    ("choice", None),
];

pub(super) fn playbook<'a>(book: &Book<'a, '_>, root: &'a Node) -> Option<Playbook> {
    let reader = &book.reader;
    let fields = reader.fields("playbook", root, Place::START)?;
    fields.format();
    let name = fields.required("playbook").and_then(|node| {
        let name = reader.name(node)?;
        reader.same_as_file(node, name.as_str());
        *book.name.borrow_mut() = Some(name.clone());
        Some(name)
    });
    let words = |node: Option<&'a Node>| {
        node.and_then(|node| {
            book.plain_text(node);
            reader.words(node)
        })
    };
    let version = fields.required("version").and_then(|node| reader.integer(node, 1, i64::from(u32::MAX)));
    let title = words(fields.required("title"));
    let family = fields.required("family").and_then(|node| reader.word(node, FAMILIES));
    let kind = fields.required("kind").and_then(|node| reader.name(node));
    let signs = fields.optional("signs").and_then(|node| reader.list(node, |item| words(Some(item))));
    let attack = fields.optional("attack").and_then(|node| reader.list(node, |item| technique(book, item)));
    let tasks = fields.optional("tasks").and_then(|node| reader.list(node, |item| task(book, item)));
    let levels = fields.optional("levels").and_then(|node| reader.list(node, |item| reader.integer(item, 1, 5)));
    let keep_running = words(fields.required("keep_running"));
    if let Some(node) = fields.optional("inputs") {
        let inputs = inputs(book, node);
        *book.inputs.borrow_mut() = inputs;
    }
    if let (Some(node), Some(levels)) = (fields.optional("levels"), &levels) {
        levels_fit(book, node, levels);
    }
    for key in ["inputs", "roles", "watch", "clocks", "steps"] {
        let list = matches!(key, "watch" | "steps");
        let fits =
            |node: &Node| if list { matches!(node.data, Data::List(_)) } else { matches!(node.data, Data::Map(_)) };
        if fields.optional(key).is_some_and(|node| !fits(node)) {
            book.lost.borrow_mut().keys.insert(key);
        }
    }
    let roles = fields.optional("roles").map(|node| roles(book, node)).unwrap_or_default();
    let objectives = fields.optional("objectives").and_then(|node| objectives(book, node));
    let watches = fields.optional("watch").and_then(|node| watches(book, node));
    let clocks = fields.optional("clocks").map(|node| clocks(book, node)).unwrap_or_default();
    let block = Block { frame: 0, parent: None, parallel: false };
    let steps = fields.required("steps").and_then(|node| step::steps(book, node, block));
    let meant = fields.finish();
    book.lost.borrow_mut().keys.extend(meant);
    Some(Playbook {
        name: name?,
        version: version?,
        title: title?,
        family: family?,
        kind: kind?,
        signs: signs.unwrap_or_default(),
        attack: attack.unwrap_or_default(),
        tasks: tasks.unwrap_or_default(),
        levels: levels.unwrap_or_default(),
        keep_running: keep_running?,
        inputs: book.inputs.borrow().clone(),
        roles,
        objectives: objectives.unwrap_or_default(),
        watches: watches.unwrap_or_default(),
        clocks,
        steps: steps?,
    })
}

/// A technique of MITRE ATT&CK: `T1486`, `T1490.001`.
fn technique(book: &Book<'_, '_>, node: &Node) -> Option<String> {
    let text = book.reader.text(node)?;
    let (main, sub) = text.split_once('.').unwrap_or((&text, "000"));
    let digits = |text: &str, length| text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
    if main.strip_prefix('T').is_some_and(|main| digits(main, 4)) && digits(sub, 3) {
        return Some(text);
    }
    let help = message!("source-pattern-help", pattern = "T0000(.000)?");
    book.reader.error("invalid-technique", node.place, message!("playbook-invalid-technique", text = text), help);
    None
}

/// A row of a plan: `kh02-2025/8`.
fn task(book: &Book<'_, '_>, node: &Node) -> Option<String> {
    let text = book.reader.text(node)?;
    let parts = text.split_once('/').filter(|(plan, row)| plan.parse::<Name>().is_ok() && !row.trim().is_empty());
    if let Some((plan, row)) = parts {
        let plans = &book.known.tasks;
        let rows = plans.get(plan);
        if rows.is_some_and(|rows| !rows.contains(row)) || (rows.is_none() && book.known.complete && !plans.is_empty())
        {
            let every = plans.iter().flat_map(|(plan, rows)| rows.iter().map(move |row| format!("{plan}/{row}")));
            let every: Vec<String> = every.collect();
            let help = crate::source::suggest::one_of_these(&text, every.iter().map(String::as_str));
            book.reader.error("unknown-task", node.place, message!("playbook-unknown-task", text = text), help);
            return None;
        }
        return Some(text);
    }
    let help = message!("source-pattern-help", pattern = "kh02-2025/8");
    book.reader.error("invalid-task", node.place, message!("playbook-invalid-task", text = text), help);
    None
}

/// Finds systems that the inputs name and whose level is none of those that the playbook is for.
fn levels_fit<'a>(book: &Book<'a, '_>, node: &'a Node, levels: &[u8]) {
    for input in book.inputs.borrow().values().filter(|input| input.kind == ValueKind::System) {
        let Some(name) = input.default.as_ref().and_then(|value| value.as_str()) else { continue };
        let Some(level) = book.known.levels.get(name).copied().filter(|level| !levels.contains(level)) else {
            continue;
        };
        let text = message!("playbook-levels-do-not-fit", system = name, level = level);
        book.reader.warning("levels-do-not-fit", node.place, text, message!("playbook-levels-do-not-fit-help"));
    }
}

pub(super) fn inputs<'a>(book: &Book<'a, '_>, node: &'a Node) -> IndexMap<Id, Input> {
    let reader = &book.reader;
    let mut all = IndexMap::new();
    for (key, node) in reader.members(node).unwrap_or_default() {
        let id = reader.id_key(key);
        // What is wrong here is not missing where it is named.
        book.lost.borrow_mut().inputs.insert(key.text.clone());
        let Some(fields) = reader.fields("input", node, key.place) else { continue };
        let title = fields.optional("title").and_then(|node| {
            book.plain_text(node);
            reader.words(node)
        });
        let kind = kind(book, &fields);
        let default = fields.optional("default");
        let value = match (&kind, default) {
            (Some(kind), Some(node)) => literal(book, node, kind),
            _ => None,
        };
        fields.finish();
        if let (Some(id), Some(kind)) = (id, kind) {
            book.lost.borrow_mut().inputs.remove(&key.text);
            all.insert(id, Input { kind, title, default: value });
        }
    }
    all
}

/// The `type` of a value that somebody gives, with the `options` of a choice.
pub(super) fn kind<'a>(book: &Book<'a, '_>, fields: &crate::source::Fields<'_, 'a>) -> Option<ValueKind> {
    let reader = &book.reader;
    let kind = fields.required("type");
    let options = fields.given("options");
    let node = kind?;
    let words: Vec<(&'static str, usize)> = KINDS.iter().enumerate().map(|(at, (word, _))| (*word, at)).collect();
    let kind = KINDS.get(reader.word(node, &words)?).and_then(|(_, kind)| kind.clone());
    match (kind, options) {
        (Some(kind), None) => Some(kind),
        (Some(_), Some((key, _))) => {
            reader.error("options-without-choice", key.place, message!("playbook-options-without-choice"), None);
            None
        }
        (None, Some((_, node))) => {
            let mut seen = BTreeSet::new();
            let options = reader.list(node, |item| {
                let word = reader.filled_text(item)?;
                if !seen.insert(word.clone()) {
                    reader.error("duplicate-id", item.place, message!("source-duplicate-id", id = word.as_str()), None);
                }
                Some(word)
            })?;
            if node.items().is_empty() {
                reader.error("empty-list", node.place, message!("source-empty-list"), None);
            }
            Some(ValueKind::Choice(options))
        }
        (None, None) => {
            fields.missing("options", node.place);
            None
        }
    }
}

/// A value written out, of this kind; durations as whole seconds.
pub(super) fn literal(book: &Book<'_, '_>, node: &Node, kind: &ValueKind) -> Option<serde_json::Value> {
    let reader = &book.reader;
    match kind {
        ValueKind::System => {
            let name = reader.name(node)?;
            super::names::known_system(book, node, &name);
            Some(serde_json::Value::from(name.as_str()))
        }
        ValueKind::Path | ValueKind::String => reader.text(node).map(serde_json::Value::from),
        ValueKind::Integer => reader.integer::<i64>(node, i64::MIN, i64::MAX).map(serde_json::Value::from),
        ValueKind::Duration => reader.span(node).map(Span::seconds).map(serde_json::Value::from),
        ValueKind::Boolean => reader.boolean(node).map(serde_json::Value::from),
        ValueKind::Choice(options) => {
            let text = reader.text(node)?;
            if !options.is_empty() && !options.contains(&text) {
                let help = crate::source::suggest::one_of_these(&text, options.iter().map(String::as_str));
                let message = message!("source-unknown-word", word = text);
                reader.error("unknown-word", node.place, message, help);
                return None;
            }
            Some(serde_json::Value::from(text))
        }
    }
}

fn roles<'a>(book: &Book<'a, '_>, node: &'a Node) -> IndexMap<Id, Role> {
    let reader = &book.reader;
    let mut all = IndexMap::new();
    for (key, node) in reader.members(node).unwrap_or_default() {
        let id = reader.id_key(key);
        book.roles.borrow_mut().extend(id.clone());
        let Some(fields) = reader.fields("role", node, key.place) else { continue };
        let title = fields.required("title").and_then(|node| {
            book.plain_text(node);
            reader.words(node)
        });
        fields.finish();
        if let (Some(id), Some(title)) = (id, title) {
            all.insert(id, Role { title });
        }
    }
    all
}

/// An id that is not in `seen` yet.
pub(super) fn new_id(book: &Book<'_, '_>, node: &Node, seen: &mut BTreeSet<Id>) -> Option<Id> {
    let id = book.reader.id(node)?;
    if !seen.insert(id.clone()) {
        let message = message!("source-duplicate-id", id = id.as_str());
        book.reader.error("duplicate-id", node.place, message, None);
    }
    Some(id)
}

fn objectives<'a>(book: &Book<'a, '_>, node: &'a Node) -> Option<Vec<Objective>> {
    let reader = &book.reader;
    let mut seen = BTreeSet::new();
    reader.list(node, |item| {
        let fields = reader.fields("objective", item, item.place)?;
        let id = fields.required("id").and_then(|node| new_id(book, node, &mut seen));
        let title = fields.required("title").and_then(|node| {
            book.plain_text(node);
            reader.words(node)
        });
        let measure = fields.optional("measure").and_then(|node| expression(book, node, When::End));
        fields.finish();
        Some(Objective { id: id?, title: title?, measure })
    })
}

/// An expression without braces that gives true or false.
pub(super) fn expression<'a>(book: &Book<'a, '_>, node: &'a Node, when: When) -> Option<Expression> {
    match (node.scalar(), node.meaning()) {
        (Some((text, _)), Some(Meaning::Text)) if text.trim().is_empty() => {
            book.reader.error("empty-text", node.place, message!("source-empty-text"), None);
            None
        }
        (Some((text, _)), Some(Meaning::Text | Meaning::Boolean(_))) => {
            book.later(Later::Expression { node, when });
            Some(Expression(text.to_owned()))
        }
        _ => book.reader.wrong_type(node, message!("playbook-kind-expression")),
    }
}

fn watches<'a>(book: &Book<'a, '_>, node: &'a Node) -> Option<Vec<Watch>> {
    let reader = &book.reader;
    *book.has_watch.borrow_mut() = !node.items().is_empty();
    let mut seen = BTreeSet::new();
    reader.list(node, |item| {
        let fields = reader.fields("watch", item, item.place)?;
        let id = fields.required("id").and_then(|node| new_id(book, node, &mut seen));
        let title = fields.optional("title").and_then(|node| {
            book.plain_text(node);
            reader.words(node)
        });
        let probe = probe::one(book, &fields, When::Plan(0));
        let every = fields.optional("every").map_or(Some(Span::from_seconds(5)), |node| probe::interval(book, node));
        let confirm = fields.optional("confirm").map_or(Some(3), |node| reader.integer(node, 1, 1000));
        fields.finish();
        Some(Watch { id: id?, title, probe: probe?, every: every?, confirm: confirm? })
    })
}

fn clocks<'a>(book: &Book<'a, '_>, node: &'a Node) -> IndexMap<Id, ClockRule> {
    let reader = &book.reader;
    let mut all = IndexMap::new();
    for (key, node) in reader.members(node).unwrap_or_default() {
        let id = reader.id_key(key);
        book.clocks.borrow_mut().push(key.text.clone());
        let Some(fields) = reader.fields("clock", node, key.place) else { continue };
        let title = fields.optional("title").and_then(|node| {
            book.plain_text(node);
            reader.words(node)
        });
        let from = fields.required("from").and_then(|node| edge(book, node));
        let to = fields.required("to").and_then(|node| edge(book, node));
        let limit = fields.optional("limit").and_then(|node| limit(book, node));
        fields.finish();
        if let (Some(id), Some(from), Some(to)) = (id, from, to) {
            all.insert(id, ClockRule { title, from, to, limit });
        }
    }
    all
}

fn limit<'a>(book: &Book<'a, '_>, node: &'a Node) -> Option<Template> {
    let reader = &book.reader;
    match (node.scalar(), node.meaning()) {
        (Some((text, _)), Some(Meaning::Integer(_))) => {
            reader.integer::<i64>(node, 0, i64::try_from(Span::MAX_SECONDS).unwrap_or(i64::MAX))?;
            Some(Template(text.to_owned()))
        }
        (Some((text, _)), _) if text.contains("{{") => {
            if crate::playbook::expression::whole(text).is_none() {
                let message = message!("playbook-limit-whole");
                reader.error("expression-not-number", node.place, message, message!("source-duration-help"));
                return None;
            }
            book.later(Later::Template { node, when: When::Plan(0), wanted: Wanted::Seconds, secrets: false });
            Some(Template(text.to_owned()))
        }
        _ => reader.span(node).map(|span| Template(span.to_string())),
    }
}

fn edge<'a>(book: &Book<'a, '_>, node: &'a Node) -> Option<ClockEdge> {
    let reader = &book.reader;
    if node.scalar().is_some() {
        let mut words: Vec<(&'static str, Option<Mark>)> = vec![("outage", None)];
        words.extend(Mark::WORDS.iter().map(|(word, mark)| (*word, Some(*mark))));
        let edge = reader.word(node, &words)?;
        book.later(edge.map_or(Later::ClockOutage(node), |mark| Later::ClockMark(node, mark)));
        return Some(edge.map_or(ClockEdge::Outage, ClockEdge::Mark));
    }
    let fields = reader.fields("clock-edge", node, node.place)?;
    let step = fields.required("step").and_then(|node| {
        book.later(Later::ClockStep(node));
        reader.id(node)
    });
    let end = fields.required("at").and_then(|node| reader.word(node, &[("begin", false), ("end", true)]));
    fields.finish();
    let (step, end) = (step?, end?);
    Some(if end { ClockEdge::End(step) } else { ClockEdge::Begin(step) })
}
