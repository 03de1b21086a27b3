//! Counts of one attribute (parts x values) and which of them are hidden -> one portrait a part:
//! numbers and intervals of customers, shares, indices and how likely chance is to give these.
//!
//! An interval follows from what is shown alone: the sizes of the parts, the numbers of all buyers,
//! the numbers shown, which hidden ones are small, and, where the number of customers without a
//! value is hidden, the number of those with a hidden value to a multiple of `least` (see
//! `suppress`). So shares, indices and p-values of intervals tell no more than these do.

use super::figures::quartiles;
use super::tables::Table;
use super::{Cell, Count, Portrait, TOLERANCE, chance};

/// A number of customers, at least and at most.
type Ends = (usize, usize);

/// Row and column of a cell.
type Place = (usize, usize);

/// One portrait a row of `counts`, with what is `hidden` hidden.
pub(super) fn portraits(
    table: &Table,
    counts: &[Vec<usize>],
    hidden: &[Vec<bool>],
    part_of: &[usize],
    least: usize,
) -> Vec<Portrait> {
    let values = table.values.len();
    let all: Vec<usize> =
        (0..table.columns()).map(|at| counts.iter().map(|row| row[at]).sum()).collect();
    let known_of_all: usize = all[..values].iter().sum();
    let everybody = quartiles(&table.numbers, least);
    let mut numbers = vec![Vec::new(); counts.len()];
    for (part, number) in part_of.iter().zip(&table.numbers) {
        numbers[*part].push(*number);
    }
    let known: Vec<Ends> = (counts.iter().zip(hidden))
        .map(|(counts, hidden)| known(counts, hidden, values, least))
        .collect();
    let ends = ends(counts, hidden, (&all[..values], &known), least);
    let own = ends.into_iter().zip(known).zip(hidden).zip(numbers);
    own.map(|(((ends, known), hidden), numbers)| {
        let cells: Vec<Cell> = (table.values.iter().zip(ends).enumerate())
            .map(|(at, (value, (from, to)))| {
                let customers =
                    if hidden[at] { Count::Between { from, to } } else { Count::Exact(from) };
                let share_of_all = all[at] as f64 / known_of_all.max(1) as f64;
                let share = share(customers, known).filter(|_| !customers.is_small(least));
                Cell {
                    value: value.clone(),
                    customers,
                    share,
                    share_of_all,
                    index: share.map(|share| 100.0 * share / share_of_all),
                    p_value: share.and_then(|_| p_value(customers, known, (all[at], known_of_all))),
                    stands_out: false,
                }
            })
            .collect();
        // Quartiles bound the counts of bands.
        let whole = hidden[..values].iter().all(|hidden| !hidden);
        Portrait {
            attribute: table.name.clone(),
            known: Count::between(known),
            known_of_all,
            own: if whole { quartiles(&numbers, least) } else { None },
            everybody,
            cells,
        }
    })
    .collect()
}

/// Customers of a part who have any value, at least and at most.
fn known(counts: &[usize], hidden: &[bool], values: usize, least: usize) -> Ends {
    let sum = |of: bool| -> usize {
        (0..values).filter(|at| hidden[*at] == of).map(|at| counts[at]).sum()
    };
    let (shown, with_hidden) = (sum(false), sum(true));
    if !hidden.get(values).is_some_and(|hidden| *hidden) {
        return (shown + with_hidden, shown + with_hidden);
    }
    let from = shown + with_hidden / least * least;
    // All of the part are no fewer than those of them with a value.
    (from, (from + least - 1).min(counts.iter().sum()))
}

/// The lowest and the highest number of each cell: the same where it is shown, the whole range where
/// it is small, and between what the others of its row and its column leave where it is withheld.
fn ends(
    counts: &[Vec<usize>],
    hidden: &[Vec<bool>],
    (all, known): (&[usize], &[Ends]),
    least: usize,
) -> Vec<Vec<Ends>> {
    let mut ends: Vec<Vec<Ends>> = (counts.iter().zip(hidden))
        .map(|(counts, hidden)| {
            (0..all.len())
                .map(|at| match (hidden[at], counts[at] < least) {
                    (false, _) => (counts[at], counts[at]),
                    (true, true) => (0, least - 1),
                    (true, false) => (least, all[at]),
                })
                .collect()
        })
        .collect();
    let rows = |at: usize| (0..all.len()).map(|column| (at, column)).collect();
    let columns = |at: usize| (0..counts.len()).map(|row| (row, at)).collect();
    let lines: Vec<(Vec<Place>, Ends)> = (known.iter().enumerate())
        .map(|(at, known)| (rows(at), *known))
        .chain(all.iter().enumerate().map(|(at, all)| (columns(at), (*all, *all))))
        .collect();
    // What a line leaves may tell more of another; twice round is near to all.
    for (line, sum) in lines.iter().chain(&lines) {
        let low: usize = line.iter().map(|(row, at)| ends[*row][*at].0).sum();
        let high: usize = line.iter().map(|(row, at)| ends[*row][*at].1).sum();
        for (row, at) in line {
            if hidden[*row][*at] && counts[*row][*at] >= least {
                let own = ends[*row][*at];
                let from = sum.0.saturating_sub(high - own.1);
                let to = sum.1 - (low - own.0);
                ends[*row][*at] = (own.0.max(from), own.1.min(to));
            }
        }
    }
    ends
}

/// The lowest and the highest share: the customers of a cell are among those who have a value.
fn shares(customers: Count, (fewest, most): Ends) -> ((usize, usize), (usize, usize)) {
    let (from, to) = customers.ends();
    ((from, most.max(from)), (to, fewest.max(to)))
}

/// The middle of what the share may be; none where it is not known well enough.
fn share(customers: Count, known: Ends) -> Option<f64> {
    let of = |(part, whole): (usize, usize)| part as f64 / whole.max(1) as f64;
    let (low, high) = shares(customers, known);
    let (low, high) = (of(low), of(high));
    let middle = f64::midpoint(low, high);
    (known.1 > 0 && high - middle <= TOLERANCE * middle).then_some(middle)
}

/// The highest p-value of what the share may be; `whole` as [`chance::p_value`] has it.
fn p_value(customers: Count, known: Ends, whole: (usize, usize)) -> Option<f64> {
    // No part knows more than all do.
    let (low, high) = shares(customers, (known.0, known.1.min(whole.1)));
    let over =
        |(part, of): (usize, usize)| part as f64 * whole.1 as f64 - of as f64 * whole.0 as f64;
    if over(low) * over(high) < 0.0 {
        return Some(1.0);
    }
    let (low, high) = (chance::p_value(low, whole), chance::p_value(high, whole));
    Some(low?.max(high?))
}
