//! What a service asks of other systems, over links that may be cut.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use std::sync::Arc;

use super::Service;
use crate::lab::entry::Link;
use crate::lab::{http, links};

const PATIENCE: Duration = Duration::from_millis(1500);
const MAX_ANSWER_BYTES: u64 = 64 * 1024;

/// Why nothing came back over a link: which, and what happened.
#[derive(Debug)]
pub(super) struct Down {
    pub(super) to: String,
    pub(super) why: String,
}

/// Asks the system of `link` for the record `key`: itself, or through the one that forwards to it.
pub(super) async fn ask(service: &Service, link: &Link, key: u32) -> Result<String, Down> {
    let down = |why: String| Down { to: link.to.to_string(), why };
    let first = link.by.as_ref().unwrap_or(&link.to);
    for name in [first, &link.to] {
        if links::is_cut(&service.home, name.as_str()) {
            return Err(down("network is unreachable".to_owned()));
        }
    }
    let path = match (&link.by, forwards(service, link)) {
        (Some(_), _) => format!("/chuyen/{}/{key}?client={}", link.to, service.entry.id),
        (None, true) => "/".to_owned(),
        (None, false) => format!("/ban-ghi/{key}"),
    };
    let port = service.place.ports_of(first).map_err(|error| down(error.to_string()))?.public;
    let answer = match tokio::time::timeout(PATIENCE, get(port, &path)).await {
        Ok(answer) => answer.map_err(|error| down(error.to_string()))?,
        Err(_) => return Err(down("timed out".to_owned())),
    };
    if answer.status == 200 {
        Ok(answer.body)
    } else {
        let why = format!("{} {}", answer.status, answer.body.lines().next().unwrap_or_default());
        Err(down(why))
    }
}

/// Whether others are asked through the system of `link`.
fn forwards(service: &Service, link: &Link) -> bool {
    service.entry.links.iter().any(|other| other.by.as_ref() == Some(&link.to))
}

/// Asks over each of `wanted` at once; gives those that are down, in their order.
pub(super) async fn ask_all(service: &Arc<Service>, wanted: Vec<Link>, key: u32) -> Vec<Down> {
    let mut asked = JoinSet::new();
    for (index, link) in wanted.into_iter().enumerate() {
        let service = Arc::clone(service);
        asked.spawn(async move { (index, ask(&service, &link, key).await) });
    }
    let mut down = Vec::new();
    while let Some(answered) = asked.join_next().await {
        if let Ok((index, Err(why))) = answered {
            down.push((index, why));
        }
    }
    down.sort_by_key(|(index, _)| *index);
    down.into_iter().map(|(_, why)| why).collect()
}

async fn get(port: u16, path: &str) -> std::io::Result<http::Answer> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut bytes = Vec::new();
    stream.take(MAX_ANSWER_BYTES).read_to_end(&mut bytes).await?;
    http::parse(&bytes).ok_or_else(|| std::io::ErrorKind::InvalidData.into())
}
