//! Did you mean.

use crate::message::{Message, message};

/// The candidate nearest to `word`, where one is near enough to be a slip of the hand.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > 200 {
        return None;
    }
    let limit = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .filter(|candidate| *candidate != word && !candidate.is_empty() && candidate.len() <= 200)
        .map(|candidate| (distance(word, candidate), candidate))
        // Words of one letter have nothing in common.
        .filter(|(distance, candidate)| *distance <= limit && *distance < candidate.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Case and `-` for `_` are no distance worth counting.
fn distance(word: &str, candidate: &str) -> usize {
    let plain = |text: &str| text.to_lowercase().replace('-', "_");
    strsim::damerau_levenshtein(&plain(word), &plain(candidate))
}

/// "did you mean …?" for the nearest candidate.
#[must_use]
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<Message> {
    nearest(word, candidates).map(|candidate| message!("source-did-you-mean", word = candidate))
}

/// "did you mean …?", or the whole list where nothing is near and the list is short enough to read.
#[must_use]
pub fn one_of_these<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<Message> {
    let all: Vec<&str> = candidates.into_iter().filter(|candidate| !candidate.is_empty()).collect();
    if let Some(message) = did_you_mean(word, all.iter().copied()) {
        return Some(message);
    }
    if all.is_empty() || all.len() > 24 { None } else { Some(message!("source-one-of", words = quoted(&all))) }
}

/// `` `a`, `b`, `c` ``.
#[must_use]
pub fn quoted(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_hand_is_seen_and_another_word_is_not() {
        assert_eq!(nearest("confrim", ["confirm", "isolate"]), Some("confirm"));
        assert_eq!(nearest("on-failure", ["on_failure", "timeout"]), Some("on_failure"));
        assert_eq!(nearest("restore", ["isolate", "confirm"]), None);
        assert_eq!(nearest("a", ["z"]), None);
        assert_eq!(nearest("A", ["a"]), Some("a"));
    }
}
