//! `intruder`: a stolen account acts through the service, at a steady pace, until none of its sessions and keys opens
//! anything any more.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::super::entry::Serves;
use super::super::ward::Ward;
use super::super::{LabError, http};
use super::runner::Telling;
use crate::model::Id;

const USUAL_A_MINUTE: u32 = 60;
const MOST_A_MINUTE: u32 = 600;
const PATIENCE: Duration = Duration::from_secs(3);
/// After so many the stolen account has what it wanted: a lab that is left running must not fill the disk.
const MOST: u32 = 2000;
/// What it writes.
const WORDS: &str = "<h1>THÔNG BÁO GIẢ</h1>\n<p>Nội dung giả định phục vụ diễn tập - không phải thông báo thật.</p>\n";

/// One thing that a stolen account does.
struct Deed {
    path: String,
    /// What is sent; a look where there is none.
    form: Option<Vec<(&'static str, String)>>,
}

/// What it does on a service: the `turn`-th time, from 0.
fn deed(ward: &Ward, turn: u32) -> Deed {
    match ward.entry.serves {
        // Whole records, fifty at a time, from the first to the last and again.
        Serves::Dossiers => {
            Deed { path: format!("/can-bo/xuat?from={}", turn * 50 % ward.entry.records.max(1)), form: None }
        }
        // The newest pages say something else.
        Serves::Pages => Deed {
            path: "/can-bo/sua".to_owned(),
            form: Some(vec![
                ("number", (ward.entry.records - turn % ward.entry.records.max(1)).to_string()),
                ("text", WORDS.to_owned()),
            ]),
        },
    }
}

pub(super) fn make(ward: &Arc<Ward>, with: &BTreeMap<Id, Value>) -> Result<String, LabError> {
    let a_minute = super::number(with, "a_minute").unwrap_or(USUAL_A_MINUTE).clamp(1, MOST_A_MINUTE);
    let stolen = ward.home()?.account().open;
    let own = Arc::clone(ward);
    ward.runners.start("intruder", move |telling| act(&own, a_minute, stolen, telling));
    Ok(format!("a_minute={a_minute}"))
}

fn act(ward: &Ward, a_minute: u32, mut stolen: Vec<String>, telling: &Telling) {
    let pace = Duration::from_millis(60_000 / u64::from(a_minute));
    let mut turn = 0;
    while telling.goes_on() && turn < MOST {
        // A session that is ended opens nothing: the next is tried. With the last the account is lost.
        let Some(key) = stolen.last() else { return };
        let deed = deed(ward, turn);
        let form =
            deed.form.as_ref().map(|form| form.iter().map(|(name, text)| (*name, text.as_str())).collect::<Vec<_>>());
        match http::ask(ward.ports.public, &deed.path, Some(key), form.as_deref(), PATIENCE) {
            Ok(answer) if answer.status == 401 => {
                stolen.pop();
                continue;
            }
            Ok(answer) if answer.status < 300 => telling.effective(),
            // Closed, isolated or broken: it tries again.
            _ => {}
        }
        turn += 1;
        let next = Instant::now() + pace;
        while telling.goes_on() && Instant::now() < next {
            std::thread::sleep(pace.min(Duration::from_millis(20)));
        }
    }
}
