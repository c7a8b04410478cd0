//! From systems of the inventory to the rows of the form.

use super::{AnnualReport, Ground, Missing, Total, columns, days};
use crate::inventory::dossier::{Assessment, AssessmentKind, Decision, Dossier, Measures, Status};
use crate::inventory::table::day;
use crate::inventory::words::Said as _;
use crate::inventory::{Later, System};
use crate::message::{Message, message};
use crate::model::{Lang, Text};
use crate::policy::levels::Book;
use crate::report::tasks::{Figure, FileGround, no_figure};

/// Makes the report.
#[must_use]
pub fn annual(ground: &Ground<'_>, lang: Lang) -> AnnualReport {
    let (from, to, deadlines) = days(ground.year);
    let columns: Vec<String> = columns().iter().map(|title| title.render(lang)).collect();
    let (mut rows, mut missing, mut figures) = (Vec::new(), Vec::new(), Vec::new());
    // What is dated after the last day of the data is none of them: it is named.
    let then: Vec<(System, Later, &Option<FileGround>)> = ground
        .systems
        .iter()
        .map(|(system, file)| {
            let (system, later) = system.as_of(to);
            (system, later, file)
        })
        .collect();
    for (number, (system, later, file)) in (1..).zip(&then) {
        let mut row = Row { system, lang, columns: &columns, missing: Vec::new(), span: (from, to), book: ground.book };
        row.late(later);
        let cells = row.cells(number);
        figures.push(figure(format!("systems.{}", system.id), cells[1..].join(" | "), file.iter()));
        if !row.missing.is_empty() {
            let name = system.name.pick(lang).to_owned();
            missing.push(Missing { system: system.id.clone(), name, what: row.missing });
        }
        rows.push(cells);
    }
    let totals = totals(&then, (from, to), lang, &mut figures);
    let mut notes = vec![
        message!(
            "annual-note-days",
            internal = day(deadlines.internal, lang),
            ministry = day(deadlines.ministry, lang)
        ),
        message!("annual-note-totals"),
        message!("annual-note-rest"),
    ];
    let late = then.iter().filter(|(_, later, _)| later.decision.is_some() || later.regulation.is_some());
    let late: Vec<&str> = late.map(|(system, ..)| system.name.pick(lang)).collect();
    if !late.is_empty() {
        notes.push(message!("annual-note-later", to = day(to, lang), systems = late.join("; ")));
    }
    if !ground.others.is_empty() {
        notes.push(message!("annual-note-others", systems = ground.others.join("; ")));
    }
    if let Some(on) = ground.on.filter(|on| *on < to) {
        notes.push(message!("annual-note-running", on = day(on, lang), to = day(to, lang)));
    }
    AnnualReport {
        version: 1,
        year: ground.year,
        unit: ground.unit.map(str::to_owned),
        attached: ground.attached.clone(),
        left_out: Vec::new(),
        from,
        to,
        deadlines,
        ledger: ground.head.clone(),
        columns,
        totals,
        rows,
        missing,
        notes: notes.iter().map(|note| note.render(lang)).chain(ground.head.unsigned(lang)).collect(),
        figures,
    }
}

fn figure<'f>(id: String, value: String, files: impl Iterator<Item = &'f FileGround>) -> Figure {
    let mut files: Vec<FileGround> = files.cloned().collect();
    files.sort();
    let mut records: Vec<u64> = files.iter().map(|file| file.record).collect();
    records.sort_unstable();
    records.dedup();
    Figure { id, value, records, files }
}

type Days = (jiff::civil::Date, jiff::civil::Date);

/// Whether a system is counted.
type Fits = Box<dyn Fn(&System) -> bool>;

/// Sums of the columns: all, by how far the dossier has come, measures in place whole, checked.
fn totals(
    systems: &[(System, Later, &Option<FileGround>)],
    span: Days,
    lang: Lang,
    figures: &mut Vec<Figure>,
) -> Vec<Total> {
    let status =
        |system: &System, wanted| system.dossier.as_ref().is_some_and(|dossier| dossier.status == Some(wanted));
    let stage = |wanted: Status| -> Fits { Box::new(move |system| status(system, wanted)) };
    let sums: [(&str, Message, Fits); 7] = [
        ("all", message!("annual-total-all"), Box::new(|_| true)),
        ("draft", message!("annual-total-status", status = Status::Draft.said()), stage(Status::Draft)),
        ("submitted", message!("annual-total-status", status = Status::Submitted.said()), stage(Status::Submitted)),
        ("appraised", message!("annual-total-status", status = Status::Appraised.said()), stage(Status::Appraised)),
        ("approved", message!("annual-total-status", status = Status::Approved.said()), stage(Status::Approved)),
        (
            "measures",
            message!("annual-total-measures"),
            Box::new(|system| system.dossier.as_ref().and_then(|it| it.measures) == Some(Measures::Full)),
        ),
        ("checked", message!("annual-total-checked"), Box::new(move |system| !checked(system, span).is_empty())),
    ];
    let mut totals = Vec::new();
    for (id, title, fits) in sums {
        let these: Vec<_> = systems.iter().filter(|(system, ..)| fits(system)).collect();
        // That there is none rests on all of them.
        let rests: Vec<_> = if these.is_empty() { systems.iter().collect() } else { these.clone() };
        figures.push(figure(
            format!("totals.{id}"),
            these.len().to_string(),
            rests.iter().filter_map(|it| it.2.as_ref()),
        ));
        totals.push(Total { title: title.render(lang), count: these.len() });
    }
    totals
}

/// The kinds of assessment that count: before use whenever it was, periodic within the year.
fn checked(system: &System, (from, to): Days) -> Vec<AssessmentKind> {
    let counts = |it: &&Assessment| match it.kind {
        AssessmentKind::BeforeUse => it.date <= to,
        AssessmentKind::Periodic => from <= it.date && it.date <= to,
    };
    let mut kinds = Vec::new();
    for kind in [AssessmentKind::BeforeUse, AssessmentKind::Periodic] {
        if system.assessments.iter().filter(counts).any(|it| it.kind == kind) {
            kinds.push(kind);
        }
    }
    kinds
}

/// The words of column 12.
fn kind_word(kind: AssessmentKind) -> Message {
    match kind {
        AssessmentKind::BeforeUse => message!("annual-before-use"),
        AssessmentKind::Periodic => message!("annual-periodic"),
    }
}

/// The words of column 10.
fn measures_word(measures: Measures) -> Message {
    match measures {
        Measures::None => message!("annual-measures-none"),
        Measures::Partial => message!("annual-measures-partial"),
        Measures::Full => message!("annual-measures-full"),
    }
}

/// One row in the making.
struct Row<'a> {
    system: &'a System,
    lang: Lang,
    columns: &'a [String],
    missing: Vec<String>,
    span: Days,
    book: &'a Book,
}

impl Row<'_> {
    /// Says what is dated after the last day of the data.
    fn late(&mut self, later: &Later) {
        let to = day(self.span.1, self.lang);
        let decision = later.decision.as_ref().map(|it| {
            let document = self.document(it.number.as_ref(), it.date, it.body.as_ref());
            message!("annual-later-decision", document = document, to = to.as_str())
        });
        let regulation = later.regulation.as_ref().map(|it| {
            let document = self.document(it.number.as_ref(), it.date, None);
            message!("annual-later-regulation", document = document, to = to.as_str())
        });
        self.missing.extend(decision.into_iter().chain(regulation).map(|late| late.render(self.lang)));
    }

    fn cells(&mut self, number: usize) -> Vec<String> {
        let none = Dossier::default();
        let dossier = self.system.dossier.as_ref().unwrap_or(&none);
        let lang = self.lang;
        let text = |text: &Option<Text>| text.as_ref().map(|text| text.pick(lang).to_owned());
        let approved = dossier.status == Some(Status::Approved);
        let decided = dossier.decision.as_ref();
        let regulation = dossier.regulation.as_ref().map(|it| self.document(it.number.as_ref(), it.date, None));
        let decision =
            decided.map(|Decision { number, date, body, .. }| self.document(number.as_ref(), *date, body.as_ref()));
        let kinds = checked(self.system, self.span);
        let kinds: Vec<String> = kinds.into_iter().map(|kind| kind_word(kind).render(lang)).collect();
        if let Some(decision) = decided.filter(|_| approved) {
            let late = dossier.regulation.as_ref().and_then(|it| it.date).zip(decision.date);
            // The regulation is issued before the approval: on its day is too late.
            if let Some((_, decided)) = late.filter(|(regulation, decision)| regulation >= decision) {
                let then = self.book.set(self.book.in_force(decided).rules);
                let citation = then.and_then(|rules| rules.article("regulation")).cloned();
                let citation = citation.map(|it| it.pick(lang).to_owned()).unwrap_or_default();
                self.missing.push(message!("annual-regulation-late", citation = citation).render(lang));
            }
        } else if let Some(on) = dossier.expected_approval.filter(|on| *on <= self.span.1) {
            let (on, to) = (day(on, lang), day(self.span.1, lang));
            self.missing.push(message!("annual-expected-over", on = on, to = to).render(lang));
        }
        vec![
            number.to_string(),
            self.system.name.pick(lang).to_owned(),
            self.cell(2, "owner", text(&self.system.owner), true),
            self.cell(3, "operator", text(&self.system.operator), true),
            self.cell(4, "dossier.proposed", dossier.proposed.map(|level| level.to_string()), true),
            self.cell(5, "dossier.status", dossier.status.map(|status| status.said().render(lang)), true),
            // An approval has a decision; before it there is none to give.
            // Nobody knows whether there is one where nobody says how far the dossier has come.
            self.cell(6, "dossier.decision", decision, approved || dossier.status.is_none()),
            self.cell(7, "dossier.regulation", regulation, true),
            self.cell(8, "dossier.expected_approval", dossier.expected_approval.map(|on| day(on, lang)), !approved),
            self.cell(9, "dossier.measures", dossier.measures.map(|it| measures_word(it).render(lang)), true),
            self.cell(
                10,
                "dossier.expected_measures",
                dossier.expected_measures.map(|on| day(on, lang)),
                dossier.measures != Some(Measures::Full),
            ),
            self.cell(11, "assessments", (!kinds.is_empty()).then(|| kinds.join("; ")), true),
        ]
    }

    /// A cell; what is wanted and not there is missing. What nobody has confirmed says so.
    fn cell(&mut self, column: usize, path: &str, value: Option<String>, wanted: bool) -> String {
        match value {
            Some(value) if self.system.assumes(path) => message!("systems-marked", text = value).render(self.lang),
            Some(value) => value,
            None if wanted => {
                self.missing.extend(self.columns.get(column).cloned());
                no_figure().render(self.lang)
            }
            // Where it is known how far the dossier has come, there is nothing to be given; else nobody knows.
            None if self.system.dossier.as_ref().is_some_and(|it| it.status.is_some()) => "–".to_owned(),
            None => no_figure().render(self.lang),
        }
    }

    /// A document: its number, its day, who made it. Each part that is not there says so.
    fn document(&self, number: Option<&String>, on: Option<jiff::civil::Date>, body: Option<&Text>) -> String {
        let unknown = || no_figure().render(self.lang);
        let number = number.cloned().unwrap_or_else(unknown);
        let on = on.map_or_else(unknown, |on| day(on, self.lang));
        match body {
            Some(body) => message!("annual-document-of", number = number, day = on, body = body.pick(self.lang)),
            None => message!("annual-document", number = number, day = on),
        }
        .render(self.lang)
    }
}
