//! Figure data -> SVG by plotters. One file a figure, over one small canvas; each figure is
//! drawn for a [`Layout::Wide`] and for a [`Layout::Narrow`] screen.

mod bars;
mod canvas;
mod curve;
mod flow;
mod heat;
mod lines;
mod marks;
mod scatter;
mod text;

pub(super) use bars::{lifts, providers, sizes, value};
pub(super) use canvas::Svg;
pub(super) use curve::{curve, curve_legend};
pub(super) use flow::flow;
pub(super) use heat::heat;
pub(super) use lines::{line_legend, lines};
pub(super) use scatter::{legend, scatter};

/// Least and most units that a column of names takes on a wide screen.
const NAMES: (i32, i32) = (130, 310);

/// The screen a figure is drawn for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// Laptop and paper: 880 units across.
    Wide,
    /// Phone: 360 units across.
    Narrow,
}

impl Layout {
    /// Both, in the order of the page.
    pub(super) const ALL: [Layout; 2] = [Layout::Wide, Layout::Narrow];

    /// Units across.
    pub(super) fn width(self) -> i32 {
        match self {
            Layout::Wide => 880,
            Layout::Narrow => 360,
        }
    }

    /// Class and id suffix.
    pub(super) fn name(self) -> &'static str {
        match self {
            Layout::Wide => "wide",
            Layout::Narrow => "narrow",
        }
    }

    fn pick<T>(self, wide: T, narrow: T) -> T {
        match self {
            Layout::Wide => wide,
            Layout::Narrow => narrow,
        }
    }
}
