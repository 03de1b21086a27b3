//! `k` of `[cluster]`: a number or a range <-> the choice of k.

use serde::{Deserialize, Serialize};

use crate::cluster::KChoice;

/// `8` or `"2..10"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct K(pub KChoice);

impl Serialize for K {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            KChoice::Fixed(k) => serializer.serialize_u64(k as u64),
            KChoice::Range(low, high) => serializer.collect_str(&format_args!("{low}..{high}")),
        }
    }
}

impl<'de> Deserialize<'de> for K {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = K;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a number of segments such as 8, or a range such as \"2..10\"")
            }

            fn visit_i64<E: serde::de::Error>(self, k: i64) -> Result<K, E> {
                match usize::try_from(k) {
                    Ok(k @ 1..=10_000) => Ok(K(KChoice::Fixed(k))),
                    _ => Err(E::custom(format!("k = {k}: it must be from 1 to 10000"))),
                }
            }

            fn visit_u64<E: serde::de::Error>(self, k: u64) -> Result<K, E> {
                self.visit_i64(i64::try_from(k).unwrap_or(i64::MAX))
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<K, E> {
                let bounds = text.split_once("..").and_then(|(low, high)| {
                    Some((low.trim().parse().ok()?, high.trim().parse().ok()?))
                });
                match bounds {
                    Some((low, high)) if 2 <= low && low <= high && high <= 10_000 => {
                        Ok(K(KChoice::Range(low, high)))
                    }
                    _ => Err(E::custom(format!(
                        "k = \"{text}\": write a range such as \"2..10\", from at least 2 to at \
                         most 10000, the lower bound first"
                    ))),
                }
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}
