//! For tests: a folder with a configuration and files -> what the room reads from them.

use tempfile::TempDir;

use super::{Cut, IngestError, Input, RejectPart};
use crate::config::Loaded;
use crate::types::AsOf;

/// Three customers of January to March 2024.
pub(super) const SALES: &str = "customer,time,amount\na,2024-01-05,10\nb,2024-02-05,20\n\
                                a,2024-03-05,30\nc,2024-03-06,40\n";

/// The rows of `sales` under [`sections`], read with the files of the optional tables.
pub(super) fn read(
    sales: &str,
    transactions: &str,
    sections: &str,
    files: &[(&str, &[u8])],
) -> Result<Input, IngestError> {
    let folder = folder(&[&[("sales.csv", sales.as_bytes())], files].concat());
    let configuration = folder.path().join("segtrail.toml");
    let text = format!(
        "name = \"test\"\n[transactions]\nfiles = [\"sales.csv\"]\ncustomer = \"customer\"\n\
         time = \"time\"\n{transactions}\n{sections}\n"
    );
    std::fs::write(&configuration, text).unwrap();
    let loaded = Loaded::read(&configuration, None).unwrap();
    super::read(&loaded.ingest(), &mut |_, _| {})
}

/// [`SALES`] with optional tables.
pub(super) fn with(sections: &str, files: &[(&str, &str)]) -> Result<Input, IngestError> {
    let files: Vec<(&str, &[u8])> =
        files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    read(SALES, "amount = \"amount\"", sections, &files)
}

/// A folder with files.
pub(super) fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

/// The date from its text.
pub(super) fn as_of(date: &str) -> AsOf {
    AsOf(date.parse().unwrap())
}

/// What a run of `date` sees.
pub(super) fn cut<'a>(input: &'a Input, date: &str) -> Cut<'a> {
    input.until(as_of(date)).unwrap()
}

/// Refused rows by a date: line and reason.
pub(super) fn refused(input: &Input, date: &str) -> Vec<(u64, &'static str)> {
    let parts = input.rejects(as_of(date)).into_iter();
    parts.flat_map(RejectPart::rows).map(|reject| (reject.line, reject.reason.code())).collect()
}

/// Whether a warning of this code came with the cut.
pub(super) fn warned(cut: &Cut<'_>, code: &str) -> bool {
    cut.warnings.iter().any(|warning| warning.code == code)
}
