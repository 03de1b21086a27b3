//! The model of an earlier run and this month's rows -> what it says of them, for the criterion of
//! reproducibility out of time.

use super::assign::labels;
use super::prepare::{Rows, map_matrix};
use super::select::EarlierLabels;
use super::{Clusters, FittedFeature, LayeredModel, Model};
use crate::features::Stage;
use crate::types::{CustomerId, Warning};

/// What an earlier run has left: its model, and which of today's rows it was fitted to.
#[derive(Clone, Debug)]
pub struct Earlier<'a> {
    features: &'a [FittedFeature],
    clusters: &'a Clusters,
    layers: Option<&'a LayeredModel>,
    /// Ascending.
    stayers: Vec<usize>,
}

impl<'a> Earlier<'a> {
    /// `model` was fitted to the customers `before`; today's rows are those of `now`. Both are
    /// sorted and without repetition.
    pub fn new(model: &'a Model, before: &[CustomerId], now: &[CustomerId]) -> Self {
        let stays = |row: &usize| before.binary_search(&now[*row]).is_ok();
        Self {
            features: &model.features,
            clusters: &model.clusters,
            layers: model.layers.as_ref(),
            stayers: (0..now.len()).filter(stays).collect(),
        }
    }

    /// What it has left of one layer of one stage, to which the rows `rows` (ascending) belong today;
    /// none where it had no such layer there.
    pub(crate) fn layer(&self, stage: Stage, layer: &str, rows: &[usize]) -> Option<Self> {
        let stages = &self.layers?.stages;
        let earlier = stages.iter().find(|earlier| earlier.stage == stage)?;
        let earlier = earlier.layers.iter().find(|earlier| earlier.layer == layer)?;
        let stays = |at: &usize| self.stayers.binary_search(&rows[*at]).is_ok();
        Some(Self {
            features: &earlier.features,
            clusters: &earlier.clusters,
            layers: None,
            stayers: (0..rows.len()).filter(stays).collect(),
        })
    }

    /// The earlier model's labels of `rows`; none without a customer in both, none of a model with
    /// layers, whose micro-segments are no candidates, and, with a warning, where the model cannot
    /// assign the rows.
    pub(crate) fn labels(&self, rows: &Rows, warnings: &mut Vec<Warning>) -> Option<EarlierLabels> {
        if self.stayers.is_empty() || self.layers.is_some() {
            return None;
        }
        let found =
            map_matrix(rows, self.features).map(|matrix| labels(matrix.points(), self.clusters));
        let reason = match found {
            Ok(Some(labels)) => {
                let (k, stayers) = (self.clusters.k(), self.stayers.clone());
                return Some(EarlierLabels { labels, k, stayers });
            }
            Ok(None) => "its covariances are not positive definite".to_owned(),
            Err(error) => error.to_string(),
        };
        warnings.push(Warning::new(
            "out_of_time_unavailable",
            format!("no candidate could be held against the model of the run before: {reason}"),
        ));
        None
    }
}
