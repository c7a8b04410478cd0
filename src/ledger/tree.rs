//! The hash tree over the log (RFC 6962, 2.1): SHA-256, a leaf is a line's bytes without its LF.
//!
//! Only the right edge is held: the roots of the complete subtrees, and the last, unfinished tile of every level. Appending
//! costs O(log n) at worst and one node on average.

use sha2::{Digest as _, Sha256};

/// A hash of a leaf or of a node.
pub type Hash = [u8; 32];

/// Hashes in a full tile (C2SP tlog-tiles).
pub const TILE: usize = 256;

/// Levels of the tree in one tile: 2 to this power is [`TILE`].
const TILE_HEIGHT: u32 = 8;

/// The hash of a leaf: `SHA-256(0x00 || line)`.
#[must_use]
pub fn leaf(line: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(line).finalize().into()
}

/// The hash of a node: `SHA-256(0x01 || left || right)`.
#[must_use]
pub fn node(left: &Hash, right: &Hash) -> Hash {
    let mut bytes = [1; 65];
    bytes[1..33].copy_from_slice(left);
    bytes[33..].copy_from_slice(right);
    Sha256::digest(bytes).into()
}

/// The root over `leaves`.
#[must_use]
pub fn root(leaves: &[Hash]) -> Hash {
    let mut tree = Tree::default();
    for leaf in leaves {
        tree.push(*leaf, &mut Vec::new());
    }
    tree.root()
}

/// A tile, full or the last of its level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tile {
    /// Its level: hashes of subtrees of 256 to the power of this leaves.
    pub level: u32,
    /// Its place in the level.
    pub index: u64,
    /// Its hashes, 1 to 256.
    pub hashes: Vec<Hash>,
}

impl Tile {
    /// Its path below `tile/`: groups of three digits, all but the last with an `x`; the width of a partial one.
    #[must_use]
    pub fn path(&self) -> String {
        let mut groups = vec![format!("{:03}", self.index % 1000)];
        let mut rest = self.index / 1000;
        while rest > 0 {
            groups.push(format!("x{:03}", rest % 1000));
            rest /= 1000;
        }
        groups.reverse();
        let mut path = format!("{}/{}", self.level, groups.join("/"));
        if self.hashes.len() < TILE {
            path.push_str(".p/");
            path.push_str(&self.hashes.len().to_string());
        }
        path
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.hashes.concat()
    }
}

/// The right edge of a tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    size: u64,
    /// Roots of the complete subtrees, the largest first: one for each bit of `size`.
    stack: Vec<Hash>,
    /// The unfinished tile of every level.
    rows: Vec<Vec<Hash>>,
}

impl Tree {
    /// The number of leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf. A tile that is full now is pushed on `full`.
    pub fn push(&mut self, leaf: Hash, full: &mut Vec<Tile>) {
        self.keep(0, leaf, full);
        let mut hash = leaf;
        let mut height = 0;
        let mut rest = self.size;
        while rest & 1 == 1 {
            let Some(left) = self.stack.pop() else { break };
            hash = node(&left, &hash);
            height += 1;
            rest >>= 1;
            if height % TILE_HEIGHT == 0 {
                self.keep(height / TILE_HEIGHT, hash, full);
            }
        }
        self.stack.push(hash);
        self.size += 1;
    }

    fn keep(&mut self, level: u32, hash: Hash, full: &mut Vec<Tile>) {
        let row = level as usize;
        if self.rows.len() <= row {
            self.rows.resize_with(row + 1, Vec::new);
        }
        self.rows[row].push(hash);
        if self.rows[row].len() == TILE {
            let index = self.size >> (TILE_HEIGHT * (level + 1));
            full.push(Tile { level, index, hashes: std::mem::take(&mut self.rows[row]) });
        }
    }

    /// The root; of no leaves, the digest of nothing.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.stack
            .iter()
            .rev()
            .copied()
            .reduce(|right, left| node(&left, &right))
            .unwrap_or_else(|| Sha256::digest([]).into())
    }

    /// The unfinished tiles, one a level where there is one.
    #[must_use]
    pub fn partial(&self) -> Vec<Tile> {
        (0..)
            .zip(&self.rows)
            .filter(|(_, row)| !row.is_empty())
            .map(|(level, row)| Tile { level, index: self.size >> (TILE_HEIGHT * (level + 1)), hashes: row.clone() })
            .collect()
    }

    /// The edge as bytes, for the index: per level a count and its hashes.
    #[must_use]
    pub fn edge(&self) -> Vec<Vec<u8>> {
        self.rows.iter().map(|row| row.concat()).collect()
    }

    /// The tree of `size` leaves from its edge, as [`Tree::edge`] gives it; nothing where the two do not fit.
    #[must_use]
    pub fn from_edge(size: u64, edge: &[Vec<u8>]) -> Option<Self> {
        let rows: Vec<Vec<Hash>> = edge
            .iter()
            .map(|row| row.as_chunks::<32>())
            .map(|(row, rest)| rest.is_empty().then(|| row.to_vec()))
            .collect::<Option<_>>()?;
        let mut stack = Vec::new();
        for (level, row) in rows.iter().enumerate().rev() {
            let level = u32::try_from(level).ok()?;
            if row.len() as u64 != (size.checked_shr(TILE_HEIGHT * level)?) % TILE as u64 {
                return None;
            }
            let mut rest = row.as_slice();
            for bit in (0..TILE_HEIGHT).rev() {
                if rest.len() >> bit == 1 {
                    let (block, after) = rest.split_at(1 << bit);
                    stack.push(root(block));
                    rest = after;
                }
            }
        }
        let above = u32::try_from(rows.len()).ok()?;
        (size.checked_shr(TILE_HEIGHT * above).unwrap_or(0) == 0).then_some(Self { size, stack, rows })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_and_its_tiles_agree_with_another_implementation() {
        use tlog_tiles::{Error, Hash as Theirs, HashReader};
        struct Stored(Vec<Theirs>);
        impl HashReader for Stored {
            fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Theirs>, Error> {
                Ok(indexes.iter().map(|index| self.0[usize::try_from(*index).expect("small")]).collect())
            }
        }
        let mut stored = Stored(Vec::new());
        let mut tree = Tree::default();
        let mut full = Vec::new();
        for n in 0..1100u64 {
            let line = format!("line {n}");
            tree.push(leaf(line.as_bytes()), &mut full);
            let more = tlog_tiles::stored_hashes(n, line.as_bytes(), &stored).expect("hashes");
            stored.0.extend(more);
            if n % 7 == 0 || n > 1090 || n % 256 < 2 {
                let theirs = tlog_tiles::tree_hash(n + 1, &stored).expect("root");
                assert_eq!(tree.root(), theirs.0, "root of {} leaves", n + 1);
                let again = Tree::from_edge(n + 1, &tree.edge()).expect("edge");
                assert_eq!(again, tree, "edge of {} leaves", n + 1);
            }
        }
        for tile in full.iter().chain(&tree.partial()) {
            let width = u32::try_from(tile.hashes.len()).expect("small");
            let theirs = tlog_tiles::Tile::new(8, u8::try_from(tile.level).expect("small"), tile.index, width, false);
            assert_eq!(format!("tile/8/{}", tile.path()), theirs.path());
            assert_eq!(theirs.read_data(&stored).expect("tile"), tile.bytes(), "{}", tile.path());
        }
        assert_eq!(full.len(), 4);
    }

    #[test]
    fn an_edge_of_another_size_is_no_edge() {
        let mut tree = Tree::default();
        for n in 0..300u32 {
            tree.push(leaf(&n.to_be_bytes()), &mut Vec::new());
        }
        assert_eq!(Tree::from_edge(301, &tree.edge()), None);
        assert_eq!(Tree::from_edge(300 + 65_536, &tree.edge()), None);
        assert_eq!(Tree::from_edge(300, &tree.edge()), Some(tree));
    }
}
