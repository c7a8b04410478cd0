//! The unit's people and who takes which part: `people.yaml`.

use std::cell::RefCell;
use std::collections::BTreeSet;

use indexmap::IndexMap;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::message::message;
use crate::model::{Actor, Id, Lang, Text};
use crate::source::suggest::one_of_these;
use crate::source::{self, Document, Finding, Node, Place, Reader};

/// Who is there, and who takes which part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    /// The people, in the file's order.
    pub people: Vec<Person>,
    /// The parts.
    pub roles: IndexMap<Id, Holders>,
    /// When the telephone numbers were last tried; a date.
    pub contacts_checked: Option<String>,
}

/// One person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The id that records use.
    pub id: Actor,
    /// The name.
    pub name: Text,
    /// The position.
    pub position: Option<Text>,
    /// The unit, where it is another one.
    pub unit: Option<Text>,
    /// Telephone numbers, the first to call first.
    pub phones: Vec<String>,
    /// How to reach them where the telephone is not safe.
    pub second_channel: Option<String>,
    /// A personal key.
    pub key: Option<String>,
    /// The last day; a date.
    pub until: Option<String>,
}

/// Who takes a part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holders {
    /// The person.
    pub holder: Actor,
    /// Who stands in.
    pub deputy: Option<Actor>,
}

impl Person {
    /// What documents call them, as [`called`] has it.
    #[must_use]
    pub fn called(&self, lang: Lang) -> String {
        called(Some(self.name.pick(lang)), self.position.as_ref().map(|position| position.pick(lang)), &self.id)
    }
}

/// Whether a name is somebody's: what a duty post has until it has a holder stands in brackets.
#[must_use]
pub fn is_a_name(name: &str) -> bool {
    !name.starts_with('(')
}

/// What documents call somebody: the name; where a duty post has none yet, the position with the id; else the id.
#[must_use]
pub fn called(name: Option<&str>, position: Option<&str>, id: &Actor) -> String {
    match (name.filter(|name| is_a_name(name)), position) {
        (Some(name), _) => name.to_owned(),
        (None, Some(position)) => format!("{position} ({id})"),
        (None, None) => id.to_string(),
    }
}

impl People {
    /// Reads the people in `text`, which findings call `file`.
    ///
    /// # Errors
    ///
    /// Everything that is wrong in it, in file order.
    pub fn read(file: &str, text: &str) -> Result<Self, Vec<Finding>> {
        Self::read_document(&source::parse(file, text)).0
    }

    /// Reads the people in `document`, with the warnings where it holds.
    pub fn read_document(document: &Document) -> (Result<Self, Vec<Finding>>, Vec<Finding>) {
        let reader = Reader::new(document);
        let people = document.root.as_ref().and_then(|root| top(&reader, root));
        super::finish(reader, people)
    }

    /// Whether somebody's part is over on `day`: their last day has passed.
    #[must_use]
    pub fn over(&self, person: &Actor, day: Date) -> bool {
        let until = self.find(person.as_str()).and_then(|person| person.until.as_deref());
        until.and_then(|until| until.parse::<Date>().ok()).is_some_and(|last| last < day)
    }

    /// Who has `role` on `day` as the file says it: the holder, else the deputy; neither where their part is over or they
    /// are in `gone`.
    #[must_use]
    pub fn standing(&self, role: &Id, day: Date, gone: &BTreeSet<Actor>) -> Option<&Actor> {
        let holders = self.roles.get(role)?;
        let there = |person: &&Actor| !self.over(person, day) && !gone.contains(*person);
        Some(&holders.holder).into_iter().chain(&holders.deputy).find(there)
    }

    /// The person with this id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.id.as_str() == id)
    }
}

fn top<'a>(reader: &Reader<'a>, root: &'a Node) -> Option<People> {
    let fields = reader.fields("people", root, Place::START)?;
    // The format of `ungpho.yaml` is that of the workspace; here it may be left out.
    if fields.optional("format").is_some() {
        fields.format();
    }
    let mut ids = BTreeSet::new();
    let people = fields.required("people").and_then(|node| reader.list(node, |item| person(reader, item, &mut ids)));
    let listed = fields.optional("people").map_or(0, |node| node.items().len());
    let named = RefCell::new(Vec::new());
    let mut roles = IndexMap::new();
    for (key, node) in fields.optional("roles").and_then(|node| reader.members(node)).unwrap_or_default() {
        let role = reader.id_key(key);
        let Some(fields) = reader.fields("holders", node, key.place) else { continue };
        let person = |node: &'a Node| {
            let id = actor(reader, node)?;
            named.borrow_mut().push((node, id.clone()));
            Some(id)
        };
        let holder = fields.required("holder").and_then(person);
        let deputy = fields.optional("deputy").and_then(person);
        fields.finish();
        if let (Some(role), Some(holder)) = (role, holder) {
            roles.insert(role, Holders { holder, deputy });
        }
    }
    let contacts_checked = fields.optional("contacts_checked").and_then(|node| reader.date(node));
    // A person that was found wrong where it stands is not missing where it is named.
    if !fields.finish().contains(&"people") && people.as_ref().is_some_and(|people| people.len() == listed) {
        for (node, id) in named.into_inner() {
            known(reader, node, &id, &ids);
        }
    }
    Some(People { people: people?, roles, contacts_checked })
}

fn person<'a>(reader: &Reader<'a>, node: &'a Node, ids: &mut BTreeSet<Actor>) -> Option<Person> {
    let fields = reader.fields("person", node, node.place)?;
    let id = fields.required("id").and_then(|node| {
        let id = actor(reader, node)?;
        if id == Actor::engine() {
            let help = message!("inventory-reserved-person-help");
            reader.error("reserved-id", node.place, message!("inventory-reserved-person", id = id.as_str()), help);
        } else if !ids.insert(id.clone()) {
            reader.error("duplicate-id", node.place, message!("source-duplicate-id", id = id.as_str()), None);
        }
        Some(id)
    });
    let name = fields.required("name").and_then(|node| reader.words(node));
    let position = fields.optional("position").and_then(|node| reader.words(node));
    let unit = fields.optional("unit").and_then(|node| reader.words(node));
    let phones = fields.optional("phones").and_then(|node| reader.list(node, |item| reader.letters(item)));
    let second_channel = fields.optional("second_channel").and_then(|node| reader.filled_text(node));
    let key = fields.optional("key").and_then(|node| reader.filled_text(node));
    let until = fields.optional("until").and_then(|node| reader.date(node));
    fields.finish();
    Some(Person {
        id: id?,
        name: name?,
        position,
        unit,
        phones: phones.unwrap_or_default(),
        second_channel,
        key,
        until,
    })
}

fn actor(reader: &Reader<'_>, node: &Node) -> Option<Actor> {
    let text = reader.letters(node)?;
    let found = text.parse().ok();
    if found.is_none() {
        let help = message!("source-pattern-help", pattern = Actor::PATTERN);
        reader.error("invalid-id", node.place, message!("source-invalid-name", text = text), help);
    }
    found
}

fn known(reader: &Reader<'_>, node: &Node, id: &Actor, ids: &BTreeSet<Actor>) {
    if !ids.contains(id) {
        let help = one_of_these(id.as_str(), ids.iter().map(Actor::as_str));
        reader.error("unknown-person", node.place, message!("inventory-unknown-person", id = id.as_str()), help);
    }
}
