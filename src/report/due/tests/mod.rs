//! Days by table: the day before, on and after each last day, over Tết, in both rule sets.

mod reading;
mod said;

use super::*;
use crate::message::Lang;
use crate::model::record::{ActivityKind, DocumentKind, DrillManner};

/// New year of 2027: 6 February. The unit's file has the days off and a Saturday that is worked.
const TET: &str = "format: 1\nyear: 2027\noff: [2027-01-01, 2027-02-04, 2027-02-05, 2027-02-08, 2027-02-09, 2027-02-10]\n\
                   working: [2027-02-20]\n";
const NO_DAYS_OFF: &str = "format: 1\nyear: 2026\noff: [2026-01-01, 2026-09-02]\n";
const NONE_2025: &str = "format: 1\nyear: 2025\noff: [2025-01-01]\n";

struct Desk {
    systems: Vec<System>,
    cadences: Cadences,
    holidays: Holidays,
    drills: Vec<Drill>,
    exercises: Vec<Planned>,
    activities: Vec<ActivityRow>,
    issued: Vec<IssuedRow>,
    people: Option<People>,
    began: Option<Date>,
}

fn desk(system: &str, own: &str) -> Desk {
    let text = format!("format: 1\nid: site\nname: \"Cổng\"\nstate: operating\n{system}");
    let read = crate::inventory::read("inventory/site.yaml", &text).expect("a system");
    let own = format!("format: 1\ncadences: own\ntitle: x\n{own}");
    let (cadences, findings) = Cadences::read(&[("policies/cadences/own.yaml".to_owned(), own)]);
    assert!(findings.is_empty(), "{findings:?}");
    let year = |year: i16, text: &str| (format!("policies/holidays/{year}.yaml"), text.to_owned());
    let (holidays, findings) = Holidays::read(&[year(2025, NONE_2025), year(2026, NO_DAYS_OFF), year(2027, TET)]);
    assert!(findings.is_empty(), "{findings:?}");
    let (drills, exercises) = (Vec::new(), Vec::new());
    let (activities, issued) = (Vec::new(), Vec::new());
    Desk { systems: vec![read], cadences, holidays, drills, exercises, activities, issued, people: None, began: None }
}

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

impl Desk {
    fn look(&self, on: &str) -> Due {
        let (book, _) = Book::read(&[]);
        look(&Facts {
            on: day(on),
            systems: self.systems.iter().collect(),
            book: &book,
            holidays: &self.holidays,
            cadences: &self.cadences,
            drills: &self.drills,
            deeds: &[],
            absolute: &str::to_owned,
            activities: &self.activities,
            issued: &self.issued,
            people: self.people.as_ref(),
            exercises: &self.exercises,
            actions: &[],
            began: self.began,
        })
    }

    /// How `key` stands on each of the days: `còn 1 ngày`, and `!` before what is late.
    #[track_caller]
    fn check(&self, key: &str, table: &[(&str, &str)]) {
        for (on, expected) in table {
            let due = self.look(on);
            let of_it = due.items.iter().filter(|item| item.key == key);
            let seen: Vec<String> = of_it
                .map(|item| {
                    let by = item.due.map_or_else(|| "–".to_owned(), |due| due.to_string());
                    let work = item.work_by.map(|on| format!(" ({on})")).unwrap_or_default();
                    let sign = if item.late() { "! " } else { "" };
                    format!("{sign}{by}{work}: {}", words::standing(item).render(Lang::En))
                })
                .collect();
            assert_eq!(seen.join(" | "), *expected, "{key} on {on}");
        }
    }

    fn drilled(&mut self, on: &str, manner: Manner, people: bool) {
        let number = u32::try_from(self.drills.len()).expect("few") + 1;
        self.drills.push(Drill {
            run: RunId::new(crate::model::RunKind::Drill, 2026, number),
            seq: u64::from(number),
            on: day(on),
            manner,
            people,
            stopped: false,
            test_clock: false,
            systems: vec!["site".parse().expect("a name")],
        });
    }
}

impl Desk {
    /// Papers tell of an activity of `kind` in record `seq`.
    fn papers(&mut self, seq: u64, kind: ActivityKind, on: &str, manner: Option<DrillManner>) -> &mut ActivityRow {
        self.activities.push(ActivityRow {
            seq,
            kind,
            date: day(on),
            until: None,
            what: "việc".to_owned(),
            with: None,
            number: Some("35/BB".to_owned()),
            result: None,
            systems: vec!["site".parse().expect("a name")],
            manner,
            people: None,
            file: None,
            by: "lan".parse().expect("an id"),
            entered: day("2027-06-01"),
        });
        self.activities.last_mut().expect("just pushed")
    }

    /// A document was issued, about `subject`.
    fn issue(&mut self, document: DocumentKind, subject: Option<&str>, on: &str) {
        let (set, subject) = match subject.and_then(|it| it.split_once('/')) {
            Some((set, id)) => (Some(set), Some(id)),
            None => (None, subject),
        };
        self.issued.push(IssuedRow {
            seq: 40 + u64::try_from(self.issued.len()).expect("few"),
            document,
            run: None,
            set: set.map(|set| set.parse().expect("a name")),
            subject: subject.map(|id| id.parse().expect("a name")),
            version: Some(2),
            family: None,
            title: None,
            date: day(on),
            entered: day(on),
            number: Some("45/BC".to_owned()),
            signer: None,
            file: crate::model::Digest::of(b""),
        });
    }

    /// Everything there is to say of `key` on the day, in English.
    fn said(&self, key: &str, on: &str) -> String {
        let due = self.look(on);
        let lines = due.items.iter().filter(|item| item.key == key).flat_map(words::lines);
        lines.map(|line| line.render(Lang::En)).collect::<Vec<_>>().join("\n")
    }
}

const LEVEL_3: &str = "dossier: { status: approved, approved: 3, rules: nd331-2026, decision: { date: 2026-09-01 } }\n";

#[test]
fn the_annual_report_by_the_decree_of_2026() {
    let mut desk = desk(LEVEL_3, "");
    desk.check(
        "nd331-2026/annual-operator",
        &[
            ("2026-08-18", "2026-12-19 (2026-12-18): 123 days left"),
            ("2026-12-18", "2026-12-19 (2026-12-18): 1 day left"),
            ("2026-12-19", "2026-12-19 (2026-12-18): today is the last day"),
            ("2026-12-20", "! 2026-12-19: overdue by 1 day | 2027-12-19 (2027-12-17): 364 days left"),
            ("2027-07-01", "2027-12-19 (2027-12-17): 171 days left"),
        ],
    );
    desk.check(
        "nd331-2026/annual-owner",
        &[
            ("2026-12-23", "2026-12-24: 1 day left"),
            ("2026-12-24", "2026-12-24: today is the last day"),
            ("2026-12-25", "! 2026-12-24: overdue by 1 day | 2027-12-24: 364 days left"),
        ],
    );
    desk.check(
        "nd331-2026/annual-cut-off",
        &[("2026-12-14", "2026-12-14: today is the last day"), ("2026-12-15", "2027-12-14: 364 days left")],
    );
    // Who began later has missed nothing.
    desk.began = Some(day("2026-12-27"));
    desk.check("nd331-2026/annual-owner", &[("2026-12-28", "2027-12-24: 361 days left")]);
    desk.check("tt12-2022/annual-owner", &[("2026-12-20", "")]);
}

#[test]
fn the_annual_report_by_the_circular_of_2022_and_what_the_unit_says_was_done() {
    let level = "dossier: { status: approved, approved: 3, rules: nd85-2016, decision: { date: 2024-09-03 } }\n";
    let done = "done:\n  - { what: tt12-2022/annual-owner, date: 2025-12-26, document: \"45/BC-STTTT\" }\n";
    desk(level, done).check(
        "tt12-2022/annual-owner",
        &[
            ("2025-12-24", "2025-12-24: today is the last day"),
            ("2025-12-25", "! 2025-12-24: overdue by 1 day"),
            ("2025-12-26", ""),
        ],
    );
    desk(level, done).check("nd331-2026/annual-owner", &[("2025-12-25", "2026-12-24: 364 days left")]);
}

#[test]
fn what_is_not_the_unit_s_is_set_aside_with_the_reason() {
    let desk = desk(LEVEL_3, "set_aside:\n  - { what: nd331-2026/annual-owner, because: \"Không phải chủ quản\" }\n");
    desk.check("nd331-2026/annual-owner", &[("2026-12-25", "")]);
    let due = desk.look("2026-12-25");
    assert_eq!(due.aside[0].because.pick(Lang::Vi), "Không phải chủ quản");
}

#[test]
fn a_live_drill_that_was_adopted_is_due_after_twelve_months_and_no_other_drill_moves_it() {
    let mut desk = desk(LEVEL_3, "adopt: [ct18-2022/live-drill]\n");
    desk.check("ct18-2022/live-drill", &[("2026-11-26", "! –: never done")]);
    desk.drilled("2026-01-15", Manner::Live, true);
    desk.drilled("2026-06-01", Manner::Technical, true);
    desk.drilled("2026-07-01", Manner::Tabletop, true);
    desk.drilled("2026-10-01", Manner::Live, false);
    desk.check(
        "ct18-2022/live-drill",
        &[
            ("2027-01-14", "2027-01-15: 1 day left"),
            ("2027-01-15", "2027-01-15: today is the last day"),
            ("2027-01-16", "! 2027-01-15: overdue by 1 day"),
        ],
    );
    // Any drill of people counts for the standard, which nobody has adopted: it is late for nobody.
    desk.check("tcvn14423-2026/drill", &[("2027-07-02", "2027-07-01: overdue by 1 day")]);
    let due = desk.look("2026-11-26");
    let live = due.items.iter().find(|item| item.key == "ct18-2022/live-drill").expect("it is there");
    let notes: Vec<String> = live.notes.iter().map(|note| note.render(Lang::En)).collect();
    assert!(notes.iter().any(|note| note == "DT-2026-004 on 2026-10-01 does not count: nobody took part"), "{notes:?}");
    let due = desk.look("2026-09-10");
    let live = due.items.iter().find(|item| item.key == "ct18-2022/live-drill").expect("it is there");
    let notes: Vec<String> = live.notes.iter().map(|note| note.render(Lang::Vi)).collect();
    let note = "DT-2026-003 ngày 01/7/2026 không được tính: đó là diễn tập trên bàn; yêu cầu diễn tập thực chiến";
    assert!(notes.iter().any(|seen| seen == note), "{notes:?}");
}

#[test]
fn what_was_never_done_begins_when_the_unit_decided_or_the_system_came_into_use() {
    let own = "from: 2026-03-01\nadopt: [ct18-2022/live-drill]\n";
    desk(LEVEL_3, own).check(
        "ct18-2022/live-drill",
        &[("2027-03-01", "2027-03-01: today is the last day"), ("2027-03-02", "! 2027-03-01: overdue by 1 day")],
    );
    let newer = format!("operating_since: 2026-10-05\n{LEVEL_3}");
    desk(&newer, own).check("ct18-2022/live-drill", &[("2027-10-05", "2027-10-05: today is the last day")]);
}

#[test]
fn a_month_that_is_too_short_ends_on_its_last_day() {
    let own = "rows:\n  - { id: look, title: x, counts: told, levels: [ { level: 3, months: 1 } ] }\ndone:\n  \
               - { what: own/look, system: site, date: 2027-01-31, document: \"Biên bản\" }\n";
    desk(LEVEL_3, own).check(
        "own/look",
        &[
            ("2027-02-28", "2027-02-28 (2027-02-26): today is the last day"),
            ("2027-03-01", "! 2027-02-28: overdue by 1 day"),
        ],
    );
}

#[test]
fn a_day_in_tet_is_done_before_it_and_a_saturday_that_is_worked_counts() {
    let own = |on: &str| format!("dates:\n  - {{ id: letter, title: x, on: \"{on}\" }}\n");
    desk(LEVEL_3, &own("02-09")).check("own/letter", &[("2027-01-20", "2027-02-09 (2027-02-03): 20 days left")]);
    desk(LEVEL_3, &own("02-20")).check("own/letter", &[("2027-02-19", "2027-02-20: 1 day left")]);
    let unknown = desk(LEVEL_3, &own("02-09")).look("2028-01-10");
    assert_eq!(unknown.without_holidays, [2028]);
}

/// Handed in on Wednesday 20 January 2027: 15 working days, five of them after Tết.
#[test]
fn the_time_for_an_appraisal_runs_in_working_days_over_tet_by_the_decree_of_2026() {
    let dossier = "dossier: { status: submitted, proposed: 3, rules: nd331-2026, submitted: 2027-01-20 }\nfacts: { class: [infrastructure], scope: province }\n";
    desk(dossier, "").check(
        "level/appraisal",
        &[
            ("2027-02-16", "2027-02-17: 1 day left"),
            ("2027-02-17", "2027-02-17: today is the last day"),
            ("2027-02-18", "2027-02-17: overdue by 1 day"),
        ],
    );
    desk(dossier, "").check("level/reply", &[("2027-01-27", "2027-01-27: today is the last day"), ("2027-01-28", "")]);
}

/// By Decree 85/2016 the 15 days are days of the calendar, Tết or not.
#[test]
fn the_time_for_an_appraisal_runs_in_days_of_the_calendar_by_the_decree_of_2016() {
    let dossier = "dossier: { status: submitted, proposed: 3, rules: nd85-2016, submitted: 2026-02-10 }\nfacts: { class: [infrastructure], scope: province }\n";
    desk(dossier, "").check(
        "level/appraisal",
        &[
            ("2026-02-24", "2026-02-25: 1 day left"),
            ("2026-02-25", "2026-02-25: today is the last day"),
            ("2026-02-26", "2026-02-25: overdue by 1 day"),
        ],
    );
}

#[test]
fn a_level_of_the_old_decree_has_until_the_end_of_june_2027() {
    let level = "dossier: { status: approved, approved: 3, rules: nd85-2016, decision: { date: 2024-09-03 } }\n";
    desk(level, "").check(
        "level/kept",
        &[
            ("2026-06-30", ""),
            ("2027-06-29", "2027-06-30: 1 day left"),
            ("2027-06-30", "2027-06-30: today is the last day"),
            ("2027-07-01", "! 2027-06-30: overdue by 1 day"),
        ],
    );
    let done = "done:\n  - { what: level/kept, system: site, date: 2027-05-04, document: \"12/BC\" }\n";
    desk(level, done).check("level/kept", &[("2027-05-03", "2027-06-30: 58 days left"), ("2027-07-01", "")]);
    let building = desk("state: building\n".replace("state: building\n", "").as_str(), "");
    building.check("level/kept", &[("2027-07-01", "")]);
}

#[test]
fn an_assessment_is_yearly_by_the_old_decree_and_the_unit_s_own_by_the_new_one() {
    let level = "dossier: { status: approved, approved: 3, rules: nd85-2016, decision: { date: 2024-09-03 } }\n\
                 assessments: [ { kind: periodic, date: 2025-05-04 } ]\n";
    desk(level, "").check(
        "level/assessment",
        &[
            ("2026-05-03", "2026-05-04: 1 day left"),
            ("2026-05-04", "2026-05-04: today is the last day"),
            ("2026-05-05", "! 2026-05-04: overdue by 1 day"),
            ("2026-08-19", "–: the unit sets the period"),
        ],
    );
    let own = "rows:\n  - { id: assessment, title: x, counts: assessment, levels: [ { level: 3, months: 18 } ] }\n";
    desk(level, own).check("level/assessment", &[("2026-08-19", "")]);
    desk(level, own).check("own/assessment", &[("2026-11-05", "! 2026-11-04: overdue by 1 day")]);
}

#[test]
fn the_unit_s_contacts_are_asked_for_once_by_its_highest_level() {
    let mut desk = desk(LEVEL_3, "adopt: [tcvn14423-2026/contacts]\n");
    desk.check("tcvn14423-2026/contacts", &[("2026-11-26", "! –: never done")]);
    let people = "people: []\ncontacts_checked: 2026-02-28\n";
    desk.people = Some(People::read("people.yaml", people).expect("people"));
    desk.check(
        "tcvn14423-2026/contacts",
        &[
            ("2027-02-28", "2027-02-28 (2027-02-26): today is the last day"),
            ("2027-03-01", "! 2027-02-28: overdue by 1 day"),
        ],
    );
}

#[test]
fn a_planned_exercise_is_late_when_its_day_has_passed_without_it() {
    let mut desk = desk(LEVEL_3, "");
    let planned = Planned {
        name: "q4".parse().expect("a name"),
        playbook: "talk".parse().expect("a name"),
        on: day("2026-12-01"),
    };
    desk.exercises.push(planned);
    desk.check(
        "exercise/q4",
        &[("2026-12-01", "2026-12-01: today is the last day"), ("2026-12-02", "! 2026-12-01: overdue by 1 day")],
    );
}

#[test]
fn a_system_without_a_level_is_named_and_has_no_periods() {
    let due = desk("", "adopt: [ct18-2022/live-drill]\n").look("2026-11-26");
    assert_eq!(due.without_level.len(), 1);
    assert!(due.items.iter().all(|item| item.months.is_none()), "{:?}", due.items);
}

#[test]
fn what_papers_tell_counts_by_its_kind_and_is_said_to_be_from_papers() {
    let mut desk = desk(LEVEL_3, "from: 2026-01-01\nadopt: [ct18-2022/vulnerability-scan, ct18-2022/threat-hunting]\n");
    desk.papers(31, ActivityKind::Scan, "2026-08-31", None).until = Some(day("2026-09-02"));
    desk.papers(32, ActivityKind::Hunt, "2026-10-10", None).systems.clear();
    desk.check(
        "ct18-2022/vulnerability-scan",
        &[
            ("2026-09-01", "! 2026-07-01: overdue by 62 days"),
            ("2027-03-01", "2027-03-02: 1 day left"),
            ("2027-03-02", "2027-03-02: today is the last day"),
            ("2027-03-03", "! 2027-03-02: overdue by 1 day"),
        ],
    );
    // What names no system is of none.
    desk.check("ct18-2022/threat-hunting", &[("2026-11-26", "! 2026-07-01: overdue by 148 days")]);
    let said = desk.said("ct18-2022/vulnerability-scan", "2026-11-26");
    assert!(said.contains("by the papers, 35/BB, entered in record 31"), "{said}");
    let said = desk.said("ct18-2022/threat-hunting", "2026-11-26");
    assert!(said.contains("(record 32, entered from papers) does not count: it names no system"), "{said}");
}

#[test]
fn a_drill_that_papers_tell_of_is_live_only_where_they_say_so() {
    let mut desk = desk(LEVEL_3, "adopt: [ct18-2022/live-drill, tcvn14423-2026/drill]\n");
    desk.papers(31, ActivityKind::Drill, "2026-03-01", None);
    desk.check("ct18-2022/live-drill", &[("2026-11-26", "! –: never done")]);
    desk.check("tcvn14423-2026/drill", &[("2026-11-26", "2027-03-01: 95 days left")]);
    let said = desk.said("ct18-2022/live-drill", "2026-11-26");
    assert!(said.contains("does not count: the papers do not say how it was carried out"), "{said}");
    desk.papers(33, ActivityKind::Drill, "2026-05-01", Some(DrillManner::Technical));
    desk.check("ct18-2022/live-drill", &[("2026-11-26", "! –: never done")]);
    let said = desk.said("ct18-2022/live-drill", "2026-11-26");
    assert!(
        said.contains("record 33") && said.contains("it was a technical drill; asked for is a live drill"),
        "{said}"
    );
    desk.papers(34, ActivityKind::Drill, "2026-06-01", Some(DrillManner::Live));
    desk.check("ct18-2022/live-drill", &[("2026-11-26", "2027-06-01: 187 days left")]);
    // Of two on one day the run is named: it is proof.
    desk.drilled("2026-06-01", Manner::Live, true);
    let said = desk.said("ct18-2022/live-drill", "2026-11-26");
    assert!(said.contains("DT-2026-001") && !said.contains("papers"), "{said}");
}

#[test]
fn a_report_that_was_issued_is_done_and_one_document_is_not_two_reports() {
    let mut both = desk(LEVEL_3, "");
    both.issue(DocumentKind::Annual, None, "2026-12-17");
    both.check(
        "nd331-2026/annual-operator",
        &[
            ("2026-12-16", "2026-12-19 (2026-12-18): 3 days left"),
            ("2026-12-20", "2027-12-19 (2027-12-17): 364 days left"),
        ],
    );
    both.check(
        "nd331-2026/annual-owner",
        &[("2026-12-25", "! 2026-12-24: overdue by 1 day | 2027-12-24: 364 days left")],
    );
    both.issue(DocumentKind::Annual, Some("annual-owner"), "2026-12-22");
    both.check("nd331-2026/annual-owner", &[("2026-12-25", "2027-12-24: 364 days left")]);
    let said = both.said("nd331-2026/annual-owner", "2026-12-25");
    assert!(said.contains("document 45/BC, record 41"), "{said}");

    // Who has only the owner's report to make makes that one.
    let mut owner = desk(LEVEL_3, "set_aside:\n  - { what: nd331-2026/annual-operator, because: \"x\" }\n");
    owner.issue(DocumentKind::Annual, None, "2026-12-22");
    owner.check("nd331-2026/annual-owner", &[("2026-12-25", "2027-12-24: 364 days left")]);

    let mut legacy = desk(LEVEL_3, "adopt: [legacy-2017/periodic-june]\n");
    legacy.issue(DocumentKind::Annual, None, "2027-06-10");
    legacy.check(
        "legacy-2017/periodic-june",
        &[("2027-06-20", "! 2027-06-19: overdue by 1 day | 2028-06-19: 365 days left")],
    );
    legacy.issue(DocumentKind::Periodic, Some("periodic-june"), "2027-06-10");
    legacy.check("legacy-2017/periodic-june", &[("2027-06-20", "2028-06-19: 365 days left")]);
}

#[test]
fn each_playbook_that_was_issued_is_looked_at_again() {
    let mut desk = desk(LEVEL_3, "adopt: [ct18-2022/playbook-review]\n");
    desk.check("ct18-2022/playbook-review", &[("2026-11-26", "! –: never done")]);
    desk.issue(DocumentKind::Playbook, Some("ddos-portal"), "2026-02-01");
    desk.issue(DocumentKind::Playbook, Some("ransomware-one-stop"), "2026-03-02");
    desk.issue(DocumentKind::Playbook, Some("ddos-portal"), "2026-04-05");
    desk.check(
        "ct18-2022/playbook-review",
        &[
            ("2027-03-02", "2027-03-02: today is the last day | 2027-04-05: 34 days left"),
            ("2027-03-03", "! 2027-03-02: overdue by 1 day | 2027-04-05: 33 days left"),
        ],
    );
    let due = desk.look("2027-03-03");
    let of_it = due.items.iter().filter(|item| item.key == "ct18-2022/playbook-review");
    let named: Vec<String> = of_it.filter_map(words::system).map(|words| words.render(Lang::En)).collect();
    assert_eq!(named, ["ransomware-one-stop (`ransomware-one-stop`)", "ddos-portal (`ddos-portal`)"]);
}

#[test]
fn as_of_an_earlier_day_what_the_file_says_of_later_ones_has_not_happened() {
    let facts = "facts: { class: [infrastructure], scope: province }\n";
    let dossier = "dossier: { status: appraised, proposed: 3, rules: nd331-2026, submitted: 2027-01-20, appraised: 2027-02-15 }\n";
    let here = desk(&format!("{dossier}{facts}"), "");
    here.check("level/appraisal", &[("2027-01-19", ""), ("2027-02-14", "2027-02-17: 3 days left"), ("2027-02-15", "")]);
    let level = "dossier: { status: approved, approved: 3, rules: nd85-2016, decision: { date: 2024-09-03 } }\n\
                 assessments: [ { kind: periodic, date: 2024-05-04 }, { kind: periodic, date: 2025-06-01 } ]\n";
    let here = desk(level, "");
    here.check(
        "level/assessment",
        &[("2025-05-05", "! 2025-05-04: overdue by 1 day"), ("2025-06-01", "2026-06-01: 365 days left")],
    );
}
