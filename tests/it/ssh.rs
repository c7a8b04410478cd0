//! Operations on other machines, through a real sshd of the test's own and the operator's own configuration.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::desk::{Desk, PATIENCE, finish};
use super::sandbox::write_program;

/// A machine that is reached by ssh as `app-01`: an sshd of this user's, with keys of its own.
pub(super) struct Machine {
    sshd: Child,
    folder: tempfile::TempDir,
}

impl Drop for Machine {
    fn drop(&mut self) {
        let _ = self.sshd.kill();
        let _ = self.sshd.wait();
    }
}

fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var("PATH").unwrap_or_default();
    let folders = path.split(':').chain(["/usr/sbin", "/usr/local/sbin"]);
    folders.map(|folder| Path::new(folder).join(name)).find(|path| path.is_file())
}

fn key(path: &Path) {
    let made = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(path).status();
    assert!(made.expect("ssh-keygen is there").success());
}

/// Starts sshd on a port that is free. It may be another's by the time that sshd asks for it: then there is a next one.
fn serve(sshd: &Path, folder: &Path) -> (Child, u16) {
    let log = folder.join("sshd.log");
    let deadline = Instant::now() + PATIENCE;
    let told = || fs::read_to_string(&log).unwrap_or_default();
    loop {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a port").port();
        let mut server = Command::new(sshd)
            .args(["-D", "-e", "-f"])
            .arg(folder.join("sshd_config"))
            .args(["-p", &port.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(&log).expect("it can be written"))
            .spawn()
            .expect("sshd starts");
        while server.try_wait().expect("it can be asked").is_none() {
            if told().contains(&format!("listening on 127.0.0.1 port {port}.")) {
                return (server, port);
            }
            assert!(Instant::now() < deadline, "sshd does not listen:\n{}", told());
            std::thread::sleep(Duration::from_millis(20));
        }
        assert!(Instant::now() < deadline && told().contains("in use"), "sshd does not start:\n{}", told());
    }
}

impl Machine {
    /// Starts sshd and puts the way to it into `.ssh` of the desk's home, with a wrapper before `ssh` only where the home
    /// folder of the user database has to be overruled: ssh reads that one and not HOME.
    pub(super) fn of(desk: &Desk) -> Self {
        let sshd = program("sshd").expect("openssh-server is there: tests/run installs it");
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        key(&at("host_key"));
        key(&at("user_key"));
        fs::copy(at("user_key.pub"), at("authorized_keys")).expect("it can be copied");
        fs::set_permissions(at("authorized_keys"), fs::Permissions::from_mode(0o600)).expect("it is ours");
        let config = format!(
            "ListenAddress 127.0.0.1\nHostKey {}\nAuthorizedKeysFile {}\nPidFile none\nStrictModes no\n\
             UsePAM no\nPasswordAuthentication no\nPermitRootLogin prohibit-password\n",
            at("host_key").display(),
            at("authorized_keys").display(),
        );
        fs::write(at("sshd_config"), config).expect("it can be written");
        // Root's sshd wants this folder; it is made by the system's own service where that runs.
        let _ = fs::create_dir_all("/run/sshd");
        let (sshd, port) = serve(&sshd, folder.path());
        let machine = Self { sshd, folder };
        let host_key = fs::read_to_string(machine.at("host_key.pub")).expect("it was made");
        fs::write(machine.at("known_hosts"), format!("[127.0.0.1]:{port} {host_key}")).expect("it can be written");
        let config = format!(
            "Host app-01\n  HostName 127.0.0.1\n  Port {port}\n  IdentityFile {}\n  IdentitiesOnly yes\n  UserKnownHostsFile {}\n",
            machine.at("user_key").display(),
            machine.at("known_hosts").display(),
        );
        fs::write(machine.at("ssh_config"), config).expect("it can be written");
        let bin = desk.root().join("bin");
        fs::create_dir_all(&bin).expect("a folder");
        let ssh = program("ssh").expect("openssh-client is there");
        let script = format!("#!/bin/sh\nexec {} -F {} \"$@\"\n", ssh.display(), machine.at("ssh_config").display());
        write_program(&bin.join("ssh"), &script);
        machine
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn log(&self) -> String {
        fs::read_to_string(self.at("sshd.log")).unwrap_or_default()
    }

    /// Ends the server's processes that serve connections, and not the server: what a cut line or a reboot does.
    fn cut(&self) {
        let children = |of: u32| -> Vec<u32> {
            let listed =
                Command::new("ps").args(["-o", "pid=", "--ppid", &of.to_string()]).output().expect("ps is there");
            String::from_utf8_lossy(&listed.stdout).lines().filter_map(|line| line.trim().parse().ok()).collect()
        };
        let connections = children(self.sshd.id());
        assert!(!connections.is_empty(), "somebody is connected");
        for pid in connections {
            let killed = Command::new("kill").args(["-9", &pid.to_string()]).status().expect("kill is there");
            assert!(killed.success());
        }
    }
}

/// A system with a machine, and operations there.
pub(super) fn system(desk: &Desk, operations: &str) {
    desk.write(
        "inventory/one-stop.yaml",
        &format!(
            "format: 1\nid: one-stop\nname: \"Một cửa\"\nenvironment: drill_target\n\
             hosts: [ {{ id: app-01, ssh: app-01 }} ]\noperations:\n{operations}"
        ),
    );
}

/// The program with the wrapper of [`Machine::of`] first in its PATH.
pub(super) fn command(desk: &Desk, arguments: &[&str]) -> Command {
    let mut command = desk.command(arguments);
    let path = format!("{}:{}", desk.root().join("bin").display(), std::env::var("PATH").unwrap_or_default());
    command.env("PATH", path);
    command
}

pub(super) fn run(desk: &Desk, arguments: &[&str]) -> super::desk::Done {
    let mut command = command(desk, arguments);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    finish(command.spawn().expect("the program starts"), arguments)
}

#[test]
fn an_operation_runs_on_its_machine_by_ssh_and_its_words_and_exit_code_come_back() {
    let desk = Desk::new();
    let _machine = Machine::of(&desk);
    let place = desk.root().join("far");
    fs::create_dir_all(&place).expect("a folder");
    system(
        &desk,
        &format!(
            "  where: {{ host: app-01, argv: [sh, -c, 'echo \"$SSH_CONNECTION\"; echo \"$0\"', \"it's far\"], effect: observe }}\n\
             \x20 stop: {{ host: app-01, cwd: {}, argv: [touch, 'a file'], effect: change }}\n\
             \x20 fail: {{ host: app-01, argv: [sh, -c, 'exit 7'], effect: observe }}\n",
            place.display()
        ),
    );
    desk.playbook(
        "far",
        "steps:\n\
         \x20 - { id: where, run: { on: one-stop, do: where }, capture: { from: { from: stdout, regex: '^(127\\.0\\.0\\.1) ' } } }\n\
         \x20 - { id: stop, run: { on: one-stop, do: stop } }\n\
         \x20 - { id: fail, run: { on: one-stop, do: fail }, on_failure: continue }\n",
    );
    run(&desk, &["drill", "far", "--technical", "--unattended", "--yes", "--foreground"]).exits(1);
    assert!(place.join("a file").is_file(), "{}", desk.loop_logs());
    let ended = desk.all("step-ended");
    assert_eq!(ended[0]["body"]["outcome"], "done", "{ended:?}");
    assert_eq!((&ended[2]["body"]["outcome"], &ended[2]["body"]["exit"]), (&"failed".into(), &7.into()));
}

#[test]
fn where_the_connection_is_cut_in_the_middle_nobody_knows_until_a_person_says() {
    let desk = Desk::new();
    let machine = Machine::of(&desk);
    let begun = desk.root().join("begun");
    let script = format!("touch {}; sleep 300", begun.display());
    system(&desk, &format!("  work: {{ host: app-01, argv: [sh, -c, '{script}'], effect: change }}\n"));
    desk.playbook(
        "far",
        "steps:\n  - { id: work, run: { on: one-stop, do: work } }\n  - { id: after, manual: { do: \"Xem\" }, title: \"Sau\" }\n",
    );
    let mut command = command(&desk, &["drill", "far", "--technical", "--yes", "--foreground"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let drill = command.spawn().expect("the program starts");
    let deadline = Instant::now() + PATIENCE;
    while !begun.is_file() {
        assert!(Instant::now() < deadline, "it never began: {:?}\n{}", desk.kinds(), machine.log());
        std::thread::sleep(Duration::from_millis(20));
    }
    machine.cut();
    desk.until("a question", |records| records.iter().any(|record| record["type"] == "asked"));
    let ended = desk.only("step-ended");
    assert_eq!(
        (&ended["outcome"], &ended["why"], &ended["exit"]),
        (&"unknown".into(), &"connection".into(), &255.into())
    );
    assert!(ended["output"].is_object(), "what ssh said is kept");
    assert_eq!(desk.only("asked")["what"], "orphan");
    let started = desk.all("step-started").len();
    assert_eq!(started, 2, "the second attempt only asks");
    desk.run(&["answer", "done", "--because", "đã xem trên máy"]).exits(0);
    desk.until("the next step", |records| {
        records.iter().any(|record| record["type"] == "asked" && record["body"]["step"] == "after")
    });
    assert_eq!(desk.outcomes(), [("work".into(), "unknown".into()), ("work".into(), "done".into())]);
    desk.run(&["answer", "done"]).exits(0);
    desk.until_kind("run-ended");
    finish(drill, &["drill"]).exits(0);
    desk.run(&["evidence", "verify"]).exits(0);
}

#[test]
fn a_machine_that_cannot_be_reached_leaves_an_unknown_outcome_and_never_a_prompt() {
    let desk = Desk::new();
    let machine = Machine::of(&desk);
    // Another key than the one that is let in: with BatchMode nobody is asked for a password.
    fs::remove_file(machine.at("authorized_keys")).expect("it was made");
    system(&desk, "  work: { host: app-01, argv: [\"true\"], effect: observe }\n");
    desk.playbook("far", "steps:\n  - { id: work, run: { on: one-stop, do: work } }\n");
    run(&desk, &["drill", "far", "--technical", "--unattended", "--yes", "--foreground"]).exits(1);
    let ended = desk.only("step-ended");
    assert_eq!((&ended["outcome"], &ended["why"]), (&"unknown".into(), &"connection".into()));
}
