//! Whom a unit's notices go to: its own names for the roles that regulations name.

use std::collections::BTreeMap;

use crate::inventory::{System, Unit};
use crate::model::{Id, Text};

/// Names of recipients by role.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recipients(BTreeMap<Id, Text>);

impl Recipients {
    /// Those that `unit` gives a role in its `recipients`; `owner` and `specialised_unit` else from `systems`, where all of
    /// them have the same.
    #[must_use]
    pub fn of(unit: &Unit, systems: &[&System]) -> Self {
        let mut names = BTreeMap::new();
        for (role, key) in [("owner", "owner"), ("specialised_unit", "security_unit")] {
            if let (Ok(role), Some(name)) = (role.parse::<Id>(), shared(systems, key)) {
                names.insert(role, name);
            }
        }
        for recipient in &unit.recipients {
            if let Some(role) = &recipient.role {
                names.insert(role.clone(), recipient.name.clone());
            }
        }
        Self(names)
    }

    /// These names.
    #[must_use]
    pub fn new(names: impl IntoIterator<Item = (Id, Text)>) -> Self {
        Self(names.into_iter().collect())
    }

    /// What the unit calls `role`.
    #[must_use]
    pub fn name(&self, role: &Id) -> Option<&Text> {
        self.0.get(role)
    }
}

/// What every one of `systems` has under `key`; nothing where they differ or one has none.
fn shared(systems: &[&System], key: &str) -> Option<Text> {
    let mut names = systems.iter().map(|system| words(system, key));
    let first = names.next()??;
    names.all(|name| name.as_ref() == Some(&first)).then_some(first)
}

/// Text for people that a system's file has under `key`.
pub(super) fn words(system: &System, key: &str) -> Option<Text> {
    match key {
        "owner" => system.owner.clone(),
        "operator" => system.operator.clone(),
        "security_unit" => system.security_unit.clone(),
        _ => None,
    }
}
