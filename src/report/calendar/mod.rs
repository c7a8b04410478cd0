//! What falls due as a calendar: for programs that keep calendars (iCalendar), and as pages for the wall (HTML).

mod html;
mod ics;
#[cfg(test)]
mod tests;

use jiff::civil::Date;

pub use html::calendar_html;
pub use ics::calendar_ics;

use super::due::Due;
use crate::policy::holidays::Holidays;

/// What a calendar is made of.
pub struct Calendar<'a> {
    /// The unit.
    pub unit: String,
    /// What tells this unit's events from another's: letters, digits and dots.
    pub mark: String,
    /// The day on which it is made.
    pub on: Date,
    /// What falls due.
    pub due: &'a Due,
    /// Whether what is only recommended stands in it too.
    pub recommended: bool,
    /// So many days before the last day somebody is reminded.
    pub reminders: Vec<u16>,
    /// How many months are shown on pages, from that of the day on.
    pub months: u8,
    /// Days on which nobody works.
    pub holidays: &'a Holidays,
}

impl Calendar<'_> {
    /// What stands in it: everything with a day, what is only recommended where that is wanted.
    fn items(&self) -> impl Iterator<Item = (&super::due::Item, Date)> {
        let wanted = |item: &&super::due::Item| self.recommended || item.basis != super::due::Basis::Recommended;
        self.due.items.iter().filter(wanted).filter_map(|item| Some((item, item.due?)))
    }
}
