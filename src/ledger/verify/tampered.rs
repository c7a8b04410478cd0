//! Ledgers that were tampered with: what is said of them, how far they hold, what is signed.

use std::path::Path;

use super::tests::{check, found, open, sample};
use super::*;
use crate::ledger::tests::{append, noted, run};
use crate::ledger::{KeyPlace, Ledger};
use crate::message::Lang;
use crate::model::Journal as _;

/// Another line in the place of one.
type Rewrite = Box<dyn Fn(String) -> Vec<u8>>;

/// Something done to a ledger.
type Change = fn(&Path);

/// The log's lines, changed.
fn relined(dir: &Path, change: impl FnOnce(&mut Vec<Vec<u8>>)) {
    let path = dir.join("log/000001.jsonl");
    let log = std::fs::read(&path).expect("a log");
    let mut lines: Vec<_> = log.split_inclusive(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
    change(&mut lines);
    std::fs::write(path, lines.concat()).expect("written");
}

#[test]
fn a_line_that_is_no_record_is_found_where_no_signature_covers_it() {
    let with = |from: &'static str, to: &'static str| {
        move |line: String| {
            assert!(line.contains(from), "{from} is not in {line}");
            line.replacen(from, to, 1).into_bytes()
        }
    };
    let changes: Vec<(Rewrite, &str)> = vec![
        (Box::new(with("{\"v\":1,\"seq\":12,", "{\"seq\":12,\"v\":1,")), "the key `v` is not in its place"),
        (Box::new(with("\"by\":null,", "")), "the key `by` is not in its place"),
        (Box::new(with("\"by\":null,", "\"by\":null,\"by\":null,")), "the key `by` stands twice"),
        (Box::new(with("\"body\":{", "\"body\":{\"text\":1,")), "the key `text` stands twice"),
        (Box::new(with("\"object\":", "\"object\": ")), "an object is not named in the form"),
        (Box::new(with("\"text\":", "\"words\":")), "the body is not that of a `noted`"),
        (Box::new(with("}\n", "}\r\n")), "it is not JSON"),
        (Box::new(with("{\"v\"", "\u{feff}{\"v\"")), "from byte 1 of the line on it is not JSON"),
        (Box::new(|_| b"\n".to_vec()), "from byte 1 of the line on it is not JSON"),
        (Box::new(|_| b"{\"v\":\"\xff\"}\n".to_vec()), "it is not UTF-8"),
        (
            Box::new(|line| line.replace("}}\n", &format!("}},\"x\":\"{}\"}}\n", "y".repeat(70_000))).into_bytes()),
            "longer than 65",
        ),
        (Box::new(|_| [vec![b'['; 60_000], vec![b'\n']].concat()), "from byte 1 of the line on it is not JSON"),
        (Box::new(|_| [vec![b'x'; 3_000_000], vec![b'\n']].concat()), "longer than 65"),
    ];
    for (change, expected) in changes {
        let (_keep, dir) = sample();
        let ledger = open(&dir);
        append(&ledger, &[noted(&ledger, "afterwards")]);
        relined(&dir, |lines| lines[12] = change(String::from_utf8(lines[12].clone()).expect("text")));
        let verification = verify(&dir, &Options::default()).expect("verified");
        let finding = verification.findings.first().expect("a finding");
        let text = finding.message.render(Lang::En);
        assert_eq!((finding.code, finding.seq), ("record-malformed", Some(12)), "{expected}: {text}");
        assert!(text.contains(expected), "{expected}: {text}");
        assert_eq!((verification.ok, verification.held, verification.signed), (false, 12, 12), "{expected}");
    }
}

#[test]
fn spaces_between_values_hide_no_object() {
    let (_keep, dir) = sample();
    let ledger = open(&dir);
    append(&ledger, &[noted(&ledger, "afterwards")]);
    relined(&dir, |lines| {
        let line = String::from_utf8(lines[12].clone()).expect("text");
        lines[12] = line.replacen("\"body\":{\"text\":", "\"body\" : { \"text\" : ", 1).into_bytes();
    });
    assert_eq!(found(&dir), ["warning[unsigned-tail] 12", "true 13/12/13"]);
}

#[test]
fn checkpoints_that_were_tampered_with_are_told() {
    let signed = "false 12/12/12";
    let changes: [(&str, Change, &[&str]); 9] = [
        (
            "one of nothing stops no other",
            |dir| copy(dir, "checkpoints/12", "checkpoints/0"),
            &["error[checkpoint-altered]", signed],
        ),
        (
            "one under another size",
            |dir| copy(dir, "checkpoints/12", "checkpoints/7"),
            &["error[checkpoint-altered]", signed],
        ),
        ("one under a name that is no number", |dir| copy(dir, "checkpoints/12", "checkpoints/+7"), &["true 12/12/12"]),
        (
            "one beyond the log",
            |dir| copy(dir, "checkpoints/12", "checkpoints/13"),
            &["error[checkpoint-altered]", signed],
        ),
        (
            "the folder is gone",
            |dir| std::fs::remove_dir_all(dir.join("checkpoints")).expect("removed"),
            &["error[checkpoint-altered]", signed],
        ),
        (
            "the newest is gone",
            |dir| std::fs::remove_file(dir.join("checkpoint")).expect("removed"),
            &["warning[checkpoint-behind]", "true 12/12/12"],
        ),
        (
            "a folder in its place",
            |dir| {
                std::fs::remove_file(dir.join("checkpoints/12")).expect("removed");
                std::fs::create_dir(dir.join("checkpoints/12")).expect("made");
            },
            &["error[checkpoint-altered]", "error[checkpoint-altered]", "warning[unsigned-tail] 0", "false 12/0/12"],
        ),
        (
            "much too long",
            |dir| std::fs::write(dir.join("checkpoints/12"), vec![b'x'; 1_000_000]).expect("written"),
            &["error[checkpoint-altered]", "error[checkpoint-altered]", "warning[unsigned-tail] 0", "false 12/0/12"],
        ),
        (
            "the log was emptied",
            |dir| std::fs::write(dir.join("log/000001.jsonl"), "").expect("written"),
            &[
                "error[records-missing] 0",
                "note[object-unnamed]",
                "note[object-unnamed]",
                "note[object-unnamed]",
                "note[object-unnamed]",
                "false 0/0/0",
            ],
        ),
    ];
    for (what, change, expected) in changes {
        let (_keep, dir) = sample();
        change(&dir);
        assert_eq!(found(&dir), expected, "{what}");
    }
}

fn copy(dir: &Path, from: &str, to: &str) {
    std::fs::copy(dir.join(from), dir.join(to)).expect("copied");
}

#[test]
fn a_note_with_further_signatures_and_lines_is_good_while_the_key_signed_all_of_it() {
    let (_keep, dir) = sample();
    let path = dir.join("checkpoints/12");
    let note = std::fs::read_to_string(&path).expect("a checkpoint");
    let more = format!("{note}\u{2014} witness.example Zm9vYmFyYmF6cXV4\n");
    for path in [path, dir.join("checkpoint")] {
        std::fs::write(path, &more).expect("written");
    }
    assert_eq!(found(&dir), ["true 12/12/12"]);
}

#[test]
fn an_object_in_another_folder_or_with_a_pipe_in_its_place_is_told() {
    let place = |dir: &Path| {
        let log = std::fs::read_to_string(dir.join("log/000001.jsonl")).expect("a log");
        let line = log.lines().find(|line| line.contains("\"noted\"")).expect("a note").to_owned();
        let hex = line.split("sha256:").nth(1).expect("an object")[..64].to_owned();
        let other = if hex.starts_with("00") { "01" } else { "00" };
        (dir.join("objects/sha256").join(&hex[..2]).join(&hex), dir.join("objects/sha256").join(other).join(&hex))
    };
    check(
        |dir| {
            let (own, other) = place(dir);
            std::fs::rename(own, other).expect("moved");
        },
        &["error[object-missing] 3", "note[object-unnamed]", "false 12/12/12"],
    );
    check(
        |dir| {
            let (own, other) = place(dir);
            std::fs::copy(own, other).expect("copied");
        },
        &["note[object-unnamed]", "true 12/12/12"],
    );
    check(
        |dir| {
            let (own, _) = place(dir);
            std::fs::remove_file(&own).expect("removed");
            std::fs::create_dir(own).expect("made");
        },
        &["error[object-unreadable] 3", "false 12/12/12"],
    );
    check(
        |dir| {
            let (own, _) = place(dir);
            std::fs::remove_file(&own).expect("removed");
            let made = std::process::Command::new("mkfifo").arg(own).status().expect("started");
            assert!(made.success());
        },
        &["error[object-unreadable] 3", "false 12/12/12"],
    );
    check(
        |dir| {
            let (own, _) = place(dir);
            std::fs::remove_file(&own).expect("removed");
            std::os::unix::fs::symlink("/dev/zero", own).expect("linked");
        },
        &["error[object-altered] 3", "false 12/12/12"],
    );
}

#[test]
fn the_head_of_nothing_hides_no_checkpoint() {
    let (_keep, dir) = sample();
    let against = |root| {
        verify(&dir, &Options { against: Some(HeadText { size: 0, root }), ..Options::default() }).expect("verified")
    };
    let empty = against(crate::ledger::tree::root(&[]));
    assert_eq!((empty.ok, empty.signed), (true, 12));
    assert!(!against([7; 32]).ok);
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 48, ..Default::default() })]
    #[test]
    fn whatever_bytes_stand_in_its_files_a_ledger_is_judged_and_never_holds_beyond_them(
        file in 0usize..6, at in 0.0f64..1.0, bytes in proptest::collection::vec(proptest::num::u8::ANY, 1..40), cut in proptest::bool::ANY,
    ) {
        let (_keep, dir) = sample();
        let files = ["log/000001.jsonl", "checkpoint", "checkpoints/12", "tile/0/000.p/12", "index/state", "log/000002.jsonl"];
        let path = dir.join(files[file]);
        let before = std::fs::read(&path).unwrap_or_default();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let at = (before.len() as f64 * at) as usize;
        let mut after = before.clone();
        after.splice(at..if cut { before.len() } else { at.saturating_add(bytes.len()).min(before.len()) }, bytes);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(&path, &after).expect("written");
        let verification = verify(&dir, &Options::default()).expect("verified");
        for finding in &verification.findings {
            proptest::prop_assert!(!finding.message.render(Lang::Vi).contains("ledger-"));
        }
        // Derived files change no verdict; what is evidence is told where it differs.
        let told = after == before || file >= 3 || !verification.ok;
        proptest::prop_assert!(told, "{}: {:?}", files[file], verification.findings);
        proptest::prop_assert!(verification.held <= 12 || file == 5);
        // Who opens it to go on gets an error or a ledger, and never a panic.
        if let Ok(ledger) = Ledger::open(&dir, crate::ledger::tests::clock(), KeyPlace::none()) {
            let _ = (ledger.runs(), ledger.records(0, 20), ledger.records_of(&run(), 0), ledger.head());
        }
    }
}
