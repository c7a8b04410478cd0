//! What was entered after it happened, as documents list it: both moments, who tells it and how they know, what it says and why.

use super::document::{Align, Column, Table};
use super::format::labels;
use super::letterhead::cell;
use super::{ChangeKind, ChangeRow, Report};
use crate::message::message;
use crate::model::{Actor, Lang};

/// A table of late entries, with nothing corrected; nothing where there is none. `name` gives what people call somebody.
pub(in crate::report) fn table(report: &Report, lang: Lang, name: &dyn Fn(&Actor) -> String) -> Option<Table> {
    let entries = report.changes.iter().filter(|row| row.is(ChangeKind::Late));
    let rows = entries.filter_map(|row| {
        let said = row.told.as_ref().map(|told| told.pick(lang).to_owned());
        let said = said.unwrap_or_else(|| labels::record(&row.kind).render(lang));
        let said = match row.because.as_ref().map(|because| because.trim_end_matches('.')) {
            Some(because) => format!("{said} ({because})"),
            None => said,
        };
        // What stands here is what was entered; what is held true since stands in the course.
        let of = |it: &&ChangeRow| it.correction.as_ref().is_some_and(|correction| correction.seq == row.seq);
        let corrected: Vec<u64> = report.changes.iter().filter(of).map(|it| it.seq).collect();
        let said = match corrected.as_slice() {
            [] => said,
            corrected => {
                let records = labels::records(corrected);
                format!("{said}; {}", message!("minutes-late-corrected", records = records).render(lang))
            }
        };
        Some(vec![
            cell(labels::dated(&row.occurred?, lang)),
            cell(labels::dated(&row.written, lang)),
            cell(format!("{}, {}", name(&row.actor), labels::basis(row.basis).render(lang))),
            cell(super::course::capital(&said)),
            cell(format!("#{}", row.seq)),
        ])
    });
    let rows: Vec<_> = rows.collect();
    let column = |title: crate::message::Message, share, align| Column { title: title.render(lang), share, align };
    (!rows.is_empty()).then(|| Table {
        caption: Some(message!("minutes-late").render(lang)),
        numbered: false,
        columns: vec![
            column(message!("minutes-column-occurred"), 19, Align::Left),
            column(message!("report-column-written"), 19, Align::Left),
            column(message!("minutes-column-who"), 20, Align::Left),
            column(message!("minutes-column-event"), 32, Align::Left),
            column(message!("report-column-record"), 10, Align::Centre),
        ],
        rows,
    })
}
