//! A unit's own criteria, mistakes at their words, which decree is in force.

use super::*;
use crate::source::parse;

#[track_caller]
fn check(rules: &str, expected: &str) {
    let text = format!("format: 1\nlevels: nd331-2026\nrules:\n{rules}");
    let findings = read_document(&parse("policies/levels/nd331-2026.yaml", &text)).1;
    let seen: Vec<String> = findings.iter().map(|f| format!("{} {}:{}", f.code, f.line, f.column)).collect();
    assert_eq!(seen.join(", "), expected);
}

fn rule(id: &str, when: &str) -> String {
    format!("  - {{ id: {id}, level: 3, article: x, text: x, when: {when} }}\n")
}

#[test]
fn mistakes_are_found_at_their_words() {
    check(&rule("331.99", "{ users: { below: 5 } }"), "");
    check(&(rule("a.1", "{ one_stop: true }") + &rule("a.1", "{ one_stop: false }")), "duplicate-id 5:11");
    check(&rule("a.1", "{ one_stip: true }"), "unknown-fact 4:55");
    check(&rule("a.1", "{ scope: provnce }"), "unknown-word 4:62");
    check(&rule("a.1", "{ users: { below: -1 } }"), "out-of-range 4:71");
    check(&rule("a.1", "{ users: { less: 5 } }"), "missing-key 4:62, unknown-key 4:64");
    check(&rule("a.1", "{ decided_level: 6 }"), "out-of-range 4:70");
    check(&rule("a.1", "{}"), "rule-empty 4:53");
    check(&rule("a.1", "{ any: [] }"), "rule-empty 4:60");
    check(&rule("a!1", "{ one_stop: true }"), "invalid-id 4:11");
    check("  - { id: a, level: 7, article: x, text: x, when: { one_stop: true } }\n", "out-of-range 4:21");
    check("  - { id: a, article: x, text: x, when: { one_stop: true } }\n", "missing-key 4:5");
    check(
        "  - { id: a, level: 2, document: law, article: x, text: x, when: { one_stop: true } }\n",
        "unknown-document 4:34",
    );
}

#[test]
fn a_rule_that_can_never_match_is_found() {
    let never = "rule-never 4:53";
    check(&rule("a.1", "{ all: [ { one_stop: true }, { one_stop: false } ] }"), never);
    check(&rule("a.1", "{ users: { at_least: 10, below: 10 } }"), never);
    check(&rule("a.1", "{ all: [ { users: { at_least: 10 } }, { users: { below: 10 } } ] }"), never);
    check(&rule("a.1", "{ all: [ { scope: province }, { scope: national } ] }"), never);
    check(&rule("a.1", "{ all: [ { information: { only: [public] } }, { information: personal } ] }"), never);
    check(&rule("a.1", "{ not: { any: [ { one_stop: true }, { one_stop: false } ] } }"), never);
    // These can: several classes at once, a number between two limits, a list of several words.
    check(&rule("a.1", "{ all: [ { class: internal }, { class: ics } ] }"), "");
    check(&rule("a.1", "{ users: { at_least: 10, below: 11 } }"), "");
    check(&rule("a.1", "{ all: [ { information: { only: [public, private] } }, { information: private } ] }"), "");
}

#[test]
fn a_unit_s_rule_stands_in_the_place_of_the_shipped_one_and_is_shown() {
    let own = "format: 1\nlevels: nd331-2026\ndocuments: { own: { vi: Quy chế 12, en: Regulation 12 } }\nrules:\n  \
               - { id: 331.12.1, level: 3, document: own, article: Điều 4, text: chặt hơn, when: { class: internal } }\n  \
               - { id: own.1, level: 2, article: Điều 1, text: thêm, when: { class: other } }\n";
    let path = "policies/levels/nd331-2026.yaml".to_owned();
    let (book, findings) = Book::read(&[(path.clone(), own.to_owned())]);
    assert!(findings.is_empty(), "{findings:?}");
    let [changed] = book.overridden.as_slice() else { panic!("{:?}", book.overridden) };
    assert_eq!((changed.id.as_str(), &changed.by), ("331.12.1", &path));
    assert_eq!(changed.instead_of, "shipped/policies/levels/nd331-2026.yaml");
    let set = book.set(RulesId::Nd331).expect("the set ships");
    let one = system(facts(&over(&nothing(), &json!({"class": ["internal", "other"]}))));
    assert_eq!(line(&assess(set, &one)), "3..3: 331.11.1 331.12.1 own.1 ? ");
    let cited = set.rule("331.12.1").expect("it is there").citation.pick(crate::message::Lang::Vi);
    assert_eq!(cited, "Điều 4 Quy chế 12");
    assert!(set.step(3).is_some() && set.from.is_some(), "what the unit does not say stays");
    // A file with a mistake counts for nothing.
    let (book, findings) = Book::read(&[(path, own.replace("level: 3", "level: 9"))]);
    assert_eq!(findings.len(), 1);
    assert!(book.overridden.is_empty());
}

#[test]
fn the_decree_follows_the_day_and_the_days_between_are_a_preview() {
    let book = book();
    let on = |day: &str| {
        let force = book.in_force(day.parse().expect("a day"));
        (force.rules, force.preview)
    };
    assert_eq!(on("2025-09-01"), (RulesId::Nd85, false));
    assert_eq!(on("2026-06-30"), (RulesId::Nd85, false));
    assert_eq!(on("2026-07-01"), (RulesId::Nd331, true));
    assert_eq!(on("2026-08-18"), (RulesId::Nd331, true));
    assert_eq!(on("2026-08-19"), (RulesId::Nd331, false));
}
