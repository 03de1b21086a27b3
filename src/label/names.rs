//! Assignments + FeatureTable + several taxonomies -> the group of every segment and every
//! customer by each of them, with counts.
//!
//! Profiles are made once for all taxonomies. A taxonomy of segments gives a customer the group of
//! their segment; one of customers their own, and a segment the group that most of its customers
//! are in. A prospect has a group of their own where the taxonomy names everyone, `prospect`
//! otherwise.

use super::customers::{CustomerLabels, GroupCount};
use super::error::LabelError;
use super::profile::profiles;
use super::segments::by_taxonomy;
use super::taxonomy::Taxonomy;
use super::{Label, Profile, Profiles};
use crate::features::FeatureTable;
use crate::types::{Bilingual, GroupKey};

/// What several taxonomies say of the segments of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Names {
    /// All buyers together.
    pub population: Profile,
    /// One a segment, by cluster index.
    pub profiles: Vec<Profile>,
    /// One a taxonomy, in their order.
    pub schemes: Vec<Scheme>,
}

/// What one taxonomy says.
#[derive(Clone, Debug, PartialEq)]
pub struct Scheme {
    /// One a segment, by cluster index.
    pub labels: Vec<Label>,
    /// The keys of its groups, in the order of the taxonomy.
    pub groups: Vec<GroupKey>,
    /// The customers one by one; none where it names segments.
    pub customers: Option<CustomerLabels>,
    /// What each group came to, in the order of the taxonomy.
    pub counts: Vec<GroupCount>,
    /// What measures were taken from, and what could not be told.
    pub notes: Vec<Bilingual>,
}

impl Scheme {
    /// The group of the buyer in `row` of the table, who is in segment `cluster`.
    pub fn of_buyer(&self, row: usize, cluster: usize) -> &GroupKey {
        match &self.customers {
            Some(own) => &self.groups[usize::from(own.buyers[row])],
            None => &self.labels[cluster].group,
        }
    }

    /// The group of the prospect in `row` of the table's prospects.
    pub fn of_prospect(&self, row: usize) -> GroupKey {
        let own = self.customers.as_ref().and_then(|own| own.prospects.as_ref());
        own.map_or_else(GroupKey::prospect, |own| self.groups[usize::from(own[row])].clone())
    }

    /// How many customers of each segment are in each group that has any, by cluster index, in the
    /// order of the taxonomy; none where it names segments.
    pub fn composition(&self, segment_of: &[u32]) -> Option<Vec<Vec<(GroupKey, usize)>>> {
        let own = self.customers.as_ref()?;
        let mut counts = vec![vec![0_usize; self.groups.len()]; self.labels.len()];
        for (&segment, &group) in segment_of.iter().zip(&own.buyers) {
            counts[segment as usize][usize::from(group)] += 1;
        }
        let named = |counts: Vec<usize>| {
            let each = self.groups.iter().cloned().zip(counts);
            each.filter(|(_, customers)| *customers > 0).collect()
        };
        Some(counts.into_iter().map(named).collect())
    }
}

/// Names segments 0 to k - 1, and customers, by every one of `taxonomies`.
///
/// `segment_of` has one number below `k` for each buyer of `table`, in its order.
///
/// # Errors
///
/// As [`super::profiles`].
pub fn names(
    table: &FeatureTable,
    segment_of: &[u32],
    k: usize,
    taxonomies: &[&Taxonomy],
) -> Result<Names, LabelError> {
    let profiles = profiles(table, segment_of, k)?;
    let schemes = taxonomies
        .iter()
        .map(|taxonomy| {
            let (labels, notes, customers) = by_taxonomy(table, segment_of, &profiles, taxonomy)?;
            let groups: Vec<GroupKey> =
                taxonomy.groups().iter().map(|group| group.key.clone()).collect();
            let counts = match &customers {
                Some(own) => own.counts.clone(),
                None => counts(&groups, &labels, &profiles),
            };
            Ok(Scheme { labels, groups, customers, counts, notes })
        })
        .collect::<Result<_, LabelError>>()?;
    let Profiles { population, segments } = profiles;
    Ok(Names { population, profiles: segments, schemes })
}

/// Buyers and revenue of the segments of each group.
fn counts(groups: &[GroupKey], labels: &[Label], profiles: &Profiles) -> Vec<GroupCount> {
    let total = profiles.population.revenue;
    let of_group = |group: &GroupKey| {
        let own = labels.iter().zip(&profiles.segments).filter(|(label, _)| label.group == *group);
        let (mut buyers, mut revenue) = (0, 0.0);
        for (_, profile) in own {
            buyers += profile.customers;
            revenue += profile.revenue;
        }
        GroupCount {
            group: group.clone(),
            buyers,
            prospects: 0,
            revenue,
            share_of_revenue: (total > 0.0).then(|| revenue / total),
        }
    };
    groups.iter().map(of_group).collect()
}
