//! The level of systems at the desk: the criteria that hold in a workspace, and the level in force today.

use jiff::civil::Date;

use super::workspace::{self, SourceText};
use super::{Context, Workspace};
use crate::inventory::System;
use crate::message::{Message, message};
use crate::policy::levels::{Book, in_force};

/// Where a unit's own criteria are.
pub(crate) const LEVELS: &str = "policies/levels";

/// The criteria that hold in the workspace now. What is wrong in its files is printed, and those count for nothing: an incident
/// waits for no file.
pub(crate) fn here(context: &Context, workspace: &Workspace) -> Book {
    let files = workspace.texts(LEVELS).unwrap_or_else(|failure| {
        failure.print(context);
        Vec::new()
    });
    let (book, findings) = of(&files);
    if !findings.is_empty() {
        // The failure that is made of them is not one here.
        let _ = workspace::report(context, &findings, &files);
    }
    book
}

/// The criteria in `files`, over those that ship.
pub(crate) fn of(files: &[SourceText]) -> (Book, Vec<crate::source::Finding>) {
    let files: Vec<(String, String)> = files.iter().map(|file| (file.path.clone(), file.text.clone())).collect();
    Book::read(&files)
}

/// The level of `system` in force on `on`, in words.
pub(crate) fn told(book: &Book, system: &System, on: Date) -> Message {
    message!("level-at-run", system = system.name.clone(), level = in_force(book, system, on).words())
}
