//! Times of the clustering kernels: `cargo bench --bench kernels`. Small fits as a monthly run has
//! them, and large ones from a given start for twenty iterations, as
//! another program can be asked for too; name a part to run it alone (`-- large`).

use criterion::{Criterion, criterion_group, criterion_main};
use linfa::prelude::*;
use ndarray::{Array1, Array2, Array3, s};
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use segtrail::cluster::{
    Assignments, Clusters, Engine, FeatureMatrix, FittedFeature, FittedNumber, FittedScale,
    FittedTransform, GaussianMixture, KMeans, KMeansInit, Model, StartMixture, mean_silhouette,
    representatives,
};
use segtrail::types::Seed;

/// Iterations of the large fits.
const ITERATIONS: usize = 20;
/// No fit meets it within these iterations.
const TOLERANCE: f64 = 1e-300;

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

/// k rows to start from: the first ones, which are as random as any.
fn start(records: &Array2<f64>, k: usize) -> Array2<f64> {
    records.slice(s![..k, ..]).to_owned()
}

fn small(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("small");
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
    group.finish();
}

fn large(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("large");
    group.sample_size(10);
    for (n, p, k, name) in
        [(1_000_000, 8, 50, "1,000,000 x 8, k 50"), (200_000, 32, 100, "200,000 x 32, k 100")]
    {
        let records = records(n, p);
        let params = KMeans::params(k)
            .init_method(KMeansInit::Precomputed(start(&records, k)))
            .max_n_iterations(ITERATIONS)
            .tolerance(TOLERANCE);
        let dataset = DatasetBase::from(records);
        group.bench_function(format!("kmeans {name}, 20 iterations"), |bencher| {
            bencher.iter(|| params.fit(&dataset).expect("fits"));
        });
    }
    let (n, p, k) = (200_000, 8, 20);
    let records = records(n, p);
    let unit = |(_, i, j): (usize, usize, usize)| f64::from(u8::from(i == j));
    let params = GaussianMixture::params(k)
        .start(StartMixture {
            weights: Array1::from_elem(k, 1.0 / k as f64),
            means: start(&records, k),
            covariances: Array3::from_shape_fn((k, p, p), unit),
        })
        .max_n_iterations(ITERATIONS)
        .tolerance(TOLERANCE);
    let dataset = DatasetBase::from(records);
    group.bench_function("mixture 200,000 x 8, k 20, full, 20 iterations", |bencher| {
        bencher.iter(|| params.fit(&dataset).expect("fits"));
    });
    group.finish();
}

/// Medoids, typical and border customers, outliers of a fitted model.
fn people(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("people");
    group.sample_size(10);
    let (n, p, k) = (1_000_000, 8, 50);
    let dataset = DatasetBase::from(records(n, p));
    let fitted = KMeans::params(k).n_runs(1).max_n_iterations(ITERATIONS);
    let fitted = fitted.swaps(false).fit(&dataset).expect("fits");
    let cluster = fitted.predict(dataset.records()).iter().map(|&c| c as u32).collect();
    let assignments = Assignments {
        cluster,
        membership: vec![0.75; n],
        margin: (0..n).map(|row| (row % 1_000) as f64 / 1_000.0).collect(),
        noise: Vec::new(),
    };
    let names: Vec<String> = (0..p).map(|feature| format!("f{feature}")).collect();
    let number = |name: &String| {
        FittedFeature::Numeric(FittedNumber {
            name: name.clone(),
            transform: FittedTransform::None,
            scale: FittedScale::None,
            fill: 0.0,
            weight: 1.0,
            indicator: None,
        })
    };
    let centroids = fitted.centroids().rows().into_iter().map(|row| row.to_vec()).collect();
    let model = Model {
        features: names.iter().map(number).collect(),
        clusters: Clusters::Kmeans { centroids, inertia: fitted.inertia() },
        engine: Engine::Segtrail,
        seed: Seed(0),
        converged: fitted.converged(),
        iterations: fitted.iterations(),
        layers: None,
    };
    let matrix = FeatureMatrix { names, indicator: vec![false; p], values: dataset.records };
    group.bench_function("representatives 1,000,000 x 8, k 50", |bencher| {
        bencher.iter(|| representatives(&matrix, None, &model, &assignments).expect("a model"));
    });
    group.finish();
}

criterion_group!(benches, small, large, people);
criterion_main!(benches);
