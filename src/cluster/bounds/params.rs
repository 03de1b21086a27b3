//! Bounds on the size of a cluster: as asked for, as numbers of customers, and what they changed.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::cluster::{Candidate, ClusterError, KChoice, Method};

/// How large a cluster may be, and how it is brought about.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BoundsParams {
    /// Fewest customers of a cluster; none for no bound.
    pub minimum: Option<Least>,
    /// Largest share of all customers in one cluster, above 0 and at most 1; none for no bound.
    /// Of k-means alone.
    pub max_share: Option<f64>,
    /// How bounds are brought about.
    pub by: Bounding,
}

/// The fewest customers of a cluster.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Least {
    /// A number, at least 1.
    Customers(usize),
    /// A share of all customers, above 0 and below 1; rounded up.
    Share(f64),
}

/// How bounds on the size are brought about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Bounding {
    /// Clusters that are too small are merged with a neighbour, those too large split, and the
    /// model is refitted from there: every customer is in the nearest cluster, and k may change.
    #[default]
    Merge,
    /// The cheapest assignment with sizes within the bounds: k stays, and some customers are not
    /// in the nearest cluster. Of k-means alone.
    Assign,
}

/// Bounds in customers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sizes {
    /// Fewest of a cluster, at least 1.
    pub lowest: usize,
    /// Most of a cluster.
    pub highest: usize,
}

/// What bounds did to a clustering.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BoundsRecord {
    /// How they were brought about.
    pub by: Bounding,
    /// Fewest customers of a cluster.
    pub min_customers: usize,
    /// Most customers of a cluster; none where there is no such bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_customers: Option<usize>,
    /// Clusters that were fitted.
    pub k_before: usize,
    /// Clusters that keep the bounds.
    pub k: usize,
    /// Merges, in their order.
    pub merged: Vec<Merged>,
    /// Customers of each cluster that was split, in their order.
    pub split: Vec<usize>,
    /// Customers who are not in the nearest cluster.
    pub moved: usize,
    /// The figures of the clusters that keep the bounds, as those of a candidate; none where
    /// nothing had to be changed: they are then those of the candidate that was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figures: Option<Candidate>,
}

impl BoundsRecord {
    /// Whether clusters had to be changed.
    pub fn changed(&self) -> bool {
        self.moved > 0 || !self.merged.is_empty() || !self.split.is_empty()
    }
}

/// One merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merged {
    /// Customers of the cluster that was too small.
    pub customers: usize,
    /// Customers of the neighbour it was merged with.
    pub with: usize,
}

impl BoundsParams {
    /// Whether there is any bound.
    pub fn any(&self) -> bool {
        self.minimum.is_some() || self.max_share.is_some()
    }

    /// The rules that need no data.
    pub(crate) fn check(&self, method: Method) -> Result<(), ClusterError> {
        match self.minimum {
            Some(Least::Customers(0)) => return Err(ClusterError::LeastCustomers("0".into())),
            Some(Least::Share(share)) if !(share > 0.0 && share < 1.0) => {
                return Err(ClusterError::LeastCustomers(format!("{} %", 100.0 * share)));
            }
            _ => {}
        }
        if let Some(share) = self.max_share
            && !(share > 0.0 && share <= 1.0)
        {
            return Err(ClusterError::MaxShare(share));
        }
        match method {
            Method::Kmeans => Ok(()),
            _ if self.max_share.is_some() => Err(ClusterError::BoundsOfMixture("max_share")),
            _ if self.by == Bounding::Assign && self.any() => {
                Err(ClusterError::BoundsOfMixture("bounds = \"assign\""))
            }
            _ => Ok(()),
        }
    }

    /// The bounds for `n` customers; none where there is no bound.
    ///
    /// # Errors
    ///
    /// [`ClusterError::BoundsInfeasible`] where no clusters of `n` customers keep them.
    pub(crate) fn sizes(&self, n: usize) -> Result<Option<Sizes>, ClusterError> {
        if !self.any() {
            return Ok(None);
        }
        // A thousandth of a customer absorbs the rounding of a share such as 0.07 of 100.
        let lowest = match self.minimum {
            None => 1,
            Some(Least::Customers(customers)) => customers,
            Some(Least::Share(share)) => ((share * n as f64 - 1e-3).ceil() as usize).max(1),
        };
        let highest = self.max_share.map_or(n, |share| (share * n as f64 + 1e-3).floor() as usize);
        let sizes = Sizes { lowest, highest: highest.min(n) };
        if lowest > sizes.highest || sizes.ks(n).is_empty() {
            return Err(ClusterError::BoundsInfeasible { lowest, highest, customers: n });
        }
        Ok(Some(sizes))
    }
}

impl Sizes {
    /// The numbers of clusters that `n` customers can be put into.
    pub fn ks(&self, n: usize) -> RangeInclusive<usize> {
        n.div_ceil(self.highest.max(1))..=n / self.lowest
    }

    /// The bounds of `rows` drawn from `n`, rounded outwards: what could be met still can.
    pub fn of_sample(&self, rows: usize, n: usize) -> Self {
        let share = |bound: usize| bound as u128 * rows as u128;
        Self {
            lowest: ((share(self.lowest) / n as u128) as usize).max(1),
            highest: share(self.highest).div_ceil(n as u128) as usize,
        }
    }

    /// Whether every size is within the bounds.
    pub fn hold(&self, sizes: &[usize]) -> bool {
        sizes.iter().all(|size| (self.lowest..=self.highest).contains(size))
    }

    /// The part of `k` that `n` customers can be put into; an error where that is nothing.
    ///
    /// # Errors
    ///
    /// [`ClusterError::BoundsOfK`].
    pub fn within(
        &self,
        n: usize,
        k: RangeInclusive<usize>,
    ) -> Result<RangeInclusive<usize>, ClusterError> {
        let possible = self.ks(n);
        let low = *k.start().max(possible.start());
        let high = *k.end().min(possible.end());
        if low > high {
            let asked = match k.start() == k.end() {
                true => KChoice::Fixed(*k.start()),
                false => KChoice::Range(*k.start(), *k.end()),
            };
            return Err(ClusterError::BoundsOfK {
                k: asked,
                lowest: *possible.start(),
                highest: *possible.end(),
                customers: n,
            });
        }
        Ok(low..=high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(minimum: Option<Least>, max_share: Option<f64>, n: usize) -> Option<Sizes> {
        let params = BoundsParams { minimum, max_share, by: Bounding::Assign };
        params.sizes(n).expect("possible")
    }

    #[test]
    fn shares_become_customers() {
        assert_eq!(sizes(None, None, 100), None);
        let of = |lowest, highest| Some(Sizes { lowest, highest });
        assert_eq!(sizes(Some(Least::Customers(7)), None, 100), of(7, 100));
        assert_eq!(sizes(Some(Least::Share(0.07)), Some(0.29), 100), of(7, 29));
        assert_eq!(sizes(Some(Least::Share(0.011)), Some(1.0), 100), of(2, 100));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let params = |minimum, max_share| BoundsParams {
            minimum: Some(Least::Customers(minimum)),
            max_share: Some(max_share),
            by: Bounding::Assign,
        };
        assert!(params(101, 1.0).sizes(100).is_err());
        assert!(params(30, 0.2).sizes(100).is_err());
        // Three clusters of 40 to 45 are too many customers, two too few.
        assert!(params(40, 0.45).sizes(100).is_err());
        let sizes = params(20, 0.4).sizes(100).expect("possible").expect("bounds");
        assert_eq!(sizes.ks(100), 3..=5);
        assert_eq!(sizes.within(100, 2..=10).expect("in part"), 3..=5);
        assert!(sizes.within(100, 6..=8).is_err() && sizes.within(100, 2..=2).is_err());
    }
}
