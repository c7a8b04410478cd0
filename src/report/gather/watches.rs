//! What the watches saw, without a second counted as up that nobody looked at.

use std::time::Duration;

use super::{Gatherer, both};
use crate::message::message;
use crate::model::record::WatchState;
use crate::model::{Body, Id, Stamp, Text};
use crate::playbook::Watch;
use crate::report::{WatchRow, WatchSpan};

/// A time in which a watch saw one thing, in microseconds.
type Span = (i64, i64, WatchState);

impl Gatherer<'_> {
    pub(super) fn watches(&self) -> Vec<WatchRow> {
        let rows = self.view.watches.iter().map(|watch| {
            let planned = self.planned_watch(&watch.id);
            let changes: Vec<(i64, WatchState)> =
                watch.changes.iter().map(|(at, state)| (at.instant.as_microsecond(), *state)).collect();
            let began = self.view.began.instant.as_microsecond();
            let end = self.view.ended.unwrap_or_else(|| self.end().stamp).instant.as_microsecond();
            let spans = observed(began, end, &changes, &self.gaps());
            // Begun seconds count as unobserved, whole ones as up or down.
            let seconds = |state| {
                let micros: i64 = spans.iter().filter(|span| span.2 == state).map(|span| span.1 - span.0).sum();
                let micros = if state == WatchState::Unobserved { micros + 999_999 } else { micros };
                u64::try_from(micros / 1_000_000).unwrap_or(0)
            };
            let (mut up, mut unobserved) = (seconds(WatchState::Up), seconds(WatchState::Unobserved));
            // Where the samples themselves had holes, the holes are taken from what would count as up.
            let holes = self.sampled_holes(watch.id.as_str()).saturating_sub(unobserved).min(up);
            up -= holes;
            unobserved += holes;
            let stamp = |micros| at(micros, &self.view.began);
            WatchRow {
                id: watch.id.clone(),
                title: self.watch_title(&watch.id),
                look: planned.map(|planned| look(&planned.probe)).unwrap_or_default(),
                every: planned.map_or(0, |planned| planned.every.seconds()),
                up,
                down: seconds(WatchState::Down),
                unobserved,
                records: self.seqs(|body| match body {
                    Body::WatchChanged(body) => body.watch == watch.id,
                    Body::WatchSampled(body) => body.watch == watch.id,
                    _ => false,
                }),
                spans: spans
                    .iter()
                    .map(|(from, to, state)| WatchSpan { from: stamp(*from), to: stamp(*to), state: *state })
                    .collect(),
            }
        });
        rows.collect()
    }

    /// What people call a watch: its title; where it has none, what kind of look it is, with its id.
    pub(super) fn watch_title(&self, id: &Id) -> Text {
        let Some(watch) = self.planned_watch(id) else { return Text::Same(id.to_string()) };
        watch.title.clone().unwrap_or_else(|| both(&message!("report-watch-untitled", id = id.as_str())))
    }

    /// A watch of the plan that leads, or of one before it.
    fn planned_watch(&self, id: &Id) -> Option<&Watch> {
        let plans = self.facts.parts.iter().rev().map(|part| &part.plan);
        plans.flat_map(|plan| &plan.watches).find(|planned| planned.id == *id)
    }

    /// Times in which no loop was there to look.
    fn gaps(&self) -> Vec<(i64, i64)> {
        let gaps = self.records().iter().filter_map(|record| match &record.draft.body {
            Body::RunContinued(continued) => {
                let to = record.written.at;
                Some((before(&to, continued.gap?).instant.as_microsecond(), to.instant.as_microsecond()))
            }
            _ => None,
        });
        gaps.collect()
    }

    fn sampled_holes(&self, watch: &str) -> u64 {
        let holes = self.records().iter().filter_map(|record| match &record.draft.body {
            Body::WatchSampled(sampled) if sampled.watch == *watch => Some(sampled.unobserved),
            _ => None,
        });
        holes.sum()
    }
}

/// `seconds` before a moment.
pub(super) fn before(stamp: &Stamp, seconds: u64) -> Stamp {
    let micros = i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1_000_000);
    at(stamp.instant.as_microsecond().saturating_sub(micros), stamp)
}

/// The moment of these microseconds, in the offset of `near`.
fn at(micros: i64, near: &Stamp) -> Stamp {
    let apart = micros.saturating_sub(near.instant.as_microsecond());
    let time = Duration::from_micros(apart.unsigned_abs());
    let instant = if apart < 0 { near.instant.checked_sub(time) } else { near.instant.checked_add(time) };
    Stamp::new(instant.unwrap_or(near.instant), near.offset)
}

fn look(spec: &crate::probe::Spec) -> String {
    format!("{} {}", spec.word(), spec.strings().first().cloned().unwrap_or_default()).trim_end().to_owned()
}

/// What was seen from `began` to `end`: nothing before the first change, nothing in the gaps.
fn observed(began: i64, end: i64, changes: &[(i64, WatchState)], gaps: &[(i64, i64)]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut from = began;
    let mut state = WatchState::Unobserved;
    for (at, next) in changes {
        let at = (*at).clamp(from, end.max(from));
        spans.push((from, at, state));
        (from, state) = (at, *next);
    }
    spans.push((from, end.max(from), state));
    for gap in gaps {
        spans = spans.into_iter().flat_map(|span| blinded(span, *gap)).collect();
    }
    let mut merged: Vec<Span> = Vec::new();
    for span in spans.into_iter().filter(|span| span.1 > span.0) {
        match merged.last_mut() {
            Some(last) if last.2 == span.2 => last.1 = span.1,
            _ => merged.push(span),
        }
    }
    merged
}

/// A span with what lies in the gap made unobserved.
fn blinded((from, to, state): Span, (gap_from, gap_to): (i64, i64)) -> Vec<Span> {
    let (blind_from, blind_to) = (gap_from.clamp(from, to), gap_to.clamp(from, to));
    vec![(from, blind_from, state), (blind_from, blind_to, WatchState::Unobserved), (blind_to, to, state)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_is_never_counted_as_up() {
        use WatchState::{Down, Unobserved, Up};
        let changes = [(10, Up), (40, Down), (60, Up)];
        assert_eq!(
            observed(0, 100, &changes, &[(70, 80)]),
            [(0, 10, Unobserved), (10, 40, Up), (40, 60, Down), (60, 70, Up), (70, 80, Unobserved), (80, 100, Up)]
        );
        assert_eq!(observed(0, 100, &[], &[]), [(0, 100, Unobserved)]);
        assert_eq!(observed(0, 100, &[(0, Up)], &[(30, 130)]), [(0, 30, Up), (30, 100, Unobserved)]);
        assert_eq!(
            observed(0, 100, &[(20, Up), (50, Unobserved), (50, Down)], &[(45, 55)]),
            [(0, 20, Unobserved), (20, 45, Up), (45, 55, Unobserved), (55, 100, Down)]
        );
    }
}
