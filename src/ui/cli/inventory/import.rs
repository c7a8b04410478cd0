//! `ungpho inventory import`: a table that people filled in becomes inventory files: all of it, or nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use rayon::prelude::*;
use serde_json::json;

use super::shelf::Shelf;
use super::stage;
use crate::inventory::import::{Change, Given, change, column_of};
use crate::inventory::table::{Column, title_of};
use crate::message::{Message, format, message};
use crate::model::Name;
use crate::report::inventory::sheet::{Table, TableError, read_csv, read_xlsx};
use crate::source::suggest;
use crate::ui::{Context, Exit, Failure};

/// Take a table that was filled in into the inventory: all of it, or nothing where one row does not fit
///
/// Only what the columns hold is changed; comments and everything else in the files stay as they are. An empty cell says that
/// nothing is known. Systems that the table does not have stay.
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho inventory import inventory.xlsx --dry-run")]
pub struct Args {
    /// The table: .xlsx or .csv
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Only show what would change
    #[arg(long)]
    dry_run: bool,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

/// A row of the table with what it does.
struct Row {
    id: Name,
    new: bool,
    change: Option<Change>,
}

/// A row that does not fit: where, and why.
struct Wrong {
    place: Message,
    message: Message,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let shelf = Shelf::read(context)?;
    let table = read(args, context)?;
    let columns = columns(&table, context)?;
    let rows = rows(&table, &columns, &shelf, context)?;
    let changed: Vec<&Row> = rows.iter().filter(|row| row.change.is_some()).collect();
    if !args.dry_run && !changed.is_empty() {
        let files: BTreeMap<String, String> = changed
            .iter()
            .filter_map(|row| Some((format!("{}.yaml", row.id), row.change.as_ref()?.text.clone())))
            .collect();
        stage::put(&shelf, &files)?;
    }
    report(args, context, &rows);
    Ok(Exit::Passed)
}

fn read(args: &Args, context: &Context) -> Result<Table, Failure> {
    let shown = args.file.display().to_string();
    let bytes = std::fs::read(context.folder.join(&args.file)).map_err(|error| {
        let message = message!("systems-table-unreadable", file = shown.as_str());
        Failure::new(Exit::Invalid, "file-unreadable", message).caused_by(&error)
    })?;
    let extension = args.file.extension().and_then(|it| it.to_str()).unwrap_or_default().to_lowercase();
    // What a file is called is not always what it is: a workbook begins as any archive does.
    let read: fn(&[u8]) -> Result<Table, TableError> =
        if extension == "xlsx" || bytes.starts_with(b"PK\x03\x04") { read_xlsx } else { read_csv };
    read(&bytes).map_err(|error| Failure::of(Exit::Invalid, &error))
}

/// The columns of the headings; each is one of ours and stands once.
fn columns(table: &Table, context: &Context) -> Result<Vec<&'static Column>, Failure> {
    let mut found: Vec<&'static Column> = Vec::new();
    let mut wrong = Vec::new();
    for (letters, title) in &table.head {
        let place = place(table, letters, None, 0);
        match column_of(title) {
            Some(column) if found.iter().any(|other| other.path == column.path) => {
                wrong.push(Wrong { place, message: message!("systems-table-twice", title = title.as_str()) });
            }
            Some(column) => found.push(column),
            None => {
                let titles: Vec<String> =
                    crate::inventory::table::COLUMNS.iter().map(|column| column.title().render(context.lang)).collect();
                let near = suggest::nearest(title, titles.iter().map(String::as_str));
                wrong.push(Wrong {
                    place,
                    message: match near {
                        Some(near) => message!("systems-table-column-near", title = title.as_str(), near = near),
                        None => message!("systems-table-column", title = title.as_str()),
                    },
                });
            }
        }
    }
    if wrong.is_empty() { Ok(found) } else { Err(fail("unknown-column", &wrong, context)) }
}

/// Where something stands: sheet, row, column, as far as there are any.
fn place(table: &Table, letters: &str, column: Option<&str>, row: usize) -> Message {
    let sheet = table.sheet.clone();
    match (sheet, column, row) {
        (Some(sheet), Some(column), row) => {
            message!("systems-place-cell", sheet = sheet, cell = format!("{letters}{row}"), column = column)
        }
        (Some(sheet), None, 0) => message!("systems-place-head", sheet = sheet, column = letters),
        (Some(sheet), None, row) => message!("systems-place-row", sheet = sheet, row = row.to_string()),
        (None, Some(column), row) => message!("systems-place-line-cell", row = row.to_string(), column = column),
        (None, None, 0) => message!("systems-place-line-head", column = letters),
        (None, None, row) => message!("systems-place-line", row = row.to_string()),
    }
}

/// Prints what does not fit and gives the failure that is left to return.
fn fail(code: &'static str, wrong: &[Wrong], context: &Context) -> Failure {
    for one in wrong {
        let message = message!("systems-table-wrong", place = one.place.clone(), message = one.message.clone());
        Failure::new(Exit::Invalid, code, message).print(context);
    }
    context.note(&message!("systems-table-nothing-done", count = wrong.len()));
    Failure::reported(Exit::Invalid)
}

fn rows(table: &Table, columns: &[&'static Column], shelf: &Shelf, context: &Context) -> Result<Vec<Row>, Failure> {
    let done: Vec<Result<Row, Vec<Wrong>>> = table
        .rows
        .par_iter()
        .map(|(number, cells)| {
            let given: Vec<Given> =
                columns.iter().zip(cells).map(|(column, text)| Given { column, text: text.clone() }).collect();
            row(*number, &given, table, shelf, context)
        })
        .collect();
    let mut wrong = Vec::new();
    let mut rows: Vec<Row> = Vec::new();
    let mut seen: BTreeMap<Name, usize> = BTreeMap::new();
    for (done, (number, _)) in done.into_iter().zip(&table.rows) {
        match done {
            Ok(row) => {
                if let Some(first) = seen.insert(row.id.clone(), *number) {
                    let message = message!("systems-table-same", id = row.id.as_str(), row = first.to_string());
                    wrong.push(Wrong { place: place(table, "", None, *number), message });
                }
                rows.push(row);
            }
            Err(found) => wrong.extend(found),
        }
    }
    let known: BTreeSet<&str> =
        shelf.systems.keys().map(Name::as_str).chain(rows.iter().map(|row| row.id.as_str())).collect();
    for ((number, cells), _) in table.rows.iter().zip(0..) {
        let Some(at) = columns.iter().position(|column| column.path == "depends_on") else { break };
        for needed in cells[at].split([',', ';']).map(str::trim).filter(|it| Name::is_valid(it) && !known.contains(it))
        {
            let column = title_of("depends_on", context.lang);
            let place = place(table, &table.head[at].0, Some(&column), *number);
            wrong.push(Wrong { place, message: message!("inventory-unknown-system", system = needed) });
        }
    }
    if wrong.is_empty() { Ok(rows) } else { Err(fail("bad-row", &wrong, context)) }
}

fn row(number: usize, given: &[Given], table: &Table, shelf: &Shelf, context: &Context) -> Result<Row, Vec<Wrong>> {
    let id = given.iter().find(|given| given.column.path == "id").map(|given| given.text.as_str()).unwrap_or_default();
    let existing = shelf.systems.get(id).zip(shelf.files.get(id)).map(|(system, file)| (system, file.text.as_str()));
    let change = change(existing, given).map_err(|wrong| {
        let at = |path: Option<&str>| {
            let at = path.and_then(|path| given.iter().position(|given| given.column.path == path));
            match at {
                Some(at) => {
                    let column = title_of(given[at].column.path, context.lang);
                    place(table, &table.head[at].0, Some(&column), number)
                }
                None => place(table, "", None, number),
            }
        };
        wrong.into_iter().map(|(path, message)| Wrong { place: at(path), message }).collect::<Vec<_>>()
    })?;
    let id = id.parse::<Name>().map_err(|_| {
        vec![Wrong { place: place(table, "", None, number), message: message!("source-invalid-name", text = id) }]
    })?;
    Ok(Row { id, new: existing.is_none(), change })
}

fn report(args: &Args, context: &Context, rows: &[Row]) {
    let new = rows.iter().filter(|row| row.new).count();
    let changed = rows.iter().filter(|row| !row.new && row.change.is_some()).count();
    let same = rows.len() - new - changed;
    if args.json {
        let systems: Vec<_> = rows
            .iter()
            .filter_map(|row| {
                let change = row.change.as_ref()?;
                Some(json!({ "id": row.id, "new": row.new, "changed": change.paths }))
            })
            .collect();
        let document = json!({
            "version": 1, "written": !args.dry_run, "new": new, "changed": changed, "same": same, "systems": systems,
        });
        context.out(&format!("{document}\n"));
        return;
    }
    let mut text = String::new();
    for row in rows {
        let Some(change) = &row.change else { continue };
        let titles: Vec<String> = change.paths.iter().map(|path| title_of(path, context.lang)).collect();
        let line = if row.new {
            message!("systems-import-new", id = row.id.as_str())
        } else {
            message!("systems-import-changed", id = row.id.as_str(), what = titles.join("; "))
        };
        text.push_str(&format!("{}\n", line.render(context.lang)));
    }
    context.out(&text);
    let number = |count: usize| format::number(count as u64, context.lang);
    let (new, changed, same) = (number(new), number(changed), number(same));
    let summary = if args.dry_run {
        message!("systems-import-would", new = new, changed = changed, same = same)
    } else {
        message!("systems-import-done", new = new, changed = changed, same = same)
    };
    context.note(&summary);
}
