//! The words of the console in English and Vietnamese, by what is told.

mod compare;
mod run;
mod store;
mod trail;
mod validate;

pub(super) use compare::{AgreementWords, CompareWords, InsideWords, MovementWords};
pub(super) use run::{RunWords, ShowWords, StabilityWords};
pub(super) use store::{JudgementWords, RegistryWords, RunsWords};
pub(super) use trail::{ForecastWords, LineageWords};
pub(super) use validate::ValidateWords;

pub(super) use crate::types::fill;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::why::WhyWords;

    #[test]
    fn both_languages_have_the_same_places() {
        let all = [
            AgreementWords::PAIRS,
            CompareWords::PAIRS,
            ForecastWords::PAIRS,
            InsideWords::PAIRS,
            JudgementWords::PAIRS,
            LineageWords::PAIRS,
            MovementWords::PAIRS,
            RegistryWords::PAIRS,
            RunWords::PAIRS,
            RunsWords::PAIRS,
            ShowWords::PAIRS,
            StabilityWords::PAIRS,
            ValidateWords::PAIRS,
            WhyWords::PAIRS,
        ];
        crate::types::hold_both_languages(&all.concat());
    }
}
