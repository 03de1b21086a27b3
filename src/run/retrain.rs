//! How a month was taken: by last month's model as it stands, from its centroids, or from scratch.

use serde::{Deserialize, Serialize};

/// How a new month is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Retrain {
    /// By the model of the run before, frozen.
    Assign,
    /// By a refit from its centroids, in its space and with its k.
    Warm,
    /// By a refit from scratch.
    #[default]
    Refit,
    /// By the first of these that drift and fit allow.
    Auto,
}

impl Retrain {
    /// As in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            Retrain::Assign => "assign",
            Retrain::Warm => "warm",
            Retrain::Refit => "refit",
            Retrain::Auto => "auto",
        }
    }
}

/// How one month was taken, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RetrainRecord {
    /// As configured.
    pub asked: Retrain,
    /// What was done; never `auto`.
    pub used: Retrain,
    /// Why, in a sentence.
    pub reason: String,
    /// Mean squared distance of the customers from the centre of their segment, in the model's space;
    /// none with layers.
    pub distance: Option<f64>,
    /// The same in the month that the model was last fitted to, warm or from scratch: what later
    /// months taken by the frozen model are held against.
    pub distance_of_fit: Option<f64>,
    /// Of this month's customers by the model of the run before, over its `distance_of_fit`; none
    /// where one of them is not known.
    pub fit_ratio: Option<f64>,
    /// Largest population stability index of a clustered number against the run before, with its name;
    /// none without a run before.
    pub drift: Option<(String, f64)>,
}

impl RetrainRecord {
    /// A month taken in one `way`, as asked for, of which nothing else is known.
    pub fn of(way: Retrain) -> Self {
        Self {
            asked: way,
            used: way,
            reason: "as configured".into(),
            distance: None,
            distance_of_fit: None,
            fit_ratio: None,
            drift: None,
        }
    }
}
