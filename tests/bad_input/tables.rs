//! Customer and wallet tables that are wrong, or clash with the sales.

use crate::support::{Shop, StoredRun, csv, sales, stored_runs};

fn with_customers(text: &str, more: &str) -> Shop {
    let shop = Shop::new()
        .append(&format!("[customers]\nfiles = [\"customers.csv\"]\ncustomer = \"id\"\n{more}"));
    shop.write("customers.csv", text);
    shop
}

fn with_wallet(text: &str, own: &str) -> Shop {
    let shop = Shop::new().append(&format!(
        "[wallet]\nfiles = [\"wallet.csv\"]\ncustomer = \"id\"\nprovider = \"shop\"\n\
         amount = \"spent\"\nown = \"{own}\""
    ));
    shop.write("wallet.csv", text);
    shop
}

#[test]
fn customers_named_twice_count_once_and_are_told_of() {
    let run = with_customers("id,region\nc001,north\nc002,south\nc001,west\n", "").accepts();
    assert!(run.has_warning("customers_rejects"));
    let rejects = run.rejects();
    assert_eq!(rejects.len(), 1);
    let fields: Vec<&str> = rejects[0].iter().collect();
    for field in ["customers.csv", "4", "customer_repeated", "c001,west"] {
        assert!(fields.contains(&field), "{fields:?}");
    }
}

#[test]
fn customers_without_a_purchase_are_prospects_and_counted() {
    let run = with_customers("id,region\nc001,north\nnobody,south\n", "").accepts();
    assert_eq!(run.manifest()["customers"]["prospects"], 1);
    let table = run.table("assignments.parquet");
    let place = table.texts("customer_id").iter().position(|id| id.as_deref() == Some("nobody"));
    assert_eq!(table.texts("group")[place.unwrap()].as_deref(), Some("prospect"));
    assert_eq!(table.texts("segment")[place.unwrap()], None);
    assert_eq!(run.buyers(), 40);
}

#[test]
fn customers_first_contacted_later_are_not_known_yet() {
    let text = "id,since\nc001,2024-01-01\nlater,2024-07-01\nnever,\nbad,soon\n";
    let run = with_customers(text, "first_contact = \"since\"").accepts();
    assert_eq!(run.manifest()["customers"]["prospects"], 1, "`never` alone");
    assert_eq!(run.rejects().len(), 1);
}

#[test]
fn an_attribute_with_the_name_of_a_feature_is_refused() {
    let shop = with_customers("id,n_orders\nc001,5\n", "");
    shop.refuses(&["[customers]", "attribute `n_orders`", "name of a feature", "Rename"]);
}

#[test]
fn an_attribute_with_the_name_of_a_column_of_the_files_is_refused() {
    for name in ["customer_id", "segment"] {
        let shop = with_customers(&format!("id,{name}\nc001,5\nc002,x\n"), "");
        let outcome = shop.run("2024-06-30");
        match outcome.code {
            Some(0) => {
                let run = stored_runs(&shop.models()).remove(0);
                let run = StoredRun::at(run);
                assert_eq!(run.segments().len(), 40, "the files of the run can be read");
            }
            _ => {
                outcome.fails(1, &["[customers]", name]);
            }
        }
    }
}

#[test]
fn an_attribute_that_is_not_in_the_file_is_refused() {
    let shop = with_customers("id,region\nc001,north\n", "attributes = [\"Region\"]");
    shop.refuses(&["customers.csv", "no column `Region`", "Did you mean `region`?", "[customers]"]);
}

#[test]
fn an_attribute_named_twice_in_the_header_is_refused() {
    let shop = with_customers("id,region,region\nc001,north,south\n", "");
    shop.refuses(&["customers.csv", "2 columns named `region`", "Rename one"]);
}

#[test]
fn an_attribute_of_too_many_values_is_left_out_and_told_of() {
    let names: String = (0..60).map(|n| format!("x{n:02},name {n}\n")).collect();
    let bought: String = (0..60).map(|n| format!("x{n:02},x{n},2024-02-03,5\n")).collect();
    let shop = with_customers(&format!("id,name\n{names}"), "");
    shop.write("sales.csv", csv(&sales()) + &bought);
    let run = shop.accepts();
    assert!(run.has_warning("attribute_too_varied"));
    assert!(run.stderr.contains("`name` has 60 different values"), "{}", run.stderr);
}

#[test]
fn a_customer_table_that_is_empty_or_missing_is_refused() {
    with_customers("", "").refuses(&["customers.csv", "is empty"]);
    let shop = with_customers("id\n", "").edit("customers.csv", "people.csv");
    shop.refuses(&["[customers] files", "`people.csv`", "matches no file"]);
}

#[test]
fn a_wallet_without_the_own_provider_is_refused_with_some_that_are_there() {
    let shop = with_wallet("id,shop,spent\nc001,Rival,50\nc002,Other,20\n", "Us");
    shop.refuses(&["[wallet] own", "`Us`", "`Rival`", "`Other`", "Correct it"]);
}

#[test]
fn bad_rows_of_a_wallet_are_refused_row_by_row() {
    let text = "id,shop,spent\nc001,Us,50\nc001,Rival,150\n,Us,5\nc002,,5\nc002,Us,five\n\
                c002,Us,-5\nc002,Us,NaN\n";
    let run = with_wallet(text, "Us").accepts();
    assert!(run.has_warning("wallet_rejects"));
    assert_eq!(run.rejects().len(), 5);
    assert_eq!(run.feature("share_of_wallet")["c001"], Some(0.25));
    assert_eq!(run.feature("share_of_wallet")["c002"], None, "unknown is not zero");
}

fn with_ranks(section: &str, text: &str, more: &str) -> Shop {
    let shop = Shop::new().append(&format!(
        "[{section}]\nfiles = [\"asked.csv\"]\ncustomer = \"id\"\nprovider = \"shop\"\n\
         rank = \"place\"\nown = \"Us\"\n{more}"
    ));
    shop.write("asked.csv", text);
    shop
}

#[test]
fn bad_rows_of_ranks_are_refused_row_by_row() {
    let text = "id,shop,place\nc001,Us,1\nc001,Rival,2\nc002,Us,\nc002,Us,first\nc002,Us,0\n\
                c003,Us,1.5\nc003,Rival,1.5\n";
    let run = with_ranks("wallet_survey", text, "").accepts();
    assert!(run.has_warning("wallet_survey_rejects"));
    let reasons: Vec<_> = run.rejects().iter().map(|row| row[2].to_owned()).collect();
    assert_eq!(reasons, ["rank_missing", "rank_unreadable", "rank_unreadable"]);
    assert_eq!(run.manifest()["inputs"][1]["table"], "wallet_survey");
}

#[test]
fn a_wallet_needs_one_measure() {
    let text = "id,shop,place,spent\nc001,Us,1,5\n";
    let words = ["[wallet_survey]", "`amount` or as `rank`", "Give one of the two"];
    with_ranks("wallet_survey", text, "amount = \"spent\"").refuses(&words);
    let shop = with_ranks("wallet_survey", text, "").edit("rank = \"place\"\n", "");
    shop.refuses(&words);
}

#[test]
fn a_wallet_of_a_source_that_is_none_is_refused() {
    let shop = with_ranks("wallet", "id,shop,place\nc001,Us,1\n", "source = \"rumour\"");
    shop.refuses(&["segtrail.toml", "rumour", "observed", "survey"]);
}

#[test]
fn a_survey_without_the_own_provider_names_its_section() {
    let shop = with_ranks("wallet_survey", "id,shop,place\nc001,Rival,1\n", "");
    shop.refuses(&["[wallet_survey] own", "`Us`", "`Rival`", "Correct it"]);
}

#[test]
fn a_column_of_amounts_that_is_none_is_refused_as_a_whole() {
    let shop = with_wallet("id,shop,spent\nc001,Us,ten\nc001,Rival,five\n", "Us");
    shop.refuses(&["wallet.csv", "column `spent`", "as a number", "`ten`", "name another"]);
    let shop = with_ranks("wallet", "id,shop,place\nc001,Us,first\n", "");
    shop.refuses(&["asked.csv", "column `place`", "a rank from 1 on", "`first`"]);
}

#[test]
fn a_category_that_is_not_there_is_refused() {
    let shop = with_ranks("wallet", "id,shop,place\nc001,Us,1\n", "category = \"what\"");
    shop.refuses(&["asked.csv", "no column `what`", "[wallet]"]);
}
