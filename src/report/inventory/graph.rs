//! Which system needs which: as a graph with its cycles, and what fails with one of them.

use std::collections::{BTreeMap, VecDeque};

use serde_json::{Value, json};

use crate::inventory::System;
use crate::message::{Lang, message};
use crate::model::{Name, Text};

/// Systems and what they need.
#[derive(Clone, Debug)]
pub struct Graph {
    /// The systems, in the order of their ids.
    pub nodes: Vec<GraphNode>,
    /// Pairs of who needs and who is needed, as places in `nodes`.
    pub edges: Vec<(usize, usize)>,
    /// Whether nobody has confirmed what each system needs.
    pub assumed: Vec<bool>,
    /// Groups of systems each of which needs all others of its group, in the end.
    pub cycles: Vec<Vec<usize>>,
    /// What fails with one of them, where that was asked.
    pub failing: Option<Failing>,
}

/// A system of the graph.
#[derive(Clone, Debug)]
pub struct GraphNode {
    /// Its id.
    pub id: Name,
    /// What people call it; nothing where the inventory has no such system.
    pub name: Option<Text>,
}

/// What fails when one system fails.
#[derive(Clone, Debug)]
pub struct Failing {
    /// The system that fails first.
    pub of: usize,
    /// Each system that fails with it, and the shortest way from it to `of`, both ends included.
    pub paths: BTreeMap<usize, Vec<usize>>,
}

/// How a graph is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For Mermaid.
    Mermaid,
    /// For Graphviz.
    Dot,
    /// A picture.
    Svg,
}

impl Graph {
    /// The graph of `systems`. A system that is named and not there is in it without a name.
    #[must_use]
    pub fn of(systems: &BTreeMap<Name, System>) -> Self {
        let mut names: BTreeMap<Name, Option<Text>> =
            systems.values().map(|system| (system.id.clone(), Some(system.name.clone()))).collect();
        for needed in systems.values().flat_map(|system| &system.depends_on) {
            names.entry(needed.clone()).or_default();
        }
        let nodes: Vec<GraphNode> = names.into_iter().map(|(id, name)| GraphNode { id, name }).collect();
        let places: BTreeMap<&Name, usize> = nodes.iter().enumerate().map(|(at, node)| (&node.id, at)).collect();
        let mut edges: Vec<(usize, usize)> = systems
            .values()
            .flat_map(|system| {
                let from = places[&system.id];
                let places = &places;
                system.depends_on.iter().map(move |needed| (from, places[needed]))
            })
            .collect();
        edges.sort_unstable();
        edges.dedup();
        let cycles = cycles(nodes.len(), &edges);
        let assumed =
            nodes.iter().map(|node| systems.get(&node.id).is_some_and(|it| it.assumes("depends_on"))).collect();
        Self { nodes, edges, assumed, cycles, failing: None }
    }

    /// Asks what fails with the system `id`; whether there is such a system.
    pub fn fail(&mut self, id: &str) -> bool {
        let Some(of) = self.nodes.iter().position(|node| node.id == *id) else { return false };
        let needed_by = self.needed_by();
        let mut paths: BTreeMap<usize, Vec<usize>> = BTreeMap::from([(of, vec![of])]);
        let mut next = VecDeque::from([of]);
        while let Some(at) = next.pop_front() {
            let way = paths.get(&at).cloned().unwrap_or_default();
            for other in &needed_by[at] {
                if !paths.contains_key(other) {
                    paths.insert(*other, std::iter::once(*other).chain(way.iter().copied()).collect());
                    next.push_back(*other);
                }
            }
        }
        paths.remove(&of);
        self.failing = Some(Failing { of, paths });
        true
    }

    /// For each system those that need it.
    #[must_use]
    pub fn needed_by(&self) -> Vec<Vec<usize>> {
        let mut all = vec![Vec::new(); self.nodes.len()];
        for (from, to) in &self.edges {
            all[*to].push(*from);
        }
        all
    }

    /// For each system those that it needs.
    #[must_use]
    pub fn needs(&self) -> Vec<Vec<usize>> {
        let mut all = vec![Vec::new(); self.nodes.len()];
        for (from, to) in &self.edges {
            all[*from].push(*to);
        }
        all
    }

    /// Whether an edge stands inside a cycle.
    #[must_use]
    pub fn in_cycle(&self, (from, to): (usize, usize)) -> bool {
        self.cycles.iter().any(|cycle| cycle.contains(&from) && cycle.contains(&to))
    }

    /// What people call the system at `at`.
    #[must_use]
    pub fn name(&self, at: usize, lang: Lang) -> String {
        let node = &self.nodes[at];
        match &node.name {
            Some(name) => name.pick(lang).to_owned(),
            None => message!("systems-not-here", system = node.id.as_str()).render(lang),
        }
    }

    /// The graph as `format` has it.
    #[must_use]
    pub fn write(&self, format: Format, lang: Lang) -> String {
        match format {
            Format::Mermaid => self.mermaid(lang),
            Format::Dot => self.dot(lang),
            Format::Svg => super::svg::svg(self, lang),
        }
    }

    /// The graph as one JSON document.
    #[must_use]
    pub fn json(&self, lang: Lang) -> Value {
        let id = |at: &usize| self.nodes[*at].id.as_str();
        let ids = |all: &[usize]| all.iter().map(id).collect::<Vec<_>>();
        let (needs, needed_by) = (self.needs(), self.needed_by());
        let systems: Vec<Value> = (0..self.nodes.len())
            .map(|at| {
                json!({
                    "id": id(&at),
                    "name": self.nodes[at].name.as_ref().map(|name| name.pick(lang)),
                    "depends_on": ids(&needs[at]),
                    "needed_by": ids(&needed_by[at]),
                    "assumed": self.assumed[at],
                })
            })
            .collect();
        let fails = self.failing.as_ref().map(|failing| {
            let affected: Vec<Value> =
                failing.paths.iter().map(|(at, path)| json!({ "id": id(at), "path": ids(path) })).collect();
            json!({ "system": id(&failing.of), "affected": affected })
        });
        let cycles: Vec<Vec<&str>> = self.cycles.iter().map(|cycle| ids(cycle)).collect();
        json!({ "version": 1, "systems": systems, "cycles": cycles, "fails": fails })
    }

    /// The class of a system in a picture.
    pub(super) fn class(&self, at: usize) -> Option<&'static str> {
        match &self.failing {
            Some(failing) if failing.of == at => Some("first"),
            Some(failing) if failing.paths.contains_key(&at) => Some("fails"),
            _ if self.nodes[at].name.is_none() => Some("absent"),
            _ => None,
        }
    }

    fn mermaid(&self, lang: Lang) -> String {
        let mut text = "flowchart LR\n".to_owned();
        for at in 0..self.nodes.len() {
            let name = self.name(at, lang).replace('"', "#quot;").replace('<', "&lt;");
            text.push_str(&format!("  n{at}[\"{name}\"]\n"));
        }
        for edge in &self.edges {
            let line = if self.in_cycle(*edge) { "-.->" } else { "-->" };
            let said = if self.assumed[edge.0] {
                format!("|\"{}\"|", message!("systems-assumed").render(lang))
            } else {
                String::new()
            };
            text.push_str(&format!("  n{} {line}{said} n{}\n", edge.0, edge.1));
        }
        let mut used = Vec::new();
        for at in 0..self.nodes.len() {
            if let Some(class) = self.class(at) {
                text.push_str(&format!("  class n{at} {class}\n"));
                used.push(class);
            }
        }
        for (class, style) in [
            ("first", "fill:#b3261e,color:#ffffff,stroke:#7a1a14"),
            ("fails", "fill:#fde7e4,stroke:#b3261e"),
            ("absent", "fill:#ffffff,stroke:#888888,stroke-dasharray:4 3"),
        ] {
            if used.contains(&class) {
                text.push_str(&format!("  classDef {class} {style}\n"));
            }
        }
        text
    }

    fn dot(&self, lang: Lang) -> String {
        let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
        let mut text =
            "digraph inventory {\n  rankdir=LR;\n  node [shape=box, style=\"rounded,filled\", fillcolor=\"#eef3fb\", \
                        fontname=\"Arial\"];\n"
                .to_owned();
        for (at, node) in self.nodes.iter().enumerate() {
            let look = match self.class(at) {
                Some("first") => ", fillcolor=\"#b3261e\", fontcolor=\"#ffffff\"",
                Some("fails") => ", fillcolor=\"#fde7e4\", color=\"#b3261e\"",
                Some("absent") => ", style=\"rounded,dashed\"",
                _ => "",
            };
            let name = quoted(&self.name(at, lang));
            text.push_str(&format!("  {} [label={name}{look}];\n", quoted(node.id.as_str())));
        }
        for (from, to) in &self.edges {
            let mut look = Vec::new();
            if self.in_cycle((*from, *to)) {
                look.push("style=dashed, color=\"#b3261e\"".to_owned());
            }
            if self.assumed[*from] {
                look.push(format!("fontsize=9, label={}", quoted(&message!("systems-assumed").render(lang))));
            }
            let look = if look.is_empty() { String::new() } else { format!(" [{}]", look.join(", ")) };
            let (from, to) = (quoted(self.nodes[*from].id.as_str()), quoted(self.nodes[*to].id.as_str()));
            text.push_str(&format!("  {from} -> {to}{look};\n"));
        }
        text + "}\n"
    }
}

/// Groups of two or more that need one another, and those that need themselves. Kosaraju's way, without recursion.
fn cycles(count: usize, edges: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let (mut out, mut back) = (vec![Vec::new(); count], vec![Vec::new(); count]);
    for (from, to) in edges {
        out[*from].push(*to);
        back[*to].push(*from);
    }
    let mut order = Vec::with_capacity(count);
    let mut seen = vec![false; count];
    for start in 0..count {
        walk(start, &out, &mut seen, &mut order);
    }
    let mut seen = vec![false; count];
    let mut found = Vec::new();
    for start in order.into_iter().rev() {
        let mut group = Vec::new();
        walk(start, &back, &mut seen, &mut group);
        group.sort_unstable();
        if group.len() > 1 || group.first().is_some_and(|only| out[*only].contains(only)) {
            found.push(group);
        }
    }
    found.sort();
    found
}

/// Walks from `start` to everything that was not seen, and keeps each when all behind it is done.
fn walk(start: usize, to: &[Vec<usize>], seen: &mut [bool], done: &mut Vec<usize>) {
    if std::mem::replace(&mut seen[start], true) {
        return;
    }
    let mut stack = vec![(start, 0)];
    while let Some((at, next)) = stack.last_mut() {
        if let Some(other) = to[*at].get(*next) {
            *next += 1;
            if !std::mem::replace(&mut seen[*other], true) {
                stack.push((*other, 0));
            }
        } else {
            done.push(*at);
            stack.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(edges: &[(&str, &[&str])]) -> Graph {
        let systems = edges.iter().map(|(id, needs)| {
            let id: Name = id.parse().expect("a name");
            let mut system = System::new(id.clone(), Text::from(id.as_str()));
            system.depends_on = needs.iter().map(|it| it.parse().expect("a name")).collect();
            (id, system)
        });
        Graph::of(&systems.collect())
    }

    #[test]
    fn what_fails_is_told_with_the_shortest_way_and_a_cycle_ends() {
        let mut graph = graph(&[("a", &["b", "d"]), ("b", &["c"]), ("c", &["b"]), ("d", &["c"]), ("e", &[])]);
        let id = |at: usize| graph.nodes[at].id.as_str().to_owned();
        assert_eq!(graph.cycles.iter().flatten().map(|at| id(*at)).collect::<String>(), "bc");
        assert!(!graph.clone().fail("x"));
        assert!(graph.fail("c"));
        let failing = graph.failing.as_ref().expect("asked");
        let seen: Vec<String> = failing
            .paths
            .values()
            .map(|path| path.iter().map(|at| graph.nodes[*at].id.as_str()).collect::<Vec<_>>().join(">"))
            .collect();
        assert_eq!(seen, ["a>b>c", "b>c", "d>c"]);
    }

    #[test]
    fn a_system_that_needs_itself_is_a_cycle_and_one_that_is_not_there_is_shown() {
        let graph = graph(&[("a", &["a", "gone"])]);
        assert_eq!(graph.cycles, [vec![0]]);
        assert_eq!(graph.nodes[1].name, None);
        for format in [Format::Mermaid, Format::Dot, Format::Svg] {
            assert!(graph.write(format, Lang::En).contains("gone"));
        }
    }

    #[test]
    fn thousands_in_a_row_need_no_stack() {
        let names: Vec<String> = (0..20_000).map(|at| format!("s{at}")).collect();
        let edges: Vec<(&str, Vec<&str>)> = names
            .iter()
            .enumerate()
            .map(|(at, it)| (it.as_str(), names.get(at + 1).map(String::as_str).into_iter().collect()))
            .collect();
        let edges: Vec<(&str, &[&str])> = edges.iter().map(|(id, needs)| (*id, needs.as_slice())).collect();
        let mut graph = graph(&edges);
        assert!(graph.cycles.is_empty());
        assert!(graph.fail("s0"));
    }
}
