//! Dates that cannot be read, contradict each other or lie outside every calendar of trade.

use crate::support::{Shop, csv, sales};

/// The shop with the dates of the rows that `which` picks written day first.
fn written_otherwise(which: impl Fn(usize) -> bool) -> Shop {
    let mut rows = sales();
    for (number, row) in rows.iter_mut().enumerate() {
        if which(number) {
            let parts: Vec<&str> = row.2.split('-').collect();
            row.2 = format!("{}/{}/{}", parts[2], parts[1], parts[0]);
        }
    }
    Shop::selling(&rows)
}

#[test]
fn a_few_dates_in_another_format_are_refused_row_by_row() {
    let shop = written_otherwise(|number| number % 10 == 0);
    let run = shop.accepts();
    let expected = sales().len().div_ceil(10) as u64;
    assert_eq!(Shop::rejected(&run, "time_unreadable"), expected);
    assert_eq!(run.rejects().len() as u64, expected);
}

#[test]
fn most_dates_in_another_format_are_an_error_with_an_example() {
    let shop = written_otherwise(|number| number % 10 != 0);
    shop.refuses(&["sales.csv", "column `time`", "as a time", "/2024`", "line 3", "time_format"]);
}

#[test]
fn several_formats_may_be_configured() {
    let shop = written_otherwise(|number| number % 2 == 0)
        .edit("amount = ", "time_format = [\"%Y-%m-%d\", \"%d/%m/%Y\"]\namount = ");
    let run = shop.accepts();
    assert_eq!(run.rows("rejected"), 0);
    assert_eq!(run.segments(), Shop::new().accepts().segments());
}

#[test]
fn dates_unreadable_throughout_are_an_error() {
    let shop = Shop::new();
    shop.write("sales.csv", csv(&sales()).replace("2024-0", "spring "));
    shop.refuses(&["sales.csv", "column `time`", "`spring ", "line 2", "time_format"]);
}

#[test]
fn a_format_that_does_not_fit_the_file_is_an_error() {
    let shop = Shop::new().edit("amount = ", "time_format = \"%d.%m.%Y\"\namount = ");
    shop.refuses(&["sales.csv", "column `time`", "`2024-", "time_format"]);
}

#[test]
fn a_format_that_gives_no_date_is_refused() {
    let shop = Shop::new().edit("amount = ", "time_format = \"%H:%M\"\namount = ");
    shop.refuses(&["time_format `%H:%M`", "no day, month and year", "%d/%m/%Y"]);
}

#[test]
fn a_format_with_an_unknown_code_is_refused() {
    let shop = Shop::new().edit("amount = ", "time_format = \"%Y-%m-%ö\"\namount = ");
    shop.refuses(&["time_format `%Y-%m-%ö`", "strptime"]);
}

#[test]
fn years_that_stand_for_unknown_are_refused() {
    let lines = "c001,x1,0001-01-01,5\nc001,x2,9999-12-31,5\nc001,x3,1899-12-31,5\n";
    let run = Shop::with_lines(lines).accepts();
    assert_eq!(Shop::rejected(&run, "time_unreadable"), 3);
    assert_eq!(run.rejects().len(), 3);
}

#[test]
fn days_that_no_calendar_has_are_refused() {
    let lines = "c001,x1,2023-02-29,5\nc001,x2,2024-13-01,5\nc001,x3,2024-06-31,5\n\
                 c001,x4,2024-1-1,5\nc001,x5,2024-03-01 25:00,5\n";
    assert_eq!(Shop::rejected(&Shop::with_lines(lines).accepts(), "time_unreadable"), 5);
}

#[test]
fn missing_dates_are_refused() {
    let lines = "c001,x1,,5\nc001,x2,NaT,5\nc001,x3,n/a,5\n";
    assert_eq!(Shop::rejected(&Shop::with_lines(lines).accepts(), "time_missing"), 3);
}

#[test]
fn dates_in_the_future_are_left_out_and_counted() {
    let lines = "c001,x1,2024-07-01,5\nnew,x2,2199-12-31,5\n";
    let run = Shop::with_lines(lines).accepts();
    assert_eq!(run.rows("after_as_of"), 2);
    assert_eq!(run.rows("rejected"), 0);
    assert_eq!(run.segments(), Shop::new().accepts().segments());
}

#[test]
fn a_date_before_all_data_is_refused_with_the_first_purchase() {
    let shop = Shop::new();
    shop.run("2023-12-31").fails(1, &["2023-12-31", "the first purchase is on 2024-01-", "later"]);
    shop.left_nothing();
}

#[test]
fn a_history_without_a_purchase_is_refused() {
    let shop = Shop::new().append("[transactions.policy]\nhistory = \"5 days\"");
    shop.refuses(&["2024-06-30", "outside the history", "a longer history"]);
}

#[test]
fn data_that_end_before_the_date_are_used_with_a_warning() {
    let run = Shop::new().accepts();
    assert!(run.has_warning("data_end_before_as_of"));
    assert!(run.stderr.contains("the data end on 2024-06-"), "{}", run.stderr);
}

#[test]
fn an_unknown_time_zone_is_refused() {
    let shop = Shop::new().edit("name = \"shop\"", "name = \"shop\"\ntimezone = \"Mars/Olympus\"");
    shop.refuses(&["timezone `Mars/Olympus`", "not known", "Asia/Ho_Chi_Minh"]);
    let shop = Shop::new().edit("amount = ", "timezone = \"GMT+25\"\namount = ");
    shop.refuses(&["timezone `GMT+25`", "not known"]);
}

#[test]
fn the_day_is_that_of_the_business_and_not_of_the_stamp() {
    let night = "c001,late,2024-06-30 18:00:00,5\n";
    let shop = Shop::with_lines(night)
        .edit("name = \"shop\"", "name = \"shop\"\ntimezone = \"Asia/Ho_Chi_Minh\"");
    let there = shop.edit("amount = ", "timezone = \"UTC\"\namount = ").accepts();
    assert_eq!(there.rows("after_as_of"), 1, "18:00 UTC is the next day in Hanoi");
    assert_eq!(Shop::with_lines(night).accepts().rows("after_as_of"), 0);
}
