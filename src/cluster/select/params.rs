//! What is asked of the choice among candidates: which criteria are computed, on how many
//! customers, and which of them decide.

use serde::{Deserialize, Serialize};

use crate::cluster::{Candidate, ClusterError, ClusterParams, Method};

/// References, splits: as many as the papers use.
const DRAWS: usize = 20;
/// The smallest sample of silhouettes that can be asked for.
const LEAST_SAMPLE: usize = 100;

/// How candidates are weighed.
#[derive(Clone, Debug, PartialEq)]
pub struct SelectParams {
    /// What decides; [`Rule::Auto`] by default.
    pub rule: Rule,
    /// Criteria computed beside those that always are and those that the rule needs; none by
    /// default.
    pub criteria: Vec<Criterion>,
    /// Whose silhouettes are averaged; [`SilhouetteRows::Auto`] by default.
    pub silhouette: SilhouetteRows,
    /// Reference sets of the gap statistic, at least 2; 20 by default.
    pub gap_references: usize,
    /// Splits of the prediction strength, at least 1; 20 by default.
    pub prediction_splits: usize,
}

impl Default for SelectParams {
    fn default() -> Self {
        Self {
            rule: Rule::default(),
            criteria: Vec::new(),
            silhouette: SilhouetteRows::default(),
            gap_references: DRAWS,
            prediction_splits: DRAWS,
        }
    }
}

/// Which candidate is kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Rule {
    /// Among k-means fits the highest silhouette, among mixtures the lowest Bayesian information
    /// criterion, between these two the higher silhouette.
    #[default]
    Auto,
    /// By one criterion. The highest or lowest; for the gap statistic the smallest k that is
    /// within one standard error of the next, for the prediction strength the largest k that is
    /// supported, and between methods then the higher figure.
    Criterion(Criterion),
    /// By the mean of the ranks on several, each with its weight, finite and above 0.
    Weights(Vec<(Criterion, f64)>),
}

/// A criterion by which candidates are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Criterion {
    /// Mean silhouette (Rousseeuw 1987).
    Silhouette,
    /// Calinski and Harabasz (1974).
    CalinskiHarabasz,
    /// Davies and Bouldin (1979).
    DaviesBouldin,
    /// Bayesian information criterion (Schwarz 1978), of mixtures.
    Bic,
    /// Akaike's information criterion (1974), of mixtures.
    Aic,
    /// Integrated completed likelihood (Biernacki, Celeux and Govaert 2000), of mixtures.
    Icl,
    /// Gap statistic (Tibshirani, Walther and Hastie 2001).
    Gap,
    /// Prediction strength (Tibshirani and Walther 2005).
    PredictionStrength,
    /// Mean over the clusters of the bootstrap Jaccard similarity (Hennig 2007).
    BootstrapJaccard,
    /// Agreement with the model of an earlier run on the customers in both.
    OutOfTime,
}

impl Criterion {
    /// All, in the order of the table.
    pub const ALL: [Criterion; 10] = [
        Criterion::Silhouette,
        Criterion::CalinskiHarabasz,
        Criterion::DaviesBouldin,
        Criterion::Bic,
        Criterion::Aic,
        Criterion::Icl,
        Criterion::Gap,
        Criterion::PredictionStrength,
        Criterion::BootstrapJaccard,
        Criterion::OutOfTime,
    ];

    /// Its name in the configuration and in the manifest.
    pub fn name(self) -> &'static str {
        match self {
            Criterion::Silhouette => "silhouette",
            Criterion::CalinskiHarabasz => "calinski_harabasz",
            Criterion::DaviesBouldin => "davies_bouldin",
            Criterion::Bic => "bic",
            Criterion::Aic => "aic",
            Criterion::Icl => "icl",
            Criterion::Gap => "gap",
            Criterion::PredictionStrength => "prediction_strength",
            Criterion::BootstrapJaccard => "bootstrap_jaccard",
            Criterion::OutOfTime => "out_of_time",
        }
    }

    /// Its words in a sentence.
    pub(super) fn words(self) -> &'static str {
        match self {
            Criterion::Silhouette => "mean silhouette",
            Criterion::CalinskiHarabasz => "Calinski-Harabasz index",
            Criterion::DaviesBouldin => "Davies-Bouldin index",
            Criterion::Bic => "Bayesian information criterion",
            Criterion::Aic => "Akaike information criterion",
            Criterion::Icl => "integrated completed likelihood",
            Criterion::Gap => "gap statistic",
            Criterion::PredictionStrength => "prediction strength",
            Criterion::BootstrapJaccard => "mean bootstrap Jaccard similarity",
            Criterion::OutOfTime => "agreement with the earlier run's model",
        }
    }

    /// Whether a higher figure is better.
    pub fn higher_is_better(self) -> bool {
        !matches!(self, Criterion::DaviesBouldin | Criterion::Bic | Criterion::Aic | Criterion::Icl)
    }

    /// Whether it is computed only when asked for, since it costs many fits.
    pub fn costly(self) -> bool {
        matches!(self, Criterion::Gap | Criterion::PredictionStrength | Criterion::BootstrapJaccard)
    }

    /// Whether mixtures alone have it.
    pub fn of_mixtures(self) -> bool {
        matches!(self, Criterion::Bic | Criterion::Aic | Criterion::Icl)
    }

    /// The figure of `candidate`, where it was computed.
    pub fn of(self, candidate: &Candidate) -> Option<f64> {
        match self {
            Criterion::Silhouette => candidate.silhouette,
            Criterion::CalinskiHarabasz => candidate.calinski_harabasz,
            Criterion::DaviesBouldin => candidate.davies_bouldin,
            Criterion::Bic => candidate.bic,
            Criterion::Aic => candidate.aic,
            Criterion::Icl => candidate.icl,
            Criterion::Gap => candidate.gap,
            Criterion::PredictionStrength => candidate.prediction_strength,
            Criterion::BootstrapJaccard => candidate.bootstrap_jaccard,
            Criterion::OutOfTime => candidate.out_of_time,
        }
    }
}

/// Customers whose silhouettes are averaged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SilhouetteRows {
    /// All up to [`crate::cluster::EXACT_CUSTOMERS`], beyond that a stratified sample of at most
    /// [`crate::cluster::SAMPLED_CUSTOMERS`].
    #[default]
    Auto,
    /// All, however many: time grows with their square, memory does not.
    Exact,
    /// A stratified sample of this size, from 100; all where there are no more.
    Sample(usize),
}

impl SelectParams {
    /// Whether `criterion` is to be computed.
    pub(crate) fn wants(&self, criterion: Criterion) -> bool {
        let of_rule = match &self.rule {
            Rule::Auto => false,
            Rule::Criterion(of) => *of == criterion,
            Rule::Weights(weights) => weights.iter().any(|(of, _)| *of == criterion),
        };
        !criterion.costly() || of_rule || self.criteria.contains(&criterion)
    }
}

impl Rule {
    /// The criteria that it decides by among candidates of `method`.
    pub(super) fn deciding(&self, method: Method) -> Vec<Criterion> {
        match self {
            Rule::Auto => match method {
                Method::Kmeans => vec![Criterion::Silhouette],
                Method::Gmm => vec![Criterion::Bic],
                Method::Auto => vec![Criterion::Silhouette, Criterion::Bic],
            },
            Rule::Criterion(criterion) => vec![*criterion],
            Rule::Weights(weights) => weights.iter().map(|(criterion, _)| *criterion).collect(),
        }
    }
}

/// The rules of [`SelectParams`], those that concern other parameters among them.
///
/// # Errors
///
/// [`ClusterError`] for the first that does not hold.
pub(crate) fn check(params: &ClusterParams) -> Result<(), ClusterError> {
    let select = &params.select;
    if let Rule::Weights(weights) = &select.rule {
        if weights.is_empty() {
            return Err(ClusterError::NoRuleWeight);
        }
        if let Some((criterion, weight)) =
            weights.iter().find(|(_, weight)| !(*weight > 0.0 && weight.is_finite()))
        {
            return Err(ClusterError::RuleWeight { criterion: criterion.name(), weight: *weight });
        }
    }
    let deciding = match select.rule {
        Rule::Auto => Vec::new(),
        _ => select.rule.deciding(params.method),
    };
    let unsuited = |criterion: &Criterion| criterion.of_mixtures() && params.method != Method::Gmm;
    if let Some(criterion) = deciding.into_iter().find(unsuited) {
        return Err(ClusterError::RuleOfMixtures { criterion: criterion.name() });
    }
    if select.wants(Criterion::BootstrapJaccard) && params.bootstrap == 0 {
        return Err(ClusterError::JaccardWithoutBootstrap);
    }
    if select.gap_references < 2 {
        return Err(ClusterError::GapReferences(select.gap_references));
    }
    if select.prediction_splits == 0 {
        return Err(ClusterError::PredictionSplits);
    }
    if let SilhouetteRows::Sample(size) = select.silhouette
        && size < LEAST_SAMPLE
    {
        return Err(ClusterError::SilhouetteSample { size, least: LEAST_SAMPLE });
    }
    Ok(())
}
