//! Run + Comparison -> one HTML file; Validation -> another: text and tables by maud, charts as
//! SVG by plotters, the style sheet inside. The files need no script and no network.
//!
//! `figures` turns the run into the plain data of each chart, `plots` draws that data, `page`
//! puts charts and tables together. Every chart is drawn twice, for a wide and for a narrow
//! screen; the style sheet shows the one that fits. The same run gives the same bytes.

mod figures;
mod format;
#[cfg(test)]
mod layers_tests;
mod page;
#[cfg(test)]
mod people_tests;
#[cfg(test)]
mod personas_tests;
mod plots;
#[cfg(test)]
mod portfolio_tests;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod sample_people;
#[cfg(test)]
mod sample_portfolio;
#[cfg(test)]
mod sample_selection;
#[cfg(test)]
mod sample_stability;
#[cfg(test)]
mod sample_tracking;
#[cfg(test)]
mod sample_value;
#[cfg(test)]
mod sample_wallet;
#[cfg(test)]
mod tests;
mod texts;
#[cfg(test)]
mod value_tests;
mod view;

use crate::features::clv::validate::Validation;
use crate::run::{Run, Shown};
use crate::types::{Currency, Language};

/// Why a report could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// plotters refused to draw.
    #[error("the figure `{figure}` of the report could not be drawn: {reason}")]
    Draw {
        /// The figure.
        figure: &'static str,
        /// What plotters said.
        reason: String,
    },
    /// The configuration of the run could not be written as text.
    #[error("the configuration of the run could not be written into the report: {0}")]
    Config(#[from] serde_json::Error),
}

/// The report of `run` as one complete HTML document, in the language of its manifest.
///
/// # Errors
///
/// [`ReportError`] where a figure cannot be drawn or the configuration cannot be written.
pub fn html(run: &Run) -> Result<String, ReportError> {
    Ok(shown(run)?.report)
}

/// The report and the cards of personas that it shows.
///
/// # Errors
///
/// As [`html`].
pub fn shown(run: &Run) -> Result<Shown, ReportError> {
    let view = view::View::new(run);
    let report = page::page(&view)?;
    Ok(Shown { report, personas: view.personas })
}

/// The result of a validation of customer value as one complete HTML document; `series` names
/// the configuration that it is of.
///
/// # Errors
///
/// [`ReportError::Draw`] where a figure cannot be drawn.
pub fn validation_html(
    validation: &Validation,
    series: &str,
    currency: &Currency,
    language: Language,
) -> Result<String, ReportError> {
    let format = format::Format { language, currency: currency.clone() };
    page::validation(validation, series, &format)
}
