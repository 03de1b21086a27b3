//! What is hidden stays hidden: a table by hand, every other table that fits what is shown, and
//! linear algebra.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::suppress::{Hidden, hide, sums, width};

/// Of the tables that are tried in full.
const LEAST: usize = 4;

/// Hidden cells of the segments as text, `s` for small and `w` for withheld.
fn drawn(counts: &[Vec<usize>], hidden: &Hidden, least: usize) -> Vec<String> {
    let cell = |(count, hidden): (&usize, &bool)| match (hidden, *count < least) {
        (false, _) => '.',
        (true, true) => 's',
        (true, false) => 'w',
    };
    (counts.iter().zip(&hidden.segments))
        .map(|(counts, hidden)| counts.iter().zip(hidden).map(cell).collect())
        .collect()
}

/// By hand. The 4 is small; from the sums of its row and column it is computed unless another
/// cell of each is hidden, and these unless the cell across is. With 16 and 30 in its row the
/// 16 costs least, with 25 and 40 in its column the 25: the cell across is 20. 61 customers; by
/// 16, 40, 50 it would be 106, by 30, 25, 35 it would be 90. The 4 could then be any number from 0
/// to 9: up by 5, as the 16 is not small, down by 4.
#[test]
fn one_small_cell_takes_three_with_it() {
    let counts = vec![vec![4, 16, 30], vec![25, 20, 35], vec![40, 50, 60]];
    let hidden = hide(&counts, &[0, 0, 0], 10, None).unwrap();
    assert_eq!(drawn(&counts, &hidden, 10), ["sw.", "ww.", "..."]);
    assert!(hidden.groups.iter().flatten().all(|hidden| !hidden), "the group is everybody");
    // Each segment a group of its own: its cells are the group's.
    let hidden = hide(&counts, &[0, 1, 2], 10, None).unwrap();
    assert_eq!(drawn(&counts, &hidden, 10), ["sw.", "ww.", "..."]);
    assert_eq!(hidden.groups, hidden.segments);
    // With 12 in place of the 16 it could be 0 to 6 there, which is wide enough; with 10 it could
    // be 0 to 4, which is not, and the 30 is taken.
    let of = |count| {
        let counts = vec![vec![4, count, 30], vec![25, 20, 35], vec![40, 50, 60]];
        drawn(&counts, &hide(&counts, &[0, 0, 0], 10, None).unwrap(), 10)
    };
    assert_eq!(of(12), ["sw.", "ww.", "..."]);
    assert_eq!(of(10), ["s.w", "w.w", "..."]);
}

/// Customers without a value are the first company of the 4 in its row, and its column takes the
/// 25, which costs least. In the second row 25 customers have a hidden value, told as 20 to 29: the
/// 25 goes down by 5 and up by 4, so the 4 up by 5 and down by 4.
#[test]
fn customers_without_a_value_are_company() {
    let counts = vec![vec![4, 12, 30, 80], vec![25, 40, 35, 60], vec![40, 50, 60, 30]];
    let hidden = hide(&counts, &[0, 0, 0], 10, Some(3)).unwrap();
    assert_eq!(drawn(&counts, &hidden, 10), ["s..w", "w..w", "...."]);
    // Few without a value are not small by themselves.
    let counts = vec![vec![40, 12, 3], vec![25, 40, 60]];
    assert_eq!(drawn(&counts, &hide(&counts, &[0, 0], 10, Some(2)).unwrap(), 10), ["...", "..."]);
    // Two small cells of a row and of their columns are company of each other.
    let counts = vec![vec![4, 5, 30], vec![6, 3, 35], vec![40, 50, 60]];
    assert_eq!(
        drawn(&counts, &hide(&counts, &[0; 3], 10, None).unwrap(), 10),
        ["ss.", "ss.", "..."]
    );
}

#[test]
fn nothing_is_hidden_where_nothing_is_small() {
    let counts = vec![vec![10, 12], vec![10, 11]];
    assert_eq!(drawn(&counts, &hide(&counts, &[0, 0], 10, None).unwrap(), 10), ["..", ".."]);
    let counts = vec![vec![0, 2], vec![3, 0]];
    assert_eq!(drawn(&counts, &hide(&counts, &[0, 1], 1, None).unwrap(), 1), ["..", ".."]);
    // Nobody is in an empty cell, which needs no company.
    let counts = vec![vec![0, 30], vec![40, 50]];
    assert_eq!(drawn(&counts, &hide(&counts, &[0, 0], 10, None).unwrap(), 10), ["s.", ".."]);
}

/// Twelve customers have the first value, 11 of them in the second segment: as these are ten or
/// more, the others are one or two. No other cell of the column changes that.
#[test]
fn a_value_that_cannot_be_protected_is_named() {
    assert_eq!(hide(&[vec![1, 30], vec![11, 50]], &[0, 0], 10, None), Err(0));
    assert_eq!(hide(&[vec![30, 1, 90], vec![50, 11, 60]], &[0, 1], 10, Some(2)), Err(1));
    assert!(hide(&[vec![1, 30], vec![15, 50]], &[0, 0], 10, None).is_ok());
}

/// A group of two segments one of which is small: the group's cell is shown only where its
/// segments' cells have company of their own group.
#[test]
fn a_group_does_not_give_its_segment_away() {
    let counts = vec![vec![3, 40], vec![30, 50], vec![60, 70], vec![80, 90]];
    let hidden = hide(&counts, &[0, 0, 1, 1], 10, None).unwrap();
    assert_eq!(drawn(&counts, &hidden, 10), ["sw", "ww", "..", ".."]);
    assert!(hidden.groups.iter().flatten().all(|hidden| !hidden));
}

/// Every table of whole numbers that agrees with all that is shown.
struct Fits<'a> {
    counts: &'a [Vec<usize>],
    hidden: &'a Hidden,
    group_of: &'a [usize],
    least: usize,
    without: Option<usize>,
    table: Vec<Vec<usize>>,
    seen: Vec<Vec<BTreeSet<usize>>>,
    seen_groups: Vec<Vec<BTreeSet<usize>>>,
}

impl Fits<'_> {
    fn try_all(&mut self, at: usize) {
        let columns = self.counts[0].len();
        let (row, column) = (at / columns, at % columns);
        if row == self.counts.len() {
            return self.accept();
        }
        let sum: usize = self.counts[row].iter().sum();
        let so_far: usize = self.table[row][..column].iter().sum();
        let size: usize = self.counts.iter().map(|counts| counts[column]).sum();
        let above: usize = self.table[..row].iter().map(|counts| counts[column]).sum();
        for count in 0..=(sum - so_far).min(size - above) {
            let truth = self.counts[row][column];
            let fits = match self.hidden.segments[row][column] {
                true => self.alike(column, count, truth),
                false => count == truth,
            };
            if fits && (column + 1 < columns || so_far + count == sum) {
                self.table[row][column] = count;
                self.try_all(at + 1);
            }
        }
        self.table[row][column] = 0;
    }

    /// Whether two numbers of a hidden cell are told alike.
    fn alike(&self, column: usize, one: usize, other: usize) -> bool {
        let small = |count: usize| count < self.least;
        self.without == Some(column) || small(one) == small(other)
    }

    /// What is told of the customers with a hidden value: all, or to a multiple of `least`.
    fn interval(&self, counts: &[usize], hidden: &[bool]) -> usize {
        let own = |at: &usize| hidden[*at] && self.without != Some(*at);
        let with: usize = (0..counts.len()).filter(own).map(|at| counts[at]).sum();
        if self.without.is_some_and(|without| hidden[without]) { with / self.least } else { with }
    }

    fn accept(&mut self) {
        let total =
            |table: &[Vec<usize>], at: usize| table.iter().map(|row| row[at]).sum::<usize>();
        if (0..self.counts[0].len()).any(|at| total(&self.table, at) != total(self.counts, at)) {
            return;
        }
        let (groups, truth) = (sums(&self.table, self.group_of), sums(self.counts, self.group_of));
        for (group, counts) in truth.iter().enumerate() {
            for (at, truth) in counts.iter().enumerate() {
                let fits = match self.hidden.groups[group][at] {
                    true => self.alike(at, groups[group][at], *truth),
                    false => groups[group][at] == *truth,
                };
                if !fits {
                    return;
                }
            }
        }
        let rows = (self.table.iter().zip(self.counts)).zip(&self.hidden.segments);
        let of_groups = (groups.iter().zip(&truth)).zip(&self.hidden.groups);
        for ((counts, truth), hidden) in rows.chain(of_groups) {
            if self.interval(counts, hidden) != self.interval(truth, hidden) {
                return;
            }
        }
        for (seen, counts) in self.seen.iter_mut().zip(&self.table) {
            for (seen, count) in seen.iter_mut().zip(counts) {
                seen.insert(*count);
            }
        }
        for (seen, counts) in self.seen_groups.iter_mut().zip(&groups) {
            for (seen, count) in seen.iter_mut().zip(counts) {
                seen.insert(*count);
            }
        }
    }
}

/// Whether a number of a column may not be computed.
type Secret<'a> = &'a dyn Fn(usize, usize) -> bool;

/// Whether some sum of what is shown, each part taken as often as one likes, gives a secret cell:
/// Gaussian elimination of sums of rows, columns and groups over the hidden cells.
fn computed(counts: &[Vec<usize>], group_of: &[usize], hidden: &Hidden, secret: Secret) -> bool {
    let (rows, columns) = (counts.len(), counts[0].len());
    let groups = hidden.groups.len();
    let mut places = Vec::new();
    for row in 0..rows + groups {
        for column in 0..columns {
            let flags = if row < rows { &hidden.segments[row] } else { &hidden.groups[row - rows] };
            if flags[column] {
                places.push((row, column));
            }
        }
    }
    let equation = |cells: &dyn Fn(usize, usize) -> f64| -> Vec<f64> {
        places.iter().map(|(row, column)| cells(*row, *column)).collect()
    };
    let mut system = Vec::new();
    for row in 0..rows + groups {
        system.push(equation(&|r, _| f64::from(u8::from(r == row))));
    }
    for column in 0..columns {
        system.push(equation(&|r, c| f64::from(u8::from(r < rows && c == column))));
        system.push(equation(&|r, c| f64::from(u8::from(r >= rows && c == column))));
        for group in 0..groups {
            system.push(equation(&|r, c| match c == column {
                true if r == rows + group => -1.0,
                true if r < rows && group_of[r] == group => 1.0,
                _ => 0.0,
            }));
        }
    }
    let mut pivot = 0;
    for column in 0..places.len() {
        let best = (pivot..system.len())
            .max_by(|a, b| system[*a][column].abs().total_cmp(&system[*b][column].abs()));
        let Some(best) = best.filter(|best| system[*best][column].abs() > 1e-9) else { continue };
        system.swap(pivot, best);
        let scale = system[pivot][column];
        system[pivot].iter_mut().for_each(|value| *value /= scale);
        let leading = system[pivot].clone();
        for (at, row) in system.iter_mut().enumerate() {
            let times = row[column];
            if at != pivot && times != 0.0 {
                row.iter_mut().zip(&leading).for_each(|(value, own)| *value -= times * own);
            }
        }
        pivot += 1;
    }
    let of_groups = sums(counts, group_of);
    system[..pivot].iter().any(|row| {
        let mut left = row.iter().enumerate().filter(|(_, value)| value.abs() > 1e-9);
        let (Some((at, _)), None) = (left.next(), left.next()) else { return false };
        let (row, column) = places[at];
        secret(if row < rows { counts[row][column] } else { of_groups[row - rows][column] }, column)
    })
}

/// Tables whose columns are large enough to be shown as a whole, with a group for each row.
fn tables(
    rows: std::ops::RangeInclusive<usize>,
    columns: std::ops::RangeInclusive<usize>,
    most: usize,
    least: usize,
) -> impl Strategy<Value = (Vec<Vec<usize>>, Vec<usize>)> {
    (rows, columns)
        .prop_flat_map(move |(rows, columns)| {
            let row = prop::collection::vec(0..=most, columns);
            (prop::collection::vec(row, rows), prop::collection::vec(0..rows, rows))
        })
        .prop_map(move |(mut counts, mut group_of)| {
            for column in 0..counts[0].len() {
                let sum: usize = counts.iter().map(|row| row[column]).sum();
                counts[0][column] += least.saturating_sub(sum);
            }
            // Groups without gaps, numbered from 0.
            let mut used = group_of.clone();
            used.sort_unstable();
            used.dedup();
            for group in &mut group_of {
                *group = used.iter().position(|known| known == group).unwrap();
            }
            (counts, group_of)
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// The attacker knows all sums, which cells are small and the intervals, and may try every
    /// table: each small cell could be numbers as far apart as is promised.
    #[test]
    fn every_small_cell_could_be_any_of_a_range(
        (counts, group_of) in tables(2..=3, 2..=3, 7, LEAST),
        with_without in any::<bool>(),
    ) {
        let without = with_without.then(|| counts[0].len() - 1);
        if let Ok(hidden) = hide(&counts, &group_of, LEAST, without) {
            let empty = |rows: usize| vec![vec![Default::default(); counts[0].len()]; rows];
            let mut fits = Fits {
                counts: &counts,
                hidden: &hidden,
                group_of: &group_of,
                least: LEAST,
                without,
                table: vec![vec![0; counts[0].len()]; counts.len()],
                seen: empty(counts.len()),
                seen_groups: empty(hidden.groups.len()),
            };
            fits.try_all(0);
            let groups = sums(&counts, &group_of);
            let rows = counts.iter().zip(&hidden.segments).zip(&fits.seen);
            let of_groups = groups.iter().zip(&hidden.groups).zip(&fits.seen_groups);
            for ((counts_of, hidden), seen) in rows.chain(of_groups) {
                let everyone: usize = counts_of.iter().sum();
                for (at, count) in counts_of.iter().enumerate() {
                    if without == Some(at) || *count >= LEAST {
                        continue;
                    }
                    prop_assert!(hidden[at], "{counts:?} {group_of:?}");
                    let sum: usize = counts.iter().map(|counts| counts[at]).sum();
                    let wanted = width(LEAST).min(everyone).min(sum);
                    let told = seen[at].last().unwrap() - seen[at].first().unwrap();
                    prop_assert!(*count == 0 || told >= wanted, "{counts:?} {group_of:?} {seen:?}");
                }
            }
        }
    }

    /// Larger tables: every small cell is hidden and no sum of shown figures gives one that
    /// somebody is in.
    #[test]
    fn no_subtraction_gives_a_small_cell(
        (counts, group_of) in tables(2..=9, 2..=7, 40, 10),
        with_without in any::<bool>(),
    ) {
        let without = with_without.then_some(0);
        if let Ok(hidden) = hide(&counts, &group_of, 10, without) {
            let groups = sums(&counts, &group_of);
            let rows = counts.iter().zip(&hidden.segments).chain(groups.iter().zip(&hidden.groups));
            for (counts, hidden) in rows {
                for (at, count) in counts.iter().enumerate() {
                    prop_assert!(*count >= 10 || hidden[at] || without == Some(at));
                }
            }
            let secret = |count: usize, at: usize| (1..10).contains(&count) && without != Some(at);
            prop_assert!(!computed(&counts, &group_of, &hidden, &secret));
        }
    }
}

/// The attack of the test finds what there is to find: a bridge between two squares of hidden
/// cells, which no row or column gives by itself.
#[test]
fn the_attack_is_one() {
    let counts = vec![vec![5; 4]; 4];
    let square = |row: usize, column: usize| (row < 2) == (column < 2);
    let grid = |bridge: bool| {
        let cell = |row, column| square(row, column) || (bridge && (row, column) == (0, 2));
        (0..4).map(|row| (0..4).map(|column| cell(row, column)).collect()).collect()
    };
    let shown = vec![vec![false; 4]];
    let hidden = |bridge| Hidden { segments: grid(bridge), groups: shown.clone() };
    assert!(!computed(&counts, &[0; 4], &hidden(false), &|_, _| true));
    assert!(computed(&counts, &[0; 4], &hidden(true), &|_, _| true));
}
