//! Fingerprints of rows -> which rows stand earlier already, by several threads.

use rayon::prelude::*;

use super::source::Block;

/// Every thread looks after some shards; which fingerprint is in which shard depends on nothing
/// but the fingerprint.
const SHARDS: usize = 8;

/// Not 0: memory of zeros would be had untouched, and each page of it taken twice, first to be read
/// and then to be written, the second time with a word to the other cores.
const EMPTY: u128 = u128::MAX;

/// Rows whose fingerprints a thread makes at a time.
const PIECE: usize = 1 << 13;

/// The fingerprints of all rows so far.
#[derive(Default)]
pub(super) struct Seen {
    shards: [Shard; SHARDS],
    /// Of the block at hand.
    prints: Vec<u128>,
}

impl Seen {
    /// Whether each row of a block is equal to an earlier one, of this block or a former one.
    pub(super) fn mark(&mut self, block: &dyn Block) -> Vec<bool> {
        self.prints.resize(block.len(), 0);
        let pieces = self.prints.par_chunks_mut(PIECE).enumerate();
        pieces.for_each(|(piece, prints)| block.fingerprints(piece * PIECE, prints));
        let (prints, rows) = (&self.prints, block.rows_of_file().unwrap_or(0));
        let again = self.shards.par_iter_mut().enumerate().map(|(place, shard)| {
            shard.expect(rows / SHARDS);
            let own = |print: &u128| (print >> 64) as usize % SHARDS == place;
            // First all its rows, then its slots: many of these are then fetched at a time.
            let rows: Vec<usize> = (0..prints.len()).filter(|&row| own(&prints[row])).collect();
            rows.into_iter().filter(|&row| !shard.insert(prints[row])).collect()
        });
        let again: Vec<Vec<usize>> = again.collect();
        let mut marked = vec![false; prints.len()];
        again.iter().flatten().for_each(|&row| marked[row] = true);
        marked
    }
}

/// A set by open addressing, each number where its lower half says or as soon after as there is
/// room. Fingerprints are spread evenly, and a slot is all that is kept of one: nearly every look
/// is at one line of memory, where a general set has two.
#[derive(Default)]
struct Shard {
    /// [`EMPTY`] where nothing is; a power of two many.
    slots: Vec<u128>,
    used: usize,
}

impl Shard {
    const FIRST: usize = 1 << 10;

    /// Makes room for `rows` in all, so that the slots need not grow several times.
    fn expect(&mut self, rows: usize) {
        let slots = (rows + rows / 2).next_power_of_two();
        if self.slots.len() < slots {
            self.grow(slots);
        }
    }

    /// Whether the number is new.
    fn insert(&mut self, print: u128) -> bool {
        if self.used * 4 >= self.slots.len() * 3 {
            self.grow((self.slots.len() * 2).max(Self::FIRST));
        }
        // The last number counts as the one before: that two rows have these two is no likelier than
        // that they have one.
        let print = print.min(EMPTY - 1);
        let place = self.find(print);
        if self.slots[place] == print {
            return false;
        }
        self.slots[place] = print;
        self.used += 1;
        true
    }

    fn grow(&mut self, slots: usize) {
        for old in std::mem::replace(&mut self.slots, vec![EMPTY; slots]) {
            if old != EMPTY {
                let place = self.find(old);
                self.slots[place] = old;
            }
        }
    }

    /// Where the number is or would be.
    fn find(&self, print: u128) -> usize {
        let last = self.slots.len() - 1;
        let mut place = print as usize & last;
        while self.slots[place] != EMPTY && self.slots[place] != print {
            place = (place + 1) & last;
        }
        place
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::ops::Range;

    use super::*;
    use crate::ingest::IngestError;
    use crate::ingest::source::Sink;

    /// Rows that have nothing but fingerprints.
    struct Prints<'a>(&'a [u128], Option<usize>);

    impl Block for Prints<'_> {
        fn len(&self) -> usize {
            self.0.len()
        }

        fn rows_of_file(&self) -> Option<usize> {
            self.1
        }

        fn fingerprints(&self, start: usize, prints: &mut [u128]) {
            prints.copy_from_slice(&self.0[start..][..prints.len()]);
        }

        fn each(&self, _: Range<usize>, _: &mut Sink<'_>) -> Result<(), IngestError> {
            Ok(())
        }
    }

    #[test]
    fn the_first_of_equal_rows_is_kept() {
        let prints: Vec<u128> =
            (0..40_000u128).map(|row| (row % 26_000).wrapping_mul(u128::MAX / 7_919)).collect();
        let mut known = HashSet::new();
        let expected: Vec<bool> = prints.iter().map(|print| !known.insert(print)).collect();
        for rows in [None, Some(0), Some(10), Some(40_000)] {
            let mut seen = Seen::default();
            let (first, second) = prints.split_at(17_000);
            let mut marked = seen.mark(&Prints(first, rows));
            marked.extend(seen.mark(&Prints(second, rows)));
            assert_eq!(marked, expected, "{rows:?}");
        }
    }
}
