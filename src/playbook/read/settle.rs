//! What can be looked at only when the whole playbook was read: names of steps, inputs, roles, marks, systems.

use std::collections::BTreeSet;

use super::step::encloses;
use super::{Book, Items, Later, Part, Seen, When, names, type_of};
use crate::inventory::System;
use crate::message::{Message, message};
use crate::model::{Id, Mark, Mode, Name};
use crate::playbook::lint::{Names, Type, Unknown, Wanted, check_expression, check_template};
use crate::source::suggest::{did_you_mean, one_of_these};
use crate::source::{Meaning, Node};
use crate::step::ValueKind;

/// Looks at all that was put off.
pub(super) fn settle(book: &Book<'_, '_>) {
    let later = std::mem::take(&mut *book.later.borrow_mut());
    for later in later {
        match later {
            Later::Expression { node, when } => {
                if node.meaning() == Some(Meaning::Text) {
                    check_expression(&book.reader, node, Wanted::Truth, &Scope { book, when, secrets: false });
                }
            }
            Later::Template { node, when, wanted, secrets } => template(book, node, wanted, when, secrets),
            Later::Goto { node, siblings, from, parallel } => goto(book, node, &siblings, from, parallel),
            Later::Role(node) => role(book, node),
            Later::ClockStep(node) => clock_step(book, node),
            Later::ClockMark(node, mark) => clock_mark(book, node, mark),
            Later::ClockOutage(node) => {
                if !*book.has_watch.borrow() && !lost(book, "watch") {
                    let help = message!("playbook-no-watch-help");
                    book.reader.error("no-watch", node.place, message!("playbook-no-watch"), help);
                }
            }
            Later::System { node, frame, part } => system(book, node, frame, part),
        }
    }
}

/// Whether the key of the head was found wrong as a whole, or misspelled: what it holds is not missing.
fn lost(book: &Book<'_, '_>, key: &str) -> bool {
    book.lost.borrow().keys.contains(key)
}

fn template<'a>(book: &Book<'a, '_>, node: &'a Node, wanted: Wanted, when: When, secrets: bool) {
    check_template(&book.reader, node, wanted, &Scope { book, when, secrets });
    for item in node.items() {
        template(book, item, Wanted::Any, when, secrets);
    }
    for (_, member) in node.members() {
        template(book, member, Wanted::Any, when, secrets);
    }
}

fn goto(book: &Book<'_, '_>, node: &Node, siblings: &[String], from: usize, parallel: bool) {
    let Some((text, _)) = node.scalar() else { return };
    let error = |code, message, help: Option<Message>| book.reader.error(code, node.place, message, help);
    if parallel {
        error("goto-in-parallel", message!("playbook-goto-in-parallel"), None);
        return;
    }
    let ahead = siblings.iter().skip(from + 1).map(String::as_str).filter(|id| !id.is_empty());
    match siblings.iter().position(|id| id == text) {
        Some(at) if at > from => {}
        Some(_) => {
            let help = message!("playbook-goto-back-help");
            error("goto-back", message!("playbook-goto-back", id = text), Some(help));
        }
        None if book.steps.borrow().iter().any(|seen| seen.id == text) => {
            error("goto-not-sibling", message!("playbook-goto-not-sibling", id = text), one_of_these(text, ahead));
        }
        None if book.lost.borrow().steps.contains(text) => {}
        None => error("unknown-step", message!("playbook-unknown-step", id = text), one_of_these(text, ahead)),
    }
}

fn role(book: &Book<'_, '_>, node: &Node) {
    let roles = book.roles.borrow();
    if let Some((text, _)) = node.scalar()
        && text.parse::<Id>().is_ok()
        && !roles.iter().any(|role| *role == text)
        && !lost(book, "roles")
    {
        let help = one_of_these(text, roles.iter().map(Id::as_str));
        book.reader.error("unknown-role", node.place, message!("playbook-unknown-role", role = text), help);
    }
}

fn clock_step(book: &Book<'_, '_>, node: &Node) {
    let Some((text, _)) = node.scalar() else { return };
    if text.parse::<Id>().is_err() {
        return;
    }
    if let Err(wrong) = (Scope { book, when: When::End, secrets: false }).step(text) {
        book.reader.error(wrong.code, node.place, wrong.message, wrong.help);
    }
}

fn clock_mark(book: &Book<'_, '_>, node: &Node, mark: Mark) {
    let marks = book.marks.borrow();
    if !marks.contains(&mark) && !lost(book, "marks") && !lost(book, "steps") {
        let message = message!("playbook-mark-never", mark = mark.word());
        let help = match mark {
            Mark::Detected => message!("playbook-mark-detected-help"),
            mark => message!("playbook-mark-never-help", mark = mark.word()),
        };
        // A person can make it all the same: `ungpho mark`, and `respond --since` for the detection.
        book.reader.warning("mark-never-made", node.place, message, help);
    }
}

fn system<'a>(book: &Book<'a, '_>, node: &'a Node, frame: usize, part: Option<(Part, &'a Node)>) {
    let Some((text, _)) = node.scalar() else { return };
    let text = match part {
        Some((Part::Backup | Part::Host, _)) => text.split_once('/').map_or(text, |(system, _)| system),
        _ => text,
    };
    if let Some(id) = text.strip_prefix("inputs.") {
        let kind = book.inputs.borrow().get(id).map(|input| input.kind.clone());
        match kind {
            None if lost(book, "inputs") || book.lost.borrow().inputs.contains(id) => {}
            None => names::unknown_input(book, node.place, id),
            Some(ValueKind::System) => {
                if let Some(system) = names::default_system(book, id) {
                    parts(book, system, part);
                }
            }
            Some(_) => {
                let message = message!("playbook-input-not-system", input = id);
                book.reader.error("input-not-system", node.place, message, None);
            }
        }
    } else if let Some(id) = text.strip_prefix("each.") {
        match each(book, frame, id) {
            None => {
                let message = message!("playbook-unknown-each", name = id);
                book.reader.error("unknown-name", node.place, message, None);
            }
            Some(Items { known: false, .. }) => {
                let message = message!("playbook-each-not-known", name = id);
                let help = message!("playbook-each-not-known-help");
                book.reader.error("each-not-known", node.place, message, help);
            }
            Some(items) => each_system(book, &items, part),
        }
    } else if let Ok(name) = text.parse::<Name>() {
        names::known_system(book, node, &name);
        if let Some(system) = book.known.systems.get(&name) {
            parts(book, system, part);
        }
    }
}

/// Looks at every system of a list that is written out.
fn each_system(book: &Book<'_, '_>, items: &Items<'_>, part: Option<(Part, &Node)>) {
    for item in items.list {
        let Some((text, _)) = item.scalar() else { continue };
        let Ok(name) = text.parse::<Name>() else {
            let message = message!("playbook-invalid-system", text = text);
            let help = message!("playbook-each-system-help");
            book.reader.error("invalid-system", item.place, message, help);
            continue;
        };
        names::known_system(book, item, &name);
        if let Some(system) = book.known.systems.get(&name) {
            parts(book, system, part);
        }
    }
}

/// Finds that `system` has no such operation, backup or host.
fn parts(book: &Book<'_, '_>, system: &System, part: Option<(Part, &Node)>) {
    let Some((part, node)) = part else { return };
    let Some((text, _)) = node.scalar() else { return };
    let wanted = if part == Part::Operation { text } else { text.rsplit_once('/').map_or(text, |(_, last)| last) };
    let there: Vec<&str> = match part {
        Part::Operation => system.operations.keys().map(Id::as_str).collect(),
        Part::Backup => system.backups.iter().map(|backup| backup.id.as_str()).collect(),
        Part::Host => system.hosts.iter().map(|host| host.id.as_str()).collect(),
        Part::Restore if system.restore.is_none() => {
            let message = message!("playbook-no-restore-place", system = system.id.as_str());
            let help = message!("playbook-no-restore-place-help");
            book.reader.error("no-restore-place", node.place, message, help);
            return;
        }
        Part::Restore => return,
    };
    if there.contains(&wanted) {
        return;
    }
    let help = one_of_these(wanted, there);
    let id = system.id.as_str();
    let (code, message) = match part {
        Part::Operation => ("unknown-operation", message!("playbook-unknown-operation", system = id, id = wanted)),
        Part::Backup => ("unknown-backup", message!("playbook-unknown-backup", system = id, id = wanted)),
        Part::Host | Part::Restore => ("unknown-host", message!("playbook-unknown-host", system = id, id = wanted)),
    };
    book.reader.error(code, node.place, message, help);
}

/// The item `name` that is there in the room `frame`.
fn each<'a>(book: &Book<'a, '_>, frame: usize, name: &str) -> Option<Items<'a>> {
    let frames = book.frames.borrow();
    let mut next = Some(frame);
    while let Some(frame) = next.and_then(|at| frames.get(at)) {
        if let Some(items) = &frame.each
            && items.name == name
        {
            return Some(items.clone());
        }
        if frame.open {
            return Some(Items { name: name.parse().ok()?, kind: Type::Any, known: true, list: &[] });
        }
        next = frame.parent;
    }
    None
}

/// The names that are there at one moment.
struct Scope<'b, 'a, 'k> {
    book: &'b Book<'a, 'k>,
    when: When,
    secrets: bool,
}

const ROOTS: [&str; 6] = ["inputs", "steps", "clocks", "each", "run", "secret"];

/// What is known of the run itself.
fn run() -> Type {
    let word = |words: &[&str]| Type::Word(words.iter().map(|word| (*word).to_owned()).collect());
    let modes = [Mode::Tabletop, Mode::Technical, Mode::Live, Mode::Respond];
    Type::object([("kind", word(&["drill", "incident"])), ("mode", word(&modes.map(Mode::word)))])
}

impl Names for Scope<'_, '_, '_> {
    fn find(&self, words: &[&str]) -> Result<(Type, usize), Unknown> {
        let root = words.first().copied().unwrap_or_default();
        let at_plan = matches!(self.when, When::Plan(_));
        if !ROOTS.contains(&root) {
            return Err(self.unknown_root(root));
        }
        if at_plan && matches!(root, "steps" | "clocks" | "run") {
            let message = message!("playbook-not-before-run", name = root);
            return Err(Unknown { word: 0, code: "not-before-run", message, help: None });
        }
        let Some(name) = words.get(1).copied() else {
            let message = message!("playbook-root-alone", name = root);
            return Err(Unknown { word: 0, code: "unknown-name", message, help: None });
        };
        match root {
            "inputs" => self.input(name),
            "steps" => self.step(name),
            "clocks" => self.clock(name),
            "run" => Ok((run(), 1)),
            "each" => each(self.book, self.frame(), name).map(|items| (items.kind, 2)).ok_or_else(|| Unknown {
                word: 1,
                code: "unknown-name",
                message: message!("playbook-unknown-each", name = name),
                help: None,
            }),
            _ if self.secrets => Ok((Type::Text, 2)),
            _ => Err(Unknown {
                word: 0,
                code: "secret-not-here",
                message: message!("playbook-secret-not-here"),
                help: Some(message!("playbook-secret-not-here-help")),
            }),
        }
    }
}

impl Scope<'_, '_, '_> {
    fn unknown_root(&self, root: &str) -> Unknown {
        let inputs = self.book.inputs.borrow();
        let help = if inputs.contains_key(root) {
            Some(message!("source-did-you-mean", word = format!("inputs.{root}")))
        } else if self.book.steps.borrow().iter().any(|seen| seen.id == root) {
            Some(message!("source-did-you-mean", word = format!("steps.{root}")))
        } else {
            did_you_mean(root, ROOTS).or_else(|| Some(message!("playbook-roots-help")))
        };
        Unknown { word: 0, code: "unknown-name", message: message!("playbook-unknown-name", name = root), help }
    }

    fn input(&self, name: &str) -> Result<(Type, usize), Unknown> {
        let inputs = self.book.inputs.borrow();
        match inputs.get(name) {
            Some(input) => Ok((type_of(&input.kind, names::default_system(self.book, name)), 2)),
            None if lost(self.book, "inputs") || self.book.lost.borrow().inputs.contains(name) => Ok((Type::Any, 2)),
            None => Err(Unknown {
                word: 1,
                code: "unknown-input",
                message: message!("playbook-unknown-input", input = name),
                help: one_of_these(name, inputs.keys().map(Id::as_str)),
            }),
        }
    }

    fn clock(&self, name: &str) -> Result<(Type, usize), Unknown> {
        let clocks = self.book.clocks.borrow();
        if clocks.iter().any(|clock| clock == name) || lost(self.book, "clocks") {
            return Ok((Type::object([("seconds", Type::Number)]), 2));
        }
        Err(Unknown {
            word: 1,
            code: "unknown-clock",
            message: message!("playbook-unknown-clock", clock = name),
            help: one_of_these(name, clocks.iter().map(String::as_str)),
        })
    }

    fn frame(&self) -> usize {
        match self.when {
            When::Plan(frame) | When::Round { frame, .. } => frame,
            When::Begin(step) | When::Ended(step) => self.book.steps.borrow().get(step).map_or(0, |seen| seen.frame),
            When::End => 0,
        }
    }

    /// The step `name`, as it can be named now.
    fn step(&self, name: &str) -> Result<(Type, usize), Unknown> {
        let steps = self.book.steps.borrow();
        let frame = self.frame();
        let in_sight = |seen: &Seen| encloses(self.book, seen.frame, frame);
        let wrong = |code, message, help| Err(Unknown { word: 1, code, message, help });
        let ended = |at: usize| match self.when {
            When::Plan(_) => false,
            When::End => true,
            When::Begin(now) => ended_before(&steps, at, now, false),
            // Steps are undone when all those beside them have ended.
            When::Ended(now) => at == now || ended_before(&steps, at, now, true),
            When::Round { step, .. } => inside(&steps, at, step) || ended_before(&steps, at, step, false),
        };
        let all = || steps.iter().enumerate().filter(|(_, seen)| seen.id == name);
        // A step that was found wrong where it stands is not missing where it is named.
        if lost(self.book, "steps") || self.book.lost.borrow().steps.contains(name) {
            return Ok((Type::Any, 2));
        }
        if let Some((_, seen)) = all().rfind(|(at, seen)| in_sight(seen) && ended(*at)) {
            let others = seen.open.then(|| Box::new(Type::Any));
            return Ok((Type::Object { members: seen.yields.clone(), others }, 2));
        }
        if all().any(|(_, seen)| in_sight(seen)) {
            return wrong("step-later", message!("playbook-step-later", id = name), None);
        }
        if let Some((_, seen)) = all().next() {
            let owner = self.book.frames.borrow().get(seen.frame).and_then(|frame| frame.owner);
            let owner = owner.and_then(|owner| steps.get(owner)).map(|seen| seen.id.clone()).unwrap_or_default();
            return wrong("step-inside", message!("playbook-step-inside", id = name, owner = owner), None);
        }
        let candidates =
            steps.iter().enumerate().filter(|(at, seen)| in_sight(seen) && ended(*at)).map(|(_, seen)| &*seen.id);
        wrong("unknown-step", message!("playbook-unknown-step", id = name), did_you_mean(name, candidates))
    }
}

/// Whether step `inner` is anywhere inside `outer`.
fn inside(steps: &[Seen], inner: usize, outer: usize) -> bool {
    let mut next = steps.get(inner).and_then(|seen| seen.parent);
    while let Some(at) = next {
        if at == outer {
            return true;
        }
        next = steps.get(at).and_then(|seen| seen.parent);
    }
    false
}

/// Whether step `first` has ended when `then` begins. Of those at the same time only the ones that `then` needs have, or
/// all, where `together` says that they have ended too.
fn ended_before(steps: &[Seen], first: usize, then: usize, together: bool) -> bool {
    let line = |at: usize| -> Vec<usize> {
        let mut line: Vec<usize> =
            std::iter::successors(Some(at), |at| steps.get(*at).and_then(|seen| seen.parent)).collect();
        line.reverse();
        line
    };
    let (first, then) = (line(first), line(then));
    // Where the two part: beside one another in a list.
    match first.iter().zip(&then).find(|(first, then)| first != then) {
        // One is inside the other.
        None => false,
        Some((first, then)) => match steps.get(*then) {
            Some(seen) if seen.needs.is_some() => together || waits(steps, *then, *first),
            _ => first < then,
        },
    }
}

/// Whether step `at` waits for its sibling `wanted`, at one or more removes.
fn waits(steps: &[Seen], at: usize, wanted: usize) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![at];
    while let Some(next) = open.pop() {
        if next == wanted && next != at {
            return true;
        }
        let Some(step) = steps.get(next).filter(|_| seen.insert(next)) else { continue };
        let needs = step.needs.as_deref().unwrap_or_default();
        let siblings = steps.iter().enumerate().filter(|(_, other)| other.parent == step.parent);
        open.extend(siblings.filter(|(_, other)| needs.contains(&other.id)).map(|(at, _)| at));
    }
    false
}
