//! Validation -> its figures: mean orders by frequency class, orders by week, lifts.

use crate::features::clv::Method;
use crate::features::clv::validate::Validation;
use crate::report::texts::{self, ValidationTexts};
use crate::types::Language;

/// How strongly a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Look {
    /// What happened.
    Actual,
    /// The method that is used.
    Taken,
    /// The hiatus rule, where another method is used.
    Rule,
    /// Any other method.
    Light,
}

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::report) struct Series {
    /// Its name in the page's language.
    pub(in crate::report) name: String,
    /// The strength.
    pub(in crate::report) look: Look,
    /// Place among those of the same look.
    pub(in crate::report) place: usize,
    /// By place of the figure; none where the record has no value.
    pub(in crate::report) values: Vec<Option<f64>>,
}

/// Lines over common places.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::report) struct Lines {
    /// Where each place lies and what it is called, ascending.
    pub(in crate::report) places: Vec<(f64, String)>,
    /// What happened, then the methods in the order of the scores.
    pub(in crate::report) series: Vec<Series>,
}

/// The lift of one method's top tenth.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::report) struct Lift {
    /// The method, or the best possible.
    pub(in crate::report) name: String,
    /// Whether the method is used.
    pub(in crate::report) taken: bool,
    /// None where nothing was spent.
    pub(in crate::report) lift: Option<f64>,
}

/// Actual and forecast values at each place.
type Row<'a> = (f64, &'a std::collections::BTreeMap<Method, f64>);

fn series(validation: &Validation, rows: &[Row], language: Language) -> Vec<Series> {
    let mut found = vec![Series {
        name: ValidationTexts::of(language).actual.into(),
        look: Look::Actual,
        place: 0,
        values: rows.iter().map(|(actual, _)| finite(*actual)).collect(),
    }];
    let mut light = 0;
    for score in &validation.scores {
        let look = match score.method {
            _ if score.taken => Look::Taken,
            Method::Hiatus => Look::Rule,
            _ => Look::Light,
        };
        let place = if look == Look::Light { light } else { 0 };
        light += usize::from(look == Look::Light);
        let of = |forecast: &std::collections::BTreeMap<Method, f64>| {
            forecast.get(&score.method).copied().and_then(finite)
        };
        found.push(Series {
            name: texts::method_alone(score.method, language).into(),
            look,
            place,
            values: rows.iter().map(|(_, forecast)| of(forecast)).collect(),
        });
    }
    found
}

fn finite(value: f64) -> Option<f64> {
    Some(value).filter(|value| value.is_finite())
}

/// Mean orders in the holdout by repeat purchases before it; none without a class.
pub(in crate::report) fn classes(validation: &Validation, language: Language) -> Option<Lines> {
    let classes = &validation.frequency_classes;
    let rows: Vec<Row> = classes.iter().map(|class| (class.actual, &class.forecast)).collect();
    let places = classes
        .iter()
        .enumerate()
        .map(|(at, class)| (at as f64, class.repeat_purchases.clone()))
        .collect();
    (!rows.is_empty()).then(|| Lines { places, series: series(validation, &rows, language) })
}

/// Orders since the split by week, a last shorter week at its own end; none without a week.
pub(in crate::report) fn weeks(validation: &Validation, language: Language) -> Option<Lines> {
    let weeks = &validation.weeks;
    let rows: Vec<Row> = weeks.iter().map(|week| (week.actual, &week.forecast)).collect();
    let places = weeks
        .iter()
        .map(|week| {
            let full = f64::from(week.week);
            (full.min(f64::from(validation.days) / 7.0), week.week.to_string())
        })
        .collect();
    (!rows.is_empty()).then(|| Lines { places, series: series(validation, &rows, language) })
}

/// The lifts in the order of the scores, the best possible last; none where nothing was spent.
pub(in crate::report) fn lifts(validation: &Validation, language: Language) -> Option<Vec<Lift>> {
    let best = validation.best_possible.lift.and_then(finite)?;
    let mut found: Vec<Lift> = validation
        .scores
        .iter()
        .map(|score| Lift {
            name: texts::method_alone(score.method, language).into(),
            taken: score.taken,
            lift: score.top_decile.lift.and_then(finite),
        })
        .collect();
    let name = ValidationTexts::of(language).best_possible.into();
    found.push(Lift { name, taken: false, lift: Some(best) });
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample_value;

    #[test]
    fn what_happened_first_and_one_line_a_method() {
        let validation = sample_value::validation();
        let lines = classes(&validation, Language::En).unwrap();
        assert_eq!(lines.places.len(), validation.frequency_classes.len());
        assert_eq!(lines.series.len(), validation.scores.len() + 1);
        assert_eq!(lines.series[0].look, Look::Actual);
        assert_eq!(lines.series[0].values[0], Some(validation.frequency_classes[0].actual));
        let looks = |look| lines.series.iter().filter(|series| series.look == look).count();
        assert_eq!((looks(Look::Taken), looks(Look::Rule)), (1, 1));
        let places: Vec<usize> =
            lines.series.iter().filter(|s| s.look == Look::Light).map(|s| s.place).collect();
        assert_eq!(places, (0..places.len()).collect::<Vec<_>>());
    }

    #[test]
    fn the_last_week_ends_with_the_holdout() {
        let mut validation = sample_value::validation();
        validation.days = 7 * validation.weeks.len() as i32 - 3;
        let lines = weeks(&validation, Language::Vi).unwrap();
        let ends: Vec<f64> = lines.places.iter().map(|(at, _)| *at).collect();
        assert!(ends.is_sorted_by(|a, b| a < b));
        assert_eq!(ends.last().copied(), Some(f64::from(validation.days) / 7.0));
        validation.weeks.clear();
        assert_eq!(weeks(&validation, Language::Vi), None);
    }

    #[test]
    fn a_missing_forecast_is_a_gap_and_no_spend_is_no_figure() {
        let mut validation = sample_value::validation();
        let method = validation.scores[1].method;
        validation.weeks[3].forecast.remove(&method);
        let lines = weeks(&validation, Language::En).unwrap();
        assert_eq!(lines.series[2].values[3], None);
        assert_eq!(lifts(&validation, Language::En).unwrap().len(), validation.scores.len() + 1);
        validation.best_possible.lift = None;
        assert_eq!(lifts(&validation, Language::En), None);
    }
}
