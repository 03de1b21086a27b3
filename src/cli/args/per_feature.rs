//! `log1p`, `amount=log1p,age=none` or both together -> one word for all features and others for
//! some.

use serde::de::DeserializeOwned;

use super::cluster::word;

/// What is asked for of features.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PerFeature<T> {
    /// For every feature that has no word of its own.
    pub all: Option<T>,
    /// For features by name, none of them twice.
    pub named: Vec<(String, T)>,
}

impl<T: Copy> PerFeature<T> {
    /// The word for `feature`, and whether it is its own.
    pub(crate) fn of(&self, feature: &str) -> Option<(T, bool)> {
        let own = self.named.iter().find(|(name, _)| name == feature);
        own.map(|(_, word)| (*word, true)).or(self.all.map(|word| (word, false)))
    }
}

/// Words of the configuration between commas, each after the name of its feature and `=`, but for
/// one that is for all.
pub(super) fn per_feature<T: DeserializeOwned>(text: &str) -> Result<PerFeature<T>, String> {
    let mut found = PerFeature { all: None, named: Vec::new() };
    for part in text.split(',') {
        let Some((feature, name)) = part.rsplit_once('=') else {
            if found.all.replace(word(part.trim())?).is_some() {
                return Err(format!(
                    "`{part}` is a second word for all features: give the feature before it, as in \
                     amount={part}"
                ));
            }
            continue;
        };
        if feature.is_empty() {
            return Err(format!("`{part}` names no feature before the `=`"));
        }
        if found.named.iter().any(|(known, _)| known == feature) {
            return Err(format!("`{feature}` is named twice"));
        }
        found.named.push((feature.to_owned(), word(name.trim())?));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::Transform;

    #[test]
    fn one_for_all_and_others_for_some() {
        let read = per_feature::<Transform>;
        let all = read("log1p").expect("a word");
        assert_eq!(all.of("age"), Some((Transform::Log1p, false)));
        let some = read("amount=log1p,a=b=none").expect("features");
        assert_eq!(some.of("amount"), Some((Transform::Log1p, true)));
        assert_eq!((some.of("a=b"), some.of("age")), (Some((Transform::None, true)), None));
        let both = read("yeo-johnson,age=none").expect("one and another");
        assert_eq!(both.of("age"), Some((Transform::None, true)));
        assert_eq!(both.of("amount"), Some((Transform::YeoJohnson, false)));
    }

    #[test]
    fn what_is_no_such_list_is_refused() {
        let refused = |text: &str, says: &str| {
            let error = per_feature::<Transform>(text).expect_err(text);
            assert!(error.contains(says), "{text}: {error}");
        };
        refused("log", "log1p");
        refused("log1p,none", "second word for all");
        refused("age=log1p,age=none", "`age` is named twice");
        refused("=log1p", "no feature");
        refused("age=", "unknown variant");
        refused("", "unknown variant");
    }
}
