//! Days in policy files.

use jiff::civil::Date;

use crate::message::message;
use crate::source::{Fields, Node, Reader};

/// A day such as `2026-08-19`.
pub(super) fn read(reader: &Reader<'_>, node: &Node) -> Option<Date> {
    reader.date(node)?.parse().ok()
}

/// A day of the unit's own text, in the forms that people type as well: `31/12/2026`.
pub(super) fn typed(reader: &Reader<'_>, node: &Node) -> Option<Date> {
    let text = node.scalar().map(|(text, _)| text).unwrap_or_default();
    let parts: Vec<&str> = text.split('/').collect();
    let [day, month, year] = parts.as_slice() else { return read(reader, node) };
    let digits = |text: &&str| (1..=4).contains(&text.len()) && text.chars().all(|letter| letter.is_ascii_digit());
    if ![day, month, year].into_iter().all(digits) || year.len() != 4 {
        return read(reader, node);
    }
    let date = year.parse().ok().zip(month.parse().ok()).zip(day.parse().ok());
    let date = date.and_then(|((year, month), day)| Date::new(year, month, day).ok());
    // The reader says what is wrong with a day that is none.
    date.or_else(|| read(reader, node))
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
