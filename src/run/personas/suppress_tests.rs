//! What is hidden stays hidden: a table by hand, every other table that fits what is shown, and
//! linear algebra.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::suppress::{Hidden, hide, sums};

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
/// cell of each is hidden, and these unless the cell across is. With 12 and 30 in its row the
/// 12 costs least, with 25 and 40 in its column the 25: the cell across is 20. 57 customers; by
/// 12, 40, 50 it would be 102, by 30, 25, 35 it would be 90.
#[test]
fn one_small_cell_takes_three_with_it() {
    let counts = vec![vec![4, 12, 30], vec![25, 20, 35], vec![40, 50, 60]];
    let hidden = hide(&counts, &[0, 0, 0], 10, None).unwrap();
    assert_eq!(drawn(&counts, &hidden, 10), ["sw.", "ww.", "..."]);
    assert!(hidden.groups.iter().flatten().all(|hidden| !hidden), "the group is everybody");
    // Each segment a group of its own: its cells are the group's.
    let hidden = hide(&counts, &[0, 1, 2], 10, None).unwrap();
    assert_eq!(drawn(&counts, &hidden, 10), ["sw.", "ww.", "..."]);
    assert_eq!(hidden.groups, hidden.segments);
    // Customers without a value are told as long as anything else will do.
    let hidden = hide(&counts, &[0, 0, 0], 10, Some(1)).unwrap();
    assert_eq!(drawn(&counts, &hidden, 10), ["s.w", "w.w", "..."]);
}

#[test]
fn nothing_is_hidden_where_nothing_is_small() {
    let counts = vec![vec![10, 12], vec![10, 11]];
    assert_eq!(drawn(&counts, &hide(&counts, &[0, 0], 10, None).unwrap(), 10), ["..", ".."]);
    let counts = vec![vec![0, 2], vec![3, 0]];
    assert_eq!(drawn(&counts, &hide(&counts, &[0, 1], 1, None).unwrap(), 1), ["..", ".."]);
}

/// Ten of ten customers with the first value are in the second segment: that the first has fewer
/// than ten of them would tell that it has none.
#[test]
fn where_small_would_say_too_much_it_is_not_told() {
    let counts = vec![vec![0, 30], vec![10, 50]];
    let hidden = hide(&counts, &[0, 0], 10, None).unwrap();
    assert!(!hidden.told && hidden.segments.iter().flatten().all(|hidden| *hidden));
    let counts = vec![vec![0, 30], vec![11, 50]];
    assert!(hide(&counts, &[0, 0], 10, None).unwrap().told);
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
            let fits = if self.hidden.segments[row][column] {
                !self.hidden.told || (count < self.least) == (truth < self.least)
            } else {
                count == truth
            };
            if fits && (column + 1 < columns || so_far + count == sum) {
                self.table[row][column] = count;
                self.try_all(at + 1);
            }
        }
        self.table[row][column] = 0;
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
                    true => {
                        !self.hidden.told
                            || (groups[group][at] < self.least) == (*truth < self.least)
                    }
                    false => groups[group][at] == *truth,
                };
                if !fits {
                    return;
                }
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

/// Whether some sum of what is shown, each part taken as often as one likes, gives a hidden cell:
/// Gaussian elimination of sums of rows, columns and groups over the hidden cells.
fn computed(counts: &[Vec<usize>], group_of: &[usize], hidden: &Hidden) -> bool {
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
    system[..pivot].iter().any(|row| row.iter().filter(|value| value.abs() > 1e-9).count() == 1)
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
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// The attacker knows all sums and which cells are small, and may try every table.
    #[test]
    fn every_hidden_cell_could_be_another_number((counts, group_of) in tables(2..=3, 2..=3, 6, 3)) {
        if let Some(hidden) = hide(&counts, &group_of, 3, None) {
            let empty = |rows: usize| vec![vec![Default::default(); counts[0].len()]; rows];
            let mut fits = Fits {
                counts: &counts,
                hidden: &hidden,
                group_of: &group_of,
                least: 3,
                table: vec![vec![0; counts[0].len()]; counts.len()],
                seen: empty(counts.len()),
                seen_groups: empty(hidden.groups.len()),
            };
            fits.try_all(0);
            let cells = hidden.segments.iter().flatten().zip(fits.seen.iter().flatten());
            let of_groups = hidden.groups.iter().flatten().zip(fits.seen_groups.iter().flatten());
            for (hidden, seen) in cells.chain(of_groups) {
                prop_assert_eq!(*hidden, seen.len() > 1, "{:?} {:?}", &counts, &group_of);
            }
        }
    }

    /// Larger tables: every small cell is hidden and no sum of shown figures gives a hidden one.
    #[test]
    fn no_subtraction_gives_a_hidden_cell((counts, group_of) in tables(2..=9, 2..=7, 40, 10)) {
        if let Some(hidden) = hide(&counts, &group_of, 10, Some(0)) {
            for (counts, hidden) in counts.iter().zip(&hidden.segments) {
                prop_assert!(counts.iter().zip(hidden).all(|(count, hidden)| *count >= 10 || *hidden));
            }
            for (counts, hidden) in sums(&counts, &group_of).iter().zip(&hidden.groups) {
                prop_assert!(counts.iter().zip(hidden).all(|(count, hidden)| *count >= 10 || *hidden));
            }
            prop_assert!(!computed(&counts, &group_of, &hidden));
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
    let hidden = |bridge| Hidden { segments: grid(bridge), groups: shown.clone(), told: true };
    assert!(!computed(&counts, &[0; 4], &hidden(false)));
    assert!(computed(&counts, &[0; 4], &hidden(true)));
}
