//! Counts of the first steps -> the posterior of the chain, and what follows from it.

use super::{Counts, Moments};
use crate::math::inverse;
use crate::track::Estimate;

/// The chain with its posterior.
pub(super) struct Chain {
    /// Means of the rows: g rows of g + 1, the last column of leavers.
    mean: Vec<Vec<f64>>,
    /// Sum of the Dirichlet parameters of each row.
    concentration: Vec<f64>,
    /// Dispersion of each row, at least 1.
    pub(super) dispersion: Vec<f64>,
    /// Entrants of one run, by group: of a further run, not of the mean.
    pub(super) entrants: Vec<Moments>,
}

impl Chain {
    /// Learned from the first `steps` steps, at least one.
    pub(super) fn new(counts: &Counts, steps: usize) -> Self {
        let g = counts.groups.len();
        let mut chain = Chain {
            mean: Vec::with_capacity(g),
            concentration: Vec::with_capacity(g),
            dispersion: Vec::with_capacity(g),
            entrants: (0..g).map(|j| entrants(counts, steps, j)).collect(),
        };
        for i in 0..g {
            let rows: Vec<&[f64]> = (0..steps).map(|step| &counts.moved[step][i][..]).collect();
            let pooled: Vec<f64> = (0..=g).map(|j| rows.iter().map(|row| row[j]).sum()).collect();
            let dispersion = dispersion(&rows, &pooled);
            // Perks's prior: one customer in all, spread evenly over the destinations.
            let prior = 1.0 / (g + 1) as f64;
            let posterior: Vec<f64> =
                pooled.iter().map(|count| prior + count / dispersion).collect();
            let concentration: f64 = posterior.iter().sum();
            chain.mean.push(posterior.iter().map(|alpha| alpha / concentration).collect());
            chain.concentration.push(concentration);
            chain.dispersion.push(dispersion);
        }
        chain
    }

    fn len(&self) -> usize {
        self.mean.len()
    }

    /// Chance to stay in group `i` for a run.
    pub(super) fn stays(&self, i: usize) -> Estimate {
        let mean = self.mean[i][i];
        Moments { mean, variance: mean * (1.0 - mean) / (self.concentration[i] + 1.0) }.share()
    }

    /// Sizes in the run after one with the sizes `now`.
    pub(super) fn next(&self, now: &[f64]) -> Vec<Estimate> {
        self.next_moments(now).into_iter().map(Moments::estimate).collect()
    }

    pub(super) fn next_moments(&self, now: &[f64]) -> Vec<Moments> {
        (0..self.len())
            .map(|j| {
                let mut sum = self.entrants[j];
                for (i, &n) in now.iter().enumerate() {
                    let (p, a, phi) = (self.mean[i][j], self.concentration[i], self.dispersion[i]);
                    sum.mean += n * p;
                    // Dirichlet-multinomial of n / phi clumps of phi customers each.
                    sum.variance += phi * n * p * (1.0 - p) * (n / phi + a) / (1.0 + a);
                }
                sum
            })
            .collect()
    }

    /// Expected runs from each group until a lapsed one or leaving; none from lapsed ones, and from
    /// those that never get there.
    ///
    /// h = N 1 with N = (I - Q)^-1 over the groups that are not lapsed (Kemeny and Snell 1960, theorem
    /// 3.3.5). To the first order a change of row r by d changes h by N e_r (d h), so that the
    /// variance of h_i is the sum over r of N_ir² times the posterior variance of row r's mean of h.
    pub(super) fn runs_to(&self, lapsed: &[bool]) -> Vec<Option<Estimate>> {
        let g = self.len();
        let rest: Vec<usize> = (0..g).filter(|&i| !lapsed[i]).collect();
        let away: Vec<Vec<f64>> = rest
            .iter()
            .map(|&i| rest.iter().map(|&j| f64::from(u8::from(i == j)) - self.mean[i][j]).collect())
            .collect();
        let mut times = vec![None; g];
        let Some(fundamental) = inverse(&away) else { return times };
        let runs: Vec<f64> = fundamental.iter().map(|row| row.iter().sum()).collect();
        let of_rows: Vec<f64> = rest
            .iter()
            .map(|&r| {
                let mean = |of: &dyn Fn(f64) -> f64| -> f64 {
                    rest.iter().zip(&runs).map(|(&j, h)| self.mean[r][j] * of(*h)).sum()
                };
                let (first, second) = (mean(&|h| h), mean(&|h| h * h));
                (second - first * first) / (self.concentration[r] + 1.0)
            })
            .collect();
        for (a, &i) in rest.iter().enumerate() {
            let variance = fundamental[a].iter().zip(&of_rows).map(|(n, v)| n * n * v).sum();
            let mean = runs[a];
            times[i] =
                (mean.is_finite() && mean > 0.0).then(|| Moments { mean, variance }.logarithmic());
        }
        times
    }

    /// Shares in the long run of those who have not left: the stationary distribution of the rows
    /// without leaving, each divided by its sum.
    ///
    /// With Z = (I - P + 1 pi)^-1, a change of row r by d changes pi by pi_r d Z (Schweitzer 1968); what
    /// is left of a Dirichlet row without one destination is again one.
    pub(super) fn steady(&self) -> Vec<Estimate> {
        let g = self.len();
        let rows: Vec<Vec<f64>> = self
            .mean
            .iter()
            .map(|row| {
                let kept: f64 = row[..g].iter().sum();
                row[..g].iter().map(|p| p / kept).collect()
            })
            .collect();
        // pi = 1' (I - P + 1 1')^-1, as pi (I - P) = 0 and pi 1 = 1.
        let table = |share: &dyn Fn(usize) -> f64| -> Vec<Vec<f64>> {
            (0..g)
                .map(|i| {
                    let one = |j: usize| f64::from(u8::from(i == j));
                    (0..g).map(|j| one(j) - rows[i][j] + share(j)).collect()
                })
                .collect()
        };
        let Some(sums) = inverse(&table(&|_| 1.0)) else { return vec![EVERYTHING; g] };
        let steady: Vec<f64> = (0..g).map(|j| (0..g).map(|i| sums[i][j]).sum()).collect();
        let Some(z) = inverse(&table(&|j| steady[j])) else { return vec![EVERYTHING; g] };
        (0..g)
            .map(|j| {
                let of_row = |r: usize| -> f64 {
                    let mean = |of: &dyn Fn(f64) -> f64| -> f64 {
                        (0..g).map(|k| rows[r][k] * of(z[k][j])).sum()
                    };
                    let (first, second) = (mean(&|x| x), mean(&|x| x * x));
                    let kept: f64 = self.mean[r][..g].iter().sum();
                    let concentration = self.concentration[r] * kept;
                    steady[r] * steady[r] * (second - first * first) / (concentration + 1.0)
                };
                Moments { mean: steady[j], variance: (0..g).map(of_row).sum() }.share()
            })
            .collect()
    }
}

#[cfg(test)]
impl Chain {
    /// Row `r` of the means with the sum of its parameters.
    pub(super) fn row(&self, r: usize) -> (&[f64], f64) {
        (&self.mean[r], self.concentration[r])
    }

    /// The chain with one chance changed.
    pub(super) fn nudged(&self, r: usize, j: usize, by: f64) -> Chain {
        let mut mean = self.mean.clone();
        mean[r][j] += by;
        let (concentration, dispersion) = (self.concentration.clone(), self.dispersion.clone());
        Chain { mean, concentration, dispersion, entrants: self.entrants.clone() }
    }
}

/// Nothing is known of a share.
const EVERYTHING: Estimate = Estimate { value: f64::NAN, low: 0.0, high: 1.0 };

/// Pearson's statistic of the rows against the pooled row, by its degrees of freedom; at least 1.
fn dispersion(rows: &[&[f64]], pooled: &[f64]) -> f64 {
    let total: f64 = pooled.iter().sum();
    let occupied = pooled.iter().filter(|count| **count > 0.0).count();
    let with_customers = rows.iter().filter(|row| row.iter().sum::<f64>() > 0.0).count();
    let freedom = occupied.saturating_sub(1) * with_customers.saturating_sub(1);
    if freedom == 0 {
        return 1.0;
    }
    let mut statistic = 0.0;
    for row in rows {
        let n: f64 = row.iter().sum();
        for (count, all) in row.iter().zip(pooled).filter(|(_, all)| **all > 0.0) {
            let expected = n * all / total;
            if expected > 0.0 {
                statistic += (count - expected).powi(2) / expected;
            }
        }
    }
    (statistic / freedom as f64).max(1.0)
}

/// Entrants into group `j` in a further run: the mean of the runs; their variance, at least that of
/// counts, for the further run and for the mean.
fn entrants(counts: &Counts, steps: usize, j: usize) -> Moments {
    let seen: Vec<f64> = (0..steps).map(|step| counts.entered[step][j]).collect();
    let n = seen.len() as f64;
    let mean = seen.iter().sum::<f64>() / n;
    let spread = match steps {
        0 | 1 => mean,
        _ => seen.iter().map(|count| (count - mean).powi(2)).sum::<f64>() / (n - 1.0),
    };
    Moments { mean, variance: spread.max(mean) * (1.0 + 1.0 / n) }
}
