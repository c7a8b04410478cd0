//! Times that people say in the night: around a change of day, to come, long before; in Vietnamese, as the operator reads it.

use std::process::Stdio;

use super::desk::Desk;

/// Runs the program in Vietnamese at a set time; its exit code, and what it says.
fn at(desk: &Desk, now: &str, arguments: &[&str]) -> (i32, String) {
    let mut command = desk.command(arguments);
    command.env("UNGPHO_TEST_CLOCK", now).env("UNGPHO_LANG", "vi").stdin(Stdio::null());
    let output = command.output().expect("the program runs");
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_time_that_people_say_is_taken_refused_or_doubted_in_words_and_never_guessed() {
    let desk = Desk::new();
    desk.playbook("night", "steps:\n  - { id: look, title: \"Xem\", manual: { do: \"Xem\" } }\n");
    let (code, said) = at(&desk, "2026-11-25T23:40:00+07:00", &["respond", "night", "--yes"]);
    assert_eq!(code, 0, "{said}");
    desk.until_kind("asked");
    let note = |now: &str, time: &str, exit: i32, texts: &[&str]| {
        let now = format!("2026-11-26T{now}:00+07:00");
        let before = desk.records().len();
        let (code, said) = at(&desk, &now, &["note", "Máy treo", "--at", time, "--because", "ghi muộn"]);
        assert_eq!(code, exit, "{time} at {now}: {said}");
        for text in texts {
            assert!(said.contains(text), "`{text}` is not in what was said of {time} at {now}:\n{said}");
        }
        assert_eq!(desk.records().len(), before + usize::from(exit == 0));
        said
    };
    let plain = note("00:40", "00:30", 0, &["ghi nhận thời điểm: 00:30:00 26/11/2026"]);
    assert!(!plain.contains("lưu ý"), "{plain}");
    note("00:10", "23:50", 2, &["time-to-come", "bây giờ là 00:10:00 26/11/2026", "\"23:50:00 25/11/2026\""]);
    let same_night = note("00:10", "23:50 25/11/2026", 0, &["23:50:00 25/11/2026"]);
    assert!(!same_night.contains("lưu ý"), "it is after the beginning: {same_night}");
    note("00:10", "05:00 27/11/2026", 2, &["chưa đến", "bây giờ là 00:10:00 26/11/2026"]);
    note("00:10", "hôm qua", 2, &["not-a-time", "ví dụ: 02:15"]);
    note("00:10", "2026-11-25T23:55:00", 0, &["23:55:00 25/11/2026"]);
    note("00:10", "2026-11-25T16:55:00Z", 0, &["23:55:00 25/11/2026"]);
    let before = ["lưu ý", "trước khi SC-2026-001 bắt đầu (23:40:", "ungpho correct"];
    note("00:10", "22:40 25/11/2026", 0, &[before.as_slice(), &["trước 1 giờ"]].concat());
    note("00:10", "22:40 25/11/2020", 0, &before);
}
