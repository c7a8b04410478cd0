//! What does not leave the unit: addresses, names of machines, paths, weaknesses, how exactly systems are protected. One place for
//! every document: what stood in the inventory or in the log is looked for in all its texts (`docs/regulations.md`, row 54).
//!
//! Pure. A document for others says what was left out and how often.

mod document;
mod fold;
mod page;
mod scan;
mod words;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;
use serde_json::Value;

use fold::{Folded, Syntax};

use crate::inventory::{People, System};
use crate::message::message;
use crate::model::record::{ActivityKind, Finding};
use crate::model::{Body, Lang, ObjectRef, Objects, Record};
use crate::policy::redaction::{Class, Profile};
use crate::report::tasks::count;

/// How much of each kind was left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts(BTreeMap<Class, u64>);

impl Counts {
    fn add(&mut self, class: Class) {
        *self.0.entry(class).or_default() += 1;
    }

    /// How much of `class` was left out.
    #[must_use]
    pub fn of(&self, class: Class) -> u64 {
        self.0.get(&class).copied().unwrap_or_default()
    }
}

/// Leaves out of texts what a profile names.
#[derive(Clone, Debug)]
pub struct Redactor {
    profile: Profile,
    lang: Lang,
    /// What is left out wherever it stands, folded.
    known: BTreeMap<String, Class>,
    /// Endings of the names that the unit's machines have in the network.
    endings: Vec<String>,
    /// All that is known at once: made when it is first looked for.
    finder: OnceLock<Option<(AhoCorasick, Vec<Class>)>>,
}

/// Texts that are shorter say nothing by themselves, and stand inside of other words.
const SHORTEST: usize = 4;

/// How names of units and offices begin, which stand where a person's name may stand.
const UNITS: &[&str] = &[
    "sở",
    "phòng",
    "ban",
    "trung",
    "công",
    "ubnd",
    "ủy",
    "uỷ",
    "cục",
    "vụ",
    "đội",
    "tổ",
    "văn",
    "đơn",
    "bộ",
    "viện",
    "trường",
    "chi",
    "khoa",
    "tập",
    "hội",
    "cơ",
    "nhà",
    "tỉnh",
    "huyện",
    "xã",
    "phường",
    "giám",
    "phó",
    "chủ",
    "trưởng",
];

impl Redactor {
    /// One that knows nothing yet that stood anywhere: addresses go.
    #[must_use]
    pub fn new(profile: Profile, lang: Lang) -> Self {
        Self { profile, lang, known: BTreeMap::new(), endings: Vec::new(), finder: OnceLock::new() }
    }

    /// Whether what is of this kind is left out.
    #[must_use]
    pub fn leaves_out(&self, class: Class) -> bool {
        self.profile.leave_out.contains(&class)
    }

    /// Learns a system of the inventory: its machines and how they are reached, where its copies lie, what shows its measures.
    pub fn system(&mut self, system: &System) {
        for host in &system.hosts {
            self.machine(host.id.as_str());
        }
        let Ok(whole) = serde_json::to_value(system) else { return };
        for host in whole["hosts"].as_array().into_iter().flatten() {
            for key in ["ssh", "address"] {
                self.machine(host[key].as_str().unwrap_or_default());
            }
            self.machine(host["facts"]["name"].as_str().unwrap_or_default());
        }
        for endpoint in whole["endpoints"].as_object().into_iter().flat_map(|endpoints| endpoints.values()) {
            self.machine(endpoint.as_str().unwrap_or_default());
        }
        for backup in whole["backups"].as_array().into_iter().flatten() {
            self.text(backup["path"].as_str().unwrap_or_default(), Class::Paths);
        }
        for control in &system.controls {
            self.text(control.evidence.as_deref().unwrap_or_default(), Class::Measures);
        }
    }

    /// Learns people's names.
    pub fn people(&mut self, people: &People) {
        for person in &people.people {
            for lang in [Lang::Vi, Lang::En] {
                self.person(person.name.pick(lang));
            }
        }
    }

    /// Learns somebody's name; what stands behind it, such as a position, is no part of it. The name of a unit is none, and what
    /// stands in brackets says that there is nobody.
    pub fn person(&mut self, name: &str) {
        let name = name.split([',', ';', '(', '\n']).next().unwrap_or_default().trim();
        let name = name.split(" – ").next().unwrap_or_default();
        let words: Vec<&str> = name.split_whitespace().collect();
        let capital = |word: &&str| word.starts_with(char::is_uppercase);
        let unit = words.first().is_some_and(|word| UNITS.contains(&word.to_lowercase().as_str()));
        if (1..=6).contains(&words.len()) && words.iter().all(capital) && !unit {
            self.text(name, Class::People);
        }
    }

    /// Learns what a record tells: what fell short, what is to be put right, what a check found, where copies lie.
    pub fn record(&mut self, record: &Record, objects: &dyn Objects) {
        let text = |object: &ObjectRef| objects.get_text(object).ok().flatten().unwrap_or_default();
        match &record.draft.body {
            Body::Noted(body) if body.finding == Some(Finding::Gap) => {
                self.text(&text(&body.text), Class::Weaknesses);
                self.text(&body.because.as_ref().map(text).unwrap_or_default(), Class::Weaknesses);
            }
            Body::DocumentIssued(body) => self.person(&text(&body.signer)),
            Body::ActionOpened(body) => {
                self.person(&body.owner_name.as_ref().map(text).unwrap_or_default());
                self.text(&text(&body.what), Class::Weaknesses);
                self.text(&body.because.as_ref().map(text).unwrap_or_default(), Class::Weaknesses);
            }
            Body::ActionClosed(body) => {
                self.text(&body.because.as_ref().map(text).unwrap_or_default(), Class::Weaknesses);
            }
            Body::Scored(body) => self.text(&body.because.as_ref().map(text).unwrap_or_default(), Class::Weaknesses),
            Body::Activity(body)
                if matches!(body.kind, ActivityKind::Check | ActivityKind::Scan | ActivityKind::Hunt) =>
            {
                self.text(&body.result.as_ref().map(text).unwrap_or_default(), Class::Weaknesses);
            }
            Body::BackupSealed(body) => self.text(&text(&body.path), Class::Paths),
            Body::BackupVerified(body) => self.text(&text(&body.path), Class::Paths),
            Body::BackupProved(body) => self.text(&text(&body.path), Class::Paths),
            _ => {}
        }
    }

    /// Learns the name of a machine, with or without scheme, user and port, and under which ending it is known.
    fn machine(&mut self, name: &str) {
        let name = Folded::of(words::bare(name.trim()), Syntax::Plain).text;
        if name.is_empty() || name.parse::<std::net::IpAddr>().is_ok() {
            return;
        }
        let ending = name.rsplit_once('.').map(|(_, ending)| ending).filter(|ending| ending.len() > 1);
        if let Some(ending) = ending.filter(|ending| !self.endings.iter().any(|known| known == ending)) {
            self.endings.push(ending.to_owned());
        }
        self.learn(name, Class::Machines);
    }

    /// Learns a text that is left out wherever it stands, however it is typed.
    pub fn text(&mut self, text: &str, class: Class) {
        let text = text.trim();
        if text.chars().count() >= SHORTEST {
            self.learn(Folded::of(text, Syntax::Plain).text, class);
        }
    }

    fn learn(&mut self, folded: String, class: Class) {
        if self.leaves_out(class) {
            self.known.entry(folded).or_insert(class);
            self.finder = OnceLock::new();
        }
    }

    /// `text` without what is left out; what that was is counted.
    #[must_use]
    pub fn clean(&self, text: &str, counts: &mut Counts) -> String {
        self.written(text, Syntax::Plain, counts)
    }

    /// Every text in a JSON document without what is left out.
    pub fn json(&self, value: &mut Value, counts: &mut Counts) {
        match value {
            Value::String(text) => *text = self.clean(text, counts),
            Value::Array(items) => items.iter_mut().for_each(|item| self.json(item, counts)),
            Value::Object(fields) => fields.values_mut().for_each(|field| self.json(field, counts)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// A value as one JSON document, with the note in `left_out`.
    #[must_use]
    pub fn report(&self, report: &impl serde::Serialize) -> String {
        let mut value = serde_json::to_value(report).unwrap_or_default();
        let mut counts = Counts::default();
        self.json(&mut value, &mut counts);
        if let Value::Object(fields) = &mut value {
            fields.insert("left_out".to_owned(), Value::String(self.note(&counts)));
        }
        format!("{value}\n")
    }

    /// Counts something of a kind that is left out as a whole.
    pub fn whole(&self, class: Class, counts: &mut Counts) {
        counts.add(class);
    }

    /// What was left out and how much of each, in words: one line, whatever it came to.
    #[must_use]
    pub fn note(&self, counts: &Counts) -> String {
        let of = |class: &Class| {
            let count = count(counts.of(*class), self.lang);
            match class {
                Class::Addresses => message!("redaction-addresses", count = count),
                Class::Machines => message!("redaction-machines", count = count),
                Class::Paths => message!("redaction-paths", count = count),
                Class::Weaknesses => message!("redaction-weaknesses", count = count),
                Class::Measures => message!("redaction-measures", count = count),
                Class::People => message!("redaction-people", count = count),
            }
            .render(self.lang)
        };
        let found = self.profile.leave_out.iter().filter(|class| counts.of(**class) > 0);
        let parts: Vec<String> = found.map(of).collect();
        if parts.is_empty() {
            return message!("redaction-note-nothing", note = self.profile.note.pick(self.lang)).render(self.lang);
        }
        message!("redaction-note", note = self.profile.note.pick(self.lang), parts = parts.join(", ")).render(self.lang)
    }
}

#[cfg(test)]
mod tests;
