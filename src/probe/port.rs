//! A port of this host that must be listened on (or free).

use std::io;

use super::Seen;
use super::spec::Port;
use crate::message::{cause, message};

pub(super) fn look(port: &Port) -> Seen {
    let wanted = port.open.unwrap_or(true);
    match listening(port.number) {
        Ok(open) => {
            let detail = if open {
                message!("probe-port-open", port = port.number.to_string())
            } else {
                message!("probe-port-free", port = port.number.to_string())
            };
            Seen::new(open == wanted, detail)
        }
        Err(error) => Seen::bad(message!("probe-port-unknown", cause = cause::io(&error))),
    }
}

/// Whether anything on this host listens on the port, by the kernel's own tables: nobody is connected to.
#[cfg(target_os = "linux")]
fn listening(port: u16) -> io::Result<bool> {
    let four = std::fs::read_to_string("/proc/net/tcp")?;
    // A kernel without IPv6 has no second table.
    let six = std::fs::read_to_string("/proc/net/tcp6").unwrap_or_default();
    Ok(four.lines().chain(six.lines()).any(|line| listens(line, port)))
}

/// Elsewhere: whether a connection on loopback comes about.
#[cfg(not(target_os = "linux"))]
fn listening(port: u16) -> io::Result<bool> {
    Ok(std::net::TcpStream::connect_timeout(&(std::net::Ipv4Addr::LOCALHOST, port).into(), super::TIMEOUT).is_ok())
}

/// Whether a line of `/proc/net/tcp` is a listener (state 0A) on `port`.
#[cfg(target_os = "linux")]
fn listens(line: &str, port: u16) -> bool {
    let mut words = line.split_ascii_whitespace();
    let local = words.nth(1).and_then(|local| local.rsplit_once(':'));
    local.is_some_and(|(_, number)| u16::from_str_radix(number, 16) == Ok(port)) && words.nth(1) == Some("0A")
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn a_port_is_open_while_somebody_listens() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let number = listener.local_addr().unwrap().port();
        assert!(look(&Port { number, open: None }).ok);
        assert!(!look(&Port { number, open: Some(false) }).ok);
        crate::probe::end(listener);
        assert!(!look(&Port { number, open: Some(true) }).ok);
        assert!(look(&Port { number, open: Some(false) }).ok);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_connection_is_not_a_listener() {
        let listener = "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 1 1";
        let connection = "   1: 0100007F:1F90 0100007F:C000 01 00000000:00000000 00:00000000 00000000 0 0 1 1";
        assert!(listens(listener, 8080));
        assert!(!listens(listener, 8081));
        assert!(!listens(connection, 8080));
        assert!(!listens("  sl  local_address rem_address   st", 8080));
    }
}
