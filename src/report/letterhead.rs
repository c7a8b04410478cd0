//! What reports that people sign have in common: who issues them, their heading, their end, tables and references.

use super::document::{Align, Block, Cell, Closing, Column, Head, Inline, Place, Signature, Spans, Table, numbered};
use super::format::labels;
use crate::inventory::{Signer, Unit};
use crate::message::{Message, message};
use crate::model::Lang;
use crate::policy::layouts::Layout;

/// Who issues a document, how it is laid out, under which number and day.
#[derive(Clone, Copy)]
pub struct Letterhead<'a> {
    /// How it is laid out.
    pub layout: &'a Layout,
    /// Its language.
    pub lang: Lang,
    /// Who issues it.
    pub unit: Option<&'a Unit>,
    /// Who signs it.
    pub signer: Option<&'a Signer>,
    /// Its number, if it has one yet.
    pub number: Option<&'a str>,
    /// Its year, month and day, if it has one yet.
    pub day: Option<(i16, i8, i8)>,
}

/// Parts by which regulations name who is told of incidents: see `recipients` in `ungpho.yaml`.
const TOLD_OF_INCIDENTS: [&str; 3] = ["authority", "specialised_unit", "data_protection_authority"];

impl Letterhead<'_> {
    /// The heading: `kind` in capitals, its letters in numbers, what the document is about.
    pub(super) fn head(&self, kind: &Message, letters: &str, subject: String) -> Head {
        let words = |text: &crate::model::Text| text.pick(self.lang).to_owned();
        Head {
            parent: self.unit.and_then(|unit| unit.parent.as_ref()).map(words),
            issuer: self.unit.map_or_else(|| self.nothing(), |unit| words(&unit.unit)),
            number: numbered(self.layout, self.number, letters, self.unit.and_then(|unit| unit.symbol.as_deref())),
            about: None,
            place: Some(Place { name: self.unit.and_then(|unit| unit.place.as_ref()).map(words), day: self.day }),
            kind: self.say(kind),
            subject,
            to: Vec::new(),
        }
    }

    /// The signature, and who receives the document. Whom the law has told of incidents receives nothing of a drill.
    pub(super) fn closing(&self, recipients: Vec<String>, drill: bool) -> Block {
        let right = Some(signature(self.signer, self.layout, self.lang));
        let known = self.unit.map(|unit| unit.recipients.as_slice()).unwrap_or_default();
        let told_of_incidents = |role: &crate::model::Id| TOLD_OF_INCIDENTS.contains(&role.as_str());
        let known = known.iter().filter(|it| !drill || !it.role.as_ref().is_some_and(told_of_incidents));
        let known = known.map(|recipient| recipient.name.pick(self.lang).to_owned());
        Block::Closing(Closing { left: None, right, recipients: known.chain(recipients).collect() })
    }

    /// What annexes are attached to: `(Kèm theo Kế hoạch số 05/KH-SKHCN ngày 08 tháng 8 năm 2026 của Sở …)` (Decree
    /// 30/2020/NĐ-CP, Annex I, IV and form 2.1); room where number or day are not known.
    pub(super) fn attached(&self, kind: &Message, letters: &str) -> String {
        let number = numbered(self.layout, self.number, letters, self.unit.and_then(|unit| unit.symbol.as_deref()));
        let number = number.trim_start_matches("Số").trim_start_matches(':').trim_start_matches(' ').to_owned();
        let mut letters = self.say(kind).to_lowercase();
        if let Some(first) = letters.get(..1).map(str::to_uppercase) {
            letters.replace_range(..1, &first);
        }
        let unit = self.unit.map_or_else(|| self.nothing(), |unit| unit.unit.pick(self.lang).to_owned());
        let day = super::document::day_in_words(self.day, self.lang);
        self.say(&message!("document-attached", kind = letters, number = number, day = day, unit = unit))
    }

    pub(super) fn say(&self, message: &Message) -> String {
        message.render(self.lang)
    }

    /// `(chưa có số liệu)`.
    pub(super) fn nothing(&self) -> String {
        self.say(&message!("report-no-figure"))
    }

    /// The words of a text, or that there are none.
    pub(super) fn words(&self, text: Option<&crate::model::Text>) -> String {
        text.map_or_else(|| self.nothing(), |text| text.pick(self.lang).to_owned())
    }

    pub(super) fn heading(&self, level: u8, title: &Message) -> Block {
        Block::Heading(level, self.say(title))
    }

    /// `label: value`.
    pub(super) fn fact(&self, label: &Message, value: impl Into<String>) -> Block {
        Block::labelled(&self.say(label), value)
    }
}

/// The signature of `signer`: by what right in the layout's own form, the position, the name; room for them where nobody is
/// known.
pub(super) fn signature(signer: Option<&Signer>, layout: &Layout, lang: Lang) -> Signature {
    let position = signer
        .map_or_else(|| message!("document-position").render(lang), |signer| signer.position.pick(lang).to_uppercase());
    let authority = signer.and_then(|signer| signer.authority.as_ref());
    let authority = authority.map(|text| in_form(text.pick(lang), layout).to_uppercase());
    Signature { authority, position, name: signer.and_then(|signer| signer.name.clone()) }
}

/// `TM. …` as the layout writes it: `T/M …` in documents of the Party.
fn in_form(authority: &str, layout: &Layout) -> String {
    let words = &layout.words;
    let forms =
        [(["TM.", "T/M"], &words.on_behalf), (["KT.", "K/T"], &words.for_head), (["TL.", "T/L"], &words.by_order)];
    let authority = authority.trim();
    for (written, form) in forms {
        let head = |form: &&str| authority.get(..form.len()).is_some_and(|head| head.eq_ignore_ascii_case(form));
        if let Some(rest) = written.iter().find(|form| head(form)).and_then(|form| authority.get(form.len()..)) {
            return format!("{form} {}", rest.trim_start());
        }
    }
    authority.to_owned()
}

/// Items of a list as the decree ends them: each with a semicolon, the last with a full stop.
pub(super) fn listed(items: Vec<String>) -> Vec<Spans> {
    let last = items.len();
    let ended = |(number, item): (usize, String)| {
        let bare = item.trim_end_matches(['.', ';']);
        spans(format!("{bare}{}", if number == last { "." } else { ";" }))
    };
    (1..).zip(items).map(ended).collect()
}

/// The first letter as a capital, a full stop at the end: a phrase as a sentence of its own.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.trim_end_matches('.').chars();
    let first = letters.next().map(|first| first.to_uppercase().collect::<String>()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

/// Text with the records it rests on after it: `… (#3, #7)`.
pub(super) fn resting(text: &str, records: &[u64]) -> String {
    if records.is_empty() { text.to_owned() } else { format!("{text} ({})", labels::records(records)) }
}

/// A cell of one paragraph.
pub(super) fn cell(text: impl Into<String>) -> Cell {
    vec![spans(text)]
}

/// Plain words.
pub(super) fn spans(text: impl Into<String>) -> Spans {
    vec![Inline::from(text.into())]
}

/// A table of plain cells; `columns` are titles, shares of the width and how cells are set.
pub(super) fn table(columns: &[(Message, u16, Align)], rows: Vec<Vec<String>>, lang: Lang) -> Block {
    let column = |(title, share, align): &(Message, u16, Align)| Column {
        title: title.render(lang),
        share: *share,
        align: *align,
    };
    Block::Table(Table {
        caption: None,
        numbered: false,
        columns: columns.iter().map(column).collect(),
        rows: rows.into_iter().map(|row| row.into_iter().map(cell).collect()).collect(),
    })
}
