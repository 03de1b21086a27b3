//! Attributes and behaviours of n customers -> the matrix (n x p) that the wallet model compares
//! customers by, and the record of what was done to each column.
//!
//! Numbers: a missing one takes the median and sets the column's indicator; ln(1 + v) where all
//! are from 0 on and it makes them less skewed; then mean 0 and standard deviation 1. Levels:
//! an indicator each. Indicators stay 0 or 1: two customers of different levels are then as far
//! apart, 1 + 1, as two of a standardised number are on average.

use serde::{Deserialize, Serialize};

use super::WalletError;
use crate::math::median;

/// A property of customers that the wallet may depend on: tenure, recency, frequency, categories
/// bought, region. Never own spend itself, nor anything made from it (its mean, its score).
#[derive(Clone, Debug, PartialEq)]
pub struct Behaviour {
    /// Its name in the report.
    pub name: String,
    /// One value a customer.
    pub values: BehaviourValues,
}

/// Values of a [`Behaviour`].
#[derive(Clone, Debug, PartialEq)]
pub enum BehaviourValues {
    /// Numbers; NaN where missing.
    Number(Vec<f64>),
    /// Places in `names`; none where missing.
    Level {
        /// One a customer.
        of: Vec<Option<u32>>,
        /// Names of the levels.
        names: Vec<String>,
    },
}

/// A level, or a column's missing values, gets an indicator when it has at least this part of
/// the customers,
const LEVEL_PART: f64 = 0.01;
/// and at least this many of them.
const LEVEL_CUSTOMERS: usize = 20;
/// A number whose rank correlation with own spend is this far from 0 is own spend in disguise:
/// with it, nobody would have an opportunity.
pub const DISGUISE: f64 = 0.98;

/// What became of the behaviours.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DesignReport {
    /// Columns of the matrix, in order: `tenure_days`, `log1p(n_visits)`, `region = north`,
    /// `age (missing)`.
    pub columns: Vec<String>,
    /// Behaviours and levels left out, each with the reason.
    pub left_out: Vec<(String, String)>,
    /// Behaviours with missing values, and how many.
    pub missing: Vec<(String, u32)>,
}

/// The matrix.
#[derive(Clone, Debug)]
pub(super) struct Design {
    pub n: usize,
    pub p: usize,
    /// By rows.
    pub values: Vec<f64>,
    pub report: DesignReport,
}

impl Design {
    pub fn row(&self, i: usize) -> &[f64] {
        &self.values[i * self.p..(i + 1) * self.p]
    }

    /// The matrix of customers who spend `own`.
    ///
    /// # Errors
    /// `Lengths`, `Row`.
    pub fn new(own: &[f64], behaviours: &[Behaviour]) -> Result<Self, WalletError> {
        let n = own.len();
        let mut report = DesignReport::default();
        let mut columns: Vec<(String, Vec<f64>)> = Vec::new();
        let spend_ranks = ranks(own);
        for Behaviour { name, values } in behaviours {
            let length = match values {
                BehaviourValues::Number(values) => values.len(),
                BehaviourValues::Level { of, .. } => of.len(),
            };
            if length != n {
                return Err(WalletError::Lengths { what: name.clone(), length, expected: n });
            }
            match values {
                BehaviourValues::Number(values) => {
                    if let Some(row) = values.iter().position(|value| value.is_infinite()) {
                        let what = format!("{name} is {}, not a number", values[row]);
                        return Err(WalletError::Row { row: row + 1, what });
                    }
                    numeric(name, values, &spend_ranks, &mut columns, &mut report);
                }
                BehaviourValues::Level { of, names } => {
                    if let Some(row) =
                        of.iter().position(|level| level.is_some_and(|l| l as usize >= names.len()))
                    {
                        let what = format!("{name} has a level beyond its {} names", names.len());
                        return Err(WalletError::Row { row: row + 1, what });
                    }
                    levels(name, of, names, &mut columns, &mut report);
                }
            }
        }
        let p = columns.len();
        let mut values = vec![0.0; n * p];
        for (j, (_, column)) in columns.iter().enumerate() {
            for (i, value) in column.iter().enumerate() {
                // + 0 turns -0 into 0: equal customers have equal bits.
                values[i * p + j] = value + 0.0;
            }
        }
        report.columns = columns.into_iter().map(|(name, _)| name).collect();
        Ok(Self { n, p, values, report })
    }
}

fn numeric(
    name: &str,
    values: &[f64],
    spend_ranks: &[f64],
    columns: &mut Vec<(String, Vec<f64>)>,
    report: &mut DesignReport,
) {
    let n = values.len();
    let missing: Vec<f64> =
        values.iter().map(|value| f64::from(u8::from(value.is_nan()))).collect();
    let n_missing = missing.iter().filter(|&&missing| missing > 0.0).count();
    if n_missing > 0 {
        report.missing.push((name.into(), n_missing as u32));
    }
    let Some(middle) = median(values) else {
        report.left_out.push((name.into(), "it has no values".into()));
        return;
    };
    let filled: Vec<f64> =
        values.iter().map(|&value| if value.is_nan() { middle } else { value }).collect();
    let disguise = correlation(&ranks(&filled), spend_ranks);
    if disguise.abs() >= DISGUISE {
        let reason = format!("it is own spend in disguise: rank correlation {disguise:.3}");
        report.left_out.push((name.into(), reason));
        return;
    }
    let mut column = (name.to_owned(), filled);
    if column.1.iter().all(|&value| value >= 0.0) {
        let logged: Vec<f64> = column.1.iter().map(|value| value.ln_1p()).collect();
        if skewness(&logged).abs() < skewness(&column.1).abs() {
            column = (format!("log1p({name})"), logged);
        }
    }
    let (mean, deviation) = moments(&column.1);
    // Rounding alone gives a constant column a deviation of the order of its last digit.
    if deviation > 1e-12 * mean.abs() && deviation.is_finite() {
        column.1.iter_mut().for_each(|value| *value = (*value - mean) / deviation);
        columns.push(column);
    } else {
        report
            .left_out
            .push((name.into(), "its values are all the same, or too large to compare".into()));
    }
    if n_missing >= enough(n) && n - n_missing >= enough(n) {
        columns.push((format!("{name} (missing)"), missing));
    }
}

fn levels(
    name: &str,
    of: &[Option<u32>],
    names: &[String],
    columns: &mut Vec<(String, Vec<f64>)>,
    report: &mut DesignReport,
) {
    let n = of.len();
    let mut counts = vec![0_usize; names.len()];
    of.iter().flatten().for_each(|&level| counts[level as usize] += 1);
    let n_missing = of.iter().filter(|level| level.is_none()).count();
    if n_missing > 0 {
        report.missing.push((name.into(), n_missing as u32));
    }
    let known =
        (0..names.len() as u32).map(|l| (Some(l), names[l as usize].as_str(), counts[l as usize]));
    for (level, label, count) in known.chain([(None, "", n_missing)]) {
        let label = match level {
            Some(_) => format!("{name} = {label}"),
            None => format!("{name} (missing)"),
        };
        if count >= enough(n) && count < n {
            let indicator = of.iter().map(|of| f64::from(u8::from(*of == level))).collect();
            columns.push((label, indicator));
        } else if count == n && n > 0 {
            report.left_out.push((label, "all customers have it".into()));
        } else if count > 0 {
            let reason = format!("{count} customers have it, {} are needed", enough(n));
            report.left_out.push((label, reason));
        }
    }
}

fn enough(n: usize) -> usize {
    LEVEL_CUSTOMERS.max((LEVEL_PART * n as f64).ceil() as usize)
}

/// Mean and standard deviation (by n).
fn moments(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / n;
    (mean, variance.sqrt())
}

/// The third standardised moment; 0 for a constant.
fn skewness(values: &[f64]) -> f64 {
    let (mean, deviation) = moments(values);
    if deviation <= 1e-12 * mean.abs() {
        return 0.0;
    }
    let cubes = values.iter().map(|value| ((value - mean) / deviation).powi(3)).sum::<f64>();
    cubes / values.len() as f64
}

/// Ranks from 1, ties having their mean; Spearman's correlation is that of ranks.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_unstable_by(|&i, &j| values[i].total_cmp(&values[j]).then(i.cmp(&j)));
    let mut ranks = vec![0.0; values.len()];
    let mut before = 0;
    for tied in order.chunk_by(|&i, &j| values[i] == values[j]) {
        let rank = before as f64 + (tied.len() as f64 + 1.0) / 2.0;
        tied.iter().for_each(|&i| ranks[i] = rank);
        before += tied.len();
    }
    ranks
}

/// Pearson's correlation; 0 where either is constant.
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let ((mean_a, deviation_a), (mean_b, deviation_b)) = (moments(a), moments(b));
    if deviation_a == 0.0 || deviation_b == 0.0 || a.is_empty() {
        return 0.0;
    }
    let products = a.iter().zip(b).map(|(a, b)| (a - mean_a) * (b - mean_b)).sum::<f64>();
    products / (a.len() as f64 * deviation_a * deviation_b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(name: &str, values: Vec<f64>) -> Behaviour {
        Behaviour { name: name.into(), values: BehaviourValues::Number(values) }
    }

    /// Spend that no column of these tests follows.
    fn spend(n: usize) -> Vec<f64> {
        (0..n).map(|i| ((i * 7919) % 101) as f64).collect()
    }

    #[test]
    fn numbers_are_filled_marked_and_standardised() {
        let n = 100;
        let values = (0..n).map(|i| if i % 4 == 0 { f64::NAN } else { (i % 3) as f64 - 1.0 });
        let design = Design::new(&spend(n), &[number("a", values.collect())]).unwrap();
        assert_eq!(design.report.columns, ["a", "a (missing)"]);
        assert_eq!(design.report.missing, [("a".to_owned(), 25)]);
        let column: Vec<f64> = (0..n).map(|i| design.row(i)[0]).collect();
        let (mean, deviation) = moments(&column);
        assert!(mean.abs() < 1e-12 && (deviation - 1.0).abs() < 1e-12);
        // The median of -1, 0, 1 in equal parts: a missing value is where a 0 is.
        assert_eq!(design.row(0)[0], design.row(1)[0]);
        assert_eq!((design.row(0)[1], design.row(1)[1]), (1.0, 0.0));
    }

    #[test]
    fn skewed_numbers_are_logged_and_constants_left_out() {
        let n = 60;
        let skewed = (0..n).map(|i| (i as f64 / 6.0).exp()).collect();
        let even = (0..n).map(|i| ((i * 37) % 60) as f64).collect();
        let given = [number("s", skewed), number("e", even), number("c", vec![0.1; n])];
        let design = Design::new(&spend(n), &given).unwrap();
        assert_eq!(design.report.columns, ["log1p(s)", "e"]);
        assert_eq!(design.report.left_out[0].0, "c");
    }

    #[test]
    fn levels_get_indicators_when_they_have_the_customers() {
        let n = 100;
        let of = (0..n).map(|i| match i {
            0..40 => Some(0),
            40..75 => Some(1),
            75..80 => Some(2),
            _ => None,
        });
        let names = ["north", "south", "isle"].map(String::from).to_vec();
        let values = BehaviourValues::Level { of: of.collect(), names };
        let given = [Behaviour { name: "region".into(), values }];
        let design = Design::new(&spend(n), &given).unwrap();
        assert_eq!(design.report.columns, ["region = north", "region = south", "region (missing)"]);
        assert_eq!(design.report.left_out[0].0, "region = isle");
        assert_eq!(design.row(0), [1.0, 0.0, 0.0]);
        assert_eq!(design.row(99), [0.0, 0.0, 1.0]);
        assert_eq!(design.row(77), [0.0, 0.0, 0.0]);
    }

    #[test]
    fn own_spend_in_disguise_is_left_out() {
        let own = spend(100);
        let disguised = own.iter().map(|own| -(own + 3.0).sqrt()).collect();
        let design = Design::new(&own, &[number("m", disguised)]).unwrap();
        assert!(design.report.columns.is_empty());
        assert!(design.report.left_out[0].1.contains("disguise"));
    }

    #[test]
    fn faults_are_named() {
        let own = spend(3);
        let short = Design::new(&own, &[number("a", vec![1.0])]);
        assert!(matches!(short, Err(WalletError::Lengths { length: 1, expected: 3, .. })));
        let infinite = Design::new(&own, &[number("a", vec![1.0, f64::INFINITY, 1.0])]);
        assert!(matches!(infinite, Err(WalletError::Row { row: 2, .. })));
        let values = BehaviourValues::Level { of: vec![Some(1); 3], names: vec!["x".into()] };
        let beyond = Design::new(&own, &[Behaviour { name: "l".into(), values }]);
        assert!(matches!(beyond, Err(WalletError::Row { row: 1, .. })));
        assert_eq!(Design::new(&own, &[]).unwrap().p, 0);
    }
}
