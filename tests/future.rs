//! Nothing after `as_of` may influence a run: rows of the future change no byte of its files.

use std::fs;
use std::path::Path;

use crate::support::{Shop, StoredRun, csv, run_in, sales, same_bytes, simulate, stored_runs};

const FILES: [&str; 4] = ["features.parquet", "assignments.parquet", "segments.json", "model.json"];

/// The runs of both shops as of the end of May and of June have the same bytes.
fn runs_alike(plain: &Shop, with_future: &Shop) {
    for shop in [plain, with_future] {
        shop.run("2024-05-31..2024-06-30").done();
    }
    let (left, right) = (stored_runs(&plain.models()), stored_runs(&with_future.models()));
    assert_eq!((left.len(), right.len()), (2, 2));
    for (left, right) in left.iter().zip(&right) {
        same_bytes(left, right, &FILES);
        let facts = |run: &Path| StoredRun::at(run.to_owned()).manifest()["input_facts"].clone();
        let (left, right) = (facts(left), facts(right));
        assert!(left[0]["rows"].as_u64().unwrap() > 0, "{left}");
        assert_eq!(left, right, "what the input looked like");
    }
}

const FUTURE_SALES: &str = "\
    c001,f1,2024-07-01,5\n\
    000-sorts-first,f2,2024-07-01,100000\n\
    zzz-sorts-last,f3,2024-12-31,0.01\n\
    c002,2-0,2024-07-02,77\n\
    c003,f4,2199-12-31,12\n\
    c004,f5,2024-07-01 00:00:00,3\n\
    c005,f6,2024-08-01,-500\n\
    c006,f7,2024-08-01,NaN\n\
    c007,f8,2024-08-01,0\n\
    13085.0,f9,2024-08-01,9\n";

#[test]
fn future_rows_at_the_end_of_a_file_change_nothing() {
    runs_alike(&Shop::new(), &Shop::with_lines(FUTURE_SALES));
}

#[test]
fn future_rows_at_the_start_of_a_file_change_nothing() {
    let shop = Shop::new();
    let text = csv(&sales()).replacen('\n', &format!("\n{FUTURE_SALES}"), 1);
    shop.write("sales.csv", text);
    runs_alike(&Shop::new(), &shop);
}

#[test]
fn future_rows_in_a_file_of_their_own_change_nothing() {
    let plain = Shop::new().edit("sales.csv", "sales*.csv");
    let more = Shop::new().edit("sales.csv", "sales*.csv");
    more.write("sales-future.csv", format!("customer,order,time,amount\n{FUTURE_SALES}"));
    runs_alike(&plain, &more);
}

#[test]
fn future_rows_change_nothing_under_any_policy() {
    let policy = "[transactions.policy]\nduplicates = \"drop\"\nreturns = \"separate\"\n\
                  zero = \"keep\"\nhistory = \"3 months\"";
    let change = |shop: Shop| {
        shop.append(policy)
            .edit("method = \"kmeans\"", "method = \"auto\"")
            .edit("k = 3", "k = \"2..4\"")
    };
    runs_alike(&change(Shop::new()), &change(Shop::with_lines(FUTURE_SALES)));
}

#[test]
fn future_rows_do_not_appear_among_the_refused() {
    let (plain, more) = (Shop::new().accepts(), Shop::with_lines(FUTURE_SALES).accepts());
    same_bytes(&plain.folder, &more.folder, &["rejects.csv"]);
    assert_eq!(more.rows("rejected"), 0);
}

fn with_customers(rows: &str) -> Shop {
    let shop = Shop::new().append(
        "[customers]\nfiles = [\"customers.csv\"]\ncustomer = \"id\"\nfirst_contact = \"since\"",
    );
    let region = |n: i32| if n == 1 { "north".to_owned() } else { (n % 3).to_string() };
    let known: String =
        (1..=45).map(|n| format!("c{n:03},2024-01-01,{},{}\n", 20 + n, region(n))).collect();
    shop.write("customers.csv", format!("id,since,age,region\n{known}{rows}"));
    shop
}

#[test]
fn customers_first_contacted_in_the_future_change_nothing() {
    let future = "later,2024-07-01,31,2\neven-later,2025-01-01,44,1\n";
    runs_alike(&with_customers(""), &with_customers(future));
}

#[test]
fn attributes_of_customers_first_contacted_in_the_future_change_nothing() {
    // A number for everyone known by the date, and a word for one who is not.
    runs_alike(&with_customers(""), &with_customers("later,2024-07-01,unknown,2\n"));
    // More words than an attribute may have, most of them in the future.
    let names: String = (0..60).map(|n| format!("x{n},2024-07-01,30,region {n}\n")).collect();
    runs_alike(&with_customers(""), &with_customers(&names));
}

#[test]
fn wallets_of_the_future_change_nothing() {
    let with_wallet = |rows: &str| {
        let shop = Shop::new()
            .append(
                "[wallet]\nfiles = [\"wallet.csv\"]\ncustomer = \"id\"\nprovider = \"at\"\n\
                 amount = \"spent\"\nown = \"us\"\ntime = \"day\"",
            )
            .edit("\"monetary_total\"]", "\"monetary_total\", \"share_of_wallet\"]");
        let known: String = (1..=40)
            .map(|n| format!("c{n:03},us,{n},2024-02-01\nc{n:03},them,{},2024-03-01\n", 50 - n))
            .collect();
        shop.write("wallet.csv", format!("id,at,spent,day\n{known}{rows}"));
        shop
    };
    let future = "c001,us,5000,2024-07-01\nc002,them,900,2024-07-01\nnew,us,1,2024-07-02\n";
    runs_alike(&with_wallet(""), &with_wallet(future));
}

/// The shop with an optional table; every customer has a row by May.
fn with_table(section: &str, header: &str, row: impl Fn(i32) -> String, future: &str) -> Shop {
    let shop = Shop::new().append(section);
    let known: String = (1..=40).map(|n| row(n) + "\n").collect();
    shop.write("table.csv", format!("{header}\n{known}{future}"));
    shop
}

#[test]
fn interactions_of_the_future_change_nothing() {
    let with_interactions = |future: &str| {
        let section = "[interactions]\nfiles = [\"table.csv\"]\ncustomer = \"id\"\n\
                       time = \"day\"\nkind = \"kind\"";
        let row = |n| format!("c{n:03},2024-02-01,call");
        with_table(section, "id,day,kind", row, future)
    };
    let future = "c001,2024-07-01,complaint\nc002,2024-07-01,CALL\nprospect,2024-07-02,visit\n";
    runs_alike(&with_interactions(""), &with_interactions(future));
    let kinds: String = (0..60).map(|n| format!("c001,2024-07-01,kind {n}\n")).collect();
    runs_alike(&with_interactions(""), &with_interactions(&kinds));
}

#[test]
fn ranks_of_the_future_change_nothing() {
    let with_ranks = |future: &str| {
        let section = "[wallet_survey]\nfiles = [\"table.csv\"]\ncustomer = \"id\"\n\
                       provider = \"at\"\nrank = \"place\"\nown = \"us\"\ntime = \"day\"";
        let row = |n| format!("c{n:03},us,1,2024-02-01");
        with_table(section, "id,at,place,day", row, future)
    };
    runs_alike(&with_ranks(""), &with_ranks("c001,us,2,2024-07-01\nc001,them,1,2024-07-01\n"));
}

#[test]
fn contacts_of_the_future_change_nothing() {
    let with_campaign = |future: &str| {
        let section = "[campaign]\nfiles = [\"table.csv\"]\ncustomer = \"id\"\n\
                       responded = \"answer\"\ntime = \"day\"\nunit_cost = 1\nunit_profit = 9";
        let row = |n| format!("c{n:03},{},2024-02-01", n % 2);
        with_table(section, "id,answer,day", row, future)
    };
    runs_alike(&with_campaign(""), &with_campaign("c001,1,2024-07-01\nnew,1,2024-07-01\n"));
}

#[test]
fn costs_of_the_future_change_nothing() {
    let with_costs = |future: &str| {
        let shop = Shop::new().edit("amount = \"amount\"", "amount = \"amount\"\ncost = \"cost\"");
        let text = csv(&sales()).replace(".25\n", ".25,3\n").replace("amount\n", "amount,cost\n");
        shop.write("sales.csv", text + future);
        shop
    };
    let future = "c001,f1,2024-07-01,5,90\nc002,f2,2024-07-01,5,\nc003,f3,2024-07-01,5,-1\n";
    runs_alike(&with_costs(""), &with_costs(future));
}

#[test]
fn a_month_of_a_simulation_does_not_know_the_months_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let options = ["--customers", "800", "--months", "9", "--seed", "5", "--format", "csv"];
    simulate(folder.path(), &options, "[cluster]\nk = \"2..5\"\nbootstrap = 5\nrestarts = 3");
    let data = folder.path().join("data");
    let whole = fs::read_to_string(data.join("transactions.csv")).unwrap();
    let run = |models: &str| {
        let range = ["--as-of", "2024-05-31..2024-06-30", "--models", models];
        run_in(folder.path(), &[&["run", "data/segtrail.toml"][..], &range].concat()).done();
        stored_runs(&folder.path().join(models))
    };
    let all = run("all");
    let past: String = whole
        .lines()
        .filter(|line| {
            line.split(',').nth(2).is_some_and(|time| time < "2024-07" || time == "time")
        })
        .map(|line| format!("{line}\n"))
        .collect();
    assert!(past.len() < whole.len() * 9 / 10);
    fs::write(data.join("transactions.csv"), past).unwrap();
    for (all, past) in all.iter().zip(&run("past")) {
        same_bytes(all, past, &FILES);
    }
}

#[test]
fn the_order_of_rows_changes_nothing_either() {
    let mut rows = sales();
    rows.reverse();
    let (plain, reversed) = (Shop::new().accepts(), Shop::selling(&rows).accepts());
    same_bytes(&plain.folder, &reversed.folder, &FILES);
}
