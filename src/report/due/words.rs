//! What falls due, in words that the command and the calendar share.

use serde_json::{Value, json};

use jiff::civil::Date;

use super::{Basis, Item, Past, SetAside, Standing};
use crate::message::{Lang, Message, message};
use crate::model::Text;
use crate::policy::cadences::Manner;
use crate::policy::levels;

/// A day as each language writes it.
#[must_use]
pub fn day(day: Date) -> Text {
    levels::day(day)
}

/// How a drill is carried out.
#[must_use]
pub fn manner(manner: Manner) -> Message {
    match manner {
        Manner::Tabletop => message!("due-manner-tabletop"),
        Manner::Lab => message!("due-manner-lab"),
        Manner::Technical => message!("due-manner-technical"),
        Manner::Live => message!("due-manner-live"),
    }
}

/// One or another.
#[must_use]
pub fn or(all: impl Iterator<Item = Message>) -> Message {
    all.reduce(|first, second| message!("due-or", first = first, second = second)).unwrap_or(message!("due-no-words"))
}

/// How it stands: `quá hạn 12 ngày`, `còn 3 ngày`.
#[must_use]
pub fn standing(item: &Item) -> Message {
    match item.standing {
        Standing::Overdue { days } => message!("due-overdue", days = days),
        Standing::Never => message!("due-never"),
        Standing::Left { days: 0 } => message!("due-today"),
        Standing::Left { days } => message!("due-left", days = days),
        Standing::Unset => message!("due-unset"),
    }
}

/// By when: the day, and the one before which the document says it.
#[must_use]
pub fn by(item: &Item) -> Option<Message> {
    let due = item.due?;
    Some(match due.tomorrow() {
        Ok(named) if item.before => message!("due-before", named = day(named), last = day(due)),
        _ => message!("due-on", last = day(due)),
    })
}

/// For which system, with its backup and level, or which playbook; nothing where it is the unit's.
#[must_use]
pub fn system(item: &Item) -> Option<Message> {
    let (id, name) = item.about()?;
    let id = item.part.as_ref().map_or_else(|| id.to_string(), |part| format!("{id}/{part}"));
    Some(match item.level {
        Some(level) => message!("due-system-level", name = name.clone(), id = id, level = level),
        None => message!("due-system", name = name.clone(), id = id),
    })
}

/// When it was last done, and what shows it.
#[must_use]
pub fn last(past: &Past) -> Message {
    let on = day(past.on);
    let record = past.seq.map(|seq| seq.to_string());
    match (&past.run, record, &past.document) {
        (None, Some(seq), Some(document)) if past.papers => {
            message!("due-last-papers-document", on = on, document = document.as_str(), seq = seq)
        }
        (None, Some(seq), None) if past.papers => message!("due-last-papers", on = on, seq = seq),
        (None, Some(seq), Some(document)) => {
            message!("due-last-issued", on = on, document = document.as_str(), seq = seq)
        }
        (Some(run), _, _) => message!("due-last-run", on = on, run = run.as_str()),
        (None, Some(seq), _) => message!("due-last-record", on = on, seq = seq),
        (None, None, Some(document)) => message!("due-last-document", on = on, document = document.as_str()),
        (None, None, None) => message!("due-last", on = on),
    }
}

/// Why it is to be done.
#[must_use]
pub fn basis(basis: Basis) -> Message {
    match basis {
        Basis::Law => message!("due-basis-law"),
        Basis::Adopted => message!("due-basis-adopted"),
        Basis::Own => message!("due-basis-own"),
        Basis::Awaited => message!("due-basis-awaited"),
        Basis::Recommended => message!("due-basis-recommended"),
    }
}

/// What else there is to say, a line each: what a page says, and where the program takes it from.
#[must_use]
pub fn lines(item: &Item) -> Vec<Message> {
    page_lines(item).into_iter().chain(item.hints.iter().cloned()).collect()
}

/// What else there is to say on a page that others read too: last time and period, last working day, basis, notes.
#[must_use]
pub fn page_lines(item: &Item) -> Vec<Message> {
    let mut lines = Vec::new();
    match (&item.last, item.months) {
        (Some(past), Some(months)) => lines.push(message!("due-last-every", last = last(past), months = months)),
        (Some(past), None) => lines.push(last(past)),
        (None, Some(months)) => lines.push(message!("due-every", months = months)),
        (None, None) => {}
    }
    lines.extend(item.work_by.map(|on| message!("due-work-by", on = day(on))));
    lines.push(match &item.citation {
        Some(citation) => message!("due-cited", basis = basis(item.basis), citation = citation.clone()),
        None => basis(item.basis),
    });
    lines.extend(item.notes.iter().cloned());
    if item.assumed {
        lines.push(message!("due-assumed"));
    }
    lines
}

/// The item as JSON: days as RFC 3339 dates, texts in `lang`.
#[must_use]
pub fn json(item: &Item, lang: Lang) -> Value {
    let name = item.about().map(|(_, name)| name.pick(lang));
    json!({
        "key": item.key, "title": item.title.render(lang),
        "system": item.system.as_ref().map(|(id, _)| id), "name": name, "backup": item.part, "playbook": item.playbook.as_ref().map(|(id, _)| id), "level": item.level,
        "basis": item.basis, "binds": item.binds(), "late": item.late(),
        "due": item.due, "before": item.before, "marks": item.marks, "work_by": item.work_by,
        "standing": item.standing, "last": item.last, "months": item.months,
        "citation": item.citation.as_ref().map(|citation| citation.pick(lang)),
        "notes": item.notes.iter().chain(&item.hints).map(|note| note.render(lang)).collect::<Vec<_>>(), "assumed": item.assumed,
    })
}

/// What was set aside, as JSON.
#[must_use]
pub fn aside(aside: &SetAside, lang: Lang) -> Value {
    json!({
        "key": aside.item.key, "title": aside.item.title.render(lang),
        "system": aside.item.system.as_ref().map(|(id, _)| id), "because": aside.because.pick(lang),
    })
}
