//! A playbook as a Mermaid flowchart.

use std::fmt::Write as _;

use super::show::word;
use super::types::Playbook;
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
            if let Some(when) = &step.when {
                after.extend(open.iter().map(|(from, _)| (from.clone(), format!("not: {}", when.0))));
            }
            if let OnFailure::Goto(target) = &step.on_failure {
                jumps.push((entry.clone(), "failed".to_owned(), target.to_string()));
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
                        inner.needs.iter().map(|need| (format!("{node}_{need}"), String::new())).collect()
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
    if prefix.is_empty() { format!("s_{}", step.id) } else { format!("{prefix}_{}", step.id) }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;").replace('\n', " ")
}
