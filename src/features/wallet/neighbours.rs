//! Reference customers (points of d numbers, spend) -> for any point, the spend of its k nearest
//! customers: the quantile k-nearest-neighbour model of Rosset, Perlich, Zadrozny and others
//! (KDD 2005 and 2007), searched exactly.
//!
//! All customers at the distance of the k-th count, so that a neighbourhood depends neither on
//! the order of the customers nor on chance; customers with equal points are kept together. The
//! search is by a k-d tree of bounding boxes (Bentley 1975; Friedman, Bentley and Finkel 1977),
//! which own code does because the crates break ties by their own order.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// Distinct points to a leaf at most.
const LEAF: usize = 32;

/// Customers to compare with.
#[derive(Clone, Debug)]
pub(super) struct Reference {
    d: usize,
    /// Distinct points, leaf after leaf, each leaf by columns.
    points: Vec<f64>,
    /// Where the spend of each point begins in `spend`; one more than points.
    starts: Vec<usize>,
    spend: Vec<f64>,
    nodes: Vec<Node>,
    /// By node: lowest and highest value by dimension.
    boxes: Vec<f64>,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    start: usize,
    end: usize,
    /// The two halves.
    children: Option<(usize, usize)>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Candidate {
    distance: f64,
    customers: usize,
}

impl Eq for Candidate {}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        self.distance.total_cmp(&other.distance).then(self.customers.cmp(&other.customers))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Reference {
    /// From points by rows of `d` finite numbers and the spend at each.
    pub fn new(points: &[f64], d: usize, spend: &[f64]) -> Self {
        let row = |i: usize| &points[i * d..(i + 1) * d];
        let mut order: Vec<usize> = (0..spend.len()).collect();
        order
            .sort_unstable_by(|&i, &j| compare(row(i), row(j)).then(spend[i].total_cmp(&spend[j])));
        let groups: Vec<&[usize]> =
            order.chunk_by(|&i, &j| compare(row(i), row(j)).is_eq()).collect();
        let mut result = Self {
            d,
            points: Vec::with_capacity(groups.len() * d),
            starts: vec![0],
            spend: Vec::with_capacity(spend.len()),
            nodes: Vec::new(),
            boxes: Vec::new(),
        };
        let mut places: Vec<usize> = (0..groups.len()).collect();
        let point = |place: usize| row(groups[place][0]);
        if !places.is_empty() {
            result.grow(&mut places, 0, &point);
        }
        for node in &result.nodes {
            if node.children.is_none() {
                let leaf = &places[node.start..node.end];
                for j in 0..d {
                    result.points.extend(leaf.iter().map(|&place| point(place)[j]));
                }
            }
        }
        for &place in &places {
            result.spend.extend(groups[place].iter().map(|&i| spend[i]));
            result.starts.push(result.spend.len());
        }
        result
    }

    fn grow<'a>(
        &mut self,
        places: &mut [usize],
        start: usize,
        point: &impl Fn(usize) -> &'a [f64],
    ) -> usize {
        let node = self.nodes.len();
        self.nodes.push(Node { start, end: start + places.len(), children: None });
        let (mut low, mut high) = (vec![f64::INFINITY; self.d], vec![f64::NEG_INFINITY; self.d]);
        for &place in places.iter() {
            for (j, &value) in point(place).iter().enumerate() {
                low[j] = low[j].min(value);
                high[j] = high[j].max(value);
            }
        }
        self.boxes.extend(low.iter().chain(&high));
        let width = |j: usize| high[j] - low[j];
        let widest = (0..self.d).max_by(|&i, &j| width(i).total_cmp(&width(j)).then(j.cmp(&i)));
        if let Some(j) = widest
            && places.len() > LEAF
        {
            let middle = places.len() / 2;
            places.select_nth_unstable_by(middle, |&a, &b| {
                point(a)[j].total_cmp(&point(b)[j]).then(a.cmp(&b))
            });
            let (left, right) = places.split_at_mut(middle);
            let left = self.grow(left, start, point);
            let right = self.grow(right, start + middle, point);
            self.nodes[node].children = Some((left, right));
        }
        node
    }

    /// Spend of the neighbourhoods of `point`, one for each of `sizes` (ascending, from 1 on):
    /// at least so many customers, and all who are no farther than the last of them. The largest
    /// comes from one search, the others are its beginnings: the spend by ascending distance,
    /// and the lengths.
    pub fn neighbourhoods(&self, point: &[f64], sizes: &[usize]) -> (Vec<f64>, Vec<usize>) {
        let mut found = match sizes.last() {
            Some(&most) if !self.nodes.is_empty() => self.nearest(point, most),
            _ => Vec::new(),
        };
        found.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut spend = Vec::new();
        let mut lengths = Vec::with_capacity(sizes.len());
        for tied in found.chunk_by(|a, b| a.0 == b.0) {
            for &(_, place) in tied {
                spend.extend_from_slice(&self.spend[self.starts[place]..self.starts[place + 1]]);
            }
            while sizes.get(lengths.len()).is_some_and(|&size| spend.len() >= size) {
                lengths.push(spend.len());
            }
        }
        // Fewer customers than asked for: all of them.
        lengths.resize(sizes.len(), spend.len());
        (spend, lengths)
    }

    /// Squared distance and place of every point within the distance that `size` customers need;
    /// of all points where there are fewer.
    fn nearest(&self, point: &[f64], size: usize) -> Vec<(f64, usize)> {
        // The nearest points that hold `size` customers so far; beyond the farthest of them
        // nothing counts any more.
        let mut nearest: BinaryHeap<Candidate> = BinaryHeap::new();
        let (mut customers, mut radius) = (0, f64::INFINITY);
        let mut seen: Vec<(f64, usize)> = Vec::new();
        let mut open = vec![(self.to_box(0, point), 0)];
        while let Some((distance, node)) = open.pop() {
            if distance > radius {
                continue;
            }
            let Node { start, end, children } = self.nodes[node];
            if let Some((left, right)) = children {
                let left = (self.to_box(left, point), left);
                let right = (self.to_box(right, point), right);
                // The nearer one is looked at first.
                open.extend(if left.0 <= right.0 { [right, left] } else { [left, right] });
                continue;
            }
            let distances = self.to_leaf(start, end, point);
            for (place, &distance) in (start..end).zip(&distances) {
                if distance > radius {
                    continue;
                }
                seen.push((distance, place));
                let count = self.starts[place + 1] - self.starts[place];
                nearest.push(Candidate { distance, customers: count });
                customers += count;
                while let Some(farthest) = nearest.peek()
                    && customers - farthest.customers >= size
                {
                    customers -= farthest.customers;
                    nearest.pop();
                }
                if customers >= size {
                    radius = nearest.peek().map_or(radius, |farthest| farthest.distance);
                }
            }
        }
        seen.retain(|&(distance, _)| distance <= radius);
        seen
    }

    /// Squared distances to the points of a leaf, summed dimension by dimension.
    fn to_leaf(&self, start: usize, end: usize, point: &[f64]) -> [f64; LEAF] {
        let length = end - start;
        let mut distances = [0.0; LEAF];
        let columns = self.points[start * self.d..end * self.d].chunks_exact(length.max(1));
        for (a, column) in point.iter().zip(columns) {
            for (distance, b) in distances.iter_mut().zip(column) {
                *distance += (a - b) * (a - b);
            }
        }
        distances
    }

    /// Squared distance to a node's box: summed in the order of [`Reference::to_leaf`], so that
    /// rounding cannot make it larger than that of a point within.
    fn to_box(&self, node: usize, point: &[f64]) -> f64 {
        let (low, high) = self.boxes[2 * node * self.d..2 * (node + 1) * self.d].split_at(self.d);
        point
            .iter()
            .zip(low.iter().zip(high))
            .map(|(a, (low, high))| {
                let nearest = a.max(*low).min(*high);
                (a - nearest) * (a - nearest)
            })
            .sum()
    }
}

/// Order of points of finite numbers.
pub(super) fn compare(a: &[f64], b: &[f64]) -> Ordering {
    a.iter()
        .zip(b)
        .map(|(a, b)| a.total_cmp(b))
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Seed;

    fn uniform(purpose: u64, i: usize) -> f64 {
        (Seed(7).derive(purpose, i as u64).0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// The definition, read off: sort by distance, cut at the size-th, keep ties.
    fn brute(points: &[f64], d: usize, spend: &[f64], point: &[f64], size: usize) -> Vec<f64> {
        let mut by_distance: Vec<(f64, f64)> = points
            .chunks_exact(d)
            .zip(spend)
            .map(|(other, &spend)| {
                (point.iter().zip(other).map(|(a, b)| (a - b) * (a - b)).sum(), spend)
            })
            .collect();
        by_distance.sort_by(|a, b| a.0.total_cmp(&b.0));
        let last = by_distance[size.min(by_distance.len()) - 1].0;
        let mut spend: Vec<f64> =
            by_distance.iter().take_while(|(d, _)| *d <= last).map(|&(_, spend)| spend).collect();
        spend.sort_by(f64::total_cmp);
        spend
    }

    /// Points in general position, on a coarse grid (ties and duplicates throughout), and all the
    /// same.
    #[test]
    fn exactly_as_by_brute_force() {
        for d in [1_usize, 2, 5, 9] {
            for steps in [f64::INFINITY, 3.0, 1.0] {
                let n = 600;
                let at = |i: usize| {
                    let u = uniform(d as u64, i);
                    if steps.is_finite() { (u * steps).floor() } else { u }
                };
                let points: Vec<f64> = (0..n * d).map(at).collect();
                let spend: Vec<f64> = (0..n).map(|i| uniform(99, i)).collect();
                let reference = Reference::new(&points, d, &spend);
                assert_eq!(reference.spend.len(), n);
                let sizes = [1, 7, 36, 200, 900];
                for query in 0..40 {
                    let point: Vec<f64> = (0..d).map(|j| at(n * d + query * d + j)).collect();
                    let (found, lengths) = reference.neighbourhoods(&point, &sizes);
                    for (&size, &length) in sizes.iter().zip(&lengths) {
                        let mut found = found[..length].to_vec();
                        found.sort_by(f64::total_cmp);
                        assert_eq!(
                            found,
                            brute(&points, d, &spend, &point, size),
                            "{d} {steps} {size}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn the_order_of_customers_does_not_matter() {
        let n = 300;
        let points: Vec<f64> = (0..2 * n).map(|i| (uniform(3, i) * 6.0).floor()).collect();
        let spend: Vec<f64> = (0..n).map(|i| uniform(4, i)).collect();
        let forwards = Reference::new(&points, 2, &spend);
        let turned: Vec<f64> = points.chunks_exact(2).rev().flatten().copied().collect();
        let spend: Vec<f64> = spend.into_iter().rev().collect();
        let backwards = Reference::new(&turned, 2, &spend);
        for point in [[0.0, 0.0], [2.0, 3.0], [9.0, -1.0]] {
            assert_eq!(
                forwards.neighbourhoods(&point, &[10, 40]),
                backwards.neighbourhoods(&point, &[10, 40])
            );
        }
    }

    #[test]
    fn no_customers_and_no_dimensions() {
        let none = Reference::new(&[], 2, &[]);
        assert_eq!(none.neighbourhoods(&[0.0, 0.0], &[3]), (vec![], vec![0]));
        let flat = Reference::new(&[], 0, &[5.0, 1.0, 3.0]);
        assert_eq!(flat.neighbourhoods(&[], &[2]), (vec![1.0, 3.0, 5.0], vec![3]));
    }
}
