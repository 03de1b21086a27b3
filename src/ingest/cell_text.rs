//! Cells -> the text that `Display` gives them, several times as fast for the shapes that most
//! cells have: whole numbers, prices, times of whole seconds.
//!
//! A quarter of all rows may be refused, each with its text; a generic formatter would then take
//! as long as all the rest of the reading.

use std::fmt::Write;

use jiff::civil::DateTime;

use super::cell::{Cell, naive};

/// Numbers below have no more than 15 digits, of which a double keeps every one.
const FIFTEEN_DIGITS: f64 = 1e15;

impl Cell<'_> {
    /// Adds the cell's text.
    pub(super) fn write(&self, text: &mut String) {
        let done = match *self {
            Cell::Null => true,
            Cell::Text(own) => {
                text.push_str(own);
                true
            }
            Cell::Int(value) => write_integer(value, text),
            Cell::Float(value) => write_hundredths(value, text),
            Cell::Naive(micros) => naive(micros).is_some_and(|time| write_seconds(time, text)),
            Cell::Day(_) | Cell::Instant(_) => false,
        };
        if !done {
            let _ = write!(text, "{self}");
        }
    }
}

fn write_integer(value: i64, text: &mut String) -> bool {
    if value < 0 {
        text.push('-');
    }
    write_digits(value.unsigned_abs(), text);
    true
}

fn write_digits(mut value: u64, text: &mut String) {
    let mut digits = [b'0'; 20];
    let mut start = digits.len();
    loop {
        start -= 1;
        digits[start] += (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    text.push_str(std::str::from_utf8(&digits[start..]).unwrap_or_default());
}

/// A number of whole hundredths. A double is the nearest to at most one decimal number of 15
/// digits, so the shortest text that reads as it, which `Display` gives, is that number's.
fn write_hundredths(value: f64, text: &mut String) -> bool {
    let hundredths = (value * 100.0).round();
    let exact = hundredths.abs() < FIFTEEN_DIGITS && hundredths / 100.0 == value;
    if !exact || (value == 0.0 && value.is_sign_negative()) {
        return false;
    }
    if value < 0.0 {
        text.push('-');
    }
    let hundredths = hundredths.abs() as u64;
    write_digits(hundredths / 100, text);
    let rest = (hundredths % 100) as u8;
    if rest > 0 {
        text.push('.');
        text.push(char::from(b'0' + rest / 10));
        if !rest.is_multiple_of(10) {
            text.push(char::from(b'0' + rest % 10));
        }
    }
    true
}

/// `2010-12-01 08:26:00`: a time without a fraction in a year of four digits.
fn write_seconds(time: DateTime, text: &mut String) -> bool {
    let year = match u16::try_from(time.year()) {
        Ok(year) if (1000..10_000).contains(&year) && time.subsec_nanosecond() == 0 => year,
        _ => return false,
    };
    let mut digits = *b"0000-00-00 00:00:00";
    let mut two = |at: usize, value: u8| {
        digits[at] += value / 10;
        digits[at + 1] += value % 10;
    };
    two(0, (year / 100) as u8);
    two(2, (year % 100) as u8);
    let fields = [time.month(), time.day(), time.hour(), time.minute(), time.second()];
    for (place, field) in fields.into_iter().enumerate() {
        two(5 + 3 * place, field.unsigned_abs());
    }
    text.push_str(std::str::from_utf8(&digits).unwrap_or_default());
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(cell: Cell<'_>) -> String {
        let mut text = "before ".to_owned();
        cell.write(&mut text);
        text.split_off("before ".len())
    }

    #[test]
    fn text_is_that_of_the_formatter_at_the_edges() {
        let floats =
            [0.0, -0.0, 0.1, -0.01, 0.5, 2.55, 13085.0, 1e13, 1e15, -1e15, 0.3 + 0.6, 1e300];
        let more = [f64::NAN, f64::INFINITY, f64::MIN_POSITIVE, 9_999_999_999_999.99, 0.125, 1.005];
        for value in floats.into_iter().chain(more) {
            assert_eq!(written(Cell::Float(value)), value.to_string());
        }
        for value in [0, 9, -10, i64::MAX, i64::MIN] {
            assert_eq!(written(Cell::Int(value)), value.to_string());
        }
        assert_eq!(written(Cell::Null), "");
        assert_eq!(written(Cell::Text("as it is")), "as it is");
        assert_eq!(written(Cell::Day(1)), "1970-01-02");
    }

    #[test]
    fn times_are_those_of_the_formatter() {
        for text in [
            "2010-12-01T08:26:00",
            "1999-12-31T23:59:59",
            "0999-01-02T03:04:05",
            "-000001-01-01T00:00:00",
            "2017-01-02T03:04:05.000001",
            "2017-01-02T03:04:05.5",
        ] {
            let time: DateTime = text.parse().unwrap();
            let micros = jiff::tz::TimeZone::UTC.to_timestamp(time).unwrap().as_microsecond();
            assert_eq!(written(Cell::Naive(micros)), Cell::Naive(micros).to_string(), "{text}");
        }
        assert_eq!(written(Cell::Naive(i64::MAX)), Cell::Naive(i64::MAX).to_string());
    }

    proptest! {
        #[test]
        fn text_is_that_of_the_formatter(value in any::<f64>(), ticks in any::<i64>(), digits in 0..18u32) {
            let ticks = ticks / 10i64.pow(digits);
            let decimal: f64 = format!("{ticks}e-2").parse().unwrap();
            for value in [value, decimal, f64::from_bits(decimal.to_bits() + 1)] {
                prop_assert_eq!(written(Cell::Float(value)), value.to_string());
            }
            prop_assert_eq!(written(Cell::Int(ticks)), ticks.to_string());
            prop_assert_eq!(written(Cell::Naive(ticks)), Cell::Naive(ticks).to_string());
        }
    }
}
