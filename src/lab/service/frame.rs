//! What every service has around its own routes: places at the door, accounts, the log of what was taken in, the program's
//! version.

use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{Method, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};

use super::{Refusal, Service, Shared, staff};
use crate::lab::ground::{ACCOUNT, Deed, GOOD_VERSION, Statement};
use crate::lab::{data, moment};

/// What the work on one request takes, as it does on the real system's machine: a place is held so long.
const WORK: Duration = Duration::from_millis(50);
/// What each file of the malware adds to it: it works on the same machine.
const WORK_OF_MALWARE: Duration = Duration::from_millis(60);
const MAX_ANSWER_BYTES: usize = 1 << 20;
/// The header in which a staff route says how many records it has read or changed.
pub(super) const RECORDS: &str = "x-records";
/// The header in which a staff route names the file that keeps what stood there before.
pub(super) const KEPT: &str = "x-kept";

/// What the frame remembers between two requests.
#[derive(Default)]
pub(super) struct Frame {
    taken_in: Mutex<Option<Statement>>,
    malware: AtomicU32,
    /// When the malware was counted, in microseconds.
    looked: AtomicI64,
}

/// `routes` and those of the staff, behind the citizens' door.
pub(super) fn outside(routes: Router<Arc<Service>>, service: &Arc<Service>) -> Router {
    let within = routes.merge(staff::outside()).layer(DefaultBodyLimit::max(16 * 1024)).with_state(Arc::clone(service));
    // Around the router, not in it: what a bad program version makes of a path comes before the route is chosen.
    Router::new().fallback_service(within).layer(from_fn_with_state(Arc::clone(service), at_the_door))
}

async fn at_the_door(State(service): Shared, mut request: Request, next: Next) -> Response {
    let Some(_place) = service.gate.place().await else {
        return Refusal::Broken("quá nhiều yêu cầu cùng lúc".to_owned()).into_response();
    };
    let begun = Instant::now();
    let key = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let account = match key.as_deref().map(|key| key.strip_prefix("Bearer ").unwrap_or_default()) {
        Some(key) if !service.home.account().open.iter().any(|open| open == key) => {
            return Refusal::NotAllowed.into_response();
        }
        key => key.is_some(),
    };
    if service.version != GOOD_VERSION
        && let Some(uri) = misread(request.uri())
    {
        *request.uri_mut() = uri;
    }
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let mut response = next.run(request).await;
    if response.status().is_success() && method != Method::GET {
        note_taken_in(&service);
    }
    if account && response.status().is_success() {
        response = log(&service, &method, &path, response).await;
    }
    let work = WORK + WORK_OF_MALWARE * malware(&service);
    tokio::time::sleep(work.saturating_sub(begun.elapsed())).await;
    response
}

/// What the bad version makes of a path that ends in a record's number: it is one off.
fn misread(uri: &Uri) -> Option<Uri> {
    let path = uri.path();
    let at = path.rfind(|c: char| !c.is_ascii_digit())? + 1;
    let digits = path.get(at..).filter(|digits| digits.len() == 6)?;
    let number: u32 = digits.parse().ok()?;
    let other = if number > 1 { number - 1 } else { number + 1 };
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    format!("{}{other:06}{query}", path.get(..at)?).parse().ok()
}

/// How many files of malware work beside the service; counted once a second.
fn malware(service: &Service) -> u32 {
    let now = moment::now();
    if now - service.frame.looked.load(Ordering::Relaxed) > moment::SECOND {
        service.frame.looked.store(now, Ordering::Relaxed);
        let count = u32::try_from(service.home.malware().len()).unwrap_or(u32::MAX).min(100);
        service.frame.malware.store(count, Ordering::Relaxed);
    }
    service.frame.malware.load(Ordering::Relaxed)
}

/// Logs how many records were taken in so far. What is gone since is not taken off: that is what the log is for.
fn note_taken_in(service: &Service) {
    let Ok(connection) = service.open(false) else { return };
    let mut last = service.frame.taken_in.lock().unwrap_or_else(PoisonError::into_inner);
    let Ok(newest) = data::newest_number(&connection) else { return };
    // Data that were restored begin again at a lower number.
    let known = last.filter(|last| last.number < newest).or_else(|| service.home.stated(newest.saturating_sub(1)));
    let Some(known) = known else { return };
    let Ok(more) = connection
        .query_row("SELECT count(*) FROM records WHERE number > ?1", [known.number], |row| row.get::<_, u32>(0))
    else {
        return;
    };
    let statement = Statement { number: newest, records: known.records + more };
    if more > 0 && service.home.state(statement).is_ok() {
        *last = Some(statement);
    }
}

/// After `count` records were taken out on purpose, the log says so.
pub(super) fn note_taken_out(service: &Service, count: u32) -> Result<(), Refusal> {
    let newest = data::newest_number(&service.open(false)?)?;
    let mut last = service.frame.taken_in.lock().unwrap_or_else(PoisonError::into_inner);
    let known = service.home.last_stated().map_or(0, |stated| stated.records);
    let statement = Statement { number: newest, records: known.saturating_sub(count) };
    service.home.state(statement)?;
    *last = Some(statement);
    Ok(())
}

/// Logs that an account joined the meeting `code`.
pub(super) fn log_session(service: &Service, code: &str) {
    let did = format!("JOIN {code}");
    let deed = Deed {
        at: moment::now(),
        account: ACCOUNT.to_owned(),
        did,
        records: 1,
        wrote: None,
        kept: None,
        undone: false,
    };
    if let Err(error) = service.home.log_deed(&deed) {
        tracing::warn!(%error, "what an account did is not in the log");
    }
}

/// Logs what an account did. The code of a record that it made stands in the answer.
async fn log(service: &Service, method: &Method, path: &str, response: Response) -> Response {
    let (parts, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, MAX_ANSWER_BYTES).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let said = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let wrote = (*method != Method::GET)
        .then(|| String::from_utf8_lossy(&bytes).into_owned())
        .and_then(|text| Some(text.split("class=\"code\">").nth(1)?.split('<').next()?.to_owned()));
    let deed = Deed {
        at: moment::now(),
        account: ACCOUNT.to_owned(),
        did: format!("{method} {path}"),
        records: said(RECORDS).and_then(|text| text.parse().ok()).unwrap_or(1),
        wrote,
        kept: said(KEPT),
        undone: false,
    };
    if let Err(error) = service.home.log_deed(&deed) {
        tracing::warn!(%error, "what an account did is not in the log");
    }
    Response::from_parts(parts, Body::from(bytes))
}
