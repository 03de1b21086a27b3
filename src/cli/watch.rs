//! The clock, and progress bars on steps that take over a second on a terminal.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::pipeline::Watch;

/// A bar that shows within this time would only flicker.
const PATIENCE: Duration = Duration::from_secs(1);

pub(crate) struct TerminalWatch {
    start: Instant,
    bars: bool,
    label: Mutex<String>,
    step: Mutex<Option<Step>>,
}

struct Step {
    begun: Instant,
    name: String,
    bar: Option<ProgressBar>,
}

impl TerminalWatch {
    pub(crate) fn new(bars: bool) -> Self {
        Self {
            start: Instant::now(),
            bars,
            label: Mutex::new(String::new()),
            step: Mutex::new(None),
        }
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

    fn begin(&self, step: &str) {
        let label = self.label.lock().map(|label| label.clone()).unwrap_or_default();
        if let Ok(mut current) = self.step.lock() {
            let name = format!("{label} {step}").trim().to_owned();
            *current = Some(Step { begun: Instant::now(), name, bar: None });
        }
    }

    fn progress(&self, done: usize, total: usize) {
        if !self.bars {
            return;
        }
        let Ok(mut current) = self.step.lock() else { return };
        let Some(step) = current.as_mut() else { return };
        if step.bar.is_none() && step.begun.elapsed() > PATIENCE {
            let style = ProgressStyle::with_template("{msg:24} {bar:40} {pos}/{len} {elapsed}");
            let bar = ProgressBar::new(total as u64);
            if let Ok(style) = style {
                bar.set_style(style);
            }
            bar.set_message(step.name.clone());
            step.bar = Some(bar);
        }
        if let Some(bar) = &step.bar {
            bar.set_position((done as u64).max(bar.position()));
        }
    }

    fn end(&self) {
        if let Ok(mut current) = self.step.lock()
            && let Some(bar) = current.take().and_then(|step| step.bar)
        {
            bar.finish_and_clear();
        }
    }
}
