//! Reads a set of duties; every mistake is found at its word.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::{Applies, Citation, Confidence, Doubtful, Duty, Instrument, Item, Limit, Read, Set, Start};
use crate::message::message;
use crate::model::{Id, Name, Span, Text};
use crate::policy::date;
use crate::source::{self, Document, Fields, Finding, Key, Node, Place, Reader};

/// Names that the files of all sets share: what one declares another may use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declared {
    /// Sets by name.
    pub sets: BTreeSet<String>,
    /// Documents.
    pub documents: BTreeSet<String>,
    /// Recipients.
    pub recipients: BTreeSet<String>,
    /// Flags.
    pub flags: BTreeSet<String>,
    /// Notices.
    pub notices: BTreeSet<String>,
    /// Whether these are all there are: then a name that is not among them is found wrong.
    pub complete: bool,
}

impl Declared {
    /// Adds what `document`, a set of duties, declares.
    pub fn add_duties(&mut self, document: &Document) {
        let Some(root) = &document.root else { return };
        // A file without duties only switches a set: it makes none.
        if root.get("duties").is_some() {
            self.sets.extend(root.get("set").and_then(Node::scalar).map(|(text, _)| text.to_owned()));
        }
        self.add_names(document);
    }

    fn add_names(&mut self, document: &Document) {
        let Some(root) = &document.root else { return };
        let keys = |key: &str| root.get(key).map(Node::members).unwrap_or_default().iter();
        let names = |key: &str| keys(key).map(|(key, _)| key.text.clone()).collect::<Vec<_>>();
        self.documents.extend(names("documents"));
        self.recipients.extend(names("recipients"));
        self.flags.extend(names("flags"));
    }

    /// Adds the name of `document`, a notice.
    pub fn add_notice(&mut self, document: &Document) {
        let name = document.root.as_ref().and_then(|root| root.get("notice")).and_then(Node::scalar);
        self.notices.extend(name.map(|(text, _)| text.to_owned()));
    }
}

/// Reads the set in `text`, which findings call `file`.
///
/// # Errors
///
/// Everything that is wrong in it, in file order.
pub fn read(file: &str, text: &str, declared: &Declared) -> Result<Set, Vec<Finding>> {
    read_document(&source::parse(file, text), declared).0
}

/// Reads the set in `document`, with the warnings where it holds.
pub fn read_document(document: &Document, declared: &Declared) -> (Result<Set, Vec<Finding>>, Vec<Finding>) {
    let reader = Reader::new(document);
    let mut declared = declared.clone();
    declared.add_names(document);
    let set = document.root.as_ref().and_then(|root| top(&reader, root, &declared));
    crate::policy::finish(reader, set)
}

/// What every duty of a set has if it says nothing else.
struct Defaults<'s> {
    set: &'s Name,
    from: Option<jiff::civil::Date>,
    until: Option<jiff::civil::Date>,
    doubtful: Option<Doubtful>,
    declared: &'s Declared,
}

fn top<'a>(reader: &Reader<'a>, root: &'a Node, declared: &Declared) -> Option<Set> {
    let fields = reader.fields("duty-set", root, Place::START)?;
    fields.format();
    let name = fields.required("set").and_then(|node| {
        let name = reader.name(node)?;
        reader.same_as_file(node, name.as_str());
        Some(name)
    });
    let enabled = fields.optional("enabled").and_then(|node| reader.boolean(node));
    let (from, until) = date::span(reader, &fields);
    let doubtful = fields.member("doubtful").and_then(|(key, node)| doubtful(reader, node, key.place));
    let documents = map(reader, &fields, "documents", |key, node| {
        let fields = reader.fields("instrument", node, key.place)?;
        let short = fields.required("short").and_then(|node| reader.words(node));
        let full = fields.required("full").and_then(|node| reader.words(node));
        fields.finish();
        Some(Instrument { short: short?, full: full? })
    });
    let recipients = map(reader, &fields, "recipients", |_, node| reader.words(node));
    let flags = map(reader, &fields, "flags", |_, node| reader.words(node));
    let set = name.clone().unwrap_or_else(unnamed);
    let defaults = Defaults { set: &set, from, until, doubtful, declared };
    let mut duties: Vec<Duty> = Vec::new();
    let listed = fields.optional("duties").and_then(|node| {
        reader.list(node, |item| {
            let duty = duty(reader, item, &defaults)?;
            if duties.iter().any(|other| other.id == duty.id && other.overlaps(&duty)) {
                let place = item.get("id").map_or(item.place, |node| node.place);
                let message = message!("policy-duty-overlaps", id = duty.id.as_str());
                reader.error("duty-overlaps", place, message, message!("policy-duty-overlaps-help"));
            }
            duties.push(duty);
            Some(())
        })
    });
    // A file without duties can only switch a set that is somewhere else.
    if listed.is_none() && enabled.is_none() {
        let _ = fields.required("duties");
    } else if listed.is_none()
        && let (Some(name), Some(node)) = (&name, root.get("set"))
    {
        known(reader, node, Names::Sets, name.as_str(), declared);
    }
    fields.finish();
    Some(Set { name: name?, file: reader.document().file.clone(), enabled, documents, recipients, flags, duties })
}

/// The name of a set whose name could not be read: nothing is made of it, the finding is there.
fn unnamed() -> Name {
    "unnamed".parse().expect("a valid name")
}

fn map<'a, T>(
    reader: &Reader<'a>,
    fields: &Fields<'_, 'a>,
    name: &'static str,
    read: impl Fn(&'a Key, &'a Node) -> Option<T>,
) -> IndexMap<Id, T> {
    let members = fields.optional(name).and_then(|node| reader.members(node)).unwrap_or_default();
    members.iter().filter_map(|(key, node)| reader.id_key(key).zip(read(key, node))).collect()
}

fn doubtful<'a>(reader: &Reader<'a>, node: &'a Node, home: Place) -> Option<Doubtful> {
    let fields = reader.fields("doubtful", node, home)?;
    let from = fields.required("from").and_then(|node| date::read(reader, node));
    let because = fields.required("because").and_then(|node| reader.words(node));
    fields.finish();
    Some(Doubtful { from: from?, because: because? })
}

fn duty<'a>(reader: &Reader<'a>, node: &'a Node, defaults: &Defaults<'_>) -> Option<Duty> {
    let mut fields = reader.fields("duty", node, node.place)?;
    let declared = defaults.declared;
    let id = fields.required("id").and_then(|node| reader.name(node));
    if let Some(node) = node.get("id") {
        fields.set_home(node.place);
    }
    let words = |node: Option<&'a Node>| node.and_then(|node| reader.words(node));
    let title = words(fields.required("title"));
    let condition = words(fields.optional("condition"));
    let start = fields.required("starts").and_then(|node| Some((node, reader.word(node, Start::WORDS)?)));
    let limit = fields.required("limit").and_then(|node| limit(reader, node));
    let limit_words = words(fields.optional("limit_words"));
    let applies = fields.required("applies").and_then(|node| Some((node, reader.word(node, Applies::WORDS)?)));
    let flags = fields.member("flags");
    let named = flags.and_then(|(_, node)| names(reader, node, Names::Flags, declared));
    let to = fields.required("to");
    let to = to.and_then(|node| names(reader, node, Names::Recipients, declared));
    let notice = fields.optional("notice").and_then(|node| {
        let name = reader.name(node)?;
        known(reader, node, Names::Notices, name.as_str(), declared);
        Some(name)
    });
    let contents = fields.optional("contents").and_then(|node| contents(reader, node));
    let cites = fields.required("cites").and_then(|node| {
        let cites = reader.list(node, |item| citation(reader, item, declared))?;
        if node.items().is_empty() {
            reader.error("empty-list", node.place, message!("source-empty-list"), message!("policy-no-citation-help"));
        }
        Some(cites)
    });
    let texts =
        |node: Option<&'a Node>| node.and_then(|node| reader.list(node, |item| reader.words(item))).unwrap_or_default();
    let notes = texts(fields.optional("notes"));
    let unsure = texts(fields.optional("unsure"));
    let (from, until) = date::span(reader, &fields);
    fields.finish();
    fit(reader, start, applies, flags);
    Some(Duty {
        id: id?,
        set: defaults.set.clone(),
        file: reader.document().file.clone(),
        title: title?,
        condition,
        starts: start?.1,
        limit: limit?,
        limit_words,
        applies: applies?.1,
        flags: named.unwrap_or_default(),
        to: to?,
        notice,
        contents: contents.unwrap_or_default(),
        cites: cites?,
        notes,
        unsure,
        from: from.or(defaults.from),
        until: until.or(defaults.until),
        doubtful: defaults.doubtful.clone(),
    })
}

/// Start, condition and flags have to go together.
fn fit(
    reader: &Reader<'_>,
    start: Option<(&Node, Start)>,
    applies: Option<(&Node, Applies)>,
    flags: Option<(&Key, &Node)>,
) {
    let Some((node, applies)) = applies else { return };
    if let Some((start_node, start)) = start
        && (start == Start::Breach) != (applies == Applies::PersonalData)
    {
        let message = message!("policy-start-unfit", start = start.word(), applies = applies.word());
        reader.error("start-unfit", start_node.place, message, message!("policy-start-unfit-help"));
    }
    let filled = flags.is_some_and(|(_, node)| !node.items().is_empty());
    match (applies, flags) {
        (Applies::Flagged, _) if !filled => {
            reader.error("flags-unfit", node.place, message!("policy-flags-missing"), None);
        }
        (Applies::Always | Applies::Serious, Some((key, _))) => {
            let message = message!("policy-flags-not-here", applies = applies.word());
            reader.error("flags-unfit", key.place, message, None);
        }
        _ => {}
    }
}

fn limit(reader: &Reader<'_>, node: &Node) -> Option<Limit> {
    let Some((text, _)) = node.scalar() else { return reader.wrong_type(node, message!("source-kind-duration")) };
    match text {
        "at_once" => Some(Limit::AtOnce),
        "none" => Some(Limit::Open),
        _ => match text.parse::<Span>() {
            Ok(span) if span.seconds() > 0 => Some(Limit::Within(span)),
            _ => {
                let help = message!("policy-invalid-limit-help");
                reader.error("invalid-limit", node.place, message!("policy-invalid-limit", text = text), help);
                None
            }
        },
    }
}

/// What a name in a set can stand for.
#[derive(Clone, Copy)]
enum Names {
    Sets,
    Documents,
    Recipients,
    Flags,
    Notices,
}

/// Ids that have to be among those that are declared somewhere.
fn names<'a>(reader: &Reader<'a>, node: &'a Node, what: Names, declared: &Declared) -> Option<Vec<Id>> {
    reader.list(node, |item| {
        let id = reader.id(item)?;
        known(reader, item, what, id.as_str(), declared);
        Some(id)
    })
}

fn known(reader: &Reader<'_>, node: &Node, what: Names, name: &str, declared: &Declared) {
    let all = match what {
        Names::Sets => &declared.sets,
        Names::Documents => &declared.documents,
        Names::Recipients => &declared.recipients,
        Names::Flags => &declared.flags,
        Names::Notices => &declared.notices,
    };
    if !declared.complete || all.contains(name) {
        return;
    }
    let help = source::suggest::one_of_these(name, all.iter().map(String::as_str));
    let place = node.place;
    match what {
        Names::Sets => reader.error("unknown-set", place, message!("policy-unknown-set", name = name), help),
        Names::Documents => {
            reader.error("unknown-document", place, message!("policy-unknown-document", name = name), help);
        }
        Names::Recipients => {
            reader.error("unknown-recipient", place, message!("policy-unknown-recipient", name = name), help);
        }
        Names::Flags => reader.error("unknown-flag", place, message!("policy-unknown-flag", name = name), help),
        Names::Notices => reader.error("unknown-notice", place, message!("policy-unknown-notice", name = name), help),
    }
}

fn contents<'a>(reader: &Reader<'a>, node: &'a Node) -> Option<Vec<Item>> {
    let mut seen = BTreeSet::new();
    reader.list(node, |item| {
        let fields = reader.fields("duty-item", item, item.place)?;
        let id = fields.required("id").and_then(|node| {
            let id = reader.id(node)?;
            if !seen.insert(id.clone()) {
                reader.error("duplicate-id", node.place, message!("source-duplicate-id", id = id.as_str()), None);
            }
            Some(id)
        });
        let text = fields.required("text").and_then(|node| reader.words(node));
        let article = fields.optional("article").and_then(|node| reader.words(node));
        fields.finish();
        Some(Item { id: id?, text: text?, article })
    })
}

fn citation<'a>(reader: &Reader<'a>, node: &'a Node, declared: &Declared) -> Option<Citation> {
    let fields = reader.fields("citation", node, node.place)?;
    let document = fields.required("document").and_then(|node| {
        let id = reader.id(node)?;
        known(reader, node, Names::Documents, id.as_str(), declared);
        Some(id)
    });
    let article: Option<Text> = fields.required("article").and_then(|node| reader.words(node));
    let read = fields.required("read").and_then(|node| reader.word(node, Read::WORDS));
    let confidence = fields.required("confidence").and_then(|node| reader.word(node, Confidence::WORDS));
    fields.finish();
    Some(Citation { document: document?, article: article?, read: read?, confidence: confidence? })
}
