//! Starts what drives a run: a process of its own session, or a thread of this one; and opens the console on it.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::console::{Around, Console, Left, Part};
use super::desk::{Desk, journal_failure, ledger_failure};
use super::duties::Policies;
use super::workspace::SourceText;
use super::{Context, Exit, Failure, Workspace, notice, reporting, secrets};
use crate::engine::Plan;
use crate::engine::answers::Answers;
use crate::engine::effect::FaultMaker;
use crate::engine::executor::Surroundings;
use crate::engine::run_loop::{self, EngineError, LoopSetup, Signals, Source};
use crate::inventory::SecretPlace;
use crate::lab::Lab;
use crate::ledger::LoopLock;
use crate::message::message;
use crate::model::record::{People, RunStarted};
use crate::model::{Hold, Journal as _, Name, Objects as _, RunId, RunResult, RunState};

/// What a loop's process writes to standard output once it holds its lock.
pub(crate) const READY: &str = "ready";

/// How long a loop may take to begin. The lab may have to be brought up first.
const PATIENCE: Duration = Duration::from_mins(1);

/// How much of a dead loop's log is shown.
const TAIL: u64 = 4096;

/// The log of a run's loop. Not evidence.
pub(crate) fn log_file(desk: &Desk, run: &RunId) -> PathBuf {
    desk.workspace.ledger().join("spool").join(format!("{run}.log"))
}

/// Starts `ungpho loop RUN` in a session of its own, and returns once it holds the run's lock.
///
/// # Errors
///
/// Where it cannot be started, dies before it begins, or does not begin in time; with the last lines of its log.
pub(crate) fn detached(context: &Context, desk: &Desk, run: &RunId) -> Result<(), Failure> {
    let path = log_file(desk, run);
    let failed = |error: &std::io::Error| {
        Failure::new(Exit::Machine, "loop-not-started", message!("cli-loop-not-started", run = run.as_str()))
            .caused_by(error)
            .help(message!("cli-loop-help", run = run.as_str()))
    };
    let log = open_log(&path).map_err(|e| failed(&e))?;
    let from = log.metadata().map_or(0, |metadata| metadata.len());
    let program = std::env::current_exe().map_err(|e| failed(&e))?;
    let mut child = Command::new(program)
        .arg("--workspace")
        .arg(&desk.workspace.root)
        .args(["--lang", context.lang.code(), "--as", context.actor.as_str(), "loop", run.as_str()])
        .current_dir(&desk.workspace.root)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::from(log))
        .spawn()
        .map_err(|e| failed(&e))?;
    match ready(&mut child) {
        Began::Ready => Ok(()),
        Began::Died => {
            let _ = child.wait();
            Err(with_log(
                Failure::new(Exit::Machine, "loop-died", message!("cli-loop-died", run = run.as_str())),
                &path,
                from,
            )
            .help(message!("cli-loop-help", run = run.as_str())))
        }
        Began::Late => Err(with_log(
            Failure::new(Exit::Machine, "loop-late", message!("cli-loop-late", run = run.as_str())),
            &path,
            from,
        )
        .help(message!("cli-loop-help", run = run.as_str()))),
    }
}

/// Opens the log of a loop for appending.
///
/// # Errors
///
/// Where it cannot be made.
pub(crate) fn open_log(path: &Path) -> std::io::Result<File> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    File::options().create(true).append(true).open(path)
}

enum Began {
    Ready,
    Died,
    Late,
}

/// Waits for the child's word that it holds the lock; the end of its output before that says that it died.
fn ready(child: &mut Child) -> Began {
    let Some(output) = child.stdout.take() else { return Began::Died };
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut line = String::new();
        let _ = BufReader::new(output).read_line(&mut line);
        let _ = sender.send(line.trim() == READY);
    });
    match receiver.recv_timeout(PATIENCE) {
        Ok(true) => Began::Ready,
        Ok(false) => Began::Died,
        Err(_) => Began::Late,
    }
}

/// Adds the last lines that the loop wrote since `from`.
fn with_log(failure: Failure, path: &Path, from: u64) -> Failure {
    let tail = || -> std::io::Result<String> {
        let mut file = File::open(path)?;
        let size = file.metadata()?.len();
        file.seek(SeekFrom::Start(from.max(size.saturating_sub(TAIL))))?;
        let mut bytes = Vec::new();
        file.take(TAIL).read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).trim().to_owned())
    };
    match tail() {
        Ok(text) if !text.is_empty() => failure.cause(text),
        _ => failure,
    }
}

/// Opens a console on `run`, which a loop elsewhere drives.
///
/// # Errors
///
/// Where the ledger cannot be read or written.
pub(crate) fn console(
    context: &Context,
    desk: &Desk,
    run: &RunId,
    state: &RunState,
    part: Part,
) -> Result<Exit, Failure> {
    let policies = Policies::here(context, &desk.workspace);
    let scene = desk.scene(context, run, state)?;
    let answers = answers(desk, &desk.started(run, state)?)?;
    let lives = || desk.loop_lives(run);
    let rules = policies.rules(scene.state().plan());
    let around = Around { part, foreground: false, lives: &lives, answers: answers.as_ref(), rules: &rules };
    let left = Console::new(context, scene, around).run().map_err(|e| journal_failure(&e))?;
    Ok(exit(left))
}

/// What the exit code says when a console was left. Who leaves a run that goes on has done what they wanted.
pub(crate) fn exit(left: Left) -> Exit {
    match left {
        Left::Ended(RunResult::Passed) | Left::Going => Exit::Passed,
        Left::Ended(RunResult::Failed | RunResult::Stopped) | Left::Paused | Left::Unanswered => Exit::NotPassed,
        Left::Alone => Exit::Machine,
    }
}

/// Under this path the file of answers stands among the sources of its run.
pub(crate) const ANSWERS: &str = "answers/";

/// Keeps plan and sources, writes `run-started`, and takes the run's lock.
///
/// # Errors
///
/// Where the ledger cannot be written.
pub(crate) fn begin(
    context: &Context,
    desk: &Desk,
    plan: &Plan,
    sources: &[SourceText],
) -> Result<(RunId, LoopLock), Failure> {
    let sources = bytes_of(sources);
    let ledger = desk.ledger.as_ref();
    let run =
        run_loop::begin(ledger, ledger, context.clock.as_ref(), plan, &sources).map_err(|e| engine_failure(&e))?;
    match LoopLock::take(&desk.workspace.ledger(), &run).map_err(|e| ledger_failure(&e))? {
        Some(lock) => Ok((run, lock)),
        None => Err(Failure::new(Exit::Machine, "loop-elsewhere", message!("cli-loop-elsewhere", run = run.as_str()))),
    }
}

/// Keeps the plan of a run that goes on, and what it was made from.
///
/// # Errors
///
/// Where they cannot be written.
pub(crate) fn keep(desk: &Desk, plan: &Plan, sources: &[SourceText]) -> Result<run_loop::Kept, Failure> {
    run_loop::keep(desk.ledger.as_ref(), plan, &bytes_of(sources)).map_err(|e| journal_failure(&e))
}

fn bytes_of(sources: &[SourceText]) -> Vec<Source> {
    sources.iter().map(|it| Source { path: it.path.clone(), bytes: it.text.clone().into_bytes() }).collect()
}

/// How a loop takes part in its process.
pub(crate) struct Manner {
    /// Which signals the loop hears.
    pub(crate) signals: Signals,
    /// Whether what the loop has to say is for people in front of it, and not for a log.
    pub(crate) before_people: bool,
}

/// Drives `run` on this thread to its end, with each playbook that leads it. `ready` is called once it is about to begin.
///
/// # Errors
///
/// Where what it needs is not there, or it cannot be driven on.
pub(crate) fn drive(
    context: &Context,
    desk: &Desk,
    (run, state): (&RunId, &RunState),
    lock: LoopLock,
    manner: &Manner,
    ready: impl FnOnce(),
) -> Result<RunResult, Failure> {
    let mut ready = Some(ready);
    // Held over a change of playbooks too: a moment without it would look like a run that nobody drives.
    let lock: Arc<dyn Hold> = Arc::new(lock);
    loop {
        let setup = setup(context, desk, (run, state), Arc::clone(&lock), manner)?;
        if let Some(ready) = ready.take() {
            ready();
        }
        match run_loop::run_loop(setup) {
            Err(EngineError::Superseded { .. }) => {}
            other => return other.map_err(|e| engine_failure(&e)),
        }
    }
}

/// All that a loop needs for the plan that leads `run` now.
fn setup(
    context: &Context,
    desk: &Desk,
    (run, state): (&RunId, &RunState),
    lock: Arc<dyn Hold>,
    manner: &Manner,
) -> Result<LoopSetup, Failure> {
    let (plan, part) = desk.plan(run, state)?;
    let started = desk.started(run, state)?;
    let faults: Option<Arc<dyn FaultMaker>> =
        if plan.lab { Some(Arc::new(lab(context, &desk.workspace, plan.systems.keys())?)) } else { None };
    let answers = answers(desk, &started)?;
    let records = desk.ledger.records_of(run, state.began).map_err(|e| journal_failure(&e))?;
    let policies = Policies::kept(desk.ledger.as_ref(), reporting::sources(&records));
    let notices = notice::writer(policies, desk, state);
    let scratch = desk.ledger.spool().join("restores");
    fs::create_dir_all(&scratch).map_err(|error| {
        let shown = scratch.display().to_string();
        Failure::new(Exit::Machine, "cannot-write", message!("cli-cannot-write", path = shown)).caused_by(&error)
    })?;
    let people = context.clone();
    let before_people = manner.before_people;
    Ok(LoopSetup {
        run: run.clone(),
        journal: desk.journal(),
        objects: desk.objects(),
        notes: desk.ledger.clone(),
        clock: context.clock.clone(),
        spool: desk.ledger.spool(),
        workspace: desk.workspace.root.clone(),
        scratch,
        program: std::env::current_exe().ok(),
        surroundings: Surroundings { passwords: passwords(&plan), ..surroundings() },
        faults,
        secrets: secrets::read(context)?,
        notices: Some(notices),
        answers,
        lang: plan.language,
        signals: manner.signals,
        tell: Box::new(move |message| {
            if before_people {
                people.err(&format!("{}\n", message.render(people.lang)));
            } else {
                tracing::warn!("{}", message.render(people.lang));
            }
        }),
        lock,
        plan,
        part,
    })
}

/// The lab of the workspace, its keeper brought up where it is down, with `systems` and what they ask running.
///
/// Looks at certificates take those of this lab for good from then on.
///
/// # Errors
///
/// Where it cannot be brought up.
pub(crate) fn lab<'a>(
    context: &Context,
    workspace: &Workspace,
    systems: impl IntoIterator<Item = &'a Name>,
) -> Result<Lab, Failure> {
    let failed = |error: &crate::lab::LabError| Failure::of(Exit::Machine, error);
    let program = std::env::current_exe()
        .map_err(|error| Failure::new(Exit::Machine, "no-program", message!("cli-no-program")).caused_by(&error))?;
    let lab = Lab::up(&workspace.lab(), &program).map_err(|error| failed(&error))?;
    let systems: Vec<Name> = systems.into_iter().cloned().collect();
    lab.raise(Some(&systems)).map_err(|error| failed(&error))?;
    crate::probe::trust_also(lab.authority());
    Ok(lab.speaking(context.lang))
}

/// The answers that the run began with, if any: they are evidence, so whoever resumes it finds them again.
fn answers(desk: &Desk, started: &RunStarted) -> Result<Option<Answers>, Failure> {
    if started.people != People::Scripted {
        return Ok(None);
    }
    let Some(source) = started.sources.iter().find(|source| source.path.starts_with(ANSWERS)) else { return Ok(None) };
    let Some(bytes) = desk.ledger.get(&source.file).map_err(|e| journal_failure(&e))? else { return Ok(None) };
    // It was read before the run began: it has no findings.
    Ok(Answers::read(&source.path, &String::from_utf8_lossy(&bytes)).ok())
}

/// What commands find of the environment.
pub(crate) fn surroundings() -> Surroundings {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    Surroundings {
        path: variable("PATH")
            .unwrap_or_else(|| "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin".to_owned()),
        home: variable("HOME"),
        lang: variable("LANG"),
        passwords: std::collections::BTreeMap::new(),
    }
}

/// The passwords of repositories that the inventory says are in the environment, as far as they are there.
fn passwords(plan: &Plan) -> std::collections::BTreeMap<String, String> {
    let backups = plan.systems.values().flat_map(|system| &system.backups);
    let named = backups.filter_map(|backup| match &backup.secret {
        Some(SecretPlace::Env(name)) => Some(name.clone()),
        _ => None,
    });
    named.filter_map(|name| std::env::var(&name).ok().map(|value| (name, value))).collect()
}

fn engine_failure(error: &EngineError) -> Failure {
    match error {
        EngineError::Ledger { error, .. } | EngineError::NotBegun(error) => journal_failure(error),
        other => Failure::of(Exit::Machine, other),
    }
}

/// Drives `run` on a thread of this process, with a console before it.
///
/// # Errors
///
/// Where the ledger cannot be read or written, or the run cannot be driven on.
pub(crate) fn foreground(
    context: &Context,
    desk: &Desk,
    run: &RunId,
    state: &RunState,
    lock: LoopLock,
    part: Part,
) -> Result<Exit, Failure> {
    let policies = Policies::here(context, &desk.workspace);
    let scene = desk.scene(context, run, state)?;
    let answers = answers(desk, &desk.started(run, state)?)?;
    let rules = policies.rules(scene.state().plan());
    let driving = Arc::new(AtomicBool::new(true));
    let driver = {
        let (context, desk, run, state, driving) =
            (context.clone(), desk.clone(), run.clone(), state.clone(), driving.clone());
        thread::spawn(move || {
            let manner = Manner { signals: Signals::Foreground, before_people: true };
            let result = drive(&context, &desk, (&run, &state), lock, &manner, || {});
            driving.store(false, Ordering::Release);
            result
        })
    };
    let lives = || driving.load(Ordering::Acquire);
    let around = Around { part, foreground: true, lives: &lives, answers: answers.as_ref(), rules: &rules };
    let left = Console::new(context, scene, around).run().map_err(|e| journal_failure(&e))?;
    // A loop that was left while it waits ends with this process: the ledger has all that it needs to be taken up again.
    if matches!(left, Left::Ended(_) | Left::Alone)
        && let Ok(Err(failure)) = driver.join()
    {
        return Err(failure);
    }
    Ok(exit(left))
}

/// What the exit code says of a run that ended.
pub(crate) fn result_exit(result: RunResult) -> Exit {
    exit(Left::Ended(result))
}

/// Sends the program's own log, which is never evidence, to standard error: in a loop's process that is its log file.
pub(crate) fn log_to_standard_error() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("UNGPHO_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false).try_init();
}
