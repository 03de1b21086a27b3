//! A run (n buyers, k segments) -> a card for each segment and each group: who they are, how they
//! buy, what they are worth, where they stand, against all buyers. The content of
//! `personas.json`; the report draws it.
//!
//! Shares of attributes have an index (100 as among all buyers) that is marked where chance
//! alone would hardly give it (`chance`), and cells of few customers are hidden with as many
//! others as it takes that no small one can be computed (`suppress`). Sizes and sums of money are
//! the run's bookkeeping and are always shown. Stages and origins follow from the purchases, as
//! segments do, and stand in the run's other tables too: a small cell is left out of the card, but
//! gets no company. Names, reasons, treatments and typical customers of a segment are in its
//! record and not repeated here.

mod chance;
mod figures;
mod portrait;
mod suppress;
#[cfg(test)]
mod suppress_tests;
mod tables;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use self::figures::figures;
use self::portrait::portraits;
use self::tables::Table;
use super::{Assignment, Run};
use crate::features::{LIFECYCLE_COLUMN, Unit};
use crate::types::{GroupKey, SegmentId};

/// Customers that a shown cell has at least, where the configuration does not say: 10.
pub const MIN_CELL: usize = 10;
/// Share of false ones among the marked indices, at most, in expectation.
pub const FALSE_DISCOVERIES: f64 = 0.05;
/// A share of which less is known is none.
pub const TOLERANCE: f64 = 0.25;
/// The origin of customers who were in the same segment or group in the run before.
pub const STAYED: &str = "stayed";
/// The origin of customers who were in none.
pub const ENTERED: &str = "entered";

/// The content of `personas.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Personas {
    /// Cells of fewer customers are hidden.
    pub min_cell: usize,
    /// [`FALSE_DISCOVERIES`].
    pub false_discovery_rate: f64,
    /// Attributes that no card tells of: fewer than two values with enough customers, or no way to
    /// protect the small cells.
    pub left_out: Vec<String>,
    /// One card a group with customers, by key.
    pub groups: Vec<Persona>,
    /// One card a segment, by lineage id.
    pub segments: Vec<Persona>,
}

/// The card of a segment or a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Persona {
    /// The group.
    pub group: GroupKey,
    /// The segments that it is made of: of a group's card all of the group.
    pub segments: Vec<SegmentId>,
    /// Customers.
    pub customers: usize,
    /// Of all buyers.
    pub share_of_customers: f64,
    /// One for each attribute of the customer table.
    pub portrait: Vec<Portrait>,
    /// Buying behaviour, value, time as a customer.
    pub figures: Vec<Figure>,
    /// Stages of the lifecycle; none where all are in one.
    pub stages: Option<Portrait>,
    /// Where they were in the run before; none without one.
    pub origins: Option<Portrait>,
}

/// The customers of a card by the values of one attribute.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Portrait {
    /// Its name.
    pub attribute: String,
    /// Customers who have a value: of these are the shares.
    pub known: Count,
    /// The same among all buyers.
    pub known_of_all: usize,
    /// Of a number; none of words, and where a cell below is hidden.
    pub own: Option<Quartiles>,
    /// The same of all buyers.
    pub everybody: Option<Quartiles>,
    /// One a value.
    pub cells: Vec<Cell>,
}

impl Portrait {
    /// Whether the share of a cell is exact, not the middle of an interval.
    pub fn is_exact(&self, cell: &Cell) -> bool {
        matches!((self.known, cell.customers), (Count::Exact(_), Count::Exact(_)))
    }
}

/// The customers of a card who have one value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// The value.
    #[serde(flatten)]
    pub value: Counted,
    /// How many.
    pub customers: Count,
    /// Of the customers of the card who have any value, the middle where a number is an
    /// interval; none where the ends would be further than [`TOLERANCE`] of it away.
    pub share: Option<f64>,
    /// The same among all buyers.
    pub share_of_all: f64,
    /// 100 times the first over the second; none without a share.
    pub index: Option<f64>,
    /// Two-sided p-value of that index under chance, the highest of an interval; none without a
    /// share.
    pub p_value: Option<f64>,
    /// Whether it stands out at the false discovery rate.
    pub stands_out: bool,
}

/// What a cell counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Counted {
    /// One value of an attribute, a key of a stage, or where customers were.
    Value {
        /// As in the table.
        value: String,
    },
    /// One value of a number that has few.
    Number {
        /// The value.
        number: f64,
    },
    /// Values that are rare among all buyers, together.
    Others {
        /// How many values.
        others: usize,
    },
    /// Numbers between quartiles of all buyers.
    Band {
        /// Above this; none for the lowest.
        above: Option<f64>,
        /// Up to this; none for the highest.
        up_to: Option<f64>,
    },
}

impl Counted {
    /// How many values.
    fn values(&self) -> usize {
        match self {
            Self::Others { others } => *others,
            _ => 1,
        }
    }
}

/// A number of customers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Count {
    /// So many.
    Exact(usize),
    /// Hidden: what else is shown says no more. Up to [`Personas::min_cell`] less one where it is
    /// small itself, beyond where a small one could be computed from it.
    Between {
        /// At least.
        from: usize,
        /// At most.
        to: usize,
    },
}

impl Count {
    /// The lowest and the highest number that it may be.
    pub fn ends(self) -> (usize, usize) {
        match self {
            Self::Exact(count) => (count, count),
            Self::Between { from, to } => (from, to),
        }
    }

    /// Whether it is hidden for being below `least` itself.
    pub fn is_small(self, least: usize) -> bool {
        matches!(self, Self::Between { to, .. } if to < least)
    }

    fn between((from, to): (usize, usize)) -> Self {
        if from == to { Self::Exact(from) } else { Self::Between { from, to } }
    }
}

/// First quartile, median and third quartile (type 7 of Hyndman and Fan 1996).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quartiles {
    /// A quarter lies below.
    pub low: f64,
    /// Half lies below.
    pub median: f64,
    /// A quarter lies above.
    pub high: f64,
}

/// One feature of the customers of a card.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// Its name.
    pub feature: String,
    /// Unit of all figures.
    pub unit: Unit,
    /// Of the customers for whom it is defined; none where these are fewer than
    /// [`Personas::min_cell`].
    pub own: Option<Quartiles>,
    /// The same of all buyers.
    pub everybody: Option<Quartiles>,
    /// Sum, of money alone.
    pub total: Option<f64>,
    /// Of all buyers' sum; none where that is not above 0.
    pub share_of_total: Option<f64>,
}

/// The cards of a run. O(n (log n + attributes) + h k c) for h hidden cells, c values of an
/// attribute.
pub fn personas(run: &Run) -> Personas {
    let least = min_cell(run);
    let table = &run.features;
    let rows = Rows::of(run);
    let mut left_out = Vec::new();
    let mut cards: Cards = (rows.empty(&rows.groups), rows.empty(&rows.segments));
    let words = table.attributes.iter().map(|column| {
        let words = column.values.iter().map(Option::as_deref);
        (&column.name, Table::of_words(&column.name, words, least))
    });
    let numbers = table.columns.iter().filter(|column| column.unit == Unit::Attribute);
    let numbers = numbers
        .map(|column| (&column.name, Table::of_numbers(&column.name, &column.values, least)));
    for (name, counted) in words.chain(numbers) {
        match counted.and_then(|table| rows.portraits(table, least)) {
            Some((of_groups, of_segments)) => {
                cards.0.iter_mut().zip(of_groups).for_each(|(card, own)| card.portrait.push(own));
                cards.1.iter_mut().zip(of_segments).for_each(|(card, own)| card.portrait.push(own));
            }
            None => left_out.push(name.clone()),
        }
    }
    left_out.sort();
    let stages = table.methods.iter().find(|column| column.name == LIFECYCLE_COLUMN);
    let stages = stages.and_then(|column| {
        let words = column.values.iter().map(Option::as_deref);
        Table::of_words(LIFECYCLE_COLUMN, words, least)
    });
    if let Some(table) = stages {
        let of_groups = rows.own(&table, (&rows.group_of_customer(), rows.groups.len()), least);
        let of_segments = rows.own(&table, (&rows.segment_of, rows.segments.len()), least);
        cards.0.iter_mut().zip(of_groups).for_each(|(card, own)| card.stages = Some(own));
        cards.1.iter_mut().zip(of_segments).for_each(|(card, own)| card.stages = Some(own));
    }
    if run.comparison.is_some() {
        rows.origins(run, least, &mut cards);
    }
    let of_groups = figures(table, &rows.group_of_customer(), rows.groups.len(), least);
    let of_segments = figures(table, &rows.segment_of, rows.segments.len(), least);
    cards.0.iter_mut().zip(of_groups).for_each(|(card, own)| card.figures = own);
    cards.1.iter_mut().zip(of_segments).for_each(|(card, own)| card.figures = own);
    cards.0.retain(|card| card.customers > 0);
    mark(&mut cards.0);
    mark(&mut cards.1);
    Personas {
        min_cell: least,
        false_discovery_rate: FALSE_DISCOVERIES,
        left_out,
        groups: cards.0,
        segments: cards.1,
    }
}

/// `[report] min_cell` of the run's configuration.
fn min_cell(run: &Run) -> usize {
    let set = run.manifest.config.pointer("/report/min_cell").and_then(serde_json::Value::as_u64);
    set.and_then(|least| usize::try_from(least).ok()).unwrap_or(MIN_CELL)
}

/// Cards of groups and of segments.
type Cards = (Vec<Persona>, Vec<Persona>);

/// Whose customers each card counts.
struct Rows<'a> {
    customers: usize,
    assigned: Vec<&'a Assignment>,
    /// By place: key or id with the segments.
    groups: Vec<(GroupKey, Vec<SegmentId>)>,
    segments: Vec<(GroupKey, Vec<SegmentId>)>,
    /// Place of each customer's segment.
    segment_of: Vec<usize>,
    /// Place of each segment's group.
    group_of: Vec<usize>,
}

impl<'a> Rows<'a> {
    fn of(run: &'a Run) -> Self {
        let segments: Vec<(GroupKey, Vec<SegmentId>)> = (run.segments.segments.iter())
            .map(|segment| (segment.label.group.clone(), vec![segment.segment]))
            .collect();
        let places: BTreeMap<SegmentId, usize> =
            segments.iter().enumerate().map(|(place, (_, ids))| (ids[0], place)).collect();
        let mut by_key: BTreeMap<GroupKey, Vec<SegmentId>> = BTreeMap::new();
        for (group, ids) in &segments {
            by_key.entry(group.clone()).or_default().extend(ids);
        }
        let groups: Vec<(GroupKey, Vec<SegmentId>)> = by_key.into_iter().collect();
        let group_of = (segments.iter())
            .filter_map(|(key, _)| groups.binary_search_by(|(group, _)| group.cmp(key)).ok())
            .collect();
        // Buyers and assignments are sorted by customer, and every buyer has a segment.
        let assigned: Vec<&Assignment> =
            run.assignments.iter().filter(|assignment| assignment.segment.is_some()).collect();
        let segment_of = (assigned.iter())
            .filter_map(|assignment| places.get(&assignment.segment?).copied())
            .collect();
        Self { customers: run.features.len(), assigned, groups, segments, segment_of, group_of }
    }

    fn group_of_customer(&self) -> Vec<usize> {
        self.segment_of.iter().map(|segment| self.group_of[*segment]).collect()
    }

    /// Cards without content.
    fn empty(&self, of: &[(GroupKey, Vec<SegmentId>)]) -> Vec<Persona> {
        let mut sizes: BTreeMap<SegmentId, usize> = BTreeMap::new();
        for segment in &self.segment_of {
            *sizes.entry(self.segments[*segment].1[0]).or_default() += 1;
        }
        of.iter()
            .map(|(group, segments)| {
                let own = segments.iter().filter_map(|segment| sizes.get(segment));
                let customers: usize = own.sum();
                Persona {
                    group: group.clone(),
                    segments: segments.clone(),
                    customers,
                    share_of_customers: customers as f64 / self.customers.max(1) as f64,
                    portrait: Vec::new(),
                    figures: Vec::new(),
                    stages: None,
                    origins: None,
                }
            })
            .collect()
    }

    /// The portraits of groups and of segments. Values that cannot be protected are counted together
    /// with others; none where fewer than two are left then.
    fn portraits(&self, mut table: Table, least: usize) -> Option<(Vec<Portrait>, Vec<Portrait>)> {
        loop {
            let counts = counted(&table, &self.segment_of, self.segments.len());
            match suppress::hide(&counts, &self.group_of, least, table.without()) {
                Err(column) => table = table.coarser(column)?,
                Ok(hidden) => {
                    let groups = suppress::sums(&counts, &self.group_of);
                    let part_of = self.group_of_customer();
                    let groups = portraits(&table, &groups, &hidden.groups, &part_of, least);
                    let own = &self.segment_of;
                    let segments = portraits(&table, &counts, &hidden.segments, own, least);
                    return Some((groups, segments));
                }
            }
        }
    }

    /// Portraits without the small cells; these have no company.
    fn own(
        &self,
        table: &Table,
        (part_of, parts): (&[usize], usize),
        least: usize,
    ) -> Vec<Portrait> {
        let counts = counted(table, part_of, parts);
        let hidden = suppress::small_alone(&counts, least);
        portraits(table, &counts, &hidden, part_of, least)
    }

    /// Where customers were in the run before.
    fn origins(&self, run: &Run, least: usize, cards: &mut Cards) {
        let as_of = run.manifest.as_of.0;
        let segment = |assignment: &&Assignment| match assignment.previous_segment {
            None => ENTERED.to_owned(),
            was if was == assignment.segment => STAYED.to_owned(),
            Some(was) => was.to_string(),
        };
        let group = |assignment: &&Assignment| {
            let changed = assignment.group_changed_on == as_of;
            match &assignment.previous_group {
                _ if assignment.previous_segment.is_none() => ENTERED.to_owned(),
                Some(was) if changed => was.0.clone(),
                _ => STAYED.to_owned(),
            }
        };
        let own = |words: Vec<String>, part_of: &[usize], cards: &mut [Persona]| {
            let words = words.iter().map(|word| Some(word.as_str()));
            let Some(table) = Table::of_words("origin", words, least) else { return };
            let portraits = self.own(&table, (part_of, cards.len()), least);
            cards.iter_mut().zip(portraits).for_each(|(card, own)| card.origins = Some(own));
        };
        own(self.assigned.iter().map(segment).collect(), &self.segment_of, &mut cards.1);
        let part_of = self.group_of_customer();
        own(self.assigned.iter().map(group).collect(), &part_of, &mut cards.0);
    }
}

/// Customers by part and column.
fn counted(table: &Table, part_of: &[usize], parts: usize) -> Vec<Vec<usize>> {
    let mut counts = vec![vec![0; table.columns()]; parts];
    for (part, column) in part_of.iter().zip(&table.column_of) {
        counts[*part][*column as usize] += 1;
    }
    counts
}

/// Marks what stands out among all indices of these cards.
fn mark(cards: &mut [Persona]) {
    let mut p_values = Vec::new();
    each_cell(cards, &mut |cell: &mut Cell| p_values.extend(cell.p_value));
    let mut found = chance::discoveries(&p_values, FALSE_DISCOVERIES).into_iter();
    each_cell(cards, &mut |cell: &mut Cell| {
        cell.stands_out = cell.p_value.is_some() && found.next().unwrap_or(false);
    });
}

/// Every cell that has an index to test: of attributes and of stages.
fn each_cell(cards: &mut [Persona], act: &mut dyn FnMut(&mut Cell)) {
    for card in cards {
        let portraits = card.portrait.iter_mut().chain(&mut card.stages);
        portraits.flat_map(|portrait| &mut portrait.cells).for_each(&mut *act);
    }
}
