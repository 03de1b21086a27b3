//! The group of each segment -> the share of its customers who would meet the group's rule by
//! themselves.
//!
//! For one customer the median and mean of a feature are the customer's own value; sizes and
//! shares stay the segment's, and figures of the population stay what they are. A rule that
//! always holds, such as `otherwise`, stands for what the rules above it leave, so a customer
//! meets it by meeting none of those.

use super::rule::{Rule, Statistic};
use super::taxonomy::Group;
use crate::features::FeatureTable;

/// Where the value of a statistic comes from when a customer is judged alone.
enum Source<'a> {
    /// One value a buyer, NaN for undefined.
    Own(&'a [f64]),
    /// The same for all customers of the segment.
    Fixed(Option<f64>),
}

/// One share in [0, 1] a segment; 0 for one without customers. O(n) times the rules' length.
///
/// `chosen` has the index into `groups` of each segment; `figure` is the value of a statistic
/// for a segment.
pub(super) fn fidelities(
    table: &FeatureTable,
    segment_of: &[u32],
    groups: &[Group],
    chosen: &[usize],
    figure: impl Fn(&Statistic, usize) -> Option<f64>,
) -> Vec<f64> {
    let judges: Vec<Judge<'_>> = chosen
        .iter()
        .enumerate()
        .map(|(segment, &index)| {
            let sourced = |group: &'_ Group| {
                let sources = group.rule.statistics().iter();
                sources.map(|statistic| source(table, statistic, segment, &figure)).collect()
            };
            let rest = groups[index].rule.constant() == Some(true);
            let rules = if rest { &groups[..index] } else { &groups[index..=index] };
            Judge { rules: rules.iter().map(|group| (&group.rule, sourced(group))).collect(), rest }
        })
        .collect();
    let mut met = vec![0_usize; chosen.len()];
    let mut customers = vec![0_usize; chosen.len()];
    for (row, &segment) in segment_of.iter().enumerate() {
        let segment = segment as usize;
        customers[segment] += 1;
        met[segment] += usize::from(judges[segment].accepts(row));
    }
    met.iter().zip(&customers).map(|(&met, &all)| met as f64 / all.max(1) as f64).collect()
}

/// What one customer of a segment must meet: some rule of `rules`, or none for `rest`.
struct Judge<'a> {
    rules: Vec<(&'a Rule, Vec<Source<'a>>)>,
    rest: bool,
}

impl Judge<'_> {
    fn accepts(&self, row: usize) -> bool {
        let meets = |(rule, sources): &(&Rule, Vec<Source<'_>>)| {
            rule.holds(&|index| match &sources[index] {
                Source::Own(values) => Some(values[row]).filter(|value| !value.is_nan()),
                Source::Fixed(value) => *value,
            })
        };
        self.rules.iter().any(meets) != self.rest
    }
}

fn source<'a>(
    table: &'a FeatureTable,
    statistic: &Statistic,
    segment: usize,
    figure: impl Fn(&Statistic, usize) -> Option<f64>,
) -> Source<'a> {
    match statistic {
        Statistic::Median(feature) | Statistic::Mean(feature) => match table.column(feature) {
            Some(column) => Source::Own(&column.values),
            None => Source::Fixed(None),
        },
        _ => Source::Fixed(figure(statistic, segment)),
    }
}
