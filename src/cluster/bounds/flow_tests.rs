//! Against every assignment there is, and by the condition that no cycle of moves is cheaper.

use proptest::prelude::*;

use super::*;
use crate::cluster::Clusters;
use crate::cluster::assign::labels;
use crate::cluster::kernel::squared_distance;

/// From no prices: how many rows are not with the nearest, and the labels.
fn assigned(points: Points, centroids: &[f64], sizes: Sizes) -> (usize, Vec<u32>) {
    let mut prices = vec![0.0; centroids.len() / points.p];
    let found = assign(points, centroids, sizes, &mut prices).expect("can be met");
    let nearest = nearest(points, centroids);
    (found.iter().zip(&nearest).filter(|(a, b)| a != b).count(), found)
}

fn nearest(points: Points, centroids: &[f64]) -> Vec<u32> {
    let centroids = centroids.chunks_exact(points.p).map(<[f64]>::to_vec).collect();
    labels(points, &Clusters::Kmeans { centroids, inertia: 0.0 }).expect("k-means")
}

fn total(points: Points, centroids: &[f64], labels: &[u32]) -> f64 {
    let p = points.p;
    let cost = |(row, &label): (usize, &u32)| {
        let centroid = &centroids[label as usize * p..(label as usize + 1) * p];
        points.weight(row) * squared_distance(points.row(row), centroid)
    };
    labels.iter().enumerate().map(cost).sum()
}

fn counts(labels: &[u32], k: usize) -> Vec<usize> {
    (0..k).map(|c| labels.iter().filter(|&&label| label as usize == c).count()).collect()
}

/// The cheapest of all assignments within the bounds.
fn brute_force(points: Points, centroids: &[f64], k: usize, sizes: Sizes) -> f64 {
    let n = points.n;
    let mut best = f64::INFINITY;
    for code in 0..k.pow(n as u32) {
        let labels: Vec<u32> = (0..n).map(|row| (code / k.pow(row as u32) % k) as u32).collect();
        if sizes.hold(&counts(&labels, k)) {
            best = best.min(total(points, centroids, &labels));
        }
    }
    best
}

#[test]
fn by_hand() {
    // All four are nearest to 0; two must go to 10, and 3 and 4 are the cheapest to move.
    let points = Points::new(&[0.0, 4.0, 1.0, 3.0], 1);
    let found = assigned(points, &[0.0, 10.0], Sizes { lowest: 2, highest: 4 });
    assert_eq!(found, (2, vec![0, 1, 0, 1]));
    // A chain: the row at 0 makes room for nobody, so that one moves from 1 to 2 and one from 0.
    let points = Points::new(&[0.0, 0.1, 0.2, 1.0, 1.1, 2.0], 1);
    let found = assigned(points, &[0.0, 1.0, 2.0], Sizes { lowest: 2, highest: 2 });
    assert_eq!(found, (2, vec![0, 0, 1, 1, 2, 2]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_cheapest_of_all_assignments(
        values in prop::collection::vec((0i32..6, 0i32..6), 1..8),
        centres in prop::collection::vec((0i32..6, 0i32..6), 1..4),
        lowest in 0usize..4,
        room in 0usize..4,
        heavy in 1u8..4,
        start in prop::collection::vec(-9i32..9, 4),
    ) {
        let flat = |pairs: &[(i32, i32)]| -> Vec<f64> {
            pairs.iter().flat_map(|&(x, y)| [f64::from(x), f64::from(y)]).collect()
        };
        let (values, centroids) = (flat(&values), flat(&centres));
        let (n, k) = (values.len() / 2, centres.len());
        let weights: Vec<f64> =
            (0..n).map(|row| if row % 2 == 0 { 1.0 } else { f64::from(heavy) }).collect();
        let points = Points::new(&values, 2).weighted(Some(&weights));
        let lowest = lowest.min(n / k);
        let sizes = Sizes { lowest, highest: n.div_ceil(k) + room };
        let best = brute_force(points, &centroids, k, sizes);
        // Whatever the prices it begins with, and from its own, which leave nothing to move.
        let mut prices: Vec<f64> = start[..k].iter().map(|&price| f64::from(price)).collect();
        for mut prices in [vec![0.0; k], prices.clone(), {
            assign(points, &centroids, sizes, &mut prices).expect("can be met");
            prices
        }] {
            let found = assign(points, &centroids, sizes, &mut prices).expect("can be met");
            prop_assert!(sizes.hold(&counts(&found, k)), "{found:?}");
            let ours = total(points, &centroids, &found);
            prop_assert!((ours - best).abs() < 1e-9, "{ours} rather than {best}");
        }
    }
}

/// Whether no move of rows around a cycle of clusters and the sink saves anything, which is to say
/// that no assignment within the bounds is cheaper (Ahuja, Magnanti and Orlin 1993, theorem 9.1).
fn cheapest_there_is(points: Points, centroids: &[f64], sizes: Sizes, found: &[u32]) -> bool {
    let k = centroids.len() / points.p;
    let counts = counts(found, k);
    let mut length = vec![vec![f64::INFINITY; k + 1]; k + 1];
    for (row, &from) in found.iter().enumerate() {
        let cost = |cluster: usize| {
            squared_distance(points.row(row), &centroids[cluster * 2..cluster * 2 + 2])
        };
        for (to, arc) in length[from as usize][..k].iter_mut().enumerate() {
            *arc = arc.min(cost(to) - cost(from as usize));
        }
    }
    for cluster in 0..k {
        if counts[cluster] < sizes.highest {
            length[cluster][k] = 0.0;
        }
        if counts[cluster] > sizes.lowest {
            length[k][cluster] = 0.0;
        }
    }
    for via in 0..=k {
        for from in 0..=k {
            for to in 0..=k {
                length[from][to] = length[from][to].min(length[from][via] + length[via][to]);
            }
        }
    }
    (0..k).all(|node| length[node][node] >= -1e-9)
}

/// `n` rows that crowd about the first of four centroids.
fn crowd(n: usize) -> (Vec<f64>, [f64; 8]) {
    let row = |row: usize| {
        let row = row as f64;
        [(row * 0.618_034).fract().powi(3) * 10.0, (row * 0.414_214).fract() * 4.0]
    };
    ((0..n).flat_map(row).collect(), [0.2, 1.0, 0.2, 3.0, 3.0, 2.0, 8.0, 2.0])
}

#[test]
fn nothing_is_cheaper_where_more_rows_move_than_are_ready() {
    let (values, centroids) = crowd(24_000);
    let points = Points::new(&values, 2);
    let sizes = Sizes { lowest: 5_600, highest: 6_200 };
    let few = counts(&nearest(points, &centroids), 4)[3];
    assert!(few + 1_024 < sizes.lowest, "more than are ready have to move");
    let (moved, found) = assigned(points, &centroids, sizes);
    assert!(sizes.hold(&counts(&found, 4)) && moved > 1_024);
    assert!(cheapest_there_is(points, &centroids, sizes, &found));
    // The same with one row in another's place is not.
    let mut worse = found;
    let of = |label: u32| worse.iter().position(|&other| other == label).expect("none is empty");
    let (first, last) = (of(0), of(3));
    worse.swap(first, last);
    assert!(!cheapest_there_is(points, &centroids, sizes, &worse));
}

#[test]
fn prices_of_a_sample_leave_little_to_do_and_what_is_found_is_the_cheapest() {
    let n = 80_000;
    let (values, centroids) = crowd(n);
    let points = Points::new(&values, 2);
    let sizes = Sizes { lowest: 19_000, highest: 21_000 };
    let mut prices = prices(points, &centroids, sizes);
    let few = counts(&nearest(points, &centroids), 4)[3];
    let paid = counts(&cheapest(points, &centroids, &prices), 4)[3];
    assert!(few + 4_000 < sizes.lowest && paid + 200 > sizes.lowest, "{few} and {paid}");
    let found = assign(points, &centroids, sizes, &mut prices).expect("can be met");
    assert!(sizes.hold(&counts(&found, 4)));
    assert!(cheapest_there_is(points, &centroids, sizes, &found));
    // Its prices say the same, but for the rows that a step was measured by: one a pair at most.
    let paid = cheapest(points, &centroids, &prices);
    assert!(found.iter().zip(&paid).filter(|(a, b)| a != b).count() <= 4 * 3);
}
