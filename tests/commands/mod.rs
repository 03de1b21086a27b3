//! Every command as a user calls it: what it does, what it prints, how it ends.

mod answers;
mod attributes;
mod cluster;
mod cluster_options;
mod clv;
mod compare;
mod export;
mod init;
mod names;
mod representatives;
mod simulate;
mod snapshots;
mod value_inputs;
mod vietnamese;

use crate::support::Shop;

/// The shop with two runs stored, of the end of May and of June.
fn two_months() -> Shop {
    let shop = Shop::new();
    shop.run("2024-05-31..2024-06-30").done();
    shop
}
