//! A prepared notice, laid out as a document. Nothing is added to its words; the program never sends it.

use unicode_normalization::UnicodeNormalization;

use super::document::{Block, Closing, Document, Head, Inline, Marker, Place, numbered};
use super::letterhead::signature;
use super::minutes::stamps;
use super::{NoticeRow, Report};
use crate::inventory::{Signer, Unit};
use crate::message::message;
use crate::model::{Lang, Text};
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
    /// What the notice is called, as its template has it.
    pub called: Option<&'a Text>,
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
    let parts = parts(facts);
    let (kind, abbreviation, subject) = titled(&parts.title, &written(facts, &parts.lines));
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
    blocks.push(Block::Closing(Closing {
        left: None,
        right: Some(signature(facts.signer, facts.layout, lang)),
        recipients: if parts.to.is_empty() { Vec::new() } else { vec![message!("document-as-above").render(lang)] },
    }));
    Document {
        lang,
        layout: facts.layout.clone(),
        title: format!("{} – {}", facts.report.run.id, facts.notice.notice),
        identity: None,
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
}

fn parts(facts: &LetterFacts<'_>) -> Parts {
    let lang = facts.lang;
    let redacted = message!("report-redacted").render(lang);
    let text = facts.notice.text.as_deref().unwrap_or(&redacted);
    let banners = [Lang::Vi, Lang::En].map(|lang| banner().render(lang));
    let mut parts = Parts { title: String::new(), to: Vec::new(), lines: Vec::new() };
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
    // That it is a draft is no part of what is signed.
    if parts.lines.last().is_some_and(|line| ["Soạn lúc", "Prepared"].iter().any(|word| line.starts_with(word))) {
        parts.lines.pop();
    }
    parts
}

/// Texts in which names stand as they are written: titles and names of systems, the unit, the notice's own lines.
fn written(facts: &LetterFacts<'_>, lines: &[String]) -> Vec<String> {
    let lang = facts.lang;
    let mut texts: Vec<String> = facts.called.iter().map(|title| title.pick(lang).to_owned()).collect();
    for system in &facts.report.run.systems {
        let name = system.name.pick(lang);
        texts.extend(name.split(['(', ')']).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned));
    }
    let unit = facts.unit.into_iter();
    texts.extend(
        unit.flat_map(|unit| unit.place.iter().chain(&unit.parent).chain([&unit.unit]))
            .map(|it| it.pick(lang).to_owned()),
    );
    texts.extend(lines.iter().cloned());
    texts
}

/// Kind, letters and subject of a title in capitals: `BÁO CÁO`, `BC`, `Kết quả ứng phó sự cố`. Names in it stand as they do in
/// `written`: its whole texts, words in capitals, names of two words or more.
fn titled(title: &str, written: &[String]) -> (String, &'static str, String) {
    for (kind, letters) in KINDS {
        if let Some(rest) = title.strip_prefix(kind) {
            let words = rest
                .split_whitespace()
                .map(|word| if abbreviation(word) { word.to_owned() } else { word.to_lowercase() });
            let mut subject = words.collect::<Vec<_>>().join(" ");
            for name in written.iter().flat_map(|text| names_in(text)) {
                subject = restored(&subject, &name);
            }
            let mut characters = subject.chars();
            let subject = characters.next().map(|first| first.to_uppercase().chain(characters).collect());
            return ((*kind).to_owned(), letters, subject.unwrap_or_default());
        }
    }
    (title.to_owned(), "TB", String::new())
}

/// Whether a word in capitals is an abbreviation: no syllable is without a vowel.
fn abbreviation(word: &str) -> bool {
    let vowel = |c: char| "AEIOUYĂÂÊÔƠƯ".contains(c);
    word.chars().filter(|c| c.is_alphabetic()).count() > 1 && !word.nfd().chain(word.chars()).any(vowel)
}

/// A text that may itself be a name, its runs of two words or more with capitals (`Quảng Ngãi`), its words all of capitals (`LGSP`).
fn names_in(text: &str) -> Vec<String> {
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let capital = |word: &str| word.chars().next().is_some_and(char::is_uppercase);
    let (mut names, mut run): (Vec<String>, Vec<String>) = (vec![text.to_owned()], Vec::new());
    for word in text.split_whitespace().chain([""]) {
        let plain = bare(word);
        if plain.chars().count() > 1 && plain.chars().all(char::is_uppercase) {
            names.push(plain.clone());
        }
        if capital(&plain) {
            run.push(plain);
        } else {
            if run.len() > 1 {
                names.push(run.join(" "));
            }
            run.clear();
            continue;
        }
        if word.ends_with([',', ';', ':', '.', ')']) {
            if run.len() > 1 {
                names.push(run.join(" "));
            }
            run.clear();
        }
    }
    names
}

/// `text`, in small letters, with `name` as it is written wherever it stands between words.
fn restored(text: &str, name: &str) -> String {
    let small = name.to_lowercase();
    if small.is_empty() || small == name {
        return text.to_owned();
    }
    let mut done = String::new();
    let mut rest = text;
    let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let folded = rest.to_lowercase();
    if folded.len() != rest.len() {
        return text.to_owned();
    }
    while let Some(at) = rest.to_lowercase().find(&small) {
        let (before, after) = (&rest[..at], &rest[at + small.len()..]);
        let whole = !inside(before.chars().next_back()) && !inside(after.chars().next());
        done.push_str(before);
        done.push_str(if whole { name } else { &rest[at..at + small.len()] });
        rest = after;
    }
    done + rest
}

/// Paragraphs, and items where a line begins with a dash. What it rests on stands as the layout has it, and numbered heads are
/// bold (Decree 30/2020/NĐ-CP, Annex I).
fn body(lines: &[String]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut heads = 0;
    for line in lines {
        let head = line.split_once(". ").and_then(|(number, head)| Some((number.parse::<usize>().ok()?, head)));
        if blocks.is_empty()
            && let Some((word, grounds)) = line.split_once(':').filter(|(word, _)| ["Căn cứ", "Under"].contains(word))
        {
            let grounds = grounds.split(';').map(|ground| format!("{word} {}", ground.trim().trim_end_matches('.')));
            blocks.push(Block::Basis(grounds.collect()));
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
