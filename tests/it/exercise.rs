//! Planned drills: `drill --exercise` starts what was planned, and nothing else.

use std::fs;

use super::desk::Desk;

const TALK: &str = r#"
steps:
  - id: confirm
    title: "Confirm the incident"
    manual: { do: "Look at the data folder" }
"#;

const PLAN: &str = "format: 1
playbook: talk
mode: tabletop
date: 2026-12-01
plan: { number: \"12/KH\", date: 2026-11-02 }
place: \"Room A\"
";

fn desk(plan: &str) -> Desk {
    let desk = Desk::new();
    desk.playbook("talk", TALK);
    fs::create_dir_all(desk.root().join("exercises")).expect("made");
    fs::write(desk.root().join("exercises/q4.yaml"), plan).expect("written");
    desk
}

const DRILL: &[&str] = &["drill", "talk", "--exercise", "q4", "--unattended", "--yes"];

#[test]
fn a_planned_drill_starts_as_it_was_planned_and_its_plan_is_evidence() {
    let desk = desk(PLAN);
    desk.run(&[DRILL, &["--tabletop"]].concat()).exits(0);
    let started = desk.only("run-started");
    assert_eq!(started["exercise"], "q4");
    let sources = started["sources"].as_array().expect("a list");
    assert!(sources.iter().any(|source| source["path"] == "exercises/q4.yaml"), "{sources:?}");
}

#[test]
fn another_playbook_or_mode_than_the_planned_one_starts_nothing() {
    for (was, is, expected) in [
        ("mode: tabletop", "mode: live", "exercises/q4.yaml:3:7"),
        (
            "mode: tabletop",
            "mode: live\nlive: { aims: a, players: b, tools: c, extent: d, time: e }",
            "exercise-differs",
        ),
        ("playbook: talk", "playbook: other", "exercises/q4.yaml:2:11"),
        ("place:", "palce:", "did you mean `place`?"),
    ] {
        let desk = desk(&PLAN.replace(was, is));
        let expected = if is == "mode: live" { "`live` is missing" } else { expected };
        desk.run(&[DRILL, &["--tabletop"]].concat()).exits(2).says(&[expected]);
        assert_eq!(desk.kinds(), Vec::<String>::new());
    }
}

#[test]
fn an_exercise_that_is_not_there_starts_nothing() {
    let desk = desk(PLAN);
    let arguments = ["drill", "talk", "--exercise", "q5", "--unattended", "--yes", "--tabletop"];
    desk.run(&arguments).exits(2).says(&["unknown-exercise", "did you mean `q4`?"]);
    assert_eq!(desk.kinds(), Vec::<String>::new());
}
