//! A taxonomy on the data of a run -> what each rule came to: groups that nothing gets, rules
//! that hold together, the part of customers and revenue that `otherwise` alone reaches, and what
//! cannot be told for lack of a feature.

use super::super::error::Place;
use super::super::fault::Fault;
use super::super::figures::{Figures, Place as Of};
use super::super::notes::missing;
use super::super::population::Population;
use super::super::profile::{REVENUE, profiles};
use super::super::rule::{Rule, Scope, Source, mask};
use super::super::segments::label;
use super::super::taxonomy::{Group, Mode, Taxonomy};
use super::super::words;
use super::Seen;
use crate::features::Unit;
use crate::types::Language;

/// What came of the rules.
struct Tally {
    /// Who meets each rule.
    met: Vec<usize>,
    /// Who gets each group.
    got: Vec<usize>,
    /// `[upper][lower]`: who gets the upper and meets the rule of the lower.
    taken: Vec<Vec<usize>>,
    /// Who gets each group, in customers and in revenue, as shares.
    shares: Vec<(f64, f64)>,
}

/// `start` is the place of what concerns the file as a whole.
pub(super) fn faults(taxonomy: &Taxonomy, seen: &Seen<'_>, start: &Place) -> Vec<(Place, Fault)> {
    let population = Population::new(seen.table, taxonomy);
    let mut found: Vec<(Place, Fault)> = missing(taxonomy, &population)
        .into_iter()
        .map(|(features, text)| {
            let (features, text) = (features.join("`, `"), text.clone());
            (start.clone(), Fault::SeenWithout { features, text })
        })
        .collect();
    let tally = match (taxonomy.of, taxonomy.mode) {
        (Scope::Customers, _) => of_customers(&population, taxonomy),
        (Scope::Segments, Mode::Rules) => of_segments(&population, taxonomy, seen),
        (Scope::Segments, _) => of_prototypes(taxonomy, seen),
    };
    if let Some(tally) = tally {
        found.extend(told(taxonomy, &population, &tally));
    }
    found
}

fn told(taxonomy: &Taxonomy, population: &Population<'_>, tally: &Tally) -> Vec<(Place, Fault)> {
    let groups = taxonomy.groups();
    let customers = taxonomy.of == Scope::Customers;
    let counted = |count: usize| match (customers, count) {
        (true, 1) => "1 customer".to_owned(),
        (true, _) => format!("{count} customers"),
        (false, 1) => "1 segment".to_owned(),
        (false, _) => format!("{count} segments"),
    };
    let mut found = Vec::new();
    for (index, group) in groups.iter().enumerate() {
        let key = group.key.0.clone();
        let place = group.place.clone();
        let above = groups[..index].iter().zip(&tally.taken);
        let by: Vec<String> = above
            .filter(|(_, taken)| taken[index] > 0)
            .map(|(upper, taken)| format!("`{}` {}", upper.key, taken[index]))
            .collect();
        let (by, met) = (by.join(", "), counted(tally.met[index]));
        let fault = match (group.is_rest(), tally.got[index], tally.met[index]) {
            (false, 0, 1..) => Fault::SeenShadowed { group: key, met, by, customers },
            (_, 0, _) => Fault::SeenEmpty { group: key, why: empty(group, population, customers) },
            (true, ..) => {
                let shown = |share| words::figure(share, Unit::Share, 1, Language::En);
                let (customers, revenue) = tally.shares[index];
                let (customers, revenue) = (shown(customers), shown(revenue));
                Fault::SeenRest { group: key, customers, revenue }
            }
            (false, got, all) if got < all => {
                Fault::SeenOverlap { group: key, taken: all - got, met, by }
            }
            _ => continue,
        };
        found.push((place, fault));
    }
    found
}

fn empty(group: &Group, population: &Population<'_>, customers: bool) -> String {
    let rules = group.rule().into_iter().flat_map(Rule::mentions);
    let names = rules.filter_map(|(statistic, _)| statistic.feature());
    let mut lacking: Vec<&str> = names.filter(|name| !population.knows(name)).collect();
    lacking.sort_unstable();
    lacking.dedup();
    if group.rule().is_none() {
        return "no segment is nearest to its profile".into();
    }
    match (lacking.is_empty(), group.is_rest(), customers) {
        (false, ..) => {
            format!("the run has no `{}`, which its rule asks for", lacking.join("`, `"))
        }
        (true, true, _) => "the rules above take everyone".into(),
        (true, false, true) => "no customer meets its rule; look at its bounds".into(),
        (true, false, false) => "no segment meets its rule".into(),
    }
}

fn of_customers(population: &Population<'_>, taxonomy: &Taxonomy) -> Option<Tally> {
    let groups = taxonomy.groups();
    let rules: Vec<&Rule> = groups.iter().filter_map(Group::rule).collect();
    let figures = Figures::alone(population, rules.iter().copied());
    let undefined = Source::All(None);
    let sources: Vec<Vec<&Source<'_>>> = rules
        .iter()
        .map(|rule| {
            let own = figures.of_rule(rule).into_iter();
            own.map(|figure| figure.alone.as_ref().unwrap_or(&undefined)).collect()
        })
        .collect();
    let revenue = population.number(REVENUE)?;
    let mut tally = Tally::new(groups.len());
    let mut spent = vec![0.0; groups.len()];
    for rows in population.blocks() {
        let masks: Vec<Vec<bool>> = rules
            .iter()
            .zip(&sources)
            .map(|(rule, sources)| mask(rule.condition(), sources, rows.clone()))
            .collect();
        for (at, row) in rows.enumerate() {
            let meets = |index: usize| masks[index][at];
            let first = tally.count(groups.len(), meets);
            let spend = revenue[row];
            spent[first] += if spend.is_nan() { 0.0 } else { spend };
        }
    }
    let (all, total) = (population.rows.max(1) as f64, spent.iter().sum::<f64>());
    for (index, spent) in spent.iter().enumerate() {
        let share = if total > 0.0 { spent / total } else { 0.0 };
        tally.shares[index] = (tally.got[index] as f64 / all, share);
    }
    Some(tally)
}

fn of_segments(population: &Population<'_>, taxonomy: &Taxonomy, seen: &Seen<'_>) -> Option<Tally> {
    let profiles = profiles(seen.table, seen.segment_of, seen.k).ok()?;
    let groups = taxonomy.groups();
    let rules: Vec<&Rule> = groups.iter().filter_map(Group::rule).collect();
    let of = Some((&profiles, seen.segment_of));
    let figures = Figures::new(population, rules.iter().copied(), of);
    let mut tally = Tally::new(groups.len());
    for (segment, profile) in profiles.segments.iter().enumerate() {
        if profile.customers == 0 {
            continue;
        }
        let held: Vec<bool> =
            rules.iter().map(|rule| figures.meets(rule, Of::Segment(segment))).collect();
        let first = tally.count(groups.len(), |index| held[index]);
        tally.shares[first].0 += profile.share_of_customers;
        tally.shares[first].1 += profile.share_of_revenue.unwrap_or(0.0);
    }
    Some(tally)
}

fn of_prototypes(taxonomy: &Taxonomy, seen: &Seen<'_>) -> Option<Tally> {
    let labels = label(seen.table, seen.segment_of, seen.k, taxonomy).ok()?;
    let groups = taxonomy.groups();
    let mut tally = Tally::new(groups.len());
    for (profile, label) in &labels.segments {
        let index = groups.iter().position(|group| group.key == label.group)?;
        if profile.customers > 0 {
            tally.got[index] += 1;
            tally.met[index] += 1;
        }
    }
    Some(tally)
}

impl Tally {
    fn new(groups: usize) -> Self {
        Self {
            met: vec![0; groups],
            got: vec![0; groups],
            taken: vec![vec![0; groups]; groups],
            shares: vec![(0.0, 0.0); groups],
        }
    }

    /// Counts one customer or segment; the group it gets.
    fn count(&mut self, groups: usize, meets: impl Fn(usize) -> bool) -> usize {
        let first = (0..groups).find(|&index| meets(index)).unwrap_or(groups - 1);
        self.got[first] += 1;
        self.met[first] += 1;
        for lower in first + 1..groups {
            if meets(lower) {
                self.met[lower] += 1;
                self.taken[first][lower] += 1;
            }
        }
        first
    }
}
