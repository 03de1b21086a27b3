//! The words of the section of what changed in the input.

use crate::types::texts;

texts! {
    /// The words of drift of the input.
    InputTexts;
    title: "Input data", "Dữ liệu đầu vào";
    lead: "What changed in the files since the previous run, before any customer did. Shares are held against what chance gives, days against the same day of the week in the weeks before, sizes of amounts against jumps by 100 or 1,000.", "Những gì đã thay đổi trong các tệp dữ liệu so với lần chạy trước, trước khi nói đến khách hàng. Tỷ lệ được so với mức ngẫu nhiên, từng ngày được so với cùng thứ trong các tuần trước, độ lớn số tiền được soi các bước nhảy 100 hay 1.000 lần.";
    nothing: "Nothing stands out.", "Không có gì nổi bật.";
    severe: "Severe: to be corrected or explained before the figures of this run are used", "Nghiêm trọng: cần sửa hoặc giải thích trước khi dùng các con số của lần chạy này";
    notable: "To be looked at", "Cần xem lại";
    seasonal: "As in the same month of last year", "Giống cùng tháng năm ngoái";
    note: "For the record", "Ghi nhận";
    tables: "The tables before and now", "Các bảng trước và nay";
    table: "Table", "Bảng";
    rows: "Rows", "Số dòng";
    refused: "Refused", "Bị loại";
    empty_days: "Days without a row", "Ngày không có dòng nào";
    median_amount: "Median amount", "Trung vị số tiền";
    change: "{before} → {now}", "{before} → {now}";
}
