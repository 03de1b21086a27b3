//! The words of the section of how many segments there are.

use crate::types::texts;

texts! {
    /// The words of the choice.
    SelectionTexts;
    structure: "Structure", "Cấu trúc";
    none: "none", "không có";
    weak: "weak", "yếu";
    clear: "clear", "rõ rệt";
    structure_none: "No structure was found: {within} of the squares lie within {k} clusters, against {reference} in data without clusters ({errors} standard errors). The segments divide one cloud of customers: they may be useful, but where their borders lie is a matter of choice.", "Không tìm thấy cấu trúc: {within} tổng bình phương nằm bên trong {k} cụm, so với {reference} ở dữ liệu không có cụm ({errors} sai số chuẩn). Các phân khúc chia nhỏ một đám mây khách hàng liền khối: chúng vẫn có thể hữu ích, nhưng ranh giới nằm ở đâu là do lựa chọn.";
    structure_weak: "There is weak structure: {within} of the squares lie within {k} clusters, against {reference} in data without clusters ({errors} standard errors). Segments run into one another.", "Có cấu trúc yếu: {within} tổng bình phương nằm bên trong {k} cụm, so với {reference} ở dữ liệu không có cụm ({errors} sai số chuẩn). Các phân khúc hòa lẫn vào nhau.";
    structure_clear: "There is clear structure: {within} of the squares lie within {k} clusters, against {reference} in data without clusters ({errors} standard errors).", "Có cấu trúc rõ rệt: {within} tổng bình phương nằm bên trong {k} cụm, so với {reference} ở dữ liệu không có cụm ({errors} sai số chuẩn).";
    structure_note: "Measured on {customers} customers by k-means against {references} data sets without clusters of each of two kinds: uniform over a box with the same covariance, and a single cloud with the same skewness and correlations; the harder kind counts. From 3 standard errors weak, from 6 clear.", "Đo trên {customers} khách hàng bằng k-means, so với {references} bộ dữ liệu không có cụm cho mỗi loại trong hai loại: phân bố đều trong một hình hộp có cùng hiệp phương sai, và một đám mây duy nhất có cùng độ lệch và tương quan; lấy loại khó vượt hơn. Từ 3 sai số chuẩn là yếu, từ 6 là rõ rệt.";
    bounds: "Bounds on the size", "Giới hạn kích thước";
    at_least: "at least {lowest} customers", "ít nhất {lowest} khách hàng";
    from_to: "from {lowest} to {highest} customers", "từ {lowest} đến {highest} khách hàng";
    bounds_hold: "each segment was to have {sizes}, and had: nothing was changed.", "mỗi phân khúc phải có {sizes}, và đã có đủ: không có gì thay đổi.";
    bounds_merged: "each segment was to have {sizes}. Of {before} segments, {merged} too small were merged with their nearest and {split} too large were split, which left {k}. The table shows fits without bounds.", "mỗi phân khúc phải có {sizes}. Trong {before} phân khúc, {merged} phân khúc quá nhỏ đã được gộp vào phân khúc gần nhất và {split} phân khúc quá lớn đã được tách, còn lại {k}. Bảng cho thấy các phương án khi chưa có giới hạn.";
    bounds_assigned: "each segment was to have {sizes}, by the cheapest assignment that keeps this: {moved} of {customers} customers are not in the nearest segment. The table shows fits without bounds.", "mỗi phân khúc phải có {sizes}, theo cách phân bổ ít tốn kém nhất thỏa giới hạn đó: {moved} trong {customers} khách hàng không nằm ở phân khúc gần nhất. Bảng cho thấy các phương án khi chưa có giới hạn.";
    best_title: "What each criterion would choose", "Mỗi tiêu chí sẽ chọn gì";
    criterion: "Criterion", "Tiêu chí";
    better: "Better", "Tốt hơn khi";
    higher: "higher", "cao hơn";
    lower: "lower", "thấp hơn";
    best_of: "Best", "Tốt nhất";
    best_value: "Its figure", "Giá trị của nó";
    kept_value: "Figure of the fit kept", "Giá trị của phương án được chọn";
    silhouette: "Mean silhouette", "Hệ số silhouette trung bình";
    calinski_harabasz: "Calinski-Harabasz index", "Chỉ số Calinski-Harabasz";
    davies_bouldin: "Davies-Bouldin index", "Chỉ số Davies-Bouldin";
    bic: "Bayesian information criterion", "Tiêu chuẩn thông tin Bayes (BIC)";
    aic: "Akaike information criterion", "Tiêu chuẩn thông tin Akaike (AIC)";
    icl: "Integrated completed likelihood", "Hợp lý đầy đủ tích phân (ICL)";
    gap: "Gap statistic", "Thống kê khoảng cách (gap)";
    prediction_strength: "Prediction strength", "Sức dự đoán";
    bootstrap_jaccard: "Bootstrap Jaccard, mean of segments", "Jaccard bootstrap, trung bình các phân khúc";
    out_of_time: "Agreement with the run before", "Mức trùng khớp với lần chạy trước";
    mean_rank: "Mean rank", "Hạng trung bình";
    panel_higher: "{name}, higher is better", "{name}, càng cao càng tốt";
    panel_lower: "{name}, lower is better", "{name}, càng thấp càng tốt";
    shapes: "Covariances", "Hiệp phương sai";
    own: "own", "riêng";
    shared: "shared", "chung";
    diagonal: "diagonal", "đường chéo";
    spherical: "spherical", "hình cầu";
    full: "covariances of their own", "mỗi phân khúc một hiệp phương sai";
    whiskers: "Strokes: 95 % confidence interval of a sampled silhouette, one standard error of a gap.", "Vạch đứng: khoảng tin cậy 95 % của silhouette lấy mẫu, một sai số chuẩn của thống kê khoảng cách.";
    sampled: "Gap statistic and prediction strength were computed on {customers} customers.", "Thống kê khoảng cách và sức dự đoán được tính trên {customers} khách hàng.";
    note: "The gap statistic chooses the smallest k within one standard error of the next, the prediction strength the largest k from 0.8; the table gives the highest figure of each. Mixtures alone have a likelihood and so BIC, AIC and ICL.", "Thống kê khoảng cách chọn k nhỏ nhất nằm trong một sai số chuẩn của k kế tiếp, sức dự đoán chọn k lớn nhất đạt từ 0,8; bảng cho giá trị cao nhất của mỗi tiêu chí. Chỉ mô hình hỗn hợp mới có hàm hợp lý, do đó mới có BIC, AIC và ICL.";
}
