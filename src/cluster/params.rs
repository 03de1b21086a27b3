//! What a clustering is asked for: features, method, number of clusters, and when to stop.

use serde::{Deserialize, Serialize};

use super::{BoundsParams, SelectParams, StabilityParams};

/// How features are prepared, clusters found and their number chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct ClusterParams {
    /// The features of the vector, in order; at least one.
    pub features: Vec<FeatureSpec>,
    /// k-means, mixture, or both with the better taken.
    pub method: Method,
    /// Own kernels or linfa-clustering.
    pub engine: Engine,
    /// Number of clusters, fixed or chosen within a range.
    pub k: KChoice,
    /// Restarts from different seedings, at least 1; the best is kept. The mixture, each of whose
    /// restarts begins with a k-means run, makes at most [`super::MIXTURE_RESTARTS`].
    pub restarts: usize,
    /// How k-means goes about it.
    pub kmeans: KmeansOptions,
    /// Iterations of one restart at most, at least 1.
    pub max_iterations: usize,
    /// k-means stops when the squared moves of its centroids sum to no more than this times the
    /// mean variance of the features; the mixture when the mean log-likelihood gains less than
    /// ten times this. Above 0; 1e-4 gives the customary 1e-4 and 1e-3.
    pub tolerance: f64,
    /// Added to the diagonal of each covariance of the mixture, above 0.
    pub covariance_floor: f64,
    /// Shapes of the mixture's covariances to try, at least one and none twice; full alone by
    /// default. Of the mixture alone, and full under linfa-clustering.
    pub covariances: Vec<Covariance>,
    /// Whether the mixture has a uniform component that takes up outliers; false by default. Of
    /// the mixture alone, and not under linfa-clustering.
    pub noise: bool,
    /// How large a cluster may be.
    pub bounds: BoundsParams,
    /// Refits to resamples from which stability is measured; 0 switches it off. A refit makes at
    /// most [`super::BOOTSTRAP_RESTARTS`] restarts, the mixture one.
    pub bootstrap: usize,
    /// How resamples are drawn, and from whom.
    pub stability: StabilityParams,
    /// How candidates are weighed.
    pub select: SelectParams,
}

/// Largest weight of a feature: a thousand times another decides alone.
pub const LARGEST_WEIGHT: f64 = 1000.0;

/// One feature of the clustered vector: a number, or a categorical attribute.
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureSpec {
    /// Name of a column or an attribute of the feature table.
    pub name: String,
    /// Change of shape, before scaling; of a number.
    pub transform: Transform,
    /// Change of location and scale. A categorical attribute is not scaled: its columns are made
    /// as large as a number under this scale would be.
    pub scale: Scale,
    /// What the scaled feature is multiplied by: from 0, which leaves it out of account, to
    /// [`LARGEST_WEIGHT`]; 1 for most. At 1, two customers of different levels are as far apart
    /// as two customers are on average in a number.
    pub weight: f64,
    /// What becomes of customers without a value.
    pub missing: Missing,
    /// Refuse it where it is no number: a transform or scale was asked for by its name.
    pub numeric: bool,
}

impl FeatureSpec {
    /// A feature prepared as most are: log1p, standard scale, weight 1.
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            transform: Transform::default(),
            scale: Scale::default(),
            weight: 1.0,
            missing: Missing::default(),
            numeric: false,
        }
    }
}

/// What becomes of a customer for whom a feature has no value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Missing {
    /// Put in the middle: the median of a number; no level of an attribute, which is as near to
    /// any level as to any other.
    #[default]
    Fill,
    /// Told apart: a column of its own, where anybody lacks a value.
    Indicator,
}

/// Change of shape of one feature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Transform {
    /// As it stands.
    None,
    /// sign(x) ln(1 + |x|): log1p, continued symmetrically for negative values.
    #[default]
    Log1p,
    /// Yeo and Johnson (2000), exponent by maximum likelihood.
    YeoJohnson,
}

/// Change of location and scale of one feature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scale {
    /// As it stands.
    None,
    /// Mean 0, standard deviation 1 (divisor n).
    #[default]
    Standard,
    /// Median 0, interquartile range 1.
    Robust,
    /// Rank to a uniform quantile in [0, 1].
    Quantile,
}

/// The clustering method asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// k-means.
    #[default]
    Kmeans,
    /// Gaussian mixture.
    Gmm,
    /// Both; the better by the documented rule.
    Auto,
}

/// How k-means goes about it; the mixture starts from plain k-means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KmeansOptions {
    /// Over all rows, by batches, or by splitting.
    pub algorithm: Algorithm,
    /// How it starts.
    pub seeding: Seeding,
    /// Whether centroids at rest are moved to where they are missing, as long as that lowers the
    /// inertia; for `lloyd` alone. Default true.
    pub swaps: bool,
}

impl Default for KmeansOptions {
    fn default() -> Self {
        Self { algorithm: Algorithm::default(), seeding: Seeding::default(), swaps: true }
    }
}

/// Over which rows k-means goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Algorithm {
    /// All rows in every iteration (Lloyd 1982), nothing approximated.
    #[default]
    Lloyd,
    /// Batches drawn from all rows (Sculley 2010): fewer passes, a little more inertia.
    MiniBatch,
    /// One cluster after the other split in two (Steinbach and others 2000): quick for many
    /// clusters, more inertia.
    Bisecting,
}

/// How k-means starts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Seeding {
    /// One centre after the other, each the best of several drawn with probability proportional to
    /// the squared distance to the nearest so far (Arthur and Vassilvitskii 2007, greedy).
    #[default]
    #[serde(rename = "k-means++")]
    PlusPlus,
    /// Many at once in a few rounds, then k of them (Bahmani and others 2012): for many centroids
    /// and many rows.
    #[serde(rename = "k-means||")]
    Parallel,
}

/// The shape that the components of a mixture share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Covariance {
    /// Each component a covariance of its own (VVV of Banfield and Raftery, 1993).
    #[default]
    Full,
    /// One covariance for all components (EEE). Without a given start EM also goes from a partition
    /// of least determinant, which finds groups of one elongated shape that k-means cuts across.
    Tied,
    /// Each component a variance of its own for each feature, and no covariance (VVI).
    Diagonal,
    /// Each component one variance for all features (VII).
    Spherical,
}

impl Covariance {
    /// All, from the most free parameters to the fewest.
    pub const ALL: [Covariance; 4] =
        [Covariance::Full, Covariance::Tied, Covariance::Diagonal, Covariance::Spherical];

    /// Its name in the configuration and in the manifest.
    pub fn name(self) -> &'static str {
        match self {
            Covariance::Full => "full",
            Covariance::Tied => "tied",
            Covariance::Diagonal => "diagonal",
            Covariance::Spherical => "spherical",
        }
    }
}

/// Whose kernels run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    /// segtrail's own.
    #[default]
    Segtrail,
    /// linfa-clustering.
    Linfa,
}

/// Number of clusters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KChoice {
    /// Exactly this many, at least 1.
    Fixed(usize),
    /// The best within these bounds, both included, the lower at least 2.
    Range(usize, usize),
}
