//! Names of features and values of texts -> words of a person, in English and Vietnamese.

use std::borrow::Cow;

use super::phrases;
use crate::cluster::MicroId;
use crate::features::clv::Method;
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
    ("margin_total", "margin of past purchases", "lợi nhuận gộp đã mang lại"),
    ("lifecycle_stage", "lifecycle stage", "giai đoạn vòng đời"),
    ("wallet_strategy", "wallet strategy", "chiến lược theo tổng chi"),
    ("wallet_source", "source of the wallet", "nguồn số liệu tổng chi"),
    ("clv_method", "method of the forecast", "phương pháp dự báo"),
    ("clv_reason", "reason for the method", "lý do chọn phương pháp"),
    ("known_days", "days since first contact", "số ngày từ lần tiếp xúc đầu"),
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
pub fn feature(name: &str, language: Language) -> &str {
    match (FEATURES.iter().find(|(known, ..)| *known == name), language) {
        (Some((_, en, _)), Language::En) => en,
        (Some((.., vi)), Language::Vi) => vi,
        (None, _) => name,
    }
}

/// English and Vietnamese words for the texts that segtrail makes itself.
const VALUES: &[(&str, &str, &str)] = &[
    ("prospect", "prospect", "chưa mua hàng"),
    ("new", "new", "mới"),
    ("active", "active", "đang hoạt động"),
    ("at_risk", "at risk", "có nguy cơ rời bỏ"),
    ("lapsed", "lapsed", "đã rời bỏ"),
    ("reactivated", "reactivated", "đã quay lại"),
    ("maintain_and_guard", "maintain and guard", "duy trì và bảo vệ"),
    ("target_for_additional_selling", "target for additional selling", "đẩy mạnh bán thêm"),
    ("hold_on", "hold on", "giữ chân"),
    ("do_nothing", "do nothing", "không cần tác động"),
    ("observed", "observed", "quan sát được"),
    ("survey", "survey", "khảo sát"),
    ("modelled", "modelled", "ước lượng bằng mô hình"),
];

/// What forecasts orders and what gives their value, as `clv_method` joins them.
const METHODS: &[(&str, &str, &str)] = &[
    ("pareto_nbd", "Pareto/NBD", "Pareto/NBD"),
    ("bg_nbd", "BG/NBD", "BG/NBD"),
    ("mbg_nbd", "MBG/NBD", "MBG/NBD"),
    ("cohort", "shrunken cohort means", "trung bình nhóm co rút"),
    ("hiatus", "hiatus rule", "quy tắc vắng mặt (hiatus)"),
    ("gamma_gamma", "Gamma-Gamma", "Gamma-Gamma"),
    ("shrunken_mean", "shrunken means", "trung bình co rút"),
];

/// The steps of a run.
const STEPS: &[(&str, &str, &str)] = &[
    ("load", "load", "nạp lần chạy"),
    ("read", "read", "đọc dữ liệu"),
    ("cut", "cut", "cắt theo ngày chốt"),
    ("features", "features", "tính đặc trưng"),
    ("previous", "previous", "lần chạy trước"),
    ("cluster", "cluster", "phân cụm"),
    ("label", "label", "đặt tên nhóm"),
    ("track", "track", "so với lần chạy trước"),
    ("report", "report", "báo cáo"),
    ("save", "save", "lưu"),
];

/// The families of features that layers are called after.
const LAYERS: &[(&str, &str, &str)] = &[
    ("value", "value", "giá trị"),
    ("activity", "activity", "hoạt động"),
    ("wallet", "wallet", "tổng chi"),
    ("basket", "basket", "giỏ hàng"),
    ("attributes", "attributes", "thuộc tính"),
];

/// A step of a run in words; one that is not known stands as it is.
pub fn step(name: &str, language: Language) -> &str {
    own(STEPS, name, language)
}

/// A layer in words where it is called after a family of features, else by its own name.
pub fn layer(name: &str, language: Language) -> &str {
    own(LAYERS, name, language)
}

/// The string of a micro-segment in words: `value 2, basket 1` and `giá trị 2, giỏ hàng 1`.
pub fn layers(micro: &MicroId, language: Language) -> String {
    let classes = micro.string.iter();
    let classes: Vec<String> =
        classes.map(|(name, class)| format!("{} {class}", layer(name, language))).collect();
    classes.join(", ")
}

/// The Vietnamese words of a feature that `english` names.
pub(super) fn of_english(english: &str) -> Option<&'static str> {
    FEATURES.iter().find(|(_, en, _)| *en == english).map(|(.., vi)| *vi)
}

/// A value of a column of text in words; only columns of segtrail's own have words.
pub fn value<'v>(feature: &str, value: &'v str, language: Language) -> Cow<'v, str> {
    match feature {
        // Runs keep the reason in English.
        "clv_reason" => match language {
            Language::En => value.into(),
            Language::Vi => phrases::in_vietnamese(value).map_or(value.into(), Cow::Owned),
        },
        "clv_method" => match value.split_once('+') {
            Some((orders, spend)) => {
                format!("{}, {}", own(METHODS, orders, language), own(METHODS, spend, language))
                    .into()
            }
            None => value.into(),
        },
        "lifecycle_stage" | "wallet_strategy" | "wallet_source" => {
            own(VALUES, value, language).into()
        }
        _ => value.into(),
    }
}

/// What forecasts orders, in words.
pub fn method(method: Method, language: Language) -> &'static str {
    match language {
        Language::En => method.name(),
        Language::Vi => own(METHODS, method.key(), language),
    }
}

/// A value of segtrail's own in words; one that is not known stands as it is.
fn own<'v>(words: &[(&str, &'v str, &'v str)], value: &'v str, language: Language) -> &'v str {
    match (words.iter().find(|(known, ..)| *known == value), language) {
        (Some((_, en, _)), Language::En) => en,
        (Some((.., vi)), Language::Vi) => vi,
        (None, _) => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::clv::SpendMethod;

    #[test]
    fn methods_are_told_by_name() {
        let said = |language| value("clv_method", "cohort+shrunken_mean", language);
        assert_eq!(said(Language::En), "shrunken cohort means, shrunken means");
        assert_eq!(said(Language::Vi), "trung bình nhóm co rút, trung bình co rút");
        use Method::{BgNbd, Cohort, Hiatus, MbgNbd, ParetoNbd};
        let orders = [ParetoNbd, BgNbd, MbgNbd, Cohort, Hiatus].map(Method::key);
        let spend = [SpendMethod::GammaGamma, SpendMethod::ShrunkenMean].map(SpendMethod::key);
        for key in orders.into_iter().chain(spend) {
            assert!(METHODS.iter().any(|(known, ..)| *known == key), "{key}");
        }
    }

    #[test]
    fn the_reason_is_told_in_the_language() {
        let reason = "orders: the fit is sound; order value: the fit is sound";
        assert_eq!(value("clv_reason", reason, Language::En), reason);
        assert!(value("clv_reason", reason, Language::Vi).starts_with("số đơn hàng: "));
        assert_eq!(value("clv_reason", "of nobody", Language::Vi), "of nobody");
    }
}
