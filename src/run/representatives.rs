//! Whom to interview and whom to check in a segment: customers by their ids, with the figures that
//! put them there. Records alone; `cluster` finds them.

use serde::{Deserialize, Serialize};

use crate::types::{CustomerId, SegmentId};

/// The representatives of a segment and those who stand out of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Representatives {
    /// The customer with the smallest sum of distances to the others of the segment.
    pub medoid: Option<MedoidCustomer>,
    /// At most [`crate::cluster::LISTED`], nearest to the centre first.
    pub typical: Vec<TypicalCustomer>,
    /// At most [`crate::cluster::LISTED`], smallest margin first.
    pub border: Vec<BorderCustomer>,
    /// Customers whose outlier score is above [`crate::cluster::OUTLIER_ABOVE`]; none where the
    /// segment is too small for a score.
    pub outliers_flagged: Option<usize>,
    /// At most [`crate::cluster::LISTED`] of these, furthest out first.
    pub outliers: Vec<OutlierCustomer>,
}

/// The customer in the middle of a segment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MedoidCustomer {
    /// Who.
    pub customer: CustomerId,
    /// Whether it is proven that nobody has a smaller sum; see [`crate::cluster::Medoid::exact`].
    pub exact: bool,
}

/// A typical customer of a segment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TypicalCustomer {
    /// Who.
    pub customer: CustomerId,
    /// Distance from the centre in the clustered space: Euclidean, of a mixture Mahalanobis.
    pub distance: f64,
    /// As in [`super::Assignment::membership`].
    pub membership: f64,
}

/// A customer on the border of a segment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BorderCustomer {
    /// Who.
    pub customer: CustomerId,
    /// The segment that they lean to: the one that comes second.
    pub neighbour: SegmentId,
    /// As in [`super::Assignment::membership`].
    pub membership: f64,
    /// As in [`super::Assignment::margin`].
    pub margin: f64,
}

/// A customer far out of their segment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutlierCustomer {
    /// Who.
    pub customer: CustomerId,
    /// As in [`super::Assignment::outlier_score`].
    pub score: f64,
    /// The features that put them there, the largest part first.
    pub features: Vec<OutlyingFeature>,
}

/// A feature in which a customer stands out, in business units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutlyingFeature {
    /// Its name.
    pub feature: String,
    /// Its part of the squared distance from the centre.
    pub part: f64,
    /// What the customer has; none where it is not defined for them.
    pub value: Option<FeatureValue>,
    /// What is usual in the segment: the median, of an attribute the most frequent value.
    pub usual: Option<FeatureValue>,
}

/// A number, or a value of a categorical attribute.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FeatureValue {
    /// In the unit of the feature.
    Number(f64),
    /// As in the customer table.
    Text(String),
}
