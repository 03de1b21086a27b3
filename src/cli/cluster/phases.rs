//! How a fit goes on -> progress on the terminal, and the seconds of each part of it.

use std::sync::Mutex;
use std::time::Instant;

use crate::cli::watch::TerminalWatch;
use crate::cluster::{FitWatch, Phase};
use crate::pipeline::Watch;

/// Shows progress and takes the time of each phase.
pub(super) struct PhaseWatch<'a> {
    watch: &'a TerminalWatch,
    clock: Mutex<Clock>,
}

#[derive(Default)]
struct Clock {
    /// The phase at hand, and since when.
    now: Option<(Phase, Instant)>,
    /// Seconds of each, in the order of [`Phase::ALL`].
    seconds: [f64; Phase::ALL.len()],
}

impl Clock {
    fn stop(&mut self) {
        if let Some((phase, begun)) = self.now.take() {
            let places = Phase::ALL.iter().zip(&mut self.seconds);
            places
                .filter(|(of, _)| **of == phase)
                .for_each(|(_, seconds)| *seconds += begun.elapsed().as_secs_f64());
        }
    }
}

impl<'a> PhaseWatch<'a> {
    pub(super) fn new(watch: &'a TerminalWatch) -> Self {
        Self { watch, clock: Mutex::default() }
    }

    /// The seconds of each phase; the last ends here.
    pub(super) fn timings(self) -> Vec<(&'static str, f64)> {
        let mut clock = self.clock.into_inner().unwrap_or_default();
        clock.stop();
        Phase::ALL.iter().map(|phase| phase.name()).zip(clock.seconds).collect()
    }
}

impl FitWatch for PhaseWatch<'_> {
    fn progress(&self, done: usize, total: usize) {
        self.watch.progress(done, total);
    }

    fn phase(&self, phase: Phase) {
        if let Ok(mut clock) = self.clock.lock() {
            clock.stop();
            clock.now = Some((phase, Instant::now()));
        }
    }
}
