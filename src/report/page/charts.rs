//! The sections that are a figure with its caption and data: sizes, profiles, recency against
//! orders.

use maud::{Markup, html};

use super::parts::{self, Cell, borrow, figure, number, table, text};
use crate::report::ReportError;
use crate::report::figures;
use crate::report::format::NONE;
use crate::report::plots::{self, Svg};
use crate::report::texts::fill;
use crate::report::view::View;

/// Size and revenue.
///
/// # Errors
///
/// [`ReportError::Draw`] where plotters refuses.
pub(super) fn sizes(view: &View) -> Result<Markup, ReportError> {
    let (texts, format) = (view.texts, &view.format);
    let bars = figures::sizes::bars(view);
    let top = bars.first().map_or_else(|| NONE.into(), |bar| format!("{} {}", bar.id, bar.group));
    let values = [("n", format.count(bars.len() as u64)), ("top", top)];
    let description = fill(texts.sizes_desc, &borrow(&values));
    let head = [
        text(texts.segment),
        text(texts.group),
        number(texts.customers),
        number(texts.share_customers),
        number(format!("{} ({})", texts.revenue, format.currency.0)),
        number(texts.share_revenue),
    ];
    let rows: Vec<Vec<Cell>> = bars
        .iter()
        .map(|bar| {
            vec![
                text(&bar.id),
                text(&bar.group),
                number(format.count(bar.customers as u64)),
                number(format.percent(bar.share)),
                number(format.amount(bar.revenue)),
                number(format.percent_or_none(bar.share_of_revenue)),
            ]
        })
        .collect();
    let caption = html! {
        (texts.sizes_caption)
        @if let Some(cut) = view.cut() { " " (cut) }
        @if bars.iter().all(|bar| bar.share_of_revenue.is_none()) { " " (texts.share_undefined) }
    };
    let data = table(texts.sizes_title, texts, &head, &rows, None);
    figure("sizes", texts.sizes_title, &description, &caption, &data, texts, |layout| {
        plots::sizes(&bars, texts, format, layout)
    })
}

/// The heat map.
///
/// # Errors
///
/// [`ReportError::Draw`] where plotters refuses.
pub(super) fn heat(view: &View) -> Result<Markup, ReportError> {
    let (texts, format) = (view.texts, &view.format);
    let Some(heat) = figures::heat::heat(view) else {
        return Ok(html! { p { (texts.heat_none) } });
    };
    let counts = [
        ("n", format.count(heat.rows.len() as u64)),
        ("p", format.count(heat.features.len() as u64)),
    ];
    let description = fill(texts.heat_desc, &borrow(&counts));
    let mut head = vec![text(texts.segment), text(texts.group)];
    head.extend(heat.heads.iter().map(number));
    let rows: Vec<Vec<Cell>> = heat
        .rows
        .iter()
        .map(|(id, group, cells)| {
            let mut row = vec![text(id), text(group)];
            row.extend(
                cells
                    .iter()
                    .map(|z| number(z.map_or_else(|| NONE.to_owned(), |z| format.signed(z, 2)))),
            );
            row
        })
        .collect();
    let caption = html! {
        (texts.heat_caption)
        @if heat.levels { " " (texts.heat_levels) }
        @if let Some(cut) = view.cut() { " " (cut) }
    };
    let data = table(texts.heat_title, texts, &head, &rows, None);
    figure("profiles", texts.heat_title, &description, &caption, &data, texts, |layout| {
        plots::heat(&heat, texts, format, layout)
    })
}

/// Recency against orders.
///
/// # Errors
///
/// [`ReportError::Draw`] where plotters refuses.
pub(super) fn scatter(view: &View) -> Result<Markup, ReportError> {
    let (texts, format) = (view.texts, &view.format);
    let Some(scatter) = figures::scatter::scatter(view) else {
        let names = [("a", view.feature("recency_days")), ("b", view.feature("n_orders"))];
        return Ok(html! { p { (fill(texts.scatter_missing, &names)) } });
    };
    if scatter.points.is_empty() {
        return Ok(html! { p { (texts.scatter_empty) } });
    }
    let counts = [
        ("shown", format.count(scatter.points.len() as u64)),
        ("total", format.count(scatter.total as u64)),
        ("n", format.count(scatter.undefined as u64)),
    ];
    let counts = borrow(&counts);
    let head = [
        text(texts.segment),
        text(texts.group),
        number(fill(texts.median_of, &[("name", view.feature("recency_days"))])),
        number(fill(texts.median_of, &[("name", view.feature("n_orders"))])),
        number(texts.points_shown),
    ];
    let rows: Vec<Vec<Cell>> = scatter
        .marks
        .iter()
        .map(|mark| {
            let median = |of: Option<f64>| {
                number(of.map_or_else(
                    || NONE.to_owned(),
                    |value| format.value(value, crate::features::Unit::Count),
                ))
            };
            vec![
                text(&mark.id),
                text(&mark.group),
                median(mark.median.map(|(days, _)| days)),
                median(mark.median.map(|(_, orders)| orders)),
                number(format.count(mark.shown as u64)),
            ]
        })
        .collect();
    let legend: Vec<Svg> =
        (0..scatter.marks.len()).map(plots::legend).collect::<Result<_, ReportError>>()?;
    let caption = html! {
        (parts::legend(legend.iter().zip(&scatter.marks).map(|(svg, mark)| {
            (svg, html! { strong { (mark.id) } " " (mark.group) })
        })))
        (fill(texts.scatter_caption, &counts))
        @if scatter.undefined > 0 { " " (fill(texts.scatter_undefined, &counts)) }
        @if let Some(cut) = view.cut() { " " (cut) }
    };
    let data = table(texts.scatter_title, texts, &head, &rows, None);
    let description = fill(texts.scatter_desc, &counts);
    figure("recency", texts.scatter_title, &description, &caption, &data, texts, |layout| {
        plots::scatter(&scatter, texts, format, layout)
    })
}
