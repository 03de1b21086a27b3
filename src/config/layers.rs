//! `[cluster.layers]`: stages first, then layers <-> what the clustering room needs for them.

use serde::{Deserialize, Serialize};

use super::{Config, K};
use crate::cluster::{
    ClusterParams, Covariance, Family, FeatureSpec, KmeansOptions, LayerFeatures, LayerSpec,
    LayersParams, Method, Preparation, Scale, Transform,
};
use crate::features::Stage;

/// `[cluster.layers]`: see [`LayersParams`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LayersSection {
    /// Customers a micro-segment has at least, where its stage has as many; from 1; default 50.
    pub min_customers: usize,
    /// `[[cluster.layers.layer]]`, in the order of the string; by default two, `value` and
    /// `activity`.
    pub layer: Vec<LayerSection>,
}

/// `[[cluster.layers.layer]]`: one layer. What it leaves out is as for a flat clustering.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayerSection {
    /// Letters, digits, `-` and `_`.
    pub name: String,
    /// The stages it divides; by default all of buyers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stages: Option<Vec<Stage>>,
    /// A family, or a list of features.
    pub features: LayerVector,
    /// Method; by default that of `[cluster]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<Method>,
    /// Classes of a stage; by default the `k` of `[cluster]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub k: Option<K>,
    /// Change of shape; by default that of `[features]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transform: Option<Transform>,
    /// Change of scale; by default that of `[features]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<Scale>,
}

/// `features` of a layer: `"value"`, or `["monetary_total", "clv"]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LayerVector {
    /// A family.
    Family(Family),
    /// Features by name, at least one.
    Named(Vec<String>),
}

impl Default for LayersSection {
    fn default() -> Self {
        let layer = |family: Family| LayerSection {
            name: family.key().into(),
            stages: None,
            features: LayerVector::Family(family),
            method: None,
            k: None,
            transform: None,
            scale: None,
        };
        Self { min_customers: 50, layer: vec![layer(Family::Value), layer(Family::Activity)] }
    }
}

impl Serialize for LayerVector {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Family(family) => family.serialize(serializer),
            Self::Named(names) => names.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for LayerVector {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = LayerVector;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a family such as \"value\", or a list of features")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<LayerVector, E> {
                let known = Family::ALL.iter().find(|family| family.key() == text);
                known.copied().map(LayerVector::Family).ok_or_else(|| {
                    let families = Family::ALL.map(Family::key).join(", ");
                    E::custom(format!(
                        "`{text}` is no family of features: give one of {families}, or a list of \
                         features such as [\"{text}\"]"
                    ))
                })
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(
                self,
                mut values: A,
            ) -> Result<LayerVector, A::Error> {
                let mut names = Vec::new();
                while let Some(name) = values.next_element()? {
                    names.push(name);
                }
                Ok(LayerVector::Named(names))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

impl LayersSection {
    /// Whether a feature called `name` may be prepared for a layer: it is named in one, or of a
    /// family of one.
    pub(super) fn may_use(&self, name: &str) -> bool {
        self.layer.iter().any(|layer| match &layer.features {
            LayerVector::Named(names) => names.iter().any(|known| known == name),
            LayerVector::Family(Family::Attributes) => true,
            LayerVector::Family(family) => family.names().contains(&name),
        })
    }
}

impl Config {
    /// What the clustering room needs for layers; none for a flat clustering.
    pub fn layers_params(&self) -> Option<LayersParams> {
        let section = self.cluster.layers.as_ref()?;
        let layers = section.layer.iter().map(|layer| LayerSpec {
            name: layer.name.clone(),
            stages: layer.stages.clone().unwrap_or_else(|| Stage::OF_BUYERS.to_vec()),
            features: self.layer_features(layer),
            cluster: self.layer_params(layer),
        });
        Some(LayersParams {
            lifecycle: self.lifecycle,
            layers: layers.collect(),
            min_customers: section.min_customers,
            common: self.features.used.iter().map(|name| self.feature_spec(name)).collect(),
            bootstrap: self.cluster.bootstrap,
            stability: self.cluster.stability.params(),
        })
    }

    /// What the section says of one method holds for the layers of that method; where no layer has
    /// it, it is left in place, to be refused as for a flat clustering.
    fn layer_params(&self, layer: &LayerSection) -> ClusterParams {
        let method_of = |layer: &LayerSection| layer.method.unwrap_or(self.cluster.method);
        let (method, layers) = (method_of(layer), self.cluster.layers.iter());
        let others = |alone: Method| {
            layers.clone().flat_map(|section| &section.layer).any(|l| method_of(l) != alone)
        };
        let mut params = ClusterParams {
            method,
            k: layer.k.unwrap_or(self.cluster.k).0,
            ..self.cluster.params(Vec::new())
        };
        if method == Method::Kmeans && others(Method::Kmeans) {
            (params.covariances, params.noise) = (vec![Covariance::default()], false);
        }
        if method == Method::Gmm && others(Method::Gmm) {
            params.kmeans = KmeansOptions::default();
        }
        params
    }

    fn layer_features(&self, layer: &LayerSection) -> LayerFeatures {
        // What is said of one feature goes over what is said of the layer.
        let spec = |name: &str| {
            let own = self.features.each.get(name).copied().unwrap_or_default();
            let spec = self.feature_spec(name);
            FeatureSpec {
                transform: own.transform.or(layer.transform).unwrap_or(spec.transform),
                scale: own.scale.or(layer.scale).unwrap_or(spec.scale),
                ..spec
            }
        };
        match &layer.features {
            LayerVector::Named(names) => {
                LayerFeatures::Named(names.iter().map(|name| spec(name)).collect())
            }
            LayerVector::Family(family) => {
                let each = self.features.each.keys().map(|name| spec(name)).collect();
                LayerFeatures::Family(*family, Preparation { most: spec(""), each })
            }
        }
    }
}
