//! The inventory at the desk: listed, shown, drawn, held against what its level requires, kept in the ledger.

use std::fs;

use serde_json::Value;

use crate::desk::Desk;
use crate::sandbox::Sandbox;

fn sample() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.ok(&["init", ".", "--sample", "quang-ngai"]);
    sandbox
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("one JSON document")
}

#[test]
fn what_is_assumed_and_what_nobody_has_said_is_marked_wherever_it_is_printed() {
    let sandbox = sample();
    let list = String::from_utf8(sandbox.speaking("vi", &["inventory", "list"]).stdout).unwrap();
    let portal = list.lines().find(|line| line.starts_with("portal ")).expect("it is listed");
    assert!(portal.contains("UBND tỉnh Quảng Ngãi (số liệu giả định)"), "{portal}");
    assert!(portal.contains("chưa có thông tin") && portal.contains("chưa xác định"), "{portal}");
    let page = String::from_utf8(sandbox.speaking("vi", &["inventory", "show", "one-stop"]).stdout).unwrap();
    for line in [
        "2.184 thủ tục hành chính được số hóa (Phụ lục 04, báo cáo tháng 9/2025)",
        "khoảng 5.000 tài khoản người dùng",
        "Số người sử dụng: (chưa có số liệu)",
        "RTO: 4h (số liệu giả định)",
    ] {
        assert!(page.contains(line), "{line}\n{page}");
    }
    let shown = json(&sandbox.ok(&["inventory", "show", "one-stop", "--json"]));
    assert_eq!(shown["system"]["figures"][3]["value"], 2184);
    let (code, told) = sandbox.refused(&["inventory", "show", "one-stpo"]);
    assert_eq!(code, 2);
    assert!(told.contains("error[unknown-system]") && told.contains("did you mean `one-stop`"), "{told}");
}

#[test]
fn check_names_what_nobody_has_confirmed_and_passes() {
    let sandbox = sample();
    let found = json(&sandbox.ok(&["check", "--json"]));
    let found = found["findings"].as_array().expect("findings");
    let of = |file: &str| found.iter().find(|it| it["file"] == file).expect("it is found");
    let portal = of("inventory/portal.yaml");
    assert_eq!((&portal["code"], &portal["severity"]), (&Value::from("assumed-fact"), &Value::from("warning")));
    assert!(portal["message"].as_str().expect("words").contains("facts.class"));
    assert!(found.iter().all(|it| it["severity"] == "warning"));
}

#[test]
fn what_fails_with_a_system_is_told_with_the_way_and_a_cycle_is_shown() {
    let desk = Desk::new();
    for (id, needs) in [("a", "[b]\nassumed: [depends_on]"), ("b", "[c]"), ("c", "[b]"), ("d", "[]")] {
        desk.write(
            &format!("inventory/{id}.yaml"),
            &format!("format: 1\nid: {id}\nname: \"Hệ thống <{id}>\"\ndepends_on: {needs}\n"),
        );
    }
    desk.run(&["check"]).exits(0);
    let seen = desk.run(&["inventory", "graph", "--fails", "c"]).exits(0).out;
    assert!(seen.contains("a → b → c (assumed)") && seen.contains("b → c") && seen.contains("cycle: b, c"), "{seen}");
    let seen = json(&desk.run(&["inventory", "graph", "--fails", "c", "--json"]).exits(0).out);
    assert_eq!(seen["fails"]["affected"][0]["path"], serde_json::json!(["a", "b", "c"]));
    assert_eq!(seen["cycles"], serde_json::json!([["b", "c"]]));
    assert!(
        desk.run(&["inventory", "graph", "--fails", "d"]).exits(0).out.contains("no system of the inventory fails")
    );
    let svg = desk.run(&["inventory", "graph", "--format", "svg"]).exits(0).out;
    assert!(svg.starts_with("<svg ") && svg.contains("Hệ thống &lt;a&gt;") && !svg.contains("<a>"), "{svg}");
    assert_eq!(svg.matches("class=\"round\"").count(), 2);
    let dot = desk.run(&["inventory", "graph", "--format", "dot"]).exits(0).out;
    assert!(
        dot.contains("\"a\" -> \"b\" [fontsize=9, label=\"(assumed)\"];")
            && dot.contains("\"b\" -> \"c\" [style=dashed"),
        "{dot}"
    );
    assert!(desk.run(&["inventory", "graph", "--format", "mermaid"]).exits(0).out.contains("n1 -.-> n2"));
    desk.run(&["inventory", "graph", "--fails", "x"]).exits(2).says(&["error[unknown-system]"]);
}

#[test]
fn gaps_hold_the_level_against_the_controls_and_say_what_the_law_makes_compulsory() {
    let desk = Desk::new();
    desk.write(
        "inventory/a.yaml",
        "format: 1\nid: a\nname: A\ndossier: { approved: 3, decision: { number: \"12/QĐ-UBND\", date: 2025-05-12, body: \"UBND tỉnh\" } }\n\
         controls:\n  - { id: backup, state: partial, evidence: \"QT-07\", checked: 2026-06-01 }\n  - { id: antimalwar, state: in_place }\n",
    );
    desk.write("inventory/b.yaml", "format: 1\nid: b\nname: B\n");
    desk.run(&["check"]).exits(0).says(&["warning[unknown-control]", "did you mean `antimalware`"]);
    let page = desk.run(&["inventory", "gaps", "a"]).exits(1).out;
    for text in [
        "missing, compulsory (in part)",
        "điểm đ khoản 2 và khoản 4 Điều 10 Luật số 116/2025/QH15",
        "backup: QT-07, looked at on 2026-06-01",
        "level 3, decision 12/QĐ-UBND of 2025-05-12 by UBND tỉnh",
        "data loss prevention: (no figure)",
        "not compared with the standard itself",
        "TCVN 14423:2026, 5.11.2.1 (second-hand)",
    ] {
        assert!(page.contains(text), "{text}\n{page}");
    }
    let first = page.lines().position(|line| line.contains("missing, compulsory (")).expect("it is there");
    assert!(page.lines().skip(first).nth(2).is_some_and(|line| !line.contains("missing, compulsory")), "{page}");
    let all = json(&desk.run(&["inventory", "gaps", "--json"]).exits(1).out);
    assert_eq!(all["systems"][1]["level"], Value::Null);
    assert_eq!(all["systems"][0]["totals"]["missing_compulsory"], 2);
    let given = json(&desk.run(&["inventory", "gaps", "b", "--level", "1", "--json"]).exits(1).out);
    assert_eq!(
        (&given["systems"][0]["basis"], &given["systems"][0]["level"]),
        (&Value::from("given"), &Value::from(1))
    );
    desk.run(&["inventory", "gaps", "b", "--level", "6"]).exits(2);
    // A unit's own requirement stands in the place of the shipped one, and that is told.
    fs::create_dir_all(desk.root().join("policies/requirements")).unwrap();
    desk.write(
        "policies/requirements/law116-2025.yaml",
        "format: 1\nrequirements: law116-2025\ntitle: x\nrows:\n  - { id: law-backup, title: y, controls: [own-backup], compulsory: true, levels: [ { level: 3, citation: z } ] }\n",
    );
    let page = desk.run(&["inventory", "gaps", "a"]).exits(1).out;
    assert!(
        page.contains("policies/requirements/law116-2025.yaml stands in the place of requirement `law-backup`"),
        "{page}"
    );
    assert!(page.contains("controls that count: own-backup"), "{page}");
}

#[test]
fn files_of_the_inventory_are_evidence_once_they_are_noted_and_a_later_edit_shows() {
    let desk = Desk::new();
    desk.write("inventory/a.yaml", "format: 1\nid: a\nname: A\n");
    desk.write("inventory/b.yaml", "format: 1\nid: b\nname: B\n");
    let noted = |desk: &Desk| json(&desk.run(&["inventory", "list", "--json"]).exits(0).out)["systems"].clone();
    assert_eq!(noted(&desk)[0]["noted"], Value::Null);
    desk.run(&["inventory", "note", "--because", "Rà soát quý IV"]).exits(0).says(&["3 files new or changed"]);
    let body = desk.only("inventory-noted");
    assert_eq!(body["files"].as_array().map(Vec::len), Some(3));
    assert!(body["because"]["object"].is_string());
    desk.run(&["inventory", "note"]).exits(0).says(&["no file changed"]);
    let seq = desk.all("inventory-noted")[0]["seq"].clone();
    assert_eq!(noted(&desk)[0]["noted"], serde_json::json!({ "seq": seq, "edited_since": false }));
    desk.write("inventory/a.yaml", "format: 1\nid: a\nname: AA\n");
    assert_eq!(noted(&desk)[0]["noted"]["edited_since"], true);
    let list = desk.run(&["inventory", "list"]).exits(0).out;
    assert!(list.contains(&format!("edited after #{seq}")), "{list}");
    fs::remove_file(desk.root().join("inventory/b.yaml")).unwrap();
    desk.run(&["inventory", "note"]).exits(0).says(&["1 files new or changed, 1 gone"]);
    let all = desk.all("inventory-noted");
    let removed = all.iter().find_map(|it| it["body"].get("removed")).expect("it is told");
    assert_eq!(*removed, serde_json::json!(["inventory/b.yaml"]));
    desk.run(&["evidence", "verify"]).exits(0);
}

#[test]
fn a_report_notes_the_inventory_first_and_names_the_record() {
    let desk = Desk::new();
    desk.playbook("thu", "steps:\n  - id: ok\n    run: { argv: [\"true\"], effect: observe }\n");
    desk.run(&["drill", "thu", "--technical", "--unattended", "--yes"]);
    let run = desk.only("run-started");
    assert!(run.is_object());
    let report = json(&desk.run(&["report", "run", "--format", "json"]).exits(0).out);
    let seq = desk.all("inventory-noted")[0]["seq"].clone();
    assert_eq!(report["ledger"]["inventory_noted"], seq);
    assert_eq!(report["ledger"]["size"].as_u64(), seq.as_u64().map(|seq| seq + 1));
    let again = desk.run(&["report", "run", "--format", "md"]).exits(0).out;
    assert!(again.contains(&format!("The inventory is as record {seq} has it")), "{again}");
    assert_eq!(desk.all("inventory-noted").len(), 1);
    desk.run(&["evidence", "verify"]).exits(0);
}

#[test]
fn what_a_scan_sees_goes_into_a_component_only_line_by_line() {
    let desk = Desk::new();
    let file = "format: 1   # giữ nguyên\nid: a\nname: A\ncomponents:\n  - { id: db }   # cơ sở dữ liệu\n";
    desk.write("inventory/a.yaml", file);
    let seen = json(&desk.run(&["inventory", "scan", "--json"]).exits(0).out);
    let kernel = seen["host"]["kernel"].as_str().expect("a kernel").to_owned();
    assert!(seen["host"].get("level").is_none());
    assert!(desk.run(&["inventory", "scan"]).exits(0).out.contains(&format!("kernel: {kernel}")));
    desk.run(&["inventory", "scan", "--into", "a/db"]).exits(2).says(&["error[no-terminal]"]);
    desk.run(&["inventory", "scan", "--into", "a"]).exits(2).says(&["error[invalid-component]"]);
    assert_eq!(fs::read_to_string(desk.root().join("inventory/a.yaml")).unwrap(), file);
    let mut terminal = desk.terminal(&["inventory", "scan", "--into", "a/db"]);
    let facts = seen["host"].as_object().expect("facts");
    for name in facts.keys().filter(|name| *name != "seen") {
        if facts[name].as_array().is_some_and(Vec::is_empty) && name != "antimalware" {
            continue;
        }
        terminal.shows("[n] no");
        terminal.types(if name == "kernel" { "y" } else { "n" });
    }
    terminal.ends(0);
    let text = fs::read_to_string(desk.root().join("inventory/a.yaml")).unwrap();
    assert!(
        text.starts_with("format: 1   # giữ nguyên\nid: a\nname: A\ncomponents:\n  - id: db   # cơ sở dữ liệu\n"),
        "{text}"
    );
    let shown = json(&desk.run(&["inventory", "show", "a", "--json"]).exits(0).out);
    let host = &shown["system"]["components"][0]["host"];
    assert_eq!(host["kernel"], kernel.as_str());
    assert_eq!(host.as_object().map(serde_json::Map::len), Some(2), "{host}");
}

#[test]
fn the_schema_of_inventory_files_is_printed_whole() {
    let schema = json(&Desk::new().run(&["inventory", "schema"]).exits(0).out);
    assert_eq!(schema["$ref"], "#/$defs/system");
    assert!(schema["$defs"]["host-facts"].is_object());
}

#[test]
fn every_command_of_the_page_on_the_inventory_works_and_every_control_is_on_it() {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/inventory.md")).expect("the page ships");
    let desk = Desk::new();
    desk.run(&["init", "unit", "--sample", "quang-ngai"]).exits(0);
    let commands: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("ungpho inventory ")).collect();
    assert!(commands.len() > 10, "{commands:?}");
    for command in commands {
        // Words in quotation marks are one argument.
        let arguments: Vec<String> = command
            .split('"')
            .enumerate()
            .flat_map(|(at, part)| {
                if at % 2 == 1 { vec![part.to_owned()] } else { part.split_whitespace().map(str::to_owned).collect() }
            })
            .collect();
        let whole: Vec<&str> =
            ["--workspace", "unit", "inventory"].into_iter().chain(arguments.iter().map(String::as_str)).collect();
        let done = desk.run(&whole);
        assert!(
            done.code == 0 || (command.starts_with("gaps") && done.code == 1),
            "{command}: {} {}",
            done.code,
            done.err
        );
    }
    let (requirements, _) = ungpho::policy::requirements::Requirements::read(&[]);
    let listed: std::collections::BTreeSet<&str> =
        page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`').map(|(id, _)| id)).collect();
    assert_eq!(listed, requirements.controls());
}
