//! All words of the pages in English and Vietnamese, side by side in tables: here those of a run's
//! report, in the files below those of its parts and of names. A text may hold `{name}` places,
//! filled by [`fill`].

mod agreement;
mod campaign;
mod inputs;
mod layers;
mod movement;
mod outlook;
mod people;
mod personas;
mod retention;
mod selection;
mod stability;
mod taxonomies;
mod trail;
mod validation;
mod value;
mod wallet;
mod warnings;
mod words;

pub(super) use agreement::AgreementTexts;
pub(super) use campaign::CampaignTexts;
pub(super) use inputs::InputTexts;
pub(super) use layers::{LayersTexts, stage};
pub(super) use movement::MovementTexts;
pub(super) use outlook::OutlookTexts;
pub(super) use people::PeopleTexts;
pub(super) use personas::{PersonaTexts, attribute};
pub(super) use retention::RetentionTexts;
pub(super) use selection::SelectionTexts;
pub(super) use stability::StabilityTexts;
pub(super) use taxonomies::TaxonomyTexts;
pub(super) use trail::TrailTexts;
pub(super) use validation::ValidationTexts;
pub(super) use value::ValueTexts;
pub(super) use wallet::WalletTexts;
pub(super) use warnings::about_code;
pub(super) use words::{
    column, feature, method, method_alone, reason, spend_method, spend_method_alone,
};

pub(super) use crate::types::fill;
use crate::types::texts;

texts! {
    /// The words of the report of a run.
    Texts;
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
    tied: "covariances shared by all segments", "hiệp phương sai chung cho mọi phân khúc";
    diagonal: "diagonal covariances", "hiệp phương sai đường chéo";
    spherical: "spherical covariances", "hiệp phương sai hình cầu";
    with_noise: "a component for outliers of weight {weight}", "một thành phần cho khách hàng ngoại lệ với trọng số {weight}";
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
    table_note: "Stability is the mean Jaccard similarity of the segment over refits to resampled customers: from 0.85 highly stable, from 0.75 stable, from 0.60 doubtful, below that unstable (Hennig 2007). “Meets the rule” is the share of the segment’s customers who would meet the rule of its group by themselves.", "Độ ổn định là hệ số Jaccard trung bình của phân khúc qua các lần khớp lại mô hình trên mẫu khách hàng lấy lại: từ 0,85 là rất ổn định, từ 0,75 là ổn định, từ 0,60 là chưa chắc chắn, thấp hơn là không ổn định (Hennig 2007). “Đạt quy tắc” là tỷ lệ khách hàng trong phân khúc tự mình thỏa mãn quy tắc của nhóm.";
    reasons: "Why each segment has its name", "Vì sao phân khúc có tên này";
    rule: "Rule", "Quy tắc";
    rule_that_holds: "Rule that holds for it", "Quy tắc mà phân khúc thỏa mãn";
    judged: "judged by {author}", "theo nhận định của {author}";
    judged_drifted: "judged by {author}, drifted since", "theo nhận định của {author}, đã lệch từ đó";
    all_medians: "Medians of all features", "Trung vị của mọi đặc trưng";
    feature: "Feature", "Đặc trưng";
    attributes: "Attributes by segment", "Thuộc tính theo phân khúc";
    attribute: "Attribute", "Thuộc tính";
    value: "Value", "Giá trị";
    no_value: "(none given)", "(không có)";
    values_cut: "{name}: the {shown} most frequent of {total} values are shown.", "{name}: hiển thị {shown} giá trị phổ biến nhất trong tổng số {total} giá trị.";

    heat_title: "Profiles", "Hồ sơ phân khúc";
    heat_caption: "How far the median of each segment lies from that of all customers, in the scaled units the model works in. 0 is like everyone; orange is above, blue below.", "Trung vị của từng phân khúc cách trung vị của toàn bộ khách hàng bao xa, theo thang đo chuẩn hóa của mô hình. 0 là như mặt bằng chung; màu cam là cao hơn, màu xanh là thấp hơn.";
    heat_levels: "A column such as “region: north” is one value of an attribute: it compares shares of customers instead of medians.", "Cột như “region: north” là một giá trị của thuộc tính: cột này so sánh tỷ lệ khách hàng thay vì trung vị.";
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
    missing: "Customers without a value of an attribute in use", "Số khách hàng thiếu giá trị của thuộc tính được dùng";
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_places_and_no_text_is_empty() {
        let all = [
            Texts::PAIRS,
            ValueTexts::PAIRS,
            RetentionTexts::PAIRS,
            SelectionTexts::PAIRS,
            StabilityTexts::PAIRS,
            ValidationTexts::PAIRS,
            WalletTexts::PAIRS,
            CampaignTexts::PAIRS,
            LayersTexts::PAIRS,
            PeopleTexts::PAIRS,
            TaxonomyTexts::PAIRS,
            AgreementTexts::PAIRS,
            TrailTexts::PAIRS,
            MovementTexts::PAIRS,
            OutlookTexts::PAIRS,
            PersonaTexts::PAIRS,
            InputTexts::PAIRS,
        ];
        crate::types::hold_both_languages(&all.concat());
    }
}
