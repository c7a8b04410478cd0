//! `ungpho evidence changes`: what was entered late, for another, corrected, taken out, or added afterwards.

use serde_json::json;
use tabled::builder::Builder;
use tabled::settings::{Padding, Style};

use crate::ledger::Ledger;
use crate::message::{format, message};
use crate::model::{Journal as _, RunId, misleads};
use crate::report::{self, ChangeRow};
use crate::ui::desk::{journal_failure, ledger_failure};
use crate::ui::held::Held;
use crate::ui::{Context, Exit, Failure};

pub(super) fn run(
    (ledger, held): &(Ledger, Held),
    run: Option<&RunId>,
    json: bool,
    context: &Context,
) -> Result<Exit, Failure> {
    let records = if let Some(run) = run {
        let records = ledger.records_of(run, 0).map_err(|error| journal_failure(&error))?;
        if records.is_empty() {
            let message = message!("cli-evidence-unknown", what = run.as_str());
            return Err(Failure::new(Exit::Invalid, "unknown-run", message).help(message!("cli-evidence-unknown-help")));
        }
        records
    } else {
        let size = ledger.size().map_err(|error| journal_failure(&error))?;
        ledger.records(0, size).map_err(|error| ledger_failure(&error))?
    };
    let rows = report::changes(&records, ledger);
    if json {
        context.out(&format!("{}\n", json!({ "version": 1, "ledger": held, "changes": rows })));
        return Ok(held.exit(Exit::Passed));
    }
    context.out(&held.line(context));
    if rows.is_empty() {
        context.note(&message!("amend-no-changes"));
    } else {
        context.out(&table(&rows, context));
    }
    Ok(held.exit(Exit::Passed))
}

fn table(rows: &[ChangeRow], context: &Context) -> String {
    let lang = context.lang;
    let mut builder = Builder::default();
    builder.push_record(
        [
            message!("report-column-record"),
            message!("amend-column-run"),
            message!("report-column-written"),
            message!("report-column-occurred"),
            message!("report-column-actor"),
            message!("report-column-basis"),
            message!("report-column-change"),
            message!("report-column-reason"),
        ]
        .map(|column| column.render(lang)),
    );
    for row in rows {
        let by = row.by.as_ref().map(|by| message!("report-entered-by", by = by.as_str()).render(lang));
        builder.push_record([
            format!("#{}", row.seq),
            row.run.as_ref().map_or_else(|| "–".to_owned(), ToString::to_string),
            format::time(&row.written, lang),
            row.occurred.as_ref().map_or_else(|| "–".to_owned(), |at| format::time(at, lang)),
            format!("{}{}", row.actor, by.unwrap_or_default()),
            report::basis_words(row.basis).render(lang),
            safe(&report::format::change(row, lang)),
            safe(row.because.as_deref().unwrap_or("–")),
        ]);
    }
    let mut table = builder.build();
    table.with(Style::empty()).with(Padding::new(0, 2, 0, 0));
    let lines: Vec<String> = table.to_string().lines().map(|line| line.trim_end().to_owned()).collect();
    lines.join("\n") + "\n"
}

/// Words of others on one line; they may not move the cursor.
fn safe(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c == '\n' {
                ' '
            } else if c.is_control() || misleads(c) {
                '\u{fffd}'
            } else {
                c
            }
        })
        .collect()
}
