//! Measures of drift: worked numbers, and the thresholds by chance against simulation.

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::*;

/// The worked example of the reference formulas: five bins of a fifth against 0.3, 0.25, 0.2,
/// 0.15, 0.1.
#[test]
fn the_worked_example() {
    let found = population_stability(&[20.0; 5], &[30.0, 25.0, 20.0, 15.0, 10.0]).unwrap();
    assert!((found.value - 0.135_402_510_1).abs() < 1e-10, "{}", found.value);
}

/// From the same page: with 10 bins, n = m = 100, 500, 1,000, 10,000.
#[test]
fn chance_of_the_worked_sizes() {
    for (n, at_95, at_99) in [
        (100.0, 0.3384, 0.4333),
        (500.0, 0.0677, 0.0867),
        (1000.0, 0.0338, 0.0433),
        (10_000.0, 0.003_38, 0.004_33),
    ] {
        let of = |level| stability_by_chance(10, n, n, level);
        assert!((of(0.95) - at_95).abs() < 6e-5 && (of(0.99) - at_99).abs() < 6e-5);
    }
    assert_eq!(stability_by_chance(1, 5.0, 5.0, 0.95), 0.0);
}

/// Of 2,000 pairs of samples from one law, 5 % lie above the threshold, to within what so many
/// pairs can tell; no more than that of the two others.
#[test]
fn thresholds_hold_in_simulation() {
    let mut draws = Xoshiro256PlusPlus::seed_from_u64(20_261_127);
    let mut sample = |n: usize| {
        let mut values: Vec<f64> = (0..n).map(|_| -draws.r#gen::<f64>().max(1e-300).ln()).collect();
        values.sort_unstable_by(f64::total_cmp);
        values
    };
    // Bins must not come from the samples: the law's own deciles.
    let ends: Vec<f64> = (1..10).map(|bin| -(1.0 - f64::from(bin) / 10.0).ln()).collect();
    let pairs = 2000;
    let mut above = [0; 3];
    for _ in 0..pairs {
        let (a, b) = (sample(600), sample(900));
        let stability = population_stability(&bin_counts(&ends, &a), &bin_counts(&ends, &b));
        let found = [stability, kolmogorov_smirnov(&a, &b), wasserstein(&a, &b)];
        for (above, found) in above.iter_mut().zip(found) {
            *above += usize::from(found.unwrap().value > found.unwrap().chance);
        }
    }
    let share = above.map(|above| above as f64 / f64::from(pairs));
    assert!((share[0] - 0.05).abs() < 0.015, "{share:?}");
    assert!(share[1] > 0.02 && share[1] < 0.06, "{share:?}");
    assert!(share[2] > 0.01 && share[2] < 0.06, "{share:?}");
}

#[test]
fn distances_by_hand() {
    // F is 1/2 between 0 and 1; the other sample lies at 1 and 3.
    let (a, b) = ([0.0, 1.0], [1.0, 3.0]);
    assert_eq!(kolmogorov_smirnov(&a, &b).unwrap().value, 0.5);
    // Sorted pairs: |0 - 1| and |1 - 3|, mean 1.5.
    assert_eq!(wasserstein(&a, &b).unwrap().value, 1.5);
    assert_eq!(wasserstein(&a, &a).unwrap().value, 0.0);
    assert_eq!(wasserstein(&a, &[]), None);
    assert_eq!(population_stability(&[0.0], &[1.0]), None);
}

#[test]
fn bins_follow_ties() {
    let values: Vec<f64> = (0..100).map(|row| f64::from(row.max(50))).collect();
    let ends = bin_ends(&values);
    assert!(ends.windows(2).all(|pair| pair[0] < pair[1]) && ends.len() < BINS - 1);
    assert_eq!(bin_counts(&ends, &values).iter().sum::<f64>(), 100.0);
    assert_eq!(bin_ends(&[3.0; 9]), Vec::<f64>::new(), "customers all alike are in one bin");
    assert_eq!(bin_counts(&[], &[1.0, 2.0]), [2.0]);
}

/// By hand: shares 0.5, 0.3, 0.2 against 0.4, 0.3, 0.3.
#[test]
fn total_variation_by_hand_and_its_bound() {
    let found = total_variation(&[50.0, 30.0, 20.0, 0.0], &[40.0, 30.0, 30.0, 0.0]).unwrap();
    assert!((found.value - 0.1).abs() < 1e-12);
    // Half the root of (1/100 + 1/100) times 5.9915, the quantile at two degrees of freedom.
    assert!(
        (found.chance - 0.5 * (0.02 * 5.991_464_5_f64).sqrt()).abs() < 1e-6,
        "{}",
        found.chance
    );
    assert_eq!(total_variation(&[0.0], &[1.0]), None);
    // Two equal shares: the bound is exact, |p - q| against 1.96 standard errors.
    let two = total_variation(&[50.0, 50.0], &[50.0, 50.0]).unwrap();
    assert!((two.chance - 1.959_964 * (0.25_f64 * 0.02).sqrt()).abs() < 1e-6);
}

/// Of 2,000 pairs of draws from one law over four categories no more than 5 % lie above the bound.
#[test]
fn the_bound_of_total_variation_holds_in_simulation() {
    let mut draws = Xoshiro256PlusPlus::seed_from_u64(6);
    let mut counts = |n: usize| {
        let mut counts = [0.0; 4];
        for _ in 0..n {
            let draw: f64 = draws.r#gen();
            counts[[0.5, 0.8, 0.95].iter().filter(|end| draw > **end).count()] += 1.0;
        }
        counts
    };
    let pairs = 2000;
    let above = (0..pairs)
        .filter(|_| total_variation(&counts(500), &counts(800)).is_some_and(|d| d.value > d.chance))
        .count();
    let share = above as f64 / f64::from(pairs);
    assert!(share > 0.005 && share < 0.06, "{share}");
}

/// The distances of counts at places are those of the samples that they count.
#[test]
fn distances_of_ordered_counts_are_those_of_samples() {
    let places = [1.0, 2.5, 2.5, 7.0];
    let (before, after) = ([3.0, 1.0, 4.0, 2.0], [1.0, 5.0, 0.0, 9.0]);
    let sample = |counts: &[f64]| -> Vec<f64> {
        let repeated = places.iter().zip(counts);
        repeated.flat_map(|(place, count)| std::iter::repeat_n(*place, *count as usize)).collect()
    };
    let (smirnov, area) = ordered_distances(&places, &before, &after).unwrap();
    let (a, b) = (sample(&before), sample(&after));
    for (found, expected) in [(smirnov, kolmogorov_smirnov(&a, &b)), (area, wasserstein(&a, &b))] {
        let expected = expected.unwrap();
        assert!((found.value - expected.value).abs() < 1e-12, "{found:?} {expected:?}");
        assert!((found.chance - expected.chance).abs() < 1e-12, "{found:?} {expected:?}");
    }
    assert_eq!(ordered_distances(&[1.0], &[0.0], &[1.0]), None);
}
