//! Every diagnostic's code has a heading in `docs/diagnostics.md`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of the source tree can be listed") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            if !path.ends_with("tests") {
                sources(&path, found);
            }
        } else if path.extension().is_some_and(|ext| ext == "rs") && !path.ends_with("tests.rs") {
            found.push(path);
        }
    }
}

/// Every code that stands in the places where codes stand.
fn codes() -> BTreeSet<String> {
    let places = [
        r#"\b(?:error|warning|add|invalid|fail)\(\s*"([a-z]+(?:-[a-z]+)*)""#,
        r#"\bparsed\(\w+, "([a-z-]+)""#,
        r#"\bcode: "([a-z-]+)""#,
        r#"\(\s*"([a-z]+(?:-[a-z]+)+)",\s*message!"#,
        r#"\bFailure::new\(\s*Exit::\w+,\s*"([a-z-]+)""#,
        r#"\bSeverity::\w+,\s*"([a-z-]+)""#,
        r#"\breturn \(\s*"([a-z-]+)","#,
        r#"\(\s*"([a-z]+(?:-[a-z]+)+)",\s*message!\("#,
    ];
    let places = places.map(|place| Regex::new(place).expect("a valid pattern"));
    let body = Regex::new(r"(?s)fn code\(&self\) -> &'static str \{(.*?)\n    \}").expect("a valid pattern");
    let literal = Regex::new(r#""([a-z]+(?:-[a-z]+)*)""#).expect("a valid pattern");
    let mut files = Vec::new();
    sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut files);
    let mut found = BTreeSet::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("a source file can be read");
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        for place in &places {
            found.extend(place.captures_iter(text).map(|hit| hit[1].to_owned()));
        }
        for body in body.captures_iter(text) {
            found.extend(literal.captures_iter(&body[1]).map(|hit| hit[1].to_owned()));
        }
    }
    found
}

#[test]
fn every_code_has_a_heading_and_every_heading_a_code() {
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/diagnostics.md")).expect("the page ships");
    let headings: BTreeSet<String> =
        text.lines().filter_map(|line| line.strip_prefix("### `")?.strip_suffix('`')).map(ToOwned::to_owned).collect();
    let codes = codes();
    assert!(codes.len() > 100, "the codes were not found");
    let missing: Vec<_> = codes.difference(&headings).collect();
    assert!(missing.is_empty(), "docs/diagnostics.md has no heading for {missing:?}");
    let stale: Vec<_> = headings.difference(&codes).collect();
    assert!(stale.is_empty(), "docs/diagnostics.md has headings that no code has: {stale:?}");
}
