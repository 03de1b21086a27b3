//! Segments of a run -> what tracking compares of them beside who is in them.

use std::collections::BTreeMap;

use crate::cluster::{FittedFeature, Model};
use crate::features::FeatureTable;
use crate::label::Profile;
use crate::run::Segments;
use crate::track::{Described, DescribedRun, Descriptions, Noise, Refits};

/// Mean distance of the customers of each cluster from its median, by clustered number; and the same of
/// all customers. Customers without a value are left out, as in the median.
pub(super) fn spreads(
    model: &Model,
    table: &FeatureTable,
    cluster_of: &[u32],
    profiles: &[Profile],
    population: &Profile,
) -> (Vec<BTreeMap<String, f64>>, BTreeMap<String, f64>) {
    let mut clusters = vec![BTreeMap::new(); profiles.len()];
    let mut all = BTreeMap::new();
    for feature in &model.features {
        let FittedFeature::Numeric(number) = feature else { continue };
        let Some(column) = table.column(&number.name) else { continue };
        let median = |profile: &Profile| profile.medians.get(&number.name).copied();
        let mut sums = vec![(0.0, 0_usize); profiles.len()];
        let mut sum = (0.0, 0_usize);
        let medians: Vec<Option<f64>> = profiles.iter().map(median).collect();
        let of_all = median(population);
        for (&value, &cluster) in column.values.iter().zip(cluster_of) {
            let place = cluster as usize;
            if let Some(median) = medians[place].filter(|_| !value.is_nan()) {
                sums[place].0 += (value - median).abs();
                sums[place].1 += 1;
            }
            if let Some(median) = of_all.filter(|_| !value.is_nan()) {
                sum.0 += (value - median).abs();
                sum.1 += 1;
            }
        }
        let mean = |(sum, n): (f64, usize)| (n > 0).then(|| sum / n as f64);
        for (own, sums) in clusters.iter_mut().zip(sums) {
            own.extend(mean(sums).map(|mean| (number.name.clone(), mean)));
        }
        all.extend(mean(sum).map(|mean| (number.name.clone(), mean)));
    }
    (clusters, all)
}

/// What two runs say of their segments.
pub fn descriptions(before: &Segments, after: &Segments) -> Descriptions {
    Descriptions { before: described(before), after: described(after), noise: noise(before) }
}

fn described(run: &Segments) -> DescribedRun {
    let one = |profile: &Profile, spreads: &BTreeMap<String, f64>| Described {
        customers: profile.customers,
        medians: profile.medians.clone(),
        spreads: spreads.clone(),
    };
    DescribedRun {
        population: one(&run.population, &run.spreads),
        segments: (run.segments.iter())
            .map(|segment| (segment.segment, one(&segment.profile, &segment.spreads)))
            .collect(),
    }
}

fn noise(run: &Segments) -> Noise {
    let measured = run.segments.iter().filter_map(|segment| {
        let found = segment.stability?.bootstrap.filter(|found| found.resamples > 0)?;
        let refits = Refits {
            jaccard: found.jaccard,
            dissolved: found.dissolved as f64 / found.resamples as f64,
            resamples: found.resamples,
        };
        Some((segment.segment, refits))
    });
    measured.collect()
}
