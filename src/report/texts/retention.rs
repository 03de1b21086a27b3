//! The words of the section of retention.

use crate::types::texts;

texts! {
    /// The words of retention.
    RetentionTexts;
    title: "Retention", "Giữ chân khách hàng";
    lead: "How many customers stay, by complete calendar months up to {month}. A customer is active in a month with a purchase.", "Có bao nhiêu khách ở lại, tính theo tháng dương lịch trọn vẹn đến hết {month}. Khách được coi là hoạt động trong tháng có mua hàng.";
    definition: "Retention is the customers active in a month and in the one before, over those active in the one before, all months together. Whoever skips a month counts as lost, and on coming back as won again: where people do not buy every month, retention and average lifetime come out low although they stay.", "Tỷ lệ giữ chân là số khách hoạt động trong một tháng và cả tháng liền trước, chia cho số khách hoạt động trong tháng liền trước, gộp mọi tháng. Khách bỏ qua một tháng được tính là đã mất, khi quay lại được tính là giành lại: ở ngành mà khách không mua hằng tháng, tỷ lệ này và thời gian gắn bó trung bình thấp dù khách vẫn ở lại.";

    retention: "Monthly retention", "Tỷ lệ giữ chân hằng tháng";
    retention_note: "of those active in a month, active in the next one too", "trong số khách hoạt động trong một tháng, vẫn hoạt động ở tháng kế tiếp";
    defection: "Monthly defection", "Tỷ lệ rời bỏ hằng tháng";
    defection_note: "1 − retention", "1 − tỷ lệ giữ chân";
    unknown: "not known: it takes two complete months with purchases", "chưa biết: cần ít nhất hai tháng trọn vẹn có mua hàng";
    lifetime: "Average lifetime", "Thời gian gắn bó trung bình";
    lifetime_note: "1 / (1 − retention), if retention stays as it is", "1 / (1 − tỷ lệ giữ chân), nếu tỷ lệ này không đổi";
    lifetime_endless: "not defined: nobody has been lost so far", "không xác định: đến nay chưa mất khách nào";
    so_far: "Average lifetime so far", "Thời gian gắn bó trung bình đến nay";
    so_far_note: "from a customer’s first month with a purchase to the latest, both counted; it still grows", "từ tháng mua đầu đến tháng mua gần nhất của mỗi khách, tính cả hai; vẫn còn tăng";
    so_far_none: "not known: no customer has a complete month", "chưa biết: chưa khách nào có tháng trọn vẹn";
    months: "{n} months", "{n} tháng";
    value: "Lifetime value by retention", "Giá trị vòng đời theo tỷ lệ giữ chân";
    value_note: "per customer who is active now, within {horizon}", "mỗi khách đang hoạt động, trong {horizon}";
    unlimited: "Lifetime value without end", "Giá trị vòng đời về lâu dài";
    unlimited_note: "per customer who is active now, however long", "mỗi khách đang hoạt động, không giới hạn thời gian";
    unlimited_endless: "not finite: nobody is lost and nothing is discounted", "vô hạn: không mất khách nào và không chiết khấu";
    value_undefined: "not defined for this contribution, discount and acquisition cost", "không xác định với mức đóng góp, chiết khấu và chi phí thu hút này";
    basis: "Lifetime value by retention: a customer contributes {contribution} of margin in a month of being active, and is retained at {retention} from each month to the next, the first month counted being the next one; {discount}; {cost}. It is one figure for all alike and forecasts no single customer.", "Giá trị vòng đời theo tỷ lệ giữ chân: một khách đóng góp {contribution} biên lợi nhuận mỗi tháng hoạt động và được giữ lại với tỷ lệ {retention} từ tháng này sang tháng sau, tháng đầu được tính là tháng tới; {discount}; {cost}. Đây là một con số chung cho mọi khách, không phải dự báo cho từng khách.";
    discount: "discounted at {rate} a month", "chiết khấu {rate} mỗi tháng";
    discount_none: "not discounted: the rate is 0", "không chiết khấu: tỷ suất bằng 0";
    cost: "{cost} is taken off for winning the customer", "trừ {cost} chi phí thu hút khách";
    cost_none: "nothing is taken off for winning the customer, as the acquisition cost is 0", "không trừ chi phí thu hút khách vì chi phí này bằng 0";

    cohorts: "Cohorts", "Khách theo tháng mua đầu (cohort)";
    cohorts_lead: "Customers by the month of their first purchase, and the share of them with a purchase 1, 2, … months after it. The stronger the colour, the larger the share.", "Khách được nhóm theo tháng mua đầu, và tỷ lệ khách có mua hàng sau đó 1, 2, … tháng. Màu càng đậm, tỷ lệ càng lớn.";
    cohorts_none: "Only one complete month has purchases, so nobody could come back yet.", "Mới có một tháng trọn vẹn có mua hàng nên chưa khách nào có thể quay lại.";
    first_month: "First purchase", "Tháng mua đầu";
    all_cohorts: "All cohorts", "Mọi cohort";
    cohorts_to_come: "A dash: that month is not over yet.", "Dấu gạch: tháng đó chưa kết thúc.";
    cohorts_foot: "The last row takes all cohorts that have reached an age together, those not shown too.", "Hàng cuối gộp mọi cohort đã đạt đến tuổi đó, kể cả cohort không hiển thị.";
    cohorts_cut: "Not shown: {left} of {total} cohorts, the earliest.", "Không hiển thị: {left} trong {total} cohort, sớm nhất.";
    ages_cut: "Not shown: {left} of {total} ages, the highest.", "Không hiển thị: {left} trong {total} độ tuổi, cao nhất.";

    survival: "Survival by age", "Tỷ lệ còn lại theo tuổi khách hàng";
    survival_caption: "Of the customers who could have reached an age, the share with a purchase in that month, and the share with one then or later. The last figures of the latter are too low, for nobody knows who will come back after {month}.", "Trong số khách có thể đạt đến tuổi đó: tỷ lệ có mua hàng trong tháng đó và tỷ lệ có mua hàng từ tháng đó trở đi. Các số cuối của tỷ lệ sau bị thấp hơn thực tế vì chưa biết ai sẽ quay lại sau {month}.";
    survival_desc: "Line chart of ages 0 to {n} months. Active then or later: {alive} at the highest age; active in the month itself: {active}.", "Biểu đồ đường cho tuổi từ 0 đến {n} tháng. Hoạt động từ tháng đó trở đi: {alive} ở tuổi cao nhất; hoạt động trong chính tháng đó: {active}.";
    survival_cut: "Ages up to {shown} of {total} months are shown; all are in the manifest of the run.", "Hiển thị tuổi đến {shown} trong {total} tháng; đầy đủ trong manifest của lần chạy.";
    age: "Months since the first purchase", "Số tháng từ lần mua đầu";
    share: "Share of customers (%)", "Tỷ lệ khách hàng (%)";
    reached: "Customers of that age or older", "Khách đã đạt tuổi này";
    active: "Active in that month", "Hoạt động trong tháng đó";
    alive: "Active then or later", "Hoạt động từ tháng đó trở đi";
    from_before: "Retained from the age before", "Giữ lại từ tuổi liền trước";
    from_before_none: "A dash: there is no age before the first, or nobody was left.", "Dấu gạch: không có tuổi trước tuổi đầu, hoặc không còn khách nào.";
}
