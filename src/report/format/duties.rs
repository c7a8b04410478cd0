//! The duties to notify and report: for the page and for Markdown.

use super::changes;
use super::labels::{self, say};
use super::markdown::cell;
use super::page::Page;
use super::sections::{columns, end, heading, refs};
use crate::message::{Message, message};
use crate::model::{Lang, Text};
use crate::policy::duties::{self, State, Timing};
use crate::report::{DutyPart, DutyRow, Report, SentRow};

/// What stands over the table: that it is simulated, how serious is defined, what the unit changed, what could not be read.
fn notes(part: &DutyPart, lang: Lang) -> Vec<String> {
    let mut notes = Vec::new();
    if part.simulated {
        notes.push(say(&duties::banner(), lang));
    }
    if let Some(definition) = &part.serious_definition {
        notes.push(say(&message!("report-duty-definition", text = definition.clone()), lang));
    }
    for changed in &part.overridden {
        let by = changed.by.as_str();
        let title: Text = changed.title.clone();
        notes.push(say(&message!("report-duty-overridden", duty = changed.id.as_str(), title = title, by = by), lang));
    }
    for file in &part.unread {
        notes.push(say(&message!("report-duty-unread", file = file.as_str()), lang));
    }
    notes
}

/// Who sent what to whom, when, under which number.
fn sent(sent: &SentRow, lang: Lang) -> String {
    let at = format!("{}{}", labels::stamp(&sent.at, lang), changes::retold(sent.basis, lang));
    let mut text = say(&message!("report-duty-sent", by = sent.by.as_str(), at = at), lang);
    let mut add = |message: Message| {
        text.push_str("; ");
        text.push_str(&say(&message, lang));
    };
    if let Some(number) = &sent.number {
        add(message!("report-duty-number", number = number.as_str()));
    }
    if let Some(to) = &sent.to {
        add(message!("report-duty-sent-to", to = to.as_str()));
    } else if !sent.roles.is_empty() {
        let roles: Vec<&str> = sent.roles.iter().map(crate::model::Id::as_str).collect();
        add(message!("report-duty-sent-to", to = roles.join(", ")));
    }
    if let Some(receipt) = &sent.receipt {
        add(message!("report-duty-receipt", digest = receipt.to_string()));
    }
    text
}

fn class_of(row: &DutyRow) -> &'static str {
    match &row.row.state {
        State::Late { .. } | State::Done { timing: Timing::Late(_), .. } | State::NotApplying { lapsed: true, .. } => {
            "bad-word"
        }
        State::Done { .. } => "good-word",
        State::Waiting { .. } | State::Due { .. } => "warn-word",
        State::NotStarted | State::NotApplying { .. } => "soft",
    }
}

fn cites(row: &DutyRow, lang: Lang) -> String {
    let cites: Vec<String> = row.row.cites.iter().map(|cited| say(&duties::citation(cited), lang)).collect();
    cites.join("; ")
}

fn to(row: &DutyRow, lang: Lang) -> String {
    if row.row.to.is_empty() {
        return "–".to_owned();
    }
    row.row.to.iter().map(|to| to.name.pick(lang)).collect::<Vec<_>>().join("; ")
}

pub(super) fn html(page: &mut Page, report: &Report, lang: Lang) {
    let Some(part) = &report.duties else { return };
    let text = |message: Message| say(&message, lang);
    heading(page, &text(message!("report-duties")));
    for note in notes(part, lang) {
        page.classed("p", "soft small", &note);
    }
    columns(
        page,
        &[
            ("", text(message!("report-column-duty"))),
            ("", text(message!("report-column-to-whom"))),
            ("", text(message!("report-column-due"))),
            ("", text(message!("report-column-standing"))),
        ],
    );
    for row in &part.rows {
        page.raw("<tr><td>").text(row.row.title.pick(lang)).raw("<br>");
        page.classed("span", "soft small", &cites(row, lang));
        for line in duties::unsure(&row.row) {
            page.raw("<br>").classed("span", "soft small", &say(&line, lang));
        }
        page.raw("</td>").element("td", &to(row, lang));
        page.raw("<td>").text(&labels::optional(row.row.due.as_ref(), lang)).raw("<br>");
        page.classed("span", "soft small", &say(&duties::limit(&row.row), lang)).raw("</td><td>");
        page.classed("span", class_of(row), &say(&duties::standing(&row.row), lang));
        for one in &row.sent {
            page.raw("<br>").text(&sent(one, lang));
            refs(page, &one.records);
        }
        page.raw("</td></tr>");
    }
    page.raw("</tbody></table>");
    for one in &part.sent_besides {
        page.raw("<p class=\"small\">").text(one.notice.as_str()).raw(": ").text(&sent(one, lang));
        refs(page, &one.records);
        page.raw("</p>");
    }
    end(page);
}

pub(super) fn markdown(report: &Report, lang: Lang) -> String {
    let Some(part) = &report.duties else { return String::new() };
    let say = |message: &Message| cell(&say(message, lang));
    let mut lines = vec![String::new(), format!("## {}", say(&message!("report-duties"))), String::new()];
    for note in notes(part, lang) {
        lines.push(cell(&note));
        lines.push(String::new());
    }
    let names = [
        message!("report-column-duty"),
        message!("report-column-to-whom"),
        message!("report-column-due"),
        message!("report-column-standing"),
    ];
    lines.push(format!("| {} |", names.iter().map(say).collect::<Vec<_>>().join(" | ")));
    lines.push(format!("|{}", " --- |".repeat(names.len())));
    for row in &part.rows {
        let mut what = vec![cell(row.row.title.pick(lang)), cell(&cites(row, lang))];
        what.extend(duties::unsure(&row.row).iter().map(say));
        let due = format!("{}<br>{}", labels::optional(row.row.due.as_ref(), lang), say(&duties::limit(&row.row)));
        let mut standing = vec![say(&duties::standing(&row.row))];
        standing
            .extend(row.sent.iter().map(|one| format!("{} {}", cell(&sent(one, lang)), labels::records(&one.records))));
        let cells = [what.join("<br>"), cell(&to(row, lang)), due, standing.join("<br>")];
        lines.push(format!("| {} |", cells.join(" | ")));
    }
    for one in &part.sent_besides {
        let text = cell(&sent(one, lang));
        lines.push(format!("\n- {}: {text} {}", cell(one.notice.as_str()), labels::records(&one.records)));
    }
    lines.push(String::new());
    lines.join("\n")
}
