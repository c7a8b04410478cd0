//! The library of scenarios as its readers meet it: what is in every playbook, how it reads at night, the page made from it.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use serde_yaml::Value as Yaml;

use crate::sandbox::Sandbox;

/// The seven shared systems of a province.
const SEVEN: [&str; 7] =
    ["official-mail", "lgsp", "document-management", "one-stop", "portal", "reporting", "video-conference"];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("playbooks")
}

/// Every playbook of the folder and of its parts, as YAML.
fn playbooks() -> BTreeMap<String, Yaml> {
    let mut found = BTreeMap::new();
    for folder in [folder(), folder().join("parts")] {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.extension().is_some_and(|kind| kind == "yaml") {
                let text = fs::read_to_string(&path).unwrap();
                let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
                found.insert(name, serde_yaml::from_str(&text).unwrap());
            }
        }
    }
    found
}

fn is_part(playbook: &Yaml) -> bool {
    playbook["kind"] == "part"
}

/// Every step of `node`, at any depth, as it is written.
fn steps<'a>(node: &'a Yaml, found: &mut Vec<&'a Yaml>) {
    match node {
        Yaml::Sequence(items) => items.iter().for_each(|item| steps(item, found)),
        Yaml::Mapping(map) => {
            if map.contains_key("id") && !map.contains_key("measure") && map.len() > 1 {
                found.push(node);
            }
            map.iter().for_each(|(_, member)| steps(member, found));
        }
        _ => {}
    }
}

/// Every text for people: the `vi` and the `en` of each pair, with where it stands.
fn words<'a>(at: &str, node: &'a Yaml, found: &mut Vec<(String, &'a str, &'a str)>) {
    match node {
        Yaml::Sequence(items) => {
            for (number, item) in items.iter().enumerate() {
                let name = item.get("id").and_then(Yaml::as_str).map_or_else(|| number.to_string(), str::to_owned);
                words(&format!("{at}/{name}"), item, found);
            }
        }
        Yaml::Mapping(map) => {
            if let (Some(vi), Some(en)) = (node.get("vi").and_then(Yaml::as_str), node.get("en").and_then(Yaml::as_str))
            {
                found.push((at.to_owned(), vi, en));
            }
            for (key, member) in map {
                words(&format!("{at}/{}", key.as_str().unwrap_or("?")), member, found);
            }
        }
        _ => {}
    }
}

/// The longest sentence of a text, in words between blanks.
fn longest(text: &str) -> (usize, &str) {
    // A full stop inside a number, a name or an article ("31.2.d") ends no sentence.
    let mut longest = (0, "");
    let mut from = 0;
    let bytes: Vec<(usize, char)> = text.char_indices().collect();
    for (place, (at, character)) in bytes.iter().enumerate() {
        let next = bytes.get(place + 1).map(|(_, next)| *next);
        let ends = matches!(character, '.' | '?' | '!' | ';' | ':') && next.is_none_or(char::is_whitespace);
        if ends || next.is_none() {
            let sentence = text[from..=*at + character.len_utf8() - 1].trim();
            let count = sentence.split_whitespace().count();
            if count > longest.0 {
                longest = (count, sentence);
            }
            from = at + character.len_utf8();
        }
    }
    longest
}

#[test]
fn nothing_is_too_long_to_be_read_at_night() {
    // A Vietnamese word is often two syllables that a blank parts; the name of a decree alone takes six.
    let (most_vi, most_en) = (32, 25);
    let mut long = Vec::new();
    for (name, playbook) in playbooks() {
        let mut texts = Vec::new();
        words(&name, &playbook, &mut texts);
        assert!(!texts.is_empty(), "{name}");
        for (at, vi, en) in texts {
            let (vi, en) = (longest(vi), longest(en));
            long.extend((vi.0 > most_vi).then(|| format!("{at}: {} {}", vi.0, vi.1)));
            long.extend((en.0 > most_en).then(|| format!("{at}: {} {}", en.0, en.1)));
        }
    }
    assert!(long.is_empty(), "{}\n{}", long.len(), long.join("\n"));
}

#[test]
fn every_text_is_there_in_both_languages() {
    fn one_sided(at: &str, node: &Yaml, found: &mut Vec<String>) {
        if let Yaml::Mapping(map) = node {
            if map.contains_key("vi") != map.contains_key("en") {
                found.push(at.to_owned());
            }
            for (key, member) in map {
                let key = key.as_str().unwrap_or("?");
                // The `do` of an operation is its id.
                if !map.contains_key("on")
                    && matches!(key, "title" | "do" | "ask" | "text" | "expect" | "note" | "keep_running")
                    && member.is_string()
                {
                    found.push(format!("{at}/{key}"));
                }
                one_sided(&format!("{at}/{key}"), member, found);
            }
        } else if let Yaml::Sequence(items) = node {
            items.iter().for_each(|item| one_sided(at, item, found));
        }
    }
    let mut found = Vec::new();
    for (name, playbook) in playbooks() {
        one_sided(&name, &playbook, &mut found);
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn every_step_says_who_does_it_and_every_manual_step_how_to_know_that_it_is_done() {
    let mut wrong = Vec::new();
    for (name, playbook) in playbooks() {
        let mut all = Vec::new();
        steps(&playbook["steps"], &mut all);
        for step in all {
            let at = format!("{name}/{}", step["id"].as_str().unwrap_or("?"));
            let has = |key: &str| step.get(key).is_some();
            if has("manual") {
                let checks = step["manual"].get("checks").and_then(Yaml::as_sequence).map_or(0, Vec::len);
                // What is written down at the end of it is how one knows, too.
                let asks = step["manual"].get("ask").and_then(Yaml::as_sequence).map_or(0, Vec::len);
                wrong.extend((checks + asks == 0).then(|| format!("{at}: no checks")));
            }
            let acts = ["manual", "decide", "run", "backup", "restore"].iter().any(|key| has(key));
            let drill_only = step["id"].as_str().is_some_and(|id| id.starts_with("baseline"));
            if acts && !drill_only {
                wrong.extend((!has("role")).then(|| format!("{at}: no role")));
                wrong.extend((!has("phase")).then(|| format!("{at}: no phase")));
            }
            if has("manual") || has("decide") {
                wrong.extend((!has("title")).then(|| format!("{at}: no title")));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn scenarios_have_what_a_response_needs() {
    let mut wrong = Vec::new();
    let all = playbooks();
    for (name, playbook) in all.iter().filter(|(_, playbook)| !is_part(playbook)) {
        let family = playbook["family"].as_str().unwrap();
        if family == "standing" {
            continue;
        }
        let text = serde_yaml::to_string(playbook).unwrap();
        let mut need = |what: &str, there: bool| {
            if !there {
                wrong.push(format!("{name}: {what}"));
            }
        };
        let list = |key: &str| playbook.get(key).and_then(Yaml::as_sequence).map_or(0, Vec::len);
        need("signs", list("signs") >= 2);
        need("objectives", list("objectives") >= 3);
        need("tasks", list("tasks") >= 1);
        need("levels", list("levels") >= 1);
        need("ATT&CK", family != "A" || list("attack") >= 1);
        for mark in ["detected", "contained"] {
            need(mark, text.contains(&format!("marks: {mark}")));
        }
        need("restored", text.contains("marks: restored") || text.contains("playbook: restore-and-prove"));
        for phase in ["receive", "contain", "recover", "review"] {
            need(phase, text.contains(&format!("phase: {phase}")));
        }
        for part in ["declare-response", "notify-duties", "look-back"] {
            need(part, text.contains(&format!("playbook: {part}")));
        }
        need("clocks", playbook["clocks"].as_mapping().is_some_and(|clocks| clocks.len() >= 2));
        need("a decision with options", text.contains("decide:") || text.contains("playbook: declare-response"));
        need("an inject", family == "C" || family == "D" || text.contains("inject:"));
        if text.contains("playbook: preserve-evidence") {
            // What is cleaned before it is kept is no evidence any more.
            let place = |words: &str| text.find(words);
            let kept = place("playbook: preserve-evidence");
            let cleaned = place("  restore:\n").or(place("playbook: restore-and-prove"));
            need("evidence before the restore", cleaned.is_none_or(|cleaned| kept < Some(cleaned)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn there_are_enough_of_them_and_each_of_the_seven_has_an_attack_and_a_fault() {
    let workspace = Sandbox::new();
    let listed: Value = serde_json::from_str(&workspace.ok(&["playbook", "list", "--json"])).unwrap();
    let all = listed["playbooks"].as_array().unwrap();
    let scenarios: Vec<&Value> = all.iter().filter(|playbook| playbook["part"] == false).collect();
    assert!(scenarios.len() >= 34, "{}", scenarios.len());
    assert!(all.iter().all(|playbook| playbook["findings"] == 0), "{listed}");
    let has = |list: &Value, word: &str| list.as_array().is_some_and(|list| list.iter().any(|entry| entry == word));
    for system in SEVEN {
        for family in ["A", "B"] {
            let there = scenarios.iter().any(|one| one["family"] == family && has(&one["systems"], system));
            assert!(there, "{system} has no scenario of family {family}");
        }
    }
    let in_lab = scenarios.iter().filter(|one| has(&one["modes"], "lab")).count();
    assert!(in_lab >= 22, "{in_lab}");
    assert!(scenarios.iter().all(|one| has(&one["modes"], "tabletop")));
}

#[test]
fn the_page_of_scenarios_is_what_the_playbooks_say() {
    let workspace = Sandbox::new();
    let made = workspace.ok(&["playbook", "list", "--markdown"]);
    let page = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/scenarios.md");
    let kept = fs::read_to_string(&page).unwrap();
    assert!(made == kept, "make it anew: `cargo run -- playbook list --markdown > docs/scenarios.md`");
}
