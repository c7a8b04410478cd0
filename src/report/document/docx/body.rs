//! The text: from blocks to paragraphs and tables.

use super::parts::spans;
use super::xml::{Face, Shape, escape, fine_twips, paragraph, plain_table, run, twips};
use crate::policy::layouts::{Layout, Line, Paper};
use crate::report::document::model::has_code;
use crate::report::document::number::{Headings, letter};
use crate::report::document::{
    Align, Annex, Block, Document, Inline, Marker, Picture, Spans, Table, annex_name, breaks, heights, qr,
};

/// Whether a block before `rest` stays with it: the signatures never stand alone on a page, so the closing sentence and what is
/// before it go with them.
fn holds_the_end(rest: &[Block]) -> bool {
    let sentence = |block: &Block| matches!(block, Block::Paragraph(_) | Block::List(..));
    match rest {
        [Block::Closing(_), ..] => true,
        [first, Block::Closing(_), ..] => sentence(first),
        _ => false,
    }
}

/// Whether a paragraph is no more than a label of what follows: it stays with that.
fn is_label(block: &Block) -> bool {
    let label = |span: &Inline| matches!(span, Inline::Words { text, bold: true, .. } if text.ends_with(':'));
    matches!(block, Block::Paragraph(spans) if spans.len() == 1 && spans.iter().all(label))
}

/// The text in the making.
pub(super) struct Body<'a> {
    pub(super) document: &'a Document,
    pub(super) layout: &'a Layout,
    /// What is written.
    pub(super) xml: String,
    /// The pictures, in order.
    pub(super) images: Vec<Vec<u8>>,
    /// The width between the margins, in millimetres.
    pub(super) room: u16,
    headings: Headings,
    /// Whether the end of the block in hand stays on one page with what follows.
    keep: bool,
}

impl<'a> Body<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        let page = document.layout.page;
        Self {
            document,
            layout: &document.layout,
            xml: String::new(),
            images: Vec::new(),
            room: page.width.saturating_sub(page.left + page.right),
            headings: Headings::default(),
            keep: false,
        }
    }

    pub(super) fn whole(&mut self) {
        let document = self.document;
        if let Some(head) = &document.head {
            self.head(head);
        }
        self.blocks(&document.blocks);
        let mut section = self.section(false);
        for (annex, number) in document.annexes.iter().zip(1..) {
            // A document that is all annexes has no page before the first one.
            if number > 1 || !self.xml.is_empty() {
                // A section ends in a paragraph of its own, which takes no room.
                let shape = Shape { line: Some((20, "exact")), ..Shape::default() };
                self.xml.push_str(&format!("<w:p>{}</w:p>", shape.properties(&section)));
            }
            section = self.annex(annex, number);
        }
        self.xml.push_str(&section);
    }

    /// Writes an annex; gives what its section is to end with.
    fn annex(&mut self, annex: &Annex, number: usize) -> String {
        let page = self.turned(annex.landscape);
        self.room = page.width.saturating_sub(page.left + page.right);
        self.headings = Headings::default();
        let size = self.layout.sizes.annex;
        let name = annex_name(self.document, number);
        let line = |text: &str, face: Face| paragraph(&Shape::centred().keep(), &run(text, face));
        let mut xml = if name.is_empty() { String::new() } else { line(&name, Face::of(size).bold()) };
        xml.push_str(&line(&annex.title.to_uppercase(), Face::of(size).bold()));
        if let Some(text) = &annex.attached_to {
            xml.push_str(&line(text, Face::of(size).italic()));
        }
        self.xml.push_str(&xml);
        self.blocks(&annex.blocks);
        self.section(annex.landscape)
    }

    fn turned(&self, landscape: bool) -> Paper {
        let page = self.layout.page;
        if landscape { Paper { width: page.height, height: page.width, ..page } } else { page }
    }

    /// Paper, margins and headers; pages count from 1, and the first one shows no number.
    fn section(&self, landscape: bool) -> String {
        let page = self.turned(landscape);
        let orient = if landscape { " w:orient=\"landscape\"" } else { "" };
        let header = if self.document.stamps.is_empty() { twips(8) } else { twips(5) };
        format!(
            "<w:sectPr><w:headerReference w:type=\"default\" r:id=\"rIdHeader\"/><w:headerReference w:type=\"first\" \
             r:id=\"rIdFirst\"/><w:type w:val=\"nextPage\"/><w:pgSz w:w=\"{}\" w:h=\"{}\"{orient}/><w:pgMar w:top=\"{}\" \
             w:right=\"{}\" w:bottom=\"{}\" w:left=\"{}\" w:header=\"{header}\" w:footer=\"{}\" w:gutter=\"0\"/>\
             <w:pgNumType w:start=\"1\"/><w:titlePg/></w:sectPr>",
            twips(page.width),
            twips(page.height),
            twips(page.top),
            twips(page.right),
            twips(page.bottom),
            twips(page.left),
            twips(8)
        )
    }

    fn blocks(&mut self, blocks: &[Block]) {
        let mut new_page = false;
        for (index, block) in blocks.iter().enumerate() {
            self.keep = holds_the_end(&blocks[index + 1..]) || is_label(block);
            if matches!(block, Block::NewPage) {
                new_page = true;
                continue;
            }
            if std::mem::take(&mut new_page) {
                let shape = Shape { new_page: true, line: Some((20, "exact")), ..Shape::default() };
                self.xml.push_str(&paragraph(&shape, ""));
            }
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Basis(lines) => self.basis(lines),
            Block::Heading(level, text) => self.heading(*level, text),
            Block::Paragraph(text) => {
                let shape = Shape { first: twips(self.layout.body.first_line), keep: self.keep, ..self.shape() };
                self.paragraph(&shape, text, Face::of(self.layout.sizes.body));
            }
            Block::Centred(text) => {
                let shape = Shape { align: Some(Align::Centre), keep: self.keep, ..self.shape() };
                self.paragraph(&shape, text, Face::of(self.layout.sizes.body));
            }
            Block::List(marker, items) => {
                for (item, number) in items.iter().zip(1_usize..) {
                    let before = match marker {
                        Marker::Dash => "- ".to_owned(),
                        Marker::Number => format!("{number}. "),
                        Marker::Letter => format!("{}) ", letter(number)),
                    };
                    let face = Face::of(self.layout.sizes.body);
                    let text = run(&before, face) + &spans(item, face);
                    let keep = self.keep && number == items.len();
                    let align = Some(if has_code(item) { Align::Left } else { Align::Both });
                    let first = twips(self.layout.body.first_line);
                    let shape = Shape { align, first, keep, ..self.shape() };
                    self.xml.push_str(&paragraph(&shape, &text));
                }
            }
            Block::Table(table) => self.table(table, 0),
            Block::Grouped(table, columns) => self.table(table, *columns),
            Block::Picture(picture) => self.picture(picture),
            Block::Closing(closing) => self.closing(closing),
            Block::NewPage => {}
        }
    }

    fn paragraph(&mut self, shape: &Shape, text: &Spans, face: Face) {
        let from_left = Shape { align: Some(Align::Left), ..shape.clone() };
        let shape = if has_code(text) && shape.align == Some(Align::Both) { &from_left } else { shape };
        let runs = spans(text, face);
        self.xml.push_str(&paragraph(shape, &runs));
    }

    /// A paragraph of the text by the layout, without its first line's indent.
    fn shape(&self) -> Shape {
        let line = match self.layout.body.line {
            Line::Percent(percent) => (u32::from(percent) * 240 / 100, "auto"),
            Line::Exact(points) => (u32::from(points) * 20, "exact"),
        };
        let before = u32::from(self.layout.body.before) * 20;
        Shape { align: Some(Align::Both), before, line: Some(line), ..Shape::default() }
    }

    fn basis(&mut self, lines: &[String]) {
        let rules = self.layout.rules;
        let face = Face { italic: rules.basis_italic, ..Face::of(self.layout.sizes.body) };
        let shape = Shape { first: twips(self.layout.body.first_line), ..self.shape() };
        for (line, number) in lines.iter().zip(1..) {
            let dash = if rules.basis_dash { "- " } else { "" };
            let end = if number == lines.len() && !rules.basis_dash { "." } else { ";" };
            self.xml.push_str(&paragraph(&shape, &run(&format!("{dash}{line}{end}"), face)));
        }
    }

    fn heading(&mut self, level: u8, text: &str) {
        let number = self.headings.next(self.layout, level);
        let caps = level <= 1 && self.layout.rules.caps_level_1;
        let text = if caps { text.to_uppercase() } else { text.to_owned() };
        let face = Face::of(self.layout.sizes.body).bold_if(level <= 2);
        let shape = Shape { first: twips(self.layout.body.first_line), keep: true, ..self.shape() };
        self.xml.push_str(&paragraph(&shape, &run(&format!("{number}{text}"), face)));
    }

    /// A table, of which so many columns go on downwards where a row has no paragraph there.
    fn table(&mut self, table: &Table, grouped: usize) {
        let size = self.layout.sizes.table;
        if let Some(caption) = &table.caption {
            let shape = Shape { keep: true, align: Some(Align::Left), ..self.shape() };
            self.xml.push_str(&paragraph(&shape, &run(caption, Face::of(self.layout.sizes.body).italic())));
        }
        // A little air above: a table has none of its own.
        let air = Shape { line: Some((120, "exact")), keep: true, ..Shape::default() };
        self.xml.push_str(&paragraph(&air, ""));
        let total = u32::from(self.room) * 100;
        let widths: Vec<u32> = table.widths(total, size).into_iter().map(fine_twips).collect();
        let mut xml = format!(
            "<w:tbl><w:tblPr><w:tblW w:w=\"{}\" w:type=\"dxa\"/><w:tblBorders>{}</w:tblBorders><w:tblLayout w:type=\"fixed\"/>\
             <w:tblCellMar><w:left w:w=\"85\" w:type=\"dxa\"/><w:right w:w=\"85\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr>\
             <w:tblGrid>",
            widths.iter().sum::<u32>(),
            ["top", "left", "bottom", "right", "insideH", "insideV"]
                .map(|side| format!("<w:{side} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"000000\"/>"))
                .concat()
        );
        for width in &widths {
            xml.push_str(&format!("<w:gridCol w:w=\"{width}\"/>"));
        }
        xml.push_str("</w:tblGrid>");
        let tight = |align| Shape { align: Some(align), before: 30, after: 30, ..Shape::default() };
        let mut head = |titles: &[String], face: Face| {
            xml.push_str("<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
            for (title, width) in titles.iter().zip(&widths) {
                let title = paragraph(&tight(Align::Centre), &run(title, face));
                xml.push_str(&format!(
                    "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/><w:vAlign w:val=\"center\"/></w:tcPr>{title}</w:tc>"
                ));
            }
            xml.push_str("</w:tr>");
        };
        let titles: Vec<String> = table.columns.iter().map(|column| column.title.clone()).collect();
        head(&titles, Face::of(size).bold());
        if table.numbered {
            head(&table.numbers(), Face::of(size).italic());
        }
        for (at, row) in table.rows.iter().enumerate() {
            let heights = heights(&table.rows, at, grouped);
            xml.push_str(if breaks(row) { "<w:tr>" } else { "<w:tr><w:trPr><w:cantSplit/></w:trPr>" });
            for (index, (column, cell)) in table.columns.iter().zip(row).enumerate() {
                let across = if index + 1 == row.len() { &widths[index..] } else { &widths[index..=index] };
                let mut content = String::new();
                for text in cell {
                    let runs = spans(text, Face::of(size));
                    content.push_str(&paragraph(&tight(column.align), &runs));
                }
                if content.is_empty() {
                    content = paragraph(&tight(column.align), "");
                }
                let width: u32 = across.iter().sum();
                let span = match across.len() {
                    1 => String::new(),
                    count => format!("<w:gridSpan w:val=\"{count}\"/>"),
                };
                let down = match heights.get(index) {
                    Some(0) => "<w:vMerge/>",
                    Some(2..) => "<w:vMerge w:val=\"restart\"/>",
                    _ => "",
                };
                xml.push_str(&format!(
                    "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/>{span}{down}</w:tcPr>{content}</w:tc>"
                ));
            }
            xml.push_str("</w:tr>");
        }
        xml.push_str("</w:tbl>");
        self.xml.push_str(&xml);
    }

    fn picture(&mut self, picture: &Picture) {
        match picture {
            Picture::Png { bytes, width, height, alt } => {
                let drawing = self.drawing(bytes.clone(), *width, *height, alt);
                self.xml.push_str(&paragraph(&Shape { after: 120, ..Shape::centred().before(120) }, &drawing));
            }
            Picture::Qr { text, side, beside } => {
                let code = match qr::cells(text) {
                    Some(cells) => {
                        let drawing = self.drawing(qr::png(&cells), *side, *side, text);
                        paragraph(&Shape { keep: self.keep, ..Shape::default() }, &drawing)
                    }
                    None => String::new(),
                };
                let face = Face::of(self.layout.sizes.table);
                let shape = Shape { before: 60, keep: self.keep, ..Shape::default() };
                let words: String = beside.iter().map(|text| paragraph(&shape, &spans(text, face))).collect();
                let (room, code_room) = (u32::from(self.room) * 100, u32::from(*side) * 100 + 400);
                let air = Shape { line: Some((120, "exact")), keep: true, ..Shape::default() };
                self.xml.push_str(&paragraph(&air, ""));
                let widths = [code_room, room.saturating_sub(code_room)];
                self.xml.push_str(&plain_table(&widths, &[vec![code, words]]));
            }
        }
    }

    /// A run with a picture; sizes are millimetres.
    fn drawing(&mut self, bytes: Vec<u8>, width: u16, height: u16, alt: &str) -> String {
        self.images.push(bytes);
        let id = self.images.len();
        let (cx, cy) = (u32::from(width) * 36_000, u32::from(height) * 36_000);
        let alt = escape(alt);
        format!(
            "<w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent cx=\"{cx}\" cy=\"{cy}\"/>\
             <wp:docPr id=\"{id}\" name=\"picture {id}\" descr=\"{alt}\"/><a:graphic><a:graphicData \
             uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic><pic:nvPicPr><pic:cNvPr id=\"{id}\" \
             name=\"picture {id}\"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed=\"rIdImage{id}\"/><a:stretch>\
             <a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"{cx}\" cy=\"{cy}\"/>\
             </a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>\
             </wp:inline></w:drawing></w:r>"
        )
    }
}
