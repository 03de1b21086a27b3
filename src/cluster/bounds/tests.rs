//! Bounds hold, at no less cost than without, whatever the order of customers; and what is said.

use proptest::prelude::*;
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::*;
use crate::cluster::canonical::settle;
use crate::cluster::engine::{Settings, fit};
use crate::cluster::kmeans::Prepared;
use crate::cluster::{Covariance, Method};

fn settings() -> Settings {
    Settings { squared_move: 1e-9, ..crate::cluster::testing::settings() }
}

/// `n` rows of two normal features in groups of shares 1/2, 1/3, 1/6 far apart.
fn rows(n: usize, seed: u64) -> Vec<f64> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut noise = move || (0..12).map(|_| rng.r#gen::<f64>()).sum::<f64>() - 6.0;
    (0..n)
        .flat_map(|row| {
            let centre = [[0.0, 0.0], [12.0, 0.0], [0.0, 12.0]][[0, 0, 0, 1, 1, 2][row % 6]];
            [centre[0] + noise(), centre[1] + noise()]
        })
        .collect()
}

fn fitted(points: Points, method: Method, k: usize) -> (Clusters, Assigned) {
    let raw = fit(&Prepared::new(points), method, k, &settings(), Seed(1)).expect("fits");
    settle(points, raw.clusters).expect("settles")
}

fn bounded(values: &[f64], method: Method, k: usize, sizes: Sizes, by: Bounding) -> Bounded {
    let points = Points::new(values, 2);
    let (clusters, assigned) = fitted(points, method, k);
    bound(points, clusters, assigned, Asked { sizes, by }, &settings(), Seed(1))
        .expect("can be met")
}

fn said(found: &Bounded) -> Vec<Warning> {
    warnings(&found.record, found.assigned.assignments.cluster.len())
}

fn sizes_of(found: &Bounded) -> Vec<usize> {
    counts(&found.assigned.assignments.cluster, found.clusters.k())
}

#[test]
fn small_clusters_are_merged_and_the_model_assigns_as_the_record_says() {
    let values = rows(600, 1);
    for method in [Method::Kmeans, Method::Gmm] {
        // 6 clusters of 600: some are parts of the three groups of 300, 200 and 100.
        let sizes = Sizes { lowest: 90, highest: 600 };
        let found = bounded(&values, method, 8, sizes, Bounding::Merge);
        assert!(sizes.hold(&sizes_of(&found)), "{:?}", sizes_of(&found));
        assert_eq!(found.clusters.k(), 8 - found.record.merged.len());
        assert!(!found.record.merged.is_empty() && found.record.moved == 0);
        assert!(found.record.merged.iter().all(|merged| merged.customers < 90));
        let again = settle(Points::new(&values, 2), found.clusters.clone()).expect("settles");
        assert_eq!(again.1.assignments, found.assigned.assignments);
        assert_eq!(said(&found)[0].code, "segments_merged");
    }
}

#[test]
fn mixtures_of_every_shape_are_merged_and_keep_it() {
    let values = rows(600, 5);
    let points = Points::new(&values, 2);
    for covariance in Covariance::ALL {
        for noise in [false, true] {
            let settings = Settings { covariance, noise, ..settings() };
            let raw = fit(&Prepared::new(points), Method::Gmm, 7, &settings, Seed(1));
            let (clusters, assigned) =
                settle(points, raw.expect("fits").clusters).expect("settles");
            let asked = Asked { sizes: Sizes { lowest: 90, highest: 600 }, by: Bounding::Merge };
            let found =
                bound(points, clusters, assigned, asked, &settings, Seed(1)).expect("can be met");
            assert!(asked.sizes.hold(&sizes_of(&found)), "{:?}", sizes_of(&found));
            let Clusters::Gmm { covariances, covariance: kept, noise: aside, weights, .. } =
                &found.clusters
            else {
                panic!("a mixture")
            };
            assert_eq!((*kept, aside.is_some()), (covariance, noise));
            let total = weights.iter().sum::<f64>() + aside.map_or(0.0, |noise| noise.weight);
            assert!((total - 1.0).abs() < 1e-9);
            for own in covariances {
                match covariance {
                    Covariance::Full => assert!(own[0][1] != 0.0),
                    Covariance::Tied => assert_eq!(own, &covariances[0]),
                    Covariance::Diagonal => assert_eq!(own[0][1], 0.0),
                    Covariance::Spherical => {
                        assert!(own[0][1] == 0.0 && own[0][0] == own[1][1]);
                    }
                }
            }
        }
    }
}

#[test]
fn small_clusters_join_by_what_the_rows_weigh() {
    // By Ward the row at 0 joins the two at 3, for 1 x 2 / 3 x 9 = 6 is less than 1 x 8 / 9 x 9 = 8
    // for the eight at -3; where the two weigh 16, 1 x 16 / 17 x 9 = 8.5 is more.
    let values: Vec<f64> = std::iter::repeat_n(-3.0, 8).chain([0.0, 3.0, 3.0]).collect();
    for (weight, with) in [(1.0, 2), (8.0, 8)] {
        let mut weights = [1.0; 11];
        weights[9..].fill(weight);
        let points = Points::new(&values, 1).weighted(Some(&weights));
        let centroids = vec![vec![-3.0], vec![0.0], vec![3.0]];
        let clusters = Clusters::Kmeans { centroids, inertia: 0.0 };
        let (clusters, assigned) = settle(points, clusters).expect("settles");
        let asked = Asked { sizes: Sizes { lowest: 2, highest: 11 }, by: Bounding::Merge };
        let found =
            bound(points, clusters, assigned, asked, &settings(), Seed(1)).expect("can be met");
        assert_eq!(found.record.merged[0], Merged { customers: 1, with });
    }
}

#[test]
fn large_clusters_are_split() {
    let sizes = Sizes { lowest: 40, highest: 180 };
    let found = bounded(&rows(600, 2), Method::Kmeans, 3, sizes, Bounding::Merge);
    assert!(sizes.hold(&sizes_of(&found)), "{:?}", sizes_of(&found));
    assert_eq!(found.clusters.k(), 3 + found.record.split.len() - found.record.merged.len());
    assert_eq!(said(&found).last().expect("said").code, "segments_split");
}

#[test]
fn what_merging_cannot_do_is_an_error() {
    // 60 customers all alike cannot be split.
    let mut values = vec![0.0; 120];
    values.extend((0..20).flat_map(|i| [50.0 + f64::from(i), 0.0]));
    let points = Points::new(&values, 2);
    let (clusters, assigned) = fitted(points, Method::Kmeans, 2);
    let sizes = Sizes { lowest: 1, highest: 50 };
    let error = bound(
        points,
        clusters,
        assigned,
        Asked { sizes, by: Bounding::Merge },
        &settings(),
        Seed(1),
    )
    .err();
    let error = error.expect("cannot be split").to_string();
    assert!(error.contains("bounds = \"assign\""), "{error}");
    let found = bounded(&values, Method::Kmeans, 2, sizes, Bounding::Assign);
    assert!(sizes.hold(&sizes_of(&found)));
}

#[test]
fn moved_customers_are_counted_and_have_no_margin() {
    let sizes = Sizes { lowest: 180, highest: 220 };
    let found = bounded(&rows(600, 3), Method::Kmeans, 3, sizes, Bounding::Assign);
    assert!(sizes.hold(&sizes_of(&found)));
    assert_eq!((found.record.min_customers, found.record.max_customers), (180, Some(220)));
    let points = rows(600, 3);
    let points = Points::new(&points, 2);
    let nearest = crate::cluster::assign::labels(points, &found.clusters).expect("k-means");
    let own = &found.assigned.assignments;
    let elsewhere: Vec<usize> = (0..600).filter(|&row| nearest[row] != own.cluster[row]).collect();
    assert_eq!(elsewhere.len(), found.record.moved);
    assert!(elsewhere.len() >= 80, "of 300 in one group 80 at least have to leave");
    assert!(elsewhere.iter().all(|&row| own.margin[row] == 0.0 && own.membership[row] <= 0.5));
    assert!(own.membership.iter().all(|share| *share > 0.0 && *share <= 1.0));
    assert!(said(&found)[0].message.contains("from 180 to 220 customers"));
}

#[test]
fn bounds_that_hold_change_nothing() {
    let values = rows(600, 4);
    for by in [Bounding::Merge, Bounding::Assign] {
        let sizes = Sizes { lowest: 50, highest: 400 };
        let found = bounded(&values, Method::Kmeans, 3, sizes, by);
        let (clusters, assigned) = fitted(Points::new(&values, 2), Method::Kmeans, 3);
        assert_eq!((&found.clusters, found.refitted), (&clusters, None));
        assert_eq!(found.assigned.assignments, assigned.assignments);
        assert!(said(&found).is_empty() && found.record.max_customers == Some(400));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn assigned_within_bounds_at_no_less_cost_in_any_order(
        values in prop::collection::vec(-50i32..50, 24..80),
        k in 2usize..5,
        room in 0usize..4,
    ) {
        let mut values: Vec<f64> = values.into_iter().map(|v| f64::from(v) * 0.7).collect();
        values.truncate(values.len() / 2 * 2);
        // No two rows are equally far from anything.
        values.iter_mut().enumerate().for_each(|(at, value)| *value += 1e-3 * (at as f64).sqrt());
        let points = Points::new(&values, 2);
        let n = points.n;
        let (clusters, assigned) = fitted(points, Method::Kmeans, k);
        let k = clusters.k();
        let sizes = Sizes { lowest: (n / k).saturating_sub(room).max(1), highest: n.div_ceil(k) + room };
        let start = clusters.clone();
        let by = Bounding::Assign;
        let found =
            bound(points, clusters, assigned, Asked { sizes, by }, &settings(), Seed(1)).expect("met");
        prop_assert!(sizes.hold(&sizes_of(&found)));
        let nearest = settle(points, found.clusters.clone()).expect("settles").1.merit;
        prop_assert!(found.assigned.merit >= nearest - 1e-9);

        let backwards: Vec<f64> =
            values.chunks_exact(2).rev().flatten().copied().collect();
        let points = Points::new(&backwards, 2);
        let (clusters, assigned) = settle(points, start).expect("settles");
        let again =
            bound(points, clusters, assigned, Asked { sizes, by }, &settings(), Seed(1)).expect("met");
        prop_assert!((again.assigned.merit - found.assigned.merit).abs() < 1e-6);
    }
}
