//! The faults that a playbook can name, and which of them the lab makes. A test of the lab's holds this list to it.

use crate::model::Name;

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FaultKind {
    /// Its name.
    pub name: &'static str,
    /// Whether the lab makes it; every other one is made or told by the facilitator.
    pub lab: bool,
    /// The settings that it takes: whole numbers from 0.
    pub settings: &'static [&'static str],
    /// The settings that it takes whose values are names: of systems, or words of the fault's own.
    pub words: &'static [&'static str],
}

impl FaultKind {
    /// Every setting that it takes.
    pub fn all_settings(&self) -> impl Iterator<Item = &'static str> {
        self.settings.iter().chain(self.words).copied()
    }
}

const fn made(name: &'static str, settings: &'static [&'static str]) -> FaultKind {
    FaultKind { name, lab: true, settings, words: &[] }
}

const fn worded(name: &'static str, words: &'static [&'static str]) -> FaultKind {
    FaultKind { name, lab: true, settings: &[], words }
}

/// What no program makes on one machine: the facilitator does, or tells it.
const fn told(name: &'static str) -> FaultKind {
    FaultKind { name, lab: false, settings: &[], words: &[] }
}

/// Every kind, those first that the lab makes.
pub const FAULT_KINDS: &[FaultKind] = &[
    made("kill", &[]),
    made("hang", &[]),
    made("encrypt", &[]),
    made("corrupt", &[]),
    made("delete-backups", &["keep"]),
    made("deface", &[]),
    worded("cut-link", &["to"]),
    made("expire-certificate", &[]),
    made("break-configuration", &[]),
    made("fill-disk", &[]),
    made("flood", &["a_second"]),
    made("overload", &["a_second"]),
    made("power-off", &["all"]),
    made("delete-records", &["count"]),
    made("bad-update", &[]),
    made("intruder", &["a_minute"]),
    made("spread", &[]),
    told("break-names"),
];

/// The kind called `name`.
#[must_use]
pub fn fault_kind(name: &Name) -> Option<&'static FaultKind> {
    FAULT_KINDS.iter().find(|kind| *name == kind.name)
}
