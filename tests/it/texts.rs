//! The texts for people and the code that names them fit together. That both languages agree is held beside the catalogue.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use regex::Regex;

use crate::tree::files;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every id of the English catalogue.
fn catalogue() -> BTreeSet<String> {
    let id = Regex::new(r"(?m)^([a-z][a-z0-9-]*) *=").expect("a valid pattern");
    let mut ids = BTreeSet::new();
    for entry in fs::read_dir(root().join("src/message/en")).expect("the catalogue is there") {
        let text = fs::read_to_string(entry.expect("an entry").path()).expect("a text");
        ids.extend(id.captures_iter(&text).map(|found| found[1].to_owned()));
    }
    ids
}

fn sources() -> String {
    let mut found = Vec::new();
    files(&root().join("src"), &mut found);
    found.iter().map(|file| fs::read_to_string(file).expect("a source file")).collect()
}

#[test]
fn every_text_that_the_code_names_is_there() {
    let known = catalogue();
    let named = Regex::new(r#"(?:message!\(|Message::new\()\s*"([^"]+)""#).expect("a valid pattern");
    let code = sources();
    let ids: BTreeSet<&str> =
        named.captures_iter(&code).filter_map(|found| found.get(1)).map(|id| id.as_str()).collect();
    assert!(ids.len() > 300, "only {} texts were found in the code", ids.len());
    let missing: Vec<_> = ids.iter().filter(|id| !known.contains(**id)).collect();
    assert!(missing.is_empty(), "in no catalogue: {missing:?}");
}

#[test]
fn every_text_of_the_catalogue_is_used() {
    let literal = Regex::new(r#""([a-z][a-z0-9-]*)""#).expect("a valid pattern");
    let code = sources();
    let used: BTreeSet<&str> =
        literal.captures_iter(&code).filter_map(|found| found.get(1)).map(|id| id.as_str()).collect();
    let catalogue = catalogue();
    let unused: Vec<_> = catalogue.iter().filter(|id| !used.contains(id.as_str())).collect();
    assert!(unused.is_empty(), "texts that nothing names: {unused:?}");
}
