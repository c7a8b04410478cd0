//! What programs that keep calendars read: held to RFC 5545 by a reader of its own.

use super::*;
use crate::message::{Lang, message};
use crate::report::due::{Basis, Item, Standing};

fn item(title: &str, due: &str, standing: Standing) -> Item {
    Item {
        key: "own/letter".to_owned(),
        title: message!("due-words", text = title),
        system: Some(("site".parse().expect("a name"), "Cổng thông tin; số 1, tỉnh".into())),
        part: None,
        playbook: None,
        level: Some(3),
        basis: Basis::Adopted,
        due: Some(due.parse().expect("a day")),
        before: false,
        marks: false,
        work_by: None,
        standing,
        last: None,
        months: Some(12),
        citation: None,
        notes: vec![message!("due-words", text = "dòng một\ndòng hai \\ ba")],
        hints: vec![message!("due-issue", document = "annual")],
        assumed: false,
    }
}

fn made(items: Vec<Item>, recommended: bool) -> (String, String) {
    made_with(items, recommended, &Holidays::default())
}

fn made_with(items: Vec<Item>, recommended: bool, holidays: &Holidays) -> (String, String) {
    let due = Due { items, ..Due::default() };
    let on = "2026-11-26".parse().expect("a day");
    let calendar = Calendar {
        unit: "Sở Khoa học và Công nghệ".to_owned(),
        mark: "0123.ungpho".to_owned(),
        on,
        due: &due,
        recommended,
        reminders: vec![30, 1, 0],
        months: 3,
        holidays,
        stamp: None,
    };
    (calendar_ics(&calendar, Lang::Vi), calendar_html(&calendar, Lang::Vi))
}

/// Lines unfolded, as a reader takes them.
fn unfolded(text: &str) -> Vec<String> {
    assert!(text.ends_with("\r\n"));
    assert!(!text.replace("\r\n", "").contains(['\r', '\n']), "every line ends with CR LF");
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "no line is longer than 75 octets");
    text.replace("\r\n ", "").split("\r\n").filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

#[test]
fn an_event_reads_back_as_it_was_meant() {
    let title = "Diễn tập thực chiến đối với hệ thống thông tin giải quyết thủ tục hành chính của tỉnh, lần thứ nhất";
    let (text, _) = made(vec![item(title, "2026-12-31", Standing::Left { days: 35 })], false);
    let lines = unfolded(&text);
    let of = |name: &str| lines.iter().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("{name}"));
    assert_eq!(of("UID:"), "own.letter.site.2026-12-31@0123.ungpho");
    assert_eq!((of("DTSTART;VALUE=DATE:"), of("DTEND;VALUE=DATE:")), ("20261231", "20270101"));
    assert_eq!(of("DTSTAMP:"), "20261126T000000Z");
    let escaped = title.replace(',', "\\,");
    assert_eq!(of("SUMMARY:"), format!("{escaped}: Cổng thông tin\\; số 1\\, tỉnh"));
    assert!(of("DESCRIPTION:").ends_with("dòng một\\ndòng hai \\\\ ba"), "{}", of("DESCRIPTION:"));
    let triggers: Vec<&str> = lines.iter().filter_map(|line| line.strip_prefix("TRIGGER:")).collect();
    assert_eq!(triggers, ["-P29DT16H", "-PT16H", "PT8H"]);
    for part in ["VCALENDAR", "VEVENT", "VALARM"] {
        let count = |word: &str| lines.iter().filter(|line| **line == format!("{word}:{part}")).count();
        assert_eq!(count("BEGIN"), count("END"), "{part}");
    }
}

#[test]
fn what_is_overdue_reminds_nobody_any_more_and_what_is_recommended_is_left_out_until_asked_for() {
    let late = item("Việc", "2026-11-01", Standing::Overdue { days: 25 });
    let recommended = Item { basis: Basis::Recommended, ..item("Nên", "2026-12-01", Standing::Left { days: 5 }) };
    let (text, html) = made(vec![late.clone(), recommended.clone()], false);
    let lines = unfolded(&text);
    assert!(lines.iter().any(|line| line.starts_with("SUMMARY:QUÁ HẠN: Việc")), "{lines:?}");
    assert!(!text.contains("VALARM") && !text.contains("Nên") && !html.contains("Nên"), "{text}");
    let (text, html) = made(vec![late, recommended], true);
    assert!(unfolded(&text).iter().any(|line| line.starts_with("SUMMARY:(khuyến nghị) Nên")), "{text}");
    assert!(html.contains("Nên"));
}

#[test]
fn pages_have_each_month_whole_and_nothing_in_them_is_markup_of_others() {
    let (_, html) = made(vec![item("<b>Việc</b>", "2026-12-14", Standing::Left { days: 18 })], false);
    assert!(!html.contains("<b>") && html.contains("&lt;b&gt;Việc"), "{html}");
    let months: Vec<&str> = html.split("<section class=\"month\">").skip(1).collect();
    assert_eq!(months.len(), 3);
    for (month, days) in months.iter().zip([30, 31, 31]) {
        assert_eq!(month.matches("class=\"number\"").count(), days);
        let cells = month.split("</table>").next().expect("a table").matches("<td").count();
        assert_eq!(cells % 7, 0, "{cells}");
    }
    assert!(months[0].contains("Tháng 11/2026") && months[1].contains("Tháng 12/2026"));
}

#[test]
fn a_week_begins_on_monday_days_off_are_told_and_what_is_late_stands_first() {
    let year = "format: 1\nyear: 2026\noff: [2026-12-02]\nworking: [2026-12-05]\n";
    let (holidays, _) = Holidays::read(&[("policies/holidays/2026.yaml".to_owned(), year.to_owned())]);
    let late = item("Việc muộn", "2026-11-01", Standing::Overdue { days: 25 });
    let (_, html) = made_with(vec![late], false, &holidays);
    let first = |text: &str| html.find(text).unwrap_or_else(|| panic!("{text} is not in {html}"));
    assert!(first("Việc muộn") < first("Tháng 11/2026"));
    let days = ["Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy"].map(|day| first(&format!("<th>Thứ {day}</th>")));
    assert!(days.is_sorted() && days[5] < first("<th>Chủ nhật</th>"));
    assert!(html.contains("chưa có ngày nghỉ của năm 2027 ("), "{html}");
    let months: Vec<&str> = html.split("<section class=\"month\">").skip(1).collect();
    // 1 November 2026 is a Sunday, 1 December a Tuesday, 1 January 2027 a Friday.
    for (month, before) in months.iter().zip([6, 1, 4]) {
        let head = month.split("class=\"number\"").next().expect("a head");
        assert_eq!(head.matches("<td class=\"none\">").count(), before, "{head}");
    }
    assert!(months[1].contains("2</span><span class=\"soft\">nghỉ</span>"), "{}", months[1]);
    assert!(months[1].contains("5</span><span class=\"soft\">làm bù</span>"), "{}", months[1]);
}

#[test]
fn what_was_never_done_stands_on_the_day_of_making_and_reminds_nobody() {
    let never = Item { due: None, ..item("Diễn tập", "2026-12-01", Standing::Never) };
    let recommended = Item { basis: Basis::Recommended, ..never.clone() };
    let (text, _) = made(vec![never, recommended], true);
    let lines = unfolded(&text);
    let events: Vec<&String> = lines.iter().filter(|line| line.starts_with("SUMMARY:")).collect();
    assert_eq!(events, ["SUMMARY:CHƯA THỰC HIỆN LẦN NÀO: Diễn tập: Cổng thông tin\\; số 1\\, tỉnh"]);
    assert!(lines.contains(&"DTSTART;VALUE=DATE:20261126".to_owned()), "{lines:?}");
    assert!(lines.contains(&"UID:own.letter.site@0123.ungpho".to_owned()) && !text.contains("VALARM"), "{lines:?}");
}

#[test]
fn what_is_done_once_keeps_its_name_when_its_day_is_moved_and_what_is_yearly_has_one_each_time() {
    let uids = |key: &str| {
        ["2026-12-31", "2027-01-05"].map(|due| {
            let moved = Item { key: key.to_owned(), system: None, ..item("Việc", due, Standing::Left { days: 35 }) };
            let lines = unfolded(&made(vec![moved], false).0);
            // The export of a later day is the newer state of the event.
            assert!(lines.contains(&"SEQUENCE:9826".to_owned()), "{lines:?}");
            lines.into_iter().find(|line| line.starts_with("UID:")).expect("a name")
        })
    };
    for (key, name) in [("exercise/q4", "exercise.q4"), ("action/41", "action.41"), ("level/kept", "level.kept")] {
        assert_eq!(uids(key), [format!("UID:{name}@0123.ungpho"), format!("UID:{name}@0123.ungpho")]);
    }
    let [first, second] = uids("nd331-2026/annual-owner");
    assert_ne!(first, second);
}

#[test]
fn a_calendar_without_events_is_one_all_the_same() {
    let lines = unfolded(&made(Vec::new(), false).0);
    assert!(!lines.contains(&"BEGIN:VEVENT".to_owned()));
    assert_eq!(lines.iter().filter(|line| *line == "BEGIN:VTIMEZONE").count(), 1);
    let some = unfolded(&made(vec![item("Việc", "2026-12-31", Standing::Left { days: 35 })], false).0);
    assert!(!some.contains(&"BEGIN:VTIMEZONE".to_owned()));
}

#[test]
fn a_page_for_the_wall_has_nothing_of_the_command_line() {
    let (text, html) = made(vec![item("Việc", "2026-12-31", Standing::Left { days: 35 })], false);
    for seen in [&unfolded(&text).join("\n"), &html] {
        assert!(!seen.contains('`') && !seen.contains("ungpho report"), "{seen}");
        assert!(seen.contains("dòng một"), "{seen}");
    }
}

#[test]
fn where_the_ledger_does_not_verify_every_month_and_every_event_says_so() {
    let due = Due { items: vec![item("Việc", "2026-12-31", Standing::Left { days: 35 })], ..Due::default() };
    let calendar = Calendar {
        unit: "Sở".to_owned(),
        mark: "0123.ungpho".to_owned(),
        on: "2026-11-26".parse().expect("a day"),
        due: &due,
        recommended: false,
        reminders: Vec::new(),
        months: 3,
        holidays: &Holidays::default(),
        stamp: Some(message!("document-stamp-unverified")),
    };
    let stamp = "CHƯA ĐƯỢC XÁC NHẬN: SỔ CHỨNG CỨ ĐỐI CHIẾU KHÔNG ĐẠT";
    let html = calendar_html(&calendar, Lang::Vi);
    let months: Vec<&str> = html.split("<section class=\"month\">").skip(1).collect();
    assert!(months.iter().all(|month| month.contains(stamp)), "{html}");
    let lines = unfolded(&calendar_ics(&calendar, Lang::Vi));
    assert!(lines.contains(&format!("SUMMARY:{stamp}: Việc: Cổng thông tin\\; số 1\\, tỉnh")), "{lines:?}");
    assert!(lines.iter().any(|line| line.starts_with(&format!("NAME:{stamp}"))), "{lines:?}");
}
