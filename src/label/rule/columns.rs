//! A rule or a formula over n customers at once: block by block, column by column.
//!
//! What [`Condition::holds`] and [`Quantity::value`] say of one customer after the other, without
//! walking the tree for each: NaN stands for undefined.

use std::borrow::Cow;
use std::ops::Range;

use super::{Arithmetic, Comparator, Condition, Quantity};

/// Rows evaluated together: the buffers of a rule stay in the processor's cache.
pub(crate) const BLOCK: usize = 4096;

/// The values of a statistic for every customer.
#[derive(Clone, Debug)]
pub(crate) enum Source<'a> {
    /// One a customer, NaN for undefined.
    Each(Cow<'a, [f64]>),
    /// The same for all; none for undefined.
    All(Option<f64>),
}

impl Source<'_> {
    /// The value for the customer of `row`.
    pub(crate) fn at(&self, row: usize) -> Option<f64> {
        match self {
            Self::Each(values) => Some(values[row]).filter(|value| !value.is_nan()),
            Self::All(value) => *value,
        }
    }
}

/// Whether `condition` holds for each of the customers of `rows`; `sources` has the values of its
/// statistics.
pub(crate) fn mask(
    condition: &Condition,
    sources: &[&Source<'_>],
    rows: Range<usize>,
) -> Vec<bool> {
    let all = |parts: &[Condition], neutral: bool| {
        let mut held = vec![neutral; rows.len()];
        for part in parts {
            let next = mask(part, sources, rows.clone());
            for (held, next) in held.iter_mut().zip(next) {
                *held = if neutral { *held & next } else { *held | next };
            }
        }
        held
    };
    match condition {
        Condition::Constant(truth) => vec![*truth; rows.len()],
        Condition::Not(inner) => {
            let mut held = mask(inner, sources, rows);
            held.iter_mut().for_each(|held| *held = !*held);
            held
        }
        Condition::All(parts) => all(parts, true),
        Condition::Any(parts) => all(parts, false),
        Condition::Flag(index) => match sources[*index] {
            Source::Each(values) => {
                values[rows].iter().map(|&flag| flag != 0.0 && !flag.is_nan()).collect()
            }
            Source::All(value) => vec![value.is_some_and(|flag| flag != 0.0); rows.len()],
        },
        Condition::Compare { left, comparator, right } => {
            let left = numbers(left, sources, rows.clone());
            let right = numbers(right, sources, rows);
            let each = left.iter().zip(&right);
            // Comparisons with NaN are false by themselves, all but `!=`.
            match comparator {
                Comparator::Less => each.map(|(a, b)| a < b).collect(),
                Comparator::LessOrEqual => each.map(|(a, b)| a <= b).collect(),
                Comparator::Greater => each.map(|(a, b)| a > b).collect(),
                Comparator::GreaterOrEqual => each.map(|(a, b)| a >= b).collect(),
                Comparator::Equal => each.map(|(a, b)| a == b).collect(),
                Comparator::NotEqual => {
                    each.map(|(a, b)| a != b && !a.is_nan() && !b.is_nan()).collect()
                }
            }
        }
    }
}

/// The value of `quantity` for each of the customers of `rows`; NaN where it is undefined or not
/// finite.
pub(crate) fn numbers(
    quantity: &Quantity,
    sources: &[&Source<'_>],
    rows: Range<usize>,
) -> Vec<f64> {
    match quantity {
        Quantity::Number(number) => vec![*number; rows.len()],
        Quantity::Statistic(index) => match sources[*index] {
            Source::Each(values) => values[rows].to_vec(),
            Source::All(value) => vec![value.unwrap_or(f64::NAN); rows.len()],
        },
        Quantity::Negated(inner) => {
            let mut values = numbers(inner, sources, rows);
            values.iter_mut().for_each(|value| *value = -*value);
            values
        }
        Quantity::Combined { left, arithmetic, right } => {
            let mut values = numbers(left, sources, rows.clone());
            let right = numbers(right, sources, rows);
            for (value, right) in values.iter_mut().zip(right) {
                let result = match arithmetic {
                    Arithmetic::Add => *value + right,
                    Arithmetic::Subtract => *value - right,
                    Arithmetic::Multiply => *value * right,
                    Arithmetic::Divide => *value / right,
                };
                *value = if result.is_finite() { result } else { f64::NAN };
            }
            values
        }
    }
}
