//! Design and spend -> the pinball loss of each method on customers that it has not seen.
//!
//! Five folds by a hash of the customer's place and the seed; every method is fitted on four and
//! judged on the fifth, all methods on the same.

use rayon::prelude::*;

use super::design::Design;
use super::methods::{Regression, quantile_of};
use super::neighbours::{Reference, compare};
use super::realistic::{Candidate, Method, pinball};
use crate::types::Seed;

/// Parts that the customers are split into.
pub const FOLDS: usize = 5;

/// What is to be judged.
pub(super) struct Trial<'a> {
    pub design: &'a Design,
    pub own: &'a [f64],
    /// The quantile.
    pub p: f64,
    /// Customers who take part, ascending.
    pub sample: &'a [usize],
    /// Sizes of the neighbourhoods, ascending.
    pub sizes: &'a [usize],
    /// Whether the regression takes part; otherwise why not.
    pub regression: Result<(), String>,
    pub seed: Seed,
}

impl Trial<'_> {
    /// The candidates: unconditional first, neighbourhoods, regression.
    pub fn run(&self) -> Vec<Candidate> {
        let folds: Vec<Fold> = (0..FOLDS).into_par_iter().map(|fold| self.fold(fold)).collect();
        let regression = (self.regression.clone())
            .and_then(|()| folds.iter().try_for_each(|fold| fold.regression.clone()));
        let losses = |of: &dyn Fn(&Held) -> Option<f64>| -> Vec<(f64, bool)> {
            (folds.iter().flat_map(|fold| &fold.held))
                .filter_map(|held| {
                    let (predicted, actual) = (of(held)?, self.own[held.customer]);
                    Some((pinball(self.p, actual, predicted), actual <= predicted))
                })
                .collect()
        };
        let baseline = losses(&|held| Some(held.unconditional));
        let mut candidates = vec![candidate(Method::Unconditional, &baseline, &baseline)];
        for (place, &k) in self.sizes.iter().enumerate() {
            let method = Method::Neighbours { k: k as u32 };
            let losses = losses(&|held| held.neighbours.get(place).copied());
            candidates.push(candidate(method, &losses, &baseline));
        }
        candidates.push(match regression {
            Ok(()) => candidate(Method::Regression, &losses(&|held| held.regression), &baseline),
            Err(reason) => Candidate {
                method: Method::Regression,
                loss: None,
                standard_error: None,
                gain: None,
                gain_error: None,
                below: None,
                reason: Some(reason),
            },
        });
        candidates
    }

    fn fold(&self, fold: usize) -> Fold {
        let in_fold = |i: usize| self.seed.derive(0, i as u64).0 % FOLDS as u64 == fold as u64;
        let (test, train): (Vec<usize>, Vec<usize>) =
            self.sample.iter().partition(|&&i| in_fold(i));
        let mut spend: Vec<f64> = train.iter().map(|&i| self.own[i]).collect();
        let reference = (!self.sizes.is_empty()).then(|| reference(self.design, self.own, &train));
        let unconditional = quantile_of(&mut spend, self.p);
        let regression = match &self.regression {
            Ok(()) => Regression::fit(self.design, self.own, &train, self.p),
            Err(reason) => Err(reason.clone()),
        };
        let held = alike(self.design, &test)
            .par_iter()
            .map(|customers| {
                let row = self.design.row(customers[0]);
                let neighbours: Vec<f64> = match &reference {
                    Some(reference) => {
                        let (spend, lengths) = reference.neighbourhoods(row, self.sizes);
                        let of =
                            |&length: &usize| quantile_of(&mut spend[..length].to_vec(), self.p);
                        lengths.iter().map(of).collect()
                    }
                    None => Vec::new(),
                };
                let regression = regression.as_ref().ok().map(|fit| fit.at(row).quantile);
                (customers.iter())
                    .map(|&customer| Held {
                        customer,
                        unconditional,
                        neighbours: neighbours.clone(),
                        regression,
                    })
                    .collect::<Vec<Held>>()
            })
            .flatten_iter()
            .collect();
        Fold { held, regression: regression.map(|_| ()) }
    }
}

struct Fold {
    held: Vec<Held>,
    regression: Result<(), String>,
}

/// A held-out customer and what each method says.
struct Held {
    customer: usize,
    unconditional: f64,
    neighbours: Vec<f64>,
    regression: Option<f64>,
}

/// Reference of the rows `of` a design.
pub(super) fn reference(design: &Design, own: &[f64], of: &[usize]) -> Reference {
    let points: Vec<f64> = of.iter().flat_map(|&i| design.row(i)).copied().collect();
    let spend: Vec<f64> = of.iter().map(|&i| own[i]).collect();
    Reference::new(&points, design.p, &spend)
}

/// Customers whose rows are the same, together: what holds for one holds for all.
pub(super) fn alike(design: &Design, of: &[usize]) -> Vec<Vec<usize>> {
    let mut order = of.to_vec();
    order.sort_unstable_by(|&i, &j| compare(design.row(i), design.row(j)).then(i.cmp(&j)));
    order
        .chunk_by(|&i, &j| compare(design.row(i), design.row(j)).is_eq())
        .map(<[usize]>::to_vec)
        .collect()
}

fn candidate(method: Method, losses: &[(f64, bool)], baseline: &[(f64, bool)]) -> Candidate {
    let (loss, standard_error) = mean_and_error(losses.iter().map(|of| of.0));
    let (gain, gain_error) =
        mean_and_error(baseline.iter().zip(losses).map(|(base, of)| base.0 - of.0));
    let below = losses.iter().filter(|of| of.1).count() as f64 / losses.len() as f64;
    let beside = method != Method::Unconditional;
    Candidate {
        method,
        loss: Some(loss),
        standard_error: Some(standard_error),
        gain: beside.then_some(gain),
        gain_error: beside.then_some(gain_error),
        below: Some(below),
        reason: None,
    }
}

/// Mean, and the standard error of the mean.
fn mean_and_error(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let n = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / n;
    let squares = values.map(|value| (value - mean).powi(2)).sum::<f64>();
    (mean, (squares / (n - 1.0) / n).sqrt())
}
