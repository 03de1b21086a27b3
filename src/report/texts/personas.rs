//! The words of the cards of groups and segments, and names of attributes that customer tables
//! often have.

use crate::types::Language;
use crate::types::texts;

texts! {
    /// The words of the cards.
    PersonaTexts;
    title: "Personas", "Chân dung khách hàng";
    lead: "A card for each named group, highest revenue first; where a group has several segments, a card for each of them is folded under it.", "Mỗi nhóm có một thẻ, nhóm có doanh thu cao nhất xếp trước; nhóm gồm nhiều phân khúc thì thẻ của từng phân khúc được gập bên dưới.";
    index_note: "The index compares a share with that of all customers: 100 is the same, 150 is half as much again. ▲ and ▼ mark what chance alone would hardly give (Fisher’s exact test; at most {rate} of the marks are expected to be false, Benjamini and Hochberg 1995). The line across a bar is the share among all customers.", "Chỉ số so sánh tỷ lệ trong nhóm với tỷ lệ của toàn bộ khách hàng: 100 là bằng nhau, 150 là cao hơn một nửa. Dấu ▲ và ▼ chỉ những khác biệt khó có thể do ngẫu nhiên (kiểm định chính xác Fisher; kỳ vọng không quá {rate} số dấu là sai, theo Benjamini và Hochberg 1995). Vạch trên thanh là tỷ lệ của toàn bộ khách hàng.";
    small_note: "“<{n}” stands for fewer than {n} customers, or none. A share with ≈ is the middle of a narrow interval, and a value is kept back, where a figure of fewer customers could otherwise be worked out.", "“<{n}” nghĩa là dưới {n} khách hàng hoặc không có ai. Tỷ lệ có dấu ≈ là giá trị giữa của một khoảng hẹp, còn một số giá trị được giữ lại, để không ai suy ra được con số của quá ít khách hàng.";
    table_note: "Shares are of the customers with a value. A share with ≈ is the middle of a narrow interval, and a dash stands for a value that is kept back, where a figure of fewer customers could otherwise be worked out.", "Tỷ lệ tính trên số khách hàng có giá trị. Tỷ lệ có dấu ≈ là giá trị giữa của một khoảng hẹp, dấu gạch là giá trị được giữ lại, để không ai suy ra được con số của quá ít khách hàng.";
    no_table: "There is no table of customers, so the cards tell how they buy but not who they are.", "Không có bảng thông tin khách hàng nên thẻ cho biết họ mua thế nào, chưa cho biết họ là ai.";
    left_out: "Not on the cards, as fewer than two values have enough customers or small figures could not be protected: {names}.", "Không có trên thẻ, vì chưa đến hai giá trị có đủ khách hàng hoặc không bảo vệ được các con số nhỏ: {names}.";

    of_segments: "Segments {segments}", "Gồm các phân khúc {segments}";
    of_segment: "Segment {segment}", "Phân khúc {segment}";
    more_cards: "A card for each of the {n} segments of “{group}”", "Thẻ của từng phân khúc trong {n} phân khúc thuộc nhóm “{group}”";
    customers: "Customers", "Khách hàng";
    of_all: "{share} of all", "{share} tổng số";
    revenue: "Revenue", "Doanh thu";
    to_come: "Value to come", "Giá trị tương lai";
    own: "Theirs", "Của họ";
    everybody: "All", "Tất cả";
    spread: "{low} to {high}", "{low} đến {high}";
    median_note: "Figures are medians; the small print below them is the range of the middle half.", "Số liệu là trung vị; dòng chữ nhỏ bên dưới là khoảng chứa một nửa số khách ở giữa.";

    who: "Who they are", "Họ là ai";
    buying: "How they buy", "Họ mua thế nào";
    worth: "What they are worth", "Họ mang lại gì";
    journey: "Where they stand", "Họ đang ở đâu";
    typical: "Typical customers", "Khách hàng điển hình";
    treatment: "What to do", "Nên làm gì";
    action: "Do", "Nên làm";
    channel: "Channel", "Kênh";
    avoid: "Avoid", "Nên tránh";

    index: "index {index}", "chỉ số {index}";
    higher: "clearly more than among all", "cao hơn rõ rệt so với toàn bộ";
    lower: "clearly fewer than among all", "thấp hơn rõ rệt so với toàn bộ";
    known: "known of {share}", "biết của {share} số khách";
    known_about: "known of about {share}", "biết của khoảng {share} số khách";
    small: "Fewer than {n} each: {values}", "Dưới {n} khách mỗi mục: {values}";
    withheld: "Kept back, to protect a smaller figure: {values}", "Giữ lại để bảo vệ con số nhỏ hơn: {values}";
    nobody: "Not known of any of them.", "Chưa biết của khách nào.";
    all_small: "Fewer than {n} customers with each value.", "Mỗi giá trị có dưới {n} khách hàng.";
    too_few: "Too few customers to tell.", "Quá ít khách hàng để mô tả.";
    up_to: "up to {value}", "đến {value}";
    between: "{low} to {high}", "{low} đến {high}";
    above: "above {value}", "trên {value}";
    others: "{n} rare values together", "{n} giá trị hiếm gộp lại";
    one_other: "one rare value", "một giá trị hiếm";

    stages: "Stage", "Giai đoạn";
    origins: "Where they were in the run before", "Lần chạy trước họ ở đâu";
    stayed: "here already", "đã ở đây";
    entered: "new in this run", "mới xuất hiện lần này";

    medoid_of: "The middle of {segment}", "Khách trung tâm của {segment}";
    medoid: "The customer in the middle", "Khách trung tâm";
    recency: "last purchase {n} days ago", "mua lần cuối cách đây {n} ngày";
    orders: "orders: {n}", "số đơn hàng: {n}";
    spend: "spend: {amount}", "tổng chi tiêu: {amount}";
    others_typical: "Also typical: {customers}", "Cũng điển hình: {customers}";
}

/// Names of attributes in words: column, English, Vietnamese. Columns are found whatever their
/// case, with spaces or underscores.
const ATTRIBUTES: &[(&str, &str, &str)] = &[
    ("age", "Age", "Tuổi"),
    ("age_band", "Age", "Độ tuổi"),
    ("age_group", "Age", "Độ tuổi"),
    ("sex", "Sex", "Giới tính"),
    ("gender", "Gender", "Giới tính"),
    ("region", "Region", "Vùng"),
    ("province", "Province", "Tỉnh"),
    ("city", "City", "Thành phố"),
    ("town", "Town", "Thị trấn"),
    ("district", "District", "Quận/huyện"),
    ("country", "Country", "Quốc gia"),
    ("income", "Income", "Thu nhập"),
    ("income_band", "Income", "Mức thu nhập"),
    ("occupation", "Occupation", "Nghề nghiệp"),
    ("education", "Education", "Học vấn"),
    ("industry", "Industry", "Ngành nghề"),
    ("company_size", "Size of company", "Quy mô doanh nghiệp"),
    ("channel", "Channel", "Kênh"),
    ("household_size", "Household size", "Số người trong hộ"),
    ("household_comp", "Household", "Thành phần hộ gia đình"),
    ("home_ownership", "Home", "Nhà ở"),
    ("marital_status", "Marital status", "Tình trạng hôn nhân"),
    ("kids_count", "Children", "Số con"),
    ("children", "Children", "Số con"),
];

/// What people call an attribute; the column's own name where the page knows no better.
pub(in crate::report) fn attribute(name: &str, language: Language) -> &str {
    let plain = name.trim().to_lowercase().replace([' ', '-'], "_");
    let known = ATTRIBUTES.iter().find(|(column, ..)| *column == plain);
    known.map_or(name, |(_, en, vi)| match language {
        Language::En => *en,
        Language::Vi => *vi,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_found_however_they_are_written() {
        assert_eq!(attribute("Age Band", Language::Vi), "Độ tuổi");
        assert_eq!(attribute("household-size", Language::En), "Household size");
        assert_eq!(attribute("Nghề", Language::En), "Nghề");
    }
}
