//! The section of what changed since the previous run: flow, migration matrix, movement of
//! each segment, and what happened to the segments in words.

use maud::{Markup, html};

use super::inside::inside;
use super::parts::{Cell, figure, folded, number, table, text};
use super::value_moved::value_moved;
use crate::report::ReportError;
use crate::report::figures::flow::{self, FlowFigure};
use crate::report::plots;
use crate::report::texts::{LayersTexts, fill};
use crate::report::view::{MOST_SEGMENTS, View};
use crate::track::{Comparison, Transition};

/// The section.
///
/// # Errors
///
/// [`ReportError::Draw`] where plotters refuses.
pub(super) fn movement(view: &View) -> Result<Markup, ReportError> {
    let texts = view.texts;
    let (Some(comparison), Some(flow)) = (&view.run.comparison, flow::flow(view)) else {
        return Ok(html! { p { (texts.flow_first) } });
    };
    Ok(html! {
        (summary(view, comparison))
        @if flow.links.is_empty() {
            p { (texts.flow_empty) }
        } @else {
            (chart(view, comparison, &flow)?)
            h3 { (texts.matrix) }
            p.note { (texts.matrix_note) }
            (matrix(view, &flow))
            (value_moved(view, comparison))
        }
        @if !comparison.transitions.is_empty() {
            h3 { (texts.transitions) }
            (transitions(view, &comparison.transitions))
        }
        (inside(view, comparison))
        @if !comparison.segments.is_empty() {
            h3 { (texts.movement) }
            (segments(view, comparison))
        }
    })
}

fn summary(view: &View, comparison: &Comparison) -> Markup {
    let count = |customers: usize| view.format.count(customers as u64);
    let sentence = fill(
        view.texts.flow_sentence,
        &[
            ("stayers", &count(comparison.stayers)),
            ("moved", &count(comparison.moved_group)),
            ("segment", &count(comparison.moved_segment)),
            ("entrants", &count(comparison.entrants)),
            ("leavers", &count(comparison.leavers)),
        ],
    );
    html! {
        p {
            (sentence)
            @if let Some(index) = comparison.adjusted_rand_index {
                " "
                (fill(view.texts.flow_ari, &[("value", &view.format.decimal(index, 2))]))
            }
        }
    }
}

fn chart(view: &View, comparison: &Comparison, flow: &FlowFigure) -> Result<Markup, ReportError> {
    let (texts, format) = (view.texts, &view.format);
    let count = |customers: usize| format.count(customers as u64);
    let caption = html! {
        (fill(
            texts.flow_caption,
            &[("before", &comparison.previous_run), ("after", &comparison.run)],
        ))
    };
    let description = fill(
        texts.flow_desc,
        &[
            ("stayers", &count(comparison.stayers)),
            ("entrants", &count(comparison.entrants)),
            ("leavers", &count(comparison.leavers)),
        ],
    );
    let head = [text(texts.before), text(texts.after), number(texts.customers)];
    let rows: Vec<Vec<Cell>> = flow
        .links
        .iter()
        .map(|link| {
            vec![
                text(&flow.before[link.from].name),
                text(&flow.after[link.to].name),
                number(count(link.customers)),
            ]
        })
        .collect();
    let data = table(texts.flow_title, texts, &head, &rows, None);
    figure("movement", texts.flow_title, &description, &caption, &data, texts, |layout| {
        plots::flow(flow, texts, format, layout)
    })
}

/// Before down, now across; shaded by the share of the row.
fn matrix(view: &View, flow: &FlowFigure) -> Markup {
    let (texts, format) = (view.texts, &view.format);
    let mut head = vec![text(format!("{} ↓  {} →", texts.before, texts.after))];
    head.extend(flow.after.iter().map(|node| number(&node.name)));
    head.push(number(texts.total));
    let rows: Vec<Vec<Cell>> = flow
        .before
        .iter()
        .enumerate()
        .map(|(from, before)| {
            let mut row = vec![text(&before.name)];
            row.extend(flow.after.iter().enumerate().map(|(to, after)| {
                let customers = flow.customers(from, to);
                if customers == 0 {
                    return Cell::Markup(html! { td.number.empty { "0" } });
                }
                let share = customers as f64 / before.customers.max(1) as f64;
                let same = before.group.is_some() && before.group == after.group;
                Cell::Markup(html! {
                    td.number.shade.same[same] style={ "--share:" (format!("{share:.3}")) } {
                        (format.count(customers as u64)) " "
                        span.other { (format.percent(share)) }
                    }
                })
            }));
            row.push(number(format.count(before.customers as u64)));
            row
        })
        .collect();
    let mut foot = vec![text(texts.total)];
    foot.extend(flow.after.iter().map(|node| number(format.count(node.customers as u64))));
    let all: usize = flow.before.iter().map(|node| node.customers).sum();
    foot.push(number(format.count(all as u64)));
    table(texts.matrix, texts, &head, &rows, Some(&foot))
}

fn segments(view: &View, comparison: &Comparison) -> Markup {
    let texts = view.texts;
    let head = [
        text(texts.segment),
        number(texts.before),
        number(texts.stayed),
        number(texts.moved_in),
        number(texts.moved_out),
        number(texts.entered),
        number(texts.left),
        number(texts.after),
    ];
    let rows: Vec<Vec<Cell>> = comparison
        .segments
        .iter()
        .map(|movement| {
            let mut row = vec![text(view.segment_name(movement.segment))];
            row.extend(
                [
                    movement.before,
                    movement.stayed,
                    movement.moved_in,
                    movement.moved_out,
                    movement.entered,
                    movement.left,
                    movement.after,
                ]
                .map(|customers| number(view.format.count(customers as u64))),
            );
            row
        })
        .collect();
    folded(texts.movement, texts, &head, &rows, None, MOST_SEGMENTS, |n| view.more(n))
}

/// What happened to segments, a sentence each; of many, those that just go on are folded away.
fn transitions(view: &View, transitions: &[Transition]) -> Markup {
    let fold = transitions.len() > MOST_SEGMENTS;
    let goes_on = |transition: &&Transition| matches!(transition, Transition::Survived { .. });
    let (rest, shown): (Vec<&Transition>, Vec<&Transition>) =
        transitions.iter().partition(|transition| fold && goes_on(transition));
    let list = |transitions: &[&Transition]| {
        html! {
            ul.transitions { @for transition in transitions { li { (in_words(view, transition)) } } }
        }
    };
    let count = view.format.count(rest.len() as u64);
    html! {
        @if !shown.is_empty() { (list(&shown)) }
        @if !rest.is_empty() {
            details {
                summary {
                    (fill(LayersTexts::of(view.language).survived_rest, &[("n", &count)]))
                }
                (list(&rest))
            }
        }
    }
}

fn in_words(view: &View, transition: &Transition) -> String {
    let (texts, format) = (view.texts, &view.format);
    let sentence = |template: &str, segment, share: f64| {
        let (name, share) = (view.segment_name(segment), format.percent(share));
        fill(template, &[("segment", &name), ("share", &share)])
    };
    match transition {
        Transition::Survived { segment, overlap } => sentence(texts.survived, *segment, *overlap),
        Transition::Disappeared { segment, left } => sentence(texts.disappeared, *segment, *left),
        Transition::Appeared { segment, entered } => sentence(texts.appeared, *segment, *entered),
        Transition::Split { segment, into } => {
            let parts: Vec<String> = into
                .iter()
                .map(|(segment, share)| sentence(texts.split_part, *segment, *share))
                .collect();
            let name = view.segment_name(*segment);
            fill(texts.split, &[("segment", &name), ("parts", &parts.join(", "))])
        }
        Transition::Absorbed { segment, by, overlap } => {
            let (name, by) = (view.segment_name(*segment), view.segment_name(*by));
            let share = format.percent(*overlap);
            fill(texts.absorbed, &[("segment", &name), ("by", &by), ("share", &share)])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::types::{Language, SegmentId};

    #[test]
    fn every_transition_has_its_sentence() {
        let run = sample::run(2, 40, Language::En);
        let view = View::new(&run);
        let (a, b) = (SegmentId(1), SegmentId(9));
        let words = |transition| in_words(&view, &transition);
        assert_eq!(
            words(Transition::Survived { segment: a, overlap: 0.5 }),
            "S01 Champions goes on: 50.0% of its customers in both runs stayed in it."
        );
        assert_eq!(
            words(Transition::Split { segment: b, into: vec![(a, 0.6), (b, 0.4)] }),
            "S09 split: its customers went to S01 Champions (60.0%), S09 (40.0%)."
        );
        assert_eq!(
            words(Transition::Absorbed { segment: b, by: a, overlap: 0.7 }),
            "S09 was absorbed by S01 Champions, which took 70.0% of its customers in both runs."
        );
        assert!(words(Transition::Disappeared { segment: b, left: 1.0 }).contains("100.0%"));
        assert!(words(Transition::Appeared { segment: a, entered: 0.0 }).contains("is new"));
    }
}
