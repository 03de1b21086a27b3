//! Rows -> bars in one panel or two side by side; shares of customers and revenue, value by
//! segment, lifts by method.

use super::canvas::{Align, Axis, Canvas, FIRST, GRID, INK, MUTED, SECOND, Svg, draw, ticks};
use super::{Layout, NAMES, text};
use crate::features::wallet::ProviderShare;
use crate::report::ReportError;
use crate::report::figures::sizes::Bar;
use crate::report::figures::validation::Lift;
use crate::report::figures::value::SegmentValue;
use crate::report::format::{Format, NONE};
use crate::report::texts::{Texts, ValidationTexts, ValueTexts, WalletTexts, fill};
use crate::report::view::Rgb;

/// One measure of all rows.
struct Panel<'a> {
    title: &'a str,
    /// By row; none where not defined.
    values: Vec<Option<f64>>,
    /// The end of the axis; the largest value without.
    full: Option<f64>,
    color: Rgb,
    /// The row that is not one of the others but what they are measured by.
    measure: Option<usize>,
    /// A value in figures.
    figure: &'a dyn Fn(f64) -> String,
}

/// What a row is called: in bold, then plain.
type Name<'a> = (&'a str, &'a str);

/// Share of customers and share of revenue. Where no share of revenue is defined, the second
/// panel is left out.
///
/// # Errors
///
/// [`ReportError::Draw`] where plotters refuses.
pub(in crate::report) fn sizes(
    bars: &[Bar],
    texts: &Texts,
    format: &Format,
    layout: Layout,
) -> Result<Svg, ReportError> {
    let names: Vec<Name> = bars.iter().map(|bar| (bar.id.as_str(), bar.group.as_str())).collect();
    let percent = |share: f64| format.percent(share);
    let mut panels = vec![Panel {
        title: texts.share_customers,
        values: bars.iter().map(|bar| Some(bar.share)).collect(),
        full: None,
        color: FIRST,
        measure: None,
        figure: &percent,
    }];
    if bars.iter().any(|bar| bar.share_of_revenue.is_some()) {
        panels.push(Panel {
            title: texts.share_revenue,
            values: bars.iter().map(|bar| bar.share_of_revenue).collect(),
            full: None,
            color: SECOND,
            measure: None,
            figure: &percent,
        });
    }
    rows("sizes", &names, &panels, layout)
}

/// Mean chance of being a customer still, out of 100 %, and value per customer.
///
/// # Errors
///
/// [`ReportError::Draw`] where plotters refuses.
pub(in crate::report) fn value(
    segments: &[SegmentValue],
    texts: &ValueTexts,
    format: &Format,
    layout: Layout,
) -> Result<Svg, ReportError> {
    let names: Vec<Name> =
        segments.iter().map(|segment| (segment.id.as_str(), segment.group.as_str())).collect();
    let each = fill(texts.clv_each, &[("currency", &format.currency.0)]);
    let panels = [
        Panel {
            title: texts.alive,
            values: segments.iter().map(|segment| segment.value.alive).collect(),
            full: Some(1.0),
            color: FIRST,
            measure: None,
            figure: &|share| format.percent(share),
        },
        Panel {
            title: &each,
            values: segments.iter().map(|segment| segment.value.clv_each).collect(),
            full: None,
            color: SECOND,
            measure: None,
            figure: &|value| format.amount(value),
        },
    ];
    rows("value", &names, &panels, layout)
}

/// Aggregate and mean share of wallet by provider.
///
/// # Errors
///
/// [`ReportError::Draw`] where plotters refuses.
pub(in crate::report) fn providers(
    providers: &[&ProviderShare],
    texts: &WalletTexts,
    format: &Format,
    layout: Layout,
) -> Result<Svg, ReportError> {
    let names: Vec<Name> =
        providers.iter().map(|provider| ("", provider.provider.as_str())).collect();
    let percent = |share: f64| format.percent(share);
    // One scale for both, as they are compared.
    let most = providers
        .iter()
        .flat_map(|provider| [provider.aggregate_share, provider.mean_share])
        .flatten()
        .filter(|share| share.is_finite())
        .fold(0.01, f64::max);
    let panel = |title, of: fn(&ProviderShare) -> Option<f64>, color| Panel {
        title,
        values: providers.iter().map(|provider| of(provider)).collect(),
        full: Some(most),
        color,
        measure: None,
        figure: &percent,
    };
    let panels = [
        panel(texts.aggregate_share, |provider| provider.aggregate_share, FIRST),
        panel(texts.mean_share, |provider| provider.mean_share, SECOND),
    ];
    rows("providers", &names, &panels, layout)
}

/// Lift of each method's top tenth, the one that is used in bold.
///
/// # Errors
///
/// [`ReportError::Draw`] where plotters refuses.
pub(in crate::report) fn lifts(
    lifts: &[Lift],
    texts: &ValidationTexts,
    format: &Format,
    layout: Layout,
) -> Result<Svg, ReportError> {
    let names: Vec<Name> = lifts
        .iter()
        .map(|lift| if lift.taken { (lift.name.as_str(), "") } else { ("", lift.name.as_str()) })
        .collect();
    let panel = Panel {
        title: texts.times,
        values: lifts.iter().map(|lift| lift.lift).collect(),
        full: None,
        color: FIRST,
        measure: Some(lifts.len().saturating_sub(1)),
        figure: &|lift| format.decimal(lift, 2),
    };
    rows("lifts", &names, &[panel], layout)
}

fn rows(
    figure: &'static str,
    names: &[Name],
    panels: &[Panel],
    layout: Layout,
) -> Result<Svg, ReportError> {
    let width = layout.width();
    // Wide: names stand left of the bars. Narrow: above them.
    let size = layout.pick(13.0, 12.0);
    let column = layout.pick(text::column(names.iter().copied(), size, NAMES), 0);
    let (row, bar_top, bar_height) = layout.pick((30, 6, 18), (46, 22, 17));
    let count = panels.len().max(1) as i32;
    let gap = layout.pick(28, 14);
    let room = (width - column - gap * (count - 1)) / count;
    let titles: Vec<Vec<String>> =
        panels.iter().map(|panel| text::wrap(panel.title, size, f64::from(room), 3)).collect();
    let lines = titles.iter().map(Vec::len).max().unwrap_or(1).max(1) as i32;
    let line = size as i32 + 4;
    let top = 11 + line * lines;
    let height = top + row * names.len() as i32 + 4;
    draw(figure, width, height, |canvas| {
        for (at, (bold, plain)) in names.iter().enumerate() {
            let y = top + row * at as i32;
            if at > 0 {
                canvas.line(&[(0, y), (width, y)], GRID, 1)?;
            }
            let middle = layout.pick(y + row / 2, y + 12);
            let space = f64::from(layout.pick(column, width) - 8);
            let bold = text::cut(bold, size, space);
            canvas.bold((0, middle), &bold, size, INK, Align::Start)?;
            let left = match bold.is_empty() {
                true => 0,
                false => text::width(&bold, size).ceil() as i32 + 10,
            };
            let plain = text::cut(plain, size, space - f64::from(left));
            canvas.text((left, middle), &plain, size, INK, Align::Start)?;
        }
        for (at, (panel, title)) in panels.iter().zip(&titles).enumerate() {
            let left = column + (room + gap) * at as i32;
            for (number, part) in title.iter().enumerate() {
                // Titles of fewer lines stand on the bars, as those of more do.
                let above = lines - title.len() as i32 + number as i32;
                canvas.text((left, 12 + line * above), part, size, MUTED, Align::Start)?;
            }
            let place = Place { left, room, top, row, bar_top, bar_height, size };
            one(canvas, &place, panel)?;
        }
        Ok(())
    })
}

/// Where a panel lies and how its rows are cut.
struct Place {
    left: i32,
    room: i32,
    top: i32,
    row: i32,
    bar_top: i32,
    bar_height: i32,
    size: f64,
}

fn one(canvas: &Canvas, place: &Place, panel: &Panel) -> Result<(), ReportError> {
    let Place { left, room, top, row, bar_top, bar_height, size } = *place;
    let defined: Vec<Option<f64>> =
        panel.values.iter().map(|value| value.filter(|value| value.is_finite())).collect();
    let figures: Vec<String> =
        defined.iter().map(|value| value.map_or_else(|| NONE.to_owned(), panel.figure)).collect();
    let values = || defined.iter().flatten().copied();
    let least = values().fold(0.0, f64::min);
    // Something small where nothing is above 0, so that the axis has a length.
    let floor = panel.full.unwrap_or(0.01);
    let high = values().fold(floor, f64::max);
    let low = if least < 0.0 { ticks(least, high, 4)[0] } else { 0.0 };
    let longest =
        figures.iter().map(|figure| text::width(figure, size)).fold(0.0, f64::max).ceil() as i32;
    // Room for a figure to the right of the longest bar.
    let axis = Axis { low, high, from: left, to: left + (room - longest - 8).max(10) };
    let zero = axis.at(0.0);
    for (at, (value, figure)) in defined.iter().zip(&figures).enumerate() {
        let y = top + row * at as i32 + bar_top;
        let end = value.map_or(zero, |value| axis.at(value));
        if end != zero {
            let sides = (zero.min(end), zero.max(end));
            let color = if panel.measure == Some(at) { MUTED } else { panel.color };
            canvas.rect((sides.0, y), (sides.1, y + bar_height), color, 1.0)?;
        }
        // The zero line stops short of the names that a narrow page writes between the bars.
        canvas.line(&[(zero, y - 3), (zero, y + bar_height + 3)], MUTED, 1)?;
        let x = zero.max(end) + 6;
        canvas.text((x, y + bar_height / 2), figure, size, INK, Align::Start)?;
    }
    Ok(())
}
