//! One suite for every method under both engines; then what linfa-clustering 0.8.1 is known to get
//! wrong, stated and expected. Where one of the latter fails, linfa has mended it: take out what
//! `linfa_bridge` does about it.

use linfa::prelude::*;
use linfa_clustering::{GaussianMixtureModel, KMeans as LinfaKMeans};
use ndarray::{Array2, array};
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256Plus;

use super::*;
use crate::features::{FeatureColumn, FeatureTable, Unit};
use crate::math::log_sum_exp;
use crate::types::{CustomerId, Seed};

fn table(rows: &[Vec<f64>]) -> FeatureTable {
    let column = |feature: usize| FeatureColumn {
        name: format!("f{feature}"),
        unit: Unit::Ratio,
        values: rows.iter().map(|row| row[feature]).collect(),
    };
    FeatureTable {
        customers: (0..rows.len()).map(|i| CustomerId::from(format!("c{i:05}").as_str())).collect(),
        columns: (0..rows[0].len()).map(column).collect(),
        ..FeatureTable::default()
    }
}

/// Groups of 3, 2 and 1 parts of `n` rows, `apart` deviations from each other.
fn groups(n: usize, p: usize, apart: f64) -> (Vec<Vec<f64>>, Vec<u32>) {
    let mut rng = Xoshiro256Plus::seed_from_u64(5);
    let mut normal = || (0..12).map(|_| rng.r#gen::<f64>()).sum::<f64>() - 6.0;
    let group = |row: usize| [0, 0, 0, 1, 1, 2][row % 6];
    let place = |group: u32, feature: usize| match group {
        1 if feature.is_multiple_of(2) => apart,
        2 if feature % 2 == 1 || p == 1 => apart * 2.0,
        _ => 0.0,
    };
    let row = |row: usize, normal: &mut dyn FnMut() -> f64| {
        (0..p).map(|feature| place(group(row), feature) + normal()).collect()
    };
    let rows = (0..n).map(|index| row(index, &mut normal)).collect();
    (rows, (0..n).map(group).collect())
}

fn params(engine: Engine, method: Method, p: usize, k: usize) -> ClusterParams {
    let spec = |feature: usize| FeatureSpec {
        transform: Transform::None,
        scale: Scale::None,
        ..FeatureSpec::new(&format!("f{feature}"))
    };
    ClusterParams {
        features: (0..p).map(spec).collect(),
        engine,
        k: KChoice::Fixed(k),
        method,
        ..testing::params()
    }
}

/// Each method under each engine.
fn clusterers() -> impl Iterator<Item = (Engine, Method)> {
    [Engine::Segtrail, Engine::Linfa]
        .into_iter()
        .flat_map(|engine| [(engine, Method::Kmeans), (engine, Method::Gmm)])
}

/// ln Σ π N(x), term by term, with the determinant and the inverse by elimination.
fn log_density(clusters: &Clusters, row: &[f64]) -> f64 {
    let Clusters::Gmm { weights, means, covariances, .. } = clusters else { panic!("a mixture") };
    let p = row.len();
    let parts: Vec<f64> = (0..weights.len())
        .map(|c| {
            let mut left = covariances[c].clone();
            let mut right: Vec<f64> = row.iter().zip(&means[c]).map(|(x, m)| x - m).collect();
            let centred = right.clone();
            let mut determinant = 1.0;
            for i in 0..p {
                determinant *= left[i][i];
                for j in i + 1..p {
                    let factor = left[j][i] / left[i][i];
                    let pivot = left[i].clone();
                    left[j].iter_mut().zip(&pivot).for_each(|(a, b)| *a -= factor * b);
                    right[j] -= factor * right[i];
                }
            }
            for i in (0..p).rev() {
                let known: f64 = (i + 1..p).map(|j| left[i][j] * right[j]).sum();
                right[i] = (right[i] - known) / left[i][i];
            }
            let squared: f64 = centred.iter().zip(&right).map(|(a, b)| a * b).sum();
            let constant = p as f64 * std::f64::consts::TAU.ln() + determinant.ln();
            weights[c].ln() - 0.5 * (constant + squared)
        })
        .collect();
    log_sum_exp(&parts)
}

#[test]
fn every_figure_is_that_of_the_final_assignment() {
    for (engine, method) in clusterers() {
        for (p, k, apart) in [(1, 3, 30.0), (2, 4, 3.0), (3, 2, 8.0)] {
            let (rows, _) = groups(300, p, apart);
            let table = table(&rows);
            let fitted = fit(&table, &params(engine, method, p, k), Seed(2)).expect("fits");
            let place = format!("{engine:?} {method:?} {p} {k}");
            let clusters = &fitted.model.clusters;
            let found = &fitted.assignments;
            let mut sizes = vec![0usize; clusters.k()];
            found.cluster.iter().for_each(|&cluster| sizes[cluster as usize] += 1);
            assert!(
                sizes.iter().all(|&size| size > 0) && sizes.is_sorted_by(|a, b| a >= b),
                "{place}"
            );
            assert!(found.membership.iter().all(|m| *m > 0.0 && *m <= 1.0), "{place}");
            assert!(found.margin.iter().all(|m| (0.0..=1.0).contains(m)), "{place}");
            assert_eq!(&assign(&fitted.model, &table).expect("its own"), found, "{place}");
            match clusters {
                Clusters::Kmeans { centroids, inertia } => {
                    let squared = |row: &[f64], c: usize| -> f64 {
                        row.iter().zip(&centroids[c]).map(|(x, m)| (x - m) * (x - m)).sum()
                    };
                    let mut sum = 0.0;
                    for (row, &cluster) in rows.iter().zip(&found.cluster) {
                        let own = squared(row, cluster as usize);
                        sum += own;
                        assert!((0..clusters.k()).all(|c| squared(row, c) >= own), "{place}");
                    }
                    assert!((sum - inertia).abs() <= 1e-9 * sum, "{place}");
                }
                Clusters::Gmm { log_likelihood, weights, .. } => {
                    let sum: f64 = rows.iter().map(|row| log_density(clusters, row)).sum();
                    assert!((sum - log_likelihood).abs() <= 1e-7 * sum.abs(), "{place}");
                    assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{place}");
                }
            }
        }
    }
}

#[test]
fn groups_far_apart_are_found_in_whatever_order_the_rows_are() {
    for (engine, method) in clusterers() {
        let (rows, truth) = groups(240, 2, 30.0);
        let params = params(engine, method, 2, 3);
        let forward = fit(&table(&rows), &params, Seed(1)).expect("fits");
        assert_eq!(forward.assignments.cluster, truth, "{engine:?} {method:?}");
        let reversed: Vec<Vec<f64>> = rows.iter().rev().cloned().collect();
        let backward = fit(&table(&reversed), &params, Seed(1)).expect("fits");
        assert!(backward.assignments.cluster.iter().rev().eq(&truth), "{engine:?} {method:?}");
    }
}

#[test]
fn the_same_seed_gives_the_same_bits_on_any_number_of_threads() {
    for (engine, method) in clusterers() {
        let (rows, _) = groups(300, 3, 2.0);
        let (table, params) = (table(&rows), params(engine, method, 3, 4));
        let of = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            pool.expect("threads").install(|| fit(&table, &params, Seed(7)).expect("fits"))
        };
        let alone = of(1);
        for threads in [2, 4, 8] {
            assert!(alone == of(threads), "{engine:?} {method:?} {threads}");
        }
    }
}

#[test]
fn edges_are_fits_or_refusals_never_panics() {
    for (engine, method) in clusterers() {
        let one =
            |rows: &[Vec<f64>], k: usize| fit(&table(rows), &params(engine, method, 1, k), Seed(1));
        let place = format!("{engine:?} {method:?}");
        let alone = one(&[vec![3.0]], 1).expect("one row, one cluster");
        assert_eq!(alone.assignments.cluster, [0], "{place}");
        assert!(
            matches!(one(&[vec![3.0]], 2), Err(ClusterError::KAboveCustomers { .. })),
            "{place}"
        );
        // Of rows that are all alike there is one cluster, whatever was asked for.
        let alike = one(&vec![vec![2.0]; 9], 4);
        if let Ok(fitted) = alike {
            assert_eq!(fitted.model.clusters.k(), 1, "{place}");
        } else {
            assert!(engine == Engine::Linfa && method == Method::Gmm, "{place}");
        }
        let far = [0.0, 0.5, 1.0, 9.0, 9.5, 10.0, 1e9].map(|x| vec![x]);
        if let Ok(fitted) = one(&far, 3) {
            assert!(fitted.assignments.membership.iter().all(|m| m.is_finite()), "{place}");
        } else {
            assert!(engine == Engine::Linfa && method == Method::Gmm, "{place}");
        }
    }
}

/// What linfa-clustering 0.8.1 itself gives.
mod known_faults {
    use super::*;

    /// `cluster_count` is counted in the last restart, the centroids are those of the best.
    #[test]
    fn linfa_counts_are_not_those_of_its_centroids() {
        let (rows, _) = groups(300, 2, 2.5);
        let records = Array2::from_shape_fn((300, 2), |(i, j)| rows[i][j]);
        let dataset = DatasetBase::from(records.view());
        let mismatch = (0..20).any(|seed| {
            let rng = Xoshiro256Plus::seed_from_u64(seed);
            let model =
                LinfaKMeans::params_with_rng(6, rng).n_runs(10).fit(&dataset).expect("fits");
            let labels = model.predict(&records);
            let counted = (0..6).map(|c| labels.iter().filter(|&&label| label == c).count() as f64);
            !counted.eq(model.cluster_count().iter().copied())
        });
        assert!(mismatch, "linfa's counts now agree with its centroids");
    }

    /// More clusters than rows: some centroids are the same.
    #[test]
    fn linfa_repeats_centroids_when_k_exceeds_n() {
        let dataset = DatasetBase::from(array![[0.0], [1.0], [2.0]]);
        let rng = Xoshiro256Plus::seed_from_u64(1);
        let model = LinfaKMeans::params_with_rng(5, rng).fit(&dataset).expect("gives a model");
        let mut centroids: Vec<f64> = model.centroids().iter().copied().collect();
        centroids.sort_by(f64::total_cmp);
        centroids.dedup();
        assert!(model.centroids().nrows() == 5 && centroids.len() < 5);
        // Refused by segtrail's, whichever engine runs.
        assert!(matches!(
            KMeans::params(5).fit(&dataset),
            Err(ClusterError::KAboveCustomers { .. })
        ));
    }

    /// Without log-sum-exp a far customer has no finite responsibilities.
    #[test]
    fn linfa_loses_a_far_customer() {
        let (rows, _) = groups(300, 2, 30.0);
        let records = Array2::from_shape_fn((300, 2), |(i, j)| rows[i][j]);
        let dataset = DatasetBase::from(records);
        let rng = Xoshiro256Plus::seed_from_u64(3);
        let theirs = GaussianMixtureModel::params_with_rng(3, rng).fit(&dataset).expect("fits");
        let far = array![[1e4, 0.0]];
        let sum: f64 = theirs.predict_proba(&far).sum();
        assert!(!(sum.is_finite() && (sum - 1.0).abs() < 1e-6), "linfa's sum is {sum}");
        let params = params(Engine::Segtrail, Method::Gmm, 2, 3);
        let ours = fit(&table(&rows), &params, Seed(1)).expect("fits").model;
        let found = assign(&ours, &table(&[vec![1e4, 0.0]])).expect("the same columns");
        assert!(found.membership[0] > 0.0 && found.membership[0] <= 1.0);
    }

    /// The silhouette of a member alone in its cluster is 0 (Rousseeuw 1987), not 1.
    #[test]
    fn linfa_gives_a_singleton_the_best_silhouette() {
        let records = array![[0.0], [5.0]];
        let dataset = DatasetBase::new(records.clone(), array![0usize, 1]);
        assert_eq!(dataset.silhouette_score().expect("two clusters"), 1.0);
        assert_eq!(mean_silhouette(&records, &[0, 1]).expect("finite"), Some(0.0));
    }

    /// Restarts of the mixture go on from where the last one ended: ten find the optimum of one,
    /// although other starts end elsewhere.
    #[test]
    fn linfa_restarts_its_mixture_from_where_it_is() {
        let (rows, _) = groups(200, 2, 2.0);
        let records = Array2::from_shape_fn((200, 2), |(i, j)| rows[i][j]);
        let dataset = DatasetBase::from(records);
        let fit = |runs: u64, seed: u64| {
            let rng = Xoshiro256Plus::seed_from_u64(seed);
            let params = GaussianMixtureModel::params_with_rng(5, rng).n_runs(runs);
            let params = params.max_n_iterations(1000).tolerance(1e-6);
            params.fit(&dataset).map(|model| model.means().clone())
        };
        let apart = |a: &Array2<f64>, b: &Array2<f64>| {
            a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
        };
        let same = (0..10).filter_map(|seed| Some((fit(1, seed).ok()?, fit(10, seed).ok()?)));
        let pairs: Vec<_> = same.collect();
        assert!(pairs.len() > 2 && pairs.iter().all(|(one, ten)| apart(one, ten) < 0.2));
        assert!(pairs.iter().any(|(one, _)| apart(one, &pairs[0].0) > 0.5));
    }
}
