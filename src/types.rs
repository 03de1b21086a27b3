//! Words that every room shares: customers, dates, money, identities. No behaviour beyond
//! construction, checking and display.

mod texts;

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

#[cfg(test)]
pub(crate) use self::texts::hold_both_languages;
pub(crate) use self::texts::{fill, texts};

/// A customer as the input names them, normalised by ingest (`13085.0` became `13085`).
///
/// Ordered by bytes; every table of a run is sorted by it and every tie breaks by it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CustomerId(pub Arc<str>);

impl CustomerId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for CustomerId {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl Serialize for CustomerId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for CustomerId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(String::deserialize(deserializer)?.into()))
    }
}

impl fmt::Display for CustomerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// The date a run speaks about, inclusive to its end, in the time zone of the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AsOf(pub Date);

impl AsOf {
    /// Days since 1970-01-01, the unit in which transactions are compared with it.
    pub fn days(self) -> i32 {
        days_since_epoch(self.0)
    }
}

impl fmt::Display for AsOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// Days from 1970-01-01 to `date`.
pub fn days_since_epoch(date: Date) -> i32 {
    date.duration_since(Date::constant(1970, 1, 1)).as_hours() as i32 / 24
}

/// The date `days` after 1970-01-01; `None` outside jiff's calendar (years -9999 to 9999).
pub fn date_of_days(days: i32) -> Option<Date> {
    Date::constant(1970, 1, 1).checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

/// A unit of time. Months and years are mean ones: a year is 365 days, a month a twelfth of it,
/// 30.417 days or 4.345 weeks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TimeUnit {
    /// A day.
    Days,
    /// Seven days.
    Weeks,
    /// A twelfth of a year.
    Months,
    /// 365 days.
    Years,
}

impl TimeUnit {
    /// Days in one unit.
    pub const fn in_days(self) -> f64 {
        match self {
            TimeUnit::Days => 1.0,
            TimeUnit::Weeks => 7.0,
            TimeUnit::Months => 365.0 / 12.0,
            TimeUnit::Years => 365.0,
        }
    }

    /// In the plural where the language has one.
    pub const fn in_words(self, language: Language) -> &'static str {
        match (self, language) {
            (unit, Language::En) => unit.name(),
            (TimeUnit::Days, Language::Vi) => "ngày",
            (TimeUnit::Weeks, Language::Vi) => "tuần",
            (TimeUnit::Months, Language::Vi) => "tháng",
            (TimeUnit::Years, Language::Vi) => "năm",
        }
    }

    /// `days`, `weeks`, `months`, `years`.
    pub const fn name(self) -> &'static str {
        match self {
            TimeUnit::Days => "days",
            TimeUnit::Weeks => "weeks",
            TimeUnit::Months => "months",
            TimeUnit::Years => "years",
        }
    }
}

impl std::str::FromStr for TimeUnit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(match text.trim_end_matches('s') {
            "day" => TimeUnit::Days,
            "week" => TimeUnit::Weeks,
            "month" => TimeUnit::Months,
            "year" => TimeUnit::Years,
            _ => {
                return Err(format!(
                    "`{text}` is not a unit of time: write days, weeks, months or years"
                ));
            }
        })
    }
}

/// A length of time, which always says in which unit: written `12 months`, never `12`.
///
/// A number alone is no duration:
///
/// ```compile_fail
/// use segtrail::types::{Duration, TimeUnit};
/// fn forecast(horizon: Duration) -> f64 {
///     horizon.in_unit(TimeUnit::Weeks)
/// }
/// forecast(12.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Duration {
    count: f64,
    unit: TimeUnit,
}

impl Duration {
    /// `count` units; `None` unless finite and not negative.
    pub fn new(count: f64, unit: TimeUnit) -> Option<Self> {
        (count.is_finite() && count >= 0.0).then_some(Self { count, unit })
    }

    /// Whole months.
    pub const fn months(count: u16) -> Self {
        Self { count: count as f64, unit: TimeUnit::Months }
    }

    /// Whole weeks.
    pub const fn weeks(count: u16) -> Self {
        Self { count: count as f64, unit: TimeUnit::Weeks }
    }

    /// Whole days.
    pub const fn days(count: u32) -> Self {
        Self { count: count as f64, unit: TimeUnit::Days }
    }

    /// How many of `unit` it is.
    pub fn in_unit(self, unit: TimeUnit) -> f64 {
        if unit == self.unit {
            return self.count;
        }
        self.count * self.unit.in_days() / unit.in_days()
    }
}

impl std::str::FromStr for Duration {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fault = || {
            format!(
                "`{text}` is not a duration: write a number and its unit, such as \"12 months\", \
                 \"39 weeks\" or \"365 days\""
            )
        };
        let (count, unit) = text.trim().split_once(char::is_whitespace).ok_or_else(fault)?;
        let unit = unit.trim().parse().map_err(|_| fault())?;
        let count = count.parse().map_err(|_| fault())?;
        Self::new(count, unit).ok_or_else(fault)
    }
}

impl TryFrom<String> for Duration {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Duration> for String {
    fn from(duration: Duration) -> Self {
        duration.to_string()
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = self.unit.name();
        let unit = if self.count == 1.0 { unit.trim_end_matches('s') } else { unit };
        f.pad(&format!("{} {unit}", self.count))
    }
}

/// A rate of discount: what a unit of money a year from now is worth less today.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct DiscountRate {
    per_year: f64,
}

impl DiscountRate {
    /// From an effective yearly rate (0.10 is ten percent); `None` unless finite and from 0 on.
    pub fn per_year(rate: f64) -> Option<Self> {
        (rate.is_finite() && rate >= 0.0).then_some(Self { per_year: rate })
    }

    /// From a monthly rate, twelve of which compound to a year.
    pub fn per_month(rate: f64) -> Option<Self> {
        Self::per_year((1.0 + rate).powi(12) - 1.0)
    }

    /// The effective rate of a year.
    pub fn yearly(self) -> f64 {
        self.per_year
    }

    /// The rate of a month that compounds to the year's: (1 + rate)^(1/12) - 1.
    pub fn monthly(self) -> f64 {
        (self.per_year.ln_1p() / 12.0).exp_m1()
    }

    /// The rate of continuous compounding for one `unit`: ln(1 + rate) by its part of a year.
    pub fn continuous(self, unit: TimeUnit) -> f64 {
        self.per_year.ln_1p() * unit.in_days() / TimeUnit::Years.in_days()
    }
}

/// The seed from which every random choice of a run is derived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seed(pub u64);

impl Seed {
    /// A seed for one part of the work, independent of how many parts there are and of the
    /// order in which threads reach them (SplitMix64 finaliser of Steele et al. 2014).
    pub fn derive(self, purpose: u64, index: u64) -> Seed {
        let mut z = self
            .0
            .wrapping_add(purpose.wrapping_mul(0x9E37_79B9_7F4A_7C15))
            .wrapping_add(index.wrapping_mul(0xD1B5_4A32_D192_ED03))
            .wrapping_add(0x9E37_79B9_7F4A_7C15);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        Seed(z ^ (z >> 31))
    }
}

/// The lineage id of a segment: the identity it keeps from run to run. Shown as `S01`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SegmentId(pub u32);

impl fmt::Display for SegmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("S{:02}", self.0))
    }
}

impl std::str::FromStr for SegmentId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.strip_prefix('S')
            .filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|digits| digits.parse().ok())
            .map(SegmentId)
            .ok_or_else(|| format!("`{text}` is not a segment id such as S01"))
    }
}

impl Serialize for SegmentId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for SegmentId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// The key of a named business group, such as `champions`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct GroupKey(pub String);

impl GroupKey {
    /// The group of customers who are known but have bought nothing by the date.
    pub fn prospect() -> Self {
        Self("prospect".into())
    }
}

impl fmt::Display for GroupKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A text in the two languages of the product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    /// English.
    pub en: String,
    /// Vietnamese.
    pub vi: String,
}

impl Bilingual {
    /// The text in `language`.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Vi => &self.vi,
        }
    }
}

/// A language of names and of the report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Vietnamese.
    Vi,
}

/// An ISO 4217 currency and the resolution at which its amounts are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Currency(pub String);

impl Currency {
    /// Ticks in one unit of the currency: 10,000, or 100 where the currency has no decimals in
    /// use, so that totals of either fit an `i64`.
    pub fn ticks(&self) -> i64 {
        match self.0.as_str() {
            "VND" | "JPY" | "KRW" | "IDR" | "CLP" | "PYG" | "ISK" | "UGX" | "XAF" | "XOF" => 100,
            _ => 10_000,
        }
    }

    /// Decimals that a person expects to see.
    pub fn decimals(&self) -> usize {
        if self.ticks() == 100 { 0 } else { 2 }
    }
}

/// An exact amount of money in ticks of its [`Currency`]: sums do not depend on their order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(pub i64);

impl Money {
    /// The amount nearest to `value` units, half away from zero; `None` when not finite or
    /// beyond what sums can hold (a quarter of the range).
    pub fn from_units(value: f64, currency: &Currency) -> Option<Self> {
        Self::nearest(value * currency.ticks() as f64)
    }

    /// The amount nearest to a number of ticks, half away from zero; `None` as in
    /// [`Money::from_units`].
    pub fn nearest(ticks: f64) -> Option<Self> {
        (ticks.abs() < (i64::MAX / 4) as f64).then(|| Self(ticks.round() as i64))
    }

    /// The amount in units of the currency.
    pub fn units(self, currency: &Currency) -> f64 {
        self.0 as f64 / currency.ticks() as f64
    }
}

/// Something that a person should know about a run that went through all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// Stable code for programs, such as `data_end_before_as_of`.
    pub code: String,
    /// What, where, and what to do, in a sentence.
    pub message: String,
}

impl Warning {
    /// A warning with its code and its sentence.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.into(), message: message.into() }
    }
}

/// `12 months` as a record has it, in words: `12 tháng`; a text of another form as it stands.
pub(crate) fn duration_in_words(text: &str, language: Language) -> String {
    let known = text.split_once(' ').and_then(|(count, unit)| {
        let count: f64 = count.parse().ok()?;
        let unit = unit.parse::<TimeUnit>().ok()?.in_words(language);
        let unit = match language {
            Language::En if count == 1.0 => unit.trim_end_matches('s'),
            _ => unit,
        };
        let count = match language {
            Language::En => count.to_string(),
            Language::Vi => count.to_string().replace('.', ","),
        };
        Some(format!("{count} {unit}"))
    });
    known.unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_has_its_unit() {
        let year: Duration = "12 months".parse().unwrap();
        assert_eq!(year, Duration::months(12));
        assert!((year.in_unit(TimeUnit::Days) - 365.0).abs() < 1e-9);
        assert!((Duration::months(1).in_unit(TimeUnit::Weeks) - 4.345).abs() < 5e-4);
        assert_eq!(Duration::weeks(39).in_unit(TimeUnit::Days), 273.0);
        let said = ["1 year", "39 weeks", "1 day", "0.5 months"];
        assert!(said.iter().all(|text| text.parse::<Duration>().unwrap().to_string() == *text));
        for wrong in ["12", "months", "12months", "-1 months", "NaN days", "1 fortnight", ""] {
            let message = wrong.parse::<Duration>().unwrap_err();
            assert!(message.contains("12 months"), "{message}");
        }
    }

    #[test]
    fn rates_compound_to_the_year() {
        let month = DiscountRate::per_month(0.01).unwrap();
        assert!((month.yearly() - (1.01_f64.powi(12) - 1.0)).abs() < 1e-15);
        assert!((month.monthly() - 0.01).abs() < 1e-15);
        let year = DiscountRate::per_year(0.10).unwrap();
        assert!((year.continuous(TimeUnit::Years) - 1.1_f64.ln()).abs() < 1e-15);
        let weeks = year.continuous(TimeUnit::Weeks) * 365.0 / 7.0;
        assert!((weeks - 1.1_f64.ln()).abs() < 1e-12);
        assert!(
            DiscountRate::per_year(-0.1).is_none() && DiscountRate::per_year(f64::NAN).is_none()
        );
    }

    #[test]
    fn durations_follow_the_language() {
        assert_eq!(duration_in_words("12 months", Language::En), "12 months");
        assert_eq!(duration_in_words("1 years", Language::En), "1 year");
        assert_eq!(duration_in_words("39.5 weeks", Language::Vi), "39,5 tuần");
        assert_eq!(duration_in_words("until easter", Language::Vi), "until easter");
    }
}
