//! The laws by which the members of a group differ, as a scenario gives them: gamma, inverse gamma
//! and beta.

use serde::{Deserialize, Serialize};

/// Days in a month of the Julian year, the unit of every rate of a scenario.
pub(super) const DAYS_PER_MONTH: f64 = 30.4375;

/// A gamma law.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GammaLaw {
    /// Above 0; the coefficient of variation is one over the square root of it.
    pub shape: f64,
    /// Above 0; the mean is shape times scale.
    pub scale: f64,
}

impl GammaLaw {
    /// The mean.
    pub fn mean(self) -> f64 {
        self.shape * self.scale
    }
}

/// A beta law.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BetaLaw {
    /// Above 0.
    pub a: f64,
    /// Above 0; the mean is a / (a + b).
    pub b: f64,
}

/// A beta law for the probability of lapsing after an order.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderDropout {
    /// Above 0.
    pub a: f64,
    /// Above 0; the mean is a / (a + b).
    pub b: f64,
    /// Whether the first order may be the last one. Default false: each member is there until the
    /// second at least, as in BG/NBD; true makes it MBG/NBD.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub after_first: bool,
}

/// How `order_mean` is to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeanLaw {
    /// A gamma law: mean `shape * scale`.
    #[default]
    Gamma,
    /// The scale over a draw from the gamma law of that shape and scale 1: mean
    /// `scale / (shape - 1)`; the shape must be above 1.
    InverseGamma,
}

impl MeanLaw {
    pub(super) fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// The mean of `law` read in this way; infinite where there is none.
    pub(super) fn mean(self, law: GammaLaw) -> f64 {
        match self {
            MeanLaw::Gamma => law.mean(),
            MeanLaw::InverseGamma if law.shape > 1.0 => law.scale / (law.shape - 1.0),
            MeanLaw::InverseGamma => f64::INFINITY,
        }
    }
}
