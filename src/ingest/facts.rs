//! Days of the files of a table, and what was refused -> its facts, as a run of one date may know them.
//!
//! A table with a window tells of the month that ends at the date; the history of a day of the week is
//! that of up to 13 weeks before the window. Without a window all rows count that are not dated later.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use jiff::civil::Date;

use super::day_log::{Bins, Day, DayLog};
use super::reject_log::RejectLog;
use crate::run::{
    CategoryFacts, ColumnFacts, DayFacts, FileFacts, Filled, InputFile, MOST_DISTINCT, MOST_VALUES,
    Silence, Spread, TableFacts, Usual,
};
use crate::types::{AsOf, date_of_days, days_since_epoch};

/// Weeks before a window that tell what a day of the week is like, and the fewest that do.
const WEEKS: i32 = 13;
const FEWEST_WEEKS: u32 = 8;

/// A day is expected to have rows where as many of those weeks had.
const OPEN_SHARE: f64 = 0.75;

/// Days to both sides of the same date of last year that are looked at: feasts of the moon move.
const MOVING: i32 = 30;

/// Shares of the quantiles of a [`Spread`].
const SHARES: [f64; 6] = [0.1, 0.25, 0.5, 0.75, 0.9, 0.99];

/// A table and how much of it a run may know.
pub(super) struct Asked<'a> {
    pub table: &'a str,
    pub as_of: AsOf,
    /// The slot of the time, of a table with a window.
    pub window: Option<usize>,
    /// Ticks of one unit of the currency.
    pub ticks: f64,
}

/// The days of the window that ends at `as_of`: of the last day of a month that month, otherwise the
/// days after the same day of the month before.
pub(super) fn window(as_of: AsOf) -> RangeInclusive<i32> {
    let date = as_of.0;
    let first = if date == date.last_of_month() {
        days_since_epoch(date.first_of_month())
    } else {
        date.checked_sub(jiff::Span::new().months(1))
            .map_or(i32::MIN, |day| days_since_epoch(day) + 1)
    };
    first..=as_of.days()
}

/// The facts of a table of these files.
pub(super) fn table_facts(
    asked: &Asked<'_>,
    files: &[(&InputFile, &DayLog)],
    log: &RejectLog,
) -> TableFacts {
    let known = i32::MIN..=asked.as_of.days();
    let days = asked.window.map_or(known.clone(), |_| window(asked.as_of));
    let used = chosen(asked, files, &days, &known);
    let mut facts = TableFacts {
        table: asked.table.to_owned(),
        from: asked.window.and_then(|_| date_of_days(*days.start())),
        ..TableFacts::default()
    };
    let named = |name: &str| used.iter().any(|(file, _)| file.path == name);
    [facts.refused, facts.undated] = log.first_reasons(asked.table, named, &days);
    if asked.window.is_none() {
        for (reason, rows) in std::mem::take(&mut facts.undated) {
            *facts.refused.entry(reason).or_default() += rows;
        }
    }
    let mut all = Day::default();
    for (file, log) in &used {
        let mut of_file = sum(log, &days);
        if asked.window.is_none() {
            of_file.add(&log.undated);
        }
        let rows = log.days().filter(|(day, _)| known.contains(day)).map(|(_, day)| day.rows);
        facts.known += rows.sum::<u64>() + log.undated.rows;
        facts.files.push(FileFacts {
            path: file.path.clone(),
            parquet: log.parquet,
            rows: of_file.rows,
            median_amount: of_file.amount.quantile(0.5).map(|median| median / asked.ticks),
        });
        all.add(&of_file);
    }
    facts.rows = all.rows;
    facts.columns = columns(&used, |slot| {
        // No window has the rows without a time.
        let undated = asked.window == Some(slot);
        let mut filled = Filled {
            values: if undated { facts.known } else { all.rows },
            empty: all.empty[slot],
            unreadable: all.unreadable[slot],
        };
        if undated {
            filled.empty += used.iter().map(|(_, log)| log.undated.empty[slot]).sum::<u64>();
            filled.unreadable +=
                used.iter().map(|(_, log)| log.undated.unreadable[slot]).sum::<u64>();
        }
        filled
    });
    facts.amount = spread(&all.amount, asked.ticks);
    facts.quantity = spread(&all.quantity, 1.0);
    if asked.window.is_some() {
        let rows = rows_by_day(files, *known.end());
        facts.days =
            days.clone().filter_map(|day| day_facts(day, &days, files, &rows, asked)).collect();
        facts.silences = silences(&facts.days, &rows);
    }
    facts
}

/// The files that have a row in `days`; where none has, those with one before. Without a window those
/// without any day too.
fn chosen<'a>(
    asked: &Asked<'_>,
    files: &[(&'a InputFile, &'a DayLog)],
    days: &RangeInclusive<i32>,
    known: &RangeInclusive<i32>,
) -> Vec<(&'a InputFile, &'a DayLog)> {
    let with = |range: &RangeInclusive<i32>| -> Vec<(&'a InputFile, &'a DayLog)> {
        let has = |log: &DayLog| {
            let undated = asked.window.is_none() && log.undated.rows > 0;
            undated || log.days().any(|(day, _)| range.contains(&day))
        };
        files.iter().filter(|(_, log)| has(log)).copied().collect()
    };
    let found = with(days);
    if found.is_empty() { with(known) } else { found }
}

fn sum(log: &DayLog, days: &RangeInclusive<i32>) -> Day {
    let mut all = Day::default();
    log.days().filter(|(day, _)| days.contains(day)).for_each(|(_, day)| all.add(day));
    all
}

/// Every column by name; what was found in those that have a slot.
fn columns(files: &[(&InputFile, &DayLog)], filled: impl Fn(usize) -> Filled) -> Vec<ColumnFacts> {
    let mut found = BTreeMap::<&str, (usize, Vec<&str>)>::new();
    for (_, log) in files {
        for (name, kind) in &log.columns {
            let (files, kinds) = found.entry(name).or_default();
            *files += 1;
            kinds.extend(kind);
        }
    }
    let slots: BTreeMap<&str, usize> = (files.iter())
        .flat_map(|(_, log)| log.slots.iter().map(|(slot, name)| (name.as_str(), *slot)))
        .collect();
    let facts = |(name, (files, mut kinds)): (&str, (usize, Vec<&str>))| {
        kinds.sort_unstable();
        kinds.dedup();
        ColumnFacts {
            name: name.to_owned(),
            files,
            kind: (!kinds.is_empty()).then(|| kinds.join(" or ")),
            filled: slots.get(name).map(|slot| filled(*slot)),
        }
    };
    found.into_iter().map(facts).collect()
}

fn spread(bins: &Bins, unit: f64) -> Option<Spread> {
    let mut quantiles = [0.0; 6];
    for (quantile, share) in quantiles.iter_mut().zip(SHARES) {
        *quantile = bins.quantile(share)? / unit;
    }
    let ends = bins.ends().into_iter().map(|(end, values)| (end / unit, values)).collect();
    Some(Spread { values: bins.values(), quantiles, bins: ends })
}

/// Rows of all files by day, none after `last`.
fn rows_by_day(files: &[(&InputFile, &DayLog)], last: i32) -> BTreeMap<i32, u64> {
    let mut rows = BTreeMap::new();
    for (day, found) in files.iter().flat_map(|(_, log)| log.days()).filter(|(day, _)| *day <= last)
    {
        *rows.entry(day).or_default() += found.rows;
    }
    rows
}

fn day_facts(
    day: i32,
    window: &RangeInclusive<i32>,
    files: &[(&InputFile, &DayLog)],
    rows: &BTreeMap<i32, u64>,
    asked: &Asked<'_>,
) -> Option<DayFacts> {
    let mut all = Day::default();
    files.iter().for_each(|(_, log)| all.add(&sum(log, &(day..=day))));
    Some(DayFacts {
        day: date_of_days(day)?,
        rows: all.rows,
        amount: all.net as f64 / asked.ticks,
        median_amount: all.amount.quantile(0.5).map(|median| median / asked.ticks),
        usual: usual(day, *window.start(), rows),
    })
}

/// What the day of the week of `day` was like in the weeks before the day `start`.
fn usual(day: i32, start: i32, rows: &BTreeMap<i32, u64>) -> Option<Usual> {
    let first = *rows.keys().next()?;
    let weeks = (1..).map(|week| day - 7 * week).skip_while(|day| *day >= start);
    let before: Vec<u64> = (weeks.take(WEEKS as usize).take_while(|day| *day >= first))
        .map(|day| rows.get(&day).copied().unwrap_or(0))
        .collect();
    let weeks = before.len() as u32;
    if weeks < FEWEST_WEEKS {
        return None;
    }
    let mut open: Vec<f64> =
        before.iter().filter(|rows| **rows > 0).map(|rows| *rows as f64).collect();
    open.sort_unstable_by(f64::total_cmp);
    let median = crate::math::quantile_of_sorted(&open, 0.5).unwrap_or(0.0);
    let distances: Vec<f64> = open.iter().map(|rows| (rows / median).ln().abs()).collect();
    // The factor makes it the standard deviation of a normal law (Hampel 1974).
    let spread = 1.4826 * crate::math::median(&distances).unwrap_or(0.0);
    Some(Usual { weeks, open: open.len() as u32, median, spread })
}

/// Runs of days without a row on some of which rows were to be expected.
fn silences(days: &[DayFacts], rows: &BTreeMap<i32, u64>) -> Vec<Silence> {
    let expected = |day: &DayFacts| {
        let open = |usual: Usual| f64::from(usual.open) >= OPEN_SHARE * f64::from(usual.weeks);
        day.rows == 0 && day.usual.is_some_and(open)
    };
    let mut found = Vec::new();
    for run in days.chunk_by(|a, b| (a.rows == 0) == (b.rows == 0)) {
        let count = run.iter().filter(|day| expected(day)).count();
        if count > 0
            && let (Some(from), Some(to)) = (run.first(), run.last())
        {
            let (from, to) = (from.day, to.day);
            let last_year = silence_of_last_year(from, to, rows);
            found.push(Silence { from, to, expected: count as u32, last_year });
        }
    }
    found
}

/// The most days without a row that follow each other, a year before the days from `from` to `to` or
/// some days to either side.
fn silence_of_last_year(from: Date, to: Date, rows: &BTreeMap<i32, u64>) -> Option<u32> {
    let year = jiff::Span::new().years(1);
    let ago = |day: Date| day.checked_sub(year).ok().map(days_since_epoch);
    let first = *rows.keys().next()?;
    let (from, to) = (ago(from)?, ago(to)?);
    if first > from {
        return None;
    }
    let (mut longest, mut run) = (0, 0);
    for day in (from - MOVING).max(first)..=to + MOVING {
        run = if rows.contains_key(&day) { 0 } else { run + 1 };
        longest = longest.max(run);
    }
    Some(longest)
}

/// Facts of a column of names from how often each is there; 0 for not at all.
pub(super) fn category_facts<'a>(
    column: &str,
    counts: impl Iterator<Item = (&'a str, u64)>,
) -> CategoryFacts {
    let mut counts: Vec<(&str, u64)> = counts.filter(|(_, count)| *count > 0).collect();
    counts.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let (distinct, values) = (counts.len() as u64, counts.iter().map(|(_, count)| count).sum());
    counts.truncate(if counts.len() > MOST_DISTINCT { 0 } else { MOST_VALUES });
    let most = counts.into_iter().map(|(name, count)| (name.to_owned(), count)).collect();
    CategoryFacts { column: column.to_owned(), values, distinct, most }
}

#[cfg(test)]
#[path = "facts_tests.rs"]
mod tests;
