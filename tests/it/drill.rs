//! Drills through the program: started, answered, paused, killed, resumed, refused.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;

use super::desk::{Desk, finish, kill_loop};

const TALK: &str = r#"
steps:
  - id: confirm
    title: "Confirm the incident"
    manual: { do: "Look at the data folder", checks: [ "Signs were seen", "A screenshot was taken" ] }
    marks: detected
  - id: cut
    title: "Cut the link"
    run: { argv: [/bin/false], effect: destructive }
  - id: reopen
    title: "Reopen"
    decide: { ask: "Reopen?", options: [ { id: open, title: "Open" }, { id: later, title: "Later" } ], default: later }
"#;

const TWO_MANUALS: &str = r#"
steps:
  - id: first
    title: "First"
    manual: { do: "Do the first thing" }
  - id: second
    title: "Second"
    manual: { do: "Do the second thing" }
"#;

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(step, outcome)| ((*step).to_owned(), (*outcome).to_owned())).collect()
}

#[test]
fn a_tabletop_drill_is_answered_through_a_pipe() {
    let desk = Desk::new();
    desk.playbook("talk", TALK);
    let input = "c\nc\nc\nc\n2\nnot enough is known\ncall again at noon\n";
    desk.piped(&["drill", "talk", "--tabletop", "--yes"], input).exits(0).says(&[
        "DRILL – NOT A REAL INCIDENT",
        "/bin/false",
        "Step 1/3. Confirm the incident",
        "Step 3/3. Reopen",
        "DT-",
        "technical result passed",
        "ungpho report run DT-",
    ]);
    assert_eq!(desk.outcomes(), pairs(&[("confirm", "done"), ("cut", "done"), ("reopen", "done")]));
    assert_eq!(desk.only("decided")["choice"], "later");
    assert_eq!(desk.only("run-ended")["result"], "passed");
    assert_eq!(desk.all("process-started"), Vec::<Value>::new(), "a tabletop runs nothing");
}

#[test]
fn a_drill_needs_one_mode() {
    let desk = Desk::new();
    desk.playbook("talk", TALK);
    desk.run(&["drill", "talk"]).exits(2);
    desk.run(&["drill", "talk", "--tabletop", "--live"]).exits(2);
    assert_eq!(desk.kinds(), Vec::<String>::new());
}

#[test]
fn a_dry_run_shows_the_plan_and_starts_nothing() {
    let desk = Desk::new();
    desk.playbook("talk", TALK);
    desk.run(&["drill", "talk", "--tabletop", "--dry-run"]).exits(0).says(&["/bin/false", "DANGEROUS", "sha256:"]);
    assert_eq!(desk.kinds(), Vec::<String>::new());
}

#[test]
fn without_a_terminal_nothing_starts_unasked() {
    let desk = Desk::new();
    desk.playbook("talk", TALK);
    desk.piped(&["drill", "talk", "--tabletop"], "c\n").exits(2).says(&["nobody-to-ask", "--yes"]);
    assert_eq!(desk.kinds(), Vec::<String>::new());
}

#[test]
fn an_unknown_playbook_is_named_with_the_nearest() {
    let desk = Desk::new();
    desk.playbook("talk", TALK);
    desk.run(&["drill", "tolk", "--tabletop", "--yes"]).exits(2).says(&["unknown-playbook", "did you mean `talk`?"]);
}

#[test]
fn a_technical_drill_on_production_starts_nothing() {
    let desk = Desk::new();
    desk.write(
        "inventory/portal.yaml",
        "format: 1\nid: portal\nname: \"Cổng\"\nenvironment: production\noperations:\n  \
         stop: { argv: [touch, stopped], effect: destructive }\n",
    );
    desk.playbook(
        "stop-it",
        "inputs:\n  system: { type: system, default: portal }\nsteps:\n  \
         - { id: stop, run: { on: inputs.system, do: stop } }\n  - { id: literal, run: { argv: [touch, stopped], effect: change } }\n",
    );
    desk.run(&["drill", "stop-it", "--technical", "--yes"]).exits(2).says(&["nothing was started"]);
    assert_eq!(desk.kinds(), Vec::<String>::new());
    assert!(!desk.root().join("stopped").exists());
}

#[test]
fn a_step_is_skipped_with_its_reason() {
    let desk = Desk::new();
    desk.playbook("two", TWO_MANUALS);
    desk.piped(&["drill", "two", "--tabletop", "--yes"], "b\nnot at this site\nc\n").exits(0);
    assert_eq!(desk.outcomes(), pairs(&[("first", "skipped"), ("second", "done")]));
    assert!(desk.all("answered")[0]["body"]["because"]["object"].is_string());
}

#[test]
fn a_run_goes_on_when_its_input_ends_and_is_finished_by_another() {
    let desk = Desk::new();
    desk.playbook("two", TWO_MANUALS);
    desk.piped(&["drill", "two", "--tabletop", "--yes"], "c\n").exits(0).says(&["goes on"]);
    assert_eq!(desk.outcomes(), pairs(&[("first", "done")]));
    desk.piped(&["--as", "binh", "attach"], "c\n").exits(0).says(&["technical result passed"]);
    let answered = desk.all("answered");
    assert_eq!((&answered[0]["actor"], &answered[1]["actor"]), (&"lan".into(), &"binh".into()));
}

#[test]
fn notes_and_files_come_from_another_process() {
    let desk = Desk::new();
    desk.playbook("two", TWO_MANUALS);
    desk.run(&["drill", "two", "--tabletop", "--yes"]).exits(0);
    desk.run(&["--as", "binh", "note", "Đã gọi đơn vị vận hành"]).exits(0);
    desk.write("screen.txt", "what was seen");
    desk.run(&["attach-file", "screen.txt", "--step", "first"]).exits(0);
    desk.run(&["note"]).exits(2);
    desk.run(&["note", ""]).exits(2);
    desk.run(&["attach-file", "missing.txt"]).exits(3).says(&["missing.txt"]);
    let noted = &desk.all("noted")[0];
    assert_eq!(noted["actor"], "binh");
    let digest = noted["body"]["text"]["object"].as_str().expect("an object").replace("sha256:", "");
    let object = desk.root().join("ledger/objects/sha256").join(&digest[..2]).join(&digest);
    let kept = fs::read_to_string(object).expect("it is kept");
    assert!(kept.starts_with("ungpho-text/1 ") && kept.ends_with("\nĐã gọi đơn vị vận hành"), "{kept}");
    assert_eq!(desk.only("attached")["step"], "first");
    desk.run(&["stop", "--because", "over"]).exits(0);
    desk.until_kind("run-ended");
}

#[test]
fn evidence_that_is_required_is_asked_for() {
    let desk = Desk::new();
    desk.playbook("proof", "steps:\n  - { id: look, title: \"Look\", manual: { do: \"Look\" }, evidence: required }\n");
    desk.run(&["drill", "proof", "--tabletop", "--yes"]).exits(0);
    desk.until_kind("asked");
    desk.run(&["answer", "done"]).exits(2).says(&["evidence"]);
    desk.piped(&["attach"], "c\ng\nseen at the desk\n").exits(0);
    assert_eq!(desk.all("noted").len(), 1);
    assert_eq!(desk.outcomes(), pairs(&[("look", "done")]));
}

#[test]
fn of_two_answers_at_the_same_moment_one_wins_and_the_other_is_told() {
    let desk = Desk::new();
    desk.playbook("two", TWO_MANUALS);
    desk.run(&["drill", "two", "--tabletop", "--yes"]).exits(0);
    desk.until_kind("asked");
    let one = desk.spawn(&["--as", "lan", "answer", "q1", "done"], "");
    let two = desk.spawn(&["--as", "binh", "answer", "q1", "skip", "--because", "no"], "");
    let (one, two) = (finish(one, &["one"]), finish(two, &["two"]));
    let answered = desk.all("answered");
    assert_eq!(answered.len(), 1, "{one:?} {two:?}");
    let (winner, loser, name) = if answered[0]["actor"] == "lan" { (one, two, "lan") } else { (two, one, "binh") };
    winner.exits(0);
    loser.exits(1).says(&[name, "not kept"]);
    desk.run(&["--as", "chi", "answer", "q1", "done"]).exits(1).says(&["not kept"]);
    desk.run(&["answer", "q99", "done"]).exits(2).says(&["q99"]);
    desk.run(&["stop", "--because", "over"]).exits(0);
    desk.until_kind("run-ended");
}

#[test]
fn a_paused_run_starts_nothing_until_it_is_resumed() {
    let desk = Desk::new();
    desk.playbook("two", TWO_MANUALS);
    desk.run(&["drill", "two", "--tabletop", "--yes"]).exits(0);
    desk.until_kind("asked");
    desk.run(&["pause", "--because", "lunch"]).exits(0);
    desk.run(&["pause"]).exits(2).says(&["run-paused"]);
    desk.run(&["answer", "q1", "done"]).exits(0);
    desk.run(&["status"]).exits(0);
    let status = desk.run(&["status", "--json"]).exits(0);
    let status: Value = serde_json::from_str(&status.out).expect("one JSON document");
    assert_eq!((&status["version"], &status["runs"][0]["stage"]), (&1.into(), &"paused".into()));
    assert_eq!(desk.all("asked").len(), 1, "nothing new is asked while it is paused");
    desk.piped(&["resume"], "c\n").exits(0).says(&["technical result passed"]);
    assert_eq!(desk.outcomes(), pairs(&[("first", "done"), ("second", "done")]));
}

#[test]
fn a_stopped_run_passes_over_what_had_not_begun() {
    let desk = Desk::new();
    desk.playbook("two", TWO_MANUALS);
    desk.run(&["drill", "two", "--tabletop", "--yes"]).exits(0);
    desk.until_kind("asked");
    desk.run(&["stop", "--incident", "--now", "--because", "a real one"]).exits(0);
    desk.until_kind("run-ended");
    assert_eq!(desk.only("run-ended")["result"], "stopped");
    assert_eq!(desk.only("run-stopping")["incident"], true);
    desk.run(&["stop"]).exits(2).says(&["no-open-run"]);
    let run = desk.all("run-ended")[0]["run"].as_str().expect("a run").to_owned();
    desk.run(&["stop", &run]).exits(2).says(&["run-ended"]);
    desk.run(&["note", &run, "afterwards"]).exits(0);
}

#[test]
fn a_killed_loop_is_resumed_and_nothing_runs_twice() {
    let desk = Desk::new();
    desk.playbook(
        "long",
        "steps:\n  - { id: count, run: { shell: \"echo x >> ran\", effect: observe } }\n  \
         - { id: ask, title: \"Ask\", manual: { do: \"Wait\" } }\n  \
         - { id: last, run: { shell: \"echo y >> ran\", effect: observe } }\n",
    );
    desk.run(&["drill", "long", "--technical", "--yes"]).exits(0);
    desk.until_kind("asked");
    let run = desk.all("asked")[0]["run"].as_str().expect("a run").to_owned();
    kill_loop(&desk, &run);
    desk.run(&["attach"]).exits(3).says(&["ungpho resume"]);
    desk.piped(&["resume"], "c\n").exits(0).says(&["technical result passed"]);
    assert_eq!(fs::read_to_string(desk.root().join("ran")).expect("it ran"), "x\ny\n");
    let continued = desk.all("run-continued");
    assert!(continued[0]["body"]["gap"].is_u64(), "{continued:?}");
}

#[test]
fn a_command_whose_loop_was_killed_is_asked_about_and_not_run_again() {
    let desk = Desk::new();
    desk.playbook(
        "orphan",
        "steps:\n  - { id: once, title: Once, run: { shell: \"echo x >> ran; sleep 1; touch over\", effect: observe } }\n",
    );
    let going = desk.spawn(&["drill", "orphan", "--technical", "--yes"], "");
    desk.until_kind("process-started");
    let run = desk.all("run-started")[0]["run"].as_str().expect("a run").to_owned();
    kill_loop(&desk, &run);
    finish(going, &["drill"]).exits(3).says(&["ungpho resume"]);
    desk.run(&["resume", "--detach"]).exits(0);
    desk.until_kind("asked");
    desk.piped(&["attach"], "1\n").exits(0).says(&["The program stopped abruptly at Step 1/1. Once", "[3] not sure"]);
    assert_eq!(fs::read_to_string(desk.root().join("ran")).expect("it ran"), "x\n");
    assert!(desk.root().join("over").exists(), "the command outlived its loop");
    assert_eq!(desk.only("step-ended")["why"], "orphan");
}

#[test]
fn answers_come_from_a_file() {
    let desk = Desk::new();
    desk.playbook("talk", TALK);
    desk.write(
        "answers.yaml",
        "format: 1\nanswers:\n  confirm: { answer: done, by: lan, note: \"Seen\" }\n  cut: failed\n  reopen: later\n",
    );
    let done = desk.run(&["drill", "talk", "--tabletop", "--answers", "answers.yaml"]);
    done.exits(1).says(&["Answers come from a file.", "technical result failed"]);
    assert_eq!(desk.only("run-started")["people"], "scripted");
    assert_eq!(desk.outcomes()[..2], pairs(&[("confirm", "done"), ("cut", "failed")])[..]);
}

#[test]
fn an_unattended_run_says_that_it_was_no_exercise() {
    let desk = Desk::new();
    desk.playbook("two", TWO_MANUALS);
    let done = desk.run(&["drill", "two", "--tabletop", "--unattended", "--foreground"]);
    done.exits(0).says(&["a technical check, not an exercise"]);
    assert_eq!(desk.all("step-ended")[0]["body"]["confirmed"], false);
}

#[test]
fn a_clock_that_was_set_back_is_no_reason_to_stop() {
    let desk = Desk::new();
    desk.playbook("two", TWO_MANUALS);
    let at = |time: &str, arguments: &[&str], input: &str| {
        let mut command = desk.command(arguments);
        command.env("UNGPHO_TEST_CLOCK", time);
        command.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped());
        let mut child = command.stderr(std::process::Stdio::piped()).spawn().expect("it starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        let _ = std::io::Write::write_all(&mut stdin, input.as_bytes());
        drop(stdin);
        finish(child, arguments)
    };
    at("2026-11-23T10:00:00+07:00", &["drill", "two", "--tabletop", "--yes"], "c\n").exits(0);
    at("2026-11-23T09:00:00+07:00", &["attach"], "c\n").exits(0).says(&["technical result passed"]);
    assert_eq!(desk.only("run-started")["test_clock"], true);
}

#[test]
fn what_the_file_of_answers_leaves_open_is_for_people() {
    let desk = Desk::new();
    desk.playbook("two", TWO_MANUALS);
    desk.write("answers.yaml", "format: 1\nanswers:\n  first: done\n");
    let arguments = ["drill", "two", "--tabletop", "--answers", "answers.yaml"];
    desk.run(&arguments).exits(1).says(&["has none for: Step 2/2. Second", "ungpho attach DT-"]);
    desk.run(&["answer", "done"]).exits(0);
    desk.until_kind("run-ended");
    desk.write("answers.yaml", "format: 1\nanswers:\n  first: [done\n");
    desk.run(&arguments).exits(2).says(&["answers.yaml"]);
}

#[test]
fn in_the_foreground_leaving_pauses_and_resume_goes_on() {
    let desk = Desk::new();
    desk.playbook("two", TWO_MANUALS);
    desk.piped(&["drill", "two", "--tabletop", "--yes", "--foreground"], "c\n").exits(1).says(&["ungpho resume DT-"]);
    assert_eq!(desk.outcomes(), pairs(&[("first", "done")]));
    desk.run(&["attach"]).exits(1).says(&["ungpho resume DT-"]);
    desk.piped(&["resume", "--foreground"], "c\n").exits(0).says(&["technical result passed"]);
}

#[test]
fn a_response_runs_nothing_before_somebody_consents_to_its_plan() {
    let desk = Desk::new();
    desk.playbook("act", "steps:\n  - { id: act, run: { argv: [touch, acted], effect: change } }\n");
    desk.run(&["respond", "act", "--yes"]).exits(0).says(&["REAL INCIDENT", "CONSENT TO THE PLAN", "touch acted"]);
    desk.until_kind("asked");
    let asked = desk.only("asked");
    let digest = asked["plan"].as_str().expect("a digest").replace("sha256:", "");
    desk.piped(&["attach"], "c\n00000000\n\n").exits(0).says(&["This does not match", "Enter does not mean yes"]);
    desk.run(&["answer", "yes"]).exits(2).says(&["--plan"]);
    desk.run(&["answer", "yes", "--plan", "0123456789"]).exits(2);
    assert!(!desk.root().join("acted").exists(), "nothing ran");
    desk.piped(&["attach"], &format!("{}\n", &digest[..8])).exits(0);
    assert!(desk.root().join("acted").exists());
    assert_eq!(desk.only("consented")["given"], true);
    assert!(desk.all("run-ended")[0]["run"].as_str().is_some_and(|run| run.starts_with("SC-")));
}

#[test]
fn a_refused_consent_runs_nothing() {
    let desk = Desk::new();
    desk.playbook("act", "steps:\n  - { id: act, run: { argv: [touch, acted], effect: change } }\n");
    std::fs::create_dir_all(desk.root().join("exercises")).expect("a folder");
    desk.write(
        "exercises/q4.yaml",
        "format: 1\nplaybook: act\nmode: live\ndate: 2026-12-01\nlive: { aims: a, players: b, tools: c, extent: d, time: e }\n",
    );
    desk.piped(&["drill", "act", "--live", "--exercise", "q4", "--yes"], "k\nwrong system\n").exits(1);
    assert!(!desk.root().join("acted").exists());
    assert_eq!(desk.only("consented")["given"], false);
    desk.run(&["drill", "act", "--live", "--exercise", "q4", "--unattended"]).exits(2);
}

#[test]
fn a_loop_that_dies_at_its_start_is_reported_with_its_log() {
    let desk = Desk::new();
    desk.playbook("two", TWO_MANUALS);
    desk.run(&["drill", "two", "--tabletop", "--yes"]).exits(0);
    desk.until_kind("asked");
    let started = desk.only("run-started");
    let run = desk.all("run-started")[0]["run"].as_str().expect("a run").to_owned();
    kill_loop(&desk, &run);
    let digest = started["plan"]["object"].as_str().expect("an object").replace("sha256:", "");
    let plan = desk.root().join("ledger/objects/sha256").join(&digest[..2]).join(&digest);
    fs::remove_file(&plan).expect("it can be removed");
    desk.run(&["resume", "--detach"]).exits(3).says(&["loop-died", "plan-unreadable", "ungpho resume DT-"]);
}

#[test]
fn secrets_come_from_a_file_of_their_own_and_are_kept_nowhere() {
    let desk = Desk::new();
    desk.playbook(
        "hush",
        "steps:\n  - id: tell\n    run: { argv: [sh, -c, 'echo it is $KEY'], env: { KEY: \"{{ secret.api_key }}\" }, \
         effect: observe }\n",
    );
    let drill = ["drill", "hush", "--technical", "--yes"];
    desk.run(&drill).exits(2).says(&["secret-missing", "api_key"]);
    let file = desk.root().join("../secrets.yaml");
    fs::write(&file, "api_key: \"a-long-secret-value\"\n").expect("it can be written");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).expect("it can be set");
    desk.run(&drill).exits(2).says(&["secrets-open", "chmod 600"]);
    assert_eq!(desk.kinds(), Vec::<String>::new());
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("it can be set");
    desk.run(&drill).exits(0);
    let output = desk.all("step-ended")[0]["body"]["output"]["object"].as_str().expect("output").replace("sha256:", "");
    let kept = desk.root().join("ledger/objects/sha256").join(&output[..2]).join(&output);
    let kept = fs::read_to_string(kept).expect("it is kept");
    assert!(kept.contains("it is ") && !kept.contains("a-long-secret-value"), "{kept}");
}

#[test]
fn an_unattended_lab_drill_destroys_and_restores_for_real() {
    let desk = Desk::new();
    let done = desk.run(&["drill", "ransomware-one-stop", "--lab", "--unattended"]);
    let down = desk.run(&["lab", "down"]);
    done.exits(0).says(&["technical result passed", "a technical check, not an exercise"]);
    down.exits(0);
    assert_eq!(desk.only("run-started")["lab"], true);
    assert_eq!(desk.all("run-started")[0]["mode"], "technical");
    let verified = desk.all("backup-verified");
    assert!(verified.iter().any(|it| it["body"]["whole"] == false), "the newest copy was damaged: {verified:?}");
    assert!(verified.iter().any(|it| it["body"]["whole"] == true), "an older one is whole: {verified:?}");
    let states: Vec<String> = desk
        .all("watch-changed")
        .iter()
        .map(|it| it["body"]["state"].as_str().unwrap_or_default().to_owned())
        .collect();
    assert!(states.contains(&"down".to_owned()), "{states:?}");
    assert_eq!(states.last().map(String::as_str), Some("up"), "{states:?}");
    desk.run(&["evidence", "verify"]).exits(0);
}

#[test]
fn a_full_disk_pauses_the_run_and_loses_nothing() {
    let desk = Desk::new();
    let ledger = desk.root().join("ledger");
    fs::create_dir(&ledger).expect("a folder");
    let mounted = std::process::Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=2m", "tmpfs"])
        .arg(&ledger)
        .output()
        .is_ok_and(|output| output.status.success());
    if !mounted {
        eprintln!("SKIPPED: nothing can be mounted here; run this test where `mount -t tmpfs` is permitted");
        return;
    }
    let _unmount = Unmount(ledger.clone());
    desk.playbook(
        "full",
        "steps:\n  - { id: first, title: First, manual: { do: Wait } }\n  \
         - { id: second, title: Second, manual: { do: Wait } }\n",
    );
    desk.run(&["drill", "full", "--tabletop", "--yes"]).exits(0);
    desk.until_kind("asked");
    let filler = ledger.join("filler");
    let _ = fs::write(&filler, vec![0_u8; 4 * 1024 * 1024]);
    let before = desk.records().len();
    desk.run(&["note", &"x".repeat(3000)]).exits(3).says(&["disk"]);
    assert_eq!(desk.records().len(), before, "nothing half written");
    fs::remove_file(&filler).expect("it can be removed");
    desk.run(&["resume", "--detach"]).exits(0);
    desk.piped(&["attach"], "c\nc\n").exits(0).says(&["technical result passed"]);
    desk.run(&["evidence", "verify"]).exits(0);
}

/// Takes the small disk away again.
struct Unmount(std::path::PathBuf);

impl Drop for Unmount {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg("-l").arg(&self.0).status();
    }
}
