//! The words of `segtrail why`, in English and Vietnamese.

use crate::label::{MarginUnit, RunnerUp};
use crate::types::Language;

/// The words in one language.
pub(super) struct Words {
    language: Language,
}

macro_rules! words {
    ($($name:ident: $en:literal, $vi:literal;)*) => {
        impl Words {
            $(pub(super) fn $name(&self) -> &'static str {
                match self.language {
                    Language::En => $en,
                    Language::Vi => $vi,
                }
            })*

            /// Every text in both languages.
            #[cfg(test)]
            const PAIRS: &'static [[&'static str; 2]] = &[$([$en, $vi],)*];
        }
    };
}

words! {
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

impl Words {
    pub(super) fn of(language: Language) -> Self {
        Self { language }
    }

    /// The group that comes second and how far away it is.
    pub(super) fn second(&self, runner_up: &RunnerUp) -> String {
        let percent = |share: f64| self.decimal(share * 100.0, 1) + "%";
        let (template, margin) = match runner_up.unit {
            MarginUnit::Spreads => (self.second_spreads(), self.decimal(runner_up.margin, 2)),
            MarginUnit::Places => (self.second_places(), percent(runner_up.margin)),
            MarginUnit::Customers => (self.second_customers(), percent(runner_up.margin)),
        };
        let group = runner_up.name.get(self.language);
        fill(template, &[("group", group), ("margin", &margin)])
    }

    /// A number with the language's decimal sign.
    pub(super) fn decimal(&self, value: f64, decimals: usize) -> String {
        let text = format!("{value:.decimals$}");
        match self.language {
            Language::En => text,
            Language::Vi => text.replace('.', ","),
        }
    }

    pub(super) fn percent(&self, share: f64) -> String {
        self.decimal(share * 100.0, 1) + "%"
    }
}

/// `template` with each `{name}` replaced by its value.
pub(super) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(template.len() + 32);
    for (place, part) in template.split(['{', '}']).enumerate() {
        let value = values.iter().find(|(name, _)| place % 2 == 1 && *name == part);
        out += value.map_or(part, |(_, value)| *value);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_places() {
        let places = |text: &str| {
            let mut found: Vec<String> =
                text.split(['{', '}']).skip(1).step_by(2).map(str::to_owned).collect();
            found.sort();
            found
        };
        for [en, vi] in Words::PAIRS {
            assert_eq!(places(en), places(vi), "{en}");
        }
        assert_eq!(fill("{a} and {b}", &[("a", "{b}"), ("b", "2")]), "{b} and 2");
        assert_eq!(Words::of(Language::Vi).percent(0.125), "12,5%");
    }
}
