//! Assignments + FeatureTable + taxonomy -> the name of every segment with its reason.

use super::customers::{self, CustomerLabels};
use super::error::LabelError;
use super::fidelity::fidelities;
use super::figures::{Figures, Place};
use super::margin::second;
use super::notes::notes;
use super::population::Population;
use super::profile::profiles;
use super::prototype;
use super::reason::{Scene, reason};
use super::rule::Scope;
use super::taxonomy::{Group, Mode, Taxonomy};
use super::words;
use super::{Label, Labels, MarginUnit, Profiles, RunnerUp};
use crate::features::{FeatureTable, Unit};
use crate::types::{Bilingual, Language};

/// Names segments 0 to k - 1.
///
/// `segment_of` has one number below `k` for each buyer of `table`, in its order. Two segments
/// may get the same group. A statistic of a feature that the table lacks, or that no customer
/// of the segment has, is undefined: comparisons with it are false and the reason says so. A
/// taxonomy of customers gives a segment the group that most of its customers are in, of equals
/// the one that stands first.
///
/// # Errors
///
/// As [`profiles`].
pub fn label(
    table: &FeatureTable,
    segment_of: &[u32],
    k: usize,
    taxonomy: &Taxonomy,
) -> Result<Labels, LabelError> {
    let profiles = profiles(table, segment_of, k)?;
    let (labels, notes, _) = by_taxonomy(table, segment_of, &profiles, taxonomy)?;
    let Profiles { population, segments } = profiles;
    Ok(Labels { population, segments: segments.into_iter().zip(labels).collect(), notes })
}

/// The labels of the segments, what there is to note, and the customers where each has a group of
/// their own.
pub(super) type Named = (Vec<Label>, Vec<Bilingual>, Option<CustomerLabels>);

/// Names segments that have their profiles.
pub(super) fn by_taxonomy(
    table: &FeatureTable,
    segment_of: &[u32],
    profiles: &Profiles,
    taxonomy: &Taxonomy,
) -> Result<Named, LabelError> {
    if taxonomy.of == Scope::Customers {
        let own = customers::label_customers(table, taxonomy)?;
        let labels = by_majority(segment_of, profiles.segments.len(), taxonomy, &own);
        return Ok((labels, own.notes.clone(), Some(own)));
    }
    let population = Population::new(table, taxonomy);
    let labels = match taxonomy.mode {
        Mode::Rules => by_rules(&population, segment_of, profiles, taxonomy),
        Mode::ManyToOne | Mode::OneToOne => {
            prototype::labels(&population, segment_of, profiles, taxonomy)
        }
    };
    Ok((labels, notes(taxonomy, &population), None))
}

/// A label of `group` that has its texts.
pub(super) fn labelled(
    group: &Group,
    reason: Bilingual,
    fidelity: f64,
    runner_up: Option<RunnerUp>,
) -> Label {
    Label {
        group: group.key.clone(),
        name: group.name.clone(),
        description: group.description.clone(),
        color: group.color.clone(),
        rule: group.text(),
        reason,
        fidelity,
        treatment: group.treatment.clone(),
        runner_up,
        judgement: None,
    }
}

fn by_rules(
    population: &Population<'_>,
    segment_of: &[u32],
    profiles: &Profiles,
    taxonomy: &Taxonomy,
) -> Vec<Label> {
    let groups = taxonomy.groups();
    let rules = groups.iter().filter_map(Group::rule);
    let figures = Figures::new(population, rules, Some((profiles, segment_of)));
    let mut chosen = Vec::with_capacity(profiles.segments.len());
    let mut told = Vec::with_capacity(profiles.segments.len());
    for segment in 0..profiles.segments.len() {
        let place = Place::Segment(segment);
        let meets = |group: &Group| group.rule().is_some_and(|rule| figures.meets(rule, place));
        let index = groups.iter().position(meets).unwrap_or(groups.len() - 1);
        let scene = Scene { population, figures: &figures, place };
        let why = groups[index].rule().map(|rule| reason(rule, &groups[..index], &scene));
        told.push((why, second(groups, index, &figures, place)));
        chosen.push(index);
    }
    let fidelities = fidelities(segment_of, groups, &chosen, &figures);
    let each = chosen.into_iter().zip(told).zip(fidelities);
    each.map(|((index, (why, second)), fidelity)| {
        let runner_up = second.map(|second| RunnerUp {
            group: groups[second.group].key.clone(),
            name: groups[second.group].name.clone(),
            margin: second.margin,
            unit: MarginUnit::Spreads,
        });
        let why = why.unwrap_or_else(|| Bilingual { en: String::new(), vi: String::new() });
        labelled(&groups[index], why, fidelity, runner_up)
    })
    .collect()
}

/// The group that most customers of a segment are in.
fn by_majority(
    segment_of: &[u32],
    k: usize,
    taxonomy: &Taxonomy,
    named: &CustomerLabels,
) -> Vec<Label> {
    let groups = taxonomy.groups();
    let mut counts = vec![vec![0_usize; groups.len()]; k];
    for (&segment, &group) in segment_of.iter().zip(&named.buyers) {
        counts[segment as usize][usize::from(group)] += 1;
    }
    let all = named.buyers.len().max(1) as f64;
    let of_all: Vec<f64> = named.counts.iter().map(|count| count.buyers as f64 / all).collect();
    counts
        .iter()
        .map(|counts| {
            let customers: usize = counts.iter().sum();
            let share = |index: usize| counts[index] as f64 / customers.max(1) as f64;
            let largest = |but: Option<usize>| {
                let others = (0..groups.len()).filter(|index| Some(*index) != but);
                // The first of equals: ties go to the group that stands above.
                others.max_by_key(|&index| (counts[index], std::cmp::Reverse(index)))
            };
            let index = if customers == 0 { None } else { largest(None) };
            let index = index.unwrap_or(groups.len() - 1);
            let second = largest(Some(index)).filter(|&second| counts[second] > 0);
            let runner_up = second.map(|second| RunnerUp {
                group: groups[second].key.clone(),
                name: groups[second].name.clone(),
                margin: share(index) - share(second),
                unit: MarginUnit::Customers,
            });
            let reason = majority(&groups[index], share(index), of_all[index]);
            labelled(&groups[index], reason, share(index), runner_up)
        })
        .collect()
}

fn majority(group: &Group, share: f64, of_all: f64) -> Bilingual {
    let shown = |value, language| words::figure(value, Unit::Share, 1, language);
    Bilingual {
        en: format!(
            "{} of its customers are in the group “{}” (all: {}), more than in any other.",
            shown(share, Language::En),
            group.name.en,
            shown(of_all, Language::En)
        ),
        vi: format!(
            "{} khách hàng của phân khúc thuộc nhóm “{}” (toàn bộ: {}), nhiều hơn mọi nhóm khác.",
            shown(share, Language::Vi),
            group.name.vi,
            shown(of_all, Language::Vi)
        ),
    }
}
