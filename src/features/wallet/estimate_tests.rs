//! Estimates from all three sources: precedence, figures, coverage, the record.

use super::super::draws::{normal, uniform};
use super::super::{BehaviourValues, Method, SurveyRank, WalletNames};
use super::*;

fn currency() -> Currency {
    Currency("USD".into())
}

fn observed(customers: usize, of: &[(u32, u32, f64)]) -> WalletRows {
    let ticks = |units: f64| Money::from_units(units, &currency()).unwrap().0;
    let names = WalletNames {
        providers: vec!["we".into(), "they".into()],
        categories: vec!["all".into()],
        own: Some(0),
    };
    WalletRows::new(
        of.iter().map(|row| row.0).collect(),
        of.iter().map(|row| row.1).collect(),
        vec![0; of.len()],
        of.iter().map(|row| ticks(row.2)).collect(),
        customers,
        names,
    )
    .unwrap()
}

fn survey(customers: usize, of: &[(u32, u32, f64)]) -> SurveyRanks {
    let rows = of.iter().map(|&(customer, provider, rank)| SurveyRank { customer, provider, rank });
    let providers = vec!["we".into(), "they".into()];
    SurveyRanks::new(rows.collect(), customers, providers, Some(0)).unwrap()
}

fn nothing() -> WalletInput<'static> {
    WalletInput {
        own_spend: &[],
        observed: None,
        observed_in_survey: false,
        survey: None,
        behaviours: &[],
    }
}

fn without_model() -> WalletOptions {
    WalletOptions { model: false, ..WalletOptions::default() }
}

/// Customer 0 is observed (and answered), 1 answered, 2 answered without naming us, 3 answered
/// and never bought here, 4 nothing, 5 an empty observed wallet and an answer.
#[test]
fn the_first_source_that_knows_a_customer_counts() {
    let table = observed(6, &[(0, 0, 400.0), (0, 1, 100.0), (5, 0, 0.0)]);
    let ranks = survey(
        6,
        &[
            (0, 0, 2.0),
            (0, 1, 1.0),
            (1, 0, 2.0),
            (1, 1, 1.0),
            (2, 1, 1.0),
            (3, 0, 1.0),
            (5, 0, 1.0),
        ],
    );
    let input = WalletInput {
        own_spend: &[400.0, 30.0, 10.0, 0.0, 7.0, 8.0],
        observed: Some(&table),
        observed_in_survey: false,
        survey: Some(&ranks),
        behaviours: &[],
    };
    let of = estimate_wallets(&input, &without_model(), &currency(), Seed(1)).unwrap();
    let sources: Vec<_> = of.estimates.iter().map(|of| of.map(|of| of.source)).collect();
    let survey = Some(Source::Survey);
    assert_eq!(sources, [Some(Source::Observed), survey, survey, survey, None, survey]);
    let first = of.estimates[0].unwrap();
    assert_eq!((first.size, first.share, first.opportunity), (Some(500.0), 0.8, Some(100.0)));
    assert!(first.share_low < 0.8 && 0.8 < first.share_high);
    // A third of the wallet is 30: the wallet is 90, of which the ranks allow us 0 to a half.
    let second = of.estimates[1].unwrap();
    assert!((second.size.unwrap() - 90.0).abs() < 1e-12);
    assert!((second.opportunity.unwrap() - 60.0).abs() < 1e-12);
    assert_eq!((second.share_low, second.share_high), (0.0, 0.5));
    let third = of.estimates[2].unwrap();
    assert_eq!((third.share, third.size, third.opportunity), (0.0, None, None));
    assert_eq!(of.estimates[3].unwrap().size, None);
    assert_eq!(of.summary.contradicted, 1);
    assert_eq!(
        of.summary.coverage,
        Coverage { customers: 6, observed: 1, survey: 4, modelled: 0, none: 1 }
    );
    // Of the survey: wallets of 90 and 8, own spend of 30 and 8; shares 1/3, 0, 1, 1.
    let by_survey = of.summary.sources[1];
    assert!((by_survey.aggregate_share.unwrap() - 38.0 / 98.0).abs() < 1e-12);
    assert!((by_survey.mean_share.unwrap() - 7.0 / 12.0).abs() < 1e-12);
    // Placed are those with share and size: 0, 1, 5.
    let matrix = of.summary.matrix.unwrap();
    assert_eq!(matrix.unplaced, 3);
    assert_eq!((matrix.share_cut, Some(matrix.size_cut)), (0.8, second.size));
    assert_eq!(of.strategies[0], Some(Strategy::MaintainAndGuard));
    assert_eq!(of.strategies[1], Some(Strategy::TargetForAdditionalSelling));
    assert_eq!(of.strategies[4], None);
    assert_eq!(of.strategies[5], Some(Strategy::HoldOn));
    assert!(of.summary.survey.unwrap().valid && of.summary.model.is_none());
    assert!(of.summary.providers.is_some() && of.summary.categories.is_empty());
}

/// Amounts that customers stated are of the survey, figure for figure.
#[test]
fn stated_amounts_are_of_the_survey() {
    let table = observed(1, &[(0, 0, 400.0), (0, 1, 100.0)]);
    let run = |observed_in_survey: bool| {
        let input = WalletInput {
            own_spend: &[400.0],
            observed: Some(&table),
            observed_in_survey,
            ..nothing()
        };
        estimate_wallets(&input, &without_model(), &currency(), Seed(1)).unwrap()
    };
    let (seen, stated) = (run(false).estimates[0].unwrap(), run(true).estimates[0].unwrap());
    assert_eq!((seen.source, stated.source), (Source::Observed, Source::Survey));
    assert_eq!(WalletEstimate { source: Source::Observed, ..stated }, seen);
}

fn shop(n: usize) -> (Vec<f64>, Vec<Behaviour>) {
    let a: Vec<f64> = (0..n).map(|i| uniform(1, i)).collect();
    let own = (0..n)
        .map(|i| if i % 50 == 0 { 0.0 } else { (2.0 + 2.0 * a[i] + 0.4 * normal(2, i)).exp() })
        .collect();
    (own, vec![Behaviour { name: "a".into(), values: BehaviourValues::Number(a) }])
}

/// Nothing but own spend and behaviour: everybody is modelled, and the identities hold.
#[test]
fn modelled_wallets() {
    let (own, behaviours) = shop(1_000);
    let input = WalletInput { own_spend: &own, behaviours: &behaviours, ..nothing() };
    let of = estimate_wallets(&input, &WalletOptions::default(), &currency(), Seed(1)).unwrap();
    assert_eq!(of.summary.coverage.modelled, 1_000);
    for (of, own) in of.estimates.iter().flatten().zip(&own) {
        let size = of.size.unwrap();
        assert!(size >= *own && (of.share * size - own).abs() < 1e-9 * size);
        assert!((of.opportunity.unwrap() - (size - own)).abs() < 1e-12 * size);
        assert!(0.0 <= of.share_low && of.share_low <= of.share);
        assert!(of.share <= of.share_high && of.share_high <= 1.0);
        assert_eq!(of.share == 0.0, *own == 0.0);
    }
    let [summary] = of.summary.sources.as_slice() else { panic!("one source") };
    assert!((summary.opportunity + own.iter().sum::<f64>() - summary.size).abs() < 1e-6);
    assert_eq!(of.summary.model.unwrap().chosen, Some(Method::Regression));
    let cells = of.summary.matrix.unwrap().cells;
    assert_eq!(cells.iter().map(|cell| cell.customers).sum::<u32>(), 1_000);
}

/// Observed customers keep their wallets and still teach the model; where all are observed,
/// nothing is modelled.
#[test]
fn observed_and_modelled_side_by_side() {
    let (own, behaviours) = shop(1_000);
    let some: Vec<(u32, u32, f64)> =
        (0..100).flat_map(|i| [(i, 0, 10.0), (i, 1, f64::from(i))]).collect();
    let table = observed(1_000, &some);
    let input = WalletInput {
        own_spend: &own,
        observed: Some(&table),
        observed_in_survey: false,
        survey: None,
        behaviours: &behaviours,
    };
    let of = estimate_wallets(&input, &WalletOptions::default(), &currency(), Seed(1)).unwrap();
    assert_eq!((of.summary.coverage.observed, of.summary.coverage.modelled), (100, 900));
    assert_eq!(of.estimates[30].unwrap().size, Some(40.0));
    assert_eq!(of.summary.model.unwrap().customers, 1_000);
    let all: Vec<(u32, u32, f64)> = (0..1_000).map(|i| (i, 0, 1.0)).collect();
    let table = observed(1_000, &all);
    let input = WalletInput { observed: Some(&table), ..input };
    let of = estimate_wallets(&input, &WalletOptions::default(), &currency(), Seed(1)).unwrap();
    assert!(of.summary.model.is_none());
}

#[test]
fn the_summary_survives_json() {
    let (own, behaviours) = shop(400);
    let table = observed(400, &[(0, 0, 1.0), (0, 1, 2.0)]);
    let ranks = survey(400, &[(1, 0, 1.0), (1, 1, 1.0)]);
    let input = WalletInput {
        own_spend: &own,
        observed: Some(&table),
        observed_in_survey: false,
        survey: Some(&ranks),
        behaviours: &behaviours,
    };
    let of = estimate_wallets(&input, &WalletOptions::default(), &currency(), Seed(1)).unwrap();
    let text = serde_json::to_string(&of.summary).unwrap();
    assert_eq!(serde_json::from_str::<WalletSummary>(&text).unwrap(), of.summary);
    let options: WalletOptions =
        serde_json::from_str(r#"{"model": false, "matrix": {"share": 0.5}}"#).unwrap();
    assert!(!options.model && serde_json::from_str::<WalletOptions>(r#"{"modle": 1}"#).is_err());
    assert!(text.contains(r#""source":"observed""#) && Source::Survey.name() == "survey");
}

#[test]
fn inputs_of_different_customers_are_refused() {
    let table = observed(3, &[]);
    let ranks = survey(4, &[]);
    let input = WalletInput { own_spend: &[1.0; 4], observed: Some(&table), ..nothing() };
    let run =
        |input: &WalletInput<'_>| estimate_wallets(input, &without_model(), &currency(), Seed(1));
    assert!(matches!(run(&input), Err(WalletError::Lengths { length: 3, expected: 4, .. })));
    let input = WalletInput { own_spend: &[1.0; 3], survey: Some(&ranks), ..nothing() };
    assert!(matches!(run(&input), Err(WalletError::Lengths { length: 4, expected: 3, .. })));
    let of = estimate_wallets(&nothing(), &WalletOptions::default(), &currency(), Seed(1)).unwrap();
    assert!(of.estimates.is_empty() && of.summary.matrix.is_none());
}
