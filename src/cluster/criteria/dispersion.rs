//! n x p rows and a labelling -> by cluster: weight, mean, and how far its members are from it.
//!
//! Taken from the rows and labels alone, not from a model's centres: figures of a mixture and of
//! k-means that stopped short are comparable.

use super::Labelling;
use crate::cluster::kernel::{Points, map_blocks, squared_distance};

/// How the members of each cluster lie around their mean.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Dispersion {
    /// k sums of weights.
    pub sizes: Vec<f64>,
    /// k x p means; 0 for a cluster without a member.
    pub means: Vec<f64>,
    /// k sums of squared distances to the mean.
    pub squares: Vec<f64>,
    /// k sums of distances to the mean.
    pub distances: Vec<f64>,
}

impl Dispersion {
    /// That of `labelling` of `points`.
    pub fn new(points: Points, labelling: Labelling) -> Self {
        let (p, k) = (points.p, labelling.k);
        let (sizes, mut means) = add(map_blocks(points.n, |range| {
            let (mut sizes, mut sums) = (vec![0.0; k], vec![0.0; k * p]);
            for (index, row) in range.clone().zip(points.rows(range)) {
                let (weight, own) = (points.weight(index), labelling.labels[index] as usize);
                sizes[own] += weight;
                for (sum, value) in sums[own * p..(own + 1) * p].iter_mut().zip(row) {
                    *sum += weight * value;
                }
            }
            (sizes, sums)
        }));
        for (mean, &size) in means.chunks_exact_mut(p).zip(&sizes).filter(|(_, size)| **size > 0.0)
        {
            mean.iter_mut().for_each(|value| *value /= size);
        }
        let (squares, distances) = add(map_blocks(points.n, |range| {
            let (mut squares, mut distances) = (vec![0.0; k], vec![0.0; k]);
            for (index, row) in range.clone().zip(points.rows(range)) {
                let (weight, own) = (points.weight(index), labelling.labels[index] as usize);
                let squared = squared_distance(row, &means[own * p..(own + 1) * p]);
                squares[own] += weight * squared;
                distances[own] += weight * squared.sqrt();
            }
            (squares, distances)
        }));
        Self { sizes, means, squares, distances }
    }

    /// Number of clusters.
    pub fn k(&self) -> usize {
        self.sizes.len()
    }

    /// Sum of squared distances of all rows to the mean of their cluster.
    pub fn within(&self) -> f64 {
        self.squares.iter().sum()
    }
}

/// Pairs of vectors added up in order.
fn add(parts: Vec<(Vec<f64>, Vec<f64>)>) -> (Vec<f64>, Vec<f64>) {
    let sum = |total: &mut Vec<f64>, part: Vec<f64>| {
        total.iter_mut().zip(part).for_each(|(total, value)| *total += value);
    };
    parts
        .into_iter()
        .reduce(|mut total, part| {
            sum(&mut total.0, part.0);
            sum(&mut total.1, part.1);
            total
        })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_clusters_by_hand() {
        // (0, 0) and (2, 0) about (1, 0); (5, 1) alone, twice by its weight.
        let values = [0.0, 0.0, 5.0, 1.0, 2.0, 0.0];
        let points = Points::new(&values, 2).weighted(Some(&[1.0, 2.0, 1.0]));
        let found = Dispersion::new(points, Labelling { labels: &[0, 1, 0], k: 2 });
        assert_eq!(found.sizes, [2.0, 2.0]);
        assert_eq!(found.means, [1.0, 0.0, 5.0, 1.0]);
        assert_eq!(
            (found.squares.clone(), found.distances.clone()),
            (vec![2.0, 0.0], vec![2.0, 0.0])
        );
        assert_eq!((found.k(), found.within()), (2, 2.0));
    }
}
