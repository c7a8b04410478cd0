//! For which year a report counts, which law is in force on the day, how long a unit's decision holds, what is in use.

use super::*;
use crate::inventory::Environment;
use crate::inventory::dossier::State;

#[test]
fn an_annual_report_counts_for_the_year_whose_data_had_ended() {
    // Before the data of 2026 end it can only be that of 2025.
    let mut early = desk(LEVEL_3, "");
    early.issue(DocumentKind::Annual, None, "2026-10-19");
    early.check(
        "nd331-2026/annual-operator",
        &[
            ("2026-12-01", "2026-12-19 (2026-12-18): 18 days left"),
            ("2026-12-20", "! 2026-12-19: overdue by 1 day | 2027-12-19 (2027-12-17): 364 days left"),
        ],
    );
    let mut on_the_day = desk(LEVEL_3, "");
    on_the_day.issue(DocumentKind::Annual, None, "2026-12-14");
    on_the_day.check("nd331-2026/annual-operator", &[("2026-12-20", "2027-12-19 (2027-12-17): 364 days left")]);
    // However late it is, it is not that of the year that runs.
    let late = "done:\n  - { what: nd331-2026/annual-operator, date: 2027-07-05, document: \"45/BC\" }\n";
    desk(LEVEL_3, late).check(
        "nd331-2026/annual-operator",
        &[
            ("2027-07-06", "2027-12-19 (2027-12-17): 166 days left"),
            ("2027-12-20", "! 2027-12-19: overdue by 1 day | 2028-12-19: 365 days left"),
        ],
    );
}

#[test]
fn another_yearly_report_counts_near_its_day_in_its_year_and_a_year_that_is_named_goes_before_that() {
    let adopt = "adopt: [legacy-2017/periodic-june, legacy-2017/periodic-december]\n";
    let mut june = desk(LEVEL_3, adopt);
    june.issue(DocumentKind::Periodic, Some("periodic-june"), "2025-12-22");
    june.check(
        "legacy-2017/periodic-june",
        &[("2026-06-20", "! 2026-06-19: overdue by 1 day | 2027-06-19 (2027-06-18): 364 days left")],
    );
    let december = |year: &str| {
        let done = "what: legacy-2017/periodic-december, date: 2027-06-20, document: x";
        desk(LEVEL_3, &format!("{adopt}done:\n  - {{ {done}{year} }}\n"))
    };
    let key = "legacy-2017/periodic-december";
    december("").check(key, &[("2027-12-15", "2028-12-14: 365 days left")]);
    december(", year: 2026")
        .check(key, &[("2027-12-15", "! 2027-12-14: overdue by 1 day | 2028-12-14: 365 days left")]);
    let mut issued = desk(LEVEL_3, adopt);
    issued.issue(DocumentKind::Periodic, Some("periodic-december-2026"), "2027-06-20");
    issued.check(key, &[("2027-12-15", "! 2027-12-14: overdue by 1 day | 2028-12-14: 365 days left")]);
    assert!(
        issued.said(key, "2027-12-15").contains("periodic legacy-2017/periodic-december-2027 "),
        "it says how to name the year"
    );
    issued.issue(DocumentKind::Periodic, Some("periodic-december-2027"), "2027-12-20");
    issued.check(key, &[("2027-12-21", "2028-12-14: 359 days left")]);
}

#[test]
fn what_a_unit_decided_binds_from_its_first_day_to_its_last() {
    let live = "ct18-2022/live-drill";
    let ended = desk(LEVEL_3, "from: 2025-01-01\nuntil: 2025-12-31\nadopt: [ct18-2022/live-drill]\n");
    ended.check(live, &[("2026-11-26", "–: never done")]);
    assert!(ended.said(live, "2026-11-26").contains("the unit had adopted it until 2025-12-31"));
    let begins = desk(LEVEL_3, "from: 2027-01-01\nadopt: [ct18-2022/live-drill]\n");
    begins.check(live, &[("2026-12-31", "–: never done"), ("2028-01-02", "! 2028-01-01: overdue by 1 day")]);
    assert!(begins.said(live, "2026-12-31").contains("adopted by the unit from 2027-01-01 on"));
    assert!(!begins.said(live, "2027-01-01").contains("from 2027-01-01 on"));
    // A report is held to what is decided on its day.
    let adopt = "until: 2027-01-31\nadopt: [legacy-2017/periodic-june]\n";
    desk(LEVEL_3, adopt).check("legacy-2017/periodic-june", &[("2027-06-20", "2028-06-19: 365 days left")]);
}

#[test]
fn law_is_said_not_to_be_in_force_before_its_day() {
    let here = desk(LEVEL_3, "");
    let note = "in force from 2026-08-19";
    assert!(here.said("nd331-2026/annual-operator", "2026-02-28").contains(note));
    assert!(!here.said("nd331-2026/annual-operator", "2026-08-19").contains(note));
    // Between the two decrees the newer one is a preview.
    let assessed = "dossier: { status: approved, approved: 3, rules: nd85-2016, decision: { date: 2024-09-03 } }\n";
    let between = desk(assessed, "");
    assert!(between.said("level/assessment", "2026-07-01").contains(note));
    assert!(!between.said("level/assessment", "2026-08-19").contains(note));
    assert!(!between.said("level/kept", "2026-07-01").contains(note), "that is the law's, and it is in force");
    let mut building = desk("dossier: { status: draft, proposed: 3, rules: nd85-2016 }\n", "");
    building.systems[0].state = Some(State::Building);
    assert!(building.said("level/building", "2026-08-18").contains(note));
    assert!(!building.said("level/building", "2026-08-19").contains(note));
    let long_ago = here.look("0001-01-01");
    let keys: Vec<&str> = long_ago.items.iter().map(|item| item.key.as_str()).collect();
    assert!(keys.iter().all(|key| !key.starts_with("ct18") && !key.starts_with("tcvn")), "{keys:?}");
}

#[test]
fn a_system_that_is_being_built_has_a_day_only_where_building_began_before_the_decree() {
    let look = |dossier: &str| {
        let mut here = desk(&format!("dossier: {{ {dossier} }}\n"), "");
        here.systems[0].state = Some(State::Building);
        let due = here.look("2027-01-02");
        let late = due.items.iter().any(|item| item.key == "level/building" && item.late());
        (late, due.begun_unsaid.len())
    };
    assert_eq!(look("status: draft, proposed: 3, rules: nd331-2026"), (false, 0));
    assert_eq!(look("status: draft, proposed: 3, rules: nd85-2016"), (true, 0));
    assert_eq!(look("status: draft, proposed: 3"), (false, 1));
}

#[test]
fn nothing_is_asked_for_again_and_again_of_what_is_not_in_use() {
    let own = "adopt: [ct18-2022/live-drill, tcvn14423-2026/restore-test]\n";
    let old = "dossier: { status: approved, approved: 3, rules: nd85-2016, decision: { date: 2024-09-03 } }\n";
    let mut building = desk(old, own);
    building.systems[0].state = Some(State::Building);
    let mut target = desk(old, own);
    target.systems[0].environment = Environment::DrillTarget;
    for (here, on) in [(&building, "2026-06-01"), (&target, "2026-11-26")] {
        let due = here.look(on);
        let asked = due.items.iter().filter(|item| item.months.is_some() || item.key == "level/assessment");
        assert_eq!(asked.map(|item| item.key.as_str()).collect::<Vec<_>>(), Vec::<&str>::new());
        assert_eq!(due.not_in_use.len(), 1);
    }
    assert!(desk(old, own).look("2026-06-01").not_in_use.is_empty());
}

#[test]
fn each_day_of_a_dossier_is_assumed_by_itself() {
    let text =
        "dossier: { status: draft, proposed: 3, expected_approval: 2027-02-01, expected_measures: 2027-03-01 }\n";
    let here = desk(&format!("{text}assumed: [dossier.expected_approval]\n"), "");
    let due = here.look("2026-11-26");
    let assumed = |key: &str| due.items.iter().find(|item| item.key == key).expect("it is there").assumed;
    assert!(assumed("level/expected-approval") && !assumed("level/expected-measures"));
}
