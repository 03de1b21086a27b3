//! Share and size of wallet of each customer, two cut points -> one of four strategies each.
//!
//! Kumar and Reinartz, Customer Relationship Management, chapter 5: share against size of
//! wallet. A value at the cut point counts as high or large. The cut points used are part of the
//! result.

use serde::{Deserialize, Serialize};

use super::WalletError;
use crate::math::median;

/// What to do with a customer, by share and size of wallet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// High share of a large wallet.
    MaintainAndGuard,
    /// Low share of a large wallet.
    TargetForAdditionalSelling,
    /// High share of a small wallet.
    HoldOn,
    /// Low share of a small wallet.
    DoNothing,
}

impl Strategy {
    /// All, in the order of the cells.
    pub const ALL: [Strategy; 4] =
        [Self::MaintainAndGuard, Self::TargetForAdditionalSelling, Self::HoldOn, Self::DoNothing];

    /// As it is written in files.
    pub const fn key(self) -> &'static str {
        match self {
            Self::MaintainAndGuard => "maintain_and_guard",
            Self::TargetForAdditionalSelling => "target_for_additional_selling",
            Self::HoldOn => "hold_on",
            Self::DoNothing => "do_nothing",
        }
    }
}

/// Where high begins: a number, or `median`: the median over the customers placed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Cut {
    /// At this value: a share in (0, 1], or a size in units of the currency above 0.
    At(f64),
    /// At a value of the data.
    Of(CutOf),
}

/// A cut point that the data give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CutOf {
    /// The median over the customers who have a share and a size.
    Median,
}

/// The cut points asked for.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MatrixParams {
    /// From which share on it is high; default `median`.
    pub share: Cut,
    /// From which size on a wallet is large; default `median`.
    pub size: Cut,
}

impl Default for MatrixParams {
    fn default() -> Self {
        Self { share: Cut::Of(CutOf::Median), size: Cut::Of(CutOf::Median) }
    }
}

/// The matrix of share and size, and the cut points it was made with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WalletMatrix {
    /// A share from here on is high.
    pub share_cut: f64,
    /// A size from here on is large.
    pub size_cut: f64,
    /// In the order of [`Strategy::ALL`].
    pub cells: [Cell; 4],
    /// Customers without a share or a size, who are in no cell.
    pub unplaced: u32,
}

/// One cell of the matrix.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// What to do with its customers.
    pub strategy: Strategy,
    /// Customers.
    pub customers: u32,
    /// Sum of their spend with the own provider: share times size.
    pub own_spend: f64,
    /// Sum of their wallets.
    pub wallet: f64,
}

/// Places customers, given as share in [0, 1] and size above 0 or nothing; the strategy of each
/// is none where either is missing. No matrix where nobody can be placed.
///
/// # Errors
/// `Cut` when a cut point is outside its range.
pub fn wallet_matrix(
    wallets: &[Option<(f64, f64)>],
    params: &MatrixParams,
) -> Result<(Option<WalletMatrix>, Vec<Option<Strategy>>), WalletError> {
    let placed = || wallets.iter().flatten();
    let cut = |cut: Cut, of: &dyn Fn(&(f64, f64)) -> f64| match cut {
        Cut::At(value) => Some(value),
        Cut::Of(CutOf::Median) => median(&placed().map(of).collect::<Vec<f64>>()),
    };
    if let Cut::At(value) = params.share
        && !(value > 0.0 && value <= 1.0)
    {
        return Err(WalletError::Cut { what: "share", value, range: "above 0 and at most 1" });
    }
    if let Cut::At(value) = params.size
        && !(value > 0.0 && value.is_finite())
    {
        return Err(WalletError::Cut { what: "size", value, range: "above 0" });
    }
    let unplaced = wallets.iter().filter(|wallet| wallet.is_none()).count() as u32;
    let (Some(share_cut), Some(size_cut)) =
        (cut(params.share, &|wallet| wallet.0), cut(params.size, &|wallet| wallet.1))
    else {
        return Ok((None, vec![None; wallets.len()]));
    };
    if placed().next().is_none() {
        return Ok((None, vec![None; wallets.len()]));
    }
    let strategy = |&(share, size): &(f64, f64)| match (size >= size_cut, share >= share_cut) {
        (true, true) => Strategy::MaintainAndGuard,
        (true, false) => Strategy::TargetForAdditionalSelling,
        (false, true) => Strategy::HoldOn,
        (false, false) => Strategy::DoNothing,
    };
    let strategies: Vec<Option<Strategy>> =
        wallets.iter().map(|wallet| wallet.as_ref().map(strategy)).collect();
    let cells = Strategy::ALL.map(|of| {
        let mut cell = Cell { strategy: of, customers: 0, own_spend: 0.0, wallet: 0.0 };
        for (share, size) in placed().filter(|wallet| strategy(wallet) == of) {
            cell.customers += 1;
            cell.own_spend += share * size;
            cell.wallet += size;
        }
        cell
    });
    Ok((Some(WalletMatrix { share_cut, size_cut, cells, unplaced }), strategies))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The four cells of Kumar and Reinartz, and the cut points that the median gives.
    #[test]
    fn four_strategies_with_their_cut_points() {
        let wallets =
            [Some((0.9, 500.0)), Some((0.2, 400.0)), Some((0.8, 50.0)), Some((0.1, 60.0)), None];
        let (matrix, strategies) = wallet_matrix(&wallets, &MatrixParams::default()).unwrap();
        let matrix = matrix.unwrap();
        // Medians of 0.1, 0.2, 0.8, 0.9 and of 50, 60, 400, 500.
        assert_eq!((matrix.share_cut, matrix.size_cut), (0.5, 230.0));
        assert_eq!(
            strategies,
            [
                Some(Strategy::MaintainAndGuard),
                Some(Strategy::TargetForAdditionalSelling),
                Some(Strategy::HoldOn),
                Some(Strategy::DoNothing),
                None
            ]
        );
        assert_eq!(matrix.unplaced, 1);
        assert_eq!(matrix.cells.map(|cell| cell.customers), [1; 4]);
        assert_eq!(matrix.cells[0].own_spend, 450.0);
        assert_eq!(matrix.cells[1].wallet, 400.0);
    }

    #[test]
    fn a_value_at_the_cut_is_high() {
        let params = MatrixParams { share: Cut::At(0.5), size: Cut::At(100.0) };
        let wallets = [Some((0.5, 100.0)), Some((0.499, 100.0)), Some((0.5, 99.9))];
        let (matrix, strategies) = wallet_matrix(&wallets, &params).unwrap();
        assert_eq!(matrix.unwrap().share_cut, 0.5);
        assert_eq!(strategies[0], Some(Strategy::MaintainAndGuard));
        assert_eq!(strategies[1], Some(Strategy::TargetForAdditionalSelling));
        assert_eq!(strategies[2], Some(Strategy::HoldOn));
    }

    #[test]
    fn nobody_to_place_and_cut_points_out_of_range() {
        let given = MatrixParams { share: Cut::At(0.5), size: Cut::At(100.0) };
        for params in [MatrixParams::default(), given] {
            assert_eq!(wallet_matrix(&[None], &params).unwrap(), (None, vec![None]));
        }
        for (share, size) in
            [(0.0, 1.0), (1.1, 1.0), (f64::NAN, 1.0), (0.5, 0.0), (0.5, f64::INFINITY)]
        {
            let params = MatrixParams { share: Cut::At(share), size: Cut::At(size) };
            assert!(matches!(wallet_matrix(&[], &params), Err(WalletError::Cut { .. })));
        }
    }

    #[test]
    fn cut_points_as_written() {
        let params: MatrixParams =
            serde_json::from_str(r#"{"share": "median", "size": 500}"#).unwrap();
        assert_eq!(params, MatrixParams { share: Cut::Of(CutOf::Median), size: Cut::At(500.0) });
        assert!(serde_json::from_str::<MatrixParams>(r#"{"share": "mean"}"#).is_err());
        assert!(serde_json::from_str::<MatrixParams>(r#"{"width": 1}"#).is_err());
    }
}
