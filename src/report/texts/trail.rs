//! The words of what moved in money, and of the path of groups.

use crate::types::texts;

texts! {
    /// The words of value moved, forecast and retention of groups.
    TrailTexts;
    value: "Value moved between groups", "Giá trị dịch chuyển giữa các nhóm";
    value_note: "What the customers who went each way were worth in the run before, and what they are worth now: spend in the window of history, and value to come (CLV) where it is forecast. Those who stayed in their group are left out here; comparison.json has all.", "Giá trị của khách đi theo từng hướng ở lần chạy trước và hiện nay: doanh thu trong khoảng thời gian dữ liệu, và giá trị tương lai (CLV) nếu có dự báo. Khách giữ nguyên nhóm không được liệt kê ở đây; comparison.json có đầy đủ.";
    revenue_before: "Revenue before", "Doanh thu trước";
    revenue_after: "Revenue now", "Doanh thu nay";
    clv_before: "CLV before", "CLV trước";
    clv_after: "CLV now", "CLV nay";
}
