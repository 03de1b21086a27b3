//! The words of the sections of how long customers stay in their groups and where the groups are heading,
//! and of what changed inside segments.

use crate::types::texts;

texts! {
    /// The words of the outlook, and of changes inside segments.
    OutlookTexts;
    title: "Outlook of the groups", "Triển vọng các nhóm";
    lead: "Forecast from {steps} steps from run to run, by a Markov chain over groups: the size of each group in the next run, with an interval of 95%.", "Dự báo từ {steps} bước chuyển giữa các lần chạy, bằng chuỗi Markov trên các nhóm: quy mô mỗi nhóm ở lần chạy tới, kèm khoảng tin cậy 95%.";
    better: "Held against {runs} known runs, the sizes forecast were wrong by {error} customers a group in the mean; by saying that nobody moves, by {nobody}. {coverage} of the sizes lay within their interval.", "Đối chiếu với {runs} lần chạy đã biết, quy mô dự báo lệch trung bình {error} khách mỗi nhóm; nếu cho rằng không ai chuyển nhóm thì lệch {nobody}. {coverage} quy mô thực tế nằm trong khoảng dự báo.";
    not_better: "That is not better than saying that nobody moves: do not plan by this forecast.", "Như vậy không tốt hơn việc cho rằng không ai chuyển nhóm: đừng lập kế hoạch theo dự báo này.";
    no_backtest: "It is not held against the past yet: that takes three steps.", "Chưa đối chiếu được với quá khứ: cần ít nhất ba bước chuyển.";
    lapse: "Lapse is to be in one of these groups, or to leave the data: {groups}.", "Ngừng mua nghĩa là rơi vào một trong các nhóm sau, hoặc không còn trong dữ liệu: {groups}.";
    lapse_alone: "Lapse is to leave the data.", "Ngừng mua nghĩa là không còn trong dữ liệu.";
    now: "Now", "Hiện tại";
    next: "Next run", "Lần chạy tới";
    entrants: "Of these new", "Trong đó khách mới";
    stays: "Stays", "Ở lại nhóm";
    to_lapse: "Runs to lapse", "Số lần chạy đến khi ngừng mua";
    share_now: "Share now", "Tỷ trọng hiện tại";
    share_long: "Share in the long run", "Tỷ trọng về lâu dài";
    between: "{value} ({low} to {high})", "{value} ({low} đến {high})";

    cohorts_title: "Retention of the groups", "Giữ chân theo nhóm";
    cohorts_lead: "Of the customers who came to a group in a run, how many have been in it ever since: all cohorts of the last {runs} runs together, those who were in the group in the first of them left out, as it is not known when they came.", "Trong số khách vào một nhóm ở một lần chạy, bao nhiêu khách vẫn ở nhóm đó từ bấy đến nay: gộp mọi đợt của {runs} lần chạy gần nhất, không tính những khách đã ở trong nhóm từ lần chạy đầu vì không biết họ vào khi nào.";
    came: "Came", "Số khách vào nhóm";
    after: "+{n}", "+{n}";
    ages: "+1 is one run later. A dash: not known yet.", "+1 là một lần chạy sau đó. Dấu gạch: chưa biết.";
    by_cohort: "{group}, by cohort", "{group}, theo đợt vào nhóm";
    since: "In it since", "Ở trong nhóm từ";
    or_before: "{date} or before", "{date} hoặc trước đó";
    cohorts_cut: "The last {n} cohorts are shown.", "Chỉ hiển thị {n} đợt gần nhất.";

    inside_title: "What changed inside the segments", "Thay đổi bên trong các phân khúc";
    inside_lead: "Of segments that go on: size, the distance of the customers from the median, and the median customer, before and now.", "Với các phân khúc còn tồn tại: quy mô, khoảng cách của khách hàng so với trung vị, và khách hàng trung vị, trước và nay.";
    size: "Size", "Quy mô";
    distance: "Distances", "Khoảng cách";
    shift: "Shift", "Dịch chuyển";
    grew: "grew {share}", "tăng {share}";
    shrank: "shrank {share}", "giảm {share}";
    loosened: "looser {share}", "phân tán hơn {share}";
    tightened: "tighter {share}", "tập trung hơn {share}";
    steady: "steady", "ổn định";
    shift_note: "Shift is the root mean square of the changes of the medians, in mean distances of all customers from theirs; from 0.25 on it is marked.", "Dịch chuyển là căn trung bình bình phương của thay đổi các trung vị, tính theo khoảng cách trung bình của toàn bộ khách hàng so với trung vị; được đánh dấu từ 0,25 trở lên.";
    split_noise: "{segment} looks split into {parts}, but it is not reported as a split: refits to resamples of its own month dissolved it in {dissolved}.", "{segment} trông như bị tách thành {parts}, nhưng không được ghi nhận là tách: khi khớp lại trên các mẫu lấy lại của chính tháng đó, phân khúc tan rã trong {dissolved} số lần.";
}
