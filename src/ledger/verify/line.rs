//! Reads the envelope of a line without copying.

use super::json::{Walk, number};
use super::malformed::Malformed;
use crate::model::{Actor, Basis, Mode, RunId};

/// The envelope of a line, borrowed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    pub(super) seq: u64,
    /// When it was written, microseconds since 1970 in UTC.
    pub(super) at_us: i64,
    pub(super) mono_us: u64,
    pub(super) boot: &'a str,
    pub(super) run: Option<&'a str>,
    pub(super) mode: Option<Mode>,
    pub(super) actor: &'a str,
    /// Who entered it, if another.
    pub(super) by: Option<&'a str>,
    /// When it happened, if not when it was written.
    pub(super) occurred: Option<&'a str>,
    pub(super) basis: Basis,
    pub(super) kind: &'a str,
    /// What stands between `"body":` and the last brace: not looked into yet.
    pub(super) body: &'a str,
}

impl Line<'_> {
    /// Whether it was entered late, by a person: it needs a reason then.
    pub(super) fn late(&self) -> bool {
        self.occurred.is_some() && self.basis != Basis::Machine
    }
}

/// Reads a line whose keys stand in the format's order, as every record's do.
///
/// Spaces between values, which JSON allows and the ledger never writes, are taken out first: the line is then read from
/// `compact`, and the second value is true.
pub(super) fn read<'a>(line: &'a [u8], compact: &'a mut String) -> Result<(Line<'a>, bool), Malformed> {
    let text = std::str::from_utf8(line).map_err(|_| Malformed::NotUtf8)?;
    let first = envelope(text);
    if let Ok(line) = first {
        return Ok((line, false));
    }
    if !(text.starts_with('{') && text.ends_with('}')) {
        return Err(Malformed::NotJson { at: if text.starts_with('{') { text.len() } else { 0 } });
    }
    match Walk::new(text).whole(&mut |_| {})? {
        None => first.map(|line| (line, false)),
        Some(without) => {
            *compact = without;
            envelope(compact).map(|line| (line, true))
        }
    }
}

fn envelope(text: &str) -> Result<Line<'_>, Malformed> {
    let mut rest = Rest(text);
    rest.key("v", "{\"v\":", |rest| rest.word("1"))?;
    let seq = rest.key("seq", ",\"seq\":", Rest::number)?;
    let at_us = rest.key("at", ",\"at\":", |rest| micros(rest.string()?))?;
    let mono_us = rest.key("mono_us", ",\"mono_us\":", Rest::number)?;
    let boot = rest.key("boot", ",\"boot\":", Rest::string)?;
    let run = rest.perhaps("run", ",\"run\":", |run| RunId::is_valid(run).then_some(run))?;
    let mode = rest.perhaps("mode", ",\"mode\":", Mode::from_word)?;
    let person = |actor| Actor::is_valid(actor).then_some(actor);
    let actor = rest.key("actor", ",\"actor\":", |rest| person(rest.string()?))?;
    let by = rest.perhaps("by", ",\"by\":", person)?;
    let occurred = rest.perhaps("occurred", ",\"occurred\":", |time| micros(time).is_some().then_some(time))?;
    let basis = rest.key("basis", ",\"basis\":", |rest| Basis::from_word(rest.string()?))?;
    let kind = rest.key("type", ",\"type\":", Rest::string)?;
    let body = rest.key("body", ",\"body\":", |rest| rest.0.strip_suffix('}').filter(|body| body.starts_with('{')))?;
    Ok(Line { seq, at_us, mono_us, boot, run, mode, actor, by, occurred, basis, kind, body })
}

/// What of a line is not read yet.
pub(super) struct Rest<'a>(pub(super) &'a str);

impl<'a> Rest<'a> {
    fn key<T>(
        &mut self,
        key: &'static str,
        before: &str,
        value: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Result<T, Malformed> {
        self.word(before).and_then(|()| value(self)).ok_or(Malformed::Key(key))
    }

    pub(super) fn word(&mut self, word: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(word)?;
        Some(())
    }

    pub(super) fn number(&mut self) -> Option<u64> {
        let (number, digits) = number(self.0)?;
        self.0 = &self.0[digits..];
        Some(number)
    }

    /// A string without escapes: what stands in lines needs none.
    pub(super) fn string(&mut self) -> Option<&'a str> {
        self.word("\"")?;
        let end = self.0.bytes().position(|b| b == b'"' || b == b'\\' || b < 0x20)?;
        let (string, rest) = self.0.split_at(end);
        self.0 = rest;
        self.word("\"")?;
        Some(string)
    }

    /// A string that `read` takes, or null.
    fn perhaps<T>(
        &mut self,
        key: &'static str,
        before: &str,
        read: impl FnOnce(&'a str) -> Option<T>,
    ) -> Result<Option<T>, Malformed> {
        self.key(key, before, |rest| Some(()).filter(|()| rest.0.starts_with(['n', '"'])))?;
        if self.word("null").is_some() {
            return Ok(None);
        }
        self.string().and_then(read).map(Some).ok_or(Malformed::Key(key))
    }
}

/// Microseconds since 1970 of a time such as `2026-11-23T02:15:00.000000+07:00`; of other forms nothing.
fn micros(text: &str) -> Option<i64> {
    let bytes: &[u8; 32] = text.as_bytes().try_into().ok()?;
    let number = |from: usize, to: usize| {
        bytes[from..to].iter().try_fold(0i64, |sum, b| b.is_ascii_digit().then(|| sum * 10 + i64::from(b - b'0')))
    };
    let punctuation = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':'), (19, b'.'), (29, b':')];
    if punctuation.iter().any(|(at, byte)| bytes[*at] != *byte) {
        return None;
    }
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let (offset_hour, offset_minute) = (number(27, 29)?, number(30, 32)?);
    let days = match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let exists = (1..=12).contains(&month) && (1..=days).contains(&day) && hour < 24 && minute < 60 && second < 60;
    if !exists || offset_hour > 23 || offset_minute > 59 {
        return None;
    }
    let sign = match bytes[26] {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    // Days since 1970 of a date of the Gregorian calendar, counting years from March (H. Hinnant's algorithm).
    let (shifted, month_from_march) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let era = shifted.div_euclid(400);
    let of_era = shifted.rem_euclid(400);
    let of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    let minutes = (days * 24 + hour) * 60 + minute - sign * (offset_hour * 60 + offset_minute);
    Some((minutes * 60 + second) * 1_000_000 + number(20, 26)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::record::Envelope;
    use crate::model::{ObjectRef, Stamp};

    const LINE: &str = concat!(
        r#"{"v":1,"seq":7,"at":"2026-11-23T02:15:00.000001+07:00","mono_us":12,"boot":"b","run":"DT-2026-001","#,
        r#""mode":"technical","actor":"engine","by":null,"occurred":null,"basis":"machine","type":"noted","#,
        r#""body":{"text":1}}"#
    );

    fn problem(line: &str) -> Option<Malformed> {
        read(line.as_bytes(), &mut String::new()).err()
    }

    #[test]
    fn spaces_between_values_change_nothing() {
        let mut compact = String::new();
        let (line, _) = read(LINE.as_bytes(), &mut compact).expect("a record");
        assert_eq!((line.seq, line.kind, line.body, line.run), (7, "noted", "{\"text\":1}", Some("DT-2026-001")));
        let spaced = LINE.replace(':', " : ").replace("02 : 15 : 00", "02:15:00").replace("07 : 00", "07:00");
        let mut compact = String::new();
        assert_eq!(read(spaced.as_bytes(), &mut compact), Ok((line, true)));
    }

    #[test]
    fn what_is_no_record_is_told() {
        let not_json = |at| Malformed::NotJson { at };
        for (from, to, expected) in [
            ("\"v\":1", "\"v\":2", Malformed::Key("v")),
            ("{\"v\":1,\"seq\":7", "{\"seq\":7,\"v\":1", Malformed::Key("v")),
            ("\"seq\":7", "\"seq\":07", not_json(14)),
            ("\"seq\":7", "\"seq\":7.0", Malformed::Key("at")),
            ("\"seq\":7", "\"seq\":99999999999999999999", Malformed::Key("seq")),
            ("\"seq\":7", "\"seq\":7,\"seq\":7", Malformed::KeyTwice { key: "seq".to_owned() }),
            ("\"by\":null,", "", Malformed::Key("by")),
            ("\"by\":null", "\"by\":nul", not_json(LINE.find("null").expect("a null"))),
            ("\"by\":null", "\"by\":\"a b\"", Malformed::Key("by")),
            ("2026-11-23", "2026-13-23", Malformed::Key("at")),
            ("2026-11-23", "2026-02-29", Malformed::Key("at")),
            (".000001", "", Malformed::Key("at")),
            ("+07:00", "Z", Malformed::Key("at")),
            ("machine", "rumour", Malformed::Key("basis")),
            ("DT-2026-001", "DT-2026-1", Malformed::Key("run")),
            ("\"engine\"", "\"engine\\u0041\"", Malformed::Key("actor")),
            ("}}", "},\"more\":1}", Malformed::Key("body")),
            ("{\"text\":1}", "[1]", Malformed::Key("body")),
            ("{\"v\"", "\u{feff}{\"v\"", not_json(0)),
            ("}}", "}}\r", not_json(LINE.len() + 1)),
            (LINE, "", not_json(0)),
            (LINE, "{", not_json(1)),
        ] {
            let line = LINE.replacen(from, to, 1);
            // What stands past the body is told when the body is looked into.
            let found = problem(&line).or_else(|| {
                let (line, _) = read(line.as_bytes(), &mut String::new()).map(|(l, s)| (l.body.to_owned(), s)).ok()?;
                Walk::new(&line).whole(&mut |_| {}).err().map(|_| Malformed::Key("body"))
            });
            assert_eq!(found, Some(expected), "{from} -> {to}");
        }
        assert_eq!(read(b"{\"v\":\xff}", &mut String::new()).err(), Some(Malformed::NotUtf8));
    }

    #[test]
    fn bodies_are_json_without_a_key_twice_and_objects_in_their_form() {
        let hex = "0123456789abcdef".repeat(4);
        let named = |body: &str| {
            let mut found: Vec<ObjectRef> = Vec::new();
            Walk::new(&body.replace("HEX", &hex)).whole(&mut |object| found.push(object)).map(|_| found.len())
        };
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        let form = Err(Malformed::ObjectForm);
        for (body, expected) in [
            ("{}", Ok(0)),
            (r#"{"a":[1,-0.5e+7,{"b":"x\u00e9\ud83d\ude00\n"}],"c":{"b":null}}"#, Ok(0)),
            (r#"{"a":{"object":"sha256:HEX","size":5},"b":[ {"object":"sha256:HEX","size":0} ]}"#, Ok(2)),
            (r#"{"object":"door","size":5}"#, Ok(0)),
            (r#"{"a":{"object": "sha256:HEX","size":5}}"#, form.clone()),
            (r#"{"a":{"size":5,"object":"sha256:HEX"}}"#, form.clone()),
            (r#"{"a":{"object":"sha256:HEX","size":5,"name":1}}"#, form.clone()),
            (r#"{"a":{"object":"sha256:HEX","size":05}}"#, form.clone()),
            (r#"{"a":{"object":"\u0073ha256:HEX","size":5}}"#, form.clone()),
            (r#"{"a":{"\u006fbject":"sha256:HEX","size":5}}"#, Err(Malformed::NotJson { at: 19 })),
            (r#"{"a":1,"b":{"a":1},"a":1}"#, Err(Malformed::KeyTwice { key: "a".to_owned() })),
            (r#"{"a":01}"#, Err(Malformed::NotJson { at: 6 })),
            (r#"{"a":1,}"#, Err(Malformed::NotJson { at: 7 })),
            (r#"{"a":"\ud800"}"#, Err(Malformed::NotJson { at: 12 })),
            (r#"{"a":NaN}"#, Err(Malformed::NotJson { at: 5 })),
            ("{} {}", Err(Malformed::NotJson { at: 2 })),
            (&nested(100), Ok(0)),
            (&nested(60_000), Err(Malformed::NotJson { at: 100 })),
        ] {
            assert_eq!(named(body), expected, "{body:.80}");
        }
        let many = (0..3000).fold(String::new(), |text, n| text + &format!("\"k{n}\":0,"));
        assert_eq!(named(&format!("{{{many}\"k\":0}}")), Ok(0));
        assert_eq!(named(&format!("{{{many}\"k77\":0}}")), Err(Malformed::KeyTwice { key: "k77".to_owned() }));
    }

    proptest::proptest! {
        #[test]
        fn times_are_read_as_the_time_crate_reads_them(us in -2_000_000_000_000_000i64..4_000_000_000_000_000, offset in -1439i32..1439) {
            let instant = jiff::Timestamp::from_microsecond(us).expect("a time");
            let stamp = Stamp::new(instant, jiff::tz::Offset::from_seconds(offset * 60).expect("an offset"));
            proptest::prop_assert_eq!(micros(&stamp.to_string()), Some(us));
        }

        #[test]
        fn dates_exist_or_are_refused_as_the_time_crate_does(year in 0i32..9999, month in 0u8..14, day in 0u8..33) {
            let text = format!("{year:04}-{month:02}-{day:02}T12:00:00.000000+00:00");
            proptest::prop_assert_eq!(micros(&text).is_some(), text.parse::<Stamp>().is_ok(), "{}", text);
        }

        #[test]
        fn what_is_taken_for_a_line_is_one_for_serde_too(changes in proptest::collection::vec((0usize..LINE.len(), proptest::num::u8::ANY), 0..4)) {
            let mut line = LINE.as_bytes().to_vec();
            for (at, byte) in changes {
                line[at] = byte;
            }
            let mut compact = String::new();
            if let Ok((ours, _)) = read(&line, &mut compact)
                && Walk::new(ours.body).whole(&mut |_| {}).is_ok()
            {
                let theirs = Envelope::from_line(&line).expect("serde reads it");
                proptest::prop_assert_eq!((ours.seq, ours.kind, ours.run), (theirs.seq, theirs.kind, theirs.run));
            }
        }

        #[test]
        fn any_text_is_json_for_the_walk_only_where_it_is_for_serde(text in "[\\[\\]{}\",:0-9eE.+\\-\\\\ untrfals]{0,24}") {
            let ours = Walk::new(&text).whole(&mut |_| {});
            let theirs = serde_json::from_str::<serde::de::IgnoredAny>(&text);
            if ours.is_ok() {
                proptest::prop_assert!(theirs.is_ok(), "{}", text);
            }
        }
    }
}
