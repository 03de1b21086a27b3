//! Sizes of amounts and of quantities before and now -> jumps by 100 or 1,000 up or down, as a change
//! between a currency and its hundredth or its thousand makes them; also where a part of the rows jumped.
//!
//! All: the ratio of the medians is within a factor of 2 of 1,000, 100, 1/100 or 1/1,000 (0.301 on the scale
//! of logarithms to base 10). Part: with m the median before and f the factor, rows beyond m f / sqrt(10)
//! are more than before by at least a hundredth of the rows, ten rows, and chance (the test of `shares`);
//! they are taken for rows that stood at m / sqrt(10) or more, and their median over the median of those
//! before is within a factor of 2 of f; the rows that are not beyond have a median within a factor of 6 of m,
//! as where all moved by another factor none would stand as before. The share that jumped is the rise over the share of rows that could
//! have. Downwards likewise. A day has jumped where its own median has. A file has likewise, which is looked
//! at first: a file of the same path is held against itself, another against the table, where no file of
//! the run before was of its size (within sqrt(10)). All need 20 values on both sides.
//!
//! A jump is severe, except that of less than a fifth of the rows downwards, which hardly moves a sum.

use super::shares::{Part, SEVERE, by_chance};
use super::{Finding, FindingKind, Gravity, Months};
use crate::run::{FileFacts, Spread, TableFacts};

/// The factors of a currency: the larger first, as each is tried in turn.
pub(super) const FACTORS: [f64; 4] = [1000.0, 100.0, 0.001, 0.01];

/// How far the median of the rows that did not jump may be from that of before.
const AS_BEFORE: f64 = 6.0;

/// How far a ratio may be from a factor.
const WITHIN: f64 = 2.0;

/// Least values on both sides.
const FEWEST: u64 = 20;

/// Least share of the rows, and least rows, of a jump of a part.
const PART: f64 = 0.01;
const ROWS: f64 = 10.0;

pub(super) fn find(months: Months<'_>, findings: &mut Vec<Finding>) {
    let Months { now, before, .. } = months;
    if let (Some(was), Some(is)) = (&before.amount, &now.amount) {
        let jump = of_files(before, now).or_else(|| jump(was, is));
        findings.extend(jump.map(|jump| {
            let near = |median: f64| is_near(median / was.median(), jump.factor);
            let days = now.days.iter().filter(|day| day.median_amount.is_some_and(near));
            let days = days.map(|day| day.day).collect();
            let files: Vec<String> = (now.files.iter())
                .filter(|file| file_jumped(before, was, file, jump.factor))
                .map(|file| file.path.clone())
                .collect();
            let all = files.len() == now.files.len();
            let files = if all { Vec::new() } else { files };
            Finding { days, files, ..finding(now, FindingKind::AmountJump, &jump, (was, is)) }
        }));
    }
    if let (Some(was), Some(is)) = (&before.quantity, &now.quantity) {
        let jump = jump(was, is);
        findings.extend(jump.map(|jump| finding(now, FindingKind::QuantityJump, &jump, (was, is))));
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Jump {
    pub factor: f64,
    /// The share of the rows that jumped.
    pub share: f64,
    pub chance: Option<f64>,
}

fn finding(
    table: &TableFacts,
    kind: FindingKind,
    jump: &Jump,
    (was, is): (&Spread, &Spread),
) -> Finding {
    let severe = jump.factor > 1.0 || jump.share >= SEVERE;
    let gravity = if severe { Gravity::Severe } else { Gravity::Notable };
    Finding {
        before: Some(was.median()),
        now: Some(is.median()),
        chance: jump.chance,
        factor: Some(jump.factor),
        share: Some(jump.share),
        ..Finding::new(table, kind, gravity)
    }
}

/// Whether `ratio` is a factor to within [`WITHIN`].
pub(super) fn is_near(ratio: f64, factor: f64) -> bool {
    ratio > 0.0 && (ratio / factor).ln().abs() <= WITHIN.ln() + 1e-12
}

/// The jump of all values or of a part of them.
pub(super) fn jump(was: &Spread, is: &Spread) -> Option<Jump> {
    if was.values < FEWEST || is.values < FEWEST {
        return None;
    }
    let ratio = is.median() / was.median();
    if let Some(&factor) = FACTORS.iter().find(|factor| is_near(ratio, **factor)) {
        return Some(Jump { factor, share: 1.0, chance: None });
    }
    FACTORS.iter().find_map(|factor| part(was, is, *factor))
}

/// The jump of a part of the values by `factor`.
fn part(was: &Spread, is: &Spread, factor: f64) -> Option<Jump> {
    let up = factor > 1.0;
    let half = 10f64.sqrt();
    let from = if up { was.median() / half } else { was.median() * half };
    let to = from * factor;
    let beyond = |spread: &Spread, bound: f64| {
        let bins =
            spread.bins.iter().filter(|(end, _)| if up { *end >= bound } else { *end <= bound });
        let bins: Vec<(f64, u64)> = bins.copied().collect();
        Part { count: bins.iter().map(|(_, values)| values).sum(), of: spread.values }
    };
    let (tail_before, tail, body) = (beyond(was, to), beyond(is, to), beyond(was, from));
    let rise = tail.share() - tail_before.share();
    let chance = by_chance(tail_before, tail);
    if rise < PART || rise <= chance || rise * is.values as f64 <= ROWS || body.count == 0 {
        return None;
    }
    let share = rise / body.share();
    let ratio = median_beyond(is, to, up)? / median_beyond(was, from, up)?;
    // Where all moved by another factor, there are no rows left that stand as before.
    let stayed = median_beyond(is, to, !up)? / was.median();
    let found = stayed.ln().abs() <= AS_BEFORE.ln() && is_near(ratio, factor);
    found.then_some(Jump { factor, share: share.min(1.0), chance: Some(chance) })
}

/// Median of the ends of the bins beyond `bound`.
fn median_beyond(spread: &Spread, bound: f64, up: bool) -> Option<f64> {
    let bins =
        || spread.bins.iter().filter(|(end, _)| if up { *end >= bound } else { *end <= bound });
    let half = bins().map(|(_, values)| values).sum::<u64>().div_ceil(2);
    let mut before = 0;
    let mut found = bins().skip_while(|(_, values)| {
        before += values;
        before < half
    });
    found.next().map(|(end, _)| *end)
}

/// A jump of one file or several, where not all jumped.
fn of_files(before: &TableFacts, now: &TableFacts) -> Option<Jump> {
    let was = before.amount.as_ref()?;
    let jumped =
        |file: &&FileFacts, factor| file.rows >= FEWEST && file_jumped(before, was, file, factor);
    FACTORS.iter().find_map(|factor| {
        let files: Vec<&FileFacts> =
            now.files.iter().filter(|file| jumped(file, *factor)).collect();
        let share = files.iter().map(|file| file.rows).sum::<u64>() as f64 / now.rows as f64;
        let some = !files.is_empty() && files.len() < now.files.len();
        some.then_some(Jump { factor: *factor, share, chance: None })
    })
}

/// Whether the median of a file jumped: against the file of the same path, or else against the table
/// before, where no file was of this size then.
fn file_jumped(before: &TableFacts, was: &Spread, file: &FileFacts, factor: f64) -> bool {
    let Some(median) = file.median_amount else { return false };
    let earlier = || before.files.iter().filter(|earlier| earlier.rows >= FEWEST);
    let same =
        earlier().find(|earlier| earlier.path == file.path).and_then(|same| same.median_amount);
    if let Some(same) = same {
        return is_near(median / same, factor);
    }
    let alike = |then: f64| (median / then).ln().abs() <= 10f64.sqrt().ln();
    let known = earlier().filter_map(|earlier| earlier.median_amount).any(alike);
    !known && is_near(median / was.median(), factor)
}
