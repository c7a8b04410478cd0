//! What the level of a system requires, held against its controls: state, evidence and its age.

use jiff::civil::Date;
use serde::Serialize;

use crate::inventory::System;
use crate::inventory::dossier::{ControlState, RulesId};
use crate::model::{Name, Text};
use crate::policy::day_in_vietnam;
use crate::policy::requirements::Requirements;
use crate::report::backups::{Last, LastDone};

/// What a system's level requires and what is there.
#[derive(Clone, Debug, Serialize)]
pub struct Gaps {
    /// The system.
    pub id: Name,
    /// What people call it.
    pub name: Text,
    /// The level that was held against; nothing where none is known.
    pub level: Option<u8>,
    /// Where the level comes from.
    pub basis: Basis,
    /// What is required, what is missing first.
    pub rows: Vec<Row>,
    /// Counts of the rows.
    pub totals: Totals,
    /// The five subjects of the province's report on task 9.
    pub subjects: Vec<Subject>,
}

/// Where a level comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// A decision approved it.
    Approved,
    /// The operator proposes it.
    Proposed,
    /// Whoever asked gave it.
    Given,
    /// It is not known.
    Unknown,
}

/// One requirement and what is there for it.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// The set of requirements.
    pub set: Name,
    /// The requirement.
    pub id: Name,
    /// What is required.
    pub title: Text,
    /// The section.
    pub citation: String,
    /// Whether the section is known from a source of a second hand only.
    pub second_hand: bool,
    /// Whether the law makes it compulsory.
    pub compulsory: bool,
    /// The best state of its controls; nothing where the file names none of them.
    pub state: Option<ControlState>,
    /// Whether the law makes it compulsory and it is not in place.
    pub missing: bool,
    /// Controls that would satisfy it.
    pub wanted: Vec<Name>,
    /// Those of them that the file has.
    pub controls: Vec<Evidence>,
}

/// A control with what shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// The control.
    pub control: Name,
    /// How far it is in place.
    pub state: ControlState,
    /// What shows it.
    pub evidence: Option<String>,
    /// When somebody last looked.
    pub checked: Option<Date>,
    /// How many days ago that is.
    pub age_days: Option<i64>,
    /// Whether nobody has confirmed it.
    pub assumed: bool,
}

/// Counts for a report. Together they are `required`, but for the last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// All that is required.
    pub required: usize,
    /// In place.
    pub in_place: usize,
    /// In part.
    pub partial: usize,
    /// Planned.
    pub planned: usize,
    /// Absent.
    pub absent: usize,
    /// Nobody has said.
    pub unknown: usize,
    /// Compulsory by law and not in place.
    pub missing_compulsory: usize,
}

impl Totals {
    /// The sums of both.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            required: self.required + other.required,
            in_place: self.in_place + other.in_place,
            partial: self.partial + other.partial,
            planned: self.planned + other.planned,
            absent: self.absent + other.absent,
            unknown: self.unknown + other.unknown,
            missing_compulsory: self.missing_compulsory + other.missing_compulsory,
        }
    }
}

/// The subjects that the province's report on task 9 names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// Phân loại cấp độ.
    Classification,
    /// Phần mềm phòng chống mã độc, cập nhật định kỳ.
    Antimalware,
    /// Kiểm soát truy cập quản trị.
    AdminAccess,
    /// Quy trình sao lưu, phục hồi.
    Backup,
    /// Phòng chống thất thoát dữ liệu.
    DataLoss,
}

/// A subject of the report with its evidence.
#[derive(Clone, Debug, Serialize)]
pub struct Subject {
    /// The subject.
    pub subject: SubjectKind,
    /// The approved level, for the classification.
    pub approved: Option<Approved>,
    /// Controls that are evidence of it.
    pub controls: Vec<Evidence>,
    /// What records say was done with copies, for the backup and restore procedure.
    pub copies: Vec<CopyEvidence>,
}

/// What records say was done last with the copies of one backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CopyEvidence {
    /// The backup.
    pub backup: Name,
    /// What was done.
    #[serde(flatten)]
    pub done: LastDone,
    /// How many days ago the comparison was.
    pub verified_days: Option<i64>,
    /// How many days ago the trial restore was.
    pub proved_days: Option<i64>,
}

impl CopyEvidence {
    /// What was done with the copies of `backup`, held against the day `today` in Vietnam; nothing where no record tells of a
    /// comparison or a trial restore.
    #[must_use]
    pub fn of(backup: Name, done: LastDone, today: Date) -> Option<Self> {
        if done.verified.is_none() && done.proved.is_none() {
            return None;
        }
        let age = |last: &Option<Last>| days_between(day_in_vietnam(&last.as_ref()?.at), today);
        Some(Self { backup, verified_days: age(&done.verified), proved_days: age(&done.proved), done })
    }
}

/// An approved level with its decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Approved {
    /// The level.
    pub level: u8,
    /// The decision's number.
    pub number: Option<String>,
    /// Its date.
    pub date: Option<Date>,
    /// Who made it.
    pub body: Option<Text>,
    /// By which rules.
    pub rules: Option<RulesId>,
    /// Whether nobody has confirmed it.
    pub assumed: bool,
}

impl Subject {
    /// Whether nothing shows it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.approved.is_none() && self.controls.is_empty() && self.copies.is_empty()
    }
}

/// Which controls are evidence of a subject.
const SUBJECTS: &[(SubjectKind, &[&str])] = &[
    (SubjectKind::Classification, &[]),
    (SubjectKind::Antimalware, &["antimalware", "central-antimalware"]),
    (SubjectKind::AdminAccess, &["admin-access", "mfa", "privileged-accounts", "account-review"]),
    (
        SubjectKind::Backup,
        &["backup", "central-backup", "backup-schedule", "backup-protection", "restore-test", "data-integrity"],
    ),
    (SubjectKind::DataLoss, &["data-loss-prevention"]),
];

impl Gaps {
    /// Holds the controls of `system` against what its level requires on the day `today`: the approved level, else the
    /// proposed one, else `given`. `copies` is what records say of its backups.
    #[must_use]
    pub fn of(
        system: &System,
        requirements: &Requirements,
        given: Option<u8>,
        copies: &[CopyEvidence],
        today: Date,
    ) -> Self {
        let dossier = system.dossier.as_ref();
        let (level, basis) = match (dossier.and_then(|it| it.approved), dossier.and_then(|it| it.proposed), given) {
            (Some(level), _, _) => (Some(level), Basis::Approved),
            (None, Some(level), _) => (Some(level), Basis::Proposed),
            (None, None, Some(level)) => (Some(level), Basis::Given),
            (None, None, None) => (None, Basis::Unknown),
        };
        let mut rows: Vec<Row> = level
            .into_iter()
            .flat_map(|level| requirements.at(level))
            .map(|(required, section)| {
                let controls = evidence(system, |id| required.controls.contains(id), today);
                let state = controls.iter().map(|control| control.state).min_by_key(|state| rank(Some(*state)));
                Row {
                    set: required.set.clone(),
                    id: required.id.clone(),
                    title: required.title.clone(),
                    citation: section.citation.clone(),
                    second_hand: requirements.second_hand(&required.set),
                    compulsory: required.compulsory,
                    missing: required.compulsory && state != Some(ControlState::InPlace),
                    state,
                    wanted: required.controls.clone(),
                    controls,
                }
            })
            .collect();
        let totals = totals(&rows);
        rows.sort_by_key(|row| (!row.missing, std::cmp::Reverse(rank(row.state))));
        let subjects = SUBJECTS.iter().map(|(subject, controls)| Subject {
            subject: *subject,
            approved: if *subject == SubjectKind::Classification { approved(system) } else { None },
            controls: evidence(system, |id| controls.contains(&id.as_str()), today),
            copies: if *subject == SubjectKind::Backup { copies.to_vec() } else { Vec::new() },
        });
        Self {
            id: system.id.clone(),
            name: system.name.clone(),
            level,
            basis,
            subjects: subjects.collect(),
            rows,
            totals,
        }
    }
}

/// From what is in place to what nobody has said and what is absent.
fn rank(state: Option<ControlState>) -> u8 {
    match state {
        Some(ControlState::InPlace) => 0,
        Some(ControlState::Partial) => 1,
        Some(ControlState::Planned) => 2,
        None => 3,
        Some(ControlState::Absent) => 4,
    }
}

fn evidence(system: &System, wanted: impl Fn(&Name) -> bool, today: Date) -> Vec<Evidence> {
    let of = |control: &crate::inventory::dossier::Control| Evidence {
        control: control.id.clone(),
        state: control.state,
        evidence: control.evidence.clone(),
        checked: control.checked,
        age_days: control.checked.and_then(|day| days_between(day, today)),
        assumed: system.assumes("controls"),
    };
    system.controls.iter().filter(|control| wanted(&control.id)).map(of).collect()
}

fn days_between(from: Date, to: Date) -> Option<i64> {
    from.until(to).ok().map(|span| i64::from(span.get_days()))
}

fn approved(system: &System) -> Option<Approved> {
    let dossier = system.dossier.as_ref()?;
    let decision = dossier.decision.as_ref();
    Some(Approved {
        level: dossier.approved?,
        number: decision.and_then(|decision| decision.number.clone()),
        date: decision.and_then(|decision| decision.date),
        body: decision.and_then(|decision| decision.body.clone()),
        rules: dossier.rules,
        assumed: system.assumes("dossier.approved") || system.assumes("dossier.decision"),
    })
}

fn totals(rows: &[Row]) -> Totals {
    let of = |state| rows.iter().filter(|row| row.state == state).count();
    Totals {
        required: rows.len(),
        in_place: of(Some(ControlState::InPlace)),
        partial: of(Some(ControlState::Partial)),
        planned: of(Some(ControlState::Planned)),
        absent: of(Some(ControlState::Absent)),
        unknown: of(None),
        missing_compulsory: rows.iter().filter(|row| row.missing).count(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gaps(dossier: &str, controls: &str, given: Option<u8>) -> Gaps {
        let text = format!("format: 1\nid: a\nname: x\ndossier: {dossier}\ncontrols: {controls}\n");
        let system = crate::inventory::read("inventory/a.yaml", &text).expect("it holds");
        let (requirements, _) = Requirements::read(&[]);
        Gaps::of(&system, &requirements, given, &[], "2026-11-25".parse().expect("a day"))
    }

    #[test]
    fn what_the_law_asks_for_and_is_not_in_place_stands_first_and_is_missing() {
        let seen = gaps(
            "{ approved: 3, proposed: 2 }",
            "[ { id: backup, state: partial, evidence: QT-01, checked: 2026-11-20 }, { id: antimalware, state: in_place } ]",
            Some(5),
        );
        assert_eq!((seen.level, seen.basis), (Some(3), Basis::Approved));
        let first: Vec<&str> = seen.rows.iter().take(2).map(|row| row.id.as_str()).collect();
        assert_eq!(first, ["law-incident", "law-backup"]);
        assert_eq!(seen.totals.missing_compulsory, 2);
        let totals = seen.totals;
        assert_eq!(totals.in_place + totals.partial + totals.planned + totals.absent + totals.unknown, totals.required);
        let backup = seen.rows.iter().find(|row| row.id == "law-backup").expect("it is there");
        assert_eq!((backup.controls[0].age_days, backup.controls[0].evidence.as_deref()), (Some(5), Some("QT-01")));
        assert!(seen.subjects[0].approved.is_some() && seen.subjects[4].is_empty());
    }

    #[test]
    fn without_a_level_nothing_is_held_against_and_a_given_one_is_said_to_be_given() {
        let unknown = gaps("{}", "[]", None);
        assert_eq!((unknown.level, unknown.rows.len()), (None, 0));
        assert_eq!(gaps("{ proposed: 2 }", "[]", Some(4)).basis, Basis::Proposed);
        let given = gaps("{}", "[]", Some(1));
        assert_eq!((given.level, given.basis, given.totals.missing_compulsory), (Some(1), Basis::Given, 0));
    }

    #[test]
    fn the_best_of_several_controls_counts() {
        let seen = gaps(
            "{ approved: 1 }",
            "[ { id: antimalware, state: absent }, { id: central-antimalware, state: in_place } ]",
            None,
        );
        let row =
            seen.rows.iter().find(|row| row.set == "tcvn14423-2026" && row.id == "antimalware").expect("it ships");
        assert_eq!(row.state, Some(ControlState::InPlace));
    }
}
