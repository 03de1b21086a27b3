//! A month taken by the model of the month before: frozen, and by one run from its centroids.

use super::*;
use crate::cluster::testing::params;
use crate::cluster::{FeatureSpec, Transform, assign, fit};
use crate::features::{FeatureColumn, Unit};
use crate::types::CustomerId;

/// Customers on a line: groups around 0 and 10 and, where `third`, 20, all moved by `shift`.
fn month(shift: f64, third: bool) -> FeatureTable {
    let centres: &[f64] = if third { &[0.0, 10.0, 20.0] } else { &[0.0, 10.0] };
    let values: Vec<f64> = centres
        .iter()
        .enumerate()
        .flat_map(|(at, centre)| {
            (0..40 - 10 * at).map(move |row| centre + shift + (row % 9) as f64 / 9.0)
        })
        .collect();
    FeatureTable {
        customers: (0..values.len())
            .map(|row| CustomerId::from(format!("c{row:03}").as_str()))
            .collect(),
        columns: vec![FeatureColumn { name: "a".into(), unit: Unit::Count, values }],
        ..FeatureTable::default()
    }
}

fn asked(method: Method, k: usize) -> ClusterParams {
    let spec = FeatureSpec { transform: Transform::None, ..FeatureSpec::new("a") };
    ClusterParams { features: vec![spec], method, k: KChoice::Fixed(k), ..params() }
}

fn carry(table: &FeatureTable, model: &Model, how: Carry, params: &ClusterParams) -> CarriedFit {
    fit_carried(&table.into(), model, how, params, Seed(1), None, &|_, _| ()).expect("it carries")
}

#[test]
fn frozen_is_what_assign_says_with_every_figure() {
    for method in [Method::Kmeans, Method::Gmm] {
        let params = asked(method, 3);
        let before = fit(&month(0.0, true), &params, Seed(1)).expect("it clusters").model;
        let now = month(0.4, true);
        let CarriedFit { fitted, origin } = carry(&now, &before, Carry::Frozen, &params);
        assert_eq!(fitted.assignments, assign(&before, &now).expect("it assigns"));
        assert_eq!(origin, Some(vec![0, 1, 2]));
        assert_eq!(fitted.model.clusters.centres(), before.clusters.centres());
        assert_eq!(fitted.model.features, before.features);
        let kept = &fitted.selection.candidates[0];
        assert!(kept.chosen && kept.silhouette.is_some() && fitted.silhouettes.len() == 3);
        assert_eq!(assign(&fitted.model, &now).expect("it assigns"), fitted.assignments);
        if method == Method::Kmeans {
            let cluster = &fitted.assignments.cluster;
            let mean = mean_squared_distance(&before, &now, cluster, true).expect("it measures");
            let inertia = kept.inertia.expect("k-means has one");
            assert!((mean * now.len() as f64 - inertia).abs() < 1e-9);
            let own = mean_squared_distance(&before, &now, cluster, false).expect("it measures");
            assert!(own < mean, "the means of now are nearer than the centres of before");
        }
    }
}

#[test]
fn a_cluster_that_nobody_is_in_any_more_is_taken_out() {
    let params = asked(Method::Kmeans, 3);
    let before = fit(&month(0.0, true), &params, Seed(1)).expect("it clusters").model;
    // Forty around 10 and thirty around 20: the order of sizes is another, and 0 is empty.
    let found = carry(&month(10.0, false), &before, Carry::Frozen, &params);
    assert_eq!(found.origin, Some(vec![1, 2]));
    assert_eq!(found.fitted.model.clusters.k(), 2);
    assert!(found.fitted.warnings.iter().any(|w| w.code == "empty_clusters_dropped"));
}

#[test]
fn warm_keeps_k_and_the_space_and_comes_to_rest_among_the_customers() {
    for method in [Method::Kmeans, Method::Gmm] {
        let params = asked(method, 3);
        let before = fit(&month(0.0, true), &params, Seed(1)).expect("it clusters").model;
        let now = month(2.0, true);
        let found =
            carry(&now, &before, Carry::Warm, &ClusterParams { k: KChoice::Range(2, 9), ..params });
        assert_eq!(found.origin, None);
        let model = &found.fitted.model;
        assert_eq!((model.clusters.k(), &model.features), (3, &before.features));
        assert!(model.converged);
        assert_ne!(model.clusters.centres(), before.clusters.centres());
        let sizes: Vec<usize> = (0..3)
            .map(|c| found.fitted.assignments.cluster.iter().filter(|&&x| x == c).count())
            .collect();
        assert_eq!(sizes, [40, 30, 20]);
    }
}

#[test]
fn what_cannot_be_carried_is_said() {
    let params = asked(Method::Kmeans, 2);
    let before = fit(&month(0.0, true), &params, Seed(1)).expect("it clusters").model;
    assert_eq!(not_carried(&before, &params), None);
    assert_eq!(not_carried(&before, &asked(Method::Auto, 2)), None);
    let reason = not_carried(&before, &asked(Method::Gmm, 2)).expect("a mixture is asked for");
    assert!(reason.contains("is k-means, and now a mixture"), "{reason}");
    let mut other = params.clone();
    other.features.push(FeatureSpec::new("b"));
    let reason = not_carried(&before, &other).expect("another vector");
    assert!(reason.contains("fitted to a, and now a, b"), "{reason}");
    let empty = FeatureTable::default();
    let refused =
        fit_carried(&(&empty).into(), &before, Carry::Frozen, &params, Seed(1), None, &|_, _| ());
    assert!(refused.is_err());
}
