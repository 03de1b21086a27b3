//! Statistics and numbers in the words of a person, in English and Vietnamese: `0.256` of unit
//! share becomes `25.6%` and `25,6%`.
//!
//! Amounts of money carry no currency, as this room does not know it.

use super::rule::Statistic;
use crate::features::Unit;
use crate::types::Language;

/// English and Vietnamese words for the features that segtrail makes itself.
const FEATURES: &[(&str, &str, &str)] = &[
    ("recency_days", "days since last purchase", "số ngày từ lần mua cuối"),
    ("n_orders", "number of orders", "số đơn hàng"),
    ("n_purchase_days", "days with a purchase", "số ngày có mua hàng"),
    ("monetary_total", "total spend", "tổng chi tiêu"),
    ("monetary_mean", "spend per order", "chi tiêu mỗi đơn hàng"),
    ("rows_per_order", "rows per order", "số dòng mỗi đơn hàng"),
    ("tenure_days", "days since first purchase", "số ngày từ lần mua đầu"),
    ("gap_mean_days", "days between purchases", "số ngày giữa hai lần mua"),
    ("gap_cv", "irregularity of purchases", "độ thất thường của nhịp mua"),
    ("last_gap_days", "days between the last two purchases", "số ngày giữa hai lần mua gần nhất"),
    ("recency_ratio", "silence against own rhythm", "thời gian vắng so với nhịp mua riêng"),
    ("r_score", "recency score", "điểm mua gần đây"),
    ("f_score", "frequency score", "điểm tần suất mua"),
    ("m_score", "spend score", "điểm chi tiêu"),
    ("p_active", "probability of being active", "xác suất còn hoạt động"),
    ("past_customer_value", "past customer value", "giá trị đã mang lại"),
    ("p_alive", "probability of being a customer still", "xác suất vẫn còn là khách hàng"),
    ("expected_orders", "expected orders", "số đơn hàng dự kiến"),
    ("expected_orders_low", "expected orders, lower bound", "số đơn hàng dự kiến, cận dưới"),
    ("expected_orders_high", "expected orders, upper bound", "số đơn hàng dự kiến, cận trên"),
    ("expected_order_value", "expected spend per order", "chi tiêu dự kiến mỗi đơn hàng"),
    ("expected_spend", "expected spend", "chi tiêu dự kiến"),
    ("clv", "customer lifetime value", "giá trị vòng đời khách hàng"),
    ("residual_value", "value without end", "giá trị còn lại về lâu dài"),
    ("n_returns", "number of returns", "số lần trả hàng"),
    ("returns_total", "value of returns", "giá trị hàng trả lại"),
    ("size_of_wallet", "size of wallet", "tổng chi cho ngành hàng"),
    ("share_of_wallet", "share of wallet", "tỷ trọng trong tổng chi"),
    ("share_of_wallet_low", "share of wallet, lower limit", "tỷ trọng trong tổng chi, cận dưới"),
    ("share_of_wallet_high", "share of wallet, upper limit", "tỷ trọng trong tổng chi, cận trên"),
    ("wallet_opportunity", "spend still to be won", "phần chi tiêu còn có thể giành được"),
    ("weighted_rfm", "weighted RFM score", "điểm RFM có trọng số"),
    ("response_rfm", "RFM score by response", "điểm RFM theo mức phản hồi"),
    ("n_interactions", "number of interactions", "số lần tương tác"),
    ("interactions_recency_days", "days since last interaction", "số ngày từ lần tương tác cuối"),
    ("interactions_trend", "trend of interactions", "xu hướng tương tác"),
    ("n_complaints", "number of complaints", "số lần khiếu nại"),
    ("complaint_recency_days", "days since last complaint", "số ngày từ lần khiếu nại cuối"),
    ("complaint", "has complained", "đã từng khiếu nại"),
];

/// A feature in words; a feature not known here keeps its name.
pub(super) fn feature(name: &str, language: Language) -> &str {
    match (FEATURES.iter().find(|(known, ..)| *known == name), language) {
        (Some((_, en, _)), Language::En) => en,
        (Some((.., vi)), Language::Vi) => vi,
        (None, _) => name,
    }
}

/// A statistic in words, without its value.
pub(super) fn statistic(statistic: &Statistic, language: Language) -> String {
    let words = |name: &str| feature(name, language).to_owned();
    match (statistic, language) {
        (Statistic::Customers, Language::En) => "customers".into(),
        (Statistic::Customers, Language::Vi) => "số khách hàng".into(),
        (Statistic::ShareOfCustomers, Language::En) => "share of customers".into(),
        (Statistic::ShareOfCustomers, Language::Vi) => "tỷ lệ khách hàng".into(),
        (Statistic::ShareOfRevenue, Language::En) => "share of revenue".into(),
        (Statistic::ShareOfRevenue, Language::Vi) => "tỷ trọng doanh thu".into(),
        (Statistic::Median(name), Language::En) => format!("median {}", words(name)),
        (Statistic::Median(name), Language::Vi) => format!("trung vị {}", words(name)),
        (Statistic::Mean(name), Language::En) => format!("mean {}", words(name)),
        (Statistic::Mean(name), Language::Vi) => format!("{} trung bình", words(name)),
        (Statistic::PopulationMedian(name), Language::En) => {
            format!("all customers' median {}", words(name))
        }
        (Statistic::PopulationMedian(name), Language::Vi) => {
            format!("trung vị {} của toàn bộ khách hàng", words(name))
        }
        (Statistic::PopulationMean(name), Language::En) => {
            format!("all customers' mean {}", words(name))
        }
        (Statistic::PopulationMean(name), Language::Vi) => {
            format!("{} trung bình của toàn bộ khách hàng", words(name))
        }
        (Statistic::Percentile { feature, percent }, Language::En) => {
            format!("all customers' {}, {} percentile", words(feature), ordinal(*percent))
        }
        (Statistic::Percentile { feature, percent }, Language::Vi) => {
            format!("phân vị {percent}% của {} trong toàn bộ khách hàng", words(feature))
        }
    }
}

fn ordinal(number: u8) -> String {
    let ending = match (number % 10, number / 10) {
        (1, tens) if tens != 1 => "st",
        (2, tens) if tens != 1 => "nd",
        (3, tens) if tens != 1 => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
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
        let shown = [1, 2, 3, 4, 11, 12, 13, 21, 92].map(ordinal);
        assert_eq!(shown, ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "92nd"]);
    }
}
