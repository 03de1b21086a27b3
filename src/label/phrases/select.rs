//! How k was chosen, as the manifest says it, in English and Vietnamese.

use super::Phrase;

/// The more particular pattern stands before the more general.
pub(super) const PHRASES: &[Phrase] = &[
    (
        "k-means, {!searched}: {!what}, ties to the smaller k",
        "k-means, {searched}: {what}, nếu bằng nhau thì lấy k nhỏ hơn",
    ),
    (
        "mixture, {!searched}: {!what}, ties to the smaller k",
        "mô hình hỗn hợp, {searched}: {what}, nếu bằng nhau thì lấy k nhỏ hơn",
    ),
    (
        "{!searched}: for k-means {!kmeans}, for the mixture {!mixture}, ties to the smaller k; of these two the one with the higher mean silhouette, ties to k-means",
        "{searched}: với k-means là {kmeans}, với mô hình hỗn hợp là {mixture}, nếu bằng nhau thì lấy k nhỏ hơn; trong hai mô hình đó chọn mô hình có hệ số silhouette trung bình cao hơn, nếu bằng nhau thì chọn k-means",
    ),
    (
        "{!searched}: for each method the smallest k whose gap statistic is within one standard error of that of the next k, or the largest k; of these the highest gap, {!ties}",
        "{searched}: với mỗi phương pháp lấy k nhỏ nhất có thống kê gap cách k kế tiếp không quá một sai số chuẩn, nếu không có thì lấy k lớn nhất; trong đó chọn gap cao nhất, {ties}",
    ),
    (
        "{!searched}: for each method the largest k with a prediction strength of at least {#least}, or the k of the highest; of these the highest, {!ties}",
        "{searched}: với mỗi phương pháp lấy k lớn nhất có độ mạnh dự đoán từ {least} trở lên, nếu không có thì lấy k có độ mạnh cao nhất; trong đó chọn giá trị cao nhất, {ties}",
    ),
    ("{!searched}: the {!end} {!criterion}, {!ties}", "{searched}: {criterion} {end}, {ties}"),
    ("highest", "cao nhất"),
    ("lowest", "thấp nhất"),
    (
        "ties to the smaller k, then to k-means",
        "nếu bằng nhau thì lấy k nhỏ hơn, sau đó ưu tiên k-means",
    ),
    ("k = {#k}", "k = {k}"),
    ("k from {#low} to {#high}", "k từ {low} đến {high}"),
    ("the highest mean silhouette", "hệ số silhouette trung bình cao nhất"),
    ("the lowest Bayesian information criterion", "tiêu chí thông tin Bayes (BIC) thấp nhất"),
    ("mean silhouette", "hệ số silhouette trung bình"),
    ("Calinski-Harabasz index", "chỉ số Calinski-Harabasz"),
    ("Davies-Bouldin index", "chỉ số Davies-Bouldin"),
    ("Bayesian information criterion", "tiêu chí thông tin Bayes (BIC)"),
    ("Akaike information criterion", "tiêu chí thông tin Akaike (AIC)"),
    ("integrated completed likelihood", "hợp lý đầy đủ tích hợp (ICL)"),
    ("mean bootstrap Jaccard similarity", "hệ số Jaccard bootstrap trung bình"),
    ("agreement with the earlier run's model", "mức trùng khớp với mô hình của lần chạy trước"),
    ("clear structure: {!figures}", "Có cấu trúc cụm rõ rệt: {figures}"),
    (
        "weak structure: {!figures}; segments run into one another",
        "Cấu trúc cụm yếu: {figures}; các phân khúc chồng lấn nhau",
    ),
];
