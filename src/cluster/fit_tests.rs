//! The entrance: every refusal, every path, and the same bits on any number of threads.

#[path = "fit_bounds_tests.rs"]
mod bounds;
#[path = "fit_rows_tests.rs"]
mod rows;

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::cluster::*;
use crate::features::{FeatureColumn, FeatureTable, Unit};
use crate::types::{CustomerId, Seed};

fn table(columns: &[(&str, Vec<f64>)]) -> FeatureTable {
    let n = columns.first().map_or(0, |column| column.1.len());
    FeatureTable {
        customers: (0..n).map(|i| CustomerId::from(format!("c{i:06}").as_str())).collect(),
        columns: columns
            .iter()
            .map(|(name, values)| FeatureColumn {
                name: (*name).into(),
                unit: Unit::Ratio,
                values: values.clone(),
            })
            .collect(),
        ..FeatureTable::default()
    }
}

fn params(names: &[&str], method: Method, k: KChoice) -> ClusterParams {
    let spec = |name: &&str| FeatureSpec { transform: Transform::None, ..FeatureSpec::new(name) };
    ClusterParams {
        features: names.iter().map(spec).collect(),
        method,
        engine: Engine::Segtrail,
        k,
        kmeans: KmeansOptions::default(),
        restarts: 5,
        max_iterations: 100,
        tolerance: 1e-5,
        covariance_floor: 1e-6,
        covariances: vec![Covariance::Full],
        noise: false,
        bootstrap: 0,
        stability: StabilityParams::default(),
        select: SelectParams::default(),
        bounds: BoundsParams::default(),
    }
}

/// `n` customers in groups at (0, 0), (30, 0), (0, 30) of shares 1/2, 1/3, 1/6, with the group.
fn blobs(n: usize, seed: u64) -> (FeatureTable, Vec<u32>) {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let (mut a, mut b, mut truth) = (Vec::new(), Vec::new(), Vec::new());
    for row in 0..n {
        let group = [0, 0, 0, 1, 1, 2][row % 6];
        let mut noise = || (0..12).map(|_| rng.r#gen::<f64>()).sum::<f64>() - 6.0;
        a.push(if group == 1 { 30.0 } else { 0.0 } + noise());
        b.push(if group == 2 { 30.0 } else { 0.0 } + noise());
        truth.push(group);
    }
    (table(&[("a", a), ("b", b)]), truth)
}

fn fit_blobs(method: Method, engine: Engine, k: KChoice) -> (Fitted, Vec<u32>) {
    let (table, truth) = blobs(600, 1);
    let params = ClusterParams { engine, bootstrap: 5, ..params(&["a", "b"], method, k) };
    (fit(&table, &params, Seed(1)).expect("blobs cluster"), truth)
}

#[test]
fn every_method_and_engine_finds_blobs_far_apart_and_the_same_ones() {
    for engine in [Engine::Segtrail, Engine::Linfa] {
        for method in [Method::Kmeans, Method::Gmm, Method::Auto] {
            let (fitted, truth) = fit_blobs(method, engine, KChoice::Range(2, 6));
            // Canonical order makes the indices those of the truth: largest group first.
            assert_eq!(fitted.assignments.cluster, truth, "{engine:?} {method:?}");
            assert_eq!(fitted.selection.candidates.iter().filter(|c| c.chosen).count(), 1);
            let chosen = fitted.selection.candidates.iter().find(|c| c.chosen).expect("one");
            assert_eq!(chosen.k, 3);
            assert!(chosen.silhouette.expect("k above 1") > 0.8);
            let jaccard = (0..3).map(|cluster| fitted.stability.bootstrap_jaccard(cluster));
            assert!(jaccard.into_iter().all(|value| value.is_some_and(|value| value > 0.95)));
            assert!(fitted.silhouettes.iter().all(|value| value.is_some_and(|value| value > 0.8)));
            // Centres 30 apart, mean distances of 1.25 to each.
            let apart = fitted.separations.iter().map(|of| of.expect("k is 3").ratio);
            assert!(apart.into_iter().all(|ratio| (10.0..18.0).contains(&ratio)));
            assert!(fitted.model.converged, "{engine:?} {method:?}");
        }
    }
}

#[test]
fn the_model_assigns_its_own_month_as_the_fit_did_and_survives_json() {
    for method in [Method::Kmeans, Method::Gmm] {
        let (fitted, _) = fit_blobs(method, Engine::Segtrail, KChoice::Fixed(4));
        let (table, _) = blobs(600, 1);
        let text = serde_json::to_string(&fitted.model).expect("finite figures");
        let model: Model = serde_json::from_str(&text).expect("its own text");
        assert_eq!(model, fitted.model);
        assert_eq!(assign(&model, &table).expect("same columns"), fitted.assignments);
        assert!(assign(&model, &blobs(0, 1).0).expect("nobody").cluster.is_empty());
        let matrix = standardise(&model, &table).expect("same columns");
        assert_eq!((matrix.values.nrows(), matrix.names.len()), (600, 2));
        assert!(matrix.values.column(0).sum().abs() < 1e-9);
    }
}

/// Without its own cluster a row is assigned to the one that comes second, and the margin is the
/// membership less that of this one.
#[test]
fn the_runner_up_is_where_a_row_belongs_without_its_own_cluster() {
    for method in [Method::Kmeans, Method::Gmm] {
        let (fitted, _) = fit_blobs(method, Engine::Segtrail, KChoice::Fixed(5));
        let (table, _) = blobs(600, 1);
        for row in (0..600).step_by(7) {
            let own = fitted.assignments.cluster[row] as usize;
            let mut without = fitted.model.clone();
            match &mut without.clusters {
                Clusters::Kmeans { centroids, .. } => drop(centroids.remove(own)),
                Clusters::Gmm { weights, means, covariances, .. } => {
                    weights.remove(own);
                    means.remove(own);
                    covariances.remove(own);
                }
            }
            let expected = assign(&without, &table).expect("a model").cluster[row] as usize;
            let expected = if expected < own { expected } else { expected + 1 };
            let found = runner_up(&fitted.model, &table, row, own).expect("a model");
            assert_eq!(found, Some(expected), "{method:?} {row}");
            if let Clusters::Kmeans { centroids, .. } = &fitted.model.clusters {
                let matrix = standardise(&fitted.model, &table).expect("same columns");
                let far = |at: usize| -> f64 {
                    let both = matrix.values.row(row).into_iter().zip(&centroids[at]);
                    both.map(|(x, c)| (x - c).powi(2)).sum()
                };
                let total: f64 = (0..5).map(|at| 1.0 / far(at)).sum();
                let margin = (1.0 / far(own) - 1.0 / far(expected)) / total;
                assert!((margin - fitted.assignments.margin[row]).abs() < 1e-12);
            }
        }
        let alone = fit_blobs(method, Engine::Segtrail, KChoice::Fixed(1)).0;
        assert_eq!(runner_up(&alone.model, &table, 0, 0).expect("a model"), None);
    }
}

#[test]
fn reported_figures_are_those_of_the_assignment() {
    let (fitted, _) = fit_blobs(Method::Kmeans, Engine::Segtrail, KChoice::Fixed(5));
    let matrix = standardise(&fitted.model, &blobs(600, 1).0).expect("same columns");
    let centres = fitted.model.clusters.centres();
    let labels = &fitted.assignments.cluster;
    let total: f64 = matrix
        .values
        .outer_iter()
        .zip(labels)
        .map(|(row, &label)| {
            row.iter().zip(&centres[label as usize]).map(|(x, c)| (x - c) * (x - c)).sum::<f64>()
        })
        .sum();
    let chosen = &fitted.selection.candidates[0];
    assert!((chosen.inertia.expect("k-means") - total).abs() < 1e-9);
    let silhouette = mean_silhouette(&matrix.values, labels).expect("finite");
    assert!((silhouette.expect("5 clusters") - chosen.silhouette.expect("5")).abs() < 1e-12);
    let sizes: Vec<usize> =
        (0..5).map(|c| labels.iter().filter(|&&label| label == c).count()).collect();
    assert!(sizes.windows(2).all(|pair| pair[0] >= pair[1]) && sizes[4] > 0);
    let memberships = fitted.assignments.membership.iter().zip(&fitted.assignments.margin);
    assert!(memberships.into_iter().all(|(&m, &g)| m > 0.0 && m <= 1.0 && (0.0..=m).contains(&g)));
}

#[test]
fn threads_change_no_bit() {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(2);
    // Enough rows for blocks to be shared out, few enough candidates for a quick test.
    for (n, k) in [(3_000, KChoice::Range(2, 5)), (40_000, KChoice::Range(3, 4))] {
        let column = |rng: &mut Xoshiro256PlusPlus| -> Vec<f64> {
            (0..n).map(|_| -(1.0 - rng.r#gen::<f64>()).ln()).collect()
        };
        let table = table(&[("a", column(&mut rng)), ("b", column(&mut rng))]);
        let params = ClusterParams {
            restarts: 2,
            max_iterations: 20,
            bootstrap: 3,
            ..params(&["a", "b"], Method::Auto, k)
        };
        let results: Vec<Fitted> = [1, 2, 4]
            .into_iter()
            .map(|threads| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
                pool.expect("threads").install(|| fit(&table, &params, Seed(4))).expect("fits")
            })
            .collect();
        for other in &results[1..] {
            // Text tells apart what == does not, such as 0 and -0.
            assert_eq!(format!("{:?}", results[0]), format!("{other:?}"));
        }
    }
}

#[test]
fn the_order_of_customers_does_not_matter() {
    let (table, _) = blobs(300, 5);
    let mut reversed = table.clone();
    reversed.columns.iter_mut().for_each(|column| column.values.reverse());
    for method in [Method::Kmeans, Method::Gmm] {
        let params = params(&["a", "b"], method, KChoice::Fixed(3));
        let forward = fit(&table, &params, Seed(1)).expect("fits").assignments.cluster;
        let mut backward = fit(&reversed, &params, Seed(1)).expect("fits").assignments.cluster;
        backward.reverse();
        assert_eq!(forward, backward);
    }
}

#[test]
fn customers_all_alike_form_one_segment_with_a_warning() {
    for engine in [Engine::Segtrail, Engine::Linfa] {
        for method in [Method::Kmeans, Method::Gmm, Method::Auto] {
            for k in [KChoice::Range(2, 5), KChoice::Fixed(3)] {
                let table = table(&[("a", vec![5.0; 9]), ("b", vec![0.0; 9])]);
                let params =
                    ClusterParams { engine, bootstrap: 3, ..params(&["a", "b"], method, k) };
                let fitted = fit(&table, &params, Seed(1)).expect("no error");
                assert_eq!(fitted.assignments.cluster, [0; 9]);
                assert_eq!(fitted.model.clusters.k(), 1);
                assert!(fitted.warnings.iter().any(|warning| warning.code == "one_cluster"));
                assert!(!format!("{fitted:?}").contains("NaN"));
            }
        }
    }
}

#[test]
fn k_is_reduced_to_the_distinct_customers_with_a_warning() {
    for method in [Method::Kmeans, Method::Gmm] {
        for k in [KChoice::Range(2, 9), KChoice::Fixed(5)] {
            let table = table(&[("a", [1.0, 1.0, 2.0, 9.0].repeat(5))]);
            let fitted = fit(&table, &params(&["a"], method, k), Seed(1)).expect("no error");
            assert!(fitted.model.clusters.k() <= 3);
            assert!(fitted.warnings.iter().any(|warning| warning.code == "k_reduced"));
            assert!(fitted.selection.candidates.iter().all(|candidate| candidate.k <= 3));
        }
    }
}

#[test]
fn a_customer_each_and_a_single_customer() {
    let three = table(&[("a", vec![1.0, 5.0, 2.0])]);
    let own = fit(&three, &params(&["a"], Method::Auto, KChoice::Fixed(3)), Seed(1)).expect("fits");
    assert_eq!(own.assignments.cluster, [0, 1, 2]);
    let one = table(&[("a", vec![1.0])]);
    let own = fit(&one, &params(&["a"], Method::Auto, KChoice::Fixed(1)), Seed(1)).expect("fits");
    assert_eq!(own.assignments.membership, [1.0]);
}

#[test]
fn filled_values_are_counted_and_progress_ends_at_the_total() {
    let (mut table, _) = blobs(120, 3);
    table.columns[1].values[7] = f64::NAN;
    let params =
        ClusterParams { bootstrap: 4, ..params(&["a", "b"], Method::Auto, KChoice::Range(2, 3)) };
    let seen = std::sync::Mutex::new(Vec::new());
    let tell = |done, total| seen.lock().expect("no panic").push((done, total));
    let fitted = fit_with_progress(&table, &params, Seed(1), &tell).expect("fits");
    assert_eq!(fitted.filled, [("b".to_owned(), 1)]);
    let mut seen = seen.into_inner().expect("no panic");
    seen.sort_unstable();
    // Two k by two methods, and 4 resamples.
    assert_eq!(seen, (1..=8).map(|done| (done, 8)).collect::<Vec<_>>());
}

#[test]
fn a_fit_cut_short_is_flagged() {
    let (table, _) = blobs(300, 3);
    for method in [Method::Kmeans, Method::Gmm] {
        let params = ClusterParams {
            max_iterations: 1,
            restarts: 1,
            tolerance: 1e-12,
            ..params(&["a", "b"], method, KChoice::Fixed(5))
        };
        let fitted = fit(&table, &params, Seed(1)).expect("not an error");
        assert!(!fitted.model.converged);
        assert!(fitted.warnings.iter().any(|warning| warning.code == "not_converged"));
    }
}

#[test]
fn every_refusal_says_what_and_how_to_mend_it() {
    type Change = fn(&mut FeatureTable, &mut ClusterParams);
    let cases: [(Change, &str); 25] = [
        (|_, p| p.features.clear(), "no feature"),
        (|_, p| p.features.push(p.features[0].clone()), "`a` is named twice"),
        (|_, p| p.features[0].name = "c".into(), "no feature `c`: it has a, b"),
        (|t, _| t.columns[0].values.fill(f64::NAN), "`a` is not defined for any of the 12"),
        (|t, _| *t = table(&[("a", vec![]), ("b", vec![])]), "no customer"),
        (|_, p| p.k = KChoice::Fixed(0), "k = 0"),
        (|_, p| p.k = KChoice::Fixed(13), "k = 13 clusters cannot be made of 12"),
        (|_, p| p.k = KChoice::Range(13, 20), "k = 13 clusters cannot be made of 12"),
        (|_, p| p.k = KChoice::Range(1, 4), "\"1..4\" is no range"),
        (|_, p| p.k = KChoice::Range(5, 4), "\"5..4\" is no range"),
        (|_, p| p.restarts = 0, "restarts = 0"),
        (|_, p| p.max_iterations = 0, "max_iterations = 0"),
        (|_, p| p.tolerance = f64::NAN, "tolerance = NaN"),
        (|_, p| p.covariance_floor = 0.0, "covariance_floor = 0"),
        (|_, p| p.bounds.minimum = Some(Least::Customers(0)), "min_customers = 0"),
        (|_, p| p.bounds.minimum = Some(Least::Share(1.5)), "min_customers = 150 %"),
        (|_, p| p.bounds.minimum = Some(Least::Customers(13)), "12 customers cannot be put into"),
        (|_, p| (p.method, p.bounds.max_share) = (Method::Kmeans, Some(0.0)), "max_share = 0"),
        (|_, p| p.bounds.max_share = Some(0.5), "max_share is for k-means"),
        (
            |_, p| {
                let minimum = Some(Least::Customers(2));
                p.bounds = BoundsParams { minimum, by: Bounding::Assign, max_share: None };
            },
            "bounds = \"assign\" is for k-means",
        ),
        (
            |_, p| {
                let minimum = Some(Least::Customers(7));
                p.bounds = BoundsParams { minimum, by: Bounding::Assign, max_share: None };
                p.method = Method::Kmeans;
            },
            "k = \"2..3\" cannot keep the bounds",
        ),
        (|_, p| p.stability.customers = Some(1), "customers = 1"),
        (|_, p| p.stability.subset_share = 1.0, "subset_share = 1"),
        (|_, p| p.stability.subset_share = f64::NAN, "subset_share = NaN"),
        (
            |t, p| {
                t.columns[0].values[2] = 1e200;
                p.features[0].scale = Scale::None;
            },
            "`a` of customer `c000002`",
        ),
    ];
    for (change, expected) in cases {
        let (mut table, _) = blobs(12, 1);
        let mut params = params(&["a", "b"], Method::Auto, KChoice::Range(2, 3));
        change(&mut table, &mut params);
        let message = fit(&table, &params, Seed(1)).expect_err(expected).to_string();
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn a_model_that_does_not_fit_the_table_is_refused() {
    let (fitted, _) = fit_blobs(Method::Gmm, Engine::Segtrail, KChoice::Fixed(2));
    let other = table(&[("a", vec![1.0])]);
    let error = assign(&fitted.model, &other).expect_err("b is missing");
    assert!(matches!(error, ClusterError::UnknownFeature { ref feature, .. } if feature == "b"));
    let mut model = fitted.model;
    if let Clusters::Gmm { covariances, .. } = &mut model.clusters {
        covariances[0][0][0] = -1.0;
    }
    let error = assign(&model, &blobs(6, 1).0).expect_err("not positive definite");
    assert!(matches!(error, ClusterError::UnusableModel));
}
