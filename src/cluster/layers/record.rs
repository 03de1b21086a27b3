//! How micro-segments came about: what the manifest tells of layers.

use serde::{Deserialize, Serialize};

use crate::cluster::{Method, Selection};
use crate::features::Stage;

/// The layers of a run; of `manifest.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayersRecord {
    /// The rule by which small micro-segments are merged, in a sentence.
    pub rule: String,
    /// Customers a micro-segment has at least, where its stage has as many.
    pub min_customers: usize,
    /// Micro-segments of all stages.
    pub micro_segments: usize,
    /// Strings of classes met in all stages.
    pub strings: usize,
    /// Strings that were merged into another.
    pub merged_strings: usize,
    /// Customers of these.
    pub merged_customers: usize,
    /// By stage, those with a customer.
    pub stages: Vec<StageRecord>,
}

/// One stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StageRecord {
    /// The stage.
    pub stage: Stage,
    /// Its customers.
    pub customers: usize,
    /// Whether it has too few customers to be divided: less than twice `min_customers`.
    pub too_small: bool,
    /// Its micro-segments.
    pub micro_segments: usize,
    /// Strings of classes met.
    pub strings: usize,
    /// Strings that were merged into another.
    pub merged_strings: usize,
    /// Customers of these.
    pub merged_customers: usize,
    /// The clustering of each layer that divides it.
    pub layers: Vec<LayerRecord>,
}

/// One stage in one layer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerRecord {
    /// Name of the layer.
    pub layer: String,
    /// The features it looked at.
    pub features: Vec<String>,
    /// Features of the layer that no customer of the stage has: left out.
    pub left_out: Vec<String>,
    /// The method kept.
    pub method: Method,
    /// Customers of each class.
    pub customers: Vec<usize>,
    /// Whether the fit met its tolerance.
    pub converged: bool,
    /// What was weighed.
    pub selection: Selection,
}
