//! The Wallet Allocation Rule: its table, ties, bounds, and the check of its conditions.

use super::*;

fn shares(ranks: &[f64]) -> Vec<f64> {
    wallet_allocation(ranks).iter().map(|of| of.share).collect()
}

/// The book's table for two, three and four providers, and the only one.
#[test]
fn the_published_table() {
    for (ranks, expected) in [
        (vec![1.0], vec![1.0]),
        (vec![1.0, 2.0], vec![2.0 / 3.0, 1.0 / 3.0]),
        (vec![3.0, 1.0, 2.0], vec![1.0 / 6.0, 0.5, 1.0 / 3.0]),
        (vec![1.0, 2.0, 3.0, 4.0], vec![0.4, 0.3, 0.2, 0.1]),
    ] {
        for (found, expected) in shares(&ranks).iter().zip(&expected) {
            assert!((found - expected).abs() < 1e-15, "{ranks:?}: {found}");
        }
    }
}

/// Ties have the mean of their ranks, however they were numbered: 1, 2.5, 2.5, 4 of four are
/// 0.4, 0.25, 0.25, 0.1.
#[test]
fn ties_share_the_mean_rank() {
    for ranks in [[1.0, 2.0, 2.0, 3.0], [1.0, 2.0, 2.0, 4.0], [1.0, 2.5, 2.5, 4.0]] {
        let found = shares(&ranks);
        for (found, expected) in found.iter().zip([0.4, 0.25, 0.25, 0.1]) {
            assert!((found - expected).abs() < 1e-15, "{ranks:?}: {found}");
        }
    }
    assert!(shares(&[7.0; 5]).iter().all(|share| (share - 0.2).abs() < 1e-15));
}

/// Every way to rank up to five providers with ties: shares sum to 1, follow the order, and lie
/// within their bounds, as do all wallets that agree with the ranks.
#[test]
fn sums_to_one_and_lies_within_its_bounds() {
    for n in 1..=5_u32 {
        for code in 0..n.pow(n) {
            let ranks: Vec<f64> = (0..n).map(|i| f64::from(code / n.pow(i) % n + 1)).collect();
            let found = wallet_allocation(&ranks);
            assert!((found.iter().map(|of| of.share).sum::<f64>() - 1.0).abs() < 1e-14);
            for (a, rank_a) in found.iter().zip(&ranks) {
                assert!(0.0 <= a.low && a.low <= a.share && a.share <= a.high && a.high <= 1.0);
                for (b, rank_b) in found.iter().zip(&ranks) {
                    assert_eq!(rank_a < rank_b, a.share > b.share + 1e-12, "{ranks:?}");
                }
            }
            // A wallet that agrees: provider i gets a weight that falls with its rank.
            for steep in [0.0, 0.5, 3.0, 40.0] {
                let weights: Vec<f64> = ranks.iter().map(|rank| (-steep * rank).exp()).collect();
                let total: f64 = weights.iter().sum();
                for (of, weight) in found.iter().zip(&weights) {
                    let share = weight / total;
                    assert!(
                        of.low - 1e-12 <= share && share <= of.high + 1e-12,
                        "{ranks:?} {share}"
                    );
                }
            }
        }
    }
}

fn survey(rows: &[(u32, u32, f64)], customers: usize) -> Result<SurveyRanks, WalletError> {
    let rows = rows
        .iter()
        .map(|&(customer, provider, rank)| SurveyRank { customer, provider, rank })
        .collect();
    SurveyRanks::new(rows, customers, vec!["we".into(), "they".into(), "others".into()], Some(0))
}

#[test]
fn own_shares_and_the_conditions() {
    // Customer 0 ranks us second of two, 1 uses only others, 2 did not answer, 3 ties all three.
    let answers = [(0, 1, 1.0), (0, 0, 2.0), (1, 2, 1.0), (3, 0, 1.0), (3, 1, 1.0), (3, 2, 1.0)];
    let survey = survey(&answers, 4).unwrap();
    let own = survey.own_shares();
    assert!((own[0].unwrap().share - 1.0 / 3.0).abs() < 1e-15);
    assert_eq!(own[1].unwrap(), ShareInterval { share: 0.0, low: 0.0, high: 0.0 });
    assert_eq!(own[2], None);
    assert!((own[3].unwrap().share - 1.0 / 3.0).abs() < 1e-15);
    let check = survey.check();
    assert_eq!(check.customers, 3);
    assert!((check.multi_brand_share.unwrap() - 2.0 / 3.0).abs() < 1e-15);
    assert_eq!(check.mean_usage_set, Some(2.0));
    assert!(check.valid);
    let total: f64 = check.providers.iter().filter_map(|of| of.1).sum();
    assert!((total - 1.0).abs() < 1e-15);
    assert!((check.providers[0].1.unwrap() - 2.0 / 9.0).abs() < 1e-15);
}

/// At least 40 % of customers with several brands and a mean usage set of at least 1.4: both.
#[test]
fn the_conditions_hold_at_their_limits() {
    let of = |multi: u32, each: u32| {
        let mut rows = Vec::new();
        for customer in 0..10 {
            let used = if customer < multi { each } else { 1 };
            rows.extend((0..used).map(|provider| (customer, provider, f64::from(provider + 1))));
        }
        survey(&rows, 10).unwrap().check()
    };
    let limit = of(4, 2);
    assert_eq!((limit.multi_brand_share, limit.mean_usage_set), (Some(0.4), Some(1.4)));
    assert!(limit.valid);
    let few = of(3, 3);
    assert_eq!((few.multi_brand_share, few.mean_usage_set), (Some(0.3), Some(1.6)));
    assert!(!few.valid);
    let none = survey(&[], 3).unwrap().check();
    assert!(!none.valid && none.mean_usage_set.is_none());
}

#[test]
fn faults_are_named() {
    for (row, what) in [
        ((9, 0, 1.0), "customer"),
        ((0, 9, 1.0), "provider"),
        ((0, 0, 0.0), "rank"),
        ((0, 0, f64::NAN), "rank"),
        ((0, 0, f64::INFINITY), "rank"),
    ] {
        match survey(&[row], 1) {
            Err(WalletError::Row { row: 1, what: found }) => assert!(found.contains(what)),
            other => panic!("{other:?}"),
        }
    }
    let twice = survey(&[(0, 1, 1.0), (0, 0, 2.0), (0, 1, 3.0)], 1);
    let provider = "they".to_owned();
    assert_eq!(twice, Err(WalletError::RankedTwice { customer: 0, provider }));
    assert!(SurveyRanks::new(vec![], 1, vec![], Some(0)).is_err());
}
