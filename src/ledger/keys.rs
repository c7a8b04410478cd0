//! Private keys: outside the workspace, readable for their owner only, made at first use.

use std::path::{Path, PathBuf};

use super::LedgerError;
use super::note::{PrivateKey, PublicKey};
use super::storage::{How, Storage, read};

/// Where private keys are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyPlace {
    folder: Option<PathBuf>,
}

impl KeyPlace {
    /// In this folder, which is not in the workspace.
    #[must_use]
    pub fn folder(path: &Path) -> Self {
        Self { folder: Some(path.to_owned()) }
    }

    /// Nowhere: nothing is signed.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Where the private key of the ledger `name` lies, if keys are kept here.
    #[must_use]
    pub fn file_of(&self, name: &str) -> Option<PathBuf> {
        self.folder.as_deref().map(|folder| Self::file(folder, name))
    }

    fn file(folder: &Path, name: &str) -> PathBuf {
        folder.join(format!("{}.key", name.replace('/', "-")))
    }

    /// The private key of `public`, where it is here.
    pub(super) fn find(&self, storage: &dyn Storage, public: &PublicKey) -> Option<PrivateKey> {
        let folder = self.folder.as_ref()?;
        let bytes = read(storage, &Self::file(folder, &public.name)).ok()??;
        let key = PrivateKey::parse(std::str::from_utf8(&bytes).ok()?).ok()?;
        (key.public() == *public).then_some(key)
    }

    /// Removes the private key of `name`, with which nothing was signed.
    pub(super) fn forget(&self, storage: &dyn Storage, name: &str) {
        if let Some(folder) = &self.folder {
            let _ = storage.remove(&Self::file(folder, name));
        }
    }

    /// Makes a private key for `name`; durable when it returns.
    pub(super) fn make(&self, storage: &dyn Storage, name: &str) -> Result<PrivateKey, LedgerError> {
        let missing = || LedgerError::Key { path: PathBuf::new(), source: "no folder for private keys".into() };
        let folder = self.folder.as_ref().ok_or_else(missing)?;
        let path = Self::file(folder, name);
        let failed = |source: std::io::Error| LedgerError::Key { path: path.clone(), source: Box::new(source) };
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|e| failed(std::io::Error::other(e)))?;
        let key = PrivateKey::new(name, &seed);
        storage.create_folder(folder).map_err(failed)?;
        let file = storage.open(&path, How::CreatePrivate).map_err(failed)?;
        file.write_at(key.to_text().as_bytes(), 0).map_err(failed)?;
        file.sync_all().map_err(failed)?;
        for folder in [Some(folder.as_path()), folder.parent()].into_iter().flatten() {
            storage.sync_folder(folder).map_err(failed)?;
        }
        Ok(key)
    }
}
