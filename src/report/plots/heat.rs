//! Heat -> cells, segments down and features across, with the figure in every cell. The colour
//! lies over the page's own background: stronger away from 0, blue below and orange above, a
//! pair that every kind of colour vision tells apart.

use super::canvas::{Align, GRID, HIGH, INK, LOW, MUTED, Svg, draw};
use super::{Layout, NAMES, text};
use crate::report::ReportError;
use crate::report::figures::heat::Heat;
use crate::report::format::{Format, NONE};
use crate::report::texts::Texts;

/// Strongest tint: black and white text stay readable on it.
const STRONGEST: f64 = 0.65;

/// The heat map; wider than the layout where there are many features.
///
/// # Errors
///
/// [`ReportError::Draw`] where plotters refuses.
pub(in crate::report) fn heat(
    heat: &Heat,
    words: &Texts,
    format: &Format,
    layout: Layout,
) -> Result<Svg, ReportError> {
    let columns = heat.features.len() as i32;
    let (least, row, size) = layout.pick((62, 32, 13.0), (54, 34, 12.0));
    let labels = heat.rows.iter().map(|(id, group, _)| (id.as_str(), group.as_str()));
    let ids = heat.rows.iter().map(|(id, ..)| (id.as_str(), ""));
    let names = match layout {
        Layout::Wide => text::column(labels, size, NAMES),
        Layout::Narrow => text::column(ids, size, (38, 80)),
    };
    let width = layout.width().max(names + least * columns);
    let cell = ((width - names) / columns).min(160);
    let head_size = layout.pick(12.0, 10.5);
    let heads: Vec<Vec<String>> =
        heat.heads.iter().map(|head| text::wrap(head, head_size, f64::from(cell - 4), 5)).collect();
    let lines = heads.iter().map(Vec::len).max().unwrap_or(1) as i32;
    let line = head_size as i32 + 3;
    let top = lines * line + 8;
    let legend = top + row * heat.rows.len() as i32 + 16;
    draw("heat", width, legend + 38, |canvas| {
        for (at, head) in heads.iter().enumerate() {
            let x = names + cell * at as i32 + cell / 2;
            let first = top - 6 - line * head.len() as i32 + line / 2;
            for (number, part) in head.iter().enumerate() {
                let y = first + line * number as i32;
                canvas.text((x, y), part, head_size, MUTED, Align::Middle)?;
            }
        }
        for (at, (id, group, cells)) in heat.rows.iter().enumerate() {
            let y = top + row * at as i32;
            canvas.bold((0, y + row / 2), id, size, INK, Align::Start)?;
            if layout == Layout::Wide {
                let left = text::width(id, size).ceil() as i32 + 10;
                let group = text::cut(group, size, f64::from(names - left - 8));
                canvas.text((left, y + row / 2), &group, size, INK, Align::Start)?;
            }
            for (column, value) in cells.iter().enumerate() {
                let x = names + cell * column as i32;
                let (from, to) = ((x + 1, y + 1), (x + cell - 1, y + row - 1));
                match value {
                    Some(z) => {
                        let tint = (z.abs() / heat.limit * STRONGEST).min(STRONGEST);
                        let rgb = if *z < 0.0 { LOW } else { HIGH };
                        canvas.rect(from, to, rgb, tint)?;
                    }
                    None => canvas.frame(from, to, GRID)?,
                }
                let figure = value.map_or_else(|| NONE.to_owned(), |z| format.signed(z, 2));
                let figure_size = fit(&figure, size, f64::from(cell - 4));
                let middle = (x + cell / 2, y + row / 2);
                canvas.text(middle, &figure, figure_size, INK, Align::Middle)?;
            }
        }
        scale(canvas, heat, words, format, legend, width.min(layout.width()))
    })
}

/// The largest size up to `size` at which `figure` has room, not below 7.
fn fit(figure: &str, size: f64, room: f64) -> f64 {
    let width = text::width(figure, size);
    if width <= room { size } else { (size * room / width).max(7.0) }
}

/// The legend: a strip of the scale with its ends and middle named.
fn scale(
    canvas: &super::canvas::Canvas,
    heat: &Heat,
    words: &Texts,
    format: &Format,
    y: i32,
    width: i32,
) -> Result<(), ReportError> {
    const STEPS: i32 = 20;
    let step = (width / 2).min(300) / STEPS;
    let strip = step * STEPS;
    let left = (width - strip) / 2;
    for at in 0..STEPS {
        let z = (f64::from(at) + 0.5) / f64::from(STEPS) * 2.0 - 1.0;
        let rgb = if z < 0.0 { LOW } else { HIGH };
        let x = left + step * at;
        canvas.rect((x, y), (x + step, y + 12), rgb, z.abs() * STRONGEST)?;
    }
    canvas.frame((left, y), (left + strip, y + 12), GRID)?;
    let label =
        |x: i32, text: &str, align: Align, y: i32| canvas.text((x, y), text, 12.0, MUTED, align);
    label(left, &format.signed(-heat.limit, 1), Align::Middle, y + 24)?;
    label(left + strip / 2, "0", Align::Middle, y + 24)?;
    label(left + strip, &format.signed(heat.limit, 1), Align::Middle, y + 24)?;
    label(left - 10, words.below, Align::End, y + 6)?;
    label(left + strip + 10, words.above, Align::Start, y + 6)
}
