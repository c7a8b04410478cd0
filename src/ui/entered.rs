//! Times as people type them, when they enter late what has happened. Nothing is guessed: what could be read in two ways is
//! refused, with both ways.

use std::sync::LazyLock;

use jiff::civil::{Date, DateTime, Time};
use regex::Regex;
use unicode_normalization::UnicodeNormalization as _;

use crate::message::{Message, message};
use crate::model::Stamp;

/// Why a typed time is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EnteredError {
    /// It is no time of any form that is read.
    #[error("not a time")]
    Unreadable,
    /// It has not come yet.
    #[error("{0} has not come yet")]
    Future(Stamp),
    /// A time of day without a day that has not come yet today: yesterday's may be meant, or it is mistyped.
    #[error("{today} has not come yet; yesterday it was {yesterday}")]
    NotToday {
        /// Read as today's.
        today: Stamp,
        /// Read as yesterday's.
        yesterday: Stamp,
    },
}

/// Reads the moment that somebody typed, at `now`.
///
/// With a zone (RFC 3339) as it is; without one in the zone of `now`. `02:15` is today's; `25/11/2026 02:15`,
/// `02:15 25/11/2026` and `2026-11-25 02:15` are of that day. Seconds may follow.
///
/// # Errors
///
/// See [`EnteredError`].
pub(crate) fn moment(text: &str, now: &Stamp) -> Result<Stamp, EnteredError> {
    let text = text.trim();
    let past = |stamp: Stamp| if stamp.instant <= now.instant { Ok(stamp) } else { Err(EnteredError::Future(stamp)) };
    if let Ok(stamp) = text.parse::<Stamp>() {
        return past(stamp);
    }
    let at = |date: Date, time: Time| {
        let instant = now.offset.to_timestamp(DateTime::from_parts(date, time));
        instant.map(|instant| Stamp::new(instant, now.offset)).map_err(|_| EnteredError::Unreadable)
    };
    if let Some(time) = time_of_day(text) {
        let today = now.offset.to_datetime(now.instant).date();
        let stamp = at(today, time)?;
        if stamp.instant <= now.instant {
            return Ok(stamp);
        }
        let yesterday = at(today.yesterday().map_err(|_| EnteredError::Unreadable)?, time)?;
        return Err(EnteredError::NotToday { today: stamp, yesterday });
    }
    let (day, time) = day_and_time(text).ok_or(EnteredError::Unreadable)?;
    past(at(day, time)?)
}

/// A day and a time of day, in either order: `25/11/2026 02:15`, `02:15 25/11/2026`, `2026-11-25T02:15`,
/// `lúc 2 giờ 15 ngày 25 tháng 11 năm 2026`.
#[must_use]
pub(crate) fn day_and_time(text: &str) -> Option<(Date, Time)> {
    let text = text.trim();
    let between = text.match_indices(|c: char| c.is_whitespace() || c == 'T').map(|(at, sign)| (at, at + sign.len()));
    between
        .map(|(end, begin)| (text[..end].trim_end_matches([' ', ',']), &text[begin..]))
        .find_map(|(first, second)| day(first).zip(time_of_day(second)).or_else(|| day(second).zip(time_of_day(first))))
}

/// A time of day: `2:15`, `02:15`, `02:15:30`, and as Vietnamese documents write it: `02h15`, `2 giờ 15 phút`, `2 giờ`.
#[must_use]
pub(crate) fn time_of_day(text: &str) -> Option<Time> {
    static FORMS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r"(?xi)^ (?:lúc\s+)?
            (?<hour>\d{1,2})
            (?: :(?<minute>\d{2}) (?: :(?<second>\d{2}) )?
              | \s*(?:h|g|giờ)
                (?: \s*(?<spoken_minute>\d{1,2}) \s*(?:p|phút|'|’)?
                    (?: \s*(?<spoken_second>\d{1,2}) \s*(?:s|giây) )? )?
            )$",
        )
        .ok()
    });
    let text: String = text.trim().nfc().collect();
    let form = FORMS.as_ref()?.captures(&text)?;
    let number = |names: [&str; 2]| {
        let said = names.iter().find_map(|name| form.name(name));
        said.map_or(Some(0), |digits| digits.as_str().parse().ok())
    };
    let (minute, second) = (number(["minute", "spoken_minute"])?, number(["second", "spoken_second"])?);
    Time::new(form["hour"].parse().ok()?, minute, second, 0).ok()
}

/// A day: `2026-11-25`, `25/11/2026`, `5/1/2026`, `25-11-2026`, `25.11.2026`, `ngày 25 tháng 11 năm 2026`. The day stands
/// before the month, as everywhere in Vietnam.
#[must_use]
pub(crate) fn day(text: &str) -> Option<Date> {
    day_of(written_day(text)?)
}

/// Year, month and day as they are written, where it is the form of a day.
type Parts = (i16, i8, i8);

fn day_of((year, month, day): Parts) -> Option<Date> {
    Date::new(year, month, day).ok()
}

fn written_day(text: &str) -> Option<Parts> {
    static FORMS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r"(?xi)^ (?:ngày\s+)?
            (?: (?<day>\d{1,2})
                (?: /(?<m1>\d{1,2})/ | -(?<m2>\d{1,2})- | \.(?<m3>\d{1,2})\. | \s+tháng\s+(?<m4>\d{1,2})\s+năm\s+ )
                (?<year>\d{4})
              | (?<iso_year>\d{4}) - (?<m5>\d{1,2}) - (?<iso_day>\d{1,2})
            )$",
        )
        .ok()
    });
    let text: String = text.trim().nfc().collect();
    let form = FORMS.as_ref()?.captures(&text)?;
    let part = |names: &[&str]| names.iter().find_map(|name| form.name(name)).map(|digits| digits.as_str());
    let (year, month, day) =
        (part(&["year", "iso_year"])?, part(&["m1", "m2", "m3", "m4", "m5"])?, part(&["day", "iso_day"])?);
    Some((year.parse().ok()?, month.parse().ok()?, day.parse().ok()?))
}

/// That there is no such day, where a text has the form of one and names one that its month has not: `29/02/2027`.
pub(crate) fn no_such_day(text: &str) -> Option<Message> {
    let (year, month, day) =
        written_day(text).filter(|parts| (1..=12).contains(&parts.1) && day_of(*parts).is_none())?;
    let [year, month, day] = [year, month.into(), day.into()].map(|part: i16| part.to_string());
    Some(message!("cli-value-no-such-day", day = day, month = month, year = year))
}

/// A day as an argument of the command line, for `value_parser`.
///
/// # Errors
///
/// Where it is none; what is read is said by the command line's own error.
pub(crate) fn argument(text: &str) -> Result<Date, &'static str> {
    day(text).ok_or("a day such as 2026-11-25 or 25/11/2026")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(now: &str, text: &str, expected: &str) {
        let seen = match moment(text, &now.parse().unwrap()) {
            Ok(stamp) => stamp.to_string(),
            Err(error) => error.to_string(),
        };
        assert_eq!(seen, expected, "{text} at {now}");
    }

    #[test]
    fn a_moment_is_read_in_the_forms_that_people_write() {
        let now = "2026-11-25T03:10:00+07:00";
        check(now, "01:40", "2026-11-25T01:40:00.000000+07:00");
        check(now, " 1:40 ", "2026-11-25T01:40:00.000000+07:00");
        check(now, "01:40:05", "2026-11-25T01:40:05.000000+07:00");
        check(now, "23:50 24/11/2026", "2026-11-24T23:50:00.000000+07:00");
        check(now, "24/11/2026 23:50", "2026-11-24T23:50:00.000000+07:00");
        check(now, "2026-11-24 23:50", "2026-11-24T23:50:00.000000+07:00");
        check(now, "2026-11-24T23:50", "2026-11-24T23:50:00.000000+07:00");
        check(now, "2026-11-24T16:50:00Z", "2026-11-24T16:50:00.000000+00:00");
        check(now, "03:10", "2026-11-25T03:10:00.000000+07:00");
        check(now, "5/1/2026 08:00", "2026-01-05T08:00:00.000000+07:00");
        for midnight in [
            "23h50 24/11/2026",
            "24-11-2026 23h50'",
            "23 giờ 50, ngày 24/11/2026",
            "lúc 23 giờ 50 phút ngày 24 tháng 11 năm 2026",
            "23 gio\u{31b}\u{300} 50 24.11.2026",
            "23H50 2026-11-24",
        ] {
            check(now, midnight, "2026-11-24T23:50:00.000000+07:00");
        }
        check(now, "1h40", "2026-11-25T01:40:00.000000+07:00");
        check(now, "1h5", "2026-11-25T01:05:00.000000+07:00");
        check(now, "1 giờ 40 phút 5 giây", "2026-11-25T01:40:05.000000+07:00");
        check(now, "2 giờ 5 tháng 1 năm 2026", "2026-01-05T02:00:00.000000+07:00");
    }

    #[test]
    fn what_has_not_come_or_could_be_two_moments_is_refused() {
        let now = "2026-11-25T00:10:00+07:00";
        let yesterday = "2026-11-25T23:50:00.000000+07:00 has not come yet; \
                         yesterday it was 2026-11-24T23:50:00.000000+07:00";
        check(now, "23:50", yesterday);
        check(now, "2026-11-25 00:11", "2026-11-25T00:11:00.000000+07:00 has not come yet");
        check(now, "2027-01-01T00:00:00Z", "2027-01-01T00:00:00.000000+00:00 has not come yet");
    }

    #[test]
    fn a_day_is_read_in_the_forms_that_people_write_and_in_no_other() {
        for text in [
            "2026-12-19",
            "19/12/2026",
            " 19-12-2026 ",
            "19.12.2026",
            "ngày 19 tháng 12 năm 2026",
            "Nga\u{300}y 19/12/2026",
        ] {
            assert_eq!(argument(text).map(|day| day.to_string()).as_deref(), Ok("2026-12-19"), "{text}");
        }
        for text in [
            "20261219",
            "+1/1/2027",
            "-1/1/2027",
            "1/1/27",
            "19-13-2026",
            "12/19/2026",
            "2026-12-19T00:00",
            "2026-12-19 08:00",
            "19/12-2026",
            "1/1/02026",
            "31/02/2026",
            "",
        ] {
            assert!(argument(text).is_err(), "{text}");
        }
        let none = |text| no_such_day(text).map(|text| text.render(crate::message::Lang::Vi));
        assert_eq!(none("29/02/2027").as_deref(), Some("tháng 2 năm 2027 không có ngày 29"));
        assert_eq!(none("2026-11-31").as_deref(), Some("tháng 11 năm 2026 không có ngày 31"));
        assert_eq!([none("28/02/2027"), none("12/19/2026"), none("hôm qua")], [None, None, None]);
    }

    #[test]
    fn what_is_no_time_is_not_read_as_one() {
        for text in [
            "",
            "2",
            "2h75",
            "02:60",
            "25:00",
            "25h",
            "02:5",
            "31/02/2026 02:15",
            "hôm qua",
            "02:15:",
            "1/1/26 02:15",
            "2h15 1/1-2026",
            "giờ 15",
            "11/25/2026 2h15",
            "ngày 2h15",
            "2h15 ngày",
            "20261124 2h15",
            "+1/1/2026 2h15",
        ] {
            check("2026-11-25T03:10:00+07:00", text, "not a time");
        }
    }
}
