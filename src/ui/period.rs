//! A span of days as it is typed: `2026-01-01..2026-06-30`, `01/7/2026 đến 30/9/2026`, `2026-Q3`, `quý III/2026`, `tháng 6/2026`,
//! `6 tháng đầu năm 2026`, `năm 2026`.

use std::str::FromStr;
use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;
use unicode_normalization::UnicodeNormalization as _;

use super::entered;

/// Days from the first to the last, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Period {
    /// The first day.
    pub(crate) from: Date,
    /// The last day.
    pub(crate) to: Date,
}

/// Why a typed period is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PeriodError {
    /// It is of no form that is read.
    #[error("no period")]
    Unreadable,
    /// One of its days, or the month or quarter that it names, does not exist.
    #[error("{0} does not exist")]
    NoSuchDay(String),
    /// The last day stands before the first.
    #[error("the last day, {to}, is before the first, {from}")]
    Exchanged {
        /// What stands first.
        from: Date,
        /// What stands last.
        to: Date,
    },
}

impl Period {
    /// Whether `day` is one of its days.
    #[must_use]
    pub(crate) fn holds(self, day: Date) -> bool {
        self.from <= day && day <= self.to
    }

    /// Whole months of a year, from the month `first` to the month `last`.
    fn months(year: i16, first: i8, last: i8) -> Option<Self> {
        Some(Self { from: Date::new(year, first, 1).ok()?, to: Date::new(year, last, 1).ok()?.last_of_month() })
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let text: String = text.trim().nfc().collect();
        match parts(&text) {
            Some((from, to)) => between(from, to),
            None => whole(&text),
        }
    }
}

/// The two days of a text that has two.
fn parts(text: &str) -> Option<(&str, &str)> {
    static SIGNS: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?i)^(?:từ\s+)?(.*?)\s*(?:\.\.+|…|\s(?:đến|–|-)\s)\s*(.*)$").ok());
    let found = SIGNS.as_ref()?.captures(text)?;
    Some((found.get(1)?.as_str(), found.get(2)?.as_str()))
}

fn between(from: &str, to: &str) -> Result<Period, PeriodError> {
    let day = |text: &str| entered::day(text).ok_or_else(|| unread(text));
    let (from, to) = (day(from)?, day(to)?);
    if from > to { Err(PeriodError::Exchanged { from, to }) } else { Ok(Period { from, to }) }
}

/// Why a day is none: its form is that of a day, and there is no such day; or it has another form.
fn unread(text: &str) -> PeriodError {
    static FORM: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)^(?:ngày\s+)?(?:\d{1,2}([/.-])\d{1,2}[/.-]\d{4}|\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4})$").ok()
    });
    let text = text.trim();
    // One day that there is makes no period.
    if entered::day(text).is_none() && FORM.as_ref().is_some_and(|form| form.is_match(text)) {
        PeriodError::NoSuchDay(text.to_owned())
    } else {
        PeriodError::Unreadable
    }
}

/// A year, a part of one, a month.
fn whole(text: &str) -> Result<Period, PeriodError> {
    static FORMS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r"(?xi)^
            (?: (?:năm\s+)? (?<year>\d{4})
              | (?<month_year>\d{4}) - (?<month>\d{1,2})
              | tháng\s+ (?<said_month>\d{1,2}) \s*(?:[/-]|\s+năm\s+)\s* (?<said_month_year>\d{4})
              | (?<quarter_year>\d{4}) -? q (?<quarter>\d)
              | quý\s+ (?<said_quarter>\d|[ivx]{1,4}) \s*(?:[/-]|\s+năm\s+|\s+)\s* (?<said_quarter_year>\d{4})
              | (?<begin>6|9|06|09|sáu|chín) \s+tháng\s+đầu\s+ (?:năm\s+)? (?<begin_year>\d{4})
              | (?:6|06|sáu) \s+tháng\s+cuối\s+ (?:năm\s+)? (?<end_year>\d{4})
            )$",
        )
        .ok()
    });
    let none = || PeriodError::NoSuchDay(text.to_owned());
    let form = FORMS.as_ref().and_then(|forms| forms.captures(text)).ok_or_else(|| unread(text))?;
    let year = |name: &str| form.name(name).and_then(|digits| digits.as_str().parse::<i16>().ok());
    let number = |name: &str| {
        let text = form.name(name)?.as_str().to_lowercase();
        let roman = ["i", "ii", "iii", "iv"].iter().zip(1..).find(|(word, _)| **word == text);
        text.parse::<i8>().ok().or(roman.map(|(_, number)| number))
    };
    let quarter = |year, quarter: i8| Period::months(year, quarter.checked_mul(3)?.checked_sub(2)?, quarter * 3);
    let period = if let Some(year) = year("year") {
        Period::months(year, 1, 12)
    } else if let Some(year) = year("month_year") {
        number("month").and_then(|month| Period::months(year, month, month))
    } else if let Some(year) = year("said_month_year") {
        number("said_month").and_then(|month| Period::months(year, month, month))
    } else if let Some(year) = year("quarter_year") {
        number("quarter").and_then(|number| quarter(year, number))
    } else if let Some(year) = year("said_quarter_year") {
        number("said_quarter").and_then(|number| quarter(year, number))
    } else if let Some(year) = year("begin_year") {
        let last = match form.name("begin").map(|word| word.as_str().to_lowercase()).as_deref() {
            Some("9" | "09" | "chín") => 9,
            _ => 6,
        };
        Period::months(year, 1, last)
    } else {
        year("end_year").and_then(|year| Period::months(year, 7, 12))
    };
    period.ok_or_else(none)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let seen = match text.parse::<Period>() {
            Ok(period) => format!("{} {}", period.from, period.to),
            Err(error) => error.to_string(),
        };
        assert_eq!(seen, expected, "{text}");
    }

    #[test]
    fn a_period_is_read_in_the_forms_that_officials_write() {
        for text in [
            "2026-01-01..2026-06-30",
            "01/01/2026..30/6/2026",
            "1/1/2026 .. 30-6-2026",
            "2026-01-01…30.6.2026",
            "01/01/2026 đến 30/6/2026",
            "từ ngày 01/01/2026 đến ngày 30/6/2026",
            "ngày 01 tháng 01 năm 2026 đến ngày 30 tháng 6 năm 2026",
            "01/01/2026 - 30/6/2026",
            "6 tháng đầu năm 2026",
            "6 tha\u{301}ng đâ\u{300}u năm 2026",
            "06 tháng đầu 2026",
        ] {
            check(text, "2026-01-01 2026-06-30");
        }
        for (text, expected) in [
            ("2026", "2026-01-01 2026-12-31"),
            ("Năm 2026", "2026-01-01 2026-12-31"),
            ("2026-11", "2026-11-01 2026-11-30"),
            ("tháng 6/2026", "2026-06-01 2026-06-30"),
            ("tháng 02 năm 2028", "2028-02-01 2028-02-29"),
            ("2026-Q4", "2026-10-01 2026-12-31"),
            ("2026q1", "2026-01-01 2026-03-31"),
            ("quý IV/2026", "2026-10-01 2026-12-31"),
            ("Quý 4/2026", "2026-10-01 2026-12-31"),
            ("quý iii năm 2026", "2026-07-01 2026-09-30"),
            ("quý II 2026", "2026-04-01 2026-06-30"),
            ("6 tháng cuối năm 2026", "2026-07-01 2026-12-31"),
            ("9 tháng đầu năm 2026", "2026-01-01 2026-09-30"),
        ] {
            check(text, expected);
        }
    }

    #[test]
    fn what_is_no_period_says_why() {
        for (text, expected) in [
            ("2026-06-30..2026-01-01", "the last day, 2026-01-01, is before the first, 2026-06-30"),
            ("01/01/2026..31/6/2026", "31/6/2026 does not exist"),
            ("2026-02-29 đến 2026-03-01", "2026-02-29 does not exist"),
            ("2026-13", "2026-13 does not exist"),
            ("quý V/2026", "quý V/2026 does not exist"),
            ("quý 0/2026", "quý 0/2026 does not exist"),
            ("2026-Q9", "2026-Q9 does not exist"),
            ("2026-01-01", "no period"),
            ("20260101..20260630", "no period"),
            ("1/1/26..2/2/26", "no period"),
            ("01/7/2026-30/9/2026", "no period"),
            ("9 tháng cuối năm 2026", "no period"),
            ("..", "no period"),
            ("a..b", "no period"),
            ("", "no period"),
        ] {
            check(text, expected);
        }
    }

    #[test]
    fn a_period_has_both_its_days_and_no_others() {
        let period: Period = "2026-01-01..2026-06-30".parse().expect("a period");
        for (day, expected) in
            [("2025-12-31", false), ("2026-01-01", true), ("2026-06-30", true), ("2026-07-01", false)]
        {
            assert_eq!(period.holds(day.parse().expect("a day")), expected, "{day}");
        }
    }
}
