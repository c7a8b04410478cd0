//! What `drill` and `respond` take alike.

use crate::model::Mode;
use crate::model::Name;
use crate::ui::begin::{Then, Wish};

/// With which values a playbook is carried out, and how the program goes about it.
#[derive(clap::Args)]
pub(super) struct CarryOut {
    /// The information system, where the playbook leaves it open
    #[arg(long, value_name = "SYSTEM")]
    system: Option<String>,
    /// An input of the playbook
    #[arg(long = "input", value_name = "NAME=VALUE")]
    inputs: Vec<String>,
    /// Keep loop and console in this process
    #[arg(long)]
    foreground: bool,
    /// Do not ask before starting; on real systems the consent to the plan is asked for all the same
    #[arg(long, short)]
    yes: bool,
    /// Show the plan only
    #[arg(long)]
    dry_run: bool,
}

impl CarryOut {
    /// The system that was given.
    pub(super) fn system(&self) -> Option<&str> {
        self.system.as_deref()
    }

    /// What is wished for, with people at consoles and nothing planned before.
    pub(super) fn wish(&self, playbook: &Name, mode: Mode, lab: bool) -> Wish {
        Wish {
            system: self.system.clone(),
            inputs: self.inputs.clone(),
            foreground: self.foreground,
            then: Then::of(self.yes, self.dry_run),
            ..Wish::new(playbook, mode, lab)
        }
    }
}
