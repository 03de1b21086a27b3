//! Silhouettes: the blocked kernel against the definition, and hand-worked cases.

use proptest::prelude::*;
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::*;

/// The definition, a pair at a time.
fn naive(points: Points, labels: &[u32], k: usize) -> f64 {
    let mut total = 0.0;
    for i in 0..points.n {
        let mut sums = vec![0.0; k];
        let mut counts = vec![0usize; k];
        for j in (0..points.n).filter(|&j| j != i) {
            let squared = crate::cluster::kernel::squared_distance(points.row(i), points.row(j));
            sums[labels[j] as usize] += squared.sqrt();
            counts[labels[j] as usize] += 1;
        }
        let own = labels[i] as usize;
        if counts[own] == 0 {
            continue;
        }
        let a = sums[own] / counts[own] as f64;
        let b = (0..k)
            .filter(|&c| c != own && counts[c] > 0)
            .map(|c| sums[c] / counts[c] as f64)
            .fold(f64::INFINITY, f64::min);
        if a.max(b) > 0.0 {
            total += (b - a) / a.max(b);
        }
    }
    total / points.n as f64
}

fn scores(values: &[f64], p: usize, labels: &[&[u32]]) -> Vec<Option<f64>> {
    let labellings: Vec<Labelling> = labels
        .iter()
        .map(|&labels| Labelling { labels, k: labels.iter().max().map_or(0, |&k| k as usize + 1) })
        .collect();
    means(Points::new(values, p), &labellings, SilhouetteRows::Auto, 1)
}

fn means(points: Points, of: &[Labelling], rows: SilhouetteRows, seed: u64) -> Vec<Option<f64>> {
    let found = mean_silhouettes(points, of, rows, Seed(seed));
    found.into_iter().map(|of| of.map(|silhouette| silhouette.mean)).collect()
}

#[test]
fn four_customers_by_hand() {
    // 0 and 1 against 4 and 6: a, b = (1, 5), (1, 4), (2, 3.5), (2, 5.5).
    let expected = (4.0 / 5.0 + 3.0 / 4.0 + 1.5 / 3.5 + 3.5 / 5.5) / 4.0;
    let found = scores(&[0.0, 1.0, 4.0, 6.0], 1, &[&[0, 0, 1, 1]]);
    assert!((found[0].expect("two clusters") - expected).abs() < 1e-15);
    let labelling = Labelling { labels: &[0, 0, 1, 1], k: 2 };
    let values = [0.0, 1.0, 4.0, 6.0];
    let of = |rows| mean_silhouettes(Points::new(&values, 1), &[labelling], rows, Seed(1));
    let all = of(SilhouetteRows::Exact)[0].clone().expect("two clusters");
    assert_eq!(all.scores, [4.0 / 5.0, 3.0 / 4.0, 1.5 / 3.5, 3.5 / 5.5]);
    let some = of(SilhouetteRows::Sample(2))[0].clone().expect("two clusters");
    assert!(some.scores.is_empty() && some.interval.is_some(), "two of four rows");
}

#[test]
fn a_member_alone_scores_zero_and_one_cluster_has_none() {
    let found = scores(&[0.0, 1.0, 9.0], 1, &[&[0, 0, 1], &[0, 0, 0], &[0, 1, 2]]);
    // a, b of the first two: (1, 9), (1, 8).
    assert!((found[0].expect("two") - (8.0 / 9.0 + 7.0 / 8.0) / 3.0).abs() < 1e-15);
    assert_eq!(found[1..], [None, Some(0.0)]);
}

#[test]
fn customers_all_alike_score_zero() {
    assert_eq!(scores(&[2.0; 4], 1, &[&[0, 0, 1, 1]]), [Some(0.0)]);
}

/// Overlapping clusters of very different sizes on a plane, n rows, with a fine labelling and a
/// coarse one.
fn uneven(n: usize) -> (Vec<f64>, Vec<u32>, Vec<u32>) {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(8);
    let fine: Vec<u32> =
        (0..n).map(|row| if row % 500 == 7 { 3 } else { [0, 0, 1, 0, 2][row % 5] }).collect();
    let coarse = fine.iter().map(|&label| u32::from(label > 1)).collect();
    let values = fine
        .iter()
        .flat_map(|&label| [f64::from(label) * 2.0, f64::from(label % 2)])
        .map(|centre| centre + rng.r#gen::<f64>() + rng.r#gen::<f64>())
        .collect();
    (values, fine, coarse)
}

#[test]
fn a_sample_estimates_the_exact_mean_within_its_interval() {
    let n = 3_000;
    let (values, fine, coarse) = uneven(n);
    let points = Points::new(&values, 2);
    let of = [Labelling { labels: &fine, k: 4 }, Labelling { labels: &coarse, k: 2 }];
    let exact = means(points, &of, SilhouetteRows::Exact, 0);
    assert_eq!(exact, means(points, &of, SilhouetteRows::Auto, 1), "few enough for all");
    let (mut inside, mut total, mut widest) = (0, 0, 0.0_f64);
    for seed in 0..100 {
        let found = mean_silhouettes(points, &of, SilhouetteRows::Sample(200), Seed(seed));
        for (found, exact) in found.iter().zip(&exact) {
            let (found, exact) = (found.as_ref().expect("clusters"), exact.expect("clusters"));
            let [low, high] = found.interval.expect("a sample");
            assert!(low < found.mean && found.mean < high);
            // 6 of the 3,000 are in the smallest cluster: all are drawn where it has fewer than two.
            assert!((200..=206).contains(&found.rows), "{}", found.rows);
            inside += usize::from((low..=high).contains(&exact));
            total += 1;
            widest = widest.max(high - low);
        }
    }
    // 95 % and more, since systematic samples spread better than the variance assumes.
    assert!(inside * 100 >= total * 93, "{inside} of {total}");
    assert!(widest < 0.09, "{widest}");
}

#[test]
fn every_cluster_of_a_long_input_is_heard() {
    let n = EXACT_CUSTOMERS + 1;
    let values: Vec<f64> =
        (0..n).map(|row| if row == 4_321 { 900.0 } else { (row % 7) as f64 }).collect();
    let rare: Vec<u32> = (0..n).map(|row| u32::from(row == 4_321)).collect();
    let labelling = Labelling { labels: &rare, k: 2 };
    let points = Points::new(&values, 1);
    let found = mean_silhouettes(points, &[labelling], SilhouetteRows::Auto, Seed(1));
    let found = found[0].as_ref().expect("two clusters");
    assert!((SAMPLED_CUSTOMERS..=SAMPLED_CUSTOMERS + 1).contains(&found.rows));
    let exact = mean_silhouettes(points, &[labelling], SilhouetteRows::Exact, Seed(1));
    let exact = exact[0].as_ref().expect("two clusters");
    assert_eq!((exact.interval, exact.rows), (None, n));
    assert!((found.mean - exact.mean).abs() < 1e-3, "{found:?} {exact:?}");
}

#[test]
fn samples_are_as_large_as_their_cost_allows() {
    use SilhouetteRows::{Auto, Exact, Sample};
    assert_eq!(sample_size(EXACT_CUSTOMERS, Auto), None);
    assert_eq!(sample_size(EXACT_CUSTOMERS + 1, Auto), Some(SAMPLED_CUSTOMERS));
    assert_eq!(sample_size(1_000_000, Auto), Some(2_000));
    assert_eq!(sample_size(1_000_000_000, Auto), Some(LEAST_CUSTOMERS));
    assert_eq!(sample_size(1_000_000, Exact), None);
    assert_eq!((sample_size(500, Sample(200)), sample_size(200, Sample(200))), (Some(200), None));
}

#[test]
fn weights_are_repetitions() {
    let (values, fine, coarse) = uneven(400);
    let counts: Vec<usize> = (0..400).map(|row| 1 + row % 3).collect();
    let weights: Vec<f64> = counts.iter().map(|&count| count as f64).collect();
    let rows: Vec<usize> =
        counts.iter().enumerate().flat_map(|(row, &count)| vec![row; count]).collect();
    let points = Points::new(&values, 2).weighted(Some(&weights));
    let repeated = points.gather(&rows);
    let repeated = Points::new(&repeated, 2);
    let pick = |labels: &[u32]| rows.iter().map(|&row| labels[row]).collect::<Vec<u32>>();
    let (fine_rows, coarse_rows) = (pick(&fine), pick(&coarse));
    let of = [Labelling { labels: &fine, k: 4 }, Labelling { labels: &coarse, k: 2 }];
    let of_rows =
        [Labelling { labels: &fine_rows, k: 4 }, Labelling { labels: &coarse_rows, k: 2 }];
    for rows in [SilhouetteRows::Exact, SilhouetteRows::Sample(120)] {
        let ours = mean_silhouettes(points, &of, rows, Seed(5));
        let theirs = mean_silhouettes(repeated, &of_rows, rows, Seed(5));
        for (ours, theirs) in ours.iter().zip(&theirs) {
            let (ours, theirs) =
                (ours.as_ref().expect("clusters"), theirs.as_ref().expect("clusters"));
            assert!((ours.mean - theirs.mean).abs() < 1e-12, "{ours:?} {theirs:?}");
            assert_eq!(ours.interval.is_some(), theirs.interval.is_some());
        }
    }
}

proptest! {
    #[test]
    fn cells_change_nothing(
        cells in prop::collection::vec((0i32..12, 0i32..12, 0u32..4, 0u32..3), 4..90),
    ) {
        let values: Vec<f64> =
            cells.iter().flat_map(|cell| [f64::from(cell.0), f64::from(cell.1) / 3.0]).collect();
        let first: Vec<u32> = cells.iter().map(|cell| cell.2).collect();
        let second: Vec<u32> = cells.iter().map(|cell| cell.3).collect();
        let points = Points::new(&values, 2);
        for (labels, found) in [&first, &second].into_iter().zip(scores(&values, 2, &[&first, &second])) {
            let k = labels.iter().max().map_or(0, |&k| k as usize + 1);
            let used = (0..k as u32).all(|label| labels.contains(&label));
            prop_assert_eq!(found.is_some(), k > 1 && used);
            if let Some(found) = found {
                prop_assert!((found - naive(points, labels, k)).abs() < 1e-12);
            }
        }
    }
}
