//! What falls due as a calendar: for programs that keep calendars (iCalendar), and as pages for the wall (HTML).

mod html;
mod ics;
#[cfg(test)]
mod tests;

use jiff::civil::Date;

pub use html::calendar_html;
pub use ics::calendar_ics;

use super::due::Due;
use crate::message::{Lang, Message};
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
    /// What stands on every page and every event: that the ledger does not verify.
    pub stamp: Option<Message>,
}

impl Calendar<'_> {
    /// What stands in it: everything with a day, what is only recommended where that is wanted.
    fn items(&self) -> impl Iterator<Item = (&super::due::Item, Date)> {
        let wanted = |item: &&super::due::Item| self.recommended || item.basis != super::due::Basis::Recommended;
        self.due.items.iter().filter(wanted).filter_map(|item| Some((item, item.due?)))
    }

    /// What a program that keeps calendars is told: what binds and was never done stands on the day on which it is made.
    fn events(&self) -> impl Iterator<Item = (&super::due::Item, Date)> {
        let never = self.due.items.iter().filter(|item| item.due.is_none() && item.late());
        never.map(|item| (item, self.on)).chain(self.items())
    }

    /// How many events it has for programs.
    #[must_use]
    pub fn count(&self) -> usize {
        self.events().count()
    }
}

/// A text without the marks in which a terminal shows what is typed.
fn plain(message: &Message, lang: Lang) -> String {
    message.render(lang).replace('`', "")
}
