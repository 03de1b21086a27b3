//! The words of `segtrail why`, in English and Vietnamese.

use crate::cli::speech::Speech;
use crate::label::{MarginUnit, RunnerUp};
use crate::types::{fill, texts};

texts! {
    /// The words of one customer.
    WhyWords;
    head: "Customer {customer}, as of the end of {date} (run {run})", "Khách hàng {customer}, tính đến hết ngày {date} (lần chạy {run})";
    feature: "feature", "đặc trưng";
    own: "customer", "khách hàng";
    of_segment: "median of the segment", "trung vị phân khúc";
    of_all: "median of all", "trung vị toàn bộ";
    segment: "Segment {segment}", "Phân khúc {segment}";
    membership: "Membership {membership}; {margin} more than of the next segment.", "Mức thuộc về {membership}; hơn phân khúc kế tiếp {margin}.";
    membership_next: "Membership {membership}; {margin} more than of the next segment, {next} ({group}).", "Mức thuộc về {membership}; hơn phân khúc kế tiếp, {next} ({group}), {margin}.";
    stability: "Of the refits to resampled customers, {share} put this customer into the same segment.", "{share} số lần khớp lại trên mẫu khách hàng lấy lại xếp khách này vào cùng phân khúc.";
    stability_unknown: "How stable this is was not measured for this customer.", "Độ ổn định chưa được đo cho khách này.";
    outlier: "An outlier of the segment (score {score}): look whether the figures are right.", "Khách ngoại lai của phân khúc (điểm {score}): hãy kiểm tra lại số liệu.";
    no_segment: "No segment: nothing bought by the date.", "Chưa có phân khúc: chưa mua hàng tính đến ngày chốt.";
    apart: "The segment: {sentence}", "Phân khúc: {sentence}";
    group: "{taxonomy}: {group}", "{taxonomy}: {group}";
    waits: "Kept for now: since {date} the customer is given {group}, and hysteresis puts that off. Why {group}:", "Tạm giữ nhóm này: từ {date} khách được gán vào {group}, nhưng việc đổi nhóm đang được hoãn. Vì sao {group}:";
    by_segment: "As all of the segment. ", "Như mọi khách trong phân khúc. ";
    fidelity: " {share} of its customers are so by themselves.", " {share} khách trong phân khúc tự mình như vậy.";
    no_reason: "Not named by this taxonomy.", "Hệ phân loại này không xếp nhóm cho khách.";
    reason_unknown: "The reason cannot be told: the run does not keep the taxonomy.", "Không nêu được lý do: lần chạy không lưu hệ phân loại này.";
    second_spreads: "Second: {group}, {margin} spreads away.", "Đứng thứ hai: {group}, cách {margin} độ phân tán.";
    second_places: "Second: {group}, {margin} of all customers’ places farther.", "Đứng thứ hai: {group}, xa hơn {margin} thứ hạng trong toàn bộ khách hàng.";
    second_customers: "Second: {group}, with {margin} of the segment’s customers fewer.", "Đứng thứ hai: {group}, ít hơn {margin} khách của phân khúc.";
    action: "What to do: {text}", "Nên làm: {text}";
    before: "The run before ({run}): segment {segment}, {group}.", "Lần chạy trước ({run}): phân khúc {segment}, {group}.";
    before_prospect: "The run before ({run}): no segment, {group}.", "Lần chạy trước ({run}): chưa có phân khúc, {group}.";
    before_absent: "The run before ({run}) does not have this customer.", "Lần chạy trước ({run}) không có khách này.";
    before_none: "There is no run before this one.", "Không có lần chạy nào trước lần này.";
    before_gone: "The run before ({run}) is not in the store.", "Lần chạy trước ({run}) không còn trong kho.";
    since: "In the present group since {date}.", "Ở nhóm hiện tại từ {date}.";
    since_after: "In the present group since {date}, before that: {group}.", "Ở nhóm hiện tại từ {date}, trước đó: {group}.";
}

/// The group that comes second and how far away it is.
pub(super) fn second(runner_up: &RunnerUp, speech: Speech) -> String {
    let words = WhyWords::of(speech.0);
    let (template, margin) = match runner_up.unit {
        MarginUnit::Spreads => (words.second_spreads, speech.decimal(runner_up.margin, 2)),
        MarginUnit::Places => (words.second_places, percent(runner_up.margin, speech)),
        MarginUnit::Customers => (words.second_customers, percent(runner_up.margin, speech)),
    };
    fill(template, &[("group", runner_up.name.get(speech.0)), ("margin", &margin)])
}

/// A share within a sentence: `12.5%`.
pub(super) fn percent(share: f64, speech: Speech) -> String {
    speech.decimal(share * 100.0, 1) + "%"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Language;

    #[test]
    fn shares_follow_the_language() {
        assert_eq!(percent(0.125, Speech(Language::En)), "12.5%");
        assert_eq!(percent(0.125, Speech(Language::Vi)), "12,5%");
    }
}
