//! Participants of a conference: a few sessions that are held open, and what they see of a drop.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use super::Outcome;

/// How many participants there are.
const PARTICIPANTS: usize = 4;
const CONNECT: Duration = Duration::from_secs(1);
/// A session that says nothing for so long is one that was dropped.
const SILENCE: Duration = Duration::from_secs(2);
/// After so long a participant leaves and comes again, so that joining is tried while a meeting goes on.
const STAYS: Duration = Duration::from_secs(30);

/// The sessions of the participants.
#[derive(Default)]
pub(super) struct Sessions {
    held: [Option<Session>; PARTICIPANTS],
}

struct Session {
    lines: BufReader<TcpStream>,
    since: Instant,
}

impl Sessions {
    /// The participant whose turn it is joins the meeting `code`, or looks whether it goes on.
    pub(super) fn turn(&mut self, turn: u64, port: u16, code: &str) -> Outcome {
        let index = usize::try_from(turn).unwrap_or(0) % PARTICIPANTS;
        let seat = &mut self.held[index];
        let outcome = match seat {
            Some(session) => session.goes_on(),
            None => match join(port, code, index) {
                Ok(session) => {
                    *seat = Some(session);
                    Outcome::Served
                }
                Err(outcome) => outcome,
            },
        };
        let over = seat.as_ref().is_some_and(|session| session.since.elapsed() > STAYS);
        if over || !matches!(outcome, Outcome::Served) {
            *seat = None;
        }
        outcome
    }
}

impl Session {
    /// Reads what came since; at least one line must come.
    fn goes_on(&mut self) -> Outcome {
        let mut line = String::new();
        loop {
            line.clear();
            match self.lines.read_line(&mut line) {
                Ok(0) | Err(_) => return Outcome::Refused,
                Ok(_) if !line.starts_with("TICK ") => return Outcome::Wrong,
                Ok(_) if self.lines.buffer().is_empty() => return Outcome::Served,
                Ok(_) => {}
            }
        }
    }
}

fn join(port: u16, code: &str, index: usize) -> Result<Session, Outcome> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let refused = |_| Outcome::Refused;
    let mut stream = TcpStream::connect_timeout(&address, CONNECT).map_err(refused)?;
    stream.set_read_timeout(Some(SILENCE)).and_then(|()| stream.set_write_timeout(Some(SILENCE))).map_err(refused)?;
    stream.write_all(format!("JOIN {code} Đại biểu mẫu {index}\n").as_bytes()).map_err(refused)?;
    let mut lines = BufReader::with_capacity(1024, stream);
    let mut first = String::new();
    lines.read_line(&mut first).map_err(refused)?;
    match first.trim() {
        "" => Err(Outcome::Refused),
        "NO" => Err(Outcome::Missing),
        said if said == format!("OK {code}") => Ok(Session { lines, since: Instant::now() }),
        _ => Err(Outcome::Wrong),
    }
}
