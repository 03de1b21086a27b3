//! How well the clusters of a fit were found again -> what a run keeps of it.

use serde::{Deserialize, Serialize};

use super::{Repeats, Scheme};

/// Jaccard similarity at or below which a resample has dissolved a cluster (Hennig 2007, section
/// 2.3).
pub const DISSOLVED: f64 = 0.5;
/// Jaccard similarity from which a resample has recovered a cluster.
pub const RECOVERED: f64 = 0.75;

/// How well the clusters of one fit were found again in resamples.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stability {
    /// What was drawn; none where nothing was.
    pub record: Option<StabilityRecord>,
    /// By cluster, none for one without a sampled customer; empty where nothing was drawn or no
    /// resample could be fitted.
    pub clusters: Vec<Option<ClusterStability>>,
    /// By customer: the share of resamples in which the refit assigns the customer, drawn or not,
    /// to the cluster that is most like theirs; none for customers outside the sample. Empty
    /// where `clusters` is.
    pub customers: Vec<Option<f64>>,
}

/// What stability was measured on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StabilityRecord {
    /// How resamples were drawn.
    pub scheme: Scheme,
    /// What customers drawn more than once count.
    pub repeats: Repeats,
    /// Resamples of each kind.
    pub resamples: usize,
    /// Resamples, of all, that the engine gave no model for: they do not count.
    pub failed: usize,
    /// Customers that resamples were drawn from.
    pub customers: usize,
    /// Customers in one subset; none where there are no subsets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subset_customers: Option<usize>,
}

/// How well one cluster was found again.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClusterStability {
    /// The word for the mean Jaccard similarity, the lower one of two schemes.
    pub word: StabilityWord,
    /// In resamples with replacement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bootstrap: Option<Recovery>,
    /// In resamples without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subset: Option<Recovery>,
    /// Mean of the stability of its sampled customers, in [0, 1]; none in micro-segments of earlier
    /// releases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customers: Option<f64>,
}

/// How well one cluster was found again in the resamples of one scheme.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recovery {
    /// Mean over the resamples of the Jaccard similarity with the most similar cluster, in [0, 1].
    pub jaccard: f64,
    /// Resamples in which it was at most [`DISSOLVED`].
    pub dissolved: usize,
    /// Resamples in which it was at least [`RECOVERED`].
    pub recovered: usize,
    /// Resamples that count.
    pub resamples: usize,
}

/// The words for a mean Jaccard similarity, after the documentation of fpc's `clusterboot`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StabilityWord {
    /// Below 0.6: not to be trusted.
    Unstable,
    /// From 0.6: there is a pattern, but who belongs to it is highly doubtful.
    Doubtful,
    /// From 0.75: a stable cluster.
    Stable,
    /// From 0.85.
    HighlyStable,
}

impl StabilityWord {
    /// The word for a mean Jaccard similarity.
    pub fn of(jaccard: f64) -> Self {
        match jaccard {
            j if j >= 0.85 => StabilityWord::HighlyStable,
            j if j >= 0.75 => StabilityWord::Stable,
            j if j >= 0.6 => StabilityWord::Doubtful,
            _ => StabilityWord::Unstable,
        }
    }

    /// As it is written in files and on the console.
    pub fn name(self) -> &'static str {
        match self {
            StabilityWord::Unstable => "unstable",
            StabilityWord::Doubtful => "doubtful",
            StabilityWord::Stable => "stable",
            StabilityWord::HighlyStable => "highly_stable",
        }
    }
}

impl Recovery {
    /// Out of the Jaccard similarities of the resamples, at least one.
    pub(in crate::cluster) fn of(similarities: impl Iterator<Item = f64>) -> Self {
        let mut found = Recovery { jaccard: 0.0, dissolved: 0, recovered: 0, resamples: 0 };
        for jaccard in similarities {
            found.jaccard += jaccard;
            found.dissolved += usize::from(jaccard <= DISSOLVED);
            found.recovered += usize::from(jaccard >= RECOVERED);
            found.resamples += 1;
        }
        found.jaccard /= found.resamples as f64;
        found
    }
}

impl ClusterStability {
    /// Of one scheme or two, at least one.
    pub(in crate::cluster) fn of(
        bootstrap: Option<Recovery>,
        subset: Option<Recovery>,
        customers: Option<f64>,
    ) -> Option<Self> {
        let means = [bootstrap, subset].into_iter().flatten().map(|recovery| recovery.jaccard);
        let word = StabilityWord::of(means.reduce(f64::min)?);
        Some(Self { word, bootstrap, subset, customers })
    }
}

impl Stability {
    /// Mean Jaccard similarity of `cluster` in resamples with replacement, where measured.
    pub fn bootstrap_jaccard(&self, cluster: usize) -> Option<f64> {
        let found = self.clusters.get(cluster)?.as_ref()?;
        found.bootstrap.map(|recovery| recovery.jaccard)
    }

    /// The stability of the customer of `row`, where measured.
    pub fn customer(&self, row: usize) -> Option<f64> {
        self.customers.get(row).copied().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_words_at_their_bounds() {
        let found = Recovery::of([0.5, 0.75, 0.74, 0.51].into_iter());
        assert_eq!((found.dissolved, found.recovered, found.resamples), (1, 1, 4));
        assert_eq!(found.jaccard, 0.625);
        let words = [0.0, 0.59, 0.6, 0.74, 0.75, 0.84, 0.85, 1.0].map(StabilityWord::of);
        use StabilityWord::{Doubtful, HighlyStable, Stable, Unstable};
        let expected =
            [Unstable, Unstable, Doubtful, Doubtful, Stable, Stable, HighlyStable, HighlyStable];
        assert_eq!(words, expected);
        for word in expected {
            let written = serde_json::to_string(&word).expect("a word");
            assert_eq!(written, format!("\"{}\"", word.name()));
        }
    }

    #[test]
    fn of_two_schemes_the_lower_gives_the_word() {
        let of = |jaccard| Some(Recovery { jaccard, dissolved: 0, recovered: 0, resamples: 9 });
        let both = ClusterStability::of(of(0.9), of(0.7), Some(0.8)).expect("measured");
        assert_eq!(both.word, StabilityWord::Doubtful);
        assert_eq!(ClusterStability::of(None, None, None), None);
    }
}
