//! Every notice there is: those that ship, and the unit's own in their place.

use std::collections::BTreeMap;

use super::{Template, read_document};
use crate::model::Name;
use crate::policy::shipped;
use crate::source::{self, Finding};

/// Notices by name. A unit's stand before the shipped ones.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Library {
    /// The templates.
    pub templates: BTreeMap<Name, Template>,
    /// The shipped ones that a unit has put its own in the place of.
    pub overridden: Vec<Name>,
}

impl Library {
    /// The shipped notices, and over them those of `files`: path and text of each file in a unit's `policies/notices/`.
    ///
    /// What is wrong in a file is in the findings, and that file counts for nothing.
    #[must_use]
    pub fn read(files: &[(String, String)]) -> (Self, Vec<Finding>) {
        let mut library = Self::default();
        let mut findings = Vec::new();
        let own = files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        for (path, text) in shipped::NOTICES.iter().copied().chain(own) {
            let (template, found) = read_document(&source::parse(path, text));
            findings.extend(found);
            if let Ok(template) = template
                && let Some(before) = library.templates.insert(template.name.clone(), template)
            {
                library.overridden.push(before.name);
            }
        }
        (library, findings)
    }

    /// The notice called `name`.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Template> {
        self.templates.get(name)
    }
}
