//! Where shares of wallet come from: providers of the observed rows, the survey's conditions, the
//! model of the realistic wallet.

use maud::{Markup, html};

use super::parts::{self, Cell, borrow, figure, free, number, table, text};
use crate::features::wallet::{
    Candidate, CategoryShares, MULTI_BRAND, Method, ProviderShare, RealisticReport, SurveyCheck,
    USAGE_SET, WalletSummary,
};
use crate::report::ReportError;
use crate::report::format::{Format, NONE};
use crate::report::plots;
use crate::report::texts::{Texts, ValueTexts, WalletTexts, fill};
use crate::types::Money;

/// Providers and categories shown at most.
const MOST: usize = 20;

/// Providers over all categories as a figure and a table, by category folded; nothing where no
/// row was observed.
///
/// # Errors
///
/// [`ReportError::Draw`] where plotters refuses.
pub(super) fn providers(summary: &WalletSummary, format: &Format) -> Result<Markup, ReportError> {
    let (texts, words) = (Texts::of(format.language), WalletTexts::of(format.language));
    let Some(shares) = &summary.providers else {
        return Ok(html! {});
    };
    let shown = largest(shares);
    if shown.is_empty() {
        return Ok(html! {});
    }
    let caption = [("n", format.count(shares.customers))];
    let top = shown.first().map_or(NONE, |provider| provider.provider.as_str());
    let n = format.count(shown.len() as u64);
    let description = fill(words.providers_desc, &[("n", &n), ("top", top)]);
    let head = [text(words.provider), number(words.aggregate_share), number(words.mean_share)];
    let rows: Vec<Vec<Cell>> = shown
        .iter()
        .map(|provider| {
            vec![
                text(&provider.provider),
                number(format.percent_or_none(provider.aggregate_share)),
                number(format.percent_or_none(provider.mean_share)),
            ]
        })
        .collect();
    let data = table(words.providers, texts, &head, &rows, None);
    let caption = html! { (fill(words.providers_caption, &borrow(&caption))) };
    let drawn =
        figure("providers", words.providers, &description, &caption, &data, texts, |layout| {
            plots::providers(&shown, words, format, layout)
        })?;
    let mut categories: Vec<&CategoryShares> = summary.categories.iter().collect();
    categories.sort_by(|a, b| b.amount.cmp(&a.amount).then_with(|| a.category.cmp(&b.category)));
    let counts =
        [("shown", format.count(MOST as u64)), ("total", format.count(categories.len() as u64))];
    Ok(html! {
        h3 { (words.providers) }
        (provider_table(shares, format))
        p.note { (words.requirement_note) " " (cut(shares, format)) }
        (drawn)
        @if !categories.is_empty() {
            details {
                summary { (words.by_category) }
                @for shares in categories.iter().take(MOST) {
                    h4 { (shares.category.as_deref().unwrap_or(NONE)) }
                    (provider_table(shares, format))
                    @if shares.providers.len() > MOST { p.note { (cut(shares, format)) } }
                }
                @if categories.len() > MOST {
                    p.note { (fill(words.categories_cut, &borrow(&counts))) }
                }
            }
        }
    })
}

/// The providers with the most spend, ties by name.
fn largest(shares: &CategoryShares) -> Vec<&ProviderShare> {
    let mut providers: Vec<&ProviderShare> = shares.providers.iter().collect();
    providers.sort_by(|a, b| b.amount.cmp(&a.amount).then_with(|| a.provider.cmp(&b.provider)));
    providers.truncate(MOST);
    providers
}

/// How many providers a table leaves to the manifest; nothing where it has all.
fn cut(shares: &CategoryShares, format: &Format) -> String {
    let words = WalletTexts::of(format.language);
    let total = shares.providers.len();
    if total <= MOST {
        return String::new();
    }
    let counts = [("shown", format.count(MOST as u64)), ("total", format.count(total as u64))];
    fill(words.providers_cut, &borrow(&counts))
}

fn provider_table(shares: &CategoryShares, format: &Format) -> Markup {
    let (texts, words) = (Texts::of(format.language), WalletTexts::of(format.language));
    let head = [
        text(words.provider),
        number(fill(words.spent, &[("currency", &format.currency.0)])),
        number(words.aggregate_share),
        number(words.mean_share),
        number(words.buyers),
        number(words.penetration),
        number(words.requirement),
    ];
    let rows: Vec<Vec<Cell>> = largest(shares)
        .into_iter()
        .map(|provider| {
            vec![
                match provider.own {
                    true => Cell::Markup(html! { b { (provider.provider) " (" (words.own) ")" } }),
                    false => text(&provider.provider),
                },
                number(format.amount(Money(provider.amount).units(&format.currency))),
                number(format.percent_or_none(provider.aggregate_share)),
                number(format.percent_or_none(provider.mean_share)),
                number(format.count(provider.buyers)),
                number(format.percent_or_none(provider.penetration)),
                number(format.percent_or_none(provider.requirement_share)),
            ]
        })
        .collect();
    table(shares.category.as_deref().unwrap_or(words.providers), texts, &head, &rows, None)
}

/// Whether the Wallet Allocation Rule holds, with the figures and its shares.
pub(super) fn survey(survey: &SurveyCheck, format: &Format) -> Markup {
    let (texts, words) = (Texts::of(format.language), WalletTexts::of(format.language));
    let multi_brand = fill(words.multi_brand, &[("least", &format.rate(MULTI_BRAND, 1))]);
    let usage_set = fill(words.usage_set, &[("least", &format.decimal(USAGE_SET, 1))]);
    let mean = |value: Option<f64>| {
        value.map_or_else(|| NONE.to_owned(), |value| format.decimal(value, 2))
    };
    let mut providers: Vec<_> = survey.providers.iter().collect();
    providers.sort_by(|(a, x), (b, y)| {
        y.unwrap_or(-1.0).total_cmp(&x.unwrap_or(-1.0)).then_with(|| a.cmp(b))
    });
    let head = [text(words.provider), number(words.survey_shares)];
    let rows: Vec<Vec<Cell>> = providers
        .into_iter()
        .map(|(name, share)| vec![text(name), number(format.percent_or_none(*share))])
        .collect();
    html! {
        h3 { (words.survey_title) }
        p {
            @if survey.valid { (words.survey_valid) }
            @else { strong { (words.survey_invalid) } }
        }
        (parts::counts([
            (words.answered, format.count(survey.customers)),
            (multi_brand.as_str(), format.percent_or_none(survey.multi_brand_share)),
            (usage_set.as_str(), mean(survey.mean_usage_set)),
        ]))
        @if !rows.is_empty() { (table(words.survey_shares, texts, &head, &rows, None)) }
    }
}

fn method(method: &Method, format: &Format) -> String {
    let words = WalletTexts::of(format.language);
    match method {
        Method::Unconditional => words.unconditional.into(),
        Method::Neighbours { k } => fill(words.neighbours, &[("k", &format.count(*k))]),
        Method::Regression => words.regression.into(),
    }
}

/// Which model of the realistic wallet is used and how it compares, by losses on customers whom
/// it was not fitted to.
pub(super) fn model(report: &RealisticReport, format: &Format) -> Markup {
    let (texts, words) = (Texts::of(format.language), WalletTexts::of(format.language));
    let quantile = format.rate(report.quantile, 1);
    let values = [
        ("method", report.chosen.as_ref().map_or_else(String::new, |used| method(used, format))),
        ("quantile", quantile),
        ("currency", format.currency.0.clone()),
        ("folds", format.count(report.folds)),
        ("reference", format.count(report.reference)),
        ("customers", format.count(report.customers)),
        ("own", format.count(report.at_own_spend)),
    ];
    let values = borrow(&values);
    html! {
        h3 { (words.model) }
        p {
            @if report.chosen.is_some() { (fill(words.model_chosen, &values)) }
            @else { (words.model_none) }
            @if let Some(reason) = &report.reason { " " (free(reason, texts)) }
        }
        @if report.chosen.is_some() { p { (fill(words.model_customers, &values)) } }
        @if !report.candidates.is_empty() {
            (candidates(report, format))
            p.note {
                (fill(words.losses_note, &values))
                @if report.candidates.iter().any(|candidate| candidate.loss.is_none()) {
                    " " (words.losses_undefined)
                }
            }
        }
        (design(report, format))
    }
}

fn candidates(report: &RealisticReport, format: &Format) -> Markup {
    let (texts, words) = (Texts::of(format.language), WalletTexts::of(format.language));
    let with_error = |value: Option<f64>, error: Option<f64>| {
        number(match (value, error) {
            (None, _) => NONE.to_owned(),
            (Some(value), None) => format.amount(value),
            (Some(value), Some(error)) => {
                format!("{} ± {}", format.amount(value), format.amount(error))
            }
        })
    };
    let used_word = ValueTexts::of(format.language).used;
    let head = [
        text(words.method),
        number(words.loss),
        number(words.gain),
        number(words.below),
        text(texts.reason),
    ];
    let reasons = report.candidates.iter().any(|candidate| candidate.reason.is_some());
    let columns = if reasons { 5 } else { 4 };
    let rows: Vec<Vec<Cell>> = report
        .candidates
        .iter()
        .map(|candidate: &Candidate| {
            let used = Some(candidate.method) == report.chosen;
            let mut row = vec![
                Cell::Markup(html! {
                    (method(&candidate.method, format))
                    @if used { " " span.chip { (used_word) } }
                }),
                with_error(candidate.loss, candidate.standard_error),
                with_error(candidate.gain, candidate.gain_error),
                number(format.percent_or_none(candidate.below)),
                Cell::Markup(html! {
                    td.prose {
                        @if let Some(reason) = &candidate.reason { (free(reason, texts)) }
                    }
                }),
            ];
            row.truncate(columns);
            row
        })
        .collect();
    table(words.model, texts, &head[..columns], &rows, None)
}

fn design(report: &RealisticReport, format: &Format) -> Markup {
    let (texts, words) = (Texts::of(format.language), WalletTexts::of(format.language));
    let design = &report.design;
    let left_out: Vec<Vec<Cell>> = design
        .left_out
        .iter()
        .map(|(name, reason)| {
            vec![
                Cell::Markup(html! { code { (name) } }),
                Cell::Markup(html! { td.prose { (free(reason, texts)) } }),
            ]
        })
        .collect();
    let missing: Vec<Vec<Cell>> = design
        .missing
        .iter()
        .map(|(name, customers)| {
            vec![Cell::Markup(html! { code { (name) } }), number(format.count(*customers))]
        })
        .collect();
    html! {
        details {
            summary { (words.design) }
            @if design.columns.is_empty() { p { (words.design_none) } } @else {
                p {
                    @for (at, column) in design.columns.iter().enumerate() {
                        @if at > 0 { ", " }
                        code { (column) }
                    }
                }
            }
            @if !left_out.is_empty() {
                h4 { (words.left_out) }
                (table(
                    words.left_out,
                    texts,
                    &[text(words.behaviour), text(texts.reason)],
                    &left_out,
                    None,
                ))
            }
            @if !missing.is_empty() {
                h4 { (words.missing) }
                (table(
                    words.missing,
                    texts,
                    &[text(words.behaviour), number(texts.customers)],
                    &missing,
                    None,
                ))
            }
        }
    }
}
