//! Layers on customers whose structure is known; a model assigns as the fit did.

#[path = "measured_tests.rs"]
mod measured;

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::space;
use crate::cluster::prepare::map_matrix;
use crate::cluster::*;
use crate::features::{FeatureColumn, FeatureTable, LifecycleParams, Stage, Unit};
use crate::types::{CustomerId, Seed};

fn table(columns: Vec<(&str, Vec<f64>)>) -> FeatureTable {
    let n = columns[0].1.len();
    FeatureTable {
        customers: (0..n).map(|i| CustomerId::from(format!("c{i:06}").as_str())).collect(),
        columns: columns
            .into_iter()
            .map(|(name, values)| FeatureColumn { name: name.into(), unit: Unit::Ratio, values })
            .collect(),
        ..FeatureTable::default()
    }
}

/// `n` customers of the stages new, active, at risk and lapsed in turn, with one of three levels of
/// spend and, within a level, one of two of basket, far apart: stage, level and basket of each.
fn shop(n: usize, seed: u64) -> (FeatureTable, Vec<(Stage, usize, usize)>) {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let (mut spend, mut basket) = (Vec::new(), Vec::new());
    let (mut recency, mut tenure) = (Vec::new(), Vec::new());
    let mut truth = Vec::new();
    for row in 0..n {
        let stage = [Stage::New, Stage::Active, Stage::AtRisk, Stage::Lapsed][row % 4];
        // Levels of spend of 3/6, 2/6 and 1/6 of a stage; baskets of 3/5 and 2/5 of a level.
        let (level, size) = ([0, 0, 0, 1, 1, 2][row / 4 % 6], [0, 0, 0, 1, 1][row / 24 % 5]);
        let (now, since) = match stage {
            Stage::New => (10.0, 30.0),
            Stage::Active => (20.0, 220.0),
            Stage::AtRisk => (100.0, 300.0),
            _ => (400.0, 600.0),
        };
        let mut noise = || rng.r#gen::<f64>() - 0.5;
        spend.push(100.0 * level as f64 + 10.0 * noise());
        basket.push(100.0 * size as f64 + 10.0 * noise());
        recency.push(now + noise());
        tenure.push(since);
        truth.push((stage, level, size));
    }
    let columns = vec![
        ("recency_days", recency),
        ("tenure_days", tenure),
        // Gaps of about 20 days: at risk after 60, lapsed after 180 days.
        ("n_purchase_days", vec![11.0; n]),
        ("last_gap_days", vec![20.0; n]),
        ("monetary_total", spend),
        ("monetary_mean", basket),
    ];
    (table(columns), truth)
}

fn spec(name: &str) -> FeatureSpec {
    FeatureSpec { transform: Transform::None, ..FeatureSpec::new(name) }
}

fn clustering(k: KChoice) -> ClusterParams {
    ClusterParams {
        features: Vec::new(),
        method: Method::Kmeans,
        engine: Engine::Segtrail,
        k,
        restarts: 3,
        max_iterations: 100,
        tolerance: 1e-5,
        covariance_floor: 1e-6,
        kmeans: KmeansOptions::default(),
        covariances: vec![Covariance::Full],
        noise: false,
        bootstrap: 0,
        bounds: BoundsParams::default(),
        stability: StabilityParams::default(),
        select: SelectParams::default(),
    }
}

fn layer(name: &str, features: &[&str], k: KChoice) -> LayerSpec {
    LayerSpec {
        name: name.into(),
        stages: Stage::OF_BUYERS.to_vec(),
        features: LayerFeatures::Named(features.iter().copied().map(spec).collect()),
        cluster: clustering(k),
    }
}

fn params(layers: Vec<LayerSpec>, min_customers: usize) -> LayersParams {
    LayersParams {
        lifecycle: LifecycleParams::default(),
        layers,
        min_customers,
        common: vec![spec("recency_days"), spec("monetary_total"), spec("monetary_mean")],
        bootstrap: 0,
        stability: StabilityParams::default(),
    }
}

/// Value with k from 2 to 5, basket with k = 2.
fn two_layers() -> Vec<LayerSpec> {
    vec![
        layer("value", &["monetary_total"], KChoice::Range(2, 5)),
        layer("basket", &["monetary_mean"], KChoice::Fixed(2)),
    ]
}

fn fitted(table: &FeatureTable, params: &LayersParams) -> Fitted {
    fit_layers(table, params, Seed(1), None, &|_, _| ()).expect("layers fit")
}

fn layered(fitted: &Fitted) -> (&LayeredModel, &LayersRecord) {
    (fitted.model.layers.as_ref().expect("a model"), fitted.layers.as_ref().expect("a record"))
}

#[test]
fn the_known_structure_is_found_stage_by_stage() {
    let (table, truth) = shop(2_400, 1);
    let found = fitted(&table, &params(two_layers(), 20));
    let (model, record) = layered(&found);
    assert_eq!(model.segments.len(), 4 * 3 * 2);
    for (&cluster, &(stage, level, size)) in found.assignments.cluster.iter().zip(&truth) {
        let id = model.id(cluster as usize);
        // Classes are numbered largest first, as the levels are.
        let string = vec![("value".into(), level as u32 + 1), ("basket".into(), size as u32 + 1)];
        assert_eq!(id, MicroId { stage, string });
    }
    let sizes = |of: &[u32]| {
        let mut sizes = vec![0; model.segments.len()];
        of.iter().for_each(|&cluster| sizes[cluster as usize] += 1);
        sizes
    };
    assert!(sizes(&found.assignments.cluster).is_sorted_by(|a, b| a >= b), "largest first");
    assert_eq!((record.strings, record.merged_strings, record.micro_segments), (24, 0, 24));
    assert_eq!(record.stages.iter().map(|stage| stage.customers).sum::<usize>(), 2_400);
    let first = &record.stages[1];
    assert_eq!((first.stage, first.layers[0].layer.as_str()), (Stage::Active, "value"));
    assert_eq!(first.layers[0].customers, [300, 200, 100]);
    assert!(first.layers.iter().all(|layer| layer.converged && layer.left_out.is_empty()));
    assert_eq!(model.id(0).text(), "value 1, basket 1");
}

#[test]
fn a_model_read_back_assigns_as_the_fit_did_and_new_rows_alone_alike() {
    let (table, _) = shop(1_200, 2);
    let found = fitted(&table, &params(two_layers(), 20));
    let text = serde_json::to_string(&found.model).expect("written");
    let model: Model = serde_json::from_str(&text).expect("read back");
    assert_eq!(model, found.model);
    assert_eq!(assign(&model, &table).expect("assigned"), found.assignments);
    // A customer alone belongs where the same customer among all others does.
    for row in [0, 1, 2, 3, 77, 1_199] {
        let alone = super::space::subset(&table, &[row], &table_names(&table));
        let alone = assign(&model, &alone).expect("assigned");
        assert_eq!(alone.cluster[0], found.assignments.cluster[row]);
        assert_eq!(alone.membership[0], found.assignments.membership[row]);
    }
    assert_eq!(assign(&model, &empty(&table)).expect("nobody"), Assignments::default());
}

fn table_names(table: &FeatureTable) -> Vec<&str> {
    table.columns.iter().map(|column| column.name.as_str()).collect()
}

fn empty(table: &FeatureTable) -> FeatureTable {
    super::space::subset(table, &[], &table_names(table))
}

#[test]
fn membership_is_the_product_of_the_layers_and_margin_that_over_the_runner_up() {
    let (table, _) = shop(1_200, 3);
    let found = fitted(&table, &params(two_layers(), 20));
    let alone = |index: usize| {
        let mut layers = two_layers();
        layers.swap_remove(1 - index);
        fitted(&table, &params(layers, 20)).assignments
    };
    let (value, basket) = (alone(0), alone(1));
    for row in 0..table.len() {
        let product = value.membership[row] * basket.membership[row];
        assert!((found.assignments.membership[row] - product).abs() < 1e-15);
        // The runner-up changes one of the two classes.
        let second = [
            (value.membership[row] - value.margin[row]) * basket.membership[row],
            (basket.membership[row] - basket.margin[row]) * value.membership[row],
        ];
        let margin = product - second[0].max(second[1]);
        assert!((found.assignments.margin[row] - margin).abs() < 1e-12);
    }
}

#[test]
fn small_micro_segments_are_merged_within_their_stage_and_counted() {
    // Strings of 150, 100, 100, 67, 50 and 33 customers a stage: the last two go.
    let (table, truth) = shop(2_000, 4);
    let found = fitted(&table, &params(two_layers(), 60));
    let (model, record) = layered(&found);
    let mut sizes = vec![0; model.segments.len()];
    found.assignments.cluster.iter().for_each(|&cluster| sizes[cluster as usize] += 1);
    assert!(sizes.iter().all(|size| *size >= 60), "{sizes:?}");
    assert_eq!(record.strings, 24);
    assert_eq!(record.micro_segments + record.merged_strings, 24);
    let merged: usize = record.stages.iter().map(|stage| stage.merged_customers).sum();
    assert_eq!(record.merged_customers, merged);
    assert!(merged > 0 && found.warnings.iter().any(|w| w.code == "micro_segments_merged"));
    for (&cluster, &(stage, ..)) in found.assignments.cluster.iter().zip(&truth) {
        assert_eq!(model.id(cluster as usize).stage, stage, "never across stages");
    }
    assert_eq!(assign(&found.model, &table).expect("assigned"), found.assignments);
}

#[test]
fn a_stage_too_small_to_divide_is_one_micro_segment() {
    let (table, truth) = shop(400, 5);
    let keep: Vec<usize> =
        (0..400).filter(|&row| truth[row].0 != Stage::Lapsed || row < 60).collect();
    let table = super::space::subset(&table, &keep, &table_names(&table));
    let found = fitted(&table, &params(two_layers(), 10));
    let (model, record) = layered(&found);
    let lapsed = record.stages.iter().find(|stage| stage.stage == Stage::Lapsed).expect("some");
    assert_eq!((lapsed.customers, lapsed.too_small, lapsed.micro_segments), (15, true, 1));
    assert!(lapsed.layers.is_empty());
    let segment = model.segments.iter().position(|s| s.stage == Stage::Lapsed).expect("one");
    let id = model.id(segment);
    assert_eq!((id.string.len(), id.text()), (0, String::new()));
    let warning = found.warnings.iter().find(|w| w.code == "stage_too_small").expect("said");
    assert!(warning.message.contains("lapsed (15)"), "{}", warning.message);
    for (row, &cluster) in found.assignments.cluster.iter().enumerate() {
        if cluster as usize == segment {
            assert_eq!(found.assignments.membership[row], 1.0);
            assert_eq!(found.assignments.margin[row], 1.0);
        }
    }
}

#[test]
fn strings_and_stages_that_the_fit_did_not_meet_go_to_the_nearest() {
    let (table, truth) = shop(1_200, 6);
    // No customer has level 2 with basket 1, and nobody is at risk.
    let keep: Vec<usize> = (0..1_200)
        .filter(|&row| (truth[row].1, truth[row].2) != (2, 1) && truth[row].0 != Stage::AtRisk)
        .collect();
    let names = table_names(&table);
    let found = fitted(&super::space::subset(&table, &keep, &names), &params(two_layers(), 10));
    let (model, record) = layered(&found);
    assert_eq!(record.strings, 3 * 5);
    let all = assign(&found.model, &table).expect("assigned");
    // Of 300 customers a stage, 2 in 5 of the last sixth have no string there.
    let gone = gaps(&found.model, &table).expect("counted");
    let of = |name: &str| gone.elsewhere.get(name).copied();
    assert_eq!(of("at_risk"), Some(300));
    for stage in ["new", "active", "at_risk", "lapsed"] {
        assert_eq!(of(&format!("{stage}: value 3, basket 2")), Some(20), "{stage}");
    }
    assert_eq!((gone.elsewhere.len(), gone.filled.len()), (5, 0));
    for (row, &(stage, level, size)) in truth.iter().enumerate() {
        let id = model.id(all.cluster[row] as usize);
        // Whoever is at risk stands between active and lapsed: lapsed is the later.
        let stage = if stage == Stage::AtRisk { Stage::Lapsed } else { stage };
        assert_eq!(id.stage, stage);
        if (level, size) == (2, 1) {
            // Levels are as far apart as baskets in scaled units; the nearest of the three that
            // differ in one class is level 1 with basket 1: the rarer level has the longer scale.
            assert!(id.string[0].1 == 3 || id.string[1].1 == 2, "{id:?}");
        } else {
            assert_eq!((id.string[0].1, id.string[1].1), (level as u32 + 1, size as u32 + 1));
        }
    }
}

#[test]
fn layers_of_some_stages_and_features_that_a_stage_lacks() {
    let (mut table, truth) = shop(1_200, 7);
    let gaps = table.columns.iter().position(|c| c.name == "last_gap_days").expect("there");
    let mut own = table.columns[gaps].clone();
    own.name = "gap_mean_days".into();
    for (value, truth) in own.values.iter_mut().zip(&truth) {
        if truth.0 == Stage::New {
            *value = f64::NAN;
        }
    }
    table.columns.push(own);
    let rhythm = layer("rhythm", &["gap_mean_days"], KChoice::Fixed(2));
    let mixed = layer("mixed", &["gap_mean_days", "monetary_total"], KChoice::Fixed(3));
    let basket = LayerSpec {
        stages: vec![Stage::Active],
        ..layer("basket", &["monetary_mean"], KChoice::Fixed(2))
    };
    let found = fitted(&table, &params(vec![rhythm, mixed, basket], 20));
    let (_, record) = layered(&found);
    let of = |stage: Stage| record.stages.iter().find(|s| s.stage == stage).expect("there");
    let names = |stage: Stage| -> Vec<&str> {
        of(stage).layers.iter().map(|layer| layer.layer.as_str()).collect()
    };
    assert_eq!(names(Stage::New), ["mixed"], "nobody has a rhythm");
    assert_eq!(of(Stage::New).layers[0].left_out, ["gap_mean_days"]);
    assert_eq!(of(Stage::New).layers[0].features, ["monetary_total"]);
    assert_eq!(names(Stage::Active), ["rhythm", "mixed", "basket"]);
    assert_eq!(names(Stage::Lapsed), ["rhythm", "mixed"]);
    assert_eq!(of(Stage::Active).layers[0].customers, [300], "all alike: one class");
    let codes: Vec<&str> = found.warnings.iter().map(|w| w.code.as_str()).collect();
    assert!(
        codes.contains(&"layer_without_features") && codes.contains(&"one_cluster"),
        "{codes:?}"
    );
    assert_eq!(assign(&found.model, &table).expect("assigned"), found.assignments);
}

#[test]
fn families_take_the_features_that_the_table_has() {
    let (mut table, _) = shop(1_200, 8);
    let most = spec("");
    let each = vec![FeatureSpec { weight: 2.0, ..spec("monetary_mean") }];
    let family = |family: Family| LayerSpec {
        features: LayerFeatures::Family(
            family,
            Preparation { most: most.clone(), each: each.clone() },
        ),
        ..layer(family.key(), &[], KChoice::Fixed(2))
    };
    let layers = vec![family(Family::Value), family(Family::Activity), family(Family::Basket)];
    let found = fitted(&table, &params(layers, 20));
    let (model, record) = layered(&found);
    let features = |at: usize| record.stages[0].layers[at].features.clone();
    assert_eq!(features(0), ["monetary_total"]);
    assert_eq!(features(1), ["recency_days", "n_purchase_days"]);
    assert_eq!(features(2), ["monetary_mean"]);
    let FittedFeature::Numeric(number) = &model.stages[0].layers[2].features[0] else {
        panic!("a number")
    };
    assert_eq!(number.weight, 2.0);
    let fit = |table: &FeatureTable, of: Family| {
        fit_layers(table, &params(vec![family(of)], 20), Seed(1), None, &|_, _| ())
    };
    let error = fit(&table, Family::Wallet).expect_err("no wallets");
    assert!(matches!(error, ClusterError::Layer { .. }));
    assert!(error.to_string().contains("family `wallet`"), "{error}");
    assert!(fit(&table, Family::Attributes).is_err());
    table.columns[4].unit = Unit::Attribute;
    let found = fit(&table, Family::Attributes).expect("an attribute");
    assert_eq!(layered(&found).1.stages[0].layers[0].features, ["monetary_total"]);
}

#[test]
fn the_same_bits_on_any_number_of_threads() {
    let (table, _) = shop(40_000, 10);
    let params = LayersParams { bootstrap: 2, ..params(two_layers(), 20) };
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| fitted(&table, &params))
    };
    let one = on(1);
    for threads in [2, 4] {
        assert_eq!(one, on(threads), "{threads} threads");
    }
}

#[test]
fn the_common_space_holds_the_means_of_the_micro_segments() {
    let (table, _) = shop(1_200, 11);
    let found = fitted(&table, &params(two_layers(), 20));
    let matrix = standardise(&found.model, &table).expect("mapped");
    let Clusters::Kmeans { centroids, inertia } = &found.model.clusters else { panic!("means") };
    let (mut sums, mut sizes) = (vec![vec![0.0; 3]; 24], vec![0.0; 24]);
    for (row, &cluster) in matrix.values.outer_iter().zip(&found.assignments.cluster) {
        sizes[cluster as usize] += 1.0;
        row.iter().zip(&mut sums[cluster as usize]).for_each(|(value, sum)| *sum += value);
    }
    for ((sum, size), centroid) in sums.iter().zip(&sizes).zip(centroids) {
        assert!(sum.iter().zip(centroid).all(|(sum, own)| (sum / size - own).abs() < 1e-12));
    }
    assert!(*inertia > 0.0 && *inertia < 0.05 * 1_200.0, "{inertia}");
}

#[test]
fn what_cannot_be_is_refused() {
    let (table, _) = shop(400, 12);
    let good = || params(two_layers(), 20);
    let refused = |params: LayersParams| {
        let error = fit_layers(&table, &params, Seed(1), None, &|_, _| ()).expect_err("refused");
        error.to_string()
    };
    let with = |change: fn(&mut LayersParams)| {
        let mut params = good();
        change(&mut params);
        refused(params)
    };
    assert!(with(|p| p.layers.clear()).contains("0 layers"));
    assert!(with(|p| p.layers = vec![p.layers[0].clone(); 9]).contains("9 layers"));
    assert!(with(|p| p.min_customers = 0).contains("min_customers"));
    assert!(with(|p| p.layers[1].name = "value".into()).contains("two layers are called `value`"));
    assert!(with(|p| p.layers[0].name = "a b".into()).contains("\"a b\""));
    assert!(with(|p| p.layers[0].name.clear()).contains("letters"));
    assert!(
        with(|p| p.layers[0].features = LayerFeatures::Named(Vec::new())).contains("no feature")
    );
    assert!(with(|p| p.layers[0].stages.clear()).contains("stages"));
    assert!(with(|p| p.layers[0].stages.push(Stage::Prospect)).contains("stages"));
    let bounded = |p: &mut LayersParams| {
        p.layers[1].cluster.bounds.minimum = Some(Least::Customers(9));
    };
    assert!(with(bounded).contains("bounds the size of its classes"));
    assert!(with(|p| p.common.clear()).contains("[features] use"));
    assert!(with(|p| p.lifecycle.at_risk_gaps = 9.0).contains("at_risk_gaps"));
    let unknown = with(|p| p.layers[0].features = LayerFeatures::Named(vec![spec("loyalty")]));
    assert!(unknown.contains("stage new, layer `value`") && unknown.contains("`loyalty`"));
    let mut table = table.clone();
    table.columns.retain(|column| column.name != "tenure_days");
    let error = fit_layers(&table, &good(), Seed(1), None, &|_, _| ()).expect_err("refused");
    assert!(error.to_string().contains("`tenure_days`"), "{error}");
}

/// Of all strings of a stage, one by one, the most likely but for the own: it is the one that the margin
/// is measured to.
#[test]
fn the_runner_up_is_of_the_most_likely_other_string() {
    let (table, _) = shop(480, 4);
    let found = fitted(&table, &params(two_layers(), 5));
    let (model, _) = layered(&found);
    let mut told = 0;
    for row in (0..table.len()).step_by(5) {
        let own = found.assignments.cluster[row] as usize;
        let stage = model.segments[own].stage;
        let stage = model.stages.iter().find(|of| of.stage == stage).expect("its stage");
        // Memberships by the formula of fuzzy c-means, class by class.
        let memberships: Vec<Vec<f64>> = (stage.layers.iter())
            .map(|layer| {
                let rows = space::subset(&table, &[row], &["monetary_total", "monetary_mean"]);
                let matrix = map_matrix(&(&rows).into(), &layer.features).expect("its features");
                let far = |centre: &Vec<f64>| (matrix.values[[0, 0]] - centre[0]).powi(2);
                let each: Vec<f64> = layer.clusters.centres().iter().map(far).collect();
                let total: f64 = each.iter().map(|far| 1.0 / far).sum();
                each.iter().map(|far| 1.0 / far / total).collect()
            })
            .collect();
        let mut strings: Vec<(f64, Vec<u32>)> = Vec::new();
        for (value, p) in memberships[0].iter().enumerate() {
            for (basket, q) in memberships[1].iter().enumerate() {
                strings.push((p * q, vec![value as u32 + 1, basket as u32 + 1]));
            }
        }
        strings.sort_by(|a, b| b.0.total_cmp(&a.0));
        let margin = strings[0].0 - strings[1].0;
        assert!((margin - found.assignments.margin[row]).abs() < 1e-12);
        let expected = stage.strings.iter().find(|place| place.string == strings[1].1);
        let expected = expected.map(|place| place.segment as usize);
        let second = runner_up(&found.model, &table, row, own).expect("a model");
        if let Some(expected) = expected {
            assert_eq!(second, Some(expected).filter(|second| *second != own), "{row}");
            told += 1;
        }
    }
    assert!(told > 50, "{told}");
}
