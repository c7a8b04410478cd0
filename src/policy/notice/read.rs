//! Reads the text of a notice; every mistake is found at its word.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::{Blank, Known, Line, Page, Piece, Template};
use crate::message::message;
use crate::model::{Id, Text};
use crate::source::{self, Data, Document, Finding, Node, Place, Reader};

/// Reads the notice in `text`, which findings call `file`.
///
/// # Errors
///
/// Everything that is wrong in it, in file order.
pub fn read(file: &str, text: &str) -> Result<Template, Vec<Finding>> {
    read_document(&source::parse(file, text)).0
}

/// Reads the notice in `document`, with the warnings where it holds.
pub fn read_document(document: &Document) -> (Result<Template, Vec<Finding>>, Vec<Finding>) {
    let reader = Reader::new(document);
    let template = document.root.as_ref().and_then(|root| top(&reader, root));
    crate::policy::finish(reader, template)
}

fn top<'a>(reader: &Reader<'a>, root: &'a Node) -> Option<Template> {
    let fields = reader.fields("notice", root, Place::START)?;
    fields.format();
    let name = fields.required("notice").and_then(|node| {
        let name = reader.name(node)?;
        reader.same_as_file(node, name.as_str());
        Some(name)
    });
    let title = fields.required("title").and_then(|node| reader.words(node));
    let asked = fields.optional("ask").and_then(|node| reader.members(node)).unwrap_or_default();
    let mut ask: IndexMap<Id, Text> = IndexMap::new();
    for (key, node) in asked {
        if Known::WORDS.iter().any(|(word, _)| *word == key.text) {
            let message = message!("policy-blank-known", name = key.text.as_str());
            reader.error("blank-known", key.place, message, message!("policy-blank-known-help"));
        }
        if let (Some(id), Some(text)) = (reader.id_key(key), reader.words(node)) {
            ask.insert(id, text);
        }
    }
    let mut used = BTreeSet::new();
    let pages = fields.required("pages").and_then(|node| {
        let pages = reader.list(node, |item| page(reader, item, &ask, &mut used));
        if matches!(&node.data, Data::List(items) if items.is_empty()) {
            reader.error("empty-list", node.place, message!("source-empty-list"), None);
        }
        pages
    });
    fields.finish();
    for (key, _) in asked {
        let unused = |id: &Id| !used.contains(&Blank::Asked(id.clone()));
        if ask.get_key_value(key.text.as_str()).is_some_and(|(id, _)| unused(id)) {
            let message = message!("policy-blank-unused", name = key.text.as_str());
            let file = &reader.document().file;
            reader.push(Finding::error("blank-unused", file, key.place, message).warning());
        }
    }
    Some(Template { name: name?, file: reader.document().file.clone(), title: title?, ask, pages: pages? })
}

fn page<'a>(reader: &Reader<'a>, node: &'a Node, ask: &IndexMap<Id, Text>, used: &mut BTreeSet<Blank>) -> Option<Page> {
    let fields = reader.fields("notice-page", node, node.place)?;
    let text = |node: Option<&'a Node>| {
        let node = node?;
        Some((node, lines(reader, node, &reader.filled_text(node)?, ask)))
    };
    let (vi, en) = (text(fields.optional("vi")), text(fields.optional("en")));
    if vi.is_none() && en.is_none() && node.members().is_empty() {
        reader.error("empty-text", node.place, message!("source-empty-text"), None);
    }
    fields.finish();
    let blanks = |lines: &[Line]| -> BTreeSet<Blank> {
        let pieces = lines.iter().flatten();
        pieces.filter_map(|piece| if let Piece::Blank(blank) = piece { Some(blank.clone()) } else { None }).collect()
    };
    if let (Some((_, vi)), Some((node, en))) = (&vi, &en)
        && let Some(odd) = blanks(vi).symmetric_difference(&blanks(en)).next()
    {
        let message = message!("policy-blanks-differ", name = odd.name());
        reader.error("blanks-differ", node.place, message, None);
    }
    for (_, lines) in vi.iter().chain(&en) {
        used.extend(blanks(lines));
    }
    Some(Page { vi: vi.map(|(_, lines)| lines), en: en.map(|(_, lines)| lines) })
}

/// The lines of `text`. What is wrong with a blank is found at it, and it is left out.
fn lines(reader: &Reader<'_>, node: &Node, text: &str, ask: &IndexMap<Id, Text>) -> Vec<Line> {
    let mut start = 0;
    let mut all = Vec::new();
    for line in text.trim_end_matches('\n').split('\n') {
        all.push(pieces(reader, node, line, start, ask));
        start += line.chars().count() + 1;
    }
    all
}

/// The pieces of one line, which begins at the character number `start` of the text.
fn pieces(reader: &Reader<'_>, node: &Node, line: &str, start: usize, ask: &IndexMap<Id, Text>) -> Line {
    let mut pieces = Vec::new();
    let mut rest = line;
    while let Some(open) = rest.find("{{") {
        let at = start + line[..line.len() - rest.len() + open].chars().count();
        let inner = &rest[open + 2..];
        let Some(close) = inner.find("}}") else {
            let place = reader.place_in(node, at, 2);
            reader.error("blank-open", place, message!("policy-blank-open"), message!("policy-blank-open-help"));
            break;
        };
        if open > 0 {
            pieces.push(Piece::Words(rest[..open].to_owned()));
        }
        let name = inner[..close].trim();
        let known = Known::WORDS.iter().find(|(word, _)| *word == name);
        match (ask.get_key_value(name), known) {
            (Some((id, _)), _) => pieces.push(Piece::Blank(Blank::Asked(id.clone()))),
            (None, Some((_, known))) => pieces.push(Piece::Blank(Blank::Known(*known))),
            (None, None) => {
                let before = inner[..close].chars().take_while(|c| c.is_whitespace()).count();
                let place = reader.place_in(node, at + 2 + before, name.chars().count().max(1));
                let words = Known::WORDS.iter().map(|(word, _)| *word).chain(ask.keys().map(Id::as_str));
                let help =
                    source::suggest::did_you_mean(name, words).unwrap_or_else(|| message!("policy-unknown-blank-help"));
                reader.error("unknown-blank", place, message!("policy-unknown-blank", name = name), help);
            }
        }
        rest = &inner[close + 2..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest.to_owned()));
    }
    pieces
}
