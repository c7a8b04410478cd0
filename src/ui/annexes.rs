//! Tables with figures that are attached to a report: how they are made, what they are attached to, where they go with the index
//! of their figures.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::desk::{journal_failure, ledger_failure};
use super::documents::{LANGUAGE, layout_of, put};
use super::entered;
use super::leave_out::LeaveOutArgs;
use super::{Context, Failure, Workspace, place, reporting};
use crate::inventory::Unit;
use crate::ledger::Ledger;
use crate::model::{Journal as _, Lang};
use crate::policy::day_in_vietnam;
use crate::policy::layouts::Layout;
use crate::report::tasks::{Figure, Head, attached_line};
use crate::report::trace::figure_index;

/// The formats of a table that people hand in.
#[derive(Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum TableFormat {
    #[default]
    Xlsx,
    Docx,
    Html,
    Json,
}

impl TableFormat {
    /// The ending of its files.
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Docx => "docx",
            Self::Html => "html",
            Self::Json => "json",
        }
    }
}

/// How a table with figures is made and where it goes.
#[derive(clap::Args)]
pub(crate) struct TableArgs {
    /// Make it in this format; else as the file's name ends, else xlsx
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<TableFormat>,
    /// The number of the report that it is attached to: 5, or whole, such as 05/BC-SKHCN; room for it where nothing is said
    #[arg(long, value_name = "NUMBER")]
    number: Option<String>,
    /// The date of the report that it is attached to, such as 2026-11-25, which also chooses the layout
    #[arg(long, value_name = "DATE", value_parser = entered::argument)]
    pub(crate) date: Option<Date>,
    /// Lay it out by this file of policies/layouts, not by the one of the unit and the date
    #[arg(long, value_name = "LAYOUT")]
    layout: Option<String>,
    #[command(flatten)]
    pub(crate) leave_out: LeaveOutArgs,
    /// Write to this file (`-` is standard output); a file in reports/ where nothing is said, json to standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// How a table is laid out and what it is attached to.
pub(crate) struct TablePaper {
    /// The unit.
    pub(crate) unit: Option<Unit>,
    /// The layout of its day.
    pub(crate) layout: Layout,
    /// The line that says what it is attached to.
    pub(crate) attached: String,
}

impl TableArgs {
    /// Its format: the one that was asked for, else the one that the file's ending names.
    pub(crate) fn format(&self) -> TableFormat {
        place::format(self.format, self.out.as_deref())
    }

    /// The language of its words: a document's, and for programs the one that was asked for.
    pub(crate) fn lang(&self, context: &Context) -> Lang {
        if self.format() == TableFormat::Json { context.lang } else { LANGUAGE }
    }

    /// The layout that was asked for, else the one of the unit's documents on the report's day; where that is not given, on the
    /// day of the ledger's last record.
    ///
    /// # Errors
    ///
    /// As [`layout_of`], or where the ledger cannot be read.
    pub(crate) fn paper(
        &self,
        workspace: &Workspace,
        ledger: &Ledger,
        context: &Context,
    ) -> Result<TablePaper, Failure> {
        let unit = workspace.unit();
        let day = match self.date {
            Some(day) => day,
            None => last_day(ledger)?.unwrap_or_else(|| day_in_vietnam(&context.clock.now().at)),
        };
        let layout = layout_of(workspace, unit.as_ref(), self.layout.as_deref(), day, context)?;
        let attached = attached_line(&layout, unit.as_ref(), self.number.as_deref(), self.date, LANGUAGE);
        Ok(TablePaper { unit, layout, attached })
    }

    /// Writes a table with the index of its figures beside it, and prints its place.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    pub(crate) fn deliver(&self, made: &Made<'_>, workspace: &Workspace, context: &Context) -> Result<(), Failure> {
        let streamed = (self.format() == TableFormat::Json).then_some(Path::new("-"));
        let name = format!("{}.{}", self.leave_out.stem(made.stem), self.format().extension());
        let place = put(workspace, &made.bytes, self.out.as_deref().or(streamed), &name, context)?;
        if let Some(path) = place {
            let left_out = self.leave_out.profile();
            let index = figure_index(made.document, &made.bytes, made.head, left_out, made.figures);
            reporting::write(&index_of(&path), &index)?;
        }
        Ok(())
    }
}

/// A table that was made.
pub(crate) struct Made<'a> {
    /// Its kind.
    pub(crate) document: &'static str,
    /// The name of its file in `reports/`, without ending.
    pub(crate) stem: &'a str,
    /// What is in it.
    pub(crate) bytes: Vec<u8>,
    /// The state of the ledger it rests on.
    pub(crate) head: &'a Head,
    /// Its figures.
    pub(crate) figures: &'a [Figure],
}

/// Where the index of a document's figures is: beside it.
pub(crate) fn index_of(path: &Path) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(".figures.json");
    PathBuf::from(name)
}

/// The day of a ledger's last record, in Vietnam.
///
/// # Errors
///
/// Where it cannot be read.
pub(crate) fn last_day(ledger: &Ledger) -> Result<Option<Date>, Failure> {
    let size = ledger.size().map_err(|error| journal_failure(&error))?;
    let records = ledger.records(size.saturating_sub(1), size).map_err(|error| ledger_failure(&error))?;
    Ok(records.last().map(|record| day_in_vietnam(&record.written.at)))
}
