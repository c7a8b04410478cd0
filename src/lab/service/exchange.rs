//! Exchange of data: forwards to the systems that it is linked to, and writes down what it forwarded.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;

use super::html::{escape, page};
use super::{Refusal, Service, Shared, link};
use crate::lab::data::{self, exchange};

const A_PAGE: u32 = 25;

pub(super) fn routes() -> Router<Arc<Service>> {
    Router::new().route("/", get(home)).route("/giao-dich", get(list)).route("/chuyen/{system}/{key}", get(forward))
}

async fn home(State(service): Shared) -> Result<Response, Refusal> {
    let held = data::held(&service.open(false)?)?;
    let mut body = format!("<h1>Tích hợp, chia sẻ dữ liệu</h1>\n<p>Giao dịch: {}</p>\n<ul>\n", held.records);
    for link in &service.entry.links {
        body.push_str(&format!("<li>{}</li>\n", escape(link.to.as_str())));
    }
    body.push_str("</ul>");
    Ok(page(StatusCode::OK, "Tích hợp, chia sẻ dữ liệu", &body))
}

async fn list(State(service): Shared) -> Result<Response, Refusal> {
    let connection = service.open(false)?;
    let mut rows =
        connection.prepare("SELECT code, client, route, status FROM records ORDER BY number DESC LIMIT ?1")?;
    let mut rows = rows.query([A_PAGE])?;
    let mut body = "<h1>Giao dịch</h1>\n<table>\n".to_owned();
    while let Some(row) = rows.next()? {
        let (code, client, route, status): (String, String, String, u16) =
            (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        let (code, client, route) = (escape(&code), escape(&client), escape(&route));
        body.push_str(&format!("<tr><td>{code}</td><td>{client}</td><td>{route}</td><td>{status}</td></tr>\n"));
    }
    body.push_str("</table>");
    Ok(page(StatusCode::OK, "Giao dịch", &body))
}

#[derive(Deserialize)]
struct Asking {
    #[serde(default)]
    client: String,
}

/// Forwards, and answers what came back; 502 where the link is down. Each is written down, whatever came of it.
async fn forward(
    State(service): Shared,
    Path((system, key)): Path<(String, u32)>,
    Query(asking): Query<Asking>,
) -> Result<Response, Refusal> {
    let link = service.entry.links.iter().find(|link| link.to.as_str() == system).ok_or(Refusal::Unknown)?;
    if asking.client.chars().count() > 60 {
        return Err(Refusal::Invalid);
    }
    let client = if asking.client.is_empty() { "anonymous" } else { asking.client.as_str() };
    let answer = link::ask(&service, link, key).await;
    let status = if answer.is_ok() { StatusCode::OK } else { StatusCode::BAD_GATEWAY };
    let what = (system.as_str(), client, &*key.to_string(), status.as_u16());
    exchange::log(&mut service.open(true)?, &service.entry, what)?;
    let (kind, body) = match answer {
        Ok(body) => ("application/json", body),
        Err(down) => ("text/plain; charset=utf-8", format!("Không kết nối được {}: {}\n", down.to, down.why)),
    };
    Ok((status, [(header::CONTENT_TYPE, kind)], body).into_response())
}
