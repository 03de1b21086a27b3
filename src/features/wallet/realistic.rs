//! Own spend and behaviours of n customers -> the realistic wallet of each: a high quantile of
//! what customers like them spend, never below their own spend.
//!
//! Rosset, Perlich, Zadrozny, Merugu, Weiss and Lawrence, Wallet estimation models (2005);
//! Perlich, Rosset, Lawrence and Zadrozny (KDD 2007). Two methods, quantile k-nearest neighbours
//! and linear quantile regression, beside the quantile of all customers as the baseline; the one
//! with the lowest pinball loss on held-out customers is used. Where competitors' shares are
//! unknown, this says what a customer could spend here, not what they spend elsewhere.
//!
//! With a given method and size of neighbourhoods, the wallet grows with the quantile asked for:
//! always for neighbours and the baseline; for the regression at the mean of the design
//! (Koenker, Quantile Regression, 2005, theorem 2.5) and not everywhere, its lines being free to
//! cross.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::WalletError;
use super::design::{Behaviour, Design, DesignReport};
use super::heldout::{FOLDS, Trial, alike, reference};
use super::interval::smallest_bounding_sample;
use super::methods::{Fitted, Neighbours, Regression, limits_of};
use crate::types::Seed;

/// Customers above the quantile, by the fit's expectation, that modelling needs: 20, so
/// 20 / (1 - quantile) customers.
pub const CUSTOMERS_ABOVE: f64 = 20.0;
/// Customers above the quantile that the regression needs for each coefficient: the ten events
/// per variable of Peduzzi et al. (J. Clin. Epidemiol. 49, 1996).
pub const CUSTOMERS_BY_COEFFICIENT: f64 = 10.0;
/// Customers who are searched for neighbours and held out at most; where there are more, a
/// sample of so many, drawn by the seed, stands for all. The regression is fitted to all.
pub const REFERENCE_CUSTOMERS: usize = 20_000;
/// Neighbourhoods tried, in multiples of the smallest that bounds its quantile from above.
const SIZES: [usize; 4] = [1, 2, 4, 8];

/// `[features.wallet]`, where no competitor's spend is known.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RealisticParams {
    /// The quantile of like customers' spend that counts as the wallet: from 0.5 to 0.99,
    /// default 0.9.
    pub quantile: f64,
    /// `auto` (default): the best of all on held-out customers; or `neighbours`, `regression`,
    /// `unconditional`.
    pub method: MethodChoice,
    /// Neighbours, from 1 on; when not given, the best of four sizes on held-out customers, of
    /// which the smallest is the first that bounds its quantile from above (36 for 0.9).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub neighbours: Option<u32>,
}

impl Default for RealisticParams {
    fn default() -> Self {
        Self { quantile: 0.9, method: MethodChoice::Auto, neighbours: None }
    }
}

/// Methods to choose from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MethodChoice {
    /// The best on held-out customers.
    #[default]
    Auto,
    /// Quantile k-nearest neighbours.
    Neighbours,
    /// Linear quantile regression of ln(spend).
    Regression,
    /// The quantile of all customers.
    Unconditional,
}

/// How a quantile is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum Method {
    /// The quantile of all customers, the same for each.
    Unconditional,
    /// That of the nearest customers.
    Neighbours {
        /// How many, ties with the last one added.
        k: u32,
    },
    /// Linear in the design, on the scale of ln(spend).
    Regression,
}

/// A method on held-out customers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// The method.
    pub method: Method,
    /// Mean pinball loss, in units of spend; none where it could not be fitted.
    pub loss: Option<f64>,
    /// Of `loss`.
    pub standard_error: Option<f64>,
    /// Loss of the quantile of all customers less `loss`.
    pub gain: Option<f64>,
    /// Standard error of `gain`, customer by customer.
    pub gain_error: Option<f64>,
    /// Part of the held-out customers at or below the predicted quantile, which should be near
    /// the quantile asked for.
    pub below: Option<f64>,
    /// Why it could not be fitted.
    pub reason: Option<String>,
}

/// How the realistic wallets were made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RealisticReport {
    /// The quantile.
    pub quantile: f64,
    /// Customers with own spend.
    pub customers: u32,
    /// Of them, customers who were compared with and held out: all or [`REFERENCE_CUSTOMERS`].
    pub reference: u32,
    /// Parts of the split.
    pub folds: u32,
    /// What customers were compared by.
    pub design: DesignReport,
    /// Every method tried: unconditional, neighbours, regression.
    pub candidates: Vec<Candidate>,
    /// The one used; none where there are no modelled wallets.
    pub chosen: Option<Method>,
    /// Why there are no modelled wallets, or why the quantile of all customers is used.
    pub reason: Option<String>,
    /// Customers who spend more than the quantile of their like: their wallet is their spend.
    pub at_own_spend: u32,
}

/// A realistic wallet in units of spend, with the 95 % limits of its estimate (of the sampling
/// of like customers; not of what the customer does elsewhere). None is below own spend.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RealisticWallet {
    /// The larger of own spend and the quantile.
    pub wallet: f64,
    /// Lower limit.
    pub low: f64,
    /// Upper limit.
    pub high: f64,
}

/// Realistic wallets and how they were made.
#[derive(Clone, Debug, PartialEq)]
pub struct Realistic {
    /// One a customer; empty where nothing could be modelled.
    pub wallets: Vec<RealisticWallet>,
    /// The record.
    pub report: RealisticReport,
}

/// The pinball loss of predicting the `p`-quantile as `predicted` where `actual` comes out:
/// p (y - q) from q on, (1 - p) (q - y) below (Koenker and Bassett 1978).
pub fn pinball(p: f64, actual: f64, predicted: f64) -> f64 {
    if actual >= predicted { p * (actual - predicted) } else { (1.0 - p) * (predicted - actual) }
}

/// Realistic wallets of customers who spend `own` (in units of the currency, from 0 on), alike
/// by `behaviours`, one value of each a customer.
///
/// # Errors
/// `Quantile`, `Neighbours`, `Lengths`, `Row`.
pub fn realistic_wallets(
    own: &[f64],
    behaviours: &[Behaviour],
    params: &RealisticParams,
    seed: Seed,
) -> Result<Realistic, WalletError> {
    let (n, p) = (own.len(), params.quantile);
    if !(0.5..=0.99).contains(&p) {
        return Err(WalletError::Quantile { value: p, range: "from 0.5 to 0.99" });
    }
    if params.neighbours == Some(0) {
        return Err(WalletError::Neighbours);
    }
    if let Some(row) = own.iter().position(|own| !(*own >= 0.0 && own.is_finite())) {
        let what = format!("own spend {} is no number from 0 on", own[row]);
        return Err(WalletError::Row { row: row + 1, what });
    }
    let design = Design::new(own, behaviours)?;
    let sample = sample(n, seed);
    let mut report = RealisticReport {
        quantile: p,
        customers: n as u32,
        reference: sample.len() as u32,
        folds: FOLDS as u32,
        design: design.report.clone(),
        candidates: Vec::new(),
        chosen: None,
        reason: None,
        at_own_spend: 0,
    };
    // 1 - 0.9 is a hair below 0.1: rounding must not ask for one customer more.
    let least = (CUSTOMERS_ABOVE / (1.0 - p) - 1e-6).ceil() as usize;
    let reason = if n < least {
        Some(format!("{n} customers have own spend, and the quantile {p} needs {least}"))
    } else if own.iter().all(|&own| own == 0.0) {
        Some("nobody has spent anything".into())
    } else {
        None
    };
    if reason.is_some() {
        report.reason = reason;
        return Ok(Realistic { wallets: Vec::new(), report });
    }
    let sizes = sizes(&design, params, sample.len());
    let trial = Trial {
        design: &design,
        own,
        p,
        sample: &sample,
        sizes: &sizes,
        regression: eligible(&design, p),
        seed,
    };
    report.candidates = trial.run();
    let Some(fitted) = choose(&mut report, params.method, |method| match method {
        Method::Unconditional => Ok(Fitted::Unconditional(limits_of(&mut own.to_vec(), p))),
        Method::Neighbours { k } => {
            let reference = reference(&design, own, &sample);
            Ok(Fitted::Neighbours(Neighbours::new(reference, k as usize, p)))
        }
        Method::Regression => {
            let all: Vec<usize> = (0..n).collect();
            Regression::fit(&design, own, &all, p).map(Fitted::Regression)
        }
    }) else {
        return Ok(Realistic { wallets: Vec::new(), report });
    };
    let all: Vec<usize> = (0..n).collect();
    let groups = alike(&design, &all);
    let limits: Vec<_> =
        groups.par_iter().map(|customers| fitted.at(design.row(customers[0]))).collect();
    let mut wallets = vec![RealisticWallet { wallet: 0.0, low: 0.0, high: 0.0 }; n];
    for (customers, limits) in groups.iter().zip(&limits) {
        for &i in customers {
            // Rosset et al.: the realistic wallet is at least what is already spent.
            let wallet = limits.quantile.max(own[i]);
            wallets[i] = RealisticWallet {
                wallet,
                low: limits.low.max(own[i]),
                high: limits.high.max(own[i]),
            };
            report.at_own_spend += u32::from(own[i] > limits.quantile);
        }
    }
    Ok(Realistic { wallets, report })
}

/// All places, or a sample of [`REFERENCE_CUSTOMERS`]: those with the lowest hashes; ascending.
fn sample(n: usize, seed: Seed) -> Vec<usize> {
    let mut places: Vec<usize> = (0..n).collect();
    if n > REFERENCE_CUSTOMERS {
        places.sort_unstable_by_key(|&i| (seed.derive(1, i as u64).0, i));
        places.truncate(REFERENCE_CUSTOMERS);
        places.sort_unstable();
    }
    places
}

/// Sizes of neighbourhoods to try: the one asked for, or those that at most half of the customers
/// outside a fold fill; none without columns.
fn sizes(design: &Design, params: &RealisticParams, sample: usize) -> Vec<usize> {
    if design.p == 0 {
        return Vec::new();
    }
    if let Some(k) = params.neighbours {
        return vec![k as usize];
    }
    let least = smallest_bounding_sample(params.quantile);
    let most = sample * (FOLDS - 1) / FOLDS / 2;
    SIZES.iter().map(|size| size * least).filter(|&size| size <= most).collect()
}

fn eligible(design: &Design, p: f64) -> Result<(), String> {
    if design.p == 0 {
        return Err("there is nothing to compare customers by".into());
    }
    let needed = CUSTOMERS_BY_COEFFICIENT * (design.p + 1) as f64;
    let above = design.n as f64 * (1.0 - p);
    if above + 1e-6 < needed {
        let coefficients = design.p + 1;
        return Err(format!(
            "{above:.0} customers lie above the quantile, and {coefficients} coefficients need {needed:.0}"
        ));
    }
    Ok(())
}

/// Fits the candidate of the lowest loss among those allowed, or the next where that fails on all
/// customers; ties go to the earlier.
fn choose(
    report: &mut RealisticReport,
    allowed: MethodChoice,
    fit: impl Fn(Method) -> Result<Fitted, String>,
) -> Option<Fitted> {
    let allows = |method: Method| match method {
        Method::Unconditional => {
            matches!(allowed, MethodChoice::Auto | MethodChoice::Unconditional)
        }
        Method::Neighbours { .. } => {
            matches!(allowed, MethodChoice::Auto | MethodChoice::Neighbours)
        }
        Method::Regression => matches!(allowed, MethodChoice::Auto | MethodChoice::Regression),
    };
    let mut order: Vec<(f64, usize)> = (report.candidates.iter().enumerate())
        .filter(|(_, candidate)| allows(candidate.method))
        .filter_map(|(place, candidate)| Some((candidate.loss?, place)))
        .collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    for (_, place) in order {
        let candidate = &mut report.candidates[place];
        match fit(candidate.method) {
            Ok(fitted) => {
                report.chosen = Some(candidate.method);
                if candidate.method == Method::Unconditional && allowed == MethodChoice::Auto {
                    report.reason = Some(
                        "neither neighbours nor regression had a lower loss on held-out customers than \
                         the quantile of all customers, which is used"
                            .into(),
                    );
                }
                return Some(fitted);
            }
            Err(reason) => candidate.reason = Some(reason),
        }
    }
    let reasons: Vec<&str> = (report.candidates.iter())
        .filter(|candidate| allows(candidate.method))
        .filter_map(|candidate| candidate.reason.as_deref())
        .collect();
    report.reason = Some(match reasons.first() {
        Some(reason) => format!("the method asked for could not be used: {reason}"),
        None => "the method asked for has nothing to compare customers by".into(),
    });
    None
}

#[cfg(test)]
#[path = "realistic_tests.rs"]
mod tests;
