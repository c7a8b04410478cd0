//! What people call the values that the shipped playbooks' operations and looks give, and the words that stand in them.

use crate::message::{Message, message};
use crate::model::Outcome;
use crate::report::format::labels;

/// What a value is called: one that is named often by its words, any other by its own name in quotation marks.
pub(super) fn value(name: &str) -> Message {
    match name {
        "actions" => message!("measure-name-actions"),
        "active" => message!("measure-name-active"),
        "before" => message!("measure-name-before"),
        "cut" => message!("measure-name-cut"),
        "down" => message!("measure-name-down"),
        "dropped" => message!("measure-name-dropped"),
        "exit" => message!("measure-name-exit"),
        "freed_bytes" => message!("measure-name-freed"),
        "gap_seconds" => message!("measure-name-gap"),
        "lag" => message!("measure-name-lag"),
        "left" => message!("measure-name-left"),
        "lost" => message!("measure-name-lost"),
        "proved" => message!("measure-name-proved"),
        "records" => message!("measure-name-records"),
        "refused" => message!("measure-name-refused"),
        "served" => message!("measure-name-served"),
        "state" => message!("measure-name-state"),
        "valid_days" => message!("measure-name-valid-days"),
        "wrong" => message!("measure-name-wrong"),
        other => message!("measure-name-other", name = other),
    }
}

/// A word that a value may be.
pub(super) fn word(text: &str) -> Message {
    match text {
        "ok" => message!("measure-word-ok"),
        "yes" => message!("measure-yes"),
        "no" => message!("measure-no"),
        "none" => message!("measure-word-none"),
        other => message!("measure-word-other", text = other),
    }
}

/// True or false.
pub(super) fn truth(truth: bool) -> Message {
    if truth { message!("measure-yes") } else { message!("measure-no") }
}

/// What became of a step; nothing where `word` is no outcome.
pub(super) fn outcome(word: &str) -> Option<Message> {
    let all = [Outcome::Done, Outcome::Failed, Outcome::Skipped, Outcome::Unknown, Outcome::Abandoned];
    all.into_iter().find(|outcome| outcome.word() == word).map(labels::outcome)
}
