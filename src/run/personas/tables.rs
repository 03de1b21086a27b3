//! A column of the feature table -> the values that cards count, and which of them each customer
//! has. Values of fewer customers than may be shown are counted together.

use std::collections::BTreeMap;

use super::Counted;
use crate::math::{quantile_of_sorted, sorted_defined};

/// A number with more different values is cut at the population's quartiles.
const MOST_NUMBERS: usize = 10;

/// Where a customer has no value.
const NOWHERE: u32 = u32::MAX;

/// What is counted of one attribute.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) name: String,
    /// One column a value.
    pub(super) values: Vec<Counted>,
    /// Whether a last column counts customers without a value.
    pub(super) missing: bool,
    /// The column of each customer.
    pub(super) column_of: Vec<u32>,
    /// Values of a number, for its quartiles; empty for words.
    pub(super) numbers: Vec<f64>,
}

impl Table {
    /// The column of customers without a value.
    pub(super) fn without(&self) -> Option<usize> {
        self.missing.then_some(self.values.len())
    }

    /// Columns, that of customers without a value among them.
    pub(super) fn columns(&self) -> usize {
        self.values.len() + usize::from(self.missing)
    }

    /// Of words; none where fewer than two values can be told apart with `least` customers each.
    pub(super) fn of_words<'a>(
        name: &str,
        words: impl Iterator<Item = Option<&'a str>> + Clone,
        least: usize,
    ) -> Option<Self> {
        let mut places: BTreeMap<&str, u32> = BTreeMap::new();
        for word in words.clone().flatten() {
            places.insert(word, 0);
        }
        for (at, place) in places.values_mut().enumerate() {
            *place = at as u32;
        }
        let values = places.keys().map(|word| Counted::Value { value: (*word).to_owned() });
        let column_of = words.map(|word| word.map_or(NOWHERE, |word| places[word])).collect();
        Self::merged(name, values.collect(), column_of, Vec::new(), least)
    }

    /// Of numbers (NaN for none), each by itself or in bands; none as for words.
    pub(super) fn of_numbers(name: &str, numbers: &[f64], least: usize) -> Option<Self> {
        let sorted = sorted_defined(numbers);
        let mut distinct = sorted.clone();
        distinct.dedup();
        let mut cuts: Vec<f64> = [0.25, 0.5, 0.75]
            .into_iter()
            .filter_map(|share| quantile_of_sorted(&sorted, share))
            .collect();
        // Nobody lies above the highest value.
        cuts.retain(|cut| distinct.last().is_some_and(|last| cut < last));
        cuts.dedup();
        let few = distinct.len() <= MOST_NUMBERS;
        let values = if few {
            distinct.iter().map(|number| Counted::Number { number: *number }).collect()
        } else {
            let bound = |at: usize| cuts.get(at).copied();
            (0..=cuts.len())
                .map(|at| Counted::Band {
                    above: at.checked_sub(1).and_then(bound),
                    up_to: bound(at),
                })
                .collect()
        };
        let limits = if few { &distinct } else { &cuts };
        let column = |number: &f64| match number.is_nan() {
            true => NOWHERE,
            false => limits.partition_point(|limit| limit < number) as u32,
        };
        let column_of = numbers.iter().map(column).collect();
        Self::merged(name, values, column_of, numbers.to_vec(), least)
    }

    /// The same with the values of a column counted together with others: bands with the smaller
    /// one beside them, else with the rarest; none where fewer than two values are left then.
    pub(super) fn coarser(mut self, column: usize) -> Option<Self> {
        let mut counts = vec![0_usize; self.columns()];
        self.column_of.iter().for_each(|at| counts[*at as usize] += 1);
        let bands = self.values.iter().all(|value| matches!(value, Counted::Band { .. }));
        let others = (0..self.values.len())
            .filter(|at| *at != column && (!bands || at.abs_diff(column) == 1));
        let is_rest = |at: &usize| !matches!(self.values[*at], Counted::Others { .. });
        let with = others.min_by_key(|at| (is_rest(at), counts[*at], *at))?;
        let (low, high) = (column.min(with), column.max(with));
        let together = match (&self.values[low], &self.values[high]) {
            (Counted::Band { above, .. }, Counted::Band { up_to, .. }) => {
                Counted::Band { above: *above, up_to: *up_to }
            }
            (one, other) => Counted::Others { others: one.values() + other.values() },
        };
        // Values counted together stand last.
        let to = if bands { low } else { self.values.len() - 2 };
        self.values.remove(high);
        self.values.remove(low);
        self.values.insert(to, together);
        let (low, high, to) = (low as u32, high as u32, to as u32);
        for at in &mut self.column_of {
            *at = match *at {
                own if own == low || own == high => to,
                own => {
                    let left = own - u32::from(own > low) - u32::from(own > high);
                    left + u32::from(left >= to)
                }
            };
        }
        (self.values.len() > 1).then_some(self)
    }

    /// Counts rare values together. Customers without a value stay by themselves, however few.
    fn merged(
        name: &str,
        values: Vec<Counted>,
        mut column_of: Vec<u32>,
        numbers: Vec<f64>,
        least: usize,
    ) -> Option<Self> {
        let without = values.len();
        let mut counts = vec![0_usize; without + 1];
        for column in &mut column_of {
            *column = (*column).min(without as u32);
            counts[*column as usize] += 1;
        }
        // The rarest first, and nobody is no value.
        let mut order: Vec<usize> = (0..without).filter(|at| counts[*at] > 0).collect();
        order.sort_by_key(|at| (counts[*at], *at));
        let (mut together, mut rare) = (0, 0);
        while order.get(rare).is_some_and(|at| {
            least > 1 && (counts[*at] < least || (together > 0 && together < least))
        }) {
            together += counts[order[rare]];
            rare += 1;
        }
        let (rare, kept) = order.split_at(rare);
        let mut place = vec![0_u32; without + 1];
        let mut shown: Vec<Counted> = Vec::new();
        for (at, value) in values.into_iter().enumerate().filter(|(at, _)| kept.contains(at)) {
            place[at] = shown.len() as u32;
            shown.push(value);
        }
        for at in rare {
            place[*at] = shown.len() as u32;
        }
        if !rare.is_empty() {
            shown.push(Counted::Others { others: rare.len() });
        }
        place[without] = shown.len() as u32;
        for column in &mut column_of {
            *column = place[*column as usize];
        }
        let enough = rare.is_empty() || together >= least;
        (enough && shown.len() > 1).then_some(Self {
            name: name.to_owned(),
            values: shown,
            missing: counts[without] > 0,
            column_of,
            numbers,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(table: &Table) -> Vec<usize> {
        let mut counts = vec![0; table.columns()];
        table.column_of.iter().for_each(|column| counts[*column as usize] += 1);
        counts
    }

    fn words(of: &[(&'static str, usize)]) -> Vec<Option<&'static str>> {
        let word = |name: &'static str| (name != "-").then_some(name);
        of.iter().flat_map(|(name, n)| std::iter::repeat_n(word(name), *n)).collect()
    }

    #[test]
    fn rare_values_are_counted_together() {
        let of = |of: &[(&'static str, usize)]| Table::of_words("city", words(of).into_iter(), 10);
        let table =
            of(&[("Huế", 12), ("Vinh", 4), ("Hà Nội", 30), ("-", 11), ("Đà Lạt", 7)]).unwrap();
        let value = |text: &str| Counted::Value { value: text.into() };
        assert_eq!(table.values, [value("Huế"), value("Hà Nội"), Counted::Others { others: 2 }]);
        assert_eq!((counts(&table), table.missing), (vec![12, 30, 11, 11], true));
        // One rare value alone would be the others: the next one joins it.
        let table = of(&[("Huế", 12), ("Vinh", 4), ("Hà Nội", 30)]).unwrap();
        assert_eq!(counts(&table), [30, 16]);
        // Three without a value are a column of their own, and join no value.
        let table = of(&[("Huế", 12), ("Hà Nội", 30), ("-", 3), ("Vinh", 8)]).unwrap();
        assert_eq!((counts(&table), table.without()), (vec![30, 20, 3], Some(2)));
        assert!(of(&[("Huế", 12), ("-", 4)]).is_none(), "one value tells nothing");
        assert!(of(&[("Huế", 4), ("-", 3)]).is_none());
    }

    #[test]
    fn values_are_counted_together_on_demand() {
        let of = |of: &[(&'static str, usize)]| Table::of_words("city", words(of).into_iter(), 10);
        let table = of(&[("a", 12), ("b", 20), ("c", 15), ("d", 30), ("-", 5)]).unwrap();
        let value = |text: &str| Counted::Value { value: text.into() };
        let table = table.coarser(1).unwrap();
        assert_eq!(table.values, [value("c"), value("d"), Counted::Others { others: 2 }]);
        assert_eq!((counts(&table), table.without()), (vec![15, 30, 32, 5], Some(3)));
        let table = table.coarser(1).unwrap();
        assert_eq!(table.values, [value("c"), Counted::Others { others: 3 }]);
        assert_eq!(counts(&table), [15, 62, 5]);
        assert!(table.coarser(0).is_none(), "one value tells nothing");
        let many: Vec<f64> = (1..=101).map(f64::from).chain([f64::NAN; 12]).collect();
        let table = Table::of_numbers("age", &many, 10).unwrap().coarser(1).unwrap();
        let band = |above, up_to| Counted::Band { above, up_to };
        let (a, c) = (Some(26.0), Some(76.0));
        assert_eq!(table.values, [band(None, a), band(a, c), band(c, None)]);
        assert_eq!(counts(&table), [26, 50, 25, 12]);
    }

    #[test]
    fn numbers_stand_alone_or_in_bands() {
        let few: Vec<f64> = (0..40).map(|i| f64::from(i % 2)).collect();
        let table = Table::of_numbers("loyalty_card", &few, 10).unwrap();
        assert_eq!(table.values, [0.0, 1.0].map(|number| Counted::Number { number }));
        assert_eq!(counts(&table), [20, 20]);
        // 1 to 101: type-7 quartiles at 26, 51 and 76.
        let many: Vec<f64> = (1..=101).map(f64::from).chain([f64::NAN; 12]).collect();
        let table = Table::of_numbers("age", &many, 10).unwrap();
        let band = |above, up_to| Counted::Band { above, up_to };
        let (a, b, c) = (Some(26.0), Some(51.0), Some(76.0));
        assert_eq!(table.values, [band(None, a), band(a, b), band(b, c), band(c, None)]);
        assert_eq!(counts(&table), [26, 25, 25, 25, 12]);
    }
}
