//! Administrative procedures: hand a dossier in, look one up, list.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

use super::html::{escape, page};
use super::{Refusal, Service, Shared};
use crate::lab::data::{self, Dossier};

const A_PAGE: u32 = 25;
/// Each how-manieth dossier that is handed in has a file.
const WITH_FILE: u32 = 10;

pub(super) fn routes() -> Router<Arc<Service>> {
    Router::new().route("/", get(home)).route("/ho-so", get(list).post(submit)).route("/ho-so/{code}", get(look_up))
}

async fn home(State(service): Shared) -> Result<Response, Refusal> {
    let held = data::held(&service.open(false)?)?;
    let body = format!(
        "<h1>Giải quyết thủ tục hành chính</h1>\n<p>Tra cứu hồ sơ: <a href=\"/ho-so\">danh sách</a></p>\n\
         <p>Đã tiếp nhận {} hồ sơ; mới nhất: {}</p>",
        held.records,
        escape(&held.newest)
    );
    Ok(page(StatusCode::OK, "Giải quyết thủ tục hành chính", &body))
}

#[derive(Deserialize)]
struct Which {
    #[serde(default)]
    page: u32,
}

async fn list(State(service): Shared, Query(which): Query<Which>) -> Result<Response, Refusal> {
    let connection = service.open(false)?;
    let mut rows =
        connection.prepare("SELECT code, procedure, state FROM records ORDER BY number DESC LIMIT ?1 OFFSET ?2")?;
    let mut rows = rows.query([i64::from(A_PAGE), i64::from(which.page) * i64::from(A_PAGE)])?;
    let mut body = "<h1>Danh sách hồ sơ</h1>\n<table>\n".to_owned();
    while let Some(row) = rows.next()? {
        let (code, procedure, state): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let (code, procedure, state) = (escape(&code), escape(&procedure), escape(&state));
        body.push_str(&format!(
            "<tr><td><a href=\"/ho-so/{code}\">{code}</a></td><td>{procedure}</td><td>{state}</td></tr>\n"
        ));
    }
    body.push_str("</table>");
    Ok(page(StatusCode::OK, "Danh sách hồ sơ", &body))
}

async fn look_up(State(service): Shared, Path(code): Path<String>) -> Result<Response, Refusal> {
    let body = service.open(false)?.query_row(
        "SELECT procedure, applicant, commune, state, due FROM records WHERE code = ?1",
        [&code],
        |row| {
            let mut body = format!("<h1>Hồ sơ {}</h1>\n<dl>\n", escape(&code));
            let names = ["Thủ tục", "Người nộp", "Nơi tiếp nhận", "Tình trạng", "Ngày hẹn trả"];
            for (index, name) in names.into_iter().enumerate() {
                body.push_str(&format!("<dt>{name}</dt><dd>{}</dd>\n", escape(&row.get::<_, String>(index)?)));
            }
            body.push_str("</dl>");
            Ok(body)
        },
    )?;
    Ok(page(StatusCode::OK, &code, &body))
}

#[derive(Deserialize)]
struct Submission {
    procedure: String,
    applicant: String,
}

async fn submit(State(service): Shared, Form(form): Form<Submission>) -> Result<Response, Refusal> {
    let fits = |text: &str| !text.trim().is_empty() && text.chars().count() <= 200;
    if !data::PROCEDURES.contains(&form.procedure.as_str()) || !fits(&form.applicant) {
        return Err(Refusal::Invalid);
    }
    let mut connection = service.open(true)?;
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let number: u32 =
        transaction.query_row("SELECT coalesce(max(number), 0) + 1 FROM records", [], |row| row.get(0))?;
    let number = service.number(number);
    let dossier = Dossier::submitted(&service.entry, number, &form.procedure, &form.applicant);
    dossier.insert(&transaction, &service.data, number.is_multiple_of(WITH_FILE))?;
    transaction.commit()?;
    let body = format!("<h1>Đã tiếp nhận hồ sơ</h1>\n<p>Mã hồ sơ: <b class=\"code\">{}</b></p>", escape(&dossier.code));
    Ok(page(StatusCode::CREATED, "Đã tiếp nhận hồ sơ", &body))
}
