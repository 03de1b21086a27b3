//! What layers are asked for: names, stages, features by name or by family, a clustering each.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::cluster::{ClusterError, ClusterParams, FeatureSpec, StabilityParams};
use crate::features::{FeatureTable, LifecycleParams, Stage, Unit};

/// Layers at most: strings of more tell customers apart one by one.
pub const MOST_LAYERS: usize = 8;

/// Stages, layers and the least size of a micro-segment.
#[derive(Clone, Debug, PartialEq)]
pub struct LayersParams {
    /// The rules of the stages.
    pub lifecycle: LifecycleParams,
    /// The layers in the order of the string, from 1 to [`MOST_LAYERS`].
    pub layers: Vec<LayerSpec>,
    /// Customers a micro-segment has at least, where its stage has as many; at least 1.
    pub min_customers: usize,
    /// The features of the common space, in which micro-segments of different stages are shown
    /// side by side; at least one. Nothing is clustered by them.
    pub common: Vec<FeatureSpec>,
    /// Refits of all layers to resamples, from which the stability of the micro-segments is
    /// measured; 0 switches it off.
    pub bootstrap: usize,
    /// How resamples are drawn, and from whom, stage by stage.
    pub stability: StabilityParams,
}

/// One layer: a clustering of the customers of each of its stages.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerSpec {
    /// Its name: letters, digits, `_` and `-`.
    pub name: String,
    /// The stages it divides, at least one, of buyers.
    pub stages: Vec<Stage>,
    /// What it divides them by.
    pub features: LayerFeatures,
    /// How; its `features` are those above, its `bootstrap` and `stability` count for nothing.
    pub cluster: ClusterParams,
}

/// The features of a layer.
#[derive(Clone, Debug, PartialEq)]
pub enum LayerFeatures {
    /// These, each of which the table must have.
    Named(Vec<FeatureSpec>),
    /// Those of a family that the table has, at least one, prepared so.
    Family(Family, Preparation),
}

/// How the features of a family are prepared.
#[derive(Clone, Debug, PartialEq)]
pub struct Preparation {
    /// Most of them; the name counts for nothing.
    pub most: FeatureSpec,
    /// Those that are prepared otherwise.
    pub each: Vec<FeatureSpec>,
}

/// Features that speak of one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// What the customer brings: `monetary_total` and `clv`.
    Value,
    /// How the customer buys over time: `recency_days`, `n_purchase_days`, `gap_mean_days`.
    Activity,
    /// What the customer spends everywhere: `size_of_wallet` and `share_of_wallet`.
    Wallet,
    /// What an order looks like: `monetary_mean` and `rows_per_order`.
    Basket,
    /// All columns of the customer table.
    Attributes,
}

impl Family {
    /// Every family.
    pub const ALL: [Self; 5] =
        [Self::Value, Self::Activity, Self::Wallet, Self::Basket, Self::Attributes];

    /// `value`, `activity`, `wallet`, `basket` or `attributes`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Activity => "activity",
            Self::Wallet => "wallet",
            Self::Basket => "basket",
            Self::Attributes => "attributes",
        }
    }

    /// The features of the family that segtrail makes; none for attributes.
    pub const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Value => &["monetary_total", "clv"],
            Self::Activity => &["recency_days", "n_purchase_days", "gap_mean_days"],
            Self::Wallet => &["size_of_wallet", "share_of_wallet"],
            Self::Basket => &["monetary_mean", "rows_per_order"],
            Self::Attributes => &[],
        }
    }

    /// The features of the family that `table` has.
    fn of(self, table: &FeatureTable) -> Vec<&str> {
        if self == Self::Attributes {
            let numbers = table.columns.iter().filter(|column| column.unit == Unit::Attribute);
            let numbers = numbers.map(|column| column.name.as_str());
            return numbers.chain(table.attributes.iter().map(|a| a.name.as_str())).collect();
        }
        self.names().iter().copied().filter(|name| table.column(name).is_some()).collect()
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.key())
    }
}

impl Preparation {
    fn of(&self, name: &str) -> FeatureSpec {
        let own = self.each.iter().find(|spec| spec.name == name);
        own.cloned().unwrap_or_else(|| FeatureSpec { name: name.to_owned(), ..self.most.clone() })
    }
}

impl LayerSpec {
    /// The features that the layer looks at in `table`.
    ///
    /// # Errors
    /// [`ClusterError::EmptyFamily`].
    pub(super) fn resolve(&self, table: &FeatureTable) -> Result<Vec<FeatureSpec>, ClusterError> {
        match &self.features {
            LayerFeatures::Named(specs) => Ok(specs.clone()),
            LayerFeatures::Family(family, preparation) => {
                let names = family.of(table);
                if names.is_empty() {
                    let (layer, family) = (self.name.clone(), *family);
                    return Err(ClusterError::EmptyFamily { layer, family });
                }
                Ok(names.into_iter().map(|name| preparation.of(name)).collect())
            }
        }
    }
}

impl LayersParams {
    /// The rules that need no data.
    pub(super) fn check(&self) -> Result<(), ClusterError> {
        self.lifecycle.checked()?;
        self.stability.check()?;
        if !(1..=MOST_LAYERS).contains(&self.layers.len()) {
            return Err(ClusterError::LayerCount(self.layers.len()));
        }
        if self.min_customers == 0 {
            return Err(ClusterError::MinCustomers);
        }
        for (at, layer) in self.layers.iter().enumerate() {
            let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
            let name = layer.name.clone();
            if name.is_empty() || !name.chars().all(plain) {
                return Err(ClusterError::LayerName { name });
            }
            if self.layers[..at].iter().any(|other| other.name == name) {
                return Err(ClusterError::DuplicateLayer { name });
            }
            if layer.features == LayerFeatures::Named(Vec::new()) {
                return Err(ClusterError::LayerWithoutFeatures { name });
            }
            if layer.stages.is_empty() || layer.stages.contains(&Stage::Prospect) {
                return Err(ClusterError::LayerStages { name });
            }
            if layer.cluster.bounds.any() {
                return Err(ClusterError::BoundsOfLayer { name });
            }
        }
        Ok(())
    }
}
