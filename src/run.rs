//! One month's record: everything that the files of a run hold.

mod inputs;
mod personas;
mod representatives;
mod retrain;
mod taxonomies;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::cluster::{
    BoundsRecord, Candidate, ClusterStability, LayersRecord, MicroId, Model, Selection, Separation,
    StabilityRecord,
};
use crate::features::wallet::WalletSummary;
use crate::features::{
    CampaignRecord, ClvRecord, FeatureTable, LifecycleRecord, RetentionRecord, Unit,
};
use crate::label::{Label, Profile, SetApart};
use crate::track::{Comparison, HysteresisRecord, Proposal};
use crate::types::{
    AsOf, Bilingual, Currency, CustomerId, GroupKey, Language, Seed, SegmentId, Warning,
};

pub use inputs::{
    CategoryFacts, ColumnFacts, DayFacts, FileFacts, Filled, MOST_DISTINCT, MOST_VALUES, Silence,
    Spread, TableFacts, Usual,
};
pub use personas::{
    Cell, Count, Counted, ENTERED, FALSE_DISCOVERIES, Figure, MIN_CELL, Persona, Personas,
    Portrait, Quartiles, STAYED, TOLERANCE, personas,
};
pub use representatives::{
    BorderCustomer, FeatureValue, MedoidCustomer, OutlierCustomer, OutlyingFeature,
    Representatives, TypicalCustomer,
};
pub use retrain::{Retrain, RetrainRecord};
pub use taxonomies::{GroupRecord, TaxonomyRecord, column};

/// The content of `manifest.json`: where the run comes from and how it went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// `<as_of>-<8 hex digits>`.
    pub run_id: String,
    /// The series, from `name` in the configuration.
    pub series: String,
    /// The date the run speaks about.
    pub as_of: AsOf,
    /// The seed used.
    pub seed: Seed,
    /// Version of the program that wrote the run.
    pub segtrail_version: String,
    /// When the run was written, RFC 3339 in UTC.
    pub created_at: String,
    /// Currency of all money.
    pub currency: Currency,
    /// Language of the report.
    pub language: Language,
    /// The configuration as used, defaults filled in.
    pub config: serde_json::Value,
    /// Every input file.
    pub inputs: Vec<InputFile>,
    /// What each table of input looked like; empty in runs of earlier releases.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub input_facts: Vec<TableFacts>,
    /// What became of the rows.
    pub rows: RowCounts,
    /// What became of the customers.
    pub customers: CustomerCounts,
    /// Net spend of all buyers in the window, in units of the currency: the segments' revenues
    /// add up to it.
    pub revenue: f64,
    /// First and last day with a purchase in the window.
    pub first_purchase: Option<Date>,
    /// See `first_purchase`.
    pub last_purchase: Option<Date>,
    /// Unit of each numeric column of `features.parquet`.
    pub units: BTreeMap<String, Unit>,
    /// Names of the groups of the taxonomy, and of `prospect`.
    pub group_names: BTreeMap<GroupKey, Bilingual>,
    /// Every taxonomy with its groups, the main one first; empty in runs of earlier releases.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taxonomies: Vec<TaxonomyRecord>,
    /// Effective number of bins of each score.
    pub effective_bins: BTreeMap<String, usize>,
    /// Customers whose undefined value of a clustered feature was filled with the median.
    pub filled: BTreeMap<String, usize>,
    /// Customers without a value of a clustered attribute; not written where there are none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub missing: BTreeMap<String, usize>,
    /// The curve over k.
    pub selection: Selection,
    /// How micro-segments came about; none for a flat clustering.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layers: Option<LayersRecord>,
    /// What bounds on the size of segments changed; none where there are no bounds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bounds: Option<BoundsRecord>,
    /// What stability was measured on; none where it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stability: Option<StabilityRecord>,
    /// Whether the model kept met its tolerance.
    pub converged: bool,
    /// Lineage id that the next new segment of the series gets.
    pub next_segment: SegmentId,
    /// Lineage id of each cluster of the model, by index; empty with layers, where the id of a
    /// micro-segment tells, and in runs of earlier releases.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lineage: Vec<SegmentId>,
    /// How the month was taken; none in runs of earlier releases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retrain: Option<RetrainRecord>,
    /// Which changes of group were put off; none without hysteresis or a run before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hysteresis: Option<HysteresisRecord>,
    /// The run this one was tracked against.
    pub previous_run: Option<String>,
    /// The run that this one names anew; none for a run of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relabelled_from: Option<String>,
    /// The stages of the lifecycle; none in runs of versions without them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifecycle: Option<LifecycleRecord>,
    /// How value to come was forecast; none where it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clv: Option<ClvRecord>,
    /// Retention by month; none without a complete month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention: Option<RetentionRecord>,
    /// Share of wallet; none where nothing is asked about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wallet: Option<WalletSummary>,
    /// What a campaign taught; none without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign: Option<CampaignRecord>,
    /// What a person should know.
    pub warnings: Vec<Warning>,
    /// Seconds by step, in order.
    pub timings: Vec<(String, f64)>,
}

impl Manifest {
    /// The figures of the segments of a flat clustering: those of the candidate that was chosen,
    /// unless bounds on the size changed it.
    pub fn kept(&self) -> Option<&Candidate> {
        let bounded = self.bounds.as_ref().and_then(|bounds| bounds.figures.as_ref());
        bounded.or_else(|| self.selection.candidates.iter().find(|candidate| candidate.chosen))
    }

    /// What the main taxonomy calls `group`; its key where the run does not know it.
    pub fn group_name<'a>(&'a self, group: &'a GroupKey, language: Language) -> &'a str {
        self.group_names.get(group).map_or(group.0.as_str(), |name| name.get(language))
    }

    /// The run whose segments these are: itself, or the one that it names anew.
    pub fn origin(&self) -> &str {
        self.relabelled_from.as_deref().unwrap_or(&self.run_id)
    }

    /// The keys of the taxonomies, the main one first; of a run of an earlier release the name that
    /// its configuration gives.
    pub fn taxonomy_keys(&self) -> Vec<String> {
        if !self.taxonomies.is_empty() {
            return self.taxonomies.iter().map(|taxonomy| taxonomy.key.clone()).collect();
        }
        let name = self.config["label"]["taxonomies"][0].as_str();
        name.map(str::to_owned).into_iter().collect()
    }

    /// The columns of the further taxonomies, in their order.
    pub fn further_columns(&self) -> Vec<&str> {
        self.taxonomies.iter().skip(1).map(|taxonomy| taxonomy.column.as_str()).collect()
    }
}

/// One file that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputFile {
    /// Section of the configuration: `transactions`, `customers`, `wallet`, `wallet_survey`,
    /// `interactions` or `campaign`.
    pub table: String,
    /// Path as the configuration's pattern gave it, relative to the configuration.
    pub path: String,
    /// SHA-256 of the bytes, lowercase hex.
    pub sha256: String,
    /// Bytes.
    pub bytes: u64,
    /// Rows, the header not counted.
    pub rows: u64,
}

/// What became of the rows of the transaction files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowCounts {
    /// Rows read.
    pub read: u64,
    /// Rows dated after `as_of`, not looked at further.
    pub after_as_of: u64,
    /// Rows dated before the window of history.
    pub before_window: u64,
    /// Purchases used.
    pub purchases: u64,
    /// Returns used (netted or counted apart).
    pub returns: u64,
    /// Refused rows: every one is in `rejects.csv`.
    pub rejected: u64,
    /// Refused rows by reason code.
    pub rejects: BTreeMap<String, RejectCount>,
    /// Customer ids of the form `13085.0` that were read as `13085`.
    pub ids_normalised: u64,
}

/// Rows refused for one reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectCount {
    /// Rows whose first reason this is: these add up to `rejected`.
    pub rows: u64,
    /// Rows that meet it, other reasons or not.
    pub matching: u64,
}

/// What became of the customers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerCounts {
    /// With a purchase in the window: each is in exactly one segment.
    pub buyers: usize,
    /// Of these, with purchases on two days or more.
    pub repeat_buyers: usize,
    /// Known (customer table, or returns alone) but without a purchase: group `prospect`.
    pub prospects: usize,
}

/// One segment; `segments.json` and `segments.parquet` hold these.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// Lineage id.
    pub segment: SegmentId,
    /// Its stage and its class in each layer; none for a flat clustering.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub micro: Option<MicroId>,
    /// Size, shares and medians in business units.
    pub profile: Profile,
    /// Name and reason.
    pub label: Label,
    /// The same by each further taxonomy, by its key.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub further: BTreeMap<String, Label>,
    /// For each taxonomy of customers, by its key, how many customers of the segment are in each
    /// of its groups.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub composition: BTreeMap<String, BTreeMap<GroupKey, usize>>,
    /// The features that set it most apart from all buyers; none in runs of earlier releases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub apart: Option<SetApart>,
    /// What is typical of each column of the clustered space, less the population's: the median
    /// of a number, the mean of a level's column. The cells of the heat map.
    pub standardised: BTreeMap<String, f64>,
    /// Mean distance of its customers from the median, by clustered number, in business units; empty
    /// in runs of earlier releases.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub spreads: BTreeMap<String, f64>,
    /// Mean Jaccard similarity over bootstrap refits.
    pub bootstrap_jaccard: Option<f64>,
    /// Whom to interview and whom to check; none in runs of earlier releases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub representatives: Option<Representatives>,
    /// How well it is found again in resamples; none where that was not measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stability: Option<ClusterStability>,
    /// Mean silhouette of its customers, of those sampled where there are many; none for a
    /// single segment.
    #[serde(default)]
    pub silhouette: Option<f64>,
    /// The nearest other segment and how far the two lie apart.
    #[serde(default)]
    pub separation: Option<Separation<SegmentId>>,
}

/// The content of `segments.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Segments {
    /// All buyers together.
    pub population: Profile,
    /// The same of all buyers as [`Segment::spreads`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub spreads: BTreeMap<String, f64>,
    /// By lineage id.
    pub segments: Vec<Segment>,
}

/// One row of `assignments.parquet`.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    /// Who.
    pub customer: CustomerId,
    /// Lineage id; none for prospects.
    pub segment: Option<SegmentId>,
    /// Named group by the main taxonomy; `prospect` for prospects whom it does not name.
    pub group: GroupKey,
    /// The same by each further taxonomy, in the order of [`Manifest::taxonomies`].
    pub further: Vec<GroupKey>,
    /// 1 (lowest) to 5: fifth of `monetary_total` among buyers; none for prospects.
    pub tier: Option<u8>,
    /// See [`crate::cluster::Assignments::membership`]; none for prospects.
    pub membership: Option<f64>,
    /// See [`crate::cluster::Assignments::margin`]; none for prospects.
    pub margin: Option<f64>,
    /// See [`crate::cluster::Assignments::noise`]; none for prospects and without noise.
    pub noise: Option<f64>,
    /// See [`crate::cluster::Representatives::outlier_scores`]; none for prospects, in segments
    /// too small for a score, and in runs of earlier releases.
    pub outlier_score: Option<f64>,
    /// See [`crate::cluster::Stability::customers`]; none for prospects.
    pub stability: Option<f64>,
    /// Segment in the previous run of the series.
    pub previous_segment: Option<SegmentId>,
    /// The last group that was another than now.
    pub previous_group: Option<GroupKey>,
    /// `as_of` of the first run of the series in which the customer had the present group
    /// without interruption.
    pub group_changed_on: Date,
    /// Calendar months since then: 0 in the month of the change.
    pub months_in_group: u32,
    /// See [`crate::track::Standing::moves`].
    pub moves: Option<u32>,
    /// The group that the segment, or the customer's own rule, gives where hysteresis keeps another,
    /// and since when; none otherwise.
    pub proposal: Option<Proposal>,
}

/// What a run shows to people who may not see its single customers.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// The report, an HTML document.
    pub report: String,
    /// The cards that it shows.
    pub personas: Personas,
}

/// A complete run, as the store writes and the report shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Where it comes from.
    pub manifest: Manifest,
    /// Features of the buyers.
    pub features: FeatureTable,
    /// The model.
    pub model: Model,
    /// Buyers and prospects, sorted by customer id.
    pub assignments: Vec<Assignment>,
    /// The segments.
    pub segments: Segments,
    /// Against the previous run of the series.
    pub comparison: Option<Comparison>,
}
