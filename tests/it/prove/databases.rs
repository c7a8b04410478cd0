//! Dumps of a real PostgreSQL, and database files of SQLite.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{cut, desk, flip, prove, refused, says, seal, sh, text};
use crate::desk::Desk;
use crate::sandbox::write_program;

/// A PostgreSQL with data in it, as an ordinary user runs it; stopped at the end.
struct Server {
    folder: tempfile::TempDir,
    bin: String,
    user: String,
}

impl Server {
    fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("pg").tempdir_in("/tmp").expect("a folder");
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).expect("its mode");
        let bin = sh(folder.path(), "ls -d /usr/lib/postgresql/*/bin | tail -n1").trim().to_owned();
        let root = sh(folder.path(), "id -u").trim() == "0";
        let user = if root { "setpriv --reuid nobody --regid nogroup --clear-groups" } else { "" }.to_owned();
        let server = Self { folder, bin, user };
        server.run("initdb -D data -U postgres -A trust -E UTF8 --locale=C --no-sync >/dev/null");
        server.run("pg_ctl -D data -w -l log -o \"-c listen_addresses= -c unix_socket_directories=$PWD -c fsync=off\" start >/dev/null");
        server.sql(
            "CREATE ROLE app; CREATE EXTENSION pgcrypto; CREATE SCHEMA app;
             CREATE TABLE dossiers (id int PRIMARY KEY, name text, note text);
             ALTER TABLE dossiers OWNER TO app; GRANT SELECT ON dossiers TO app;
             INSERT INTO dossiers SELECT n, 'hồ sơ ' || n, md5(n::text) FROM generate_series(1, 5000) n;
             CREATE TABLE app.letters (id int); INSERT INTO app.letters SELECT generate_series(1, 40);
             CREATE TABLE nobody_wrote (id int);
             CREATE VIEW recent AS SELECT * FROM dossiers WHERE id > 4000;
             CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql AS 'SELECT 2 * $1';",
        );
        server
    }

    fn run(&self, command: &str) -> String {
        let script =
            format!("export PATH={}:$PATH HOME=$PWD PGHOST=$PWD PGUSER=postgres LC_ALL=C\n{command}", self.bin);
        let quoted = script.replace('\'', "'\\''");
        sh(self.folder.path(), &format!("{} sh -ec '{quoted}'", self.user))
    }

    fn sql(&self, sql: &str) {
        fs::write(self.folder.path().join("sql"), sql).expect("a file");
        self.run("psql -q -v ON_ERROR_STOP=1 -f sql");
    }

    /// A dump by these options of `pg_dump`, moved to the desk.
    fn dump(&self, desk: &Desk, name: &str, options: &str) -> PathBuf {
        self.run(&format!("pg_dump {options} > dump"));
        let to = desk.root().join(name);
        fs::copy(self.folder.path().join("dump"), &to).expect("a copy");
        to
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let stop = format!("{} {}/pg_ctl -D data -m immediate stop", self.user, self.bin);
        let _ = Command::new("sh").args(["-c", &stop]).current_dir(self.folder.path()).output();
    }
}

fn rows(dump: &Path, counts: &str) {
    fs::write(format!("{}.rows.json", dump.display()), format!("{{\"version\":1,\"rows\":{{{counts}}}}}"))
        .expect("a file");
}

#[test]
fn dumps_of_every_form_are_restored_and_their_rows_counted() {
    let server = Server::start();
    let desk = desk();
    for (name, options) in [
        ("c.dump", "-Fc"),
        ("t.dump", "-Ft"),
        ("p.sql", "-Fp"),
        ("p.sql.gz", "-Fp | gzip"),
        ("p.sql.zst", "-Fp | zstd -q"),
    ] {
        let dump = server.dump(&desk, name, options);
        seal(&desk, &dump);
        rows(&dump, "\"dossiers\":5000,\"app.letters\":{\"at_least\":40}");
        let seen = prove(&desk, &["--path", text(&dump)]);
        says(&seen, 0, "holds", "yes", &[]);
        assert_eq!((seen.1["kind"].as_str(), seen.1["files"].as_u64()), (Some("postgres"), Some(3)), "{name}");
        assert_eq!(seen.1["rows"][1]["rows"], 5000);
    }
    server.run("pg_dump -Fd -f folder && chmod -R a+rX folder");
    sh(&desk.root(), &format!("cp -r {}/folder folder", server.folder.path().display()));
    seal(&desk, &desk.root().join("folder"));
    says(&prove(&desk, &["--path", "folder"]), 0, "holds", "yes", &[]);
}

/// The temporary files of a command of the desk lie here: short, and open to everybody as `/tmp` is.
fn own_tmp(server: &Server) -> PathBuf {
    let tmp = server.folder.path().join("t");
    fs::create_dir(&tmp).expect("a folder");
    fs::set_permissions(&tmp, fs::Permissions::from_mode(0o777)).expect("its mode");
    tmp
}

#[test]
fn a_kill_leaves_no_server_and_the_next_start_removes_its_files() {
    let server = Server::start();
    let (desk, tmp) = (desk(), own_tmp(&server));
    let dump = server.dump(&desk, "p.sql", "-Fp");
    seal(&desk, &dump);
    let honest = fs::read_to_string(&dump).expect("a dump");
    let slow = desk.root().join("slow.sql");
    fs::write(&slow, format!("{honest}\nSELECT pg_sleep(600);\n")).expect("it can be written");
    let command = |path: &Path| {
        let mut command = desk.command(&["backup", "prove", "--path", text(path), "--scratch", text(&tmp)]);
        command.env("TMPDIR", &tmp);
        command
    };
    let mut going = command(&slow).spawn().expect("it starts");
    let working = || sh(Path::new("/"), &format!("pgrep -f '[p]ostgres.*{}' || true", tmp.display()));
    let sleeps = || sh(Path::new("/"), "ps ax").contains("postgres: restorer restored [local] SELECT");
    wait_until("a query", sleeps);
    going.kill().expect("it lives");
    going.wait().expect("it ended");
    assert_eq!(fs::read_dir(&tmp).expect("a folder").count(), 1);
    wait_until("the end of the server", || working().is_empty());
    let done = command(&dump).output().expect("it runs");
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(fs::read_dir(&tmp).expect("a folder").count(), 0);
    assert!(working().is_empty(), "a server is left over");
}

fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let deadline = std::time::Instant::now() + crate::desk::PATIENCE;
    while !holds() {
        assert!(std::time::Instant::now() < deadline, "no {what}");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}

#[test]
fn an_empty_table_a_missing_one_and_too_few_rows_do_not_prove() {
    let server = Server::start();
    let desk = desk();
    let dump = server.dump(&desk, "c.dump", "-Fc");
    seal(&desk, &dump);
    for counts in ["\"nobody_wrote\":{\"at_least\":1}", "\"gone\":1", "\"dossiers\":5001", "\"dossiers\":4999"] {
        rows(&dump, counts);
        let seen = prove(&desk, &["--path", text(&dump)]);
        says(&seen, 1, "holds", "no", &[]);
        assert_eq!(seen.1["rows"][0]["ok"], false, "{counts}");
    }
    fs::remove_file(desk.root().join("c.dump.rows.json")).expect("it is there");
    fs::create_dir(desk.root().join("copies")).expect("a folder");
    sh(&desk.root(), "mv c.dump c.dump.seal copies/");
    let inventory = |rows: &str, query: &str| {
        desk.write(
            "inventory/site.yaml",
            &format!(
                "format: 1\nid: site\nname: Site\nenvironment: drill_target\n\
                 backups: [ {{ id: db, kind: postgres, path: ./copies, rows: {{ {rows} }} }} ]\n\
                 restore: {{ to: ./live, check: {{ argv: [psql, -qAtc, \"{query}\"], effect: observe }} }}\n"
            ),
        );
    };
    inventory("dossiers: 4000", "SELECT 1 / count(*) FROM dossiers WHERE name = 'hồ sơ 77'");
    let seen = prove(&desk, &["site/db"]);
    says(&seen, 0, "holds", "yes", &[]);
    assert_eq!(seen.1["check"], "passed");
    desk.playbook("prove", "steps:\n  - { id: prove, backup: { prove: site/db } }\n");
    desk.run(&["drill", "prove", "--technical", "--unattended", "--yes"]).exits(0);
    inventory("nobody_wrote: 1", "SELECT 1");
    let seen = prove(&desk, &["site/db"]);
    says(&seen, 1, "holds", "no", &[]);
    let done = desk.run(&["backup", "prove", "site/db"]).exits(1);
    assert!(done.out.contains("table nobody_wrote: 0 rows, NOT as expected: at least 1"), "{}", done.out);
}

#[test]
fn a_dump_that_was_cut_or_changed_does_not_prove() {
    let server = Server::start();
    let desk = desk();
    for (name, options) in [("c.dump", "-Fc"), ("p.sql", "-Fp"), ("p.sql.gz", "-Fp | gzip")] {
        let dump = server.dump(&desk, name, options);
        let whole = fs::read(&dump).expect("a dump");
        for left in [whole.len() / 3, whole.len() * 2 / 3, whole.len() - 300] {
            fs::write(&dump, &whole[..left]).expect("it can be written");
            let seen = prove(&desk, &["--path", text(&dump), "--kind", "postgres"]);
            assert_eq!((seen.0, seen.1["restorable"].as_str()), (1, Some("no")), "{name} {left}: {:#}", seen.1);
        }
        fs::write(&dump, &whole).expect("it can be written");
        seal(&desk, &dump);
        flip(&dump, whole.len() / 2);
        let seen = prove(&desk, &["--path", text(&dump)]);
        assert_eq!((seen.0, seen.1["integrity"].as_str()), (1, Some("fails")), "{name}: {:#}", seen.1);
    }
}

#[test]
fn a_dump_gives_no_orders_to_this_machine() {
    let server = Server::start();
    let desk = desk();
    let dump = server.dump(&desk, "p.sql", "-Fp");
    let honest = fs::read_to_string(&dump).expect("a dump");
    let mark = desk.root().join("was-here");
    let reach = desk.root().parent().expect("a folder").to_owned();
    // Were it only for the rights of files, a program that is run could write here.
    for folder in [reach.as_path(), &desk.root()] {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o777)).expect("its mode");
    }
    let mark = mark.display();
    for (order, why) in [
        (format!("\\! touch {mark}"), "orders"),
        (format!("SELECT 1 \\! touch {mark}"), "orders"),
        (format!("\\unrestrict x\n\\! touch {mark}"), "orders"),
        (format!("SELECT '\nCOPY t FROM stdin;\n';\n\\! touch {mark}"), "orders"),
        (format!("\\o {mark}\nSELECT 1;"), "orders"),
        (format!("COPY dossiers TO PROGRAM 'touch {mark}';"), "not-restored"),
        (format!("COPY dossiers TO '{mark}';"), "not-restored"),
        ("CREATE ROLE more SUPERUSER;".to_owned(), "not-restored"),
    ] {
        let at = honest.find("-- PostgreSQL database dump complete").expect("its last line");
        fs::write(&dump, format!("{}\n{order}\n{}", &honest[..at], &honest[at..])).expect("it can be written");
        let seen = prove(&desk, &["--path", text(&dump)]);
        assert_eq!((seen.0, seen.1["findings"][0]["kind"].as_str()), (1, Some(why)), "{order}: {:#}", seen.1);
        assert!(!desk.root().join("was-here").exists(), "{order}");
    }
}

#[test]
fn a_server_that_does_not_start_and_one_that_is_not_there_are_told() {
    let server = Server::start();
    let desk = desk();
    let dump = server.dump(&desk, "c.dump", "-Fc");
    let fake = desk.root().join("fake");
    fs::create_dir(&fake).expect("a folder");
    for (name, script) in
        [("initdb", "#!/bin/sh\necho no room for shared memory >&2\nexit 1\n"), ("postgres", "#!/bin/sh\n")]
    {
        write_program(&fake.join(name), script);
    }
    for folder in [desk.root().parent().expect("a folder"), &desk.root(), &fake] {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).expect("its mode");
    }
    let path = format!("{}:/usr/bin:/bin", fake.display());
    let output = desk.command(&["backup", "prove", "--path", text(&dump)]).env("PATH", path).output().expect("it runs");
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{err}");
    assert!(err.contains("backup-no-server") && err.contains("no room for shared memory"), "{err}");
    let far = desk.root().join("far/away/and/so/deep/that/no/socket/of/it/has/a/path/that/is/short/enough");
    refused(&desk, &["--path", text(&dump), "--scratch", text(&far)]).exits(2).says(&["backup-scratch-unfit"]);
    fs::write(desk.root().join("c.dump.rows.json"), "[]").expect("a file");
    refused(&desk, &["--path", text(&dump)]).exits(2).says(&["backup-bad-rows", "c.dump.rows.json"]);
}

fn sqlite(desk: &Desk) -> PathBuf {
    let sql = "CREATE TABLE dossiers (id INTEGER PRIMARY KEY, name TEXT); CREATE INDEX by_name ON dossiers (name);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
        INSERT INTO dossiers SELECT i, 'hồ sơ ' || i FROM n; CREATE TABLE empty (id INTEGER);";
    desk.write("make.sql", sql);
    sh(&desk.root(), "sqlite3 site.db < make.sql");
    desk.root().join("site.db")
}

#[test]
fn a_file_of_sqlite_is_checked_its_rows_counted_and_never_written_to() {
    let desk = desk();
    let file = sqlite(&desk);
    seal(&desk, &file);
    rows(&file, "\"dossiers\":3000");
    let before = fs::read(&file).expect("a file");
    let seen = prove(&desk, &["--path", text(&file)]);
    says(&seen, 0, "holds", "yes", &[]);
    assert_eq!((seen.1["kind"].as_str(), seen.1["rows"][0]["rows"].as_u64()), (Some("sqlite"), Some(3000)));
    assert_eq!(fs::read(&file).expect("a file"), before);
    for counts in ["\"empty\":{\"at_least\":1}", "\"gone\":1"] {
        rows(&file, counts);
        says(&prove(&desk, &["--path", text(&file)]), 1, "holds", "no", &[]);
    }
    rows(&file, "\"dossiers\":3000");
    flip(&file, before.len() / 2);
    let seen = prove(&desk, &["--path", text(&file)]);
    assert_eq!((seen.0, seen.1["integrity"].as_str()), (1, Some("fails")), "{:#}", seen.1);
}

#[test]
fn without_a_seal_a_sound_structure_is_not_called_integrity() {
    let desk = desk();
    let file = sqlite(&desk);
    let seen = prove(&desk, &["--path", text(&file)]);
    says(&seen, 1, "unknown", "yes", &[]);
    assert_eq!(seen.1["integrity_by"], serde_json::json!(["structure"]));
    cut(&file, 8192);
    let seen = prove(&desk, &["--path", text(&file)]);
    assert_eq!((seen.0, seen.1["integrity"].as_str()), (1, Some("fails")), "{:#}", seen.1);
    assert_eq!(seen.1["restorable"], "no");
}

#[test]
fn what_lies_in_the_log_of_a_database_file_belongs_to_it() {
    let desk = desk();
    let file = sqlite(&desk);
    let copy = desk.root().join("night");
    fs::create_dir(&copy).expect("a folder");
    // As a copy of files that was made while the database was open.
    let script = format!(
        "import sqlite3, shutil\nc = sqlite3.connect('{0}')\nc.execute('PRAGMA journal_mode=WAL')\n\
         c.execute('INSERT INTO empty VALUES (1)')\nc.commit()\nshutil.copy('{0}', 'night/site.db')\n\
         shutil.copy('{0}-wal', 'night/site.db-wal')\n",
        file.display()
    );
    desk.write("wal.py", &script);
    sh(&desk.root(), "python3 wal.py");
    rows(&copy.join("site.db"), "\"empty\":1");
    seal(&desk, &copy);
    let seen = prove(&desk, &["--path", text(&copy), "--kind", "sqlite"]);
    says(&seen, 0, "holds", "yes", &[]);
}
