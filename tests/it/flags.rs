//! `--at`, `--by`, `--basis`, `--because` on every command that records: kept, or refused where a flag makes no sense.

use serde_json::{Value, json};

use super::desk::Desk;

/// Commands that keep what a person says: what is given besides the four flags, and the type of the record.
const RECORDS: &[(&[&str], &str)] = &[
    (&["note", "Máy nóng"], "noted"),
    (&["attach-file", "file.txt"], "attached"),
    (&["mark", "declared"], "marked"),
    (&["classify", "--serious", "yes"], "classified"),
    (&["sent", "anm-72"], "notice-sent"),
    (&["answer", "done"], "answered"),
    (&["join", "--role", "commander"], "joined"),
    (&["handover", "--role", "commander", "--to", "chi"], "asked"),
    (&["replace", "--role", "commander", "--to", "chi"], "replaced"),
    (&["leave"], "left"),
];

/// Commands that can only act now, and what they write.
const NOW: &[(&[&str], &str)] = &[
    (&["notice", "anm-72"], "notice-prepared"),
    (&["pause"], "run-paused"),
    (&["resume", "--detach"], "run-continued"),
    (&["stop"], "run-stopping"),
];

/// Commands that are in neither list, each with why.
const OTHERS: &[(&str, &str)] = &[
    ("inventory", "what it records is files as they are: `note` takes a reason, `scan` and `import` record nothing"),
    ("backup", "what it records is what the machine saw, when it saw it"),
    ("respond", "`--since` stands for `--at`"),
    ("correct", "of a record that is there: below"),
    ("conclude", "after the end: below"),
    ("void", "after the end: below"),
    ("confirm", "needs a consent that was given alone: tests/it/people.rs"),
    ("sign", "only its `--because`: below"),
    ("record", "each row of the sheet says who, when and on what ground"),
    ("drill", "the machine writes that it began"),
    ("try", "the machine writes that it began"),
    ("attach", "a console: what is typed there happens there and then"),
    ("lab", "writes nothing into a ledger"),
    ("check", "only reads"),
    ("evidence", "only reads"),
    ("init", "there is no ledger yet"),
    ("status", "only reads"),
    ("due", "only reads"),
    ("ready", "only reads"),
    ("report", "only reads, but for `issued`, of what papers say: tests/it/tasks.rs"),
    ("playbook", "only reads"),
    ("exercise", "writes nothing into a ledger"),
    ("activity", "papers say it, with days of their own: tests/it/tasks.rs"),
    ("inject", "of a planned drill: tests/it/exercise.rs"),
    ("score", "of a drill: tests/it/exercise.rs"),
    ("action", "of a run, mostly after its end: tests/it/action.rs"),
    ("attack-action", "of a live drill: tests/it/exercise.rs"),
    ("stop-word", "of a drill: tests/it/exercise.rs"),
    ("reveal", "of a live drill: tests/it/exercise.rs"),
];

fn desk() -> Desk {
    let desk = Desk::new();
    desk.write(
        "people.yaml",
        "people:\n  - { id: lan, name: Lan }\n  - { id: binh, name: Bình }\n  - { id: chi, name: Chi }\n\
         roles:\n  commander: { holder: binh, deputy: chi }\n",
    );
    desk.write("file.txt", "x");
    desk.playbook(
        "night",
        "steps:\n  - { id: one, title: \"Một\", manual: { do: \"Xem\" }, marks: detected }\n\
         \x20 - { id: two, title: \"Hai\", manual: { do: \"Xem\" } }\n",
    );
    desk.run(&["drill", "night", "--tabletop", "--yes"]).exits(0);
    desk.until("a question", |records| records.iter().any(|it| it["body"]["what"] == "manual"));
    desk
}

/// The drill's own beginning: nothing of it can be earlier.
fn began(desk: &Desk) -> String {
    desk.all("run-started")[0]["at"].as_str().expect("a moment").to_owned()
}

/// The words of an object.
fn words(desk: &Desk, object: &Value) -> String {
    let digest = object["object"].as_str().expect("a digest").replace("sha256:", "");
    let path = desk.root().join("ledger/objects/sha256").join(&digest[..2]).join(&digest);
    std::fs::read_to_string(path).unwrap().split_once('\n').expect("a salted object").1.to_owned()
}

/// The newest record of a type is Bình's, entered by Lan, told, with its reason.
#[track_caller]
fn kept(desk: &Desk, kind: &str, occurred: Option<&str>) {
    let record = desk.all(kind).into_iter().last().unwrap_or_else(|| panic!("no {kind} among {:?}", desk.kinds()));
    let seen = (&record["actor"], &record["by"], &record["basis"]);
    assert_eq!(seen, (&json!("binh"), &json!("lan"), &json!("told")), "{record}");
    assert_eq!(words(desk, &record["body"]["because"]), "Bình gọi", "{record}");
    match occurred {
        Some(at) => assert_eq!(instant(&record["occurred"]), instant(&json!(at)), "{record}"),
        None => assert!(record["occurred"].is_null(), "{record}"),
    }
}

fn instant(text: &Value) -> jiff::Timestamp {
    text.as_str().and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("no moment: {text}"))
}

const TOLD: [&str; 6] = ["--by", "binh", "--basis", "told", "--because", "Bình gọi"];

#[test]
fn every_command_that_records_keeps_when_who_on_what_ground_and_why() {
    let desk = desk();
    let at = began(&desk);
    for (command, kind) in RECORDS {
        let arguments = [command, &["--at", &at][..], &TOLD[..]].concat();
        desk.run(&arguments).exits(0);
        kept(&desk, kind, Some(&at));
    }
    let note = desk.all("noted")[0]["seq"].to_string();
    desk.run(&[&["correct", &note, "text", "--to", "Máy rất nóng", "--at", &at][..], &TOLD].concat()).exits(0);
    kept(&desk, "corrected", Some(&at));
    for (command, kind) in NOW {
        let late = [command, &["--at", &at][..], &TOLD[..]].concat();
        let before = desk.all(kind).len();
        desk.run(&late).exits(2).says(&["only-now"]);
        assert_eq!(desk.all(kind).len(), before, "{command:?} wrote something");
        desk.run(&[command, &TOLD[..]].concat()).exits(0);
        kept(&desk, kind, None);
    }
    desk.until_kind("run-ended");
    for (command, kind) in [("conclude", "concluded"), ("void", "run-voided")] {
        let verdict: &[&str] = if command == "conclude" { &["failed"] } else { &[] };
        desk.run(&[&[command, "DT-2026-001"], verdict, &["--at", &at], &TOLD[..]].concat()).exits(0);
        kept(&desk, kind, Some(&at));
    }
    desk.run(&["evidence", "verify"]).exits(0);
}

#[test]
fn what_is_not_paused_is_taken_up_without_a_record_that_could_keep_a_reason() {
    let desk = desk();
    desk.run(&["resume", "--detach", "--because", "x"]).exits(2).says(&["nothing-to-record", "is not paused"]);
    desk.run(&["resume", "--detach"]).exits(0);
    desk.run(&["respond", "night", "--yes", "--by", "binh"]).exits(2).says(&["nothing-to-record", "--since"]);
    let sign = ["sign", "DT-2026-001", "--key", "/nowhere"];
    desk.run(&[&sign[..], &["--at", "00:00", "--because", "x"]].concat()).exits(2).says(&["only-now"]);
    desk.run(&[&sign[..], &["--by", "binh"]].concat()).exits(2).says(&["not-for-another"]);
}

#[test]
fn no_command_is_in_neither_list() {
    let desk = Desk::new();
    let help = desk.run(&["--help"]).exits(0).out;
    let list = help.split("Commands:\n").nth(1).and_then(|rest| rest.split("\n\n").next()).expect("a list");
    let commands =
        list.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next().filter(|it| !it.is_empty()));
    let known = |command: &str| {
        RECORDS.iter().chain(NOW).any(|(words, _)| words[0] == command)
            || OTHERS.iter().any(|(other, why)| *other == command && !why.is_empty())
    };
    let unknown: Vec<&str> = commands.clone().filter(|command| !known(command)).collect();
    assert!(unknown.is_empty(), "say of {unknown:?} whether they record");
    assert!(commands.count() > 30, "{list}");
}
