//! The table as a document: an annex that lies on its long side, each sentence with its grounds at the foot of the page.

use super::figures::{Piece, Sentence, ranges};
use super::{Figure, TasksReport};
use crate::inventory::table::day;
use crate::message::{format, message};
use crate::model::Lang;
use crate::policy::layouts::Layout;
use crate::report::document::{Align, Annex, Block, Column, Document, Inline, Spans, Table};
use crate::report::sheet::wrapped_at;

/// The shares of the five columns.
const SHARES: [u16; 5] = [5, 21, 16, 11, 47];
/// About how many letters go into a line of the last column, and how many lines onto a page.
const LETTERS: usize = 58;
const LINES: usize = 24;

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
            let mut row = vec![vec![Vec::new()]; 5];
            row[1] = vec![vec![Inline::bold(group.as_str())]];
            rows.push(row);
        }
        for (place, result) in paragraphs(&task.result, &report.figures, lang).into_iter().enumerate() {
            let first = place == 0;
            let cell = |text: &str| vec![if first { vec![Inline::from(text)] } else { Vec::new() }];
            let number = match (first, message!("task-continued", id = task.id.as_str()).render(lang)) {
                (true, _) => vec![vec![Inline::from(task.id.as_str())]],
                (false, text) => vec![vec![Inline::italic(text)]],
            };
            let due = task.due.map(|due| day(due, lang)).unwrap_or_default();
            rows.push(vec![number, cell(&task.task), cell(&task.lead), cell(&due), result]);
        }
    }
    let mut blocks = vec![Block::Centred(vec![Inline::italic(report.subtitle(lang))])];
    blocks.push(Block::Table(Table { caption: None, columns: columns.collect(), rows }));
    blocks.extend(report.left_out.iter().map(|note| Block::Paragraph(vec![Inline::italic(note.as_str())])));
    let unit = report.unit.clone().unwrap_or_else(|| "…".to_owned());
    let mut annexes = vec![Annex {
        title: report.title.clone(),
        attached_to: Some(message!("task-attached", unit = unit).render(lang)),
        landscape: true,
        blocks,
    }];
    if !report.apart.is_empty() {
        annexes.push(apart(report, lang));
    }
    Document {
        lang,
        layout: layout.clone(),
        title: report.title.clone(),
        stamps: Vec::new(),
        head: None,
        blocks: Vec::new(),
        annexes,
    }
}

/// The sentences in groups of paragraphs that a page can hold: a row of a table does not break over two.
fn paragraphs(sentences: &[Sentence], figures: &[Figure], lang: Lang) -> Vec<Vec<Spans>> {
    let (mut groups, mut now, mut held) = (Vec::new(), Vec::new(), 0);
    for sentence in sentences {
        let takes = wrapped_at(&sentence.text, LETTERS);
        if held + takes > LINES && !now.is_empty() {
            groups.push(std::mem::take(&mut now));
            held = 0;
        }
        now.push(spans(sentence, figures, lang));
        held += takes;
    }
    groups.push(now);
    groups
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
        blocks: vec![Block::Table(Table { caption: None, columns: columns.into(), rows: rows.collect() })],
    }
}
