//! FlowFigure -> a flow chart: groups before on the left, groups now on the right, a band from
//! one to the other as thick as the customers who went that way.

use super::canvas::{Align, Canvas, INK, MUTED, Svg, draw};
use super::{Layout, NAMES, text};
use crate::report::ReportError;
use crate::report::figures::flow::{FlowFigure, Node};
use crate::report::format::Format;
use crate::report::texts::Texts;

/// Between a node and its label, and a little at the page's edge.
const LABEL_GAP: i32 = 10;

/// Points of a band's edge.
const STEPS: i32 = 24;

/// The flow.
///
/// # Errors
///
/// [`ReportError::Draw`] where plotters refuses.
pub(in crate::report) fn flow(
    figure: &FlowFigure,
    texts: &Texts,
    format: &Format,
    layout: Layout,
) -> Result<Svg, ReportError> {
    let width = layout.width();
    let (block, size) = layout.pick((14, 13.0), (10, 11.5));
    let longest = format!("  {}", format.count(figure.customers_of_largest() as u64));
    let names = figure.before.iter().chain(&figure.after);
    let names = names.map(|node| (node.name.as_str(), longest.as_str()));
    let margin = layout.pick(text::column(names, size, NAMES), 104);
    let line = size as i32 + 4;
    // A node of no height still has room for its label: one line, or the name's and a count.
    let nodes = figure.before.iter().chain(&figure.after);
    let lines = nodes.map(|node| name_lines(node, size, margin).len()).max().unwrap_or(1) as i32;
    let gap = layout.pick(20, line * (lines + 1) + 4);
    let most = figure.before.len().max(figure.after.len()) as i32;
    let (top, bands) = (26, layout.pick(300, 240));
    let total: usize = figure.links.iter().map(|link| link.customers).sum();
    let scale = f64::from(bands) / total.max(1) as f64;
    let height = top + bands + gap * most + 6;
    let left = stack(&figure.before, top, height, gap, scale);
    let right = stack(&figure.after, top, height, gap, scale);
    draw("flow", width, height, |canvas| {
        let (from_x, to_x) = (margin + block, width - margin - block);
        canvas.bold((from_x, 12), texts.before, size, INK, Align::End)?;
        canvas.bold((to_x, 12), texts.after, size, INK, Align::Start)?;
        let mut out: Vec<f64> = left.iter().map(|(start, _)| *start).collect();
        let mut into: Vec<f64> = right.iter().map(|(start, _)| *start).collect();
        for link in &figure.links {
            let thick = link.customers as f64 * scale;
            let (y0, y1) = (out[link.from], into[link.to]);
            out[link.from] += thick;
            into[link.to] += thick;
            let node = &figure.before[link.from];
            let color = if node.group.is_some() { node.color } else { figure.after[link.to].color };
            let stays = node.group.is_some() && node.group == figure.after[link.to].group;
            let opacity = if stays { 0.28 } else { 0.55 };
            canvas.polygon(&band(from_x, to_x, y0, y1, thick.max(0.8)), color, opacity)?;
        }
        for (nodes, spans, x, align) in [
            (&figure.before, &left, margin, Align::End),
            (&figure.after, &right, to_x, Align::Start),
        ] {
            for (node, (start, end)) in nodes.iter().zip(spans) {
                let (y0, y1) =
                    (start.round() as i32, (end.round() as i32).max(start.round() as i32 + 1));
                canvas.rect((x, y0), (x + block, y1), node.color, 1.0)?;
                let edge = if align == Align::End { x - 8 } else { x + block + 8 };
                let middle = (edge, (y0 + y1) / 2);
                label(
                    canvas,
                    node,
                    middle,
                    align,
                    f64::from(margin - LABEL_GAP),
                    format,
                    layout,
                    size,
                )?;
            }
        }
        Ok(())
    })
}

#[expect(clippy::too_many_arguments, reason = "one label: what, where, how")]
fn label(
    canvas: &Canvas,
    node: &Node,
    (x, y): (i32, i32),
    align: Align,
    room: f64,
    format: &Format,
    layout: Layout,
    size: f64,
) -> Result<(), ReportError> {
    let count = format.count(node.customers as u64);
    match layout {
        Layout::Wide => {
            let room = room - text::width(&count, size) - 12.0;
            let name = text::cut(&node.name, size, room);
            canvas.text((x, y), &format!("{name}  {count}"), size, INK, align)
        }
        Layout::Narrow => {
            let line = size as i32 + 4;
            let lines = name_lines(node, size, room as i32 + LABEL_GAP);
            let first = y - line * lines.len() as i32 / 2;
            for (at, part) in lines.iter().enumerate() {
                canvas.text((x, first + line * at as i32), part, size, INK, align)?;
            }
            canvas.text((x, first + line * lines.len() as i32), &count, size, MUTED, align)
        }
    }
}

/// The name of a node broken to the room beside it.
fn name_lines(node: &Node, size: f64, margin: i32) -> Vec<String> {
    text::wrap(&node.name, size, f64::from(margin - LABEL_GAP), 3)
}

/// Top and bottom of each node, the side centred between `top` and `height`.
fn stack(nodes: &[Node], top: i32, height: i32, gap: i32, scale: f64) -> Vec<(f64, f64)> {
    let filled: f64 = nodes.iter().map(|node| node.customers as f64 * scale).sum();
    let used = filled + f64::from(gap) * nodes.len() as f64;
    let mut y =
        f64::from(top) + (f64::from(height - top) - used).max(0.0) / 2.0 + f64::from(gap) / 2.0;
    nodes
        .iter()
        .map(|node| {
            let start = y;
            let end = start + node.customers as f64 * scale;
            y = end + f64::from(gap);
            (start, end)
        })
        .collect()
}

/// The outline of a band from (`from_x`, `y0`) to (`to_x`, `y1`), level at both ends.
fn band(from_x: i32, to_x: i32, y0: f64, y1: f64, thick: f64) -> Vec<(f64, f64)> {
    let edge = |at: i32, shift: f64| {
        let t = f64::from(at) / f64::from(STEPS);
        let ease = t * t * (3.0 - 2.0 * t);
        (f64::from(from_x) + t * f64::from(to_x - from_x), y0 + (y1 - y0) * ease + shift)
    };
    let upper = (0..=STEPS).map(|at| edge(at, 0.0));
    upper.chain((0..=STEPS).rev().map(|at| edge(at, thick))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::figures::flow;
    use crate::report::sample;
    use crate::report::view::View;
    use crate::types::Language;

    #[test]
    fn nodes_do_not_touch_and_stay_inside() {
        let run = sample::run(8, 400, Language::Vi);
        let figure = flow::flow(&View::new(&run)).unwrap();
        let total: usize = figure.links.iter().map(|link| link.customers).sum();
        let height = 34 + 300 + 20 * figure.before.len() as i32;
        let spans = stack(&figure.before, 34, height, 20, 300.0 / total as f64);
        assert!(spans.windows(2).all(|pair| pair[0].1 + 19.9 <= pair[1].0));
        assert!(spans[0].0 >= 34.0 && spans[spans.len() - 1].1 <= f64::from(height));
    }
}
