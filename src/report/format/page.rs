//! Writing HTML. What is not in the program's text cannot get in unescaped: markup is `&'static str`, the rest is escaped.

use std::fmt::Write as _;

use crate::model::{Lang, misleads};

/// A page in the making.
pub(in crate::report) struct Page {
    html: String,
}

impl Page {
    /// Begins a page that stands alone: nothing is fetched, nothing runs, pictures are inside. Its style is `css` and what
    /// is added until [`Page::body`].
    pub(in crate::report) fn begin(lang: Lang, title: &str, css: &'static str) -> Self {
        let mut page = Self { html: String::new() };
        page.raw("<!DOCTYPE html>\n<html lang=\"").raw(lang.code());
        page.raw("\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n");
        page.raw(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; ",
        );
        page.raw("img-src data:\">\n<title>").text(title).raw("</title>\n<style>\n").raw(css);
        page
    }

    /// Ends the style and begins what is seen.
    pub(in crate::report) fn body(&mut self) -> &mut Self {
        self.raw("</style>\n</head>\n<body>\n")
    }

    /// Markup of ours.
    pub(in crate::report) fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.html.push_str(markup);
        self
    }

    /// Any text, escaped for element content and for quoted attributes alike.
    pub(in crate::report) fn text(&mut self, text: &str) -> &mut Self {
        for character in text.chars() {
            match character {
                '&' => self.html.push_str("&amp;"),
                '<' => self.html.push_str("&lt;"),
                '>' => self.html.push_str("&gt;"),
                '"' => self.html.push_str("&quot;"),
                '\'' => self.html.push_str("&#39;"),
                '\n' | '\t' => self.html.push(character),
                // They have no place in HTML, or could forge a line.
                c if misleads(c) => self.html.push('\u{fffd}'),
                c => self.html.push(c),
            }
        }
        self
    }

    /// Rules of a style, where no word of a person stands outside of a string. What would end the style is replaced.
    pub(in crate::report) fn style(&mut self, css: &str) -> &mut Self {
        self.html.push_str(&css.replace('<', " "));
        self
    }

    /// A number with at most one decimal, for SVG.
    pub(super) fn number(&mut self, number: f64) -> &mut Self {
        let rounded = (number * 10.0).round() / 10.0;
        let finite = if rounded.is_finite() { rounded } else { 0.0 };
        // Writing to a String does not fail.
        let _ = write!(self.html, "{finite}");
        self
    }

    /// `<tag>text</tag>` for a tag of ours, such as `td`.
    pub(in crate::report) fn element(&mut self, tag: &'static str, text: &str) -> &mut Self {
        self.raw("<").raw(tag).raw(">").text(text).raw("</").raw(tag).raw(">")
    }

    /// `<tag class="class">text</tag>`.
    pub(in crate::report) fn classed(&mut self, tag: &'static str, class: &'static str, text: &str) -> &mut Self {
        self.raw("<").raw(tag).raw(" class=\"").raw(class).raw("\">").text(text).raw("</").raw(tag).raw(">")
    }

    /// The page, ended.
    pub(in crate::report) fn finish(mut self) -> String {
        self.raw("</body>\n</html>\n");
        self.html
    }
}
