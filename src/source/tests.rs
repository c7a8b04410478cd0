use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::model::Lang;

/// `code line:column` of each finding.
fn found(text: &str) -> String {
    let document = parse("a.yaml", text);
    places(&document.findings)
}

fn places(findings: &[Finding]) -> String {
    findings.iter().map(|f| format!("{} {}:{}", f.code, f.line, f.column)).collect::<Vec<_>>().join(", ")
}

#[test]
fn what_is_not_used_of_yaml_is_found_at_its_word() {
    assert_eq!(found("a: 1\nb: &x 2\nc: *x\n"), "anchor 2:4, alias 3:4");
    assert_eq!(found("c: *x\n"), "alias 1:4");
    assert_eq!(found("a: !!str 1\n"), "tag 1:4");
    assert_eq!(found("a: &x\n  b: 1\n"), "anchor 1:4");
    assert_eq!(found("a: [1, !t {b: 1}]\n"), "tag 1:8");
    assert_eq!(found("<<: {a: 1}\nb: 2\n"), "merge-key 1:1");
    assert_eq!(found("a: 1\nb: 2\na: 3\n"), "duplicate-key 3:1");
    assert_eq!(found("a: {đ: 1, đ: 2}\n"), "duplicate-key 1:11");
    assert_eq!(found("a: 1\n---\nb: 2\n"), "second-document 2:1");
    assert_eq!(found("? [a]\n: 1\n"), "key-not-text 1:3");
    assert_eq!(found(""), "empty-file 1:1");
    assert_eq!(found("# only a comment\n"), "empty-file 1:1");
    assert_eq!(found("a: b\0c\n"), "control-character 1:5");
    assert_eq!(found("a: 1\n b: [\n"), "yaml-syntax 2:3");
}

#[test]
fn a_key_that_stands_twice_is_found_in_a_long_map_too() {
    let many = (0..100).map(|number| format!("k{number}: 1")).collect::<Vec<_>>().join("\n") + "\n";
    assert_eq!(found(&format!("{many}k3: 2\nk99: 2\n")), "duplicate-key 101:1, duplicate-key 102:1");
}

#[test]
fn byte_order_mark_and_windows_line_ends_are_read() {
    assert_eq!(found("\u{feff}a: 1\r\nb: 2\r\nb: 3\r\n"), "duplicate-key 3:1");
}

#[test]
fn deep_nesting_is_found_and_not_followed() {
    for piece in ["- ", "[", "{a: ", "? ", "{", "- ? "] {
        let text = piece.repeat(60 * 1024 / piece.len());
        let seen = found(&text);
        assert!(seen.contains("too-deep") || seen.contains("yaml-syntax"), "{piece}: {seen}");
    }
    assert_eq!(found(&format!("{}{}", "[".repeat(DEEPEST), "]".repeat(DEEPEST))), "");
}

#[test]
fn an_expression_without_quotes_is_one_mistake() {
    assert_eq!(found("a: {{ x }}\nb: 1\n"), "key-not-text 1:4");
    assert_eq!(found("a: {{ x }} y\n"), "key-not-text 1:4");
    assert_eq!(found("a: [ {{ x }}, 1 ]\n"), "key-not-text 1:6");
}

#[test]
fn an_escape_brings_nothing_that_a_terminal_would_act_on() {
    assert_eq!(found("a: 1\nb: \"\\e[2J\"\n"), "control-character 2:4");
    assert_eq!(found("a: \"\\0\"\n"), "control-character 1:4");
    assert_eq!(found("\"\\a\": 1\n"), "control-character 1:1");
    assert_eq!(found("a: \"x\\ty\\nz\"\n"), "");
}

#[test]
fn a_pipe_without_a_writer_is_not_waited_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("pipe.yaml");
    let made = std::process::Command::new("mkfifo").arg(&path).status();
    if made.is_ok_and(|status| status.success()) {
        assert!(matches!(read_file(&path, "pipe.yaml"), Err(FileError::NotFile { .. })));
    }
}

#[test]
fn what_is_no_yaml_is_said_in_the_reader_s_language() {
    for (text, place) in [
        ("a:\n\tb: 1\n", "2:2"),
        ("a: @x\n", "1:4"),
        ("a: b: c\n", "1:5"),
        ("a: 'x\n", "1:4"),
        ("a: \"\\q\"\n", "1:4"),
        ("a: [1\nb: 2\n", "2:2"),
        ("a: {x: 1\nb: 2\n", "2:2"),
        ("a: ]\n", "1:4"),
        ("a: \"x\" y\n", "1:8"),
        ("a:\n  - b\n c: 1\n", "3:2"),
        ("a: 1\n  b: 2\n", "2:4"),
        ("a: [ , 1]\n", "1:6"),
    ] {
        let document = parse("a.yaml", text);
        let [finding] = document.findings.as_slice() else { panic!("{text}: {:?}", document.findings) };
        assert_eq!(
            format!("{} {}:{}", finding.code, finding.line, finding.column),
            format!("yaml-syntax {place}"),
            "{text}"
        );
        let vietnamese = finding.message.render(Lang::Vi);
        assert_ne!(vietnamese, finding.message.render(Lang::En), "{text}");
        for word in ["while", "expected", "found", "not"] {
            assert!(!vietnamese.split_whitespace().any(|other| other == word), "{text}: {vietnamese}");
        }
    }
}

#[test]
fn a_file_of_a_hundred_megabytes_is_refused_before_it_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("big.yaml");
    std::fs::File::create(&path).and_then(|file| file.set_len(100_000_000)).expect("a sparse file");
    let Err(FileError::Unfit(finding)) = read_file(&path, "big.yaml") else { panic!("it was read") };
    assert_eq!((finding.code, finding.line, finding.column), ("file-too-large", 1, 1));
    let text = render(&[*finding], &BTreeMap::new(), Lang::En, false);
    assert!(text.contains("100.0 MB"), "{text}");
}

#[test]
fn what_is_not_utf8_is_found_at_its_place() {
    let finding = decode("a.yaml", b"a: 1\nt\xc3\xaan: \xff\n".to_vec()).expect_err("not UTF-8");
    assert_eq!((finding.code, finding.line, finding.column), ("not-utf8", 2, 6));
}

#[test]
fn a_character_inside_a_scalar_has_its_own_place() {
    let check = |text: &str, word: &str| {
        let document = parse("a.yaml", text);
        let node = document.root.as_ref().and_then(|root| root.get("a")).expect("a");
        let (scalar, _) = node.scalar().expect("a scalar");
        let at = scalar.find(word).expect("the word");
        let place = place_in(&document.text, node, scalar[..at].chars().count(), word.chars().count());
        let line = text.lines().nth(place.line - 1).expect("the line");
        let seen: String = line.chars().skip(place.column - 1).take(place.end - place.column).collect();
        assert_eq!(seen, word, "{text}");
    };
    check("a: đây là word ở giữa\n", "word");
    check("a: 'it''s a word'\n", "word");
    check("a: \"tab\\t \\u0111 \\\"q\\\" word\"\n", "word");
    check("a: >\n  first line\n\n  second word here\n", "word");
    check("a: |-\n    first\n      deep word\n", "word");
    check("a: plain goes\n  on to a word\n", "word");
    check("a: \"goes \\\n  on to a word\"\n", "word");
    check("- x\n- y\n".replace("- x\n- y\n", "b: 1\na: w word\n").as_str(), "word");
}

#[test]
fn a_reader_says_every_mistake_once() {
    let document = parse("a.yaml", "nam: x\nsize: big\nwhen: true\nextra: 1\nlist: 3\n");
    let reader = Reader::new(&document);
    let root = document.root.as_ref().expect("a root");
    let fields = reader.fields("test", root, Place::START).expect("a map");
    fields.required("name").map(|node| reader.text(node));
    fields.optional("size").map(|node| reader.integer::<u32>(node, 0, 9));
    fields.optional("when").map(|node| reader.text(node));
    fields.optional("list").map(|node| reader.list(node, Some));
    fields.required("every").map(|node| reader.span(node));
    fields.finish();
    assert_eq!(
        places(&reader.into_findings()),
        "missing-key 1:1, unknown-key 1:1, wrong-type 2:7, wrong-type 3:7, unknown-key 4:1, wrong-type 5:7"
    );
}

#[test]
fn a_finding_looks_like_rustc_in_both_languages() {
    let text = "steps:\n  - id: a\n    needs: [confrim]\n";
    let finding = Finding::error(
        "unknown-step",
        "a.yaml",
        Place::new(3, 13, 7),
        crate::message::message!("source-unknown-key", key = "confrim"),
    )
    .help(suggest::did_you_mean("confrim", ["confirm"]));
    let texts = BTreeMap::from([("a.yaml".to_owned(), text.to_owned())]);
    assert_eq!(
        render(std::slice::from_ref(&finding), &texts, Lang::En, false),
        "error[unknown-step]: no key is named `confrim` here\n --> a.yaml:3:13\n  |\n3 |     needs: [confrim]\n  |             ^^^^^^^\n  |\n  = help: did you mean `confirm`?\n\n"
    );
    let vietnamese = render(&[finding], &texts, Lang::Vi, false);
    assert!(vietnamese.starts_with("lỗi[unknown-step]: ") && vietnamese.contains("= gợi ý: có phải `confirm` không?"));
}

proptest! {
    #[test]
    fn any_bytes_give_a_tree_or_findings(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(text) = decode("a.yaml", bytes) {
            let document = parse("a.yaml", &text);
            prop_assert!(document.root.is_some() || !document.findings.is_empty());
        }
    }

    #[test]
    fn any_yaml_like_text_gives_a_tree_or_findings(text in "([ \\-\\[\\]{}:,&*!|>'\"%@?#a-c0-9\n\t]|\\\\|đ|---|\\.\\.\\.){0,200}") {
        let document = parse("a.yaml", &text);
        prop_assert!(document.root.is_some() || !document.findings.is_empty());
        let _ = render(&document.findings, &BTreeMap::from([("a.yaml".to_owned(), text)]), Lang::Vi, false);
    }
}
