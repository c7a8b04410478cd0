//! Signed notes and checkpoints (C2SP signed-note and tlog-checkpoint), with one kind of key: Ed25519.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};

use super::tree::Hash;
use crate::model::{Signer, digest};

/// The signature type of Ed25519 in keys of signed notes.
const ED25519: u8 = 1;

/// A verifier key: its name, which is the ledger's origin, and the public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// The name of the key, the ledger's origin.
    pub name: String,
    key: VerifyingKey,
}

/// The text is not a C2SP verifier key of an Ed25519 key, or its id is not that of its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a verifier key of the form `<name>+<8 hex>+<base64>`")]
pub struct InvalidKey;

impl PublicKey {
    /// Reads `<name>+<8 hex>+<base64 of 0x01 || key>`.
    ///
    /// # Errors
    ///
    /// [`InvalidKey`] where it is none, or the id is not the key's.
    pub fn parse(vkey: &str) -> Result<Self, InvalidKey> {
        let mut parts = vkey.splitn(3, '+');
        let (name, id, key) = (parts.next(), parts.next(), parts.next());
        let (Some(name), Some(id), Some(key)) = (name, id, key) else { return Err(InvalidKey) };
        let bytes = STANDARD.decode(key).map_err(|_| InvalidKey)?;
        let [ED25519, key @ ..] = bytes.as_slice() else { return Err(InvalidKey) };
        let key = key.try_into().map_err(|_| InvalidKey)?;
        let key = VerifyingKey::from_bytes(key).map_err(|_| InvalidKey)?;
        let parsed = Self { name: name.to_owned(), key };
        if name_is_valid(name) && parsed.hex_id() == id { Ok(parsed) } else { Err(InvalidKey) }
    }

    /// The key's id: the first 4 bytes of `SHA-256(name || LF || 0x01 || key)`.
    #[must_use]
    pub fn id(&self) -> [u8; 4] {
        let hash = Sha256::new()
            .chain_update(self.name.as_bytes())
            .chain_update([b'\n', ED25519])
            .chain_update(self.key.as_bytes())
            .finalize();
        [hash[0], hash[1], hash[2], hash[3]]
    }

    /// The key's id as 8 hexadecimal digits.
    #[must_use]
    pub fn hex_id(&self) -> String {
        digest::hex(&self.id())
    }

    /// The verifier key as text.
    #[must_use]
    pub fn vkey(&self) -> String {
        format!("{}+{}+{}", self.name, self.hex_id(), STANDARD.encode(typed(self.key.as_bytes())))
    }

    /// Whether one of the note's signatures says that it is this key's.
    #[must_use]
    pub fn is_named_in(&self, note: &Note) -> bool {
        note.signatures.iter().any(|(name, id, _)| *name == self.name && *id == self.id())
    }

    /// Whether one of the note's signatures is this key's and good.
    #[must_use]
    pub fn verifies(&self, note: &Note) -> bool {
        note.signatures.iter().any(|(name, id, signature)| {
            *name == self.name
                && *id == self.id()
                && signature.as_slice().try_into().is_ok_and(|bytes| {
                    self.key.verify_strict(note.text.as_bytes(), &Signature::from_bytes(bytes)).is_ok()
                })
        })
    }
}

fn typed(key: &[u8; 32]) -> Vec<u8> {
    let mut bytes = vec![ED25519];
    bytes.extend_from_slice(key);
    bytes
}

fn name_is_valid(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c == '+' || c.is_whitespace())
}

/// A private key with its name.
#[derive(Clone)]
pub struct PrivateKey {
    name: String,
    key: SigningKey,
}

impl PrivateKey {
    /// A new key for `name`, from 32 random bytes.
    #[must_use]
    pub fn new(name: &str, seed: &[u8; 32]) -> Self {
        Self { name: name.to_owned(), key: SigningKey::from_bytes(seed) }
    }

    /// Reads `PRIVATE+KEY+<name>+<8 hex>+<base64 of 0x01 || seed>`.
    ///
    /// # Errors
    ///
    /// [`InvalidKey`] where it is none, or the id is not the key's.
    pub fn parse(text: &str) -> Result<Self, InvalidKey> {
        let rest = text.trim().strip_prefix("PRIVATE+KEY+").ok_or(InvalidKey)?;
        let mut parts = rest.splitn(3, '+');
        let (name, id, key) = (parts.next(), parts.next(), parts.next());
        let (Some(name), Some(id), Some(key)) = (name, id, key) else { return Err(InvalidKey) };
        let bytes = STANDARD.decode(key).map_err(|_| InvalidKey)?;
        let [ED25519, seed @ ..] = bytes.as_slice() else { return Err(InvalidKey) };
        let parsed = Self::new(name, seed.try_into().map_err(|_| InvalidKey)?);
        if parsed.public().hex_id() == id { Ok(parsed) } else { Err(InvalidKey) }
    }

    /// The key as text, for its file.
    #[must_use]
    pub fn to_text(&self) -> String {
        let id = self.public().hex_id();
        format!("PRIVATE+KEY+{}+{id}+{}\n", self.name, STANDARD.encode(typed(self.key.as_bytes())))
    }

    /// Its public half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey { name: self.name.clone(), key: self.key.verifying_key() }
    }

    /// The note over `text`, which ends with an LF, signed by this key.
    #[must_use]
    pub fn note(&self, text: &str) -> String {
        let mut signature = self.public().id().to_vec();
        signature.extend_from_slice(&self.sign(text.as_bytes()));
        format!("{text}\n\u{2014} {} {}\n", self.name, STANDARD.encode(signature))
    }
}

impl Signer for PrivateKey {
    fn sign(&self, message: &[u8]) -> [u8; 64] {
        ed25519_dalek::Signer::sign(&self.key, message).to_bytes()
    }
}

/// A signed note: a text and its signatures, not yet checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The text, with its last LF.
    pub text: String,
    /// Name, key id and signature.
    pub signatures: Vec<(String, [u8; 4], Vec<u8>)>,
}

impl Note {
    /// Reads a signed note; nothing where it is none.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let all = std::str::from_utf8(bytes).ok()?;
        let split = all.rfind("\n\n")?;
        let (text, rest) = (all.get(..=split)?, all.get(split + 2..)?.strip_suffix('\n')?);
        let signatures = rest.split('\n').map(|line| {
            let (name, signature) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
            let bytes = STANDARD.decode(signature).ok()?;
            let (id, signature) = bytes.split_first_chunk::<4>()?;
            Some((name.to_owned(), *id, signature.to_vec()))
        });
        Some(Self { text: text.to_owned(), signatures: signatures.collect::<Option<_>>()? })
    }
}

/// What a checkpoint says: how many records, and their root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The ledger.
    pub origin: String,
    /// The number of records.
    pub size: u64,
    /// The root of their tree.
    pub root: Hash,
}

impl Checkpoint {
    /// The text of the note.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root))
    }

    /// Reads the text of a note; lines after the third are extensions and passed over.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut lines = text.split('\n');
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let plain = size == "0" || (!size.starts_with('0') && size.bytes().all(|b| b.is_ascii_digit()));
        let root = STANDARD.decode(root).ok()?.try_into().ok()?;
        (plain && !origin.is_empty()).then_some(())?;
        Some(Self { origin: origin.to_owned(), size: size.parse().ok()?, root })
    }
}

/// The root as people and documents write it: base64.
#[must_use]
pub fn base64(hash: &Hash) -> String {
    STANDARD.encode(hash)
}

/// The hash that a base64 text stands for.
#[must_use]
pub fn unbase64(text: &str) -> Option<Hash> {
    STANDARD.decode(text).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_implementation_accepts_our_notes_and_knows_our_keys() {
        use signed_note::{Note as Theirs, StandardVerifier, VerifierList};
        let ours = PrivateKey::new("ungpho/so-y-te/0badcafe", &[7; 32]);
        let checkpoint = Checkpoint { origin: ours.name.clone(), size: 12, root: [3; 32] };
        let note = ours.note(&checkpoint.to_text());
        let verifier = StandardVerifier::new(&ours.public().vkey()).expect("their reading of our key");
        let theirs = Theirs::from_bytes(note.as_bytes()).expect("their reading of our note");
        let (good, other) = theirs.verify(&VerifierList::new(vec![Box::new(verifier)])).expect("verifies");
        assert_eq!((good.len(), other.len()), (1, 0));
        let theirs = tlog_tiles::Checkpoint::from_bytes(theirs.text()).expect("their reading of our checkpoint");
        assert_eq!((theirs.origin(), theirs.size(), theirs.hash().0), ("ungpho/so-y-te/0badcafe", 12, [3; 32]));
        assert_eq!(PrivateKey::parse(&ours.to_text()).map(|key| key.public()), Ok(ours.public()));
    }

    #[test]
    fn a_changed_note_does_not_verify() {
        let key = PrivateKey::new("ungpho/x/00000000", &[9; 32]);
        let note = key.note(&Checkpoint { origin: key.name.clone(), size: 3, root: [1; 32] }.to_text());
        let good = Note::parse(note.as_bytes()).expect("a note");
        assert!(key.public().verifies(&good));
        let changed = note.replacen("\n3\n", "\n4\n", 1);
        assert!(!key.public().verifies(&Note::parse(changed.as_bytes()).expect("a note")));
        assert!(!PrivateKey::new("ungpho/x/00000000", &[8; 32]).public().verifies(&good));
    }
}
