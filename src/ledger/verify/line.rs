//! Reads the envelope of a line as the ledger itself writes it, without copying; any other form is left to serde.

use crate::model::record::Envelope;
use crate::model::{Basis, Lifecycle, Mode, Stamp};

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
    pub(super) by: Option<&'a str>,
    pub(super) occurred: Option<&'a str>,
    pub(super) basis: Basis,
    pub(super) kind: &'a str,
    pub(super) body: &'a str,
}

/// Reads a line; the text says what is wrong with it.
pub(super) fn read(line: &[u8]) -> Result<Line<'_>, String> {
    if let Some(line) = quick(line) {
        // The quick form does not look into the body: it has to be one JSON value, where nobody reads it after us.
        if !Lifecycle::looks_into(line.kind) {
            serde_json::from_str::<serde::de::IgnoredAny>(line.body).map_err(|e| e.to_string())?;
        }
        return Ok(line);
    }
    let envelope = Envelope::from_line(line).map_err(|e| e.0)?;
    let at: Stamp = envelope.at.parse().map_err(|e: crate::model::time::InvalidStamp| e.to_string())?;
    Ok(Line {
        seq: envelope.seq,
        at_us: at.instant.as_microsecond(),
        mono_us: envelope.mono_us,
        boot: envelope.boot,
        run: envelope.run,
        mode: envelope.mode,
        actor: envelope.actor,
        by: envelope.by,
        occurred: envelope.occurred,
        basis: envelope.basis,
        kind: envelope.kind,
        body: envelope.body.get(),
    })
}

/// Reads a line whose keys stand in the format's order, without spaces, its strings without escapes.
fn quick(line: &[u8]) -> Option<Line<'_>> {
    let text = std::str::from_utf8(line).ok()?;
    let mut rest = Rest(text.strip_suffix('}')?);
    rest.word("{\"v\":1,\"seq\":")?;
    let seq = rest.number()?;
    rest.word(",\"at\":")?;
    let at_us = micros(rest.string()?)?;
    rest.word(",\"mono_us\":")?;
    let mono_us = rest.number()?;
    rest.word(",\"boot\":")?;
    let boot = rest.string()?;
    rest.word(",\"run\":")?;
    let run = rest.perhaps().ok()?;
    rest.word(",\"mode\":")?;
    let mode = rest.perhaps().ok()?.map(|word| Mode::from_word(word).ok_or(())).transpose().ok()?;
    rest.word(",\"actor\":")?;
    let actor = rest.string()?;
    rest.word(",\"by\":")?;
    let by = rest.perhaps().ok()?;
    rest.word(",\"occurred\":")?;
    let occurred = rest.perhaps().ok()?;
    rest.word(",\"basis\":")?;
    let basis = Basis::from_word(rest.string()?)?;
    rest.word(",\"type\":")?;
    let kind = rest.string()?;
    rest.word(",\"body\":")?;
    Some(Line { seq, at_us, mono_us, boot, run, mode, actor, by, occurred, basis, kind, body: rest.0 })
}

struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    fn word(&mut self, word: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(word)?;
        Some(())
    }

    fn number(&mut self) -> Option<u64> {
        let digits = self.0.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = self.0.split_at(digits);
        if digits > 1 && number.starts_with('0') {
            return None;
        }
        self.0 = rest;
        number.parse().ok()
    }

    fn string(&mut self) -> Option<&'a str> {
        self.word("\"")?;
        let end = self.0.bytes().position(|b| b == b'"' || b == b'\\' || b < 0x20)?;
        let (string, rest) = self.0.split_at(end);
        self.0 = rest;
        self.word("\"")?;
        Some(string)
    }

    /// A string or null.
    fn perhaps(&mut self) -> Result<Option<&'a str>, ()> {
        if self.0.starts_with('"') {
            self.string().map(Some).ok_or(())
        } else {
            self.word("null").map(|()| None).ok_or(())
        }
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
    let plausible = (1..=12).contains(&month) && (1..=28).contains(&day) && hour < 24 && minute < 60 && second < 60;
    if !plausible || offset_hour > 23 || offset_minute > 59 {
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

    const LINE: &str = concat!(
        r#"{"v":1,"seq":7,"at":"2026-11-23T02:15:00.000001+07:00","mono_us":12,"boot":"b","run":"DT-2026-001","#,
        r#""mode":"technical","actor":"engine","by":null,"occurred":null,"basis":"machine","type":"noted","#,
        r#""body":{"text":1}}"#
    );

    #[test]
    fn the_quick_form_and_serde_read_the_same() {
        let fast = quick(LINE.as_bytes()).expect("quick");
        let spaced = LINE.replacen("{\"v\"", "{ \"v\"", 1);
        assert_eq!(quick(spaced.as_bytes()), None);
        assert_eq!(read(spaced.as_bytes()).expect("by serde"), fast);
        assert_eq!((fast.seq, fast.kind, fast.body, fast.run), (7, "noted", "{\"text\":1}", Some("DT-2026-001")));
    }

    #[test]
    fn what_is_no_record_is_told_by_both_ways() {
        for (from, to) in [
            ("\"v\":1", "\"v\":2"),
            ("{\"text\":1}", "{\"text\":1"),
            ("{\"text\":1}", "{\"text\":1}}"),
            ("machine", "rumour"),
            ("\"seq\":7", "\"seq\":07"),
            ("\"by\":null", "\"by\":nul"),
            ("2026-11-23", "2026-13-23"),
            ("\"boot\":\"b\",", ""),
            ("}}", "},\"more\":1}"),
        ] {
            assert!(read(LINE.replacen(from, to, 1).as_bytes()).is_err(), "{from} -> {to}");
        }
    }

    proptest::proptest! {
        #[test]
        fn times_are_read_as_the_time_crate_reads_them(us in -2_000_000_000_000_000i64..4_000_000_000_000_000, offset in -1439i32..1439) {
            let instant = jiff::Timestamp::from_microsecond(us).expect("a time");
            let stamp = Stamp::new(instant, jiff::tz::Offset::from_seconds(offset * 60).expect("an offset"));
            if let Some(read) = micros(&stamp.to_string()) {
                proptest::prop_assert_eq!(read, us);
            } else {
                let text = stamp.to_string();
                let day: u32 = text[8..10].parse().expect("a day");
                proptest::prop_assert!(day > 28, "{}", text);
            }
        }
    }
}
