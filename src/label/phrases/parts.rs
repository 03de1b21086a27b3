//! Parts of what the linter says, in English and Vietnamese: where something stands, what belongs there,
//! what was found, what to do. They are known inside a sentence alone.

use super::Phrase;

/// The more particular pattern stands before the more general.
pub(super) const PHRASES: &[Phrase] = &[
    (" (did you mean `{near}`?)", " (ý bạn là `{near}`?)"),
    // What remedies a fault.
    ("add `of = \"customers\"`", "hãy thêm `of = \"customers\"`"),
    ("add `mode = \"prototype\"`", "hãy thêm `mode = \"prototype\"`"),
    ("name segments", "hãy đặt tên cho phân khúc"),
    ("write a `rule`", "hãy viết một `rule`"),
    ("write a `prototype`", "hãy viết một `prototype`"),
    // The places stand for braces, which a pattern cannot have.
    (
        "write {open} value = \"…\", name = {inner} en = \"…\", vi = \"…\" {close}",
        "hãy viết {open} value = \"…\", name = {inner} en = \"…\", vi = \"…\" {close}",
    ),
    (
        "name the features whose absence it speaks of",
        "hãy nêu những đặc trưng mà khi thiếu thì cần nói đến",
    ),
    (
        "name features with their ideal values",
        "hãy nêu các đặc trưng cùng giá trị lý tưởng của chúng",
    ),
    // What a key does not go with.
    ("a taxonomy of segments", "hệ phân loại cho phân khúc"),
    ("rules", "các quy tắc"),
    // What a value must be.
    (
        "a table of columns, each `number` or `text`",
        "một bảng các cột, mỗi cột là `number` hoặc `text`",
    ),
    ("`number` or `text` in quotes", "`number` hoặc `text` trong dấu nháy"),
    ("a list of features", "danh sách các đặc trưng"),
    ("the name of a feature in quotes", "tên một đặc trưng trong dấu nháy"),
    (
        "a table of features with their ideal values",
        "một bảng các đặc trưng cùng giá trị lý tưởng của chúng",
    ),
    ("a table with `do`, `channel` and `avoid`", "một bảng có `do`, `channel` và `avoid`"),
    ("a table of campaign tools with names", "một bảng các công cụ chiến dịch cùng tên gọi"),
    ("a table with a text in `en` and in `vi`", "một bảng có nội dung ở cả `en` và `vi`"),
    ("a whole number from 1", "một số nguyên từ 1 trở lên"),
    ("an array of tables, `[[group]]`", "một mảng các bảng, `[[group]]`"),
    ("an array of tables", "một mảng các bảng"),
    ("a table, `[[group]]`", "một bảng, `[[group]]`"),
    // What it is.
    ("a text in quotes", "một chuỗi ký tự trong dấu nháy"),
    ("a text", "một chuỗi ký tự"),
    ("this whole number", "số nguyên này"),
    ("a number with a fraction", "một số thập phân"),
    ("true or false", "true hoặc false"),
    ("an array", "một mảng"),
    ("a table", "một bảng"),
    ("a date or time", "ngày hoặc giờ"),
    // What belongs at a place in a rule.
    (
        "an operator, `and`, `or` or the end of the rule",
        "một toán tử, `and`, `or` hoặc phần cuối của quy tắc",
    ),
    (
        "a number, a statistic such as `mean(r_score)` or a parenthesis",
        "một số, một hàm thống kê như `mean(r_score)` hoặc dấu ngoặc",
    ),
    ("an operator or the closing parenthesis `)`", "một toán tử hoặc dấu ngoặc đóng `)`"),
    ("`(` and the name of a feature", "`(` và tên một đặc trưng"),
    ("the closing parenthesis `)` after the condition", "dấu ngoặc đóng `)` sau điều kiện"),
    ("the closing parenthesis `)` after the percentile", "dấu ngoặc đóng `)` sau phân vị"),
    ("the closing parenthesis `)` after the feature", "dấu ngoặc đóng `)` sau đặc trưng"),
    (
        "`,` and the percentile, as in percentile(clv, 99.5)",
        "`,` và phân vị, như percentile(clv, 99.5)",
    ),
    ("a number above 0 and below 100", "một số lớn hơn 0 và nhỏ hơn 100"),
    ("`among:` or `ties:`", "`among:` hoặc `ties:`"),
    ("`:` after the name of the option", "`:` sau tên của tùy chọn"),
    ("`id` or `together`", "`id` hoặc `together`"),
    (
        "`,` and an option, or the closing parenthesis `)`",
        "`,` và một tùy chọn, hoặc dấu ngoặc đóng `)`",
    ),
    (
        "`,` and a text, or the closing parenthesis `)`",
        "`,` và một chuỗi ký tự, hoặc dấu ngoặc đóng `)`",
    ),
    ("the name of a feature", "tên một đặc trưng"),
    // What stands there.
    ("the number {number}", "số {number}"),
    ("the text `{text}` in quotes", "chuỗi ký tự `{text}` trong dấu nháy"),
    ("the end of the rule", "phần cuối của quy tắc"),
    // What needs a condition or a number.
    ("a rule", "quy tắc"),
    ("a measure", "chỉ số"),
    // Which figures are bounded.
    (" ({*bounds})", " ({bounds})"),
    ("{~figure} is from {#low} to {#high}", "{figure} từ {low} đến {high}"),
    ("{~figure} is at least {#low}", "{figure} ít nhất là {low}"),
    ("a share", "tỷ lệ"),
    ("a place", "thứ hạng"),
    // What a campaign tool does not take.
    ("characters", "ký tự"),
    ("bytes", "byte"),
    ("`{character}` at its beginning", "`{character}` ở đầu"),
    ("the control character U+{code}", "ký tự điều khiển U+{code}"),
    ("the emoji `{emoji}`", "biểu tượng cảm xúc `{emoji}`"),
    ("a comma", "dấu phẩy"),
    ("which spreadsheets take for a formula", "bảng tính sẽ hiểu là công thức"),
    ("which breaks a row of the file", "ký tự này làm gãy dòng của tệp"),
    ("which tags cannot have", "nhãn không được chứa ký tự này"),
    ("which separates tags", "ký tự này dùng để ngăn cách các nhãn"),
    // Words that an advertising platform refuses.
    ("the name", "tên"),
    ("the description", "mô tả"),
    ("the alias for {tool}", "tên thay thế cho {tool}"),
    ("health", "sức khỏe"),
    ("financial status", "tình hình tài chính"),
    // What two groups have in common.
    ("name", "tên"),
    ("colour", "màu"),
    // What was seen on the data of a run.
    ("`{=group}` {#taken}", "`{group}` {taken}"),
    ("{#n} customers", "{n} khách hàng"),
    ("{#n} customer", "{n} khách hàng"),
    ("{#n} segments", "{n} phân khúc"),
    ("{#n} segment", "{n} phân khúc"),
    ("no segment is nearest to its profile", "không phân khúc nào gần nhất với hồ sơ của nhóm"),
    (
        "the run has no `{features}`, which its rule asks for",
        "lần chạy không có `{features}` mà quy tắc của nhóm cần",
    ),
    ("the rules above take everyone", "các quy tắc phía trên đã nhận tất cả"),
    (
        "no customer meets its rule; look at its bounds",
        "không khách nào thỏa quy tắc của nhóm; hãy xem lại các ngưỡng",
    ),
    ("no segment meets its rule", "không phân khúc nào thỏa quy tắc của nhóm"),
    // Where it stands.
    ("the taxonomy", "hệ phân loại"),
    ("{!what} {#n} (without a key)", "{what} {n} (không có khóa)"),
    ("group", "nhóm"),
    ("measure", "chỉ số"),
    ("way {#n} of {!table}", "cách tính {n} của {table}"),
    ("`without` {#n}", "`without` {n}"),
    ("rule of group `{group}`", "quy tắc của nhóm `{group}`"),
    ("prototype of group `{group}`", "hồ sơ mẫu của nhóm `{group}`"),
    ("group `{group}`", "nhóm `{group}`"),
    ("measure `{measure}`", "chỉ số `{measure}`"),
    ("`{=key}` of {!table}", "`{key}` của {table}"),
    // What is written as it stands.
    ("`{=code}`", "`{code}`"),
];
