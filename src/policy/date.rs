//! Days in policy files.

use jiff::civil::Date;

use crate::message::message;
use crate::source::{Fields, Node, Reader};

/// A day such as `2026-08-19`.
pub(super) fn read(reader: &Reader<'_>, node: &Node) -> Option<Date> {
    reader.date(node)?.parse().ok()
}

/// The first and the last day, `from` and `until`, of something that has them.
pub(super) fn span<'a>(reader: &Reader<'a>, fields: &Fields<'_, 'a>) -> (Option<Date>, Option<Date>) {
    let from = fields.optional("from").and_then(|node| read(reader, node));
    let last = fields.optional("until");
    let until = last.and_then(|node| read(reader, node));
    if let (Some(from), Some(until), Some(node)) = (from, until, last)
        && until < from
    {
        let message = message!("policy-until-before-from", from = from.to_string(), until = until.to_string());
        reader.error("until-before-from", node.place, message, None);
    }
    (from, until)
}
