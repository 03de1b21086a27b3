//! Text of a rule -> [`Rule`]: a typed condition over profile statistics, and its evaluation.
//!
//! ```text
//! condition  = conjunction { "or" conjunction }
//! conjunction= negation { "and" negation }
//! negation   = "not" negation | comparison
//! comparison = sum [ ( "<" | "<=" | ">" | ">=" | "==" | "!=" ) sum ]
//! sum        = product { ( "+" | "-" ) product }
//! product    = factor { ( "*" | "/" ) factor }
//! factor     = "-" factor | number | "true" | "false" | statistic | "(" condition ")"
//! statistic  = "customers" | "share_of_customers" | "share_of_revenue"
//!            | ( "median" | "mean" | "population_median" | "population_mean" | "p1" … "p99" )
//!              "(" feature ")"
//! feature    = name | '"' any text '"' | "'" any text "'"
//! ```
//!
//! The whole text may also be `otherwise`, which is `true`. Conditions and quantities are
//! separate types, so that a number can never stand where a condition belongs. A rule has no
//! variables, loops or calls of its own: it is not a scripting language.

mod evaluate;
mod lex;
mod parse;
#[cfg(test)]
mod tests;

use std::fmt;

pub use parse::{RuleFault, RuleFaultKind};

/// The longest rule accepted, in bytes.
pub const MAX_LENGTH: usize = 4096;

/// A figure that a rule can ask for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Statistic {
    /// Customers of the segment.
    Customers,
    /// Customers of the segment over all buyers.
    ShareOfCustomers,
    /// Revenue of the segment over that of all buyers.
    ShareOfRevenue,
    /// Median of a feature in the segment.
    Median(String),
    /// Mean of a feature in the segment.
    Mean(String),
    /// Median of a feature over all buyers.
    PopulationMedian(String),
    /// Mean of a feature over all buyers.
    PopulationMean(String),
    /// Percentile of a feature over all buyers, type 7 of Hyndman and Fan (1996).
    Percentile {
        /// The feature.
        feature: String,
        /// From 1 to 99.
        percent: u8,
    },
}

impl Statistic {
    /// The feature it is taken of, if any.
    pub fn feature(&self) -> Option<&str> {
        match self {
            Self::Customers | Self::ShareOfCustomers | Self::ShareOfRevenue => None,
            Self::Median(feature)
            | Self::Mean(feature)
            | Self::PopulationMedian(feature)
            | Self::PopulationMean(feature)
            | Self::Percentile { feature, .. } => Some(feature),
        }
    }

    /// Whether it differs from segment to segment.
    pub fn is_of_segment(&self) -> bool {
        !matches!(
            self,
            Self::PopulationMedian(_) | Self::PopulationMean(_) | Self::Percentile { .. }
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

/// Something that is true or false of a segment.
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

/// Something that has a value for a segment, or is undefined.
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
    /// Reads a rule.
    ///
    /// # Errors
    ///
    /// [`RuleFault`] with the position, counted in bytes from the start of `text`.
    pub fn parse(text: &str) -> Result<Self, RuleFault> {
        parse::parse(text)
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

    /// Whether two rules mean the same, spacing and superfluous parentheses apart.
    pub fn same_as(&self, other: &Self) -> bool {
        self.condition == other.condition && self.statistics == other.statistics
    }
}
