//! A finding -> what it says, in English and in Vietnamese.

use jiff::civil::Date;

use super::{Finding, FindingKind};
use crate::types::Bilingual;

/// Names, days or files that a sentence lists.
const LISTED: usize = 5;

/// One language: how figures and lists are written.
#[derive(Clone, Copy)]
struct Words {
    decimal: char,
    thousands: char,
    more: &'static str,
}

const EN: Words = Words { decimal: '.', thousands: ',', more: "and {n} more" };
const VI: Words = Words { decimal: ',', thousands: '.', more: "và {n} mục khác" };

impl Words {
    /// With at most two decimals, none from 100 on, thousands marked.
    fn number(self, value: f64) -> String {
        let decimals = if value.abs() >= 100.0 { 0 } else { 2 };
        let text = format!("{value:.decimals$}");
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let mut out = String::new();
        for (place, digit) in whole.chars().enumerate() {
            let left = whole.len() - place;
            if place > 0 && left % 3 == 0 && !out.ends_with('-') {
                out.push(self.thousands);
            }
            out.push(digit);
        }
        let fraction = fraction.trim_end_matches('0');
        if !fraction.is_empty() {
            out.push(self.decimal);
            out += fraction;
        }
        out
    }

    fn percent(self, share: Option<f64>) -> String {
        let text = format!("{:.1} %", 100.0 * share.unwrap_or(0.0));
        text.replace('.', &self.decimal.to_string())
    }

    fn list<T>(self, all: &[T], shown: impl Fn(&T) -> String) -> String {
        let mut text: Vec<String> = all.iter().take(LISTED).map(shown).collect();
        if all.len() > LISTED {
            text.push(self.more.replace("{n}", &(all.len() - LISTED).to_string()));
        }
        text.join(", ")
    }

    fn days(self, days: &[Date]) -> String {
        self.list(days, Date::to_string)
    }
}

/// What the finding says.
pub(super) fn sentence(finding: &Finding) -> Bilingual {
    Bilingual {
        en: format!("[{}] {}", finding.table, english(finding)),
        vi: format!("[{}] {}", finding.table, vietnamese(finding)),
    }
}

fn quoted(values: &[String], words: Words) -> String {
    words.list(values, |value| format!("`{value}`"))
}

fn english(found: &Finding) -> String {
    let words = EN;
    let of = found.of.as_deref().unwrap_or_default();
    let percent = |share| words.percent(share);
    let number = |value: Option<f64>| words.number(value.unwrap_or(0.0));
    let rise = || format!("{} before, {} now", percent(found.before), percent(found.now));
    match found.finding {
        FindingKind::TableGone => "the table is not read any more".into(),
        FindingKind::TableNew => "the table is read for the first time".into(),
        FindingKind::NoRows => "no row is of this month".into(),
        FindingKind::ColumnGone if found.share == Some(1.0) => format!("the column `{of}` is gone"),
        FindingKind::ColumnGone => {
            format!("the column `{of}` is missing in {} of the files", percent(found.share))
        }
        FindingKind::ColumnNew => format!("the column `{of}` is new"),
        FindingKind::TypeChanged => {
            let [was, is] = &found.values[..] else { return String::new() };
            format!("the column `{of}` held {was} and holds {is}")
        }
        FindingKind::EmptyValues => format!("more values of `{of}` are empty: {}", rise()),
        FindingKind::UnreadableValues => {
            format!("more values of `{of}` cannot be read: {}", rise())
        }
        FindingKind::RefusedRows => format!("more rows are refused as {of}: {}", rise()),
        FindingKind::NewValues => {
            let values = quoted(&found.values, words);
            format!("`{of}` has new values: {values}, {} of all", percent(found.share))
        }
        FindingKind::VanishedValues => {
            let values = quoted(&found.values, words);
            format!("`{of}` has lost values: {values}, {} of all before", percent(found.share))
        }
        FindingKind::SharesMoved => format!(
            "the shares of the values of `{of}` moved: population stability index {}, by chance {}",
            number(found.now),
            number(found.chance)
        ),
        FindingKind::SilentDays => {
            let [from, to] = found.days[..] else { return String::new() };
            let expected = match number(found.now) {
                one if one == "1" => "a day that usually has some".to_owned(),
                more => format!("on {more} days that usually have some"),
            };
            match from == to {
                true => format!("no row on {from}, {expected}"),
                false => format!("no row from {from} to {to}, {expected}"),
            }
        }
        FindingKind::HighVolume | FindingKind::LowVolume => {
            let what = if found.finding == FindingKind::HighVolume { "more" } else { "fewer" };
            format!(
                "far {what} rows than usual on {}: at the farthest {}, where {} are usual",
                words.days(&found.days),
                number(found.now),
                number(found.before)
            )
        }
        FindingKind::AmountJump | FindingKind::QuantityJump => {
            let amount = found.finding == FindingKind::AmountJump;
            let what = if amount { "amounts" } else { "quantities" };
            let factor = found.factor.unwrap_or(1.0);
            let way = if factor > 1.0 { "as large" } else { "as small" };
            let times = words.number(if factor > 1.0 { factor } else { 1.0 / factor });
            let part = match found.share {
                Some(share) if share < 1.0 => {
                    format!("about {} of the {what}", percent(Some(share)))
                }
                _ => format!("the {what}"),
            };
            let medians =
                format!("their median was {} and is {}", number(found.before), number(found.now));
            let mut text = format!("{part} are {times} times {way} as before: {medians}");
            if !found.files.is_empty() {
                text += &format!("; in {}", words.list(&found.files, String::clone));
            }
            if !found.days.is_empty() && found.share != Some(1.0) {
                text += &format!("; on {}", words.days(&found.days));
            }
            text + ". Was the currency or its unit changed?"
        }
    }
}

fn vietnamese(found: &Finding) -> String {
    let words = VI;
    let of = found.of.as_deref().unwrap_or_default();
    let percent = |share| words.percent(share);
    let number = |value: Option<f64>| words.number(value.unwrap_or(0.0));
    let rise = || format!("trước {}, nay {}", percent(found.before), percent(found.now));
    match found.finding {
        FindingKind::TableGone => "bảng này không còn được đọc".into(),
        FindingKind::TableNew => "bảng này được đọc lần đầu".into(),
        FindingKind::NoRows => "không có dòng nào thuộc tháng này".into(),
        FindingKind::ColumnGone if found.share == Some(1.0) => format!("cột `{of}` không còn"),
        FindingKind::ColumnGone => {
            format!("cột `{of}` thiếu trong {} số tệp", percent(found.share))
        }
        FindingKind::ColumnNew => format!("có cột mới `{of}`"),
        FindingKind::TypeChanged => {
            let [was, is] = &found.values[..] else { return String::new() };
            format!("cột `{of}` trước có kiểu {was}, nay có kiểu {is}")
        }
        FindingKind::EmptyValues => format!("cột `{of}` có nhiều ô trống hơn: {}", rise()),
        FindingKind::UnreadableValues => {
            format!("cột `{of}` có nhiều giá trị không đọc được hơn: {}", rise())
        }
        FindingKind::RefusedRows => {
            format!("nhiều dòng bị loại hơn vì lý do {of}: {}", rise())
        }
        FindingKind::NewValues => {
            let values = quoted(&found.values, words);
            format!("cột `{of}` có giá trị mới: {values}, chiếm {}", percent(found.share))
        }
        FindingKind::VanishedValues => {
            let values = quoted(&found.values, words);
            let share = percent(found.share);
            format!("cột `{of}` không còn các giá trị: {values}, trước chiếm {share}")
        }
        FindingKind::SharesMoved => format!(
            "tỷ trọng các giá trị của cột `{of}` đã dịch chuyển: chỉ số ổn định {}, ngẫu nhiên {}",
            number(found.now),
            number(found.chance)
        ),
        FindingKind::SilentDays => {
            let [from, to] = found.days[..] else { return String::new() };
            match from == to {
                true => format!("không có dòng nào vào {from}, ngày thường có dữ liệu"),
                false => format!(
                    "không có dòng nào từ {from} đến {to}, gồm {} ngày thường có dữ liệu",
                    number(found.now)
                ),
            }
        }
        FindingKind::HighVolume | FindingKind::LowVolume => {
            let what = if found.finding == FindingKind::HighVolume { "nhiều" } else { "ít" };
            format!(
                "số dòng {what} hơn hẳn thường lệ vào {}: xa nhất là {}, thường lệ là {}",
                words.days(&found.days),
                number(found.now),
                number(found.before)
            )
        }
        FindingKind::AmountJump | FindingKind::QuantityJump => {
            let amount = found.finding == FindingKind::AmountJump;
            let what = if amount { "số tiền" } else { "số lượng" };
            let factor = found.factor.unwrap_or(1.0);
            let way = if factor > 1.0 { "lớn" } else { "nhỏ" };
            let times = words.number(if factor > 1.0 { factor } else { 1.0 / factor });
            let part = match found.share {
                Some(share) if share < 1.0 => format!("khoảng {} các {what}", percent(Some(share))),
                _ => format!("các {what}"),
            };
            let medians =
                format!("trung vị trước là {}, nay là {}", number(found.before), number(found.now));
            let mut text = format!("{part} {way} hơn trước {times} lần: {medians}");
            if !found.files.is_empty() {
                text += &format!("; trong tệp {}", words.list(&found.files, String::clone));
            }
            if !found.days.is_empty() && found.share != Some(1.0) {
                text += &format!("; vào {}", words.days(&found.days));
            }
            text + ". Đơn vị tiền tệ (đồng hay nghìn đồng) có bị đổi không?"
        }
    }
}
