//! Rows of a table become changes of inventory files: what the columns hold, and nothing else, is changed.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::System;
use super::table::{COLUMNS, Column, Kind, at};
use super::words::Labels;
use crate::message::{Lang, Message, message};
use crate::model::{Name, Span};
use crate::source::edit::{self, Step};
use crate::source::{self, Finding, Node, Place, suggest};

/// A cell of a row.
#[derive(Clone)]
pub struct Given {
    /// Its column.
    pub column: &'static Column,
    /// What stands in it, without space around.
    pub text: String,
}

/// What a row does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The text of the file after it.
    pub text: String,
    /// Paths that change; every path with a value where the system is new.
    pub paths: Vec<&'static str>,
}

/// What is wrong in a row: the column, where it is one cell's, and what.
pub type Wrong = (Option<&'static str>, Message);

/// What a row changes in the file with `text` of `system`; where there is none, the new file. Nothing where nothing changes.
///
/// # Errors
///
/// Every cell that does not fit its column, and what the file would be found wrong in.
pub fn change(existing: Option<(&System, &str)>, row: &[Given]) -> Result<Option<Change>, Vec<Wrong>> {
    let mut wrong = Vec::new();
    let mut values: Vec<(&'static Column, Value)> = Vec::new();
    for given in row {
        match read(given.column, &given.text) {
            Ok(value) => values.push((given.column, value)),
            Err(message) => wrong.push((Some(given.column.path), message)),
        }
    }
    for path in ["id", "name.vi"] {
        let empty = values.iter().any(|(column, value)| column.path == path && value.is_null());
        if empty || (existing.is_none() && !values.iter().any(|(column, _)| column.path == path) && wrong.is_empty()) {
            wrong.push((Some(path), message!("systems-cell-required")));
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let change = match existing {
        Some((system, text)) => changed(system, text, &values)?,
        None => Some(made(&values)),
    };
    if let Some(change) = &change {
        let id = values.iter().find(|(column, _)| column.path == "id").and_then(|(_, id)| id.as_str());
        let file = format!("inventory/{}.yaml", id.unwrap_or_default());
        if let Err(findings) = super::read(&file, &change.text) {
            let document = source::parse(&file, &change.text);
            let column = |finding: &Finding| column_at(document.root.as_ref()?, (finding.line, finding.column), row);
            return Err(findings.into_iter().map(|finding| (column(&finding), finding.message)).collect());
        }
    }
    Ok(change)
}

/// The column of `row` that something at a place of the file comes from: where it stands, or where what it names is gone.
fn column_at(root: &Node, place: (usize, usize), row: &[Given]) -> Option<&'static str> {
    let given = |path: &str| row.iter().map(|cell| cell.column.path).find(|known| *known == path);
    if let Some(item) =
        root.get("assumed").and_then(|list| list.items().iter().find(|item| at_place(item.place, place)))
    {
        return item.scalar().and_then(|(path, _)| given(path)).or_else(|| given("assumed"));
    }
    let path = path_of(root, place)?;
    given(&path).or_else(|| given(&format!("{path}.date")))
}

fn at_place(place: Place, (line, column): (usize, usize)) -> bool {
    (place.line, place.column) == (line, column)
}

/// Where the value at a place stands: keys with dots between them.
fn path_of(node: &Node, place: (usize, usize)) -> Option<String> {
    node.members().iter().find_map(|(key, inner)| {
        if at_place(inner.place, place) || at_place(key.place, place) {
            return Some(key.text.clone());
        }
        path_of(inner, place).map(|rest| format!("{}.{rest}", key.text))
    })
}

fn changed(system: &System, text: &str, values: &[(&'static Column, Value)]) -> Result<Option<Change>, Vec<Wrong>> {
    let before = serde_json::to_value(system).unwrap_or_default();
    let mut after = text.to_owned();
    let mut paths = Vec::new();
    for (column, value) in values.iter().filter(|(column, _)| column.path != "id") {
        let path = column.path;
        let value = match value {
            Value::Null if path == "environment" => Value::from("production"),
            value => value.clone(),
        };
        let stands = at(&before, path);
        if current(stands) == value {
            continue;
        }
        paths.push(path);
        let name = path.starts_with("name.").then(|| name(values, &before));
        let mut steps: Vec<Step<'_>> = path.split('.').map(Step::Key).collect();
        if name.is_some() {
            steps.truncate(1);
        } else if stands.is_object() {
            // The other language stays.
            steps.push(Step::Key("vi"));
        }
        let value = name.unwrap_or(value);
        let written = filed(column, &value);
        let value = (!value.is_null()).then_some(&written);
        let not_editable = |_| vec![(Some(path), message!("systems-not-editable", path = path))];
        after = edit::set(&after, &steps, value, false).map_err(not_editable)?;
    }
    Ok(if paths.is_empty() { None } else { Some(Change { text: after, paths }) })
}

/// What stands in a file, as a cell has it.
fn current(value: &Value) -> Value {
    match value {
        Value::Object(members) => members.get("vi").or_else(|| members.get("en")).cloned().unwrap_or(Value::Null),
        Value::Array(items) if items.is_empty() => Value::Null,
        other => other.clone(),
    }
}

/// The whole name, from both of its columns, or from what stands where one is not given.
fn name(values: &[(&'static Column, Value)], before: &Value) -> Value {
    let of = |path: &str| {
        let given = values.iter().find(|(column, _)| column.path == path).map(|(_, value)| value);
        given.unwrap_or_else(|| at(before, path)).clone()
    };
    let (vi, en) = (of("name.vi"), of("name.en"));
    if en.is_null() {
        return vi;
    }
    Value::Object(Map::from_iter([("vi".to_owned(), vi), ("en".to_owned(), en)]))
}

/// The file of a new system.
fn made(values: &[(&'static Column, Value)]) -> Change {
    let mut root = Map::from_iter([("format".to_owned(), Value::from(1))]);
    let mut paths = Vec::new();
    for (column, value) in values.iter().filter(|(_, value)| !value.is_null()) {
        paths.push(column.path);
        if column.path.starts_with("name.") {
            root.insert("name".to_owned(), name(values, &Value::Null));
            continue;
        }
        put(&mut root, column.path, filed(column, value));
    }
    let lines = edit::block_lines(&root, 0);
    Change { text: lines.join("\n") + "\n", paths }
}

fn put(members: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            members.insert(path.to_owned(), value);
        }
        Some((first, rest)) => {
            let inner = members.entry(first).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}

/// What a cell means; null where it is empty.
///
/// # Errors
///
/// Why it does not fit.
pub fn read(column: &Column, text: &str) -> Result<Value, Message> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Value::Null);
    }
    match column.kind {
        Kind::Text => Ok(Value::from(text)),
        Kind::Paths => Ok(list(text, &[';', ','])),
        Kind::Name => valid_name(text).map(Value::from),
        Kind::Names => {
            let names = list(text, &[';', ',']);
            for name in names.as_array().into_iter().flatten().filter_map(Value::as_str) {
                valid_name(name)?;
            }
            Ok(names)
        }
        Kind::Date => date(text).map(Value::from).ok_or_else(|| message!("systems-cell-date", text = text)),
        Kind::Truth => match text.to_lowercase().as_str() {
            "có" | "yes" | "true" => Ok(Value::Bool(true)),
            "không" | "no" | "false" => Ok(Value::Bool(false)),
            _ => Err(message!("systems-cell-truth", text = text)),
        },
        Kind::Count => count(text).map(Value::from).ok_or_else(|| message!("systems-cell-count", text = text)),
        Kind::Level => match text.parse::<u8>() {
            Ok(level @ 1..=5) => Ok(Value::from(level)),
            _ => Err(message!("systems-cell-level", text = text)),
        },
        Kind::Decision => decision(text).ok_or_else(|| message!("systems-cell-decision", text = text)),
        Kind::Span => match text.parse::<Span>() {
            Ok(span) => Ok(Value::from(span.to_string())),
            Err(_) => Err(message!("systems-cell-span", text = text)),
        },
        Kind::Word(words) => word(text, words).map(Value::from),
        Kind::Words(words) => {
            let items: Result<Vec<Value>, Message> = text
                .split(';')
                .map(str::trim)
                .filter(|it| !it.is_empty())
                .map(|it| word(it, words).map(Value::from))
                .collect();
            Ok(Value::Array(items?))
        }
    }
}

/// A level that a decision gives; `false` where the cell says that there is no decision.
fn decision(text: &str) -> Option<Value> {
    let none = |lang| message!("systems-no-decision").render(lang).to_lowercase() == text.to_lowercase();
    match text.parse::<u8>() {
        Ok(level @ 1..=5) => Some(Value::from(level)),
        Err(_) if none(Lang::Vi) || none(Lang::En) => Some(Value::Bool(false)),
        _ => None,
    }
}

/// What a file has for the value of a cell: that there is no decision is a `null` that is written out.
fn filed(column: &Column, value: &Value) -> Value {
    match (column.kind, value) {
        (Kind::Decision, Value::Bool(_)) => Value::Null,
        (_, value) => value.clone(),
    }
}

fn list(text: &str, between: &[char]) -> Value {
    text.split(between).map(str::trim).filter(|item| !item.is_empty()).map(Value::from).collect()
}

fn valid_name(text: &str) -> Result<&str, Message> {
    if Name::is_valid(text) { Ok(text) } else { Err(message!("source-invalid-name", text = text)) }
}

/// A word of a closed set: as files have it, or as people of either language call it.
fn word(text: &str, words: fn(Lang) -> &'static Labels) -> Result<&'static str, Message> {
    let (vi, en) = (words(Lang::Vi), words(Lang::En));
    let lower = text.to_lowercase();
    let found = vi.iter().chain(en).find(|(word, label)| word.to_lowercase() == lower || label.to_lowercase() == lower);
    if let Some((word, _)) = found {
        return Ok(word);
    }
    let labels: Vec<&str> = vi.iter().map(|(_, label)| label.as_str()).collect();
    Err(match suggest::nearest(text, labels.iter().copied()) {
        Some(near) => message!("systems-cell-word-near", text = text, near = near),
        None => message!("systems-cell-word", text = text, words = labels.join(", ")),
    })
}

/// A day as people of Vietnam write it, day first, or as files have it; nothing for anything else.
fn date(text: &str) -> Option<String> {
    if let Ok(date) = text.parse::<jiff::civil::Date>() {
        return (text.len() == 10).then(|| date.to_string());
    }
    let mut parts = text.split(['/', '-', '.']);
    let mut number = |least: usize, most: usize| {
        parts
            .next()
            .filter(|it| (least..=most).contains(&it.len()) && it.bytes().all(|b| b.is_ascii_digit()))?
            .parse()
            .ok()
    };
    let (day, month, year): (i16, i16, i16) = (number(1, 2)?, number(1, 2)?, number(4, 4)?);
    if parts.next().is_some() {
        return None;
    }
    jiff::civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok().map(|date| date.to_string())
}

/// A count, its thousands set apart or not.
fn count(text: &str) -> Option<u64> {
    let groups: Vec<&str> = text.split(['.', ',', ' ', '\u{a0}']).collect();
    let apart = groups.len() == 1 || (groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3));
    let digits: String = groups.concat();
    let whole = apart && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    if whole { digits.parse().ok() } else { None }
}

/// The column whose title, in either language, or path is `title`.
#[must_use]
pub fn column_of(title: &str) -> Option<&'static Column> {
    // A sheet may have thousands of cells that could be titles.
    static TITLES: LazyLock<HashMap<String, &'static Column>> = LazyLock::new(|| {
        let of = |column: &'static Column| {
            let [vi, en] = [Lang::Vi, Lang::En].map(|lang| column.title().render(lang));
            [column.path.to_owned(), vi, en].map(|title| (title, column))
        };
        // Where two columns are called the same, the first is meant.
        COLUMNS.iter().rev().flat_map(of).collect()
    });
    TITLES.get(title.trim()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::table::column;

    fn cell(path: &str, text: &str) -> Given {
        Given { column: column(path).expect("a column"), text: text.to_owned() }
    }

    fn told(result: Result<Option<Change>, Vec<Wrong>>) -> String {
        match result {
            Ok(None) => "same".to_owned(),
            Ok(Some(change)) => change.paths.join(" "),
            Err(wrong) => {
                let all = wrong.iter().map(|(path, message)| format!("{}:{}", path.unwrap_or("-"), message.id));
                format!("! {}", all.collect::<Vec<_>>().join(" "))
            }
        }
    }

    const FILE: &str = "# giữ nguyên\nformat: 1\nid: a\nname: { vi: \"Tên\", en: Name }\nowner: { vi: \"UBND\", en: Committee }\nfacts: { users: 5000 }   # theo báo cáo\nassumed: [facts.users]\n";

    #[test]
    fn what_a_row_does_not_change_stays_as_it_stands() {
        let system = crate::inventory::read("inventory/a.yaml", FILE).expect("it holds");
        let change = |cells: &[Given]| change(Some((&system, FILE)), cells);
        let same = [
            cell("id", "a"),
            cell("name.vi", "Tên"),
            cell("name.en", "Name"),
            cell("owner", "UBND"),
            cell("facts.users", "5.000"),
            cell("environment", ""),
            cell("assumed", "facts.users"),
            cell("facts.class", ""),
        ];
        assert_eq!(told(change(&same)), "same");
        let one = change(&[cell("id", "a"), cell("owner", "UBND tỉnh"), cell("facts.users", "6 000")]);
        let one = one.expect("it fits").expect("it changes");
        let wanted = FILE.replace("{ vi: \"UBND\", en: Committee }", "{ vi: \"UBND tỉnh\", en: Committee }");
        assert_eq!(one.text, wanted.replace("{ users: 5000 }   #", "{ users: 6000 }   #"));
        assert_eq!(
            told(change(&[cell("id", "a"), cell("facts.users", "")])),
            "! facts.users:inventory-assumed-nothing"
        );
        assert_eq!(
            told(change(&[cell("id", "a"), cell("facts.users", ""), cell("assumed", "")])),
            "facts.users assumed"
        );
        assert_eq!(told(change(&[cell("id", "a"), cell("name.en", "")])), "name.en");
    }

    #[test]
    fn cells_that_do_not_fit_are_told_by_their_columns() {
        let wrong = [
            cell("id", "Hệ thống"),
            cell("name.vi", "x"),
            cell("operating_since", "13/25/2026"),
            cell("facts.users", "5,00"),
            cell("facts.one_stop", "chắc"),
            cell("dossier.approved", "6"),
            cell("state", "đang vận hàn"),
            cell("objectives.rto", "4 giờ"),
        ];
        assert_eq!(
            told(change(None, &wrong)),
            "! id:source-invalid-name operating_since:systems-cell-date facts.users:systems-cell-count facts.one_stop:systems-cell-truth dossier.approved:systems-cell-level state:systems-cell-word-near objectives.rto:systems-cell-span"
        );
        assert_eq!(told(change(None, &[cell("id", "b"), cell("name.vi", "")])), "! name.vi:systems-cell-required");
    }

    #[test]
    fn the_words_that_form_08_lists_are_read_as_they_stand_in_it() {
        for (path, text, wanted) in [
            ("dossier.status", "Đã gửi thẩm định", "submitted"),
            ("dossier.measures", "Chưa triển khai", "none"),
            ("dossier.measures", "Đã triển khai một số hạng mục", "partial"),
            ("dossier.measures", "Đã triển khai đầy đủ", "full"),
            ("dossier.measures", "đã triển khai đầy đủ", "full"),
        ] {
            let made = change(None, &[cell("id", "b"), cell("name.vi", "x"), cell(path, text)]);
            let made = made.expect("it fits").expect("it is new");
            assert!(made.text.contains(&format!(": {wanted}")), "{text}: {}", made.text);
        }
    }

    #[test]
    fn days_are_read_day_first_or_as_files_have_them_and_nothing_else() {
        for (text, wanted) in [
            ("05/3/2025", Some("2025-03-05")),
            ("5-3-2025", Some("2025-03-05")),
            ("2025-03-05", Some("2025-03-05")),
            ("5/3/25", None),
            ("31/02/2025", None),
            ("2025-3-5", None),
            ("45000", None),
            ("5/3", None),
        ] {
            assert_eq!(date(text).as_deref(), wanted, "{text}");
        }
    }

    #[test]
    fn what_the_file_would_be_found_wrong_in_is_told_by_its_cell() {
        let row = |cells: &[(&str, &str)]| {
            let cells: Vec<Given> = cells.iter().map(|(path, text)| cell(path, text)).collect();
            told(change(None, &[vec![cell("id", "b"), cell("name.vi", "x")], cells].concat()))
        };
        let days = [
            ("dossier.submitted", "5/3/2025"),
            ("dossier.decision.number", "1"),
            ("dossier.decision.date", "4/3/2025"),
        ];
        assert_eq!(row(&days), "! dossier.decision.date:inventory-dates-contradict");
        assert_eq!(
            row(&[("dossier.submitted", "5/3/2025"), ("dossier.appraised", "4/3/2025")]),
            "! dossier.appraised:inventory-dates-contradict"
        );
        assert_eq!(row(&[("facts.users", ""), ("assumed", "facts.users")]), "! facts.users:inventory-assumed-nothing");
        assert_eq!(row(&[("assumed", "facts.nothing")]), "! assumed:inventory-assumed-nothing");
        assert!(row(&[("facts.users", "9.999.999.999.999")]).starts_with("! facts.users:"));
    }

    #[test]
    fn that_there_is_no_decision_is_said_and_is_not_the_same_as_nothing() {
        let file = "format: 1\nid: a\nname: x\nfacts: { users: 1 }\n";
        let with = |file: &str, text: &str| {
            let system = crate::inventory::read("inventory/a.yaml", file).expect("it holds");
            let row = [cell("id", "a"), cell("facts.decided_level", text)];
            change(Some((&system, file)), &row).expect("it fits").map(|change| change.text)
        };
        let none = with(file, "Không có quyết định").expect("it changes");
        assert_eq!(none, file.replace("users: 1", "users: 1, decided_level: null"));
        assert_eq!((with(&none, "no decision"), with(file, "")), (None, None));
        assert_eq!(with(&none, "").as_deref(), Some(file));
        assert_eq!(with(&none, "4"), Some(none.replace("null", "4")));
        let new = [cell("id", "b"), cell("name.vi", "x"), cell("facts.decided_level", "không có quyết định")];
        let new = change(None, &new).expect("it fits").expect("it is new");
        assert!(new.text.contains("decided_level: null"), "{}", new.text);
        assert!(
            told(change(None, &[cell("id", "b"), cell("name.vi", "x"), cell("facts.decided_level", "6")]))
                .contains("systems-cell-decision")
        );
    }

    #[test]
    fn a_new_system_is_a_file_that_holds() {
        let row = [
            cell("id", "b"),
            cell("name.vi", "Hệ thống: thử #1"),
            cell("facts.class", "Phục vụ người dân, doanh nghiệp; nội bộ"),
        ];
        assert!(told(change(None, &row)).starts_with("! facts.class:systems-cell-word"));
        let row = [
            cell("id", "b"),
            cell("name.vi", "Hệ thống: thử #1"),
            cell("facts.class", "phục vụ người dân, doanh nghiệp; internal"),
            cell("dossier.decision.date", "12/5/2025"),
            cell("dossier.approved", "3"),
            cell("facts.one_stop", "Có"),
        ];
        let new = change(None, &row).expect("it fits").expect("it is new");
        let system = crate::inventory::read("inventory/b.yaml", &new.text).expect("it holds");
        assert_eq!(system.facts.class.map(|class| class.len()), Some(2));
        assert!(new.text.starts_with("format: 1\nid: b\nname: \"Hệ thống: thử #1\"\n"), "{}", new.text);
    }
}
