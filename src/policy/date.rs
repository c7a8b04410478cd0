//! Days in policy files.

use jiff::civil::Date;

use crate::source::{Node, Reader};

/// A day such as `2026-08-19`.
pub(super) fn read(reader: &Reader<'_>, node: &Node) -> Option<Date> {
    reader.date(node)?.parse().ok()
}
