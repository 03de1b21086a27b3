//! The words of the section of how far a run agrees with the one before.

use crate::types::texts;

texts! {
    /// The words of agreement.
    AgreementTexts;
    title: "Agreement with the previous run", "Mức độ trùng khớp với lần chạy trước";
    lead: "How far the segments of the {stayers} customers who are in both runs agree, with intervals at 95%.", "Phân khúc của {stayers} khách hàng có mặt ở cả hai lần chạy trùng khớp đến đâu, kèm khoảng tin cậy 95%.";
    measure: "Measure", "Thước đo";
    value: "Value", "Giá trị";
    interval: "95% interval", "Khoảng tin cậy 95%";
    between: "{low} to {high}", "{low} đến {high}";
    adjusted_rand_index: "Adjusted Rand index", "Chỉ số Rand hiệu chỉnh";
    adjusted_mutual_information: "Adjusted mutual information", "Thông tin tương hỗ hiệu chỉnh";
    normalised_mutual_information: "Normalised mutual information", "Thông tin tương hỗ chuẩn hóa";
    homogeneity: "Homogeneity", "Độ đồng nhất";
    completeness: "Completeness", "Độ đầy đủ";
    v_measure: "V-measure", "Chỉ số V";
    variation_of_information: "Variation of information (nats)", "Độ biến thiên thông tin (nat)";
    most_like: "Most like it now", "Giống nhất hiện nay";
    shared: "In both", "Thuộc cả hai";
    either: "In either", "Thuộc ít nhất một";
    jaccard: "Jaccard similarity", "Hệ số Jaccard";
    by_segment: "By segment", "Theo phân khúc";
    note: "1 is the same division of customers, whatever the segments are called; the two adjusted measures are 0 where the division agrees no better than by chance. Homogeneity falls where a segment of now has customers of several earlier ones, completeness where an earlier segment is spread over several. The variation of information is 0 for the same division and grows with disagreement. Intervals tell how far another sample of customers might differ; a division that is the same has none.", "Giá trị 1 nghĩa là khách hàng được chia y hệt nhau, bất kể tên phân khúc; hai chỉ số hiệu chỉnh bằng 0 khi mức trùng khớp không hơn ngẫu nhiên. Độ đồng nhất giảm khi một phân khúc hiện nay gồm khách của nhiều phân khúc trước, độ đầy đủ giảm khi một phân khúc trước bị tản ra nhiều nơi. Độ biến thiên thông tin bằng 0 khi cách chia y hệt và tăng theo mức khác biệt. Khoảng tin cậy cho biết một mẫu khách hàng khác có thể lệch bao nhiêu; khi cách chia y hệt thì không có khoảng này.";
}
