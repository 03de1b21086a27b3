//! Texts in English and Vietnamese side by side, in tables; a text may hold `{name}` places, which
//! [`fill`] fills.

/// A table of texts: `texts! { /// What of. Name; text: "English", "Vietnamese"; }` makes a struct with
/// a field for each text, which `Name::of` gives in a language.
macro_rules! texts {
    ($(#[$about:meta])* $Words:ident; $($name:ident: $en:literal, $vi:literal;)*) => {
        $(#[$about])*
        #[derive(Debug)]
        pub(crate) struct $Words {
            $(pub(crate) $name: &'static str,)*
        }

        impl $Words {
            const ENGLISH: Self = Self { $($name: $en,)* };
            const VIETNAMESE: Self = Self { $($name: $vi,)* };

            /// Name, English and Vietnamese of every text.
            #[cfg(test)]
            pub(crate) const PAIRS: &'static [[&'static str; 3]] =
                &[$([stringify!($name), $en, $vi],)*];

            /// The words in `language`.
            pub(crate) fn of(language: crate::types::Language) -> &'static Self {
                match language {
                    crate::types::Language::En => &Self::ENGLISH,
                    crate::types::Language::Vi => &Self::VIETNAMESE,
                }
            }
        }
    };
}

pub(crate) use texts;

/// `template` with each `{name}` replaced by its value, in one pass: braces inside a value stay
/// as they are, and so does a place without a value.
pub(crate) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let (head, tail) = rest.split_at(open);
        out.push_str(head);
        let place = tail.find('}').map(|close| (&tail[1..close], close));
        match place.and_then(|(name, close)| {
            values.iter().find(|(key, _)| *key == name).map(|(_, value)| (value, close))
        }) {
            Some((value, close)) => {
                out.push_str(value);
                rest = &tail[close + 1..];
            }
            None => {
                out.push('{');
                rest = &tail[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// Fails where a text of a table is empty or has other places in one language than in the other.
#[cfg(test)]
pub(crate) fn hold_both_languages(pairs: &[[&str; 3]]) {
    let places = |text: &str| {
        let mut found: Vec<String> = text
            .split('{')
            .skip(1)
            .filter_map(|part| part.split('}').next())
            .map(String::from)
            .collect();
        found.sort_unstable();
        found
    };
    for [name, en, vi] in pairs {
        assert_eq!(places(en), places(vi), "{name}");
        assert!(!en.trim().is_empty() && !vi.trim().is_empty(), "{name}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fill_is_one_pass() {
        assert_eq!(fill("{a} of {b}", &[("a", "{b}"), ("b", "2")]), "{b} of 2");
        assert_eq!(fill("{c} {", &[("a", "1")]), "{c} {");
    }
}
