//! Refused rows -> the log of all input files: where each stands, its reasons, its text; counts
//! by reason.
//!
//! The log is kept in parts of one file each, so that several threads can fill and write it; the
//! order of the parts is that of the rows.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::rejects::{Reason, Reasons};
use super::source::Fields;
use crate::run::RejectCount;
use crate::types::AsOf;

/// Rows of a part that is filled row by row.
const PART: usize = 1 << 13;

/// The refused rows of all input files.
#[derive(Debug, Default)]
pub struct RejectLog {
    /// Section of the configuration and name.
    files: Vec<(&'static str, String)>,
    /// Each with the place of its file.
    parts: Vec<(usize, Part)>,
}

/// Refused rows of one file that follow each other.
#[derive(Debug, Default)]
pub(super) struct Part {
    entries: Vec<Entry>,
    text: String,
}

#[derive(Debug)]
struct Entry {
    line: u64,
    text_end: usize,
    /// Day of the row where it has one: rows after a run's date are no business of that run.
    day: Option<i32>,
    reasons: Reasons,
}

/// One refused row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject<'a> {
    /// File as the manifest names it.
    pub file: &'a str,
    /// Line (CSV, header included) or row (Parquet).
    pub line: u64,
    /// The reason it is refused for.
    pub reason: Reason,
    /// Further reasons that it meets.
    pub also: Vec<Reason>,
    /// The row.
    pub text: &'a str,
}

/// Refused rows of one file that follow each other, as a run of one date tells of them.
#[derive(Clone, Copy, Debug)]
pub struct RejectPart<'a> {
    file: &'a str,
    part: &'a Part,
    /// The last day that counts.
    last: i32,
}

impl<'a> RejectPart<'a> {
    /// The file of all its rows, as the manifest names it.
    pub fn file(self) -> &'a str {
        self.file
    }

    /// The rows, in file order.
    pub fn rows(self) -> impl Iterator<Item = Reject<'a>> {
        let Self { file, part, last } = self;
        let mut start = 0;
        part.entries.iter().filter_map(move |entry| {
            let text = &part.text[start..entry.text_end];
            start = entry.text_end;
            if !entry.counts(last) {
                return None;
            }
            let mut reasons = entry.reasons.iter();
            let reason = reasons.next()?;
            Some(Reject { file, line: entry.line, reason, also: reasons.collect(), text })
        })
    }
}

impl Entry {
    fn counts(&self, last: i32) -> bool {
        self.day.is_none_or(|day| day <= last)
    }
}

impl Part {
    pub(super) fn push(
        &mut self,
        line: u64,
        reasons: Reasons,
        day: Option<i32>,
        fields: &dyn Fields,
    ) {
        fields.write(&mut self.text);
        self.entries.push(Entry { line, text_end: self.text.len(), day, reasons });
    }
}

impl RejectLog {
    pub(super) fn begin_file(&mut self, table: &'static str, name: &str) {
        self.files.push((table, name.to_owned()));
    }

    pub(super) fn push(
        &mut self,
        line: u64,
        reasons: Reasons,
        day: Option<i32>,
        fields: &dyn Fields,
    ) {
        let file = self.file();
        let full = |(of, part): &(usize, Part)| *of != file || part.entries.len() >= PART;
        if self.parts.last().is_none_or(full) {
            self.parts.push((file, Part::default()));
        }
        if let Some((_, part)) = self.parts.last_mut() {
            part.push(line, reasons, day, fields);
        }
    }

    /// Adds rows of the file that was begun last.
    pub(super) fn append(&mut self, mut part: Part) {
        if !part.entries.is_empty() {
            part.entries.shrink_to_fit();
            part.text.shrink_to_fit();
            self.parts.push((self.file(), part));
        }
    }

    fn file(&self) -> usize {
        self.files.len().saturating_sub(1)
    }

    /// The refused rows that are not dated after `as_of`, in parts, in file order.
    pub fn rejects(&self, as_of: AsOf) -> Vec<RejectPart<'_>> {
        let last = as_of.days();
        let parts = self.parts.iter();
        parts.map(|(file, part)| RejectPart { file: &self.files[*file].1, part, last }).collect()
    }

    /// Refused rows of the files of `table` that `named` holds, by their first reason: those dated within
    /// `days`, and those without a day.
    pub(super) fn first_reasons(
        &self,
        table: &str,
        named: impl Fn(&str) -> bool,
        days: &RangeInclusive<i32>,
    ) -> [BTreeMap<String, u64>; 2] {
        let mut found = [BTreeMap::new(), BTreeMap::new()];
        let of_table = |file: &usize| {
            let (section, name) = &self.files[*file];
            *section == table && named(name)
        };
        for (_, part) in self.parts.iter().filter(|(file, _)| of_table(file)) {
            for entry in &part.entries {
                let dated = entry.day.is_some();
                if dated && !entry.day.is_some_and(|day| days.contains(&day)) {
                    continue;
                }
                if let Some(reason) = entry.reasons.iter().next() {
                    *found[usize::from(!dated)].entry(reason).or_default() += 1;
                }
            }
        }
        found.map(|counts: BTreeMap<Reason, u64>| {
            counts.into_iter().map(|(reason, rows)| (reason.code().to_owned(), rows)).collect()
        })
    }

    /// Refused rows of the files of `table` by reason, and how many there are, for rows not
    /// dated after `as_of`.
    pub fn counts(&self, table: &str, as_of: AsOf) -> (BTreeMap<String, RejectCount>, u64) {
        let mut counts = BTreeMap::<String, RejectCount>::new();
        let mut by_reasons = BTreeMap::<u32, u64>::new();
        let last = as_of.days();
        for (_, part) in self.parts.iter().filter(|(file, _)| self.files[*file].0 == table) {
            for alike in part.entries.chunk_by(|a, b| a.reasons == b.reasons) {
                let rows = alike.iter().filter(|entry| entry.counts(last)).count() as u64;
                if rows > 0 {
                    *by_reasons.entry(alike[0].reasons.0).or_default() += rows;
                }
            }
        }
        let total = by_reasons.values().sum();
        for (mask, rows) in by_reasons {
            for (place, reason) in Reasons(mask).iter().enumerate() {
                let count = counts.entry(reason.code().into()).or_default();
                count.matching += rows;
                if place == 0 {
                    count.rows += rows;
                }
            }
        }
        (counts, total)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::ingest::cell::Cell;

    /// A row of one field.
    struct Field(&'static str);

    impl Fields for Field {
        fn cell(&self, _: usize) -> Result<Cell<'_>, Reason> {
            Ok(Cell::Text(self.0))
        }

        fn write(&self, text: &mut String) {
            text.push_str(self.0);
        }
    }

    fn reasons(all: &[Reason]) -> Reasons {
        let mut reasons = Reasons::default();
        all.iter().for_each(|reason| reasons.add(*reason));
        reasons
    }

    #[test]
    fn a_row_counts_once_by_its_first_reason_and_everywhere_as_matching() {
        let mut log = RejectLog::default();
        log.begin_file("transactions", "a.csv");
        let both = reasons(&[Reason::PriceZero, Reason::CustomerMissing]);
        log.push(2, both, None, &Field("x"));
        let one = reasons(&[Reason::PriceZero]);
        let day = crate::types::days_since_epoch(date(2020, 1, 2));
        log.push(3, one, Some(day), &Field("y"));

        let (counts, total) = log.counts("transactions", AsOf(date(2020, 1, 2)));
        assert_eq!(total, 2);
        assert_eq!(counts["customer_missing"], RejectCount { rows: 1, matching: 1 });
        assert_eq!(counts["price_zero"], RejectCount { rows: 1, matching: 2 });

        let parts = log.rejects(AsOf(date(2020, 1, 1)));
        let before: Vec<_> = parts.into_iter().flat_map(RejectPart::rows).collect();
        assert_eq!(before.len(), 1, "a row dated after as_of does not appear");
        assert_eq!(before[0].text, "x");
        assert_eq!(before[0].also, [Reason::PriceZero]);
    }

    #[test]
    fn rows_keep_file_order_text_and_file_whichever_way_they_come() {
        let mut log = RejectLog::default();
        let one = reasons(&[Reason::PriceZero]);
        log.begin_file("transactions", "a.csv");
        for line in 0..PART as u64 + 1 {
            log.push(line, one, None, &Field(if line % 2 == 0 { "even" } else { "odd" }));
        }
        let mut part = Part::default();
        part.push(20_000, one, None, &Field("of a thread"));
        log.append(part);
        log.append(Part::default());
        log.begin_file("wallet", "b.csv");
        log.push(2, one, None, &Field("another"));

        let day = AsOf(date(2020, 1, 1));
        let rows: Vec<_> = log.rejects(day).into_iter().flat_map(RejectPart::rows).collect();
        assert_eq!(rows.len(), PART + 3);
        for (place, row) in rows[..=PART].iter().enumerate() {
            let text = if place % 2 == 0 { "even" } else { "odd" };
            assert_eq!((row.file, row.line, row.text), ("a.csv", place as u64, text));
        }
        let ends = rows[PART + 1..].iter().map(|row| (row.file, row.line, row.text));
        let expected = [("a.csv", 20_000, "of a thread"), ("b.csv", 2, "another")];
        assert!(ends.eq(expected));
        assert_eq!(log.counts("wallet", day).1, 1);
    }
}
