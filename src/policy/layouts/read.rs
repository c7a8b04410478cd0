//! Reads a layout.

use super::{Family, Layout, Line, Paper, Rules, Sizes, Spacing, Words};
use crate::message::message;
use crate::source::{Document, Fields, Finding, Node, Place, Reader};

/// Reads the layout in `document`, with the warnings where it holds.
pub fn read_document(document: &Document) -> (Result<Layout, Vec<Finding>>, Vec<Finding>) {
    let reader = Reader::new(document);
    let read = document.root.as_ref().and_then(|root| top(&reader, root));
    super::super::finish(reader, read)
}

fn top<'a>(reader: &Reader<'a>, root: &'a Node) -> Option<Layout> {
    let fields = reader.fields("layout", root, Place::START)?;
    fields.format();
    let name = fields.required("layout").and_then(|node| {
        let name = reader.name(node)?;
        reader.same_as_file(node, name.as_str());
        Some(name)
    });
    let family = fields.required("family").and_then(|node| reader.word(node, Family::WORDS));
    let title = fields.required("title").and_then(|node| reader.words(node));
    let citation = fields.required("citation").and_then(|node| reader.words(node));
    let second_hand = fields.optional("second_hand").and_then(|node| reader.words(node));
    let from = fields.required("from").and_then(|node| reader.date(node));
    let until = fields.optional("until").and_then(|node| reader.date(node));
    let font = fields.required("font").and_then(|node| reader.filled_text(node));
    let page = fields.required("page").and_then(|node| paper(reader, node));
    let sizes = fields.required("sizes").and_then(|node| sizes(reader, node));
    let body = fields.required("body").and_then(|node| spacing(reader, node));
    let words = fields.required("words").and_then(|node| words(reader, node));
    let rules = fields.required("rules").and_then(|node| rules(reader, node));
    fields.finish();
    Some(Layout {
        name: name?,
        file: reader.document().file.clone(),
        family: family?,
        title: title?,
        citation: citation?,
        second_hand,
        from: from?,
        until,
        font: font?,
        page: page?,
        sizes: sizes?,
        body: body?,
        words: words?,
        rules: rules?,
    })
}

/// A whole number from `least` to `most` that has to be there.
fn whole(reader: &Reader<'_>, fields: &Fields<'_, '_>, key: &'static str, least: i64, most: i64) -> Option<u16> {
    fields.required(key).and_then(|node| reader.integer(node, least, most))
}

fn paper<'a>(reader: &Reader<'a>, node: &'a Node) -> Option<Paper> {
    let fields = reader.fields("layout-page", node, node.place)?;
    let length = |key, least, most| whole(reader, &fields, key, least, most);
    let (width, height) = (length("width", 100, 500), length("height", 100, 500));
    let (top, bottom) = (length("top", 10, 60), length("bottom", 10, 60));
    let (left, right) = (length("left", 10, 60), length("right", 10, 60));
    fields.finish();
    Some(Paper { width: width?, height: height?, top: top?, bottom: bottom?, left: left?, right: right? })
}

fn sizes<'a>(reader: &Reader<'a>, node: &'a Node) -> Option<Sizes> {
    let fields = reader.fields("layout-sizes", node, node.place)?;
    let size = |key| whole(reader, &fields, key, 6, 40);
    let read = (
        (size("heading"), size("motto"), size("parent"), size("issuer"), size("number"), size("place"), size("about")),
        (size("kind"), size("subject"), size("body"), size("signature"), size("recipients_title")),
        (size("recipients"), size("annex"), size("page_number"), size("table")),
    );
    fields.finish();
    let ((heading, motto, parent, issuer, number, place, about), middle, last) = read;
    let (kind, subject, body, signature, recipients_title) = middle;
    let (recipients, annex, page_number, table) = last;
    Some(Sizes {
        heading: heading?,
        motto: motto?,
        parent: parent?,
        issuer: issuer?,
        number: number?,
        place: place?,
        about: about?,
        kind: kind?,
        subject: subject?,
        body: body?,
        signature: signature?,
        recipients_title: recipients_title?,
        recipients: recipients?,
        annex: annex?,
        page_number: page_number?,
        table: table?,
    })
}

fn spacing<'a>(reader: &Reader<'a>, node: &'a Node) -> Option<Spacing> {
    let fields = reader.fields("layout-body", node, node.place)?;
    let first_line = whole(reader, &fields, "first_line", 0, 40);
    let before = whole(reader, &fields, "before", 0, 40);
    let line = fields.one_of(&["percent", "exact"]).and_then(|(key, _, node)| match key {
        "percent" => reader.integer(node, 100, 300).map(Line::Percent),
        _ => reader.integer(node, 8, 60).map(Line::Exact),
    });
    fields.finish();
    Some(Spacing { first_line: first_line?, before: before?, line: line? })
}

fn words<'a>(reader: &Reader<'a>, node: &'a Node) -> Option<Words> {
    let fields = reader.fields("layout-words", node, node.place)?;
    let text = |key: &'static str| fields.required(key).and_then(|node| reader.filled_text(node));
    let perhaps = |key: &'static str| fields.optional(key).and_then(|node| reader.filled_text(node));
    // A pattern without its blanks would print one number in every document.
    let pattern = |key: &'static str, blanks: &[&'static str]| {
        let node = fields.required(key)?;
        let text = reader.filled_text(node)?;
        for blank in blanks.iter().filter(|blank| !text.contains(**blank)) {
            reader.error("missing-blank", node.place, message!("policy-layout-blank", blank = *blank), None);
        }
        Some(text)
    };
    let heading = text("heading");
    let motto = perhaps("motto");
    let number = pattern("number", &["{number}", "{kind}", "{symbol}"]);
    let letter_number = pattern("letter_number", &["{number}", "{symbol}"]);
    let (star, subject_mark) = (perhaps("star"), perhaps("subject_mark"));
    let annex = pattern("annex", &["{n}"]);
    let (to, recipients, filing) = (text("to"), text("recipients"), text("filing"));
    let (end, item_end) = (text("end"), text("item_end"));
    let (on_behalf, for_head, by_order) = (text("on_behalf"), text("for"), text("by_order"));
    let (secretary, chair) = (text("secretary"), text("chair"));
    let levels = (pattern("level_1", &["{I}"]), pattern("level_2", &["{1}"]), pattern("level_3", &["{a}"]));
    fields.finish();
    Some(Words {
        heading: heading?,
        motto,
        number: number?,
        letter_number: letter_number?,
        star,
        subject_mark,
        annex: annex?,
        to: to?,
        recipients: recipients?,
        filing: filing?,
        end: end?,
        item_end: item_end?,
        on_behalf: on_behalf?,
        for_head: for_head?,
        by_order: by_order?,
        secretary: secretary?,
        chair: chair?,
        levels: [levels.0?, levels.1?, levels.2?],
    })
}

fn rules<'a>(reader: &Reader<'a>, node: &'a Node) -> Option<Rules> {
    let fields = reader.fields("layout-rules", node, node.place)?;
    let truth = |key: &'static str| fields.optional(key).and_then(|node| reader.boolean(node)).unwrap_or_default();
    let rules = Rules {
        caps_level_1: truth("caps_level_1"),
        position_bold: truth("position_bold"),
        basis_italic: truth("basis_italic"),
        basis_dash: truth("basis_dash"),
        recipients_underlined: truth("recipients_underlined"),
    };
    fields.finish();
    Some(rules)
}
