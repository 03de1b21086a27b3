//! Costs of rows: by row and by piece, of returns, and every reason for which one is refused.

use crate::ingest::fixture::{cut, read, refused};
use crate::ingest::{Cut, Input, RejectPart};

const END: &str = "2024-12-31";

/// Ticks of a column, by customer.
fn ticks(cut: &Cut<'_>, column: &str) -> Vec<i64> {
    let sales = &cut.transactions.sales;
    if column == "cost" { sales.cost.clone() } else { sales.amount.clone() }
}

fn by_row(rows: &str, more: &str) -> Input {
    let sales = format!("customer,time,amount,cost\n{rows}");
    read(&sales, &format!("amount = \"amount\"\ncost = \"cost\"\n{more}"), "", &[]).unwrap()
}

fn by_piece(rows: &str, more: &str) -> Input {
    let sales = format!("customer,time,n,price,cost\n{rows}");
    let columns = "quantity = \"n\"\nunit_price = \"price\"\n";
    read(&sales, &format!("{columns}{more}"), "", &[]).unwrap()
}

#[test]
fn without_a_column_there_is_no_cost() {
    let input = read("customer,time,amount\na,2024-01-01,5\n", "amount = \"amount\"", "", &[]);
    let input = input.unwrap();
    let cut = cut(&input, END);
    assert!(!cut.transactions.has_cost && cut.transactions.sales.cost.is_empty());
}

#[test]
fn the_cost_of_a_row_stands_beside_its_amount() {
    let input = by_row("a,2024-01-01,5,3.5\nb,2024-01-02,4,0\na,2024-03-01,7,9\n", "");
    let whole = cut(&input, END);
    assert!(whole.transactions.has_cost);
    assert_eq!(ticks(&whole, "amount"), [50_000, 70_000, 40_000], "of a, then of b");
    assert_eq!(ticks(&whole, "cost"), [35_000, 90_000, 0], "a sale at a loss and a gift are kept");
    assert_eq!(ticks(&cut(&input, "2024-02-01"), "cost"), [35_000, 0]);
}

#[test]
fn a_return_takes_its_cost_back_whatever_its_sign() {
    let input = by_row("a,2024-01-01,5,3\na,2024-01-02,-5,-3\na,2024-01-03,-5,3\n", "");
    assert_eq!(ticks(&cut(&input, END), "cost"), [30_000, -30_000, -30_000]);
}

#[test]
fn a_cancellation_with_a_positive_amount_takes_its_cost_back() {
    let sales = "customer,time,order,amount,cost\na,2024-01-01,1,5,3\na,2024-01-02,C1,5,3\n";
    let columns = "amount = \"amount\"\ncost = \"cost\"\n[transactions.policy]\n\
                   cancellation = { column = \"order\", matches = \"^C\" }";
    let input = read(sales, columns, "", &[]).unwrap();
    let cut = cut(&input, END);
    assert_eq!(ticks(&cut, "amount"), [50_000, -50_000]);
    assert_eq!(ticks(&cut, "cost"), [30_000, -30_000]);
}

#[test]
fn the_cost_of_one_is_multiplied_by_the_quantity() {
    let input = by_piece("a,2024-01-01,3,5,2.5\na,2024-01-02,-2,5,2.5\n", "unit_cost = \"cost\"");
    assert_eq!(ticks(&cut(&input, END), "cost"), [75_000, -50_000]);
    let row = by_piece("a,2024-01-01,3,5,2.5\na,2024-01-02,-2,5,2.5\n", "cost = \"cost\"");
    assert_eq!(ticks(&cut(&row, END), "cost"), [25_000, -25_000], "of the row, with quantities");
}

#[test]
fn costs_that_cannot_be_used_refuse_their_row() {
    let rows = "a,2024-01-01,5,3\na,2024-01-02,5,\na,2024-01-03,5,three\na,2024-01-04,5,NaN\n\
                a,2024-01-05,5,-1\na,2024-01-06,5,1e300\na,2024-01-07,5,n/a\na,2024-01-08,0,\n";
    let expected = [
        (3, "cost_missing"),
        (4, "cost_unreadable"),
        (5, "cost_not_finite"),
        (6, "cost_negative"),
        (7, "cost_too_large"),
        (8, "cost_missing"),
        (9, "amount_zero"),
    ];
    let input = by_row(rows, "");
    assert_eq!(refused(&input, END), expected, "no purchase at all is told of first");
    assert_eq!(ticks(&cut(&input, END), "cost"), [30_000]);
}

#[test]
fn the_cost_of_one_may_not_be_negative_even_of_a_return() {
    let rows = "a,2024-01-01,3,5,2\na,2024-01-02,-2,5,-2\na,2024-01-03,2,5,-2\n";
    let input = by_piece(rows, "unit_cost = \"cost\"");
    assert_eq!(refused(&input, END), [(3, "cost_negative"), (4, "cost_negative")]);
}

#[test]
fn a_bad_amount_and_a_bad_cost_are_both_told_of() {
    let input = by_row("a,2024-01-01,5,3\na,2024-01-02,five,three\nb,2024-01-02,5,3\n", "");
    let rejects: Vec<_> = input
        .rejects(crate::ingest::fixture::as_of(END))
        .into_iter()
        .flat_map(RejectPart::rows)
        .collect();
    assert_eq!(rejects[0].reason.code(), "amount_unreadable");
    assert_eq!(rejects[0].also.iter().map(|r| r.code()).collect::<Vec<_>>(), ["cost_unreadable"]);
}
