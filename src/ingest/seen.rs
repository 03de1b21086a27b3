//! Fingerprints of rows -> which rows stand earlier already, by several threads.

use rayon::prelude::*;

/// Every thread looks after some shards; which fingerprint is in which shard depends on nothing
/// but the fingerprint.
const SHARDS: usize = 8;

/// The fingerprints of all rows so far.
#[derive(Default)]
pub(super) struct Seen {
    shards: [Shard; SHARDS],
}

impl Seen {
    /// Whether each row's fingerprint is that of an earlier row, of this call or a former one.
    pub(super) fn mark(&mut self, fingerprints: &[u128]) -> Vec<bool> {
        let again = self.shards.par_iter_mut().enumerate().map(|(place, shard)| {
            let own = |print: &u128| (print >> 64) as usize % SHARDS == place;
            let rows = (0..fingerprints.len()).filter(|&row| own(&fingerprints[row]));
            // First all its rows, then its slots: many of these are then fetched at a time.
            let rows: Vec<usize> = rows.collect();
            let again = rows.into_iter().filter(|&row| !shard.insert(fingerprints[row]));
            again.collect()
        });
        let again: Vec<Vec<usize>> = again.collect();
        let mut marked = vec![false; fingerprints.len()];
        again.iter().flatten().for_each(|&row| marked[row] = true);
        marked
    }
}

/// A set by open addressing, each number where its lower half says or as soon after as there is
/// room. Fingerprints are spread evenly, and a slot is all that is kept of one: nearly every look
/// is at one line of memory, where a general set has two.
#[derive(Default)]
struct Shard {
    /// 0 where nothing is; a power of two many.
    slots: Vec<u128>,
    used: usize,
}

impl Shard {
    const FIRST: usize = 1 << 10;

    /// Whether the number is new.
    fn insert(&mut self, print: u128) -> bool {
        if self.used * 4 >= self.slots.len() * 3 {
            let slots = vec![0; (self.slots.len() * 2).max(Self::FIRST)];
            for old in std::mem::replace(&mut self.slots, slots) {
                if old != 0 {
                    let place = self.find(old);
                    self.slots[place] = old;
                }
            }
        }
        // 0 counts as 1: that two rows have these two is no likelier than that they have one.
        let print = print.max(1);
        let place = self.find(print);
        if self.slots[place] == print {
            return false;
        }
        self.slots[place] = print;
        self.used += 1;
        true
    }

    /// Where the number is or would be.
    fn find(&self, print: u128) -> usize {
        let last = self.slots.len() - 1;
        let mut place = print as usize & last;
        while self.slots[place] != 0 && self.slots[place] != print {
            place = (place + 1) & last;
        }
        place
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_first_of_equal_rows_is_kept() {
        let prints: Vec<u128> =
            (0..10_000u128).map(|row| (row % 6_000).wrapping_mul(u128::MAX / 7_919)).collect();
        let mut known = HashSet::new();
        let expected: Vec<bool> = prints.iter().map(|print| !known.insert(print)).collect();
        let mut seen = Seen::default();
        let (first, second) = prints.split_at(3_500);
        let mut marked = seen.mark(first);
        marked.extend(seen.mark(second));
        assert_eq!(marked, expected);
    }
}
