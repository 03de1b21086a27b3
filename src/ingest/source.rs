//! Patterns of the configuration -> files with their hashes -> rows, whatever the format.
//!
//! Rows come in blocks, the next of which is read while one is judged; a block is dropped when it
//! has been judged: memory does not grow with the file.

use std::fs::File;
use std::io::{BufReader, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;

use sha2::{Digest, Sha256};

use super::cell::Cell;
use super::params::TextParams;
use super::rejects::Reason;
use super::{IngestError, csv_rows, parquet_rows};
use crate::run::InputFile;

/// One input file.
pub(super) struct Source {
    /// Section of the configuration that named it.
    pub table: &'static str,
    /// Where it is.
    pub path: PathBuf,
    /// How the manifest and the reject file call it: relative to the configuration.
    pub name: String,
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Csv,
    Gzip,
    Parquet,
}

/// One row, valid for the length of a call.
pub(super) struct Row<'a> {
    /// Line of a CSV file (the header is 1), row of a Parquet file (from 1).
    pub line: u64,
    /// What is wrong with the row as a whole.
    pub fault: Option<Reason>,
    /// Its fields.
    pub fields: &'a dyn Fields,
}

/// Access to the fields of a row.
pub(super) trait Fields {
    /// The field of the `wanted`-th column asked for; `Err` where it is not valid UTF-8.
    fn cell(&self, wanted: usize) -> Result<Cell<'_>, Reason>;
    /// Adds the row as text, for the reject file.
    fn write(&self, text: &mut String);
}

/// Consecutive rows of a file, open to several threads at once.
pub(super) trait Block: Send + Sync {
    /// Rows.
    fn len(&self) -> usize;
    /// Rows of the whole file, where that is known beforehand.
    fn rows_of_file(&self) -> Option<usize>;
    /// 128 bits over all fields of each row from `start` on, as many as there is room for in
    /// `prints`; asked for in [`Wanted`].
    fn fingerprints(&self, start: usize, prints: &mut [u128]);
    /// Calls `sink` with each row of `range`, in file order.
    ///
    /// # Errors
    /// Those of `sink`.
    fn each(&self, range: Range<usize>, sink: &mut Sink<'_>) -> Result<(), IngestError>;
}

/// Columns asked for and whether all fields are needed for a fingerprint.
pub(super) struct Wanted<'a> {
    pub columns: &'a [String],
    /// Place of the first column that may hold truth values.
    pub flags_from: usize,
    pub fingerprints: bool,
    pub text: &'a TextParams,
}

/// What reads rows: called once a row, in file order.
pub(super) type Sink<'a> = dyn FnMut(Row<'_>) -> Result<(), IngestError> + 'a;

/// What reads blocks: called once a block, in file order.
pub(super) type BlockSink<'a> = dyn FnMut(&dyn Block) -> Result<(), IngestError> + 'a;

/// The files that `patterns` name, sorted by path within each pattern, each once.
///
/// # Errors
/// `NoFiles`, `BadGlob`, and whatever opening each file says.
pub(super) fn find(
    table: &'static str,
    base: &Path,
    patterns: &[String],
) -> Result<Vec<Source>, IngestError> {
    let mut sources: Vec<Source> = Vec::new();
    if patterns.is_empty() {
        return Err(IngestError::NoFiles { table, pattern: String::new() });
    }
    for pattern in patterns {
        let bad =
            |message: String| IngestError::BadGlob { table, pattern: pattern.clone(), message };
        // The folder's own name may hold characters that a glob would read as wildcards.
        let prefix = glob::Pattern::escape(&base.to_string_lossy());
        let full = if Path::new(pattern).is_absolute() || base.as_os_str().is_empty() {
            pattern.clone()
        } else {
            format!("{prefix}/{pattern}")
        };
        let mut found = 0;
        for path in glob::glob(&full).map_err(|error| bad(error.to_string()))? {
            let path = path.map_err(|error| IngestError::Unreadable {
                file: error.path().to_owned(),
                source: error.into(),
            })?;
            if path.is_dir() {
                continue;
            }
            found += 1;
            if sources.iter().any(|source| source.path == path) {
                continue;
            }
            let name =
                path.strip_prefix(base).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            let format = sniff(&path)?;
            sources.push(Source { table, path, name, format });
        }
        if found == 0 {
            return Err(IngestError::NoFiles { table, pattern: pattern.clone() });
        }
    }
    Ok(sources)
}

/// One file given by its path.
///
/// # Errors
/// Whatever opening it says.
pub(super) fn single(table: &'static str, path: &Path) -> Result<Source, IngestError> {
    let format = sniff(path)?;
    Ok(Source { table, path: path.to_owned(), name: path.display().to_string(), format })
}

/// The format by the first bytes, so that a wrong ending does no harm.
fn sniff(path: &Path) -> Result<Format, IngestError> {
    let file = || path.to_owned();
    let unreadable = |source| IngestError::Unreadable { file: file(), source };
    let mut head = [0u8; 8];
    let mut length = 0;
    let mut reader = File::open(path).map_err(unreadable)?;
    while length < head.len() {
        match reader.read(&mut head[length..]).map_err(unreadable)? {
            0 => break,
            read => length += read,
        }
    }
    let head = &head[..length];
    Ok(match head {
        [] => return Err(IngestError::Empty { file: file() }),
        [0x1f, 0x8b, ..] => Format::Gzip,
        [b'P', b'A', b'R', b'1', ..] => Format::Parquet,
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
            return Err(IngestError::Encoding { file: file(), found: "UTF-16" });
        }
        [b'P', b'K', 3, 4, ..] => {
            return Err(IngestError::Format {
                file: file(),
                found: "a ZIP archive or an Excel workbook",
            });
        }
        [0xd0, 0xcf, 0x11, 0xe0, ..] => {
            return Err(IngestError::Format { file: file(), found: "an old Excel workbook" });
        }
        [0x28, 0xb5, 0x2f, 0xfd, ..] => {
            return Err(IngestError::Format { file: file(), found: "a Zstandard archive" });
        }
        [b'A', b'R', b'R', b'O', b'W', b'1', ..] => {
            return Err(IngestError::Format { file: file(), found: "an Arrow file" });
        }
        _ => Format::Csv,
    })
}

impl Source {
    /// Names of the columns.
    ///
    /// # Errors
    /// Those of an unusable file.
    pub(super) fn columns(&self, text: &TextParams) -> Result<Vec<String>, IngestError> {
        match self.format {
            Format::Parquet => parquet_rows::columns(&self.path),
            Format::Csv | Format::Gzip => {
                csv_rows::columns(&self.path, self.format == Format::Gzip, text)
            }
        }
    }

    /// Calls `sink` with every row and says how many there were.
    ///
    /// # Errors
    /// `MissingColumn`, `RepeatedColumn`, `ColumnType`, `RowTooLong`, or an unusable file.
    pub(super) fn each_row(
        &self,
        wanted: &Wanted<'_>,
        sink: &mut Sink<'_>,
    ) -> Result<u64, IngestError> {
        self.each_block(wanted, &mut |block| block.each(0..block.len(), sink))
    }

    /// Calls `sink` with the rows block by block and says how many there were.
    ///
    /// # Errors
    /// Those of [`Source::each_row`].
    pub(super) fn each_block(
        &self,
        wanted: &Wanted<'_>,
        sink: &mut BlockSink<'_>,
    ) -> Result<u64, IngestError> {
        match self.format {
            Format::Parquet => parquet_rows::each_block(self, wanted, sink),
            Format::Csv => csv_rows::each_block(self, false, wanted, sink),
            Format::Gzip => csv_rows::each_block(self, true, wanted, sink),
        }
    }

    /// The line of the manifest about this file.
    ///
    /// # Errors
    /// `Unreadable`.
    pub(super) fn describe(&self, rows: u64) -> Result<InputFile, IngestError> {
        let unreadable = |source| IngestError::Unreadable { file: self.path.clone(), source };
        let mut reader =
            BufReader::with_capacity(1 << 20, File::open(&self.path).map_err(unreadable)?);
        let mut hash = Sha256::new();
        let mut buffer = vec![0; 1 << 20];
        let mut bytes = 0;
        loop {
            let read = reader.read(&mut buffer).map_err(unreadable)?;
            if read == 0 {
                break;
            }
            bytes += read as u64;
            hash.update(&buffer[..read]);
        }
        let sha256 = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(InputFile { table: self.table.into(), path: self.name.clone(), sha256, bytes, rows })
    }

    /// Columns of a Parquet file whose type is neither text, number, truth value nor time, with
    /// the type; none of a CSV file.
    ///
    /// # Errors
    /// Those of an unusable file.
    pub(super) fn unreadable_columns(&self) -> Result<Vec<(String, String)>, IngestError> {
        match self.format {
            Format::Parquet => parquet_rows::unreadable_columns(&self.path),
            Format::Csv | Format::Gzip => Ok(Vec::new()),
        }
    }

    /// Names of the columns, with the type that a Parquet file gives each in one word.
    ///
    /// # Errors
    /// Those of an unusable file.
    pub(super) fn typed_columns(
        &self,
        text: &TextParams,
    ) -> Result<Vec<(String, Option<&'static str>)>, IngestError> {
        match self.format {
            Format::Parquet => parquet_rows::typed_columns(&self.path),
            Format::Csv | Format::Gzip => {
                Ok(self.columns(text)?.into_iter().map(|name| (name, None)).collect())
            }
        }
    }

    /// Whether it is a Parquet file.
    pub(super) fn is_parquet(&self) -> bool {
        self.format == Format::Parquet
    }

    /// Positions of the wanted columns among `found`.
    ///
    /// # Errors
    /// `MissingColumn`, `RepeatedColumn`.
    pub(super) fn locate(
        &self,
        wanted: &[String],
        found: &[String],
    ) -> Result<Vec<usize>, IngestError> {
        wanted
            .iter()
            .map(|column| {
                let mut places = found.iter().enumerate().filter(|(_, name)| *name == column);
                let Some((place, _)) = places.next() else {
                    return Err(IngestError::MissingColumn {
                        table: self.table,
                        file: self.path.clone(),
                        column: column.clone(),
                        found: found.to_vec(),
                        hint: hint(column, found),
                    });
                };
                match places.count() {
                    0 => Ok(place),
                    more => Err(IngestError::RepeatedColumn {
                        file: self.path.clone(),
                        column: column.clone(),
                        count: more + 1,
                    }),
                }
            })
            .collect()
    }
}

/// Calls `sink` with each block that `produce` sends, while `produce` makes the next in a thread
/// of its own; says how many rows there were. `produce` ends when its receiver is gone.
///
/// # Errors
/// The first of `sink` or of `produce`.
pub(super) fn read_ahead<B: Block>(
    produce: impl FnOnce(&mut dyn FnMut(B) -> bool) -> Result<(), IngestError> + Send,
    sink: &mut BlockSink<'_>,
) -> Result<u64, IngestError> {
    thread::scope(|scope| {
        // Nothing is stored between the two: one block is judged, one is made.
        let (sender, blocks) = mpsc::sync_channel(0);
        scope.spawn(move || {
            let outcome = produce(&mut |block| sender.send(Ok(block)).is_ok());
            if let Err(error) = outcome {
                // A receiver that is gone has met a fault of its own.
                let _ = sender.send(Err(error));
            }
        });
        let mut rows = 0;
        for block in blocks {
            let block = block?;
            rows += block.len() as u64;
            sink(&block)?;
        }
        Ok(rows)
    })
}

/// Whether `column` is there.
///
/// # Errors
/// `Did you mean …? ` or nothing.
pub(super) fn find_column(column: &str, found: &[String]) -> Result<(), String> {
    if found.iter().any(|name| name == column) { Ok(()) } else { Err(hint(column, found)) }
}

/// A column whose name differs in case, blanks or marks alone.
fn hint(column: &str, found: &[String]) -> String {
    let plain = |name: &str| {
        name.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    match found.iter().find(|name| plain(name) == plain(column)) {
        Some(name) => format!("Did you mean `{name}`? "),
        None => String::new(),
    }
}
