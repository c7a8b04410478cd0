//! A prepared notice, laid out as a document. Nothing is added to its words; the program never sends it.

use super::document::{Block, Closing, Document, Head, Inline, Marker, Place, numbered};
use super::format::labels;
use super::letterhead::signature;
use super::minutes::stamps;
use super::{NoticeRow, Report};
use crate::inventory::{Signer, Unit};
use crate::message::message;
use crate::model::{Lang, RunKind};
use crate::policy::duties::banner;
use crate::policy::layouts::Layout;

/// What a notice is laid out from.
#[derive(Clone, Copy)]
pub struct LetterFacts<'a> {
    /// The run.
    pub report: &'a Report,
    /// The notice, as it was prepared.
    pub notice: &'a NoticeRow,
    /// How it is laid out.
    pub layout: &'a Layout,
    /// The language of its heading.
    pub lang: Lang,
    /// Who issues it.
    pub unit: Option<&'a Unit>,
    /// Who signs it.
    pub signer: Option<&'a Signer>,
    /// The number of the document.
    pub number: Option<&'a str>,
    /// Its day: year, month, day.
    pub day: (i16, i8, i8),
}

/// What notices are, as their first words in capitals say, with the letters in their numbers (Decree 30/2020/NĐ-CP, Annex III).
const KINDS: &[(&str, &str)] = &[("THÔNG BÁO", "TB"), ("BÁO CÁO", "BC"), ("NOTICE", "TB"), ("REPORT", "BC")];

/// The notice as a document. In a drill every page says so.
#[must_use]
pub fn letter(facts: &LetterFacts<'_>) -> Document {
    let lang = facts.lang;
    let mut stamps = stamps(facts.report, lang);
    if facts.report.run.stage != "ended" {
        // What is told while an incident goes on rests on records that nobody can have signed yet: that is no fault of theirs.
        let unsigned = message!("document-stamp-unsigned").render(lang);
        stamps.retain(|stamp| *stamp != unsigned);
    }
    if facts.report.run.kind == RunKind::Drill {
        stamps.insert(0, banner().render(lang));
    }
    let parts = parts(facts);
    let (kind, abbreviation, subject) = titled(&parts.title);
    let unit = facts.unit;
    let head = Head {
        parent: unit.and_then(|unit| unit.parent.as_ref()).map(|parent| parent.pick(lang).to_owned()),
        issuer: unit.map_or_else(|| message!("report-no-figure").render(lang), |unit| unit.unit.pick(lang).to_owned()),
        number: numbered(facts.layout, facts.number, abbreviation, unit.and_then(|unit| unit.symbol.as_deref())),
        about: None,
        place: Some(Place {
            name: unit.and_then(|unit| unit.place.as_ref()).map(|place| place.pick(lang).to_owned()),
            day: Some(facts.day),
        }),
        kind,
        subject,
        to: parts.to.clone(),
    };
    let mut blocks = body(&parts.lines);
    end(&mut blocks, &facts.layout.words.end);
    let records = labels::records(&facts.notice.records);
    let from = message!("document-from-record", records = records).render(lang);
    let note = Inline::Note(parts.prepared.map_or(from.clone(), |prepared| format!("{prepared} {from}")));
    match blocks.first_mut() {
        Some(Block::Paragraph(spans)) => spans.push(note),
        _ => blocks.insert(0, Block::Paragraph(vec![note])),
    }
    blocks.push(Block::Closing(Closing {
        left: None,
        right: Some(signature(facts.signer, facts.layout, lang)),
        recipients: vec![message!("document-as-above").render(lang)],
    }));
    Document {
        lang,
        layout: facts.layout.clone(),
        title: format!("{} – {}", facts.report.run.id, facts.notice.notice),
        stamps,
        head: Some(head),
        blocks,
        annexes: Vec::new(),
    }
}

/// The text taken apart: what stands in a document's head is not repeated in its body.
struct Parts {
    title: String,
    to: Vec<String>,
    lines: Vec<String>,
    /// When the text was prepared, as it says itself.
    prepared: Option<String>,
}

fn parts(facts: &LetterFacts<'_>) -> Parts {
    let lang = facts.lang;
    let redacted = message!("report-redacted").render(lang);
    let text = facts.notice.text.as_deref().unwrap_or(&redacted);
    let banners = [Lang::Vi, Lang::En].map(|lang| banner().render(lang));
    let mut parts = Parts { title: String::new(), to: Vec::new(), lines: Vec::new(), prepared: None };
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !banners.iter().any(|it| it == line));
    let lines: Vec<&str> = lines.collect();
    // Over the title stands who issues it, by the name of the day on which it was prepared: the heading has it by today's.
    let title = lines.iter().take(4).position(|line| KINDS.iter().any(|(kind, _)| line.starts_with(kind)));
    for (place, line) in lines.into_iter().enumerate() {
        let head = parts.lines.is_empty();
        let to = ["Kính gửi:", "To:"].iter().find_map(|word| line.strip_prefix(word));
        if to.is_none() && title.is_some_and(|title| place < title) {
            continue;
        }
        match to {
            Some(to) if head => {
                parts.to.extend(to.split(';').map(str::trim).filter(|to| !to.is_empty()).map(str::to_owned));
            }
            _ if head && parts.title.is_empty() && line.to_uppercase() == line && line.to_lowercase() != line => {
                line.clone_into(&mut parts.title);
            }
            _ => parts.lines.push(line.to_owned()),
        }
    }
    // That it is a draft is no part of what is signed, and is not lost: it stands at the foot.
    if parts.lines.last().is_some_and(|line| ["Soạn lúc", "Prepared"].iter().any(|word| line.starts_with(word))) {
        parts.prepared = parts.lines.pop();
    }
    parts
}

/// Kind, letters and subject of a title in capitals: `BÁO CÁO`, `BC`, `Kết quả ứng phó sự cố`.
fn titled(title: &str) -> (String, &'static str, String) {
    for (kind, letters) in KINDS {
        if let Some(rest) = title.strip_prefix(kind) {
            let rest = rest.trim().to_lowercase();
            let mut characters = rest.chars();
            let subject = characters.next().map(|first| first.to_uppercase().chain(characters).collect());
            return ((*kind).to_owned(), letters, subject.unwrap_or_default());
        }
    }
    (title.to_owned(), "TB", String::new())
}

/// Paragraphs, and items where a line begins with a dash. What it rests on is slanted and ends with a full stop, and numbered
/// heads are bold (Decree 30/2020/NĐ-CP, Annex I).
fn body(lines: &[String]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut heads = 0;
    for line in lines {
        let head = line.split_once(". ").and_then(|(number, head)| Some((number.parse::<usize>().ok()?, head)));
        if blocks.is_empty() && ["Căn cứ:", "Under:"].iter().any(|word| line.starts_with(word)) {
            blocks.push(Block::Paragraph(vec![Inline::italic(format!("{line}."))]));
            continue;
        }
        // Writers count heads themselves: one that stands in its turn is a head, and stays with what follows it.
        match head {
            Some((number, head)) if number == heads + 1 => {
                heads += 1;
                blocks.push(Block::Heading(2, head.to_owned()));
                continue;
            }
            Some(_) => {
                blocks.push(Block::Paragraph(vec![Inline::bold(line.as_str())]));
                continue;
            }
            None => {}
        }
        match (line.strip_prefix("- "), blocks.last_mut()) {
            (Some(item), Some(Block::List(Marker::Dash, items))) => items.push(vec![Inline::from(item)]),
            (Some(item), _) => blocks.push(Block::List(Marker::Dash, vec![vec![Inline::from(item)]])),
            (None, _) => blocks.push(Block::text(line.as_str())),
        }
    }
    blocks
}

/// The mark at the end of the text.
pub(super) fn end(blocks: &mut [Block], mark: &str) {
    let last = match blocks.last_mut() {
        Some(Block::Paragraph(spans)) => spans.last_mut(),
        Some(Block::List(_, items)) => items.last_mut().and_then(|spans| spans.last_mut()),
        _ => None,
    };
    if let Some(Inline::Words { text, .. }) = last {
        let bare = text.trim_end_matches('.').len();
        text.truncate(bare);
        text.push_str(mark);
    }
}
