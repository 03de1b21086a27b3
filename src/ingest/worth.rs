//! One row of sales -> its amount and its cost in ticks, and whether it takes something back.

use regex::Regex;

use super::IngestError;
use super::cell::{self, Cell};
use super::day_log::Marks;
use super::fields::{AMOUNT, COST, Expected, NumberFaults, Unreadable};
use super::params::{AmountColumns, CostColumn, Returns, TransactionParams, Zero};
use super::rejects::{Reason, Reasons};
use super::source::{Fields, Row, Source};
use crate::types::{Currency, Money};

/// What a row is worth.
pub(super) struct Worth {
    pub amount: Money,
    /// 0 where no column of costs is configured.
    pub cost: Money,
    pub is_return: bool,
    /// NaN where amounts are given directly.
    pub quantity: f64,
}

/// Slot of the quantity, or of the amount; price and cost follow.
pub(super) const WORTH_SLOT: usize = 3;

#[derive(Clone, Copy)]
enum AmountPlaces {
    Direct(usize),
    Product { quantity: usize, price: usize },
}

#[derive(Clone, Copy)]
enum CostPlace {
    Row(usize),
    Unit(usize),
}

/// Reads what rows are worth, by the policies of the configuration.
#[derive(Clone)]
pub(super) struct Valuer<'a> {
    table: &'a TransactionParams,
    /// Ticks of one unit of the currency.
    ticks: f64,
    amount: AmountPlaces,
    cost: Option<CostPlace>,
    /// Pattern of `cancellation`.
    pub cancellation: Option<Matcher>,
    /// Quantity (or amount), price and cost.
    seen: [Unreadable; 3],
    /// Of the row that is read.
    pub marks: Marks,
}

impl<'a> Valuer<'a> {
    /// Asks for the columns of amount and cost; `ask` gives a column's place.
    ///
    /// # Errors
    /// `AmountColumns`, `CostColumns`.
    pub(super) fn new(
        table: &'a TransactionParams,
        currency: &Currency,
        mut ask: impl FnMut(&str) -> usize,
    ) -> Result<Self, IngestError> {
        let amount = match table.amount_columns()? {
            AmountColumns::Direct(amount) => AmountPlaces::Direct(ask(amount)),
            AmountColumns::Product { quantity, unit_price } => {
                AmountPlaces::Product { quantity: ask(quantity), price: ask(unit_price) }
            }
        };
        let cost = table.cost_column()?.map(|column| match column {
            CostColumn::Row(cost) => CostPlace::Row(ask(cost)),
            CostColumn::Unit(cost) => CostPlace::Unit(ask(cost)),
        });
        let (cancellation, seen, marks) = Default::default();
        let ticks = currency.ticks() as f64;
        Ok(Self { table, ticks, amount, cost, cancellation, seen, marks })
    }

    pub(super) fn has_cost(&self) -> bool {
        self.cost.is_some()
    }

    /// What could not be read since the last call: of quantities (or amounts), prices and costs.
    pub(super) fn take_seen(&mut self) -> [Unreadable; 3] {
        std::mem::take(&mut self.seen)
    }

    /// # Errors
    /// `ColumnUnreadable`.
    pub(super) fn check_columns(
        &self,
        source: &Source,
        rows: u64,
        seen: &[Unreadable; 3],
    ) -> Result<(), IngestError> {
        let [first, second] = match self.table.amount_columns()? {
            AmountColumns::Direct(amount) => [amount, ""],
            AmountColumns::Product { quantity, unit_price } => [quantity, unit_price],
        };
        let cost = match self.table.cost_column()? {
            Some(CostColumn::Row(cost) | CostColumn::Unit(cost)) => cost,
            None => "",
        };
        for (column, seen) in [first, second, cost].into_iter().zip(seen) {
            let expected = Expected {
                column: column.to_owned(),
                what: "a number",
                remedy: "Set [transactions.format] decimal and thousands, or name another column",
            };
            seen.check(source, rows, expected)?;
        }
        Ok(())
    }

    pub(super) fn read(&mut self, row: &Row<'_>, reasons: &mut Reasons) -> Option<Worth> {
        let policy = &self.table.policy;
        let refuse_returns = policy.returns == Returns::Exclude;
        let refuse_zero = policy.zero == Zero::Exclude;
        let mut is_return = false;
        if let Some(pattern) = &mut self.cancellation
            && pattern.matches(row.fields)
        {
            is_return = true;
            if refuse_returns {
                reasons.add(Reason::Cancellation);
            }
        }
        let (value, quantity) = match self.amount {
            AmountPlaces::Direct(place) => {
                let amount = self.number(row, place, 0, &AMOUNT, reasons);
                if amount.is_some_and(|amount| amount < 0.0) {
                    is_return = true;
                    if refuse_returns {
                        reasons.add(Reason::AmountNegative);
                    }
                }
                if refuse_zero && amount == Some(0.0) {
                    reasons.add(Reason::AmountZero);
                }
                (amount, None)
            }
            AmountPlaces::Product { quantity, price } => {
                let quantity = self.number(row, quantity, 0, &AMOUNT, reasons);
                let price = self.number(row, price, 1, &AMOUNT, reasons);
                if quantity.is_some_and(|quantity| quantity < 0.0) {
                    is_return = true;
                    if refuse_returns {
                        reasons.add(Reason::QuantityNegative);
                    }
                }
                if price.is_some_and(|price| price < 0.0) {
                    is_return = true;
                    if policy.negative_price == Zero::Exclude {
                        reasons.add(Reason::PriceNegative);
                    }
                }
                if refuse_zero && quantity == Some(0.0) {
                    reasons.add(Reason::QuantityZero);
                }
                if refuse_zero && price == Some(0.0) {
                    reasons.add(Reason::PriceZero);
                }
                let value = quantity.zip(price).map(|(quantity, price)| quantity * price);
                if refuse_zero && value == Some(0.0) && quantity != Some(0.0) && price != Some(0.0)
                {
                    reasons.add(Reason::AmountZero);
                }
                (value, quantity)
            }
        };
        let amount = value.and_then(|value| {
            let amount = money(value * self.ticks, is_return);
            if amount.is_none() {
                reasons.add(Reason::AmountTooLarge);
            }
            amount
        });
        let cost = self.cost(row, quantity, is_return, reasons);
        let quantity = quantity.unwrap_or(f64::NAN);
        Some(Worth { amount: amount?, cost: cost?, is_return, quantity })
    }

    fn cost(
        &mut self,
        row: &Row<'_>,
        quantity: Option<f64>,
        is_return: bool,
        reasons: &mut Reasons,
    ) -> Option<Money> {
        let value = match self.cost {
            None => return Some(Money(0)),
            Some(CostPlace::Row(place)) => {
                let cost = self.number(row, place, 2, &COST, reasons)?;
                if cost < 0.0 && !is_return {
                    reasons.add(Reason::CostNegative);
                }
                cost
            }
            Some(CostPlace::Unit(place)) => {
                let cost = self.number(row, place, 2, &COST, reasons)?;
                if cost < 0.0 {
                    reasons.add(Reason::CostNegative);
                }
                cost * quantity?
            }
        };
        let cost = money(value * self.ticks, is_return);
        if cost.is_none() {
            reasons.add(Reason::CostTooLarge);
        }
        cost
    }

    fn number(
        &mut self,
        row: &Row<'_>,
        place: usize,
        which: usize,
        faults: &NumberFaults,
        reasons: &mut Reasons,
    ) -> Option<f64> {
        let cell = match row.fields.cell(place) {
            Ok(cell) => cell,
            Err(reason) => {
                self.marks.unreadable(WORTH_SLOT + which);
                reasons.add(reason);
                return None;
            }
        };
        match cell::number(cell, &self.table.format) {
            Ok(value) => Some(value),
            Err(fault) => {
                reasons.add(faults.reason(fault));
                match fault {
                    cell::Fault::Missing => self.marks.empty(WORTH_SLOT + which),
                    _ => self.marks.unreadable(WORTH_SLOT + which),
                }
                if fault == cell::Fault::Unreadable {
                    self.seen[which].note(row.line, row.fields, place);
                }
                None
            }
        }
    }
}

/// Exact ticks; a return is never positive whatever the signs of its factors.
fn money(ticks: f64, is_return: bool) -> Option<Money> {
    let money = Money::nearest(ticks)?;
    Some(if is_return { Money(-money.0.abs()) } else { money })
}

/// Tells the rows whose field matches a pattern.
#[derive(Clone)]
pub(super) struct Matcher {
    place: usize,
    regex: Regex,
    /// Rows with the same value often follow each other.
    last: Option<bool>,
    text: String,
}

impl Matcher {
    pub(super) fn new(place: usize, regex: Regex) -> Self {
        Self { place, regex, last: None, text: String::new() }
    }

    pub(super) fn matches(&mut self, fields: &dyn Fields) -> bool {
        use std::fmt::Write;
        match fields.cell(self.place) {
            Ok(Cell::Text(text)) => match self.last {
                Some(last) if self.text == text => last,
                _ => {
                    self.text.clear();
                    self.text.push_str(text);
                    *self.last.insert(self.regex.is_match(text))
                }
            },
            Ok(Cell::Null) | Err(_) => false,
            Ok(other) => {
                self.text.clear();
                let _ = write!(self.text, "{other}");
                *self.last.insert(self.regex.is_match(&self.text))
            }
        }
    }
}

#[cfg(test)]
#[path = "worth_tests.rs"]
mod tests;
