//! Numbers, durations and times as each language writes them.

use std::time::Duration;

use super::Lang;
use crate::model::Stamp;

/// A whole number with its thousands set apart: `2.184` in Vietnamese, `2,184` in English.
#[must_use]
pub fn number(value: u64, lang: Lang) -> String {
    let digits = value.to_string();
    let separator = match lang {
        Lang::Vi => '.',
        Lang::En => ',',
    };
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

/// A duration in words, to the second below an hour, to the minute from an hour on: `1 giờ 42 phút`, `1 h 42 min`.
#[must_use]
pub fn duration(value: Duration, lang: Lang) -> String {
    let seconds = value.as_secs();
    let units: [(u64, &str, &str); 4] =
        [(86_400, "ngày", "d"), (3600, "giờ", "h"), (60, "phút", "min"), (1, "giây", "s")];
    let mut rest = if seconds >= 3600 { seconds / 60 * 60 } else { seconds };
    let mut parts = Vec::new();
    for (unit, vi, en) in units {
        if rest >= unit {
            let name = match lang {
                Lang::Vi => vi,
                Lang::En => en,
            };
            parts.push(format!("{} {name}", rest / unit));
            rest %= unit;
        }
    }
    if parts.is_empty() {
        return match lang {
            Lang::Vi => "0 giây".to_owned(),
            Lang::En => "0 s".to_owned(),
        };
    }
    parts.join(" ")
}

/// A time on screens: `14:30:05 08/8/2025` in Vietnamese, `2025-08-08 14:30:05` in English, in the stamp's own offset.
///
/// A day below 10 and the months 1 and 2 take a leading zero (Decree 30/2020/NĐ-CP, Annex I, II.4.b).
#[must_use]
pub fn time(stamp: &Stamp, lang: Lang) -> String {
    let local = stamp.offset.to_datetime(stamp.instant);
    let clock = clock(stamp);
    match lang {
        Lang::Vi => format!("{clock} {}", date(stamp, lang)),
        Lang::En => format!("{:04}-{:02}-{:02} {clock}", local.year(), local.month(), local.day()),
    }
}

/// The time of day to the second: `14:30:05`.
#[must_use]
pub fn clock(stamp: &Stamp) -> String {
    let local = stamp.offset.to_datetime(stamp.instant);
    format!("{:02}:{:02}:{:02}", local.hour(), local.minute(), local.second())
}

/// A date: `08/8/2025` in Vietnamese, `2025-08-08` in English.
#[must_use]
pub fn date(stamp: &Stamp, lang: Lang) -> String {
    let local = stamp.offset.to_datetime(stamp.instant);
    match lang {
        Lang::Vi if local.month() <= 2 => format!("{:02}/{:02}/{:04}", local.day(), local.month(), local.year()),
        Lang::Vi => format!("{:02}/{}/{:04}", local.day(), local.month(), local.year()),
        Lang::En => format!("{:04}-{:02}-{:02}", local.year(), local.month(), local.day()),
    }
}

/// A number of bytes in the unit that fits: `1,5 GB`, `1.5 GB`; powers of ten.
#[must_use]
pub fn bytes(value: u64, lang: Lang) -> String {
    const UNITS: [(u64, &str); 4] =
        [(1_000_000_000_000, "TB"), (1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    for (unit, name) in UNITS {
        if value >= unit {
            let tenths = value / (unit / 10);
            let point = match lang {
                Lang::Vi => ',',
                Lang::En => '.',
            };
            return format!("{}{point}{} {name}", tenths / 10, tenths % 10);
        }
    }
    format!("{value} B")
}
