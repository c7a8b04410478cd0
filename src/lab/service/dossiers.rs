//! Administrative procedures: hand a dossier in, look one up, list.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use rusqlite::Connection;
use serde::Deserialize;

use super::html::{escape, page};
use super::{Refusal, Service, Shared, fits, link};
use crate::lab::LabError;
use crate::lab::data::{self, Dossier, standin};
use crate::lab::entry::Link;

const A_PAGE: u32 = 25;
/// Each how-manieth dossier that is handed in has a file.
const WITH_FILE: u32 = 10;
/// After so many dossiers whose check fails the link is down, and the others wait.
const GIVE_UP: u32 = 3;

pub(super) fn routes() -> Router<Arc<Service>> {
    Router::new()
        .route("/", get(home))
        .route("/ho-so", get(list).post(submit))
        .route("/ho-so/{code}", get(look_up))
        .route("/nop-thu", get(try_to_submit))
}

/// What stands behind the operators' door besides.
pub(super) fn inside() -> Router<Arc<Service>> {
    Router::new().route("/defer-checks", post(defer)).route("/check-deferred", post(check_deferred))
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
    if !data::PROCEDURES.contains(&form.procedure.as_str()) || !fits(&form.applicant) {
        return Err(Refusal::Invalid);
    }
    let deferred = service.home.deferring().exists();
    if !deferred {
        let down = link::ask_all(&service, asked_of(&service, &form.procedure), key_of(&form.applicant)).await;
        if !down.is_empty() {
            return Err(Refusal::Down(down));
        }
    }
    let mut connection = service.open(true)?;
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let number: u32 =
        transaction.query_row("SELECT coalesce(max(number), 0) + 1 FROM records", [], |row| row.get(0))?;
    let number = service.number(number);
    let dossier = Dossier::submitted(&service.entry, number, &form.procedure, &form.applicant);
    dossier.insert(&transaction, &service.data, number.is_multiple_of(WITH_FILE), !deferred)?;
    transaction.commit()?;
    let body = format!("<h1>Đã tiếp nhận hồ sơ</h1>\n<p>Mã hồ sơ: <b class=\"code\">{}</b></p>", escape(&dossier.code));
    Ok(page(StatusCode::CREATED, "Đã tiếp nhận hồ sơ", &body))
}

/// The links to the national systems that are asked about `procedure`.
fn asked_of(service: &Service, procedure: &str) -> Vec<Link> {
    let asked = data::asked(procedure);
    service.entry.links.iter().filter(|link| asked.contains(&link.to.as_str())).cloned().collect()
}

/// The number of an applicant's record in the national systems.
fn key_of(applicant: &str) -> u32 {
    applicant.bytes().fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte))) % standin::RECORDS + 1
}

/// Does what a submission does, for every procedure, and keeps nothing: the database is opened for writing, every national
/// system is asked.
async fn try_to_submit(State(service): Shared) -> Result<Response, Refusal> {
    if !service.home.deferring().exists() {
        let national = service.entry.links.iter().filter(|link| link.by.is_some()).cloned().collect();
        let down = link::ask_all(&service, national, 1).await;
        if !down.is_empty() {
            return Err(Refusal::Down(down));
        }
    }
    let mut connection = service.open(true)?;
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let number: u32 =
        transaction.query_row("SELECT coalesce(max(number), 0) + 1 FROM records", [], |row| row.get(0))?;
    let dossier = Dossier::submitted(&service.entry, number, data::PROCEDURES[0], data::APPLICANT);
    dossier.insert(&transaction, &service.data, false, true)?;
    transaction.rollback()?;
    Ok(page(StatusCode::OK, "Nộp thử", "<h1>Nộp được hồ sơ</h1>"))
}

fn left(connection: &Connection) -> Result<u32, Refusal> {
    Ok(connection.query_row("SELECT count(*) FROM records WHERE checked = 0", [], |row| row.get(0))?)
}

/// From now on dossiers are taken without asking the national systems.
async fn defer(State(service): Shared) -> Result<String, Refusal> {
    let flag = service.home.deferring();
    std::fs::write(&flag, "").map_err(LabError::file(&flag))?;
    Ok(format!("deferred={}", left(&service.open(false)?)?))
}

/// Asks now for the dossiers that were taken without. Where none is left nothing is deferred any more.
async fn check_deferred(State(service): Shared) -> Result<String, Refusal> {
    let waiting: Vec<(u32, String, String)> = {
        let connection = service.open(false)?;
        let mut rows =
            connection.prepare("SELECT number, procedure, applicant FROM records WHERE checked = 0 ORDER BY number")?;
        rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect::<Result<_, _>>()?
    };
    let (mut checked, mut failed) = (0_u32, 0_u32);
    for (number, procedure, applicant) in waiting {
        let wanted = asked_of(&service, &procedure);
        if link::ask_all(&service, wanted, key_of(&applicant)).await.is_empty() {
            service.open(true)?.execute("UPDATE records SET checked = 1 WHERE number = ?1", [number])?;
            checked += 1;
        } else {
            failed += 1;
        }
        if failed >= GIVE_UP {
            break;
        }
    }
    let left = left(&service.open(false)?)?;
    let flag = service.home.deferring();
    if left == 0 && flag.exists() {
        std::fs::remove_file(&flag).map_err(LabError::file(&flag))?;
    }
    Ok(format!("checked={checked} failed={failed} left={left}"))
}
