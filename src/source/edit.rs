//! Changes one value in a file of ours and leaves everything else as it stands: comments, order, spaces.

use serde_json::Value;

use super::scalar::{Meaning, Style, meaning};
use super::tree::{Data, Key, Node, parse};

/// A step on the way to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'p> {
    /// The value under this key of a map.
    Key(&'p str),
    /// The item of a list whose `id` is this.
    Item(&'p str),
}

/// Why a file cannot be changed in this way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the file is written in a form that cannot be changed without losing comments")]
pub struct NotEditable;

/// `text` with `value` at `path`, or without anything there where `value` is `None`. Maps and items on the way that are not
/// there are made. The value is written on one line, or as a block where `block` says so.
///
/// # Errors
///
/// Where a value on the way spans several lines in braces with comments among them, or is of another kind than `path` says.
pub fn set(text: &str, path: &[Step<'_>], value: Option<&Value>, block: bool) -> Result<String, NotEditable> {
    let document = parse("", text);
    let root = document.root.as_ref().ok_or(NotEditable)?;
    let mut lines: Vec<String> = document.text.split('\n').map(str::to_owned).collect();
    if lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    let whole = Range { first: 1, last: lines.len() };
    if lines.get(root.place.line - 1).is_some_and(|line| line.trim_start().starts_with('{')) {
        return Err(NotEditable);
    }
    let mut edit = Edit { lines, value, block };
    edit.map(root, whole, path)?;
    // A tree has line feeds only and no byte order mark: the file keeps those that it has.
    let mark = if text.starts_with('\u{feff}') { "\u{feff}" } else { "" };
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    Ok(format!("{mark}{}{end}", edit.lines.join(end)))
}

/// Lines from 1, the last included.
#[derive(Clone, Copy, Debug)]
struct Range {
    first: usize,
    last: usize,
}

struct Edit<'v> {
    lines: Vec<String>,
    value: Option<&'v Value>,
    block: bool,
}

impl Edit<'_> {
    /// Changes what stands at `path` in the block map `node`, whose lines end with `range`.
    fn map(&mut self, node: &Node, range: Range, path: &[Step<'_>]) -> Result<(), NotEditable> {
        let (Some((Step::Key(name), rest)), Data::Map(members)) = (path.split_first(), &node.data) else {
            return Err(NotEditable);
        };
        let indent = members.first().map_or(0, |(key, _)| key.place.column - 1);
        let Some(at) = members.iter().position(|(key, _)| key.text == *name) else {
            if let Some(value) = self.value {
                let made = self.written(name, &made_of(rest, value.clone()), indent);
                let end = self.content_end(range);
                self.lines.splice(end..end, made);
            }
            return Ok(());
        };
        let (key, inner) = &members[at];
        let next = members.get(at + 1).map_or(range.last, |(key, _)| key.place.line - 1);
        let own = Range { first: key.place.line, last: next };
        let own = Range { last: self.content_end(own), ..own };
        self.member(key, inner, own, rest)
    }

    /// Changes the member `key` of a block map, which stands on the lines `own`.
    fn member(&mut self, key: &Key, inner: &Node, own: Range, rest: &[Step<'_>]) -> Result<(), NotEditable> {
        let indent = key.place.column - 1;
        let line = &self.lines[own.first - 1];
        let after = line.chars().skip(key.place.end - 1).collect::<String>();
        let behind = after.trim_start_matches(['"', '\'']).trim_start().trim_start_matches(':').to_owned();
        let after = behind.trim_start();
        let inline = !after.is_empty() && !after.starts_with('#');
        let empty = inner.meaning() == Some(Meaning::Null);
        if rest.is_empty() || empty || (inline && inner.scalar().is_none()) {
            // The value is written anew: nothing but a comment at the end of its line can be lost, and that is kept.
            let several = own.last > own.first;
            if !rest.is_empty() && empty && self.value.is_none() {
                return Ok(());
            }
            let inside = Range { first: own.first + usize::from(rest.is_empty() || !inline), ..own };
            if several && self.commented(inside) {
                return Err(NotEditable);
            }
            let before = inner.to_value().ok_or(NotEditable)?;
            let after_change = changed(&before, rest, self.value)?;
            let Some(after_change) = after_change else {
                self.lines.drain(own.first - 1..own.last);
                return Ok(());
            };
            let comment = comment_of(&behind).unwrap_or_default();
            let kept = indent.min(line.len());
            let start = line[..kept].to_owned();
            let mut made = self.written(&key.text, &after_change, indent);
            if let Some(first) = made.first_mut() {
                // Before the key may stand the dash of a list.
                *first = format!("{start}{}{comment}", first.trim_start());
            }
            self.lines.splice(own.first - 1..own.last, made);
            return Ok(());
        }
        match &inner.data {
            Data::Map(_) => self.map(inner, own, rest),
            Data::List(items) => self.list(items, own, rest),
            _ => Err(NotEditable),
        }
    }

    /// Changes an item of a block list on the lines `own`, the first of which has the list's key.
    fn list(&mut self, items: &[Node], own: Range, path: &[Step<'_>]) -> Result<(), NotEditable> {
        let Some((Step::Item(id), rest)) = path.split_first() else { return Err(NotEditable) };
        let dash = |edit: &Self, node: &Node| {
            let line = &edit.lines[node.place.line - 1];
            line.len() - line.trim_start().len()
        };
        let named = |node: &Node| node.get("id").and_then(Node::scalar).is_some_and(|(text, _)| text == *id);
        let Some(at) = items.iter().position(named) else {
            let Some(value) = self.value else { return Ok(()) };
            let indent = items.first().map_or(2, |first| dash(self, first));
            let mut item = serde_json::Map::new();
            item.insert("id".to_owned(), Value::from(*id));
            merge(&mut item, made_of(rest, value.clone()));
            let made = item_lines(&item, indent, self.block);
            self.lines.splice(own.last..own.last, made);
            return Ok(());
        };
        let node = &items[at];
        let last = items.get(at + 1).map_or(own.last, |next| next.place.line - 1);
        let range = Range { first: node.place.line, last };
        let range = Range { last: self.content_end(range), ..range };
        let indent = dash(self, node);
        let head: String = self.lines[range.first - 1].chars().take(node.place.column).collect();
        if head.contains('{') {
            if range.last > range.first && self.commented(range) {
                return Err(NotEditable);
            }
            let comment = comment_of(&self.lines[range.last - 1]).unwrap_or_default().to_owned();
            let Some(value) = changed(&node.to_value().ok_or(NotEditable)?, rest, self.value)? else {
                self.lines.drain(range.first - 1..range.last);
                return Ok(());
            };
            let made = match (&value, self.block) {
                // What is long is written as a block from here on.
                (Value::Object(members), true) => {
                    let mut made = item_lines(members, indent, true);
                    if let Some(first) = made.first_mut() {
                        first.push_str(&comment);
                    }
                    made
                }
                _ => vec![format!("{}- {}{comment}", " ".repeat(indent), flow(&value))],
            };
            self.lines.splice(range.first - 1..range.last, made);
            return Ok(());
        }
        self.map(node, range, rest)
    }

    /// The last line of `range` that is neither empty nor only a comment; the first where there is none.
    fn content_end(&self, range: Range) -> usize {
        let content = |line: &usize| {
            let text = self.lines[*line - 1].trim();
            !text.is_empty() && !text.starts_with('#')
        };
        (range.first..=range.last).rev().find(content).unwrap_or(range.first)
    }

    fn commented(&self, range: Range) -> bool {
        self.lines[range.first - 1..range.last].iter().any(|line| comment_of(line).is_some())
    }

    /// The lines of `name: value` at this indent.
    fn written(&self, name: &str, value: &Value, indent: usize) -> Vec<String> {
        let margin = " ".repeat(indent);
        match value {
            // A map that is made is read more easily as a block; what stood in braces stays in braces.
            Value::Object(members) if self.block && !members.is_empty() => {
                let mut lines = vec![format!("{margin}{name}:")];
                lines.extend(block_lines(members, indent + 2));
                lines
            }
            _ => vec![format!("{margin}{name}: {}", flow(value))],
        }
    }
}

/// `value` behind the maps and items of `path`.
fn made_of(path: &[Step<'_>], value: Value) -> Value {
    path.iter().rev().fold(value, |inner, step| match step {
        Step::Key(name) => {
            let mut members = serde_json::Map::new();
            members.insert((*name).to_owned(), inner);
            Value::Object(members)
        }
        Step::Item(id) => {
            let mut members = serde_json::Map::new();
            members.insert("id".to_owned(), Value::from(*id));
            merge(&mut members, inner);
            Value::Array(vec![Value::Object(members)])
        }
    })
}

fn merge(members: &mut serde_json::Map<String, Value>, more: Value) {
    if let Value::Object(more) = more {
        members.extend(more);
    }
}

/// `before` with `value` at `path`; nothing where it is taken away itself.
fn changed(before: &Value, path: &[Step<'_>], value: Option<&Value>) -> Result<Option<Value>, NotEditable> {
    let Some((step, rest)) = path.split_first() else { return Ok(value.cloned()) };
    if before.is_null() {
        return Ok(Some(value.map_or(Value::Null, |value| made_of(path, value.clone()))));
    }
    let mut after = before.clone();
    match (step, &mut after) {
        (Step::Key(name), Value::Object(members)) => {
            let inner = members.get(*name).cloned().unwrap_or(Value::Null);
            match changed(&inner, rest, value)? {
                // A `null` that is asked for is written out; one that only says that nothing is there is not.
                Some(new) if !new.is_null() || value.is_some() || members.contains_key(*name) => {
                    members.insert((*name).to_owned(), new);
                }
                _ => {
                    members.shift_remove(*name);
                }
            }
        }
        (Step::Item(id), Value::Array(items)) => {
            let at = items.iter().position(|item| item["id"].as_str() == Some(*id));
            match at {
                Some(at) => match changed(&items[at], rest, value)? {
                    Some(new) => items[at] = new,
                    None => {
                        items.remove(at);
                    }
                },
                None => {
                    if let Some(value) = value
                        && let Value::Array(made) = made_of(path, value.clone())
                    {
                        items.extend(made);
                    }
                }
            }
        }
        _ => return Err(NotEditable),
    }
    Ok(Some(after))
}

/// The lines of a block map at this indent.
#[must_use]
pub fn block_lines(members: &serde_json::Map<String, Value>, indent: usize) -> Vec<String> {
    let margin = " ".repeat(indent);
    let mut lines = Vec::new();
    for (name, value) in members {
        match value {
            Value::Object(inner)
                if inner.values().any(|value| value.is_object() || value.is_array()) || inner.len() > 4 =>
            {
                lines.push(format!("{margin}{name}:"));
                lines.extend(block_lines(inner, indent + 2));
            }
            Value::Array(items) if items.iter().any(Value::is_object) => {
                lines.push(format!("{margin}{name}:"));
                for item in items {
                    match item {
                        Value::Object(item) if item.values().any(Value::is_object) => {
                            lines.extend(item_lines(item, indent + 2, true));
                        }
                        _ => lines.push(format!("{margin}  - {}", flow(item))),
                    }
                }
            }
            _ => lines.push(format!("{margin}{name}: {}", flow(value))),
        }
    }
    lines
}

/// The lines of an item of a block list whose dash stands at this indent.
fn item_lines(members: &serde_json::Map<String, Value>, indent: usize, block: bool) -> Vec<String> {
    let margin = " ".repeat(indent);
    if !block {
        return vec![format!("{margin}- {}", flow(&Value::Object(members.clone())))];
    }
    let mut lines = block_lines(members, indent + 2);
    if let Some(first) = lines.first_mut() {
        *first = format!("{margin}- {}", first.trim_start());
    }
    lines
}

/// A value on one line.
#[must_use]
pub fn flow(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::String(text) => scalar(text),
        Value::Array(items) if items.is_empty() => "[]".to_owned(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(flow).collect();
            if items.iter().any(|item| item.starts_with('{')) {
                format!("[ {} ]", items.join(", "))
            } else {
                format!("[{}]", items.join(", "))
            }
        }
        Value::Object(members) if members.is_empty() => "{}".to_owned(),
        Value::Object(members) => {
            let members: Vec<String> =
                members.iter().map(|(name, value)| format!("{}: {}", scalar(name), flow(value))).collect();
            format!("{{ {} }}", members.join(", "))
        }
        other => other.to_string(),
    }
}

/// Text as YAML has it: plain where nothing but letters, digits and a few signs is in it and it is no number or truth.
fn scalar(text: &str) -> String {
    let plain = text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/'))
        && !text.ends_with(['.', '-', '/'])
        && meaning(text, Style::Plain) == Meaning::Text;
    if plain { text.to_owned() } else { Value::from(text).to_string() }
}

/// The comment at the end of a line, with the space before it.
fn comment_of(line: &str) -> Option<&str> {
    let (mut quote, mut before, mut escaped) = (None, ' ', false);
    for (at, c) in line.char_indices() {
        match quote {
            Some('"') if escaped => escaped = false,
            Some('"') if c == '\\' => escaped = true,
            Some(open) if c == open => quote = None,
            None if c == '#' && before.is_whitespace() => return Some(line[line[..at].trim_end().len()..].trim_end()),
            // A quotation mark inside a plain word opens nothing.
            None if (c == '"' || c == '\'') && (before.is_whitespace() || "[{,:".contains(before)) => quote = Some(c),
            _ => {}
        }
        before = c;
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const FILE: &str = "# Đầu tệp\nformat: 1\nid: a\nname: \"Tên # không phải ghi chú\"   # tên\nfacts:            # để trống là chưa có thông tin\n  class: [internal]\n  # số người\n  users: 5   # theo báo cáo\n\n# hồ sơ\ndossier: { status: draft, proposed: 2 }  # nháp\ncomponents:\n  - { id: db }   # cơ sở dữ liệu\n  - id: app\n    facts: { users: 1 }\nassumed: [facts.users]\n";

    #[track_caller]
    fn check(path: &[Step<'_>], value: impl Into<Option<Value>>, before: &str, after: &str) {
        let value = value.into();
        let seen = set(FILE, path, value.as_ref(), false).expect("it can be changed");
        assert!(FILE.contains(before), "{before}");
        assert_eq!(seen, FILE.replace(before, after));
        assert!(parse("x", &seen).findings.is_empty());
    }

    #[test]
    fn one_value_changes_and_everything_else_stays_as_it_stands() {
        use Step::{Item, Key};
        check(&[Key("facts"), Key("users")], Some(json!(7)), "users: 5   #", "users: 7   #");
        check(&[Key("facts"), Key("one_stop")], Some(json!(true)), "báo cáo\n", "báo cáo\n  one_stop: true\n");
        check(&[Key("facts"), Key("users")], None, "  users: 5   # theo báo cáo\n", "");
        check(
            &[Key("name")],
            Some(json!({"vi": "Tên", "en": "x y"})),
            "name: \"Tên # không phải ghi chú\"   #",
            "name: { vi: \"Tên\", en: \"x y\" }   #",
        );
        check(&[Key("dossier"), Key("approved")], Some(json!(3)), "proposed: 2 }", "proposed: 2, approved: 3 }");
        check(
            &[Key("dossier"), Key("decision"), Key("date")],
            Some(json!("2025-05-12")),
            "proposed: 2 }",
            "proposed: 2, decision: { date: 2025-05-12 } }",
        );
        check(&[Key("dossier"), Key("proposed")], None, "{ status: draft, proposed: 2 }", "{ status: draft }");
        check(&[Key("owner")], Some(json!("UBND")), "[facts.users]\n", "[facts.users]\nowner: UBND\n");
        check(&[Key("assumed")], Some(json!(["a", "b c"])), "[facts.users]", "[a, \"b c\"]");
        check(
            &[Key("risk"), Key("result_level")],
            Some(json!(3)),
            "[facts.users]\n",
            "[facts.users]\nrisk: { result_level: 3 }\n",
        );
        check(
            &[Key("components"), Item("db"), Key("host")],
            Some(json!({"os": "x"})),
            "{ id: db }   #",
            "{ id: db, host: { os: x } }   #",
        );
        check(
            &[Key("components"), Item("app"), Key("host")],
            Some(json!({"os": "x"})),
            "{ users: 1 }\n",
            "{ users: 1 }\n    host: { os: x }\n",
        );
        check(
            &[Key("components"), Item("new"), Key("host")],
            Some(json!({"os": "x"})),
            "{ users: 1 }\n",
            "{ users: 1 }\n  - { id: new, host: { os: x } }\n",
        );
        check(&[Key("no"), Key("thing")], None, "format", "format");
        // A `null` that is written out is an answer, in braces too.
        check(&[Key("dossier"), Key("x")], Some(Value::Null), "proposed: 2 }", "proposed: 2, x: null }");
    }

    #[test]
    fn a_block_is_written_as_a_block_and_read_back() {
        let host = json!({"os": "Debian 13", "disks": [{"mount": "/", "size": 1, "free": 0}]});
        let path = [Step::Key("components"), Step::Item("db"), Step::Key("host")];
        let seen = set(FILE, &path, Some(&host), true).expect("it can be changed");
        assert!(seen.contains("  - id: db   # cơ sở dữ liệu\n    host:\n      os: \"Debian 13\"\n      disks:\n        - { mount: \"/\", size: 1, free: 0 }\n"), "{seen}");
        let read = parse("x", &seen);
        assert!(read.findings.is_empty(), "{seen}");
        let again = read.root.as_ref().and_then(|root| root.get("components")?.items()[0].get("host")?.to_value());
        assert_eq!(again, Some(host));
    }

    #[test]
    fn line_ends_and_the_byte_order_mark_stay() {
        let text = format!("\u{feff}{}", FILE.replace('\n', "\r\n"));
        let seen = set(&text, &[Step::Key("facts"), Step::Key("users")], Some(&json!(7)), false).expect("it changes");
        assert_eq!(seen, text.replace("users: 5   #", "users: 7   #"));
    }

    #[test]
    fn what_would_lose_comments_is_refused() {
        let text = "dossier: {\n  status: draft, # nháp\n  proposed: 2 }\n";
        let path = [Step::Key("dossier"), Step::Key("proposed")];
        assert_eq!(set(text, &path, Some(&json!(3)), false), Err(NotEditable));
        assert_eq!(set("{ a: 1 }\n", &[Step::Key("a")], Some(&json!(3)), false), Err(NotEditable));
    }
}
