//! The table as a document: an annex that lies on its long side, each sentence with the number of its grounds in the next one.

use jiff::civil::Date;

use super::figures::{FileGround, Piece, Sentence, files_of, ground_files, ranges, short_names};
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
    let (mut rows, mut marked) = (Vec::new(), Marked::new());
    for task in &report.rows {
        if let Some(group) = &task.group {
            rows.push(vec![vec![vec![Inline::bold(group.as_str())]]]);
        }
        let cell = |text: &str| vec![vec![Inline::from(text)]];
        let due = task.due.map(|due| day(due, lang)).unwrap_or_default();
        // A row for each sentence: pages break between them, and what stands beside them is said once.
        let beside = [cell(&task.id), cell(&task.task), cell(&task.lead), cell(&due)];
        for (sentence, first) in task.result.iter().zip(std::iter::once(true).chain(std::iter::repeat(false))) {
            let beside = beside.iter().map(|cell| if first { cell.clone() } else { Vec::new() });
            rows.push(beside.chain([vec![spans(sentence, &report.figures, &mut marked)]]).collect());
        }
    }
    let table = Table { caption: None, numbered: false, columns: columns.collect(), rows };
    let mut blocks = vec![Block::Centred(vec![Inline::italic(report.subtitle(lang))])];
    blocks.push(Block::Grouped(table, SHARES.len() - 1));
    blocks.extend(
        report.notes.iter().chain(&report.left_out).map(|note| Block::Paragraph(vec![Inline::italic(note.as_str())])),
    );
    let mut annexes = vec![Annex {
        title: report.title.clone(),
        attached_to: Some(report.attached.clone()),
        landscape: true,
        blocks,
    }];
    annexes.extend(grounds(report, &marked, lang));
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

/// The sentences of the table that have figures, each with its number.
type Marked<'r> = Vec<(usize, Vec<&'r Figure>)>;

/// A sentence, and at its end the number under which its figures stand in the annex of grounds.
fn spans<'r>(sentence: &Sentence, figures: &'r [Figure], marked: &mut Marked<'r>) -> Spans {
    let start = if sentence.below { "+ " } else { "- " };
    let mut spans = vec![Inline::from(format!("{start}{}", sentence.text))];
    let own: Vec<&Figure> = sentence
        .pieces
        .iter()
        .filter_map(|piece| match piece {
            Piece::Mark(place) => figures.get(*place),
            Piece::Words(_) => None,
        })
        .collect();
    if !own.is_empty() {
        let number = marked.len() + 1;
        spans.push(Inline::Mark(number));
        marked.push((number, own));
    }
    spans
}

/// What every figure rests on, by the numbers of the sentences, as an annex; nothing where there is none.
fn grounds(report: &TasksReport, marked: &Marked<'_>, lang: Lang) -> Option<Annex> {
    if marked.is_empty() {
        return None;
    }
    let columns = [
        (message!("task-ground-mark"), 8, Align::Centre),
        (message!("task-ground-figure"), 28, Align::Left),
        (message!("task-ground-value"), 34, Align::Left),
        (message!("task-ground-records"), 18, Align::Left),
        (message!("task-ground-files"), 16, Align::Left),
    ]
    .map(|(title, share, align)| Column { title: title.render(lang), share, align });
    let names = short_names(&report.figures);
    let mut rows = Vec::new();
    for (number, figures) in marked {
        for (place, figure) in figures.iter().enumerate() {
            let mark = if place == 0 { vec![vec![Inline::from(number.to_string())]] } else { Vec::new() };
            let texts =
                [figure.id.clone(), short(&figure.value), ranges(&figure.records), ground_files(figure, &names, lang)];
            rows.push(std::iter::once(mark).chain(texts.map(|text| vec![vec![Inline::from(text)]])).collect());
        }
    }
    let table = Table { caption: None, numbered: false, columns: columns.into(), rows };
    Some(Annex {
        title: message!("task-sheet-grounds").render(lang),
        attached_to: None,
        landscape: true,
        blocks: vec![Block::Grouped(table, 1)],
    })
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
