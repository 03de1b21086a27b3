//! A population, its segments and the rules of a taxonomy -> the value of every statistic: for
//! each segment, for each customer alone, and for all customers beside it.

use super::population::Population;
use super::profile::percentile;
use super::rule::{Percent, Rule, Source, Statistic};
use super::{Profile, Profiles};
use crate::features::Unit;

/// Interquartile range of ranks, which are even, over that of a standard normal.
const SPREAD_OF_RANKS: f64 = 0.5 / 1.348_979_500_392_163_5;

/// All distinct statistics of a taxonomy.
pub(super) struct Figures<'a> {
    all: Vec<Figure<'a>>,
}

/// One statistic with its values.
pub(super) struct Figure<'a> {
    pub(super) statistic: &'a Statistic,
    pub(super) unit: Unit,
    /// One value a segment, by cluster index; empty where segments are not looked at.
    segments: Vec<Option<f64>>,
    /// The value of a customer judged alone; none for what only a segment has.
    pub(super) alone: Option<Source<'a>>,
    /// What a reader holds the figure against.
    pub(super) of_all: Option<f64>,
    /// How far customers, or segments, lie apart by it; 0 for a figure of all customers.
    pub(super) spread: Option<f64>,
}

/// Of whom the value of a statistic is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A cluster index.
    Segment(usize),
    /// A row of the population.
    Customer(usize),
}

impl<'a> Figures<'a> {
    /// For segments: `profiles` and the number of each buyer's segment; for customers without.
    pub(super) fn new(
        population: &'a Population<'a>,
        rules: impl Iterator<Item = &'a Rule>,
        segments: Option<(&Profiles, &[u32])>,
    ) -> Self {
        let mut all: Vec<Figure<'a>> = Vec::new();
        for statistic in rules.flat_map(Rule::statistics) {
            if all.iter().all(|figure| figure.statistic != statistic) {
                all.push(Figure::new(population, statistic, segments));
            }
        }
        Self { all }
    }

    /// For customers, without what only a reader and a margin need.
    pub(super) fn alone(
        population: &'a Population<'a>,
        rules: impl Iterator<Item = &'a Rule>,
    ) -> Self {
        let mut all: Vec<Figure<'a>> = Vec::new();
        for statistic in rules.flat_map(Rule::statistics) {
            if all.iter().all(|figure| figure.statistic != statistic) {
                let alone = Some(population.source(statistic));
                let (unit, segments) = (Unit::Attribute, Vec::new());
                all.push(Figure { statistic, unit, segments, alone, of_all: None, spread: None });
            }
        }
        Self { all }
    }

    pub(super) fn get(&self, statistic: &Statistic) -> Option<&Figure<'a>> {
        self.all.iter().find(|figure| figure.statistic == statistic)
    }

    /// The figures of a rule in the order of its statistics.
    pub(super) fn of_rule(&self, rule: &Rule) -> Vec<&Figure<'a>> {
        rule.statistics().iter().filter_map(|statistic| self.get(statistic)).collect()
    }

    /// Whether the one at `place` meets `rule`.
    pub(super) fn meets(&self, rule: &Rule, place: Place) -> bool {
        let figures = self.of_rule(rule);
        rule.holds(&|index| figures[index].at(place))
    }
}

impl<'a> Figure<'a> {
    fn new(
        population: &'a Population<'a>,
        statistic: &'a Statistic,
        segments: Option<(&Profiles, &[u32])>,
    ) -> Self {
        let of_segment_alone = matches!(
            statistic,
            Statistic::Customers
                | Statistic::ShareOfCustomers
                | Statistic::ShareOfRevenue
                | Statistic::ShareOf(_)
        );
        let alone = (!of_segment_alone).then(|| population.source(statistic));
        let values = segments.map_or_else(Vec::new, |(profiles, segment_of)| {
            by_segment(population, statistic, alone.as_ref(), profiles, segment_of)
        });
        let everyone = population.buyers();
        let of_all = match (statistic, segments) {
            (Statistic::Customers, Some(_)) => Some(everyone as f64),
            (Statistic::Median(name) | Statistic::Own(name), _) => {
                population.quantile(name, Percent(50_000))
            }
            (Statistic::Mean(name), _) => population.mean(name),
            (Statistic::Share(rule), _) => population.share(&population.meets(rule)),
            _ => None,
        };
        let k = segments.map_or(1, |(profiles, _)| profiles.segments.len().max(1)) as f64;
        let spread = match statistic {
            Statistic::Own(name) | Statistic::Median(name) | Statistic::Mean(name) => {
                population.spread(name)
            }
            Statistic::Share(_) => {
                of_all.map(|p: f64| (p * (1.0 - p)).sqrt()).filter(|spread| *spread > 0.0)
            }
            // One segment of average size.
            Statistic::Customers => Some(everyone as f64 / k),
            Statistic::ShareOfCustomers | Statistic::ShareOfRevenue | Statistic::ShareOf(_) => {
                Some(1.0 / k)
            }
            Statistic::Rank { share, .. } => {
                Some(SPREAD_OF_RANKS * if *share { 1.0 } else { everyone as f64 })
            }
            Statistic::PopulationMedian(_)
            | Statistic::PopulationMean(_)
            | Statistic::PopulationShare(_)
            | Statistic::Percentile { .. } => Some(0.0),
            Statistic::Known(_) | Statistic::Text { .. } => None,
        };
        let unit = match statistic {
            Statistic::Customers => Unit::Count,
            Statistic::Rank { share, .. } => {
                if *share {
                    Unit::Share
                } else {
                    Unit::Count
                }
            }
            Statistic::ShareOfCustomers
            | Statistic::ShareOfRevenue
            | Statistic::ShareOf(_)
            | Statistic::Share(_)
            | Statistic::PopulationShare(_) => Unit::Share,
            other => other.feature().map_or(Unit::Attribute, |name| population.unit(name)),
        };
        Self { statistic, unit, segments: values, alone, of_all, spread }
    }

    /// The value at `place`, none where undefined.
    pub(super) fn at(&self, place: Place) -> Option<f64> {
        match place {
            Place::Segment(segment) => self.segments.get(segment).copied().flatten(),
            Place::Customer(row) => self.alone.as_ref()?.at(row),
        }
    }
}

/// The value of `statistic` for every segment; `alone` are those of single customers.
fn by_segment(
    population: &Population<'_>,
    statistic: &Statistic,
    alone: Option<&Source<'_>>,
    profiles: &Profiles,
    segment_of: &[u32],
) -> Vec<Option<f64>> {
    let segments = &profiles.segments;
    let each = |value: &dyn Fn(&Profile) -> Option<f64>| segments.iter().map(value).collect();
    // Buyers alone are in segments; prospects follow them.
    let members = |name: &str| {
        let mut members = vec![Vec::new(); segments.len()];
        if let Some(values) = population.number(name) {
            for (value, &segment) in values.iter().zip(segment_of) {
                if !value.is_nan() {
                    members[segment as usize].push(*value);
                }
            }
        }
        members
    };
    let mean = |values: Vec<f64>| {
        (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
    };
    match statistic {
        Statistic::Customers => each(&|profile| Some(profile.customers as f64)),
        Statistic::ShareOfCustomers => each(&|profile| Some(profile.share_of_customers)),
        Statistic::ShareOfRevenue => each(&|profile| profile.share_of_revenue),
        Statistic::Median(name) => {
            let members = members(name);
            let median = |mut values: Vec<f64>| {
                (!values.is_empty()).then(|| percentile(&mut values, Percent(50_000)))
            };
            members.into_iter().map(median).collect()
        }
        Statistic::Mean(name) => members(name).into_iter().map(mean).collect(),
        Statistic::ShareOf(name) => {
            let members = members(name);
            let sums: Vec<f64> = members.iter().map(|values| values.iter().sum()).collect();
            let total: f64 = sums.iter().sum();
            sums.into_iter().map(|sum| (total > 0.0).then(|| sum / total)).collect()
        }
        Statistic::Share(_) | Statistic::Known(_) => {
            let mut held = vec![0_usize; segments.len()];
            let flags = (0..).map(|row| alone.and_then(|source| source.at(row)));
            for (&segment, flag) in segment_of.iter().zip(flags) {
                held[segment as usize] += usize::from(flag.is_some_and(|flag| flag != 0.0));
            }
            let share = matches!(statistic, Statistic::Share(_));
            let value = |(held, profile): (usize, &Profile)| match (share, profile.customers) {
                (_, 0) => None,
                (true, customers) => Some(held as f64 / customers as f64),
                (false, _) => Some(if held > 0 { 1.0 } else { 0.0 }),
            };
            held.into_iter().zip(segments).map(value).collect()
        }
        Statistic::PopulationMedian(_)
        | Statistic::PopulationMean(_)
        | Statistic::PopulationShare(_)
        | Statistic::Percentile { .. } => {
            let value = alone.and_then(|source| source.at(0));
            vec![value; segments.len()]
        }
        Statistic::Own(_) | Statistic::Rank { .. } | Statistic::Text { .. } => {
            vec![None; segments.len()]
        }
    }
}
