//! Tables on standard output.

use std::io::IsTerminal as _;

use tabled::builder::Builder;
use tabled::settings::peaker::Priority;
use tabled::settings::{Padding, Style, Width};

use crate::message::Message;
use crate::model::Lang;

/// A table without lines, its columns under their headings. On a terminal it keeps to the width; a pipe gets lines as they are.
pub(crate) fn table(head: &[Message], rows: &[Vec<String>], lang: Lang) -> String {
    let mut table = Builder::default();
    table.push_record(head.iter().map(|title| title.render(lang)));
    for row in rows {
        table.push_record(row);
    }
    let mut table = table.build();
    table.with(Style::empty()).with(Padding::new(0, 2, 0, 0));
    if let Some(width) = width() {
        table.with(Width::wrap(width).keep_words(true).priority(Priority::max(true)));
    }
    table.to_string().lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}

/// The columns of the terminal on standard output, less the margin that a table may stand in.
fn width() -> Option<usize> {
    let stdout = std::io::stdout();
    if !stdout.is_terminal() {
        return None;
    }
    Some(usize::from(rustix::termios::tcgetwinsize(&stdout).ok()?.ws_col).max(60) - 2)
}
