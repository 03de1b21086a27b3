//! The clock, and progress on steps that take over a second on a terminal.

use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::speech::Speech;
use crate::label::step_in_words;
use crate::pipeline::Watch;

/// Progress that shows within this time would only flicker.
const PATIENCE: Duration = Duration::from_secs(1);
const TICK: Duration = Duration::from_millis(120);

pub(crate) struct TerminalWatch {
    start: Instant,
    bars: bool,
    speech: OnceLock<Speech>,
    label: Mutex<String>,
    step: Arc<Mutex<Option<Step>>>,
}

struct Step {
    begun: Instant,
    bar: ProgressBar,
}

impl TerminalWatch {
    pub(super) fn new(bars: bool) -> Self {
        let (label, step) = (Mutex::default(), Arc::default());
        Self { start: Instant::now(), bars, speech: OnceLock::new(), label, step }
    }

    /// The language of the steps, once it is known.
    pub(super) fn speak(&self, speech: Speech) {
        let _ = self.speech.set(speech);
    }

    /// What the following steps are about.
    pub(crate) fn label(&self, text: &str) {
        if let Ok(mut label) = self.label.lock() {
            text.clone_into(&mut label);
        }
    }
}

impl Watch for TerminalWatch {
    fn seconds(&self) -> f64 {
        self.start.elapsed().as_secs_f64()
    }

    fn timestamp(&self) -> String {
        jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
    }

    /// The step shows itself once it has taken its second, also where it cannot say how far it
    /// is.
    fn begin(&self, step: &str) {
        if !self.bars {
            return;
        }
        let label = self.label.lock().map(|label| label.clone()).unwrap_or_default();
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        bar.set_style(style("{spinner} {msg} {elapsed}"));
        let step = self
            .speech
            .get()
            .map_or_else(|| step.to_owned(), |speech| step_in_words(step, speech.0).to_owned());
        bar.set_message(format!("{label} {step}").trim().to_owned());
        let begun = Instant::now();
        if let Ok(mut current) = self.step.lock() {
            *current = Some(Step { begun, bar });
        }
        let current = Arc::clone(&self.step);
        thread::spawn(move || {
            thread::sleep(PATIENCE);
            if let Ok(current) = current.lock()
                && let Some(step) = current.as_ref().filter(|step| step.begun == begun)
            {
                step.bar.set_draw_target(ProgressDrawTarget::stderr());
                step.bar.enable_steady_tick(TICK);
            }
        });
    }

    fn progress(&self, done: usize, total: usize) {
        let Ok(current) = self.step.lock() else { return };
        let Some(step) = current.as_ref() else { return };
        if total > 1 {
            if step.bar.length().is_none() {
                step.bar.set_style(style("{spinner} {msg} {bar:32} {pos}/{len} {elapsed}"));
                step.bar.set_length(total as u64);
            }
            step.bar.set_position((done as u64).max(step.bar.position()));
        }
    }

    fn end(&self) {
        if let Ok(mut current) = self.step.lock()
            && let Some(step) = current.take()
        {
            step.bar.finish_and_clear();
        }
    }
}

/// The template is fixed: where it cannot be read, indicatif's own style serves.
fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}
