//! Reads a set of requirements.

use std::collections::BTreeSet;

use super::{Head, Requirement, Section, Set};
use crate::message::message;
use crate::model::Name;
use crate::source::{Document, Finding, Node, Place, Reader};

/// Reads the set in `document`, with the warnings where it holds.
pub fn read_document(document: &Document) -> (Result<Set, Vec<Finding>>, Vec<Finding>) {
    let reader = Reader::new(document);
    let read = document.root.as_ref().and_then(|root| top(&reader, root));
    crate::policy::finish(reader, read)
}

fn top<'a>(reader: &Reader<'a>, root: &'a Node) -> Option<Set> {
    let fields = reader.fields("requirements", root, Place::START)?;
    fields.format();
    let name: Option<Name> = fields.required("requirements").and_then(|node| {
        let name = reader.name(node)?;
        reader.same_as_file(node, name.as_str());
        Some(name)
    });
    let title = fields.required("title").and_then(|node| reader.words(node));
    let note = fields.optional("note").and_then(|node| reader.words(node));
    let second_hand = fields.optional("second_hand").and_then(|node| reader.words(node));
    let mut seen = BTreeSet::new();
    let rows = fields.required("rows").and_then(|node| {
        reader.list(node, |item| {
            let row = row(reader, item, name.as_ref(), &mut seen);
            // A row that does not hold is told; the file counts for nothing then.
            Some(row)
        })
    });
    fields.finish();
    let rows: Option<Vec<Requirement>> = rows?.into_iter().collect();
    Some(Set { head: Head { name: name?, title: title?, note, second_hand }, rows: rows? })
}

fn row<'a>(reader: &Reader<'a>, node: &'a Node, set: Option<&Name>, seen: &mut BTreeSet<Name>) -> Option<Requirement> {
    let fields = reader.fields("requirement", node, node.place)?;
    let id = fields.required("id").and_then(|node| {
        let id = reader.name(node)?;
        if !seen.insert(id.clone()) {
            reader.error("duplicate-id", node.place, message!("source-duplicate-id", id = id.as_str()), None);
        }
        Some(id)
    });
    let title = fields.required("title").and_then(|node| reader.words(node));
    let controls = fields.required("controls").and_then(|node| {
        let list = reader.list(node, |item| reader.name(item))?;
        filled(reader, node).then_some(list)
    });
    let compulsory = fields.optional("compulsory").and_then(|node| reader.boolean(node)).unwrap_or_default();
    let levels = fields.required("levels").and_then(|node| {
        let mut known = BTreeSet::new();
        let list = reader.list(node, |item| section(reader, item, &mut known))?;
        filled(reader, node).then_some(list)
    });
    fields.finish();
    let file = reader.document().file.clone();
    Some(Requirement {
        set: set?.clone(),
        id: id?,
        title: title?,
        controls: controls?,
        compulsory,
        levels: levels?,
        file,
    })
}

fn filled(reader: &Reader<'_>, node: &Node) -> bool {
    if node.items().is_empty() {
        reader.error("empty-list", node.place, message!("source-empty-list"), None);
    }
    !node.items().is_empty()
}

fn section<'a>(reader: &Reader<'a>, node: &'a Node, known: &mut BTreeSet<u8>) -> Option<Section> {
    let fields = reader.fields("requirement-level", node, node.place)?;
    let level = fields.required("level").and_then(|node| {
        let level = reader.integer(node, 1, 5)?;
        if !known.insert(level) {
            reader.error("duplicate-id", node.place, message!("source-duplicate-id", id = level.to_string()), None);
        }
        Some(level)
    });
    let citation = fields.required("citation").and_then(|node| reader.filled_text(node));
    fields.finish();
    Some(Section { level: level?, citation: citation? })
}
