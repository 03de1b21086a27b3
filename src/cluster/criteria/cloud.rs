//! n x p rows -> draws of as many rows from one cloud without clusters that has the skewness and
//! the correlations of the rows.
//!
//! Each feature's law is the unimodal one nearest to its empirical one: below the mode the greatest
//! convex minorant of the empirical distribution function, above it the least concave majorant,
//! with the mode of the smallest largest deviation (Hartigan and Hartigan, Annals of Statistics
//! 13, 1985). They are joined by ranks: draws of each feature are put in the order of correlated
//! normal ones (Iman and Conover, Communications in Statistics B 11, 1982), whose correlations are
//! 2 sin(π r / 6) of the rank correlations r of the rows (Pearson 1907). A feature of few distinct
//! values keeps to them, so that being discrete is not taken for being clustered.

use rand::{Rng, SeedableRng};
use rand_distr::StandardNormal;
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::cluster::kernel::Points;
use crate::math::symmetric_eigen;
use crate::types::Seed;

/// Rows a distinct value from which a feature counts as discrete.
const ROWS_A_VALUE: usize = 10;
/// Modes that are tried.
const MODES: usize = 64;

/// A cloud to draw from.
#[derive(Clone, Debug)]
pub(super) struct Cloud {
    margins: Vec<Margin>,
    /// p x p, by rows: independent normal draws to correlated ones.
    root: Vec<Vec<f64>>,
}

/// The unimodal law of one feature.
#[derive(Clone, Debug, PartialEq)]
struct Margin {
    /// Distribution function: points (value, probability), neither decreasing, straight between.
    knots: Vec<(f64, f64)>,
    /// The values it keeps to, ascending; none for a continuous one.
    values: Option<Vec<f64>>,
}

impl Cloud {
    /// The cloud of `points`, whose values are finite and whose rows count once.
    pub fn new(points: Points) -> Option<Self> {
        let p = points.p;
        let column = |feature: usize| -> Vec<f64> {
            (0..points.n).map(|row| points.row(row)[feature]).collect()
        };
        let columns: Vec<Vec<f64>> = (0..p).map(column).collect();
        let ranks: Vec<Vec<f64>> = columns.iter().map(|values| centred_ranks(values)).collect();
        let norm = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let of_normal = |i: usize, j: usize| {
            let scale = (norm(&ranks[i], &ranks[i]) * norm(&ranks[j], &ranks[j])).sqrt();
            let r = if scale > 0.0 { norm(&ranks[i], &ranks[j]) / scale } else { 0.0 };
            if i == j { 1.0 } else { 2.0 * (std::f64::consts::PI * r / 6.0).sin() }
        };
        let correlations: Vec<Vec<f64>> =
            (0..p).map(|i| (0..p).map(|j| of_normal(i, j)).collect()).collect();
        let eigen = symmetric_eigen(&correlations)?;
        // Not quite positive definite where ranks are tied: what is below 0 is left out.
        let root = (0..p)
            .map(|i| {
                let of = |(value, vector): (&f64, &Vec<f64>)| value.max(0.0).sqrt() * vector[i];
                eigen.values.iter().zip(&eigen.vectors).map(of).collect()
            })
            .collect();
        let margins = columns.into_iter().map(Margin::new).collect();
        Some(Self { margins, root })
    }

    /// `n` rows of p.
    pub fn draw(&self, n: usize, seed: Seed) -> Vec<f64> {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed.0);
        let p = self.margins.len();
        let mut correlated = vec![Vec::with_capacity(n); p];
        let mut normals = vec![0.0; p];
        for _ in 0..n {
            normals.iter_mut().for_each(|value| *value = rng.sample(StandardNormal));
            for (column, weights) in correlated.iter_mut().zip(&self.root) {
                column.push(weights.iter().zip(&normals).map(|(w, z)| w * z).sum::<f64>());
            }
        }
        let mut rows = vec![0.0; n * p];
        for (feature, (column, margin)) in correlated.iter().zip(&self.margins).enumerate() {
            let mut uniform: Vec<f64> = (0..n).map(|_| rng.r#gen()).collect();
            uniform.sort_unstable_by(f64::total_cmp);
            let mut order: Vec<usize> = (0..n).collect();
            order.sort_by(|&a, &b| column[a].total_cmp(&column[b]));
            let drawn = margin.quantiles(&uniform);
            order.iter().zip(drawn).for_each(|(&row, value)| rows[row * p + feature] = value);
        }
        rows
    }
}

impl Margin {
    fn new(mut values: Vec<f64>) -> Self {
        values.sort_unstable_by(f64::total_cmp);
        let n = values.len() as f64;
        // Each distinct value with the probability below it and up to it.
        let mut steps: Vec<(f64, f64, f64)> = Vec::new();
        for (index, &value) in values.iter().enumerate() {
            let upto = (index + 1) as f64 / n;
            match steps.last_mut() {
                Some(last) if last.0 == value => last.2 = upto,
                _ => steps.push((value, index as f64 / n, upto)),
            }
        }
        let every = steps.len().div_ceil(MODES).max(1);
        let (_, knots) = (0..steps.len())
            .step_by(every)
            .map(|mode| unimodal(&steps, mode))
            .reduce(|best, next| if next.0 < best.0 { next } else { best })
            .unwrap_or_default();
        let discrete = steps.len() * ROWS_A_VALUE <= values.len();
        let values = discrete.then(|| steps.iter().map(|step| step.0).collect());
        Self { knots, values }
    }

    /// The quantiles at ascending probabilities.
    fn quantiles(&self, probabilities: &[f64]) -> Vec<f64> {
        let mut at = 0;
        probabilities
            .iter()
            .map(|&probability| {
                while at + 2 < self.knots.len() && self.knots[at + 1].1 < probability {
                    at += 1;
                }
                let (low, high) = (self.knots[at], self.knots[(at + 1).min(self.knots.len() - 1)]);
                let rise = high.1 - low.1;
                let part =
                    if rise > 0.0 { ((probability - low.1) / rise).clamp(0.0, 1.0) } else { 0.0 };
                self.nearest(low.0 + (high.0 - low.0) * part)
            })
            .collect()
    }

    /// The value of a discrete feature that is nearest to `value`; `value` of any other.
    fn nearest(&self, value: f64) -> f64 {
        let Some(values) = &self.values else { return value };
        let above = values.partition_point(|&known| known < value).min(values.len() - 1);
        let below = above.saturating_sub(1);
        if value - values[below] < values[above] - value { values[below] } else { values[above] }
    }
}

/// The unimodal distribution function with its mode at step `mode`, and how far it is from that
/// of `steps` (value, probability below, probability up to) at most.
fn unimodal(steps: &[(f64, f64, f64)], mode: usize) -> (f64, Vec<(f64, f64)>) {
    let below: Vec<(f64, f64)> = steps[..=mode].iter().map(|step| (step.0, step.1)).collect();
    let above: Vec<(f64, f64)> =
        steps[mode..].iter().rev().map(|step| (-step.0, -step.2)).collect();
    // Upside down and backwards, a concave majorant is a convex minorant.
    let convex = minorant(&below);
    let concave = minorant(&above);
    let deviation = deviation(&below, &convex).max(deviation(&above, &concave));
    let turned = concave.into_iter().rev().map(|(value, probability)| (-value, -probability));
    (deviation, convex.into_iter().chain(turned).collect())
}

/// The greatest convex minorant of points with ascending abscissae: its corners.
fn minorant(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut hull: Vec<(f64, f64)> = Vec::new();
    for &point in points {
        while let [.., a, b] = hull[..]
            && (b.1 - a.1) * (point.0 - a.0) >= (point.1 - a.1) * (b.0 - a.0)
        {
            hull.pop();
        }
        hull.push(point);
    }
    hull
}

/// How far the corners' line is below the points at most.
fn deviation(points: &[(f64, f64)], corners: &[(f64, f64)]) -> f64 {
    let mut at = 0;
    let mut largest = 0.0_f64;
    for &(x, y) in points {
        while at + 2 < corners.len() && corners[at + 1].0 < x {
            at += 1;
        }
        let (low, high) = (corners[at], corners[(at + 1).min(corners.len() - 1)]);
        let run = high.0 - low.0;
        let line = if run > 0.0 { low.1 + (high.1 - low.1) * (x - low.0) / run } else { low.1 };
        largest = largest.max(y - line);
    }
    largest
}

/// Ranks less their mean, equals sharing the mean of theirs.
fn centred_ranks(values: &[f64]) -> Vec<f64> {
    let n = values.len();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; n];
    let mut start = 0;
    while start < n {
        let value = values[order[start]];
        let end = start + order[start..].iter().take_while(|&&row| values[row] == value).count();
        let shared = (start + end - 1) as f64 / 2.0 - (n - 1) as f64 / 2.0;
        order[start..end].iter().for_each(|&row| ranks[row] = shared);
        start = end;
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::criteria::fixtures::{blobs, normals};

    fn moments(values: &[f64]) -> (f64, f64) {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        (mean, values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / n)
    }

    #[test]
    fn a_minorant_by_hand() {
        let points = [(0.0, 0.0), (1.0, 2.0), (2.0, 1.0), (3.0, 4.0)];
        assert_eq!(minorant(&points), [(0.0, 0.0), (2.0, 1.0), (3.0, 4.0)]);
        // At 1 the line is at 0.5.
        assert_eq!(deviation(&points, &minorant(&points)), 1.5);
    }

    #[test]
    fn skewness_and_correlation_are_kept() {
        // Two lognormal features, ranks correlated by a common part.
        let common = normals(2_000, 3, 4);
        let values: Vec<f64> = common
            .chunks_exact(3)
            .flat_map(|of| [(0.8 * of[0] + 0.6 * of[1]).exp(), (0.8 * of[0] + 0.6 * of[2]).exp()])
            .collect();
        let points = Points::new(&values, 2);
        let drawn = Cloud::new(points).expect("finite").draw(2_000, Seed(3));
        for feature in 0..2 {
            let log = |values: &[f64]| -> Vec<f64> {
                values.chunks_exact(2).map(|row| row[feature].ln()).collect()
            };
            let (own, found) = (moments(&log(&values)), moments(&log(&drawn)));
            assert!((own.0 - found.0).abs() < 0.1, "{own:?} {found:?}");
            assert!((own.1 / found.1 - 1.0).abs() < 0.15, "{own:?} {found:?}");
        }
        let ranks = |values: &[f64], feature: usize| -> Vec<f64> {
            centred_ranks(&values.chunks_exact(2).map(|row| row[feature]).collect::<Vec<_>>())
        };
        let correlation = |values: &[f64]| {
            let (a, b) = (ranks(values, 0), ranks(values, 1));
            a.iter().zip(&b).map(|(a, b)| a * b).sum::<f64>() / (moments(&a).1 * a.len() as f64)
        };
        assert!((correlation(&values) - correlation(&drawn)).abs() < 0.06);
    }

    #[test]
    fn two_blobs_become_one_cloud_and_few_values_stay_few() {
        let mut values = blobs(1_000, 2, 1, 20.0, 1);
        let drawn = Cloud::new(Points::new(&values, 1)).expect("finite").draw(1_000, Seed(1));
        let between = drawn.iter().filter(|value| (5.0..15.0).contains(*value)).count();
        assert!(between > 200, "{between} of 1,000 between the blobs");
        values.iter_mut().for_each(|value| *value = value.round().clamp(-1.0, 2.0));
        let drawn = Cloud::new(Points::new(&values, 1)).expect("finite").draw(1_000, Seed(1));
        assert!(drawn.iter().all(|value| [-1.0, 0.0, 1.0, 2.0].contains(value)));
    }

    #[test]
    fn customers_all_alike_stay_alike() {
        let drawn = Cloud::new(Points::new(&[3.0; 40], 2)).expect("finite").draw(10, Seed(1));
        assert_eq!(drawn, [3.0; 20]);
    }
}
