//! Segments and ideal profiles -> who is what by distance, as an assignment problem.
//!
//! A figure is turned into its place among all buyers: the share of them who have less, and half
//! of those who have the same. Between two figures of a feature lies the difference of their
//! places, from 0 to 1, so that features of any unit count alike and no outlier outweighs the
//! rest. The distance of a segment, by its medians, from an ideal profile is the root of the mean
//! of the squared differences over the features that the profile names and the segment has; 1,
//! the largest, where there are none.
//!
//! `many_to_one` gives each segment the nearest profile, of equally near ones the first.
//! `one_to_one` makes the sum of the distances least where no two segments share a profile (Kuhn
//! 1955, doi:10.1002/nav.3800020109; Munkres 1957, doi:10.1137/0105003; distances to the
//! thousand-millionth). With more segments than profiles, every profile goes to one segment, and
//! the segments left take the nearest.

use pathfinding::kuhn_munkres::kuhn_munkres;
use pathfinding::matrix::Matrix;

use super::population::Population;
use super::profile::percentile;
use super::rule::Percent;
use super::segments::labelled;
use super::taxonomy::{Group, Ideal, IdealValue, Meaning, Mode, Taxonomy};
use super::vocabulary;
use super::words;
use super::{Label, MarginUnit, Profiles, RunnerUp};
use crate::features::Unit;
use crate::types::{Bilingual, Language};

/// Distances are told apart down to this.
const RESOLUTION: f64 = 1e9;

/// One label a segment, by cluster index.
pub(super) fn labels(
    population: &Population<'_>,
    segment_of: &[u32],
    profiles: &Profiles,
    taxonomy: &Taxonomy,
) -> Vec<Label> {
    let groups = taxonomy.groups();
    let mut features: Vec<Feature> = Vec::new();
    for ideal in groups.iter().flat_map(ideals) {
        if features.iter().all(|feature| feature.name != ideal.feature) {
            features.push(Feature::new(population, segment_of, profiles, &ideal.feature));
        }
    }
    let feature = |ideal: &Ideal| features.iter().find(|feature| feature.name == ideal.feature);
    let targets: Vec<Vec<(&Feature, f64)>> = groups
        .iter()
        .map(|group| {
            let target = |ideal: &Ideal| {
                let feature = feature(ideal)?;
                Some((feature, feature.place_of_ideal(ideal.value)?))
            };
            ideals(group).iter().filter_map(target).collect()
        })
        .collect();
    let distances: Vec<Vec<f64>> = (0..profiles.segments.len())
        .map(|segment| {
            let place = |feature: &Feature| feature.place(feature.segments[segment]?);
            targets.iter().map(|target| distance(target, place)).collect()
        })
        .collect();
    let chosen = match taxonomy.mode {
        Mode::OneToOne => one_to_one(&distances, groups.len()),
        _ => distances.iter().map(|row| nearest(row, None)).collect(),
    };
    let fidelities = fidelities(segment_of, &targets, &chosen);
    chosen
        .iter()
        .zip(fidelities)
        .enumerate()
        .map(|(segment, (&index, fidelity))| {
            let row = &distances[segment];
            let runner_up = (groups.len() > 1).then(|| nearest(row, Some(index)));
            let runner_up = runner_up.map(|second| RunnerUp {
                group: groups[second].key.clone(),
                name: groups[second].name.clone(),
                margin: row[second] - row[index],
                unit: MarginUnit::Places,
            });
            let why = |language| {
                reason(population, &groups[index], &features, segment, row[index], language)
            };
            let reason = Bilingual { en: why(Language::En), vi: why(Language::Vi) };
            labelled(&groups[index], reason, fidelity, runner_up)
        })
        .collect()
}

fn ideals(group: &Group) -> &[Ideal] {
    match &group.meaning {
        Meaning::Prototype(ideals) => ideals,
        Meaning::Rule(_) => &[],
    }
}

/// One feature of all buyers, and its median in each segment.
struct Feature {
    name: String,
    unit: Unit,
    /// One value a buyer, NaN for undefined.
    values: Vec<f64>,
    /// Those defined, ascending.
    sorted: Vec<f64>,
    segments: Vec<Option<f64>>,
}

impl Feature {
    fn new(
        population: &Population<'_>,
        segment_of: &[u32],
        profiles: &Profiles,
        name: &str,
    ) -> Self {
        let values = population.number(name).map_or_else(Vec::new, |values| values.into_owned());
        let mut sorted: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let mut members = vec![Vec::new(); profiles.segments.len()];
        for (value, &segment) in values.iter().zip(segment_of) {
            if !value.is_nan() {
                members[segment as usize].push(*value);
            }
        }
        let median = |mut values: Vec<f64>| {
            (!values.is_empty()).then(|| percentile(&mut values, Percent(50_000)))
        };
        let segments = members.into_iter().map(median).collect();
        Self { name: name.into(), unit: population.unit(name), values, sorted, segments }
    }

    /// The place of a value among all buyers, from 0 to 1; none where nobody has the feature.
    fn place(&self, value: f64) -> Option<f64> {
        if self.sorted.is_empty() || value.is_nan() {
            return None;
        }
        let below = self.sorted.partition_point(|other| *other < value);
        let to = self.sorted.partition_point(|other| *other <= value);
        Some((below + to) as f64 / (2 * self.sorted.len()) as f64)
    }

    fn ideal(&self, value: IdealValue) -> Option<f64> {
        match value {
            IdealValue::Number(value) => Some(value),
            IdealValue::Percentile(percent) => {
                let mut values = self.sorted.clone();
                (!values.is_empty()).then(|| percentile(&mut values, percent))
            }
        }
    }

    fn place_of_ideal(&self, value: IdealValue) -> Option<f64> {
        self.place(self.ideal(value)?)
    }
}

fn distance(target: &[(&Feature, f64)], place: impl Fn(&Feature) -> Option<f64>) -> f64 {
    let apart = target.iter().filter_map(|(feature, ideal)| Some(place(feature)? - ideal));
    let (mut squares, mut known) = (0.0, 0_usize);
    for difference in apart {
        squares += difference * difference;
        known += 1;
    }
    if known == 0 { 1.0 } else { (squares / known as f64).sqrt() }
}

/// The index of the least distance, the first of equals, `but` left out.
fn nearest(distances: &[f64], but: Option<usize>) -> usize {
    let others = (0..distances.len()).filter(|index| Some(*index) != but);
    others.min_by(|&a, &b| distances[a].total_cmp(&distances[b])).unwrap_or(0)
}

/// One group a segment, none twice as long as there are groups.
fn one_to_one(distances: &[Vec<f64>], groups: usize) -> Vec<usize> {
    let cost =
        |segment: usize, group: usize| -((distances[segment][group] * RESOLUTION).round() as i64);
    let segments = distances.len();
    if segments == 0 {
        return Vec::new();
    }
    if segments <= groups {
        let rows = (0..segments).map(|s| (0..groups).map(move |g| cost(s, g)));
        let Ok(weights) = Matrix::from_rows(rows) else { return vec![0; segments] };
        return kuhn_munkres(&weights).1;
    }
    let rows = (0..groups).map(|g| (0..segments).map(move |s| cost(s, g)));
    let mut chosen: Vec<usize> = distances.iter().map(|row| nearest(row, None)).collect();
    if let Ok(weights) = Matrix::from_rows(rows) {
        for (group, segment) in kuhn_munkres(&weights).1.into_iter().enumerate() {
            chosen[segment] = group;
        }
    }
    chosen
}

/// Share of each segment's customers whose own figures are nearest to the segment's group.
fn fidelities(segment_of: &[u32], targets: &[Vec<(&Feature, f64)>], chosen: &[usize]) -> Vec<f64> {
    let mut met = vec![0_usize; chosen.len()];
    let mut customers = vec![0_usize; chosen.len()];
    for (row, &segment) in segment_of.iter().enumerate() {
        let segment = segment as usize;
        let place = |feature: &Feature| feature.place(*feature.values.get(row)?);
        let distances: Vec<f64> = targets.iter().map(|target| distance(target, place)).collect();
        customers[segment] += 1;
        met[segment] += usize::from(nearest(&distances, None) == chosen[segment]);
    }
    met.iter().zip(&customers).map(|(&met, &all)| met as f64 / all.max(1) as f64).collect()
}

fn reason(
    population: &Population<'_>,
    group: &Group,
    features: &[Feature],
    segment: usize,
    distance: f64,
    language: Language,
) -> String {
    let say = |en: &'static str, vi: &'static str| match language {
        Language::En => en,
        Language::Vi => vi,
    };
    let part = |ideal: &Ideal| {
        let feature = features.iter().find(|feature| feature.name == ideal.feature)?;
        let name = match population.measure_name(&ideal.feature) {
            Some(name) => name.get(language),
            None => vocabulary::feature(&ideal.feature, language),
        };
        let shown = |value: Option<f64>| {
            value.map_or_else(
                || say("not known", "chưa có số liệu").to_owned(),
                |v| words::figure(v, feature.unit, words::decimals(v, feature.unit), language),
            )
        };
        Some(format!(
            "{} {} ({} {})",
            say("median ", "trung vị ").to_owned() + name,
            shown(feature.segments[segment]),
            say("ideal:", "mẫu:"),
            shown(feature.ideal(ideal.value))
        ))
    };
    let parts: Vec<String> = ideals(group).iter().filter_map(part).collect();
    let far = words::figure(distance, Unit::Share, 1, language);
    match language {
        Language::En => {
            format!(
                "Its ideal profile is {far} of all customers' places away: {}.",
                parts.join("; ")
            )
        }
        Language::Vi => {
            format!("Cách hồ sơ mẫu {far} thứ hạng trong toàn bộ khách hàng: {}.", parts.join("; "))
        }
    }
}
