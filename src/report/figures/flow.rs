//! View -> the flow of customers between groups from the previous run to this one, with
//! entrants and leavers, and the migration matrix.

use std::collections::BTreeMap;

use crate::report::view::{NEUTRAL, Rgb, View};
use crate::types::GroupKey;

/// A group before or after, or the entrants (before), or the leavers (after).
#[derive(Clone, Debug, PartialEq)]
pub(in crate::report) struct Node {
    /// Name in the page's language.
    pub(in crate::report) name: String,
    /// The group; none for entrants and leavers.
    pub(in crate::report) group: Option<GroupKey>,
    /// Colour of the group.
    pub(in crate::report) color: Rgb,
    /// Customers.
    pub(in crate::report) customers: usize,
}

/// Customers who went one way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) struct Link {
    /// Index into [`FlowFigure::before`].
    pub(in crate::report) from: usize,
    /// Index into [`FlowFigure::after`].
    pub(in crate::report) to: usize,
    /// How many.
    pub(in crate::report) customers: usize,
}

/// The flow. Groups stand in the same order on both sides: by customers before and after
/// together, then by key; entrants and leavers last.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::report) struct FlowFigure {
    /// Left side.
    pub(in crate::report) before: Vec<Node>,
    /// Right side.
    pub(in crate::report) after: Vec<Node>,
    /// Sorted by `from`, then `to`.
    pub(in crate::report) links: Vec<Link>,
}

impl FlowFigure {
    /// Customers of the largest node of either side.
    pub(in crate::report) fn customers_of_largest(&self) -> usize {
        self.before.iter().chain(&self.after).map(|node| node.customers).max().unwrap_or(0)
    }

    /// Customers from `from` to `to`.
    pub(in crate::report) fn customers(&self, from: usize, to: usize) -> usize {
        self.links
            .iter()
            .filter(|link| (link.from, link.to) == (from, to))
            .map(|link| link.customers)
            .sum()
    }
}

/// The flow; none without a comparison.
pub(in crate::report) fn flow(view: &View) -> Option<FlowFigure> {
    let comparison = view.run.comparison.as_ref()?;
    let mut weight: BTreeMap<&GroupKey, usize> = BTreeMap::new();
    for flow in &comparison.group_flows {
        for group in flow.from.iter().chain(&flow.to) {
            *weight.entry(group).or_default() += flow.customers;
        }
    }
    let mut order: Vec<&GroupKey> = weight.keys().copied().collect();
    order.sort_by_key(|group| (std::cmp::Reverse(weight[group]), *group));
    let rank: BTreeMap<&GroupKey, usize> =
        order.iter().enumerate().map(|(at, group)| (*group, at)).collect();
    let last = order.len();
    let place = |group: Option<&GroupKey>| group.map_or(last, |group| rank[group]);

    let mut counts: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let (mut before, mut after) = (vec![0; last + 1], vec![0; last + 1]);
    for flow in comparison.group_flows.iter().filter(|flow| flow.customers > 0) {
        let (from, to) = (place(flow.from.as_ref()), place(flow.to.as_ref()));
        *counts.entry((from, to)).or_default() += flow.customers;
        before[from] += flow.customers;
        after[to] += flow.customers;
    }
    let side = |customers: &[usize], outside: &str| {
        let mut index = vec![None; customers.len()];
        let mut nodes = Vec::new();
        for (at, customers) in customers.iter().copied().enumerate().filter(|(_, n)| *n > 0) {
            index[at] = Some(nodes.len());
            let group = order.get(at).copied();
            nodes.push(Node {
                name: group.map_or_else(|| outside.to_owned(), |group| view.group_name(group)),
                group: group.cloned(),
                color: group.map_or(NEUTRAL, |group| view.group_color(group)),
                customers,
            });
        }
        (nodes, index)
    };
    let (before, from_index) = side(&before, view.texts.entrants);
    let (after, to_index) = side(&after, view.texts.leavers);
    let links = counts
        .into_iter()
        .filter_map(|((from, to), customers)| {
            Some(Link { from: from_index[from]?, to: to_index[to]?, customers })
        })
        .collect();
    Some(FlowFigure { before, after, links })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::track::Flow;
    use crate::types::Language;

    fn flow_of(from: Option<&str>, to: Option<&str>, customers: usize) -> Flow<GroupKey> {
        let key = |name: &str| GroupKey(name.into());
        Flow { from: from.map(key), to: to.map(key), customers, value: None }
    }

    #[test]
    fn both_sides_add_up_and_keep_one_order() {
        let mut run = sample::run(3, 60, Language::En);
        let comparison = run.comparison.as_mut().unwrap();
        comparison.group_flows = vec![
            flow_of(None, Some("b"), 4),
            flow_of(Some("a"), Some("a"), 10),
            flow_of(Some("a"), Some("b"), 3),
            flow_of(Some("a"), None, 2),
            flow_of(Some("b"), Some("b"), 30),
        ];
        let figure = flow(&View::new(&run)).unwrap();
        let names = |nodes: &[Node]| {
            nodes.iter().map(|node| (node.name.clone(), node.customers)).collect::<Vec<_>>()
        };
        let pair = |name: &str, customers| (name.to_owned(), customers);
        assert_eq!(
            names(&figure.before),
            [pair("b", 30), pair("a", 15), pair("Not there before", 4)]
        );
        assert_eq!(
            names(&figure.after),
            [pair("b", 37), pair("a", 10), pair("No longer there", 2)]
        );
        assert_eq!(figure.customers(1, 0), 3);
        assert_eq!(figure.customers(2, 0), 4);
        assert_eq!(figure.links.iter().map(|link| link.customers).sum::<usize>(), 49);
    }

    #[test]
    fn none_for_the_first_run() {
        let mut run = sample::run(3, 60, Language::En);
        run.comparison = None;
        assert_eq!(flow(&View::new(&run)), None);
    }
}
