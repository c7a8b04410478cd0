//! Fills the blanks of a notice.

use serde::Serialize;

use super::{Blank, Facts, Line, Page, Piece, Template};
use crate::message::{Message, message};
use crate::model::{Lang, Text};
use crate::policy::duties;

/// A notice with its blanks filled.
#[derive(Clone, Debug, PartialEq)]
pub struct Filled {
    /// The pages. In a drill each begins and ends with the banner.
    pub pages: Vec<String>,
    /// What nothing was known of, in the order of the text, each once.
    pub missing: Vec<Missing>,
}

/// A blank that nothing was known of.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Missing {
    /// Its name in the file.
    pub blank: String,
    /// What it stands for.
    pub title: Text,
    /// Whether only a person can know it.
    pub asked: bool,
}

impl Filled {
    /// The pages one after the other, an empty line between.
    #[must_use]
    pub fn text(&self) -> String {
        self.pages.join("\n\n")
    }
}

/// The text of `template` in `lang`, its blanks filled with `facts`; "(chưa có số liệu)" where nothing is known.
///
/// A blank that has a line to itself, or a line after `- `, gives one line a value, several with `- `; inside a line several
/// values are joined.
/// Values are set in as they are: what looks like a blank in one is not filled again, and no value breaks a line.
#[must_use]
pub fn fill(template: &Template, facts: &Facts, lang: Lang) -> Filled {
    let mut missing: Vec<Blank> = Vec::new();
    let pages = template.pages.iter().map(|page| {
        let lines: Vec<String> = lines(page, lang).iter().map(|line| one(line, facts, lang, &mut missing)).collect();
        let body = lines.join("\n");
        let body = body.trim_matches('\n');
        if facts.drill {
            let banner = duties::banner().render(lang);
            format!("{banner}\n\n{body}\n\n{banner}")
        } else {
            body.to_owned()
        }
    });
    let pages = pages.collect();
    let missing = missing.into_iter().map(|blank| describe(&blank, template)).collect();
    Filled { pages, missing }
}

fn lines(page: &Page, lang: Lang) -> &[Line] {
    let (first, second) = match lang {
        Lang::Vi => (&page.vi, &page.en),
        Lang::En => (&page.en, &page.vi),
    };
    first.as_ref().or(second.as_ref()).map(Vec::as_slice).unwrap_or_default()
}

fn one(line: &Line, facts: &Facts, lang: Lang, missing: &mut Vec<Blank>) -> String {
    let mut values = |blank: &Blank| -> Vec<String> {
        let found = match blank {
            Blank::Known(known) => facts.known.get(known),
            Blank::Asked(id) => facts.told.get(id),
        };
        let values: Vec<String> =
            found.into_iter().flatten().map(|text| plain(text.pick(lang))).filter(|value| !value.is_empty()).collect();
        if values.is_empty() {
            if !missing.contains(blank) {
                missing.push(blank.clone());
            }
            return vec![message!("policy-no-figure").render(lang)];
        }
        values
    };
    let (before, blank) = match line.as_slice() {
        [Piece::Blank(blank)] => ("", Some(blank)),
        [Piece::Words(before), Piece::Blank(blank)] if before.trim() == "-" => (before.as_str(), Some(blank)),
        _ => ("", None),
    };
    if let Some(blank) = blank {
        let values = values(blank);
        let before = if values.len() > 1 && before.is_empty() { "- " } else { before };
        let lines: Vec<String> = values.into_iter().map(|value| format!("{before}{value}")).collect();
        return lines.join("\n");
    }
    let mut text = String::new();
    for (at, piece) in line.iter().enumerate() {
        match piece {
            Piece::Words(words) => text.push_str(words),
            Piece::Blank(blank) => {
                let value = values(blank).join("; ");
                let closed = matches!(line.get(at + 1), Some(Piece::Words(words)) if words.starts_with(')'));
                // What is missing says so in brackets: it needs none of the line.
                let bare = value.strip_prefix('(').and_then(|value| value.strip_suffix(')'));
                text.push_str(bare.filter(|_| closed && text.ends_with('(')).unwrap_or(&value));
            }
        }
    }
    text
}

/// `value` on one line, without control characters: what people typed can neither break a page nor drive a terminal.
fn plain(value: &str) -> String {
    let spaced: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn describe(blank: &Blank, template: &Template) -> Missing {
    let title = match blank {
        Blank::Known(known) => {
            let title: Message = known.title();
            duties::both(|lang| title.render(lang))
        }
        Blank::Asked(id) => template.ask.get(id).cloned().unwrap_or_else(|| Text::from(id.as_str())),
    };
    Missing { blank: blank.name().to_owned(), title, asked: matches!(blank, Blank::Asked(_)) }
}
