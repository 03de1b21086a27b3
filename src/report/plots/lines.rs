//! Lines -> one line a series over common places, from 0 upwards. What happened is drawn in ink,
//! the method used and the hiatus rule strongly, the others lightly; each has a shape beside its
//! colour.

use super::canvas::{
    Align, Axis, Canvas, GRID, INK, MUTED, SERIES, Svg, draw, tick_decimals, ticks,
};
use super::marks::shape;
use super::{Layout, text};
use crate::report::ReportError;
use crate::report::figures::validation::{Lines, Look, Series};
use crate::report::format::Format;
use crate::report::view::Rgb;

/// Marks of a line of many places, about.
const MARKS: usize = 9;

/// The lines, `across` and `upwards` naming the axes.
///
/// # Errors
///
/// [`ReportError::Draw`] where plotters refuses.
pub(in crate::report) fn lines(
    figure: &Lines,
    across: &str,
    upwards: &str,
    format: &Format,
    layout: Layout,
) -> Result<Svg, ReportError> {
    let (width, height) = layout.pick((880, 380), (360, 320));
    let most = figure
        .series
        .iter()
        .flat_map(|series| series.values.iter().flatten().copied())
        .filter(|value| value.is_finite())
        .fold(0.0, f64::max);
    let marks = ticks(0.0, if most > 0.0 { most } else { 1.0 }, 5);
    let decimals = tick_decimals(&marks);
    let labels: Vec<String> = marks.iter().map(|mark| format.decimal(*mark, decimals)).collect();
    let longest = labels.iter().map(|l| text::width(l, 12.0)).fold(0.0, f64::max).ceil() as i32;
    let (left, right, top, bottom) = (longest + 14, width - 12, 34, height - 48);
    let y_axis = Axis { low: 0.0, high: marks[marks.len() - 1], from: bottom, to: top };
    let places = || figure.places.iter().map(|(at, _)| *at);
    let x_axis = Axis {
        low: places().fold(f64::INFINITY, f64::min),
        high: places().fold(f64::NEG_INFINITY, f64::max),
        from: left + 12,
        to: right - 12,
    };
    draw("lines", width, height, |canvas| {
        let title = text::cut(upwards, 13.0, f64::from(width));
        canvas.text((0, 12), &title, 13.0, MUTED, Align::Start)?;
        for (mark, label) in marks.iter().zip(&labels) {
            let y = y_axis.at(*mark);
            canvas.line(&[(left, y), (right, y)], GRID, 1)?;
            canvas.text((left - 8, y), label, 12.0, MUTED, Align::End)?;
        }
        let widest = figure.places.iter().map(|(_, l)| text::width(l, 12.0)).fold(0.0, f64::max);
        let fit = f64::from(x_axis.to - x_axis.from) / (widest + 10.0);
        let every = figure.places.len().div_ceil((fit as usize).max(1)).max(1);
        for (at, label) in figure.places.iter().step_by(every) {
            let x = x_axis.at(*at);
            canvas.line(&[(x, bottom), (x, bottom + 5)], MUTED, 1)?;
            canvas.text((x, bottom + 16), label, 12.0, MUTED, Align::Middle)?;
        }
        canvas.line(&[(left, bottom), (right, bottom)], MUTED, 1)?;
        let title = text::cut(across, 13.0, f64::from(right - left));
        canvas.text(((left + right) / 2, bottom + 37), &title, 13.0, MUTED, Align::Middle)?;
        // The light ones first, what happened last, on top.
        for strength in [Look::Light, Look::Rule, Look::Taken, Look::Actual] {
            for series in figure.series.iter().filter(|series| series.look == strength) {
                one(canvas, figure, series, &x_axis, &y_axis)?;
            }
        }
        Ok(())
    })
}

/// Place of a series' mark among shapes and colours; 0 is the disc.
fn style(series: &Series) -> (Rgb, usize, u32, i32) {
    let color = |at: usize| SERIES[at % SERIES.len()];
    match series.look {
        Look::Actual => (INK, 0, 3, 5),
        Look::Taken => (color(0), 1, 3, 5),
        Look::Rule => (color(1), 2, 2, 5),
        // Blue and vermillion are taken by the two above.
        Look::Light => (color(2 + series.place), 3 + series.place, 1, 4),
    }
}

fn one(
    canvas: &Canvas,
    figure: &Lines,
    series: &Series,
    x_axis: &Axis,
    y_axis: &Axis,
) -> Result<(), ReportError> {
    let (color, kind, thickness, radius) = style(series);
    let points: Vec<Option<(i32, i32)>> = (figure.places.iter().zip(&series.values))
        .map(|((at, _), value)| {
            value.filter(|v| v.is_finite()).map(|value| (x_axis.at(*at), y_axis.at(value)))
        })
        .collect();
    for part in points.split(|point| point.is_none()) {
        let part: Vec<(i32, i32)> = part.iter().flatten().copied().collect();
        if part.len() > 1 {
            canvas.line(&part, color, thickness)?;
        }
    }
    // Where there are many, marks stand apart, and beside those of other series.
    let every = figure.places.len().div_ceil(MARKS).max(1);
    let shift = kind * every / 6;
    for (at, point) in points.iter().enumerate() {
        if at % every == shift % every
            && let Some(point) = point
        {
            shape(canvas, kind, *point, radius, color, 1.0)?;
        }
    }
    Ok(())
}

/// A piece of the line of a series, for the legend.
///
/// # Errors
///
/// [`ReportError::Draw`] where plotters refuses.
pub(in crate::report) fn line_legend(series: &Series) -> Result<Svg, ReportError> {
    let (color, kind, thickness, radius) = style(series);
    draw("line legend", 28, 16, |canvas| {
        canvas.line(&[(0, 8), (28, 8)], color, thickness)?;
        shape(canvas, kind, (14, 8), radius, color, 1.0)
    })
}
