//! A plan laid out for quick reading: every step a node with a number, every list of steps a block.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use crate::engine::plan::{Action, Plan, Rounds, Step};
use crate::model::{Digest, Id, StepPath};

/// A node's place in [`Tree::nodes`].
pub(crate) type NodeId = usize;

/// A step of the plan.
#[derive(Debug)]
pub(crate) struct Node {
    /// The step; where it is a container, without the steps inside.
    pub(crate) step: Step,
    /// The container it lies in.
    pub(crate) parent: Option<NodeId>,
    /// Which of the parent's lists it is in.
    pub(crate) block: usize,
    /// Its place in that list.
    pub(crate) index: usize,
    /// The lists inside it.
    pub(crate) blocks: Vec<Vec<NodeId>>,
    /// The kind of container.
    pub(crate) kind: Kind,
    /// How many containers it lies in.
    pub(crate) depth: usize,
    /// Its number among the steps that people count, from 1.
    pub(crate) number: Option<usize>,
    /// Ids of what lies in its scopes, one map a block, with paths from the block: steps inside a `parallel` are its
    /// siblings' siblings.
    pub(crate) names: Vec<HashMap<Id, String>>,
}

/// Kinds of steps as the walk sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It holds no steps.
    Leaf,
    /// Its steps run at the same time.
    Parallel,
    /// Rounds over a list.
    Each,
    /// Rounds until something is true.
    Repeat,
    /// Another playbook's steps.
    Call,
}

/// A plan and its layout. Shared by every copy of a run's state.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(crate) plan: Arc<Plan>,
    pub(crate) digest: Digest,
    pub(crate) nodes: Vec<Node>,
    pub(crate) roots: Vec<NodeId>,
    /// Ids of the outermost scope, with their paths.
    pub(crate) names: HashMap<Id, String>,
    lookup: HashMap<(Option<NodeId>, usize, Id), NodeId>,
    /// Steps that have an undo.
    pub(crate) undoable: bool,
    /// What would run for each step, as the plan shows it, and for its undo. Made when somebody looks.
    commands: OnceLock<HashMap<(NodeId, bool), String>>,
}

/// What a path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// An instance of a step.
    Step(NodeId),
    /// A round of a `repeat` or `each`.
    Round(NodeId, u32),
    /// The undo of a step.
    Undo(NodeId),
}

impl Tree {
    pub(crate) fn new(plan: Arc<Plan>) -> Self {
        let shared = Arc::clone(&plan);
        let mut tree = Self {
            digest: plan.digest(),
            nodes: Vec::new(),
            roots: Vec::new(),
            names: names_of(&plan.steps),
            lookup: HashMap::new(),
            undoable: false,
            commands: OnceLock::new(),
            plan,
        };
        let mut number = 0;
        tree.roots = tree.block(&shared.steps, None, 0, 0, &mut number);
        tree
    }

    fn block(
        &mut self,
        steps: &[Step],
        parent: Option<NodeId>,
        block: usize,
        depth: usize,
        number: &mut usize,
    ) -> Vec<NodeId> {
        let mut ids = Vec::with_capacity(steps.len());
        for (index, step) in steps.iter().enumerate() {
            let id = self.nodes.len();
            let container = step.action.is_container();
            if !container {
                *number += 1;
            }
            self.undoable |= step.undo.is_some();
            self.nodes.push(Node {
                step: hollow(step),
                parent,
                block,
                index,
                blocks: Vec::new(),
                kind: match &step.action {
                    Action::Parallel(_) => Kind::Parallel,
                    Action::Each(_) => Kind::Each,
                    Action::Repeat(_) => Kind::Repeat,
                    Action::Call(_) => Kind::Call,
                    _ => Kind::Leaf,
                },
                depth,
                number: (!container).then_some(*number),
                names: step.action.blocks().iter().map(|steps| names_of(steps)).collect(),
            });
            let blocks = step
                .action
                .blocks()
                .iter()
                .enumerate()
                .map(|(block, steps)| self.block(steps, Some(id), block, depth + 1, number))
                .collect();
            self.nodes[id].blocks = blocks;
            self.lookup.insert((parent, block, step.id.clone()), id);
            ids.push(id);
        }
        ids
    }

    /// What `path` names in this plan, if anything.
    pub(crate) fn locate(&self, path: &str) -> Option<Place> {
        let mut here: Option<NodeId> = None;
        let mut block = 0;
        let mut place = None;
        for part in path.split('/') {
            if let Some(Place::Step(node)) = place
                && part == "undo"
            {
                place = Some(Place::Undo(node));
                continue;
            }
            if matches!(place, Some(Place::Undo(_))) {
                return None;
            }
            let (id, round) = match part.split_once('[') {
                Some((id, rest)) => (id, Some(rest.strip_suffix(']')?.parse::<u32>().ok()?)),
                None => (part, None),
            };
            let node = *self.lookup.get(&(here, block, id.parse().ok()?))?;
            place = Some(match round {
                Some(round) => Place::Round(node, round),
                None => Place::Step(node),
            });
            here = Some(node);
            block = self.nodes[node].block_of_round(round.unwrap_or(1))?;
        }
        place
    }

    /// What would run for the step at `path`, or for its undo, as the plan shows it.
    pub(crate) fn command(&self, path: &StepPath, undo: bool) -> Option<&str> {
        let commands = self.commands.get_or_init(|| {
            let shown = self.plan.commands().into_iter();
            shown
                .filter_map(|shown| match self.locate(shown.path.as_str())? {
                    Place::Step(node) => Some(((node, false), shown.command)),
                    Place::Undo(node) => Some(((node, true), shown.command)),
                    Place::Round(..) => None,
                })
                .collect()
        });
        let Some(Place::Step(node)) = self.locate(path.as_str()) else { return None };
        commands.get(&(node, undo)).map(String::as_str)
    }

    /// The list of steps with which a container (or the run) goes on in a round.
    pub(crate) fn steps_of(&self, container: Option<NodeId>, round: u32) -> &[NodeId] {
        match container {
            None => &self.roots,
            Some(node) => {
                let node = &self.nodes[node];
                node.block_of_round(round).and_then(|block| node.blocks.get(block)).map_or(&[], Vec::as_slice)
            }
        }
    }
}

impl Node {
    /// Which list of steps round `round` (from 1) has; nothing where there is no such round.
    pub(crate) fn block_of_round(&self, round: u32) -> Option<usize> {
        match (&self.kind, &self.step.action) {
            (Kind::Each, Action::Each(each)) if matches!(each.rounds, Rounds::Known(_)) => {
                usize::try_from(round).ok()?.checked_sub(1).filter(|block| *block < self.blocks.len().max(1))
            }
            _ => Some(0),
        }
    }

    /// How many rounds an `each` over a known list has.
    pub(crate) fn known_rounds(&self) -> Option<u32> {
        match &self.step.action {
            Action::Each(each) => match &each.rounds {
                Rounds::Known(rounds) => u32::try_from(rounds.len()).ok(),
                Rounds::Open { .. } => None,
            },
            _ => None,
        }
    }

    /// Whether its rounds have brackets in paths.
    pub(crate) fn has_rounds(&self) -> bool {
        matches!(self.kind, Kind::Each | Kind::Repeat)
    }
}

/// The path of round `round` of a container, or of the container itself where it has no rounds.
pub(crate) fn inside(node: &Node, path: &StepPath, round: u32) -> StepPath {
    if node.has_rounds() { path.round(round) } else { path.clone() }
}

/// A step without the steps inside it.
fn hollow(step: &Step) -> Step {
    let mut action = match &step.action {
        Action::Parallel(_) => Action::Parallel(Vec::new()),
        other => other.clone(),
    };
    match &mut action {
        Action::Each(each) => match &mut each.rounds {
            Rounds::Known(rounds) => rounds.iter_mut().for_each(|round| round.steps.clear()),
            Rounds::Open { steps, .. } => steps.clear(),
        },
        Action::Repeat(repeat) => repeat.steps.clear(),
        Action::Call(call) => call.steps.clear(),
        _ => {}
    }
    step.with(action, step.undo.clone())
}

/// Every id that a scope has: its own steps and those inside its `parallel`s.
fn names_of(steps: &[Step]) -> HashMap<Id, String> {
    fn collect(steps: &[Step], prefix: &str, names: &mut BTreeMap<Id, String>) {
        for step in steps {
            let path = format!("{prefix}{}", step.id);
            if let Action::Parallel(inner) = &step.action {
                collect(inner, &format!("{path}/"), names);
            }
            names.insert(step.id.clone(), path);
        }
    }
    let mut names = BTreeMap::new();
    collect(steps, "", &mut names);
    names.into_iter().collect()
}
