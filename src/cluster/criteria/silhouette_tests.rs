//! Silhouettes: the blocked kernel against the definition, and hand-worked cases.

use proptest::prelude::*;

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
    mean_silhouettes(Points::new(values, p), &labellings, Seed(1)).means
}

#[test]
fn four_customers_by_hand() {
    // 0 and 1 against 4 and 6: a, b = (1, 5), (1, 4), (2, 3.5), (2, 5.5).
    let expected = (4.0 / 5.0 + 3.0 / 4.0 + 1.5 / 3.5 + 3.5 / 5.5) / 4.0;
    let found = scores(&[0.0, 1.0, 4.0, 6.0], 1, &[&[0, 0, 1, 1]]);
    assert!((found[0].expect("two clusters") - expected).abs() < 1e-15);
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

#[test]
fn a_long_input_is_sampled_evenly_over_the_clusters() {
    let n = EXACT_CUSTOMERS + 1;
    let labels: Vec<u32> = (0..n).map(|row| u32::from(row % 4 == 0)).collect();
    let values: Vec<f64> =
        labels.iter().enumerate().map(|(row, &l)| f64::from(l) * 50.0 + (row % 7) as f64).collect();
    let order = sample(joint_order(n, &[Labelling { labels: &labels, k: 2 }]), Seed(3));
    assert_eq!(order.len(), SAMPLED_CUSTOMERS);
    let ones = order.iter().filter(|&&row| labels[row] == 1).count();
    assert!((2499..=2501).contains(&ones), "{ones}");
    let labelling = Labelling { labels: &labels, k: 2 };
    let found = mean_silhouettes(Points::new(&values, 1), &[labelling], Seed(3));
    assert_eq!(found.rows, SAMPLED_CUSTOMERS);
    assert!(found.means[0].expect("both are sampled") > 0.9);
    // A cluster of one customer is not in the sample.
    let rare: Vec<u32> = (0..n).map(|row| u32::from(row == 4321)).collect();
    let labelling = Labelling { labels: &rare, k: 2 };
    let seeds = (0..20).map(|seed| {
        mean_silhouettes(Points::new(&values[..n], 1), &[labelling], Seed(seed)).means[0]
    });
    assert!(seeds.take(4).any(|mean| mean.is_none()));
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
