//! What a probe is asked to look at: plain values, their strings already rendered (or still templates, in a playbook).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::Span;

/// One look. Every string may be a template in a playbook; [`Spec::render`] fills them in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Spec {
    /// An HTTP request whose answer is judged.
    Http(Http),
    /// A TCP connection that must come about.
    Tcp(Tcp),
    /// A name that must resolve.
    Dns(Dns),
    /// A TLS handshake whose certificate must be valid.
    Tls(Tls),
    /// A process that must (or must not) run on this host.
    Process(Process),
    /// A systemd service that must be active on this host.
    Service(Service),
    /// A file system with room left.
    Disk(Disk),
    /// A port of this host that must be listened on (or free).
    Port(Port),
    /// A file that must be there (or not), with an age or content.
    File(File),
}

/// See [`Spec::Http`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Http {
    /// Where.
    pub url: String,
    /// The method; GET where nothing is said.
    pub method: Option<String>,
    /// The expected status; any of 200 to 299 where nothing is said.
    pub status: Option<u16>,
    /// Headers to send. Values may name secrets.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// A text that the body must contain.
    pub contains: Option<String>,
    /// False: nothing may answer at all, whatever the status. True where nothing is said.
    #[serde(default)]
    pub answers: Option<bool>,
    /// How long one look may take; 5 s where nothing is said.
    pub timeout: Option<Span>,
}

/// See [`Spec::Tcp`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tcp {
    /// `host:port`.
    pub address: String,
    /// How long one look may take; 5 s where nothing is said.
    pub timeout: Option<Span>,
}

/// See [`Spec::Dns`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dns {
    /// The name to look up.
    pub name: String,
    /// `A`, `AAAA`, `MX`, `TXT`, `NS` or `CNAME`; A where nothing is said.
    pub record: Option<String>,
    /// The name server, `ip` or `ip:port`; the host's own resolver where nothing is said (A and AAAA only).
    pub server: Option<String>,
    /// A value that must be among the answers.
    pub expect: Option<String>,
    /// How long one look may take; 5 s where nothing is said.
    pub timeout: Option<Span>,
}

/// See [`Spec::Tls`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tls {
    /// `host:port`.
    pub address: String,
    /// The name in the certificate; the address's host where nothing is said.
    pub name: Option<String>,
    /// How long the certificate must still be valid.
    pub valid_for: Option<Span>,
    /// How long one look may take; 5 s where nothing is said.
    pub timeout: Option<Span>,
}

/// See [`Spec::Process`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Process {
    /// The executable's name.
    pub name: String,
    /// False: it must not run. True where nothing is said.
    pub running: Option<bool>,
}

/// See [`Spec::Service`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Service {
    /// The systemd unit.
    pub name: String,
    /// False: it must not be active. True where nothing is said.
    pub active: Option<bool>,
}

/// See [`Spec::Disk`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Disk {
    /// A path on the file system.
    pub path: String,
    /// The room it must have left, in bytes.
    pub free_bytes: Option<u64>,
    /// The share of it that must be free, in percent.
    pub free_percent: Option<u8>,
}

/// See [`Spec::Port`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Port {
    /// The TCP port.
    pub number: u16,
    /// False: it must be free. True where nothing is said.
    pub open: Option<bool>,
}

/// See [`Spec::File`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct File {
    /// The file or folder.
    pub path: String,
    /// False: it must not be there. True where nothing is said.
    pub exists: Option<bool>,
    /// A text that it must contain (first 16 MiB).
    pub contains: Option<String>,
    /// How old its last change may be at most.
    pub newer_than: Option<Span>,
    /// Its SHA-256, `sha256:<hex>`.
    pub digest: Option<String>,
}

impl Spec {
    /// The kind's word in a playbook.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Http(_) => "http",
            Self::Tcp(_) => "tcp",
            Self::Dns(_) => "dns",
            Self::Tls(_) => "tls",
            Self::Process(_) => "process",
            Self::Service(_) => "service",
            Self::Disk(_) => "disk",
            Self::Port(_) => "port",
            Self::File(_) => "file",
        }
    }

    /// The same look with every string passed through `fill`.
    ///
    /// # Errors
    ///
    /// The first that `fill` gives.
    pub fn render<E>(&self, mut fill: impl FnMut(&str) -> Result<String, E>) -> Result<Self, E> {
        let mut spec = self.clone();
        for text in spec.strings_mut() {
            *text = fill(text)?;
        }
        Ok(spec)
    }

    /// Every string in it, for those who lint templates.
    #[must_use]
    pub fn strings(&self) -> Vec<String> {
        self.clone().strings_mut().into_iter().map(|text| text.clone()).collect()
    }

    fn strings_mut(&mut self) -> Vec<&mut String> {
        match self {
            Self::Http(http) => {
                let mut all = vec![&mut http.url];
                all.extend(http.method.as_mut());
                all.extend(http.headers.values_mut());
                all.extend(http.contains.as_mut());
                all
            }
            Self::Tcp(tcp) => vec![&mut tcp.address],
            Self::Dns(dns) => {
                let mut all = vec![&mut dns.name];
                all.extend(dns.record.as_mut());
                all.extend(dns.server.as_mut());
                all.extend(dns.expect.as_mut());
                all
            }
            Self::Tls(tls) => std::iter::once(&mut tls.address).chain(tls.name.as_mut()).collect(),
            Self::Process(process) => vec![&mut process.name],
            Self::Service(service) => vec![&mut service.name],
            Self::Disk(disk) => vec![&mut disk.path],
            Self::Port(_) => Vec::new(),
            Self::File(file) => {
                let mut all = vec![&mut file.path];
                all.extend(file.contains.as_mut());
                all.extend(file.digest.as_mut());
                all
            }
        }
    }
}
