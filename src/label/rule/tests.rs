//! The rule language: what is read, what is refused and where, and what rules mean.

use proptest::prelude::*;

use super::*;

fn rule(text: &str) -> Rule {
    Rule::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"))
}

/// Whether a rule without statistics holds.
fn truth(text: &str) -> bool {
    rule(text).holds(&|_| None)
}

#[test]
fn precedence_and_associativity() {
    assert!(truth("1 + 2 * 3 == 7"));
    assert!(truth("(1 + 2) * 3 == 9"));
    assert!(truth("10 - 3 - 2 == 5"));
    assert!(truth("16 / 4 / 2 == 2"));
    assert!(truth("-2 + 3 == 1"));
    assert!(truth("true or false and false"), "`and` binds more than `or`");
    assert!(!truth("not true or false and true"));
    assert!(truth("not 1 > 2"), "`not` applies to the whole comparison");
    assert!(truth("(1 < 2) and 3 != 4"));
    assert!(truth("1_000 >= 1e3 and 0.5 <= 5e-1"));
}

#[test]
fn statistics_are_listed_once_with_their_place() {
    let rule = rule("median(a) > p25(a) and mean('số đơn') < 2 * median(a) or customers >= 10");
    let feature = || "a".to_owned();
    assert_eq!(
        rule.statistics(),
        [
            Statistic::Median(feature()),
            Statistic::Percentile { feature: feature(), percent: Percent(25_000) },
            Statistic::Mean("số đơn".into()),
            Statistic::Customers,
        ]
    );
    assert_eq!(rule.positions()[..3], [0, 12, 23]);
    let values = [Some(5.0), Some(3.0), Some(9.0), Some(10.0)];
    assert!(rule.holds(&|index| values[index]));
}

#[test]
fn undefined_makes_the_comparison_false() {
    for text in ["mean(a) >= 0", "mean(a) != 1", "0 < 1 / mean(a)", "-mean(a) <= 0"] {
        assert!(!rule(text).holds(&|_| None), "{text}");
    }
    assert!(rule("not mean(a) >= 0").holds(&|_| None));
    assert!(rule("mean(a) >= 0 or 1 < 2").holds(&|_| None));
    assert!(!truth("1 / 0 > 5"), "not finite is undefined");
}

#[test]
fn otherwise_is_the_whole_rule() {
    assert_eq!(rule(" otherwise ").constant(), Some(true));
    assert_eq!(Rule::parse("otherwise or true").unwrap_err().kind, RuleFaultKind::OtherwiseInside);
}

#[test]
fn constants_are_seen_through() {
    let constant = |text| rule(text).constant();
    assert_eq!(constant("mean(a) > 1 or 1 < 2"), Some(true));
    assert_eq!(constant("mean(a) > 1 and not true"), Some(false));
    assert_eq!(constant("true and 2 > 1 and true"), Some(true));
    assert_eq!(constant("mean(a) > 1 and true"), None);
}

#[test]
fn equal_rules_are_recognised() {
    assert!(rule("mean(a)>=4").same_as(&rule("( mean(a) ) >= 4.0")));
    assert!(!rule("mean(a) >= 4").same_as(&rule("mean(b) >= 4")));
}

#[test]
fn faults_have_their_place() {
    use RuleFaultKind as Kind;
    let fault = |text: &str| Rule::parse(text).unwrap_err();
    let at = |text: &str, offset: usize, is: fn(&Kind) -> bool| {
        let fault = fault(text);
        assert!(fault.offset == offset && is(&fault.kind), "{text}: {fault:?}");
    };
    at("  ", 0, |kind| *kind == Kind::Empty);
    at("mean(a)", 0, |kind| matches!(kind, Kind::NotACondition { by: "a rule" }));
    at("1 < 2 and mean(a)", 10, |kind| matches!(kind, Kind::NotACondition { by: "`and`" }));
    at("not 3", 4, |kind| matches!(kind, Kind::NotACondition { .. }));
    at("1 + (2 > 1) > 0", 4, |kind| matches!(kind, Kind::NotANumber { by: "+" }));
    at("true == false", 0, |kind| matches!(kind, Kind::NotANumber { by: "==" }));
    at("-true > 1", 1, |kind| matches!(kind, Kind::NotANumber { by: "-" }));
    at("1 < mean(a) < 3", 12, |kind| *kind == Kind::Chained);
    at("recency_days > 3", 0, |kind| matches!(kind, Kind::UnknownName { .. }));
    at("1 > max(a)", 4, |kind| matches!(kind, Kind::UnknownFunction { .. }));
    at("p0(a) > 1", 0, |kind| matches!(kind, Kind::UnknownFunction { .. }));
    at("p100(a) > 1", 0, |kind| matches!(kind, Kind::UnknownFunction { .. }));
    at("mean > 1", 5, |kind| matches!(kind, Kind::Unexpected { .. }));
    at("mean(3) > 1", 5, |kind| matches!(kind, Kind::Unexpected { .. }));
    at("mean(a > 1", 7, |kind| matches!(kind, Kind::Unexpected { .. }));
    at("(1 < 2", 6, |kind| matches!(kind, Kind::Unexpected { .. }));
    at("1 < 2 3", 6, |kind| matches!(kind, Kind::Unexpected { .. }));
    at("1 < and", 4, |kind| matches!(kind, Kind::Unexpected { .. }));
    at("mean(a) = 1", 8, |kind| *kind == Kind::UnexpectedCharacter { character: '=' });
    at(&"(".repeat(1000), 65, |kind| *kind == Kind::TooDeep);
    at(&"not ".repeat(1000), 260, |kind| *kind == Kind::TooDeep);
    at(&"1 + ".repeat(1024 + 1), 0, |kind| matches!(kind, Kind::TooLong { .. }));
}

/// An arithmetic or logical text together with what it means, built side by side.
fn sums() -> impl Strategy<Value = (String, f64)> {
    let leaf = (0_u32..20).prop_map(|n| (n.to_string(), f64::from(n)));
    leaf.prop_recursive(4, 24, 2, |inner| {
        (inner.clone(), inner, 0..4).prop_map(|((a, x), (b, y), how)| match how {
            0 => (format!("({a} + {b})"), x + y),
            1 => (format!("({a} - {b})"), x - y),
            2 => (format!("({a} * {b})"), x * y),
            _ => (format!("-({a})"), -x),
        })
    })
}

fn conditions() -> impl Strategy<Value = (String, bool)> {
    let leaf = (sums(), sums()).prop_map(|((a, x), (b, y))| (format!("{a} <= {b}"), x <= y));
    leaf.prop_recursive(3, 16, 2, |inner| {
        (inner.clone(), inner, 0..3).prop_map(|((a, x), (b, y), how)| match how {
            0 => (format!("(({a}) and ({b}))"), x && y),
            1 => (format!("(({a}) or ({b}))"), x || y),
            _ => (format!("not ({a})"), !x),
        })
    })
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,60}") {
        let _ = Rule::parse(&text);
    }

    #[test]
    fn no_mixture_of_words_makes_it_panic(
        words in prop::collection::vec(
            prop::sample::select(vec![
                "and", "or", "not", "(", ")", "<", "==", "+", "-", "*", "/", "mean", "p25", "'ả'",
                "customers", "3", "0.5", "otherwise", "true", "a", "\"",
            ]),
            0..30,
        ),
    ) {
        if let Ok(rule) = Rule::parse(&words.join(" ")) {
            rule.holds(&|_| Some(1.0));
            rule.constant();
        }
    }

    #[test]
    fn means_what_a_naive_reading_says((text, expected) in conditions()) {
        prop_assume!(text.len() <= MAX_LENGTH);
        match Rule::parse(&text) {
            Ok(rule) => prop_assert_eq!(rule.holds(&|_| None), expected, "{}", text),
            Err(fault) => prop_assert_eq!(fault.kind, RuleFaultKind::TooDeep),
        }
    }
}
