//! What the words of an inventory file are called when people read them.

use std::sync::LazyLock;

use super::Environment;
use super::dossier::{AssessmentKind, ControlState, Measures, RulesId, State, Status};
use super::facts::{Class, Grade, Harm, Information, Online, Scope};
use crate::message::{Lang, Message, message};

/// Words as files have them, each with what people of one language call it.
pub type Labels = Vec<(&'static str, String)>;

/// A word of the files that has a name for people.
pub trait Said: Copy + 'static {
    /// What people call it.
    fn said(self) -> Message;

    /// Every word as files have it, and as people of `lang` call it.
    fn labels(lang: Lang) -> &'static Labels;
}

fn labels<T: Said>(words: &[(&'static str, T)], lang: Lang) -> Labels {
    words.iter().map(|(word, value)| (*word, value.said().render(lang))).collect()
}

macro_rules! said {
    ($($name:ident { $($variant:ident = $id:literal,)+ })+) => {$(
        impl Said for $name {
            fn said(self) -> Message {
                match self { $(Self::$variant => message!($id),)+ }
            }

            fn labels(lang: Lang) -> &'static Labels {
                // Tables of thousands of rows ask for them in every cell.
                static VI: LazyLock<Labels> = LazyLock::new(|| labels($name::WORDS, Lang::Vi));
                static EN: LazyLock<Labels> = LazyLock::new(|| labels($name::WORDS, Lang::En));
                match lang {
                    Lang::Vi => &VI,
                    Lang::En => &EN,
                }
            }
        }
    )+};
}

said! {
    Class {
        Internal = "systems-class-internal",
        PublicService = "systems-class-public-service",
        Infrastructure = "systems-class-infrastructure",
        Ics = "systems-class-ics",
        Other = "systems-class-other",
    }
    Information {
        Public = "systems-information-public",
        Private = "systems-information-private",
        Personal = "systems-information-personal",
        StateSecret = "systems-information-state-secret",
    }
    Online {
        None = "systems-online-none",
        InfoOnly = "systems-online-info-only",
        Partial = "systems-online-partial",
        Full = "systems-online-full",
    }
    Scope {
        OneAgency = "systems-scope-one-agency",
        Sector = "systems-scope-sector",
        Province = "systems-scope-province",
        SeveralProvinces = "systems-scope-several-provinces",
        National = "systems-scope-national",
        International = "systems-scope-international",
    }
    Harm {
        None = "systems-harm-none",
        Harm = "systems-harm-harm",
        Serious = "systems-harm-serious",
        VerySerious = "systems-harm-very-serious",
    }
    Grade {
        None = "systems-grade-none",
        Iv = "systems-grade-iv",
        Iii = "systems-grade-iii",
        Ii = "systems-grade-ii",
        I = "systems-grade-i",
        Special = "systems-grade-special",
    }
    State {
        Building = "systems-state-building",
        Operating = "systems-state-operating",
    }
    Environment {
        Production = "systems-environment-production",
        DrillTarget = "systems-environment-drill-target",
        Lab = "systems-environment-lab",
    }
    Status {
        Draft = "systems-status-draft",
        Submitted = "systems-status-submitted",
        Appraised = "systems-status-appraised",
        Approved = "systems-status-approved",
    }
    Measures {
        None = "systems-measures-none",
        Partial = "systems-measures-partial",
        Full = "systems-measures-full",
    }
    RulesId {
        Nd85 = "systems-rules-nd85",
        Nd331 = "systems-rules-nd331",
    }
    ControlState {
        InPlace = "systems-control-in-place",
        Partial = "systems-control-partial",
        Planned = "systems-control-planned",
        Absent = "systems-control-absent",
    }
    AssessmentKind {
        BeforeUse = "systems-assessment-before-use",
        Periodic = "systems-assessment-periodic",
    }
}
