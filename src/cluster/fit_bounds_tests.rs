//! The entrance with bounds on the size of clusters: they hold, whoever fits, whatever k was asked for,
//! and every figure is that of the clusters that keep them.

use super::*;

fn bounded(params: ClusterParams, least: f64, most: Option<f64>, by: Bounding) -> ClusterParams {
    let bounds = BoundsParams { minimum: Some(Least::Share(least)), max_share: most, by };
    ClusterParams { bounds, ..params }
}

fn sizes(fitted: &Fitted) -> Vec<usize> {
    let of = |c: u32| fitted.assignments.cluster.iter().filter(|&&label| label == c).count();
    (0..fitted.model.clusters.k() as u32).map(of).collect()
}

#[test]
fn bounds_hold_for_every_engine_and_are_said() {
    let (table, _) = blobs(600, 8);
    for engine in [Engine::Segtrail, Engine::Linfa] {
        for (by, k) in [
            (Bounding::Merge, KChoice::Fixed(8)),
            (Bounding::Assign, KChoice::Range(2, 9)),
            (Bounding::Assign, KChoice::Fixed(4)),
        ] {
            let mut params =
                ClusterParams { engine, bootstrap: 2, ..params(&["a", "b"], Method::Kmeans, k) };
            params.bounds =
                BoundsParams { minimum: Some(Least::Share(0.15)), max_share: Some(0.45), by };
            let fitted = fit(&table, &params, Seed(1)).expect("can be kept");
            let k = fitted.model.clusters.k();
            let sizes = sizes(&fitted);
            assert!(sizes.iter().all(|size| (90..=270).contains(size)), "{sizes:?}");
            assert!(sizes.is_sorted_by(|a, b| a >= b), "{sizes:?}");
            let record = fitted.bounds.as_ref().expect("there are bounds");
            assert_eq!((record.min_customers, record.max_customers), (90, Some(270)));
            assert_eq!((fitted.silhouettes.len(), fitted.stability.clusters.len()), (k, k));
            // Silhouettes of rows are those of the segments that keep the bounds.
            for (cluster, mean) in fitted.silhouettes.iter().enumerate() {
                let own = fitted.assignments.cluster.iter().zip(&fitted.row_silhouettes);
                let own = own.filter(|(label, _)| **label as usize == cluster);
                let sum: f64 = own.map(|(_, silhouette)| silhouette).sum();
                let expected = mean.expect("several segments");
                assert!((sum / sizes[cluster] as f64 - expected).abs() < 1e-9, "{cluster}");
            }
            let said = |code: &str| fitted.warnings.iter().any(|warning| warning.code == code);
            assert_eq!(said("segments_merged"), !record.merged.is_empty());
            assert_eq!(said("customers_moved"), record.moved > 0);
            assert_eq!(said("k_bounded"), matches!(params.k, KChoice::Range(..)));
            // Who was not moved is where the model alone would assign them.
            let alone = assign(&fitted.model, &table).expect("same columns").cluster;
            let moved = alone.iter().zip(&fitted.assignments.cluster).filter(|(a, b)| a != b);
            assert_eq!(moved.count(), record.moved);
        }
    }
}

#[test]
fn the_rule_chooses_without_bounds_and_bounds_act_on_what_it_chose() {
    let (table, _) = blobs(600, 3);
    let free = params(&["a", "b"], Method::Auto, KChoice::Range(2, 6));
    let without = fit(&table, &free, Seed(1)).expect("fits");
    assert_eq!(sizes(&without), [300, 200, 100]);
    // A sixth is too few for the third, and two segments are left; a half, and one is, below the range.
    for (least, k) in [(0.1, 3), (0.2, 2), (0.51, 1)] {
        let params = bounded(free.clone(), least, None, Bounding::Merge);
        let with = fit(&table, &params, Seed(1)).expect("merging always ends");
        assert_eq!(with.selection, without.selection, "the table of candidates is the same");
        let record = with.bounds.as_ref().expect("there are bounds");
        assert_eq!((record.k_before, record.k, record.merged.len()), (3, k, 3 - k));
        assert_eq!(with.model.clusters.k(), k);
        // Figures again of what there is now; none again where nothing changed.
        assert_eq!(record.figures.is_some(), k < 3);
        let Some(figures) = &record.figures else { continue };
        assert_eq!((figures.k, figures.silhouette.is_some()), (k, k > 1));
        match &with.model.clusters {
            Clusters::Kmeans { inertia, .. } => assert_eq!(figures.inertia, Some(*inertia)),
            Clusters::Gmm { log_likelihood, .. } => {
                assert_eq!(figures.log_likelihood, Some(*log_likelihood));
                assert!(figures.bic.is_some());
            }
        }
        assert_eq!(with.silhouettes.len(), k);
    }
    // The constrained assignment keeps k, so that k is chosen from what the bounds allow.
    let free = ClusterParams { method: Method::Kmeans, ..free };
    let params = bounded(free, 0.26, None, Bounding::Assign);
    let with = fit(&table, &params, Seed(1)).expect("two and three are possible");
    assert_eq!(with.selection.candidates.iter().map(|of| of.k).collect::<Vec<_>>(), [2, 3]);
    let record = with.bounds.as_ref().expect("there are bounds");
    assert_eq!((record.k_before, record.k), (3, 3));
    assert_eq!(sizes(&with).iter().min(), Some(&156));
}

#[test]
fn resamples_go_the_same_way() {
    // Groups of a hundred at 0, 10 and 20, and eight far out: k = 4 finds them, and the eight join
    // the group at 20. Refits with k = 3 would part the eight from two groups in one.
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(8);
    let places = (0..308).map(|row| if row < 300 { f64::from(row % 3 * 10) } else { 80.0 });
    let a = places.map(|place| place + rng.r#gen::<f64>()).collect();
    let free = params(&["a"], Method::Kmeans, KChoice::Fixed(4));
    let free = ClusterParams { bootstrap: 20, ..free };
    let merged = bounded(free, 0.1, None, Bounding::Merge);
    let merged = fit(&table(&[("a", a)]), &merged, Seed(1)).expect("merging always ends");
    assert_eq!(sizes(&merged), [108, 100, 100]);
    let stability = |fitted: &Fitted, place| fitted.stability.bootstrap_jaccard(place);
    assert!((0..3).all(|place| stability(&merged, place) > Some(0.95)), "{:?}", merged.stability);
    // Every resample of a constrained assignment keeps its share of the bounds.
    let (table, _) = blobs(600, 4);
    let free = params(&["a", "b"], Method::Kmeans, KChoice::Fixed(3));
    let assigned =
        bounded(ClusterParams { bootstrap: 10, ..free }, 0.3, Some(0.4), Bounding::Assign);
    let assigned = fit(&table, &assigned, Seed(1)).expect("can be met");
    assert!(
        (0..3).all(|place| stability(&assigned, place) > Some(0.85)),
        "{:?}",
        assigned.stability
    );
    assert_eq!(assigned.stability.record.expect("measured").failed, 0);
}

#[test]
fn bounds_are_kept_alike_on_any_number_of_threads() {
    // Enough rows for blocks to be shared out and prices to be found on a sample.
    for (n, by) in [(300, Bounding::Assign), (40_000, Bounding::Assign), (9_000, Bounding::Merge)] {
        let least = if by == Bounding::Merge { 0.1 } else { 0.18 };
        let (table, _) = blobs(n, 6);
        let free = params(&["a", "b"], Method::Kmeans, KChoice::Fixed(3));
        let free = ClusterParams { restarts: 1, bootstrap: 2, ..free };
        let params = bounded(free, least, Some(0.35), by);
        let results: Vec<Fitted> = [1, 2, 4]
            .into_iter()
            .map(|threads| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
                pool.expect("threads").install(|| fit(&table, &params, Seed(4))).expect("fits")
            })
            .collect();
        for other in &results[1..] {
            assert_eq!(format!("{:?}", results[0]), format!("{other:?}"));
        }
        assert!(results[0].bounds.as_ref().is_some_and(BoundsRecord::changed));
    }
}

#[test]
fn bounds_are_kept_alike_in_any_order_of_customers() {
    let (table, _) = blobs(300, 6);
    let mut reversed = table.clone();
    reversed.columns.iter_mut().for_each(|column| column.values.reverse());
    for by in [Bounding::Assign, Bounding::Merge] {
        let free = params(&["a", "b"], Method::Kmeans, KChoice::Fixed(3));
        let params = bounded(free, 0.2, None, by);
        let forward = fit(&table, &params, Seed(1)).expect("fits");
        assert!(forward.bounds.as_ref().is_some_and(BoundsRecord::changed));
        let mut backward = fit(&reversed, &params, Seed(1)).expect("fits").assignments.cluster;
        backward.reverse();
        assert_eq!(forward.assignments.cluster, backward);
    }
}
