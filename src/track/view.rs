//! The columns of a run that tracking looks at, and the merge of two runs by customer.

use std::cmp::Ordering;

use super::error::TrackError;
use crate::types::{CustomerId, GroupKey, SegmentId};

/// The customers with a segment of one run: sorted, each once, with segment and group.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    run_id: &'a str,
    customers: &'a [CustomerId],
    segments: &'a [SegmentId],
    groups: &'a [GroupKey],
    worth: Worth<'a>,
}

/// What the customers of a run are worth, in units of its currency.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Worth<'a> {
    /// Spend in the window of history (`monetary_total`), one a customer; empty where not known.
    pub revenue: &'a [f64],
    /// Value to come (`clv`), likewise; NaN for a customer without one.
    pub clv: &'a [f64],
}

impl<'a> View<'a> {
    /// Three columns of one row a customer, strictly ascending by customer.
    ///
    /// # Errors
    ///
    /// [`TrackError::ViewLengths`], [`TrackError::NotSorted`].
    pub fn new(
        run_id: &'a str,
        customers: &'a [CustomerId],
        segments: &'a [SegmentId],
        groups: &'a [GroupKey],
    ) -> Result<Self, TrackError> {
        check(run_id, customers, segments.len(), groups.len())?;
        Ok(Self { run_id, customers, segments, groups, worth: Worth::default() })
    }

    /// The same with what each customer is worth.
    ///
    /// # Errors
    ///
    /// [`TrackError::WorthLengths`] for a column that is neither empty nor of all customers.
    pub fn worth(self, worth: Worth<'a>) -> Result<Self, TrackError> {
        let customers = self.customers.len();
        for values in [worth.revenue.len(), worth.clv.len()] {
            if values != 0 && values != customers {
                let run = self.run_id.into();
                return Err(TrackError::WorthLengths { run, customers, values });
            }
        }
        Ok(Self { worth, ..self })
    }

    /// What each customer is worth, where it is known.
    pub fn values(&self) -> Worth<'a> {
        self.worth
    }

    /// Which run.
    pub fn run_id(&self) -> &'a str {
        self.run_id
    }

    /// Strictly ascending.
    pub fn customers(&self) -> &'a [CustomerId] {
        self.customers
    }

    /// One a customer.
    pub fn segments(&self) -> &'a [SegmentId] {
        self.segments
    }

    /// One a customer.
    pub fn groups(&self) -> &'a [GroupKey] {
        self.groups
    }
}

/// That a list of customers is strictly ascending and has `segments` and `groups` of its length.
pub(super) fn check(
    run_id: &str,
    customers: &[CustomerId],
    segments: usize,
    groups: usize,
) -> Result<(), TrackError> {
    if customers.len() != segments || customers.len() != groups {
        return Err(TrackError::ViewLengths {
            run: run_id.into(),
            customers: customers.len(),
            segments,
            groups,
        });
    }
    if let Some(before) = customers.windows(2).position(|pair| pair[0] >= pair[1]) {
        let (row, customer) = (before + 1, customers[before + 1].to_string());
        return Err(TrackError::NotSorted { run: run_id.into(), row, customer });
    }
    Ok(())
}

/// Where a customer is found: rows of the earlier and the later list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joined {
    /// Only in the earlier.
    Leaver(usize),
    /// Only in the later.
    Entrant(usize),
    /// In both.
    Stayer(usize, usize),
}

/// Every customer of two strictly ascending lists once, in ascending order. O(n + m).
pub fn join<'a>(
    earlier: &'a [CustomerId],
    later: &'a [CustomerId],
) -> impl Iterator<Item = Joined> + 'a {
    let (mut i, mut j) = (0, 0);
    std::iter::from_fn(move || {
        let order = match (earlier.get(i), later.get(j)) {
            (Some(a), Some(b)) => a.cmp(b),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => return None,
        };
        let joined = match order {
            Ordering::Less => Joined::Leaver(i),
            Ordering::Greater => Joined::Entrant(j),
            Ordering::Equal => Joined::Stayer(i, j),
        };
        i += usize::from(order != Ordering::Greater);
        j += usize::from(order != Ordering::Less);
        Some(joined)
    })
}
