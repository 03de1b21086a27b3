//! The words of `segtrail compare`: two runs, two tables, three ways to take a month.

use crate::types::texts;

texts! {
    /// Who is where in both runs, what happened to the segments, and how the runs differ.
    CompareWords;
    other_series: "the runs are of different series: equal segment ids mean nothing", "hai lần chạy thuộc hai chuỗi khác nhau: mã phân khúc trùng nhau không có ý nghĩa gì";
    population: "{stayers} in both, {entrants} new, {leavers} gone", "{stayers} khách ở cả hai, {entrants} khách mới xuất hiện, {leavers} khách không còn xuất hiện";
    changes: "{segment} changed segment, {group} changed group; adjusted Rand index {index}", "{segment} khách đổi phân khúc, {group} khách đổi nhóm; chỉ số Rand hiệu chỉnh {index}";
    segment: "segment", "phân khúc";
    before: "before", "trước";
    after: "after", "sau";
    stayed: "stayed", "ở lại";
    moved_in: "moved in", "chuyển đến";
    moved_out: "moved out", "chuyển đi";
    new: "new", "mới";
    gone: "gone", "không còn";
    from: "from", "từ";
    to: "to", "đến";
    customers: "customers", "khách hàng";
    is_new: "(new)", "(mới)";
    is_gone: "(gone)", "(không còn)";
    revenue_before: "revenue before", "doanh thu trước";
    revenue_after: "revenue after", "doanh thu sau";
    clv_before: "CLV before", "CLV trước";
    clv_after: "CLV after", "CLV sau";

    survived: "{segment} survived: {share} of its stayers are still in it", "{segment} được duy trì: {share} khách có mặt ở cả hai lần chạy vẫn thuộc phân khúc này";
    split: "{segment} split into {parts}", "{segment} đã tách thành {parts}";
    absorbed: "{segment} was absorbed by {by}: {share} of its stayers", "{segment} đã sáp nhập vào {by}: {share} khách có mặt ở cả hai lần chạy";
    disappeared: "{segment} disappeared: {share} of its customers left, no segment took most of the rest", "{segment} đã biến mất: {share} khách hàng không còn xuất hiện, không phân khúc nào nhận phần lớn số còn lại";
    appeared: "{segment} appeared: {share} of its customers are entrants", "{segment} mới hình thành: {share} khách hàng là khách mới xuất hiện";

    configuration: "Configuration", "Cấu hình";
    data: "Data", "Dữ liệu";
    the_same: "{title}: the same", "{title}: như nhau";
    name: "name", "tên";
    stability: "stability", "độ ổn định";
    medians: "Medians before → after", "Trung vị trước → sau";

    input_drift: "input drift: {sentence}", "dữ liệu đầu vào thay đổi: {sentence}";
    severe_input_drift: "input drift: severe: {sentence}", "dữ liệu đầu vào thay đổi nghiêm trọng: {sentence}";
    moderate_drift: "moderate drift: {name}, population stability index {index}", "trôi vừa: {name}, chỉ số ổn định (PSI) {index}";
    major_drift: "major drift: {name}, population stability index {index}", "trôi mạnh: {name}, chỉ số ổn định (PSI) {index}";
    segment_shares: "segment shares", "tỷ trọng các phân khúc";

    way: "way", "cách xử lý";
    assign: "assign", "giữ mô hình trước";
    warm: "warm", "khớp tiếp";
    refit: "refit", "khớp lại từ đầu";
    continued: "continued", "được nối tiếp";
    customers_moved: "customers moved", "khách chuyển";
    model_churn: "model churn", "xáo trộn do mô hình";
    same_by_both: "same segment by both", "cùng phân khúc theo cả hai";
    rand: "adjusted Rand index", "chỉ số Rand hiệu chỉnh";
    distance: "distance", "khoảng cách";
    silhouette: "silhouette", "silhouette";
    ways: "{date} against {previous}", "{date} so với {previous}";
}

texts! {
    /// What changed inside segments, and what looked like a split.
    InsideWords;
    grew: "grew by {share}", "tăng {share}";
    shrank: "shrank by {share}", "giảm {share}";
    loosened: "loosened by {share}", "phân tán hơn {share}";
    tightened: "tightened by {share}", "tập trung hơn {share}";
    shifted: "shifted by {spreads} spreads", "dịch chuyển {spreads} độ phân tán";
    and: " and ", " và ";
    not_measured: "its stability was not measured", "độ ổn định chưa được đo";
    refits: "refits of its own month dissolved it in {share}, mean Jaccard {jaccard}", "khi khớp lại chính tháng đó, phân khúc tan rã trong {share} số lần, Jaccard trung bình {jaccard}";
    a_split: "a split", "là một lần tách";
    no_split: "not reported as a split: resampling alone does it", "không được ghi nhận là tách: chỉ lấy lại mẫu cũng cho kết quả như vậy";
    looks_split: "{segment} looks split into {parts}; {refits}: {verdict}", "{segment} trông như bị tách thành {parts}; {refits}: {verdict}";
}

texts! {
    /// Measures of agreement.
    AgreementWords;
    title: "agreement of the stayers", "mức trùng khớp của khách ở cả hai";
    value: "value", "giá trị";
    interval: "95 % interval", "khoảng tin cậy 95 %";
    between: "{low} to {high}", "{low} đến {high}";
    rand: "adjusted Rand index", "chỉ số Rand hiệu chỉnh";
    adjusted_information: "adjusted mutual information", "thông tin tương hỗ hiệu chỉnh";
    normalised_information: "normalised mutual information", "thông tin tương hỗ chuẩn hóa";
    homogeneity: "homogeneity", "độ đồng nhất";
    completeness: "completeness", "độ đầy đủ";
    v_measure: "V-measure", "chỉ số V";
    variation: "variation of information, nats", "độ biến thiên thông tin, nat";
    segment: "segment", "phân khúc";
    most_like: "most like", "giống nhất";
    in_both: "in both", "thuộc cả hai";
    in_either: "in either", "thuộc ít nhất một";
    jaccard: "Jaccard", "Jaccard";
}

texts! {
    /// Whether customers or the model moved.
    MovementWords;
    title: "who moved", "ai đã chuyển";
    stayers: "stayers", "khách ở cả hai";
    share: "share", "tỷ lệ";
    nobody: "nobody", "không ai";
    customer: "the customer, as both models say", "khách hàng, theo cả hai mô hình";
    apart: "the customer, the models differ on where to", "khách hàng, hai mô hình khác nhau về nơi đến";
    held: "the customer, but the new model keeps them", "khách hàng, nhưng mô hình mới giữ lại";
    model: "the model alone", "riêng mô hình";
    within: "model churn {churn} ({low} to {high}), within the budget of {budget}", "xáo trộn do mô hình {churn} ({low} đến {high}), trong ngân sách {budget}";
    above: "model churn {churn} ({low} to {high}), above the budget of {budget}", "xáo trộn do mô hình {churn} ({low} đến {high}), vượt ngân sách {budget}";
}
