//! A CSV file, plain or gzipped -> blocks of rows with line numbers.
//!
//! Read with the `csv` crate rather than with polars, which keeps neither line numbers nor the
//! text of a bad row.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use flate2::read::MultiGzDecoder;

use super::IngestError;
use super::csv_block::{CsvBlock, Layout};
use super::params::TextParams;
use super::source::{BlockSink, Source, Wanted, read_ahead};

/// A longer row means a quote that never closes.
const ROW_LIMIT_MIB: usize = 16;
const READ_AHEAD: usize = 1 << 18;

/// Names of the columns.
pub(super) fn columns(
    path: &Path,
    gzip: bool,
    text: &TextParams,
) -> Result<Vec<String>, IngestError> {
    Ok(open(path, gzip, text)?.header)
}

pub(super) fn each_block(
    source: &Source,
    gzip: bool,
    wanted: &Wanted<'_>,
    sink: &mut BlockSink<'_>,
) -> Result<u64, IngestError> {
    let mut table = open(&source.path, gzip, wanted.text)?;
    let layout = Arc::new(Layout {
        width: table.header.len(),
        places: source.locate(wanted.columns, &table.header)?,
        delimiter: table.delimiter,
    });
    read_ahead(|send| produce(source, &mut table, &layout, send), sink)
}

fn produce(
    source: &Source,
    table: &mut Table,
    layout: &Arc<Layout>,
    send: &mut dyn FnMut(CsvBlock) -> bool,
) -> Result<(), IngestError> {
    let mut record = csv::ByteRecord::new();
    let mut block = CsvBlock::new(layout);
    let (mut rows, mut ragged, mut first_ragged) = (0u64, 0u64, 0u64);
    loop {
        let line = table.reader.position().line();
        table.since_row.store(0, Ordering::Relaxed);
        match table.reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                // The rows before the fault are judged first: theirs are told first.
                send(block);
                return Err(table_error(&source.path, error, line));
            }
        }
        rows += 1;
        let line = record.position().map_or(line, csv::Position::line);
        if record.len() != layout.width {
            ragged += 1;
            if ragged == 1 {
                first_ragged = line;
            }
        }
        block.push(line, &record);
        if block.is_full() && !send(std::mem::replace(&mut block, CsvBlock::new(layout))) {
            return Ok(());
        }
    }
    if !send(block) {
        return Ok(());
    }
    if ragged * 2 > rows {
        return Err(IngestError::Ragged {
            file: source.path.clone(),
            bad: ragged,
            rows,
            expected: layout.width,
            line: first_ragged,
        });
    }
    Ok(())
}

struct Table {
    reader: csv::Reader<Guard>,
    header: Vec<String>,
    delimiter: u8,
    since_row: Arc<AtomicUsize>,
}

fn open(path: &Path, gzip: bool, text: &TextParams) -> Result<Table, IngestError> {
    let unreadable = |source| IngestError::Unreadable { file: path.to_owned(), source };
    let file = File::open(path).map_err(unreadable)?;
    let bytes: Box<dyn Read + Send> = if gzip {
        Box::new(MultiGzDecoder::new(BufReader::with_capacity(READ_AHEAD, file)))
    } else {
        Box::new(file)
    };
    let mut bytes = BufReader::with_capacity(READ_AHEAD, bytes);
    let head = bytes.fill_buf().map_err(unreadable)?;
    if head.is_empty() {
        return Err(IngestError::Empty { file: path.to_owned() });
    }
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return Err(IngestError::Encoding { file: path.to_owned(), found: "UTF-16" });
    }
    let delimiter = match text.delimiter {
        Some(delimiter) => delimiter as u8,
        None => guess_delimiter(head),
    };
    let since_row = Arc::new(AtomicUsize::new(0));
    let guard = Guard { inner: bytes, since_row: Arc::clone(&since_row) };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .buffer_capacity(1 << 16)
        .from_reader(guard);
    let header = match reader.byte_headers() {
        Ok(header) => header.clone(),
        Err(error) => return Err(table_error(path, error, 1)),
    };
    if header.is_empty() {
        return Err(IngestError::Empty { file: path.to_owned() });
    }
    let header = header
        .iter()
        .map(|field| {
            std::str::from_utf8(field).map(|name| name.trim().to_owned()).map_err(|_| {
                IngestError::Encoding {
                    file: path.to_owned(),
                    found: "another encoding (its header line)",
                }
            })
        })
        .collect::<Result<_, _>>()?;
    Ok(Table { reader, header, delimiter, since_row })
}

/// The separator that stands most often in the header line outside quotes; a comma where none
/// does.
fn guess_delimiter(head: &[u8]) -> u8 {
    let line = head.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let mut quoted = false;
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0), (b'|', 0)];
    for &byte in line {
        quoted ^= byte == b'"';
        if let Some((_, count)) = counts.iter_mut().find(|(mark, _)| *mark == byte && !quoted) {
            *count += 1;
        }
    }
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(mark, _)| *mark)
}

fn table_error(path: &Path, error: csv::Error, line: u64) -> IngestError {
    match error.into_kind() {
        csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => {
            IngestError::RowTooLong { file: path.to_owned(), line, limit_mib: ROW_LIMIT_MIB }
        }
        csv::ErrorKind::Io(source) => IngestError::Unreadable { file: path.to_owned(), source },
        other => IngestError::Unreadable {
            file: path.to_owned(),
            source: io::Error::other(format!("{other:?}")),
        },
    }
}

/// Stops a row that never ends before it fills the memory.
struct Guard {
    inner: BufReader<Box<dyn Read + Send>>,
    since_row: Arc<AtomicUsize>,
}

impl Read for Guard {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.since_row.load(Ordering::Relaxed) > ROW_LIMIT_MIB << 20 {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let read = self.inner.read(buffer)?;
        self.since_row.fetch_add(read, Ordering::Relaxed);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_read_from_the_header_outside_quotes() {
        assert_eq!(guess_delimiter(b"a,b,c\n1;2;3"), b',');
        assert_eq!(guess_delimiter(b"a;b;c\r\n1,5;2;3"), b';');
        assert_eq!(guess_delimiter(b"a\tb"), b'\t');
        assert_eq!(guess_delimiter(b"\"x,y,z\";b"), b';');
        assert_eq!(guess_delimiter(b"one"), b',');
    }
}
