//! What ships in `policies/` and `playbooks/`: tested by being there.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ungpho::inventory::{self, Environment, People, System, Unit};
use ungpho::model::{Lang, Name};
use ungpho::playbook::{self, Known};
use ungpho::source::{self, Finding};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every YAML file of a folder, by name.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("readable").path());
    let mut found: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|ext| ext == "yaml")).collect();
    found.sort();
    found
}

fn read(path: &Path) -> (String, String) {
    let file = path.strip_prefix(root()).expect("inside the project").display().to_string();
    (file, fs::read_to_string(path).expect("a text that can be read"))
}

/// Fails with everything found, as people see it.
#[track_caller]
fn nothing_found(file: &str, text: &str, findings: &[Finding]) {
    let texts = BTreeMap::from([(file.to_owned(), text.to_owned())]);
    assert!(findings.is_empty(), "{}", source::render(findings, &texts, Lang::En, false));
}

fn samples() -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join("policies/samples")).expect("samples ship");
    entries.map(|entry| entry.expect("readable").path()).filter(|path| path.is_dir()).collect()
}

fn systems(sample: &Path) -> Vec<System> {
    let mut found = Vec::new();
    for path in files(&sample.join("inventory")) {
        let (file, text) = read(&path);
        let (system, findings) = inventory::read_document(&source::parse(&file, &text));
        nothing_found(&file, &text, &findings);
        found.extend(system);
    }
    found
}

#[test]
fn every_sample_s_unit_and_people_are_read_without_a_finding() {
    for sample in samples() {
        let (file, text) = read(&sample.join("ungpho.yaml"));
        nothing_found(&file, &text, &Unit::read_document(&source::parse(&file, &text)).1);
        let (file, text) = read(&sample.join("people.yaml"));
        nothing_found(&file, &text, &People::read_document(&source::parse(&file, &text)).1);
    }
}

#[test]
fn the_province_s_sample_has_its_sixteen_systems_all_in_production() {
    let systems = systems(&root().join("policies/samples/quang-ngai"));
    assert_eq!(systems.len(), 16);
    for system in &systems {
        assert_eq!(system.environment, Environment::Production, "{}", system.id);
        for needed in &system.depends_on {
            assert!(systems.iter().any(|other| other.id == *needed), "{} depends on {needed}", system.id);
        }
    }
}

#[test]
fn every_shipped_playbook_holds_against_the_sample_s_systems() {
    let systems = systems(&root().join("policies/samples/quang-ngai"));
    let systems: BTreeMap<Name, System> = systems.into_iter().map(|system| (system.id.clone(), system)).collect();
    let mut shipped = files(&root().join("playbooks"));
    shipped.extend(files(&root().join("playbooks/parts")));
    let outlines = shipped.iter().filter_map(|path| {
        let (file, text) = read(path);
        playbook::outline(&source::parse(&file, &text))
    });
    let known = Known { systems, playbooks: outlines.collect(), complete: true, ..Known::default() };
    for path in shipped {
        let (file, text) = read(&path);
        let (playbook, findings) = playbook::read_document(&source::parse(&file, &text), &known);
        nothing_found(&file, &text, &findings);
        let playbook = playbook.expect("nothing was found in it");
        for watch in &playbook.watches {
            let title = watch.title.as_ref().unwrap_or_else(|| panic!("{file}: `{}` has no title", watch.id));
            let each = [Lang::Vi, Lang::En].map(|lang| title.pick(lang));
            assert_ne!(each[0], each[1], "{file}: what `{}` is called in both languages", watch.id);
        }
        for task in &playbook.tasks {
            assert!(rows().contains(task), "{file}: no row {task}");
        }
    }
}

/// Rows of the plans in `policies/tasks/`, as playbooks name them.
fn rows() -> Vec<String> {
    let mut found = Vec::new();
    for path in files(&root().join("policies/tasks")) {
        let (file, text) = read(&path);
        let document = source::parse(&file, &text);
        nothing_found(&file, &text, &document.findings);
        let top = document.root.as_ref().expect("a plan has content");
        let word = |node: Option<&source::Node>| node.and_then(source::Node::scalar).map(|(text, _)| text.to_owned());
        let plan = word(top.get("plan")).expect("a plan has a name");
        for row in top.get("rows").expect("a plan has rows").items() {
            found.push(format!("{plan}/{}", word(row.get("id")).expect("a row has an id")));
        }
    }
    found
}
