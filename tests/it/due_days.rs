//! Every deadline that the program knows, by table, through the program over the sample workspace: the day before the last one,
//! that day, the day after it; in both rule sets, over Tết with and without the year's holidays, at the ends of months and
//! around a leap day.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use super::desk::Desk;

/// The system that the tables are about, and the others of the sample.
const SYSTEM: &str = "one-stop";

/// Reports that the law asks for on fixed days; set aside where a table is about something else.
const BY_LAW: &[&str] = &[
    "nd331-2026/annual-operator",
    "nd331-2026/annual-owner",
    "tt12-2022/annual-operator",
    "tt12-2022/annual-owner",
    "law116-2025/self-check",
    "level/kept",
    "level/building",
    "level/assessment",
];

/// New year of 2027 is 6 February: the days off as the unit writes them, and a Saturday that is worked for them.
const TET_2027: &str = "format: 1\nyear: 2027\n\
    off: [2027-01-01, 2027-02-04, 2027-02-05, 2027-02-08, 2027-02-09, 2027-02-10, 2027-04-30, 2027-09-02]\n\
    working: [2027-02-20]\n";
const TET_2026: &str = "format: 1\nyear: 2026\n\
    off: [2026-01-01, 2026-02-16, 2026-02-17, 2026-02-18, 2026-02-19, 2026-02-20]\n";

struct Sample {
    desk: Desk,
    file: String,
    others: Vec<String>,
}

impl Sample {
    fn new() -> Self {
        let desk = Desk::new();
        for file in ["ungpho.yaml", "playbooks", "inventory"] {
            let path = desk.root().join(file);
            if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }.expect("it was there");
        }
        desk.run(&["init", ".", "--sample", "quang-ngai"]).exits(0);
        for folder in ["cadences", "holidays"] {
            fs::create_dir_all(desk.root().join("policies").join(folder)).expect("a folder");
        }
        let inventory = desk.root().join("inventory");
        let names = fs::read_dir(&inventory).expect("systems").map(|entry| entry.expect("a system").file_name());
        let ids = names.filter_map(|name| Some(name.to_string_lossy().strip_suffix(".yaml")?.to_owned()));
        let others: Vec<String> = ids.filter(|id| id != SYSTEM).collect();
        assert!(others.len() > 10, "{others:?}");
        let file = fs::read_to_string(inventory.join(format!("{SYSTEM}.yaml"))).expect("the system");
        Self { desk, file, others }
    }

    /// What the inventory says of the system besides.
    fn system(&self, facts: &str) {
        let state = if facts.contains("state: building\n") { "" } else { "state: operating\n" };
        let file = self.file.replace("state: operating\n", state);
        self.desk.write(&format!("inventory/{SYSTEM}.yaml"), &format!("{file}{facts}"));
    }

    /// The unit's decisions: of everything that binds by itself only `keys` are its to do, and of those only this system's.
    fn decide(&self, keys: &[&str], rest: &str) {
        let mut text = format!("format: 1\ncadences: own\ntitle: x\n{rest}set_aside:\n");
        for key in BY_LAW.iter().filter(|key| !keys.contains(key)) {
            text.push_str(&format!("  - {{ what: {key}, because: \"x\" }}\n"));
        }
        for key in keys.iter().filter(|key| !BY_LAW.contains(key) && !key.starts_with("own/")) {
            for system in &self.others {
                text.push_str(&format!("  - {{ what: {key}, system: {system}, because: \"x\" }}\n"));
            }
        }
        self.desk.write("policies/cadences/own.yaml", &text);
    }

    /// Everything that falls due as of `on`, and the exit code.
    #[track_caller]
    fn due(&self, on: &str) -> (Value, i32) {
        let done = self.desk.run(&["due", "--json", "--on", on]);
        let all = serde_json::from_str(&done.out).unwrap_or_else(|error| panic!("{error}: {}", done.err));
        (all, done.code)
    }

    /// Holds how `key` stands on each day, as `2027-02-17 left 1`, and the exit code.
    #[track_caller]
    fn check(&self, key: &str, table: &[(&str, &str, i32)]) {
        for (on, expected, code) in table {
            let (all, exit) = self.due(on);
            assert_eq!((stands(&all, key).as_str(), exit), (*expected, *code), "{key} on {on}");
        }
    }
}

/// `2027-02-17 left 1`; several items after each other.
fn stands(all: &Value, key: &str) -> String {
    let items = all["items"].as_array().expect("items").iter().filter(|item| item["key"] == key);
    let words = items.map(|item| {
        let due = item["due"].as_str().unwrap_or("–");
        let standing = &item["standing"];
        let days = standing["days"].as_i64().map(|days| format!(" {days}")).unwrap_or_default();
        format!("{due} {}{days}", standing["is"].as_str().expect("a word"))
    });
    words.collect::<Vec<_>>().join(" | ")
}

fn approved(level: u8, rules: &str) -> String {
    let decided = if rules == "nd85-2016" { "2024-02-28" } else { "2026-09-01" };
    format!("dossier: {{ status: approved, approved: {level}, rules: {rules}, decision: {{ date: {decided} }} }}\n")
}

/// Each period that ships, done on 30 November 2026: its last day at each level, nothing where it does not hold there.
const PERIODS: &[(&str, [&str; 5])] = &[
    ("ct18-2022/live-drill", ["", "", "2027-11-30", "2027-11-30", "2027-11-30"]),
    ("ct18-2022/threat-hunting", ["2027-05-30"; 5]),
    ("ct18-2022/vulnerability-scan", ["2027-05-30"; 5]),
    ("ct18-2022/playbook-review", ["2027-11-30"; 5]),
    ("tcvn14423-2026/restore-test", ["2027-11-30", "2027-11-30", "2027-05-30", "2027-05-30", "2027-02-28"]),
    ("tcvn14423-2026/drill", ["", "", "2027-11-30", "2027-11-30", "2027-11-30"]),
    ("tcvn14423-2026/contacts", ["2027-11-30"; 5]),
    ("tcvn14423-2026/incident-plan", ["2027-11-30"; 5]),
    ("tcvn14423-2026/backup-review", ["2027-11-30"; 5]),
    ("tcvn14423-2026/account-review", ["", "2027-11-30", "2027-05-30", "2027-02-28", "2026-12-30"]),
];

/// What is asked of the unit as a whole, by its highest level: the sample has systems of level 3.
const OF_THE_UNIT: &[&str] = &["ct18-2022/playbook-review", "tcvn14423-2026/contacts"];

#[test]
fn every_period_that_ships_holds_on_its_last_day_and_is_late_the_day_after() {
    let sample = Sample::new();
    let shipped = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/policies/cadences")).expect("they ship");
    let shipped: usize = shipped
        .map(|file| fs::read_to_string(file.expect("a file").path()).expect("a text"))
        .map(|text| text.matches("\n    counts: ").count())
        .sum();
    assert_eq!(shipped, PERIODS.len(), "each row that ships stands in the table");
    let keys: Vec<&str> = PERIODS.iter().map(|(key, _)| *key).collect();
    let done = |key: &str| {
        let system = if OF_THE_UNIT.contains(&key) { String::new() } else { format!("system: {SYSTEM}, ") };
        format!("  - {{ what: {key}, {system}date: 2026-11-30, document: \"12/BB\" }}\n")
    };
    let done: String = keys.iter().map(|key| done(key)).collect();
    sample.decide(&keys, &format!("adopt: [{}]\ndone:\n{done}", keys.join(", ")));
    for rules in ["nd85-2016", "nd331-2026"] {
        for level in 1..=5_u8 {
            sample.system(&approved(level, rules));
            let at = |row: &(&'static str, [&'static str; 5])| (row.0, row.1[usize::from(level) - 1]);
            let last: Vec<(&str, &str)> = PERIODS.iter().map(at).collect();
            let days: BTreeSet<&str> = last.iter().map(|(_, day)| *day).filter(|day| !day.is_empty()).collect();
            for day in days {
                let day: jiff::civil::Date = day.parse().expect("a day");
                for on in [day.yesterday().unwrap(), day, day.tomorrow().unwrap()] {
                    let (all, exit) = sample.due(&on.to_string());
                    let mut late = false;
                    for (key, due) in &last {
                        let expected = due.parse::<jiff::civil::Date>().ok().map(|due| {
                            late |= due < on;
                            let days = (due - on).get_days();
                            format!("{due} {} {}", if days < 0 { "overdue" } else { "left" }, days.abs())
                        });
                        let expected = expected.unwrap_or_default();
                        assert_eq!(stands(&all, key), expected, "{key}, level {level}, {rules}, {on}");
                    }
                    assert_eq!(exit, i32::from(late), "level {level}, {rules}, {on}");
                }
            }
        }
    }
}

#[test]
fn every_report_on_a_fixed_day_is_late_from_the_day_before_which_it_was_due() {
    let sample = Sample::new();
    sample.system(&approved(5, "nd331-2026"));
    let alone = |key: &str, table: &[(&str, &str, i32)]| {
        let adopt = if key.starts_with("legacy") { format!("adopt: [{key}]\n") } else { String::new() };
        sample.decide(&[key], &adopt);
        sample.check(key, table);
    };
    alone(
        "nd331-2026/annual-operator",
        &[
            ("2026-08-18", "2026-12-19 left 123", 0),
            ("2026-12-18", "2026-12-19 left 1", 0),
            ("2026-12-19", "2026-12-19 left 0", 0),
            ("2026-12-20", "2026-12-19 overdue 1 | 2027-12-19 left 364", 1),
            // It is told for half a year.
            ("2027-06-19", "2026-12-19 overdue 182 | 2027-12-19 left 183", 1),
            ("2027-06-20", "2027-12-19 left 182", 0),
        ],
    );
    alone(
        "nd331-2026/annual-owner",
        &[
            ("2026-12-23", "2026-12-24 left 1", 0),
            ("2026-12-24", "2026-12-24 left 0", 0),
            ("2026-12-25", "2026-12-24 overdue 1 | 2027-12-24 left 364", 1),
        ],
    );
    // Nothing is handed in on the day on which the data end.
    alone(
        "nd331-2026/annual-cut-off",
        &[
            ("2026-12-13", "2026-12-14 left 1", 0),
            ("2026-12-14", "2026-12-14 left 0", 0),
            ("2026-12-15", "2027-12-14 left 364", 0),
        ],
    );
    // Before Decree 331/2026 the circular asked for the same on the same days.
    alone(
        "tt12-2022/annual-operator",
        &[
            ("2025-12-18", "2025-12-19 left 1", 0),
            ("2025-12-19", "2025-12-19 left 0", 0),
            ("2025-12-20", "2025-12-19 overdue 1", 1),
            ("2026-06-20", "", 0),
        ],
    );
    alone(
        "tt12-2022/annual-owner",
        &[
            ("2025-12-23", "2025-12-24 left 1", 0),
            ("2025-12-24", "2025-12-24 left 0", 0),
            ("2025-12-25", "2025-12-24 overdue 1", 1),
            ("2026-12-25", "", 0),
        ],
    );
    alone(
        "tt12-2022/annual-cut-off",
        &[("2025-12-14", "2025-12-14 left 0", 0), ("2025-12-15", "", 0), ("2022-09-30", "2022-12-14 left 75", 0)],
    );
    alone(
        "law116-2025/self-check",
        &[
            ("2026-09-29", "2026-09-30 left 1", 0),
            ("2026-09-30", "2026-09-30 left 0", 0),
            ("2026-10-01", "2026-09-30 overdue 1 | 2027-09-30 left 364", 1),
        ],
    );
    alone(
        "legacy-2017/periodic-june",
        &[
            ("2027-06-18", "2027-06-19 left 1", 0),
            ("2027-06-19", "2027-06-19 left 0", 0),
            ("2027-06-20", "2027-06-19 overdue 1 | 2028-06-19 left 365", 1),
        ],
    );
    alone(
        "legacy-2017/periodic-december",
        &[
            ("2026-12-13", "2026-12-14 left 1", 0),
            ("2026-12-14", "2026-12-14 left 0", 0),
            ("2026-12-15", "2026-12-14 overdue 1 | 2027-12-14 left 364", 1),
        ],
    );
    // Only where there is a system of level 5.
    sample.system(&approved(4, "nd331-2026"));
    alone("law116-2025/self-check", &[("2026-09-30", "", 0), ("2026-10-01", "", 0)]);
}

/// A dossier on its way, as the inventory has it.
fn dossier(rules: &str, level: u8, days: &str) -> String {
    format!("dossier: {{ proposed: {level}, rules: {rules}, {days} }}\n")
}

#[test]
fn times_of_a_dossier_run_over_tet_with_the_holidays_of_the_year_and_without_them() {
    let sample = Sample::new();
    sample.decide(&[], "");
    let check = |tet: bool, facts: &str, key: &str, last: &str, before: &str, after: &str| {
        for (year, text) in [("2026", TET_2026), ("2027", TET_2027)] {
            let file = format!("policies/holidays/{year}.yaml");
            if tet { sample.desk.write(&file, text) } else { drop(fs::remove_file(sample.desk.root().join(&file))) }
        }
        sample.system(facts);
        // They bind the body that decides, not the unit: nothing of it gives exit code 1.
        let over = if key == "level/reply" { String::new() } else { format!("{last} overdue 1") };
        let (left, today) = (format!("{last} left 1"), format!("{last} left 0"));
        sample.check(key, &[(before, &left, 0), (last, &today, 0), (after, &over, 0)]);
        let (all, _) = sample.due(last);
        let unknown =
            all["without_holidays"].as_array().expect("years").iter().any(|year| last.starts_with(&year.to_string()));
        assert_eq!(unknown, !tet, "{key}: {all}");
    };
    // Decree 331/2026: 15 and 25 working days for the appraisal, 7 for the approval, 5 to say what is missing.
    let three = dossier("nd331-2026", 3, "status: submitted, submitted: 2027-01-20");
    check(true, &three, "level/appraisal", "2027-02-17", "2027-02-16", "2027-02-18");
    check(false, &three, "level/appraisal", "2027-02-10", "2027-02-09", "2027-02-11");
    let four = dossier("nd331-2026", 4, "status: submitted, submitted: 2027-01-20");
    check(true, &four, "level/appraisal", "2027-03-02", "2027-03-01", "2027-03-03");
    check(false, &four, "level/appraisal", "2027-02-24", "2027-02-23", "2027-02-25");
    let appraised = dossier("nd331-2026", 3, "status: appraised, submitted: 2027-01-04, appraised: 2027-01-29");
    check(true, &appraised, "level/approval", "2027-02-16", "2027-02-15", "2027-02-17");
    check(false, &appraised, "level/approval", "2027-02-09", "2027-02-08", "2027-02-10");
    let two = dossier("nd331-2026", 2, "status: submitted, submitted: 2027-01-29");
    check(true, &two, "level/approval", "2027-02-16", "2027-02-15", "2027-02-17");
    let late = dossier("nd331-2026", 3, "status: submitted, submitted: 2027-02-01");
    check(true, &late, "level/reply", "2027-02-15", "2027-02-14", "2027-02-16");
    check(false, &late, "level/reply", "2027-02-08", "2027-02-07", "2027-02-09");
    // Decree 85/2016: 15 and 30 days of the calendar for the appraisal, Tết or not; 7 working days for the approval.
    let old = |level| dossier("nd85-2016", level, "status: submitted, submitted: 2026-02-10");
    check(true, &old(3), "level/appraisal", "2026-02-25", "2026-02-24", "2026-02-26");
    check(true, &old(4), "level/appraisal", "2026-03-12", "2026-03-11", "2026-03-13");
    let appraised = dossier("nd85-2016", 3, "status: appraised, submitted: 2026-01-05, appraised: 2026-02-11");
    check(true, &appraised, "level/approval", "2026-02-27", "2026-02-26", "2026-02-28");
    check(false, &appraised, "level/approval", "2026-02-20", "2026-02-19", "2026-02-21");
}

#[test]
fn times_of_the_law_on_levels_and_days_of_the_inventory_hold_in_both_rule_sets() {
    let sample = Sample::new();
    let alone = |facts: &str, key: &str, table: &[(&str, &str, i32)]| {
        sample.system(facts);
        sample.decide(&[key], "");
        sample.check(key, table);
    };
    alone(
        &approved(3, "nd85-2016"),
        "level/kept",
        &[
            ("2026-06-30", "", 0),
            ("2026-07-01", "2027-06-30 left 364", 0),
            ("2027-06-29", "2027-06-30 left 1", 0),
            ("2027-06-30", "2027-06-30 left 0", 0),
            ("2027-07-01", "2027-06-30 overdue 1", 1),
        ],
    );
    alone(&approved(3, "nd331-2026"), "level/kept", &[("2027-06-30", "", 0), ("2027-07-01", "", 0)]);
    let building = |rest: &str| format!("state: building\ndossier: {{ proposed: 3, rules: nd85-2016, {rest} }}\n");
    alone(
        &building("status: draft"),
        "level/building",
        &[
            ("2026-12-30", "2026-12-31 left 1", 0),
            ("2026-12-31", "2026-12-31 left 0", 0),
            ("2027-01-01", "2026-12-31 overdue 1", 1),
        ],
    );
    alone(
        &building("status: appraised, submitted: 2026-11-02, appraised: 2026-11-10"),
        "level/building",
        &[
            ("2027-06-29", "2027-06-30 left 1", 0),
            ("2027-06-30", "2027-06-30 left 0", 0),
            ("2027-07-01", "2027-06-30 overdue 1", 1),
        ],
    );
    // Assessed on a leap day: 24, 12 and 6 months later by Decree 85/2016.
    let assessed = |level: u8, rules: &str| {
        format!("{}assessments: [ {{ kind: periodic, date: 2024-02-29 }} ]\n", approved(level, rules))
    };
    for (levels, last, before, after) in [
        ([1, 2], "2026-02-28", "2026-02-27", "2026-03-01"),
        ([3, 4], "2025-02-28", "2025-02-27", "2025-03-01"),
        ([5, 5], "2024-08-29", "2024-08-28", "2024-08-30"),
    ] {
        for level in levels {
            let (left, today, over) = (format!("{last} left 1"), format!("{last} left 0"), format!("{last} overdue 1"));
            let table = [(before, left.as_str(), 0), (last, today.as_str(), 0), (after, over.as_str(), 1)];
            alone(&assessed(level, "nd85-2016"), "level/assessment", &table);
        }
    }
    // Decree 331/2026 gives no number, neither for this system nor for two of the sample whose level the criteria prove.
    alone(&assessed(3, "nd331-2026"), "level/assessment", &[("2026-11-26", "– unset | – unset | – unset", 0)]);
    // Days that the unit itself expects bind it.
    for (key, field) in [("expected-approval", "expected_approval"), ("expected-measures", "expected_measures")] {
        for rules in ["nd85-2016", "nd331-2026"] {
            let facts = format!("dossier: {{ status: draft, proposed: 3, rules: {rules}, {field}: 2027-02-28 }}\n");
            let table = [
                ("2027-02-27", "2027-02-28 left 1", 0),
                ("2027-02-28", "2027-02-28 left 0", 0),
                ("2027-03-01", "2027-02-28 overdue 1", 1),
            ];
            alone(&facts, &format!("level/{key}"), &table);
        }
    }
}

#[test]
fn a_leap_day_and_the_ends_of_months_are_days_like_others() {
    let sample = Sample::new();
    sample.system(&approved(3, "nd331-2026"));
    for (months, done, last, before, after) in [
        (12, "2028-02-29", "2029-02-28", "2029-02-27", "2029-03-01"),
        (6, "2027-08-31", "2028-02-29", "2028-02-28", "2028-03-01"),
        (1, "2027-01-31", "2027-02-28", "2027-02-27", "2027-03-01"),
        (48, "2028-02-29", "2032-02-29", "2032-02-28", "2032-03-01"),
        (1, "2027-12-31", "2028-01-31", "2028-01-30", "2028-02-01"),
    ] {
        let own = format!(
            "rows:\n  - {{ id: look, title: x, counts: told, levels: [ {{ level: 3, months: {months} }} ] }}\n\
             done:\n  - {{ what: own/look, date: {done}, document: \"12/BB\" }}\n"
        );
        sample.decide(&["own/look"], &own);
        let of_each = |standing: &str| {
            let systems = stands(&sample.due(last).0, "own/look").matches("left 0").count();
            vec![format!("{last} {standing}"); systems].join(" | ")
        };
        let (left, today, over) = (of_each("left 1"), of_each("left 0"), of_each("overdue 1"));
        assert!(!today.is_empty(), "{months} months from {done}");
        sample.check("own/look", &[(before, &left, 0), (last, &today, 0), (after, &over, 1)]);
    }
}

#[test]
fn a_level_binds_from_its_decision_on_and_what_was_done_on_no_known_day_is_awaited_from_nobody() {
    let desk = Desk::new();
    let sample = Sample { desk, file: String::new(), others: Vec::new() };
    let keys = ["level/assessment", "level/appraisal", "level/approval", "law116-2025/self-check"];
    fs::create_dir_all(sample.desk.root().join("policies/cadences")).expect("a folder");
    sample.decide(&keys, "");
    let head = format!("format: 1\nid: {SYSTEM}\nname: \"Cổng\"\nstate: operating\ndossier:\n  rules: ");
    for (dossier, on, key, stands_so, without, undated) in [
        // Decided later, or only proposed: no level is in force.
        (
            "nd331-2026\n  status: approved\n  approved: 3\n  decision: { date: 2026-09-01 }\n",
            "2026-06-30",
            "level/assessment",
            "",
            1,
            0,
        ),
        (
            "nd85-2016\n  status: appraised\n  proposed: 3\n  appraised: 2026-02-10\n",
            "2026-06-30",
            "level/assessment",
            "",
            1,
            0,
        ),
        (
            "nd85-2016\n  status: approved\n  approved: 3\n  decision: { date: 2026-02-10 }\n",
            "2026-06-30",
            "level/assessment",
            "– never",
            0,
            0,
        ),
        // Through, on a day that nobody wrote down.
        (
            "nd331-2026\n  status: approved\n  proposed: 3\n  submitted: 2026-09-01\n  decision: { number: 1/QĐ }\n",
            "2026-11-26",
            "level/appraisal",
            "",
            1,
            1,
        ),
        (
            "nd331-2026\n  status: appraised\n  proposed: 3\n  submitted: 2026-09-01\n",
            "2026-11-26",
            "level/appraisal",
            "",
            1,
            1,
        ),
        (
            "nd331-2026\n  status: submitted\n  proposed: 3\n  submitted: 2026-09-01\n",
            "2026-11-26",
            "level/appraisal",
            "2026-09-22 overdue 65",
            1,
            0,
        ),
    ] {
        sample.desk.write(&format!("inventory/{SYSTEM}.yaml"), &format!("{head}{dossier}"));
        let (all, _) = sample.due(on);
        assert_eq!(stands(&all, key), stands_so, "{dossier}");
        let count = |list: &str| all[list].as_array().map_or(0, Vec::len);
        assert_eq!((count("without_level"), count("undated")), (without, undated), "{dossier}: {all}");
    }
    let seen = sample.desk.run(&["due", "--lang", "vi", "--on", "2026-11-26"]).out;
    assert!(seen.contains("hạn cuối 22/9/2026, đã quá"), "{seen}");
    sample.desk.write(
        &format!("inventory/{SYSTEM}.yaml"),
        &format!("{head}nd331-2026\n  status: approved\n  approved: 5\n  decision: {{ date: 2026-08-20 }}\n"),
    );
    let seen = sample.desk.run(&["due", "--lang", "vi", "--on", "2026-09-20"]).out;
    assert!(seen.contains("áp dụng với: Cổng"), "{seen}");
}
