//! The words of the lineage of a series and of its forecast.

use crate::types::texts;

texts! {
    /// The lineage graph.
    LineageWords;
    head: "{series}: {runs} runs, {first} to {last}, {segments} segments in all", "{series}: {runs} lần chạy, từ {first} đến {last}, tổng cộng {segments} phân khúc";
    gone: "The run before, {run}, is not in the store: the trail begins here.", "Lần chạy trước đó, {run}, không có trong kho: dấu vết bắt đầu từ đây.";
    aside: "{n} more runs of the series are not on this trail; JSON has them.", "Còn {n} lần chạy của chuỗi không nằm trên dấu vết này; xem ở JSON.";
    segment: "segment", "phân khúc";
    name: "last name", "tên gần nhất";
    runs: "runs", "số lần chạy";
    size: "last size", "quy mô gần nhất";
    sizes: "sizes", "quy mô";
    began: "began", "bắt đầu";
    ended: "ended", "kết thúc";
    first: "{date} first run", "{date} lần chạy đầu";
    part_of: "{date} part of {segments}", "{date} tách từ {segments}";
    appeared: "{date} appeared", "{date} mới hình thành";
    absorbed: "{date} absorbed {segments}", "{date} nhận sáp nhập {segments}";
    split_into: "{date} split into {segments}", "{date} tách thành {segments}";
    absorbed_by: "{date} absorbed by {segments}", "{date} sáp nhập vào {segments}";
    disappeared: "{date} disappeared", "{date} biến mất";
    customers: "{date}  {n} customers", "{date}  {n} khách hàng";
    change: ", {entrants} new, {leavers} gone; going on: {segments}", ", {entrants} khách mới xuất hiện, {leavers} khách không còn xuất hiện; được duy trì: {segments}";
    one_segment: "1 segment", "1 phân khúc";
    segments: "{n} segments", "{n} phân khúc";
}

texts! {
    /// Where the groups are heading.
    ForecastWords;
    uneven: "{n} of the steps are not of one month: steps are runs, not months", "{n} bước chuyển không phải một tháng: mỗi bước là một lần chạy, không phải một tháng";
    one_run: "{series} has one run: a forecast needs two at least.", "{series} mới có một lần chạy: dự báo cần ít nhất hai.";
    group: "group", "nhóm";
    now: "now", "hiện tại";
    next: "next run", "lần chạy tới";
    interval: "95 %", "95 %";
    entrants: "of these new", "trong đó mới";
    stays: "stays", "ở lại nhóm";
    to_lapse: "runs to lapse", "số lần chạy đến khi ngừng mua";
    share_now: "share now", "tỷ trọng hiện tại";
    long_run: "long run", "về lâu dài";
    head: "{series} after {date}: a Markov chain over groups, from {steps} steps", "{series} sau {date}: chuỗi Markov trên các nhóm, từ {steps} bước chuyển";
    lapse: "Lapse is: {groups}.", "Ngừng mua nghĩa là: {groups}.";
    leaving: "leaving alone", "chỉ tính khách không còn xuất hiện";
    not_held: "Not held against the past: that takes three steps.", "Chưa đối chiếu được với quá khứ: cần ít nhất ba bước chuyển.";
    held: "Held against {runs} known runs, sizes were wrong by {error} customers a group; by saying that nobody moves, by {nobody}. {verdict} (in {better} of {runs} runs). {coverage} of the sizes lay within their 95 %.", "Đối chiếu với {runs} lần chạy đã biết, quy mô dự báo lệch trung bình {error} khách mỗi nhóm; nếu cho rằng không ai chuyển nhóm thì lệch {nobody}. {verdict} (ở {better} trong {runs} lần chạy). {coverage} quy mô thực tế nằm trong khoảng 95 %.";
    better: "That is better", "Như vậy là tốt hơn";
    not_better: "That is NOT better: do not plan by this forecast", "Như vậy KHÔNG tốt hơn: đừng lập kế hoạch theo dự báo này";
}
