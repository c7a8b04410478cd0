//! The files: what a unit overrides, and what is found wrong.

use super::*;

const OWN: &str = r#"format: 1
set: our-rules
documents:
  rules: { short: "Quy chế số 12", full: "Quy chế số 12 của đơn vị" }
duties:
  - id: anm-24
    title: "Thông báo ban đầu (đơn vị rút ngắn)"
    starts: detected
    limit: 12h
    applies: serious
    to: [authority]
    notice: initial-notice
    cites: [ { document: rules, article: "Điều 5", read: full_text, confidence: high } ]
    until: 2026-12-31
  - id: anm-24
    title: "Thông báo ban đầu"
    starts: detected
    limit: 6h
    applies: always
    to: [authority]
    notice: initial-notice
    cites: [ { document: rules, article: "Điều 6", read: full_text, confidence: high } ]
    from: 2027-01-01
"#;

#[test]
fn a_unit_s_own_duty_stands_in_the_place_of_the_shipped_one_which_can_be_shown() {
    let (book, findings) = Book::read(&[("policies/duties/our-rules.yaml".to_owned(), OWN.to_owned())], &[]);
    assert!(findings.is_empty(), "{findings:?}");
    let [over] = book.overridden.as_slice() else { panic!("{:?}", book.overridden) };
    assert_eq!(
        (over.id.as_str(), over.instead_of.as_str(), over.by.as_str()),
        ("anm-24", "shipped/policies/duties/nd331-2026.yaml", "policies/duties/our-rules.yaml")
    );
    let facts = serious(incident(T0, T0), Serious::Yes, T0);
    assert_eq!(seen(&book, &facts, "anm-24"), "cần thực hiện: còn 12 giờ");
    // The version in force on the day of detection, though the next one is in force by now.
    let year_end = incident("2026-12-31 23:00", "2027-01-01 00:00");
    assert_eq!(seen(&book, &year_end, "anm-24"), "chờ phân loại: nếu là sự cố nghiêm trọng: còn 11 giờ");
    let new_year = incident("2027-01-01 00:00", "2027-01-01 01:00");
    assert_eq!(seen(&book, &new_year, "anm-24"), "cần thực hiện: còn 5 giờ");
}

/// Code and place of everything that is found in `text`, among the shipped names.
#[track_caller]
fn wrong(text: &str, expected: &str) {
    let document = crate::source::parse("policies/duties/ours.yaml", text);
    let found = read_document(&document, &Book::shipped_names()).1;
    let found: Vec<_> = found.iter().map(|f| format!("{} {}:{}", f.code, f.line, f.column)).collect();
    assert_eq!(found.join(", "), expected);
}

#[test]
fn mistakes_in_a_set_are_found_at_their_words() {
    wrong(
        "format: 1
set: ours
enable: true
from: 2026-13-01
doubtful: { from: 2026-07-01 }
flags: { Bad: x }
duties:
  - id: one
    title: x
    starts: detectd
    limit: soon
    applies: flagged
    to: [authorty]
    notice: initial-notise
    cites: []
  - id: two
    title: x
    starts: breach
    limit: 0h
    applies: always
    flags: [complexx]
    to: []
    cites: [ { document: nd3311, article: x, read: skimmed, confidence: high } ]
    from: 2026-02-01
    until: 2026-01-01
    colour: red
  - title: x
",
        "unknown-key 3:1, invalid-date 4:7, missing-key 5:1, invalid-id 6:10, unknown-word 10:13, invalid-limit 11:12, \
         flags-unfit 12:14, unknown-recipient 13:10, unknown-notice 14:13, empty-list 15:12, start-unfit 18:13, \
         invalid-limit 19:12, flags-unfit 21:5, unknown-flag 21:13, unknown-document 23:26, unknown-word 23:52, \
         until-before-from 25:12, unknown-key 26:5, missing-key 27:5, missing-key 27:5, missing-key 27:5, \
         missing-key 27:5, missing-key 27:5, missing-key 27:5",
    );
}

#[test]
fn a_file_without_duties_can_only_switch_a_set_that_is_there() {
    wrong("format: 1\nset: ours\n", "missing-key 1:1");
    wrong("format: 1\nset: ours\nenabled: true\n", "unknown-set 2:6");
    let overlapping = OWN.replace("    from: 2027-01-01\n", "").replace("our-rules", "ours");
    wrong(&overlapping, "duty-overlaps 15:9");
}
