//! What does not leave the unit, as people really type it; and texts that would forge what a reader sees.

use std::fs;

use super::desk::Desk;

const SYSTEM: &str = "format: 1\nid: portal\nname: \"Cổng\"\nstate: operating\n\
    endpoints: { home: \"https://cong.quangngai.example/\" }\nhosts: [ { id: app-01, ssh: portal-app-01 }, { id: bk-01, ssh: portal-bk-01 } ]\n";

const EXERCISE: &str = "format: 1\nplaybook: talk\nmode: tabletop\ndate: 2026-12-01\n\
    participants:\n\
    \x20 - { person: lan, part: player }\n  - { person: lan, part: facilitator }\n\
    \x20 - { name: \"Võ Văn Chủ\", position: \"Chánh Văn phòng\", unit: \"Sở Nội vụ\", part: chair }\n";

/// Names of files that tell of machines.
const FILES: [&str; 2] = ["portal-app-01.png", "10.20.30.99 tu portal-bk-01.log"];

fn drilled(note: &str) -> (Desk, String) {
    let desk = Desk::new();
    let signers = "signers: [ { position: \"Giám đốc\", name: \"Lê Văn Cường\" } ]";
    desk.write("ungpho.yaml", &format!("format: 1\nunit: \"Sở A\"\nlanguage: vi\n{signers}\n"));
    desk.write("people.yaml", "people:\n  - { id: lan, name: \"Nguyễn Thị Lan\" }\n");
    for folder in ["inventory", "exercises", "policies/redaction"] {
        fs::create_dir_all(desk.root().join(folder)).expect("a folder");
    }
    desk.write("inventory/portal.yaml", SYSTEM);
    desk.playbook(
        "talk",
        "inputs: { system: { type: system, default: portal } }\nsteps: [ { id: look, title: Xem, manual: { do: Xem } } ]\n",
    );
    desk.write("exercises/q4.yaml", EXERCISE);
    desk.run(&["drill", "talk", "--exercise", "q4", "--tabletop", "--yes"]).exits(0);
    desk.until_kind("asked");
    desk.run(&["note", note]).exits(0);
    for file in FILES {
        desk.write(file, "x");
        desk.run(&["attach-file", file]).exits(0);
    }
    desk.run(&["answer", "done"]).exits(0);
    desk.until_kind("run-ended");
    let run = desk.all("run-started")[0]["run"].as_str().expect("an id").to_owned();
    (desk, run)
}

fn made(desk: &Desk, arguments: &[&str]) -> String {
    desk.run(&[&["--lang", "vi"], arguments, &["--out", "-"]].concat()).exits(0).out
}

#[test]
fn no_way_of_typing_keeps_a_machine_or_an_address_in_what_leaves_the_unit() {
    let note = "K0 IP:10.77.1.15 ip10.77.1.17 10.77.1.6-10.77.1.9 10[.]77[.]1[.]22 [2001:db8:77::1]:443 <10.77.1.27> \
                máy:portal-app-01 portal-app-01's portal-app-01→portal-bk-01 PORTAL_APP_01 portal\u{2011}app\u{2011}01 \
                portal-app-01.noibo srv77.quangngai.example srv77.io \\\\fileserver77\\share ./bimat77/y bimat77/a/b.conf K1";
    let (desk, run) = drilled(note);
    let kept = ["77", "portal-app", "portal\u{2011}app", "app_01", "app\\_01", "portal-bk", "10.20.30"];
    for (report, format) in [
        (&["report", "run", &run][..], "html"),
        (&["report", "run", &run], "md"),
        (&["report", "run", &run], "json"),
        (&["report", "minutes", &run], "html"),
        (&["report", "after-action", &run], "html"),
    ] {
        let whole = made(&desk, &[report, &["--format", format]].concat()).to_lowercase();
        assert!(whole.contains("10.20.30.99"), "{format} of the unit's own has it");
        let text = made(&desk, &[report, &["--format", format, "--leave-out"]].concat()).to_lowercase();
        // Digests may have any digits.
        let said: String = text.split_whitespace().filter(|word| word.len() < 44 || word.contains('.')).collect();
        for word in &kept[1..] {
            assert!(!said.contains(word), "{word} is in the {format} of {report:?}:\n{text}");
        }
        if let Some((_, from)) = text.split_once("k0 ").filter(|(_, from)| from.contains("k1")) {
            let between = from.split("k1").next().unwrap_or_default();
            assert!(!between.contains(kept[0]), "{between}");
            assert_eq!(between.matches("(đã lược bỏ)").count(), 19, "{between}");
        } else {
            assert!(report[1] != "run", "the note is in the {format}:\n{text}");
        }
    }
}

#[test]
fn a_profile_with_people_leaves_nobody_and_another_profile_that_is_wrong_stops_nothing() {
    let (desk, run) = drilled("NGUYỄN THỊ LAN gọi Võ  Văn Chủ, Lê Văn Cường và Phạm Thị Ký");
    desk.write("ky.pdf", "x");
    let day = desk.all("run-started")[0]["at"].as_str().expect("a moment")[..10].to_owned();
    let issued =
        ["report", "issued", "minutes", &run, "--number", "1/BB", "--signer", "Phạm Thị Ký", "--file", "ky.pdf"];
    desk.run(&[&issued[..], &["--date", &day]].concat()).exits(0);
    let own = "format: 1\nredaction: names\ntitle: x\nleave_out: [people]\nnote: Che\n";
    desk.write("policies/redaction/names.yaml", own);
    desk.write("policies/redaction/empty.yaml", "format: 1\nredaction: empty\ntitle: x\nleave_out: []\nnote: Che\n");
    for report in [&["report", "run", &run][..], &["report", "minutes", &run], &["report", "after-action", &run]] {
        let text = made(&desk, &[report, &["--format", "html", "--leave-out=names"]].concat()).to_lowercase();
        for name in ["thị lan", "văn chủ", "văn cường", "thị ký"] {
            assert!(!text.contains(name), "{name} is in {report:?}:\n{text}");
        }
        made(&desk, &[report, &["--format", "html", "--leave-out"]].concat());
    }
    desk.run(&["report", "run", &run, "--leave-out=empty"]).exits(2).says(&["empty-list", "empty.yaml"]);
}

#[test]
fn nothing_that_somebody_typed_moves_the_cursor_or_turns_the_writing() {
    let forged = "\u{1b}[31mxong\u{1b}[2J \u{1}\u{202e}gnp \u{fffe}hết";
    let (desk, run) = drilled(forged);
    desk.run(&["action", "add", &run, forged, "--owner", "lan", "--due", "31/12/2099"]).exits(0);
    desk.run(&["activity", "add", "letter", forged, "--date", "2026-03-12"]).exits(0);
    let bad = |c: char| (c.is_control() && !"\n\t\r".contains(c)) || matches!(c, '\u{202e}' | '\u{fffe}');
    for arguments in [
        &["action", "list"][..],
        &["activity", "list"],
        &["due"],
        &["evidence", "show", &run],
        &["report", "run", &run, "--format", "csv", "--out", "-"],
        &["report", "run", &run, "--format", "md", "--out", "-"],
        &["report", "run", &run, "--format", "html", "--out", "-"],
        &["report", "run", &run, "--format", "junit", "--out", "-"],
        &["report", "calendar", "--format", "ics", "--out", "-"],
    ] {
        let done = desk.run(arguments);
        for text in [&done.out, &done.err] {
            assert!(!text.contains(bad), "{arguments:?}:\n{text:?}");
        }
        assert!(!done.out.is_empty(), "{arguments:?} says something");
    }
    // Data stays what it was.
    let done = desk.run(&["action", "list", "--json"]);
    assert!(done.out.contains("\\u001b[31m") && done.out.contains('\u{202e}'), "{}", done.out);
}
