//! The moments that clocks and duties hang on, as people and the engine set them.

use super::parts::Edge;
use crate::model::{Actor, Basis, Mark, StepPath};

/// One setting of a mark.
#[derive(Clone, Debug, PartialEq)]
pub struct Marking {
    /// In which record.
    pub seq: u64,
    /// Which mark.
    pub mark: Mark,
    /// When it happened.
    pub edge: Edge,
    /// The step whose end set it.
    pub step: Option<StepPath>,
    /// Who says so.
    pub actor: Actor,
    /// Where it is known from.
    pub basis: Basis,
}

/// Every setting of a mark; the first in the course of events counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Marks(Vec<Marking>);

impl Marks {
    pub(super) fn set(&mut self, marking: Marking) {
        self.0.push(marking);
    }

    /// The first setting of `mark` in the course of events; of two at one moment the one that was written first.
    #[must_use]
    pub fn first(&self, mark: Mark) -> Option<&Marking> {
        let settings = self.0.iter().filter(|marking| marking.mark == mark);
        settings.reduce(|first, next| if next.edge.before(&first.edge) { next } else { first })
    }

    /// The first setting of each mark.
    pub fn firsts(&self) -> impl Iterator<Item = &Marking> {
        Mark::WORDS.iter().filter_map(|(_, mark)| self.first(*mark))
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Marking> {
        self.0.iter_mut()
    }
}
