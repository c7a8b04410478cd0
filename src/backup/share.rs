//! A share of all paths: the same on every machine and in every version.

use serde::{Deserialize, Serialize};

/// The paths whose place on a circle of 2^64 lies in an arc. Every path has one place, given by its bytes and a seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// Where the arc begins.
    pub from: u64,
    /// How long it is; `u64::MAX` is all.
    pub length: u64,
    /// Turns the circle into another order.
    pub seed: u64,
}

impl Share {
    /// About `percent` of all paths.
    #[must_use]
    pub fn percent(percent: u8, seed: u64) -> Self {
        let length = if percent >= 100 { u64::MAX } else { u64::MAX / 100 * u64::from(percent) };
        Self { from: 0, length, seed }
    }

    /// The arc after this one, of this length.
    #[must_use]
    pub fn next(&self, length: u64) -> Self {
        Self { from: self.from.wrapping_add(self.length), length, seed: self.seed }
    }

    /// About so much of `whole` is in it.
    #[must_use]
    pub fn of(&self, whole: u64) -> u64 {
        let part = u128::from(whole) * u128::from(self.length) / u128::from(u64::MAX);
        u64::try_from(part).unwrap_or(whole)
    }

    /// Whether the path of `prefix` and `name` is in it.
    #[must_use]
    pub(super) fn holds(&self, prefix: &[u8], name: &[u8]) -> bool {
        self.length == u64::MAX || place(self.seed, prefix, name).wrapping_sub(self.from) < self.length
    }
}

/// FNV-1a over the seed's and the path's bytes, then the last two steps of `SplitMix64`: neighbours lie far apart.
fn place(seed: u64, prefix: &[u8], name: &[u8]) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in seed.to_be_bytes().iter().chain(prefix).chain(name) {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arcs_one_after_the_other_hold_every_path_once() {
        let mut share = Share { from: 0, length: u64::MAX / 7, seed: 3 };
        let mut held = vec![0; 1000];
        for turn in 0..8 {
            if turn == 7 {
                // What division has left over.
                share.length = 0u64.wrapping_sub(share.from);
            }
            for (number, held) in held.iter_mut().enumerate() {
                *held += u32::from(share.holds(b"folder/", format!("{number}").as_bytes()));
            }
            share = share.next(share.length);
        }
        assert!(held.iter().all(|times| *times == 1), "{held:?}");
    }

    #[test]
    fn a_share_is_about_as_large_as_it_says_and_stays_the_same() {
        let share = Share::percent(25, 1);
        let count = (0..10_000).filter(|number| share.holds(b"", format!("{number}").as_bytes())).count();
        assert!((2_300..2_700).contains(&count), "{count}");
        assert_eq!(place(0, b"a/", b"b"), place(0, b"", b"a/b"));
    }
}
