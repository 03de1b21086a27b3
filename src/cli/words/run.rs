//! The words of `segtrail run`, `watch` and `show`.

use crate::types::texts;

texts! {
    /// What became of a run, and its segments in a table.
    RunWords;
    done: "{date}: {purchases} purchases of {customers} customers, {revenue}, {segments} segments", "{date}: {purchases} giao dịch mua của {customers} khách hàng, {revenue}, {segments} phân khúc";
    returns: "; {n} returns", "; {n} giao dịch trả hàng";
    refused: "; {n} rows refused ({reasons})", "; {n} dòng bị từ chối ({reasons})";
    prospects: "; {n} prospects", "; {n} khách tiềm năng";
    already_done: "{date}: already done, {run}", "{date}: đã chạy rồi, {run}";
    stopped: "{date}: stopped here; the runs before it are stored", "{date}: dừng tại đây; các lần chạy trước đó đã được lưu";
    named_already: "{from}: already named so, {run}", "{from}: đã được đặt tên như vậy, {run}";
    named_anew: "{from} named anew as {run}; the old run stays as it is", "{from} đã được đặt tên lại thành {run}; lần chạy cũ giữ nguyên";
    more: "{n} more, of less revenue: segtrail show {run}", "Còn {n} phân khúc nữa có doanh thu thấp hơn: segtrail show {run}";
    against: "Against {previous}: {stayers} customers in both, {entrants} new, {leavers} gone; {segment} changed segment, {group} changed group.", "So với {previous}: {stayers} khách hàng có mặt ở cả hai, {entrants} khách mới xuất hiện, {leavers} khách không còn xuất hiện; {segment} khách đổi phân khúc, {group} khách đổi nhóm.";
    hysteresis: "Hysteresis: {kept} customers keep their group for now, {returned} are back in theirs after they were kept in it, {taken} took a new one ({by_margin} by margin, {by_months} by months); {fidelity} of customers have the group they are given.", "Hoãn đổi nhóm: {kept} khách tạm giữ nhóm cũ, {returned} khách được gán lại đúng nhóm đã giữ, {taken} khách nhận nhóm mới ({by_margin} theo khoảng cách trội, {by_months} theo số tháng); {fidelity} khách hàng mang đúng nhóm được gán.";
    report: "Report: {path}", "Báo cáo: {path}";
    nothing_to_do: "nothing to do: the last complete month ends {complete}, the last run is of {last}", "không có gì phải làm: tháng đủ dữ liệu gần nhất kết thúc {complete}, lần chạy cuối là của {last}";
    gate_held: "gate held: {what}: {sentence}", "đạt ngưỡng kiểm soát: {what}: {sentence}";
    gate_not_held: "gate did not hold: {what}: {sentence}", "KHÔNG đạt ngưỡng kiểm soát: {what}: {sentence}";

    segment: "segment", "phân khúc";
    stage: "stage", "giai đoạn";
    layers: "layers", "các lớp";
    customers: "customers", "khách hàng";
    share: "share", "tỷ trọng";
    share_of_revenue: "share of revenue", "tỷ trọng doanh thu";
    moved_in: "moved in", "chuyển đến";
    moved_out: "moved out", "chuyển đi";
    prospects_head: "prospects", "khách tiềm năng";
    taxonomy: "{name} ({key}, column {column})", "{name} ({key}, cột {column})";
}

texts! {
    /// A run on one screen.
    ShowWords;
    dates: "as of {as_of}, written {written}, seed {seed}", "tính đến hết {as_of}, ghi lúc {written}, hạt giống {seed}";
    size: "{customers} customers, {revenue}, {prospects} prospects; {used} rows used, {refused} refused", "{customers} khách hàng, {revenue}, {prospects} khách tiềm năng; {used} dòng được dùng, {refused} dòng bị từ chối";
    kmeans: "k-means", "k-means";
    full: "Gaussian mixture", "hỗn hợp Gauss";
    tied: "Gaussian mixture of tied covariances", "hỗn hợp Gauss với hiệp phương sai chung";
    diagonal: "Gaussian mixture of diagonal covariances", "hỗn hợp Gauss với hiệp phương sai đường chéo";
    spherical: "Gaussian mixture of spherical covariances", "hỗn hợp Gauss với hiệp phương sai hình cầu";
    model: "{method}, k = {k}", "{method}, k = {k}";
    micro: "{k} micro-segments in {stages} stages", "{k} vi phân khúc trong {stages} giai đoạn";
    silhouette: ", silhouette {value}", ", hệ số silhouette {value}";
    converged: "converged", "đã hội tụ";
    not_converged: "not converged", "chưa hội tụ";
    chosen: "chosen of {n} candidates: {rule}", "chọn trong {n} phương án: {rule}";
    value: "next {horizon}: {orders} orders{error}, {spend} of spend, CLV {clv}; by {method}", "{horizon} tới: {orders} đơn hàng{error}, chi tiêu {spend}, CLV {clv}; theo {method}";
    error: " (standard error {error})", " (sai số chuẩn {error})";
    named: "{segment} {name}: {reason}", "{segment} {name}: {reason}";
    medoid: "medoid {customer}", "khách trung tâm {customer}";
    outlier: "; {n} outlier", "; {n} khách ngoại lệ";
    outliers: "; {n} outliers", "; {n} khách ngoại lệ";
    files: "Files: {path}", "Tệp: {path}";
}

texts! {
    /// How real each segment is.
    StabilityWords;
    found_again: "found again", "tìm lại được";
    highly_stable: "highly stable", "rất ổn định";
    stable: "stable", "ổn định";
    doubtful: "doubtful", "chưa chắc chắn";
    unstable: "unstable", "không ổn định";
    bootstrap: "bootstrap", "bootstrap";
    subset: "subset", "mẫu con";
    dissolved: "dissolved", "tan rã";
    recovered: "recovered", "khôi phục";
    times: "{times} of {all}", "{times}/{all}";
    silhouette: "silhouette", "silhouette";
    separation: "separation", "độ tách biệt";
    from: "from", "so với";
}
