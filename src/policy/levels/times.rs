//! Days for handling a dossier, in days or working days.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::Time;
use crate::message::{Message, message};
use crate::model::Text;
use crate::policy::holidays::Holidays;

/// The last day of a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Due {
    /// The day.
    pub(super) on: Date,
    /// The years whose holidays are not known: the day may be later.
    pub(super) without: Vec<i16>,
}

/// The last day of `time` that begins on `start`; the day it begins is not counted.
pub(super) fn due(start: Date, time: &Time, holidays: &Holidays) -> Option<Due> {
    if !time.working {
        return Some(Due { on: start.checked_add(time.days.days()).ok()?, without: Vec::new() });
    }
    let mut on = start;
    let mut left = time.days;
    let mut without = Vec::new();
    while left > 0 {
        on = on.tomorrow().ok()?;
        if !holidays.knows(on.year()) && !without.contains(&on.year()) {
            without.push(on.year());
        }
        left -= i64::from(holidays.works(on));
    }
    Some(Due { on, without })
}

/// What is said of a day where the holidays of some years are not known.
pub(super) fn without_holidays(text: Message, years: &[i16]) -> Message {
    if years.is_empty() {
        return text;
    }
    let years = years.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    message!("policy-noted", text = text, note = message!("policy-no-holidays", years = years))
}

/// A text with the note of what it rests on.
pub(super) fn noted(text: Message, note: Option<&Text>) -> Message {
    match note {
        Some(note) => message!("policy-noted", text = text, note = note.clone()),
        None => text,
    }
}
