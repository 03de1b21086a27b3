//! Transaction files -> the rows that count, each with customer, order, day, amount; the others
//! with their reasons to the reject log.
//!
//! A block is judged in pieces by all threads; the pieces are put together in file order, so that
//! the result does not depend on threads.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::day_log::{DayLog, ReadFile};
use super::fields::{Expected, Unreadable};
use super::judge::{Counted, Judge, Judged};
use super::params::{Duplicates, TextParams};
use super::reject_log::RejectLog;
use super::seen::Seen;
use super::source::{Block, Source, Wanted};
use super::{IngestError, IngestParams};
use crate::types::{CustomerId, Money};

/// Rows of a piece.
const PIECE: usize = 1 << 13;

/// The rows of all files.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// Those that count.
    pub counted: Counted,
    /// Whether there is a column of costs.
    pub has_cost: bool,
    /// Rows read.
    pub read: u64,
}

pub(super) fn read(
    params: &IngestParams<'_>,
    sources: &[Source],
    log: &mut RejectLog,
    files: &mut Vec<ReadFile>,
    step: &mut dyn FnMut(),
) -> Result<Rows, IngestError> {
    let table = params.transactions;
    check_text("transactions", &table.format)?;
    let (judge, columns) = Judge::new(params)?;
    let mut rows = Rows { has_cost: judge.has_cost(), ..Rows::default() };
    let mut seen = (table.policy.duplicates == Duplicates::Drop).then(Seen::default);
    let mut known = HashMap::new();
    let mut absolute = [0; 2];
    for source in sources {
        log.begin_file(source.table, &source.name);
        let mut days = DayLog::new(source, &table.format, Judge::slots(table))?;
        let mut unread = (Unreadable::default(), <[Unreadable; 3]>::default());
        let wanted = Wanted {
            columns: &columns,
            flags_from: usize::MAX,
            fingerprints: seen.is_some(),
            text: &table.format,
        };
        let count = source.each_block(&wanted, &mut |block| {
            for piece in judge_block(&judge, block, seen.as_mut())? {
                note(&piece, &mut days);
                for (sum, part) in absolute.iter_mut().zip(piece.absolute) {
                    *sum += part;
                }
                unread.0.absorb(piece.time);
                for (all, of_piece) in unread.1.iter_mut().zip(piece.worth) {
                    all.absorb(of_piece);
                }
                log.append(piece.refused);
                rows.counted.append(piece.counted, &mut known);
            }
            Ok(())
        })?;
        rows.read += count;
        let time = Expected {
            column: table.time.clone(),
            what: "a time",
            remedy: "Set [transactions] time_format, such as \"%d/%m/%Y %H:%M\", or name another column",
        };
        unread.0.check(source, count, time)?;
        judge.valuer().check_columns(source, count, &unread.1)?;
        files.push(ReadFile { file: source.describe(count)?, log: days });
        step();
    }
    for (what, absolute) in ["amount", "cost"].into_iter().zip(absolute) {
        if absolute > i128::from(i64::MAX / 4) {
            return Err(IngestError::TooMuchMoney {
                what,
                limit: Money(i64::MAX / 4).units(params.currency),
                currency: params.currency.0.clone(),
            });
        }
    }
    Ok(rows)
}

/// Notes the rows of a piece by their days.
fn note(piece: &Judged, days: &mut DayLog) {
    let sales = &piece.counted.sales;
    for ((day, amount), quantity) in sales.day.iter().zip(&sales.amount).zip(&piece.quantity) {
        days.sold(*day, *amount, *quantity);
    }
    for row in &piece.marked {
        match row.refused {
            true => days.row(row.day, row.marks),
            false => days.mark(row.day, row.marks),
        }
    }
}

/// What became of the rows of a block, piece by piece, in file order.
fn judge_block(
    judge: &Judge<'_>,
    block: &dyn Block,
    seen: Option<&mut Seen>,
) -> Result<Vec<Judged>, IngestError> {
    let rows = block.len();
    let duplicate = seen.map_or_else(Vec::new, |seen| seen.mark(block));
    let pieces: Vec<Range<usize>> =
        (0..rows).step_by(PIECE).map(|start| start..rows.min(start + PIECE)).collect();
    let judge_piece =
        |judge: &mut Judge<'_>, piece: Range<usize>| judge.judge(block, piece, &duplicate);
    pieces.into_par_iter().map_init(|| judge.clone(), judge_piece).collect()
}

impl Counted {
    /// Adds the rows of a piece; `known` are the ids so far, with their places.
    fn append(&mut self, piece: Counted, known: &mut HashMap<Arc<str>, u32>) {
        let ids = &mut self.ids;
        let code = |id: CustomerId| match known.get(&id.0) {
            Some(&code) => code,
            None => {
                let code = ids.len() as u32;
                known.insert(Arc::clone(&id.0), code);
                ids.push(id);
                code
            }
        };
        let codes: Vec<u32> = piece.ids.into_iter().map(code).collect();
        self.sales.append(piece.sales, &codes);
        self.ids_normalised += piece.ids_normalised;
    }
}

/// Refuses marks that would make text ambiguous.
///
/// # Errors
/// `Text`.
pub(super) fn check_text(table: &'static str, text: &TextParams) -> Result<(), IngestError> {
    let fault = |message| Err(IngestError::Text { table, message });
    if !matches!(text.decimal, '.' | ',') {
        return fault("format.decimal must be \".\" or \",\"");
    }
    if text.thousands == Some(text.decimal) {
        return fault("format.decimal and format.thousands are the same mark. Change one");
    }
    if text.thousands.is_some_and(|mark| mark.is_ascii_alphanumeric() || mark == '-') {
        return fault(
            "format.thousands must be a mark such as \".\" or \" \", not a letter, digit or sign",
        );
    }
    if text.delimiter.is_some_and(|mark| !mark.is_ascii() || matches!(mark, '"' | '\n' | '\r')) {
        return fault(
            "format.delimiter must be one ASCII character other than a quote or a line end",
        );
    }
    Ok(())
}
