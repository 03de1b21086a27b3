//! Reasons for the methods of value and wallet, as runs keep them, in English and Vietnamese. They stand
//! after a colon, so they begin with a small letter.

use super::Phrase;

/// The more particular pattern stands before the more general.
pub(super) const PHRASES: &[Phrase] = &[
    // `clv_reason` of a customer.
    (
        "orders: {!orders}; order value: {!value}; {!customer}",
        "số đơn hàng: {orders}; giá trị đơn hàng: {value}; {customer}",
    ),
    (
        "orders: {!orders}; order value: {!value}",
        "số đơn hàng: {orders}; giá trị đơn hàng: {value}",
    ),
    (
        "bought on one day: the order value is everybody's mean",
        "khách mới mua trong một ngày: giá trị đơn hàng lấy trung bình của mọi khách",
    ),
    (
        "repeat spend is not positive: the order value is everybody's mean",
        "chi tiêu lặp lại không dương: giá trị đơn hàng lấy trung bình của mọi khách",
    ),
    ("repeat spend is not positive", "chi tiêu lặp lại không dương"),
    // Rungs of the ladder.
    ("the fit is sound", "mô hình khớp tốt"),
    ("cohorts have repeat purchases", "các nhóm khách đều có lượt mua lặp lại"),
    ("it needs no fit", "không cần khớp mô hình"),
    ("{!how}; {~model} was not used: {~why}", "{how}; không dùng {model}: {why}"),
    ("shrunken cohort means", "trung bình nhóm co rút"),
    ("hiatus rule", "quy tắc vắng mặt (hiatus)"),
    ("cohort means", "trung bình theo nhóm"),
    (
        "{#customers} customers, fewer than {#least}",
        "chỉ có {customers} khách hàng, ít hơn mức cần là {least}",
    ),
    (
        "{#customers} customers with a repeat purchase, fewer than {#least}",
        "chỉ có {customers} khách mua lặp lại, ít hơn mức cần là {least}",
    ),
    (
        "{#customers} customers with positive repeat spend, fewer than {#least}",
        "{customers} khách có chi tiêu lặp lại dương, ít hơn mức cần là {least}",
    ),
    (
        "the likelihood did not converge (gradient {#gradient})",
        "hàm hợp lý chưa hội tụ (gradient {gradient})",
    ),
    (
        "the data do not determine the parameters (condition of the Hessian {#condition})",
        "dữ liệu không đủ để xác định tham số (số điều kiện của ma trận Hesse: {condition})",
    ),
    (
        "the likelihood has no maximum in the inside of its range",
        "hàm hợp lý không có cực đại bên trong miền giá trị",
    ),
    (
        "it expects {#bias} % of the repeat purchases that it was fitted to",
        "số lượt mua lặp lại mà mô hình tính ra lệch {bias}% so với số đã dùng để khớp",
    ),
    ("the fit of Gamma-Gamma is not sound", "mô hình Gamma-Gamma khớp chưa đáng tin cậy"),
    (
        "{~model} cannot be fitted: its likelihood is not finite at any of {#starts} starting points; look for outliers in the data",
        "không khớp được {model}: hàm hợp lý không hữu hạn tại bất kỳ điểm nào trong {starts} điểm xuất phát; hãy tìm giá trị bất thường trong dữ liệu",
    ),
    ("{~model} cannot be fitted: {!why}", "không khớp được {model}: {why}"),
    ("no customer has bought on two days", "không khách nào mua vào hai ngày khác nhau"),
    (
        "there is no customer; widen the period or the filter",
        "không có khách hàng nào; hãy mở rộng khoảng thời gian hoặc bộ lọc",
    ),
    (
        "there are no customers; give it at least some hundreds",
        "không có khách hàng nào; mô hình cần ít nhất vài trăm khách",
    ),
    (
        "no customer has bought again and been observed for any time after the first purchase; observe for longer",
        "chưa khách nào mua lại và được theo dõi sau lần mua đầu; hãy theo dõi lâu hơn",
    ),
    (
        "no customer has bought a second time; take in a longer time, or leave the value of customers out",
        "chưa khách nào mua lần thứ hai; hãy lấy khoảng thời gian dài hơn, hoặc bỏ phần giá trị khách hàng",
    ),
    (
        "no time has passed since the first purchases; let the observation end later",
        "chưa có khoảng thời gian nào trôi qua sau các lần mua đầu; hãy lùi ngày kết thúc quan sát",
    ),
    (
        "the customers show {#patterns} distinct histories of purchases, and four parameters need at least {#least}; add customers or observe for longer",
        "chỉ có {patterns} kiểu lịch sử mua khác nhau, trong khi bốn tham số cần ít nhất {least}; hãy thêm khách hàng hoặc theo dõi lâu hơn",
    ),
    (
        "{#pairs} different pairs of repeat purchases and positive mean spend are left ({#once} customers without a repeat purchase, {#negative} whose mean spend is not positive); three parameters need more customers who bought again",
        "chỉ còn {pairs} cặp khác nhau về số lượt mua lặp lại và chi tiêu trung bình dương ({once} khách chưa mua lặp lại, {negative} khách có chi tiêu trung bình không dương); ba tham số cần nhiều khách mua lại hơn",
    ),
    // The wallet that like customers show.
    (
        "{#customers} customers have own spend, and the quantile {#quantile} needs {#least}",
        "{customers} khách có chi tiêu riêng, trong khi phân vị {quantile} cần {least} khách",
    ),
    ("nobody has spent anything", "chưa khách nào chi tiêu"),
    (
        "neither neighbours nor regression had a lower loss on held-out customers than the quantile of all customers, which is used",
        "so sánh với khách tương tự và hồi quy đều không cho sai số thấp hơn trên nhóm khách giữ lại, nên phân vị của toàn bộ khách hàng được dùng",
    ),
    (
        "the method asked for could not be used: {!why}",
        "không dùng được phương pháp đã chọn: {why}",
    ),
    (
        "the method asked for has nothing to compare customers by",
        "phương pháp đã chọn không có đặc trưng nào để so sánh khách hàng",
    ),
    ("there is nothing to compare customers by", "không có đặc trưng nào để so sánh khách hàng"),
    (
        "{#above} customers lie above the quantile, and {#coefficients} coefficients need {#needed}",
        "{above} khách nằm trên phân vị, trong khi {coefficients} hệ số cần {needed} khách",
    ),
    (
        "it is own spend in disguise: rank correlation {#correlation}",
        "thực chất đây là chi tiêu riêng dưới dạng khác: tương quan hạng {correlation}",
    ),
    (
        "{#customers} customers have it, {#needed} are needed",
        "{customers} khách có đặc điểm này, cần {needed} khách",
    ),
    // The verdict of a validation.
    ("no method could be fitted", "không khớp được phương pháp nào"),
    ("not defined: there was no order", "không xác định: không có đơn hàng nào"),
    (
        "the hiatus rule itself is used; its error on total orders is {#error} %",
        "chính quy tắc vắng mặt được dùng; sai số tổng số đơn của quy tắc này là {error} %",
    ),
    (
        "the hiatus rule itself is used; its error on total orders is {!error}",
        "chính quy tắc vắng mặt được dùng; sai số tổng số đơn của quy tắc này {error}",
    ),
    (
        "{~method}: error on total orders {#error} %, {!verdict} the hiatus rule ({#rule} %)",
        "{method}: sai số tổng số đơn {error} %, {verdict} quy tắc vắng mặt ({rule} %)",
    ),
    (
        "{~method}: error on total orders {!error}, {!verdict} the hiatus rule ({!rule})",
        "{method}: sai số tổng số đơn {error}, {verdict} quy tắc vắng mặt ({rule})",
    ),
    ("no worse than", "không kém"),
    ("WORSE than", "KÉM hơn"),
    // Why a model of an earlier run does not fit the customers of this one.
    (
        "the feature table has no feature `{feature}`: it has {known}",
        "bảng đặc trưng không có `{feature}`: bảng có {known}",
    ),
    (
        "`{feature}` was {!was} when the model was fitted and is {!is} in this table: correct the customer table, or fit the model anew",
        "`{feature}` là {was} khi khớp mô hình, còn trong bảng này là {is}: hãy sửa bảng khách hàng, hoặc khớp lại mô hình",
    ),
    ("a number", "số"),
    ("text", "chuỗi ký tự"),
    (
        "feature `{feature}` is not defined for any of the {#customers} customers: take it out of [features] use, or give the data it is computed from",
        "đặc trưng `{feature}` không xác định với khách nào trong {customers} khách hàng: hãy bỏ nó khỏi [features] use, hoặc cung cấp dữ liệu để tính",
    ),
    (
        "there is no customer to cluster: widen the window or check the filters of the input",
        "không có khách hàng nào để phân cụm: hãy nới khoảng thời gian hoặc kiểm tra bộ lọc dữ liệu",
    ),
    (
        "feature `{feature}` of customer `{customer}` is {#value}, too large to cluster once transformed and scaled: check the value, or use transform = \"log1p\"",
        "đặc trưng `{feature}` của khách `{customer}` là {value}, quá lớn để phân cụm sau khi biến đổi và chuẩn hóa: hãy kiểm tra giá trị, hoặc dùng transform = \"log1p\"",
    ),
    (
        "the model's covariances are not positive definite: the file was changed; fit it anew",
        "các hiệp phương sai của mô hình không xác định dương: tệp đã bị sửa; hãy khớp lại",
    ),
    (
        "its features are others than this month's",
        "các đặc trưng của mô hình đó khác với tháng này",
    ),
    (
        "the run before has layers and this one has none",
        "lần chạy trước có nhiều lớp còn lần này thì không",
    ),
    (
        "the run before is of a release that did not keep which cluster is which segment",
        "lần chạy trước thuộc phiên bản chưa lưu cụm nào là phân khúc nào",
    ),
];
