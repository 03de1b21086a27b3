//! `segtrail.toml` -> each room's parameters. Unknown keys are refused; every key has a default
//! or a clear error.

#![allow(clippy::disallowed_methods, reason = "the configuration is read here")]

mod bounds;
mod cluster;
mod k;
mod label;
mod layers;
mod report;
mod select;
mod stability;
mod track;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use bounds::MinCustomers;
pub use cluster::ClusterSection;
pub use k::K;
pub use label::{LabelSection, LoadedTaxonomy, taxonomies};
pub use layers::{LayerSection, LayerVector, LayersSection};
pub use report::ReportSection;
pub use select::{
    Covariances, GapOptions, PredictionOptions, RuleName, SelectSection, SilhouetteCustomers,
};
pub use stability::{Customers, StabilitySection};
pub use track::TrackSection;

use crate::cluster::{ClusterParams, FeatureSpec, Missing, Scale, Transform};
use crate::features::wallet::WalletOptions;
use crate::features::weighted_rfm::WeightedRfmParams;
use crate::features::{ClvParams, FeatureParams, LifecycleParams, ScoreParams};
use crate::ingest::{
    CampaignParams, CustomerParams, IngestParams, InteractionParams, TransactionParams,
    WalletParams,
};
use crate::label::{BUILT_IN, LabelError};
use crate::track::{CompareParams, MatchParams};
use crate::types::{Currency, Seed};

/// Why a configuration cannot be used.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file is not there or not readable.
    #[error("{}: cannot be read ({source}). Give the path of a segtrail.toml; `segtrail init DATA` writes one", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Not TOML, an unknown key, a wrong type.
    #[error("{}: {message}", file.display())]
    Syntax {
        /// The file.
        file: PathBuf,
        /// What the parser says, with the line.
        message: String,
    },
    /// A value that cannot be used.
    #[error("{}: {key} = {value}: {remedy}", file.display())]
    Value {
        /// The file.
        file: PathBuf,
        /// The key.
        key: String,
        /// Its value.
        value: String,
        /// What is allowed.
        remedy: String,
    },
    /// A taxonomy file that is not there or not readable.
    #[error("[label] taxonomies: {}: cannot be read ({source}). Give a built-in name ({}) or the path of a TOML file", file.display(), BUILT_IN.map(|(name, _)| name).join(", "))]
    Taxonomy {
        /// The file.
        file: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A faulty taxonomy.
    #[error(transparent)]
    Label(#[from] LabelError),
}

/// The whole configuration, defaults filled in.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The series: letters, digits, `-`, `_` and `.`, at most 100.
    pub name: String,
    /// ISO 4217 code of all amounts; default `USD`.
    #[serde(default = "usd")]
    pub currency: Currency,
    /// IANA name of the time zone of the business and of naive timestamps; default `UTC`.
    #[serde(default = "utc")]
    pub timezone: String,
    /// From which every random choice is derived; default 1.
    #[serde(default = "one")]
    pub seed: Seed,
    /// `[transactions]`.
    pub transactions: TransactionParams,
    /// `[customers]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customers: Option<CustomerParams>,
    /// `[wallet]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wallet: Option<WalletParams>,
    /// `[wallet_survey]`: a second table of wallets, such as ranks that customers gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wallet_survey: Option<WalletParams>,
    /// `[interactions]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interactions: Option<InteractionParams>,
    /// `[campaign]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign: Option<CampaignParams>,
    /// `[features]`.
    #[serde(default)]
    pub features: FeatureSection,
    /// `[lifecycle]`.
    #[serde(default)]
    pub lifecycle: LifecycleParams,
    /// `[cluster]`.
    #[serde(default)]
    pub cluster: ClusterSection,
    /// `[label]`.
    #[serde(default)]
    pub label: LabelSection,
    /// `[track]`.
    #[serde(default)]
    pub track: TrackSection,
    /// `[report]`; not written where it says nothing else than the defaults, so that these do not
    /// make another run.
    #[serde(default, skip_serializing_if = "ReportSection::is_default")]
    pub report: ReportSection,
}

fn usd() -> Currency {
    Currency("USD".into())
}

fn utc() -> String {
    "UTC".into()
}

fn one() -> Seed {
    Seed(1)
}

/// `[features]`: the vector that is clustered and how it is prepared.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FeatureSection {
    /// Names of the features of the vector; default recency_days, n_orders, monetary_total.
    #[serde(rename = "use")]
    pub used: Vec<String>,
    /// `none`, `log1p` (default) or `yeo-johnson`.
    pub transform: Transform,
    /// `none`, `standard` (default), `robust` or `quantile`.
    pub scale: Scale,
    /// Another preparation of one feature: `[features.each.recency_days]`.
    pub each: BTreeMap<String, Each>,
    /// `[features.scores]`.
    pub scores: ScoreParams,
    /// `[features.clv]`.
    pub clv: ClvParams,
    /// `[features.weighted_rfm]`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weighted_rfm: Option<WeightedRfmParams>,
    /// `[features.wallet]`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wallet: Option<WalletOptions>,
}

impl Default for FeatureSection {
    fn default() -> Self {
        Self {
            used: ["recency_days", "n_orders", "monetary_total"].map(String::from).to_vec(),
            transform: Transform::default(),
            scale: Scale::default(),
            each: BTreeMap::new(),
            scores: ScoreParams::default(),
            clv: ClvParams::default(),
            weighted_rfm: None,
            wallet: None,
        }
    }
}

/// Preparation of one feature where it differs from the rest.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Each {
    /// Change of shape.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transform: Option<Transform>,
    /// Change of location and scale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale: Option<Scale>,
    /// What the scaled feature is multiplied by, from 0 to 1000; default 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
    /// `fill` (default) or `indicator`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<Missing>,
}

/// A configuration ready to run: read, checked, its taxonomies loaded.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The configuration.
    pub config: Config,
    /// Its folder, to which file patterns are relative.
    pub base: PathBuf,
    /// The taxonomies, the main one first; at least one.
    pub taxonomies: Vec<LoadedTaxonomy>,
}

impl Loaded {
    /// Reads and checks a configuration file; `seed` goes over the configuration's.
    ///
    /// # Errors
    /// Every fault of the file or of its taxonomies.
    pub fn read(file: &Path, seed: Option<Seed>) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(file)
            .map_err(|source| ConfigError::Unreadable { file: file.to_owned(), source })?;
        let mut config = Config::parse(&text, file)?;
        config.seed = seed.unwrap_or(config.seed);
        let base = file.parent().unwrap_or(Path::new("")).to_owned();
        let taxonomies = taxonomies(&config.label.taxonomies, &base, file)?;
        Ok(Self { taxonomies, base, config })
    }

    /// What the ingest room needs.
    pub fn ingest(&self) -> IngestParams<'_> {
        IngestParams {
            base: &self.base,
            timezone: &self.config.timezone,
            currency: &self.config.currency,
            transactions: &self.config.transactions,
            customers: self.config.customers.as_ref(),
            wallet: self.config.wallet.as_ref(),
            wallet_survey: self.config.wallet_survey.as_ref(),
            interactions: self.config.interactions.as_ref(),
            campaign: self.config.campaign.as_ref(),
        }
    }
}

impl Config {
    /// Reads and checks the text of a configuration; `file` is for messages.
    ///
    /// # Errors
    /// `Syntax`, `Value`.
    pub fn parse(text: &str, file: &Path) -> Result<Self, ConfigError> {
        let config: Config = toml::from_str(text).map_err(|error| ConfigError::Syntax {
            file: file.to_owned(),
            message: error.to_string().trim_end().to_owned(),
        })?;
        config.check(file)?;
        Ok(config)
    }

    fn check(&self, file: &Path) -> Result<(), ConfigError> {
        let fault = |key: &str, value: String, remedy: &str| {
            Err(ConfigError::Value {
                file: file.to_owned(),
                key: key.into(),
                value,
                remedy: remedy.into(),
            })
        };
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let starts = self.name.starts_with(|c: char| c.is_ascii_alphanumeric());
        if !starts || !self.name.chars().all(plain) || self.name.len() > 100 {
            return fault(
                "name",
                format!("{:?}", self.name),
                "it becomes a folder's name: use letters, digits, `-`, `_` and `.`, at most 100, \
                 starting with a letter or digit",
            );
        }
        let code = &self.currency.0;
        if code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return fault(
                "currency",
                format!("{code:?}"),
                "use an ISO 4217 code of three capitals, such as \"VND\"",
            );
        }
        let cluster = &self.cluster;
        if let (Some(bounds), None, None) =
            (cluster.bounds, cluster.min_customers, cluster.max_share)
        {
            return fault(
                "[cluster] bounds",
                format!("{bounds:?}").to_lowercase(),
                "there is no bound to keep. Give min_customers or max_share, or take it out",
            );
        }
        if cluster.layers.is_some()
            && (cluster.min_customers.is_some() || cluster.max_share.is_some())
        {
            return fault(
                "[cluster] min_customers or max_share",
                "with [cluster.layers]".into(),
                "these bound flat segments; micro-segments have [cluster.layers] min_customers",
            );
        }
        if self.features.used.is_empty() {
            return fault("[features] use", "[]".into(), "name at least one feature");
        }
        for name in self.features.each.keys() {
            let layers = self.cluster.layers.as_ref();
            if !self.features.used.contains(name)
                && !layers.is_some_and(|layers| layers.may_use(name))
            {
                return fault(
                    "[features.each]",
                    format!("{name:?}"),
                    "only features of `use` and of layers are prepared. Add it there or take this \
                     section out",
                );
            }
        }
        if let (Some(wallet), Some(survey)) = (&self.wallet, &self.wallet_survey)
            && wallet.rank.is_some() == survey.rank.is_some()
        {
            return fault(
                "[wallet_survey]",
                if survey.rank.is_some() { "ranks" } else { "amounts" }.into(),
                "[wallet] has the same. Beside a table of amounts only one of ranks is used: give \
                 `rank` in one of the two sections, or put the rows into one table",
            );
        }
        let select = &self.cluster.select;
        if select.rule.is_some() && select.weights.is_some() {
            return fault(
                "[cluster.select]",
                "both rule and weights".into(),
                "weights are a rule by themselves: keep one of the two",
            );
        }
        if let Some(remedy) = self.report.fault() {
            return fault("[report] min_cell", self.report.min_cell.to_string(), &remedy);
        }
        let limit = self.label.override_drift;
        if !(limit > 0.0 && limit <= 1000.0) {
            return fault(
                "[label] override_drift",
                limit.to_string(),
                "it is counted in spreads: it must be above 0 and at most 1000",
            );
        }
        let track = &self.track;
        for (key, value) in
            [("jaccard", track.jaccard), ("survival", track.survival), ("split", track.split)]
        {
            if !(value > 0.0 && value <= 1.0) {
                return fault(
                    &format!("[track] {key}"),
                    value.to_string(),
                    "it must be above 0 and at most 1",
                );
            }
        }
        if !(0.0..=1.0).contains(&track.centroid_weight) {
            return fault(
                "[track] centroid_weight",
                track.centroid_weight.to_string(),
                "it must be from 0 (customers alone) to 1 (places alone)",
            );
        }
        if track.split > 0.5 {
            return fault(
                "[track] split",
                track.split.to_string(),
                "two parts cannot each take more than half: it must be at most 0.5",
            );
        }
        if let Some((key, value, remedy)) = track.fault(cluster) {
            return fault(key, value, remedy);
        }
        Ok(())
    }

    /// What the feature stage needs.
    pub fn feature_params(&self) -> FeatureParams {
        FeatureParams {
            used: self.features.used.clone(),
            scores: self.features.scores,
            lifecycle: self.lifecycle,
            clv: self.features.clv,
            weighted_rfm: self.features.weighted_rfm.clone(),
            wallet: self.features.wallet,
            seed: self.seed,
        }
    }

    /// What the clustering room needs.
    pub fn cluster_params(&self) -> ClusterParams {
        self.cluster.params(self.features.used.iter().map(|name| self.feature_spec(name)).collect())
    }

    /// How the feature called `name` is prepared.
    fn feature_spec(&self, name: &str) -> FeatureSpec {
        let each = self.features.each.get(name).copied().unwrap_or_default();
        FeatureSpec {
            name: name.to_owned(),
            transform: each.transform.unwrap_or(self.features.transform),
            scale: each.scale.unwrap_or(self.features.scale),
            weight: each.weight.unwrap_or(1.0),
            missing: each.missing.unwrap_or_default(),
            numeric: each.transform.is_some() || each.scale.is_some(),
        }
    }

    /// When a segment keeps its id.
    pub fn match_params(&self) -> MatchParams {
        let TrackSection { jaccard, centroid_weight, .. } = self.track;
        MatchParams { jaccard, centroid_weight }
    }

    /// What counts as survival and split.
    pub fn compare_params(&self) -> CompareParams {
        self.track.compare_params()
    }
}
