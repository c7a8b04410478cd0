//! Text for people in two languages.

use std::borrow::Cow;

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

/// Whether `c` shows something else than what was written, or cannot stand in a file: controls but for the line's end and the tab,
/// what turns the direction of writing (Unicode Standard Annex #9), what parts lines unseen, what is no character at all.
#[must_use]
pub fn misleads(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || matches!(c, '\u{fdd0}'..='\u{fdef}')
        || u32::from(c) & 0xfffe == 0xfffe
}

/// A text of anybody's as people can be shown it, on a terminal and in every document: what [`misleads`] is replaced by U+FFFD.
#[must_use]
pub fn legible(text: &str) -> Cow<'_, str> {
    if text.contains(misleads) { Cow::Owned(text.replace(misleads, "\u{fffd}")) } else { Cow::Borrowed(text) }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::Same(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_forge_a_line_is_replaced_and_words_stay() {
        for (text, expected) in [
            ("Nguyễn Thị Lan\n\t– 10 %", "Nguyễn Thị Lan\n\t– 10 %"),
            ("a\u{1b}[31mb\u{1}\r\u{9b}c", "a\u{fffd}[31mb\u{fffd}\u{fffd}\u{fffd}c"),
            ("a\u{202e}gnp\u{2066}\u{200f}", "a\u{fffd}gnp\u{fffd}\u{fffd}"),
            ("\u{fffe}\u{ffff}\u{1fffe}\u{fdd0}\u{2028}", "\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}"),
            ("👩\u{200d}💻 \u{e000}", "👩\u{200d}💻 \u{e000}"),
        ] {
            assert_eq!(legible(text), expected);
        }
    }
}
