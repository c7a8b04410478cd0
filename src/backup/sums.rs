//! `SHA256SUMS`, the format of coreutils: one line a file, read by `sha256sum -c` as well.

use super::RelativePath;
use crate::model::Digest;
use crate::model::digest::unhex;

/// Appends the line of one file.
///
/// A name with a backslash, line feed or carriage return is escaped, which a backslash before the digest says. A file at the
/// top whose name is `-` is written `./-`: alone, `sha256sum` would read its standard input.
pub(super) fn write(out: &mut Vec<u8>, name: &[u8], digest: &[u8; 32]) {
    let odd = name.iter().any(|b| matches!(b, b'\\' | b'\n' | b'\r'));
    if odd {
        out.push(b'\\');
    }
    super::manifest::hexadecimal(out, digest);
    out.extend_from_slice(b"  ");
    if name == b"-" {
        out.extend_from_slice(b"./");
    }
    if odd {
        for byte in name {
            match byte {
                b'\\' => out.extend_from_slice(b"\\\\"),
                b'\n' => out.extend_from_slice(b"\\n"),
                b'\r' => out.extend_from_slice(b"\\r"),
                byte => out.push(*byte),
            }
        }
    } else {
        out.extend_from_slice(name);
    }
    out.push(b'\n');
}

/// The files of a `SHA256SUMS`, in its order; nothing where a line has not the format.
pub(super) fn read(text: &[u8]) -> Option<Vec<(RelativePath, Digest)>> {
    let Some(lines) = text.strip_suffix(b"\n") else {
        return if text.is_empty() { Some(Vec::new()) } else { None };
    };
    lines.split(|b| *b == b'\n').map(line).collect()
}

fn line(line: &[u8]) -> Option<(RelativePath, Digest)> {
    let (escaped, line) = match line.strip_prefix(b"\\") {
        Some(rest) => (true, rest),
        None => (false, line),
    };
    let (hex, rest) = line.split_at_checked(64)?;
    let digest = Digest(unhex(std::str::from_utf8(hex).ok()?)?.try_into().ok()?);
    let name = rest.strip_prefix(b"  ").or_else(|| rest.strip_prefix(b" *"))?;
    let name = if escaped { unescape(name)? } else { name.to_vec() };
    let name = name.strip_prefix(b"./").unwrap_or(&name);
    Some((RelativePath::new(name)?, digest))
}

pub(super) fn unescape(name: &[u8]) -> Option<Vec<u8>> {
    let mut plain = Vec::with_capacity(name.len());
    let mut bytes = name.iter();
    while let Some(byte) = bytes.next() {
        plain.push(match byte {
            b'\\' => match bytes.next()? {
                b'\\' => b'\\',
                b'n' => b'\n',
                b'r' => b'\r',
                _ => return None,
            },
            byte => *byte,
        });
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read_again(name in proptest::collection::vec(1u8..=255, 1..40), content: Vec<u8>) {
            let Some(path) = RelativePath::new(&name) else { return Ok(()) };
            let digest = Digest::of(&content);
            let mut text = Vec::new();
            write(&mut text, path.bytes(), &digest.0);
            prop_assert_eq!(read(&text), Some(vec![(path, digest)]));
        }

        #[test]
        fn any_bytes_are_read_or_refused(text: Vec<u8>) {
            let _ = read(&text);
        }
    }

    #[test]
    fn a_line_is_what_coreutils_writes() {
        let mut text = Vec::new();
        write(&mut text, b"a\\b\nc", &Digest::of(b"").0);
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(String::from_utf8(text).unwrap(), format!("\\{empty}  a\\\\b\\nc\n"));
    }
}
