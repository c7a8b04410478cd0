//! Tables of mistakes: `tests/it/data/mistakes/*.txt`, each case a playbook in which `⟦code⟧` stands before each wrong word.
//!
//! `### name` begins a case. A head stands before it, unless the name ends in `(whole)`. What is found has to be what is
//! marked, at its line and column, and nothing besides.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use regex::Regex;
use serde_json::Value;

const HEAD: &str = "format: 1\nplaybook: NAME\nversion: 1\ntitle: x\nfamily: A\nkind: x\nkeep_running: x\n";
const INPUTS: &str = "inputs: { system: { type: system, default: one-stop }, count: { type: integer, default: 3 } }\n";
const ROLES: &str = "roles: { operator: { title: x } }\n";

fn data() -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/data/mistakes")).to_path_buf()
}

struct Case {
    name: String,
    title: String,
    text: String,
    expected: Vec<String>,
}

/// Takes the marks out of `text`; gives what they say as `line:column code`.
fn unmarked(text: &str) -> (String, Vec<String>) {
    let mut expected = Vec::new();
    let mut clean = String::new();
    for (number, line) in text.lines().enumerate() {
        let mut rest = line;
        let mut before = String::new();
        while let Some((left, right)) = rest.split_once('⟦') {
            let (code, right) = right.split_once('⟧').expect("a mark ends");
            before.push_str(left);
            expected.push(format!("{}:{} {code}", number + 1, before.chars().count() + 1));
            rest = right;
        }
        clean.push_str(&before);
        clean.push_str(rest);
        clean.push('\n');
    }
    (clean, expected)
}

fn cases() -> Vec<Case> {
    let own = |key: &str| Regex::new(&format!("(?m)^(⟦[^⟧]*⟧)?{key}s?:")).expect("a pattern");
    let (inputs, roles) = (own("input"), own("role"));
    let mut all = Vec::new();
    for entry in std::fs::read_dir(data()).expect("the tables are there") {
        let path = entry.expect("readable").path();
        if path.extension().is_none_or(|extension| extension != "txt") {
            continue;
        }
        let topic = path.file_stem().and_then(|stem| stem.to_str()).expect("a name").to_owned();
        let table = std::fs::read_to_string(&path).expect("a table");
        for (number, case) in format!("\n{table}").split("\n### ").skip(1).enumerate() {
            let (title, text) = case.split_once('\n').expect("a case has a text");
            let name = format!("{topic}-{}", number + 1);
            let mut head = String::new();
            if !title.ends_with("(whole)") {
                head.push_str(HEAD);
                head.push_str(if inputs.is_match(text) { "" } else { INPUTS });
                head.push_str(if roles.is_match(text) { "" } else { ROLES });
            }
            let (text, mut expected) = unmarked(&(head + text).replace("NAME", &name));
            expected.sort();
            all.push(Case { name, title: title.to_owned(), text, expected });
        }
    }
    assert!(all.len() > 100, "the cases were not found");
    all
}

/// What is found in each file of the workspace `root`, as `line:column code`, in `lang`; and every message and help.
fn found(root: &Path, lang: &str) -> (BTreeMap<String, Vec<String>>, Vec<String>) {
    let output = Command::new(env!("CARGO_BIN_EXE_ungpho"))
        .env_clear()
        .env("UNGPHO_LANG", lang)
        .current_dir(root)
        .args(["check", "--json"])
        .output()
        .expect("the program runs");
    let document: Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut words = Vec::new();
    for finding in document["findings"].as_array().expect("a list") {
        let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
        let place = format!("{}:{} {}", finding["line"], finding["column"], text("code"));
        found.entry(text("file")).or_default().push(place);
        words.extend([text("message"), text("help")]);
    }
    for places in found.values_mut() {
        places.sort();
    }
    (found, words)
}

#[test]
fn every_mistake_is_found_at_its_word_and_nothing_besides() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    for name in ["inventory", "playbooks"] {
        std::fs::create_dir(root.join(name)).expect("made");
    }
    std::fs::write(root.join("ungpho.yaml"), "format: 1\nunit: x\n").expect("written");
    for (from, to) in [("one-stop", "inventory"), ("portal", "inventory"), ("callee", "playbooks")] {
        let name = format!("{from}.yaml");
        std::fs::copy(data().join(&name), root.join(to).join(&name)).expect("copied");
    }
    let cases = cases();
    for case in &cases {
        std::fs::write(root.join(format!("playbooks/{}.yaml", case.name)), &case.text).expect("written");
    }
    let (mut seen, english) = found(root, "en");
    let mut wrong = String::new();
    for case in &cases {
        let seen = seen.remove(&format!("playbooks/{}.yaml", case.name)).unwrap_or_default();
        if seen != case.expected {
            wrong += &format!("{} ({})\n  expected {:?}\n  found    {seen:?}\n", case.name, case.title, case.expected);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(seen.is_empty(), "{seen:?}");
    let (_, vietnamese) = found(root, "vi");
    assert_eq!(english.len(), vietnamese.len());
    for (english, vietnamese) in english.iter().zip(&vietnamese) {
        // What parsers of others say of YAML and of regular expressions stands in their own words.
        let own = !english.contains("regular expression") && !english.contains("YAML");
        assert!(!own || english.is_empty() || english != vietnamese, "not in Vietnamese: {english}");
        assert!(!english.contains("``"), "an empty word: {english}");
        for text in [english, vietnamese] {
            assert!(!text.ends_with('.') && !text.contains("{ $") && !text.contains('\u{2068}'), "{text}");
        }
    }
}
