//! The words of the stages of the lifecycle and of layers.

use crate::features::Stage;
use crate::types::Language;
use crate::types::texts;

texts! {
    /// The words of layers, and of reports with many segments.
    LayersTexts;
    title: "Stages and layers", "Giai đoạn và các lớp";
    lead: "{n} micro-segments in {stages} stages. Customers have a stage by the rules below; within a stage, every layer is a clustering of its own, and customers with the same class in every layer form a micro-segment.", "{n} vi phân khúc trong {stages} giai đoạn. Giai đoạn của khách theo các quy tắc bên dưới; trong mỗi giai đoạn, mỗi lớp là một phép phân cụm riêng, và các khách cùng cụm ở mọi lớp tạo thành một vi phân khúc.";
    merged: "{merged} of {strings} combinations of classes have fewer than {least} customers; their {customers} customers were merged into the nearest micro-segment of their stage.", "{merged} trong {strings} tổ hợp cụm có ít hơn {least} khách; {customers} khách này đã được gộp vào vi phân khúc gần nhất cùng giai đoạn.";
    merged_none: "No combination of classes was too small to stand alone.", "Không có tổ hợp cụm nào quá nhỏ để đứng riêng.";
    stage: "Stage", "Giai đoạn";
    micro_segments: "Micro-segments", "Vi phân khúc";
    combinations: "Combinations", "Số tổ hợp";
    merged_head: "Merged", "Đã gộp";
    classes: "Classes by layer", "Số cụm theo lớp";
    one: "one micro-segment: fewer than twice {least} customers", "một vi phân khúc: ít hơn hai lần {least} khách";
    undivided: "one micro-segment: no layer divides it", "một vi phân khúc: không có lớp nào chia";
    no_segment: "no segment: nothing bought yet", "chưa có phân khúc: chưa mua hàng";
    model_line: "{layers} layers in {stages} stages, {n} micro-segments", "{layers} lớp trong {stages} giai đoạn, {n} vi phân khúc";
    rules: "The rules of the stages, in the order in which they are tried", "Quy tắc của các giai đoạn, theo thứ tự xét";
    rule_prospect: "Prospect: known, but never bought.", "Chưa mua hàng: đã biết nhưng chưa từng mua.";
    rule_new: "New: first purchase at most {new} days ago.", "Mới: lần mua đầu cách đây không quá {new} ngày.";
    rule_reactivated: "Reactivated: last purchase at most {back} days ago, after a silence that counted as lapsed.", "Đã quay lại: lần mua cuối cách đây không quá {back} ngày, sau một quãng vắng đã tính là rời bỏ.";
    rule_lapsed: "Lapsed: silent for longer than {days} days and than {gaps} typical gaps.", "Đã rời bỏ: vắng lâu hơn {days} ngày và hơn {gaps} lần khoảng cách thường lệ.";
    rule_at_risk: "At risk: silent for longer than {days} days and than {gaps} typical gaps.", "Có nguy cơ rời bỏ: vắng lâu hơn {days} ngày và hơn {gaps} lần khoảng cách thường lệ.";
    rule_active: "Active: all others.", "Đang hoạt động: các khách còn lại.";
    rule_gap: "The typical gap is the customer’s own mean of days between purchases; {gap} days, the median of all, for whoever has none.", "Khoảng cách thường lệ là trung bình số ngày giữa hai lần mua của chính khách; khách chưa có thì lấy {gap} ngày, trung vị của toàn bộ.";
    rule_gap_none: "The typical gap is the customer’s own mean of days between purchases; nobody has one yet, so the days alone decide.", "Khoảng cách thường lệ là trung bình số ngày giữa hai lần mua của chính khách; chưa khách nào có nên chỉ xét theo số ngày.";
    fits: "What each layer found in each stage", "Kết quả của từng lớp trong từng giai đoạn";
    layer: "Layer", "Lớp";
    features: "Features", "Đặc trưng";
    left_out: "left out: {names}", "bỏ qua: {names}";
    class_sizes: "Customers by class", "Số khách theo cụm";
    stage_head: "{stage}: {n} micro-segments, {customers} customers", "{stage}: {n} vi phân khúc, {customers} khách";
    rest: "{n} more", "{n} dòng nữa";
    cut: "The {shown} segments with the highest revenue are shown, of {total}; the table of segments has them all.", "Hiển thị {shown} phân khúc có doanh thu cao nhất trong tổng số {total}; bảng phân khúc có đầy đủ.";
    survived_rest: "{n} segments that go on", "{n} phân khúc được duy trì";
    prospect: "Prospect", "Chưa mua hàng";
    new: "New", "Mới";
    active: "Active", "Đang hoạt động";
    at_risk: "At risk", "Có nguy cơ rời bỏ";
    lapsed: "Lapsed", "Đã rời bỏ";
    reactivated: "Reactivated", "Đã quay lại";
}

/// What people call a stage.
pub(in crate::report) fn stage(stage: Stage, language: Language) -> &'static str {
    let words = LayersTexts::of(language);
    match stage {
        Stage::Prospect => words.prospect,
        Stage::New => words.new,
        Stage::Active => words.active,
        Stage::AtRisk => words.at_risk,
        Stage::Lapsed => words.lapsed,
        Stage::Reactivated => words.reactivated,
    }
}
