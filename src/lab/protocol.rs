//! What is said over the keeper's socket: one line of JSON there, one back.
//!
//! Both sides show the lab's nonce, so that nobody mistakes another lab's keeper, or another program, for this one's.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::os::fd::AsRawFd as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::LabError;
use super::place::Place;
use crate::model::{Id, Name, Text};

const SOCKET: &str = "keeper.sock";
const MAX_LINE_BYTES: u64 = 1 << 20;
const PATIENCE: Duration = Duration::from_mins(1);

/// What is asked of the keeper.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub(super) enum Request {
    /// How everything is.
    Status,
    /// End all services and yourself.
    Down,
    /// Start these systems and what they ask; all where none is named.
    Raise {
        /// Which.
        systems: Option<Vec<Name>>,
    },
    /// Make every system that was asked for as it was in the beginning.
    Fresh,
    /// Start, stop, isolate or reopen a service.
    Operate {
        /// Whose.
        system: Name,
        /// Which.
        operation: String,
    },
    /// Make a fault.
    Fault {
        /// On which system.
        system: Name,
        /// Which.
        fault: Name,
        /// Its settings.
        with: std::collections::BTreeMap<Id, Value>,
    },
}

/// What the keeper answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Reply {
    /// It was done.
    Done(String),
    /// How everything is.
    Status(super::Status),
    /// It was not done.
    Failed {
        /// The error's code.
        code: String,
        /// What is wrong.
        what: Text,
        /// What helps.
        help: Option<Text>,
    },
}

/// A line with the nonce around it.
#[derive(Serialize, Deserialize)]
struct Line<T> {
    nonce: String,
    say: T,
}

/// The socket's path; through the folder's descriptor, as the path of a socket must be short.
fn reach<T>(root: &Path, act: impl FnOnce(&Path) -> io::Result<T>) -> io::Result<T> {
    let plain = root.join(SOCKET);
    if plain.as_os_str().len() < 100 {
        return act(&plain);
    }
    let folder = File::open(root)?;
    act(&PathBuf::from(format!("/proc/self/fd/{}/{SOCKET}", folder.as_raw_fd())))
}

/// Listens for this lab; a socket left by a keeper that is gone is removed. Call with the lock held.
pub(super) fn listen(place: &Place) -> Result<UnixListener, LabError> {
    let path = place.root.join(SOCKET);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(LabError::file(&path)(error)),
        _ => {}
    }
    reach(&place.root, |at| UnixListener::bind(at)).map_err(LabError::file(&path))
}

/// Takes the socket away: nobody finds this keeper any more.
pub(super) fn leave(place: &Place) {
    // What is still there is removed by the next keeper.
    let _ = std::fs::remove_file(place.root.join(SOCKET));
}

/// Asks this lab's keeper.
pub(super) fn ask(place: &Place, request: &Request) -> Result<Reply, LabError> {
    let not_up = || LabError::NotUp { folder: place.root.clone() };
    let silent = |source| LabError::Silent { folder: place.root.clone(), source };
    let stream = match reach(&place.root, |at| UnixStream::connect(at)) {
        Ok(stream) => stream,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => {
            return Err(not_up());
        }
        Err(error) => return Err(silent(error)),
    };
    let answer: Line<Reply> = exchange(&stream, &place.nonce, request).map_err(silent)?;
    if answer.nonce != place.nonce {
        return Err(not_up());
    }
    match answer.say {
        Reply::Failed { code, what, help } => Err(LabError::said(&code, what, help)),
        reply => Ok(reply),
    }
}

fn exchange(stream: &UnixStream, nonce: &str, request: &Request) -> io::Result<Line<Reply>> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    write_line(stream, nonce, request)?;
    read_line(stream)
}

fn write_line<T: Serialize>(mut stream: &UnixStream, nonce: &str, say: T) -> io::Result<()> {
    let mut line = serde_json::to_vec(&Line { nonce: nonce.to_owned(), say })?;
    line.push(b'\n');
    stream.write_all(&line)
}

fn read_line<T: for<'a> Deserialize<'a>>(stream: &UnixStream) -> io::Result<Line<T>> {
    let mut line = String::new();
    BufReader::new(stream).take(MAX_LINE_BYTES).read_line(&mut line)?;
    Ok(serde_json::from_str(&line)?)
}

/// Hears one request and answers it with what `act` gives. Who does not show the nonce is not answered.
pub(super) fn serve(stream: &UnixStream, nonce: &str, act: impl FnOnce(Request) -> Result<Reply, LabError>) {
    use crate::message::Explain as _;
    let heard = stream
        .set_read_timeout(Some(Duration::from_secs(5)))
        .and_then(|()| stream.set_write_timeout(Some(Duration::from_secs(5))))
        .and_then(|()| read_line::<Request>(stream));
    let Ok(line) = heard else { return };
    if line.nonce != nonce {
        return;
    }
    let reply = act(line.say).unwrap_or_else(|error| Reply::Failed {
        code: error.code().to_owned(),
        what: error.words(),
        help: error.help().map(|help| Text::Each {
            vi: Some(help.render(crate::model::Lang::Vi)),
            en: Some(help.render(crate::model::Lang::En)),
        }),
    });
    // Whoever asked may be gone; what was done is done.
    let _ = write_line(stream, nonce, &reply);
}
