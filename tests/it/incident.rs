//! The night of an incident, through the program: how it begins, and who takes over.

use serde_json::json;

use super::desk::Desk;

const WATCHED: &str = "inputs:\n  system: { type: system, default: portal }\nroles:\n  operator: { title: \"Trực\" }\n\
                       steps:\n  - { id: confirm, title: \"Xác minh\", manual: { do: \"Xem\" }, marks: detected }\n\
                       \x20 - { id: more, title: \"Làm tiếp\", manual: { do: \"Làm\" } }\n";

const PORTAL: &str = "format: 1\nid: portal\nname: \"Cổng\"\nowner: \"UBND\"\noperator: \"TT\"\nstate: operating\n\
                      environment: production\n";

fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("inventory/portal.yaml", PORTAL);
    desk.playbook("web-down", WATCHED);
    let stops = WATCHED.replace("manual: { do: \"Làm\" }", "run: { on: inputs.system, do: stop }");
    desk.playbook("web-stop", &stops.replace("id: more", "id: halt"));
    desk
}

/// Consents to the plan that is asked about.
fn consent(desk: &Desk, run: &str) {
    desk.until("the plan is asked about", |_| {
        desk.all("asked").iter().filter(|it| it["body"]["what"] == "consent").count() > 0
    });
    let asked = desk.all("asked");
    let asked = asked.iter().rfind(|it| it["body"]["what"] == "consent").expect("asked");
    let digest = asked["body"]["plan"].as_str().expect("a digest").replace("sha256:", "");
    let question = asked["body"]["question"].as_str().expect("an id");
    desk.run(&["answer", run, question, "yes", "--plan", &digest[..8]]).exits(0);
}

#[test]
fn respond_alone_asks_which_system_and_what_is_seen_and_offers_what_fits() {
    let desk = desk();
    let done =
        desk.piped(&["respond", "--yes", "--since", "00:00 01/6/2026", "--because", "the guard called"], "1\n1\n");
    let done =
        done.exits(0).says(&["Which system", "Cổng (portal)", "What is seen", "dấu hiệu", "Playbook `web-down`"]);
    assert!(done.err.contains("Something is wrong"), "what fits everything is offered too:\n{}", done.err);
    let offered = done.err.matches("] dấu hiệu").count();
    assert_eq!(offered, 1, "the portal's entry has no operation `stop`: what needs it is no help now\n{}", done.err);
    let marked: Vec<_> = desk.records().into_iter().filter(|record| record["type"] == "marked").collect();
    assert_eq!(marked.len(), 1);
    assert_eq!(marked[0]["occurred"], json!("2026-06-01T00:00:00.000000+07:00"));
    assert_eq!((&marked[0]["basis"], &marked[0]["run"]), (&json!("memory"), &json!("SC-2026-001")));
    assert!(marked[0]["body"]["because"]["object"].is_string());
    // The sign that was picked is what was seen then: notices list it.
    let noted = &desk.all("noted")[0];
    assert_eq!((&noted["body"]["seen"], &noted["occurred"]), (&json!(true), &marked[0]["occurred"]));
    let notice = desk.run(&["notice", "legacy-incident-notice", "--lang", "vi"]).exits(0).out;
    assert!(notice.contains("- dấu hiệu (nhớ lại)"), "{notice}");
    desk.piped(&["respond", "--yes"], "0\n").exits(1).says(&["nothing has begun"]);
    desk.piped(&["respond", "--yes"], "1\nx\n9\n\n").exits(1).says(&["no such number", "Enter"]);
    desk.run(&["respond", "--since", "01:00", "--yes"]).exits(2).says(&["--because"]);
    assert_eq!(desk.all("run-started").len(), 1);
}

#[test]
fn another_playbook_leads_and_it_stays_one_incident_with_its_clocks_and_marks() {
    let desk = desk();
    desk.playbook("web-defaced", &WATCHED.replace("id: more", "id: clean"));
    desk.run(&["respond", "web-down", "--yes"]).exits(0);
    consent(&desk, "SC-2026-001");
    desk.until_kind("step-started");
    desk.piped(&["attach"], "c\n").exits(0);
    desk.until("more is asked", |_| desk.all("asked").iter().any(|it| it["body"]["step"] == "more"));
    desk.run(&["respond", "web-down", "--incident", "SC-2026-001", "--yes"])
        .exits(2)
        .says(&["leads SC-2026-001 already"]);
    desk.run(&["respond", "web-defaced", "--incident", "SC-2026-001", "--yes", "--because", "the page is defaced"])
        .exits(0)
        .says(&["stays one incident", "CONSENT TO THE PLAN"]);
    assert_eq!(desk.all("run-started").len(), 1);
    assert_eq!(desk.only("playbook-switched")["playbook"], "web-defaced");
    let more: Vec<_> = desk.all("step-ended").into_iter().filter(|it| it["body"]["step"] == "more").collect();
    assert_eq!((&more[0]["body"]["outcome"], &more[0]["body"]["why"]), (&json!("abandoned"), &json!("switched")));
    assert!(desk.all("run-continued").is_empty(), "nobody was away when the playbook changed");
    let consents = || desk.all("asked").iter().filter(|it| it["body"]["what"] == "consent").count();
    desk.until("the new plan is asked about", |_| consents() == 2);
    consent(&desk, "SC-2026-001");
    desk.piped(&["attach"], "c\nc\n").exits(0);
    desk.until_kind("run-ended");
    assert_eq!(desk.only("run-ended")["result"], "passed");
    assert!(desk.outcomes().contains(&("clean".to_owned(), "done".to_owned())), "{:?}", desk.outcomes());
    desk.run(&["evidence", "verify"]).exits(0);
    desk.run(&["report", "run", "SC-2026-001", "--format", "json", "--out", "r.json"]).exits(0);
    let report: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(desk.root().join("r.json")).expect("it is there")).expect("JSON");
    let of = |steps: &serde_json::Value| -> Vec<(String, String)> {
        let steps = steps.as_array().expect("steps").iter();
        steps.map(|step| (text(&step["path"]), text(&step["outcome"]))).collect()
    };
    let pairs = |list: &[(&str, &str)]| -> Vec<(String, String)> {
        list.iter().map(|(path, outcome)| ((*path).to_owned(), (*outcome).to_owned())).collect()
    };
    let earlier = &report["earlier"][0];
    assert_eq!(earlier["playbook"], "web-down");
    assert_eq!(of(&earlier["steps"]), pairs(&[("confirm", "done"), ("more", "abandoned")]));
    assert_eq!(of(&report["steps"]), pairs(&[("confirm", "done"), ("clean", "done")]));
    let shared = |steps: &serde_json::Value| steps[0]["records"].clone();
    assert_ne!(shared(&earlier["steps"]), shared(&report["steps"]), "each `confirm` has records of its own");
    let answered = report["questions"].as_array().expect("questions").iter().filter(|one| one["by"].is_string());
    assert_eq!(answered.count(), 5, "two consents and three steps, of both playbooks");
    let told: Vec<String> =
        report["course"].as_array().expect("events").iter().map(|event| text(&event["text"]["en"])).collect();
    let answers = told.iter().filter(|event| event.starts_with("answer: ")).count();
    assert_eq!(answers, 3, "{told:#?}");
    assert_eq!(told.iter().filter(|event| *event == "agreed to the plan").count(), 2, "{told:#?}");
    desk.run(&["--lang", "vi", "report", "run", "SC-2026-001", "--format", "md", "--out", "r.md"]).exits(0);
    let page = std::fs::read_to_string(desk.root().join("r.md")).expect("it is there");
    assert!(page.contains("Các bước của kịch bản \""), "{page}");
    let minutes = desk.run(&["report", "minutes", "SC-2026-001", "--format", "html", "--out", "-"]).exits(0).out;
    for part in
        ["phiên bản 1: từ ", "; Thử web-defaced, phiên bản 1: từ ", "Chuyển sang kịch bản &quot;Thử web-defaced&quot;"]
    {
        assert!(minutes.contains(part), "`{part}` is not in:\n{minutes}");
    }
}

fn text(value: &serde_json::Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[test]
fn one_command_stops_every_drill_for_a_real_incident_and_no_incident() {
    let desk = desk();
    desk.run(&["drill", "web-down", "--tabletop", "--yes"]).exits(0);
    desk.run(&["drill", "web-down", "--tabletop", "--yes"]).exits(0);
    desk.run(&["respond", "web-down", "--yes"]).exits(0);
    desk.run(&["note", "which one?"]).exits(2).says(&["DT-2026-001", "DT-2026-002", "SC-2026-001"]);
    desk.run(&["stop", "--incident", "--because", "the portal is down"]).exits(0).says(&["DT-2026-001", "DT-2026-002"]);
    desk.until("both drills have ended", |_| desk.all("run-ended").len() == 2);
    assert!(desk.all("run-stopping").iter().all(|it| it["body"]["incident"] == true));
    desk.run(&["note", "only one is open"]).exits(0).says(&["SC-2026-001"]);
    desk.run(&["stop", "--incident"]).exits(2).says(&["no drill is open"]);
}

#[test]
fn a_decision_on_how_serious_it_is_is_said_to_the_duties_as_well() {
    let desk = desk();
    desk.playbook(
        "graded",
        "inputs:\n  system: { type: system, default: portal }\nroles:\n  operator: { title: \"Trực\" }\nsteps:\n  \
         - { id: seen, title: \"Xác minh\", manual: { do: \"Xem\" }, marks: detected }\n  \
         - id: classify\n    title: \"Phân loại\"\n    decide:\n      ask: \"Nghiêm trọng?\"\n      options:\n        \
         - { id: serious, title: \"Có\", classifies: serious }\n        \
         - { id: undecided, title: \"Chưa rõ\", classifies: undecided }\n      default: undecided\n  \
         - id: data\n    title: \"Dữ liệu\"\n    decide:\n      ask: \"Lộ dữ liệu?\"\n      options:\n        \
         - { id: found, title: \"Có\", classifies: personal_data }\n        - { id: none, title: \"Không\" }\n      \
         default: none\n",
    );
    desk.run(&["respond", "graded", "--yes"]).exits(0);
    consent(&desk, "SC-2026-001");
    desk.until_kind("step-started");
    desk.piped(&["attach"], "c\n").exits(0);
    let asked = |step: &str| {
        desk.until("it is asked", |_| desk.all("asked").iter().any(|it| it["body"]["step"] == step));
        let asked = desk.all("asked");
        let asked = asked.iter().rfind(|it| it["body"]["step"] == step).expect("asked");
        text(&asked["body"]["question"])
    };
    let question = asked("classify");
    desk.run(&["answer", "SC-2026-001", &question, "serious", "--because", "mất toàn bộ dịch vụ"]).exits(0);
    let said = desk.all("classified").pop().expect("it is recorded");
    assert_eq!((&said["body"]["serious"], &said["basis"]), (&json!("yes"), &json!("console")));
    assert!(said["body"]["because"]["object"].is_string());
    let due = desk.run(&["--lang", "en", "due", "SC-2026-001"]);
    assert!(due.out.contains("serious"), "{}", due.out);
    let question = asked("data");
    desk.piped(&["attach"], "1\ncó tệp danh sách\n\n").exits(0);
    desk.until("the breach is recorded", |_| desk.all("classified").len() == 2);
    assert_eq!(desk.all("classified")[1]["body"]["personal_data"], json!(true), "{question}");
    desk.until_kind("run-ended");
    desk.run(&["evidence", "verify"]).exits(0);
}
