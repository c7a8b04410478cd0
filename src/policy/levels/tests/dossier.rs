//! The dossier: who, in what order, in what time; the level in force on a day.

use super::{book, facts, json, nothing, over};
use crate::inventory::{System, read};
use crate::message::Lang;
use crate::policy::holidays::Holidays;
use crate::policy::levels::{InForce, Standing, assess, check, in_force, shared};

fn system(text: &str) -> System {
    let text = format!("format: 1\nid: one\nname: x\nowner: UBND tỉnh\nsecurity_unit: Sở\noperator: Trung tâm\n{text}");
    let mut system = read("one.yaml", &text).unwrap_or_else(|found| panic!("{found:?}"));
    system.facts =
        facts(&over(&nothing(), &json!({"class": ["public_service"], "one_stop": true, "online_service": "full"})));
    system
}

/// The checks of a dossier on a day: `id standing [due]`, one a line.
fn seen(text: &str, on: &str, holidays: &[(String, String)]) -> Vec<String> {
    let (book, system, on) = (book(), system(text), on.parse().expect("a day"));
    let (holidays, findings) = Holidays::read(holidays);
    assert!(findings.is_empty(), "{findings:?}");
    let outcome = assess(book.set(book.in_force(on).rules).expect("a set"), &system);
    let checks = check(&book, &holidays, &system, &outcome, on);
    for check in &checks {
        assert!(check.citation.is_some(), "{} has no article", check.id);
        assert!(!check.text.render(Lang::Vi).contains('{') && !check.text.render(Lang::En).contains('{'));
    }
    let standing = |standing| match standing {
        Standing::Met => "met",
        Standing::NotMet => "not-met",
        Standing::Look => "look",
        Standing::Unknown => "unknown",
        Standing::Told => "told",
    };
    let due = |due: Option<jiff::civil::Date>| due.map(|due| format!(" {due}")).unwrap_or_default();
    checks.iter().map(|check| format!("{} {}{}", check.id, standing(check.standing), due(check.due))).collect()
}

#[track_caller]
fn has(text: &str, on: &str, expected: &[&str]) {
    let seen = seen(text, on, &[]);
    for line in expected {
        assert!(seen.iter().any(|one| one == line), "no `{line}` in {seen:#?}");
    }
}

const OLD: &str = "dossier:\n  status: approved\n  approved: 3\n  rules: nd85-2016\n  submitted: 2025-03-02\n  \
                   appraised: 2025-03-17\n  appraiser: { unit: Sở }\n  \
                   decision: { number: 1/QĐ, date: 2025-03-26, body: UBND tỉnh }\n  \
                   regulation: { number: 2/QĐ, date: 2025-01-10 }\n";

#[test]
fn a_dossier_in_order_is_met_in_everything() {
    let seen = seen(
        OLD,
        "2025-06-01",
        &[("policies/holidays/2025.yaml".to_owned(), "format: 1\nyear: 2025\noff: []\n".to_owned())],
    );
    let expected = "level met, authority told, appraiser met, approver met, operator met, regulation met, \
                    appraisal met 2025-03-17, approval met 2025-03-26, assessment unknown";
    assert_eq!(seen.join(", "), expected);
}

#[test]
fn what_is_wrong_in_a_dossier_is_found() {
    has(&OLD.replace("unit: Sở", "unit: Trung  TÂM"), "2025-06-01", &["operator not-met", "appraiser look"]);
    has(&OLD.replace("unit: Sở", "unit: Trung tâm, council: true"), "2025-06-01", &["operator met"]);
    has(&OLD.replace("2025-01-10", "2025-03-26"), "2025-06-01", &["regulation not-met"]);
    has(&OLD.replace("approved: 3", "approved: 2"), "2025-06-01", &["level not-met"]);
    has(&OLD.replace("approved: 3", "approved: 4"), "2025-06-01", &["level look"]);
    has(&OLD.replace("approved: 3", "approved: 4"), "2025-06-01", &["appraiser not-met"]);
    has(&OLD.replace("body: UBND tỉnh", "body: Sở"), "2025-06-01", &["approver look"]);
    has(&OLD.replace(", body: UBND tỉnh", ""), "2025-06-01", &["approver unknown"]);
    // One day over fifteen days is late by the old decree; no holiday changes that.
    has(
        &OLD.replace("appraised: 2025-03-17", "appraised: 2025-03-18"),
        "2025-06-01",
        &["appraisal not-met 2025-03-17"],
    );
    // Working days without the file of holidays: late is not sure.
    has(&OLD.replace("date: 2025-03-26", "date: 2025-03-27"), "2025-06-01", &["approval look 2025-03-26"]);
}

#[test]
fn working_days_leave_out_what_the_unit_lists_and_count_what_was_swapped() {
    let text = "dossier: { status: submitted, proposed: 3, rules: nd331-2026, submitted: 2026-08-24 }\n";
    has(text, "2026-08-25", &["appraisal told 2026-09-14"]);
    let year = "format: 1\nyear: 2026\noff: [2026-09-01, 2026-09-02]\nworking: [2026-09-05]\n";
    let holidays = [("policies/holidays/2026.yaml".to_owned(), year.to_owned())];
    assert!(seen(text, "2026-09-15", &holidays).contains(&"appraisal told 2026-09-15".to_owned()));
    assert!(seen(text, "2026-09-16", &holidays).contains(&"appraisal not-met 2026-09-15".to_owned()));
    assert!(seen(text, "2026-09-16", &[]).contains(&"appraisal look 2026-09-14".to_owned()));
    let wrong = "format: 1\nyear: 2026\noff: [2025-09-01, 2026-09-02]\nworking: [2026-09-02]\n";
    let (_, findings) = Holidays::read(&[("policies/holidays/2026.yaml".to_owned(), wrong.to_owned())]);
    let codes: Vec<&str> = findings.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["other-year", "off-and-working"]);
}

#[test]
fn a_change_of_decree_keeps_the_level_and_says_by_when() {
    has(OLD, "2026-11-25", &["giu_cap_do_cu told 2027-06-30"]);
    has(OLD, "2027-07-01", &["giu_cap_do_cu look 2027-06-30"]);
    assert!(!seen(OLD, "2026-06-30", &[]).iter().any(|line| line.starts_with("giu")));
    let new = OLD.replace("rules: nd85-2016", "rules: nd331-2026");
    assert!(!seen(&new, "2026-11-25", &[]).iter().any(|line| line.starts_with("giu")));
    let building = |dossier: &str| format!("state: building\ndossier: {{ {dossier} }}\n");
    has(&building("rules: nd85-2016"), "2026-11-25", &["building told 2026-12-31"]);
    has(&building("rules: nd85-2016"), "2027-01-01", &["building look 2026-12-31"]);
    has(&building("status: appraised, rules: nd85-2016"), "2027-01-01", &["building told 2027-06-30"]);
    has(&building("status: submitted, submitted: 2026-06-30"), "2026-11-25", &["building told 2026-12-31"]);
    // What began later is none of that rule's, and where nothing says when it began there is only the question.
    let none = |dossier: &str| {
        let seen = seen(&building(dossier), "2027-01-02", &[]);
        assert!(seen.iter().all(|line| !line.starts_with("building")), "{dossier}: {seen:?}");
    };
    none("status: draft, rules: nd331-2026");
    none("status: submitted, submitted: 2026-07-01");
    has(&building("status: draft"), "2027-01-02", &["building unknown"]);
    has("state: building\n", "2027-01-02", &["building unknown"]);
    // Nobody assesses what is not in use.
    let old = OLD.replace("dossier:", "state: building\ndossier:");
    assert!(seen(&old, "2025-06-01", &[]).iter().all(|line| !line.starts_with("assessment")));
    assert!(seen("state: operating\n", "2026-11-25", &[]).iter().all(|line| !line.starts_with("building")));
}

#[test]
fn risk_raises_and_changes_ask_for_a_new_look() {
    let risk = |level: u8| format!("{OLD}risk: {{ result_level: {level}, date: 2026-01-15 }}\n");
    has(&risk(4), "2026-11-25", &["risk not-met"]);
    has(&risk(3), "2026-11-25", &["risk met"]);
    assert!(
        !seen(&risk(4), "2025-06-01", &[]).iter().any(|line| line.starts_with("risk")),
        "the old decree has no such rule"
    );
    let changed = risk(3) + "changes: [ { date: 2026-09-01, what: thêm kết nối } ]\n";
    has(&changed, "2026-11-25", &["change look", "change-risk look"]);
    let done = risk(3) + "changes: [ { date: 2026-01-10, what: thêm, determined: 2026-02-01 } ]\n";
    assert!(!seen(&done, "2026-11-25", &[]).iter().any(|line| line.starts_with("change")));
}

#[test]
fn a_system_that_shares_a_machine_with_one_of_a_higher_level_is_pointed_out() {
    let book = book();
    let on = "2026-11-25".parse().expect("a day");
    let hosts = |name: &str, level: u8| {
        let mut one = system(&format!("hosts: [ {{ id: db, ssh: db-01 }} ]\ndossier: {{ approved: {level} }}\n"));
        one.id = name.parse().expect("a name");
        one
    };
    let (low, high, same, apart) = (hosts("low", 2), hosts("high", 3), hosts("same", 3), system("state: operating\n"));
    let seen = shared(&book, &[&low, &high, &same, &apart], on);
    assert_eq!(seen.iter().map(Vec::len).collect::<Vec<_>>(), [1, 0, 0, 0]);
    let check = &seen[0][0];
    assert!(check.text.render(Lang::Vi).contains("`high`") && check.standing == Standing::Look);
    assert_eq!(check.citation.as_ref().map(|cite| cite.pick(Lang::En)), Some("Decree 331/2026/NĐ-CP, Article 8.3"));
    // The former decree has no such article.
    assert!(shared(&book, &[&low, &high], "2025-06-01".parse().expect("a day")).iter().all(Vec::is_empty));
}

#[test]
fn assessments_have_a_number_of_months_in_the_old_decree_only() {
    let assessed = format!("{OLD}assessments: [ {{ kind: periodic, date: 2025-04-01 }} ]\n");
    has(&assessed, "2026-04-01", &["assessment met 2026-04-01"]);
    has(&assessed, "2026-04-02", &["assessment not-met 2026-04-01"]);
    has(&assessed, "2026-11-25", &["assessment told"]);
}

#[test]
fn the_level_in_force_is_the_approved_one_from_its_day_on_and_else_a_computed_one() {
    let (book, one) = (book(), system(OLD));
    let on = |day: &str| in_force(&book, &one, day.parse().expect("a day"));
    assert!(matches!(on("2025-03-26"), InForce::Approved { level: 3, number: Some(_), assumed: false, .. }));
    assert!(matches!(on("2025-03-25"), InForce::Computed { level: 3, .. }));
    let draft = system(&OLD.replace("status: approved", "status: draft"));
    assert!(matches!(in_force(&book, &draft, "2026-11-25".parse().expect("a day")), InForce::Computed { .. }));
    let nobody = System::new("two".parse().expect("a name"), "x".into());
    assert_eq!(in_force(&book, &nobody, "2026-11-25".parse().expect("a day")).level(), None);
    let guessed = |paths: &str| {
        let mut one = system(&format!("facts: {{ class: [other], one_stop: true }}\nassumed: [{paths}]\n"));
        one.facts.decided_level = None;
        in_force(&book, &one, "2026-11-25".parse().expect("a day"))
    };
    assert!(matches!(guessed("facts.class"), InForce::Computed { level: 3, assumed: true, .. }));
    assert!(matches!(guessed(""), InForce::Computed { level: 3, assumed: false, .. }));
    let assumed = system(&format!("{OLD}assumed: [dossier]\n"));
    let seen = in_force(&book, &assumed, "2026-11-25".parse().expect("a day"));
    assert!(matches!(seen, InForce::Approved { assumed: true, .. }));
}

#[test]
fn whoever_handed_in_a_dossier_that_is_not_complete_is_told_within_five_working_days() {
    let text = "dossier: { status: submitted, proposed: 3, rules: nd331-2026, submitted: 2026-08-24 }\n";
    has(text, "2026-08-25", &["reply told 2026-08-31"]);
    let none = |text: &str, on: &str| assert!(!seen(text, on, &[]).iter().any(|line| line.starts_with("reply")));
    none(&text.replace("24 }", "24, appraised: 2026-09-01 }"), "2026-09-02");
    none(&text.replace("nd331-2026", "nd85-2016"), "2026-08-25");
}

#[test]
fn who_assesses_a_system_is_held_against_its_level() {
    let with = |by: &str| format!("{OLD}assessments: [ {{ kind: periodic, date: 2025-05-04{by} }} ]\n");
    // By the old decree from level 3 on, by the new one at level 5; whether a body is a professional one is for a person.
    has(&with(", by: Công ty A"), "2025-06-01", &["assessor look"]);
    has(&with(""), "2025-06-01", &["assessor unknown"]);
    let low = with(", by: Công ty A").replace("approved: 3", "approved: 2");
    assert!(!seen(&low, "2025-06-01", &[]).iter().any(|line| line.starts_with("assessor")));
    assert!(!seen(&with(", by: Công ty A"), "2026-11-25", &[]).iter().any(|line| line.starts_with("assessor")));
    has(&with(", by: trung tâm"), "2026-11-25", &["assessor look"]);
    has(&with(", by: Công ty A").replace("approved: 3", "approved: 5"), "2026-11-25", &["assessor look"]);
}
