//! A name that must resolve.

use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use simple_dns::rdata::RData;
use simple_dns::{CLASS, Name, Packet, PacketFlag, Question, RCODE, TYPE};

use super::spec::Dns;
use super::{Seen, limit, network};
use crate::message::{Message, cause, message};

pub(super) fn look(dns: &Dns) -> Seen {
    let word = dns.record.as_deref().unwrap_or("A").to_ascii_uppercase();
    let found = match dns.server.as_deref() {
        Some(server) => ask_server(dns, &word, server),
        None if word == "A" || word == "AAAA" => ask_host(dns, &word),
        None => Err(message!("probe-dns-needs-server", record = word.as_str())),
    };
    let answers = match found {
        Ok(answers) => answers,
        Err(wrong) => return Seen::bad(wrong),
    };
    let name = dns.name.as_str();
    let listed = answers.join(", ");
    match dns.expect.as_deref() {
        _ if answers.is_empty() => Seen::bad(message!("probe-dns-nothing", name = name, record = word)),
        Some(expected) if !answers.iter().any(|answer| same(answer, expected)) => {
            Seen::bad(message!("probe-dns-other", name = name, answers = listed, expected = expected))
        }
        _ => Seen::good(message!("probe-dns-found", name = name, answers = listed)),
    }
}

/// Names compare without case and without a last dot.
fn same(answer: &str, expected: &str) -> bool {
    answer.trim_end_matches('.').eq_ignore_ascii_case(expected.trim_end_matches('.'))
}

/// Asks the host's own resolver, as every other program on it does.
fn ask_host(dns: &Dns, word: &str) -> Result<Vec<String>, Message> {
    let found = network::resolve(&dns.name, 0, limit(dns.timeout));
    let addresses = match found {
        Ok(addresses) => addresses,
        // The system's resolver says in its own words that there is no such name.
        Err(error) if error.kind() == io::ErrorKind::TimedOut => return Err(failed(dns, &cause::io(&error))),
        Err(_) => return Err(message!("probe-dns-nothing", name = dns.name.as_str(), record = word)),
    };
    let wanted = |address: &SocketAddr| address.is_ipv6() == (word == "AAAA");
    Ok(addresses.iter().filter(|address| wanted(address)).map(|address| address.ip().to_string()).collect())
}

/// Asks one server, over UDP, and over TCP where the answer does not fit.
fn ask_server(dns: &Dns, word: &str, server: &str) -> Result<Vec<String>, Message> {
    let kind = match word {
        "A" => TYPE::A,
        "AAAA" => TYPE::AAAA,
        "MX" => TYPE::MX,
        "TXT" => TYPE::TXT,
        "NS" => TYPE::NS,
        "CNAME" => TYPE::CNAME,
        _ => return Err(message!("probe-dns-bad-record", record = word)),
    };
    let server = address(server).ok_or_else(|| message!("probe-bad-address", address = server))?;
    let bad_name = || message!("probe-dns-bad-name", name = dns.name.as_str());
    let name = Name::new(dns.name.trim_end_matches('.')).map_err(|_| bad_name())?;
    let id = u16::try_from(RandomState::new().hash_one(0) & 0xffff).unwrap_or(0);
    let mut query = Packet::new_query(id);
    query.set_flags(PacketFlag::RECURSION_DESIRED);
    query.questions.push(Question::new(name, kind.into(), CLASS::IN.into(), false));
    let query = query.build_bytes_vec().map_err(|_| bad_name())?;

    let deadline = Instant::now() + limit(dns.timeout);
    let mut reply = over_udp(server, &query, id, deadline).map_err(|error| failed(dns, &cause::io(&error)))?;
    if truncated(&reply) {
        reply = over_tcp(server, &query, deadline).map_err(|error| failed(dns, &cause::io(&error)))?;
    }
    let packet = Packet::parse(&reply).map_err(|_| failed(dns, &message!("probe-dns-no-dns")))?;
    match packet.rcode() {
        RCODE::NoError | RCODE::NameError => {}
        code => return Err(failed(dns, &message!("probe-dns-code", code = format!("{code:?}")))),
    }
    Ok(packet.answers.iter().filter_map(|answer| value(&answer.rdata, kind)).collect())
}

fn failed(dns: &Dns, cause: &Message) -> Message {
    message!("probe-dns-failed", name = dns.name.as_str(), cause = cause.clone())
}

fn address(server: &str) -> Option<SocketAddr> {
    server.parse::<SocketAddr>().ok().or_else(|| Some((server.parse::<IpAddr>().ok()?, 53).into()))
}

fn left(deadline: Instant) -> io::Result<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(left) }
}

fn over_udp(server: SocketAddr, query: &[u8], id: u16, deadline: Instant) -> io::Result<Vec<u8>> {
    let any: SocketAddr =
        if server.is_ipv4() { (Ipv4Addr::UNSPECIFIED, 0).into() } else { (Ipv6Addr::UNSPECIFIED, 0).into() };
    let socket = UdpSocket::bind(any)?;
    socket.connect(server)?;
    socket.send(query)?;
    let mut buffer = vec![0; 65_535];
    loop {
        socket.set_read_timeout(Some(left(deadline)?))?;
        let size = socket.recv(&mut buffer)?;
        // Whatever answers another question is not for us.
        if size >= 12 && buffer[..2] == id.to_be_bytes() {
            buffer.truncate(size);
            return Ok(buffer);
        }
    }
}

fn over_tcp(server: SocketAddr, query: &[u8], deadline: Instant) -> io::Result<Vec<u8>> {
    let mut stream = std::net::TcpStream::connect_timeout(&server, left(deadline)?)?;
    stream.set_write_timeout(Some(left(deadline)?))?;
    let length = u16::try_from(query.len()).map_err(io::Error::other)?;
    stream.write_all(&[&length.to_be_bytes(), query].concat())?;
    let mut size = [0; 2];
    read_by(&mut stream, &mut size, deadline)?;
    let mut reply = vec![0; usize::from(u16::from_be_bytes(size))];
    read_by(&mut stream, &mut reply, deadline)?;
    Ok(reply)
}

/// Fills `buffer` before the deadline, however slowly the bytes drip.
fn read_by(stream: &mut std::net::TcpStream, mut buffer: &mut [u8], deadline: Instant) -> io::Result<()> {
    while !buffer.is_empty() {
        stream.set_read_timeout(Some(left(deadline)?))?;
        match stream.read(buffer)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            size => buffer = &mut buffer[size..],
        }
    }
    Ok(())
}

/// The TC bit of the header (RFC 1035, 4.1.1).
fn truncated(reply: &[u8]) -> bool {
    reply.get(2).is_some_and(|flags| flags & 0x02 != 0)
}

fn value(data: &RData, kind: TYPE) -> Option<String> {
    match (data, kind) {
        (RData::A(a), TYPE::A) => Some(Ipv4Addr::from(a.address).to_string()),
        (RData::AAAA(a), TYPE::AAAA) => Some(Ipv6Addr::from(a.address).to_string()),
        (RData::MX(mx), TYPE::MX) => Some(mx.exchange.to_string()),
        (RData::NS(ns), TYPE::NS) => Some(ns.0.to_string()),
        (RData::CNAME(cname), TYPE::CNAME) => Some(cname.0.to_string()),
        (RData::TXT(txt), TYPE::TXT) => String::try_from(txt.clone()).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use simple_dns::ResourceRecord;
    use simple_dns::rdata::{A, MX, TXT};

    use super::*;
    use crate::model::{Lang, Span};

    /// A name server on loopback that answers one question with `data`.
    fn serve(data: RData<'static>) -> String {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let address = socket.local_addr().unwrap().to_string();
        std::thread::spawn(move || {
            let mut buffer = [0; 512];
            let (size, from) = socket.recv_from(&mut buffer).unwrap();
            let query = Packet::parse(&buffer[..size]).unwrap();
            let name = query.questions[0].qname.clone().into_owned();
            let mut reply = Packet::new_reply(query.id());
            reply.answers.push(ResourceRecord::new(name, CLASS::IN, 60, data));
            socket.send_to(&reply.build_bytes_vec().unwrap(), from).unwrap();
        });
        address
    }

    fn dns(record: &str, server: Option<String>, expect: Option<&str>) -> Dns {
        Dns {
            name: "cong.example.vn".to_owned(),
            record: Some(record.to_owned()),
            server,
            expect: expect.map(str::to_owned),
            timeout: Some(Span::from_seconds(2)),
        }
    }

    #[test]
    fn the_answers_of_a_server_are_compared_with_what_is_expected() {
        let a = || RData::A(A { address: 0x0a00_0001 });
        assert!(look(&dns("A", Some(serve(a())), Some("10.0.0.1"))).ok);
        let seen = look(&dns("a", Some(serve(a())), Some("10.0.0.2")));
        assert!(!seen.ok);
        assert!(seen.detail.render(Lang::En).contains("10.0.0.1"));
        let mx = RData::MX(MX { preference: 10, exchange: Name::new("Mail.example.vn").unwrap() });
        assert!(look(&dns("MX", Some(serve(mx)), Some("mail.example.vn."))).ok);
        let txt = RData::TXT(TXT::new().with_string("v=spf1 -all").unwrap());
        assert!(look(&dns("TXT", Some(serve(txt)), Some("v=spf1 -all"))).ok);
    }

    #[test]
    fn a_server_that_says_nothing_ends_with_the_time_limit() {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let server = socket.local_addr().unwrap().to_string();
        let silent = Dns { timeout: Some(Span::from_seconds(1)), ..dns("A", Some(server), None) };
        let seen = look(&silent);
        assert!(!seen.ok);
        assert!(seen.detail.render(Lang::En).contains("timed out"), "{}", seen.detail.render(Lang::En));
    }

    #[test]
    fn the_host_itself_knows_localhost() {
        let spec = Dns { name: "localhost".to_owned(), expect: Some("127.0.0.1".to_owned()), ..dns("A", None, None) };
        assert!(look(&spec).ok);
        assert!(!look(&dns("MX", None, None)).ok);
    }
}
