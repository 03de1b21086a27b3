//! Counts of customers (r segments x c values) -> which cells may not be shown, so that none of
//! them can be computed from what is shown.
//!
//! A cell below `least` is small and is hidden, whether it is of a segment or of a group, the sum
//! of its segments. Then others are withheld until every hidden cell has a *witness*: two
//! segments and two values whose cells are hidden (those of the groups too where the two segments
//! are of different groups), such that one customer more and one less in turn leaves every sum,
//! every cell that is shown, and whether a hidden cell is small as they are. So there is another
//! table, equal in all that is shown, in which the hidden cell is another number: no method
//! computes it (the alternating cycle of Gusfield 1988, doi:10.1137/0217034, of length four).
//! Witnesses are taken in the order of the cells, each the one that withholds the fewest customers,
//! the first of equals. It is not the least suppression possible, and it keeps a number from being
//! computed, not from being bounded.

use std::collections::BTreeSet;

/// What may not be shown: by row and column, of segments and of groups.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Hidden {
    pub(super) segments: Vec<Vec<bool>>,
    pub(super) groups: Vec<Vec<bool>>,
    /// Whether it may be told which hidden cells are small.
    pub(super) told: bool,
}

/// Two segments and two values; `up` adds a customer to the first cell, else takes one away.
#[derive(Clone, Copy, Debug)]
struct Witness {
    rows: [usize; 2],
    columns: [usize; 2],
    up: bool,
}

/// One cell of either table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Segment(usize, usize),
    Group(usize, usize),
}

struct Grid<'a> {
    counts: &'a [Vec<usize>],
    group_of: &'a [usize],
    groups: Vec<Vec<usize>>,
    least: usize,
    /// A column that is withheld only where nothing else will do.
    dear: Option<usize>,
    everyone: usize,
    hidden: Hidden,
}

/// Which cells to hide; none where no set of cells is known to protect them all.
///
/// `counts` has one row a segment and one column a value, every column with a sum of at least
/// `least`; `group_of` has the group of each row, from 0 on. Row sums, column sums and sums of
/// groups count as known. With `least` of 1 or less nothing is hidden. O(h r c) for h hidden
/// cells.
pub(super) fn hide(
    counts: &[Vec<usize>],
    group_of: &[usize],
    least: usize,
    dear: Option<usize>,
) -> Option<Hidden> {
    // Ten of ten in one cell: nobody else can have the value unless these may be nine.
    let hidden = |told| protect(counts, group_of, least, dear, told);
    hidden(true).or_else(|| hidden(false))
}

fn protect(
    counts: &[Vec<usize>],
    group_of: &[usize],
    least: usize,
    dear: Option<usize>,
    told: bool,
) -> Option<Hidden> {
    let groups = sums(counts, group_of);
    let small = |rows: &[Vec<usize>]| -> Vec<Vec<bool>> {
        let small = |count: &usize| least > 1 && *count < least;
        rows.iter().map(|row| row.iter().map(small).collect()).collect()
    };
    let hidden = Hidden { segments: small(counts), groups: small(&groups), told };
    let everyone = counts.iter().flatten().sum();
    let mut grid = Grid { counts, group_of, groups, least, dear, everyone, hidden };
    let places = |rows: &[Vec<bool>], place: fn(usize, usize) -> Place| -> Vec<Place> {
        let cells = rows.iter().enumerate().flat_map(|(row, cells)| {
            cells.iter().enumerate().filter(|(_, hidden)| **hidden).map(move |(at, _)| (row, at))
        });
        cells.map(|(row, column)| place(row, column)).collect()
    };
    // Whatever is withheld for a witness is protected by it.
    let mut open = places(&grid.hidden.segments, Place::Segment);
    open.extend(places(&grid.hidden.groups, Place::Group));
    let mut safe: BTreeSet<Place> = BTreeSet::new();
    for place in open {
        if safe.contains(&place) {
            continue;
        }
        let witness = grid.best(place)?;
        for (corner, _) in grid.corners(witness) {
            *grid.flag(corner) = true;
            safe.insert(corner);
        }
    }
    Some(grid.hidden)
}

/// The counts of groups, from 0 on.
pub(super) fn sums(counts: &[Vec<usize>], group_of: &[usize]) -> Vec<Vec<usize>> {
    let columns = counts.first().map_or(0, Vec::len);
    let groups = group_of.iter().max().map_or(0, |last| last + 1);
    let mut sums = vec![vec![0; columns]; groups];
    for (row, &group) in counts.iter().zip(group_of) {
        for (sum, count) in sums[group].iter_mut().zip(row) {
            *sum += count;
        }
    }
    sums
}

impl Grid<'_> {
    fn count(&self, place: Place) -> usize {
        match place {
            Place::Segment(row, column) => self.counts[row][column],
            Place::Group(group, column) => self.groups[group][column],
        }
    }

    fn is_hidden(&self, place: Place) -> bool {
        match place {
            Place::Segment(row, column) => self.hidden.segments[row][column],
            Place::Group(group, column) => self.hidden.groups[group][column],
        }
    }

    fn flag(&mut self, place: Place) -> &mut bool {
        match place {
            Place::Segment(row, column) => &mut self.hidden.segments[row][column],
            Place::Group(group, column) => &mut self.hidden.groups[group][column],
        }
    }

    /// The cells that a witness changes, and whether each goes up: those of the segments, and of
    /// their groups unless it is the same one, whose sums stay.
    fn corners(&self, witness: Witness) -> impl Iterator<Item = (Place, bool)> + use<> {
        let Witness { rows: [row, other], columns: [column, over], up } = witness;
        let (group, far) = (self.group_of[row], self.group_of[other]);
        let apart = group != far;
        let cells = [(row, group, column, up), (row, group, over, !up)];
        let far_cells = [(other, far, column, !up), (other, far, over, up)];
        cells.into_iter().chain(far_cells).flat_map(move |(row, group, column, up)| {
            let of_group = apart.then_some((Place::Group(group, column), up));
            [Some((Place::Segment(row, column), up)), of_group].into_iter().flatten()
        })
    }

    /// Customers that a witness withholds beside those already hidden; none where it is no
    /// witness.
    fn cost(&self, witness: Witness) -> Option<usize> {
        let mut cost = 0;
        for (place, up) in self.corners(witness) {
            let count = self.count(place);
            let changed = if up { count + 1 } else { count.checked_sub(1)? };
            if self.hidden.told && (changed < self.least) != (count < self.least) {
                return None;
            }
            if !self.is_hidden(place) {
                let column = match place {
                    Place::Segment(_, column) | Place::Group(_, column) => column,
                };
                // A withheld cell of nobody would still be one cell less.
                cost += count.max(1);
                cost += if self.dear == Some(column) { 4 * self.everyone } else { 0 };
            }
        }
        Some(cost)
    }

    /// The witness of a cell that withholds the fewest customers.
    fn best(&self, place: Place) -> Option<Witness> {
        let (rows, column): (Vec<usize>, usize) = match place {
            Place::Segment(row, column) => (vec![row], column),
            Place::Group(group, column) => {
                let members = self.group_of.iter().enumerate();
                (members.filter(|(_, of)| **of == group).map(|(row, _)| row).collect(), column)
            }
        };
        let columns = self.counts.first().map_or(0, Vec::len);
        let mut best: Option<(usize, Witness)> = None;
        for row in rows {
            for other in (0..self.counts.len()).filter(|other| *other != row) {
                let same = self.group_of[other] == self.group_of[row];
                if same && matches!(place, Place::Group(..)) {
                    continue;
                }
                for over in (0..columns).filter(|over| *over != column) {
                    for up in [true, false] {
                        let witness = Witness { rows: [row, other], columns: [column, over], up };
                        let Some(cost) = self.cost(witness) else { continue };
                        if cost == 0 {
                            return Some(witness);
                        }
                        if best.is_none_or(|(least, _)| cost < least) {
                            best = Some((cost, witness));
                        }
                    }
                }
            }
        }
        best.map(|(_, witness)| witness)
    }
}
