//! Mean spend by repeat purchase -> what an order of each customer is worth.
//!
//! Gamma-Gamma where its fit is sound; otherwise each customer's mean, shrunken towards
//! everybody's by Bühlmann's credibility (ASTIN Bulletin 4, 1967).

use super::record::{SpendMethod, SpendRecord};
use crate::features::btyd::{DEPENDENT, GammaGamma, Spend as MeanSpend};
use crate::types::Warning;

/// Repeat buyers below whom Gamma-Gamma is not fitted.
const LEAST_REPEAT_BUYERS: f64 = 20.0;

/// What is known of each customer's spend: repeat purchases, their mean spend (NaN without
/// any), and the mean spend of all purchase days.
pub struct Spend<'a> {
    /// Repeat purchases.
    pub x: &'a [f64],
    /// Mean spend of these.
    pub m_x: &'a [f64],
    /// Mean spend of all purchase days, for the population.
    pub mean: &'a [f64],
    /// Customers by row; empty for one each.
    pub counts: &'a [f64],
}

/// Expected value of an order by customer; how; and what a person should know.
pub fn order_values(spend: &Spend<'_>, warnings: &mut Vec<Warning>) -> (Vec<f64>, SpendRecord) {
    let count = |i: usize| spend.counts.get(i).copied().unwrap_or(1.0);
    let rows: Vec<MeanSpend> =
        (spend.x.iter().zip(spend.m_x)).map(|(&x, &m_x)| MeanSpend { x, m_x }).collect();
    let usable = |row: &MeanSpend| row.x > 0.0 && row.m_x > 0.0 && row.m_x.is_finite();
    let repeat: f64 =
        rows.iter().enumerate().filter(|(_, row)| usable(row)).map(|(i, _)| count(i)).sum();
    let mut record = SpendRecord {
        method: SpendMethod::ShrunkenMean,
        reason: format!(
            "{repeat} customers with positive repeat spend, fewer than {LEAST_REPEAT_BUYERS}"
        ),
        fit: None,
        customers: repeat,
        left_out: None,
        correlation: None,
        population_mean: 0.0,
        prior_orders: None,
    };
    if repeat >= LEAST_REPEAT_BUYERS {
        match GammaGamma::fit(&rows, spend.counts) {
            Err(error) => record.reason = error.to_string(),
            Ok(found) => {
                record.left_out = Some(found.left_out);
                record.correlation = found.correlation;
                warnings.extend(found.correlation.and_then(dependence));
                let sound = found.fit.sound();
                record.fit = Some(found.fit);
                if sound {
                    let mean = found.model.population_mean();
                    record.method = SpendMethod::GammaGamma;
                    record.reason = "the fit is sound".into();
                    record.population_mean = mean;
                    let value = |row| found.model.mean_spend(row).unwrap_or(mean);
                    return (rows.iter().map(value).collect(), record);
                }
                record.reason = "the fit of Gamma-Gamma is not sound".into();
            }
        }
    }
    let (values, mean, prior) = shrunken(spend);
    record.population_mean = mean;
    record.prior_orders = Some(prior);
    (values, record)
}

/// A warning where the correlation `rho` of spend and frequency is beyond what Gamma-Gamma bears.
pub fn dependence(rho: f64) -> Option<Warning> {
    (rho.abs() > DEPENDENT).then(|| {
        Warning::new(
            "spend_depends_on_frequency",
            format!(
                "repeat purchases and their mean spend have a correlation of {rho:.2}, beyond \
                 {DEPENDENT}: the model of spend takes them for independent, so the values of \
                 frequent customers are rather too {}. Read clv as a ranking, or value groups of \
                 customers apart",
                if rho > 0.0 { "low" } else { "high" }
            ),
        )
    })
}

/// Means of repeat spend shrunken towards the mean of all purchase days. The spread between
/// customers and within them is taken from the repeat buyers: the squared distance of a mean of
/// x purchases is B + W / x. Returns values, the mean, and W / B.
fn shrunken(spend: &Spend<'_>) -> (Vec<f64>, f64, f64) {
    const MOST: f64 = 1e6;
    let n = spend.x.len();
    let count = |i: usize| spend.counts.get(i).copied().unwrap_or(1.0);
    let known = |i: &usize| spend.mean[*i].is_finite();
    let customers: f64 = (0..n).filter(known).map(count).sum();
    let mean = match customers > 0.0 {
        true => (0..n).filter(known).map(|i| count(i) * spend.mean[i]).sum::<f64>() / customers,
        false => 0.0,
    }
    .max(0.0);
    let repeat: Vec<usize> =
        (0..n).filter(|&i| spend.x[i] > 0.0 && spend.m_x[i].is_finite()).collect();
    // Least squares of the squared distance on 1 / x.
    let weight: f64 = repeat.iter().map(|&i| count(i)).sum();
    let over = |of: &dyn Fn(usize) -> f64| repeat.iter().map(|&i| count(i) * of(i)).sum::<f64>();
    let centre = if weight > 0.0 { over(&|i| spend.m_x[i]) / weight } else { mean };
    let distance = |i: usize| (spend.m_x[i] - centre).powi(2);
    let (u, d) = (over(&|i| 1.0 / spend.x[i]) / weight, over(&distance) / weight);
    let slope = over(&|i| (1.0 / spend.x[i] - u) * (distance(i) - d))
        / over(&|i| (1.0 / spend.x[i] - u).powi(2));
    let within = if slope.is_finite() { slope.clamp(0.0, d / u) } else { 0.5 * d / u };
    let between = d - within * u;
    let prior = if between > 0.0 { (within / between).min(MOST) } else { MOST };
    let prior = if prior.is_finite() { prior } else { 1.0 };
    let values = (0..n)
        .map(|i| {
            if spend.x[i] > 0.0 && spend.m_x[i].is_finite() {
                ((spend.x[i] * spend.m_x[i] + prior * mean) / (spend.x[i] + prior)).max(0.0)
            } else {
                mean
            }
        })
        .collect();
    (values, mean, prior)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shrinks_towards_the_mean_and_never_below_zero() {
        let (x, m_x) = ([9.0, 1.0, 0.0, 2.0], [100.0, 100.0, f64::NAN, -500.0]);
        let spend = Spend { x: &x, m_x: &m_x, mean: &[100.0, 100.0, 20.0, -10.0], counts: &[] };
        let (values, mean, prior) = shrunken(&spend);
        assert!((mean - 52.5).abs() < 1e-12 && prior >= 0.0);
        assert!(values[0] >= values[1] && values[1] >= mean && values[2] == mean);
        assert!(values.iter().all(|value| *value >= 0.0));
    }

    #[test]
    fn ten_customers_get_means_and_a_reason() {
        let x = [1.0; 10];
        let m_x: Vec<f64> = (1..=10).map(f64::from).collect();
        let spend = Spend { x: &x, m_x: &m_x, mean: &m_x, counts: &[] };
        let (values, record) = order_values(&spend, &mut Vec::new());
        assert_eq!(record.method, SpendMethod::ShrunkenMean);
        assert!(record.reason.contains("fewer than 20"), "{}", record.reason);
        assert!(values.iter().all(|value| value.is_finite() && *value >= 0.0));
        let nobody = Spend { x: &[], m_x: &[], mean: &[], counts: &[] };
        assert!(order_values(&nobody, &mut Vec::new()).0.is_empty());
    }
}
