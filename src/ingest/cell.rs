//! One field of a row -> customer id, number or local time.
//!
//! The same text gives the same value whether it came from CSV or from Parquet. Numbers are
//! never guessed: `1,234` is refused unless the configuration says what the comma means.

use std::ops::RangeInclusive;

use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime;
use jiff::tz::TimeZone;

use super::params::{IdKind, TextParams};
use super::{Formats, IngestError};
use crate::types::days_since_epoch;

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

/// A purchase's time on the business's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LocalTime {
    /// Days since 1970-01-01.
    pub day: i32,
    /// Microseconds since 1970-01-01 00:00, tells orders apart where they have no id.
    pub micros: i64,
}

/// Reads times of one column: formats, and the zones of naive stamps and of the business.
pub(super) struct Clock {
    formats: Vec<String>,
    business: TimeZone,
    /// Zone of naive stamps where it is another.
    naive: Option<TimeZone>,
    /// Days of the years that count.
    days: RangeInclusive<i32>,
    last: Option<(String, LocalTime)>,
}

/// Dates outside are typing errors or stand-ins for "unknown" (0001-01-01, 9999-12-31).
const FIRST_YEAR: i16 = 1900;
const LAST_YEAR: i16 = 2199;
const MICROS_OF_DAY: i64 = 86_400_000_000;

impl Clock {
    /// A clock for a column.
    ///
    /// # Errors
    /// `UnknownTimezone`, `BadTimeFormat`.
    pub(super) fn new(
        formats: &Formats,
        business: &str,
        naive: Option<&str>,
    ) -> Result<Self, IngestError> {
        for format in &formats.0 {
            let probe = strtime::format(format.as_bytes(), &probe_time());
            let fault =
                |message: String| IngestError::BadTimeFormat { format: format.clone(), message };
            let printed = probe.map_err(|error| fault(error.to_string()))?;
            let parsed = strtime::parse(format, &printed).map_err(|e| fault(e.to_string()))?;
            if parsed.to_date().is_err() {
                return Err(fault("gives no day, month and year".into()));
            }
        }
        Ok(Self {
            formats: formats.0.clone(),
            business: zone(business)?,
            naive: naive.filter(|name| *name != business).map(zone).transpose()?,
            days: days_since_epoch(Date::constant(FIRST_YEAR, 1, 1))
                ..=days_since_epoch(Date::constant(LAST_YEAR, 12, 31)),
            last: None,
        })
    }

    /// The local time in a cell.
    pub(super) fn read(&mut self, cell: Cell<'_>) -> Result<LocalTime, Fault> {
        match cell {
            Cell::Null => Err(Fault::Missing),
            Cell::Day(day) => self
                .checked(crate::types::date_of_days(day).ok_or(Fault::Unreadable)?.at(0, 0, 0, 0)),
            Cell::Naive(micros) if self.naive.is_none() => {
                let day = i32::try_from(micros.div_euclid(MICROS_OF_DAY));
                let day = day.map_err(|_| Fault::Unreadable)?;
                if !self.days.contains(&day) {
                    return Err(Fault::Unreadable);
                }
                Ok(LocalTime { day, micros })
            }
            Cell::Naive(micros) => self.naive(naive(micros).ok_or(Fault::Unreadable)?),
            Cell::Instant(micros) => self
                .instant(jiff::Timestamp::from_microsecond(micros).map_err(|_| Fault::Unreadable)?),
            Cell::Text(text) => {
                let text = text.trim();
                if is_missing(text) || text.eq_ignore_ascii_case("nat") {
                    return Err(Fault::Missing);
                }
                match &self.last {
                    // Lines of one order share their stamp.
                    Some((known, time)) if known == text => Ok(*time),
                    _ => {
                        let time = self.text(text)?;
                        self.last = Some((text.to_owned(), time));
                        Ok(time)
                    }
                }
            }
            Cell::Int(value) if !self.formats.is_empty() => self.text(&value.to_string()),
            Cell::Float(value) if !self.formats.is_empty() && value.fract() == 0.0 => {
                self.text(&format!("{value:.0}"))
            }
            Cell::Int(_) | Cell::Float(_) => Err(Fault::Unreadable),
        }
    }

    fn text(&self, text: &str) -> Result<LocalTime, Fault> {
        if self.formats.is_empty() {
            return self.iso(text);
        }
        for format in &self.formats {
            let Ok(parsed) = strtime::parse(format, text) else { continue };
            if let Ok(instant) = parsed.to_timestamp() {
                return self.instant(instant);
            }
            if let Ok(time) = parsed.to_datetime() {
                return self.naive(time);
            }
            if let Ok(date) = parsed.to_date() {
                return self.checked(date.at(0, 0, 0, 0));
            }
        }
        Err(Fault::Unreadable)
    }

    /// ISO 8601: a date, or a date and a time, with or without an offset. A date alone is a
    /// day and never shifted between zones.
    fn iso(&self, text: &str) -> Result<LocalTime, Fault> {
        let tail = text.get(10..).ok_or(Fault::Unreadable)?;
        if tail.is_empty() {
            let date: Date = text.parse().map_err(|_| Fault::Unreadable)?;
            return self.checked(date.at(0, 0, 0, 0));
        }
        if tail.contains(['Z', 'z', '+', '-', '[']) {
            // `2017-01-01 11:53:26 UTC` is not ISO and stays unreadable.
            return self.instant(text.parse().map_err(|_| Fault::Unreadable)?);
        }
        self.naive(text.parse().map_err(|_| Fault::Unreadable)?)
    }

    fn naive(&self, time: DateTime) -> Result<LocalTime, Fault> {
        match &self.naive {
            None => self.checked(time),
            Some(zone) => self.instant(zone.to_timestamp(time).map_err(|_| Fault::Unreadable)?),
        }
    }

    fn instant(&self, instant: jiff::Timestamp) -> Result<LocalTime, Fault> {
        self.checked(self.business.to_datetime(instant))
    }

    fn checked(&self, time: DateTime) -> Result<LocalTime, Fault> {
        if !(FIRST_YEAR..=LAST_YEAR).contains(&time.year()) {
            return Err(Fault::Unreadable);
        }
        let day = days_since_epoch(time.date());
        let seconds = i64::from(time.hour()) * 3600
            + i64::from(time.minute()) * 60
            + i64::from(time.second());
        let micros = i64::from(day) * MICROS_OF_DAY
            + seconds * 1_000_000
            + i64::from(time.subsec_nanosecond()) / 1_000;
        Ok(LocalTime { day, micros })
    }
}

fn probe_time() -> jiff::Zoned {
    jiff::civil::datetime(2017, 12, 31, 23, 59, 58, 0).to_zoned(TimeZone::UTC).unwrap_or_default()
}

fn zone(name: &str) -> Result<TimeZone, IngestError> {
    TimeZone::get(name).map_err(|_| IngestError::UnknownTimezone { name: name.to_owned() })
}

fn naive(micros: i64) -> Option<DateTime> {
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

    fn day(clock: &mut Clock, text: &str) -> Result<Date, Fault> {
        clock.read(Cell::Text(text)).map(|time| crate::types::date_of_days(time.day).unwrap())
    }

    #[test]
    fn iso_times_with_and_without_offset() {
        let mut clock = Clock::new(&Formats::default(), "Asia/Ho_Chi_Minh", None).unwrap();
        let first = jiff::civil::date(2017, 1, 1);
        let second = jiff::civil::date(2017, 1, 2);
        assert_eq!(day(&mut clock, "2017-01-01"), Ok(first));
        assert_eq!(day(&mut clock, "2017-01-01 23:59:59"), Ok(first));
        assert_eq!(day(&mut clock, "2017-01-01T23:59:59.123"), Ok(first));
        assert_eq!(day(&mut clock, "2017-01-01T18:00:00Z"), Ok(second));
        assert_eq!(day(&mut clock, "2017-01-01T23:00:00+00:00"), Ok(second));
        for bad in ["01/02/2017", "2017-13-01", "2017-1-1", "0001-01-01", "9999-12-31", "soon"] {
            assert_eq!(day(&mut clock, bad), Err(Fault::Unreadable), "{bad}");
        }
    }

    #[test]
    fn naive_stamps_of_parquet_read_as_their_text_does() {
        let mut clock = Clock::new(&Formats::default(), "Asia/Ho_Chi_Minh", None).unwrap();
        for text in ["1969-12-31 23:59:59.5", "2017-01-01 00:00:00", "1900-01-01 00:00:01"] {
            let time: DateTime = text.parse().unwrap();
            let micros = TimeZone::UTC.to_timestamp(time).unwrap().as_microsecond();
            assert_eq!(clock.read(Cell::Naive(micros)), clock.read(Cell::Text(text)), "{text}");
        }
        for text in ["1899-12-31 23:59:59", "2200-01-01 00:00:00"] {
            let time: DateTime = text.parse().unwrap();
            let micros = TimeZone::UTC.to_timestamp(time).unwrap().as_microsecond();
            assert_eq!(clock.read(Cell::Naive(micros)), Err(Fault::Unreadable), "{text}");
        }
        assert_eq!(clock.read(Cell::Naive(i64::MAX)), Err(Fault::Unreadable));
    }

    #[test]
    fn naive_stamps_of_another_zone_are_moved() {
        let mut clock = Clock::new(&Formats::default(), "Asia/Ho_Chi_Minh", Some("UTC")).unwrap();
        assert_eq!(day(&mut clock, "2017-01-01 18:00:00"), Ok(jiff::civil::date(2017, 1, 2)));
        assert_eq!(day(&mut clock, "2017-01-01"), Ok(jiff::civil::date(2017, 1, 1)));
    }

    #[test]
    fn formats_are_tried_in_order() {
        let formats = Formats(vec!["%d/%m/%Y %H:%M".into(), "%d/%m/%Y".into(), "%Y%m%d".into()]);
        let mut clock = Clock::new(&formats, "UTC", None).unwrap();
        let expected = jiff::civil::date(2010, 12, 31);
        assert_eq!(day(&mut clock, "31/12/2010 08:26"), Ok(expected));
        assert_eq!(day(&mut clock, "31/12/2010"), Ok(expected));
        assert_eq!(clock.read(Cell::Int(20_101_231)).unwrap().day, days_since_epoch(expected));
        assert_eq!(day(&mut clock, "12/31/2010"), Err(Fault::Unreadable));
    }

    #[test]
    fn a_format_without_a_full_date_is_refused() {
        let formats = Formats(vec!["%H:%M".into()]);
        assert!(matches!(
            Clock::new(&formats, "UTC", None),
            Err(IngestError::BadTimeFormat { .. })
        ));
        assert!(matches!(
            Clock::new(&Formats::default(), "Mars/Olympus", None),
            Err(IngestError::UnknownTimezone { .. })
        ));
    }
}
