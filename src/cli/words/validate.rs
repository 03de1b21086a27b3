//! The words of `segtrail clv validate`.

use crate::types::texts;

texts! {
    /// A forecast beside the truth.
    ValidateWords;
    report: "report: {path}", "báo cáo: {path}";
    periods: "calibration to {split}, holdout to {until} ({days} days)", "khớp đến {split}, kiểm định đến {until} ({days} ngày)";
    happened: "{customers} customers made {orders} orders worth {spend} in the holdout; {newcomers} newcomers are not forecast", "{customers} khách hàng có {orders} đơn trị giá {spend} trong giai đoạn kiểm định; {newcomers} khách mới không được dự báo";
    method: "method", "phương pháp";
    orders: "orders", "số đơn";
    error: "error", "sai số";
    absolute: "MAE", "MAE";
    squares: "RMSE", "RMSE";
    correlation: "correlation", "tương quan";
    spend_error: "spend error", "sai số chi tiêu";
    top: "top decile", "nhóm 10 % đầu";
    lift: "lift", "độ nâng";
    note: "* taken by a run; top decile: its share of the spend (at best {share}, lift {lift})", "* phương pháp mà lần chạy sẽ dùng; nhóm 10 % đầu: tỷ trọng chi tiêu (tốt nhất có thể {share}, độ nâng {lift})";
    not_fitted: "{method} could not be fitted: {reason}", "không khớp được {method}: {reason}";
    classes: "orders in the holdout by repeat purchases before it, mean of a customer", "số đơn trung bình của một khách trong giai đoạn kiểm định, theo số lần mua lại trước đó";
    class: "class", "số lần mua lại";
    customers: "customers", "khách hàng";
    actual: "actual", "thực tế";
}
