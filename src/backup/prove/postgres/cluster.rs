//! A database server of our own: made in the scratch place, reached by a socket there, gone afterwards.
//!
//! It listens to no network and syncs nothing. Where we are root it runs as `nobody`: a dump may hold orders, and neither
//! the files of this machine nor those of a server that works here may be in their reach.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::backup::prove::program::{self, Feed, Program, Ran, ToolEnvironment, User};
use crate::backup::prove::workbench::{Workbench, let_through};
use crate::backup::{BackupError, Cancel};

/// Who a dump is restored as: the owner of the database, and nothing more.
pub(super) const RESTORER: &str = "restorer";
/// The database that a dump is restored to, and one in which there is nothing.
pub(super) const RESTORED: &str = "restored";
pub(super) const NOTHING: &str = "nothing";
/// How long a server may take to begin.
const PATIENCE: Duration = Duration::from_mins(2);
const LOOK: Duration = Duration::from_millis(25);
/// The longest path of a socket's folder, in bytes: a socket's whole path has 107 (unix(7)), and its name has 20.
const LONGEST: usize = 107 - 21 - "/ungpho-prove-4194304-999/cluster/run".len();

/// A server that works; ended when it goes out of scope.
pub(in crate::backup::prove) struct Cluster<'a> {
    tools: &'a ToolEnvironment,
    programs: PathBuf,
    folder: PathBuf,
    pub(super) socket: PathBuf,
    user: Option<User>,
    server: Child,
}

/// Whether a server can work in `base`: its socket's path is short enough, and where it has to be another user's, that user
/// can get there.
pub(in crate::backup::prove) fn fits(base: &Path) -> bool {
    let open = |folder: &Path| fs::metadata(folder).is_ok_and(|metadata| metadata.mode() & 0o001 != 0);
    base.as_os_str().len() <= LONGEST && (!rustix::process::geteuid().is_root() || base.ancestors().all(open))
}

/// The programs of the newest `PostgreSQL` here: those of PATH, else where Debian and Red Hat put them.
fn programs(tools: &ToolEnvironment) -> Result<PathBuf, BackupError> {
    let in_path = tools.find("initdb", &[]).and_then(|path| fs::canonicalize(path).ok());
    if let Some(folder) = in_path.as_deref().and_then(Path::parent).filter(|folder| folder.join("postgres").exists()) {
        return Ok(folder.to_owned());
    }
    let mut found: Vec<(u32, PathBuf)> = Vec::new();
    for (base, prefix) in [("/usr/lib/postgresql", ""), ("/usr", "pgsql-")] {
        for entry in fs::read_dir(base).into_iter().flatten().filter_map(Result::ok) {
            let name = entry.file_name().to_string_lossy().into_owned();
            let version = name.strip_prefix(prefix).and_then(|version| version.parse().ok());
            let folder = entry.path().join("bin");
            if let Some(version) = version.filter(|_| folder.join("initdb").is_file()) {
                found.push((version, folder));
            }
        }
    }
    found.sort();
    found.pop().map(|(_, folder)| folder).ok_or(BackupError::NoProgram { program: "initdb", package: "postgresql" })
}

/// The user that has no rights, where we have too many.
fn nobody() -> Result<Option<User>, BackupError> {
    if !rustix::process::geteuid().is_root() {
        return Ok(None);
    }
    let text = fs::read_to_string("/etc/passwd").map_err(BackupError::read("/etc/passwd"))?;
    let user = text.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        let (uid, gid) = (fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?);
        (name == "nobody").then_some(User { uid, gid })
    });
    user.map(Some).ok_or(BackupError::NoProgram { program: "nobody", package: "base-passwd" })
}

impl<'a> Cluster<'a> {
    /// Makes a cluster and starts its server.
    ///
    /// # Errors
    ///
    /// `PostgreSQL` is not here, the server does not start, or `cancel` ended it.
    pub(super) fn start(bench: &Workbench, tools: &'a ToolEnvironment, cancel: &Cancel) -> Result<Self, BackupError> {
        let programs = programs(tools)?;
        let user = nobody()?;
        let folder = bench.folder("cluster")?;
        let socket = bench.folder("cluster/run")?;
        if let Some(user) = user {
            let_through(bench.path())?;
            for path in [&folder, &socket] {
                chown(path, Some(user.uid), Some(user.gid)).map_err(BackupError::write(path))?;
            }
        }
        let data = bench.path().join(program::SERVER_DATA);
        let mut initdb = Program::new(programs.join("initdb"), &folder, tools).with(["-D"]).with([&data]).with([
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
            "--no-instructions",
        ]);
        initdb.user = user;
        initdb.env = environment(&folder);
        let made = initdb.run(None, Some(bench), cancel)?;
        if !made.status.success() {
            return Err(BackupError::NoServer { detail: made.last_words() });
        }
        let log = folder.join("log");
        let to = fs::File::create(&log).map_err(BackupError::write(&log))?;
        let mut server = Program::new(programs.join("postgres"), &folder, tools).with(["-D"]).with([&data]);
        for setting in [
            "listen_addresses=",
            "fsync=off",
            "full_page_writes=off",
            "synchronous_commit=off",
            "wal_level=minimal",
            "max_wal_senders=0",
            "autovacuum=off",
            "max_connections=10",
            "dynamic_shared_memory_type=mmap",
        ] {
            server = server.with(["-c", setting]);
        }
        let mut sockets = OsString::from("unix_socket_directories=");
        sockets.push(&socket);
        server = server.with(["-c"]).with([sockets]);
        server.user = user;
        server.env = environment(&folder);
        let child = server.begin(Stdio::null(), Stdio::null(), Stdio::from(to))?;
        let mut cluster = Self { tools, programs, folder, socket, user, server: child };
        cluster.wait(&log, cancel)?;
        Ok(cluster)
    }

    fn wait(&mut self, log: &Path, cancel: &Cancel) -> Result<(), BackupError> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            cancel.check()?;
            let gone = !matches!(self.server.try_wait(), Ok(None));
            if gone || Instant::now() >= deadline {
                let text = fs::read_to_string(log).unwrap_or_default();
                let last: Vec<&str> = text.lines().rev().take(3).collect();
                let last: Vec<&str> = last.into_iter().rev().collect();
                return Err(BackupError::NoServer { detail: last.join("; ") });
            }
            // Asked only once there is a socket: a question costs more than a look.
            if self.socket.join(".s.PGSQL.5432").exists()
                && self.sql("postgres", "postgres", "SELECT 1", cancel)?.status.success()
            {
                return Ok(());
            }
            std::thread::sleep(LOOK);
        }
    }

    /// A program of `PostgreSQL` that talks to this server.
    pub(super) fn client(&self, name: &str, user: &str, database: &str) -> Program<'a> {
        let mut program = Program::new(self.programs.join(name), &self.folder, self.tools);
        program.user = self.user;
        program.env = environment(&self.folder);
        program.env.insert("PGHOST".to_owned(), self.socket.clone().into_os_string());
        program.env.insert("PGUSER".to_owned(), user.into());
        if !database.is_empty() {
            program.env.insert("PGDATABASE".to_owned(), database.into());
        }
        program
    }

    /// Runs one order in SQL; prints values alone, one a line.
    pub(super) fn sql(&self, user: &str, database: &str, sql: &str, cancel: &Cancel) -> Result<Ran, BackupError> {
        let psql = self.client("psql", user, database);
        psql.with(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql]).run(None, None, cancel)
    }

    /// Runs a program of `PostgreSQL` as the restorer on the restored database.
    pub(super) fn restore(
        &self,
        name: &str,
        arguments: &[&str],
        feed: Option<Feed<'_>>,
        bench: &Workbench,
        cancel: &Cancel,
    ) -> Result<Ran, BackupError> {
        self.client(name, RESTORER, RESTORED).with(arguments).run(feed, Some(bench), cancel)
    }

    /// Gives a folder and what is in it to whom the programs run as.
    pub(super) fn give(&self, folder: &Path) -> Result<(), BackupError> {
        let Some(user) = self.user else { return Ok(()) };
        for entry in walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok) {
            let given = std::os::unix::fs::lchown(entry.path(), Some(user.uid), Some(user.gid));
            given.map_err(BackupError::write(entry.path()))?;
        }
        Ok(())
    }

    /// Where the programs may put something of their own.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }
}

/// No settings of the user's own, and messages that can be looked up.
fn environment(folder: &Path) -> std::collections::BTreeMap<String, OsString> {
    let values =
        [("HOME", folder.as_os_str()), ("LANG", "C".as_ref()), ("LC_ALL", "C".as_ref()), ("TZ", "UTC".as_ref())];
    values.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

impl Drop for Cluster<'_> {
    fn drop(&mut self) {
        let pid = i32::try_from(self.server.id()).ok().and_then(Pid::from_raw);
        // The data are thrown away: an immediate shutdown is enough.
        let asked = pid.map(|pid| kill_process(pid, Signal::QUIT));
        let deadline = Instant::now() + Duration::from_secs(5);
        while asked.is_some() && Instant::now() < deadline {
            if !matches!(self.server.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(LOOK);
        }
        program::end(&mut self.server);
    }
}
