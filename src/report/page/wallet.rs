//! The section of share of wallet: coverage by source, the matrix of share and size, and the
//! parts that tell of providers, the survey and the model.

use maud::{Markup, html};

use super::parts::{Cell, borrow, number, table, text};
use super::wallet_sources;
use crate::features::wallet::{Source, SourceSummary, Strategy, WalletMatrix, WalletSummary};
use crate::report::ReportError;
use crate::report::format::{Format, NONE};
use crate::report::texts::{Texts, WalletTexts, fill};

/// The section.
///
/// # Errors
///
/// [`ReportError::Draw`] where plotters refuses.
pub(super) fn wallet(summary: &WalletSummary, format: &Format) -> Result<Markup, ReportError> {
    let words = WalletTexts::of(format.language);
    let contradicted = [("n", format.count(summary.contradicted))];
    Ok(html! {
        p { (words.lead) }
        h3 { (words.coverage) }
        (coverage(summary, format))
        @if summary.contradicted > 0 {
            p { (fill(words.contradicted, &borrow(&contradicted))) }
        }
        h3 { (words.matrix) }
        @match &summary.matrix {
            Some(found) => (matrix(found, format)),
            None => p { (words.matrix_none) },
        }
        (wallet_sources::providers(summary, format)?)
        @if let Some(survey) = &summary.survey { (wallet_sources::survey(survey, format)) }
        @if let Some(report) = &summary.model { (wallet_sources::model(report, format)) }
    })
}

fn coverage(summary: &WalletSummary, format: &Format) -> Markup {
    let (texts, words) = (Texts::of(format.language), WalletTexts::of(format.language));
    let currency = [("currency", format.currency.0.as_str())];
    let head = [
        text(words.source),
        number(texts.customers),
        number(words.share_of_all),
        number(words.aggregate_share),
        number(words.mean_share),
        number(fill(words.size, &currency)),
        number(fill(words.opportunity, &currency)),
    ];
    let all = summary.coverage.customers;
    let of_all = |customers: u32| {
        number(match all {
            0 => NONE.to_owned(),
            all => format.percent(f64::from(customers) / f64::from(all)),
        })
    };
    // Without a size there is nothing to share.
    let sized = |source: &SourceSummary, value: f64| {
        number(source.aggregate_share.map_or_else(|| NONE.to_owned(), |_| format.amount(value)))
    };
    let mut rows: Vec<Vec<Cell>> = summary
        .sources
        .iter()
        .map(|source| {
            vec![
                text(match source.source {
                    Source::Observed => words.observed,
                    Source::Survey => words.survey,
                    Source::Modelled => words.modelled,
                }),
                number(format.count(source.customers)),
                of_all(source.customers),
                number(format.percent_or_none(source.aggregate_share)),
                number(format.percent_or_none(source.mean_share)),
                sized(source, source.size),
                sized(source, source.opportunity),
            ]
        })
        .collect();
    if summary.coverage.none > 0 {
        let mut row = vec![
            text(words.none),
            number(format.count(summary.coverage.none)),
            of_all(summary.coverage.none),
        ];
        row.extend((0..4).map(|_| number("")));
        rows.push(row);
    }
    let mut foot = vec![text(texts.total), number(format.count(all)), of_all(all)];
    foot.extend((0..4).map(|_| number("")));
    html! {
        (table(words.coverage, texts, &head, &rows, Some(&foot)))
        p.note {
            (words.coverage_note)
            @if summary.sources.iter().any(|source| source.aggregate_share.is_none()) {
                " " (words.no_size)
            }
        }
    }
}

/// Share down, size across; each cell with its strategy and figures, shaded by customers.
fn matrix(found: &WalletMatrix, format: &Format) -> Markup {
    let (texts, words) = (Texts::of(format.language), WalletTexts::of(format.language));
    let placed: u32 = found.cells.iter().map(|cell| cell.customers).sum();
    let cell = |strategy: Strategy| {
        let Some(cell) = found.cells.iter().find(|cell| cell.strategy == strategy) else {
            return Cell::Markup(html! { td.empty { (NONE) } });
        };
        let part = f64::from(cell.customers) / f64::from(placed.max(1));
        let figures = [
            ("n", format.count(cell.customers)),
            ("share", format.percent(part)),
            ("size", format.headline(cell.wallet)),
            ("opportunity", format.headline(cell.wallet - cell.own_spend)),
        ];
        let figures = borrow(&figures);
        Cell::Markup(html! {
            td.strategy.shade style={ "--share:" (format!("{part:.3}")) } {
                strong { (name(strategy, words)) }
                span { (fill(words.cell_customers, &figures)) }
                span { (fill(words.cell_wallet, &figures)) }
                span { (fill(words.cell_opportunity, &figures)) }
            }
        })
    };
    let head = [text(words.share_and_size), text(words.small), text(words.large)];
    let rows = [
        vec![text(words.high), cell(Strategy::HoldOn), cell(Strategy::MaintainAndGuard)],
        vec![
            text(words.low),
            cell(Strategy::DoNothing),
            cell(Strategy::TargetForAdditionalSelling),
        ],
    ];
    let cuts = [
        ("share", format.percent(found.share_cut)),
        ("size", format.money(found.size_cut)),
        ("n", format.count(found.unplaced)),
    ];
    html! {
        p { (fill(words.matrix_cuts, &borrow(&cuts))) }
        (table(words.matrix, texts, &head, &rows, None))
        @if found.unplaced > 0 {
            p.note { (fill(words.matrix_unplaced, &borrow(&cuts))) }
        }
    }
}

fn name(strategy: Strategy, words: &'static WalletTexts) -> &'static str {
    match strategy {
        Strategy::MaintainAndGuard => words.guard,
        Strategy::TargetForAdditionalSelling => words.sell,
        Strategy::HoldOn => words.hold,
        Strategy::DoNothing => words.nothing,
    }
}
