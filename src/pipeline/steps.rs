//! Steps of a run: each is timed, and shown to a person who watches.

use super::Watch;
use crate::error::Error;

/// Times each step and tells the watcher.
pub(super) struct Steps<'a> {
    watch: &'a dyn Watch,
    done: Vec<(String, f64)>,
}

impl<'a> Steps<'a> {
    pub(super) fn new(watch: &'a dyn Watch) -> Self {
        Self::after(&[], watch)
    }

    /// Steps that follow on others.
    pub(super) fn after(done: &[(String, f64)], watch: &'a dyn Watch) -> Self {
        Self { watch, done: done.to_vec() }
    }

    pub(super) fn step<T>(
        &mut self,
        name: &str,
        work: impl FnOnce() -> Result<T, Error>,
    ) -> Result<T, Error> {
        let start = self.watch.seconds();
        self.watch.begin(name);
        let result = work();
        self.watch.end();
        self.done.push((name.to_owned(), self.watch.seconds() - start));
        result
    }

    pub(super) fn finished(&self) -> Vec<(String, f64)> {
        self.done.clone()
    }
}
