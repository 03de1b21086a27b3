//! A customer's purchases, or 1 to 5 scores -> one weighted RFM score: points for recency,
//! frequency and money, each with its weight, by a preset of the literature or a company's own.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::types::{Duration, TimeUnit};

/// `[features.weighted_rfm]`: a preset, and what is to differ from it. Off unless given.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WeightedRfmParams {
    /// Where the rest comes from; default `last_order`.
    pub preset: RfmPreset,
    /// Weights of recency, frequency and money: from 0 on, not all 0.
    pub weights: Option<RfmWeights>,
    /// Bands of recency, the nearest first; a purchase has the points of the first band that it
    /// is within, and none beyond the last.
    pub recency: Option<Vec<RecencyBand>>,
    /// Which purchases have points for recency: `last` or `each`.
    pub recency_of: Option<RecencyOf>,
    /// Points of one purchase, and the most of all.
    pub frequency: Option<CappedPoints>,
    /// Points of one unit of the currency, and the most of all, or of each purchase.
    pub money: Option<CappedPoints>,
    /// What the most points for money hold of: `total` or `purchase`.
    pub money_cap: Option<MoneyCap>,
}

/// A scheme of the literature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RfmPreset {
    /// The last order has 20, 10, 5, 3, 1 points within 3, 6, 9, 12, 24 months; 4 points a
    /// purchase, at most 20; 0.10 points a unit of money, at most 20; weights 5, 3, 2 (course
    /// notes, studylib.net/doc/5618814).
    #[default]
    LastOrder,
    /// Each purchase has 20, 10, 5, 3, 1 points within 2, 4, 6, 12, 24 months; 3 points a
    /// purchase, at most 15; 0.10 points a unit of money, at most 25 a purchase; weights 5, 2, 3
    /// (Kumar and Reinartz, Customer Relationship Management; whether the 25 hold of a purchase
    /// or of all is not settled by the example at hand).
    KumarReinartz,
    /// The 1 to 5 scores, weights 3, 2, 1 (thankQ, "RFM").
    Scores,
}

/// Weights of the three parts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RfmWeights {
    /// Of recency.
    pub recency: f64,
    /// Of frequency.
    pub frequency: f64,
    /// Of money.
    pub money: f64,
}

/// Points of purchases up to some time ago.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecencyBand {
    /// Up to so long ago, inclusive.
    pub within: Duration,
    /// Points, from 0 on.
    pub points: f64,
}

/// Which purchases have points for recency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RecencyOf {
    /// The last alone.
    Last,
    /// Each, summed.
    Each,
}

/// What the most points for money hold of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MoneyCap {
    /// All purchases together.
    Total,
    /// Each purchase by itself.
    Purchase,
}

/// Points by a count or an amount.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CappedPoints {
    /// Points of one purchase, or of one unit of the currency; from 0 on.
    pub each: f64,
    /// The most; from 0 on.
    pub at_most: f64,
}

/// Why a scheme cannot be used.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum WeightedRfmError {
    /// A figure outside its range.
    #[error("[features.weighted_rfm] {key} = {value}: it must be {range}. Correct it")]
    Range {
        /// The key.
        key: &'static str,
        /// Its value.
        value: f64,
        /// What is allowed.
        range: &'static str,
    },
    /// Bands out of order, or none.
    #[error(
        "[features.weighted_rfm] recency: give one band or more, each reaching further back than the one before it"
    )]
    Bands,
    /// Points for purchases, where scores are weighted.
    #[error(
        "[features.weighted_rfm] {key}: preset = \"scores\" weights the 1 to 5 scores and gives no points. Leave {key} out, or take another preset"
    )]
    NoPoints {
        /// The key.
        key: &'static str,
    },
}

/// One purchase.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Purchase {
    /// How long ago.
    pub ago: Duration,
    /// Amount, in units of the currency; negative where it was given back.
    pub amount: f64,
}

/// A checked scheme.
#[derive(Clone, Debug, PartialEq)]
pub enum WeightedRfm {
    /// Points for purchases.
    Points(PointScheme),
    /// Weights of the 1 to 5 scores.
    Scores(RfmWeights),
}

/// Points for purchases, weighted.
#[derive(Clone, Debug, PartialEq)]
pub struct PointScheme {
    weights: RfmWeights,
    recency: Vec<RecencyBand>,
    recency_of: RecencyOf,
    frequency: CappedPoints,
    money: CappedPoints,
    money_cap: MoneyCap,
}

impl WeightedRfmParams {
    /// The scheme that these parameters give.
    ///
    /// # Errors
    /// `Range`, `Bands`, `NoPoints`.
    pub fn scheme(&self) -> Result<WeightedRfm, WeightedRfmError> {
        let preset = match self.preset {
            RfmPreset::LastOrder => PointScheme {
                weights: RfmWeights { recency: 5.0, frequency: 3.0, money: 2.0 },
                recency: bands([3, 6, 9, 12, 24]),
                recency_of: RecencyOf::Last,
                frequency: CappedPoints { each: 4.0, at_most: 20.0 },
                money: CappedPoints { each: 0.10, at_most: 20.0 },
                money_cap: MoneyCap::Total,
            },
            RfmPreset::KumarReinartz => PointScheme {
                weights: RfmWeights { recency: 5.0, frequency: 2.0, money: 3.0 },
                recency: bands([2, 4, 6, 12, 24]),
                recency_of: RecencyOf::Each,
                frequency: CappedPoints { each: 3.0, at_most: 15.0 },
                money: CappedPoints { each: 0.10, at_most: 25.0 },
                money_cap: MoneyCap::Purchase,
            },
            RfmPreset::Scores => return self.scores(),
        };
        let scheme = PointScheme {
            weights: self.weights.unwrap_or(preset.weights),
            recency: self.recency.clone().unwrap_or(preset.recency),
            recency_of: self.recency_of.unwrap_or(preset.recency_of),
            frequency: self.frequency.unwrap_or(preset.frequency),
            money: self.money.unwrap_or(preset.money),
            money_cap: self.money_cap.unwrap_or(preset.money_cap),
        };
        check_weights(&scheme.weights)?;
        let days = |band: &RecencyBand| band.within.in_unit(TimeUnit::Days);
        let ascending = scheme.recency.windows(2).all(|pair| days(&pair[0]) < days(&pair[1]));
        if scheme.recency.is_empty() || !ascending {
            return Err(WeightedRfmError::Bands);
        }
        for band in &scheme.recency {
            not_negative("recency.points", band.points)?;
        }
        not_negative("frequency.each", scheme.frequency.each)?;
        not_negative("frequency.at_most", scheme.frequency.at_most)?;
        not_negative("money.each", scheme.money.each)?;
        not_negative("money.at_most", scheme.money.at_most)?;
        Ok(WeightedRfm::Points(scheme))
    }

    fn scores(&self) -> Result<WeightedRfm, WeightedRfmError> {
        let given = [
            ("recency", self.recency.is_some()),
            ("recency_of", self.recency_of.is_some()),
            ("frequency", self.frequency.is_some()),
            ("money", self.money.is_some()),
            ("money_cap", self.money_cap.is_some()),
        ];
        if let Some((key, _)) = given.iter().find(|(_, given)| *given) {
            return Err(WeightedRfmError::NoPoints { key });
        }
        let standing = RfmWeights { recency: 3.0, frequency: 2.0, money: 1.0 };
        let weights = self.weights.unwrap_or(standing);
        check_weights(&weights)?;
        Ok(WeightedRfm::Scores(weights))
    }
}

impl RfmWeights {
    /// The weighted sum of recency, frequency and money.
    pub fn apply(&self, recency: f64, frequency: f64, money: f64) -> f64 {
        self.recency * recency + self.frequency * frequency + self.money * money
    }
}

impl CappedPoints {
    /// An amount that is not defined stays so.
    fn capped(&self, points: f64) -> f64 {
        if points > self.at_most { self.at_most } else { points }
    }
}

impl PointScheme {
    /// The weighted points of one customer, from all purchases in any order; 0 for none. Only
    /// purchases within the last band count, for frequency and money too.
    pub fn score(&self, purchases: &[Purchase]) -> f64 {
        let (mut recency, mut count, mut money) = (0.0_f64, 0u32, 0.0);
        let mut last = f64::INFINITY;
        for purchase in purchases {
            let days = purchase.ago.in_unit(TimeUnit::Days);
            let within = |band: &&RecencyBand| days <= band.within.in_unit(TimeUnit::Days);
            let Some(band) = self.recency.iter().find(within) else { continue };
            match self.recency_of {
                RecencyOf::Each => recency += band.points,
                RecencyOf::Last if days < last => recency = band.points,
                RecencyOf::Last => {}
            }
            last = last.min(days);
            count += 1;
            let points = self.money.each * purchase.amount;
            money += match self.money_cap {
                MoneyCap::Purchase => self.money.capped(points),
                MoneyCap::Total => points,
            };
        }
        if self.money_cap == MoneyCap::Total {
            money = self.money.capped(money);
        }
        let frequency = self.frequency.capped(self.frequency.each * f64::from(count));
        self.weights.apply(recency, frequency, money)
    }
}

/// 20, 10, 5, 3, 1 points within these months.
fn bands(months: [u16; 5]) -> Vec<RecencyBand> {
    let band = |(months, points)| RecencyBand { within: Duration::months(months), points };
    months.into_iter().zip([20.0, 10.0, 5.0, 3.0, 1.0]).map(band).collect()
}

fn not_negative(key: &'static str, value: f64) -> Result<(), WeightedRfmError> {
    if value >= 0.0 && value.is_finite() {
        return Ok(());
    }
    Err(WeightedRfmError::Range { key, value, range: "from 0 on" })
}

fn check_weights(weights: &RfmWeights) -> Result<(), WeightedRfmError> {
    not_negative("weights.recency", weights.recency)?;
    not_negative("weights.frequency", weights.frequency)?;
    not_negative("weights.money", weights.money)?;
    let sum = weights.apply(1.0, 1.0, 1.0);
    if sum > 0.0 && sum.is_finite() {
        return Ok(());
    }
    Err(WeightedRfmError::Range { key: "weights", value: sum, range: "above 0 together" })
}

#[cfg(test)]
#[path = "weighted_rfm_tests.rs"]
mod tests;
