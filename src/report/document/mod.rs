//! Documents that people sign: a typed document, and writers that turn it into DOCX and into a page for print.
//!
//! Pure: the same document gives the same bytes. A writer takes every measure from the document's layout; who builds a
//! document says what stands in it, never how wide or how bold. Nothing here draws a seal: there is room for one.

mod docx;
mod html;
mod metrics;
mod model;
mod number;
mod qr;
#[cfg(test)]
mod tests;

pub use docx::{DocxError, docx};
pub use html::html;
pub(in crate::report) use metrics::width as text_width;
pub use model::{
    Align, Annex, Block, Cell, Closing, Column, Document, Head, Inline, Marker, Picture, Place, Signature, Spans, Table,
};
use model::{breaks, heights};
pub use number::{annex_name, day_in_words, letters_of, numbered, roman, two_digits};

/// Room for a signature and a seal, in millimetres.
const SIGNING_ROOM: u16 = 24;
