//! Walks over a JSON text once: whether it is one, no key stands twice, and which objects of the ledger it names.

use std::collections::HashSet;

use super::malformed::Malformed;
use crate::model::{Digest, ObjectRef, digest};

/// Values may stand inside each other so deep.
const DEEPEST: usize = 100;

/// So many keys of one JSON object are compared one by one; more are looked up.
const FEW: usize = 16;

/// What an object of the ledger begins with: the only form in which it may stand in a line.
const OBJECT: &str = "{\"object\":\"sha256:";

/// A walk over a text.
pub(super) struct Walk<'a> {
    text: &'a str,
    at: usize,
    /// The keys of the JSON objects that are open.
    keys: Vec<&'a str>,
    /// The text without its spaces, where there were some between values.
    compact: Option<String>,
    /// Up to where `compact` goes in `text`.
    copied: usize,
}

impl<'a> Walk<'a> {
    /// A walk that begins at the start of `text`.
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, keys: Vec::new(), compact: None, copied: 0 }
    }

    /// Walks over the whole text, which is one value; `found` is given every object that it names.
    pub(super) fn whole(mut self, found: &mut impl FnMut(ObjectRef)) -> Result<Option<String>, Malformed> {
        self.value(0, found)?;
        if self.at < self.text.len() {
            return Err(self.wrong());
        }
        let rest = &self.text[self.copied..];
        Ok(self.compact.map(|compact| compact + rest))
    }

    fn wrong(&self) -> Malformed {
        Malformed::NotJson { at: self.at }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> Result<(), Malformed> {
        if self.peek() == Some(byte) {
            self.at += 1;
            Ok(())
        } else {
            Err(self.wrong())
        }
    }

    /// Passes over the spaces that JSON allows between values.
    fn space(&mut self) {
        let start = self.at;
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.peek() {
            self.at += 1;
        }
        if self.at > start {
            self.compact.get_or_insert_default().push_str(&self.text[self.copied..start]);
            self.copied = self.at;
        }
    }

    fn value(&mut self, depth: usize, found: &mut impl FnMut(ObjectRef)) -> Result<(), Malformed> {
        match self.peek() {
            Some(b'"') => self.string().map(drop),
            Some(b'{') if depth < DEEPEST => self.object(depth, found),
            Some(b'[') if depth < DEEPEST => self.list(depth, found),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => {
                let word = ["null", "true", "false"].into_iter().find(|word| self.text[self.at..].starts_with(word));
                self.at += word.ok_or_else(|| self.wrong())?.len();
                Ok(())
            }
        }
    }

    fn list(&mut self, depth: usize, found: &mut impl FnMut(ObjectRef)) -> Result<(), Malformed> {
        self.at += 1;
        self.space();
        if self.take(b']').is_ok() {
            return Ok(());
        }
        loop {
            self.value(depth + 1, found)?;
            self.space();
            if self.take(b']').is_ok() {
                return Ok(());
            }
            self.take(b',')?;
            self.space();
        }
    }

    fn object(&mut self, depth: usize, found: &mut impl FnMut(ObjectRef)) -> Result<(), Malformed> {
        if let Some((object, length)) = object(&self.text[self.at..]) {
            found(object);
            self.at += length;
            return Ok(());
        }
        self.at += 1;
        self.space();
        if self.take(b'}').is_ok() {
            return Ok(());
        }
        let first = self.keys.len();
        let mut many = HashSet::new();
        loop {
            let (key, plain) = self.string()?;
            // A key of ours needs no escapes, and with them it could stand twice unseen.
            if !plain {
                return Err(self.wrong());
            }
            let known = &self.keys[first..];
            let twice = if known.len() < FEW {
                known.contains(&key)
            } else {
                if many.is_empty() {
                    many.extend(known.iter().copied());
                }
                !many.insert(key)
            };
            if twice {
                return Err(Malformed::KeyTwice { key: key.to_owned() });
            }
            self.keys.push(key);
            self.space();
            self.take(b':')?;
            self.space();
            if key == "object" && self.peek() == Some(b'"') {
                let (value, plain) = self.string()?;
                if !plain || value.starts_with("sha256:") {
                    return Err(Malformed::ObjectForm);
                }
            } else {
                self.value(depth + 1, found)?;
            }
            self.space();
            if self.take(b'}').is_ok() {
                self.keys.truncate(first);
                return Ok(());
            }
            self.take(b',')?;
            self.space();
        }
    }

    /// A string as it stands between its quotes, and whether it has no escapes.
    fn string(&mut self) -> Result<(&'a str, bool), Malformed> {
        self.take(b'"')?;
        let start = self.at;
        let mut plain = true;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    plain = false;
                    self.escape()?;
                }
                Some(0x20..) => self.at += 1,
                _ => return Err(self.wrong()),
            }
        }
        self.at += 1;
        Ok((&self.text[start..self.at - 1], plain))
    }

    fn escape(&mut self) -> Result<(), Malformed> {
        match self.text.as_bytes().get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.at += 2;
                Ok(())
            }
            Some(b'u') => match self.unit() {
                Some(0xd800..=0xdbff) => match self.unit() {
                    Some(0xdc00..=0xdfff) => Ok(()),
                    _ => Err(self.wrong()),
                },
                Some(0xdc00..=0xdfff) | None => Err(self.wrong()),
                Some(_) => Ok(()),
            },
            _ => Err(self.wrong()),
        }
    }

    /// `\u` and four hexadecimal digits: half of a character, or one.
    fn unit(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..)?.strip_prefix("\\u")?.get(..4)?;
        let unit = digits.bytes().try_fold(0, |sum, b| Some(sum << 4 | char::from(b).to_digit(16)?))?;
        self.at += 6;
        Some(unit)
    }

    fn number(&mut self) -> Result<(), Malformed> {
        let _ = self.take(b'-');
        if self.take(b'0').is_err() {
            self.digits()?;
        }
        if self.take(b'.').is_ok() {
            self.digits()?;
        }
        if self.take(b'e').is_ok() || self.take(b'E').is_ok() {
            if self.take(b'+').is_err() {
                let _ = self.take(b'-');
            }
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<(), Malformed> {
        let start = self.at;
        while self.peek().is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at > start { Ok(()) } else { Err(self.wrong()) }
    }
}

/// An object with which `text` begins, and how long it stands there: `{"object":"sha256:<64 hex>","size":N}`.
pub(super) fn object(text: &str) -> Option<(ObjectRef, usize)> {
    let rest = text.strip_prefix(OBJECT)?;
    let bytes = digest::unhex_32(rest.as_bytes().first_chunk()?)?;
    let rest = rest[64..].strip_prefix("\",\"size\":")?;
    let (size, digits) = number(rest)?;
    rest[digits..].starts_with('}').then_some(())?;
    Some((ObjectRef { object: Digest(bytes), size }, text.len() - rest.len() + digits + 1))
}

/// The whole number with which `text` begins, without leading zeros, and how many digits it has.
pub(super) fn number(text: &str) -> Option<(u64, usize)> {
    let mut sum = 0u64;
    let mut digits = 0;
    for byte in text.bytes() {
        if !byte.is_ascii_digit() {
            break;
        }
        sum = sum.checked_mul(10)?.checked_add(u64::from(byte - b'0'))?;
        digits += 1;
    }
    let plain = digits == 1 || (digits > 1 && !text.starts_with('0'));
    plain.then_some((sum, digits))
}
