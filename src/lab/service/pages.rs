//! A portal: pages, and a search over them.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use rusqlite::Statement;
use serde::Deserialize;

use super::html::{escape, page};
use super::{Refusal, Service, Shared};

pub(super) fn routes() -> Router<Arc<Service>> {
    Router::new().route("/", get(home)).route("/tin/{code}", get(show)).route("/tim-kiem", get(search))
}

/// The newest pages, the first of them in full.
async fn home(State(service): Shared) -> Result<Response, Refusal> {
    let connection = service.open(false)?;
    let file: String =
        connection.query_row("SELECT file FROM records ORDER BY number DESC LIMIT 1", [], |row| row.get(0))?;
    let first = read(&service, &file)?;
    let mut newest = connection.prepare("SELECT code, title FROM records ORDER BY number DESC LIMIT 10")?;
    let links = links(&mut newest, [])?;
    let body = format!("{first}\n<h2>Tin mới</h2>\n{links}");
    Ok(page(StatusCode::OK, "Cổng thông tin điện tử tỉnh", &body))
}

async fn show(State(service): Shared, Path(code): Path<String>) -> Result<Response, Refusal> {
    let (file, title): (String, String) =
        service.open(false)?.query_row("SELECT file, title FROM records WHERE code = ?1", [&code], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    Ok(page(StatusCode::OK, &title, &read(&service, &file)?))
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
}

async fn search(State(service): Shared, Query(asked): Query<Asked>) -> Result<Response, Refusal> {
    if asked.q.chars().count() > 100 {
        return Err(Refusal::Invalid);
    }
    let connection = service.open(false)?;
    let mut found = connection.prepare(
        "SELECT code, title FROM records WHERE instr(words, ?1) > 0 OR instr(title, ?1) > 0 ORDER BY number DESC LIMIT 25",
    )?;
    let links = links(&mut found, [&asked.q])?;
    Ok(page(StatusCode::OK, "Tìm kiếm", &format!("<h1>Tìm kiếm: {}</h1>\n{links}", escape(&asked.q))))
}

fn links(statement: &mut Statement, given: impl rusqlite::Params) -> Result<String, Refusal> {
    let mut rows = statement.query(given)?;
    let mut list = "<ul>\n".to_owned();
    while let Some(row) = rows.next()? {
        let (code, title): (String, String) = (row.get(0)?, row.get(1)?);
        list.push_str(&format!("<li><a href=\"/tin/{}\">{}</a></li>\n", escape(&code), escape(&title)));
    }
    list.push_str("</ul>");
    Ok(list)
}

fn read(service: &Service, file: &str) -> Result<String, Refusal> {
    std::fs::read_to_string(service.data.join(file)).map_err(|error| Refusal::Broken(format!("{file}: {error}")))
}
