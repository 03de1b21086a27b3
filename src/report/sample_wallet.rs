//! Share of wallet made up for tests: the summary of a run.

use crate::features::wallet::{
    Candidate, CategoryShares, Cell, Coverage, DesignReport, Method, ProviderShare,
    RealisticReport, Source, SourceSummary, Strategy, SurveyCheck, WalletMatrix, WalletSummary,
};

fn shares(
    category: Option<&str>,
    customers: u32,
    amounts: &[(&str, i64, f64, u32)],
) -> CategoryShares {
    let amount: i64 = amounts.iter().map(|(_, amount, ..)| amount).sum();
    CategoryShares {
        category: category.map(str::to_owned),
        customers,
        amount,
        providers: amounts
            .iter()
            .enumerate()
            .map(|(place, (name, own, mean, buyers))| ProviderShare {
                provider: (*name).into(),
                own: place == 0,
                amount: *own,
                aggregate_share: (amount > 0).then(|| *own as f64 / amount as f64),
                mean_share: Some(*mean),
                buyers: *buyers,
                penetration: Some(f64::from(*buyers) / f64::from(customers)),
                requirement_share: (*buyers > 0).then_some(0.3 + mean / 2.0),
            })
            .collect(),
    }
}

/// The summary of a run in which all three sources have customers.
pub(crate) fn summary() -> WalletSummary {
    let source = |source, customers, aggregate_share, mean_share, size, opportunity| {
        SourceSummary { source, customers, aggregate_share, mean_share, size, opportunity }
    };
    let cell =
        |strategy, customers, own_spend, wallet| Cell { strategy, customers, own_spend, wallet };
    let candidate = |method, loss: f64, gain: Option<f64>, below| Candidate {
        method,
        loss: Some(loss),
        standard_error: Some(loss * 0.02),
        gain,
        gain_error: gain.map(|gain| gain * 0.2),
        below: Some(below),
        reason: None,
    };
    WalletSummary {
        coverage: Coverage {
            customers: 4_826,
            observed: 2_500,
            survey: 310,
            modelled: 1_990,
            none: 26,
        },
        sources: vec![
            source(Source::Observed, 2_500, Some(0.412), Some(0.467), 5_312_400.25, 3_123_691.35),
            source(Source::Survey, 310, None, Some(0.553), 0.0, 0.0),
            source(Source::Modelled, 1_990, Some(0.706), Some(0.731), 1_904_118.0, 559_810.7),
        ],
        providers: Some(shares(
            None,
            2_500,
            &[
                ("Kroger", 21_887_089_000, 0.467, 2_412),
                ("Walmart", 15_100_220_000, 0.281, 1_980),
                ("Costco", 9_206_530_000, 0.121, 804),
                ("Aldi", 5_130_163_500, 0.094, 1_122),
                ("Corner shop", 1_800_000_000, 0.037, 640),
                ("Not used", 0, 0.0, 0),
            ],
        )),
        categories: vec![
            shares(
                Some("Grocery"),
                2_500,
                &[("Kroger", 17_000_000_000, 0.45, 2_400), ("Aldi", 0, 0.0, 0)],
            ),
            shares(
                Some("Drug"),
                900,
                &[("Kroger", 400_000_000, 0.21, 310), ("Aldi", 10_000, 0.1, 2)],
            ),
        ],
        contradicted: 7,
        survey: Some(SurveyCheck {
            customers: 310,
            multi_brand_share: Some(0.62),
            mean_usage_set: Some(2.3),
            valid: true,
            providers: vec![("Kroger".into(), Some(0.553)), ("Aldi".into(), Some(0.21))],
        }),
        matrix: Some(WalletMatrix {
            share_cut: 0.52,
            size_cut: 1_240.5,
            cells: [
                cell(Strategy::MaintainAndGuard, 1_010, 1_604_000.0, 2_210_000.0),
                cell(Strategy::TargetForAdditionalSelling, 1_235, 980_400.0, 3_890_000.0),
                cell(Strategy::HoldOn, 1_300, 512_000.0, 640_518.25),
                cell(Strategy::DoNothing, 945, 136_616.0, 476_000.0),
            ],
            unplaced: 336,
        }),
        model: Some(RealisticReport {
            quantile: 0.9,
            customers: 1_990,
            reference: 1_990,
            folds: 5,
            design: DesignReport {
                columns: vec![
                    "tenure_days".into(),
                    "log1p(n_orders)".into(),
                    "region = north".into(),
                ],
                left_out: vec![(
                    "points".into(),
                    "its rank correlation with own spend is 0.99: it is spend in disguise".into(),
                )],
                missing: vec![("age".into(), 42)],
            },
            candidates: vec![
                candidate(Method::Unconditional, 61.4, None, 0.899),
                candidate(Method::Neighbours { k: 72 }, 47.9, Some(13.5), 0.903),
                Candidate {
                    loss: None,
                    standard_error: None,
                    below: None,
                    reason: Some(
                        "1,990 customers are fewer than 20 for each of 120 columns".into(),
                    ),
                    ..candidate(Method::Regression, 0.0, None, 0.0)
                },
            ],
            chosen: Some(Method::Neighbours { k: 72 }),
            reason: None,
            at_own_spend: 171,
        }),
    }
}
