//! Linear inequalities -> whether any real numbers can meet them all, by elimination of one
//! variable after the other (Fourier 1826; Motzkin 1936).
//!
//! Only an impossibility is certain: where there are too many inequalities, or a bound is met to
//! within rounding, the answer is that they may be met.

/// `sum of factor × variable + constant`, below 0 or, where not `strict`, at most 0.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Inequality {
    /// Variable and factor, by variable, no factor 0.
    pub terms: Vec<(usize, f64)>,
    pub constant: f64,
    pub strict: bool,
    /// The largest constant that `constant` was added up from: the scale of its rounding.
    size: f64,
}

/// More inequalities than this are not looked at.
const MOST: usize = 200;

/// Bounds nearer than this, against the constants they were added up from, may be equal.
const ROUNDING: f64 = 1e-9;

impl Inequality {
    pub(super) fn new(terms: &[(usize, f64)], constant: f64, strict: bool) -> Self {
        let mut kept: Vec<(usize, f64)> = Vec::with_capacity(terms.len());
        let mut terms = terms.to_vec();
        terms.sort_by_key(|(variable, _)| *variable);
        for (variable, factor) in terms {
            match kept.last_mut() {
                Some((last, sum)) if *last == variable => *sum += factor,
                _ => kept.push((variable, factor)),
            }
        }
        kept.retain(|(_, factor)| *factor != 0.0);
        Self { terms: kept, constant, strict, size: constant.abs() }
    }

    fn factor(&self, variable: usize) -> f64 {
        let found = self.terms.iter().find(|(known, _)| *known == variable);
        found.map_or(0.0, |(_, factor)| *factor)
    }

    /// Whether it is false whatever the variables are.
    fn is_absurd(&self) -> bool {
        // An inequality met to within rounding might be met.
        self.terms.is_empty()
            && (self.constant > ROUNDING * (1.0 + self.size)
                || (self.strict && self.constant == 0.0))
    }

    /// Scaled so that the largest factor is 1.
    fn scaled(mut self) -> Self {
        let largest = self.terms.iter().map(|(_, factor)| factor.abs()).fold(0.0, f64::max);
        if largest > 0.0 && largest.is_finite() {
            self.terms.iter_mut().for_each(|(_, factor)| *factor /= largest);
            self.constant /= largest;
            self.size /= largest;
        }
        self
    }
}

/// Whether it is certain that no numbers meet all of `inequalities`.
pub(super) fn impossible(inequalities: Vec<Inequality>) -> bool {
    let mut left: Vec<Inequality> = inequalities.into_iter().map(Inequality::scaled).collect();
    loop {
        if left.iter().any(Inequality::is_absurd) {
            return true;
        }
        left.retain(|inequality| !inequality.terms.is_empty());
        let mut variables: Vec<usize> =
            left.iter().flat_map(|one| one.terms.iter().map(|(variable, _)| *variable)).collect();
        variables.sort_unstable();
        variables.dedup();
        let pairs = |variable: usize| {
            let above = left.iter().filter(|one| one.factor(variable) > 0.0).count();
            let below = left.iter().filter(|one| one.factor(variable) < 0.0).count();
            (above * below, variable)
        };
        let Some((_, variable)) = variables.into_iter().map(pairs).min() else { return false };
        let (with, mut next): (Vec<_>, Vec<_>) =
            left.into_iter().partition(|one| one.factor(variable) != 0.0);
        let (above, below): (Vec<_>, Vec<_>) =
            with.into_iter().partition(|one| one.factor(variable) > 0.0);
        if next.len() + above.len() * below.len() > MOST {
            return false;
        }
        for upper in &above {
            for lower in &below {
                let sum = combined(upper, lower, variable);
                if !next.contains(&sum) {
                    next.push(sum);
                }
            }
        }
        left = next;
    }
}

/// The sum of two inequalities in which `variable` cancels out.
fn combined(upper: &Inequality, lower: &Inequality, variable: usize) -> Inequality {
    let (a, b) = (-lower.factor(variable), upper.factor(variable));
    let scaled = |one: &Inequality, by: f64| -> Vec<(usize, f64)> {
        let others = one.terms.iter().filter(|(known, _)| *known != variable);
        others.map(|(known, factor)| (*known, factor * by)).collect()
    };
    let terms = [scaled(upper, a), scaled(lower, b)].concat();
    let constant = upper.constant * a + lower.constant * b;
    let size = (upper.size * a).max(lower.size * b);
    let sum = Inequality::new(&terms, constant, upper.strict || lower.strict);
    Inequality { size: sum.size.max(size), ..sum }.scaled()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_most(terms: &[(usize, f64)], constant: f64) -> Inequality {
        Inequality::new(terms, constant, false)
    }

    #[test]
    fn contradictions_are_found_and_nothing_else() {
        // x <= 3, x >= 4.
        assert!(impossible(vec![at_most(&[(0, 1.0)], -3.0), at_most(&[(0, -1.0)], 4.0)]));
        // x <= 3, x >= 3; then x < 3.
        let touching = vec![at_most(&[(0, 1.0)], -3.0), at_most(&[(0, -1.0)], 3.0)];
        assert!(!impossible(touching.clone()));
        let below = Inequality::new(&[(0, 1.0)], -3.0, true);
        assert!(impossible([touching, vec![below]].concat()));
        // x + y >= 10, x <= 4, y <= 5; y <= 6.
        let sum = at_most(&[(0, -1.0), (1, -1.0)], 10.0);
        let x = at_most(&[(0, 1.0)], -4.0);
        assert!(impossible(vec![sum.clone(), x.clone(), at_most(&[(1, 1.0)], -5.0)]));
        assert!(!impossible(vec![sum, x, at_most(&[(1, 1.0)], -6.0)]));
        // x < y, y < z, z < x.
        let less = |a, b| Inequality::new(&[(a, 1.0), (b, -1.0)], 0.0, true);
        assert!(impossible(vec![less(0, 1), less(1, 2), less(2, 0)]));
        assert!(!impossible(vec![less(0, 1), less(1, 2)]));
        assert!(!impossible(Vec::new()));
    }
}
