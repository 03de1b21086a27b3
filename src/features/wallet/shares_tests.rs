//! Observed shares: the worked numbers of the sources, identities, and independence of order.

use super::super::draws::uniform;
use super::super::{WalletError, WalletNames, WalletRows};
use super::*;

fn names(providers: &[&str], categories: &[&str], own: Option<u32>) -> WalletNames {
    let texts = |of: &[&str]| of.iter().map(|&name| name.to_owned()).collect();
    WalletNames { providers: texts(providers), categories: texts(categories), own }
}

/// Rows of (customer, provider, amount), one category, the first provider being the own one.
fn rows(customers: usize, of: &[(u32, u32, i64)]) -> WalletRows {
    WalletRows::new(
        of.iter().map(|row| row.0).collect(),
        of.iter().map(|row| row.1).collect(),
        vec![0; of.len()],
        of.iter().map(|row| row.2).collect(),
        customers,
        names(&["we", "they", "others"], &["all"], Some(0)),
    )
    .unwrap()
}

/// Kumar and Reinartz, chapter 5: a customer who spends 400 here and 50 with each of two others
/// has a wallet of 500, of which 0.80; one of 25, 13 and 31 gives 36 %.
#[test]
fn size_and_individual_share() {
    let wallets =
        rows(2, &[(0, 0, 400), (0, 1, 50), (0, 2, 50), (1, 0, 25), (1, 1, 13), (1, 2, 31)])
            .customer_wallets();
    assert_eq!((wallets[0].size, wallets[0].own, wallets[0].providers), (500, 400, 3));
    assert_eq!(wallets[0].share().unwrap().share, 0.80);
    assert!((wallets[1].share().unwrap().share - 0.362_318_840_579_71).abs() < 1e-12);
    assert!((wallets[1].top_share().unwrap() - 31.0 / 69.0).abs() < 1e-15);
}

/// Ratio of sums beside the mean of ratios: A spends 400 of 500, B 10 of 100.
#[test]
fn aggregate_share_is_not_the_mean_of_shares() {
    let table = rows(2, &[(0, 0, 400), (0, 1, 100), (1, 0, 10), (1, 1, 90)]).provider_shares();
    let own = &table.providers[0];
    assert!((own.aggregate_share.unwrap() - 410.0 / 600.0).abs() < 1e-15);
    assert!((own.mean_share.unwrap() - 0.45).abs() < 1e-15);
    assert_eq!((table.customers, table.amount, own.buyers), (2, 600, 2));
    assert_eq!(own.penetration, Some(1.0));
}

/// Share of category requirements: 2,000,000 of the 6,000,000 that the brand's buyers buy;
/// those who do not buy it do not count.
#[test]
fn share_of_category_requirements() {
    let table = rows(
        3,
        &[(0, 0, 1_500_000), (0, 1, 1_500_000), (1, 0, 500_000), (1, 1, 2_500_000), (2, 1, 9)],
    )
    .provider_shares();
    let own = &table.providers[0];
    assert!((own.requirement_share.unwrap() - 1.0 / 3.0).abs() < 1e-15);
    assert_eq!((own.buyers, table.providers[2].buyers), (2, 0));
    assert_eq!(table.providers[2].requirement_share, None);
    assert_eq!(table.providers[2].aggregate_share, Some(0.0));
    assert!((own.penetration.unwrap() - 2.0 / 3.0).abs() < 1e-15);
}

#[test]
fn empty_wallets_have_no_share_and_no_own_spend_is_a_share_of_zero() {
    let table = rows(4, &[(0, 0, 0), (0, 1, 0), (1, 1, 30), (2, 0, 20), (2, 0, 5)]);
    let wallets = table.customer_wallets();
    assert_eq!(wallets[0].share(), None);
    assert_eq!(wallets[3].top_share(), None);
    let share = wallets[1].share().unwrap();
    assert_eq!((share.share, share.low), (0.0, 0.0));
    assert!(share.high > 0.5, "one purchase says little: {share:?}");
    let share = wallets[2].share().unwrap();
    assert_eq!((share.share, share.high), (1.0, 1.0));
    // The mean is over the two customers who have a wallet.
    let shares = table.provider_shares();
    assert_eq!((shares.customers, shares.providers[0].mean_share), (2, Some(0.5)));
    let none = rows(2, &[]).provider_shares();
    assert_eq!((none.customers, none.providers[0].aggregate_share), (0, None));
    assert_eq!(none.providers[0].mean_share, None);
}

/// Kish: equal amounts count in full, one large among many small counts as little more than one.
#[test]
fn effective_rows_and_the_interval() {
    let equal = rows(1, &[(0, 0, 7), (0, 0, 7), (0, 1, 7), (0, 2, 7)]).customer_wallets()[0];
    assert!((equal.effective_rows - 4.0).abs() < 1e-12);
    let uneven = rows(1, &[(0, 0, 1_000), (0, 1, 1), (0, 1, 1)]).customer_wallets()[0];
    assert!((uneven.effective_rows - 1_002.0 * 1_002.0 / 1_000_002.0).abs() < 1e-12);
    let of = equal.share().unwrap();
    assert!(of.low < of.share && of.share < of.high);
    // Four times the purchases, half the width or so.
    let many: Vec<(u32, u32, i64)> = (0..16).map(|i| (0, u32::from(i % 2 == 0), 7)).collect();
    let narrow = rows(1, &many).customer_wallets()[0].share().unwrap();
    assert!(narrow.high - narrow.low < 0.7 * (of.high - of.low));
}

/// Wilson's interval holds the true share in about 95 of 100 panels, where purchases are of
/// uneven amounts: 40 purchases of 1 to 3, each with us at 0.6.
#[test]
fn the_interval_covers() {
    let customers = 2_000;
    let mut of = Vec::new();
    for i in 0..customers * 40 {
        let provider = u32::from(uniform(1, i) >= 0.6);
        of.push(((i / 40) as u32, provider, 10_000 + (20_000.0 * uniform(2, i)) as i64));
    }
    let wallets = rows(customers, &of).customer_wallets();
    let covered = wallets
        .iter()
        .filter_map(CustomerWallet::share)
        .filter(|share| share.low <= 0.6 && 0.6 <= share.high)
        .count() as f64
        / customers as f64;
    // 1.96 standard errors of 2,000 panels are 0.01.
    assert!((covered - 0.95).abs() < 0.015, "{covered}");
}

/// A made-up market of 300 customers, 3 providers, 2 categories.
fn market(turned: bool) -> WalletRows {
    let n = 4_000;
    let mut order: Vec<usize> = (0..n).collect();
    if turned {
        order.reverse();
    }
    let pick = |seed: u64, of: f64| -> Vec<u32> {
        order.iter().map(|&i| (uniform(seed, i) * of) as u32).collect()
    };
    let amount = order.iter().map(|&i| (uniform(4, i) * 1e6) as i64).collect();
    let names = names(&["we", "they", "others"], &["food", "drink"], Some(1));
    WalletRows::new(pick(1, 300.0), pick(2, 3.0), pick(3, 2.0), amount, 301, names).unwrap()
}

#[test]
fn shares_add_up() {
    let table = market(false);
    let categories = table.category_shares();
    assert_eq!(categories[1].category.as_deref(), Some("drink"));
    let all = table.provider_shares();
    assert_eq!(all.amount, categories.iter().map(|of| of.amount).sum::<i64>());
    for shares in categories.iter().chain([&all]) {
        let sum = |of: &dyn Fn(&ProviderShare) -> Option<f64>| -> f64 {
            shares.providers.iter().filter_map(of).sum()
        };
        assert!((sum(&|of| of.aggregate_share) - 1.0).abs() < 1e-12);
        assert!((sum(&|of| of.mean_share) - 1.0).abs() < 1e-12);
        for of in &shares.providers {
            // Buyers' requirements are part of the category's.
            assert!(of.requirement_share.unwrap() >= of.aggregate_share.unwrap());
        }
    }
    // The aggregate share is the mean of the individual ones weighted by size.
    let wallets = table.customer_wallets();
    let weighted: f64 =
        wallets.iter().filter_map(|of| Some(of.share()?.share * of.size as f64)).sum::<f64>()
            / all.amount as f64;
    assert!((weighted - all.providers[1].aggregate_share.unwrap()).abs() < 1e-12);
}

#[test]
fn the_order_of_rows_does_not_matter() {
    let (table, turned) = (market(false), market(true));
    assert_eq!(table.customer_wallets(), turned.customer_wallets());
    assert_eq!(table.provider_shares(), turned.provider_shares());
    assert_eq!(table.category_shares(), turned.category_shares());
}

#[test]
fn the_largest_amounts() {
    let half = i64::MAX / 2;
    let wallet = rows(1, &[(0, 0, half), (0, 1, half)]).customer_wallets()[0];
    assert_eq!(wallet.share().unwrap().share, 0.5);
    assert!((wallet.effective_rows - 2.0).abs() < 1e-12);
}

#[test]
fn faults_are_named() {
    let new = |customer, provider, category, amount, own| {
        WalletRows::new(
            vec![0, customer],
            vec![0, provider],
            vec![0, category],
            vec![i64::MAX, amount],
            1,
            names(&["we"], &["all"], own),
        )
    };
    assert!(new(0, 0, 0, 0, Some(0)).is_ok_and(|rows| rows.len() == 2 && !rows.is_empty()));
    for (customer, provider, category, amount) in
        [(1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, -1)]
    {
        let fault = new(customer, provider, category, amount, None).unwrap_err();
        assert!(matches!(fault, WalletError::Row { row: 2, .. }), "{fault}");
    }
    assert_eq!(new(0, 0, 0, 1, None).unwrap_err(), WalletError::TooLarge { row: 2 });
    assert!(matches!(new(0, 0, 0, 0, Some(1)), Err(WalletError::Row { row: 0, .. })));
    let short = WalletRows::new(vec![0], vec![], vec![0], vec![0], 1, names(&["we"], &["a"], None));
    assert!(matches!(short, Err(WalletError::Lengths { length: 0, expected: 1, .. })));
}
