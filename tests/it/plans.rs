//! Plans made by hand, for tests and benches of the loop that need no playbook.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};
use ungpho::engine::executor::Surroundings;
use ungpho::engine::run_loop::Signals;
use ungpho::engine::{LoopSetup, Plan, begin};
use ungpho::ledger::{KeyPlace, Ledger, LoopLock};
use ungpho::model::{Clock, Lang, RunId};
use ungpho::probe::SystemClock;

/// A step with this action and nothing else; `more` replaces fields.
pub fn step(id: &str, action: impl Into<Value>, more: impl Into<Value>) -> Value {
    let mut step = json!({
        "id": id, "action": action.into(), "title": null, "role": null, "phase": null, "when": null, "timeout": null,
        "retry": null, "on_failure": "stop", "undo": null, "capture": [], "repeatable": false,
        "evidence_required": false, "marks": null, "needs": [],
    });
    if let (Value::Object(step), Value::Object(more)) = (&mut step, more.into()) {
        step.extend(more);
    }
    step
}

/// A command.
pub fn run(argv: &[&str]) -> Value {
    let command = json!({
        "program": { "argv": argv }, "effect": "change", "host": null, "env": {}, "stdin": null, "cwd": null,
    });
    json!({ "run": { "operation": null, "command": command, "ssh": null } })
}

/// A drill of these steps in which nobody takes part; `more` replaces fields of the plan.
pub fn plan(steps: &[Value], more: impl Into<Value>) -> Plan {
    let mut plan = json!({
        "plan_format": 1, "playbook": "by-hand", "version": 1, "title": "By hand", "family": "standing",
        "scenario": "test", "attack": [], "tasks": [], "keep_running": "On paper", "kind": "drill",
        "mode": "technical", "lab": false, "people": "unattended", "exercise": null, "language": "en", "inputs": {},
        "systems": {}, "roles": {}, "objectives": [], "watches": [], "clocks": {}, "steps": steps,
    });
    if let (Value::Object(plan), Value::Object(more)) = (&mut plan, more.into()) {
        plan.extend(more);
    }
    serde_json::from_value(plan).expect("a plan")
}

/// A ledger in a folder, and runs in it.
pub struct Place {
    /// The folder: `ledger/`, `keys/` and what commands write.
    pub folder: PathBuf,
    /// The clocks.
    pub clock: Arc<dyn Clock>,
}

impl Place {
    /// In `folder`, with the machine's clocks.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), clock: Arc::new(SystemClock::new()) }
    }

    /// The folder of the ledger.
    pub fn dir(&self) -> PathBuf {
        self.folder.join("ledger")
    }

    /// The ledger, opened anew.
    pub fn ledger(&self) -> Arc<Ledger> {
        let keys = KeyPlace::folder(&self.folder.join("keys"));
        Arc::new(Ledger::create_or_open(&self.dir(), "test", Arc::clone(&self.clock), keys).expect("a ledger"))
    }

    /// Begins a run.
    pub fn begin(&self, ledger: &Arc<Ledger>, plan: &Plan) -> RunId {
        begin(&**ledger, &**ledger, &*self.clock, plan, &[]).expect("the run begins")
    }

    /// What a loop over `run` is given.
    pub fn setup(&self, ledger: &Arc<Ledger>, run: &RunId, plan: &Arc<Plan>) -> LoopSetup {
        let lock =
            LoopLock::take(&self.dir(), run).expect("the lock can be tried").expect("nobody else drives the run");
        LoopSetup {
            part: 0,
            run: run.clone(),
            plan: Arc::clone(plan),
            journal: ledger.clone(),
            objects: ledger.clone(),
            notes: ledger.clone(),
            clock: Arc::clone(&self.clock),
            spool: ledger.spool(),
            workspace: self.folder.clone(),
            scratch: self.folder.clone(),
            program: Some(env!("CARGO_BIN_EXE_ungpho").into()),
            surroundings: Surroundings {
                path: "/usr/local/bin:/usr/bin:/bin".to_owned(),
                home: None,
                lang: None,
                passwords: std::collections::BTreeMap::new(),
            },
            faults: None,
            secrets: BTreeMap::new(),
            notices: None,
            answers: None,
            lang: Lang::En,
            signals: Signals::Unheard,
            tell: Box::new(|_| ()),
            lock: Arc::new(lock),
        }
    }
}
