//! linfa's interface: parameters are checked, fitted models predict what the fit assigned.

use ndarray::array;

use linfa::prelude::*;

use super::*;

#[test]
fn unchecked_parameters_are_refused_one_rule_each() {
    assert!(matches!(KMeans::params(0).check(), Err(ClusterError::KZero)));
    assert!(matches!(KMeans::params(1).n_runs(0).check(), Err(ClusterError::Restarts)));
    let none = KMeans::params(1).max_n_iterations(0);
    assert!(matches!(none.check(), Err(ClusterError::MaxIterations)));
    assert!(matches!(KMeans::params(1).tolerance(0.0).check(), Err(ClusterError::Tolerance(_))));
    let floor = GaussianMixture::params(1).covariance_floor(-1.0);
    assert!(matches!(floor.check(), Err(ClusterError::CovarianceFloor(_))));
}

#[test]
fn records_are_checked() {
    let fit = |records: Array2<f64>| KMeans::params(2).fit(&DatasetBase::from(records));
    assert!(matches!(fit(Array2::zeros((0, 2))), Err(ClusterError::NoCustomers)));
    assert!(matches!(fit(Array2::zeros((2, 0))), Err(ClusterError::NoFeatures)));
    assert!(matches!(
        fit(array![[1.0]]),
        Err(ClusterError::KAboveCustomers { k: 2, customers: 1 })
    ));
    let error = fit(array![[1.0, 2.0], [f64::NAN, 3.0]]);
    assert!(matches!(error, Err(ClusterError::NotFinite { row: 1, column: 0 })));
    assert!(mean_silhouette(&array![[f64::INFINITY]], &[0]).is_err());
}

#[test]
fn an_error_of_linfa_passes_through() {
    let error = ClusterError::from(linfa::Error::Parameters("p".into()));
    assert!(matches!(error, ClusterError::Linfa(_)));
}

#[test]
fn views_in_column_order_give_the_same() {
    let rows = array![[0.0, 1.0], [0.5, 1.0], [9.0, 8.0], [9.5, 8.0], [9.2, 8.0]];
    let columns = rows.t().as_standard_layout().to_owned();
    let first = KMeans::params(2).fit(&DatasetBase::from(rows.view())).expect("fits");
    let second = KMeans::params(2).fit(&DatasetBase::from(columns.t())).expect("fits");
    assert_eq!(first, second);
    assert_eq!(second.predict(&columns.t()), array![1, 1, 0, 0, 0]);
    assert!(first.converged() && first.iterations() > 0 && first.inertia() > 0.0);
    assert_eq!(first.centroids().dim(), (2, 2));
}

#[test]
fn a_mixture_to_start_from_is_checked() {
    let records = array![[0.0], [0.2], [0.1], [7.0], [7.2]];
    let start = StartMixture {
        weights: array![3.0, 1.0],
        means: array![[0.0], [6.0]],
        covariances: array![[[1.0]], [[1.0]]],
    };
    let fit = |start: &StartMixture| {
        let params = GaussianMixture::params(2).start(start.clone());
        params.fit(&DatasetBase::from(records.view()))
    };
    let model = fit(&start).expect("fits");
    assert!((model.weights()[0] - 0.6).abs() < 1e-9 && (model.means()[[1, 0]] - 7.1).abs() < 1e-9);
    let few = StartMixture { weights: array![1.0], ..start.clone() };
    assert!(matches!(fit(&few), Err(ClusterError::StartSizes { k: 2, p: 1 })));
    for (weights, means, covariances) in [
        (array![1.0, 0.0], start.means.clone(), start.covariances.clone()),
        (array![1.0, f64::INFINITY], start.means.clone(), start.covariances.clone()),
        (start.weights.clone(), array![[0.0], [f64::NAN]], start.covariances.clone()),
        (start.weights.clone(), start.means.clone(), array![[[1.0]], [[-1.0]]]),
    ] {
        let error = fit(&StartMixture { weights, means, covariances });
        assert!(matches!(error, Err(ClusterError::StartComponent { component: 1 })));
    }
}

#[test]
fn criteria_and_noise_of_the_mixture() {
    let records = array![[0.0], [0.2], [0.1], [7.0], [7.2], [7.1]];
    let dataset = DatasetBase::from(records);
    let params = || GaussianMixture::params(2).covariance(Covariance::Spherical);
    let model = params().fit(&dataset).expect("fits");
    // One weight, two means, two variances.
    let deviance = -2.0 * model.log_likelihood();
    assert!((model.bic() - (deviance + 5.0 * 6f64.ln())).abs() < 1e-9);
    assert!((model.aic() - (deviance + 10.0)).abs() < 1e-9);
    assert!(model.icl() >= model.bic() && model.noise().is_none());
    let noise = params().noise(true).fit(&dataset).expect("fits").noise();
    let noise = noise.expect("asked for");
    assert!(noise.weight < 0.05 && (noise.log_density + 7.2f64.ln()).abs() < 1e-12);
}

#[test]
fn the_mixture_agrees_with_its_figures() {
    let records = array![[0.0], [0.2], [0.1], [7.0], [7.2]];
    let model = GaussianMixture::params(2).n_runs(2).seed(Seed(3)).fit(&DatasetBase::from(records));
    let model = model.expect("fits");
    assert_eq!((model.means().dim(), model.covariances().dim()), ((2, 1), (2, 1, 1)));
    assert!((model.weights()[0] - 0.6).abs() < 1e-9 && (model.means()[[0, 0]] - 0.1).abs() < 1e-9);
    assert!(model.converged() && model.iterations() > 0 && model.log_likelihood().is_finite());
}
