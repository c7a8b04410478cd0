//! Keys that sign and judge notes outside the log: the ledger's own, and those that are given on the spot.

use super::Ledger;
use super::note::{Note, PrivateKey, PublicKey};
use crate::model::{NoteState, Notes};

/// Keys that were given by hand.
#[derive(Clone, Default)]
pub struct Keyring {
    private: Option<PrivateKey>,
    trusted: Vec<PublicKey>,
}

impl Keyring {
    /// Trusts these keys, and signs nothing.
    #[must_use]
    pub fn trusting(trusted: Vec<PublicKey>) -> Self {
        Self { private: None, trusted }
    }

    /// Signs with this key, and trusts it.
    #[must_use]
    pub fn signing(private: PrivateKey) -> Self {
        Self { trusted: vec![private.public()], private: Some(private) }
    }
}

impl Notes for Keyring {
    fn note_signer(&self) -> Option<String> {
        self.private.as_ref().map(|key| key.public().name)
    }

    fn sign_note(&self, text: &str) -> Option<String> {
        self.private.as_ref().map(|key| key.note(text))
    }

    fn judge_note(&self, note: &[u8]) -> NoteState {
        judge(note, &self.trusted)
    }
}

/// Trusted is the key that record 0 names, whatever lies in the folder of keys.
impl Notes for Ledger {
    fn note_signer(&self) -> Option<String> {
        let mut inner = self.inner();
        self.look(&mut inner).ok()?;
        self.private_key(&inner).map(|key| key.public().name)
    }

    fn sign_note(&self, text: &str) -> Option<String> {
        let mut inner = self.inner();
        self.look(&mut inner).ok()?;
        self.private_key(&inner).map(|key| key.note(text))
    }

    fn judge_note(&self, note: &[u8]) -> NoteState {
        let own = self.public_key().ok().flatten();
        judge(note, own.as_slice())
    }
}

fn judge(note: &[u8], trusted: &[PublicKey]) -> NoteState {
    let Some(note) = Note::parse(note) else { return NoteState::Bad };
    if let Some(key) = trusted.iter().find(|key| key.verifies(&note)) {
        return NoteState::Good { text: note.text, key: key.name.clone() };
    }
    if trusted.iter().any(|key| key.is_named_in(&note)) {
        return NoteState::Bad;
    }
    NoteState::UnknownKey { text: note.text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_worth_what_the_trusted_keys_say_of_it() {
        let (ours, other) =
            (PrivateKey::new("ungpho/x/00000001", &[1; 32]), PrivateKey::new("ungpho/y/00000002", &[2; 32]));
        let ring = Keyring::signing(ours.clone());
        let text = "ungpho-seal/1\n".to_owned();
        let good = ring.sign_note(&text).unwrap();
        let key = "ungpho/x/00000001".to_owned();
        assert_eq!(ring.judge_note(good.as_bytes()), NoteState::Good { text: text.clone(), key });
        assert_eq!(ring.judge_note(other.note(&text).as_bytes()), NoteState::UnknownKey { text });
        assert_eq!(ring.judge_note(good.replacen("seal", "SEAL", 1).as_bytes()), NoteState::Bad);
        assert_eq!(ring.judge_note(b"no note"), NoteState::Bad);
        assert_eq!(Keyring::trusting(Vec::new()).sign_note("x\n"), None);
    }
}
