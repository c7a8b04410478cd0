//! A drill as an exercise, for the page and for Markdown: both print the same blocks.

use super::labels::{self, say};
use super::markdown::{cell, plain};
use super::page::Page;
use super::sections::{columns, end, heading, refs};
use crate::message::{Message, format, message};
use crate::model::{Actor, Lang};
use crate::report::planned::part_word;
use crate::report::{ExercisePart, InjectRow, ParticipantRow, Report, Score};

/// What is printed under one heading.
struct Block {
    title: String,
    /// Names and values, before the table.
    facts: Vec<(String, String, Vec<u64>)>,
    columns: Vec<String>,
    rows: Vec<(Vec<String>, Vec<u64>)>,
    /// A line after it.
    note: Option<String>,
}

impl Block {
    fn new(title: &Message, columns: &[Message], lang: Lang) -> Self {
        let columns = columns.iter().map(|column| say(column, lang)).collect();
        Self { title: say(title, lang), facts: Vec::new(), columns, rows: Vec::new(), note: None }
    }
}

/// The sections of the page.
pub(super) fn html(page: &mut Page, report: &Report, lang: Lang) {
    for block in blocks(report, lang) {
        heading(page, &block.title);
        if !block.facts.is_empty() {
            page.raw("<dl>");
            for (name, value, records) in &block.facts {
                page.element("dt", name).raw("<dd>").text(value);
                refs(page, records);
                page.raw("</dd>");
            }
            page.raw("</dl>");
        }
        if !block.rows.is_empty() {
            let names: Vec<(&'static str, String)> = block.columns.iter().map(|name| ("", name.clone())).collect();
            columns(page, &names);
            for (cells, records) in &block.rows {
                page.raw("<tr>");
                for (number, text) in cells.iter().enumerate() {
                    page.raw("<td>").text(text);
                    if number == 0 {
                        refs(page, records);
                    }
                    page.raw("</td>");
                }
                page.raw("</tr>");
            }
            page.raw("</tbody></table>");
        }
        if let Some(note) = &block.note {
            page.classed("p", "soft small", note);
        }
        end(page);
    }
}

/// The same in Markdown.
pub(super) fn markdown(report: &Report, lang: Lang) -> String {
    let mut text = String::new();
    for block in blocks(report, lang) {
        text.push_str(&format!("\n## {}\n\n", plain(&block.title)));
        for (name, value, records) in &block.facts {
            text.push_str(&format!("- {}: {} {}", plain(name), plain(value), labels::records(records)));
            text.truncate(text.trim_end().len());
            text.push('\n');
        }
        if !block.rows.is_empty() {
            if !block.facts.is_empty() {
                text.push('\n');
            }
            let names: Vec<String> = block.columns.iter().map(|name| cell(name)).collect();
            text.push_str(&format!("| {} |\n|{}\n", names.join(" | "), " --- |".repeat(names.len())));
            for (cells, records) in &block.rows {
                let mut cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
                if let Some(first) = cells.first_mut().filter(|_| !records.is_empty()) {
                    first.push(' ');
                    first.push_str(&labels::records(records));
                }
                text.push_str(&format!("| {} |\n", cells.join(" | ")));
            }
        }
        if let Some(note) = &block.note {
            text.push_str(&format!("\n{}\n", plain(note)));
        }
    }
    text
}

fn blocks(report: &Report, lang: Lang) -> Vec<Block> {
    let Some(part) = &report.exercise else { return Vec::new() };
    let mut all = Vec::new();
    if part.date.is_some() {
        all.push(planned(part, report, lang));
        all.push(participants(part, lang));
    } else if let Some(word) = &part.stop_word {
        let mut block = Block::new(&message!("report-exercise-plan"), &[], lang);
        block.facts.push(stop_word(word, report, lang));
        all.push(block);
    }
    if !part.injects.is_empty() || part.hidden > 0 || part.script.is_some() {
        all.push(injects(part, report, lang));
    }
    if !part.evaluators.is_empty() {
        all.push(scores(part, lang));
    }
    if !part.attack_actions.is_empty() {
        all.push(attacks(part, report, lang));
    }
    all
}

fn stop_word(word: &crate::report::StopWordRow, report: &Report, lang: Lang) -> (String, String, Vec<u64>) {
    let at = labels::moment(report, &word.at, lang);
    let mut value = say(&message!("report-stop-word-said", at = at, who = word.who.as_str()), lang);
    if let Some(because) = &word.because {
        value = format!("{value}: {because}");
    }
    (say(&message!("report-stop-word"), lang), value, word.records.clone())
}

fn planned(part: &ExercisePart, report: &Report, lang: Lang) -> Block {
    let mut block = Block::new(&message!("report-exercise-plan"), &[], lang);
    let none = say(&message!("report-exercise-unknown"), lang);
    let mut fact = |name: Message, value: Option<String>| {
        block.facts.push((say(&name, lang), value.unwrap_or_else(|| none.clone()), Vec::new()));
    };
    let plan = part.plan.as_ref().map(|plan| {
        let (number, date) = (plan.number.as_str(), format::day(&plan.date, lang));
        say(&message!("report-exercise-plan-document", number = number, date = date), lang)
    });
    fact(message!("report-exercise-document"), plan);
    fact(message!("report-exercise-date"), part.date.as_deref().map(|date| format::day(date, lang)));
    fact(message!("report-exercise-approver"), part.approver.as_ref().map(|text| text.pick(lang).to_owned()));
    fact(message!("report-exercise-place"), part.place.as_ref().map(|text| text.pick(lang).to_owned()));
    if let Some(live) = &part.live {
        let names = [
            message!("report-live-aims"),
            message!("report-live-players"),
            message!("report-live-tools"),
            message!("report-live-extent"),
            message!("report-live-time"),
        ];
        for (name, (_, value)) in names.into_iter().zip(live.fields()) {
            fact(name, Some(value.pick(lang).to_owned()));
        }
        fact(message!("report-live-commitment"), live.commitment.clone());
    }
    if let Some(word) = &part.stop_word {
        block.facts.push(stop_word(word, report, lang));
    }
    block
}

fn participants(part: &ExercisePart, lang: Lang) -> Block {
    let columns = [
        message!("report-column-number"),
        message!("report-column-full-name"),
        message!("report-column-unit"),
        message!("report-column-part"),
    ];
    let mut block = Block::new(&message!("report-participants"), &columns, lang);
    for one in &part.participants {
        let unit = one.unit.as_ref().map_or("–", |unit| unit.pick(lang)).to_owned();
        let cells = vec![one.number.to_string(), name(one, lang), unit, say(&part_word(one.part), lang)];
        block.rows.push((cells, Vec::new()));
    }
    if part.participants.is_empty() {
        block.note = Some(say(&message!("report-exercise-unknown"), lang));
    }
    block
}

fn name(one: &ParticipantRow, lang: Lang) -> String {
    match (&one.name, &one.person) {
        (Some(name), Some(id)) => format!("{} ({id})", name.pick(lang)),
        (Some(name), None) => say(&message!("report-without-account", name = name.pick(lang)), lang),
        (None, id) => id.as_ref().map(Actor::to_string).unwrap_or_default(),
    }
}

fn injects(part: &ExercisePart, report: &Report, lang: Lang) -> Block {
    let columns = [
        message!("report-column-number"),
        message!("report-column-planned"),
        message!("report-column-delivered"),
        message!("report-column-role"),
        message!("report-column-inject"),
        message!("report-column-expected"),
    ];
    let mut block = Block::new(&message!("report-injects"), &columns, lang);
    if let Some(script) = &part.script {
        let value = match &script.revealed {
            Some(at) => {
                let at = labels::moment(report, at, lang);
                message!("report-script-revealed", digest = script.digest.to_string(), at = at)
            }
            None => message!("report-script-not-revealed", digest = script.digest.to_string()),
        };
        block.facts.push((say(&message!("report-script"), lang), say(&value, lang), script.records.clone()));
    }
    for inject in &part.injects {
        let planned = inject.planned_s.map_or_else(|| "–".to_owned(), |planned| labels::seconds(planned, lang));
        let or_none = |text: &Option<crate::model::Text>| {
            text.as_ref().map_or_else(|| "–".to_owned(), |text| text.pick(lang).to_owned())
        };
        let to = inject.to.as_ref().map_or_else(|| say(&message!("report-to-all"), lang), ToString::to_string);
        let text = match &inject.text {
            Some(text) => text.pick(lang).to_owned(),
            None => say(&message!("report-redacted"), lang),
        };
        let delivered = delivered(inject, report, lang);
        let cells = vec![inject.number.to_string(), planned, delivered, to, text, or_none(&inject.expect)];
        block.rows.push((cells, inject.records.clone()));
    }
    if part.hidden > 0 {
        block.note = Some(say(&message!("report-injects-hidden", count = part.hidden), lang));
    }
    block
}

/// When a situation was delivered, how long after the start, and by whom.
fn delivered(inject: &InjectRow, report: &Report, lang: Lang) -> String {
    let Some(at) = &inject.delivered else { return say(&message!("report-not-delivered"), lang) };
    let at = labels::moment(report, at, lang);
    let who = match &inject.by {
        Some(who) if *who != Actor::engine() => who.to_string(),
        _ => say(&message!("report-by-program"), lang),
    };
    match inject.delivered_s {
        Some(after) => {
            say(&message!("report-delivered-after", at = at, after = labels::seconds(after, lang), who = who), lang)
        }
        None => say(&message!("report-delivered", at = at, who = who), lang),
    }
}

fn scores(part: &ExercisePart, lang: Lang) -> Block {
    let mut block = Block::new(&message!("report-scores"), &[message!("report-column-objective")], lang);
    block.columns.extend(part.evaluators.iter().map(|one| one.said(lang)));
    for row in &part.scores {
        let mut cells = vec![row.title.pick(lang).to_owned()];
        cells.extend(row.scores.iter().map(|score| score_words(score.as_ref(), lang)));
        let records = row.scores.iter().flatten().flat_map(|score| score.records.iter().copied()).collect();
        block.rows.push((cells, records));
    }
    block.note = Some(say(&message!("report-scores-note"), lang));
    block
}

fn score_words(score: Option<&Score>, lang: Lang) -> String {
    let Some(score) = score else { return say(&message!("report-not-scored"), lang) };
    let because = score.because.clone().unwrap_or_else(|| say(&message!("report-redacted"), lang));
    format!("{} – {because}", score.rating.word())
}

fn attacks(part: &ExercisePart, report: &Report, lang: Lang) -> Block {
    let columns = [
        message!("report-column-at"),
        message!("report-column-who"),
        message!("report-column-attack"),
        message!("report-column-system"),
        message!("report-column-tool"),
        message!("report-column-extent"),
    ];
    let mut block = Block::new(&message!("report-attacks"), &columns, lang);
    let or_none = |text: Option<&str>| text.unwrap_or("–").to_owned();
    for action in &part.attack_actions {
        let what = action.what.clone().unwrap_or_else(|| say(&message!("report-redacted"), lang));
        let cells = vec![
            labels::moment(report, &action.at, lang),
            action.who.to_string(),
            what,
            or_none(action.system.as_ref().map(crate::model::Name::as_str)),
            or_none(action.tool.as_deref()),
            or_none(action.extent.as_deref()),
        ];
        block.rows.push((cells, action.records.clone()));
    }
    block
}
