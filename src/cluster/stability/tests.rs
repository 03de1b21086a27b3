//! By hand, against a plain version, and on clusters that are there and that are not.

use super::found::likest;
use super::*;
use crate::cluster::Engine;
use crate::cluster::assign::assign_points;

fn settings() -> Settings {
    Settings { mixture_restarts: 3, max_iterations: 50, ..crate::cluster::testing::settings() }
}

fn measure(
    points: Points,
    original: Original,
    resamples: usize,
    params: &StabilityParams,
) -> Stability {
    stability(points, original, resamples, params, &settings(), Seed(1), &|| ()).0
}

#[test]
fn jaccard_by_hand() {
    // Cluster 0: 3 with column 0 (of 4), 1 with column 1 (of 3): 3 / (4 + 4 - 3).
    let found = likest(&[3, 1, 1, 2, 0, 0], 3, 2);
    assert_eq!(found, [Some((0.6, 0)), Some((0.5, 1)), None]);
}

#[test]
fn clusters_far_apart_are_found_again_and_arbitrary_ones_are_not() {
    let apart: Vec<f64> = (0..90).map(|i| f64::from(i % 3 * 100) + f64::from(i) * 0.01).collect();
    let labels: Vec<u32> = (0..90).map(|i| i % 3).collect();
    let params = StabilityParams { scheme: Scheme::Both, ..StabilityParams::default() };
    for method in [Method::Kmeans, Method::Gmm] {
        let original = Original { method, k: 3, labels: &labels, bounded: None };
        let found = measure(Points::new(&apart, 1), original, 10, &params);
        let record = found.record.expect("measured");
        assert_eq!((record.customers, record.failed, record.resamples), (90, 0, 10));
        assert_eq!(record.subset_customers, Some(45));
        for cluster in found.clusters {
            let cluster = cluster.expect("every cluster has customers");
            assert_eq!(cluster.word, StabilityWord::HighlyStable);
            let (bootstrap, subset) = (cluster.bootstrap.expect("on"), cluster.subset.expect("on"));
            assert_eq!((bootstrap.recovered, bootstrap.resamples), (10, 10));
            assert_eq!((subset.dissolved, subset.jaccard), (0, 1.0));
            assert_eq!(cluster.customers, Some(1.0));
        }
        assert_eq!(found.customers, vec![Some(1.0); 90]);
    }
    let line: Vec<f64> = (0..90).map(f64::from).collect();
    let original = Original { method: Method::Kmeans, k: 3, labels: &labels, bounded: None };
    let found = measure(Points::new(&line, 1), original, 10, &params);
    for cluster in found.clusters.into_iter().flatten() {
        assert_eq!(cluster.word, StabilityWord::Unstable);
        assert_eq!(
            (
                cluster.bootstrap.expect("on").dissolved,
                cluster.customers.is_some_and(|share| share < 0.7)
            ),
            (10, true)
        );
    }
}

#[test]
fn customers_between_clusters_are_less_stable_than_those_within() {
    // Two clumps and one customer halfway: it goes now here, now there.
    let mut values: Vec<f64> =
        (0..40).map(|i| f64::from(i % 2) * 10.0 + f64::from(i) * 0.05).collect();
    values.push(5.975);
    let points = Points::new(&values, 1);
    let mut labels: Vec<u32> = (0..40).map(|i| i % 2).collect();
    labels.push(1);
    let original = Original { method: Method::Kmeans, k: 2, labels: &labels, bounded: None };
    let found = measure(points, original, 200, &StabilityParams::default());
    let halfway = found.customer(40).expect("measured");
    assert!((0.05..0.95).contains(&halfway), "{halfway}");
    assert!((0..40).all(|row| found.customer(row) == Some(1.0)));
}

#[test]
fn the_same_as_a_plain_version() {
    let mut values = Vec::new();
    for row in 0..120u32 {
        values.extend([f64::from(row % 4) + f64::from(row * 7 % 30) * 0.06, f64::from(row % 9)]);
    }
    let points = Points::new(&values, 2);
    let prepared = Prepared::new(points);
    let raw = fit(&prepared, Method::Kmeans, 4, &settings(), Seed(3)).expect("fits");
    let clusters = raw.clusters;
    let labels = assign_points(points, &clusters).expect("k-means").assignments.cluster;
    let original = Original { method: Method::Kmeans, k: 4, labels: &labels, bounded: None };
    let seed = Seed(1);
    let cases = [
        (Scheme::Bootstrap, Repeats::Once),
        (Scheme::Bootstrap, Repeats::Weighted),
        (Scheme::Subset, Repeats::Weighted),
    ];
    for (scheme, repeats) in cases {
        let kind = if scheme == Scheme::Subset { SUBSET } else { BOOTSTRAP };
        let params = StabilityParams { scheme, repeats, ..StabilityParams::default() };
        let found = measure(points, original, 6, &params);
        for cluster in 0..4 {
            let mut sum = 0.0;
            for index in 0..6 {
                let seed = seed.derive(kind, index);
                let drawn = match scheme {
                    Scheme::Subset => draw::subset(120, 60, seed),
                    _ => draw::bootstrap(120, repeats, seed),
                };
                let weights: Option<Vec<f64>> = drawn
                    .times
                    .as_ref()
                    .map(|of| of.iter().map(|&times| f64::from(times)).collect());
                let values = points.gather(&drawn.rows);
                let sample = Points::new(&values, 2).weighted(weights.as_deref());
                let sample = Prepared::new(sample);
                let by = seed.derive(REFIT, 0);
                let refit = fit(&sample, Method::Kmeans, 4, &settings(), by).expect("fits");
                let refit = refit.clusters;
                let again = assign_points(points, &refit).expect("k-means").assignments.cluster;
                let similarity = |other: u32| {
                    let within = |row: &&usize| labels[**row] == cluster;
                    let without = |row: &&usize| again[**row] == other;
                    let both = drawn.rows.iter().filter(|row| within(row) && without(row)).count();
                    let any = drawn.rows.iter().filter(|row| within(row) || without(row)).count();
                    both as f64 / any.max(1) as f64
                };
                sum += (0..4).map(similarity).fold(0.0, f64::max);
            }
            let measured = found.clusters[cluster as usize].expect("has customers");
            let recovery = measured.bootstrap.or(measured.subset).expect("measured");
            assert!(
                (recovery.jaccard - sum / 6.0).abs() < 1e-12,
                "{scheme:?} {repeats:?} {cluster}"
            );
        }
    }
}

#[test]
fn beyond_the_bound_a_sample_is_drawn_cluster_by_cluster_and_said() {
    let values: Vec<f64> = (0..1_000).map(|i| f64::from(i % 10 / 9) * 50.0).collect();
    let labels: Vec<u32> = (0..1_000).map(|i| i % 10 / 9).collect();
    let original = Original { method: Method::Kmeans, k: 2, labels: &labels, bounded: None };
    let params = StabilityParams { customers: Some(100), ..StabilityParams::default() };
    let rows = sample(&labels, 100, Seed(5));
    let small = rows.iter().filter(|&&row| labels[row] == 1).count();
    assert!((9..=11).contains(&small) && rows.is_sorted());
    let (found, warnings) =
        stability(Points::new(&values, 1), original, 4, &params, &settings(), Seed(1), &|| ());
    assert_eq!(found.record.expect("measured").customers, 100);
    assert_eq!(warnings[0].message, "stability was measured on a sample of 100 of 1000 customers");
    assert_eq!(found.customers.iter().flatten().count(), 100);
    let all = StabilityParams { customers: None, ..params };
    assert_eq!(measure(Points::new(&values, 1), original, 4, &all).customers.len(), 1_000);
}

#[test]
fn nothing_is_drawn_for_no_resample_and_both_engines_serve() {
    let values: Vec<f64> = (0..60).map(|i| f64::from(i % 2) * 9.0 + f64::from(i) * 0.01).collect();
    let labels: Vec<u32> = (0..60).map(|i| i % 2).collect();
    let original = Original { method: Method::Kmeans, k: 2, labels: &labels, bounded: None };
    let points = Points::new(&values, 1);
    assert_eq!(measure(points, original, 0, &StabilityParams::default()), Stability::default());
    let linfa = Settings { engine: Engine::Linfa, ..settings() };
    let params = StabilityParams::default();
    let (found, _) = stability(points, original, 5, &params, &linfa, Seed(1), &|| ());
    assert_eq!(found.bootstrap_jaccard(1), Some(1.0));
}
