//! A national system's stand-in: a record by its number.

use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::{Refusal, Service, Shared};
use crate::lab::data;

pub(super) fn routes() -> Router<Arc<Service>> {
    Router::new().route("/", get(home)).route("/ban-ghi/{number}", get(record))
}

async fn home(State(service): Shared) -> Result<Response, Refusal> {
    let held = data::held(&service.open(false)?)?;
    Ok(Json(serde_json::json!({ "system": service.entry.id, "records": held.records })).into_response())
}

async fn record(State(service): Shared, Path(number): Path<u32>) -> Result<Response, Refusal> {
    let (code, content): (String, String) =
        service.open(false)?.query_row("SELECT code, content FROM records WHERE number = ?1", [number], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    Ok(Json(serde_json::json!({ "system": service.entry.id, "code": code, "content": content })).into_response())
}
