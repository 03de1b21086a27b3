//! Worked numbers of the literature, a regression checked against scikit-learn, and every way in
//! which there can be no weights.

use super::*;

fn cell(scores: [u8; 3], contacted: u64, responded: u64) -> Contacted {
    let [recency, frequency, money] = scores;
    Contacted { recency, frequency, money, contacted, responded }
}

/// 125 cells whose response rises with recency and frequency and falls slightly with money.
fn campaign() -> Vec<Contacted> {
    let mut cells = Vec::new();
    for r in 1..=5u8 {
        for f in 1..=5u8 {
            for m in 1..=5u8 {
                let [r_, f_, m_] = [r, f, m].map(u64::from);
                let contacted = 200 + (r_ * 37 + f_ * 61 + m_ * 13) % 97;
                let [r_, f_, m_] = [r, f, m].map(f64::from);
                let p = 1.0 / (1.0 + (3.2 - 0.45 * r_ - 0.2 * f_ + 0.05 * m_).exp());
                cells.push(cell([r, f, m], contacted, (contacted as f64 * p).round() as u64));
            }
        }
    }
    cells
}

fn fitted(cells: &[Contacted]) -> ResponseModel {
    match campaign_weights(cells).unwrap() {
        CampaignWeights::Fitted(model) => model,
        other => panic!("{other:?}"),
    }
}

/// Unit cost 1, unit net profit 45, response 17.55 %: 689.75 (690.54 with the break-even rate
/// rounded to 2.22 %).
#[test]
fn kumar_reinartz_break_even_index() {
    let break_even = break_even_rate(1.0, 45.0).unwrap();
    assert!((100.0 * break_even - 2.2222).abs() < 5e-5);
    assert!((break_even_index(0.1755, break_even).unwrap() - 689.75).abs() < 1e-9);
    assert!((break_even_index(0.1755, 0.0222).unwrap() - 690.54).abs() < 5e-3);
    assert!(break_even_index(break_even, break_even).unwrap().abs() < 1e-12);
    assert_eq!(break_even_index(0.1, 0.0), None);
}

/// A test of 40,000 of 400,000 customers, 808 responses: by fifths of recency and of money.
#[test]
fn kumar_reinartz_response_by_recency_and_money() {
    let tables = [
        ([360, 224, 120, 84, 20], [4.50, 2.80, 1.50, 1.05, 0.25]),
        ([188, 164, 156, 152, 148], [2.35, 2.05, 1.95, 1.90, 1.85]),
    ];
    for (responses, rates) in tables {
        let scored = |(i, &responded): (usize, &u64)| cell([5 - i as u8, 1, 1], 8_000, responded);
        let cells: Vec<Contacted> = responses.iter().enumerate().map(scored).collect();
        let by_score = response_by(&cells, 1.0 / 45.0, |cell| cell.recency).unwrap();
        for (cell, rate) in by_score.iter().rev().zip(rates) {
            assert!((100.0 * cell.rate.unwrap() - rate).abs() < 1e-12, "{cell:?}");
            assert_eq!(cell.index.unwrap() > 0.0, rate > 2.23, "{cell:?}");
        }
        let all = response_by(&cells, 1.0 / 45.0, |_| ()).unwrap();
        assert_eq!((all[0].contacted, all[0].responded), (40_000, 808));
        assert!((100.0 * all[0].rate.unwrap() - 2.02).abs() < 1e-12);
    }
}

#[test]
fn cells_are_joined_by_any_key() {
    let cells = [cell([5, 1, 2], 10, 3), cell([1, 1, 1], 0, 0), cell([5, 1, 2], 30, 1)];
    let joined = response_by(&cells, 0.1, |c| (c.recency, c.frequency, c.money)).unwrap();
    assert_eq!(joined.len(), 2);
    assert_eq!((joined[0].key, joined[0].rate, joined[0].index), ((1, 1, 1), None, None));
    assert_eq!((joined[1].key, joined[1].rate), ((5, 1, 2), Some(0.1)));
    assert!(joined[1].index.unwrap().abs() < 1e-12);
}

/// Coefficients by scikit-learn's LogisticRegression without penalty on the standardised scores;
/// standard errors by numpy from the information at them.
#[test]
fn scikit_learn_coefficients() {
    let model = fitted(&campaign());
    let expected = [0.636_649_18, 0.284_111_98, -0.070_105_39];
    let errors = [0.015_182_06, 0.014_419_43, 0.014_257_93];
    assert!((model.intercept + 1.397_451_04).abs() < 5e-9, "{model:?}");
    for j in 0..3 {
        assert!((model.coefficients[j] - expected[j]).abs() < 5e-9, "{model:?}");
        assert!((model.standard_errors[j].unwrap() - errors[j]).abs() < 5e-9, "{model:?}");
    }
    let weights = model.weights.unwrap();
    assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    assert!((weights[0] - 0.636_649_18 / 0.850_655_77).abs() < 1e-7);
    assert_eq!((model.negative, model.ridge), ([false, false, true], None));
}

#[test]
fn neither_order_nor_splitting_of_cells_nor_scale_of_scores_matters() {
    let whole = fitted(&campaign());
    let mut halves: Vec<Contacted> = Vec::new();
    for cell in campaign().into_iter().rev() {
        let (contacted, responded) = (cell.contacted / 2, cell.responded / 2);
        halves.push(Contacted { contacted, responded, ..cell });
        let (contacted, responded) = (cell.contacted - contacted, cell.responded - responded);
        halves.push(Contacted { contacted, responded, recency: cell.recency, ..cell });
    }
    for cell in &mut halves {
        cell.recency = 10 + 7 * cell.recency;
    }
    let other = fitted(&halves);
    for j in 0..3 {
        assert!((other.coefficients[j] - whole.coefficients[j]).abs() < 1e-9);
    }
}

#[test]
fn a_score_that_is_the_same_for_all_has_no_effect() {
    let cells: Vec<Contacted> =
        campaign().into_iter().map(|cell| Contacted { frequency: 3, ..cell }).collect();
    let model = fitted(&cells);
    assert_eq!((model.coefficients[1], model.standard_errors[1]), (0.0, None));
    assert!(model.coefficients[0] > 0.5 && model.ridge.is_none(), "{model:?}");
    // Nothing to tell customers by.
    let model = fitted(&[cell([3, 3, 3], 1_000, 100)]);
    assert_eq!((model.coefficients, model.weights), ([0.0; 3], None));
    assert!((model.intercept - (0.1f64 / 0.9).ln()).abs() < 1e-12);
}

#[test]
fn separable_and_collinear_scores_take_the_penalty_and_say_so() {
    // Everybody from 4 on responds and nobody below.
    let separable: Vec<Contacted> = campaign()
        .into_iter()
        .map(|cell| Contacted {
            responded: if cell.recency >= 4 { cell.contacted } else { 0 },
            ..cell
        })
        .collect();
    let model = fitted(&separable);
    assert_eq!(model.ridge, Some(RidgeReason::Separable));
    assert!(model.weights.unwrap()[0] > 0.9, "{model:?}");
    assert!(model.standard_errors.iter().all(|error| error.is_some_and(f64::is_finite)));
    // Only the most recent ever respond: the others' log-odds have no bound.
    let quasi: Vec<Contacted> = campaign()
        .into_iter()
        .map(|cell| Contacted {
            responded: if cell.recency == 5 { cell.contacted / 2 } else { 0 },
            ..cell
        })
        .collect();
    assert_eq!(fitted(&quasi).ridge, Some(RidgeReason::Separable));
    // Recency and frequency always the same: each gets half.
    let together: Vec<Contacted> =
        campaign().into_iter().map(|cell| Contacted { frequency: cell.recency, ..cell }).collect();
    let model = fitted(&together);
    assert_eq!(model.ridge, Some(RidgeReason::Collinear));
    assert!((model.coefficients[0] - model.coefficients[1]).abs() < 1e-9, "{model:?}");
}

#[test]
fn scores_that_only_repel_have_no_weights() {
    let cells: Vec<Contacted> =
        (1..=5).map(|r| cell([r, 3, 3], 1_000, 300 - 50 * u64::from(r))).collect();
    let model = fitted(&cells);
    assert_eq!((model.weights, model.negative), (None, [true, false, false]));
}

#[test]
fn campaigns_without_weights_say_why() {
    let of = |contacted, responded| {
        campaign_weights(&[cell([1, 1, 1], contacted, responded), cell([2, 2, 1], 10, 0)]).unwrap()
    };
    let few = |contacted, responded| CampaignWeights::TooFew { contacted, responded };
    assert_eq!(of(1_000, 0), CampaignWeights::NoResponse);
    assert_eq!(of(1_000, 29), few(1_010, 29));
    assert!(matches!(of(1_000, 30), CampaignWeights::Fitted(_)));
    assert_eq!(of(10, 0), few(20, 0));
    let all = |n| campaign_weights(&[cell([1, 1, 1], n, n)]).unwrap();
    assert_eq!((all(500), all(29)), (CampaignWeights::AllResponded, few(29, 29)));
    assert_eq!(campaign_weights(&[]), Ok(few(0, 0)));
}

#[test]
fn figures_that_cannot_be_are_refused() {
    let wrong = [cell([1, 1, 1], 10, 3), cell([1, 1, 1], 10, 11)];
    let fault = CampaignError::Counts { row: 2, contacted: 10, responded: 11 };
    assert_eq!(campaign_weights(&wrong), Err(fault.clone()));
    assert_eq!(response_by(&wrong, 0.1, |cell| cell.recency), Err(fault));
    for (cost, profit) in
        [(-1.0, 45.0), (1.0, 0.0), (1.0, -2.0), (f64::NAN, 1.0), (f64::INFINITY, 1.0)]
    {
        assert!(break_even_rate(cost, profit).is_err(), "{cost} {profit}");
    }
    assert_eq!(break_even_rate(0.0, 45.0), Ok(0.0));
}

#[test]
fn the_result_is_written_and_read_alike() {
    let weights = campaign_weights(&campaign()).unwrap();
    let text = serde_json::to_string(&weights).unwrap();
    // Without float_roundtrip, serde_json may be off by the last digit.
    let CampaignWeights::Fitted(again) = serde_json::from_str(&text).unwrap() else { panic!() };
    assert!((again.intercept - fitted(&campaign()).intercept).abs() < 1e-12);
    assert_eq!(serde_json::to_string(&CampaignWeights::NoResponse).unwrap(), "\"no_response\"");
}
