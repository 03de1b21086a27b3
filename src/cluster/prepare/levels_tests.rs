//! Attributes in the vector: distances by hand, levels that are missing or new, what does not
//! matter, and what is refused.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::cluster::*;
use crate::features::{AttributeColumn, FeatureColumn, FeatureTable, Unit};
use crate::types::{CustomerId, Seed};

/// Numbers and attributes of as many customers; an empty text is no value.
fn table(numbers: &[(&str, Vec<f64>)], attributes: &[(&str, Vec<&str>)]) -> FeatureTable {
    let lengths = numbers.iter().map(|(_, values)| values.len());
    let n = lengths.chain(attributes.iter().map(|(_, values)| values.len())).max().unwrap_or(0);
    let column = |(name, values): &(&str, Vec<f64>)| FeatureColumn {
        name: (*name).into(),
        unit: Unit::Ratio,
        values: values.clone(),
    };
    let text = |text: &&str| (!text.is_empty()).then(|| Arc::from(*text));
    let attribute = |(name, values): &(&str, Vec<&str>)| AttributeColumn {
        name: (*name).into(),
        values: values.iter().map(text).collect(),
    };
    FeatureTable {
        customers: (0..n).map(|i| CustomerId::from(format!("c{i:04}").as_str())).collect(),
        columns: numbers.iter().map(column).collect(),
        attributes: attributes.iter().map(attribute).collect(),
        ..FeatureTable::default()
    }
}

fn plain(name: &str) -> FeatureSpec {
    FeatureSpec { transform: Transform::None, ..FeatureSpec::new(name) }
}

fn params(features: Vec<FeatureSpec>, k: usize) -> ClusterParams {
    ClusterParams {
        features,
        method: Method::Kmeans,
        engine: Engine::Segtrail,
        k: KChoice::Fixed(k),
        kmeans: KmeansOptions::default(),
        restarts: 10,
        max_iterations: 100,
        tolerance: 1e-6,
        covariance_floor: 1e-6,
        covariances: vec![Covariance::Full],
        noise: false,
        bootstrap: 0,
        stability: StabilityParams::default(),
        select: SelectParams::default(),
        bounds: BoundsParams::default(),
    }
}

/// The fit with one cluster, for tests of the matrix alone, and the matrix.
fn matrix(table: &FeatureTable, features: Vec<FeatureSpec>) -> (Fitted, FeatureMatrix) {
    let fitted = fit(table, &params(features, 1), Seed(1)).expect("fits");
    let matrix = standardise(&fitted.model, table).expect("its own table");
    (fitted, matrix)
}

fn squared(matrix: &FeatureMatrix, a: usize, b: usize) -> f64 {
    let rows = matrix.values.row(a).into_iter().zip(matrix.values.row(b));
    rows.map(|(a, b)| (a - b) * (a - b)).sum()
}

fn close(left: f64, right: f64) {
    assert!((left - right).abs() < 1e-12, "{left} is not {right}");
}

fn category(model: &Model) -> &FittedCategory {
    let found = model.features.iter().find_map(|feature| match feature {
        FittedFeature::Categorical(category) => Some(category),
        FittedFeature::Numeric(_) => None,
    });
    found.expect("an attribute")
}

/// `n` customers whose numbers say nothing and whose regions are two, by turns of three.
fn regions(n: usize) -> (FeatureTable, Vec<u32>) {
    let spend = (0..n).map(|row| ((row * 37) % n) as f64).collect();
    let truth: Vec<u32> = (0..n).map(|row| u32::from(row % 3 == 2)).collect();
    let region = truth.iter().map(|group| ["north", "south"][*group as usize]).collect();
    (table(&[("spend", spend)], &[("region", region)]), truth)
}

#[test]
fn two_levels_are_as_far_apart_as_two_customers_are_on_average_in_a_number() {
    let levels = vec!["a", "b", "a", "c"];
    let numbers = vec![1.0, 4.0, 2.0, 9.0];
    let table = table(&[("x", numbers)], &[("level", levels)]);
    let (_, matrix) = matrix(&table, vec![plain("level")]);
    assert_eq!(matrix.names, ["level=a", "level=b", "level=c"]);
    let rows: Vec<Vec<f64>> = matrix.values.outer_iter().map(|row| row.to_vec()).collect();
    let [a, b, c] = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    assert_eq!(rows, [a, b, a, c]);
    assert_eq!(
        (squared(&matrix, 0, 1), squared(&matrix, 1, 3), squared(&matrix, 0, 2)),
        (2.0, 2.0, 0.0)
    );
    // Over all ordered pairs with repetition, a standard-scaled number differs by 2 squared.
    let (_, matrix) = self::matrix(&table, vec![plain("x")]);
    let pairs = (0..4).flat_map(|a| (0..4).map(move |b| (a, b)));
    close(pairs.map(|(a, b)| squared(&matrix, a, b)).sum::<f64>() / 16.0, 2.0);
}

#[test]
fn the_weight_multiplies_and_the_scale_of_the_vector_sets_the_measure() {
    let table = table(&[("x", vec![1.0, 3.0, 8.0])], &[("level", vec!["a", "b", ""])]);
    // Scale, and the variance of a number under it: uniform in [0, 1]; normal with quartiles
    // 1 apart, 0.5 / 0.6744897501960817 (Φ⁻¹ of 3/4).
    let cases = [
        (Scale::Standard, 1.0),
        (Scale::None, 1.0),
        (Scale::Quantile, 1.0 / 12.0),
        (Scale::Robust, (0.5_f64 / 0.674_489_750_196_081_7).powi(2)),
    ];
    for (scale, variance) in cases {
        for weight in [0.0, 0.5, 1.0, 3.0] {
            let spec = |name| FeatureSpec { scale, weight, ..plain(name) };
            let (_, weighed) = matrix(&table, vec![spec("level"), spec("x")]);
            let (_, alone) = matrix(&table, vec![FeatureSpec { scale, ..plain("x") }]);
            for row in 0..3 {
                close(weighed.values[[row, 2]], weight * alone.values[[row, 0]]);
            }
            let (_, alone) = matrix(&table, vec![spec("level")]);
            close(squared(&alone, 0, 1), 2.0 * weight * weight * variance);
            close(squared(&alone, 0, 2), weight * weight * variance);
            close(squared(&alone, 1, 2), weight * weight * variance);
        }
    }
}

#[test]
fn groups_that_differ_in_an_attribute_alone_are_found_by_its_weight() {
    let (table, truth) = regions(120);
    for engine in [Engine::Segtrail, Engine::Linfa] {
        let labels = |weight: f64| {
            let region = FeatureSpec { weight, ..plain("region") };
            let params = ClusterParams { engine, ..params(vec![plain("spend"), region], 2) };
            fit(&table, &params, Seed(1)).expect("fits").assignments.cluster
        };
        assert_eq!(labels(5.0), truth, "{engine:?}");
        // Without weight it is as if the attribute were not there.
        let params = ClusterParams { engine, ..params(vec![plain("spend")], 2) };
        let alone = fit(&table, &params, Seed(1)).expect("fits").assignments.cluster;
        assert_eq!(labels(0.0), alone, "{engine:?}");
        let north = truth.iter().zip(&alone).filter(|(region, _)| **region == 0);
        assert!((30..50).contains(&north.filter(|(_, label)| **label == 0).count()));
    }
}

#[test]
fn the_mixture_runs_on_levels_and_warns() {
    let (table, truth) = regions(120);
    for engine in [Engine::Segtrail, Engine::Linfa] {
        let features = vec![plain("spend"), FeatureSpec { weight: 5.0, ..plain("region") }];
        let params = ClusterParams { engine, method: Method::Gmm, ..params(features, 2) };
        let fitted = fit(&table, &params, Seed(1)).expect("fits");
        assert!(fitted.warnings.iter().any(|w| w.code == "mixture_of_levels"), "{engine:?}");
        assert_eq!(fitted.assignments.cluster, truth, "{engine:?}");
        assert_eq!(assign(&fitted.model, &table).expect("its own table"), fitted.assignments);
    }
}

#[test]
fn neither_the_order_of_customers_nor_the_names_of_levels_matter() {
    let (table, _) = regions(90);
    let features = || vec![plain("spend"), FeatureSpec { weight: 2.0, ..plain("region") }];
    let labels = |table: &FeatureTable| {
        fit(table, &params(features(), 4), Seed(1)).expect("fits").assignments.cluster
    };
    let forward = labels(&table);
    let mut reversed = table.clone();
    reversed.columns[0].values.reverse();
    reversed.attributes[0].values.reverse();
    let mut backward = labels(&reversed);
    backward.reverse();
    let same = |a: &[u32], b: &[u32]| {
        let pairs: std::collections::BTreeSet<_> = a.iter().zip(b).collect();
        pairs.len() == 4
    };
    assert!(same(&forward, &backward));
    let mut renamed = table.clone();
    for value in &mut renamed.attributes[0].values {
        let name = if value.as_deref() == Some("north") { "zzz" } else { "một" };
        *value = Some(Arc::from(name));
    }
    assert!(same(&forward, &labels(&renamed)));
}

#[test]
fn what_is_missing_or_new_later_has_no_level_and_is_counted() {
    let month = table(&[("x", vec![1.0, 2.0, 6.0])], &[("level", vec!["b", "", "a"])]);
    let (fitted, first) = matrix(&month, vec![plain("level"), plain("x")]);
    assert_eq!(fitted.missing, [("level".to_owned(), 1)]);
    assert!(fitted.filled.is_empty());
    assert_eq!(first.values.row(1).to_vec()[..2], [0.0, 0.0]);
    assert!(fitted.warnings.iter().any(|warning| {
        warning.code == "attribute_missing" && warning.message.contains("1 of 3 customers")
    }));
    let later =
        table(&[("x", vec![1.0, f64::NAN, 2.0, 2.0])], &[("level", vec!["c", "a", "", "c"])]);
    let mapped = standardise(&fitted.model, &later).expect("a later month");
    assert_eq!(mapped.names, first.names);
    let blocks: Vec<Vec<f64>> =
        mapped.values.outer_iter().map(|row| row.to_vec()[..2].to_vec()).collect();
    assert_eq!(blocks, [[0.0, 0.0], [1.0, 0.0], [0.0, 0.0], [0.0, 0.0]]);
    assert_eq!(assign(&fitted.model, &later).expect("assigns").cluster, [0; 4]);
    let one = |name: &str, count| BTreeMap::from([(name.to_owned(), count)]);
    let expected = Gaps {
        filled: one("x", 1),
        missing: one("level", 1),
        unseen: BTreeMap::from([("level".to_owned(), one("c", 2))]),
        elsewhere: BTreeMap::new(),
    };
    assert_eq!(gaps(&fitted.model, &later).expect("counts"), expected);
    assert_eq!(
        gaps(&fitted.model, &table(&[("x", vec![1.0])], &[("level", vec!["a"])])).expect("none"),
        Gaps::default()
    );
}

#[test]
fn an_indicator_tells_apart_who_has_no_value() {
    let indicator = |name| FeatureSpec { missing: Missing::Indicator, weight: 2.0, ..plain(name) };
    let month =
        table(&[("x", vec![1.0, f64::NAN, 3.0, 2.0])], &[("level", vec!["b", "", "a", ""])]);
    let (fitted, matrix) = matrix(&month, vec![indicator("x"), indicator("level")]);
    assert_eq!(matrix.names, ["x", "x=null", "level=a", "level=b", "level=null"]);
    assert_eq!(matrix.indicator, [false, true, true, true, true]);
    assert_eq!((fitted.filled, fitted.missing), (vec![("x".into(), 1)], vec![("level".into(), 2)]));
    assert_eq!(matrix.values.row(1).to_vec(), [0.0, 2.0, 0.0, 0.0, 2.0]);
    assert_eq!(matrix.values.row(3).to_vec(), [0.0, 0.0, 0.0, 0.0, 2.0]);
    assert_eq!(matrix.values.column(1).to_vec(), [0.0, 2.0, 0.0, 0.0]);
    // A level that is new later counts as none.
    let later = table(&[("x", vec![2.0])], &[("level", vec!["c"])]);
    let later = standardise(&fitted.model, &later).expect("a later month");
    assert_eq!(later.values.row(0).to_vec()[2..], [0.0, 0.0, 2.0]);
    // Where nobody lacks a value there is nothing to tell apart.
    let full = table(&[("x", vec![1.0, 2.0])], &[("level", vec!["b", "a"])]);
    let (_, full) = self::matrix(&full, vec![indicator("x"), indicator("level")]);
    assert_eq!(full.names, ["x", "level=a", "level=b"]);
}

#[test]
fn one_level_alone_is_a_constant_with_a_warning() {
    let month = table(&[("x", vec![1.0, 2.0, 3.0])], &[("level", vec!["a", "a", ""])]);
    let (fitted, matrix) = matrix(&month, vec![plain("level"), plain("x")]);
    assert_eq!(matrix.values.column(0).to_vec(), [0.0; 3]);
    let warning = fitted.warnings.iter().find(|warning| warning.code == "attribute_constant");
    assert!(warning.expect("a warning").message.contains("`level` has the one value `a`"));
    // Told apart, having none is a second level.
    let spec = FeatureSpec { missing: Missing::Indicator, ..plain("level") };
    let (fitted, matrix) = self::matrix(&month, vec![spec]);
    assert_eq!(squared(&matrix, 0, 2), 2.0);
    assert!(fitted.warnings.iter().all(|warning| warning.code != "attribute_constant"));
}

#[test]
fn a_level_is_typical_by_its_share_and_a_number_by_its_median() {
    let month = table(&[("x", vec![0.0, 1.0, 5.0, 9.0])], &[("level", vec!["a", "b", "b", "b"])]);
    let spec = FeatureSpec { scale: Scale::None, weight: 2.0, ..plain("level") };
    let number = FeatureSpec { scale: Scale::None, ..plain("x") };
    let (_, matrix) = matrix(&month, vec![spec, number]);
    let typical = matrix.cluster_typical(&[0, 0, 0, 1], 3);
    let third = 2.0 / 3.0;
    assert_eq!(typical, [vec![third, 2.0 * third, 1.0], vec![0.0, 2.0, 9.0], vec![0.0; 3]]);
}

#[test]
fn a_model_with_levels_survives_json_and_one_without_is_written_as_before() {
    let (month, _) = regions(30);
    let missing = Missing::Indicator;
    let features = vec![plain("spend"), FeatureSpec { missing, ..plain("region") }];
    let fitted = fit(&month, &params(features, 2), Seed(1)).expect("fits");
    let text = serde_json::to_string(&fitted.model).expect("finite figures");
    let model: Model = serde_json::from_str(&text).expect("its own text");
    assert_eq!(model, fitted.model);
    assert_eq!(category(&model).levels, ["north", "south"]);
    assert!(
        text.contains(
            r#"{"name":"region","levels":["north","south"],"missing":false,"value":1.0}"#
        )
    );
    // What earlier versions wrote and read.
    let number = r#"{"name":"spend","transform":{"kind":"none"},"scale":{"kind":"standard","mean":14.5,"deviation":8.65544144839919},"fill":14.5}"#;
    assert!(text.contains(number), "{text}");
    let feature: FittedFeature = serde_json::from_str(number).expect("an earlier file");
    assert_eq!(feature, model.features[0]);
}

#[test]
fn every_refusal_says_what_and_how_to_mend_it() {
    type Change = fn(&mut FeatureTable, &mut Vec<FeatureSpec>);
    let cases: [(Change, &[&str]); 9] = [
        (|_, f| f[1].weight = -1.0, &["[features.each.region] weight = -1", "from 0", "to 1000"]),
        (|_, f| f[0].weight = f64::NAN, &["[features.each.spend] weight = NaN", "from 0"]),
        (|_, f| f[0].weight = f64::INFINITY, &["weight = inf", "to 1000"]),
        (|_, f| f[1].weight = 1e9, &["weight = 1000000000", "to 1000"]),
        (|_, f| f[1].name = "city".into(), &["no feature `city`", "spend, region"]),
        (|_, f| f.push(f[1].clone()), &["`region` is named twice"]),
        (|_, f| f[1].numeric = true, &["[features.each.region]", "is for numbers", "`north`"]),
        (|t, _| t.attributes[0].values.fill(None), &["`region` is not defined for any of the 12"]),
        (
            |t, f| {
                t.attributes[0].values[0] = Some(Arc::from("b=c"));
                t.attributes.push(AttributeColumn {
                    name: "region=b".into(),
                    values: vec![Some(Arc::from("c")); 12],
                });
                f.push(plain("region=b"));
            },
            &["would be called `region=b=c`", "rename"],
        ),
    ];
    for (change, expected) in cases {
        let (mut table, _) = regions(12);
        let mut features = vec![plain("spend"), plain("region")];
        change(&mut table, &mut features);
        let error = fit(&table, &params(features, 2), Seed(1)).expect_err(expected[0]);
        for word in expected {
            assert!(error.to_string().contains(word), "`{word}` is not in: {error}");
        }
    }
}

#[test]
fn an_attribute_that_became_a_number_or_the_reverse_is_refused() {
    let texts = table(&[], &[("kids", vec!["0", "3+"])]);
    let numbers = table(&[("kids", vec![0.0, 3.0])], &[]);
    for (fitted_to, other, said) in [
        (&texts, &numbers, "`kids` was text when the model was fitted and is a number"),
        (&numbers, &texts, "`kids` was a number when the model was fitted and is text"),
    ] {
        let fitted = fit(fitted_to, &params(vec![plain("kids")], 2), Seed(1)).expect("fits");
        let error = assign(&fitted.model, other).expect_err(said).to_string();
        assert!(error.contains(said), "{error}");
        assert!(gaps(&fitted.model, other).is_err());
    }
}
