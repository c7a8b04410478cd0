//! Notices: filled with what the record holds, prepared whatever the playbook does; and the four flags of all that records.

use std::fs;

use serde_json::{Value, json};

use super::desk::Desk;

const PEOPLE: &str = "people:\n\
    \x20 - { id: lan, name: \"Trần Thị Lan\", position: \"Cán bộ trực\", phones: [\"0905 000 001\"] }\n\
    \x20 - { id: binh, name: \"Nguyễn Văn Bình\", position: \"Bảo vệ\" }\n\
    \x20 - { id: chi, name: \"Lê Kim Chi\", position: { vi: \"Chỉ huy\", en: \"Commander\" }, phones: [\"0905 000 003\", \"0255 000\"],\n\
    \x20     second_channel: \"bộ đàm kênh 3\" }\n\
    \x20 - { id: cu, name: \"Người Cũ\", until: 2020-01-01 }\n\
    roles:\n  commander: { holder: cu, deputy: chi }\n";

const LOOK: &str = "steps:\n\
    \x20 - { id: look, title: \"Xem máy\", manual: { do: \"Xem\", ask: [ { id: seen, title: \"Thấy gì\", type: string }, { id: cause, title: \"Vì sao\", type: string } ] } }\n\
    \x20 - { id: cut, title: \"Ngắt mạng\", manual: { do: \"Ngắt\" } }\n";

/// An incident that Bình saw and that Lan entered.
fn incident() -> Desk {
    let desk = Desk::new();
    desk.write("people.yaml", PEOPLE);
    desk.playbook("night", LOOK);
    desk.playbook("morning", "steps:\n  - { id: mend, title: \"Sửa máy\", manual: { do: \"Sửa\" } }\n");
    desk.run(&[
        "respond",
        "night",
        "--yes",
        "--since",
        &an_hour_ago(),
        "--by",
        "binh",
        "--basis",
        "told",
        "--because",
        "Bình gọi",
        "--seen",
        "Màn hình đòi tiền",
    ])
    .exits(0);
    consent(&desk);
    desk
}

fn an_hour_ago() -> String {
    let moment = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(1);
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn consent(desk: &Desk) {
    let asks = |records: &[Value]| records.iter().filter(|it| it["body"]["what"] == "consent").count();
    let before = desk.all("consented").len();
    desk.until("a plan to consent to", |records| asks(records) > before);
    let open = desk.all("asked").into_iter().rfind(|it| it["body"]["what"] == "consent").expect("it was asked");
    let plan = open["body"]["plan"].as_str().expect("a digest").to_owned();
    desk.run(&["answer", "yes", "--plan", &plan]).exits(0);
}

fn question(desk: &Desk, about: &str) {
    desk.until(about, |records| records.iter().any(|it| it["type"] == "asked" && it["body"]["step"] == about));
}

#[track_caller]
fn holds(text: &str, wanted: &[&str]) {
    for wanted in wanted {
        assert!(text.contains(wanted), "`{wanted}` is not in:\n{text}");
    }
}

/// The words of an object of the ledger, without its salt.
fn words(desk: &Desk, object: &Value) -> String {
    let digest = object["object"].as_str().expect("a digest").replace("sha256:", "");
    let text = fs::read_to_string(desk.root().join("ledger/objects/sha256").join(&digest[..2]).join(&digest)).unwrap();
    text.split_once('\n').expect("a salted object").1.to_owned()
}

#[test]
fn a_notice_says_who_saw_what_who_did_what_and_whom_to_ask() {
    let desk = incident();
    question(&desk, "look");
    desk.run(&["answer", "done", "--value", "seen=Tệp lạ trên app-01", "--value", "cause=Mã độc"]).exits(0);
    question(&desk, "cut");
    desk.run(&["note", "--seen", "Máy in cũng dừng", "--by", "binh"]).exits(0);

    let done = desk.run(&["notice", "anm-72", "--value", "scope=Ba máy", "--lang", "vi"]).exits(0);
    holds(
        &done.out,
        &[
            "BÁO CÁO SỰ CỐ AN NINH MẠNG",
            "Vụ việc: SC-2026-001",
            "Căn cứ: đoạn 2 điểm d khoản 2 Điều 31 Nghị định số 331/2026/NĐ-CP",
            "Thời hạn: 72 giờ kể từ thời điểm phát hiện\nĐến hạn: ",
            "Người phát hiện: Nguyễn Văn Bình, Bảo vệ (theo lời kể)",
            "1. Nguyên nhân\nMã độc\n",
            "2. Phạm vi ảnh hưởng\nBa máy\n",
            "3. Biện pháp khắc phục\n(chưa có số liệu)\n",
            "- Màn hình đòi tiền (theo lời kể)\n- Máy in cũng dừng (theo lời kể)\n- Tệp lạ trên app-01\n",
            "Biện pháp đã thực hiện:\n- Xem máy\n",
            "Đầu mối liên lạc: Lê Kim Chi, Chỉ huy, điện thoại 0905 000 003, 0255 000, kênh dự phòng: bộ đàm kênh 3",
        ],
    );
    assert!(!done.out.contains("DIỄN TẬP"), "{}", done.out);
    holds(&done.err, &["đã soạn `incident-report` của SC-2026-001", "chưa có số liệu: ", "--value remedy="]);
    let kept = desk.only("notice-prepared");
    assert_eq!((kept["notice"].as_str(), kept.get("step")), (Some("incident-report"), None));
    assert_eq!(words(&desk, &kept["text"]), done.out.trim_end_matches('\n'));
    assert_eq!(desk.all("notice-prepared")[0]["actor"], "lan");

    // In Vietnamese, whoever types: it is the unit's document. The wrong word is mended, and the next text has the right one; who has the part in the run stands before the file.
    let seen = desk.all("noted").into_iter().rfind(|it| it["body"]["seen"] == true).expect("it was noted");
    desk.run(&["correct", &seen["seq"].to_string(), "text", "--to", "Máy quét cũng dừng", "--because", "nhầm"])
        .exits(0);
    desk.run(&["--as", "lan", "join", "--role", "commander"]).exits(0);
    let done = desk.run(&["notice", "incident-report", "SC-2026-001"]).exits(0);
    holds(
        &done.out,
        &["- Máy quét cũng dừng (theo lời kể)", "Đầu mối liên lạc: Trần Thị Lan, Cán bộ trực, điện thoại 0905 000 001"],
    );
    assert!(!done.out.contains("Máy in"), "{}", done.out);
}

#[test]
fn a_notice_knows_what_was_done_under_the_playbook_before() {
    let desk = incident();
    question(&desk, "look");
    desk.run(&["answer", "done", "--value", "seen=Tệp lạ", "--value", "cause=Mã độc"]).exits(0);
    question(&desk, "cut");
    desk.piped(&["respond", "morning", "--incident", "SC-2026-001", "--because", "rõ loại", "--yes"], "");
    desk.until_kind("playbook-switched");
    consent(&desk);
    question(&desk, "mend");
    desk.run(&["answer", "done"]).exits(0);
    desk.until_kind("run-ended");
    // An incident that has ended owes its report still.
    let done = desk.run(&["notice", "SC-2026-001", "anm-72", "--json", "--because", "báo cáo"]).exits(0);
    let document: Value = serde_json::from_str(&done.out).expect("one JSON document");
    holds(document["pages"][0].as_str().unwrap(), &["- Tệp lạ", "- Xem máy\n- Sửa máy", "1. Nguyên nhân\nMã độc"]);
    assert_eq!((&document["version"], &document["run"]), (&json!(1), &json!("SC-2026-001")));
    let missing: Vec<&str> =
        document["missing"].as_array().unwrap().iter().map(|it| it["blank"].as_str().unwrap()).collect();
    assert!(missing.contains(&"remedy") && !missing.contains(&"cause"), "{missing:?}");
    let record = document["record"].as_u64().unwrap();
    assert_eq!(desk.records()[usize::try_from(record).unwrap()]["type"], "notice-prepared");
    desk.run(&["evidence", "verify"]).exits(0);
    desk.run(&["report", "run", "SC-2026-001", "--format", "md", "--out", "r.md", "--lang", "vi"]).exits(0);
    let report = fs::read_to_string(desk.root().join("r.md")).unwrap();
    holds(&report, &["Thông báo đã soạn: incident-report", "Điều đã thấy"]);
}

#[test]
fn in_a_drill_a_notice_is_stamped_and_a_file_gets_it_whole() {
    let desk = Desk::new();
    desk.write("people.yaml", PEOPLE);
    desk.playbook(
        "night",
        "steps:\n  - { id: look, title: \"Xem máy\", manual: { do: \"Xem\" }, marks: detected }\n\
         \x20 - { id: rest, title: \"Chờ\", manual: { do: \"Chờ\" } }\n",
    );
    desk.run(&["drill", "night", "--tabletop", "--yes", "--lang", "vi"]).exits(0);
    question(&desk, "look");
    desk.run(&["answer", "done", "--by", "binh"]).exits(0);
    question(&desk, "rest");
    desk.run(&["notice", "personal-data-notice", "--out", "n.txt", "--lang", "vi"]).exits(0).says(&["n.txt"]);
    let text = fs::read_to_string(desk.root().join("n.txt")).unwrap();
    let banner = "DIỄN TẬP – KHÔNG PHẢI SỰ CỐ THẬT";
    assert!(text.starts_with(banner) && text.trim_end().ends_with(banner), "{text}");
    // Who answered the step that marks the detection is who detected it.
    let done = desk.run(&["notice", "initial-notice", "--lang", "vi"]).exits(0);
    holds(&done.out, &["Người phát hiện: Nguyễn Văn Bình, Bảo vệ (theo lời kể)", "Hiện tượng:\n- (chưa có số liệu)"]);
    assert!(desk.run(&["notice", "initial-notice", "--json"]).exits(0).out.contains("\"drill\":true"));
    // An incident waits for no file.
    desk.write("people.yaml", "people: nobody\n");
    let done = desk.run(&["notice", "initial-notice", "--lang", "vi"]).exits(0).says(&["people.yaml"]);
    holds(&done.out, &["Người phát hiện: binh (theo lời kể)", "Đầu mối liên lạc: (chưa có số liệu)"]);
}

#[test]
fn what_cannot_be_prepared_is_refused_and_nothing_is_kept() {
    let desk = incident();
    let refused = |arguments: &[&str], says: &[&str]| drop(desk.run(arguments).exits(2).says(says));
    refused(&["notice", "initial-notic"], &["unknown-notice", "did you mean `initial-notice`?"]);
    refused(&["notice", "xyz"], &["unknown-notice", "initial-notice"]);
    refused(&["notice", "anm-24", "--value", "scope=x"], &["unknown-value", "effects"]);
    refused(&["notice", "anm-24", "--value", "scope"], &["not-a-pair"]);
    refused(&["notice", "anm-24", "--at", "01:00", "--because", "x"], &["only-now"]);
    refused(&["notice", "anm-24", "SC-2026-009"], &["unknown-run"]);
    refused(&["notice", "anm-24", "anm-72"], &["too-many-words"]);
    assert!(desk.all("notice-prepared").is_empty(), "{:?}", desk.kinds());
}

const ASKS: &str = "inputs:\n  system: { type: system, default: site }\n\
    steps:\n\
    \x20 - { id: look, title: \"Xác định phạm vi\", manual: { do: \"Xem\", ask: [ { id: hosts, title: \"Số máy bị ảnh hưởng\", type: integer, tells: scope }, { id: entry, title: \"Đường xâm nhập\", type: string, tells: cause } ] } }\n\
    \x20 - { id: way, title: \"Chọn cách\", decide: { ask: \"Khôi phục?\", tells: remedy, options: [ { id: copy, title: \"Khôi phục từ bản sao lưu\" }, { id: repair, title: \"Sửa tại chỗ\" } ] } }\n\
    \x20 - { id: mend, title: \"Cài lại máy chủ\", phase: recover, manual: { do: \"Cài\" } }\n\
    \x20 - { id: rest, title: \"Chờ\", manual: { do: \"Chờ\" } }\n";

#[test]
fn what_a_playbook_asked_for_stands_in_the_report_and_what_files_lack_is_said_with_the_file() {
    let desk = Desk::new();
    desk.write("people.yaml", PEOPLE);
    desk.write(
        "inventory/site.yaml",
        "format: 1\nid: site\nname: \"Cổng\"\nstate: operating\nfacts: { class: [internal], information: [private] }\n",
    );
    desk.playbook("night", ASKS);
    desk.run(&["respond", "night", "--yes", "--since", &an_hour_ago(), "--because", "trực ban báo"]).exits(0);
    consent(&desk);
    question(&desk, "look");
    // Before anybody has answered nothing is known, and that is what it says.
    let done = desk.run(&["notice", "anm-72"]).exits(0);
    holds(&done.out, &["1. Nguyên nhân\n(chưa có số liệu)\n", "3. Biện pháp khắc phục\n(chưa có số liệu)\n"]);
    desk.run(&["answer", "done", "--value", "hosts=3", "--value", "entry=Thư giả mạo"]).exits(0);
    question(&desk, "way");
    desk.run(&["answer", "copy", "--because", "bản còn tốt"]).exits(0);
    question(&desk, "mend");
    desk.run(&["answer", "done"]).exits(0);
    question(&desk, "rest");
    let done = desk.run(&["notice", "anm-72", "--lang", "vi"]).exits(0);
    let level = "Cấp độ: 2 (chương trình tính theo Nghị định số 331/2026/NĐ-CP, chưa được phê duyệt)";
    holds(
        &done.out,
        &[
            level,
            "1. Nguyên nhân\nĐường xâm nhập: Thư giả mạo\n",
            "2. Phạm vi ảnh hưởng\nSố máy bị ảnh hưởng: 3\n",
            "3. Biện pháp khắc phục\n- Khôi phục từ bản sao lưu\n- Cài lại máy chủ\n",
            "Đơn vị vận hành: (chưa có số liệu)",
        ],
    );
    let said = "ghi `operator` vào inventory/site.yaml rồi soạn lại";
    assert_eq!(done.err.matches(said).count(), 1, "{}", done.err);
    // What people say stands before it; what the file has today is known today.
    desk.write(
        "inventory/site.yaml",
        "format: 1\nid: site\nname: \"Cổng\"\nstate: operating\noperator: \"Trung tâm dữ liệu\"\n",
    );
    let done = desk.run(&["notice", "anm-72", "--value", "cause=Chưa vá lỗ hổng"]).exits(0);
    holds(&done.out, &["1. Nguyên nhân\nChưa vá lỗ hổng\n", "Đơn vị vận hành: Trung tâm dữ liệu\n", level]);
    assert!(!done.out.contains("((") && !done.err.contains("operator"), "{}{}", done.out, done.err);
    // Laid out it is Vietnamese from the head to the foot, whoever types.
    let paper = ["report", "notice", "SC-2026-001", "anm-72", "--format", "html", "--out", "n.html", "--lang", "en"];
    desk.run(&paper).exits(0);
    let page = fs::read_to_string(desk.root().join("n.html")).expect("it was made");
    holds(&page, &["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "1. Nguyên nhân", "3. Biện pháp khắc phục", "Như trên"]);
    assert!(!page.contains("As above") && !page.contains("lang=\"en\""), "{page}");
    // The effects of the first notice are the scope as far as it is known.
    let done = desk.run(&["notice", "anm-24"]).exits(0);
    holds(&done.out, &["Mức độ ảnh hưởng ban đầu: Số máy bị ảnh hưởng: 3\n"]);
}

#[test]
fn the_document_of_a_notice_is_kept_while_the_incident_goes_on_and_minutes_wait_for_its_end() {
    let desk = incident();
    let run = desk.all("run-started")[0]["run"].as_str().expect("an id").to_owned();
    let prepared = desk.run(&["notice", "initial-notice"]).exits(0);
    assert!(prepared.err.contains(&format!("ungpho sent {run} initial-notice")), "{}", prepared.err);
    desk.run(&["sent", "initial-notice", &run, "--number", "3/TB"]).exits(0);
    fs::write(desk.root().join("ky.pdf"), "bản đã ký").expect("written");
    let day = jiff::tz::Offset::constant(7).to_datetime(jiff::Timestamp::now()).date().to_string();
    let issued = |document: &str| {
        let whole =
            ["report", "issued", document, &run, "--number", "3/TB", "--signer", "B", "--file", "ky.pdf", "--date"];
        desk.run(&[&whole[..], &[&day]].concat())
    };
    issued("notice").exits(0);
    let refused = issued("minutes").exits(2);
    assert!(refused.err.contains("run-not-ended") && !refused.err.contains("ungpho stop"), "{}", refused.err);
}
