//! Wall time of the lab's made-up records: microseconds since the Unix epoch, printed in Vietnam's time.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::message::format;
use crate::model::{Lang, Stamp};

const VIETNAM_OFFSET_SECONDS: i32 = 7 * 3600;
pub(super) const SECOND: i64 = 1_000_000;
pub(super) const HOUR: i64 = 3600 * SECOND;
pub(super) const DAY: i64 = 24 * HOUR;

/// Now, in microseconds.
pub(super) fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

/// `micros` as a stamp in Vietnam's time.
pub(super) fn stamp(micros: i64) -> Stamp {
    Stamp::from_microseconds(micros, VIETNAM_OFFSET_SECONDS)
}

/// The day of `micros` in Vietnam: `2026-11-22`.
pub(super) fn day(micros: i64) -> String {
    format::date(&stamp(micros), Lang::En)
}

/// The last time before `micros` that it was one in the morning in Vietnam: when the nightly copies are made.
pub(super) fn last_night(micros: i64) -> i64 {
    let shift = i64::from(VIETNAM_OFFSET_SECONDS) * SECOND - HOUR;
    (micros + shift).div_euclid(DAY) * DAY - shift
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_night_is_at_one_in_the_morning_of_the_same_day_or_the_day_before() {
        let at = |text: &str| text.parse::<Stamp>().unwrap().instant.as_microsecond();
        let check = |now: &str, night: &str| assert_eq!(stamp(last_night(at(now))).to_string(), night);
        check("2026-11-23T22:15:00+07:00", "2026-11-23T01:00:00.000000+07:00");
        check("2026-11-23T00:59:59+07:00", "2026-11-22T01:00:00.000000+07:00");
        check("2026-11-23T01:00:00+07:00", "2026-11-23T01:00:00.000000+07:00");
    }
}
