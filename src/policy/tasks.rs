//! Plans with numbered tasks that playbooks serve: `policies/tasks/<plan>.yaml`.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::message::message;
use crate::model::{Name, Text};
use crate::source::{Document, Finding, Node, Place, Reader};

/// Name and text of each plan that ships. A test holds this list to the folder `policies/tasks/`.
pub const SHIPPED: &[(&str, &str)] = &[("kh02-2025", include_str!("../../policies/tasks/kh02-2025.yaml"))];

macro_rules! source_words {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$each])* $variant,)+ }

        impl $name {
            /// Each with its word in the file.
            pub const WORDS: &'static [(&'static str, Self)] = &[$(($word, Self::$variant),)+];
        }
    };
}

/// A plan with its numbered tasks, as reports print it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Its name, which is also its file's.
    pub plan: Name,
    /// The title of the table.
    pub title: Text,
    /// Number and date of the plan's document.
    pub document: Option<(String, Option<Date>)>,
    /// The columns of the table that the file names, with their titles.
    pub columns: Vec<(Column, Text)>,
    /// The groups of rows: the title, and the ids of the rows.
    pub groups: Vec<(Text, Vec<String>)>,
    /// The rows, in the order of the file.
    pub rows: Vec<Task>,
    /// In which row each kind of result is printed, as the file says; see [`Plan::row_of`].
    pub results: BTreeMap<Phrase, String>,
}

/// A row of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Its number.
    pub id: String,
    /// What is to be done.
    pub task: Text,
    /// Who leads it.
    pub lead: Option<Text>,
    /// By when.
    pub due: Option<Date>,
    /// The families of playbooks that count as ready for a fault.
    pub fault: Vec<String>,
    /// The families of playbooks that count as ready for an attack.
    pub attack: Vec<String>,
}

source_words! {
    /// The columns of the table.
    Column {
        /// The number of the task.
        Number = "number",
        /// The task.
        Task = "task",
        /// Who leads it.
        Lead = "lead",
        /// By when.
        Due = "due",
        /// What came of it.
        Result = "result",
    }
}

source_words! {
    /// The kinds of results: which task they belong to is a setting of the plan's file.
    Phrase {
        /// Work together with the police and the ministries: every activity from papers that has no row of its own below.
        Coordination = "coordination",
        /// Checks of information security.
        Checks = "checks",
        /// Scans for vulnerabilities.
        Scans = "scans",
        /// Threat hunting.
        Hunts = "hunts",
        /// What made people aware.
        Awareness = "awareness",
        /// Courses.
        Training = "training",
        /// Letters and other documents.
        Letters = "letters",
        /// Levels, protection against malware, access of administrators, copies, loss of data.
        ProtectionMeasures = "protection_measures",
        /// Playbooks that were put into force.
        Playbooks = "playbooks",
        /// Drills with minutes.
        Drills = "drills",
        /// Comparisons and trial restores of copies.
        Backups = "backups",
    }
}

impl Plan {
    /// Reads the plan in `document`, with the warnings where it holds.
    pub fn read_document(document: &Document) -> (Result<Self, Vec<Finding>>, Vec<Finding>) {
        let reader = Reader::new(document);
        let plan = document.root.as_ref().and_then(|root| top(&reader, root));
        super::finish(reader, plan)
    }

    /// The row in which `phrase` is printed; activities without a row of their own stand in that of coordination. Nothing where
    /// it is printed nowhere.
    #[must_use]
    pub fn row_of(&self, phrase: Phrase) -> Option<&str> {
        row_of(&self.results, phrase)
    }

    /// The words of the kinds of results that are printed nowhere.
    #[must_use]
    pub fn unprinted(&self) -> Vec<&'static str> {
        unprinted(&self.results)
    }

    /// The ids of its rows.
    #[must_use]
    pub fn ids(&self) -> BTreeSet<String> {
        self.rows.iter().map(|row| row.id.clone()).collect()
    }
}

fn row_of(results: &BTreeMap<Phrase, String>, phrase: Phrase) -> Option<&str> {
    let shared = phrase.of_activities().then(|| results.get(&Phrase::Coordination)).flatten();
    results.get(&phrase).or(shared).map(String::as_str)
}

fn unprinted(results: &BTreeMap<Phrase, String>) -> Vec<&'static str> {
    Phrase::WORDS.iter().filter(|(_, phrase)| row_of(results, *phrase).is_none()).map(|(word, _)| *word).collect()
}

impl Phrase {
    /// Whether it is a kind of activity from papers, which belongs to coordination where the plan says nothing else.
    fn of_activities(self) -> bool {
        use Phrase::{Awareness, Checks, Hunts, Letters, Scans, Training};
        matches!(self, Checks | Scans | Hunts | Awareness | Training | Letters)
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
    let title = fields.required("title").and_then(|node| reader.words(node));
    let mut known = BTreeSet::new();
    let rows = fields.required("rows").and_then(|node| reader.list(node, |item| row(reader, item, &mut known)));
    let document = fields.optional("document").and_then(|node| {
        let fields = reader.fields("task-document", node, node.place)?;
        let number = fields.required("number").and_then(|node| reader.filled_text(node));
        let date = fields.optional("date").and_then(|node| super::date::read(reader, node));
        // Whose it is, for plans that rest on it.
        let body = fields.optional("body").map(|node| reader.words(node));
        fields.finish();
        if body.is_some_and(|body| body.is_none()) {
            return None;
        }
        Some((number?, date))
    });
    let columns = fields.optional("columns").and_then(|node| {
        reader.list(node, |item| {
            let fields = reader.fields("task-column", item, item.place)?;
            let id = fields.required("id").and_then(|node| reader.word(node, Column::WORDS));
            let title = fields.required("title").and_then(|node| reader.words(node));
            fields.finish();
            Some((id?, title?))
        })
    });
    let groups = fields.optional("groups").and_then(|node| {
        reader.list(node, |item| {
            let fields = reader.fields("task-group", item, item.place)?;
            if let Some(node) = fields.optional("id") {
                reader.letters(node);
            }
            let title = fields.required("title").and_then(|node| reader.words(node));
            let rows = fields.required("rows");
            let rows = rows.and_then(|node| reader.list(node, |item| known_row(reader, item, &known)));
            fields.finish();
            Some((title?, rows?))
        })
    });
    let mut results = BTreeMap::new();
    let given = fields.optional("results");
    if let Some(node) = given
        && let Some(fields) = reader.fields("task-results", node, node.place)
    {
        for (word, phrase) in Phrase::WORDS {
            if let Some(row) = fields.optional(word).and_then(|node| known_row(reader, node, &known)) {
                results.insert(*phrase, row);
            }
        }
        fields.finish();
    }
    let nowhere = unprinted(&results);
    if !reader.failed() && !nowhere.is_empty() {
        let message = message!("policy-unprinted", phrases = nowhere.join(", "));
        let place = given.map_or(Place::START, |node| node.place);
        reader.warning("result-without-row", place, message, message!("policy-unprinted-help"));
    }
    fields.finish();
    Some(Plan {
        plan: plan?,
        title: title?,
        document,
        columns: columns.unwrap_or_default(),
        groups: groups.unwrap_or_default(),
        rows: rows?,
        results,
    })
}

/// The id of a row that is there.
fn known_row(reader: &Reader<'_>, node: &Node, known: &BTreeSet<String>) -> Option<String> {
    let id = reader.letters(node)?;
    if known.contains(&id) {
        return Some(id);
    }
    reader.error("unknown-task", node.place, message!("policy-unknown-task", id = id), None);
    None
}

fn row<'a>(reader: &Reader<'a>, node: &'a Node, rows: &mut BTreeSet<String>) -> Option<Task> {
    let fields = reader.fields("task", node, node.place)?;
    let id = fields.required("id").and_then(|node| {
        let id = reader.letters(node)?;
        if !rows.insert(id.clone()) {
            reader.error("duplicate-id", node.place, message!("source-duplicate-id", id = id.as_str()), None);
        }
        Some(id)
    });
    let task = fields.required("task").and_then(|node| reader.words(node));
    let lead = fields.optional("lead").and_then(|node| reader.words(node));
    let due = fields.optional("due").and_then(|node| super::date::typed(reader, node));
    if let Some(node) = fields.optional("short") {
        reader.words(node);
    }
    let (mut fault, mut attack) = (Vec::new(), Vec::new());
    if let Some(node) = fields.optional("families")
        && let Some(fields) = reader.fields("task-families", node, node.place)
    {
        // A family of both would be counted twice.
        let taken = RefCell::new(BTreeSet::new());
        let list = |name| {
            let node = fields.optional(name)?;
            reader.list(node, |item| {
                let family = reader.word(item, FAMILIES)?;
                if !taken.borrow_mut().insert(family) {
                    reader.error("duplicate-id", item.place, message!("source-duplicate-id", id = family), None);
                }
                Some(family.to_owned())
            })
        };
        (fault, attack) = (list("fault").unwrap_or_default(), list("attack").unwrap_or_default());
        fields.finish();
    }
    fields.finish();
    Some(Task { id: id?, task: task?, lead, due, fault, attack })
}

/// The families that a playbook can belong to.
const FAMILIES: &[(&str, &str)] = &[("A", "A"), ("B", "B"), ("C", "C"), ("D", "D"), ("standing", "standing")];

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
    fn a_family_of_both_a_kind_of_result_of_no_row_and_a_day_as_people_type_it() {
        let read = |text: &str| {
            let (plan, findings) = Plan::read_document(&source::parse("x.yaml", text));
            let said = findings.iter().map(|f| format!("{} {}:{}", f.code, f.line, f.column)).collect::<Vec<_>>();
            (plan.ok(), said.join(", "))
        };
        let plan = |row: &str, results: &str| {
            format!("format: 1\nplan: x\ntitle: x\nrows:\n  - {{ id: 9, task: x, {row} }}\nresults: {{ {results} }}\n")
        };
        let all = "coordination: 9, protection_measures: 9, playbooks: 9, drills: 9, backups: 9";
        let (held, said) = read(&plan("due: 31/12/2026", all));
        assert_eq!(said, "");
        let held = held.expect("it holds");
        assert_eq!(held.rows[0].due.map(|due| due.to_string()).as_deref(), Some("2026-12-31"));
        assert_eq!(held.row_of(Phrase::Training), Some("9"), "it follows coordination");
        assert_eq!(read(&plan("due: 31/11/2026", all)).1, "invalid-date 5:28");
        let twice = read(&plan("families: { fault: [B, A], attack: [A] }", all));
        assert_eq!((twice.0, twice.1.as_str()), (None, "duplicate-id 5:59"));
        let (held, said) = read(&plan("lead: x", "drills: 9, training: 9"));
        assert_eq!(said, "result-without-row 6:10");
        let nowhere = held.expect("a warning only").unprinted().join(" ");
        assert_eq!(nowhere, "coordination checks scans hunts awareness letters protection_measures playbooks backups");
    }

    #[test]
    fn mistakes_of_a_plan_are_found_at_their_words() {
        let text = "format: 1\nplan: KH 02\ntitle: x\nrows:\n  - { id: 8, task: x }\n  - { id: 8, tsak: x }\n  - 3\nresults: { drills: 9, drill: 8 }\nrow: 1\n";
        let findings = Plan::read_document(&source::parse("kh02-2025.yaml", text)).1;
        let seen: Vec<String> = findings.iter().map(|f| format!("{} {}:{}", f.code, f.line, f.column)).collect();
        assert_eq!(
            seen.join(", "),
            "invalid-name 2:7, duplicate-id 6:11, unknown-key 6:14, wrong-type 7:5, unknown-task 8:20, unknown-key 8:23, unknown-key 9:1"
        );
    }
}
