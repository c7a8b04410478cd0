//! Dumps by `pg_dump`, restored into a server that is made for it and removed.

mod cluster;
mod plain;

use std::ffi::OsString;
use std::fs;
use std::io::{self, Read};
use std::path::Path;

pub(super) use cluster::{Cluster, fits};
use cluster::{NOTHING, RESTORED, RESTORER};

use super::check::Shown;
use super::kind::Squeezed;
use super::program::{Feed, Ran};
use super::rows;
use super::verdict::{Problem, Proof, Why};
use super::workbench::Workbench;
use super::{Request, Target};
use crate::backup::{BackupError, Cancel, copy, digest, walk};
use crate::model::Digest;

/// Bytes at a dump's beginning in which the extensions that it needs are looked for: `pg_dump` names them first.
const BEGINNING: u64 = 4 * 1024 * 1024;

/// What a dump is, and how it is restored.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// By `pg_restore`, as a stream: the custom and the tar format.
    Stream,
    /// By `pg_restore`, from a folder.
    Folder,
    /// By `psql`.
    Plain,
}

/// Restores the dump into a server of its own and counts the rows that have to be there. `server` lives on for the check.
pub(super) fn restore<'a>(
    target: &Target,
    request: &'a Request,
    proof: &mut Proof,
    bench: &Workbench,
    server: &mut Option<Cluster<'a>>,
    cancel: &Cancel,
) -> Result<Option<(Shown, Shown)>, BackupError> {
    let wanted = rows::expected(target, request)?;
    let form = form(&target.item).map_err(BackupError::read(&target.item))?;
    bench.holds(size(&target.item))?;
    let cluster = server.insert(Cluster::start(bench, &request.tools, cancel)?);
    prepare(cluster, target, form, cancel)?;
    match form {
        Form::Plain => plain_dump(cluster, target, proof, bench, cancel)?,
        Form::Stream => {
            let feed = stream(&target.item).map_err(BackupError::read(&target.item))?;
            let ran = cluster.restore("pg_restore", &RESTORE, Some(feed), bench, cancel)?;
            judge(&ran, proof);
        }
        Form::Folder => {
            let to = cluster.folder().join("dump");
            fs::create_dir(&to).map_err(BackupError::write(&to))?;
            let found = walk::walk(&target.item, cancel)?;
            copy::copy(&target.item, &found, &to, cancel).map_err(|error| super::files::full(error, bench))?;
            cluster.give(&to)?;
            let ran = cluster.restore("pg_restore", &[&RESTORE[..], &["dump"]].concat(), None, bench, cancel)?;
            judge(&ran, proof);
        }
    }
    let ask = |sql: &str| -> Result<u64, BackupError> { number(&cluster.sql(RESTORER, RESTORED, sql, cancel)?) };
    proof.restored = ask("SELECT count(*) FROM pg_stat_user_tables")?;
    proof.bytes = ask("SELECT pg_database_size(current_database())")?;
    if proof.restored == 0 && proof.problems.is_empty() {
        proof.found(Problem::new(Why::NotRestored).saying("no table"));
    }
    rows::count(wanted, proof, |table| {
        let name = quoted(table);
        let known = cluster.sql(RESTORER, RESTORED, &format!("SELECT to_regclass({})", literal(&name)), cancel)?;
        if known.out.trim_ascii().is_empty() {
            return Ok(Ok(None));
        }
        let counted = cluster.sql(RESTORER, RESTORED, &format!("SELECT count(*) FROM {name}"), cancel)?;
        if !counted.status.success() {
            return Ok(Err(counted.last_words()));
        }
        number(&counted).map(|rows| Ok(Some(rows)))
    })?;
    proof.was_restored();
    let nothing = bench.folder("nothing")?;
    Ok(Some((shown(cluster, NOTHING, &nothing), shown(cluster, RESTORED, &nothing))))
}

/// How `pg_restore` is called. Comments are left out: those on extensions may only be made by their owner.
const RESTORE: [&str; 6] = ["--exit-on-error", "--no-owner", "--no-acl", "--no-comments", "-d", RESTORED];

fn form(path: &Path) -> io::Result<Form> {
    if path.is_dir() {
        return Ok(Form::Folder);
    }
    let (squeezed, head) = Squeezed::of_file(path)?;
    let mut inner = Vec::new();
    if let Some(squeezed) = squeezed {
        // A stream that is damaged this early is no dump of `pg_restore`: `psql` will be given nothing.
        let _ = squeezed.reader(digest::open(path)?)?.take(512).read_to_end(&mut inner);
    }
    let head = if squeezed.is_some() { inner } else { head };
    let tar = head.get(257..262) == Some(b"ustar");
    Ok(if head.starts_with(b"PGDMP") || tar { Form::Stream } else { Form::Plain })
}

fn size(path: &Path) -> u64 {
    let files = walkdir::WalkDir::new(path).into_iter().filter_map(Result::ok);
    files.filter_map(|file| file.metadata().ok()).filter(fs::Metadata::is_file).map(|metadata| metadata.len()).sum()
}

fn open(path: &Path) -> io::Result<Box<dyn Read + Send>> {
    let (squeezed, _) = Squeezed::of_file(path)?;
    let file = digest::open(path)?;
    match squeezed {
        Some(squeezed) => squeezed.reader(file),
        None => Ok(Box::new(file)),
    }
}

fn stream(path: &Path) -> io::Result<Feed<'static>> {
    let mut dump = open(path)?;
    Ok(Box::new(move |to| io::copy(&mut dump, to).map(drop)))
}

/// Makes who restores, where to, and the extensions that the dump needs: to make one may take more rights than to use it.
fn prepare(cluster: &Cluster<'_>, target: &Target, form: Form, cancel: &Cancel) -> Result<(), BackupError> {
    let order = |database: &str, sql: &str| -> Result<(), BackupError> {
        let ran = cluster.sql("postgres", database, sql, cancel)?;
        if ran.status.success() { Ok(()) } else { Err(BackupError::NoServer { detail: ran.last_words() }) }
    };
    order("postgres", &format!("CREATE ROLE {RESTORER} LOGIN NOSUPERUSER BYPASSRLS"))?;
    for database in [RESTORED, NOTHING] {
        order("postgres", &format!("CREATE DATABASE {database} OWNER {RESTORER} TEMPLATE template0"))?;
        order(database, &format!("ALTER SCHEMA public OWNER TO {RESTORER}"))?;
    }
    for extension in extensions(target, form) {
        let name = extension.replace('"', "\"\"");
        // One that is not here is complained of by the dump itself.
        let _ =
            cluster.sql("postgres", RESTORED, &format!("CREATE EXTENSION IF NOT EXISTS \"{name}\" CASCADE"), cancel)?;
    }
    Ok(())
}

/// The extensions that a dump makes, as far as its beginning names them in plain text.
fn extensions(target: &Target, form: Form) -> Vec<String> {
    let file = if form == Form::Folder { target.item.join("toc.dat") } else { target.item.clone() };
    let mut beginning = Vec::new();
    let read = open(&file).and_then(|dump| dump.take(BEGINNING).read_to_end(&mut beginning));
    if read.is_err() && beginning.is_empty() {
        return Vec::new();
    }
    let text = String::from_utf8_lossy(&beginning);
    let mut names: Vec<String> = text
        .split("CREATE EXTENSION IF NOT EXISTS ")
        .skip(1)
        .filter_map(|rest| {
            let word = rest.split([' ', ';', '\n']).next()?.trim_matches('"');
            let plain = !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
            plain.then(|| word.to_owned())
        })
        .collect();
    names.sort();
    names.dedup();
    names
}

fn plain_dump(
    cluster: &Cluster<'_>,
    target: &Target,
    proof: &mut Proof,
    bench: &Workbench,
    cancel: &Cancel,
) -> Result<(), BackupError> {
    let version = cluster.sql("postgres", "postgres", "SHOW server_version_num", cancel)?;
    if !restricts(number(&version)?) {
        return Err(BackupError::OldPsql);
    }
    let dump = open(&target.item).map_err(BackupError::read(&target.item))?;
    let mut key = [0; 32];
    getrandom::fill(&mut key)
        .map_err(|error| BackupError::Read { path: "/dev/urandom".into(), source: io::Error::other(error) })?;
    let key = Digest(key).hex();
    let mut seen = plain::Seen::default();
    let feed: Feed<'_> = Box::new(|to| plain::pass(dump, to, &key, &mut seen));
    let ran = cluster.restore("psql", &["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", "-"], Some(feed), bench, cancel)?;
    if ran.err.contains("backslash commands are restricted") {
        proof.found(Problem::new(Why::Orders));
    } else {
        judge(&ran, proof);
    }
    if let Some(detail) = &seen.unreadable {
        proof.found(Problem::new(Why::Damaged).saying(detail));
    } else if proof.problems.is_empty() && !seen.complete {
        // SQL that stops between two orders is as good as any: only the last line of `pg_dump` tells that all is there.
        let problem = Problem::new(Why::Cut);
        proof.found(if seen.by_pg_dump { problem } else { problem.saying("no `PostgreSQL database dump complete`") });
    }
    Ok(())
}

/// Whether `psql` of this version can be restricted.
fn restricts(version: u64) -> bool {
    let (major, minor) = (version / 10_000, version % 10_000);
    match major {
        13 => minor >= 22,
        14 => minor >= 19,
        15 => minor >= 14,
        16 => minor >= 10,
        17 => minor >= 6,
        major => major >= 18,
    }
}

fn judge(ran: &Ran, proof: &mut Proof) {
    if ran.status.success() {
        return;
    }
    // By the words of pg_restore for a dump that ends or breaks; the rest it restored no further for reasons of its own.
    let words = ran.last_words();
    let cut = ["end of file", "EOF", "Unexpected end"].iter().any(|part| words.contains(part));
    let damaged = ["could not uncompress", "corrupt", "unrecognized data block", "invalid"].iter();
    let why = if cut {
        Why::Cut
    } else if damaged.clone().any(|part| words.contains(part)) {
        Why::Damaged
    } else {
        Why::NotRestored
    };
    proof.found(Problem::new(why).saying(words));
}

fn number(ran: &Ran) -> Result<u64, BackupError> {
    let text = String::from_utf8_lossy(&ran.out);
    text.trim().parse().map_err(|_| BackupError::NoServer { detail: ran.last_words() })
}

/// `table` or `schema.table` as SQL names it.
fn quoted(table: &str) -> String {
    let quote = |part: &str| format!("\"{}\"", part.replace('"', "\"\""));
    match table.split_once('.') {
        Some((schema, table)) => format!("{}.{}", quote(schema), quote(table)),
        None => quote(table),
    }
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// What a check is shown: how to connect, in the variables that every client of `PostgreSQL` reads, and as an address.
fn shown(cluster: &Cluster<'_>, database: &str, folder: &Path) -> Shown {
    let mut address = OsString::from(format!("user={RESTORER} dbname={database} host="));
    address.push(&cluster.socket);
    let env = [
        ("PGHOST", cluster.socket.clone().into_os_string()),
        ("PGUSER", RESTORER.into()),
        ("PGDATABASE", database.into()),
    ];
    Shown {
        restored: address,
        folder: folder.to_owned(),
        env: env.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_tables_cannot_say_more_than_names() {
        assert_eq!(quoted("dossiers"), "\"dossiers\"");
        assert_eq!(quoted("app.hồ sơ"), "\"app\".\"hồ sơ\"");
        assert_eq!(quoted("a\"; DROP TABLE b; --"), "\"a\"\"; DROP TABLE b; --\"");
        assert_eq!(literal("it's"), "'it''s'");
    }

    #[test]
    fn psql_can_be_restricted_from_the_versions_of_august_2025() {
        for (version, expected) in
            [(150_013, false), (150_014, true), (170_005, false), (180_000, true), (120_022, false)]
        {
            assert_eq!(restricts(version), expected, "{version}");
        }
    }
}
