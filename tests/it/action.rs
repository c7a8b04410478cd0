//! Corrective actions: opened from a drill, carried out, shown by a later drill.

use serde_json::Value;

use super::desk::Desk;

/// A playbook with an objective that a tabletop measures by what a person answers.
const ASKS: &str = r#"
roles:
  operator: { title: "Operator" }
objectives:
  - { id: told, title: "Citizens are told within 30 minutes", measure: "steps.tell.minutes <= 30" }
steps:
  - id: tell
    title: "Tell the citizens"
    manual: { do: "Tell them", ask: [ { id: minutes, title: "After how many minutes", type: integer } ] }
"#;

fn desk() -> Desk {
    let desk = Desk::new();
    desk.write(
        "people.yaml",
        "people:\n  - { id: lan, name: \"Nguyễn Thị Lan\" }\n  - { id: binh, name: \"Trần Bình\" }\n",
    );
    desk.playbook("talk", ASKS);
    drill(&desk, 45);
    desk
}

/// A drill around a table in which somebody says that telling took so many minutes.
fn drill(desk: &Desk, minutes: u32) {
    let (before, asked) = (desk.all("run-ended").len(), desk.all("asked").len());
    desk.run(&["drill", "talk", "--tabletop", "--yes"]).exits(0);
    desk.until("the question", |records| records.iter().filter(|it| it["type"] == "asked").count() > asked);
    desk.run(&["answer", "done", "--value", &format!("minutes={minutes}")]).exits(0);
    desk.until("the end", |records| records.iter().filter(|it| it["type"] == "run-ended").count() > before);
}

const ADD: &[&str] = &[
    "action",
    "add",
    "DT-2026-001",
    "Lập sẵn mẫu thông báo",
    "--owner",
    "binh",
    "--objective",
    "told",
    "--due",
    "31/12/2099",
];

fn number(desk: &Desk) -> String {
    desk.all("action-opened")[0]["seq"].to_string()
}

fn listed(desk: &Desk, more: &[&str], code: i32) -> Value {
    let done = desk.run(&[&["action", "list", "--json"], more].concat()).exits(code);
    serde_json::from_str(&done.out).expect("JSON")
}

#[test]
fn an_action_is_followed_until_a_later_drill_has_shown_it() {
    let desk = desk();
    desk.run(ADD).exits(0).says(&["corrective action", "DT-2026-001", "2099-12-31"]);
    let opened = desk.only("action-opened");
    assert_eq!((opened["owner"].as_str(), opened["due"].as_str()), (Some("binh"), Some("2099-12-31")));
    let log = std::fs::read_to_string(desk.root().join("ledger/log/000001.jsonl")).expect("a log");
    assert!(!log.contains("Lập sẵn"), "what people write is never in a line");
    let number = number(&desk);
    let text = desk.run(&["action", "list", "--lang", "vi"]).exits(0).out;
    for words in ["Lập sẵn mẫu thông báo", "chưa thực hiện", "thời hạn 31/12/2099", "Trần Bình (binh)", "DT-2026-001"]
    {
        assert!(text.contains(words), "{words} in {text}");
    }
    // The drill that opened it shows nothing of it.
    assert_eq!(listed(&desk, &[], 0)["actions"][0]["measured"], serde_json::json!([]));
    desk.run(&["action", "done", &number, "--retested", "DT-2026-001", "--because", "x"])
        .exits(2)
        .says(&["not-a-retest"]);

    desk.run(&["action", "done", &number]).exits(2).says(&["no-reason"]);
    desk.run(&["action", "done", &number, "--because", "Đã ban hành mẫu 12/TB"]).exits(0).says(&["later drill"]);
    desk.run(&["action", "done", &number, "--because", "again"]).exits(2).says(&["action-closed"]);
    assert_eq!(listed(&desk, &[], 0)["actions"][0]["state"], "done");

    drill(&desk, 20);
    let action = listed(&desk, &[], 0)["actions"][0].clone();
    assert_eq!(action["measured"][0]["run"], "DT-2026-002");
    assert_eq!(action["measured"][0]["met"], true);
    assert_eq!(action["state"], "done", "a person says it, not a measurement");
    let seq = usize::try_from(action["measured"][0]["record"].as_u64().expect("a record")).expect("small");
    assert_eq!(desk.records()[seq]["type"], "objective-measured");

    desk.run(&["action", "done", &number, "--retested", "DT-2026-002", "--because", "20 phút"]).exits(0);
    assert_eq!(listed(&desk, &[], 0)["actions"], serde_json::json!([]));
    let shown = listed(&desk, &["--all"], 0)["actions"][0].clone();
    assert_eq!((&shown["state"], &shown["retested"]["run"]), (&"retested".into(), &"DT-2026-002".into()));
    // A drill that counts for nothing has shown nothing.
    desk.run(&["void", "DT-2026-002", "--because", "mistake"]).exits(0);
    assert_eq!(listed(&desk, &[], 0)["actions"][0]["state"], "done");
    desk.run(&["evidence", "verify"]).exits(0);
}

#[test]
fn a_drill_that_missed_the_objective_again_has_not_shown_that_an_action_is_done() {
    let desk = desk();
    let past: Vec<&str> = ADD.iter().map(|word| if *word == "31/12/2099" { "2026-01-31" } else { *word }).collect();
    desk.run(&past).exits(0);
    let number = number(&desk);
    desk.run(&["action", "done", &number, "--because", "Đã ban hành mẫu"]).exits(0);
    let late = listed(&desk, &[], 0)["actions"][0].clone();
    assert_eq!(late["state"], "done");
    assert!(late["days_over"].as_i64().is_some_and(|days| days > 0), "carried out late is late: {late}");
    assert!(desk.run(&["action", "list", "--lang", "vi"]).exits(0).out.contains("chậm"));
    drill(&desk, 40);
    let refused = desk.run(&["action", "done", &number, "--retested", "DT-2026-002", "--because", "x"]);
    refused.exits(2).says(&["missed-again", "DT-2026-002"]);
    let seen = listed(&desk, &[], 0)["actions"][0].clone();
    assert_eq!((&seen["state"], &seen["measured"][0]["met"]), (&"done".into(), &false.into()));
    let report = ["report", "after-action", "DT-2026-001", "--format", "html", "--out", "-", "--lang", "vi"];
    assert!(desk.run(&report).exits(0).out.contains("DT-2026-002 đo lại: không đạt"));
    drill(&desk, 20);
    desk.run(&["action", "done", &number, "--retested", "DT-2026-003", "--because", "20 phút"]).exits(0);
    assert!(desk.run(&report).exits(0).out.contains("DT-2026-003 cho thấy đã khắc phục"));
    assert_eq!(listed(&desk, &[], 0)["actions"], serde_json::json!([]));
}

#[test]
fn what_is_no_drill_of_people_or_did_not_measure_the_objective_shows_nothing_of_an_action() {
    let desk = desk();
    desk.run(ADD).exits(0);
    let plain = ["action", "add", "DT-2026-001", "Mua loa", "--owner", "binh", "--due", "31/12/2099"];
    desk.run(&plain).exits(0);
    let (told, bought) = (number(&desk), desk.all("action-opened")[1]["seq"].to_string());
    desk.write("answers.yaml", "format: 1\nanswers:\n  tell: { answer: done, values: { minutes: 20 } }\n");
    desk.playbook("other", "steps:\n  - { id: look, title: \"Look\", manual: { do: \"Look\" } }\n");
    let all = |kind: &str| desk.all(kind).len();
    // A drill on its way to the end; people answer it where they are asked.
    let drilled = |arguments: &[&str], answer: &[&str], clock: Option<&str>| {
        let (ends, asked) = (all("run-ended"), all("asked"));
        let run = |arguments: &[&str]| {
            let mut command = desk.command(arguments);
            clock.map(|clock| command.env("UNGPHO_TEST_CLOCK", clock));
            let output = command.output().expect("it runs");
            assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        };
        run(&[&["drill"], arguments, &["--tabletop", "--yes"]].concat());
        if !answer.is_empty() {
            desk.until("the question", |records| records.iter().filter(|it| it["type"] == "asked").count() > asked);
            run(&[&["answer", "done"], answer].concat());
        }
        desk.until("the end", |records| records.iter().filter(|it| it["type"] == "run-ended").count() > ends);
        desk.all("run-started").last().expect("a run")["run"].as_str().expect("an id").to_owned()
    };
    let twenty = ["--value", "minutes=20"];
    let table = [
        (drilled(&["other", "--unattended"], &[], None), "nobody took part"),
        (drilled(&["talk", "--answers", "answers.yaml"], &[], None), "answered from a file"),
        (drilled(&["talk"], &twenty, Some("2098-12-30T08:00:00+07:00")), "on a test clock"),
    ];
    let retested = |action: &str, run: &str| desk.run(&["action", "done", action, "--retested", run, "--because", "x"]);
    for (run, why) in &table {
        for action in [&told, &bought] {
            retested(action, run).exits(2).says(&["not-a-retest", why]);
        }
    }
    let run = drilled(&["other"], &["--because", "x"], None);
    retested(&told, &run).exits(2).says(&["not-a-retest", "did not measure the objective `told`"]);
    retested(&bought, &run).exits(0);
    // What is refused leaves nothing behind.
    let objects = || walkdir::WalkDir::new(desk.root().join("ledger/objects")).into_iter().count();
    let kept = objects();
    desk.run(&["action", "done", &bought, "--because", "lần nữa"]).exits(2).says(&["action-closed"]);
    assert_eq!(objects(), kept);
    let past = ["action", "add", "DT-2026-001", "Mua đèn", "--owner", "binh", "--due", "1/1/2026"];
    desk.run(&past).exits(0).says(&["2026-01-01, is over"]);
}

#[test]
fn an_overdue_action_is_told_with_its_days_and_the_exit_code() {
    let desk = desk();
    let past: Vec<&str> = ADD.iter().map(|word| if *word == "31/12/2099" { "2026-01-31" } else { *word }).collect();
    desk.run(&past).exits(0);
    let seen = listed(&desk, &["--overdue"], 1);
    assert_eq!(seen["actions"][0]["state"], "overdue");
    assert!(seen["actions"][0]["days_over"].as_i64() > Some(200), "{seen}");
    assert!(desk.run(&["action", "list"]).exits(1).out.starts_with("! #"));
    // The day was mistyped: it is corrected, both are kept.
    let number = number(&desk);
    desk.run(&["correct", "DT-2026-001", &number, "due", "--to", "31/12/2099", "--because", "typed wrongly"]).exits(0);
    assert_eq!(listed(&desk, &[], 0)["actions"][0]["due"], "2099-12-31");
    desk.run(&["action", "list", "--overdue"]).exits(0).says(&["no corrective action"]);
}

#[test]
fn an_action_without_a_person_a_day_or_a_run_is_refused() {
    let desk = desk();
    let with = |was: &str, is: &str| -> Vec<String> {
        ADD.iter().map(|word| if *word == was { is.to_owned() } else { (*word).to_owned() }).collect()
    };
    for (was, is, expected) in [
        ("binh", "bnih", "not-known-here"),
        ("told", "tld", "did you mean `told`?"),
        ("31/12/2099", "31/13/2099", "invalid-date"),
        ("DT-2026-001", "DT-2026-009", "unknown-run"),
        ("Lập sẵn mẫu thông báo", " ", "empty-value"),
    ] {
        let arguments = with(was, is);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        desk.run(&arguments).exits(2).says(&[expected]);
    }
    let nobody = desk.run(&["action", "add", "DT-2026-001", "x", "--due", "2099-12-31"]).exits(2);
    nobody.says(&["--owner", "--owner-name"]);
    desk.run(&["action", "done", "1", "--because", "x"]).exits(2).says(&["unknown-action"]);
    desk.run(&["action", "done", "one", "--because", "x"]).exits(2).says(&["unknown-action"]);
    assert!(desk.all("action-opened").is_empty());
    desk.run(&["action", "add", "DT-2026-001", "x", "--due", "2099-12-31", "--owner-name", "VNPT Quảng Ngãi"]).exits(0);
    assert!(desk.run(&["action", "list"]).exits(0).out.contains("VNPT Quảng Ngãi"));
}
