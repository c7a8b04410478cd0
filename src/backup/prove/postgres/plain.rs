//! A dump in plain SQL, on its way to `psql`.
//!
//! `psql` carries out more than SQL: a line that begins with a backslash may run programs and write files. So a key that
//! nobody can know restricts it (`\restrict`, PostgreSQL 13.22, 14.19, 15.14, 16.10, 17.6, against CVE-2025-8714), and it
//! stops at the first such order. Owners and rights are left out, as `pg_restore --no-owner --no-acl` does: they name roles
//! of the server that the dump came from.

use std::io::{self, BufRead, Read, Write};

/// Bytes of a line that are looked at: what we know begins, and for orders of one line ends, before.
const LOOKED: u64 = 64 * 1024;

/// What was seen of a dump on its way.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// `pg_dump` wrote it: so it has a last line that says so.
    pub(super) by_pg_dump: bool,
    /// That last line was there.
    pub(super) complete: bool,
    in_data: bool,
    /// Reading it failed.
    pub(super) unreadable: Option<String>,
}

/// Passes the dump on, held by `key`.
pub(super) fn pass(dump: impl Read, to: &mut dyn Write, key: &str, seen: &mut Seen) -> io::Result<()> {
    let mut dump = io::BufReader::with_capacity(256 * 1024, dump);
    writeln!(to, "\\restrict {key}")?;
    let mut line = Vec::new();
    let mut at_start = true;
    loop {
        line.clear();
        match dump.by_ref().take(LOOKED).read_until(b'\n', &mut line) {
            Ok(0) => break,
            Ok(_) => {}
            Err(error) => {
                // What is damaged is told of the copy, not of us; what came before was passed on.
                seen.unreadable = Some(error.to_string());
                break;
            }
        }
        if !(at_start && seen.leaves_out(&line)) {
            to.write_all(&line)?;
        }
        at_start = line.ends_with(b"\n");
    }
    writeln!(to, "\\unrestrict {key}")
}

impl Seen {
    /// Takes in the beginning of a line; true where it is not passed on.
    fn leaves_out(&mut self, line: &[u8]) -> bool {
        let text = line.trim_ascii_end();
        if self.in_data {
            self.in_data = text != b"\\.";
            return false;
        }
        if text.starts_with(b"COPY ") && text.ends_with(b"FROM stdin;") {
            self.in_data = true;
            return false;
        }
        match text {
            b"-- PostgreSQL database dump" => self.by_pg_dump = true,
            b"-- PostgreSQL database dump complete" => self.complete = true,
            _ => {}
        }
        let one_line = text.ends_with(b";");
        let begins = |words: &[u8]| text.starts_with(words);
        let owner = begins(b"ALTER ") && text.windows(10).any(|part| part == b" OWNER TO ");
        let rights = begins(b"GRANT ") || begins(b"REVOKE ") || begins(b"ALTER DEFAULT PRIVILEGES ");
        let own_key = begins(b"\\restrict ") || begins(b"\\unrestrict ");
        own_key || (one_line && (owner || rights || begins(b"COMMENT ON EXTENSION ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_rights_and_keys_stay_behind_and_data_go_through_as_they_are() {
        let dump = "--\n-- PostgreSQL database dump\n--\n\\restrict abc\nALTER TABLE public.t OWNER TO app;\n\
                    COPY public.t (a) FROM stdin;\nGRANT x;\n\\N\n\\.\nGRANT SELECT ON t TO app;\nSELECT 1;\n\
                    -- PostgreSQL database dump complete\n\\unrestrict abc\n";
        let (mut out, mut seen) = (Vec::new(), Seen::default());
        pass(dump.as_bytes(), &mut out, "key", &mut seen).unwrap();
        let expected = "\\restrict key\n--\n-- PostgreSQL database dump\n--\nCOPY public.t (a) FROM stdin;\nGRANT x;\n\
                        \\N\n\\.\nSELECT 1;\n-- PostgreSQL database dump complete\n\\unrestrict key\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
        assert!(seen.by_pg_dump && seen.complete && seen.unreadable.is_none());
    }

    #[test]
    fn a_line_longer_than_is_looked_at_goes_through_whole() {
        let long = format!("SELECT '{}';\nGRANT a TO b;\n", "x".repeat(200_000));
        let (mut out, mut seen) = (Vec::new(), Seen::default());
        pass(long.as_bytes(), &mut out, "k", &mut seen).unwrap();
        assert_eq!(out.len(), "\\restrict k\n".len() + 200_000 + "SELECT '';\n".len() + "\\unrestrict k\n".len());
    }
}
