//! Rows in blocks of a fixed size: n rows -> one result a block, in block order.
//!
//! The shape of every reduction is fixed by the number of rows alone, never by the number of
//! threads: partial results are computed a block at a time and combined in block order. Small
//! inputs run on the calling thread (their parallelism is over restarts) with the same blocks.

use std::ops::Range;

use rayon::prelude::*;

/// Rows of a block.
pub(crate) const BLOCK: usize = 2_048;

/// Rows from which blocks are shared out among threads.
const PARALLEL_FROM: usize = 32_768;

/// `work` on each block of `n` rows; its results in block order.
pub(crate) fn map_blocks<T: Send>(n: usize, work: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    map_ranges(n, BLOCK, work)
}

/// Rows of a block for work that keeps figures of k clusters a block: a multiple of [`BLOCK`], so
/// that the figures take an eighth of the rows' memory at most.
pub(crate) fn rows_for(k: usize) -> usize {
    BLOCK * (8 * k).div_ceil(BLOCK).max(1)
}

/// `work` on each range of `rows` of `n` rows; its results in their order.
pub(crate) fn map_ranges<T: Send>(
    n: usize,
    rows: usize,
    work: impl Fn(Range<usize>) -> T + Sync,
) -> Vec<T> {
    let range = |index: usize| index * rows..((index + 1) * rows).min(n);
    let ranges = n.div_ceil(rows);
    if n < PARALLEL_FROM {
        (0..ranges).map(|index| work(range(index))).collect()
    } else {
        (0..ranges).into_par_iter().map(|index| work(range(index))).collect()
    }
}

/// `work` on runs of consecutive blocks, as even as can be and at most `groups` of them: for
/// results so large that one a block would take more memory than the rows.
pub(crate) fn map_groups<T: Send>(
    n: usize,
    groups: usize,
    work: impl Fn(Range<usize>) -> T + Sync,
) -> Vec<T> {
    let rows = n.div_ceil(BLOCK).div_ceil(groups.max(1)).max(1) * BLOCK;
    let group = |index: usize| work(index * rows..((index + 1) * rows).min(n));
    if n < PARALLEL_FROM {
        (0..n.div_ceil(rows)).map(group).collect()
    } else {
        (0..n.div_ceil(rows)).into_par_iter().map(group).collect()
    }
}

/// `work` on the state kept for each block of `n` rows.
pub(crate) fn each_block<S: Send>(n: usize, states: &mut [S], work: impl Fn(&mut S) + Sync + Send) {
    if n < PARALLEL_FROM {
        states.iter_mut().for_each(work);
    } else {
        states.par_iter_mut().for_each(work);
    }
}

/// The states kept for each block of `n` rows, each worked into what comes of them all. As `work` and
/// `join` may be called in any grouping, what they add up must not depend on it.
pub(crate) fn fold_blocks<S: Send, T: Send>(
    n: usize,
    states: &mut [S],
    none: impl Fn() -> T + Sync + Send,
    work: impl Fn(T, &mut S) -> T + Sync + Send,
    join: impl Fn(T, T) -> T + Sync + Send,
) -> T {
    if n < PARALLEL_FROM {
        states.iter_mut().fold(none(), work)
    } else {
        states.par_iter_mut().fold(&none, work).reduce(&none, join)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_cover_the_rows_once_and_in_order() {
        for n in [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, PARALLEL_FROM + 7] {
            let rows: Vec<usize> = map_blocks(n, |rows| rows.collect::<Vec<_>>()).concat();
            assert_eq!(rows, (0..n).collect::<Vec<_>>());
            for groups in [0, 1, 3, 16, 1_000] {
                let parts: Vec<Vec<usize>> = map_groups(n, groups, |rows| rows.collect());
                assert!(parts.len() <= groups.max(1));
                assert_eq!(parts.concat(), (0..n).collect::<Vec<_>>());
            }
        }
    }
}
