//! n x p rows and labellings of them -> the gap statistic of each: how much tighter its clusters
//! are than those found in the same way where there are none.
//!
//! Tibshirani, Walther and Hastie (J. R. Statist. Soc. B 63, 2001): Gap(k) = E*[ln W_k] - ln W_k,
//! with W_k the sum of squared distances to the means of the clusters (their equation (2) in
//! Euclidean distance) and the expectation over reference sets drawn uniformly over the box along
//! the principal axes (their reference (b)). Each reference set is drawn once and clustered for
//! every labelling by its method and with its restarts. The rows count once: those with weights
//! are repeated first. Choosing from the gaps is left to the rule.

use rayon::prelude::*;

use super::reference::Axes;
use super::{Dispersion, Labelling};
use crate::cluster::kernel::Points;
use crate::cluster::way::Way;
use crate::types::Seed;

/// Gap of one labelling.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Gap {
    /// Gap(k), in units of ln W.
    pub gap: f64,
    /// s_k = sd_k sqrt(1 + 1 / B).
    pub error: f64,
}

/// A labelling of the rows and how it was found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found<'a> {
    /// Method and settings.
    pub way: Way<'a>,
    /// Clusters asked for.
    pub k: usize,
    /// The labels of the rows.
    pub labelling: Labelling<'a>,
}

/// The gaps of `found` from `references` reference sets; none where W is 0 or a reference could
/// not be clustered. `step` is called after each reference set.
pub(crate) fn gaps(
    points: Points,
    found: &[Found],
    references: usize,
    seed: Seed,
    step: &(dyn Fn() + Sync),
) -> Vec<Option<Gap>> {
    let Some(axes) = Axes::new(points) else { return vec![None; found.len()] };
    let law = axes.ranges(points);
    let drawn: Vec<Vec<Option<f64>>> = (0..references)
        .into_par_iter()
        .with_max_len(1)
        .map(|index| {
            let values = axes.draw(&law, points.n, seed.derive(0, index as u64));
            let reference = Points::new(&values, points.p);
            let logarithms = found
                .iter()
                .enumerate()
                .map(|(at, found)| {
                    let seed = seed.derive(1 + at as u64, index as u64);
                    let (labels, k) = found.way.labels(reference, found.k, seed)?;
                    ln_within(reference, Labelling { labels: &labels, k })
                })
                .collect();
            step();
            logarithms
        })
        .collect();
    found
        .iter()
        .enumerate()
        .map(|(at, found)| {
            let own = ln_within(points, found.labelling)?;
            let expected: Option<Vec<f64>> = drawn.iter().map(|of| of[at]).collect();
            Some(gap(own, &expected?))
        })
        .collect()
}

/// ln W, none where W is 0.
fn ln_within(points: Points, labelling: Labelling) -> Option<f64> {
    let within = Dispersion::new(points, labelling).within();
    (within > 0.0).then(|| within.ln())
}

/// From ln W of the rows and of the reference sets: their steps 2 and 3.
fn gap(own: f64, references: &[f64]) -> Gap {
    let count = references.len() as f64;
    let mean = references.iter().sum::<f64>() / count;
    let variance = references.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count;
    Gap { gap: mean - own, error: (variance * (1.0 + 1.0 / count)).sqrt() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::Method;
    use crate::cluster::criteria::fixtures::{cube, normals, settings};

    #[test]
    fn gap_and_error_by_hand() {
        // Mean 3, deviations -1, 0, 1: variance 2/3, times 1 + 1/3.
        let found = gap(2.5, &[2.0, 3.0, 4.0]);
        assert_eq!(found.gap, 0.5);
        assert!((found.error - (2.0_f64 / 3.0 * 4.0 / 3.0).sqrt()).abs() < 1e-15);
        // Two clusters about 1 and 7, W = 4.
        let values = [0.0, 2.0, 6.0, 8.0];
        let labelling = Labelling { labels: &[0, 0, 1, 1], k: 2 };
        assert_eq!(ln_within(Points::new(&values, 1), labelling), Some(4.0_f64.ln()));
    }

    /// The gaps of k = 1 to 5 by k-means.
    fn curve(values: &[f64], p: usize) -> Vec<Gap> {
        let points = Points::new(values, p);
        let settings = settings();
        let way = Way { method: Method::Kmeans, settings: &settings };
        let labels: Vec<(Vec<u32>, usize)> =
            (1..=5).map(|k| way.labels(points, k, Seed(k as u64)).expect("k-means")).collect();
        let found: Vec<Found> = labels
            .iter()
            .zip(1..)
            .map(|((labels, k), asked)| Found {
                way,
                k: asked,
                labelling: Labelling { labels, k: *k },
            })
            .collect();
        gaps(points, &found, 20, Seed(3), &|| ()).into_iter().map(|gap| gap.expect("W")).collect()
    }

    /// Their step 3: the smallest k with Gap(k) >= Gap(k + 1) - s_(k + 1).
    fn smallest(gaps: &[Gap]) -> usize {
        let holds = |pair: &[Gap]| pair[0].gap >= pair[1].gap - pair[1].error;
        gaps.windows(2).position(holds).map_or(gaps.len(), |at| at + 1)
    }

    #[test]
    fn blobs_have_their_number_and_a_cube_has_one() {
        let (mut threes, mut ones) = (0, 0);
        for seed in 0..20 {
            // Scenario (b) of their section 5: 25, 25 and 50 rows about (0, 0), (0, 5), (5, -3).
            let mut values = normals(100, 2, seed);
            for (row, value) in values.chunks_exact_mut(2).enumerate() {
                let centre = [[0.0, 0.0], [0.0, 5.0], [5.0, -3.0], [5.0, -3.0]][row % 4];
                value.iter_mut().zip(centre).for_each(|(value, centre)| *value += centre);
            }
            threes += usize::from(smallest(&curve(&values, 2)) == 3);
            ones += usize::from(smallest(&curve(&cube(200, 5, seed), 5)) == 1);
        }
        // With reference (b) they find three in all of 50, and one in scenario (a), a cube, in 49.
        assert!(threes >= 18 && ones >= 18, "{threes} and {ones} of 20");
    }
}
