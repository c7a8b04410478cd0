//! From an expression's tree to a measure's: comparisons joined by `and`, `or` and `not`, and nothing that has no words.

use crate::playbook::expression::LONGEST_EXPRESSION;
use crate::playbook::lint::{self, Kind};

/// A measure.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Tree {
    /// Every one of these.
    All(Vec<Tree>),
    /// One of these at least.
    Any(Vec<Tree>),
    /// Not this.
    Not(Box<Tree>),
    /// A value that is true.
    Holds(Operand),
    /// Two values side by side.
    Compare(Operand, Comparison, Operand),
}

/// How two values stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    AtMost,
    AtLeast,
    Below,
    Above,
    Equal,
    Differs,
}

impl Comparison {
    fn of(sign: &str) -> Option<Self> {
        Some(match sign {
            "<=" => Self::AtMost,
            ">=" => Self::AtLeast,
            "<" => Self::Below,
            ">" => Self::Above,
            "==" => Self::Equal,
            "!=" => Self::Differs,
            _ => return None,
        })
    }

    /// The same with its two sides changed over.
    pub(super) fn turned(self) -> Self {
        match self {
            Self::AtMost => Self::AtLeast,
            Self::AtLeast => Self::AtMost,
            Self::Below => Self::Above,
            Self::Above => Self::Below,
            same => same,
        }
    }
}

/// A value, so many times.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Operand {
    pub(super) term: Term,
    /// What it is multiplied by: minutes and hours become seconds.
    pub(super) times: i64,
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Term {
    /// A name with its members.
    Path(String),
    /// A whole number.
    Number(i64),
    /// A quoted text.
    Text(String),
    /// True or false.
    Truth(bool),
}

/// The tree of `text`; nothing where it is anything else.
pub(super) fn parse(text: &str) -> Option<Tree> {
    // What is longer is no expression that the program works out; a tree is as deep as its text is long.
    if text.len() > LONGEST_EXPRESSION {
        return None;
    }
    let tree = lint::parse(text).ok()?;
    let characters: Vec<char> = text.chars().collect();
    Reader { characters: &characters }.truth(&tree)
}

struct Reader<'a> {
    characters: &'a [char],
}

impl Reader<'_> {
    /// The text between two places, without brackets and blanks.
    fn slice(&self, from: usize, to: usize) -> String {
        let text: String =
            self.characters.get(from..to.max(from)).map(|part| part.iter().collect()).unwrap_or_default();
        text.trim_matches(|it: char| it.is_whitespace() || it == '(' || it == ')').to_owned()
    }

    fn truth(&self, tree: &lint::Tree) -> Option<Tree> {
        match &tree.kind {
            Kind::Both(left, right) => {
                let word = self.slice(left.at + left.length, right.at);
                let (left, right) = (self.truth(left)?, self.truth(right)?);
                // What stands in a row is one row.
                Some(match (word.as_str(), left) {
                    ("and", Tree::All(mut parts)) => {
                        parts.push(right);
                        Tree::All(parts)
                    }
                    ("and", left) => Tree::All(vec![left, right]),
                    ("or", Tree::Any(mut parts)) => {
                        parts.push(right);
                        Tree::Any(parts)
                    }
                    ("or", left) => Tree::Any(vec![left, right]),
                    _ => return None,
                })
            }
            Kind::Not(inner) => Some(Tree::Not(Box::new(self.truth(inner)?))),
            Kind::Compare(sign, left, right) => {
                let (left, right) = (self.operand(left)?, self.operand(right)?);
                // Two texts or numbers side by side measure nothing.
                let named = [&left, &right].into_iter().any(|it| matches!(it.term, Term::Path(_)));
                named.then_some(Tree::Compare(left, Comparison::of(sign)?, right))
            }
            Kind::Name(_) => Some(Tree::Holds(self.operand(tree)?)),
            _ => None,
        }
    }

    fn operand(&self, tree: &lint::Tree) -> Option<Operand> {
        match &tree.kind {
            Kind::Arithmetic("*", left, right) => {
                let (left, right) = (self.operand(left)?, self.operand(right)?);
                let Term::Number(times) = right.term else { return None };
                let times = left.times.checked_mul(times.checked_mul(right.times)?)?;
                Some(Operand { term: left.term, times })
            }
            // What turns text into a number changes nothing of what it says; any other filter does.
            Kind::Filter(inner, name, arguments)
                if arguments.is_empty() && matches!(name.text.as_str(), "int" | "float") =>
            {
                self.operand(inner)
            }
            Kind::Name(words) if words.len() > 1 => {
                let words: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
                Some(Operand { term: Term::Path(words.join(".")), times: 1 })
            }
            Kind::Number => {
                let number = self.slice(tree.at, tree.at + tree.length).replace('_', "").parse().ok()?;
                Some(Operand { term: Term::Number(number), times: 1 })
            }
            Kind::Truth => {
                let truth = self.slice(tree.at, tree.at + tree.length).eq_ignore_ascii_case("true");
                Some(Operand { term: Term::Truth(truth), times: 1 })
            }
            Kind::Text(text) => Some(Operand { term: Term::Text(text.clone()), times: 1 }),
            _ => None,
        }
    }
}
