//! Representatives and outliers made up for tests of the page.

use crate::run::{
    BorderCustomer, FeatureValue, MedoidCustomer, OutlierCustomer, OutlyingFeature,
    Representatives, TypicalCustomer,
};
use crate::types::{CustomerId, SegmentId};

/// Of segment `at` of `k`, from its customers.
pub(super) fn representatives(at: usize, k: usize, members: &[&CustomerId]) -> Representatives {
    let pick = |from: usize| members.iter().skip(from).step_by(3).take(10).map(|id| (*id).clone());
    let outlier = |(place, customer): (usize, CustomerId)| OutlierCustomer {
        customer,
        score: 6.25 - place as f64,
        features: vec![
            OutlyingFeature {
                feature: "monetary_total".into(),
                part: 0.6,
                value: Some(FeatureValue::Number(41_234.5)),
                usual: Some(FeatureValue::Number(870.0)),
            },
            OutlyingFeature {
                feature: "age_band".into(),
                part: 0.3,
                value: Some(FeatureValue::Text("55+".into())),
                usual: Some(FeatureValue::Text("25-34".into())),
            },
        ],
    };
    let outliers: Vec<OutlierCustomer> = pick(2).take(2).enumerate().map(outlier).collect();
    Representatives {
        medoid: pick(0).next().map(|customer| MedoidCustomer { customer, exact: true }),
        typical: (pick(0).enumerate())
            .map(|(place, customer)| TypicalCustomer {
                customer,
                distance: 0.1 + 0.05 * place as f64,
                membership: 0.95 - 0.01 * place as f64,
            })
            .collect(),
        border: (pick(1).enumerate())
            .filter(|_| k > 1)
            .map(|(place, customer)| BorderCustomer {
                customer,
                neighbour: SegmentId(((at + 1) % k) as u32 + 1),
                membership: 0.5 + 0.002 * place as f64,
                margin: 0.003 * place as f64,
            })
            .collect(),
        outliers_flagged: Some(outliers.len()),
        outliers,
    }
}
