//! The tables of copies, figures, people and records.

use super::labels::{self, say};
use super::page::Page;
use super::people::{handover, part, tenure};
use super::sections::{columns, end, heading, refs, step_name};
use crate::message::{format, message};
use crate::model::Lang;
use crate::report::Report;

/// Backups and figures.
pub(super) fn data(page: &mut Page, report: &Report, lang: Lang) {
    let text = |message: crate::message::Message| say(&message, lang);
    if !report.backups.is_empty() {
        heading(page, &text(message!("report-backups")));
        columns(
            page,
            &[
                ("", text(message!("report-column-copy"))),
                ("", text(message!("report-column-sealed"))),
                ("", text(message!("report-column-fate"))),
                ("", text(message!("report-column-why"))),
            ],
        );
        for backup in &report.backups {
            let path = backup.path.clone().unwrap_or_else(|| text(message!("report-redacted")));
            page.raw("<tr><td>").element("code", &path);
            refs(page, &backup.records);
            let sealed = backup.sealed_at.as_ref().map(|at| match at.parse() {
                Ok(at) => labels::stamp(&at, lang),
                Err(_) => at.clone(),
            });
            page.raw("</td>").element("td", sealed.as_deref().unwrap_or("–"));
            page.element("td", &text(labels::fate(backup.fate))).raw("<td>");
            for line in why(backup, lang) {
                page.raw("<div>").text(&line).raw("</div>");
            }
            page.raw("</td></tr>");
        }
        page.raw("</tbody></table>");
        end(page);
    }
    if !report.figures.is_empty() {
        heading(page, &text(message!("report-figures")));
        columns(
            page,
            &[
                ("", text(message!("report-column-step"))),
                ("", text(message!("report-column-name"))),
                ("", text(message!("report-column-value"))),
            ],
        );
        for figure in &report.figures {
            page.raw("<tr>").element("td", &step_name(report, &figure.step, &figure.records, lang));
            page.raw("<td>").element("code", &figure.name).raw("</td><td>");
            page.text(&figure.value.clone().unwrap_or_else(|| text(message!("report-redacted"))));
            refs(page, &figure.records);
            page.raw("</td></tr>");
        }
        page.raw("</tbody></table>");
        end(page);
    }
}

/// What there is to say of a copy, a line each.
pub(super) fn why(backup: &crate::report::BackupRow, lang: Lang) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(word) = &backup.why {
        lines.push(say(&labels::rejected(word), lang));
    }
    if backup.count > 0 {
        lines.push(say(&message!("report-differences", count = format::number(backup.count, lang)), lang));
    }
    for (kind, path) in backup.findings.iter().take(5) {
        lines.push(format!("{}: {path}", say(&labels::difference(kind), lang)));
    }
    let shown = u64::try_from(backup.findings.len().min(5)).unwrap_or(0);
    if shown > 0 && backup.count > shown {
        let more = format::number(backup.count - shown, lang);
        lines.push(say(&message!("report-and-more", count = more), lang));
    }
    if let Some(checked) = backup.checked {
        let bytes = backup.bytes.map_or_else(|| "–".to_owned(), |bytes| format::bytes(bytes, lang));
        let unchecked = format::number(backup.unchecked.unwrap_or(0), lang);
        let files = format::number(checked, lang);
        lines.push(say(&message!("report-checked", files = files, bytes = bytes, unchecked = unchecked), lang));
    }
    lines
}

pub(super) fn people(page: &mut Page, report: &Report, lang: Lang) {
    let text = |message: crate::message::Message| say(&message, lang);
    heading(page, &text(message!("report-people")));
    if report.people.is_empty() {
        page.classed("p", "none", &text(message!("report-nobody")));
    } else {
        columns(
            page,
            &[
                ("", text(message!("report-column-person"))),
                ("", text(message!("report-column-role"))),
                ("n", text(message!("report-column-count"))),
            ],
        );
        for person in &report.people {
            page.raw("<tr><td>");
            if let Some(name) = &person.name {
                page.text(name).raw(" ");
            }
            page.element("code", person.id.as_str());
            refs(page, &person.records);
            page.raw("</td>").element("td", &part(person, lang));
            page.classed("td", "n", &person.count.to_string()).raw("</tr>");
        }
        page.raw("</tbody></table>");
    }
    if !report.roles.is_empty() || !report.handovers.is_empty() {
        page.element("h3", &text(message!("report-roles"))).raw("<ul>");
        for row in &report.roles {
            page.raw("<li>").text(&tenure(report, row, lang));
            refs(page, &row.records);
            page.raw("</li>");
        }
        for row in &report.handovers {
            page.raw("<li>").text(&handover(report, row, lang).join("; "));
            refs(page, &row.records);
            page.raw("</li>");
        }
        page.raw("</ul>");
    }
    if !report.pauses.is_empty() {
        page.element("h3", &text(message!("report-pauses"))).raw("<ul>");
        for pause in &report.pauses {
            page.raw("<li>").text(&labels::moment(report, &pause.from, lang)).raw(" – ");
            page.text(&labels::moment_or_none(report, pause.to.as_ref(), lang)).raw(": ").text(pause.cause.pick(lang));
            refs(page, &pause.records);
            page.raw("</li>");
        }
        page.raw("</ul>");
    }
    page.raw("<p>").raw("<b>").text(&text(message!("report-keep-running"))).raw("</b> ");
    page.text(report.run.keep_running.pick(lang)).raw("</p>");
    end(page);
}

pub(super) fn log(page: &mut Page, report: &Report, lang: Lang) {
    let text = |message: crate::message::Message| say(&message, lang);
    heading(page, &text(message!("report-log")));
    page.raw("<div class=\"log\">");
    columns(
        page,
        &[
            ("n", "#".to_owned()),
            ("", text(message!("report-column-written"))),
            ("", text(message!("report-column-actor"))),
            ("", text(message!("report-column-type"))),
            ("", text(message!("report-column-step"))),
        ],
    );
    for row in &report.log {
        page.raw("<tr>").classed("td", "n", &row.seq.to_string());
        page.raw("<td class=\"nowrap\">").text(&labels::moment(report, &row.at, lang));
        if let Some(occurred) = &row.occurred {
            let text = text(message!("report-occurred", at = labels::moment(report, occurred, lang)));
            page.raw("<br>").classed("span", "soft small", &text);
        }
        page.raw("</td><td>").text(row.actor.as_str());
        if let Some(by) = &row.by {
            page.text(&text(message!("report-entered-by", by = by.as_str())));
        }
        page.raw(" ").classed("span", "soft small", &text(labels::basis(row.basis))).raw("</td><td>");
        page.element("code", &row.kind).raw("</td><td>");
        page.text(row.step.as_ref().map_or("", |step| step.as_str())).raw("</td></tr>");
    }
    page.raw("</tbody></table></div>");
    end(page);
}
