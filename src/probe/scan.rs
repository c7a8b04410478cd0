//! What can be seen of this machine without changing anything: system, disks, ports, services, clock, anti-malware, restarts.
//!
//! What cannot be seen is nothing, not a guess.

use std::collections::BTreeMap;
use std::fs;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::Path;

use sysinfo::{Disks, MemoryRefreshKind, System};

use super::service;

/// What was seen of a machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Machine {
    /// Its own name.
    pub name: Option<String>,
    /// The operating system with its version.
    pub os: Option<String>,
    /// The kernel's version.
    pub kernel: Option<String>,
    /// The processor's architecture.
    pub architecture: Option<String>,
    /// Logical processors.
    pub processors: Option<u64>,
    /// Memory, in bytes.
    pub memory: Option<u64>,
    /// Seconds since it was started.
    pub up_seconds: Option<u64>,
    /// File systems on disks: where each is mounted, its size, what is free of it, in bytes.
    pub disks: Vec<(String, u64, u64)>,
    /// Ports that something listens on.
    pub ports: Vec<Listening>,
    /// Services that run, by systemd's names; nothing where there is no systemd.
    pub services: Option<Vec<String>>,
    /// Whether the clock is held by a time server; nothing where nothing says so.
    pub time_synchronised: Option<bool>,
    /// Anti-malware services of known names that run; nothing where services cannot be listed.
    pub antimalware: Option<Vec<String>>,
    /// Whether an update waits for a restart; nothing where the system does not say.
    pub restart_pending: Option<bool>,
}

/// A port that something listens on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listening {
    /// Whether it is TCP; else UDP.
    pub tcp: bool,
    /// The address.
    pub address: String,
    /// The number.
    pub port: u16,
    /// The program, where this user may see it.
    pub process: Option<String>,
}

/// Names of services that guard against malware, as their packages have them, without `.service`.
const ANTIMALWARE: &[&str] = &[
    "clamav-daemon",
    "clamd@scan",
    "clamav-clamonacc",
    "falcon-sensor",
    "mdatp",
    "wazuh-agent",
    "kesl",
    "kesl-supervisor",
    "ds_agent",
    "sophos-spl",
    "esets",
    "eea",
    "sentinelone",
    "elastic-endpoint",
    "cbdaemon",
];

/// Looks at this machine.
#[must_use]
pub fn machine() -> Machine {
    let services = service::running();
    let antimalware = services.as_ref().map(|names| {
        let known = |name: &&String| {
            let name = name.trim_end_matches(".service");
            ANTIMALWARE.contains(&name)
        };
        names.iter().filter(known).cloned().collect()
    });
    let memory = System::new().ok().map(|mut system| {
        system.refresh_memory_specifics(MemoryRefreshKind::nothing().with_ram());
        system.total_memory()
    });
    Machine {
        name: System::host_name().ok(),
        os: System::long_os_version().ok(),
        kernel: System::kernel_version().ok(),
        architecture: Some(System::cpu_arch()).filter(|name| !name.is_empty()),
        processors: std::thread::available_parallelism().ok().map(|count| count.get() as u64),
        memory: memory.filter(|size| *size > 0),
        up_seconds: System::uptime().ok().filter(|seconds| *seconds > 0),
        disks: disks(),
        ports: ports(Path::new("/proc")),
        services,
        time_synchronised: service::time_synchronised(),
        antimalware,
        restart_pending: restart_pending(Path::new("/")),
    }
}

fn disks() -> Vec<(String, u64, u64)> {
    let Ok(disks) = Disks::new_with_refreshed_list() else { return Vec::new() };
    let mut all: Vec<(String, u64, u64)> = disks
        .iter()
        .filter(|disk| disk.total_space() > 0)
        .map(|disk| (disk.mount_point().display().to_string(), disk.total_space(), disk.available_space()))
        .collect();
    all.sort();
    all.dedup();
    all
}

/// Whether an update waits for a restart: Debian and its like leave a file. Where the package that writes it is not there,
/// nothing is known.
fn restart_pending(root: &Path) -> Option<bool> {
    if root.join("run/reboot-required").exists() || root.join("var/run/reboot-required").exists() {
        return Some(true);
    }
    let said = ["usr/share/update-notifier/notify-reboot-required", "etc/kernel/postinst.d/update-notifier"];
    said.iter().any(|path| root.join(path).exists()).then_some(false)
}

/// The ports of `/proc/net`, with the programs of `/proc/<pid>/fd` that hold them.
fn ports(proc: &Path) -> Vec<Listening> {
    let mut found: Vec<(Listening, u64)> = Vec::new();
    for (file, tcp) in [("tcp", true), ("tcp6", true), ("udp", false), ("udp6", false)] {
        let text = fs::read_to_string(proc.join("net").join(file)).unwrap_or_default();
        found.extend(text.lines().skip(1).filter_map(|line| listening(line, tcp)));
    }
    let owners = owners(proc, &found.iter().map(|(_, inode)| *inode).collect::<Vec<_>>());
    let mut ports: Vec<Listening> =
        found.into_iter().map(|(port, inode)| Listening { process: owners.get(&inode).cloned(), ..port }).collect();
    ports.sort();
    ports.dedup();
    ports
}

/// A line of `/proc/net/tcp` or `udp`: an address that waits for whoever comes, and its inode.
fn listening(line: &str, tcp: bool) -> Option<(Listening, u64)> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let (local, remote, state) = (words.get(1)?, words.get(2)?, words.get(3)?);
    // 0A is LISTEN; a UDP socket that is bound and not connected is 07 with no remote port.
    let waits = if tcp { *state == "0A" } else { *state == "07" && remote.ends_with(":0000") };
    if !waits {
        return None;
    }
    let (address, port) = local.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    let inode = words.get(9)?.parse().ok()?;
    let found = Listening { tcp, address: address_of(address)?, port, process: None };
    (port > 0).then_some((found, inode))
}

/// An address as the kernel prints it: words of 32 bits, each in the machine's own order.
fn address_of(hex: &str) -> Option<String> {
    let word = |at: usize| u32::from_str_radix(hex.get(at * 8..at * 8 + 8)?, 16).ok().map(u32::to_ne_bytes);
    match hex.len() {
        8 => Some(Ipv4Addr::from(word(0)?).to_string()),
        32 => {
            let mut bytes = [0; 16];
            for at in 0..4 {
                bytes[at * 4..at * 4 + 4].copy_from_slice(&word(at)?);
            }
            Some(format!("[{}]", Ipv6Addr::from(bytes)))
        }
        _ => None,
    }
}

/// The programs that hold these sockets, by inode; only what this user may see.
fn owners(proc: &Path, inodes: &[u64]) -> BTreeMap<u64, String> {
    let mut found = BTreeMap::new();
    let Ok(entries) = fs::read_dir(proc) else { return found };
    for entry in entries.filter_map(Result::ok) {
        let path = entry.path();
        let numbered = entry.file_name().to_str().is_some_and(|name| name.bytes().all(|b| b.is_ascii_digit()));
        let Some(fds) = numbered.then(|| fs::read_dir(path.join("fd")).ok()).flatten() else { continue };
        for link in fds.filter_map(Result::ok).filter_map(|fd| fs::read_link(fd.path()).ok()) {
            let inode = link.to_str().and_then(|text| text.strip_prefix("socket:[")?.strip_suffix(']')?.parse().ok());
            let Some(inode) = inode.filter(|inode| inodes.contains(inode)) else { continue };
            if let Ok(name) = fs::read_to_string(path.join("comm")) {
                found.entry(inode).or_insert_with(|| name.trim().to_owned());
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn a_port_that_this_process_listens_on_is_seen_with_its_program() {
        let socket = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = socket.local_addr().unwrap().port();
        let seen = machine();
        let found = seen.ports.iter().find(|found| found.tcp && found.port == port).expect("it is seen");
        assert_eq!(found.address, "127.0.0.1");
        let own = fs::read_to_string("/proc/self/comm").unwrap();
        assert_eq!(found.process.as_deref(), Some(own.trim()));
        assert!(seen.kernel.is_some() && seen.memory.is_some() && seen.name.is_some());
    }

    #[test]
    fn only_what_waits_for_others_is_a_port() {
        let line = |state: &str, remote: &str| {
            format!(
                "   0: 0100007F:1F90 {remote} {state} 00000000:00000000 00:00000000 00000000  1000 0 12345 1 0 100 0 0 10 0"
            )
        };
        let (port, inode) = listening(&line("0A", "00000000:0000"), true).expect("it listens");
        assert_eq!((port.address.as_str(), port.port, inode), ("127.0.0.1", 8080, 12_345));
        assert_eq!(listening(&line("01", "0100007F:0050"), true), None);
        assert_eq!(listening(&line("07", "0100007F:0050"), false), None);
        assert!(listening(&line("07", "00000000:0000"), false).is_some());
        assert_eq!(address_of("00000000000000000000000001000000").as_deref(), Some("[::1]"));
        assert_eq!(listening("", true), None);
    }

    #[test]
    fn a_restart_that_waits_is_told_and_a_system_that_never_says_so_is_not_known() {
        let root = tempfile::tempdir().unwrap();
        assert_eq!(restart_pending(root.path()), None);
        fs::create_dir_all(root.path().join("usr/share/update-notifier")).unwrap();
        fs::write(root.path().join("usr/share/update-notifier/notify-reboot-required"), "").unwrap();
        assert_eq!(restart_pending(root.path()), Some(false));
        fs::create_dir_all(root.path().join("run")).unwrap();
        fs::write(root.path().join("run/reboot-required"), "").unwrap();
        assert_eq!(restart_pending(root.path()), Some(true));
    }
}
