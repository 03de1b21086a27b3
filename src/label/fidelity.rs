//! The group of each segment -> the share of its customers who would meet the group's rule by
//! themselves.
//!
//! For one customer the median and mean of a feature are the customer's own value, and a share of
//! customers who meet a condition is whether this one does; sizes and shares of revenue stay the
//! segment's, and figures of the population stay what they are. A rule that always holds, such as
//! `otherwise`, stands for what the rules above it leave, so a customer meets it by meeting none
//! of those.

use super::figures::{Figure, Figures, Place};
use super::rule::Rule;
use super::taxonomy::Group;

/// One share in [0, 1] a segment; 0 for one without customers. O(n) times the rules' length.
///
/// `chosen` has the index into `groups` of each segment.
pub(super) fn fidelities(
    segment_of: &[u32],
    groups: &[Group],
    chosen: &[usize],
    figures: &Figures<'_>,
) -> Vec<f64> {
    let judges: Vec<Judge<'_>> = chosen
        .iter()
        .map(|&index| {
            let rest = groups[index].is_rest();
            let groups = if rest { &groups[..index] } else { &groups[index..=index] };
            let rules = groups.iter().filter_map(Group::rule);
            Judge { rules: rules.map(|rule| (rule, figures.of_rule(rule))).collect(), rest }
        })
        .collect();
    let mut met = vec![0_usize; chosen.len()];
    let mut customers = vec![0_usize; chosen.len()];
    for (row, &segment) in segment_of.iter().enumerate() {
        let segment = segment as usize;
        customers[segment] += 1;
        met[segment] += usize::from(judges[segment].accepts(row, segment));
    }
    met.iter().zip(&customers).map(|(&met, &all)| met as f64 / all.max(1) as f64).collect()
}

/// What one customer of a segment must meet: some rule of `rules`, or none for `rest`.
struct Judge<'a> {
    rules: Vec<(&'a Rule, Vec<&'a Figure<'a>>)>,
    rest: bool,
}

impl Judge<'_> {
    fn accepts(&self, row: usize, segment: usize) -> bool {
        let meets = |(rule, figures): &(&Rule, Vec<&Figure<'_>>)| {
            rule.holds(&|index| match figures[index].alone {
                Some(_) => figures[index].at(Place::Customer(row)),
                None => figures[index].at(Place::Segment(segment)),
            })
        };
        self.rules.iter().any(meets) != self.rest
    }
}
