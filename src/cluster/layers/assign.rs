//! A layered model and a table -> micro-segment, membership and margin of every customer.
//!
//! Stage by the rules, class in each layer by the layer's clusters, micro-segment by the table of
//! strings. A string that the fit did not meet belongs to the micro-segment of its stage that is
//! nearest to the centres of its classes in the joined space. A stage that had no customer at the
//! fit takes the layers of the stage next to it in the order new, reactivated, active, at risk,
//! lapsed (of two equally near the later).

use std::collections::BTreeMap;

use super::model::{LayerModel, LayeredModel, StageModel};
use super::space::{Code, LayerRows, StageRows, nearest_to_string, subset};
use crate::cluster::assign::assign_points;
use crate::cluster::prepare::map_matrix;
use crate::cluster::representatives::Geometry;
use crate::cluster::{Assignments, ClusterError, Clusters, FittedFeature};
use crate::features::{FeatureTable, Stage};

/// The stages in the order in which one stands in for another.
const NEIGHBOURS: [Stage; 5] =
    [Stage::New, Stage::Reactivated, Stage::Active, Stage::AtRisk, Stage::Lapsed];

/// The rows of `table` by stage, in the order of [`Stage::OF_BUYERS`]; stages without a row are
/// left out.
pub(super) fn rows_by_stage(stages: &[Stage]) -> Vec<(Stage, Vec<usize>)> {
    Stage::OF_BUYERS
        .iter()
        .map(|&stage| (stage, (0..stages.len()).filter(|&row| stages[row] == stage).collect()))
        .filter(|(_, rows): &(Stage, Vec<usize>)| !rows.is_empty())
        .collect()
}

/// Where each row of `table` belongs; the cluster is the index of the micro-segment.
pub(in crate::cluster) fn assign(
    model: &LayeredModel,
    table: &FeatureTable,
) -> Result<Assignments, ClusterError> {
    let stages = model.lifecycle.stages(&table.columns)?;
    let mut found = unplaced(model, table.len());
    for (stage, rows) in rows_by_stage(&stages) {
        let stage = model.stage(stage)?;
        place(model, stage, &rows, &stage_rows(&stage.layers, table, &rows)?, &mut found)?;
    }
    Ok(found)
}

/// The micro-segment of the most likely other string of the one row of `table`, which is in `own`: it
/// differs in the one layer where the second class comes closest to the first, as
/// [`StageRows::certainty`] has it.
pub(in crate::cluster) fn runner_up(
    model: &LayeredModel,
    table: &FeatureTable,
    own: usize,
) -> Result<Option<usize>, ClusterError> {
    let stages = model.lifecycle.stages(&table.columns)?;
    let Some(&stage) = stages.first() else { return Ok(None) };
    let stage = model.stage(stage)?;
    let rows = stage_rows(&stage.layers, table, &[0])?;
    let mut second: Option<(f64, usize, u32)> = None;
    for (at, (layer, within)) in stage.layers.iter().zip(&rows.layers).enumerate() {
        let Assignments { cluster, .. } = &within.assignments;
        let geometry = Geometry::new(&layer.clusters).ok_or(ClusterError::UnusableModel)?;
        let Some(class) = geometry.runner_up(&within.values, cluster[0] as usize) else { continue };
        let ratio = within.second(0);
        if second.is_none_or(|(highest, ..)| ratio > highest) {
            second = Some((ratio, at, class as u32 + 1));
        }
    }
    let Some((_, at, class)) = second else { return Ok(None) };
    let mut string = rows.string(rows.code(0));
    string[at] = class;
    let segment = stage.segment_of(model, &string)? as usize;
    Ok(Some(segment).filter(|segment| *segment != own))
}

/// `n` rows before any is placed: as of stages that are one micro-segment.
pub(super) fn unplaced(model: &LayeredModel, n: usize) -> Assignments {
    let noisy = |layer: &LayerModel| matches!(layer.clusters, Clusters::Gmm { noise: Some(_), .. });
    let noise = model.stages.iter().flat_map(|stage| &stage.layers).any(noisy);
    Assignments {
        cluster: vec![0; n],
        membership: vec![1.0; n],
        margin: vec![1.0; n],
        noise: vec![0.0; if noise { n } else { 0 }],
    }
}

/// Places the rows of a stage, which are `within` of it, where `rows` says that they stand.
pub(super) fn place(
    model: &LayeredModel,
    stage: &StageModel,
    rows: &[usize],
    within: &StageRows,
    found: &mut Assignments,
) -> Result<(), ClusterError> {
    let (codes, at) = within.codes();
    let segments = stage.segments_of(model, within, &codes)?;
    for (place, &row) in rows.iter().enumerate() {
        found.cluster[row] = segments[at[place] as usize];
        (found.membership[row], found.margin[row]) = within.certainty(place);
        if let Some(noise) = found.noise.get_mut(row) {
            *noise = within.noise(place);
        }
    }
    Ok(())
}

/// The rows `rows` of `table` under the layers of a stage.
pub(super) fn stage_rows(
    layers: &[LayerModel],
    table: &FeatureTable,
    rows: &[usize],
) -> Result<StageRows, ClusterError> {
    let layers = layers.iter().map(|layer| {
        let names: Vec<&str> = layer.features.iter().map(FittedFeature::name).collect();
        let matrix = map_matrix(&(&subset(table, rows, &names)).into(), &layer.features)?;
        let assigned = assign_points(matrix.points(), &layer.clusters);
        let assignments = assigned.ok_or(ClusterError::UnusableModel)?.assignments;
        let (p, k) = (matrix.points().p, layer.clusters.k());
        Ok(LayerRows { values: matrix.values.into_raw_vec_and_offset().0, p, k, assignments })
    });
    Ok(StageRows { n: rows.len(), layers: layers.collect::<Result<_, ClusterError>>()? })
}

impl LayeredModel {
    /// The layers for customers of `stage`.
    pub(super) fn stage(&self, stage: Stage) -> Result<&StageModel, ClusterError> {
        let order = |of: Stage| NEIGHBOURS.iter().position(|&other| other == of).unwrap_or(0);
        let distance = |model: &&StageModel| {
            let (own, other) = (order(stage), order(model.stage));
            (own.abs_diff(other), std::cmp::Reverse(other))
        };
        self.stages.iter().min_by_key(distance).ok_or(ClusterError::UnusableModel)
    }
}

impl StageModel {
    /// The micro-segment of each of `codes`, strings that occur in `rows`.
    fn segments_of(
        &self,
        model: &LayeredModel,
        rows: &StageRows,
        codes: &[Code],
    ) -> Result<Vec<u32>, ClusterError> {
        let known: BTreeMap<&[u32], u32> =
            self.strings.iter().map(|place| (place.string.as_slice(), place.segment)).collect();
        let centroids = self.centroids(model);
        let segment = |code: &Code| {
            let string = rows.string(*code);
            match known.get(string.as_slice()) {
                Some(&segment) => Ok(segment),
                None => {
                    let layers = self.layers.iter().map(|layer| &layer.clusters);
                    nearest_to_string(layers, &string, &centroids)
                }
            }
        };
        codes.iter().map(segment).collect()
    }

    /// The micro-segment of one string, be it one that the fit met or not.
    fn segment_of(&self, model: &LayeredModel, string: &[u32]) -> Result<u32, ClusterError> {
        match self.strings.iter().find(|place| place.string == string) {
            Some(place) => Ok(place.segment),
            None => {
                let layers = self.layers.iter().map(|layer| &layer.clusters);
                nearest_to_string(layers, string, &self.centroids(model))
            }
        }
    }

    /// Index and centre of each micro-segment of the stage.
    fn centroids<'m>(&self, model: &'m LayeredModel) -> Vec<(u32, &'m [f64])> {
        (model.segments.iter().zip(0..))
            .filter(|(segment, _)| segment.stage == self.stage)
            .map(|(segment, index)| (index, segment.centroid.as_slice()))
            .collect()
    }
}
