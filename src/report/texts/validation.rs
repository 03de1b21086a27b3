//! The words of the page of a validation.

use crate::types::texts;

texts! {
    /// The words of the page of `segtrail clv validate`.
    ValidationTexts;
    title: "Forecast against what happened", "Dự báo so với thực tế";
    lead: "Models fitted to purchases up to {split} forecast the orders of the same customers up to {until} ({days} days); what happened stands beside.", "Các mô hình khớp trên dữ liệu mua hàng đến hết {split} dự báo số đơn của chính các khách hàng đó đến hết {until} ({days} ngày), đặt cạnh thực tế.";
    orders_are_days: "An order is a day with a purchase.", "Một đơn hàng là một ngày có mua hàng.";

    good: "{model} is no worse than the hiatus rule", "{model} không kém quy tắc vắng mặt";
    bad: "{model} is worse than the hiatus rule", "{model} kém hơn quy tắc vắng mặt";
    itself: "The hiatus rule itself is used", "Chính quy tắc vắng mặt được dùng";
    open: "No method could be compared", "Không có phương pháp nào để so sánh";
    open_sentence: "Neither the method taken nor the hiatus rule could be fitted.", "Không khớp được phương pháp được chọn lẫn quy tắc vắng mặt.";
    good_mark: "Passed", "Đạt";
    bad_mark: "Not passed", "Không đạt";
    open_mark: "Undecided", "Chưa kết luận";
    errors: "Error of total orders: {taken} ({forecast} forecast, {actual} happened); by the hiatus rule {hiatus} ({rule} forecast).", "Sai số tổng số đơn: {taken} (dự báo {forecast}, thực tế {actual}); theo quy tắc vắng mặt {hiatus} (dự báo {rule}).";
    errors_itself: "Error of total orders: {taken} ({forecast} forecast, {actual} happened).", "Sai số tổng số đơn: {taken} (dự báo {forecast}, thực tế {actual}).";
    no_orders: "No order came in the holdout, so that no relative error is defined: {forecast} orders were forecast, {rule} by the hiatus rule.", "Không có đơn hàng nào trong giai đoạn kiểm định nên sai số tương đối không xác định: dự báo {forecast} đơn, theo quy tắc vắng mặt {rule} đơn.";
    by_customer: "Customer by customer: root mean square error {taken} orders, by the hiatus rule {hiatus}; the tenth valued most spent {lift} times the average, by the hiatus rule {rule} times.", "Theo từng khách: căn sai số bình phương trung bình {taken} đơn, theo quy tắc vắng mặt {hiatus}; nhóm 10% giá trị cao nhất chi tiêu gấp {lift} lần trung bình, theo quy tắc vắng mặt gấp {rule} lần.";
    remedy: "Do not rely on its totals before you know why: see the figures by week and by frequency below, or set model = \"hiatus\" in [features.clv].", "Đừng dựa vào tổng số dự báo khi chưa rõ nguyên nhân: xem số liệu theo tuần và theo tần suất bên dưới, hoặc đặt model = \"hiatus\" trong [features.clv].";

    customers: "Customers forecast", "Khách hàng được dự báo";
    customers_note: "who had bought by {split}", "đã mua tính đến {split}";
    newcomers: "Newcomers", "Khách hàng mới";
    newcomers_note: "first bought after {split}: counted, not forecast", "mua lần đầu sau {split}: có đếm, không dự báo";
    orders: "Orders in the holdout", "Số đơn trong giai đoạn kiểm định";
    orders_note: "of the customers forecast, {first} to {until}", "của khách được dự báo, từ {first} đến {until}";
    spend: "Spend in the holdout", "Chi tiêu trong giai đoạn kiểm định";
    spend_note: "of the customers forecast", "của khách được dự báo";

    methods: "All methods", "Mọi phương pháp";
    method: "Method", "Phương pháp";
    taken: "used", "được dùng";
    forecast: "Orders forecast", "Số đơn dự báo";
    orders_error: "Error of total orders", "Sai số tổng số đơn";
    absolute: "Mean absolute error (orders)", "Sai số tuyệt đối trung bình (đơn)";
    squares: "Root mean square error (orders)", "Căn sai số bình phương trung bình (đơn)";
    correlation: "Correlation", "Tương quan";
    spend_error: "Error of total spend", "Sai số tổng chi tiêu";
    lift: "Lift of the top tenth", "Độ nâng của nhóm 10% đầu";
    top_share: "Share of spend of the top tenth", "Tỷ trọng chi tiêu của nhóm 10% đầu";
    happened: "What happened", "Thực tế";
    best: "best of its column", "tốt nhất trong cột";
    methods_note: "✓ marks the best of a column: the smallest error, the largest correlation, lift and share. Errors are forecast over truth, less 1. The top tenth of a method are the customers whom it values most; in the last row, those who spent most: what no forecast can pass.", "✓ đánh dấu giá trị tốt nhất trong cột: sai số nhỏ nhất; tương quan, độ nâng và tỷ trọng lớn nhất. Sai số là dự báo chia thực tế, trừ 1. Nhóm 10% đầu của một phương pháp là các khách được phương pháp đó định giá cao nhất; ở dòng cuối là các khách chi tiêu nhiều nhất: không dự báo nào vượt được.";
    undefined_orders: "Errors of total orders are not defined, as no order came in the holdout.", "Sai số tổng số đơn không xác định vì không có đơn hàng nào trong giai đoạn kiểm định.";
    undefined_spend: "Errors of total spend and lifts are not defined, as nothing was spent in the holdout.", "Sai số tổng chi tiêu và độ nâng không xác định vì không có chi tiêu trong giai đoạn kiểm định.";
    undefined_correlation: "No correlation is defined where a forecast, or what happened, is the same for all customers.", "Tương quan không xác định khi dự báo hoặc thực tế giống nhau ở mọi khách hàng.";
    not_fitted: "Could not be fitted", "Không khớp được";

    classes: "By how often customers had bought", "Theo số lần khách đã mua";
    classes_caption: "Mean orders of a customer in the holdout, by repeat purchases before {split}.", "Số đơn trung bình của một khách trong giai đoạn kiểm định, theo số lần mua lại trước {split}.";
    classes_desc: "Line chart of mean orders in the holdout over {n} classes of repeat purchases, {series}.", "Biểu đồ đường số đơn trung bình trong giai đoạn kiểm định theo {n} nhóm số lần mua lại, {series}.";
    classes_none: "There is no customer to show.", "Không có khách hàng để hiển thị.";
    repeat: "Repeat purchases before", "Số lần mua lại trước đó";
    class_customers: "Customers", "Số khách hàng";
    mean_orders: "Orders per customer", "Số đơn mỗi khách";
    actual: "What happened", "Thực tế";

    weeks: "Week by week", "Theo từng tuần";
    weeks_caption: "Orders since {split}, added up week by week.", "Số đơn cộng dồn theo tuần kể từ {split}.";
    weeks_short: "The last week has {days} days.", "Tuần cuối có {days} ngày.";
    weeks_desc: "Line chart of cumulative orders over {n} weeks, {series}.", "Biểu đồ đường số đơn cộng dồn qua {n} tuần, {series}.";
    weeks_none: "The holdout has no week to show.", "Giai đoạn kiểm định không có tuần nào để hiển thị.";
    week: "Week", "Tuần";
    until: "Up to", "Đến hết";
    cumulative: "Cumulative orders", "Số đơn cộng dồn";

    top: "The tenth valued most", "Nhóm 10% được định giá cao nhất";
    top_caption: "Mean spend in the holdout of the {n} customers whom each method values most, over everybody’s. At 1 a method tells nothing; the last bar is the best possible.", "Chi tiêu trung bình trong giai đoạn kiểm định của {n} khách được mỗi phương pháp định giá cao nhất, so với toàn bộ khách. Bằng 1 là không có thông tin; thanh cuối là mức tốt nhất có thể.";
    top_desc: "Bar chart of the lift of {n} methods beside the best possible.", "Biểu đồ thanh độ nâng của {n} phương pháp cạnh mức tốt nhất có thể.";
    top_none: "Nothing was spent in the holdout, so that no lift is defined.", "Không có chi tiêu trong giai đoạn kiểm định nên độ nâng không xác định.";
    best_possible: "Best possible", "Tốt nhất có thể";
    times: "Lift (times the average)", "Độ nâng (lần so với trung bình)";

    chosen: "How the method was taken", "Cách chọn phương pháp";
}
