//! The language that a command speaks on the console: figures and sentences of the rooms in it.
//!
//! Dates stay as commands take them (2017-12-31), and so do ids, keys and codes.

use jiff::civil::Date;

use super::output::{count, money, percent};
use crate::label;
use crate::run::Run;
use crate::types::{Currency, Language, Warning};

/// What stands where there is no figure.
pub(super) const NONE: &str = "–";

/// A language to speak in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Speech(pub Language);

impl Speech {
    pub(super) fn say<'t>(self, en: &'t str, vi: &'t str) -> &'t str {
        match self.0 {
            Language::En => en,
            Language::Vi => vi,
        }
    }

    /// A figure with the separators of the language.
    fn separated(self, figure: &str) -> String {
        let other = |sign| match (self.0, sign) {
            (Language::Vi, ',') => '.',
            (Language::Vi, '.') => ',',
            (_, sign) => sign,
        };
        figure.chars().map(other).collect()
    }

    pub(super) fn count(self, value: impl TryInto<u64>) -> String {
        self.separated(&count(value.try_into().unwrap_or(u64::MAX)))
    }

    /// The nearest whole number; 0 for less.
    pub(super) fn whole(self, value: f64) -> String {
        self.count(value.max(0.0).round() as u64)
    }

    /// A share as a percentage with one decimal.
    pub(super) fn percent(self, share: f64) -> String {
        self.separated(&percent(share))
    }

    /// A share as a percentage without decimals.
    pub(super) fn whole_percent(self, share: f64) -> String {
        format!("{:.0} %", share * 100.0)
    }

    pub(super) fn decimal(self, value: f64, decimals: usize) -> String {
        self.separated(&format!("{value:.decimals$}"))
    }

    pub(super) fn money(self, value: f64, currency: &Currency) -> String {
        self.separated(&money(value, currency))
    }

    /// What a run keeps in English, in the language; as it stands where its Vietnamese is not
    /// known.
    pub(super) fn kept(self, sentence: &str) -> String {
        let vietnamese = || label::in_vietnamese(sentence);
        let said = if self.0 == Language::Vi { vietnamese() } else { None };
        said.unwrap_or_else(|| sentence.to_owned())
    }

    pub(super) fn warning(self, warning: &Warning) -> String {
        self.warning_text(&warning.message)
    }

    /// A warning that `run` keeps; its comparison has what changed in the input in both languages.
    pub(super) fn warning_of(self, run: &Run, warning: &Warning) -> String {
        let drift = run.comparison.as_ref().and_then(|comparison| comparison.drift.as_ref());
        let inputs = drift.and_then(|drift| drift.inputs.as_ref());
        let mut findings = inputs.iter().flat_map(|inputs| &inputs.findings);
        let same = findings.find(|finding| finding.sentence.en == warning.message);
        self.warning_text(same.map_or(&warning.message, |same| same.sentence.get(self.0)))
    }

    /// A warning in a sentence of English that a run keeps, or of the language.
    pub(super) fn warning_text(self, sentence: &str) -> String {
        format!("{}: {}", self.say("warning", "cảnh báo"), self.kept(sentence))
    }

    pub(super) fn date(self, date: Option<Date>) -> String {
        date.map_or_else(|| NONE.into(), |date| date.to_string())
    }
}

/// What a cell shows of a figure that may be missing.
pub(super) fn or_none<T>(value: Option<T>, show: impl FnOnce(T) -> String) -> String {
    value.map_or_else(|| NONE.to_owned(), show)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_follow_the_language() {
        let (en, vi) = (Speech(Language::En), Speech(Language::Vi));
        assert_eq!(en.count(1_234_567_u64), "1,234,567");
        assert_eq!(vi.count(1_234_567_u64), "1.234.567");
        assert_eq!(vi.whole(-0.4), "0");
        assert_eq!([en.percent(0.1234), vi.percent(0.1234)], ["12.3 %", "12,3 %"]);
        let currency = Currency("GBP".into());
        assert_eq!(en.money(1234.5, &currency), "1,234.50 GBP");
        assert_eq!(vi.money(1234.5, &currency), "1.234,50 GBP");
    }

    #[test]
    fn what_runs_keep_is_told_in_the_language() {
        let kept = "stability was measured on a sample of 1000 of 25000 customers";
        assert_eq!(Speech(Language::En).kept(kept), kept);
        assert_eq!(
            Speech(Language::Vi).warning_text(kept),
            "cảnh báo: Độ ổn định được đo trên mẫu gồm 1.000 trong 25.000 khách hàng"
        );
        assert_eq!(Speech(Language::Vi).kept("of an earlier release"), "of an earlier release");
    }
}
