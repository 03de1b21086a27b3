//! Dates and options on the command line that mean nothing.

use crate::support::Shop;

#[test]
fn a_date_that_is_none_is_wrong_usage() {
    let shop = Shop::new();
    for text in
        ["yesterday", "2024-02-30", "30/06/2024", "2024-06", "", "2024-06-30..", "..2024-06-30"]
    {
        let outcome = shop.run(text).fails(2, &["--as-of"]);
        assert!(outcome.stdout.is_empty(), "{}", outcome.all());
    }
    shop.left_nothing();
}

#[test]
fn a_range_that_runs_backwards_is_wrong_usage() {
    let shop = Shop::new();
    shop.run("2024-06-30..2024-01-31").fails(2, &["2024-06-30", "2024-01-31"]);
    shop.left_nothing();
}

#[test]
fn a_range_without_a_month_end_is_wrong_usage() {
    let shop = Shop::new();
    shop.run("2024-06-02..2024-06-20").fails(2, &["--as-of", "no month ends", "longer range"]);
    shop.left_nothing();
}

#[test]
fn a_range_of_one_day_that_ends_a_month_is_one_run() {
    let shop = Shop::new();
    let said = shop.run("2024-04-30..2024-04-30").done().json();
    assert_eq!(said["runs"].as_array().unwrap().len(), 1);
}

#[test]
fn no_date_is_wrong_usage_since_today_is_never_meant() {
    let shop = Shop::new();
    shop.command(&["run", "segtrail.toml"]).fails(2, &["--as-of"]);
    shop.left_nothing();
}

#[test]
fn threads_and_seeds_that_are_no_numbers_are_wrong_usage() {
    let shop = Shop::new();
    for option in [["--threads", "0"], ["--threads", "many"], ["--seed", "1.5"], ["--seed", "x"]] {
        let arguments = ["run", "segtrail.toml", "--as-of", "2024-06-30", option[0], option[1]];
        shop.command(&arguments).fails(2, &[option[0]]);
    }
    shop.left_nothing();
}

#[test]
fn a_month_of_a_range_before_all_data_ends_the_range_with_its_date() {
    let shop = Shop::new();
    shop.run("2023-11-30..2024-06-30").fails(1, &["2023-11-30", "the first purchase is on"]);
}

#[test]
fn a_date_beyond_every_calendar_of_trade_is_refused_or_gives_a_run_that_can_be_read() {
    for date in ["9999-12-31", "2500-01-31", "0001-01-01"] {
        let shop = Shop::new();
        let outcome = shop.run(date);
        if outcome.code == Some(0) {
            shop.command(&["show", "latest"]).done();
        } else {
            assert!(matches!(outcome.code, Some(1 | 2)), "{}", outcome.all());
            assert!(outcome.stderr.contains(date), "{}", outcome.all());
            shop.left_nothing();
        }
    }
}
