//! Bars -> two panels side by side, one row a segment: share of customers, share of revenue.

use super::canvas::{Align, Axis, Canvas, FIRST, GRID, INK, MUTED, SECOND, Svg, draw, ticks};
use super::{Layout, NAMES, text};
use crate::report::ReportError;
use crate::report::figures::sizes::Bar;
use crate::report::format::Format;
use crate::report::texts::Texts;
use crate::report::view::Rgb;

/// The bars. Where no share of revenue is defined, the second panel is left out.
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
    let width = layout.width();
    let with_revenue = bars.iter().any(|bar| bar.share_of_revenue.is_some());
    // Wide: names stand left of the bars. Narrow: above them.
    let (top, size) = (28, layout.pick(13.0, 12.0));
    let labels = bars.iter().map(|bar| (bar.id.as_str(), bar.group.as_str()));
    let names = layout.pick(text::column(labels, size, NAMES), 0);
    let (row, bar_top, bar_height) = layout.pick((30, 6, 18), (46, 22, 17));
    let height = top + row * bars.len() as i32 + 4;
    let panels = if with_revenue { 2 } else { 1 };
    let gap = layout.pick(28, 14);
    let room = (width - names - gap * (panels - 1)) / panels;
    draw("sizes", width, height, |canvas| {
        for (at, bar) in bars.iter().enumerate() {
            let y = top + row * at as i32;
            if at > 0 {
                canvas.line(&[(0, y), (width, y)], GRID, 1)?;
            }
            let middle = layout.pick(y + row / 2, y + 12);
            canvas.bold((0, middle), &bar.id, size, INK, Align::Start)?;
            let left = text::width(&bar.id, size).ceil() as i32 + 10;
            let space = f64::from(layout.pick(names, width) - left - 8);
            canvas.text(
                (left, middle),
                &text::cut(&bar.group, size, space),
                size,
                INK,
                Align::Start,
            )?;
        }
        let customers: Vec<Option<f64>> = bars.iter().map(|bar| Some(bar.share)).collect();
        let place = Place { left: names, room, top, row, bar_top, bar_height, size };
        panel(canvas, &place, texts.share_customers, &customers, FIRST, format)?;
        if with_revenue {
            let revenue: Vec<Option<f64>> = bars.iter().map(|bar| bar.share_of_revenue).collect();
            let place = Place { left: names + room + gap, ..place };
            panel(canvas, &place, texts.share_revenue, &revenue, SECOND, format)?;
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

fn panel(
    canvas: &Canvas,
    place: &Place,
    title: &str,
    shares: &[Option<f64>],
    rgb: Rgb,
    format: &Format,
) -> Result<(), ReportError> {
    let Place { left, room, top, row, bar_top, bar_height, size } = *place;
    let title = text::cut(title, size, f64::from(room));
    canvas.text((left, 12), &title, size, MUTED, Align::Start)?;
    let values = || shares.iter().flatten().copied();
    let bounds = ticks(values().fold(0.0, f64::min), values().fold(0.01, f64::max), 4);
    let low = if values().any(|share| share < 0.0) { bounds[0] } else { 0.0 };
    let longest = shares
        .iter()
        .map(|share| text::width(&format.percent_or_none(*share), size))
        .fold(0.0, f64::max)
        .ceil() as i32;
    // Room for a figure to the right of the longest bar.
    let axis = Axis {
        low,
        high: values().fold(0.01, f64::max),
        from: left,
        to: left + (room - longest - 8).max(10),
    };
    let zero = axis.at(0.0);
    for (at, share) in shares.iter().enumerate() {
        let y = top + row * at as i32 + bar_top;
        let end = share.map_or(zero, |share| axis.at(share));
        if end != zero {
            let sides = (zero.min(end), zero.max(end));
            canvas.rect((sides.0, y), (sides.1, y + bar_height), rgb, 1.0)?;
        }
        // The zero line stops short of the names that a narrow page writes between the bars.
        canvas.line(&[(zero, y - 3), (zero, y + bar_height + 3)], MUTED, 1)?;
        let figure = format.percent_or_none(*share);
        let x = zero.max(end) + 6;
        canvas.text((x, y + bar_height / 2), &figure, size, INK, Align::Start)?;
    }
    Ok(())
}
