//! `flood` and `overload`: many real clients at the citizens' door at once, more than the service has places for.
//!
//! A flood comes from sources of its own and asks only to take places; it gives up when a filter has dropped all of it for
//! a while. In an overload those who ask are citizens, many behind one address as in a ward's office, and they count as
//! citizens do; it is over when there were places for all of them for a while.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::Value;
use tokio::net::{TcpSocket, TcpStream};

use super::super::ward::Ward;
use super::super::{LabError, moment};
use super::runner::{HELD, Telling};
use crate::model::Id;

/// So many of them are under way at the same time, whatever the pace: as many as take the places for longer than a citizen
/// waits.
const UNDER_WAY: u32 = 400;
const TICK: Duration = Duration::from_millis(50);
/// How long a citizen waits.
const CITIZEN: Duration = Duration::from_secs(2);
/// How long a client of the flood waits, who only wants to take the place.
const ATTACKER: Duration = Duration::from_secs(8);
/// How many ask from one source in a second, and how many sources there are at most: each asks more often than a person
/// does, also when all of them wait for a place.
const FROM_ONE_SOURCE: u32 = 40;
const SOURCES: u32 = 4;

/// Who comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Crowd {
    Attackers,
    Citizens,
}

impl Crowd {
    fn name(self) -> &'static str {
        match self {
            Self::Attackers => "flood",
            Self::Citizens => "overload",
        }
    }

    /// Requests a second, where nothing is said, and at most.
    fn pace(self) -> (u32, u32) {
        match self {
            Self::Attackers => (200, 400),
            Self::Citizens => (120, 200),
        }
    }

    fn patience(self) -> Duration {
        match self {
            Self::Attackers => ATTACKER,
            Self::Citizens => CITIZEN,
        }
    }

    fn source(self, turn: u32, sources: u32) -> Ipv4Addr {
        let last = u8::try_from(turn % sources).unwrap_or(0) + 1;
        match self {
            Self::Attackers => Ipv4Addr::new(127, 66, 0, last),
            Self::Citizens => Ipv4Addr::new(127, 20, 0, last),
        }
    }
}

/// What became of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Served,
    /// It came in and was not served.
    Unserved,
    /// The door let it in not at all.
    Dropped,
    /// Nobody was at the door.
    NoDoor,
}

pub(super) fn make(ward: &Arc<Ward>, crowd: Crowd, with: &BTreeMap<Id, Value>) -> Result<String, LabError> {
    let (usual, most) = crowd.pace();
    let a_second = super::number(with, "a_second").unwrap_or(usual).clamp(1, most);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(LabError::file(&ward.home()?.data()))?;
    let own = Arc::clone(ward);
    ward.runners.start(crowd.name(), move |telling| runtime.block_on(come(&own, crowd, a_second, telling)));
    Ok(format!("a_second={a_second}"))
}

async fn come(ward: &Arc<Ward>, crowd: Crowd, a_second: u32, telling: &Telling) {
    let under_way = Arc::new(AtomicU32::new(0));
    let (sender, mut fates) = tokio::sync::mpsc::unbounded_channel();
    let sources = a_second.div_ceil(FROM_ONE_SOURCE).min(SOURCES);
    let mut tick = tokio::time::interval(TICK);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    let (mut due, mut turn) = (0, 0);
    let mut remedied = moment::now();
    while telling.goes_on() && moment::now() - remedied < HELD {
        tick.tick().await;
        while let Ok(fate) = fates.try_recv() {
            let harmless = match crowd {
                Crowd::Attackers => fate == Fate::Dropped,
                Crowd::Citizens => fate == Fate::Served,
            };
            if !harmless {
                remedied = moment::now();
                if crowd == Crowd::Citizens || fate != Fate::NoDoor {
                    telling.effective();
                }
            }
            if crowd == Crowd::Citizens {
                let mut seen = ward.seen.lock().unwrap_or_else(PoisonError::into_inner);
                if fate == Fate::Served { seen.served += 1 } else { seen.refused += 1 }
            }
        }
        due += a_second;
        while due >= 20 {
            due -= 20;
            turn += 1;
            if under_way.load(Ordering::Relaxed) >= UNDER_WAY {
                continue;
            }
            under_way.fetch_add(1, Ordering::Relaxed);
            let (under_way, sender) = (Arc::clone(&under_way), sender.clone());
            let (port, source) = (ward.ports.public, crowd.source(turn, sources));
            tokio::spawn(async move {
                let fate = tokio::time::timeout(crowd.patience(), ask(port, source)).await.unwrap_or(Fate::Unserved);
                under_way.fetch_sub(1, Ordering::Relaxed);
                // Nobody listens any more when the fault has ended.
                let _ = sender.send(fate);
            });
        }
    }
}

async fn ask(port: u16, source: Ipv4Addr) -> Fate {
    let connect = async {
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::from((source, 0)))?;
        socket.connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await
    };
    let Ok(stream) = connect.await else { return Fate::NoDoor };
    let request = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
    match exchange(&stream, request.as_bytes()).await {
        Some(answer) if answer.starts_with(b"HTTP/1.1 200") => Fate::Served,
        Some(answer) if !answer.is_empty() => Fate::Unserved,
        _ => Fate::Dropped,
    }
}

/// Sends the few bytes of `request` and gives the beginning of what comes back, to its end; none where it is cut off.
async fn exchange(stream: &TcpStream, request: &[u8]) -> Option<Vec<u8>> {
    stream.writable().await.ok()?;
    // A new connection takes so few bytes at once.
    if stream.try_write(request).ok()? != request.len() {
        return None;
    }
    let (mut head, mut chunk) = (Vec::new(), [0_u8; 4096]);
    loop {
        stream.readable().await.ok()?;
        match stream.try_read(&mut chunk) {
            Ok(0) => return Some(head),
            Ok(read) if head.len() < 64 => head.extend_from_slice(&chunk[..read]),
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(_) => return None,
        }
    }
}
