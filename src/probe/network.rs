//! What the network probes share: addresses, and name lookups that end.

use std::io;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// Splits `host:port`; the host of an IPv6 address stands in brackets, which are taken off.
pub(super) fn split(address: &str) -> Option<(&str, u16)> {
    let (host, port) = address.rsplit_once(':')?;
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    if host.is_empty() { None } else { Some((host, port.parse().ok()?)) }
}

/// The addresses that the host's own resolver gives for a name.
///
/// The resolver has no time limit of its own: it is asked on a thread that is left behind when the time is over.
pub(super) fn resolve(host: &str, port: u16, limit: Duration) -> io::Result<Vec<SocketAddr>> {
    let (sender, receiver) = mpsc::sync_channel(1);
    let name = host.to_owned();
    std::thread::Builder::new().name("probe-resolve".to_owned()).spawn(move || {
        let found = (name.as_str(), port).to_socket_addrs().map(Iterator::collect::<Vec<_>>);
        // Nobody listens any more where the time was over.
        let _ = sender.send(found);
    })?;
    receiver.recv_timeout(limit).unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

/// Connects to the first address of `host` that answers, within `limit` in all.
pub(super) fn connect(host: &str, port: u16, limit: Duration) -> io::Result<TcpStream> {
    let deadline = Instant::now() + limit;
    let mut last = io::Error::from(io::ErrorKind::NotFound);
    for address in resolve(host, port, limit)? {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        match TcpStream::connect_timeout(&address, left) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_host_and_a_port() {
        assert_eq!(split("app-01:443"), Some(("app-01", 443)));
        assert_eq!(split("[::1]:53"), Some(("::1", 53)));
        assert_eq!(split("app-01"), None);
        assert_eq!(split(":80"), None);
        assert_eq!(split("app-01:70000"), None);
    }
}
