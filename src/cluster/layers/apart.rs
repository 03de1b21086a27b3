//! Micro-segments of every stage -> how far apart they lie: silhouettes and separations in the
//! joined space of the stage.
//!
//! A micro-segment is held against the others of its stage: those of another stage are kept apart
//! by the rules of the stages, not by distances. A stage that is one micro-segment has neither.

use super::stability::StageFit;
use crate::cluster::Separation;
use crate::cluster::criteria::{Labelling, mean_silhouettes};
use crate::cluster::kernel::Points;
use crate::cluster::select::SilhouetteRows;
use crate::cluster::stability::separations;
use crate::types::Seed;

/// What is measured of all micro-segments, by their index.
pub(super) struct Apart {
    pub silhouettes: Vec<Option<f64>>,
    pub separations: Vec<Option<Separation>>,
    /// Rows that silhouettes were averaged over and rows that there are, of the stages sampled.
    pub sampled: Option<(usize, usize)>,
}

/// Of `segments` micro-segments; `seed` places the samples of silhouettes.
pub(super) fn apart(fits: &[StageFit], segments: usize, rows: SilhouetteRows, seed: Seed) -> Apart {
    let mut found = Apart {
        silhouettes: vec![None; segments],
        separations: vec![None; segments],
        sampled: None,
    };
    for fit in fits {
        let (own, local) = fit.local();
        if own.len() < 2 {
            continue;
        }
        let values = fit.rows.joined();
        let points = Points::new(&values, values.len() / fit.rows.n);
        let labelling = Labelling { labels: &local, k: own.len() };
        let seed = seed.derive(fit.stage as u64, 0);
        let silhouette = mean_silhouettes(points, &[labelling], rows, seed).pop().flatten();
        if let Some(silhouette) = silhouette {
            for (&segment, mean) in own.iter().zip(&silhouette.clusters) {
                found.silhouettes[segment as usize] = Some(*mean);
            }
            if silhouette.interval.is_some() {
                let (some, all) = found.sampled.unwrap_or((0, 0));
                found.sampled = Some((some + silhouette.rows, all + fit.rows.n));
            }
        }
        for (&segment, of) in own.iter().zip(separations(points, &local, own.len())) {
            found.separations[segment as usize] =
                of.map(|of| of.named(|neighbour| own[neighbour] as usize));
        }
    }
    found
}
