//! Scatter -> points by recency (across) and orders (upwards, logarithmic). A segment has a
//! colour and a shape, and its id is written beside its median.

use super::canvas::{Align, Axis, Canvas, GRID, INK, MUTED, SURFACE, Svg, draw, ticks};
use super::marks::{mark, outlined};
use super::{Layout, text};
use crate::report::ReportError;
use crate::report::figures::scatter::Scatter;
use crate::report::format::Format;
use crate::report::texts::Texts;

/// Nudge of a point at most, in natural logarithms of orders.
const NUDGE: f64 = 0.09;

/// The points, medians and ids.
///
/// # Errors
///
/// [`ReportError::Draw`] where plotters refuses.
pub(in crate::report) fn scatter(
    figure: &Scatter,
    texts: &Texts,
    format: &Format,
    layout: Layout,
) -> Result<Svg, ReportError> {
    let (width, height) = layout.pick((880, 470), (360, 400));
    let medians = figure.marks.iter().filter_map(|mark| mark.median);
    let all = || figure.points.iter().map(|p| (p.recency, p.orders)).chain(medians.clone());
    let most_days = all().map(|(days, _)| days).fold(1.0, f64::max);
    let least_days = all().map(|(days, _)| days).fold(0.0, f64::min);
    let most_orders = all().map(|(_, orders)| orders).fold(1.0, f64::max);
    let least_orders = all().map(|(_, orders)| orders).fold(1.0, f64::min);
    let orders = order_ticks(least_orders, most_orders, layout.pick(9, 7));
    let labels: Vec<String> =
        orders.iter().map(|tick| format.decimal(*tick, if *tick < 1.0 { 2 } else { 0 })).collect();
    let longest = labels.iter().map(|l| text::width(l, 12.0)).fold(0.0, f64::max).ceil() as i32;
    let (left, right, top, bottom) = (longest + 14, width - 10, 34, height - 46);
    let days = ticks(least_days, most_days, layout.pick(8, 4));
    let x_axis = Axis { low: least_days, high: most_days, from: left + 10, to: right - 10 };
    let y_axis =
        Axis { low: least_orders.ln() - 0.2, high: most_orders.ln() + 0.2, from: bottom, to: top };
    draw("scatter", width, height, |canvas| {
        let title = text::cut(texts.axis_orders, 13.0, f64::from(width));
        canvas.text((0, 12), &title, 13.0, MUTED, Align::Start)?;
        for (tick, label) in orders.iter().zip(&labels) {
            let y = y_axis.at(tick.ln());
            canvas.line(&[(left, y), (right, y)], GRID, 1)?;
            canvas.text((left - 8, y), label, 12.0, MUTED, Align::End)?;
        }
        for tick in days.iter().filter(|day| (least_days..=most_days).contains(*day)) {
            let x = x_axis.at(*tick);
            canvas.line(&[(x, bottom), (x, bottom + 5)], MUTED, 1)?;
            canvas.text((x, bottom + 16), &format.decimal(*tick, 0), 12.0, MUTED, Align::Middle)?;
        }
        canvas.line(&[(left, bottom), (right, bottom)], MUTED, 1)?;
        let title = text::cut(texts.axis_recency, 13.0, f64::from(right - left));
        canvas.text(((left + right) / 2, bottom + 36), &title, 13.0, MUTED, Align::Middle)?;
        let radius = layout.pick(4, 3);
        for point in &figure.points {
            let y = y_axis.at(point.orders.ln() + point.nudge * NUDGE);
            let at = (x_axis.at(point.recency), y);
            mark(canvas, point.segment, at, radius, 0.55)?;
        }
        let places: Vec<Option<(i32, i32)>> = figure
            .marks
            .iter()
            .map(|mark| mark.median.map(|(days, n)| (x_axis.at(days), y_axis.at(n.ln()))))
            .collect();
        for (segment, at) in places.iter().enumerate() {
            if let Some(at) = at {
                outlined(canvas, segment, *at, radius + 3)?;
            }
        }
        ids(canvas, figure, &places, (left, right, top, bottom), layout)
    })
}

/// The mark of a segment by itself, for the legend.
///
/// # Errors
///
/// [`ReportError::Draw`] where plotters refuses.
pub(in crate::report) fn legend(segment: usize) -> Result<Svg, ReportError> {
    draw("legend", 16, 16, |canvas| mark(canvas, segment, (8, 8), 6, 1.0))
}

/// 1, 2, 5, 10, … within the range; powers of ten alone where those are more than `most`.
fn order_ticks(low: f64, high: f64, most: usize) -> Vec<f64> {
    let (first, last) = (low.log10().floor() as i32, high.log10().ceil() as i32);
    let within = |factors: &[f64]| -> Vec<f64> {
        (first..=last)
            .flat_map(|power| factors.iter().map(move |factor| factor * 10.0_f64.powi(power)))
            .filter(|tick| (low * 0.999..=high * 1.001).contains(tick))
            .collect()
    };
    let fine = within(&[1.0, 2.0, 5.0]);
    if fine.len() <= most {
        return fine;
    }
    let coarse = within(&[1.0]);
    let every = coarse.len().div_ceil(most).max(1);
    coarse.into_iter().step_by(every).collect()
}

type Box4 = (i32, i32, i32, i32);

/// Writes each id (on a wide page with few segments also the group) beside its median, where
/// it touches no other; an id without room is left to the legend.
fn ids(
    canvas: &Canvas,
    figure: &Scatter,
    places: &[Option<(i32, i32)>],
    (left, right, top, bottom): Box4,
    layout: Layout,
) -> Result<(), ReportError> {
    let size = 12.0;
    let with_group = layout == Layout::Wide && figure.marks.len() <= 12;
    let reach = 14;
    let mut taken: Vec<Box4> =
        places.iter().flatten().map(|(x, y)| (x - 10, y - 10, x + 10, y + 10)).collect();
    for (segment, place) in figure.marks.iter().zip(places) {
        let Some((x, y)) = *place else { continue };
        let label = if with_group {
            text::cut(&format!("{} {}", segment.id, segment.group), size, 260.0)
        } else {
            segment.id.clone()
        };
        let wide = text::width(&label, size).ceil() as i32 + 8;
        let tall = 17;
        let free = [1, 2, 3, 4].into_iter().flat_map(|ring| {
            let (dx, dy) = (reach * ring, (tall + 2) * ring);
            [
                (x + dx, y - tall / 2),
                (x - dx - wide, y - tall / 2),
                (x - wide / 2, y - dy - tall / 2),
                (x - wide / 2, y + dy - tall / 2),
                (x + dx / 2, y - dy - tall / 2),
                (x - dx / 2 - wide, y - dy - tall / 2),
                (x + dx / 2, y + dy - tall / 2),
                (x - dx / 2 - wide, y + dy - tall / 2),
            ]
        });
        let found = free.map(|(bx, by)| (bx, by, bx + wide, by + tall)).find(|area| {
            area.0 >= left
                && area.2 <= right
                && area.1 >= top
                && area.3 <= bottom
                && !taken.iter().any(|other| overlap(area, other))
        });
        if let Some(area) = found {
            canvas.rect((area.0, area.1), (area.2, area.3), SURFACE, 0.85)?;
            let middle = (area.0 + 4, (area.1 + area.3) / 2);
            canvas.bold(middle, &label, size, INK, Align::Start)?;
            taken.push(area);
        }
    }
    Ok(())
}

fn overlap(a: &Box4, b: &Box4) -> bool {
    a.0 < b.2 && b.0 < a.2 && a.1 < b.3 && b.1 < a.3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_ticks_stay_within_and_few() {
        assert_eq!(order_ticks(1.0, 60.0, 9), [1.0, 2.0, 5.0, 10.0, 20.0, 50.0]);
        assert_eq!(order_ticks(1.0, 1.0, 9), [1.0]);
        assert!(order_ticks(1.0, 1e300, 7).len() <= 7);
    }
}
