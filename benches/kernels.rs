//! Times of the clustering kernels at modest sizes: `cargo bench --bench kernels`.

use criterion::{Criterion, criterion_group, criterion_main};
use linfa::prelude::*;
use ndarray::Array2;
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use segtrail::cluster::{GaussianMixture, KMeans, mean_silhouette};

/// `n` skewed, correlated rows of `p`.
fn records(n: usize, p: usize) -> Array2<f64> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(7);
    let mut common = 0.0;
    Array2::from_shape_fn((n, p), |(_, feature)| {
        if feature == 0 {
            common = rng.r#gen::<f64>().ln();
        }
        0.7 * common + rng.r#gen::<f64>().ln()
    })
}

fn kernels(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("cluster");
    group.sample_size(10);
    let small = DatasetBase::from(records(6_000, 6));
    group.bench_function("kmeans 6,000 x 6, k 8, 10 restarts", |bencher| {
        bencher.iter(|| KMeans::params(8).fit(&small).expect("fits"));
    });
    group.bench_function("mixture 6,000 x 6, k 8, 1 restart", |bencher| {
        bencher.iter(|| GaussianMixture::params(8).n_runs(1).fit(&small).expect("fits"));
    });
    let labels: Vec<u32> = (0..6_000).map(|row| row % 8).collect();
    group.bench_function("silhouette 6,000 x 6", |bencher| {
        bencher.iter(|| mean_silhouette(small.records(), &labels).expect("finite"));
    });
    let large = DatasetBase::from(records(200_000, 8));
    group.bench_function("kmeans 200,000 x 8, k 20, 1 restart of 20 iterations", |bencher| {
        let params = KMeans::params(20).n_runs(1).max_n_iterations(20);
        bencher.iter(|| params.fit(&large).expect("fits"));
    });
    group.bench_function("mixture 200,000 x 8, k 20, 1 restart of 20 iterations", |bencher| {
        let params = GaussianMixture::params(20).n_runs(1).max_n_iterations(20).tolerance(1e-12);
        bencher.iter(|| params.fit(&large).expect("fits"));
    });
    group.finish();
}

criterion_group!(benches, kernels);
criterion_main!(benches);
