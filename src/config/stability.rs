//! `[cluster.stability]`: how resamples are drawn, and from whom.

use serde::{Deserialize, Serialize};

use crate::cluster::{Repeats, Scheme, StabilityParams};

/// `[cluster.stability]`: see [`StabilityParams`].
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StabilitySection {
    /// `bootstrap` (default), `subset`, or `both`.
    pub scheme: Scheme,
    /// Customers that resamples are drawn from at most, or `"all"`; default 20000.
    pub customers: Customers,
    /// What a customer counts who is drawn more than once: `once` (default), or `weighted`, as
    /// often as drawn.
    pub repeats: Repeats,
    /// Share of them in one subset; default 0.5.
    pub subset_share: f64,
}

impl Default for StabilitySection {
    fn default() -> Self {
        let params = StabilityParams::default();
        Self {
            scheme: params.scheme,
            customers: Customers(params.customers),
            repeats: params.repeats,
            subset_share: params.subset_share,
        }
    }
}

impl StabilitySection {
    /// What the clustering room needs.
    pub fn params(&self) -> StabilityParams {
        StabilityParams {
            scheme: self.scheme,
            customers: self.customers.0,
            repeats: self.repeats,
            subset_share: self.subset_share,
        }
    }
}

/// `20000` or `"all"`, which is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Customers(pub Option<usize>);

impl Serialize for Customers {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Some(customers) => serializer.serialize_u64(customers as u64),
            None => serializer.serialize_str("all"),
        }
    }
}

impl<'de> Deserialize<'de> for Customers {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Customers;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a number of customers such as 20000, or \"all\"")
            }

            fn visit_i64<E: serde::de::Error>(self, customers: i64) -> Result<Customers, E> {
                match usize::try_from(customers) {
                    Ok(customers @ 2..) => Ok(Customers(Some(customers))),
                    _ => Err(E::custom(format!(
                        "customers = {customers}: resamples of so few say nothing; it must be at \
                         least 2, or \"all\""
                    ))),
                }
            }

            fn visit_u64<E: serde::de::Error>(self, customers: u64) -> Result<Customers, E> {
                self.visit_i64(i64::try_from(customers).unwrap_or(i64::MAX))
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Customers, E> {
                match text {
                    "all" => Ok(Customers(None)),
                    _ => Err(E::custom(format!(
                        "customers = \"{text}\": write a number such as 20000, or \"all\""
                    ))),
                }
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}
