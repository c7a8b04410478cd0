//! What notices are filled with.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::inventory::{System, Unit};
use crate::message::{Message, format, message};
use crate::model::{Id, Lang, Stamp, Text};
use crate::policy::duties::{self, Duties, Row, Serious};
use crate::policy::levels::{Book, InForce, in_force};
use crate::policy::{in_vietnam, recipients};

macro_rules! known {
    ($($(#[$doc:meta])* $variant:ident = $word:literal, $title:literal;)+) => {
        /// A blank that is filled from the record, the inventory or the unit's own file.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Known { $($(#[$doc])* $variant,)+ }

        impl Known {
            /// Every name in the files with its blank.
            pub const WORDS: &'static [(&'static str, Self)] = &[$(($word, Self::$variant),)+];

            /// Its name in the files.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// What it stands for, for people.
            #[must_use]
            pub fn title(self) -> Message {
                match self { $(Self::$variant => Message::new($title),)+ }
            }
        }
    };
}

known! {
    /// The unit.
    Unit = "unit", "policy-blank-unit";
    /// The body above it.
    Parent = "parent", "policy-blank-parent";
    /// Where its documents are dated.
    Place = "place", "policy-blank-place";
    /// The operating unit of the systems.
    Operator = "operator", "policy-blank-operator";
    /// The owner of the systems.
    Owner = "owner", "policy-blank-owner";
    /// The systems concerned.
    System = "system", "policy-blank-system";
    /// Their levels in force.
    Level = "level", "policy-blank-level";
    /// The id of the incident or drill.
    Run = "run", "policy-blank-run";
    /// The scenario.
    Scenario = "scenario", "policy-blank-scenario";
    /// When the incident was detected.
    Detected = "detected", "policy-blank-detected";
    /// Who or what detected it.
    DetectedBy = "detected_by", "policy-blank-detected-by";
    /// When it was contained.
    Contained = "contained", "policy-blank-contained";
    /// When the service was back.
    Restored = "restored", "policy-blank-restored";
    /// When the response ended.
    Ended = "ended", "policy-blank-ended";
    /// When the personal-data breach was found.
    Breach = "breach", "policy-blank-breach";
    /// What was seen.
    Seen = "seen", "policy-blank-seen";
    /// What has been done.
    Done = "done", "policy-blank-done";
    /// How people are served meanwhile.
    KeepRunning = "keep_running", "policy-blank-keep-running";
    /// Whom to ask: name, position, telephone.
    Contact = "contact", "policy-blank-contact";
    /// What the incident was classified as.
    Classification = "classification", "policy-blank-classification";
    /// What the unit itself calls serious.
    SeriousDefinition = "serious_definition", "policy-blank-serious-definition";
    /// To whom it goes.
    To = "to", "policy-blank-to";
    /// What it rests on.
    Citation = "citation", "policy-blank-citation";
    /// The limit in words.
    Limit = "limit", "policy-blank-limit";
    /// The last moment that is in time.
    Due = "due", "policy-blank-due";
    /// When it is prepared.
    Now = "now", "policy-blank-now";
}

/// What is known for the blanks of a notice. What is not here is printed as missing, never guessed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Whether this is a drill: then every page begins and ends with the banner.
    pub drill: bool,
    pub(super) known: BTreeMap<Known, Vec<Text>>,
    pub(super) told: BTreeMap<Id, Vec<Text>>,
}

impl Facts {
    /// Nothing is known yet.
    #[must_use]
    pub fn new(drill: bool) -> Self {
        Self { drill, ..Self::default() }
    }

    /// Adds a value of `blank`; several become a list.
    #[must_use]
    pub fn with(mut self, blank: Known, value: impl Into<Text>) -> Self {
        self.known.entry(blank).or_default().push(value.into());
        self
    }

    /// Adds every value there is of `blank`.
    #[must_use]
    pub fn with_all(mut self, blank: Known, values: impl IntoIterator<Item = Text>) -> Self {
        self.known.entry(blank).or_default().extend(values);
        self
    }

    /// Adds what a person said for `blank`, one of the template's own.
    #[must_use]
    pub fn told(mut self, blank: Id, value: impl Into<Text>) -> Self {
        self.told.entry(blank).or_default().push(value.into());
        self
    }

    /// Adds a moment as documents write it, in Vietnam's time.
    #[must_use]
    pub fn moment(self, blank: Known, stamp: &Stamp) -> Self {
        let stamp = in_vietnam(stamp);
        self.with(blank, duties::both(|lang| format::document_time(&stamp, lang)))
    }

    /// Adds what the unit's own file says of it.
    #[must_use]
    pub fn unit(self, unit: &Unit) -> Self {
        self.with(Known::Unit, unit.unit.clone())
            .with_all(Known::Parent, unit.parent.clone())
            .with_all(Known::Place, unit.place.clone())
            .with_all(Known::SeriousDefinition, unit.serious_definition.clone())
    }

    /// Adds the systems: their names, owners, operators, and the levels in force on the day `on`, in the words of every other
    /// page. What a file lists under `assumed` is marked.
    #[must_use]
    pub fn systems(mut self, systems: &[&System], book: &Book, on: Date) -> Self {
        for (blank, key) in [(Known::Owner, "owner"), (Known::Operator, "operator")] {
            let mut names: Vec<Text> = Vec::new();
            for name in systems.iter().filter_map(|system| recipients::words(system, key)) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            self = self.with_all(blank, names);
        }
        for system in systems {
            self = self.with(Known::System, system.name.clone());
        }
        let level = |system: &System| match in_force(book, system, on) {
            InForce::Undetermined => None,
            known => Some(both(&known.words())),
        };
        let levels: Vec<(&System, Option<Text>)> = systems.iter().map(|system| (*system, level(system))).collect();
        match levels.as_slice() {
            [(_, level)] => self.with_all(Known::Level, level.clone()),
            several if several.iter().all(|(_, level)| level.is_none()) => self,
            several => {
                let missing = || both(&message!("policy-no-figure"));
                let line = |(system, level): &(&System, Option<Text>)| {
                    let level = level.clone().unwrap_or_else(missing);
                    duties::both(|lang| format!("{}: {}", system.name.pick(lang), level.pick(lang)))
                };
                self.with_all(Known::Level, several.iter().map(line))
            }
        }
    }

    /// Adds what the duty says: to whom, by when, on what it rests, and its start.
    #[must_use]
    pub fn duty(mut self, row: &Row) -> Self {
        self = self
            .with_all(Known::To, row.to.iter().map(|recipient| recipient.name.clone()))
            .with(Known::Limit, both(&duties::limit(row)))
            .with_all(Known::Citation, row.cites.iter().map(|cited| both(&duties::full_citation(cited))));
        match &row.due {
            Some(due) => self.moment(Known::Due, due),
            None => self,
        }
    }

    /// Adds the classification in force and the moments that the duties were computed from.
    #[must_use]
    pub fn standing(self, duties: &Duties) -> Self {
        let classified = match duties.serious {
            Serious::Yes => message!("policy-serious-yes"),
            Serious::No => message!("policy-serious-no"),
            Serious::Undecided => message!("policy-serious-undecided"),
        };
        self.with(Known::Classification, both(&classified))
    }
}

fn both(message: &Message) -> Text {
    duties::both(|lang: Lang| message.render(lang))
}
