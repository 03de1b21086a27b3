//! n x p rows and k -> the best of several restarts by one method and its settings: how criteria
//! that cluster resamples, halves and references do it.

use super::assign::labels;
use super::engine::{Settings, fit};
use super::kernel::Points;
use super::kmeans::Prepared;
use super::{Clusters, Method};
use crate::types::Seed;

/// A method with its settings.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Way<'a> {
    pub method: Method,
    pub settings: &'a Settings,
}

impl Way<'_> {
    /// The best of the restarts; none where the engine gave no model.
    pub fn fit(&self, points: Points, k: usize, seed: Seed) -> Option<Clusters> {
        let prepared = Prepared::new(points);
        fit(&prepared, self.method, k, self.settings, seed).ok().map(|raw| raw.clusters)
    }

    /// The labels of the rows by [`Way::fit`] and the number of clusters they are below.
    pub fn labels(&self, points: Points, k: usize, seed: Seed) -> Option<(Vec<u32>, usize)> {
        let clusters = self.fit(points, k, seed)?;
        Some((labels(points, &clusters)?, clusters.k()))
    }
}
