//! A past campaign's response by RFM cell -> response rates, break-even index, and weights of
//! recency, frequency and money from a regression of the response on the three scores.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::math::symmetric_eigen;

/// Customers contacted by a campaign who had the same scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Contacted {
    /// Recency score, any scale, more being more recent.
    pub recency: u8,
    /// Frequency score.
    pub frequency: u8,
    /// Score of money.
    pub money: u8,
    /// Customers contacted.
    pub contacted: u64,
    /// Those of them who responded.
    pub responded: u64,
}

/// Why a campaign's figures cannot be used.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum CampaignError {
    /// More responses than contacts.
    #[error(
        "row {row}: {responded} responded of {contacted} contacted. Count each customer once, and correct the row"
    )]
    Counts {
        /// Row, from 1.
        row: usize,
        /// Customers contacted.
        contacted: u64,
        /// Customers who responded.
        responded: u64,
    },
    /// Costs that have no break-even.
    #[error(
        "unit cost {cost}, unit net profit {profit}: the cost must be from 0 on and the profit above 0. Correct them"
    )]
    BreakEven {
        /// Cost of one contact.
        cost: f64,
        /// Net profit of one response.
        profit: f64,
    },
}

/// The response rate at which a contact pays for itself: cost of a contact over net profit of a
/// response, in the same currency.
///
/// # Errors
/// `BreakEven`.
pub fn break_even_rate(unit_cost: f64, unit_net_profit: f64) -> Result<f64, CampaignError> {
    let rate = unit_cost / unit_net_profit;
    if unit_cost >= 0.0 && unit_net_profit > 0.0 && rate.is_finite() {
        return Ok(rate);
    }
    Err(CampaignError::BreakEven { cost: unit_cost, profit: unit_net_profit })
}

/// (response rate - break-even rate) / break-even rate x 100: above 0 the contacts paid, at 0
/// they broke even. None for a break-even rate of 0, where every response pays.
pub fn break_even_index(response_rate: f64, break_even_rate: f64) -> Option<f64> {
    (break_even_rate > 0.0).then(|| (response_rate - break_even_rate) / break_even_rate * 100.0)
}

/// Response of one value of a key.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CellResponse<K> {
    /// The key: a score, or all three.
    pub key: K,
    /// Customers contacted.
    pub contacted: u64,
    /// Customers who responded.
    pub responded: u64,
    /// `responded` over `contacted`; none where nobody was.
    pub rate: Option<f64>,
    /// [`break_even_index`] of the rate.
    pub index: Option<f64>,
}

/// Response by a key of the cells, such as `|cell| cell.recency` or all three scores; sorted by
/// the key.
///
/// # Errors
/// `Counts`.
pub fn response_by<K: Ord + Copy>(
    cells: &[Contacted],
    break_even_rate: f64,
    key: impl Fn(&Contacted) -> K,
) -> Result<Vec<CellResponse<K>>, CampaignError> {
    check(cells)?;
    let mut sums = std::collections::BTreeMap::<K, (u64, u64)>::new();
    for cell in cells {
        let sum = sums.entry(key(cell)).or_default();
        *sum = (sum.0.saturating_add(cell.contacted), sum.1.saturating_add(cell.responded));
    }
    let cell = |(key, (contacted, responded)): (K, (u64, u64))| {
        let rate = (contacted > 0).then(|| responded as f64 / contacted as f64);
        let index = rate.and_then(|rate| break_even_index(rate, break_even_rate));
        CellResponse { key, contacted, responded, rate, index }
    };
    Ok(sums.into_iter().map(cell).collect())
}

/// The fewest responses, and the fewest contacts without one, for a regression: ten for each of
/// the three scores (Peduzzi et al. 1996, "A simulation study of the number of events per
/// variable in logistic regression analysis").
pub const FEWEST_OF_A_KIND: u64 = 30;

/// The penalty where the likelihood alone has no single maximum: half of the sum of squares of
/// the three coefficients, that is, a standard normal prior of each.
pub const RIDGE: f64 = 1.0;

/// Whether weights could be had from a campaign.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CampaignWeights {
    /// They could.
    Fitted(ResponseModel),
    /// Nobody responded.
    NoResponse,
    /// Everybody responded.
    AllResponded,
    /// Fewer than [`FEWEST_OF_A_KIND`] did, or did not.
    TooFew {
        /// Customers contacted.
        contacted: u64,
        /// Customers who responded.
        responded: u64,
    },
}

/// Why the penalty was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RidgeReason {
    /// The scores tell who responded without error, so that the coefficients have no bound.
    Separable,
    /// The scores move together, so that their effects cannot be told apart.
    Collinear,
}

/// Logistic regression of the response on the three scores.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResponseModel {
    /// Log-odds of a response at the mean scores.
    pub intercept: f64,
    /// Change of the log-odds by one standard deviation of recency, frequency and money; 0 for a
    /// score that is the same for all.
    pub coefficients: [f64; 3],
    /// Their standard errors, from the observed information (with the penalty, where it was
    /// used); none for a score that is the same for all.
    pub standard_errors: [Option<f64>; 3],
    /// The coefficients over their sum: weights of standardised scores that sum to 1. A negative
    /// one says that a higher score went with fewer responses. None where the sum is not
    /// positive.
    pub weights: Option<[f64; 3]>,
    /// Which of recency, frequency and money have a negative coefficient.
    pub negative: [bool; 3],
    /// Why the penalty was used; none where it was not.
    pub ridge: Option<RidgeReason>,
}

/// Weights of recency, frequency and money by what made customers respond.
///
/// # Errors
/// `Counts`.
pub fn campaign_weights(cells: &[Contacted]) -> Result<CampaignWeights, CampaignError> {
    check(cells)?;
    let sum = |of: &dyn Fn(&Contacted) -> u64| cells.iter().map(of).fold(0, u64::saturating_add);
    let contacted = sum(&|cell| cell.contacted);
    let responded = sum(&|cell| cell.responded);
    let silent = contacted - responded;
    Ok(match (responded, silent) {
        (0, _) if contacted >= FEWEST_OF_A_KIND => CampaignWeights::NoResponse,
        (_, 0) if contacted >= FEWEST_OF_A_KIND => CampaignWeights::AllResponded,
        _ if responded.min(silent) < FEWEST_OF_A_KIND => {
            CampaignWeights::TooFew { contacted, responded }
        }
        _ => CampaignWeights::Fitted(regress(cells)),
    })
}

fn check(cells: &[Contacted]) -> Result<(), CampaignError> {
    match cells.iter().position(|cell| cell.responded > cell.contacted) {
        None => Ok(()),
        Some(place) => {
            let Contacted { contacted, responded, .. } = cells[place];
            Err(CampaignError::Counts { row: place + 1, contacted, responded })
        }
    }
}

/// One cell with the standardised scores that vary, after a 1 for the intercept.
struct Row {
    x: Vec<f64>,
    contacted: f64,
    responded: f64,
}

fn regress(cells: &[Contacted]) -> ResponseModel {
    let scores = |cell: &Contacted| [cell.recency, cell.frequency, cell.money].map(f64::from);
    let n: f64 = cells.iter().map(|cell| cell.contacted as f64).sum();
    let mean_of = |of: &dyn Fn(&Contacted) -> f64| {
        cells.iter().map(|cell| cell.contacted as f64 * of(cell)).sum::<f64>() / n
    };
    let means = [0, 1, 2].map(|j| mean_of(&|cell| scores(cell)[j]));
    let deviations =
        [0, 1, 2].map(|j| mean_of(&|cell| (scores(cell)[j] - means[j]).powi(2)).sqrt());
    let varying: Vec<usize> = (0..3).filter(|&j| deviations[j] > 1e-9).collect();
    let rows: Vec<Row> = cells
        .iter()
        .filter(|cell| cell.contacted > 0)
        .map(|cell| {
            let score = |&j: &usize| (scores(cell)[j] - means[j]) / deviations[j];
            let x = std::iter::once(1.0).chain(varying.iter().map(score)).collect();
            Row { x, contacted: cell.contacted as f64, responded: cell.responded as f64 }
        })
        .collect();
    let (fit, ridge) = match newton(&rows, 0.0) {
        Ok(fit) => (fit, None),
        // The penalised information is positive definite, so that this one ends.
        Err(reason) => (newton(&rows, RIDGE).unwrap_or_default(), Some(reason)),
    };
    let mut coefficients = [0.0; 3];
    let mut standard_errors = [None; 3];
    for (place, &j) in varying.iter().enumerate() {
        coefficients[j] = fit.coefficients.get(place + 1).copied().unwrap_or(0.0);
        standard_errors[j] = fit.standard_errors.get(place + 1).copied();
    }
    let sum: f64 = coefficients.iter().sum();
    ResponseModel {
        intercept: fit.coefficients.first().copied().unwrap_or(0.0),
        coefficients,
        standard_errors,
        weights: (sum > 0.0).then(|| coefficients.map(|coefficient| coefficient / sum)),
        negative: coefficients.map(|coefficient| coefficient < 0.0),
        ridge,
    }
}

#[derive(Default)]
struct LogisticFit {
    coefficients: Vec<f64>,
    standard_errors: Vec<f64>,
}

/// Newton's method on the log-likelihood less `ridge` / 2 times the squares of all coefficients
/// but the intercept. The log-likelihood is concave: where the steps do not come to an end, it
/// has no maximum.
fn newton(rows: &[Row], ridge: f64) -> Result<LogisticFit, RidgeReason> {
    const STEPS: usize = 100;
    // Beyond, the information is that of scores that move together to the last digits.
    const CONDITION: f64 = 1e10;
    let size = rows.first().map_or(0, |row| row.x.len());
    let mut b = vec![0.0; size];
    let (responded, all): (f64, f64) =
        rows.iter().fold((0.0, 0.0), |sum, row| (sum.0 + row.responded, sum.1 + row.contacted));
    if let Some(intercept) = b.first_mut() {
        *intercept = (responded / (all - responded)).ln();
    }
    let log_odds = |b: &[f64], row: &Row| b.iter().zip(&row.x).map(|(b, x)| b * x).sum::<f64>();
    let value = |b: &[f64]| {
        let penalty: f64 = b.iter().skip(1).map(|b| 0.5 * ridge * b * b).sum();
        // ln(1 + e^u), without overflow.
        let softplus = |u: f64| u.max(0.0) + (-u.abs()).exp().ln_1p();
        let of = |row: &Row| {
            row.responded * log_odds(b, row) - row.contacted * softplus(log_odds(b, row))
        };
        rows.iter().map(of).sum::<f64>() - penalty
    };
    let mut at = value(&b);
    for step_number in 0..STEPS {
        let mut gradient: Vec<f64> = vec![0.0; size];
        let mut information = vec![vec![0.0; size]; size];
        for i in 1..size {
            gradient[i] = -ridge * b[i];
            information[i][i] = ridge;
        }
        for row in rows {
            let p = 1.0 / (1.0 + (-log_odds(&b, row)).exp());
            for (i, by_one) in information.iter_mut().enumerate() {
                gradient[i] += (row.responded - row.contacted * p) * row.x[i];
                let weight = row.contacted * p * (1.0 - p) * row.x[i];
                by_one.iter_mut().zip(&row.x).for_each(|(sum, x)| *sum += weight * x);
            }
        }
        // At the first step the weights of all rows are equal: it shows the scores alone.
        let reason = if step_number == 0 { RidgeReason::Collinear } else { RidgeReason::Separable };
        let eigen = symmetric_eigen(&information).ok_or(reason)?;
        if eigen.condition() > CONDITION {
            return Err(reason);
        }
        let inverse = eigen.inverse().ok_or(reason)?;
        let step: Vec<f64> =
            inverse.iter().map(|row| row.iter().zip(&gradient).map(|(a, g)| a * g).sum()).collect();
        let longest = step.iter().fold(0.0, |most: f64, step| most.max(step.abs()));
        if longest < 1e-9 {
            let standard_errors = (0..size).map(|i| inverse[i][i].sqrt()).collect();
            return Ok(LogisticFit { coefficients: b, standard_errors });
        }
        let mut by = 1.0;
        let next = loop {
            let next: Vec<f64> = b.iter().zip(&step).map(|(b, step)| b + by * step).collect();
            let value = value(&next);
            // A step at the level of rounding is taken: the length of the next one decides.
            if value >= at - 1e-12 * at.abs() || by < 1e-6 {
                at = value;
                break next;
            }
            by *= 0.5;
        };
        b = next;
    }
    Err(RidgeReason::Separable)
}

#[cfg(test)]
#[path = "campaign_tests.rs"]
mod tests;
