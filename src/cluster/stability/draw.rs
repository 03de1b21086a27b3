//! n rows and a seed -> the rows of one resample, ascending, with what each counts.

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::Repeats;
use crate::types::Seed;

/// The rows drawn and what they count.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::cluster) struct Drawn {
    /// Distinct rows, ascending.
    pub rows: Vec<usize>,
    /// How often each was drawn, at least once; none where each counts once.
    pub times: Option<Vec<u32>>,
}

impl Drawn {
    /// The rows drawn, ascending, each as often as it counts.
    pub fn repeated(&self) -> Vec<usize> {
        let Some(times) = &self.times else { return self.rows.clone() };
        let each = self.rows.iter().zip(times);
        each.flat_map(|(&row, &times)| std::iter::repeat_n(row, times as usize)).collect()
    }
}

/// `n` rows of `n`, with replacement.
pub(super) fn bootstrap(n: usize, repeats: Repeats, seed: Seed) -> Drawn {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed.0);
    let mut times = vec![0u32; n];
    for _ in 0..n {
        times[rng.gen_range(0..n)] += 1;
    }
    let rows: Vec<usize> = (0..n).filter(|&row| times[row] > 0).collect();
    let times = (repeats == Repeats::Weighted).then(|| rows.iter().map(|&r| times[r]).collect());
    Drawn { rows, times }
}

/// `size` rows of `n` (no more than these), without replacement: every set of that size is as
/// likely (selection sampling, algorithm S of Knuth, The Art of Computer Programming 2, 3.4.2).
pub(super) fn subset(n: usize, size: usize, seed: Seed) -> Drawn {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed.0);
    let mut rows = Vec::with_capacity(size);
    for row in 0..n {
        if rng.gen_range(0..n - row) < size - rows.len() {
            rows.push(row);
        }
    }
    Drawn { rows, times: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bootstrap_draws_n_and_leaves_out_a_third() {
        let drawn = bootstrap(10_000, Repeats::Weighted, Seed(1));
        assert_eq!(drawn.times.expect("weighted").iter().sum::<u32>(), 10_000);
        let once = bootstrap(10_000, Repeats::Once, Seed(1));
        assert_eq!((once.rows == drawn.rows, once.times), (true, None));
        assert!(drawn.rows.is_sorted_by(|a, b| a < b));
        // A row is left out with probability (1 - 1/n)^n, 1/e for large n: deviation 0.0048.
        assert!((drawn.rows.len() as f64 / 10_000.0 - (1.0 - (-1.0f64).exp())).abs() < 0.02);
    }

    #[test]
    fn a_subset_has_its_size_and_every_row_the_same_chance() {
        let mut times = [0usize; 10];
        for seed in 0..5_000 {
            let drawn = subset(10, 3, Seed(seed));
            assert!(drawn.rows.len() == 3 && drawn.rows.is_sorted_by(|a, b| a < b));
            drawn.rows.iter().for_each(|&row| times[row] += 1);
        }
        // Binomial with mean 1,500 and deviation 32.
        assert!(times.iter().all(|&times| (1_350..1_650).contains(&times)), "{times:?}");
        assert_eq!(subset(4, 4, Seed(0)).rows, [0, 1, 2, 3]);
    }
}
