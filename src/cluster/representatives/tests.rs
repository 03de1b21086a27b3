//! Medoids against the plain sum, lists by hand, and every odd cluster.

use ndarray::Array2;
use proptest::prelude::*;
use rand::{Rng, SeedableRng};
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::cells::plain_sum;
use super::medoid::medoid;
use super::*;
use crate::cluster::assign::assign_points;
use crate::cluster::{
    Covariance, Engine, FittedCategory, FittedNumber, FittedScale, FittedTransform, Noise,
};
use crate::types::Seed;

/// The lowest row whose plain sum is the smallest, to the rounding that sums of another order have.
fn plain_medoid(rows: &[f64], p: usize) -> usize {
    let sums: Vec<f64> = (0..rows.len() / p).map(|row| plain_sum(rows, p, row)).collect();
    let smallest = sums.iter().copied().fold(f64::INFINITY, f64::min);
    sums.iter().position(|&sum| sum <= smallest * (1.0 + 1e-12)).expect("a row")
}

fn number(name: &str) -> FittedFeature {
    FittedFeature::Numeric(FittedNumber {
        name: name.into(),
        transform: FittedTransform::None,
        scale: FittedScale::None,
        fill: 0.0,
        weight: 1.0,
        indicator: None,
    })
}

fn model(features: Vec<FittedFeature>, clusters: Clusters) -> Model {
    let (engine, seed) = (Engine::Segtrail, Seed(0));
    Model { features, clusters, engine, seed, converged: true, iterations: 1, layers: None }
}

fn kmeans(centroids: &[&[f64]]) -> Model {
    let p = centroids[0].len();
    let features = (0..p).map(|j| number(&format!("f{j}"))).collect();
    let centroids = centroids.iter().map(|centroid| centroid.to_vec()).collect();
    model(features, Clusters::Kmeans { centroids, inertia: 0.0 })
}

fn matrix(rows: &[f64], model: &Model) -> FeatureMatrix {
    let names: Vec<String> =
        model.features.iter().flat_map(FittedFeature::columns).map(|c| c.to_string()).collect();
    let p = names.len();
    FeatureMatrix {
        indicator: vec![false; p],
        values: Array2::from_shape_vec((rows.len() / p, p), rows.to_vec()).expect("n x p"),
        names,
    }
}

/// What [`representatives`] finds in `rows`, assigned by `model`.
fn found(rows: &[f64], model: &Model) -> Representatives {
    let matrix = matrix(rows, model);
    let assigned = assign_points(matrix.points(), &model.clusters).expect("a model");
    representatives(&matrix, None, model, &assigned.assignments).expect("a model")
}

fn rows<T>(listed: &[T], row: impl Fn(&T) -> usize) -> Vec<usize> {
    listed.iter().map(row).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]
    #[test]
    fn the_medoid_is_that_of_the_plain_sums(
        seed in any::<u64>(), m in 1usize..300, p in 1usize..5, steps in 1u8..12, constant in 0usize..2,
    ) {
        // Few values a feature give ties and duplicates; the last feature may be constant.
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
        let values: Vec<f64> = (0..m * p)
            .map(|at| {
                let value = f64::from(rng.gen_range(0..steps)) * 0.5 - 7.0;
                if constant == 1 && at % p == p - 1 { 3.25 } else { value }
            })
            .collect();
        let found = medoid(values.clone(), None, p, 0);
        prop_assert!(found.exact);
        prop_assert_eq!(found.index, plain_medoid(&values, p));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]
    #[test]
    fn the_medoid_of_weighted_rows_is_that_of_the_rows_repeated(
        seed in any::<u64>(), m in 1usize..200, p in 1usize..4,
    ) {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
        let values: Vec<f64> =
            (0..m * p).map(|_| f64::from(rng.gen_range(0..30_u8)) * 0.5 - 7.0).collect();
        let times: Vec<usize> = (0..m).map(|_| rng.gen_range(1..5)).collect();
        let weights: Vec<f64> = times.iter().map(|&times| times as f64).collect();
        let repeated: Vec<f64> = values
            .chunks_exact(p)
            .zip(&times)
            .flat_map(|(row, &times)| row.repeat(times))
            .collect();
        let found = medoid(values, Some(&weights), p, 0);
        let first: usize = times[..found.index].iter().sum();
        prop_assert!(found.exact);
        prop_assert_eq!(first, plain_medoid(&repeated, p));
    }
}

#[test]
fn a_weight_of_two_is_the_row_repeated() {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(3);
    let mut values: Vec<f64> = (0..60 * 2).map(|_| StandardNormal.sample(&mut rng)).collect();
    values[100] = 40.0;
    let times = |row: usize| 1 + usize::from(row.is_multiple_of(3)) + usize::from(row == 50);
    let weights: Vec<f64> = (0..60).map(|row| times(row) as f64).collect();
    let repeated: Vec<f64> =
        (0..60).flat_map(|row| values[row * 2..row * 2 + 2].repeat(times(row))).collect();
    let first = |row: usize| (0..row).map(times).sum::<usize>();
    let unit = vec![vec![1.0, 0.0], vec![0.0, 1.0]];
    let gmm = Clusters::Gmm {
        weights: vec![0.5, 0.5],
        means: vec![vec![0.1, 0.0], vec![90.0, 0.0]],
        covariances: vec![unit.clone(), unit],
        covariance: Covariance::Full,
        noise: None,
        log_likelihood: 0.0,
    };
    for model in [kmeans(&[&[0.1, 0.0], &[90.0, 0.0]]), model(vec![number("a"), number("b")], gmm)]
    {
        let of = |values: &[f64], weights: Option<&[f64]>| {
            let matrix = matrix(values, &model);
            let assigned = assign_points(matrix.points(), &model.clusters).expect("a model");
            representatives(&matrix, weights, &model, &assigned.assignments).expect("a model")
        };
        let (one, two) = (of(&values, Some(&weights)), of(&repeated, None));
        for row in 0..60 {
            let (score, expected) = (one.outlier_scores[row], two.outlier_scores[first(row)]);
            assert!((score - expected).abs() < 1e-9, "{row}: {score} {expected}");
        }
        let (one, two) = (&one.clusters[0], &two.clusters[0]);
        assert_eq!(one.medoid.map(|of| first(of.row)), two.medoid.map(|of| of.row));
        // Row 50 counts twice and is told of once.
        assert_eq!((one.flagged, two.flagged), (Some(1), Some(2)));
        assert_eq!(rows(&one.outliers, |of| of.row), [50]);
        assert_eq!(one.outliers[0].features, two.outliers[0].features);
        assert_eq!(one.typical.len(), LISTED);
    }
    // Without its weight another row would be the medoid.
    let heavy = medoid(vec![0.0, 1.0, 2.0, 10.0], Some(&[1.0, 1.0, 1.0, 5.0]), 1, 0);
    assert_eq!((heavy.index, medoid(vec![0.0, 1.0, 2.0, 10.0], None, 1, 0).index), (3, 1));
}

#[test]
fn medoids_of_clouds_that_are_not_small() {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(11);
    for (m, p) in [(2_049, 1), (3_000, 2), (3_000, 8), (2_500, 20)] {
        let values: Vec<f64> = (0..m * p)
            .map(|at| {
                let value: f64 = StandardNormal.sample(&mut rng);
                // Skewed in every third feature.
                50.0 + if at % p % 3 == 0 { value.exp() } else { value }
            })
            .collect();
        let plain = plain_medoid(&values, p);
        let found = medoid(values.clone(), None, p, u64::MAX);
        assert_eq!((found.index, found.exact), (plain, true), "{m} x {p}");
        // Cut short, it says so, and what it has is close.
        let cut = medoid(values.clone(), None, p, 1);
        let above = plain_sum(&values, p, cut.index) / plain_sum(&values, p, plain);
        assert!(above < 1.02 && (!cut.exact || cut.index == plain), "{m} x {p}: {above}");
    }
}

#[test]
fn a_medoid_not_proven_is_told_from_one_that_is() {
    // On a circle all sums are equal: no bound can tell before all are computed.
    let circle = |m: u32| -> Vec<f64> {
        let angle = |i: u32| f64::from(i) * std::f64::consts::TAU / f64::from(m);
        (0..m).flat_map(|i| [angle(i).cos(), angle(i).sin()]).collect()
    };
    assert!(!medoid(circle(2_500), None, 2, 1).exact);
    assert!(medoid(circle(2_500), None, 2, u64::MAX).exact);
    assert!(medoid(circle(EXACT_MEMBERS as u32), None, 2, 0).exact, "small ones always are");
}

#[test]
fn equal_rows_cost_one_sum() {
    // 200,000 equal rows: without that, 40,000,000,000 distances.
    let found = medoid([1.0, 2.0].repeat(200_000), None, 2, u64::MAX);
    assert_eq!((found.index, found.exact), (0, true));
}

#[test]
fn lists_by_hand() {
    // On a line, centroids 0 and 10. Cluster 0: -1, 0, 1, 2, 4.5; cluster 1: 6, 9, 10.
    let values = [4.5, 9.0, 0.0, -1.0, 1.0, 10.0, 2.0, 6.0];
    let found = found(&values, &kmeans(&[&[0.0], &[10.0]]));
    let [first, second] = &found.clusters[..] else { panic!("two clusters") };
    // Sums of distances: 1 has 1 + 2 + 1 + 3.5 = 7.5, 0 has 1 + 1 + 2 + 4.5 = 8.5.
    assert_eq!(first.medoid, Some(Medoid { row: 4, exact: true }));
    assert_eq!(second.medoid, Some(Medoid { row: 1, exact: true }));
    // -1 and 1 are equally near: the lower row first.
    assert_eq!(rows(&first.typical, |t| t.row), [2, 3, 4, 6, 0]);
    assert_eq!(first.typical[4].distance, 4.5);
    // Margins (1 - r) / (1 + r) with r the ratio of squares: smallest for the nearest to 5. Who
    // stands on a centroid belongs wholly to it and is on no border.
    assert_eq!(rows(&first.border, |b| b.row), [0, 6, 4, 3]);
    assert!(first.border.iter().all(|border| border.neighbour == 1));
    assert_eq!(rows(&second.border, |b| b.row), [7, 1]);
    assert!(first.flagged.is_none() && first.outliers.is_empty(), "too few to judge");
    assert!(found.outlier_scores.iter().all(|score| score.is_nan()));
}

#[test]
fn the_neighbour_is_the_one_leant_to() {
    let model = kmeans(&[&[0.0, 0.0], &[10.0, 0.0], &[0.0, 10.0]]);
    let found = found(&[4.0, 1.0, 1.0, 4.5, 10.0, 0.0, 0.0, 10.0], &model);
    let border = &found.clusters[0].border;
    assert_eq!(
        (border[0], border[1]),
        (Border { row: 1, neighbour: 2 }, Border { row: 0, neighbour: 1 })
    );
}

#[test]
fn no_list_is_longer_than_ten_and_ties_go_to_the_lower_row() {
    let mut values = vec![1.0; 40];
    values.extend([-1.0; 40]);
    let found = found(&values, &kmeans(&[&[0.0], &[9.0]]));
    let cluster = &found.clusters[0];
    assert_eq!(rows(&cluster.typical, |t| t.row), (0..10).collect::<Vec<_>>());
    assert_eq!(rows(&cluster.border, |b| b.row), (0..10).collect::<Vec<_>>());
    assert_eq!(cluster.medoid, Some(Medoid { row: 0, exact: true }));
    assert_eq!(found.clusters[1], ClusterRepresentatives::default(), "nobody there");
}

/// `m` rows of standard normals.
fn cloud(m: usize, p: usize, seed: u64) -> Vec<f64> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    (0..m * p).map(|_| StandardNormal.sample(&mut rng)).collect()
}

#[test]
fn a_planted_outlier_is_flagged_with_the_feature_that_puts_it_there() {
    let mut values = cloud(400, 3, 1);
    values[3 * 17 + 1] = 9.0;
    values[3 * 90 + 2] = -7.0;
    values[3 * 90] = 7.0;
    let unit = |j: usize| (0..3).map(|i| f64::from(u8::from(i == j))).collect::<Vec<f64>>();
    let mixture = Clusters::Gmm {
        weights: vec![1.0],
        means: vec![vec![0.0; 3]],
        covariances: vec![(0..3).map(unit).collect()],
        covariance: Covariance::Full,
        noise: None,
        log_likelihood: 0.0,
    };
    let kmeans = kmeans(&[&[0.0, 0.0, 0.0]]);
    for model in [kmeans.clone(), model(kmeans.features, mixture)] {
        let found = found(&values, &model);
        let cluster = &found.clusters[0];
        assert_eq!(rows(&cluster.outliers, |o| o.row), [90, 17]);
        assert_eq!(cluster.flagged, Some(2));
        assert!(cluster.border.is_empty(), "there is no neighbour");
        let names = |at: usize| -> Vec<&str> {
            cluster.outliers[at].features.iter().map(|(name, _)| name.as_str()).collect()
        };
        assert_eq!(names(1), ["f1"]);
        let mut both = names(0);
        both.sort_unstable();
        assert_eq!(both, ["f0", "f2"]);
        assert!(cluster.outliers.iter().all(|outlier| {
            outlier.score > OUTLIER_ABOVE && outlier.score == found.outlier_scores[outlier.row]
        }));
    }
}

#[test]
fn noise_is_on_no_border() {
    // Between two components with density of the noise above theirs at 5 alone.
    let clusters = Clusters::Gmm {
        weights: vec![0.45, 0.45],
        means: vec![vec![0.0], vec![10.0]],
        covariances: vec![vec![vec![1.0]], vec![vec![1.0]]],
        covariance: Covariance::Full,
        noise: Some(Noise { weight: 0.1, log_density: -20f64.ln() }),
        log_likelihood: 0.0,
    };
    let model = model(vec![number("f0")], clusters);
    let found = found(&[0.0, 5.0, 1.0, 10.0, 9.0], &model);
    let borders: Vec<Vec<usize>> =
        found.clusters.iter().map(|cluster| rows(&cluster.border, |b| b.row)).collect();
    assert!(!borders.concat().contains(&1), "{borders:?}");
    assert_eq!(borders[0][0], 2, "nearer to the other than 0 is");
}

#[test]
fn columns_of_a_feature_count_together() {
    // An attribute of three levels beside a number.
    let category = FittedFeature::Categorical(FittedCategory {
        name: "income".into(),
        levels: ["high", "low", "mid"].map(String::from).to_vec(),
        missing: false,
        value: 5.0,
    });
    let centre = vec![0.0, 0.0, 5.0, 0.0];
    let model = model(
        vec![number("spend"), category],
        Clusters::Kmeans { centroids: vec![centre], inertia: 0.0 },
    );
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(2);
    let mut values: Vec<f64> =
        (0..200).flat_map(|_| [StandardNormal.sample(&mut rng), 0.0, 5.0, 0.0]).collect();
    values[4 * 33 + 1] = 5.0;
    values[4 * 33 + 2] = 0.0;
    let found = found(&values, &model);
    let outliers = &found.clusters[0].outliers;
    assert_eq!(rows(outliers, |o| o.row), [33]);
    let (name, part) = &outliers[0].features[0];
    assert!(name == "income" && *part > 0.8 && outliers[0].features.len() <= 2);
}

#[test]
fn customers_all_alike_and_constant_features() {
    let model = kmeans(&[&[2.0, 3.0]]);
    let alike = found(&[2.0, 3.0].repeat(50), &model);
    let cluster = &alike.clusters[0];
    assert_eq!((cluster.medoid, cluster.flagged), (Some(Medoid { row: 0, exact: true }), None));
    assert_eq!(cluster.typical[9], Typical { row: 9, distance: 0.0 });
    assert!(alike.outlier_scores.iter().all(|score| score.is_nan()));
    // One feature varies, the other does not.
    let values: Vec<f64> = (0..50).flat_map(|i| [2.0 + f64::from(i % 7) - 3.0, 3.0]).collect();
    let constant = found(&values, &model);
    assert_eq!(constant.clusters[0].flagged, Some(0));
    assert!(constant.outlier_scores.iter().all(|score| score.is_finite()));
}

#[test]
fn a_cluster_of_one_and_of_two() {
    let found = found(&[0.0, 10.0, 11.0], &kmeans(&[&[10.5], &[0.0]]));
    assert_eq!(found.clusters[1].medoid, Some(Medoid { row: 0, exact: true }));
    assert_eq!(found.clusters[1].typical, [Typical { row: 0, distance: 0.0 }]);
    assert_eq!(found.clusters[0].medoid, Some(Medoid { row: 1, exact: true }));
    assert_eq!(rows(&found.clusters[0].border, |b| b.row), [1, 2]);
}

#[test]
fn far_from_the_origin_and_under_a_mixture_the_answer_is_as_near_it() {
    let near = cloud(300, 2, 8);
    let far: Vec<f64> = near.iter().map(|value| value + 1_048_576.0).collect();
    let at =
        |origin: f64| found(if origin == 0.0 { &near } else { &far }, &kmeans(&[&[origin; 2]]));
    let (near, far) = (at(0.0), at(1_048_576.0));
    let (near, far) = (&near.clusters[0], &far.clusters[0]);
    assert_eq!(near.medoid, far.medoid);
    assert_eq!(rows(&near.typical, |t| t.row), rows(&far.typical, |t| t.row));
}

#[test]
fn threads_change_no_bit() {
    let mut values = cloud(40_000, 4, 6);
    values.chunks_exact_mut(4).step_by(3).for_each(|row| row[0] += 5.0);
    let model = kmeans(&[&[0.0; 4], &[5.0, 0.0, 0.0, 0.0]]);
    let results: Vec<String> = [1, 2, 4]
        .into_iter()
        .map(|threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            format!("{:?}", pool.expect("threads").install(|| found(&values, &model)))
        })
        .collect();
    assert!(results[1..].iter().all(|other| *other == results[0]));
}
