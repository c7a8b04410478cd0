//! What the commands of the inventory share: the systems as they are read, which one is meant.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::inventory::{self, System};
use crate::message::message;
use crate::model::Name;
use crate::source::suggest;
use crate::ui::workspace::{SourceText, Workspace, report};
use crate::ui::{Context, Exit, Failure};

/// The inventory of a workspace.
pub(super) struct Shelf {
    /// The workspace.
    pub(super) workspace: Workspace,
    /// The systems, by id.
    pub(super) systems: BTreeMap<Name, System>,
    /// Their files, by id.
    pub(super) files: BTreeMap<Name, SourceText>,
}

impl Shelf {
    /// Reads every system of the workspace.
    ///
    /// # Errors
    ///
    /// Where there is no workspace, or a file does not hold; its findings are printed then.
    pub(super) fn read(context: &Context) -> Result<Self, Failure> {
        let workspace = Workspace::find(context)?;
        let texts = workspace.texts("inventory")?;
        let read: Vec<_> = texts.par_iter().map(|file| inventory::read(&file.path, &file.text)).collect();
        let findings: Vec<_> = read.iter().filter_map(|read| read.as_ref().err()).flatten().cloned().collect();
        if !findings.is_empty() {
            return Err(report(context, &findings, &texts));
        }
        let (mut systems, mut files) = (BTreeMap::new(), BTreeMap::new());
        for (system, file) in read.into_iter().zip(texts) {
            if let Ok(system) = system {
                files.insert(system.id.clone(), file);
                systems.insert(system.id.clone(), system);
            }
        }
        Ok(Self { workspace, systems, files })
    }

    /// The system called `id`.
    ///
    /// # Errors
    ///
    /// Where there is none.
    pub(super) fn system(&self, id: &str) -> Result<&System, Failure> {
        self.systems.get(id).ok_or_else(|| {
            let failure =
                Failure::new(Exit::Invalid, "unknown-system", message!("inventory-unknown-system", system = id));
            match suggest::did_you_mean(id, self.systems.keys().map(Name::as_str)) {
                Some(help) => failure.help(help),
                None => failure.help(message!("systems-unknown-help")),
            }
        })
    }
}
