//! What can be wrong with the text of a rule, one variant a fault, each with its remedy.

use thiserror::Error;

use super::MAX_LENGTH;
use super::parse::MAX_DEPTH;

/// What is wrong with a rule and where.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{kind}")]
pub struct RuleFault {
    /// Byte offset in the rule.
    pub offset: usize,
    /// What.
    pub kind: RuleFaultKind,
}

/// What is wrong with a rule.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RuleFaultKind {
    /// Nothing but space.
    #[error("the rule is empty; write a comparison such as `mean(r_score) >= 4`, or `otherwise`")]
    Empty,
    /// Longer than [`MAX_LENGTH`].
    #[error("the rule has {length} bytes, more than the {MAX_LENGTH} allowed; simplify it")]
    TooLong {
        /// Bytes.
        length: usize,
    },
    /// Nested beyond the limit.
    #[error("nested more than {MAX_DEPTH} deep; remove parentheses or signs")]
    TooDeep,
    /// A character that begins no word.
    #[error(
        "unexpected `{character}`; a rule has names, numbers, ( ) + - * / < <= > >= == != and the \
         words `and`, `or`, `not`"
    )]
    UnexpectedCharacter {
        /// The character.
        character: char,
    },
    /// Begins like a number.
    #[error("`{text}` is not a number; write it like 1500, 0.25 or 1_000_000")]
    BadNumber {
        /// As written.
        text: String,
    },
    /// A quote without its end.
    #[error("the quoted name has no closing quote")]
    UnclosedQuote,
    /// Another word belongs here.
    #[error("found {found} where {expected} belongs")]
    Unexpected {
        /// The word.
        found: String,
        /// What could stand here.
        expected: &'static str,
    },
    /// A number where a condition belongs.
    #[error("{by} needs a condition here but this is a number; compare it, for example `… >= 4`")]
    NotACondition {
        /// The operator, or the rule as a whole.
        by: &'static str,
    },
    /// A condition where a number belongs.
    #[error("{by} needs a number here but this is a condition, which is true or false")]
    NotANumber {
        /// The operator.
        by: &'static str,
    },
    /// `a < b < c`.
    #[error("comparisons cannot be chained; write `a < b and b < c`")]
    Chained,
    /// No such name.
    #[error(
        "unknown name `{name}`; without parentheses there are `customers`, `share_of_customers` \
         and `share_of_revenue`; a feature needs a statistic, such as `median({name})`, and a text \
         stands inside `share(…)`"
    )]
    UnknownName {
        /// As written.
        name: String,
    },
    /// No such function.
    #[error(
        "unknown statistic `{name}`; there are median, mean, share, share_of, rank, rank_share, \
         known, population_median, population_mean, population_share, percentile and p1 to p99"
    )]
    UnknownFunction {
        /// As written.
        name: String,
    },
    /// A figure of segments in a rule about one customer.
    #[error(
        "`{name}` is a figure of segments, and this is about one customer: write the feature \
         alone, or compare it with population_median(…), population_mean(…) or a percentile"
    )]
    OfSegments {
        /// As written.
        name: String,
    },
    /// A rank in a rule about segments.
    #[error(
        "`{name}` is a customer's place: use it inside `share(…)`, as in share({name}(…) <= 10)"
    )]
    OfCustomers {
        /// As written.
        name: String,
    },
    /// A rank within a rank or a share within a share.
    #[error("`{name}` cannot stand inside `{inside}(…)`; take it out of the parentheses")]
    Nested {
        /// As written.
        name: String,
        /// Around it.
        inside: &'static str,
    },
    /// Not a percentile.
    #[error(
        "`{percent}` is no percentile: write a number above 0 and below 100 with at most three \
         decimals"
    )]
    BadPercent {
        /// As written.
        percent: String,
    },
    /// No such option of a rank.
    #[error(
        "unknown option `{name}`; there are `among: condition` and `ties: id` or `ties: together`"
    )]
    UnknownOption {
        /// As written.
        name: String,
    },
    /// The same option twice.
    #[error("`{name}` is given twice; keep one")]
    OptionTwice {
        /// As written.
        name: String,
    },
    /// `otherwise` inside a condition.
    #[error("`otherwise` must be the whole rule; inside a condition write `true`")]
    OtherwiseInside,
}
