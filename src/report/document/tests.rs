use std::io::{Cursor, Read as _};

use super::*;
use crate::model::Lang;
use crate::policy::layouts::{Layout, Layouts};

fn layout(name: &str) -> Layout {
    Layouts::read(&[]).0.find(name).expect("it ships").clone()
}

fn minutes(layout: Layout) -> Document {
    let number = numbered(&layout, Some("5"), "BB", Some("SKHCN"));
    let row = |text: &str| vec![vec![Inline::from(text)]];
    Document {
        lang: Lang::Vi,
        layout,
        title: "Biên bản <thử>".to_owned(),
        identity: None,
        stamps: vec!["DIỄN TẬP".to_owned()],
        head: Some(Head {
            parent: Some("Ủy ban nhân dân tỉnh".to_owned()),
            issuer: "Sở Khoa học và Công nghệ".to_owned(),
            number,
            kind: "Biên bản".to_owned(),
            subject: "Diễn tập ứng phó sự cố".to_owned(),
            ..Head::default()
        }),
        blocks: vec![
            Block::Basis(vec!["Kế hoạch số 12/KH".to_owned(), "Nghị định số 331/2026/NĐ-CP".to_owned()]),
            Block::Heading(1, "Diễn biến".to_owned()),
            Block::Heading(2, "Khôi phục".to_owned()),
            Block::Paragraph(vec![Inline::bold("Kết quả: "), Inline::from("a < b & c\u{202e}"), Inline::Mark(7)]),
            Block::Heading(1, "Kết luận".to_owned()),
            Block::List(Marker::Letter, vec![vec![Inline::from("một")], vec![Inline::from("hai")]]),
            Block::Table(Table {
                caption: None,
                numbered: false,
                columns: vec![
                    Column { title: "STT".to_owned(), share: 1, align: Align::Centre },
                    Column { title: "Việc".to_owned(), share: 5, align: Align::Left },
                ],
                rows: vec![vec![row("Nhóm V")], vec![row("1"), row("khôi phục")]],
            }),
            Block::Picture(Picture::Qr {
                text: "ungpho 12 abc".to_owned(),
                side: 30,
                beside: vec![vec![Inline::from("mã")]],
            }),
            Block::Closing(Closing {
                left: Some(Signature { position: "Thư ký".to_owned(), ..Signature::default() }),
                right: Some(Signature {
                    position: "Chủ tọa".to_owned(),
                    name: Some("Lê Văn A".to_owned()),
                    authority: None,
                }),
                recipients: vec!["Như thành phần".to_owned()],
            }),
        ],
        annexes: vec![Annex {
            title: "Nhật ký".to_owned(),
            attached_to: Some("(Kèm theo Biên bản)".to_owned()),
            landscape: true,
            blocks: vec![Block::text("…")],
        }],
    }
}

/// The parts of a package, by name.
fn parts(bytes: &[u8]) -> Vec<(String, String)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    (0..archive.len())
        .map(|index| {
            let mut file = archive.by_index(index).expect("an entry");
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).expect("readable");
            (file.name().expect("a name").into_owned(), String::from_utf8_lossy(&bytes).into_owned())
        })
        .collect()
}

#[test]
fn the_same_document_gives_the_same_bytes_twice() {
    for name in ["nd30-2020", "hd05-2026", "hd36-2018"] {
        let document = minutes(layout(name));
        assert_eq!(docx(&document).expect("made"), docx(&document).expect("made"));
        assert_eq!(html(&document), html(&document));
    }
}

#[test]
fn every_part_of_the_package_is_named_and_what_people_typed_cannot_become_markup() {
    let document = minutes(layout("nd30-2020"));
    let parts = parts(&docx(&document).expect("made"));
    let of = |name: &str| &parts.iter().find(|(part, _)| part == name).expect("it is there").1;
    let types = of("[Content_Types].xml");
    for (name, _) in parts.iter().filter(|(name, _)| name.starts_with("word/") && !name.contains("_rels")) {
        assert!(types.contains(&format!("/{name}")) || name.contains("media"), "{name}");
    }
    let text = of("word/document.xml");
    assert!(text.contains("a &lt; b &amp; c\u{fffd}") && !text.contains('\u{202e}'));
    assert!(text.contains("<w:vertAlign w:val=\"superscript\"/></w:rPr><w:t>7</w:t>"));
    assert!(of("docProps/core.xml").contains("Biên bản &lt;thử&gt;"));
    // Two sections, each with numbers of its own and none on its first page.
    assert_eq!((text.matches("<w:titlePg/>").count(), text.matches("w:start=\"1\"").count()), (2, 2));
    assert!(of("word/header1.xml").contains("PAGE") && !of("word/header2.xml").contains("PAGE"));
    for header in ["word/header1.xml", "word/header2.xml"] {
        assert!(of(header).contains("DIỄN TẬP"));
    }
    let page = html(&document);
    assert!(page.contains("a &lt; b &amp; c\u{fffd}") && !page.contains("<thử>"));
}

#[test]
fn headings_are_numbered_by_the_layout() {
    for (name, expected) in [
        ("nd30-2020", ["I. DIỄN BIẾN", "1. Khôi phục", "II. KẾT LUẬN", "Số: 05/BB-SKHCN"]),
        ("hd05-2026", ["I- DIỄN BIẾN", "1. Khôi phục", "II- KẾT LUẬN", "Số 05-BB/SKHCN"]),
    ] {
        let page = html(&minutes(layout(name)));
        for text in expected {
            assert!(page.contains(text), "{name}: {text}");
        }
    }
}

#[test]
fn numbers_of_columns_stand_under_the_titles_on_every_page() {
    let mut document = minutes(layout("nd30-2020"));
    for block in &mut document.blocks {
        if let Block::Table(table) = block {
            table.numbered = true;
        }
    }
    let parts = parts(&docx(&document).expect("made"));
    let (_, text) = parts.iter().find(|(name, _)| name == "word/document.xml").expect("the text");
    assert_eq!(text.matches("<w:tblHeader/>").count(), 2);
    assert!(
        text.contains(">(2)<")
            && html(&document).contains("<tr class=\"numbers\"><td>(1)</td><td>(2)</td></tr></thead>")
    );
}

#[test]
fn the_last_cell_of_a_shorter_row_goes_across_what_is_left() {
    let document = minutes(layout("nd30-2020"));
    let parts = parts(&docx(&document).expect("made"));
    let (_, text) = parts.iter().find(|(name, _)| name == "word/document.xml").expect("the text");
    assert_eq!(text.matches("<w:gridSpan w:val=\"2\"/>").count(), 1);
    assert_eq!(html(&document).matches("<td class=\"centre\" colspan=\"2\">").count(), 1);
}

#[test]
fn a_number_that_is_not_known_leaves_room_and_a_whole_one_stays_as_it_is() {
    let layout = layout("nd30-2020");
    assert_eq!(numbered(&layout, None, "BB", Some("SKHCN")), format!("Số: {}/BB-SKHCN", "\u{a0}".repeat(8)));
    assert_eq!(numbered(&layout, Some("41/BB-UBND"), "BB", None), "Số: 41/BB-UBND");
    assert_eq!(numbered(&layout, Some("7"), "", Some("SKHCN-CNTT")), "Số: 07/SKHCN-CNTT");
}

#[test]
fn a_line_of_text_is_as_wide_as_the_typeface_says() {
    // 20.861 times 13 points, by the widths of Times-Bold.
    assert_eq!(metrics::width("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 13, true), 9567);
    assert_eq!(metrics::width("Đường", 10, false), metrics::width("Duong", 10, false));
    let room = metrics::width("SỞ KHOA HỌC VÀ CÔNG", 13, true);
    assert_eq!(metrics::lines("SỞ KHOA HỌC VÀ CÔNG NGHỆ", 13, true, room), ["SỞ KHOA HỌC", "VÀ CÔNG NGHỆ"]);
    let room = metrics::width("một hai", 14, false);
    assert_eq!(metrics::longest_line("một hai ba", 14, false, room), room);
}

#[test]
fn what_is_compared_letter_by_letter_is_set_from_the_left_in_the_typeface_of_the_document() {
    let digest = "sha256:0123456789abcdef";
    let line = Block::Paragraph(vec![Inline::bold("Mã băm: "), Inline::code(digest)]);
    let document =
        Document { blocks: vec![line, Block::text("Văn bản")], annexes: Vec::new(), ..minutes(layout("nd30-2020")) };
    let parts = parts(&docx(&document).expect("made"));
    let text = &parts.iter().find(|(part, _)| part == "word/document.xml").expect("it is there").1;
    let paragraph = |words: &str| {
        let at = text.find(words).expect("it is there");
        let start = text[..at].rfind("<w:p>").expect("its paragraph");
        &text[start..at]
    };
    assert!(paragraph(digest).contains("<w:jc w:val=\"left\"/>"), "{}", paragraph(digest));
    assert!(!text.contains("Courier"));
    assert!(paragraph("Văn bản").contains("<w:jc w:val=\"both\"/>"));
    let page = html(&document);
    assert!(page.contains(&format!("<p class=\"text from-left\"><b>Mã băm: </b><code>{digest}</code></p>")), "{page}");
}

#[test]
fn no_column_is_so_narrow_that_a_word_of_its_title_breaks() {
    let column = |title: &str, share| Column { title: title.to_owned(), share, align: Align::Left };
    let table = |columns| Table { caption: None, numbered: false, columns, rows: Vec::new() };
    let two = table(vec![
        column("STT", 2),
        column("Mục tiêu", 7),
        column("Đặt ra", 7),
        column("Đo được", 5),
        column("Kết quả", 4),
        column("Nguyễn Phước Nghiêm", 3),
        column("Võ Thị Huỳnh", 3),
    ]);
    let widths = two.widths(16_500, 13);
    assert!(widths.iter().sum::<u32>() <= 16_500, "{widths:?}");
    for (column, width) in two.columns.iter().zip(&widths) {
        for word in column.title.split(' ') {
            assert!(super::metrics::width(word, 13, true) + 300 <= *width, "{word} in {widths:?}");
        }
    }
    // Where there is room enough, and where there never is, the shares hold.
    assert_eq!(table(vec![column("A", 1), column("B", 3)]).widths(16_000, 13), [4_000, 12_000]);
    let never = table((0..12).map(|_| column("Nghiêngngả", 1)).collect());
    assert_eq!(never.widths(16_800, 13), [1_400; 12]);
}
