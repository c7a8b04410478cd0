//! What the criteria for levels ask of a system. A fact that nobody has answered is not there: it is unknown, not false.

use serde::{Deserialize, Serialize};

use super::host::HostFacts;
use crate::model::Name;
use crate::source::{Meaning, Node, Place, Reader};

/// Facts of a system, or of one of its components. All optional.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Facts {
    /// Its classes (Decree 85/2016, article 6.2; Decree 331/2026, article 9). A list that is given is whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<Vec<Class>>,
    /// Kinds of information that it processes (article 6.1 of Decree 85/2016). A list that is given is whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub information: Option<Vec<Information>>,
    /// Whether it settles administrative procedures (Decree 331/2026, article 13.2.b).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub one_stop: Option<bool>,
    /// Public services online.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub online_service: Option<Online>,
    /// Whether its online service is on the list of conditional business lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conditional_business: Option<bool>,
    /// Users whose information is processed (Decree 85/2016). Accounts are not users.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub users: Option<u64>,
    /// Data subjects with basic personal data (Decree 331/2026).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subjects_basic: Option<u64>,
    /// Data subjects with sensitive personal data (Decree 331/2026).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subjects_sensitive: Option<u64>,
    /// Whom it serves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
    /// Whether it is a national system for e-government.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub national_egov: Option<bool>,
    /// Whether it has to run around the clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub always_on: Option<bool>,
    /// Whether no stop is accepted that was not planned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_unplanned_stop: Option<bool>,
    /// Whether it serves defence or security.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub defence_security: Option<bool>,
    /// The harm to defence or national security where it is sabotaged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub harm: Option<Harm>,
    /// Whether that is of a strategic kind (Decree 331/2026, article 15.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strategic: Option<bool>,
    /// The grade of the construction works that it controls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub works_grade: Option<Grade>,
    /// Whether it stores data of special importance to the nation in one place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub national_critical_data: Option<bool>,
    /// Whether it connects Vietnam with other countries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub international_link: Option<bool>,
    /// What a decision of the Prime Minister says, for the rules that rest on one. `null`, written out, says that there is none.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "written")]
    pub decided_level: Option<Decided>,
}

/// The level that a decision gives a system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Decided {
    /// This level, 1 to 5.
    Level(u8),
    /// There is no decision: `null`.
    No,
}

impl Decided {
    /// The level, where there is a decision.
    #[must_use]
    pub fn level(self) -> Option<u8> {
        match self {
            Self::Level(level) => Some(level),
            Self::No => None,
        }
    }
}

/// A `null` that stands there is an answer; only what is left out is not.
fn written<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Decided>, D::Error> {
    Decided::deserialize(from).map(Some)
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$member:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$member])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// Every word with its meaning.
            pub const WORDS: &'static [(&'static str, Self)] = &[$(($word, Self::$variant),)+];

            /// Its word in files.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }
    };
}
pub(super) use words;

words! {
    /// A class of systems.
    Class {
        /// Internal administration.
        Internal = "internal",
        /// Serving citizens and businesses.
        PublicService = "public_service",
        /// Information infrastructure that several bodies share.
        Infrastructure = "infrastructure",
        /// Industrial control.
        Ics = "ics",
        /// Another.
        Other = "other",
    }
}

words! {
    /// A kind of information.
    Information {
        /// For everybody.
        Public = "public",
        /// Not for everybody.
        Private = "private",
        /// Of an identified person.
        Personal = "personal",
        /// State secrets.
        StateSecret = "state_secret",
    }
}

words! {
    /// How far a public service is online.
    Online {
        /// Not at all.
        None = "none",
        /// Information only.
        InfoOnly = "info_only",
        /// In part (một phần).
        Partial = "partial",
        /// From end to end (toàn trình).
        Full = "full",
    }
}

words! {
    /// Whom a system serves.
    Scope {
        /// One agency.
        OneAgency = "one_agency",
        /// One sector.
        Sector = "sector",
        /// One province.
        Province = "province",
        /// Several provinces.
        SeveralProvinces = "several_provinces",
        /// The whole country.
        National = "national",
        /// Other countries too.
        International = "international",
    }
}

words! {
    /// Harm to defence or national security.
    Harm {
        /// None.
        None = "none",
        /// Harm.
        Harm = "harm",
        /// Serious harm.
        Serious = "serious",
        /// Very serious harm.
        VerySerious = "very_serious",
    }
}

words! {
    /// The grade of construction works.
    Grade {
        /// Controls no construction works.
        None = "none",
        /// Grade IV.
        Iv = "IV",
        /// Grade III.
        Iii = "III",
        /// Grade II.
        Ii = "II",
        /// Grade I.
        I = "I",
        /// Special, or important to national security.
        Special = "special",
    }
}

/// A part of a system with facts of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// Its id within the system.
    pub id: Name,
    /// Its facts: they stand alone.
    pub facts: Facts,
    /// What was seen on its machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<HostFacts>,
}

/// The most that a count of people can be.
const MOST: i64 = 1_000_000_000_000;

/// Reads facts; what is wrong is left out, and said.
pub(super) fn read<'a>(reader: &Reader<'a>, node: &'a Node, home: Place) -> Option<Facts> {
    let fields = reader.fields("facts", node, home)?;
    let truth = |name| fields.optional(name).and_then(|node| reader.boolean(node));
    let count = |name| fields.optional(name).and_then(|node| reader.integer(node, 0, MOST));
    let facts = Facts {
        class: fields.optional("class").and_then(|node| several(reader, node, Class::WORDS)),
        information: fields.optional("information").and_then(|node| several(reader, node, Information::WORDS)),
        one_stop: truth("one_stop"),
        online_service: fields.optional("online_service").and_then(|node| reader.word(node, Online::WORDS)),
        conditional_business: truth("conditional_business"),
        users: count("users"),
        subjects_basic: count("subjects_basic"),
        subjects_sensitive: count("subjects_sensitive"),
        scope: fields.optional("scope").and_then(|node| reader.word(node, Scope::WORDS)),
        national_egov: truth("national_egov"),
        always_on: truth("always_on"),
        no_unplanned_stop: truth("no_unplanned_stop"),
        defence_security: truth("defence_security"),
        harm: fields.optional("harm").and_then(|node| reader.word(node, Harm::WORDS)),
        strategic: truth("strategic"),
        works_grade: fields.optional("works_grade").and_then(|node| reader.word(node, Grade::WORDS)),
        national_critical_data: truth("national_critical_data"),
        international_link: truth("international_link"),
        decided_level: fields.member("decided_level").and_then(|(_, node)| decided(reader, node)),
    };
    fields.finish();
    Some(facts)
}

/// A level, or `null` that is written out; a key with nothing behind it says nothing.
fn decided(reader: &Reader<'_>, node: &Node) -> Option<Decided> {
    match (node.scalar(), node.meaning()) {
        (Some(("", _)), Some(Meaning::Null)) => None,
        (_, Some(Meaning::Null)) => Some(Decided::No),
        _ => reader.integer(node, 1, 5).map(Decided::Level),
    }
}

fn several<'a, T: Copy>(reader: &Reader<'a>, node: &'a Node, words: &[(&'static str, T)]) -> Option<Vec<T>> {
    reader.list(node, |item| reader.word(item, words))
}
