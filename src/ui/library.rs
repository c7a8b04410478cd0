//! The playbooks that can be carried out: the workspace's own, and those that the binary ships.

use std::collections::BTreeMap;

use super::workspace::{SourceText, Workspace};
use super::{Context, Exit, Failure};
use crate::inventory::System;
use crate::message::message;
use crate::model::Name;
use crate::playbook::{self, Known, Outline, Playbook, shipped};
use crate::source::{self, Finding, suggest};

/// Before the path of a file that ships.
pub const SHIPPED_PREFIX: &str = "shipped/playbooks/";

/// Playbooks by name. The workspace's stand before those that ship.
#[derive(Debug, Default)]
pub struct Library {
    /// Those that hold.
    pub playbooks: BTreeMap<Name, Playbook>,
    /// The findings of those that do not.
    pub broken: BTreeMap<Name, Vec<Finding>>,
    /// Every file that was read.
    pub files: Vec<SourceText>,
}

impl Library {
    /// Reads every playbook, against the systems of the inventory.
    ///
    /// # Errors
    ///
    /// Where a file of the workspace cannot be read. Findings are kept for whoever asks for that playbook.
    pub fn read(workspace: &Workspace, systems: &BTreeMap<Name, System>) -> Result<Self, Failure> {
        let mut files: BTreeMap<String, SourceText> = BTreeMap::new();
        for (name, text) in shipped::all() {
            let name = format!("{name}.yaml");
            let file = SourceText { path: format!("{SHIPPED_PREFIX}{name}"), text: text.to_owned() };
            files.insert(name, file);
        }
        for file in workspace.texts("playbooks")? {
            let name = file.path.rsplit('/').next().unwrap_or_default().to_owned();
            files.insert(name, file);
        }
        let outlines: BTreeMap<Name, Option<Outline>> =
            files.values().filter_map(|file| playbook::outline(&source::parse(&file.path, &file.text))).collect();
        // What ships names systems that a unit may not have: that is found when it is planned, and only then.
        let known = Known { systems: systems.clone(), playbooks: outlines, ..Known::default() };
        let mut library = Self::default();
        for (name, file) in files {
            match playbook::read(&file.path, &file.text, &known) {
                Ok(playbook) => {
                    library.playbooks.insert(playbook.name.clone(), playbook);
                }
                Err(findings) => {
                    if let Ok(name) = name.trim_end_matches(".yaml").parse() {
                        library.broken.insert(name, findings);
                    }
                }
            }
            library.files.push(file);
        }
        Ok(library)
    }

    /// The playbook called `name`.
    ///
    /// # Errors
    ///
    /// Where there is none, or it does not hold; its findings are printed then.
    pub fn playbook(&self, context: &Context, name: &Name) -> Result<&Playbook, Failure> {
        if let Some(playbook) = self.playbooks.get(name) {
            return Ok(playbook);
        }
        if let Some(findings) = self.broken.get(name) {
            return Err(super::workspace::report(context, findings, &self.files));
        }
        let failure =
            Failure::new(Exit::Invalid, "unknown-playbook", message!("cli-unknown-playbook", playbook = name.as_str()));
        let names = self.playbooks.keys().chain(self.broken.keys()).map(Name::as_str);
        Err(match suggest::nearest(name.as_str(), names) {
            Some(near) => failure.help(message!("cli-did-you-mean", word = near)),
            None => failure.help(message!("cli-unknown-playbook-help")),
        })
    }

    /// The file of the playbook called `name`.
    #[must_use]
    pub fn file(&self, name: &Name) -> Option<&SourceText> {
        let wanted = format!("{name}.yaml");
        self.files.iter().find(|file| file.path.rsplit('/').next() == Some(wanted.as_str()))
    }
}
