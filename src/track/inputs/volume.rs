//! Days of the window -> days on which rows were to be expected and none came; days with far more or far
//! fewer rows than that day of the week has.
//!
//! The usual of a day is the median of the same day of the week over up to 13 weeks before the month, its
//! spread the median distance of the logarithms (times 1.4826), at least that of counts, 1/sqrt(median). A
//! day is outside where it has three times as many rows or a third, and lies six spreads away. Up to four
//! such days are noted; five, or one tenfold, are notable. Of silent days five in a row that were
//! expected to have rows are notable: a long weekend has not so many, and where three in four of those days
//! had rows chance gives less than 0.25^5, one in 1,000. Silence for as long within 30 days of
//! the same date of last year, and as many outside days by half in its same month, are seasonal.

use super::{Finding, FindingKind, Gravity, Months};
use crate::run::{DayFacts, TableFacts};

/// Expected days without a row from which a silence is notable.
const SILENT: u32 = 5;

/// Spreads, and times the usual, beyond which a day is outside.
const SPREADS: f64 = 6.0;
const TIMES: f64 = 3.0;

/// Outside days from which they are notable, and times the usual from which one is.
const DAYS: usize = 5;
const GREAT: f64 = 10.0;

/// Weeks with rows that a usual needs.
const WEEKS: u32 = 5;

pub(super) fn find(months: Months<'_>, findings: &mut Vec<Finding>) {
    let Months { now, last_year, .. } = months;
    for silence in &now.silences {
        let length = (silence.to.duration_since(silence.from).as_hours() / 24 + 1) as u32;
        let gravity = match silence.last_year {
            _ if silence.expected < SILENT => Gravity::Note,
            Some(days) if days >= length => Gravity::Seasonal,
            _ => Gravity::Notable,
        };
        findings.push(Finding {
            days: vec![silence.from, silence.to],
            now: Some(f64::from(silence.expected)),
            ..Finding::new(now, FindingKind::SilentDays, gravity)
        });
    }
    for (kind, high) in [(FindingKind::HighVolume, true), (FindingKind::LowVolume, false)] {
        let days = outside_days(now, high);
        // The farthest, as a ratio above 1.
        let away = |day: &(&DayFacts, f64)| if high { day.1 } else { 1.0 / day.1 };
        let Some(farthest) = days.iter().max_by(|a, b| away(a).total_cmp(&away(b))) else {
            continue;
        };
        let few = days.len() < DAYS && away(farthest) < GREAT;
        let then = last_year.map_or(0, |table| outside_days(table, high).len());
        let gravity = match few {
            true => Gravity::Note,
            false if 2 * then >= days.len() => Gravity::Seasonal,
            false => Gravity::Notable,
        };
        findings.push(Finding {
            before: farthest.0.usual.map(|usual| usual.median),
            now: Some(farthest.0.rows as f64),
            factor: Some(farthest.1),
            days: days.iter().map(|(day, _)| day.day).collect(),
            ..Finding::new(now, kind, gravity)
        });
    }
}

/// Days with more, or fewer, rows than usual by far, with how many times as many.
fn outside_days(table: &TableFacts, high: bool) -> Vec<(&DayFacts, f64)> {
    let outside = |day| {
        let ratio = outside(day)?;
        ((ratio > 1.0) == high).then_some((day, ratio))
    };
    table.days.iter().filter_map(outside).collect()
}

/// How many times the usual rows a day has, where that is outside.
fn outside(day: &DayFacts) -> Option<f64> {
    let usual = day.usual.filter(|usual| usual.open >= WEEKS && usual.median > 0.0)?;
    if day.rows == 0 {
        return None;
    }
    let ratio = day.rows as f64 / usual.median;
    let spread = usual.spread.max(1.0 / usual.median.sqrt());
    let limit = TIMES.ln().max(SPREADS * spread);
    // The last digit of a logarithm decides nothing.
    (ratio.ln().abs() >= limit - 1e-12).then_some(ratio)
}
