//! Consents and conditions on paper: who consented to what, when and how, is entered with the rest.

use std::fs;
use std::process::Command;

use serde_json::Value;

use super::desk::{Desk, Done, kill_loop};

const PEOPLE: &str = "format: 1
people:
  - { id: lan, name: Lan }
  - { id: binh, name: \"Bình\" }
  - { id: chi, name: Chi }
  - { id: cu, name: \"Cũ\", until: 2020-01-31 }
roles:
  operator: { holder: binh, deputy: lan }
  commander: { holder: chi }
";

const PORTAL: &str = "format: 1\nid: portal\nname: \"Cổng\"\nowner: \"UBND\"\noperator: \"TT\"\nstate: operating\n\
                      environment: production\noperations:\n  halt: { argv: [touch, x], effect: destructive }\n";

const STEPS: &str = "inputs:\n  system: { type: system, default: portal }\nroles: { operator: { title: \"Trực\" } }\n\
steps:\n\
\x20 - { id: halt, title: \"Tắt\", role: operator, run: { on: inputs.system, do: halt } }\n\
\x20 - id: tries\n    title: \"Thử lại\"\n    repeat:\n      max: 3\n      until: \"steps.seen.exit == 0\"\n\
\x20     steps: [ { id: seen, title: \"Xem\", run: { argv: [ls], effect: observe } } ]\n\
\x20 - { id: last, title: \"Cuối\", manual: { do: \"Nghỉ\" } }\n";

/// An incident that nobody has consented to when the machine goes down.
fn night() -> Desk {
    let desk = Desk::new();
    desk.write("ungpho.yaml", "format: 1\nunit: \"Sở\"\nlanguage: vi\nsecond_person: [key, phone]\n");
    desk.write("people.yaml", PEOPLE);
    desk.write("inventory/portal.yaml", PORTAL);
    desk.playbook("night", STEPS);
    desk.run(&["respond", "night", "--yes"]).exits(0);
    desk.until_kind("asked");
    kill_loop(&desk, "SC-2026-001");
    desk
}

/// The day and the minute in which the run began.
fn now(desk: &Desk) -> (String, String) {
    let began = desk.all("run-started")[0]["at"].as_str().expect("a time").to_owned();
    let (day, time) = began.split_once('T').expect("RFC 3339");
    (day.to_owned(), time[..5].to_owned())
}

/// The first digits of the playbook's file, as they stand on the sheet.
fn digits(desk: &Desk) -> String {
    let file = fs::read(desk.root().join("playbooks/night.yaml")).expect("it is there");
    ungpho::model::Digest::of(&file).hex()[..8].to_owned()
}

/// Types rows into a new sheet: step, who, begun, over, outcome, answer, remark. `+N` is a row below the last, and begins
/// with its step.
fn typed(desk: &Desk, rows: &[[&str; 7]]) {
    desk.run(&["report", "card", "--run", "SC-2026-001", "--format", "xlsx", "--out", "sheet.xlsx"]).exits(0);
    let (day, _) = now(desk);
    let headings = ["Done by", "Begun", "Over", "Outcome", "Confirmed, option, value", "Remarks"];
    let mut edits = vec![serde_json::json!(["^Day of this sheet", "", day])];
    for row in rows {
        let place = row[0].split_once(' ').map_or(row[0], |(place, step)| {
            edits.push(serde_json::json!([place, "Step id", step]));
            place
        });
        for (heading, text) in headings.iter().zip(&row[1..]).filter(|(_, text)| !text.is_empty()) {
            edits.push(serde_json::json!([place, heading, text]));
        }
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/data/type_sheet.py");
    let done = Command::new("python3")
        .args([script, "sheet.xlsx", &Value::from(edits).to_string()])
        .current_dir(desk.root())
        .output()
        .expect("python3 is there");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

fn record(desk: &Desk) -> Done {
    desk.run(&["record", "SC-2026-001", "--from", "sheet.xlsx", "--yes"])
}

#[test]
fn consents_and_rounds_on_paper_are_entered_with_who_consented_how_and_who_typed_it() {
    let desk = night();
    let (_, time) = now(&desk);
    let (t, code) = (time.as_str(), digits(&desk));
    let rows = [
        ["!plan", "chi", "", t, "", &code, ""],
        ["halt", "binh", t, t, "done", "", ""],
        ["halt!second", "chi", "", t, "", "2", "Chi nói: tắt đi"],
        ["tries[1]/seen", "binh", t, t, "done", "", ""],
        ["tries[1]", "binh", "", t, "", "2", "chưa thấy lên"],
        ["+1 tries[2]/seen", "binh", t, t, "done", "", ""],
        ["+2 tries[2]", "binh", "", t, "", "1", ""],
    ];
    typed(&desk, &rows);
    record(&desk).exits(0).says(&["!plan", "halt!second", "consent, by telephone", "another round"]);
    let consents = desk.all("consented");
    let said = |record: &Value| {
        let (body, text) = (&record["body"], |value: &Value| value.as_str().unwrap_or("-").to_owned());
        format!(
            "{} {} {} {}",
            text(&record["actor"]),
            text(&record["by"]),
            text(&record["basis"]),
            text(&body["manner"])
        )
    };
    assert_eq!(consents.iter().map(said).collect::<Vec<_>>(), ["chi lan paper -", "chi lan paper phone"]);
    assert!(consents.iter().all(|it| it["occurred"].is_string() && it["body"]["because"].is_object()), "{consents:?}");
    let rounds: Vec<Value> = desk.all("decided").into_iter().map(|it| it["body"]["choice"].clone()).collect();
    assert_eq!(rounds, ["no", "yes"]);
    let outcomes: Vec<String> = desk.outcomes().into_iter().map(|(step, word)| format!("{step} {word}")).collect();
    assert_eq!(
        outcomes,
        ["halt done", "tries[1]/seen done", "tries[1] done", "tries[2]/seen done", "tries[2] done", "tries done"]
    );
    assert!(!desk.root().join("x").exists(), "what was done by hand is not done again");
    let page = desk.run(&["report", "run", "SC-2026-001", "--format", "md", "--out", "-"]).exits(0).out;
    assert!(page.contains("Second person: Chi, by telephone (entered by Lan)"), "{page}");
    // The loop goes on from there.
    desk.run(&["resume", "SC-2026-001", "--detach"]).exits(0);
    desk.until("the last question", |records| {
        records.iter().any(|it| it["type"] == "asked" && it["body"]["step"] == "last")
    });
    desk.run(&["answer", "done"]).exits(0);
    desk.until_kind("run-ended");
    desk.run(&["evidence", "verify"]).exits(0);
}

#[test]
fn consent_to_the_plan_may_be_all_that_is_on_paper() {
    let desk = night();
    let (_, time) = now(&desk);
    let code = digits(&desk);
    typed(&desk, &[["!plan", "chi", "", &time, "", &code, ""]]);
    record(&desk).exits(0);
    assert_eq!(desk.only("consented")["given"], true);
    typed(&desk, &[["+1 !plan", "chi", "", &time, "", &code, ""]]);
    record(&desk).exits(2).says(&["error[sheet-over]", "!plan"]);
    desk.run(&["resume", "SC-2026-001", "--detach"]).exits(0);
    desk.until("the second person's question", |records| {
        records.iter().any(|it| it["type"] == "asked" && it["body"]["what"] == "second")
    });
    desk.run(&["stop", "--because", "the test is over"]).exits(0);
    desk.until_kind("run-ended");
}

#[test]
fn a_consent_on_paper_that_does_not_hold_is_refused_at_its_cell() {
    let desk = night();
    let (_, time) = now(&desk);
    let (t, code) = (time.as_str(), digits(&desk));
    let plan = ["!plan", "chi", "", t, "", code.as_str(), ""];
    let halt = ["halt", "binh", t, t, "done", "", ""];
    let check = |rows: &[[&str; 7]], says: &[&str]| {
        typed(&desk, rows);
        let before = desk.records().len();
        let done = record(&desk).exits(2).says(says);
        assert_eq!(desk.records().len(), before, "{}", done.err);
    };
    let second = |who, at, way, words| ["halt!second", who, "", at, "", way, words];
    check(&[halt], &["error[sheet-consent]", "`!plan`"]);
    check(&[["!plan", "chi", "", t, "", "00000000", ""]], &["error[sheet-consent]", &code]);
    check(&[["!plan", "cu", "", t, "", &code, ""]], &["error[sheet-person]", "2020-01-31"]);
    check(&[["!plan", "ma", "", t, "", &code, ""]], &["error[sheet-person]", "`ma`"]);
    check(&[plan, halt], &["error[sheet-second]", "`halt!second`"]);
    check(&[plan, halt, second("ma", t, "1", "")], &["error[sheet-person]", "`ma`"]);
    check(&[plan, halt, second("cu", t, "1", "")], &["error[sheet-person]", "2020-01-31"]);
    check(&[plan, halt, second("chi", t, "4", "")], &["error[sheet-second]", "`4` is no way"]);
    check(&[plan, halt, second("chi", t, "2", "")], &["error[sheet-second]", "what was said"]);
    check(&[plan, halt, second("chi", "1h2x", "1", "")], &["error[sheet-time]", "`1h2x`"]);
    check(&[plan, halt, second("binh", t, "1", "")], &["error[sheet-second]", "carries this step out"]);
    check(&[plan, halt, second("lan", t, "1", "")], &["error[sheet-second]", "lan types this sheet"]);
    check(&[plan, halt, second("chi", t, "k", "chưa được")], &["error[sheet-second]", "did not consent"]);
    check(&[plan, second("chi", t, "1", "")], &["error[sheet-second]", "nothing in the row of the step"]);
    let again = ["+1 !plan", "binh", "", t, "", code.as_str(), ""];
    check(&[plan, again, halt], &["error[sheet-consent]", "two rows for the same consent"]);
    let tries = ["tries[1]", "binh", "", t, "", "1", ""];
    check(&[plan, tries], &["error[sheet-order]", "`tries[1]`"]);
    let skipped = ["halt", "binh", t, t, "skipped", "", "không ai đồng ý"];
    let maybe = ["tries[1]", "binh", "", t, "", "có lẽ", ""];
    check(&[plan, skipped, second("chi", t, "k", "chưa được"), maybe], &["error[sheet-answer]", "another round"]);
}

#[test]
fn what_was_done_alone_on_paper_against_the_rule_of_the_unit_is_kept_and_stands_out() {
    let desk = night();
    let (_, time) = now(&desk);
    let (t, code) = (time.as_str(), digits(&desk));
    let rows = [
        ["!plan", "chi", "", t, "", &code, ""],
        ["halt", "binh", t, t, "done", "", ""],
        ["halt!second", "binh", "", t, "", "3", "Không gọi được ai"],
    ];
    typed(&desk, &rows);
    record(&desk).exits(0);
    let shown = desk.run(&["status", "SC-2026-001"]).exits(0).out;
    assert!(shown.contains("CONFIRMATION"), "{shown}");
    let json = desk.run(&["report", "run", "SC-2026-001", "--format", "json", "--out", "-"]).exits(0).out;
    assert!(json.contains("\"way-not-allowed\"") && json.contains("\"alone\""), "{json}");
    desk.run(&["evidence", "verify"]).exits(0);
}

#[test]
fn the_sheets_have_a_place_for_every_consent_until_it_is_given() {
    let desk = night();
    let code = digits(&desk);
    let page = desk.run(&["report", "card", "night", "--out", "-", "--lang", "vi"]).exits(0).out;
    for text in [
        code.as_str(),
        "Đồng ý thực hiện kịch bản",
        "Người thứ hai (họ tên, lúc)",
        "[2] qua điện thoại",
        "làm vòng nữa",
    ] {
        assert!(page.contains(text), "`{text}` is not on the sheets");
    }
    let steps = || -> Vec<String> {
        desk.run(&["report", "card", "--run", "SC-2026-001", "--format", "xlsx", "--out", "sheet.xlsx"]).exits(0);
        let bytes = fs::read(desk.root().join("sheet.xlsx")).expect("it is there");
        let sheet = ungpho::report::card::read_sheet(&bytes).expect("it reads back");
        assert!(sheet.rows.iter().all(|row| !row.filled()), "nothing is filled in yet");
        let step = |row: &ungpho::report::card::SheetRow| match &row.cell(ungpho::report::card::Column::Step)?.entered {
            ungpho::report::card::Entered::Text(text) => Some(text.clone()),
            _ => None,
        };
        sheet.rows.iter().filter_map(step).collect()
    };
    assert_eq!(steps(), ["!plan", "halt", "halt!second", "tries", "tries[1]/seen", "tries[1]", "last"]);
    desk.run(&["resume", "SC-2026-001", "--detach"]).exits(0);
    let digest = desk.all("asked")[0]["body"]["plan"].as_str().expect("a plan").replace("sha256:", "");
    desk.run(&["answer", "q1", "yes", "--plan", &digest[..8]]).exits(0);
    desk.until("the second person's question", |records| {
        records.iter().any(|it| it["type"] == "asked" && it["body"]["what"] == "second")
    });
    desk.run(&["answer", "yes", "--second", "phone", "--by", "chi", "--because", "Chi nói: tắt"]).exits(0);
    desk.until("the last question", |records| {
        records.iter().any(|it| it["type"] == "asked" && it["body"]["step"] == "last")
    });
    desk.run(&["answer", "done"]).exits(0);
    desk.until_kind("run-ended");
}
