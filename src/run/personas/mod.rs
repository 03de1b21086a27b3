//! A run (n buyers, k segments) -> a card for each segment and each group: who they are, how they
//! buy, what they are worth, where they stand, against all buyers. The content of
//! `personas.json`; the report draws it.
//!
//! Shares of attributes have an index (100 as among all buyers) that is marked where chance
//! alone would hardly give it (`chance`), and cells of few customers are hidden with as many
//! others as it takes that no hidden one can be computed (`suppress`). Sizes and sums of money are
//! the run's bookkeeping, stand in `segments.json` too, and are always shown. Names, reasons,
//! treatments and typical customers of a segment are in its record and not repeated here.

mod chance;
mod figures;
mod suppress;
#[cfg(test)]
mod suppress_tests;
mod tables;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use self::figures::{figures, quartiles};
use self::tables::Table;
use super::{Assignment, Run};
use crate::features::{LIFECYCLE_COLUMN, Unit};
use crate::types::{GroupKey, SegmentId};

/// Customers that a shown cell has at least, where the configuration does not say: 10.
pub const MIN_CELL: usize = 10;
/// Share of false ones among the marked indices, at most, in expectation.
pub const FALSE_DISCOVERIES: f64 = 0.05;
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
    /// Customers without a value, who are in no share; none where nearly everybody has one.
    pub without: Option<Count>,
    /// The same among all buyers.
    pub without_of_all: Option<usize>,
    /// Of a number; none of words, and where a cell below is hidden.
    pub own: Option<Quartiles>,
    /// The same of all buyers.
    pub everybody: Option<Quartiles>,
    /// One a value.
    pub cells: Vec<Cell>,
}

/// The customers of a card who have one value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// The value.
    #[serde(flatten)]
    pub value: Counted,
    /// How many.
    pub customers: Count,
    /// Of the customers of the card who have any value; none where hidden.
    pub share: Option<f64>,
    /// The same among all buyers.
    pub share_of_all: f64,
    /// 100 times the first over the second; none where hidden.
    pub index: Option<f64>,
    /// Two-sided p-value of that index under chance; none where hidden.
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
        /// How many values; having none may be one of them.
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

/// A number of customers, or why it is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Count {
    /// So many.
    Shown(usize),
    /// Hidden.
    Hidden(Why),
}

/// Why a count is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Below [`Personas::min_cell`].
    Small,
    /// A small one could be computed from it; rarely, a small one of which that may not be told.
    Withheld,
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
        match counted.and_then(|table| rows.portraits(&table, least)) {
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
        rows.portraits(&Table::of_words(LIFECYCLE_COLUMN, words, least)?, least)
    });
    if let Some((of_groups, of_segments)) = stages {
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

    /// The portraits of groups and of segments; none where the small cells cannot be protected.
    fn portraits(&self, table: &Table, least: usize) -> Option<(Vec<Portrait>, Vec<Portrait>)> {
        let counts = counted(table, &self.segment_of, self.segments.len());
        let dear = table.missing.then(|| table.columns() - 1);
        let protected = suppress::hide(&counts, &self.group_of, least, dear)?;
        let groups = suppress::sums(&counts, &self.group_of);
        let of = |counts: &[Vec<usize>], hidden: &[Vec<bool>], part_of: &[usize]| {
            portraits(table, counts, (hidden, protected.told), part_of, least)
        };
        let of_groups = of(&groups, &protected.groups, &self.group_of_customer());
        Some((of_groups, of(&counts, &protected.segments, &self.segment_of)))
    }

    /// Where customers were in the run before: segments and groups each by themselves, as neither
    /// are sums of the other.
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
        let alone = |words: Vec<String>, part_of: &[usize], parts: usize| {
            let words = words.iter().map(|word| Some(word.as_str()));
            let table = Table::of_words("origin", words, least)?;
            let counts = counted(&table, part_of, parts);
            let hidden = suppress::hide(&counts, &vec![0; parts], least, None)?;
            Some(portraits(&table, &counts, (&hidden.segments, hidden.told), part_of, least))
        };
        let words: Vec<String> = self.assigned.iter().map(segment).collect();
        let own = alone(words, &self.segment_of, cards.1.len()).into_iter().flatten();
        cards.1.iter_mut().zip(own).for_each(|(card, own)| card.origins = Some(own));
        let words: Vec<String> = self.assigned.iter().map(group).collect();
        let part_of = self.group_of_customer();
        let own = alone(words, &part_of, cards.0.len()).into_iter().flatten();
        cards.0.iter_mut().zip(own).for_each(|(card, own)| card.origins = Some(own));
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

/// One portrait a row of `counts`, with what is `hidden` hidden, and `told` whether it is small.
fn portraits(
    table: &Table,
    counts: &[Vec<usize>],
    (hidden, told): (&[Vec<bool>], bool),
    part_of: &[usize],
    least: usize,
) -> Vec<Portrait> {
    let values = table.values.len();
    let all: Vec<usize> =
        (0..table.columns()).map(|at| counts.iter().map(|row| row[at]).sum()).collect();
    let known: usize = all[..values].iter().sum();
    let everybody = quartiles(&table.numbers, least);
    let mut numbers = vec![Vec::new(); counts.len()];
    for (part, number) in part_of.iter().zip(&table.numbers) {
        numbers[*part].push(*number);
    }
    (counts.iter().zip(hidden).zip(numbers))
        .map(|((counts, hidden), numbers)| {
            let count = |at: usize| match (hidden[at], told && counts[at] < least) {
                (false, _) => Count::Shown(counts[at]),
                (true, true) => Count::Hidden(Why::Small),
                (true, false) => Count::Hidden(Why::Withheld),
            };
            let without = table.missing.then(|| count(values));
            // Who may not be told apart from those with a value is counted among them.
            let base: usize = match without {
                None | Some(Count::Hidden(Why::Small)) => counts.iter().sum(),
                _ => counts[..values].iter().sum(),
            };
            // A share would give away how many have a value.
            let secret = without == Some(Count::Hidden(Why::Withheld));
            let cells: Vec<Cell> = (table.values.iter().enumerate())
                .map(|(at, value)| {
                    let customers = match (secret, count(at)) {
                        (true, Count::Shown(_)) => Count::Hidden(Why::Withheld),
                        (_, count) => count,
                    };
                    let shown = matches!(customers, Count::Shown(_)) && base > 0;
                    let share = shown.then(|| counts[at] as f64 / base as f64);
                    let share_of_all = all[at] as f64 / known.max(1) as f64;
                    let p_value = || chance::p_value((counts[at], base), (all[at], known));
                    Cell {
                        value: value.clone(),
                        customers,
                        share,
                        share_of_all,
                        index: share.map(|share| 100.0 * share / share_of_all),
                        p_value: if shown { p_value() } else { None },
                        stands_out: false,
                    }
                })
                .collect();
            // Quartiles bound the counts of bands.
            let whole = cells.iter().all(|cell| matches!(cell.customers, Count::Shown(_)));
            Portrait {
                attribute: table.name.clone(),
                without,
                without_of_all: table.missing.then(|| all[values]),
                own: if whole { quartiles(&numbers, least) } else { None },
                everybody,
                cells,
            }
        })
        .collect()
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
