mod files;

use super::*;
use crate::model::{Id, Lang, RunKind, Stamp, Text};
use crate::policy::recipients::Recipients;

/// A moment in Vietnam: `2026-11-23 01:40`, with seconds and their parts where they matter.
fn at(text: &str) -> Stamp {
    let (day, clock) = text.split_once(' ').expect("a day and a time");
    let seconds = if clock.len() == 5 { ":00" } else { "" };
    format!("{day}T{clock}{seconds}+07:00").parse().expect("a valid time")
}

fn id(text: &str) -> Id {
    text.parse().expect("a valid id")
}

fn shipped() -> Book {
    let (book, findings) = Book::read(&[], &[]);
    assert!(findings.is_empty(), "{findings:?}");
    book
}

fn with_legacy() -> Book {
    let own =
        ("policies/duties/legacy-2017.yaml".to_owned(), "format: 1\nset: legacy-2017\nenabled: true\n".to_owned());
    let (book, findings) = Book::read(&[own], &[]);
    assert!(findings.is_empty(), "{findings:?}");
    book
}

/// An incident detected at `detected`, looked at at `now`.
fn incident(detected: &str, now: &str) -> Facts {
    Facts { detected: Some(at(detected)), ..Facts::new(RunKind::Incident, at(now)) }
}

fn serious(facts: Facts, serious: Serious, when: &str) -> Facts {
    let mut facts = facts;
    facts.classified.push(Classified { serious, at: at(when), because: None });
    facts
}

fn answered(facts: Facts, flag: &str, yes: bool, when: &str) -> Facts {
    let mut facts = facts;
    facts.answered.push(Answered { flag: id(flag), yes, at: at(when), because: None });
    facts
}

fn sent(facts: Facts, notice: &str, to: &[&str], when: &str) -> Facts {
    let mut facts = facts;
    let to = to.iter().map(|role| id(role)).collect();
    facts.sent.push(Sent { notice: notice.parse().expect("a name"), duties: Vec::new(), to, at: at(when) });
    facts
}

fn of(book: &Book, facts: &Facts) -> Duties {
    duties(book, facts, &Recipients::default(), None)
}

/// The state and the clock of one duty as people read them in Vietnamese.
fn seen(book: &Book, facts: &Facts, duty: &str) -> String {
    let duties = of(book, facts);
    let Some(row) = duties.find(duty) else { return "-".to_owned() };
    format!("{}: {}", state(row).render(Lang::Vi), time(row).render(Lang::Vi))
}

#[track_caller]
fn check(facts: &Facts, duty: &str, expected: &str) {
    assert_eq!(seen(&with_legacy(), facts, duty), expected);
}

/// When a duty is due, in Vietnam's time.
#[track_caller]
fn due(facts: &Facts, duty: &str, expected: &str) {
    let duties = of(&with_legacy(), facts);
    let due = duties.find(duty).expect("it is in force").due.expect("it has a limit");
    assert_eq!(due.to_string(), at(expected).to_string());
}

const T0: &str = "2026-11-24 01:40";

#[test]
fn a_minute_before_its_limit_a_duty_is_due_at_it_still_and_after_it_is_late() {
    let yes = |now: &str| serious(incident(T0, now), Serious::Yes, T0);
    check(&yes("2026-11-25 01:39"), "anm-24", "cần thực hiện: còn 1 phút");
    check(&yes("2026-11-25 01:40"), "anm-24", "cần thực hiện: đến hạn lúc này");
    check(&yes("2026-11-25 01:40:00.000001"), "anm-24", "quá hạn: vừa quá hạn");
    check(&yes("2026-11-25 01:41"), "anm-24", "quá hạn: quá hạn 1 phút");
    check(&incident(T0, "2026-11-27 01:39"), "anm-72", "cần thực hiện: còn 1 phút");
    check(&incident(T0, "2026-11-27 01:40"), "anm-72", "cần thực hiện: đến hạn lúc này");
    check(&incident(T0, "2026-11-27 01:41"), "anm-72", "quá hạn: quá hạn 1 phút");
    let breach = |now: &str| Facts { breach: Some(at("2026-11-24 09:00")), ..incident(T0, now) };
    for duty in ["dlcn-72", "dlcn-subjects"] {
        let yes = |now: &str| answered(breach(now), "location_or_biometric", true, "2026-11-24 09:00");
        check(&yes("2026-11-27 08:59"), duty, "cần thực hiện: còn 1 phút");
        check(&yes("2026-11-27 09:00"), duty, "cần thực hiện: đến hạn lúc này");
        check(&yes("2026-11-27 09:01"), duty, "quá hạn: quá hạn 1 phút");
    }
    check(&incident(T0, "2026-11-29 01:39"), "legacy-5d", "cần thực hiện: còn 1 phút");
    check(&incident(T0, "2026-11-29 01:40"), "legacy-5d", "cần thực hiện: đến hạn lúc này");
    check(&incident(T0, "2026-11-29 01:41"), "legacy-5d", "quá hạn: quá hạn 1 phút");
    let ended = |now: &str| Facts { ended: Some(at("2026-11-25 10:00")), ..incident(T0, now) };
    check(&ended("2026-11-25 09:59"), "legacy-end", "chưa tính: chưa kết thúc ứng phó");
    check(&ended("2026-11-30 09:59"), "legacy-end", "cần thực hiện: còn 1 phút");
    check(&ended("2026-11-30 10:00"), "legacy-end", "cần thực hiện: đến hạn lúc này");
    check(&ended("2026-11-30 10:01"), "legacy-end", "quá hạn: quá hạn 1 phút");
}

#[test]
fn every_limit_that_there_is_is_held_to_its_minute_over_midnight_weekends_and_tet() {
    let book = with_legacy();
    let mut held = std::collections::BTreeSet::new();
    // A Tuesday, the last minute of a day, a Friday evening, the eve of Tết (06/02/2027) and the second day of it.
    for start in [T0, "2026-11-23 23:59", "2026-11-27 17:30", "2027-02-05 23:30", "2027-02-07 06:00"] {
        let everything = |now: Stamp| {
            let (start_at, mut facts) = (Some(at(start)), serious(incident(start, start), Serious::Yes, start));
            for flag in book.duties.iter().flat_map(|duty| &duty.flags) {
                facts = answered(facts, flag.as_str(), true, start);
            }
            Facts { breach: start_at, ended: start_at, now, ..facts }
        };
        let limited = of(&book, &everything(at(start)));
        for row in limited.rows.iter().filter(|row| matches!(row.limit, Limit::Within(_))) {
            let due = row.due.expect("it has a limit");
            for (minutes, expected) in [
                (-1, "cần thực hiện: còn 1 phút"),
                (0, "cần thực hiện: đến hạn lúc này"),
                (1, "quá hạn: quá hạn 1 phút"),
            ] {
                let now = Stamp::new(due.instant + jiff::SignedDuration::from_mins(minutes), due.offset);
                let seen = seen(&book, &everything(now), row.id.as_str());
                assert_eq!(seen, expected, "{}, begun {start}, {minutes} min after its limit", row.id);
            }
            held.insert(row.id.to_string());
        }
    }
    let held: Vec<&str> = held.iter().map(String::as_str).collect();
    assert_eq!(held, ["anm-24", "anm-72", "dlcn-72", "dlcn-subjects", "legacy-5d", "legacy-end"]);
}

#[test]
fn clocks_read_as_the_glossary_has_them() {
    check(&incident(T0, "2026-11-26 22:20"), "anm-72", "cần thực hiện: còn 3 giờ 20 phút");
    check(&incident(T0, "2026-11-29 01:40"), "anm-72", "quá hạn: quá hạn 2 ngày");
}

#[test]
fn what_is_sent_at_the_limit_is_in_time_and_a_microsecond_later_is_not() {
    let report = |when: &str| sent(incident(T0, "2026-12-01 08:00"), "incident-report", &["authority"], when);
    check(
        &report("2026-11-26 22:20"),
        "anm-72",
        "đã thực hiện trong hạn: lúc 22:20:00 26/11/2026, trước hạn 3 giờ 20 phút",
    );
    check(&report("2026-11-27 01:40"), "anm-72", "đã thực hiện trong hạn: lúc 01:40:00 27/11/2026, trước hạn 0 giây");
    let late = of(&shipped(), &report("2026-11-27 01:40:00.000001"));
    let state = &late.find("anm-72").expect("it is in force").state;
    assert!(matches!(state, State::Done { timing: Timing::Late(by), .. } if by.as_micros() == 1), "{state:?}");
    check(&report("2026-11-29 01:40"), "anm-72", "đã thực hiện, muộn: lúc 01:40:00 29/11/2026, muộn 2 ngày");
}

#[test]
fn midnight_a_weekend_tet_and_a_leap_day_move_no_limit() {
    // 27/11/2026 is a Friday; Tết is 06/02/2027; 2028 has a 29th of February.
    for (detected, day, three_days) in [
        ("2026-11-23 23:59", "2026-11-24 23:59", "2026-11-26 23:59"),
        ("2026-11-27 16:50", "2026-11-28 16:50", "2026-11-30 16:50"),
        ("2027-02-04 20:00", "2027-02-05 20:00", "2027-02-07 20:00"),
        ("2027-02-05 23:30", "2027-02-06 23:30", "2027-02-08 23:30"),
        ("2026-12-31 12:00", "2027-01-01 12:00", "2027-01-03 12:00"),
        ("2028-02-28 00:00", "2028-02-29 00:00", "2028-03-02 00:00"),
    ] {
        let facts = incident(detected, detected);
        due(&facts, "anm-24", day);
        due(&facts, "anm-72", three_days);
        due(&facts, "anm-now", detected);
    }
}

#[test]
fn undecided_shows_both_clocks_and_serious_after_twenty_hours_moves_nothing() {
    let undecided = serious(incident(T0, "2026-11-24 21:39"), Serious::Undecided, "2026-11-24 02:00");
    check(&undecided, "anm-24", "chờ phân loại: nếu là sự cố nghiêm trọng: còn 4 giờ 1 phút");
    check(&undecided, "anm-72", "cần thực hiện: còn 2 ngày 4 giờ 1 phút");
    let mut decided = serious(undecided, Serious::Yes, "2026-11-24 21:40");
    decided.now = at("2026-11-24 21:40");
    check(&decided, "anm-24", "cần thực hiện: còn 4 giờ");
    due(&decided, "anm-24", "2026-11-25 01:40");
    let never = incident(T0, "2026-11-25 03:40");
    check(&never, "anm-24", "chờ phân loại: nếu là sự cố nghiêm trọng: quá hạn 2 giờ");
    check(&serious(never, Serious::Yes, "2026-11-25 03:40"), "anm-24", "quá hạn: quá hạn 2 giờ");
}

#[test]
fn a_notice_that_was_sent_stays_sent_when_the_incident_is_no_longer_called_serious() {
    let facts = serious(incident(T0, "2026-11-26 08:00"), Serious::Yes, "2026-11-24 02:00");
    let facts = sent(facts, "initial-notice", &["authority"], "2026-11-24 20:00");
    let facts = serious(facts, Serious::No, "2026-11-25 09:00");
    check(&facts, "anm-24", "đã thực hiện trong hạn: lúc 20:00:00 24/11/2026, trước hạn 5 giờ 40 phút");
    assert_eq!(of(&shipped(), &facts).serious, Serious::No);
}

#[test]
fn calling_a_late_incident_not_serious_does_not_hide_that_it_was_late() {
    let yes = |now: &str| serious(incident(T0, now), Serious::Yes, "2026-11-24 02:00");
    let after = serious(yes("2026-11-26 08:00"), Serious::No, "2026-11-25 09:00");
    check(&after, "anm-24", "không áp dụng: nay không áp dụng, nhưng khi đến hạn có áp dụng và chưa thực hiện");
    let before = serious(yes("2026-11-26 08:00"), Serious::No, "2026-11-25 01:00");
    check(&before, "anm-24", "không áp dụng: đã phân loại: không nghiêm trọng");
    let again = serious(before, Serious::Yes, "2026-11-25 07:00");
    check(&again, "anm-24", "quá hạn: quá hạn 1 ngày 6 giờ 20 phút");
}

#[test]
fn a_breach_found_two_days_later_has_a_clock_of_its_own() {
    let mut facts = incident(T0, "2026-11-26 09:59");
    check(&facts, "dlcn-72", "không áp dụng: chưa ghi nhận vi phạm dữ liệu cá nhân");
    facts.breach = Some(at("2026-11-26 10:00"));
    check(&facts, "dlcn-72", "không áp dụng: chưa ghi nhận vi phạm dữ liệu cá nhân");
    facts.now = at("2026-11-26 11:00");
    check(&facts, "dlcn-72", "cần thực hiện: còn 2 ngày 23 giờ");
    due(&facts, "dlcn-72", "2026-11-29 10:00");
    due(&facts, "anm-72", "2026-11-27 01:40");
    check(&facts, "dlcn-record", "cần thực hiện: văn bản không ấn định thời hạn; đã qua 1 giờ");
    check(
        &facts,
        "dlcn-subjects",
        "chờ xác định: nếu vi phạm liên quan đến dữ liệu vị trí hoặc dữ liệu sinh trắc học: còn 2 ngày 23 giờ",
    );
    // Minutes have no recipient: that they were made is enough.
    check(
        &sent(facts, "breach-minutes", &[], "2026-11-26 10:30"),
        "dlcn-record",
        "đã thực hiện: lúc 10:30:00 26/11/2026, sau 30 phút",
    );
}

#[test]
fn without_a_moment_of_detection_nothing_runs_and_nothing_is_guessed() {
    let facts = Facts::new(RunKind::Incident, at("2026-11-24 03:10"));
    for duty in ["anm-now", "anm-24", "anm-72", "legacy-5d"] {
        check(&facts, duty, "chưa tính: chưa có thời điểm phát hiện");
    }
    assert!(of(&shipped(), &facts).rows.iter().all(|row| row.due.is_none()));
    let sent = sent(facts, "incident-report", &["authority"], "2026-11-24 03:00");
    check(&sent, "anm-72", "đã thực hiện: lúc 03:00:00 24/11/2026; chưa có mốc để tính");
}

#[test]
fn at_once_is_due_at_detection_shows_what_elapsed_and_is_never_turned_into_hours() {
    let facts = incident(T0, "2026-11-24 02:15");
    check(
        &facts,
        "anm-now",
        "chờ xác định: nếu có dấu hiệu xâm phạm an ninh quốc gia; có dấu hiệu xâm phạm trật tự, an toàn xã hội; gián \
         đoạn nghiêm trọng hoạt động: đến hạn ngay; đã qua 35 phút",
    );
    let yes = answered(facts.clone(), "serious_interruption", true, "2026-11-24 02:00");
    check(&yes, "anm-now", "cần thực hiện: đến hạn ngay; đã qua 35 phút");
    let days = Facts { now: at("2026-11-28 01:40"), ..yes.clone() };
    check(&days, "anm-now", "cần thực hiện: đến hạn ngay; đã qua 4 ngày");
    check(
        &sent(yes, "immediate-notice", &["authority"], "2026-11-24 02:10"),
        "anm-now",
        "đã thực hiện: lúc 02:10:00 24/11/2026, sau 30 phút",
    );
    let two = answered(facts, "national_security", false, "2026-11-24 02:00");
    let two = answered(two, "public_order", false, "2026-11-24 02:00");
    check(&two, "anm-now", "chờ xác định: nếu gián đoạn nghiêm trọng hoạt động: đến hạn ngay; đã qua 35 phút");
    let none = answered(two, "serious_interruption", false, "2026-11-24 02:10");
    check(&none, "anm-now", "không áp dụng: đã xác định: không có dấu hiệu này");
    check(
        &answered(none, "public_order", true, "2026-11-24 02:12"),
        "anm-now",
        "cần thực hiện: đến hạn ngay; đã qua 35 phút",
    );
}

#[test]
fn the_older_duties_are_off_until_the_unit_turns_them_on() {
    let facts = incident(T0, "2026-11-24 02:00");
    let off = of(&shipped(), &facts);
    assert!(off.rows.iter().all(|row| row.set.as_str() != "legacy-2017"));
    let left: Vec<_> = off.left_out.iter().map(|left| (left.id.as_str(), left.why)).collect();
    assert_eq!(
        left,
        [("legacy-5d", OutOfForce::Off), ("legacy-now", OutOfForce::Off), ("legacy-end", OutOfForce::Off)]
    );
    let on = of(&with_legacy(), &facts);
    assert!(on.left_out.is_empty());
    assert_eq!(on.rows.len(), 12);
    assert_eq!(seen(&shipped(), &facts, "anm-72"), seen(&with_legacy(), &facts, "anm-72"));
}

#[test]
fn a_notice_to_several_is_sent_when_all_of_them_have_it() {
    let facts = incident(T0, "2026-11-30 08:00");
    let facts = sent(facts, "legacy-incident-notice", &["owner", "coordinator"], "2026-11-25 08:00");
    let facts = sent(facts, "legacy-incident-notice", &["specialised_unit"], "2026-11-29 01:40");
    check(&facts, "legacy-5d", "quá hạn: quá hạn 1 ngày 6 giờ 20 phút");
    let duties = of(&with_legacy(), &facts);
    let row = duties.find("legacy-5d").expect("it is in force");
    let missing: Vec<_> = row.to.iter().filter(|to| to.sent.is_none()).map(|to| to.role.as_str()).collect();
    assert_eq!(missing, ["network_members"]);
    let all = sent(facts.clone(), "legacy-incident-notice", &["network_members"], "2026-11-29 01:40");
    check(&all, "legacy-5d", "đã thực hiện trong hạn: lúc 01:40:00 29/11/2026, trước hạn 0 giây");
    // Sent again later: the first time counts.
    let again = sent(all, "legacy-incident-notice", &["owner"], "2026-11-29 20:00");
    check(&again, "legacy-5d", "đã thực hiện trong hạn: lúc 01:40:00 29/11/2026, trước hạn 0 giây");
}

#[test]
fn a_notice_without_a_role_counts_where_only_one_recipient_can_be_meant() {
    let facts = sent(incident(T0, "2026-11-30 08:00"), "incident-report", &[], "2026-11-25 01:40");
    check(&facts, "anm-72", "đã thực hiện trong hạn: lúc 01:40:00 25/11/2026, trước hạn 2 ngày");
    // By the duty's own id as well as by its notice's name.
    let facts = sent(facts, "legacy-5d", &[], "2026-11-25 08:00");
    check(&facts, "legacy-5d", "quá hạn: quá hạn 1 ngày 6 giờ 20 phút");
    let roles = ["owner", "coordinator", "specialised_unit", "network_members"];
    let facts = sent(facts, "legacy-5d", &roles, "2026-11-29 01:39");
    check(&facts, "legacy-5d", "đã thực hiện trong hạn: lúc 01:39:00 29/11/2026, trước hạn 1 phút");
}

#[test]
fn one_notice_counts_for_another_duty_only_where_a_person_says_so() {
    let facts = serious(incident(T0, "2026-11-24 20:00"), Serious::Yes, T0);
    let mut facts = sent(facts, "incident-report", &["authority"], "2026-11-24 19:00");
    check(&facts, "anm-24", "cần thực hiện: còn 5 giờ 40 phút");
    facts.sent[0].duties = vec!["anm-24".parse().expect("a name"), "anm-72".parse().expect("a name")];
    check(&facts, "anm-24", "đã thực hiện trong hạn: lúc 19:00:00 24/11/2026, trước hạn 6 giờ 40 phút");
    check(&facts, "anm-72", "đã thực hiện trong hạn: lúc 19:00:00 24/11/2026, trước hạn 2 ngày 6 giờ 40 phút");
}

#[test]
fn the_day_of_detection_in_vietnam_says_what_was_in_force() {
    let ids = |facts: &Facts| -> Vec<String> {
        let duties = of(&with_legacy(), facts);
        duties.rows.iter().map(|row| row.id.to_string()).filter(|id| id.starts_with("anm")).collect()
    };
    let before = incident("2026-08-18 23:59:59", "2026-08-20 08:00");
    assert!(ids(&before).is_empty());
    let duties = of(&with_legacy(), &before);
    let day: jiff::civil::Date = "2026-08-19".parse().expect("a date");
    let left: Vec<_> = duties.left_out.iter().map(|left| (left.id.as_str(), left.why)).collect();
    assert!(left.contains(&("anm-72", OutOfForce::NotYet(day))), "{left:?}");
    assert_eq!(left.len(), 5);
    // What was in force that day is there: the personal-data duties, and the older ones where the unit has them on.
    assert!(duties.find("dlcn-72").is_some() && duties.find("legacy-5d").is_some());
    assert_eq!(ids(&incident("2026-08-19 00:00", "2026-08-20 08:00")).len(), 5);
    // 17:00 on the 18th in UTC is the 19th in Vietnam.
    let utc = Facts {
        detected: Some("2026-08-18T17:00:00Z".parse().expect("a time")),
        ..Facts::new(RunKind::Incident, at("2026-08-20 08:00"))
    };
    assert_eq!(ids(&utc).len(), 5);
    due(&utc, "anm-72", "2026-08-22 00:00");
    let old = Facts { breach: Some(at("2025-12-31 10:00")), ..incident("2025-12-30 10:00", "2026-01-02 08:00") };
    assert!(of(&with_legacy(), &old).find("dlcn-72").is_none());
    // A breach that is found later goes by its own day.
    let later = Facts { breach: Some(at("2026-01-01 10:00")), ..incident("2025-12-30 10:00", "2026-01-02 08:00") };
    assert!(of(&with_legacy(), &later).find("dlcn-72").is_some());
}

#[test]
fn what_is_unsure_is_marked_where_it_stands() {
    let duties = of(&with_legacy(), &incident(T0, T0));
    let texts = |id: &str| -> String {
        let row = duties.find(id).expect("it is in force");
        unsure(row).iter().map(|text| text.render(Lang::Vi)).collect::<Vec<_>>().join("\n")
    };
    assert!(
        texts("anm-24").contains("Chưa chắc: Nghị định không định nghĩa \"sự cố nghiêm trọng\""),
        "{}",
        texts("anm-24")
    );
    assert!(texts("anm-72").is_empty());
    assert!(texts("legacy-5d").contains("chưa rõ Quyết định số 05/2017/QĐ-TTg"), "{}", texts("legacy-5d"));
    assert!(texts("dlcn-subjects").contains("Sáu mục"), "{}", texts("dlcn-subjects"));
    // Before 1 July 2026 nobody doubted that the older texts were in force.
    let before = of(&with_legacy(), &incident("2026-06-30 23:59", "2026-07-02 08:00"));
    let row = before.find("legacy-5d").expect("it is in force");
    assert_eq!(unsure(row).len(), 1);
    let form = duties.find("legacy-now").expect("it is in force").cites.last().expect("it has citations");
    assert_eq!(citation(form).render(Lang::Vi), "Biểu mẫu số 03 Thông tư số 20/2017/TT-BTTTT (đọc từ nguồn thứ cấp)");
    let decree = &duties.find("anm-24").expect("it is in force").cites[0];
    assert_eq!(citation(decree).render(Lang::Vi), "đoạn 3 điểm d khoản 2 Điều 31 Nghị định số 331/2026/NĐ-CP");
    assert_eq!(citation(decree).render(Lang::En), "Decree 331/2026/NĐ-CP, Article 31.2.d, paragraph 3");
}

#[test]
fn a_drill_s_duties_are_stamped_and_say_that_they_are_simulated() {
    let facts = Facts { kind: RunKind::Drill, ..incident(T0, "2026-11-28 01:40") };
    let duties = of(&shipped(), &facts);
    assert!(duties.simulated && duties.rows.iter().all(|row| row.simulated));
    check(&facts, "anm-72", "quá hạn (mô phỏng): quá hạn 1 ngày");
    let facts = sent(facts, "incident-report", &["authority"], "2026-11-24 03:00");
    check(
        &facts,
        "anm-72",
        "đã thực hiện trong hạn (mô phỏng): lúc 03:00:00 24/11/2026, trước hạn 2 ngày 22 giờ 40 phút",
    );
    assert_eq!(banner().render(Lang::Vi), "DIỄN TẬP – KHÔNG PHẢI SỰ CỐ THẬT");
    let real = of(&shipped(), &incident(T0, T0));
    assert!(!real.simulated && real.rows.iter().all(|row| !row.simulated));
}

#[test]
fn an_earlier_now_shows_how_things_stood_then() {
    let facts = serious(incident(T0, "2026-11-30 08:00"), Serious::Yes, "2026-11-24 21:40");
    let facts = sent(facts, "initial-notice", &["authority"], "2026-11-24 22:00");
    let then = Facts { now: at("2026-11-24 20:00"), ..facts.clone() };
    assert_eq!(of(&shipped(), &then), of(&shipped(), &incident(T0, "2026-11-24 20:00")));
    let unborn = Facts { now: at("2026-11-24 01:39"), ..facts };
    assert_eq!(of(&shipped(), &unborn), of(&shipped(), &Facts::new(RunKind::Incident, at("2026-11-24 01:39"))));
}

#[test]
fn what_presses_most_comes_first() {
    let facts = serious(incident(T0, "2026-11-25 08:00"), Serious::Yes, T0);
    let facts = Facts { breach: Some(at("2026-11-25 07:00")), ..facts };
    let duties = of(&shipped(), &facts);
    let order: Vec<_> = duties.by_urgency().iter().map(|row| row.id.to_string()).collect();
    assert_eq!(order[..3], ["anm-24", "anm-72", "dlcn-72"]);
    assert_eq!(order.len(), 9);
}

#[test]
fn recipients_are_called_what_the_unit_calls_them() {
    let name = Text::from("Phòng An ninh mạng, Công an tỉnh");
    let names = Recipients::new([(id("authority"), name.clone())]);
    let definition = Text::from("dừng dịch vụ quá 4 giờ");
    let duties = duties(&shipped(), &incident(T0, T0), &names, Some(&definition));
    let to = &duties.find("anm-24").expect("it is in force").to[0];
    assert_eq!((&to.name, to.named), (&name, true));
    let other = &duties.find("dlcn-72").expect("it is in force").to[0];
    assert!(!other.named && other.name.pick(Lang::En).contains("data protection authority"), "{other:?}");
    assert_eq!(duties.serious_definition, Some(definition));
}

#[test]
fn the_json_of_a_row_says_state_clock_and_due_moment() {
    let facts = serious(incident(T0, "2026-11-25 01:00"), Serious::Yes, T0);
    let json = serde_json::to_value(of(&shipped(), &facts)).expect("it can be written");
    let row = json["rows"].as_array().expect("rows").iter().find(|row| row["id"] == "anm-24").expect("the row");
    assert_eq!(row["state"], serde_json::json!({ "is": "due", "clock": { "left": 2400 } }));
    assert_eq!(row["due"], "2026-11-25T01:40:00.000000+07:00");
    assert_eq!(row["limit"], serde_json::json!({ "within_s": 86_400 }));
    assert_eq!(row["applies"], "serious");
    assert_eq!(
        json["left_out"][0],
        serde_json::json!({ "id": "legacy-5d", "set": "legacy-2017",
        "title": { "vi": "Thông báo sự cố", "en": "Notice of an incident" }, "why": "off" })
    );
}
