//! Video conference: meetings, and sessions that are held open.
//!
//! A session is a line each way at its beginning (`JOIN CODE NAME`, `OK CODE`), then a line from the service each quarter
//! of a second, `TICK PARTICIPANTS`, for as long as the participant stays. A name may be followed by ` key=KEY`, an account's.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use super::html::{escape, page};
use super::{Refusal, Service, Shared, fits, frame};
use crate::lab::data;

const A_PAGE: u32 = 25;
const TICK: Duration = Duration::from_millis(250);
const PATIENCE: Duration = Duration::from_secs(2);
const MAX_LINE_BYTES: u64 = 512;

/// Who is in which meeting now.
#[derive(Default)]
pub(super) struct Rooms(std::sync::Mutex<BTreeMap<String, Vec<String>>>);

impl Rooms {
    fn change<T>(&self, act: impl FnOnce(&mut BTreeMap<String, Vec<String>>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn present(&self, code: &str) -> usize {
        self.change(|rooms| rooms.get(code).map_or(0, Vec::len))
    }
}

/// Leaves when it goes, however the session ends.
struct Present {
    service: Arc<Service>,
    code: String,
    name: String,
}

impl Present {
    fn enter(service: Arc<Service>, code: String, name: String) -> Self {
        service.rooms.change(|rooms| rooms.entry(code.clone()).or_default().push(name.clone()));
        Self { service, code, name }
    }
}

impl Drop for Present {
    fn drop(&mut self) {
        self.service.rooms.change(|rooms| {
            if let Some(names) = rooms.get_mut(&self.code) {
                if let Some(index) = names.iter().position(|name| *name == self.name) {
                    names.remove(index);
                }
                if names.is_empty() {
                    rooms.remove(&self.code);
                }
            }
        });
    }
}

pub(super) fn routes() -> Router<Arc<Service>> {
    Router::new().route("/", get(home)).route("/phong", get(list)).route("/phong/{code}", get(meeting))
}

async fn home(State(service): Shared) -> Result<Response, Refusal> {
    let held = data::held(&service.open(false)?)?;
    let present = service.rooms.change(|rooms| rooms.values().map(Vec::len).sum::<usize>());
    let body = format!("<h1>Hội nghị truyền hình</h1>\n<p>Cuộc họp: {}; đang dự: {present}</p>", held.records);
    Ok(page(StatusCode::OK, "Hội nghị truyền hình", &body))
}

async fn list(State(service): Shared) -> Result<Response, Refusal> {
    let connection = service.open(false)?;
    let mut rows = connection.prepare("SELECT code, title FROM records ORDER BY number DESC LIMIT ?1")?;
    let mut rows = rows.query([A_PAGE])?;
    let mut body = "<h1>Cuộc họp</h1>\n<ul>\n".to_owned();
    while let Some(row) = rows.next()? {
        let (code, title): (String, String) = (row.get(0)?, row.get(1)?);
        let (code, title) = (escape(&code), escape(&title));
        body.push_str(&format!("<li><a href=\"/phong/{code}\">{title}</a></li>\n"));
    }
    body.push_str("</ul>");
    Ok(page(StatusCode::OK, "Cuộc họp", &body))
}

async fn meeting(State(service): Shared, Path(code): Path<String>) -> Result<Response, Refusal> {
    let (title, invited): (String, u32) =
        service.open(false)?.query_row("SELECT title, invited FROM records WHERE code = ?1", [&code], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let present = service.rooms.change(|rooms| rooms.get(&code).cloned().unwrap_or_default());
    let mut body = format!(
        "<h1>{}</h1>\n<p>Được mời: {invited}; đang dự: <b class=\"present\">{}</b></p>\n<ul>\n",
        escape(&title),
        present.len()
    );
    for name in present {
        body.push_str(&format!("<li>{}</li>\n", escape(&name)));
    }
    body.push_str("</ul>");
    Ok(page(StatusCode::OK, &title, &body))
}

/// Holds one session until the participant leaves, or the door closes.
pub(super) async fn session(service: Arc<Service>, mut stream: TcpStream) {
    let (reading, mut writing) = stream.split();
    let mut reading = BufReader::new(reading.take(MAX_LINE_BYTES));
    let mut line = String::new();
    if !matches!(tokio::time::timeout(PATIENCE, reading.read_line(&mut line)).await, Ok(Ok(read)) if read > 0) {
        return;
    }
    let mut words = line.trim().splitn(3, ' ');
    let (Some("JOIN"), Some(code), Some(name)) = (words.next(), words.next(), words.next()) else { return };
    // Who comes with an account's key stays for as long as the key opens anything.
    let (name, key) = match name.split_once(" key=") {
        Some((name, key)) => (name, Some(key.to_owned())),
        None => (name, None),
    };
    let admitted = |service: &Service| key.as_ref().is_none_or(|key| service.home.account().open.contains(key));
    let known = fits(name)
        && admitted(&service)
        && data::open(&service.data, &service.entry, false).is_ok_and(|connection| {
            connection.query_row("SELECT 1 FROM records WHERE code = ?1", [code], |_| Ok(())).is_ok()
        });
    if !known {
        // Who is sent away may have gone already.
        let _ = writing.write_all(b"NO\n").await;
        return;
    }
    if writing.write_all(format!("OK {code}\n").as_bytes()).await.is_err() {
        return;
    }
    let present = Present::enter(Arc::clone(&service), code.to_owned(), name.to_owned());
    if key.is_some() {
        frame::log_session(&service, code);
    }
    let mut rest = [0_u8; 64];
    loop {
        tokio::select! {
            // A participant says nothing more: whatever comes but the end is passed over, the limit of the line ends it.
            read = reading.read(&mut rest) => {
                if matches!(read, Ok(0) | Err(_)) {
                    return;
                }
            }
            () = tokio::time::sleep(TICK) => {
                if !admitted(&service) {
                    return;
                }
                let tick = format!("TICK {}\n", service.rooms.present(&present.code));
                let written = tokio::time::timeout(PATIENCE, writing.write_all(tick.as_bytes())).await;
                if !matches!(written, Ok(Ok(()))) {
                    return;
                }
            }
        }
    }
}
