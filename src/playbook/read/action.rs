//! Actions: the fields of each kind.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::step::Block;
use super::{Book, Later, Part, When, names, probe, step, top, type_of};
use crate::message::message;
use crate::model::{Name, Span, Template};
use crate::playbook::lint::Type;
use crate::source::{self, Data, Key, Node};
use crate::step::{
    Action, Ask, Backup, BackupRef, Choice, Classifies, Decide, FAULT_KINDS, Fault, Inject, Manual, Notify, Restore,
    RestoreTo, Run, SystemRef, Tells, Wait, fault_kind,
};

/// The words that name an action.
pub(in crate::playbook) const ACTIONS: &[&str] = &[
    "manual", "run", "probe", "wait", "backup", "restore", "decide", "parallel", "each", "repeat", "call", "notify",
    "inject", "fault", "note",
];

/// Where an action stands.
pub(super) struct Spot {
    pub(super) frame: usize,
    pub(super) step: usize,
    pub(super) when: When,
    pub(super) siblings: Rc<Vec<String>>,
    pub(super) index: usize,
    pub(super) parallel: bool,
    pub(super) undo: bool,
}

/// Reads the action `word`.
pub(super) fn read<'a>(
    book: &Book<'a, '_>,
    word: &'static str,
    key: &'a Key,
    node: &'a Node,
    spot: &Spot,
) -> Option<Action> {
    let actions = Actions { book, key, node, spot };
    match word {
        "manual" => actions.manual(),
        "run" => actions.run(),
        "probe" => actions.probe(),
        "wait" => actions.wait(),
        "backup" => actions.backup(),
        "restore" => actions.restore(),
        "decide" => actions.decide(),
        "parallel" => {
            let block = Block { frame: spot.frame, parent: Some(spot.step), parallel: true };
            step::steps(book, node, block).map(Action::Parallel)
        }
        "each" => actions.each(),
        "repeat" => actions.repeat(),
        "call" => actions.call(),
        "notify" => actions.notify(),
        "inject" => actions.inject(),
        "fault" => actions.fault(),
        _ => {
            book.text_templates(node, spot.when);
            book.reader.words(node).map(Action::Note)
        }
    }
}

/// Whether an expression stands where a word has to be written out; that is found.
pub(super) fn not_literal(book: &Book<'_, '_>, node: &Node, key: &'static str) -> bool {
    let found = node.scalar().is_some_and(|(text, _)| text.contains("{{"));
    if found {
        book.reader.error("not-literal", node.place, message!("source-not-literal", key = key), None);
    }
    found
}

pub(super) struct Actions<'r, 'a, 'k> {
    pub(super) book: &'r Book<'a, 'k>,
    pub(super) key: &'a Key,
    pub(super) node: &'a Node,
    pub(super) spot: &'r Spot,
}

impl<'a> Actions<'_, 'a, '_> {
    fn yields(&self, name: &str, kind: Type) {
        if !self.spot.undo
            && let Some(seen) = self.book.steps.borrow_mut().get_mut(self.spot.step)
        {
            seen.yields.insert(name.to_owned(), kind);
        }
    }

    fn words(&self, node: &'a Node) -> Option<crate::model::Text> {
        self.book.text_templates(node, self.spot.when);
        self.book.reader.words(node)
    }

    fn template(&self, node: &'a Node) -> Option<Template> {
        self.book.template(node, self.spot.when);
        self.book.reader.filled_text(node).map(Template)
    }

    fn system(&self, node: &'a Node, part: Option<(Part, &'a Node)>) -> Option<SystemRef> {
        if not_literal(self.book, node, "on") {
            return None;
        }
        let text = self.book.reader.text(node)?;
        let system = names::system(self.book, node, &text)?;
        self.book.later(Later::System { node, frame: self.spot.frame, part });
        Some(system)
    }

    fn manual(&self) -> Option<Action> {
        let reader = &self.book.reader;
        let fields = reader.fields("manual", self.node, self.key.place)?;
        let instruction = fields.required("do").and_then(|node| self.words(node));
        let checks = fields.optional("checks").and_then(|node| reader.list(node, |item| self.words(item)));
        let mut seen = BTreeSet::new();
        let ask = fields.optional("ask").and_then(|node| {
            reader.list(node, |item| {
                let fields = reader.fields("ask", item, item.place)?;
                let id = fields.required("id").and_then(|node| top::new_id(self.book, node, &mut seen));
                let title = fields.required("title").and_then(|node| self.words(node));
                let kind = top::kind(self.book, &fields);
                let tells = fields.optional("tells").and_then(|node| reader.word(node, Tells::WORDS));
                fields.finish();
                match &id {
                    Some(id) if id == "outcome" => {
                        let place = item.get("id").map_or(item.place, |node| node.place);
                        let message = message!("playbook-yield-taken", id = id.as_str());
                        reader.error("duplicate-id", place, message, None);
                    }
                    Some(id) => {
                        self.yields(id.as_str(), kind.as_ref().map_or(Type::Any, |kind| type_of(kind, None)));
                    }
                    None => step::open(self.book, self.spot.step),
                }
                Some(Ask { id: id?, title: title?, kind: kind?, tells })
            })
        });
        if fields.finish().contains(&"ask") {
            step::open(self.book, self.spot.step);
        }
        let (checks, ask) = (checks.unwrap_or_default(), ask.unwrap_or_default());
        Some(Action::Manual(Manual { instruction: instruction?, checks, ask }))
    }

    fn run(&self) -> Option<Action> {
        let reader = &self.book.reader;
        self.yields("exit", Type::Number);
        let fields = reader.fields("run", self.node, self.key.place)?;
        let on = fields.given("on");
        let chosen = fields.one_of(&["do", "argv", "shell"]);
        if let Some(("do", _, operation)) = chosen {
            for key in ["effect", "host", "env", "stdin", "cwd"] {
                if let Some((key, _)) = fields.member(key) {
                    let message = message!("source-two-of-one", first = "do", second = key.text.as_str());
                    reader.error("two-of-one", key.place, message, None);
                }
            }
            let on = fields.required("on");
            fields.finish();
            if not_literal(self.book, operation, "do") {
                return None;
            }
            let id = reader.id(operation);
            let part = id.is_some().then_some((Part::Operation, operation));
            let on = on.and_then(|node| self.system(node, part));
            return Some(Action::Run(Run::Operation { on: on?, operation: id? }));
        }
        let program = chosen.map(|(word, _, node)| (word, node));
        if let (Some((key, _)), Some((word, _))) = (on, program) {
            let message = message!("source-two-of-one", first = word, second = "on");
            reader.error("two-of-one", key.place, message, None);
        }
        if program.is_none() {
            for key in ["effect", "host", "env", "stdin", "cwd"] {
                let _ = fields.member(key);
            }
            fields.finish();
            return None;
        }
        let command = source::command(reader, &fields, program);
        fields.finish();
        if let Some(node) = command.host {
            self.host(node);
        }
        for node in command.argv.into_iter().chain(command.cwd) {
            self.book.template(node, self.spot.when);
        }
        for node in &command.env {
            self.book.secret_template(node, self.spot.when);
            if let (Some(at), Some(_)) = (source::secret(node), command.host) {
                source::secret_over_ssh(reader, node, at);
            }
        }
        if let Some(node) = command.stdin {
            self.book.secret_template(node, self.spot.when);
        }
        command.value.map(|command| Action::Run(Run::Command(command)))
    }

    /// `SYSTEM/HOST`.
    fn host(&self, node: &'a Node) {
        if not_literal(self.book, node, "host") {
            return;
        }
        let Some((text, _)) = node.scalar() else { return };
        let parts = text.split_once('/').filter(|(_, host)| host.parse::<Name>().is_ok());
        match parts {
            Some((system, _)) if names::system(self.book, node, system).is_some() => {
                self.book.later(Later::System { node, frame: self.spot.frame, part: Some((Part::Host, node)) });
            }
            Some(_) => {}
            None => {
                let help = message!("source-pattern-help", pattern = "SYSTEM/HOST");
                let message = message!("source-invalid-name", text = text);
                self.book.reader.error("invalid-name", node.place, message, help);
            }
        }
    }

    fn probe(&self) -> Option<Action> {
        let fields = self.book.reader.fields("probe", self.node, self.key.place)?;
        let spec = probe::one(self.book, &fields, self.spot.when);
        fields.finish();
        spec.map(Action::Probe)
    }

    fn wait(&self) -> Option<Action> {
        let reader = &self.book.reader;
        let fields = reader.fields("wait", self.node, self.key.place)?;
        let spec = probe::one(self.book, &fields, self.spot.when);
        let five = Span::from_seconds(5);
        let every = fields.optional("every").map_or(Some(five), |node| probe::interval(self.book, node));
        let confirm = fields.optional("confirm").map_or(Some(1), |node| reader.integer(node, 1, 1000));
        fields.finish();
        Some(Action::Wait(Wait { probe: spec?, every: every?, confirm: confirm? }))
    }

    /// `SYSTEM/BACKUP` or a path.
    fn backup_ref(&self, node: &'a Node) -> Option<BackupRef> {
        let reader = &self.book.reader;
        let text = reader.filled_text(node)?;
        if is_path(&text) {
            self.book.template(node, self.spot.when);
            return Some(BackupRef::Path(Template(text)));
        }
        let parts = text.split_once('/').and_then(|(system, backup)| Some((system, backup.parse::<Name>().ok()?)));
        let Some((system, backup)) = parts else {
            let message = message!("playbook-backup-ref", text = text);
            reader.error("invalid-backup", node.place, message, message!("playbook-backup-ref-help"));
            return None;
        };
        let system = names::system(self.book, node, system)?;
        self.book.later(Later::System { node, frame: self.spot.frame, part: Some((Part::Backup, node)) });
        Some(BackupRef::Backup { system, backup })
    }

    fn backup(&self) -> Option<Action> {
        let reader = &self.book.reader;
        let fields = reader.fields("backup", self.node, self.key.place)?;
        let chosen = fields.one_of(&["seal", "verify", "newest_good", "prove"]);
        let sample_member = fields.given("sample");
        fields.finish();
        if chosen.is_none() {
            step::open(self.book, self.spot.step);
        }
        let (word, _, node) = chosen?;
        if let (Some((key, _)), false) = (sample_member, word == "verify") {
            let message = message!("source-two-of-one", first = word, second = "sample");
            reader.error("two-of-one", key.place, message, None);
        }
        let backup = match word {
            "seal" => Backup::Seal(self.backup_ref(node)?),
            "verify" => {
                let sample = sample_member.map(|(_, node)| reader.integer(node, 1, 100));
                Backup::Verify { of: self.backup_ref(node)?, sample: sample.flatten() }
            }
            "prove" => Backup::Prove(self.backup_ref(node)?),
            _ => {
                for (name, kind) in
                    [("path", Type::Text), ("sealed_at", Type::Text), ("rejected", Type::List(Box::new(Type::Any)))]
                {
                    self.yields(name, kind);
                }
                Backup::NewestGood(self.system(node, None)?)
            }
        };
        Some(Action::Backup(backup))
    }

    fn restore(&self) -> Option<Action> {
        let reader = &self.book.reader;
        let fields = reader.fields("restore", self.node, self.key.place)?;
        let from = fields.required("from").and_then(|node| {
            let from = self.template(node)?;
            if is_path(&from.0) {
                return Some(from);
            }
            let message = message!("playbook-restore-from", text = from.0);
            reader.error("invalid-path", node.place, message, message!("playbook-restore-from-help"));
            None
        });
        let to = fields.required("to").and_then(|node| {
            let text = reader.filled_text(node)?;
            if is_path(&text) {
                return self.template(node).map(RestoreTo::Path);
            }
            self.system(node, Some((Part::Restore, node))).map(RestoreTo::System)
        });
        fields.finish();
        Some(Action::Restore(Restore { from: from?, to: to? }))
    }

    fn decide(&self) -> Option<Action> {
        let reader = &self.book.reader;
        let fields = reader.fields("decide", self.node, self.key.place)?;
        let ask = fields.required("ask").and_then(|node| self.words(node));
        let mut seen = BTreeSet::new();
        let options_node = fields.required("options");
        let options = options_node.and_then(|node| {
            reader.list(node, |item| {
                let fields = reader.fields("option", item, item.place)?;
                let id = fields.required("id").and_then(|node| top::new_id(self.book, node, &mut seen));
                let title = fields.required("title").and_then(|node| self.words(node));
                let goto = fields
                    .optional("goto")
                    .map(|node| step::goto(self.book, node, &self.spot.siblings, self.spot.index, self.spot.parallel));
                let classifies = fields.optional("classifies").and_then(|node| reader.word(node, Classifies::WORDS));
                fields.finish();
                Some(Choice { id: id?, title: title?, goto: goto.flatten(), classifies })
            })
        });
        if let Some(node) = options_node
            && matches!(&node.data, Data::List(items) if items.len() < 2)
        {
            reader.error("one-option", node.place, message!("playbook-one-option"), None);
        }
        let ids: Vec<String> = seen.iter().map(ToString::to_string).collect();
        // An option that cannot be read may be the one that is named elsewhere.
        let whole = options_node.is_some_and(|node| !node.items().is_empty() && node.items().len() == ids.len());
        let default = fields.optional("default").map(|node| {
            let id = reader.id(node)?;
            if whole && !seen.contains(&id) {
                let help = source::suggest::one_of_these(id.as_str(), ids.iter().map(String::as_str));
                let message = message!("playbook-unknown-option", id = id.as_str());
                reader.error("unknown-option", node.place, message, help);
            }
            Some(id)
        });
        let tells = fields.optional("tells").and_then(|node| reader.word(node, Tells::WORDS));
        fields.finish();
        self.yields("choice", if whole { Type::Word(ids) } else { Type::Text });
        Some(Action::Decide(Decide { ask: ask?, options: options?, default: default.flatten(), tells }))
    }

    fn notify(&self) -> Option<Action> {
        let fields = self.book.reader.fields("notify", self.node, self.key.place)?;
        let notice = fields.required("notice").and_then(|node| self.book.reader.name(node));
        fields.finish();
        Some(Action::Notify(Notify { notice: notice? }))
    }

    fn inject(&self) -> Option<Action> {
        let fields = self.book.reader.fields("inject", self.node, self.key.place)?;
        let to = fields.optional("to").map(|node| {
            self.book.later(Later::Role(node));
            self.book.reader.id(node)
        });
        let text = fields.required("text").and_then(|node| self.words(node));
        let expect = fields.optional("expect").map(|node| self.words(node));
        fields.finish();
        Some(Action::Inject(Inject { to: to.flatten(), text: text?, expect: expect.flatten() }))
    }

    fn fault(&self) -> Option<Action> {
        let reader = &self.book.reader;
        let fields = reader.fields("fault", self.node, self.key.place)?;
        let on = fields.required("on").and_then(|node| self.system(node, None));
        let kind = fields.required("kind").and_then(|node| {
            let kind = reader.name(node)?;
            let found = fault_kind(&kind);
            if found.is_none() {
                let names = FAULT_KINDS.iter().map(|kind| kind.name);
                let help = source::suggest::one_of_these(kind.as_str(), names);
                let message = message!("playbook-unknown-fault", kind = kind.as_str());
                reader.error("unknown-fault", node.place, message, help);
            }
            if found.is_some_and(|found| !found.lab) {
                let message = message!("playbook-fault-told", kind = kind.as_str());
                reader.warning("fault-told", node.place, message, None);
            }
            Some((kind, found))
        });
        let mut with = BTreeMap::new();
        for (key, node) in fields.optional("with").and_then(|node| reader.members(node)).unwrap_or_default() {
            if not_literal(self.book, node, "with") {
                continue;
            }
            let Some(id) = reader.id_key(key) else { continue };
            if let Some((kind, Some(found))) = &kind
                && !found.all_settings().any(|setting| setting == id.as_str())
            {
                let help = source::suggest::one_of_these(id.as_str(), found.all_settings());
                let message = message!("playbook-unknown-setting", kind = kind.as_str(), setting = id.as_str());
                reader.error("unknown-setting", key.place, message, help);
            } else if let Some((_, Some(found))) = &kind
                && found.words.contains(&id.as_str())
            {
                if let Some(word) = reader.name(node) {
                    with.insert(id, serde_json::Value::from(word.as_str()));
                }
            } else if let Some(number) = reader.integer::<u32>(node, 0, i64::from(u32::MAX)) {
                with.insert(id, serde_json::Value::from(number));
            }
        }
        fields.finish();
        let kind = kind.map(|(kind, _)| kind);
        Some(Action::Fault(Fault { on: on?, kind: kind?, with }))
    }
}

/// A path begins with `/`, `./` or an expression.
fn is_path(text: &str) -> bool {
    text.starts_with('/') || text.starts_with("./") || text.starts_with("{{")
}
