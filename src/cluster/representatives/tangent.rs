//! m rows of p -> a lower bound of the sum of the distances of any point to all rows, from the
//! slope and the curvature of that sum at its minimum.
//!
//! Let g be near the geometric median (Weiszfeld, Tohoku Math. J. 43, 1937), d the distance of a
//! row to g and θ the angle between row - g and x - g, t = |x - g|. On the way from g to x the
//! distance to the row has second derivative d² sin²θ / r³ with r, the distance after s of it, no
//! more than d + s. Integrated twice, ∫ (t - s) d² sin²θ / (d + s)³ ds = t² sin²θ / (2 (d + t)),
//! so that the sum f obeys f(x) ≥ f(g) + ∇f(g)·(x - g) + t²/2 Σ sin²θ / (d + t). The last sum is
//! kept for some T, with Σ 1 / (d + T) and the matrix Σ u uᵀ / (d + T) of directions u; it holds
//! for t ≤ T, and beyond T the sum rises at least as steeply as up to there, being convex.

use crate::cluster::kernel::squared_distance;

/// Steps towards the geometric median.
const STEPS: usize = 12;
/// The T that sums are kept for, in mean distances to g, ascending.
const REACHES: [f64; 4] = [0.1, 0.3, 0.6, 1.0];

/// f and its slope and curvature at g.
pub(super) struct Tangent {
    centre: Vec<f64>,
    /// f(g).
    sum: f64,
    /// ∇f(g), of rows that do not coincide with g.
    gradient: Vec<f64>,
    /// Rows that coincide with g: each is t away.
    coinciding: f64,
    curvatures: Vec<Curvature>,
}

/// The sums of one T.
struct Curvature {
    reach: f64,
    /// Σ 1 / (d + T).
    inverse: f64,
    /// p x p, Σ u uᵀ / (d + T), of which the lower triangle is filled.
    directions: Vec<f64>,
}

impl Tangent {
    /// Of `rows` (m x p, m at least 1) that count as `weights` say, once where there are none.
    pub fn new(rows: &[f64], weights: Option<&[f64]>, p: usize) -> Self {
        let weight = |index: usize| weights.map_or(1.0, |weights| weights[index]);
        let centre = geometric_median(rows, &weight, p);
        let mut sum = 0.0;
        let mut coinciding = 0.0;
        let mut total = 0.0;
        for (index, row) in rows.chunks_exact(p).enumerate() {
            let distance = squared_distance(row, &centre).sqrt();
            sum += weight(index) * distance;
            coinciding += if distance == 0.0 { weight(index) } else { 0.0 };
            total += weight(index);
        }
        let mean = sum / total;
        let curvature = |reach: &f64| Curvature {
            reach: reach * mean,
            inverse: 0.0,
            directions: vec![0.0; p * p],
        };
        let curvatures = REACHES.iter().map(curvature).collect();
        let mut tangent = Self { centre, sum, gradient: vec![0.0; p], coinciding, curvatures };
        let mut direction = vec![0.0; p];
        for (index, row) in rows.chunks_exact(p).enumerate() {
            tangent.add(row, weight(index), &mut direction);
        }
        tangent
    }

    /// Counts one row; `direction` is a buffer of p.
    fn add(&mut self, row: &[f64], times: f64, direction: &mut [f64]) {
        let p = row.len();
        let distance = squared_distance(row, &self.centre).sqrt();
        if distance == 0.0 {
            return;
        }
        for ((direction, value), centre) in direction.iter_mut().zip(row).zip(&self.centre) {
            *direction = (value - centre) / distance;
        }
        // Towards the row the distance falls.
        self.gradient.iter_mut().zip(&*direction).for_each(|(sum, value)| *sum -= times * value);
        for curvature in &mut self.curvatures {
            let weight = times / (distance + curvature.reach);
            curvature.inverse += weight;
            for (i, sums) in curvature.directions.chunks_exact_mut(p).enumerate() {
                let factor = weight * direction[i];
                let pairs = sums[..=i].iter_mut().zip(&*direction);
                pairs.for_each(|(sum, value)| *sum += factor * value);
            }
        }
    }

    /// No more than the sum of the distances of `point` to all rows, but for rounding.
    pub fn bound(&self, point: &[f64]) -> f64 {
        let way: Vec<f64> = point.iter().zip(&self.centre).map(|(x, g)| x - g).collect();
        let squared: f64 = way.iter().map(|value| value * value).sum();
        let length = squared.sqrt();
        let slope: f64 = way.iter().zip(&self.gradient).map(|(way, slope)| way * slope).sum();
        let level = self.sum + slope + self.coinciding * length;
        let within = self.curvatures.iter().find(|curvature| length <= curvature.reach);
        let Some(curvature) = within.or(self.curvatures.last()).filter(|_| length > 0.0) else {
            return level;
        };
        // t² Σ sin²θ / (d + T) = t² Σ 1 / (d + T) - wayᵀ (Σ u uᵀ / (d + T)) way.
        let mut along = 0.0;
        for (i, sums) in curvature.directions.chunks_exact(point.len()).enumerate() {
            let below: f64 = sums[..i].iter().zip(&way).map(|(sum, way)| sum * way).sum();
            along += way[i] * (2.0 * below + way[i] * sums[i]);
        }
        let across = (squared * curvature.inverse - along).max(0.0);
        // Beyond T by the slope that the bound has there.
        let part = (curvature.reach / length).min(1.0);
        level + 0.5 * part * across
    }
}

/// A point near the minimum of the sum of distances to `rows`, each counted by its `weight`.
fn geometric_median(rows: &[f64], weight: &dyn Fn(usize) -> f64, p: usize) -> Vec<f64> {
    let mut centre = vec![0.0; p];
    let mut sums = vec![0.0; p];
    for step in 0..=STEPS {
        sums.fill(0.0);
        let mut total = 0.0;
        for (index, row) in rows.chunks_exact(p).enumerate() {
            // The first step is the mean.
            let distance = if step == 0 { 1.0 } else { squared_distance(row, &centre).sqrt() };
            if distance > 0.0 {
                let times = weight(index);
                total += times / distance;
                sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += times * value / distance);
            }
        }
        if total == 0.0 || !total.is_finite() {
            break;
        }
        centre.iter_mut().zip(&sums).for_each(|(centre, sum)| *centre = sum / total);
    }
    centre
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::{Rng, SeedableRng};
    use rand_distr::{Distribution, StandardNormal};
    use rand_xoshiro::Xoshiro256PlusPlus;

    use super::*;

    fn weighted_sum(rows: &[f64], weights: Option<&[f64]>, point: &[f64]) -> f64 {
        let distance = |row: &[f64]| squared_distance(row, point).sqrt();
        let weight = |index: usize| weights.map_or(1.0, |weights| weights[index]);
        let rows = rows.chunks_exact(point.len()).enumerate();
        rows.map(|(index, row)| weight(index) * distance(row)).sum()
    }

    fn sum(rows: &[f64], point: &[f64]) -> f64 {
        weighted_sum(rows, None, point)
    }

    #[test]
    fn a_square_by_hand() {
        // Corners of a square about 0: g = 0, no slope; d = sqrt 2, at (t, 0) sin²θ = 1/2 each.
        let rows = [1.0, 1.0, 1.0, -1.0, -1.0, 1.0, -1.0, -1.0];
        let tangent = Tangent::new(&rows, None, 2);
        let (mean, t) = (2f64.sqrt(), 0.25);
        let expected = 4.0 * mean + t * t / 2.0 * 2.0 / (mean + 0.3 * mean);
        assert!((tangent.bound(&[t, 0.0]) - expected).abs() < 1e-12);
        let far = 4.0 * mean + 9.0 / 2.0 * 2.0 / (mean + mean) * (mean / 3.0);
        assert!((tangent.bound(&[0.0, 3.0]) - far).abs() < 1e-12);
    }

    #[test]
    fn near_the_minimum_the_bound_is_close() {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(4);
        let rows: Vec<f64> = (0..4_000 * 6).map(|_| StandardNormal.sample(&mut rng)).collect();
        let tangent = Tangent::new(&rows, None, 6);
        for length in [0.0, 0.2, 0.5] {
            let point = [length, 0.0, 0.0, 0.0, 0.0, 0.0];
            let (bound, sum) = (tangent.bound(&point), sum(&rows, &point));
            assert!(bound <= sum && bound > 0.99 * sum, "{length}: {bound} {sum}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]
        #[test]
        fn the_bound_is_never_above_the_sum(
            seed in any::<u64>(), m in 1usize..60, p in 1usize..6, steps in 1u8..9, skew in 0u8..2,
        ) {
            let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
            let mut value = || {
                let value = f64::from(rng.gen_range(0..steps)) - 2.0;
                if skew == 1 { value.exp() } else { value }
            };
            let rows: Vec<f64> = (0..m * p).map(|_| value()).collect();
            let weights: Vec<f64> = (0..m).map(|_| value().abs() + 0.5).collect();
            let weights = (seed % 2 == 0).then_some(&weights[..]);
            let tangent = Tangent::new(&rows, weights, p);
            let others: Vec<f64> = (0..20 * p).map(|_| 3.0 * value()).collect();
            for point in rows.chunks_exact(p).chain(others.chunks_exact(p)) {
                let (bound, sum) = (tangent.bound(point), weighted_sum(&rows, weights, point));
                // Rounding is relative to the values: the sum of equal rows is 0.
                let close = 1e-12 * (sum + weights.map_or(m as f64, |of| of.iter().sum()));
                prop_assert!(bound <= sum + close, "{bound} {sum}");
            }
        }
    }
}
