//! Official documents: issue one under the next number, look one up, list.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

use super::html::{escape, page};
use super::{Refusal, Service, Shared, fits};
use crate::lab::data::{self, documents};

const A_PAGE: u32 = 25;

pub(super) fn routes() -> Router<Arc<Service>> {
    Router::new().route("/", get(home)).route("/van-ban", get(list).post(issue)).route("/van-ban/{code}", get(look_up))
}

async fn home(State(service): Shared) -> Result<Response, Refusal> {
    let held = data::held(&service.open(false)?)?;
    let body = format!(
        "<h1>Quản lý văn bản và điều hành</h1>\n<p>Số văn bản: {}; mới nhất: {}</p>",
        held.records,
        escape(&held.newest)
    );
    Ok(page(StatusCode::OK, "Quản lý văn bản và điều hành", &body))
}

async fn list(State(service): Shared) -> Result<Response, Refusal> {
    let connection = service.open(false)?;
    let mut rows = connection.prepare("SELECT code, subject, state FROM records ORDER BY number DESC LIMIT ?1")?;
    let mut rows = rows.query([A_PAGE])?;
    let mut body = "<h1>Danh sách văn bản</h1>\n<table>\n".to_owned();
    while let Some(row) = rows.next()? {
        let (code, subject, state): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let (code, subject, state) = (escape(&code), escape(&subject), escape(&state));
        body.push_str(&format!(
            "<tr><td><a href=\"/van-ban/{code}\">{code}</a></td><td>{subject}</td><td>{state}</td></tr>\n"
        ));
    }
    body.push_str("</table>");
    Ok(page(StatusCode::OK, "Danh sách văn bản", &body))
}

async fn look_up(State(service): Shared, Path(code): Path<String>) -> Result<Response, Refusal> {
    let body = service.open(false)?.query_row(
        "SELECT subject, issuer, state FROM records WHERE code = ?1",
        [&code],
        |row| {
            let (subject, issuer, state): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(format!(
                "<h1>Văn bản {}</h1>\n<p>{}</p>\n<p>{}: {}</p>",
                escape(&code),
                escape(&subject),
                escape(&issuer),
                escape(&state)
            ))
        },
    )?;
    Ok(page(StatusCode::OK, &code, &body))
}

#[derive(Deserialize)]
struct Draft {
    subject: String,
    issuer: String,
}

async fn issue(State(service): Shared, Form(draft): Form<Draft>) -> Result<Response, Refusal> {
    if !fits(&draft.subject) || !fits(&draft.issuer) {
        return Err(Refusal::Invalid);
    }
    let mut connection = service.open(true)?;
    let code = documents::issue(&mut connection, &service.entry, &service.data, &draft.subject, &draft.issuer)?;
    let body = format!("<h1>Đã phát hành</h1>\n<p>Số: <b class=\"code\">{}</b></p>", escape(&code));
    Ok(page(StatusCode::CREATED, "Đã phát hành", &body))
}
