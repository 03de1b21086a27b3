//! Text of a rule -> [`Rule`]: a typed condition over figures, and its evaluation.
//!
//! ```text
//! condition   = conjunction { "or" conjunction }
//! conjunction = negation { "and" negation }
//! negation    = "not" negation | comparison
//! comparison  = sum [ ( "<" | "<=" | ">" | ">=" | "==" | "!=" ) sum ]
//! sum         = product { ( "+" | "-" ) product }
//! product     = factor { ( "*" | "/" ) factor }
//! factor      = "-" factor | number [ "%" ] | "true" | "false" | figure | "(" condition ")"
//! figure      = of a segment | of one customer | of all customers
//! ```
//!
//! Figures of a segment ([`Scope::Segments`]):
//!
//! ```text
//! "customers" | "share_of_customers" | "share_of_revenue" | "share_of" "(" feature ")"
//! ( "median" | "mean" ) "(" feature ")" | "share" "(" condition of one customer ")"
//! ```
//!
//! Figures of one customer ([`Scope::Customers`], and inside `share` and `rank`):
//!
//! ```text
//! name | "feature" "(" feature ")"
//! own ( "==" | "!=" ) text | own "in" "(" text { "," text } ")"
//! ( "rank" | "rank_share" ) "(" sum { "," option } ")"
//! option = "among" ":" condition | "ties" ":" ( "id" | "together" )
//! ```
//!
//! Everywhere:
//!
//! ```text
//! "known" "(" feature ")"
//! ( "population_median" | "population_mean" | "p1" … "p99" ) "(" feature ")"
//! "percentile" "(" feature "," number ")" | "population_share" "(" condition of one customer ")"
//! feature = name | text          text = '"' any text '"' | "'" any text "'"
//! ```
//!
//! The whole text may also be `otherwise`, which is `true`. Conditions and quantities are
//! separate types, so that a number can never stand where a condition belongs. A rule has no
//! variables, loops or calls of its own: it is not a scripting language.

mod columns;
#[cfg(test)]
mod customer_tests;
mod evaluate;
mod fault;
mod figures;
mod lex;
mod parse;
#[cfg(test)]
mod tests;

use std::fmt;

pub use fault::{RuleFault, RuleFaultKind};

pub(super) use columns::{BLOCK, Source, mask, numbers};

/// The longest rule accepted, in bytes.
pub const MAX_LENGTH: usize = 4096;

/// Whom a rule speaks of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// A segment, by figures of its customers taken together.
    #[default]
    Segments,
    /// One customer, by the customer's own figures.
    Customers,
}

/// What becomes of customers with equal values in a rank.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ties {
    /// The lower customer id stands higher: every place is taken once.
    #[default]
    ById,
    /// All have the place of the lowest of them.
    Together,
}

/// A share of 100 in thousandths: 99.5 % is 99,500.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent(pub(crate) u32);

impl Percent {
    /// From a number above 0 and below 100 with at most three decimals.
    pub fn new(percent: f64) -> Option<Self> {
        let thousandths = (percent * 1000.0).round();
        let exact = (thousandths / 1000.0 - percent).abs() < 1e-9;
        (exact && thousandths > 0.0 && thousandths < 100_000.0).then_some(Self(thousandths as u32))
    }

    /// Thousandths of a percent.
    pub fn thousandths(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", f64::from(self.0) / 1000.0)
    }
}

/// A figure that a rule can ask for.
#[derive(Clone, Debug, PartialEq)]
pub enum Statistic {
    /// Customers of the segment.
    Customers,
    /// Customers of the segment over all buyers.
    ShareOfCustomers,
    /// Revenue of the segment over that of all buyers.
    ShareOfRevenue,
    /// Sum of a feature in the segment over that of all buyers.
    ShareOf(String),
    /// Median of a feature in the segment.
    Median(String),
    /// Mean of a feature in the segment.
    Mean(String),
    /// Share of the segment's customers who meet a condition.
    Share(Box<Rule>),
    /// Median of a feature over all buyers.
    PopulationMedian(String),
    /// Mean of a feature over all buyers.
    PopulationMean(String),
    /// Share of all customers who meet a condition.
    PopulationShare(Box<Rule>),
    /// Percentile of a feature over all buyers, type 7 of Hyndman and Fan (1996).
    Percentile {
        /// The feature.
        feature: String,
        /// Above 0, below 100.
        percent: Percent,
    },
    /// A feature of the customer.
    Own(String),
    /// Place of the customer from the top, or that place over the number of customers ranked.
    Rank {
        /// By what.
        by: Box<Formula>,
        /// Who is ranked; all who have a value, where it does not say.
        among: Option<Box<Rule>>,
        /// Who of equals stands higher.
        ties: Ties,
        /// Whether the place is divided by the number of customers ranked.
        share: bool,
    },
    /// 1 where the feature is known of the customer (of at least one of the segment), else 0.
    Known(String),
    /// 1 where a text of the customer is among `values` (not among them for `negated`), 0 where
    /// it is not, undefined where the customer has none.
    Text {
        /// The column of text.
        feature: String,
        /// At least one.
        values: Vec<String>,
        /// `!=`.
        negated: bool,
    },
}

impl Statistic {
    /// The feature it is taken of, if it is of one.
    pub fn feature(&self) -> Option<&str> {
        match self {
            Self::Customers
            | Self::ShareOfCustomers
            | Self::ShareOfRevenue
            | Self::Share(_)
            | Self::PopulationShare(_)
            | Self::Rank { .. } => None,
            Self::ShareOf(feature)
            | Self::Median(feature)
            | Self::Mean(feature)
            | Self::PopulationMedian(feature)
            | Self::PopulationMean(feature)
            | Self::Percentile { feature, .. }
            | Self::Own(feature)
            | Self::Known(feature)
            | Self::Text { feature, .. } => Some(feature),
        }
    }

    /// Whether its feature is a text; a text or a number for `Known`, which is `None`.
    pub fn is_of_text(&self) -> Option<bool> {
        match self {
            Self::Known(_) => None,
            other => Some(matches!(other, Self::Text { .. })),
        }
    }

    /// Whether it differs from segment to segment.
    pub fn is_of_segment(&self) -> bool {
        !matches!(
            self,
            Self::PopulationMedian(_)
                | Self::PopulationMean(_)
                | Self::PopulationShare(_)
                | Self::Percentile { .. }
        )
    }
}

/// How two quantities are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparator {
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
}

impl Comparator {
    /// Whether `left` stands in this relation to `right`.
    pub fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::Greater => left > right,
            Self::GreaterOrEqual => left >= right,
            Self::Equal => left == right,
            Self::NotEqual => left != right,
        }
    }
}

impl fmt::Display for Comparator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Less => "<",
            Self::LessOrEqual => "≤",
            Self::Greater => ">",
            Self::GreaterOrEqual => "≥",
            Self::Equal => "=",
            Self::NotEqual => "≠",
        })
    }
}

/// How two quantities are combined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

impl fmt::Display for Arithmetic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Add => "+",
            Self::Subtract => "−",
            Self::Multiply => "×",
            Self::Divide => "÷",
        })
    }
}

/// Something that is true or false of a segment or a customer.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// `true`, `false`, `otherwise`.
    Constant(bool),
    /// `not …`
    Not(Box<Condition>),
    /// `… and …`, two or more.
    All(Vec<Condition>),
    /// `… or …`, two or more.
    Any(Vec<Condition>),
    /// A statistic that is 1 or 0 (`known`, texts); false where it is undefined.
    Flag(usize),
    /// A comparison; false where a side is undefined.
    Compare {
        /// Left side.
        left: Quantity,
        /// Relation.
        comparator: Comparator,
        /// Right side.
        right: Quantity,
    },
}

/// Something that has a value for a segment or a customer, or is undefined.
#[derive(Clone, Debug, PartialEq)]
pub enum Quantity {
    /// A number as written.
    Number(f64),
    /// Index into [`Rule::statistics`].
    Statistic(usize),
    /// `-…`
    Negated(Box<Quantity>),
    /// Two quantities combined; undefined where a side is, or the result is not finite.
    Combined {
        /// Left side.
        left: Box<Quantity>,
        /// How.
        arithmetic: Arithmetic,
        /// Right side.
        right: Box<Quantity>,
    },
}

/// A rule: its text, its meaning and the statistics it asks for.
#[derive(Clone, Debug)]
pub struct Rule {
    text: String,
    condition: Condition,
    statistics: Vec<Statistic>,
    positions: Vec<usize>,
}

impl Rule {
    /// Reads a rule about segments.
    ///
    /// # Errors
    ///
    /// [`RuleFault`] with the position, counted in bytes from the start of `text`.
    pub fn parse(text: &str) -> Result<Self, RuleFault> {
        parse::rule(text, Scope::Segments)
    }

    /// Reads a rule about segments or customers.
    ///
    /// # Errors
    ///
    /// As [`Self::parse`].
    pub fn parse_in(text: &str, scope: Scope) -> Result<Self, RuleFault> {
        parse::rule(text, scope)
    }

    /// As written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What must hold.
    pub fn condition(&self) -> &Condition {
        &self.condition
    }

    /// The statistics it asks for, without duplicates, in the order of first mention.
    pub fn statistics(&self) -> &[Statistic] {
        &self.statistics
    }

    /// Byte offset in the text of the first mention of each of [`Self::statistics`].
    pub fn positions(&self) -> &[usize] {
        &self.positions
    }

    /// Every statistic with its byte offset, each followed by those inside it.
    pub fn mentions(&self) -> Vec<(&Statistic, usize)> {
        mentions(&self.statistics, &self.positions)
    }

    /// Whether two rules mean the same, spacing and superfluous parentheses apart.
    pub fn same_as(&self, other: &Self) -> bool {
        self.condition == other.condition && self.statistics == other.statistics
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.same_as(other)
    }
}

/// A calculation on one customer's own features.
#[derive(Clone, Debug)]
pub struct Formula {
    text: String,
    quantity: Quantity,
    statistics: Vec<Statistic>,
    positions: Vec<usize>,
}

impl Formula {
    /// Reads a calculation.
    ///
    /// # Errors
    ///
    /// [`RuleFault`] with the position, counted in bytes from the start of `text`.
    pub fn parse(text: &str) -> Result<Self, RuleFault> {
        parse::formula(text)
    }

    /// As written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What is calculated.
    pub fn quantity(&self) -> &Quantity {
        &self.quantity
    }

    /// The statistics it asks for, without duplicates, in the order of first mention.
    pub fn statistics(&self) -> &[Statistic] {
        &self.statistics
    }

    /// Every statistic with its byte offset, each followed by those inside it.
    pub fn mentions(&self) -> Vec<(&Statistic, usize)> {
        mentions(&self.statistics, &self.positions)
    }
}

fn mentions<'a>(statistics: &'a [Statistic], positions: &[usize]) -> Vec<(&'a Statistic, usize)> {
    let mut found = Vec::new();
    for (statistic, &position) in statistics.iter().zip(positions) {
        found.push((statistic, position));
        match statistic {
            Statistic::Share(rule) | Statistic::PopulationShare(rule) => {
                found.extend(rule.mentions());
            }
            Statistic::Rank { by, among, .. } => {
                found.extend(by.mentions());
                found.extend(among.iter().flat_map(|rule| rule.mentions()));
            }
            _ => {}
        }
    }
    found
}

impl PartialEq for Formula {
    fn eq(&self, other: &Self) -> bool {
        self.quantity == other.quantity && self.statistics == other.statistics
    }
}
