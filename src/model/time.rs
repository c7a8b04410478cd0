//! Moments and durations. Wall time says when; time since boot measures how long.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::Offset;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A wall-clock time with the offset it was written in (RFC 3339, microseconds).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stamp {
    /// The instant, a whole number of microseconds.
    pub instant: Timestamp,
    /// The offset from UTC in which it is printed.
    pub offset: Offset,
}

impl Stamp {
    /// `instant` cut to microseconds, to be printed at `offset`.
    #[must_use]
    pub fn new(instant: Timestamp, offset: Offset) -> Self {
        let instant = Timestamp::from_microsecond(instant.as_microsecond()).unwrap_or(instant);
        Self { instant, offset }
    }

    /// The moment `microseconds` after the Unix epoch, printed `offset_seconds` east of UTC; both cut to what can be told.
    #[must_use]
    pub fn from_microseconds(microseconds: i64, offset_seconds: i32) -> Self {
        let instant = Timestamp::from_microsecond(microseconds).unwrap_or(Timestamp::UNIX_EPOCH);
        Self::new(instant, Offset::from_seconds(offset_seconds).unwrap_or(Offset::UTC))
    }

    /// Microseconds from `earlier` to this; negative where this is the earlier one.
    #[must_use]
    pub fn microseconds_since(&self, earlier: &Self) -> i64 {
        self.instant.as_microsecond() - earlier.instant.as_microsecond()
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = self.offset.to_datetime(self.instant);
        let seconds = self.offset.seconds();
        let sign = if seconds < 0 { '-' } else { '+' };
        let minutes = seconds.abs() / 60;
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}{sign}{:02}:{:02}",
            local.year(),
            local.month(),
            local.day(),
            local.hour(),
            local.minute(),
            local.second(),
            local.subsec_nanosecond() / 1000,
            minutes / 60,
            minutes % 60
        )
    }
}

/// The text is not an RFC 3339 time with an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a time of the form `2026-11-23T02:15:00+07:00`")]
pub struct InvalidStamp;

impl FromStr for Stamp {
    type Err = InvalidStamp;

    fn from_str(text: &str) -> Result<Self, InvalidStamp> {
        let pieces = jiff::fmt::temporal::DateTimeParser::new().parse_pieces(text).map_err(|_| InvalidStamp)?;
        let offset = match pieces.offset() {
            Some(jiff::fmt::temporal::PiecesOffset::Numeric(offset)) => offset.offset(),
            Some(_) => Offset::UTC,
            None => return Err(InvalidStamp),
        };
        let instant: Timestamp = text.parse().map_err(|_| InvalidStamp)?;
        Ok(Self::new(instant, offset))
    }
}

impl Serialize for Stamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Stamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// One reading of every clock: what a record is stamped with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Wall-clock time.
    pub at: Stamp,
    /// Microseconds since the machine booted, sleep included (`CLOCK_BOOTTIME`).
    pub mono_us: u64,
    /// Which boot that counts from.
    pub boot: String,
}

impl Moment {
    /// How long after `earlier` this is: by the boot clock within one boot, by wall time across boots.
    ///
    /// Zero where the wall clock was set back in between. The second value says which clock it was: true for the boot's.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> (Duration, bool) {
        if self.boot == earlier.boot {
            (Duration::from_micros(self.mono_us.saturating_sub(earlier.mono_us)), true)
        } else {
            let micros = self.at.microseconds_since(&earlier.at);
            (Duration::from_micros(u64::try_from(micros).unwrap_or(0)), false)
        }
    }
}

/// A duration as people write it in files: `90s`, `5m`, `1h30m`, `2d`. Whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span(u64);

impl Span {
    /// The longest that a file may ask for: 100 years.
    pub const MAX_SECONDS: u64 = 100 * 366 * 86_400;

    /// `seconds`, cut at [`Span::MAX_SECONDS`].
    #[must_use]
    pub fn from_seconds(seconds: u64) -> Self {
        Self(seconds.min(Self::MAX_SECONDS))
    }

    /// Whole seconds.
    #[must_use]
    pub fn seconds(self) -> u64 {
        self.0
    }

    /// As the standard library's duration.
    #[must_use]
    pub fn duration(self) -> Duration {
        Duration::from_secs(self.0)
    }
}

/// The text is not a duration such as `90s` or `1h30m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a duration such as `90s`, `5m`, `1h30m` or `2d`")]
pub struct InvalidSpan;

impl FromStr for Span {
    type Err = InvalidSpan;

    fn from_str(text: &str) -> Result<Self, InvalidSpan> {
        let mut rest = text;
        let mut total: u64 = 0;
        let mut smallest = u64::MAX;
        while !rest.is_empty() {
            let end = rest.find(|c: char| !c.is_ascii_digit()).ok_or(InvalidSpan)?;
            let number: u64 = rest[..end].parse().map_err(|_| InvalidSpan)?;
            let unit = match rest.as_bytes()[end] {
                b'd' => 86_400,
                b'h' => 3600,
                b'm' => 60,
                b's' => 1,
                _ => return Err(InvalidSpan),
            };
            if unit >= smallest {
                return Err(InvalidSpan);
            }
            smallest = unit;
            total = number.checked_mul(unit).and_then(|n| total.checked_add(n)).ok_or(InvalidSpan)?;
            rest = &rest[end + 1..];
        }
        if smallest == u64::MAX || total > Self::MAX_SECONDS { Err(InvalidSpan) } else { Ok(Self(total)) }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("0s");
        }
        let mut rest = self.0;
        for (unit, letter) in [(86_400, 'd'), (3600, 'h'), (60, 'm'), (1, 's')] {
            if rest >= unit {
                write!(f, "{}{letter}", rest / unit)?;
                rest %= unit;
            }
        }
        Ok(())
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}
