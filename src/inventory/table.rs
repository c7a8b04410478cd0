//! The columns of an inventory as a table: where each value stands in the files, what it is called, how it is written.

use jiff::civil::Date;
use serde_json::Value;

use super::Environment;
use super::dossier::{Measures, RulesId, State, Status};
use super::facts::{Class, Grade, Harm, Information, Online, Scope};
use super::words::{Labels, Said};
use crate::message::{Lang, Message, format, message};
use crate::model::Text;

/// A column: one value of each system.
#[derive(Clone, Copy)]
pub struct Column {
    /// Where the value stands in a file: keys with dots between them.
    pub path: &'static str,
    /// What it is.
    pub kind: Kind,
    title: fn() -> Message,
}

/// What the cells of a column are.
#[derive(Clone, Copy)]
pub enum Kind {
    /// The system's id.
    Name,
    /// Text.
    Text,
    /// Ids of systems.
    Names,
    /// Paths in the file.
    Paths,
    /// A day.
    Date,
    /// A truth.
    Truth,
    /// A count.
    Count,
    /// A level, 1 to 5.
    Level,
    /// A level that a decision gives, or that there is no such decision.
    Decision,
    /// A duration.
    Span,
    /// One word of a closed set.
    Word(fn(Lang) -> &'static Labels),
    /// Words of a closed set.
    Words(fn(Lang) -> &'static Labels),
}

impl Column {
    /// What it is called.
    #[must_use]
    pub fn title(&self) -> Message {
        (self.title)()
    }
}

macro_rules! columns {
    ($($path:literal $kind:expr => $id:literal,)+) => {
        /// Every column, in the order in which they are written.
        pub const COLUMNS: &[Column] = &[$(Column { path: $path, kind: $kind, title: || message!($id) },)+];
    };
}

columns! {
    "id" Kind::Name => "systems-column-id",
    "name.vi" Kind::Text => "systems-column-name-vi",
    "name.en" Kind::Text => "systems-column-name-en",
    "owner" Kind::Text => "systems-column-owner",
    "operator" Kind::Text => "systems-column-operator",
    "security_unit" Kind::Text => "systems-column-security-unit",
    "state" Kind::Word(State::labels) => "systems-column-state",
    "operating_since" Kind::Date => "systems-column-operating-since",
    "environment" Kind::Word(Environment::labels) => "systems-column-environment",
    "facts.class" Kind::Words(Class::labels) => "systems-column-facts-class",
    "facts.information" Kind::Words(Information::labels) => "systems-column-facts-information",
    "facts.one_stop" Kind::Truth => "systems-column-facts-one-stop",
    "facts.online_service" Kind::Word(Online::labels) => "systems-column-facts-online-service",
    "facts.conditional_business" Kind::Truth => "systems-column-facts-conditional-business",
    "facts.users" Kind::Count => "systems-column-facts-users",
    "facts.subjects_basic" Kind::Count => "systems-column-facts-subjects-basic",
    "facts.subjects_sensitive" Kind::Count => "systems-column-facts-subjects-sensitive",
    "facts.scope" Kind::Word(Scope::labels) => "systems-column-facts-scope",
    "facts.national_egov" Kind::Truth => "systems-column-facts-national-egov",
    "facts.always_on" Kind::Truth => "systems-column-facts-always-on",
    "facts.no_unplanned_stop" Kind::Truth => "systems-column-facts-no-unplanned-stop",
    "facts.defence_security" Kind::Truth => "systems-column-facts-defence-security",
    "facts.harm" Kind::Word(Harm::labels) => "systems-column-facts-harm",
    "facts.strategic" Kind::Truth => "systems-column-facts-strategic",
    "facts.works_grade" Kind::Word(Grade::labels) => "systems-column-facts-works-grade",
    "facts.national_critical_data" Kind::Truth => "systems-column-facts-national-critical-data",
    "facts.international_link" Kind::Truth => "systems-column-facts-international-link",
    "facts.decided_level" Kind::Decision => "systems-column-facts-decided-level",
    "depends_on" Kind::Names => "systems-column-depends-on",
    "objectives.rto" Kind::Span => "systems-column-objectives-rto",
    "objectives.rpo" Kind::Span => "systems-column-objectives-rpo",
    "dossier.status" Kind::Word(Status::labels) => "systems-column-dossier-status",
    "dossier.proposed" Kind::Level => "systems-column-dossier-proposed",
    "dossier.approved" Kind::Level => "systems-column-dossier-approved",
    "dossier.rules" Kind::Word(RulesId::labels) => "systems-column-dossier-rules",
    "dossier.submitted" Kind::Date => "systems-column-dossier-submitted",
    "dossier.appraised" Kind::Date => "systems-column-dossier-appraised",
    "dossier.appraiser.unit" Kind::Text => "systems-column-dossier-appraiser-unit",
    "dossier.appraiser.council" Kind::Truth => "systems-column-dossier-appraiser-council",
    "dossier.decision.number" Kind::Text => "systems-column-dossier-decision-number",
    "dossier.decision.date" Kind::Date => "systems-column-dossier-decision-date",
    "dossier.decision.body" Kind::Text => "systems-column-dossier-decision-body",
    "dossier.decision.file" Kind::Text => "systems-column-dossier-decision-file",
    "dossier.regulation.number" Kind::Text => "systems-column-dossier-regulation-number",
    "dossier.regulation.date" Kind::Date => "systems-column-dossier-regulation-date",
    "dossier.expected_approval" Kind::Date => "systems-column-dossier-expected-approval",
    "dossier.measures" Kind::Word(Measures::labels) => "systems-column-dossier-measures",
    "dossier.expected_measures" Kind::Date => "systems-column-dossier-expected-measures",
    "risk.result_level" Kind::Level => "systems-column-risk-result-level",
    "risk.date" Kind::Date => "systems-column-risk-date",
    "risk.file" Kind::Text => "systems-column-risk-file",
    "assumed" Kind::Paths => "systems-column-assumed",
}

/// The column of the value at `path`.
#[must_use]
pub fn column(path: &str) -> Option<&'static Column> {
    COLUMNS.iter().find(|column| column.path == path)
}

/// What a path of a file is called: its column's title, else the path itself.
#[must_use]
pub fn title_of(path: &str, lang: Lang) -> String {
    column(path).map_or_else(|| path.to_owned(), |column| column.title().render(lang))
}

/// What people of `lang` call a word that stands at `path`; the word itself where it has no name.
#[must_use]
pub fn label(path: &str, word: &'static str, lang: Lang) -> &'static str {
    match column(path).map(|column| column.kind) {
        Some(Kind::Word(words) | Kind::Words(words)) => {
            words(lang).iter().find(|(known, _)| *known == word).map_or(word, |(_, label)| label.as_str())
        }
        _ => word,
    }
}

/// How a value is written in a cell or a line; nothing where there is none. Counts have their thousands set apart where
/// `people` read it.
#[must_use]
pub fn written(value: &Value, kind: Kind, lang: Lang, people: bool) -> Option<String> {
    let label = |words: &Labels, value: &Value| {
        let word = value.as_str().unwrap_or_default();
        words.iter().find(|(known, _)| *known == word).map_or_else(|| word.to_owned(), |(_, label)| label.clone())
    };
    let text = match (kind, value) {
        (_, Value::Null) => return None,
        (Kind::Words(words), Value::Array(items)) => {
            items.iter().map(|item| label(words(lang), item)).collect::<Vec<_>>().join("; ")
        }
        (_, Value::Array(items)) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        (Kind::Word(words), value) => label(words(lang), value),
        (Kind::Date, Value::String(text)) => text.parse().map_or_else(|_| text.clone(), |date| day(date, lang)),
        (Kind::Decision, Value::Bool(_)) => message!("systems-no-decision").render(lang),
        (_, Value::Bool(truth)) => if *truth { message!("systems-yes") } else { message!("systems-no") }.render(lang),
        (Kind::Count, Value::Number(number)) if people => {
            number.as_u64().map_or_else(|| number.to_string(), |number| format::number(number, lang))
        }
        (_, Value::Object(_)) => serde_json::from_value::<Text>(value.clone()).ok()?.pick(lang).to_owned(),
        (_, Value::String(text)) => text.clone(),
        (_, other) => other.to_string(),
    };
    (!text.is_empty()).then_some(text)
}

/// A day: `08/8/2025` in Vietnamese (Decree 30/2020/NĐ-CP, Annex I, II.4.b), `2025-08-08` in English.
#[must_use]
pub fn day(date: Date, lang: Lang) -> String {
    match lang {
        Lang::Vi if date.month() <= 2 => format!("{:02}/{:02}/{:04}", date.day(), date.month(), date.year()),
        Lang::Vi => format!("{:02}/{}/{:04}", date.day(), date.month(), date.year()),
        Lang::En => date.to_string(),
    }
}

/// The value at `path` in a system that was turned into JSON; null where nothing stands there. A name in one language is its
/// Vietnamese name. `false` is a decision that there is not: only where that is written out, and not where nothing is known.
#[must_use]
pub fn at<'v>(system: &'v Value, path: &str) -> &'v Value {
    if path == "facts.decided_level" {
        return match system["facts"].get("decided_level") {
            Some(Value::Null) => &Value::Bool(false),
            found => found.unwrap_or(&Value::Null),
        };
    }
    let found = path.split('.').fold(system, |value, key| match value {
        Value::String(_) if key == "vi" => value,
        _ => &value[key],
    });
    match found {
        Value::Array(items) if items.is_empty() && !path.starts_with("facts.") => &Value::Null,
        found => found,
    }
}
