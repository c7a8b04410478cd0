//! What a drill on the lab is measured against: the lab's own targets, and beside them those of the systems it stands for.

use super::Report;
use super::format::labels;
use crate::message::{Message, message};
use crate::model::{Lang, Text};

/// The longest time to restore and the longest time whose data may be lost, in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Set {
    /// The time to restore.
    pub rto: Option<u64>,
    /// The time whose data may be lost.
    pub rpo: Option<u64>,
}

impl Set {
    /// `RTO 30 phút, RPO 3 ngày`.
    fn words(self, lang: Lang) -> Message {
        let time = |value: Option<u64>| {
            value.map_or_else(|| message!("report-no-figure").render(lang), |seconds| labels::lasting(seconds, lang))
        };
        message!("targets-both", rto = time(self.rto), rpo = time(self.rpo))
    }
}

/// Which targets a drill on the lab is measured against, which it is not, and why.
#[must_use]
pub fn on_the_lab(system: &Text, lab: Set, owner: Set, lang: Lang) -> String {
    let system = system.clone();
    message!("targets-on-the-lab", system = system, lab = lab.words(lang), owner = owner.words(lang)).render(lang)
}

/// The same for each system of a run; nothing where it was not on the lab.
#[must_use]
pub fn of_run(report: &Report, lang: Lang) -> Vec<String> {
    let systems = report.run.systems.iter().filter(|_| report.run.lab);
    systems
        .map(|system| {
            let lab = Set { rto: system.rto, rpo: system.rpo };
            let owner = Set { rto: system.owner_rto, rpo: system.owner_rpo };
            on_the_lab(&system.name, lab, owner, lang)
        })
        .collect()
}
