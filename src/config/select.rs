//! `[cluster.select]`: how many segments, and by what it is decided.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::cluster::{Covariance, Criterion, Rule, SelectParams, SilhouetteRows};

/// `[cluster.select]`: see [`SelectParams`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SelectSection {
    /// `auto` (default) or the name of a criterion.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<RuleName>,
    /// Criteria with their weights, whose mean rank decides; in place of `rule`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weights: Option<BTreeMap<Criterion, f64>>,
    /// Criteria to compute beside those that always are; default none.
    pub criteria: Vec<Criterion>,
    /// `auto` (default), `exact` or a number of customers.
    pub silhouette: SilhouetteCustomers,
    /// `gap = { references = 20 }`.
    pub gap: GapOptions,
    /// `prediction_strength = { splits = 20 }`.
    pub prediction_strength: PredictionOptions,
}

/// `gap`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GapOptions {
    /// Reference sets; default 20.
    pub references: usize,
}

/// `prediction_strength`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PredictionOptions {
    /// Splits in halves; default 20.
    pub splits: usize,
}

/// `rule`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleName {
    /// `auto`.
    Auto,
    /// A criterion.
    Criterion(Criterion),
}

/// `silhouette`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SilhouetteCustomers(pub SilhouetteRows);

/// `covariance` of `[cluster]`: one name, a list of names, or `all`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covariances(pub Vec<Covariance>);

impl Default for Covariances {
    fn default() -> Self {
        Self(vec![Covariance::default()])
    }
}

impl Default for SelectSection {
    fn default() -> Self {
        let params = SelectParams::default();
        Self {
            rule: None,
            weights: None,
            criteria: params.criteria,
            silhouette: SilhouetteCustomers(params.silhouette),
            gap: GapOptions::default(),
            prediction_strength: PredictionOptions::default(),
        }
    }
}

impl Default for GapOptions {
    fn default() -> Self {
        Self { references: SelectParams::default().gap_references }
    }
}

impl Default for PredictionOptions {
    fn default() -> Self {
        Self { splits: SelectParams::default().prediction_splits }
    }
}

impl SelectSection {
    /// What the clustering room needs; `weights` go before `rule`, and both together are refused
    /// when the configuration is read.
    pub fn params(&self) -> SelectParams {
        let rule = match (&self.weights, self.rule) {
            (Some(weights), _) => Rule::Weights(
                weights.iter().map(|(criterion, weight)| (*criterion, *weight)).collect(),
            ),
            (None, Some(RuleName::Criterion(criterion))) => Rule::Criterion(criterion),
            (None, Some(RuleName::Auto) | None) => Rule::Auto,
        };
        SelectParams {
            rule,
            criteria: self.criteria.clone(),
            silhouette: self.silhouette.0,
            gap_references: self.gap.references,
            prediction_splits: self.prediction_strength.splits,
        }
    }
}

/// The criterion of a name.
fn criterion(name: &str) -> Option<Criterion> {
    Criterion::ALL.into_iter().find(|criterion| criterion.name() == name)
}

impl Serialize for RuleName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match self {
            RuleName::Auto => "auto",
            RuleName::Criterion(criterion) => criterion.name(),
        })
    }
}

impl<'de> Deserialize<'de> for RuleName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        if name == "auto" {
            return Ok(RuleName::Auto);
        }
        criterion(&name).map(RuleName::Criterion).ok_or_else(|| {
            serde::de::Error::custom(format!(
                "rule = \"{name}\": write \"auto\" or one of {}",
                Criterion::ALL.map(Criterion::name).join(", ")
            ))
        })
    }
}

impl Serialize for SilhouetteCustomers {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            SilhouetteRows::Auto => serializer.serialize_str("auto"),
            SilhouetteRows::Exact => serializer.serialize_str("exact"),
            SilhouetteRows::Sample(size) => serializer.serialize_u64(size as u64),
        }
    }
}

impl<'de> Deserialize<'de> for SilhouetteCustomers {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = SilhouetteCustomers;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("\"auto\", \"exact\" or a number of customers such as 5000")
            }

            fn visit_i64<E: serde::de::Error>(self, size: i64) -> Result<Self::Value, E> {
                match usize::try_from(size) {
                    Ok(size) => Ok(SilhouetteCustomers(SilhouetteRows::Sample(size))),
                    Err(_) => Err(E::custom(format!(
                        "silhouette = {size}: a sample is a number of customers, from 100"
                    ))),
                }
            }

            fn visit_u64<E: serde::de::Error>(self, size: u64) -> Result<Self::Value, E> {
                self.visit_i64(i64::try_from(size).unwrap_or(i64::MAX))
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
                match text {
                    "auto" => Ok(SilhouetteCustomers(SilhouetteRows::Auto)),
                    "exact" => Ok(SilhouetteCustomers(SilhouetteRows::Exact)),
                    _ => Err(E::custom(format!(
                        "silhouette = \"{text}\": write \"auto\", \"exact\" or a number of customers"
                    ))),
                }
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

impl Serialize for Covariances {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0[..] {
            [one] => one.serialize(serializer),
            several => several.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Covariances {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Names {
            One(String),
            Several(Vec<String>),
        }
        let names = match Names::deserialize(deserializer)? {
            Names::One(all) if all == "all" => return Ok(Self(Covariance::ALL.to_vec())),
            Names::One(name) => vec![name],
            Names::Several(names) => names,
        };
        let known = |name: &String| {
            Covariance::ALL.into_iter().find(|covariance| covariance.name() == name).ok_or_else(
                || {
                    serde::de::Error::custom(format!(
                        "covariance = \"{name}\": write one of {}, a list of them, or \"all\"",
                        Covariance::ALL.map(Covariance::name).join(", ")
                    ))
                },
            )
        };
        names.iter().map(known).collect::<Result<_, _>>().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<SelectSection, String> {
        toml::from_str(text).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_written_is_what_was_read() {
        let texts = [
            "",
            "rule = \"auto\"",
            "rule = \"gap\"\ngap = { references = 50 }",
            "weights = { silhouette = 1.0, prediction_strength = 2.0 }",
            "criteria = [\"bootstrap_jaccard\", \"gap\"]\nsilhouette = \"exact\"",
            "silhouette = 5000\nprediction_strength = { splits = 3 }",
        ];
        for text in texts {
            let section = read(text).expect(text);
            let written = toml::to_string(&section).expect("a section");
            assert_eq!(read(&written).expect("its own text"), section, "{written}");
        }
        let weights = read(texts[3]).expect("weights").params().rule;
        let expected = vec![(Criterion::Silhouette, 1.0), (Criterion::PredictionStrength, 2.0)];
        assert_eq!(weights, Rule::Weights(expected));
        assert_eq!(read("").expect("nothing").params(), SelectParams::default());
    }

    #[test]
    fn covariances_are_one_several_or_all() {
        #[derive(Deserialize)]
        struct Section {
            covariance: Covariances,
        }
        let read = |text: &str| toml::from_str::<Section>(text).map(|of| of.covariance.0);
        assert_eq!(read("covariance = \"tied\"").expect("one"), [Covariance::Tied]);
        let several = read("covariance = [\"full\", \"diagonal\"]").expect("two");
        assert_eq!(several, [Covariance::Full, Covariance::Diagonal]);
        assert_eq!(read("covariance = \"all\"").expect("all"), Covariance::ALL);
        let error = read("covariance = [\"round\"]").expect_err("no such").to_string();
        assert!(error.contains("full, tied, diagonal, spherical"), "{error}");
    }
}
