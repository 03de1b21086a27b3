//! Facts of tables, by hand.

use std::collections::BTreeMap;

use jiff::civil::date;

use super::*;
use crate::ingest::fixture::{as_of, read, with};

/// A row of each of three months, one refused; rows of Mondays from January on.
fn mondays() -> String {
    let mut sales = "customer,order,time,quantity,price\n".to_owned();
    let mut day = date(2024, 1, 1);
    while day <= date(2024, 5, 27) {
        sales += &format!("a,o,{day},1,10\nb,,{day},2,100\n");
        day = day.checked_add(jiff::Span::new().weeks(1)).unwrap();
    }
    sales
}

const PRODUCT: &str = "quantity = \"quantity\"\nunit_price = \"price\"\norder = \"order\"";

fn facts_of(sales: &str, sections: &str, date: &str) -> Vec<TableFacts> {
    let input = read(sales, PRODUCT, sections, &[]).unwrap();
    input.facts(as_of(date))
}

#[test]
fn the_window_is_the_month_of_a_last_day_and_a_month_back_from_any_other() {
    let days = |text: &str| {
        let window = window(as_of(text));
        [*window.start(), *window.end()].map(|day| date_of_days(day).unwrap().to_string())
    };
    assert_eq!(days("2024-02-29"), ["2024-02-01", "2024-02-29"]);
    assert_eq!(days("2024-04-30"), ["2024-04-01", "2024-04-30"]);
    assert_eq!(days("2024-03-15"), ["2024-02-16", "2024-03-15"]);
    assert_eq!(days("2024-03-30"), ["2024-03-01", "2024-03-30"], "there is no 30 February");
}

#[test]
fn rows_columns_and_worth_of_a_month_by_hand() {
    let bad =
        ",o,2024-05-06,1,10\nc,o,2024-05-06,,10\nc,o,2024-05-06,x,\nc,o,,1,10\nc,o,never,1,10\n";
    let later = "d,o,2024-06-03,1000,1000\ne,o,2024-06-03,x,y\n,o,2024-06-04,1,1\n";
    let found = facts_of(&(mondays() + bad), "", "2024-05-31");
    let sales = &found[0];
    assert_eq!(found, facts_of(&(mondays() + bad + later), "", "2024-05-31"), "the future");
    // 4 Mondays of two rows, and three of the refused rows.
    assert_eq!((sales.rows, sales.from), (11, Some(date(2024, 5, 1))));
    let refused = [("customer_missing", 1), ("amount_missing", 1), ("amount_unreadable", 1)];
    let refused: BTreeMap<String, u64> = refused.map(|(r, n)| (r.to_owned(), n)).into();
    assert_eq!(sales.refused["customer_missing"], refused["customer_missing"]);
    assert_eq!(sales.refused.values().sum::<u64>(), 3);
    let undated = [("time_missing".to_owned(), 1), ("time_unreadable".to_owned(), 1)];
    assert_eq!(sales.undated, undated.into());
    // 22 Mondays of two rows, five refused rows.
    assert_eq!(sales.known, 49);
    let filled = |name: &str| {
        let column = sales.columns.iter().find(|column| column.name == name).unwrap();
        let filled = column.filled.unwrap();
        (filled.values, filled.empty, filled.unreadable)
    };
    assert_eq!(filled("customer"), (11, 1, 0));
    assert_eq!(filled("order"), (11, 4, 0), "b never has one");
    assert_eq!(filled("time"), (49, 1, 1));
    assert_eq!(filled("quantity"), (11, 1, 1));
    assert_eq!(filled("price"), (11, 1, 0));
    assert_eq!(sales.columns.len(), 5);
    assert!(sales.columns.iter().all(|column| column.files == 1 && column.kind.is_none()));
    let amount = sales.amount.as_ref().unwrap();
    assert_eq!((amount.values, amount.quantiles[0], amount.quantiles[5]), (8, 10.0, 200.0));
    assert_eq!(sales.quantity.as_ref().unwrap().bins, [(1.0, 4), (2.0, 4)]);
    assert_eq!((sales.files.len(), sales.files[0].rows), (1, 11));
}

#[test]
fn a_day_has_its_own_history_and_silence_is_told() {
    let without = mondays().replace("2024-05-13", "2024-05-12");
    let sales = facts_of(&without, "", "2024-05-31").remove(0);
    assert_eq!(sales.days.len(), 31);
    let day = |number: usize| &sales.days[number - 1];
    let usual = day(6).usual.unwrap();
    assert_eq!((usual.weeks, usual.open, usual.median, usual.spread), (13, 13, 2.0, 0.0));
    assert_eq!((day(6).rows, day(6).amount, day(6).median_amount), (2, 210.0, Some(200.0)));
    let sunday = day(12).usual.unwrap();
    assert_eq!((day(12).rows, sunday.open, sunday.median), (2, 0, 0.0));
    let silence =
        Silence { from: date(2024, 5, 13), to: date(2024, 5, 19), expected: 1, last_year: None };
    assert_eq!(sales.silences, [silence]);
    assert!(facts_of(&without, "", "2024-02-29")[0].days.iter().all(|day| day.usual.is_none()));
}

#[test]
fn a_silence_of_last_year_is_the_longest_near_the_same_date() {
    let mut rows: BTreeMap<i32, u64> = BTreeMap::new();
    let start = days_since_epoch(date(2023, 1, 1));
    for day in start..days_since_epoch(date(2024, 2, 1)) {
        // Seven days from 20 January 2023 on.
        if !(start + 19..start + 26).contains(&day) {
            rows.insert(day, 5);
        }
    }
    let (from, to) = (date(2024, 2, 8), date(2024, 2, 14));
    assert_eq!(silence_of_last_year(from, to, &rows), Some(7));
    let (from, to) = (date(2024, 6, 8), date(2024, 6, 14));
    assert_eq!(silence_of_last_year(from, to, &rows), Some(0));
    assert_eq!(silence_of_last_year(date(2023, 12, 1), date(2023, 12, 2), &rows), None);
}

#[test]
fn files_of_the_window_tell_its_columns() {
    let january = "customer,time,amount,shop\na,2024-01-05,10,x\nb,2024-01-06,20,y\n";
    let february = "customer,time,amount\na,2024-02-05,10\nb,2024-02-06,20\n";
    let later = "customer,time,amount,new\na,2024-03-05,10,1\n";
    let folder = crate::ingest::fixture::folder(&[
        ("1.csv", january.as_bytes()),
        ("2.csv", february.as_bytes()),
        ("3.csv", later.as_bytes()),
    ]);
    let configuration = folder.path().join("segtrail.toml");
    let text = "name = \"test\"\n[transactions]\nfiles = [\"*.csv\"]\ncustomer = \"customer\"\n\
                time = \"time\"\namount = \"amount\"\n";
    std::fs::write(&configuration, text).unwrap();
    let loaded = crate::config::Loaded::read(&configuration, None).unwrap();
    let input = crate::ingest::read(&loaded.ingest(), &mut |_, _| {}).unwrap();
    let names = |date: &str| -> Vec<String> {
        let facts = input.facts(as_of(date)).remove(0);
        facts.columns.into_iter().map(|column| column.name).collect()
    };
    assert_eq!(names("2024-01-31"), ["amount", "customer", "shop", "time"]);
    assert_eq!(names("2024-02-29"), ["amount", "customer", "time"]);
    assert_eq!(names("2024-03-31"), ["amount", "customer", "new", "time"]);
}

#[test]
fn facts_of_optional_tables() {
    let sections = "[customers]\nfiles = [\"customers.csv\"]\ncustomer = \"id\"\n\
                    first_contact = \"since\"\n[interactions]\nfiles = [\"calls.csv\"]\n\
                    customer = \"id\"\ntime = \"day\"\nkind = \"kind\"\n[wallet]\n\
                    files = [\"wallet.csv\"]\ncustomer = \"id\"\nprovider = \"at\"\n\
                    amount = \"spent\"\nown = \"us\"";
    let input = with(
        sections,
        &[
            ("customers.csv", "id,since,region\na,2024-01-01,north\nb,,\nc,2024-07-01,south\n"),
            ("calls.csv", "id,day,kind\na,2024-03-01,Call\nb,2024-03-02,call\na,2024-02-01,mail\n"),
            ("wallet.csv", "id,at,spent\na,us,1000\na,them,\nb,them,3000\n"),
        ],
    )
    .unwrap();
    let found = input.facts(as_of("2024-03-31"));
    let tables: Vec<&str> = found.iter().map(|facts| facts.table.as_str()).collect();
    assert_eq!(tables, ["transactions", "customers", "wallet", "interactions"]);
    let [_, customers, wallet, interactions] = &found[..] else { panic!() };
    let region = customers.columns.iter().find(|column| column.name == "region").unwrap();
    let filled = Filled { values: 2, empty: 1, unreadable: 0 };
    assert_eq!((customers.rows, region.filled), (2, Some(filled)), "c is of the future");
    assert_eq!(customers.categories[0].most, [("north".to_owned(), 1)]);
    assert_eq!((wallet.rows, wallet.refused["amount_missing"]), (3, 1));
    assert_eq!(wallet.amount.as_ref().unwrap().values, 2);
    let providers = [("them".to_owned(), 1), ("us".to_owned(), 1)];
    assert_eq!(
        (&wallet.categories[0].column[..], &wallet.categories[0].most[..]),
        ("at", &providers[..])
    );
    assert_eq!(interactions.rows, 2);
    assert_eq!(interactions.categories[0].most, [("Call".to_owned(), 2)], "one kind");
}

#[test]
fn the_most_frequent_values_are_kept_and_none_of_too_many() {
    let names: Vec<String> = (0..=MOST_DISTINCT).map(|n| format!("n{n:03}")).collect();
    let counts = |kept: usize| {
        let counts =
            names[..kept].iter().enumerate().map(|(n, name)| (name.as_str(), n as u64 + 1));
        category_facts("c", counts)
    };
    let found = counts(MOST_DISTINCT);
    assert_eq!((found.distinct, found.most.len()), (MOST_DISTINCT as u64, MOST_VALUES));
    assert_eq!((found.most[0].0.as_str(), found.values), ("n199", 200 * 201 / 2));
    let found = counts(MOST_DISTINCT + 1);
    assert!(found.most.is_empty() && found.distinct == MOST_DISTINCT as u64 + 1);
}
