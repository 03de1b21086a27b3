//! Rows x (n x p), responses y, quantile tau -> coefficients b that minimise the pinball loss
//! sum rho_tau(y - x b): linear quantile regression, exactly.
//!
//! Koenker and Bassett (Econometrica 46, 1978): a minimum passes through p of the points, the
//! basis. From one basis to the next along an edge, each edge followed to its lowest point
//! (Barrodale and Roberts 1973; Koenker and d'Orey, Applied Statistics 36, 1987), first on nested
//! subsets of the rows so that few steps are left on all. Degenerate corners are escaped by
//! deterministic perturbations of y, and the basis found is carried back to y itself. What comes
//! with it is a certificate, the gap to the dual problem's value, which is 0 at a minimum.

use super::WalletError;
use super::linear::Columns;
use super::realistic::pinball;
use crate::math::inverse;
use crate::types::Seed;

/// A fitted quantile regression.
#[derive(Clone, Debug, PartialEq)]
pub struct QuantileFit {
    /// One for each column of x, in its order; 0 for columns that others determine.
    pub coefficients: Vec<f64>,
    /// The columns that enter, in order: those that no earlier ones determine.
    pub columns: Vec<usize>,
    /// Sum of the pinball losses at the coefficients.
    pub loss: f64,
    /// How far `loss` is from the minimum at most: loss less the value of a feasible point of the
    /// dual problem.
    pub gap: f64,
    /// Steps on all rows.
    pub pivots: usize,
    /// Whether the basis met the condition of optimality.
    pub converged: bool,
}

/// Rows of the smallest subset by column.
const ROWS_PER_COLUMN: usize = 40;
/// How much larger each subset is than the one before.
const GROWTH: usize = 8;
/// Size of the perturbations, relative to the spread of y.
const PERTURBATION: f64 = 1e-8;
/// Slope of a row along an edge, that of the leaving row being 1, below which it is rounding.
const FLAT: f64 = 1e-11;
/// By how much a dual variable may lie outside its range of width 1.
const TOLERANCE: f64 = 1e-8;

/// Fits the `tau`-quantile, `tau` in (0, 1), of `y` given rows `x` of `p` columns, the constant
/// being one of them where wanted. Coefficients of [`QuantileFit::columns`] interpolate as many
/// rows.
///
/// # Errors
/// `Lengths`, `Row` for what is not finite, `Quantile`, `NoColumn` when x is all zeros.
pub fn quantile_regression(
    x: &[f64],
    p: usize,
    y: &[f64],
    tau: f64,
) -> Result<QuantileFit, WalletError> {
    let n = y.len();
    if !(tau > 0.0 && tau < 1.0) {
        return Err(WalletError::Quantile { value: tau, range: "above 0 and below 1" });
    }
    if x.len() != n * p {
        return Err(WalletError::Lengths { what: "x".into(), length: x.len(), expected: n * p });
    }
    let faulty =
        |i: &usize| !y[*i].is_finite() || x[i * p..(i + 1) * p].iter().any(|v| !v.is_finite());
    if let Some(i) = (0..n).find(faulty) {
        return Err(WalletError::Row { row: i + 1, what: "x and y must be finite".into() });
    }
    let columns = Columns::independent(x, p);
    let kept = &columns.kept;
    if kept.is_empty() {
        return Err(WalletError::NoColumn);
    }
    let x = columns.of(x);
    let spread = spread(y);
    let perturbed: Vec<f64> =
        (y.iter().enumerate()).map(|(i, y)| y + PERTURBATION * spread * unit(i)).collect();
    let problem = Problem { x: &x, p: kept.len(), y: &perturbed, tau };
    let solved = problem.solve().ok_or(WalletError::NoColumn)?;
    let beta = solved.at(y);
    let mut coefficients = vec![0.0; p];
    kept.iter().zip(&beta).for_each(|(&column, beta)| coefficients[column] = *beta);
    let (mut loss, mut gap) = (0.0, 0.0);
    for (i, (row, &y)) in x.chunks_exact(kept.len()).zip(y).enumerate() {
        let fitted = dot(row, &beta);
        let here = pinball(tau, y, fitted);
        loss += here;
        gap += here - solved.dual[i] * (y - fitted);
    }
    let (pivots, converged) = (solved.pivots, solved.converged);
    Ok(QuantileFit { coefficients, columns: kept.clone(), loss, gap, pivots, converged })
}

struct Problem<'a> {
    x: &'a [f64],
    p: usize,
    y: &'a [f64],
    tau: f64,
}

struct Solved {
    basis: Vec<usize>,
    /// Inverse of the basis' rows of x.
    inverse: Vec<Vec<f64>>,
    /// A feasible point of the dual problem: by row, within [tau - 1, tau].
    dual: Vec<f64>,
    pivots: usize,
    converged: bool,
}

impl Solved {
    /// The coefficients that interpolate the basis.
    fn at(&self, y: &[f64]) -> Vec<f64> {
        let through: Vec<f64> = self.basis.iter().map(|&i| y[i]).collect();
        self.inverse.iter().map(|row| dot(row, &through)).collect()
    }
}

impl Problem<'_> {
    fn n(&self) -> usize {
        self.y.len()
    }

    fn row(&self, i: usize) -> &[f64] {
        &self.x[i * self.p..(i + 1) * self.p]
    }

    fn solve(&self) -> Option<Solved> {
        self.descend(self.start()?)
    }

    /// A basis to start from: the optimal one of a subset of the rows where that has full rank,
    /// else any.
    fn start(&self) -> Option<Vec<usize>> {
        let n = self.n();
        if n > GROWTH * ROWS_PER_COLUMN * self.p {
            // Rows in the order of a hash: whatever order the customers come in.
            let mut order: Vec<usize> = (0..n).collect();
            order.sort_unstable_by_key(|&i| Seed(1).derive(0, i as u64).0);
            order.truncate(n / GROWTH);
            let x: Vec<f64> = order.iter().flat_map(|&i| self.row(i)).copied().collect();
            let y: Vec<f64> = order.iter().map(|&i| self.y[i]).collect();
            let subset = Problem { x: &x, y: &y, ..*self };
            if let Some(solved) = subset.solve() {
                return Some(solved.basis.iter().map(|&i| order[i]).collect());
            }
        }
        self.any_basis()
    }

    /// Rows that span all columns: each the one that the rows before it explain least.
    fn any_basis(&self) -> Option<Vec<usize>> {
        let mut rest = self.x.to_vec();
        let mut longest = 0.0;
        let mut basis = Vec::with_capacity(self.p);
        for _ in 0..self.p {
            let norm = |i: usize| {
                dot(&rest[i * self.p..(i + 1) * self.p], &rest[i * self.p..(i + 1) * self.p])
            };
            let i = (0..self.n()).max_by(|&i, &j| norm(i).total_cmp(&norm(j)).then(j.cmp(&i)))?;
            let length = norm(i).sqrt();
            longest = f64::max(longest, length);
            if length <= 1e-9 * longest {
                return None;
            }
            let along: Vec<f64> =
                rest[i * self.p..(i + 1) * self.p].iter().map(|v| v / length).collect();
            for row in rest.chunks_exact_mut(self.p) {
                let by = dot(row, &along);
                row.iter_mut().zip(&along).for_each(|(v, a)| *v -= by * a);
            }
            basis.push(i);
        }
        Some(basis)
    }

    fn descend(&self, mut basis: Vec<usize>) -> Option<Solved> {
        let (n, p, tau) = (self.n(), self.p, self.tau);
        let mut in_basis = vec![false; n];
        basis.iter().for_each(|&i| in_basis[i] = true);
        let most = 1_000 + 100 * p;
        let mut residuals = vec![0.0; n];
        let mut slopes = vec![0.0; n];
        let mut crossings: Vec<Crossing> = Vec::new();
        let mut pivots = 0;
        loop {
            let rows: Vec<Vec<f64>> = basis.iter().map(|&i| self.row(i).to_vec()).collect();
            let inverse = inverse(&rows)?;
            // Updated along the edges, and afresh now and then against the growth of rounding.
            if pivots % 20 == 0 {
                let through: Vec<f64> = basis.iter().map(|&i| self.y[i]).collect();
                let beta: Vec<f64> = inverse.iter().map(|row| dot(row, &through)).collect();
                for (i, residual) in residuals.iter_mut().enumerate() {
                    *residual = if in_basis[i] { 0.0 } else { self.y[i] - dot(self.row(i), &beta) };
                }
            }
            let sign = |i: usize| if residuals[i] < 0.0 { tau - 1.0 } else { tau };
            let mut gradient = vec![0.0; p];
            for i in (0..n).filter(|&i| !in_basis[i]) {
                let by = sign(i);
                gradient.iter_mut().zip(self.row(i)).for_each(|(g, x)| *g += by * x);
            }
            // Koenker (Quantile Regression, 2005), theorem 2.1: at a minimum, the weights of the
            // basis that make sum a_i x_i = 0 lie within [tau - 1, tau].
            let weights: Vec<f64> =
                (0..p).map(|j| -(0..p).map(|k| inverse[k][j] * gradient[k]).sum::<f64>()).collect();
            let beyond = |a: f64| (a - tau).max(tau - 1.0 - a);
            let leaving = (0..p).max_by(|&j, &k| {
                beyond(weights[j]).total_cmp(&beyond(weights[k])).then(k.cmp(&j))
            })?;
            let excess = beyond(weights[leaving]);
            let converged = excess <= TOLERANCE;
            if converged || pivots == most {
                let mut dual: Vec<f64> = (0..n).map(sign).collect();
                for (&i, a) in basis.iter().zip(&weights) {
                    dual[i] = a.clamp(tau - 1.0, tau);
                }
                return Some(Solved { basis, inverse, dual, pivots, converged });
            }
            // The leaving row's residual grows to this side, at unit speed.
            let side = if weights[leaving] > tau { 1.0 } else { -1.0 };
            let along: Vec<f64> = inverse.iter().map(|row| -side * row[leaving]).collect();
            crossings.clear();
            for (i, slope) in slopes.iter_mut().enumerate() {
                *slope = dot(self.row(i), &along);
                let towards = if residuals[i] < 0.0 { -*slope } else { *slope };
                if !in_basis[i] && towards > FLAT {
                    let at = residuals[i].abs() / towards;
                    crossings.push(Crossing { at, weight: towards, row: i });
                }
            }
            let entering = lowest_point(&mut crossings, excess)?;
            for ((residual, slope), own) in residuals.iter_mut().zip(&slopes).zip(&in_basis) {
                if !own {
                    *residual -= entering.at * slope;
                }
            }
            // Rows that were crossed have changed sign by the subtraction, and the row reached
            // is exactly at 0 as part of the basis.
            residuals[entering.row] = 0.0;
            residuals[basis[leaving]] = side * entering.at.max(f64::MIN_POSITIVE);
            in_basis[basis[leaving]] = false;
            in_basis[entering.row] = true;
            basis[leaving] = entering.row;
            pivots += 1;
        }
    }
}

/// Where the residual of a row changes sign along an edge, and by how much the slope rises there.
#[derive(Clone, Copy)]
struct Crossing {
    at: f64,
    weight: f64,
    row: usize,
}

/// The crossing at which a slope that begins at -`fall` reaches 0: a weighted quantile.
fn lowest_point(crossings: &mut [Crossing], fall: f64) -> Option<Crossing> {
    let (mut part, mut fall) = (crossings, fall);
    while part.len() > 1 {
        let middle = part.len() / 2;
        part.select_nth_unstable_by(middle, |a, b| a.at.total_cmp(&b.at).then(a.row.cmp(&b.row)));
        let before: f64 = part[..middle].iter().map(|crossing| crossing.weight).sum();
        if before >= fall {
            part = &mut part[..middle];
        } else {
            fall -= before;
            part = &mut part[middle..];
            // The nearest of the rest is its first.
            if part[0].weight >= fall {
                return Some(part[0]);
            }
            fall -= part[0].weight;
            if part.len() == 1 {
                return None;
            }
            part = &mut part[1..];
        }
    }
    part.first().copied()
}

pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// A number in [0, 1) for each row.
fn unit(i: usize) -> f64 {
    (Seed(0).derive(1, i as u64).0 >> 11) as f64 / (1_u64 << 53) as f64
}

/// Mean distance from the mean; 1 for a constant.
fn spread(y: &[f64]) -> f64 {
    let n = y.len() as f64;
    let mean = y.iter().sum::<f64>() / n;
    let spread = y.iter().map(|y| (y - mean).abs()).sum::<f64>() / n;
    if spread > 0.0 { spread } else { 1.0 }
}

#[cfg(test)]
#[path = "regression_tests.rs"]
mod tests;
