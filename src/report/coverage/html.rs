//! The table as a page that prints on A4, the long side across.

use super::{Cell, Coverage, FAMILIES, PlanCell, SystemCoverage, words};
use crate::inventory::table::day;
use crate::message::{Message, message};
use crate::model::Lang;
use crate::report::format::page::Page;

/// The table as one HTML page: style inside, no script, nothing fetched.
#[must_use]
pub fn html(coverage: &Coverage, lang: Lang) -> String {
    let say = |message: Message| message.render(lang);
    let title = say(message!("coverage-title"));
    let mut page = Page::begin(lang, &title, include_str!("coverage.css"));
    if coverage.ledger.as_ref().is_some_and(|standing| standing.ok != Some(true)) {
        // Only a text of ours stands here: a quote would end the CSS string.
        page.raw("@page { @top-right { content: \"").text(&say(message!("report-margin-fails"))).raw("\"; } }\n");
    }
    page.body().element("h1", &title);
    if let Some(unit) = &coverage.unit {
        page.element("p", unit);
    }
    page.element("p", &say(message!("coverage-on", day = day(coverage.on, lang))));
    let fails = coverage.ledger.as_ref().is_some_and(|standing| standing.ok != Some(true));
    page.classed("p", if fails { "grave" } else { "soft" }, &say(words::standing(coverage, lang)));
    page.element("p", &say(words::totals(coverage)));
    page.raw("<table>\n<thead><tr>").element("th", &say(message!("cli-playbook-system")));
    for family in FAMILIES {
        page.element("th", &say(words::family(family)));
    }
    page.raw("</tr></thead>\n<tbody>\n");
    for system in &coverage.systems {
        row(&mut page, system, lang);
    }
    if !coverage.general.is_empty() {
        page.raw("<tr>").element("th", &say(message!("coverage-general")));
        cells(&mut page, &coverage.general, lang);
    }
    page.raw("</tbody></table>\n");
    for note in &coverage.left_out {
        page.element("p", note);
    }
    page.classed("p", "soft", &say(message!("coverage-note"))).raw("\n");
    page.finish()
}

fn row(page: &mut Page, system: &SystemCoverage, lang: Lang) {
    page.raw("<tr><th scope=\"row\">").text(system.name.pick(lang)).raw("<br>");
    page.classed("span", "id", system.id.as_str()).raw("<br>");
    page.classed("span", "soft", &system.level.words().render(lang)).raw("</th>");
    cells(page, &system.cells, lang);
}

/// The cells of a row, to its end.
fn cells(page: &mut Page, cells: &[Cell], lang: Lang) {
    for cell in cells {
        page.raw(if cell.missing.is_empty() { "<td>" } else { "<td class=\"lacks\">" });
        for plan in &cell.plans {
            of_plan(page, plan, lang);
        }
        of_cell(page, cell, lang);
        page.raw("</td>");
    }
    page.raw("</tr>\n");
}

/// What the whole cell lacks, where no plan says so itself.
fn of_cell(page: &mut Page, cell: &Cell, lang: Lang) {
    if cell.plans.is_empty() {
        for missing in &cell.missing {
            page.classed("p", "missing", &format!("✗ {}", words::missing(*missing).render(lang)));
        }
    }
}

fn of_plan(page: &mut Page, plan: &PlanCell, lang: Lang) {
    let version = plan.version.map(|version| message!("coverage-version", version = version).render(lang));
    page.raw("<div class=\"plan\"><strong>").text(plan.title.pick(lang)).raw("</strong> ");
    let id = [Some(plan.playbook.to_string()), version].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    page.classed("span", "id", &id);
    if let Some(from) = words::from(plan) {
        page.classed("p", "soft", &from.render(lang));
    }
    if let (Some(line), Some(drill)) = (words::last(plan, lang), &plan.last) {
        let sign = if drill.passed() { "✓" } else { "✗" };
        let records: Vec<String> = drill.records.iter().map(|record| format!("#{record}")).collect();
        page.raw("<p>").text(&format!("{sign} {line} ")).classed("span", "id", &records.join(" ")).raw("</p>");
    }
    for missing in &plan.missing {
        page.classed("p", "missing", &format!("✗ {}", words::missing(*missing).render(lang)));
    }
    page.raw("</div>");
}
