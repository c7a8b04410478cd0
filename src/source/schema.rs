//! Pieces of a JSON Schema (2020-12), from which each format's own is built.

use serde_json::{Map, Value, json};

use crate::model::{Id, Name};

/// Durations such as `1h30m`.
const SPAN: &str = "^([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?$";

/// A whole schema: `root` is the definition that a file follows.
#[must_use]
pub fn whole_schema(title: &str, root: &str, all: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let mut definitions = Map::new();
    for (name, definition) in all {
        definitions.insert(name.to_owned(), definition);
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "$ref": format!("#/$defs/{root}"),
        "$defs": definitions,
    })
}

/// Definitions by their names.
pub type Definitions = Vec<(&'static str, Value)>;

/// A map with these keys and no others; a `!` after a key says that it is compulsory.
#[must_use]
pub fn map(keys: &[(&str, Value)]) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for (key, value) in keys {
        let name = key.trim_end_matches('!');
        if name != *key {
            required.push(name);
        }
        properties.insert(name.to_owned(), value.clone());
    }
    json!({ "type": "object", "additionalProperties": false, "required": required, "properties": properties })
}

/// A map with just one of `groups` among its keys.
#[must_use]
pub fn one_of(mut map: Value, groups: &[&str]) -> Value {
    let alternatives: Vec<Value> = groups.iter().map(|key| json!({ "required": [key] })).collect();
    if let Some(members) = map.as_object_mut() {
        members.insert("oneOf".to_owned(), Value::Array(alternatives));
    }
    map
}

/// A reference to the definition `name`.
#[must_use]
pub fn of(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

/// A list of `item`s.
#[must_use]
pub fn list(item: &Value) -> Value {
    json!({ "type": "array", "items": item })
}

/// Text of a pattern.
#[must_use]
pub fn pattern(pattern: &str) -> Value {
    json!({ "type": "string", "pattern": format!("^{pattern}$") })
}

/// The name of a playbook, a system and so on.
#[must_use]
pub fn name() -> Value {
    pattern(Name::PATTERN)
}

/// An id that expressions can name.
#[must_use]
pub fn id() -> Value {
    pattern(Id::PATTERN)
}

/// A duration.
#[must_use]
pub fn span() -> Value {
    json!({ "type": "string", "pattern": SPAN, "minLength": 2 })
}

/// Text that is not empty.
#[must_use]
pub fn string() -> Value {
    json!({ "type": "string", "minLength": 1 })
}

/// A text, number or truth that stands for its own letters.
#[must_use]
pub fn letters() -> Value {
    json!({ "type": ["string", "number", "boolean"] })
}

/// A truth.
#[must_use]
pub fn truth() -> Value {
    json!({ "type": "boolean" })
}

/// A whole number.
#[must_use]
pub fn whole(least: i64) -> Value {
    json!({ "type": "integer", "minimum": least })
}

/// One of a closed set of words.
#[must_use]
pub fn words<'a>(words: impl IntoIterator<Item = &'a str>) -> Value {
    json!({ "enum": words.into_iter().collect::<Vec<_>>() })
}

/// A map with ids of the author's own.
#[must_use]
pub fn by_id(value: &Value) -> Value {
    json!({ "type": "object", "propertyNames": id(), "additionalProperties": value })
}

/// Any of these.
#[must_use]
pub fn either(alternatives: &[Value]) -> Value {
    json!({ "anyOf": alternatives })
}

/// Both languages, or one of them.
#[must_use]
pub fn text() -> Value {
    let mut text = map(&[("vi", string()), ("en", string())]);
    if let Some(members) = text.as_object_mut() {
        members.insert("minProperties".to_owned(), Value::from(1));
    }
    text
}
