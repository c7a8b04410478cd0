//! Roles and handovers, line by line: for the page and for Markdown.

use std::time::Duration;

use super::changes::known_from;
use super::labels::{self, say};
use crate::message::{format, message};
use crate::model::Lang;
use crate::report::{HandoverRow, Person, Report, TenureRow};

/// A person's last role, and how their part in it ended.
pub(super) fn part(person: &Person, lang: Lang) -> String {
    let words = [&person.role_title, &person.part].into_iter().flatten().map(|text| text.pick(lang));
    let words: Vec<&str> = words.collect();
    if words.is_empty() { "–".to_owned() } else { words.join("; ") }
}

/// `Trực: lan, 02:15 – 06:00 (theo people.yaml)`.
pub(super) fn tenure(report: &Report, row: &TenureRow, lang: Lang) -> String {
    let from = labels::moment(report, &row.from, lang) + &known_from(row.basis, lang);
    let to = row.to.as_ref().map_or_else(|| "…".to_owned(), |to| labels::moment(report, to, lang));
    let (title, how) = (row.title.clone(), row.how.clone());
    say(&message!("report-tenure", role = title, who = row.who.as_str(), from = from, to = to, how = how), lang)
}

/// An offer, what became of it, and what was open then.
pub(super) fn handover(report: &Report, row: &HandoverRow, lang: Lang) -> Vec<String> {
    let at = labels::moment(report, &row.offered, lang);
    let answered = row.answered.as_ref().map_or_else(String::new, |at| labels::moment(report, at, lang));
    let (role, from, to) = (row.title.clone(), row.from.as_str(), row.to.as_str());
    let first = match row.taken {
        Some(true) => {
            message!("report-handover-taken", role = role, from = from, to = to, at = at, answered = answered)
        }
        Some(false) if row.withdrawn => {
            message!("report-handover-withdrawn", role = role, from = from, to = to, at = at, answered = answered)
        }
        Some(false) => {
            message!("report-handover-declined", role = role, from = from, to = to, at = at, answered = answered)
        }
        None => {
            let age = format::duration(Duration::from_secs(row.waited_s.unwrap_or(0)), lang);
            message!("report-handover-open", role = role, from = from, to = to, at = at, age = age)
        }
    };
    let mut first = say(&first, lang);
    if let Some(because) = &row.because {
        first = format!("{first}: {because}");
    }
    let open = row.open.iter().flat_map(|open| open.pick(lang).lines()).map(str::to_owned);
    std::iter::once(first).chain(open).collect()
}
