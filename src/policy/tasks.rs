//! Plans with numbered tasks that playbooks serve: `policies/tasks/<plan>.yaml`.

use std::collections::BTreeSet;

use crate::message::message;
use crate::model::Name;
use crate::source::{Document, Finding, Node, Place, Reader, any_error};

/// Name and text of each plan that ships. A test holds this list to the folder `policies/tasks/`.
pub const SHIPPED: &[(&str, &str)] = &[("kh02-2025", include_str!("../../policies/tasks/kh02-2025.yaml"))];

/// A plan, as far as playbooks need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Its name, which is also its file's.
    pub plan: Name,
    /// The ids of its rows.
    pub rows: BTreeSet<String>,
}

impl Plan {
    /// Reads the plan in `document`, with the warnings where it holds.
    pub fn read_document(document: &Document) -> (Result<Self, Vec<Finding>>, Vec<Finding>) {
        let reader = Reader::new(document);
        let plan = document.root.as_ref().and_then(|root| top(&reader, root));
        let findings = reader.into_findings();
        match plan {
            Some(plan) if !any_error(&findings) => (Ok(plan), findings),
            _ => (Err(findings.clone()), findings),
        }
    }
}

fn top<'a>(reader: &Reader<'a>, root: &'a Node) -> Option<Plan> {
    let fields = reader.fields("tasks", root, Place::START)?;
    fields.format();
    let plan = fields.required("plan").and_then(|node| {
        let plan = reader.name(node)?;
        reader.same_as_file(node, plan.as_str());
        Some(plan)
    });
    if let Some(node) = fields.required("title") {
        reader.words(node);
    }
    let mut rows = BTreeSet::new();
    if let Some(node) = fields.required("rows") {
        reader.list(node, |item| row(reader, item, &mut rows));
    }
    // Reports read these.
    for key in ["document", "results"] {
        if let Some(node) = fields.optional(key) {
            reader.members(node);
        }
    }
    for key in ["columns", "groups"] {
        if let Some(node) = fields.optional(key) {
            reader.list(node, Some);
        }
    }
    fields.finish();
    Some(Plan { plan: plan?, rows })
}

fn row<'a>(reader: &Reader<'a>, node: &'a Node, rows: &mut BTreeSet<String>) -> Option<()> {
    let fields = reader.fields("task", node, node.place)?;
    if let Some(node) = fields.required("id")
        && let Some(id) = reader.letters(node)
        && !rows.insert(id.clone())
    {
        reader.error("duplicate-id", node.place, message!("source-duplicate-id", id = id), None);
    }
    if let Some(node) = fields.required("task") {
        reader.words(node);
    }
    for key in ["lead", "due", "short"] {
        if let Some(node) = fields.optional(key) {
            reader.words(node);
        }
    }
    if let Some(node) = fields.optional("families") {
        reader.members(node);
    }
    fields.finish();
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source;

    #[test]
    fn every_plan_of_the_folder_ships_and_holds() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/policies/tasks");
        let mut there: Vec<String> = std::fs::read_dir(folder)
            .expect("the folder is there")
            .filter_map(|entry| entry.expect("readable").file_name().into_string().ok())
            .filter_map(|name| name.strip_suffix(".yaml").map(str::to_owned))
            .collect();
        there.sort();
        assert_eq!(SHIPPED.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>(), there);
        for (name, text) in SHIPPED {
            let (plan, findings) = Plan::read_document(&source::parse(&format!("{name}.yaml"), text));
            assert!(findings.is_empty(), "{name}: {findings:?}");
            assert!(!plan.expect("it holds").rows.is_empty());
        }
    }

    #[test]
    fn mistakes_of_a_plan_are_found_at_their_words() {
        let text =
            "format: 1\nplan: KH 02\ntitle: x\nrows:\n  - { id: 8, task: x }\n  - { id: 8, tsak: x }\n  - 3\nrow: 1\n";
        let findings = Plan::read_document(&source::parse("kh02-2025.yaml", text)).1;
        let seen: Vec<String> = findings.iter().map(|f| format!("{} {}:{}", f.code, f.line, f.column)).collect();
        assert_eq!(
            seen.join(", "),
            "invalid-name 2:7, duplicate-id 6:11, unknown-key 6:14, wrong-type 7:5, unknown-key 8:1"
        );
    }
}
