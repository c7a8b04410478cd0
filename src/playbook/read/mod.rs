//! Reads a playbook: every mistake in it, each at its word, in one pass.

mod action;
mod block;
mod names;
mod probe;
mod settle;
mod step;
mod top;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use indexmap::IndexMap;

use super::expression::{Piece, pieces};
use super::lint::{Type, Wanted};
use super::types::{Input, Playbook};
use crate::inventory::System;
use crate::model::{Id, Mark, Name};
use crate::source::{self, Document, Finding, Node, Place, Reader, any_error};

use crate::step::ValueKind;
pub(super) use action::ACTIONS;
pub(super) use probe::KINDS as PROBES;

/// What is known besides the playbook itself, for what it names in other files.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The systems of the inventory.
    pub systems: BTreeMap<Name, System>,
    /// The levels of systems: the approved one, else the one that their facts prove. Not there where it is not determined.
    pub levels: BTreeMap<Name, u8>,
    /// Systems that are there and cannot be read: nothing is said of what they have.
    pub broken: BTreeSet<Name>,
    /// The other playbooks; `None` for one that is there and cannot be read.
    pub playbooks: BTreeMap<Name, Option<Outline>>,
    /// The rows of the plans in `policies/tasks`, by the plan's name; empty where nobody has looked.
    pub tasks: BTreeMap<String, BTreeSet<String>>,
    /// Whether a system, playbook or plan that is not here is nowhere: then naming it is a mistake.
    pub complete: bool,
}

/// What a playbook that calls another has to know of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outline {
    /// What it has to be given.
    pub inputs: IndexMap<Id, Input>,
    /// The playbooks that it calls itself.
    pub calls: Vec<Name>,
    /// The marks that its own steps make.
    pub marks: Vec<Mark>,
    /// Its watches, clocks and objectives: none of them counts where it is called.
    pub measures: Vec<String>,
    /// The clocks that its steps name.
    pub reads_clocks: Vec<String>,
    /// Its roles.
    pub roles: Vec<String>,
}

/// Reads the playbook in `text`, which findings call `file`.
///
/// # Errors
///
/// Everything that is wrong in it, in file order.
pub fn read(file: &str, text: &str, known: &Known) -> Result<Playbook, Vec<Finding>> {
    read_document(&source::parse(file, text), known).0
}

/// Reads the playbook in `document`, with the warnings where it holds.
pub fn read_document(document: &Document, known: &Known) -> (Result<Playbook, Vec<Finding>>, Vec<Finding>) {
    let book = Book::new(Reader::new(document), known);
    let playbook = document.root.as_ref().and_then(|root| top::playbook(&book, root));
    settle::settle(&book);
    let findings = book.reader.into_findings();
    match playbook {
        Some(playbook) if !any_error(&findings) => (Ok(playbook), findings),
        _ => (Err(findings.clone()), findings),
    }
}

/// The keys that are asked for while `text` is read, and what is found in it.
#[cfg(test)]
pub(super) fn shapes(file: &str, text: &str) -> (Vec<Finding>, source::Shapes) {
    let document = source::parse(file, text);
    let known = Known::default();
    let book = Book::new(Reader::new(&document).keeping_shapes(), &known);
    let _ = document.root.as_ref().and_then(|root| top::playbook(&book, root));
    settle::settle(&book);
    let shapes = book.reader.shapes();
    (book.reader.into_findings(), shapes)
}

/// What others have to know of the playbook in `document`, and its name; says nothing of what is wrong in it.
#[must_use]
pub fn outline(document: &Document) -> Option<(Name, Option<Outline>)> {
    let root = document.root.as_ref()?;
    let name = root.get("playbook")?.scalar()?.0.parse().ok()?;
    let known = Known::default();
    let book = Book::new(Reader::new(document), &known);
    let inputs = root.get("inputs").map(|node| top::inputs(&book, node)).unwrap_or_default();
    let calls = calls(document).into_iter().map(|(_, name)| name).collect();
    let marks = root.get("steps").map(marks).unwrap_or_default();
    let measures = measures(root);
    let reads_clocks = root.get("steps").map(clocks_named).unwrap_or_default().into_iter().collect();
    let roles = root.get("roles").map(Node::members).unwrap_or_default();
    let roles = roles.iter().map(|(key, _)| key.text.clone()).collect();
    let outline = (!book.reader.failed()).then_some(Outline { inputs, calls, marks, measures, reads_clocks, roles });
    Some((name, outline))
}

/// The marks that steps in `node` make.
fn marks(node: &Node) -> Vec<Mark> {
    let mut all = Vec::new();
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        let word = node.get("marks").and_then(Node::scalar);
        all.extend(
            Mark::WORDS.iter().filter(|(known, _)| word.is_some_and(|(word, _)| word == *known)).map(|(_, m)| *m),
        );
        open.extend(node.items());
        open.extend(node.members().iter().map(|(_, member)| member));
    }
    all
}

/// The ids of watches, clocks and objectives.
fn measures(root: &Node) -> Vec<String> {
    let listed = ["watch", "objectives"].into_iter().filter_map(|key| root.get(key)).flat_map(Node::items);
    let listed = listed.filter_map(|item| item.get("id")?.scalar()).map(|(id, _)| id.to_owned());
    let clocks = root.get("clocks").map(Node::members).unwrap_or_default();
    listed.chain(clocks.iter().map(|(key, _)| key.text.clone())).collect()
}

/// The clocks that expressions in `node` name.
fn clocks_named(node: &Node) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let Ok(clock) = regex::Regex::new(r"\bclocks\s*\.\s*([a-z][a-z0-9_]*)") else { return all };
    let mut find = |text: &str| all.extend(clock.captures_iter(text).map(|found| format!("clocks.{}", &found[1])));
    let mut open = vec![(node, false)];
    while let Some((node, bare)) = open.pop() {
        if let Some((text, _)) = node.scalar() {
            if bare {
                find(text);
            } else {
                for piece in pieces(text) {
                    if let Piece::Expression { source, .. } = piece {
                        find(source);
                    }
                }
            }
        }
        open.extend(node.items().iter().map(|item| (item, false)));
        // These two are expressions without braces.
        let members = node.members().iter();
        open.extend(members.map(|(key, member)| (member, matches!(key.text.as_str(), "when" | "until"))));
    }
    all
}

/// The playbooks that the one in `document` calls, each with where it is named.
#[must_use]
pub fn calls(document: &Document) -> Vec<(&Node, Name)> {
    let mut all = Vec::new();
    if let Some(root) = &document.root {
        callees(root, &mut all);
    }
    all
}

fn callees<'a>(node: &'a Node, all: &mut Vec<(&'a Node, Name)>) {
    let callee = node.get("call").and_then(|call| call.get("playbook"));
    all.extend(callee.and_then(|node| Some((node, node.scalar()?.0.parse().ok()?))));
    for (_, member) in node.members() {
        callees(member, all);
    }
    for item in node.items() {
        callees(item, all);
    }
}

/// What is gathered while a playbook is read, and looked at when all of it is there.
struct Book<'a, 'k> {
    reader: Reader<'a>,
    known: &'k Known,
    name: RefCell<Option<Name>>,
    inputs: RefCell<IndexMap<Id, Input>>,
    roles: RefCell<Vec<Id>>,
    clocks: RefCell<Vec<String>>,
    has_watch: RefCell<bool>,
    marks: RefCell<Vec<Mark>>,
    lost: RefCell<Lost>,
    frames: RefCell<Vec<Frame<'a>>>,
    steps: RefCell<Vec<Seen>>,
    later: RefCell<Vec<Later<'a>>>,
}

/// A room of names: the playbook, or the inside of an `each` or `repeat`.
struct Frame<'a> {
    /// The room around it.
    parent: Option<usize>,
    /// The step that it is the inside of.
    owner: Option<usize>,
    /// What the `each` that it is the inside of runs over.
    each: Option<Items<'a>>,
    /// Whether what its items are called could not be read.
    open: bool,
}

/// What an `each` runs over.
#[derive(Clone)]
struct Items<'a> {
    /// The item's name.
    name: Id,
    /// What kind of items.
    kind: Type,
    /// Whether the items are known at plan time.
    known: bool,
    /// The items, where they are written out.
    list: &'a [Node],
}

/// What was found wrong where it stands, and so is not missing where it is named.
#[derive(Default)]
struct Lost {
    /// Keys of the head that are there and cannot be read, or are misspelled.
    keys: BTreeSet<&'static str>,
    /// Inputs, and what they are called.
    inputs: BTreeSet<String>,
    /// What steps are called whose id cannot be read.
    steps: BTreeSet<String>,
}

/// A step that was met, in the order of the file.
struct Seen {
    id: String,
    place: Place,
    frame: usize,
    /// The step that it is a direct part of.
    parent: Option<usize>,
    /// The siblings that it waits for, where it is one of several at the same time.
    needs: Option<Vec<String>>,
    /// What it yields, by name.
    yields: BTreeMap<String, Type>,
    /// Whether it may yield more: something in it could not be read.
    open: bool,
}

/// When an expression is worked out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    /// At plan time: inputs, and the item of an `each`.
    Plan(usize),
    /// When the step begins.
    Begin(usize),
    /// When the step has ended: its undo.
    Ended(usize),
    /// After a round of this step.
    Round { step: usize, frame: usize },
    /// When the run has ended.
    End,
}

/// What can be checked only when everything is known.
enum Later<'a> {
    /// An expression without braces.
    Expression { node: &'a Node, when: When },
    /// A string that may hold expressions.
    Template { node: &'a Node, when: When, wanted: Wanted, secrets: bool },
    /// A later sibling.
    Goto { node: &'a Node, siblings: Rc<Vec<String>>, from: usize, parallel: bool },
    /// A role.
    Role(&'a Node),
    /// A clock's step.
    ClockStep(&'a Node),
    /// A clock that begins or ends with a mark.
    ClockMark(&'a Node, crate::model::Mark),
    /// A clock that begins or ends with an outage.
    ClockOutage(&'a Node),
    /// A system, and what of it is named: an operation, a backup or a host.
    System { node: &'a Node, frame: usize, part: Option<(Part, &'a Node)> },
}

/// What is named of a system, or needed of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Operation,
    Backup,
    Host,
    Restore,
}

impl<'a, 'k> Book<'a, 'k> {
    fn new(reader: Reader<'a>, known: &'k Known) -> Self {
        Self {
            reader,
            known,
            name: RefCell::default(),
            inputs: RefCell::default(),
            roles: RefCell::default(),
            clocks: RefCell::default(),
            has_watch: RefCell::default(),
            marks: RefCell::default(),
            lost: RefCell::default(),
            frames: RefCell::new(vec![Frame { parent: None, owner: None, each: None, open: false }]),
            steps: RefCell::default(),
            later: RefCell::default(),
        }
    }

    fn later(&self, later: Later<'a>) {
        self.later.borrow_mut().push(later);
    }

    /// A string that may hold expressions and is filled in as text.
    fn template(&self, node: &'a Node, when: When) {
        self.later(Later::Template { node, when, wanted: Wanted::Text, secrets: false });
    }

    /// The same, where secrets may be named.
    fn secret_template(&self, node: &'a Node, when: When) {
        self.later(Later::Template { node, when, wanted: Wanted::Text, secrets: true });
    }

    /// Every string of a text for people.
    fn text_templates(&self, node: &'a Node, when: When) {
        if node.scalar().is_some() {
            self.template(node, when);
        }
        for (_, member) in node.members() {
            self.template(member, when);
        }
    }

    /// Text that is shown as it stands: an expression in it is a mistake.
    fn plain_text(&self, node: &'a Node) {
        let scalars = std::iter::once(node).chain(node.members().iter().map(|(_, member)| member));
        for node in scalars {
            if let Some((text, _)) = node.scalar()
                && let Some(at) = text.find("{{")
            {
                let place = self.reader.place_in(node, text[..at].chars().count(), 2);
                let message = crate::message::message!("playbook-template-not-here");
                self.reader.error("template-not-here", place, message, None);
            }
        }
    }
}

/// What expressions see of a value of this kind.
fn type_of(kind: &ValueKind, system: Option<&System>) -> Type {
    match kind {
        ValueKind::System => {
            let has = |there: fn(&System) -> bool, kind: Type| match system {
                Some(system) if !there(system) => Type::Unset(Box::new(kind)),
                _ => kind,
            };
            let endpoints = match system {
                Some(system) => Type::Object {
                    members: system.endpoints.keys().map(|id| (id.to_string(), Type::Text)).collect(),
                    others: None,
                },
                None => Type::Object { members: BTreeMap::new(), others: Some(Box::new(Type::Text)) },
            };
            Type::object([
                ("id", Type::Text),
                ("endpoints", endpoints),
                (
                    "objectives",
                    Type::object([
                        ("rto", has(|s| s.objectives.rto.is_some(), Type::Number)),
                        ("rpo", has(|s| s.objectives.rpo.is_some(), Type::Number)),
                    ]),
                ),
                ("restore", Type::object([("to", has(|s| s.restore.is_some(), Type::Text))])),
            ])
        }
        ValueKind::Path | ValueKind::String => Type::Text,
        ValueKind::Integer | ValueKind::Duration => Type::Number,
        ValueKind::Boolean => Type::Truth,
        ValueKind::Choice(options) => Type::Word(options.clone()),
    }
}
