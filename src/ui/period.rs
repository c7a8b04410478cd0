//! A span of days as it is typed: `2026-01-01..2026-06-30`, `01/7/2026..30/9/2026`.

use std::str::FromStr;

use jiff::civil::Date;

use super::entered;

/// Days from the first to the last, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Period {
    /// The first day.
    pub(crate) from: Date,
    /// The last day.
    pub(crate) to: Date,
}

impl Period {
    /// Whether something that lasted from `from` to `until` has a day in it.
    #[must_use]
    pub(crate) fn touches(self, from: Date, until: Option<Date>) -> bool {
        from <= self.to && until.unwrap_or(from) >= self.from
    }
}

impl FromStr for Period {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form = || format!("`{text}`: FROM..TO, two days");
        let (from, to) = text.split_once("..").ok_or_else(form)?;
        let day = |text: &str| entered::day(text).ok_or_else(form);
        let (from, to) = (day(from)?, day(to)?);
        if from > to { Err(form()) } else { Ok(Self { from, to }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_has_both_its_days_and_no_others() {
        let period: Period = "2026-01-01..2026-06-30".parse().expect("a period");
        let day = |text: &str| text.parse::<Date>().expect("a day");
        for (from, until, expected) in [
            ("2025-12-31", None, false),
            ("2026-01-01", None, true),
            ("2026-06-30", None, true),
            ("2026-07-01", None, false),
            ("2025-12-30", Some("2026-01-01"), true),
            ("2025-12-30", Some("2025-12-31"), false),
        ] {
            assert_eq!(period.touches(day(from), until.map(day)), expected, "{from} {until:?}");
        }
        for same in ["01/01/2026..30/6/2026", "1/1/2026 .. 30-6-2026", "2026-01-01..30.6.2026"] {
            assert_eq!(same.parse(), Ok(period), "{same}");
        }
        for wrong in ["2026-01-01", "2026-06-30..2026-01-01", "20260101..20260630", "1/1/26..2/2/26", "..", "a..b"] {
            assert!(wrong.parse::<Period>().is_err(), "{wrong}");
        }
    }
}
