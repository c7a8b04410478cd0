//! The duties of an incident: whom to tell what, by when. Data in `policies/duties/`; [`duties`] computes from facts alone.

mod book;
mod compute;
mod facts;
mod read;
mod rows;
#[cfg(test)]
mod tests;
mod types;
mod words;

pub use book::{Book, Overridden, overlaps};
pub use compute::duties;
pub use facts::{Answered, Classified, Facts, Sent, Serious};
pub use read::{Declared, read, read_document};
pub use rows::{Awaited, Because, Cited, Clock, Duties, Flag, LeftOut, OutOfForce, Recipient, Row, State, Timing};
pub use types::{Applies, Citation, Confidence, Doubtful, Duty, Instrument, Item, Limit, Read, Set, Start};
pub(in crate::policy) use words::both;
pub use words::{banner, citation, full_citation, limit, standing, state, time, unsure};
