//! The parts around the text: types, relations, styles, headers.

use super::body::Body;
use super::xml::{Face, Shape, escape, paragraph, run};
use crate::model::Lang;
use crate::policy::layouts::Layout;
use crate::report::document::model::long_code;
use crate::report::document::{Document, Inline, Spans};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
    xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
    xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
    xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";

/// The relations of the package.
pub(super) const PACKAGE: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
    <Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
    <Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" \
    Target=\"word/document.xml\"/>\
    <Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" \
    Target=\"docProps/core.xml\"/></Relationships>";

/// What each part is.
pub(super) fn content_types() -> String {
    let mut xml = format!(
        "{HEAD}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/><Default Extension=\"png\" ContentType=\"image/png\"/>\
         <Override PartName=\"/docProps/core.xml\" \
         ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>"
    );
    for (part, kind) in [
        ("document", "document.main"),
        ("styles", "styles"),
        ("settings", "settings"),
        ("header1", "header"),
        ("header2", "header"),
    ] {
        xml.push_str(&format!("<Override PartName=\"/word/{part}.xml\" ContentType=\"{WORD}.{kind}+xml\"/>"));
    }
    xml.push_str("</Types>");
    xml
}

/// The title. No time and no name: both would change from one making to the next.
pub(super) fn core(document: &Document) -> String {
    let identity = document.identity.as_ref();
    let identity = identity.map_or_else(String::new, |it| format!("<dc:identifier>{it}</dc:identifier>"));
    format!(
        "{HEAD}<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{}</dc:title><dc:language>{}</dc:language>\
         {identity}</cp:coreProperties>",
        escape(&document.title),
        language(document)
    )
}

fn language(document: &Document) -> &'static str {
    match document.lang {
        Lang::Vi => "vi-VN",
        Lang::En => "en-GB",
    }
}

/// The text itself.
pub(super) fn document(body: &str) -> String {
    format!("{HEAD}<w:document {MAIN}><w:body>{body}</w:body></w:document>")
}

/// What the text refers to.
pub(super) fn relations(body: &Body<'_>) -> String {
    let mut xml = format!("{HEAD}<Relationships xmlns=\"{RELATIONS}\">");
    let mut add = |id: &str, kind: &str, target: &str| {
        xml.push_str(&format!("<Relationship Id=\"{id}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>"));
    };
    add("rIdStyles", "styles", "styles.xml");
    add("rIdSettings", "settings", "settings.xml");
    add("rIdHeader", "header", "header1.xml");
    add("rIdFirst", "header", "header2.xml");
    for index in 1..=body.images.len() {
        add(&format!("rIdImage{index}"), "image", &format!("media/image{index}.png"));
    }
    xml.push_str("</Relationships>");
    xml
}

/// The typeface and the size of everything that says nothing else.
pub(super) fn styles(document: &Document) -> String {
    let font = escape(&document.layout.font);
    let size = document.layout.sizes.body * 2;
    format!(
        "{HEAD}<w:styles {MAIN}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"{font}\" w:hAnsi=\"{font}\" \
         w:eastAsia=\"{font}\" w:cs=\"{font}\"/><w:color w:val=\"000000\"/><w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/>\
         <w:lang w:val=\"{}\"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults><w:style w:type=\"paragraph\" \
         w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/><w:qFormat/></w:style></w:styles>",
        language(document)
    )
}

/// How programs treat the file: as one of Word 2013, whose line breaking is that of today.
pub(super) fn settings() -> String {
    format!(
        "{HEAD}<w:settings {MAIN}><w:compat><w:compatSetting w:name=\"compatibilityMode\" \
         w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat></w:settings>"
    )
}

/// The top margin: the number of the page in the middle, except on a first page, and the stamps.
pub(super) fn header(layout: &Layout, stamps: &[String], numbered: bool) -> String {
    let mut xml = format!("{HEAD}<w:hdr {MAIN}>");
    let face = Face::of(layout.sizes.page_number);
    let number = format!(
        "<w:r>{0}<w:fldChar w:fldCharType=\"begin\"/></w:r><w:r>{0}<w:instrText xml:space=\"preserve\"> PAGE </w:instrText></w:r>\
         <w:r>{0}<w:fldChar w:fldCharType=\"separate\"/></w:r><w:r>{0}<w:t>2</w:t></w:r>\
         <w:r>{0}<w:fldChar w:fldCharType=\"end\"/></w:r>",
        face.properties()
    );
    if numbered {
        xml.push_str(&paragraph(&Shape::centred(), &number));
    } else if stamps.is_empty() {
        xml.push_str("<w:p/>");
    }
    for stamp in stamps {
        xml.push_str(&paragraph(&Shape::centred(), &run(stamp, Face::of(10).bold())));
    }
    xml.push_str("</w:hdr>");
    xml
}

/// Runs of text.
pub(super) fn spans(spans: &Spans, face: Face) -> String {
    let mut xml = String::new();
    for span in spans {
        match span {
            Inline::Words { text, bold, italic } => {
                let face = Face { bold: face.bold || *bold, italic: face.italic || *italic, ..face };
                xml.push_str(&run(text, face));
            }
            Inline::Code(text) => {
                let size = if long_code(text) { face.size.saturating_sub(4).max(8) } else { face.size };
                xml.push_str(&run(text, Face { size, ..face }));
            }
            Inline::Mark(number) => {
                xml.push_str(&format!(
                    "<w:r><w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr><w:t>{number}</w:t></w:r>"
                ));
            }
            Inline::Break => xml.push_str("<w:r><w:br/></w:r>"),
        }
    }
    xml
}
