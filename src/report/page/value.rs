//! The section of customer value: headline figures, value by segment, how orders and their value
//! were forecast.

use maud::{Markup, html};

use super::fits;
use super::parts::{self, Cell, borrow, figure, free, number, table, text};
use crate::features::btyd::{DEPENDENT, POISSON_SHAPES, Regularity};
use crate::features::clv::{ClvRecord, Method, SpendRecord};
use crate::report::ReportError;
use crate::report::figures::value::{self, SegmentValue, Value, ValueFigure};
use crate::report::format::{Format, NONE};
use crate::report::plots;
use crate::report::texts::{self, ValueTexts, fill};
use crate::report::view::View;

/// The section.
///
/// # Errors
///
/// [`ReportError::Draw`] where plotters refuses.
pub(super) fn value(view: &View, record: &ClvRecord) -> Result<Markup, ReportError> {
    let (words, format) = (ValueTexts::of(view.language), &view.format);
    let horizon = crate::types::duration_in_words(&record.horizon, view.language);
    let lead = fill(
        words.lead,
        &[
            ("horizon", &horizon),
            ("date", &format.date(view.run.manifest.as_of.0)),
            ("orders", texts::method(record.method, view.language)),
            ("spend", texts::spend_method(record.spend.method, view.language)),
        ],
    );
    let orders = |attempt: &crate::features::clv::Attempt| {
        texts::method_alone(attempt.method, view.language).to_owned()
    };
    let mut tried: Vec<_> = record
        .attempts
        .iter()
        .filter_map(|attempt| Some((orders(attempt), attempt.fit.as_ref()?)))
        .collect();
    if let Some(fit) = &record.spend.fit {
        tried.push(("Gamma-Gamma".into(), fit));
    }
    let figure = value::value(view);
    Ok(html! {
        p { (lead) }
        (cards(record, figure.as_ref().map(|figure| &figure.all), &horizon, format))
        h3 { (words.by_segment) }
        (by_segment(view, figure.as_ref(), &horizon)?)
        h3 { (words.how) }
        (fits::attempts(&record.attempts, format))
        p.note { (words.attempts_note) }
        (fits::taken(&record.attempts, record.unit, format))
        (spend(&record.spend, format))
        (fits::diagnostics(&tried, format))
        (regularity(record.regularity.as_ref(), format))
    })
}

fn cards(record: &ClvRecord, all: Option<&Value>, horizon: &str, format: &Format) -> Markup {
    let words = ValueTexts::of(format.language);
    let totals = &record.totals;
    let orders = texts::method(record.method, format.language);
    let count = |orders: f64| format.decimal(orders, 0);
    let values = [("horizon", horizon), ("orders", orders)];
    let error = totals.expected_orders_error.filter(|error| error.is_finite());
    let orders_note = match (error, record.method) {
        (Some(_), _) => words.orders_note,
        (None, Method::Cohort | Method::Hiatus) => words.orders_note_rule,
        (None, _) => words.orders_note_none,
    };
    let (residual, residual_note) = match totals.residual_value {
        Some(value) => (format.headline(value), words.residual_note),
        None if record.discount_rate > 0.0 => (NONE.into(), words.residual_rule),
        None => (NONE.into(), words.residual_rate),
    };
    let hiatus_note = match record.hiatus_days {
        Some(days) => fill(words.hiatus_note, &[("days", &format.decimal(days, 0))]),
        None => words.hiatus_note_none.into(),
    };
    let alive = all.and_then(|all| Some((all.customers, all.still?)));
    let (still, still_note) = match alive {
        Some((customers, alive)) => {
            let of = [("n", format.count(customers as u64))];
            (count(alive), fill(words.still_note, &borrow(&of)))
        }
        None => (NONE.into(), words.still_none.into()),
    };
    parts::cards([
        (
            words.expected_orders,
            match error {
                Some(error) => format!("{} ± {}", count(totals.expected_orders), count(error)),
                None => count(totals.expected_orders),
            },
            fill(orders_note, &values),
        ),
        (
            words.expected_spend,
            format.headline(totals.expected_spend),
            fill(words.spend_note, &values),
        ),
        (words.clv, format.headline(totals.clv), clv_note(record, horizon, format)),
        (words.residual, residual, fill(residual_note, &values)),
        (words.hiatus, count(totals.hiatus_orders), hiatus_note),
        (words.still, still, still_note),
    ])
}

/// Horizon, margin and discount with its compounding, in words.
fn clv_note(record: &ClvRecord, horizon: &str, format: &Format) -> String {
    let words = ValueTexts::of(format.language);
    let margin = match record.margin {
        margin if margin.from_costs => words.margin_costs,
        margin if margin.rate == 1.0 => words.margin_all,
        _ => words.margin_part,
    };
    let margin = fill(margin, &[("margin", &format.rate(record.margin.rate, 1))]);
    let discount = match record.discount_rate > 0.0 {
        true => words.discount,
        false => words.discount_none,
    };
    let (yearly, monthly) =
        (format.rate(record.discount_rate, 2), format.rate(record.discount_rate_monthly, 3));
    let discount = fill(discount, &[("yearly", &yearly), ("monthly", &monthly)]);
    fill(words.clv_note, &[("horizon", horizon), ("margin", &margin), ("discount", &discount)])
}

fn by_segment(
    view: &View,
    figure: Option<&ValueFigure>,
    horizon: &str,
) -> Result<Markup, ReportError> {
    let (texts, words, format) = (view.texts, ValueTexts::of(view.language), &view.format);
    let Some(value) = figure else {
        let missing: Vec<&str> = value::COLUMNS
            .into_iter()
            .filter(|name| view.run.features.column(name).is_none())
            .collect();
        return Ok(html! {
            p { (fill(words.columns_missing, &[("names", &missing.join(", "))])) }
        });
    };
    if value.segments.is_empty() {
        return Ok(html! {});
    }
    let currency = [("currency", format.currency.0.as_str())];
    let head = [
        text(texts.segment),
        text(texts.group),
        number(texts.customers),
        number(words.alive),
        number(words.expected_orders),
        number(fill(words.clv_sum, &currency)),
        number(fill(words.clv_each, &currency)),
        number(words.share_of_clv),
        number(texts.share_revenue),
    ];
    let figures = |value: &Value, share_of_revenue: Option<f64>| {
        let or_none = |figure: Option<f64>, as_text: &dyn Fn(f64) -> String| {
            number(figure.map_or_else(|| NONE.to_owned(), as_text))
        };
        vec![
            number(format.count(value.customers as u64)),
            or_none(value.alive, &|share| format.percent(share)),
            or_none(value.orders, &|orders| format.decimal(orders, 1)),
            or_none(value.clv, &|clv| format.amount(clv)),
            or_none(value.clv_each, &|clv| format.amount(clv)),
            or_none(value.share_of_clv, &|share| format.percent(share)),
            number(format.percent_or_none(share_of_revenue)),
        ]
    };
    let rows: Vec<Vec<Cell>> = value
        .segments
        .iter()
        .map(|segment| {
            let mut row = vec![text(&segment.id), group(&segment.group)];
            row.extend(figures(&segment.value, segment.share_of_revenue));
            row
        })
        .collect();
    let mut foot = vec![text(texts.total), text(texts.all)];
    foot.extend(figures(&value.all, view.run.segments.population.share_of_revenue));
    let main = table(words.by_segment, texts, &head, &rows, Some(&foot));
    let undefined = [("n", format.count(value.all.undefined as u64))];
    let notes = html! {
        p.note {
            (words.by_segment_note)
            @if value.all.undefined > 0 { " " (fill(words.undefined, &borrow(&undefined))) }
            @if let Some(cut) = view.cut() { " " (cut) }
            @if value.all.share_of_clv.is_none() { " " (words.share_undefined) }
            @if value.segments.iter().all(|segment| segment.share_of_revenue.is_none()) {
                " " (texts.share_undefined)
            }
        }
    };
    Ok(html! { (main) (notes) (chart(view, &value.segments, horizon)?) })
}

fn group(name: &str) -> Cell {
    Cell::Markup(html! { td.label { (name) } })
}

fn chart(view: &View, segments: &[SegmentValue], horizon: &str) -> Result<Markup, ReportError> {
    let (texts, words, format) = (view.texts, ValueTexts::of(view.language), &view.format);
    let top = segments
        .iter()
        .filter(|segment| segment.value.clv_each.is_some())
        .max_by(|a, b| {
            let each = |segment: &SegmentValue| segment.value.clv_each.unwrap_or(f64::MIN);
            each(a).total_cmp(&each(b)).then_with(|| b.id.cmp(&a.id))
        })
        .map_or_else(|| NONE.into(), |segment| format!("{} {}", segment.id, segment.group));
    let values = [("n", format.count(segments.len() as u64)), ("top", top)];
    let description = fill(words.by_segment_desc, &borrow(&values));
    let caption = html! { (fill(words.by_segment_caption, &[("horizon", horizon)])) };
    let each = fill(words.clv_each, &[("currency", &format.currency.0)]);
    let head = [text(texts.segment), text(texts.group), number(words.alive), number(each)];
    let rows: Vec<Vec<Cell>> = segments
        .iter()
        .map(|segment| {
            let each = segment.value.clv_each;
            vec![
                text(&segment.id),
                text(&segment.group),
                number(format.percent_or_none(segment.value.alive)),
                number(each.map_or_else(|| NONE.into(), |each| format.amount(each))),
            ]
        })
        .collect();
    let data = table(words.by_segment, texts, &head, &rows, None);
    figure("value", words.by_segment, &description, &caption, &data, texts, |layout| {
        plots::value(segments, words, format, layout)
    })
}

fn spend(record: &SpendRecord, format: &Format) -> Markup {
    let (texts, words) = (texts::Texts::of(format.language), ValueTexts::of(format.language));
    let method = texts::spend_method_alone(record.method, format.language);
    let correlation = record.correlation.filter(|value| value.is_finite());
    let mut facts = vec![
        (words.population_mean, format.money(record.population_mean)),
        (words.spend_customers, format.decimal(record.customers, 0)),
        (
            words.correlation,
            correlation.map_or_else(|| NONE.into(), |value| format.decimal(value, 3)),
        ),
    ];
    if let Some(orders) = record.prior_orders {
        facts.insert(1, (words.prior_orders, format.significant(orders, 3)));
    }
    // The scale v is money; the shapes p and q have no unit.
    let unit = |name: &str| (name == "v").then(|| format.currency.0.clone());
    let title = fill(words.parameters, &[("model", "Gamma-Gamma")]);
    let left_out: Vec<(&str, f64)> = record
        .left_out
        .iter()
        .flat_map(|left_out| {
            [
                (words.no_repeat, left_out.no_repeat),
                (words.not_positive, left_out.not_positive),
                (words.not_finite, left_out.not_finite),
            ]
        })
        .collect();
    html! {
        h3 { (words.spend) }
        p {
            (fill(words.spend_used, &[("method", method)])) " "
            (words.why) ": " (free(&record.reason, texts)) "."
        }
        (parts::counts(facts))
        p.note {
            (fill(words.correlation_note, &[("bound", &format.decimal(DEPENDENT, 1))]))
            @if correlation.is_none() { " " (words.correlation_none) }
        }
        @if let Some(fit) = &record.fit {
            h4 { (title) }
            (fits::parameters(&title, fit, &unit, format))
            p.note { (fits::fitted(fit, words.fitted_spend, format)) }
        }
        @if !left_out.is_empty() {
            h4 { (words.left_out) }
            (parts::counts(left_out.iter().map(|(reason, customers)| {
                (*reason, format.decimal(*customers, 0))
            })))
        }
    }
}

fn regularity(found: Option<&Regularity>, format: &Format) -> Markup {
    let words = ValueTexts::of(format.language);
    let Some(found) = found else {
        return html! { h3 { (words.regularity) } p { (words.regularity_none) } };
    };
    let shape = |value: f64| format.decimal(value, 2);
    let interval = fill(
        words.interval,
        &[
            ("value", &shape(found.shape)),
            ("low", &shape(found.interval.0)),
            ("high", &shape(found.interval.1)),
        ],
    );
    let bounds = [
        ("low", format.decimal(*POISSON_SHAPES.start(), 1)),
        ("high", format.decimal(*POISSON_SHAPES.end(), 1)),
    ];
    html! {
        h3 { (words.regularity) }
        (parts::counts([
            (words.shape, interval),
            (words.regularity_used, format.count(found.customers_used as u64)),
            (words.regularity_left_out, format.count(found.customers_left_out as u64)),
        ]))
        p.note {
            (fill(words.regularity_note, &borrow(&bounds))) " "
            @if found.is_far_from_poisson() { strong { (words.regularity_far) } }
            @else { (words.regularity_near) }
        }
    }
}
