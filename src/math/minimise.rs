//! Minimum of a function of one variable within bounds, by Brent's method: parabolic steps with
//! golden section as the safeguard (Brent, Algorithms for Minimization without Derivatives,
//! 1973, chapter 5). Finds a local minimum: the global one where the function has a single one.

/// What [`minimise_bounded`] found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Minimum {
    /// The argument.
    pub x: f64,
    /// The function there.
    pub value: f64,
    /// Whether `x` is known to within the tolerance.
    pub converged: bool,
}

/// The share of an interval that golden section cuts off: (3 - sqrt 5) / 2.
const GOLDEN: f64 = 0.381_966_011_250_105_1;

/// A minimum of `function` in (`lower`, `upper`), to within `tolerance` in the argument, after
/// at most `max_evaluations`. A NaN of the function counts as positive infinity.
pub fn minimise_bounded(
    mut function: impl FnMut(f64) -> f64,
    lower: f64,
    upper: f64,
    tolerance: f64,
    max_evaluations: usize,
) -> Minimum {
    let mut evaluate = |x: f64| {
        let value = function(x);
        if value.is_nan() { f64::INFINITY } else { value }
    };
    let (mut low, mut high) = (lower, upper);
    // Lowest point, second lowest, and the one before it.
    let mut x = low + GOLDEN * (high - low);
    let (mut w, mut v) = (x, x);
    let mut at_x = evaluate(x);
    let (mut at_w, mut at_v) = (at_x, at_x);
    let (mut step, mut step_before_last) = (0.0_f64, 0.0_f64);
    for _ in 1..max_evaluations {
        let middle = 0.5 * (low + high);
        let resolution = f64::EPSILON.sqrt() * x.abs() + tolerance / 3.0;
        if (x - middle).abs() <= 2.0 * resolution - 0.5 * (high - low) {
            return Minimum { x, value: at_x, converged: true };
        }
        let mut parabolic = None;
        if step_before_last.abs() > resolution {
            let r = (x - w) * (at_x - at_v);
            let q = (x - v) * (at_x - at_w);
            let (mut p, mut q) = ((x - v) * q - (x - w) * r, 2.0 * (q - r));
            if q > 0.0 {
                p = -p;
            }
            q = q.abs();
            let inside = p > q * (low - x) && p < q * (high - x);
            if inside && p.abs() < (0.5 * q * step_before_last).abs() {
                parabolic = Some(p / q);
            }
        }
        match parabolic {
            Some(parabolic) => {
                step_before_last = step;
                step = parabolic;
                let next = x + step;
                if next - low < 2.0 * resolution || high - next < 2.0 * resolution {
                    step = if x < middle { resolution } else { -resolution };
                }
            }
            None => {
                step_before_last = if x < middle { high - x } else { low - x };
                step = GOLDEN * step_before_last;
            }
        }
        let next = if step.abs() >= resolution { x + step } else { x + resolution.copysign(step) };
        let at_next = evaluate(next);
        if at_next <= at_x {
            if next < x {
                high = x;
            } else {
                low = x;
            }
            (v, at_v, w, at_w, x, at_x) = (w, at_w, x, at_x, next, at_next);
        } else {
            if next < x {
                low = next;
            } else {
                high = next;
            }
            if at_next <= at_w || w == x {
                (v, at_v, w, at_w) = (w, at_w, next, at_next);
            } else if at_next <= at_v || v == x || v == w {
                (v, at_v) = (next, at_next);
            }
        }
    }
    Minimum { x, value: at_x, converged: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_minimum_of_smooth_functions() {
        let found = minimise_bounded(|x| (x - 2.0).powi(2) + 1.0, -5.0, 5.0, 1e-8, 100);
        assert!(
            found.converged && (found.x - 2.0).abs() < 1e-7 && (found.value - 1.0).abs() < 1e-12
        );
        // x - ln x has its minimum at 1.
        let found = minimise_bounded(|x| x - x.ln(), 0.01, 50.0, 1e-8, 200);
        assert!(found.converged && (found.x - 1.0).abs() < 1e-6);
    }

    #[test]
    fn ends_at_a_bound_where_the_function_falls_towards_it() {
        let found = minimise_bounded(|x| x, 0.0, 1.0, 1e-8, 200);
        assert!(found.converged && found.x < 1e-6);
    }

    #[test]
    fn nan_is_the_worst_value_and_the_budget_is_kept() {
        let found = minimise_bounded(|x| if x < 0.0 { f64::NAN } else { x }, -1.0, 1.0, 1e-8, 200);
        assert!(found.x.abs() < 1e-6);
        let mut evaluations = 0;
        let count = |x: f64| {
            evaluations += 1;
            x.cos()
        };
        assert!(!minimise_bounded(count, 0.0, 6.0, 1e-12, 5).converged);
        assert_eq!(evaluations, 5);
    }
}
