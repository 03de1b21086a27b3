//! Refused rows: where each stands, every reason that it meets, its text.
//!
//! The reasons of a row are found independently of each other, so the count of rows that meet
//! one (`matching`) does not depend on the order in which policies are applied; the first of
//! them, in the order of [`Reason`], is the one it is refused for.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::run::RejectCount;
use crate::types::AsOf;

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
pub(super) struct Reasons(u32);

impl Reasons {
    pub(super) fn add(&mut self, reason: Reason) {
        self.0 |= reason.bit();
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    fn iter(self) -> impl Iterator<Item = Reason> {
        Reason::ALL.into_iter().filter(move |reason| self.0 & reason.bit() != 0)
    }
}

/// The refused rows of all input files.
#[derive(Debug, Default)]
pub struct RejectLog {
    /// Section of the configuration and name.
    files: Vec<(&'static str, String)>,
    entries: Vec<Entry>,
    text: String,
}

#[derive(Debug)]
struct Entry {
    line: u64,
    text_end: usize,
    /// Day of the row where it has one: rows after a run's date are no business of that run.
    day: Option<i32>,
    reasons: Reasons,
    file: u32,
}

/// One refused row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject<'a> {
    /// File as the manifest names it.
    pub file: &'a str,
    /// Line (CSV, header included) or row (Parquet).
    pub line: u64,
    /// The reason it is refused for.
    pub reason: Reason,
    /// Further reasons that it meets.
    pub also: Vec<Reason>,
    /// The row.
    pub text: &'a str,
}

impl RejectLog {
    pub(super) fn begin_file(&mut self, table: &'static str, name: &str) {
        self.files.push((table, name.to_owned()));
    }

    pub(super) fn push(&mut self, line: u64, reasons: Reasons, day: Option<i32>, text: &str) {
        self.text.push_str(text);
        self.entries.push(Entry {
            line,
            text_end: self.text.len(),
            day,
            reasons,
            file: self.files.len().saturating_sub(1) as u32,
        });
    }

    fn until(&self, as_of: AsOf) -> impl Iterator<Item = (usize, &Entry)> {
        let last = as_of.days();
        self.entries
            .iter()
            .enumerate()
            .filter(move |(_, entry)| entry.day.is_none_or(|day| day <= last))
    }

    /// The refused rows that are not dated after `as_of`, in file order.
    pub fn rejects(&self, as_of: AsOf) -> impl Iterator<Item = Reject<'_>> {
        self.until(as_of).filter_map(|(place, entry)| {
            let start = if place == 0 { 0 } else { self.entries[place - 1].text_end };
            let mut reasons = entry.reasons.iter();
            Some(Reject {
                file: &self.files[entry.file as usize].1,
                line: entry.line,
                reason: reasons.next()?,
                also: reasons.collect(),
                text: &self.text[start..entry.text_end],
            })
        })
    }

    /// Refused rows of the files of `table` by reason, and how many there are, for rows not
    /// dated after `as_of`.
    pub fn counts(&self, table: &str, as_of: AsOf) -> (BTreeMap<String, RejectCount>, u64) {
        let mut counts = BTreeMap::<String, RejectCount>::new();
        let mut by_reasons = std::collections::HashMap::<u32, u64>::new();
        for (_, entry) in self.until(as_of) {
            if self.files[entry.file as usize].0 == table {
                *by_reasons.entry(entry.reasons.0).or_default() += 1;
            }
        }
        let total = by_reasons.values().sum();
        for (mask, rows) in by_reasons {
            for (place, reason) in Reasons(mask).iter().enumerate() {
                let count = counts.entry(reason.code().into()).or_default();
                count.matching += rows;
                if place == 0 {
                    count.rows += rows;
                }
            }
        }
        (counts, total)
    }
}

/// Longer rows are cut, with a mark that says so.
const TEXT_LIMIT: usize = 2_000;

/// Fields -> one line of delimited text, quoted where needed.
pub(super) fn row_text<'a>(fields: impl Iterator<Item = Cow<'a, str>>, delimiter: char) -> String {
    let mut text = String::new();
    for (place, field) in fields.enumerate() {
        if place > 0 {
            text.push(delimiter);
        }
        if field.contains([delimiter, '"', '\n', '\r']) {
            text.push('"');
            text.push_str(&field.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(&field);
        }
        if text.len() > TEXT_LIMIT {
            let end = (0..=TEXT_LIMIT).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
            text.truncate(end);
            text.push_str("… (cut)");
            break;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_row_counts_once_by_its_first_reason_and_everywhere_as_matching() {
        let mut log = RejectLog::default();
        log.begin_file("transactions", "a.csv");
        let mut both = Reasons::default();
        both.add(Reason::PriceZero);
        both.add(Reason::CustomerMissing);
        log.push(2, both, None, "x");
        let mut one = Reasons::default();
        one.add(Reason::PriceZero);
        log.push(3, one, Some(crate::types::days_since_epoch(date(2020, 1, 2))), "y");

        let (counts, total) = log.counts("transactions", AsOf(date(2020, 1, 2)));
        assert_eq!(total, 2);
        assert_eq!(counts["customer_missing"], RejectCount { rows: 1, matching: 1 });
        assert_eq!(counts["price_zero"], RejectCount { rows: 1, matching: 2 });

        let before: Vec<_> = log.rejects(AsOf(date(2020, 1, 1))).collect();
        assert_eq!(before.len(), 1, "a row dated after as_of does not appear");
        assert_eq!(before[0].text, "x");
        assert_eq!(before[0].also, [Reason::PriceZero]);
    }

    #[test]
    fn text_is_quoted_and_cut_at_a_character() {
        let fields = |list: Vec<String>| list.into_iter().map(Cow::Owned);
        assert_eq!(row_text(fields(vec!["a,b".into(), "c\"d".into()]), ','), "\"a,b\",\"c\"\"d\"");
        let long = row_text(fields(vec!["é".repeat(5_000)]), ',');
        assert!(long.len() < TEXT_LIMIT + 20 && long.ends_with("… (cut)"));
    }

    #[test]
    fn codes_are_distinct_and_in_order() {
        let codes: std::collections::BTreeSet<_> = Reason::ALL.iter().map(|r| r.code()).collect();
        assert_eq!(codes.len(), Reason::ALL.len());
        assert!(Reason::ALL.is_sorted());
    }
}
