//! Steps: what every step has, and the rules between siblings.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::action::{self, ACTIONS, Spot};
use super::{Book, Later, Seen, When, probe, top};
use crate::message::message;
use crate::model::{Id, Mark, Outcome, Phase, Span};
use crate::playbook::lint::Type;
use crate::source::suggest::{nearest, one_of_these};
use crate::source::{Fields, Key, Node};
use crate::step::{Action, Capture, CaptureFrom, OnFailure, Retry, Step};

/// Where a list of steps stands.
#[derive(Clone, Copy)]
pub(super) struct Block {
    /// Its room of names.
    pub(super) frame: usize,
    /// The step that it is the inside of.
    pub(super) parent: Option<usize>,
    /// Whether its steps start at the same time.
    pub(super) parallel: bool,
}

/// Reads a list of steps.
pub(super) fn steps<'a>(book: &Book<'a, '_>, node: &'a Node, block: Block) -> Option<Vec<Step>> {
    let siblings = Rc::new(node.items().iter().map(|item| written_id(item).to_owned()).collect::<Vec<String>>());
    let mut index = 0;
    let steps = book.reader.list(node, |item| {
        let step = step(book, item, block, &siblings, index);
        index += 1;
        step
    })?;
    if node.items().is_empty() {
        book.reader.error("empty-list", node.place, message!("source-empty-list"), None);
        return None;
    }
    if block.parallel {
        cycles(book, node, &siblings);
    }
    (steps.len() == node.items().len()).then_some(steps)
}

/// What a step calls itself, whether or not that is an id, and under a misspelled key too.
fn written_id(step: &Node) -> &str {
    let misspelled = || {
        let mut others = step.members().iter().filter(|(key, _)| !KEYS.contains(&key.text.as_str()));
        others.find(|(key, _)| nearest(&key.text, ["id"]).is_some()).map(|(_, node)| node)
    };
    step.get("id").or_else(misspelled).and_then(Node::scalar).map_or("", |(text, _)| text)
}

/// Keys of a step that nobody can have meant as `id`.
const KEYS: &[&str] = &["do", "run", "note", "call", "wait", "each", "role", "when", "undo"];

fn step<'a>(
    book: &Book<'a, '_>,
    node: &'a Node,
    block: Block,
    siblings: &Rc<Vec<String>>,
    index: usize,
) -> Option<Step> {
    let Block { frame, parallel, .. } = block;
    let reader = &book.reader;
    let mut fields = reader.fields("step", node, node.place)?;
    let id_node = fields.required("id");
    let id = id_node.and_then(|node| new_step_id(book, node, frame));
    if let Some(node) = id_node {
        fields.set_home(node.place);
    }
    if id.is_none() {
        book.lost.borrow_mut().steps.insert(written_id(node).to_owned());
    }
    let at = meet(book, id_node.map_or(node.place, |node| node.place), id.as_ref(), block, node);
    let begin = When::Begin(at);
    let title = fields.optional("title").and_then(|node| {
        book.plain_text(node);
        reader.words(node)
    });
    let role = fields.optional("role").and_then(|node| {
        book.later(Later::Role(node));
        reader.id(node)
    });
    let phase = fields.optional("phase").and_then(|node| reader.word(node, Phase::WORDS));
    let when = fields.optional("when").and_then(|node| top::expression(book, node, begin));
    let timeout = fields.optional("timeout").and_then(|node| probe::interval(book, node));
    let retry = fields.given("retry").and_then(|(key, node)| retry(book, key, node));
    let on_failure = fields
        .given("on_failure")
        .map_or(Some(OnFailure::Stop), |(key, node)| on_failure(book, key, node, siblings, index, parallel));
    let repeatable = fields.optional("repeatable").and_then(|node| reader.boolean(node));
    let evidence =
        fields.optional("evidence").and_then(|node| reader.word(node, &[("optional", false), ("required", true)]));
    let marks_node = fields.optional("marks");
    let marks = marks_node.and_then(|node| reader.word(node, Mark::WORDS));
    book.marks.borrow_mut().extend(marks);
    if marks_node.is_some() && marks.is_none() {
        book.lost.borrow_mut().keys.insert("marks");
    }
    let needs = fields.given("needs").and_then(|(key, node)| needs(book, key, node, siblings, parallel));
    let undo_member = fields.given("undo");
    let capture_member = fields.given("capture");
    let chosen = fields.one_of(ACTIONS);
    let spot = Spot { frame, step: at, when: begin, siblings: Rc::clone(siblings), index, parallel, undo: false };
    let action = chosen.and_then(|(word, key, node)| action::read(book, word, key, node, &spot));
    if let Some((word, ..)) = chosen {
        if matches!(word, "manual" | "decide") {
            let _ = fields.required("title");
        }
        if word == "wait" {
            let _ = fields.required("timeout");
        }
    }
    let capture = capture_member
        .map(|(key, node)| captures(book, key, node, chosen.map(|(word, ..)| word), action.as_ref(), at))
        .unwrap_or_default();
    if let (Some((key, _)), Some((word, ..))) = (fields.given("retry"), chosen)
        && CONTAINERS.contains(&word)
    {
        let help = message!("playbook-retry-container-help");
        reader.error("retry-container", key.place, message!("playbook-retry-container", action = word), help);
    }
    let undo = undo_member.and_then(|(key, node)| undo(book, key, node, &spot, fields.optional("timeout").is_some()));
    let meant = fields.finish();
    if chosen.is_none() || meant.contains(&"capture") {
        open(book, at);
    }
    if meant.contains(&"marks") {
        book.lost.borrow_mut().keys.insert("marks");
    }
    Some(Step {
        id: id?,
        action: action?,
        title,
        role,
        phase,
        when,
        timeout,
        retry,
        on_failure: on_failure?,
        undo: undo.map(Box::new),
        capture,
        repeatable: repeatable.unwrap_or_default(),
        evidence_required: evidence.unwrap_or_default(),
        marks,
        needs: needs.unwrap_or_default(),
    })
}

/// Keeps that a step was met, and gives its number.
fn meet(book: &Book<'_, '_>, place: crate::source::Place, id: Option<&Id>, block: Block, node: &Node) -> usize {
    let needs = || {
        let items = node.get("needs").map(Node::items).unwrap_or_default();
        items.iter().filter_map(Node::scalar).map(|(text, _)| text.to_owned()).collect()
    };
    let mut steps = book.steps.borrow_mut();
    let at = steps.len();
    let outcomes = Outcome::WORDS.iter().map(|(word, _)| (*word).to_owned()).collect();
    steps.push(Seen {
        id: id.map(ToString::to_string).unwrap_or_default(),
        place,
        frame: block.frame,
        parent: block.parent,
        needs: block.parallel.then(needs),
        yields: BTreeMap::from([("outcome".to_owned(), Type::Word(outcomes))]),
        open: false,
    });
    at
}

/// Keeps that step `at` may yield more than could be read.
pub(super) fn open(book: &Book<'_, '_>, at: usize) {
    if let Some(seen) = book.steps.borrow_mut().get_mut(at) {
        seen.open = true;
    }
}

fn new_step_id(book: &Book<'_, '_>, node: &Node, frame: usize) -> Option<Id> {
    let id = book.reader.id(node)?;
    if id == "undo" {
        let help = message!("playbook-reserved-id-help");
        book.reader.error("reserved-id", node.place, message!("playbook-reserved-id", id = id.as_str()), help);
        return Some(id);
    }
    let before = book
        .steps
        .borrow()
        .iter()
        .find(|seen| seen.id == id.as_str() && encloses(book, seen.frame, frame))
        .map(|seen| seen.place.line);
    if let Some(line) = before {
        // Which of the two a name means cannot be told.
        book.lost.borrow_mut().steps.insert(id.to_string());
        let help = message!("source-first-at-line", line = line.to_string());
        book.reader.error("duplicate-id", node.place, message!("source-duplicate-id", id = id.as_str()), help);
    }
    Some(id)
}

/// Whether `outer` is the room `inner` or one around it.
pub(super) fn encloses(book: &Book<'_, '_>, outer: usize, inner: usize) -> bool {
    let frames = book.frames.borrow();
    let mut next = Some(inner);
    while let Some(frame) = next {
        if frame == outer {
            return true;
        }
        next = frames.get(frame).and_then(|frame| frame.parent);
    }
    false
}

fn retry<'a>(book: &Book<'a, '_>, key: &Key, node: &'a Node) -> Option<Retry> {
    let reader = &book.reader;
    let fields = reader.fields("retry", node, key.place)?;
    let times = fields.required("times").and_then(|node| reader.integer(node, 1, 1000));
    let delay = fields.optional("delay").map_or(Some(Span::from_seconds(0)), |node| reader.span(node));
    let backoff = fields.optional("backoff").map_or(Some(1), |node| reader.integer(node, 1, 10));
    fields.finish();
    Some(Retry { times: times?, delay: delay?, backoff: backoff? })
}

fn on_failure<'a>(
    book: &Book<'a, '_>,
    key: &Key,
    node: &'a Node,
    siblings: &Rc<Vec<String>>,
    index: usize,
    parallel: bool,
) -> Option<OnFailure> {
    let reader = &book.reader;
    if node.scalar().is_some() {
        let words: [(&'static str, u8); 2] = [("stop", 0), ("continue", 1)];
        return reader.word(node, &words).map(|word| if word == 0 { OnFailure::Stop } else { OnFailure::Continue });
    }
    let fields = reader.fields("on_failure", node, key.place)?;
    let target = fields.required("goto").and_then(|node| goto(book, node, siblings, index, parallel));
    fields.finish();
    target.map(OnFailure::Goto)
}

/// The later sibling that `node` names; looked at when all is read.
pub(super) fn goto<'a>(
    book: &Book<'a, '_>,
    node: &'a Node,
    siblings: &Rc<Vec<String>>,
    from: usize,
    parallel: bool,
) -> Option<Id> {
    if action::not_literal(book, node, "goto") {
        return None;
    }
    let id = book.reader.id(node)?;
    book.later(Later::Goto { node, siblings: Rc::clone(siblings), from, parallel });
    Some(id)
}

fn needs<'a>(
    book: &Book<'a, '_>,
    key: &Key,
    node: &'a Node,
    siblings: &Rc<Vec<String>>,
    parallel: bool,
) -> Option<Vec<Id>> {
    let reader = &book.reader;
    if !parallel {
        let help = message!("playbook-needs-outside-parallel-help");
        reader.error("needs-outside-parallel", key.place, message!("playbook-needs-outside-parallel"), help);
        return None;
    }
    reader.list(node, |item| {
        if action::not_literal(book, item, "needs") {
            return None;
        }
        let id = reader.id(item)?;
        if !siblings.iter().any(|sibling| id == sibling.as_str()) {
            let help = one_of_these(id.as_str(), siblings.iter().map(String::as_str).filter(|id| !id.is_empty()));
            let message = message!("playbook-needs-unknown", id = id.as_str());
            reader.error("unknown-step", item.place, message, help);
        }
        Some(id)
    })
}

/// Finds a circle of `needs` among siblings: once, at the first word in the file that belongs to it.
fn cycles(book: &Book<'_, '_>, node: &Node, siblings: &[String]) {
    let needs: Vec<Vec<(usize, &Node)>> = node
        .items()
        .iter()
        .map(|item| {
            let items = item.get("needs").map(Node::items).unwrap_or_default();
            let find = |need: &Node| {
                let (text, _) = need.scalar()?;
                siblings.iter().position(|sibling| sibling == text)
            };
            items.iter().filter_map(|need| find(need).map(|at| (at, need))).collect()
        })
        .collect();
    let reaches = |from: usize, to: usize| {
        let mut seen = BTreeSet::new();
        let mut open = vec![from];
        while let Some(at) = open.pop() {
            if at == to {
                return true;
            }
            if seen.insert(at) {
                open.extend(needs.get(at).into_iter().flatten().map(|(next, _)| *next));
            }
        }
        false
    };
    let mut said: BTreeSet<usize> = BTreeSet::new();
    for (from, list) in needs.iter().enumerate() {
        for (to, need) in list {
            if reaches(*to, from) && !said.iter().any(|other| reaches(*other, from) && reaches(from, *other)) {
                said.insert(from);
                let name = siblings.get(*to).map(String::as_str).unwrap_or_default();
                book.reader.error("needs-cycle", need.place, message!("playbook-needs-cycle", id = name), None);
            }
        }
    }
}

fn captures<'a>(
    book: &Book<'a, '_>,
    key: &Key,
    node: &'a Node,
    word: Option<&'static str>,
    action: Option<&Action>,
    at: usize,
) -> Vec<Capture> {
    let reader = &book.reader;
    let from_word = |node: &Node| {
        let words = [("stdout", CaptureFrom::Stdout), ("stderr", CaptureFrom::Stderr), ("body", CaptureFrom::Body)];
        reader.word(node, &words)
    };
    if let Some(word) = word.filter(|word| !matches!(*word, "run" | "probe" | "wait")) {
        reader.error("capture-nothing", key.place, message!("playbook-capture-nothing", action = word), None);
    }
    let mut all = Vec::new();
    let Some(members) = reader.members(node) else {
        open(book, at);
        return all;
    };
    for (key, node) in members {
        let name = reader.id_key(key);
        if let Some(seen) = book.steps.borrow_mut().get_mut(at)
            && seen.yields.insert(key.text.clone(), Type::Text).is_some()
        {
            let message = message!("playbook-yield-taken", id = key.text.as_str());
            reader.error("duplicate-id", key.place, message, None);
        }
        let Some(fields) = reader.fields("capture", node, key.place) else { continue };
        let from_node = fields.required("from");
        let from = from_node.and_then(from_word);
        if let (Some(node), Some(from)) = (from_node, from) {
            has_output(book, node, from, word, action);
        }
        let regex = fields.required("regex").and_then(|node| regex(book, node));
        fields.finish();
        if let (Some(name), Some(from), Some(regex)) = (name, from, regex) {
            all.push(Capture { name, from, regex });
        }
    }
    all
}

/// A command has no body, and a look has no streams.
fn has_output(book: &Book<'_, '_>, node: &Node, from: CaptureFrom, word: Option<&str>, action: Option<&Action>) {
    let http = match action {
        Some(Action::Probe(spec)) => spec.word() == "http",
        Some(Action::Wait(wait)) => wait.probe.word() == "http",
        _ => true,
    };
    let fits = match (word, from) {
        (Some("run"), CaptureFrom::Body) | (Some("probe" | "wait"), CaptureFrom::Stdout | CaptureFrom::Stderr) => false,
        (Some("probe" | "wait"), CaptureFrom::Body) => http,
        _ => true,
    };
    if !fits {
        let text = node.scalar().map(|(text, _)| text).unwrap_or_default();
        book.reader.error("capture-nothing", node.place, message!("playbook-capture-from", from = text), None);
    }
}

fn regex(book: &Book<'_, '_>, node: &Node) -> Option<String> {
    let text = book.reader.filled_text(node)?;
    match regex::RegexBuilder::new(&text).size_limit(1 << 20).build() {
        Ok(regex) if regex.captures_len() > 1 => Some(text),
        Ok(_) => {
            let help = message!("playbook-regex-group-help");
            book.reader.error("regex-group", node.place, message!("playbook-regex-group"), help);
            None
        }
        Err(error) => {
            let error = error.to_string();
            let detail = error.lines().last().unwrap_or_default().trim().trim_start_matches("error: ").to_owned();
            book.reader.error("invalid-regex", node.place, message!("playbook-invalid-regex", detail = detail), None);
            None
        }
    }
}

/// Actions that hold other steps.
const CONTAINERS: &[&str] = &["parallel", "each", "repeat", "call"];

/// Actions that cannot take a step back: they hold other steps, or ask what to do.
const NOT_UNDO: &[&str] = &["parallel", "each", "repeat", "call", "decide"];

fn undo<'a>(book: &Book<'a, '_>, key: &'a Key, node: &'a Node, spot: &Spot, timeout: bool) -> Option<Action> {
    let reader = &book.reader;
    let fields: Fields<'_, 'a> = reader.fields("undo", node, key.place)?;
    if let Some((key, _)) = fields.member("undo") {
        reader.error("undo-of-undo", key.place, message!("playbook-undo-of-undo"), None);
    }
    let chosen = fields.one_of(ACTIONS);
    fields.finish();
    let (word, key, node) = chosen?;
    if NOT_UNDO.contains(&word) {
        let message = message!("playbook-undo-action", action = word);
        reader.error("undo-action", key.place, message, message!("playbook-undo-action-help"));
        return None;
    }
    if word == "wait" && !timeout {
        reader.error("missing-key", key.place, message!("source-missing-key", key = "timeout"), None);
    }
    let spot = Spot { when: When::Ended(spot.step), undo: true, siblings: Rc::clone(&spot.siblings), ..*spot };
    action::read(book, word, key, node, &spot)
}
