//! The rows of one file, as they are read -> by day how many there are, which of their columns are empty
//! or unreadable, what they are worth.
//!
//! Kept by day, so that a run of any date can be told what it may know and no more. Amounts and
//! quantities are kept in bins, eight to each doubling, with the sum of each: a quantile is the mean of
//! the bin that it falls in. Memory grows with days and bins, not with rows.

use std::collections::BTreeMap;

use super::IngestError;
use super::params::TextParams;
use super::source::Source;
use crate::run::InputFile;

/// Columns of a table that are told apart; attributes of customers are not among them.
pub(super) const SLOTS: usize = 8;

/// Days from 1970 on whose places stand in a list: until 2106.
const NEAR: usize = 50_000;

/// Bits of a number that are not part of its bin: what is left are exponent and three bits, eight bins
/// to a doubling.
const WITHIN_BIN: u32 = 49;

/// A file that was read.
pub(super) struct ReadFile {
    pub file: InputFile,
    pub log: DayLog,
}

/// The columns of one row, by their slots, that have no value or one that cannot be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks {
    empty: u8,
    unreadable: u8,
}

impl Marks {
    pub(super) fn empty(&mut self, slot: usize) {
        self.empty |= bit(slot);
    }

    pub(super) fn unreadable(&mut self, slot: usize) {
        self.unreadable |= bit(slot);
    }

    pub(super) fn is_none(self) -> bool {
        self.empty | self.unreadable == 0
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self { empty: self.empty | other.empty, unreadable: self.unreadable | other.unreadable }
    }
}

/// The slots of columns whose places are their slots.
pub(super) fn slots(columns: &[String]) -> Vec<(usize, String)> {
    columns.iter().cloned().enumerate().take(SLOTS).collect()
}

/// Beyond the last slot there is none.
fn bit(slot: usize) -> u8 {
    if slot < SLOTS { 1 << slot } else { 0 }
}

/// What is known of the rows of a day.
#[derive(Clone, Debug, Default)]
pub(super) struct Day {
    pub rows: u64,
    /// Sum of the amounts of those that count, in ticks.
    pub net: i64,
    /// By slot.
    pub empty: [u64; SLOTS],
    pub unreadable: [u64; SLOTS],
    /// Sizes of amounts, in ticks.
    pub amount: Bins,
    pub quantity: Bins,
}

impl Day {
    fn mark(&mut self, marks: Marks) {
        if marks.is_none() {
            return;
        }
        for slot in 0..SLOTS {
            self.empty[slot] += u64::from(marks.empty >> slot & 1);
            self.unreadable[slot] += u64::from(marks.unreadable >> slot & 1);
        }
    }

    fn worth(&mut self, ticks: i64) {
        self.net = self.net.saturating_add(ticks);
        self.amount.add(ticks.unsigned_abs() as f64);
    }

    /// Adds another day.
    pub(super) fn add(&mut self, other: &Self) {
        self.rows += other.rows;
        self.net = self.net.saturating_add(other.net);
        for slot in 0..SLOTS {
            self.empty[slot] += other.empty[slot];
            self.unreadable[slot] += other.unreadable[slot];
        }
        self.amount.merge(&other.amount);
        self.quantity.merge(&other.quantity);
    }
}

/// The rows of one file by day.
#[derive(Debug, Default)]
pub(super) struct DayLog {
    /// Every column, with the type that a Parquet file gives it.
    pub columns: Vec<(String, Option<&'static str>)>,
    pub parquet: bool,
    /// The column of each slot.
    pub slots: Vec<(usize, String)>,
    /// Rows without a day.
    pub undated: Day,
    days: Vec<(i32, Day)>,
    /// By day since 1970, its place among `days` and one more; 0 for none.
    near: Vec<u32>,
    far: BTreeMap<i32, u32>,
}

impl DayLog {
    /// An empty log of a file.
    ///
    /// # Errors
    /// Those of an unusable file.
    pub(super) fn new(
        source: &Source,
        text: &TextParams,
        slots: Vec<(usize, String)>,
    ) -> Result<Self, IngestError> {
        let (columns, parquet) = (source.typed_columns(text)?, source.is_parquet());
        Ok(Self { columns, parquet, slots, ..Self::default() })
    }

    /// A row of `day`, with what is wrong with it.
    pub(super) fn row(&mut self, day: Option<i32>, marks: Marks) {
        let day = self.of(day);
        day.rows += 1;
        day.mark(marks);
    }

    /// What is wrong with a row that is counted elsewhere.
    pub(super) fn mark(&mut self, day: Option<i32>, marks: Marks) {
        self.of(day).mark(marks);
    }

    /// A row that counts, with its amount in ticks and its quantity, NaN without one.
    pub(super) fn sold(&mut self, day: i32, ticks: i64, quantity: f64) {
        let day = self.of(Some(day));
        day.rows += 1;
        day.worth(ticks);
        day.quantity.add(quantity.abs());
    }

    /// The amount of a row that is counted elsewhere, in ticks.
    pub(super) fn worth(&mut self, day: Option<i32>, ticks: i64) {
        self.of(day).worth(ticks);
    }

    fn of(&mut self, day: Option<i32>) -> &mut Day {
        let Some(day) = day else { return &mut self.undated };
        let slot = usize::try_from(day).ok().filter(|day| *day < NEAR);
        let place = match slot {
            Some(slot) => {
                if self.near.len() <= slot {
                    self.near.resize(slot + 1, 0);
                }
                &mut self.near[slot]
            }
            None => self.far.entry(day).or_default(),
        };
        if *place == 0 {
            self.days.push((day, Day::default()));
            *place = self.days.len() as u32;
        }
        &mut self.days[*place as usize - 1].1
    }

    /// The days with a row, in the order in which they came.
    pub(super) fn days(&self) -> impl Iterator<Item = (i32, &Day)> {
        self.days.iter().map(|(day, rows)| (*day, rows))
    }
}

/// Numbers above 0 in bins.
#[derive(Clone, Debug, Default)]
pub(super) struct Bins {
    /// The number of the first bin.
    first: u32,
    /// How many each bin has, and their sum.
    bins: Vec<(u32, f64)>,
}

impl Bins {
    /// Adds a number; one that is not above 0 and finite is no size.
    pub(super) fn add(&mut self, value: f64) {
        if value > 0.0 && value.is_finite() {
            let bin = (value.to_bits() >> WITHIN_BIN) as u32;
            match self.bins.get_mut(bin.wrapping_sub(self.first) as usize) {
                Some((values, sum)) => {
                    *values = values.saturating_add(1);
                    *sum += value;
                }
                None => self.put(bin, 1, value),
            }
        }
    }

    fn put(&mut self, bin: u32, values: u32, sum: f64) {
        if self.bins.is_empty() {
            self.first = bin;
        }
        if bin < self.first {
            let missing = (self.first - bin) as usize;
            self.bins.splice(0..0, std::iter::repeat_n((0, 0.0), missing));
            self.first = bin;
        }
        let place = (bin - self.first) as usize;
        if place >= self.bins.len() {
            self.bins.resize(place + 1, (0, 0.0));
        }
        self.bins[place].0 = self.bins[place].0.saturating_add(values);
        self.bins[place].1 += sum;
    }

    fn merge(&mut self, other: &Self) {
        for (bin, (values, sum)) in (other.first..).zip(&other.bins) {
            if *values > 0 {
                self.put(bin, *values, *sum);
            }
        }
    }

    /// How many numbers there are.
    pub(super) fn values(&self) -> u64 {
        self.bins.iter().map(|(values, _)| u64::from(*values)).sum()
    }

    /// The mean of the bin in which the quantile at `share` falls; none without numbers.
    pub(super) fn quantile(&self, share: f64) -> Option<f64> {
        let last = self.values().checked_sub(1)?;
        let place = (share * last as f64).round() as u64;
        let mut before = 0;
        let found = self.bins.iter().find(|(values, _)| {
            before += u64::from(*values);
            before > place
        });
        found.map(|(values, sum)| sum / f64::from(*values))
    }

    /// The lower end of each bin with numbers, and how many it has.
    pub(super) fn ends(&self) -> Vec<(f64, u64)> {
        let end = |bin: u32| f64::from_bits(u64::from(bin) << WITHIN_BIN);
        let bins = (self.first..).zip(&self.bins).filter(|(_, (values, _))| *values > 0);
        bins.map(|(bin, (values, _))| (end(bin), u64::from(*values))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_are_at_most_an_eighth_wide_and_keep_small_whole_numbers_apart() {
        let mut bins = Bins::default();
        for value in [3.0, 1.0, 2.0, 16.0, 1000.0, 1.0, 0.0, -5.0, f64::NAN, f64::INFINITY] {
            bins.add(value);
        }
        let ends = bins.ends();
        assert_eq!(ends, [(1.0, 2), (2.0, 1), (3.0, 1), (16.0, 1), (960.0, 1)]);
        assert_eq!(
            (bins.values(), bins.quantile(0.0), bins.quantile(1.0)),
            (6, Some(1.0), Some(1000.0))
        );
        assert_eq!(bins.quantile(0.5), Some(3.0), "place 2.5 of 0 to 5 is rounded up");
        assert_eq!(Bins::default().quantile(0.5), None);
        for value in [0.07_f64, 1.0, 9.99, 12345.6, 7e8] {
            let mut bins = Bins::default();
            bins.add(value);
            let end = bins.ends()[0].0;
            assert!(end <= value && value < end * 1.125, "{value} {end}");
        }
    }

    #[test]
    fn a_quantile_is_that_of_the_values_to_within_a_bin() {
        let values: Vec<f64> = (1..=2000).map(|n| f64::from(n) * 1.7).collect();
        let (mut bins, mut halves) = (Bins::default(), [Bins::default(), Bins::default()]);
        for (place, value) in values.iter().enumerate() {
            bins.add(*value);
            halves[place % 2].add(*value);
        }
        for share in [0.1, 0.25, 0.5, 0.75, 0.99] {
            let exact = crate::math::quantile_of_sorted(&values, share).unwrap();
            let found = bins.quantile(share).unwrap();
            assert!((found / exact).ln().abs() < 0.12, "{share}: {found}, not {exact}");
        }
        let [mut one, other] = halves;
        one.merge(&other);
        assert_eq!(one.ends(), bins.ends());
    }

    #[test]
    fn days_are_told_apart_near_and_far() {
        let mut log = DayLog::default();
        let mut marks = Marks::default();
        marks.empty(0);
        marks.unreadable(2);
        marks.empty(SLOTS);
        for day in [Some(19_000), Some(-5), Some(200_000), Some(19_000), None] {
            log.row(day, marks);
            log.worth(day, -250);
        }
        log.mark(Some(19_000), marks);
        let days: Vec<(i32, u64, u64)> = log.days().map(|(d, x)| (d, x.rows, x.empty[0])).collect();
        assert_eq!(days, [(19_000, 2, 3), (-5, 1, 1), (200_000, 1, 1)]);
        assert_eq!((log.undated.rows, log.undated.unreadable[2], log.undated.net), (1, 1, -250));
        assert_eq!(log.undated.amount.ends(), [(240.0, 1)]);
        assert_eq!(log.undated.empty.iter().sum::<u64>(), 1, "there is no slot beyond the last");
    }
}
