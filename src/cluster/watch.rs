//! How far a fit is, and which part of the work it is at: told to whoever waits for it. Whoever is
//! told has the clock; this room has none.

/// A part of the work of a fit. A fit of many candidates comes to [`Phase::Fit`] and
/// [`Phase::Criteria`] in turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Features into columns of the clustered space.
    Prepare,
    /// Every restart of the candidates, and the final assignment of the rows to each.
    Fit,
    /// What the candidates are weighed by, the choice, and the verdict on structure.
    Criteria,
    /// Refits to resamples, and how far clusters lie apart.
    Stability,
}

impl Phase {
    /// All, in their order.
    pub const ALL: [Phase; 4] = [Phase::Prepare, Phase::Fit, Phase::Criteria, Phase::Stability];

    /// Its name in the timings.
    pub fn name(self) -> &'static str {
        match self {
            Phase::Prepare => "prepare",
            Phase::Fit => "fit",
            Phase::Criteria => "criteria",
            Phase::Stability => "stability",
        }
    }
}

/// Who is told how a fit goes on.
pub trait FitWatch: Sync {
    /// So many pieces of the work are done, of so many; from several threads, and not always in
    /// ascending order.
    fn progress(&self, done: usize, total: usize);
    /// A part of the work begins, and the one before it has ended; from one thread.
    fn phase(&self, _phase: Phase) {}
}

impl<F: Fn(usize, usize) + Sync + ?Sized> FitWatch for F {
    fn progress(&self, done: usize, total: usize) {
        self(done, total);
    }
}
