//! Addresses, names in the network and paths of files, wherever they stand in a folded text.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::fold::Folded;
use crate::policy::redaction::Class;

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Where it stands in the folded text.
    pub(super) at: Range<usize>,
    /// What it is.
    pub(super) class: Class,
    /// Whether a port and a path behind it belong to it.
    pub(super) reaches: bool,
}

/// Endings of names in the network that are nothing else.
const ENDINGS: &[&str] =
    &["vn", "com", "net", "org", "gov", "edu", "mil", "local", "internal", "intranet", "localdomain", "arpa"];

/// Endings that may be a word or an abbreviation too: before one stands a word of the alphabet of the network with three letters.
const MORE_ENDINGS: &[&str] = &[
    "info",
    "lan",
    "lab",
    "home",
    "corp",
    "private",
    "example",
    "test",
    "invalid",
    "localhost",
    "onion",
    "biz",
    "name",
    "pro",
    "io",
    "ai",
    "app",
    "dev",
    "cloud",
    "online",
    "site",
    "website",
    "store",
    "shop",
    "tech",
    "top",
    "xyz",
    "club",
    "live",
    "link",
    "space",
    "asia",
    "int",
    "me",
    "tv",
    "cc",
    "co",
    "eu",
    "us",
    "uk",
    "ca",
    "au",
    "de",
    "fr",
    "ru",
    "cn",
    "hk",
    "tw",
    "jp",
    "kr",
    "sg",
    "th",
    "la",
    "kh",
    "my",
    "id",
    "ph",
    "in",
];

/// Endings of files: a path with one slash has one, and a name with one is no name in the network.
const FILES: &[&str] = &[
    "conf", "cfg", "ini", "env", "log", "db", "sql", "sqlite", "bak", "dump", "dmp", "yaml", "yml", "json", "jsonl",
    "xml", "toml", "zip", "gz", "tgz", "tar", "zst", "7z", "rar", "key", "pem", "crt", "cer", "pfx", "p12", "sh", "py",
    "exe", "dll", "bat", "ps1", "php", "jsp", "jar", "war", "img", "iso", "vmdk", "qcow2", "csv", "md", "txt", "html",
    "pdf", "docx", "xlsx", "png", "jpg", "jpeg",
];

/// Folders of a workspace: what lies in them is no path on a machine of the unit.
const WORKSPACE: &[&str] = &[
    "inventory",
    "playbooks",
    "policies",
    "exercises",
    "ledger",
    "reports",
    "lab",
    "evidence",
    "objects",
    "log",
    "docs",
];

/// What a path or the rest of a URL is made of: no space, quote or bracket that encloses, no mark of a figure.
const INSIDE: &str = "[^\\s,;()\"“”‘’'«»<>`|→\u{e000}\u{e001}]";

/// A dot, or what is written for one so that nothing becomes a link.
const DOT: &str = r"(?:\.| ?[\[({] ?(?:\.|dot) ?[\])}] ?)";

/// What stands before the number of a clause: `TCVN 14423:2026, 7.11.2.5`.
static CLAUSE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(?:tcvn|\biso\b|\bmục|\bđiều|\bkhoản|\bđiểm|phiên bản|\bclause|\bsection|\bversion)[^;\n]*$")
});

/// What expressions of playbooks begin with: their dots are none of a name in the network.
const EXPRESSIONS: &[&str] = &["inputs", "steps", "clocks", "run", "vars", "objectives", "measures", "lab"];

/// A pattern of ours.
fn pattern(text: &str) -> Option<Regex> {
    Regex::new(text).ok()
}

static URL: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern("[a-z][a-z0-9+.-]*\\[?:\\]?//[^\\s\"“”‘’«»<>`|→\u{e000}\u{e001}]+"));
static DOTTED: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(&format!("[0-9]+(?:{DOT}(?:[0-9]+|\\*|x{{1,3}}))+")));
static BLOCK: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"[0-9]{1,3}(?:\.[0-9]{1,3}){1,2}(?:\.?/[0-9]{1,2}|\.[\[{][0-9,.* -]+[\]}]|\.\*)"));
static COLONS: LazyLock<Option<Regex>> = LazyLock::new(|| pattern("[0-9a-f:.]*:[0-9a-f:.]+"));
static CARD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"[0-9a-f]{2}(?::[0-9a-f]{2}){5}|[0-9a-f]{2}(?:-[0-9a-f]{2}){5}|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}")
});
static NAME: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(&format!("[a-z0-9-]+(?:{DOT}[a-z0-9-]+)+")));
static PATH: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(&format!(r"\\\\{INSIDE}+|[a-z]:[\\/]{INSIDE}*|(?:~|\.{{1,2}})?/{INSIDE}+|[a-z0-9.-]+(?:[/\\][a-z0-9.-]+)+"))
});
/// What belongs to a name or an address behind it: bits of a network, the end of a range, a port, a path.
static BEHIND: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(&format!(
        r"^\]?(?:%[a-z0-9.-]+)?\]?(?:/[0-9]{{1,3}}\b)?(?:-[0-9]{{1,3}}\b)?(?::[0-9]{{1,5}}\b)?(?:/{INSIDE}*)?"
    ))
});
/// What belongs to it before it: who reaches it, or every name below it.
static BEFORE: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"(?:[a-z0-9.%+-]+@|\*\.)\[?$"));

/// All that is an address, a name in the network or a path in `text`, by its form; `endings` are the unit's own.
pub(super) fn forms(folded: &Folded, source: &str, endings: &[String]) -> Vec<Found> {
    let text = folded.text.as_str();
    let mut found = Vec::new();
    let mut push = |at: Range<usize>, class, reaches| found.push(Found { at, class, reaches });
    for at in every(&URL, text) {
        push(trimmed(text, at), Class::Addresses, false);
    }
    for at in every(&DOTTED, text) {
        if let Some(end) = four(text, at.clone()).filter(|_| !is_clause(text, &at)) {
            push(at.start..end, Class::Addresses, true);
        }
    }
    for at in every(&BLOCK, text) {
        if alone(text, &at) && of_a_unit(&text[at.clone()]) {
            push(at, Class::Addresses, false);
        }
    }
    for at in every(&COLONS, text) {
        six(text, at, &mut |at| push(at, Class::Addresses, true));
    }
    for at in every(&CARD, text) {
        let more =
            |text: &str| text.starts_with([':', '-']) && text.chars().nth(1).is_some_and(|c| c.is_ascii_hexdigit());
        if alone(text, &at) && !more(&text[at.end..]) && !text[..at.start].ends_with([':', '-'])
            || between_words(text, &at)
        {
            push(at, Class::Addresses, false);
        }
    }
    for at in every(&NAME, text) {
        if let Some(at) = named(text, at, endings) {
            push(at, Class::Machines, true);
        }
    }
    for at in every(&PATH, text) {
        let mut at = trimmed(text, at);
        // `path:/srv` and `end./srv`: what stands before the slash is of another word.
        if letter(text[..at.start].chars().next_back())
            && let Some(slash) = text[at.clone()].find('/').filter(|slash| (1..=2).contains(slash))
        {
            at.start += slash;
        }
        if is_path(text, &at, source, folded) {
            push(at, Class::Paths, false);
        }
    }
    found
}

fn every<'t>(pattern: &'static LazyLock<Option<Regex>>, text: &'t str) -> impl Iterator<Item = Range<usize>> + use<'t> {
    pattern.as_ref().into_iter().flat_map(move |pattern| pattern.find_iter(text).map(|found| found.range()))
}

/// With what belongs to it before and behind, up to `limit`, where the next thing begins.
pub(super) fn whole(text: &str, at: Range<usize>, floor: usize, limit: usize) -> Range<usize> {
    let before = BEFORE.as_ref().and_then(|pattern| pattern.find(&text[floor..at.start]));
    let mut start = before.map_or(at.start, |found| floor + found.start());
    if text[floor..start].ends_with('[') && text[at.end..].starts_with([']', '%']) {
        start -= 1;
    }
    let behind = BEHIND.as_ref().and_then(|pattern| pattern.find(&text[at.end..]));
    let mut end = behind.map_or(at.end, |found| at.end + found.end());
    if end > limit {
        end = at.end;
    }
    // A bracket that was not opened here is not ours.
    if !text[start..at.end].contains('[') && text[at.end..end].starts_with(']') {
        end = at.end;
    }
    let end = trimmed(text, at.end..end).end.max(at.end);
    let closes = text[start..].starts_with('[') && !text[start..end].contains(']') && text[end..].starts_with(']');
    start..end + usize::from(closes)
}

/// The rest of a name in the network behind the name of a machine: `.noibo`. A sentence that begins without a space is none.
pub(super) fn suffix(text: &str, mut end: usize, folded: &Folded, source: &str) -> usize {
    while let Some(rest) = text[end..].strip_prefix('.') {
        let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-').count();
        let next = end + 1 + length;
        if length == 0 || letter(text[next..].chars().next()) {
            break;
        }
        let mut written = source[folded.origin(end + 1..next)].chars();
        if written.next().is_some_and(char::is_uppercase) && written.next().is_some_and(char::is_lowercase) {
            break;
        }
        end = next;
    }
    end
}

/// The names above a name: `www.`.
pub(super) fn prefix(text: &str, start: usize) -> usize {
    let above = text[..start]
        .bytes()
        .rev()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
        .count();
    let from = start - above;
    if text[..start].ends_with('.') && !letter(text[..from].chars().next_back()) {
        from + text[from..start].bytes().take_while(|byte| !byte.is_ascii_alphanumeric()).count()
    } else {
        start
    }
}

fn letter(c: Option<char>) -> bool {
    c.is_some_and(char::is_alphanumeric)
}

/// Whether no letter and no digit touches it.
pub(super) fn between_words(text: &str, at: &Range<usize>) -> bool {
    !letter(text[..at.start].chars().next_back()) && !letter(text[at.end..].chars().next())
}

/// Whether no digit touches it, nor a dot with one.
fn alone(text: &str, at: &Range<usize>) -> bool {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let before = text[..at.start].trim_end_matches('.');
    let behind = text[at.end..].strip_prefix('.').unwrap_or(&text[at.end..]);
    !digit(before.chars().next_back()) && !digit(behind.chars().next())
}

/// Without the signs at its end that are of the sentence.
fn trimmed(text: &str, at: Range<usize>) -> Range<usize> {
    let kept = text[at.clone()].trim_end_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '/' | '=' | ']'));
    at.start..at.start + kept.len()
}

/// Where an address of four numbers ends that begins here, some of which may be any.
fn four(text: &str, at: Range<usize>) -> Option<usize> {
    let said = &text[at.clone()];
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut from = None;
    for (index, c) in said.char_indices() {
        let part = c.is_ascii_digit() || matches!(c, 'x' | '*');
        match (from, part) {
            (None, true) => from = Some(index),
            (Some(start), false) => {
                parts.push(start..index);
                from = None;
            }
            _ => {}
        }
    }
    parts.extend(from.map(|start| start..said.len()));
    // `10.1.1.xem` has three numbers and a word.
    if said.ends_with('x') && letter(text[at.end..].chars().next()) {
        parts.pop();
    }
    let number = |part: &Range<usize>| {
        let part = &said[part.clone()];
        part == "0" || (!part.starts_with('0') && part.parse::<u8>().is_ok())
    };
    let any = |part: &Range<usize>| said[part.clone()].chars().all(|c| matches!(c, 'x' | '*'));
    // An amount of money: groups of three.
    let behind = text[at.end..].trim_start();
    let groups = parts.iter().skip(1).all(|part| part.len() == 3);
    if groups && ["đồng", "vnđ", "vnd", "đ "].iter().any(|unit| behind.starts_with(unit)) {
        return None;
    }
    let holds = parts
        .windows(4)
        .any(|four| four.iter().all(|part| number(part) || any(part)) && number(&four[0]) && number(&four[1]));
    holds.then(|| parts.last().map(|last| at.start + last.end)).flatten()
}

/// Whether it is the number of a clause: the standards that documents cite have four numbers, the first of one digit.
fn is_clause(text: &str, at: &Range<usize>) -> bool {
    let small = text[at.clone()].split('.').all(|part| part.len() < 3);
    if !small || text.as_bytes().get(at.start + 1) != Some(&b'.') {
        return false;
    }
    let from = text[..at.start].char_indices().rev().nth(60).map_or(0, |(from, _)| from);
    CLAUSE.as_ref().is_some_and(|pattern| pattern.is_match(&text[from..at.start]))
}

/// Whether the beginning of a network is one that units number themselves (RFC 1918).
fn of_a_unit(said: &str) -> bool {
    let mut parts = said.split(['.', '/']).map_while(|part| part.parse::<u8>().ok());
    let (Some(first), Some(second)) = (parts.next(), parts.next()) else { return false };
    let three = parts.next().is_some();
    three && Ipv4Addr::new(first, second, 0, 1).is_private()
}

/// The addresses of eight groups in a run of hexadecimal digits and colons.
fn six(text: &str, at: Range<usize>, push: &mut dyn FnMut(Range<usize>)) {
    let run = &text[at.clone()];
    if run.matches(':').count() < 2 {
        return;
    }
    let mut from = 0;
    while from < run.len() {
        let before = text[..at.start + from].chars().next_back();
        let ends = (from + 3..=run.len().min(from + 45)).rev();
        let fits = |end: &usize| {
            let said = &run[from..*end];
            !letter(text[at.start + end..].chars().next())
                && said.parse::<Ipv6Addr>().is_ok_and(|address| !address.is_unspecified())
        };
        let end = if letter(before) { None } else { ends.into_iter().find(fits) };
        match end {
            Some(end) => {
                push(at.start + from..at.start + end);
                from = end;
            }
            None => from += 1,
        }
    }
}

/// The part of some words with dots between them that is a name in the network.
fn named(text: &str, at: Range<usize>, endings: &[String]) -> Option<Range<usize>> {
    let said = &text[at.clone()];
    let mut labels: Vec<Range<usize>> = Vec::new();
    let mut from = None;
    let is_label = |c: char| c.is_ascii_alphanumeric() || c == '-';
    for (index, c) in said.char_indices() {
        match (from, is_label(c)) {
            (None, true) => from = Some(index),
            (Some(start), false) => {
                labels.push(start..index);
                from = None;
            }
            _ => {}
        }
    }
    labels.extend(from.map(|start| start..said.len()));
    // What is written for a dot.
    labels.retain(|label| {
        &said[label.clone()] != "dot" || said[..label.start].trim_end().chars().next_back().is_none_or(|c| c == '.')
    });
    // The rest of a word with marks is no name.
    if letter(text[..at.start].chars().next_back()) {
        labels.remove(0);
    }
    if letter(text[at.end..].chars().next()) {
        labels.pop();
    }
    let word = |label: &Range<usize>| &said[label.clone()];
    let expression = labels.first().is_some_and(|first| EXPRESSIONS.contains(&word(first)));
    let last = (1..labels.len()).rev().find(|last| {
        let ending = word(&labels[*last]).trim_matches('-');
        let before = &labels[..*last];
        let long = before.iter().any(|label| word(label).chars().filter(char::is_ascii_alphanumeric).count() > 2);
        let at_the_end = *last + 1 == labels.len();
        ENDINGS.contains(&ending)
            || endings.iter().any(|own| own == ending)
            || (at_the_end && long && !expression && MORE_ENDINGS.contains(&ending))
            // A name within the unit: three words, the first numbered.
            || (at_the_end
                && !expression
                && before.len() > 1
                && ending.len() > 1
                && ending.bytes().all(|byte| byte.is_ascii_alphabetic())
                && !FILES.contains(&ending)
                && numbered(word(&labels[0])))
    })?;
    let first = labels.iter().find(|label| word(label).chars().any(|c| c != '-'))?;
    Some(at.start + first.start..at.start + labels[last].end)
}

/// Whether it has letters and digits.
fn numbered(word: &str) -> bool {
    word.bytes().any(|byte| byte.is_ascii_digit()) && word.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// Whether what looks like a path is the path of a file on a machine, and no number of a decree, no unit and no day.
fn is_path(text: &str, at: &Range<usize>, source: &str, folded: &Folded) -> bool {
    let said = &text[at.clone()];
    let before = text[..at.start].chars().next_back();
    if letter(before) || before == Some('/') || is_digest(text, at) || !said.chars().any(char::is_alphabetic) {
        return false;
    }
    let written = &source[folded.origin(at.clone())];
    let small = written.chars().any(char::is_lowercase);
    let drive = said.as_bytes().get(1) == Some(&b':') && said.as_bytes()[0].is_ascii_alphabetic();
    if drive || said.starts_with("\\\\") || said.starts_with("~/") || said.starts_with("./") || said.starts_with("../")
    {
        return said.len() > 3;
    }
    let parts: Vec<&str> = said.split(['/', '\\']).filter(|part| !part.is_empty()).collect();
    if said.starts_with('/') {
        return match parts.as_slice() {
            // `Số:    /BC-SKHCN` and `…/tháng` are none.
            [one] => {
                one.len() > 2
                    && one.is_ascii()
                    && !written.chars().any(char::is_uppercase)
                    && !matches!(before, Some('.' | ')' | ']' | '}' | '*' | '%' | '-'))
            }
            [_, ..] => small,
            [] => false,
        };
    }
    let ending = parts.last().and_then(|last| last.rsplit_once('.')).map(|(_, ending)| ending);
    let windows = said.contains('\\');
    let named = parts.iter().all(|part| part.len() > 1 && part.parse::<IpAddr>().is_err());
    (windows && named && parts.len() > 1)
        || (small && ending.is_some_and(|ending| FILES.contains(&ending)) && !WORKSPACE.contains(&parts[0]))
}

/// Whether it stands in a digest or a key in base64, in which anything may stand.
pub(super) fn is_digest(text: &str, at: &Range<usize>) -> bool {
    let inside = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let before = text.as_bytes()[..at.start].iter().rev().take_while(|byte| inside(byte)).count();
    let behind = text.as_bytes()[at.start..].iter().take_while(|byte| inside(byte)).count();
    let token = &text[at.start - before..at.start + behind];
    token.len() >= 43 && (token.len() == 44 && token.ends_with('=') || token.len() == 88 && token.ends_with("=="))
}
