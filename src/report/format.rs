//! Figures for people: `1,234.5` in English, `1.234,5` in Vietnamese; money with its currency;
//! dates; a dash for what is not defined.

use jiff::civil::Date;

use crate::features::Unit;
use crate::types::{Currency, Language};

/// Shown where a figure is not defined.
pub(super) const NONE: &str = "–";

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Language and currency of all figures of a page.
#[derive(Clone, Debug)]
pub(super) struct Format {
    pub(super) language: Language,
    pub(super) currency: Currency,
}

impl Format {
    /// Thousands and decimal separators.
    fn separators(&self) -> (char, char) {
        match self.language {
            Language::En => (',', '.'),
            Language::Vi => ('.', ','),
        }
    }

    /// A whole number.
    pub(super) fn count(&self, value: impl TryInto<u64>) -> String {
        let value: u64 = value.try_into().unwrap_or(u64::MAX);
        self.group(&value.to_string())
    }

    fn group(&self, digits: &str) -> String {
        let (thousands, _) = self.separators();
        let mut out = String::with_capacity(digits.len() * 4 / 3 + 1);
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                out.push(thousands);
            }
            out.push(digit);
        }
        out
    }

    /// A number with exactly `decimals` decimals; from 10^15 on in powers of ten.
    pub(super) fn decimal(&self, value: f64, decimals: usize) -> String {
        if !value.is_finite() {
            return NONE.into();
        }
        let (_, point) = self.separators();
        let magnitude = value.abs();
        let text = if magnitude >= 1e15 {
            let scientific = format!("{magnitude:.2e}");
            let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
            format!("{}×10^{exponent}", mantissa.replace('.', &point.to_string()))
        } else {
            let fixed = format!("{magnitude:.decimals$}");
            match fixed.split_once('.') {
                Some((whole, fraction)) => format!("{}{point}{fraction}", self.group(whole)),
                None => self.group(&fixed),
            }
        };
        let is_zero = !text.chars().any(|c| ('1'..='9').contains(&c));
        if value < 0.0 && !is_zero { format!("−{text}") } else { text }
    }

    /// A number with a sign: `+0.42`, `−0.42`, `0.00`.
    pub(super) fn signed(&self, value: f64, decimals: usize) -> String {
        let text = self.decimal(value, decimals);
        let is_zero = !text.chars().any(|c| ('1'..='9').contains(&c));
        if value > 0.0 && !is_zero { format!("+{text}") } else { text }
    }

    /// A number to so many digits that mean something: with four `10.58`, `0.007986`; far from 1
    /// as [`Format::power`].
    pub(super) fn significant(&self, value: f64, digits: i32) -> String {
        if value == 0.0 || !value.is_finite() {
            return self.decimal(value, 0);
        }
        let power = value.abs().log10().floor() as i32;
        if (-4..15).contains(&power) {
            return self.decimal(value, (digits - 1 - power).max(0) as usize);
        }
        self.power(value)
    }

    /// A number as its first two digits and a power of ten, as for a gradient.
    pub(super) fn power(&self, value: f64) -> String {
        if value == 0.0 || !value.is_finite() {
            return self.decimal(value, 0);
        }
        let scientific = format!("{:.1e}", value.abs());
        let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
        let (_, point) = self.separators();
        let sign = if value < 0.0 { "−" } else { "" };
        let exponent = exponent.replace('-', "−");
        format!("{sign}{}×10^{exponent}", mantissa.replace('.', &point.to_string()))
    }

    /// A share as a percentage with `decimals` decimals, none of them a trailing zero.
    pub(super) fn rate(&self, share: f64, decimals: usize) -> String {
        let text = self.decimal(share * 100.0, decimals);
        let (_, point) = self.separators();
        match text.contains(point) && !text.contains('×') {
            true => format!("{}%", text.trim_end_matches('0').trim_end_matches(point)),
            false if share.is_finite() => format!("{text}%"),
            false => text,
        }
    }

    /// A difference as a percentage with a sign and one decimal: `+3.2%`.
    pub(super) fn signed_percent(&self, share: f64) -> String {
        if share.is_finite() { format!("{}%", self.signed(share * 100.0, 1)) } else { NONE.into() }
    }

    /// A share in [0, 1] as a percentage with one decimal.
    pub(super) fn percent(&self, share: f64) -> String {
        if share.is_finite() { format!("{}%", self.decimal(share * 100.0, 1)) } else { NONE.into() }
    }

    /// A share that may be undefined.
    pub(super) fn percent_or_none(&self, share: Option<f64>) -> String {
        share.map_or_else(|| NONE.into(), |share| self.percent(share))
    }

    /// An amount without its currency, as in a column whose head names it.
    pub(super) fn amount(&self, value: f64) -> String {
        self.decimal(value, self.currency.decimals())
    }

    /// An amount with its currency.
    pub(super) fn money(&self, value: f64) -> String {
        self.with_currency(value, self.currency.decimals())
    }

    fn with_currency(&self, value: f64, decimals: usize) -> String {
        let amount = self.decimal(value, decimals);
        match self.language {
            _ if !value.is_finite() => amount,
            Language::En => format!("{} {amount}", self.currency.0),
            Language::Vi => format!("{amount} {}", self.currency.0),
        }
    }

    /// An amount with its currency as a headline: without decimals from a thousand on, which would
    /// not fit, and claim more than a forecast knows.
    pub(super) fn headline(&self, value: f64) -> String {
        let decimals = if value.abs() < 1_000.0 { self.currency.decimals() } else { 0 };
        self.with_currency(value, decimals)
    }

    /// A feature's figure by its unit; money without the currency. Decimals only where there
    /// is something behind the point, or where the unit always has them.
    pub(super) fn value(&self, value: f64, unit: Unit) -> String {
        let short = |most: usize| {
            let decimals = if value.fract().abs() < 1e-9 { 0 } else { most };
            self.decimal(value, decimals)
        };
        match unit {
            Unit::Money => self.amount(value),
            Unit::Share => self.percent(value),
            Unit::Days | Unit::Count | Unit::Score => short(1),
            Unit::Ratio | Unit::Attribute => short(2),
        }
    }

    /// A date in words (English) or as day/month/year (Vietnamese).
    pub(super) fn date(&self, date: Date) -> String {
        match self.language {
            Language::En => {
                let month = MONTHS[usize::from(date.month().unsigned_abs()) - 1];
                format!("{} {month} {}", date.day(), date.year())
            }
            Language::Vi => format!("{:02}/{:02}/{}", date.day(), date.month(), date.year()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(language: Language, currency: &str) -> Format {
        Format { language, currency: Currency(currency.into()) }
    }

    #[test]
    fn numbers_follow_the_language() {
        let (en, vi) = (format(Language::En, "USD"), format(Language::Vi, "VND"));
        assert_eq!(en.count(1_234_567_u64), "1,234,567");
        assert_eq!(vi.count(1_234_567_u64), "1.234.567");
        assert_eq!(en.count(12_usize), "12");
        assert_eq!(en.money(1234.5), "USD 1,234.50");
        assert_eq!(vi.money(1234567.0), "1.234.567 VND");
        assert_eq!(en.headline(1234.56), "USD 1,235");
        assert_eq!(en.headline(34.56), "USD 34.56");
        assert_eq!(vi.decimal(1234.5, 1), "1.234,5");
        assert_eq!(vi.percent(0.1234), "12,3%");
    }

    #[test]
    fn signs_and_zeros() {
        let en = format(Language::En, "USD");
        assert_eq!(en.decimal(-0.001, 2), "0.00");
        assert_eq!(en.decimal(-1234.567, 2), "−1,234.57");
        assert_eq!(en.signed(0.5, 1), "+0.5");
        assert_eq!(en.signed(0.001, 2), "0.00");
        assert_eq!(en.signed(-0.5, 1), "−0.5");
    }

    #[test]
    fn what_is_not_a_figure_and_what_is_too_long() {
        let en = format(Language::En, "USD");
        assert_eq!(en.decimal(f64::NAN, 2), NONE);
        assert_eq!(en.percent(f64::INFINITY), NONE);
        assert_eq!(en.money(f64::NAN), NONE);
        assert_eq!(en.decimal(-1.5e300, 0), "−1.50×10^300");
    }

    #[test]
    fn digits_that_mean_something() {
        let (en, vi) = (format(Language::En, "USD"), format(Language::Vi, "VND"));
        assert_eq!(en.significant(10.5781, 4), "10.58");
        assert_eq!(en.significant(0.007_985_65, 4), "0.007986");
        assert_eq!(en.significant(-123_456.0, 4), "−123,456");
        assert_eq!(vi.significant(0.553_4, 4), "0,5534");
        assert_eq!(en.significant(3.14e-9, 4), "3.1×10^−9");
        assert_eq!(en.significant(0.0, 4), "0");
        assert_eq!(vi.power(-1234.0), "−1,2×10^3");
        assert_eq!(en.power(f64::NAN), NONE);
    }

    #[test]
    fn rates_and_differences() {
        let (en, vi) = (format(Language::En, "USD"), format(Language::Vi, "VND"));
        assert_eq!(en.rate(0.10, 3), "10%");
        assert_eq!(vi.rate(0.007_974, 3), "0,797%");
        assert_eq!(en.rate(1.0, 3), "100%");
        assert_eq!(en.rate(0.0, 3), "0%");
        assert_eq!(en.rate(0.05, 0), "5%");
        assert_eq!(en.rate(f64::NAN, 3), NONE);
        assert_eq!(en.signed_percent(0.0321), "+3.2%");
        assert_eq!(en.signed_percent(-0.251), "−25.1%");
        assert_eq!(vi.signed_percent(0.0001), "0,0%");
    }

    #[test]
    fn units_and_dates() {
        let (en, vi) = (format(Language::En, "GBP"), format(Language::Vi, "VND"));
        assert_eq!(en.value(12.0, Unit::Days), "12");
        assert_eq!(en.value(12.5, Unit::Days), "12.5");
        assert_eq!(en.value(0.25, Unit::Share), "25.0%");
        assert_eq!(en.value(3.0, Unit::Money), "3.00");
        let date = Date::constant(2017, 12, 1);
        assert_eq!(en.date(date), "1 December 2017");
        assert_eq!(vi.date(date), "01/12/2017");
    }
}
