//! One field of a row -> the local time of the business.
//!
//! The same text gives the same time whether it came from CSV or from Parquet. Nothing is guessed:
//! what is not ISO 8601 is read by the formats of the configuration.

use std::ops::RangeInclusive;

use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime;
use jiff::tz::TimeZone;

use super::cell::{Cell, Fault, is_missing, naive};
use super::{Formats, IngestError};
use crate::types::days_since_epoch;

/// A purchase's time on the business's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LocalTime {
    /// Days since 1970-01-01.
    pub day: i32,
    /// Microseconds since 1970-01-01 00:00, tells orders apart where they have no id.
    pub micros: i64,
}

/// Reads times of one column: formats, and the zones of naive stamps and of the business.
#[derive(Clone)]
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

#[cfg(test)]
mod tests {
    use super::*;

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
