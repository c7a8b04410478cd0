//! Small closed sets of words that records and playbooks share.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)+ })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant,)+ }

        impl $name {
            /// Every word with its value, in the order in which documents list them.
            pub const WORDS: &'static [(&'static str, Self)] = &[$(($word, Self::$variant),)+];

            /// The word in files and records.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The value of a word, if it is one.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    )+};
}

words! {
    /// What became of a step. Undo is kept apart: [`UndoOutcome`].
    Outcome {
        /// It did what it was for.
        Done = "done",
        /// It was carried out and did not do what it was for.
        Failed = "failed",
        /// It was never begun; the reason is kept.
        Skipped = "skipped",
        /// It began, and nobody can say how it ended.
        Unknown = "unknown",
        /// It was ended by force.
        Abandoned = "abandoned",
    }

    /// What became of a step's undo.
    UndoOutcome {
        /// Nothing was undone.
        None = "none",
        /// It was undone.
        Done = "done",
        /// Undoing was tried and failed.
        Failed = "failed",
    }

    /// The technical result of a run. The conclusion is the chair's, in a record of its own.
    RunResult {
        /// Every step in force is done or skipped.
        Passed = "passed",
        /// A step failed or is unknown.
        Failed = "failed",
        /// People stopped it.
        Stopped = "stopped",
    }

    /// How a run is carried out; `--lab` runs are `technical`.
    Mode {
        /// Around a table: nothing runs.
        Tabletop = "tabletop",
        /// On the lab or on declared drill targets.
        Technical = "technical",
        /// On real systems (Directive 60/CT-BTTTT).
        Live = "live",
        /// A real incident.
        Respond = "respond",
    }

    /// Where a recorded fact comes from.
    Basis {
        /// This machine saw it.
        Machine = "machine",
        /// A person said it at a console.
        Console = "console",
        /// A person was told.
        Told = "told",
        /// A paper log.
        Paper = "paper",
        /// Somebody's memory.
        Memory = "memory",
    }

    /// What a command may do to the machine.
    Effect {
        /// Only looks.
        Observe = "observe",
        /// Changes something that can be changed back.
        Change = "change",
        /// May interrupt a service or lose data.
        Destructive = "destructive",
    }

    /// Phases of the response (Circular 20/2017/TT-BTTTT, Article 11).
    Phase {
        /// Article 11.1: receive, analyse, first response.
        Receive = "receive",
        /// Article 11.2: contain.
        Contain = "contain",
        /// Article 11.3: remove and recover.
        Recover = "recover",
        /// Article 11.4: review.
        Review = "review",
    }

    /// Moments that clocks and duties hang on.
    Mark {
        /// The incident was detected (T0).
        Detected = "detected",
        /// It was declared.
        Declared = "declared",
        /// It spreads no further.
        Contained = "contained",
        /// Service is back.
        Restored = "restored",
        /// It is over.
        Closed = "closed",
    }
}
