//! The section of a campaign's response: headline figures, response by score and by cell, weights
//! of the scores.

use maud::{Markup, html};

use super::parts::{self, Cell, borrow, number, table, text};
use crate::features::CampaignRecord;
use crate::features::campaign::{
    CampaignWeights, CellResponse, FEWEST_OF_A_KIND, ResponseModel, RidgeReason, break_even_index,
};
use crate::report::format::{Format, NONE};
use crate::report::texts::{CampaignTexts, Texts, fill};

/// The most cells shown, those of the highest index.
const CELLS: usize = 20;

/// The section.
pub(super) fn campaign(record: &CampaignRecord, format: &Format) -> Markup {
    let words = CampaignTexts::of(format.language);
    let nobody = record.contacts == 0;
    let scores = || record.by_recency.iter().chain(&record.by_frequency).chain(&record.by_money);
    html! {
        p { (words.lead) }
        (cards(record, format))
        @if nobody { p { (words.nothing) } }
        @else {
            p.note {
                (words.index_note)
                @if scores().any(|row| row.rate.is_some() && row.index.is_none()) {
                    " " (words.index_none)
                }
                @if scores().any(|row| row.rate.is_none()) { " " (words.no_contacts) }
            }
            div.pair {
                (by_score(words.by_recency, &record.by_recency, record, format))
                (by_score(words.by_frequency, &record.by_frequency, record, format))
                (by_score(words.by_money, &record.by_money, record, format))
                div.close { h3 { (words.weights) } (weights(&record.weights, format)) }
            }
            (cells(record, format))
        }
    }
}

fn rate(record: &CampaignRecord) -> Option<f64> {
    (record.contacts > 0).then(|| record.responses as f64 / record.contacts as f64)
}

fn index(index: Option<f64>, format: &Format) -> String {
    index.map_or_else(|| NONE.to_owned(), |index| format.signed(index, 1))
}

fn cards(record: &CampaignRecord, format: &Format) -> Markup {
    let words = CampaignTexts::of(format.language);
    let without = format.count(record.without_purchase);
    let contacts_note =
        if record.without_purchase > 0 { words.contacts_without } else { words.contacts_note };
    let rate = rate(record);
    let over = rate.and_then(|rate| break_even_index(rate, record.break_even_rate));
    let rate_note = match (rate, over) {
        (None, _) => words.rate_none.to_owned(),
        (Some(_), None) => words.rate_note_none.to_owned(),
        (Some(_), over) => fill(words.rate_note, &[("index", &index(over, format))]),
    };
    parts::cards([
        (words.contacts, format.count(record.contacts), fill(contacts_note, &[("n", &without)])),
        (words.responses, format.count(record.responses), words.responses_note.into()),
        (words.rate, format.percent_or_none(rate), rate_note),
        (words.break_even, format.rate(record.break_even_rate, 2), words.break_even_note.into()),
    ])
}

/// Contacts, responses, rate and index.
fn response<K>(row: &CellResponse<K>, format: &Format) -> [Cell; 4] {
    [
        number(format.count(row.contacted)),
        number(format.count(row.responded)),
        number(format.percent_or_none(row.rate)),
        number(index(row.index, format)),
    ]
}

fn head(first: &str, words: &CampaignTexts) -> [Cell; 5] {
    [
        text(first),
        number(words.contacts),
        number(words.responses),
        number(words.rate),
        number(words.index),
    ]
}

/// All contacts together, as the last row.
fn foot(record: &CampaignRecord, format: &Format) -> Vec<Cell> {
    let rate = rate(record);
    let all = CellResponse {
        key: (),
        contacted: record.contacts,
        responded: record.responses,
        rate,
        index: rate.and_then(|rate| break_even_index(rate, record.break_even_rate)),
    };
    let mut foot = vec![text(CampaignTexts::of(format.language).all)];
    foot.extend(response(&all, format));
    foot
}

/// Response by one score, the best score first.
fn by_score(
    title: &str,
    scores: &[CellResponse<u8>],
    record: &CampaignRecord,
    format: &Format,
) -> Markup {
    let (texts, words) = (Texts::of(format.language), CampaignTexts::of(format.language));
    let rows: Vec<Vec<Cell>> = scores
        .iter()
        .rev()
        .map(|score| {
            let mut row = vec![text(score.key.to_string())];
            row.extend(response(score, format));
            row
        })
        .collect();
    html! {
        div.close {
            h3 { (title) }
            (table(title, texts, &head(words.score, words), &rows, Some(&foot(record, format))))
        }
    }
}

fn weights(found: &CampaignWeights, format: &Format) -> Markup {
    let words = CampaignTexts::of(format.language);
    match found {
        CampaignWeights::Fitted(model) => fitted(model, format),
        CampaignWeights::NoResponse => html! { p { (words.none_no_response) } },
        CampaignWeights::AllResponded => html! { p { (words.none_all) } },
        CampaignWeights::TooFew { contacted, responded } => {
            let values = [
                ("contacted", format.count(*contacted)),
                ("responded", format.count(*responded)),
                ("least", format.count(FEWEST_OF_A_KIND)),
            ];
            html! { p { (fill(words.none_few, &borrow(&values))) } }
        }
    }
}

fn fitted(model: &ResponseModel, format: &Format) -> Markup {
    let (texts, words) = (Texts::of(format.language), CampaignTexts::of(format.language));
    let head = [
        text(words.score),
        number(words.weight),
        number(words.coefficient),
        number(words.standard_error),
    ];
    let names = [words.recency, words.frequency, words.money];
    let figure = |figure: Option<f64>| {
        number(figure.map_or_else(|| NONE.to_owned(), |figure| format.decimal(figure, 3)))
    };
    let rows: Vec<Vec<Cell>> = (names.iter().enumerate())
        .map(|(at, name)| {
            // A score that is the same for all has a coefficient of 0 without an error.
            let error = model.standard_errors[at];
            vec![
                text(*name),
                figure(error.and_then(|_| Some(model.weights?[at]))),
                figure(error.map(|_| model.coefficients[at])),
                figure(error),
            ]
        })
        .collect();
    let negative: Vec<&str> =
        (names.iter().zip(model.negative)).filter(|(_, is)| *is).map(|(name, _)| *name).collect();
    html! {
        (table(words.weights, texts, &head, &rows, None))
        @if model.weights.is_none() { p { (words.weights_undefined) } }
        p.note {
            (words.weights_note)
            @if model.weights.is_some() { " " (words.weights_used) }
            @if model.standard_errors.iter().any(Option::is_none) { " " (words.weights_same) }
            @if !negative.is_empty() {
                " " (fill(words.weights_negative, &[("scores", &negative.join(", "))]))
            }
            @match model.ridge {
                Some(RidgeReason::Separable) => { " " (words.ridge_separable) }
                Some(RidgeReason::Collinear) => { " " (words.ridge_collinear) }
                None => {}
            }
        }
    }
}

/// The cells of the highest index, which is the order of the rates.
fn cells(record: &CampaignRecord, format: &Format) -> Markup {
    let (texts, words) = (Texts::of(format.language), CampaignTexts::of(format.language));
    let mut cells: Vec<&CellResponse<u16>> = record.by_cell.iter().collect();
    cells.sort_by(|a, b| {
        let rate = |cell: &CellResponse<u16>| cell.rate.unwrap_or(-1.0);
        rate(b)
            .total_cmp(&rate(a))
            .then_with(|| b.contacted.cmp(&a.contacted))
            .then_with(|| b.key.cmp(&a.key))
    });
    let (mut paid, mut contacts, mut responses) = (0_u64, 0_u64, 0_u64);
    for cell in &cells {
        if cell.rate.is_some_and(|rate| rate >= record.break_even_rate) {
            paid += 1;
            contacts = contacts.saturating_add(cell.contacted);
            responses = responses.saturating_add(cell.responded);
        }
    }
    let part =
        |part: u64, of: u64| format.percent_or_none((of > 0).then(|| part as f64 / of as f64));
    let rows: Vec<Vec<Cell>> = cells
        .iter()
        .take(CELLS)
        .map(|cell| {
            let mut row = vec![Cell::Markup(html! { span.whole { (name(cell.key)) } })];
            row.extend(response(cell, format));
            row
        })
        .collect();
    let left = cells.len().saturating_sub(CELLS);
    let values = [
        ("paid", format.count(paid)),
        ("total", format.count(cells.len() as u64)),
        ("contacts", part(contacts, record.contacts)),
        ("responses", part(responses, record.responses)),
        ("left", format.count(left as u64)),
    ];
    let values = borrow(&values);
    let paid = if record.responses > 0 { words.cells_paid } else { words.cells_paid_none };
    let all = foot(record, format);
    html! {
        h3 { (words.cells) }
        p { (fill(paid, &values)) }
        div.close {
            (table(words.cells, texts, &head(words.cell, words), &rows, Some(&all)))
        }
        p.note {
            (words.cells_note)
            @if left > 0 { " " (fill(words.cells_cut, &values)) }
        }
    }
}

/// 543 -> `R5 F4 M3`.
fn name(key: u16) -> String {
    format!("R{} F{} M{}", key / 100, key / 10 % 10, key % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_names_its_scores() {
        assert_eq!([543, 111].map(name), ["R5 F4 M3", "R1 F1 M1"]);
    }
}
