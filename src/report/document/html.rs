//! The document as a page that prints on its paper: one file with nothing from outside.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::metrics::{longest_line, width};
use super::model::{has_code, long_code};
use super::number::{Headings, letter};
use super::{
    Align, Annex, Block, Closing, Document, Head, Inline, Marker, Picture, SIGNING_ROOM, Signature, Spans, Table,
    annex_name, breaks, day_in_words, heights, qr,
};
use crate::message::message;
use crate::policy::layouts::Line;
use crate::report::format::page::Page;

/// The document as one HTML page: style and pictures inside, no script, nothing fetched. The same document gives the same page.
#[must_use]
pub fn html(document: &Document) -> String {
    let page = Page::begin(document.lang, &document.title, include_str!("document.css"));
    let mut writer = Writer { page, document, headings: Headings::default() };
    writer.start();
    if let Some(head) = &document.head {
        writer.head(head);
    }
    writer.blocks(&document.blocks);
    for (annex, number) in document.annexes.iter().zip(1..) {
        writer.annex(annex, number);
    }
    writer.page.finish()
}

struct Writer<'a> {
    page: Page,
    document: &'a Document,
    headings: Headings,
}

impl Writer<'_> {
    fn start(&mut self) {
        self.measures();
        if let Some(identity) = &self.document.identity {
            self.page.raw("</style>\n<meta name=\"dcterms.identifier\" content=\"").text(&identity.to_string());
            self.page.raw("\">\n<style>\n");
        }
        self.page.body();
        for stamp in &self.document.stamps {
            self.page.classed("p", "stamp screen", stamp);
        }
    }

    /// The measures of the layout, as rules of the style.
    fn measures(&mut self) {
        let layout = &self.document.layout;
        let (paper, sizes, body) = (layout.page, layout.sizes, layout.body);
        // Only a typeface's name and texts of ours stand here; a quote would end the string.
        let plain = |text: &str| text.replace(['"', '\\', '<', '\n'], " ");
        let stamps: Vec<String> = self.document.stamps.iter().map(|stamp| plain(stamp)).collect();
        let stamps = stamps.join("\\a ");
        let numbered = if stamps.is_empty() { String::new() } else { format!(" \"\\a {stamps}\"") };
        let first = if stamps.is_empty() { "none".to_owned() } else { format!("\"{stamps}\"") };
        let line = match body.line {
            Line::Percent(percent) => format!("{}%", u32::from(percent) * 115 / 100),
            Line::Exact(points) => format!("{points}pt"),
        };
        let (width, height) = (paper.width, paper.height);
        let margins = format!("{}mm {}mm {}mm {}mm", paper.top, paper.right, paper.bottom, paper.left);
        let mut css = format!(
            "@page {{ size: {width}mm {height}mm; margin: {margins}; @top-center {{ content: counter(page){numbered}; \
             white-space: pre; font: {}pt serif; }} }}\n@page :first {{ @top-center {{ content: {first}; }} }}\n\
             @page wide {{ size: {height}mm {width}mm; }}\n",
            sizes.page_number
        );
        css.push_str(&format!(
            "body {{ font-family: \"{}\", \"Liberation Serif\", \"Tinos\", serif; font-size: {}pt; max-width: {}mm; \
             line-height: {line}; }}\n",
            plain(&layout.font),
            sizes.body,
            width - paper.left - paper.right
        ));
        css.push_str(&format!(
            ".text {{ text-indent: {}mm; margin-top: {}pt; }}\n.room {{ height: {SIGNING_ROOM}mm; }}\n",
            body.first_line, body.before
        ));
        for (class, size) in [
            ("heading", sizes.heading),
            ("motto", sizes.motto),
            ("parent", sizes.parent),
            ("issuer", sizes.issuer),
            ("number", sizes.number),
            ("place", sizes.place),
            ("about", sizes.about),
            ("kind", sizes.kind),
            ("subject", sizes.subject),
            ("signature", sizes.signature),
            ("recipients-title", sizes.recipients_title),
            ("recipients", sizes.recipients),
            ("annex-name", sizes.annex),
            ("grid", sizes.table),
            ("beside", sizes.table),
        ] {
            css.push_str(&format!(".{class} {{ font-size: {size}pt; }}\n"));
        }
        if layout.rules.position_bold {
            css.push_str(".position { font-weight: bold; }\n");
        }
        if layout.rules.basis_italic {
            css.push_str(".basis { font-style: italic; }\n");
        }
        css.push_str(if layout.rules.recipients_underlined {
            ".recipients-title { text-decoration: underline; }\n"
        } else {
            ".recipients-title { font-weight: bold; font-style: italic; }\n"
        });
        self.page.style(&css);
    }

    /// A line of this width in hundredths of a millimetre.
    fn rule(&mut self, hundredths: u32) {
        let width = format!("{}.{:02}mm", hundredths / 100, hundredths % 100);
        self.page.raw("<div class=\"rule\" style=\"width: ").text(&width).raw("\"></div>");
    }

    fn head(&mut self, head: &Head) {
        let (layout, lang) = (&self.document.layout, self.document.lang);
        let (sizes, words) = (layout.sizes, &layout.words);
        self.page.raw("<table class=\"head\"><tr><td class=\"left\">");
        if let Some(parent) = &head.parent {
            self.page.classed("p", "parent", &parent.to_uppercase());
        }
        let name = head.issuer.to_uppercase();
        self.page.classed("p", "issuer", &name);
        match &words.star {
            Some(star) => {
                self.page.classed("p", "number", star);
            }
            None => self.rule(longest_line(&name, sizes.issuer, true, 6_700) * 2 / 5),
        }
        self.page.classed("p", "number", &head.number);
        if let Some(about) = &head.about {
            self.page.classed("p", "about", about);
        }
        self.page.raw("</td><td class=\"right\">").classed("p", "heading", &words.heading);
        let (last, size) = match &words.motto {
            Some(motto) => {
                self.page.classed("p", "motto", motto);
                (motto, sizes.motto)
            }
            None => (&words.heading, sizes.heading),
        };
        self.rule(width(last, size, true));
        if let Some(place) = &head.place {
            let name = place.name.clone().unwrap_or_else(|| "…".to_owned());
            let day = day_in_words(place.day, lang);
            self.page.classed("p", "place", &message!("document-place-day", place = name, day = day).render(lang));
        }
        self.page.raw("</td></tr></table>\n");
        if !head.kind.is_empty() {
            self.page.classed("h1", "kind", &head.kind.to_uppercase());
            self.page.classed("p", "subject", &head.subject);
            if let Some(mark) = &words.subject_mark {
                self.page.classed("p", "subject", mark);
            } else {
                let room = u32::from(layout.page.width - layout.page.left - layout.page.right) * 100;
                let above = if head.subject.is_empty() { &head.kind } else { &head.subject };
                self.rule(longest_line(above, sizes.subject, true, room) * 2 / 5);
            }
        }
        match head.to.as_slice() {
            [] => {}
            [one] => {
                self.page.classed("p", "to", &format!("{} {one}", words.to));
            }
            several => {
                self.page.raw("<div class=\"to-list\">").element("p", &words.to);
                for name in several {
                    self.page.element("p", &format!("- {name};"));
                }
                self.page.raw("</div>");
            }
        }
        self.page.raw("\n");
    }

    fn blocks(&mut self, blocks: &[Block]) {
        let layout = &self.document.layout;
        for block in blocks {
            match block {
                Block::Basis(lines) => {
                    for (line, number) in lines.iter().zip(1..) {
                        let dash = if layout.rules.basis_dash { "- " } else { "" };
                        let end = if number == lines.len() && !layout.rules.basis_dash { "." } else { ";" };
                        self.page.classed("p", "text basis", &format!("{dash}{line}{end}"));
                    }
                }
                Block::Heading(level, text) => {
                    let number = self.headings.next(layout, *level);
                    let caps = *level <= 1 && layout.rules.caps_level_1;
                    let text = if caps { text.to_uppercase() } else { text.clone() };
                    let class = if *level <= 2 { "text strong" } else { "text" };
                    self.page.classed("p", class, &format!("{number}{text}"));
                }
                Block::Paragraph(text) => self.paragraph("<p class=\"text\">", "", text),
                Block::Centred(text) => self.paragraph("<p class=\"centred\">", "", text),
                Block::List(marker, items) => {
                    for (item, number) in items.iter().zip(1..) {
                        let before = match marker {
                            Marker::Dash => "- ".to_owned(),
                            Marker::Number => format!("{number}. "),
                            Marker::Letter => format!("{}) ", letter(number)),
                        };
                        self.paragraph("<p class=\"text\">", &before, item);
                    }
                }
                Block::Table(table) => self.table(table, 0),
                Block::Grouped(table, columns) => self.table(table, *columns),
                Block::Picture(picture) => self.picture(picture),
                Block::Closing(closing) => self.closing(closing),
                Block::NewPage => {
                    self.page.raw("<div class=\"new-page\"></div>");
                }
            }
            self.page.raw("\n");
        }
    }

    fn paragraph(&mut self, open: &'static str, before: &str, text: &Spans) {
        let open = if open == "<p class=\"text\">" && has_code(text) { "<p class=\"text from-left\">" } else { open };
        self.page.raw(open).text(before);
        self.spans(text);
        self.page.raw("</p>");
    }

    fn spans(&mut self, spans: &Spans) {
        for span in spans {
            match span {
                Inline::Words { text, bold, italic } => {
                    let (open, close) = match (bold, italic) {
                        (true, true) => ("<b><i>", "</i></b>"),
                        (true, false) => ("<b>", "</b>"),
                        (false, true) => ("<i>", "</i>"),
                        (false, false) => ("", ""),
                    };
                    self.page.raw(open).text(text).raw(close);
                }
                Inline::Code(text) => {
                    let open = if long_code(text) { "<code class=\"long\">" } else { "<code>" };
                    self.page.raw(open).text(text).raw("</code>");
                }
                Inline::Mark(number) => {
                    self.page.element("sup", &number.to_string());
                }
                Inline::Break => {
                    self.page.raw("<br>");
                }
            }
        }
    }

    /// A table, of which so many columns go on downwards where a row has no paragraph there.
    fn table(&mut self, table: &Table, grouped: usize) {
        if let Some(caption) = &table.caption {
            self.page.classed("p", "caption", caption);
        }
        self.page.raw("<table class=\"grid\"><colgroup>");
        let page = self.document.layout.page;
        let room = u32::from(page.width - page.left - page.right) * 100;
        for width in table.widths(room, self.document.layout.sizes.table) {
            let hundredths = width * 10_000 / room.max(1);
            let share = format!("{}.{:02}%", hundredths / 100, hundredths % 100);
            self.page.raw("<col style=\"width: ").text(&share).raw("\">");
        }
        self.page.raw("</colgroup><thead><tr>");
        for column in &table.columns {
            self.page.element("th", &column.title);
        }
        self.page.raw("</tr>");
        if table.numbered {
            self.page.raw("<tr class=\"numbers\">");
            for number in table.numbers() {
                self.page.element("td", &number);
            }
            self.page.raw("</tr>");
        }
        self.page.raw("</thead><tbody>");
        for (at, row) in table.rows.iter().enumerate() {
            let heights = heights(&table.rows, at, grouped);
            self.page.raw(if breaks(row) { "<tr class=\"long\">" } else { "<tr>" });
            for (index, (column, cell)) in table.columns.iter().zip(row).enumerate() {
                let height = heights.get(index).copied().unwrap_or(1);
                if height == 0 {
                    continue;
                }
                self.page.raw(match column.align {
                    Align::Left => "<td",
                    Align::Centre => "<td class=\"centre\"",
                    Align::Right => "<td class=\"right\"",
                    Align::Both => "<td class=\"both\"",
                });
                let left = table.columns.len() - index;
                if index + 1 == row.len() && left > 1 {
                    self.page.raw(" colspan=\"").text(&left.to_string()).raw("\"");
                }
                if height > 1 {
                    self.page.raw(" rowspan=\"").text(&height.to_string()).raw("\"");
                }
                self.page.raw(">");
                for text in cell {
                    self.paragraph("<p>", "", text);
                }
                self.page.raw("</td>");
            }
            self.page.raw("</tr>");
        }
        self.page.raw("</tbody></table>");
    }

    fn picture(&mut self, picture: &Picture) {
        match picture {
            Picture::Png { bytes, width, height, alt } => {
                let size = format!("width: {width}mm; height: {height}mm");
                self.page.raw("<p class=\"centred\"><img alt=\"").text(alt).raw("\" style=\"").text(&size);
                self.page.raw("\" src=\"data:image/png;base64,").text(&STANDARD.encode(bytes)).raw("\"></p>");
            }
            Picture::Qr { text, side, beside } => {
                self.page.raw("<div class=\"code\">");
                if let Some(cells) = qr::cells(text) {
                    let size = format!("width: {side}mm; height: {side}mm");
                    let view = format!("0 0 {0} {0}", cells.side);
                    self.page.raw("<svg role=\"img\" shape-rendering=\"crispEdges\" style=\"").text(&size);
                    self.page.raw("\" viewBox=\"").text(&view).raw("\"><title>").text(text).raw("</title><path d=\"");
                    let mut path = String::new();
                    for y in 0..cells.side {
                        for x in (0..cells.side).filter(|x| cells.dark(*x, y)) {
                            path.push_str(&format!("M{x} {y}h1v1h-1z"));
                        }
                    }
                    self.page.text(&path).raw("\"/></svg>");
                }
                self.page.raw("<div class=\"beside\">");
                for text in beside {
                    self.paragraph("<p>", "", text);
                }
                self.page.raw("</div></div>");
            }
        }
    }

    fn closing(&mut self, closing: &Closing) {
        self.page.raw("<table class=\"closing\"><tr><td>");
        match &closing.left {
            Some(left) => self.signature(left),
            None => self.recipients(closing),
        }
        self.page.raw("</td><td>");
        if let Some(right) = &closing.right {
            self.signature(right);
        }
        self.page.raw("</td></tr></table>");
        if closing.left.is_some() {
            self.recipients(closing);
        }
    }

    fn signature(&mut self, signature: &Signature) {
        self.page.raw("<div class=\"signature\">");
        if let Some(authority) = &signature.authority {
            self.page.classed("p", "strong", authority);
        }
        self.page.classed("p", "position", &signature.position.to_uppercase()).raw("<div class=\"room\"></div>");
        match &signature.name {
            Some(name) => self.page.classed("p", "strong", name),
            None => self.page.element("p", "…………………………"),
        };
        self.page.raw("</div>");
    }

    fn recipients(&mut self, closing: &Closing) {
        if closing.recipients.is_empty() {
            return;
        }
        let words = &self.document.layout.words;
        self.page.classed("p", "recipients-title", &words.recipients);
        for name in &closing.recipients {
            self.page.classed("p", "recipients", &format!("- {name}{}", words.item_end));
        }
        self.page.classed("p", "recipients", &words.filing);
    }

    fn annex(&mut self, annex: &Annex, number: usize) {
        self.headings = Headings::default();
        self.page.raw(if annex.landscape { "<section class=\"annex wide\">" } else { "<section class=\"annex\">" });
        let name = annex_name(self.document, number);
        if !name.is_empty() {
            self.page.classed("p", "annex-name strong centred", &name);
        }
        self.page.classed("p", "annex-name strong centred", &annex.title.to_uppercase());
        if let Some(text) = &annex.attached_to {
            self.page.raw("<p class=\"annex-name centred\"><i>").text(text).raw("</i></p>");
        }
        self.blocks(&annex.blocks);
        self.page.raw("</section>\n");
    }
}
