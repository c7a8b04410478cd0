//! Text for people in two languages.

use serde::{Deserialize, Serialize};

/// A language that the program speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Vietnamese, the language when nothing says otherwise.
    #[default]
    Vi,
    /// English.
    En,
}

impl Lang {
    /// Its tag (BCP 47): `vi` or `en`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Vi => "vi",
            Self::En => "en",
        }
    }
}

/// What an author writes for people: one string for both languages, or one for each.
///
/// At least one language is there; a missing one is answered with the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Text {
    /// The same words in every language.
    Same(String),
    /// Words for each language.
    Each {
        /// Vietnamese.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        vi: Option<String>,
        /// English.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        en: Option<String>,
    },
}

impl Text {
    /// The words in `lang`, or in the other language where `lang` has none.
    #[must_use]
    pub fn pick(&self, lang: Lang) -> &str {
        match self {
            Self::Same(text) => text,
            Self::Each { vi, en } => {
                let (first, second) = match lang {
                    Lang::Vi => (vi, en),
                    Lang::En => (en, vi),
                };
                first.as_deref().or(second.as_deref()).unwrap_or_default()
            }
        }
    }

    /// Every string in it, for those who render or lint expressions inside.
    pub fn strings(&self) -> impl Iterator<Item = &str> {
        let (one, two) = match self {
            Self::Same(text) => (Some(text.as_str()), None),
            Self::Each { vi, en } => (vi.as_deref(), en.as_deref()),
        };
        one.into_iter().chain(two)
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::Same(text.to_owned())
    }
}
