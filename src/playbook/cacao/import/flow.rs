//! A workflow, whose nodes name what follows them, as steps in an order with conditions.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::condition::{self, Known as Variable, ValueKind};
use super::guard::{Atom, Guard};
use super::values::{self, Values};
use super::workflow::{Kind, Raw, Workflow};
use super::{Findings, both};
use crate::message::{Message, message};
use crate::model::Name;
use crate::playbook::read::{Known, Outline};
use crate::source::Node;

/// More steps than this nobody reads: what is that large was made to be.
const MOST: usize = 500;

/// Branches inside branches that run at the same time or again and again.
const DEEPEST: usize = 12;

/// How often a loop goes round at most; CACAO has no word for it.
const ROUNDS: u32 = 10;

/// Makes the steps.
pub(super) struct Maker<'a, 'k, 'f> {
    pub(super) root: &'a Node,
    workflow: Workflow<'a>,
    known: &'k Known,
    found: &'f mut Findings<'k>,
    pub(super) values: Values,
    inputs: Map<String, Value>,
    pub(super) roles: IndexMap<String, String>,
    ids: BTreeSet<String>,
    reached: BTreeSet<&'a str>,
    open: Vec<&'a str>,
    /// Whether the steps at hand are carried out whatever happens.
    certain: bool,
}

impl<'a, 'k, 'f> Maker<'a, 'k, 'f> {
    pub(super) fn new(root: &'a Node, workflow: Workflow<'a>, known: &'k Known, found: &'f mut Findings<'k>) -> Self {
        let given = workflow.nodes.values().filter_map(|raw| raw.node.get("out_args")).flat_map(Node::items);
        let given: BTreeSet<&str> =
            given.filter_map(Node::scalar).map(|(text, _)| text.strip_suffix(":value").unwrap_or(text)).collect();
        let (inputs, values) =
            root.get("playbook_variables").map(|variables| values::inputs(variables, &given)).unwrap_or_default();
        Self {
            root,
            workflow,
            known,
            found,
            values,
            inputs,
            roles: IndexMap::new(),
            ids: BTreeSet::new(),
            reached: BTreeSet::new(),
            open: Vec::new(),
            certain: true,
        }
    }

    /// All steps; nothing where that was found to be impossible.
    pub(super) fn steps(&mut self) -> Option<Vec<Value>> {
        let steps = self.level(self.workflow.start)?;
        if steps.is_empty() {
            self.found.error("cacao-empty", self.root.place, message!("cacao-empty"));
            return None;
        }
        for id in &self.workflow.order {
            if let Some(raw) =
                self.workflow.get(id).filter(|raw| raw.kind != Kind::End && !self.reached.contains(raw.id))
            {
                let message = message!("cacao-unreachable", pointer = raw.pointer(""));
                self.found.warning("cacao-unreachable", raw.place, message, None);
            }
        }
        if let Some(node) = self.root.get("workflow_exception") {
            let message = message!("cacao-left-out", pointer = "/workflow_exception");
            self.found.warning("cacao-left-out", node.place, message, None);
        }
        Some(steps)
    }

    pub(super) fn inputs(&self) -> Map<String, Value> {
        self.inputs.clone()
    }

    pub(super) fn playbooks(&self) -> &'k BTreeMap<Name, Option<Outline>> {
        &self.known.playbooks
    }

    pub(super) fn warning(
        &mut self,
        code: &'static str,
        raw: &Raw<'_>,
        key: &str,
        message: impl FnOnce(String) -> Message,
    ) {
        let place = key
            .split('/')
            .try_fold(raw.node, |node, part| node.get(part).or_else(|| node.items().get(part.parse::<usize>().ok()?)));
        let place = if key.is_empty() { raw.place } else { place.map_or(raw.place, |node| node.place) };
        self.found.warning(code, place, message(raw.pointer(key)), None);
    }

    pub(super) fn title(raw: &Raw<'_>) -> String {
        let title = values::line(raw.text("name").or_else(|| raw.text("description")).unwrap_or_default());
        if title.is_empty() { values::line(raw.id) } else { title }
    }

    /// An id that no step has yet; a node with several steps numbers them.
    pub(super) fn step_id(&mut self, raw: &Raw<'_>, at: usize) -> String {
        let base = values::id(raw.text("name").unwrap_or_else(|| raw.id.split("--").next().unwrap_or_default()));
        let base = if base == "undo" { "undo_step".to_owned() } else { base };
        let mut id = if at == 0 { base.clone() } else { format!("{base}_{}", at + 1) };
        let mut number = at + 2;
        while !self.ids.insert(id.clone()) {
            id = format!("{base}_{number}");
            number += 1;
        }
        id
    }

    pub(super) fn kind_of(&self, raw: &Raw<'_>, variable: &str) -> ValueKind {
        let own = raw.node.get("step_variables").and_then(|all| all.get(variable));
        let of = own.or_else(|| self.root.get("playbook_variables")?.get(variable));
        of.map_or(ValueKind::Text, values::kind)
    }

    /// The nodes from `entry` on, each after all that lead to it.
    fn ordered(&mut self, entry: &'a str) -> Option<Vec<&'a str>> {
        let mut state: HashMap<&'a str, bool> = HashMap::new();
        let mut order = Vec::new();
        let mut stack: Vec<(&'a str, Vec<&'a str>)> = vec![(entry, self.follows(entry))];
        state.insert(entry, false);
        while let Some((id, open)) = stack.last_mut() {
            let Some(next) = (!open.is_empty()).then(|| open.remove(0)) else {
                state.insert(id, true);
                order.push(*id);
                stack.pop();
                continue;
            };
            let from = *id;
            match state.get(next) {
                None => {
                    state.insert(next, false);
                    stack.push((next, self.follows(next)));
                }
                Some(true) => {}
                Some(false) => {
                    self.circle(from, next);
                    return None;
                }
            }
        }
        order.reverse();
        Some(order)
    }

    fn circle(&mut self, from: &str, to: &str) {
        if let Some(raw) = self.workflow.get(from) {
            let message = message!("cacao-cycle", pointer = raw.pointer(""), id = values::line(to));
            self.found.error("cacao-cycle", raw.place, message);
        }
    }

    /// What follows a node at its own level: what comes last first.
    fn follows(&self, id: &str) -> Vec<&'a str> {
        let Some(raw) = self.workflow.get(id) else { return Vec::new() };
        let mut all: Vec<&str> = next(&raw).into_iter().collect();
        match raw.kind {
            Kind::If => all.extend(["on_false", "on_true"].into_iter().filter_map(|key| raw.text(key))),
            Kind::Switch => {
                let cases = raw.node.get("cases").map(Node::members).unwrap_or_default();
                all.extend(cases.iter().rev().filter_map(|(_, node)| node.scalar()).map(|(text, _)| text));
            }
            Kind::Start | Kind::End => {}
            Kind::Action | Kind::Call | Kind::Parallel | Kind::While => all.extend(raw.text("on_failure")),
        }
        all
    }

    /// The steps from `entry` to the ends that it leads to.
    fn level(&mut self, entry: &'a str) -> Option<Vec<Value>> {
        let order = self.ordered(entry)?;
        let mut ways: HashMap<&str, Guard> = HashMap::from([(entry, Guard::always())]);
        let mut steps = Vec::new();
        for id in order {
            let (Some(guard), Some(raw)) = (ways.remove(id), self.workflow.get(id)) else { continue };
            if !self.reached.insert(raw.id) && !matches!(raw.kind, Kind::End | Kind::Start) {
                self.warning("cacao-copied", &raw, "", |pointer| message!("cacao-copied", pointer = pointer));
            }
            if self.ids.len() > MOST {
                self.found.error("cacao-too-large", raw.place, message!("cacao-too-large", most = MOST));
                return None;
            }
            let leads = self.node(&raw, &guard, &mut steps)?;
            for (to, way) in leads {
                let merged = ways.get(to).map_or_else(|| way.clone(), |known| known.or(&way));
                ways.insert(to, merged);
            }
        }
        Some(steps)
    }

    /// Makes what a node is, and gives what it leads to.
    fn node(&mut self, raw: &Raw<'a>, guard: &Guard, steps: &mut Vec<Value>) -> Option<Vec<(&'a str, Guard)>> {
        match raw.kind {
            Kind::End => return Some(Vec::new()),
            Kind::Start => return Some(next(raw).map(|to| (to, guard.clone())).into_iter().collect()),
            Kind::If | Kind::Switch => {
                if raw.node.get("on_failure").is_some() {
                    self.warning("cacao-left-out", raw, "on_failure", |pointer| {
                        message!("cacao-left-out", pointer = pointer)
                    });
                }
                let mut leads = self.branches(raw, guard, steps);
                leads.extend(next(raw).map(|to| (to, guard.clone())));
                return Some(leads);
            }
            Kind::Action | Kind::Call | Kind::Parallel | Kind::While => {}
        }
        let (goes_on, failure) = (raw.text("on_completion"), raw.text("on_failure"));
        let strict = goes_on.is_none() && failure.is_none();
        let always = self.certain && guard.is_always() && strict;
        let mut made = match raw.kind {
            Kind::Parallel => self.parallel(raw, always)?,
            Kind::While => self.rounds(raw, guard, steps)?,
            _ => self.acts(raw, always),
        };
        let Some(last) = made.last().and_then(|step| step["id"].as_str()).map(str::to_owned) else {
            return Some(next(raw).map(|to| (to, guard.clone())).into_iter().collect());
        };
        let done = |holds| outcome(&last, holds);
        let mut before: Option<String> = None;
        for step in &mut made {
            let mut own = guard.clone();
            if let (Some(before), true) = (&before, failure.is_some()) {
                own = own.and(&outcome(before, true));
            }
            self.when(raw, step, &own);
            if !strict {
                step["on_failure"] = json!("continue");
            }
            before = step["id"].as_str().map(str::to_owned);
        }
        steps.extend(made);
        let mut leads = Vec::new();
        match (next(raw), failure) {
            (Some(to), None) => leads.push((to, guard.clone())),
            (to, Some(failed)) => {
                leads.push((failed, guard.and(&done(false))));
                leads.extend(to.map(|to| (to, guard.and(&done(true)))));
            }
            (None, None) => {}
        }
        Some(leads)
    }

    fn when(&mut self, raw: &Raw<'_>, step: &mut Value, guard: &Guard) {
        match guard.expression() {
            Ok(None) => {}
            Ok(Some(text)) => {
                // A loop has a condition of its own.
                let own = step.get("when").and_then(Value::as_str).map(|own| format!("{text} and ({own})"));
                step["when"] = json!(own.unwrap_or(text));
            }
            Err(()) => {
                let message = message!("cacao-too-many-ways", pointer = raw.pointer(""));
                self.found.error("cacao-too-many-ways", raw.place, message);
            }
        }
    }

    /// The expression that a condition is, where it is a simple one.
    fn simple(&self, condition: &str) -> Option<String> {
        condition::expression(condition, &|name| self.values.get(name))
    }

    /// A question to people, and what an answer is in conditions.
    fn question(
        &mut self,
        raw: &Raw<'_>,
        guard: &Guard,
        ask: &Message,
        options: &[(String, Value)],
        steps: &mut Vec<Value>,
    ) -> String {
        let id = self.step_id(raw, 0);
        let options: Vec<Value> = options.iter().map(|(id, title)| json!({ "id": id, "title": title })).collect();
        let mut step = json!({
            "id": id, "title": Self::title(raw), "decide": { "ask": both(ask), "options": options },
        });
        self.when(raw, &mut step, guard);
        steps.push(step);
        id
    }

    fn decide(&mut self, raw: &Raw<'_>, guard: &Guard, steps: &mut Vec<Value>) -> Atom {
        let condition = values::line(raw.text("condition").unwrap_or_default());
        let condition = if condition.is_empty() { Self::title(raw) } else { condition };
        let pointer = if raw.node.get("condition").is_some() { "condition" } else { "" };
        self.warning("cacao-condition", raw, pointer, |pointer| message!("cacao-condition", pointer = pointer));
        let options =
            [("yes".to_owned(), both(&message!("cacao-yes"))), ("no".to_owned(), both(&message!("cacao-no")))];
        let id = self.question(raw, guard, &message!("cacao-is-it-so", condition = condition), &options, steps);
        let is = |word: &str| format!("steps.{id}.choice == '{word}'");
        Atom { yes: is("yes"), no: is("no"), holds: true }
    }

    fn branches(&mut self, raw: &Raw<'a>, guard: &Guard, steps: &mut Vec<Value>) -> Vec<(&'a str, Guard)> {
        let mut leads = Vec::new();
        if raw.kind == Kind::If {
            let atom = match raw.text("condition").and_then(|condition| self.simple(condition)) {
                Some(text) => atom(&text),
                None => self.decide(raw, guard, steps),
            };
            leads.extend(raw.text("on_true").map(|to| (to, guard.and(&atom))));
            leads.extend(raw.text("on_false").map(|to| (to, guard.and(&Atom { holds: false, ..atom }))));
            return leads;
        }
        let cases = raw.node.get("cases").map(Node::members).unwrap_or_default();
        let named: Vec<&str> = cases.iter().map(|(key, _)| key.text.as_str()).filter(|key| *key != "default").collect();
        let switch = raw.text("switch").unwrap_or_default();
        let variable = self.values.get(switch.strip_suffix(":value").unwrap_or(switch));
        let test = |case: &str, variable: &Variable| {
            condition::expression("__x__:value = __y__:value", &|name| {
                let literal = Variable { expression: literal(case, variable.kind)?, kind: variable.kind };
                Some(if name == "__x__" { variable.clone() } else { literal })
            })
        };
        let tests: Option<Vec<String>> =
            variable.as_ref().and_then(|variable| named.iter().map(|case| test(case, variable)).collect());
        let atoms: Vec<Atom> = if let Some(tests) = tests {
            tests.iter().map(|text| atom(text)).collect()
        } else {
            self.warning("cacao-condition", raw, "switch", |pointer| message!("cacao-condition", pointer = pointer));
            let mut options: Vec<(String, Value)> = named
                .iter()
                .enumerate()
                .map(|(at, case)| (format!("case_{}", at + 1), json!(filled(&values::line(case)))))
                .collect();
            options.push(("other".to_owned(), both(&message!("cacao-other"))));
            if options.len() < 2 {
                return leads;
            }
            let ask = message!("cacao-which", switch = filled(&values::line(switch)));
            let id = self.question(raw, guard, &ask, &options, steps);
            let is = |at: usize| atom(&format!("steps.{id}.choice == 'case_{}'", at + 1));
            (0..named.len()).map(is).collect()
        };
        for (key, node) in cases {
            let Some((to, _)) = node.scalar() else { continue };
            let way = match named.iter().position(|case| *case == key.text) {
                Some(at) => guard.and(&atoms[at]),
                None => atoms.iter().fold(guard.clone(), |way, atom| way.and(&Atom { holds: false, ..atom.clone() })),
            };
            leads.push((to, way));
        }
        leads
    }

    /// The steps of a branch that is a room of its own.
    fn inside(&mut self, raw: &Raw<'a>, entry: &'a str, certain: bool) -> Option<Vec<Value>> {
        if self.open.contains(&raw.id) {
            self.circle(raw.id, raw.id);
            return None;
        }
        if self.open.len() >= DEEPEST {
            self.found.error("too-deep", raw.place, message!("source-too-deep", levels = DEEPEST));
            return None;
        }
        self.open.push(raw.id);
        let before = std::mem::replace(&mut self.certain, certain);
        let steps = self.level(entry);
        self.certain = before;
        self.open.pop();
        steps
    }

    fn parallel(&mut self, raw: &Raw<'a>, always: bool) -> Option<Vec<Value>> {
        let entries = raw.node.get("next_steps").map(Node::items).unwrap_or_default();
        let mut all = Vec::new();
        for (entry, _) in entries.iter().filter_map(Node::scalar) {
            let mut before: Option<String> = None;
            for mut step in self.inside(raw, entry, always)? {
                if let Some(before) = &before {
                    step["needs"] = json!([before]);
                }
                before = step["id"].as_str().map(str::to_owned);
                all.push(step);
            }
        }
        if all.is_empty() {
            return Some(Vec::new());
        }
        Some(vec![json!({ "id": self.step_id(raw, 0), "title": Self::title(raw), "parallel": all })])
    }

    /// A loop: its condition before the first round, and after each.
    fn rounds(&mut self, raw: &Raw<'a>, guard: &Guard, steps: &mut Vec<Value>) -> Option<Vec<Value>> {
        let Some(entry) = raw.text("on_true") else { return Some(Vec::new()) };
        self.constants(raw);
        let condition = raw.text("condition").unwrap_or_default();
        let (outside, simple) = (self.values.clone(), self.simple(condition));
        let first = match &simple {
            Some(text) => atom(text),
            None => self.decide(raw, guard, steps),
        };
        let mut body = self.inside(raw, entry, true)?;
        if body.is_empty() {
            return Some(Vec::new());
        }
        let after = match self.simple(condition).filter(|_| simple.is_some()) {
            Some(text) => atom(&text),
            None => self.decide(raw, &Guard::always(), &mut body),
        };
        // What is inside a loop has no name outside.
        self.values = outside;
        self.warning("cacao-rounds", raw, "", |pointer| message!("cacao-rounds", pointer = pointer, most = ROUNDS));
        let repeat = json!({ "steps": body, "until": after.no, "max": ROUNDS });
        Some(vec![
            json!({ "id": self.step_id(raw, 0), "title": Self::title(raw), "when": first.yes, "repeat": repeat }),
        ])
    }
}

/// What follows a node when it is done.
fn next<'a>(raw: &Raw<'a>) -> Option<&'a str> {
    raw.text("on_completion").or_else(|| raw.text("on_success"))
}

fn outcome(id: &str, holds: bool) -> Atom {
    Atom { yes: format!("steps.{id}.outcome == 'done'"), no: format!("steps.{id}.outcome != 'done'"), holds }
}

/// A condition of an expression and its opposite.
fn atom(text: &str) -> Atom {
    let yes = if text.contains(" or ") { format!("({text})") } else { text.to_owned() };
    Atom { yes, no: format!("not ({text})"), holds: true }
}

fn literal(case: &str, kind: ValueKind) -> Option<String> {
    match kind {
        ValueKind::Text => condition::quoted(case),
        ValueKind::Number => case.parse::<i64>().ok().map(|number| number.to_string()),
        ValueKind::Truth => None,
    }
}

/// Text that is there.
fn filled(text: &str) -> String {
    if text.is_empty() { "?".to_owned() } else { text.to_owned() }
}
