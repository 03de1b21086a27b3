//! The words of the section of customer value, and of the parts that the page of a validation
//! shares with it: attempts, parameters, diagnostics.

use crate::types::texts;

texts! {
    /// The words of customer value.
    ValueTexts;
    title: "Customer value", "Giá trị khách hàng";
    lead: "What the customers of this run will bring in the {horizon} after {date}. Orders are forecast by {orders}; an order is valued by {spend}. An order is a day with a purchase.", "Giá trị mà khách hàng của lần chạy này sẽ mang lại trong {horizon} sau ngày {date}. Số đơn hàng được dự báo bằng {orders}; giá trị mỗi đơn được ước lượng bằng {spend}. Một đơn hàng là một ngày có mua hàng.";

    card_note: "margin expected within {horizon}, discounted", "biên lợi nhuận dự kiến trong {horizon}, đã chiết khấu";

    expected_orders: "Expected orders", "Số đơn hàng dự kiến";
    orders_note: "within {horizon}; ± is one standard error of the estimates", "trong {horizon}; ± là một sai số chuẩn của các ước lượng";
    orders_note_rule: "within {horizon}; no standard error, as {orders} has no estimated parameters", "trong {horizon}; không có sai số chuẩn vì {orders} không có tham số ước lượng";
    orders_note_none: "within {horizon}; no standard error, as the curvature at the estimates does not give one", "trong {horizon}; không có sai số chuẩn vì độ cong tại ước lượng không cho phép tính";
    expected_spend: "Expected spend", "Chi tiêu dự kiến";
    spend_note: "within {horizon}, before margin and discount", "trong {horizon}, chưa tính biên lợi nhuận và chiết khấu";
    clv: "Customer lifetime value", "Giá trị vòng đời khách hàng";
    clv_note: "within {horizon}; {margin}; {discount}", "trong {horizon}; {margin}; {discount}";
    margin_all: "all of spend counts as margin", "toàn bộ chi tiêu được tính là biên lợi nhuận";
    margin_part: "{margin} of spend is margin", "{margin} chi tiêu là biên lợi nhuận";
    margin_costs: "{margin} of spend is margin, as the column of costs gives it", "{margin} chi tiêu là biên lợi nhuận, tính từ cột chi phí";
    discount: "discounted at {yearly} a year, compounded monthly at {monthly}", "chiết khấu {yearly} mỗi năm, tính kép theo tháng ở mức {monthly}";
    discount_none: "not discounted: the rate is 0", "không chiết khấu: tỷ suất bằng 0";
    residual: "Value without end", "Giá trị còn lại về lâu dài";
    residual_note: "margin of all orders to come, discounted continuously at the same rate", "biên lợi nhuận của mọi đơn hàng về sau, chiết khấu liên tục theo cùng tỷ suất";
    residual_rate: "not defined at a discount rate of 0", "không xác định khi tỷ suất chiết khấu bằng 0";
    residual_rule: "not defined: {orders} knows no end of buying", "không xác định: {orders} không mô tả thời điểm khách ngừng mua";
    hiatus: "Orders by the hiatus rule", "Số đơn theo quy tắc vắng mặt";
    hiatus_note: "for comparison: whoever has been silent for more than {days} days counts as gone", "để so sánh: khách vắng quá {days} ngày được coi là đã rời bỏ";
    hiatus_note_none: "for comparison: nobody has bought twice, so no silence counts as gone", "để so sánh: chưa ai mua lần hai nên không có ngưỡng vắng mặt";
    still: "Customers still there", "Khách hàng vẫn còn";
    still_note: "of {n}, expected by their probabilities of being a customer still", "trong {n} khách, ước tính theo xác suất vẫn còn là khách hàng";
    still_none: "not known: the run has no column p_alive with a value", "không biết: lần chạy không có cột p_alive có giá trị";

    by_segment: "Value by segment", "Giá trị theo phân khúc";
    alive: "Mean probability of being a customer still", "Xác suất trung bình vẫn còn là khách hàng";
    clv_sum: "Lifetime value ({currency})", "Giá trị vòng đời ({currency})";
    clv_each: "Lifetime value per customer ({currency})", "Giá trị vòng đời mỗi khách ({currency})";
    share_of_clv: "Share of lifetime value", "Tỷ trọng giá trị vòng đời";
    by_segment_caption: "By how sure a segment is to go on and by what each of its customers is worth, highest revenue first. Lifetime value is that of the next {horizon}.", "Mức độ chắc chắn mỗi phân khúc tiếp tục mua và giá trị của mỗi khách trong phân khúc, doanh thu cao nhất xếp trước. Giá trị vòng đời tính cho {horizon} tới.";
    by_segment_desc: "Bar chart with {n} segments: mean probability of being a customer still, and lifetime value per customer. Highest value per customer: {top}.", "Biểu đồ thanh gồm {n} phân khúc: xác suất trung bình vẫn còn là khách hàng và giá trị vòng đời mỗi khách. Giá trị mỗi khách cao nhất: {top}.";
    by_segment_note: "A segment whose share of lifetime value is above its share of revenue will matter more than it did. Figures of single customers are in features.parquet, with the method and the reason.", "Phân khúc có tỷ trọng giá trị vòng đời cao hơn tỷ trọng doanh thu sẽ quan trọng hơn trước. Số liệu từng khách nằm trong features.parquet, kèm phương pháp và lý do.";
    undefined: "{n} customers have no defined lifetime value and count in no sum or mean of it.", "{n} khách hàng không có giá trị vòng đời xác định và không được tính vào tổng hay trung bình.";
    share_undefined: "Shares of lifetime value are not shown because its total is not above zero.", "Không hiển thị tỷ trọng giá trị vòng đời vì tổng không lớn hơn 0.";
    columns_missing: "This run does not have the columns {names}, so value by segment cannot be shown.", "Lần chạy này không có các cột {names} nên không thể hiển thị giá trị theo phân khúc.";

    how: "How orders are forecast", "Cách dự báo số đơn hàng";
    attempts: "Models tried", "Các mô hình đã thử";
    attempts_note: "Tried from the top; the first whose fit can be trusted is used.", "Thử lần lượt từ trên xuống; dùng mô hình đầu tiên có kết quả khớp đáng tin.";
    model: "Model", "Mô hình";
    result: "Result", "Kết quả";
    why: "Why", "Lý do";
    used: "used", "được dùng";
    refused: "not used", "không dùng";

    parameters: "Parameters of {model}", "Tham số của {model}";
    other_parameters: "Parameters of the other models", "Tham số của các mô hình khác";
    parameter: "Parameter", "Tham số";
    estimate: "Estimate", "Ước lượng";
    standard_error: "Standard error", "Sai số chuẩn";
    unit: "Unit", "Đơn vị";
    no_unit: "none", "không có";
    times: "Times are in {unit}: 1 month = {month} {unit}.", "Thời gian tính bằng {unit}: 1 tháng = {month} {unit}.";
    fitted: "Log-likelihood {value} over {customers} customers with {patterns} distinct histories.", "Log hợp lý {value} trên {customers} khách hàng với {patterns} lịch sử mua khác nhau.";
    fitted_spend: "Log-likelihood {value} over {customers} customers.", "Log hợp lý {value} trên {customers} khách hàng.";
    no_errors: "A dash: the curvature of the likelihood at the estimate gives no standard error.", "Dấu gạch: độ cong của hàm hợp lý tại ước lượng không cho sai số chuẩn.";
    at_bound: "at its lower bound", "tại cận dưới";
    no_parameters: "{model} has no parameters to estimate.", "{model} không có tham số cần ước lượng.";

    diagnostics: "Diagnostics of the fits", "Chẩn đoán các lần khớp";
    log_likelihood: "Log-likelihood", "Log hợp lý";
    gradient: "Largest gradient", "Gradient lớn nhất";
    condition: "Condition of the Hessian", "Số điều kiện của Hessian";
    converged: "Converged", "Hội tụ";
    starts: "Starts that converged", "Số điểm khởi đầu hội tụ";
    steps: "Newton steps of the best", "Số bước Newton của lần tốt nhất";
    of: "{part} of {all}", "{part} trên {all}";
    yes: "yes", "có";
    no: "no", "không";
    diagnostics_note: "The gradient is that of the mean log-likelihood in the logarithms of the parameters: near 0 at a maximum. A condition above 10^8, or a dash where the Hessian is not positive definite, means that the data do not determine the parameters.", "Gradient là của log hợp lý trung bình theo logarit các tham số: gần 0 tại điểm cực đại. Số điều kiện trên 10^8, hoặc dấu gạch khi Hessian không xác định dương, nghĩa là dữ liệu không xác định được tham số.";

    spend: "What an order is worth", "Giá trị của một đơn hàng";
    spend_used: "Used: {method}.", "Phương pháp được dùng: {method}.";
    spend_customers: "Customers with positive repeat spend", "Khách có chi tiêu mua lại dương";
    population_mean: "Order of a customer of whom nothing is known", "Đơn hàng của khách chưa có thông tin";
    prior_orders: "Orders that everybody’s mean is worth beside a customer’s own", "Số đơn mà trung bình chung có trọng lượng tương đương";
    correlation: "Correlation of repeat purchases and their mean spend", "Tương quan giữa số lần mua lại và chi tiêu trung bình";
    correlation_note: "Gamma-Gamma takes the number of purchases and their value for independent: a correlation beyond ±{bound} speaks against it.", "Gamma-Gamma giả định số lần mua và giá trị mỗi lần độc lập với nhau: tương quan vượt ±{bound} là dấu hiệu trái với giả định này.";
    correlation_none: "A dash: no correlation is known, as the model was not fitted or one of the two is the same for all.", "Dấu gạch: không có tương quan, vì mô hình không được khớp hoặc một trong hai đại lượng giống nhau ở mọi khách.";
    left_out: "Customers left out of the fit of Gamma-Gamma", "Số khách không đưa vào khớp Gamma-Gamma";
    no_repeat: "without a repeat purchase", "chưa mua lại lần nào";
    not_positive: "mean repeat spend 0 or negative", "chi tiêu mua lại trung bình bằng 0 hoặc âm";
    not_finite: "mean repeat spend not known", "không biết chi tiêu mua lại trung bình";

    regularity: "How regularly customers buy", "Khách mua đều đặn đến mức nào";
    regularity_none: "Not known: too few customers have bought three times or more.", "Chưa biết: quá ít khách đã mua từ ba lần trở lên.";
    shape: "Shape of the gaps between purchases", "Tham số hình dạng của khoảng cách giữa các lần mua";
    interval: "{value} (95% interval {low} to {high})", "{value} (khoảng tin cậy 95%: {low} đến {high})";
    regularity_used: "Customers with three purchase days or more", "Khách có từ ba ngày mua trở lên";
    regularity_left_out: "Customers with fewer, left out", "Khách có ít hơn, không tính";
    regularity_note: "At 1 customers buy at random, as the models assume; above 1 more regularly, below 1 in bursts. From {low} to {high} the models serve well.", "Bằng 1: khách mua ngẫu nhiên như mô hình giả định; lớn hơn 1: đều đặn hơn; nhỏ hơn 1: mua dồn từng đợt. Trong khoảng {low} đến {high} mô hình vẫn dùng tốt.";
    regularity_far: "All of the interval lies outside: the chances of single customers are off, so read them with care.", "Toàn bộ khoảng tin cậy nằm ngoài: xác suất của từng khách bị lệch, hãy thận trọng khi đọc.";
    regularity_near: "The interval reaches into that range: purchases are random enough.", "Khoảng tin cậy giao với khoảng này: nhịp mua đủ ngẫu nhiên.";
}
