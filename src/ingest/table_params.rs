//! What the configuration says about the optional tables: customers, interactions, wallets,
//! a campaign.

use serde::{Deserialize, Serialize};

use super::IngestError;
use super::params::{Formats, TextParams};

/// `[customers]`: who is known, with attributes for profiles.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerParams {
    /// Paths or globs relative to the configuration.
    pub files: Vec<String>,
    /// Column of the customer's id.
    pub customer: String,
    /// Column of the first contact; customers first contacted after the date are not known yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_contact: Option<String>,
    /// Columns for profiles; all others when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attributes: Option<Vec<String>>,
    /// Formats of `first_contact`.
    #[serde(default, skip_serializing_if = "Formats::is_empty")]
    pub time_format: Formats,
    /// How fields written as text are read.
    #[serde(default)]
    pub format: TextParams,
}

/// `[interactions]`: what customers do with us beside buying.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InteractionParams {
    /// Paths or globs relative to the configuration.
    pub files: Vec<String>,
    /// Column of the customer's id.
    pub customer: String,
    /// Column of the date or timestamp; rows after the run's date do not count.
    pub time: String,
    /// Column of the kind, such as call, visit, e-mail or complaint; at most 50 kinds.
    pub kind: String,
    /// Kinds that are complaints, in any case; default [`complaints`].
    #[serde(default = "complaints")]
    pub complaint: Vec<String>,
    /// Formats of `time`.
    #[serde(default, skip_serializing_if = "Formats::is_empty")]
    pub time_format: Formats,
    /// How fields written as text are read.
    #[serde(default)]
    pub format: TextParams,
}

/// `complaint`, `complaints`, `khiếu nại`, `phàn nàn`.
pub fn complaints() -> Vec<String> {
    ["complaint", "complaints", "khiếu nại", "phàn nàn"].map(String::from).to_vec()
}

/// `[wallet]` and `[wallet_survey]`: what customers spend on the category, everywhere, or how
/// they rank its providers.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WalletParams {
    /// Paths or globs relative to the configuration.
    pub files: Vec<String>,
    /// Column of the customer's id.
    pub customer: String,
    /// Column of the provider.
    pub provider: String,
    /// Column of the category, where the table has several; shares are then of each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Column of the amount spent there; or `rank` instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// Column of the provider's rank for the customer: 1 for the first choice, ties allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<String>,
    /// Where the figures come from; default `observed` for amounts of `[wallet]`, otherwise
    /// `survey`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<WalletSource>,
    /// The provider that is us.
    pub own: String,
    /// Column of the date, where there is one: rows after the run's date do not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// Formats of `time`.
    #[serde(default, skip_serializing_if = "Formats::is_empty")]
    pub time_format: Formats,
    /// How fields written as text are read.
    #[serde(default)]
    pub format: TextParams,
}

/// Where figures of wallets come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WalletSource {
    /// A panel or receipts: what was paid.
    Observed,
    /// What customers say.
    Survey,
}

/// The measure of a wallet's row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WalletMeasure<'a> {
    Amount(&'a str),
    Rank(&'a str),
}

impl WalletParams {
    /// # Errors
    /// `WalletColumns`.
    pub(super) fn measure(&self, table: &'static str) -> Result<WalletMeasure<'_>, IngestError> {
        match (&self.amount, &self.rank) {
            (Some(amount), None) => Ok(WalletMeasure::Amount(amount)),
            (None, Some(rank)) => Ok(WalletMeasure::Rank(rank)),
            _ => Err(IngestError::WalletColumns { table }),
        }
    }

    pub(super) fn source_of(&self, table: &str) -> WalletSource {
        self.source.unwrap_or(match (&self.amount, table) {
            (Some(_), "wallet") => WalletSource::Observed,
            _ => WalletSource::Survey,
        })
    }
}

/// `[campaign]`: whom a past campaign contacted and who responded.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CampaignParams {
    /// Paths or globs relative to the configuration.
    pub files: Vec<String>,
    /// Column of the customer's id.
    pub customer: String,
    /// Column of the response: true or false, yes or no, có or không, 1 or 0.
    pub responded: String,
    /// Column of the contact's date, where there is one: contacts after the run's date do not
    /// count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// What contacting one customer costs, in units of the currency; above 0.
    pub unit_cost: f64,
    /// Net profit of one response, in units of the currency; above 0.
    pub unit_profit: f64,
    /// Formats of `time`.
    #[serde(default, skip_serializing_if = "Formats::is_empty")]
    pub time_format: Formats,
    /// How fields written as text are read.
    #[serde(default)]
    pub format: TextParams,
}

impl CampaignParams {
    /// # Errors
    /// `CampaignFigure`.
    pub(super) fn check(&self) -> Result<(), IngestError> {
        for (key, value) in [("unit_cost", self.unit_cost), ("unit_profit", self.unit_profit)] {
            if !(value > 0.0 && value.is_finite()) {
                return Err(IngestError::CampaignFigure { key, value });
            }
        }
        Ok(())
    }
}
