//! What holds for whatever facts: what is proved stays proved, what is not possible stays so, what is not asked decides nothing.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::{book, system};
use crate::inventory::System;
use crate::policy::levels::{Book, Fact, assess};

static BOOK: LazyLock<Book> = LazyLock::new(book);

/// Facts by the places of their answers; those whose bit is not set are left out.
fn partial(places: &[usize], known: u32) -> System {
    let mut text = "format: 1\nid: one\nname: x\nfacts:\n".to_owned();
    for (fact, place) in Fact::ALL.into_iter().zip(places) {
        if known & fact.bit() != 0 {
            text.push_str(&format!("  {}: {}\n", fact.word(), answer(fact, *place)));
        }
    }
    if known.trailing_zeros() >= 19 {
        return system(crate::inventory::facts::Facts::default());
    }
    crate::inventory::read("one.yaml", &text).unwrap_or_else(|found| panic!("{found:?}\n{text}"))
}

fn answer(fact: Fact, place: usize) -> String {
    let answers = fact.answers(&[10_000, 100_000], true);
    fact.shown(answers[place % answers.len()])
}

fn levels(book: &Book, system: &System) -> Vec<(Option<u8>, Option<u8>, Vec<Fact>)> {
    let seen = book.sets.iter().map(|set| assess(set, system));
    seen.map(|it| (it.proved, it.possible, it.questions.iter().map(|asked| asked.fact).collect())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn whatever_is_answered_later_stays_between_what_is_proved_and_what_is_possible(
        places in prop::collection::vec(0..31_usize, 19), known: u32, more: u32,
    ) {
        let before = levels(&BOOK, &partial(&places, known));
        for (less, then) in before.iter().zip(levels(&BOOK, &partial(&places, known | more))) {
            prop_assert!(less.0 <= then.0 && then.1 <= less.1);
            prop_assert!(then.0 <= then.1);
            prop_assert!(then.2.is_empty() == (then.0 == then.1), "asked exactly where something can still change");
        }
        for (less, whole) in before.iter().zip(levels(&BOOK, &partial(&places, u32::MAX))) {
            prop_assert!(whole.0 == whole.1, "nothing is open where everything is answered");
            prop_assert!(less.0 <= whole.0 && whole.0 <= less.1);
        }
    }

    #[test]
    fn a_fact_that_is_not_asked_changes_nothing_whatever_the_answer(
        places in prop::collection::vec(0..31_usize, 19), known: u32, other in 0..31_usize,
    ) {
        let before = levels(&BOOK, &partial(&places, known));
        for fact in Fact::ALL.into_iter().filter(|fact| known & fact.bit() == 0) {
            let mut answered = places.clone();
            answered[fact as usize] = other;
            for (less, then) in before.iter().zip(levels(&BOOK, &partial(&answered, known | fact.bit()))) {
                let asked = less.2.contains(&fact);
                prop_assert!(asked || (less.0, less.1) == (then.0, then.1), "{} decides and was not asked", fact.word());
            }
        }
    }
}
