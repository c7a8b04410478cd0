//! Steps that work on backups can be ended: by their time limit, by a stop, by Ctrl-C.

use std::fs;

use rustix::process::{Pid, Signal, kill_process};

use crate::desk::{Desk, finish};

/// A workspace with a copy that takes long to read: one sparse file of `gib` GiB, and a seal that it cannot agree with.
fn desk(gib: u64) -> Desk {
    let desk = Desk::new();
    fs::create_dir_all(desk.root().join("copies/night-1.seal")).expect("a folder");
    fs::create_dir_all(desk.root().join("copies/night-1")).expect("a folder");
    let file = fs::File::create(desk.root().join("copies/night-1/big")).expect("a file");
    file.set_len(gib << 30).expect("a sparse file");
    desk.write("copies/night-1.seal/SHA256SUMS", &format!("{}  big\n", "0".repeat(64)));
    let counts = "{\"files\":1,\"folders\":0,\"links\":0,\"special\":0,\"bytes\":0}";
    let header = format!(
        "{{\"version\":1,\"algorithm\":\"sha256\",\"sealed_at\":\"2026-11-22T01:00:00+07:00\",\"root\":\"night-1\",\
         \"counts\":{counts}}}\n"
    );
    desk.write("copies/night-1.seal/manifest.jsonl", &header);
    fs::create_dir(desk.root().join("data")).expect("a folder");
    desk.write("data/live", "live");
    desk.write(
        "inventory/site.yaml",
        "format: 1\nid: site\nname: Site\nenvironment: drill_target\nrestore: { to: ./data }\n",
    );
    desk
}

/// What lies beside `data`.
fn names(desk: &Desk) -> Vec<String> {
    let entries = fs::read_dir(desk.root()).expect("a folder").filter_map(Result::ok);
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
}

#[test]
fn a_time_limit_ends_a_seal_and_a_comparison_and_leaves_nothing() {
    let desk = desk(512);
    fs::create_dir_all(desk.root().join("copies/night-2")).expect("a folder");
    let file = fs::File::create(desk.root().join("copies/night-2/big")).expect("a file");
    file.set_len(512 << 30).expect("a sparse file");
    desk.playbook(
        "seal",
        "steps:\n  - { id: seal, backup: { seal: ./copies/night-2 }, timeout: 1s, on_failure: continue }\n  \
         - { id: verify, backup: { verify: ./copies/night-1 }, timeout: 1s, on_failure: continue }\n",
    );
    desk.run(&["drill", "seal", "--technical", "--unattended", "--yes"]).exits(1);
    for ended in desk.all("step-ended") {
        assert_eq!(
            (&ended["body"]["outcome"], &ended["body"]["why"]),
            (&"failed".into(), &"timeout".into()),
            "{ended}"
        );
    }
    assert!(!desk.root().join("copies/night-2.seal").exists());
}

/// As [`desk`], with a seal that the ledger's key has signed.
fn signed(gib: u64) -> Desk {
    let desk = desk(gib);
    fs::remove_dir_all(desk.root().join("copies/night-1.seal")).expect("it was there");
    desk.run(&["backup", "seal", "copies/night-1"]).exits(0);
    desk
}

#[test]
fn a_stop_by_force_ends_a_restore_and_the_place_is_as_it_was() {
    let desk = signed(2);
    desk.playbook("back", "steps:\n  - { id: back, restore: { from: ./copies/night-1, to: site } }\n");
    let before = names(&desk);
    let going = desk.spawn(&["drill", "back", "--technical", "--unattended", "--yes"], "");
    desk.until_kind("step-started");
    desk.run(&["stop", "--now", "--because", "a real one"]).exits(0);
    finish(going, &["drill"]).exits(1);
    assert_eq!(desk.only("step-ended")["outcome"], "abandoned");
    assert_eq!(names(&desk), before);
    assert_eq!(fs::read_to_string(desk.root().join("data/live")).expect("it is there"), "live");
}

#[test]
fn ctrl_c_twice_in_the_foreground_ends_a_trial_restore() {
    let desk = signed(2);
    desk.playbook("prove", "steps:\n  - { id: prove, backup: { prove: ./copies/night-1 } }\n");
    let going = desk.spawn(&["drill", "prove", "--technical", "--unattended", "--foreground", "--yes"], "");
    desk.until_kind("step-started");
    let pid = Pid::from_raw(i32::try_from(going.id()).expect("a pid")).expect("a pid");
    kill_process(pid, Signal::INT).expect("it lives");
    desk.until_kind("run-paused");
    kill_process(pid, Signal::INT).expect("it lives");
    finish(going, &["drill"]).exits(1);
    assert_eq!(desk.only("step-ended")["outcome"], "abandoned");
    assert_eq!(desk.only("run-ended")["result"], "stopped");
    let scratch = fs::read_dir(desk.root().join("ledger/spool/restores")).expect("a folder");
    assert_eq!(scratch.count(), 0);
}
