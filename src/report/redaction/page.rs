//! Pages and Markdown of ours without what is left out.

use super::fold::Syntax;
use super::{Counts, Redactor};
use crate::message::message;

impl Redactor {
    /// The words in place of what was left out.
    pub(super) fn gone(&self) -> String {
        message!("redaction-gone").render(self.lang)
    }

    /// One of our own pages, which holds together as XML does: what stands between its tags and in their quotes is cleaned, styles
    /// stay. The note stands behind the first heading.
    #[must_use]
    pub fn page(&self, page: &str) -> String {
        let mut counts = Counts::default();
        let mut cleaned = String::with_capacity(page.len());
        let mut rest = page;
        let mut style = false;
        while let Some(open) = rest.find('<') {
            let (text, tag) = rest.split_at(open);
            cleaned.push_str(&if style { text.to_owned() } else { self.markup(text, &mut counts) });
            let end = end_of_tag(tag);
            let (tag, behind) = tag.split_at(end);
            style = tag.starts_with("<style") || (style && !tag.starts_with("</style"));
            cleaned.push_str(&self.tag(tag, &mut counts));
            rest = behind;
        }
        cleaned.push_str(rest);
        let note = format!("</h1><p>{}</p>", escaped(&self.note(&counts)));
        cleaned.replacen("</h1>", &note, 1)
    }

    /// Markdown of ours, with the note at its end. It is read as it says, not as it is escaped.
    #[must_use]
    pub fn markdown(&self, text: &str) -> String {
        let mut counts = Counts::default();
        let cleaned = self.written(text, Syntax::Markdown, &mut counts);
        format!("{}\n\n*{}*\n", cleaned.trim_end(), self.note(&counts))
    }

    /// Text as it stands in markup.
    fn markup(&self, text: &str, counts: &mut Counts) -> String {
        self.written(text, Syntax::Markup, counts)
    }

    /// A tag whose quoted values are cleaned, but for those that are drawn or laid out by.
    fn tag(&self, tag: &str, counts: &mut Counts) -> String {
        let mut cleaned = String::with_capacity(tag.len());
        for (index, part) in tag.split('"').enumerate() {
            if index > 0 {
                cleaned.push('"');
            }
            let name = cleaned.trim_end_matches("=\"").rsplit(char::is_whitespace).next().unwrap_or_default();
            let told = matches!(name, "alt" | "title" | "aria-label" | "href");
            cleaned.push_str(&if index % 2 == 1 && told { self.markup(part, counts) } else { part.to_owned() });
        }
        cleaned
    }
}

/// Where a tag ends: behind the first `>` that is not quoted.
fn end_of_tag(tag: &str) -> usize {
    let mut quoted = false;
    for (at, c) in tag.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '>' if !quoted => return at + 1,
            _ => {}
        }
    }
    tag.len()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
