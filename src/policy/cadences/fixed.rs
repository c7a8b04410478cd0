//! What falls on fixed days of the year.

use jiff::civil::Date;

use crate::model::record::DocumentKind;
use crate::model::{Name, Text};

/// A day of every year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthDay {
    /// 1 to 12.
    pub month: i8,
    /// 1 to 31.
    pub day: i8,
}

impl MonthDay {
    /// Reads `12-20`. 29 February is no day of every year.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (month, day) = text.split_once('-')?;
        let two = |text: &str| (text.len() == 2).then(|| text.parse::<i8>().ok()).flatten();
        let found = Self { month: two(month)?, day: two(day)? };
        Date::new(2025, found.month, found.day).ok().map(|_| found)
    }

    /// It in `year`.
    #[must_use]
    pub fn of(self, year: i16) -> Option<Date> {
        Date::new(year, self.month, self.day).ok()
    }
}

/// Something that falls on a fixed day of every year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// Its set.
    pub set: Name,
    /// Its id in the set.
    pub id: Name,
    /// What is done.
    pub title: Text,
    /// What is unsure about it, or good to know.
    pub note: Option<Text>,
    /// The day.
    pub day: MonthDay,
    /// Whether it has to be done before the day, and not on it.
    pub before: bool,
    /// Whether nothing is to be handed in: a day that others hang on.
    pub marks: bool,
    /// Only where the unit has a system of one of these levels; any where it is empty.
    pub levels: Vec<u8>,
    /// The document by which it is done, even where that does not say which yearly report it is.
    pub document: Option<DocumentKind>,
    /// The article.
    pub citation: Option<String>,
    /// Whether it binds by law; a recommendation else.
    pub law: bool,
    /// First day on which it holds.
    pub from: Option<Date>,
    /// Last day on which it holds.
    pub until: Option<Date>,
    /// That it rests on a source of a second hand, in words.
    pub second_hand: Option<Text>,
    /// The file that says so.
    pub file: String,
}

impl Fixed {
    /// Whether it stands in a file of the unit's, whatever set that is called by.
    #[must_use]
    pub fn own(&self) -> bool {
        !self.file.starts_with("shipped/")
    }

    /// Whether it holds on `day`.
    #[must_use]
    pub fn holds(&self, day: Date) -> bool {
        super::holds(self.from, self.until, day)
    }

    /// Its last day in `year`; nothing where it does not hold then.
    #[must_use]
    pub fn last_day(&self, year: i16) -> Option<Date> {
        let named = self.day.of(year)?;
        let last = if self.before { named.yesterday().ok()? } else { named };
        self.holds(last).then_some(last)
    }
}
