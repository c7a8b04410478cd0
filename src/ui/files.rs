//! Every file of a workspace read at once: what it is, what it says, what is wrong in it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::inventory::{self, People, System, Unit};
use crate::message::{Explain as _, message};
use crate::model::Name;
use crate::playbook::exercise::Exercise;
use crate::playbook::{self, Known, Playbook, shipped};
use crate::policy::cadences::{self, Cadences};
use crate::policy::requirements::{self, Requirements};
use crate::policy::{self, Plan, duties, holidays, layouts, levels, notice, redaction};
use crate::source::{self, Document, FileError, Finding, Place};

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `ungpho.yaml`.
    Unit,
    /// `people.yaml`.
    People,
    /// An information system.
    System,
    /// A scenario.
    Playbook,
    /// A set of duties.
    Duties,
    /// The text of a notice.
    Notice,
    /// A plan with numbered tasks.
    Tasks,
    /// How often things are to be done.
    Cadences,
    /// Criteria for the levels of systems.
    Levels,
    /// A year's holidays.
    Holidays,
    /// What levels require.
    Requirements,
    /// How documents are laid out.
    Layout,
    /// What documents leave out.
    Redaction,
    /// A planned drill.
    Exercise,
}

/// A file that was read, whatever is wrong in it.
#[derive(Debug)]
pub struct Loaded {
    /// What it is.
    pub kind: Kind,
    /// Its name in findings, its text and its tree.
    pub document: Document,
    /// Whether it could not be read at all; then the document has nothing but the finding.
    pub unread: bool,
}

/// Reads the file at `path`, which findings call `shown`. `kind` where its place says what it is.
#[must_use]
pub fn load(path: &Path, shown: &str, kind: Option<Kind>) -> Loaded {
    match source::read_file(path, shown) {
        Ok(text) => {
            let document = source::parse(shown, &text);
            Loaded { kind: kind.unwrap_or_else(|| guess(path, &document)), document, unread: false }
        }
        Err(error) => {
            let finding = match error {
                FileError::Unfit(finding) => *finding,
                FileError::NotFile { .. } => Finding::error(error.code(), shown, Place::START, error.message()),
                FileError::Unreadable { ref cause, .. } => {
                    let cause = message!("cli-check-cause", cause = crate::message::cause::io(cause));
                    Finding::error(error.code(), shown, Place::START, error.message()).help(cause)
                }
            };
            let document =
                Document { file: shown.to_owned(), text: String::new(), root: None, findings: vec![finding] };
            Loaded { kind: kind.unwrap_or(Kind::Playbook), document, unread: true }
        }
    }
}

/// What a file is: by its folder, else by its keys.
fn guess(path: &Path, document: &Document) -> Kind {
    let folder = path.parent().and_then(Path::file_name).and_then(|name| name.to_str()).unwrap_or_default();
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let has = |key| document.root.as_ref().is_some_and(|root| root.get(key).is_some());
    match (name, folder) {
        ("ungpho.yaml", _) => Kind::Unit,
        ("people.yaml", _) => Kind::People,
        (_, "exercises") => Kind::Exercise,
        (_, "tasks") => Kind::Tasks,
        (_, "cadences") => Kind::Cadences,
        (_, "levels") => Kind::Levels,
        (_, "holidays") => Kind::Holidays,
        (_, "requirements") => Kind::Requirements,
        (_, "layouts") => Kind::Layout,
        (_, "redaction") => Kind::Redaction,
        (_, "inventory") => Kind::System,
        (_, "playbooks") => Kind::Playbook,
        (_, "duties") => Kind::Duties,
        (_, "notices") => Kind::Notice,
        _ if has("playbook") || has("steps") => Kind::Playbook,
        _ if has("cadences") => Kind::Cadences,
        _ if has("levels") && has("rules") => Kind::Levels,
        _ if has("year") && has("off") => Kind::Holidays,
        _ if has("requirements") => Kind::Requirements,
        _ if has("layout") => Kind::Layout,
        _ if has("redaction") => Kind::Redaction,
        _ if has("set") => Kind::Duties,
        _ if has("notice") => Kind::Notice,
        _ if has("id") && has("name") => Kind::System,
        _ if has("people") => Kind::People,
        _ if has("unit") => Kind::Unit,
        _ => Kind::Playbook,
    }
}

/// The files of the workspace at `root`, read at the same time, in the order of their names.
#[must_use]
pub fn workspace(root: &Path) -> Vec<Loaded> {
    let mut wanted: Vec<(String, Kind)> = vec![("ungpho.yaml".to_owned(), Kind::Unit)];
    if root.join("people.yaml").exists() {
        wanted.push(("people.yaml".to_owned(), Kind::People));
    }
    for (folder, kind) in [
        ("inventory", Kind::System),
        ("policies/tasks", Kind::Tasks),
        ("policies/cadences", Kind::Cadences),
        ("policies/levels", Kind::Levels),
        ("policies/holidays", Kind::Holidays),
        ("policies/requirements", Kind::Requirements),
        ("policies/layouts", Kind::Layout),
        ("policies/redaction", Kind::Redaction),
        ("playbooks", Kind::Playbook),
        ("policies/duties", Kind::Duties),
        ("policies/notices", Kind::Notice),
        ("exercises", Kind::Exercise),
    ] {
        let entries = std::fs::read_dir(root.join(folder)).into_iter().flatten().filter_map(Result::ok);
        let mut names: Vec<String> = entries
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| {
                !name.starts_with('.') && Path::new(name).extension().is_some_and(|extension| extension == "yaml")
            })
            .collect();
        names.sort();
        wanted.extend(names.into_iter().map(|name| (format!("{folder}/{name}"), kind)));
    }
    wanted.into_par_iter().map(|(shown, kind)| load(&root.join(&shown), &shown, Some(kind))).collect()
}

/// What all files together say.
#[derive(Debug, Default)]
pub struct Read {
    /// What playbooks can name.
    pub known: Known,
    /// The playbooks that hold, by name.
    pub playbooks: BTreeMap<Name, Playbook>,
    /// Everything wrong, in the order of the files and inside each.
    pub findings: Vec<Finding>,
}

/// What is wrong in a planned drill, its people among it.
fn exercise(document: &Document, known: &Known, people: Option<&People>) -> Vec<Finding> {
    let mut findings = Exercise::read_document(document, known).1;
    findings.extend(people.iter().flat_map(|people| Exercise::strangers(document, people)));
    source::sort(&mut findings);
    findings
}

/// The number of a file, the system in it, everything found.
type SystemRead = (usize, Result<System, Vec<Finding>>, Vec<Finding>);

/// Reads the typed content of `files`. `around` is the rest of the workspace, for what these name; `complete` where the two
/// are the whole of it. Shipped playbooks can be named too.
#[must_use]
pub fn read(files: &[Loaded], around: &[Loaded], complete: bool) -> Read {
    let systems: Vec<SystemRead> = (0..files.len() + around.len())
        .into_par_iter()
        .filter_map(|at| {
            let file = files.get(at).or_else(|| around.get(at - files.len()))?;
            (file.kind == Kind::System).then(|| {
                let (system, findings) = inventory::read_document(&file.document);
                (at, system, findings)
            })
        })
        .collect();
    let every = || files.iter().chain(around);
    let mut known = Known { complete, ..Known::default() };
    let mut found: BTreeMap<usize, Vec<Finding>> = BTreeMap::new();
    for (at, system, findings) in systems {
        if let Ok(system) = system {
            known.systems.insert(system.id.clone(), system);
        } else if let Some(file) = files.get(at).or_else(|| around.get(at - files.len())) {
            // It is there all the same: others name it by its file's name, or by its id.
            let stem = Path::new(&file.document.file).file_stem().and_then(|stem| stem.to_str());
            let id = file.document.root.as_ref().and_then(|root| root.get("id")).and_then(source::Node::scalar);
            let names = stem.into_iter().chain(id.map(|(text, _)| text));
            known.broken.extend(names.filter_map(|name| name.parse().ok()));
        }
        if at < files.len() {
            found.insert(at, findings);
        }
    }
    let texts: Vec<Document> = shipped::all().map(|(name, text)| source::parse(name, text)).collect();
    let outlines: Vec<_> = texts
        .par_iter()
        .map(playbook::outline)
        .chain(
            every()
                .filter(|file| file.kind == Kind::Playbook)
                .collect::<Vec<_>>()
                .into_par_iter()
                .map(|file| playbook::outline(&file.document)),
        )
        .collect();
    known.playbooks.extend(outlines.into_iter().flatten());
    known.levels = levels_of(&known.systems, every());
    let declared = declared(files, around, complete);
    known.tasks = tasks(every().filter(|file| file.kind == Kind::Tasks));
    let people = every().find(|file| file.kind == Kind::People && !file.unread);
    let people = people.and_then(|file| People::read_document(&file.document).0.ok());
    let names: BTreeSet<&str> = known.systems.keys().chain(&known.broken).map(Name::as_str).collect();
    let required = required(every());
    let controls = required.controls();
    let read: Vec<(Option<Playbook>, Vec<Finding>)> = files
        .par_iter()
        .enumerate()
        .map(|(at, file)| match file.kind {
            _ if file.unread => (None, file.document.findings.clone()),
            Kind::Playbook => {
                let (playbook, mut findings) = playbook::read_document(&file.document, &known);
                let broken = broken_calls(&file.document, around, &known);
                let playbook = playbook.ok().filter(|_| broken.is_empty());
                findings.extend(broken);
                source::sort(&mut findings);
                (playbook, findings)
            }
            Kind::System => {
                let mut findings = found.get(&at).cloned().unwrap_or_default();
                findings.extend(inventory::assumptions(&file.document));
                findings.extend(requirements::unknown_controls(&file.document, &controls));
                if known.complete {
                    findings.extend(inventory::links(&file.document, &names));
                }
                source::sort(&mut findings);
                (None, findings)
            }
            Kind::Unit => (None, Unit::read_document(&file.document).1),
            Kind::People => (None, People::read_document(&file.document).1),
            Kind::Duties => (None, duties::read_document(&file.document, &declared).1),
            Kind::Notice => (None, notice::read_document(&file.document).1),
            Kind::Tasks => (None, Plan::read_document(&file.document).1),
            Kind::Cadences => (None, rhythms(&file.document, &known, &names, &controls)),
            Kind::Levels => (None, levels::read_document(&file.document).1),
            Kind::Holidays => (None, holidays::read_document(&file.document).1),
            Kind::Requirements => (None, requirements::read_document(&file.document).1),
            Kind::Layout => (None, layouts::read_document(&file.document).1),
            Kind::Redaction => (None, redaction::read_document(&file.document).1),
            Kind::Exercise => (None, exercise(&file.document, &known, people.as_ref())),
        })
        .collect();
    let mut all = Read { known, ..Read::default() };
    let sets: Vec<&Document> =
        files.iter().filter(|file| file.kind == Kind::Duties).map(|file| &file.document).collect();
    let twice = duties::overlaps(&sets);
    for ((playbook, mut findings), file) in read.into_iter().zip(files) {
        findings.extend(twice.iter().filter(|finding| finding.file == file.document.file).cloned());
        source::sort(&mut findings);
        all.findings.extend(findings);
        if let Some(playbook) = playbook {
            all.playbooks.insert(playbook.name.clone(), playbook);
        }
    }
    all
}

/// What is wrong in a unit's cadences, what they name among it. A control that only a system has can be asked for as well.
fn rhythms(document: &Document, known: &Known, systems: &BTreeSet<&str>, controls: &BTreeSet<&str>) -> Vec<Finding> {
    let mut findings = Cadences::read_document(document).1;
    let in_systems = known.systems.values().flat_map(|system| &system.controls).map(|control| control.id.as_str());
    let controls = controls.iter().copied().chain(in_systems).collect();
    findings.extend(cadences::unknown_names(document, known.complete.then_some(systems), &controls));
    findings
}

/// What duties can name: in the shipped files and in these. `complete` where that is all there is.
fn declared(files: &[Loaded], around: &[Loaded], complete: bool) -> duties::Declared {
    let mut declared = duties::Book::shipped_names();
    declared.complete = complete;
    for file in files.iter().chain(around) {
        match file.kind {
            Kind::Duties => declared.add_duties(&file.document),
            Kind::Notice => declared.add_notice(&file.document),
            _ => {}
        }
    }
    declared
}

/// Finds calls of playbooks that do not hold and are not themselves looked at: a run could not be planned.
fn broken_calls(document: &Document, around: &[Loaded], known: &Known) -> Vec<Finding> {
    let mut all = Vec::new();
    for (node, name) in playbook::calls(document) {
        let of_name = |file: &&Loaded| {
            let stem = Path::new(&file.document.file).file_stem().and_then(|stem| stem.to_str());
            file.kind == Kind::Playbook && stem == Some(name.as_str())
        };
        let Some(file) = around.iter().find(of_name) else { continue };
        if file.unread || playbook::read_document(&file.document, known).0.is_err() {
            let message = message!("playbook-broken-call", playbook = name.as_str());
            let help = message!("playbook-broken-call-help", file = file.document.file.as_str());
            all.push(Finding::error("playbook-broken", &document.file, node.place, message).help(help));
        }
    }
    all
}

/// The level of each system: approved by whatever day, else proved by the newest criteria.
fn levels_of<'f>(systems: &BTreeMap<Name, System>, files: impl Iterator<Item = &'f Loaded>) -> BTreeMap<Name, u8> {
    let own: Vec<(String, String)> = files
        .filter(|file| file.kind == Kind::Levels)
        .map(|file| (file.document.file.clone(), file.document.text.clone()))
        .collect();
    let (book, _) = levels::Book::read(&own);
    let level = |system: &System| levels::in_force(&book, system, Date::MAX).level();
    systems.par_iter().filter_map(|(name, system)| Some((name.clone(), level(system)?))).collect()
}

/// What levels require: the shipped sets, and over them those of these files.
fn required<'f>(files: impl Iterator<Item = &'f Loaded>) -> Requirements {
    let own = files.filter(|file| file.kind == Kind::Requirements).map(|file| &file.document);
    Requirements::read(&own.map(|document| (document.file.clone(), document.text.clone())).collect::<Vec<_>>()).0
}

/// The rows of the plans that ship, and of those that the unit adds or puts in their place.
fn tasks<'f>(own: impl Iterator<Item = &'f Loaded>) -> BTreeMap<String, BTreeSet<String>> {
    let shipped: Vec<Document> = policy::SHIPPED.iter().map(|(name, text)| source::parse(name, text)).collect();
    let plans =
        shipped.iter().chain(own.map(|file| &file.document)).filter_map(|file| Plan::read_document(file).0.ok());
    plans.map(|plan| (plan.plan.to_string(), plan.ids())).collect()
}

/// The texts of the files in which something was found, by the names that findings use.
#[must_use]
pub fn texts(files: &[Loaded], findings: &[Finding]) -> BTreeMap<String, String> {
    let wanted: BTreeSet<&str> = findings.iter().map(|finding| finding.file.as_str()).collect();
    let files = files.iter().filter(|file| wanted.contains(file.document.file.as_str()));
    files.map(|file| (file.document.file.clone(), file.document.text.clone())).collect()
}
