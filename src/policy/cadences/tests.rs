use super::*;
use crate::model::record::DocumentKind;

fn today() -> Date {
    "2026-11-26".parse().expect("a day")
}

#[test]
fn the_shipped_periods_of_a_trial_restore_are_those_of_the_standard_and_say_what_is_a_suggestion() {
    let (cadences, findings) = Cadences::read(&[]);
    assert!(findings.is_empty(), "{findings:?}");
    let of = |level| cadences.period("restore-test", level, today()).expect("a period");
    let seen: Vec<(i64, bool, bool)> =
        (1..=5).map(of).map(|period| (period.months, period.suggested, period.citation.is_some())).collect();
    assert_eq!(seen, [(12, true, false), (12, true, false), (6, true, false), (6, false, true), (3, false, true)]);
    assert!((1..=5).map(of).all(|period| period.second_hand.is_some()));
    assert_eq!(cadences.period("restore-test", 6, today()), None);
    assert_eq!(cadences.period("nothing", 3, today()), None);
}

#[test]
fn a_unit_s_own_period_goes_before_the_shipped_one_and_mistakes_are_found_at_their_words() {
    let own = "format: 1\ncadences: own\ntitle: x\nrows:\n  - { id: restore-test, title: x, levels: [{ level: 3, months: 3 }] }\n";
    let (cadences, findings) = Cadences::read(&[("policies/cadences/own.yaml".to_owned(), own.to_owned())]);
    assert!(findings.is_empty(), "{findings:?}");
    let period = cadences.period("restore-test", 3, today()).expect("a period");
    assert_eq!((period.months, period.file.as_str()), (3, "policies/cadences/own.yaml"));
    assert_eq!(cadences.period("restore-test", 4, today()).expect("a period").months, 6);

    let wrong = "format: 1\ncadences: own\ntitle: x\nrows:\n  - id: restore-test\n    title: x\n    levels:\n      \
                 - { level: 6, months: 3 }\n      - { level: 3, month: 3 }\n      - { level: 4, months: 1 }\n      \
                 - { level: 4, months: 2 }\n";
    let findings = Cadences::read_document(&source::parse("own.yaml", wrong)).1;
    let seen: Vec<String> = findings.iter().map(|f| format!("{} {}:{}", f.code, f.line, f.column)).collect();
    assert_eq!(seen.join(", "), "out-of-range 8:18, unknown-key 9:21, duplicate-id 11:18");
}

fn unit(rest: &str) -> (Cadences, Vec<String>) {
    let text = format!("format: 1\ncadences: own\ntitle: x\n{rest}");
    let (cadences, findings) = Cadences::read(&[("policies/cadences/own.yaml".to_owned(), text)]);
    let found = findings.iter().map(|f| format!("{} {}:{}", f.code, f.line, f.column)).collect();
    (cadences, found)
}

fn decided(cadences: &Cadences, level: u8) -> Vec<String> {
    let rows = cadences.rows(level, today()).filter(|row| cadences.decided_row(row, today()).is_some());
    rows.map(|row| format!("{}/{} {}", row.set, row.id, row.period.months)).collect()
}

#[test]
fn nothing_is_adopted_until_the_unit_says_so_and_its_own_period_stands_in_the_place_of_the_shipped_one() {
    let (shipped, _) = Cadences::read(&[]);
    assert_eq!((1..=5).flat_map(|level| decided(&shipped, level)).collect::<Vec<_>>(), Vec::<String>::new());
    let (cadences, found) = unit(
        "adopt: [ct18-2022/live-drill]\nrows:\n  - { id: restore-test, title: x, levels: [ { level: 3, months: 2 } ] }\n",
    );
    assert_eq!(found, Vec::<String>::new());
    assert_eq!(decided(&cadences, 3), ["ct18-2022/live-drill 12", "own/restore-test 2"]);
    let shipped_too = cadences.rows(3, today()).any(|row| row.set == *"tcvn14423-2026" && row.id == *"restore-test");
    assert!(!shipped_too, "one period a thing");
    assert_eq!(decided(&cadences, 4), ["ct18-2022/live-drill 12"]);
    assert!(cadences.rows(4, today()).any(|row| row.id == *"restore-test"), "at another level the shipped one stands");
}

#[test]
fn a_live_drill_is_asked_for_by_the_directive_alone() {
    let (cadences, _) = Cadences::read(&[]);
    let of = |id: &str| cadences.rows(4, today()).find(|row| row.id == *id).map(|row| row.counts.clone());
    assert_eq!(of("live-drill"), Some(Counts::Drill(vec![Manner::Live])));
    let Some(Counts::Drill(any)) = of("drill") else { panic!("a drill") };
    assert_eq!(any.len(), 4);
    assert!(
        cadences.rows(2, today()).all(|row| !matches!(row.counts, Counts::Drill(_))),
        "no rule gives levels 1 and 2 a number"
    );
}

#[test]
fn mistakes_in_what_a_unit_decides_are_found_at_their_words() {
    let (_, found) = unit(
        "adopt: [ct18-2022/live-dril, live-drill]\ndone:\n  - { what: level/kepd, date: 2026-01-01, document: x }\n\
         dates:\n  - { id: a, title: x, before: \"02-29\" }\nrows:\n  - { id: new, title: x, levels: [] }\n  \
         - { id: two, title: x, counts: { drill: [lively] }, levels: [] }\n",
    );
    let expected = [
        "wrong-cadence-name 4:30",
        "wrong-month-day 8:32",
        "missing-key 10:5",
        "unknown-word 11:44",
        "unknown-cadence 4:9",
        "unknown-cadence 6:13",
    ];
    let seen: std::collections::BTreeSet<&str> = found.iter().map(String::as_str).collect();
    assert_eq!(seen, expected.into_iter().collect());
}

#[test]
fn before_a_day_means_the_day_before_it_and_a_decree_counts_from_its_first_day_on() {
    let (cadences, _) = Cadences::read(&[]);
    let last = |set: &str, id: &str, year: i16| {
        let fixed = cadences.fixed().iter().find(|it| it.set == *set && it.id == *id).expect("it ships");
        fixed.last_day(year).map(|day| day.to_string())
    };
    assert_eq!(last("nd331-2026", "annual-operator", 2026).as_deref(), Some("2026-12-19"));
    assert_eq!(last("nd331-2026", "annual-owner", 2026).as_deref(), Some("2026-12-24"));
    assert_eq!(last("nd331-2026", "annual-cut-off", 2026).as_deref(), Some("2026-12-14"));
    assert_eq!(last("nd331-2026", "annual-owner", 2025), None);
    assert_eq!(last("tt12-2022", "annual-owner", 2025).as_deref(), Some("2025-12-24"));
    assert_eq!(last("tt12-2022", "annual-owner", 2026), None);
}

#[test]
fn what_papers_tell_and_documents_can_count_and_wrong_words_are_found_at_their_places() {
    let (cadences, found) = unit(
        "rows:\n  - { id: training, title: x, counts: { activity: [training, awareness] }, levels: [ { level: 3, months: 12 } ] }\n  \
         - { id: review, title: x, counts: playbooks, levels: [ { level: 3, months: 6 } ] }\n\
         dates:\n  - { id: budget, title: x, before: \"07-01\", document: periodic }\n",
    );
    assert_eq!(found, Vec::<String>::new());
    let counts: Vec<&Counts> =
        cadences.rows(3, today()).filter(|row| row.set == *"own").map(|row| &row.counts).collect();
    let papers = Counts::Activity(vec![ActivityKind::Training, ActivityKind::Awareness]);
    assert_eq!(counts, [&papers, &Counts::Playbooks]);
    let document = cadences.fixed().iter().find(|fixed| fixed.id == *"budget").and_then(|fixed| fixed.document);
    assert_eq!(document, Some(DocumentKind::Periodic));

    // A drill has a manner, so it counts under `drill`; what was withdrawn is nothing.
    let wrong = |counts: &str| {
        let row =
            format!("rows:\n  - {{ id: a, title: x, counts: {counts}, levels: [ {{ level: 3, months: 1 }} ] }}\n");
        unit(&row).1.iter().map(|it| it.split(' ').next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    for counts in ["{ activity: [drill] }", "{ activity: [withdrawn] }", "{ activity: [scn] }", "playbook"] {
        assert_eq!(wrong(counts).len(), 1, "{counts}: {:?}", wrong(counts));
    }
    assert!(!unit("dates:\n  - { id: a, title: x, on: \"07-01\", document: minutes }\n").1.is_empty());
}

#[test]
fn what_a_unit_decided_holds_from_its_first_day_to_its_last_and_days_in_the_wrong_order_are_found() {
    let (cadences, found) = unit(
        "from: 2026-03-01\nuntil: 2026-06-30\nadopt: [ct18-2022/live-drill]\nrows:\n  \
         - { id: restore-test, title: x, levels: [ { level: 3, months: 2 } ] }\n",
    );
    assert_eq!(found, Vec::<String>::new());
    let seen = |on: &str| {
        let on = on.parse().expect("a day");
        let months = cadences.period("restore-test", 3, on).expect("a period").months;
        let live = cadences.rows(3, on).find(|row| row.id == *"live-drill").expect("it ships");
        (months, cadences.decided_row(live, on).is_some(), cadences.decided_otherwise(live, on).is_some())
    };
    assert_eq!(seen("2026-02-28"), (6, false, true));
    assert_eq!(seen("2026-03-01"), (2, true, false));
    assert_eq!(seen("2026-06-30"), (2, true, false));
    assert_eq!(seen("2026-07-01"), (6, false, true));
    assert_eq!(unit("from: 2026-07-01\nuntil: 2026-06-30\n").1, ["until-before-from 5:8"]);
    // Nothing is asked for by a directive before its day.
    assert_eq!(cadences.rows(3, "2022-10-12".parse().expect("a day")).count(), 0);
}

#[test]
fn a_report_says_for_which_year_it_is_behind_its_name() {
    assert_eq!(of_year("annual-owner-2026"), ("annual-owner", Some(2026)));
    for plain in ["annual-owner", "periodic-june", "report-12", "report-02026", "x-0026"] {
        assert_eq!(of_year(plain), (plain, None));
    }
}

#[test]
fn a_unit_s_file_of_a_shipped_set_s_name_decides_what_stands_in_it_and_nothing_else() {
    let file = |set: &str, rest: &str| {
        (format!("policies/cadences/{set}.yaml"), format!("format: 1\ncadences: {set}\ntitle: x\n{rest}"))
    };
    let row = "rows:\n  - { id: drill, title: x, levels: [ { level: 3, months: 6 } ] }\n";
    let date = "dates:\n  - { id: annual-operator, title: x, before: \"12-10\", document: annual }\n";
    let (cadences, found) = Cadences::read(&[file("tcvn14423-2026", row), file("nd331-2026", date)]);
    assert!(found.is_empty(), "{found:?}");
    assert_eq!(decided(&cadences, 3), ["tcvn14423-2026/drill 6"]);
    assert_eq!(decided(&cadences, 4), Vec::<String>::new(), "at another level the shipped one is no decision");
    let shipped = Cadences::read(&[]).0.rows(3, today()).count();
    assert_eq!(cadences.rows(3, today()).count(), shipped, "one stands in the place of another");
    let of = |id: &str| -> Vec<&Fixed> {
        cadences.fixed().iter().filter(|it| it.set == *"nd331-2026" && it.id == *id).collect()
    };
    let [operator] = of("annual-operator")[..] else { panic!("one date a report") };
    assert_eq!(operator.last_day(2026).map(|day| day.to_string()).as_deref(), Some("2026-12-09"));
    assert!(cadences.decided_date(operator, today()).is_some());
    let [owner] = of("annual-owner")[..] else { panic!("it ships") };
    assert!(owner.law && cadences.decided_date(owner, today()).is_none());
    assert_eq!(cadences.fixed().len(), Cadences::read(&[]).0.fixed().len());
}

#[test]
fn what_ships_stands_again_on_the_days_on_which_the_unit_s_own_does_not_hold() {
    let text = "format: 1\ncadences: tcvn14423-2026\ntitle: x\nfrom: 2026-09-01\nuntil: 2027-06-30\nrows:\n  \
                - { id: drill, title: x, levels: [ { level: 3, months: 6 } ] }\n";
    let dates = "format: 1\ncadences: nd331-2026\ntitle: x\nuntil: 2027-06-30\ndates:\n  \
                 - { id: annual-operator, title: x, before: \"12-10\", document: annual }\n";
    let files = [("tcvn14423-2026", text), ("nd331-2026", dates)];
    let files = files.map(|(set, text)| (format!("policies/cadences/{set}.yaml"), text.to_owned()));
    let (cadences, found) = Cadences::read(&files);
    assert!(found.is_empty(), "{found:?}");
    let seen = |on: &str| {
        let on = on.parse().expect("a day");
        let row = cadences.rows(3, on).find(|row| row.id == *"drill").expect("one of them");
        (row.own, cadences.decided_row(row, on).is_some(), cadences.decided_otherwise(row, on).is_some())
    };
    assert_eq!(seen("2026-08-31"), (false, false, true));
    assert_eq!(seen("2026-09-01"), (true, true, false));
    assert_eq!(seen("2027-07-01"), (false, false, true));
    let date = cadences.fixed().iter().find(|it| it.id == *"annual-operator" && it.own()).expect("the unit's");
    let last = |year| cadences.in_year(date, year).map(|(it, day)| (it.law, day.to_string()));
    assert_eq!(last(2026), Some((false, "2026-12-09".to_owned())));
    assert_eq!(last(2027), Some((true, "2027-12-19".to_owned())));
    assert!(cadences.on_day(date, "2027-12-01".parse().expect("a day")).is_some_and(|it| !it.own()));
}

#[test]
fn what_a_unit_says_twice_or_could_not_mean_is_found() {
    let (_, found) = unit(
        "from: 2026-07-01\nuntil: 2026-06-30\nadopt: [level/assessment]\nrows:\n  \
         - { id: a, title: x, counts: told, levels: [ { level: 3, months: 1 }, { level: 3, months: 2 } ] }\n\
         dates:\n  - { id: b, title: x, on: \"07-01\" }\n  - { id: b, title: x, on: \"08-01\" }\n  \
         - { id: a, title: x, on: \"08-01\" }\n",
    );
    let seen: std::collections::BTreeSet<&str> = found.iter().map(String::as_str).collect();
    let expected =
        ["until-before-from 5:8", "level-adopted 6:9", "duplicate-id 8:82", "duplicate-id 11:11", "duplicate-id 12:11"];
    assert_eq!(seen, expected.into_iter().collect());
}

#[test]
fn names_that_are_nowhere_and_days_to_come_are_found_at_their_words() {
    let text = "format: 1\ncadences: own\ntitle: x\nrows:\n  \
                - { id: a, title: x, counts: { control: account-reviw }, levels: [ { level: 3, months: 1 } ] }\n\
                done:\n  - { what: own/a, system: portl, date: 2026-12-19, document: x }\n\
                set_aside:\n  - { what: own/a, system: portal, because: x }\n";
    let document = source::parse("own.yaml", text);
    let systems = ["portal"].into();
    let found = |systems| {
        let found = unknown_names(&document, systems, &["account-review"].into());
        found.iter().map(|it| format!("{} {}:{}", it.code, it.line, it.column)).collect::<Vec<_>>()
    };
    assert_eq!(found(Some(&systems)), ["unknown-system 7:28", "unknown-control 5:43"]);
    assert_eq!(found(None), ["unknown-control 5:43"], "where not all systems are here none is missed");
    let early = |today: &str| to_come(&document, today.parse().expect("a day"));
    assert_eq!(early("2026-12-19"), Vec::new());
    let [one] = &early("2026-12-18")[..] else { panic!("one day") };
    assert_eq!((one.code, one.line, one.column), ("done-to-come", 7, 41));
}
