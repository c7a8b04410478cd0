//! The unit's folder of plain files: where it is, and what is in it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Context, Exit, Failure};
use crate::inventory::{self, System, Unit};
use crate::message::message;
use crate::model::Name;
use crate::source::{self, Finding};

/// A file of the workspace: its path from the root, with `/`, and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceText {
    /// Its path from the root.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// A folder with an `ungpho.yaml`.
#[derive(Clone, Debug)]
pub struct Workspace {
    /// Its absolute path.
    pub root: PathBuf,
}

impl Workspace {
    /// The workspace that `--workspace` names, else the nearest one upwards of the current folder.
    ///
    /// # Errors
    ///
    /// Where there is none.
    pub fn find(context: &Context) -> Result<Self, Failure> {
        let (start, upwards) = match &context.workspace {
            Some(folder) => (context.folder.join(folder), false),
            None => (context.folder.clone(), true),
        };
        let mut candidate = Some(start.as_path());
        while let Some(folder) = candidate {
            if folder.join("ungpho.yaml").is_file() {
                let root = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_path_buf());
                return Ok(Self { root });
            }
            candidate = if upwards { folder.parent() } else { None };
        }
        Err(Failure::new(
            Exit::Invalid,
            "no-workspace",
            message!("cli-no-workspace", folder = start.display().to_string()),
        )
        .help(message!("cli-no-workspace-help")))
    }

    /// The ledger's folder.
    #[must_use]
    pub fn ledger(&self) -> PathBuf {
        self.root.join("ledger")
    }

    /// The lab's folder.
    #[must_use]
    pub fn lab(&self) -> PathBuf {
        self.root.join("lab")
    }

    /// Every YAML file of a folder of the workspace, in the order of their names; none where the folder is not there.
    ///
    /// # Errors
    ///
    /// A folder or file that cannot be read, or is over the limit of the format.
    pub fn texts(&self, folder: &str) -> Result<Vec<SourceText>, Failure> {
        let Ok(entries) = fs::read_dir(self.root.join(folder)) else { return Ok(Vec::new()) };
        let mut names: Vec<String> = entries
            .filter_map(Result::ok)
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| !name.starts_with('.') && Path::new(name).extension().is_some_and(|ext| ext == "yaml"))
            .collect();
        names.sort();
        names.into_iter().map(|name| self.text(&format!("{folder}/{name}"))).collect()
    }

    /// The unit; nothing where its file is not there or does not hold.
    pub(crate) fn unit(&self) -> Option<Unit> {
        let file = self.text("ungpho.yaml").ok()?;
        Unit::read(&file.path, &file.text).ok()
    }

    /// One file of the workspace.
    ///
    /// # Errors
    ///
    /// Where it cannot be read, or is over the limit of the format.
    pub fn text(&self, path: &str) -> Result<SourceText, Failure> {
        let text =
            source::read_file(&self.root.join(path), path).map_err(|error| Failure::of(Exit::Invalid, &error))?;
        Ok(SourceText { path: path.to_owned(), text })
    }

    /// Every system of the inventory, by id, with the files they were read from.
    ///
    /// # Errors
    ///
    /// Findings are printed; the failure has only the exit code.
    pub fn systems(&self, context: &Context) -> Result<(BTreeMap<Name, System>, Vec<SourceText>), Failure> {
        let files = self.texts("inventory")?;
        let mut systems = BTreeMap::new();
        let mut findings = Vec::new();
        for file in &files {
            match inventory::read(&file.path, &file.text) {
                Ok(system) => {
                    systems.insert(system.id.clone(), system);
                }
                Err(found) => findings.extend(found),
            }
        }
        if findings.is_empty() { Ok((systems, files)) } else { Err(report(context, &findings, &files)) }
    }
}

/// Prints findings and gives the failure that is left to return.
#[must_use]
pub fn report(context: &Context, findings: &[Finding], files: &[SourceText]) -> Failure {
    let texts = files.iter().map(|file| (file.path.clone(), file.text.clone())).collect();
    context.err(&source::render(findings, &texts, context.lang, context.color));
    Failure::reported(Exit::Invalid)
}
