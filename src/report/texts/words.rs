//! Names of features, reasons, methods and units -> what people call them, in both languages.

use crate::cluster::{ColumnKind, MatrixColumn};
use crate::features::clv::{Method, SpendMethod};
use crate::types::Language;

/// Features in words: column, English, Vietnamese.
const FEATURES: &[(&str, &str, &str)] = &[
    ("recency_days", "Days since last purchase", "Số ngày từ lần mua cuối"),
    ("n_orders", "Orders", "Số đơn hàng"),
    ("n_purchase_days", "Days with a purchase", "Số ngày có mua hàng"),
    ("monetary_total", "Total spend", "Tổng chi tiêu"),
    ("monetary_mean", "Spend per order", "Chi tiêu mỗi đơn hàng"),
    ("rows_per_order", "Rows per order", "Số dòng mỗi đơn hàng"),
    ("tenure_days", "Days since first purchase", "Số ngày từ lần mua đầu"),
    ("gap_mean_days", "Days between purchases", "Số ngày giữa hai lần mua"),
    ("gap_cv", "Irregularity of purchases", "Độ thất thường của nhịp mua"),
    ("last_gap_days", "Days between the last two purchases", "Số ngày giữa hai lần mua gần nhất"),
    ("recency_ratio", "Silence against own rhythm", "Thời gian vắng so với nhịp mua riêng"),
    ("r_score", "Recency score", "Điểm mua gần đây"),
    ("f_score", "Frequency score", "Điểm tần suất mua"),
    ("m_score", "Spend score", "Điểm chi tiêu"),
    ("p_active", "Probability of being active", "Xác suất còn hoạt động"),
    ("past_customer_value", "Past customer value", "Giá trị đã mang lại"),
    ("margin_total", "Margin of past purchases", "Lợi nhuận gộp đã mang lại"),
    ("p_alive", "Probability of being a customer still", "Xác suất vẫn còn là khách hàng"),
    ("expected_orders", "Expected orders", "Số đơn hàng dự kiến"),
    ("expected_orders_low", "Expected orders, lower bound", "Số đơn hàng dự kiến, cận dưới"),
    ("expected_orders_high", "Expected orders, upper bound", "Số đơn hàng dự kiến, cận trên"),
    ("expected_order_value", "Expected spend per order", "Chi tiêu dự kiến mỗi đơn hàng"),
    ("expected_spend", "Expected spend", "Chi tiêu dự kiến"),
    ("clv", "Customer lifetime value", "Giá trị vòng đời khách hàng"),
    ("residual_value", "Value without end", "Giá trị còn lại về lâu dài"),
    ("n_returns", "Returns", "Số lần trả hàng"),
    ("returns_total", "Value of returns", "Giá trị hàng trả lại"),
    ("size_of_wallet", "Size of wallet", "Tổng chi cho ngành hàng"),
    ("share_of_wallet", "Share of wallet", "Tỷ trọng trong tổng chi"),
    ("share_of_wallet_low", "Share of wallet, lower limit", "Tỷ trọng trong tổng chi, cận dưới"),
    ("share_of_wallet_high", "Share of wallet, upper limit", "Tỷ trọng trong tổng chi, cận trên"),
    ("wallet_opportunity", "Spend still to be won", "Phần chi tiêu còn có thể giành được"),
    ("weighted_rfm", "Weighted RFM score", "Điểm RFM có trọng số"),
    ("response_rfm", "RFM score by response", "Điểm RFM theo mức phản hồi"),
    ("n_interactions", "Interactions", "Số lần tương tác"),
    ("interactions_recency_days", "Days since last interaction", "Số ngày từ lần tương tác cuối"),
    ("interactions_trend", "Trend of interactions", "Xu hướng tương tác"),
    ("known_days", "Days since first contact", "Số ngày từ lần tiếp xúc đầu"),
    ("n_complaints", "Complaints", "Số lần khiếu nại"),
    ("complaint_recency_days", "Days since last complaint", "Số ngày từ lần khiếu nại cuối"),
    ("complaint", "Has complained", "Đã từng khiếu nại"),
];

/// Reasons of refusal in words: code, English, Vietnamese.
const REASONS: &[(&str, &str, &str)] = &[
    ("field_count", "Wrong number of fields", "Sai số trường dữ liệu"),
    ("duplicate", "Exact duplicate of an earlier row", "Trùng hoàn toàn với một dòng trước"),
    ("excluded", "Excluded by a pattern of the configuration", "Bị loại theo mẫu trong cấu hình"),
    ("customer_missing", "No customer", "Thiếu mã khách hàng"),
    ("time_missing", "No date", "Thiếu ngày"),
    ("time_unreadable", "Date not readable", "Không đọc được ngày"),
    ("amount_missing", "No amount", "Thiếu số tiền"),
    ("amount_unreadable", "Amount not readable", "Không đọc được số tiền"),
    ("amount_not_finite", "Amount not finite", "Số tiền không hữu hạn"),
    ("amount_too_large", "Amount too large", "Số tiền quá lớn"),
    ("cancellation", "Cancellation", "Đơn bị hủy"),
    ("quantity_negative", "Quantity below zero", "Số lượng âm"),
    ("amount_negative", "Amount below zero", "Số tiền âm"),
    ("price_negative", "Price below zero", "Đơn giá âm"),
    ("quantity_zero", "Quantity zero", "Số lượng bằng 0"),
    ("price_zero", "Price zero", "Đơn giá bằng 0"),
    ("amount_zero", "Amount zero", "Số tiền bằng 0"),
    ("customer_repeated", "Customer given twice", "Khách hàng bị lặp"),
    ("provider_missing", "No provider", "Thiếu nhà cung cấp"),
];

fn find<'a>(words: &[(&str, &'a str, &'a str)], name: &str, language: Language) -> Option<&'a str> {
    words.iter().find(|(known, ..)| *known == name).map(|(_, en, vi)| match language {
        Language::En => *en,
        Language::Vi => *vi,
    })
}

/// What people call a feature; the column's own name where the page knows no better.
pub(in crate::report) fn feature(name: &str, language: Language) -> &str {
    find(FEATURES, name, language).unwrap_or(name)
}

/// A column of the clustered space in words: `income: 50-74K` for a level of an attribute.
pub(in crate::report) fn column(column: MatrixColumn<'_>, language: Language) -> String {
    let name = feature(column.feature, language);
    match (column.kind, language) {
        (ColumnKind::Number, _) => name.to_owned(),
        (ColumnKind::Level(level), _) => format!("{name}: {level}"),
        (ColumnKind::Missing, Language::En) => format!("{name}: no value"),
        (ColumnKind::Missing, Language::Vi) => format!("{name}: không có giá trị"),
    }
}

/// Why a row was refused; none for a code that the page does not know.
pub(in crate::report) fn reason(code: &str, language: Language) -> Option<&'static str> {
    find(REASONS, code, language)
}

fn pick(language: Language, en: &'static str, vi: &'static str) -> &'static str {
    match language {
        Language::En => en,
        Language::Vi => vi,
    }
}

/// What forecasts orders, as it stands in a sentence.
pub(in crate::report) fn method(method: Method, language: Language) -> &'static str {
    match method {
        Method::ParetoNbd => "Pareto/NBD",
        Method::BgNbd => "BG/NBD",
        Method::MbgNbd => "MBG/NBD",
        Method::Cohort => pick(language, "shrunken cohort means", "trung bình nhóm co rút"),
        Method::Hiatus => pick(language, "the hiatus rule", "quy tắc vắng mặt (hiatus)"),
    }
}

/// The same by itself, as in a table.
pub(in crate::report) fn method_alone(of: Method, language: Language) -> &'static str {
    match of {
        Method::Cohort => pick(language, "Shrunken cohort means", "Trung bình nhóm co rút"),
        Method::Hiatus => pick(language, "Hiatus rule", "Quy tắc vắng mặt (hiatus)"),
        _ => method(of, language),
    }
}

/// What gives the value of an order, as it stands in a sentence.
pub(in crate::report) fn spend_method(method: SpendMethod, language: Language) -> &'static str {
    match method {
        SpendMethod::GammaGamma => "Gamma-Gamma",
        SpendMethod::ShrunkenMean => pick(
            language,
            "each customer’s mean, shrunken towards everybody’s",
            "trung bình của từng khách, co rút về trung bình chung",
        ),
    }
}

/// The same by itself, as in a table.
pub(in crate::report) fn spend_method_alone(of: SpendMethod, language: Language) -> &'static str {
    match of {
        SpendMethod::GammaGamma => "Gamma-Gamma",
        SpendMethod::ShrunkenMean => pick(language, "Shrunken means", "Trung bình co rút"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_features_keep_their_name() {
        assert_eq!(feature("n_orders", Language::Vi), "Số đơn hàng");
        assert_eq!(feature("mystery", Language::Vi), "mystery");
        assert_eq!(reason("amount_zero", Language::En), Some("Amount zero"));
        assert_eq!(reason("mystery", Language::En), None);
    }

    #[test]
    fn every_feature_of_the_catalogue_has_words() {
        for (name, ..) in crate::features::CATALOGUE {
            for language in [Language::En, Language::Vi] {
                assert_ne!(feature(name, language), *name, "{language:?}");
            }
        }
    }
}
