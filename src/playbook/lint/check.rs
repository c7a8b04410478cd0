//! Checks one expression against the names that are there at its place.

use std::cell::Cell;

use super::parse::{Kind, Stray, Tree, Word, parse};
use super::types::Type;
use crate::message::{Message, message};
use crate::model::Span;
use crate::playbook::expression::{LONGEST_EXPRESSION, Piece, pieces};
use crate::source::suggest::{did_you_mean, one_of_these};
use crate::source::{Node, Reader};

/// What the place asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// True or false.
    Truth,
    /// A number, or text that is a duration.
    Seconds,
    /// A list.
    List,
    /// A number.
    Number,
    /// Text, and not a number in its place.
    Words,
    /// A system, or its id.
    System,
    /// What can be filled in as text.
    Text,
    /// Anything.
    Any,
}

/// What names mean at one place.
pub(crate) trait Names {
    /// The kind of `words`, the first words of a name; as many as it takes, at least one.
    ///
    /// Returns how many words it took, or what is wrong with which word.
    fn find(&self, words: &[&str]) -> Result<(Type, usize), Unknown>;
}

/// A name that means nothing at its place.
#[derive(Debug)]
pub(crate) struct Unknown {
    /// Which of its words is wrong.
    pub(crate) word: usize,
    /// The code.
    pub(crate) code: &'static str,
    /// What is wrong.
    pub(crate) message: Message,
    /// What to do.
    pub(crate) help: Option<Message>,
}

/// Filters that may be used, with the kind that they give.
const FILTERS: &[&str] = &[
    "abs", "default", "first", "float", "int", "join", "last", "length", "lower", "replace", "round", "string", "trim",
    "upper",
];

struct Check<'r, 'a, 'n> {
    reader: &'r Reader<'a>,
    node: &'a Node,
    /// Where the expression begins in the scalar, in characters.
    offset: usize,
    names: &'n dyn Names,
    /// Whether what is not known would be missing: it is filled in as text, and nothing stands in for it.
    filled: Cell<bool>,
}

/// Checks a scalar that is one expression without braces.
pub(crate) fn check_expression<'a>(reader: &Reader<'a>, node: &'a Node, wanted: Wanted, names: &dyn Names) {
    let Some((text, _)) = node.scalar() else { return };
    if let Some(at) = text.find("{{") {
        let place = reader.place_in(node, text[..at].chars().count(), 2);
        let help = message!("playbook-braces-help");
        reader.error("braces-in-expression", place, message!("playbook-braces"), help);
        return;
    }
    Check { reader, node, offset: 0, names, filled: Cell::new(false) }.whole(text, wanted);
}

/// Checks every `{{ … }}` of a scalar. What the place wants counts where the whole is one of them.
pub(crate) fn check_template<'a>(reader: &Reader<'a>, node: &'a Node, wanted: Wanted, names: &dyn Names) {
    let Some((text, _)) = node.scalar() else { return };
    let is_whole = crate::playbook::expression::whole(text).is_some();
    for piece in pieces(text) {
        match piece {
            Piece::Literal(_) => {}
            Piece::Open(rest) => {
                let place = reader.place_in(node, text[..text.len() - rest.len()].chars().count(), 2);
                reader.error("expression-syntax", place, message!("playbook-open-braces"), None);
            }
            Piece::Expression { source, offset } => {
                let offset = text[..offset].chars().count();
                let as_text = wanted == Wanted::Text || !is_whole;
                let check = Check { reader, node, offset, names, filled: Cell::new(as_text) };
                if !as_text && wanted != Wanted::Any {
                    check.whole(source, wanted);
                } else if let Some((tree, kind)) = check.read(source)
                    && matches!(kind, Type::List(_) | Type::Object { .. })
                    && as_text
                {
                    check.error("expression-not-text", tree.at, tree.length, message!("playbook-not-text"), None);
                }
            }
        }
    }
}

impl Check<'_, '_, '_> {
    fn error(&self, code: &'static str, at: usize, length: usize, message: Message, help: Option<Message>) {
        let place = self.reader.place_in(self.node, self.offset + at, length);
        self.reader.error(code, place, message, help);
    }

    fn read(&self, text: &str) -> Option<(Tree, Type)> {
        if text.len() > LONGEST_EXPRESSION {
            let message = message!("playbook-expression-long", most = LONGEST_EXPRESSION);
            self.error("expression-too-much", 0, 1, message, None);
            return None;
        }
        match parse(text) {
            Ok(tree) => {
                let kind = self.kind(&tree);
                Some((tree, kind))
            }
            Err(Stray { at, length }) => {
                let chars: Vec<char> = text.chars().collect();
                let word: String = chars.iter().skip(at).take(length.max(1)).collect();
                let help = match word.as_str() {
                    "=" => Some(message!("source-did-you-mean", word = "==")),
                    "&" => Some(message!("source-did-you-mean", word = "and")),
                    "|" => Some(message!("source-did-you-mean", word = "or")),
                    "!" => Some(message!("source-did-you-mean", word = "not")),
                    _ if word.starts_with(|c: char| c.is_ascii_digit()) => Some(message!("playbook-seconds-help")),
                    _ => None,
                };
                let message = if text.trim().is_empty() {
                    message!("playbook-expression-empty")
                } else {
                    message!("playbook-expression-stray", word = word)
                };
                self.error("expression-syntax", at, length, message, help);
                None
            }
        }
    }

    fn whole(&self, text: &str, wanted: Wanted) {
        let Some((tree, kind)) = self.read(text) else { return };
        let fits = match wanted {
            Wanted::Truth => matches!(kind, Type::Truth | Type::Any),
            Wanted::Seconds | Wanted::Number => matches!(kind, Type::Number | Type::Any),
            Wanted::List => matches!(kind, Type::List(_) | Type::Any),
            Wanted::Words => kind.is_text() || kind == Type::Any,
            Wanted::System => kind.is_text() || matches!(kind, Type::Object { .. } | Type::Any),
            Wanted::Text | Wanted::Any => true,
        };
        if !fits {
            let (code, message) = match wanted {
                Wanted::Truth => ("expression-not-boolean", message!("playbook-not-truth", found = word(&kind))),
                Wanted::List => ("expression-not-list", message!("playbook-not-list", found = word(&kind))),
                Wanted::Words => ("expression-not-text", message!("playbook-not-words", found = word(&kind))),
                Wanted::System => ("expression-not-system", message!("playbook-not-system", found = word(&kind))),
                _ => ("expression-not-number", message!("playbook-not-number", found = word(&kind))),
            };
            self.error(code, tree.at, tree.length, message, None);
        }
    }

    fn kind(&self, tree: &Tree) -> Type {
        match &tree.kind {
            Kind::Text(text) => Type::Word(vec![text.clone()]),
            Kind::Number => Type::Number,
            Kind::Truth => Type::Truth,
            Kind::Nothing => {
                let help = message!("playbook-none-help");
                self.error("expression-none", tree.at, tree.length, message!("playbook-none"), Some(help));
                Type::Any
            }
            Kind::List(items) => {
                let kinds: Vec<Type> = items.iter().map(|item| self.kind(item)).collect();
                Type::List(Box::new(kinds.into_iter().reduce(Type::or).unwrap_or(Type::Any)))
            }
            Kind::Name(words) => self.name(words, false),
            Kind::Item(of, key) => {
                self.kind(key);
                match self.kind(of) {
                    Type::List(kind) => *kind,
                    _ => Type::Any,
                }
            }
            Kind::Not(inner) => {
                self.truth(inner);
                Type::Truth
            }
            Kind::Both(left, right) => {
                self.truth(left);
                self.truth(right);
                Type::Truth
            }
            Kind::Defined(inner) => {
                self.stood_in(inner);
                Type::Truth
            }
            Kind::Compare(sign, left, right) => {
                self.compare(sign, left, right);
                Type::Truth
            }
            Kind::In(left, right) => {
                self.contained(left, right);
                Type::Truth
            }
            Kind::Negative(inner) => {
                self.number(inner);
                Type::Number
            }
            Kind::Arithmetic("-", ..) if self.hyphenated(tree) => {
                let message = message!("playbook-hyphen");
                self.error("hyphen-subtracts", tree.at, tree.length, message, Some(message!("playbook-hyphen-help")));
                Type::Any
            }
            Kind::Arithmetic(_, left, right) => {
                self.number(left);
                self.number(right);
                Type::Number
            }
            Kind::Join(left, right) => {
                self.printable(left);
                self.printable(right);
                Type::Text
            }
            Kind::Filter(of, name, arguments) => self.filter(of, name, arguments),
            Kind::Choose { yes, when, no } => {
                self.truth(when);
                let yes = self.kind(yes);
                match no {
                    Some(no) => yes.or(self.kind(no)),
                    None => yes,
                }
            }
        }
    }

    /// What may be missing, and is asked about or replaced: a member that is not there is no mistake then.
    fn if_there(&self, tree: &Tree) -> Type {
        match &tree.kind {
            // What a step yields is known; what an inventory holds is not the same everywhere.
            Kind::Name(words) => self.name(words, words.first().is_some_and(|word| word.text == "inputs")),
            _ => self.kind(tree),
        }
    }

    fn name(&self, words: &[Word], may_lack: bool) -> Type {
        let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
        let unknown = |wrong: Unknown| {
            if let Some(word) = words.get(wrong.word) {
                self.error(wrong.code, word.at, word.text.chars().count(), wrong.message, wrong.help);
            }
            Type::Any
        };
        let (mut kind, taken) = match self.names.find(&texts) {
            Ok(found) => found,
            Err(wrong) => return unknown(wrong),
        };
        for (index, word) in words.iter().enumerate().skip(taken) {
            kind = match kind {
                Type::Any => return Type::Any,
                Type::Object { members, others } => match (members.get(&word.text), others) {
                    (Some(member), _) => member.clone(),
                    (None, Some(other)) => *other,
                    (None, None) if may_lack => return Type::Any,
                    (None, None) => {
                        let message = message!(
                            "playbook-unknown-member",
                            name = texts[..index].join("."),
                            word = word.text.as_str()
                        );
                        let help = one_of_these(&word.text, members.keys().map(String::as_str));
                        return unknown(Unknown { word: index, code: "unknown-name", message, help });
                    }
                },
                _ => {
                    let message =
                        message!("playbook-unknown-member", name = texts[..index].join("."), word = word.text.as_str());
                    return unknown(Unknown { word: index, code: "unknown-name", message, help: None });
                }
            };
        }
        match kind {
            Type::Unset(kind) => {
                if self.filled.get()
                    && let Some(last) = words.last()
                {
                    let message = message!("playbook-value-unset", name = texts.join("."));
                    let help = Some(message!("playbook-value-unset-help"));
                    self.error("value-missing", last.at, last.text.chars().count(), message, help);
                }
                *kind
            }
            kind => kind,
        }
    }

    /// The kind of what something stands in for where it is not known.
    fn stood_in(&self, tree: &Tree) -> Type {
        let before = self.filled.replace(false);
        let kind = self.if_there(tree);
        self.filled.set(before);
        kind
    }

    /// Whether this is a name with hyphens (`one-stop`), which Jinja reads as a subtraction of names that are not there.
    fn hyphenated(&self, tree: &Tree) -> bool {
        fn parts<'t>(tree: &'t Tree, all: &mut Vec<&'t [Word]>) -> bool {
            match &tree.kind {
                Kind::Name(words) => {
                    all.push(words);
                    true
                }
                Kind::Arithmetic("-", left, right) => {
                    left.at + left.length + 1 == right.at && parts(left, all) && parts(right, all)
                }
                _ => false,
            }
        }
        let mut all = Vec::new();
        parts(tree, &mut all)
            && all.iter().any(|words| {
                let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
                self.names.find(&texts).is_err()
            })
    }

    fn truth(&self, tree: &Tree) {
        let kind = self.kind(tree);
        if !matches!(kind, Type::Truth | Type::Any) {
            let message = message!("playbook-not-truth", found = word(&kind));
            self.error("expression-not-boolean", tree.at, tree.length, message, None);
        }
    }

    fn number(&self, tree: &Tree) {
        let kind = self.kind(tree);
        if !matches!(kind, Type::Number | Type::Any) {
            let message = message!("playbook-not-number", found = word(&kind));
            let help = kind.is_text().then(|| message!("playbook-int-help"));
            self.error("expression-not-number", tree.at, tree.length, message, help);
        }
    }

    fn printable(&self, tree: &Tree) {
        if matches!(self.kind(tree), Type::List(_) | Type::Object { .. }) {
            self.error("expression-not-text", tree.at, tree.length, message!("playbook-not-text"), None);
        }
    }

    fn compare(&self, sign: &str, left: &Tree, right: &Tree) {
        let (first, second) = (self.kind(left), self.kind(right));
        if first == Type::Any || second == Type::Any {
            return;
        }
        let equality = matches!(sign, "==" | "!=");
        if !first.meets(&second) {
            // What is written out is more likely to be wrong than what has a name.
            let wrong = if matches!(left.kind, Kind::Text(_) | Kind::Number | Kind::Truth) { left } else { right };
            let message = message!("playbook-compare", left = word(&first), right = word(&second));
            let text_and_number = [&first, &second].iter().any(|kind| kind.is_text())
                && [&first, &second].iter().any(|kind| **kind == Type::Number);
            let help = text_and_number.then(|| match &wrong.kind {
                Kind::Text(text) if text.parse::<Span>().is_ok() => message!("playbook-seconds-help"),
                Kind::Text(_) => message!("playbook-unquoted-help"),
                _ => message!("playbook-int-help"),
            });
            self.error("compare-kinds", wrong.at, wrong.length, message, help);
        } else if !equality && first != Type::Number {
            let message = message!("playbook-order", found = word(&first));
            let help = first.is_text().then(|| message!("playbook-int-help"));
            let wrong = if matches!(left.kind, Kind::Text(_)) { right } else { left };
            self.error("compare-kinds", wrong.at, wrong.length, message, help);
        } else if let (Type::Word(words), Kind::Text(text)) = (&first, &right.kind) {
            self.one_of(words, text, right, matches!(left.kind, Kind::Text(_)));
        } else if let (Kind::Text(text), Type::Word(words)) = (&left.kind, &second) {
            self.one_of(words, text, left, matches!(right.kind, Kind::Text(_)));
        }
    }

    fn one_of(&self, words: &[String], text: &str, at: &Tree, both_written: bool) {
        if both_written || words.iter().any(|word| word == text) {
            return;
        }
        let help = one_of_these(text, words.iter().map(String::as_str));
        self.error("never-equal", at.at, at.length, message!("playbook-never-equal", word = text), help);
    }

    fn contained(&self, left: &Tree, right: &Tree) {
        let (item, whole) = (self.kind(left), self.kind(right));
        match (&whole, &right.kind) {
            (Type::List(_), Kind::List(items)) => {
                for (kind, of) in items.iter().map(|of| (self.quiet(of), of)) {
                    if !kind.meets(&item) {
                        let message = message!("playbook-compare", left = word(&item), right = word(&kind));
                        self.error("compare-kinds", of.at, of.length, message, None);
                    } else if let (Type::Word(words), Kind::Text(text)) = (&item, &of.kind) {
                        self.one_of(words, text, of, matches!(left.kind, Kind::Text(_)));
                    }
                }
            }
            (Type::List(kind), _) if !kind.meets(&item) => {
                let message = message!("playbook-compare", left = word(&item), right = word(kind));
                self.error("compare-kinds", left.at, left.length, message, None);
            }
            (Type::Truth | Type::Number, _) => {
                let message = message!("playbook-not-list", found = word(&whole));
                self.error("expression-not-list", right.at, right.length, message, None);
            }
            _ => {}
        }
    }

    /// The kind of a value that is written out, as far as it can be told without looking at names again.
    fn quiet(&self, tree: &Tree) -> Type {
        match &tree.kind {
            Kind::Text(_) | Kind::Number | Kind::Truth => self.kind(tree),
            _ => Type::Any,
        }
    }

    fn filter(&self, of: &Tree, name: &Word, arguments: &[Tree]) -> Type {
        let kind = if name.text == "default" { self.stood_in(of) } else { self.kind(of) };
        let given: Vec<Type> = arguments.iter().map(|argument| self.kind(argument)).collect();
        match name.text.as_str() {
            "default" => match given.into_iter().next() {
                Some(other) => kind.or(other),
                None => Type::Any,
            },
            "int" | "float" | "length" | "abs" | "round" => Type::Number,
            "lower" | "upper" | "trim" | "replace" | "string" | "join" => Type::Text,
            "first" | "last" => match kind {
                Type::List(item) => *item,
                _ => Type::Any,
            },
            other => {
                let message = message!("playbook-unknown-filter", name = other);
                let help = did_you_mean(other, FILTERS.iter().copied())
                    .or_else(|| one_of_these(other, FILTERS.iter().copied()));
                self.error("unknown-filter", name.at, name.text.chars().count(), message, help);
                Type::Any
            }
        }
    }
}

/// A kind in words.
fn word(kind: &Type) -> Message {
    match kind {
        Type::Any | Type::Unset(_) => message!("playbook-kind-any"),
        Type::Truth => message!("playbook-kind-truth"),
        Type::Number => message!("playbook-kind-number"),
        Type::Text | Type::Word(_) => message!("playbook-kind-text"),
        Type::List(_) => message!("playbook-kind-list"),
        Type::Object { .. } => message!("playbook-kind-object"),
    }
}
