//! Pieces that every section uses: a figure in two layouts, a table in its own scroll box.

use maud::{Markup, PreEscaped, html};

use crate::label;
use crate::report::ReportError;
use crate::report::plots::{Layout, Svg};
use crate::report::texts::{Texts, about_code, fill};
use crate::track::Finding;
use crate::types::Warning;

/// One cell of a table.
pub(super) enum Cell {
    /// Words, at the start of the cell.
    Text(String),
    /// A figure, at the end of the cell.
    Number(String),
    /// Anything else.
    Markup(Markup),
}

/// A figure in both layouts with its caption and the same data as a table.
///
/// # Errors
///
/// What `draw` returns.
pub(super) fn figure(
    id: &str,
    title: &str,
    description: &str,
    caption: &Markup,
    data: &Markup,
    texts: &Texts,
    draw: impl Fn(Layout) -> Result<Svg, ReportError>,
) -> Result<Markup, ReportError> {
    let drawn: Vec<(Layout, Svg)> = Layout::ALL
        .into_iter()
        .map(|layout| Ok((layout, draw(layout)?)))
        .collect::<Result<_, ReportError>>()?;
    Ok(html! {
        figure id={ "figure-" (id) } {
            @for (layout, svg) in &drawn {
                (frame(id, title, description, *layout, svg, texts))
            }
            figcaption { (caption) }
        }
        details.data {
            summary { (texts.data) }
            (data)
        }
    })
}

/// One drawing; wider than its layout, it scrolls inside its own box.
fn frame(
    id: &str,
    title: &str,
    description: &str,
    layout: Layout,
    svg: &Svg,
    texts: &Texts,
) -> Markup {
    let name = format!("{id}-{}-desc", layout.name());
    let wider = svg.width > layout.width();
    let picture = html! {
        svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label=(title)
            aria-describedby=(name) viewBox=(svg.view_box())
            style=[wider.then(|| format!("min-width:{}px", svg.width))] {
            desc id=(name) { (description) }
            (PreEscaped(&svg.body))
        }
    };
    html! {
        @if wider {
            div class={ "scroll chart " (layout.name()) } tabindex="0" role="region"
                aria-label=(fill(texts.scroll, &[("name", title)])) { (picture) }
        } @else {
            div class={ "chart " (layout.name()) } { (picture) }
        }
    }
}

/// A table in a box of its own that scrolls sideways and can be reached by keyboard. The
/// first cell of a row is its header.
pub(super) fn table(
    name: &str,
    texts: &Texts,
    head: &[Cell],
    rows: &[Vec<Cell>],
    foot: Option<&[Cell]>,
) -> Markup {
    let head_cell = |cell: &Cell| match cell {
        Cell::Text(text) => html! { th scope="col" { (text) } },
        Cell::Number(text) => html! { th.number scope="col" { (text) } },
        Cell::Markup(markup) => html! { th.number scope="col" { (markup) } },
    };
    let row = |cells: &[Cell]| {
        html! {
            tr {
                @for (at, cell) in cells.iter().enumerate() {
                    @match (at, cell) {
                        (0, Cell::Text(text) | Cell::Number(text)) => th scope="row" { (text) },
                        (0, Cell::Markup(markup)) => th scope="row" { (markup) },
                        (_, Cell::Text(text)) => td { (text) },
                        (_, Cell::Number(text)) => td.number { (text) },
                        (_, Cell::Markup(markup)) => (markup),
                    }
                }
            }
        }
    };
    let named = rows
        .iter()
        .any(|cells| matches!(cells.first(), Some(Cell::Text(text)) if text.chars().count() > 8));
    html! {
        div.scroll tabindex="0" role="region" aria-label=(fill(texts.scroll, &[("name", name)])) {
            table.named[named] {
                caption.hidden { (name) }
                thead { tr { @for cell in head { (head_cell(cell)) } } }
                tbody { @for cells in rows { (row(cells)) } }
                @if let Some(cells) = foot { tfoot { (row(cells)) } }
            }
        }
    }
}

/// A table whose rows after the first `most` are folded away, under a line that counts them.
pub(super) fn folded(
    name: &str,
    texts: &Texts,
    head: &[Cell],
    rows: &[Vec<Cell>],
    foot: Option<&[Cell]>,
    most: usize,
    rest: impl Fn(usize) -> String,
) -> Markup {
    // One row more is no longer than the line that would fold it.
    if rows.len() <= most + 1 {
        return table(name, texts, head, rows, foot);
    }
    let (shown, more) = rows.split_at(most);
    html! {
        (table(name, texts, head, shown, foot))
        details { summary { (rest(more.len())) } (table(name, texts, head, more, None)) }
    }
}

/// A legend of pieces of drawing and names.
pub(super) fn legend<'a>(items: impl Iterator<Item = (&'a Svg, Markup)>) -> Markup {
    html! {
        ul.legend {
            @for (svg, name) in items {
                li {
                    svg.line[svg.width > svg.height] aria-hidden="true" viewBox=(svg.view_box()) {
                        (PreEscaped(&svg.body))
                    }
                    span { (name) }
                }
            }
        }
    }
}

/// Headline figures: name, figure, note.
pub(super) fn cards<'a>(cards: impl IntoIterator<Item = (&'a str, String, String)>) -> Markup {
    html! {
        dl.cards {
            @for (name, figure, note) in cards {
                div {
                    dt { (name) }
                    dd.figure { (figure) }
                    @if !note.is_empty() { dd.note { (note) } }
                }
            }
        }
    }
}

/// Names and figures in two columns.
pub(super) fn counts<'a>(rows: impl IntoIterator<Item = (&'a str, String)>) -> Markup {
    html! {
        dl.counts {
            @for (name, figure) in rows {
                div { dt { (name) } dd { (figure) } }
            }
        }
    }
}

/// What a person should know, first of all; `inputs` is what changed in the input, which says more of
/// these warnings.
pub(super) fn warnings(texts: &Texts, warnings: &[Warning], inputs: &[Finding]) -> Markup {
    html! {
        @if !warnings.is_empty() {
            aside.warnings aria-labelledby="warnings-title" {
                h2 id="warnings-title" { (texts.warnings) }
                ul {
                    @for warning in warnings {
                        li { (told(texts, warning, inputs)) " " code { (warning.code) } }
                    }
                }
            }
        }
    }
}

/// A warning in the language of the page; in English, below what its code means, where its sentence has
/// no other words.
fn told(texts: &Texts, warning: &Warning, inputs: &[Finding]) -> Markup {
    let message = &warning.message;
    if texts.lang == "en" {
        return with_code(message);
    }
    let same = inputs.iter().find(|finding| finding.sentence.en == *message);
    match same.map(|finding| finding.sentence.vi.clone()).or_else(|| label::in_vietnamese(message))
    {
        Some(text) => with_code(&text),
        None => html! {
            @if let Some(text) = about_code(&warning.code) { (text) " " }
            (free(message, texts))
        },
    }
}

/// A free text of a record, which is kept in English: in the words of the page where these are known.
pub(super) fn free(text: &str, texts: &Texts) -> Markup {
    match label::in_vietnamese(text).filter(|_| texts.lang == "vi") {
        Some(text) => html! { (text) },
        None => html! { span lang=[(texts.lang != "en").then_some("en")] { (text) } },
    }
}

/// A sentence in which names of columns stand between backticks.
pub(super) fn with_code(sentence: &str) -> Markup {
    html! {
        @for (at, part) in sentence.split('`').enumerate() {
            @if at % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

/// A head of words.
pub(super) fn text(words: impl Into<String>) -> Cell {
    Cell::Text(words.into())
}

/// A figure.
pub(super) fn number(figure: impl Into<String>) -> Cell {
    Cell::Number(figure.into())
}

/// Values for `fill`.
pub(super) fn borrow<'a>(values: &'a [(&'a str, String)]) -> Vec<(&'a str, &'a str)> {
    values.iter().map(|(name, value)| (*name, value.as_str())).collect()
}
