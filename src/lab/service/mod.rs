//! A small but true service: two doors on loopback, data read from the disk for every request.

mod conference;
mod documents;
mod door;
mod dossiers;
mod exchange;
mod figures;
mod frame;
mod gate;
mod html;
mod link;
mod mail;
mod pages;
mod staff;
mod standin;

use std::io::{BufRead as _, Write as _};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use rusqlite::Connection;
use tokio::net::TcpListener;
use tokio::sync::{Notify, mpsc};

use super::LabError;
use super::data;
use super::entry::{self, Entry, Serves};
use super::ground::{BAD_VERSION, RESERVE_BYTES};
use super::links::{self, CITIZENS};
use super::place::{Home, Place, Ports};
use super::ward::ServiceWord;
use crate::model::Name;
use frame::Frame;
pub(super) use gate::GateStatus;
use gate::{Gate, Guarded};
pub(super) use staff::Done;

/// What the handlers of one service share.
struct Service {
    entry: Entry,
    place: Place,
    home: Home,
    /// The data of the site that it was started on.
    data: PathBuf,
    /// The program's version that it was started with.
    version: String,
    gate: Arc<Gate>,
    frame: Frame,
    /// A message waits to be delivered.
    news: Arc<Notify>,
    /// Who is in which meeting.
    rooms: conference::Rooms,
}

use door::Door;

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

/// Whether a short text that was sent says something.
fn fits(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= 200
}

/// What stands behind the citizens' door.
fn routes(serves: Serves) -> Router<Arc<Service>> {
    match serves {
        Serves::Mail => mail::routes(),
        Serves::Exchange => exchange::routes(),
        Serves::Documents => documents::routes(),
        Serves::Dossiers => dossiers::routes(),
        Serves::Pages => pages::routes(),
        Serves::Figures => figures::routes(),
        Serves::Conference => conference::routes(),
        Serves::Standin => standin::routes(),
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
    /// Other systems that have to be asked do not answer: why not.
    Down(Vec<link::Down>),
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
            Self::Down(links) => {
                let mut words = String::new();
                for link in links {
                    words.push_str(&format!("Không kết nối được {}: {}\n", link.to, link.why.trim()));
                }
                (StatusCode::SERVICE_UNAVAILABLE, words)
            }
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
pub fn serve(dir: &Path, system: &Name, public: u16, inner: u16, third: Option<u16>) -> Result<(), LabError> {
    let place = Place::open(dir)?;
    let home = place.system(system)?;
    let entry = entry::of(system)?;
    recover(&home, &entry);
    let service = Arc::new(Service {
        entry,
        place: place.clone(),
        data: home.data(),
        version: home.program().version,
        gate: Arc::new(Gate::new(home.front())),
        frame: Frame::default(),
        home,
        news: Arc::default(),
        rooms: conference::Rooms::default(),
    });
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(LabError::file(&place.root))?;
    let outcome = runtime.block_on(run(service, Ports { public, inner, third }));
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

async fn run(service: Arc<Service>, ports: Ports) -> Result<(), LabError> {
    let inside = Router::new()
        .route("/health", get(health))
        .route("/data", get(held))
        .route("/links", post(look_at_links))
        .merge(if service.entry.serves == Serves::Dossiers { dossiers::inside() } else { Router::new() })
        .merge(staff::inside())
        .with_state(Arc::clone(&service));
    let _inner_door = Door::http(bind(&service, ports.inner).await?, inside);
    let closed = service.home.isolated().exists() || links::is_cut(&service.home, CITIZENS);
    let mut outside = if closed { Vec::new() } else { open_outside(&service, ports).await? };
    if service.entry.serves == Serves::Mail {
        tokio::spawn(mail::deliver(Arc::clone(&service), Arc::clone(&service.news)));
    }
    say(&ServiceWord::Ready);
    let mut orders = listen();
    while let Some(order) = orders.recv().await {
        match order {
            Order::Isolate => {
                for door in outside.drain(..) {
                    door.close().await;
                }
            }
            Order::Reopen if outside.is_empty() => outside = open_outside(&service, ports).await?,
            Order::Reopen => {}
            Order::Front => service.gate.set(service.home.front()),
        }
    }
    Ok(())
}

async fn bind(service: &Service, port: u16) -> Result<TcpListener, LabError> {
    let system = service.entry.id.clone();
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => LabError::PortInUse { system, port },
        _ => LabError::ServiceFailed { system, detail: error.to_string() },
    })
}

/// Opens the citizens' doors.
async fn open_outside(service: &Arc<Service>, ports: Ports) -> Result<Vec<Door>, LabError> {
    let serves = service.entry.serves;
    let behind = frame::outside(routes(serves), service);
    let guarded = Guarded { listener: bind(service, ports.public).await?, gate: Arc::clone(&service.gate) };
    let mut doors = vec![Door::http(guarded, behind)];
    if let Some(third) = ports.third {
        let listener = bind(service, third).await?;
        match serves {
            Serves::Pages => doors.push(Door::tls(listener, Arc::clone(service), ports.public)),
            Serves::Conference => doors.push(Door::sessions(listener, Arc::clone(service))),
            _ => {}
        }
    }
    Ok(doors)
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

/// 200 only when the data was really read, page by page, its files are what they were, the configuration and the program
/// are the right ones, and there is room to write.
///
/// What others are asked through is well only where it reaches all of them.
async fn health(State(service): Shared) -> Response {
    if let Some(why) = service.home.ill() {
        return Refusal::Broken(why).into_response();
    }
    let held = match data::check(&service.data, &service.entry) {
        Ok(held) => held,
        Err(error) => return Refusal::from(error).into_response(),
    };
    if service.entry.serves == Serves::Exchange {
        let down = link::ask_all(&service, service.entry.links.clone(), 1).await;
        if !down.is_empty() {
            return Refusal::Down(down).into_response();
        }
    }
    Json(serde_json::json!({ "status": "ok", "records": held.records, "newest": held.newest })).into_response()
}

/// The links over which nothing comes back, a line each.
async fn look_at_links(State(service): Shared) -> String {
    let down = link::ask_all(&service, service.entry.links.clone(), 1).await;
    let names: Vec<String> = down.into_iter().map(|down| down.to).collect();
    names.join("\n")
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
