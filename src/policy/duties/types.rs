//! Duties as the files have them.

use indexmap::IndexMap;
use jiff::civil::Date;
use serde::{Serialize, Serializer};

use crate::model::{Id, Name, Span, Text};

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)+ })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant,)+ }

        impl $name {
            /// Every word of the files with its value.
            pub const WORDS: &'static [(&'static str, Self)] = &[$(($word, Self::$variant),)+];

            /// The word in files and in `--json`.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }
    )+};
}

words! {
    /// What a duty's limit runs from.
    Start {
        /// The moment at which the incident was detected.
        Detected = "detected",
        /// The moment at which the personal-data breach was found.
        Breach = "breach",
        /// The end of the response.
        Ended = "ended",
    }

    /// When a duty applies.
    Applies {
        /// In every incident.
        Always = "always",
        /// Where a person has classified the incident as serious.
        Serious = "serious",
        /// Where a person has said yes to one of the duty's flags.
        Flagged = "flagged",
        /// Where a personal-data breach was found; with flags, where one of them is said yes to as well.
        PersonalData = "personal_data",
    }

    /// How a citation was read.
    Read {
        /// In the full text, or a public copy of it.
        FullText = "full_text",
        /// In a digest, the press, a form of somebody else.
        SecondHand = "second_hand",
        /// Not now: from memory.
        Memory = "memory",
        /// An inference of ours.
        Inference = "inference",
    }

    /// How sure we are of it.
    Confidence {
        /// Sure.
        High = "high",
        /// Fairly sure.
        Medium = "medium",
        /// Not sure.
        Low = "low",
    }
}

/// How long a duty leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Limit {
    /// None: it is due when it starts. Never turned into hours.
    #[serde(rename = "at_once")]
    AtOnce,
    /// The text gives no number.
    #[serde(rename = "none")]
    Open,
    /// Calendar hours, through nights, weekends and holidays; the last instant is in time.
    #[serde(rename = "within_s", serialize_with = "seconds")]
    Within(Span),
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde calls it with a reference
fn seconds<S: Serializer>(span: &Span, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(span.seconds())
}

/// A set of duties that is turned on and off as one: a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Set {
    /// Its name, also that of its file.
    pub name: Name,
    /// The file it was read from.
    pub file: String,
    /// Whether it is on; `None` where this file does not say.
    pub enabled: Option<bool>,
    /// The documents that its citations name.
    pub documents: IndexMap<Id, Instrument>,
    /// What its recipients are called in general.
    pub recipients: IndexMap<Id, Text>,
    /// What people answer during an incident.
    pub flags: IndexMap<Id, Text>,
    /// Its duties.
    pub duties: Vec<Duty>,
}

/// A regulation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instrument {
    /// Its kind and number.
    pub short: Text,
    /// The same with date and issuing body, as a document names it the first time.
    pub full: Text,
}

/// One duty in one version of a regulation. The same id may stand again for other days.
#[derive(Clone, Debug, PartialEq)]
pub struct Duty {
    /// Its id.
    pub id: Name,
    /// The set it belongs to.
    pub set: Name,
    /// The file it was read from.
    pub file: String,
    /// What it is called.
    pub title: Text,
    /// When it applies, in words.
    pub condition: Option<Text>,
    /// What its limit runs from.
    pub starts: Start,
    /// How long it leaves.
    pub limit: Limit,
    /// The limit in the words of its article.
    pub limit_words: Option<Text>,
    /// When it applies.
    pub applies: Applies,
    /// The flags of which one makes it apply.
    pub flags: Vec<Id>,
    /// To whom, by role.
    pub to: Vec<Id>,
    /// The notice that fulfils it.
    pub notice: Option<Name>,
    /// What the notice has to hold.
    pub contents: Vec<Item>,
    /// What it rests on; one at least.
    pub cites: Vec<Citation>,
    /// What a reader should know.
    pub notes: Vec<Text>,
    /// What is open or was not verified.
    pub unsure: Vec<Text>,
    /// The first day in force.
    pub from: Option<Date>,
    /// The last day in force.
    pub until: Option<Date>,
    /// From which day it is unclear whether it is in force, and why.
    pub doubtful: Option<Doubtful>,
}

/// Why it is unclear whether a duty is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubtful {
    /// The first such day.
    pub from: Date,
    /// Why.
    pub because: Text,
}

/// One thing that a notice has to hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Item {
    /// Its id within the duty.
    pub id: Id,
    /// What it is.
    pub text: Text,
    /// Where the regulation asks for it, if not in the duty's own citations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article: Option<Text>,
}

/// A place in a regulation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    /// The document.
    pub document: Id,
    /// The article in it.
    pub article: Text,
    /// How it was read.
    pub read: Read,
    /// How sure we are of it.
    pub confidence: Confidence,
}

impl Duty {
    /// Whether it is in force on `day`.
    #[must_use]
    pub fn in_force(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }

    /// Whether there is a day on which both are in force.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        let before = |a: Option<Date>, b: Option<Date>| a.zip(b).is_some_and(|(a, b)| a < b);
        !before(self.until, other.from) && !before(other.until, self.from)
    }
}
