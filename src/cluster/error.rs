//! What can be at fault when clusters are asked for: one variant a rule, each with its remedy.

use thiserror::Error;

use super::{Family, KChoice, LARGEST_WEIGHT, MOST_LAYERS, Method};
use crate::features::{LifecycleError, Stage};

/// Why a table could not be clustered or assigned.
#[derive(Debug, Error)]
pub enum ClusterError {
    /// The vector to cluster has no feature.
    #[error("no feature is named to cluster on: list at least one under [features] use")]
    NoFeatures,
    /// A feature stands twice in the vector.
    #[error("feature `{feature}` is named twice in the vector: keep it once")]
    DuplicateFeature {
        /// Its name.
        feature: String,
    },
    /// The table has no such feature.
    #[error("the feature table has no feature `{feature}`: it has {}", .known.join(", "))]
    UnknownFeature {
        /// The name asked for.
        feature: String,
        /// The names that the table has.
        known: Vec<String>,
    },
    /// A weight out of its range.
    #[error(
        "[features.each.{feature}] weight = {weight}: it must be from 0, which leaves the feature \
         out of account, to {LARGEST_WEIGHT}; 1 lets it count like any other"
    )]
    Weight {
        /// Name of the feature.
        feature: String,
        /// Its weight.
        weight: f64,
    },
    /// A transform or scale for an attribute that is no number.
    #[error(
        "[features.each.{feature}]: a transform or scale is for numbers, and `{feature}` has values \
         such as `{example}`. Take them out (`weight` and `missing` may stay), or correct the \
         customer table"
    )]
    NotNumeric {
        /// Name of the attribute.
        feature: String,
        /// Its first level.
        example: String,
    },
    /// A number where the model has levels, or the other way round.
    #[error(
        "`{feature}` was {was} when the model was fitted and is {is} in this table: correct the \
         customer table, or fit the model anew"
    )]
    KindChanged {
        /// Name of the attribute.
        feature: String,
        /// What the model has.
        was: &'static str,
        /// What the table has.
        is: &'static str,
    },
    /// Two columns of the matrix of one name.
    #[error(
        "two columns to cluster would be called `{column}`: rename the attribute or the value that \
         has a `=` in it"
    )]
    SameColumn {
        /// The name.
        column: String,
    },
    /// No customer has a value of the feature.
    #[error(
        "feature `{feature}` is not defined for any of the {customers} customers: \
         take it out of [features] use, or give the data it is computed from"
    )]
    UndefinedFeature {
        /// Its name.
        feature: String,
        /// Customers in the table.
        customers: usize,
    },
    /// The table has no customer.
    #[error("there is no customer to cluster: widen the window or check the filters of the input")]
    NoCustomers,
    /// A transformed and scaled value is beyond what squared distances can hold.
    #[error(
        "feature `{feature}` of customer `{customer}` is {value}, too large to cluster once \
         transformed and scaled: check the value, or use transform = \"log1p\""
    )]
    OutOfRange {
        /// Name of the feature.
        feature: String,
        /// The customer.
        customer: String,
        /// The value in business units.
        value: f64,
    },
    /// A row that counts nothing, less than nothing or without end.
    #[error(
        "the weight of row `{row}` is {weight}: it must be a number above 0. Take the row out, or \
         correct its weight"
    )]
    RowWeight {
        /// How the row is called.
        row: String,
        /// Its weight.
        weight: f64,
    },
    /// Given centroids where they are no start.
    #[error(
        "given centroids are a start of segtrail's own kernels with a fixed k: set k to their \
         number and engine = \"segtrail\", or give no start"
    )]
    StartOfOneK,
    /// linfa-clustering counts every row once.
    #[error("linfa-clustering takes no account of weights: use engine = \"segtrail\"")]
    WeightsOfLinfa,
    /// A matrix handed to an estimator has a value that is not finite.
    #[error("row {row}, column {column} of the records is not finite: fill or drop it first")]
    NotFinite {
        /// Row, from 0.
        row: usize,
        /// Column, from 0.
        column: usize,
    },
    /// Given centroids of another shape than k x p.
    #[error(
        "the given centroids are {rows} x {columns}, and k = {k} clusters of {p} features need \
         {k} x {p}"
    )]
    StartShape {
        /// Their rows.
        rows: usize,
        /// Their columns.
        columns: usize,
        /// Clusters asked for.
        k: usize,
        /// Features.
        p: usize,
    },
    /// A given mixture of other sizes than k weights, k x p means, k x p x p covariances.
    #[error(
        "the given mixture has other sizes than k = {k} components of {p} features need: {k} \
          weights, {k} x {p} means and {k} x {p} x {p} covariances"
    )]
    StartSizes {
        /// Components asked for.
        k: usize,
        /// Features.
        p: usize,
    },
    /// A component of a given mixture that has no density.
    #[error(
        "component {component} of the given mixture has no density: its weight is finite and above \
         0, its mean finite, its covariance positive definite"
    )]
    StartComponent {
        /// Which, from 0.
        component: usize,
    },
    /// Zero clusters.
    #[error("k = 0 clusters cannot be found: set k to at least 1")]
    KZero,
    /// A range of k that is empty or starts below 2.
    #[error(
        "k = \"{lowest}..{highest}\" is no range: its lower end is at least 2, its upper no less"
    )]
    KRange {
        /// Its lower end.
        lowest: usize,
        /// Its upper end.
        highest: usize,
    },
    /// More clusters than customers.
    #[error(
        "k = {k} clusters cannot be made of {customers} customers: set k to at most {customers}"
    )]
    KAboveCustomers {
        /// Clusters asked for: the lower end of a range.
        k: usize,
        /// Customers in the table.
        customers: usize,
    },
    /// No restart.
    #[error("restarts = 0 fits nothing: set it to at least 1")]
    Restarts,
    /// No iteration.
    #[error("max_iterations = 0 fits nothing: set it to at least 1")]
    MaxIterations,
    /// A tolerance that is not positive and finite.
    #[error("tolerance = {0} is not a positive number: 1e-4 is usual")]
    Tolerance(f64),
    /// A covariance floor that is not positive and finite.
    #[error("covariance_floor = {0} is not a positive number: 1e-6 is usual for scaled features")]
    CovarianceFloor(f64),
    /// What shapes a mixture, where none is fitted.
    #[error(
        "{asked} shapes a mixture, and method = \"kmeans\" fits none: take it out, or set method \
         to \"gmm\" or \"auto\""
    )]
    MixtureAlone {
        /// The key and its value.
        asked: &'static str,
    },
    /// What segtrail's k-means knows and neither the mixture nor linfa-clustering.
    #[error(
        "[cluster.kmeans] is for the k-means of segtrail: take it out, or use method = \"kmeans\" and \
         engine = \"segtrail\""
    )]
    KmeansAlone,
    /// What segtrail's mixture knows and that of linfa-clustering does not.
    #[error(
        "the mixture of engine = \"linfa\" has full covariances and no noise: take {asked} out, or \
         use engine = \"segtrail\""
    )]
    NotOfLinfa {
        /// The key and its value.
        asked: &'static str,
    },
    /// A bound on the customers of stability that leaves none to draw from.
    #[error(
        "[cluster.stability] customers = {0}: resamples of so few say nothing; set it to at least 2, \
         or to \"all\""
    )]
    StabilityCustomers(usize),
    /// A share of a subset that is none.
    #[error("[cluster.stability] subset_share = {0}: it must be above 0 and below 1; 0.5 is usual")]
    SubsetShare(f64),
    /// A rule of weights without one.
    #[error(
        "[cluster.select] weights has no criterion: name at least one, such as \
         {{ silhouette = 1.0 }}, or take it out"
    )]
    NoRuleWeight,
    /// A weight of the rule that is not positive and finite.
    #[error(
        "[cluster.select] weights: {criterion} = {weight}: it must be a number above 0; leave the \
         criterion out to let it count nothing"
    )]
    RuleWeight {
        /// The criterion.
        criterion: &'static str,
        /// Its weight.
        weight: f64,
    },
    /// A rule by likelihood among candidates that have none.
    #[error(
        "[cluster.select] chooses by {criterion}, which k-means does not have: set method = \
         \"gmm\", or choose by another criterion"
    )]
    RuleOfMixtures {
        /// The criterion.
        criterion: &'static str,
    },
    /// The bootstrap Jaccard without a resample.
    #[error(
        "[cluster.select] asks for bootstrap_jaccard, and bootstrap = 0: set it to at least 1, 100 \
         is usual"
    )]
    JaccardWithoutBootstrap,
    /// Too few reference sets for a standard error.
    #[error("[cluster.select] gap.references = {0}: it must be at least 2; 20 is usual")]
    GapReferences(usize),
    /// No split.
    #[error("[cluster.select] prediction_strength.splits = 0: it must be at least 1; 20 is usual")]
    PredictionSplits,
    /// A sample that says nothing.
    #[error(
        "[cluster.select] silhouette = {size}: a sample has at least {least} customers; \"exact\" \
         takes all, \"auto\" as many as time allows"
    )]
    SilhouetteSample {
        /// Its size.
        size: usize,
        /// The least.
        least: usize,
    },
    /// No covariance of the mixture.
    #[error("[cluster] covariance names none: name one, several, or \"all\"")]
    NoCovariance,
    /// A covariance that stands twice.
    #[error("[cluster] covariance names \"{0}\" twice: keep it once")]
    SameCovariance(&'static str),
    /// A least number of customers that is none.
    #[error(
        "[cluster] min_customers = {0}: give a number of customers from 1, or a share such as \
         \"2 %\", above 0 and below 100 %"
    )]
    LeastCustomers(String),
    /// A largest share that is none.
    #[error("[cluster] max_share = {0}: it must be above 0 and at most 1, such as 0.4")]
    MaxShare(f64),
    /// A bound that a mixture cannot keep.
    #[error(
        "[cluster] {0} is for k-means, whose customers can be moved: use method = \"kmeans\", or \
         min_customers with bounds = \"merge\""
    )]
    BoundsOfMixture(&'static str),
    /// Bounds that no clusters of the customers keep, however many.
    #[error(
        "{customers} customers cannot be put into segments of {lowest} to {highest} customers each: \
         lower [cluster] min_customers or raise max_share"
    )]
    BoundsInfeasible {
        /// Fewest of a cluster.
        lowest: usize,
        /// Most of a cluster.
        highest: usize,
        /// Customers in the table.
        customers: usize,
    },
    /// Bounds that the k asked for cannot keep.
    #[error(
        "{} cannot keep the bounds on the size of segments: of {customers} customers they allow \
         {lowest} to {highest} segments. Change k, lower [cluster] min_customers, raise max_share, \
         or use bounds = \"merge\"",
        match .k {
            KChoice::Fixed(k) => format!("k = {k}"),
            KChoice::Range(low, high) => format!("k = \"{low}..{high}\""),
        }
    )]
    BoundsOfK {
        /// What was asked for.
        k: KChoice,
        /// The lowest k that keeps them.
        lowest: usize,
        /// The highest.
        highest: usize,
        /// Customers in the table.
        customers: usize,
    },
    /// Bounds that merging and splitting did not lead to.
    #[error(
        "merging and splitting did not lead to segments of {lowest} to {highest} customers each: \
         use [cluster] bounds = \"assign\", or wider bounds"
    )]
    BoundsNotMet {
        /// Fewest of a cluster.
        lowest: usize,
        /// Most of a cluster.
        highest: usize,
    },
    /// linfa-clustering gave no model for any k asked for.
    #[error(
        "linfa-clustering gave no {} model for any k asked for (last: {reason}): \
         use engine = \"segtrail\"",
        if *.method == Method::Gmm { "mixture" } else { "k-means" }
    )]
    EngineFailed {
        /// The method.
        method: Method,
        /// What it said last.
        reason: String,
    },
    /// A stored mixture whose covariances are not positive definite.
    #[error("the model's covariances are not positive definite: the file was changed; fit it anew")]
    UnusableModel,
    /// Rules of the lifecycle that cannot be, or columns that they need.
    #[error(transparent)]
    Lifecycle(#[from] LifecycleError),
    /// No layer, or too many.
    #[error("{0} layers cannot be used: give 1 to {MOST_LAYERS} under [[cluster.layers.layer]]")]
    LayerCount(usize),
    /// A micro-segment without a customer.
    #[error("[cluster.layers] min_customers = 0 merges nothing: set it to at least 1")]
    MinCustomers,
    /// A name of a layer that does not fit into a string of classes.
    #[error(
        "[[cluster.layers.layer]] name = {name:?}: it becomes part of a micro-segment's string: use \
         letters, digits, `-` and `_`"
    )]
    LayerName {
        /// The name.
        name: String,
    },
    /// Two layers of one name.
    #[error("[[cluster.layers.layer]]: two layers are called `{name}`: rename one")]
    DuplicateLayer {
        /// The name.
        name: String,
    },
    /// A layer whose classes are bounded in size.
    #[error(
        "layer `{name}` bounds the size of its classes, whose strings are merged by a minimum of \
         their own: take the bounds out, and set [cluster.layers] min_customers"
    )]
    BoundsOfLayer {
        /// Name of the layer.
        name: String,
    },
    /// A layer of no stage, or of prospects, of whom nothing is known to cluster by.
    #[error(
        "[[cluster.layers.layer]] `{name}`: its stages must be some of new, active, at_risk, lapsed \
         and reactivated; leave `stages` out for all"
    )]
    LayerStages {
        /// Name of the layer.
        name: String,
    },
    /// A layer with an empty list of features.
    #[error("layer `{name}` has no feature: name at least one, or a family")]
    LayerWithoutFeatures {
        /// Name of the layer.
        name: String,
    },
    /// A family of which the table has no feature.
    #[error(
        "layer `{layer}`: the table has no feature of the family `{family}`. Give the data it is \
         computed from, name other features, or take the layer out"
    )]
    EmptyFamily {
        /// Name of the layer.
        layer: String,
        /// The family.
        family: Family,
    },
    /// A layer that cannot be fitted to a stage.
    #[error("stage {stage}, layer `{layer}`: {source}")]
    Layer {
        /// The stage.
        stage: Stage,
        /// Name of the layer.
        layer: String,
        /// Why.
        source: Box<ClusterError>,
    },
    /// Strings that tell customers apart one by one.
    #[error(
        "stage {stage}: its customers have {strings} different strings of classes, too many to \
         merge small ones: use fewer layers or a smaller k"
    )]
    TooManyStrings {
        /// The stage.
        stage: Stage,
        /// Different strings.
        strings: usize,
    },
    /// An error of linfa's own interface.
    #[error(transparent)]
    Linfa(#[from] linfa::Error),
}
