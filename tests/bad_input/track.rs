//! Keys of `[track]` that cannot be used.

use crate::support::Shop;

#[test]
fn a_weight_of_centroids_that_is_no_share_is_refused() {
    for value in ["-0.1", "1.5", "nan"] {
        let shop = Shop::new().append(&format!("[track]\ncentroid_weight = {value}"));
        shop.refuses(&["[track] centroid_weight", "from 0"]);
    }
}

#[test]
fn a_weight_that_is_none() {
    Shop::new().append("[track]\nweight = \"clv\"").refuses(&["clv", "revenue"]);
}
