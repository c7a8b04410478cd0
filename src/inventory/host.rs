//! What was seen on the machine of a component, and a person accepted. It proves no level and is never used to guess one.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::source::{Fields, Node, Place, Reader};

/// Facts of one machine, as they were on the day `seen`. What could not be seen is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HostFacts {
    /// The day on which they were seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen: Option<Date>,
    /// The machine's own name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The operating system with its version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub os: Option<String>,
    /// The kernel's version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kernel: Option<String>,
    /// The processor's architecture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub architecture: Option<String>,
    /// How many logical processors it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub processors: Option<u64>,
    /// Memory, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory: Option<u64>,
    /// For how many whole days it had been up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub up_days: Option<u64>,
    /// Its disks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub disks: Vec<HostDisk>,
    /// Ports that something listens on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<HostPort>,
    /// Services that run, by systemd's names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<String>,
    /// Whether its clock is held by a time server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_synchronised: Option<bool>,
    /// Anti-malware services that run; an empty list where it was looked for and none was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub antimalware: Option<Vec<String>>,
    /// Whether an update waits for a restart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restart_pending: Option<bool>,
}

/// A file system of a machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostDisk {
    /// Where it is mounted.
    pub mount: String,
    /// Its size, in bytes.
    pub size: u64,
    /// What is free of it, in bytes.
    pub free: u64,
}

/// A port that something listens on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostPort {
    /// `tcp` or `udp`.
    pub protocol: Protocol,
    /// The address that it listens on.
    pub address: String,
    /// Its number.
    pub port: u16,
    /// The program that listens, where it could be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub process: Option<String>,
}

super::facts::words! {
    /// A protocol with ports.
    Protocol {
        /// TCP.
        Tcp = "tcp",
        /// UDP.
        Udp = "udp",
    }
}

/// The most bytes that a disk or memory can have.
const MOST: i64 = i64::MAX;

pub(super) fn read<'a>(reader: &Reader<'a>, node: &'a Node, home: Place) -> Option<HostFacts> {
    let fields = reader.fields("host-facts", node, home)?;
    let text = |name| text(reader, &fields, name);
    let count = |name, most| fields.optional(name).and_then(|node| reader.integer(node, 0, most));
    let truth = |name| fields.optional(name).and_then(|node| reader.boolean(node));
    let names =
        |name| fields.optional(name).and_then(|node: &'a Node| reader.list(node, |item| reader.filled_text(item)));
    let facts = HostFacts {
        seen: fields.optional("seen").and_then(|node| super::dossier::day(reader, node)),
        name: text("name"),
        os: text("os"),
        kernel: text("kernel"),
        architecture: text("architecture"),
        processors: count("processors", 1_000_000),
        memory: count("memory", MOST),
        up_days: count("up_days", 1_000_000),
        disks: fields
            .optional("disks")
            .and_then(|node| reader.list(node, |item| disk(reader, item)))
            .unwrap_or_default(),
        ports: fields
            .optional("ports")
            .and_then(|node| reader.list(node, |item| port(reader, item)))
            .unwrap_or_default(),
        services: names("services").unwrap_or_default(),
        time_synchronised: truth("time_synchronised"),
        antimalware: names("antimalware"),
        restart_pending: truth("restart_pending"),
    };
    fields.finish();
    Some(facts)
}

fn disk<'a>(reader: &Reader<'a>, node: &'a Node) -> Option<HostDisk> {
    let fields = reader.fields("host-disk", node, node.place)?;
    let mount = fields.required("mount").and_then(|node| reader.filled_text(node));
    let size = fields.required("size").and_then(|node| reader.integer(node, 0, MOST));
    let free = fields.required("free").and_then(|node| reader.integer(node, 0, MOST));
    fields.finish();
    Some(HostDisk { mount: mount?, size: size?, free: free? })
}

fn port<'a>(reader: &Reader<'a>, node: &'a Node) -> Option<HostPort> {
    let fields = reader.fields("host-port", node, node.place)?;
    let protocol = fields.required("protocol").and_then(|node| reader.word(node, Protocol::WORDS));
    let address = fields.required("address").and_then(|node| reader.filled_text(node));
    let port = fields.required("port").and_then(|node| reader.integer(node, 1, 65_535));
    let process = text(reader, &fields, "process");
    fields.finish();
    Some(HostPort { protocol: protocol?, address: address?, port: port?, process })
}

fn text<'a>(reader: &Reader<'a>, fields: &Fields<'_, 'a>, name: &'static str) -> Option<String> {
    fields.optional(name).and_then(|node| reader.filled_text(node))
}
