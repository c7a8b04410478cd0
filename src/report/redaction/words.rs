//! What is left out among the words of a text.

use std::ops::Range;

use aho_corasick::AhoCorasick;

use super::fold::{Folded, Syntax};
use super::scan::{self, Found};
use super::{Counts, Redactor};
use crate::policy::redaction::Class;

impl Redactor {
    /// `text`, as `syntax` writes it, without what is left out. What stays stays as it was written.
    pub(super) fn written(&self, text: &str, syntax: Syntax, counts: &mut Counts) -> String {
        let folded = Folded::of(text, syntax);
        let found = self.found(&folded, text);
        if found.is_empty() {
            return text.to_owned();
        }
        let gone = self.gone();
        let mut cleaned = String::with_capacity(text.len());
        let mut done = 0;
        for (at, class) in found {
            counts.add(class);
            let at = folded.origin(at);
            cleaned.push_str(&text[done..at.start.max(done)]);
            cleaned.push_str(&gone);
            done = at.end.max(done);
        }
        cleaned.push_str(&text[done..]);
        // The words stand in brackets already.
        cleaned.replace(&format!("({gone})"), &gone)
    }

    /// What is left out of a folded text, in order; nothing overlaps.
    fn found(&self, folded: &Folded, source: &str) -> Vec<(Range<usize>, Class)> {
        let text = folded.text.as_str();
        let mut found = self.known_in(folded, source);
        found.extend(scan::forms(folded, source, &self.endings));
        found.retain(|found| self.leaves_out(found.class) && !found.at.is_empty());
        found.sort_by_key(|found| (found.at.start, std::cmp::Reverse(found.at.end), found.class));
        let found = joined(found);
        let starts: Vec<usize> = found.iter().map(|found| found.at.start).chain([text.len()]).collect();
        let mut floor = 0;
        let reached = found.into_iter().enumerate().map(|(index, found)| {
            let at = if found.reaches { scan::whole(text, found.at, floor, starts[index + 1]) } else { found.at };
            floor = at.end;
            Found { at, ..found }
        });
        joined(reached.collect()).into_iter().map(|found| (found.at, found.class)).collect()
    }

    /// What stood in the inventory or in the log.
    fn known_in(&self, folded: &Folded, source: &str) -> Vec<Found> {
        let text = folded.text.as_str();
        let made = || Some((AhoCorasick::new(self.known.keys()).ok()?, self.known.values().copied().collect()));
        let mut found = Vec::new();
        let Some((finder, classes)) = self.finder.get_or_init(made) else { return found };
        for hit in finder.find_overlapping_iter(text) {
            let (at, class) = (hit.range(), classes[hit.pattern().as_usize()]);
            match class {
                Class::Machines if scan::between_words(text, &at) && !scan::is_digest(text, &at) => {
                    let start = scan::prefix(text, at.start);
                    let end = scan::suffix(text, at.end, folded, source);
                    found.push(Found { at: start..end, class, reaches: true });
                }
                Class::People if scan::between_words(text, &at) => {
                    // One word by itself is a name where it is written as one.
                    let written = &source[folded.origin(at.clone())];
                    if text[at.clone()].contains(' ') || written.starts_with(char::is_uppercase) {
                        found.push(Found { at, class, reaches: false });
                    }
                }
                Class::Machines | Class::People => {}
                _ => found.push(Found { at, class, reaches: false }),
            }
        }
        found
    }
}

/// What overlaps is one: of the kind of what begins first.
fn joined(found: Vec<Found>) -> Vec<Found> {
    let mut joined: Vec<Found> = Vec::with_capacity(found.len());
    for next in found {
        match joined.last_mut() {
            Some(last) if next.at.start < last.at.end => {
                if next.at.end > last.at.end {
                    last.at.end = next.at.end;
                    last.reaches = next.reaches;
                }
            }
            _ => joined.push(next),
        }
    }
    joined
}

/// A name without scheme, user, port and path.
pub(super) fn bare(text: &str) -> &str {
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    let text = text.split('/').next().unwrap_or_default();
    let text = text.rsplit_once('@').map_or(text, |(_, host)| host);
    match text.split_once(':') {
        Some((host, port)) if port.chars().all(|c| c.is_ascii_digit()) => host,
        _ => text,
    }
}
