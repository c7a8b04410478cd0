//! What stands apart: a run that counts for nothing, the chair's conclusion, persons' signatures, the course of events, what
//! was entered late or corrected, and what came after a signature or the end. For the page and for Markdown.

use super::labels::{self, say};
use super::markdown::{cell, plain};
use super::page::Page;
use super::sections::{columns, end, heading, refs};
use crate::message::{Message, message};
use crate::model::record::Verdict;
use crate::model::{Basis, Lang, RunKind};
use crate::report::{ChangeKind, ChangeRow, Report, course, gather};

/// ` (theo lời kể)` for a moment that the machine did not see come.
pub(in crate::report) fn known_from(basis: Option<Basis>, lang: Lang) -> String {
    match basis {
        None | Some(Basis::Machine) => String::new(),
        Some(Basis::Console) => format!(" ({})", say(&message!("report-basis-entered"), lang)),
        Some(basis) => format!(" ({})", say(&labels::basis(basis), lang)),
    }
}

/// As [`known_from`], where only the ground is known.
pub(super) fn retold(basis: Basis, lang: Lang) -> String {
    known_from(Some(basis).filter(|basis| *basis != Basis::Console), lang)
}

/// As [`known_from`], of both ends of a duration.
pub(super) fn between(from: Option<Basis>, to: Option<Basis>, lang: Lang) -> String {
    match (from, to) {
        (Some(from), Some(to)) if from != to => {
            format!("{}{}", known_from(Some(from), lang), known_from(Some(to), lang))
        }
        (from, to) => known_from(from.or(to), lang),
    }
}

/// What is said before everything else of a run that counts for nothing.
pub(super) fn voided(report: &Report, lang: Lang) -> Option<String> {
    let voided = report.voided.as_ref()?;
    let text =
        say(&message!("report-voided", run = report.run.id.as_str(), who = report.called(&voided.by, lang)), lang);
    Some(voided.because.as_ref().map_or(text.clone(), |words| format!("{text}: {words}")))
}

/// The chair's conclusion in one line, or that there is none.
pub(super) fn conclusion(report: &Report, lang: Lang) -> String {
    let Some(said) = &report.conclusion else { return say(&message!("report-no-conclusion"), lang) };
    let verdict = match said.verdict {
        Verdict::Passed => message!("report-result-passed"),
        Verdict::Failed => message!("report-result-failed"),
    };
    let at = format!("{}{}", labels::stamp(&said.at, lang), known_from(said.basis, lang));
    let text =
        say(&message!("report-concluded", verdict = verdict, who = report.called(&said.by, lang), at = at), lang);
    said.because.as_ref().map_or(text.clone(), |words| format!("{text}: {words}"))
}

/// The name of what is particular about a record.
pub(super) fn kind(kind: ChangeKind) -> Message {
    match kind {
        ChangeKind::Late => message!("report-change-late"),
        ChangeKind::Retold => message!("report-change-retold"),
        ChangeKind::ForAnother => message!("report-change-for-another"),
        ChangeKind::Corrected => message!("report-change-corrected"),
        ChangeKind::Redacted => message!("report-change-redacted"),
        ChangeKind::AfterEnd => message!("report-change-after-end"),
        ChangeKind::AfterSignature => message!("report-change-after-signature"),
    }
}

/// What a change is, for people: the record's type, what is particular about it, and for a correction the field and both
/// values.
#[must_use]
pub fn change(row: &ChangeRow, lang: Lang) -> String {
    // A correction is one by its type already.
    let said = |it: &&ChangeKind| !matches!(it, ChangeKind::Corrected | ChangeKind::Redacted);
    let kinds = row.kinds.iter().filter(said).map(|it| say(&kind(*it), lang));
    let record = say(&labels::record(&row.kind), lang);
    let mut text = std::iter::once(record).chain(kinds).collect::<Vec<_>>().join(", ");
    if let Some(it) = &row.correction {
        let (was, is) = (gather::shown(it.was.as_deref(), lang), gather::shown(it.is.as_deref(), lang));
        text.push_str(&format!("; #{} {}: {was} → {is}", it.seq, it.field));
    }
    if let Some(count) = row.redacted {
        text.push_str(&format!("; {count}"));
    }
    text
}

/// Who, with who entered it.
fn changed_by(report: &Report, row: &ChangeRow, lang: Lang) -> String {
    let by = row.by.as_ref().map(|by| say(&message!("report-entered-by", by = report.called(by, lang)), lang));
    format!("{}{}", report.called(&row.actor, lang), by.unwrap_or_default())
}

fn later(report: &Report) -> Vec<&ChangeRow> {
    let is = |row: &&ChangeRow| row.is(ChangeKind::AfterEnd) || row.is(ChangeKind::AfterSignature);
    report.changes.iter().filter(is).collect()
}

fn row_cells(report: &Report, row: &ChangeRow, lang: Lang) -> [String; 7] {
    [
        format!("#{}", row.seq),
        labels::stamp(&row.written, lang),
        labels::optional(row.occurred.as_ref(), lang),
        changed_by(report, row, lang),
        say(&labels::basis(row.basis), lang),
        change(row, lang),
        row.because.clone().unwrap_or_else(|| "–".to_owned()),
    ]
}

fn change_columns() -> [Message; 7] {
    [
        message!("report-column-record"),
        message!("report-column-written"),
        message!("report-column-occurred"),
        message!("report-column-actor"),
        message!("report-column-basis"),
        message!("report-column-change"),
        message!("report-column-reason"),
    ]
}

/// The banner of a run that counts for nothing.
pub(super) fn banner(page: &mut Page, report: &Report, lang: Lang) {
    if let Some(text) = voided(report, lang) {
        let class = match report.run.kind {
            RunKind::Drill => "banner drill",
            RunKind::Incident => "banner incident",
        };
        page.classed("p", class, &text);
    }
}

/// The course of events, what was changed, and what came later.
pub(super) fn sections(page: &mut Page, report: &Report, lang: Lang) {
    let text = |message: Message| say(&message, lang);
    heading(page, &text(message!("report-events")));
    columns(
        page,
        &[
            ("", text(message!("report-column-occurred"))),
            ("", text(message!("report-column-actor"))),
            ("", text(message!("report-column-event"))),
        ],
    );
    for line in course::lines(report, lang, &|who| report.called(who, lang), labels::moment) {
        page.raw("<tr>").classed("td", "nowrap", &line.at).element("td", &line.who).raw("<td>").text(&line.what);
        refs(page, &line.records);
        page.raw("</td></tr>");
    }
    page.raw("</tbody></table>");
    end(page);
    if !report.signatures.is_empty() {
        heading(page, &text(message!("report-signatures")));
        page.raw("<ul>");
        for row in &report.signatures {
            page.raw("<li>").text(&signature(report, row, lang)).raw(" ").element("code", &row.key);
            refs(page, &row.records);
            page.raw("</li>");
        }
        page.raw("</ul>");
        end(page);
    }
    for (title, rows) in
        [(message!("report-changes"), report.changes.iter().collect()), (message!("report-later"), later(report))]
    {
        if rows.is_empty() {
            continue;
        }
        heading(page, &text(title));
        let names: Vec<(&str, String)> = change_columns().map(|column| ("", text(column))).into();
        columns(page, &names);
        for row in rows {
            page.raw("<tr>");
            for cell in row_cells(report, row, lang) {
                page.element("td", &cell);
            }
            page.raw("</tr>");
        }
        page.raw("</tbody></table>");
        end(page);
    }
}

fn signature(report: &Report, row: &crate::report::SignatureRow, lang: Lang) -> String {
    let at = labels::stamp(&row.at, lang);
    let who = report.called(&row.by, lang);
    let standing = say(&labels::signature(row.standing, &who), lang);
    say(&message!("report-signature", who = who, at = at, size = row.size.to_string(), standing = standing), lang)
}

/// As [`sections`], as Markdown.
pub(super) fn markdown(report: &Report, lang: Lang) -> String {
    let text = |message: Message| say(&message, lang);
    let mut out = format!("\n## {}\n\n", text(message!("report-events")));
    for line in course::lines(report, lang, &|who| report.called(who, lang), labels::moment) {
        let (who, what) = (plain(&line.who), plain(&line.what));
        out.push_str(&format!("- {} {who}: {what} {}\n", line.at, labels::records(&line.records)));
    }
    if !report.signatures.is_empty() {
        out.push_str(&format!("\n## {}\n\n", text(message!("report-signatures"))));
        for row in &report.signatures {
            let refs = labels::records(&row.records);
            out.push_str(&format!("- {} {} {refs}\n", plain(&signature(report, row, lang)), plain(&row.key)));
        }
    }
    for (title, rows) in
        [(message!("report-changes"), report.changes.iter().collect()), (message!("report-later"), later(report))]
    {
        if rows.is_empty() {
            continue;
        }
        out.push_str(&format!("\n## {}\n\n", text(title)));
        let names: Vec<String> = change_columns().map(text).into();
        out.push_str(&format!("| {} |\n|{}\n", names.join(" | "), " --- |".repeat(names.len())));
        for row in rows {
            let cells: Vec<String> = row_cells(report, row, lang).iter().map(|text| cell(text)).collect();
            out.push_str(&format!("| {} |\n", cells.join(" | ")));
        }
    }
    out
}
