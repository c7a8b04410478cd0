//! A made-up run through every part of the report.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::*;
use crate::engine::Plan;
use crate::engine::plan::Action;
use crate::model::record::{Envelope, WatchState};
use crate::model::{Digest, JournalError, Lang, Moment, ObjectRef, Objects, Record, RunResult, Stamp};

/// Objects in memory.
#[derive(Default)]
struct Memory(Mutex<HashMap<Digest, Vec<u8>>>);

impl Objects for Memory {
    fn put(&self, bytes: &[u8]) -> Result<ObjectRef, JournalError> {
        let object = Digest::of(bytes);
        self.0.lock().unwrap().insert(object, bytes.to_vec());
        Ok(ObjectRef { object, size: bytes.len() as u64 })
    }

    fn put_text(&self, text: &str) -> Result<ObjectRef, JournalError> {
        self.put(format!("ungpho-text/1 00112233445566778899aabbccddeeff\n{text}").as_bytes())
    }

    fn put_file(&self, path: &Path) -> Result<ObjectRef, JournalError> {
        self.put(&std::fs::read(path).unwrap())
    }

    fn put_text_file(&self, path: &Path) -> Result<ObjectRef, JournalError> {
        self.put_text(&std::fs::read_to_string(path).unwrap())
    }

    fn get(&self, object: &ObjectRef) -> Result<Option<Vec<u8>>, JournalError> {
        Ok(self.0.lock().unwrap().get(&object.object).cloned())
    }
}

/// The records of a run, written as they stand in a log.
pub(super) struct Log {
    objects: Memory,
    lines: Vec<Record>,
}

const BEGAN: &str = "2026-10-26T14:33:20+07:00";

impl Log {
    fn new() -> Self {
        Self { objects: Memory::default(), lines: Vec::new() }
    }

    fn text(&self, text: &str) -> Value {
        json!(self.objects.put_text(text).unwrap())
    }

    /// A record `at` seconds after the beginning, by `actor`.
    fn add(&mut self, at: f64, actor: &str, kind: &str, body: Value) {
        self.add_occurred(at, None, actor, "machine", kind, body);
    }

    #[expect(clippy::needless_pass_by_value, reason = "reads better at the call")]
    fn add_occurred(&mut self, at: f64, occurred: Option<f64>, actor: &str, basis: &str, kind: &str, body: Value) {
        let seq = self.lines.len() as u64 + 1;
        let line = json!({
            "v": 1, "seq": seq, "at": stamp(at), "mono_us": 1_000_000_000 + micros(at), "boot": "b1",
            "run": "DT-2026-004", "mode": "technical", "actor": actor, "by": null,
            "occurred": occurred.map(stamp), "basis": basis, "type": kind, "body": body,
        })
        .to_string();
        assert!(Envelope::from_line(line.as_bytes()).is_ok());
        self.lines.push(Record::from_line(line.as_bytes()).unwrap());
    }

    fn step(&mut self, from: f64, to: f64, step: &str, body: Value) {
        self.add(from, "engine", "step-started", json!({ "step": step, "attempt": 1 }));
        self.end(to, step, 1, body);
    }

    #[expect(clippy::needless_pass_by_value, reason = "reads better at the call")]
    fn end(&mut self, to: f64, step: &str, attempt: u32, body: Value) {
        let mut ended = json!({ "step": step, "attempt": attempt, "outcome": "done", "output": null, "captures": {} });
        for (key, value) in body.as_object().unwrap() {
            ended[key] = value.clone();
        }
        self.add(to, "engine", "step-ended", ended);
    }
}

#[expect(clippy::cast_possible_truncation, reason = "seconds of a test")]
fn micros(at: f64) -> i64 {
    (at * 1e6) as i64
}

fn stamp(at: f64) -> Stamp {
    let began: Stamp = BEGAN.parse().unwrap();
    let later = std::time::Duration::from_micros(micros(at).unsigned_abs());
    Stamp::new(began.instant.checked_add(later).unwrap(), began.offset)
}

fn plan() -> Plan {
    let text = |vi: &str, en: &str| json!({ "vi": vi, "en": en });
    let step = |id: &str, title: Value, action: Value, more: Value| {
        let mut step = json!({
            "id": id, "action": action, "title": title, "role": null, "phase": null, "when": null, "timeout": null,
            "retry": null, "on_failure": "stop", "undo": null, "capture": [], "repeatable": false,
            "evidence_required": false, "marks": null, "needs": [],
        });
        for (key, value) in more.as_object().unwrap() {
            step[key] = value.clone();
        }
        step
    };
    let run = |argv: &[&str], effect: &str| {
        json!({ "run": {
            "operation": ["one-stop", "stop"], "ssh": null,
            "command": { "program": { "argv": argv }, "effect": effect, "host": null, "env": {}, "stdin": null, "cwd": null },
        }})
    };
    let manual = |vi: &str, en: &str| {
        json!({ "manual": {
            "do": text(vi, en),
            "checks": [text("Đã chụp màn hình", "A screenshot has been taken")],
            "ask": [{ "id": "seen_on", "title": text("Máy có dấu hiệu", "Machine"), "kind": "string" }],
        }})
    };
    let decide = json!({ "decide": {
        "ask": text("Mở lại không?", "Reopen?"),
        "options": [
            { "id": "open", "title": text("Mở lại", "Reopen"), "goto": null },
            { "id": "hold", "title": text("Chưa mở", "Not yet"), "goto": null },
        ],
        "default": "hold",
    }});
    let operator = json!({ "role": "operator", "phase": "receive" });
    let recover = json!({ "role": "operator", "phase": "recover" });
    let contain = json!({ "role": "operator", "phase": "contain" });
    let plan = json!({
        "plan_format": 1, "playbook": "ransomware-one-stop", "version": 2,
        "title": text("Mã độc mã hóa dữ liệu trên Hệ thống thông tin giải quyết thủ tục hành chính tỉnh", "Ransomware on the one-stop system"),
        "family": "A", "scenario": "ransomware", "attack": ["T1486"], "tasks": [],
        "keep_running": text("Tiếp nhận hồ sơ giấy.", "Applications are taken on paper."),
        "kind": "drill", "mode": "technical", "lab": true, "people": "console", "exercise": null, "language": "vi",
        "inputs": {},
        "systems": { "one-stop": {
            "id": "one-stop", "name": text("Hệ thống thông tin giải quyết thủ tục hành chính tỉnh", "One-stop system"),
            "environment": "lab", "depends_on": [], "endpoints": {}, "hosts": [], "operations": {},
            "objectives": { "rto": "4h", "rpo": "1d" }, "backups": [], "restore": null, "rest": {},
        }},
        "roles": { "operator": { "title": text("Cán bộ vận hành", "Operator") }, "commander": { "title": text("Chỉ huy ứng phó", "Commander") } },
        "objectives": [
            { "id": "restored", "title": text("Khôi phục dịch vụ trong thời gian đặt ra", "Restored in time"), "measure": "clocks.rto.seconds <= 14400" },
            { "id": "told", "title": text("Đã soạn thông báo", "Notices prepared"), "measure": "steps.notice.outcome == 'done'" },
        ],
        "watches": [{ "id": "citizens", "probe": { "http": { "url": "http://127.0.0.1:8081/health", "method": null, "status": 200, "contains": null, "timeout": null } }, "every": "1s", "confirm": 3 }],
        "clocks": {
            "rto": { "title": text("Thời gian khôi phục (RTO)", "Time to restore (RTO)"), "from": "outage", "to": { "end": "back" }, "limit_s": 14400 },
            "detect": { "title": text("Thời gian phát hiện", "Time to detect"), "from": { "end": "fault" }, "to": { "mark": "detected" }, "limit_s": 20 },
        },
        "steps": [
            step("before", text("Ghi số hồ sơ trước khi tạo lỗi", "Count before"), run(&["records"], "observe"), json!({ "role": "operator" })),
            step("fault", text("Tạo lỗi: mã hóa dữ liệu của hệ thống", "Encrypt the data"), json!({ "fault": { "on": "one-stop", "kind": "encrypt", "with": {} } }), json!({})),
            step("confirm", text("Xác minh sự cố", "Confirm"), manual("Xem thư mục dữ liệu.", "Look."), operator),
            step("isolate", text("Khoanh vùng, cô lập và giữ dấu vết", "Isolate"), json!({ "parallel": [
                step("stop", text("Dừng dịch vụ một cửa", "Stop"), run(&["systemctl", "stop", "one stop"], "destructive"), contain.clone()),
                step("traces", text("Sao giữ nguyên trạng dữ liệu, nhật ký làm chứng cứ", "Keep traces"), run(&["snapshot"], "observe"), contain.clone()),
            ]}), json!({ "phase": "contain" })),
            step("data_notice", text("Soạn thông báo vi phạm dữ liệu cá nhân", "Data notice"), json!({ "notify": { "notice": "personal-data-notice" } }), contain),
            step("pick", text("Chọn bản sao lưu toàn vẹn gần nhất", "Pick"), json!({ "backup": { "newest_good": "one-stop" } }), recover.clone()),
            step("restore", text("Khôi phục dữ liệu từ bản sao lưu đã chọn", "Restore"), json!({ "restore": { "from": "{{ steps.pick.path }}", "to": { "system": "one-stop" } } }), recover.clone()),
            step("back", text("Chờ dịch vụ trả lời ổn định", "Wait"), json!({ "wait": { "probe": { "http": { "url": "http://127.0.0.1:8081/health", "method": null, "status": 200, "contains": null, "timeout": null } }, "every": "2s", "confirm": 3 } }), recover.clone()),
            step("after", text("Đếm số hồ sơ sau khi khôi phục", "Count after"), run(&["records"], "observe"), recover.clone()),
            step("reopen", text("Quyết định mở lại dịch vụ cho người dân, doanh nghiệp", "Reopen?"), decide, json!({ "role": "commander", "phase": "recover" })),
            step("notice", text("Soạn báo cáo sự cố", "Incident report"), json!({ "notify": { "notice": "incident-report" } }), json!({ "phase": "review" })),
        ],
    });
    Plan::from_json(plan.to_string().as_bytes()).unwrap()
}

/// A drill with an outage, a gap, a rejected copy, a skipped step and hostile words.
pub(super) fn drill() -> Log {
    let mut log = Log::new();
    let plan = log.objects.put(&plan().to_json()).unwrap();
    log.add(0.0, "lan", "run-started", json!({ "kind": "drill", "playbook": "ransomware-one-stop", "plan": plan, "sources": [], "exercise": null, "test_clock": false, "people": "console", "lab": true }));
    log.add(0.1, "lan", "joined", json!({ "role": "operator" }));
    log.add(0.2, "binh", "joined", json!({ "role": "commander" }));
    log.add(1.0, "engine", "watch-changed", json!({ "watch": "citizens", "state": "up", "occurred_mono_us": null }));
    let count = |log: &Log, n: &str| json!({ "records": log.text(&format!("\"{n}\"")) });
    let captures = count(&log, "2184");
    let output = log.text("records=2184\nnewest=2026-11-22\n");
    log.step(1.2, 1.6, "before", json!({ "captures": captures, "output": output, "exit": 0 }));
    log.step(2.0, 3.1, "fault", json!({}));
    log.add(3.2, "engine", "step-started", json!({ "step": "confirm", "attempt": 1 }));
    log.add(3.3, "engine", "asked", json!({ "question": "q1", "step": "confirm", "attempt": 1, "what": "manual" }));
    log.add_occurred(
        6.0,
        Some(3.4),
        "engine",
        "machine",
        "watch-changed",
        json!({ "watch": "citizens", "state": "down", "occurred_mono_us": 1_003_400_000 }),
    );
    log.add(6.1, "engine", "clock-started", json!({ "clock": "rto", "limit_s": 14400 }));
    let (name, file) = (log.text("màn hình <script>alert(1)</script>.png"), log.objects.put(b"png").unwrap());
    log.add(20.0, "lan", "attached", json!({ "file": file, "name": name, "step": "confirm" }));
    let (note, seen) =
        (log.text("Thấy tệp .locked\n<img src=x onerror=alert(1)> & \"đòi tiền\""), log.text("\"app-01\""));
    log.add_occurred(22.0, Some(21.0), "lan", "told", "noted", json!({ "text": note, "step": "confirm" }));
    log.add_occurred(30.0, None, "lan", "console", "answered", json!({ "question": "q1", "outcome": "done", "checks": [true], "answers": { "seen_on": seen }, "because": null }));
    log.add(30.2, "engine", "marked", json!({ "mark": "detected", "step": "confirm" }));
    log.end(30.2, "confirm", 1, json!({ "confirmed": true }));
    log.add(30.4, "engine", "step-started", json!({ "step": "isolate", "attempt": 1 }));
    for (at, step) in [(30.5, "isolate/stop"), (30.6, "isolate/traces")] {
        log.add(at, "engine", "step-started", json!({ "step": step, "attempt": 1 }));
    }
    log.end(33.0, "isolate/stop", 1, json!({ "exit": 0 }));
    log.end(41.0, "isolate/traces", 1, json!({ "exit": 0 }));
    log.add(41.0, "engine", "marked", json!({ "mark": "contained", "step": "isolate" }));
    log.end(41.1, "isolate", 1, json!({}));
    log.end(41.2, "data_notice", 0, json!({ "outcome": "skipped", "why": "when" }));
    log.add(47.0, "engine", "run-continued", json!({ "gap": 5 }));
    let rejected = json!([{ "path": "/srv/backup/one-stop-3", "why": "differs", "sealed_at": "2026-11-22T01:00:00.000000+07:00", "count": 2, "findings": [
        { "kind": "truncated", "path": "one-stop.db" }, { "kind": "new", "path": "README_<b>.txt" } ] }]);
    let captures = json!({
        "path": log.text("\"/srv/backup/one-stop-2\""), "sealed_at": log.text("\"2026-11-21T01:00:00.000000+07:00\""),
        "rejected": log.text(&rejected.to_string()),
    });
    log.step(47.2, 50.0, "pick", json!({ "captures": captures }));
    log.step(50.1, 54.0, "restore", json!({}));
    log.step(54.1, 62.0, "back", json!({}));
    log.add_occurred(
        62.5,
        Some(58.0),
        "engine",
        "machine",
        "watch-changed",
        json!({ "watch": "citizens", "state": "up", "occurred_mono_us": 1_058_000_000 }),
    );
    log.add(62.6, "engine", "clock-stopped", json!({ "clock": "rto", "seconds": 54 }));
    log.add(62.7, "engine", "marked", json!({ "mark": "restored", "step": "back" }));
    let captures = count(&log, "2172");
    log.step(63.0, 63.3, "after", json!({ "captures": captures, "exit": 0 }));
    log.add(63.4, "engine", "step-started", json!({ "step": "reopen", "attempt": 1 }));
    log.add(63.5, "engine", "asked", json!({ "question": "q2", "step": "reopen", "attempt": 1, "what": "decide" }));
    let because = log.text("dữ liệu đã đối chiếu");
    log.add_occurred(
        80.0,
        None,
        "binh",
        "console",
        "decided",
        json!({ "question": "q2", "choice": "open", "because": because }),
    );
    log.end(80.1, "reopen", 1, json!({}));
    log.add(80.4, "engine", "step-started", json!({ "step": "notice", "attempt": 1 }));
    let words = log.text("DIỄN TẬP\nBÁO CÁO SỰ CỐ");
    log.add(80.5, "engine", "notice-prepared", json!({ "notice": "incident-report", "step": "notice", "text": words }));
    log.end(80.6, "notice", 1, json!({}));
    log.add(81.0, "engine", "objective-measured", json!({ "objective": "restored", "met": true }));
    log.add(81.0, "engine", "objective-measured", json!({ "objective": "told", "met": true }));
    log.add(82.0, "engine", "run-ended", json!({ "result": "passed" }));
    log
}

fn standing(ok: Option<bool>) -> Standing {
    Standing {
        ok,
        origin: "ungpho/quang-ngai/1a2b3c4d".to_owned(),
        size: 61,
        root: "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=".to_owned(),
        signed: 61,
        held: if ok == Some(false) { 7 } else { 61 },
        inventory_noted: None,
        findings: Vec::new(),
    }
}

pub(super) fn report_of(log: &Log, ok: Option<bool>) -> Report {
    report_by(plan(), log, ok)
}
fn report_by(plan: Plan, log: &Log, ok: Option<bool>) -> Report {
    let now = Moment { at: stamp(90.0), mono_us: 1_090_000_000, boot: "b1".to_owned() };
    let names = BTreeMap::from([("lan".parse().unwrap(), "Nguyễn Thị Lan".to_owned())]);
    run(&Facts {
        rules: &Rules::default(),
        parts: &[Part { plan: Arc::new(plan), from: 0 }],
        records: &log.lines,
        objects: &log.objects,
        standing: &standing(ok),
        now: &now,
        newest: None,
        unit: Some("Sở Khoa học và Công nghệ tỉnh Quảng Ngãi"),
        names: &names,
        signed: &[],
        keys: &BTreeMap::new(),
    })
    .expect("a plan led it")
}

#[test]
fn the_count_of_one_system_says_nothing_of_another() {
    let mut plan = plan();
    let before = plan.steps.iter_mut().find(|step| step.id.as_str() == "before").unwrap();
    let Action::Run(run) = &mut before.action else { unreachable!("it is a command") };
    run.operation = Some(("portal".parse().unwrap(), "records".parse().unwrap()));
    let report = report_by(plan, &drill(), Some(true));
    assert_eq!((report.summary.records_restored, report.summary.records_lost), (Some(2172), None));
}

fn codes(report: &Report) -> Vec<&str> {
    report.exceptions.iter().map(|exception| exception.code).collect()
}

#[test]
fn what_happened_is_what_the_report_says() {
    let report = report_of(&drill(), Some(true));
    assert_eq!(report.run.result, Some(RunResult::Passed));
    assert_eq!(report.run.seconds, 82);
    let outage = report.outage.as_ref().unwrap();
    assert_eq!((outage.seconds, outage.records.len()), (54, 2));
    assert_eq!((report.summary.records_restored, report.summary.records_lost), (Some(2172), Some(12)));
    let summary = &report.summary;
    assert_eq!((summary.done, summary.skipped, summary.failed), (11, 1, 0));
    let clocks: Vec<_> = report.clocks.iter().map(|clock| (clock.id.as_str(), clock.seconds, clock.state)).collect();
    assert_eq!(clocks, [("rto", Some(58), ClockState::Within), ("detect", Some(27), ClockState::Over)]);
    let fates: Vec<_> = report.backups.iter().map(|row| (row.fate, row.path.as_deref())).collect();
    assert_eq!(
        fates,
        [(BackupFate::Rejected, Some("/srv/backup/one-stop-3")), (BackupFate::Chosen, Some("/srv/backup/one-stop-2"))]
    );
    let restore = report.steps.iter().find(|step| step.path.as_str() == "restore").unwrap();
    assert_eq!(restore.command.as_deref(), Some("restore /srv/backup/one-stop-2 -> one-stop"));
    assert_eq!(report.people[1].name.as_deref(), Some("Nguyễn Thị Lan"));
    assert_eq!(report.questions[1].answer.as_ref().unwrap().pick(Lang::Vi), "Mở lại");
    assert_eq!(codes(&report), ["clock", "unobserved", "gap", "late"], "a `when` that does not hold is foreseen");
}

#[test]
fn a_step_that_a_person_passed_over_is_an_exception() {
    let mut log = drill();
    for line in &mut log.lines {
        if let crate::model::Body::StepEnded(ended) = &mut line.draft.body
            && ended.step.as_str() == "data_notice"
        {
            ended.why = Some(crate::model::record::Why::Person);
        }
    }
    assert!(codes(&report_of(&log, Some(true))).contains(&"skipped"));
}

#[test]
fn a_step_that_is_done_with_an_item_left_open_is_an_exception() {
    let mut log = drill();
    assert!(!codes(&report_of(&log, Some(true))).contains(&"unticked"));
    for line in &mut log.lines {
        if let crate::model::Body::Answered(answer) = &mut line.draft.body {
            answer.checks = vec![false];
        }
    }
    assert!(codes(&report_of(&log, Some(true))).contains(&"unticked"));
}

#[test]
fn a_clock_that_hangs_on_a_moment_nobody_confirmed_is_not_a_time_of_people() {
    let clocks = |report: &Report| -> Vec<bool> { report.clocks.iter().map(|clock| clock.unconfirmed).collect() };
    let mut log = drill();
    assert_eq!(clocks(&report_of(&log, Some(true))), [false, false]);
    for line in &mut log.lines {
        if let crate::model::Body::StepEnded(ended) = &mut line.draft.body {
            ended.confirmed = ended.confirmed.map(|_| false);
        }
    }
    let report = report_of(&log, Some(true));
    assert_eq!(clocks(&report), [false, true], "the mark of detection was made by no person");
    assert!(codes(&report).contains(&"clock-unconfirmed"));
    assert!(format::html(&report, Lang::En).contains("nobody confirmed the moment"));
    assert!(format::markdown(&report, Lang::Vi).contains("mốc chưa có người xác nhận"));
}

#[test]
fn a_time_in_which_nobody_looked_is_never_counted_as_up() {
    let watch = &report_of(&drill(), Some(true)).watches[0];
    let sum = |state| -> i64 {
        let spans = watch.spans.iter().filter(|span| span.state == state);
        spans.map(|span| span.to.microseconds_since(&span.from)).sum()
    };
    assert_eq!(sum(WatchState::Unobserved), 6_000_000, "the second before the first look, and the gap of five");
    assert_eq!((watch.up, watch.down, watch.unobserved), (26, 49, 6));
    assert!(watch.spans.windows(2).all(|pair| pair[0].to == pair[1].from));
}

#[test]
fn words_of_others_cannot_become_markup() {
    let report = report_of(&drill(), Some(true));
    for lang in [Lang::Vi, Lang::En] {
        let page = format::html(&report, lang);
        assert!(!page.contains("<script") && !page.contains("<img"), "markup got in");
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;.png"));
        assert!(page.contains("README_&lt;b&gt;.txt"));
        let text = format::markdown(&report, lang);
        assert!(!text.contains("<script") && !text.contains("<img"), "markup got in");
    }
}

#[test]
fn the_page_fetches_nothing_and_runs_nothing() {
    let page = format::html(&report_of(&drill(), Some(true)), Lang::Vi);
    for foreign in ["<script", "<link", "<iframe", " src=\"", " href=", "@import", "url(http", "javascript:"] {
        assert!(!page.contains(foreign), "{foreign}");
    }
    assert!(page.contains("default-src 'none'"));
    assert!(!page.contains("report-"), "a text has no words");
}

#[test]
fn every_format_shows_the_same_figures() {
    let report = report_of(&drill(), Some(true));
    let page = format::html(&report, Lang::Vi);
    let text = format::markdown(&report, Lang::Vi);
    let json: Value = serde_json::from_str(&format::json(&report)).unwrap();
    assert_eq!(json["version"], 1);
    assert_eq!(json["outage"]["seconds"], 54);
    assert_eq!(json["summary"]["records_lost"], 12);
    for figure in ["54 giây", "58 giây", "27 giây", "2.172", "mất 12", "34,66%", "DIỄN TẬP – KHÔNG PHẢI SỰ CỐ THẬT"]
    {
        assert!(page.contains(figure), "not in the page: {figure}");
        assert!(text.contains(figure), "not in the Markdown: {figure}");
    }
}

#[test]
fn whether_the_ledger_holds_is_said_first_and_on_every_page() {
    let page = format::html(&report_of(&drill(), Some(true)), Lang::Vi);
    assert!(page.find("đối chiếu đạt").unwrap() < page.find("class=\"exceptions\"").unwrap());
    let report = report_of(&drill(), Some(false));
    assert_eq!(codes(&report)[0], "ledger");
    let page = format::html(&report, Lang::Vi);
    assert!(page.contains("@bottom-left { content: \"SỔ CHỨNG CỨ ĐỐI CHIẾU KHÔNG ĐẠT\""));
    assert!(page.contains("chỉ 7 bản ghi đầu đối chiếu đạt"));
    assert!(format::markdown(&report, Lang::En).contains("THE LEDGER DOES NOT VERIFY"));
}

#[test]
fn a_redacted_value_is_said_to_be_missing() {
    let log = drill();
    log.objects.0.lock().unwrap().clear();
    let report = report_of(&log, Some(true));
    assert!(codes(&report).contains(&"redacted"));
    assert_eq!(report.notes[0].text, None);
    assert!(format::html(&report, Lang::Vi).contains("(đã lược bỏ)"));
}

#[test]
fn any_beginning_of_a_run_has_a_report() {
    let log = drill();
    for length in 1..=log.lines.len() {
        let part = Log { objects: Memory::default(), lines: log.lines[..length].to_vec() };
        let report = report_of(&part, None);
        assert!(!format::html(&report, Lang::En).is_empty());
        assert_eq!(report.run.result.is_some(), length == log.lines.len());
    }
}

#[test]
fn a_step_that_nobody_confirmed_is_not_ticked() {
    let mut report = report_of(&drill(), Some(true));
    for step in &mut report.steps {
        step.confirmed = step.confirmed.map(|_| false);
    }
    let page = format::html(&report, Lang::En);
    let confirm = page.split("3. Confirm</span>").nth(1).unwrap();
    assert!(confirm.starts_with("<span class=\"state warn-word\">○ "), "{}", &confirm[..80]);
}

#[test]
fn a_real_incident_has_another_banner() {
    let log = drill();
    let mut report = report_of(&log, Some(true));
    report.run.kind = crate::model::RunKind::Incident;
    let page = format::html(&report, Lang::Vi);
    assert!(page.contains("SỰ CỐ THẬT") && !page.contains("DIỄN TẬP – KHÔNG PHẢI SỰ CỐ THẬT"));
}

#[test]
fn a_clock_over_the_stretch_of_a_row_is_that_row_and_what_was_missed_is_told_once() {
    let after = after::after_action(&report_of(&drill(), Some(true)), Vec::new());
    let left: Vec<_> = after.clocks.iter().map(|clock| clock.id.as_str()).collect();
    assert_eq!(left, ["rto"], "it ends with a step, not with a mark");
    let detect = after.measures.iter().find(|measure| measure.what == after::What::Detect).unwrap();
    assert_eq!((detect.seconds, detect.set, detect.within), (Some(27), Some(20), Some(false)));
    let gaps: Vec<_> = after.gaps.iter().map(|gap| gap.text.pick(Lang::Vi)).collect();
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    assert!(gaps[0].starts_with("Phát hiện") && gaps[0].contains("quá 07 giây"), "{gaps:?}");
    let strengths: Vec<_> = after.strengths.iter().map(|point| point.text.pick(Lang::Vi)).collect();
    assert_eq!(strengths, ["Đạt 02 trên 02 mục tiêu đo được"]);
    assert_eq!(after.caveats.len(), 2, "what tells of the figures stands apart");
}
