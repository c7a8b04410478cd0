//! Actions that hold other steps: `each`, `repeat` and `call`.

use std::collections::BTreeMap;

use super::action::{Actions, not_literal};
use super::step::Block;
use super::{Frame, Later, When, names, step, top};
use crate::message::message;
use crate::model::Template;
use crate::playbook::expression::whole;
use crate::playbook::lint::{Type, Wanted};
use crate::source::{self, Node};
use crate::step::{Action, Call, Each, Items, Repeat, ValueKind};

impl<'a> Actions<'_, 'a, '_> {
    /// Opens the room of names inside this step.
    fn inside(&self, each: Option<super::Items<'a>>, open: bool) -> Block {
        let mut frames = self.book.frames.borrow_mut();
        frames.push(Frame { parent: Some(self.spot.frame), owner: Some(self.spot.step), each, open });
        Block { frame: frames.len() - 1, parent: Some(self.spot.step), parallel: false }
    }

    pub(super) fn each(&self) -> Option<Action> {
        let reader = &self.book.reader;
        let fields = reader.fields("each", self.node, self.key.place)?;
        let of = fields.required("of");
        let items = of.and_then(|node| self.items(node));
        let name = fields.required("as").and_then(|node| reader.id(node));
        let steps = fields.required("steps");
        fields.finish();
        // A list that is wrong where it stands is not unknown where its items are named.
        let (kind, known) = of.filter(|_| items.is_some()).map_or((Type::Any, true), item_kind);
        let list = of.map_or([].as_slice(), Node::items);
        let inner = self.inside(name.clone().map(|name| super::Items { name, kind, known, list }), name.is_none());
        let steps = steps.and_then(|node| step::steps(self.book, node, inner));
        Some(Action::Each(Each { of: items?, name: name?, steps: steps? }))
    }

    fn items(&self, node: &'a Node) -> Option<Items> {
        let reader = &self.book.reader;
        if let Some((text, _)) = node.scalar() {
            if whole(text).is_none() {
                let message = message!("playbook-each-of");
                reader.error("each-of", node.place, message, message!("playbook-each-of-help"));
                return None;
            }
            let template = Template(text.to_owned());
            let when = self.spot.when;
            self.book.later(Later::Template { node, when, wanted: Wanted::List, secrets: false });
            return Some(Items::Expression(template));
        }
        let items =
            reader.list(node, |item| if not_literal(self.book, item, "of") { None } else { item.to_value() })?;
        Some(Items::List(items))
    }

    pub(super) fn repeat(&self) -> Option<Action> {
        let reader = &self.book.reader;
        let fields = reader.fields("repeat", self.node, self.key.place)?;
        let steps = fields.required("steps");
        let until = fields.required("until");
        let max = fields.required("max").and_then(|node| reader.integer(node, 1, 10_000));
        let every = fields.optional("every").map(|node| reader.span(node));
        fields.finish();
        let inner = self.inside(None, false);
        let steps = steps.and_then(|node| step::steps(self.book, node, inner));
        let round = When::Round { step: self.spot.step, frame: inner.frame };
        let until = until.and_then(|node| top::expression(self.book, node, round));
        Some(Action::Repeat(Repeat { steps: steps?, until: until?, max: max?, every: every.flatten() }))
    }

    pub(super) fn call(&self) -> Option<Action> {
        let reader = &self.book.reader;
        let fields = reader.fields("call", self.node, self.key.place)?;
        let playbook_node = fields.required("playbook");
        let playbook = playbook_node
            .and_then(|node| if not_literal(self.book, node, "playbook") { None } else { reader.name(node) });
        let with_member = fields.given("with");
        let meant = fields.finish();
        let outline = match (playbook_node, &playbook) {
            (Some(node), Some(name)) => names::callee(self.book, node, name),
            _ => None,
        };
        let mut with = BTreeMap::new();
        let given = with_member.map(|(_, node)| reader.members(node));
        let members = given.flatten().unwrap_or_default();
        for (key, node) in members {
            let Some(id) = reader.id_key(key) else { continue };
            let kind = outline.and_then(|outline| outline.inputs.get(&id)).map(|input| &input.kind);
            let wanted = kind.map_or(Wanted::Any, wanted);
            self.book.later(Later::Template { node, when: When::Plan(self.spot.frame), wanted, secrets: false });
            if let Some(value) = names::given(self.book, outline, key, node) {
                with.insert(id, value);
            }
        }
        if let (Some(node), Some(outline)) = (playbook_node, outline)
            && (with_member.is_none() || given.flatten().is_some())
            && !meant.contains(&"with")
        {
            let lacking = outline.inputs.iter().filter(|(id, input)| {
                input.default.is_none() && !members.iter().any(|(key, _)| key.text == id.as_str())
            });
            for (id, _) in lacking {
                let message = message!("playbook-input-not-given", input = id.as_str());
                reader.error("input-not-given", node.place, message, None);
            }
        }
        if let (Some(node), Some(outline)) = (playbook_node, outline) {
            names::left_out(self.book, node, outline);
        }
        Some(Action::Call(Call { playbook: playbook?, with }))
    }
}

/// What the value of an input of this kind has to be.
fn wanted(kind: &ValueKind) -> Wanted {
    match kind {
        ValueKind::System => Wanted::System,
        ValueKind::Path | ValueKind::String => Wanted::Words,
        ValueKind::Integer | ValueKind::Duration => Wanted::Number,
        ValueKind::Boolean => Wanted::Truth,
        ValueKind::Choice(_) => Wanted::Text,
    }
}

/// What expressions see of an item, and whether the items are known at plan time.
fn item_kind(of: &Node) -> (Type, bool) {
    if let Some((text, _)) = of.scalar() {
        return (Type::Any, whole(text).is_some_and(|source| source.starts_with("inputs.")));
    }
    let kinds = of.items().iter().map(|item| match item.meaning() {
        Some(source::Meaning::Boolean(_)) => Type::Truth,
        Some(source::Meaning::Integer(_) | source::Meaning::Real(_)) => Type::Number,
        Some(source::Meaning::Text) => Type::Text,
        _ => Type::Any,
    });
    (kinds.reduce(Type::or).unwrap_or(Type::Any), true)
}
