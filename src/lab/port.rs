//! The ports of a lab, kept from every other program for as long as the lab's keeper lives.
//!
//! A port that is merely free when it is chosen is another's a moment later: several labs on one machine choose and start
//! side by side. So the keeper holds each of its ports from the choice to its own end, without ever answering on it, and
//! lets its services answer beside it.

use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::os::fd::OwnedFd;

use rustix::net::sockopt::set_socket_reuseaddr;
use rustix::net::{AddressFamily, SocketFlags, SocketType, bind, getsockname, socket_with};

/// Ports below these are other programs' by custom.
const LOWEST: u16 = 10_240;
/// How often a port is guessed before the system is asked for one.
const GUESSES: usize = 64;

/// A port that is held. It is let go of with the value.
#[derive(Debug)]
pub(super) struct HeldPort {
    socket: OwnedFd,
    /// Its number.
    pub(super) port: u16,
}

impl HeldPort {
    /// Chooses a port that nobody has, one that the system gives to nobody for connections of his own: it is still free at
    /// the next start.
    ///
    /// # Errors
    ///
    /// There is none left.
    pub(super) fn free() -> io::Result<Self> {
        let range = fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").unwrap_or_default();
        let given: u16 = range.split_whitespace().next().and_then(|low| low.parse().ok()).unwrap_or(32_768);
        let room = given.saturating_sub(LOWEST);
        for _ in 0..GUESSES {
            let mut bytes = [0_u8; 2];
            if room < 1_000 || getrandom::fill(&mut bytes).is_err() {
                break;
            }
            if let Ok(held) = Self::bound(LOWEST + u16::from_le_bytes(bytes) % room, false) {
                return Ok(held);
            }
        }
        Self::bound(0, false)
    }

    /// Takes `port`, which was chosen earlier: what is left of earlier connections does not matter.
    ///
    /// # Errors
    ///
    /// Another program has it.
    pub(super) fn again(port: u16) -> io::Result<Self> {
        Self::bound(port, true)
    }

    fn bound(port: u16, again: bool) -> io::Result<Self> {
        let socket = socket_with(AddressFamily::INET, SocketType::STREAM, SocketFlags::CLOEXEC, None)?;
        set_socket_reuseaddr(&socket, again)?;
        bind(&socket, &SocketAddrV4::new(Ipv4Addr::LOCALHOST, port))?;
        set_socket_reuseaddr(&socket, false)?;
        let port = SocketAddr::try_from(getsockname(&socket)?)?.port();
        Ok(Self { socket, port })
    }

    /// Lets a service answer on it from now on. Who chooses a port still finds it taken.
    ///
    /// # Errors
    ///
    /// The system does not take the setting.
    pub(super) fn share(&self) -> io::Result<()> {
        Ok(set_socket_reuseaddr(&self.socket, true)?)
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::time::{Duration, Instant};

    use super::*;

    fn listen(port: u16) -> io::Result<TcpListener> {
        TcpListener::bind((Ipv4Addr::LOCALHOST, port))
    }

    /// What `take` gives once nobody holds the port any more: what other tests of this process are beginning has our sockets
    /// too, until it becomes a program.
    #[track_caller]
    fn soon<T>(take: impl Fn() -> io::Result<T>) -> T {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            match take() {
                Ok(taken) => return taken,
                Err(error) => assert!(Instant::now() < deadline, "{error}"),
            }
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_port_that_a_lab_has_is_nobody_elses_whether_its_service_runs_or_not() {
        let held = HeldPort::free().unwrap();
        assert!(listen(held.port).is_err(), "not shared yet");
        held.share().unwrap();
        for _ in 0..2 {
            let service = soon(|| listen(held.port));
            assert!(HeldPort::bound(held.port, false).is_err(), "its service runs");
            drop(service);
            assert!(HeldPort::bound(held.port, false).is_err(), "its service has ended");
        }
        let port = held.port;
        drop(held);
        soon(|| HeldPort::bound(port, false));
    }

    #[test]
    fn a_kept_port_is_taken_again_after_its_connections_and_not_from_a_program_that_listens() {
        let port = HeldPort::free().unwrap().port;
        let service = soon(|| listen(port));
        assert!(HeldPort::again(port).is_err(), "another program listens");
        let (client, served) = (std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap(), service.accept());
        // Who closes first is left with the port for a minute.
        drop(served);
        drop((client, service));
        let held = soon(|| HeldPort::again(port));
        assert!(listen(held.port).is_err(), "not shared yet");
    }
}
