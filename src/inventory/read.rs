//! Reads one information system; every mistake is found at its word.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::dossier::{self, State};
use super::facts::{self, Component};
use super::host;
use super::{BackupPlan, Environment, Figure, Host, RestorePlan, SecretPlace, System, Targets};
use crate::message::message;
use crate::model::{Command, Id, Name};
use crate::source::{self, Document, Fields, Finding, Node, Place, Reader};

/// Reads the system in `text`, which findings call `file`.
///
/// # Errors
///
/// Everything that is wrong in it, in file order.
pub fn read(file: &str, text: &str) -> Result<System, Vec<Finding>> {
    read_document(&source::parse(file, text)).0
}

/// Reads the system in `document`, with the warnings where it holds.
pub fn read_document(document: &Document) -> (Result<System, Vec<Finding>>, Vec<Finding>) {
    let reader = Reader::new(document);
    let system = document.root.as_ref().and_then(|root| top(&reader, root));
    super::finish(reader, system)
}

/// The shapes that the reader asks for in `text`, with what is wrong in it: how the schema is held to the reader.
#[cfg(test)]
pub(super) fn shapes(file: &str, text: &str) -> (Vec<Finding>, source::Shapes) {
    let document = source::parse(file, text);
    let reader = Reader::new(&document).keeping_shapes();
    if let Some(root) = &document.root {
        top(&reader, root);
    }
    let shapes = reader.shapes();
    (reader.into_findings(), shapes)
}

/// Finds systems in `depends_on` that are not among `names`, the whole inventory.
#[must_use]
pub fn links(document: &Document, names: &BTreeSet<&str>) -> Vec<Finding> {
    let wanted = document.root.as_ref().and_then(|root| root.get("depends_on")).map(Node::items).unwrap_or_default();
    wanted
        .iter()
        .filter_map(|node| Some((node, node.scalar()?.0)))
        .filter(|(_, name)| name.parse::<Name>().is_ok() && !names.contains(name))
        .map(|(node, name)| {
            let message = message!("inventory-unknown-system", system = name);
            Finding::error("unknown-system", &document.file, node.place, message)
                .help(source::suggest::did_you_mean(name, names.iter().copied()))
        })
        .collect()
}

/// Hosts that were named, looked at when all is read.
type Named<'a> = RefCell<Vec<&'a Node>>;

fn top<'a>(reader: &Reader<'a>, root: &'a Node) -> Option<System> {
    let fields = reader.fields("system", root, Place::START)?;
    fields.format();
    let id = fields.required("id").and_then(|node| {
        let id = reader.name(node)?;
        reader.same_as_file(node, id.as_str());
        Some(id)
    });
    let name = fields.required("name").and_then(|node| reader.words(node));
    let environment = fields
        .optional("environment")
        .map_or(Some(Environment::Production), |node| reader.word(node, Environment::WORDS));
    let depends_on = fields.optional("depends_on").and_then(|node| reader.list(node, |item| reader.name(item)));
    let endpoints = endpoints(reader, &fields);
    let hosts = hosts(reader, &fields);
    let named = RefCell::new(Vec::new());
    let operations = operations(reader, &fields, &named);
    let objectives = targets(reader, &fields);
    let backups = backups(reader, &fields, &named);
    let restore = fields.optional("restore").and_then(|node| restore(reader, node, &named));
    let words = |name| fields.optional(name).and_then(|node| reader.words(node));
    let (owner, operator, security_unit) = (words("owner"), words("operator"), words("security_unit"));
    let state = fields.optional("state").and_then(|node| reader.word(node, State::WORDS));
    let operating_since = fields.optional("operating_since").and_then(|node| dossier::day(reader, node));
    let facts = fields.given("facts").and_then(|(key, node)| facts::read(reader, node, key.place));
    let assumed = fields.optional("assumed").and_then(|node| reader.list(node, |item| assumed(reader, root, item)));
    let components = components(reader, &fields);
    let dossier = fields.given("dossier").and_then(|(key, node)| dossier::dossier(reader, node, key.place));
    let assessments =
        fields.optional("assessments").and_then(|node| reader.list(node, |it| dossier::assessment(reader, it)));
    let risk = fields.given("risk").and_then(|(key, node)| dossier::risk(reader, node, key.place));
    let changes = fields.optional("changes").and_then(|node| reader.list(node, |it| dossier::change(reader, it)));
    let figures = figures(reader, &fields);
    let controls = fields.optional("controls").and_then(|node| reader.list(node, |it| dossier::control(reader, it)));
    let listed = fields.optional("hosts").map_or(0, |node| node.items().len());
    // A host that was found wrong where it stands is not missing where it is named.
    if !fields.finish().contains(&"hosts") && listed == hosts.len() {
        let known: Vec<&str> = hosts.iter().map(|host| host.id.as_str()).collect();
        for node in named.into_inner() {
            known_host(reader, node, &known);
        }
    }
    Some(System {
        id: id?,
        name: name?,
        environment: environment?,
        depends_on: depends_on.unwrap_or_default(),
        endpoints,
        hosts,
        operations,
        objectives,
        backups,
        restore,
        owner,
        operator,
        security_unit,
        state,
        operating_since,
        facts: facts.unwrap_or_default(),
        assumed: assumed.unwrap_or_default(),
        components,
        dossier,
        assessments: assessments.unwrap_or_default(),
        risk,
        changes: changes.unwrap_or_default(),
        controls: controls.unwrap_or_default(),
        figures,
    })
}

/// A path in `assumed`: what it names has to be there.
fn assumed(reader: &Reader<'_>, root: &Node, node: &Node) -> Option<String> {
    let path = reader.filled_text(node)?;
    if root.at(&path).is_none() {
        let text = message!("inventory-assumed-nothing", path = path.as_str());
        reader.error("assumed-nothing", node.place, text, message!("inventory-assumed-nothing-help"));
        return None;
    }
    Some(path)
}

/// Finds that a file lists what no person has confirmed: what is printed of it is marked, and somebody has to look at it.
#[must_use]
pub fn assumptions(document: &Document) -> Option<Finding> {
    let root = document.root.as_ref()?;
    let (key, node) = root.members().iter().find(|(key, _)| key.text == "assumed")?;
    let paths: Vec<&str> = node.items().iter().filter_map(|item| Some(item.scalar()?.0)).collect();
    if paths.is_empty() {
        return None;
    }
    let message = message!("inventory-assumed-fact", count = paths.len(), paths = paths.join(", "));
    let finding = Finding::error("assumed-fact", &document.file, key.place, message);
    Some(finding.help(message!("inventory-assumed-fact-help")).warning())
}

fn figures<'a>(reader: &Reader<'a>, fields: &Fields<'_, 'a>) -> Vec<Figure> {
    let mut seen = BTreeSet::new();
    let read = |node: &'a Node| {
        let fields = reader.fields("figure", node, node.place)?;
        let id = fields.required("id").and_then(|node| unique(reader, node, &mut seen));
        let value = fields.required("value").and_then(|node| reader.integer(node, 0, i64::MAX));
        let about = fields.optional("about").and_then(|node| reader.boolean(node)).unwrap_or_default();
        let unit = fields.required("unit").and_then(|node| reader.words(node));
        let source = fields.required("source").and_then(|node| reader.words(node));
        fields.finish();
        Some(Figure { id: id?, value: value?, about, unit: unit?, source: source? })
    };
    fields.optional("figures").and_then(|node| reader.list(node, read)).unwrap_or_default()
}

fn components<'a>(reader: &Reader<'a>, fields: &Fields<'_, 'a>) -> Vec<Component> {
    let mut seen = BTreeSet::new();
    let read = |node: &'a Node| {
        let fields = reader.fields("component", node, node.place)?;
        let id = fields.required("id").and_then(|node| unique(reader, node, &mut seen));
        let facts = match fields.given("facts") {
            Some((key, node)) => facts::read(reader, node, key.place),
            None => Some(facts::Facts::default()),
        };
        let host = fields.given("host").and_then(|(key, node)| host::read(reader, node, key.place));
        fields.finish();
        Some(Component { id: id?, facts: facts?, host })
    };
    fields.optional("components").and_then(|node| reader.list(node, read)).unwrap_or_default()
}

fn endpoints<'a>(reader: &Reader<'a>, fields: &Fields<'_, 'a>) -> BTreeMap<Id, String> {
    let members = fields.optional("endpoints").and_then(|node| reader.members(node)).unwrap_or_default();
    members.iter().filter_map(|(key, node)| Some((reader.id_key(key)?, reader.filled_text(node)?))).collect()
}

fn hosts<'a>(reader: &Reader<'a>, fields: &Fields<'_, 'a>) -> Vec<Host> {
    let mut seen = BTreeSet::new();
    let read = |node: &'a Node| {
        let fields = reader.fields("host", node, node.place)?;
        let id = fields.required("id").and_then(|node| unique(reader, node, &mut seen));
        let ssh = fields.required("ssh").and_then(|node| reader.filled_text(node));
        fields.finish();
        Some(Host { id: id?, ssh: ssh? })
    };
    fields.optional("hosts").and_then(|node| reader.list(node, read)).unwrap_or_default()
}

fn unique(reader: &Reader<'_>, node: &Node, seen: &mut BTreeSet<Name>) -> Option<Name> {
    let name = reader.name(node)?;
    if !seen.insert(name.clone()) {
        reader.error("duplicate-id", node.place, message!("source-duplicate-id", id = name.as_str()), None);
    }
    Some(name)
}

fn operations<'a>(reader: &Reader<'a>, fields: &Fields<'_, 'a>, hosts: &Named<'a>) -> IndexMap<Id, Command> {
    let members = fields.optional("operations").and_then(|node| reader.members(node)).unwrap_or_default();
    members
        .iter()
        .filter_map(|(key, node)| {
            let id = reader.id_key(key);
            let command = command(reader, node, key.place, hosts);
            Some((id?, command?))
        })
        .collect()
}

/// A command of the system: its host is one of the system's, and it has no expressions but secrets.
fn command<'a>(reader: &Reader<'a>, node: &'a Node, home: Place, hosts: &Named<'a>) -> Option<Command> {
    let fields = reader.fields("operation", node, home)?;
    let program = fields.one_of(&["argv", "shell"]).map(|(word, _, node)| (word, node));
    let command = source::command(reader, &fields, program);
    fields.finish();
    if let Some(node) = command.host {
        hosts.borrow_mut().push(node);
    }
    for node in command.argv.iter().chain(command.cwd.as_ref()) {
        plain(reader, node, false);
    }
    for node in command.env.iter().chain(command.stdin.as_ref()) {
        plain(reader, node, true);
    }
    if command.host.is_some() {
        for node in &command.env {
            if let Some(at) = source::secret(node) {
                source::secret_over_ssh(reader, node, at);
            }
        }
    }
    command.value
}

fn known_host(reader: &Reader<'_>, node: &Node, hosts: &[&str]) {
    if let Some((text, _)) = node.scalar()
        && !hosts.contains(&text)
    {
        let help = source::suggest::one_of_these(text, hosts.iter().copied());
        reader.error("unknown-host", node.place, message!("inventory-unknown-host", host = text), help);
    }
}

/// Finds expressions where none can be filled in; `{{ secret.NAME }}` where `secrets` are allowed.
fn plain(reader: &Reader<'_>, node: &Node, secrets: bool) {
    let Some((text, _)) = node.scalar() else { return };
    let mut from = 0;
    while let Some(at) = text[from..].find("{{").map(|at| from + at) {
        let inner = text[at + 2..].split("}}").next().unwrap_or_default().trim();
        let secret = inner.strip_prefix("secret.").is_some_and(|name| !name.is_empty());
        if !(secrets && secret) {
            let place = reader.place_in(node, text[..at].chars().count(), 2);
            reader.error(
                "template-not-here",
                place,
                message!("inventory-template-not-here"),
                message!("inventory-template-not-here-help"),
            );
            return;
        }
        from = at + 2;
    }
}

fn targets<'a>(reader: &Reader<'a>, fields: &Fields<'_, 'a>) -> Targets {
    let Some((key, node)) = fields.given("objectives") else { return Targets::default() };
    let Some(fields) = reader.fields("targets", node, key.place) else { return Targets::default() };
    let rto = fields.optional("rto").and_then(|node| reader.span(node));
    let rpo = fields.optional("rpo").and_then(|node| reader.span(node));
    fields.finish();
    Targets { rto, rpo }
}

fn backups<'a>(reader: &Reader<'a>, fields: &Fields<'_, 'a>, known: &Named<'a>) -> Vec<BackupPlan> {
    let mut seen = BTreeSet::new();
    let read = |node: &'a Node| {
        let fields = reader.fields("backup", node, node.place)?;
        let id = fields.required("id").and_then(|node| unique(reader, node, &mut seen));
        let text = |node: Option<&'a Node>| node.and_then(|node| reader.filled_text(node));
        let host = fields.optional("host").and_then(|node| {
            known.borrow_mut().push(node);
            reader.name(node)
        });
        let kind = fields.optional("kind").and_then(|node| reader.word(node, BackupPlan::KINDS));
        let rows = rows(reader, fields.optional("rows"), kind);
        let secret = fields.given("secret").and_then(|(key, node)| secret(reader, node, key.place));
        let path = text(fields.required("path"));
        let copies = text(fields.optional("copies"));
        let medium = text(fields.optional("medium"));
        let offsite = fields.optional("offsite").and_then(|node| reader.boolean(node));
        let schedule = text(fields.optional("schedule"));
        fields.finish();
        Some(BackupPlan {
            id: id?,
            host,
            kind: kind.unwrap_or("files").to_owned(),
            path: path?,
            copies: copies.unwrap_or_else(|| "*".to_owned()),
            medium,
            offsite: offsite.unwrap_or_default(),
            schedule,
            rows,
            secret,
        })
    };
    fields.optional("backups").and_then(|node| reader.list(node, read)).unwrap_or_default()
}

/// How many rows tables have to have: only databases have any.
fn rows<'a>(reader: &Reader<'a>, node: Option<&'a Node>, kind: Option<&str>) -> BTreeMap<String, u64> {
    let Some(node) = node else { return BTreeMap::new() };
    if kind.is_some_and(|kind| !matches!(kind, "postgres" | "sqlite" | "other")) {
        reader.error("rows-not-here", node.place, message!("inventory-rows-not-here"), None);
    }
    let members = reader.members(node).unwrap_or_default();
    members.iter().filter_map(|(key, node)| Some((key.text.clone(), reader.integer(node, 0, i64::MAX)?))).collect()
}

/// Where the password of a repository is.
fn secret<'a>(reader: &Reader<'a>, node: &'a Node, home: Place) -> Option<SecretPlace> {
    let fields = reader.fields("secret-place", node, home)?;
    let found = fields.one_of(&["env", "file"]);
    let place = found.and_then(|(word, _, node)| {
        let text = reader.filled_text(node)?;
        Some(if word == "env" { SecretPlace::Env(text) } else { SecretPlace::File(text) })
    });
    fields.finish();
    place
}

fn restore<'a>(reader: &Reader<'a>, node: &'a Node, hosts: &Named<'a>) -> Option<RestorePlan> {
    let fields = reader.fields("restore-plan", node, node.place)?;
    let to = fields.required("to").and_then(|node| {
        plain(reader, node, false);
        reader.filled_text(node)
    });
    let check = fields.given("check").and_then(|(key, node)| command(reader, node, key.place, hosts));
    fields.finish();
    Some(RestorePlan { to: to?, check })
}
