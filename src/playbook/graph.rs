//! A playbook as a Mermaid flowchart.

use std::fmt::Write as _;

use super::show::word;
use super::types::Playbook;
use crate::message::message;
use crate::model::Lang;
use crate::step::{Action, OnFailure, Step};

/// The steps of `playbook` and what follows what, as Mermaid text that any Mermaid page or GitLab draws.
#[must_use]
pub fn mermaid(playbook: &Playbook, lang: Lang) -> String {
    let mut graph = Graph { text: String::from("flowchart TD\n"), lang };
    let _ = writeln!(graph.text, "  begin([\"{}\"])", escape(playbook.title.pick(lang)));
    let last = graph.chain(&playbook.steps, "", vec![("begin".to_owned(), String::new())]);
    graph.text.push_str("  finish([\"■\"])\n");
    graph.join(&last, "finish");
    graph.text
}

struct Graph {
    text: String,
    lang: Lang,
}

/// Where an arrow comes from, and what stands at it.
type Ends = Vec<(String, String)>;

impl Graph {
    fn join(&mut self, from: &Ends, to: &str) {
        for (node, label) in from {
            if label.is_empty() {
                let _ = writeln!(self.text, "  {node} --> {to}");
            } else {
                let _ = writeln!(self.text, "  {node} -->|\"{}\"| {to}", escape(label));
            }
        }
    }

    /// Draws steps one after the other; gives where the next one hangs on.
    fn chain(&mut self, steps: &[Step], prefix: &str, mut open: Ends) -> Ends {
        // Jumps wait here until their target is drawn.
        let mut jumps: Vec<(String, String, String)> = Vec::new();
        for step in steps {
            let node = name(prefix, step);
            for (from, label, _) in jumps.extract_if(.., |(_, _, to)| *to == step.id.as_str()) {
                open.push((from, label));
            }
            let (entry, mut after) = self.step(step, &node);
            self.join(&open, &entry);
            if let OnFailure::Goto(target) = &step.on_failure {
                let failed = message!("playbook-graph-failed").render(self.lang);
                jumps.push((entry.clone(), failed, target.to_string()));
            }
            if let Action::Decide(decide) = &step.action {
                after.clear();
                for option in &decide.options {
                    let label = option.title.pick(self.lang).to_owned();
                    match &option.goto {
                        Some(target) => jumps.push((entry.clone(), label, target.to_string())),
                        None => after.push((entry.clone(), label)),
                    }
                }
            }
            if let Some(when) = &step.when {
                let unless = message!("playbook-graph-unless", expression = when.0.as_str()).render(self.lang);
                after.extend(open.iter().map(|(from, _)| (from.clone(), unless.clone())));
            }
            open = after;
        }
        open
    }

    /// Draws one step: its node and where the next one hangs on.
    fn step(&mut self, step: &Step, node: &str) -> (String, Ends) {
        let title = escape(step.title.as_ref().map_or(step.id.as_str(), |title| title.pick(self.lang)));
        let here = |node: &str| vec![(node.to_owned(), String::new())];
        let inner = match &step.action {
            Action::Parallel(steps) => {
                let _ = writeln!(self.text, "  {node}{{{{\"{title}\"}}}}");
                let mut ends = Ends::new();
                for inner in steps {
                    let inner_node = name(node, inner);
                    let (entry, after) = self.step(inner, &inner_node);
                    let from: Ends = if inner.needs.is_empty() {
                        here(node)
                    } else {
                        inner.needs.iter().map(|need| (inner_name(node, need.as_str()), String::new())).collect()
                    };
                    self.join(&from, &entry);
                    let needed = steps.iter().any(|other| other.needs.contains(&inner.id));
                    if !needed {
                        ends.extend(after);
                    }
                }
                return (node.to_owned(), ends);
            }
            Action::Each(each) => &each.steps,
            Action::Repeat(repeat) => &repeat.steps,
            action => {
                let (left, right) = match action {
                    Action::Decide(_) => ("{\"", "\"}"),
                    Action::Manual(_) | Action::Note(_) | Action::Inject(_) => ("(\"", "\")"),
                    Action::Call(_) => ("[[\"", "\"]]"),
                    _ => ("[\"", "\"]"),
                };
                let _ = writeln!(self.text, "  {node}{left}{title}<br/><i>{}</i>{right}", word(action));
                return (node.to_owned(), here(node));
            }
        };
        let _ = writeln!(self.text, "  {node}[/\"{title}<br/><i>{}</i>\"/]", word(&step.action));
        let after = self.chain(inner, node, here(node));
        self.join(&after.iter().map(|(from, _)| (from.clone(), "↻".to_owned())).collect(), node);
        (node.to_owned(), here(node))
    }
}

/// The node's name: `end` alone is a word of Mermaid's, so every one has a prefix.
fn name(prefix: &str, step: &Step) -> String {
    if prefix.is_empty() { format!("s_{}", step.id) } else { inner_name(prefix, step.id.as_str()) }
}

/// The name of a node inside another. No id has capitals, so no other node is called the same.
fn inner_name(prefix: &str, id: &str) -> String {
    format!("{prefix}_IN_{id}")
}

/// `text` inside the quotes of a label, by Mermaid's own entities.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => escaped.push_str("#quot;"),
            '&' => escaped.push_str("#amp;"),
            '<' => escaped.push_str("#lt;"),
            '>' => escaped.push_str("#gt;"),
            // `#` begins an entity, and a label between two backticks is Markdown.
            '#' => escaped.push_str("#35;"),
            '`' => escaped.push_str("#96;"),
            c if c.is_whitespace() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use regex::Regex;

    use super::*;
    use crate::playbook::{Known, read};

    /// Every line is a node or an arrow between nodes that are there; gives the arrows.
    fn drawn(text: &str, lang: Lang) -> Vec<String> {
        let playbook = read("", text, &Known::default()).unwrap_or_else(|findings| panic!("{findings:#?}"));
        let graph = mermaid(&playbook, lang);
        let label = r#""[^"]*""#;
        let shapes = [
            (r"\(\[", r"\]\)"),
            (r"\{\{", r"\}\}"),
            (r"\[\[", r"\]\]"),
            (r"\[/", r"/\]"),
            (r"\{", r"\}"),
            (r"\(", r"\)"),
            (r"\[", r"\]"),
        ];
        let shapes: Vec<String> = shapes.iter().map(|(open, close)| format!("{open}{label}{close}")).collect();
        let node = Regex::new(&format!(r"^  ([a-zA-Z0-9_]+)(?:{})$", shapes.join("|"))).expect("a pattern");
        let arrow = Regex::new(&format!(r"^  (\w+) -->(?:\|{label}\|)? (\w+)$")).expect("a pattern");
        let mut nodes = Vec::new();
        let mut arrows = Vec::new();
        let mut lines = graph.lines();
        assert_eq!(lines.next(), Some("flowchart TD"));
        for line in lines {
            if let Some(found) = node.captures(line) {
                assert!(!nodes.contains(&found[1].to_owned()), "twice: {line}");
                nodes.push(found[1].to_owned());
            } else if let Some(found) = arrow.captures(line) {
                arrows.push((found[1].to_owned(), found[2].to_owned(), line.trim().to_owned()));
            } else {
                panic!("neither a node nor an arrow: {line}");
            }
        }
        for (from, to, line) in &arrows {
            assert!(nodes.contains(from) && nodes.contains(to), "{line}");
        }
        for node in nodes.iter().filter(|node| *node != "begin") {
            assert!(arrows.iter().any(|(_, to, _)| to == node), "nothing leads to {node}\n{graph}");
        }
        arrows.into_iter().map(|(_, _, line)| line).collect()
    }

    const HEAD: &str = "format: 1\nplaybook: x\nversion: 1\ntitle: { vi: 'Mã \"độc\" [A] {b} (c) | #1; `d` <e> & f', en: y }\nfamily: A\nkind: x\nkeep_running: x\n";

    #[test]
    fn every_playbook_gives_a_graph_that_holds_together() {
        for (name, text) in crate::playbook::shipped::all() {
            for lang in [Lang::Vi, Lang::En] {
                assert!(drawn(text, lang).len() > 2, "{name}");
            }
        }
        drawn(include_str!("../../tests/it/data/everything.yaml"), Lang::Vi);
    }

    #[test]
    fn titles_and_ids_cannot_break_the_graph() {
        let steps = "steps:
  - { id: end, title: 'x\"] --> y[\"', note: x }
  - { id: p, title: \"a\\nb\", parallel: [ { id: a, note: x }, { id: b, needs: [a], note: x } ] }
  - { id: p_a, when: \"steps.end.outcome == 'done'\", note: x }
  - { id: d, title: x, when: \"steps.end.outcome == 'done'\", decide: { ask: x, options: [ { id: y, title: 'Có | \"x\"', goto: z }, { id: n, title: n } ] } }
  - { id: r, repeat: { steps: [ { id: i, note: x } ], until: 'true', max: 2 } }
  - { id: z, note: x }
";
        let arrows = drawn(&format!("{HEAD}{steps}"), Lang::Vi);
        for expected in [
            "s_end --> s_p",
            "s_p_IN_a --> s_p_IN_b",
            "s_p_IN_b --> s_p_a",
            "s_d -->|\"Có | #quot;x#quot;\"| s_z",
            "s_p_a -->|\"khi không: steps.end.outcome == 'done'\"| s_r",
            "s_r_IN_i -->|\"↻\"| s_r",
        ] {
            assert!(arrows.iter().any(|arrow| arrow == expected), "{expected} is not in {arrows:#?}");
        }
    }
}
