//! The console on a terminal.

use super::desk::Desk;

const STEPS: &str = r#"
steps:
  - id: first
    title: "First"
    manual: { do: "Do the first thing" }
  - id: second
    title: "Second"
    manual: { do: "Do the second thing", ask: [ { id: count, title: "How many", type: integer } ] }
"#;

#[test]
fn a_drill_outlives_its_terminal_and_another_finishes_it() {
    let desk = Desk::new();
    desk.playbook("two", STEPS);
    let mut first = desk.terminal(&["drill", "two", "--tabletop"]);
    first.shows("Start this plan?");
    first.types("");
    first.shows("Enter does not mean yes");
    first.types("c");
    first.shows("Step 1/2. First");
    first.types("c");
    first.shows("Step 2/2. Second");
    first.close();
    let mut second = desk.terminal(&["--as", "binh", "attach"]);
    second.shows("Step 2/2. Second");
    second.types("x");
    second.shows("There is no key `x` here");
    second.types("c");
    second.shows("[?] not known)");
    second.types("many");
    second.shows("a whole number");
    second.types("3");
    second.shows("technical result passed");
    second.ends(0);
    assert_eq!(desk.all("answered").len(), 2);
}

#[test]
fn ctrl_c_asks_whether_to_leave_pause_or_stop() {
    let desk = Desk::new();
    desk.playbook("two", STEPS);
    let mut terminal = desk.terminal(&["drill", "two", "--tabletop", "--yes"]);
    terminal.shows("[c] done");
    terminal.types("\u{3}");
    terminal.shows("[1] leave, the run goes on; [2] pause; [3] stop");
    terminal.types("");
    terminal.shows("Enter does not mean yes");
    terminal.types("2");
    terminal.shows("paused");
    desk.until_kind("run-paused");
    terminal.types("\u{3}");
    terminal.shows("[1] leave");
    terminal.types("3");
    terminal.shows("Reason for stopping");
    terminal.types("practice is over");
    terminal.shows("technical result stopped");
    terminal.ends(1);
}

#[test]
fn of_two_consoles_the_other_says_who_answered_and_moves_on() {
    let desk = Desk::new();
    desk.playbook("two", STEPS);
    let mut one = desk.terminal(&["drill", "two", "--tabletop", "--yes"]);
    one.shows("Step 1/2. First");
    let mut two = desk.terminal(&["--as", "binh", "attach"]);
    two.shows("Step 1/2. First");
    one.types("c");
    two.shows("lan answered this question at another console");
    two.shows("Step 2/2. Second");
    two.types("c");
    two.shows("How many");
    two.types("2");
    one.shows("technical result passed");
    one.ends(0);
    two.ends(0);
}

#[test]
fn a_console_speaks_vietnamese_as_the_glossary_has_it() {
    let desk = Desk::new();
    desk.playbook("two", STEPS);
    let mut terminal = desk.terminal(&["--lang", "vi", "drill", "two", "--tabletop"]);
    terminal.shows("DIỄN TẬP – KHÔNG PHẢI SỰ CỐ THẬT");
    terminal.shows("[c] có, [k] không");
    terminal.types("c");
    terminal.shows("Bước 1/2. First");
    terminal.shows("[?] chưa rõ");
    terminal.types("d");
    terminal.shows("ungpho attach DT-");
    terminal.ends(0);
    desk.run(&["stop", "--now", "--because", "xong"]).exits(0);
    desk.until_kind("run-ended");
}

#[test]
fn open_questions_are_put_one_at_a_time_and_another_can_come_first() {
    let desk = Desk::new();
    desk.playbook(
        "side",
        "steps:\n  - id: both\n    parallel:\n      - { id: one, title: One, manual: { do: Do one } }\n      \
         - { id: two, title: Two, manual: { do: Do two } }\n",
    );
    let mut terminal = desk.terminal(&["drill", "side", "--tabletop", "--yes"]);
    terminal.shows("Step 1/2. One");
    desk.until("two questions", |records| records.iter().filter(|it| it["type"] == "asked").count() == 2);
    terminal.types("s");
    terminal.shows("Step 2/2. Two");
    terminal.shows("Other open questions: 1");
    terminal.types("c");
    terminal.shows("Kept.");
    terminal.shows("Step 1/2. One");
    terminal.types("g");
    terminal.shows("Note ([0] none)");
    terminal.types("seen twice");
    terminal.shows("The note is kept.");
    terminal.types("t");
    terminal.shows("Path of the file");
    terminal.types("/nowhere/file");
    terminal.shows("cannot read file");
    terminal.types("h");
    terminal.shows("leave the console; the run goes on");
    // The loop takes the answer in by itself: what is shown again has it once it is kept.
    desk.until("end of Two", |records| {
        records.iter().any(|it| it["type"] == "step-ended" && it["body"]["step"] == "both/two")
    });
    terminal.types("l");
    terminal.shows("Two \u{2013} done");
    terminal.types("?");
    terminal.shows("Reason");
    terminal.types("");
    terminal.shows("there is no reason yet");
    terminal.types("nobody knows");
    terminal.shows("technical result failed");
    terminal.ends(1);
    let answered = desk.all("answered");
    assert_eq!(answered[0]["body"]["outcome"], "done");
    assert_eq!(answered[1]["body"]["outcome"], "unknown");
    assert_eq!(desk.only("noted")["step"], "both/one");
}

#[test]
fn pasted_lines_are_one_note_and_never_an_answer() {
    let desk = Desk::new();
    desk.playbook("two", STEPS);
    let mut terminal = desk.terminal(&["drill", "two", "--tabletop", "--yes"]);
    terminal.shows("[c] done");
    terminal.types("c\nc\nthe rest");
    terminal.shows("Several lines were pasted");
    terminal.types("g");
    terminal.shows("Note ([0] none)");
    terminal.types("first line\nc\nk");
    terminal.shows("The note is kept.");
    assert!(desk.all("answered").is_empty(), "{:?}", desk.kinds());
    let digest = desk.only("noted")["text"]["object"].as_str().expect("an object")[7..].to_owned();
    let object = desk.root().join("ledger/objects/sha256").join(&digest[..2]).join(&digest);
    assert!(std::fs::read_to_string(object).expect("it is there").ends_with("\nfirst line\nc\nk"));
    terminal.types("c");
    terminal.shows("Step 2/2");
    terminal.close();
    desk.run(&["stop", "--now", "--because", "the test is over"]);
}

#[test]
fn the_clocks_are_shown_against_their_limits() {
    let desk = Desk::new();
    desk.playbook(
        "timed",
        "clocks:\n  answer: { title: \"To the answer\", from: { step: first, at: begin }, to: { step: second, at: end }, limit: 2h }\n\
         steps:\n  - { id: first, title: First, manual: { do: Do it } }\n  - { id: second, title: Second, manual: { do: Do it } }\n",
    );
    let mut terminal = desk.terminal(&["drill", "timed", "--tabletop", "--yes"]);
    // What is typed before the question answers nothing.
    terminal.shows("Step 1/2. First");
    terminal.shows("[c] done");
    // In the head of the screen, or under the question where the step began after it.
    let screen = terminal.text();
    assert!(screen.contains("To the answer: ") && screen.contains(", limit 2 h, 1 h 59 min left"), "{screen}");
    terminal.types("c");
    terminal.shows("Step 2/2. Second");
    terminal.types("c");
    terminal.shows("within 2 h");
    terminal.shows("technical result passed");
    terminal.ends(0);
}

#[test]
fn in_the_foreground_ctrl_c_pauses_and_a_second_one_stops_now() {
    let desk = Desk::new();
    desk.playbook("long", "steps:\n  - { id: wait, title: Wait, run: { argv: [sleep, '600'], effect: observe } }\n");
    let mut terminal = desk.terminal(&["drill", "long", "--technical", "--unattended", "--foreground"]);
    terminal.shows("Step 1/1. Wait: started");
    desk.until_kind("process-started");
    terminal.types("\u{3}");
    terminal.shows("Ctrl-C once more");
    desk.until_kind("run-paused");
    terminal.types("\u{3}");
    desk.until_kind("run-stopping");
    terminal.shows("technical result stopped");
    terminal.ends(1);
    assert_eq!(desk.only("step-ended")["outcome"], "abandoned");
}
