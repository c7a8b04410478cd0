//! The table as a document: an annex that lies on its long side, each sentence with its grounds at the foot of the page.

use jiff::civil::Date;

use super::figures::{FileGround, Piece, Sentence, files_of, ranges, short_names};
use super::{Figure, TasksReport};
use crate::inventory::Unit;
use crate::inventory::table::day;
use crate::message::{format, message};
use crate::model::Lang;
use crate::policy::layouts::{Family, Layout};
use crate::report::document::{Align, Annex, Block, Column, Document, Inline, Spans, Table, day_in_words, numbered};
use crate::report::trace::figures_digest;

/// The shares of the five columns.
const SHARES: [u16; 5] = [5, 21, 16, 11, 47];
/// The table as a document in `layout`.
#[must_use]
pub fn tasks_document(report: &TasksReport, layout: &Layout, lang: Lang) -> Document {
    let columns = report.columns.iter().zip(SHARES).zip(0..).map(|((title, share), place)| Column {
        title: title.clone(),
        share,
        align: if place == 0 || place == 3 { Align::Centre } else { Align::Left },
    });
    let mut rows = Vec::new();
    for task in &report.rows {
        if let Some(group) = &task.group {
            rows.push(vec![vec![vec![Inline::bold(group.as_str())]]]);
        }
        let cell = |text: &str| vec![vec![Inline::from(text)]];
        let due = task.due.map(|due| day(due, lang)).unwrap_or_default();
        let result = task.result.iter().map(|sentence| spans(sentence, &report.figures, lang)).collect();
        rows.push(vec![cell(&task.id), cell(&task.task), cell(&task.lead), cell(&due), result]);
    }
    let mut blocks = vec![Block::Centred(vec![Inline::italic(report.subtitle(lang))])];
    blocks.push(Block::Table(Table { caption: None, numbered: false, columns: columns.collect(), rows }));
    blocks.extend(
        report.notes.iter().chain(&report.left_out).map(|note| Block::Paragraph(vec![Inline::italic(note.as_str())])),
    );
    let mut annexes = vec![Annex {
        title: report.title.clone(),
        attached_to: Some(report.attached.clone()),
        landscape: true,
        blocks,
    }];
    annexes.extend(files(&report.figures, lang));
    if !report.apart.is_empty() {
        annexes.push(apart(report, lang));
    }
    Document {
        lang,
        layout: layout.clone(),
        title: report.title.clone(),
        identity: Some(figures_digest(&report.figures)),
        stamps: Vec::new(),
        head: None,
        blocks: Vec::new(),
        annexes,
    }
}

/// What a table is attached to: the report of the unit, under its number and day as the layout writes them; room for them where
/// nothing is known. The day is in digits where the layout is a Party body's, as in the province's own annex.
#[must_use]
pub fn attached_line(
    layout: &Layout,
    unit: Option<&Unit>,
    number: Option<&str>,
    on: Option<Date>,
    lang: Lang,
) -> String {
    let symbol = unit.and_then(|unit| unit.symbol.as_deref());
    let whole = numbered(layout, number, "BC", symbol);
    let before = layout.words.number.split('{').next().unwrap_or_default();
    let number = whole.strip_prefix(before).unwrap_or(&whole);
    let day = match (layout.family, on) {
        (Family::Party, Some(on)) => message!("task-attached-day", day = day(on, lang)).render(lang),
        (Family::Party, None) => message!(
            "task-attached-day",
            day = "\u{a0}\u{a0}\u{a0}\u{a0}/\u{a0}\u{a0}\u{a0}\u{a0}/\u{a0}\u{a0}\u{a0}\u{a0}\u{a0}\u{a0}"
        )
        .render(lang),
        (Family::State, on) => day_in_words(on.map(|on| (on.year(), on.month(), on.day())), lang),
    };
    let unit = unit.map_or_else(|| "…".to_owned(), |unit| unit.unit.pick(lang).to_owned());
    message!("task-attached", number = number, day = day, unit = unit).render(lang)
}

/// The files that figures rest on, each once, as an annex; nothing where there is none.
pub(in crate::report) fn files(figures: &[Figure], lang: Lang) -> Option<Annex> {
    let names = short_names(figures);
    let files = files_of(figures);
    if files.is_empty() {
        return None;
    }
    let columns = [
        (message!("task-file-name"), 14, Align::Left),
        (message!("task-file-path"), 26, Align::Left),
        (message!("task-file-record"), 10, Align::Centre),
        (message!("task-file-digest"), 50, Align::Left),
    ]
    .map(|(title, share, align)| Column { title: title.render(lang), share, align });
    let row = |file: &FileGround| {
        let name = names.get(file).cloned().unwrap_or_default();
        [name, file.path.clone(), format!("#{}", file.record), file.digest.to_string()]
            .map(|text| vec![vec![Inline::from(text)]])
            .into()
    };
    let rows = files.into_iter().map(row).collect();
    Some(Annex {
        title: message!("task-sheet-files").render(lang),
        attached_to: None,
        landscape: true,
        blocks: vec![Block::Table(Table { caption: None, numbered: false, columns: columns.into(), rows })],
    })
}

/// A sentence, and at its end one mark with what its figures rest on.
fn spans(sentence: &Sentence, figures: &[Figure], lang: Lang) -> Spans {
    let start = if sentence.below { "+ " } else { "- " };
    let mut spans = vec![Inline::from(format!("{start}{}", sentence.text))];
    let marks = sentence.pieces.iter().filter_map(|piece| match piece {
        Piece::Mark(place) => figures.get(*place),
        Piece::Words(_) => None,
    });
    let grounds: Vec<String> =
        marks.map(|figure| format!("{} = {} ({})", figure.id, short(&figure.value), ranges(&figure.records))).collect();
    if !grounds.is_empty() {
        spans.push(Inline::Note(message!("task-grounds", grounds = grounds.join("; ")).render(lang)));
    }
    spans
}

/// The beginning of a long value.
fn short(value: &str) -> String {
    let cut: String = value.chars().take(60).collect();
    if cut.len() < value.len() { format!("{cut}…") } else { cut }
}

fn apart(report: &TasksReport, lang: Lang) -> Annex {
    let columns = [
        (message!("task-apart-run"), 16),
        (message!("task-apart-title"), 40),
        (message!("task-apart-began"), 18),
        (message!("task-apart-why"), 36),
        (message!("task-ground-records"), 14),
    ]
    .map(|(title, share)| Column { title: title.render(lang), share, align: Align::Left });
    let rows = report.apart.iter().map(|it| {
        let texts = [
            it.run.to_string(),
            it.title.clone(),
            format::time(&it.began, lang),
            it.because.clone(),
            ranges(&it.records),
        ];
        texts.map(|text| vec![vec![Inline::from(text)]]).into()
    });
    Annex {
        title: message!("task-apart-heading").render(lang),
        attached_to: None,
        landscape: true,
        blocks: vec![Block::Table(Table {
            caption: None,
            numbered: false,
            columns: columns.into(),
            rows: rows.collect(),
        })],
    }
}
