//! The words of the sections of who moved, the customer or the model, and of drift.

use crate::types::texts;

texts! {
    /// The words of movement.
    MovementTexts;
    title: "Customer or model?", "Do khách hàng hay do mô hình?";
    lead: "Of {stayers} customers in both runs, {customer} moved by their own behaviour: the previous model, left as it was, says so too. {model} were relabelled by the new model alone; the budget for that is {budget}.", "Trong {stayers} khách hàng có mặt ở cả hai lần chạy, {customer} đã chuyển do chính hành vi của họ: mô hình trước, giữ nguyên, cũng cho kết quả như vậy. {model} bị đổi phân khúc chỉ vì mô hình mới; ngân sách cho phép là {budget}.";
    within: "The model churn is within its budget.", "Mức xáo trộn do mô hình nằm trong ngân sách.";
    above: "The model churn is above its budget: read movements between segments with care.", "Mức xáo trộn do mô hình vượt ngân sách: hãy thận trọng khi đọc các dịch chuyển giữa phân khúc.";
    unmoved: "Nobody moved", "Không chuyển";
    customer_moved: "Customer moved", "Khách hàng chuyển";
    moved_apart: "Customer moved, models differ on where", "Khách hàng chuyển, hai mô hình khác nhau về nơi đến";
    held: "Customer moved, new model keeps them", "Khách hàng chuyển, mô hình mới giữ lại";
    model_moved: "Model moved", "Mô hình chuyển";
    way: "How this month was taken: {used} (asked for: {asked}).", "Cách xử lý tháng này: {used} (yêu cầu: {asked}).";
    assign: "previous model left as it was", "giữ nguyên mô hình trước";
    warm: "refit from the previous centroids", "khớp lại từ các tâm trước";
    refit: "refit from scratch", "khớp lại từ đầu";
    auto: "chosen by rule", "chọn theo quy tắc";
    hold: "Changes of group that were put off", "Các thay đổi nhóm được hoãn lại";
    hold_lead: "A customer takes a new group when the margin in the new segment is above {margin}, or when it was given for {months} months on end. {kept} customers keep their group for now; {returned} are given it again after they had been kept in it, which saved each of them two changes; {taken} took a new one: {by_margin} by margin, {by_months} by months.", "Khách hàng nhận nhóm mới khi khoảng cách trội trong phân khúc mới vượt {margin}, hoặc khi nhóm đó được gán liên tục {months} tháng. {kept} khách tạm giữ nhóm cũ; {returned} khách được gán lại đúng nhóm đã giữ, mỗi khách tránh được hai lần đổi nhóm; {taken} khách đã nhận nhóm mới: {by_margin} theo khoảng cách trội, {by_months} theo số tháng.";
    hold_cost: "What it costs: {fidelity} of the customers have the group that this month gives them.", "Cái giá phải trả: {fidelity} khách hàng mang đúng nhóm mà tháng này gán cho họ.";
    hold_cost_money: "What it costs: {fidelity} of the customers have the group that this month gives them; {revenue} of the spend stands in another.", "Cái giá phải trả: {fidelity} khách hàng mang đúng nhóm mà tháng này gán cho họ; {revenue} chi tiêu nằm ở nhóm khác.";
    drift: "Drift", "Độ trôi của dữ liệu";
    drift_lead: "How far the features lie from those of the previous run. Beside each measure stands what chance alone gives for so many customers; an index from 0.1 is moderate, from 0.25 major.", "Các đặc trưng cách lần chạy trước bao xa. Bên cạnh mỗi thước đo là mức mà riêng ngẫu nhiên tạo ra với số khách hàng như vậy; chỉ số từ 0,1 là vừa, từ 0,25 là lớn.";
    year: "The same month of last year is run {run}: what it explains is seasonal.", "Cùng tháng năm ngoái là lần chạy {run}: phần nó giải thích được là do mùa vụ.";
    incomplete: "The month is incomplete: its last {days} days have no purchase. Longer silence of customers is not judged as drift, and is not to be read as lapse.", "Tháng chưa đầy đủ: {days} ngày cuối không có lượt mua nào. Việc khách im lặng lâu hơn không được xem là trôi dữ liệu, cũng không nên hiểu là khách rời bỏ.";
    index: "Stability index (PSI)", "Chỉ số ổn định (PSI)";
    distance: "Kolmogorov–Smirnov", "Kolmogorov–Smirnov";
    wasserstein: "Wasserstein", "Wasserstein";
    by_chance: "chance {chance}", "ngẫu nhiên {chance}";
    medians: "Median before → now", "Trung vị trước → nay";
    last_year: "PSI to last year", "PSI so với năm ngoái";
    verdict: "Verdict", "Kết luận";
    stable: "stable", "ổn định";
    moderate: "moderate drift", "trôi vừa";
    major: "major drift", "trôi mạnh";
    seasonal: "seasonal", "mùa vụ";
    not_judged: "not judged", "không kết luận";
    ageing: "older by the days between", "chỉ già thêm số ngày giữa hai lần";
    ageing_note: "Tenure grows by a day each day, whatever customers do. It is judged at equal age, as if the customers of the previous run had aged until now.", "Thời gian gắn bó tăng thêm một ngày mỗi ngày, dù khách làm gì. Nó được xét ở cùng độ tuổi, như thể khách của lần chạy trước đã già thêm đến nay.";
    shares: "Shares of segments", "Tỷ trọng các phân khúc";
    shares_title: "Shares of segments and of categories", "Tỷ trọng các phân khúc và các nhóm giá trị";
    shares_note: "Total variation is the share of customers that would have to change place. Categories have no order; segments are put in the order of their customers' median spend, so that the two distances have a meaning: Wasserstein's tells by how much the typical spend of a customer's segment moved.", "Biến thiên toàn phần là tỷ lệ khách hàng phải đổi chỗ. Các giá trị phân loại không có thứ tự; các phân khúc được xếp theo chi tiêu trung vị của khách hàng để hai khoảng cách có ý nghĩa: khoảng cách Wasserstein cho biết mức chi tiêu điển hình của phân khúc mà khách thuộc về đã dịch chuyển bao nhiêu.";
    largest: "Largest change", "Thay đổi lớn nhất";
    changed: "{name}: {before} → {now}", "{name}: {before} → {now}";
    no_value: "(no value)", "(không có giá trị)";
    variation: "Total variation", "Biến thiên toàn phần";
    new_values: "New values of {name}: {values}.", "Giá trị mới của {name}: {values}.";
    lost_values: "Values of {name} that are gone: {values}.", "Giá trị không còn của {name}: {values}.";
}
