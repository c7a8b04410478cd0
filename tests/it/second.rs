//! The second person: what they consent to, who answers first, keys, and days on which somebody's part is over.

use std::fs;

use serde_json::Value;

use super::desk::{Desk, finish};

const PEOPLE: &str = "format: 1
people:
  - { id: lan, name: Lan }
  - { id: binh, name: \"Bình\" }
  - { id: chi, name: Chi, until: 2026-06-30 }
roles:
  operator: { holder: lan }
";

const PORTAL: &str = "format: 1\nid: portal\nname: \"Cổng\"\nowner: \"UBND\"\noperator: \"TT\"\nstate: operating\n\
                      environment: production\nhosts: [ { id: app-01, ssh: app01.local } ]\n\
                      restore: { to: /srv/portal }\n\
                      operations:\n  halt: { argv: [touch, x], effect: destructive }\n";

/// An incident whose plan is consented to, at the question for a second person before `step`.
fn night(second_person: &str, step: &str) -> Desk {
    let desk = Desk::new();
    desk.write("ungpho.yaml", &format!("format: 1\nunit: \"Sở\"\nlanguage: vi\n{second_person}"));
    desk.write("people.yaml", PEOPLE);
    desk.write("inventory/portal.yaml", PORTAL);
    let head = "inputs:\n  system: { type: system, default: portal }\nroles:\n  operator: { title: \"Trực\" }\n";
    desk.playbook("web-down", &format!("{head}steps:\n  - {{ id: act, title: \"Việc\", role: operator, {step} }}\n"));
    desk.run(&["respond", "web-down", "--yes"]).exits(0);
    desk.until_kind("asked");
    let digest = desk.only("asked")["plan"].as_str().expect("a digest").replace("sha256:", "");
    desk.run(&["answer", "q1", "yes", "--plan", &digest[..8]]).exits(0);
    desk.until("the second person's question", |records| {
        records.iter().any(|it| it["type"] == "asked" && it["body"]["what"] == "second")
    });
    desk
}

const HALT: &str = "run: { on: inputs.system, do: halt }";

#[test]
fn what_a_second_person_consents_to_says_system_machine_and_command_in_every_form() {
    let cases: [(&str, &[&str]); 4] = [
        (HALT, &["System portal, on the machine that runs ungpho", "touch x"]),
        (
            "restore: { from: /srv/copy, to: inputs.system }",
            &["System portal, on the machine that runs ungpho", ".before-SC-2026-001", "/srv/copy", "/srv/portal"],
        ),
        (
            "run: { argv: [rm, -r, /srv/old], host: portal/app-01, effect: destructive }",
            &["System portal, machine app-01 (ssh app01.local)", "rm -r /srv/old"],
        ),
        (
            "run: { argv: [rm, -r, /srv/old], effect: destructive }",
            &["of no system of the inventory", "rm -r /srv/old"],
        ),
    ];
    for (step, texts) in cases {
        let desk = night("", step);
        let mut terminal = desk.terminal(&["attach"]);
        terminal.shows("DANGEROUS");
        terminal.shows("[k] do not consent");
        let console = terminal.text();
        terminal.types("d");
        terminal.ends(0);
        let status = desk.run(&["status"]).exits(0).out;
        let answer = desk.run(&["answer", "q2", "no", "--because", "chưa cần"]).exits(0).err;
        // A console breaks long lines.
        let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        for text in texts {
            for (form, shown) in [("console", &console), ("status", &status), ("answer", &answer)] {
                assert!(plain(shown).contains(text), "`{text}` is not in the {form}:\n{shown}");
            }
        }
    }
}

#[test]
fn where_only_keys_are_allowed_the_console_prints_the_words_to_type() {
    let desk = night("second_person: [key]\n", HALT);
    let mut terminal = desk.terminal(&["attach"]);
    terminal.shows("answer SC-2026-001");
    terminal.shows("q2 yes --key KEY_FILE");
    terminal.shows("personal keys only");
    terminal.types("1");
    terminal.shows("allowed: --key");
    terminal.types("d");
    terminal.ends(0);
    desk.run(&["answer", "q2", "no", "--because", "chưa cần"]).exits(0);
    desk.until_kind("run-ended");
}

#[test]
fn of_two_who_answer_for_the_second_person_at_one_moment_one_wins_and_the_other_is_told_who() {
    let desk = night("", HALT);
    let answers: [&[&str]; 2] = [
        &["answer", "SC-2026-001", "q2", "yes", "--second", "present", "--by", "binh"],
        &["--as", "binh", "answer", "SC-2026-001", "q2", "yes", "--second", "alone", "--because", "Lan vắng"],
    ];
    let children = answers.map(|words| (desk.spawn(words, ""), words));
    let done = children.map(|(child, words)| finish(child, words));
    let won = done.iter().filter(|done| done.code == 0).count();
    assert_eq!(won, 1, "{done:?}");
    let consented = desk.all("consented");
    assert_eq!(consented.len(), 2, "the plan and one second person");
    let winner = consented[1]["actor"].as_str().expect("an id");
    let late = done.iter().find(|done| done.code != 0).expect("one is late");
    assert!(late.err.contains("answered-before") && late.err.contains(winner), "{}", late.err);
    desk.until_kind("run-ended");
    assert_eq!(desk.all("process-started").len(), 1, "it ran once");
    desk.run(&["evidence", "verify"]).exits(0);
}

#[test]
fn two_consoles_at_one_question_see_one_answer_and_who_gave_it() {
    let desk = night("", HALT);
    let mut first = desk.terminal(&["attach"]);
    let mut second = desk.terminal(&["--as", "binh", "attach"]);
    first.shows("[3] alone");
    second.shows("[3] alone");
    first.types("3");
    first.shows("Reason");
    second.types("3");
    second.shows("Reason");
    first.types("Không gọi được ai");
    desk.until("a consent", |records| records.iter().filter(|it| it["type"] == "consented").count() == 2);
    second.types("Lan vắng");
    second.shows("lan");
    desk.until_kind("run-ended");
    first.ends(0);
    second.ends(0);
    assert_eq!(desk.all("consented").len(), 2);
    assert_eq!(desk.all("consented")[1]["actor"], "lan");
}

#[test]
fn whose_last_day_had_passed_on_the_day_of_the_act_is_no_second_person() {
    let desk = night("", HALT);
    let answer = |at: &str| {
        let because = ["--because", "Chi nói: tắt đi"];
        let words = ["answer", "q2", "yes", "--second", "phone", "--by", "chi"];
        let at = if at.is_empty() { vec![] } else { vec!["--at", at] };
        desk.run(&[words.as_slice(), &at, &because].concat())
    };
    answer("").exits(2).says(&["part-over", "2026-06-30"]);
    answer("00:00 01/7/2026").exits(2).says(&["part-over", "2026-06-30"]);
    assert_eq!(desk.all("consented").len(), 1, "nothing was kept");
    // On the last day itself it was still theirs.
    answer("23:59 30/6/2026").exits(0);
    desk.until_kind("run-ended");
}

#[test]
fn a_signed_consent_that_was_altered_is_found() {
    let desk = night("", HALT);
    let keys = desk.root().parent().expect("a folder").to_owned();
    let file = keys.join("binh.key").display().to_string();
    let out = desk.run(&["evidence", "keys", "new", "--for", "binh", "--out", &file]).exits(0).out;
    let vkey = out.lines().find(|line| line.contains("ungpho-person/")).expect("a key").trim().to_owned();
    desk.write("people.yaml", &PEOPLE.replace("\"Bình\" }", &format!("\"Bình\", key: \"{vkey}\" }}")));
    desk.run(&["--as", "binh", "answer", "q2", "yes", "--key", &file]).exits(0);
    desk.until_kind("run-ended");
    desk.run(&["evidence", "verify"]).exits(0);
    let note: Value = desk.all("consented")[1]["body"]["note"]["object"].clone();
    let hex = note.as_str().expect("an object").replace("sha256:", "");
    let path = desk.root().join(format!("ledger/objects/sha256/{}/{hex}", &hex[..2]));
    let text = fs::read_to_string(&path).expect("it is there");
    assert!(text.contains("question q2"), "{text}");
    let mut permissions = fs::metadata(&path).expect("it is there").permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o600);
    fs::set_permissions(&path, permissions).expect("it is ours");
    fs::write(&path, text.replace("question q2", "question q9")).expect("it can be written");
    let done = desk.run(&["evidence", "verify"]).exits(4);
    assert!(format!("{}{}", done.out, done.err).contains(&hex), "{}{}", done.out, done.err);
}
