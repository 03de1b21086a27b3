//! The words of the section of taxonomies.

use crate::types::texts;

texts! {
    /// The words of the groups of each taxonomy.
    TaxonomyTexts;
    title: "Groups by other taxonomies", "Nhóm theo các hệ phân loại khác";
    title_main: "Groups by taxonomy", "Nhóm theo hệ phân loại";
    of_segments: "Each segment gets the group whose rule it meets first; all its customers are in that group.", "Mỗi phân khúc nhận nhóm đầu tiên có quy tắc mà nó thỏa mãn; mọi khách trong phân khúc thuộc nhóm đó.";
    of_customers: "Each customer gets a group by their own figures, whatever their segment.", "Mỗi khách được xếp nhóm theo số liệu của chính mình, không phụ thuộc phân khúc.";
    column: "Column in the table of customers:", "Cột trong bảng khách hàng:";
    prospects: "Prospects", "Chưa mua hàng";
    by_segment: "Groups of the customers of each segment", "Khách của từng phân khúc theo nhóm";
    names_of_segments: "The group of each segment and why", "Nhóm của từng phân khúc và lý do";
    cut: "Not crossed with the segments here, as that would be a table of {segments} by {groups}; segments.json has all of it.", "Không chia chéo với phân khúc ở đây vì bảng sẽ có {segments} x {groups} ô; segments.json có đầy đủ.";
    fidelity: "of its customers are so by themselves", "khách trong phân khúc tự mình như vậy";
}
