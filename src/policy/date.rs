//! Days in policy files.

use jiff::civil::Date;

use super::in_vietnam;
use crate::message::message;
use crate::model::Stamp;
use crate::source::{Node, Reader};

/// A day such as `2026-08-19`.
pub(super) fn read(reader: &Reader<'_>, node: &Node) -> Option<Date> {
    let text = reader.text(node)?;
    let date = text.parse::<Date>().ok();
    if date.is_none() {
        let help = message!("inventory-date-help");
        reader.error("invalid-date", node.place, message!("inventory-invalid-date", text = text.as_str()), help);
    }
    date
}

/// The day of `stamp` in Vietnam.
pub(super) fn of(stamp: &Stamp) -> Date {
    let stamp = in_vietnam(stamp);
    stamp.offset.to_datetime(stamp.instant).date()
}
