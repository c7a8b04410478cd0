//! HTML: one file with nothing from outside, that prints on A4.

use super::page::Page;
use super::{changes, duties, exercise, labels, picture, sections};
use crate::message::{Message, message};
use crate::model::{Lang, RunKind};
use crate::report::Report;

/// The report as one HTML page: style and pictures inside, no script, nothing fetched.
#[must_use]
pub fn html(report: &Report, lang: Lang) -> String {
    let title = format!("{} – {}", report.run.id, report.run.title.pick(lang));
    let mut page = Page::begin(lang, &title, include_str!("report.css"));
    let say = |message: &Message| message.render(lang);
    margins(&mut page, report, lang);
    page.body();
    let banner = say(&labels::banner(report));
    match report.run.kind {
        RunKind::Drill => page.classed("p", "banner drill", &banner),
        RunKind::Incident => page.classed("p", "banner incident", &banner),
    };
    changes::banner(&mut page, report, lang);
    sections::head(&mut page, report, lang);
    sections::standing(&mut page, report, lang);
    sections::exceptions(&mut page, report, lang);
    sections::summary(&mut page, report, lang);
    page.raw("<section class=\"wide\">").element("h2", &say(&message!("report-course")));
    picture::picture(&mut page, report, lang);
    page.raw("</section>\n");
    changes::sections(&mut page, report, lang);
    duties::html(&mut page, report, lang);
    exercise::html(&mut page, report, lang);
    sections::measures(&mut page, report, lang);
    sections::data(&mut page, report, lang);
    sections::people(&mut page, report, lang);
    sections::steps(&mut page, report, lang);
    sections::said(&mut page, report, lang);
    sections::log(&mut page, report, lang);
    sections::foot(&mut page, report, lang);
    page.finish()
}

/// What stands in the margins of every printed page: the run, the banner, whether the ledger holds, the page.
fn margins(page: &mut Page, report: &Report, lang: Lang) {
    let standing = match report.ledger.ok {
        Some(true) => None,
        Some(false) => Some(message!("report-margin-fails")),
        None => Some(message!("report-margin-not-looked")),
    };
    // Only texts of ours and ids stand here; a quote would end the CSS string.
    let plain = |text: &str| text.replace(['"', '\\', '<', '\n'], " ");
    page.raw("@page { @top-left { content: \"").text(&plain(report.run.id.as_str()));
    page.raw("\"; } @top-right { content: \"").text(&plain(&labels::banner(report).render(lang))).raw("\"; }");
    if let Some(standing) = standing {
        page.raw(" @bottom-left { content: \"").text(&plain(&standing.render(lang))).raw("\"; color: #9b1c1c; }");
    }
    page.raw(" }\n");
}
