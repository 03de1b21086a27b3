//! Share of wallet on two published data sets, by the library itself: every food shop of a
//! household's week (FoodAPS), every brand of a panel's category (margarine).

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;

use flate2::read::GzDecoder;
use segtrail::features::wallet::{CustomerWallet, WalletNames, WalletRows};

use crate::support::shared_folder;

/// Collects rows by the names of customers and providers.
#[derive(Default)]
struct Table {
    customers: BTreeMap<String, u32>,
    providers: BTreeMap<String, u32>,
    rows: Vec<(u32, u32, i64)>,
}

impl Table {
    fn push(&mut self, customer: &str, provider: &str, amount: i64) {
        let place = |of: &mut BTreeMap<String, u32>, name: &str| {
            let next = of.len() as u32;
            *of.entry(name.to_owned()).or_insert(next)
        };
        let row =
            (place(&mut self.customers, customer), place(&mut self.providers, provider), amount);
        self.rows.push(row);
    }

    /// The wallets as seen by the provider `own`.
    fn rows(&self, own: Option<&str>) -> WalletRows {
        let mut providers = vec![String::new(); self.providers.len()];
        for (name, &place) in &self.providers {
            providers[place as usize] = name.clone();
        }
        let names = WalletNames {
            providers,
            categories: vec!["all".into()],
            own: own.map(|own| self.providers[own]),
        };
        let pick = |of: fn(&(u32, u32, i64)) -> u32| self.rows.iter().map(of).collect::<Vec<u32>>();
        let amounts = self.rows.iter().map(|row| row.2).collect();
        let categories = vec![0; self.rows.len()];
        let customers = self.customers.len();
        WalletRows::new(pick(|r| r.0), pick(|r| r.1), categories, amounts, customers, names)
            .unwrap()
    }
}

/// Records of a CSV file as maps from column to field.
fn records(reader: impl Read) -> impl Iterator<Item = BTreeMap<String, String>> {
    csv::Reader::from_reader(reader).into_deserialize().map(Result::unwrap)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { (values[middle - 1] + values[middle]) / 2.0 }
}

/// FoodAPS, food-at-home events (SOURCES.md): an event counts when its place is identified and
/// its amount above 0, which leaves out free events, unknown amounts and unknown places. 4,320
/// households remain with 14,227 events, 2,935 at two places or more, 1,636 at three or more;
/// among the 2,935, the median share of the place of the highest spend is 0.636 (pandas:
/// 0.63645).
#[test]
fn foodaps_households_and_their_places() {
    let Some(folder) = shared_folder("foodaps") else { return };
    let file = File::open(folder.join("faps_fahevent_puf.csv.gz")).unwrap();
    let mut table = Table::default();
    for event in records(GzDecoder::new(file)) {
        let (place, paid) = (&event["placeid"], event["totalpaid"].parse::<f64>());
        if let Ok(paid) = paid
            && paid > 0.0
            && !place.is_empty()
        {
            // Cents.
            table.push(&event["hhnum"], place, (paid * 100.0).round() as i64);
        }
    }
    assert_eq!(table.rows.len(), 14_227);
    let rows = table.rows(None);
    let wallets = rows.customer_wallets();
    assert_eq!(wallets.len(), 4_320);
    let at_least = |places: u32| wallets.iter().filter(move |wallet| wallet.providers >= places);
    assert_eq!((at_least(2).count(), at_least(3).count()), (2_935, 1_636));
    let top: Vec<f64> = at_least(2).filter_map(CustomerWallet::top_share).collect();
    assert!((median(top) - 0.636_450).abs() < 5e-7);
    // Dollars over these events, by pandas.
    let total: i64 = wallets.iter().map(|wallet| wallet.size).sum();
    assert_eq!(total, 48_265_905);

    // Seen by the place with the most households: its share of all spend, beside the much larger
    // part of its own households' spend.
    let shares = rows.provider_shares();
    assert_eq!((shares.customers, shares.amount), (4_320, total));
    let sum: f64 = shares.providers.iter().filter_map(|of| of.aggregate_share).sum();
    assert!((sum - 1.0).abs() < 1e-9);
    let largest = shares.providers.iter().max_by_key(|of| of.buyers).unwrap();
    assert!(largest.requirement_share > largest.aggregate_share);
    let own = table.rows(Some(&largest.provider)).customer_wallets();
    let buyers = own.iter().filter(|wallet| wallet.own > 0).count();
    assert_eq!(buyers as u32, largest.buyers);
    let (spent, requirements) = own
        .iter()
        .filter(|wallet| wallet.own > 0)
        .fold((0, 0), |(spent, all), wallet| (spent + wallet.own, all + wallet.size));
    assert!(
        (spent as f64 / requirements as f64 - largest.requirement_share.unwrap()).abs() < 1e-12
    );
}

/// The margarine panel of bayesm: one purchase a row. The brands' shares of each household's
/// requirements sum to one, and so do their shares of the market, by sums and by means.
#[test]
fn margarine_brands_share_their_households() {
    let Some(folder) = shared_folder("panels") else { return };
    let file = File::open(folder.join("margarine_choiceprice.csv")).unwrap();
    let mut table = Table::default();
    for purchase in records(file) {
        table.push(&purchase["hhid"], &purchase["choice"], 1);
    }
    let brands: Vec<String> = table.providers.keys().cloned().collect();
    assert_eq!((table.rows.len(), table.customers.len(), brands.len()), (4_470, 516, 10));

    let mut by_household = vec![0.0; 516];
    let mut lowest_and_highest = true;
    for brand in &brands {
        for (sum, wallet) in by_household.iter_mut().zip(table.rows(Some(brand)).customer_wallets())
        {
            let share = wallet.share().unwrap();
            lowest_and_highest &= 0.0 <= share.low && share.low <= share.share;
            lowest_and_highest &= share.share <= share.high && share.high <= 1.0;
            // Purchases of one unit each: each counts in full.
            assert!((wallet.effective_rows - wallet.size as f64).abs() < 1e-9);
            *sum += share.share;
        }
    }
    assert!(lowest_and_highest);
    assert!(by_household.iter().all(|sum| (sum - 1.0).abs() < 1e-12));

    let shares = table.rows(None).provider_shares();
    assert_eq!((shares.customers, shares.amount), (516, 4_470));
    for of in [
        shares.providers.iter().filter_map(|of| of.aggregate_share).sum::<f64>(),
        shares.providers.iter().filter_map(|of| of.mean_share).sum::<f64>(),
    ] {
        assert!((of - 1.0).abs() < 1e-12);
    }
    // The brand bought most (choice 1, Parkay stick), by pandas: 1,766 of 4,470 purchases, of the
    // 3,739 purchases of the 402 households that buy it.
    let first = shares.providers.iter().find(|of| of.provider == "1").unwrap();
    assert_eq!((first.amount, first.buyers), (1_766, 402));
    assert!((first.requirement_share.unwrap() - 1_766.0 / 3_739.0).abs() < 1e-12);
}
