//! Days in policy files.

use jiff::civil::Date;

use super::in_vietnam;
use crate::model::Stamp;
use crate::source::{Node, Reader};

/// A day such as `2026-08-19`.
pub(super) fn read(reader: &Reader<'_>, node: &Node) -> Option<Date> {
    reader.date(node)?.parse().ok()
}

/// The day of `stamp` in Vietnam.
pub(super) fn of(stamp: &Stamp) -> Date {
    let stamp = in_vietnam(stamp);
    stamp.offset.to_datetime(stamp.instant).date()
}
