//! Text as it is compared: however it was typed, the same thing reads the same, and every letter knows where it stood.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// What a text is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Syntax {
    /// Nothing but itself.
    Plain,
    /// Markdown of ours: a backslash escapes, `&lt;` is one character; in code only the bar is escaped.
    Markdown,
    /// What stands between the tags of our pages, or in the quotes of a tag.
    Markup,
}

/// A text in small letters and one form of every letter (NFKC), tones in one place, each dash and underscore a hyphen, each space
/// one, characters that nobody sees away.
pub(super) struct Folded {
    /// So folded.
    pub(super) text: String,
    /// For every byte of it, where the character stood that it is of.
    places: Vec<(usize, usize)>,
}

impl Folded {
    /// Folds `text`.
    pub(super) fn of(text: &str, syntax: Syntax) -> Self {
        let mut folded = Self { text: String::with_capacity(text.len()), places: Vec::with_capacity(text.len()) };
        let (mut cluster, mut place) = (String::new(), (0, 0));
        for (c, from, to) in (Characters { text, at: 0, syntax, fence: 0 }) {
            if unseen(c) {
                continue;
            }
            if is_combining_mark(c) && !cluster.is_empty() {
                cluster.push(c);
                place.1 = to;
                continue;
            }
            folded.push(&cluster, place);
            cluster.clear();
            cluster.push(c);
            place = (from, to);
        }
        folded.push(&cluster, place);
        folded.settle_tone();
        folded
    }

    /// Where in the text that was folded this part of it stood.
    pub(super) fn origin(&self, part: Range<usize>) -> Range<usize> {
        let from = self.places.get(part.start).map_or(0, |place| place.0);
        let to = part.end.checked_sub(1).and_then(|last| self.places.get(last)).map_or(from, |place| place.1);
        from..to
    }

    fn push(&mut self, cluster: &str, place: (usize, usize)) {
        for c in cluster.nfkc().flat_map(char::to_lowercase) {
            let c = match c {
                '_' | '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
                c if c.is_whitespace() => ' ',
                c => c,
            };
            if c == ' ' && self.text.ends_with(' ') {
                continue;
            }
            if !c.is_alphabetic() {
                self.settle_tone();
            }
            self.text.push(c);
            self.places.resize(self.text.len(), place);
        }
    }

    /// A word that ends here has its tone where the newer of the two ways to write it has it.
    fn settle_tone(&mut self) {
        let Some((older, newer)) = TONES.iter().find(|(older, _)| self.text.ends_with(older)) else { return };
        let (from, to) = (self.text.len() - older.len(), self.text.len());
        let (first, second) = (self.places[from], self.places[to - 1]);
        self.text.replace_range(from.., newer);
        self.places.truncate(from);
        self.places.resize(from + newer.chars().next().map_or(0, char::len_utf8), first);
        self.places.resize(self.text.len(), second);
    }
}

/// Endings of words that are written in two ways, the older one and the newer: a name is the same in both.
const TONES: &[(&str, &str)] = &[
    ("òa", "oà"),
    ("óa", "oá"),
    ("ỏa", "oả"),
    ("õa", "oã"),
    ("ọa", "oạ"),
    ("òe", "oè"),
    ("óe", "oé"),
    ("ỏe", "oẻ"),
    ("õe", "oẽ"),
    ("ọe", "oẹ"),
    ("ùy", "uỳ"),
    ("úy", "uý"),
    ("ủy", "uỷ"),
    ("ũy", "uỹ"),
    ("ụy", "uỵ"),
];

/// Characters without a shape of their own, which part a name for a machine and not for a reader.
fn unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// The characters that a text says, with where each begins and ends.
struct Characters<'a> {
    text: &'a str,
    at: usize,
    syntax: Syntax,
    /// How many backticks ended begins what is code; none outside of code.
    fence: usize,
}

/// How our pages and our Markdown write what would be markup.
const ENTITIES: &[(&str, char)] =
    &[("&lt;", '<'), ("&gt;", '>'), ("&amp;", '&'), ("&quot;", '"'), ("&#39;", '\''), ("&#x2f;", '/')];

impl Iterator for Characters<'_> {
    type Item = (char, usize, usize);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = &self.text[self.at..];
        let first = rest.chars().next()?;
        let from = self.at;
        let (said, length) = match (self.syntax, first) {
            (Syntax::Markdown | Syntax::Markup, '&') if self.fence == 0 => ENTITIES
                .iter()
                .find(|(written, _)| rest.starts_with(written))
                .map_or((first, 1), |(written, said)| (*said, written.len())),
            (Syntax::Markdown, '\\') => match rest[1..].chars().next() {
                Some(next) if next.is_ascii_punctuation() && (self.fence == 0 || next == '|') => (next, 2),
                _ => (first, 1),
            },
            (Syntax::Markdown, '`') => {
                let length = rest.bytes().take_while(|byte| *byte == b'`').count();
                if self.fence == 0 {
                    self.fence = length;
                } else if self.fence == length {
                    self.fence = 0;
                }
                (first, length)
            }
            _ => (first, first.len_utf8()),
        };
        self.at += length;
        Some((said, from, self.at))
    }
}
