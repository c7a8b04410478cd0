//! What regulations ask for, as data with citations: levels of systems, duties of an incident, texts of notices. Pure; nothing
//! is sent.
//!
//! What ships is in `policies/` and is embedded; a unit adds to it or overrides it in the `policies/` of its workspace.

pub mod cadences;
mod date;
pub mod duties;
pub mod holidays;
pub mod layouts;
pub mod levels;
pub mod notice;
pub mod recipients;
pub mod redaction;
pub mod requirements;
pub mod shipped;
pub mod tasks;

pub use tasks::{Column, Phrase, Plan, SHIPPED, Task};

use jiff::civil::Date;

use crate::model::Stamp;
use crate::source::{Finding, Reader, any_error};

/// Seconds east of UTC in Vietnam, the whole year round.
const VIETNAM: i32 = 7 * 3600;

/// The same moment, to be printed in Vietnam's time.
#[must_use]
pub fn in_vietnam(stamp: &Stamp) -> Stamp {
    Stamp::from_microseconds(stamp.instant.as_microsecond(), VIETNAM)
}

/// The day of a moment in Vietnam.
#[must_use]
pub fn day_in_vietnam(stamp: &Stamp) -> Date {
    let here = in_vietnam(stamp);
    here.offset.to_datetime(here.instant).date()
}

/// What was read where nothing is wrong, with the warnings; else everything found.
fn finish<T>(reader: Reader<'_>, read: Option<T>) -> (Result<T, Vec<Finding>>, Vec<Finding>) {
    let findings = reader.into_findings();
    match read {
        Some(value) if !any_error(&findings) => (Ok(value), findings),
        _ => (Err(findings.clone()), findings),
    }
}
