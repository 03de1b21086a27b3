//! What is printed: one JSON document or tables on stdout, talk on stderr.

use std::io::{self, IsTerminal, Write};

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::args::Common;
use super::speech::Speech;
use super::{Failure, Outcome};
use crate::types::{Currency, Warning};

pub(crate) struct Output {
    pub json: bool,
    pub quiet: bool,
    pub bars: bool,
}

impl Output {
    pub(crate) fn new(common: &Common) -> Self {
        let terminal = io::stderr().is_terminal();
        Self {
            json: common.json,
            quiet: common.quiet,
            bars: terminal && !common.quiet && !common.json,
        }
    }

    /// What was asked for, for a person.
    pub(crate) fn text(&self, text: &str) -> Outcome {
        let mut out = io::stdout().lock();
        delivered(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
    }

    /// What was asked for, for a program.
    pub(crate) fn document(&self, value: &impl Serialize) -> Outcome {
        let mut out = io::stdout().lock();
        let text = serde_json::to_string_pretty(value).map_err(io::Error::other);
        delivered(text.and_then(|text| writeln!(out, "{text}")).and_then(|()| out.flush()))
    }

    /// Talk.
    pub(crate) fn say(&self, text: &str) {
        if !self.quiet {
            let _ = writeln!(io::stderr().lock(), "{text}");
        }
    }

    /// What a person should know.
    pub(crate) fn warn(&self, warning: &Warning, speech: Speech) {
        self.say(&speech.warning(warning));
    }

    /// Why it did not work.
    pub(crate) fn error(&self, text: &str) {
        let _ = writeln!(io::stderr().lock(), "error: {text}");
    }
}

/// A reader that went away is no fault; anything else, such as a full disk, is.
pub(crate) fn delivered(outcome: io::Result<()>) -> Outcome {
    outcome.map_err(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Failure::Closed,
        _ => Failure::Output(error),
    })
}

/// How a column is set.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}

/// Columns set to the width of their widest cell.
pub(crate) struct Table {
    sides: Vec<Side>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(columns: &[(&str, Side)]) -> Self {
        Self {
            sides: columns.iter().map(|(_, side)| *side).collect(),
            rows: vec![columns.iter().map(|(name, _)| (*name).to_owned()).collect()],
        }
    }

    pub(crate) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    pub(crate) fn render(&self) -> String {
        let widths: Vec<usize> = (0..self.sides.len())
            .map(|column| self.rows.iter().map(|row| row[column].width()).max().unwrap_or(0))
            .collect();
        let mut text = String::new();
        for (place, row) in self.rows.iter().enumerate() {
            let cells: Vec<String> = (row.iter().zip(&widths).zip(&self.sides))
                .map(|((cell, &width), side)| {
                    let blanks = " ".repeat(width - cell.width());
                    match side {
                        Side::Left => format!("{cell}{blanks}"),
                        Side::Right => format!("{blanks}{cell}"),
                    }
                })
                .collect();
            text.push_str(cells.join("  ").trim_end());
            text.push('\n');
            if place == 0 {
                let rules: Vec<String> = widths.iter().map(|&width| "─".repeat(width)).collect();
                text.push_str(&rules.join("  "));
                text.push('\n');
            }
        }
        text
    }
}

/// `1234567` as `1,234,567`.
pub(crate) fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A share as a percentage with one decimal.
pub(crate) fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// An amount with the decimals of its currency and its code.
pub(crate) fn money(value: f64, currency: &Currency) -> String {
    let decimals = currency.decimals();
    let text = format!("{:.decimals$}", value.abs());
    let (whole, rest) =
        text.split_once('.').map_or((text.as_str(), ""), |(whole, rest)| (whole, rest));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), count);
    let sign =
        if value < 0.0 && text.bytes().any(|b| (b'1'..=b'9').contains(&b)) { "-" } else { "" };
    let point = if rest.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{rest} {}", currency.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_for_people() {
        assert_eq!(count(0), "0");
        assert_eq!(count(1_234_567), "1,234,567");
        let pound = Currency("GBP".into());
        assert_eq!(money(17_374_804.27, &pound), "17,374,804.27 GBP");
        assert_eq!(money(-0.001, &pound), "0.00 GBP");
        assert_eq!(money(-1234.5, &pound), "-1,234.50 GBP");
        assert_eq!(money(1_500_000.0, &Currency("VND".into())), "1,500,000 VND");
    }

    #[test]
    fn columns_line_up_with_diacritics() {
        let mut table = Table::new(&[("group", Side::Left), ("n", Side::Right)]);
        table.row(vec!["Khách hàng ưu tú".into(), "7".into()]);
        table.row(vec!["Lost".into(), "12".into()]);
        let text = table.render();
        let ends: Vec<usize> = text.lines().map(UnicodeWidthStr::width).collect();
        assert_eq!(ends, [20, 20, 20, 20]);
    }
}
