//! FeatureTable and layers -> layered model, assignments, record: the work in its order.
//!
//! Stages by the rules; in each stage that is large enough a clustering for each layer; strings;
//! small micro-segments merged; the micro-segments of all stages in canonical order; their
//! centroids in the common space; stability.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::apart::apart;
use super::assign::{place, rows_by_stage, stage_rows, unplaced};
use super::merge::{Group, merge};
use super::model::{LayerModel, LayeredModel, MicroSegment, StageModel, StringPlace};
use super::params::{LayerSpec, LayersParams};
use super::record::{LayerRecord, LayersRecord, StageRecord};
use super::said::{Said, by_feature};
use super::space::{StageRows, subset};
use super::stability::{StageFit, stability};
use crate::cluster::fit::fit_after;
use crate::cluster::kernel::squared_distance;
use crate::cluster::prepare::{FittedMatrix, fit_matrix};
use crate::cluster::{
    Assignments, ClusterError, ClusterParams, Clusters, Earlier, FeatureSpec, Fitted, KChoice,
    Model, Selection, Stability,
};
use crate::features::{FeatureTable, LifecycleRules, Stage};
use crate::types::Seed;

/// Purposes of [`Seed::derive`].
const LAYER: u64 = 0x1A7E5;
const STABILITY: u64 = 0x1A7E6;
const SILHOUETTE: u64 = 0x1A7E7;

/// Strings of one stage at most: merging looks at every pair of them.
pub(super) const MOST_STRINGS: usize = 20_000;

/// One stage on its way.
struct Staged {
    stage: Stage,
    /// Rows of the table.
    rows: Vec<usize>,
    layers: Vec<LayerModel>,
    /// The columns of every layer with the parameters of its refits.
    params: Vec<ClusterParams>,
    within: StageRows,
    /// Every string that occurs, ascending, with the group it ends in.
    strings: Vec<(Vec<u32>, usize)>,
    groups: Vec<Group>,
    record: StageRecord,
}

/// Finds the micro-segments of the customers of `table`; see [`super::LayersParams`]. Where an earlier
/// run has left a model with layers, the candidates of each layer are also weighed by how far they
/// agree with the layer of that name in that stage. `progress` is told after each piece of work how many are done and how many there are. The same table,
/// parameters and seed give the same bits, whatever the number of threads.
///
/// The model's `features` and `clusters` are those of the common space; membership and margin are
/// those of the string: see [`Assignments`].
///
/// # Errors
///
/// [`ClusterError`]: layers that cannot be, and what [`crate::cluster::fit`] refuses.
pub fn fit_layers(
    table: &FeatureTable,
    params: &LayersParams,
    seed: Seed,
    earlier: Option<&Earlier>,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Fitted, ClusterError> {
    params.check()?;
    let common = fit_matrix(&table.into(), &params.common)?;
    let lifecycle = LifecycleRules::fit(&params.lifecycle, &table.columns)?;
    let by_stage = rows_by_stage(&lifecycle.stages(&table.columns)?);
    let fits: usize = by_stage.len() * params.layers.len();
    let total = fits + by_stage.len() * params.stability.refits(params.bootstrap);
    let done = AtomicUsize::new(0);
    let step = || progress(done.fetch_add(1, Ordering::Relaxed) + 1, total);

    let mut said = Said::default();
    let mut stages = Vec::with_capacity(by_stage.len());
    let month = Month { table, params, seed, earlier };
    for (stage, rows) in by_stage {
        stages.push(month.stage(stage, rows, &step, &mut said)?);
    }
    let (model, assignments) = numbered(lifecycle, &stages)?;
    let fits: Vec<StageFit> = stages.iter().map(|stage| stage.fit(&assignments)).collect();
    let size = (model.segments.len(), table.len());
    let silhouette = params.layers[0].cluster.select.silhouette;
    let apart = apart(&fits, size.0, silhouette, seed.derive(SILHOUETTE, 0));
    said.silhouettes(&apart);
    let recovered = match params.bootstrap {
        0 => Stability::default(),
        resamples => {
            let seed = seed.derive(STABILITY, 0);
            let (least, by) = (params.min_customers, &params.stability);
            let found = stability(&fits, size, least, resamples, by, seed, &step);
            said.stability(&found, params.stability.refits(resamples));
            found.stability
        }
    };
    let record = record(params, &stages, model.segments.len());
    let converged =
        record.stages.iter().flat_map(|stage| &stage.layers).all(|layer| layer.converged);
    let clusters = common_clusters(&common, &assignments.cluster, model.segments.len());
    let rule = selection_rule(&record);
    let (filled, missing) = (by_feature(&said.filled), by_feature(&said.missing));
    let warnings = said.warnings(&record);
    Ok(Fitted {
        model: Model {
            features: common.features,
            clusters,
            engine: params.layers[0].cluster.engine,
            seed,
            converged,
            iterations: 0,
            layers: Some(model),
        },
        assignments,
        selection: Selection {
            rule,
            decided_by: Vec::new(),
            structure: None,
            criteria_customers: None,
            candidates: Vec::new(),
        },
        silhouettes: apart.silhouettes,
        row_silhouettes: Vec::new(),
        separations: apart.separations,
        bounds: None,
        stability: recovered,
        filled,
        missing,
        layers: Some(record),
        warnings,
    })
}

/// What the layers of all stages are fitted to.
#[derive(Clone, Copy)]
struct Month<'a> {
    table: &'a FeatureTable,
    params: &'a LayersParams,
    seed: Seed,
    earlier: Option<&'a Earlier<'a>>,
}

impl Month<'_> {
    /// The clusterings of one stage, its strings and what they are merged into.
    fn stage(
        &self,
        stage: Stage,
        rows: Vec<usize>,
        step: &dyn Fn(),
        said: &mut Said,
    ) -> Result<Staged, ClusterError> {
        let &Self { table, params, seed, .. } = self;
        let too_small = rows.len() < 2 * params.min_customers;
        let (mut layers, mut records, mut refits) = (Vec::new(), Vec::new(), Vec::new());
        for (at, spec) in params.layers.iter().enumerate() {
            if !too_small && spec.stages.contains(&stage) {
                let seed = seed.derive(LAYER, (stage as u64) << 32 | at as u64);
                let fault = |source| ClusterError::Layer {
                    stage,
                    layer: spec.name.clone(),
                    source: Box::new(source),
                };
                let found = self.layer(stage, &rows, spec, seed, said).map_err(fault)?;
                if let Some((layer, record, refit)) = found {
                    layers.push(layer);
                    records.push(record);
                    refits.push(refit);
                }
            }
            step();
        }
        let within = stage_rows(&layers, table, &rows)?;
        let (codes, place) = within.codes();
        if codes.len() > MOST_STRINGS {
            return Err(ClusterError::TooManyStrings { stage, strings: codes.len() });
        }
        let mut groups = within.groups(&place, codes.len());
        let customers: Vec<usize> = groups.iter().map(|group| group.customers).collect();
        let into = merge(&mut groups, params.min_customers);
        let merged: Vec<usize> = (0..into.len()).filter(|&at| into[at] != at).collect();
        let record = StageRecord {
            stage,
            customers: rows.len(),
            too_small,
            micro_segments: into.len() - merged.len(),
            strings: into.len(),
            merged_strings: merged.len(),
            merged_customers: merged.iter().map(|&at| customers[at]).sum(),
            layers: records,
        };
        let strings = codes.iter().map(|&code| within.string(code)).zip(into).collect();
        Ok(Staged { stage, rows, layers, params: refits, within, strings, groups, record })
    }

    /// One stage in one layer; none where no feature of the layer is defined for any of its customers.
    fn layer(
        &self,
        stage: Stage,
        rows: &[usize],
        spec: &LayerSpec,
        seed: Seed,
        said: &mut Said,
    ) -> Result<Option<(LayerModel, LayerRecord, ClusterParams)>, ClusterError> {
        let table = self.table;
        let asked = spec.resolve(table)?;
        let names: Vec<&str> = asked.iter().map(|feature| feature.name.as_str()).collect();
        let own = subset(table, rows, &names);
        // What nobody in the stage has says nothing about it; what the table lacks is refused.
        let (left_out, features): (Vec<FeatureSpec>, Vec<FeatureSpec>) =
            asked.into_iter().partition(|feature| nobody_has(&own, &feature.name));
        let left_out: Vec<String> = left_out.into_iter().map(|feature| feature.name).collect();
        if features.is_empty() && !left_out.is_empty() {
            said.layer_without(stage, &spec.name, &left_out);
            return Ok(None);
        }
        let k = match spec.cluster.k {
            KChoice::Fixed(k) => KChoice::Fixed(k.min(rows.len())),
            KChoice::Range(low, high) => KChoice::Range(low.min(rows.len()).max(2), high),
        };
        let params = ClusterParams { features, k, bootstrap: 0, ..spec.cluster.clone() };
        let earlier = self.earlier.and_then(|earlier| earlier.layer(stage, &spec.name, rows));
        let fitted = fit_after(&(&own).into(), &params, seed, earlier.as_ref(), &|_, _| ())?;
        said.fit(stage, &spec.name, &fitted);
        let k = fitted.model.clusters.k();
        let mut customers = vec![0; k];
        fitted.assignments.cluster.iter().for_each(|&class| customers[class as usize] += 1);
        let record = LayerRecord {
            layer: spec.name.clone(),
            features: params.features.iter().map(|feature| feature.name.clone()).collect(),
            left_out,
            method: fitted.model.clusters.method(),
            customers,
            converged: fitted.model.converged,
            selection: fitted.selection,
        };
        let layer = LayerModel {
            layer: spec.name.clone(),
            features: fitted.model.features,
            clusters: fitted.model.clusters,
        };
        Ok(Some((layer, record, params)))
    }
}

/// Whether the feature is there and defined for no customer.
fn nobody_has(table: &FeatureTable, name: &str) -> bool {
    if let Some(column) = table.column(name) {
        return column.values.iter().all(|value| value.is_nan());
    }
    table.attribute(name).is_some_and(|attribute| attribute.values.iter().all(Option::is_none))
}

/// The micro-segments of all stages in canonical order, largest first, ties by the smallest
/// customer, and where every row belongs.
fn numbered(
    lifecycle: LifecycleRules,
    stages: &[Staged],
) -> Result<(LayeredModel, Assignments), ClusterError> {
    // Stage, group and first row of each that is left.
    let mut order: Vec<(usize, usize, usize)> = Vec::new();
    for (at, staged) in stages.iter().enumerate() {
        let (_, place) = staged.within.codes();
        let mut first = vec![usize::MAX; staged.groups.len()];
        for (&row, &string) in staged.rows.iter().zip(&place) {
            let group = staged.strings[string as usize].1;
            first[group] = first[group].min(row);
        }
        let left = (0..staged.groups.len()).filter(|&group| first[group] < usize::MAX);
        order.extend(left.map(|group| (at, group, first[group])));
    }
    order.sort_by_key(|&(at, group, first)| (Reverse(stages[at].groups[group].customers), first));
    let index: BTreeMap<(usize, usize), u32> =
        order.iter().zip(0..).map(|(&(at, group, _), index)| ((at, group), index)).collect();
    let segments = order.iter().map(|&(at, group, _)| MicroSegment {
        stage: stages[at].stage,
        string: stages[at].strings[group].0.clone(),
        centroid: stages[at].groups[group].centroid.clone(),
    });
    let mut model = LayeredModel { lifecycle, stages: Vec::new(), segments: segments.collect() };
    model.stages = (stages.iter().enumerate())
        .map(|(at, staged)| StageModel {
            stage: staged.stage,
            layers: staged.layers.clone(),
            strings: (staged.strings.iter())
                .map(|(string, group)| StringPlace {
                    string: string.clone(),
                    segment: index[&(at, *group)],
                })
                .collect(),
        })
        .collect();
    let n = stages.iter().map(|staged| staged.rows.len()).sum();
    let mut found = unplaced(&model, n);
    for (staged, stage) in stages.iter().zip(&model.stages) {
        place(&model, stage, &staged.rows, &staged.within, &mut found)?;
    }
    Ok((model, found))
}

impl Staged {
    fn fit<'a>(&'a self, assignments: &Assignments) -> StageFit<'a> {
        StageFit {
            stage: self.stage,
            table_rows: &self.rows,
            rows: &self.within,
            params: &self.params,
            layers: &self.layers,
            labels: self.rows.iter().map(|&row| assignments.cluster[row]).collect(),
        }
    }
}

/// The micro-segments as centroids of the common space: means of their customers, with the sum of
/// squared distances to them.
fn common_clusters(common: &FittedMatrix, cluster: &[u32], k: usize) -> Clusters {
    let points = common.matrix.points();
    let mut centroids = vec![vec![0.0; points.p]; k];
    let mut customers = vec![0_usize; k];
    for (row, &at) in points.rows(0..points.n).zip(cluster) {
        customers[at as usize] += 1;
        let sums = centroids[at as usize].iter_mut();
        sums.zip(row).for_each(|(sum, value)| *sum += value);
    }
    for (centroid, &n) in centroids.iter_mut().zip(&customers) {
        centroid.iter_mut().for_each(|sum| *sum /= n as f64);
    }
    let rows = points.rows(0..points.n).zip(cluster);
    let inertia = rows.map(|(row, &at)| squared_distance(row, &centroids[at as usize])).sum();
    Clusters::Kmeans { centroids, inertia }
}

fn record(params: &LayersParams, stages: &[Staged], micro_segments: usize) -> LayersRecord {
    let stages: Vec<StageRecord> = stages.iter().map(|staged| staged.record.clone()).collect();
    let sum = |of: fn(&StageRecord) -> usize| stages.iter().map(of).sum();
    LayersRecord {
        rule: format!(
            "while a micro-segment has fewer than {} customers and is not the only one of its \
             stage, the smallest goes into the one whose centroid is nearest in the joined space \
             of the stage's layers; ties to the lower string",
            params.min_customers
        ),
        min_customers: params.min_customers,
        micro_segments,
        strings: sum(|stage| stage.strings),
        merged_strings: sum(|stage| stage.merged_strings),
        merged_customers: sum(|stage| stage.merged_customers),
        stages,
    }
}

fn selection_rule(record: &LayersRecord) -> String {
    format!(
        "layers: {} micro-segments in {} stages; what each layer weighed stands under `layers`",
        record.micro_segments,
        record.stages.len()
    )
}
