//! The rooms of the house: which may name which, and which outside crates each may name. `CONTRIBUTING.md` argues it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

/// Rooms in the order of the table: an arrow may point to an earlier room only.
const ROOMS: &[(&str, &[&str], &[&str])] = &[
    // room, rooms it may name, outside crates that it alone (with the others listed) may name
    ("model", &[], &["sha2", "jiff"]),
    ("message", &["model"], &["fluent_bundle", "unic_langid"]),
    ("source", &["model", "message"], &["saphyr_parser", "annotate_snippets", "strsim", "serde_yaml"]),
    ("inventory", &["model", "message", "source"], &["indexmap", "jiff"]),
    ("policy", &["model", "message", "source", "inventory"], &["indexmap", "jiff"]),
    (
        "probe",
        &["model", "message"],
        &["sysinfo", "ureq", "rustls", "x509_parser", "simple_dns", "rustix", "jiff", "sha2"],
    ),
    (
        "backup",
        &["model", "message"],
        &[
            "walkdir",
            "rayon",
            "sha2",
            "rustix",
            "jiff",
            "base64",
            "tar",
            "flate2",
            "zstd",
            "zip",
            "rusqlite",
            "getrandom",
        ],
    ),
    ("step", &["model", "message", "source", "probe", "backup"], &[]),
    (
        "playbook",
        &["model", "message", "source", "inventory", "policy", "probe", "backup", "step"],
        &["minijinja", "indexmap", "regex", "rayon", "include_dir", "base64"],
    ),
    (
        "engine",
        &["model", "message", "source", "inventory", "policy", "probe", "backup", "step", "playbook"],
        &["tokio", "rustix", "indexmap", "regex"],
    ),
    ("ledger", &["model", "message"], &["ed25519_dalek", "base64", "getrandom", "sha2", "rustix", "jiff"]),
    (
        "lab",
        &["model", "message", "source", "inventory", "policy", "probe", "backup", "step", "playbook", "engine"],
        &[
            "axum",
            "rusqlite",
            "tokio",
            "tokio_rustls",
            "rustls",
            "rcgen",
            "x509_parser",
            "rustix",
            "ureq",
            "getrandom",
            "indexmap",
            "serde_yaml",
            "sha2",
            "jiff",
        ],
    ),
    (
        "report",
        &[
            "model",
            "message",
            "source",
            "inventory",
            "policy",
            "probe",
            "backup",
            "step",
            "playbook",
            "engine",
            "ledger",
        ],
        &[
            "aho_corasick",
            "regex",
            "minijinja",
            "rust_xlsxwriter",
            "calamine",
            "csv",
            "unicode_normalization",
            "jiff",
            "zip",
            "qrcode",
            "quick_xml",
            "base64",
        ],
    ),
    (
        "ui",
        &[
            "model",
            "message",
            "source",
            "inventory",
            "policy",
            "probe",
            "backup",
            "step",
            "playbook",
            "engine",
            "ledger",
            "lab",
            "report",
        ],
        &[
            "clap",
            "tabled",
            "tracing_subscriber",
            "tokio",
            "rustix",
            "rayon",
            "jiff",
            "serde_yaml",
            "indicatif",
            "regex",
            "unicode_normalization",
        ],
    ),
];

/// Crates that every room may name.
const ANYWHERE: &[&str] = &["std", "core", "serde", "serde_json", "thiserror", "tracing"];

pub(crate) fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of the source tree can be listed") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The text without comments and string contents, and without its unit tests (they may use dev-dependencies).
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let comments = Regex::new(r"(?m)//.*$").expect("a valid pattern");
    comments.replace_all(text, "").into_owned()
}

fn dependencies() -> BTreeSet<String> {
    let manifest = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).expect("Cargo.toml is there");
    let start = manifest.find("[dependencies]").expect("it has dependencies");
    let rest = &manifest[start + "[dependencies]".len()..];
    let table = &rest[..rest.find("\n[").unwrap_or(rest.len())];
    table.lines().filter_map(|line| line.split_once('=')).map(|(name, _)| name.trim().replace('-', "_")).collect()
}

/// Every arrow and crate name that is in the wrong room, as `file: what`.
fn misplaced(room: &str, text: &str, crates: &BTreeSet<String>) -> Vec<String> {
    let (_, rooms, outside) = ROOMS.iter().find(|(name, _, _)| *name == room).copied().unwrap_or((room, &[], &[]));
    let arrow = Regex::new(r"\bcrate::(\{[^}]*\}|\w+)").expect("a valid pattern");
    let leading = Regex::new(r"\w+").expect("a valid pattern");
    let text = code(text);
    let mut wrong = Vec::new();
    for found in arrow.captures_iter(&text) {
        let inner = found.get(1).map_or("", |group| group.as_str());
        let named: Vec<&str> = if inner.starts_with('{') {
            inner
                .trim_matches(['{', '}'])
                .split(',')
                .filter_map(|part| leading.find(part).map(|m| m.as_str()))
                .collect()
        } else {
            vec![inner]
        };
        for name in named {
            // `crate::message!` is the macro that the room `message` re-exports.
            if ROOMS.iter().any(|(other, _, _)| *other == name) && name != room && !rooms.contains(&name) {
                wrong.push(format!("{room} may not name crate::{name}"));
            }
        }
    }
    let outer = Regex::new(r"(?:^|[^\w:])([a-z_][a-z0-9_]*)::").expect("a valid pattern");
    for found in outer.captures_iter(&text) {
        let name = &found[1];
        if crates.contains(name) && !ANYWHERE.contains(&name) && !outside.contains(&name) {
            wrong.push(format!("{room} may not name the crate {name}"));
        }
    }
    wrong.sort();
    wrong.dedup();
    wrong
}

#[test]
fn every_arrow_and_every_outside_crate_is_in_the_right_room() {
    let source = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"));
    let crates = dependencies();
    let mut wrong = Vec::new();
    let mut known = BTreeSet::new();
    for entry in fs::read_dir(source).expect("src is there") {
        let path = entry.expect("an entry can be read").path();
        if !path.is_dir() {
            continue;
        }
        let room = path.file_name().and_then(|name| name.to_str()).expect("a room's name is plain").to_owned();
        assert!(ROOMS.iter().any(|(name, _, _)| *name == room), "`src/{room}` is no room of the house");
        let mut found = Vec::new();
        files(&path, &mut found);
        for file in found {
            let text = fs::read_to_string(&file).expect("a source file can be read");
            for what in misplaced(&room, &text, &crates) {
                wrong.push(format!("{}: {what}", file.strip_prefix(source).unwrap_or(&file).display()));
            }
        }
        known.insert(room);
    }
    assert!(known.len() > 5, "the rooms were not found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_wrong_arrow_and_a_wrong_crate_are_noticed() {
    let crates = dependencies();
    assert_eq!(misplaced("model", "use crate::ledger::Ledger;", &crates), ["model may not name crate::ledger"]);
    assert_eq!(misplaced("model", "use crate::{ui, message::Lang};", &crates).len(), 2);
    assert_eq!(misplaced("step", "let x = tokio::spawn(y);", &crates), ["step may not name the crate tokio"]);
    assert!(misplaced("ui", "use crate::{model, ledger}; use clap::Args;", &crates).is_empty());
}

#[test]
fn only_the_desk_prints_exits_and_reads_the_environment() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"));
    let mut found = Vec::new();
    files(root, &mut found);
    let forbidden = Regex::new(r"\b(e?println!|eprint!|print!|process::exit|env::(var|vars|args)\w*)\s*\(")
        .expect("a valid pattern");
    let mut wrong = Vec::new();
    for file in found {
        let place = file.strip_prefix(root).unwrap_or(&file).to_path_buf();
        if place.starts_with("ui") {
            continue;
        }
        let text = fs::read_to_string(&file).expect("a source file can be read");
        for hit in forbidden.find_iter(&code(&text)) {
            wrong.push(format!("{}: {}", place.display(), hit.as_str()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_file_is_longer_than_a_reader_can_hold_in_mind() {
    let mut found = Vec::new();
    for folder in ["src", "tests", "benches"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        if folder.is_dir() {
            files(&folder, &mut found);
        }
    }
    let long: Vec<String> = found
        .iter()
        .filter_map(|file| {
            let lines = fs::read_to_string(file).expect("a source file can be read").lines().count();
            (lines > 500).then(|| format!("{}: {lines} lines", file.display()))
        })
        .collect();
    assert!(long.is_empty(), "over 500 lines:\n{}", long.join("\n"));
}
