//! Names and ids, each valid by construction; cloning one is cheap.

use std::borrow::Borrow;
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;
use std::sync::Arc;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A text that is not a valid name of its kind; `expected` is the pattern it had to follow.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not of the form `{expected}`")]
pub struct InvalidName {
    /// What was given.
    pub text: String,
    /// The pattern of a valid one.
    pub expected: &'static str,
}

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident, $pattern:literal, $valid:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The pattern that every one follows.
            pub const PATTERN: &'static str = $pattern;

            /// The text itself.
            #[must_use]
            pub fn as_str(&self) -> &str { &self.0 }

            /// Whether `text` is one, without making it.
            #[must_use]
            pub fn is_valid(text: &str) -> bool {
                let valid: fn(&str) -> bool = $valid;
                valid(text)
            }
        }

        impl FromStr for $name {
            type Err = InvalidName;
            fn from_str(text: &str) -> Result<Self, InvalidName> {
                if Self::is_valid(text) {
                    Ok(Self(text.into()))
                } else {
                    Err(InvalidName { text: text.to_owned(), expected: $pattern })
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { fmt::Debug::fmt(&self.0, f) }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str { &self.0 }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool { &*self.0 == other }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool { &*self.0 == *other }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(Parsed(PhantomData))
            }
        }
    )+};
}

names! {
    /// The name of a playbook, a system, an exercise or a backup: what a file is called.
    Name, "[a-z0-9]+(-[a-z0-9]+)*", |text| {
        !text.is_empty() && text.split('-').all(|part| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        })
    };
    /// An id used in expressions: a step, input, clock, watch, capture, objective, role or option.
    Id, "[a-z][a-z0-9_]*", valid_id;
    /// A run: `DT-2026-004` a drill, `SC-2026-003` an incident; short enough to say over the telephone.
    RunId, "(DT|SC)-YYYY-NNN", |text| {
        let mut parts = text.split('-');
        matches!(parts.next(), Some("DT" | "SC"))
            && parts.next().is_some_and(|year| year.len() == 4 && digits(year))
            && parts.next().is_some_and(|number| (3..=9).contains(&number.len()) && digits(number))
            && parts.next().is_none()
    };
    /// An open or closed question of a run: `q1`, `q2` and so on.
    QuestionId, "q[1-9][0-9]*", |text| {
        text.strip_prefix('q').is_some_and(|number| !number.starts_with('0') && digits(number) && number.len() < 10)
    };
    /// Who did something: a person's id, `engine`, or a host.
    Actor, "[A-Za-z0-9._-]+", |text| {
        (1..=64).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
    };
    /// The path of one instance of a step: ids joined by `/`, with the round in brackets after an `each` or `repeat`
    /// (`restore_all[1]/again[2]/verify`). The undo of a step is `<path>/undo`.
    StepPath, "id([round])?(/id([round])?)*", |text| {
        !text.is_empty() && text.split('/').all(|part| {
            let (id, round) = part.split_once('[').map_or((part, None), |(id, rest)| (id, Some(rest)));
            valid_id(id)
                && round.is_none_or(|rest| {
                    rest.strip_suffix(']').is_some_and(|n| !n.starts_with('0') && digits(n) && n.len() < 10)
                })
        })
    };
}

fn valid_id(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// Reads what is parsed from a text without a copy of the text: a ledger has millions of them.
pub(super) struct Parsed<T>(pub(super) PhantomData<T>);

impl<T: FromStr> Visitor<'_> for Parsed<T>
where
    T::Err: fmt::Display,
{
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a run is a drill or a real incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RunKind {
    /// A drill (`DT`, diễn tập).
    Drill,
    /// A real incident (`SC`, sự cố).
    Incident,
}

impl RunId {
    /// The run number `number` of `year`.
    #[must_use]
    pub fn new(kind: RunKind, year: i16, number: u32) -> Self {
        let prefix = match kind {
            RunKind::Drill => "DT",
            RunKind::Incident => "SC",
        };
        Self(format!("{prefix}-{year:04}-{number:03}").into())
    }

    /// Its number, where it is a run of `year`.
    #[must_use]
    pub fn number(&self, year: i16) -> Option<u32> {
        let (digits, number) = self.0.get(3..)?.split_once('-')?;
        if digits.parse() == Ok(year) { number.parse().ok() } else { None }
    }

    /// What the id's first letters say.
    #[must_use]
    pub fn kind(&self) -> RunKind {
        if self.0.starts_with("DT") { RunKind::Drill } else { RunKind::Incident }
    }
}

impl QuestionId {
    /// The question number `number` of its run, from 1.
    #[must_use]
    pub fn new(number: u32) -> Self {
        Self(format!("q{number}").into())
    }
}

impl Actor {
    /// The loop that drives a run.
    #[must_use]
    pub fn engine() -> Self {
        Self("engine".into())
    }
}

impl StepPath {
    /// The path of a step at the top of a playbook.
    #[must_use]
    pub fn root(id: &Id) -> Self {
        Self(id.as_str().into())
    }

    /// The path of the step `id` inside this one.
    #[must_use]
    pub fn child(&self, id: &Id) -> Self {
        Self(format!("{}/{id}", self.0).into())
    }

    /// This path in round `round`, from 1.
    #[must_use]
    pub fn round(&self, round: u32) -> Self {
        Self(format!("{}[{round}]", self.0).into())
    }

    /// The path under which the undo of this step is kept. `undo` is not a valid id of a step.
    #[must_use]
    pub fn undo(&self) -> Self {
        Self(format!("{}/undo", self.0).into())
    }

    /// The step that this is the undo of, if it is one.
    #[must_use]
    pub fn undone(&self) -> Option<Self> {
        self.0.strip_suffix("/undo").map(|path| Self(path.into()))
    }
}
