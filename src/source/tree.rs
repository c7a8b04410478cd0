//! YAML as a tree in which everything knows its place. One document, no aliases, anchors, tags, `<<` or double keys.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput};

use super::finding::{Finding, Place, sort};
use super::scalar::{Meaning, Style, meaning};
use super::syntax::explain;
use super::text::{LARGEST, too_large};
use crate::message::{Message, message};

/// The deepest nesting that is read.
pub const DEEPEST: usize = 64;

/// A value of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Its first word; of a map its first key.
    pub place: Place,
    /// What it is.
    pub data: Data,
}

/// What a value of a file is.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// One value.
    Scalar {
        /// Its text, unquoted.
        text: String,
        /// How it was written.
        style: Style,
    },
    /// A list.
    List(Vec<Node>),
    /// Keys and values, in order, each key once.
    Map(Vec<(Key, Node)>),
    /// Something that was found wrong already: readers say nothing more about it.
    Broken,
}

/// A key of a map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its text.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

impl Node {
    /// Text and style, where it is one value.
    #[must_use]
    pub fn scalar(&self) -> Option<(&str, Style)> {
        match &self.data {
            Data::Scalar { text, style } => Some((text, *style)),
            _ => None,
        }
    }

    /// What the scalar means, where it is one.
    #[must_use]
    pub fn meaning(&self) -> Option<Meaning> {
        self.scalar().map(|(text, style)| meaning(text, style))
    }

    /// The value under `key`, where this is a map that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.data {
            Data::Map(members) => members.iter().find(|(name, _)| name.text == key).map(|(_, node)| node),
            _ => None,
        }
    }

    /// What stands at `path`, keys with dots between them; an item of a list is named by its `id`.
    #[must_use]
    pub fn at(&self, path: &str) -> Option<&Node> {
        path.split('.').try_fold(self, |node, key| {
            let named = |item: &&Node| item.get("id").and_then(Node::scalar).is_some_and(|(id, _)| id == key);
            node.get(key).or_else(|| node.items().iter().find(named))
        })
    }

    /// Its items, where it is a list.
    #[must_use]
    pub fn items(&self) -> &[Node] {
        match &self.data {
            Data::List(items) => items,
            _ => &[],
        }
    }

    /// Its members, where it is a map.
    #[must_use]
    pub fn members(&self) -> &[(Key, Node)] {
        match &self.data {
            Data::Map(members) => members,
            _ => &[],
        }
    }

    /// The same value without places; `None` where something in it was found wrong.
    #[must_use]
    pub fn to_value(&self) -> Option<serde_json::Value> {
        use serde_json::Value;
        Some(match &self.data {
            Data::Scalar { text, style } => match meaning(text, *style) {
                Meaning::Null => Value::Null,
                Meaning::Boolean(truth) => Value::Bool(truth),
                Meaning::Integer(number) => Value::from(number),
                Meaning::Real(number) => serde_json::Number::from_f64(number).map_or(Value::Null, Value::Number),
                Meaning::Text => Value::String(text.clone()),
            },
            Data::List(items) => Value::Array(items.iter().map(Self::to_value).collect::<Option<_>>()?),
            Data::Map(members) => Value::Object(
                members
                    .iter()
                    .map(|(key, node)| node.to_value().map(|value| (key.text.clone(), value)))
                    .collect::<Option<_>>()?,
            ),
            Data::Broken => return None,
        })
    }
}

/// A file that was read: its name, its text with LF only, its tree.
#[derive(Clone, Debug)]
pub struct Document {
    /// The file, as findings call it.
    pub file: String,
    /// Its text, without byte order mark and with LF only.
    pub text: String,
    /// Its one document; `None` where the text is no YAML of ours, which the findings say.
    pub root: Option<Node>,
    /// What was found wrong so far, in file order.
    pub findings: Vec<Finding>,
}

/// Reads `text`, which findings call `file`. Never fails: what is wrong is in the findings.
///
/// Memory is bounded by the size of the text (at most 1 MiB) and 64 levels of nesting.
#[must_use]
pub fn parse(file: &str, text: &str) -> Document {
    let mut document = Document { file: file.to_owned(), text: String::new(), root: None, findings: Vec::new() };
    if text.len() as u64 > LARGEST {
        document.findings.push(too_large(file, text.len() as u64));
        return document;
    }
    document.text = normal(text);
    if let Some(finding) = control(file, &document.text) {
        document.findings.push(finding);
        return document;
    }
    let mut builder = Builder { file, text: &document.text, findings: Vec::new() };
    let root = builder.document();
    document.findings = builder.findings;
    document.root = root;
    sort(&mut document.findings);
    document
}

fn normal(text: &str) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.contains("\r\n") { text.replace("\r\n", "\n") } else { text.to_owned() }
}

/// The first character that no text of ours holds.
fn control(file: &str, text: &str) -> Option<Finding> {
    let at = text.find(not_ours)?;
    let line = text[..at].matches('\n').count() + 1;
    let column = text[..at].rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let character = text[at..].chars().next().unwrap_or_default();
    Some(control_character(file, Place::new(line, column, 1), character))
}

/// Whether no text of ours holds this character: terminals would act on it.
fn not_ours(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t' | '\u{85}')) || matches!(c, '\u{feff}' | '\u{fffe}')
}

fn control_character(file: &str, place: Place, character: char) -> Finding {
    let message = message!("source-control-character", code = format!("U+{:04X}", u32::from(character)));
    Finding::error("control-character", file, place, message)
}

/// What is being filled while events come in.
enum Open {
    List { place: Place, items: Vec<Node> },
    Map { place: Place, members: Vec<(Key, Node)>, seen: Seen, key: Option<Pending>, broken: bool },
}

/// Lines of keys, by key.
type Seen = HashMap<String, usize>;

/// Maps with fewer keys than this are looked through one by one.
const SHORT: usize = 32;

/// A key whose value has not come yet.
enum Pending {
    Good(Key),
    /// The value is read and dropped.
    Bad,
}

struct Builder<'a> {
    file: &'a str,
    text: &'a str,
    findings: Vec<Finding>,
}

impl Builder<'_> {
    fn add(&mut self, code: &'static str, place: Place, message: Message, help: Option<Message>) {
        self.findings.push(Finding::error(code, self.file, place, message).help(help));
    }

    fn document(&mut self) -> Option<Node> {
        let mut parser: Parser<'_, StrInput<'_>> = Parser::new_from_str(self.text);
        let mut open: Vec<Open> = Vec::new();
        let mut root: Option<Node> = None;
        let mut documents = 0;
        loop {
            let (event, span) = match parser.next_event() {
                None => break,
                Some(Ok(pair)) => pair,
                Some(Err(error)) => {
                    self.syntax(&error);
                    return None;
                }
            };
            let mut done = None;
            match event {
                Event::Nothing | Event::StreamStart | Event::DocumentEnd => {}
                Event::StreamEnd => break,
                Event::DocumentStart(_) => {
                    documents += 1;
                    if documents > 1 {
                        let place = place(&span);
                        self.add("second-document", place, message!("source-second-document"), None);
                        break;
                    }
                }
                Event::Alias(_) => {
                    self.alias(place(&span));
                    done = Some(Node { place: place(&span), data: Data::Broken });
                }
                Event::Scalar(text, style, anchor, tag) => {
                    let place = place(&span);
                    let mut broken = self.properties(&span, anchor > 0, tag.is_some());
                    // An escape (`"\e[2J"`) could bring what no text of ours holds.
                    if let Some(character) = text.chars().find(|c| not_ours(*c)) {
                        self.findings.push(control_character(self.file, place, character));
                        broken = true;
                    }
                    let style = match style {
                        ScalarStyle::Plain => Style::Plain,
                        ScalarStyle::SingleQuoted => Style::Single,
                        ScalarStyle::DoubleQuoted => Style::Double,
                        ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
                    };
                    let data = if broken { Data::Broken } else { Data::Scalar { text: text.into_owned(), style } };
                    done = Some(Node { place, data });
                }
                Event::SequenceStart(anchor, tag) => {
                    self.properties(&span, anchor > 0, tag.is_some());
                    open.push(Open::List { place: place(&span), items: Vec::new() });
                }
                Event::MappingStart(anchor, tag) => {
                    self.properties(&span, anchor > 0, tag.is_some());
                    let (members, seen) = (Vec::new(), HashMap::new());
                    open.push(Open::Map { place: place(&span), members, seen, key: None, broken: false });
                }
                Event::SequenceEnd | Event::MappingEnd => {
                    done = open.pop().map(close);
                }
            }
            if open.len() > DEEPEST {
                self.too_deep(place(&span));
                return None;
            }
            if let Some(node) = done {
                match open.last_mut() {
                    None => root = Some(node),
                    Some(Open::List { items, .. }) => items.push(node),
                    Some(Open::Map { place, members, seen, key, broken }) => match key.take() {
                        Some(Pending::Good(name)) => members.push((name, node)),
                        Some(Pending::Bad) => {}
                        None => {
                            *broken |= !matches!(node.data, Data::Scalar { .. });
                            let pending = self.key(node, members, seen, *place);
                            *key = Some(pending);
                        }
                    },
                }
            }
        }
        let empty = root.as_ref().is_none_or(|root| root.meaning() == Some(Meaning::Null));
        if empty && self.findings.is_empty() {
            self.add("empty-file", Place::START, message!("source-empty-file"), None);
            return None;
        }
        root
    }

    /// Takes `node` as a key; a bad one is found here.
    fn key(&mut self, node: Node, members: &[(Key, Node)], seen: &mut Seen, map: Place) -> Pending {
        let place = node.place;
        let Data::Scalar { text, style } = node.data else {
            let braces = (map.line, map.column + 1) == (place.line, place.column);
            match node.data {
                Data::Broken => {}
                // `{{ x }}` without quotes: a map whose key is a map.
                Data::Map(_) if braces => {
                    let help = message!("source-expression-quote-help");
                    self.add("key-not-text", map, message!("source-expression-bare"), Some(help));
                }
                _ => self.add("key-not-text", place, message!("source-key-not-text"), None),
            }
            return Pending::Bad;
        };
        if text.is_empty() && style == Style::Plain {
            self.add("key-not-text", place, message!("source-key-not-text"), None);
            return Pending::Bad;
        }
        if text == "<<" && style == Style::Plain {
            self.add("merge-key", place, message!("source-merge-key"), Some(message!("source-alias-help")));
            return Pending::Bad;
        }
        if let Some(line) = before(members, seen, &text) {
            let message = message!("source-duplicate-key", key = text.as_str());
            let help = message!("source-first-at-line", line = line.to_string());
            self.add("duplicate-key", place, message, Some(help));
            return Pending::Bad;
        }
        Pending::Good(Key { text, place })
    }

    /// Finds anchors and tags before a node. Whether the value cannot be used: a tag may mean anything.
    fn properties(&mut self, span: &Span, anchor: bool, tag: bool) -> bool {
        if !anchor && !tag {
            return false;
        }
        let mut places = self.words_before(span);
        let mut take = |mark: char| {
            let at = places.iter().position(|(first, _)| *first == mark)?;
            Some(places.remove(at).1)
        };
        if anchor {
            let at = take('&').unwrap_or_else(|| place(span));
            self.add("anchor", at, message!("source-anchor"), Some(message!("source-alias-help")));
        }
        if tag {
            let at = take('!').unwrap_or_else(|| place(span));
            self.add("tag", at, message!("source-tag"), Some(message!("source-tag-help")));
        }
        tag
    }

    /// The words `&…` and `!…` right before a node, the nearest first. A node that has no text of its own stands after them.
    fn words_before(&self, span: &Span) -> Vec<(char, Place)> {
        let mut found = Vec::new();
        let first = span.start.line();
        let mut number = first;
        let lines: Vec<&str> = self.text.lines().collect();
        let mut before: String = lines
            .get(first.saturating_sub(1))
            .map(|line| line.chars().take(span.start.col()).collect())
            .unwrap_or_default();
        while found.len() < 2 {
            let trimmed = before.trim_end();
            let start = trimmed
                .rfind(char::is_whitespace)
                .map_or(0, |at| at + trimmed[at..].chars().next().map_or(1, char::len_utf8));
            let word = trimmed[start..].trim_start_matches(['[', '{', ',']);
            if word.starts_with(['&', '!']) {
                let column = trimmed[..trimmed.len() - word.len()].chars().count() + 1;
                let mark = word.chars().next().unwrap_or_default();
                found.push((mark, Place::new(number, column, word.chars().count())));
                before.truncate(trimmed.len() - word.len());
            } else if trimmed.is_empty() && number > 1 && first - number < 20 {
                number -= 1;
                before = lines.get(number - 1).map(|line| (*line).to_owned()).unwrap_or_default();
            } else {
                break;
            }
        }
        found
    }

    fn alias(&mut self, at: Place) {
        self.add("alias", at, message!("source-alias"), Some(message!("source-alias-help")));
    }

    fn too_deep(&mut self, at: Place) {
        let help = message!("source-too-deep-help");
        self.add("too-deep", at, message!("source-too-deep", levels = DEEPEST), Some(help));
    }

    fn syntax(&mut self, error: &saphyr_parser::ScanError) {
        let mark = error.marker();
        let place = Place::new(mark.line().max(1), mark.col() + 1, 1);
        // `{{ x }} and more` without quotes is one mistake.
        let bare = |last: &Finding| last.code == "key-not-text" && last.line == place.line;
        if self.findings.last().is_some_and(bare) {
            return;
        }
        if error.info().contains("unknown anchor") {
            self.alias(place);
        } else if error.info().contains("recursion limit") {
            self.too_deep(place);
        } else {
            let (message, help) = explain(error.info());
            self.add("yaml-syntax", place, message, help);
        }
    }
}

/// The line of the key `text` among `members`. Most maps are short: only long ones are indexed, in `seen`.
fn before(members: &[(Key, Node)], seen: &mut Seen, text: &str) -> Option<usize> {
    if members.len() < SHORT {
        return members.iter().find(|(key, _)| key.text == text).map(|(key, _)| key.place.line);
    }
    for (key, _) in &members[seen.len()..] {
        seen.insert(key.text.clone(), key.place.line);
    }
    seen.get(text).copied()
}

fn close(open: Open) -> Node {
    match open {
        Open::List { place, items } => Node { place, data: Data::List(items) },
        // What it was meant to be cannot be told: readers would miss what it lacks.
        Open::Map { place, members, broken: true, .. } if members.is_empty() => Node { place, data: Data::Broken },
        Open::Map { place, members, .. } => Node { place, data: Data::Map(members) },
    }
}

fn place(span: &Span) -> Place {
    let line = span.start.line().max(1);
    let column = span.start.col() + 1;
    let end = if span.end.line() == span.start.line() { span.end.col() + 1 } else { column + 1 };
    Place { line, column, end: end.max(column + 1) }
}
