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
        let expected = if is == "mode: live" { "`live.tools`" } else { expected };
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

/// A playbook whose only step waits for a person, with two objectives.
const WAITS: &str = r#"
roles:
  operator: { title: "Operator" }
objectives:
  - { id: told, title: "Citizens are told" }
  - { id: back, title: "The service is back" }
steps:
  - id: confirm
    title: "Confirm the incident"
    role: operator
    manual: { do: "Look at the data folder" }
"#;

const SCRIPT: &str = "participants:
  - { person: lan, part: player }
  - { person: minh, part: facilitator }
  - { person: hoa, part: evaluator }
  - { name: \"Trần Văn B\", unit: \"Công an tỉnh\", part: evaluator }
injects:
  - { at: 1s, to: operator, text: \"The home page is changed\", expect: \"Tell the commander\" }
  - { at: 2h, text: \"A reporter calls\", expect: \"Pass it on\", with: [operator], criterion: \"Nobody else answers\", by: facilitator }
budget: \"No costs\"
";

const LIVE: &str = "live: { aims: \"Detect\", players: \"Blue team\", tools: \"nmap\", extent: \"Scan only\", time: \"08:00-11:00\" }\n";

fn planned(mode: &str, rest: &str) -> Desk {
    let desk = Desk::new();
    desk.playbook("talk", WAITS);
    fs::create_dir_all(desk.root().join("exercises")).expect("made");
    let head = format!("format: 1\nplaybook: talk\nmode: {mode}\ndate: 2026-12-01\n");
    let plan = "plan: { number: \"12/KH\", date: 2026-08-02 }\napprover: \"The director\"\n";
    desk.write("exercises/q4.yaml", &format!("{head}{plan}{rest}"));
    desk
}

#[test]
fn a_new_exercise_passes_check_and_is_shown_as_its_reader_needs_it() {
    let desk = planned("tabletop", SCRIPT);
    desk.run(&["exercise", "new", "q5", "--playbook", "talk", "--mode", "tabletop"]).exits(0);
    desk.run(&["exercise", "check", "q5"]).exits(0).says(&["errors: 0", "warnings: 0"]);
    desk.run(&["exercise", "new", "q5", "--playbook", "talk", "--mode", "lab"]).exits(2).says(&["cannot-write"]);
    desk.run(&["exercise", "new", "q6", "--playbook", "tlak", "--mode", "lab"]).exits(2).says(&["`talk`"]);
    desk.run(&["exercise", "new", "q6", "--playbook", "talk", "--mode", "table"]).exits(2).says(&["`tabletop`"]);
    let whole = desk.run(&["exercise", "show", "q4"]).exits(0).out;
    for text in [
        "12/KH",
        "2026-08-02",
        "The director",
        "Trần Văn B, Công an tỉnh (no account)",
        "A reporter calls",
        "Pass it on",
        "Nobody else answers",
        "Together with: operator",
        "No costs",
    ] {
        assert!(whole.contains(text), "{text} in {whole}");
    }
    let players = desk.run(&["exercise", "show", "q4", "--for", "players"]).exits(0).out;
    assert!(players.contains("The director") && !players.contains("reporter"), "{players}");
    let players = desk.run(&["exercise", "show", "q4", "--for", "players", "--json"]).exits(0).out;
    assert!(players.contains("Công an tỉnh") && !players.contains("reporter"), "{players}");
    let vietnamese = desk.run(&["exercise", "show", "q4", "--lang", "vi"]).exits(0).out;
    assert!(vietnamese.contains("số 12/KH ngày 02/8/2026"), "{vietnamese}");
    desk.run(&["exercise", "schema"]).exits(0);
}

#[test]
fn every_mistake_of_an_exercise_is_found_at_its_word() {
    let more =
        SCRIPT.replace("to: operator", "to: operatr").replace("2h", "0s").replace("part: facilitator", "part: player");
    let desk = planned("live", &more);
    desk.write("people.yaml", "format: 1\npeople:\n  - { id: lan, name: \"Lan\" }\n  - { id: hoa, name: \"Hoa\" }\n");
    let done = desk.run(&["exercise", "check", "q4"]).exits(2);
    let done =
        done.says(&["unknown-role", "did you mean `operator`?", "unknown-person", "q4.yaml:9:15", "inject-order"]);
    let done = done.says(&["no-facilitator"]);
    for key in ["aims", "players", "tools", "extent", "time"] {
        assert!(done.err.contains(&format!("`live.{key}`")), "{key} in {}", done.err);
    }
}

#[test]
fn a_live_drill_starts_only_with_its_five_fields() {
    let desk = planned("live", "");
    let drill = ["drill", "talk", "--live", "--exercise", "q4", "--yes"];
    desk.run(&drill[..3]).exits(2).says(&["live-unplanned", "`aims`, `players`, `tools`, `extent`, `time`"]);
    desk.run(&drill).exits(2).says(&["`live.aims`", "`live.players`", "`live.tools`", "`live.extent`", "`live.time`"]);
    desk.run(&["exercise", "new", "q5", "--playbook", "talk", "--mode", "live"]).exits(0);
    desk.run(&["exercise", "check", "q5"]).exits(0).says(&["errors: 0", "warnings: 5"]);
    desk.run(&["drill", "talk", "--live", "--exercise", "q5", "--yes"]).exits(2).says(&["not-filled-in", "`extent`"]);
    desk.write(
        "exercises/q4.yaml",
        &format!(
            "format: 1\nplaybook: talk\nmode: live\ndate: 2026-12-01\n{}",
            LIVE.replace("08:00-11:00\"", "08:00\", commitment: signed.pdf")
        ),
    );
    desk.run(&drill).exits(2).says(&["`signed.pdf`", "exercises/q4.yaml:5"]);
    assert_eq!(desk.kinds(), Vec::<String>::new());
    desk.write("signed.pdf", "%PDF-1.4");
    desk.piped(&drill, "k\nnot today\n").exits(1);
    assert!(desk.only("attached")["file"]["object"].is_string());
}

#[test]
fn situations_come_at_their_times_and_scores_stand_side_by_side() {
    let desk = planned("tabletop", SCRIPT);
    desk.run(&["drill", "talk", "--tabletop", "--exercise", "q4", "--yes"]);
    desk.until_kind("injected");
    let first = desk.only("injected");
    assert_eq!((&first["inject"], &first["to"]), (&1.into(), &"operator".into()));
    let players = desk.run(&["inject"]).exits(0).out;
    assert!(players.contains("The home page is changed") && !players.contains("reporter"), "{players}");
    let players = desk.run(&["status"]).exits(0).out;
    assert!(players.contains("The home page is changed") && !players.contains("reporter"), "{players}");
    let organisers = desk.run(&["status", "--as", "minh"]).exits(0).out;
    assert!(organisers.contains("A reporter calls"), "{organisers}");
    let organisers = desk.run(&["inject", "--as", "hoa"]).exits(0).out;
    assert!(organisers.contains("A reporter calls") && organisers.contains("Pass it on"), "{organisers}");
    // What has not been told stays out of the report too, while the drill goes on.
    let early = desk.run(&["report", "run", "--format", "md", "--out", "-"]).exits(0).out;
    assert!(early.contains("The home page is changed") && !early.contains("reporter"), "{early}");

    desk.run(&["inject", "2"]).exits(2).says(&["not-your-part", "`minh`"]);
    desk.run(&["inject", "3", "--as", "minh"]).exits(2).says(&["unknown-inject"]);
    desk.run(&["inject", "1", "--as", "minh"]).exits(2).says(&["inject-delivered"]);
    desk.run(&["inject", "2", "--as", "minh"]).exits(0);

    let score = |who: &str, words: &[&str]| desk.run(&[&["score"], words, &["--as", who]].concat());
    score("lan", &["told", "P", "--because", "x"]).exits(2).says(&["not-your-part"]);
    score("hoa", &["told", "P"]).exits(2).says(&["no-reason"]);
    score("hoa", &["tld", "P", "--because", "x"]).exits(2).says(&["unknown-objective", "did you mean `told`?"]);
    score("hoa", &["told", "X", "--because", "x"]).exits(2).says(&["P: performed without challenges"]);
    score("hoa", &["told", "U", "--because", "too early"]).exits(0);
    score("hoa", &["told", "s", "--because", "late by ten minutes"]).exits(0);
    score("hoa", &["told", "M", "--because", "x", "--participant", "3"]).exits(2).says(&["not-an-evaluator"]);
    score("hoa", &["told", "M", "--because", "nobody was called", "--participant", "4"]).exits(0);

    desk.run(&["attack-action", "scan"]).exits(2).says(&["live-only"]);
    desk.run(&["stop-word", "--at", "00:00", "--because", "x"]).exits(2).says(&["only-now"]);
    desk.run(&["stop-word", "--because", "citizens are hit"]).exits(0);
    desk.until_kind("run-ended");
    assert_eq!(desk.only("run-stopping")["how"], "now");
    assert_eq!(desk.only("run-ended")["result"], "stopped");
    let shown = desk.run(&["status", "DT-2026-001"]);
    assert!(shown.out.contains("STOP WORD"), "{}", shown.out);
    desk.run(&["inject", "DT-2026-001", "1", "--as", "minh"]).exits(2).says(&["run-ended"]);
    desk.run(&["evidence", "verify"]).exits(0);

    let report = desk.run(&["report", "run", "--format", "json", "--out", "-"]).exits(0).out;
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    let exercise = &report["exercise"];
    assert_eq!((&exercise["plan"]["number"], &exercise["approver"]), (&"12/KH".into(), &"The director".into()));
    assert_eq!(exercise["participants"].as_array().map(Vec::len), Some(4));
    assert_eq!((&exercise["injects"][0]["planned_s"], &exercise["injects"][1]["by"]), (&1.into(), &"minh".into()));
    assert_eq!(exercise["evaluators"][1]["name"], "Trần Văn B");
    let told = &exercise["scores"][0]["scores"];
    assert_eq!((&told[0]["rating"], &told[1]["rating"]), (&"S".into(), &"M".into()));
    assert_eq!(told[0]["because"], "U: too early; S: late by ten minutes", "each score has its reason");
    assert!(exercise["evaluators"][1]["entered_by"].is_string(), "who has no account did not enter it");
    assert_eq!(exercise["scores"][1]["scores"][0], serde_json::Value::Null);
    assert_eq!(exercise["stop_word"]["because"], "citizens are hit");
    for (format, score) in [
        ("html", "<td>S – U: too early; S: late by ten minutes"),
        ("md", "| S – U: too early; S: late by ten minutes | M – nobody was called |"),
    ] {
        let page = desk.run(&["report", "run", "--format", format, "--out", "-"]).exits(0).out;
        for text in ["12/KH", "The director", "Trần Văn B", "A reporter calls", "Pass it on", "Stopped at once", score]
        {
            assert!(page.contains(text), "{text} in {page}");
        }
    }
}

#[test]
fn the_stop_word_is_on_every_screen() {
    let desk = planned("tabletop", SCRIPT);
    let mut player = desk.terminal(&["drill", "talk", "--tabletop", "--exercise", "q4", "--yes"]);
    player.shows("SITUATION 1 (Operator): The home page is changed");
    let mut facilitator = desk.terminal(&["attach", "--as", "minh"]);
    facilitator.shows("A reporter calls");
    desk.run(&["stop-word", "--as", "hoa", "--because", "citizens are hit"]).exits(0);
    player.shows("STOP WORD");
    facilitator.shows("STOP WORD");
    assert!(!player.text().contains("reporter"), "{}", player.text());
}

#[test]
fn organisers_keep_their_script_and_open_it_at_the_end() {
    let organisers = planned("live", &format!("{SCRIPT}{LIVE}"));
    let defenders = planned("live", "");
    fs::remove_file(defenders.root().join("exercises/q4.yaml")).expect("removed");
    let copy = defenders.root().join("exercises/q4.yaml").display().to_string();
    organisers.run(&["exercise", "seal", "q4", "--out", &copy]).exits(0);
    let script = organisers.root().join("exercises/q4.script").display().to_string();
    let text = fs::read_to_string(&copy).expect("written");
    assert!(!text.contains("reporter") && text.contains("Scan only"), "{text}");
    defenders.run(&["exercise", "check", "q4"]).exits(0);

    defenders.piped(&["drill", "talk", "--live", "--exercise", "q4", "--yes"], "c\n");
    defenders.until_kind("asked");
    let committed = defenders.only("run-started")["script"].clone();
    assert!(text.contains(committed.as_str().expect("a digest")), "{committed} in {text}");
    defenders.run(&["inject", "1", "--as", "minh"]).exits(2).says(&["--script FILE"]);
    defenders.run(&["inject", "1", "--as", "minh", "--script", &script]).exits(0);
    let seen = defenders.run(&["inject"]).exits(0).out;
    assert!(seen.contains("The home page is changed") && !seen.contains("reporter"), "{seen}");
    let seen = defenders.run(&["inject", "--as", "minh", "--script", &script]).exits(0).out;
    assert!(seen.contains("A reporter calls"), "{seen}");
    let attack = ["attack-action", "Scanned the portal", "--tool", "nmap", "--extent", "scan only"];
    defenders.run(&[&attack[..], &["--as", "lan"]].concat()).exits(2).says(&["not-your-part"]);
    let began = defenders.all("run-started")[0]["at"].as_str().expect("a time").to_owned();
    let late =
        ["--as", "minh", "--by", "red", "--at", &began, "--basis", "told", "--because", "from the red team's log"];
    defenders.run(&[&attack[..], &late].concat()).exits(0);
    let kept = defenders.all("attack-action").remove(0);
    assert_eq!((&kept["actor"], &kept["by"], &kept["basis"]), (&"red".into(), &"minh".into(), &"told".into()));
    assert!(kept["occurred"].is_string() && kept["body"]["because"]["object"].is_string(), "{kept}");
    let early = defenders.run(&["report", "run", "--format", "md", "--out", "-"]).exits(0).out;
    assert!(!early.contains("Scanned the portal"), "{early}");
    defenders.run(&["stop"]).exits(0);
    defenders.until_kind("run-ended");

    defenders.run(&["evidence", "verify"]).exits(0).says(&["script-not-revealed"]);
    let forged = defenders.root().join("forged");
    fs::write(&forged, fs::read_to_string(&script).expect("it is there").replace('1', "2")).expect("written");
    defenders.run(&["reveal", "DT-2026-001", "forged"]).exits(2).says(&["script-differs"]);
    defenders.run(&["reveal", "DT-2026-001", &script]).exits(0);
    defenders.run(&["reveal", "DT-2026-001", &script]).exits(2).says(&["script-revealed"]);
    assert_eq!(defenders.only("script-revealed")["script"]["object"], committed);
    let verified = defenders.run(&["evidence", "verify"]).exits(0);
    assert!(!verified.err.contains("script-not-revealed") && !verified.out.contains("script-not-revealed"));
    let page = defenders.run(&["report", "run", "--format", "md", "--out", "-"]).exits(0).out;
    for text in ["A reporter calls", "not delivered", "Scanned the portal", "scan only", "Detect", "08:00"] {
        assert!(page.contains(text), "{text} in {page}");
    }

    // An opened script that is not the one committed to does not verify.
    let hex = committed.as_str().and_then(|digest| digest.strip_prefix("sha256:")).expect("a digest");
    let object = defenders.root().join(format!("ledger/objects/sha256/{}/{hex}", &hex[..2]));
    let mut permissions = fs::metadata(&object).expect("it is kept").permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o644);
    fs::set_permissions(&object, permissions).expect("set");
    fs::copy(&forged, &object).expect("altered");
    defenders.run(&["evidence", "verify"]).exits(4).says(&["object-altered"]);
}

const OLDER: &str = "điểm d khoản 2 Điều 20 Nghị định số 85/2016/NĐ-CP";
const LAW: &str = "điểm h khoản 2 Điều 10 Luật An ninh mạng số 116/2025/QH15";
const NEWER: &str = "khoản 3 Điều 31 Nghị định số 331/2026/NĐ-CP";

#[test]
fn a_plan_rests_on_what_was_in_force_on_its_day_and_a_script_is_attached_to_that_plan() {
    let desk = planned("tabletop", SCRIPT);
    let unit = "format: 1\nunit: \"Sở Thử nghiệm\"\nsymbol: STN\nlanguage: vi\n";
    desk.write("ungpho.yaml", unit);
    let made = |which: &str, plan: &str, more: &[&str]| {
        let head = "format: 1\nplaybook: talk\nmode: tabletop\ndate: 2026-12-01\n";
        desk.write("exercises/q4.yaml", &format!("{head}{plan}{SCRIPT}"));
        let all = [&["--as", "minh", "report", which, "q4", "--format", "html", "--out", "-"], more].concat();
        let done = desk.run(&all).exits(0);
        (done.out.replace('\u{a0}', " "), done.err)
    };
    let dated = |day: &str| format!("plan: {{ number: \"3/KH-STN\", date: {day} }}\n");
    for (plan, more, basis) in [
        (String::new(), &[][..], NEWER),
        (String::new(), &["--date", "30/6/2026"], OLDER),
        (dated("2026-06-30"), &[], OLDER),
        (dated("2026-07-01"), &[], LAW),
        (dated("2026-08-18"), &[], LAW),
        (dated("2026-08-19"), &[], NEWER),
        (dated("2026-06-30"), &["--date", "20/8/2026"], NEWER),
    ] {
        let (page, _) = made("plan", &plan, more);
        let seen: Vec<&str> = [OLDER, LAW, NEWER].into_iter().filter(|basis| page.contains(basis)).collect();
        assert_eq!(seen, [basis], "{plan} {more:?}");
    }
    for (which, plan, more, says, note) in [
        (
            "script",
            String::new(),
            &[][..],
            "(Kèm theo Kế hoạch số         /KH-STN ngày        tháng        năm        của Sở Thử nghiệm)",
            "",
        ),
        (
            "script",
            dated("2026-06-30"),
            &[],
            "(Kèm theo Kế hoạch số 03/KH-STN ngày 30 tháng 6 năm 2026 của Sở Thử nghiệm)",
            "",
        ),
        (
            "script",
            dated("2026-06-30"),
            &["--number", "7", "--date", "26/11/2026"],
            "(Kèm theo Kế hoạch số 07/KH-STN ngày 26 tháng 11 năm 2026 của",
            "3/KH-STN",
        ),
        ("plan", dated("2026-06-30"), &["--number", "3"], "Số: 03/KH-STN", ""),
        ("plan", dated("2026-06-30"), &["--number", "5/KH-STN"], "Số: 05/KH-STN", "is not the number 3/KH-STN"),
        ("plan", String::new(), &["--number", "5/BC-STN"], "Số: 05/BC-STN", "of the kind BC"),
    ] {
        let (page, error) = made(which, &plan, more);
        assert!(page.contains(says), "{says} is not in {page}");
        assert!(error.contains(note) && (error.is_empty() || !note.is_empty()), "{more:?}: {error}");
    }
    let (page, _) = made("script", "", &[]);
    assert!(page.contains("1. Người giữ vai trò") && page.contains("2. Danh sách tham gia"), "{page}");
    assert!(page.contains("<code>ungpho stop-word</code>"), "{page}");
}
