//! Which systems have a plan for which family of scenarios, when each was last drilled, how, and what is missing.

mod html;
mod words;
mod xlsx;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::redaction::{Counts, Redactor};
use super::tasks::Apart;
use super::{Records, Standing};
use crate::model::record::{People, Verdict};
use crate::model::{Lang, Mode, Name, RunId, RunResult, Stamp, Text};
use crate::playbook::Family;
use crate::policy::levels::InForce;
use crate::policy::redaction::Class;

pub use html::html;
pub use xlsx::xlsx;

/// The families, in the order of the columns.
pub const FAMILIES: [Family; 5] = [Family::A, Family::B, Family::C, Family::D, Family::Standing];

/// A playbook that is here.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Its name.
    pub playbook: Name,
    /// Its version.
    pub version: u32,
    /// Its title.
    pub title: Text,
    /// Its family.
    pub family: Family,
    /// Whether it is the unit's own file, and not one that ships with the program.
    pub own: bool,
    /// The systems that it reaches.
    pub systems: Vec<Name>,
}

/// A system of the inventory.
#[derive(Clone, Debug)]
pub struct Covered {
    /// Its id.
    pub id: Name,
    /// Its name.
    pub name: Text,
    /// The level in force on the day of the report.
    pub level: InForce,
}

/// A drill that has ended and counts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Drill {
    /// The run.
    pub run: RunId,
    /// When it ended.
    pub at: Stamp,
    /// The playbook.
    #[serde(skip)]
    pub playbook: Name,
    /// Its version then.
    pub version: u32,
    /// The systems of its plan.
    #[serde(skip)]
    pub systems: Vec<Name>,
    /// How it was carried out.
    pub mode: Mode,
    /// Whether on the lab.
    pub lab: bool,
    /// How people took part.
    pub people: People,
    /// Whether its times are those of a test clock.
    pub test_clock: bool,
    /// The technical result.
    pub result: RunResult,
    /// What the chair concluded; null where nobody has.
    pub conclusion: Option<Verdict>,
    /// The records that say so.
    pub records: Records,
}

impl Drill {
    /// Why it is no exercise of people; nothing where it is one.
    #[must_use]
    pub fn aside(&self) -> Option<Apart> {
        Apart::no_exercise(self.people, self.test_clock)
    }

    /// Whether it was an exercise of people, and neither a technical check nor a trial.
    #[must_use]
    pub fn of_people(&self) -> bool {
        self.aside().is_none()
    }

    /// Whether it passed: as the chair concluded, and where nobody has, by the technical result.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.conclusion.map_or(self.result == RunResult::Passed, |verdict| verdict == Verdict::Passed)
    }
}

/// What a system lacks in a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// No playbook of the family reaches it.
    NoPlan,
    /// A playbook reaches it and no drill of it has ended.
    NeverDrilled,
    /// Nobody took part in any drill of it.
    OnlyUnattended,
    /// There were only trials of it, answered from a file or on a test clock, and perhaps technical checks.
    OnlyTrials,
    /// The last drill in which people took part did not pass.
    NotPassed,
    /// That drill was of an earlier version than the one that is here.
    EarlierVersion,
}

/// The whole table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Coverage {
    /// 1.
    pub version: u32,
    /// The day that levels and drills are seen from: the one that was asked for, else that of the ledger's last record.
    pub on: Date,
    /// Whose it is.
    pub unit: Option<String>,
    /// Whether the ledger holds; null where there is none yet.
    pub ledger: Option<Standing>,
    /// Systems of the inventory, in its order.
    pub systems: Vec<SystemCoverage>,
    /// Plans that reach no system of the inventory, one cell a family; empty where there are none.
    pub general: Vec<Cell>,
    /// The table in a few figures.
    pub summary: Totals,
    /// What was left out, in words; empty where nothing was.
    pub left_out: Vec<String>,
}

impl Coverage {
    /// Leaves out of it what `redactor` does. What a system lacks and a drill that did not pass are weaknesses.
    pub fn leave_out(&mut self, redactor: &Redactor) {
        let mut counts = Counts::default();
        let weak = redactor.leaves_out(Class::Weaknesses);
        let clean = |text: &Text, counts: &mut Counts| Text::Each {
            vi: Some(redactor.clean(text.pick(Lang::Vi), counts)),
            // Both say the same: it is counted once.
            en: Some(redactor.clean(text.pick(Lang::En), &mut Counts::default())),
        };
        for system in &mut self.systems {
            system.name = clean(&system.name, &mut counts);
        }
        let cells = self.systems.iter_mut().flat_map(|system| &mut system.cells);
        for cell in cells.chain(&mut self.general) {
            let mut gone = if weak { std::mem::take(&mut cell.missing).len() } else { 0 };
            for plan in &mut cell.plans {
                plan.title = clean(&plan.title, &mut counts);
                if weak {
                    plan.missing.clear();
                    gone += usize::from(plan.last.take_if(|last| !last.passed()).is_some());
                }
            }
            (0..gone).for_each(|_| redactor.whole(Class::Weaknesses, &mut counts));
        }
        self.left_out = vec![redactor.note(&counts)];
    }
}

/// A few figures of the table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Systems.
    pub systems: usize,
    /// Cells of the families A to D.
    pub cells: usize,
    /// Of these, cells with a plan.
    pub planned: usize,
    /// Of these, cells of which people drilled a plan.
    pub drilled: usize,
    /// Of these, cells in which the last such drill passed.
    pub passed: usize,
}

/// A system's row.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SystemCoverage {
    /// Its id.
    pub id: Name,
    /// Its name.
    pub name: Text,
    /// The level in force.
    pub level: InForce,
    /// One cell a family, in the order of [`FAMILIES`].
    pub cells: Vec<Cell>,
}

/// A system in a family.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cell {
    /// The family.
    pub family: Family,
    /// The plans.
    pub plans: Vec<PlanCell>,
    /// What is missing in the whole cell; empty where some plan lacks nothing.
    pub missing: Vec<Missing>,
}

/// A plan of a cell.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlanCell {
    /// The playbook.
    pub playbook: Name,
    /// The version that is here; null where only a drill knows of it.
    pub version: Option<u32>,
    /// Its title.
    pub title: Text,
    /// `workspace`, `shipped`, or `drilled` where only a drill knows of it.
    pub from: &'static str,
    /// The last drill in which people took part, else the last trial or technical check; null where there was none.
    pub last: Option<Drill>,
    /// How many drills of it there were on this system in which people took part.
    pub drills: usize,
    /// How many technical checks there were.
    pub checks: usize,
    /// How many trials there were.
    pub trials: usize,
    /// What it lacks.
    pub missing: Vec<Missing>,
}

/// Makes the rows: each system against each family. `drills` are in the order in which they ended.
///
/// A drill covers the systems of its plan, so a playbook that was drilled on another system than the one in its text counts for
/// that one too.
#[must_use]
pub fn rows(systems: &[Covered], scenarios: &[Scenario], drills: &[Drill]) -> Vec<SystemCoverage> {
    let mut by_playbook: BTreeMap<&Name, Vec<&Drill>> = BTreeMap::new();
    for drill in drills {
        by_playbook.entry(&drill.playbook).or_default().push(drill);
    }
    let row = |system: &Covered| SystemCoverage {
        id: system.id.clone(),
        name: system.name.clone(),
        level: system.level.clone(),
        cells: FAMILIES.iter().map(|family| cell(&system.id, *family, scenarios, &by_playbook)).collect(),
    };
    systems.iter().map(row).collect()
}

/// Plans that reach no system, with the drills that were on none: they stand in no system's row.
#[must_use]
pub fn general(scenarios: &[Scenario], drills: &[Drill]) -> Vec<Cell> {
    let cell = |family: Family| {
        let of_it = scenarios.iter().filter(|scenario| scenario.family == family && scenario.systems.is_empty());
        let plans = of_it.filter_map(|scenario| {
            let of_it: Vec<&Drill> = drills.iter().filter(|drill| drill.playbook == scenario.playbook).collect();
            let on_none: Vec<&Drill> = of_it.iter().copied().filter(|drill| drill.systems.is_empty()).collect();
            // What was drilled on systems only stands in their rows.
            (of_it.is_empty() || !on_none.is_empty()).then(|| plan(scenario, true, &on_none))
        });
        let plans: Vec<PlanCell> = plans.collect();
        let whole = plans.iter().any(|plan| plan.missing.is_empty());
        let mut missing: Vec<Missing> = plans.iter().flat_map(|plan| plan.missing.iter().copied()).collect();
        missing.sort_unstable();
        missing.dedup();
        Cell { family, plans, missing: if whole { Vec::new() } else { missing } }
    };
    let cells: Vec<Cell> = FAMILIES.into_iter().map(cell).collect();
    if cells.iter().all(|cell| cell.plans.is_empty()) { Vec::new() } else { cells }
}

fn cell(system: &Name, family: Family, scenarios: &[Scenario], drills: &BTreeMap<&Name, Vec<&Drill>>) -> Cell {
    let mut plans = Vec::new();
    for scenario in scenarios.iter().filter(|scenario| scenario.family == family) {
        let of_it: Vec<&Drill> = drills
            .get(&scenario.playbook)
            .into_iter()
            .flatten()
            .filter(|drill| drill.systems.contains(system))
            .copied()
            .collect();
        if scenario.systems.contains(system) || !of_it.is_empty() {
            plans.push(plan(scenario, scenario.systems.contains(system), &of_it));
        }
    }
    let whole = plans.iter().any(|plan| plan.missing.is_empty());
    let mut missing: Vec<Missing> = match plans.is_empty() {
        true => vec![Missing::NoPlan],
        false if whole => Vec::new(),
        false => plans.iter().flat_map(|plan| plan.missing.iter().copied()).collect(),
    };
    missing.sort_unstable();
    missing.dedup();
    Cell { family, plans, missing }
}

fn plan(scenario: &Scenario, reached: bool, drills: &[&Drill]) -> PlanCell {
    let by_people = drills.iter().rev().find(|drill| drill.of_people());
    let last = by_people.or(drills.last()).map(|drill| (*drill).clone());
    let checks = drills.iter().filter(|drill| drill.people == People::Unattended).count();
    let trials = drills.iter().filter(|drill| !drill.of_people()).count() - checks;
    let mut missing = Vec::new();
    match (&last, by_people) {
        (None, _) => missing.push(Missing::NeverDrilled),
        (Some(_), None) if trials > 0 => missing.push(Missing::OnlyTrials),
        (Some(_), None) => missing.push(Missing::OnlyUnattended),
        (Some(_), Some(drill)) => {
            if !drill.passed() {
                missing.push(Missing::NotPassed);
            }
            if drill.version < scenario.version {
                missing.push(Missing::EarlierVersion);
            }
        }
    }
    PlanCell {
        playbook: scenario.playbook.clone(),
        version: Some(scenario.version),
        title: scenario.title.clone(),
        from: match (reached, scenario.own) {
            (false, _) => "drilled",
            (true, true) => "workspace",
            (true, false) => "shipped",
        },
        last,
        drills: drills.iter().filter(|drill| drill.of_people()).count(),
        checks,
        trials,
        missing,
    }
}

/// The table in a few figures. Standing tests are no scenario of an incident: they are not counted.
#[must_use]
pub fn totals(rows: &[SystemCoverage]) -> Totals {
    let mut totals = Totals { systems: rows.len(), ..Totals::default() };
    for cell in rows.iter().flat_map(|row| &row.cells).filter(|cell| cell.family != Family::Standing) {
        let drilled = |drill: &&Drill| drill.of_people();
        let last = || cell.plans.iter().filter_map(|plan| plan.last.as_ref()).filter(drilled);
        totals.cells += 1;
        totals.planned += usize::from(!cell.plans.is_empty());
        totals.drilled += usize::from(last().next().is_some());
        totals.passed += usize::from(last().any(Drill::passed));
    }
    totals
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::levels::InForce;

    fn name(text: &str) -> Name {
        text.parse().expect("a name")
    }

    fn drill(number: u32, version: u32, people: People, result: RunResult) -> Drill {
        Drill {
            run: format!("DT-2026-{number:03}").parse().expect("a run"),
            at: "2026-11-25T03:10:00+07:00".parse().expect("a moment"),
            playbook: name("fire"),
            version,
            systems: vec![name("portal")],
            mode: Mode::Tabletop,
            lab: false,
            people,
            test_clock: false,
            result,
            conclusion: None,
            records: vec![u64::from(number)],
        }
    }

    #[track_caller]
    fn check(drills: &[Drill], expected: &str) {
        let scenario = Scenario {
            playbook: name("fire"),
            version: 2,
            title: Text::from("Fire"),
            family: Family::D,
            own: true,
            systems: vec![name("portal")],
        };
        let covered = |id| Covered { id: name(id), name: Text::from(id), level: InForce::Undetermined };
        let rows = rows(&[covered("portal"), covered("lgsp")], &[scenario], drills);
        assert_eq!(rows[1].cells[3].missing, [Missing::NoPlan]);
        let seen = serde_json::to_value(&rows[0].cells[3].missing).expect("JSON").to_string();
        let last = rows[0].cells[3].plans[0].last.as_ref().map_or("-", |drill| drill.run.as_str());
        assert_eq!(format!("{last} {seen}"), expected);
    }

    #[test]
    fn a_plan_that_reaches_no_system_stands_in_a_row_of_its_own_with_its_drills() {
        let scenario = Scenario {
            playbook: name("fire"),
            version: 2,
            title: Text::from("Fire"),
            family: Family::D,
            own: true,
            systems: Vec::new(),
        };
        let on_none = Drill { systems: Vec::new(), ..drill(1, 2, People::Console, RunResult::Passed) };
        let checked = Drill { systems: Vec::new(), ..drill(2, 2, People::Unattended, RunResult::Passed) };
        let cells = general(std::slice::from_ref(&scenario), &[on_none, checked]);
        let plan = &cells[3].plans[0];
        assert_eq!((plan.drills, plan.checks, plan.missing.len()), (1, 1, 0));
        let elsewhere = drill(1, 2, People::Console, RunResult::Passed);
        assert_eq!(general(&[scenario], &[elsewhere]), [], "it stands in that system's row");
    }

    #[test]
    fn a_cell_names_what_is_missing() {
        use People::{Console, Scripted, Unattended};
        use RunResult::{Failed, Passed};
        check(&[], r#"- ["never_drilled"]"#);
        check(&[drill(1, 2, Unattended, Passed)], r#"DT-2026-001 ["only_unattended"]"#);
        check(&[drill(1, 2, Scripted, Passed)], r#"DT-2026-001 ["only_trials"]"#);
        check(&[drill(1, 2, Console, Failed), drill(2, 2, Scripted, Passed)], r#"DT-2026-001 ["not_passed"]"#);
        let set = Drill { test_clock: true, ..drill(1, 2, Console, Passed) };
        check(&[set], r#"DT-2026-001 ["only_trials"]"#);
        check(&[drill(1, 2, Console, Passed), drill(2, 2, Unattended, Failed)], "DT-2026-001 []");
        check(&[drill(1, 2, Console, Passed), drill(2, 2, Console, Failed)], r#"DT-2026-002 ["not_passed"]"#);
        check(&[drill(1, 1, Console, Passed)], r#"DT-2026-001 ["earlier_version"]"#);
        // What the chair concludes counts, beside what the program measured.
        let concluded = Drill { conclusion: Some(Verdict::Passed), ..drill(1, 2, Console, Failed) };
        check(&[concluded], "DT-2026-001 []");
    }
}
