//! What the configuration says about input files: columns, formats, policies, gates.

use serde::{Deserialize, Serialize};

use super::IngestError;

/// `[transactions]`: where the rows are and how to read them.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransactionParams {
    /// Paths or globs relative to the configuration; CSV, gzipped CSV or Parquet.
    pub files: Vec<String>,
    /// Column of the customer's id.
    pub customer: String,
    /// Column of the order's id. Without it, rows of one customer with the same time are one
    /// order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    /// Column of the date or timestamp.
    pub time: String,
    /// strptime format, or several tried in order; without it, ISO 8601.
    #[serde(default, skip_serializing_if = "Formats::is_empty")]
    pub time_format: Formats,
    /// Time zone in which naive timestamps were written, where it is not the business's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// Column of the row's amount; or `quantity` and `unit_price` instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// Column of the quantity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<String>,
    /// Column of the price of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<String>,
    /// Column of what the row's goods cost, with the sign of the amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<String>,
    /// Column of what one of the `quantity` costs, instead of `cost`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_cost: Option<String>,
    /// How fields written as text are read.
    #[serde(default)]
    pub format: TextParams,
    /// What counts as a purchase.
    #[serde(default)]
    pub policy: Policy,
    /// How much data a run needs.
    #[serde(default)]
    pub gates: Gates,
}

/// `[….format]`: how fields written as text are read; the same keys for every table.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TextParams {
    /// Separator of CSV fields; found from the header when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<char>,
    /// Decimal mark of numbers written as text; default `.`.
    pub decimal: char,
    /// Mark between thousands, removed before reading a number; none by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thousands: Option<char>,
    /// `auto` (default) reads `13085.0` as `13085`; `text` takes ids as they stand.
    pub customer_id: IdKind,
}

impl Default for TextParams {
    fn default() -> Self {
        Self { delimiter: None, decimal: '.', thousands: None, customer_id: IdKind::Auto }
    }
}

/// How customer ids are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IdKind {
    /// A float that is an integer becomes that integer; the manifest counts them.
    #[default]
    Auto,
    /// As written, outer blanks removed.
    Text,
}

/// One or several time formats.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "OneOrMany", into = "Vec<String>")]
pub struct Formats(pub Vec<String>);

impl Formats {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl From<OneOrMany> for Formats {
    fn from(value: OneOrMany) -> Self {
        match value {
            OneOrMany::One(format) => Formats(vec![format]),
            OneOrMany::Many(formats) => Formats(formats),
        }
    }
}

impl From<Formats> for Vec<String> {
    fn from(value: Formats) -> Self {
        value.0
    }
}

/// `[transactions.policy]`: what counts as a purchase. Every default keeps the data as they
/// stand, except that a row worth nothing is not a purchase.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// Rows equal to an earlier one in every column, across all files: `keep` (default) or
    /// `drop`.
    pub duplicates: Duplicates,
    /// Returns and cancellations: `net` (default) takes them off the spend, `exclude` refuses
    /// them, `separate` leaves the spend alone and gives features of their own.
    pub returns: Returns,
    /// Rows that are cancellations whatever their sign, such as invoices starting with `C`.
    /// Rows with a negative quantity (or negative amount, where it is given directly) are
    /// returns in any case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancellation: Option<Pattern>,
    /// Rows worth nothing: `exclude` (default) or `keep` as a purchase of amount 0.
    pub zero: Zero,
    /// Rows with a price below zero (corrections, not sales): `exclude` (default) or `keep`,
    /// which treats them as returns.
    pub negative_price: Zero,
    /// Rows that are no sales at all, such as test articles and postage.
    pub exclude: Vec<Pattern>,
    /// Only this much history before the date counts, such as `24 months`; all by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history: Option<History>,
}

/// See [`Policy::duplicates`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Duplicates {
    /// Count them like any row.
    #[default]
    Keep,
    /// Refuse all but the first.
    Drop,
}

/// See [`Policy::returns`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Returns {
    /// Take them off the spend.
    #[default]
    Net,
    /// Refuse them.
    Exclude,
    /// Leave the spend alone; `n_returns` and `returns_total` tell of them.
    Separate,
}

/// See [`Policy::zero`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Zero {
    /// Refuse the row.
    #[default]
    Exclude,
    /// Use the row.
    Keep,
}

/// A regular expression on one column.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pattern {
    /// The column.
    pub column: String,
    /// The regular expression, found anywhere unless anchored.
    pub matches: String,
}

/// A span of history in days, weeks, months or years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct History {
    /// How many.
    pub count: i32,
    /// Of what.
    pub unit: HistoryUnit,
}

/// Unit of a [`History`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HistoryUnit {
    /// Days.
    Days,
    /// Seven days.
    Weeks,
    /// Calendar months.
    Months,
    /// Calendar years.
    Years,
}

impl History {
    /// The span as jiff counts it on the calendar.
    pub fn span(self) -> jiff::Span {
        match self.unit {
            HistoryUnit::Days => jiff::Span::new().days(self.count),
            HistoryUnit::Weeks => jiff::Span::new().weeks(self.count),
            HistoryUnit::Months => jiff::Span::new().months(self.count),
            HistoryUnit::Years => jiff::Span::new().years(self.count),
        }
    }
}

impl TryFrom<String> for History {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let fault = || {
            format!(
                "`{text}` is not a span of history: write a whole number from 1 to 1000 and a \
                 unit, such as \"90 days\", \"52 weeks\", \"24 months\" or \"2 years\""
            )
        };
        let (count, unit) = text.trim().split_once(char::is_whitespace).ok_or_else(fault)?;
        let unit = match unit.trim().trim_end_matches('s') {
            "day" => HistoryUnit::Days,
            "week" => HistoryUnit::Weeks,
            "month" => HistoryUnit::Months,
            "year" => HistoryUnit::Years,
            _ => return Err(fault()),
        };
        let count =
            count.parse().ok().filter(|count| (1..=1000).contains(count)).ok_or_else(fault)?;
        Ok(Self { count, unit })
    }
}

impl From<History> for String {
    fn from(history: History) -> Self {
        let unit = match history.unit {
            HistoryUnit::Days => "days",
            HistoryUnit::Weeks => "weeks",
            HistoryUnit::Months => "months",
            HistoryUnit::Years => "years",
        };
        format!("{} {unit}", history.count)
    }
}

/// `[transactions.gates]`: how much data a run needs before its figures mean something.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Gates {
    /// Buyers; default at least 30, otherwise warn.
    pub customers: Gate,
    /// Days from the first purchase to the last; default at least 28, otherwise warn.
    pub history_days: Gate,
    /// Buyers with purchases on two days or more; default at least 10, otherwise warn.
    pub repeat_buyers: Gate,
}

impl Default for Gates {
    fn default() -> Self {
        let warn = |at_least| Gate { at_least, otherwise: Otherwise::Warn };
        Self { customers: warn(30), history_days: warn(28), repeat_buyers: warn(10) }
    }
}

/// A lower bound and what follows below it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// The bound.
    pub at_least: u64,
    /// `warn` or `stop`.
    pub otherwise: Otherwise,
}

/// See [`Gate`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Otherwise {
    /// Go on with a warning.
    Warn,
    /// End the run before anything is written.
    Stop,
}

/// Where a row's amount comes from, resolved from the three optional keys.
#[derive(Clone, Copy, Debug)]
pub(super) enum AmountColumns<'a> {
    Direct(&'a str),
    Product { quantity: &'a str, unit_price: &'a str },
}

/// Where a row's cost comes from.
#[derive(Clone, Copy, Debug)]
pub(super) enum CostColumn<'a> {
    Row(&'a str),
    /// Of one: to be multiplied by the quantity.
    Unit(&'a str),
}

impl TransactionParams {
    pub(super) fn amount_columns(&self) -> Result<AmountColumns<'_>, IngestError> {
        match (&self.amount, &self.quantity, &self.unit_price) {
            (Some(amount), None, None) => Ok(AmountColumns::Direct(amount)),
            (None, Some(quantity), Some(unit_price)) => {
                Ok(AmountColumns::Product { quantity, unit_price })
            }
            _ => Err(IngestError::AmountColumns),
        }
    }

    pub(super) fn cost_column(&self) -> Result<Option<CostColumn<'_>>, IngestError> {
        let clash = |message| Err(IngestError::CostColumns { message });
        match (&self.cost, &self.unit_cost, &self.quantity) {
            (None, None, _) => Ok(None),
            (Some(cost), None, _) => Ok(Some(CostColumn::Row(cost))),
            (None, Some(cost), Some(_)) => Ok(Some(CostColumn::Unit(cost))),
            (None, Some(_), None) => clash(
                "`unit_cost` is multiplied by `quantity`, which is not given. Name the cost of \
                 the row as `cost`",
            ),
            (Some(_), Some(_), _) => clash("both `cost` and `unit_cost` are given. Give one"),
        }
    }
}
