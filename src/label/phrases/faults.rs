//! What the linter finds in a taxonomy, in English and Vietnamese: a sentence for each variant of
//! `Fault` and of `RuleFaultKind`, in their order. tests/walls/phrases.rs holds that each message of
//! both has its phrase here.

use super::Phrase;

pub(super) const PHRASES: &[Phrase] = &[
    // Of the file: `Fault`.
    ("not valid TOML: {message}", "không phải TOML hợp lệ: {message}"),
    (
        "unknown key `{key}` in {!table}; known keys: {known}",
        "khóa `{key}` không dùng được trong {table}; các khóa dùng được: {known}",
    ),
    ("{!table} has no `{key}`; add it", "{table} thiếu `{key}`; hãy thêm vào"),
    ("`{key}` must be {!expected}, not {!found}", "`{key}` phải là {expected}, không phải {found}"),
    ("`{key}` is empty; write its text", "`{key}` đang để trống; hãy viết nội dung"),
    (
        "key `{key}` must be lowercase letters a-z, digits and `_`, beginning with a letter",
        "khóa `{key}` chỉ được gồm chữ thường a-z, chữ số và `_`, bắt đầu bằng chữ cái",
    ),
    (
        "the taxonomy has no group; add a `[[group]]` with the rule `otherwise`",
        "hệ phân loại chưa có nhóm nào; hãy thêm một `[[group]]` với quy tắc `otherwise`",
    ),
    (
        "group `{group}` is already defined in line {first}; give each group its own key",
        "nhóm `{group}` đã được khai báo ở dòng {first}; hãy cho mỗi nhóm một khóa riêng",
    ),
    (
        "colour `{color}` must be `#` and six hexadecimal digits, such as `#0072b2`",
        "màu `{color}` phải gồm `#` và sáu chữ số thập lục phân, ví dụ `#0072b2`",
    ),
    ("rule of group `{group}`: {!fault}", "quy tắc của nhóm `{group}`: {fault}"),
    ("measure `{measure}`: {!fault}", "chỉ số `{measure}`: {fault}"),
    (
        "`{key}` cannot be `{value}`; write {*known}",
        "`{key}` không nhận giá trị `{value}`; hãy viết {known}",
    ),
    (
        "`{key}` means nothing with {!with}; {!remedy}",
        "`{key}` không có nghĩa khi đi cùng {with}; {remedy}",
    ),
    ("`{key}` of {!table} is empty; {!remedy}", "`{key}` của {table} đang để trống; {remedy}"),
    (
        "`{feature}` of the prototype cannot be {~found}; write a number in business units, or a percentile of all customers such as \"p90\"",
        "`{feature}` của hồ sơ mẫu không nhận {found}; hãy viết một số theo đơn vị kinh doanh, hoặc một phân vị của toàn bộ khách hàng như \"p90\"",
    ),
    (
        "`{name}` is already the name of a measure or an attribute; give it another",
        "`{name}` đã là tên của một chỉ số hoặc thuộc tính; hãy đặt tên khác",
    ),
    (
        "measure `{measure}` uses the measure `{other}`; write its calculation out, a measure may use features alone",
        "chỉ số `{measure}` dùng chỉ số `{other}`; hãy viết hẳn phép tính ra, vì chỉ số chỉ được dùng các đặc trưng",
    ),
    (
        "group `{group}` has no `treatment`; add [group.treatment] with `do`, `channel` and `avoid`, so that a reader knows what to do with it",
        "nhóm `{group}` thiếu `treatment`; hãy thêm [group.treatment] với `do`, `channel` và `avoid`, để người đọc biết nên làm gì với nhóm này",
    ),
    (
        "{!of}: unknown feature `{feature}`{?hint}; known: {known}",
        "{of}: không có đặc trưng `{feature}`{hint}; các đặc trưng hiện có: {known}",
    ),
    (
        "{!of}: `{feature}` is a text; compare it with a text, as in `{feature} == \"…\"`, or use a feature that is a number",
        "{of}: `{feature}` là đặc trưng dạng chữ; hãy so sánh với một chuỗi ký tự, như `{feature} == \"…\"`, hoặc dùng một đặc trưng dạng số",
    ),
    (
        "{!of}: `{feature}` is a number; compare it with a number, without quotes",
        "{of}: `{feature}` là đặc trưng dạng số; hãy so sánh với một số, không đặt trong dấu nháy",
    ),
    (
        "{!of}: `{feature}` is never `{value}`{?hint}; it is one of {known}",
        "{of}: `{feature}` không bao giờ là `{value}`{hint}; các giá trị có thể có: {known}",
    ),
    (
        "the last group, `{group}`, must have the rule `otherwise`, so that everyone gets a group",
        "nhóm cuối cùng, `{group}`, phải có quy tắc `otherwise`, để ai cũng được xếp vào một nhóm",
    ),
    (
        "group `{group}` can never be given: the rule of `{by}` above it always holds; move `{by}` to the end",
        "nhóm `{group}` không bao giờ được gán: quy tắc của `{by}` phía trên luôn đúng; hãy chuyển `{by}` xuống cuối",
    ),
    (
        "group `{group}` can never be given: `{other}` above it has the same rule; change one",
        "nhóm `{group}` không bao giờ được gán: `{other}` phía trên có cùng quy tắc; hãy sửa một trong hai",
    ),
    (
        "group `{group}` can never be given: whoever meets its rule meets that of {*by} above it; move it up, or narrow the rules above",
        "nhóm `{group}` không bao giờ được gán: mọi trường hợp thỏa quy tắc của nhóm này đều thỏa quy tắc của {by} phía trên; hãy đưa nhóm này lên trên, hoặc thu hẹp các quy tắc phía trên",
    ),
    (
        "group `{group}` can never be given: no values can meet its rule{?because}; correct its bounds or remove it",
        "nhóm `{group}` không bao giờ được gán: không giá trị nào thỏa được quy tắc của nhóm{because}; hãy sửa các ngưỡng hoặc bỏ nhóm này",
    ),
    (
        "group `{group}` can never be given: its rule is never true; correct or remove it",
        "nhóm `{group}` không bao giờ được gán: quy tắc của nhóm không bao giờ đúng; hãy sửa hoặc bỏ nhóm này",
    ),
    (
        "name `{name}` of group `{group}` has {#length} characters; more than {#most} are cut or refused by messaging platforms: shorten it",
        "tên `{name}` của nhóm `{group}` dài {length} ký tự; quá {most} ký tự thì các nền tảng nhắn tin cắt bớt hoặc từ chối: hãy rút ngắn tên",
    ),
    (
        "{tool}: name `{name}` of group `{group}` has {#length} {!unit}, at most {#most} are taken; shorten it, or give an alias: [group.aliases] {tool} = \"…\"",
        "{tool}: tên `{name}` của nhóm `{group}` dài {length} {unit}, tối đa chỉ nhận {most}; hãy rút ngắn, hoặc đặt tên thay thế: [group.aliases] {tool} = \"…\"",
    ),
    (
        "{tool}: name `{name}` of group `{group}` has {!character}, {!why}; leave it out, or give an alias: [group.aliases] {tool} = \"…\"",
        "{tool}: tên `{name}` của nhóm `{group}` có {character}, {why}; hãy bỏ đi, hoặc đặt tên thay thế: [group.aliases] {tool} = \"…\"",
    ),
    (
        "{!what} of group `{group}` has `{word}`, which suggests {!topic}: advertising platforms refuse or flag such audiences; say it by what customers buy",
        "{what} của nhóm `{group}` có từ `{word}`, gợi đến {topic}: các nền tảng quảng cáo từ chối hoặc gắn cờ những tệp khách hàng như vậy; hãy diễn đạt theo những gì khách mua",
    ),
    // Seen on the data of a run.
    (
        "in this run {!met} met the rule of group `{group}`, and groups above took all of them: {*by}; move it up, or narrow the rules above",
        "trong lần chạy này {met} thỏa quy tắc của nhóm `{group}`, nhưng các nhóm phía trên đã nhận hết: {by}; hãy đưa nhóm này lên trên, hoặc thu hẹp các quy tắc phía trên",
    ),
    (
        "in this run nothing gets group `{group}`: {!why}",
        "trong lần chạy này nhóm `{group}` trống: {why}",
    ),
    (
        "in this run {#taken} of {!met} that meet the rule of group `{group}` get a group above it: {*by}",
        "trong lần chạy này, trong số {met} thỏa quy tắc của nhóm `{group}` có {taken} thuộc về nhóm phía trên: {by}",
    ),
    (
        "in this run only `otherwise` reaches {#customers} of customers and {#revenue} of revenue (group `{group}`); add a rule where that is too much",
        "trong lần chạy này chỉ có `otherwise` bao được {customers} khách hàng và {revenue} doanh thu (nhóm `{group}`); nếu vậy là quá nhiều, hãy thêm quy tắc",
    ),
    // The text is the taxonomy's own, in the language asked for.
    ("this run has no `{features}`: {text}", "lần chạy này không có `{features}`: {text}"),
    (
        "{!what} `{value}` of group `{group}` is also that of `{other}`; make them differ",
        "{what} `{value}` của nhóm `{group}` trùng với nhóm `{other}`; hãy đổi để khác nhau",
    ),
    // Of the text of a rule: `RuleFaultKind`.
    (
        "the rule is empty; write a comparison such as `mean(r_score) >= 4`, or `otherwise`",
        "quy tắc đang để trống; hãy viết một phép so sánh như `mean(r_score) >= 4`, hoặc `otherwise`",
    ),
    (
        "the rule has {#length} bytes, more than the {#most} allowed; simplify it",
        "quy tắc dài {length} byte, vượt mức cho phép là {most}; hãy viết gọn lại",
    ),
    (
        "nested more than {#most} deep; remove parentheses or signs",
        "lồng nhau quá {most} cấp; hãy bỏ bớt dấu ngoặc hoặc dấu âm",
    ),
    (
        "unexpected `{character}`; a rule has names, numbers, ( ) + - * / < <= > >= == != and the words `and`, `or`, `not`",
        "không dùng được `{character}` ở đây; quy tắc gồm tên, số, ( ) + - * / < <= > >= == != và các từ `and`, `or`, `not`",
    ),
    (
        "`{text}` is not a number; write it like 1500, 0.25 or 1_000_000",
        "`{text}` không phải là số; hãy viết như 1500, 0.25 hoặc 1_000_000",
    ),
    ("the quoted name has no closing quote", "tên đặt trong dấu nháy thiếu dấu nháy đóng"),
    ("found {!found} where {!expected} belongs", "gặp {found} ở chỗ cần {expected}"),
    (
        "{~by} needs a condition here but this is a number; compare it, for example `… >= 4`",
        "{by} cần một điều kiện ở đây nhưng đây là một số; hãy so sánh số này, ví dụ `… >= 4`",
    ),
    (
        "{~by} needs a number here but this is a condition, which is true or false",
        "{by} cần một số ở đây nhưng đây là một điều kiện, chỉ có đúng hoặc sai",
    ),
    (
        "comparisons cannot be chained; write `a < b and b < c`",
        "không được nối liền các phép so sánh; hãy viết `a < b and b < c`",
    ),
    (
        "unknown name `{name}`; without parentheses there are `customers`, `share_of_customers` and `share_of_revenue`; a feature needs a statistic, such as `median({name})`, and a text stands inside `share(…)`",
        "không có tên `{name}`; không kèm dấu ngoặc thì chỉ có `customers`, `share_of_customers` và `share_of_revenue`; đặc trưng cần một hàm thống kê, như `median({name})`, còn chuỗi ký tự thì đặt trong `share(…)`",
    ),
    (
        "unknown statistic `{name}`; there are median, mean, share, share_of, rank, rank_share, known, population_median, population_mean, population_share, percentile and p1 to p99",
        "không có hàm thống kê `{name}`; các hàm hiện có: median, mean, share, share_of, rank, rank_share, known, population_median, population_mean, population_share, percentile và p1 đến p99",
    ),
    (
        "`{name}` is a figure of segments, and this is about one customer: write the feature alone, or compare it with population_median(…), population_mean(…) or a percentile",
        "`{name}` là số liệu của phân khúc, còn ở đây là về một khách hàng: hãy chỉ viết tên đặc trưng, hoặc so sánh với population_median(…), population_mean(…) hay một phân vị",
    ),
    (
        "`{name}` is a customer's place: use it inside `share(…)`, as in share({name}(…) <= 10)",
        "`{name}` là thứ hạng của một khách hàng: hãy dùng bên trong `share(…)`, như share({name}(…) <= 10)",
    ),
    (
        "`{name}` cannot stand inside `{inside}(…)`; take it out of the parentheses",
        "`{name}` không được nằm trong `{inside}(…)`; hãy đưa ra ngoài dấu ngoặc",
    ),
    (
        "`{percent}` is no percentile: write a number above 0 and below 100 with at most three decimals",
        "`{percent}` không phải là phân vị: hãy viết một số lớn hơn 0 và nhỏ hơn 100, có tối đa ba chữ số thập phân",
    ),
    (
        "unknown option `{name}`; there are `among: condition` and `ties: id` or `ties: together`",
        "không có tùy chọn `{name}`; chỉ có `among: điều kiện` và `ties: id` hoặc `ties: together`",
    ),
    ("`{name}` is given twice; keep one", "`{name}` được khai báo hai lần; hãy giữ lại một"),
    (
        "`otherwise` must be the whole rule; inside a condition write `true`",
        "`otherwise` phải là toàn bộ quy tắc; bên trong một điều kiện hãy viết `true`",
    ),
];
