//! `min_customers` of `[cluster]`: a number of customers or a share of them <-> the least size.

use serde::{Deserialize, Serialize};

use crate::cluster::Least;

/// `200` or `"2 %"`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MinCustomers(pub Least);

impl Serialize for MinCustomers {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Least::Customers(customers) => serializer.serialize_u64(customers as u64),
            // Dividing by 100 and multiplying again may leave a last digit behind.
            Least::Share(share) => {
                serializer.collect_str(&format_args!("{} %", (share * 1e12).round() / 1e10))
            }
        }
    }
}

impl<'de> Deserialize<'de> for MinCustomers {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = MinCustomers;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a number of customers such as 200, or a share such as \"2 %\"")
            }

            fn visit_i64<E: serde::de::Error>(self, customers: i64) -> Result<MinCustomers, E> {
                match usize::try_from(customers) {
                    Ok(customers @ 1..) => Ok(MinCustomers(Least::Customers(customers))),
                    _ => Err(E::custom(format!(
                        "min_customers = {customers}: it must be at least 1, or a share such as \
                         \"2 %\""
                    ))),
                }
            }

            fn visit_u64<E: serde::de::Error>(self, customers: u64) -> Result<MinCustomers, E> {
                self.visit_i64(i64::try_from(customers).unwrap_or(i64::MAX))
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<MinCustomers, E> {
                let percent =
                    text.trim().strip_suffix('%').map(|number| number.trim().parse::<f64>());
                match percent {
                    Some(Ok(percent)) if percent > 0.0 && percent < 100.0 => {
                        Ok(MinCustomers(Least::Share(percent / 100.0)))
                    }
                    _ => Err(E::custom(format!(
                        "min_customers = \"{text}\": write a number such as 200, or a share such as \
                         \"2 %\", above 0 and below 100 %"
                    ))),
                }
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_shares_come_back_as_they_were_written() {
        for text in ["200", "\"2 %\"", "\"0.5 %\"", "\"7 %\"", "\"33.3 %\""] {
            let read: MinCustomers = serde_json::from_str(text).expect("a bound");
            assert_eq!(serde_json::to_string(&read).expect("text"), text);
        }
        let share: MinCustomers = serde_json::from_str("\"7%\"").expect("a bound");
        assert_eq!(share.0, Least::Share(0.07));
    }
}
