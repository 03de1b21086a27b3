//! Worked numbers of the presets, the configuration, and refusals.

use super::*;

fn of(text: &str) -> Result<WeightedRfm, WeightedRfmError> {
    toml::from_str::<WeightedRfmParams>(text).unwrap().scheme()
}

fn points(text: &str) -> PointScheme {
    match of(text) {
        Ok(WeightedRfm::Points(scheme)) => scheme,
        other => panic!("{other:?}"),
    }
}

fn purchase(months: u16, amount: f64) -> Purchase {
    Purchase { ago: Duration::months(months), amount }
}

/// studylib.net/doc/5618814: last order 5 months ago, 3 orders, 170 dollars: 10 x 5 + 12 x 3 +
/// 17 x 2.
#[test]
fn studylib_points_of_the_last_order() {
    let scheme = points("");
    let purchases = [purchase(5, 70.0), purchase(8, 40.0), purchase(20, 60.0)];
    assert!((scheme.score(&purchases) - 120.0).abs() < 1e-12);
    let backwards: Vec<Purchase> = purchases.into_iter().rev().collect();
    assert!((scheme.score(&backwards) - 120.0).abs() < 1e-12);
}

/// Kumar and Reinartz: "John" bought 2, 4 and 9 months ago for 40, 120 and 60 dollars: 165 + 18 +
/// 66.
#[test]
fn kumar_reinartz_points_of_each_purchase() {
    let scheme = points(r#"preset = "kumar_reinartz""#);
    let john = [purchase(2, 40.0), purchase(4, 120.0), purchase(9, 60.0)];
    assert!((scheme.score(&john) - 249.0).abs() < 1e-12);
    assert!((scheme.score(&john[..1]) - (100.0 + 6.0 + 12.0)).abs() < 1e-12);
}

/// thankQ: 3 R + 2 F + M.
#[test]
fn thankq_weights_of_scores() {
    let Ok(WeightedRfm::Scores(weights)) = of(r#"preset = "scores""#) else { panic!() };
    assert_eq!(weights.apply(5.0, 5.0, 5.0), 30.0);
    assert_eq!(weights.apply(1.0, 1.0, 1.0), 6.0);
}

#[test]
fn caps_and_bands_hold_at_their_edges() {
    let scheme = points("");
    let score = |purchases: &[Purchase]| scheme.score(purchases);
    assert_eq!(score(&[]), 0.0);
    assert!(score(&[purchase(1, f64::NAN)]).is_nan());
    assert_eq!(score(&[purchase(1, 100.0), purchase(2, -50.0)]), 100.0 + 24.0 + 10.0);
    // 91 days are within 3 months of 91.25 days, 92 are not.
    let days = |days| [Purchase { ago: Duration::days(days), amount: 0.0 }];
    assert_eq!(score(&days(0)), 100.0 + 12.0);
    assert_eq!(score(&days(91)), 100.0 + 12.0);
    assert_eq!(score(&days(92)), 50.0 + 12.0);
    assert_eq!(score(&[purchase(24, 0.0)]), 5.0 + 12.0);
    assert_eq!(score(&[purchase(25, 1000.0)]), 0.0, "beyond the last band nothing counts");
    // 6 purchases have 24 points, of which 20; 1,200 dollars have 120, of which 20.
    assert_eq!(score(&[purchase(1, 200.0); 6]), 100.0 + 60.0 + 40.0);
    // Of each purchase by itself: 25 of 40 points twice.
    let each = points(r#"preset = "kumar_reinartz""#);
    assert_eq!(each.score(&[purchase(1, 400.0); 2]), 200.0 + 12.0 + 150.0);
    let total = points("preset = \"kumar_reinartz\"\nmoney_cap = \"total\"");
    assert_eq!(total.score(&[purchase(1, 400.0); 2]), 200.0 + 12.0 + 75.0);
}

#[test]
fn every_part_can_be_a_companys_own() {
    let scheme = points(
        r#"
        weights = { recency = 1, frequency = 10, money = 100 }
        recency = [{ within = "2 weeks", points = 7 }, { within = "1 years", points = 3 }]
        recency_of = "each"
        frequency = { each = 2, at_most = 5 }
        money = { each = 0.5, at_most = 4 }
        money_cap = "purchase"
        "#,
    );
    let weeks = |weeks, amount| Purchase { ago: Duration::weeks(weeks), amount };
    let purchases = [weeks(2, 2.0), weeks(3, 100.0), weeks(53, 9.0)];
    assert_eq!(scheme.score(&purchases), 10.0 + 40.0 + 500.0);
    let weighted =
        of("preset = \"scores\"\nweights = { recency = 9.9, frequency = 6.6, money = 3.3 }");
    assert!(matches!(weighted, Ok(WeightedRfm::Scores(weights)) if weights.money == 3.3));
}

#[test]
fn the_configuration_is_strict_and_written_and_read_alike() {
    for text in [
        "unknown = 1",
        "preset = \"kumar\"",
        "weights = { recency = 1, frequency = 1 }",
        "weights = { recency = 1, frequency = 1, money = 1, time = 1 }",
        "recency = [{ within = 3, points = 1 }]",
        "money = { each = 1 }",
    ] {
        assert!(toml::from_str::<WeightedRfmParams>(text).is_err(), "{text}");
    }
    let text = "preset = \"kumar_reinartz\"\nrecency = [{ within = \"3 months\", points = 1 }]";
    let params: WeightedRfmParams = toml::from_str(text).unwrap();
    let again: WeightedRfmParams = toml::from_str(&toml::to_string(&params).unwrap()).unwrap();
    assert_eq!(params, again);
}

#[test]
fn schemes_that_cannot_be_are_refused() {
    let range = |text: &str, expected: &str| match of(text) {
        Err(WeightedRfmError::Range { key, .. }) => assert_eq!(key, expected, "{text}"),
        other => panic!("{text}: {other:?}"),
    };
    range("weights = { recency = -1, frequency = 1, money = 1 }", "weights.recency");
    range("weights = { recency = 1, frequency = nan, money = 1 }", "weights.frequency");
    range("weights = { recency = 0, frequency = 0, money = 0 }", "weights");
    range(
        "preset = \"scores\"\nweights = { recency = 0, frequency = 0, money = inf }",
        "weights.money",
    );
    range("frequency = { each = -4, at_most = 20 }", "frequency.each");
    range("frequency = { each = 4, at_most = inf }", "frequency.at_most");
    range("money = { each = nan, at_most = 20 }", "money.each");
    range("money = { each = 1, at_most = -1 }", "money.at_most");
    range("recency = [{ within = \"3 months\", points = -1 }]", "recency.points");
    for bands in [
        "[]",
        "[{ within = \"6 months\", points = 2 }, { within = \"3 months\", points = 1 }]",
        "[{ within = \"1 years\", points = 2 }, { within = \"12 months\", points = 1 }]",
    ] {
        assert_eq!(of(&format!("recency = {bands}")), Err(WeightedRfmError::Bands), "{bands}");
    }
    for (key, value) in [
        ("recency", "[]"),
        ("recency_of", "\"last\""),
        ("frequency", "{ each = 1, at_most = 2 }"),
        ("money", "{ each = 1, at_most = 2 }"),
        ("money_cap", "\"total\""),
    ] {
        let fault = of(&format!("preset = \"scores\"\n{key} = {value}"));
        assert_eq!(fault, Err(WeightedRfmError::NoPoints { key }));
    }
}
