//! The section of retention: headline figures, cohorts by age as a heat table, survival by age.

use maud::{Markup, html};

use super::parts::{self, Cell, borrow, figure, number, table, text};
use crate::features::RetentionRecord;
use crate::features::retention::{Cohort, CohortTable};
use crate::report::ReportError;
use crate::report::figures::retention as figures;
use crate::report::format::{Format, NONE};
use crate::report::plots::{self, Svg};
use crate::report::texts::{RetentionTexts, Texts, fill};

/// The most cohorts shown, the last ones.
const COHORTS: usize = 12;
/// The most ages after the first shown.
const AGES: usize = 12;

/// The section.
///
/// # Errors
///
/// [`ReportError::Draw`] where plotters refuses.
pub(super) fn retention(record: &RetentionRecord, format: &Format) -> Result<Markup, ReportError> {
    let words = RetentionTexts::of(format.language);
    let month = [("month", month(record.last_month))];
    let month = borrow(&month);
    let come_back = !record.table.by_age.is_empty();
    Ok(html! {
        p { (fill(words.lead, &month)) }
        (cards(record, format))
        p.note { (words.definition) }
        @if record.lifetime_value.is_some() || record.lifetime_value_unlimited.is_some() {
            p.note { (basis(record, format)) }
        }
        h3 { (words.cohorts) }
        @if come_back { (cohorts(&record.table, format)) }
        @else { p { (words.cohorts_none) } }
        @if come_back {
            h3 { (words.survival) }
            (survival(&record.table, &fill(words.survival_caption, &month), format)?)
        }
    })
}

/// Months since January 1970 as `2017-03`.
fn month(since_1970: i32) -> String {
    format!("{:04}-{:02}", 1970 + since_1970.div_euclid(12), since_1970.rem_euclid(12) + 1)
}

fn cards(record: &RetentionRecord, format: &Format) -> Markup {
    let words = RetentionTexts::of(format.language);
    let known = |figure: Option<f64>| figure.filter(|figure| figure.is_finite());
    let months = |months: f64| fill(words.months, &[("n", &format.decimal(months, 1))]);
    let share = |share: f64| format.percent(share);
    let money = |value: f64| format.headline(value);
    let horizon = crate::types::duration_in_words(
        &format!("{} months", record.horizon_months),
        format.language,
    );
    let value_note = fill(words.value_note, &[("horizon", &horizon)]);
    let retention = known(record.retention);
    let or_unknown = |reason| if retention.is_some() { reason } else { words.unknown };
    let endless = retention == Some(1.0) && record.discount_rate_monthly == 0.0;
    let unlimited_none = if endless { words.unlimited_endless } else { words.value_undefined };
    let card = |name, value: Option<f64>, shown: &dyn Fn(f64) -> String, note: &str, none: &str| {
        let value = known(value);
        let note = if value.is_some() { note } else { none };
        (name, value.map_or_else(|| NONE.to_owned(), shown), note.to_owned())
    };
    parts::cards([
        card(words.retention, retention, &share, words.retention_note, words.unknown),
        card(words.defection, record.defection, &share, words.defection_note, words.unknown),
        card(
            words.lifetime,
            record.average_lifetime,
            &months,
            words.lifetime_note,
            or_unknown(words.lifetime_endless),
        ),
        card(
            words.so_far,
            record.average_lifetime_of_cohorts,
            &months,
            words.so_far_note,
            words.so_far_none,
        ),
        card(
            words.value,
            record.lifetime_value,
            &money,
            &value_note,
            or_unknown(words.value_undefined),
        ),
        card(
            words.unlimited,
            record.lifetime_value_unlimited,
            &money,
            words.unlimited_note,
            or_unknown(unlimited_none),
        ),
    ])
}

/// What the lifetime values rest on.
fn basis(record: &RetentionRecord, format: &Format) -> String {
    let words = RetentionTexts::of(format.language);
    let discount = match record.discount_rate_monthly > 0.0 {
        true => words.discount,
        false => words.discount_none,
    };
    let cost = if record.acquisition_cost > 0.0 { words.cost } else { words.cost_none };
    let rate = format.rate(record.discount_rate_monthly, 3);
    let values = [
        ("contribution", format.money(record.contribution)),
        ("retention", format.percent_or_none(record.retention)),
        ("discount", fill(discount, &[("rate", &rate)])),
        ("cost", fill(cost, &[("cost", &format.money(record.acquisition_cost))])),
    ];
    fill(words.basis, &borrow(&values))
}

/// Share of a cohort active at an age; none where the month is not over, or there is nobody.
fn active(cohort: &Cohort, age: usize) -> Option<f64> {
    let (all, active) = (*cohort.active.first()?, *cohort.active.get(age)?);
    (all > 0).then(|| f64::from(active) / f64::from(all))
}

/// Cohorts down, ages across, shaded by the share over the largest one shown.
fn cohorts(found: &CohortTable, format: &Format) -> Markup {
    let (texts, words) = (Texts::of(format.language), RetentionTexts::of(format.language));
    let left = found.cohorts.len().saturating_sub(COHORTS);
    let shown = &found.cohorts[left..];
    let oldest = shown.iter().map(|cohort| cohort.active.len()).max().unwrap_or(0);
    let ages = oldest.saturating_sub(1).min(AGES);
    let shares: Vec<Vec<Option<f64>>> =
        shown.iter().map(|cohort| (1..=ages).map(|age| active(cohort, age)).collect()).collect();
    let largest = shares.iter().flatten().flatten().copied().fold(0.0, f64::max);
    let cell = |share: Option<f64>| {
        let Some(share) = share else {
            return Cell::Markup(html! { td.number.heat.empty { (NONE) } });
        };
        let part = if largest > 0.0 { share / largest } else { 0.0 };
        Cell::Markup(html! {
            td.number.heat.shade style={ "--share:" (format!("{part:.3}")) } {
                (format.percent(share))
            }
        })
    };
    let mut head = vec![text(words.first_month), number(texts.customers)];
    head.extend((1..=ages).map(|age| number(format!("+{age}"))));
    let rows: Vec<Vec<Cell>> = (shown.iter().zip(&shares))
        .map(|(cohort, shares)| {
            let customers = cohort.active.first().copied().unwrap_or(0);
            let mut row = vec![whole(&month(cohort.month)), number(format.count(customers))];
            row.extend(shares.iter().map(|share| cell(*share)));
            row
        })
        .collect();
    let all = figures::ages(found);
    let mut foot = vec![whole(words.all_cohorts)];
    foot.push(number(all.first().map_or_else(String::new, |age| format.count(age.customers))));
    foot.extend(
        (1..=ages)
            .map(|age| number(format.percent_or_none(all.get(age).and_then(|age| age.active)))),
    );
    let to_come = shares.iter().flatten().any(Option::is_none);
    let cut = |template, left: usize, total: usize| {
        let values = [("left", format.count(left as u64)), ("total", format.count(total as u64))];
        fill(template, &borrow(&values))
    };
    let all_ages = found.by_age.len();
    html! {
        p { (words.cohorts_lead) }
        (table(words.cohorts, texts, &head, &rows, Some(&foot)))
        p.note {
            (words.cohorts_foot)
            @if to_come { " " (words.cohorts_to_come) }
            @if left > 0 { " " (cut(words.cohorts_cut, left, found.cohorts.len())) }
            @if ages < all_ages { " " (cut(words.ages_cut, all_ages - ages, all_ages)) }
        }
    }
}

/// A text that is not to be broken.
fn whole(text: &str) -> Cell {
    Cell::Markup(html! { span.whole { (text) } })
}

fn survival(found: &CohortTable, caption: &str, format: &Format) -> Result<Markup, ReportError> {
    let (texts, words) = (Texts::of(format.language), RetentionTexts::of(format.language));
    let ages = figures::ages(found);
    let lines = figures::lines(&ages, format.language);
    let pieces: Vec<Svg> =
        lines.series.iter().map(plots::line_legend).collect::<Result<_, ReportError>>()?;
    let share = |share: Option<f64>| format.percent_or_none(share);
    let head = [
        text(words.age),
        number(words.reached),
        number(words.active),
        number(words.alive),
        number(words.from_before),
    ];
    let rows: Vec<Vec<Cell>> = ages
        .iter()
        .map(|age| {
            vec![
                text(age.age.to_string()),
                number(format.count(age.customers)),
                number(share(age.active)),
                number(share(age.alive)),
                number(share(age.retention)),
            ]
        })
        .collect();
    let data = html! {
        (table(words.survival, texts, &head, &rows, None))
        p.note { (words.from_before_none) }
    };
    let last = ages.last();
    let values = [
        ("n", format.count(last.map_or(0, |age| age.age))),
        ("alive", share(last.and_then(|age| age.alive))),
        ("active", share(last.and_then(|age| age.active))),
        ("shown", format.count(figures::MOST_AGES as u64)),
        ("total", format.count(found.by_age.len() as u64)),
    ];
    let values = borrow(&values);
    let caption = html! {
        (parts::legend(pieces.iter().zip(&lines.series).map(|(svg, series)| {
            (svg, html! { (series.name) })
        })))
        (caption)
        @if found.by_age.len() > figures::MOST_AGES { " " (fill(words.survival_cut, &values)) }
    };
    let description = fill(words.survival_desc, &values);
    figure("survival", words.survival, &description, &caption, &data, texts, |layout| {
        plots::lines(&lines, words.age, words.share, format, layout)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_have_their_names() {
        let names = [0, 11, 566, 575, -1].map(month);
        assert_eq!(names, ["1970-01", "1970-12", "2017-03", "2017-12", "1969-12"]);
        assert_eq!(month(i32::MAX), "178958940-08");
    }
}
