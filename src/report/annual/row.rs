//! One row of the form: what a system's file gives for each column, and what it has still to give.

use jiff::civil::Date;

use crate::inventory::dossier::{Assessment, AssessmentKind, Decision, Dossier, Measures, Status};
use crate::inventory::table::day;
use crate::inventory::words::Said as _;
use crate::inventory::{Later, System};
use crate::message::{Message, message};
use crate::model::{Lang, Text};
use crate::policy::levels::Book;
use crate::report::tasks::no_figure;

/// The language of the words that the form lists for a column: they are its own, whoever reads the report.
const FORM: Lang = Lang::Vi;

/// The days that count.
#[derive(Clone, Copy)]
pub(super) struct Counted {
    /// The first day of the data.
    pub(super) from: Date,
    /// The last day that is counted: of the data, or the day of making where that comes first.
    pub(super) until: Date,
    /// The last day of the data.
    pub(super) to: Date,
}

impl Counted {
    /// The last day that is counted, and what it is.
    pub(super) fn day(&self, lang: Lang) -> Message {
        let until = day(self.until, lang);
        if self.until < self.to {
            message!("annual-day-made", day = until)
        } else {
            message!("annual-day-cut-off", day = until)
        }
    }
}

/// The kinds of assessment that count: before use whenever it was, periodic within the year.
pub(super) fn checked(system: &System, counted: Counted) -> Vec<AssessmentKind> {
    let counts = |it: &&Assessment| match it.kind {
        AssessmentKind::BeforeUse => it.date <= counted.until,
        AssessmentKind::Periodic => counted.from <= it.date && it.date <= counted.until,
    };
    let mut kinds = Vec::new();
    for kind in [AssessmentKind::BeforeUse, AssessmentKind::Periodic] {
        if system.assessments.iter().filter(counts).any(|it| it.kind == kind) {
            kinds.push(kind);
        }
    }
    kinds
}

/// Whether a cell has to have a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// It is missing where there is none.
    Yes,
    /// It would be, and why there is none was said already.
    Told,
    /// There may be none.
    No,
}

/// One row in the making.
pub(super) struct Row<'a> {
    /// As it was on the last day that is counted.
    pub(super) system: &'a System,
    /// What its file has of later days.
    pub(super) later: &'a Later,
    pub(super) lang: Lang,
    pub(super) columns: &'a [String],
    /// What it has still to give.
    pub(super) missing: Vec<String>,
    pub(super) counted: Counted,
    pub(super) book: &'a Book,
}

impl Row<'_> {
    /// Says what is dated after the last day that is counted.
    fn late(&mut self) {
        let (later, lang) = (self.later, self.lang);
        let on = |date: Option<Date>| date.map(|date| day(date, lang));
        let to = self.counted.day(lang);
        let decision = later.decision.as_ref().map(|it| {
            let document = self.document(it.number.as_ref(), it.date, it.body.as_ref());
            message!("annual-later-decision", document = document, day = to.clone())
        });
        let regulation = later.regulation.as_ref().map(|it| {
            let document = self.document(it.number.as_ref(), it.date, None);
            message!("annual-later-regulation", document = document, day = to.clone())
        });
        let submitted = on(later.submitted).map(|on| message!("annual-later-submitted", on = on, day = to.clone()));
        let appraised = on(later.appraised).map(|on| message!("annual-later-appraised", on = on, day = to.clone()));
        let last = later.assessments.iter().map(|one| one.date).max();
        let assessed = on(last).map(|on| message!("annual-later-assessed", on = on, day = to.clone()));
        let late = [submitted, appraised, decision, regulation, assessed].into_iter().flatten();
        self.missing.extend(late.map(|late| late.render(lang)));
    }

    /// Days that the dossier expected, have come, and brought nothing.
    fn expected(&mut self, dossier: &Dossier) {
        let lang = self.lang;
        let over = |on: Option<Date>| on.filter(|on| *on <= self.counted.until).map(|on| day(on, lang));
        let approval = over(dossier.expected_approval.filter(|_| dossier.status != Some(Status::Approved)));
        let measures = over(dossier.expected_measures.filter(|_| dossier.measures != Some(Measures::Full)));
        let to = self.counted.day(lang);
        let approval = approval.map(|on| message!("annual-expected-over", on = on, day = to.clone()));
        let measures = measures.map(|on| message!("annual-measures-over", on = on, day = to.clone()));
        self.missing.extend(approval.into_iter().chain(measures).map(|over| over.render(lang)));
    }

    /// The parts that a document has not: a decision and a regulation of which only a part is known name nothing.
    fn parts(&mut self, column: usize, parts: &[(bool, Message)]) {
        let Some(title) = self.columns.get(column) else { return };
        let absent = parts.iter().filter(|(given, _)| !given).map(|(_, part)| part.render(self.lang));
        let absent: Vec<String> = absent.collect();
        if !absent.is_empty() {
            let message = message!("annual-missing-parts", column = title.as_str(), parts = absent.join(", "));
            self.missing.push(message.render(self.lang));
        }
    }

    pub(super) fn cells(&mut self, number: usize) -> Vec<String> {
        self.late();
        let none = Dossier::default();
        let dossier = self.system.dossier.as_ref().unwrap_or(&none);
        let (lang, later) = (self.lang, self.later);
        let text = |text: &Option<Text>| text.as_ref().map(|text| text.pick(lang).to_owned());
        let approved = dossier.status == Some(Status::Approved);
        let decided = dossier.decision.as_ref();
        let regulation = dossier.regulation.as_ref().map(|it| self.document(it.number.as_ref(), it.date, None));
        let decision =
            decided.map(|Decision { number, date, body, .. }| self.document(number.as_ref(), *date, body.as_ref()));
        let kinds = checked(self.system, self.counted);
        let kinds: Vec<String> = kinds.into_iter().map(|kind| kind.said().render(FORM)).collect();
        if let Some(decision) = decided.filter(|_| approved) {
            let late = dossier.regulation.as_ref().and_then(|it| it.date).zip(decision.date);
            // The regulation is issued before the approval: on its day is too late.
            if let Some((_, decided)) = late.filter(|(regulation, decision)| regulation >= decision) {
                let then = self.book.set(self.book.in_force(decided).rules);
                let citation = then.and_then(|rules| rules.article("regulation")).cloned();
                let citation = citation.map(|it| it.pick(lang).to_owned()).unwrap_or_default();
                self.missing.push(message!("annual-regulation-late", citation = citation).render(lang));
            }
        }
        self.expected(dossier);
        let number_and_day = |number: bool, date: bool| {
            vec![(number, message!("annual-part-number")), (date, message!("annual-part-day"))]
        };
        if let Some(it) = decided {
            let mut parts = number_and_day(it.number.is_some(), it.date.is_some());
            parts.push((it.body.is_some(), message!("annual-part-body")));
            self.parts(6, &parts);
        }
        if let Some(it) = &dossier.regulation {
            self.parts(7, &number_and_day(it.number.is_some(), it.date.is_some()));
        }
        // What is of a later day was said.
        let told = later.decision.is_some() || later.submitted.is_some() || later.appraised.is_some();
        let unless = |told: bool| if told { Wanted::Told } else { Wanted::Yes };
        let where_it = |asked: bool| if asked { Wanted::Yes } else { Wanted::No };
        let status = dossier.status.map(|status| status.said().render(FORM));
        // An approval has a decision; before it there is none to give.
        // Nobody knows whether there is one where nobody says how far the dossier has come.
        let decision_wanted = match dossier.status {
            None => unless(told),
            Some(_) => where_it(approved),
        };
        let expected = dossier.expected_approval.map(|on| day(on, lang));
        let approval_wanted = if later.decision.is_some() { Wanted::Told } else { where_it(!approved) };
        let full = dossier.expected_measures.map(|on| day(on, lang));
        let not_full = where_it(dossier.measures != Some(Measures::Full));
        let kinds = (!kinds.is_empty()).then(|| kinds.join("; "));
        vec![
            number.to_string(),
            self.system.name.pick(lang).to_owned(),
            self.cell(2, "owner", text(&self.system.owner), Wanted::Yes),
            self.cell(3, "operator", text(&self.system.operator), Wanted::Yes),
            self.cell(4, "dossier.proposed", dossier.proposed.map(|level| level.to_string()), Wanted::Yes),
            self.cell(5, "dossier.status", status, unless(told)),
            self.cell(6, "dossier.decision", decision, decision_wanted),
            self.cell(7, "dossier.regulation", regulation, unless(later.regulation.is_some())),
            self.cell(8, "dossier.expected_approval", expected, approval_wanted),
            self.cell(9, "dossier.measures", dossier.measures.map(|it| it.said().render(FORM)), Wanted::Yes),
            self.cell(10, "dossier.expected_measures", full, not_full),
            self.cell(11, "assessments", kinds, unless(!later.assessments.is_empty())),
        ]
    }

    /// A cell; what is wanted and not there is missing. What nobody has confirmed says so.
    fn cell(&mut self, column: usize, path: &str, value: Option<String>, wanted: Wanted) -> String {
        match value {
            Some(value) if self.system.assumes(path) => message!("systems-marked", text = value).render(self.lang),
            Some(value) => value,
            None => {
                if wanted == Wanted::Yes {
                    self.missing.extend(self.columns.get(column).cloned());
                }
                // Where it is known how far the dossier has come, there is nothing to be given; else nobody knows.
                let known = self.system.dossier.as_ref().is_some_and(|it| it.status.is_some());
                if wanted == Wanted::No && known { "–".to_owned() } else { no_figure().render(self.lang) }
            }
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
