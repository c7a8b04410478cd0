//! Times on paper. A time of day needs its day: that of its own cell, of its row, or of the whole sheet. None is guessed.

use jiff::civil::{Date, DateTime};

use super::{PaperFinding, fail};
use crate::message::{format, message};
use crate::model::Stamp;
use crate::report::card::{Cell, Entered};
use crate::ui::Context;
use crate::ui::entered;

/// A time as people read it.
pub(super) fn shown(stamp: &Stamp, context: &Context) -> String {
    format::time(stamp, context.lang)
}

/// The day that a cell says.
pub(super) fn day(cell: &Cell) -> Result<Date, PaperFinding> {
    match &cell.entered {
        Entered::Day(day) => Ok(*day),
        Entered::Text(text) => entered::day(text).ok_or_else(|| no_day(cell, text)),
        Entered::Moment(moment) => Err(no_day(cell, &moment.to_string())),
        Entered::Time(time) => Err(no_day(cell, &time.to_string())),
    }
}

fn no_day(cell: &Cell, text: &str) -> PaperFinding {
    fail("sheet-time", cell.place.clone(), message!("paper-not-a-day", text = text), Some(message!("paper-day-help")))
}

/// The moment that a cell says, on `day` where it says none itself, in the zone of `now`.
pub(super) fn moment(cell: &Cell, day: Option<Date>, now: &Stamp) -> Result<Stamp, PaperFinding> {
    let not_a_time = |text: &str| {
        let message = message!("paper-not-a-time", text = text);
        fail("sheet-time", cell.place.clone(), message, Some(message!("paper-time-help")))
    };
    let without_day = |time: &str| {
        let message = message!("paper-no-day", text = time);
        fail("sheet-time", cell.place.clone(), message, Some(message!("paper-no-day-help")))
    };
    let local = match &cell.entered {
        Entered::Moment(moment) => *moment,
        Entered::Day(day) => return Err(not_a_time(&day.to_string())),
        Entered::Time(time) => day.ok_or_else(|| without_day(&time.to_string()))?.to_datetime(*time),
        Entered::Text(text) => match (text.parse::<Stamp>(), entered::day_and_time(text), entered::time_of_day(text)) {
            (Ok(stamp), ..) => return Ok(stamp),
            (_, Some((day, time)), _) => DateTime::from_parts(day, time),
            (_, _, Some(time)) => day.ok_or_else(|| without_day(text))?.to_datetime(time),
            _ => return Err(not_a_time(text)),
        },
    };
    let instant = now.offset.to_timestamp(local).map_err(|_| not_a_time(&local.to_string()))?;
    Ok(Stamp::new(instant, now.offset))
}

/// The beginning of the minute of `stamp`: nobody writes seconds on paper.
pub(super) fn minute(stamp: &Stamp) -> Stamp {
    let seconds = stamp.instant.as_second().div_euclid(60) * 60;
    jiff::Timestamp::from_second(seconds).map_or(*stamp, |instant| Stamp::new(instant, stamp.offset))
}
