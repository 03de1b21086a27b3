//! View -> the heat map: segments by clustered features, in scaled units less the
//! population's.

use crate::cluster::{ColumnKind, FittedFeature};
use crate::report::texts;
use crate::report::view::View;

/// The cells of the heat map.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::report) struct Heat {
    /// Feature columns by their file names, in the order of the model's vector.
    pub(in crate::report) features: Vec<String>,
    /// The same in the words of the page.
    pub(in crate::report) heads: Vec<String>,
    /// Whether some column is a level of an attribute, which shows shares.
    pub(in crate::report) levels: bool,
    /// One row a segment: id, group name, one cell a feature (none where not defined).
    pub(in crate::report) rows: Vec<(String, String, Vec<Option<f64>>)>,
    /// The colour scale runs from minus this to this; at least 1.
    pub(in crate::report) limit: f64,
}

/// The heat map of the leading segments; none without segments or without a standardised feature.
pub(in crate::report) fn heat(view: &View) -> Option<Heat> {
    let (mut features, mut heads, mut levels) = (Vec::new(), Vec::new(), false);
    for column in view.run.model.features.iter().flat_map(FittedFeature::columns) {
        let name = column.to_string();
        if view.leading().iter().any(|segment| segment.standardised.contains_key(&name)) {
            features.push(name);
            heads.push(texts::column(column, view.language));
            levels |= column.kind != ColumnKind::Number;
        }
    }
    for segment in view.leading() {
        for name in segment.standardised.keys() {
            if !features.contains(name) {
                features.push(name.clone());
                heads.push(view.feature(name).to_owned());
            }
        }
    }
    if features.is_empty() {
        return None;
    }
    let rows: Vec<_> = view
        .leading()
        .iter()
        .map(|segment| {
            let cells = features
                .iter()
                .map(|name| segment.standardised.get(name).copied().filter(|z| z.is_finite()))
                .collect();
            (segment.segment.to_string(), segment.label.name.get(view.language).to_owned(), cells)
        })
        .collect();
    let limit = rows
        .iter()
        .flat_map(|(_, _, cells): &(_, _, Vec<Option<f64>>)| cells.iter().flatten())
        .fold(1.0_f64, |most, z| most.max(z.abs()));
    Some(Heat { features, heads, levels, rows, limit })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::FittedCategory;
    use crate::report::sample;
    use crate::types::Language;

    #[test]
    fn order_of_the_model_then_what_is_left_and_none_for_nan() {
        let mut run = sample::run(2, 50, Language::En);
        for segment in &mut run.segments.segments {
            segment.standardised.clear();
            segment.standardised.insert("aaa".into(), -3.5);
            segment.standardised.insert("recency_days".into(), f64::NAN);
        }
        let heat = heat(&View::new(&run)).unwrap();
        assert_eq!(heat.features, ["recency_days", "aaa"]);
        assert_eq!(heat.rows[0].2, [None, Some(-3.5)]);
        assert_eq!(heat.limit, 3.5);
    }

    #[test]
    fn levels_are_named_in_the_words_of_the_page() {
        for (language, none) in
            [(Language::En, "age_band: no value"), (Language::Vi, "age_band: không có giá trị")]
        {
            let mut run = sample::run(2, 50, language);
            run.model.features.push(FittedFeature::Categorical(FittedCategory {
                name: "age_band".into(),
                levels: vec!["19-24".into(), "65+".into()],
                missing: true,
                value: 1.0,
            }));
            assert!(!heat(&View::new(&run)).unwrap().levels);
            for segment in &mut run.segments.segments {
                segment.standardised.clear();
                segment.standardised.insert("age_band=65+".into(), 0.25);
                segment.standardised.insert("age_band=null".into(), -0.25);
            }
            let heat = heat(&View::new(&run)).unwrap();
            assert_eq!(heat.features, ["age_band=65+", "age_band=null"]);
            assert_eq!(heat.heads, ["age_band: 65+", none]);
            assert!(heat.levels);
        }
    }

    #[test]
    fn none_without_features() {
        let mut run = sample::run(2, 50, Language::En);
        run.segments.segments.iter_mut().for_each(|segment| segment.standardised.clear());
        assert_eq!(heat(&View::new(&run)), None);
    }
}
