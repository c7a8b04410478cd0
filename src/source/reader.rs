//! Reads a located tree into types and collects every mistake on the way. What it cannot read is `None`, and said once.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::str::FromStr;

use super::finding::{Finding, Place};
use super::scalar::Meaning;
use super::suggest;
use super::text::place_in;
use super::tree::{Data, Document, Key, Node};
use crate::message::{Message, message};
use crate::model::{Id, Name, Span, Text};

/// The keys that were asked for, by the shape they belong to.
pub type Shapes = BTreeMap<&'static str, BTreeSet<&'static str>>;

/// Reads one document and collects what is wrong in it.
#[derive(Debug)]
pub struct Reader<'a> {
    document: &'a Document,
    findings: RefCell<Vec<Finding>>,
    shapes: RefCell<Option<Shapes>>,
}

impl<'a> Reader<'a> {
    /// A reader of `document`, with the findings that it has already.
    #[must_use]
    pub fn new(document: &'a Document) -> Self {
        Self { document, findings: RefCell::new(document.findings.clone()), shapes: RefCell::new(None) }
    }

    /// The same, keeping which keys are asked for: how the schema is held to the reader.
    #[must_use]
    pub fn keeping_shapes(self) -> Self {
        *self.shapes.borrow_mut() = Some(Shapes::new());
        self
    }

    /// The shapes that were kept.
    #[must_use]
    pub fn shapes(&self) -> Shapes {
        self.shapes.borrow().clone().unwrap_or_default()
    }

    /// The document it reads.
    #[must_use]
    pub fn document(&self) -> &'a Document {
        self.document
    }

    /// Everything found, in file order.
    #[must_use]
    pub fn into_findings(self) -> Vec<Finding> {
        let mut findings = self.findings.into_inner();
        super::finding::sort(&mut findings);
        findings
    }

    /// Whether an error was found so far.
    #[must_use]
    pub fn failed(&self) -> bool {
        super::finding::any_error(&self.findings.borrow())
    }

    /// Keeps a finding.
    pub fn push(&self, finding: Finding) {
        self.findings.borrow_mut().push(finding);
    }

    /// Finds an error at `place`.
    pub fn error(&self, code: &'static str, place: Place, message: Message, help: impl Into<Option<Message>>) {
        self.push(Finding::error(code, &self.document.file, place, message).help(help));
    }

    /// Finds at `place` what holds and is likely not meant.
    pub fn warning(&self, code: &'static str, place: Place, message: Message, help: impl Into<Option<Message>>) {
        self.push(Finding::error(code, &self.document.file, place, message).help(help).warning());
    }

    /// The place of `length` characters of a scalar's text, from the character number `index` on.
    #[must_use]
    pub fn place_in(&self, node: &Node, index: usize, length: usize) -> Place {
        place_in(&self.document.text, node, index, length)
    }

    /// Finds that `node` is not what was expected there. `None`, for those who return it.
    pub fn wrong_type<T>(&self, node: &Node, expected: Message) -> Option<T> {
        if node.data != Data::Broken {
            let message = message!("source-wrong-type", expected = expected, found = kind(node));
            self.error("wrong-type", node.place, message, None);
        }
        None
    }

    /// Text. A plain `12` or `true` is a number or a truth and has to be quoted to be text.
    pub fn text(&self, node: &Node) -> Option<String> {
        match (node.scalar(), node.meaning()) {
            (Some((text, _)), Some(Meaning::Text)) => Some(text.to_owned()),
            (Some((text, _)), Some(Meaning::Integer(_) | Meaning::Real(_) | Meaning::Boolean(_))) => {
                let message =
                    message!("source-wrong-type", expected = message!("source-kind-text"), found = kind(node));
                let help = message!("source-quote-help", text = format!("\"{text}\""));
                self.error("wrong-type", node.place, message, help);
                None
            }
            _ => self.wrong_type(node, message!("source-kind-text")),
        }
    }

    /// Text that is not empty.
    pub fn filled_text(&self, node: &Node) -> Option<String> {
        let text = self.text(node)?;
        if text.trim().is_empty() {
            self.error("empty-text", node.place, message!("source-empty-text"), None);
            return None;
        }
        Some(text)
    }

    /// Text, where numbers and truths stand for their own letters: an argument, an environment value.
    pub fn letters(&self, node: &Node) -> Option<String> {
        match (node.scalar(), node.meaning()) {
            (Some((text, _)), Some(meaning)) if meaning != Meaning::Null => Some(text.to_owned()),
            _ => self.wrong_type(node, message!("source-kind-text")),
        }
    }

    /// Text for people: a string, or `{vi, en}` with one of them at least.
    pub fn words(&self, node: &'a Node) -> Option<Text> {
        if node.scalar().is_some() {
            return self.filled_text(node).map(Text::Same);
        }
        let fields = self.fields("text", node, node.place)?;
        let vi = fields.optional("vi").map(|node| self.filled_text(node));
        let en = fields.optional("en").map(|node| self.filled_text(node));
        fields.finish();
        if vi.is_none() && en.is_none() {
            if node.members().is_empty() {
                self.error("empty-text", node.place, message!("source-empty-text"), None);
            }
            return None;
        }
        Some(Text::Each { vi: vi.flatten(), en: en.flatten() })
    }

    /// A truth.
    pub fn boolean(&self, node: &Node) -> Option<bool> {
        match node.meaning() {
            Some(Meaning::Boolean(truth)) => Some(truth),
            _ => self.wrong_type(node, message!("source-kind-boolean")),
        }
    }

    /// A whole number from `least` to `most`.
    pub fn integer<T: TryFrom<i64>>(&self, node: &Node, least: i64, most: i64) -> Option<T> {
        match node.meaning() {
            Some(Meaning::Integer(number)) if (least..=most).contains(&number) => T::try_from(number).ok(),
            Some(Meaning::Integer(_)) => {
                let message = message!("source-out-of-range", least = least.to_string(), most = most.to_string());
                self.error("out-of-range", node.place, message, None);
                None
            }
            // A number of more digits than any number of ours is out of range too.
            Some(Meaning::Real(_)) if node.scalar().is_some_and(|(text, _)| digits(text)) => {
                let message = message!("source-out-of-range", least = least.to_string(), most = most.to_string());
                self.error("out-of-range", node.place, message, None);
                None
            }
            _ => self.wrong_type(node, message!("source-kind-integer")),
        }
    }

    /// A duration such as `1h30m`.
    pub fn span(&self, node: &Node) -> Option<Span> {
        let Some((text, _)) = node.scalar() else { return self.wrong_type(node, message!("source-kind-duration")) };
        if let Ok(span) = text.parse() {
            return Some(span);
        }
        let help = message!("source-duration-help");
        self.error("invalid-duration", node.place, message!("source-invalid-duration", text = text), help);
        None
    }

    /// A date, as it is written: `2026-11-23`.
    pub fn date(&self, node: &Node) -> Option<String> {
        let text = self.text(node)?;
        if !is_date(&text) {
            let help = message!("source-date-help");
            self.error("invalid-date", node.place, message!("source-invalid-date", text = text.as_str()), help);
            return None;
        }
        Some(text)
    }

    /// The name of a playbook, a system, a backup or a host.
    pub fn name(&self, node: &Node) -> Option<Name> {
        self.parsed(node, "invalid-name", Name::PATTERN)
    }

    /// An id that expressions can name.
    pub fn id(&self, node: &Node) -> Option<Id> {
        self.parsed(node, "invalid-id", Id::PATTERN)
    }

    /// A key that is an id.
    pub fn id_key(&self, key: &Key) -> Option<Id> {
        let found = key.text.parse().ok();
        if found.is_none() {
            self.invalid("invalid-id", key.place, &key.text, Id::PATTERN);
        }
        found
    }

    fn parsed<T: FromStr>(&self, node: &Node, code: &'static str, pattern: &'static str) -> Option<T> {
        let text = match node.meaning() {
            Some(Meaning::Integer(_)) => self.letters(node)?,
            _ => self.text(node)?,
        };
        let found = text.parse().ok();
        if found.is_none() {
            self.invalid(code, node.place, &text, pattern);
        }
        found
    }

    fn invalid(&self, code: &'static str, place: Place, text: &str, pattern: &'static str) {
        let message = message!("source-invalid-name", text = text);
        self.error(code, place, message, message!("source-pattern-help", pattern = pattern));
    }

    /// One of a closed set of words.
    pub fn word<T: Copy>(&self, node: &Node, words: &[(&'static str, T)]) -> Option<T> {
        let Some((text, _)) = node.scalar() else { return self.wrong_type(node, message!("source-kind-word")) };
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text) {
            return Some(*value);
        }
        let help = suggest::one_of_these(text, words.iter().map(|(word, _)| *word));
        self.error("unknown-word", node.place, message!("source-unknown-word", word = text), help);
        None
    }

    /// A list, each item read by `item`. Items that cannot be read are left out, and said.
    pub fn list<T>(&self, node: &'a Node, mut item: impl FnMut(&'a Node) -> Option<T>) -> Option<Vec<T>> {
        match &node.data {
            Data::List(items) => Some(items.iter().filter_map(&mut item).collect()),
            _ => self.wrong_type(node, message!("source-kind-list")),
        }
    }

    /// The members of a map with keys of the author's own.
    pub fn members(&self, node: &'a Node) -> Option<&'a [(Key, Node)]> {
        match &node.data {
            Data::Map(members) => Some(members),
            _ => self.wrong_type(node, message!("source-kind-map")),
        }
    }

    /// A file is called what its content is called, where the file's name says anything.
    pub fn same_as_file(&self, node: &Node, name: &str) {
        let file = Path::new(&self.document.file);
        let Some(stem) = file.file_stem().and_then(|stem| stem.to_str()) else { return };
        let yaml = file.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
        if yaml && stem != name {
            let message = message!("source-name-not-file", name = name, file = stem);
            self.error("name-not-file", node.place, message, message!("source-name-not-file-help"));
        }
    }

    /// The keys of a map of the shape `shape`. `home` is where a missing key is said.
    pub fn fields<'r>(&'r self, shape: &'static str, node: &'a Node, home: Place) -> Option<Fields<'r, 'a>> {
        match &node.data {
            Data::Map(_) => {
                Some(Fields { reader: self, shape, node, home, asked: RefCell::default(), missing: RefCell::default() })
            }
            _ => self.wrong_type(node, message!("source-kind-map")),
        }
    }
}

/// The keys of one map, asked for one by one.
#[derive(Debug)]
pub struct Fields<'r, 'a> {
    reader: &'r Reader<'a>,
    shape: &'static str,
    node: &'a Node,
    home: Place,
    asked: RefCell<Vec<&'static str>>,
    missing: RefCell<Vec<(Place, Vec<&'static str>)>>,
}

impl<'a> Fields<'_, 'a> {
    /// Where a missing key is said from here on.
    pub fn set_home(&mut self, home: Place) {
        self.home = home;
    }

    /// Where a missing key is said.
    #[must_use]
    pub fn home(&self) -> Place {
        self.home
    }

    /// Key and value of `name`, where the map has it.
    #[must_use]
    pub fn member(&self, name: &'static str) -> Option<(&'a Key, &'a Node)> {
        self.asked.borrow_mut().push(name);
        self.node.members().iter().find(|(key, _)| key.text == name).map(|(key, node)| (key, node))
    }

    /// Key and value of `name`, where the map has it and it is not empty.
    #[must_use]
    pub fn given(&self, name: &'static str) -> Option<(&'a Key, &'a Node)> {
        self.member(name).filter(|(_, node)| node.meaning() != Some(Meaning::Null))
    }

    /// The value of `name`, where the map has it and it is not empty.
    #[must_use]
    pub fn optional(&self, name: &'static str) -> Option<&'a Node> {
        self.given(name).map(|(_, node)| node)
    }

    /// The key `format`: 1 is the only one there is.
    pub fn format(&self) {
        let Some(node) = self.required("format") else { return };
        match node.meaning() {
            Some(Meaning::Integer(1)) => {}
            Some(Meaning::Integer(number)) => {
                let message = message!("source-unknown-format", format = number.to_string());
                self.reader.error("unknown-format", node.place, message, message!("source-unknown-format-help"));
            }
            _ => {
                let _: Option<()> = self.reader.wrong_type(node, message!("source-kind-integer"));
            }
        }
    }

    /// The value of `name`; its absence is found.
    #[must_use]
    pub fn required(&self, name: &'static str) -> Option<&'a Node> {
        match self.member(name) {
            Some((key, node)) if node.meaning() == Some(Meaning::Null) => {
                self.missing(name, key.place);
                None
            }
            Some((_, node)) => Some(node),
            None => {
                self.missing(name, self.home);
                None
            }
        }
    }

    /// Finds, when the map is finished, that `name` is missing: said at `place`, unless a misspelled key was meant by it.
    pub fn missing(&self, name: &'static str, place: Place) {
        self.missing.borrow_mut().push((place, vec![name]));
    }

    /// The first of `names` that the map has; every further one is found, and so is the absence of all.
    #[must_use]
    pub fn one_of(&self, names: &[&'static str]) -> Option<(&'static str, &'a Key, &'a Node)> {
        self.asked.borrow_mut().extend(names);
        let mut first: Option<(&'static str, &'a Key, &'a Node)> = None;
        for (key, node) in self.node.members() {
            let Some(name) = names.iter().find(|name| **name == key.text) else { continue };
            match first {
                None => first = Some((name, key, node)),
                Some((before, ..)) => {
                    let message = message!("source-two-of-one", first = before, second = *name);
                    self.reader.error("two-of-one", key.place, message, None);
                }
            }
        }
        match first {
            None => {
                self.missing.borrow_mut().push((self.home, names.to_vec()));
                None
            }
            Some((name, key, node)) if node.meaning() == Some(Meaning::Null) => {
                self.missing(name, key.place);
                None
            }
            found => found,
        }
    }

    fn unknown(&self) -> impl Iterator<Item = &'a Key> {
        let asked = self.asked.borrow().clone();
        self.node.members().iter().map(|(key, _)| key).filter(move |key| !asked.contains(&key.text.as_str()))
    }

    /// Finds the keys that nobody asked for and those that are missing. A misspelled key is one mistake, not two.
    ///
    /// Gives the keys that were meant by the misspelled ones: what they would have brought is not missing elsewhere.
    pub fn finish(self) -> Vec<&'static str> {
        if let Some(shapes) = self.reader.shapes.borrow_mut().as_mut() {
            shapes.entry(self.shape).or_default().extend(self.asked.borrow().iter().copied());
        }
        let mut known = self.asked.borrow().clone();
        known.sort_unstable();
        known.dedup();
        let mut meant = Vec::new();
        // A key that nobody knows stands where one of a group is missing: that is one mistake too.
        let mut strange = false;
        for key in self.unknown() {
            let near = suggest::nearest(&key.text, known.iter().copied().filter(|name| self.node.get(name).is_none()));
            meant.extend(near);
            strange |= near.is_none();
            let help = match near {
                Some(word) => Some(message!("source-did-you-mean", word = word)),
                None => suggest::one_of_these(&key.text, known.iter().copied()),
            };
            let message = message!("source-unknown-key", key = key.text.as_str());
            self.reader.error("unknown-key", key.place, message, help);
        }
        for (place, names) in self.missing.borrow().iter() {
            if names.iter().any(|name| meant.contains(name)) || (names.len() > 1 && strange) {
                continue;
            }
            let message = match names.as_slice() {
                [name] => message!("source-missing-key", key = *name),
                names => message!("source-none-of", words = suggest::quoted(names)),
            };
            self.reader.error("missing-key", *place, message, None);
        }
        meant
    }
}

/// Whether `text` is a whole number, however long.
fn digits(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether `text` is a day of the calendar, as `2026-11-23`.
fn is_date(text: &str) -> bool {
    let digits = |text: &str, length: usize| -> Option<u32> {
        if text.len() == length && text.bytes().all(|b| b.is_ascii_digit()) { text.parse().ok() } else { None }
    };
    let mut parts = text.splitn(3, '-');
    let mut part = |length| parts.next().and_then(|part| digits(part, length));
    let (Some(year), Some(month), Some(day)) = (part(4), part(2), part(2)) else { return false };
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let last = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=last).contains(&day)
}

/// What a node is, in words.
fn kind(node: &Node) -> Message {
    match (&node.data, node.meaning()) {
        (Data::List(_), _) => message!("source-kind-list"),
        (Data::Map(_), _) => message!("source-kind-map"),
        (_, Some(Meaning::Integer(_) | Meaning::Real(_))) => message!("source-kind-number"),
        (_, Some(Meaning::Boolean(_))) => message!("source-kind-boolean"),
        (_, Some(Meaning::Text)) => message!("source-kind-text"),
        _ => message!("source-kind-nothing"),
    }
}
