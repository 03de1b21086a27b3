//! A drawing surface over plotters' SVG backend that keeps to the page's palette.
//!
//! Colours are drawn as they look on a light page; `style.css` repaints the palette below by
//! attribute selectors in the dark, so the palette and the style sheet go together (a test
//! holds them to it). No font is measured: the browser chooses it.

use std::fmt::Display;

use plotters::coord::Shift;
use plotters::element::{Drawable, PointCollection};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::report::ReportError;
use crate::report::view::Rgb;

/// Text and marks.
pub(super) const INK: Rgb = (0x1B, 0x1F, 0x24);
/// Axis labels and lesser text.
pub(super) const MUTED: Rgb = (0x57, 0x60, 0x6A);
/// Grid lines and frames.
pub(super) const GRID: Rgb = (0xD0, 0xD7, 0xDE);
/// What lies behind: halos of labels.
pub(super) const SURFACE: Rgb = (0xFF, 0xFF, 0xFE);
/// First measure of a pair; the curve.
pub(super) const FIRST: Rgb = (0x00, 0x72, 0xB1);
/// Second measure of a pair.
pub(super) const SECOND: Rgb = (0xE6, 0x9F, 0x01);
/// Heat map, below 0.
pub(super) const LOW: Rgb = (0x00, 0x72, 0xB3);
/// Heat map, above 0.
pub(super) const HIGH: Rgb = (0xD5, 0x5E, 0x01);
/// Seven of the eight colours of Okabe and Ito (2008), told apart with any colour vision; the
/// eighth, black, would vanish in the dark. The yellow is darkened for a light page.
pub(super) const SERIES: [Rgb; 7] = [
    (0x00, 0x72, 0xB2),
    (0xD5, 0x5E, 0x00),
    (0x00, 0x9E, 0x73),
    (0xCC, 0x79, 0xA7),
    (0xE6, 0x9F, 0x00),
    (0x56, 0xB4, 0xE9),
    (0xB0, 0xA2, 0x00),
];

/// Parts of a unit that are drawn: plotters rounds to whole coordinates, so the drawing is this
/// much larger than its size in units.
const FINE: i32 = 10;

/// Where a text sits relative to its point; it is always centred vertically.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Start,
    Middle,
    End,
}

/// The inside of a finished drawing, without its outer element.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::report) struct Svg {
    /// Units across.
    pub(in crate::report) width: i32,
    /// Units down.
    pub(in crate::report) height: i32,
    /// SVG elements, texts escaped.
    pub(in crate::report) body: String,
}

impl Svg {
    /// The part of the plane that the elements cover.
    pub(in crate::report) fn view_box(&self) -> String {
        format!("0 0 {} {}", self.width * FINE, self.height * FINE)
    }
}

/// The surface.
pub(super) struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
    figure: &'static str,
}

/// Draws `figure` on a surface of `width` by `height`.
///
/// # Errors
///
/// [`ReportError::Draw`] where plotters refuses.
pub(super) fn draw(
    figure: &'static str,
    width: i32,
    height: i32,
    paint: impl FnOnce(&Canvas) -> Result<(), ReportError>,
) -> Result<Svg, ReportError> {
    let (width, height) = (width.max(1), height.max(1));
    let mut text = String::new();
    {
        let backend = SVGBackend::with_string(&mut text, fine((width, height)));
        let canvas = Canvas { area: backend.into_drawing_area(), figure };
        paint(&canvas)?;
        canvas.area.present().map_err(|error| canvas.refused(error))?;
    }
    // The outer element is the page's, for it carries the accessible name. Attributes that say
    // nothing are left out; texts hold no bare quotation mark, so none of theirs is touched.
    let body = text
        .split_once('>')
        .and_then(|(_, rest)| rest.rsplit_once("</svg>"))
        .map(|(body, _)| body)
        .unwrap_or_default()
        .replace(" font-family=\"sans-serif\"", "")
        .replace(" opacity=\"1\"", "")
        .replace(" stroke=\"none\" stroke-width=\"1\"", "")
        .replace(" stroke=\"none\"", "");
    Ok(Svg { width, height, body })
}

fn fine<T: TryFrom<i32> + Default>((x, y): (i32, i32)) -> (T, T) {
    let part = |units: i32| T::try_from(units * FINE).unwrap_or_default();
    (part(x), part(y))
}

fn color(rgb: Rgb, opacity: f64) -> RGBAColor {
    RGBColor(rgb.0, rgb.1, rgb.2).mix((opacity.clamp(0.0, 1.0) * 100.0).round() / 100.0)
}

impl<'a> Canvas<'a> {
    fn refused(&self, error: impl Display) -> ReportError {
        ReportError::Draw { figure: self.figure, reason: error.to_string() }
    }

    fn put<E>(&self, element: E) -> Result<(), ReportError>
    where
        for<'b> &'b E: PointCollection<'b, (i32, i32)>,
        E: Drawable<SVGBackend<'a>>,
    {
        self.area.draw(&element).map_err(|error| self.refused(error))
    }

    /// A text of one line, vertically centred on `at`.
    pub(super) fn text(
        &self,
        at: (i32, i32),
        text: &str,
        size: f64,
        rgb: Rgb,
        align: Align,
    ) -> Result<(), ReportError> {
        self.styled(at, text, size, rgb, align, FontStyle::Normal)
    }

    /// The same in bold.
    pub(super) fn bold(
        &self,
        at: (i32, i32),
        text: &str,
        size: f64,
        rgb: Rgb,
        align: Align,
    ) -> Result<(), ReportError> {
        self.styled(at, text, size, rgb, align, FontStyle::Bold)
    }

    fn styled(
        &self,
        at: (i32, i32),
        text: &str,
        size: f64,
        rgb: Rgb,
        align: Align,
        style: FontStyle,
    ) -> Result<(), ReportError> {
        let h = match align {
            Align::Start => HPos::Left,
            Align::Middle => HPos::Center,
            Align::End => HPos::Right,
        };
        // plotters divides the size it is given by 1.24.
        let font = FontDesc::new(
            FontFamily::SansSerif,
            (size * f64::from(FINE) * 1.24 * 1e6).round() / 1e6,
            style,
        );
        let color = color(rgb, 1.0);
        let style = TextStyle::from(font).color(&color).pos(Pos::new(h, VPos::Center));
        let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        self.put(Text::new(clean, fine(at), style))
    }

    /// A filled rectangle between two corners.
    pub(super) fn rect(
        &self,
        from: (i32, i32),
        to: (i32, i32),
        rgb: Rgb,
        opacity: f64,
    ) -> Result<(), ReportError> {
        self.put(Rectangle::new([fine(from), fine(to)], color(rgb, opacity).filled()))
    }

    /// The outline of a rectangle.
    pub(super) fn frame(
        &self,
        from: (i32, i32),
        to: (i32, i32),
        rgb: Rgb,
    ) -> Result<(), ReportError> {
        self.put(Rectangle::new([fine(from), fine(to)], color(rgb, 1.0).stroke_width(FINE as u32)))
    }

    /// A line through points.
    pub(super) fn line(
        &self,
        points: &[(i32, i32)],
        rgb: Rgb,
        thickness: u32,
    ) -> Result<(), ReportError> {
        let points: Vec<(i32, i32)> = points.iter().copied().map(fine).collect();
        self.put(PathElement::new(points, color(rgb, 1.0).stroke_width(thickness * FINE as u32)))
    }

    /// A filled polygon.
    pub(super) fn polygon(
        &self,
        points: &[(f64, f64)],
        rgb: Rgb,
        opacity: f64,
    ) -> Result<(), ReportError> {
        let part = |units: f64| (units * f64::from(FINE)).round() as i32;
        let points: Vec<(i32, i32)> = points.iter().map(|(x, y)| (part(*x), part(*y))).collect();
        self.put(Polygon::new(points, color(rgb, opacity)))
    }

    /// A filled circle.
    pub(super) fn disc(
        &self,
        at: (i32, i32),
        radius: i32,
        rgb: Rgb,
        opacity: f64,
    ) -> Result<(), ReportError> {
        self.put(Circle::new(fine(at), radius * FINE, color(rgb, opacity).filled()))
    }

    /// The outline of a circle.
    pub(super) fn ring(
        &self,
        at: (i32, i32),
        radius: i32,
        rgb: Rgb,
        thickness: u32,
    ) -> Result<(), ReportError> {
        self.put(Circle::new(
            fine(at),
            radius * FINE,
            color(rgb, 1.0).stroke_width(thickness * FINE as u32),
        ))
    }
}

/// Round numbers from at or below `low` to at or above `high`, about `wanted` steps; always at
/// least two, ascending, finite for finite ends.
pub(super) fn ticks(low: f64, high: f64, wanted: usize) -> Vec<f64> {
    let (low, high) = (low.min(high).clamp(-1e300, 1e300), high.max(low).clamp(-1e300, 1e300));
    let span = high - low;
    // Ends that differ by less than their own rounding are one value with room on either side.
    let scale = low.abs().max(high.abs());
    let (low, high) = if span <= scale * 1e-9 {
        let room = if scale > 0.0 { scale * 0.1 } else { 1.0 };
        (low - room, high + room)
    } else {
        (low, high)
    };
    let rough = (high - low) / wanted.max(1) as f64;
    let power = 10.0_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|step| *step >= rough * 0.999_999)
        .unwrap_or(10.0 * power);
    let (first, last) = ((low / step).floor(), (high / step).ceil());
    let count = ((last - first) as usize).clamp(1, 100);
    (0..=count).map(|at| (first + at as f64) * step).collect()
}

/// Decimals that tell neighbouring ticks apart.
pub(super) fn tick_decimals(ticks: &[f64]) -> usize {
    let step = ticks.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
    if step.is_finite() && step > 0.0 {
        (-step.log10().floor()).clamp(0.0, 6.0) as usize
    } else {
        0
    }
}

/// Linear map of `[low, high]` onto whole units between `from` and `to`, clamped.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) from: i32,
    pub(super) to: i32,
}

impl Axis {
    /// Where `value` lies.
    pub(super) fn at(&self, value: f64) -> i32 {
        // Halved so that the difference of two huge ends stays finite.
        let span = self.high / 2.0 - self.low / 2.0;
        let share = if span > 0.0 { (value / 2.0 - self.low / 2.0) / span } else { 0.5 };
        let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
        (f64::from(self.from) + share * f64::from(self.to - self.from)).round() as i32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped_and_control_characters_gone() {
        let svg = draw("probe", 100, 40, |canvas| {
            canvas.text((1, 1), "<script>\"a\" & 'b'\u{0}\n]]>", 12.0, INK, Align::Start)
        })
        .unwrap();
        assert!(svg.body.contains("&lt;script&gt;&quot;a&quot; &amp; &apos;b&apos;"));
        assert!(!svg.body.contains("<script") && !svg.body.contains('\u{0}'));
        assert!(!svg.body.contains("<svg") && !svg.body.contains("</svg>"));
        assert!(svg.body.contains("font-size=\"120"), "{}", svg.body);
    }

    #[test]
    fn ticks_are_round_and_cover_the_range() {
        assert_eq!(ticks(0.0, 10.0, 5), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(ticks(0.31, 0.42, 3), [0.30000000000000004, 0.35000000000000003, 0.4, 0.45]);
        for (low, high) in
            [(0.0, 0.0), (5.0, 5.0), (-1e300, 1e300), (1e12, 1e12 + 1.0), (-3.0, 2.0)]
        {
            let found = ticks(low, high, 4);
            assert!(found.len() >= 2 && found.iter().all(|t| t.is_finite()), "{low} {high}");
            assert!(found.windows(2).all(|pair| pair[0] < pair[1]), "{low} {high}: {found:?}");
        }
    }

    #[test]
    fn decimals_and_axis() {
        assert_eq!(tick_decimals(&[0.0, 0.05, 0.1]), 2);
        assert_eq!(tick_decimals(&[0.0, 10.0]), 0);
        let axis = Axis { low: 0.0, high: 10.0, from: 100, to: 0 };
        assert_eq!((axis.at(0.0), axis.at(10.0), axis.at(5.0), axis.at(99.0)), (100, 0, 50, 0));
        assert_eq!(Axis { low: 1.0, high: 1.0, from: 0, to: 10 }.at(1.0), 5);
    }

    #[test]
    fn the_style_sheet_repaints_every_colour_of_the_palette() {
        let css = include_str!("../style.css");
        for (r, g, b) in [INK, MUTED, GRID, SURFACE, FIRST, SECOND, LOW, HIGH].iter().chain(&SERIES)
        {
            let name = format!("[fill=\"#{r:02X}{g:02X}{b:02X}\"]");
            assert!(css.contains(&name), "{name}");
        }
    }
}
