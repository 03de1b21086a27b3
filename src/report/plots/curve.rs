//! Panels -> quality against k, side by side (wide) or one below the other (narrow). The fit
//! that was kept is ringed and named; a fit that did not converge has an open mark.

use super::canvas::{Align, Axis, Canvas, FIRST, GRID, INK, MUTED, SURFACE, Svg};
use super::canvas::{draw, tick_decimals, ticks};
use super::{Layout, text};
use crate::report::ReportError;
use crate::report::figures::curve::Panel;
use crate::report::format::Format;
use crate::report::texts::Texts;

const HEIGHT: i32 = 250;

/// The curves.
///
/// # Errors
///
/// [`ReportError::Draw`] where plotters refuses.
pub(in crate::report) fn curve(
    panels: &[Panel],
    texts: &Texts,
    format: &Format,
    layout: Layout,
) -> Result<Svg, ReportError> {
    let count = panels.len() as i32;
    let gap = 36;
    let (room, height) = match layout {
        Layout::Wide => (((layout.width() - gap * (count - 1)) / count.max(1)).min(560), HEIGHT),
        Layout::Narrow => (layout.width(), HEIGHT * count),
    };
    draw("curve", layout.width(), height, |canvas| {
        for (at, panel) in panels.iter().enumerate() {
            let at = at as i32;
            let corner = layout.pick(((room + gap) * at, 0), (0, HEIGHT * at));
            one(canvas, panel, corner, room, texts, format)?;
        }
        Ok(())
    })
}

fn one(
    canvas: &Canvas,
    panel: &Panel,
    (left, top): (i32, i32),
    room: i32,
    texts: &Texts,
    format: &Format,
) -> Result<(), ReportError> {
    let title = if panel.mixture { texts.bic_panel } else { texts.silhouette_panel };
    let title = text::cut(title, 13.0, f64::from(room));
    canvas.text((left, top + 12), &title, 13.0, INK, Align::Start)?;
    let values = || panel.points.iter().map(|point| point.value);
    let (low, high) =
        (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
    let marks = ticks(low, high, 4);
    let decimals = tick_decimals(&marks);
    let labels: Vec<String> = marks.iter().map(|mark| format.decimal(*mark, decimals)).collect();
    let margin = labels.iter().map(|l| text::width(l, 12.0)).fold(0.0, f64::max).ceil() as i32 + 12;
    let (plot_left, plot_right) = (left + margin, left + room - 14);
    let (plot_top, plot_bottom) = (top + 36, top + HEIGHT - 44);
    let y_axis =
        Axis { low: marks[0], high: marks[marks.len() - 1], from: plot_bottom, to: plot_top };
    for (mark, label) in marks.iter().zip(&labels) {
        let y = y_axis.at(*mark);
        canvas.line(&[(plot_left, y), (plot_right, y)], GRID, 1)?;
        canvas.text((plot_left - 8, y), label, 12.0, MUTED, Align::End)?;
    }
    let first = panel.points.first().map_or(0, |point| point.k);
    let last = panel.points.last().map_or(0, |point| point.k);
    let x_axis =
        Axis { low: first as f64, high: last as f64, from: plot_left + 16, to: plot_right - 16 };
    // As many k as fit without touching.
    let most = ((plot_right - plot_left) / 28).max(1) as usize;
    let every = (last - first + 1).div_ceil(most).max(1);
    for k in (first..=last).step_by(every) {
        let x = x_axis.at(k as f64);
        canvas.text((x, plot_bottom + 14), &k.to_string(), 12.0, MUTED, Align::Middle)?;
    }
    let middle = (plot_left + plot_right) / 2;
    canvas.text((middle, plot_bottom + 32), "k", 12.0, MUTED, Align::Middle)?;
    let places: Vec<(i32, i32)> = panel
        .points
        .iter()
        .map(|point| (x_axis.at(point.k as f64), y_axis.at(point.value)))
        .collect();
    if places.len() > 1 {
        canvas.line(&places, FIRST, 2)?;
    }
    for (point, at) in panel.points.iter().zip(&places) {
        canvas.disc(*at, 5, FIRST, 1.0)?;
        if !point.converged {
            canvas.disc(*at, 3, SURFACE, 1.0)?;
        }
        if point.chosen {
            canvas.ring(*at, 9, INK, 2)?;
            let label = format!("k = {}", point.k);
            let half = text::width(&label, 13.0) as i32 / 2;
            let x = at.0.clamp(plot_left + half, (plot_right - half).max(plot_left + half));
            let y = if at.1 - 20 < plot_top - 8 { at.1 + 22 } else { at.1 - 20 };
            canvas.rect((x - half - 3, y - 8), (x + half + 3, y + 8), SURFACE, 0.85)?;
            canvas.bold((x, y), &label, 13.0, INK, Align::Middle)?;
        }
    }
    Ok(())
}
