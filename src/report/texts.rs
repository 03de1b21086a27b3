//! All words of the page in English and Vietnamese, side by side in one table. A text may hold
//! `{name}` places, filled by [`fill`].

use crate::types::Language;

macro_rules! texts {
    ($($name:ident: $en:literal, $vi:literal;)*) => {
        /// The words of the page in one language.
        #[derive(Debug)]
        pub(super) struct Texts {
            $(pub(super) $name: &'static str,)*
        }

        const ENGLISH: Texts = Texts { $($name: $en,)* };
        const VIETNAMESE: Texts = Texts { $($name: $vi,)* };

        #[cfg(test)]
        pub(super) const PAIRS: &[(&str, &str, &str)] = &[$((stringify!($name), $en, $vi),)*];
    };
}

texts! {
    lang: "en", "vi";
    title: "Customer segments", "Phân khúc khách hàng";
    skip: "Skip to the content", "Chuyển đến nội dung chính";
    contents: "Contents", "Mục lục";
    as_of: "As of the end of {date}", "Tính đến hết ngày {date}";
    run_id: "Run", "Lần chạy";
    series: "Series", "Chuỗi";
    buyers: "Customers", "Khách hàng";
    buyers_note: "{repeat} of them bought on two days or more", "trong đó {repeat} khách mua từ hai ngày trở lên";
    revenue: "Revenue", "Doanh thu";
    revenue_note: "purchases from {first} to {last}", "mua hàng từ {first} đến {last}";
    segments: "Segments", "Phân khúc";
    segments_note: "in {groups} named groups", "thuộc {groups} nhóm có tên";
    moved: "Changed group", "Đổi nhóm";
    moved_note: "of {stayers} customers who are in both runs", "trong {stayers} khách hàng có mặt ở cả hai lần chạy";
    currency: "Currency", "Đơn vị tiền tệ";
    model: "Model", "Mô hình";
    model_line: "{method} with k = {k}", "{method} với k = {k}";
    kmeans: "k-means", "k-means";
    gmm: "Gaussian mixture", "hỗn hợp Gauss";
    converged: "converged", "đã hội tụ";
    not_converged: "did not converge: read the boundaries between segments with care", "chưa hội tụ: hãy thận trọng với ranh giới giữa các phân khúc";
    warnings: "Please note", "Lưu ý";

    sizes_title: "Size and revenue", "Quy mô và doanh thu";
    sizes_caption: "Share of customers and share of revenue of each segment, highest revenue first.", "Tỷ trọng khách hàng và tỷ trọng doanh thu của từng phân khúc, doanh thu cao nhất xếp trước.";
    share_customers: "Share of customers", "Tỷ trọng khách hàng";
    share_revenue: "Share of revenue", "Tỷ trọng doanh thu";
    share_undefined: "Shares of revenue are not shown because the total revenue is not above zero.", "Không hiển thị tỷ trọng doanh thu vì tổng doanh thu không lớn hơn 0.";
    sizes_desc: "Bar chart with {n} segments. Largest share of revenue: {top}.", "Biểu đồ thanh gồm {n} phân khúc. Doanh thu cao nhất: {top}.";

    table_title: "Segments", "Các phân khúc";
    segment: "Segment", "Phân khúc";
    group: "Group", "Nhóm";
    customers: "Customers", "Số khách hàng";
    moved_in: "Moved in", "Chuyển đến";
    moved_out: "Moved out", "Chuyển đi";
    median: "median", "trung vị";
    stability: "Stability", "Độ ổn định";
    fidelity: "Meets the rule", "Đạt quy tắc";
    all: "All customers", "Toàn bộ khách hàng";
    stable_very: "very stable", "rất ổn định";
    stable: "stable", "ổn định";
    stable_doubtful: "uncertain boundary", "ranh giới chưa rõ";
    stable_not: "unstable", "không ổn định";
    table_note: "Stability is the mean Jaccard similarity of the segment over refits to resampled customers: from 0.85 very stable, from 0.75 stable, from 0.60 uncertain boundary, below that unstable (Hennig 2007). “Meets the rule” is the share of the segment’s customers who would meet the rule of its group by themselves.", "Độ ổn định là hệ số Jaccard trung bình của phân khúc qua các lần khớp lại mô hình trên mẫu khách hàng lấy lại: từ 0,85 là rất ổn định, từ 0,75 là ổn định, từ 0,60 là ranh giới chưa rõ, thấp hơn là không ổn định (Hennig 2007). “Đạt quy tắc” là tỷ lệ khách hàng trong phân khúc tự mình thỏa mãn quy tắc của nhóm.";
    reasons: "Why each segment has its name", "Vì sao phân khúc có tên này";
    rule: "Rule", "Quy tắc";
    all_medians: "Medians of all features", "Trung vị của mọi đặc trưng";
    feature: "Feature", "Đặc trưng";
    attributes: "Attributes by segment", "Thuộc tính theo phân khúc";
    attribute: "Attribute", "Thuộc tính";
    value: "Value", "Giá trị";
    no_value: "(none given)", "(không có)";
    values_cut: "{name}: the {shown} most frequent of {total} values are shown.", "{name}: hiển thị {shown} giá trị phổ biến nhất trong tổng số {total} giá trị.";

    heat_title: "Profiles", "Hồ sơ phân khúc";
    heat_caption: "How far the median of each segment lies from that of all customers, in the scaled units the model works in. 0 is like everyone; orange is above, blue below.", "Trung vị của từng phân khúc cách trung vị của toàn bộ khách hàng bao xa, theo thang đo chuẩn hóa của mô hình. 0 là như mặt bằng chung; màu cam là cao hơn, màu xanh là thấp hơn.";
    heat_desc: "Heat map of {n} segments by {p} features, centred on 0.", "Bản đồ nhiệt gồm {n} phân khúc và {p} đặc trưng, lấy 0 làm gốc.";
    heat_none: "The run has no standardised profiles to show.", "Lần chạy này không có hồ sơ chuẩn hóa để hiển thị.";
    below: "below", "thấp hơn";
    above: "above", "cao hơn";

    scatter_title: "Recency and orders", "Lần mua gần nhất và số đơn hàng";
    scatter_caption: "{shown} of {total} customers shown. Orders are on a logarithmic scale and points are nudged a little up or down so that equal counts do not hide one another; the outlined marks are the segment medians.", "Hiển thị {shown} trên {total} khách hàng. Số đơn hàng theo thang logarit; các điểm được xê dịch nhẹ lên xuống để không che khuất nhau; ký hiệu có viền là trung vị của phân khúc.";
    scatter_undefined: "{n} customers without a recency or an order count cannot be shown.", "{n} khách hàng thiếu số ngày từ lần mua gần nhất hoặc số đơn hàng nên không thể hiển thị.";
    scatter_missing: "This figure needs the features {a} and {b}; this run does not have both.", "Biểu đồ này cần hai đặc trưng {a} và {b}; lần chạy này không có đủ cả hai.";
    scatter_empty: "No customer has both a recency and an order count.", "Không có khách hàng nào có đủ số ngày từ lần mua gần nhất và số đơn hàng.";
    scatter_desc: "Scatter plot of {shown} customers: days since the last purchase across, orders upwards.", "Biểu đồ phân tán của {shown} khách hàng: trục ngang là số ngày từ lần mua gần nhất, trục dọc là số đơn hàng.";
    axis_recency: "Days since last purchase", "Số ngày từ lần mua gần nhất";
    axis_orders: "Orders (log scale)", "Số đơn hàng (thang logarit)";
    points_shown: "Points shown", "Số điểm hiển thị";
    median_of: "Median: {name}", "Trung vị: {name}";

    flow_title: "Movement since the previous run", "Dịch chuyển so với lần chạy trước";
    flow_first: "This is the first run of the series, so there is nothing to compare it with yet.", "Đây là lần chạy đầu tiên của chuỗi nên chưa có gì để so sánh.";
    flow_empty: "The two runs share no customer counts to draw.", "Hai lần chạy không có số liệu khách hàng để vẽ.";
    flow_caption: "Customers by group, from run {before} (left) to run {after} (right). A band is as thick as the number of customers who went that way.", "Khách hàng theo nhóm, từ lần chạy {before} (bên trái) sang lần chạy {after} (bên phải). Dải càng dày thì càng nhiều khách hàng đi theo hướng đó.";
    flow_desc: "Flow chart between groups: {stayers} customers in both runs, {entrants} new, {leavers} gone.", "Biểu đồ luồng giữa các nhóm: {stayers} khách hàng ở cả hai lần chạy, {entrants} khách mới xuất hiện, {leavers} khách không còn xuất hiện.";
    flow_sentence: "{stayers} customers are in both runs; {moved} of them changed group and {segment} changed segment. {entrants} are new, {leavers} are no longer there.", "{stayers} khách hàng có mặt ở cả hai lần chạy, trong đó {moved} khách đổi nhóm và {segment} khách đổi phân khúc. Có {entrants} khách mới xuất hiện và {leavers} khách không còn xuất hiện.";
    flow_ari: "Agreement of the two segmentations on those customers (adjusted Rand index; 1 is identical, 0 is chance): {value}.", "Mức độ trùng khớp giữa hai lần phân khúc trên các khách hàng này (chỉ số Rand hiệu chỉnh; 1 là trùng hoàn toàn, 0 là ngẫu nhiên): {value}.";
    entrants: "Not there before", "Trước đó chưa có";
    leavers: "No longer there", "Không còn xuất hiện";
    before: "Before", "Trước";
    after: "After", "Sau";
    total: "Total", "Tổng";
    matrix: "Migration between groups", "Ma trận dịch chuyển giữa các nhóm";
    matrix_note: "Rows: the group before. Columns: the group now. Each cell: customers, and their share of the row.", "Hàng: nhóm trước đó. Cột: nhóm hiện tại. Mỗi ô: số khách hàng và tỷ lệ trong hàng.";
    movement: "Movement of each segment", "Dịch chuyển của từng phân khúc";
    stayed: "Stayed", "Ở lại";
    entered: "Entered", "Mới xuất hiện";
    left: "Left", "Không còn";
    transitions: "What happened to the segments", "Điều gì đã xảy ra với các phân khúc";
    survived: "{segment} goes on: {share} of its customers in both runs stayed in it.", "{segment} được duy trì: {share} khách hàng có mặt ở cả hai lần chạy vẫn thuộc phân khúc này.";
    split: "{segment} split: its customers went to {parts}.", "{segment} đã tách: khách hàng của phân khúc này chuyển sang {parts}.";
    split_part: "{segment} ({share})", "{segment} ({share})";
    absorbed: "{segment} was absorbed by {by}, which took {share} of its customers in both runs.", "{segment} đã sáp nhập vào {by}, nơi nhận {share} khách hàng có mặt ở cả hai lần chạy.";
    disappeared: "{segment} disappeared; {share} of its customers are no longer there.", "{segment} đã biến mất; {share} khách hàng của phân khúc này không còn xuất hiện.";
    appeared: "{segment} is new; {share} of its customers are new.", "{segment} mới hình thành; {share} khách hàng của phân khúc này là khách mới xuất hiện.";

    curve_title: "How many segments", "Chọn số phân khúc";
    curve_caption: "The candidates that were weighed; the ringed one was kept.", "Các phương án đã được cân nhắc; điểm được khoanh tròn là phương án được chọn.";
    curve_none: "No candidate has a silhouette or a BIC to draw.", "Không có phương án nào có hệ số silhouette hoặc BIC để vẽ.";
    curve_desc: "Quality against the number of segments k. {chosen}", "Chất lượng theo số phân khúc k. {chosen}";
    curve_chosen: "Kept: {method}, k = {k}.", "Được chọn: {method}, k = {k}.";
    curve_open: "Open marks: the fit did not converge.", "Ký hiệu rỗng: mô hình chưa hội tụ.";
    silhouette: "Silhouette", "Hệ số silhouette";
    silhouette_panel: "k-means: silhouette, higher is better", "k-means: hệ số silhouette, càng cao càng tốt";
    bic: "BIC", "BIC";
    bic_panel: "Gaussian mixture: BIC, lower is better", "Hỗn hợp Gauss: BIC, càng thấp càng tốt";
    method: "Method", "Phương pháp";
    kept: "Kept", "Được chọn";
    yes: "yes", "có";
    no: "no", "không";
    sample: "Customers measured", "Số khách hàng được đo";
    inertia: "Inertia", "Quán tính";
    log_likelihood: "Log-likelihood", "Log hợp lý";
    iterations: "Iterations", "Số vòng lặp";
    has_converged: "Converged", "Hội tụ";

    quality_title: "Data quality", "Chất lượng dữ liệu";
    rows: "Rows", "Số dòng";
    rows_read: "Rows read", "Số dòng đã đọc";
    rows_purchases: "Purchases used", "Giao dịch mua được dùng";
    rows_returns: "Returns used", "Giao dịch trả hàng được dùng";
    rows_after: "Dated after the as-of date", "Phát sinh sau ngày chốt";
    rows_before: "Dated before the window of history", "Phát sinh trước khoảng lịch sử được xét";
    rows_rejected: "Refused", "Bị từ chối";
    ids_normalised: "Customer ids of the form 13085.0 read as 13085", "Mã khách hàng dạng 13085.0 được đọc thành 13085";
    count_customers: "Buyers", "Khách có mua hàng";
    count_repeat: "Buyers on two days or more", "Khách mua từ hai ngày trở lên";
    count_prospects: "Prospects (known, no purchase)", "Khách tiềm năng (đã biết, chưa mua)";
    rejects: "Refused rows by reason", "Số dòng bị từ chối theo lý do";
    rejects_none: "No row was refused.", "Không có dòng nào bị từ chối.";
    rejects_note: "Every refused row is in rejects.csv. “Rows” counts a row once, under its first reason; “matching” counts it under every reason it meets.", "Mọi dòng bị từ chối đều nằm trong rejects.csv. “Số dòng” tính mỗi dòng một lần theo lý do đầu tiên; “khớp lý do” tính dòng đó ở mọi lý do mà nó thỏa.";
    reason: "Reason", "Lý do";
    matching: "Matching", "Khớp lý do";
    inputs: "Input files", "Tệp đầu vào";
    table: "Table", "Bảng";
    path: "File", "Tệp";
    bytes: "Bytes", "Số byte";
    filled: "Values filled with the median", "Giá trị được điền bằng trung vị";
    filled_none: "No value had to be filled.", "Không có giá trị nào phải điền.";
    bins: "Effective bins of the scores", "Số bậc thực tế của các điểm";
    bins_note: "Fewer than five where equal values fall together.", "Ít hơn năm khi nhiều giá trị trùng nhau.";
    score: "Score", "Điểm";
    bin_count: "Bins", "Số bậc";

    details_title: "Timings and configuration", "Thời gian chạy và cấu hình";
    step: "Step", "Bước";
    seconds: "Seconds", "Giây";
    config: "Configuration as used", "Cấu hình đã dùng";
    seed: "Seed", "Hạt giống ngẫu nhiên";
    written: "Written", "Thời điểm ghi";
    version: "Program", "Chương trình";
    footer: "Written by segtrail {version}. This file is complete in itself and loads nothing from a network.", "Được tạo bởi segtrail {version}. Tệp này độc lập, không tải gì từ mạng.";
    data: "The same figures as a table", "Số liệu của biểu đồ dưới dạng bảng";
    scroll: "{name}, scrollable", "{name}, có thể cuộn";
}

impl Texts {
    /// The words in `language`.
    pub(super) fn of(language: Language) -> &'static Texts {
        match language {
            Language::En => &ENGLISH,
            Language::Vi => &VIETNAMESE,
        }
    }
}

/// Features in words: column, English, Vietnamese.
const FEATURES: [(&str, &str, &str); 18] = [
    ("recency_days", "Days since last purchase", "Số ngày từ lần mua cuối"),
    ("n_orders", "Orders", "Số đơn hàng"),
    ("n_purchase_days", "Days with a purchase", "Số ngày có mua hàng"),
    ("monetary_total", "Total spend", "Tổng chi tiêu"),
    ("monetary_mean", "Spend per order", "Chi tiêu mỗi đơn hàng"),
    ("tenure_days", "Days since first purchase", "Số ngày từ lần mua đầu"),
    ("gap_mean_days", "Days between purchases", "Số ngày giữa hai lần mua"),
    ("gap_cv", "Irregularity of purchases", "Độ thất thường của nhịp mua"),
    ("recency_ratio", "Silence against own rhythm", "Thời gian vắng so với nhịp mua riêng"),
    ("r_score", "Recency score", "Điểm mua gần đây"),
    ("f_score", "Frequency score", "Điểm tần suất mua"),
    ("m_score", "Spend score", "Điểm chi tiêu"),
    ("p_active", "Probability of being active", "Xác suất còn hoạt động"),
    ("past_customer_value", "Past customer value", "Giá trị đã mang lại"),
    ("n_returns", "Returns", "Số lần trả hàng"),
    ("returns_total", "Value of returns", "Giá trị hàng trả lại"),
    ("size_of_wallet", "Size of wallet", "Tổng chi cho ngành hàng"),
    ("share_of_wallet", "Share of wallet", "Tỷ trọng trong tổng chi"),
];

/// Reasons of refusal in words: code, English, Vietnamese.
const REASONS: [(&str, &str, &str); 19] = [
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
pub(super) fn feature(name: &str, language: Language) -> &str {
    find(&FEATURES, name, language).unwrap_or(name)
}

/// Why a row was refused; none for a code that the page does not know.
pub(super) fn reason(code: &str, language: Language) -> Option<&'static str> {
    find(&REASONS, code, language)
}

/// `template` with each `{name}` replaced by its value, in one pass: braces inside a value stay
/// as they are, and so does a place without a value.
pub(super) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let (head, tail) = rest.split_at(open);
        out.push_str(head);
        let place = tail.find('}').map(|close| (&tail[1..close], close));
        match place.and_then(|(name, close)| {
            values.iter().find(|(key, _)| *key == name).map(|(_, value)| (value, close))
        }) {
            Some((value, close)) => {
                out.push_str(value);
                rest = &tail[close + 1..];
            }
            None => {
                out.push('{');
                rest = &tail[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(text: &str) -> Vec<&str> {
        let mut found: Vec<&str> =
            text.split('{').skip(1).filter_map(|part| part.split('}').next()).collect();
        found.sort_unstable();
        found
    }

    #[test]
    fn both_languages_have_the_same_places_and_no_text_is_empty() {
        for (name, en, vi) in PAIRS {
            assert_eq!(places(en), places(vi), "{name}");
            assert!(!en.trim().is_empty() && !vi.trim().is_empty(), "{name}");
        }
    }

    #[test]
    fn fill_is_one_pass() {
        assert_eq!(fill("{a} of {b}", &[("a", "{b}"), ("b", "2")]), "{b} of 2");
        assert_eq!(fill("{c} {", &[("a", "1")]), "{c} {");
    }

    #[test]
    fn unknown_features_keep_their_name() {
        assert_eq!(feature("n_orders", Language::Vi), "Số đơn hàng");
        assert_eq!(feature("mystery", Language::Vi), "mystery");
        assert_eq!(reason("amount_zero", Language::En), Some("Amount zero"));
        assert_eq!(reason("mystery", Language::En), None);
    }
}
