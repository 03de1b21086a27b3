//! Which months a scheduler has to run: the complete months of the data after the last run.

use jiff::civil::Date;

use super::Read;
use crate::config::Loaded;
use crate::error::Error;
use crate::store::Store;
use crate::types::AsOf;

/// What is to be done for a series, and by which dates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Last day of the data; none where no row can be used.
    pub data_until: Option<Date>,
    /// End of the last complete month of the data.
    pub complete_until: Option<AsOf>,
    /// Date of the last run of the series.
    pub last_run: Option<AsOf>,
    /// Month ends to run, ascending.
    pub months: Vec<AsOf>,
}

/// The complete months after the last run of the series; of a series without a run the last complete
/// month alone.
///
/// A month is complete where there is a row of its last day or of a later one: a shop that is closed
/// on the last day of a month has it complete with the first sale of the next.
///
/// # Errors
/// The store cannot be listed.
pub fn due(loaded: &Loaded, read: &Read, store: &Store) -> Result<Due, Error> {
    let runs = store.list(Some(&loaded.config.name))?.runs;
    let last_run = runs.last().map(|run| run.manifest.as_of);
    Ok(months(read.input.last_day(), last_run))
}

fn months(data_until: Option<Date>, last_run: Option<AsOf>) -> Due {
    let complete = data_until.and_then(|day| {
        if day == day.last_of_month() { Some(day) } else { day.first_of_month().yesterday().ok() }
    });
    let first = match last_run {
        // The end of the month of the last run, where that one was made in the midst of it.
        Some(AsOf(run)) if run < run.last_of_month() => Some(run.last_of_month()),
        Some(AsOf(run)) => run.tomorrow().ok().map(Date::last_of_month),
        None => complete,
    };
    let following = |end: &Date| Some(end.tomorrow().ok()?.last_of_month());
    let ends = std::iter::successors(first, following);
    let months = ends.take_while(|end| complete.is_some_and(|last| *end <= last)).map(AsOf);
    Due { data_until, complete_until: complete.map(AsOf), last_run, months: months.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn ends(data: Date, last_run: Option<Date>) -> Vec<Date> {
        months(Some(data), last_run.map(AsOf)).months.into_iter().map(|end| end.0).collect()
    }

    #[test]
    fn months_are_due_when_they_are_complete() {
        let (october, november) = (date(2017, 10, 31), date(2017, 11, 30));
        assert_eq!(ends(date(2017, 11, 29), None), [october]);
        assert_eq!(ends(november, None), [november]);
        assert_eq!(ends(november, Some(november)), []);
        assert_eq!(ends(date(2017, 12, 30), Some(november)), []);
        assert_eq!(ends(date(2018, 1, 1), Some(october)), [november, date(2017, 12, 31)]);
        assert_eq!(ends(date(2017, 12, 5), Some(date(2017, 11, 15))), [november]);
        let nothing = months(None, None);
        assert_eq!((nothing.months.len(), nothing.complete_until), (0, None));
    }
}
