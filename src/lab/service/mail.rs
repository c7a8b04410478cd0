//! Mail between officials: send a message, have it delivered, read it.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use tokio::sync::Notify;

use super::html::{escape, page};
use super::{Refusal, Service, Shared, fits};
use crate::lab::data::{self, mail};

const A_PAGE: u32 = 25;
/// How often what could not be delivered is tried again.
const AGAIN: Duration = Duration::from_secs(1);

pub(super) fn routes() -> Router<Arc<Service>> {
    Router::new()
        .route("/", get(home))
        .route("/thu", get(list).post(send))
        .route("/thu/{code}", get(read))
        .route("/hop-thu/{owner}", get(mailbox))
}

/// Delivers what was accepted, as soon as it is and whenever it can be; until the service ends.
pub(super) async fn deliver(service: Arc<Service>, news: Arc<Notify>) {
    loop {
        if let Ok(mut connection) = data::open(&service.data, &service.entry, true)
            && let Err(error) = mail::deliver(&mut connection)
        {
            tracing::debug!(%error, "messages wait");
        }
        let _ = tokio::time::timeout(AGAIN, news.notified()).await;
    }
}

async fn home(State(service): Shared) -> Result<Response, Refusal> {
    let connection = service.open(false)?;
    let held = data::held(&connection)?;
    let waiting: u32 =
        connection.query_row("SELECT count(*) FROM records WHERE state = 'queued'", [], |row| row.get(0))?;
    let body = format!("<h1>Thư công vụ</h1>\n<p>Số thư: {}; chờ chuyển: {waiting}</p>", held.records);
    Ok(page(StatusCode::OK, "Thư công vụ", &body))
}

async fn list(State(service): Shared) -> Result<Response, Refusal> {
    let connection = service.open(false)?;
    let mut rows = connection.prepare("SELECT code, sender, state FROM records ORDER BY number DESC LIMIT ?1")?;
    let mut rows = rows.query([A_PAGE])?;
    let mut body = "<h1>Thư mới</h1>\n<table>\n".to_owned();
    while let Some(row) = rows.next()? {
        let (code, sender, state): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let (code, sender, state) = (escape(&code), escape(&sender), escape(&state));
        body.push_str(&format!("<tr><td>{code}</td><td>{sender}</td><td>{state}</td></tr>\n"));
    }
    body.push_str("</table>");
    Ok(page(StatusCode::OK, "Thư mới", &body))
}

async fn mailbox(State(service): Shared, Path(owner): Path<String>) -> Result<Response, Refusal> {
    let connection = service.open(false)?;
    let mut rows = connection.prepare(
        "SELECT code, subject FROM mailboxes JOIN records USING (number) WHERE owner = ?1 ORDER BY number DESC LIMIT ?2",
    )?;
    let mut rows = rows.query(rusqlite::params![owner, A_PAGE])?;
    let mut body = format!("<h1>Hộp thư {}</h1>\n<ul>\n", escape(&owner));
    while let Some(row) = rows.next()? {
        let (code, subject): (String, String) = (row.get(0)?, row.get(1)?);
        let (code, subject) = (escape(&code), escape(&subject));
        body.push_str(&format!("<li><a href=\"/thu/{code}\">{subject}</a></li>\n"));
    }
    body.push_str("</ul>");
    Ok(page(StatusCode::OK, "Hộp thư", &body))
}

/// A message that was delivered to somebody.
async fn read(State(service): Shared, Path(code): Path<String>) -> Result<Response, Refusal> {
    let body = service.open(false)?.query_row(
        "SELECT subject, sender, body FROM records WHERE code = ?1
         AND EXISTS (SELECT 1 FROM mailboxes WHERE mailboxes.number = records.number)",
        [&code],
        |row| {
            let (subject, sender, body): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(format!("<h1>{}</h1>\n<p>{}</p>\n<p>{}</p>", escape(&subject), escape(&sender), escape(&body)))
        },
    )?;
    Ok(page(StatusCode::OK, &code, &body))
}

#[derive(Deserialize)]
struct Message {
    from: String,
    to: String,
    subject: String,
    body: String,
}

async fn send(State(service): Shared, Form(message): Form<Message>) -> Result<Response, Refusal> {
    if ![&message.from, &message.to, &message.subject].into_iter().all(|text| fits(text)) {
        return Err(Refusal::Invalid);
    }
    let what = (message.from.as_str(), message.to.as_str(), message.subject.as_str(), message.body.as_str());
    let code = mail::accept(&mut service.open(true)?, &service.entry, &service.data, what)?;
    service.news.notify_one();
    let body = format!("<h1>Đã nhận thư</h1>\n<p>Mã thư: <b class=\"code\">{}</b></p>", escape(&code));
    Ok(page(StatusCode::ACCEPTED, "Đã nhận thư", &body))
}
