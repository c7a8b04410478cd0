//! What follows from rows that were entered, and what a row waits for that cannot be.

use super::{Log, PaperEntry, PaperProblem, holds};
use crate::engine::effect::Effect;
use crate::engine::state::{Instance, Place};
use crate::model::record::Body;
use crate::model::{Basis, Draft, StepPath};

impl Log<'_> {
    /// Keeps the first of `effects` that leads on to the rows that are left: true where there was one. `earliest` is the
    /// first of those inside a container.
    pub(super) fn pass<'r>(
        &mut self,
        effects: Vec<Effect>,
        earliest: impl Fn(&StepPath) -> Option<&'r PaperEntry>,
    ) -> bool {
        for effect in effects {
            let Effect::Record(mut drafts) = effect else { continue };
            if !drafts.iter().all(|draft| self.leads_on(draft, &drafts, &earliest)) {
                continue;
            }
            for draft in &mut drafts {
                self.date(draft, &earliest);
            }
            return drafts.into_iter().all(|draft| self.keep(draft).is_ok());
        }
        false
    }

    /// Keeps the end of a container, or of a round, in which all is over: true where there was one.
    pub(super) fn close(&mut self, effects: Vec<Effect>) -> bool {
        for effect in effects {
            let Effect::Record(mut drafts) = effect else { continue };
            let inside = |path: &StepPath| self.entered.iter().any(|(step, ..)| holds(path, step));
            let ends = |draft: &Draft| match &draft.body {
                Body::StepEnded(ended) => {
                    let open = self.state.instance(&ended.step).filter(|instance| instance.open());
                    open.is_some_and(|open| self.state.node(open.node).step.action.is_container())
                        && inside(&ended.step)
                }
                Body::Marked(_) => true,
                _ => false,
            };
            if drafts.is_empty() || !drafts.iter().all(ends) {
                continue;
            }
            for draft in &mut drafts {
                self.date(draft, &|_: &StepPath| None);
            }
            return drafts.into_iter().all(|draft| self.keep(draft).is_ok());
        }
        false
    }

    /// Whether a record of the loop's may be written with the rows: nothing that asks, that ends what somebody is at, or
    /// that passes over what has a row.
    fn leads_on<'r>(
        &self,
        draft: &Draft,
        batch: &[Draft],
        earliest: &impl Fn(&StepPath) -> Option<&'r PaperEntry>,
    ) -> bool {
        match &draft.body {
            Body::StepStarted(started) => {
                let ends = |draft: &Draft| matches!(&draft.body, Body::StepEnded(end) if end.step == started.step);
                batch.iter().any(ends) || earliest(&started.step).is_some()
            }
            Body::StepEnded(ended) => {
                let open = self.state.instance(&ended.step).filter(|instance| instance.open());
                let container = |instance: &Instance| self.state.node(instance.node).step.action.is_container();
                open.is_none_or(container) && earliest(&ended.step).is_none()
            }
            Body::Noted(_) | Body::NoticePrepared(_) | Body::Marked(_) => true,
            _ => false,
        }
    }

    /// Gives a container's record the time of the rows inside it.
    fn date<'r>(&self, draft: &mut Draft, earliest: &impl Fn(&StepPath) -> Option<&'r PaperEntry>) {
        let last = |path: &StepPath| {
            let inside = self.entered.iter().filter(|(step, ..)| holds(path, step));
            inside.max_by_key(|(_, ended, _)| ended.instant).map(|(_, ended, because)| (*ended, *because))
        };
        let dated = match &mut draft.body {
            Body::StepStarted(started) => earliest(&started.step).map(|row| {
                started.because = Some(row.because);
                row.began
            }),
            Body::StepEnded(ended) => last(&ended.step).map(|(when, because)| {
                ended.because = Some(because);
                when
            }),
            Body::Marked(marked) => marked.step.as_ref().and_then(last).map(|(when, because)| {
                marked.because = Some(because);
                when
            }),
            _ => None,
        };
        if dated.is_some() {
            draft.occurred = dated;
            draft.basis = Basis::Paper;
        }
    }

    /// What a row that cannot be entered yet waits for.
    pub(super) fn waits(&self, row: &PaperEntry) -> PaperProblem {
        if row.tells() {
            return PaperProblem::NotAsked;
        }
        // The list that is not come to the row's step, from the outside in.
        let text = row.step.as_str();
        let mut ends: Vec<usize> = text.match_indices('/').map(|(at, _)| at).collect();
        ends.push(text.len());
        for end in ends {
            let Ok(path) = text[..end].parse::<StepPath>() else { continue };
            let list = path.as_str().rsplit_once('/').and_then(|(list, _)| list.parse::<StepPath>().ok());
            let block = self.state.block(list.as_ref());
            let Some(Place::Step(node) | Place::Round(node, _)) = self.state.tree.locate(path.as_str()) else {
                continue;
            };
            let place = self.state.node(node).index;
            if self.state.instance(&path).is_some_and(Instance::open) {
                continue;
            }
            if block.failed {
                return PaperProblem::AfterFailure;
            }
            if let Some((origin, target)) = &block.goto
                && place < *target
                && block.cursor <= place
            {
                return PaperProblem::PassedOver(origin.clone());
            }
            let siblings = match self.state.node(node).parent {
                None => &self.state.tree.roots,
                Some(parent) => &self.state.tree.nodes[parent].blocks[self.state.node(node).block],
            };
            let before = siblings.get(block.cursor).filter(|_| block.cursor < place);
            return PaperProblem::NotYet(before.map(|before| {
                let id = &self.state.node(*before).step.id;
                list.as_ref().map_or_else(|| StepPath::root(id), |list| list.child(id))
            }));
        }
        PaperProblem::NotYet(None)
    }
}
