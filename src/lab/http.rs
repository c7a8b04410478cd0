//! A small HTTP client for loopback: what citizens and the keeper need, no more.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};

const MAX_ANSWER_BYTES: u64 = 1 << 20;
const CONNECT: Duration = Duration::from_secs(1);

/// What came back.
#[derive(Debug)]
pub(super) struct Answer {
    /// The status.
    pub(super) status: u16,
    /// The body.
    pub(super) body: String,
}

fn connect(port: u16) -> io::Result<TcpStream> {
    TcpStream::connect_timeout(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)), CONNECT)
}

/// Whether a connection to `port` is not refused outright. One that hangs is still open.
pub(super) fn open(port: u16) -> bool {
    connect(port).err().is_none_or(|error| error.kind() != io::ErrorKind::ConnectionRefused)
}

/// Asks for `path` on `port` of this host.
pub(super) fn get(port: u16, path: &str, patience: Duration) -> io::Result<Answer> {
    ask(port, path, None, None, patience)
}

/// Sends a form to `path` on `port` of this host.
pub(super) fn post(port: u16, path: &str, form: &[(&str, &str)], patience: Duration) -> io::Result<Answer> {
    ask(port, path, None, Some(form), patience)
}

/// Asks for `path`, or sends a form there, with a session or key of an account.
pub(super) fn ask(
    port: u16,
    path: &str,
    key: Option<&str>,
    form: Option<&[(&str, &str)]>,
    patience: Duration,
) -> io::Result<Answer> {
    let key = key.map(|key| format!("Authorization: Bearer {key}\r\n")).unwrap_or_default();
    let Some(form) = form else {
        let head = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{key}Connection: close\r\n\r\n");
        return send(port, &head, patience);
    };
    let body = form.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect::<Vec<_>>().join("&");
    let kind = "application/x-www-form-urlencoded";
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{key}Connection: close\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    send(port, &head, patience)
}

/// Asks for `path` on `port` of this host under a certificate, which must be good.
pub(super) fn get_under(trust: &Arc<ClientConfig>, port: u16, path: &str, patience: Duration) -> io::Result<Answer> {
    let host = ServerName::IpAddress(Ipv4Addr::LOCALHOST.into());
    let session = ClientConnection::new(Arc::clone(trust), host).map_err(io::Error::other)?;
    let stream = StreamOwned::new(session, patient(port, patience)?);
    talk(stream, &format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"), patience)
}

fn patient(port: u16, patience: Duration) -> io::Result<TcpStream> {
    let stream = connect(port)?;
    stream.set_read_timeout(Some(patience))?;
    stream.set_write_timeout(Some(patience))?;
    Ok(stream)
}

fn send(port: u16, request: &str, patience: Duration) -> io::Result<Answer> {
    talk(patient(port, patience)?, request, patience)
}

fn talk(mut stream: impl Read + Write, request: &str, patience: Duration) -> io::Result<Answer> {
    let deadline = Instant::now() + patience;
    stream.write_all(request.as_bytes())?;
    stream.flush()?;
    let mut bytes = Vec::new();
    let mut chunk = vec![0_u8; 16 * 1024];
    loop {
        let read = match stream.read(&mut chunk) {
            Ok(read) => read,
            // A proxy may close without a goodbye; what came is whole where its length says so.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof && !bytes.is_empty() => 0,
            Err(error) => return Err(error),
        };
        bytes.extend_from_slice(&chunk[..read]);
        if read == 0 {
            break;
        }
        if bytes.len() as u64 > MAX_ANSWER_BYTES || Instant::now() > deadline {
            return Err(io::ErrorKind::TimedOut.into());
        }
    }
    parse(&bytes).ok_or_else(|| io::ErrorKind::InvalidData.into())
}

/// Reads an answer.
pub(super) fn parse(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let status = head.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
    Some(Answer { status, body: String::from_utf8_lossy(&bytes[end + 4..]).into_owned() })
}

fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}
