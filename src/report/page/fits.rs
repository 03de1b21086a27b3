//! Attempts and fits -> which models were tried and why, their parameters with standard errors,
//! diagnostics. The report of a run and the page of a validation share them.

use maud::{Markup, html};

use super::parts::{Cell, free, number, table, text};
use crate::features::btyd::Fit;
use crate::features::clv::Attempt;
use crate::report::format::{Format, NONE};
use crate::report::texts::{self, Texts, ValueTexts, fill};
use crate::types::TimeUnit;

/// Every rung that was tried, and why it was or was not taken.
pub(super) fn attempts(attempts: &[Attempt], format: &Format) -> Markup {
    let (texts, words) = (Texts::of(format.language), ValueTexts::of(format.language));
    let head = [text(words.model), text(words.result), text(words.why)];
    let rows: Vec<Vec<Cell>> = attempts
        .iter()
        .map(|attempt| {
            let name = texts::method_alone(attempt.method, format.language);
            vec![
                text(name),
                Cell::Markup(html! {
                    td.whole {
                        @if attempt.accepted { strong.chip { (words.used) } }
                        @else { (words.refused) }
                    }
                }),
                Cell::Markup(html! { td.prose { (free(&attempt.reason, texts)) } }),
            ]
        })
        .collect();
    table(words.attempts, texts, &head, &rows, None)
}

/// What a parameter is measured in; none for those without a unit.
type UnitOf<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Estimates with their standard errors; `unit` knows what each is measured in.
pub(super) fn parameters(title: &str, fit: &Fit, unit: UnitOf, format: &Format) -> Markup {
    let (texts, words) = (Texts::of(format.language), ValueTexts::of(format.language));
    let head = [
        text(words.parameter),
        number(words.estimate),
        number(words.standard_error),
        text(words.unit),
    ];
    let error = |error: Option<f64>| {
        error
            .filter(|error| error.is_finite())
            .map_or_else(|| NONE.to_owned(), |error| format.significant(error, 2))
    };
    let rows: Vec<Vec<Cell>> = fit
        .parameters
        .iter()
        .map(|parameter| {
            vec![
                text(&parameter.name),
                number(match parameter.at_bound {
                    true => {
                        format!("{} ({})", format.significant(parameter.value, 4), words.at_bound)
                    }
                    false => format.significant(parameter.value, 4),
                }),
                number(error(parameter.standard_error)),
                text(unit(&parameter.name).unwrap_or_else(|| words.no_unit.into())),
            ]
        })
        .collect();
    let undefined = fit.parameters.iter().any(|parameter| parameter.standard_error.is_none());
    html! {
        (table(title, texts, &head, &rows, None))
        @if undefined { p.note { (words.no_errors) } }
    }
}

/// Unit of the parameters of a model of orders: `alpha` and `beta` are times where gamma laws of
/// rates have them (`r` with `alpha`, `s` with `beta`).
pub(super) fn time_parameters(unit: TimeUnit, format: &Format) -> impl Fn(&str) -> Option<String> {
    let unit = unit.in_words(format.language);
    move |name| matches!(name, "alpha" | "beta").then(|| unit.to_owned())
}

/// `Times are in weeks: 1 month = 4.345 weeks.`
pub(super) fn times(unit: TimeUnit, format: &Format) -> String {
    let month = format.decimal(TimeUnit::Months.in_days() / unit.in_days(), 3);
    let unit = unit.in_words(format.language);
    fill(ValueTexts::of(format.language).times, &[("unit", unit), ("month", &month)])
}

/// Log-likelihood and what it is over, in a sentence.
pub(super) fn fitted(fit: &Fit, template: &str, format: &Format) -> String {
    fill(
        template,
        &[
            ("value", &format.decimal(fit.log_likelihood, 2)),
            ("customers", &format.decimal(fit.customers, 0)),
            ("patterns", &format.count(fit.patterns as u64)),
        ],
    )
}

/// The fit that was taken, with its parameters; a sentence where the method has none.
pub(super) fn taken(attempts: &[Attempt], unit: TimeUnit, format: &Format) -> Markup {
    let words = ValueTexts::of(format.language);
    let Some(taken) = attempts.iter().rfind(|attempt| attempt.accepted) else {
        return html! {};
    };
    let name = texts::method_alone(taken.method, format.language);
    let title = fill(words.parameters, &[("model", name)]);
    html! {
        h4 { (title) }
        @if let Some(fit) = &taken.fit {
            (parameters(&title, fit, &time_parameters(unit, format), format))
            p.note { (times(unit, format)) " " (fitted(fit, words.fitted, format)) }
        } @else {
            p { (fill(words.no_parameters, &[("model", name)])) }
        }
    }
}

/// One row a fit: log-likelihood, gradient, curvature and descents; nothing without a fit.
pub(super) fn diagnostics(fits: &[(String, &Fit)], format: &Format) -> Markup {
    let (texts, words) = (Texts::of(format.language), ValueTexts::of(format.language));
    if fits.is_empty() {
        return html! {};
    }
    let head = [
        text(words.model),
        number(words.log_likelihood),
        text(words.converged),
        number(words.gradient),
        number(words.condition),
        number(words.starts),
        number(words.steps),
    ];
    let rows: Vec<Vec<Cell>> = fits
        .iter()
        .map(|(name, fit)| {
            let converged = fit.descents.iter().filter(|descent| descent.converged).count();
            let best = fit
                .descents
                .iter()
                .max_by(|a, b| a.log_likelihood.total_cmp(&b.log_likelihood))
                .map_or_else(|| NONE.into(), |best| format.count(best.iterations as u64));
            let (part, all) =
                (format.count(converged as u64), format.count(fit.descents.len() as u64));
            vec![
                text(name),
                number(format.decimal(fit.log_likelihood, 2)),
                text(if fit.converged { words.yes } else { words.no }),
                number(format.power(fit.gradient_norm)),
                number(
                    fit.hessian_condition.map_or_else(|| NONE.into(), |value| format.power(value)),
                ),
                number(fill(words.of, &[("part", &part), ("all", &all)])),
                number(best),
            ]
        })
        .collect();
    html! {
        details {
            summary { (words.diagnostics) }
            (table(words.diagnostics, texts, &head, &rows, None))
            p.note { (words.diagnostics_note) }
        }
    }
}
