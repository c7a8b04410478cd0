//! Records of documents that the unit issued, and of what it did outside any run.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::model::record::SourceFile;
use crate::model::{Name, ObjectRef};

/// A document of the unit's was numbered, dated and signed: its number, signer and signed copy came back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DocumentIssued {
    /// Which kind of document.
    pub document: DocumentKind,
    /// The set of the yearly report that it is: two sets may have reports of one id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set: Option<Name>,
    /// The exercise or the playbook that it is about, or the yearly report that it is, where it belongs to no run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Name>,
    /// The playbook's version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// The playbook's family: `A` to `D`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
    /// The day on it.
    pub date: Date,
    /// Its number and symbol, a salted object.
    pub number: ObjectRef,
    /// Who signed it, a salted object.
    pub signer: ObjectRef,
    /// The signed copy as it is.
    pub file: ObjectRef,
    /// The name of that file, a salted object.
    pub name: ObjectRef,
    /// The files that it puts into force: the playbook.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<SourceFile>,
    /// Why it is entered late, or why it is so, in words: a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<ObjectRef>,
}

/// What the unit did outside any run: a check with the police, a letter, training, a drill held before the program was there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Activity {
    /// Which kind.
    pub kind: ActivityKind,
    /// The day, or the first of them.
    pub date: Date,
    /// The last day, where there were several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// What was done, a salted object; nothing where an earlier record is withdrawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<ObjectRef>,
    /// With whom, a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<ObjectRef>,
    /// Number and symbol of the document that says so, a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<ObjectRef>,
    /// What it came to, a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<ObjectRef>,
    /// The systems that it was about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub systems: Vec<Name>,
    /// How a drill was carried out, where the papers say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manner: Option<DrillManner>,
    /// How many people took part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people: Option<u32>,
    /// The earlier record that this one stands for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<u64>,
    /// The document as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<ObjectRef>,
    /// The name of that file, a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<ObjectRef>,
    /// Why it is so, in words: a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<ObjectRef>,
}

macro_rules! kinds {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $($(#[$each])* $variant,)+ }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Its word in records and on the command line.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }
    };
}

kinds! {
    /// Kinds of documents.
    DocumentKind {
        /// Minutes of a drill, an incident or a trial restore.
        Minutes = "minutes",
        /// An after-action report.
        AfterAction = "after-action",
        /// A notice of an incident.
        Notice = "notice",
        /// The plan of an exercise.
        Plan = "plan",
        /// The script of an exercise.
        Script = "script",
        /// A decision that puts a playbook into force.
        Playbook = "playbook",
        /// Rows of a plan's tasks.
        Tasks = "tasks",
        /// The annual report on levels.
        Annual = "annual",
        /// Another report that falls due every year.
        Periodic = "periodic",
        /// The overview of systems and scenarios.
        Coverage = "coverage",
    }
}

kinds! {
    /// Kinds of activities outside runs.
    ActivityKind {
        /// A check, alone or with others.
        Check = "check",
        /// A letter or another document.
        Letter = "letter",
        /// Training.
        Training = "training",
        /// Making people aware.
        Awareness = "awareness",
        /// A scan for vulnerabilities.
        Scan = "scan",
        /// A search for threats that are inside already.
        Hunt = "hunt",
        /// A drill that was held before the program was there.
        Drill = "drill",
        /// Something else.
        Other = "other",
        /// An earlier record, of an activity or of a document that was issued, counts for nothing.
        Withdrawn = "withdrawn",
    }
}

kinds! {
    /// How a drill was carried out that only papers tell of.
    DrillManner {
        /// Around a table.
        Tabletop = "tabletop",
        /// On a practice range.
        Lab = "lab",
        /// On declared drill targets.
        Technical = "technical",
        /// On real systems.
        Live = "live",
    }
}

impl DocumentKind {
    /// Whether it belongs to a run.
    #[must_use]
    pub fn of_a_run(self) -> bool {
        matches!(self, Self::Minutes | Self::AfterAction | Self::Notice)
    }

    /// Whether it is about an exercise or a playbook.
    #[must_use]
    pub fn of_a_file(self) -> bool {
        matches!(self, Self::Plan | Self::Script | Self::Playbook)
    }

    /// Whether it is one of the reports that fall due every year.
    #[must_use]
    pub fn yearly(self) -> bool {
        matches!(self, Self::Annual | Self::Periodic)
    }
}
