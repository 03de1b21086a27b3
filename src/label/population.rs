//! FeatureTable (n buyers, and prospects) + the measures of a taxonomy -> the columns that rules
//! about one customer read, and figures of all buyers.
//!
//! Rows are the buyers in the table's order and, where a taxonomy names everyone, the prospects
//! after them. Of a prospect `n_orders` and `n_purchase_days` are 0 and `lifecycle_stage` is
//! `prospect`; what else is known of prospects stands in the table's own columns for them, and
//! everything else is undefined. Figures of all customers are of buyers alone.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::profile::percentile;
use super::rule::{BLOCK, Formula, Percent, Rule, Source, Statistic, Ties, mask, numbers};
use super::taxonomy::{Measure, Taxonomy};
use crate::features::{AttributeColumn, FeatureTable, LIFECYCLE_COLUMN, Stage, Unit};
use crate::types::Bilingual;

/// Features that are 0 for whoever has not bought.
const ZERO_FOR_PROSPECTS: [&str; 2] = ["n_orders", "n_purchase_days"];

/// Interquartile range of a normal distribution in standard deviations.
const NORMAL_IQR: f64 = 1.348_979_500_392_163_5;

/// Everyone a taxonomy may speak of, with the figures of each.
pub(super) struct Population<'a> {
    pub(super) table: &'a FeatureTable,
    /// Buyers, then prospects where everyone is named.
    pub(super) rows: usize,
    measures: Vec<Taken<'a>>,
    /// Place of each row by customer id; none where rows are in that order.
    by_id: Option<Vec<u32>>,
}

/// A measure with the way that this run allows.
struct Taken<'a> {
    measure: &'a Measure,
    /// Index of the way; none where none is possible.
    way: Option<usize>,
    unit: Unit,
    values: Vec<f64>,
}

impl<'a> Population<'a> {
    pub(super) fn new(table: &'a FeatureTable, taxonomy: &'a Taxonomy) -> Self {
        let everyone = taxonomy.everyone && !table.prospects.is_empty();
        let rows = table.len() + if everyone { table.prospects.len() } else { 0 };
        let by_id = everyone.then(|| {
            let mut order: Vec<usize> = (0..rows).collect();
            let id = |row: usize| match row.checked_sub(table.len()) {
                None => &table.customers[row],
                Some(prospect) => &table.prospects[prospect],
            };
            order.sort_unstable_by(|&a, &b| id(a).cmp(id(b)));
            let mut place = vec![0; rows];
            for (at, row) in order.into_iter().enumerate() {
                place[row] = at as u32;
            }
            place
        });
        let mut population = Self { table, rows, measures: Vec::new(), by_id };
        for measure in taxonomy.measures() {
            let way = measure.ways.iter().position(|way| {
                way.formula.statistics().iter().all(|statistic| population.has(statistic))
            });
            let (unit, values) = match way {
                Some(way) => {
                    let formula = &measure.ways[way].formula;
                    let first = formula.statistics().iter().find_map(Statistic::feature);
                    let unit = first.map_or(Unit::Ratio, |name| population.unit(name));
                    (unit, population.calculated(formula))
                }
                None => (Unit::Attribute, vec![f64::NAN; rows]),
            };
            population.measures.push(Taken { measure, way, unit, values });
        }
        population
    }

    pub(super) fn buyers(&self) -> usize {
        self.table.len()
    }

    /// Whether the run has the feature of `statistic` for at least one customer.
    fn has(&self, statistic: &Statistic) -> bool {
        statistic.feature().is_none_or(|name| self.knows(name))
    }

    /// Whether `name` is known of at least one customer.
    pub(super) fn knows(&self, name: &str) -> bool {
        match self.number(name) {
            Some(values) => values.iter().any(|value| !value.is_nan()),
            None => (0..self.rows).any(|row| self.text_of(name, row).is_some()),
        }
    }

    /// What the measures were taken from, where there was a choice.
    pub(super) fn taken(&self) -> Vec<(&Bilingual, Option<&Bilingual>)> {
        let chosen = self.measures.iter().filter(|taken| taken.measure.ways.len() > 1);
        chosen
            .map(|taken| {
                let way = taken.way.map(|way| &taken.measure.ways[way].name);
                (&taken.measure.name, way)
            })
            .collect()
    }

    /// The words for a measure.
    pub(super) fn measure_name(&self, name: &str) -> Option<&'a Bilingual> {
        let taken = self.measures.iter().find(|taken| taken.measure.key == name)?;
        Some(match taken.way {
            Some(way) => &taken.measure.ways[way].name,
            None => &taken.measure.name,
        })
    }

    /// The unit of a feature or a measure; that of attributes where it is not known.
    pub(super) fn unit(&self, name: &str) -> Unit {
        match self.measures.iter().find(|taken| taken.measure.key == name) {
            Some(taken) => taken.unit,
            None => self.table.column(name).map_or(Unit::Attribute, |column| column.unit),
        }
    }

    /// The numbers called `name`, one a row; none where there are none.
    pub(super) fn number(&self, name: &str) -> Option<Cow<'_, [f64]>> {
        if let Some(taken) = self.measures.iter().find(|taken| taken.measure.key == name) {
            return Some(Cow::Borrowed(&taken.values));
        }
        let column = self.table.column(name);
        if self.rows == self.buyers() {
            return column.map(|column| Cow::Borrowed(column.values.as_slice()));
        }
        let prospects = self.table.prospect_columns.iter().find(|column| column.name == name);
        let zero = ZERO_FOR_PROSPECTS.contains(&name);
        if column.is_none() && prospects.is_none() {
            return None;
        }
        let mut values = match column {
            Some(column) => column.values.clone(),
            None => vec![f64::NAN; self.buyers()],
        };
        match prospects {
            Some(prospects) => values.extend_from_slice(&prospects.values),
            None => values.resize(self.rows, if zero { 0.0 } else { f64::NAN }),
        }
        Some(Cow::Owned(values))
    }

    fn text_column(&self, name: &str) -> Option<&'a AttributeColumn> {
        self.table.attribute(name).or_else(|| self.table.methods.iter().find(|c| c.name == name))
    }

    /// The text called `name` of one row.
    pub(super) fn text_of(&self, name: &str, row: usize) -> Option<&'a str> {
        let column = self.text_column(name)?;
        match column.values.get(row) {
            Some(value) => value.as_deref(),
            None => (name == LIFECYCLE_COLUMN).then_some(Stage::Prospect.key()),
        }
    }

    /// The values of a statistic for every row, where it can be said of one customer.
    pub(super) fn source(&self, statistic: &Statistic) -> Source<'_> {
        let flag = |truth: bool| if truth { 1.0 } else { 0.0 };
        match statistic {
            Statistic::Own(name) | Statistic::Median(name) | Statistic::Mean(name) => {
                self.number(name).map_or(Source::All(None), Source::Each)
            }
            Statistic::Known(name) => {
                let values: Vec<f64> = match self.number(name) {
                    Some(values) => values.iter().map(|value| flag(!value.is_nan())).collect(),
                    None => {
                        (0..self.rows).map(|row| flag(self.text_of(name, row).is_some())).collect()
                    }
                };
                Source::Each(values.into())
            }
            Statistic::Text { feature, values, negated } => {
                let test = |row| {
                    let text = self.text_of(feature, row)?;
                    Some(flag(values.iter().any(|value| value == text) != *negated))
                };
                let values: Vec<f64> =
                    (0..self.rows).map(|row| test(row).unwrap_or(f64::NAN)).collect();
                Source::Each(values.into())
            }
            Statistic::Rank { by, among, ties, share } => {
                Source::Each(self.ranks(by, among.as_deref(), *ties, *share).into())
            }
            Statistic::Share(rule) => {
                Source::Each(self.meets(rule).into_iter().map(flag).collect::<Vec<_>>().into())
            }
            Statistic::PopulationMedian(name) => Source::All(self.quantile(name, Percent(50_000))),
            Statistic::PopulationMean(name) => Source::All(self.mean(name)),
            Statistic::Percentile { feature, percent } => {
                Source::All(self.quantile(feature, *percent))
            }
            Statistic::PopulationShare(rule) => Source::All(self.share(&self.meets(rule))),
            Statistic::Customers
            | Statistic::ShareOfCustomers
            | Statistic::ShareOfRevenue
            | Statistic::ShareOf(_) => Source::All(None),
        }
    }

    /// Whether each row meets a rule about one customer.
    pub(super) fn meets(&self, rule: &Rule) -> Vec<bool> {
        let sources: Vec<Source<'_>> = rule.statistics().iter().map(|s| self.source(s)).collect();
        let sources: Vec<&Source<'_>> = sources.iter().collect();
        let mut met = Vec::with_capacity(self.rows);
        for rows in self.blocks() {
            met.extend(mask(rule.condition(), &sources, rows));
        }
        met
    }

    /// The rows block by block.
    pub(super) fn blocks(&self) -> impl Iterator<Item = std::ops::Range<usize>> {
        let rows = self.rows;
        (0..rows.div_ceil(BLOCK)).map(move |block| block * BLOCK..rows.min((block + 1) * BLOCK))
    }

    fn calculated(&self, formula: &Formula) -> Vec<f64> {
        let sources: Vec<Source<'_>> =
            formula.statistics().iter().map(|s| self.source(s)).collect();
        let sources: Vec<&Source<'_>> = sources.iter().collect();
        let mut values = Vec::with_capacity(self.rows);
        for rows in self.blocks() {
            values.extend(numbers(formula.quantity(), &sources, rows));
        }
        values
    }

    /// Place from the top of whoever has a value and is `among`; NaN for the others. O(n log n).
    fn ranks(&self, by: &Formula, among: Option<&Rule>, ties: Ties, share: bool) -> Vec<f64> {
        let values = self.calculated(by);
        let among = among.map(|rule| self.meets(rule));
        let belongs = |row: usize| among.as_ref().is_none_or(|met| met[row]);
        let mut order: Vec<(f64, u32, usize)> = (values.iter().enumerate())
            .filter(|&(row, value)| !value.is_nan() && belongs(row))
            .map(|(row, value)| {
                let id = self.by_id.as_ref().map_or(row as u32, |place| place[row]);
                // Adding 0 makes -0 and 0 equal.
                (*value + 0.0, id, row)
            })
            .collect();
        order.sort_unstable_by(|a, b| match b.0.total_cmp(&a.0) {
            Ordering::Equal => a.1.cmp(&b.1),
            other => other,
        });
        let mut ranks = vec![f64::NAN; self.rows];
        let mut from = 0;
        while from < order.len() {
            let equal = order[from..].iter().take_while(|entry| entry.0 == order[from].0).count();
            for (at, entry) in order[from..from + equal].iter().enumerate() {
                let place = match ties {
                    Ties::ById => from + at + 1,
                    Ties::Together => from + equal,
                };
                let place = place as f64;
                ranks[entry.2] = if share { place / order.len() as f64 } else { place };
            }
            from += equal;
        }
        ranks
    }

    /// Values of all buyers who have one.
    fn defined(&self, name: &str) -> Vec<f64> {
        let values = self.number(name).unwrap_or_default();
        let buyers = values.iter().take(self.buyers());
        buyers.copied().filter(|value| !value.is_nan()).collect()
    }

    /// The percentile of a feature over all buyers who have it.
    pub(super) fn quantile(&self, name: &str, percent: Percent) -> Option<f64> {
        let mut values = self.defined(name);
        (!values.is_empty()).then(|| percentile(&mut values, percent))
    }

    /// The mean of a feature over all buyers who have it.
    pub(super) fn mean(&self, name: &str) -> Option<f64> {
        let values = self.defined(name);
        (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
    }

    /// Share of the buyers for whom `met` is true.
    pub(super) fn share(&self, met: &[bool]) -> Option<f64> {
        let buyers = self.buyers();
        let held = met[..buyers].iter().filter(|met| **met).count();
        (buyers > 0).then(|| held as f64 / buyers as f64)
    }

    /// How far apart customers lie by a feature: the interquartile range over that of a standard
    /// normal, which outliers do not move; the standard deviation where that is 0; none where
    /// all are alike.
    pub(super) fn spread(&self, name: &str) -> Option<f64> {
        spread_of(&mut self.defined(name))
    }
}

/// [`Population::spread`] of values that are defined.
pub(super) fn spread_of(values: &mut [f64]) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let high = percentile(values, Percent(75_000));
    let low = percentile(values, Percent(25_000));
    let robust = (high - low) / NORMAL_IQR;
    if robust > 0.0 {
        return Some(robust);
    }
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let squares = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
    let deviation = (squares / values.len() as f64).sqrt();
    (deviation > 0.0).then_some(deviation)
}
