//! What kinds of values names have.

use std::collections::BTreeMap;

/// The kind of a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Type {
    /// Known only in a run.
    Any,
    /// True or false.
    Truth,
    /// A number; durations are whole seconds.
    Number,
    /// Text.
    Text,
    /// One of these words.
    Word(Vec<String>),
    /// A list.
    List(Box<Type>),
    /// A value of this kind that the system of the playbook's default does not have.
    Unset(Box<Type>),
    /// Members by name; `open` where there may be others.
    Object {
        /// The members.
        members: BTreeMap<String, Type>,
        /// The kind of members that are not listed, where there may be such.
        others: Option<Box<Type>>,
    },
}

impl Type {
    /// An object with just these members.
    pub(crate) fn object<const N: usize>(members: [(&str, Type); N]) -> Self {
        let members = members.into_iter().map(|(name, kind)| (name.to_owned(), kind)).collect();
        Self::Object { members, others: None }
    }

    pub(super) fn is_text(&self) -> bool {
        matches!(self, Self::Text | Self::Word(_))
    }

    /// Whether values of both kinds can be equal.
    pub(super) fn meets(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _)
            | (_, Self::Any)
            | (Self::Truth, Self::Truth)
            | (Self::Number, Self::Number)
            | (Self::List(_), Self::List(_))
            | (Self::Object { .. }, Self::Object { .. }) => true,
            (first, second) => first.is_text() && second.is_text(),
        }
    }

    /// The kind of values that may be of either kind.
    pub(crate) fn or(self, other: Self) -> Self {
        match (self, other) {
            (first, second) if first == second => first,
            (first, second) if first.is_text() && second.is_text() => Self::Text,
            _ => Self::Any,
        }
    }
}
