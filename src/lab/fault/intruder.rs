//! `intruder`: a stolen account acts through the service, at a steady pace, until none of its sessions and keys opens
//! anything any more.

use std::collections::{BTreeMap, VecDeque};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::super::data::mail::mailbox;
use super::super::entry::Serves;
use super::super::ground::ACCOUNT;
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
enum Deed {
    /// A look at this path.
    Look(String),
    /// A form that is sent to this path.
    Send(&'static str, Vec<(&'static str, String)>),
    /// A session in this meeting, held open.
    Join(String),
}

/// What it does on a service: the `turn`-th time, from 0.
fn deed(ward: &Ward, turn: u32) -> Deed {
    let entry = &ward.entry;
    let newest = entry.records.saturating_sub(turn % entry.records.max(1));
    match entry.serves {
        // Whole records, fifty at a time, from the first to the last and again.
        Serves::Dossiers | Serves::Figures | Serves::Standin => {
            Deed::Look(format!("/can-bo/xuat?from={}", turn * 50 % entry.records.max(1)))
        }
        // The newest pages say something else.
        Serves::Pages => Deed::Send("/can-bo/sua", vec![("number", newest.to_string()), ("text", WORDS.to_owned())]),
        // Everybody gets a message that asks for a password, in the name of somebody whom they know.
        Serves::Mail => Deed::Send(
            "/thu",
            vec![
                ("from", ACCOUNT.to_owned()),
                ("to", mailbox(turn + 1)),
                ("subject", "Xác minh tài khoản ngay hôm nay (thư giả, phục vụ diễn tập)".to_owned()),
                ("body", "Nội dung giả định: thư lừa nhập mật khẩu. Không phải thư thật.".to_owned()),
            ],
        ),
        Serves::Documents => Deed::Send(
            "/van-ban",
            vec![("subject", "Văn bản giả, phục vụ diễn tập".to_owned()), ("issuer", "Phòng mẫu 07".to_owned())],
        ),
        // A client that nobody knows asks every national system in turn.
        Serves::Exchange => {
            let links = &entry.links;
            let to = links.get(turn as usize % links.len().max(1)).map_or("", |link| link.to.as_str());
            Deed::Look(format!("/chuyen/{to}/{}?client=ung-dung-la", turn % 60 + 1))
        }
        Serves::Conference => Deed::Join(entry.code_of(entry.records.saturating_sub(turn % 5))),
    }
}

/// How many sessions it holds open at most.
const SESSIONS: usize = 5;

/// Joins the meeting `code` with `key`: the status that the same would have in HTTP, and the session while it lasts.
fn join(ward: &Ward, code: &str, key: &str, turn: u32) -> std::io::Result<(u16, TcpStream)> {
    let port = ward.ports.third.ok_or(std::io::ErrorKind::NotFound)?;
    let address = std::net::SocketAddr::from(([127, 0, 0, 1], port));
    let mut session = TcpStream::connect_timeout(&address, PATIENCE)?;
    session.set_read_timeout(Some(PATIENCE))?;
    session.set_write_timeout(Some(PATIENCE))?;
    session.write_all(format!("JOIN {code} khach-la-{turn} key={key}\n").as_bytes())?;
    let mut said = [0_u8; 3];
    session.read_exact(&mut said)?;
    Ok((if said.starts_with(b"OK") { 200 } else { 401 }, session))
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
    let mut sessions: VecDeque<TcpStream> = VecDeque::new();
    while telling.goes_on() && turn < MOST {
        // A session that is ended opens nothing: the next is tried. With the last the account is lost.
        let Some(key) = stolen.last() else { return };
        let status = match deed(ward, turn) {
            Deed::Look(path) => http::ask(ward.ports.public, &path, Some(key), None, PATIENCE).map(|got| got.status),
            Deed::Send(path, form) => {
                let form: Vec<(&str, &str)> = form.iter().map(|(name, text)| (*name, text.as_str())).collect();
                http::ask(ward.ports.public, path, Some(key), Some(&form), PATIENCE).map(|got| got.status)
            }
            Deed::Join(code) => join(ward, &code, key, turn).map(|(status, session)| {
                sessions.push_back(session);
                if sessions.len() > SESSIONS {
                    sessions.pop_front();
                }
                status
            }),
        };
        match status {
            Ok(401) => {
                stolen.pop();
                continue;
            }
            Ok(status) if status < 300 => telling.effective(),
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
