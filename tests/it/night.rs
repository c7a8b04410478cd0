//! One night, from a call at 01:40 to a notice that was sent late the night after: the record tells it as it was.

use std::process::Command;

use serde_json::{Value, json};

use super::desk::{Desk, Done, finish, kill_loop};

const RUN: &str = "SC-2026-001";

const STEPS: &str = r#"
roles:
  commander: { title: "Chỉ huy ứng phó" }
  operator: { title: "Cán bộ vận hành" }
clocks:
  whole: { title: "Từ phát hiện đến khôi phục", from: detected, to: restored, limit: 8h }
steps:
  - id: confirm
    title: "Xác minh"
    role: operator
    manual: { do: "Xem máy", ask: [ { id: host, title: "Máy nào", type: string } ] }
    marks: detected
  - id: cut
    title: "Cắt máy khỏi mạng"
    role: operator
    run: { argv: [touch, cut], effect: destructive }
  - { id: clean, title: "Gỡ mã độc", role: operator, manual: { do: "Gỡ" } }
  - { id: back, title: "Đưa dịch vụ trở lại", role: operator, manual: { do: "Khởi động" }, marks: restored }
  - { id: lessons, title: "Rút kinh nghiệm", role: commander, manual: { do: "Họp" }, marks: closed }
"#;

const PEOPLE: &str = "people:\n  - { id: lan, name: \"Lan\" }\n  - { id: binh, name: \"Bình\" }\n\
                      \x20 - { id: chi, name: \"Chi\" }\nroles:\n  commander: { holder: chi, deputy: binh }\n\
                      \x20 operator: { holder: lan, deputy: binh }\n";

/// A desk at which it is the time that is said, and whoever is said sits there.
struct Night(Desk);

impl Night {
    fn at(&self, time: &str, who: &str, arguments: &[&str]) -> Done {
        let mut command: Command = self.0.command(arguments);
        command.env("UNGPHO_TEST_CLOCK", format!("2026-{time}:00+07:00")).env("UNGPHO_AS", who);
        let child = command
            .stdin(std::process::Stdio::null())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .expect("it starts");
        finish(child, arguments)
    }

    /// The question that is open about `step`, of this kind.
    fn question(&self, step: &str, what: &str) -> Value {
        let is = |it: &Value| it["body"]["step"].as_str().unwrap_or_default() == step && it["body"]["what"] == what;
        self.0.until(step, |records| records.iter().any(|it| it["type"] == "asked" && is(it)));
        self.0.all("asked").into_iter().rfind(|it| is(it)).expect("it is there")["body"].clone()
    }

    fn id(&self, step: &str, what: &str) -> String {
        self.question(step, what)["question"].as_str().expect("an id").to_owned()
    }
}

#[test]
fn one_night_is_told_in_its_own_order_with_every_ground_and_exception() {
    let night = Night(Desk::new());
    night.0.write("people.yaml", PEOPLE);
    night.0.write(
        "ungpho.yaml",
        "format: 1\nunit: \"Sở Thử nghiệm\"\nsecond_person: [present, phone]\n\
         serious_definition: \"Ngừng phục vụ quá 4 giờ\"\n",
    );
    night.0.playbook("one-night", STEPS);

    // 03:10: the tool is opened; the guard had called at 01:40.
    let told = ["respond", "one-night", "--yes", "--since", "01:40", "--because", "bảo vệ gọi lúc 01:40"];
    night.at("11-25T03:10", "lan", &told).exits(0);
    let plan = night.question("", "consent")["plan"].as_str().expect("a digest").to_owned();
    night.at("11-25T03:12", "chi", &["answer", RUN, "yes", "--plan", &plan]).exits(0);
    let confirm = night.id("confirm", "manual");
    night.at("11-25T03:15", "lan", &["answer", RUN, &confirm, "done", "--value", "host=app-02"]).exits(0);
    night.at("11-25T03:16", "chi", &["classify", RUN, "--serious", "undecided", "--because", "chưa rõ"]).exits(0);

    // The host was another one.
    let answered = night.0.all("answered")[0]["seq"].to_string();
    let correct = ["correct", RUN, &answered, "answers.host", "--to", "app-01", "--because", "ghi nhầm máy"];
    night.at("11-25T03:30", "lan", &correct).exits(0);

    // Chi agreed by telephone at 03:35; that is typed in at 03:40.
    let second = night.id("cut", "second");
    let phone = ["answer", RUN, &second, "yes", "--second", "phone", "--by", "chi", "--at", "03:35", "--because"];
    night.at("11-25T03:40", "lan", &[&phone[..], &["gọi số trực, đồng ý cắt"]].concat()).exits(0);
    night.0.until("the machine is cut off", |records| {
        records.iter().any(|it| it["type"] == "step-ended" && it["body"]["step"] == "cut")
    });

    // 06:00: the shift changes.
    night.at("11-25T06:00", "lan", &["handover", RUN, "--role", "operator", "--to", "binh"]).exits(0);
    night.at("11-25T06:05", "binh", &["handover", RUN, "--accept"]).exits(0);

    // 06:30: the machine goes down. Two hours are on paper, and typed in at 09:00.
    night.question("clean", "manual");
    kill_loop(&night.0, RUN);
    let card = ["report", "card", "--run", RUN, "--format", "xlsx", "--out", "sheet.xlsx"];
    night.at("11-25T09:00", "lan", &card).exits(0);
    let row = |step: &str, begun: &str, over: &str| {
        [("Done by", "binh"), ("Begun", begun), ("Over", over), ("Outcome", "done")]
            .map(|(heading, text)| json!([step, heading, text]))
    };
    let mut cells = vec![json!(["^Day of this sheet", "", "2026-11-25"])];
    cells.extend(row("clean", "06:40", "07:30"));
    cells.extend(row("back", "07:30", "08:10"));
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/data/type_sheet.py");
    let typed = Command::new("python3")
        .args([script, "sheet.xlsx", &Value::from(cells).to_string()])
        .current_dir(night.0.root())
        .output()
        .expect("python3 is there");
    assert!(typed.status.success(), "{}", String::from_utf8_lossy(&typed.stderr));
    night.at("11-25T09:05", "lan", &["record", RUN, "--from", "sheet.xlsx", "--yes"]).exits(0);
    night.at("11-25T09:10", "binh", &["resume", RUN, "--detach"]).exits(0);
    let lessons = night.id("lessons", "manual");

    // 21:40, after twenty hours: it is serious after all. The 24 hours run from 01:40.
    let serious = ["classify", RUN, "--serious", "yes", "--because", "ngừng phục vụ quá 4 giờ"];
    night.at("11-25T21:40", "chi", &serious).exits(0);
    let sent = ["sent", RUN, "anm-24", "--at", "02:25", "--to", "Công an tỉnh", "--number", "15/TB-STN", "--because"];
    night.at("11-26T02:30", "binh", &[&sent[..], &["văn thư báo lại"]].concat()).exits(0);
    night.at("11-26T03:00", "chi", &["answer", RUN, &lessons, "done"]).exits(0);
    night.0.until_kind("run-ended");
    night.at("11-26T03:10", "chi", &["conclude", RUN, "passed", "--because", "dịch vụ đã trở lại"]).exits(0);

    night.at("11-26T03:15", "chi", &["evidence", "verify"]).exits(0);
    night.at("11-26T03:15", "chi", &["report", "run", RUN, "--format", "json", "--out", "r.json"]).exits(0);
    let text = std::fs::read_to_string(night.0.root().join("r.json")).expect("it was written");
    let report: Value = serde_json::from_str(&text).expect("JSON");

    // The course of events is that of the night, not of the typing.
    let course: Vec<&str> =
        report["course"].as_array().expect("a course").iter().filter_map(|it| it["at"].as_str()).collect();
    assert!(course.is_sorted(), "{course:#?}");
    assert!(course[0].starts_with("2026-11-25T01:40:00"), "{}", course[0]);
    // 01:40 to 08:10: by what was told and by the paper.
    let clock = report["clocks"].as_array().expect("clocks").iter().find(|it| it["id"] == "whole").expect("the clock");
    assert_eq!(clock["seconds"], 6 * 3600 + 30 * 60, "{clock}");
    assert_eq!((&clock["from_basis"], &clock["to_basis"]), (&json!("memory"), &json!("paper")), "{clock}");
    for told in ["app-02", "app-01", "ghi nhầm máy", "gọi số trực, đồng ý cắt", "15/TB-STN", "dịch vụ đã trở lại"]
    {
        assert!(text.contains(told), "`{told}` is not in the report");
    }
    let changes = night.at("11-26T03:20", "chi", &["evidence", "changes", RUN, "--json"]).exits(0).out;
    let changes: Value = serde_json::from_str(&changes).expect("JSON");
    let kinds: Vec<&str> = changes["changes"]
        .as_array()
        .expect("a list")
        .iter()
        .flat_map(|it| it["kinds"].as_array().expect("kinds"))
        .filter_map(Value::as_str)
        .collect();
    for kind in ["late", "corrected"] {
        assert!(kinds.contains(&kind), "{kind} is not in {kinds:?}");
    }
    // One who had the role, one who took it, and when.
    let handed = night.0.only("handed-over");
    assert_eq!(handed["from"], "lan");
    assert!(handed["duties"].as_array().is_some_and(|all| all.contains(&json!("anm-72"))), "{handed}");
    let due = night.at("11-26T03:30", "chi", &["due", RUN, "--json"]);
    let due: Value = serde_json::from_str(&due.out).expect("JSON");
    let rows = due["runs"][0]["duties"]["rows"].as_array().expect("rows");
    let first_notice = rows.iter().find(|it| it["id"] == "anm-24").expect("the duty");
    let late = json!({ "is": "done", "at": "2026-11-26T02:25:00.000000+07:00", "timing": { "late": 45 * 60 } });
    assert_eq!(first_notice["state"], late, "24 hours from 01:40, whenever it was called serious");
}
