//! What a playbook reaches: its systems, its faults, how long it is, how it can be drilled. Read off the text with the inputs'
//! defaults, what it calls included; nothing is planned and nothing is asked of the inventory.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::types::{Family, Playbook};
use crate::model::{Effect, Id, Name};
use crate::step::{Action, Backup, BackupRef, Items, RestoreTo, Run, Step, SystemRef, ValueKind, fault_kind};

/// Every system that anything is done to, and what the way it is done allows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reach {
    /// The systems, those first that are named first.
    pub systems: Vec<Name>,
    /// The kinds of faults that a drill makes.
    pub faults: Vec<Name>,
    /// Steps that people or machines carry out; what only holds others is not counted.
    pub steps: usize,
    /// Of these, steps that a person confirms or decides.
    pub by_people: usize,
    /// The playbooks that its own steps call.
    pub calls: Vec<Name>,
    /// Whether a literal command changes something or a restore goes to a path: no lab and no technical drill does that.
    pub literal: bool,
    /// Whether it ends in a real incident too: whether a duty officer finds it by its signs.
    pub responds: bool,
}

/// How a playbook can be carried out, in the words of the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// Around a table.
    Tabletop,
    /// On the lab.
    Lab,
    /// On declared drill targets.
    Technical,
    /// On real systems, as a drill.
    Live,
    /// In a real incident.
    Respond,
}

impl Way {
    /// The word of the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Tabletop => "tabletop",
            Self::Lab => "lab",
            Self::Technical => "technical",
            Self::Live => "live",
            Self::Respond => "respond",
        }
    }
}

impl Reach {
    /// How it can be carried out, where `lab` are the systems that the lab has.
    ///
    /// A fault that the lab does not make leaves the lab out: a drill in which nothing fails measures nothing.
    #[must_use]
    pub fn ways(&self, lab: &BTreeSet<Name>) -> Vec<Way> {
        let made = |kind: &Name| fault_kind(kind).is_some_and(|kind| kind.lab);
        let in_lab = !self.literal
            && !self.systems.is_empty()
            && self.systems.iter().all(|system| lab.contains(system))
            && self.faults.iter().all(made);
        let ways = [
            (Way::Tabletop, true),
            (Way::Lab, in_lab),
            (Way::Technical, !self.literal),
            (Way::Live, true),
            (Way::Respond, self.responds),
        ];
        ways.into_iter().filter(|(_, can)| *can).map(|(way, _)| way).collect()
    }
}

/// What `playbook` reaches. What it calls is found in `playbooks`.
#[must_use]
pub fn reach(playbook: &Playbook, playbooks: &BTreeMap<Name, Playbook>) -> Reach {
    let mut walk = Walk { playbooks, reach: Reach::default() };
    walk.reach.responds = playbook.family != Family::Standing || !playbook.signs.is_empty();
    walk.playbook(playbook, &BTreeMap::new(), 0);
    walk.reach
}

/// The systems that a name in a playbook stands for.
type Names = BTreeMap<Id, Vec<Name>>;

struct Walk<'a> {
    playbooks: &'a BTreeMap<Name, Playbook>,
    reach: Reach,
}

/// Calls inside calls that are followed; a circle is a finding elsewhere.
const DEEPEST: usize = 16;

impl Walk<'_> {
    fn playbook(&mut self, playbook: &Playbook, given: &Names, depth: usize) {
        let mut inputs = Names::new();
        for (id, input) in &playbook.inputs {
            if input.kind == ValueKind::System {
                let default = input.default.iter().filter_map(system).collect();
                let systems: Vec<Name> = given.get(id).cloned().unwrap_or(default);
                self.meets(&systems);
                inputs.insert(id.clone(), systems);
            }
        }
        self.steps(&playbook.steps, &inputs, &Names::new(), depth);
    }

    fn meets(&mut self, systems: &[Name]) {
        for system in systems {
            if !self.reach.systems.contains(system) {
                self.reach.systems.push(system.clone());
            }
        }
    }

    fn on(&mut self, system: &SystemRef, inputs: &Names, each: &Names) {
        match system {
            SystemRef::Id(name) => self.meets(std::slice::from_ref(name)),
            SystemRef::Input(id) => self.meets(inputs.get(id).map_or(&[], Vec::as_slice)),
            SystemRef::Each(id) => self.meets(each.get(id).map_or(&[], Vec::as_slice)),
        }
    }

    fn steps(&mut self, steps: &[Step], inputs: &Names, each: &Names, depth: usize) {
        for step in steps {
            self.action(&step.action, inputs, each, depth);
        }
    }

    fn action(&mut self, action: &Action, inputs: &Names, each: &Names, depth: usize) {
        match action {
            Action::Parallel(steps) => return self.steps(steps, inputs, each, depth),
            Action::Repeat(repeat) => return self.steps(&repeat.steps, inputs, each, depth),
            Action::Each(round) => {
                let over = match &round.of {
                    Items::List(items) => items.iter().filter_map(system).collect(),
                    Items::Expression(_) => Vec::new(),
                };
                let mut each = each.clone();
                each.insert(round.name.clone(), over);
                return self.steps(&round.steps, inputs, &each, depth);
            }
            Action::Call(call) => {
                if depth == 0 && !self.reach.calls.contains(&call.playbook) {
                    self.reach.calls.push(call.playbook.clone());
                }
                if let Some(playbook) = self.playbooks.get(&call.playbook).filter(|_| depth < DEEPEST) {
                    let given = call.with.iter().map(|(id, value)| (id.clone(), handed(value, inputs, each))).collect();
                    self.playbook(playbook, &given, depth + 1);
                }
                return;
            }
            Action::Manual(_) | Action::Decide(_) => self.reach.by_people += 1,
            Action::Run(Run::Command(command)) => self.reach.literal |= command.effect != Effect::Observe,
            Action::Run(Run::Operation { on, .. }) | Action::Backup(Backup::NewestGood(on)) => {
                self.on(on, inputs, each)
            }
            Action::Backup(Backup::Seal(of) | Backup::Verify { of, .. } | Backup::Prove(of)) => {
                if let BackupRef::Backup { system, .. } = of {
                    self.on(system, inputs, each);
                }
            }
            Action::Restore(restore) => match &restore.to {
                RestoreTo::System(on) => self.on(on, inputs, each),
                RestoreTo::Path(_) => self.reach.literal = true,
            },
            Action::Fault(fault) => {
                self.on(&fault.on, inputs, each);
                if !self.reach.faults.contains(&fault.kind) {
                    self.reach.faults.push(fault.kind.clone());
                }
            }
            Action::Probe(_) | Action::Wait(_) | Action::Notify(_) | Action::Inject(_) | Action::Note(_) => {}
        }
        self.reach.steps += 1;
    }
}

/// A literal value as a system's id.
fn system(value: &Value) -> Option<Name> {
    value.as_str().and_then(|text| text.parse().ok())
}

/// The systems that a call hands on: `one-stop`, `{{ inputs.system }}`, `{{ each.name }}`.
fn handed(value: &Value, inputs: &Names, each: &Names) -> Vec<Name> {
    let Some(text) = value.as_str() else { return Vec::new() };
    let Some(source) = super::expression::whole(text) else { return system(value).into_iter().collect() };
    let named = |names: &Names, id: &str| id.parse().ok().and_then(|id: Id| names.get(&id).cloned());
    let found = match source.split_once('.') {
        Some(("inputs", id)) => named(inputs, id),
        Some(("each", id)) => named(each, id),
        _ => None,
    };
    found.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playbook::{Known, Outline, outline, read, shipped};
    use crate::source;

    fn shipped_ones() -> BTreeMap<Name, Playbook> {
        let outlines: BTreeMap<Name, Option<Outline>> =
            shipped::all().filter_map(|(name, text)| outline(&source::parse(name, text))).collect();
        let known = Known { playbooks: outlines, ..Known::default() };
        let read = |(name, text): (&str, &str)| {
            let playbook = read(&format!("{name}.yaml"), text, &known).expect("what ships holds");
            (playbook.name.clone(), playbook)
        };
        shipped::all().map(read).collect()
    }

    fn names(list: &[Name]) -> Vec<&str> {
        list.iter().map(Name::as_str).collect()
    }

    #[test]
    fn what_is_handed_to_a_part_is_reached_and_its_own_default_is_not() {
        let all = shipped_ones();
        let text = "format: 1\nplaybook: x\nversion: 1\ntitle: t\nfamily: A\nkind: k\nkeep_running: k\n\
                    inputs: { system: { type: system, default: portal } }\n\
                    steps:\n  - id: over\n    each: { of: [lgsp, reporting], as: it, steps: [ { id: up, run: { on: each.it, do: start } } ] }\n\
                    \x20 - { id: back, call: { playbook: restore-and-prove, with: { system: '{{ inputs.system }}' } } }\n\
                    \x20 - { id: break_it, fault: { on: official-mail, kind: kill } }\n";
        let outlines = all.iter().map(|(name, playbook)| {
            let outline = Outline { inputs: playbook.inputs.clone(), ..Outline::default() };
            (name.clone(), Some(outline))
        });
        let known = Known { playbooks: outlines.collect(), ..Known::default() };
        let playbook = read("x.yaml", text, &known).unwrap_or_else(|findings| panic!("{findings:#?}"));
        let reach = reach(&playbook, &all);
        assert_eq!(names(&reach.systems), ["portal", "lgsp", "reporting", "official-mail"]);
        assert_eq!(names(&reach.faults), ["kill"]);
        let mut lab: BTreeSet<Name> = reach.systems.iter().cloned().collect();
        let words = |lab: &BTreeSet<Name>| reach.ways(lab).iter().map(|way| way.word()).collect::<Vec<_>>();
        assert_eq!(words(&lab), ["tabletop", "lab", "technical", "live", "respond"]);
        lab.pop_first();
        assert_eq!(words(&lab), ["tabletop", "technical", "live", "respond"]);
        assert!(reach.by_people > 0 && reach.steps > reach.by_people);
    }

    #[test]
    fn a_literal_change_rules_out_the_lab_and_technical_drills() {
        let text = "format: 1\nplaybook: x\nversion: 1\ntitle: t\nfamily: standing\nkind: k\nkeep_running: k\n\
                    steps: [ { id: a, run: { argv: [reboot], effect: destructive } } ]\n";
        let playbook = read("x.yaml", text, &Known::default()).expect("holds");
        let reach = reach(&playbook, &BTreeMap::new());
        assert_eq!(reach.ways(&BTreeSet::new()), [Way::Tabletop, Way::Live]);
    }
}
