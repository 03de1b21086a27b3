//! What is measured of micro-segments and their customers: stability, silhouette, separation.

use super::{fitted, layer, params, shop, two_layers};
use crate::cluster::kernel::squared_distance;
use crate::cluster::layers::assign::stage_rows;
use crate::cluster::*;
use crate::features::FeatureTable;
use crate::types::Seed;

#[test]
fn stability_is_high_where_structure_is_and_low_where_it_is_not() {
    let (table, _) = shop(1_200, 9);
    let stable = |layers: Vec<LayerSpec>| {
        fitted(&table, &LayersParams { bootstrap: 8, ..params(layers, 10) })
    };
    let found = stable(two_layers());
    let jaccard = |fitted: &Fitted| -> Vec<f64> {
        let of = |cluster| fitted.stability.bootstrap_jaccard(cluster);
        (0..fitted.stability.clusters.len()).map(|cluster| of(cluster).expect("drawn")).collect()
    };
    assert_eq!(jaccard(&found).len(), 24);
    assert!(jaccard(&found).iter().all(|value| *value > 0.95), "{:?}", jaccard(&found));
    let first = found.stability.clusters[0].expect("drawn").bootstrap.expect("drawn");
    assert_eq!((first.dissolved, first.recovered, first.resamples), (0, 8, 8));
    // Noise of one level, cut into four: the borders move.
    let noise = layer("noise", &["recency_days"], KChoice::Fixed(4));
    let found = stable(vec![noise]);
    let found = jaccard(&found);
    let mean = found.iter().sum::<f64>() / found.len() as f64;
    assert!(mean < 0.95, "{found:?}");
    let one = fitted(&table, &LayersParams { bootstrap: 3, ..params(two_layers(), 600) });
    assert_eq!(jaccard(&one), [1.0; 4], "every stage is one micro-segment");
}

#[test]
fn customers_are_followed_and_subsets_drawn_where_asked_for() {
    let (table, _) = shop(1_200, 9);
    let of = |layers: Vec<LayerSpec>, scheme: Scheme| {
        let stability = StabilityParams { scheme, ..StabilityParams::default() };
        fitted(&table, &LayersParams { bootstrap: 6, stability, ..params(layers, 10) })
    };
    let both = of(two_layers(), Scheme::Both);
    let record = both.stability.record.expect("measured");
    assert_eq!((record.scheme, record.customers, record.failed), (Scheme::Both, 1_200, 0));
    assert_eq!(record.subset_customers, Some(600));
    assert_eq!(both.stability.customers.len(), 1_200);
    for (at, measured) in both.stability.clusters.iter().enumerate() {
        let measured = measured.expect("drawn");
        let (bootstrap, subset) =
            (measured.bootstrap.expect("both"), measured.subset.expect("both"));
        assert!(bootstrap.jaccard > 0.95 && subset.jaccard > 0.95, "{at}: {measured:?}");
        assert_eq!((bootstrap.resamples, subset.resamples), (6, 6));
        // The stability of a micro-segment's customers is the mean of theirs.
        let own = both.assignments.cluster.iter().zip(&both.stability.customers);
        let own: Vec<f64> =
            own.filter(|(of, _)| **of == at as u32).map(|(_, own)| own.expect("drawn")).collect();
        let mean = own.iter().sum::<f64>() / own.len() as f64;
        assert!((mean - measured.customers.expect("followed")).abs() < 1e-12);
    }
    let subset = of(two_layers(), Scheme::Subset).stability;
    assert!(subset.clusters.iter().all(|of| of.is_some_and(|of| of.bootstrap.is_none())));
    // Levels far apart are found again by every refit, noise cut into four is not.
    let sure = |fitted: &Fitted| {
        let shares = fitted.stability.customers.iter().flatten();
        shares.sum::<f64>() / fitted.stability.customers.len() as f64
    };
    let noise = of(vec![layer("noise", &["recency_days"], KChoice::Fixed(4))], Scheme::Both);
    assert!(sure(&both) > 0.99 && sure(&noise) < 0.98, "{} {}", sure(&both), sure(&noise));
}

#[test]
fn a_sample_of_a_stage_leaves_the_others_unmeasured() {
    let (table, _) = shop(1_200, 9);
    let stability = StabilityParams { customers: Some(100), ..StabilityParams::default() };
    let asked = LayersParams { bootstrap: 3, stability, ..params(two_layers(), 10) };
    let found = fitted(&table, &asked);
    let record = found.stability.record.expect("measured");
    assert_eq!(record.customers, found.stability.customers.iter().flatten().count());
    assert_eq!(record.customers, 100 * found.layers.as_ref().expect("layers").stages.len());
    let told = found.warnings.iter().find(|warning| warning.code == "bootstrap_sampled");
    assert!(told.expect("said").message.contains("of 1200 customers"));
    let share = StabilityParams { subset_share: 1.0, ..StabilityParams::default() };
    let asked = LayersParams { stability: share, ..asked };
    let error = fit_layers(&table, &asked, Seed(1), None, &|_, _| ()).expect_err("no share");
    assert!(matches!(error, ClusterError::SubsetShare(_)), "{error}");
}

#[test]
fn micro_segments_are_held_against_the_others_of_their_stage() {
    let (table, _) = shop(1_200, 9);
    let found = fitted(&table, &params(two_layers(), 10));
    let model = found.model.layers.as_ref().expect("layers");
    assert_eq!((found.silhouettes.len(), found.separations.len()), (24, 24));
    for (at, (silhouette, separation)) in
        found.silhouettes.iter().zip(&found.separations).enumerate()
    {
        assert!(silhouette.expect("six in a stage") > 0.8, "{at}: {silhouette:?}");
        let separation = separation.expect("six in a stage");
        let stage = |at: usize| model.segments[at].stage;
        assert_eq!(stage(at), stage(separation.neighbour), "{at}");
        assert!(separation.neighbour != at && separation.ratio > 2.0, "{at}: {separation:?}");
    }
    // By hand for the first: mean distances in the joined space of its stage.
    let stage = model.segments[0].stage;
    let rows: Vec<usize> = (0..1_200)
        .filter(|&row| model.segments[found.assignments.cluster[row] as usize].stage == stage)
        .collect();
    let layers = &model.stages.iter().find(|of| of.stage == stage).expect("a stage").layers;
    let joined = stage_rows(layers, &table, &rows).expect("mapped").joined();
    let (p, cluster) = (joined.len() / rows.len(), &found.assignments.cluster);
    let row = |at: usize| &joined[at * p..(at + 1) * p];
    let mut sums = (0.0, 0.0);
    for (at, &own) in rows.iter().enumerate().filter(|(_, row)| cluster[**row] == 0) {
        let mut by = std::collections::BTreeMap::<u32, (f64, f64)>::new();
        for (other, &its) in rows.iter().enumerate().filter(|(other, _)| *other != at) {
            let of = by.entry(cluster[its]).or_default();
            of.0 += squared_distance(row(at), row(other)).sqrt();
            of.1 += 1.0;
        }
        let mean = |of: &(f64, f64)| of.0 / of.1;
        let inside = mean(&by[&cluster[own]]);
        let others = by.iter().filter(|(of, _)| **of != cluster[own]).map(|(_, of)| mean(of));
        let outside = others.fold(f64::INFINITY, f64::min);
        sums = (sums.0 + (outside - inside) / outside.max(inside), sums.1 + 1.0);
    }
    let expected = sums.0 / sums.1;
    assert!((found.silhouettes[0].expect("six") - expected).abs() < 1e-9, "{expected}");
    let one = fitted(&table, &params(two_layers(), 600));
    assert!(one.silhouettes.iter().all(Option::is_none), "one micro-segment a stage");
    assert!(one.separations.iter().all(Option::is_none));
}

#[test]
fn layers_are_held_against_those_of_the_run_before() {
    let (table, _) = shop(1_200, 9);
    let before = fitted(&table, &params(two_layers(), 10));
    let earlier = Earlier::new(&before.model, &table.customers, &table.customers);
    let mut layers = two_layers();
    layers.push(layer("new", &["recency_days"], KChoice::Fixed(2)));
    let after = |table: &FeatureTable, earlier: &Earlier| {
        let params = params(layers.clone(), 10);
        let found = fit_layers(table, &params, Seed(2), Some(earlier), &|_, _| ());
        found.expect("layers fit").layers.expect("a record")
    };
    for stage in &after(&table, &earlier).stages {
        let [value, basket, new] = &stage.layers[..] else { panic!("three layers") };
        for candidate in &value.selection.candidates {
            let agreement = candidate.out_of_time.expect("held against the layer of its name");
            assert_eq!(agreement == 1.0, candidate.k == 3, "three levels again: {candidate:?}");
        }
        assert_eq!(basket.selection.candidates[0].out_of_time, Some(1.0));
        assert_eq!(new.selection.candidates[0].out_of_time, None, "there was none of its name");
    }
    // None of them was there.
    let strangers = Earlier::new(&before.model, &["elsewhere".into()], &table.customers);
    let record = after(&table, &strangers);
    let mut candidates = record
        .stages
        .iter()
        .flat_map(|stage| &stage.layers)
        .flat_map(|of| &of.selection.candidates);
    assert!(candidates.all(|candidate| candidate.out_of_time.is_none()));
}
