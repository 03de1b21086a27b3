//! Curves -> one panel a criterion against k, two beside one another (wide) or one below the
//! other (narrow); a line a method and covariance. The fit that was kept is ringed and named; a fit
//! that did not converge has an open mark; a stroke through a mark is how far the truth may be.

use super::canvas::{Align, Axis, Canvas, GRID, INK, MUTED, SERIES, SURFACE, Svg};
use super::canvas::{draw, tick_decimals, ticks};
use super::marks::shape;
use super::{Layout, text};
use crate::report::ReportError;
use crate::report::figures::curve::{Curves, Panel, Point};
use crate::report::format::Format;
use crate::report::view::Rgb;

const HEIGHT: i32 = 250;
const GAP: i32 = 36;

/// The curves; `title` names the panel of a criterion.
///
/// # Errors
///
/// [`ReportError::Draw`] where plotters refuses.
pub(in crate::report) fn curve(
    curves: &Curves,
    title: impl Fn(&Panel) -> String,
    format: &Format,
    layout: Layout,
) -> Result<Svg, ReportError> {
    let columns = layout.pick(2, 1).min(curves.panels.len() as i32).max(1);
    let rows = (curves.panels.len() as i32 + columns - 1) / columns;
    let room = ((layout.width() - GAP * (columns - 1)) / columns).min(560);
    draw("curve", layout.width(), HEIGHT * rows, |canvas| {
        for (at, panel) in (0..).zip(&curves.panels) {
            let corner = ((room + GAP) * (at % columns), HEIGHT * (at / columns));
            one(canvas, panel, &title(panel), corner, room, format)?;
        }
        Ok(())
    })
}

/// Colour and shape of a family.
fn style(family: usize) -> (Rgb, usize) {
    (SERIES[family % SERIES.len()], family)
}

/// A piece of the line of a family, for the legend.
///
/// # Errors
///
/// [`ReportError::Draw`] where plotters refuses.
pub(in crate::report) fn curve_legend(family: usize) -> Result<Svg, ReportError> {
    let (color, kind) = style(family);
    draw("curve legend", 28, 16, |canvas| {
        canvas.line(&[(0, 8), (28, 8)], color, 2)?;
        shape(canvas, kind, (14, 8), 5, color, 1.0)
    })
}

fn one(
    canvas: &Canvas,
    panel: &Panel,
    title: &str,
    (left, top): (i32, i32),
    room: i32,
    format: &Format,
) -> Result<(), ReportError> {
    let title = text::cut(title, 13.0, f64::from(room));
    canvas.text((left, top + 12), &title, 13.0, INK, Align::Start)?;
    let points = || panel.lines.iter().flat_map(|line| &line.points);
    let reach = || points().flat_map(|point| point.range.unwrap_or([point.value; 2]));
    let (low, high) =
        (reach().fold(f64::INFINITY, f64::min), reach().fold(f64::NEG_INFINITY, f64::max));
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
    let first = points().map(|point| point.k).min().unwrap_or(0);
    let last = points().map(|point| point.k).max().unwrap_or(0);
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
    let place = |point: &Point| (x_axis.at(point.k as f64), y_axis.at(point.value));
    let mut kept = None;
    for line in &panel.lines {
        let (color, kind) = style(line.family);
        let places: Vec<(i32, i32)> = line.points.iter().map(place).collect();
        if places.len() > 1 {
            canvas.line(&places, color, 2)?;
        }
        for (point, at) in line.points.iter().zip(&places) {
            if let Some(range) = point.range {
                let [low, high] = range.map(|value| y_axis.at(value));
                canvas.line(&[(at.0, low), (at.0, high)], color, 1)?;
            }
            shape(canvas, kind, *at, 5, color, 1.0)?;
            if !point.converged {
                canvas.disc(*at, 2, SURFACE, 1.0)?;
            }
            kept = if point.chosen { Some((point.k, *at)) } else { kept };
        }
    }
    let Some((k, at)) = kept else { return Ok(()) };
    canvas.ring(at, 9, INK, 2)?;
    let label = format!("k = {k}");
    let half = text::width(&label, 13.0) as i32 / 2;
    let x = at.0.clamp(plot_left + half, (plot_right - half).max(plot_left + half));
    let y = if at.1 - 20 < plot_top - 8 { at.1 + 22 } else { at.1 - 20 };
    canvas.rect((x - half - 3, y - 8), (x + half + 3, y + 8), SURFACE, 0.85)?;
    canvas.bold((x, y), &label, 13.0, INK, Align::Middle)
}
