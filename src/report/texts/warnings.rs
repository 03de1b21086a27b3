//! Code of a warning -> what it means in Vietnamese, in a sentence: for a warning whose own sentence
//! `label::in_vietnamese` does not know, such as one that an earlier release wrote in other words; it
//! stands beside it in English. tests/walls holds that every code of the sources is here.

/// None for a code that is not known here.
pub(in crate::report) fn about_code(code: &str) -> Option<&'static str> {
    let text = match code {
        "attribute_constant" => {
            "Một thuộc tính chỉ có một giá trị nên không được dùng để phân cụm."
        }
        "attribute_missing" => "Một số khách không có giá trị của một thuộc tính.",
        "attribute_too_varied" => {
            "Một thuộc tính có quá nhiều giá trị khác nhau nên không có trong hồ sơ phân khúc."
        }
        "bootstrap_failed" => "Một số lần khớp lại trên mẫu lấy lại không cho ra mô hình.",
        "bootstrap_sampled" => "Một số mẫu lấy lại không cho ra mô hình và không được tính.",
        "campaign_without_dates" => "Một số lượt tiếp cận của chiến dịch không có ngày.",
        "candidate_failed" => "Một phương án phân cụm không khớp được.",
        "clv_fallback" => "Số đơn hàng được dự báo bằng một phương pháp dự phòng.",
        "complaint_kind_absent" => "Không có tương tác nào thuộc loại khiếu nại đã khai báo.",
        "criteria_sampled" => "Một số tiêu chí chọn số phân khúc được tính trên mẫu khách hàng.",
        "data_end_before_as_of" => {
            "Dữ liệu kết thúc trước ngày chốt: hãy kiểm tra tháng cuối đã đầy đủ chưa."
        }
        "empty_clusters_dropped" => "Các cụm không còn khách hàng nào đã bị loại.",
        "fit_not_sound" => {
            "Dữ liệu không đủ để xác định tham số của mô hình: đừng dùng các tham số này."
        }
        "gamma_gamma_not_used" => {
            "Giá trị đơn hàng là trung bình có điều chỉnh, không theo mô hình Gamma-Gamma."
        }
        "holdout_beyond_data" => "Dữ liệu kết thúc trước giai đoạn kiểm chứng.",
        "ids_normalised" => "Mã khách hàng ghi dạng số thập phân đã được đọc thành số nguyên.",
        "input_drift" => "Dữ liệu đầu vào khác tháng trước: hãy kiểm tra nguồn dữ liệu.",
        "input_drift_severe" => {
            "Dữ liệu đầu vào thay đổi nghiêm trọng so với tháng trước: hãy kiểm tra nguồn dữ liệu \
             trước khi dùng kết quả."
        }
        "interactions_unknown_customers" => {
            "Có khách trong bảng tương tác không có trong dữ liệu bán hàng lẫn danh sách khách hàng; \
             họ được tính là khách tiềm năng."
        }
        "k_bounded" => "Giới hạn về quy mô phân khúc đã thu hẹp khoảng số phân khúc được chọn.",
        "k_reduced" => "Số phân khúc bị giảm vì có quá ít khách hàng khác nhau.",
        "margin_not_positive" => {
            "Chi phí lớn hơn doanh thu nên giá trị tương lai không dương: hãy kiểm tra cột chi phí."
        }
        "medoid_unproven" => {
            "Khách hàng trung tâm của một số phân khúc được tìm trong các khách gần tâm nhất."
        }
        "micro_segments_merged" => {
            "Các vi phân khúc quá nhỏ đã được gộp vào vi phân khúc gần nhất."
        }
        "mixture_of_levels" => {
            "Mô hình hỗn hợp có thể chạy theo các cột chỉ có hai giá trị: hãy dùng k-means."
        }
        "movement_unavailable" => "Không thể phân biệt khách hàng hay mô hình đã dịch chuyển.",
        "no_stayers" => "Không có khách nào có mặt ở cả hai lần chạy.",
        "no_structure" => {
            "Dữ liệu không cho thấy các cụm tách biệt: các phân khúc chia đều một đám khách hàng liên \
             tục, hãy dùng chúng như mức chia chứ không như những nhóm tự nhiên."
        }
        "noise" => {
            "Một số khách giống ngoại lệ hơn là thuộc về một phân khúc; họ được xếp vào phân khúc gần nhất."
        }
        "not_converged" => "Thuật toán phân cụm dừng trước khi hội tụ: hãy tăng max_iterations.",
        "one_cluster" => "Mọi khách hàng có cùng giá trị nên chỉ có một phân khúc.",
        "out_of_time_unavailable" => {
            "Không thể đối chiếu các phương án với mô hình của lần chạy trước."
        }
        "override_drift_unknown" => {
            "Một phân khúc được đặt tên thủ công, nhưng không đo được nó đã thay đổi bao nhiêu."
        }
        "override_drifted" => {
            "Một phân khúc được đặt tên thủ công đã thay đổi nhiều: hãy xem lại tên này."
        }
        "override_expired" => {
            "Tên đặt thủ công của một phân khúc đã hết hạn; tên theo quy tắc được dùng lại."
        }
        "override_group_unknown" => {
            "Tên đặt thủ công không có trong hệ phân loại đang dùng; tên theo quy tắc được giữ."
        }
        "override_segment_ended" => {
            "Tên đặt thủ công thuộc về một phân khúc không còn trong lần chạy này."
        }
        "p_active_one_time_buyers" => {
            "Xác suất còn hoạt động bằng 0 với mọi khách chỉ mua một lần, do công thức của nó."
        }
        "previous_run_gone" => {
            "Lần chạy trước không còn trong kho: lịch sử nhóm bắt đầu lại từ đây."
        }
        "purchases_not_poisson" => {
            "Nhịp mua không ngẫu nhiên như mô hình giả định: hãy thận trọng với p_alive."
        }
        "retrain_refitted" => "Tháng này được khớp lại từ đầu.",
        "rule_without_figures" => {
            "Không phương án nào có số liệu mà quy tắc chọn yêu cầu; một quy tắc khác được dùng."
        }
        "scores_collapse" => {
            "Quá nhiều khách có cùng giá trị nên không chia được thành năm mức điểm."
        }
        "silhouette_sampled" => "Chỉ số silhouette được tính trên mẫu khách hàng.",
        "spend_depends_on_frequency" => {
            "Số lần mua và mức chi có tương quan, trong khi mô hình chi tiêu coi chúng là độc lập."
        }
        "stage_too_small" => {
            "Một số giai đoạn có quá ít khách để chia nhỏ; mỗi giai đoạn là một vi phân khúc."
        }
        "segments_merged" => "Các phân khúc quá nhỏ đã được gộp vào phân khúc gần nhất.",
        "segments_split" => "Các phân khúc quá lớn đã được chia nhỏ.",
        "customers_moved" => {
            "Một số khách không nằm ở phân khúc gần nhất, để mỗi phân khúc giữ đúng giới hạn quy mô."
        }
        "taxonomy" => "Hệ phân loại có điểm cần xem lại.",
        "taxonomy_changed" => "Lần chạy trước dùng hệ phân loại khác: lịch sử nhóm bắt đầu lại.",
        code if code.starts_with("gate_") => "Dữ liệu không đạt một ngưỡng chất lượng.",
        code if code.ends_with("_empty") => "Một bảng đầu vào không có dòng nào đến ngày chốt.",
        code if code.ends_with("_unmatched") => {
            "Không khách nào của một bảng đầu vào có trong dữ liệu bán hàng: hãy kiểm tra cột mã khách hàng."
        }
        code if code.ends_with("_rejects") => "Một số dòng của dữ liệu đầu vào bị từ chối.",
        _ => return None,
    };
    Some(text)
}
