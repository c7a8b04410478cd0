//! JSON (RFC 8259) as a tree in which everything knows its place: files of other programs, strictly as they are defined.

use super::finding::{Finding, Place, sort};
use super::scalar::Style;
use super::text::{LARGEST, too_large};
use super::tree::{DEEPEST, Data, Document, Key, Node};
use crate::message::{Message, message};

/// Reads the JSON in `text`, which findings call `file`. Never fails: what is wrong is in the findings.
///
/// Memory is bounded by the size of the text (at most 1 MiB) and 64 levels of nesting. A key that stands twice is found, and
/// the first value kept.
#[must_use]
pub fn parse_json(file: &str, text: &str) -> Document {
    let mut document = Document { file: file.to_owned(), text: String::new(), root: None, findings: Vec::new() };
    if text.len() as u64 > LARGEST {
        document.findings.push(too_large(file, text.len() as u64));
        return document;
    }
    text.strip_prefix('\u{feff}').unwrap_or(text).clone_into(&mut document.text);
    let mut parser =
        Parser { file, chars: document.text.chars().collect(), at: 0, line: 1, column: 1, findings: Vec::new() };
    let root = parser.document();
    document.findings = parser.findings;
    document.root = root;
    sort(&mut document.findings);
    document
}

struct Parser<'a> {
    file: &'a str,
    chars: Vec<char>,
    at: usize,
    line: usize,
    column: usize,
    findings: Vec<Finding>,
}

/// The text is no JSON from here on: said already.
struct Stop;

impl Parser<'_> {
    fn document(&mut self) -> Option<Node> {
        self.space();
        if self.peek().is_none() {
            self.add("empty-file", Place::START, message!("source-empty-file"), None);
            return None;
        }
        let root = self.value(0).ok()?;
        self.space();
        if self.peek().is_some() {
            let _: Result<(), Stop> = self.stray();
            return None;
        }
        Some(root)
    }

    fn add(&mut self, code: &'static str, place: Place, message: Message, help: Option<Message>) {
        self.findings.push(Finding::error(code, self.file, place, message).help(help));
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn take(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        if c == '\n' {
            self.line += 1;
            self.column = 1;
        } else {
            self.column += 1;
        }
        Some(c)
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t' | '\n' | '\r')) {
            self.take();
        }
    }

    fn here(&self, length: usize) -> Place {
        Place::new(self.line, self.column, length)
    }

    /// Finds that what stands here cannot stand here.
    fn stray<T>(&mut self) -> Result<T, Stop> {
        let message = match self.peek() {
            Some(c) => message!("source-json-stray", text = c.escape_debug().to_string()),
            None => message!("source-json-end"),
        };
        self.add("json-syntax", self.here(1), message, None);
        Err(Stop)
    }

    fn value(&mut self, depth: usize) -> Result<Node, Stop> {
        let place = self.here(1);
        if depth > DEEPEST {
            let message = message!("source-too-deep", levels = DEEPEST);
            self.add("too-deep", place, message, None);
            return Err(Stop);
        }
        match self.peek() {
            Some('{') => self.map(depth),
            Some('[') => self.list(depth),
            Some('"') => {
                let (text, place) = self.string()?;
                Ok(Node { place, data: Data::Scalar { text, style: Style::Double } })
            }
            Some(c) if c.is_ascii_alphanumeric() || c == '-' => self.word(),
            _ => self.stray(),
        }
    }

    fn word(&mut self) -> Result<Node, Stop> {
        let start = self.at;
        let mut text = String::new();
        while let Some(c) = self.chars.get(self.at + text.len()).copied() {
            if !c.is_ascii_alphanumeric() && !matches!(c, '-' | '+' | '.') {
                break;
            }
            text.push(c);
        }
        if !matches!(text.as_str(), "true" | "false" | "null") && !is_number(&text) {
            return self.stray();
        }
        let place = self.here(text.len());
        while self.at < start + text.len() {
            self.take();
        }
        Ok(Node { place, data: Data::Scalar { text, style: Style::Plain } })
    }

    fn list(&mut self, depth: usize) -> Result<Node, Stop> {
        let place = self.here(1);
        self.take();
        let mut items = Vec::new();
        self.space();
        if self.peek() == Some(']') {
            self.take();
            return Ok(Node { place, data: Data::List(items) });
        }
        loop {
            self.space();
            items.push(self.value(depth + 1)?);
            self.space();
            match self.peek() {
                Some(',') => _ = self.take(),
                Some(']') => {
                    self.take();
                    return Ok(Node { place, data: Data::List(items) });
                }
                _ => return self.stray(),
            }
        }
    }

    fn map(&mut self, depth: usize) -> Result<Node, Stop> {
        let place = self.here(1);
        self.take();
        let mut members: Vec<(Key, Node)> = Vec::new();
        let mut seen = std::collections::HashMap::new();
        self.space();
        if self.peek() == Some('}') {
            self.take();
            return Ok(Node { place, data: Data::Map(members) });
        }
        loop {
            self.space();
            if self.peek() != Some('"') {
                return self.stray();
            }
            let (text, at) = self.string()?;
            self.space();
            if self.peek() != Some(':') {
                return self.stray();
            }
            self.take();
            self.space();
            let node = self.value(depth + 1)?;
            if let Some(line) = seen.get(&text) {
                let message = message!("source-duplicate-key", key = text.as_str());
                let help = message!("source-first-at-line", line = usize::to_string(line));
                self.add("duplicate-key", at, message, Some(help));
            } else {
                seen.insert(text.clone(), at.line);
                members.push((Key { text, place: at }, node));
            }
            self.space();
            match self.peek() {
                Some(',') => _ = self.take(),
                Some('}') => {
                    self.take();
                    return Ok(Node { place, data: Data::Map(members) });
                }
                _ => return self.stray(),
            }
        }
    }

    fn string(&mut self) -> Result<(String, Place), Stop> {
        let place = self.here(1);
        let start = self.column;
        self.take();
        let mut text = String::new();
        loop {
            match self.peek() {
                Some('"') => {
                    self.take();
                    return Ok((text, Place::new(place.line, place.column, self.column.saturating_sub(start))));
                }
                Some('\\') => {
                    let c = self.escape()?;
                    text.push(c);
                }
                Some(c) if u32::from(c) >= 0x20 => {
                    text.push(c);
                    self.take();
                }
                _ => return self.stray(),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Stop> {
        self.take();
        let c = match self.peek() {
            Some(c @ ('"' | '\\' | '/')) => c,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => {
                self.take();
                let first = self.four()?;
                // Beyond the first plane a character is two halves.
                let code = match first {
                    0xD800..=0xDBFF if self.peek() == Some('\\') && self.chars.get(self.at + 1) == Some(&'u') => {
                        self.take();
                        self.take();
                        match self.four()? {
                            second @ 0xDC00..=0xDFFF => 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00),
                            _ => first,
                        }
                    }
                    _ => first,
                };
                return char::from_u32(code).map_or_else(|| self.stray(), Ok);
            }
            _ => return self.stray(),
        };
        self.take();
        Ok(c)
    }

    fn four(&mut self) -> Result<u32, Stop> {
        let mut code = 0;
        for _ in 0..4 {
            let Some(digit) = self.peek().and_then(|c| c.to_digit(16)) else { return self.stray() };
            code = code * 16 + digit;
            self.take();
        }
        Ok(code)
    }
}

/// Whether `text` is a number of JSON.
fn is_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = text.split_once(['e', 'E']).map_or((text, None), |(m, e)| (m, Some(e)));
    let (whole, part) = mantissa.split_once('.').map_or((mantissa, None), |(whole, part)| (whole, Some(part)));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits(whole)
        && text.parse::<f64>().is_ok_and(f64::is_finite)
        && (whole == "0" || !whole.starts_with('0'))
        && part.is_none_or(digits)
        && exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn found(text: &str) -> String {
        let document = parse_json("x.json", text);
        let lines = document.findings.iter().map(|found| format!("{} {}:{}", found.code, found.line, found.column));
        lines.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn what_is_no_json_is_found_at_its_place() {
        for (text, expected) in [
            ("", "empty-file 1:1"),
            ("{\"a\":1,}", "json-syntax 1:8"),
            ("{\n  a: 1 }", "json-syntax 2:3"),
            ("[1 2]", "json-syntax 1:4"),
            ("[01]", "json-syntax 1:2"),
            ("\"a", "json-syntax 1:3"),
            ("[\"\\x\"]", "json-syntax 1:4"),
            ("[\"\\ud800\"]", "json-syntax 1:9"),
            ("{} {}", "json-syntax 1:4"),
            ("{\"a\":1,\n\"a\":2}", "duplicate-key 2:1"),
            ("[1.5e3, -0, true, null]", ""),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
        assert!(found(&"[".repeat(100_000)).starts_with("too-deep 1:"));
        assert!(found(&" ".repeat(2_000_000)).starts_with("file-too-large"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        #[test]
        fn what_serde_writes_is_read_the_same(text in any::<String>(), number in any::<i64>(), key in ".{0,8}") {
            let value = serde_json::json!({ key: [text, number, null, { "a": true }] });
            let document = parse_json("x.json", &value.to_string());
            prop_assert!(document.findings.is_empty(), "{:?}", document.findings);
            prop_assert_eq!(document.root.and_then(|root| root.to_value()), Some(value));
        }

        #[test]
        fn what_serde_refuses_is_refused(text in "[\\[\\]{}\",:0-9a-z\\\\ .eE+-]{0,24}") {
            let ours = parse_json("x.json", &text);
            let theirs = serde_json::from_str::<serde_json::Value>(&text);
            let twice = ours.findings.iter().any(|finding| finding.code == "duplicate-key");
            prop_assert!(twice || ours.findings.is_empty() == theirs.is_ok(), "{text} {:?} {:?}", ours.findings, theirs);
        }
    }
}
