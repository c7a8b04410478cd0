//! A ledger in memory and a loop without a machine: it gathers what is ready into one append, as the real one does.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::engine::effect::{Completion, Effect, Verdict, Work};
use crate::engine::next::Context;
use crate::engine::plan::Plan;
use crate::engine::state::{Question, State};
use crate::model::record::{
    Answered, Body, Consented, Decided, Manner, PauseCause, RunContinued, RunPaused, RunStarted, RunStopping, StopHow,
    What,
};
use crate::model::{
    Actor, Digest, Draft, JournalError, Moment, ObjectRef, Objects, Outcome, Record, RunId, Stamp, StepPath,
};

/// Objects in memory, with a counter for salt.
#[derive(Default)]
pub(super) struct Memory(Mutex<BTreeMap<Digest, Vec<u8>>>);

impl Memory {
    /// Every object is gone.
    pub(super) fn redact_all(&self) {
        self.0.lock().expect("one thread").clear();
    }
}

impl Objects for Memory {
    fn put(&self, bytes: &[u8]) -> Result<ObjectRef, JournalError> {
        let digest = Digest::of(bytes);
        self.0.lock().expect("one thread").insert(digest, bytes.to_vec());
        Ok(ObjectRef { object: digest, size: bytes.len() as u64 })
    }

    fn put_text(&self, text: &str) -> Result<ObjectRef, JournalError> {
        let salt = self.0.lock().expect("one thread").len();
        self.put(format!("ungpho-text/1 {salt:032x}\n{text}").as_bytes())
    }

    fn put_file(&self, _: &Path) -> Result<ObjectRef, JournalError> {
        self.put(b"")
    }

    fn put_text_file(&self, _: &Path) -> Result<ObjectRef, JournalError> {
        self.put_text("")
    }

    fn get(&self, object: &ObjectRef) -> Result<Option<Vec<u8>>, JournalError> {
        Ok(self.0.lock().expect("one thread").get(&object.object).cloned())
    }
}

/// Work that was begun, with the number of records before it.
pub(super) struct Begun {
    pub(super) step: StepPath,
    pub(super) attempt: u32,
    pub(super) work: Work,
    pub(super) time_limit: Option<Duration>,
}

pub(super) struct Sim {
    pub(super) plan: Arc<Plan>,
    pub(super) records: Vec<Record>,
    pub(super) objects: Arc<Memory>,
    pub(super) state: State,
    pub(super) running: Vec<Begun>,
    /// Path and attempt of all work that was ever begun.
    pub(super) begun: Vec<(StepPath, u32)>,
    /// How many appends there were.
    pub(super) appends: usize,
    pub(super) mono_us: u64,
    boot: u32,
    pub(super) ends: Vec<StepPath>,
    part: u64,
    pub(super) wake: Option<Duration>,
}

pub(super) fn run_id(plan: &Plan) -> RunId {
    RunId::new(plan.kind, 2026, 1)
}

impl Sim {
    pub(super) fn new(plan: Arc<Plan>) -> Self {
        let objects = Arc::new(Memory::default());
        let mut sim = Self {
            state: State::new(Arc::clone(&plan)),
            records: Vec::new(),
            running: Vec::new(),
            begun: Vec::new(),
            appends: 0,
            mono_us: 1_000_000,
            boot: 1,
            ends: Vec::new(),
            part: 0,
            wake: None,
            objects,
            plan,
        };
        let object = sim.objects.put(&sim.plan.to_json()).expect("memory");
        let started = RunStarted {
            kind: sim.plan.kind,
            playbook: sim.plan.playbook.clone(),
            plan: object,
            sources: Vec::new(),
            exercise: None,
            test_clock: false,
            people: sim.plan.people,
            lab: sim.plan.lab,
            script: None,
        };
        sim.append(vec![sim.draft(started)]);
        sim
    }

    pub(super) fn draft(&self, body: impl Into<Body>) -> Draft {
        Draft::machine(&run_id(&self.plan), self.plan.mode, body.into())
    }

    fn person(&self, body: impl Into<Body>) -> Draft {
        let actor: Actor = "lan".parse().expect("an actor");
        Draft::console(&run_id(&self.plan), self.plan.mode, actor, body.into())
    }

    pub(super) fn now(&self) -> Moment {
        let booted: Stamp = "2026-06-01T02:00:00+07:00".parse().expect("a time");
        let since = Duration::from_micros(self.mono_us);
        let at = Stamp::new(booted.instant.checked_add(since).expect("in range"), booted.offset);
        Moment { at, mono_us: self.mono_us, boot: format!("boot-{}", self.boot) }
    }

    /// The time `seconds` ago.
    pub(super) fn earlier(&self, seconds: u64) -> Stamp {
        let now = self.now().at;
        Stamp::new(now.instant.checked_sub(Duration::from_secs(seconds)).expect("in range"), now.offset)
    }

    /// Appends as the ledger does: all or none, each admitted, each as it reads back from its line.
    #[track_caller]
    pub(super) fn append(&mut self, drafts: Vec<Draft>) {
        if drafts.is_empty() {
            return;
        }
        self.appends += 1;
        for draft in drafts {
            self.mono_us += 7;
            let record = Record { seq: self.records.len() as u64 + 1, written: self.now(), draft };
            if let Err(refusal) = self.state.admit(&record.draft) {
                panic!("{refusal}: {:?}\nafter\n{}", record.draft.body, self.log());
            }
            let line = record.to_line().expect("short");
            let record = Record::from_line(&line).expect("its own line");
            self.state.apply(&record);
            self.records.push(record);
        }
    }

    /// The effects of the state, with all that is ready gathered into one append.
    #[track_caller]
    pub(super) fn turn(&mut self, first: Vec<Draft>) -> bool {
        let objects = Arc::clone(&self.objects);
        let secrets = BTreeMap::new();
        let now = self.now();
        let context = Context { objects: objects.as_ref(), now: &now, secrets: &secrets, living: &[], notices: None };
        let mut ahead = self.state.clone();
        let mut batch: Vec<Draft> = Vec::new();
        let mut begins = Vec::new();
        let mut ready = first;
        self.ends.clear();
        self.wake = None;
        loop {
            for draft in ready.drain(..) {
                let seq = (self.records.len() + batch.len()) as u64 + 1;
                ahead.apply(&Record { seq, written: now.clone(), draft: draft.clone() });
                batch.push(draft);
            }
            self.ends.clear();
            self.wake = None;
            for effect in ahead.next(&context).expect("memory does not fail") {
                match effect {
                    Effect::Record(drafts) => ready.extend(drafts),
                    Effect::Begin { records, step, attempt, work, time_limit } => {
                        ready.extend(records);
                        begins.push(Begun { step, attempt, work, time_limit });
                    }
                    Effect::End { step, .. } => self.ends.push(step),
                    Effect::Wake(after) => self.wake = Some(after),
                }
            }
            assert!(batch.len() < 100_000, "it never comes to rest:\n{}", self.log());
            if ready.is_empty() {
                break;
            }
        }
        let any = !batch.is_empty();
        self.append(batch);
        for begun in begins {
            self.begun.push((begun.step.clone(), begun.attempt));
            self.running.push(begun);
        }
        any
    }

    /// Work comes back.
    #[track_caller]
    pub(super) fn complete(&mut self, step: &str, completion: Completion) {
        let place = self.running.iter().position(|begun| begun.step.as_str() == step);
        let begun = self.running.remove(place.unwrap_or_else(|| panic!("{step} does not run:\n{}", self.log())));
        let objects = Arc::clone(&self.objects);
        let secrets = BTreeMap::new();
        let now = self.now();
        let context = Context { objects: objects.as_ref(), now: &now, secrets: &secrets, living: &[], notices: None };
        let drafts = self.state.conclude(&begun.step, begun.attempt, completion, &context).expect("memory");
        self.turn(drafts);
    }

    pub(super) fn done(&mut self, step: &str) {
        self.complete(step, Completion::default());
    }

    pub(super) fn fails(&mut self, step: &str) {
        self.complete(step, Completion { verdict: Verdict::Failed(None), ..Completion::default() });
    }

    pub(super) fn open_questions(&self) -> Vec<Question> {
        self.state.questions().filter(|question| self.state.asks(question)).cloned().collect()
    }

    /// Answers the only open question that is about `step`.
    #[track_caller]
    pub(super) fn answer(&mut self, step: &str, word: &str) {
        let about = |question: &Question| question.step.as_ref().map_or("", StepPath::as_str) == step;
        let question = self.open_questions().into_iter().rfind(about);
        let question = question.unwrap_or_else(|| panic!("{step} is not asked about:\n{}", self.log()));
        let draft = self.answer_to(&question, word);
        self.append(vec![draft]);
        self.turn(Vec::new());
    }

    pub(super) fn answer_to(&self, question: &Question, word: &str) -> Draft {
        let id = question.id.clone();
        match question.what {
            What::Decide | What::Truth => self.person(Decided {
                question: id,
                choice: word.parse().expect("an option"),
                because: None,
                follow_up: None,
            }),
            What::Consent | What::Second => {
                let second = question.what == What::Second;
                let draft = self.person(Consented {
                    question: id,
                    given: word == "yes",
                    plan: question.plan,
                    manner: second.then_some(Manner::Present),
                    vkey: None,
                    note: None,
                    because: None,
                });
                Draft { by: second.then(|| "desk".parse().expect("an actor")), ..draft }
            }
            _ => self.person(Answered {
                question: id,
                outcome: Outcome::from_word(word).expect("an outcome"),
                checks: Vec::new(),
                answers: BTreeMap::new(),
                because: None,
            }),
        }
    }

    /// The records that close the plan for another.
    pub(super) fn close_for_another(&self) -> Result<Vec<Draft>, StepPath> {
        let secrets = BTreeMap::new();
        let now = self.now();
        let context =
            Context { objects: self.objects.as_ref(), now: &now, secrets: &secrets, living: &[], notices: None };
        self.state.close_for_another(&context).expect("memory")
    }

    /// Goes on with the plan that leads from record `part` on.
    pub(super) fn follow(&mut self, plan: Arc<Plan>, part: u64) {
        self.part = part;
        self.state = crate::engine::state::fold(Arc::clone(&plan), part, &self.records);
        self.plan = plan;
        self.turn(Vec::new());
    }

    pub(super) fn pause(&mut self) {
        let draft = self.person(RunPaused { cause: PauseCause::Asked, because: None });
        self.append(vec![draft]);
        self.turn(Vec::new());
    }

    pub(super) fn go_on(&mut self) {
        let draft = self.person(RunContinued::after(None));
        self.append(vec![draft]);
        self.turn(Vec::new());
    }

    pub(super) fn stop(&mut self, how: StopHow) {
        let draft = self.person(RunStopping { how, because: None, incident: false });
        self.append(vec![draft]);
        self.turn(Vec::new());
        for step in self.ends.clone() {
            self.complete(step.as_str(), Completion { verdict: Verdict::Abandoned, ..Completion::default() });
        }
    }

    pub(super) fn pass(&mut self, seconds: u64) {
        self.mono_us += seconds * 1_000_000;
        self.turn(Vec::new());
    }

    /// The loop dies with only the first `keep` records on the disk; another takes the run up.
    pub(super) fn crash(&mut self, keep: usize, reboot: bool) {
        self.records.truncate(keep.max(1));
        self.running.clear();
        // Nothing begins before its record is synced: what is not there was never begun.
        let records = &self.records;
        self.begun.retain(|(step, attempt)| {
            records.iter().any(|record| match &record.draft.body {
                Body::StepStarted(started) => started.step == *step && started.attempt == *attempt,
                _ => false,
            })
        });
        self.boot += u32::from(reboot);
        self.state = crate::engine::state::fold(Arc::clone(&self.plan), self.part, &self.records);
        if !self.state.ended() {
            let draft = self.draft(RunContinued::after(Some(5)));
            self.append(vec![draft]);
            self.turn(Vec::new());
        }
    }

    /// Goes on until nothing is left to do: all work is done, every question answered in the best way.
    #[track_caller]
    pub(super) fn finish(&mut self) {
        self.turn(Vec::new());
        for _ in 0..100_000 {
            if self.state.ended() {
                return;
            }
            if let Some(begun) = self.running.first() {
                let step = begun.step.to_string();
                self.done(&step);
            } else if let Some(question) = self.open_questions().first() {
                let word = match question.what {
                    What::Consent | What::Truth | What::Second => "yes".to_owned(),
                    What::Decide => self.first_option(question),
                    _ => "done".to_owned(),
                };
                let draft = self.answer_to(question, &word);
                self.append(vec![draft]);
                self.turn(Vec::new());
            } else if let Some(wake) = self.wake {
                self.mono_us += u64::try_from(wake.as_micros()).expect("short");
                self.turn(Vec::new());
            } else {
                panic!("nothing is left to do, and the run has not ended:\n{}", self.log());
            }
        }
        panic!("the run never ends:\n{}", self.log());
    }

    pub(super) fn first_option(&self, question: &Question) -> String {
        let view = self.state.view(&self.now());
        let shown = view.questions.into_iter().find(|shown| shown.id == question.id).expect("it is open");
        shown.options.first().expect("an option").id.to_string()
    }

    /// One line a record, as short as can be read.
    pub(super) fn log(&self) -> String {
        let mut lines = Vec::new();
        for record in &self.records {
            lines.push(match &record.draft.body {
                Body::StepStarted(step) => format!("begin {} {}", step.step, step.attempt),
                Body::StepEnded(step) => {
                    let why = step.why.as_ref().map(|why| {
                        let json = serde_json::to_value(why).expect("a word");
                        json.as_str()
                            .map_or_else(|| format!("goto of {}", json["goto"].as_str().unwrap_or("")), str::to_owned)
                    });
                    let mut line = format!("end {} {} {}", step.step, step.attempt, step.outcome.word());
                    for extra in why.into_iter().chain(step.again.then(|| "again".to_owned())) {
                        line.push(' ');
                        line.push_str(&extra);
                    }
                    line
                }
                Body::Asked(asked) => format!(
                    "ask {} {}",
                    asked.step.as_ref().map_or("", StepPath::as_str),
                    serde_json::to_value(asked.what).expect("a word").as_str().unwrap_or("")
                ),
                Body::StepUndone(undone) => format!("undone {} {}", undone.step, undone.outcome.word()),
                Body::RunEnded(ended) => format!("run {}", ended.result.word()),
                Body::Marked(marked) => format!("mark {}", marked.mark.word()),
                Body::ClockStarted(clock) => format!("clock {} {:?}", clock.clock, clock.limit_s),
                Body::ClockStopped(clock) => format!("clock {} stopped {:?}", clock.clock, clock.seconds),
                Body::ObjectiveMeasured(objective) => format!("objective {} {:?}", objective.objective, objective.met),
                other => other.kind().to_owned(),
            });
        }
        lines.join("\n")
    }

    /// The log from the first step on, without the boring lines.
    #[track_caller]
    pub(super) fn check(&self, expected: &str) {
        let seen: Vec<String> = self.log().lines().skip(1).map(str::to_owned).collect();
        let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        assert_eq!(seen, expected, "\nseen:\n{}", seen.join("\n"));
    }
}
