//! Peak memory of the large fits, by an allocator that counts: a binary of its own, with one test, as
//! whatever else allocates meanwhile would be counted too.

use linfa::prelude::*;
use ndarray::{Array2, s};
use peak_alloc::PeakAlloc;
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use segtrail::cluster::{GaussianMixture, KMeans, KMeansInit};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What the rows and whatever `work` holds at once take, over what the rows take.
fn peak(rows: &Array2<f64>, work: impl FnOnce()) -> f64 {
    let data = rows.len() * size_of::<f64>();
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    work();
    (data + MEMORY.peak_usage() - before) as f64 / data as f64
}

#[test]
fn large_fits_take_half_of_their_rows_beside_them_at_most() {
    const MOST: f64 = 1.5;
    let mut draws = Xoshiro256PlusPlus::seed_from_u64(7);
    let mut records = |n, p| Array2::from_shape_fn((n, p), |_| draws.r#gen::<f64>().ln());
    for (n, p, k) in [(1_000_000, 8, 50), (200_000, 32, 100)] {
        let rows = DatasetBase::from(records(n, p));
        let start = rows.records().slice(s![..k, ..]).to_owned();
        let starts = [KMeansInit::Precomputed(start), KMeansInit::KMeansPlusPlus];
        for (of, start) in ["a given start", "seeding and swaps"].into_iter().zip(starts) {
            let params = KMeans::params(k).init_method(start).n_runs(1).max_n_iterations(20);
            let found = peak(rows.records(), || {
                params.fit(&rows).expect("fits");
            });
            println!("k-means, {n} x {p}, k = {k}, {of}: {found:.2} times the rows");
            assert!(found > 1.0 && found <= MOST, "{n} x {p}, {of}: {found}");
        }
    }
    let rows = DatasetBase::from(records(200_000, 8));
    let params = GaussianMixture::params(20).n_runs(1).max_n_iterations(20);
    let found = peak(rows.records(), || {
        params.fit(&rows).expect("fits");
    });
    println!("mixture, 200000 x 8, k = 20: {found:.2} times the rows");
    assert!(found > 1.0 && found <= MOST, "mixture: {found}");
}
