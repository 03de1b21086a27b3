//! Validation -> the page of `segtrail clv validate`: the verdict first, then all methods, the
//! three figures, how the method was taken.

use maud::{Markup, html};

use super::document::{Section, document};
use super::fits;
use super::parts::{self, Cell, borrow, figure, free, number, table, text};
use crate::features::clv::validate::{Score, Validation};
use crate::features::clv::{Method, UNIT};
use crate::report::ReportError;
use crate::report::figures::validation::{self as figures, Lines};
use crate::report::format::{Format, NONE};
use crate::report::plots::{self, Svg};
use crate::report::texts::{self, Texts, ValidationTexts, ValueTexts, fill};

/// The whole document.
///
/// # Errors
///
/// As [`crate::report::validation_html`].
pub(in crate::report) fn validation(
    validation: &Validation,
    series: &str,
    format: &Format,
) -> Result<String, ReportError> {
    let (texts, words) = (Texts::of(format.language), ValidationTexts::of(format.language));
    let dates = dates(validation, format);
    let header = html! {
        p.series { (series) }
        h1 { (words.title) }
        p.lead { (fill(words.lead, &borrow(&dates))) }
        p.meta { (words.orders_are_days) " " (texts.currency) ": " strong { (format.currency.0) } "." }
        (verdict(validation, format))
        (cards(validation, format))
        (parts::warnings(texts, &validation.warnings, &[]))
    };
    let sections: Vec<Section> = vec![
        ("methods", words.methods, methods(validation, format)),
        ("classes", words.classes, classes(validation, format)?),
        ("weeks", words.weeks, weeks(validation, format)?),
        ("top", words.top, top(validation, format)?),
        ("chosen", words.chosen, chosen(validation, format)),
    ];
    let title = format!("{} · {series} · {}", words.title, validation.until);
    Ok(document(texts, &title, env!("CARGO_PKG_VERSION"), &header, &sections))
}

/// Dates and their distance, for texts.
fn dates(validation: &Validation, format: &Format) -> [(&'static str, String); 4] {
    let first = validation.split.tomorrow().unwrap_or(validation.split);
    [
        ("split", format.date(validation.split)),
        ("first", format.date(first)),
        ("until", format.date(validation.until)),
        ("days", format.decimal(f64::from(validation.days), 0)),
    ]
}

fn taken(validation: &Validation) -> Option<&Score> {
    validation.scores.iter().find(|score| score.taken)
}

fn hiatus(validation: &Validation) -> Option<&Score> {
    validation.scores.iter().find(|score| score.method == Method::Hiatus)
}

/// Whether the method taken holds against the hiatus rule, from the figures alone.
fn verdict(validation: &Validation, format: &Format) -> Markup {
    let words = ValidationTexts::of(format.language);
    let (Some(taken), Some(rule)) = (taken(validation), hiatus(validation)) else {
        return html! {
            div.verdict.open {
                p.mark { (words.open_mark) }
                p.claim { (words.open) }
                p { (words.open_sentence) }
            }
        };
    };
    let model = texts::method_alone(taken.method, format.language);
    let itself = taken.method == Method::Hiatus;
    let percent =
        |error: Option<f64>| error.map_or_else(|| NONE.to_owned(), |e| format.signed_percent(e));
    let number = |value: Option<f64>, decimals| {
        value.map_or_else(|| NONE.to_owned(), |value| format.decimal(value, decimals))
    };
    let values = [
        ("taken", percent(taken.orders_error)),
        ("hiatus", percent(rule.orders_error)),
        ("forecast", format.decimal(taken.orders, 0)),
        ("rule", format.decimal(rule.orders, 0)),
        ("actual", format.decimal(validation.orders, 0)),
    ];
    let by_customer = [
        ("taken", format.decimal(taken.root_mean_square_error, 2)),
        ("hiatus", format.decimal(rule.root_mean_square_error, 2)),
        ("lift", number(taken.top_decile.lift, 2)),
        ("rule", number(rule.top_decile.lift, 2)),
    ];
    let (class, mark, claim) = match (itself, taken.no_worse_than_hiatus) {
        (true, _) => ("open", words.open_mark, words.itself),
        (false, true) => ("good", words.good_mark, words.good),
        (false, false) => ("bad", words.bad_mark, words.bad),
    };
    let sentence = match (taken.orders_error, itself) {
        (None, _) => words.no_orders,
        (Some(_), true) => words.errors_itself,
        (Some(_), false) => words.errors,
    };
    html! {
        div class={ "verdict " (class) } {
            p.mark { (mark) }
            p.claim { (fill(claim, &[("model", model)])) }
            p { (fill(sentence, &borrow(&values))) }
            @if !itself && taken.top_decile.lift.is_some() {
                p { (fill(words.by_customer, &borrow(&by_customer))) }
            }
            @if class == "bad" { p { (words.remedy) } }
        }
    }
}

fn cards(validation: &Validation, format: &Format) -> Markup {
    let words = ValidationTexts::of(format.language);
    let dates = dates(validation, format);
    let note = |template: &str| fill(template, &borrow(&dates));
    parts::cards([
        (words.customers, format.count(validation.customers as u64), note(words.customers_note)),
        (words.newcomers, format.count(validation.newcomers as u64), note(words.newcomers_note)),
        (words.orders, format.decimal(validation.orders, 0), note(words.orders_note)),
        (words.spend, format.money(validation.spend), note(words.spend_note)),
    ])
}

/// One measure of the table: its head, the figures of a score, and how near the best a value is
/// (the least is best); none where there is no best.
struct Measure<'a> {
    head: &'a str,
    value: fn(&Score) -> Option<f64>,
    distance: Option<fn(f64) -> f64>,
    figure: &'a dyn Fn(f64) -> String,
    /// What happened, in the last row.
    actual: Option<f64>,
}

fn methods(validation: &Validation, format: &Format) -> Markup {
    let (texts, words) = (Texts::of(format.language), ValidationTexts::of(format.language));
    let largest: Option<fn(f64) -> f64> = Some(|value| -value);
    let least: Option<fn(f64) -> f64> = Some(f64::abs);
    let orders = |value: f64| format.decimal(value, 0);
    let errors = |value: f64| format.signed_percent(value);
    let decimals = |value: f64| format.decimal(value, 3);
    let lift = |value: f64| format.decimal(value, 2);
    let share = |value: f64| format.percent(value);
    let best = &validation.best_possible;
    let measure =
        |head, value, distance, figure, actual| Measure { head, value, distance, figure, actual };
    let best_share = best.lift.map(|_| best.share_of_spend);
    let measures: [Measure; 8] = [
        measure(words.forecast, |s| Some(s.orders), None, &orders, Some(validation.orders)),
        measure(words.orders_error, |s| s.orders_error, least, &errors, None),
        measure(words.absolute, |s| Some(s.mean_absolute_error), least, &decimals, None),
        measure(words.squares, |s| Some(s.root_mean_square_error), least, &decimals, None),
        measure(words.correlation, |s| s.correlation, largest, &decimals, None),
        measure(words.spend_error, |s| s.spend_error, least, &errors, None),
        measure(words.lift, |s| s.top_decile.lift, largest, &lift, best.lift),
        measure(
            words.top_share,
            |s| s.top_decile.lift.map(|_| s.top_decile.share_of_spend),
            largest,
            &share,
            best_share,
        ),
    ];
    let mut head = vec![text(words.method)];
    head.extend(measures.iter().map(|measure| number(measure.head)));
    let mut rows: Vec<Vec<Cell>> = validation
        .scores
        .iter()
        .map(|score| {
            let name = texts::method_alone(score.method, format.language);
            vec![Cell::Markup(html! {
                (name) @if score.taken { " " span.chip { (words.taken) } }
            })]
        })
        .collect();
    let mut foot = vec![text(words.happened)];
    for measure in &measures {
        let values: Vec<Option<f64>> = validation
            .scores
            .iter()
            .map(|score| (measure.value)(score).filter(|value| value.is_finite()))
            .collect();
        let nearest = measure.distance.and_then(|distance| {
            let best = values.iter().flatten().copied();
            best.min_by(|a, b| distance(*a).total_cmp(&distance(*b)))
        });
        // What reads the same is as good.
        let best = nearest.map(|value| unsigned(&(measure.figure)(value)));
        for (row, value) in rows.iter_mut().zip(&values) {
            let figure = value.map_or_else(|| NONE.to_owned(), |value| (measure.figure)(value));
            let marked = value.is_some()
                && match measure.distance {
                    Some(distance) if distance(-1.0) == distance(1.0) => {
                        best.as_deref() == Some(unsigned(&figure).as_str())
                    }
                    Some(_) => nearest.map(measure.figure).as_deref() == Some(figure.as_str()),
                    None => false,
                };
            row.push(Cell::Markup(html! {
                td.number.best[marked] {
                    @if marked {
                        span.tick aria-hidden="true" { "✓ " }
                        span.hidden { (words.best) ": " }
                    }
                    (figure)
                }
            }));
        }
        foot.push(number(measure.actual.map_or_else(String::new, measure.figure)));
    }
    let undefined =
        |of: fn(&Score) -> Option<f64>| validation.scores.iter().any(|score| of(score).is_none());
    html! {
        (table(words.methods, texts, &head, &rows, Some(&foot)))
        p.note {
            (words.methods_note)
            @if undefined(|score| score.orders_error) { " " (words.undefined_orders) }
            @if undefined(|score| score.spend_error) { " " (words.undefined_spend) }
            @if undefined(|score| score.correlation) { " " (words.undefined_correlation) }
        }
        @if !validation.not_fitted.is_empty() {
            h3 { (words.not_fitted) }
            ul {
                @for (method, reason) in &validation.not_fitted {
                    li {
                        (texts::method_alone(*method, format.language)) ": "
                        (free(reason, texts))
                    }
                }
            }
        }
    }
}

/// A figure without its sign.
fn unsigned(figure: &str) -> String {
    figure.trim_start_matches(['+', '−']).to_owned()
}

/// A figure of lines with its legend and the same data as a table.
fn lines(
    id: &'static str,
    titles: [&str; 3],
    caption: &str,
    description: &str,
    data: &Markup,
    figures: &Lines,
    format: &Format,
) -> Result<Markup, ReportError> {
    let [title, across, upwards] = titles;
    let texts = Texts::of(format.language);
    let words = ValidationTexts::of(format.language);
    let pieces: Vec<Svg> =
        figures.series.iter().map(plots::line_legend).collect::<Result<_, ReportError>>()?;
    let caption = html! {
        (parts::legend(pieces.iter().zip(&figures.series).map(|(svg, series)| {
            (svg, match series.look {
                figures::Look::Taken => html! { strong { (series.name) } " (" (words.taken) ")" },
                figures::Look::Actual => html! { strong { (series.name) } },
                _ => html! { (series.name) },
            })
        })))
        (caption)
    };
    figure(id, title, description, &caption, data, texts, |layout| {
        plots::lines(figures, across, upwards, format, layout)
    })
}

fn names(figures: &Lines) -> String {
    figures.series.iter().map(|series| series.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn cell(value: Option<f64>, decimals: usize, format: &Format) -> Cell {
    number(value.map_or_else(|| NONE.to_owned(), |value| format.decimal(value, decimals)))
}

fn classes(validation: &Validation, format: &Format) -> Result<Markup, ReportError> {
    let (texts, words) = (Texts::of(format.language), ValidationTexts::of(format.language));
    let Some(found) = figures::classes(validation, format.language) else {
        return Ok(html! { p { (words.classes_none) } });
    };
    let mut head = vec![text(words.repeat), number(words.class_customers)];
    head.extend(found.series.iter().map(|series| number(&series.name)));
    let rows: Vec<Vec<Cell>> = validation
        .frequency_classes
        .iter()
        .enumerate()
        .map(|(at, class)| {
            let mut row =
                vec![text(&class.repeat_purchases), number(format.count(class.customers as u64))];
            row.extend(found.series.iter().map(|series| cell(series.values[at], 2, format)));
            row
        })
        .collect();
    let data = table(words.classes, texts, &head, &rows, None);
    let dates = dates(validation, format);
    let values = [("n", format.count(rows.len() as u64)), ("series", names(&found))];
    lines(
        "classes",
        [words.classes, words.repeat, words.mean_orders],
        &fill(words.classes_caption, &borrow(&dates)),
        &fill(words.classes_desc, &borrow(&values)),
        &data,
        &found,
        format,
    )
}

fn weeks(validation: &Validation, format: &Format) -> Result<Markup, ReportError> {
    let (texts, words) = (Texts::of(format.language), ValidationTexts::of(format.language));
    let Some(found) = figures::weeks(validation, format.language) else {
        return Ok(html! { p { (words.weeks_none) } });
    };
    let mut head = vec![text(words.week), text(words.until)];
    head.extend(found.series.iter().map(|series| number(&series.name)));
    let rows: Vec<Vec<Cell>> = validation
        .weeks
        .iter()
        .enumerate()
        .map(|(at, week)| {
            let mut row = vec![text(week.week.to_string()), text(format.date(week.until))];
            row.extend(found.series.iter().map(|series| {
                // Orders that happened are whole, forecasts are not.
                let decimals = usize::from(series.look != figures::Look::Actual);
                cell(series.values[at], decimals, format)
            }));
            row
        })
        .collect();
    let data = table(words.weeks, texts, &head, &rows, None);
    let dates = dates(validation, format);
    let mut caption = fill(words.weeks_caption, &borrow(&dates));
    let short = validation.days % 7;
    if short != 0 {
        caption.push(' ');
        caption.push_str(&fill(words.weeks_short, &[("days", &short.to_string())]));
    }
    let values = [("n", format.count(rows.len() as u64)), ("series", names(&found))];
    lines(
        "weeks",
        [words.weeks, words.week, words.cumulative],
        &caption,
        &fill(words.weeks_desc, &borrow(&values)),
        &data,
        &found,
        format,
    )
}

fn top(validation: &Validation, format: &Format) -> Result<Markup, ReportError> {
    let (texts, words) = (Texts::of(format.language), ValidationTexts::of(format.language));
    let Some(found) = figures::lifts(validation, format.language) else {
        return Ok(html! { p { (words.top_none) } });
    };
    let head = [text(words.method), number(words.times)];
    let rows: Vec<Vec<Cell>> =
        found.iter().map(|lift| vec![text(&lift.name), cell(lift.lift, 2, format)]).collect();
    let data = table(words.top, texts, &head, &rows, None);
    let customers = format.count(validation.best_possible.customers as u64);
    let caption = html! { (fill(words.top_caption, &[("n", &customers)])) };
    let methods = format.count(validation.scores.len() as u64);
    let description = fill(words.top_desc, &[("n", &methods)]);
    figure("top", words.top, &description, &caption, &data, texts, |layout| {
        plots::lifts(&found, words, format, layout)
    })
}

fn chosen(validation: &Validation, format: &Format) -> Markup {
    let words = ValueTexts::of(format.language);
    let tried: Vec<_> = validation
        .scores
        .iter()
        .filter_map(|score| {
            let name = texts::method_alone(score.method, format.language);
            Some((name.to_owned(), score.fit.as_ref()?))
        })
        .collect();
    let unit = fits::time_parameters(UNIT, format);
    html! {
        (fits::attempts(&validation.attempts, format))
        p.note { (words.attempts_note) }
        (fits::taken(&validation.attempts, UNIT, format))
        @let others: Vec<_> =
            validation.scores.iter().filter(|score| !score.taken && score.fit.is_some()).collect();
        @if !others.is_empty() {
            details {
                summary { (words.other_parameters) }
                @for score in others {
                    @if let Some(fit) = &score.fit {
                        @let name = texts::method_alone(score.method, format.language);
                        @let title = fill(words.parameters, &[("model", name)]);
                        h4 { (title) }
                        (fits::parameters(&title, fit, &unit, format))
                        p.note { (fits::fitted(fit, words.fitted, format)) }
                    }
                }
            }
        }
        (fits::diagnostics(&tried, format))
    }
}
