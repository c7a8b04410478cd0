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

/// A time as documents write it, to the minute: `01 giờ 40 phút ngày 08 tháng 8 năm 2026`, `01:40 on 8 August 2026`.
///
/// A day below 10 and the months 1 and 2 take a leading zero (Decree 30/2020/NĐ-CP, Annex I, II.4.b).
#[must_use]
pub fn document_time(stamp: &Stamp, lang: Lang) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let local = stamp.offset.to_datetime(stamp.instant);
    let (hour, minute, day, month, year) = (local.hour(), local.minute(), local.day(), local.month(), local.year());
    match lang {
        Lang::Vi if month <= 2 => format!("{hour:02} giờ {minute:02} phút ngày {day:02} tháng {month:02} năm {year}"),
        Lang::Vi => format!("{hour:02} giờ {minute:02} phút ngày {day:02} tháng {month} năm {year}"),
        Lang::En => {
            let name = usize::try_from(month - 1).ok().and_then(|index| MONTHS.get(index)).unwrap_or(&"");
            format!("{hour:02}:{minute:02} on {day} {name} {year}")
        }
    }
}

/// The time of day to the second: `14:30:05`.
#[must_use]
pub fn clock(stamp: &Stamp) -> String {
    let local = stamp.offset.to_datetime(stamp.instant);
    format!("{:02}:{:02}:{:02}", local.hour(), local.minute(), local.second())
}

/// A date of a file, as `02/11/2026` or `08/8/2025` in Vietnamese: months 1 and 2 and days below 10 take a zero (Decree
/// 30/2020/NĐ-CP, Annex I). As it stands in English, and where it is none.
#[must_use]
pub fn day(date: &str, lang: Lang) -> String {
    match (lang, date.split('-').collect::<Vec<_>>().as_slice()) {
        (Lang::Vi, [year, month, day]) => {
            let month = if matches!(*month, "01" | "02") { month } else { month.trim_start_matches('0') };
            format!("{day}/{month}/{year}")
        }
        _ => date.to_owned(),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_s_time_has_a_leading_zero_below_ten_and_in_the_months_one_and_two() {
        let written = |text: &str| {
            let stamp: Stamp = text.parse().expect("a valid time");
            (document_time(&stamp, Lang::Vi), document_time(&stamp, Lang::En))
        };
        assert_eq!(
            written("2027-02-06T01:05:59+07:00"),
            ("01 giờ 05 phút ngày 06 tháng 02 năm 2027".to_owned(), "01:05 on 6 February 2027".to_owned())
        );
        assert_eq!(
            written("2026-08-19T14:30:00+07:00"),
            ("14 giờ 30 phút ngày 19 tháng 8 năm 2026".to_owned(), "14:30 on 19 August 2026".to_owned())
        );
    }
}
