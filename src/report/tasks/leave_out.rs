//! What does not leave the unit: addresses, names of machines, weaknesses, and how exactly systems are protected.
//!
//! A document for others says what was left out and how often (`docs/regulations.md`, row 54).

use std::collections::BTreeSet;
use std::net::IpAddr;

use super::figures::count;
use crate::inventory::System;
use crate::message::message;
use crate::model::Lang;

/// Names that are known to be machines'.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Machines(BTreeSet<String>);

/// How much was left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct LeftOut {
    pub(super) addresses: u64,
    pub(super) machines: u64,
    pub(super) weaknesses: u64,
    pub(super) measures: u64,
}

/// Endings of names in the network. A name that ends otherwise is one only where the inventory has it.
const ENDINGS: &[&str] = &["vn", "com", "net", "org", "info", "local", "internal", "lan", "lab"];

impl Machines {
    /// The machines that the inventory names: hosts, how they are reached, and the hosts of endpoints.
    #[must_use]
    pub fn of<'s>(systems: impl IntoIterator<Item = &'s System>) -> Self {
        let mut names = BTreeSet::new();
        for system in systems {
            for host in &system.hosts {
                names.insert(host.id.to_string().to_lowercase());
            }
            let Ok(whole) = serde_json::to_value(system) else { continue };
            for host in whole["hosts"].as_array().into_iter().flatten() {
                names.extend(host["ssh"].as_str().map(|name| bare(name).to_lowercase()));
            }
            for endpoint in whole["endpoints"].as_object().into_iter().flat_map(|endpoints| endpoints.values()) {
                names.extend(endpoint.as_str().map(|url| bare(url).to_lowercase()));
            }
        }
        names.remove("");
        Self(names)
    }

    /// `text` without addresses and names of machines.
    pub(super) fn clean(&self, text: &str, left: &mut LeftOut, lang: Lang) -> String {
        let gone = message!("task-left-out-word").render(lang);
        let mut cleaned = String::with_capacity(text.len());
        for part in text.split_inclusive(separates) {
            let end = part.chars().next_back().filter(|c| separates(*c));
            let word = end.map_or(part, |end| &part[..part.len() - end.len_utf8()]);
            let core = word.trim_matches(|c: char| !c.is_alphanumeric());
            let start = word.find(core).unwrap_or(0);
            if core.is_empty() {
                cleaned.push_str(word);
            } else if is_address(core) {
                left.addresses += 1;
                cleaned.push_str(&format!("{}{gone}{}", &word[..start], &word[start + core.len()..]));
            } else if self.is_machine(core) {
                left.machines += 1;
                cleaned.push_str(&format!("{}{gone}{}", &word[..start], &word[start + core.len()..]));
            } else {
                cleaned.push_str(word);
            }
            cleaned.extend(end);
        }
        // The words stand in brackets already.
        cleaned.replace(&format!("({gone})"), &gone)
    }

    fn is_machine(&self, word: &str) -> bool {
        let word = bare(word).to_lowercase();
        if self.0.contains(&word) {
            return true;
        }
        let labels: Vec<&str> = word.split('.').collect();
        let label = |label: &&str| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        labels.len() > 1 && labels.iter().all(label) && labels.last().is_some_and(|last| ENDINGS.contains(last))
    }
}

/// What stands between words; the marks of figures are for private use.
fn separates(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '"' | '“' | '”' | '\u{e000}' | '\u{e001}')
}

/// A name without scheme, user, port and path.
fn bare(text: &str) -> &str {
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    let text = text.split('/').next().unwrap_or_default();
    let text = text.rsplit_once('@').map_or(text, |(_, host)| host);
    match text.split_once(':') {
        Some((host, port)) if port.chars().all(|c| c.is_ascii_digit()) => host,
        _ => text,
    }
}

/// An address of a machine or a network, or a URL.
fn is_address(word: &str) -> bool {
    let network = word.split_once('/').filter(|(_, bits)| bits.chars().all(|c| c.is_ascii_digit()));
    let host = network.map_or(word, |(address, _)| address);
    word.contains("://") || host.parse::<IpAddr>().is_ok() || bare(word).parse::<IpAddr>().is_ok()
}

impl LeftOut {
    /// What was left out, in words: one line, whatever it came to.
    pub(super) fn said(self, lang: Lang) -> String {
        message!(
            "task-left-out",
            addresses = count(self.addresses, lang),
            machines = count(self.machines, lang),
            weaknesses = count(self.weaknesses, lang),
            measures = count(self.measures, lang)
        )
        .render(lang)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_names_of_machines_go_and_numbers_of_documents_stay() {
        let text = "format: 1\nid: portal\nname: x\nhosts: [ { id: app-01, ssh: root@web.noibo } ]\n\
                    endpoints: { health: \"https://cong.tinh.gov.vn:8443/health\" }\n";
        let system = crate::inventory::read("inventory/portal.yaml", text).expect("it holds");
        let machines = Machines::of([&system]);
        for (text, expected, addresses, names) in [
            ("kiểm tra 10.0.3.17, đạt", "kiểm tra …, đạt", 1, 0),
            ("dải 10.0.0.0/24 (10.1.1.1:22)", "dải … …", 2, 0),
            ("máy app-01 và APP-01.", "máy … và ….", 0, 2),
            ("xem https://a.b/c?d=1 trên db.tinh.vn", "xem … trên …", 1, 1),
            ("qua web.noibo; fe80::1", "qua …; …", 1, 1),
            ("văn bản số 335/SKHCN-BCVT&CĐS ngày 22/07/2025", "văn bản số 335/SKHCN-BCVT&CĐS ngày 22/07/2025", 0, 0),
            ("2.184 người, 95,17%, v.v, phiên bản 1.2.3", "2.184 người, 95,17%, v.v, phiên bản 1.2.3", 0, 0),
        ] {
            let mut left = LeftOut::default();
            let seen = machines.clean(text, &mut left, Lang::Vi).replace("(đã lược bỏ)", "…");
            assert_eq!((seen.as_str(), left.addresses, left.machines), (expected, addresses, names));
        }
    }
}
