//! Paragraphs, runs and tables without borders, as `WordprocessingML`.

use crate::model::misleads;
use crate::report::document::Align;

/// Millimetres in twentieths of a point.
pub(super) fn twips(millimetres: u16) -> u32 {
    u32::from(millimetres) * 14_400 / 254
}

/// Hundredths of a millimetre in twentieths of a point.
pub(super) fn fine_twips(hundredths: u32) -> u32 {
    hundredths * 144 / 254
}

/// Text for XML. Characters that XML does not have, and those that turn the direction of writing, are replaced.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(' '),
            c if misleads(c) => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

/// How a run looks.
#[derive(Clone, Copy, Default)]
pub(super) struct Face {
    /// In points.
    pub(super) size: u16,
    pub(super) bold: bool,
    pub(super) italic: bool,
    pub(super) underline: bool,
}

impl Face {
    pub(super) fn of(size: u16) -> Self {
        Self { size, ..Self::default() }
    }

    pub(super) fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub(super) fn italic(self) -> Self {
        Self { italic: true, ..self }
    }

    pub(super) fn bold_if(self, bold: bool) -> Self {
        Self { bold: self.bold || bold, ..self }
    }

    pub(super) fn properties(self) -> String {
        let mut xml = "<w:rPr>".to_owned();
        if self.bold {
            xml.push_str("<w:b/><w:bCs/>");
        }
        if self.italic {
            xml.push_str("<w:i/><w:iCs/>");
        }
        xml.push_str(&format!("<w:sz w:val=\"{0}\"/><w:szCs w:val=\"{0}\"/>", self.size * 2));
        if self.underline {
            xml.push_str("<w:u w:val=\"single\"/>");
        }
        xml.push_str("</w:rPr>");
        xml
    }
}

/// A run of text.
pub(super) fn run(text: &str, face: Face) -> String {
    format!("<w:r>{}<w:t xml:space=\"preserve\">{}</w:t></w:r>", face.properties(), escape(text))
}

/// How a paragraph is set. Lengths are twentieths of a point.
#[derive(Clone, Default)]
pub(super) struct Shape {
    pub(super) align: Option<Align>,
    pub(super) before: u32,
    pub(super) after: u32,
    /// Line spacing: value and rule; single where nothing is said.
    pub(super) line: Option<(u32, &'static str)>,
    pub(super) first: u32,
    pub(super) hanging: u32,
    pub(super) left: u32,
    pub(super) right: u32,
    /// It stays on one page with what follows.
    pub(super) keep: bool,
    /// A line above it.
    pub(super) line_above: bool,
    /// It begins a page.
    pub(super) new_page: bool,
}

impl Shape {
    pub(super) fn centred() -> Self {
        Self { align: Some(Align::Centre), ..Self::default() }
    }

    pub(super) fn before(self, before: u32) -> Self {
        Self { before, ..self }
    }

    pub(super) fn keep(self) -> Self {
        Self { keep: true, ..self }
    }

    /// `extra` stands last: a section's end.
    pub(super) fn properties(&self, extra: &str) -> String {
        let mut xml = "<w:pPr>".to_owned();
        if self.keep {
            xml.push_str("<w:keepNext/>");
        }
        if self.new_page {
            xml.push_str("<w:pageBreakBefore/>");
        }
        if self.line_above {
            xml.push_str("<w:pBdr><w:top w:val=\"single\" w:sz=\"6\" w:space=\"0\" w:color=\"000000\"/></w:pBdr>");
        }
        let (line, rule) = self.line.unwrap_or((240, "auto"));
        let (before, after) = (self.before, self.after);
        xml.push_str(&format!(
            "<w:spacing w:before=\"{before}\" w:after=\"{after}\" w:line=\"{line}\" w:lineRule=\"{rule}\"/>"
        ));
        if self.left + self.right + self.first + self.hanging > 0 {
            let first = match self.hanging {
                0 => format!("w:firstLine=\"{}\"", self.first),
                hanging => format!("w:hanging=\"{hanging}\""),
            };
            xml.push_str(&format!("<w:ind w:left=\"{}\" w:right=\"{}\" {first}/>", self.left, self.right));
        }
        if let Some(align) = self.align {
            let word = match align {
                Align::Left => "left",
                Align::Centre => "center",
                Align::Right => "right",
                Align::Both => "both",
            };
            xml.push_str(&format!("<w:jc w:val=\"{word}\"/>"));
        }
        xml.push_str(extra);
        xml.push_str("</w:pPr>");
        xml
    }
}

/// A paragraph of runs.
pub(super) fn paragraph(shape: &Shape, runs: &str) -> String {
    format!("<w:p>{}{runs}</w:p>", shape.properties(""))
}

/// A thin line of `length` in a column of `room` (both hundredths of a millimetre), in the middle.
pub(super) fn rule(length: u32, room: u32) -> String {
    let side = fine_twips(room.saturating_sub(length) / 2);
    let shape = Shape {
        before: 60,
        line: Some((60, "exact")),
        left: side,
        right: side,
        line_above: true,
        keep: true,
        ..Shape::centred()
    };
    paragraph(&shape, "")
}

/// A table without borders. Widths are hundredths of a millimetre; every row has a cell's content for every column.
pub(super) fn plain_table(widths: &[u32], rows: &[Vec<String>]) -> String {
    let widths: Vec<u32> = widths.iter().map(|width| fine_twips(*width)).collect();
    let total: u32 = widths.iter().sum();
    let mut xml = format!(
        "<w:tbl><w:tblPr><w:tblW w:w=\"{total}\" w:type=\"dxa\"/><w:tblLayout w:type=\"fixed\"/><w:tblCellMar>\
         <w:left w:w=\"0\" w:type=\"dxa\"/><w:right w:w=\"0\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr><w:tblGrid>"
    );
    for width in &widths {
        xml.push_str(&format!("<w:gridCol w:w=\"{width}\"/>"));
    }
    xml.push_str("</w:tblGrid>");
    for row in rows {
        xml.push_str("<w:tr><w:trPr><w:cantSplit/></w:trPr>");
        for (width, cell) in widths.iter().zip(row) {
            // A cell without a paragraph is no cell.
            let cell = if cell.is_empty() { "<w:p/>" } else { cell };
            xml.push_str(&format!("<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/></w:tcPr>{cell}</w:tc>"));
        }
        xml.push_str("</w:tr>");
    }
    xml.push_str("</w:tbl>");
    xml
}
