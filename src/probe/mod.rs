//! Read-only looks at services and at this host, and its clocks. A probe never changes what it looks at.

mod clock;
mod disk;
mod dns;
mod file;
mod http;
mod network;
mod port;
mod process;
mod roots;
pub mod scan;
mod service;
pub mod spec;
mod tcp;
mod tls;

use std::time::{Duration, Instant};

pub use clock::{SetClock, SystemClock};
pub use roots::trust_also;
pub use spec::Spec;

use crate::message::Message;
use crate::model::Span;

/// How long one look may take where nothing is said.
pub const TIMEOUT: Duration = Duration::from_secs(5);

/// The most that is kept of the body of an answer, in bytes.
pub const MAX_BODY: u64 = 1 << 20;

/// What one look saw.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// Whether it is as it should be.
    pub ok: bool,
    /// What was seen, or why nothing could be, in words.
    pub detail: Message,
    /// The body of an HTTP answer, at most [`MAX_BODY`] bytes; invalid UTF-8 is replaced.
    pub body: Option<String>,
    /// How long the look took, in milliseconds.
    pub millis: u64,
}

/// What a probe found, before it is timed.
struct Seen {
    ok: bool,
    detail: Message,
    body: Option<String>,
}

impl Seen {
    fn new(ok: bool, detail: Message) -> Self {
        Self { ok, detail, body: None }
    }

    fn good(detail: Message) -> Self {
        Self::new(true, detail)
    }

    fn bad(detail: Message) -> Self {
        Self::new(false, detail)
    }
}

/// Looks once. Blocks for at most the look's own time limit and a moment; what cannot be seen is not well.
///
/// Nothing is followed or repeated in silence: a redirect is an answer like any other.
#[must_use]
pub fn look(spec: &Spec) -> Look {
    let began = Instant::now();
    let Seen { ok, detail, body } = match spec {
        Spec::Http(http) => http::look(http),
        Spec::Tcp(tcp) => tcp::look(tcp),
        Spec::Dns(dns) => dns::look(dns),
        Spec::Tls(tls) => tls::look(tls),
        Spec::Process(process) => process::look(process),
        Spec::Service(service) => service::look(service),
        Spec::Disk(disk) => disk::look(disk),
        Spec::Port(port) => port::look(port),
        Spec::File(file) => file::look(file),
    };
    Look { ok, detail, body, millis: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX) }
}

fn limit(timeout: Option<Span>) -> Duration {
    // A limit of zero would be no limit to some of the libraries below.
    timeout.map_or(TIMEOUT, |span| span.duration().max(Duration::from_millis(1)))
}

/// Ends a listener for everybody. To close it would not be enough: what other tests of this process are beginning has it too,
/// until it becomes a program.
#[cfg(test)]
fn end(listener: std::net::TcpListener) {
    rustix::net::shutdown(&listener, rustix::net::Shutdown::Both).expect("it listened");
    drop(listener);
}
