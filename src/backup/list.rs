//! Lists that others made: of `sha256sum` (GNU) or `sha256` (BSD), in any order, with whatever may be wrong in them.

use super::RelativePath;
use super::manifest::Entry;
use super::sums;
use super::walk::Kind;
use crate::model::Digest;
use crate::model::digest::unhex_32;

/// Something that is wrong with a line of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The number of the line, from 1.
    pub line: u64,
    /// What.
    pub kind: ProblemKind,
    /// The name in it, as far as it could be read; what is no UTF-8 in it is replaced.
    pub name: String,
}

/// What may be wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// It is no line of such a list.
    Unreadable,
    /// Its name begins with `/`. Nothing outside the copy is read.
    Absolute,
    /// Its name leads out of the copy. Nothing outside the copy is read.
    Outside,
    /// It says the same as an earlier line.
    Twice,
    /// An earlier line has another digest for the same file.
    Conflict,
}

impl ProblemKind {
    /// Its word in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Absolute => "absolute",
            Self::Outside => "outside",
            Self::Twice => "twice",
            Self::Conflict => "conflict",
        }
    }
}

impl Problem {
    /// Whether every file that the list names was compared all the same.
    #[must_use]
    pub fn is_harmless(&self) -> bool {
        self.kind == ProblemKind::Twice
    }
}

/// The files of a list, in byte order of the paths, and what is wrong with it, in the order of the lines.
pub(super) fn read(text: &[u8]) -> (Vec<Entry>, Vec<Problem>) {
    let mut listed: Vec<(RelativePath, Digest, u64)> = Vec::new();
    let mut problems = Vec::new();
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    for (number, line) in (1..).zip(text.split(|b| *b == b'\n')) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() || line.starts_with(b"#") {
            continue;
        }
        let problem =
            |kind, name: &[u8]| Problem { line: number, kind, name: String::from_utf8_lossy(name).into_owned() };
        let Some((name, digest)) = parts(line) else {
            problems.push(problem(ProblemKind::Unreadable, line.get(..line.len().min(200)).unwrap_or_default()));
            continue;
        };
        match inside(&name) {
            Ok(path) => listed.push((path, digest, number)),
            Err(kind) => problems.push(problem(kind, &name)),
        }
    }
    listed.sort_by(|one, other| (&one.0, one.2).cmp(&(&other.0, other.2)));
    let mut entries: Vec<Entry> = Vec::with_capacity(listed.len());
    for (path, digest, line) in listed {
        match entries.last() {
            Some(last) if last.path == path => {
                let kind = if last.digest == Some(digest) { ProblemKind::Twice } else { ProblemKind::Conflict };
                problems.push(Problem { line, kind, name: path.to_string() });
            }
            _ => entries.push(Entry { path, kind: Kind::File, size: None, digest: Some(digest) }),
        }
    }
    problems.sort_by_key(|problem| problem.line);
    (entries, problems)
}

/// Name and digest of a line.
fn parts(line: &[u8]) -> Option<(Vec<u8>, Digest)> {
    let (escaped, line) = line.strip_prefix(b"\\").map_or((false, line), |rest| (true, rest));
    let (name, digits) = if let Some(rest) = line.strip_prefix(b"SHA256 (") {
        let end = rest.len().checked_sub(b") = ".len() + 64)?;
        let (name, rest) = rest.split_at(end);
        (name, rest.strip_prefix(b") = ")?)
    } else {
        let (digits, rest) = line.split_at_checked(64)?;
        (rest.strip_prefix(b"  ").or_else(|| rest.strip_prefix(b" *"))?, digits)
    };
    let digits: &[u8; 64] = digits.try_into().ok()?;
    // Some programs write capital letters.
    let digest = unhex_32(&digits.map(|digit| digit.to_ascii_lowercase()))?;
    let name = if escaped { sums::unescape(name)? } else { name.to_vec() };
    if name.is_empty() { None } else { Some((name, Digest(digest))) }
}

/// The path that a name means, without `.` and doubled `/`.
fn inside(name: &[u8]) -> Result<RelativePath, ProblemKind> {
    if name.starts_with(b"/") {
        return Err(ProblemKind::Absolute);
    }
    let parts: Vec<&[u8]> = name.split(|b| *b == b'/').filter(|part| !matches!(*part, b"" | b".")).collect();
    if parts.contains(&&b".."[..]) {
        return Err(ProblemKind::Outside);
    }
    RelativePath::new(&parts.join(&b'/')).ok_or(ProblemKind::Unreadable)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    const OTHER: &str = "f3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[track_caller]
    fn check(text: &str, names: &[&str], problems: &[(u64, &str)]) {
        let (entries, found) = read(text.as_bytes());
        let seen: Vec<String> = entries.iter().map(|entry| entry.path.to_string()).collect();
        assert_eq!(seen, names);
        let found: Vec<(u64, &str)> = found.iter().map(|problem| (problem.line, problem.kind.word())).collect();
        assert_eq!(found, problems);
    }

    #[test]
    fn lists_of_all_kinds_are_understood() {
        check(&format!("{EMPTY}  b\n{EMPTY} *a\n"), &["a", "b"], &[]);
        check(&format!("SHA256 (a (1)) = {EMPTY}\r\nSHA256 (x = y) = {EMPTY}"), &["a (1)", "x = y"], &[]);
        check(
            &format!("\\{EMPTY}  a\\nb\\\\c\n\\SHA256 (d\\re) = {}\n", EMPTY.to_uppercase()),
            &["a\nb\\c", "d\re"],
            &[],
        );
        check(&format!("# made by hand\n\n{EMPTY}  ./a//b\n"), &["a/b"], &[]);
        check("", &[], &[]);
    }

    #[test]
    fn what_is_wrong_with_a_list_is_told_by_its_line() {
        check(
            &format!("{EMPTY}  /etc/passwd\n{EMPTY}  a/../../b\n{EMPTY}  c\n"),
            &["c"],
            &[(1, "absolute"), (2, "outside")],
        );
        check(&format!("{EMPTY}  a\n{EMPTY}  ./a\n"), &["a"], &[(2, "twice")]);
        check(&format!("{EMPTY}  a\n{OTHER}  a\n"), &["a"], &[(2, "conflict")]);
        check("rubbish\nMD5 (a) = 00\n", &[], &[(1, "unreadable"), (2, "unreadable")]);
        check(&format!("{}  a\n", &EMPTY[1..]), &[], &[(1, "unreadable")]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(text: Vec<u8>) {
            let (entries, problems) = read(&text);
            prop_assert!(entries.len() + problems.len() <= text.split(|b| *b == b'\n').count());
        }

        #[test]
        fn every_name_comes_back_from_what_we_write(name in proptest::collection::vec(1u8..=255, 1..40)) {
            prop_assume!(RelativePath::new(&name).is_some());
            let mut text = Vec::new();
            sums::write(&mut text, &name, &[7; 32]);
            let (entries, problems) = read(&text);
            prop_assert!(problems.is_empty(), "{problems:?}");
            prop_assert_eq!(entries[0].path.bytes(), name.as_slice());
        }
    }
}
