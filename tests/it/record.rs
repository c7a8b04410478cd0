//! What people record of an incident: late, for another, corrected, added afterwards, concluded, signed.

use std::fs;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::desk::Desk;

const PEOPLE: &str = "people:\n  - { id: lan, name: Lan }\n  - { id: binh, name: Bình }\n  - { id: truong, name: Trưởng }\n\
                      roles:\n  commander: { holder: truong }\n";

const NIGHT: &str = r#"
roles:
  commander: { title: "Chỉ huy" }
steps:
  - id: confirm
    title: "Xác minh"
    manual: { do: "Xem máy", ask: [ { id: host, title: "Máy", type: string }, { id: count, title: "Số máy", type: integer } ] }
    marks: detected
  - { id: tell, notify: { notice: initial-notice } }
  - id: close
    title: "Đóng"
    manual: { do: "Đóng" }
"#;

/// `minutes` before now, with its zone.
fn ago(minutes: i64) -> String {
    let moment = Timestamp::now() - SignedDuration::from_mins(minutes);
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn same_moment(record: &Value, typed: &str) -> bool {
    let read = |text: &str| text.parse::<Timestamp>().expect("a time");
    read(record.as_str().expect("a time")) == read(typed)
}

/// The text of an object of the ledger.
fn words(desk: &Desk, object: &Value) -> String {
    let digest = object["object"].as_str().expect("an object").replace("sha256:", "");
    let path = desk.root().join("ledger/objects/sha256").join(&digest[..2]).join(&digest);
    let text = fs::read_to_string(path).expect("it is kept");
    text.split_once('\n').expect("a line of salt").1.to_owned()
}

fn seq(record: &Value) -> String {
    record["seq"].as_u64().expect("a number").to_string()
}

fn asked(desk: &Desk, step: &str) {
    desk.until(step, |records| {
        records.iter().any(|record| record["type"] == "asked" && record["body"]["step"] == step)
    });
}

/// A workspace in which an incident has begun and waits for its first step.
fn incident() -> Desk {
    let desk = Desk::new();
    desk.write("people.yaml", PEOPLE);
    desk.playbook("night", NIGHT);
    desk.run(&["respond", "night", "--yes"]).exits(0);
    desk.until_kind("asked");
    let plan = desk.all("asked")[0]["body"]["plan"].as_str().expect("the plan").to_owned();
    desk.run(&["answer", "yes", "--plan", &plan]).exits(0);
    asked(&desk, "confirm");
    desk
}

/// As [`incident`], ended; and its id.
fn ended() -> (Desk, String) {
    let desk = incident();
    desk.run(&["answer", "done", "--value", "host=app-01", "--value", "count=2"]).exits(0);
    asked(&desk, "close");
    desk.run(&["answer", "done"]).exits(0);
    desk.until_kind("run-ended");
    let run = desk.only_record("run-ended")["run"].as_str().expect("a run").to_owned();
    (desk, run)
}

impl Desk {
    fn only_record(&self, kind: &str) -> Value {
        self.all(kind).pop().unwrap_or_else(|| panic!("no {kind} among {:?}", self.kinds()))
    }

    fn changes(&self, arguments: &[&str]) -> Vec<Value> {
        let mut all = vec!["evidence", "changes", "--json"];
        all.extend(arguments);
        let seen = self.run(&all).exits(0);
        let document: Value = serde_json::from_str(&seen.out).expect("one JSON document");
        assert_eq!(document["version"], 1);
        document["changes"].as_array().expect("a list").clone()
    }

    fn verifies(&self) {
        self.run(&["evidence", "verify"]).exits(0);
    }
}

#[test]
fn a_late_answer_for_another_keeps_its_moment_its_ground_and_its_reason() {
    let desk = incident();
    let at = ago(90);
    let late = ["answer", "done", "--value", "host=app-01", "--at", &at, "--by", "binh"];
    desk.run(&late).exits(2).says(&["no-reason", "--because"]);
    desk.run(&[&late[..], &["--because", "Bình gọi điện"]].concat()).exits(0).says(&["entered as"]);
    asked(&desk, "close");
    let answered = desk.only_record("answered");
    assert_eq!(
        (&answered["actor"], &answered["by"], &answered["basis"]),
        (&"binh".into(), &"lan".into(), &"told".into())
    );
    assert!(same_moment(&answered["occurred"], &at));
    let zone = |text: &Value| text.as_str().map(|text| text[26..].to_owned());
    assert_eq!(zone(&answered["occurred"]), zone(&answered["at"]), "typed in another zone, kept in that of the desk");
    assert_eq!(words(&desk, &answered["body"]["because"]), "Bình gọi điện");
    let marked = desk.only_record("marked");
    assert!(same_moment(&marked["occurred"], &at), "the mark hangs on when it happened: {marked}");
    let changes = desk.changes(&[]);
    assert_eq!(changes.len(), 1, "{changes:?}");
    assert_eq!(changes[0]["kinds"], serde_json::json!(["late", "for-another"]));
    assert_eq!((&changes[0]["type"], &changes[0]["because"]), (&"answered".into(), &"Bình gọi điện".into()));
    desk.run(&["stop", "--because", "hết"]).exits(0);
    desk.until_kind("run-ended");
    desk.verifies();
}

#[test]
fn marks_classifications_and_what_was_sent_are_kept_with_their_moments() {
    let desk = incident();
    let (early, found) = (ago(120), ago(60));
    desk.run(&["mark", "detected", "--at", &early]).exits(2).says(&["no-reason"]);
    desk.run(&["mark", "detected", "--at", &early, "--because", "nhật ký"]).exits(0);
    desk.run(&["mark", "detcted"]).exits(2).says(&["unknown-mark", "did you mean `detected`?"]);
    let marked = desk.only_record("marked");
    assert_eq!((&marked["body"]["mark"], &marked["basis"]), (&"detected".into(), &"memory".into()));
    assert!(same_moment(&marked["occurred"], &early));

    desk.run(&["classify", "--because", "x"]).exits(2).says(&["nothing-said"]);
    desk.run(&["classify", "--serious", "undecided"]).exits(2).says(&["no-reason"]);
    desk.run(&["classify", "--serious", "undecided", "--because", "chưa rõ"])
        .exits(0)
        .says(&["does not define", "serious_definition"]);
    assert_eq!(desk.only("classified").get("definition"), None);
    desk.write(
        "ungpho.yaml",
        "format: 1\nunit: \"Sở Thử nghiệm\"\nserious_definition: \"HTTT cấp độ 3 ngừng quá 4 giờ\"\n",
    );
    desk.run(&[
        "classify",
        "--serious",
        "yes",
        "--grave",
        "public-order",
        "--grave",
        "serious-interruption",
        "--because",
        "ngừng 5 giờ",
    ])
    .exits(0);
    let said = desk.only_record("classified");
    assert_eq!(said["body"]["grave"], serde_json::json!(["public-order", "serious-interruption"]));
    assert_eq!(words(&desk, &said["body"]["definition"]), "HTTT cấp độ 3 ngừng quá 4 giờ");
    desk.run(&["classify", "--grave", "public-order", "--no-grave", "--because", "x"]).exits(2);
    desk.run(&["classify", "--no-grave", "--because", "đã xem lại"]).exits(0);
    assert_eq!(desk.only_record("classified")["body"]["grave"], serde_json::json!([]));
    desk.run(&["classify", "--personal-data", "yes", "--at", &found, "--because", "thấy tệp danh sách"]).exits(0);
    let said = desk.only_record("classified");
    assert_eq!(said["body"]["personal_data"], true);
    assert!(same_moment(&said["occurred"], &found));

    desk.run(&["sent", "no-such-notice"]).exits(2).says(&["unknown-notice", "--because"]);
    desk.run(&["answer", "done", "--value", "host=app-01"]).exits(0);
    asked(&desk, "close");
    desk.write("receipt.pdf", "%PDF biên nhận");
    desk.run(&["sent", "inital-notice"]).exits(2).says(&["did you mean `initial-notice`?"]);
    desk.run(&["sent", "initial-notice", "--file", "missing.pdf"]).exits(3).says(&["missing.pdf"]);
    desk.run(&["sent", "initial-notice", "--to", "Công an tỉnh", "--number", "15/TB", "--file", "receipt.pdf"])
        .exits(0);
    let sent = desk.only("notice-sent");
    assert_eq!((words(&desk, &sent["to"]), words(&desk, &sent["number"])), ("Công an tỉnh".into(), "15/TB".into()));
    assert_eq!(sent["receipt"]["size"], "%PDF biên nhận".len());
    desk.run(&["sent", "other-notice", "--because", "gửi bằng văn bản giấy"]).exits(0);
    assert_eq!(desk.only_record("notice-sent")["body"]["notice"], "other-notice");
    desk.run(&["stop", "--because", "hết"]).exits(0);
    desk.until_kind("run-ended");
    desk.verifies();
}

#[test]
fn a_correction_keeps_both_values_and_what_decided_the_course_stays() {
    let desk = incident();
    desk.run(&["answer", "done", "--value", "host=app-01", "--value", "count=2"]).exits(0);
    asked(&desk, "close");
    let answered = seq(&desk.only_record("answered"));
    let host = ["correct", &answered, "answers.host", "--to", "app-02"];
    desk.run(&host).exits(2).says(&["no-reason"]);
    desk.run(&[&host[..], &["--because", "gõ nhầm"]].concat()).exits(0).says(&["app-01 → app-02"]);
    let first = desk.only_record("corrected");
    assert_eq!(
        (words(&desk, &first["body"]["was"]), words(&desk, &first["body"]["is"])),
        ("\"app-01\"".into(), "\"app-02\"".into())
    );
    desk.run(&[&host[..], &["--because", "lại"]].concat()).exits(2).says(&["same-value"]);
    desk.run(&["correct", &answered, "answers.host", "--to", "app-03", "--because", "xem lại"])
        .exits(0)
        .says(&["app-02 → app-03"]);
    let again = desk.only_record("corrected");
    assert_eq!(again["body"]["was"], first["body"]["is"], "what was in force before");
    desk.run(&["correct", &answered, "answers.count", "--to", "nhiều", "--because", "x"])
        .exits(2)
        .says(&["wrong-value"]);
    desk.run(&["correct", &answered, "answers.count", "--to", "3", "--because", "đếm lại"]).exits(0);
    assert_eq!(words(&desk, &desk.only_record("corrected")["body"]["is"]), "3");

    let of = seq(&again);
    let measured = seq(&desk.only_record("asked"));
    let wrong: &[(&[&str], &[&str])] = &[
        (
            &["correct", &of, "is", "--to", "x", "--because", "y"],
            &["correction-of-correction", "ungpho correct", "answers.host"],
        ),
        (&["correct", &answered, "outcome", "--to", "failed", "--because", "y"], &["not-correctable", "ungpho note"]),
        (&["correct", &measured, "occurred", "--to", "01:00", "--because", "y"], &["not-correctable", "machine"]),
        (&["correct", &answered, "text", "--to", "x", "--because", "y"], &["no-such-field", "answers.host"]),
        (&["correct", "9999", "text", "--to", "x", "--because", "y"], &["nothing-to-correct"]),
        (&["correct", "SC-2020-001", &answered, "because", "--to", "x", "--because", "y"], &["of-another-run"]),
        (&["correct", &answered, "actor", "--to", "nobody", "--because", "y"], &["not-known-here"]),
        (&["correct", &answered, "basis", "--to", "rumour", "--because", "y"], &["unknown-basis"]),
        (&["correct", &answered, "occurred", "--to", "2999-01-01T00:00:00Z", "--because", "y"], &["time-to-come"]),
    ];
    let before = desk.records().len();
    for (command, says) in wrong {
        desk.run(command).exits(2).says(says);
    }
    assert_eq!(desk.records().len(), before, "nothing was written");

    let at = ago(45);
    desk.run(&["correct", &answered, "occurred", "--to", &at, "--because", "theo sổ trực"]).exits(0);
    desk.run(&["correct", &answered, "basis", "--to", "paper", "--because", "theo sổ trực"]).exits(0);
    desk.run(&["answer", "done"]).exits(0);
    desk.until_kind("run-ended");
    desk.verifies();
    let report: Value =
        serde_json::from_str(&desk.run(&["report", "run", "--format", "json"]).exits(0).out).expect("JSON");
    let mark = &report["marks"][0];
    assert!(same_moment(&mark["at"], &at), "{mark}");
    assert_eq!(mark["basis"], "paper");
    assert_eq!(report["questions"][1]["values"], serde_json::json!([["Số máy", "3"], ["Máy", "app-03"]]));
    let text = desk.run(&["report", "run", "--format", "md", "--lang", "vi"]).exits(0).out;
    for expected in ["app-02 → app-03", "theo sổ giấy", "gõ nhầm", "## Ghi bổ sung, đính chính"] {
        assert!(text.contains(expected), "`{expected}` is not in:\n{text}");
    }
}

#[test]
fn what_comes_after_the_end_names_its_run_and_stands_apart() {
    let (desk, run) = ended();
    desk.run(&["note", "quên ghi"]).exits(2).says(&["no-open-run"]);
    desk.write("scan.pdf", "scan");
    let answered = seq(&desk.all("answered")[0]);
    desk.run(&["note", &run, "quên ghi"]).exits(0).says(&["added after the end"]);
    desk.run(&["attach-file", &run, "scan.pdf"]).exits(0);
    desk.run(&["mark", &run, "closed"]).exits(0);
    desk.run(&["classify", &run, "--serious", "no", "--because", "đã đánh giá"]).exits(0);
    desk.run(&["sent", &run, "initial-notice", "--number", "16/BC"]).exits(0);
    let host = ["answers.host", "--to", "app-02", "--because", "gõ nhầm"];
    desk.run(&[&["correct", answered.as_str()], &host[..]].concat()).exits(2).says(&["run-needed", &run]);
    desk.run(&[&["correct", run.as_str(), answered.as_str()], &host[..]].concat()).exits(0);
    desk.run(&["answer", &run, "q2", "done"]).exits(1).says(&["no-longer-asked"]);
    let after: Vec<Value> =
        desk.changes(&[&run]).into_iter().filter(|row| row["kinds"].to_string().contains("after-end")).collect();
    let kinds: Vec<&str> = after.iter().filter_map(|row| row["type"].as_str()).collect();
    assert_eq!(kinds, ["noted", "attached", "marked", "classified", "notice-sent", "corrected"]);
    let text = desk.run(&["report", "run", &run, "--format", "md"]).exits(0).out;
    let later = text.split("## Added after the end").nth(1).expect("a section of its own");
    assert!(later.contains("added after the end") && later.contains("app-01 → app-02"), "{later}");
    let table = desk.run(&["evidence", "changes", &run]).exits(0).out;
    assert!(
        table.contains("correction, added after the end; #6 answers.host: app-01 → app-02")
            && table.contains("gõ nhầm"),
        "{table}"
    );
    desk.verifies();
}

#[test]
fn the_chair_concludes_once_the_run_has_ended_and_a_voided_run_says_so_first() {
    let open = incident();
    let run = open.only_record("run-started")["run"].as_str().expect("a run").to_owned();
    open.run(&["--as", "truong", "conclude", &run, "passed", "--because", "đạt"]).exits(2).says(&["run-not-ended"]);
    open.run(&["void", &run, "--because", "nhầm"]).exits(2).says(&["run-not-ended", "ungpho stop"]);
    open.run(&["stop", "--because", "hết"]).exits(0);

    let (desk, run) = ended();
    desk.run(&["conclude", &run, "passed"]).exits(2).says(&["no-reason"]);
    desk.run(&["conclude", &run, "passed", "--because", "đạt"]).exits(2).says(&["not-the-chair", "truong", "--by"]);
    desk.run(&["conclude", &run, "failed", "--because", "chưa kịp thời", "--by", "truong"]).exits(0);
    let said = desk.only_record("concluded");
    assert_eq!(
        (&said["actor"], &said["by"], &said["body"]["verdict"]),
        (&"truong".into(), &"lan".into(), &"failed".into())
    );
    let verified = desk.run(&["evidence", "verify", "--json"]).exits(0).out;
    assert!(!verified.contains("unsigned-tail"), "the conclusion is signed with the ledger's key: {verified}");
    let text = desk.run(&["report", "run", &run, "--format", "md", "--lang", "vi"]).exits(0).out;
    assert!(text.contains("- Kết quả kỹ thuật: đạt"), "{text}");
    assert!(text.contains("- Kết luận của người chủ trì: không đạt; Trưởng (truong), "), "{text}");
    desk.run(&["void", &run]).exits(2).says(&["no-reason"]);
    desk.run(&["void", &run, "--because", "chạy thử, không phải sự cố"]).exits(0);
    desk.run(&["void", &run, "--because", "lần nữa"]).exits(2).says(&["run-voided"]);
    desk.run(&["--as", "truong", "conclude", &run, "passed", "--because", "x"]).exits(2).says(&["run-voided"]);
    let text = desk.run(&["report", "run", &run, "--format", "md", "--lang", "vi"]).exits(0).out;
    let said = text.find("ĐÃ BỊ HỦY BỎ, KHÔNG TÍNH KẾT QUẢ").expect("it is said");
    assert!(said < text.find("# SC-").expect("the title"), "{text}");
    let page = desk.run(&["report", "run", &run, "--out", "-", "--lang", "vi"]).exits(0).out;
    assert!(page.find("ĐÃ BỊ HỦY BỎ").expect("it is said") < page.find("<h1>").expect("the title"));
    desk.verifies();
}

#[test]
fn a_person_signs_with_a_key_of_their_own_and_what_came_after_is_shown() {
    let (desk, run) = ended();
    let key = desk.root().parent().expect("a folder").join("lan.key");
    let file = key.to_str().expect("a plain path");
    desk.run(&["evidence", "keys", "new", "--for", "lan", "--out", "lan.key"]).exits(2).says(&["key-inside"]);
    desk.run(&["evidence", "keys", "new", "--for", "nobody", "--out", file]).exits(2).says(&["not-known-here"]);
    let made = desk.run(&["evidence", "keys", "new", "--for", "lan", "--out", file]).exits(0);
    let vkey = made.out.trim().to_owned();
    assert!(vkey.starts_with("ungpho-person/lan+"), "{vkey}");
    let permissions = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&key).expect("it is there").permissions());
    assert_eq!(permissions & 0o777, 0o600);
    desk.run(&["evidence", "keys", "new", "--for", "lan", "--out", file]).exits(2).says(&["key-there"]);
    desk.run(&["sign", &run, "--key", file]).exits(2).says(&["key-not-theirs", &vkey]);
    desk.write("people.yaml", &PEOPLE.replace("name: Lan }", &format!("name: Lan, key: \"{vkey}\" }}")));
    desk.run(&["--as", "binh", "sign", &run, "--key", file]).exits(2).says(&["key-not-theirs"]);
    desk.run(&["sign", "--size", "99999", "--key", file]).exits(2).says(&["no-such-size"]);
    fs::copy(&key, desk.root().join("copy.key")).expect("a copy");
    desk.run(&["sign", &run, "--key", "copy.key"]).exits(2).says(&["key-inside"]);

    desk.run(&["sign", &run, "--key", file]).exits(0).says(&["lan has signed the first"]);
    let signed = desk.only("signed");
    assert_eq!(signed["size"], desk.only_record("run-ended")["seq"].as_u64().expect("a number") + 1);
    desk.run(&["note", &run, "thêm sau"]).exits(0);
    desk.run(&["sign", "--size", "3", "--key", file]).exits(0);
    desk.verifies();
    let changes = desk.changes(&[&run]);
    let last = changes.last().expect("the note");
    assert_eq!(
        (&last["kinds"], &last["after"]),
        (&serde_json::json!(["after-end", "after-signature"]), &serde_json::json!([signed["size"]]))
    );
    let text = desk.run(&["report", "run", &run, "--format", "md", "--lang", "vi"]).exits(0).out;
    assert!(text.contains("phát sinh sau khi ký") && text.contains("Lan (lan) ký xác nhận"), "{text}");

    // A changed record is not what the person signed, whatever the ledger's own key says.
    let log = desk.root().join("ledger/log/000001.jsonl");
    let whole = fs::read_to_string(&log).expect("the log");
    fs::write(&log, whole.replacen("\"outcome\":\"done\"", "\"outcome\": \"done\"", 1)).expect("it is altered");
    let seen = desk.run(&["evidence", "verify", "--json"]).exits(4);
    assert!(seen.out.contains("person-signature-root"), "{}", seen.out);
    // A signature under another key, or over another size, is not theirs.
    for (from, to) in [
        ("\"vkey\":\"ungpho-person/lan+", "\"vkey\":\"ungpho-person/bin+"),
        ("\"body\":{\"size\":", "\"body\":{\"size\":1"),
    ] {
        let (head, tail) = whole.split_once("\"type\":\"signed\"").expect("a signature");
        fs::write(&log, format!("{head}\"type\":\"signed\"{}", tail.replacen(from, to, 1))).expect("it is altered");
        let seen = desk.run(&["evidence", "verify", "--json"]).exits(4);
        assert!(
            seen.out.contains("person-signature-bad") || seen.out.contains("person-signature-size"),
            "{}",
            seen.out
        );
    }
}

#[test]
fn what_cannot_be_a_moment_or_a_person_is_refused_and_says_why() {
    let desk = Desk::new();
    desk.write("people.yaml", PEOPLE);
    desk.playbook("two", "steps:\n  - { id: first, title: \"First\", manual: { do: \"Do\" } }\n");
    desk.run(&["drill", "two", "--tabletop", "--yes"]).exits(0);
    desk.until_kind("asked");
    let before = desk.records().len();
    let early = ago(600);
    for (at, says) in [
        ("2999-01-01T00:00:00Z", ["time-to-come", "it is"]),
        ("31/02/2026 02:15", ["not-a-time", "for example"]),
        ("hôm qua", ["not-a-time", "for example"]),
        (early.as_str(), ["before-the-run", "a drill"]),
    ] {
        for command in
            [&["note", "x"][..], &["mark", "detected"], &["answer", "done"], &["classify", "--serious", "no"]]
        {
            let done = desk.run(&[command, &["--at", at, "--because", "y"]].concat()).exits(2);
            done.says(&says);
        }
    }
    // Just after midnight a time of day without a day could be yesterday's: both are named, neither is guessed.
    let mut command = desk.command(&["note", "x", "--at", "23:50", "--because", "y"]);
    let seen = command.env("UNGPHO_TEST_CLOCK", "2026-11-25T00:10:00+07:00").output().expect("it runs");
    let text = String::from_utf8_lossy(&seen.stderr).into_owned();
    assert!(text.contains("time-to-come") && text.contains("2026-11-24 23:50:00"), "{text}");
    desk.run(&["note", "x", "--by", "bin"]).exits(2).says(&["not-known-here", "did you mean `binh`?"]);
    desk.run(&["note", "x", "--basis", "machine"]).exits(2).says(&["unknown-basis"]);
    assert_eq!(desk.records().len(), before, "nothing was written");
    desk.run(&["stop", "--because", "over"]).exits(0);
    desk.until_kind("run-ended");
}

#[test]
fn of_two_corrections_and_two_answers_at_the_same_moment_none_is_lost_and_none_counts_twice() {
    let desk = incident();
    let one = desk.spawn(&["--as", "lan", "answer", "q2", "done", "--value", "host=app-01"], "");
    let two = desk.spawn(&["--as", "binh", "answer", "q2", "done", "--value", "host=app-02"], "");
    let (one, two) = (super::desk::finish(one, &["one"]), super::desk::finish(two, &["two"]));
    let answered = desk.all("answered");
    assert_eq!(answered.len(), 1, "{one:?} {two:?}");
    let (winner, loser) = if answered[0]["actor"] == "lan" { (one, two) } else { (two, one) };
    winner.exits(0);
    loser.exits(1).says(&["not kept"]);
    let of = seq(&answered[0]);
    let one = desk.spawn(&["correct", &of, "actor", "--to", "truong", "--because", "một"], "");
    let two = desk.spawn(&["--as", "binh", "correct", &of, "basis", "--to", "told", "--because", "hai"], "");
    super::desk::finish(one, &["one"]).exits(0);
    super::desk::finish(two, &["two"]).exits(0);
    assert_eq!(desk.all("corrected").len(), 2);
    desk.run(&["stop", "--because", "hết"]).exits(0);
    desk.until_kind("run-ended");
    desk.verifies();
}

#[test]
fn the_commands_that_the_page_shows_are_commands_of_the_program() {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/incidents.md")).expect("the page ships");
    let nowhere = tempfile::tempdir().expect("a folder");
    let mut shown = 0;
    for line in page.lines().filter_map(|line| line.strip_prefix("    ungpho ")) {
        // Words in double quotes are one word.
        let words: Vec<String> = line
            .split('"')
            .enumerate()
            .flat_map(|(place, part)| match place % 2 {
                1 => vec![part.to_owned()],
                _ => part.split_whitespace().map(str::to_owned).collect(),
            })
            .collect();
        let seen = std::process::Command::new(env!("CARGO_BIN_EXE_ungpho"))
            .args(&words)
            .current_dir(nowhere.path())
            .env_clear()
            .output()
            .expect("it runs");
        let text = String::from_utf8_lossy(&seen.stderr);
        // Read and understood: all that is missing is a workspace.
        assert!(text.contains("[no-workspace]"), "ungpho {line}\n{text}");
        shown += 1;
    }
    assert!(shown > 10, "only {shown} commands were found");
}
