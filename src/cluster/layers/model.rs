//! The layered part of a model: rules of the stages, the clusterings of each stage, and which
//! string of classes belongs to which micro-segment.

use serde::{Deserialize, Serialize};

use crate::cluster::{Clusters, FittedFeature};
use crate::features::{LifecycleRules, Stage};

/// Stages, layers and micro-segments; of `model.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayeredModel {
    /// The rules of the stages with their figures.
    pub lifecycle: LifecycleRules,
    /// The stages that had a customer, in the order of [`Stage::OF_BUYERS`].
    pub stages: Vec<StageModel>,
    /// The micro-segments of all stages in canonical order (largest first, ties by the smallest
    /// customer): by cluster index.
    pub segments: Vec<MicroSegment>,
}

/// The layers of one stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StageModel {
    /// The stage.
    pub stage: Stage,
    /// The layers that divide it, in the order of the string; none where the whole stage is one
    /// micro-segment.
    pub layers: Vec<LayerModel>,
    /// Every string that the fit met, in ascending order.
    pub strings: Vec<StringPlace>,
}

/// The clustering of one stage in one layer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerModel {
    /// Name of the layer.
    pub layer: String,
    /// Its features, with transforms and scales fitted to the customers of the stage.
    pub features: Vec<FittedFeature>,
    /// Its classes, in canonical order.
    pub clusters: Clusters,
}

/// Where the customers of one string belong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StringPlace {
    /// One class a layer, from 1, in the order of the layers.
    pub string: Vec<u32>,
    /// Index of the micro-segment.
    pub segment: u32,
}

/// One micro-segment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MicroSegment {
    /// The stage of its customers.
    pub stage: Stage,
    /// Its string: that of the strings merged into it which took in the others. Empty where the
    /// whole stage is one micro-segment.
    pub string: Vec<u32>,
    /// Mean of its customers in the joined space of its stage: the columns of all layers, one
    /// after the other, as each layer scales them.
    pub centroid: Vec<f64>,
}

/// Which micro-segment a segment is: its stage and its class in each layer of the stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MicroId {
    /// The stage of its customers.
    pub stage: Stage,
    /// Name of each layer with the class in it, from 1 (the largest); none where the whole stage
    /// is one micro-segment.
    pub string: Vec<(String, u32)>,
}

impl LayeredModel {
    /// Stage and string of micro-segment `index`, with the names of the layers.
    pub fn id(&self, index: usize) -> MicroId {
        let segment = &self.segments[index];
        let stage = self.stages.iter().find(|model| model.stage == segment.stage);
        let names = stage.into_iter().flat_map(|model| &model.layers);
        let string = names.zip(&segment.string).map(|(layer, &class)| (layer.layer.clone(), class));
        MicroId { stage: segment.stage, string: string.collect() }
    }
}

impl MicroId {
    /// The string in a line: `value 2, activity 1`; empty where the stage is one micro-segment.
    pub fn text(&self) -> String {
        let classes: Vec<String> =
            self.string.iter().map(|(layer, class)| format!("{layer} {class}")).collect();
        classes.join(", ")
    }
}
