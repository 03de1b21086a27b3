//! Customers (rows of the design, spend) -> a model of the high quantile of spend given the row,
//! with an interval: unconditional, by nearest neighbours, by linear regression.

use statrs::function::erf::erfc_inv;

use super::design::Design;
use super::interval::{QuantilePlaces, Z, quantile_place, quantile_places};
use super::linear::Columns;
use super::neighbours::Reference;
use super::regression::{dot, quantile_regression};
use crate::math::{inverse, quantile_of_sorted, sorted_defined};

/// A quantile of spend and the 95 % limits of its estimate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Limits {
    pub quantile: f64,
    pub low: f64,
    pub high: f64,
}

/// A model that was fitted.
#[derive(Clone, Debug)]
pub(super) enum Fitted {
    Unconditional(Limits),
    Neighbours(Neighbours),
    Regression(Regression),
}

impl Fitted {
    /// The quantile given a row of the design.
    pub fn at(&self, row: &[f64]) -> Limits {
        match self {
            Fitted::Unconditional(limits) => *limits,
            Fitted::Neighbours(neighbours) => neighbours.at(row),
            Fitted::Regression(regression) => regression.at(row),
        }
    }
}

/// Quantiles of the spend of the nearest customers.
#[derive(Clone, Debug)]
pub(super) struct Neighbours {
    reference: Reference,
    k: usize,
    p: f64,
    /// Of a neighbourhood without ties, which most are.
    places: QuantilePlaces,
}

impl Neighbours {
    /// The `p`-quantile of the `k` nearest (from 1 on).
    pub fn new(reference: Reference, k: usize, p: f64) -> Self {
        Self { reference, k, p, places: quantile_places(k, p) }
    }

    /// The quantile given a row of the design.
    pub fn at(&self, row: &[f64]) -> Limits {
        let (mut spend, _) = self.reference.neighbourhoods(row, &[self.k]);
        let places =
            if spend.len() == self.k { self.places } else { quantile_places(spend.len(), self.p) };
        limits_at(&mut spend, places)
    }
}

/// The `p`-quantile of some spend: the smallest value that at least the part `p` does not
/// exceed, which minimises the pinball loss; limits by order statistics. Zeros for no spend; the
/// highest value where the sample is too small to bound the quantile from above.
pub(super) fn limits_of(spend: &mut [f64], p: f64) -> Limits {
    limits_at(spend, quantile_places(spend.len(), p))
}

/// The same quantile without limits.
pub(super) fn quantile_of(spend: &mut [f64], p: f64) -> f64 {
    if spend.is_empty() {
        return 0.0;
    }
    *spend.select_nth_unstable_by(quantile_place(spend.len(), p), f64::total_cmp).1
}

fn limits_at(spend: &mut [f64], places: QuantilePlaces) -> Limits {
    let Some(last) = spend.len().checked_sub(1) else {
        return Limits { quantile: 0.0, low: 0.0, high: 0.0 };
    };
    let mut at = |place: usize| *spend.select_nth_unstable_by(place, f64::total_cmp).1;
    Limits {
        quantile: at(places.quantile),
        low: at(places.low),
        high: at(places.high.unwrap_or(last)),
    }
}

/// Linear quantile regression of ln(spend). Quantiles go through a growing function as they are,
/// so that the exponential of the fitted line is the quantile of spend itself.
///
/// Spend of 0 is set to half the smallest above 0 before the logarithm; predictions end at the
/// largest spend of the sample: a realistic wallet is one that somebody has.
#[derive(Clone, Debug)]
pub(super) struct Regression {
    coefficients: Vec<f64>,
    columns: Vec<usize>,
    /// Covariance of the coefficients of `columns`.
    covariance: Vec<Vec<f64>>,
    floor: f64,
    most: f64,
}

impl Regression {
    /// Fits the rows `of` of a design.
    ///
    /// # Errors
    /// Why it cannot be fitted, in words for the report.
    pub fn fit(design: &Design, own: &[f64], of: &[usize], p: f64) -> Result<Self, String> {
        let spend = || of.iter().map(|&i| own[i]);
        let smallest = spend().filter(|&own| own > 0.0).fold(f64::INFINITY, f64::min);
        if smallest.is_infinite() {
            return Err("nobody has spent anything".into());
        }
        let floor = 0.5 * smallest;
        let width = design.p + 1;
        let x: Vec<f64> = (of.iter())
            .flat_map(|&i| std::iter::once(1.0).chain(design.row(i).iter().copied()))
            .collect();
        let y: Vec<f64> = spend().map(|own| own.max(floor).ln()).collect();
        let fit = quantile_regression(&x, width, &y, p).map_err(|error| error.to_string())?;
        if !fit.converged {
            return Err(format!("no minimum was reached in {} steps", fit.pivots));
        }
        let residuals: Vec<f64> =
            x.chunks_exact(width).zip(&y).map(|(row, y)| y - dot(row, &fit.coefficients)).collect();
        let kept = Columns { p: width, kept: fit.columns.clone() }.of(&x);
        let covariance = covariance(&kept, fit.columns.len(), &residuals, p)
            .ok_or("the covariance of its coefficients cannot be computed")?;
        let most = spend().fold(0.0, f64::max);
        Ok(Self { coefficients: fit.coefficients, columns: fit.columns, covariance, floor, most })
    }

    /// The quantile given a row of the design.
    pub fn at(&self, row: &[f64]) -> Limits {
        let value = |column: usize| if column == 0 { 1.0 } else { row[column - 1] };
        let row: Vec<f64> = self.columns.iter().map(|&column| value(column)).collect();
        let fitted: f64 =
            self.columns.iter().zip(&row).map(|(&column, x)| self.coefficients[column] * x).sum();
        let variance: f64 = self.covariance.iter().zip(&row).map(|(of, x)| x * dot(of, &row)).sum();
        let half = Z * variance.max(0.0).sqrt();
        let spend = |ln: f64| if ln <= self.floor.ln() { 0.0 } else { ln.exp().min(self.most) };
        Limits { quantile: spend(fitted), low: spend(fitted - half), high: spend(fitted + half) }
    }
}

/// Covariance of the coefficients of a quantile regression whose errors need not be alike:
/// tau (1 - tau) H^-1 X'X H^-1, H = sum f_i x_i x_i' with the density f_i at the quantile by a
/// normal kernel (Powell 1991; Koenker, Quantile Regression, 2005, section 3.4.2), its bandwidth
/// by Hall and Sheather (J. R. Stat. Soc. B 50, 1988), as `summary.rq(se = "ker")` of R's
/// quantreg. `None` where H is singular.
fn covariance(x: &[f64], p: usize, residuals: &[f64], tau: f64) -> Option<Vec<Vec<f64>>> {
    let n = residuals.len() as f64;
    let density = |z: f64| (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let normal = |share: f64| -std::f64::consts::SQRT_2 * erfc_inv(2.0 * share);
    let at = normal(tau);
    let shape = 1.5 * density(at).powi(2) / (2.0 * at * at + 1.0);
    let mut bandwidth = n.powf(-1.0 / 3.0) * Z.powf(2.0 / 3.0) * shape.cbrt();
    // Halved until both ends are shares, as quantreg does.
    while tau + bandwidth >= 1.0 || tau - bandwidth <= 0.0 {
        bandwidth /= 2.0;
    }
    let sorted = sorted_defined(residuals);
    let quartiles = quantile_of_sorted(&sorted, 0.75)? - quantile_of_sorted(&sorted, 0.25)?;
    let mean = residuals.iter().sum::<f64>() / n;
    let deviation = (residuals.iter().map(|r| (r - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
    let scale = if quartiles > 0.0 { deviation.min(quartiles / 1.34) } else { deviation };
    let width = scale * (normal(tau + bandwidth) - normal(tau - bandwidth));
    let (mut h, mut j) = (vec![vec![0.0; p]; p], vec![vec![0.0; p]; p]);
    for (row, residual) in x.chunks_exact(p).zip(residuals) {
        let f = density(residual / width) / width;
        for a in 0..p {
            for b in 0..p {
                let product = row[a] * row[b];
                h[a][b] += f * product;
                j[a][b] += product;
            }
        }
    }
    let h = inverse(&h)?;
    let times = |a: &[Vec<f64>], b: &[Vec<f64>]| -> Vec<Vec<f64>> {
        a.iter()
            .map(|row| (0..p).map(|k| (0..p).map(|l| row[l] * b[l][k]).sum()).collect())
            .collect()
    };
    let mut result = times(&times(&h, &j), &h);
    result.iter_mut().flatten().for_each(|v| *v *= tau * (1.0 - tau));
    result.iter().flatten().all(|v| v.is_finite()).then_some(result)
}

#[cfg(test)]
#[path = "methods_tests.rs"]
mod tests;
