//! The form as a document: the totals and the list on the long side of A4, and what is missing.

use super::{AnnualReport, SHARES, Total};
use crate::message::message;
use crate::model::Lang;
use crate::policy::layouts::Layout;
use crate::report::document::{Align, Annex, Block, Column, Document, Inline, Marker, Table};
use crate::report::tasks::files;
use crate::report::trace::figures_digest;

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
    let mut blocks = vec![
        Block::Centred(vec![Inline::italic(report.subtitle(lang))]),
        Block::Table(totals(report, lang)),
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
    let identity = Some(figures_digest(&report.figures));
    Document {
        lang,
        layout: layout.clone(),
        title,
        identity,
        stamps: Vec::new(),
        head: None,
        blocks: Vec::new(),
        annexes,
    }
}

/// The totals, two beside each other: so the list begins on the first page.
fn totals(report: &AnnualReport, lang: Lang) -> Table {
    let column = |title: &str, share, align| Column { title: title.to_owned(), share, align };
    let (what, count) = (message!("annual-totals-what").render(lang), message!("annual-totals-count").render(lang));
    let cell = |text: String| vec![vec![Inline::from(text)]];
    let numbered = report.totals.iter().zip(1..).collect::<Vec<_>>();
    let (left, right) = numbered.split_at(report.totals.len().div_ceil(2));
    let row = |place: usize| {
        let of = |side: &[(&Total, i32)]| match side.get(place) {
            Some((total, number)) => [format!("{number}. {}", total.title), total.count.to_string()],
            None => [String::new(), String::new()],
        };
        of(left).into_iter().chain(of(right)).map(cell).collect()
    };
    Table {
        caption: None,
        numbered: false,
        columns: vec![
            column(&what, 43, Align::Left),
            column(&count, 7, Align::Centre),
            column(&what, 43, Align::Left),
            column(&count, 7, Align::Centre),
        ],
        rows: (0..left.len()).map(row).collect(),
    }
}
