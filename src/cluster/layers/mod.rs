//! FeatureTable (n buyers) and layers -> micro-segments: the stage of the lifecycle first, then in
//! each stage a clustering for each layer; customers of one stage with the same string of classes
//! form a micro-segment, and small ones are merged.
//!
//! [`fit_layers`] fits, [`crate::cluster::assign`] assigns. The layers of a stage are clusterings
//! of their own, on scales fitted to the customers of the stage: "value 2" of one stage is not that
//! of another. Does not choose the features or the number of layers.

mod apart;
mod assign;
mod fit;
mod gaps;
mod merge;
mod model;
mod params;
mod record;
mod said;
mod space;
mod stability;
#[cfg(test)]
mod tests;

pub(super) use assign::{assign, runner_up};
pub use fit::fit_layers;
pub(super) use gaps::gaps;
pub use model::{LayerModel, LayeredModel, MicroId, MicroSegment, StageModel, StringPlace};
pub use params::{Family, LayerFeatures, LayerSpec, LayersParams, MOST_LAYERS, Preparation};
pub use record::{LayerRecord, LayersRecord, StageRecord};
pub(super) use space::subset;
