//! Wallets: sums, dates, categories, ranks, and what is refused.

use crate::ingest::fixture::{cut, refused, warned, with};
use crate::ingest::{IngestError, Input, Wallet, WalletSource};
use crate::types::{CustomerId, Money};

const END: &str = "2024-12-31";

fn table(section: &str, more: &str, text: &str) -> Result<Input, IngestError> {
    let section = format!(
        "[{section}]\nfiles = [\"wallet.csv\"]\ncustomer = \"id\"\nprovider = \"at\"\n{more}"
    );
    with(&section, &[("wallet.csv", text)])
}

fn amounts(more: &str, text: &str) -> Input {
    table("wallet", &format!("amount = \"spent\"\nown = \"us\"\n{more}"), text).unwrap()
}

fn ranks(more: &str, text: &str) -> Result<Input, IngestError> {
    table("wallet", &format!("rank = \"place\"\nown = \"us\"\n{more}"), text)
}

fn wallet(input: &Input, date: &str) -> Wallet {
    cut(input, date).wallet.unwrap()
}

fn named<'a>(places: &[u32], names: &'a [String]) -> Vec<&'a str> {
    places.iter().map(|&place| names[place as usize].as_str()).collect()
}

#[test]
fn rows_are_added_sorted_and_found_by_customer() {
    let text = "id,at,spent\nb,us,5\na,them,7.5\na,us,2\nb,us,0.25\na,also,1\n";
    let wallet = wallet(&amounts("", text), END);
    assert_eq!(wallet.customers, [CustomerId::from("a"), CustomerId::from("b")]);
    assert_eq!(wallet.providers, ["also", "them", "us"]);
    assert_eq!(wallet.categories, [""]);
    assert_eq!(wallet.customer, [0, 0, 0, 1]);
    assert_eq!(named(&wallet.provider, &wallet.providers), ["also", "them", "us", "us"]);
    assert_eq!(wallet.amount, [10_000, 75_000, 20_000, 52_500]);
    assert!(wallet.rank.iter().all(|rank| rank.is_nan()));
    assert_eq!((wallet.own, wallet.ranked, wallet.source), (2, false, WalletSource::Observed));
    let get = |id: &str| wallet.get(&id.into());
    assert_eq!(get("a"), Some((Money(20_000), Money(105_000))));
    assert_eq!(get("b"), Some((Money(52_500), Money(52_500))));
    assert_eq!(get("c"), None, "unknown is not zero");
}

#[test]
fn the_order_of_rows_changes_nothing() {
    let rows = ["b,us,5,x", "a,them,7.5,y", "a,us,2,x", "b,us,0.25,x", "a,us,1,y"];
    let text = |rows: &[&str]| format!("id,at,spent,what\n{}\n", rows.join("\n"));
    let read = |rows: &[&str]| wallet(&amounts("category = \"what\"", &text(rows)), END);
    let mut reversed = rows;
    reversed.reverse();
    let (left, right) = (read(&rows), read(&reversed));
    // Ranks are NaN, which equals nothing.
    assert_eq!(format!("{left:?}"), format!("{right:?}"));
}

#[test]
fn categories_stand_apart_and_count_together() {
    let text = "id,at,spent,what\na,us,2,tea\na,them,6,tea\na,us,3,coffee\n";
    let wallet = wallet(&amounts("category = \"what\"", text), END);
    assert_eq!(wallet.categories, ["coffee", "tea"]);
    assert_eq!(named(&wallet.category, &wallet.categories), ["coffee", "tea", "tea"]);
    assert_eq!(wallet.amount, [30_000, 60_000, 20_000]);
    assert_eq!(wallet.get(&"a".into()), Some((Money(50_000), Money(110_000))));
}

#[test]
fn rows_after_the_date_do_not_count_and_the_own_provider_is_known_all_the_same() {
    let text = "id,at,spent,day\na,them,2,2024-02-01\na,us,4,2024-03-01\nb,new,9,2024-03-02\n";
    let input = amounts("time = \"day\"", text);
    let before = wallet(&input, "2024-02-29");
    assert_eq!(before.providers, ["them", "us"]);
    assert_eq!(before.own, 1);
    assert_eq!(before.get(&"a".into()), Some((Money(0), Money(20_000))));
    assert_eq!(before.customers.len(), 1);
    assert_eq!(wallet(&input, "2024-03-01").get(&"a".into()), Some((Money(40_000), Money(60_000))));
}

#[test]
fn ranks_may_tie_and_carry_no_amount() {
    let text = "id,at,place\na,us,1\na,them,2.5\na,also,2.5\nb,us,2\nb,them,1\n";
    let wallet = wallet(&ranks("", text).unwrap(), END);
    assert_eq!(wallet.rank, [2.5, 2.5, 1.0, 1.0, 2.0]);
    assert_eq!(wallet.amount, [0; 5]);
    assert_eq!((wallet.ranked, wallet.source), (true, WalletSource::Survey));
    assert_eq!(wallet.get(&"a".into()), None);
}

#[test]
fn of_ranks_the_last_answers_count_and_of_several_for_one_provider_the_best() {
    let text = "id,at,place,day\na,us,2,2024-01-01\na,gone,1,2024-01-01\na,us,1,2024-03-01\n\
                a,them,3,2024-03-01\na,them,2,2024-03-01\nb,us,1,2024-01-01\n";
    let input = ranks("time = \"day\"", text).unwrap();
    let late = wallet(&input, END);
    assert_eq!(named(&late.provider, &late.providers), ["them", "us", "us"]);
    assert_eq!(late.rank, [2.0, 1.0, 1.0], "of a the answers of March, of b those of January");
    let early = wallet(&input, "2024-02-01");
    assert_eq!(named(&early.provider, &early.providers), ["gone", "us", "us"]);
    assert_eq!(early.rank, [1.0, 2.0, 1.0]);
}

#[test]
fn where_figures_come_from_goes_by_section_and_measure_unless_said() {
    let text = "id,at,spent\na,us,2\n";
    let of = |section, more: &str| {
        let more = format!("amount = \"spent\"\nown = \"us\"\n{more}");
        let input = table(section, &more, text).unwrap();
        let cut = cut(&input, END);
        cut.wallet.or(cut.wallet_survey).unwrap().source
    };
    assert_eq!(of("wallet", ""), WalletSource::Observed);
    assert_eq!(of("wallet_survey", ""), WalletSource::Survey);
    assert_eq!(of("wallet", "source = \"survey\""), WalletSource::Survey);
    assert_eq!(of("wallet_survey", "source = \"observed\""), WalletSource::Observed);
}

#[test]
fn a_panel_and_a_survey_are_read_side_by_side() {
    let sections = "[wallet]\nfiles = [\"panel.csv\"]\ncustomer = \"id\"\nprovider = \"at\"\n\
                    amount = \"spent\"\nown = \"us\"\n[wallet_survey]\nfiles = [\"asked.csv\"]\n\
                    customer = \"id\"\nprovider = \"at\"\nrank = \"place\"\nown = \"we\"";
    let files =
        [("panel.csv", "id,at,spent\na,us,2\n"), ("asked.csv", "id,at,place\na,we,1\nb,we,2\n")];
    let input = with(sections, &files).unwrap();
    let cut = cut(&input, END);
    assert!(!cut.wallet.unwrap().ranked);
    assert_eq!(cut.wallet_survey.unwrap().customers.len(), 2);
    let tables: Vec<&str> = input.files().iter().map(|file| file.table.as_str()).collect();
    assert_eq!(tables, ["transactions", "wallet", "wallet_survey"]);
}

#[test]
fn bad_rows_are_refused_each_for_its_reason() {
    let text = "id,at,place,what\na,us,1,x\na,us,,x\na,us,0,x\na,us,inf,x\na,us,first,x\n\
                a,,1,x\n,us,1,x\na,us,1,\na,none,1,x\nb,us,1,x\nc,us,1,x\n";
    let input = ranks("category = \"what\"", text).unwrap();
    let expected = [
        (3, "rank_missing"),
        (4, "rank_unreadable"),
        (5, "rank_unreadable"),
        (6, "rank_unreadable"),
        (7, "provider_missing"),
        (8, "customer_missing"),
        (9, "category_missing"),
        (10, "provider_missing"),
    ];
    assert_eq!(refused(&input, END), expected);
    assert!(warned(&cut(&input, END), "wallet_rejects"));
}

#[test]
fn a_table_that_does_not_speak_of_our_customers_is_told_of() {
    let strangers = amounts("", "id,at,spent\nC-a,us,2\n");
    assert!(warned(&cut(&strangers, END), "wallet_unmatched"));
    let later = amounts("time = \"day\"", "id,at,spent,day\na,us,2,2025-01-01\n");
    assert!(warned(&cut(&later, END), "wallet_empty"));
    // b buys in February: by then the table speaks of a customer, in January it does not.
    let input = amounts("", "id,at,spent\nb,us,2\n");
    assert!(warned(&cut(&input, "2024-01-31"), "wallet_unmatched"));
    assert!(!warned(&cut(&input, "2024-02-29"), "wallet_unmatched"));
}

#[test]
fn exactly_one_measure_must_be_given() {
    for more in ["own = \"us\"", "own = \"us\"\namount = \"spent\"\nrank = \"place\""] {
        let error = table("wallet", more, "id,at,spent,place\na,us,2,1\n").unwrap_err();
        assert!(matches!(error, IngestError::WalletColumns { table: "wallet" }), "{error}");
    }
}
