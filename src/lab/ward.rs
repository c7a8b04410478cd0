//! One service in the keeper's care: its child process, its data, what was done to it.

use std::fs;
use std::io::{BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::data::{self, Held};
use super::entry::{Entry, Serves};
use super::fault::{self, Runners};
use super::ground;
use super::place::{Home, Place, Ports};
use super::port::HeldPort;
use super::standby::Marks;
use super::{LabError, Seen, ServiceState, SystemStatus, certificate, http, links, moment};
use crate::model::Name;

/// What a service says on standard output, once, when it has begun or could not.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum ServiceWord {
    /// Its doors are open.
    Ready,
    /// This port is taken.
    PortInUse(u16),
    /// Something else.
    Failed(String),
}

/// What was there just before a fault.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Before {
    /// When the fault was made, in microseconds.
    pub(super) at: i64,
    /// What the data held.
    pub(super) held: Held,
}

/// One service in the keeper's care.
pub(super) struct Ward {
    place: Place,
    /// What it is.
    pub(super) entry: Entry,
    /// Its doors.
    pub(super) ports: Ports,
    program: PathBuf,
    inner: Arc<Mutex<Inner>>,
    /// What citizens saw.
    pub(super) seen: Mutex<Seen>,
    /// It was asked for: its data are there, its citizens ask.
    raised: AtomicBool,
    /// The keeper is on its way out.
    over: AtomicBool,
    /// How often it was made anew since the keeper began.
    pub(super) made: AtomicU64,
    /// The faults that run on in its name.
    pub(super) runners: Runners,
    /// What its standby site has. Held by whoever copies, exchanges or damages the data of a site as a whole.
    pub(super) replica: Mutex<Marks>,
    /// Its ports, kept from others as long as the keeper lives.
    held_ports: Vec<HeldPort>,
}

struct Inner {
    child: Option<Running>,
    state: ServiceState,
    detail: Option<String>,
    /// What citizens had seen when the last fault was made.
    seen_before: Seen,
    /// Nothing was done to it since it was made.
    pristine: bool,
    /// Tells one child from the next.
    generation: u64,
}

struct Running {
    child: Child,
    orders: Option<ChildStdin>,
}

const END_PATIENCE: Duration = Duration::from_secs(3);
const TELL_PATIENCE: Duration = Duration::from_secs(10);

impl Ward {
    pub(super) fn new(
        place: Place,
        entry: Entry,
        (ports, held_ports): (Ports, Vec<HeldPort>),
        program: PathBuf,
    ) -> Self {
        let inner = Inner {
            child: None,
            state: ServiceState::Idle,
            detail: None,
            seen_before: Seen::default(),
            pristine: false,
            generation: 0,
        };
        Self {
            place,
            entry,
            ports,
            program,
            inner: Arc::new(Mutex::new(inner)),
            seen: Mutex::default(),
            raised: AtomicBool::new(false),
            over: AtomicBool::new(false),
            made: AtomicU64::new(0),
            runners: Runners::default(),
            replica: Mutex::default(),
            held_ports,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        lock(&self.inner)
    }

    /// Its folder, which carries the lab's marker.
    pub(super) fn home(&self) -> Result<Home, LabError> {
        self.place.system(&self.entry.id)
    }

    /// The lab's folder.
    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    /// Whether somebody asked for it since the keeper began.
    pub(super) fn raised(&self) -> bool {
        self.raised.load(Ordering::Acquire)
    }

    /// Says that it was asked for. True the first time.
    pub(super) fn raise(&self) -> bool {
        !self.raised.swap(true, Ordering::AcqRel)
    }

    /// Takes back that it was asked for: it could not be started.
    pub(super) fn lower(&self) {
        self.stop();
        self.raised.store(false, Ordering::Release);
        self.lock().state = ServiceState::Idle;
    }

    /// Whether its citizens may go home.
    pub(super) fn ended(&self) -> bool {
        self.over.load(Ordering::Acquire) || !self.raised()
    }

    /// Ends the service for good.
    pub(super) fn end(&self) {
        self.over.store(true, Ordering::Release);
        self.stop();
    }

    /// Makes its data where there are none.
    pub(super) fn prepare(&self) -> Result<(), LabError> {
        if self.place.root.join(self.entry.id.as_str()).exists() {
            return self.home().map(drop);
        }
        self.make()
    }

    fn make(&self) -> Result<(), LabError> {
        let mut replica = self.replica.lock().unwrap_or_else(PoisonError::into_inner);
        let made = self.place.begin_system(&self.entry.id)?;
        data::make(&made, &self.entry)?;
        if self.entry.serves == Serves::Pages {
            certificate::renew(&self.place, &made)?;
        }
        ground::lay(&made, &self.entry)?;
        self.place.finish_system(&self.entry.id, &made)?;
        replica.clear();
        drop(replica);
        self.made.fetch_add(1, Ordering::Relaxed);
        let mut inner = self.lock();
        inner.seen_before = self.seen();
        inner.pristine = true;
        Ok(())
    }

    /// Makes it as it was in the beginning, and starts it.
    pub(super) fn renew(&self) -> Result<(), LabError> {
        self.runners.end_all();
        let fresh = {
            let inner = self.lock();
            inner.pristine && inner.state == ServiceState::Running
        };
        let fresh = fresh && self.home().is_ok_and(|home| data::copies_are_fresh(&home, &self.entry));
        if !fresh {
            self.stop();
            self.make()?;
        }
        self.start()
    }

    /// Lets its service answer on its ports; they stay kept from others.
    pub(super) fn share_ports(&self) -> Result<(), LabError> {
        self.held_ports.iter().try_for_each(HeldPort::share).map_err(LabError::file(&self.place.root))
    }

    /// Starts the service and waits until its doors are open; does nothing where it runs.
    pub(super) fn start(&self) -> Result<(), LabError> {
        self.home()?;
        let mut inner = self.lock();
        if inner.child.is_some() {
            return Ok(());
        }
        let system = &self.entry.id;
        let failed = |detail: String| LabError::ServiceFailed { system: system.clone(), detail };
        let mut child = Command::new(&self.program)
            .arg("lab-service")
            .arg(&self.place.root)
            .args([system.as_str(), &self.ports.public.to_string(), &self.ports.inner.to_string()])
            .args(self.ports.third.map(|port| port.to_string()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // A group of its own: when the keeper dies, the kernel wakes and ends even a stopped one (it becomes orphaned).
            .process_group(0)
            .spawn()
            .map_err(|source| LabError::Start { program: self.program.clone(), source })?;
        let orders = child.stdin.take();
        let Some(pipe) = child.stdout.take() else { return Err(failed(String::new())) };
        let mut words = BufReader::new(pipe.take(1 << 16));
        let mut first = String::new();
        let heard = words.read_line(&mut first).map_err(|error| failed(error.to_string()));
        let word = heard.and_then(|_| serde_json::from_str(&first).map_err(|error| failed(error.to_string())));
        match word {
            Ok(ServiceWord::Ready) => {}
            other => {
                let status = child.kill().and_then(|()| child.wait());
                return Err(match other {
                    Ok(ServiceWord::PortInUse(port)) => LabError::PortInUse { system: system.clone(), port },
                    Ok(ServiceWord::Failed(detail)) => failed(detail),
                    Err(error) if !first.is_empty() => error,
                    _ => failed(status.map_or_else(|error| error.to_string(), ended)),
                });
            }
        }
        inner.generation += 1;
        inner.child = Some(Running { child, orders });
        inner.state = ServiceState::Running;
        inner.detail = None;
        let (shared, generation) = (Arc::clone(&self.inner), inner.generation);
        drop(inner);
        // Its standard output closes when it ends, whyever that is.
        std::thread::spawn(move || {
            let mut rest = Vec::new();
            while words.fill_buf().is_ok_and(|bytes| !bytes.is_empty()) {
                rest.clear();
                let _ = words.read_until(b'\n', &mut rest);
            }
            let mut inner = lock(&shared);
            if inner.generation == generation
                && let Some(mut running) = inner.child.take()
            {
                let how = running.child.wait().map_or_else(|error| error.to_string(), ended);
                inner.state = ServiceState::Died;
                inner.detail = Some(how);
            }
        });
        Ok(())
    }

    /// Ends the service, whatever it is doing.
    pub(super) fn stop(&self) {
        let mut inner = self.lock();
        inner.pristine = false;
        inner.state = ServiceState::Stopped;
        inner.detail = None;
        let Some(mut running) = inner.child.take() else { return };
        let pid = Pid::from_child(&running.child);
        // It is our child and not yet waited for: the id cannot be another's.
        let _ = kill_process(pid, Signal::TERM);
        let _ = kill_process(pid, Signal::CONT);
        drop(running.orders.take());
        let deadline = Instant::now() + END_PATIENCE;
        while matches!(running.child.try_wait(), Ok(None)) {
            if Instant::now() > deadline {
                let _ = running.child.kill();
                let _ = running.child.wait();
                break;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Closes or opens the citizens' door. Holds over a stop and a start.
    pub(super) fn isolate(&self, closed: bool) -> Result<(), LabError> {
        let flag = self.home()?.isolated();
        if closed {
            fs::write(&flag, "").map_err(LabError::file(&flag))?;
        } else {
            match fs::remove_file(&flag) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(LabError::file(&flag)(error)),
                _ => {}
            }
        }
        self.doors()
    }

    /// Restores every link.
    pub(super) fn relink(&self) -> Result<(), LabError> {
        links::restore(&self.home()?)?;
        self.doors()
    }

    /// Opens or closes the citizens' doors, as isolation and a cut link to the citizens want it.
    pub(super) fn doors(&self) -> Result<(), LabError> {
        let home = self.home()?;
        let closed = home.isolated().exists() || links::is_cut(&home, links::CITIZENS);
        let mut inner = self.lock();
        inner.pristine = false;
        let Some(Running { orders: Some(orders), .. }) = &mut inner.child else { return Ok(()) };
        let order: &[u8] = if closed { b"isolate\n" } else { b"reopen\n" };
        // A service that is on its way out needs no orders.
        let _ = orders.write_all(order);
        drop(inner);
        let deadline = Instant::now() + END_PATIENCE;
        while http::open(self.ports.public) == closed {
            if Instant::now() > deadline {
                return Err(LabError::Unheard { system: self.entry.id.clone() });
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        Ok(())
    }

    /// Sends `signal` to the child, for a fault.
    pub(super) fn signal(&self, signal: Signal) -> Result<(), LabError> {
        let mut inner = self.lock();
        let not_running = || LabError::NotRunning { system: self.entry.id.clone() };
        let running = inner.child.as_ref().ok_or_else(not_running)?;
        let pid = Pid::from_child(&running.child);
        kill_process(pid, signal).map_err(|_| not_running())?;
        if signal == Signal::STOP {
            // Only a child that has really stopped is ended by the kernel when the keeper dies. Nothing is reaped here.
            let either = WaitIdOptions::STOPPED | WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
            waitid(WaitId::Pid(pid), either).map_err(|_| not_running())?;
            inner.state = ServiceState::Hung;
            return Ok(());
        }
        drop(inner);
        let deadline = Instant::now() + END_PATIENCE;
        while self.lock().child.is_some() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(2));
        }
        Ok(())
    }

    /// Keeps what was there before a fault, where it can be read.
    pub(super) fn remember(&self, fault: &Name) -> Result<(), LabError> {
        let home = self.home()?;
        {
            let mut inner = self.lock();
            inner.pristine = false;
            inner.seen_before = self.seen();
        }
        let mut faults = home.faults();
        faults.push(fault.clone());
        home.set_faults(&faults)?;
        let held =
            data::open(&home.data(), &self.entry, false).ok().and_then(|connection| data::held(&connection).ok());
        let Some(held) = held else { return Ok(()) };
        let text = serde_json::to_vec(&Before { at: moment::now(), held }).unwrap_or_default();
        fs::write(home.before(), text).map_err(LabError::file(&home.before()))
    }

    /// It is no longer as it was made.
    pub(super) fn touched(&self) {
        self.lock().pristine = false;
    }

    /// Whether its service runs.
    pub(super) fn state(&self) -> ServiceState {
        self.lock().state
    }

    /// Whether its citizens' door is closed.
    pub(super) fn isolated(&self) -> bool {
        self.home().is_ok_and(|home| home.isolated().exists())
    }

    /// Stops and starts the service where it runs.
    pub(super) fn restart(&self) -> Result<(), LabError> {
        self.touched();
        if self.lock().child.is_none() {
            return Ok(());
        }
        self.stop();
        self.start()
    }

    /// Sends the service an order, where it hears.
    pub(super) fn order(&self, word: &str) {
        if let Some(Running { orders: Some(orders), .. }) = &mut self.lock().child {
            // A service that is on its way out needs no orders.
            let _ = orders.write_all(format!("{word}\n").as_bytes());
        }
    }

    /// Asks the service through the operators' door.
    pub(super) fn ask<T: DeserializeOwned>(&self, path: &str) -> Result<T, LabError> {
        self.through(path, None)
    }

    /// Tells the service through the operators' door to do something.
    pub(super) fn tell<T: DeserializeOwned>(&self, path: &str, form: &[(&str, &str)]) -> Result<T, LabError> {
        self.through(path, Some(form))
    }

    fn through<T: DeserializeOwned>(&self, path: &str, form: Option<&[(&str, &str)]>) -> Result<T, LabError> {
        if self.state() != ServiceState::Running {
            return Err(LabError::NotRunning { system: self.entry.id.clone() });
        }
        let failed = |detail: String| LabError::Refused { system: self.entry.id.clone(), detail };
        let answer = http::ask(self.ports.inner, path, None, form, TELL_PATIENCE);
        let answer = answer.map_err(|error| failed(error.to_string()))?;
        if answer.status != 200 {
            return Err(failed(answer.body.lines().collect::<Vec<_>>().join(": ")));
        }
        serde_json::from_str(&answer.body).map_err(|error| failed(error.to_string()))
    }

    fn seen(&self) -> Seen {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How it is.
    pub(super) fn status(&self) -> SystemStatus {
        let healthy = self.raised()
            && http::get(self.ports.inner, "/health", Duration::from_secs(1)).is_ok_and(|look| look.status == 200);
        let faults = self.home().map(|home| home.faults()).unwrap_or_default();
        let in_force = fault::in_force(self, self.state(), &faults);
        let inner = self.lock();
        SystemStatus {
            id: self.entry.id.clone(),
            state: inner.state,
            detail: inner.detail.clone(),
            isolated: self.isolated(),
            cut: self.home().map(|home| links::cut(&home)).unwrap_or_default(),
            healthy,
            home: format!("http://127.0.0.1:{}/", self.ports.public),
            faults,
            in_force,
            citizens: self.seen(),
            citizens_since: self.seen().since(inner.seen_before),
        }
    }
}

fn lock(inner: &Mutex<Inner>) -> MutexGuard<'_, Inner> {
    // Whoever panicked while holding it left plain values; the keeper must go on.
    inner.lock().unwrap_or_else(PoisonError::into_inner)
}

fn ended(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit {code}"),
        (None, Some(signal)) => format!("signal {signal}"),
        (None, None) => String::new(),
    }
}
