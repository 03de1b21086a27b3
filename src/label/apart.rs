//! Profiles of all buyers and of each segment -> the features that set each segment most apart, as
//! a sentence in English and Vietnamese: "buy every 9 days where the typical customer takes 31".
//!
//! How far a segment stands apart by a feature is its median less that of all buyers, in spreads
//! of buyers: the interquartile range over that of a standard normal, which outliers do not move,
//! and the standard deviation where that range is 0. Features that tell the same story are of one
//! family ([`PHRASES`]), of which the one farthest apart speaks. A feature that fewer than half of
//! the segment's customers have is left out. Scores and bounds of intervals are, too: they are in no
//! unit of the business. Says nothing about why a segment is as it is.

use serde::{Deserialize, Serialize};

use super::Profile;
use super::profile::percentile;
use super::rule::Percent;
use super::vocabulary;
use super::words;
use crate::features::{FeatureColumn, FeatureTable, Unit};
use crate::types::{Bilingual, Currency, Language};

/// Features that a segment is told by.
const MOST: usize = 3;
/// Interquartile range of a standard normal distribution.
const NORMAL_IQR: f64 = 1.348_979_500_392_163_5;
/// More decimals than this are not tried to tell two figures apart.
const MORE_DECIMALS: usize = 6;

/// What sets a segment apart from all buyers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SetApart {
    /// At most three, the farthest apart first; none where it is like all.
    pub features: Vec<ApartFeature>,
    /// All of them in a sentence.
    pub sentence: Bilingual,
}

/// One feature by which a segment differs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ApartFeature {
    /// The column.
    pub feature: String,
    /// Median of the segment's customers, in business units.
    pub value: f64,
    /// Median of all buyers.
    pub typical: f64,
    /// `value` less `typical`, in spreads of all buyers.
    pub difference: f64,
}

/// How a feature is put in words: column, family, English, Vietnamese. `{a}` is the segment's
/// figure, `{b}` everybody's; `{a:day}` is followed by the noun, in the plural unless it is one.
#[rustfmt::skip]
const PHRASES: &[(&str, &str, &str, &str)] = &[
    ("recency_days", "silence", "last bought {a:day} ago where the typical customer did {b:day} ago", "mua lần cuối cách đây {a} ngày, trong khi khách điển hình là {b} ngày"),
    ("recency_ratio", "silence", "have been silent for {a} times their usual gap where the typical customer has for {b}", "đã vắng {a} lần khoảng cách mua thường lệ, trong khi khách điển hình là {b} lần"),
    ("p_active", "silence", "have a chance of {a} of being active still where the typical customer’s is {b}", "còn hoạt động với xác suất {a}, trong khi khách điển hình là {b}"),
    ("p_alive", "silence", "have a chance of {a} of being customers still where the typical customer’s is {b}", "vẫn còn là khách hàng với xác suất {a}, trong khi khách điển hình là {b}"),
    ("gap_mean_days", "rhythm", "buy every {a:day} where the typical customer takes {b}", "cứ {a} ngày mua một lần, trong khi khách điển hình là {b} ngày"),
    ("last_gap_days", "rhythm", "let {a:day} pass between their last two purchases where the typical customer let {b}", "hai lần mua gần nhất cách nhau {a} ngày, trong khi khách điển hình là {b} ngày"),
    ("gap_cv", "regularity", "buy with an irregularity of {a} (0 is clockwork) where the typical customer’s is {b}", "nhịp mua có độ thất thường {a} (0 là đều đặn), trong khi khách điển hình là {b}"),
    ("n_orders", "orders", "have placed {a:order} where the typical customer has placed {b}", "đã đặt {a} đơn hàng, trong khi khách điển hình đặt {b} đơn"),
    ("n_purchase_days", "orders", "have bought on {a:day} where the typical customer has on {b}", "đã mua trong {a} ngày, trong khi khách điển hình là {b} ngày"),
    ("monetary_total", "spend", "have spent {a} where the typical customer has spent {b}", "đã chi {a}, trong khi khách điển hình chi {b}"),
    ("margin_total", "spend", "have brought a margin of {a} where the typical customer has brought {b}", "đã mang lại lợi nhuận gộp {a}, trong khi khách điển hình là {b}"),
    ("past_customer_value", "spend", "have been worth {a} so far where the typical customer has been worth {b}", "đã mang lại giá trị {a}, trong khi khách điển hình là {b}"),
    ("monetary_mean", "basket", "spend {a} an order where the typical customer spends {b}", "chi {a} mỗi đơn hàng, trong khi khách điển hình chi {b}"),
    ("expected_order_value", "basket", "are expected to spend {a} an order where the typical customer is to spend {b}", "dự kiến chi {a} mỗi đơn hàng, trong khi khách điển hình là {b}"),
    ("rows_per_order", "lines", "have {a:line} on an order where the typical customer has {b}", "mỗi đơn có {a} dòng hàng, trong khi khách điển hình có {b} dòng"),
    ("tenure_days", "tenure", "first bought {a:day} ago where the typical customer did {b:day} ago", "mua lần đầu cách đây {a} ngày, trong khi khách điển hình là {b} ngày"),
    ("known_days", "tenure", "have been known for {a:day} where the typical customer has for {b}", "được biết đến từ {a} ngày trước, trong khi khách điển hình là {b} ngày"),
    ("expected_orders", "future", "are expected to place {a:order} over the forecast where the typical customer is to place {b}", "dự kiến đặt {a} đơn hàng trong kỳ dự báo, trong khi khách điển hình là {b} đơn"),
    ("expected_spend", "future", "are expected to spend {a} over the forecast where the typical customer is to spend {b}", "dự kiến chi {a} trong kỳ dự báo, trong khi khách điển hình là {b}"),
    ("clv", "future", "have a lifetime value of {a} where the typical customer has {b}", "có giá trị vòng đời {a}, trong khi khách điển hình là {b}"),
    ("residual_value", "future", "have a value of {a} in the long run where the typical customer has {b}", "có giá trị còn lại về lâu dài {a}, trong khi khách điển hình là {b}"),
    ("n_returns", "returns", "have returned goods {a:time} where the typical customer has {b:time}", "đã trả hàng {a} lần, trong khi khách điển hình là {b} lần"),
    ("returns_total", "returns", "have returned goods worth {a} where the typical customer has returned {b}", "đã trả lại hàng trị giá {a}, trong khi khách điển hình là {b}"),
    ("share_of_wallet", "share of wallet", "spend {a} of their wallet here where the typical customer spends {b}", "dành {a} tổng chi cho ngành hàng ở đây, trong khi khách điển hình là {b}"),
    ("size_of_wallet", "wallet", "spend {a} on the category everywhere where the typical customer spends {b}", "chi cho ngành hàng {a} ở mọi nơi, trong khi khách điển hình chi {b}"),
    ("wallet_opportunity", "wallet", "spend {a} elsewhere that could be won where the typical customer spends {b}", "còn chi {a} ở nơi khác có thể giành được, trong khi khách điển hình là {b}"),
    ("n_interactions", "contact", "have had {a:interaction} where the typical customer has had {b}", "đã tương tác {a} lần, trong khi khách điển hình là {b} lần"),
    ("interactions_recency_days", "contact", "were last in touch {a:day} ago where the typical customer was {b:day} ago", "tương tác lần cuối cách đây {a} ngày, trong khi khách điển hình là {b} ngày"),
    ("n_complaints", "complaints", "have complained {a:time} where the typical customer has {b:time}", "đã khiếu nại {a} lần, trong khi khách điển hình là {b} lần"),
    ("complaint_recency_days", "complaints", "last complained {a:day} ago where the typical customer did {b:day} ago", "khiếu nại lần cuối cách đây {a} ngày, trong khi khách điển hình là {b} ngày"),
];

/// Features without a phrase that are not looked at: scores, bounds, flags.
const SILENT: [&str; 8] = [
    "weighted_rfm",
    "response_rfm",
    "expected_orders_low",
    "expected_orders_high",
    "share_of_wallet_low",
    "share_of_wallet_high",
    "interactions_trend",
    "complaint",
];

/// What sets each segment apart, by cluster index. O(n p).
///
/// `population` and `segments` are the profiles of `table` with the segments `segment_of`, as
/// [`super::profiles`] makes them.
pub fn set_apart(
    table: &FeatureTable,
    segment_of: &[u32],
    population: &Profile,
    segments: &[Profile],
    currency: &Currency,
) -> Vec<SetApart> {
    let mut found: Vec<Vec<(ApartFeature, Unit)>> = vec![Vec::new(); segments.len()];
    let looked_at = |column: &&FeatureColumn| {
        column.unit != Unit::Score && !SILENT.contains(&column.name.as_str())
    };
    for column in table.columns.iter().filter(looked_at) {
        let Some(&typical) = population.medians.get(&column.name) else { continue };
        let Some(spread) = spread(&column.values) else { continue };
        let mut known = vec![0_usize; segments.len()];
        for (&segment, value) in segment_of.iter().zip(&column.values) {
            known[segment as usize] += usize::from(!value.is_nan());
        }
        for (index, profile) in segments.iter().enumerate() {
            let Some(&value) = profile.medians.get(&column.name) else { continue };
            let difference = (value - typical) / spread;
            if 2 * known[index] >= profile.customers && difference != 0.0 && difference.is_finite()
            {
                let feature = column.name.clone();
                found[index]
                    .push((ApartFeature { feature, value, typical, difference }, column.unit));
            }
        }
    }
    found.into_iter().map(|found| told(found, currency)).collect()
}

/// The interquartile range over that of a standard normal, or the standard deviation; none where
/// all are alike.
fn spread(values: &[f64]) -> Option<f64> {
    let mut values: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    if values.is_empty() {
        return None;
    }
    let high = percentile(&mut values, Percent(75_000));
    let low = percentile(&mut values, Percent(25_000));
    if high > low {
        return Some((high - low) / NORMAL_IQR);
    }
    values.sort_unstable_by(f64::total_cmp);
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let squares = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
    Some((squares / values.len() as f64).sqrt()).filter(|deviation| *deviation > 0.0)
}

/// The farthest of each family, the farthest families first, of equals in the order of the table.
fn told(mut found: Vec<(ApartFeature, Unit)>, currency: &Currency) -> SetApart {
    found.sort_by(|a, b| b.0.difference.abs().total_cmp(&a.0.difference.abs()));
    let mut families: Vec<&str> = Vec::new();
    let mut kept: Vec<(ApartFeature, Unit)> = Vec::new();
    for (feature, unit) in found {
        let phrase = PHRASES.iter().find(|(name, ..)| *name == feature.feature);
        match phrase.map(|(_, family, ..)| *family) {
            Some(family) if families.contains(&family) => continue,
            Some(family) => families.push(family),
            None => {}
        }
        kept.push((feature, unit));
        if kept.len() == MOST {
            break;
        }
    }
    let sentence = |language| {
        let parts: Vec<String> =
            kept.iter().map(|(feature, unit)| clause(feature, *unit, currency, language)).collect();
        match (parts.is_empty(), language) {
            (true, Language::En) => "Its customers are like all customers.".to_owned(),
            (true, Language::Vi) => {
                "Khách trong phân khúc giống như toàn bộ khách hàng.".to_owned()
            }
            (false, Language::En) => format!("They {}.", parts.join("; ")),
            (false, Language::Vi) => format!("Họ {}.", parts.join("; ")),
        }
    };
    let sentence = Bilingual { en: sentence(Language::En), vi: sentence(Language::Vi) };
    SetApart { features: kept.into_iter().map(|(feature, _)| feature).collect(), sentence }
}

fn clause(feature: &ApartFeature, unit: Unit, currency: &Currency, language: Language) -> String {
    let [a, b] = figures(feature, unit, currency, language);
    let phrase = PHRASES.iter().find(|(name, ..)| *name == feature.feature);
    match (phrase, language) {
        (Some((_, _, en, _)), Language::En) => fill(en, &a, &b),
        (Some((.., vi)), Language::Vi) => fill(vi, &a, &b),
        (None, _) => {
            let name = vocabulary::feature(&feature.feature, language);
            match language {
                Language::En => format!("have a median {name} of {a} where that of all is {b}"),
                Language::Vi => {
                    format!("có trung vị {name} là {a}, trong khi của toàn bộ là {b}")
                }
            }
        }
    }
}

/// Both figures with as many decimals as it takes to see that they differ.
fn figures(
    feature: &ApartFeature,
    unit: Unit,
    currency: &Currency,
    language: Language,
) -> [String; 2] {
    let values = [feature.value, feature.typical];
    let large = values.iter().any(|value| value.abs() >= 1000.0);
    let least = |value: f64| match unit {
        Unit::Money => {
            if large {
                0
            } else {
                currency.decimals()
            }
        }
        _ => words::decimals(value, unit),
    };
    let shown =
        |more: usize| values.map(|value| words::figure(value, unit, least(value) + more, language));
    let apart = (0..MORE_DECIMALS).map(shown).find(|[a, b]| a != b);
    let figures = apart.unwrap_or_else(|| shown(MORE_DECIMALS));
    match unit {
        Unit::Money => figures.map(|figure| format!("{figure} {}", currency.0)),
        _ => figures,
    }
}

/// `template` with its figures in place.
fn fill(template: &str, a: &str, b: &str) -> String {
    let mut out = String::with_capacity(template.len() + 32);
    for (place, part) in template.split(['{', '}']).enumerate() {
        // Between braces are the odd parts.
        if place % 2 == 0 {
            out += part;
            continue;
        }
        let (name, noun) = part.split_once(':').unwrap_or((part, ""));
        let figure = if name == "a" { a } else { b };
        out += figure;
        if !noun.is_empty() {
            out += &format!(" {noun}{}", if figure == "1" { "" } else { "s" });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::{Profiles, profiles};
    use super::*;
    use crate::features::CATALOGUE;

    fn column(name: &str, unit: Unit, values: &[f64]) -> FeatureColumn {
        FeatureColumn { name: name.into(), unit, values: values.to_vec() }
    }

    fn table(columns: Vec<FeatureColumn>) -> FeatureTable {
        let n = columns[0].values.len();
        FeatureTable {
            customers: (0..n).map(|row| format!("c{row}").as_str().into()).collect(),
            columns,
            ..FeatureTable::default()
        }
    }

    fn apart(table: &FeatureTable, segment_of: &[u32], k: usize) -> Vec<SetApart> {
        let Profiles { population, segments } = profiles(table, segment_of, k).unwrap();
        set_apart(table, segment_of, &population, &segments, &Currency("GBP".into()))
    }

    /// By hand. Of gaps 9, 9, 31, 31, 53 the median is 31, the quartiles 9 and 31, the spread
    /// 22 / 1.349 = 16.309: the first segment's 9 lies (9 - 31) / 16.309 = -1.349 away. Of spend
    /// 100, 200, 300, 400, 500 the spread is 200 / 1.349: its 150 lies -1.012 away.
    #[test]
    fn the_farthest_feature_comes_first_in_a_sentence() {
        let table = table(vec![
            column("monetary_total", Unit::Money, &[100.0, 200.0, 300.0, 400.0, 500.0]),
            column("gap_mean_days", Unit::Days, &[9.0, 9.0, 31.0, 31.0, 53.0]),
            column("n_orders", Unit::Count, &[3.0; 5]),
        ]);
        let found = &apart(&table, &[0, 0, 1, 1, 1], 2)[0];
        let names: Vec<&str> = found.features.iter().map(|f| f.feature.as_str()).collect();
        assert_eq!(names, ["gap_mean_days", "monetary_total"], "orders are all alike");
        assert!((found.features[0].difference + NORMAL_IQR).abs() < 1e-12);
        assert!((found.features[1].difference + 150.0 * NORMAL_IQR / 200.0).abs() < 1e-12);
        assert_eq!(
            found.sentence.en,
            "They buy every 9 days where the typical customer takes 31; have spent 150.00 GBP where \
             the typical customer has spent 300.00 GBP."
        );
        assert_eq!(
            found.sentence.vi,
            "Họ cứ 9 ngày mua một lần, trong khi khách điển hình là 31 ngày; đã chi 150,00 GBP, \
             trong khi khách điển hình chi 300,00 GBP."
        );
    }

    #[test]
    fn one_of_each_family_speaks_and_scores_and_rare_features_do_not() {
        let far = [1.0, 1.0, 9.0, 9.0];
        let rare = [5.0, f64::NAN, f64::NAN, f64::NAN, 1.0, 2.0];
        let spend = [1.0, 1.0, 1.0, 9.0, 9.0, 9.0];
        let rows = table(vec![
            column("monetary_total", Unit::Money, &far),
            column("past_customer_value", Unit::Money, &far),
            column("m_score", Unit::Score, &far),
        ]);
        let found = &apart(&rows, &[0, 0, 1, 1], 2)[0];
        assert_eq!(found.features.len(), 1, "{found:?}");
        let rows = table(vec![
            column("monetary_total", Unit::Money, &spend),
            column("gap_cv", Unit::Ratio, &rare),
        ]);
        let found = &apart(&rows, &[0, 0, 0, 1, 1, 1], 2);
        assert_eq!(found[0].features.len(), 1, "one of three has a gap: {found:?}");
        assert_eq!(found[1].features.len(), 2, "two of three have: {found:?}");
    }

    #[test]
    fn a_single_segment_is_like_all_and_figures_that_differ_are_seen_to_differ() {
        let table = table(vec![column("monetary_total", Unit::Money, &[1.0, 2.0, 3.001, 3.004])]);
        let found = apart(&table, &[0; 4], 1);
        assert!(found[0].features.is_empty());
        assert_eq!(found[0].sentence.en, "Its customers are like all customers.");
        let feature = ApartFeature {
            feature: "share_of_wallet".into(),
            value: 0.501_2,
            typical: 0.501_4,
            difference: 0.1,
        };
        let shown = figures(&feature, Unit::Share, &Currency("VND".into()), Language::Vi);
        assert_eq!(shown, ["50,12%", "50,14%"]);
        assert_eq!(fill("{a:day} and {b:day}", "1", "2"), "1 day and 2 days");
    }

    #[test]
    fn every_feature_in_units_of_the_business_has_a_phrase_in_both_languages() {
        for (name, unit, _) in CATALOGUE {
            let phrase = PHRASES.iter().find(|(known, ..)| known == name);
            let silent = *unit == Unit::Score || SILENT.contains(name);
            assert_eq!(phrase.is_some(), !silent, "{name}");
        }
        for (name, _, en, vi) in PHRASES {
            for text in [en, vi] {
                let has = |place: &str| {
                    text.contains(&format!("{{{place}}}")) || text.contains(&format!("{{{place}:"))
                };
                assert!(has("a") && has("b"), "{name}: {text}");
            }
        }
    }
}
