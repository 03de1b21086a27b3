//! Why a row is refused -> every reason that it meets; its fields -> its text.
//!
//! The reasons of a row are found independently of each other, so the count of rows that meet
//! one (`matching`) does not depend on the order in which policies are applied; the first of
//! them, in the order of [`Reason`], is the one it is refused for.

/// Why a row is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Reason {
    /// More or fewer fields than the header.
    FieldCount,
    /// A needed field is not UTF-8.
    Encoding,
    /// The same row stands earlier, in every column (`duplicates = "drop"`).
    Duplicate,
    /// Matches a pattern of `exclude`.
    Excluded,
    /// No customer id.
    CustomerMissing,
    /// No date.
    TimeMissing,
    /// A date that is not one, or lies before 1900 or after 2199.
    TimeUnreadable,
    /// No amount, quantity or price.
    AmountMissing,
    /// An amount, quantity or price that is not a number.
    AmountUnreadable,
    /// NaN or infinite.
    AmountNotFinite,
    /// Beyond what can be summed exactly.
    AmountTooLarge,
    /// A cancellation (`returns = "exclude"`).
    Cancellation,
    /// A quantity below zero (`returns = "exclude"`).
    QuantityNegative,
    /// An amount below zero (`returns = "exclude"`).
    AmountNegative,
    /// A price below zero.
    PriceNegative,
    /// A quantity of zero.
    QuantityZero,
    /// A price of zero.
    PriceZero,
    /// An amount of zero.
    AmountZero,
    /// No cost, where its column is configured.
    CostMissing,
    /// A cost that is not a number.
    CostUnreadable,
    /// NaN or infinite.
    CostNotFinite,
    /// Beyond what can be summed exactly.
    CostTooLarge,
    /// A cost below zero of goods that were not returned.
    CostNegative,
    /// The customer table names this customer in an earlier row.
    CustomerRepeated,
    /// A wallet row without a provider.
    ProviderMissing,
    /// A wallet row without a category, where its column is configured.
    CategoryMissing,
    /// A wallet row without a rank.
    RankMissing,
    /// A rank that is not a number from 1 on.
    RankUnreadable,
    /// An interaction without a kind.
    KindMissing,
    /// A response that is neither yes nor no.
    ResponseUnreadable,
}

impl Reason {
    /// All reasons, in the order in which the first is chosen.
    pub const ALL: [Reason; 30] = [
        Reason::FieldCount,
        Reason::Encoding,
        Reason::Duplicate,
        Reason::Excluded,
        Reason::CustomerMissing,
        Reason::TimeMissing,
        Reason::TimeUnreadable,
        Reason::AmountMissing,
        Reason::AmountUnreadable,
        Reason::AmountNotFinite,
        Reason::AmountTooLarge,
        Reason::Cancellation,
        Reason::QuantityNegative,
        Reason::AmountNegative,
        Reason::PriceNegative,
        Reason::QuantityZero,
        Reason::PriceZero,
        Reason::AmountZero,
        Reason::CostMissing,
        Reason::CostUnreadable,
        Reason::CostNotFinite,
        Reason::CostTooLarge,
        Reason::CostNegative,
        Reason::CustomerRepeated,
        Reason::ProviderMissing,
        Reason::CategoryMissing,
        Reason::RankMissing,
        Reason::RankUnreadable,
        Reason::KindMissing,
        Reason::ResponseUnreadable,
    ];

    /// The code in `rejects.csv` and the manifest.
    pub fn code(self) -> &'static str {
        match self {
            Reason::FieldCount => "field_count",
            Reason::Encoding => "invalid_utf8",
            Reason::Duplicate => "duplicate",
            Reason::Excluded => "excluded",
            Reason::CustomerMissing => "customer_missing",
            Reason::TimeMissing => "time_missing",
            Reason::TimeUnreadable => "time_unreadable",
            Reason::AmountMissing => "amount_missing",
            Reason::AmountUnreadable => "amount_unreadable",
            Reason::AmountNotFinite => "amount_not_finite",
            Reason::AmountTooLarge => "amount_too_large",
            Reason::Cancellation => "cancellation",
            Reason::QuantityNegative => "quantity_negative",
            Reason::AmountNegative => "amount_negative",
            Reason::PriceNegative => "price_negative",
            Reason::QuantityZero => "quantity_zero",
            Reason::PriceZero => "price_zero",
            Reason::AmountZero => "amount_zero",
            Reason::CostMissing => "cost_missing",
            Reason::CostUnreadable => "cost_unreadable",
            Reason::CostNotFinite => "cost_not_finite",
            Reason::CostTooLarge => "cost_too_large",
            Reason::CostNegative => "cost_negative",
            Reason::CustomerRepeated => "customer_repeated",
            Reason::ProviderMissing => "provider_missing",
            Reason::CategoryMissing => "category_missing",
            Reason::RankMissing => "rank_missing",
            Reason::RankUnreadable => "rank_unreadable",
            Reason::KindMissing => "kind_missing",
            Reason::ResponseUnreadable => "response_unreadable",
        }
    }

    fn bit(self) -> u32 {
        1 << self as u8
    }
}

/// The reasons that one row meets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Reasons(pub u32);

impl Reasons {
    pub(super) fn add(&mut self, reason: Reason) {
        self.0 |= reason.bit();
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// In the order in which the first is chosen.
    pub(super) fn iter(self) -> impl Iterator<Item = Reason> {
        Reason::ALL.into_iter().filter(move |reason| self.0 & reason.bit() != 0)
    }
}

/// Longer rows are cut, with a mark that says so.
const TEXT_LIMIT: usize = 2_000;

/// Adds fields as one line of delimited text, quoted where needed; `write` adds one field and says
/// whether it might need quotes.
pub(super) fn write_row<T>(
    text: &mut String,
    delimiter: u8,
    fields: impl Iterator<Item = T>,
    write: impl Fn(T, &mut String) -> bool,
) {
    let begin = text.len();
    // No branch, no way out before the end: a vector loop.
    let special =
        |byte: u8| (byte == delimiter) | (byte == b'"') | (byte == b'\n') | (byte == b'\r');
    for (place, field) in fields.enumerate() {
        if place > 0 {
            text.push(char::from(delimiter));
        }
        let start = text.len();
        if write(field, text)
            && text.as_bytes()[start..].iter().fold(false, |any, &byte| any | special(byte))
        {
            let quoted = format!("\"{}\"", text[start..].replace('"', "\"\""));
            text.truncate(start);
            text.push_str(&quoted);
        }
        if text.len() - begin > TEXT_LIMIT {
            let cut = (0..=begin + TEXT_LIMIT).rev().find(|&at| text.is_char_boundary(at));
            text.truncate(cut.unwrap_or(begin));
            text.push_str("… (cut)");
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_quoted_and_cut_at_a_character() {
        let text = |fields: &[&str]| {
            let mut text = "the row before".to_owned();
            write_row(&mut text, b',', fields.iter(), |field, text| {
                text.push_str(field);
                true
            });
            text.split_off("the row before".len())
        };
        assert_eq!(text(&["a,b", "c\"d", "", "e;f"]), "\"a,b\",\"c\"\"d\",,e;f");
        let long = text(&["x", &"é".repeat(5_000), "y"]);
        assert_eq!(long.len(), TEXT_LIMIT + "… (cut)".len(), "an even number of bytes fits");
        assert!(long.ends_with("é… (cut)"));
    }

    #[test]
    fn codes_are_distinct_and_in_order() {
        let codes: std::collections::BTreeSet<_> = Reason::ALL.iter().map(|r| r.code()).collect();
        assert_eq!(codes.len(), Reason::ALL.len());
        assert!(Reason::ALL.is_sorted());
    }
}
