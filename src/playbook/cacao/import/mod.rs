//! A CACAO document as a playbook of ours: what maps is mapped, what does not is named at its place.

mod condition;
mod flow;
mod guard;
mod own;
mod step;
mod values;
mod whom;
mod workflow;

use serde_json::{Map, Value, json};

use super::SPEC;
use crate::message::{Message, message};
use crate::model::Name;
use crate::playbook::read::{Known, read_document};
use crate::playbook::write;
use crate::source::{Data, Finding, Node, Place, any_error, parse, parse_json, sort};

/// The playbook that was made.
#[derive(Clone, Debug)]
pub struct Import {
    /// Its name.
    pub name: Name,
    /// The file's text: it holds.
    pub text: String,
    /// What was left out, what a person has to look at: each a warning at its place in the document.
    pub findings: Vec<Finding>,
}

/// The playbook in the CACAO document `text`, which findings call `file`; called `name`, or by its own name.
///
/// # Errors
///
/// Everything that keeps it from being one: no JSON, no playbook of version 2.0, references to nothing, circles, more
/// steps than anybody reads. Nothing is made then.
pub fn import(file: &str, text: &str, name: Option<&Name>, known: &Known) -> Result<Import, Vec<Finding>> {
    let document = parse_json(file, text);
    let Some(root) = document.root.as_ref().filter(|_| !any_error(&document.findings)) else {
        return Err(document.findings);
    };
    let mut found = Findings { file, all: Vec::new() };
    if !matches!(root.data, Data::Map(_)) {
        found.error("wrong-type", root.place, message!("cacao-no-playbook"));
        return Err(found.all);
    }
    for (key, wanted) in [("type", "playbook"), ("spec_version", SPEC)] {
        let node = root.get(key);
        if node.and_then(Node::scalar).is_none_or(|(text, _)| text != wanted) {
            let place = node.map_or(root.place, |node| node.place);
            found.error("cacao-not-playbook", place, message!("cacao-not-playbook", key = key, wanted = wanted));
        }
    }
    if any_error(&found.all) {
        return Err(found.all);
    }
    let made = own::playbook(root, name, &mut found)
        .or_else(|| foreign(root, name, known, &mut found).filter(|_| !any_error(&found.all)));
    let Some((name, text)) = made else { return Err(found.sorted()) };
    // The last look: what is made has to hold, whatever came in.
    let (read, findings) = read_document(&parse(&format!("{name}.yaml"), &text), known);
    if read.is_err() {
        for finding in findings.iter().filter(|finding| finding.severity == crate::source::Severity::Error) {
            let message = message!("cacao-unmapped", code = finding.code, detail = finding.message.clone());
            found.error("cacao-unmapped", root.place, message);
        }
        return Err(found.sorted());
    }
    Ok(Import { name, text, findings: found.sorted() })
}

/// A playbook of another tool.
fn foreign<'k>(root: &Node, name: Option<&Name>, known: &'k Known, found: &mut Findings<'k>) -> Option<(Name, String)> {
    let title = values::line(root.get("name").and_then(Node::scalar).map_or("", |(text, _)| text));
    if title.is_empty() {
        found.error("missing-key", root.place, message!("source-missing-key", key = "name"));
    }
    let name = name.cloned().or_else(|| slug(&title).parse().ok())?;
    let workflow = workflow::read(root, found)?;
    let mut maker = flow::Maker::new(root, workflow, known, found);
    let steps = maker.steps()?;
    let mut head = Map::new();
    let mut put = |key: &str, value: Value| _ = head.insert(key.to_owned(), value);
    put("format", json!(1));
    put("playbook", json!(name.as_str()));
    put("version", json!(1));
    put("title", json!(title));
    put("family", json!("A"));
    put("kind", json!("imported"));
    let techniques = techniques(root);
    if !techniques.is_empty() {
        put("attack", json!(techniques));
    }
    put("keep_running", both(&message!("cacao-keep-running")));
    let (inputs, roles) = (maker.inputs(), maker.roles());
    if !inputs.is_empty() {
        put("inputs", Value::Object(inputs));
    }
    if !roles.is_empty() {
        put("roles", Value::Object(roles));
    }
    left_out(root, found);
    for key in ["keep_running", "family", "kind"] {
        found.warning("cacao-to-fill", root.place, message!("cacao-to-fill", key = key), None);
    }
    Some((name, comment(root) + &write::text(&head, steps)))
}

/// Where the playbook is from, as a comment: nothing of its head is lost.
fn comment(root: &Node) -> String {
    let mut text = String::from("# CACAO Security Playbooks Version 2.0\n");
    for (key, node) in root.members() {
        if matches!(key.text.as_str(), "workflow" | "agent_definitions" | "target_definitions" | "playbook_variables") {
            continue;
        }
        if let Some(value) = node.to_value() {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            text.push_str(&format!("# {}: {}\n", values::line(&key.text), values::line(&value)));
        }
    }
    text.push_str("# keep_running, family, kind, effect: to be filled in by a person before the first drill.\n");
    text
}

/// What of the head has no place in a playbook of ours. It stands in the comment.
fn left_out(root: &Node, found: &mut Findings<'_>) {
    const TAKEN: &[&str] = &[
        "type",
        "spec_version",
        "id",
        "name",
        "created",
        "modified",
        "created_by",
        "workflow",
        "workflow_start",
        "workflow_exception",
        "playbook_variables",
        "agent_definitions",
        "target_definitions",
    ];
    for (key, _) in root.members().iter().filter(|(key, _)| !TAKEN.contains(&key.text.as_str())) {
        let pointer = format!("/{}", escape(&key.text));
        found.warning("cacao-left-out", key.place, message!("cacao-left-out", pointer = pointer), None);
    }
}

/// The techniques of MITRE ATT&CK among the references.
fn techniques(root: &Node) -> Vec<String> {
    let references = root.get("external_references").map(Node::items).unwrap_or_default();
    let ids = references.iter().filter_map(|item| item.get("external_id")?.scalar()).map(|(id, _)| id);
    let mut all: Vec<String> = Vec::new();
    for id in ids {
        let (main, sub) = id.split_once('.').unwrap_or((id, "000"));
        let digits = |text: &str, length| text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
        let technique = main.strip_prefix('T').is_some_and(|main| digits(main, 4)) && digits(sub, 3);
        if technique && !all.iter().any(|known| known == id) {
            all.push(id.to_owned());
        }
    }
    all
}

/// A message in both languages, as text for people.
fn both(message: &Message) -> Value {
    use crate::model::Lang;
    json!({ "vi": message.render(Lang::Vi), "en": message.render(Lang::En) })
}

/// A name made of a title.
fn slug(title: &str) -> String {
    let mut text = String::new();
    for c in title.chars().map(values::plain) {
        if c.is_ascii_alphanumeric() {
            text.push(c);
        } else if !text.ends_with('-') && !text.is_empty() {
            text.push('-');
        }
        if text.len() >= 60 {
            break;
        }
    }
    let text = text.trim_matches('-');
    if text.is_empty() { "imported".to_owned() } else { text.to_owned() }
}

/// A key inside a JSON pointer (RFC 6901).
fn escape(key: &str) -> String {
    values::line(key).replace('~', "~0").replace('/', "~1")
}

/// What is found on the way.
struct Findings<'f> {
    file: &'f str,
    all: Vec<Finding>,
}

impl Findings<'_> {
    fn error(&mut self, code: &'static str, place: Place, message: Message) {
        self.all.push(Finding::error(code, self.file, place, message));
    }

    fn warning(&mut self, code: &'static str, place: Place, message: Message, help: Option<Message>) {
        self.all.push(Finding::error(code, self.file, place, message).help(help).warning());
    }

    fn sorted(&mut self) -> Vec<Finding> {
        sort(&mut self.all);
        std::mem::take(&mut self.all)
    }
}
