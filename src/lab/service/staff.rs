//! What staff can do through a service, whatever it serves: read records in bulk and change a file of a record at the
//! citizens' door, with an account; delete records and take out what an account wrote, at the operators' door.

use std::fs;
use std::sync::Arc;

use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension as _};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::frame::{KEPT, RECORDS, note_taken_out};
use super::html::page;
use super::{Refusal, Service, Shared};
use crate::lab::data::{documents, mail};
use crate::lab::entry::Serves;
use crate::lab::ground::{ACCOUNT, Deed};
use crate::lab::moment;
use crate::model::Digest;

/// How many records one look in bulk gives.
const IN_BULK: u32 = 50;

pub(super) fn outside() -> Router<Arc<Service>> {
    Router::new().route("/can-bo/xuat", get(export)).route("/can-bo/sua", post(edit))
}

pub(super) fn inside() -> Router<Arc<Service>> {
    Router::new()
        .route("/gate", get(gate))
        .route("/staff/delete", post(delete))
        .route("/staff/take-out", post(take_out))
}

async fn gate(State(service): Shared) -> Response {
    Json(service.gate.status()).into_response()
}

/// Only with an account; whether the key is good was looked at before.
fn with_account(headers: &HeaderMap) -> Result<(), Refusal> {
    if headers.contains_key(header::AUTHORIZATION) { Ok(()) } else { Err(Refusal::NotAllowed) }
}

#[derive(Deserialize)]
struct From {
    #[serde(default)]
    from: u32,
}

/// Whole records, many at once.
async fn export(State(service): Shared, headers: HeaderMap, Query(which): Query<From>) -> Result<Response, Refusal> {
    with_account(&headers)?;
    let connection = service.open(false)?;
    let mut statement = connection.prepare("SELECT * FROM records WHERE number > ?1 ORDER BY number LIMIT ?2")?;
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let mut rows = statement.query([which.from, IN_BULK])?;
    let mut records = Vec::new();
    while let Some(row) = rows.next()? {
        let mut record = Map::new();
        for (index, name) in names.iter().enumerate() {
            let value = match row.get_ref(index)? {
                ValueRef::Integer(number) => Value::from(number),
                ValueRef::Text(text) => Value::from(String::from_utf8_lossy(text).into_owned()),
                _ => Value::Null,
            };
            record.insert(name.clone(), value);
        }
        records.push(Value::Object(record));
    }
    let count = records.len().to_string();
    Ok(([(RECORDS, count)], Json(records)).into_response())
}

#[derive(Deserialize)]
struct Change {
    number: u32,
    text: String,
}

/// Writes another text into the file of a record, as an editor does; what stood there is kept.
async fn edit(State(service): Shared, headers: HeaderMap, Form(change): Form<Change>) -> Result<Response, Refusal> {
    with_account(&headers)?;
    let connection = service.open(true)?;
    let (code, name): (String, String) = connection.query_row(
        "SELECT code, file FROM records WHERE number = ?1 AND file IS NOT NULL",
        [change.number],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let path = service.data.join(&name);
    let broken = |error: std::io::Error| Refusal::Broken(error.to_string());
    let folder = service.home.file("revisions");
    fs::create_dir_all(&folder).map_err(broken)?;
    let kept = format!("{code}-{}", moment::now());
    fs::copy(&path, folder.join(&kept)).map_err(broken)?;
    put(&connection, &service, &code, &name, change.text.as_bytes())?;
    let body = format!("<p>Đã sửa <b class=\"code\">{code}</b></p>");
    let mut response = page(StatusCode::OK, "Đã sửa", &body);
    if let Ok(value) = kept.parse() {
        response.headers_mut().insert(KEPT, value);
    }
    Ok(response)
}

fn put(connection: &Connection, service: &Service, code: &str, name: &str, bytes: &[u8]) -> Result<(), Refusal> {
    fs::write(service.data.join(name), bytes).map_err(|error| Refusal::Broken(error.to_string()))?;
    let digest = Digest::of(bytes).hex();
    connection.execute("UPDATE records SET digest = ?1 WHERE code = ?2", [digest.as_str(), code])?;
    Ok(())
}

#[derive(Deserialize)]
struct Which {
    account: String,
    count: u32,
}

/// How many were deleted or taken out, and how many are left.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(in super::super) struct Done {
    /// How many.
    pub(in super::super) done: u32,
    /// How many of the same kind are still there.
    pub(in super::super) left: u32,
}

/// Deletes `count` records, spread over those that were there in the oldest night, with their files.
async fn delete(State(service): Shared, Form(which): Form<Which>) -> Result<Json<Done>, Refusal> {
    let upto = service.entry.at_night(0);
    let step = (upto / which.count.max(1)).max(1);
    let mut connection = service.open(true)?;
    let transaction = connection.transaction()?;
    let chosen: Vec<(u32, String)> = transaction
        .prepare("SELECT number, code FROM records WHERE number <= ?1 AND number % ?2 = 0 ORDER BY number LIMIT ?3")?
        .query_map([upto, step, which.count], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let mut files = Vec::new();
    for (_, code) in &chosen {
        files.extend(file_of(&transaction, code)?);
        transaction.execute("DELETE FROM records WHERE code = ?1", [code])?;
    }
    transaction.commit()?;
    for name in files {
        crate::lab::ground::remove(&service.data.join(name))?;
    }
    let left = connection.query_row("SELECT count(*) FROM records", [], |row| row.get(0))?;
    let done = u32::try_from(chosen.len()).unwrap_or(u32::MAX);
    service.home.log_deed(&Deed {
        at: moment::now(),
        account: which.account,
        did: "DELETE".to_owned(),
        records: done,
        wrote: None,
        kept: None,
        undone: false,
    })?;
    Ok(Json(Done { done, left }))
}

fn file_of(connection: &Connection, code: &str) -> Result<Option<String>, Refusal> {
    let has = connection.prepare("SELECT file FROM records LIMIT 0").is_ok();
    if !has {
        return Ok(None);
    }
    let found = connection
        .query_row("SELECT file FROM records WHERE code = ?1", [code], |row| row.get::<_, Option<String>>(0))
        .optional()?;
    Ok(found.flatten())
}

/// Takes out what the stolen account wrote: records that it made go, what it changed is as it was. Newest first.
async fn take_out(State(service): Shared) -> Result<Json<Done>, Refusal> {
    let mut done = 0;
    let mut gone = 0;
    let connection = service.open(true)?;
    for deed in written(&service).into_iter().rev() {
        let Some(code) = deed.wrote.clone() else { continue };
        let file = file_of(&connection, &code)?;
        if let Some(kept) = &deed.kept {
            let before = fs::read(service.home.file("revisions").join(kept))
                .map_err(|error| Refusal::Broken(error.to_string()))?;
            if let Some(name) = file {
                put(&connection, &service, &code, &name, &before)?;
            }
        } else if service.entry.serves == Serves::Documents {
            // A number that was given stays given: the document is void.
            documents::void(&connection, &code)?;
        } else {
            if service.entry.serves == Serves::Mail {
                mail::withdraw(&connection, &code)?;
            }
            gone += u32::try_from(connection.execute("DELETE FROM records WHERE code = ?1", [&code])?).unwrap_or(0);
            if let Some(name) = file {
                crate::lab::ground::remove(&service.data.join(name))?;
            }
        }
        service.home.log_deed(&Deed { at: moment::now(), undone: true, ..deed })?;
        done += 1;
    }
    if gone > 0 {
        note_taken_out(&service, gone)?;
    }
    let left = u32::try_from(written(&service).len()).unwrap_or(u32::MAX);
    Ok(Json(Done { done, left }))
}

/// What the stolen account wrote and nobody has taken out yet.
fn written(service: &Service) -> Vec<Deed> {
    let mut open: Vec<Deed> = Vec::new();
    for deed in service.home.deeds() {
        if deed.account != ACCOUNT || deed.wrote.is_none() {
            continue;
        }
        if deed.undone {
            open.retain(|other| other.wrote != deed.wrote || other.kept != deed.kept);
        } else {
            open.push(deed);
        }
    }
    open
}
