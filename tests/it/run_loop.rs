//! The loop over real ledgers, with real processes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use ungpho::engine::{Plan, run_loop};
use ungpho::ledger::Ledger;
use ungpho::model::record::{Body, RunContinued, RunPaused, RunStopping, StepEnded, StopHow};
use ungpho::model::{
    Actor, Appended, Draft, Durability, Journal, JournalError, Mode, ObjectRef, Objects as _, Outcome, Record, RunId,
    RunResult,
};

use ungpho::probe::SetClock;

use crate::plans::{Place, plan, run, step};

fn drive(place: &Place, plan: Plan) -> (RunResult, RunId, Arc<Ledger>) {
    let ledger = place.ledger();
    let plan = Arc::new(plan);
    let run = place.begin(&ledger, &plan);
    let result = run_loop(place.setup(&ledger, &run, &plan)).expect("the loop works");
    let verification =
        ungpho::ledger::verify(&place.dir(), &ungpho::ledger::Options::default()).expect("it can be read");
    assert!(verification.ok, "{verification:?}");
    (result, run, ledger)
}

fn shell(script: &str) -> Value {
    run(&["sh", "-c", script])
}

fn records_of(place: &Place, run: &RunId) -> Vec<Record> {
    place.ledger().records_of(run, 0).expect("the ledger can be read")
}

fn text(ledger: &Ledger, object: &ObjectRef) -> String {
    ledger.get_text(object).expect("it can be read").expect("it is there")
}

fn ends(records: &[Record]) -> Vec<&StepEnded> {
    records
        .iter()
        .filter_map(|record| match &record.draft.body {
            Body::StepEnded(ended) => Some(ended),
            _ => None,
        })
        .collect()
}

/// `path outcome` of every end, in order.
fn outcomes(records: &[Record]) -> Vec<String> {
    ends(records).iter().map(|ended| format!("{} {}", ended.step, ended.outcome.word())).collect()
}

#[test]
fn steps_run_in_order_and_what_they_print_is_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::new(folder.path());
    let steps = [
        step("first", shell("echo one; echo two >&2"), Value::Null),
        step("second", run(&["true"]), Value::Null),
        step("third", shell("test -e order || touch order"), Value::Null),
    ];
    let (result, run, ledger) = drive(&place, plan(&steps, Value::Null));
    assert_eq!(result, RunResult::Passed);
    let records = records_of(&place, &run);
    assert_eq!(outcomes(&records), ["first done", "second done", "third done"]);
    let first = ends(&records)[0];
    let printed = text(&ledger, first.output.as_ref().expect("it printed"));
    assert!(printed.contains("one") && printed.contains("two"), "{printed}");
    assert_eq!(ends(&records)[1].output, None);
    assert!(!place.dir().join("spool").join(run.as_str()).exists(), "the spool is empty again");
}

#[test]
fn the_end_of_a_step_and_the_start_of_the_next_are_one_append() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::new(folder.path());
    let steps: Vec<Value> = (0..4).map(|n| step(&format!("s{n}"), run(&["true"]), Value::Null)).collect();
    let (_, run, _) = drive(&place, plan(&steps, Value::Null));
    let records = records_of(&place, &run);
    for pair in records.windows(2) {
        if let (Body::StepEnded(_), Body::StepStarted(_)) = (&pair[0].draft.body, &pair[1].draft.body) {
            assert_eq!(pair[0].written, pair[1].written, "stamped as one batch");
        }
    }
    let kinds: Vec<&str> = records.iter().map(|record| record.draft.body.kind()).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == "process-started").count(), 4);
    assert_eq!(kinds[..3], ["run-started", "step-started", "process-started"]);
}

#[test]
fn a_failed_step_stops_the_run_and_a_retry_gives_it_another_attempt() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::new(folder.path());
    let retry = json!({ "retry": { "times": 2, "delay": "0s", "backoff": 1 } });
    let steps = [
        step("again", shell("echo x >> tries; test $(wc -l < tries) -ge 2"), retry),
        step("broken", run(&["no-such-program"]), Value::Null),
        step("never", run(&["true"]), Value::Null),
    ];
    let (result, run, ledger) = drive(&place, plan(&steps, Value::Null));
    assert_eq!(result, RunResult::Failed);
    let records = records_of(&place, &run);
    assert_eq!(outcomes(&records), ["again failed", "again done", "broken failed", "never skipped"]);
    let detail = ends(&records)[2].detail.as_ref().expect("a detail");
    assert!(text(&ledger, detail).contains("no-such-program"));
}

#[test]
fn a_time_limit_fails_the_step() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::new(folder.path());
    let steps = [step("slow", run(&["sleep", "1000"]), json!({ "timeout": "1s" }))];
    let began = Instant::now();
    let (result, run, _) = drive(&place, plan(&steps, Value::Null));
    assert_eq!(result, RunResult::Failed);
    assert!(began.elapsed() < Duration::from_secs(20));
    assert_eq!(outcomes(&records_of(&place, &run)), ["slow failed"]);
}

#[test]
fn parallel_steps_share_their_records() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::new(folder.path());
    let inner: Vec<Value> = (0..64).map(|n| step(&format!("s{n}"), run(&["true"]), Value::Null)).collect();
    let (result, run, _) = drive(&place, plan(&[step("all", json!({ "parallel": inner }), Value::Null)], Value::Null));
    assert_eq!(result, RunResult::Passed);
    let records = records_of(&place, &run);
    assert_eq!(ends(&records).len(), 65);
    let mut batches: Vec<_> = records
        .iter()
        .filter(|record| !matches!(record.draft.body, Body::ProcessStarted(_)))
        .map(|record| record.written.mono_us)
        .collect();
    batches.dedup();
    assert!(batches.len() <= 2 * 64 / 4, "{} batches", batches.len());
}

/// Appends what a console would.
fn say(place: &Place, run: &RunId, body: Body) {
    let lan: Actor = "lan".parse().expect("a person");
    let draft = Draft::console(run, Mode::Technical, lan, body);
    place.ledger().append(&[draft], Durability::Synced).expect("it may follow");
}

/// Waits until `place` has a record for which `holds`.
fn until(place: &Place, run: &RunId, holds: impl Fn(&Body) -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !records_of(place, run).iter().any(|record| holds(&record.draft.body)) {
        assert!(Instant::now() < deadline, "it was never kept: {:?}", outcomes(&records_of(place, run)));
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_pause_lets_what_runs_end_and_starts_nothing_until_the_run_is_continued() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::new(folder.path());
    let steps = [
        step("first", shell("touch running; while ! test -e go; do sleep 0.01; done"), Value::Null),
        step("second", shell("touch second"), Value::Null),
    ];
    let plan = Arc::new(plan(&steps, Value::Null));
    let ledger = place.ledger();
    let run = place.begin(&ledger, &plan);
    let setup = place.setup(&ledger, &run, &plan);
    let driven = std::thread::spawn(move || run_loop(setup));
    until(&place, &run, |body| matches!(body, Body::ProcessStarted(_)));
    say(&place, &run, RunPaused { cause: ungpho::model::record::PauseCause::Asked, because: None }.into());
    std::fs::write(folder.path().join("go"), "").expect("written");
    until(&place, &run, |body| matches!(body, Body::StepEnded(_)));
    assert!(!folder.path().join("second").exists());
    assert!(
        !records_of(&place, &run).iter().any(
            |record| matches!(&record.draft.body, Body::StepStarted(started) if started.step.as_str() == "second")
        )
    );
    say(&place, &run, RunContinued::after(None).into());
    assert_eq!(driven.join().expect("no panic").expect("the loop works"), RunResult::Passed);
    assert!(folder.path().join("second").exists());
}

#[test]
fn stopping_now_ends_what_runs_and_skips_the_rest() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::new(folder.path());
    let steps = [step("long", run(&["sleep", "1000"]), Value::Null), step("after", run(&["true"]), Value::Null)];
    let plan = Arc::new(plan(&steps, Value::Null));
    let ledger = place.ledger();
    let run = place.begin(&ledger, &plan);
    let setup = place.setup(&ledger, &run, &plan);
    let driven = std::thread::spawn(move || run_loop(setup));
    until(&place, &run, |body| matches!(body, Body::ProcessStarted(_)));
    say(&place, &run, RunStopping { how: StopHow::Now, because: None, incident: false }.into());
    assert_eq!(driven.join().expect("no panic").expect("the loop works"), RunResult::Stopped);
    assert_eq!(outcomes(&records_of(&place, &run)), ["after skipped", "long abandoned"]);
}

#[test]
fn answers_come_from_a_file_and_are_kept_as_scripted() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::new(folder.path());
    let manual = json!({ "manual": { "do": "Look", "checks": ["Seen"], "ask": [] } });
    let options = json!([
        { "id": "open", "title": "Open", "goto": null }, { "id": "wait", "title": "Wait", "goto": null }
    ]);
    let decide = json!({ "decide": { "ask": "Open?", "options": options, "default": null } });
    let steps = [step("look", manual, Value::Null), step("reopen", decide, Value::Null)];
    let plan = Arc::new(plan(&steps, json!({ "people": "scripted" })));
    let ledger = place.ledger();
    let run = place.begin(&ledger, &plan);
    let mut setup = place.setup(&ledger, &run, &plan);
    let text = "format: 1\nanswers:\n  look: { answer: done, by: lan, note: Seen it }\n  reopen: open\n";
    setup.answers = Some(ungpho::engine::answers::Answers::read("answers.yaml", text).expect("valid"));
    assert_eq!(run_loop(setup).expect("the loop works"), RunResult::Passed);
    let records = records_of(&place, &run);
    let said: Vec<(&str, &str)> = records
        .iter()
        .filter(|record| record.draft.actor != Actor::engine())
        .map(|record| (record.draft.actor.as_str(), record.draft.body.kind()))
        .collect();
    assert_eq!(said, [("lan", "noted"), ("lan", "answered"), ("script", "decided")]);
}

#[test]
fn a_watch_dates_an_outage_by_its_first_failed_sample_and_keeps_every_sample() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::new(folder.path());
    let there = folder.path().join("service");
    std::fs::write(&there, "").expect("written");
    let file = json!({
        "path": there, "exists": true, "contains": null, "newer_than": null, "digest": null,
    });
    let watches = json!([{ "id": "service", "probe": { "file": file }, "every": "1s", "confirm": 2 }]);
    let steps = [
        step("up", shell("sleep 2.5; rm service"), Value::Null),
        step("down", shell("sleep 3; touch service; sleep 1.2"), Value::Null),
    ];
    let (_, run, ledger) = drive(&place, plan(&steps, json!({ "watches": watches })));
    let records = records_of(&place, &run);
    let changes: Vec<_> = records
        .iter()
        .filter_map(|record| match &record.draft.body {
            Body::WatchChanged(changed) => Some((format!("{:?}", changed.state), record.occurred())),
            _ => None,
        })
        .collect();
    let states: Vec<&str> = changes.iter().map(|(state, _)| state.as_str()).collect();
    // The end of the run waits for the watch to be sure that the service is back.
    assert_eq!(states, ["Up", "Down", "Up"]);
    let outage = changes[2].1.microseconds_since(&changes[1].1);
    assert!((2_500_000..4_500_000).contains(&outage), "{outage}");
    let sampled = records
        .iter()
        .find_map(|record| match &record.draft.body {
            Body::WatchSampled(sampled) => Some(sampled),
            _ => None,
        })
        .expect("samples are kept at the end");
    assert!(sampled.up >= 2 && sampled.down >= 2 && sampled.unobserved == 0, "{sampled:?}");
    assert!(text(&ledger, &sampled.object).lines().count() >= 6);
    assert_eq!(records.last().map(|record| record.draft.body.kind().to_owned()).as_deref(), Some("run-ended"));
}

#[test]
fn a_run_taken_up_again_waits_for_its_orphan_and_repeats_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::new(folder.path());
    let steps = [
        step(
            "once",
            shell("echo x >> once; while ! test -e go; do sleep 0.01; done; echo ended"),
            json!({ "on_failure": "continue" }),
        ),
        step("after", shell("test -e go && echo y >> after"), Value::Null),
    ];
    let plan = Arc::new(plan(&steps, Value::Null));
    let ledger = place.ledger();
    let run = place.begin(&ledger, &plan);
    // A loop that died: what it had kept, and its process.
    let started = ungpho::model::record::StepStarted {
        step: "once".parse().expect("a path"),
        attempt: 1,
        rounds: None,
        because: None,
    };
    let machine = |body: Body| Draft::machine(&run, Mode::Technical, body);
    ledger.append(&[machine(started.into())], Durability::Synced).expect("kept");
    let spool = ledger.spool().join(run.as_str());
    std::fs::create_dir_all(&spool).expect("made");
    let out = std::fs::File::create(spool.join("1.out")).expect("made");
    let mut command = std::process::Command::new("sh");
    command.args(["-c", "echo x >> once; while ! test -e go; do sleep 0.01; done; echo ended"]);
    command.current_dir(folder.path()).stdout(out);
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn().expect("it runs");
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", child.id())).expect("it lives");
    let ticks = stat.rsplit(')').next().and_then(|rest| rest.split(' ').nth(20)).expect("field 22");
    let process = ungpho::model::record::ProcessStarted {
        step: "once".parse().expect("a path"),
        attempt: 1,
        pid: child.id(),
        start_ticks: ticks.parse().expect("a number"),
        slot: 1,
    };
    ledger.append(&[machine(process.into())], Durability::Synced).expect("kept");
    // Reaped as init would.
    let reaper = std::thread::spawn(move || child.wait());

    let setup = place.setup(&ledger, &run, &plan);
    let driven = std::thread::spawn(move || run_loop(setup));
    until(&place, &run, |body| matches!(body, Body::RunContinued(_)));
    assert!(ends(&records_of(&place, &run)).is_empty(), "the orphan is waited for");
    std::fs::write(folder.path().join("go"), "").expect("written");
    assert_eq!(driven.join().expect("no panic").expect("the loop works"), RunResult::Failed);
    reaper.join().expect("no panic").expect("reaped");
    let records = records_of(&place, &run);
    assert_eq!(outcomes(&records), ["once unknown", "after done"]);
    assert_eq!(std::fs::read_to_string(folder.path().join("once")).expect("there"), "x\n");
    let note = records
        .iter()
        .find_map(|record| match &record.draft.body {
            Body::Noted(noted) => Some(text(&ledger, &noted.text)),
            _ => None,
        })
        .expect("what it printed is kept");
    assert_eq!(note, "ended\n");
    assert_eq!(ends(&records)[0].outcome, Outcome::Unknown);
}

#[test]
fn a_secret_that_a_server_gives_back_is_in_no_sample() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::new(folder.path());
    let server = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/", server.local_addr().expect("an address"));
    // Sends whoever asks to an address that holds what was asked with.
    std::thread::spawn(move || {
        use std::io::{BufRead as _, Write as _};
        for mut asked in server.incoming().map_while(Result::ok) {
            let lines = std::io::BufReader::new(asked.try_clone().expect("a handle")).lines().map_while(Result::ok);
            let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
            let token = head.iter().find_map(|line| line.strip_prefix("x-token: ")).unwrap_or("none");
            let _ = write!(asked, "HTTP/1.1 302 Found\r\nlocation: /?token={token}\r\ncontent-length: 0\r\n\r\n");
        }
    });
    let headers = json!({ "x-token": "{{ secret.token }}" });
    let http =
        json!({ "url": url, "method": null, "status": null, "headers": headers, "contains": null, "timeout": null });
    let watches = json!([{ "id": "service", "probe": { "http": http }, "every": "1s", "confirm": 1 }]);
    let plan = Arc::new(plan(&[step("look", shell("sleep 0.5"), Value::Null)], json!({ "watches": watches })));
    let ledger = place.ledger();
    let run = place.begin(&ledger, &plan);
    let mut setup = place.setup(&ledger, &run, &plan);
    setup.secrets = [("token".to_owned(), "hunter2hunter2".to_owned())].into();
    run_loop(setup).expect("the loop works");
    let sampled = records_of(&place, &run).into_iter().find_map(|record| match record.draft.body {
        Body::WatchSampled(sampled) => Some(text(&ledger, &sampled.object)),
        _ => None,
    });
    let sampled = sampled.expect("samples are kept at the end");
    assert!(sampled.contains("token=***") && !sampled.contains("hunter2"), "{sampled}");
}

#[test]
fn what_an_orphan_printed_is_kept_also_where_it_is_gone() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::new(folder.path());
    let plan = Arc::new(plan(&[step("once", run(&["true"]), json!({ "on_failure": "continue" }))], Value::Null));
    let ledger = place.ledger();
    let run = place.begin(&ledger, &plan);
    let machine = |body: Body| Draft::machine(&run, Mode::Technical, body);
    let path = || "once".parse().expect("a path");
    let started = ungpho::model::record::StepStarted { step: path(), attempt: 1, rounds: None, because: None };
    // This very process has the number by now: it was begun at another time.
    let pid = std::process::id();
    let process = ungpho::model::record::ProcessStarted { step: path(), attempt: 1, pid, start_ticks: 1, slot: 3 };
    ledger.append(&[machine(started.into()), machine(process.into())], Durability::Synced).expect("kept");
    let spool = ledger.spool().join(run.as_str());
    std::fs::create_dir_all(&spool).expect("made");
    std::fs::write(spool.join("3.out"), "printed\n").expect("written");
    std::fs::write(spool.join("4.out"), "of a process that the ledger does not name\n").expect("written");
    run_loop(place.setup(&ledger, &run, &plan)).expect("the loop works");
    let records = records_of(&place, &run);
    assert_eq!(outcomes(&records), ["once unknown"]);
    let noted: Vec<String> = records
        .iter()
        .filter_map(|record| match &record.draft.body {
            Body::Noted(noted) => Some(format!("{:?} {}", noted.step, text(&ledger, &noted.text))),
            _ => None,
        })
        .collect();
    assert_eq!(noted, ["Some(\"once\") printed\n"]);
    assert!(!spool.exists(), "the spool is empty again");
}

/// A ledger whose disk is full for a while: these of its appends find no room.
struct FullDisk {
    ledger: Arc<Ledger>,
    appends: AtomicUsize,
    full: std::ops::Range<usize>,
}

impl Journal for FullDisk {
    fn append(&self, drafts: &[Draft], durability: Durability) -> Result<Appended, JournalError> {
        // What is small enough for the room that the ledger holds back is kept.
        let pause = drafts.iter().all(|draft| matches!(draft.body, Body::RunPaused(_)));
        if !pause && self.full.contains(&self.appends.fetch_add(1, Ordering::SeqCst)) {
            return Err(JournalError::Full(std::io::ErrorKind::StorageFull.into()));
        }
        self.ledger.append(drafts, durability)
    }
    fn records_of(&self, run: &RunId, from: u64) -> Result<Vec<Record>, JournalError> {
        self.ledger.records_of(run, from)
    }
    fn settled_records_of(&self, run: &RunId, from: u64) -> Result<Vec<Record>, JournalError> {
        self.ledger.settled_records_of(run, from)
    }
    fn size(&self) -> Result<u64, JournalError> {
        self.ledger.size()
    }
    fn wait_past(&self, size: u64, timeout: Duration) -> Result<bool, JournalError> {
        self.ledger.wait_past(size, timeout)
    }
    fn checkpoint(&self) -> Result<bool, JournalError> {
        self.ledger.checkpoint()
    }
}

#[test]
fn a_full_disk_pauses_the_run_until_there_is_room_and_nothing_is_lost() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::new(folder.path());
    let steps: Vec<Value> = (0..3).map(|n| step(&format!("s{n}"), shell("echo x >> written"), Value::Null)).collect();
    let plan = Arc::new(plan(&steps, Value::Null));
    let ledger = place.ledger();
    let run = place.begin(&ledger, &plan);
    let mut setup = place.setup(&ledger, &run, &plan);
    // The start, its process, and then nothing for three appends.
    setup.journal = Arc::new(FullDisk { ledger: Arc::clone(&ledger), appends: AtomicUsize::new(0), full: 2..5 });
    let told = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&told);
    setup.tell = Box::new(move |_| {
        counted.fetch_add(1, Ordering::SeqCst);
    });
    assert_eq!(run_loop(setup).expect("the loop works"), RunResult::Passed);
    let records = records_of(&place, &run);
    assert_eq!(outcomes(&records), ["s0 done", "s1 done", "s2 done"]);
    assert_eq!(std::fs::read_to_string(folder.path().join("written")).expect("there"), "x\nx\nx\n");
    let stages: Vec<&str> =
        records.iter().map(|record| record.draft.body.kind()).filter(|kind| kind.starts_with("run-")).collect();
    assert_eq!(stages, ["run-started", "run-paused", "run-continued", "run-ended"]);
    assert_eq!(told.load(Ordering::SeqCst), 2, "that it is full, and that there is room again");
}

#[test]
fn a_clock_that_is_set_back_by_an_hour_moves_no_limit_no_retry_and_no_measured_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = Arc::new(SetClock::running("2026-11-23T08:00:00+07:00".parse().expect("a time")));
    let place = Place { clock: clock.clone(), ..Place::new(folder.path()) };
    let again = json!({ "timeout": "50s", "retry": { "times": 2, "delay": "1s", "backoff": 1 } });
    let steps = [
        step("slow", shell("touch began; while ! test -e set-back; do sleep 0.05; done"), json!({ "timeout": "50s" })),
        step("late", run(&["sleep", "1000"]), json!({ "timeout": "1s", "on_failure": "continue" })),
        step("again", shell("echo x >> tries; test $(wc -l < tries) -ge 2"), again),
    ];
    let edges = json!({ "title": null, "from": { "begin": "slow" }, "to": { "end": "again" }, "limit_s": 3000 });
    let setting = {
        let (clock, folder) = (clock.clone(), folder.path().to_owned());
        std::thread::spawn(move || {
            let deadline = Instant::now() + Duration::from_mins(1);
            while !folder.join("began").exists() {
                assert!(Instant::now() < deadline, "the step does not begin");
                std::thread::sleep(Duration::from_millis(10));
            }
            clock.step(-3600);
            std::fs::write(folder.join("set-back"), "").expect("a file");
        })
    };
    let began = Instant::now();
    let (result, run, _) = drive(&place, plan(&steps, json!({ "clocks": { "rto": edges } })));
    setting.join().expect("the clock was set");
    assert_eq!(result, RunResult::Failed, "the step that ran into its limit");
    assert!(began.elapsed() < Duration::from_secs(50), "an hour was not waited for");
    let records = records_of(&place, &run);
    assert_eq!(outcomes(&records), ["slow done", "late failed", "again failed", "again done"]);
    let stopped = records.iter().find_map(|record| match &record.draft.body {
        Body::ClockStopped(stopped) => Some(stopped.seconds),
        _ => None,
    });
    assert!(stopped.flatten().is_some_and(|seconds| (1..50).contains(&seconds)), "{stopped:?}");
    let verification =
        ungpho::ledger::verify(&place.dir(), &ungpho::ledger::Options::default()).expect("it can be read");
    let codes: Vec<&str> = verification.findings.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["clock-stepped"]);
}
