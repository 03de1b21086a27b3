//! Minimum of a smooth function of a few variables from several starts, by Newton's method within
//! a trust radius: negative curvature is followed downhill (absolute eigenvalues, as the
//! saddle-free Newton step of Dauphin et al. 2014), a step that does not lower the function is
//! shortened. The Hessian is the finite difference of the gradient that the caller gives, carried
//! on from step to step while the steps go as it says.
//!
//! A value that is not finite counts as a rejected step, never as an error.

use super::eigen::{Eigen, symmetric_eigen};

/// When to stop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stop {
    /// Largest element of the gradient, relative to 1 + |value|, at which a point is a minimum.
    pub gradient: f64,
    /// Newton steps of one start at most.
    pub iterations: usize,
    /// Descents at most: the best of the starts, by value, are descended from.
    pub descents: usize,
}

impl Default for Stop {
    fn default() -> Self {
        Self { gradient: 1e-8, iterations: 100, descents: 3 }
    }
}

/// A point that was reached.
#[derive(Clone, Debug, PartialEq)]
pub struct Optimum {
    /// The point.
    pub x: Vec<f64>,
    /// The function there.
    pub value: f64,
    /// Largest absolute element of the gradient there.
    pub gradient_norm: f64,
    /// Whether the gradient met the tolerance.
    pub converged: bool,
    /// Newton steps taken.
    pub iterations: usize,
}

/// The best of several descents.
#[derive(Clone, Debug, PartialEq)]
pub struct Search {
    /// The lowest point.
    pub best: Optimum,
    /// Curvature there (central differences); `None` where it is not finite.
    pub curvature: Option<Eigen>,
    /// Every descent, in the order in which they were made.
    pub descents: Vec<Optimum>,
}

/// The function and its gradient at a point.
pub type Evaluated = (f64, Vec<f64>);

/// Longest step, in the units of the variables (for log parameters: a factor of e^2).
const LONGEST: f64 = 2.0;
/// Steps of the differences of the gradient: while descending, and for the final curvature.
const FORWARD: f64 = 1e-6;
const CENTRAL: f64 = 1e-4;

/// Descends from the best of `starts`. `None` when the function is finite at none of them.
pub fn minimise(
    function: &dyn Fn(&[f64]) -> Evaluated,
    starts: &[Vec<f64>],
    stop: &Stop,
) -> Option<Search> {
    let mut at: Vec<(f64, &Vec<f64>)> = starts
        .iter()
        .map(|start| (function(start).0, start))
        .filter(|(value, _)| value.is_finite())
        .collect();
    at.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut descents: Vec<Optimum> = Vec::new();
    for (_, start) in at.into_iter().take(stop.descents.max(1)) {
        descents.push(descend(function, start, stop));
        // Two starts that meet: further ones would only repeat them.
        if let [.., a, b] = descents.as_slice()
            && a.converged
            && b.converged
            && (a.value - b.value).abs() <= 1e-7 * (1.0 + a.value.abs())
        {
            break;
        }
    }
    let best = descents.iter().min_by(|a, b| a.value.total_cmp(&b.value))?.clone();
    let curvature = symmetric_eigen(&central_hessian(function, &best.x));
    Some(Search { best, curvature, descents })
}

fn descend(function: &dyn Fn(&[f64]) -> Evaluated, start: &[f64], stop: &Stop) -> Optimum {
    let mut x = start.to_vec();
    let (mut value, mut gradient) = function(&x);
    let mut radius = LONGEST;
    let mut iterations = 0;
    let largest = |gradient: &[f64]| gradient.iter().fold(0.0, |norm: f64, g| norm.max(g.abs()));
    let done =
        |value: f64, gradient: &[f64]| largest(gradient) <= stop.gradient * (1.0 + value.abs());
    // Differences at this very point, or carried on from the last by what the steps showed.
    let mut hessian = None;
    while iterations < stop.iterations && !done(value, &gradient) {
        iterations += 1;
        let fresh = hessian.is_none();
        let here = hessian.take().unwrap_or_else(|| forward_hessian(function, &x, &gradient));
        let Some(eigen) = symmetric_eigen(&here) else { break };
        let mut moved = false;
        while radius > 1e-12 {
            let step = step(&eigen, &gradient, radius);
            let next: Vec<f64> = x.iter().zip(&step).map(|(x, step)| x + step).collect();
            let (next_value, next_gradient) = function(&next);
            let finite = next_value.is_finite() && next_gradient.iter().all(|g| g.is_finite());
            let length = step.iter().map(|s| s * s).sum::<f64>().sqrt();
            // Near the minimum the value is flat to the last digits: the gradient decides there.
            let level = (next_value - value).abs() <= 1e-13 * (1.0 + value.abs());
            let better = next_value < value && !level
                || level && largest(&next_gradient) < largest(&gradient);
            if finite && better {
                radius = (2.0 * radius).min(LONGEST);
                // A step that went as the curvature said leaves it good enough for the next.
                if largest(&next_gradient) <= 0.2 * largest(&gradient) {
                    hessian = Some(carried_on(here, &step, &gradient, &next_gradient));
                }
                (x, value, gradient) = (next, next_value, next_gradient);
                moved = true;
                break;
            }
            if !fresh {
                break;
            }
            radius = 0.25 * length.min(radius);
        }
        if !moved && fresh {
            break;
        }
    }
    let converged = done(value, &gradient);
    Optimum { gradient_norm: largest(&gradient), x, value, converged, iterations }
}

/// The Hessian with the change of the gradient along `step` put in: the symmetric update of rank
/// one (Nocedal and Wright, Numerical Optimization, equation 6.24).
fn carried_on(
    mut hessian: Vec<Vec<f64>>,
    step: &[f64],
    before: &[f64],
    after: &[f64],
) -> Vec<Vec<f64>> {
    let unexplained: Vec<f64> = hessian
        .iter()
        .zip(before.iter().zip(after))
        .map(|(row, (before, after))| {
            after - before - row.iter().zip(step).map(|(h, s)| h * s).sum::<f64>()
        })
        .collect();
    let norm = |vector: &[f64]| vector.iter().map(|v| v * v).sum::<f64>().sqrt();
    let along: f64 = unexplained.iter().zip(step).map(|(u, s)| u * s).sum();
    if along.abs() > 1e-8 * norm(step) * norm(&unexplained) {
        for (row, a) in hessian.iter_mut().zip(&unexplained) {
            row.iter_mut().zip(&unexplained).for_each(|(h, b)| *h += a * b / along);
        }
    }
    hessian
}

/// Minus the gradient over the absolute curvature, no longer than `radius`.
fn step(eigen: &Eigen, gradient: &[f64], radius: f64) -> Vec<f64> {
    let steepest = eigen.values.iter().fold(0.0, |most: f64, value| most.max(value.abs()));
    let along: Vec<f64> = eigen
        .vectors
        .iter()
        .map(|vector| vector.iter().zip(gradient).map(|(v, g)| v * g).sum())
        .collect();
    let step_with = |damping: f64| -> Vec<f64> {
        let mut step = vec![0.0; gradient.len()];
        for ((vector, value), along) in eigen.vectors.iter().zip(&eigen.values).zip(&along) {
            let curvature = value.abs().max(1e-12 * steepest).max(f64::MIN_POSITIVE) + damping;
            step.iter_mut().zip(vector).for_each(|(s, v)| *s -= along / curvature * v);
        }
        step
    };
    let length = |step: &[f64]| step.iter().map(|s| s * s).sum::<f64>().sqrt();
    let plain = step_with(0.0);
    if length(&plain) <= radius {
        return plain;
    }
    // Damping by bisection on its logarithm: the length falls as it grows.
    let norm = along.iter().map(|a| a * a).sum::<f64>().sqrt();
    let (mut low, mut high) = (0.0, norm / radius);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if length(&step_with(middle)) > radius {
            low = middle
        } else {
            high = middle
        }
        if high - low <= 1e-3 * high {
            break;
        }
    }
    step_with(high)
}

fn forward_hessian(
    function: &dyn Fn(&[f64]) -> Evaluated,
    x: &[f64],
    gradient: &[f64],
) -> Vec<Vec<f64>> {
    let rows = (0..x.len()).map(|i| {
        let mut beside = x.to_vec();
        beside[i] += FORWARD;
        let (_, next) = function(&beside);
        next.iter().zip(gradient).map(|(next, here)| (next - here) / FORWARD).collect()
    });
    symmetrised(rows.collect())
}

/// The Hessian at `x` by central differences of the gradient.
fn central_hessian(function: &dyn Fn(&[f64]) -> Evaluated, x: &[f64]) -> Vec<Vec<f64>> {
    let beside = |i: usize, by: f64| {
        let mut beside = x.to_vec();
        beside[i] += by;
        function(&beside).1
    };
    let rows = (0..x.len()).map(|i| {
        let (up, down) = (beside(i, CENTRAL), beside(i, -CENTRAL));
        up.iter().zip(&down).map(|(up, down)| (up - down) / (2.0 * CENTRAL)).collect()
    });
    symmetrised(rows.collect())
}

fn symmetrised(rows: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let n = rows.len();
    (0..n).map(|i| (0..n).map(|j| 0.5 * (rows[i][j] + rows[j][i])).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rosenbrock's valley: minimum 0 at (1, 1).
    fn rosenbrock(x: &[f64]) -> Evaluated {
        let (a, b) = (1.0 - x[0], x[1] - x[0] * x[0]);
        (a * a + 100.0 * b * b, vec![-2.0 * a - 400.0 * x[0] * b, 200.0 * b])
    }

    #[test]
    fn finds_the_end_of_a_curved_valley() {
        let found = minimise(&rosenbrock, &[vec![-1.2, 1.0]], &Stop::default()).unwrap();
        assert!(found.best.converged, "{found:?}");
        assert!(found.best.x.iter().all(|x| (x - 1.0).abs() < 1e-6), "{found:?}");
        // The Hessian there is [[802, -400], [-400, 200]].
        let curvature = found.curvature.unwrap();
        let trace: f64 = curvature.values.iter().sum();
        assert!((trace - 1002.0).abs() < 1e-2);
    }

    #[test]
    fn the_best_of_several_starts_wins_and_nan_is_no_start() {
        // Two wells, the deeper one at about -1.035.
        let wells = |x: &[f64]| {
            let x = x[0];
            ((x * x - 1.0).powi(2) + 0.3 * x, vec![4.0 * x * (x * x - 1.0) + 0.3])
        };
        let starts = [vec![1.5], vec![-1.5], vec![f64::NAN]];
        let found = minimise(&wells, &starts, &Stop::default()).unwrap();
        assert!(found.best.x[0] < -1.0 && found.best.converged);
        assert!(minimise(&wells, &[vec![f64::NAN]], &Stop::default()).is_none());
    }

    #[test]
    fn a_function_that_is_undefined_beyond_a_wall_is_no_error() {
        // x - ln x, not defined below zero: minimum at 1.
        let wall = |x: &[f64]| (x[0] - x[0].ln(), vec![1.0 - 1.0 / x[0]]);
        let found = minimise(&wall, &[vec![30.0]], &Stop::default()).unwrap();
        assert!(found.best.converged && (found.best.x[0] - 1.0).abs() < 1e-7, "{found:?}");
    }

    #[test]
    fn what_has_no_minimum_does_not_converge() {
        let slope = |x: &[f64]| (-x[0], vec![-1.0]);
        let found = minimise(&slope, &[vec![0.0]], &Stop::default()).unwrap();
        assert!(!found.best.converged && found.best.iterations == 100);
    }
}
