//! A TCP connection that must come about.

use super::spec::Tcp;
use super::{Seen, limit, network};
use crate::message::{cause, message};

pub(super) fn look(tcp: &Tcp) -> Seen {
    let Some((host, port)) = network::split(&tcp.address) else {
        return Seen::bad(message!("probe-bad-address", address = tcp.address.as_str()));
    };
    match network::connect(host, port, limit(tcp.timeout)) {
        Ok(_) => Seen::good(message!("probe-tcp-connected", address = tcp.address.as_str())),
        Err(error) => Seen::bad(message!("probe-tcp-not", address = tcp.address.as_str(), cause = cause::io(&error))),
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn a_listening_port_is_well_and_a_closed_one_is_not() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        assert!(look(&Tcp { address: address.clone(), timeout: None }).ok);
        crate::probe::end(listener);
        let seen = look(&Tcp { address, timeout: None });
        assert!(!seen.ok);
        assert!(seen.detail.render(crate::model::Lang::En).contains("connection refused"));
    }
}
