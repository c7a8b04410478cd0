//! `ungpho inventory export`: the inventory as a table for a spreadsheet.

use std::path::PathBuf;

use super::shelf::Shelf;
use crate::inventory::System;
use crate::message::message;
use crate::report::inventory::workbook;
use crate::ui::{Context, Exit, Failure, reporting};

/// Write the inventory as a table for a spreadsheet
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho inventory export --format xlsx --out inventory.xlsx")]
pub struct Args {
    /// Write it in this format
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    format: Format,
    /// Write to this file (`-` is standard output)
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Write the headings only, to be filled in
    #[arg(long)]
    template: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    #[default]
    Xlsx,
    Csv,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let shelf = if args.template { None } else { Some(Shelf::read(context)?) };
    let systems: Vec<&System> = shelf.iter().flat_map(|shelf| shelf.systems.values()).collect();
    let failed = |error: &(dyn std::error::Error + 'static)| {
        Failure::new(Exit::Machine, "table-failed", message!("systems-table-failed")).caused_by(error)
    };
    let bytes = match args.format {
        Format::Xlsx => workbook::xlsx(systems.iter().copied(), context.lang).map_err(|error| failed(&error))?,
        Format::Csv => workbook::csv(systems.iter().copied(), context.lang).map_err(|error| failed(&error))?,
    };
    if args.out.as_os_str() == "-" {
        context.out_bytes(&bytes);
        return Ok(Exit::Passed);
    }
    let path = context.folder.join(&args.out);
    reporting::write_bytes(&path, &bytes)?;
    context.out(&format!("{}\n", path.display()));
    Ok(Exit::Passed)
}
