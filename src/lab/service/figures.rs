//! Figures of agencies: send one, read it back, the sum of a period.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

use super::html::{escape, page};
use super::{Refusal, Service, Shared, fits};
use crate::lab::data::{self, figures};

const A_PAGE: u32 = 25;
const MOST: i64 = 1_000_000_000;

pub(super) fn routes() -> Router<Arc<Service>> {
    Router::new()
        .route("/", get(home))
        .route("/so-lieu", get(list).post(send))
        .route("/so-lieu/{code}", get(look_up))
        .route("/tong-hop/{period}", get(sum))
}

async fn home(State(service): Shared) -> Result<Response, Refusal> {
    let held = data::held(&service.open(false)?)?;
    let body =
        format!("<h1>Báo cáo</h1>\n<p>Số liệu đã nhận: {}; mới nhất: {}</p>", held.records, escape(&held.newest));
    Ok(page(StatusCode::OK, "Báo cáo", &body))
}

async fn list(State(service): Shared) -> Result<Response, Refusal> {
    let connection = service.open(false)?;
    let mut rows =
        connection.prepare("SELECT code, agency, period, value FROM records ORDER BY number DESC LIMIT ?1")?;
    let mut rows = rows.query([A_PAGE])?;
    let mut body = "<h1>Số liệu</h1>\n<table>\n".to_owned();
    while let Some(row) = rows.next()? {
        let (code, agency, period): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let value: i64 = row.get(3)?;
        let (code, agency, period) = (escape(&code), escape(&agency), escape(&period));
        body.push_str(&format!(
            "<tr><td><a href=\"/so-lieu/{code}\">{code}</a></td><td>{agency}</td><td>{period}</td><td>{value}</td></tr>\n"
        ));
    }
    body.push_str("</table>");
    Ok(page(StatusCode::OK, "Số liệu", &body))
}

async fn look_up(State(service): Shared, Path(code): Path<String>) -> Result<Response, Refusal> {
    let body = service.open(false)?.query_row(
        "SELECT agency, period, value FROM records WHERE code = ?1",
        [&code],
        |row| {
            let (agency, period): (String, String) = (row.get(0)?, row.get(1)?);
            let value: i64 = row.get(2)?;
            Ok(format!(
                "<h1>Số liệu {}</h1>\n<p>{}, {}: <b class=\"value\">{value}</b></p>",
                escape(&code),
                escape(&agency),
                escape(&period)
            ))
        },
    )?;
    Ok(page(StatusCode::OK, &code, &body))
}

async fn sum(State(service): Shared, Path(period): Path<String>) -> Result<Response, Refusal> {
    let sum = figures::sum_of(&service.open(false)?, &period)?;
    let body = format!("<h1>Tổng hợp {}</h1>\n<p>Tổng: <b class=\"sum\">{sum}</b></p>", escape(&period));
    Ok(page(StatusCode::OK, "Tổng hợp", &body))
}

#[derive(Deserialize)]
struct Figure {
    agency: String,
    period: String,
    value: i64,
}

async fn send(State(service): Shared, Form(figure): Form<Figure>) -> Result<Response, Refusal> {
    if !fits(&figure.agency) || !fits(&figure.period) || !(0..=MOST).contains(&figure.value) {
        return Err(Refusal::Invalid);
    }
    let what = (figure.agency.as_str(), figure.period.as_str(), figure.value);
    let (code, sum) = figures::send(&mut service.open(true)?, &service.entry, &service.data, what)?;
    let body = format!(
        "<h1>Đã nhận số liệu</h1>\n<p>Mã: <b class=\"code\">{}</b>; tổng của kỳ: <b class=\"sum\">{sum}</b></p>",
        escape(&code)
    );
    Ok(page(StatusCode::CREATED, "Đã nhận số liệu", &body))
}
