//! Where the boxes of a graph stand: in layers from left to right, who needs left of who is needed.

use super::graph::Graph;

/// The width of a box.
pub(super) const WIDTH: f64 = 250.0;
/// The height of a box.
pub(super) const HEIGHT: f64 = 68.0;
/// Between one layer and the next.
const BESIDE: f64 = 110.0;
/// Between one box and the next of a layer.
const BELOW: f64 = 18.0;
/// What an edge takes that passes through a layer.
const PASSING: f64 = 14.0;
/// How often the layers are put into order.
const SWEEPS: usize = 12;

/// A graph with its places.
#[derive(Debug)]
pub(super) struct Layout {
    /// The left upper corner of each system.
    pub(super) boxes: Vec<(f64, f64)>,
    /// For each edge the points that it runs through between its ends.
    pub(super) ways: Vec<Vec<(f64, f64)>>,
    /// The whole width and height.
    pub(super) size: (f64, f64),
}

/// What stands in a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    System(usize),
    /// An edge on its way, and in which layer.
    Passing(usize, usize),
}

pub(super) fn layout(graph: &Graph) -> Layout {
    let layers_of = layers(graph);
    let tied: Vec<bool> = {
        let mut tied = vec![false; graph.nodes.len()];
        for (from, to) in &graph.edges {
            tied[*from] = true;
            tied[*to] = true;
        }
        tied
    };
    let depth = layers_of.iter().copied().max().map_or(0, |most| most + 1);
    let mut layers: Vec<Vec<Slot>> = vec![Vec::new(); depth];
    for (at, layer) in layers_of.iter().enumerate().filter(|(at, _)| tied[*at]) {
        layers[*layer].push(Slot::System(at));
    }
    for (number, (from, to)) in graph.edges.iter().enumerate() {
        for (between, layer) in layers.iter_mut().enumerate() {
            if between > layers_of[*from] && between < layers_of[*to] {
                layer.push(Slot::Passing(number, between));
            }
        }
    }
    layers.retain(|layer| !layer.is_empty());
    order(graph, &layers_of, &mut layers);
    let tallest = layers.iter().map(|layer| height(layer)).fold(0.0, f64::max);
    let mut boxes = vec![(0.0, 0.0); graph.nodes.len()];
    let mut ways = vec![Vec::new(); graph.edges.len()];
    let mut x = 0.0;
    for layer in &layers {
        let mut y = (tallest - height(layer)) / 2.0;
        for slot in layer {
            match slot {
                Slot::System(at) => {
                    boxes[*at] = (x, y);
                    y += HEIGHT + BELOW;
                }
                Slot::Passing(edge, _) => {
                    ways[*edge].push((x, y + PASSING / 2.0));
                    ways[*edge].push((x + WIDTH, y + PASSING / 2.0));
                    y += PASSING + BELOW;
                }
            }
        }
        x += WIDTH + BESIDE;
    }
    let width = (x - BESIDE).max(0.0);
    // What nothing ties to anything stands below, in rows.
    let columns = (((width + BESIDE) / (WIDTH + BELOW)).floor()).max(3.0);
    let mut place = 0.0;
    let top = if layers.is_empty() { 0.0 } else { tallest + 2.0 * BELOW };
    let mut lowest: f64 = tallest;
    let mut widest = width;
    for (at, _) in tied.iter().enumerate().filter(|(_, tied)| !**tied) {
        let (column, row) = (place % columns, f64::floor(place / columns));
        boxes[at] = (column * (WIDTH + BELOW), top + row * (HEIGHT + BELOW));
        lowest = lowest.max(boxes[at].1 + HEIGHT);
        widest = widest.max(boxes[at].0 + WIDTH);
        place += 1.0;
    }
    Layout { boxes, ways, size: (widest, lowest) }
}

fn height(layer: &[Slot]) -> f64 {
    let of = |slot: &Slot| match slot {
        Slot::System(_) => HEIGHT + BELOW,
        Slot::Passing(..) => PASSING + BELOW,
    };
    layer.iter().map(of).sum::<f64>() - BELOW
}

/// The layer of each system: one behind the last of those that need it. Systems of a cycle share one.
fn layers(graph: &Graph) -> Vec<usize> {
    let count = graph.nodes.len();
    // Each cycle counts as one.
    let mut group: Vec<usize> = (0..count).collect();
    for cycle in &graph.cycles {
        for at in cycle {
            group[*at] = cycle[0];
        }
    }
    let edges: Vec<(usize, usize)> =
        graph.edges.iter().map(|(from, to)| (group[*from], group[*to])).filter(|(from, to)| from != to).collect();
    let mut waiting = vec![0_usize; count];
    let mut out = vec![Vec::new(); count];
    for (from, to) in &edges {
        waiting[*to] += 1;
        out[*from].push(*to);
    }
    let mut layer = vec![0; count];
    let mut ready: Vec<usize> = (0..count).filter(|at| group[*at] == *at && waiting[*at] == 0).collect();
    while let Some(at) = ready.pop() {
        for to in &out[at] {
            layer[*to] = layer[*to].max(layer[at] + 1);
            waiting[*to] -= 1;
            if waiting[*to] == 0 {
                ready.push(*to);
            }
        }
    }
    (0..count).map(|at| layer[group[at]]).collect()
}

/// Puts each layer into the order of the middle of its neighbours, forwards and backwards, so that edges cross less.
fn order(graph: &Graph, layer_of: &[usize], layers: &mut [Vec<Slot>]) {
    let mut system_at = vec![0.0; graph.nodes.len()];
    let mut passing_at = vec![Vec::<(usize, f64)>::new(); graph.edges.len()];
    let note = |layer: &[Slot], system_at: &mut Vec<f64>, passing_at: &mut Vec<Vec<(usize, f64)>>| {
        let mut y = 0.0;
        for slot in layer {
            match slot {
                Slot::System(at) => system_at[*at] = y,
                Slot::Passing(edge, depth) => {
                    passing_at[*edge].retain(|(other, _)| other != depth);
                    passing_at[*edge].push((*depth, y));
                }
            }
            y += 1.0;
        }
    };
    for layer in layers.iter() {
        note(layer, &mut system_at, &mut passing_at);
    }
    let edges_of: Vec<Vec<usize>> = {
        let mut of = vec![Vec::new(); graph.nodes.len()];
        for (number, (from, to)) in graph.edges.iter().enumerate() {
            of[*from].push(number);
            of[*to].push(number);
        }
        of
    };
    for sweep in 0..SWEEPS {
        let forwards = sweep % 2 == 0;
        let step = if forwards { -1 } else { 1 };
        let numbers: Vec<usize> =
            if forwards { (0..layers.len()).collect() } else { (0..layers.len()).rev().collect() };
        for number in numbers {
            let middle = |slot: &Slot| -> Option<f64> {
                // The neighbours of a slot on the side that was ordered before.
                let next = |edge: usize, depth: usize| -> Option<f64> {
                    let wanted = depth.checked_add_signed(step)?;
                    let (from, to) = graph.edges[edge];
                    if layer_of[from] == wanted && layer_of[from] != depth {
                        Some(system_at[from])
                    } else if layer_of[to] == wanted && layer_of[to] != depth {
                        Some(system_at[to])
                    } else {
                        passing_at[edge].iter().find(|(other, _)| *other == wanted).map(|(_, y)| *y)
                    }
                };
                let all: Vec<f64> = match slot {
                    Slot::System(at) => edges_of[*at].iter().filter_map(|edge| next(*edge, layer_of[*at])).collect(),
                    Slot::Passing(edge, depth) => next(*edge, *depth).into_iter().collect(),
                };
                #[expect(clippy::cast_precision_loss, reason = "a count of edges")]
                let count = all.len() as f64;
                (!all.is_empty()).then(|| all.iter().sum::<f64>() / count)
            };
            let mut with: Vec<(f64, usize, Slot)> = layers[number]
                .iter()
                .enumerate()
                .map(|(place, slot)| {
                    #[expect(clippy::cast_precision_loss, reason = "a place in a layer")]
                    let own = place as f64;
                    (middle(slot).unwrap_or(own), place, *slot)
                })
                .collect();
            with.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            layers[number] = with.into_iter().map(|(_, _, slot)| slot).collect();
            note(&layers[number], &mut system_at, &mut passing_at);
        }
    }
}
