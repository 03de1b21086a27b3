//! What moved between groups in money, a line for each way that customers went.

use maud::{Markup, html};

use super::parts::{Cell, folded, number, text};
use crate::report::format::NONE;
use crate::report::texts::TrailTexts;
use crate::report::view::{MOST_SEGMENTS, View};
use crate::track::{Comparison, Flow, FlowValue};
use crate::types::GroupKey;

/// The table; nothing where no flow has a value or nobody moved.
pub(super) fn value_moved(view: &View, comparison: &Comparison) -> Markup {
    let words = TrailTexts::of(view.language);
    let (texts, format) = (view.texts, &view.format);
    let moved = comparison.group_flows.iter().filter(|flow| flow.from != flow.to);
    let mut moved: Vec<(&Flow<GroupKey>, FlowValue)> =
        moved.filter_map(|flow| Some((flow, flow.value?))).collect();
    if moved.is_empty() {
        return Markup::default();
    }
    let worth = |value: &FlowValue| value.revenue_after.or(value.revenue_before).unwrap_or(0.0);
    moved.sort_by(|a, b| worth(&b.1).total_cmp(&worth(&a.1)));
    let with_clv = moved.iter().any(|(_, value)| value.clv_before.or(value.clv_after).is_some());
    let mut head = vec![
        text(texts.before),
        text(texts.after),
        number(texts.customers),
        number(words.revenue_before),
        number(words.revenue_after),
    ];
    if with_clv {
        head.extend([number(words.clv_before), number(words.clv_after)]);
    }
    let name = |group: &Option<GroupKey>, none: &str| match group {
        Some(group) => view.group_name(group),
        None => none.to_owned(),
    };
    let amount = |value: Option<f64>| {
        number(value.map_or_else(|| NONE.to_owned(), |value| format.money(value)))
    };
    let rows: Vec<Vec<Cell>> = moved
        .iter()
        .map(|(flow, value)| {
            let mut row = vec![
                text(name(&flow.from, texts.entrants)),
                text(name(&flow.to, texts.leavers)),
                number(format.count(flow.customers as u64)),
                amount(value.revenue_before),
                amount(value.revenue_after),
            ];
            if with_clv {
                row.extend([amount(value.clv_before), amount(value.clv_after)]);
            }
            row
        })
        .collect();
    html! {
        h3 { (words.value) }
        p.note { (words.value_note) }
        (folded(words.value, texts, &head, &rows, None, MOST_SEGMENTS, |n| view.more(n)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::types::Language;

    #[test]
    fn those_who_moved_stand_with_their_money_the_dearest_first() {
        let mut run = sample::run(2, 40, Language::En);
        let comparison = run.comparison.as_mut().unwrap();
        let value = |before: Option<f64>, after: Option<f64>| {
            let none = FlowValue::default();
            Some(FlowValue { revenue_before: before, revenue_after: after, ..none })
        };
        let key = |name: &str| Some(GroupKey(name.into()));
        let flow = |from, to, value| Flow { from, to, customers: 3, value };
        comparison.group_flows = vec![
            flow(None, key("a"), value(None, Some(70.0))),
            flow(key("a"), key("a"), value(Some(9999.0), Some(9999.0))),
            flow(key("a"), key("b"), value(Some(500.0), Some(600.0))),
            flow(key("b"), None, value(Some(40.0), None)),
        ];
        let comparison = run.comparison.clone().unwrap();
        let html = value_moved(&View::new(&run), &comparison).into_string();
        let places: Vec<Option<usize>> =
            ["600", "70", "40"].iter().map(|money| html.find(money)).collect();
        assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{html}");
        assert!(!html.contains("9,999") && !html.contains("CLV now"), "{html}");
    }
}
