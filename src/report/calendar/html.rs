//! The calendar as pages that print on A4, a month each: one file with nothing from outside.

use std::collections::BTreeSet;

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};

use super::{Calendar, plain};
use crate::message::{Lang, Message, message};
use crate::model::Text;
use crate::report::due::{Basis, Item, Standing, words};
use crate::report::format::page::Page;

/// The calendar as one HTML page: style inside, no script, nothing fetched.
#[must_use]
pub fn calendar_html(calendar: &Calendar<'_>, lang: Lang) -> String {
    let say = |message: &Message| message.render(lang);
    let title = say(&message!("due-calendar-name", unit = calendar.unit.as_str()));
    let mut page = Page::begin(lang, &title, include_str!("calendar.css"));
    page.body().element("h1", &title);
    let made = say(&message!("due-calendar-made", on = words::day(calendar.on)));
    page.classed("p", "soft", &made).raw("\n");
    stamp(&mut page, calendar, lang);
    let first = calendar.on.first_of_month();
    let months = (0..calendar.months).filter_map(|month| first.checked_add(i64::from(month).months()).ok());
    // A page without Tết would look as if there were none.
    let unknown = months.clone().map(Date::year).filter(|year| !calendar.holidays.knows(*year));
    let unknown: BTreeSet<i16> = unknown.collect();
    if !unknown.is_empty() {
        let years: Vec<String> = unknown.iter().map(ToString::to_string).collect();
        page.element("p", &say(&message!("due-without-holidays", years = years.join(", ")))).raw("\n");
    }
    overdue(&mut page, calendar, lang);
    for first in months {
        of_month(&mut page, calendar, first, lang);
    }
    without_a_day(&mut page, calendar, lang);
    page.finish()
}

/// That the ledger does not verify, where it does not: on each page.
fn stamp(page: &mut Page, calendar: &Calendar<'_>, lang: Lang) {
    if let Some(stamp) = &calendar.stamp {
        page.classed("p", "stamp", &stamp.render(lang)).raw("\n");
    }
}

/// What was not done in time, before everything else.
fn overdue(page: &mut Page, calendar: &Calendar<'_>, lang: Lang) {
    let late: Vec<&Item> = calendar.due.items.iter().filter(|item| item.late()).collect();
    if late.is_empty() {
        page.classed("p", "calm", &message!("due-calendar-none-late").render(lang)).raw("\n");
        return;
    }
    page.raw("<section class=\"late\">").element("h2", &message!("due-group-late", count = late.len()).render(lang));
    list(page, late.into_iter(), lang);
    page.raw("</section>\n");
}

/// What binds nobody by a day: counted as open all the same.
fn without_a_day(page: &mut Page, calendar: &Calendar<'_>, lang: Lang) {
    let wanted = |item: &&Item| item.due.is_none() && !item.late() && calendar.recommended;
    let open: Vec<&Item> = calendar.due.items.iter().filter(wanted).collect();
    if !open.is_empty() {
        page.raw("<section>").element("h2", &message!("due-calendar-no-day").render(lang));
        list(page, open.into_iter(), lang);
        page.raw("</section>\n");
    }
}

fn of_month(page: &mut Page, calendar: &Calendar<'_>, first: Date, lang: Lang) {
    let (year, month) = (first.year(), first.month());
    // As days are written: months 1 and 2 take a zero in Vietnamese.
    let vi = if month < 3 { format!("{month:02}/{year}") } else { format!("{month}/{year}") };
    let written = Text::Each { vi: Some(vi), en: Some(format!("{year}-{month:02}")) };
    let name = message!("due-month", month = written).render(lang);
    page.raw("<section class=\"month\">").element("h2", &name);
    stamp(page, calendar, lang);
    page.raw("<table><thead><tr>");
    let days = [
        message!("due-day-mon"),
        message!("due-day-tue"),
        message!("due-day-wed"),
        message!("due-day-thu"),
        message!("due-day-fri"),
        message!("due-day-sat"),
        message!("due-day-sun"),
    ];
    for day in &days {
        page.element("th", &day.render(lang));
    }
    page.raw("</tr></thead><tbody>\n<tr>");
    for _ in 0..first.weekday().to_monday_zero_offset() {
        page.raw("<td class=\"none\"></td>");
    }
    let items: Vec<(&Item, Date)> = calendar.items().collect();
    for day in first.series(1.day()).take_while(|day| day.month() == first.month()) {
        cell(page, calendar, day, &items, lang);
        if day.weekday() == Weekday::Sunday && day != first.last_of_month() {
            page.raw("</tr>\n<tr>");
        }
    }
    for _ in first.last_of_month().weekday().to_monday_zero_offset()..6 {
        page.raw("<td class=\"none\"></td>");
    }
    page.raw("</tr>\n</tbody></table>\n");
    let here = |day: Date| (day.year(), day.month()) == (first.year(), first.month());
    let of_it = items.iter().filter(|(_, day)| here(*day)).map(|(item, _)| *item);
    list(page, of_it, lang);
    page.raw("</section>\n");
}

fn cell(page: &mut Page, calendar: &Calendar<'_>, day: Date, items: &[(&Item, Date)], lang: Lang) {
    let works = calendar.holidays.works(day);
    let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    page.raw(match (works, day == calendar.on) {
        (true, false) => "<td>",
        (false, false) => "<td class=\"off\">",
        (true, true) => "<td class=\"today\">",
        (false, true) => "<td class=\"off today\">",
    });
    page.classed("span", "number", &day.day().to_string());
    // Shading alone would tell nothing on paper.
    match (works, weekend) {
        (false, false) => drop(page.classed("span", "soft", &message!("due-day-off").render(lang))),
        (true, true) => drop(page.classed("span", "soft", &message!("due-day-works").render(lang))),
        _ => {}
    }
    if day == calendar.on {
        page.classed("span", "soft", &message!("due-day-today").render(lang));
    }
    for (item, _) in items.iter().filter(|(_, due)| *due == day) {
        let text = match item.basis {
            Basis::Recommended => message!("due-event-recommended", title = item.title.clone()),
            Basis::Awaited => message!("due-event-awaited", title = item.title.clone()),
            _ => item.title.clone(),
        };
        let mut text = plain(&text, lang);
        if let Some((id, _)) = item.about() {
            text = format!("{text} · {id}");
        }
        let late = matches!(item.standing, Standing::Overdue { .. });
        page.classed("p", if item.late() && late { "late" } else { "item" }, &text);
    }
    page.raw("</td>");
}

fn list<'i>(page: &mut Page, items: impl Iterator<Item = &'i Item>, lang: Lang) {
    let mut items = items.peekable();
    if items.peek().is_none() {
        return;
    }
    page.raw("<ul>\n");
    for item in items {
        let head = [words::by(item), Some(words::standing(item))].into_iter().flatten().map(|it| plain(&it, lang));
        page.raw("<li><strong>").text(&plain(&item.title, lang)).raw("</strong>");
        if let Some(system) = words::system(item) {
            page.raw(" · ").text(&plain(&system, lang));
        }
        page.raw("<br>").text(&head.collect::<Vec<_>>().join(" · ")).raw("<br>");
        let lines: Vec<String> = words::page_lines(item).iter().map(|line| plain(line, lang)).collect();
        page.classed("span", "soft", &lines.join("; ")).raw("</li>\n");
    }
    page.raw("</ul>\n");
}
