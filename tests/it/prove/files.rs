//! Folders, the inventory, the check, the record.

use std::fs;
use std::os::unix::fs::symlink;

use rustix::process::{Pid, Signal, kill_process};

use super::{data, desk, flip, left_nothing, prove, refused, says, seal, sh, text};
use crate::desk::Desk;

/// A workspace whose system has three sealed copies, and a check.
fn with_copies(check: &str) -> Desk {
    let desk = desk();
    let data = data(&desk.root());
    for night in 1..=3 {
        let copy = desk.root().join(format!("copies/night-{night}"));
        fs::create_dir_all(copy.parent().expect("a folder")).expect("folders");
        sh(&desk.root(), &format!("cp -a '{}' '{}'", data.display(), copy.display()));
        let seal = seal(&desk, &copy);
        let manifest = fs::read_to_string(seal.join("manifest.jsonl")).expect("a manifest");
        fs::write(seal.join("manifest.jsonl"), manifest.replace("-22T", &format!("-2{night}T"))).expect("a manifest");
    }
    desk.write(
        "inventory/site.yaml",
        &format!(
            "format: 1\nid: site\nname: Site\nenvironment: drill_target\n\
             backups: [ {{ id: nightly, path: ./copies, copies: \"night-*\" }} ]\nrestore: {{ to: ./live{check} }}\n"
        ),
    );
    desk
}

#[test]
fn a_whole_copy_is_proved_and_the_proof_is_kept_without_its_path() {
    let desk = with_copies(", check: { argv: [grep, -q, \"59999\", numbers], effect: observe }");
    let seen = prove(&desk, &["site/nightly"]);
    says(&seen, 0, "holds", "yes", &[]);
    assert_eq!(seen.1["check"], "passed");
    assert_eq!(seen.1["integrity_by"], serde_json::json!(["seal"]));
    assert!(seen.1["path"].as_str().expect("a path").ends_with("copies/night-3"));
    assert!(seen.1["newest"]["age_seconds"].as_u64().is_some());
    let record = desk.only("backup-proved");
    assert_eq!((&record["integrity"], &record["restorable"]), (&"holds".into(), &"yes".into()));
    assert_eq!(
        (&record["check"], &record["kind"], &record["whole"]),
        (&"passed".into(), &"files".into(), &true.into())
    );
    assert!(!record.to_string().contains("night-3"), "{record}");
    assert!(desk.all("backup-proved")[0]["run"].is_null());
    desk.run(&["evidence", "verify"]).exits(0);
}

#[test]
fn in_words_both_results_stand_apart_and_no_time_is_called_rto() {
    let desk = with_copies("");
    let done = desk.run(&["backup", "prove", "site/nightly"]).exits(0);
    for expected in ["proved: ", "integrity: holds", "restorability: could be restored", "newest copy: ", "old"] {
        assert!(done.out.contains(expected), "{expected}\n{}", done.out);
    }
    assert!(!done.out.contains("RTO") && !done.out.contains("RPO"), "{}", done.out);
    let done = desk.run(&["--lang", "vi", "backup", "prove", "site/nightly"]).exits(0);
    assert!(done.out.contains("khả năng khôi phục: đã khôi phục thử được"), "{}", done.out);
}

#[test]
fn a_flipped_byte_a_missing_file_and_a_new_one_are_named_and_can_still_be_restored() {
    let desk = with_copies("");
    let copy = desk.root().join("copies/night-3");
    flip(&copy.join("numbers"), 1000);
    fs::remove_file(copy.join("empty")).expect("it is there");
    fs::write(copy.join("READ_ME"), "pay").expect("a file");
    let seen = prove(&desk, &["site/nightly"]);
    says(&seen, 1, "fails", "yes", &["new", "missing", "changed"]);
    assert_eq!(desk.only("backup-proved")["whole"], false);
}

#[test]
fn a_seal_that_does_not_verify_is_exit_4_and_nothing_is_restored() {
    let desk = with_copies("");
    fs::write(desk.root().join("copies/night-3.seal/manifest.jsonl"), "{}\n").expect("a manifest");
    let seen = prove(&desk, &["site/nightly", "--copy", "night-3"]);
    says(&seen, 4, "fails", "not-tried", &[]);
    assert_eq!(seen.1["seal"], "bad");
}

#[test]
fn a_copy_without_a_seal_can_be_restored_and_is_not_proved() {
    let desk = with_copies("");
    fs::remove_dir_all(desk.root().join("copies/night-2.seal")).expect("it is there");
    let seen = prove(&desk, &["site/nightly", "--copy", "night-2"]);
    says(&seen, 1, "unknown", "yes", &[]);
    assert!(desk.run(&["backup", "prove", "site/nightly", "--copy", "night-2"]).err.contains("has no seal"));
}

#[test]
fn a_check_that_does_not_look_at_what_was_restored_proves_nothing() {
    let desk = with_copies(", check: { argv: [\"true\"], effect: observe }");
    let seen = prove(&desk, &["site/nightly"]);
    says(&seen, 1, "holds", "yes", &[]);
    assert_eq!(seen.1["check"], "blind");

    let desk = with_copies(", check: { shell: 'grep -q 60001 \"$UNGPHO_RESTORED/numbers\"', effect: observe }");
    let seen = prove(&desk, &["site/nightly"]);
    assert_eq!((seen.0, seen.1["check"].as_str()), (1, Some("failed")));

    let desk = with_copies(", check: { argv: [touch, here], effect: change }");
    let seen = prove(&desk, &["site/nightly"]);
    assert_eq!(
        (seen.0, seen.1["check"].as_str(), seen.1["check_detail"].as_str()),
        (0, Some("not-run"), Some("changes"))
    );
}

#[test]
fn a_random_copy_is_one_of_them_and_a_wrong_name_says_which_there_are() {
    let desk = with_copies("");
    let seen = prove(&desk, &["site/nightly", "--copy", "random"]);
    assert_eq!(seen.0, 0);
    refused(&desk, &["site/nightly", "--copy", "night-9"]).exits(2).says(&["night-9", "night-3, night-2, night-1"]);
    refused(&desk, &["site/weekly"]).exits(2).says(&["site/weekly", "site/nightly"]);
    refused(&desk, &["--path", "nowhere"]).exits(3).says(&["nowhere"]);
}

#[test]
fn a_copy_that_is_bigger_than_allowed_or_than_the_disk_is_not_called_whole() {
    let desk = with_copies("");
    let seen = prove(&desk, &["site/nightly", "--max-size", "100K"]);
    says(&seen, 1, "unknown", "no", &["too-big"]);
    let copy = desk.root().join("copies/night-3");
    fs::File::create(copy.join("huge")).and_then(|file| file.set_len(1 << 43)).expect("a sparse file");
    refused(&desk, &["--path", text(&copy)]).exits(3).says(&["backup-no-room", "--scratch DIR"]);
    assert_eq!(desk.all("backup-proved").len(), 1);
}

#[test]
fn links_that_lead_out_are_told_and_nothing_behind_them_is_touched() {
    let desk = with_copies("");
    let copy = desk.root().join("copies/night-3");
    let outside = desk.root().join("outside");
    fs::create_dir(&outside).expect("a folder");
    fs::write(outside.join("kept"), "kept").expect("a file");
    symlink(&outside, copy.join("way-out")).expect("a link");
    seal(&desk, &copy);
    let seen = prove(&desk, &["site/nightly"]);
    assert_eq!((seen.0, seen.1["leads_out"].as_u64()), (0, Some(1)));
    assert_eq!(fs::read_to_string(outside.join("kept")).expect("it is there"), "kept");
}

#[test]
fn what_a_kill_left_behind_is_removed_at_the_next_start() {
    let desk = with_copies("");
    let copy = desk.root().join("copies/night-3");
    // Long enough to be killed while it restores: copying holes is quick, reading them is not.
    fs::File::create(copy.join("long")).and_then(|file| file.set_len(3 << 30)).expect("a sparse file");
    let mut going = desk.spawn(&["backup", "prove", "site/nightly"], "");
    let restores = desk.root().join("ledger/spool/restores");
    let some = || fs::read_dir(&restores).is_ok_and(|mut entries| entries.next().is_some());
    let deadline = std::time::Instant::now() + crate::desk::PATIENCE;
    while !some() {
        assert!(std::time::Instant::now() < deadline, "it does not begin");
        std::thread::yield_now();
    }
    let pid = Pid::from_raw(i32::try_from(going.id()).expect("a pid")).expect("a pid");
    kill_process(pid, Signal::KILL).expect("it lives");
    going.wait().expect("it ended");
    assert!(some(), "nothing was left behind: nothing is shown");
    fs::remove_file(copy.join("long")).expect("it is there");
    says(&prove(&desk, &["site/nightly"]), 0, "holds", "yes", &[]);
}

#[test]
fn ctrl_c_takes_back_what_was_restored() {
    let desk = with_copies("");
    let copy = desk.root().join("copies/night-3");
    fs::File::create(copy.join("long")).and_then(|file| file.set_len(3 << 30)).expect("a sparse file");
    let going = desk.spawn(&["backup", "prove", "site/nightly"], "");
    let restores = desk.root().join("ledger/spool/restores");
    let deadline = std::time::Instant::now() + crate::desk::PATIENCE;
    while !fs::read_dir(&restores).is_ok_and(|mut entries| entries.next().is_some()) {
        assert!(std::time::Instant::now() < deadline, "it does not begin");
        std::thread::yield_now();
    }
    let pid = Pid::from_raw(i32::try_from(going.id()).expect("a pid")).expect("a pid");
    kill_process(pid, Signal::INT).expect("it lives");
    crate::desk::finish(going, &["backup", "prove"]).exits(3).says(&["backup-cancelled"]);
    left_nothing(&desk);
    assert!(desk.all("backup-proved").is_empty());
}

#[test]
fn a_step_of_a_playbook_proves_with_the_same_code() {
    let desk = with_copies(", check: { argv: [grep, -q, \"59999\", numbers], effect: observe }");
    desk.playbook("prove", "steps:\n  - { id: prove, backup: { prove: site/nightly } }\n");
    desk.run(&["drill", "prove", "--technical", "--unattended", "--yes"]).exits(0);
    let record = desk.only("backup-proved");
    assert_eq!((&record["restorable"], &record["check"]), (&"yes".into(), &"passed".into()));
    flip(&desk.root().join("copies/night-3/numbers"), 7);
    desk.run(&["drill", "prove", "--technical", "--unattended", "--yes"]).exits(1);
    assert_eq!(desk.all("backup-proved")[1]["body"]["integrity"], "fails");
}

#[test]
fn without_a_workspace_a_copy_is_proved_and_nothing_is_kept() {
    let desk = with_copies("");
    let folder = tempfile::tempdir().expect("a folder");
    let copy = desk.root().join("copies/night-3");
    let prove = |more: &[&str]| {
        let all = [&["backup", "prove", "--path", text(&copy), "--scratch", text(folder.path())], more].concat();
        let done = desk.command(&all).current_dir(folder.path()).output().expect("it runs");
        let said = [done.stdout, done.stderr].concat();
        (done.status.code(), String::from_utf8_lossy(&said).into_owned())
    };
    // A seal counts under a key that somebody here vouches for, and under no other.
    let (code, err) = prove(&[]);
    assert_eq!(code, Some(4), "{err}");
    assert!(err.contains("a key that is not trusted here has signed its seal"), "{err}");
    let keys =
        fs::read_dir(desk.root().join("ledger/keys")).expect("keys").next().expect("a key").expect("a key").path();
    let (code, err) = prove(&["--key", text(&keys)]);
    assert_eq!(code, Some(0), "{err}");
    assert!(err.contains("the proof is not kept"), "{err}");
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
}

#[test]
fn steps_that_seal_compare_and_pick_name_one_manifest_which_is_in_the_ledger() {
    let desk = with_copies("");
    fs::create_dir(desk.root().join("copies/night-4")).expect("a folder");
    desk.write("copies/night-4/a", "x");
    desk.playbook(
        "seal",
        "steps:\n  - { id: seal, backup: { seal: ./copies/night-4 } }\n  \
         - { id: verify, backup: { verify: ./copies/night-4 } }\n  - { id: pick, backup: { newest_good: site } }\n",
    );
    desk.run(&["drill", "seal", "--technical", "--unattended", "--yes"]).exits(0);
    let sealed = desk.all("backup-sealed").pop().expect("sealed")["body"]["manifest"]["object"].clone();
    let verified = desk.all("backup-verified");
    assert_eq!(verified.len(), 2, "compared, and picked");
    assert!(
        verified.iter().all(|it| it["body"]["manifest"] == sealed && it["body"]["seal"] == "good"),
        "{verified:#?}"
    );
    desk.run(&["evidence", "verify"]).exits(0);
}
