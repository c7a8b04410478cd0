//! What minutes and the after-action report say alike of a drill: its pauses, its duties; and many evaluators in one report.

use super::after_action::{EXERCISE, PEOPLE, TALK, UNIT, drilled, planned};
use super::desk::Desk;
use super::minutes::{close, pdf, told};

/// No word of a table's head is broken: each stands whole among the words of the page.
#[test]
fn with_many_evaluators_scores_stand_in_a_table_of_their_own_that_can_be_read() {
    let desk = drilled();
    let made = |desk: &Desk, file: &str| {
        desk.run(&["report", "after-action", "--out", file, "--lang", "vi"]).exits(0);
        pdf(desk, file);
        told(desk, "pdftotext", &["-raw", &file.replace(".docx", ".pdf"), "-"])
    };
    let beside = made(&desk, "two.docx");
    assert!(beside.split_whitespace().any(|word| word == "STT") && !beside.contains("Người đánh giá Mức"), "{beside}");

    let desk = planned();
    let names = ["Công Tằng Tôn Nữ Nguyễn Thị Quỳnh", "Huỳnh Thị Kiều Oanh", "Nguyễn Phước Nghiêm", "Bùi Quang Nghĩa"];
    let all = |line: &dyn Fn(usize, &str) -> String| {
        (1..).zip(names).map(|(number, name)| line(number, name)).collect::<String>()
    };
    let people = all(&|number, name| format!("\x20 - {{ id: gv{number}, name: \"{name}\" }}\n"));
    desk.write("people.yaml", &PEOPLE.replace("roles:", &format!("{people}roles:")));
    let part = all(&|number, _| format!("\x20 - {{ person: gv{number}, part: evaluator }}\n"));
    desk.write("exercises/q4.yaml", &EXERCISE.replace("injects:", &format!("{part}injects:")));
    desk.run(&["drill", "talk", "--tabletop", "--exercise", "q4", "--yes"]).exits(0);
    desk.until_kind("asked");
    desk.run(&["answer", "done"]).exits(0);
    desk.until("the next question", |records| records.iter().filter(|it| it["type"] == "asked").count() >= 2);
    desk.run(&["answer", "done", "--value", "minutes=45"]).exits(0);
    desk.until_kind("run-ended");
    for who in ["hoa", "gv1", "gv2", "gv3", "gv4"] {
        desk.run(&["--as", who, "score", "DT-2026-001", "calm", "S", "--because", "Còn lúng túng"]).exits(0);
    }
    let apart = made(&desk, "six.docx");
    let words: Vec<&str> = apart.split_whitespace().collect();
    for word in ["STT", "Nghiêm", "Nghĩa", "Huỳnh", "Quỳnh"] {
        assert!(words.contains(&word), "`{word}` is broken:\n{apart}");
    }
    assert!(close(&apart).contains(&close("Người đánh giá Mức Lý do")), "{apart}");
    assert!(close(&apart).contains(&close("Còn lúng túng")) && apart.contains("Đỗ Hoa"), "{apart}");
}

#[test]
fn a_paused_drill_has_one_time_to_detect_in_both_documents() {
    let desk = planned();
    desk.playbook(
        "talk",
        &TALK
            .replace(
                "roles:\n",
                "clocks: { contain: { title: \"Khống chế\", from: detected, to: contained, limit: 15m } }\nroles:\n",
            )
            .replace("marks: restored }", "marks: contained }"),
    );
    desk.run(&["drill", "talk", "--tabletop", "--exercise", "q4", "--yes"]).exits(0);
    let asked = |count: usize| {
        desk.until("a question", |records| records.iter().filter(|it| it["type"] == "asked").count() >= count);
    };
    asked(1);
    desk.run(&["answer", "done"]).exits(0);
    asked(2);
    desk.run(&["pause", "DT-2026-001"]).exits(0);
    desk.until_kind("run-paused");
    let paused = std::time::Instant::now();
    desk.until("some seconds", |_| paused.elapsed().as_secs() >= 4);
    desk.run(&["resume", "DT-2026-001"]).exits(0);
    desk.until_kind("run-continued");
    desk.run(&["answer", "done", "--value", "minutes=5"]).exits(0);
    desk.until_kind("run-ended");
    let page = |what: &str| {
        let page = desk.run(&["report", what, "--format", "html", "--out", "-", "--lang", "vi"]).exits(0).out;
        let row = page.split("<tr>").find(|row| row.contains("Khống chế: từ khi phát hiện")).expect("a row").to_owned();
        assert_eq!(page.matches("Khống chế").count(), 1, "one thing is one row:\n{page}");
        assert!(page.contains("không kể lúc tạm dừng") && !page.contains("Thời gian gồm cả lúc tạm dừng"), "{page}");
        row
    };
    let (minutes, after) = (page("minutes"), page("after-action"));
    for row in [&minutes, &after] {
        assert!(row.contains("trong đó tạm dừng") && row.contains("15 phút") && row.contains("đạt mục tiêu"), "{row}");
    }
    let measured = |row: &str| row.split("trong đó").nth(1).expect("a pause").split("</p>").next().map(str::to_owned);
    assert_eq!(measured(&minutes), measured(&after));
}

#[test]
fn both_documents_say_when_it_was_detected_who_classified_it_and_what_each_duty_came_to() {
    let desk = planned();
    desk.write(
        "ungpho.yaml",
        &UNIT.replace("language: vi", "language: vi\nserious_definition: \"Gián đoạn quá 04 giờ\""),
    );
    desk.run(&["drill", "talk", "--tabletop", "--exercise", "q4", "--yes"]).exits(0);
    desk.until_kind("asked");
    desk.run(&["answer", "done"]).exits(0);
    desk.until("the next question", |records| records.iter().filter(|it| it["type"] == "asked").count() >= 2);
    desk.run(&["classify", "DT-2026-001", "--serious", "yes", "--because", "Trang chủ dừng"]).exits(0);
    desk.run(&["sent", "DT-2026-001", "anm-24", "--number", "7/TB-SKHCN", "--role", "authority"]).exits(0);
    desk.run(&["answer", "done", "--value", "minutes=5"]).exits(0);
    desk.until_kind("run-ended");
    for what in ["minutes", "after-action"] {
        let page = desk.run(&["report", what, "--format", "html", "--out", "-", "--lang", "vi"]).exits(0).out;
        let from = page.to_lowercase().find("nghĩa vụ thông báo, báo cáo").unwrap_or_else(|| panic!("{what}:\n{page}"));
        let section = &page.to_lowercase()[from..];
        for part in [
            "thời điểm phát hiện sự cố (t0):",
            "phân loại: nghiêm trọng (trang chủ dừng); nguyễn thị lan",
            "của đơn vị: gián đoạn quá 04 giờ",
            "đã thực hiện đúng hạn (mô phỏng)",
            "7/tb-skhcn",
            "chưa ghi việc gửi; chưa đến hạn tính đến ",
        ] {
            assert!(section.contains(part), "{what}: `{part}` is not in:\n{section}");
        }
    }
}
