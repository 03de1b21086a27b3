//! Place in a legend -> mark: a colour and a shape, told apart from 41 others.

use super::canvas::{Canvas, INK, SERIES, SURFACE};
use crate::report::ReportError;
use crate::report::view::Rgb;

const SHAPES: usize = 6;

/// Colour of a segment: with its shape, told apart from 41 others.
fn color_of(segment: usize) -> Rgb {
    SERIES[segment % SERIES.len()]
}

/// The mark of a segment.
pub(super) fn mark(
    canvas: &Canvas,
    segment: usize,
    at: (i32, i32),
    radius: i32,
    opacity: f64,
) -> Result<(), ReportError> {
    shape(canvas, segment, at, radius, color_of(segment), opacity)
}

/// The same with an outline, on a halo.
pub(super) fn outlined(
    canvas: &Canvas,
    segment: usize,
    at: (i32, i32),
    radius: i32,
) -> Result<(), ReportError> {
    shape(canvas, segment, at, radius + 4, SURFACE, 1.0)?;
    shape(canvas, segment, at, radius + 2, INK, 1.0)?;
    shape(canvas, segment, at, radius, color_of(segment), 1.0)
}

/// The shape of place `segment`, in any colour.
pub(super) fn shape(
    canvas: &Canvas,
    segment: usize,
    (x, y): (i32, i32),
    r: i32,
    rgb: Rgb,
    opacity: f64,
) -> Result<(), ReportError> {
    let point = |dx: i32, dy: i32| (f64::from(x + dx), f64::from(y + dy));
    let corners = match segment % SHAPES {
        0 => return canvas.disc((x, y), r, rgb, opacity),
        1 => return canvas.rect((x - r + 1, y - r + 1), (x + r - 1, y + r - 1), rgb, opacity),
        2 => vec![point(0, -r), point(-r, r), point(r, r)],
        3 => vec![point(0, -r), point(r, 0), point(0, r), point(-r, 0)],
        4 => vec![point(0, r), point(-r, -r), point(r, -r)],
        _ => {
            let thin = (r / 3).max(1);
            let arm = [(-thin, -r), (thin, -r), (thin, -thin)];
            // A quarter turn takes (x, y) to (-y, x): four arms make a cross.
            let mut turn = |(x, y): (i32, i32)| (-y, x);
            let mut quarter = arm;
            let mut corners = Vec::with_capacity(12);
            for _ in 0..4 {
                corners.extend(quarter.map(|(dx, dy)| point(dx, dy)));
                quarter = quarter.map(&mut turn);
            }
            corners
        }
    };
    canvas.polygon(&corners, rgb, opacity)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forty_segments_have_forty_looks() {
        let mut looks: Vec<_> = (0..40).map(|s| (color_of(s), s % SHAPES)).collect();
        looks.sort();
        looks.dedup();
        assert_eq!(looks.len(), 40);
    }
}
