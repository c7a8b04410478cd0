//! A span of days as it is typed: `2026-01-01..2026-06-30`.

use std::str::FromStr;

use jiff::civil::Date;

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
        let form = || format!("`{text}`: YYYY-MM-DD..YYYY-MM-DD");
        let (from, to) = text.split_once("..").ok_or_else(form)?;
        let day = |text: &str| text.trim().parse::<Date>().map_err(|_| form());
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
        for wrong in ["2026-01-01", "2026-06-30..2026-01-01", "1/1/2026..2/2/2026", ".."] {
            assert!(wrong.parse::<Period>().is_err(), "{wrong}");
        }
    }
}
