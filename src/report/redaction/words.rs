//! Addresses, names of machines and paths among the words of a text.

use std::net::IpAddr;

use super::{Counts, Redactor};
use crate::policy::redaction::Class;

/// Endings of names in the network. A name that ends otherwise is one only where the inventory has it.
const ENDINGS: &[&str] = &["vn", "com", "net", "org", "info", "local", "internal", "lan", "lab"];

impl Redactor {
    /// `text` without words that are addresses, names of machines or paths.
    pub(super) fn words(&self, text: &str, gone: &str, counts: &mut Counts) -> String {
        let mut cleaned = String::with_capacity(text.len());
        for part in text.split_inclusive(separates) {
            let end = part.chars().next_back().filter(|c| separates(*c));
            let word = end.map_or(part, |end| &part[..part.len() - end.len_utf8()]);
            match self.class_of(word) {
                Some((class, core)) if self.leaves_out(class) => {
                    counts.add(class);
                    let start = word.find(core).unwrap_or(0);
                    cleaned.push_str(&format!("{}{gone}{}", &word[..start], &word[start + core.len()..]));
                }
                _ => cleaned.push_str(word),
            }
            cleaned.extend(end);
        }
        // The words stand in brackets already.
        cleaned.replace(&format!("({gone})"), gone)
    }

    /// What a word is, and the part of it that is so.
    fn class_of<'w>(&self, word: &'w str) -> Option<(Class, &'w str)> {
        let core = word.trim_matches(|c: char| !c.is_alphanumeric());
        if core.is_empty() {
            return None;
        }
        // An address may begin or end with colons: `::1`.
        let bracketed = word.trim_matches(|c: char| !c.is_alphanumeric() && c != ':');
        if is_address(core) {
            return Some((Class::Addresses, core));
        }
        if is_address(bracketed) {
            return Some((Class::Addresses, bracketed));
        }
        // `key=10.0.0.1` and `user@host` tell of what stands behind.
        for (at, _) in core.match_indices(['=', '@']) {
            let behind = &core[at + 1..];
            if is_address(behind) {
                return Some((Class::Addresses, behind));
            }
        }
        if self.is_machine(core) {
            return Some((Class::Machines, core));
        }
        path_in(word).map(|path| (Class::Paths, path))
    }

    fn is_machine(&self, word: &str) -> bool {
        let word = bare(word).to_lowercase();
        if self.machines.contains(&word) {
            return true;
        }
        let labels: Vec<&str> = word.split('.').collect();
        let label = |label: &&str| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        labels.len() > 1 && labels.iter().all(label) && labels.last().is_some_and(|last| ENDINGS.contains(last))
    }
}

/// What stands between words; the marks of figures are for private use.
fn separates(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '"' | '“' | '”' | '`' | '|' | '\u{e000}' | '\u{e001}')
}

/// A name without scheme, user, port and path.
pub(super) fn bare(text: &str) -> &str {
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    let text = text.split('/').next().unwrap_or_default();
    let text = text.rsplit_once('@').map_or(text, |(_, host)| host);
    match text.split_once(':') {
        Some((host, port)) if port.chars().all(|c| c.is_ascii_digit()) => host,
        _ => text,
    }
}

/// An address of a machine, a card or a network, or a URL.
fn is_address(word: &str) -> bool {
    let network = word.split_once('/').filter(|(_, bits)| bits.chars().all(|c| c.is_ascii_digit()));
    let host = network.map_or(word, |(address, _)| address);
    // A zone is part of an address: `fe80::1%eth0`.
    let host = host.split('%').next().unwrap_or_default();
    let host = host.trim_start_matches('[');
    let inner = host.split(']').next().unwrap_or_default();
    word.contains("://")
        || host.parse::<IpAddr>().is_ok()
        || inner.parse::<IpAddr>().is_ok()
        || bare(word).parse::<IpAddr>().is_ok()
        || is_card(word)
}

/// An address of a network card: six pairs of hexadecimal digits.
fn is_card(word: &str) -> bool {
    [':', '-'].into_iter().any(|between| {
        let pairs: Vec<&str> = word.split(between).collect();
        pairs.len() == 6 && pairs.iter().all(|pair| pair.len() == 2 && pair.bytes().all(|b| b.is_ascii_hexdigit()))
    })
}

/// The path of a file on a machine in a word: from the root with a folder, of a home, or of a drive.
fn path_in(word: &str) -> Option<&str> {
    let word = word.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '/' && c != '=');
    // A digest in base64 may hold slashes.
    if word.len() == 44 && word.ends_with('=') {
        return None;
    }
    let begins = |at: usize| at == 0 || word[..at].ends_with(['=', ':', '\'', '[', '<', '>', '~']);
    let start = word.match_indices('/').map(|(at, _)| at).find(|at| begins(*at));
    if let Some(at) = start {
        let home = at > 0 && word[..at].ends_with('~');
        let path = &word[at..];
        let folders = path.split('/').filter(|part| !part.is_empty()).count();
        // A day of which only the month is known has slashes and no letters.
        let named = path.chars().any(char::is_alphabetic);
        if named && (home || folders > 1) {
            return Some(&word[at - usize::from(home)..]);
        }
    }
    let at = word.find(":\\")?;
    let drive = at.checked_sub(1)?;
    word.get(drive..).filter(|path| path.starts_with(|c: char| c.is_ascii_alphabetic()))
}
