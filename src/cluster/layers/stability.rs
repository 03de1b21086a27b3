//! Fitted layers of every stage -> per micro-segment and per customer, how well they are found
//! again in resamples.
//!
//! The scheme of the flat stability (Hennig, Comput. Stat. Data Anal. 52, 2007) on the whole
//! procedure: resample the customers of a stage, cluster the resample anew in every layer with the
//! method and k that were kept, form strings, merge small ones by the same rule (the least size in
//! proportion to the customers refitted), and take for each original micro-segment the highest
//! Jaccard similarity with one of the resample, both restricted to the distinct customers drawn.
//! Every customer of the stage is then assigned by the refit, to the micro-segment nearest to the
//! string where the resample did not have it. The rules of the stages and the scales of the layers
//! stay as they are. A stage that no layer divides is found again every time: 1.

use std::collections::BTreeMap;

use super::merge::{Group, merge};
use super::model::LayerModel;
use super::space::{Code, StageRows, gathered, nearest_to_string, string_of};
use crate::cluster::assign::labels;
use crate::cluster::engine::{Settings, fit};
use crate::cluster::kernel::Points;
use crate::cluster::kmeans::Prepared;
use crate::cluster::stability::{Drawn, found_again, of_refit, sample};
use crate::cluster::{
    ClusterParams, ClusterStability, Clusters, Recovery, Stability, StabilityParams,
    StabilityRecord,
};
use crate::features::Stage;
use crate::types::Seed;

/// Purpose of [`Seed::derive`] for the sample of a stage.
const SAMPLE: u64 = u64::MAX;

/// What was fitted in one stage and is to be found again.
pub(super) struct StageFit<'a> {
    pub stage: Stage,
    /// Rows of the table.
    pub table_rows: &'a [usize],
    pub rows: &'a StageRows,
    pub params: &'a [ClusterParams],
    pub layers: &'a [LayerModel],
    /// Micro-segment of every row, by index among those of all stages.
    pub labels: Vec<u32>,
}

/// Stability of the micro-segments and of their customers.
pub(super) struct LayerStability {
    pub stability: Stability,
    /// Customers of all stages.
    pub customers: usize,
    /// Stages of which a sample was taken; stages that were refitted.
    pub sampled: usize,
    pub stages: usize,
}

/// One stage, sampled.
struct Sampled<'a> {
    fit: &'a StageFit<'a>,
    n: usize,
    /// n x p values of each layer.
    values: Vec<Vec<f64>>,
    /// Customers that a micro-segment of the whole stage has at least.
    least: usize,
}

impl StageFit<'_> {
    /// Its micro-segments, ascending, and for each row the place of its own among them.
    pub(super) fn local(&self) -> (Vec<u32>, Vec<u32>) {
        let places: BTreeMap<u32, u32> = self.labels.iter().map(|&label| (label, 0)).collect();
        let segments: Vec<u32> = places.into_keys().collect();
        let place = |label: &u32| segments.partition_point(|segment| segment < label) as u32;
        let local = self.labels.iter().map(place).collect();
        (segments, local)
    }
}

/// Stability of `segments` micro-segments of `n` rows over `resamples` of each kind and stage, at
/// least 1; `step` is called once after each.
pub(super) fn stability(
    fits: &[StageFit],
    (segments, n): (usize, usize),
    least: usize,
    resamples: usize,
    params: &StabilityParams,
    seed: Seed,
    step: &(dyn Fn() + Sync),
) -> LayerStability {
    let mut record = StabilityRecord {
        scheme: params.scheme,
        repeats: params.repeats,
        resamples,
        failed: 0,
        customers: 0,
        subset_customers: params.scheme.subsets().then_some(0),
    };
    let mut clusters = vec![None; segments];
    let mut customers = vec![None; n];
    let mut refitted = true;
    let mut found =
        LayerStability { stability: Stability::default(), customers: 0, sampled: 0, stages: 0 };
    for fit in fits {
        if fit.layers.is_empty() {
            fit.labels.iter().for_each(|&at| clusters[at as usize] = always(resamples, params));
            fit.table_rows.iter().for_each(|&row| customers[row] = Some(1.0));
            (0..params.refits(resamples)).for_each(|_| step());
            record.customers += fit.rows.n;
            found.customers += fit.rows.n;
            continue;
        }
        let seed_of_stage = seed.derive(fit.stage as u64, 0);
        let (own, local) = fit.local();
        let bound = params.customers.unwrap_or(fit.rows.n);
        let rows = sample(&local, bound, seed_of_stage.derive(SAMPLE, 0));
        let sampled = Sampled {
            n: rows.len(),
            values: (fit.rows.layers.iter())
                .map(|layer| gathered(&layer.values, layer.p, &rows))
                .collect(),
            least,
            fit,
        };
        let of_rows: Vec<u32> = rows.iter().map(|&row| local[row]).collect();
        let refit = |drawn: &Drawn, seed: Seed| sampled.refit(drawn, seed);
        let again =
            found_again(&of_rows, own.len(), resamples, params, seed_of_stage, step, &refit);
        found.customers += fit.rows.n;
        found.sampled += usize::from(rows.len() < fit.rows.n);
        found.stages += 1;
        record.customers += rows.len();
        record.failed += again.record.failed;
        let subset = record.subset_customers.iter_mut().zip(again.record.subset_customers);
        subset.for_each(|(all, own)| *all += own);
        let Some(shares) = again.shares else {
            refitted = false;
            continue;
        };
        for (&segment, of) in own.iter().zip(again.clusters) {
            clusters[segment as usize] = of;
        }
        for (&row, share) in rows.iter().zip(shares) {
            customers[fit.table_rows[row]] = Some(share);
        }
    }
    found.stability.record = Some(record);
    // A stage that could not be refitted at all would leave holes that look like findings.
    if refitted {
        (found.stability.clusters, found.stability.customers) = (clusters, customers);
    }
    found
}

/// What is said of a stage that is one micro-segment by its rules.
fn always(resamples: usize, params: &StabilityParams) -> Option<ClusterStability> {
    let ones = || Recovery::of((0..resamples).map(|_| 1.0));
    let (bootstrap, subset) = (params.scheme.bootstraps(), params.scheme.subsets());
    ClusterStability::of(bootstrap.then(ones), subset.then(ones), Some(1.0))
}

impl Sampled<'_> {
    /// The micro-segments of one resample: the label of every row of the sample and the number
    /// they are below.
    fn refit(&self, drawn: &Drawn, seed: Seed) -> Option<(Vec<u32>, usize)> {
        let used = drawn.repeated();
        let mut found: Vec<(Clusters, Vec<u32>)> = Vec::with_capacity(self.values.len());
        for (at, (model, values)) in self.fit.layers.iter().zip(&self.values).enumerate() {
            let p = self.fit.rows.layers[at].p;
            let drawn = gathered(values, p, &used);
            let points = Points::new(&drawn, p);
            let settings = of_refit(&Settings::new(&self.fit.params[at], points));
            let (method, k) = (model.clusters.method(), model.clusters.k());
            let seed = seed.derive(at as u64, 0);
            let clusters = fit(&Prepared::new(points), method, k, &settings, seed).ok()?.clusters;
            let classes = labels(Points::new(values, p), &clusters)?;
            found.push((clusters, classes));
        }
        let codes: Vec<Code> = (0..self.n)
            .map(|row| {
                found.iter().fold(0, |code, (clusters, classes)| {
                    code * clusters.k() as Code + Code::from(classes[row])
                })
            })
            .collect();
        let mut met: Vec<Code> = used.iter().map(|&row| codes[row]).collect();
        met.sort_unstable();
        met.dedup();
        let mut groups = self.groups(&met, &codes, &used);
        let least = (self.least * used.len()).div_ceil(self.fit.rows.n);
        let into = merge(&mut groups, least);
        let left: Vec<(u32, &[f64])> = (0..into.len())
            .filter(|&at| into[at] == at)
            .map(|at| (at as u32, groups[at].centroid.as_slice()))
            .collect();
        let mut unmet: BTreeMap<Code, u32> = BTreeMap::new();
        let mut own = Vec::with_capacity(self.n);
        for code in &codes {
            own.push(match met.binary_search(code) {
                Ok(at) => into[at] as u32,
                Err(_) => match unmet.get(code) {
                    Some(&group) => group,
                    None => {
                        let string = string_of(*code, found.iter().map(|(of, _)| of.k()));
                        let layers = found.iter().map(|(clusters, _)| clusters);
                        let group = nearest_to_string(layers, &string, &left).ok()?;
                        unmet.insert(*code, group);
                        group
                    }
                },
            });
        }
        Some((own, into.len()))
    }

    /// Size and mean in the joined space of the rows `used` with each of the strings `met`.
    fn groups(&self, met: &[Code], codes: &[Code], used: &[usize]) -> Vec<Group> {
        let layers = || self.values.iter().zip(&self.fit.rows.layers);
        let p: usize = layers().map(|(_, layer)| layer.p).sum();
        let mut groups = vec![Group { customers: 0, centroid: vec![0.0; p] }; met.len()];
        for &row in used {
            let group = &mut groups[met.partition_point(|code| *code < codes[row])];
            group.customers += 1;
            let values = layers().flat_map(|(all, layer)| &all[row * layer.p..(row + 1) * layer.p]);
            group.centroid.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
        }
        for group in &mut groups {
            let n = group.customers as f64;
            group.centroid.iter_mut().for_each(|sum| *sum /= n);
        }
        groups
    }
}
