//! Offers of roles: over a change of playbook, withdrawn, never accepted; and persons whom nobody knows.

use serde_json::Value;

use super::desk::{Desk, Done};

const PEOPLE: &str = "format: 1
people:
  - { id: lan, name: Lan }
  - { id: binh, name: \"Bình\" }
  - { id: chi, name: Chi }
roles:
  commander: { holder: chi }
  operator: { holder: lan, deputy: binh }
";

fn night() -> Desk {
    let desk = Desk::new();
    desk.write("people.yaml", PEOPLE);
    let steps = "roles:\n  operator: { title: \"Trực\" }\n\
                 steps:\n  - { id: look, title: \"Xem\", role: operator, manual: { do: \"Xem\" } }\n";
    desk.playbook("web-down", steps);
    desk.playbook("web-slow", steps);
    desk.run(&["respond", "web-down", "--yes"]).exits(0);
    consent(&desk);
    desk
}

/// Consents to the plan that is asked about now, and waits for the first step's question.
fn consent(desk: &Desk) {
    let open = |records: &[Value], what: &str| {
        let asked = records.iter().filter(|it| it["type"] == "asked" && it["body"]["what"] == what);
        asked.count() > records.iter().filter(|it| it["type"] == "playbook-switched").count()
    };
    desk.until("consent", |records| open(records, "consent"));
    let asked = desk.all("asked").into_iter().rfind(|it| it["body"]["what"] == "consent").expect("asked");
    let question = asked["body"]["question"].as_str().expect("an id");
    let digest = asked["body"]["plan"].as_str().expect("a digest").replace("sha256:", "");
    desk.run(&["answer", question, "yes", "--plan", &digest[..8]]).exits(0);
    desk.until("the first step", |records| open(records, "manual"));
}

fn as_(desk: &Desk, who: &str, rest: &[&str]) -> Done {
    desk.run(&[&["--as", who], rest].concat())
}

fn status(desk: &Desk) -> String {
    desk.run(&["status", "SC-2026-001"]).exits(0).out
}

#[test]
fn an_offer_outlives_a_change_of_playbook_and_is_taken_at_the_console_of_the_other() {
    let desk = night();
    desk.run(&["handover", "--role", "operator", "--to", "binh", "--note", "Chờ bản sao lưu"]).exits(0);
    desk.run(&["respond", "web-slow", "--incident", "SC-2026-001", "--because", "Chậm, không phải ngừng", "--yes"])
        .exits(0);
    consent(&desk);
    let shown = status(&desk);
    assert!(shown.contains("HANDOVER NOT ACCEPTED") && shown.contains("from lan to binh"), "{shown}");
    let json = desk.run(&["status", "SC-2026-001", "--json"]).exits(0).out;
    let json: Value = serde_json::from_str(&json).expect("JSON");
    let offer = json["runs"][0]["questions"].as_array().expect("a list").iter().find(|it| it["what"] == "handover");
    assert_eq!(offer.expect("it is open")["by"], "lan");
    let mut terminal = desk.terminal(&["--as", "binh", "attach"]);
    terminal.shows("lan hands over this role");
    terminal.shows("Chờ bản sao lưu");
    terminal.shows("[c] take over");
    terminal.types("c");
    terminal.shows("[c] done");
    let taken = desk.only("handed-over");
    assert_eq!((&taken["from"], &taken["role"]), (&"lan".into(), &"operator".into()));
    assert_eq!(desk.all("handed-over")[0]["actor"], "binh");
    terminal.types("c");
    terminal.ends(0);
    let page = desk.run(&["report", "run", "SC-2026-001", "--format", "html", "--out", "-"]).exits(0).out;
    assert!(page.contains("handed over to Bình"), "the table of people");
    desk.run(&["evidence", "verify"]).exits(0);
}

#[test]
fn an_offer_that_nobody_accepts_stays_with_its_age_and_is_withdrawn_by_who_made_it_alone() {
    let desk = night();
    desk.run(&["handover", "--withdraw", "--because", "x"]).exits(2).says(&["not-offered", "no offer waiting"]);
    desk.run(&["handover", "--role", "operator", "--to", "binh"]).exits(0);
    let mut terminal = desk.terminal(&["attach"]);
    terminal.shows("HANDOVER NOT ACCEPTED");
    terminal.shows("lan still has the");
    // What is typed before the question stands there is not taken for an answer.
    terminal.shows("[h] keys");
    terminal.types("d");
    terminal.ends(0);
    as_(&desk, "binh", &["handover", "--withdraw", "--because", "x"]).exits(2).says(&["binh has no offer waiting"]);
    desk.run(&["handover", "--withdraw"]).exits(2).says(&["no-reason"]);
    desk.run(&["handover", "--withdraw", "--because", "Bình đến muộn"]).exits(0).says(&["lan withdrew"]);
    assert!(!status(&desk).contains("HANDOVER"));
    as_(&desk, "binh", &["handover", "--accept"]).exits(2).says(&["not-offered"]);
    let withdrawn = desk.only("answered");
    assert_eq!(withdrawn["outcome"], "abandoned");
    // Another has the role meanwhile: the next offer counts no more, and says so.
    desk.run(&["handover", "--role", "operator", "--to", "binh"]).exits(0);
    as_(&desk, "chi", &["replace", "--role", "operator", "--to", "chi", "--because", "Lan ốm"]).exits(0);
    let shown = status(&desk);
    assert!(shown.contains("COUNTS NO MORE") && shown.contains("now: chi"), "{shown}");
    desk.run(&["answer", "q2", "done"]).exits(0);
    desk.until_kind("run-ended");
    let page = desk.run(&["report", "run", "SC-2026-001", "--format", "md", "--out", "-"]).exits(0).out;
    for text in ["withdrawn at", "Bình đến muộn", "NEVER ACCEPTED for", "was never accepted for"] {
        assert!(page.contains(text), "`{text}` is not in:\n{page}");
    }
    let page = desk.run(&["report", "run", "SC-2026-001", "--format", "html", "--out", "-"]).exits(0).out;
    assert!(page.contains("replaced by Chi"), "the table of people");
    desk.run(&["evidence", "verify"]).exits(0);
}

#[test]
fn a_person_whom_people_yaml_does_not_know_is_refused_wherever_one_is_named() {
    let desk = night();
    let before = desk.records().len();
    let unknown: [&[&str]; 10] = [
        &["note", "x", "--by", "ma"],
        &["answer", "q2", "done", "--by", "ma"],
        &["mark", "detected", "--by", "ma"],
        &["classify", "--serious", "no", "--because", "x", "--by", "ma"],
        &["sent", "initial-notice", "--because", "x", "--by", "ma"],
        &["handover", "--role", "operator", "--to", "ma"],
        &["replace", "--role", "operator", "--to", "ma", "--because", "x"],
        &["join", "--role", "commander", "--by", "ma"],
        &["leave", "--because", "x", "--by", "ma"],
        &["conclude", "SC-2026-001", "passed", "--because", "x", "--by", "ma"],
    ];
    for words in unknown {
        desk.run(words).exits(2).says(&["error[not-known-here]", "`ma`"]);
    }
    let no_part: [(&[&str], &str); 4] = [
        (&["join", "--role", "commander"], "not-known-here"),
        (&["handover", "--accept"], "not-offered"),
        (&["leave", "--because", "x"], "not-there"),
        (&["confirm", "3", "--because", "x"], "not-the-commander"),
    ];
    for (words, code) in no_part {
        as_(&desk, "ma", words).exits(2).says(&[&format!("error[{code}]")]);
    }
    assert_eq!(desk.records().len(), before, "nothing was kept");
    // Whoever sits at the desk in the night writes: it is kept under what they are called, and said.
    as_(&desk, "ma", &["note", "x"]).exits(0).says(&["people.yaml does not know `ma`"]);
    as_(&desk, "ma", &["attach"]).exits(0).says(&["people.yaml does not know `ma`"]);
    let stays = desk.run(&["note", "y"]).exits(0).err;
    assert!(!stays.contains("does not know"), "{stays}");
    // The file itself: a role of somebody who is not in it.
    desk.write("people.yaml", &PEOPLE.replace("deputy: binh", "deputy: ma"));
    desk.run(&["check"]).exits(2).says(&["error[unknown-person]", "`ma`"]);
    desk.run(&["note", "x", "--by", "chi"]).exits(2).says(&["error[unknown-person]"]);
    desk.run(&["note", "a file that is not valid keeps nobody from entering what they see"]).exits(0);
}
