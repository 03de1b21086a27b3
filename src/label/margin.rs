//! Rules and figures -> the group that comes second, and how far away it is.
//!
//! How firmly a comparison holds is the distance of its two sides in spreads: by how many spreads
//! every figure in it would have to move, each the way that hurts most, before it turns. The
//! spread of a feature is that of customers ([`super::population::Population::spread`]); of a
//! share of customers who meet a condition the deviation of that condition; of sizes and shares of
//! revenue an average segment; figures of all customers do not move. Sides are taken as linear
//! where they are, which makes the figure exact for sums and multiples by a number, and a first
//! approximation for products. `and` holds as firmly as its weakest part, `or` as its strongest;
//! a test of texts or of what is known does not turn at any distance.
//!
//! Somebody loses a group by the nearest of these turns: the own rule stops to hold, then the next
//! group below whose rule holds comes second; or a rule above begins to hold, then that group does.

use super::figures::{Figure, Figures, Place};
use super::rule::{Arithmetic, Comparator, Condition, Quantity, Rule};
use super::taxonomy::Group;

/// The group that comes second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Second {
    /// Index of the group.
    pub(super) group: usize,
    /// Spreads to it, from 0.
    pub(super) margin: f64,
}

/// The second group of the one at `place`, whose group is `chosen`; none where no figure can
/// change it.
pub(super) fn second(
    groups: &[Group],
    chosen: usize,
    figures: &Figures<'_>,
    place: Place,
) -> Option<Second> {
    let firm = |rule: &Rule| firmness(rule, &figures.of_rule(rule), place);
    let mut found: Option<Second> = None;
    let mut nearer = |group: usize, margin: f64| {
        if margin.is_finite() && found.is_none_or(|second| margin < second.margin) {
            found = Some(Second { group, margin: margin.max(0.0) });
        }
    };
    for (index, group) in groups[..chosen].iter().enumerate() {
        if let Some(rule) = group.rule() {
            nearer(index, -firm(rule));
        }
    }
    let below = groups.iter().enumerate().skip(chosen + 1);
    let mut below =
        below.filter(|(_, group)| group.rule().is_some_and(|rule| figures.meets(rule, place)));
    if let (Some(rule), Some((next, _))) = (groups[chosen].rule(), below.next()) {
        nearer(next, firm(rule));
    }
    found
}

/// How firmly a rule holds, in spreads; below 0 where it does not hold, infinite where nothing
/// turns it.
fn firmness(rule: &Rule, figures: &[&Figure<'_>], place: Place) -> f64 {
    condition(rule.condition(), figures, place)
}

fn sign(truth: bool) -> f64 {
    if truth { f64::INFINITY } else { f64::NEG_INFINITY }
}

fn condition(part: &Condition, figures: &[&Figure<'_>], place: Place) -> f64 {
    match part {
        Condition::Constant(truth) => sign(*truth),
        Condition::Not(inner) => -condition(inner, figures, place),
        Condition::All(parts) => {
            parts.iter().map(|part| condition(part, figures, place)).fold(f64::INFINITY, f64::min)
        }
        Condition::Any(parts) => {
            let each = parts.iter().map(|part| condition(part, figures, place));
            each.fold(f64::NEG_INFINITY, f64::max)
        }
        Condition::Flag(index) => sign(figures[*index].at(place).is_some_and(|flag| flag != 0.0)),
        Condition::Compare { left, comparator, right } => {
            let values = |index: usize| figures[index].at(place);
            let (Some(a), Some(b)) = (left.value(&values), right.value(&values)) else {
                return f64::NEG_INFINITY;
            };
            let apart = match (reach(left, figures, place), reach(right, figures, place)) {
                (Some(left), Some(right)) if left + right > 0.0 => (a - b).abs() / (left + right),
                // Nothing moves, or everyone is alike.
                _ => f64::INFINITY,
            };
            let holds = comparator.holds(a, b);
            // Equality ends at any distance, and begins at the whole.
            match comparator {
                Comparator::Equal if holds => 0.0,
                Comparator::NotEqual if !holds => -0.0,
                _ if holds => apart,
                _ => -apart,
            }
        }
    }
}

/// How far a quantity moves where each figure in it moves by one spread; none where one of them
/// has no spread, as all customers are alike.
fn reach(quantity: &Quantity, figures: &[&Figure<'_>], place: Place) -> Option<f64> {
    let values = |index: usize| figures[index].at(place);
    match quantity {
        Quantity::Number(_) => Some(0.0),
        Quantity::Statistic(index) => figures[*index].spread,
        Quantity::Negated(inner) => reach(inner, figures, place),
        Quantity::Combined { left, arithmetic, right } => {
            let (a, b) = (left.value(&values)?.abs(), right.value(&values)?.abs());
            let (da, db) = (reach(left, figures, place)?, reach(right, figures, place)?);
            match arithmetic {
                Arithmetic::Add | Arithmetic::Subtract => Some(da + db),
                Arithmetic::Multiply => Some(a * db + b * da),
                Arithmetic::Divide => Some(da / b + a * db / (b * b)).filter(|r| r.is_finite()),
            }
        }
    }
}
