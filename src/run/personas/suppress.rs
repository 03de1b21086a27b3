//! Counts of customers (r segments x c values) -> which cells may not be shown, so that no small one
//! can be computed from what is shown, nor be bounded closely.
//!
//! Primary suppression: a cell below `least` is small and is hidden, whether it is of a segment or
//! of a group, the sum of its segments. That customers have no value says nothing about them: that
//! column is never small, and is the first to be hidden where others need company. Secondary
//! suppression (Hundepool et al. 2012, Statistical Disclosure Control, sections 4.2 and 4.3): further
//! cells are withheld until every small cell with somebody in it could be any of a range of
//! numbers as wide as [`width`] says. A *witness* shows that: two segments and two values whose
//! cells are hidden (those of the groups too where the two segments are of different groups);
//! customers are added to the first cell and taken away from the next in turn, which leaves every
//! sum, every cell that is shown and whether a hidden cell is small as they are. So there is
//! another table, equal in all that is shown, for each number of that range (the alternating
//! cycle of Gusfield 1988, doi:10.1137/0217034, of length four).
//!
//! Where the column of customers without a value is hidden in a row, the number of those with a
//! hidden value is shown to a multiple of `least` (an interval in place of the exact number:
//! Fischetti and Salazar 2003, doi:10.1023/A:1022648805580), and a witness has to leave that
//! as it is too.
//!
//! Cells are taken in order, each with the witness that withholds the fewest customers, the first
//! of equals; at the end what is not needed is shown again, the largest first. It is not the least
//! suppression possible. An empty cell is hidden as a small one, but
//! nobody is in it whom a range would protect.

use std::cmp::Reverse;

/// What may not be shown: by row and column, of segments and of groups.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Hidden {
    pub(super) segments: Vec<Vec<bool>>,
    pub(super) groups: Vec<Vec<bool>>,
}

/// Two segments and two values: the first cell and the one across it change by the same number.
#[derive(Clone, Copy, Debug)]
struct Witness {
    rows: [usize; 2],
    columns: [usize; 2],
}

/// One cell of either table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Segment(usize, usize),
    Group(usize, usize),
}

impl Place {
    fn column(self) -> usize {
        let (Self::Segment(_, column) | Self::Group(_, column)) = self;
        column
    }
}

/// How far a number can go down and up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Room {
    down: usize,
    up: usize,
}

impl Room {
    fn width(self) -> usize {
        self.down.saturating_add(self.up)
    }

    fn back(self) -> Self {
        Self { down: self.up, up: self.down }
    }

    fn within(self, other: Self) -> Self {
        Self { down: self.down.min(other.down), up: self.up.min(other.up) }
    }

    fn or(self, other: Self) -> Self {
        Self { down: self.down.max(other.down), up: self.up.max(other.up) }
    }
}

struct Grid<'a> {
    counts: &'a [Vec<usize>],
    group_of: &'a [usize],
    groups: Vec<Vec<usize>>,
    least: usize,
    /// The column of customers without a value.
    without: Option<usize>,
    hidden: Hidden,
}

/// The least and the highest number that a small cell could be lie at least so far apart: half of
/// `least`, 5 for 10; less where its segment or its value has fewer customers altogether.
pub(super) fn width(least: usize) -> usize {
    (least / 2).max(1)
}

/// Which cells to hide. Where no set of cells is known to protect the small ones, the column of
/// one of them that has no protection.
///
/// `counts` has one row a segment and one column a value, `without` is the column of customers
/// without one; `group_of` has the group of each row, from 0 on. Row sums, column sums and sums
/// of groups count as known, as does which hidden cells are small. With `least` of 1 or less
/// nothing is hidden. O(h r c) for h hidden cells, and as often as cells are withheld.
pub(super) fn hide(
    counts: &[Vec<usize>],
    group_of: &[usize],
    least: usize,
    without: Option<usize>,
) -> Result<Hidden, usize> {
    let groups = sums(counts, group_of);
    let mut hidden =
        Hidden { segments: small_alone(counts, least), groups: small_alone(&groups, least) };
    if let Some(without) = without {
        let rows = hidden.segments.iter_mut().chain(&mut hidden.groups);
        rows.for_each(|row| row[without] = false);
    }
    let mut grid = Grid { counts, group_of, groups, least, without, hidden };
    let mut small = grid.small(counts, Place::Segment);
    small.extend(grid.small(&grid.groups, Place::Group));
    // A cell that is hidden later moves the interval of its row, on which others may rely.
    loop {
        let mut changed = false;
        for place in &small {
            changed |= grid.cover(*place).ok_or_else(|| place.column())?;
        }
        if !changed {
            break;
        }
    }
    grid.uncover(&small);
    Ok(grid.hidden)
}

/// The small cells alone, with no company: they are not seen, but can be computed.
pub(super) fn small_alone(counts: &[Vec<usize>], least: usize) -> Vec<Vec<bool>> {
    let small = |count: &usize| least > 1 && *count < least;
    counts.iter().map(|row| row.iter().map(small).collect()).collect()
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
    /// Small cells that somebody is in.
    fn small(&self, rows: &[Vec<usize>], place: fn(usize, usize) -> Place) -> Vec<Place> {
        let mut places = Vec::new();
        for (row, counts) in rows.iter().enumerate() {
            for (column, count) in counts.iter().enumerate() {
                if (1..self.least).contains(count) && self.without != Some(column) {
                    places.push(place(row, column));
                }
            }
        }
        places
    }

    fn row(&self, place: Place) -> (&[usize], &[bool], usize) {
        match place {
            Place::Segment(row, at) => (&self.counts[row], &self.hidden.segments[row], at),
            Place::Group(group, at) => (&self.groups[group], &self.hidden.groups[group], at),
        }
    }

    fn hide(&mut self, place: Place, hidden: bool) {
        match place {
            Place::Segment(row, column) => self.hidden.segments[row][column] = hidden,
            Place::Group(group, column) => self.hidden.groups[group][column] = hidden,
        }
    }

    fn count(&self, place: Place) -> usize {
        let (counts, _, column) = self.row(place);
        counts[column]
    }

    /// Shows again what turns out not to be needed, the largest first.
    fn uncover(&mut self, small: &[Place]) {
        let mut withheld = Vec::new();
        for (rows, place) in [
            (&self.hidden.segments, Place::Segment as fn(usize, usize) -> Place),
            (&self.hidden.groups, Place::Group),
        ] {
            for (row, cells) in rows.iter().enumerate() {
                withheld.extend((0..cells.len()).filter(|at| cells[*at]).map(|at| place(row, at)));
            }
        }
        withheld.retain(|place| {
            self.without == Some(place.column()) || self.count(*place) >= self.least
        });
        withheld.sort_by_key(|place| Reverse(self.count(*place)));
        for place in withheld {
            self.hide(place, false);
            let safe = |small: &Place| self.free(*small).width() >= self.wanted(*small);
            if !small.iter().all(safe) {
                self.hide(place, true);
            }
        }
    }

    /// How far a small cell can go by what is hidden already, or as far as it should.
    fn free(&self, place: Place) -> Room {
        let wanted = self.wanted(place);
        let mut free = Room::default();
        for witness in self.witnesses(place) {
            if self.cost(witness) == 0 {
                free = free.or(self.room(witness));
                if free.width() >= wanted {
                    break;
                }
            }
        }
        free
    }

    /// Withholds cells until a small one could be as many other numbers as it should; whether any
    /// was withheld, and none where nothing helps. Cells on which others rely come next, as each
    /// is covered by the same loop.
    fn cover(&mut self, place: Place) -> Option<bool> {
        let wanted = self.wanted(place);
        let mut changed = false;
        loop {
            let free = self.free(place);
            if free.width() >= wanted {
                return Some(changed);
            }
            // Enough at the least cost, or else the most.
            let gain = |witness: Witness| free.or(self.room(witness)).width().min(wanted);
            let witness = (self.witnesses(place))
                .min_by_key(|witness| (Reverse(gain(*witness)), self.cost(*witness)))?;
            if gain(witness) <= free.width() {
                return None;
            }
            for (corner, _) in self.corners(witness) {
                self.hide(corner, true);
            }
            changed = true;
        }
    }

    /// How far apart the bounds of a cell should lie.
    fn wanted(&self, place: Place) -> usize {
        let (counts, _, column) = self.row(place);
        let everyone: usize = self.groups.iter().map(|counts| counts[column]).sum();
        width(self.least).min(counts.iter().sum()).min(everyone)
    }

    /// Those that a cell is the first cell of, the group's by any of its segments.
    fn witnesses(&self, place: Place) -> impl Iterator<Item = Witness> {
        let (column, columns) = (place.column(), self.counts.first().map_or(0, Vec::len));
        let of_group = matches!(place, Place::Group(..));
        let member = move |row: &usize| match place {
            Place::Segment(own, _) => *row == own,
            Place::Group(group, _) => self.group_of[*row] == group,
        };
        let all = 0..self.counts.len();
        all.clone().filter(member).flat_map(move |row| {
            let apart = move |other: usize| self.group_of[other] != self.group_of[row];
            let others =
                all.clone().filter(move |other| *other != row && (!of_group || apart(*other)));
            others.flat_map(move |other| {
                let over = (0..columns).filter(move |over| *over != column);
                over.map(move |over| Witness { rows: [row, other], columns: [column, over] })
            })
        })
    }

    /// The cells that a witness changes, and whether each goes the way of the first: those of the
    /// segments, and of their groups unless it is the same one, whose sums stay.
    fn corners(&self, witness: Witness) -> impl Iterator<Item = (Place, bool)> + use<> {
        let Witness { rows: [row, other], columns: [column, over] } = witness;
        let (group, far) = (self.group_of[row], self.group_of[other]);
        let apart = group != far;
        let cells = [(row, group, column, true), (row, group, over, false)];
        let far_cells = [(other, far, column, false), (other, far, over, true)];
        cells.into_iter().chain(far_cells).flat_map(move |(row, group, column, along)| {
            let of_group = apart.then_some((Place::Group(group, column), along));
            [Some((Place::Segment(row, column), along)), of_group].into_iter().flatten()
        })
    }

    /// How far the first cell of a witness can go, were all its cells hidden.
    fn room(&self, witness: Witness) -> Room {
        let mut room = Room { down: usize::MAX, up: usize::MAX };
        for (place, along) in self.corners(witness) {
            let own = self.own_room(place, witness);
            room = room.within(if along { own } else { own.back() });
        }
        room
    }

    /// How far one cell of a witness can go and nobody could tell.
    fn own_room(&self, place: Place, witness: Witness) -> Room {
        let (counts, hidden, column) = self.row(place);
        let count = counts[column];
        if self.without == Some(column) {
            return Room { down: count, up: usize::MAX };
        }
        let own = match count < self.least {
            true => Room { down: count, up: self.least - 1 - count },
            false => Room { down: count - self.least, up: usize::MAX },
        };
        if self.without.is_none_or(|without| !witness.columns.contains(&without)) {
            return own;
        }
        // Customers with a hidden value, known to a multiple of `least`.
        let with_hidden: usize = (counts.iter().zip(hidden).enumerate())
            .filter(|(at, (_, hidden))| self.without != Some(*at) && (**hidden || *at == column))
            .map(|(_, (count, _))| count)
            .sum();
        let over = with_hidden % self.least;
        own.within(Room { down: over, up: self.least - 1 - over })
    }

    /// Customers that a witness withholds beside those already hidden, at least one a cell; one
    /// for the number of customers without a value.
    fn cost(&self, witness: Witness) -> usize {
        let cost = |place| {
            let (counts, hidden, column) = self.row(place);
            match (hidden[column], self.without == Some(column)) {
                (true, _) => 0,
                (false, true) => 1,
                (false, false) => counts[column].max(1),
            }
        };
        self.corners(witness).map(|(place, _)| cost(place)).sum()
    }
}
