//! `ungpho backup status`, over copies that were sealed, compared and restored by the program.

use std::fs;

use super::desk::Desk;

const ENTRY: &str = "format: 1\nid: site\nname: \"Cổng\"\nstate: operating\nenvironment: drill_target\n\
                     hosts: [ { id: bk-01, ssh: bk-01 } ]\nobjectives: { rto: 4h, rpo: 24h }\n\
                     dossier: { status: approved, approved: 4 }\nbackups:\n  \
                     - { id: nightly, path: ./copies, copies: \"night-*\", medium: disk }\n  \
                     - { id: away, host: bk-01, path: /srv/away, copies: \"night-*\", medium: tape, offsite: true }\n";

fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("inventory/site.yaml", ENTRY);
    for night in ["night-1", "night-2"] {
        fs::create_dir_all(desk.root().join("copies").join(night)).expect("a folder");
        desk.write(&format!("copies/{night}/a"), night);
    }
    desk
}

fn json(desk: &Desk, args: &[&str]) -> serde_json::Value {
    let done = desk.run(&[&["backup", "status", "--json"], args].concat());
    serde_json::from_str(&done.out).unwrap_or_else(|error| panic!("{error}: {}{}", done.out, done.err))
}

#[test]
fn a_copy_that_was_never_sealed_never_compared_and_never_restored_is_told_and_what_is_done_counts() {
    let desk = desk();
    let done = desk.run(&["backup", "status"]).exits(1);
    for words in
        ["Not sealed: 2 (night-2, night-1)", "Compared last: never", "Tried last: never", "6.11.2.5", "second-hand"]
    {
        assert!(done.out.contains(words), "{words}\n{}", done.out);
    }
    assert!(done.out.contains("✓ 3 copies: 3") && done.out.contains("✓ 2 media: 2"), "{}", done.out);

    desk.run(&["backup", "seal", "copies/night-1"]).exits(0);
    desk.run(&["backup", "seal", "copies/night-2"]).exits(0);
    desk.run(&["backup", "verify", "copies/night-2"]).exits(0);
    desk.run(&["backup", "prove", "site/nightly"]).exits(0);
    let seen = json(&desk, &["site"]);
    let nightly = &seen["systems"][0]["backups"][0];
    assert_eq!(nightly["unsealed"], serde_json::json!([]));
    assert!(nightly["newest"].as_str().expect("a path").ends_with("copies/night-2"), "{nightly}");
    assert_eq!((&nightly["fresh"], &nightly["proving"]), (&"met".into(), &"met".into()));
    assert_eq!((&nightly["verified"]["well"], &nightly["proved"]["well"]), (&true.into(), &true.into()));
    let away = &seen["systems"][0]["backups"][1];
    assert_eq!((&away["copies"], &away["unseen"]), (&serde_json::Value::Null, &"bk-01".into()));

    desk.write("copies/night-2/a", "changed");
    desk.run(&["backup", "verify", "copies/night-2"]).exits(1);
    let done = desk.run(&["--lang", "vi", "backup", "status", "site"]).exits(1);
    assert!(done.out.contains("CÓ CHỖ KHÔNG KHỚP"), "{}", done.out);
    assert!(done.out.contains("Tổng hợp: 0/2 bản sao lưu toàn vẹn"), "{}", done.out);
}

#[test]
fn who_is_not_in_the_inventory_is_said_and_a_period_of_the_unit_s_own_counts() {
    let desk = desk();
    desk.run(&["backup", "status", "sight"]).exits(2).says(&["unknown-system", "`site`"]);
    desk.run(&["backup", "status", "--host", "bk-02"]).exits(2).says(&["unknown-host"]);
    fs::create_dir_all(desk.root().join("policies/cadences")).expect("a folder");
    desk.write(
        "policies/cadences/own.yaml",
        "format: 1\ncadences: own\ntitle: x\nrows:\n  - { id: restore-test, title: x, levels: [{ level: 4, months: 1 }] }\n",
    );
    let seen = json(&desk, &[]);
    assert_eq!(seen["systems"][0]["period"]["months"], 1);
    assert_eq!(seen["systems"][0]["period"]["file"], "policies/cadences/own.yaml");
    desk.write("policies/cadences/own.yaml", "format: 1\ncadences: own\ntitle: x\nrow: 3\n");
    desk.run(&["backup", "status"]).exits(2).says(&["policies/cadences/own.yaml:4:1"]);
    desk.run(&["check"]).exits(2).says(&["policies/cadences/own.yaml:4:1"]);
}

#[test]
fn the_units_of_the_docs_are_accepted_by_systemd_and_what_they_start_is_understood() {
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/backups.md")).expect("the page ships");
    let folder = tempfile::tempdir().expect("a folder");
    let parts = text.split("`/etc/systemd/system/").skip(1);
    let mut units = Vec::new();
    let mut commands = Vec::new();
    for part in parts {
        let name = part.split('`').next().expect("a name");
        let body = part.split("```ini\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a unit");
        // The program and the user of the docs are not on the machine of a test.
        let body = body.replace("/usr/local/bin/ungpho", env!("CARGO_BIN_EXE_ungpho")).replace("User=backup\n", "");
        commands.extend(body.lines().filter_map(|line| Some(line.strip_prefix("ExecStart=")?.to_owned())));
        let path = folder.path().join(name);
        fs::write(&path, body).expect("a unit");
        units.push(path);
    }
    assert_eq!((units.len(), commands.len()), (3, 2));
    let seen = std::process::Command::new("systemd-analyze")
        .args(["verify", "--man=no"])
        .args(&units)
        .output()
        .expect("tests/run installs it");
    let said = String::from_utf8_lossy(&seen.stderr).into_owned();
    let ours: Vec<&str> = said.lines().filter(|line| line.contains("ungpho")).collect();
    assert!(ours.is_empty(), "{ours:#?}");
    let desk = desk();
    desk.run(&["backup", "seal", "copies/night-2"]).exits(0);
    for command in commands {
        let words: Vec<&str> = command
            .split(' ')
            .skip(1)
            .map(|word| if word == "one-stop/nightly" { "site/nightly" } else { word })
            .collect();
        desk.run(&words).exits(0);
    }
    desk.run(&["backup", "verify", "site/nihgtly"]).exits(2).says(&["no-such-backup", "site/nightly"]);
    desk.run(&["backup", "verify", "site/away"]).exits(2).says(&["backup-elsewhere", "bk-01"]);
}

#[test]
fn what_was_compared_and_restored_is_evidence_of_the_backup_and_restore_procedure() {
    let desk = desk();
    let line = |desk: &Desk, lang: &str, start: &str| {
        let page = desk.run(&["--lang", lang, "inventory", "gaps", "site"]).exits(1).out;
        page.lines().find(|line| line.contains(start)).unwrap_or_else(|| panic!("no `{start}` in {page}")).to_owned()
    };
    assert!(line(&desk, "en", "backup and restore procedure").ends_with("(no figure)"));
    desk.run(&["backup", "seal", "copies/night-1"]).exits(0);
    desk.run(&["backup", "verify", "copies/night-1"]).exits(0);
    let seen = line(&desk, "en", "backup and restore procedure");
    assert!(
        seen.contains("backup nightly: compared last ") && seen.contains("(0 days ago), whole (record #"),
        "{seen}"
    );
    assert!(seen.ends_with("never restored on trial"), "{seen}");
    desk.run(&["backup", "prove", "site/nightly"]).exits(0);
    desk.write("copies/night-1/a", "changed");
    desk.run(&["backup", "verify", "copies/night-1"]).exits(1);
    let seen = line(&desk, "vi", "quy trình sao lưu, phục hồi");
    assert!(seen.contains("(cách đây 0 ngày), CÓ CHỖ KHÔNG KHỚP (bản ghi #"), "{seen}");
    assert!(seen.contains("khôi phục thử gần nhất") && seen.contains("đạt (bản ghi #"), "{seen}");
    let done = desk.run(&["inventory", "gaps", "site", "--json"]).exits(1);
    let seen: serde_json::Value = serde_json::from_str(&done.out).expect("one document");
    let copies = &seen["systems"][0]["subjects"][3]["copies"];
    assert_eq!((&copies[0]["verified"]["well"], &copies[0]["verified_days"]), (&false.into(), &0.into()), "{copies}");
    assert_eq!((&copies[0]["proved"]["well"], &copies[0]["proved_days"]), (&true.into(), &0.into()), "{copies}");
    assert_eq!(seen["systems"][0]["subjects"][1]["copies"], serde_json::json!([]));
}
