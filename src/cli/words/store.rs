//! The words of the store: `segtrail runs`, the registry, exports, and what people decided.

use crate::types::texts;

texts! {
    /// What is in the store.
    RunsWords;
    damaged: "{path} is damaged ({what}); run its month again, it will be moved aside", "{path} bị hỏng ({what}); hãy chạy lại tháng đó, thư mục hỏng sẽ được chuyển sang bên";
    series: "series", "chuỗi";
    run: "run", "lần chạy";
    customers: "customers", "khách hàng";
    revenue: "revenue", "doanh thu";
    k: "k", "k";
    silhouette: "silhouette", "silhouette";
    stability: "stability", "độ ổn định";
    gates: "gates", "ngưỡng kiểm soát";
    alias: "alias", "bí danh";
    named_by: "named by", "đặt tên theo";
    warnings: "warnings", "cảnh báo";
    previous: "previous run", "lần chạy trước";
    held: "held", "đạt";
    not_held: "not: {gates}", "không đạt: {gates}";
    model_churn: "model churn", "xáo trộn do mô hình";
    drift: "drift", "độ trôi";
    input: "input", "đầu vào";
}

texts! {
    /// Which run of a series counts, and which may go.
    RegistryWords;
    already: "{run} is the {alias} of {series} already, by {author} on {date}.", "{run} đã là {alias} của {series} từ trước, do {author} đặt ngày {date}.";
    is: "{run} is the {alias} of {series}.", "{run} là {alias} của {series}.";
    in_place_of: "{run} is the {alias} of {series}, in place of {before}.", "{run} là {alias} của {series}, thay cho {before}.";
    run: "run", "lần chạy";
    size: "kB", "kB";
    becomes: "what becomes of it", "kết quả";
    recent: "recent", "gần đây";
    promoted: "promoted", "đang được dùng";
    lineage: "knows the highest segment id", "giữ mã phân khúc cao nhất";
    stays: "stays: {reasons}", "giữ lại: {reasons}";
    would_go: "would be removed", "sẽ bị xóa";
    removed: "removed", "đã xóa";
    would_be_freed: "{kb} kB would be freed.", "Sẽ giải phóng {kb} kB.";
    freed: "{kb} kB freed.", "Đã giải phóng {kb} kB.";
    champion: "{run}, the champion of {series}", "{run}, lần chạy đang được dùng (champion) của {series}";
    last: "{run}, the last run of {series}: nobody promoted one", "{run}, lần chạy cuối của {series}: chưa ai chỉ định lần chạy nào";
    written: "{n} customers written to {path}", "Đã ghi {n} khách hàng vào {path}";
}

texts! {
    /// What people decided about segments.
    JudgementWords;
    in_run: "{segment} in {run}: {name} ({group})", "{segment} trong {run}: {name} ({group})";
    no_segment: "{segment} is no segment of {run}; its judgement is withdrawn", "{run} không có phân khúc {segment}; nhận định về phân khúc này đã được rút lại";
    already: "This was decided before, as entry {number}.", "Điều này đã được quyết định trước đó, ở mục {number}.";
    nothing_changes: "No stored run changes by it.", "Không lần chạy nào đã lưu thay đổi vì quyết định này.";
    written_anew: "Written anew, as they were in .replaced-*: {runs}", "Đã ghi lại, bản cũ nằm trong .replaced-*: {runs}";
    nobody: "Nobody has judged a segment of {series}.", "Chưa ai đưa ra nhận định về phân khúc nào của {series}.";
    number: "no.", "số";
    segment: "segment", "phân khúc";
    group: "group", "nhóm";
    until: "until", "đến ngày";
    author: "author", "người quyết định";
    made_on: "made on", "ngày quyết định";
    made_in: "in run", "ở lần chạy";
    status: "status", "trạng thái";
    reason: "reason", "lý do";
    withdrawn: "(withdrawn)", "(rút lại)";
    as_of: "Status as of the last run, {run}.", "Trạng thái tính đến lần chạy cuối, {run}.";
    cannot_be_kept: "cannot be kept: segment or group is gone", "không giữ được: phân khúc hoặc nhóm không còn";
    drifted: "in force, drifted by {spreads} in {feature}", "còn hiệu lực, đã lệch {spreads} ở {feature}";
    in_force: "in force", "còn hiệu lực";
    expired: "expired", "hết hạn";
    replaced: "replaced by {by}", "được thay bằng {by}";
    withdrawn_by: "withdrawn by {by}", "được rút lại bởi {by}";
    not_yet: "begins later", "chưa bắt đầu";
}
