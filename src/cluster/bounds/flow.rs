//! n x p rows, k centroids and bounds on the sizes -> the cheapest assignment within the bounds.
//!
//! The assignment step of Bradley, Bennett and Demiriz (Constrained k-means clustering, Microsoft
//! Research MSR-TR-2000-65, 2000), a minimum-cost flow from rows over clusters to a sink, solved
//! exactly by successive shortest paths with potentials (Ahuja, Magnanti and Orlin, Network Flows,
//! 1993, section 9.7). Since a path through a row is a path between clusters, the graph has one
//! node a cluster and one for the sink: the arc from a to b costs what the row of a that is
//! cheapest to move to b costs more there.
//!
//! A potential is a price that a cluster pays each row. Whatever the prices, rows that go where cost
//! less price is least are a cheapest flow of the sizes this gives, so that any prices are a valid
//! start, and good ones leave few customers to move: they are found on a sample of the rows first,
//! and kept from one iteration of k-means to the next. Of equal rows the first moves.

use rayon::prelude::*;

use super::moves::{Arc, Costs, Move};
use super::params::Sizes;
use crate::cluster::kernel::{Packed, Points, map_blocks};

/// Prices are found on one row in so many first, and so on.
const SAMPLED: usize = 8;
/// Rows, and rows a cluster, below which no sample is taken.
const SAMPLE_FROM: usize = 32_768;
const SAMPLE_ROWS: usize = 512;

struct Flow<'a> {
    costs: Costs<'a>,
    sizes: Sizes,
    k: usize,
    labels: Vec<u32>,
    members: Vec<Vec<u32>>,
    /// Where each row stands among the members of its cluster.
    places: Vec<u32>,
    /// From cluster to cluster, k x k.
    arcs: Vec<Arc>,
    /// The cheapest move of each arc.
    cheapest: Vec<Option<Move>>,
    /// k prices, and that of the sink.
    prices: Vec<f64>,
    /// What leaves each cluster for the sink, within the bounds from the outset.
    leaving: Vec<usize>,
}

/// Prices to begin with: those of a sample, none (k zeros) for few rows.
pub(super) fn prices(points: Points, centroids: &[f64], sizes: Sizes) -> Vec<f64> {
    let k = centroids.len() / points.p;
    if points.n < SAMPLE_FROM.max(SAMPLED * SAMPLE_ROWS * k) {
        return vec![0.0; k];
    }
    let rows: Vec<usize> = (0..points.n).step_by(SAMPLED).collect();
    let (values, weights) = (points.gather(&rows), points.gather_weights(&rows));
    let sample = Points::new(&values, points.p).weighted(weights.as_deref());
    let sizes = sizes.of_sample(sample.n, points.n);
    let mut found = prices(sample, centroids, sizes);
    assign(sample, centroids, sizes, &mut found);
    found
}

/// The cheapest assignment to `centroids` (k x p values) whose sizes are within `sizes`; beginning
/// at `prices` (k), which become its own. None where no assignment is.
pub(super) fn assign(
    points: Points,
    centroids: &[f64],
    sizes: Sizes,
    prices: &mut Vec<f64>,
) -> Option<Vec<u32>> {
    let k = centroids.len() / points.p;
    let labels = cheapest(points, centroids, prices);
    let mut members = vec![Vec::new(); k];
    let mut places = Vec::with_capacity(labels.len());
    for (row, &label) in labels.iter().enumerate() {
        places.push(members[label as usize].len() as u32);
        members[label as usize].push(row as u32);
    }
    // Only at price 0 may a size be between the bounds.
    let leaving: Vec<usize> = (members.iter().zip(&*prices))
        .map(|(members, &price)| match () {
            () if price > 0.0 => sizes.lowest,
            () if price < 0.0 => sizes.highest,
            () => members.len().clamp(sizes.lowest, sizes.highest),
        })
        .collect();
    let arriving: usize = leaving.iter().sum();
    if arriving == points.n && members.iter().map(Vec::len).eq(leaving.iter().copied()) {
        return Some(labels);
    }
    let costs = Costs::new(points, centroids);
    let arcs: Vec<Vec<Arc>> =
        (0..k).into_par_iter().map(|from| costs.arcs(&members[from], from)).collect();
    let mut flow = Flow {
        costs,
        sizes,
        k,
        labels,
        members,
        places,
        arcs: arcs.into_iter().flatten().collect(),
        cheapest: vec![None; k * k],
        prices: prices.iter().copied().chain([0.0]).collect(),
        leaving,
    };
    (0..k).for_each(|from| flow.refresh(from));
    while let Some(path) = flow.shortest_path() {
        flow.send(&path);
    }
    let counts: Vec<usize> = flow.members.iter().map(Vec::len).collect();
    let of_sink = flow.prices[k];
    *prices = flow.prices[..k].iter().map(|price| price - of_sink).collect();
    sizes.hold(&counts).then_some(flow.labels)
}

/// Where each row costs least less the price, the lowest of equals.
fn cheapest(points: Points, centroids: &[f64], prices: &[f64]) -> Vec<u32> {
    let packed = Packed::new(centroids, points.p);
    let labels = map_blocks(points.n, |range| {
        let mut buffer = packed.buffer();
        let mut labels = Vec::with_capacity(range.len());
        for row in range {
            packed.distances(points.row(row), &mut buffer);
            let weight = points.weight(row);
            let mut best = (f64::INFINITY, 0);
            for (cluster, (&squared, price)) in buffer.iter().zip(prices).enumerate() {
                let cost = weight * squared - price;
                best = if cost < best.0 { (cost, cluster as u32) } else { best };
            }
            labels.push(best.1);
        }
        labels
    });
    labels.concat()
}

impl Flow<'_> {
    /// The cheapest moves out of a cluster, whose rows may have gone or come.
    fn refresh(&mut self, from: usize) {
        for to in (0..self.k).filter(|&to| to != from) {
            let (arc, labels) = (&mut self.arcs[from * self.k + to], &self.labels);
            let there = |row: u32| labels[row as usize] as usize == from;
            let mut cheapest = arc.cheapest(there);
            if cheapest.is_none() && arc.more() && !self.members[from].is_empty() {
                *arc = self.costs.arc(&self.members[from], from, to);
                cheapest = arc.cheapest(there);
            }
            self.cheapest[from * self.k + to] = cheapest;
        }
    }

    /// Moves `row`, and with it the arcs that it stands on.
    fn relabel(&mut self, row: u32, from: usize, to: usize) {
        self.labels[row as usize] = to as u32;
        let place = self.places[row as usize] as usize;
        self.members[from].swap_remove(place);
        if let Some(&filler) = self.members[from].get(place) {
            self.places[filler as usize] = place as u32;
        }
        self.places[row as usize] = self.members[to].len() as u32;
        self.members[to].push(row);
        for other in (0..self.k).filter(|&other| other != to) {
            let step = self.costs.step(row, to, other);
            self.arcs[to * self.k + other].add(step);
        }
    }

    /// What the arc of the residual graph costs, prices not counted; none where there is none.
    fn length(&self, from: usize, to: usize) -> Option<f64> {
        let sink = self.k;
        match (from == sink, to == sink) {
            (false, false) => self.cheapest[from * self.k + to].map(|first| first.cost),
            (false, true) => (self.leaving[from] < self.sizes.highest).then_some(0.0),
            (true, _) => (self.leaving[to] > self.sizes.lowest).then_some(0.0),
        }
    }

    /// Nodes with one too many and with one missing: what comes less what leaves.
    fn surplus(&self) -> Vec<isize> {
        let arriving: usize = self.leaving.iter().sum();
        let clusters = self.members.iter().zip(&self.leaving);
        clusters
            .map(|(members, &leaving)| members.len() as isize - leaving as isize)
            .chain([arriving as isize - self.labels.len() as isize])
            .collect()
    }

    /// The cheapest path from where there is one too many to where one is missing, as nodes with
    /// the sink as k, by Dijkstra's search; none when nothing is missing. Prices rise by what was
    /// travelled, so that no arc costs less than nothing.
    fn shortest_path(&mut self) -> Option<Vec<usize>> {
        let nodes = self.k + 1;
        let surplus = self.surplus();
        let mut travelled: Vec<f64> =
            surplus.iter().map(|&one| if one > 0 { 0.0 } else { f64::INFINITY }).collect();
        let mut before = vec![usize::MAX; nodes];
        let mut done = vec![false; nodes];
        let end = loop {
            let open = (0..nodes).filter(|&node| !done[node] && travelled[node] < f64::INFINITY);
            let node = open.reduce(
                |best, node| {
                    if travelled[node] < travelled[best] { node } else { best }
                },
            )?;
            done[node] = true;
            if surplus[node] < 0 {
                break node;
            }
            for to in (0..nodes).filter(|&to| to != node) {
                if done[to] {
                    continue;
                }
                let Some(cost) = self.length(node, to) else { continue };
                // Below 0 by rounding alone.
                let step = (cost + self.prices[node] - self.prices[to]).max(0.0);
                let there = travelled[node] + step;
                if there < travelled[to] {
                    (travelled[to], before[to]) = (there, node);
                }
            }
        };
        let farthest = travelled[end];
        for (price, travelled) in self.prices.iter_mut().zip(&travelled) {
            *price += travelled.min(farthest);
        }
        let mut path = vec![end];
        let mut node = end;
        while before[node] != usize::MAX {
            node = before[node];
            path.push(node);
        }
        path.reverse();
        Some(path)
    }

    /// Sends one customer along `path`.
    fn send(&mut self, path: &[usize]) {
        let sink = self.k;
        // The rows are those that the path was measured by, whatever moves meanwhile.
        let mut moves = Vec::with_capacity(path.len());
        for pair in path.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            if to == sink {
                self.leaving[from] += 1;
            } else if from == sink {
                self.leaving[to] -= 1;
            } else {
                moves.extend(self.cheapest[from * self.k + to].map(|first| (first.row, from, to)));
            }
        }
        for (row, from, to) in moves {
            self.relabel(row, from, to);
        }
        for &node in path.iter().filter(|&&node| node != sink) {
            self.refresh(node);
        }
    }
}

#[cfg(test)]
#[path = "flow_tests.rs"]
mod tests;
