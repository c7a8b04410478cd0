//! A small but true service: two doors on loopback, data read from the disk for every request.

mod dossiers;
mod frame;
mod gate;
mod html;
mod pages;
mod staff;

use std::io::{BufRead as _, Write as _};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use rusqlite::Connection;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};

use super::LabError;
use super::data;
use super::entry::{self, Entry, Serves};
use super::ground::{BAD_VERSION, RESERVE_BYTES};
use super::place::{Home, Place};
use super::ward::ServiceWord;
use crate::model::Name;
use frame::Frame;
pub(super) use gate::GateStatus;
use gate::{Gate, Guarded};
pub(super) use staff::Done;

/// What the handlers of one service share.
struct Service {
    entry: Entry,
    /// The data of the site that it was started on.
    data: PathBuf,
    home: Home,
    /// The program's version that it was started with.
    version: String,
    gate: Arc<Gate>,
    frame: Frame,
}

type Shared = State<Arc<Service>>;

impl Service {
    /// The database as it lies on the disk now, under the configuration as it is now. To write there must be room.
    fn open(&self, write: bool) -> Result<Connection, Refusal> {
        if write && self.home.room() < RESERVE_BYTES {
            return Err(Refusal::Full);
        }
        Ok(data::open_file(&self.home.settings().database(&self.data, &self.entry), write)?)
    }

    /// The number that a new record gets where `number` is the next: the bad version leaves gaps.
    fn number(&self, number: u32) -> u32 {
        if self.version == BAD_VERSION { number + 1 } else { number }
    }
}

/// Why a request is not served.
enum Refusal {
    /// What was asked for is not there.
    Unknown,
    /// What was sent is not valid.
    Invalid,
    /// No account, or one whose key no longer opens anything.
    NotAllowed,
    /// There is no room to write.
    Full,
    /// The data cannot be read.
    Broken(String),
}

impl From<LabError> for Refusal {
    fn from(error: LabError) -> Self {
        let cause = std::error::Error::source(&error).map_or_else(String::new, |cause| format!(": {cause}"));
        Self::Broken(format!("{error}{cause}"))
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        match error {
            rusqlite::Error::QueryReturnedNoRows => Self::Unknown,
            other => Self::Broken(other.to_string()),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, words) = match self {
            Self::Unknown => (StatusCode::NOT_FOUND, "Không tìm thấy".to_owned()),
            Self::Invalid => (StatusCode::UNPROCESSABLE_ENTITY, "Nội dung gửi không hợp lệ".to_owned()),
            Self::NotAllowed => (StatusCode::UNAUTHORIZED, "Không có quyền truy cập".to_owned()),
            Self::Full => (StatusCode::SERVICE_UNAVAILABLE, "Hết chỗ ghi dữ liệu".to_owned()),
            Self::Broken(why) => (StatusCode::SERVICE_UNAVAILABLE, format!("Không đọc được dữ liệu\n{why}\n")),
        };
        (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], words).into_response()
    }
}

/// What the keeper tells a service.
enum Order {
    Isolate,
    Reopen,
    /// The front door was set otherwise.
    Front,
}

/// Serves `system` of the lab in `dir` until standard input closes.
///
/// # Errors
///
/// The lab or the system is not there, or a port is taken; said on standard output too.
pub fn serve(dir: &Path, system: &Name, public: u16, inner: u16) -> Result<(), LabError> {
    let place = Place::open(dir)?;
    let home = place.system(system)?;
    let entry = entry::shipped()?
        .into_iter()
        .find(|entry| entry.id == *system)
        .ok_or_else(|| LabError::UnknownSystem { system: system.to_string() })?;
    let closed = home.isolated().exists();
    recover(&home, &entry);
    let service = Arc::new(Service {
        entry,
        data: home.data(),
        version: home.program().version,
        gate: Arc::new(Gate::new(home.front())),
        frame: Frame::default(),
        home,
    });
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(LabError::file(&place.root))?;
    let outcome = runtime.block_on(run(service, public, inner, closed));
    if let Err(error) = &outcome {
        say(&match error {
            LabError::PortInUse { port, .. } => ServiceWord::PortInUse(*port),
            other => ServiceWord::Failed(other.to_string()),
        });
    }
    runtime.shutdown_background();
    outcome
}

/// Rolls a transaction back that a power cut has left half done: only who may write can, and readers wait for it.
fn recover(home: &Home, entry: &Entry) {
    let data = home.data();
    if data.join(format!("{}.db-journal", entry.id)).exists()
        && let Err(error) = data::open(&data, entry, true)
            .and_then(|connection| data::held(&connection).map(drop).map_err(LabError::database(&data)))
    {
        tracing::warn!(%error, "what a power cut left cannot be rolled back");
    }
}

fn say(word: &ServiceWord) {
    let mut out = std::io::stdout().lock();
    let line = serde_json::to_string(word).unwrap_or_default();
    // A keeper that is gone has closed our input too, which ends us.
    let _ = out.write_all(line.as_bytes()).and_then(|()| out.write_all(b"\n")).and_then(|()| out.flush());
}

async fn run(service: Arc<Service>, public: u16, inner: u16, closed: bool) -> Result<(), LabError> {
    let id = service.entry.id.clone();
    let bind = async |port: u16| {
        TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(|error| match error.kind() {
            std::io::ErrorKind::AddrInUse => LabError::PortInUse { system: id.clone(), port },
            _ => LabError::ServiceFailed { system: id.clone(), detail: error.to_string() },
        })
    };
    let outside = match service.entry.serves {
        Serves::Dossiers => dossiers::routes(),
        Serves::Pages => pages::routes(),
    };
    let outside = frame::outside(outside, &service);
    let gate = Arc::clone(&service.gate);
    let guarded = async || Ok::<_, LabError>(Guarded { listener: bind(public).await?, gate: Arc::clone(&gate) });
    let inside = Router::new()
        .route("/health", get(health))
        .route("/data", get(held))
        .merge(staff::inside())
        .with_state(Arc::clone(&service));

    let _inner_door = Door::open(bind(inner).await?, inside);
    let mut public_door = if closed { None } else { Some(Door::open(guarded().await?, outside.clone())) };
    say(&ServiceWord::Ready);
    let mut orders = listen();
    while let Some(order) = orders.recv().await {
        match order {
            Order::Isolate => {
                if let Some(door) = public_door.take() {
                    door.close().await;
                }
            }
            Order::Reopen if public_door.is_none() => {
                public_door = Some(Door::open(guarded().await?, outside.clone()));
            }
            Order::Reopen => {}
            Order::Front => service.gate.set(service.home.front()),
        }
    }
    Ok(())
}

/// The keeper's orders, a line each on standard input; it ends when the keeper is gone.
fn listen() -> mpsc::Receiver<Order> {
    let (sender, receiver) = mpsc::channel(4);
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            let order = match line.as_deref() {
                Ok("isolate") => Order::Isolate,
                Ok("reopen") => Order::Reopen,
                Ok("front") => Order::Front,
                Ok(_) => continue,
                Err(_) => break,
            };
            if sender.blocking_send(order).is_err() {
                break;
            }
        }
    });
    receiver
}

/// An open port with what is behind it.
struct Door {
    shut: oneshot::Sender<()>,
    task: tokio::task::JoinHandle<()>,
}

impl Door {
    fn open(listener: impl axum::serve::Listener<Addr: std::fmt::Debug>, behind: Router) -> Self {
        let (shut, told) = oneshot::channel();
        let task = tokio::spawn(async move {
            let until = async move {
                let _ = told.await;
            };
            if let Err(error) = axum::serve(listener, behind).with_graceful_shutdown(until).await {
                tracing::warn!(%error, "a door of the lab closed");
            }
        });
        Self { shut, task }
    }

    /// Closes the port, and every connection when its request is answered.
    async fn close(self) {
        drop(self.shut);
        let _ = tokio::time::timeout(std::time::Duration::from_secs(1), self.task).await;
    }
}

/// 200 only when the data was really read, page by page, its files are what they were, the configuration and the program
/// are the right ones, and there is room to write.
async fn health(State(service): Shared) -> Response {
    if let Some(why) = service.home.ill() {
        return Refusal::Broken(why).into_response();
    }
    match data::check(&service.data, &service.entry) {
        Ok(held) => {
            Json(serde_json::json!({ "status": "ok", "records": held.records, "newest": held.newest })).into_response()
        }
        Err(error) => Refusal::from(error).into_response(),
    }
}

/// How many records there are, and the newest.
async fn held(State(service): Shared) -> Result<Response, Refusal> {
    let held = data::held(&service.open(false)?)?;
    Ok(Json(serde_json::json!({
        "records": held.records,
        "newest": held.newest,
        "newest_at": super::moment::stamp(held.newest_at),
    }))
    .into_response())
}
