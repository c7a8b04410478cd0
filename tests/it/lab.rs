//! The practice range, through the program: what a citizen sees, what is left behind.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::sandbox::Sandbox;

/// A lab in a folder of its own.
pub(crate) struct Range {
    sandbox: Sandbox,
}

impl std::ops::Deref for Range {
    type Target = Sandbox;

    fn deref(&self) -> &Sandbox {
        &self.sandbox
    }
}

impl Range {
    pub(crate) fn new() -> Self {
        Self { sandbox: Sandbox::new() }
    }

    /// One with the portal, and with one-stop and what it asks.
    #[track_caller]
    pub(crate) fn up() -> Self {
        Self::with(&["one-stop", "portal"])
    }

    /// One with `systems` and what they ask.
    #[track_caller]
    pub(crate) fn with(systems: &[&str]) -> Self {
        let range = Self::new();
        range.ok(&[&["lab", "up"], systems].concat());
        range
    }

    #[track_caller]
    pub(crate) fn operate(&self, system: &str, operation: &str) -> String {
        self.ok(&["lab-operate", self.lab().to_str().unwrap(), system, operation])
    }

    #[track_caller]
    pub(crate) fn status(&self, system: &str) -> Value {
        // Exit code 1 says that something is not well, which the tests look at themselves.
        let output = self.run(&["lab", "status", "--json"]);
        let document: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
        assert_eq!(document["version"], 1);
        let systems = document["systems"].as_array().unwrap();
        systems.iter().find(|entry| entry["id"] == system).unwrap().clone()
    }

    /// Status and body of a look through the citizens' door; nothing where nobody answers within a second.
    pub(crate) fn look(&self, system: &str, path: &str) -> Option<(u16, String)> {
        http(self.ports(system).0, path)
    }

    /// The status of a look at the health.
    pub(crate) fn health(&self, system: &str) -> Option<u16> {
        http(self.ports(system).1, "/health").map(|(status, _)| status)
    }

    pub(crate) fn ports(&self, system: &str) -> (u16, u16) {
        let ports: Value = serde_json::from_slice(&fs::read(self.lab().join("ports.json")).unwrap()).unwrap();
        let port = |door: &str| u16::try_from(ports[system][door].as_u64().unwrap()).unwrap();
        (port("public"), port("inner"))
    }

    /// The processes of this lab whose first argument is `word`.
    pub(crate) fn processes(&self, word: &str) -> Vec<u32> {
        let lab = self.lab();
        let lab = lab.to_str().unwrap();
        let mut found = Vec::new();
        for entry in fs::read_dir("/proc").unwrap().flatten() {
            let Ok(pid) = entry.file_name().to_string_lossy().parse() else { continue };
            // A process that has just ended has no command line.
            let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
            let arguments: Vec<&[u8]> = line.split(|byte| *byte == 0).collect();
            if arguments.get(1) == Some(&word.as_bytes()) && arguments.contains(&lab.as_bytes()) {
                found.push(pid);
            }
        }
        found
    }

    #[track_caller]
    pub(crate) fn nothing_is_left<const N: usize>(&self, ports: [(u16, u16); N]) {
        until("every process of the lab has ended", || {
            self.processes("lab-keeper").is_empty() && self.processes("lab-service").is_empty()
        });
        // The command line of a process that is ending goes before its ports do.
        for port in ports.into_iter().flat_map(|(public, inner)| [public, inner]) {
            until("no port is open", || TcpStream::connect(("127.0.0.1", port)).is_err());
        }
    }
}

pub(crate) fn http(port: u16, path: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    Some((head.split(' ').nth(1)?.parse().ok()?, body.to_owned()))
}

#[track_caller]
pub(crate) fn until(what: &str, mut seen: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !seen() {
        assert!(Instant::now() < deadline, "never: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

pub(crate) fn kill(pid: u32) {
    assert!(Command::new("kill").args(["-KILL", &pid.to_string()]).status().unwrap().success());
}

pub(crate) fn value(line: &str, name: &str) -> u64 {
    let word = line.split_whitespace().find_map(|word| word.strip_prefix(&format!("{name}="))).unwrap();
    word.parse().unwrap()
}

/// The copies whose bytes are not those of their seal, as coreutils see it.
fn damaged(backups: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for copy in copies(backups) {
        let sums = backups.join(format!("{copy}.seal/SHA256SUMS"));
        let sum =
            Command::new("sha256sum").arg("--quiet").arg("-c").arg(sums).current_dir(backups.join(&copy)).output();
        if !sum.unwrap().status.success() {
            found.push(copy);
        }
    }
    found
}

pub(crate) fn copies(backups: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(backups).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| !name.contains(".seal"));
    names.sort();
    names
}

pub(crate) fn copy_folder(from: &Path, to: &Path) {
    assert!(Command::new("cp").arg("-r").arg(from).arg(to).status().unwrap().success());
}

#[test]
fn citizens_are_served_and_after_down_nothing_is_left() {
    let range = Range::up();
    let (status, page) = range.look("one-stop", "/ho-so/TT-2026-000123").unwrap();
    assert_eq!(status, 200);
    assert!(page.contains("Công dân mẫu 000123"), "{page}");
    let (status, page) = range.look("portal", "/tim-kiem?q=lich").unwrap();
    assert_eq!(status, 200);
    assert!(page.contains("Lịch tiếp công dân"), "{page}");
    assert_eq!(range.look("one-stop", "/ho-so/TT-2026-999999").unwrap().0, 404);
    assert_eq!(range.health("one-stop"), Some(200));
    until("citizens hand dossiers in", || range.status("one-stop")["citizens"]["accepted"].as_u64() > Some(0));
    let citizens = range.status("one-stop")["citizens"].clone();
    assert_eq!(citizens["refused"], 0, "{citizens}");
    assert_eq!(citizens["wrong"], 0, "{citizens}");
    let ports = [range.ports("one-stop"), range.ports("portal")];
    range.ok(&["lab", "down"]);
    range.nothing_is_left(ports);
    let (exit, error) = range.refused(&["lab", "status"]);
    assert_eq!(exit, 3);
    assert!(error.contains("error[lab-not-up]"), "{error}");
}

#[test]
fn up_finds_the_lab_that_is_up_and_addresses_stay_the_same() {
    let range = Range::up();
    let (keeper, ports) = (range.processes("lab-keeper"), range.ports("one-stop"));
    assert_eq!(keeper.len(), 1);
    range.ok(&["lab", "up"]);
    assert_eq!(range.processes("lab-keeper"), keeper);
    range.ok(&["lab", "down"]);
    range.ok(&["lab", "up"]);
    assert_eq!(range.ports("one-stop"), ports);
    assert_eq!(range.health("one-stop"), Some(200));
}

#[test]
fn the_nightly_copies_grow_and_only_the_newest_differs_from_its_seal() {
    let range = Range::up();
    for system in ["one-stop", "portal"] {
        let backups = range.lab().join(system).join("backups");
        let names = copies(&backups);
        assert_eq!(names.len(), 5, "{names:?}");
        assert_eq!(damaged(&backups), names[4..]);
    }
}

#[test]
fn ransomware_is_seen_and_a_copy_restored_by_hand_brings_the_service_back() {
    let range = Range::up();
    range.ok(&["lab", "break", "one-stop", "encrypt"]);
    let (status, page) = range.look("one-stop", "/ho-so/TT-2026-000123").unwrap();
    assert_eq!(status, 503, "{page}");
    assert_eq!(range.health("one-stop"), Some(503));
    assert_eq!(range.health("portal"), Some(200));
    let data = range.lab().join("one-stop/data");
    assert!(data.join("DOC-TEP-NAY.txt").exists());
    assert!(!data.join("one-stop.db").exists());
    until("citizens are refused", || range.status("one-stop")["citizens"]["refused"].as_u64() > Some(0));

    let seen = range.operate("one-stop", "citizens");
    assert!(value(&seen, "refused") > 0 && value(&seen, "wrong") == 0, "{seen}");

    range.operate("one-stop", "stop");
    assert_eq!(range.look("one-stop", "/"), None);
    let kept = range.operate("one-stop", "snapshot");
    assert!(value(&kept, "files") > 100, "{kept}");
    let backups = range.lab().join("one-stop/backups");
    let newest_whole = copies(&backups).into_iter().rfind(|copy| !damaged(&backups).contains(copy)).unwrap();
    fs::rename(&data, data.with_extension("before")).unwrap();
    copy_folder(&backups.join(newest_whole), &data);
    let checked = range.operate("one-stop", "check");
    assert!(checked.starts_with("integrity=ok records="), "{checked}");
    range.operate("one-stop", "start");
    assert_eq!(range.health("one-stop"), Some(200));
    let (status, page) = range.look("one-stop", "/ho-so/TT-2026-000123").unwrap();
    assert_eq!(status, 200);
    assert!(page.contains("Công dân mẫu 000123"));
    let counted = range.operate("one-stop", "records");
    // Dossiers that come in after the restore do not hide those that were lost.
    assert!(value(&counted, "lost") >= 72, "{counted}");
    assert!(value(&counted, "before") >= 4250, "{counted}");
    // The copy is of the night before last: made 24 to 48 hours ago, its newest record less than an hour before it.
    assert!(value(&counted, "gap_seconds") > 24 * 3600, "{counted}");
    assert!(value(&counted, "gap_seconds") < 49 * 3600, "{counted}");
}

#[test]
fn a_corrupt_database_is_seen_by_citizens_and_by_the_health_check() {
    let range = Range::up();
    for system in ["one-stop", "portal"] {
        range.ok(&["lab", "break", system, "corrupt"]);
        assert_eq!(range.health(system), Some(503));
        assert_eq!(range.look(system, "/").unwrap().0, 503);
        let (exit, error) = range.refused(&["lab-operate", range.lab().to_str().unwrap(), system, "check"]);
        assert_eq!(exit, 1);
        assert!(error.contains("error[lab-unsound]"), "{error}");
    }
}

#[test]
fn a_service_that_is_killed_or_hangs_serves_nobody_until_it_is_started_again() {
    let range = Range::up();
    range.ok(&["lab", "break", "one-stop", "kill"]);
    assert_eq!(range.look("one-stop", "/"), None);
    let status = range.status("one-stop");
    assert_eq!((&status["state"], &status["detail"]), (&"died".into(), &"signal 9".into()));
    range.operate("one-stop", "start");
    assert_eq!(range.look("one-stop", "/").unwrap().0, 200);

    range.ok(&["lab", "break", "one-stop", "hang"]);
    assert_eq!(range.look("one-stop", "/"), None);
    assert_eq!(range.status("one-stop")["state"], "hung");
    let (exit, error) = range.refused(&["lab-operate", range.lab().to_str().unwrap(), "one-stop", "isolate"]);
    assert_eq!(exit, 3);
    assert!(error.contains("error[lab-unheard]"), "{error}");
    range.operate("one-stop", "reopen");
    range.operate("one-stop", "stop");
    range.operate("one-stop", "start");
    assert_eq!(range.look("one-stop", "/").unwrap().0, 200);
}

#[test]
fn a_defaced_portal_still_answers_and_its_health_and_its_visitors_say_so() {
    let range = Range::up();
    range.ok(&["lab", "break", "portal", "deface"]);
    let (status, page) = range.look("portal", "/").unwrap();
    assert_eq!(status, 200);
    assert!(page.contains("TRANG NÀY ĐÃ BỊ THAY ĐỔI"), "{page}");
    assert_eq!(range.health("portal"), Some(503));
    until("visitors see wrong content", || range.status("portal")["citizens"]["wrong"].as_u64() > Some(0));
    let (exit, error) = range.refused(&["lab", "break", "one-stop", "deface"]);
    assert_eq!(exit, 2);
    assert!(error.contains("error[lab-unfit-fault]"), "{error}");
    assert_eq!(range.status("one-stop")["faults"], serde_json::json!([]));
}

#[test]
fn deleted_backups_are_gone_and_a_fresh_lab_has_them_again() {
    let range = Range::up();
    let backups = range.lab().join("one-stop/backups");
    range.ok(&["lab", "break", "one-stop", "delete-backups"]);
    range.ok(&["lab", "break", "one-stop", "encrypt"]);
    assert_eq!(fs::read_dir(&backups).unwrap().count(), 0);
    range.ok(&["lab", "up", "--fresh"]);
    assert_eq!(copies(&backups).len(), 5);
    assert_eq!(range.health("one-stop"), Some(200));
    assert_eq!(range.status("one-stop")["faults"], serde_json::json!([]));
}

#[test]
fn an_isolated_service_is_closed_to_citizens_and_open_to_operators_even_after_a_restart() {
    let range = Range::up();
    range.operate("one-stop", "isolate");
    assert_eq!(range.look("one-stop", "/"), None);
    assert_eq!(range.health("one-stop"), Some(200));
    range.operate("one-stop", "stop");
    range.operate("one-stop", "start");
    assert_eq!(range.look("one-stop", "/"), None);
    range.operate("one-stop", "reopen");
    assert_eq!(range.look("one-stop", "/").unwrap().0, 200);
}

#[test]
fn when_the_keeper_is_killed_every_service_ends_even_one_that_hangs() {
    let range = Range::up();
    let ports = [range.ports("one-stop"), range.ports("portal")];
    range.ok(&["lab", "break", "portal", "hang"]);
    kill(range.processes("lab-keeper")[0]);
    range.nothing_is_left(ports);
    range.ok(&["lab", "up"]);
    assert_eq!([range.ports("one-stop"), range.ports("portal")], ports);
    assert_eq!(range.health("portal"), Some(200));
}

#[test]
fn a_lab_whose_folder_was_removed_ends_by_itself() {
    let range = Range::up();
    let ports = [range.ports("one-stop"), range.ports("portal")];
    fs::rename(range.lab(), range.path().join("gone")).unwrap();
    range.nothing_is_left(ports);
}

#[test]
fn a_service_that_dies_by_itself_is_reported_and_not_started_again_in_silence() {
    let range = Range::up();
    let services = range.processes("lab-service");
    // The portal, one-stop, and the ten that it asks.
    assert_eq!(services.len(), 12);
    services.into_iter().for_each(kill);
    until("the keeper has noticed", || range.status("one-stop")["state"] == "died");
    let status = range.status("one-stop");
    assert_eq!((&status["detail"], &status["healthy"]), (&"signal 9".into(), &false.into()));
    assert_eq!(range.processes("lab-service"), Vec::<u32>::new());
    assert_eq!(range.refused(&["lab", "status"]).0, 1);
}

#[test]
fn a_port_that_another_program_has_taken_is_named() {
    let range = Range::up();
    let (port, _) = range.ports("one-stop");
    range.ok(&["lab", "down"]);
    let _taken = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let (exit, error) = range.refused(&["lab", "up"]);
    assert_eq!(exit, 3);
    assert!(error.contains("error[lab-port-in-use]") && error.contains(&port.to_string()), "{error}");
    until("nothing runs", || range.processes("lab-service").is_empty() && range.processes("lab-keeper").is_empty());
    range.ok(&["lab", "up", "--new-ports"]);
    assert_ne!(range.ports("one-stop").0, port);
    assert_eq!(range.health("one-stop"), Some(200));
}

#[test]
fn a_folder_that_is_not_the_labs_is_never_touched() {
    let range = Range::new();
    fs::create_dir(range.lab()).unwrap();
    fs::write(range.lab().join("accounts.xlsx"), "ours").unwrap();
    let (exit, error) = range.refused(&["lab", "up"]);
    assert_eq!(exit, 2);
    assert!(error.contains("error[lab-not-marked]"), "{error}");
    assert_eq!(fs::read_dir(range.lab()).unwrap().count(), 1);

    let range = Range::up();
    let data = range.lab().join("one-stop/data");
    fs::remove_file(range.lab().join("one-stop/.ungpho-lab")).unwrap();
    for command in [&["lab", "break", "one-stop", "encrypt"][..], &["lab", "up", "--fresh"]] {
        range.ok(&["lab-operate", range.lab().to_str().unwrap(), "portal", "stop"]);
        let (exit, error) = range.refused(command);
        assert_eq!(exit, 2, "{error}");
        assert!(error.contains("error[lab-not-marked]"), "{error}");
        assert!(data.join("one-stop.db").exists());
    }
}

#[test]
fn a_long_path_and_two_labs_side_by_side_are_no_trouble() {
    let one = Range::up();
    let other = Range::new();
    let deep = other.path().join("thư mục làm việc của đơn vị ".repeat(3)).join("x".repeat(90));
    fs::create_dir_all(&deep).unwrap();
    let deep = deep.to_str().unwrap();
    other.ok(&["--workspace", deep, "lab", "up"]);
    other.ok(&["--workspace", deep, "lab", "break", "one-stop", "kill"]);
    assert_eq!(one.health("one-stop"), Some(200));
    other.ok(&["--workspace", deep, "lab", "down"]);
    assert_eq!(one.health("one-stop"), Some(200));
}

#[test]
fn the_lab_starts_only_once_when_two_ask_at_the_same_time() {
    let range = Range::new();
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| range.ok(&["lab", "up"]));
        }
    });
    assert_eq!(range.processes("lab-keeper").len(), 1);
    assert_eq!(range.processes("lab-service").len(), 16);
}

#[test]
fn the_shipped_playbooks_can_be_planned_on_the_lab_as_they_are() {
    use ungpho::engine::{Request, plan};
    use ungpho::model::record::People;
    use ungpho::model::{Lang, Mode};

    let range = Range::up();
    let lab = ungpho::lab::Lab::find(&range.lab(), Path::new(env!("CARGO_BIN_EXE_ungpho"))).unwrap();
    let systems: std::collections::BTreeMap<_, _> =
        lab.systems().unwrap().into_iter().map(|system| (system.id.clone(), system)).collect();
    let outlines: std::collections::BTreeMap<_, _> = ungpho::playbook::shipped::all()
        .filter_map(|(name, text)| ungpho::playbook::outline(&ungpho::source::parse(name, text)))
        .collect();
    let known =
        ungpho::playbook::Known { systems: systems.clone(), playbooks: outlines, complete: true, ..Default::default() };
    let playbooks: std::collections::BTreeMap<_, _> = ungpho::playbook::shipped::all()
        .map(|(name, text)| {
            let file = format!("playbooks/{name}.yaml");
            let playbook = ungpho::playbook::read(&file, text, &known).unwrap_or_else(|findings| {
                let texts = [(file.clone(), text.to_owned())].into();
                panic!("{}", ungpho::source::render(&findings, &texts, Lang::En, false))
            });
            (playbook.name.clone(), playbook)
        })
        .collect();
    for (name, playbook) in &playbooks {
        let mut request = Request::new(Mode::Technical, true, People::Unattended);
        request.systems.clone_from(&systems);
        request.playbooks.clone_from(&playbooks);
        assert_eq!(plan(playbook, &request).map(|_| ()), Ok(()), "{name}");
    }
}
