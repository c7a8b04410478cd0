//! The lab's faults, through the program: what citizens see of each, that its remedy ends it, and that a fresh lab has none.

use std::fs;

use serde_json::Value;

use crate::lab::{Range, http, until, value};

impl Range {
    /// Whether the effect of `fault` on `system` is there now.
    fn in_force(&self, system: &str, fault: &str) -> bool {
        self.status(system)["in_force"].as_array().unwrap().contains(&Value::from(fault))
    }

    fn seen(&self, system: &str, what: &str) -> u64 {
        value(&self.operate(system, "citizens"), what)
    }

    /// Citizens see `what` again and again after now.
    #[track_caller]
    fn more(&self, system: &str, what: &str) {
        let before = self.seen(system, what);
        until(&format!("citizens see more `{what}`"), || self.seen(system, what) > before + 1);
    }

    /// For a while citizens are served, and nothing else happens to them.
    #[track_caller]
    fn served_well(&self, system: &str) {
        let kinds = ["refused", "wrong", "missing"];
        until("citizens are served and nothing else", || {
            let line = self.operate(system, "citizens");
            let (served, others): (u64, Vec<u64>) =
                (value(&line, "served"), kinds.map(|kind| value(&line, kind)).into());
            let mut after = line;
            until("citizens ask", || {
                after = self.operate(system, "citizens");
                value(&after, "served") >= served + 3 || kinds.map(|kind| value(&after, kind)).as_slice() != others
            });
            kinds.map(|kind| value(&after, kind)).as_slice() == others
        });
    }

    #[track_caller]
    fn fresh_has_none(&self) {
        self.ok(&["lab", "up", "--fresh"]);
        for system in ["one-stop", "portal"] {
            let status = self.status(system);
            assert_eq!(status["in_force"], serde_json::json!([]), "{status}");
            assert_eq!(status["healthy"], true, "{status}");
            self.served_well(system);
        }
    }
}

#[test]
fn a_mistaken_configuration_refuses_citizens_until_the_last_good_one_is_back() {
    let range = Range::up();
    for system in ["one-stop", "portal"] {
        range.ok(&["lab", "break", system, "break-configuration"]);
        assert!(range.in_force(system, "break-configuration"));
        assert_eq!(range.health(system), Some(503));
        let (status, page) = range.look(system, "/").unwrap();
        assert_eq!(status, 503);
        assert!(page.contains("-trial.db"), "{page}");
        range.more(system, "refused");
    }
    assert_eq!(range.operate("portal", "restore_configuration"), "environment=production\n");
    assert!(!range.in_force("portal", "break-configuration"));
    assert_eq!(range.health("portal"), Some(200));
    assert_eq!(range.look("portal", "/").unwrap().0, 200);
    range.fresh_has_none();
}

#[test]
fn on_a_full_disk_citizens_can_look_things_up_and_hand_nothing_in() {
    let range = Range::up();
    let made = range.ok(&["lab", "break", "one-stop", "fill-disk"]);
    let filler = range.lab().join("one-stop/logs/debug.log");
    let bytes = filler.metadata().unwrap().len();
    assert_eq!(value(&made, "bytes"), bytes);
    assert!(bytes < 24 << 20, "{bytes}");
    assert_eq!(range.health("one-stop"), Some(503));
    assert_eq!(range.look("one-stop", "/ho-so/TT-2026-000123").unwrap().0, 200);
    let count = || range.operate("one-stop", "records");
    let before = value(&count(), "records");
    range.more("one-stop", "refused");
    assert_eq!(value(&count(), "records"), before);
    assert!(range.in_force("one-stop", "fill-disk"));
    let freed = range.operate("one-stop", "free_space");
    assert_eq!(value(&freed, "freed_bytes"), bytes);
    assert!(!filler.exists() && !range.in_force("one-stop", "fill-disk"));
    assert_eq!(range.health("one-stop"), Some(200));
    until("dossiers are taken in again", || value(&count(), "records") > before);
    range.ok(&["lab", "break", "one-stop", "fill-disk"]);
    range.fresh_has_none();
    assert!(!filler.exists());
}

#[test]
fn a_flood_takes_every_place_until_its_sources_are_dropped() {
    let range = Range::up();
    range.ok(&["lab", "break", "portal", "flood"]);
    range.more("portal", "refused");
    assert!(range.in_force("portal", "flood"));
    // The operators' door is not the citizens': the service itself is well.
    assert_eq!(range.health("portal"), Some(200));
    range.operate("portal", "filter");
    range.served_well("portal");
    until("the flood has no effect", || !range.in_force("portal", "flood"));
    assert!(value(&range.operate("portal", "filter"), "dropped") > 0);
    range.operate("portal", "unfilter");
    range.served_well("portal");
    assert!(!range.in_force("portal", "flood"));
    range.ok(&["lab", "break", "portal", "flood", "a_second=300"]);
    range.more("portal", "refused");
    range.fresh_has_none();
}

#[test]
fn too_many_citizens_are_helped_by_capacity_and_refused_by_a_filter() {
    let range = Range::up();
    range.ok(&["lab", "break", "portal", "overload"]);
    range.more("portal", "refused");
    assert!(range.in_force("portal", "overload"));
    range.operate("portal", "filter");
    until("citizens are dropped", || value(&range.operate("portal", "filter"), "dropped") > 0);
    range.more("portal", "refused");
    assert!(range.in_force("portal", "overload"));
    range.operate("portal", "unfilter");
    assert_eq!(range.operate("portal", "add_capacity"), "capacity=12\n");
    range.served_well("portal");
    until("all of them are served", || !range.in_force("portal", "overload"));
    assert_eq!(range.operate("portal", "drop_capacity"), "capacity=4\n");
    range.served_well("portal");
    range.ok(&["lab", "break", "portal", "overload"]);
    range.more("portal", "refused");
    range.fresh_has_none();
}

#[test]
fn a_power_cut_takes_all_at_once_and_a_half_done_transaction_is_rolled_back_at_the_start() {
    let range = Range::up();
    let before = value(&range.operate("one-stop", "records"), "records");
    let made = range.ok(&["lab", "break", "one-stop", "power-off", "all=1"]);
    // One-stop asks through LGSP, which stands in the same machine room; the national systems do not.
    assert_eq!(value(&made, "systems"), 3);
    for system in ["one-stop", "portal"] {
        assert_eq!(range.look(system, "/"), None);
        assert!(range.in_force(system, "power-off"));
        assert!(range.lab().join(format!("{system}/data/{system}.db-journal")).exists());
    }
    assert_eq!(range.processes("lab-service").len(), 9);
    range.more("one-stop", "refused");
    for system in ["one-stop", "portal"] {
        range.operate(system, "start");
        assert!(!range.in_force(system, "power-off"));
        assert!(!range.lab().join(format!("{system}/data/{system}.db-journal")).exists());
        assert_eq!(range.health(system), Some(200));
    }
    assert!(value(&range.operate("one-stop", "records"), "records") >= before);
    range.operate("one-stop", "check");
    range.ok(&["lab", "break", "one-stop", "power-off"]);
    assert_eq!(range.health("portal"), Some(200));
    range.fresh_has_none();
}

#[test]
fn deleted_records_are_missed_by_citizens_and_by_the_log_and_not_by_the_health_check() {
    let range = Range::up();
    let made = range.ok(&["lab", "break", "portal", "delete-records", "count=80"]);
    assert_eq!(value(&made, "records"), 80);
    assert_eq!(range.health("portal"), Some(200));
    assert!(range.in_force("portal", "delete-records"));
    range.more("portal", "missing");
    let (exit, error) = range.refused(&["lab-operate", range.lab().to_str().unwrap(), "portal", "check"]);
    assert_eq!(exit, 1);
    assert!(error.contains("error[lab-unsound]") && error.contains("records: 160 of 240"), "{error}");
    assert_eq!(value(&range.operate("portal", "records"), "lost"), 80);
    // The copy of the night before last has fewer records, and all that were there that night.
    let (data, backups) = (range.lab().join("portal/data"), range.lab().join("portal/backups"));
    let copy = crate::lab::copies(&backups).into_iter().nth(3).unwrap();
    fs::rename(&data, data.with_extension("before")).unwrap();
    crate::lab::copy_folder(&backups.join(copy), &data);
    assert!(range.operate("portal", "check").starts_with("integrity=ok"));
    assert!(!range.in_force("portal", "delete-records"));

    // What comes in afterwards does not hide what is gone.
    range.ok(&["lab", "break", "one-stop", "delete-records"]);
    let accepted = |range: &Range| range.status("one-stop")["citizens"]["accepted"].as_u64().unwrap();
    let before = accepted(&range);
    until("more dossiers come", || accepted(&range) > before + 1);
    assert!(range.in_force("one-stop", "delete-records"));
    range.fresh_has_none();
}

#[test]
fn a_bad_update_answers_wrongly_until_it_is_rolled_back() {
    let range = Range::up();
    range.ok(&["lab", "break", "one-stop", "bad-update"]);
    let (status, page) = range.look("one-stop", "/ho-so/TT-2026-000123").unwrap();
    assert_eq!(status, 200);
    assert!(page.contains("Công dân mẫu 000122"), "{page}");
    assert_eq!(range.health("one-stop"), Some(503));
    assert!(range.in_force("one-stop", "bad-update"));
    range.more("one-stop", "wrong");
    assert_eq!(range.operate("one-stop", "roll_back"), "version=1.4.2\n");
    assert!(!range.in_force("one-stop", "bad-update"));
    let (_, page) = range.look("one-stop", "/ho-so/TT-2026-000123").unwrap();
    assert!(page.contains("Công dân mẫu 000123"), "{page}");
    assert_eq!(range.health("one-stop"), Some(200));
    range.ok(&["lab", "break", "portal", "bad-update"]);
    range.more("portal", "wrong");
    range.fresh_has_none();
}

#[test]
fn a_stolen_account_reads_in_bulk_until_its_sessions_are_ended() {
    let range = Range::up();
    range.ok(&["lab", "break", "one-stop", "intruder", "a_minute=600"]);
    let done = |what: &str| value(&range.operate("one-stop", "intruder"), what);
    until("records leak", || done("records") > 500);
    assert!(range.operate("one-stop", "intruder").starts_with("active=yes"));
    assert!(range.in_force("one-stop", "intruder"));
    // Nobody without an account reads in bulk.
    assert_eq!(range.look("one-stop", "/can-bo/xuat?from=0").unwrap().0, 401);
    assert_eq!(value(&range.operate("one-stop", "revoke"), "ended"), 3);
    let actions = done("actions");
    assert!(!range.in_force("one-stop", "intruder"));
    range.served_well("one-stop");
    let after = range.operate("one-stop", "intruder");
    assert!(after.starts_with(&format!("active=no actions={actions} ")), "{after}");
    range.fresh_has_none();
    assert_eq!(done("actions"), 0);
}

#[test]
fn what_a_stolen_account_wrote_on_the_portal_is_taken_out_again() {
    let range = Range::up();
    range.ok(&["lab", "break", "portal", "intruder", "a_minute=600"]);
    until("the first page is false", || range.look("portal", "/").unwrap().1.contains("THÔNG BÁO GIẢ"));
    range.more("portal", "wrong");
    // It went through the service with a good session: nothing is wrong with the data.
    assert_eq!(range.health("portal"), Some(200));
    range.operate("portal", "revoke");
    let actions = value(&range.operate("portal", "intruder"), "actions");
    let taken = range.operate("portal", "quarantine");
    assert_eq!((value(&taken, "taken_out"), value(&taken, "left")), (actions, 0), "{taken}");
    assert!(!range.look("portal", "/").unwrap().1.contains("THÔNG BÁO GIẢ"));
    range.served_well("portal");
    range.operate("portal", "check");
    assert_eq!(value(&range.operate("portal", "quarantine"), "taken_out"), 0);
}

#[test]
fn malware_spreads_until_it_is_cut_off_and_cleaned() {
    let range = Range::up();
    range.ok(&["lab", "break", "one-stop", "spread"]);
    let there = || {
        let found = std::process::Command::new("find").arg(range.lab().join("one-stop/data")).output().unwrap();
        String::from_utf8_lossy(&found.stdout).matches("lay-lan-dien-tap-").count()
    };
    until("it multiplies", || there() > 4);
    assert_eq!(range.health("one-stop"), Some(503));
    range.more("one-stop", "refused");
    // It goes over to what the system asks through, and comes back from there: both are cut off before either is cleaned.
    until("it goes over to the next", || range.in_force("lgsp", "spread"));
    range.operate("one-stop", "isolate");
    range.operate("lgsp", "isolate");
    assert!(value(&range.operate("lgsp", "clean"), "cleaned") > 0);
    assert!(range.in_force("one-stop", "spread"));
    let cleaned = range.operate("one-stop", "clean");
    assert!(value(&cleaned, "cleaned") > 4 && value(&cleaned, "left") == 0, "{cleaned}");
    assert!(!range.in_force("one-stop", "spread"));
    range.operate("lgsp", "reopen");
    range.operate("one-stop", "reopen");
    assert_eq!(range.health("one-stop"), Some(200));
    range.served_well("one-stop");
    assert_eq!(there(), 0);
    range.ok(&["lab", "break", "one-stop", "spread"]);
    range.fresh_has_none();
    assert_eq!(there(), 0);
}

#[test]
fn the_standby_site_serves_what_the_main_site_lost_and_gives_it_back() {
    let range = Range::up();
    let copy = range.lab().join("one-stop/standby/data/one-stop.db");
    until("the standby site has a copy", || copy.exists());
    range.ok(&["lab", "break", "one-stop", "encrypt"]);
    assert_eq!(range.health("one-stop"), Some(503));
    let said = range.operate("one-stop", "fail_over");
    assert!(said.starts_with("site=standby lag_seconds="), "{said}");
    // Made each three seconds; a busy machine takes longer.
    assert!(value(&said, "lost") < 60, "{said}");
    assert_eq!(range.health("one-stop"), Some(200));
    assert!(!range.in_force("one-stop", "encrypt"));
    assert_eq!(range.look("one-stop", "/ho-so/TT-2026-000123").unwrap().0, 200);
    let newest = value(&range.operate("one-stop", "records"), "records");
    until("dossiers are taken in at the standby site", || {
        value(&range.operate("one-stop", "records"), "records") > newest
    });
    let newest = value(&range.operate("one-stop", "records"), "records");
    assert_eq!(range.operate("one-stop", "fail_back"), "site=main\n");
    assert_eq!(range.health("one-stop"), Some(200));
    assert!(value(&range.operate("one-stop", "records"), "records") >= newest);
    assert!(!range.lab().join("one-stop/data/DOC-TEP-NAY.txt").exists());
    range.operate("one-stop", "check");
    range.fresh_has_none();
    until("the standby site has a copy", || copy.exists());
}

#[test]
fn faults_that_run_on_end_with_the_lab_and_do_not_come_back() {
    let range = Range::up();
    let ports = [range.ports("one-stop"), range.ports("portal")];
    range.ok(&["lab", "break", "portal", "flood"]);
    range.ok(&["lab", "break", "one-stop", "intruder"]);
    range.ok(&["lab", "break", "one-stop", "spread"]);
    range.more("portal", "refused");
    range.ok(&["lab", "down"]);
    range.nothing_is_left(ports);
    range.ok(&["lab", "up"]);
    assert!(!range.in_force("portal", "flood"));
    range.served_well("portal");
    // What they left is still there: the files, and a session that nobody ended.
    assert!(range.in_force("one-stop", "spread") && range.in_force("one-stop", "intruder"));
    assert_eq!(http(range.ports("one-stop").1, "/health").unwrap().0, 503);
    range.fresh_has_none();
}

#[test]
fn a_setting_that_the_fault_does_not_have_is_refused_before_anything_happens() {
    let range = Range::up();
    let (_, error) = range.refused(&["lab", "break", "portal", "flood", "count=3"]);
    assert!(error.contains("error[lab-unknown-setting]"), "{error}");
    let (exit, _) = range.refused(&["lab", "break", "portal", "flood", "fast"]);
    assert_eq!(exit, 2);
    assert_eq!(range.status("portal")["faults"], serde_json::json!([]));
}
