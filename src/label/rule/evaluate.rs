//! [`Rule`] and the values of its statistics -> true or false. An undefined value makes the
//! comparison that uses it false; nothing else knows of undefined.

use super::{Arithmetic, Condition, Quantity, Rule};

impl Rule {
    /// Whether the rule holds where `value(i)` is that of `statistics()[i]`, `None` for
    /// undefined. A comparison with an undefined side is false, so its `not` is true.
    pub fn holds(&self, value: &impl Fn(usize) -> Option<f64>) -> bool {
        self.condition().holds(value)
    }

    /// The truth of a rule that is the same whatever its statistics are, if that can be seen
    /// without knowing their ranges.
    pub fn constant(&self) -> Option<bool> {
        self.condition().constant()
    }
}

impl Condition {
    /// See [`Rule::holds`].
    pub fn holds(&self, value: &impl Fn(usize) -> Option<f64>) -> bool {
        match self {
            Self::Constant(truth) => *truth,
            Self::Not(inner) => !inner.holds(value),
            Self::All(parts) => parts.iter().all(|part| part.holds(value)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(value)),
            Self::Flag(index) => value(*index).is_some_and(|flag| flag != 0.0),
            Self::Compare { left, comparator, right } => {
                match (left.value(value), right.value(value)) {
                    (Some(left), Some(right)) => comparator.holds(left, right),
                    _ => false,
                }
            }
        }
    }

    fn constant(&self) -> Option<bool> {
        match self {
            Self::Constant(truth) => Some(*truth),
            Self::Not(inner) => inner.constant().map(|truth| !truth),
            Self::All(parts) => fold(parts, false),
            Self::Any(parts) => fold(parts, true),
            Self::Flag(_) => None,
            Self::Compare { left, right, .. } => {
                let fixed = left.is_fixed() && right.is_fixed();
                fixed.then(|| self.holds(&|_| None))
            }
        }
    }
}

/// `decisive` where one part is that; the opposite where all parts are.
fn fold(parts: &[Condition], decisive: bool) -> Option<bool> {
    let truths = parts.iter().map(Condition::constant);
    truths.reduce(|left, right| match (left, right) {
        _ if left == Some(decisive) || right == Some(decisive) => Some(decisive),
        (Some(_), Some(_)) => Some(!decisive),
        _ => None,
    })?
}

impl Quantity {
    /// The value, `None` where undefined or not finite.
    pub fn value(&self, value: &impl Fn(usize) -> Option<f64>) -> Option<f64> {
        let result = match self {
            Self::Number(number) => *number,
            Self::Statistic(index) => value(*index)?,
            Self::Negated(inner) => -inner.value(value)?,
            Self::Combined { left, arithmetic, right } => {
                let (left, right) = (left.value(value)?, right.value(value)?);
                match arithmetic {
                    Arithmetic::Add => left + right,
                    Arithmetic::Subtract => left - right,
                    Arithmetic::Multiply => left * right,
                    Arithmetic::Divide => left / right,
                }
            }
        };
        result.is_finite().then_some(result)
    }

    /// Whether it asks for no statistic.
    fn is_fixed(&self) -> bool {
        match self {
            Self::Number(_) => true,
            Self::Statistic(_) => false,
            Self::Negated(inner) => inner.is_fixed(),
            Self::Combined { left, right, .. } => left.is_fixed() && right.is_fixed(),
        }
    }
}
