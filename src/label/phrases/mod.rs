//! An English sentence that a run keeps (a warning, the reason for a method, the rule for k) or that the linter
//! says -> the same sentence in Vietnamese, with its figures.
//!
//! Runs keep these sentences in English, those of earlier releases too; [`in_vietnamese`] knows their
//! patterns. A pattern is literal text with places: `{name}` takes any text as it stands, `{=name}` one
//! without a backtick, `{#name}` figures, which get Vietnamese separators, `{~name}` a text that is itself a
//! known sentence or, where it is none, stands as it is, `{!name}` one that has to be known, `{?name}`
//! one that is known or not there at all, `{*name}` known ones with `, ` and ` or ` between them, and
//! `{@name}` a feature in English words. tests/walls holds that the English of every pattern stands in the
//! sources, and that every warning and every fault of a taxonomy has a pattern. Sentences without a
//! pattern stay English: None.

mod faults;
#[cfg(test)]
mod faults_tests;
mod parts;
mod reasons;
mod select;
mod warnings;

use super::{vocabulary, words};
use crate::types::Language;

/// English pattern and Vietnamese text with the same places.
type Phrase = (&'static str, &'static str);

/// How deep known sentences may stand in one another.
const DEEPEST: usize = 4;

/// `sentence` in Vietnamese; none where its pattern is not known.
pub fn in_vietnamese(sentence: &str) -> Option<String> {
    translated(sentence, 0)
}

fn translated(sentence: &str, depth: usize) -> Option<String> {
    phrases(depth).find_map(|(english, vietnamese)| {
        let pieces = pieces(english);
        let mut found = Vec::new();
        let fits =
            begins_and_ends(&pieces, sentence) && matches(&pieces, sentence, depth, &mut found);
        fits.then(|| filled(vietnamese, &found))
    })
}

/// Whether `text` has the literal text that the pattern begins and ends with: most have not.
fn begins_and_ends(pieces: &[Piece<'_>], text: &str) -> bool {
    let literal = |piece: Option<&Piece<'_>>, holds: &dyn Fn(&str) -> bool| match piece {
        Some(Piece::Text(literal)) => holds(literal),
        _ => true,
    };
    literal(pieces.first(), &|first| text.starts_with(first))
        && literal(pieces.last(), &|last| text.ends_with(last))
}

/// Those that may stand `depth` deep in a sentence.
fn phrases(depth: usize) -> impl Iterator<Item = Phrase> {
    let warnings = warnings::PHRASES.iter().map(|(_, english, vietnamese)| (*english, *vietnamese));
    let others = reasons::PHRASES.iter().chain(select::PHRASES).chain(faults::PHRASES);
    let parts = if depth > 0 { parts::PHRASES } else { &[] };
    warnings.chain(others.chain(parts).copied())
}

/// A part of a pattern.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Piece<'a> {
    Text(&'a str),
    Place { kind: Kind, name: &'a str },
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    AsItStands,
    NoBacktick,
    Figures,
    Phrase,
    KnownPhrase,
    Optional,
    List,
    Feature,
}

impl Kind {
    fn may_be_empty(self) -> bool {
        matches!(self, Self::AsItStands | Self::Optional)
    }

    fn is_sentence(self) -> bool {
        matches!(self, Self::Phrase | Self::KnownPhrase | Self::Optional | Self::List)
    }
}

fn pieces(pattern: &str) -> Vec<Piece<'_>> {
    let parts = pattern.split(['{', '}']).enumerate();
    let parts = parts.filter(|(_, part)| !part.is_empty());
    parts
        .map(|(at, part)| {
            if at % 2 == 0 {
                return Piece::Text(part);
            }
            let kind = match part.as_bytes()[0] {
                b'=' => Kind::NoBacktick,
                b'#' => Kind::Figures,
                b'~' => Kind::Phrase,
                b'!' => Kind::KnownPhrase,
                b'?' => Kind::Optional,
                b'*' => Kind::List,
                b'@' => Kind::Feature,
                _ => Kind::AsItStands,
            };
            let name = if kind == Kind::AsItStands { part } else { &part[1..] };
            Piece::Place { kind, name }
        })
        .collect()
}

/// Whether all of `text` is of the pattern; then `found` has what stands in each place, in Vietnamese.
fn matches<'p>(
    pieces: &[Piece<'p>],
    text: &str,
    depth: usize,
    found: &mut Vec<(&'p str, String)>,
) -> bool {
    let Some((first, rest)) = pieces.split_first() else { return text.is_empty() };
    let (kind, name) = match first {
        Piece::Text(literal) => {
            return text
                .strip_prefix(literal)
                .is_some_and(|after| matches(rest, after, depth, found));
        }
        Piece::Place { kind, name } => (*kind, *name),
    };
    // The shortest text first; a place ends where the next literal text begins, or with the sentence.
    let ends: Vec<usize> = match rest.first() {
        Some(Piece::Text(next)) => text.match_indices(next).map(|(at, _)| at).collect(),
        _ => vec![text.len()],
    };
    for end in ends.into_iter().filter(|end| *end > 0 || kind.may_be_empty()) {
        let before = found.len();
        let value = || value(kind, &text[..end], depth);
        // A sentence within the sentence is dear to know: what follows it is looked at first.
        let known = if kind.is_sentence() {
            matches(rest, &text[end..], depth, found).then(value).flatten()
        } else {
            value().filter(|_| matches(rest, &text[end..], depth, found))
        };
        if let Some(known) = known {
            found.push((name, known));
            return true;
        }
        found.truncate(before);
    }
    false
}

/// What stands in a place, in Vietnamese; none where it cannot stand there.
fn value(kind: Kind, text: &str, depth: usize) -> Option<String> {
    let known = |text: &str| (depth < DEEPEST).then(|| translated(text, depth + 1)).flatten();
    match kind {
        Kind::AsItStands => Some(text.to_owned()),
        Kind::NoBacktick => (!text.contains('`')).then(|| text.to_owned()),
        Kind::Phrase => Some(known(text).unwrap_or_else(|| text.to_owned())),
        Kind::Optional if text.is_empty() => Some(String::new()),
        Kind::KnownPhrase | Kind::Optional => known(text),
        Kind::List => {
            let choices = |text: &str| {
                let each: Option<Vec<String>> = text.split(" or ").map(known).collect();
                Some(each?.join(" hoặc "))
            };
            let each: Option<Vec<String>> = text.split(", ").map(choices).collect();
            Some(each?.join(", "))
        }
        Kind::Feature => Some(vocabulary::of_english(text).unwrap_or(text).to_owned()),
        Kind::Figures => {
            let figure = |c: char| c.is_ascii_digit() || " .,+-%e".contains(c);
            let any = text.contains(|c: char| c.is_ascii_digit()) || text == "NaN";
            (any && text.chars().all(|c| figure(c) || text == "NaN")).then(|| figures(text))
        }
    }
}

/// `1,234.5` -> `1.234,5`: separators between digits change places; a bare count gets its own.
fn figures(text: &str) -> String {
    if let Ok(count) = text.parse::<u64>() {
        return words::plain(count as f64, Language::Vi);
    }
    let letters: Vec<char> = text.chars().collect();
    let digit = |at: Option<&char>| at.is_some_and(char::is_ascii_digit);
    let each = letters.iter().enumerate().map(|(at, &letter)| {
        let inside = at > 0 && digit(letters.get(at - 1)) && digit(letters.get(at + 1));
        match letter {
            '.' if inside => ',',
            ',' if inside => '.',
            letter => letter,
        }
    });
    each.collect()
}

fn filled(template: &str, found: &[(&str, String)]) -> String {
    let value = |name: &str| found.iter().find(|(own, _)| *own == name).map(|(_, text)| &text[..]);
    let parts = template.split(['{', '}']).enumerate();
    let each = parts.map(|(at, part)| if at % 2 == 1 { value(part).unwrap_or(part) } else { part });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn figures_get_the_separators_of_the_language() {
        assert_eq!(figures("1,234.5"), "1.234,5");
        assert_eq!(figures("-0.3, 20,000"), "-0,3, 20.000");
        assert_eq!(figures("1.5e-3"), "1,5e-3");
        assert_eq!(figures("824364"), "824.364");
    }

    #[test]
    fn sentences_that_runs_keep() {
        let said = |text: &str| in_vietnamese(text).expect(text);
        assert_eq!(
            said(
                "no structure was found: 17.7 % of the squares lie within 6 clusters, against 17.5 % in \
                 data without clusters (-0.3 standard errors); the segments divide one cloud of \
                 customers, and their borders are a matter of choice"
            ),
            "Không thấy cấu trúc cụm: 17,7% tổng bình phương nằm trong 6 cụm, so với 17,5% ở dữ liệu không có cụm \
             (-0,3 sai số chuẩn); các phân khúc chia một đám khách hàng liên tục, ranh giới giữa chúng là tùy \
             cách chọn"
        );
        assert_eq!(
            said("orders: the fit is sound; order value: the fit is sound"),
            "số đơn hàng: mô hình khớp tốt; giá trị đơn hàng: mô hình khớp tốt"
        );
        assert_eq!(
            said(
                "orders: it needs no fit; shrunken cohort means was not used: cohort means cannot be \
                 fitted: no customer has bought on two days; order value: 12 customers with positive \
                 repeat spend, fewer than 20; bought on one day: the order value is everybody's mean"
            ),
            "số đơn hàng: không cần khớp mô hình; không dùng trung bình nhóm co rút: không khớp được trung \
             bình theo nhóm: không khách nào mua vào hai ngày khác nhau; giá trị đơn hàng: 12 khách có chi tiêu \
             lặp lại dương, ít hơn mức cần là 20; khách mới mua trong một ngày: giá trị đơn hàng lấy trung bình \
             của mọi khách"
        );
        assert_eq!(
            said("k-means, k from 6 to 8: the highest mean silhouette, ties to the smaller k"),
            "k-means, k từ 6 đến 8: hệ số silhouette trung bình cao nhất, nếu bằng nhau thì lấy k nhỏ hơn"
        );
        assert_eq!(
            said(
                "k from 2 to 9: the lowest Davies-Bouldin index, ties to the smaller k, then to k-means"
            ),
            "k từ 2 đến 9: chỉ số Davies-Bouldin thấp nhất, nếu bằng nhau thì lấy k nhỏ hơn, sau đó ưu tiên \
             k-means"
        );
        assert_eq!(
            said(
                "too few customers to divide, so one micro-segment each: new (32), at_risk (1200). A \
                 stage needs twice min_customers = 30"
            ),
            "Quá ít khách để chia nhỏ, nên mỗi giai đoạn là một vi phân khúc: mới (32), có nguy cơ rời bỏ \
             (1.200). Một giai đoạn cần gấp đôi min_customers = 30"
        );
        assert_eq!(in_vietnamese("a sentence of nobody"), None);
        assert_eq!(in_vietnamese(""), None);
    }

    #[test]
    fn both_sides_of_every_phrase_have_the_same_places() {
        for (english, vietnamese) in phrases(1) {
            let mut of_english: Vec<&str> = pieces(english)
                .iter()
                .filter_map(|piece| match piece {
                    Piece::Place { name, .. } => Some(*name),
                    Piece::Text(_) => None,
                })
                .collect();
            let mut of_vietnamese: Vec<&str> =
                vietnamese.split(['{', '}']).skip(1).step_by(2).collect();
            of_english.sort_unstable();
            of_vietnamese.sort_unstable();
            assert_eq!(of_english, of_vietnamese, "{english}");
        }
    }

    #[test]
    fn what_is_filled_into_a_phrase_is_found_again() {
        for (english, vietnamese) in phrases(1) {
            if english.starts_with(['{']) && english.ends_with('}') {
                continue;
            }
            let mut sentence = String::new();
            for piece in pieces(english) {
                sentence += match piece {
                    Piece::Text(text) => text,
                    Piece::Place { kind, .. } => match kind {
                        Kind::Figures => "1,234.5",
                        Kind::Phrase | Kind::KnownPhrase | Kind::Optional => "the fit is sound",
                        Kind::List => "the fit is sound, `abc` or `abc`",
                        Kind::Feature => "total spend",
                        Kind::AsItStands | Kind::NoBacktick => "abc",
                    },
                };
            }
            let found = translated(&sentence, 1).unwrap_or_else(|| panic!("{sentence}"));
            let places = vietnamese.contains('{');
            assert!(places || found == vietnamese, "{sentence}: {found}");
            assert!(!found.contains(['{', '}']), "{found}");
        }
    }

    proptest! {
        #[test]
        fn any_text_gives_an_answer(text in "[a-z0-9 .,:;`(){}%éư]{0,80}") {
            in_vietnamese(&text);
        }
    }
}
