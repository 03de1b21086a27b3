//! Statistics and numbers in the words of a person, in English and Vietnamese: `0.256` of unit
//! share becomes `25.6%` and `25,6%`.
//!
//! Amounts of money in rules carry no currency, as a taxonomy does not know it.

use super::rule::{Condition, Percent, Quantity, Rule, Statistic, Ties};
use super::vocabulary;
use crate::features::Unit;
use crate::types::{Bilingual, Currency, Language};

/// The language, and the names that measures have in it.
#[derive(Clone, Copy)]
pub(super) struct Words<'a> {
    pub(super) language: Language,
    pub(super) measure: &'a dyn Fn(&str) -> Option<&'a Bilingual>,
}

impl Words<'_> {
    pub(super) fn say(&self, en: &'static str, vi: &'static str) -> &'static str {
        match self.language {
            Language::En => en,
            Language::Vi => vi,
        }
    }

    /// A feature or a measure.
    pub(super) fn feature(&self, name: &str) -> String {
        match (self.measure)(name) {
            Some(words) => words.get(self.language).to_owned(),
            None => vocabulary::feature(name, self.language).to_owned(),
        }
    }

    /// A statistic, without its value.
    pub(super) fn statistic(&self, statistic: &Statistic) -> String {
        let words = |name: &str| self.feature(name);
        let english = self.language == Language::En;
        match statistic {
            Statistic::Customers => self.say("customers", "số khách hàng").into(),
            Statistic::ShareOfCustomers => {
                self.say("share of customers", "tỷ lệ khách hàng").into()
            }
            Statistic::ShareOfRevenue => self.say("share of revenue", "tỷ trọng doanh thu").into(),
            Statistic::ShareOf(name) if english => format!("share of all {}", words(name)),
            Statistic::ShareOf(name) => format!("tỷ trọng trong toàn bộ {}", words(name)),
            Statistic::Share(rule) if english => {
                format!("share of customers with {}", self.condition(rule, rule.condition()))
            }
            Statistic::Share(rule) => {
                format!("tỷ lệ khách hàng có {}", self.condition(rule, rule.condition()))
            }
            Statistic::PopulationShare(rule) if english => {
                format!("share of all customers with {}", self.condition(rule, rule.condition()))
            }
            Statistic::PopulationShare(rule) => format!(
                "tỷ lệ trong toàn bộ khách hàng có {}",
                self.condition(rule, rule.condition())
            ),
            Statistic::Median(name) if english => format!("median {}", words(name)),
            Statistic::Median(name) => format!("trung vị {}", words(name)),
            Statistic::Mean(name) if english => format!("mean {}", words(name)),
            Statistic::Mean(name) => format!("{} trung bình", words(name)),
            Statistic::PopulationMedian(name) if english => {
                format!("all customers' median {}", words(name))
            }
            Statistic::PopulationMedian(name) => {
                format!("trung vị {} của toàn bộ khách hàng", words(name))
            }
            Statistic::PopulationMean(name) if english => {
                format!("all customers' mean {}", words(name))
            }
            Statistic::PopulationMean(name) => {
                format!("{} trung bình của toàn bộ khách hàng", words(name))
            }
            Statistic::Percentile { feature, percent } if english => {
                format!("all customers' {}, {} percentile", words(feature), ordinal(*percent))
            }
            Statistic::Percentile { feature, percent } => format!(
                "phân vị {}% của {} trong toàn bộ khách hàng",
                plain(f64::from(percent.thousandths()) / 1000.0, self.language),
                words(feature)
            ),
            Statistic::Own(name) | Statistic::Text { feature: name, .. } => words(name),
            Statistic::Known(name) if english => format!("{} known", words(name)),
            Statistic::Known(name) => format!("có số liệu {}", words(name)),
            Statistic::Rank { by, share, ties, .. } => {
                let by = self.quantity(by.statistics(), by.quantity());
                let ties = match ties {
                    Ties::ById => "",
                    Ties::Together => self.say(", ties together", ", đồng hạng tính chung"),
                };
                match (english, share) {
                    (true, true) => format!("place from the top by {by}, as a share{ties}"),
                    (true, false) => format!("place from the top by {by}{ties}"),
                    (false, true) => {
                        format!("thứ hạng từ trên xuống theo {by}, tính theo tỷ lệ{ties}")
                    }
                    (false, false) => format!("thứ hạng từ trên xuống theo {by}{ties}"),
                }
            }
        }
    }

    /// A rule about one customer, without values.
    fn condition(&self, rule: &Rule, part: &Condition) -> String {
        let join = |parts: &[Condition], between: &str| {
            let parts: Vec<String> = parts.iter().map(|part| self.condition(rule, part)).collect();
            parts.join(between)
        };
        match part {
            Condition::Constant(true) => self.say("always", "luôn đúng").into(),
            Condition::Constant(false) => self.say("never", "không bao giờ").into(),
            Condition::Not(inner) => {
                format!("{}({})", self.say("not ", "không phải "), self.condition(rule, inner))
            }
            Condition::All(parts) => join(parts, self.say(" and ", " và ")),
            Condition::Any(parts) => format!("({})", join(parts, self.say(" or ", " hoặc "))),
            Condition::Flag(index) => match &rule.statistics()[*index] {
                Statistic::Text { feature, values, negated } => {
                    let sign = if *negated { "≠" } else { "=" };
                    format!("{} {sign} {}", self.feature(feature), self.values(feature, values))
                }
                other => self.statistic(other),
            },
            Condition::Compare { left, comparator, right } => format!(
                "{} {comparator} {}",
                self.quantity(rule.statistics(), left),
                self.quantity(rule.statistics(), right)
            ),
        }
    }

    /// `a`, or `a or b`.
    pub(super) fn values(&self, feature: &str, values: &[String]) -> String {
        let words = |value: &String| vocabulary::value(feature, value, self.language).into_owned();
        values.iter().map(words).collect::<Vec<_>>().join(self.say(" or ", " hoặc "))
    }

    fn quantity(&self, statistics: &[Statistic], quantity: &Quantity) -> String {
        match quantity {
            Quantity::Number(value) => plain(*value, self.language),
            Quantity::Statistic(index) => self.statistic(&statistics[*index]),
            Quantity::Negated(inner) => format!("−{}", self.quantity(statistics, inner)),
            Quantity::Combined { left, arithmetic, right } => format!(
                "({} {arithmetic} {})",
                self.quantity(statistics, left),
                self.quantity(statistics, right)
            ),
        }
    }
}

fn ordinal(percent: Percent) -> String {
    let thousandths = percent.thousandths();
    let number = thousandths / 1000;
    let ending = match (number % 10, number / 10) {
        _ if !thousandths.is_multiple_of(1000) => "th",
        (1, tens) if tens != 1 => "st",
        (2, tens) if tens != 1 => "nd",
        (3, tens) if tens != 1 => "rd",
        _ => "th",
    };
    format!("{percent}{ending}")
}

/// Decimals that a figure of `unit` is shown with, of the percentage for a share.
pub(super) fn decimals(value: f64, unit: Unit) -> usize {
    match unit {
        Unit::Score | Unit::Ratio | Unit::Share => 1,
        Unit::Money => {
            if value.abs() < 1000.0 {
                2
            } else {
                0
            }
        }
        Unit::Days | Unit::Count | Unit::Attribute => {
            usize::from(value.abs() < 100.0 && value.fract() != 0.0)
        }
    }
}

/// The number that is read when `value` is shown with `decimals`.
pub(super) fn rounded(value: f64, unit: Unit, decimals: usize) -> f64 {
    let scale = 10_f64.powi(decimals as i32) * if unit == Unit::Share { 100.0 } else { 1.0 };
    (value * scale).round() / scale
}

/// `value` with `decimals`, separators as the language has them, percent for a share.
pub(super) fn figure(value: f64, unit: Unit, decimals: usize, language: Language) -> String {
    // Rounds half away from zero like `rounded`, where `format!` alone rounds half to even.
    let value = rounded(value, unit, decimals);
    if unit == Unit::Share {
        return separated(&format!("{:.decimals$}", value * 100.0), language) + "%";
    }
    separated(&format!("{value:.decimals$}"), language)
}

/// A figure as a reader expects it: money with its currency.
pub fn in_words(value: f64, unit: Unit, currency: &Currency, language: Language) -> String {
    match unit {
        Unit::Money => {
            let decimals = currency.decimals().min(decimals(value, unit));
            format!("{} {}", figure(value, unit, decimals, language), currency.0)
        }
        _ => figure(value, unit, decimals(value, unit), language),
    }
}

/// A number as written in a rule.
pub(super) fn plain(value: f64, language: Language) -> String {
    separated(&value.to_string(), language)
}

/// `-1234.5` -> `-1,234.5` or `-1.234,5`.
fn separated(digits: &str, language: Language) -> String {
    let (group, point) = match language {
        Language::En => (',', '.'),
        Language::Vi => ('.', ','),
    };
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut shown = sign.to_owned();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            shown.push(group);
        }
        shown.push(digit);
    }
    if !fraction.is_empty() {
        shown.push(point);
        shown += fraction;
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_each_language_writes_them() {
        let both = |value, unit, decimals| {
            [Language::En, Language::Vi].map(|language| figure(value, unit, decimals, language))
        };
        assert_eq!(both(1_234_567.5, Unit::Money, 0), ["1,234,568", "1.234.568"]);
        assert_eq!(both(-1234.5, Unit::Money, 2), ["-1,234.50", "-1.234,50"]);
        assert_eq!(both(0.2345, Unit::Share, 1), ["23.5%", "23,5%"]);
        assert_eq!(both(999.0, Unit::Days, 0), ["999", "999"]);
        assert_eq!(plain(0.25, Language::Vi), "0,25");
    }

    #[test]
    fn ordinals() {
        let shown = [1, 2, 3, 4, 11, 12, 13, 21, 92].map(|n| ordinal(Percent(n * 1000)));
        assert_eq!(shown, ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "92nd"]);
    }
}
