//! Rows of a CSV file, packed -> fields, texts, fingerprints.
//!
//! Fields stay bytes until they are asked for, so a column that nobody needs may hold anything.

use std::ops::Range;
use std::sync::Arc;

use xxhash_rust::xxh3::xxh3_128;

use super::IngestError;
use super::cell::Cell;
use super::rejects::{Reason, write_row};
use super::source::{Block, Fields, Row, Sink};

/// A block is full with this many rows or bytes.
const ROWS: usize = 1 << 15;
const BYTES: usize = 1 << 22;

/// How the rows of a file are read.
pub(super) struct Layout {
    /// Fields of a row.
    pub width: usize,
    /// Where the wanted columns stand.
    pub places: Vec<usize>,
    pub delimiter: u8,
}

/// Consecutive rows.
pub(super) struct CsvBlock {
    layout: Arc<Layout>,
    /// Of all fields, one after the other.
    bytes: Vec<u8>,
    /// Where each field ends.
    ends: Vec<usize>,
    rows: Vec<Place>,
}

/// Where a row stands: its line in the file, its end among the fields.
struct Place {
    line: u64,
    end: usize,
}

impl CsvBlock {
    pub(super) fn new(layout: &Arc<Layout>) -> Self {
        let layout = Arc::clone(layout);
        Self { layout, bytes: Vec::new(), ends: Vec::new(), rows: Vec::new() }
    }

    pub(super) fn push(&mut self, line: u64, record: &csv::ByteRecord) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(record.as_slice());
        let mut end = start;
        self.ends.extend(record.iter().map(|field| {
            end += field.len();
            end
        }));
        self.rows.push(Place { line, end: self.ends.len() });
    }

    pub(super) fn is_full(&self) -> bool {
        self.rows.len() >= ROWS || self.bytes.len() >= BYTES
    }

    fn fields(&self, row: usize) -> CsvFields<'_> {
        let start = if row == 0 { 0 } else { self.rows[row - 1].end };
        CsvFields { block: self, fields: start..self.rows[row].end }
    }
}

impl Block for CsvBlock {
    fn len(&self) -> usize {
        self.rows.len()
    }

    fn rows_of_file(&self) -> Option<usize> {
        None
    }

    fn fingerprints(&self, start: usize, prints: &mut [u128]) {
        let mut joined = Vec::new();
        for (row, print) in (start..).zip(prints) {
            let fields = self.fields(row);
            joined.clear();
            for field in fields.fields.clone().map(|field| fields.bytes(field)) {
                joined.extend_from_slice(&(field.len() as u64).to_le_bytes());
                joined.extend_from_slice(field);
            }
            *print = xxh3_128(&joined);
        }
    }

    fn each(&self, range: Range<usize>, sink: &mut Sink<'_>) -> Result<(), IngestError> {
        for row in range {
            let fields = self.fields(row);
            let fault = (fields.fields.len() != self.layout.width).then_some(Reason::FieldCount);
            sink(Row { line: self.rows[row].line, fault, fields: &fields })?;
        }
        Ok(())
    }
}

struct CsvFields<'a> {
    block: &'a CsvBlock,
    fields: Range<usize>,
}

impl<'a> CsvFields<'a> {
    fn bytes(&self, field: usize) -> &'a [u8] {
        let start = if field == 0 { 0 } else { self.block.ends[field - 1] };
        &self.block.bytes[start..self.block.ends[field]]
    }
}

impl Fields for CsvFields<'_> {
    fn cell(&self, wanted: usize) -> Result<Cell<'_>, Reason> {
        let place = self.block.layout.places.get(wanted).map(|place| self.fields.start + place);
        match place.filter(|place| self.fields.contains(place)).map(|place| self.bytes(place)) {
            None | Some([]) => Ok(Cell::Null),
            Some(bytes) => std::str::from_utf8(bytes).map(Cell::Text).map_err(|_| Reason::Encoding),
        }
    }

    fn write(&self, text: &mut String) {
        let fields = self.fields.clone().map(|field| String::from_utf8_lossy(self.bytes(field)));
        write_row(text, self.block.layout.delimiter, fields, |field, text| {
            text.push_str(&field);
            true
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_rows_are_the_records_that_were_pushed() {
        let layout = Arc::new(Layout { width: 2, places: vec![1, 0], delimiter: b';' });
        let records: [&[&[u8]]; 4] = [&[b"", b"b"], &[b"a;", b"\xff"], &[b"alone"], &[b"", b"b"]];
        let mut block = CsvBlock::new(&layout);
        for (line, record) in records.iter().enumerate() {
            block.push(line as u64, &csv::ByteRecord::from(record.to_vec()));
        }
        let mut seen = Vec::new();
        let sink: &mut Sink<'_> = &mut |row| {
            let cell = |wanted| row.fields.cell(wanted).map(|cell| cell.to_string());
            let mut text = String::new();
            row.fields.write(&mut text);
            seen.push((row.line, row.fault, cell(0), cell(1), text));
            Ok(())
        };
        block.each(0..block.len(), sink).unwrap();
        let text = |text: &str| Ok(text.to_owned());
        assert_eq!(seen[0], (0, None, text("b"), text(""), ";b".into()));
        let broken = (1, None, Err(Reason::Encoding), text("a;"), "\"a;\";\u{fffd}".into());
        assert_eq!(seen[1], broken);
        let ragged = (2, Some(Reason::FieldCount), text(""), text("alone"), "alone".into());
        assert_eq!(seen[2], ragged);
        let (mut prints, mut inner) = ([0; 4], [0; 2]);
        block.fingerprints(0, &mut prints);
        block.fingerprints(1, &mut inner);
        assert_eq!(prints[0], prints[3]);
        assert!(prints[0] != prints[1] && prints[1] != prints[2] && prints[0] != prints[2]);
        assert_eq!(prints[1..3], inner);
    }
}
