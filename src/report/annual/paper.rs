//! The form as a document: the totals and the list on the long side of A4, and what is missing.

use super::{AnnualReport, SHARES};
use crate::message::message;
use crate::model::Lang;
use crate::policy::layouts::Layout;
use crate::report::document::{Align, Annex, Block, Column, Document, Inline, Marker, Table};
use crate::report::tasks::files;

/// The report as a document in `layout`.
#[must_use]
pub fn annual_document(report: &AnnualReport, layout: &Layout, lang: Lang) -> Document {
    let title = message!("annual-title", year = report.year.to_string()).render(lang);
    let columns = report.columns.iter().zip(SHARES).zip(0..).map(|((title, share), place)| Column {
        title: title.clone(),
        share,
        align: if place == 0 || place == 4 { Align::Centre } else { Align::Left },
    });
    let rows = report.rows.iter().map(|row| row.iter().map(|text| vec![vec![Inline::from(text.as_str())]]).collect());
    let totals =
        report.totals.iter().map(|total| vec![Inline::from(format!("{}: {}", total.title, total.count))]).collect();
    let mut blocks = vec![
        Block::Centred(vec![Inline::italic(report.subtitle(lang))]),
        Block::List(Marker::Number, totals),
        Block::Table(Table { caption: None, numbered: true, columns: columns.collect(), rows: rows.collect() }),
    ];
    blocks.extend(
        report.notes.iter().chain(&report.left_out).map(|note| Block::Paragraph(vec![Inline::italic(note.as_str())])),
    );
    let mut annexes =
        vec![Annex { title: title.clone(), attached_to: Some(report.attached.clone()), landscape: true, blocks }];
    if !report.missing.is_empty() {
        let lines = report
            .missing
            .iter()
            .map(|it| vec![Inline::bold(format!("{}: ", it.name)), Inline::from(it.what.join("; "))]);
        annexes.push(Annex {
            title: message!("annual-sheet-missing").render(lang),
            attached_to: None,
            landscape: true,
            blocks: vec![Block::List(Marker::Number, lines.collect())],
        });
    }
    annexes.extend(files(&report.figures, lang));
    Document { lang, layout: layout.clone(), title, stamps: Vec::new(), head: None, blocks: Vec::new(), annexes }
}
