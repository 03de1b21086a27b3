//! Rows (customer, provider, category, amount) -> a checked table with its names: the observed
//! spend of a panel, a survey or a marketplace.

use super::WalletError;

/// What customers spend with whom: one row a purchase, or a sum of several. Made by
/// [`WalletRows::new`]; every place lies within the names, no amount is negative, and the sum of
/// all amounts fits an `i64`.
#[derive(Clone, Debug, PartialEq)]
pub struct WalletRows {
    pub(super) customer: Vec<u32>,
    pub(super) provider: Vec<u32>,
    pub(super) category: Vec<u32>,
    pub(super) amount: Vec<i64>,
    pub(super) customers: usize,
    pub(super) names: WalletNames,
}

/// Names of the places in [`WalletRows`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WalletNames {
    /// Providers, brands or sellers.
    pub providers: Vec<String>,
    /// Categories; a single one where the table has no such column.
    pub categories: Vec<String>,
    /// Place of the own provider in `providers`; none where it sells nothing in the table.
    pub own: Option<u32>,
}

impl WalletRows {
    /// Checks `n` rows, given as columns of equal length: `customer` in 0..`customers`,
    /// `provider` and `category` places in `names` (`category` 0 throughout where there is no
    /// such column), `amount` in ticks of money or units of volume, from 0 on.
    ///
    /// # Errors
    /// `Lengths`, `Row`, `TooLarge`.
    pub fn new(
        customer: Vec<u32>,
        provider: Vec<u32>,
        category: Vec<u32>,
        amount: Vec<i64>,
        customers: usize,
        names: WalletNames,
    ) -> Result<Self, WalletError> {
        let n = customer.len();
        for (what, length) in
            [("provider", provider.len()), ("category", category.len()), ("amount", amount.len())]
        {
            if length != n {
                return Err(WalletError::Lengths { what: what.into(), length, expected: n });
            }
        }
        if names.own.is_some_and(|own| own as usize >= names.providers.len()) {
            return Err(WalletError::Row {
                row: 0,
                what: format!("the own provider is none of the {}", names.providers.len()),
            });
        }
        let mut total = 0_i64;
        for row in 0..n {
            let fault = |what: String| Err(WalletError::Row { row: row + 1, what });
            for (what, place, known) in [
                ("customer", customer[row], customers),
                ("provider", provider[row], names.providers.len()),
                ("category", category[row], names.categories.len()),
            ] {
                if place as usize >= known {
                    return fault(format!("{what} {place} is beyond the {known} known"));
                }
            }
            if amount[row] < 0 {
                return fault(format!("amount {} is negative", amount[row]));
            }
            total = total.checked_add(amount[row]).ok_or(WalletError::TooLarge { row: row + 1 })?;
        }
        Ok(Self { customer, provider, category, amount, customers, names })
    }

    /// Rows.
    pub fn len(&self) -> usize {
        self.amount.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.amount.is_empty()
    }

    /// Customers, with or without a row.
    pub fn customers(&self) -> usize {
        self.customers
    }

    /// Names of the places.
    pub fn names(&self) -> &WalletNames {
        &self.names
    }
}
