//! Identifiers of CACAO objects: `type--UUID`, the same for the same playbook on every machine.
//!
//! CACAO asks for UUID version 5 (or 4) for a playbook and version 4 for everything else. Version 5 is the SHA-1 of a
//! namespace and a name (RFC 9562, 5.5). What has to have the form of version 4 takes its bits from the same digest, so that
//! an export is the same bytes twice.

use crate::model::Name;
use crate::model::digest::hex;

/// Where our names live. Not the namespace of the specification: that one is for ids made of title and types, and ours
/// have to stay the same when a title is corrected.
const NAMESPACE: [u8; 16] =
    [0x6f, 0x1d, 0x0c, 0x5e, 0x3a, 0x57, 0x4b, 0x9a, 0x8e, 0x21, 0x5b, 0x7d, 0x90, 0x44, 0xc2, 0x16];

/// The id of the playbook called `name`.
pub(super) fn playbook(name: &Name) -> String {
    format!("playbook--{}", uuid(5, &format!("playbook/{name}")))
}

/// The id of another object of this type; `what` says which one.
pub(super) fn object(kind: &str, what: &str) -> String {
    format!("{kind}--{}", uuid(4, what))
}

/// A UUID of this version for `name`.
fn uuid(version: u8, name: &str) -> String {
    let digest = sha1(&[&NAMESPACE, name.as_bytes()].concat());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    bytes[6] = (bytes[6] & 0x0f) | (version << 4);
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex = hex(&bytes);
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// SHA-1 (FIPS 180-4, 6.1). Names only: nothing rests on its strength.
fn sha1(bytes: &[u8]) -> [u8; 20] {
    let mut message = bytes.to_vec();
    message.push(0x80);
    while message.len() % 64 != 56 {
        message.push(0);
    }
    message.extend((bytes.len() as u64 * 8).to_be_bytes());
    let mut state: [u32; 5] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0];
    for block in message.as_chunks::<64>().0 {
        let mut words = [0; 80];
        for (word, bytes) in words.iter_mut().zip(block.as_chunks::<4>().0) {
            *word = u32::from_be_bytes(*bytes);
        }
        for at in 16..80 {
            words[at] = (words[at - 3] ^ words[at - 8] ^ words[at - 14] ^ words[at - 16]).rotate_left(1);
        }
        // The five words that a round turns: FIPS 180-4 calls them a to e.
        let mut turn = state;
        for (at, word) in words.into_iter().enumerate() {
            let [first, second, third, fourth, fifth] = turn;
            let (mix, constant) = match at {
                0..20 => ((second & third) | (!second & fourth), 0x5A82_7999),
                20..40 => (second ^ third ^ fourth, 0x6ED9_EBA1),
                40..60 => ((second & third) | (second & fourth) | (third & fourth), 0x8F1B_BCDC),
                _ => (second ^ third ^ fourth, 0xCA62_C1D6_u32),
            };
            let sum = first.rotate_left(5).wrapping_add(mix).wrapping_add(fifth);
            turn = [sum.wrapping_add(constant).wrapping_add(word), first, second.rotate_left(30), third, fourth];
        }
        for (total, part) in state.iter_mut().zip(turn) {
            *total = total.wrapping_add(part);
        }
    }
    let mut digest = [0; 20];
    for (bytes, word) in digest.as_chunks_mut::<4>().0.iter_mut().zip(state) {
        *bytes = word.to_be_bytes();
    }
    digest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_other_tools() {
        for (text, expected) in [
            ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
            ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (&"a".repeat(119) as &str, "ee971065aaa017e0632a8ca6c77bb3bf8b1dfc56"),
        ] {
            assert_eq!(hex(&sha1(text.as_bytes())), expected, "{text}");
        }
    }

    #[test]
    fn a_playbook_has_the_id_that_python_gives_it() {
        // python3: uuid.uuid5(uuid.UUID(bytes=NAMESPACE), "playbook/portal-outage")
        let name = "portal-outage".parse().expect("a name");
        assert_eq!(playbook(&name), "playbook--e0ebc8b7-0de1-5d5c-b509-8ad2865dcdd5");
    }
}
