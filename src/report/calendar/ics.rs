//! iCalendar (RFC 5545): an event of a whole day for each thing, with reminders at 8 in the morning.

use std::fmt::Write as _;

use jiff::civil::Date;

use super::{Calendar, plain};
use crate::message::{Lang, Message, message};
use crate::model::misleads;
use crate::report::due::{Basis, Item, Standing, words};

/// The calendar as iCalendar text. The same on the same day for the same things.
#[must_use]
pub fn calendar_ics(calendar: &Calendar<'_>, lang: Lang) -> String {
    let mut text = String::new();
    let name = message!("due-calendar-name", unit = calendar.unit.as_str()).render(lang);
    let name = stamped(calendar, name, lang);
    line(&mut text, "BEGIN:VCALENDAR");
    line(&mut text, "VERSION:2.0");
    line(&mut text, concat!("PRODID:-//ungpho//ungpho ", env!("CARGO_PKG_VERSION"), "//VI"));
    line(&mut text, "CALSCALE:GREGORIAN");
    line(&mut text, "METHOD:PUBLISH");
    // RFC 7986, and the older name that programs read.
    line(&mut text, &format!("NAME:{}", escape(&name)));
    line(&mut text, &format!("X-WR-CALNAME:{}", escape(&name)));
    line(&mut text, "REFRESH-INTERVAL;VALUE=DURATION:P1D");
    for (item, due) in calendar.events() {
        event(&mut text, calendar, (item, due), lang);
    }
    // An object has one component at least (RFC 5545, 3.6), and a program that has old events has to learn that they are gone.
    if calendar.events().next().is_none() {
        for content in ZONE {
            line(&mut text, content);
        }
    }
    line(&mut text, "END:VCALENDAR");
    text
}

/// The time of Vietnam.
const ZONE: &[&str] = &[
    "BEGIN:VTIMEZONE",
    "TZID:Asia/Ho_Chi_Minh",
    "BEGIN:STANDARD",
    "DTSTART:19750613T000000",
    "TZOFFSETFROM:+0700",
    "TZOFFSETTO:+0700",
    "TZNAME:+07",
    "END:STANDARD",
    "END:VTIMEZONE",
];

/// `words`, with the stamp before them where there is one.
fn stamped(calendar: &Calendar<'_>, words: String, lang: Lang) -> String {
    match &calendar.stamp {
        Some(stamp) => format!("{}: {words}", stamp.render(lang)),
        None => words,
    }
}

fn event(text: &mut String, calendar: &Calendar<'_>, (item, due): (&Item, Date), lang: Lang) {
    let compact = |day: Date| format!("{:04}{:02}{:02}", day.year(), day.month(), day.day());
    let Ok(next) = due.tomorrow() else { return };
    let say = |message: &Message| plain(message, lang);
    let summary = stamped(calendar, say(&summary(item)), lang);
    line(text, "BEGIN:VEVENT");
    line(text, &format!("UID:{}", uid(item, due, &calendar.mark)));
    // Of two states of an event programs keep the one of the later day (RFC 5546, 2.1.5): nothing here remembers how often it
    // was changed.
    let since = jiff::civil::date(2000, 1, 1).until(calendar.on).map_or(0, |span| span.get_days().max(0));
    line(text, &format!("SEQUENCE:{since}"));
    line(text, &format!("DTSTAMP:{}T000000Z", compact(calendar.on)));
    line(text, &format!("LAST-MODIFIED:{}T000000Z", compact(calendar.on)));
    line(text, &format!("DTSTART;VALUE=DATE:{}", compact(due)));
    line(text, &format!("DTEND;VALUE=DATE:{}", compact(next)));
    line(text, &format!("SUMMARY:{}", escape(&summary)));
    let by = words::by(item).map(|by| say(&by));
    let about = words::system(item).map(|system| say(&system));
    let lines: Vec<String> = about.into_iter().chain(by).chain(words::page_lines(item).iter().map(say)).collect();
    line(text, &format!("DESCRIPTION:{}", escape(&lines.join("\n"))));
    line(text, &format!("CATEGORIES:{}", escape(&say(&words::basis(item.basis)))));
    // Nobody is busy because something falls due.
    line(text, "TRANSP:TRANSPARENT");
    if !matches!(item.standing, Standing::Overdue { .. } | Standing::Never) {
        for days in &calendar.reminders {
            line(text, "BEGIN:VALARM");
            line(text, "ACTION:DISPLAY");
            line(text, &format!("DESCRIPTION:{}", escape(&summary)));
            line(text, &format!("TRIGGER:{}", before(*days)));
            line(text, "END:VALARM");
        }
    }
    line(text, "END:VEVENT");
}

/// `Diễn tập thực chiến: HTTT giải quyết TTHC`, with what a reader has to know at a glance before it.
fn summary(item: &Item) -> Message {
    let title = match item.about() {
        Some((_, name)) => message!("due-event", title = item.title.clone(), name = name.clone()),
        None => item.title.clone(),
    };
    let title = match (item.due.and_then(|due| due.tomorrow().ok()), item.before) {
        (Some(named), true) => message!("due-event-before", title = title, named = words::day(named)),
        _ => title,
    };
    match (item.standing, item.basis) {
        (Standing::Overdue { .. }, basis) if basis != Basis::Recommended => {
            message!("due-event-overdue", title = title)
        }
        (Standing::Never, basis) if basis != Basis::Recommended => message!("due-event-never", title = title),
        (_, Basis::Recommended) => message!("due-event-recommended", title = title),
        (_, Basis::Awaited) => message!("due-event-awaited", title = title),
        _ => title,
    }
}

/// A name that stays the same from one export to the next, so that a program knows the event again. What is done again and
/// again has a name each time, by its day; what is done once keeps its name when its day is moved.
fn uid(item: &Item, due: Date, mark: &str) -> String {
    let mut uid = item.key.replace('/', ".");
    if let Some((about, _)) = item.about() {
        let _ = write!(uid, ".{about}");
    }
    if let Some(part) = &item.part {
        let _ = write!(uid, ".{part}");
    }
    let once = ["exercise/", "action/", "level/"].iter().any(|kind| item.key.starts_with(kind));
    if once || item.due.is_none() { format!("{uid}@{mark}") } else { format!("{uid}.{due}@{mark}") }
}

/// 8 in the morning, so many days before the midnight with which the day begins.
fn before(days: u16) -> String {
    match days {
        0 => "PT8H".to_owned(),
        1 => "-PT16H".to_owned(),
        days => format!("-P{}DT16H", days - 1),
    }
}

/// A text as a value (RFC 5545, 3.3.11). Controls have no place in one.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | ';' | ',' => {
                escaped.push('\\');
                escaped.push(character);
            }
            '\n' => escaped.push_str("\\n"),
            character if character.is_control() => {}
            character if misleads(character) => escaped.push('\u{fffd}'),
            character => escaped.push(character),
        }
    }
    escaped
}

/// A line of content, folded: at most 75 octets each, no character torn (RFC 5545, 3.1).
fn line(text: &mut String, content: &str) {
    let mut room = 75;
    for character in content.chars() {
        if character.len_utf8() > room {
            text.push_str("\r\n ");
            // The space that marks a continuation is one of the 75.
            room = 74;
        }
        room -= character.len_utf8();
        text.push(character);
    }
    text.push_str("\r\n");
}
