//! Fitted layers of every stage -> per micro-segment, how well it is found again in resamples.
//!
//! The scheme of the flat stability (Hennig, Comput. Stat. Data Anal. 52, 2007) on the whole
//! procedure: resample the customers of a stage with replacement, cluster the resample anew in
//! every layer with the method and k that were kept, form strings, merge small ones by the same
//! rule (the least size in proportion to the sample), and take for each original micro-segment the
//! highest Jaccard similarity with one of the resample, both restricted to the distinct customers
//! drawn. The rules of the stages and the scales of the layers stay as they are. A stage that is
//! one micro-segment is found again every time: 1.

use std::collections::{BTreeMap, BTreeSet};

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use super::merge::merge;
use super::model::LayerModel;
use super::space::{LayerRows, StageRows, gathered};
use crate::cluster::assign::assign_points;
use crate::cluster::criteria::systematic;
use crate::cluster::engine::{Settings, fit};
use crate::cluster::kernel::Points;
use crate::cluster::kmeans::Prepared;
use crate::cluster::{BOOTSTRAP_RESTARTS, ClusterParams, Recovery, STABILITY_CUSTOMERS};
use crate::features::Stage;
use crate::types::Seed;

/// What was fitted in one stage and is to be found again.
pub(super) struct StageFit<'a> {
    pub stage: Stage,
    pub rows: &'a StageRows,
    pub params: &'a [ClusterParams],
    pub layers: &'a [LayerModel],
    /// Micro-segment of every row, by index among those of all stages.
    pub labels: Vec<u32>,
}

/// Stability of the micro-segments.
pub(super) struct LayerStability {
    /// By micro-segment; empty when a stage could not be refitted at all.
    pub recoveries: Vec<Recovery>,
    /// Rows that resamples were drawn from, of `customers`.
    pub rows: usize,
    pub customers: usize,
    /// Stages of which a sample was taken; stages that were refitted.
    pub sampled: usize,
    pub stages: usize,
    /// Resamples of a stage that an engine gave no model for.
    pub failed: usize,
}

/// The best Jaccard of each micro-segment drawn in one resample of a stage, where it was refitted.
type Scores = Option<Vec<(u32, f64)>>;

/// One stage, sampled.
struct Sampled<'a> {
    fit: &'a StageFit<'a>,
    n: usize,
    /// n x p values of each layer.
    values: Vec<Vec<f64>>,
    labels: Vec<u32>,
    least: usize,
    seed: Seed,
}

/// Stability over `resamples` of each stage; `step` is called once after each of all stages.
pub(super) fn stability(
    fits: &[StageFit],
    segments: usize,
    least: usize,
    resamples: usize,
    seed: Seed,
    step: &(dyn Fn() + Sync),
) -> LayerStability {
    let mut found = LayerStability {
        // A stage without layers is one micro-segment, found again whatever is drawn.
        recoveries: vec![Recovery::of((0..resamples.max(1)).map(|_| 1.0)); segments],
        rows: 0,
        customers: 0,
        sampled: 0,
        stages: 0,
        failed: 0,
    };
    let mut sampled = Vec::new();
    for fit in fits.iter().filter(|fit| !fit.layers.is_empty()) {
        let rows =
            systematic(fit.rows.n, STABILITY_CUSTOMERS, seed.derive(fit.stage as u64, u64::MAX));
        found.rows += rows.len();
        found.customers += fit.rows.n;
        found.sampled += usize::from(rows.len() < fit.rows.n);
        found.stages += 1;
        sampled.push(Sampled {
            n: rows.len(),
            values: (fit.rows.layers.iter())
                .map(|layer| gathered(&layer.values, layer.p, &rows))
                .collect(),
            labels: rows.iter().map(|&row| fit.labels[row]).collect(),
            least: (least * rows.len()).div_ceil(fit.rows.n),
            seed: seed.derive(fit.stage as u64, 0),
            fit,
        });
    }
    let scores: Vec<Vec<Scores>> = (0..resamples)
        .into_par_iter()
        .with_max_len(1)
        .map(|index| {
            let scores = sampled.iter().map(|stage| stage.resample(index as u64)).collect();
            step();
            scores
        })
        .collect();
    for (at, stage) in sampled.iter().enumerate() {
        let mut similarities: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
        let mut fitted = 0;
        for score in scores.iter().filter_map(|scores| scores[at].as_ref()) {
            fitted += 1;
            for &(segment, jaccard) in score {
                similarities.entry(segment).or_default().push(jaccard);
            }
        }
        found.failed += resamples - fitted;
        if fitted == 0 {
            found.recoveries.clear();
            return found;
        }
        // Micro-segments without a row in a resample were not found in it.
        let of_stage: BTreeSet<u32> = stage.fit.labels.iter().copied().collect();
        for segment in of_stage {
            let known = similarities.get(&segment).map_or(&[][..], Vec::as_slice);
            let missing = std::iter::repeat_n(0.0, fitted - known.len());
            found.recoveries[segment as usize] = Recovery::of(known.iter().copied().chain(missing));
        }
    }
    found
}

impl Sampled<'_> {
    /// The best Jaccard of each micro-segment that was drawn in one resample.
    fn resample(&self, index: u64) -> Scores {
        let seed = self.seed.derive(1, index);
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed.0);
        let mut drawn: Vec<usize> = (0..self.n).map(|_| rng.gen_range(0..self.n)).collect();
        drawn.sort_unstable();
        let mut layers = Vec::with_capacity(self.fit.layers.len());
        for (at, model) in self.fit.layers.iter().enumerate() {
            let p = self.fit.rows.layers[at].p;
            let values = gathered(&self.values[at], p, &drawn);
            let points = Points::new(&values, p);
            let settings = Settings::new(&self.fit.params[at], points);
            let settings = Settings {
                restarts: settings.restarts.min(BOOTSTRAP_RESTARTS),
                mixture_restarts: 1,
                ..settings
            };
            let (method, k) = (model.clusters.method(), model.clusters.k());
            let seed = seed.derive(2 + at as u64, 0);
            let clusters = fit(&Prepared::new(points), method, k, &settings, seed).ok()?.clusters;
            let assignments = assign_points(points, &clusters)?.assignments;
            layers.push(LayerRows { values, p, k: clusters.k(), assignments });
        }
        let rows = StageRows { n: drawn.len(), layers };
        let (codes, place) = rows.codes();
        let mut groups = rows.groups(&place, codes.len());
        let into = merge(&mut groups, self.least);
        let found = place.iter().map(|&string| into[string as usize]);
        let mut pairs: Vec<(u32, usize)> = Vec::with_capacity(drawn.len());
        let mut previous = None;
        for (&row, found) in drawn.iter().zip(found) {
            if previous != Some(row) {
                pairs.push((self.labels[row], found));
            }
            previous = Some(row);
        }
        Some(best_jaccard(pairs))
    }
}

/// For each original label of `pairs` (original, found) the highest Jaccard with a found one.
fn best_jaccard(mut pairs: Vec<(u32, usize)>) -> Vec<(u32, f64)> {
    pairs.sort_unstable();
    let highest = pairs.iter().map(|pair| pair.1 + 1).max().unwrap_or(0);
    let mut size = vec![0_usize; highest];
    pairs.iter().for_each(|pair| size[pair.1] += 1);
    let mut scores = Vec::new();
    for own in pairs.chunk_by(|a, b| a.0 == b.0) {
        let jaccard = own
            .chunk_by(|a, b| a.1 == b.1)
            .map(|both| both.len() as f64 / (own.len() + size[both[0].1] - both.len()) as f64);
        scores.push((own[0].0, jaccard.fold(0.0, f64::max)));
    }
    scores
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jaccard_by_hand() {
        // Original 4: 3 with found 0 (of 4), 1 with found 1 (of 3): 3 / (4 + 4 - 3); original 7: 1
        // with found 0, 2 with found 1: 2 / (3 + 3 - 2).
        let pairs = vec![(4, 0), (7, 1), (4, 0), (4, 1), (7, 0), (4, 0), (7, 1)];
        assert_eq!(best_jaccard(pairs), [(4, 0.6), (7, 0.5)]);
        assert_eq!(best_jaccard(Vec::new()), []);
    }
}
