//! Every rule of both decrees: a case that matches, a near miss, the boundaries, what is not known.

mod dossier;
mod files;
mod property;

use serde_json::{Value, json};

use super::*;
use crate::inventory::System;
use crate::inventory::dossier::RulesId;
use crate::inventory::facts::{Component, Facts};

pub(super) fn book() -> Book {
    let (book, findings) = Book::read(&[]);
    assert!(findings.is_empty(), "{findings:?}");
    book
}

/// Facts in which everything is answered, and nothing that any rule asks for holds.
fn nothing() -> Value {
    json!({
        "class": ["other"], "information": ["public"], "one_stop": false, "online_service": "none",
        "conditional_business": false, "users": 0, "subjects_basic": 0, "subjects_sensitive": 0, "scope": "one_agency",
        "national_egov": false, "always_on": false, "no_unplanned_stop": false, "defence_security": false, "harm": "none",
        "strategic": false, "works_grade": "none", "national_critical_data": false, "international_link": false,
        "decided_level": null,
    })
}

fn over(base: &Value, more: &Value) -> Value {
    let mut facts = base.clone();
    for (name, value) in more.as_object().expect("facts") {
        facts[name] = value.clone();
    }
    facts
}

fn facts(value: &Value) -> Facts {
    serde_json::from_value(value.clone()).expect("facts")
}

pub(super) fn system(facts: Facts) -> System {
    let mut system = System::new("one".parse().expect("a name"), "one".into());
    system.facts = facts;
    system
}

/// What `rules` say of facts: `proved..possible: matched ? questions`.
fn seen(rules: RulesId, value: &Value) -> String {
    let book = book();
    let system = system(facts(value));
    line(&assess(book.set(rules).expect("the set ships"), &system))
}

fn line(outcome: &Outcome<'_, '_>) -> String {
    let level = |level: Option<u8>| level.map_or("-".to_owned(), |level| level.to_string());
    let matched: Vec<String> = outcome
        .matched
        .iter()
        .map(|found| match found.component {
            Some(component) => format!("{component}/{}", found.rule.id),
            None => found.rule.id.clone(),
        })
        .collect();
    let asked: Vec<String> = outcome.questions.iter().map(Question::name).collect();
    format!("{}..{}: {} ? {}", level(outcome.proved), level(outcome.possible), matched.join(" "), asked.join(" "))
}

/// The rules by the tables of the decrees, with a case that matches and a near miss.
#[rustfmt::skip]
fn cases() -> Vec<(RulesId, &'static str, Option<u8>, Value, Value)> {
    let (old, new) = (RulesId::Nd85, RulesId::Nd331);
    let people = json!({"class": ["public_service"], "information": ["personal"], "conditional_business": null});
    let people = |more: Value| over(&people, &more);
    let around = |more: Value| over(&json!({"always_on": true, "no_unplanned_stop": true}), &more);
    vec![
        (old, "85.7", Some(1), json!({"class": ["internal"]}), json!({"class": ["internal"], "information": ["public", "private"]})),
        (old, "85.8.1", Some(2), json!({"class": ["internal"], "information": ["private"]}), json!({"class": ["internal"], "information": ["private", "state_secret"]})),
        (old, "85.8.2.a", Some(2), json!({"class": ["public_service"], "online_service": "info_only"}), json!({"class": ["public_service"], "online_service": "none"})),
        (old, "85.8.2.b", Some(2), json!({"class": ["public_service"]}), json!({"class": ["public_service"], "conditional_business": true})),
        (old, "85.8.2.c", Some(2), people(json!({"users": 9_999})), people(json!({"users": 10_000}))),
        (old, "85.8.3", Some(2), json!({"class": ["infrastructure"]}), json!({"class": ["infrastructure"], "scope": "province"})),
        (old, "85.9.1", Some(3), json!({"defence_security": true, "harm": "harm"}), json!({"defence_security": true})),
        (old, "85.9.2.a", Some(3), json!({"class": ["public_service"], "online_service": "partial"}), json!({"class": ["public_service"], "online_service": "info_only"})),
        (old, "85.9.2.b", Some(3), json!({"class": ["public_service"], "conditional_business": true}), json!({"class": ["internal"], "conditional_business": true})),
        (old, "85.9.2.c", Some(3), people(json!({"users": 10_000})), people(json!({"users": 9_999}))),
        (old, "85.9.3", Some(3), json!({"class": ["infrastructure"], "scope": "several_provinces"}), json!({"class": ["infrastructure"], "scope": "national"})),
        (old, "85.9.4", Some(3), json!({"class": ["ics"], "works_grade": "IV"}), json!({"class": ["ics"]})),
        (old, "85.10.1", Some(4), json!({"information": ["state_secret"], "harm": "serious"}), json!({"information": ["private"], "harm": "serious"})),
        (old, "85.10.2", Some(4), around(json!({"national_egov": true})), json!({"national_egov": true, "always_on": true})),
        (old, "85.10.3", Some(4), around(json!({"class": ["infrastructure"], "scope": "national"})), around(json!({"class": ["infrastructure"], "scope": "province"}))),
        (old, "85.10.4", Some(4), json!({"class": ["ics"], "works_grade": "I"}), json!({"class": ["ics"], "works_grade": "II"})),
        (old, "85.11.1", Some(5), json!({"information": ["state_secret"], "harm": "very_serious"}), json!({"information": ["state_secret"], "harm": "serious"})),
        (old, "85.11.2", Some(5), json!({"national_critical_data": true}), json!({})),
        (old, "85.11.3", Some(5), json!({"class": ["infrastructure"], "scope": "national", "international_link": true}), json!({"class": ["internal"], "scope": "national", "international_link": true})),
        (old, "85.11.4", Some(5), json!({"class": ["ics"], "works_grade": "special"}), json!({"class": ["ics"], "works_grade": "I"})),
        (old, "85.11.5", Some(5), json!({"decided_level": 5}), json!({"decided_level": 4})),
        (new, "331.11.1", Some(1), json!({"class": ["internal"]}), json!({"class": ["internal", "public_service"], "information": ["personal"]})),
        (new, "331.11.2", Some(1), json!({"decided_level": 1}), json!({})),
        (new, "331.12.1", Some(2), json!({"class": ["internal"], "information": ["personal", "public"]}), json!({"class": ["internal"], "information": ["public"]})),
        (new, "331.12.2.a", Some(2), json!({"class": ["public_service"]}), json!({"class": ["public_service"], "conditional_business": true})),
        (new, "331.12.2.b", Some(2), people(json!({"subjects_basic": 99_999, "subjects_sensitive": 9_999})), people(json!({"subjects_basic": 100_000, "subjects_sensitive": 10_000}))),
        (new, "331.12.3", Some(2), json!({"class": ["infrastructure"]}), json!({"class": ["ics"]})),
        (new, "331.12.4", Some(2), json!({"decided_level": 2}), json!({"decided_level": 3})),
        (new, "331.13.1", Some(3), json!({"information": ["state_secret"], "harm": "harm"}), json!({"information": ["state_secret"]})),
        (new, "331.13.2.a", Some(3), json!({"class": ["public_service"], "conditional_business": true}), json!({"class": ["public_service"]})),
        (new, "331.13.2.b", Some(3), json!({"class": ["public_service"], "one_stop": true}), json!({"class": ["public_service"], "online_service": "full"})),
        (new, "331.13.2.c", Some(3), people(json!({"subjects_basic": 100_000})), people(json!({"subjects_basic": 99_999, "subjects_sensitive": 9_999}))),
        (new, "331.13.3", Some(3), json!({"class": ["infrastructure"], "scope": "province"}), json!({"class": ["infrastructure"]})),
        (new, "331.13.4", Some(3), json!({"class": ["ics"], "works_grade": "II"}), json!({"class": ["ics"], "works_grade": "I"})),
        (new, "331.13.5", Some(3), json!({"decided_level": 3}), json!({"decided_level": 2})),
        (new, "331.14.1", Some(4), json!({"defence_security": true, "harm": "serious"}), json!({"defence_security": true, "harm": "harm"})),
        (new, "331.14.2", Some(4), around(json!({"class": ["infrastructure"], "scope": "national"})), around(json!({"class": ["infrastructure"], "scope": "several_provinces"}))),
        (new, "331.14.3", Some(4), json!({"class": ["ics"], "works_grade": "I"}), json!({"class": ["infrastructure"], "works_grade": "I"})),
        (new, "331.14.4", Some(4), json!({"decided_level": 4}), json!({"decided_level": 5})),
        (new, "331.15.1", Some(5), json!({"information": ["state_secret"], "harm": "very_serious", "strategic": true}), json!({"information": ["state_secret"], "harm": "very_serious"})),
        (new, "331.15.2", Some(5), json!({"national_critical_data": true}), json!({})),
        (new, "331.15.3", Some(5), json!({"class": ["infrastructure"], "scope": "international", "international_link": true}), json!({"class": ["infrastructure"], "scope": "province", "international_link": true})),
        (new, "331.15.4", Some(5), json!({"class": ["ics"], "works_grade": "special"}), json!({"class": ["other"], "works_grade": "special"})),
        (new, "331.15.5", Some(5), json!({"decided_level": 5}), json!({})),
    ]
}

#[test]
fn every_rule_has_a_case_that_matches_and_a_near_miss() {
    let book = book();
    for (rules, id, level, fits, misses) in cases() {
        let set = book.set(rules).expect("the set ships");
        let rule = set.rule(id).unwrap_or_else(|| panic!("{id} is not there"));
        assert_eq!(rule.level(), level, "{id}");
        let (fits, misses) = (over(&nothing(), &fits), over(&nothing(), &misses));
        let matching = system(facts(&fits));
        let outcome = assess(set, &matching);
        assert!(outcome.matched.iter().any(|found| found.rule.id == id), "{id}: {}", line(&outcome));
        assert!(outcome.proved >= level, "{id}: {}", line(&outcome));
        let near = system(facts(&misses));
        let outcome = assess(set, &near);
        assert!(outcome.matched.iter().all(|found| found.rule.id != id), "{id}: {}", line(&outcome));
        // A fact that is taken away can leave the rule open, and never makes it false.
        for name in fits.as_object().expect("facts").keys() {
            let mut less = fits.clone();
            less.as_object_mut().expect("facts").remove(name);
            let truth = rule.when.holds(&Answers::of(&facts(&less)));
            assert_ne!(truth, Tri::False, "{id} without {name}");
            let asked =
                rule.when.facts() & Fact::ALL.into_iter().find(|fact| fact.word() == name).expect("known").bit();
            assert!(asked != 0 || truth == Tri::True, "{id} hangs on {name}");
        }
    }
}

#[test]
fn the_ids_are_those_of_the_two_decrees_and_each_has_its_article() {
    let book = book();
    let listed: Vec<&str> = cases().iter().map(|(_, id, ..)| *id).chain(["331.16"]).collect();
    let there: Vec<&str> = book.sets.iter().flat_map(|set| &set.rules).map(|rule| rule.id.as_str()).collect();
    assert_eq!(there, listed);
    for set in &book.sets {
        for rule in &set.rules {
            // 331.13.2.b is "điểm b khoản 2 Điều 13 Nghị định số 331/2026/NĐ-CP"; the mark rests on item 4 of its article.
            let mut parts = rule.id.split('.').skip(1);
            let article = format!("Điều {}", parts.next().expect("an article"));
            let item = parts.next().or((rule.id == "331.16").then_some("4")).map(|item| format!("khoản {item} "));
            let point = parts.next().map(|point| format!("điểm {point} "));
            let wanted = format!("{}{}{article}", point.unwrap_or_default(), item.unwrap_or_default());
            let decree = if set.id == RulesId::Nd85 { "85/2016" } else { "331/2026" };
            let wanted = format!("{wanted} Nghị định số {decree}/NĐ-CP");
            assert_eq!(rule.citation.pick(crate::message::Lang::Vi), wanted);
            assert!(rule.citation.pick(crate::message::Lang::En).contains("Article"), "{}", rule.id);
            assert!(rule.text.strings().count() == 2, "{}", rule.id);
        }
    }
}

#[test]
fn a_level_turns_exactly_at_its_number() {
    let base = json!({"class": ["public_service"], "information": ["private"], "conditional_business": true});
    for (users, ids) in [(9_999, "85.8.2.c 85.9.2.b"), (10_000, "85.9.2.b 85.9.2.c")] {
        let value = over(&over(&nothing(), &base), &json!({"users": users}));
        assert_eq!(seen(RulesId::Nd85, &value), format!("3..3: {ids} ? "));
    }
    let people = over(&nothing(), &json!({"class": ["public_service"], "information": ["personal"]}));
    for (basic, sensitive, expected) in [
        (99_999, 9_999, "2..2: 331.12.2.a 331.12.2.b ? "),
        (100_000, 9_999, "3..3: 331.12.2.a 331.12.2.b 331.13.2.c ? "),
        (99_999, 10_000, "3..3: 331.12.2.a 331.12.2.b 331.13.2.c ? "),
        (100_000, 10_000, "3..3: 331.12.2.a 331.13.2.c ? "),
    ] {
        let value = over(&people, &json!({"subjects_basic": basic, "subjects_sensitive": sensitive}));
        assert_eq!(seen(RulesId::Nd331, &value), expected, "{basic} {sensitive}");
    }
    // Only the branch of online services counts people: an internal system with a million stays where it is.
    let internal =
        json!({"class": ["internal"], "information": ["personal"], "subjects_basic": 1_000_000, "users": 1_000_000});
    assert_eq!(seen(RulesId::Nd331, &over(&nothing(), &internal)), "2..2: 331.12.1 ? ");
    assert_eq!(seen(RulesId::Nd85, &over(&nothing(), &internal)), "2..2: 85.8.1 ? ");
}

#[test]
fn what_is_not_known_is_asked_only_where_it_can_decide() {
    let mut one_stop =
        over(&nothing(), &json!({"class": ["public_service"], "one_stop": true, "online_service": "full"}));
    for name in ["users", "subjects_basic", "subjects_sensitive", "conditional_business", "information", "scope"] {
        one_stop.as_object_mut().expect("facts").remove(name);
    }
    // Accounts, subjects and the list of businesses reach level 3 at most, and that is proved.
    assert_eq!(seen(RulesId::Nd331, &one_stop), "3..3: 331.13.2.b ? ");
    assert_eq!(seen(RulesId::Nd85, &one_stop), "3..3: 85.9.2.a ? ");
    one_stop.as_object_mut().expect("facts").remove("national_critical_data");
    assert_eq!(seen(RulesId::Nd331, &one_stop), "3..5: 331.13.2.b ? national_critical_data");
    // Two that decide together: neither is left out.
    one_stop = over(&one_stop, &json!({"national_critical_data": false}));
    for name in ["harm", "defence_security"] {
        one_stop.as_object_mut().expect("facts").remove(name);
    }
    assert_eq!(seen(RulesId::Nd85, &one_stop), "3..5: 85.9.2.a ? harm information defence_security");
    // What leaves the system no class at all is asked first: it decides most.
    let mut mail = over(&nothing(), &json!({"scope": "province", "information": ["private"]}));
    mail.as_object_mut().expect("facts").remove("class");
    assert_eq!(seen(RulesId::Nd331, &mail), "-..3:  ? class");
}

#[test]
fn no_match_is_no_level_and_no_facts_leave_everything_open() {
    assert_eq!(seen(RulesId::Nd331, &nothing()), "-..-:  ? ");
    assert_eq!(seen(RulesId::Nd85, &nothing()), "-..-:  ? ");
    let nobody = seen(RulesId::Nd331, &json!({}));
    assert!(nobody.starts_with("-..5:  ? "), "{nobody}");
    // Every fact that a rule asks for, each once. `users` is of the other decree only, and so is how far a service is online.
    let asked: Vec<&str> = nobody.split(" ? ").nth(1).expect("questions").split(' ').collect();
    let mut known: Vec<&str> =
        Fact::ALL.into_iter().map(Fact::word).filter(|it| !["users", "online_service"].contains(it)).collect();
    let mut sorted = asked.clone();
    sorted.sort_unstable();
    known.sort_unstable();
    assert_eq!(sorted, known);
    assert_eq!(nobody, seen(RulesId::Nd331, &json!({})), "the order is always the same");
    assert_eq!(&asked[..2], ["national_critical_data", "decided_level"], "what closes the gap alone comes first");
}

#[test]
fn a_decision_that_is_not_written_down_is_not_known_and_null_says_that_there_is_none() {
    let mut value = nothing();
    assert_eq!(seen(RulesId::Nd331, &value), "-..-:  ? ");
    value.as_object_mut().expect("facts").remove("decided_level");
    assert_eq!(seen(RulesId::Nd331, &value), "-..5:  ? decided_level");
    let read = |line: &str| {
        let text = format!("format: 1\nid: one\nname: x\nfacts:\n  one_stop: true\n{line}");
        crate::inventory::read("one.yaml", &text).expect("it holds").facts.decided_level
    };
    assert_eq!(read(""), None);
    assert_eq!(read("  decided_level:\n"), None);
    assert_eq!(read("  decided_level: null\n").map(crate::inventory::facts::Decided::level), Some(None));
    assert_eq!(read("  decided_level: 4\n").map(crate::inventory::facts::Decided::level), Some(Some(4)));
}

#[test]
fn several_classes_are_looked_at_together_and_the_highest_counts() {
    let both = json!({"class": ["internal", "infrastructure"], "information": ["private"], "scope": "province"});
    assert_eq!(seen(RulesId::Nd331, &over(&nothing(), &both)), "3..3: 331.12.1 331.13.3 ? ");
    assert_eq!(seen(RulesId::Nd85, &over(&nothing(), &both)), "3..3: 85.8.1 85.9.3 ? ");
}

#[test]
fn components_stand_alone_and_the_highest_counts() {
    let book = book();
    let set = book.set(RulesId::Nd331).expect("the set ships");
    let part = |id: &str, more: &Value| Component {
        id: id.parse().expect("a name"),
        facts: facts(&over(&nothing(), more)),
        host: None,
    };
    let mut one = system(facts(&over(&nothing(), &json!({"class": ["internal"], "information": ["private"]}))));
    one.components =
        vec![part("db", &json!({"class": ["infrastructure"], "scope": "province"})), part("ui", &json!({}))];
    assert_eq!(line(&assess(set, &one)), "3..3: 331.12.1 db/331.13.3 ? ");
    // A component does not inherit what the system says: `one_stop` here and the class there prove nothing together.
    let mut two = system(facts(&over(&nothing(), &json!({"one_stop": true}))));
    two.components = vec![part("web", &json!({"class": ["public_service"], "conditional_business": true}))];
    assert_eq!(line(&assess(set, &two)), "3..3: web/331.13.2.a ? ");
    // With no facts of its own a system is its components; with a question about one it is named.
    two.facts = Facts::default();
    two.components[0].facts.national_critical_data = None;
    assert_eq!(line(&assess(set, &two)), "3..5: web/331.13.2.a ? components.web.national_critical_data");
}

#[test]
fn open_readings_are_shown_and_decide_nothing() {
    let book = book();
    let set = book.set(RulesId::Nd331).expect("the set ships");
    let of = |more: Value| {
        let system = system(facts(&over(&nothing(), &more)));
        let outcome = assess(set, &system);
        let open: Vec<&str> = outcome.open.iter().map(|found| found.rule.id.as_str()).collect();
        (line(&outcome), open.join(" "))
    };
    let secret = json!({"information": ["state_secret"], "harm": "very_serious"});
    assert_eq!(of(secret.clone()), ("-..-:  ? ".to_owned(), "331.15.1".to_owned()));
    assert_eq!(of(over(&secret, &json!({"strategic": true}))).1, "");
    assert_eq!(of(json!({"national_egov": true})), ("-..-:  ? ".to_owned(), "331.14.2".to_owned()));
    let around = json!({"national_egov": true, "always_on": true, "no_unplanned_stop": true});
    assert_eq!(of(around), ("4..4: 331.14.2 ? ".to_owned(), String::new()));
}

#[test]
fn every_system_of_level_5_is_marked_as_critical_to_national_security() {
    let book = book();
    let set = book.set(RulesId::Nd331).expect("the set ships");
    let marks = |value: &Value| {
        let system = system(facts(value));
        assess(set, &system).marks.iter().map(|mark| (mark.rule.id.clone(), mark.sure)).collect::<Vec<_>>()
    };
    assert_eq!(marks(&over(&nothing(), &json!({"national_critical_data": true}))), [("331.16".to_owned(), true)]);
    assert_eq!(marks(&json!({})), [("331.16".to_owned(), false)]);
    assert_eq!(marks(&nothing()), []);
}
