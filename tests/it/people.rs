//! People change in the night: roles, handovers, second persons and the commander's confirmation, through the program.

use serde_json::Value;

use super::desk::{Desk, Done};

const PEOPLE: &str = "format: 1
people:
  - { id: lan, name: Lan }
  - { id: binh, name: \"Bình\" }
  - { id: chi, name: Chi }
  - { id: truong, name: \"Trưởng\" }
  - { id: cu, name: \"Cũ\", until: 2020-01-31 }
roles:
  commander: { holder: cu, deputy: truong }
  operator: { holder: lan, deputy: binh }
";

const PORTAL: &str = "format: 1\nid: portal\nname: \"Cổng\"\nowner: \"UBND\"\noperator: \"TT\"\nstate: operating\n\
                      environment: production\noperations:\n  halt: { argv: [touch, x], effect: destructive }\n";

const STEPS: &str = "inputs:\n  system: { type: system, default: portal }\nroles:\n  operator: { title: \"Trực\" }\n\
                     steps:\n  - { id: halt, title: \"Tắt\", role: operator, run: { on: inputs.system, do: halt } }\n\
                     \x20 - { id: more, title: \"Tiếp\", role: operator, manual: { do: \"Làm\" } }\n";

/// An incident whose plan is consented to, at the question for a second person.
fn night(second_person: &str) -> Desk {
    let desk = Desk::new();
    desk.write("ungpho.yaml", &format!("format: 1\nunit: \"Sở\"\nlanguage: vi\n{second_person}"));
    desk.write("people.yaml", PEOPLE);
    desk.write("inventory/portal.yaml", PORTAL);
    desk.playbook("web-down", STEPS);
    desk.run(&["respond", "web-down", "--yes"]).exits(0);
    let asked = question(&desk, "consent");
    let digest = asked["plan"].as_str().expect("a digest").replace("sha256:", "");
    desk.run(&["answer", "q1", "yes", "--plan", &digest[..8]]).exits(0);
    question(&desk, "second");
    desk
}

/// Waits until something of this kind is asked; the newest.
fn question(desk: &Desk, what: &str) -> Value {
    desk.until(what, |records| records.iter().any(|it| it["type"] == "asked" && it["body"]["what"] == what));
    let asked = desk.all("asked");
    asked.iter().rfind(|it| it["body"]["what"] == what).expect("asked")["body"].clone()
}

fn status(desk: &Desk) -> String {
    desk.run(&["status", "SC-2026-001"]).exits(0).out
}

fn report(desk: &Desk, format: &str) -> String {
    desk.run(&["report", "run", "SC-2026-001", "--format", format, "--out", "-"]).exits(0).out
}

fn as_(desk: &Desk, who: &str, rest: &[&str]) -> Done {
    desk.run(&[&["--as", who], rest].concat())
}

#[test]
fn a_shift_is_handed_over_when_the_other_accepts_it_from_another_terminal_and_not_before() {
    let desk = night("");
    let shown = status(&desk);
    assert!(shown.contains("Trực: lan (as people.yaml says)") && shown.contains("commander: truong"), "{shown}");
    let offer = |to: &str| desk.run(&["handover", "--role", "operator", "--to", to, "--note", "Chờ bản sao lưu"]);
    offer("ma").exits(2).says(&["not-known-here"]);
    offer("lan").exits(2).says(&["cannot hand it over to themselves"]);
    offer("cu").exits(2).says(&["part-over", "2020-01-31"]);
    as_(&desk, "chi", &["handover", "--role", "operator", "--to", "binh"])
        .exits(2)
        .says(&["lan has the role", "replace"]);
    desk.run(&["handover", "--role", "oprator", "--to", "binh"]).exits(2).says(&["unknown-role", "operator"]);
    desk.run(&["handover", "--accept"]).exits(2).says(&["nothing was offered to lan"]);
    offer("binh").exits(0).says(&["it stays until they accept"]);
    let asked = question(&desk, "handover");
    assert_eq!((&asked["role"], &asked["to"]), (&"operator".into(), &"binh".into()));
    let shown = status(&desk);
    assert!(shown.contains("HANDOVER NOT ACCEPTED") && shown.contains("Trực: lan"), "{shown}");
    as_(&desk, "chi", &["handover", "--accept"]).exits(2).says(&["nothing was offered to chi"]);
    let q = asked["question"].as_str().expect("an id");
    as_(&desk, "chi", &["answer", "SC-2026-001", q, "yes"]).exits(2).says(&["not-yours", "binh"]);
    desk.run(&["handover", "--accept", "--by", "binh", "--because", "told me"])
        .exits(2)
        .says(&["cannot accept it for"]);
    let json = report(&desk, "json");
    assert!(json.contains("\"handover-open\""), "never accepted is an exception:\n{json}");
    // Two terminals of the other's at once: one wins, one is told.
    let accept = ["--as", "binh", "handover", "--accept"];
    let both = [desk.spawn(&accept, ""), desk.spawn(&accept, "")];
    let mut codes = both.map(|child| super::desk::finish(child, &accept).code);
    codes.sort_unstable();
    assert!(codes == [0, 1] || codes == [0, 2], "{codes:?}");
    let taken = desk.only("handed-over");
    assert_eq!((&taken["from"], &taken["role"]), (&"lan".into(), &"operator".into()));
    assert_eq!(taken["questions"].as_array().map(Vec::len), Some(1), "the second person's question is open: {taken}");
    let shown = status(&desk);
    assert!(shown.contains("Trực: binh") && !shown.contains("NOT ACCEPTED"), "{shown}");
    // Declined, replaced, left.
    as_(&desk, "binh", &["handover", "--role", "operator", "--to", "chi"]).exits(0);
    as_(&desk, "chi", &["handover", "--decline"]).exits(2).says(&["--because"]);
    as_(&desk, "chi", &["handover", "--decline", "--because", "bận"]).exits(0).says(&["binh keeps it"]);
    as_(&desk, "chi", &["join", "--role", "operator"]).exits(2).says(&["role-held"]);
    desk.run(&["replace", "--role", "operator", "--to", "chi"]).exits(2).says(&["needs a reason"]);
    as_(&desk, "binh", &["handover", "--role", "operator", "--to", "lan"]).exits(0);
    as_(&desk, "truong", &["replace", "--role", "operator", "--to", "chi", "--because", "Bình ốm"]).exits(0);
    desk.run(&["handover", "--accept"]).exits(2).says(&["role-passed-on"]);
    as_(&desk, "chi", &["leave", "--because", "Hết ca"]).exits(0).says(&["nobody has these roles now: operator"]);
    assert!(status(&desk).contains("Trực: NOBODY"));
    as_(&desk, "lan", &["handover", "--role", "operator", "--to", "binh"]).exits(2).says(&["nobody has the role"]);
    desk.run(&["join", "--role", "operator"]).exits(0);
    let page = report(&desk, "md");
    for text in [
        "binh",
        "accepted at",
        "declined at",
        "bận",
        "NEVER ACCEPTED",
        "replaced, by Trưởng",
        "as people.yaml says",
        "Chờ bản sao lưu",
    ] {
        assert!(page.contains(text), "`{text}` is not in:\n{page}");
    }
    desk.run(&["evidence", "verify"]).exits(0);
}

#[test]
fn a_second_person_on_the_telephone_is_another_and_may_be_entered_late() {
    let desk = night("second_person: [key, present, phone]\n");
    let answer = |rest: &[&str]| desk.run(&[&["answer", "q2", "yes"], rest].concat());
    answer(&[]).exits(2).says(&["--second"]);
    answer(&["--second", "alone", "--because", "x"]).exits(2).says(&["does not allow this way", "phone"]);
    answer(&["--second", "present"]).exits(2).says(&["same-person"]);
    answer(&["--second", "present", "--by", "lan"]).exits(2).says(&["same-person"]);
    answer(&["--second", "phone", "--by", "ma", "--because", "x"]).exits(2).says(&["not-known-here"]);
    answer(&["--second", "phone", "--by", "binh"]).exits(2).says(&["reason"]);
    assert!(!desk.root().join("x").exists(), "nothing ran");
    answer(&["--second", "phone", "--by", "binh", "--at", "00:00 01/6/2026", "--because", "Bình nói: tắt đi"]).exits(0);
    desk.until_kind("step-ended");
    let record = &desk.all("consented")[1];
    assert_eq!((&record["actor"], &record["by"], &record["basis"]), (&"binh".into(), &"lan".into(), &"told".into()));
    assert_eq!(record["body"]["manner"], "phone");
    assert!(report(&desk, "md").contains("Second person: Bình, by telephone (entered by Lan)"));
    desk.run(&["evidence", "verify"]).exits(0);
}

#[test]
fn a_second_person_consents_with_a_key_of_their_own_and_what_they_signed_is_verified() {
    let desk = night("");
    let keys = desk.root().parent().expect("a folder").to_owned();
    let key = |who: &str| {
        let file = keys.join(format!("{who}.key")).display().to_string();
        let vkey = desk.run(&["evidence", "keys", "new", "--for", who, "--out", &file]).exits(0).out;
        (file, vkey.lines().find(|line| line.contains("ungpho-person/")).expect("a key").trim().to_owned())
    };
    let ((binh, vkey), (lan, own)) = (key("binh"), key("lan"));
    let consent = |who: &str, file: &str| as_(&desk, who, &["answer", "q2", "yes", "--key", file]);
    consent("binh", &binh).exits(2).says(&["key-not-theirs"]);
    let people = PEOPLE.replace("name: \"Bình\" }", &format!("name: \"Bình\", key: \"{vkey}\" }}"));
    desk.write("people.yaml", &people.replace("name: Lan }", &format!("name: Lan, key: \"{own}\" }}")));
    consent("lan", &lan).exits(2).says(&["carries this step out"]);
    consent("chi", &binh).exits(2).says(&["key-not-theirs"]);
    consent("binh", &binh).exits(0);
    desk.until_kind("step-ended");
    let body = &desk.all("consented")[1]["body"];
    assert_eq!((&body["manner"], &body["vkey"]), (&"key".into(), &vkey.as_str().into()));
    desk.run(&["evidence", "verify"]).exits(0);
    assert!(report(&desk, "md").contains("Second person: Bình, with their own key"));
}

#[test]
fn who_consents_alone_waits_for_the_commander_also_after_the_end() {
    let desk = night("");
    let mut terminal = desk.terminal(&["attach"]);
    terminal.shows("DANGEROUS");
    terminal.shows("System portal");
    terminal.shows("touch x");
    terminal.shows("[3] alone");
    terminal.types("1");
    terminal.shows("Number or id");
    terminal.types("lan");
    terminal.shows("has to be another");
    terminal.types("0");
    terminal.shows("[3] alone");
    terminal.types("3");
    terminal.shows("Reason");
    terminal.types("Không liên lạc được ai");
    terminal.shows("[c] done");
    terminal.types("c");
    terminal.ends(0);
    assert_eq!(desk.outcomes()[0], ("halt".to_owned(), "done".to_owned()));
    let seq = desk.all("consented")[1]["seq"].to_string();
    let shown = status(&desk);
    assert!(shown.contains("CONFIRMATION") && shown.contains(&format!("ungpho confirm {seq}")), "{shown}");
    assert!(report(&desk, "json").contains("\"alone\""));
    let confirm = |who: &str, seq: &str| as_(&desk, who, &["confirm", "SC-2026-001", seq, "--because", "Đồng ý"]);
    confirm("binh", &seq).exits(2).says(&["not-the-commander", "truong"]);
    confirm("truong", "1").exits(2).says(&["nothing-to-confirm"]);
    as_(&desk, "truong", &["confirm", "SC-2026-001", &seq]).exits(2).says(&["needs a reason"]);
    confirm("truong", &seq).exits(0);
    confirm("truong", &seq).exits(2).says(&["nothing-to-confirm"]);
    assert!(!status(&desk).contains("CONFIRMATION"));
    assert!(report(&desk, "md").contains("Lan alone; confirmed by Trưởng"));
    desk.run(&["evidence", "verify"]).exits(0);
}
