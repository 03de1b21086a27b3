//! One field of a row -> customer id, number or answer.
//!
//! The same text gives the same value whether it came from CSV or from Parquet. Numbers are
//! never guessed: `1,234` is refused unless the configuration says what the comma means.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::params::{IdKind, TextParams};

/// One field as the file holds it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Cell<'a> {
    Null,
    Text(&'a str),
    Int(i64),
    Float(f64),
    /// A date without a time.
    Day(i32),
    /// Microseconds since 1970-01-01 on a clock without a zone.
    Naive(i64),
    /// Microseconds since 1970-01-01 UTC.
    Instant(i64),
}

impl std::fmt::Display for Cell<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {
            Cell::Null => Ok(()),
            Cell::Text(text) => f.write_str(text),
            Cell::Int(value) => write!(f, "{value}"),
            Cell::Float(value) => write!(f, "{value}"),
            Cell::Day(days) => match crate::types::date_of_days(days) {
                Some(date) => write!(f, "{date}"),
                None => write!(f, "day {days}"),
            },
            Cell::Naive(micros) => match naive(micros) {
                Some(time) => write!(f, "{}", time.strftime("%Y-%m-%d %H:%M:%S%.f")),
                None => write!(f, "{micros} us"),
            },
            Cell::Instant(micros) => match jiff::Timestamp::from_microsecond(micros) {
                Ok(time) => write!(f, "{time}"),
                Err(_) => write!(f, "{micros} us"),
            },
        }
    }
}

/// Why a field has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Missing,
    Unreadable,
    NotFinite,
}

/// What counts as "no value" in a text field.
pub(super) fn is_missing(text: &str) -> bool {
    text.is_empty()
        || ["null", "na", "n/a", "none", "nil"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// The id in a cell, and whether it was normalised from a float.
pub(super) fn customer_id<'a>(
    cell: Cell<'a>,
    kind: IdKind,
    scratch: &'a mut String,
) -> Result<(&'a str, bool), Fault> {
    use std::fmt::Write;
    match cell {
        Cell::Null => Err(Fault::Missing),
        Cell::Text(text) => {
            let text = text.trim();
            if is_missing(text) || text.eq_ignore_ascii_case("nan") {
                return Err(Fault::Missing);
            }
            Ok(match kind {
                IdKind::Auto => match whole_float(text) {
                    Some(digits) => (digits, true),
                    None => (text, false),
                },
                IdKind::Text => (text, false),
            })
        }
        Cell::Float(value) if value.is_nan() => Err(Fault::Missing),
        Cell::Float(value) => {
            scratch.clear();
            let whole = value.fract() == 0.0 && value.abs() < 9.007_199_254_740_992e15;
            if whole {
                let _ = write!(scratch, "{}", value as i64);
            } else {
                let _ = write!(scratch, "{value}");
            }
            Ok((scratch, whole))
        }
        other => {
            scratch.clear();
            let _ = write!(scratch, "{other}");
            Ok((scratch, false))
        }
    }
}

/// `13085` of `13085.0`: digits, a point, zeros alone.
fn whole_float(text: &str) -> Option<&str> {
    let (digits, zeros) = text.split_once('.')?;
    let unsigned = digits.strip_prefix('-').unwrap_or(digits);
    let plain = !unsigned.is_empty()
        && unsigned.bytes().all(|byte| byte.is_ascii_digit())
        && !zeros.is_empty()
        && zeros.bytes().all(|byte| byte == b'0');
    plain.then_some(digits)
}

/// The number in a cell.
pub(super) fn number(cell: Cell<'_>, params: &TextParams) -> Result<f64, Fault> {
    match cell {
        Cell::Null => Err(Fault::Missing),
        Cell::Int(value) => Ok(value as f64),
        Cell::Float(value) => finite(value),
        Cell::Text(text) => {
            let text = text.trim();
            if is_missing(text) {
                return Err(Fault::Missing);
            }
            if params.decimal == '.' && params.thousands.is_none() {
                return finite(text.parse().map_err(|_| Fault::Unreadable)?);
            }
            let plain: String = text
                .chars()
                .filter(|&c| Some(c) != params.thousands)
                .map(|c| match c {
                    c if c == params.decimal => '.',
                    '.' => '?',
                    c => c,
                })
                .collect();
            finite(plain.parse().map_err(|_| Fault::Unreadable)?)
        }
        Cell::Day(_) | Cell::Naive(_) | Cell::Instant(_) => Err(Fault::Unreadable),
    }
}

fn finite(value: f64) -> Result<f64, Fault> {
    if value.is_finite() { Ok(value) } else { Err(Fault::NotFinite) }
}

/// The answer in a cell: true or false, yes or no, có or không (composed or not), 1 or 0.
pub(super) fn flag(cell: Cell<'_>) -> Option<bool> {
    let value = match cell {
        Cell::Int(value) => value as f64,
        Cell::Float(value) => value,
        Cell::Text(text) => match text.trim().to_lowercase().as_str() {
            "true" | "yes" | "có" | "co\u{301}" => 1.0,
            "false" | "no" | "không" | "kho\u{302}ng" => 0.0,
            text => text.parse().ok()?,
        },
        Cell::Null | Cell::Day(_) | Cell::Naive(_) | Cell::Instant(_) => return None,
    };
    (value == 1.0 || value == 0.0).then_some(value == 1.0)
}

/// The time on a clock without a zone.
pub(super) fn naive(micros: i64) -> Option<DateTime> {
    Some(TimeZone::UTC.to_datetime(jiff::Timestamp::from_microsecond(micros).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(cell: Cell<'_>, kind: IdKind) -> Result<(String, bool), Fault> {
        customer_id(cell, kind, &mut String::new()).map(|(id, whole)| (id.to_owned(), whole))
    }

    #[test]
    fn ids_that_are_whole_floats_become_integers() {
        assert_eq!(id(Cell::Text("13085.0"), IdKind::Auto), Ok(("13085".into(), true)));
        assert_eq!(id(Cell::Float(13085.0), IdKind::Auto), Ok(("13085".into(), true)));
        assert_eq!(id(Cell::Int(13085), IdKind::Auto), Ok(("13085".into(), false)));
        assert_eq!(id(Cell::Text("13085.0"), IdKind::Text), Ok(("13085.0".into(), false)));
        assert_eq!(id(Cell::Text(" 007 "), IdKind::Auto), Ok(("007".into(), false)));
        assert_eq!(id(Cell::Text("1.5"), IdKind::Auto), Ok(("1.5".into(), false)));
        assert_eq!(id(Cell::Text("v1.0"), IdKind::Auto), Ok(("v1.0".into(), false)));
        for missing in [Cell::Null, Cell::Text(" "), Cell::Text("NaN"), Cell::Float(f64::NAN)] {
            assert_eq!(id(missing, IdKind::Auto), Err(Fault::Missing));
        }
    }

    #[test]
    fn numbers_are_never_guessed() {
        let plain = TextParams::default();
        assert_eq!(number(Cell::Text("-12.50"), &plain), Ok(-12.5));
        assert_eq!(number(Cell::Text("1,234"), &plain), Err(Fault::Unreadable));
        assert_eq!(number(Cell::Text("inf"), &plain), Err(Fault::NotFinite));
        assert_eq!(number(Cell::Text("NaN"), &plain), Err(Fault::NotFinite));
        assert_eq!(number(Cell::Float(f64::INFINITY), &plain), Err(Fault::NotFinite));
        assert_eq!(number(Cell::Text("1e400"), &plain), Err(Fault::NotFinite));
        let vietnamese = TextParams { decimal: ',', thousands: Some('.'), ..TextParams::default() };
        assert_eq!(number(Cell::Text("1.234.567,5"), &vietnamese), Ok(1_234_567.5));
        let decimal_comma = TextParams { decimal: ',', ..TextParams::default() };
        assert_eq!(number(Cell::Text("1.5"), &decimal_comma), Err(Fault::Unreadable));
    }

    #[test]
    fn answers_are_read_in_both_languages_and_nothing_else_is() {
        for yes in ["true", "True", " 1 ", "1.0", "YES", "có", "Có", "co\u{301}"] {
            assert_eq!(flag(Cell::Text(yes)), Some(true), "{yes}");
        }
        for no in ["false", "0", "No", "không", "KHÔNG", "kho\u{302}ng"] {
            assert_eq!(flag(Cell::Text(no)), Some(false), "{no}");
        }
        for other in ["", "2", "-1", "maybe", "y", "NaN", "0.5"] {
            assert_eq!(flag(Cell::Text(other)), None, "{other}");
        }
        assert_eq!((flag(Cell::Int(1)), flag(Cell::Float(0.0))), (Some(true), Some(false)));
        assert_eq!((flag(Cell::Int(2)), flag(Cell::Null), flag(Cell::Day(1))), (None, None, None));
    }
}
