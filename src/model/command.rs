//! Commands as playbooks and inventories write them, and the templates inside them.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::Effect;

/// A string that may hold `{{ expressions }}`. Rendered once, when its step starts. Checked when the playbook is read.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Template(pub String);

impl Template {
    /// Whether there is anything to fill in.
    #[must_use]
    pub fn is_literal(&self) -> bool {
        !self.0.contains("{{")
    }

    /// The expression, where the whole string is one `{{ … }}`: its value keeps its type.
    #[must_use]
    pub fn whole(&self) -> Option<&str> {
        let inner = self.0.trim().strip_prefix("{{")?.strip_suffix("}}")?;
        if inner.contains("{{") || inner.contains("}}") { None } else { Some(inner.trim()) }
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// An expression without braces (`when`, `until`, `measure`): must give true or false. Checked when the playbook is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Expression(pub String);

/// A literal command of a playbook or of an inventory operation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Command {
    /// What runs.
    pub program: Program,
    /// What it may do.
    pub effect: Effect,
    /// Where: `HOST` of the same system in the inventory, `SYSTEM/HOST` in a playbook; the loop's machine where nothing.
    pub host: Option<String>,
    /// Environment besides PATH, HOME and LANG.
    pub env: BTreeMap<String, Template>,
    /// What it reads; nothing where nothing is said.
    pub stdin: Option<Template>,
    /// Its folder; the workspace where nothing is said.
    pub cwd: Option<Template>,
}

/// What a command runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Program {
    /// A program with its arguments; each element is one argument.
    Argv(Vec<Template>),
    /// A script for `/bin/sh -c`, without templates.
    Shell(String),
}
