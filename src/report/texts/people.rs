//! The words of the section of representatives and outliers.

use crate::types::texts;

texts! {
    /// The words of representatives and outliers.
    PeopleTexts;
    title: "Whom to interview, whom to check", "Nên phỏng vấn ai, nên kiểm tra ai";
    lead: "For each segment: the medoid, the customer whose distances to all others of the segment add up to the least; the customers nearest to its centre, who are typical; those on its border, with the segment they lean to; and outliers, who are far from its centre for this segment.", "Với mỗi phân khúc: khách trung tâm (medoid), có tổng khoảng cách đến mọi khách khác trong phân khúc nhỏ nhất; các khách gần tâm nhất, tức khách điển hình; các khách ở ranh giới, kèm phân khúc mà họ nghiêng về; và khách ngoại lai, ở xa tâm hơn hẳn so với phân khúc của mình.";
    score_note: "The outlier score is the robust z-score of the cube root of the squared distance from the centre; above {limit} a customer is flagged. Of a segment shaped like a normal distribution about 2 customers in 10,000 are flagged by chance, up to 13 where it is long and thin. A flag says “look”, not “wrong”.", "Điểm ngoại lai là điểm z bền vững (robust) của căn bậc ba bình phương khoảng cách đến tâm; khách có điểm trên {limit} bị đánh dấu. Với phân khúc có dạng phân phối chuẩn, khoảng 2 trên 10.000 khách bị đánh dấu do ngẫu nhiên, nhiều nhất 13 khi phân khúc dài và hẹp. Đánh dấu nghĩa là “hãy xem lại”, không phải “sai”.";
    all_scores: "Everybody’s score is in assignments.parquet.", "Điểm của mọi khách có trong assignments.parquet.";
    cut: "As there are {n} segments, only the first {shown} of each list are shown here; the lists are whole in segments.json.", "Vì có {n} phân khúc, ở đây chỉ hiển thị {shown} khách đầu mỗi danh sách; danh sách đầy đủ có trong segments.json.";

    medoid: "Medoid", "Khách trung tâm";
    unproven: "best found", "tốt nhất tìm được";
    unproven_note: "“Best found”: of so many customers only the most central were compared, and one of the others may add up to less.", "“Tốt nhất tìm được”: vì có quá nhiều khách nên chỉ so sánh các khách ở gần tâm nhất; có thể một khách khác có tổng khoảng cách nhỏ hơn.";
    flagged: "Outliers", "Khách ngoại lai";
    flagged_of: "{flagged} of {customers}", "{flagged} trên {customers}";
    customer: "Customer", "Khách hàng";

    summary: "{segment}: {typical} to interview, {border} on the border, {outliers} to check", "{segment}: {typical} khách để phỏng vấn, {border} khách ở ranh giới, {outliers} khách cần kiểm tra";
    interview: "To interview: the most typical", "Để phỏng vấn: khách điển hình nhất";
    border: "On the border", "Ở ranh giới";
    check: "To check: outliers", "Cần kiểm tra: khách ngoại lai";
    distance: "Distance", "Khoảng cách";
    membership: "Membership", "Mức thuộc về";
    leans_to: "Leans to", "Nghiêng về";
    margin: "Margin", "Biên";
    score: "Score", "Điểm";
    stands_out: "What stands out", "Điểm khác biệt";
    feature: "{feature} {value}, usually {usual}", "{feature} {value}, thông thường {usual}";
    border_none: "Nobody stands on a border.", "Không có khách nào ở ranh giới.";
    check_none: "Nobody is flagged.", "Không có khách nào bị đánh dấu.";
    check_small: "The segment has fewer than {n} customers, too few to tell outliers.", "Phân khúc có dưới {n} khách, quá ít để nhận ra khách ngoại lai.";
    check_more: "{flagged} customers are flagged; the {shown} furthest out are listed.", "{flagged} khách bị đánh dấu; hiển thị {shown} khách xa nhất.";
}
