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
    second.shows("How many");
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
